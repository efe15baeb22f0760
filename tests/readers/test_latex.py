"""LaTeX sources written for these tests: what each construct becomes, what is hidden, and what is refused."""

from __future__ import annotations

import time
from pathlib import PurePosixPath

import pytest

from sovereign.model import BlockKind, Document, Role, SignKind
from sovereign.readers.tex import read_latex
from sovereign.steps.read import cut
from tests.readers.test_pdf import ORDER


def read(body: str, *, preamble: str = "", **files: str) -> Document:
    """Read a document with this body; other files by name, "_" standing for "."."""
    main = f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    named = {PurePosixPath(name.replace("_", ".")): text.encode() for name, text in files.items()}
    return read_latex("p", {PurePosixPath("main.tex"): main.encode(), **named})


def blocks(document: Document, kind: BlockKind) -> list[str]:
    """Give the document's blocks of a kind."""
    return [document.text[b.start : b.end] for b in document.blocks if b.kind is kind]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("One two.% a comment\nThree.", "One two.Three.", id="a comment eats the line end"),
        pytest.param("50\\% of \\$5 \\& more\\_less \\#1", "50% of $5 & more_less #1", id="escaped signs"),
        pytest.param(
            'M\\"uller, Erd\\H{o}s, {\\L}ukasz, na\\"{\\i}ve, \\\'etude, Fran\\c{c}ois',
            "Müller, Erdős, Łukasz, naïve, étude, François",
            id="accents",
        ),
        pytest.param("``quoted'' --- a dash, 1--2", "“quoted” — a dash, 1–2", id="quotes and dashes"),
        pytest.param("\\textbf{bold \\emph{and} more} {\\it old}", "bold and more old", id="styles"),
        pytest.param("a~b\\,c\\ d\\\\e", "a b c d e", id="spaces"),
        pytest.param("\\verb|\\x{%}| and \\url{http://a.b/c_d%20e}", "\\x{%} and http://a.b/c_d%20e", id="verb and url"),
        pytest.param("\\href{http://a.b}{the page} \\texorpdfstring{$x$}{x}", "the page x", id="links"),
        pytest.param(
            "$d_{\\text{model}}=512$ and $3\\times 10^{-4}$ of \\(\\frac{a+b}{\\sqrt{n}}\\)",
            "d_model = 512 and 3 × 10^-4 of (a + b)/(√n)",
            id="maths",
        ),
        pytest.param("$\\alpha \\leq \\mathbb{R}^{d}$, $95\\%$, $\\hat{y}_i$", "α ≤ ℝ^d, 95%, ŷ_i", id="letters of maths"),
        pytest.param("\\SI{3.5}{\\kilo\\hertz} \\num{1200} \\qty{5}{\\percent}", "3.5 kHz 1200 5 %", id="units"),
        pytest.param("A\\footnotesize{} b\\vspace{1cm} c\\hspace*{2mm}d", "A b cd", id="what vanishes"),
        pytest.param("\\looseness=-1 Text \\parindent=0pt here.", "Text here.", id="registers"),
        pytest.param("\\textcolor{red}{red} \\colorbox{black}{\\textcolor{white}{on black}}", "red on black", id="colours"),
        pytest.param("\\iffalse no \\else yes \\fi \\iftrue one \\else two \\fi", "yes one", id="conditions"),
        pytest.param(
            "\\unknowncommand{kept} \\begin{unknownplace}kept too\\end{unknownplace}", "kept\n\nkept too", id="unknown ones show their text"
        ),
        pytest.param("One.\n\nTwo.\\par Three.", "One.\n\nTwo.\n\nThree.", id="paragraphs"),
        pytest.param("\\IEEEPARstart{T}{he} start and \\lettrine{A}{nother}", "The start and Another", id="large first letters"),
        pytest.param("\\today nothing [in brackets] *starred*", "nothing [in brackets] *starred*", id="brackets stay"),
    ],
)
def test_text(source: str, text: str) -> None:
    """Each construct becomes the words a reader of the page sees."""
    assert read(source).text == text


