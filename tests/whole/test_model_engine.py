"""Whole runs with a language model over HTTP: beside the rules' run, through a revision, through faults, and past a hostile paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sovereign import record
from sovereign.adapters import goal_file
from sovereign.adapters.folder import FolderSource
from sovereign.adapters.openai.chat import OpenAIChat
from sovereign.adapters.openai.replies import Replies
from sovereign.adapters.settings import Profile
from sovereign.cli.world import readers
from sovereign.errors import SourceError
from sovereign.model import Action, Ask, Engine, Event, Goal, JudgeRole, Origin, Outcome, Query, Report
from sovereign.pipeline import fetch, research
from sovereign.pipeline.revision import FURTHER_PAPERS
from sovereign.ports import Found, PaperSource, Tell, World, tell_nobody
from sovereign.readers import archive
from standins.chat import ChatStandIn, Script, refusal, serve
from standins.chat_player import Character, play
from tests import fakes
from tests.conftest import ROOT

SHELF = ROOT / "sovereign" / "demo"


@pytest.fixture(scope="module")
def goal() -> Goal:
    """The example's goal, with a model."""
    return replace(goal_file.load(SHELF / "paper-boats.yaml"), engine=Engine.MODEL)


@contextmanager
def world(script: Script, folder: Path, **changes: Any) -> Iterator[tuple[World, ChatStandIn]]:
    """Give a world of the example shelf whose chat model plays a script, and the service behind it."""
    shelf = FolderSource(SHELF / "papers", archive=archive, readers=readers())
    with serve(script) as service:
        base = Profile("stand-in", service.base_url, chat_model="some/model", context_tokens=32_000, wait_s=0.0, attempts=2)
        chat = OpenAIChat(replace(base, **{"price_in_usd": 1.0, "price_out_usd": 2.0, **changes}), replies=Replies(folder))
        yield (
            World({"folder": shelf}, shelf, readers(), fakes.FakeEmbedder(), fakes.TODAY, verifier=fakes.FakeVerifier(), chat=chat),
            service,
        )


def run(goal: Goal, script: Script, folder: Path, **changes: Any) -> tuple[Report, ChatStandIn]:
    """Run once."""
    with world(script, folder, **changes) as (there, service):
        return research(goal, there), service


def test_both_engines_side_by_side(goal: Goal, tmp_path: Path) -> None:
    """The same papers, the same fates, the same gate; the model's run says who worded and judged, and what it cost."""
    with world(play(Character.HONEST), tmp_path) as (there, _):
        by_model = research(goal, there)
        by_rules = research(replace(goal, engine=Engine.LOCAL), replace(there, chat=None))

    assert (by_model.engine, by_rules.engine) == (Engine.MODEL, Engine.LOCAL)
    assert {paper.id for paper in by_model.papers} == {paper.id for paper in by_rules.papers}
    assert "some/model" in by_model.tribunal.judges
    assert by_model.cost is not None
    assert by_model.cost.calls > 5
    assert by_model.cost.money_usd
    assert by_rules.cost is None
    assert all(sentence.claims for finding in by_model.draft.findings for sentence in finding.sentences)


def test_a_rerun_asks_nothing_and_gives_the_same_bytes(goal: Goal, tmp_path: Path) -> None:
    """Replies are kept by content: resuming is replaying, and only the cost differs."""
    with world(play(Character.HONEST), tmp_path) as (there, service):
        first = research(goal, there)
        sent = len(service.asked)
        profile = Profile("stand-in", service.base_url, chat_model="some/model", context_tokens=32_000)
        again = research(goal, replace(there, chat=OpenAIChat(profile, replies=Replies(tmp_path))))

    assert len(service.asked) == sent > 5
    assert again.cost is not None
    assert (again.cost.calls, again.cost.cached_calls) == (0, sent)
    assert record.to_json(replace(again, cost=None)) == record.to_json(replace(first, cost=None))


def test_a_revision_that_raises_the_score(goal: Goal, tmp_path: Path) -> None:
    """Objections are acted upon, the roles score again, and the record keeps both rounds and what became of each objection."""
    report, _ = run(goal, play(Character.STERN), tmp_path)

    scores = [hearing.consensus for hearing in report.tribunal.hearings]
    assert scores == [5.5, 8.0]
    assert report.tribunal.outcome is Outcome.APPROVE
    assert {item.action for item in report.tribunal.hearings[0].amendments} == {"dropped"}
    dropped = {claim for claim, _ in report.draft.dropped}
    assert dropped
    assert not dropped & set(report.draft.cited)


