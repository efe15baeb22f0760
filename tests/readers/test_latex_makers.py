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


# --- numbers of figures, items and theorems ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(
            r"\begin{subfigure}[b]{3cm}\caption{One}\label{a}\end{subfigure}\begin{subfigure}{3cm}\caption[Short]{Two}\label{b}\end{subfigure}"
            r"\caption{All}\label{c}",
            id="environments",
        ),
        pytest.param(r"\subfloat[One\label{a}]{}\subfloat[Two\label{b}]{}\caption{All}\label{c}", id="commands"),
        pytest.param(r"\caption{All}\label{c}\subfloat[One]{\label{a}}\subfloat[Two]{\label{b}}", id="below the caption of the whole"),
    ],
)
def test_parts_of_a_figure_are_no_figures(parts: str) -> None:
    """The caption of a part has a letter; the whole keeps its number, and so do the figures behind it."""
    document = read(
        rf"\begin{{figure}}{parts}\end{{figure}}\begin{{figure}}\caption{{Next}}\subcaption*{{In other words}}\label{{d}}\end{{figure}}"
        r"See \ref{a}, \ref{b}, \ref{c}, \ref{d}."
    )

    captions = blocks(document, BlockKind.CAPTION)
    assert {"(a) One", "(b) Two", "Figure 1: All", "Figure 2: Next", "In other words"} == set(captions)
    assert "See 1a, 1b, 1, 2." in document.text


def test_a_label_has_the_number_of_its_own_place() -> None:
    """An item has its own; what an environment that nobody defines counts is not what was counted before it."""
    document = read(
        r"\begin{equation}x\label{e}\end{equation}\begin{enumerate}\item One.\item Two.\label{i}\end{enumerate}"
        r"\begin{assum}It floats.\label{u}\end{assum}\begin{table}\begin{strange}\end{strange}\caption{T}\label{t}\end{table}"
        r"By (\ref{e}), \ref{i}, \ref{t} and assumption \ref{u}: so."
    )

    assert "By (1), 2, 1 and assumption: so." in document.text


# --- formulas ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        pytest.param(r"k\textsuperscript{th},10\textsubscript{max}", "k^th, 10_max", id="words above and below"),
        pytest.param(r"v=3\kms", "v = 3km/s", id="words of text"),
        pytest.param(r"\rotatebox{90}{8}<x\footnotemark[2]", "8 < x", id="how it looks"),
        pytest.param(r"\underline{a}+\hl{b c}", "a + b c", id="what text shows"),
    ],
)
def test_words_of_text_in_formulas(formula: str, text: str) -> None:
    """What a command says in text it says in a formula."""
    document = read(f"It is ${formula}$.")

    assert document.text.strip() == f"It is {text}."
    assert document.gaps == ()


def test_a_symbol_that_nobody_defines_is_shown_as_unknown() -> None:
    """Its name is not what it stands for: a value would read as a word."""
    document = read(r"Two-tailed, $p=\permpval$ at $\gentime{3}$ and $\sin x$.")

    assert "p = \ufffd at \ufffd3 and sin x." in document.text
    assert r"\permpval, \gentime" in document.gaps[0].why


def test_the_package_physics() -> None:
    """Its commands stand for signs, where the paper loads it."""
    document = read(
        r"So $\abs{x}<\norm*{y}$, $\dv{f}{x}+\pdv{t}$, $\ket{\psi}$, $\braket{a}{b}$ and $\expval{H}$.",
        preamble=r"\usepackage{amsmath,physics}",
    )

    assert document.text.strip() == "So |x| < ‖y‖, df/dx + (∂)/(∂t), |ψ⟩, ⟨a|b⟩ and ⟨H⟩."
    assert document.gaps == ()


# --- citations, Latin, files ------------------------------------------------------------------------------------------


def test_a_name_that_no_list_tells_stands_as_its_key() -> None:
    """It is a word of its sentence; what stands in brackets beside the sentence vanishes as before."""
    document = read(r"As \citet{quill01} and \citeauthor{reed02} show, boats float \citep{ash03}, and \cite{ash04} sink.")

    assert document.text.strip() == "As [quill01] and [reed02] show, boats float, and sink."


def test_a_reference_in_the_note_of_a_citation() -> None:
    """Both are put into words, the inner one first."""
    document = read(
        r"\section{Drift}\label{s}Boats float \citep[Section \ref{s},][]{q}."
        r"\begin{thebibliography}{9}\bibitem[Quill(2001)]{q}Quill, A. On boats.\end{thebibliography}"
    )

    assert "Boats float (Section 1, Quill, 2001)." in document.text