@pytest.mark.parametrize(
    ("preamble", "source", "text"),
    [
        pytest.param("\\newcommand{\\ours}{\\textsc{Tool}\\xspace}", "\\ours is. Our \\ours, too.", "Tool is. Our Tool, too.", id="xspace"),
        pytest.param("\\newcommand{\\add}[2]{#1 plus #2}", "\\add{one}{two}", "one plus two", id="arguments"),
        pytest.param("\\newcommand{\\opt}[2][x]{#1-#2}", "\\opt{a} \\opt[b]{c}", "x-a b-c", id="a default"),
        pytest.param("\\def\\pair#1,#2;{(#1|#2)}", "\\pair a,b; end", "(a|b) end", id="delimiters"),
        pytest.param("\\def\\a{one}\\let\\b=\\a\\renewcommand\\a{two}", "\\a \\b", "twoone", id="let keeps"),
        pytest.param("\\newcommand{\\dmodel}{d_{\\text{m}}}", "$\\dmodel=4$", "d_m = 4", id="in maths"),
        pytest.param("\\newif\\ifdraft\\drafttrue", "\\ifdraft draft\\else final\\fi", "draft", id="flags"),
        pytest.param("\\NewDocumentCommand{\\both}{mm}{#2 #1}", "\\both{a}{b}", "b a", id="document command"),
        pytest.param(
            "\\newenvironment{frame}[1]{Start #1.}{Stop.}", "\\begin{frame}{x}in\\end{frame}", "Start x.inStop.", id="environment"
        ),
        pytest.param("\\DeclareMathOperator{\\argmin}{arg\\,min}", "$\\argmin_x f$", "arg min_x f", id="operator"),
        pytest.param("\\newcommand{\\todo}[1]{}", "Kept.\\todo{gone}", "Kept.", id="a note that is defined away"),
    ],
)
def test_macros(preamble: str, source: str, text: str) -> None:
    """The paper's own commands stand for what they are defined as."""
    assert read(source, preamble=preamble).text == text


BIBLIOGRAPHY = """
\\begin{thebibliography}{9}
\\bibitem[Smith et~al.(2020)Smith, Jones]{smith} J. Smith and K. Jones. 2020. \\newblock A title. \\emph{A Journal}.
\\bibitem[Doe(2019)]{doe} A. Doe. 2019. Another title.
\\end{thebibliography}
"""
NUMBERED = "\\begin{thebibliography}{9}\\bibitem{smith} J. Smith. A title.\\bibitem{doe} A. Doe. Another title.\\end{thebibliography}"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("It holds \\citep{smith}.", "It holds (Smith et al., 2020).", id="in brackets"),
        pytest.param("\\citet{smith} say so.", "Smith et al. (2020) say so.", id="in the text"),
        pytest.param("It holds \\citep[see][p.~3]{smith,doe}.", "It holds (see Smith et al., 2020; Doe, 2019, p. 3).", id="notes"),
        pytest.param("\\citeauthor{doe} in \\citeyear{doe}.", "Doe in 2019.", id="author and year"),
        pytest.param(
            "It holds~\\cite{unknown}. More \\citep{unknown}, too.", "It holds. More, too.", id="unknown keys leave nothing dangling"
        ),
    ],
)
def test_citations_by_author(source: str, text: str) -> None:
    """Citations read as they are printed; one that leads nowhere leaves no bracket and no space."""
    document = read(source + BIBLIOGRAPHY)

    assert document.text == text
    assert document.references == ("J. Smith and K. Jones. 2020. A title. A Journal.", "A. Doe. 2019. Another title.")


def test_citations_by_number() -> None:
    """A list without authors in its labels is cited by number."""
    document = read("It holds \\cite{doe,smith}, says \\citet{doe}." + NUMBERED)

    assert document.text == "It holds [2, 1], says [2]."


def test_a_bbl_file_is_the_reference_list() -> None:
    r"""\bibliography reads the .bbl file that lies beside the paper."""
    document = read("Known \\cite{doe}.\\bibliography{refs}", main_bbl=NUMBERED)

    assert document.text == "Known [2]."
    assert document.references == ("J. Smith. A title.", "A. Doe. Another title.")


BIBER = """\\refsection{0}
\\entry{doe}{article}{}
  \\name{author}{1}{}{{{hash=x}{family={Doe},familyi={D\\bibinitperiod},given={Ann}}}}
  \\strng{namehash}{x}
  \\field{title}{Another {T}itle}
  \\field{year}{2019}
\\endentry
"""
BIB = """@article{doe, author = {Doe, Ann and Roe, B. and Poe, C.}, title = {Another {T}itle}, journal = "A Journal", year = 2019}
@misc{never, title={Not cited}, author={Nobody}, year={2000}}"""


