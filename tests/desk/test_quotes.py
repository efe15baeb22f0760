"""Quotes looked for in papers that are fetched anew: an invented one passes every sum of its record, and does not pass this."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sovereign import record
from sovereign.desk import quotes, results
from sovereign.desk.plan import read
from sovereign.model import Action, Engine, Form, Paper, Passage, Report
from standins.arxiv import ArxivStandIn
from standins.faulty import closed_port
from standins.reports import approved_report
from tests.desk.lab import Lab, approved
from tests.desk.rehearsal import shelf
from tests.desk.test_audit import Shelf
from tests.desk.test_audit import document as text_of
from tests.desk.test_jobs import step

FIGURES = ("12 minutes", "95 minutes")
QUESTION = "Does a wax coating lengthen the floating time of paper boats?"


def fetched(report: Report) -> dict[str, str]:
    """Give texts in which every passage of a report stands, by paper."""
    found: dict[str, list[str]] = {}
    heard = [item.passage for evidence in report.draft.evidence for item in evidence.witnesses]
    for passage in [*(claim.quote for claim in report.draft.claims), *heard]:
        found.setdefault(passage.paper, []).append(passage.text)
    return {paper: "\n\n".join(texts) for paper, texts in found.items()}


def look(report: Report, texts: Mapping[str, str], papers: tuple[Paper, ...] | None = None, *, has_time: bool = True) -> quotes.Looked:
    """Look for a report's quotes in papers as they are now."""
    world = Shelf(report.papers if papers is None else papers, {name: text_of(name, text) for name, text in texts.items()}).world()
    return quotes.looked(report, world, lambda: has_time)


@pytest.fixture
def report() -> Report:
    """Give a report that its policy publishes, all of whose papers were read in full."""
    made = approved(approved_report().goal)
    return replace(made, sources=tuple(replace(source, form=Form.HTML) for source in made.sources))


def test_every_passage_that_stands(report: Report) -> None:
    """Nothing is doubted, and each passage counts once."""
    found = look(report, fetched(report))

    assert found.doubts == ()
    assert found.stand >= len(report.draft.claims)
    assert quotes.doubts({report.goal.slug: found}, report) == ()


def test_a_quote_that_the_paper_does_not_say(report: Report) -> None:
    """It is named in its words, with its paper."""
    claim = report.draft.claims[0]
    texts = {name: text.replace(claim.quote.text, "Nothing of the kind.") for name, text in fetched(report).items()}

    found = look(report, texts)

    assert any("does not say" in doubt and claim.quote.text in doubt for doubt in found.doubts)


def test_a_passage_that_bears_a_claim_out_is_looked_for_too(report: Report) -> None:
    """A claim with an honest quote is not verified by words that no paper says."""
    quoted = {claim.quote.text for claim in report.draft.claims}
    passage = next(item.passage for evidence in report.draft.evidence for item in evidence.witnesses if item.passage.text not in quoted)
    texts = {name: text.replace(passage.text, "Nothing of the kind.") for name, text in fetched(report).items()}

    assert any(passage.text in doubt for doubt in look(report, texts).doubts)


def test_a_paper_that_no_source_knows(report: Report) -> None:
    """Its address in the record is the forger's own word, and is not asked."""
    claim = report.draft.claims[0]

    found = look(report, fetched(report), tuple(paper for paper in report.papers if paper.id != claim.paper))

    assert any(claim.paper in doubt and "no source knows it" in doubt for doubt in found.doubts)


