"""Published reports checked again: what is found, what is not looked at, and how the owner is told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sovereign import record
from sovereign.adapters.git_repo import GitRepo
from sovereign.adapters.github import GitHub
from sovereign.cli import audit as cli_audit
from sovereign.desk import audit, notices, turns
from sovereign.desk.audit import Audited, Defect
from sovereign.desk.derive import Wrong
from sovereign.errors import PublishError, UsageError
from sovereign.model import NO_ANSWER, Decision, Document, Form, Grade, Paper, PaperStatus, Probabilities, Query, Report
from sovereign.ports import Fetched, Found, Tell, World, tell_nobody
from standins.github import TOKEN, GitHubStandIn
from standins.reports import approved_report
from tests import fakes
from tests.desk.lab import Lab, Recorded, approved

FINDING = Defect("x", 1, Wrong.WITHDRAWN, "arxiv:2501.00001v1", "A <b>paper</b>: withdrawn; @everyone look")


def item(report: Report | None = None) -> Audited:
    """Give a published version."""
    made = report or approved(approved_report().goal)
    return Audited(made.goal.slug, 1, made)


class Shifted(Recorded):
    """A verifier that weighs every passage as the record says, less a share of "supported"."""

    def __init__(self, report: Report, shift: float) -> None:
        super().__init__(report)
        self._shift = shift

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> tuple[Probabilities, ...]:
        """Answer in order."""
        moved = [(p.supported * (1 - self._shift), p.refuted) for p in super().weigh(pairs)]
        return tuple(Probabilities(s, 1 - s - refuted, refuted) for s, refuted in moved)


def test_sound_record_has_no_finding() -> None:
    """What a run wrote stands up to its own rules and verifier."""
    good = item()

    assert good.report is not None
    assert audit.offline(good, Recorded(good.report)) == ()
    assert audit.offline(good, None) == ()


def test_other_decision_is_found() -> None:
    """A record whose decision its own rules do not reach."""
    report = approved(approved_report().goal)
    forged = replace(report, decision=Decision(tuple(replace(ruling, passed=True) for ruling in report.decision.rulings)))

    assert [found.kind for found in audit.offline(item(forged), None)] == [Wrong.DECISION]


def test_a_claim_that_only_its_quote_bears_out_is_not_verified() -> None:
    """That a sentence stands in its paper is no verification of it, whatever weight the record gives it."""
    report = approved(approved_report().goal)
    first, second, *rest = report.draft.evidence
    alone = replace(second, witnesses=second.witnesses[:1])
    forged = replace(report, draft=replace(report.draft, evidence=(first, alone, *rest)))

    found = audit.offline(item(forged), Recorded(report))

    assert {(one.kind, one.subject) for one in found} == {(Wrong.DERIVED, second.claim)}
    assert "no passage but its quote" in found[0].detail


def test_a_grade_that_is_not_its_verdicts_is_found() -> None:
    """Grade and verdict say one thing."""
    report = approved(approved_report().goal)
    first, *rest = report.draft.evidence
    forged = replace(report, draft=replace(report.draft, evidence=(replace(first, grade=Grade.QUOTED), *rest)))

    assert Wrong.DERIVED in {one.kind for one in audit.offline(item(forged), Recorded(report))}


def test_an_answer_that_is_none_is_not_approved() -> None:
    """A record that was approved and answers nothing contradicts itself."""
    report = approved(approved_report().goal)
    forged = replace(report, draft=replace(report.draft, answer=NO_ANSWER))

    assert {Wrong.DECISION, Wrong.TRIBUNAL} <= {one.kind for one in audit.offline(item(forged), None)}


def test_quote_without_a_source_is_found() -> None:
    """A claim whose document is none of the report's sources."""
    report = approved(approved_report().goal)
    orphan = replace(report, sources=report.sources[1:])

    assert {found.kind for found in audit.offline(item(orphan), None)} == {Wrong.SOURCE}


def test_other_weighing_is_found_and_another_verifier_is_not_asked() -> None:
    """The verifier of then must weigh as it did; a newer one may differ, and says nothing about the record."""
    report = approved(approved_report().goal)
    newer = Shifted(report, 0.5)
    newer.card = replace(newer.card, version="2.0")

    assert {found.kind for found in audit.offline(item(report), Shifted(report, 0.5))} == {Wrong.VERDICT}
    assert audit.offline(item(report), newer) == ()


