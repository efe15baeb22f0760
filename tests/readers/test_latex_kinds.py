"""Kinds of LaTeX that readers lose words on: shorthands, branches, packages of the paper's own, numbers, changes, old styles."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from sovereign.model import BlockKind, Role, SignKind
from sovereign.readers.tex import read_latex
from tests.readers.test_latex import blocks, read

AFTER = "After the formula the boats floated for 40 minutes.\n\\section{Results} Waxed boats won."


@pytest.mark.parametrize(
    ("preamble", "source"),
    [
        pytest.param("\\newcommand{\\be}{\\begin{equation}}\\newcommand{\\ee}{\\end{equation}}", "\\be a=b \\ee", id="an environment"),
        pytest.param("\\def\\beq{$$}\\def\\eeq{$$}", "\\beq a=b \\eeq", id="dollars"),
        pytest.param("\\newcommand{\\bq}{\\[}\\newcommand{\\eq}{\\]}", "\\bq a=b \\eq", id="brackets"),
        pytest.param(
            "\\newenvironment{myeq}{\\begin{equation}}{\\end{equation}}", "\\begin{myeq} a=b \\end{myeq}", id="its own environment"
        ),
        pytest.param("\\newenvironment{e}{$$}{$$}", "\\begin{e} a=b \\end{e}", id="an environment of dollars"),
        pytest.param(
            "\\newcommand{\\beg}[1]{\\begin{#1}}\\newcommand{\\fin}[1]{\\end{#1}}", "\\beg{align} a=b \\fin{align}", id="with an argument"
        ),
        pytest.param("\\let\\be\\equation\\let\\ee=\\endequation", "\\be a=b \\ee", id="an environment by its name alone"),
        pytest.param("\\def\\bb{\\be}\\def\\be{\\begin{gather}}\\def\\ee{\\end{gather}}", "\\bb a=b \\ee", id="a shorthand of a shorthand"),
        pytest.param("\\NewDocumentEnvironment{d}{o}{\\begin{equation}}{\\end{equation}}", "\\begin{d}[x] a=b \\end{d}", id="xparse"),
    ],
)
def test_shorthands_close_what_they_opened(preamble: str, source: str) -> None:
    """A formula that the paper's own commands open and close is the formula alone."""
    document = read(f"Before it we speak.\n{source}\n{AFTER}", preamble=preamble)

    assert blocks(document, BlockKind.FORMULA) == ["a = b"]
    assert "After the formula the boats floated for 40 minutes." in blocks(document, BlockKind.PROSE)
    assert [section.heading for section in document.sections] == ["Results"]
    assert document.gaps == ()


def test_many_environments_of_its_own_stay_open_to_none() -> None:
    """Three hundred formulas in an environment of the paper's own are three hundred formulas, and a table after them stands where it is."""
    body = "\\begin{myeq} a=b \\end{myeq}\n" * 300 + "Words.\\begin{tabular}{l} x \\\\ \\end{tabular} More."
    document = read(body, preamble="\\newenvironment{myeq}{\\begin{equation}}{\\end{equation}}")

    assert blocks(document, BlockKind.FORMULA) == ["a = b"] * 300
    assert document.text.endswith("Words.\n\nx\n\nMore.")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        pytest.param("An unclosed $$ a=b here.", "never ends", id="dollars"),
        pytest.param("An unclosed \\[ a=b here.", "never ends", id="a bracket"),
        pytest.param("An unclosed \\begin{equation} a=b here.", "never ends", id="an environment"),
        pytest.param("An unclosed \\begin{figure} a=b here.", "never ends", id="a figure"),
        pytest.param("An unclosed \\begin{tikzpicture} a=b here.", "never ends", id="a picture"),
        pytest.param("An unclosed $ a=b here.\n\n", "never ends", id="a dollar"),
        pytest.param(
            "It costs $5 for every boat that was waxed and we paid the same for $ a=b here.", "holds running text", id="dollars of money"
        ),
        pytest.param(
            "\\begin{equation} a=b here. \\section{Early} And then the boats floated away from us all. \\end{equation}",
            "text",
            id="a heading",
        ),
    ],
)
def test_what_never_ends_is_given_back(source: str, why: str) -> None:
    """A forgotten mark costs nothing but a Gap: the rest of the paper is read."""
    document = read(f"{source}\n{AFTER}")

    assert "a=b here." in document.text
    assert "After the formula the boats floated for 40 minutes." in document.text
    assert document.sections[-1].heading == "Results"
    assert any(why in gap.why for gap in document.gaps)


