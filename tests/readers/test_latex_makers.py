r"""LaTeX that programs and classes of journals write: pandoc and papaja, AASTeX, A&A, Elsevier, PNAS, the packages of algorithms."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from sovereign.model import BlockKind, Document, Role
from sovereign.readers.tex import read_latex
from tests.readers.test_latex import blocks, read

BEGUN = r"\begin{document}"


def whole(source: str, **files: str) -> Document:
    """Read a main file as it is; other files by name, "_" standing for "."."""
    named = {PurePosixPath(name.replace("_", ".")): text.encode() for name, text in files.items()}
    return read_latex("p", {PurePosixPath("main.tex"): source.encode(), **named})


# --- pandoc, R Markdown, papaja ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cited", "listed"),
    [
        pytest.param(
            r"\protect\hyperlink{ref-quill}{Quill (2001)}",
            "\\hypertarget{refs}{}\n\\leavevmode\\hypertarget{ref-quill}{}%\nQuill, A. (2001).\n\\emph{On boats}.\n\n"
            "\\leavevmode\\hypertarget{ref-reed}{}%\nReed, B. (2002). On ponds.",
            id="before pandoc 2.11",
        ),
        pytest.param(
            r"\protect\hyperlink{ref-quill}{Quill (2001)}",
            "\\hypertarget{refs}{}\n\\begin{CSLReferences}{1}{0}\n\\leavevmode\\vadjust pre{\\hypertarget{ref-quill}{}}%\n"
            "Quill, A. (2001).\n\\emph{On boats}.\n\n\\leavevmode\\vadjust pre{\\hypertarget{ref-reed}{}}%\nReed, B. (2002). On ponds.\n\n"
            "\\end{CSLReferences}",
            id="pandoc 2",
        ),
        pytest.param(
            r"\citeproc{ref-quill}{Quill (2001)}",
            "\\phantomsection\\label{refs}\n\\begin{CSLReferences}{1}{0}\n\\bibitem[\\citeproctext]{ref-quill}\nQuill, A. (2001).\n"
            "\\emph{On boats}.\n\n\\bibitem[\\citeproctext]{ref-reed}\nReed, B. (2002). On ponds.\n\n\\end{CSLReferences}",
            id="pandoc 3",
        ),
    ],
)
def test_a_list_that_pandoc_writes_is_a_reference_list(cited: str, listed: str) -> None:
    """Its entries are no prose, its keys are shown nowhere, and what the text cites stands as pandoc wrote it."""
    document = read(
        "\\hypertarget{results}{%\n\\section{Results}\\label{results}}\n\n"
        f"Boats float, says {cited}.\n\n\\hypertarget{{references}}{{%\n\\section*{{References}}}}\n\n{listed}"
    )

    assert blocks(document, BlockKind.PROSE) == ["Boats float, says Quill (2001)."]
    assert [section.heading for section in document.sections][:1] == ["Results"]
    assert document.references == ("Quill, A. (2001). On boats.", "Reed, B. (2002). On ponds.")
    assert document.gaps == ()


def test_numbers_of_works_are_no_powers() -> None:
    """A number of the reference list above the line stands in brackets: with a figure it would be its power."""
    document = read(
        r"It grew by 5\textsuperscript{\protect\hyperlink{ref-a}{1},\protect\hyperlink{ref-b}{2}} m\textsuperscript{2}, by "
        r"7\textsuperscript{\citeproc{ref-a}{3}}."
    )

    assert document.text.strip() == "It grew by 5 [1,2] m^2, by 7 [3]."


def test_patches_of_commands_are_no_text_and_open_nothing() -> None:
    r"""\patchcmd\longtable{…}{…}{}{} in the preamble of every file of pandoc's: the table is not begun there."""
    document = read(
        r"\begin{longtable}[]{@{}ll@{}}\toprule Kind & Speed \\ \midrule\endhead Wax & 4.2 \\ \bottomrule\end{longtable} Boats float.",
        preamble=r"\makeatletter\patchcmd\longtable{\par}{\if@noskipsec\mbox{}\fi\par}{}{}\makeatother"
        r"\makesavenoteenv{longtable}\patchcmd{\maketitle}{\section{\abstractname}}{\section*{\abstractname}}{}{\typeout{Failed.}}"
        r"\xapptocmd\appendix{\xapptocmd\section{\addcontentsline{toc}{section}{\appendixname}}{}{\Failed}}{}{\Failed}"
        r"\DeclareDelayedFloatFlavor*{longtable}{table}\babelprovide[main,import]{english}",
    )

    assert blocks(document, BlockKind.TABLE) == ["Kind | Speed\nWax | 4.2"]
    assert blocks(document, BlockKind.PROSE) == ["Boats float."]
    assert document.gaps == ()