def test_the_sources_address_is_asked_and_not_the_records(report: Report) -> None:
    """What the record says of a paper beside its title and its version comes from its source again."""
    paper = next(paper for paper in report.papers if paper.id == report.draft.claims[0].paper)
    honest = {other.id: other for other in report.papers}
    forged = replace(
        report,
        papers=tuple(replace(other, pdf_url="https://forger.example/it.pdf") if other is paper else other for other in report.papers),
    )
    asked: list[Paper] = []

    class Watched(Shelf):
        def fetch(self, papers, *, tell=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            asked.extend(papers)
            return super().fetch(papers)

    world = Watched(report.papers, {name: text_of(name, text) for name, text in fetched(report).items()}).world()
    found = quotes.looked(forged, world, lambda: True)

    assert found.doubts == ()
    assert {item.pdf_url for item in asked if item.id == paper.id} == {honest[paper.id].pdf_url}


def test_no_time_left(report: Report) -> None:
    """What there was no time for is not taken for found."""
    found = look(report, fetched(report), has_time=False)

    assert found.stand == 0
    assert all("no time left" in doubt for doubt in found.doubts)


def test_many_doubts_are_counted(report: Report) -> None:
    """An output of a job is small, so a few are told and the others counted; a long passage is named by its place, and nothing is cut."""
    claim = report.draft.claims[0]
    words = "word " * 100
    many = [Passage(claim.paper, at, at + len(words), words) for at in range(0, 30_000, 1000)]
    first = report.draft.evidence[0]
    heard = tuple(replace(first.witnesses[0], passage=passage) for passage in many)
    forged = replace(report, draft=replace(report.draft, evidence=(replace(first, witnesses=heard), *report.draft.evidence[1:])))

    found = look(forged, fetched(report))

    assert found.doubts[-1] == f"and {len(many) - quotes.MAX_TOLD} more"
    assert "at its characters 1,000 to" in "".join(found.doubts)
    assert len(quotes.to_json({"x": found})) < 4000


@pytest.mark.parametrize(
    "told",
    [
        pytest.param("", id="nothing"),
        pytest.param("[]", id="a list"),
        pytest.param('{"a": 1}', id="a number"),
        pytest.param('{"sparse-experts": {"record": "x", "stand": 1, "doubts": "none"}}', id="words for a list"),
        pytest.param('{"sparse-experts": {"record": "x", "stand": 1}}', id="no doubts"),
        pytest.param("{" * 9000, id="deep"),
    ],
)
def test_a_word_that_is_none_trusts_nothing(told: str, report: Report) -> None:
    """Whatever is handed over instead of the word, every report goes before its owner."""
    assert quotes.doubts(quotes.from_json(told), report)


def test_the_word_is_of_one_record(report: Report) -> None:
    """A record that was exchanged after it was looked at is another record."""
    found = {report.goal.slug: look(report, fetched(report))}

    assert quotes.from_json(quotes.to_json(found)) == found
    assert quotes.doubts(
        found, replace(report, draft=replace(report.draft, claims=report.draft.claims[::-1], evidence=report.draft.evidence[::-1]))
    )


# --- From the job to the pull request ---


@dataclass
class Researched:
    """A goal whose result an honest leg handed over, and what the loopback arXiv may be asked at."""

    lab: Lab
    where: dict[str, str]
    arxiv: ArxivStandIn
    folder: Path
    report: Report

    def quotes(self, **environ: str) -> str:
        """Run the job that looks for the quotes; give its word."""
        output = self.lab.root / "quotes-output"
        output.write_text("")
        told = self.lab.hub.environment | self.where | {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(output) + "-summary"}
        assert step(self.lab, self.lab.checkout(), "quotes", "--results", str(self.folder), **told | environ) == 0
        lines = output.read_text().splitlines()
        return "\n".join(lines[1:-1])

    def commit(self, word: str) -> None:
        """Let the writer work with that word."""
        self.lab.weights.learn(self.report)
        code, _ = self.lab.ci(
            "commit", "--results", str(self.folder), SOVEREIGN_PLAN=self.lab.plans["last"], SOVEREIGN_QUOTES=word, SOVEREIGN_ENGINE="local"
        )
        assert code == 0


@pytest.fixture
def researched(lab: Lab) -> Iterator[Researched]:
    """Give a result that the policy publishes by itself, made by the real steps."""
    records, pages = shelf()
    lab.ask("waxed-boats", QUESTION)
    (job,) = lab.plan()
    leg = lab.checkout()
    with ArxivStandIn(records, texts=pages) as arxiv:
        where = {"SOVEREIGN_ARXIV_API_URL": arxiv.url, "SOVEREIGN_ARXIV_URL": arxiv.url}
        assert step(lab, leg, "retrieve", **where) == 0
        assert step(lab, leg, "analyse", "--goal", job["slug"], "--results", "result", **where) == 0
        folder = leg / "result"
        made = results.read(results.place(folder, job["slug"]), read(lab.plans["last"])[0])
        assert isinstance(made, Report)
        assert made.decision.action is Action.AUTO_APPROVE
        yield Researched(lab, where, arxiv, folder, made)


def test_an_honest_report_is_published(researched: Researched) -> None:
    """Every passage is found where it was read, in papers that were fetched again, and the report lands by itself."""
    before = len(researched.arxiv.asked)
    word = researched.quotes()
    researched.commit(word)

    assert json.loads(word)["waxed-boats"]["doubts"] == []
    assert any("/html/" in path for path in map(str, researched.arxiv.asked[before:]))
    assert "site/reports/waxed-boats/v1/record.json" in researched.lab.files()


def test_an_invented_quote_goes_before_the_owner(researched: Researched) -> None:
    """A record that follows from itself, with a quote that no paper says: the writer's sums pass it, and the owner is told of the quote."""
    forged = invented(researched.report)
    results.write(results.place(researched.folder, "waxed-boats"), "waxed-boats", forged)
    job = read(researched.lab.plans["last"])[0]
    researched.lab.weights.learn(forged)
    results.check(record.from_json(record.to_json(forged)), job, results.Asked(Engine.LOCAL, forged.date), researched.lab.weights)

    researched.report = forged
    researched.commit(researched.quotes())

    assert "site/reports/waxed-boats/v1/record.json" not in researched.lab.files()
    (pull,) = researched.lab.hub.open_pulls()
    assert "does not say" in pull["body"]
    assert "95 minutes" in pull["body"]


@pytest.mark.parametrize("how", ["no word", "arXiv is down"])
def test_what_was_not_looked_for_goes_before_the_owner(researched: Researched, how: str) -> None:
    """Nothing is lost where the job did not run, or where the papers cannot be had: a pull request says so."""
    with closed_port() as nowhere:
        down = {"SOVEREIGN_ARXIV_API_URL": nowhere, "SOVEREIGN_ARXIV_URL": nowhere}
        word = "" if how == "no word" else researched.quotes(**down)
    researched.commit(word)

    assert "site/reports/waxed-boats/v1/record.json" not in researched.lab.files()
    (pull,) = researched.lab.hub.open_pulls()
    assert "It waits for you: every rule held, but its quotes" in pull["body"]
    assert "site/reports/waxed-boats/v1/record.json" in researched.lab.files("report/waxed-boats")


def invented(report: Report) -> Report:
    """Give the report with another figure wherever its papers say "12 minutes": it follows from itself as before."""
    text = record.to_json(report)
    for claim in report.draft.claims:
        quote = replace(claim.quote, text=claim.quote.text.replace(*FIGURES))
        text = text.replace(claim.id, replace(claim, text=claim.text.replace(*FIGURES), quote=quote).id)
    return record.from_json(text.replace(*FIGURES))
