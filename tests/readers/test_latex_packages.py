"""What packages print, and what they do not: minimal sources, each one of a kind."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from sovereign.model import BlockKind, Document
from sovereign.readers.tex import read_latex


def read(body: str, preamble: str = "", **others: str) -> Document:
    """Read a paper with this body, and other files beside it by their stems."""
    source = f"\\documentclass{{article}}{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}"
    files = {f"{name}.tex": text.encode() for name, text in others.items()} | {"main.tex": source.encode()}
    return read_latex("p", {PurePosixPath(name): data for name, data in files.items()})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (r"He said \enquote{float \enquote{well}} and \textquote[Quill]{sink}.", "He said “float ‘well’” and “sink” (Quill)."),
        (r"\foreignquote{german}{Boote} and \enquote*{wax} float.", "“Boote” and “wax” float."),
        (r"We used \ce{H2O}, \ce{CO3^2-} and \ce{Ca(OH)2} here.", "We used H_2O, CO_3^2- and Ca(OH)_2 here."),
        (r"Then \ce{2H2 + O2 -> 2H2O} ran.", "Then 2H_2 + O_2 → 2H_2O ran."),
        (r"One \todo{dead} two \missingfigure[figwidth=3cm]{dead figure} three.", "One two three."),
        (r"Use \mintinline{python}{y=1} and \mintinline{python}|z=2| now.", "Use y=1 and z=2 now."),
        (
            r"As \crefrange{a}{b} show.\begin{equation}x\label{a}\end{equation}\begin{equation}y\label{b}\end{equation}",
            "As Equation 1 to 2 show.",
        ),
        (
            r"\setcounter{boats}{3}There are \arabic{boats}, \stepcounter{boats}then \Roman{boats}, \alph{boats}.",
            "There are 3, then IV, d.",
        ),
        (r"\addtocounter{boats}{12}There are \arabic{boats}.", "There are 12."),
        (r"There are \arabic{page} pages.", "There are � pages."),
        (r"A \ifthenelse{\boolean{true}}{alive}{dead} B \ifthenelse{\boolean{false}}{dead}{alive}.", "A alive B alive."),
    ],
)
def test_words_of_packages(body: str, words: str) -> None:
    """Marks, numbers and arrows that a package prints are read; notes for the authors are not."""
    text = read(body, r"\newcounter{boats}").text.split("\n\n")

    assert text[0] == words


@pytest.mark.parametrize(
    ("preamble", "body", "words"),
    [
        (r"\newcommand{\x}{one}\edef\y{\x}\renewcommand{\x}{two}", r"It is \y{} and \x.", "It is one and two."),
        (r"\newcommand{\x}{a}\edef\x{\x b}", r"It is \x.", "It is ab."),
        (r"\newcommand{\x}{a}\edef\y{\noexpand\x}\renewcommand{\x}{b}", r"It is \y.", "It is b."),
        (r"\xdef\loop{\loop\loop}", "It is done.", "It is done."),
    ],
)
def test_definitions_expanded_at_once(preamble: str, body: str, words: str) -> None:
    r"""\edef keeps what its body stands for then, and ends where it names itself."""
    assert read(body, preamble).text == words


def test_a_file_ends_where_it_says() -> None:
    r"""Behind \endinput nothing is read, and its file alone ends there; what \includeonly leaves out is not included."""
    document = read(
        r"\input{one} Behind it. \include{two} \include{three}",
        r"\includeonly{three}",
        one="Before the end.\n\\endinput\ndead text",
        two="dead chapter.",
        three="The third file.",
    )

    assert " ".join(document.text.split()) == "Before the end. Behind it. The third file."


def test_code_of_a_language() -> None:
    """The language and the options of a listing are no code."""
    document = read("Before it.\n\\begin{minted}[fontsize=\\small]{python}\nx = 1\n\\end{minted}\nAfter it.")

    assert [document.text[b.start : b.end] for b in document.blocks] == ["Before it.", "x = 1", "After it."]


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (
            r"\multirow{2}{*}{Reed} & Wax & 4\\ & Tallow & 5\\ Paper & Wax & 6\\",
            ["Reed | Wax | 4", "Reed | Tallow | 5", "Paper | Wax | 6"],
        ),
        (
            r"& Wax & 4\\ \multirow{-2}{*}{Reed} & Tallow & 5\\ Paper & Wax & 6\\",
            ["Reed | Wax | 4", "Reed | Tallow | 5", "Paper | Wax | 6"],
        ),
        (r"Boat & \multicolumn{2}{c}{Minutes}\\ & Wax & Tallow\\ Reed & 4 & 5\\", ["Boat | Minutes", "| Wax | Tallow", "Reed | 4 | 5"]),
        (
            r"\multicolumn{2}{c}{\multirow{2}{*}{Reed}} & 4\\ & & 5\\",
            ["Reed |  | 4", "Reed |  | 5"],
        ),
        (
            r"Boat & Min & N\\ \endfirsthead Boat & Min & N\\ \endhead see & next & page\\ \endfoot All & 9 & 9\\ \endlastfoot R & 4 & 5\\",
            ["Boat | Min | N", "All | 9 | 9", "R | 4 | 5"],
        ),
        (r"Reed\tnote{a} & 4.5\tnote{b} & 5\\", ["Reed | 4.5 | 5"]),
    ],
)
def test_rows_of_a_table(table: str, rows: list[str]) -> None:
    """Each row has its label, each figure stands under its column's name, and what is printed again on a next page is read once."""
    name = "longtable" if "endhead" in table else "tabular"
    document = read(f"Words.\\begin{{{name}}}{{lll}} {table} \\end{{{name}}}")
    found = [document.text[b.start : b.end] for b in document.blocks if b.kind is BlockKind.TABLE]

    assert [line for block in found for line in block.split("\n")] == [" ".join(row.split()) for row in rows]


def test_a_deluxetable_has_its_head() -> None:
    """The columns' names are of the table that they are said in, and what says where it floats is no row."""
    document = read(
        r"Words.\begin{deluxetable*}{lcc}[t!]\tablecaption{Times}\tablehead{\colhead{Boat} & \colhead{Wax} & \colhead{Tallow}}"
        r"\startdata Reed & 4 & 5\\ Paper & 6 & 7\enddata\end{deluxetable*}",
        r"\usepackage{aastex631}",
    )
    found = [document.text[b.start : b.end] for b in document.blocks if b.kind is BlockKind.TABLE]

    assert found == ["Boat | Wax | Tallow\nReed | 4 | 5\nPaper | 6 | 7"]