def test_a_source_of_nothing_but_open_ends_is_refused() -> None:
    """Each open end may cost a look at the whole source, so their number is bounded."""
    with pytest.raises(ValueError, match="never end; refused"):
        read("\\begin{equation} a " * 3_000)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("\\newtoggle{x}\\toggletrue{x}A \\iftoggle{x}{alive}{dead} B.", id="iftoggle"),
        pytest.param("\\newtoggle{x}\\togglefalse{x}A \\iftoggle{x}{dead}{alive} B.", id="iftoggle false"),
        pytest.param("\\newbool{x}\\setbool{x}{true}A \\ifbool{x}{alive}{dead} B.", id="ifbool"),
        pytest.param("A \\ifdef{\\never}{dead}{alive} B.", id="ifdef"),
        pytest.param("A \\ifundef{\\never}{alive}{dead} B.", id="ifundef"),
        pytest.param("A \\ifblank{ }{alive}{dead} B.", id="ifblank"),
        pytest.param("\\def\\mode{final}A \\ifdefstring{\\mode}{final}{alive}{dead} B.", id="ifdefstring"),
        pytest.param("A \\ifstrequal{a}{b}{dead}{alive} B.", id="ifstrequal"),
        pytest.param("A \\ifnumcomp{3}{>}{2}{alive}{dead} B.", id="ifnumcomp"),
        pytest.param("\\newboolean{x}\\setboolean{x}{true}A \\ifthenelse{\\boolean{x}}{alive}{dead} B.", id="ifthenelse boolean"),
        pytest.param("A \\ifthenelse{\\equal{a}{b} \\OR 1 < 2}{alive}{dead} B.", id="ifthenelse or"),
        pytest.param("A \\ifthenelse{\\NOT \\( 1 > 2 \\AND 1 = 1 \\)}{alive}{dead} B.", id="ifthenelse not"),
        pytest.param("A \\ifnum 2>1 alive \\else dead \\fi B.", id="ifnum"),
        pytest.param("\\def\\n{3}A \\ifnum\\n<2 dead\\else alive\\fi{} B.", id="ifnum of a command"),
        pytest.param("A \\unless\\ifnum 2>1 dead\\else alive\\fi{} B.", id="unless"),
        pytest.param("A \\ifcase 1 dead\\or alive\\or dead\\else dead\\fi{} B.", id="ifcase"),
        pytest.param("A \\ifcase 7 dead\\or dead\\else alive\\fi{} B.", id="ifcase else"),
        pytest.param("A \\ifodd 3 alive\\else dead\\fi{} B.", id="ifodd"),
        pytest.param("A \\ifdim 1cm>2pt alive\\else dead\\fi{} B.", id="ifdim"),
        pytest.param("\\def\\a{x}\\def\\b{x}A \\ifx\\a\\b alive\\else dead\\fi{} B.", id="ifx"),
        pytest.param("A \\ifx\\never\\undefined alive\\else dead\\fi{} B.", id="ifx undefined"),
        pytest.param("A \\ifdefined\\never dead\\else alive\\fi{} B.", id="ifdefined"),
        pytest.param("A \\ifcsname never\\endcsname dead\\else alive\\fi{} B.", id="ifcsname"),
        pytest.param("\\newif\\ifx@y A \\ifx@y dead\\else alive\\fi{} B.", id="newif"),
        pytest.param("\\let\\ifdraft\\iffalse A \\iffalse\\ifdraft x\\fi dead\\else alive\\fi{} B.", id="let"),
        pytest.param("\\newcommand{\\ifdraft}[1]{}A \\ifdraft{dead}alive B.", id="its own command"),
        pytest.param("\\newcommand{\\ifdraft}[1]{}A \\iffalse\\ifdraft{dead}\\else alive\\fi{} B.", id="its own command in a branch"),
        pytest.param("A $\\ifmmode alive\\else dead\\fi$ B.", id="in maths"),
        pytest.param(
            "\\NewDocumentCommand{\\c}{s o m}{\\IfBooleanTF{#1}{dead}{\\IfNoValueTF{#2}{dead}{#3}}}A \\c[x]{alive} B.", id="xparse"
        ),
    ],
)
def test_the_typeset_branch_is_read(source: str) -> None:
    """Of every condition the branch that TeX would print is read, and the paper goes on behind it."""
    document = read(f"{source} After it the boats floated.\\section{{Results}} Waxed boats won.")

    assert document.text.split("\n\n")[0] == "A alive B. After it the boats floated."
    assert document.sections[0].heading == "Results"


