"""Which models a run uses: what the settings say, and what takes a missing one's place."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from sovereign.cli import models
from sovereign.errors import ModelError, UsageError
from sovereign.model import Engine, Goal
from sovereign.ports import Reply
from sovereign.steps import ask_plan
from standins.chat import serve
from standins.chat_player import Character, play
from tests import fakes

GOAL = fakes.goal()
BY_MODEL = replace(GOAL, engine=Engine.MODEL)


def desk(folder: Path, url: str, *, embedder: bool = False, more: str = "") -> Path:
    """Write the settings of a desk whose service is on this machine."""
    (folder / "pyproject.toml").write_text(
        f'[tool.sovereign]\nmodel = "ours"\n{"embedder = " + chr(34) + "ours" + chr(34) if embedder else ""}\n'
        f'[tool.sovereign.models.ours]\nbase_url = "{url}"\nchat_model = "some/model"\nembedding_model = "some/embedder"\n'
        f'wait_s = 0.0\nattempts = 1\njudges = {{ SKEPTIC = "third/model" }}\n{more}'
    )
    return folder


def gathered(goal: Goal, folder: Path, *, offline: bool = False) -> models.Models:
    """Gather, and close at once what must be closed."""
    with ExitStack() as closing:
        return models.gather(goal, folder, folder / ".sovereign" / "cache", closing, offline=offline)


def test_no_model_is_asked_for_by_the_local_engine(tmp_path: Path) -> None:
    """Nothing but the embedded embedder, and no request."""
    with serve(play(Character.HONEST)) as service:
        used = gathered(GOAL, desk(tmp_path, service.base_url))

    assert (used.chat, used.gaps, service.asked) == (None, (), [])
    assert len(used.parts) == 1


def test_a_model_comes_with_its_judges_and_prompts(tmp_path: Path) -> None:
    """The record names chat model, judges and every prompt with its hash."""
    with serve(play(Character.HONEST)) as service:
        used = gathered(BY_MODEL, desk(tmp_path, service.base_url))

    assert used.chat is not None
    assert used.chat.name == "ours some/model"
    assert used.judges == {"SKEPTIC": "third/model"}
    names = [part.name for part in used.parts]
    assert "ours some/model" in names
    assert "third/model" in names
    assert sum(name.startswith("prompt ") for name in names) == 10


def test_a_hosted_embedder_is_used_where_it_answers(tmp_path: Path) -> None:
    """Its model and dimension stand in the record."""
    with serve(play(Character.HONEST), dimension=1024) as service:
        used = gathered(GOAL, desk(tmp_path, service.base_url, embedder=True))

    assert used.embedder.name == "ours some/embedder (1024)"
    assert used.parts[0].version == "1024"
    assert used.gaps == ()


def test_a_retired_embedder_stops_no_run(tmp_path: Path) -> None:
    """The embedded one takes its place, and the report says why."""
    with serve(play(Character.HONEST), gone=["some/embedder"]) as service:
        used = gathered(GOAL, desk(tmp_path, service.base_url, embedder=True))

    assert "some/embedder" not in used.embedder.name
    assert "end of life" in used.gaps[0].why
    assert "the embedded embedder took its place" in used.gaps[0].why


def test_a_missing_key_stops_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The local engine takes over, and the Gap names the variable."""
    monkeypatch.delenv("OUR_KEY", raising=False)

    used = gathered(BY_MODEL, desk(tmp_path, "https://llm.example.org/v1", more='key_env = "OUR_KEY"\n'))

    assert used.chat is None
    assert "OUR_KEY, which is empty; the run went on with the local engine" in used.gaps[0].why


def test_offline_a_model_on_this_machine_is_asked(tmp_path: Path) -> None:
    """It sends nothing anywhere; and if it falls silent, the run stops instead of becoming another engine's."""
    with serve(play(Character.HONEST)) as service, ExitStack() as closing:
        used = models.gather(BY_MODEL, desk(tmp_path, service.base_url), tmp_path / "cache", closing, offline=True)
        assert used.chat is not None
        answer = used.chat.answer([ask_plan.write(GOAL)])[0]

    assert used.needs_chat
    assert isinstance(answer, Reply)
    assert len(service.asked) == 1


def test_offline_another_model_answers_from_what_is_kept(tmp_path: Path) -> None:
    """No key is needed for that; what is not kept is an error, and no request."""
    with ExitStack() as closing:
        used = models.gather(BY_MODEL, desk(tmp_path, "https://llm.example.org/v1"), tmp_path / "cache", closing, offline=True)
        assert used.chat is not None
        with pytest.raises(ModelError, match="offline, and no answer"):
            used.chat.answer([ask_plan.write(GOAL)])


def test_what_it_costs_comes_with_the_model(tmp_path: Path) -> None:
    """Prices and budgets of the profile, so that they can be told before anything is paid; and who has the second look."""
    more = 'price_in_usd = 1.0\nprice_out_usd = 2.0\nbudget_tokens = 9000\nsecond_look = "second/model"\n'
    with serve(play(Character.HONEST)) as service:
        used = gathered(BY_MODEL, desk(tmp_path, service.base_url, more=more))

    assert (used.tariff.in_usd, used.tariff.out_usd, used.tariff.budget_tokens) == (1.0, 2.0, 9000)
    assert used.second_look == "second/model"
    assert "second/model" in [part.name for part in used.parts]


def test_wrong_settings_are_told(tmp_path: Path) -> None:
    """A profile that does not exist is the caller's to mend."""
    with pytest.raises(UsageError, match="expected one of"):
        gathered(replace(BY_MODEL, model="nobody"), desk(tmp_path, "https://llm.example.org/v1"))