class Shelf:
    """A source and full text that know papers and documents as they are now."""

    name = "arxiv"

    def __init__(self, papers: Sequence[Paper], documents: dict[str, Document]) -> None:
        self.papers, self.documents = papers, documents

    def search(self, queries: Sequence[Query], *, limit: int, tell: Tell = tell_nobody) -> tuple[Found, ...]:
        """Give everything."""
        return tuple(Found(tuple(self.papers[:limit])) for _ in queries)

    def fetch(self, papers: Sequence[Paper], *, tell: Tell = tell_nobody) -> Iterator[tuple[Paper, tuple[Fetched, ...], tuple[()]]]:
        """Give each known paper's name as its bytes."""
        for paper in papers:
            yield paper, (Fetched(paper.id, Form.HTML, {}),) if paper.id in self.documents else (), ()

    def world(self) -> World:
        """Give the world."""

        def reader(paper: str, files: object) -> Document:
            return self.documents[paper]

        return World({"arxiv": self}, self, {Form.HTML: reader}, fakes.FakeEmbedder(), date(2026, 1, 2))


def document(paper: str, text: str) -> Document:
    """Give a document that is long enough to be one."""
    return Document(paper, Form.HTML, text + "\n\n" + "Filling words. " * 200)


def test_quotes_are_looked_for_again() -> None:
    """A text that changed is searched for every quote; a quote that is gone is a finding, a text that cannot be had is none."""
    good = item()
    assert good.report is not None
    claims = good.report.draft.claims
    kept, gone = claims[0], next(claim for claim in claims if claim.paper != claims[0].paper)
    shelf = Shelf(good.report.papers, {kept.paper: document(kept.paper, " ".join(c.quote.text for c in claims if c.paper == kept.paper))})
    shelf.documents[gone.paper] = document(gone.paper, "Something else.")

    found = audit.online(good, shelf.world())

    assert {(one.kind, one.subject) for one in found.findings} == {(Wrong.QUOTE, c.id) for c in claims if c.paper == gone.paper}
    shelf.documents.clear()
    empty = audit.online(good, shelf.world())
    assert empty.findings == ()
    assert all("could not be had" in why for why in empty.unasked)
    assert empty.unasked


def test_withdrawal_is_found() -> None:
    """A paper that was current then and is withdrawn now is told of with its source's own words."""
    good = item()
    assert good.report is not None
    first, *rest = good.report.papers
    shelf = Shelf([replace(first, status=PaperStatus.WITHDRAWN, status_note="by the authors"), *rest], {})

    (found,) = audit.online(good, shelf.world()).findings

    assert (found.kind, found.subject) == (Wrong.WITHDRAWN, first.id)
    assert "by the authors" in found.detail


def test_every_version_is_read(tmp_path: Path) -> None:
    """All reports or the named ones; a record that cannot be read is a finding, a report that is not there is a mistake."""
    report = approved(approved_report().goal)
    for slug, version, text in (("good", 1, "{"), ("good", 2, record.to_json(report)), ("bad", 1, "{")):
        path = tmp_path / "site" / "reports" / slug / f"v{version}" / "record.json"
        path.parent.mkdir(parents=True)
        path.write_text(text)

    found = audit.versions(tmp_path)

    assert [(one.slug, one.version, [finding.kind for finding in one.findings]) for one in found] == [
        ("bad", 1, [Wrong.UNREADABLE]),
        ("good", 1, [Wrong.UNREADABLE]),
        ("good", 2, []),
    ]
    assert audit.versions(tmp_path / "nowhere") == ()
    with pytest.raises(UsageError, match="found none"):
        audit.versions(tmp_path, ["missing"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1]",
        '[{"slug": "../x"}]',
        "[" * 100_000,
        json.dumps([{"slug": "../x", "version": 1, "kind": Wrong.QUOTE, "subject": "", "detail": ""}]),
    ],
)
def test_findings_of_strangers_are_refused(text: str) -> None:
    """What the job without rights handed over is checked before anything is made of it."""
    if text == "{}":
        assert audit.from_json(text) == ()
        return
    with pytest.raises(UsageError):
        audit.from_json(text)