@pytest.mark.parametrize("condition", ["\\iffalse", "\\ifdraft", "\\ifx\\a\\textbf", "\\iftrue x \\else", "\\ifcase 3"])
def test_a_branch_without_end_is_given_back(condition: str) -> None:
    r"""A condition without its \fi costs a Gap, not the paper."""
    document = read(f"A. {condition} After it the boats floated.\\section{{Results}} Waxed boats won.")

    assert "After it the boats floated." in document.text
    assert any("the condition" in gap.why or "its \\fi" in gap.why for gap in document.gaps)


def test_an_unknown_test_is_read_by_its_last_branch_and_told() -> None:
    """What no file defines and what looks like a test is read somehow, and said to be."""
    document = read("A \\ifanonymous{dead}{alive} B.")

    assert document.text == "A alive B."
    assert [gap.why for gap in document.gaps] == ["the source branches on \\ifanonymous, which it does not define; its last branch is read"]


OWN_STYLE = """\\NeedsTeXFormat{LaTeX2e}\\ProvidesPackage{notation}[2024/01/01]
\\RequirePackage{xspace}
\\newcommand{\\method}{WaxNet\\xspace}\\newrobustcmd{\\baseline}{the dry boat}
\\NewDocumentCommand{\\gain}{s O{percent} m}{#3 #2}
\\renewcommand{\\section}{\\@startsection{section}{1}}\\def\\textbf{lost}
\\newcommand{\\D}{\\operatorname{D}}\\newcommand{\\Db}[1]{\\D^\\mathrm{b}(#1)}
"""


