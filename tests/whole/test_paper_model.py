"""What is published of a model's replies, good, flawed and bad, over the real wire and through the real gates; and its prompts as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sovereign.adapters.folder import FolderSource
from sovereign.adapters.onnx_verifier import OnnxVerifier
from sovereign.adapters.openai.chat import OpenAIChat
from sovereign.adapters.settings import Profile
from sovereign.cli.world import readers
from sovereign.model import Action, AnswerKind, Engine, Goal, Report
from sovereign.pipeline import research
from sovereign.ports import World
from sovereign.readers import archive
from standins.chat import ChatStandIn, serve
from standins.paper_model import FACETS, FLAWS, SAYINGS, Reader
from tests import fakes
from tests.conftest import ROOT

SHELF = ROOT / "tests" / "whole" / "papers"
GOAL = Goal(
    "aquawax",
    "Does AquaWax lengthen the floating time of paper boats, in a still basin and on a windy pond?",
    keywords=("AquaWax", "floating time"),
    sources=("folder",),
    engine=Engine.MODEL,
)


@pytest.fixture(scope="module")
def verifier() -> OnnxVerifier:
    """Give the embedded verifier."""
    return OnnxVerifier()


@contextmanager
def read_by(reader: Reader, verifier: OnnxVerifier) -> Iterator[tuple[Report, ChatStandIn]]:
    """Give the report on the shelf that this model makes."""
    shelf = FolderSource(SHELF, archive=archive, readers=readers())
    with serve(reader.script()) as service:
        chat = OpenAIChat(Profile("stand-in", service.base_url, chat_model="some/model", context_tokens=32_000, wait_s=0.0, concurrency=1))
        there = World({"folder": shelf}, shelf, readers(), fakes.FakeEmbedder(), fakes.TODAY, verifier=verifier, chat=chat)
        yield research(GOAL, there), service


def published(report: Report) -> set[str]:
    """Give every sentence of the answer, the abstract and the findings."""
    draft = report.draft
    return {draft.answer.headline, *(s.text for s in (*draft.abstract, *(s for f in draft.findings for s in f.sentences)))}


def confirmed(report: Report) -> set[str]:
    """Give the claims that count as borne out."""
    return {
        c.text for c in report.draft.standing if report.draft.evidence_of(c.id).is_verified or report.draft.evidence_of(c.id).is_confirmed
    }


def test_a_good_reader_is_published_whole(verifier: OnnxVerifier) -> None:
    """Every faithful rewording counts as borne out, every faithful sentence stands; the other paper and the thanks were not shown."""
    with read_by(Reader(), verifier) as (report, service):
        shown = " ".join(body["messages"][1]["content"] for body in service.asked if "Draw at most" in body["messages"][1]["content"])

    assert {saying.claim for saying in SAYINGS.values()} <= confirmed(report)
    assert {saying.sentence for saying in SAYINGS.values()} <= published(report)
    assert report.draft.answer.kind is AnswerKind.EFFECT
    assert report.draft.answer.by_model
    assert (report.draft.answer.strength.papers, report.draft.answer.strength.findings) == (2, 7)
    assert [facet.name for facet in report.draft.answer.facets] == list(FACETS)
    assert report.tribunal.revision_rounds == 0
    assert "broad wing" not in shown
    assert "ducks" not in shown


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flaw_in_one_claim_is_not_published(flaw: str, verifier: OnnxVerifier) -> None:
    """The flawed claim does not count as borne out, whatever else the model says; all that is good stands."""
    reader = Reader(in_claims=flaw)
    spoilt = FLAWS[flaw][0]
    with read_by(reader, verifier) as (report, _):
        pass

    assert reader.claim(spoilt) not in confirmed(report)
    assert {saying.claim for name, saying in SAYINGS.items() if name != spoilt} <= confirmed(report)


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flaw_in_one_sentence_is_not_published(flaw: str, verifier: OnnxVerifier) -> None:
    """It is dropped after its rewriting came back the same, and told; all that is good stands."""
    reader = Reader(in_report=flaw)
    spoilt = FLAWS[flaw][0]
    with read_by(reader, verifier) as (report, _):
        pass

    assert reader.sentence(spoilt) not in published(report)
    assert {saying.sentence for name, saying in SAYINGS.items() if name != spoilt} <= published(report)
    assert any(reader.sentence(spoilt) in gap.why for gap in report.gaps)


HELD = ("a lost hedge", "a lost exception", "a wider scope", "a merged number", "a swapped name", "the opposite")
"""Flaws that the gates hold back by themselves; the others need an honest second look."""


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_credulous_model_passes_what_only_an_honest_one_can_tell(flaw: str, verifier: OnnxVerifier) -> None:
    """A model that says yes to all gets no number, no name and no denial past the gates. The rest is what a second look is for."""
    reader = Reader(in_claims=flaw, is_credulous=True)
    with read_by(reader, verifier) as (report, _):
        pass

    claim = reader.claim(FLAWS[flaw][0])
    assert (claim in confirmed(report)) is (flaw not in HELD)
    if claim in confirmed(report):
        (item,) = [report.draft.evidence_of(c.id) for c in report.draft.claims if c.text == claim]
        assert item.is_confirmed
        assert not item.is_verified


def test_a_bad_reader_is_given_up(verifier: OnnxVerifier) -> None:
    """It invents its quotes: one Gap says so, nothing of its is published, and its owner decides."""
    with read_by(Reader(is_bad=True, is_credulous=True), verifier) as (report, _):
        pass

    assert not any("best coating in the world" in text for text in published(report))
    assert report.decision.action is Action.ESCALATE_TO_OWNER


def test_prompts_as_a_model_sees_them(verifier: OnnxVerifier, golden: Callable[[str, bytes], None]) -> None:
    """Every prompt of a run with one flaw in its claims and another in its report, to be read by eyes and reviewed as a diff."""
    with read_by(Reader(in_claims="a lost hedge", in_report="a wider scope"), verifier) as (_, service):
        asked = list(service.asked)

    for number, body in enumerate(asked, start=1):
        name = body["response_format"]["json_schema"]["name"]
        golden(f"prompts/{number:02}-{name}.txt", _told(body).encode())
    kept = sorted(path.name for path in (ROOT / "tests" / "golden" / "prompts").iterdir())
    assert kept == [f"{n:02}-{body['response_format']['json_schema']['name']}.txt" for n, body in enumerate(asked, start=1)]


def _told(body: dict[str, Any]) -> str:
    return "\n\n".join(f"=== {message['role']}\n{message['content']}" for message in body["messages"]) + "\n"
