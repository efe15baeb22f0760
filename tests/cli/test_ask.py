"""`sovereign ask` and `sovereign plan`: an answer in the terminal or as one object, the searches of a run, and bad input."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sovereign.cli import main
from tests.conftest import ROOT

SHELF = ROOT / "sovereign" / "demo"
WAX = "Does coating a paper boat with wax lengthen the time it stays afloat?"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example's papers in an empty working directory."""
    shutil.copytree(SHELF / "papers", tmp_path / "papers")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_ask_gives_one_object(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Kind, headline, strength, facets and findings with the place of each quote; nothing is written."""
    before = sorted(path for path in shelf.rglob("*") if ".sovereign" not in path.parts)

    assert main(["ask", WAX, "--papers", "papers", "--json", "--quiet"]) == 0
    out, err = capsys.readouterr()
    (line,) = out.splitlines()
    facts: dict[str, Any] = json.loads(line)

    assert err == ""
    assert sorted(path for path in shelf.rglob("*") if ".sovereign" not in path.parts) == before
    assert set(facts) == {
        "question", "kind", "headline", "direction", "strength", "facets", "findings", "papers", "decision", "reasons", "gaps",
    }  # fmt: skip
    assert facts["question"] == WAX
    assert facts["headline"]
    assert set(facts["strength"]) == {"papers", "independent", "against", "verified", "findings", "relevance"}
    assert [facet["name"] for facet in facts["facets"]]
    assert 1 <= len(facts["findings"]) <= 7
    papers = {paper["id"] for paper in facts["papers"]}
    for finding in facts["findings"]:
        assert finding["paper"] in papers
        assert finding["end"] - finding["start"] == len(finding["quote"])
        assert finding["grade"] in {"quoted", "verified", "corroborated", "disputed", "unconfirmed"}
        assert 0 <= finding["relevance"] <= 1
    told = {name for facet in facts["facets"] for name in facet["claims"]}
    assert all(name.startswith("c") for name in told)
    assert facts["decision"] == "ESCALATE_TO_OWNER"
    assert facts["reasons"]


def test_ask_tells_a_person(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer goes to stdout, progress to stderr."""
    assert main(["ask", WAX, "--papers", "papers"]) == 0
    out, err = capsys.readouterr()

    assert "wax" in out.lower()
    assert "{" not in out
    assert "search" in err


def test_a_question_that_the_shelf_does_not_answer_is_told_so(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Kind and headline say it plainly, and the facets are open."""
    assert main(["ask", "Which enzymes repair double-strand breaks in zebrafish?", "--papers", "papers", "--json", "--quiet"]) == 0
    facts = json.loads(capsys.readouterr().out)

    assert facts["kind"] == "not answered"
    assert "do not answer the question" in facts["headline"]
    assert any(not facet["claims"] for facet in facts["facets"])
    assert facts["decision"] == "ESCALATE_TO_OWNER"


@pytest.mark.parametrize("question", [WAX, "What is the effect of beeswax compared with paraffin on floating time?"])
def test_plan_tells_the_searches_and_why(question: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is asked for, the facets, each search with its reason; nothing is sent."""
    assert main(["plan", question, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)

    assert set(facts) == {"question", "asks", "facets", "queries"}
    assert facts["asks"] in {"yes or no", "an effect"}
    assert sum(facet["weight"] for facet in facts["facets"]) == pytest.approx(1.0, abs=0.01)
    assert facts["queries"]
    assert all(query["id"] and query["why"] and query["all_of"] for query in facts["queries"])

    assert main(["plan", question]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"asks for {facts['asks']}; facets: ")
    assert all(query["why"] in out for query in facts["queries"])


@pytest.mark.parametrize("command", ["ask", "plan"])
@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_no_question_is_a_mistake_of_use(command: str, question: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What was expected, what came, and how it is written."""
    assert main([command, question]) == 2
    out, err = capsys.readouterr()

    assert out == ""
    assert "expected a question, got nothing" in err
    assert "TIP" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("papers", ["nowhere", "empty"])
def test_ask_without_papers_is_explained(shelf: Path, papers: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that is not there or holds nothing."""
    (shelf / "empty").mkdir()

    assert main(["ask", WAX, "--papers", papers, "--quiet"]) == 2
    err = capsys.readouterr().err

    assert papers in err
    assert "Traceback" not in err