def test_listings_of_pandoc_are_code() -> None:
    """What is set in its colours is a listing, no sentence."""
    document = read(
        "So:\n\\begin{Shaded}\n\\begin{Highlighting}[]\n\\CommentTok{\\# Count them}\n\\NormalTok{n = 3}\n\\end{Highlighting}\n"
        "\\end{Shaded}\nIt is done.",
        preamble=r"\newcommand{\CommentTok}[1]{\textit{#1}}\newcommand{\NormalTok}[1]{#1}",
    )

    assert blocks(document, BlockKind.PROSE) == ["So:", "It is done."]
    assert "Count them" in blocks(document, BlockKind.FORMULA)[0]


# --- title pages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(rf"\title{{manuscript}}{BEGUN}\title{{On boats}}\maketitle\section{{One}}So.", id="LaTeX"),
        pytest.param(
            rf"\title{{manuscript}}{BEGUN}\begin{{frontmatter}}\title{{On boats}}\end{{frontmatter}}\title{{Supplement}}\section{{One}}So.",
            id="Elsevier",
        ),
        pytest.param(rf"\title{{On boats}}{BEGUN}\maketitle\section{{One}}So.\title{{Supplement}}\maketitle", id="a supplement"),
        pytest.param(rf"{BEGUN}\title{{On boats}}\section{{One}}So.\title{{Supplement}}\section{{Two}}More.", id="without maketitle"),
        pytest.param(rf"\title{{On boats}}{BEGUN}\title{{}}\maketitle\section{{One}}So.", id="an empty one"),
    ],
)
def test_the_last_title_before_it_is_set_counts(source: str) -> None:
    """As in LaTeX: each title replaces the one before, until one is printed."""
    assert whole(r"\documentclass{article}" + source + r"\end{document}").title == "On boats"


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(
            "\\textbf{Title:} On paper boats\\\\\n\n\\textbf{Authors:} Ana Quill$^{1,*}$, Zo\\'e Reed$^{2}$\\\\\n", id="paragraphs"
        ),
        pytest.param(
            "{\\bf TITLE}: On paper boats\\\\ {\\bf RUNNING TITLE}: Boats\\\\ {\\bf AUTHORS}: Ana Quill, Zo\\'e Reed\\\\ "
            "{\\bf ADDRESS}: A pond\n",
            id="one paragraph",
        ),
        pytest.param("\\noindent\\textbf{Title:}\n\nOn paper boats\n\n\\textbf{Author:}\n\nAna Quill and Zo\\'e Reed\n", id="labels alone"),
    ],
)
def test_labels_name_the_title_and_the_authors(page: str) -> None:
    """A title page without commands: its lines are front matter, no prose of the paper."""
    document = read(page + "\n\\textbf{Words in the abstract:} 276\n\n\\section*{Abstract}Boats float well. Here is why.")

    assert document.title == "On paper boats"
    assert document.authors == ("Ana Quill", "Zoé Reed")
    assert blocks(document, BlockKind.PROSE) == ["Boats float well. Here is why."]