@pytest.mark.parametrize(
    ("files", "text", "reference"),
    [
        pytest.param({"main_bbl": BIBER}, "Known (Doe, 2019).", "Doe. Another Title. 2019.", id="BibLaTeX"),
        pytest.param(
            {"refs_bib": BIB},
            "Known (Doe et al., 2019).",
            "Doe, Ann, Roe, B., Poe, C. Another Title. A Journal. 2019.",
            id="a .bib file alone",
        ),
    ],
)
def test_other_reference_lists(files: dict[str, str], text: str, reference: str) -> None:
    """What BibLaTeX wrote is read; without any list the cited entries of the .bib file are."""
    document = read("Known \\citep{doe}.\\printbibliography", **files)

    assert document.text == text
    assert document.references == (reference,)


def test_numbers_of_places() -> None:
    """References to sections, tables and equations are their numbers."""
    source = (
        "\\section{One}\\label{s1} See Section~\\ref{s2}, \\autoref{t}, Eq.~\\eqref{e} and Figure~\\ref{nowhere}.\n"
        "\\section{Two}\\subsection{Deep}\\label{s2} Text here.\\begin{equation}\\label{e} a=b \\end{equation}"
        "\\begin{table}\\caption{Things.}\\label{t}\\begin{tabular}{ll} a & b \\\\ 1 & 2\\\\ \\end{tabular}\\end{table}"
    )
    document = read(source)

    assert "See Section 2.1, Table 1, Eq. (1) and Figure." in document.text
    assert blocks(document, BlockKind.TABLE) == ["a | b\n1 | 2"]
    assert blocks(document, BlockKind.CAPTION) == ["Table 1: Things."]
    assert blocks(document, BlockKind.FORMULA) == ["a = b"]


def test_floats_and_notes_wait_for_the_paragraph() -> None:
    """A figure or a footnote inside a paragraph does not cut its sentence."""
    source = (
        "The first half\\footnote{A note.} of it\n\\begin{figure}\\includegraphics{x}\\caption{What is seen.}\\end{figure}\nand the second."
    )
    document = read(source)

    assert blocks(document, BlockKind.PROSE) == ["The first half of it and the second."]
    assert blocks(document, BlockKind.FOOTNOTE) == ["A note."]
    assert blocks(document, BlockKind.CAPTION) == ["Figure 1: What is seen."]


def test_tables_are_rows_of_cells() -> None:
    """Rows are lines and cells are parted by a bar, rules and spans aside."""
    source = (
        "\\begin{tabular}{l|cc}\\toprule Model & \\multicolumn{2}{c}{Score} \\\\ \\cmidrule{2-3} & A & B \\\\ \\midrule"
        " Ours~\\cite{x} & \\textbf{92.5} & $10^{-3}$ \\\\ \\multirow{2}{*}{Theirs} & 1 & 2 \\\\ \\bottomrule\\end{tabular} Text after it."
    )

    assert blocks(read(source), BlockKind.TABLE) == ["Model | Score\n| A | B\nOurs | 92.5 | 10^-3\nTheirs | 1 | 2"]


def test_lists_theorems_code_and_verbatim() -> None:
    """Items are paragraphs, a theorem says its name, code is no prose."""
    source = (
        "\\newtheorem{thm}{Theorem}\\begin{itemize}\\item First thing.\\item[Second] thing.\\end{itemize}"
        "\\begin{thm}[Main] All is well.\\end{thm}\\begin{proof} Clear. \\end{proof}"
        "\\begin{verbatim}x = \\frac{%}\\end{verbatim}\\begin{lstlisting}[language=C]\nint main;\n\\end{lstlisting}"
    )
    document = read(source)

    assert blocks(document, BlockKind.PROSE) == ["First thing.", "Second thing.", "Theorem (Main). All is well.", "Proof. Clear."]
    assert "x = \\frac{%}" in blocks(document, BlockKind.FORMULA)[0]


