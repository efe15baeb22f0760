"""References in BibTeX, RIS and CSL-JSON: right authors, right identifiers, nothing that breaks the format."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.citing import names
from sovereign.exports import bibtex, csl, ris
from sovereign.model import Paper
from standins import reports as fakes

NAMES = [
    pytest.param("Ada Quill", ("Quill", "Ada"), id="two words"),
    pytest.param("Quill, Ada B.", ("Quill", "Ada B."), id="comma"),
    pytest.param("Jan van der Berg", ("van der Berg", "Jan"), id="particles"),
    pytest.param("Émile Ñandú", ("Ñandú", "Émile"), id="accents"),
    pytest.param("J. Quill Jr.", ("Quill Jr.", "J."), id="suffix"),
    pytest.param("Plato", ("Plato", ""), id="one word"),
    pytest.param("李 小龍", ("李 小龍", ""), id="Chinese stays whole"),
    pytest.param("محمد الخوارزمي", ("محمد الخوارزمي", ""), id="Arabic stays whole"),
    pytest.param("The A, B, and C Consortium", ("The A, B, and C Consortium", ""), id="an organisation with commas"),
    pytest.param("", ("", ""), id="nothing"),
    pytest.param(", ", ("", ""), id="only a comma"),
]


@pytest.mark.parametrize(("name", "parts"), NAMES)
def test_names(name: str, parts: tuple[str, str]) -> None:
    """A name is parted only where that cannot go wrong."""
    assert names.split(name) == parts


def test_short_names() -> None:
    """A family name of one letter says too little."""
    assert names.short("Ada Quill") == "Quill"
    assert names.short("Author D") == "Author D"
    assert names.short("李 小龍") == "李 小龍"


def test_bibtex_entry() -> None:
    """An arXiv paper has its eprint; the retracted article its journal, escaped title and a note."""
    made = bibtex.bibtex(fakes.PAPERS)

    assert "@misc{quill2024sparse,\n  author = {Quill, Ada and Ñandú, Émile and Ångström, Zoë}," in made
    assert "  eprint = {2401.00001v2},\n  archiveprefix = {arXiv},\n  primaryclass = {cs.CV},\n  doi = {10.48550/arXiv.2401.00001}," in made
    assert r"  title = {{Dense models \& their <costs>: 100\% of \{what\} you\_need}}," in made
    assert "author = {O'Neil, Bríd and van der Berg, Jan and {李 小龍} and" in made
    assert "note = {retracted. Retracted on 2025-01-01: the tables were swapped.}" in made


TITLES = [
    pytest.param(r"An $\alpha^{2}$-decay of $k=2$ experts", r"An $\alpha^{2}$-decay of $k=2$ experts", id="formulas stay"),
    pytest.param(r"$\input{secret}$", r"\$\textbackslash{}input\{secret\}\$", id="a command that reads"),
    pytest.param(r"$\alpha}\beta{$", r"\$\textbackslash{}alpha\}\textbackslash{}beta\{\$", id="braces that do not match"),
    pytest.param(r"$x^2 % note$", r"\$x\textasciicircum{}2 \% note\$", id="a comment"),
    pytest.param("From $5 to $10", r"From \$5 to \$10", id="money"),
]


@pytest.mark.parametrize(("title", "written"), TITLES)
def test_formulas_in_titles(title: str, written: str) -> None:
    """A formula of harmless commands stays TeX; any other is printed as it is written."""
    assert bibtex.escape_title(title) == written


def test_bibtex_keys_are_unique_and_stay() -> None:
    """Two papers that would share a key get one each, whatever their order."""
    first = fakes.PAPERS[0]
    twin = replace(first, id="arxiv:2401.99999v1", arxiv_id="2401.99999v1")

    keys = bibtex.keys([first, twin])

    assert len(set(keys)) == 2
    assert bibtex.keys([twin, first]) == keys[::-1]
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in bibtex.keys(fakes.PAPERS))


@given(st.builds(Paper, id=st.text(max_size=20), title=st.text(max_size=60), authors=st.lists(st.text(max_size=20), max_size=3).map(tuple)))
def test_bibtex_braces_balance(paper: Paper) -> None:
    """No title or name can end its field."""
    made = re.sub(r"\\text\w+\{\}|\\[{}]", "", bibtex.bibtex([paper]))
    depth = 0
    for sign in made:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0

    assert depth == 0
    assert made.count("\n@") == 0


def test_ris() -> None:
    """Each paper is a record of its own, authors one a line."""
    records = ris.ris(fakes.PAPERS).split("ER  - \r\n")

    assert len(records) == len(fakes.PAPERS) + 1
    assert records[0].startswith("TY  - UNPB\r\nAU  - Quill, Ada\r\nAU  - Ñandú, Émile\r\n")
    assert "M1  - arXiv:2401.00001v2\r\nUR  - https://arxiv.org/abs/2401.00001v2\r\n" in records[0]
    assert records[1].startswith("TY  - JOUR")
    assert "T2  - Journal of Invented Results" in records[1]


@given(st.text(max_size=60), st.text(max_size=30))
def test_ris_lines_cannot_be_broken(title: str, author: str) -> None:
    """A line break in a title starts no new tag."""
    made = ris.ris([Paper(id="x", title="T" + title, authors=("A" + author,))])

    assert re.findall(r"^([A-Z0-9]{2})  - ", made, re.MULTILINE) == ["TY", "AU", "TI", "ER"]


def test_csl() -> None:
    """CSL-JSON has typed names, dates and identifiers; what is unknown is left out."""
    items = json.loads(csl.csl(fakes.PAPERS))

    assert items[0]["author"][0] == {"family": "Quill", "given": "Ada"}
    assert items[0]["issued"] == {"date-parts": [[2024, 1, 2]]}
    assert items[0]["number"] == "arXiv:2401.00001v2"
    assert items[1]["author"][2] == {"literal": "李 小龍"}
    assert items[1]["DOI"] == "10.1000/xyz_(1)#a"
    assert "issued" not in items[2]
    assert [item["id"] for item in items] == list(bibtex.keys(fakes.PAPERS))


def test_no_papers() -> None:
    """A report without papers has empty, still valid, reference files."""
    assert bibtex.bibtex([]) == ""
    assert ris.ris([]) == ""
    assert json.loads(csl.csl([])) == []


def test_identifiers_are_checked() -> None:
    """A text that is no DOI and no arXiv id makes no link and no field."""
    odd = Paper(id="x", title="T", authors=("A B",), doi="javascript:alert(1)", arxiv_id="../../x", published=date(2020, 1, 1))

    assert "doi" not in bibtex.bibtex([odd])
    assert "eprint" not in bibtex.bibtex([odd])
    assert "URL" not in json.loads(csl.csl([odd]))[0]


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Attention Is All You Need", "“Attention Is All You Need”"),
        ("OpenBoats: An Early Effort on Open Fleets of Paper Boats", "“OpenBoats”"),
        ("A: An Early Effort on Open Fleets of Many Paper Boats", "“A: An Early Effort on Open Fleets of Many Paper …”"),
        ("On the floating time of paper boats that were waxed twice", "“On the floating time of paper boats that were …”"),
        ("x" * 60, "“" + "x" * 48 + " …”"),
        ("", "“”"),
    ],
)
def test_a_title_fits_into_a_sentence(title: str, said: str) -> None:
    """Whole where it is short; the references have the rest."""
    assert names.titled(title) == said