def test_a_style_of_its_own_is_read_for_its_commands() -> None:
    r"""\ProvidesPackage or not: what a style file adds is known, what it does to LaTeX itself is not taken over."""
    document = read(
        "\\section{Results}\\method{} beats \\baseline{} by \\gain[points]{4.2}, \\gain{3} in $\\Db{X}$, \\textbf{boldly}.",
        preamble="\\usepackage{notation}",
        notation_sty=OWN_STYLE,
    )

    assert document.sections[0].heading == "Results"
    assert blocks(document, BlockKind.PROSE) == ["WaxNet beats the dry boat by 4.2 points, 3 percent in D^b(X), boldly."]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("\\NewDocumentCommand{\\x}{m o m}{#1/#3}\\x{a}[b]{c}", "a/c", id="optional in the middle"),
        pytest.param("\\NewDocumentCommand{\\x}{O{1} m d()}{#1#2#3}\\x{a}(b)", "1ab", id="in round brackets"),
        pytest.param("\\newcommandx{\\x}[2][1=one]{#1 #2}\\x{two} \\x[1]{2}", "one two 1 2", id="xargs"),
        pytest.param(
            "\\newacronym{ml}{ML}{machine learning}\\gls{ml} helps, says \\gls{ml} and \\acrlong{ml}.",
            "machine learning (ML) helps, says ML and machine learning.",
            id="glossaries",
        ),
        pytest.param(
            "\\DeclareAcronym{nn}{short=NN, long={neural network}}\\acp{nn} and \\ac{nn}", "neural networks (NNs) and NN", id="acro"
        ),
        pytest.param("\\acrodef{nn}[NN]{neural network}A \\ac{nn} is a \\acs{nn}", "A neural network (NN) is a NN", id="acronym"),
        pytest.param("\\def\\01{\\{0,1\\}}$f:\\01^n\\to\\01$", "f:{0, 1}^n → {0, 1}", id="a sign with what follows it"),
        pytest.param("\\def\\<{\\langle}\\def\\>{\\rangle}$\\<x\\>$", "⟨x⟩", id="signs"),
    ],
)
def test_definitions(source: str, text: str) -> None:
    """Commands that packages define stand for what they stand for."""
    assert read(source).text == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("\\numrange{10}{20} boats", "10–20 boats", id="numrange"),
        pytest.param("\\qtyrange{1}{5}{\\micro\\meter}", "1–5 µm", id="qtyrange"),
        pytest.param("\\SIlist{1;2;3}{\\GeV}", "1, 2 and 3 GeV", id="SIlist"),
        pytest.param("\\SI{3}{\\GeV}, \\SI{5}{\\um}, \\ang{45}, \\ang{1;2;3}", "3 GeV, 5 µm, 45°, 1°2′3″", id="abbreviations"),
        pytest.param("\\SI{9.8}{\\metre\\per\\second\\squared} \\si{\\kilo\\gram\\per\\cubic\\metre}", "9.8 m/s^2 kg/m^3", id="powers"),
        pytest.param("\\num{1e5} \\num{1.5e-3} \\num{3+-0.2}", "1 × 10^5 1.5 × 10^-3 3 ± 0.2", id="num"),
        pytest.param("$v=\\SI{5}{\\meter}$", "v = 5 m", id="in maths"),
        pytest.param("\\DeclareSIUnit{\\boat}{bt}\\SI{5}{\\boat}", "5 bt", id="its own unit"),
        pytest.param("3\\farcs5 and 2\\fdg1 and 4\\arcsec", "3.5″ and 2.1° and 4″", id="astronomy"),
        pytest.param("\\euro 5 and \\pounds 6", "€5 and £6", id="money"),
        pytest.param("10\\textsuperscript{6} cells, CO\\textsubscript{2}, 2\\textsuperscript{nd}", "10^6 cells, CO_2, 2nd", id="scripts"),
        pytest.param("boats\\textsuperscript{1} float", "boats float", id="a mark"),
        pytest.param(
            "$10^{12}3$, $\\sqrt{2^n n}$, $x_i y$, $\\log_2 n$", "10^12 3, √(2^n n), x_i y, log_2 n", id="what would run together"
        ),
        pytest.param("$\\sqrt[3]{8}$, $\\sqrt[n]{x}$, $\\root 3\\of 8$", "∛8, x^(1/n), ∛8", id="roots"),
        pytest.param("${2\\over 3}C$, $a\\over b$, ${n\\choose k}$", "(2/3)C, a/b, (n choose k)", id="plain fractions"),
        pytest.param("$\\frac{2}{3}C$ and $\\frac{2}{3}$", "(2/3)C and 2/3", id="a factor behind a fraction"),
        pytest.param("$\\cases{1&if $x$\\cr 0&else\\cr}$", "{1 if x; 0 else", id="cases"),
        pytest.param("$\\matrix{a&b\\cr c&d\\cr}$", "a b; c d", id="matrix"),
        pytest.param(
            "\\def\\lsim{\\mathrel{\\rlap{\\lower4pt\\hbox{\\hskip1pt$\\sim$}}\\raise1pt\\hbox{$<$}}}$M\\lsim 3$",
            "M ≲ 3",
            id="overlaid signs",
        ),
        pytest.param("$a\\stackrel{<}{\\sim}b$, $x\\overset{*}{=}y$", "a ≲ b, x = ^*y", id="signs above signs"),
        pytest.param("H$_2$O, $\\mathrm{H_2O}$, Ca$^{2+}$, $M_\\odot$, $k_B T$", "H_2O, H_2O, Ca^2+, M_⊙, k_B T", id="chemistry"),
        pytest.param("$\\cancel{D}$ and $n\\pmod 3$", "D̸ and n (mod 3)", id="struck and modulo"),
    ],
)
def test_numbers_and_maths_keep_their_parts(source: str, text: str) -> None:
    """No digit runs into the next one, and what stands above, below or over something says so."""
    assert read(source).text == text


