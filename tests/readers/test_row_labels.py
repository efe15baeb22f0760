"""Tables written for these tests: labels said once for several rows, however a paper writes them, and the rows beside them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

import pytest

from sovereign.model import BlockKind, Document
from sovereign.readers.html import read_html
from sovereign.readers.row_labels import MAX_LABEL_CHARS, labelled
from sovereign.readers.tex import read_latex

HEAD = "Boat | Coat | Minutes"


def table(rows: str) -> list[list[str]]:
    """Give rows written as they are read."""
    return [[cell.strip() for cell in row.split("|")] for row in rows.split("; ")]


def written(rows: list[list[str]]) -> str:
    """Give rows as they are written here."""
    return "; ".join(" | ".join(row) for row in rows)


def of(document: Document) -> list[str]:
    """Give the rows of a document's tables."""
    return [row for b in document.blocks if b.kind is BlockKind.TABLE for row in document.text[b.start : b.end].split("\n")]


def tex(body: str, preamble: str = "", files: Mapping[str, str] | None = None) -> Document:
    """Read a paper in LaTeX."""
    source = f"\\documentclass{{article}}{preamble}\\begin{{document}}Words that stand before it. {body} Words behind it.\\end{{document}}"
    more = {PurePosixPath(name): text.encode() for name, text in (files or {}).items()}
    return read_latex("p", {PurePosixPath("main.tex"): source.encode(), **more})


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            f"{HEAD}; Reed | Wax | 4; | Tallow | 5; Paper | Wax | 6; | Tallow | 7",
            f"{HEAD}; Reed | Wax | 4; Reed | Tallow | 5; Paper | Wax | 6; Paper | Tallow | 7",
            id="said once, parts named",
        ),
        pytest.param(
            "Pond | Boat | Coat | Minutes; Still | Reed | Wax | 4; | | Tallow | 5; | Paper | Wax | 6; | | Tallow | 7",
            "Pond | Boat | Coat | Minutes; Still | Reed | Wax | 4; Still | Reed | Tallow | 5; Still | Paper | Wax | 6; "
            "Still | Paper | Tallow | 7",
            id="labels within labels",
        ),
        pytest.param(
            f"{HEAD}; Reed | |; | Wax | 4; | Tallow | 5", f"{HEAD}; Reed | |; Reed | Wax | 4; Reed | Tallow | 5", id="a row of its own"
        ),
        pytest.param(
            "Boat | Day | Minutes; Reed | 1 | 4; | 2 | 5; Paper | 1 | 6; | 2 | 7",
            "Boat | Day | Minutes; Reed | 1 | 4; Reed | 2 | 5; Paper | 1 | 6; Paper | 2 | 7",
            id="the same numbers in each group",
        ),
        pytest.param("Boat | Wax; Reed | 0.3; | (0.2)", "Boat | Wax; Reed | 0.3; Reed | (0.2)", id="an error below its figure"),
        pytest.param("| Wax | N; | Reed | 4; | Paper | 5", "Wax | N; Reed | 4; Paper | 5", id="labels in the second column"),
        pytest.param(
            "Boat | N | Boat | N; Reed | 4 | Oak | 5; Tin | 6 | Elm | 7; Cork | 8",
            "Boat | N; Reed | 4; Tin | 6; Cork | 8; Oak | 5; Elm | 7",
            id="a table that goes on beside itself",
        ),
        pytest.param(
            "Boat | Kind | N; Reed | 462 Q/Q | 4; | 462 Q/R | 5",
            "Boat | Kind | N; Reed | 462 Q/Q | 4; Reed | 462 Q/R | 5",
            id="names that begin with a number",
        ),
        pytest.param(
            "Boat | Wax | Dry | Wax | Dry; Reed | 1 | 2 | 3 | 4",
            "Boat | Wax | Dry | Wax | Dry; Reed | 1 | 2 | 3 | 4",
            id="columns named twice",
        ),
        pytest.param(
            f"{HEAD}; Reed | 4.5 | 5; | | Tar",
            f"{HEAD}; Reed | 4.5 | 5; | | Tar",
            id="words where the row above has figures",
        ),
        pytest.param("Boat | Minutes; Reed | 4; Paper | 6; | 10", "Boat | Minutes; Reed | 4; Paper | 6; | 10", id="a sum keeps no label"),
        pytest.param(
            f"{HEAD}; Reed | Wax | 4; | Tallow | 5; | Total | 9",
            f"{HEAD}; Reed | Wax | 4; Reed | Tallow | 5; | Total | 9",
            id="a sum in words",
        ),
        pytest.param(
            f"{HEAD}; | Wax | 4; Reed | Tallow | 5; | Tar | 6; | Wax | 7; Paper | Tallow | 8",
            f"{HEAD}; | Wax | 4; Reed | Tallow | 5; | Tar | 6; | Wax | 7; Paper | Tallow | 8",
            id="labels set in the middle of nothing that tells",
        ),
        pytest.param(
            f"{HEAD}; Tin | | 4; | Wax | 4; Reed | Tallow | 5; | Tar | 6; Cork | | 7",
            f"{HEAD}; Tin | | 4; Reed | Wax | 4; Reed | Tallow | 5; Reed | Tar | 6; Cork | | 7",
            id="in the middle of the rows that name parts",
        ),
        pytest.param(
            f"{HEAD}; Tin | | 4; | Wax | 4; Reed | Tallow | 5; | Tar | 6; | Oil | 7",
            f"{HEAD}; Tin | | 4; | Wax | 4; Reed | Tallow | 5; | Tar | 6; | Oil | 7",
            id="the row above has no parts",
        ),
        pytest.param(
            f"{HEAD}; Reed | Wax | 4; In autumn; | Tallow | 5", f"{HEAD}; Reed | Wax | 4; In autumn; | Tallow | 5", id="a line in between"
        ),
        pytest.param(
            "Boat | Day | Wax; Reed | 1 | 4; | 2 | 5; | | Tallow; Reed | 1 | 6; | 2 | 7",
            "Boat | Day | Wax; Reed | 1 | 4; Reed | 2 | 5; | | Tallow; Reed | 1 | 6; Reed | 2 | 7",
            id="columns named anew",
        ),
    ],
)
def test_labels_said_once(rows: str, expected: str) -> None:
    """A label stands in each row that it is the label of, and in no other."""
    assert written(labelled(table(rows))) == written(table(expected))


