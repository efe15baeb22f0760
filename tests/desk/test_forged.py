"""Forged records, each wrong in one place: the writer refuses them, the audit finds them, and an honest one passes both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from sovereign import __version__, record
from sovereign.adapters import goal_file
from sovereign.adapters.folder import FolderSource
from sovereign.adapters.local_embedder import LocalEmbedder
from sovereign.adapters.onnx_verifier import OnnxVerifier
from sovereign.cli.world import readers
from sovereign.desk import audit, audit_pages, derive, results
from sovereign.desk.audit import Audited
from sovereign.desk.derive import Wrong
from sovereign.desk.plan import Job, Why
from sovereign.errors import UsageError
from sovereign.exports import pages
from sovereign.model import (
    Document,
    Engine,
    Form,
    Grade,
    Origin,
    Outcome,
    Part,
    Probabilities,
    Recommendation,
    Report,
    Verdict,
    VerifierCard,
)
from sovereign.pipeline import research
from sovereign.ports import World
from sovereign.readers import archive
from sovereign.steps import policy
from standins import shelf
from tests import fakes
from tests.desk.lab import Lab, approved, escalated
from tests.desk.test_audit import Shelf

Forge = Callable[[Report], Report]
PLANNED = results.Asked(Engine.LOCAL, fakes.TODAY)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Give what a run really writes about three invented papers."""
    folder = tmp_path_factory.mktemp("papers")
    for at in range(3):
        (folder / f"honest-{at}.html").write_text(shelf.text(at))
    source = FolderSource(folder, archive=archive, readers=readers())
    text = (
        f"question: {shelf.QUESTION}\nkeywords: [floating time, wax coating]\nsources: [folder]\npolicy: {{allow_rubric_approval: true}}\n"
    )
    goal = goal_file.parse("goals/boats.yaml", text.encode())
    made = research(goal, World({"folder": source}, source, readers(), LocalEmbedder(), fakes.TODAY, verifier=OnnxVerifier()))
    return record.from_json(record.to_json(made))


@pytest.fixture(scope="module")
def verifier() -> OnnxVerifier:
    """Give the program's own verifier."""
    return OnnxVerifier()


def job(report: Report) -> Job:
    """Give the job that the report is for."""
    return Job(report.goal.slug, report.goal.asked_sha256, Why.NEW)


def decided(report: Report) -> Report:
    """Give the report with the decision that its own words give: a forger can do that much."""
    return replace(report, decision=policy.decide(derive.docket(report)))


