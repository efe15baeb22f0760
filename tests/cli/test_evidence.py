"""`rank`, `extract` and `verify` as a script sees them: lines in, lines out, exit codes, bad lines answered in their place."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sovereign.cli import main
from tests.conftest import ROOT

QUOTE = "The wax coating lengthens the mean floating time of a paper boat by 23 minutes."


def run(argv: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, Any]], str]:
    """Run one command; give its exit code, the objects on stdout and what stands on stderr."""
    code = main(list(argv))
    out, err = capsys.readouterr()
    return code, [json.loads(line) for line in out.splitlines()], err


def written(folder: Path, *lines: object) -> str:
    """Write JSON Lines (a text is written as it is) and give the path."""
    path = folder / "in.jsonl"
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines), encoding="utf-8")
    return str(path)


# --- verify ------------------------------------------------------------------------------------------------------


def test_verify_answers_each_line_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sentences or a text; the answer has a verdict, a probability of each verdict, the sentences and the checks."""
    lines = [
        {"id": "a", "claim": QUOTE, "sentences": ["All boats were folded from one sheet.", QUOTE]},
        {"id": 2, "claim": QUOTE.replace("23", "32"), "text": f"All boats were folded from one sheet. {QUOTE}"},
        {"id": None, "claim": QUOTE, "text": ""},
    ]

    code, answers, _ = run(["verify", written(tmp_path, *lines)], capsys)

    assert code == 0
    assert [a["id"] for a in answers] == ["a", 2, None]
    assert [a["verdict"] for a in answers] == ["supported", "refuted", "insufficient"]
    assert answers[0]["evidence"][0] == 1
    assert answers[1]["checks"]["numbers"]["passed"] is False
    for answer in answers:
        assert set(answer) >= {"id", "verdict", "confidence", "probabilities", "evidence", "checks"}
        assert set(answer["probabilities"]) == {"supported", "insufficient", "refuted"}
        assert sum(answer["probabilities"].values()) == pytest.approx(1.0, abs=1e-3)
        assert answer["confidence"] == pytest.approx(answer["probabilities"]["supported"], abs=1e-3)


BAD = (
    pytest.param("{", "JSON", id="half a line"),
    pytest.param("", "JSON", id="blank"),
    pytest.param("[1]", "list", id="no object"),
    pytest.param('{"id": 1, "claim": "x"}', "sentences or text", id="nothing beside it"),
    pytest.param('{"id": 1, "sentences": []}', "claim", id="no claim"),
    pytest.param('{"id": 1, "claim": "  ", "text": "x"}', "claim", id="empty claim"),
    pytest.param('{"id": 1, "claim": 5, "text": "x"}', "claim", id="claim is a number"),
    pytest.param('{"id": 1, "claim": "x", "sentences": "x"}', "sentences", id="sentences are a text"),
    pytest.param('{"id": 1, "claim": "x", "sentences": [1]}', "sentences", id="a sentence is a number"),
    pytest.param('{"id": NaN, "claim": "x", "text": "x"}', "NaN", id="not a number"),
    pytest.param('{"id": 1, "claim": "\\ud800", "text": "x"}', "half a character", id="half a character"),
    pytest.param(json.dumps({"id": 1, "claim": "word " * 20_001, "text": "x"}), "at most 100000", id="a claim of 20,000 words"),
    pytest.param("[" * 100_000, "JSON", id="deep"),
)


@pytest.mark.parametrize(("line", "words"), BAD)
def test_a_bad_line_is_answered_in_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, words: str) -> None:
    """The others go on; the exit code is 2 and says how many."""
    good = {"id": "good", "claim": QUOTE, "sentences": [QUOTE]}

    code, answers, err = run(["verify", "--lexical", written(tmp_path, good, line, good)], capsys)

    assert code == 2
    assert [a.get("verdict") for a in answers] == ["supported", None, "supported"]
    assert answers[1]["line"] == 2
    assert words in answers[1]["error"]
    assert "1 of 3 lines" in err


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=st.text(max_size=80).filter(lambda text: "\n" not in text and "\r" not in text))
def test_any_line_is_that_lines_error(tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    """Whatever a line holds, those around it are answered, and no trace is shown."""
    good = {"id": "good", "claim": QUOTE, "sentences": [QUOTE]}

    code, answers, err = run(["verify", "--lexical", written(tmp_path, good, line, good)], capsys)

    assert [a.get("verdict") for a in answers][:: len(answers) - 1] == ["supported", "supported"]
    assert code in {0, 2}
    assert "Traceback" not in err


def test_bytes_that_are_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line that is not UTF-8 is a bad line, and no trace is shown."""
    (tmp_path / "in.jsonl").write_bytes(b'{"id": 1, "claim": "\xff", "text": "x"}\n')

    code, answers, err = run(["verify", "--lexical", str(tmp_path / "in.jsonl")], capsys)

    assert (code, len(answers)) == (2, 1)
    assert "Traceback" not in err


def test_a_line_without_end_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A line over the limit is one bad line, and the next one is read from its start."""
    monkeypatch.setattr("sovereign.cli.evidence.MAX_LINE_BYTES", 200)
    good = {"id": 2, "claim": "boats float", "sentences": ["boats float"]}

    code, answers, _ = run(["verify", "--lexical", written(tmp_path, "x" * 900, good)], capsys)

    assert code == 2
    assert [a.get("verdict") for a in answers] == [None, "supported"]


def test_thousands_of_lines_keep_their_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Batches are joined without a seam."""
    lines = [{"id": i, "claim": f"Boat {i} floats.", "sentences": [f"Boat {i} floats."]} for i in range(1000)]

    code, answers, err = run(["verify", "--lexical", written(tmp_path, *lines)], capsys)

    assert code == 0
    assert [a["id"] for a in answers] == list(range(1000))
    assert "1000 lines weighed" in err


def test_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash reads standard input."""
    line = json.dumps({"id": 1, "claim": QUOTE, "sentences": [QUOTE]}).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line)))

    code, answers, _ = run(["verify", "--lexical", "-"], capsys)

    assert (code, answers[0]["verdict"]) == (0, "supported")