def test_notice_stands_above_the_approvals_and_is_replaced() -> None:
    """The notice is text, is there once, and goes when nothing is found any more."""
    page = "---\ntitle: x\n---\n\n# X\n\n<!-- sovereign:approvals -->\n\nText.\n"
    marked = notices.mark_page(page, [FINDING])

    assert marked.index("sv-notices") < marked.index("<!-- sovereign:approvals -->")
    assert "<b>" not in marked
    assert notices.mark_page(marked, [FINDING]) == marked
    assert notices.mark_page(marked, []) == page


def test_owner_is_asked_once(lab: Lab, hub: GitHubStandIn) -> None:
    """One pull request marks a report; closed, the same findings do not come back; merged, nothing is left to do."""
    goal = lab.ask()
    lab.land(approved(goal))
    findings = [replace(FINDING, slug="sparse-experts")]
    repo = GitRepo(lab.checkout(), token=TOKEN, server_url=hub.url)
    with GitHub("lab/desk", TOKEN, api_url=hub.api_url) as api:
        asked = [notices.propose(repo, api, "main", "sparse-experts", findings) for _ in range(2)]
        hub.close(1)
        asked.append(notices.propose(repo, api, "main", "sparse-experts", findings))
        more = [*findings, replace(findings[0], subject="arxiv:2501.00002v1")]
        asked.append(notices.propose(repo, api, "main", "sparse-experts", more))
        hub.merge(2)
        asked.append(notices.propose(repo, api, "main", "sparse-experts", more))

    assert asked == [True, False, False, True, False]
    assert "@everyone" not in hub.pulls[1]["body"]
    assert {name for name in lab.files() if "notices" in name} == {"site/reports/sparse-experts/notices.json"}
    assert lab.plan() == []


def test_owners_branch_is_left_alone(lab: Lab, hub: GitHubStandIn) -> None:
    """A branch of that name with somebody's own commits is not overwritten."""
    lab.land(approved(lab.ask()))
    lab.push({"notes.md": "mine\n"}, branch="recheck/sparse-experts")
    repo = GitRepo(lab.checkout(), token=TOKEN, server_url=hub.url)
    with GitHub("lab/desk", TOKEN, api_url=hub.api_url) as api, pytest.raises(PublishError, match="not the desk's"):
        notices.propose(repo, api, "main", "sparse-experts", [replace(FINDING, slug="sparse-experts")])


@pytest.mark.parametrize("share", [0.07, 0.25, 0.5])
def test_a_part_each_week_is_all_in_time(share: float) -> None:
    """Each run begins elsewhere, and nobody knows how far it comes: all the same every report is looked at before long."""
    names = tuple(f"r{number:04}" for number in range(2000))
    first = date(2026, 1, 5).toordinal() // 7
    seen: set[str] = set()
    for turn in range(first, first + round(2.5 / share)):
        order = turns.in_turn(names, turn)
        assert sorted(order) == list(names)
        seen.update(order[: round(share * len(names))])

    assert seen == set(names)
    assert turns.in_turn((), 3) == ()


def test_a_recheck_that_has_no_time_left_hands_on_what_it_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Report after report is read and let go; where time is up, what was found until then is handed on."""
    monkeypatch.chdir(tmp_path)
    for name in ("a/v1", "a-folder-without-versions", "b/v1", "c/v1"):
        (tmp_path / "site" / "reports" / name).mkdir(parents=True)
    monkeypatch.setattr("sovereign.adapters.onnx_verifier.OnnxVerifier", lambda: None)
    found = audit.Defect("x", 1, Wrong.WITHDRAWN, "p", "gone")
    monkeypatch.setattr(
        cli_audit, "audited", lambda slugs, **_: [audit.Audited(slugs[0], 1, approved_report(), (replace(found, slug=slugs[0]),))]
    )
    times = iter((True, True, False))

    items = list(cli_audit.rechecked(0, lambda: next(times)))

    assert [(item.slug, item.report) for item in items] == [("a", None), ("b", None)]
    assert [one.slug for one in audit.from_json(audit.to_json(items))] == ["a", "b"]
