"""What a run with a model may cost is told before the first call; and a run that may not do without its model stops."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sovereign.adapters import goal_file
from sovereign.errors import ModelError
from sovereign.model import Engine, Event
from sovereign.pipeline import research
from sovereign.pipeline.cost import foreseen
from sovereign.ports import Tariff
from standins.chat import refusal
from standins.chat_player import Character, play
from tests.whole.test_model_engine import SHELF, run, world

GOAL = replace(goal_file.load(SHELF / "paper-boats.yaml"), engine=Engine.MODEL)


@pytest.mark.parametrize(
    ("tariff", "words"),
    [
        pytest.param(Tariff(), ("its price is not known", "no budget is set"), id="nothing known"),
        pytest.param(Tariff(0.0, 0.0), ("free of charge",), id="free"),
        pytest.param(Tariff(1.0, 2.0, budget_usd=5.0), (", $0.", "the budget of $5.00 is held"), id="within the budget"),
        pytest.param(
            Tariff(1.0, 2.0, budget_tokens=9_000), ("the budget of 9,000 tokens is held, which may not do",), id="too small a budget"
        ),
    ],
)
def test_what_is_told(tariff: Tariff, words: tuple[str, ...]) -> None:
    """Calls, tokens, dollars where a price is known, and how that stands beside the budget."""
    event = foreseen(5, 1, tariff, "some model")

    assert "for 5 papers and 2 hearings" in event.message
    for part in words:
        assert part in event.message


def test_it_is_told_before_the_first_call_and_holds(tmp_path: Path) -> None:
    """The first event of the model is the foreseen cost, and the run stays below it."""
    told: list[Event] = []
    with world(play(Character.STERN), tmp_path) as (there, service):
        report = research(GOAL, there, told.append)

    first, *others = [event for event in told if event.stage == "model"]
    facts = dict(first.facts)
    assert "up to" in first.message
    assert others
    assert report.cost is not None
    assert report.cost.calls <= int(facts["calls"])
    assert sum(len(message["content"]) for body in service.asked for message in body["messages"]) / 4 <= int(facts["tokens"])


def test_a_run_that_needs_its_model_stops_with_a_word(tmp_path: Path) -> None:
    """It never silently becomes the other engine."""
    with (
        world(lambda name, body: refusal(410, "The model has reached its end of life."), tmp_path) as (there, _),
        pytest.raises(ModelError, match="end of life"),
    ):
        research(GOAL, replace(there, needs_chat=True))


def test_a_model_that_is_too_weak_is_named_early(tmp_path: Path) -> None:
    """One Gap instead of one a claim, and the rules take over before a draft is asked for."""
    honest = play(Character.HONEST)

    def inventing(name: str, body: dict[str, object]) -> object:
        answer = honest(name, body)
        if name == "claims" and isinstance(answer, dict):
            claims = [{**claim, "quote": "wax is known to all to be the very best"} for claim in answer["claims"]]
            return {**answer, "claims": claims}
        return answer

    report, service = run(GOAL, inventing, tmp_path)

    weak = [gap.why for gap in report.gaps if "too weak" in gap.why]
    assert len(weak) == 1
    assert "quote words that no paper has" in weak[0]
    assert report.engine is Engine.LOCAL
    assert [gap.why for gap in report.gaps if "its quote is not in the paper" in gap.why] == weak
    assert "draft" not in {body["response_format"]["json_schema"]["name"] for body in service.asked}