def test_rules_tell_the_groups_of_labels_set_in_their_middle() -> None:
    """Between two rules the one label is that of all rows; a sum under a rule has none."""
    rows = f"{HEAD}; | Wax | 4; Reed | Tallow | 5; | Tar | 6; | Wax | 7; Paper | Tallow | 8; | | 30"
    expected = f"{HEAD}; Reed | Wax | 4; Reed | Tallow | 5; Reed | Tar | 6; Paper | Wax | 7; Paper | Tallow | 8; | | 30"

    assert written(labelled(table(rows), 1, {1, 4, 6})) == written(table(expected))


def test_no_long_label_is_said_again() -> None:
    """What is longer than any label stands where it is written."""
    rows = [["Boat", "Coat", "N"], ["x" * (MAX_LABEL_CHARS + 1), "Wax", "4"], ["", "Tallow", "5"]]

    assert labelled(rows)[2] == ["", "Tallow", "5"]


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        pytest.param(
            r"\toprule Boat & Coat & N\\ \midrule Reed & Wax & 4\\ & Tallow & 5\\ \midrule & & 9\\ \bottomrule",
            ["Boat | Coat | N", "Reed | Wax | 4", "Reed | Tallow | 5", "| | 9"],
            id="rules",
        ),
        pytest.param(
            r"Boat & Coat & N\\ \hline & Wax & 4\\ Reed & Tallow & 5\\ & Tar & 6\\ \hline Tin & Wax & 1",
            ["Boat | Coat | N", "Reed | Wax | 4", "Reed | Tallow | 5", "Reed | Tar | 6", "Tin | Wax | 1"],
            id="in the middle",
        ),
        pytest.param(r"\hline\rule[-1ex]{0pt}{2.0ex}Boat & N\\ Reed & 4", ["Boat | N", "Reed | 4"], id="a strut"),
        pytest.param(r"\rows \row{Paper}{5}", ["Boat | N", "Reed | 4", "Paper | 5"], id="commands that stand for rows"),
        pytest.param(r"Boat & N\\ \hline \input{rows}", ["Boat | N", "Reed | 4", "Paper | 5"], id="rows in a file"),
        pytest.param(
            r"Boat & \begin{tabular}{c}Wax\\ here\end{tabular}\\ \begin{tabular}[c]{@{}l@{}}Reed\\ boat\end{tabular} & 4",
            ["Boat | Wax here", "Reed boat | 4"],
            id="a cell in lines of its own",
        ),
        pytest.param(r"Boat & N\\ \two{Reed} & 4\\ & 5", ["Boat | N", "Reed | 4", "Reed | 5"], id="a command that spans rows"),
        pytest.param(r"Boat & N\\ \multirow{2}{*}[2pt]{Reed} & 4\\ & 5", ["Boat | N", "Reed | 4", "Reed | 5"], id="moved"),
        pytest.param(r"Boat & N\\ \multirowcell{2}[2pt]{Reed\\boat} & 4\\ & 5", ["Boat | N", "Reed boat | 4", "Reed boat | 5"], id="cell"),
        pytest.param(r"Boat & N\\ \Block[l]{2-1}<\bf>{Reed} & 4\\ & 5", ["Boat | N", "Reed | 4", "Reed | 5"], id="block"),
        pytest.param(r"Boat & N\\ \SetCell[r=2]{c} Reed & 4\\ & 5", ["Boat | N", "Reed | 4", "Reed | 5"], id="set cell"),
        pytest.param(
            r"Boat & N\\ \cutinhead{Spring} Reed & 4\\ \sidehead{Autumn} Tin & 5", ["Boat | N", "Spring", "Reed | 4", "Autumn", "Tin | 5"]
        ),
        pytest.param(r"\diagbox{Boat}{Coat} & N\\ Reed & 4", ["Boat / Coat | N", "Reed | 4"], id="a corner cut in two"),
        pytest.param(r"Boat & N\tabularnewline[2pt] Reed & 4\\*[3pt] [a] & 5", ["Boat | N", "Reed | 4", "[a] | 5"], id="ends with a space"),
        pytest.param(r"Boat\newline here & N\\ Reed & 4", ["Boat here | N", "Reed | 4"], id="a new line in a cell"),
    ],
)
def test_labels_in_latex(body: str, rows: list[str]) -> None:
    """However a label is written, it is there; and so is each head."""
    own = r"\newcommand{\rows}{Boat & N\\ Reed & 4\\}\newcommand{\row}[2]{#1 & #2\\}\newcommand{\two}[1]{\multirow{2}{*}{#1}}\let\newline\\"

    assert of(tex(f"\\begin{{tabular}}{{lll}}{body}\\end{{tabular}}", own, {"rows.tex": r"Reed & 4\\ Paper & 5\\"})) == rows