def test_a_revision_that_rewords_and_searches_again(goal: Goal, tmp_path: Path) -> None:
    """The new wording stands in the old one's place with evidence of its own; what became of each objection is told."""
    report, service = run(goal, play(Character.EDITOR), tmp_path)

    told = {item.objection.ask: item for item in report.tribunal.hearings[0].amendments}
    (claim,) = [claim for claim in report.draft.claims if claim.origin is Origin.REVISED]
    assert told[Ask.REWORD].action.startswith("re-worded")
    assert told[Ask.REWORD].after.startswith(claim.text)
    assert claim.text == f"As reported: {claim.quote.text}"
    assert report.draft.evidence_of(claim.id).witnesses
    assert told[Ask.REEVIDENCE].action
    assert any(body["response_format"]["json_schema"]["name"] == "reword" for body in service.asked)


def asking(*objections: tuple[str, str]) -> Script:
    """Give an honest model whose VALIDATOR is content with the score and asks at first for these things of claims or sentences."""
    honest = play(Character.HONEST)

    def script(name: str, body: dict[str, Any]) -> object:
        is_first = "[round] 0" in body["messages"][1]["content"]
        if name != "validator" or not is_first:
            return honest(name, body)
        asked = [{"about": about, "ask": ask, "reason": "It says more."} for about, ask in objections]
        return {"summary": "Nearly.", "objections": asked, "score": 9, "recommendation": "approve"}

    return script


def test_a_sentence_that_says_more_is_mended_or_gone(goal: Goal, tmp_path: Path) -> None:
    """However high the score; the redraft is shown the objection, and the same words again are not taken."""
    report, service = run(goal, asking(("F2", "sentence")), tmp_path)

    (objection,) = [o for review in report.tribunal.hearings[0].reviews for o in review.objections]
    (told,) = report.tribunal.hearings[0].amendments
    redraft = [body for body in service.asked if body["response_format"]["json_schema"]["name"] == "draft"][-1]
    assert report.tribunal.revision_rounds == 1
    assert objection.sentence
    assert objection.sentence not in {s.text for finding in report.draft.findings for s in finding.sentences}
    assert told.action == "taken out or worded anew"
    assert f"[objection] sentence: It says more. (about: “{objection.sentence}”)" in redraft["messages"][1]["content"]


def test_a_verdict_that_is_said_to_be_wrong_is_looked_at_again(goal: Goal, tmp_path: Path) -> None:
    """With the objection; the model, asked again, does not bear the claim out, and it no longer counts as verified."""
    report, service = run(goal, asking(("C1", "verdict")), tmp_path)

    (told,) = report.tribunal.hearings[0].amendments
    looks = [body["messages"][1]["content"] for body in service.asked if body["response_format"]["json_schema"]["name"] == "verify"]
    assert told.action == "judged again"
    assert any("[C1 objection] It says more." in look for look in looks)
    assert not report.draft.evidence_of(told.objection.claim).is_verified


def test_re_evidence_drops_nothing_where_there_is_nothing_more_to_read(goal: Goal, tmp_path: Path) -> None:
    """A folder holds what it holds: a claim for which no further paper could be read is no claim without evidence."""
    report, _ = run(goal, asking(("C1", "re-evidence"), ("C2", "reword")), tmp_path)

    assert not any("further search" in why for _, why in report.draft.dropped)


class Once:
    """A source that answers its first search alone, as kept answers do, or a service that goes away."""

    name = "folder"

    def __init__(self, shelf: PaperSource) -> None:
        self._shelf, self.asked = shelf, 0

    def search(self, queries: Sequence[Query], *, limit: int, tell: Tell = tell_nobody) -> tuple[Found, ...]:
        """Answer once."""
        self.asked += 1
        if self.asked > 1:
            raise SourceError("nobody answers")
        return self._shelf.search(queries, limit=limit, tell=tell)


@pytest.mark.parametrize("is_replay", [False, True])
def test_re_evidence_does_not_end_a_run_where_nobody_answers(goal: Goal, tmp_path: Path, *, is_replay: bool) -> None:
    """What only the goal's limit kept out is read; that a search was refused is told, and where papers were fetched before none is made."""
    with world(asking(("C1", "re-evidence"), ("C2", "reword")), tmp_path) as (there, _):
        source = Once(there.sources["folder"])
        report = research(replace(goal, max_papers=2), replace(there, sources={"folder": source}, is_replay=is_replay))

    assert source.asked == (1 if is_replay else 2)
    assert [gap.why for gap in report.gaps if gap.subject == "a further search"] == ([] if is_replay else ["nobody answers"])
    assert len(report.sources) > 2


def test_what_a_revision_may_read_is_fetched_too(goal: Goal, tmp_path: Path) -> None:
    """Searching and reading alone: no claim is drawn, no judge asked."""
    heard: list[Event] = []
    with world(asking(), tmp_path) as (there, service):
        fetch(replace(goal, max_papers=2), there, heard.append)

    assert [event.stage for event in heard if event.stage == "read"] == ["read"] * (2 + FURTHER_PAPERS)
    assert {event.stage for event in heard} <= {"plan", "search", "fetch", "read"}
    assert {body["response_format"]["json_schema"]["name"] for body in service.asked} <= {"plan"}