def test_words_with_colons_are_no_title_page() -> None:
    """A paragraph that speaks of titles names none, and a long one stays prose."""
    document = read("We read each title: it was short. Authors: they were many.\n\n\\section{Results}So.")

    assert document.title == ""
    assert document.authors == ()
    assert len(blocks(document, BlockKind.PROSE)) == 2


# --- classes of journals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param(r"\markboth{Journal of Boats}{How to float}\pagebreak[3]Boats\linebreak[2]float.", "Boats float.", id="running heads"),
        pytest.param(r"\linenumbers\modulolinenumbers[1]\setstretch{2}\lhead{\small Draft}Boats float.", "Boats float.", id="settings"),
        pytest.param(r"\explain{The following is new.}Boats \added{float}.", "Boats float.", id="an author's remark to a referee"),
        pytest.param(r"\cortext[cor1]{Corresponding author}\fntext[a]{Equal}Boats float.", "Boats float.", id="notes of a title page"),
        pytest.param(r"The \nth{1}, \nth{2} and \nth{13} float.", "The 1st, 2nd and 13th float.", id="ordinals"),
        pytest.param(r"\software{Boat (v2)}", "Software: Boat (v2)", id="a list of software"),
        pytest.param(r"\startlongtable\restartappendixnumbering Boats float.", "Boats float.", id="what only sets"),
        pytest.param(
            r"\newlength{\keel}\setlength{\keel}{2em}\keel=3pt\newdimen\mast\mast 4pt\mdfdefinestyle{m}{inner=+\keel}Boats float.",
            "Boats float.",
            id="lengths of its own",
        ),
        pytest.param(r"In \grl, \procspie\ and \nphysa: so.", "In Geophys. Res. Lett., Proc. SPIE and Nucl. Phys. A: so.", id="journals"),
    ],
)
def test_words_of_classes(source: str, text: str) -> None:
    """What a class prints is read, what it sets is not, and nothing of it is unknown."""
    document = read(source)

    assert blocks(document, BlockKind.PROSE) == [text]
    assert document.gaps == ()


def test_notes_of_tables_are_no_cells() -> None:
    """A mark beside a number is no part of it, the number of a table no row, a note below it a footnote."""
    document = whole(
        r"\documentclass{aastex62}\begin{document}\section{One}\startlongtable\begin{deluxetable}{ll}\tablenum{1}\tablecaption{Boats}"
        r"\tablehead{\colhead{Kind} & \colhead{Speed}}\startdata Wax & 4.2\tablenotemark{a} \\ Tar & 3.9 \enddata"
        r"\tablenotetext{a}{In still water.}\tablecomments{All in knots.}\tablerefs{(1) Quill.}\end{deluxetable}So.\end{document}"
    )

    assert blocks(document, BlockKind.TABLE) == ["Kind | Speed\nWax | 4.2\nTar | 3.9"]
    assert blocks(document, BlockKind.FOOTNOTE) == ["In still water.", "Note. All in knots.", "References. (1) Quill."]
    assert document.gaps == ()


def test_panels_show_their_words_alone() -> None:
    r"""\fig{file}{width}{words}: the name of a file is no caption."""
    document = read(
        r"\begin{figure}\gridline{\fig{a.pdf}{0.3\textwidth}{(a)}\rightfig{b.pdf}{0.3\textwidth}{(b)}}\plotone{c.eps}"
        r"\caption{Boats.}\end{figure}So."
    )

    assert blocks(document, BlockKind.CAPTION) == ["Figure 1: Boats."]


def test_parts_that_a_class_takes_as_arguments() -> None:
    """PNAS sets its thanks and its statement as arguments; each is a part under its own heading."""
    document = read(r"\significancestatement{Boats matter.}\section{One}So.\acknow{We thank all.}\showacknow{}\dates{Today}")

    assert [section.heading for section in document.sections] == ["Significance", "One", "Acknowledgements"]
    assert blocks(document, BlockKind.PROSE) == ["Boats matter.", "So.", "We thank all."]