def test_sections_title_and_roles() -> None:
    """Headings get levels and roles, the title stands apart, authors and keywords are no prose."""
    source = (
        "\\title{A \\emph{Good} Title}\\author{A. Invented\\thanks{Money.}}\\maketitle"
        "\\begin{abstract}Short.\\end{abstract}\\keywords{a, b}"
        "\\section{Introduction}Intro.\\section{Related Work}Past.\\subsection{Method of others}Theirs.\\section{Our Approach}Ours."
        "\\section*{Results}Good.\\section{Conclusion}End.\\appendix\\section{Proofs of results}More."
    )
    document = read(source)

    assert document.title == "A Good Title"
    assert [(s.heading, s.role, s.level) for s in document.sections] == [
        ("Abstract", Role.ABSTRACT, 1),
        ("Introduction", Role.INTRODUCTION, 1),
        ("Related Work", Role.RELATED, 1),
        ("Method of others", Role.RELATED, 2),
        ("Our Approach", Role.METHOD, 1),
        ("Results", Role.RESULTS, 1),
        ("Conclusion", Role.CONCLUSION, 1),
        ("Proofs of results", Role.APPENDIX, 1),
    ]
    assert "Invented" not in document.text
    assert "Money" not in document.text
    assert [p.text for p in cut(document)] == ["Short.", "Intro.", "Past.", "Theirs.", "Ours.", "Good.", "End.", "More."]


def test_included_files() -> None:
    """Files are read where they are named, with and without ending, and never in a circle."""
    document = read(
        "Start.\\input{a}\\include{b}\\subfile{c.tex}\\input{missing} End.",
        a_tex="From a.\\input{a}",
        b_tex="From b.\\input{main}",
        c_tex="\\documentclass[main]{subfiles}\\begin{document}From c.\\end{document} never",
    )

    assert document.text == "Start.From a.From b.From c. End."
    assert [gap.why for gap in document.gaps] == ["the source names 'missing', which is not in it"]


def test_which_file_is_the_paper() -> None:
    """The file with the class, the title and the sections is the paper; what it includes or what answers reviewers is not."""
    files = {
        "response.tex": b"\\documentclass{article}\\begin{document}Dear editor. \\section{Reply}\\end{document}",
        "sections/intro.tex": b"\\section{Introduction} In here.",
        "ms.tex": b"\\documentclass{article}\\title{T}\\begin{document}\\begin{abstract}A.\\end{abstract}"
        b"\\input{sections/intro}\\end{document}",
        "figure.tex": b"\\documentclass{standalone}\\begin{document}x\\end{document}",
    }

    assert read_latex("p", {PurePosixPath(name): data for name, data in files.items()}).title == "T"


HIDDEN = {
    "white words": f"\\textcolor{{white}}{{{ORDER}}}",
    "white by model": f"\\textcolor[rgb]{{1,1,1}}{{{ORDER}}}",
    "white by name": f"\\definecolor{{paper}}{{RGB}}{{255,255,255}}\\textcolor{{paper}}{{{ORDER}}}",
    "white by HTML": f"\\textcolor[HTML]{{FFFFFF}}{{{ORDER}}}",
    "white group": f"{{\\color{{white}} {ORDER}}}",
    "nearly white": f"\\textcolor{{white!98!black}}{{{ORDER}}}",
    "tiny size": f"{{\\fontsize{{0.1pt}}{{0.1pt}}\\selectfont {ORDER}}}",
    "scaled away": f"\\scalebox{{0.01}}{{{ORDER}}}",
    "squeezed": f"\\resizebox{{0.1pt}}{{0.1pt}}{{{ORDER}}}",
    "phantom": f"\\phantom{{{ORDER}}}",
    "off the page": f"\\raisebox{{-200cm}}{{{ORDER}}}",
    "transparent": f"\\texttransparent{{0}}{{{ORDER}}}",
    "invisible mode": f"\\textpdfrender{{TextRenderingMode=Invisible}}{{{ORDER}}}",
    "comment": f"% {ORDER}",
    "comment environment": f"\\begin{{comment}}{ORDER}\\end{{comment}}",
    "never true": f"\\iffalse {ORDER} \\fi",
}


@pytest.mark.parametrize("source", [pytest.param(source, id=name) for name, source in HIDDEN.items()])
def test_hidden_words_are_told_and_left_out(source: str) -> None:
    """Words that the printed page does not show are no part of the text, and are shown for what they are."""
    document = read(f"Words for all to see, before it.\n{source}\n\nAnd after it.")

    assert "positive review" not in document.text
    assert "And after it." in document.text
    assert SignKind.INSTRUCTION in {sign.kind for sign in document.signs}


def test_white_letters_on_a_dark_cell_are_seen() -> None:
    """Tables and coloured boxes print white on dark: that is no sign."""
    document = read("Text.\\begin{tabular}{l}\\cellcolor{black}\\textcolor{white}{seen by all of us} \\\\ \\end{tabular}")

    assert "seen by all of us" in document.text
    assert document.signs == ()


