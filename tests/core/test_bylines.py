"""Who wrote it: names as they stand in real kinds of bylines, and nobody where it cannot be told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovereign.citing.bylines import from_html, from_latex, from_line, people


@pytest.mark.parametrize(
    ("tex", "names"),
    [
        pytest.param(
            r"\author{Ada Example \and Bo van der Invented}",
            ("Ada Example", "Bo van der Invented"),
            id="and",
        ),
        pytest.param(
            r"\author{Ada Example\thanks{Equal. Ada did X, Bo did Y.}\\ Nowhere University\\ \texttt{a@x.org} "
            r"\And Bo Q. Invented\footnotemark[1]\\ Google Brain}",
            ("Ada Example", "Bo Q. Invented"),
            id="conference style with notes and places",
        ),
        pytest.param(
            "\\author{Ada Example$^{1,2}$, \\textbf{Bo Invented}$^\\dagger$ \\\\ % \\textbf{Nobody Here}\n $^1$University of X}",
            ("Ada Example", "Bo Invented"),
            id="commas, marks and a comment",
        ),
        pytest.param(
            r"\author[0000-0001]{Ada Example}\affiliation{X}\author{Bo Invented}", ("Ada Example", "Bo Invented"), id="one command each"
        ),
        pytest.param(
            r"\author{\IEEEauthorblockN{Ada Example\IEEEauthorrefmark{1}}\IEEEauthorblockA{Dept\\City}\and\IEEEauthorblockN{Bo Invented}}",
            ("Ada Example", "Bo Invented"),
            id="blocks",
        ),
        pytest.param(
            r"\author{J.\ R.\ R. Tolkien-Smith \and {\L}ukasz O'Neil \and Jos\'e Garc\'{\i}a}",
            ("J. R. R. Tolkien-Smith", "Łukasz O'Neil", "José García"),
            id="accents",
        ),
        pytest.param(r"\author{Anonymous Authors \\ Paper under review}", (), id="anonymous"),
        pytest.param(r"\author{The OpenThing Team}", ("The OpenThing Team",), id="a team"),
        pytest.param(r"\author{The BOAT Collaboration}", ("The BOAT Collaboration",), id="a collaboration"),
        pytest.param(
            r"\author{Ada Example \\ Gear Group, University of X}", ("Ada Example",), id="a group is an affiliation beside a person"
        ),
        pytest.param(
            r"\author{Ada Example\,\orcidlink{0000-0001}, Bo Invented\orcidlink{0000-0002}}", ("Ada Example", "Bo Invented"), id="orcidlink"
        ),
        pytest.param(
            r"\author*[1]{\fnm{Ada} \sur{Example}}\author[2]{\fnm{Bo} \sur{Invented}}",
            ("Ada Example", "Bo Invented"),
            id="given and family",
        ),
        pytest.param(
            r"\icmlauthor{Ada Example}{x}\icmlauthor{Bo Invented}{y}", ("Ada Example", "Bo Invented"), id="one conference's command"
        ),
        pytest.param(r"\Author[1]{Ada}{Example}", ("Ada Example",), id="given and family in two arguments"),
        pytest.param(
            r"\author{Ada Example$^{1}$ and Bo Invented$^2$\\ \footnotesize{$^1$Some Place of Learning}}",
            ("Ada Example", "Bo Invented"),
            id="and",
        ),
        pytest.param("\\author Ada Example \\endauthor", ("Ada Example",), id="AMS-TeX"),
        pytest.param(
            "\\begin{document}{\\Large A title}\nAda Example\\textsuperscript{1},\nBo Invented\\textsuperscript{2,*}\\\\\\textbf{1} A Place"
            "\\section*{Abstract} Cy Other\\textsuperscript{3}",
            ("Ada Example", "Bo Invented"),
            id="marks of places, without a command",
        ),
        pytest.param(r"\author{}", (), id="empty"),
        pytest.param(r"\author{Ada Example", (), id="never closed"),
        pytest.param("no byline", (), id="none"),
    ],
)
def test_latex(tex: str, names: tuple[str, ...]) -> None:
    """Marks, notes and places go; people stay, in order."""
    assert from_latex(tex) == names


@pytest.mark.parametrize(
    ("page", "names"),
    [
        pytest.param(
            '<meta name="citation_author" content="Example, Ada"><meta name="citation_author" content="Bo &Eacute;clair">',
            ("Ada Example", "Bo Éclair"),
            id="metadata",
        ),
        pytest.param(
            '<div class="ltx_authors"><span class="ltx_creator ltx_role_author"><span class="ltx_personname">Ada Example</span>'
            '<span class="ltx_author_notes"><span>Nowhere University</span></span></span>'
            '<span class="ltx_creator"><span>Bo Invented<sup>1</sup>'
            '</span></span></div><div class="ltx_abstract">Carl Notauthor</div>',
            ("Ada Example", "Bo Invented"),
            id="LaTeXML",
        ),
        pytest.param("<html><body><p>Ada Example</p></body></html>", (), id="nothing marked"),
    ],
)
def test_html(page: str, names: tuple[str, ...]) -> None:
    """Metadata first, else LaTeXML's person names."""
    assert from_html(page) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        pytest.param(
            "Ada Example∗1,2, Bo Invented, R.X. Xu^1, Zoë Nobody 1DeepThing 2University of X",
            ("Ada Example", "Bo Invented", "R.X. Xu", "Zoë Nobody"),
            id="commas",
        ),
        pytest.param("Ada Example and Bo Invented", ("Ada Example", "Bo Invented"), id="and"),
        pytest.param("Ada Example Bo Invented Carl Third Google Brain", (), id="run together: cannot be told"),
        pytest.param("Ada Example, a prize winner in many fields, of note, lives here", (), id="mostly no names"),
        pytest.param("", (), id="empty"),
    ],
)
def test_plain_lines(line: str, names: tuple[str, ...]) -> None:
    """A wrong or half list of authors is worse than none."""
    assert from_line(line) == names


@pytest.mark.parametrize(
    "text",
    ["University of Nowhere", "Google Brain", "ada@example.org", "Equal contribution", "A", "ADA", "12 March", "lower case", "X. Y."],
)
def test_what_is_no_person(text: str) -> None:
    """Places, companies, addresses and notes."""
    assert people([text]) == ()


@given(st.text(alphabet='\\author{}$^%,&;~ \nAaBbÉé.-<>/"=1', max_size=200))
@settings(max_examples=150, deadline=None)
def test_anything_is_survived(text: str) -> None:
    """No exception whatever stands there."""
    from_latex("\\author{" + text)
    from_html('<div class="ltx_authors">' + text)
    from_line(text)


@pytest.mark.parametrize("unit", ["\\author{", "\\author{x}", "\\author{\\thanks{", "\\author[", "%"])
def test_hostile_latex_costs_little(unit: str) -> None:
    """A hundred thousand openings are not looked into one by one."""
    assert from_latex(unit * 100_000) == ()


@pytest.mark.parametrize(
    "unit", ["<meta ", '<meta name="citation_author" ', '<div class="ltx_authors">', '<span class="ltx_author_notes">', "<math"]
)
def test_hostile_html_costs_little(unit: str) -> None:
    """Tags that never close are not followed to the end of the page."""
    assert from_html('<div class="ltx_authors">' + unit * 50_000) == ()
