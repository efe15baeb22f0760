"""The jobs that hold no right to write: one step fetches, the other replays what it kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from sovereign.cli import main, world
from sovereign.desk import results
from sovereign.desk.plan import read
from sovereign.errors import OutsideError
from sovereign.model import Action, Report
from standins.arxiv import ArxivStandIn
from standins.faulty import Loopback, Sent, closed_port
from tests.desk.lab import Lab
from tests.desk.rehearsal import shelf


def step(lab: Lab, folder: Path, *words: str, **environ: str) -> int:
    """Run one step in a given clone, as the jobs that share a cache do."""
    with lab.patch.context() as patch:
        patch.chdir(folder)
        patch.setattr("sovereign.exports.pdf.pdf", lambda *_: b"%PDF-1.7\n")
        for name, value in {"SOVEREIGN_PLAN": lab.plans["last"], "SOVEREIGN_REHEARSAL_INTERVAL_S": "0.01", **environ}.items():
            patch.setenv(name, value)
        return main(["ci", *words])


def test_what_one_job_fetched_the_other_replays(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    """With arXiv gone the analysis gives the report that it would have given, and the goal in it is the goal of the file."""
    records, pages = shelf()
    goal = lab.ask("waxed-boats", "Does a wax coating lengthen the floating time of paper boats?")
    (job,) = lab.plan()
    folder = lab.checkout()
    with ArxivStandIn(records, texts=pages) as arxiv:
        where = {"SOVEREIGN_ARXIV_API_URL": arxiv.url, "SOVEREIGN_ARXIV_URL": arxiv.url}
        assert step(lab, folder, "retrieve", **where) == 0
    assert step(lab, folder, "analyse", "--goal", job["slug"], "--results", "result", **where) == 0

    report = results.read(results.place(folder / "result", job["slug"]), read(lab.plans["last"])[0])

    assert isinstance(report, Report)
    assert report.goal == goal
    assert report.decision.action is Action.AUTO_APPROVE, report.decision.reasons
    assert len(report.papers) == 4
    assert (folder / "site" / "reports" / "waxed-boats" / "v1" / "index.md").is_file()
    capsys.readouterr()


def test_what_could_not_be_fetched_is_told_as_it_was(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    """The analysing job fails with the words of the one that asked, and hands them over."""
    lab.ask("waxed-boats", "Does a wax coating lengthen the floating time of paper boats?")
    lab.plan()
    folder = lab.checkout()
    with closed_port() as nowhere:
        where = {"SOVEREIGN_ARXIV_API_URL": nowhere, "SOVEREIGN_ARXIV_URL": nowhere, "SOVEREIGN_SLUG": "waxed-boats"}
        assert step(lab, folder, "retrieve", **where) == 0
        said = capsys.readouterr().err
        assert step(lab, folder, "analyse", "--results", "result", **where) == 3

    found = results.read(results.place(folder / "result", "waxed-boats"), read(lab.plans["last"])[0])

    assert isinstance(found, results.Failure)
    assert found.exit_code == 3
    assert found.reason in said


def test_an_address_that_arxiv_turns_away_is_a_service_that_is_down(lab: Lab) -> None:
    """406 is no word about the papers: the goal comes again the same day, and after the first such answer nobody knocks."""
    lab.ask("waxed-boats", "Does a wax coating lengthen the floating time of paper boats?")
    lab.plan()
    folder, asked = lab.checkout(), list[str]()

    def turned_away(path: str, _: object) -> Sent:
        asked.append(path)
        return Sent(b"Not Acceptable", "text/plain", 406)

    with Loopback(turned_away) as server:
        where = {"SOVEREIGN_ARXIV_API_URL": server.url, "SOVEREIGN_ARXIV_URL": server.url, "SOVEREIGN_SLUG": "waxed-boats"}
        assert step(lab, folder, "retrieve", **where) == 0
        assert step(lab, folder, "analyse", "--results", "result", **where) == 3

    found = results.read(results.place(folder / "result", "waxed-boats"), read(lab.plans["last"])[0])
    assert isinstance(found, results.Failure)
    assert found.exit_code == OutsideError.exit_code
    assert "this address is turned away" in found.reason
    assert len(asked) == 1


def test_a_secret_that_was_set_from_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends with a line break, which no header or address takes; a contact may hold letters that no header has."""
    monkeypatch.setenv("OPENALEX_API_KEY", "abc\n")
    monkeypatch.setenv("OPENALEX_MAILTO", " us@lab.example\r\n")

    assert world._openalex_secrets() == {"api_key": "abc", "mailto": "us@lab.example"}


def test_a_goal_that_is_not_in_the_plan(lab: Lab) -> None:
    """A job analyses what was planned and nothing else."""
    lab.ask("waxed-boats", "Does a wax coating lengthen the floating time of paper boats?")
    lab.plan()

    assert step(lab, lab.checkout(), "analyse", "--goal", "another") == 2


def test_a_step_that_is_ended_at_its_limit_has_said_so(lab: Lab) -> None:
    """Whatever ends the step says nothing itself, so the result that it would replace is there from its start."""
    lab.ask("waxed-boats", "Does a wax coating lengthen the floating time of paper boats?")
    lab.plan()
    folder = lab.checkout()

    def ended(*_: object) -> None:
        raise KeyboardInterrupt

    lab.patch.setattr("sovereign.cli.world.fetched", ended)
    with pytest.raises((KeyboardInterrupt, SystemExit)):
        raise SystemExit(step(lab, folder, "retrieve", "--goal", "waxed-boats"))

    found = results.read(results.place(folder / "result", "waxed-boats"), read(lab.plans["last"])[0])
    assert isinstance(found, results.Failure)
    assert "limit of a step" in found.reason
