r"""Further inputs of the kinds in test_latex_kinds.py: other commands, packages and styles that say the same in other words."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from sovereign.model import BlockKind, Document
from sovereign.readers.html import read_html
from sovereign.readers.tex import read_latex
from tests.readers.test_latex import blocks, read


def whole(source: str) -> Document:
    """Read a main file as it is."""
    return read_latex("p", {PurePosixPath("main.tex"): source.encode()})


@pytest.mark.parametrize(
    ("preamble", "source", "text"),
    [
        pytest.param(r"\expandafter\newcommand\csname ours\endcsname{WaxNet}", r"\ours\ won.", "WaxNet won.", id="csname"),
        pytest.param(r"\makeatletter\@namedef{gain.1}{4.2}\makeatother", r"By \@nameuse{gain.1} points.", "By 4.2 points.", id="namedef"),
        pytest.param(
            r"\def\make#1{\expandafter\def\csname n#1\endcsname{#1-Net}}\make{Wax}", r"\nWax\ won.", "Wax-Net won.", id="made names"
        ),
        pytest.param(
            r"\newcommand{\new}{A}\expandafter\let\csname a b\expandafter\endcsname\csname new\endcsname",
            r"It is \csname a b\endcsname.",
            "It is A.",
            id="let by name",
        ),
        pytest.param("", r"It is \csname nothing\endcsname so.", "It is so.", id="an undefined name"),
        pytest.param(r"\usepackage{ifthen}", r"\ifthenelse{\lengthtest{1pt<2pt}}{It won.}{It lost.}", "It won.", id="lengths compared"),
        pytest.param(r"\usepackage{units}", r"It is \unit[3]{kg}, \unitfrac[5]{m}{s}.", "It is 3 kg, 5 m/s.", id="units"),
        pytest.param("", r"Half is \nicefrac{1}{2}, and \sfrac{3}{4}.", "Half is 1/2, and 3/4.", id="fractions in text"),
        pytest.param(
            r"\newcommand{\kms}{\ensuremath{\,\mathrm{km}}}", r"It is 3\kms{} away.", "It is 3 km away.", id="a space before a unit"
        ),
        pytest.param("", r"It is 20\celsius, \num{3}\,m\up{2}.", "It is 20°C, 3 m^2.", id="celsius"),
        pytest.param(
            "",
            r"So $a\ne b$, $x\not=y$, $x\not\in A$, $a\bmod b$, $\neg p$.",
            "So a ≠ b, x ≠ y, x ∉ A, a mod b, ¬p.",
            id="signs",
        ),
        pytest.param(
            r"\usepackage{changes}", r"Boats \comment{dead} \replaced{float}{dead} \note{dead} well.", "Boats float well.", id="changes"
        ),
        pytest.param(r"\usepackage{trackchanges}", r"Boats \annote[ed]{float}{dead} well.", "Boats float well.", id="trackchanges"),
        pytest.param(
            r"\usepackage{easyReview}", r"Boats \replace{dead}{float} \comment{well}{dead}.", "Boats float well.", id="easyReview"
        ),
        pytest.param(
            "", r"Boats \fxnote{dead}\TODO{dead}\pdfcomment{dead}float \pdfmarkupcomment{well}{dead}.", "Boats float well.", id="notes"
        ),
        pytest.param("", r"Boats \setbox0=\hbox{dead} float.", "Boats float.", id="a box set aside"),
        pytest.param(r"\begin{filecontents}{a.bib}dead\end{filecontents}", r"Boats float.", "Boats float.", id="a file in the file"),
    ],
)
def test_what_is_printed_is_read(preamble: str, source: str, text: str) -> None:
    """Every word that is printed, and none that is not."""
    document = read(source, preamble=preamble)

    assert blocks(document, BlockKind.PROSE) == [text]
    assert document.gaps == ()
    assert document.signs == ()


def test_plain_tex_is_read() -> None:
    """Lines of their own do not run together, settings are no text, and sections have headings."""
    document = whole(
        "\\magnification=1200\n\\centerline{\\bf On boats}\\centerline{Ana Quill}\n\\beginsection 1. Results.\n\nBoats float. "
        "$$v=d/t\\eqno(1)$$\n\\section{More}It is so.\\bye"
    )

    assert [section.heading for section in document.sections][-2:] == ["Results", "More"]
    assert "1200" not in document.text
    assert blocks(document, BlockKind.FORMULA) == ["v = d/t (1)"]


def test_old_styles_name_their_parts() -> None:
    """AMS-TeX tags its formulas and names its alphabets, REVTeX 3 its reference list, harvmac its title in two lines."""
    ams = whole(
        "\\input amstex\\documentstyle{amsppt}\\topmatter\\title On boats\\endtitle\\endtopmatter\\document\\head Results\\endhead "
        "We write $\\Cal O$ and $\\bold R$. $$v=d/t\\tag1$$ It is so.\\enddocument"
    )
    assert "We write O and R." in ams.text
    assert blocks(ams, BlockKind.FORMULA) == ["v = d/t"]

    revtex = whole(
        "\\documentstyle[prl,aps]{revtex}\\begin{document}\\draft\\title{On boats}\\narrowtext Boats float \\cite{a}.\\section{Results}So."
        "\\begin{references}\\bibitem{a} A. Quill, J. Boats {\\bf 3}, 1 (1998).\\end{references}\\end{document}"
    )
    assert revtex.references == ("A. Quill, J. Boats 3, 1 (1998).",)
    assert "Boats float [1]." in revtex.text

    harvmac = whole(
        "\\input harvmac\n\\Title{X}{\\vbox{\\centerline{On paper boats}\\vskip2pt\\centerline{and drift}}}\\newsec{One}So.\\bye"
    )
    assert harvmac.title == "On paper boats and drift"


def test_a_page_in_a_reference_of_amsrefs_belongs_to_it() -> None:
    r"""\cite{key}*{p. 3} is one reference."""
    document = read(r"So \cite{q}*{p. 3} says.\begin{biblist}\bib{q}{book}{author={Quill, A.},title={On boats}}\end{biblist}")

    assert "So [1, p. 3] says." in document.text


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [(r"\documentclass[GB18030]{ctexart}", "gb18030"), (r"\documentclass{article}\XeTeXinputencoding " + '"GBK"', "gbk")],
)
def test_encodings_are_declared_in_more_ways(declared: str, encoding: str) -> None:
    """What XeTeX and ctex are told counts too."""
    source = f"{declared}\\begin{{document}}\\section{{A}}纸船漂流在水上\\end{{document}}"
    document = read_latex("p", {PurePosixPath("main.tex"): source.encode(encoding)})

    assert "纸船漂流在水上" in document.text


@pytest.mark.parametrize("raised", ['<span style="vertical-align: super">6</span>', '<span class="sup">6</span>', "<sup>6</sup>"])
def test_scripts_are_told_by_style_too(raised: str) -> None:
    """A power is one, however the page writes it."""
    page = f"<html><body><h1>T</h1><p>There were 10{raised} boats on the pond on that day.</p></body></html>"

    assert "There were 10^6 boats" in read_html("p", {PurePosixPath("p.html"): page.encode()}).text
