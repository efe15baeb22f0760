"""A goal's file can ask for more than its desk, never for less; and nobody's key or price goes where it was not meant to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sovereign.adapters import settings
from sovereign.desk import floor
from sovereign.errors import UsageError
from sovereign.model import Goal, Policy
from tests.desk.lab import Lab, approved

STRICT = '[tool.sovereign.floor]\nmin_claims = 3\nallow_rubric_approval = false\nmodels = ["nim"]\n'
GOAL = Goal(slug="x", question="What is asked?", policy=Policy(min_claims=2, allow_rubric_approval=True), model="openai:gpt-x")


def test_a_goal_below_the_floor_is_told() -> None:
    """Each field, and the model."""
    found = floor.read(STRICT.encode()).below(GOAL)

    assert [text.partition(":")[0] for text in found] == ["min_claims", "allow_rubric_approval", "model"]
    assert floor.read(STRICT.encode()).below(replace(GOAL, policy=Policy(), model="nim:some/model")) == ()
    assert floor.read(None).below(GOAL) == ()


def test_a_report_below_the_floor_goes_before_its_owner(lab: Lab) -> None:
    """The policy of the goal would publish it; the desk's settings on the main branch hold it, and say why."""
    lab.push({"pyproject.toml": STRICT})

    code, told = lab.land(approved(lab.ask()))

    assert (code, told["published"]) == (0, "false")
    assert "The desk's own floor" in lab.hub.pulls[1]["body"]
    assert "min\\_claims: 2 in the goal" in lab.hub.pulls[1]["body"] or "min_claims: 2 in the goal" in lab.hub.pulls[1]["body"]


@pytest.mark.parametrize(
    "text",
    [
        "[tool.sovereign.floor]\nmin_score = true\n",
        "[tool.sovereign.floor]\nmin_scores = 3\n",
        '[tool.sovereign.floor]\nmodels = "nim"\n',
        "[tool.sovereign]\nfloor = 3\n",
        "[",
        "tool = 3",
    ],
)
def test_a_floor_that_cannot_be_followed_holds_everything(lab: Lab, text: str) -> None:
    """What is wrong is told, and nothing is published by itself meanwhile."""
    with pytest.raises(UsageError):
        floor.read(text.encode())
    lab.push({"pyproject.toml": text})

    assert lab.land(approved(lab.ask()))[1]["published"] == "false"
    assert lab.hub.open_pulls()


def test_the_check_shows_what_a_goal_sets_for_itself(lab: Lab) -> None:
    """Whoever proposes a goal cannot hide what it changes."""
    lab.push(
        {
            "pyproject.toml": STRICT,
            "goals/one.yaml": "question: What do we ask of it?\npolicy: {allow_rubric_approval: true}\nmodel: openai\n",
        }
    )

    _, told = lab.ci("check")

    assert "## What goals set for themselves" in told["summary"]
    assert "true (usually false)" in told["summary"]
    assert "## Below the desk's floor" in told["summary"]


def test_a_changed_address_gets_no_key_that_it_does_not_name() -> None:
    """A goal's or a settings file's author cannot send the desk's key elsewhere by changing the address alone."""
    moved = settings.profiles({"models": {"openai": {"base_url": "https://elsewhere.example/v1"}}})["openai"]
    named = settings.profiles({"models": {"openai": {"base_url": "https://elsewhere.example/v1", "key_env": "OTHER_KEY"}}})["openai"]

    assert (moved.key_env, named.key_env) == ("", "OTHER_KEY")
    assert settings.profiles({})["openai"].key_env == "OPENAI_API_KEY"


def test_no_price_is_taken_over_to_another_model() -> None:
    """A budget in dollars is kept at known prices alone; what costs nothing here costs nothing with another model."""
    known = settings.profiles({"models": {"openai": {"embedding_model": "other"}, "nim": {"chat_model": "x"}}})

    assert settings.choose(known, "openai:gpt-x").price_in_usd is None
    assert settings.choose(known, "openai").price_in_usd == 0.15
    assert known["openai"].price_embedding_usd is None
    assert settings.choose(known, "ollama:other").price_in_usd == 0.0
    assert all(profile.budget_tokens for profile in known.values())


def test_a_new_desks_floor_is_sound() -> None:
    """What `init` writes can be followed, and the usual policy is above it."""
    made = floor.read((Path(floor.__file__).parent / "template" / "pyproject.toml").read_bytes())

    assert made.policy
    assert made.below(Goal(slug="x", question="What is asked?")) == ()