def test_latin_keeps_its_distance() -> None:
    """A space behind the command is TeX's; the words are those of a macro that puts one back."""
    assert read(r"Boats (\ie floats, \eg rafts) of Quill \etal, \vs reeds.").text.strip() == (
        "Boats (i.e. floats, e.g. rafts) of Quill et al., vs. reeds."
    )


def test_pictures_in_files_are_no_lost_text() -> None:
    """A drawing, and a file that comes with TeX, lack no word; a chapter does."""
    document = read(r"\input{fig.pgf}\input{leqno.clo}\input{a.pdf_tex}\input{chapter}So.")

    assert [gap.why for gap in document.gaps] == ["the source names 'chapter', which is not in it"]


def test_tables_are_read_by_an_input_of_another_name() -> None:
    r"""\PlainInput, \@@input: the file's rows, not its name."""
    table = "Wax & 4.2 \\\\ Tar & 3.9 \\\\"
    document = read(
        r"\begin{tabular}{ll}\PlainInput{rows}\end{tabular}\begin{tabular}{ll}\makeatletter\@@input rows \makeatother\end{tabular}So.",
        rows_tex=table,
    )

    assert blocks(document, BlockKind.TABLE) == ["Wax | 4.2\nTar | 3.9"] * 2


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param("[1] Quill, “On boats,” 2001.\n\n[2] Reed, “On ponds,” 2002.\n\n[3] Ash, a repository.\n", id="paragraphs"),
        pytest.param(
            r"\begin{enumerate}\item Quill, “On boats,” 2001.\item Reed, “On ponds,” 2002.\item Ash, a repository.\end{enumerate}",
            id="items",
        ),
    ],
)
def test_a_list_typed_by_hand_is_a_reference_list(listed: str) -> None:
    """Under the heading of one, paragraphs with numbers or years are entries; the appendix behind it is still one."""
    document = read(rf"\section{{Results}}Boats float [1].\section*{{References}}{listed}\appendix\section{{Proofs}}It floats.")

    assert blocks(document, BlockKind.PROSE) == ["Boats float [1].", "It floats."]
    assert document.references == ("Quill, “On boats,” 2001.", "Reed, “On ponds,” 2002.", "Ash, a repository.")
    assert [section.role for section in document.sections][-1] is Role.APPENDIX


def test_sentences_under_such_a_heading_stay_text() -> None:
    """Paragraphs that tell of works are none of a list."""
    told = "We thank all who sent us their boats, and those who let them float on their ponds.\n\n" * 4

    assert len(blocks(read(rf"\section{{Results}}So.\section{{References}}{told}"), BlockKind.PROSE)) == 5


@pytest.mark.parametrize("label", ["Figure 1:", r"\textbf{Figure 1.}", r"\textbf{Table S2.}", "Fig. 3 |", r"Supplementary Figure~4:"])
def test_captions_outside_of_floats(label: str) -> None:
    """A paragraph that begins as a caption does is one, where no float holds it; a sentence about a figure is not."""
    document = read(rf"\section{{Results}}\includegraphics{{a}}{label} Boats by kind." + "\n\nFigure 1 shows boats. Table 2. is empty.")

    assert len(blocks(document, BlockKind.CAPTION)) == 1
    assert blocks(document, BlockKind.PROSE) == ["Figure 1 shows boats. Table 2. is empty."]


def test_keywords_in_a_paragraph_are_front_matter() -> None:
    """Where no command holds them; a sentence on keywords is one."""
    document = read("\\noindent\\textbf{Key words:} boats; ponds\n\n\\section{One}So. Keywords were chosen by hand.")

    assert blocks(document, BlockKind.FRONT) == ["Key words: boats; ponds"]
    assert blocks(document, BlockKind.PROSE) == ["So. Keywords were chosen by hand."]


def test_accents_in_quoted_fields_of_a_bibliography() -> None:
    """A quotation mark in braces is an accent, and ends no field."""
    title = r'"{On {{\ensuremath{\alpha}}} {\"O}l}"'
    entry = rf'@article{{q, author = "Z. M{{\"u}}ller and B. Reed", title = {title}, journal = "Ponds", year = 2001}}'
    document = read(r"Boats float \citep{q}.\bibliography{refs}", refs_bib=entry)

    assert document.references == ("Z. Müller, B. Reed. On α Öl. Ponds. 2001.",)