def test_unknown_commands_leave_a_placeholder() -> None:
    """A word that no file defines is U+FFFD in the text, and named in a Gap; what it is given is shown."""
    document = read("It beats \\baseline{} by \\gain points, \\emphasised{clearly}, in \\spanned{3}{4} cases.\\somelayout\n\nNext.")

    assert document.text == "It beats \ufffd by \ufffdpoints, clearly, in 3\ufffd4 cases.\ufffd\n\nNext."
    assert "\\baseline, \\gain" in document.gaps[0].why


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("D \\sout{dead} E \\xout{dead} F \\st{dead} G", "D E F G", id="struck out"),
        pytest.param(
            "\\deleted[id=x]{dead} \\added{new} \\replaced{newer}{dead} \\highlight{seen}", "new newer seen", id="the changes package"
        ),
        pytest.param("\\DIFdelbegin\\DIFdel{dead}\\DIFdelend\\DIFaddbegin\\DIFadd{new}\\DIFaddend", "new", id="latexdiff"),
        pytest.param("\\excludecomment{hid}A \\begin{hid}dead\\end{hid}B", "A B", id="excluded"),
        pytest.param("\\includecomment{vis}\\begin{vis}seen\\end{vis}", "seen", id="included"),
        pytest.param("\\NewEnviron{hid}{}A \\begin{hid}dead\\end{hid}B", "A B", id="environ"),
        pytest.param("\\newcommand{\\st}{s.t.}x \\st{} y", "x s.t. y", id="its own command of that name"),
    ],
)
def test_what_is_struck_out_is_no_text(source: str, text: str) -> None:
    """Words that authors deleted, and environments that are not printed, are no part of the paper and no sign against it."""
    document = read(source)

    assert " ".join(document.text.split()) == text
    assert SignKind.HIDDEN not in {sign.kind for sign in document.signs}


def test_replaced_in_aastex_names_the_old_words_first() -> None:
    r"""\replaced{old}{new} there, \replaced{new}{old} elsewhere."""
    main = b"\\documentclass{aastex631}\\begin{document}We say \\replaced{dead}{alive} here.\\end{document}"

    assert read_latex("p", {PurePosixPath("main.tex"): main}).text == "We say alive here."


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("\\begin{shadowy}{0.5\\linewidth} Words here.\\end{shadowy}", "Words here.", id="a length"),
        pytest.param("\\begin{shadowy}[style=x]{lr} Words here.\\end{shadowy}", "Words here.", id="an option and letters"),
        pytest.param("\\begin{shadowy}{A title of it.} Words here.\\end{shadowy}", "A title of it.\n\nWords here.", id="words are shown"),
        pytest.param("\\begin{center}{Big words here}\\end{center}", "Big words here", id="no argument of a known one"),
    ],
)
def test_arguments_of_unknown_environments(source: str, text: str) -> None:
    """How an unknown environment looks is no text; words it is given are."""
    assert read(source).text == text


AMS_TEX = """\\input amstex
\\documentstyle{amsppt}
\\define\\boats{paper boats}
\\topmatter \\title On boats \\endtitle \\author A. Quill \\endauthor \\address Pond Institute \\endaddress
\\abstract We prove that \\boats{} float. \\endabstract \\endtopmatter
\\document
\\head 1. Introduction \\endhead
Boats were studied in \\cite{Q}.
\\proclaim{Theorem 1} Every boat floats. \\endproclaim
$$\\align a &= b \\\\ c &= d \\endalign$$
Words after it.
\\Refs \\ref \\key Q \\by A. Quill \\paper On boats \\jour Pond Lett. \\vol 1 \\yr 1999 \\endref \\endRefs
\\enddocument
"""
HARVMAC = """\\input harvmac
\\lref\\Quill{A. Quill, Pond Lett. 1 (1999).}
\\Title{X-99/1}{On boats}
We prove that boats float.
\\newsec{Introduction}
Studied in \\refs{\\Quill} by \\Quill.
\\eqn\\speed{v={d\\over t}}
By \\speed\\ it floats.
\\appendix{A}{Proofs} Proof words.
\\listrefs\\bye
"""


