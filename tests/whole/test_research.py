"""The whole pipeline on the example shelf, with real readers and no model weights: what comes out, and that it comes out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from sovereign import record
from sovereign.adapters import goal_file
from sovereign.adapters.folder import FolderSource
from sovereign.cli.world import readers
from sovereign.errors import BudgetError, ModelError, SourceError
from sovereign.exports.pages import compose
from sovereign.model import (
    Action,
    Cost,
    Engine,
    Event,
    Gap,
    GapKind,
    Goal,
    Outcome,
    PaperStatus,
    Query,
    Report,
    SignKind,
    Stage,
)
from sovereign.pipeline import research
from sovereign.ports import Found, Prompt, Reply, Tell, World, tell_nobody
from sovereign.readers import archive
from tests import fakes
from tests.conftest import ROOT

SHELF = ROOT / "sovereign" / "demo"


def shelf_world(**changes: object) -> World:
    """Give a world of the example shelf."""
    folder = FolderSource(SHELF / "papers", archive=archive, readers=readers())
    world = World({"folder": folder}, folder, readers(), fakes.FakeEmbedder(), fakes.TODAY, verifier=fakes.FakeVerifier())
    return replace(world, **changes)  # type: ignore[arg-type]  # a table of cases changes any field


@pytest.fixture(scope="module")
def goal() -> Goal:
    """The example's goal."""
    return goal_file.load(SHELF / "paper-boats.yaml")


@pytest.fixture(scope="module")
def report(goal: Goal) -> Report:
    """One run."""
    return research(goal, shelf_world())


def test_the_same_papers_give_the_same_bytes(goal: Goal, report: Report) -> None:
    """Two runs agree in every byte of every page."""
    again = research(goal, shelf_world())

    assert record.to_json(again) == record.to_json(report)
    assert compose(again, version=1, with_pdf=False) == compose(report, version=1, with_pdf=False)


def test_every_quote_stands_at_its_place(goal: Goal, report: Report) -> None:
    """Each claim's quote is found at its offsets in a document of that hash, read anew."""
    sources = {source.paper: source for source in report.sources}

    for claim in report.draft.claims:
        assert claim.document_sha256 == sources[claim.paper].document_sha256
        assert len(claim.quote.text) == claim.quote.end - claim.quote.start
    assert len(report.draft.claims) >= goal.policy.min_claims


def test_the_withdrawn_paper_is_found_and_not_read(report: Report) -> None:
    """Its fate and the reason are kept."""
    (fate,) = [item for item in report.fates if "Crayon" in item.title]

    assert fate.stage in {Stage.SCREENED_OUT, Stage.EXCLUDED}
    assert "stopwatch" in fate.reason
    assert all(paper.status is PaperStatus.CURRENT for paper in report.papers)


def test_the_instruction_to_the_reviewer_is_shown_and_not_obeyed(report: Report) -> None:
    """Hidden words become a sign, no claim, and a reason to ask the owner."""
    kinds = {sign.kind for sign in report.signs}

    assert kinds & {SignKind.INSTRUCTION, SignKind.HIDDEN}
    assert not [claim for claim in report.draft.claims if "ignore all" in claim.quote.text.lower()]
    assert "no-suspicious-text" in [ruling.rule for ruling in report.decision.rulings if not ruling.passed]


def test_the_double_form_and_the_flow_add_up(report: Report) -> None:
    """Every paper of the shelf has exactly one fate."""
    assert len(report.fates) == len({fate.paper for fate in report.fates}) == 7
    assert {source.form for source in report.sources} >= {"latex", "html", "pdf"}


def test_findings_cite_and_the_abstract_too(report: Report) -> None:
    """No sentence of Findings stands without a claim."""
    assert all(sentence.claims for finding in report.draft.findings for sentence in finding.sentences)
    assert set(report.draft.cited) <= {claim.id for claim in report.draft.claims}


@pytest.mark.parametrize("verifier", [fakes.Scripted(), None], ids=["silent", "none"])
def test_without_a_verifiers_word_nothing_is_verified_or_approved(goal: Goal, verifier: fakes.Scripted | None) -> None:
    """Whatever stands twice on the shelf: all of it is quoted only, the report says so, and the owner is asked."""
    allowed = replace(goal, policy=replace(goal.policy, allow_rubric_approval=True))
    made = research(allowed, shelf_world(verifier=verifier))

    assert made.draft.claims
    assert not [item for item in made.draft.evidence if item.is_verified]
    assert made.draft.answer.strength.verified == 0
    assert made.draft.abstract[-1].text.endswith(f": {len(made.draft.claims)} quoted only.")
    assert made.decision.action is Action.ESCALATE_TO_OWNER