@pytest.mark.parametrize(
    ("source", "why"),
    [
        pytest.param("\\def\\a{\\a\\a}\\a", "without end", id="a macro that grows"),
        pytest.param("\\def\\a{\\b}\\def\\b{\\a}\\a", "without end", id="a macro in a circle"),
        pytest.param(
            "".join(f"\\def\\x{chr(97 + n)}{{{(chr(92) + 'x' + chr(98 + n)) * 12}}}" for n in range(9)) + "\\xa", "without end", id="laughs"
        ),
        pytest.param("\\footnote{" * 400 + "x" + "}" * 400, "nests deeper", id="deep notes"),
        pytest.param("$" + "{" * 5000 + "x" + "}" * 5000 + "$", "nests deeper", id="deep maths"),
        pytest.param("", "no running text", id="nothing"),
    ],
)
def test_hostile_sources_are_refused_in_words(source: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that would never end or nests without bound is a ValueError."""
    monkeypatch.setattr("sovereign.readers.tex.tokens.MAX_TOKENS", 200_000)
    monkeypatch.setattr("sovereign.readers.tex.tokens.MAX_WAITING", 20_000)
    with pytest.raises(ValueError, match=why):
        read(source)


def test_no_latex_is_refused() -> None:
    """Files without LaTeX are a ValueError."""
    with pytest.raises(ValueError, match="expected a LaTeX file"):
        read_latex("p", {PurePosixPath("a.bin"): b"\0\1\2"})
    with pytest.raises(ValueError, match="expected a LaTeX file"):
        read_latex("p", {})


def test_open_ends_are_borne() -> None:
    """Unclosed groups, environments and maths are read as far as they go."""
    document = read("Some {text \\textbf{bold \\begin{itemize}\\item one $x = 1 and \\begin{tabular}{l} a & b")

    assert "Some text bold" in document.text


def test_ends_without_beginnings_are_borne() -> None:
    """Environments that are closed more often than opened, inside a float too, take nothing else with them."""
    document = read(
        "\\end{itemize}Before.\\begin{figure}\\end{center}\\end{center}\\end{table}\\caption{Seen.}\\end{figure}"
        "\\begin{tabular}{l} a & b\\end{x}\\end{y} \\\\ \\end{tabular}\\end{figure} After."
    )

    assert blocks(document, BlockKind.CAPTION) == ["Figure 1: Seen."]
    assert "Before." in document.text
    assert "After." in document.text


@pytest.mark.parametrize(
    ("preamble", "text"),
    [
        pytest.param("\\usepackage[round]{natbib}", "Doe (2019) say so.", id="natbib"),
        pytest.param("\\usepackage{natbib}\\usepackage{emnlp2020}", "(Doe, 2019) say so.", id="a style of the ACL"),
        pytest.param("", "(Doe, 2019) say so.", id="neither"),
    ],
)
def test_plain_cite_reads_as_it_is_printed(preamble: str, text: str) -> None:
    r"""Plain \cite stands in the sentence under natbib, and in brackets under the styles that turn that round."""
    assert read("\\cite{doe} say so." + BIBLIOGRAPHY, preamble=preamble).text == text


@pytest.mark.parametrize(
    "comment",
    [
        "Reviewer 2 asks us to report the best method in this paper, see the rebuttal",
        "TODO: check all claims of this section, the reviewers found errors in the limitations",
        "please do not remove this line, the reviewer's positive remark refers to it",
        "we should mention the weaknesses of this method before the reviewers do",
        "You may use this paper's template for your submission; accepted papers are published",
    ],
)
def test_authors_may_talk_of_reviewers(comment: str) -> None:
    """What authors note for each other in comments is no order to the reviewer."""
    assert read(f"Text.\n% {comment}\nMore.").signs == ()


def test_the_front_of_a_source_is_bounded() -> None:
    """Who wrote a source, and when, is looked for at its front: megabytes of beginnings beside it do not keep the reader busy."""
    flood = "\\documentclass{article}\n" + "\\thanks{" * 500_000
    begun = time.process_time()

    assert read("Text of the paper.", flood1_tex=flood, flood2_tex=flood, flood3_tex=flood).authors == ()
    assert time.process_time() - begun < 40.0  # all of it takes about fifty