def test_ams_tex() -> None:
    """A source of AMS-TeX has its title, abstract, sections and references."""
    document = read_latex("p", {PurePosixPath("old.tex"): AMS_TEX.encode()})

    assert document.title == "On boats"
    assert [section.heading for section in document.sections] == ["Abstract", "Introduction"]
    assert blocks(document, BlockKind.PROSE) == [
        "We prove that paper boats float.",
        "Boats were studied in [Q].",
        "Theorem 1. Every boat floats.",
        "Words after it.",
    ]
    assert document.references == ("A. Quill, On boats, Pond Lett. 1 (1999).",)
    assert document.gaps == ()


def test_harvmac() -> None:
    """A source of harvmac has its title, sections, numbered equations and references."""
    document = read_latex("p", {PurePosixPath("old.tex"): HARVMAC.encode()})

    assert document.title == "On boats"
    assert [section.heading for section in document.sections] == ["Introduction", "Proofs"]
    assert blocks(document, BlockKind.FORMULA) == ["v = d/t"]
    assert blocks(document, BlockKind.PROSE)[1:3] == ["Studied in [1] by [1].", "By (1) it floats."]
    assert document.references == ("A. Quill, Pond Lett. 1 (1999).",)


REVTEX = """\\begin{thebibliography}{1}
\\providecommand \\bibinfo [0]{\\@secondoftwo}\\providecommand \\bibfield [0]{\\@secondoftwo}
\\providecommand \\BibitemOpen [0]{}\\providecommand \\BibitemShut [1]{\\csname bibitem#1\\endcsname}
\\bibitem [{\\citenamefont {Quill}(2001)}]{Q}
  \\BibitemOpen \\bibfield {author} {\\bibinfo {author} {\\bibfnamefont {A.}~\\bibnamefont {Quill}}, }\\href {\\doibase 10.1/x}
  {\\bibfield {journal} {\\bibinfo {journal} {Pond Lett.}\\ }\\textbf {\\bibinfo {volume} {1}}
  (\\bibinfo {year} {2001})}\\BibitemShut {NoStop}
\\end{thebibliography}"""


@pytest.mark.parametrize(
    ("source", "reference"),
    [
        pytest.param(REVTEX, "A. Quill, Pond Lett. 1 (2001)", id="REVTeX 4"),
        pytest.param(
            "\\begin{bibdiv}\\begin{biblist}\\bib{A}{article}{author={Quill, A.}, author={Reed, B.}, title={On boats}, "
            "journal={Pond}, date={2001-04}}\\end{biblist}\\end{bibdiv}",
            "A. Quill, B. Reed, On boats, Pond (2001).",
            id="amsrefs",
        ),
    ],
)
def test_reference_lists_of_other_styles(source: str, reference: str) -> None:
    """An entry reads as it is printed, without the commands that mark its parts."""
    document = read(f"Words here.{source}")

    assert document.references == (reference,)
    assert blocks(document, BlockKind.PROSE) == ["Words here."]


@pytest.mark.parametrize(
    ("preamble", "encoding"),
    [
        pytest.param("\\usepackage[cp1251]{inputenc}", "cp1251", id="inputenc"),
        pytest.param("% -*- coding: koi8-r -*-", "koi8-r", id="an editor's line"),
        pytest.param("%\\usepackage[latin1]{inputenc}\n\\usepackage[koi8-r]{inputenc}", "koi8-r", id="not the one in a comment"),
    ],
)
def test_declared_encodings(preamble: str, encoding: str) -> None:
    """Bytes are read in the encoding that the source declares, in the files that it includes too."""
    main = f"{preamble}\n\\documentclass{{article}}\\begin{{document}}Лодки плыли.\\input{{a}}\\end{{document}}".encode(encoding)
    document = read_latex("p", {PurePosixPath("main.tex"): main, PurePosixPath("a.tex"): " Долго.".encode(encoding)})

    assert document.text == "Лодки плыли. Долго."