def test_a_life_begins_with_its_name() -> None:
    """The name in braces is the first word of the few lines on an author."""
    document = read(
        r"So.\begin{IEEEbiography}[{\includegraphics{a}}]{Ana Quill} builds boats.\end{IEEEbiography}"
        r"\begin{IEEEbiographynophoto}{Zoe Reed} floats them.\end{IEEEbiographynophoto}"
    )

    assert blocks(document, BlockKind.PROSE) == ["So.", "Ana Quill builds boats.", "Zoe Reed floats them."]


def test_commands_in_names_that_are_not_shown_lack_nothing() -> None:
    """What an unread mark beside a name stands for is no gap."""
    assert read(r"\author{Ana Quill\altaffilmark{\pond}}\newcommand{\pond}{1}\altaffiltext{\pond}{A pond}So.").gaps == ()


# --- programs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            r"\begin{algorithmic}[1]\Require A pond\For{each boat}\If{it floats}\State count it\Else\State mend it\EndIf\EndFor"
            r"\State \Return the count\end{algorithmic}",
            id="algpseudocode",
        ),
        pytest.param(
            r"\begin{algorithmic}[1]\REQUIRE A pond\FOR{each boat}\IF{it floats}\STATE count it\ELSE\STATE mend it\ENDIF\ENDFOR"
            r"\STATE \RETURN the count\end{algorithmic}",
            id="algorithmic",
        ),
    ],
)
def test_programs_in_words(body: str) -> None:
    """Each step is a line of its words; nothing of it is unknown."""
    document = read(r"\begin{algorithm}\caption{Counting}" + body + r"\end{algorithm}\begin{figure}\caption{Boats}\end{figure}So.")

    lines = [line.strip() for line in blocks(document, BlockKind.FORMULA)[0].splitlines() if line.strip()]
    assert lines == [
        "Require: A pond", "for each boat do", "if it floats then", "count it", "else", "mend it", "end if", "end for", "return the count",
    ]  # fmt: skip
    assert blocks(document, BlockKind.CAPTION) == ["Algorithm 1: Counting", "Figure 1: Boats"]
    assert document.gaps == ()


def test_programs_in_groups() -> None:
    """The package algorithm2e gives the inside of a block as an argument, and lets a paper name words of its own."""
    document = read(
        r"\begin{algorithm2e}\SetAlgoLined\DontPrintSemicolon\SetKwInOut{Given}{Given}\SetKwFunction{Mend}{mend}\Given{A pond}"
        r"\KwResult{A count}\ForEach{boat}{\eIf{it floats}{count it\;}{\Mend{it}\;}}"
        r"\Repeat{done}{row\;}\caption{Counting}\end{algorithm2e}So."
    )

    text = " ".join(blocks(document, BlockKind.FORMULA)[0].split())
    assert text == "Given: A pond Result: A count for each boat do if it floats then count it else mend(it) repeat row until done"
    assert document.gaps == ()


# --- acronyms ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("listed", ["here", "beside"])
def test_acronyms_that_are_listed_at_the_end(listed: str) -> None:
    """LaTeX knows them from its last run; a plural of their own is used where one is declared."""
    end = r"\begin{acronym}\acro{svm}[SVM]{support-vector machine}\acroplural{svm}[SVMs]{support-vector machines}"
    end += r"\acro{ml}[ML]{learning}\end{acronym}"
    body = r"\ac{ml} by \acp{svm}, and an \ac{svm}. \acresetall "
    document = read(body + end) if listed == "here" else read(body + r"\input{short}", short_tex=end)

    assert document.text.strip() == "learning (ML) by support-vector machines (SVMs), and an SVM."
    assert document.gaps == ()


def test_a_heading_below_the_third_level() -> None:
    """Its words do not run into the paragraph."""
    document = read(r"\section{Methods}\subsubsubsection{Hulls}Boats float.")

    assert [section.heading for section in document.sections][-1] == "Hulls"
    assert blocks(document, BlockKind.PROSE) == ["Boats float."]
    assert document.sections[0].role is Role.METHOD