@pytest.mark.parametrize("context", [6_000, pytest.param(8_192, marks=pytest.mark.slow)])
def test_every_prompt_fits_the_context_that_the_profile_states(goal: Goal, tmp_path: Path, context: int) -> None:
    """What does not fit is told where it is left out, and never sent."""
    report, _ = run(goal, play(Character.EDITOR), tmp_path, context_tokens=context)

    assert not [gap.why for gap in report.gaps if "exceed the context" in gap.why]
    assert report.draft.claims


def test_a_revision_that_does_not(goal: Goal, tmp_path: Path) -> None:
    """One round more, no better score: rejected, and the owner is asked."""
    report, _ = run(goal, play(Character.HOPELESS), tmp_path)

    assert [hearing.consensus for hearing in report.tribunal.hearings] == [3.0, 3.0]
    assert report.tribunal.outcome is Outcome.REJECT
    assert report.decision.action is Action.ESCALATE_TO_OWNER


def test_a_model_that_obeys_papers_changes_nothing(goal: Goal, tmp_path: Path) -> None:
    """The shelf holds a paper with orders for language models: no claim, no sentence and no approval comes of them."""
    report, _ = run(goal, play(Character.OBEDIENT), tmp_path)

    told = record.to_json(report)
    assert "This is the best work of all" not in " ".join(claim.text for claim in report.draft.claims)
    assert all("best work" not in s.text for f in report.draft.findings for s in f.sentences)
    assert all("best work" not in s.text for s in report.draft.abstract)
    assert report.signs
    assert report.decision.action is Action.ESCALATE_TO_OWNER
    assert "no-suspicious-text" in told


def broken(role: JudgeRole, answer: object) -> Script:
    """Give an honest model that answers this in one role."""
    honest = play(Character.HONEST)
    return lambda name, body: answer if name == role.lower() else honest(name, body)


@pytest.mark.parametrize(
    ("role", "answer"),
    [
        pytest.param(JudgeRole.SKEPTIC, "none of the criteria are met", id="prose"),
        pytest.param(JudgeRole.VALIDATOR, {"score": 10, "recommendation": "approve"}, id="half an answer"),
        pytest.param(JudgeRole.SYNTHESIZER, refusal(500), id="500"),
    ],
)
def test_a_role_that_does_not_answer_goes_to_the_owner(goal: Goal, tmp_path: Path, role: JudgeRole, answer: object) -> None:
    """An abstention is no approval, whatever the two others say."""
    report, _ = run(goal, broken(role, answer), tmp_path)

    (silent,) = [review for review in report.tribunal.last.reviews if review.is_abstention]
    assert silent.role is role
    assert report.tribunal.outcome is Outcome.REJECT
    assert report.decision.action is Action.ESCALATE_TO_OWNER


def failing_from(step: str) -> Callable[[str, dict[str, Any]], object]:
    """Give an honest model that is retired when it comes to this step."""
    honest = play(Character.HONEST)
    gone: list[str] = []

    def script(name: str, body: dict[str, Any]) -> object:
        if name == step:
            gone.append(name)
        return refusal(410, "The model has reached its end of life.") if gone else honest(name, body)

    return script


@pytest.mark.parametrize(
    "step", ["bearing", pytest.param("claims", marks=pytest.mark.slow), pytest.param("draft", marks=pytest.mark.slow), "skeptic"]
)
def test_a_model_that_is_retired_midway_is_named(goal: Goal, tmp_path: Path, step: str) -> None:
    """The run goes on by the rules, says so, and goes to the owner; no finished work is lost."""
    report, _ = run(goal, failing_from(step), tmp_path)

    why = [gap.why for gap in report.gaps if "end of life" in gap.why]
    assert why
    assert "the run went on with the local engine" in why[0]
    assert "some/model" in why[0]
    assert report.draft.claims
    assert not any(review.is_abstention for review in report.tribunal.last.reviews)
    assert report.decision.action is Action.ESCALATE_TO_OWNER


def test_a_budget_that_runs_out_stops_the_model_and_not_the_run(goal: Goal, tmp_path: Path) -> None:
    """What was spent stays below the budget, and the report says where the model fell silent."""
    report, _ = run(goal, play(Character.HONEST), tmp_path, budget_tokens=9_000)

    assert report.cost is not None
    assert report.cost.tokens_in + report.cost.tokens_out <= 9_000
    assert any("of 9,000 are used or held" in gap.why for gap in report.gaps)
    assert report.draft.claims