def test_undeclared_bytes_are_windows_letters() -> None:
    """Quotation marks and dashes of Windows are kept, and the bytes that it leaves free are no fault."""
    main = "\\documentclass{article}\\begin{document}“Boats” float – Müller’s.\\end{document}".encode("cp1252") + b"\x81\x9d"

    assert read_latex("p", {PurePosixPath("main.tex"): main}).text == "“Boats” float – Müller’s."


def test_prose_behind_the_abstract_is_no_abstract() -> None:
    """A paper that begins without a heading introduces itself; a line of keywords does not."""
    opening = "Boats have been folded from paper for a long time. " * 5
    body = "\\begin{abstract}Short.\\end{abstract}"
    unheaded = read(f"{body}\n\n{opening}\\section{{Results}} Good.")
    headed = read(f"{body} Few words.\\section{{Introduction}} {opening}")

    assert [(s.heading, s.role) for s in unheaded.sections] == [
        ("Abstract", Role.ABSTRACT),
        ("", Role.INTRODUCTION),
        ("Results", Role.RESULTS),
    ]
    assert unheaded.text[unheaded.sections[1].start :].startswith("Boats have been folded")
    assert [s.role for s in headed.sections] == [Role.ABSTRACT, Role.INTRODUCTION]


@pytest.mark.parametrize(
    ("headings", "roles"),
    [
        pytest.param(["Introduction and summary", "Results"], [Role.INTRODUCTION, Role.RESULTS], id="introduction and summary"),
        pytest.param(
            ["Summary", "Introduction", "Results", "Summary"], [Role.ABSTRACT, Role.INTRODUCTION, Role.RESULTS, Role.CONCLUSION], id="two"
        ),
        pytest.param(
            ["Results", "Appendix A", "More results", "Conclusion", "Tables"],
            [Role.RESULTS, Role.APPENDIX, Role.APPENDIX, Role.CONCLUSION, Role.APPENDIX],
            id="a conclusion behind an appendix",
        ),
        pytest.param(["Chapter 3 Results", "2.1 Method"], [Role.RESULTS, Role.METHOD], id="numbers"),
    ],
)
def test_roles(headings: list[str], roles: list[Role]) -> None:
    """A section is what its heading and its place say."""
    body = "".join(f"\\section{{{heading}}} Words here." for heading in headings)

    assert [section.role for section in read(body).sections] == roles


def test_sections_of_chapters_are_numbered_in_them() -> None:
    r"""With chapters, a section's number begins with the chapter's."""
    document = read("\\chapter{One} A. \\chapter{Two} B. \\section{Deep}\\label{d} See \\ref{d}.")

    assert "See 2.1." in document.text
    assert [section.level for section in document.sections] == [1, 1, 2]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param(
            "00README.json",
            b'{"sources": [{"filename": "b.tex", "usage": "toplevel"}, {"filename": "a.tex", "usage": "ignore"}]}',
            id="JSON",
        ),
        pytest.param("00README.XXX", b"a.tex ignore\nb.tex toplevelfile\n", id="words"),
        pytest.param("00README.json", b'{"sources": [{"filename": "a.tex", "usage": "ignore"}, 5, {"filename": 5}]}', id="only ignored"),
    ],
)
def test_a_manifest_names_the_paper(name: str, content: bytes) -> None:
    """The file that arXiv would run is the paper, whatever the others look like."""
    rich = b"\\documentclass{article}\\title{A}\\begin{document}\\begin{abstract}A.\\end{abstract}\\section{X} Words.\\end{document}"
    poor = b"\\documentclass{article}\\begin{document}Paper.\\end{document}"
    files = {"a.tex": rich, "b.tex": poor, name: content}

    assert read_latex("p", {PurePosixPath(path): data for path, data in files.items()}).text == "Paper."


def test_large_words_above_the_abstract_are_the_title() -> None:
    r"""A paper without \title has it in large letters."""
    document = read("{\\Large\n\\textbf{On paper boats}\n}\n\nA. Quill\n\n\\section*{Abstract} Short.")

    assert document.title == "On paper boats"
