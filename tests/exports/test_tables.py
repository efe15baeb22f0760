"""claims.csv and papers.csv: one line each, whole, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from sovereign.exports import tables
from sovereign.exports.teller import tell
from sovereign.model import Report
from standins import reports as fakes


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def _claims(report: Report) -> list[dict[str, str]]:
    return _rows(tables.claims_csv(report, tell(report, version=1)))


def test_claims() -> None:
    """Every claim is a line with verdict, probabilities and the place of its quote."""
    rows = _claims(fakes.rich_report())

    assert [row["id"] for row in rows] == [claim.id for claim in fakes.CLAIMS]
    assert rows[0]["verified"] == "yes"
    assert rows[0]["confidence"] == "0.971235"
    assert rows[0]["quote"] == fakes.CLAIMS[0].quote.text
    assert (rows[0]["start"], rows[0]["end"], rows[0]["reference"]) == ("1200", "1281", "1")
    assert rows[2]["verdict"] == "refuted"
    assert rows[4]["confidence"] == ""
    assert rows[4]["page"] == "3"


def test_papers() -> None:
    """Every paper that was found is a line with its fate."""
    rows = _rows(tables.papers_csv(fakes.rich_report()))

    assert len(rows) == len(fakes.FATES)
    assert rows[5] == {
        "paper": "arxiv:2403.00003v1",
        "title": "Baking bread with neural networks",
        "stage": "screened out",
        "reason": "relevance 0.08 is below 0.20",
        "relevance": "0.080000",
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
def test_no_cell_is_a_formula(start: str) -> None:
    """A spreadsheet must not run what a paper is called."""
    report = fakes.rich_report()
    fate = replace(report.fates[0], title=start + 'HYPERLINK("https://evil.example")')

    row = _rows(tables.papers_csv(replace(report, fates=(fate,))))[0]

    assert row["title"].startswith("'")


def test_line_breaks_stay_inside_a_cell() -> None:
    """A title with a line break is still one line."""
    report = fakes.rich_report()
    fate = replace(report.fates[0], title='a\nb,"c"')

    assert _rows(tables.papers_csv(replace(report, fates=(fate,))))[0]["title"] == 'a b,"c"'


@pytest.mark.parametrize(
    ("words", "cell"),
    [
        pytest.param("=1+1", "'=1+1", id="a formula"),
        pytest.param(' "=1+1', "\"'=1+1", id="behind a space and a quotation mark"),
        pytest.param("boats;=HYPERLINK(1)", "boats;'=HYPERLINK(1)", id="behind a semicolon, which parts cells elsewhere"),
        pytest.param("boats; @SUM(1)", "boats; '@SUM(1)", id="behind a semicolon and a space"),
        pytest.param("a|+1", "a|'+1", id="behind a bar"),
        pytest.param("\uff1d1", "'\uff1d1", id="a wide sign"),
        pytest.param("A minus - and 1=1; so what", "A minus - and 1=1; so what", id="no formula"),
    ],
)
def test_no_part_of_a_cell_is_a_formula(words: str, cell: str) -> None:
    """Whatever parts the cells where the table is opened."""
    assert tables._guard(words) == cell