def other_claim(report: Report, *, weighed: OnnxVerifier | None = None, origin: Origin = Origin.MODEL) -> Report:
    """Give the report with its first claim turned round, said to be verified; its passages weighed honestly, or not at all."""
    draft, first = report.draft, report.draft.claims[0]
    wrong = replace(first, text="Wax coating shortens the floating time of every paper boat to zero minutes.", origin=origin)
    heard = draft.evidence[0].witnesses
    now = weighed.weigh([(wrong.text, item.passage.text) for item in heard]) if weighed else [None] * len(heard)
    evidence = replace(
        draft.evidence[0],
        claim=wrong.id,
        verdict=Verdict.SUPPORTED,
        grade=Grade.VERIFIED,
        confidence=0.3,
        probabilities=Probabilities(0.3, 0.7, 0.0),
        witnesses=tuple(replace(item, probabilities=p) for item, p in zip(heard, now, strict=True)),
    )

    def swapped(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(wrong.id if item == first.id else item for item in texts)

    answer = draft.answer
    changed = replace(
        draft,
        claims=(wrong, *draft.claims[1:]),
        evidence=(evidence, *draft.evidence[1:]),
        abstract=tuple(replace(item, claims=swapped(item.claims)) for item in draft.abstract),
        findings=tuple(
            replace(finding, sentences=tuple(replace(item, claims=swapped(item.claims)) for item in finding.sentences))
            for finding in draft.findings
        ),
        contradictions=(),
        answer=replace(
            answer,
            claims=swapped(answer.claims),
            findings=tuple(replace(item, claims=swapped(item.claims)) for item in answer.findings),
            facets=tuple(replace(item, claims=swapped(item.claims)) for item in answer.facets),
        ),
    )
    return decided(replace(report, draft=changed))


def scored(report: Report) -> Report:
    """Give the report with a tribunal that could not be happier, sums and all."""
    last = report.tribunal.last
    happy = tuple(replace(item, score=9.5, recommendation=Recommendation.APPROVE, objections=()) for item in last.reviews)
    heard = replace(last, reviews=happy, consensus=9.5, spread=0.0)
    return decided(
        replace(report, tribunal=replace(report.tribunal, hearings=(*report.tribunal.hearings[:-1], heard), outcome=Outcome.APPROVE))
    )


def summed(report: Report) -> Report:
    """Give the report with another consensus than its scores give."""
    last = report.tribunal.last
    heard = replace(last, consensus=9.9)
    return decided(replace(report, tribunal=replace(report.tribunal, hearings=(*report.tribunal.hearings[:-1], heard))))


def graded(report: Report) -> Report:
    """Give the report with a claim that another paper is said to bear out, and none was heard."""
    first = report.draft.evidence[0]
    own = replace(first, grade=Grade.CORROBORATED, witnesses=tuple(item for item in first.witnesses if item.own))
    return decided(replace(report, draft=replace(report.draft, evidence=(own, *report.draft.evidence[1:]))))


def alone(report: Report) -> Report:
    """Give the report with a claim that its quote alone is said to verify."""
    at = next(at for at, claim in enumerate(report.draft.claims) if claim.text == claim.quote.text)
    evidence = list(report.draft.evidence)
    evidence[at] = replace(evidence[at], grade=Grade.VERIFIED, witnesses=evidence[at].witnesses[:1])
    return decided(replace(report, draft=replace(report.draft, evidence=tuple(evidence))))


def sure(report: Report) -> Report:
    """Give the report with weights that no passage has."""
    certain = Probabilities(1.0, 0.0, 0.0)
    evidence = tuple(
        replace(item, witnesses=tuple(replace(heard, probabilities=certain) for heard in item.witnesses)) for item in report.draft.evidence
    )
    return decided(replace(report, draft=replace(report.draft, evidence=evidence)))


def carded(report: Report) -> Report:
    """Give the report with the program's verifier under a kinder card."""
    assert report.verifier is not None
    return decided(replace(report, verifier=replace(report.verifier, threshold=0.1, false_acceptance=0.0)))


def sourceless(report: Report) -> Report:
    """Give the report without the source of its first claim."""
    return replace(report, sources=tuple(item for item in report.sources if item.paper != report.draft.claims[0].paper))


FOLLOWS_NOT = [
    pytest.param(other_claim, {Wrong.VERDICT}, id="a claim without weights"),
    pytest.param(lambda r: other_claim(r, weighed=OnnxVerifier()), {Wrong.DERIVED}, id="a verdict alone"),
    pytest.param(
        lambda r: other_claim(r, weighed=OnnxVerifier(), origin=Origin.EXTRACTED),
        {Wrong.DERIVED},
        id="said to be the paper's own words",
    ),
    pytest.param(scored, {Wrong.TRIBUNAL}, id="the rubric's scores"),
    pytest.param(summed, {Wrong.TRIBUNAL}, id="the consensus"),
    pytest.param(sure, {Wrong.VERDICT}, id="the weights"),
    pytest.param(graded, {Wrong.DERIVED}, id="corroborated by nobody"),
    pytest.param(alone, {Wrong.DERIVED}, id="verified by its quote"),
    pytest.param(carded, {Wrong.CARD}, id="the card"),
    pytest.param(sourceless, {Wrong.SOURCE}, id="a source"),
]


def test_an_honest_record_passes(honest: Report, verifier: OnnxVerifier) -> None:
    """What a run writes follows from itself, here and in the writer."""
    assert list(derive.doubts(honest, verifier)) == []
    results.check(honest, job(honest), PLANNED, verifier)


@pytest.mark.parametrize(("forge", "kinds"), FOLLOWS_NOT)
def test_a_forged_record_is_found(honest: Report, verifier: OnnxVerifier, forge: Forge, kinds: set[Wrong]) -> None:
    """The audit names what does not follow, and the writer refuses it."""
    forged = forge(honest)

    found = audit.offline(Audited("boats", 1, forged), verifier)

    assert kinds <= {item.kind for item in found}
    with pytest.raises(UsageError):
        results.check(forged, job(forged), PLANNED, verifier)


@pytest.mark.parametrize(
    ("forge", "said"),
    [
        pytest.param(lambda r: decided(replace(r, engine=Engine.MODEL)), "none was asked for", id="engine"),
        pytest.param(lambda r: replace(r, date=r.date + timedelta(days=1)), "the plan of", id="day"),
        pytest.param(lambda r: replace(r, parts=(*r.parts, Part("sovereign", "9.9", "all"))), "version 9.9", id="version"),
        pytest.param(lambda r: decided(replace(r, verifier=VerifierCard("trust-me", "9", 0.1, 0.0))), "trust-me", id="verifier"),
        pytest.param(lambda r: decided(replace(r, verifier=None)), "verifier", id="no verifier"),
    ],
)
def test_the_plan_and_the_program_are_held_against_it(honest: Report, verifier: OnnxVerifier, forge: Forge, said: str) -> None:
    """Another engine, day, version or verifier than was planned and than runs here."""
    with pytest.raises(UsageError, match=said):
        results.check(forge(honest), job(honest), PLANNED, verifier)


def test_a_day_that_is_not_yet(honest: Report, verifier: OnnxVerifier) -> None:
    """Also where the plan's day is not known."""
    with pytest.raises(UsageError, match="not yet"):
        results.check(replace(honest, date=date(9999, 1, 1)), job(honest), None, verifier)


def test_reviewers_are_those_of_the_goal_file(lab: Lab) -> None:
    """Who is asked to review, and the tags, stand in no hash: they are held against the file on the main branch."""
    goal = lab.ask()

    code, _ = lab.land(escalated(replace(goal, reviewers=("somebody",), tags=("spam",))))

    assert code == 0
    assert not lab.hub.pulls
    assert "reviewers" in lab.hub.open_issues()[0]["body"]


def test_a_quote_that_was_never_there(honest: Report) -> None:
    """A quote in a text that did not change is looked for at its very place."""
    claim = honest.draft.claims[0]
    read = next(item for item in honest.sources if item.paper == claim.paper)
    documents = {paper.id: document(paper.id, shelf.text(at)) for at, paper in enumerate(honest.papers)}
    same = documents[claim.paper]
    moved = replace(claim, document_sha256=same.sha256)
    forged = replace(
        honest,
        draft=replace(honest.draft, claims=(moved, *honest.draft.claims[1:])),
        sources=tuple(replace(item, document_sha256=same.sha256, form=Form.HTML) if item is read else item for item in honest.sources),
    )

    found = audit.online(Audited("boats", 1, forged), Shelf(forged.papers, documents).world())

    assert (Wrong.QUOTE, moved.id) in {(item.kind, item.subject) for item in found.findings}


def document(paper: str, text: str) -> Document:
    """Give a document of a paper's bare text."""
    return Document(paper, Form.HTML, text)


def test_pages_are_rendered_again(tmp_path: Path, honest: Report) -> None:
    """A page that was edited, one that is gone and one too many are told; every version is looked at, and what was not is said."""
    made = replace(honest, parts=(Part("sovereign", __version__, "all"),))
    old = replace(made, date=made.date - timedelta(days=1), parts=(Part("sovereign", "0.0.1", "all"),))
    root = tmp_path / "site" / "reports" / "boats"
    for version, (report, earlier) in enumerate(((made, ()), (made, (made,)), (old, (made, made))), 1):
        for page in pages.compose(report, version=version, earlier=earlier, with_pdf=False):
            (root / page.path).parent.mkdir(parents=True, exist_ok=True)
            (root / page.path).write_bytes(page.content)

    def looked() -> tuple[dict[int, list[str]], list[str]]:
        items = audit.versions(tmp_path)
        compare = audit_pages.comparing(tmp_path, items)
        whole = [audit.whole(item, None, compare) for item in items]
        return {item.version: [found.subject for found in item.findings] for item in whole}, [why for item in whole for why in item.unasked]

    before, skipped = looked()
    (root / "v1" / "index.md").write_text("Another page.\n")
    (root / "v2" / "claims.csv").unlink()
    (root / "v2" / "extra.html").write_text("<script>")
    after, _ = looked()

    assert before == {1: [], 2: [], 3: []}
    assert any("version 0.0.1 of the program rendered them" in why for why in skipped)
    assert any("another verifier" in why for why in skipped)
    assert after == {1: ["v1/index.md"], 2: ["v2/claims.csv", "v2/extra.html"], 3: []}


def test_a_forged_result_is_not_committed(lab: Lab) -> None:
    """A result that does not follow ends in the desk's issue, and nothing of it on the main branch."""
    goal = lab.ask()
    report = approved(goal)
    lab.plan()
    folder = lab.hand_over(report)
    heard = report.draft.evidence[0].witnesses[1]
    lab.weights.known[report.draft.claims[0].text, heard.passage.text] = Probabilities(0.1, 0.9, 0.0)

    code, told = lab.ci("commit", "--results", str(folder), SOVEREIGN_PLAN=lab.plans["last"])

    assert (code, told["published"]) == (4, "false")
    assert "weighs a passage otherwise" in lab.hub.open_issues()[0]["body"]
    assert not [name for name in lab.files() if "/v1/" in name]