@pytest.mark.parametrize("command", [["verify"], ["rank", "--question", "boats"]], ids=["verify", "rank"])
def test_no_file_and_an_empty_file(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    """A missing path, a folder and an empty file each end with code 2 and a tip."""
    (tmp_path / "empty.jsonl").write_text("")
    for path in (tmp_path / "missing.jsonl", tmp_path, tmp_path / "empty.jsonl"):
        code, answers, err = run([*command, str(path)], capsys)

        assert (code, answers) == (2, [])
        assert "TIP" in err


# --- rank --------------------------------------------------------------------------------------------------------


def test_rank_puts_the_answer_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Best first, a score 0..1 each; every paper comes out once."""
    papers = [
        {"id": "p1", "title": "Folding paper boats", "abstract": "We fold boats from one sheet."},
        {
            "id": "p2",
            "title": "Sparse mixture of experts",
            "abstract": "A gate routes tokens to experts, so that a large model costs less.",
        },
        {"id": 3, "title": "On rain", "abstract": ""},
    ]

    code, answers, _ = run(["rank", "--question", "Do mixture-of-experts models cost less?", written(tmp_path, *papers)], capsys)

    assert code == 0
    assert answers[0]["id"] == "p2"
    assert {a["id"] for a in answers} == {"p1", "p2", "3"}
    assert all(0 <= a["score"] <= 1 for a in answers)
    assert [a["score"] for a in answers] == sorted((a["score"] for a in answers), reverse=True)


def test_rank_answers_bad_lines_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What has no id or no words is named with its line; the others are ranked."""
    lines = ({"title": "no id"}, {"id": "a", "title": "boats"}, {"id": "b"}, {"id": "c", "title": 4}, "{")

    code, answers, _ = run(["rank", "--question", "boats", written(tmp_path, *lines)], capsys)

    assert code == 2
    assert answers[0]["id"] == "a"
    assert [a["line"] for a in answers[1:]] == [1, 3, 4, 5]


# --- extract -----------------------------------------------------------------------------------------------------

PAGE = f"""<html><body><article><h1>Paper boats</h1><h2>Results</h2>
<p>We folded twelve boats from the same sheet of paper. {QUOTE} We find that a wax coating improves the stability of boats in wind.</p>
{"<p>Each basin was filled with tap water and left to stand for the night before the trial began on the next day.</p>" * 14}
</article></body></html>"""


def test_extract_gives_quotes_that_stand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each claim quotes the document's own words at its offsets."""
    (tmp_path / "boats.html").write_text(PAGE, encoding="utf-8")
    source = str(tmp_path / "boats.html")

    code, claims, _ = run(["extract", source, "--question", "Does a wax coating lengthen the floating time of a paper boat?"], capsys)
    main(["read", source, "--format", "json"])
    text = json.loads(capsys.readouterr().out)["text"]

    assert code == 0
    assert any("improves the stability" in claim["claim"] for claim in claims)
    assert all(text[claim["start"] : claim["end"]] == claim["quote"] for claim in claims)


def test_extract_from_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A path that is none, and a file that is no paper, end with code 2."""
    (tmp_path / "noise.pdf").write_bytes(b"%PDF-1.4 noise")
    for source in (str(tmp_path / "missing.pdf"), str(tmp_path / "noise.pdf")):
        code, claims, err = run(["extract", source], capsys)

        assert (code, claims) == (2, [])
        assert "ERROR" in err


def test_rank_takes_a_folder_of_papers(capsys: pytest.CaptureFixture[str]) -> None:
    """Every paper of the folder comes once, by its path below it, the one on another subject last."""
    folder = ROOT / "sovereign" / "demo" / "papers"

    code, answers, _ = run(["rank", str(folder), "--question", "Does wax keep a paper boat afloat?"], capsys)

    assert code == 0
    assert len(answers) == 7
    assert all((folder / answer["id"]).exists() for answer in answers)
    assert answers[-1]["id"] == "paper-planes.tex"


def test_rank_refuses_a_folder_without_papers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was expected, and what to do."""
    code, answers, err = run(["rank", str(tmp_path), "--question", "Why?"], capsys)

    assert code == 2
    assert answers == []
    assert "expected PDF, HTML or LaTeX files" in err