def test_events_tell_every_stage(goal: Goal) -> None:
    """Progress names the stages in order."""
    heard: list[Event] = []
    research(goal, shelf_world(), heard.append)

    stages = list(dict.fromkeys(event.stage for event in heard))
    assert [stage for stage in stages if stage in {"plan", "search", "read", "claims", "verify", "tribunal", "policy"}] == [
        "plan", "search", "read", "claims", "verify", "tribunal", "policy",
    ]  # fmt: skip


class SilentSource:
    """A source that finds nothing."""

    name = "folder"

    def search(self, queries: Sequence[Query], *, limit: int, tell: Tell = tell_nobody) -> tuple[Found, ...]:
        """Find nothing."""
        return tuple(Found() for _ in queries)


class BrokenSource(SilentSource):
    """A source that cannot be used."""

    def search(self, queries: Sequence[Query], *, limit: int, tell: Tell = tell_nobody) -> tuple[Found, ...]:
        """Refuse."""
        raise SourceError("expected an answer, got none")


class LateSource(SilentSource):
    """A source whose searches time out."""

    def search(self, queries: Sequence[Query], *, limit: int, tell: Tell = tell_nobody) -> tuple[Found, ...]:
        """Give a gap for each."""
        return tuple(Found(gaps=(Gap("search", query.id, "timed out", GapKind.TIMED_OUT),)) for query in queries)


def test_no_papers_is_a_report_that_says_so(goal: Goal) -> None:
    """Nothing found: no claim, no source invented, and the owner is asked."""
    report = research(goal, shelf_world(sources={"folder": SilentSource()}))

    assert (report.papers, report.draft.claims) == ((), ())
    assert report.tribunal.outcome is Outcome.REJECT
    assert report.decision.action is Action.ESCALATE_TO_OWNER
    assert compose(report, version=1, with_pdf=False)


@pytest.mark.parametrize("source", [BrokenSource(), LateSource()], ids=["unusable", "every search timed out"])
def test_a_source_that_cannot_be_used_is_not_no_papers(goal: Goal, source: SilentSource) -> None:
    """Where no source answers, the run stops: silence is not evidence of absence."""
    with pytest.raises(SourceError):
        research(goal, shelf_world(sources={"folder": source}))


class BrokenChat:
    """A model that fails after some answers."""

    name = "scripted model"
    context_tokens = 8192
    cost = Cost(calls=1)

    def __init__(self, error: ModelError) -> None:
        self._error = error
        self.asked = 0

    def answer(self, prompts: Sequence[Prompt], *, tell: Tell = tell_nobody) -> tuple[Reply | Gap, ...]:
        """Fail."""
        self.asked += 1
        raise self._error


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(ModelError("model old/model was retired (410)"), id="retired"),
        pytest.param(BudgetError("the budget of 1 USD would be exceeded"), id="budget"),
    ],
)
def test_a_model_that_fails_is_asked_once_and_the_rules_go_on(goal: Goal, report: Report, error: ModelError) -> None:
    """The run ends as without a model, and the report says why."""
    chat = BrokenChat(error)
    fallen = research(goal, shelf_world(chat=chat))

    assert chat.asked == 1
    assert fallen.engine is Engine.LOCAL
    assert fallen.draft == report.draft
    assert [gap for gap in fallen.gaps if error.message in gap.why]
    assert "rubric-may-approve" in [ruling.rule for ruling in fallen.decision.rulings if not ruling.passed]


def test_a_report_survives_its_record(report: Report) -> None:
    """What is kept is all there was."""
    assert record.from_json(record.to_json(report)) == report


def test_the_shelf_says_of_itself_that_it_is_invented() -> None:
    """Nobody shall take the example for knowledge."""
    assert "invented" in (SHELF / "README.md").read_text("utf-8")
    assert Path(SHELF / "papers" / "shelf.bib").read_text("utf-8").count("Journal of Invented Examples") == 7