def test_tables_set_otherwise_in_latex() -> None:
    """A caption among the options is a caption, and what stands between tabulators is cells."""
    document = tex(
        r"\begin{longtblr}[caption={Minutes afloat.}, label={t}]{ll} Boat & N\\ Reed & 4\end{longtblr}"
        r"\begin{tabbing}Paper boat \= Wax \kill Tin \> 5\\ Cork \> 6\end{tabbing}"
    )

    assert [document.text[b.start : b.end] for b in document.blocks if b.kind is BlockKind.CAPTION] == ["Table 1: Minutes afloat."]
    assert of(document) == ["Boat | N", "Reed | 4", "Tin | 5", "Cork | 6"]


def test_tables_in_cells_stay_tables() -> None:
    """Two tables that a third one only sets side by side are two tables."""
    document = tex(
        r"\begin{tabular}{cc}\begin{tabular}{ll}Boat & N\\ Reed & 4\end{tabular} & "
        r"\begin{tabular}{ll}Coat & N\\ Wax & 5\end{tabular}\end{tabular}"
    )

    assert of(document) == ["Boat | N", "Reed | 4", "Coat | N", "Wax | 5"]


def test_labels_in_pages() -> None:
    """The rows of a page's head stay as they are; the first cell of a row below may be empty for the label above."""
    page = (
        "<article><h1>T</h1><p>Words.</p><table><thead><tr><th>Boat</th><th>Coat</th><th colspan=2>Minutes</th></tr>"
        "<tr><th></th><th></th><th>Wet</th><th>Dry</th></tr></thead><tbody><tr><td>Reed</td><td>Wax</td><td>4</td><td>5</td></tr>"
        "<tr><td></td><td>Tallow</td><td>6</td><td>7</td></tr></tbody></table><p>Words.</p></article>"
    )

    assert of(read_html("p", {PurePosixPath("p.html"): page.encode()})) == [
        "Boat | Coat | Minutes",
        "| | Wet | Dry",
        "Reed | Wax | 4 | 5",
        "Reed | Tallow | 6 | 7",
    ]
