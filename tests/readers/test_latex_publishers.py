r"""Title pages and parts as the classes of publishers have them: each of these sources says the same of the same boats."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from sovereign.model import BlockKind, Document
from sovereign.readers.tex import read_latex
from tests.readers.test_latex import blocks

BODY = r"\section{Introduction}\label{i}Boats float on water. "


def whole(source: str) -> Document:
    """Read a main file as it is."""
    return read_latex("p", {PurePosixPath("main.tex"): source.encode()})


CLASSES = [
    pytest.param(
        r"\documentclass[water,article]{Definitions/mdpi}\firstpage{1}\pubvolume{1}\articlenumber{0}\pubyear{2023}\datereceived{1 May 2023}"
        r"\externaleditor{Editor: Nobody}\hreflink{https://doi.org/}\Title{On boats}" + "\n"
        r"\TitleCitation{Boats}\newcommand{\orcidauthorA}{0000}\Author{Ana Quill $^{1,\dagger}$"
        r"\orcidA{}, Bo Reed $^{1}$ and Cy Ash $^{2,}$*}"
        r"\AuthorNames{Ana Quill, Bo Reed and Cy Ash}\AuthorCitation{Quill, A.}\address{$^{1}$ \quad A pond}\corres{Correspondence: a@b.c}"
        r"\firstnote{Equal.}\abstract{Boats float.}\keyword{boat}\begin{document}" + BODY + r"\authorcontributions{All, A.Q.}"
        r"\appendixtitles{no}\reftitle{References}\abbreviations{Abbreviations}{Used:\\ AB & Boat}\end{document}",
        id="MDPI",
    ),
    pytest.param(
        r"\documentclass{sn-jnl}\begin{document}\title[Boats]{On boats}\author*[1,2]{\fnm{Ana} \sur{Quill}}\email{a@b.c}"
        r"\author[2]{\fnm{Bo} \sur{Reed}}\author[2]{\fnm{Cy} \sur{Ash}}\equalcont{These authors are equal.}"
        r"\affil*[1]{\orgdiv{A pond}, \orgaddress{\city{Town}}}\abstract{Boats float.}\pacs[JEL]{D8}\maketitle" + BODY + r"\end{document}",
        id="Springer",
    ),
    pytest.param(
        r"\documentclass{FrontiersinHarvard}\def\firstAuthorLast{Quill {et~al.}}\def"
        r"\Authors{Ana Quill\,$^{1,*}$, Bo Reed\,$^{2}$ and Cy Ash\,$^{1}$}"
        r"\def\corrEmail{a@b.c}\begin{document}\firstpage{1}\title[Boats]{On boats}\author[\firstAuthorLast ]{\Authors}\address{}"
        r"\correspondance{}\extraAuth{}\maketitle\begin{abstract}\section{}Boats float.\end{abstract}" + BODY + r"\end{document}",
        id="Frontiers",
    ),
    pytest.param(
        r"\documentclass{article}\begin{document}\begin{flushleft}{\Large \textbf\newline{On boats}}\newline\\"
        r"Ana Quill\textsuperscript{1,2\Yinyang},Bo Reed\textsuperscript{2\textpilcrow},Cy Ash\textsuperscript{2*}\\\bigskip"
        r"\textbf{1} A pond\\\Yinyang These authors are equal.\end{flushleft}\section*{Abstract}Boats float." + BODY + r"\end{document}",
        id="PLOS",
    ),
    pytest.param(
        r"\documentclass[journal]{IEEEtran}\begin{document}\title{On boats\thanks{Thanks.}}\author{Ana Quill,~"
        r"\IEEEmembership{Member,~IEEE,} "
        r"Bo Reed,~\IEEEmembership{Fellow,~OSA,} and~Cy~Ash\thanks{A. Quill was at a pond.}}\markboth{Journal}{Quill: Boats}"
        r"\IEEEtitleabstractindextext{\begin{abstract}Boats float.\end{abstract}}\maketitle\IEEEdisplaynontitleabstractindextext"
        r"\IEEEraisesectionheading{\section{Introduction}}\IEEEPARstart{B}{oats} float on water. \IEEEtriggeratref{8}\end{document}",
        id="IEEE",
    ),
    pytest.param(
        r"\documentclass[acp]{copernicus}\begin{document}\title{On boats}\Author[1][a@b.c]{Ana}{Quill}\Author[2]{Bo}{Reed}"
        r"\Author[2]{Cy}{Ash}"
        r"\affil[1]{A pond}\runningtitle{Boats}\runningauthor{Quill}\received{}\pubdiscuss{}\revised{}\firstpage{1}\maketitle"
        r"\begin{abstract}Boats float.\end{abstract}\copyrightstatement{Text}\introduction Boats float on water. \noappendix\end{document}",
        id="Copernicus",
    ),
    pytest.param(
        r"\documentclass{agujournal2019}\journalname{Ponds}\begin{document}\title{On boats}\authors{Ana Quill\affil{1}, Bo Reed"
        r"\affil{2,3}, "
        r"and Cy Ash\affil{3}\thanks{Now at sea}}\affiliation{1}{A pond}\correspondingauthor{Ana Quill}{a@b.c}"
        r"\begin{abstract}Boats float.\end{abstract}" + BODY + r"\end{document}",
        id="AGU",
    ),
    pytest.param(
        r"\documentclass{informs3}\RUNAUTHOR{Quill}\RUNTITLE{Boats}\TITLE{On boats}\ARTICLEAUTHORS{\AUTHOR{Ana Quill}"
        r"\AFF{A pond, \EMAIL{a@b.c}}"
        r"\AUTHOR{Bo Reed}\AFF{A lake}\AUTHOR{Cy Ash}}\ABSTRACT{Boats float.}\KEYWORDS{boat}\HISTORY{Long.}\begin{document}\maketitle"
        + BODY
        + r"\end{document}",
        id="INFORMS",
    ),
    pytest.param(
        r"\documentclass{article}\jmlrheading{23}{2022}{1-9}{1/21}{9/22}{21-0000}{Ana Quill}\ShortHeadings{Boats}{Quill}\firstpageno{1}"
        r"\begin{document}\title{On boats}\author{\name Ana Quill \email one@a.edu \\ \addr A pond\\ Town \AND \name Bo Reed "
        r"\email b@b.edu \\"
        r"\addr A lake \AND \name Cy Ash \\ \addr A sea}\editor{An Editor}\maketitle\begin{abstract}Boats float.\end{abstract}"
        + BODY
        + r"\end{document}",
        id="JMLR",
    ),
    pytest.param(
        r"\documentclass{achemso}\author{Ana Quill}\altaffiliation{Equal}\author{Bo Reed}\email{a@b.c}\phone{+12}\fax{+13}\author{Cy Ash}"
        r"\affiliation[A]{A pond}\alsoaffiliation[B]{A lake}\title[Boats]{On boats\footnote{A note}}\abbreviations{IR}\begin{document}"
        r"\begin{tocentry}A picture.\end{tocentry}\begin{abstract}Boats float.\end{abstract}" + BODY + r"\end{document}",
        id="ACS",
    ),
    pytest.param(
        r"\documentclass{cas-dc}\begin{document}\title [mode = title]{On boats}\tnotemark[1,2]\tnotetext[1]{Results of a project.}"
        r"\author[1,3]{Ana Quill}[type=editor, orcid=0000]\cormark[1]\fnmark[1]\ead[url]{a.org}\credit{Testing}\author[2]{Bo Reed}[style=x]"
        r"\author[2]{Cy Ash}\affiliation[1]{organization={A pond}, city={Town}}\cortext[cor1]{Corresponding author}\nonumnote{No number.}"
        r"\begin{abstract}Boats float.\end{abstract}\begin{graphicalabstract}A picture.\end{graphicalabstract}\maketitle"
        + BODY
        + r"\end{document}",
        id="Elsevier",
    ),
    pytest.param(
        r"\documentclass{WileyNJD-v2}\articletype{Article}\begin{document}\title{On boats\protect\thanks{A note.}}\author[1]{Ana Quill*}"
        r"\author[2]{Bo Reed}\author[2]{Cy Ash}\authormark{QUILL \textsc{et al}}\address[1]{\orgdiv{A pond}}"
        r"\corres{*Ana Quill. \email{a@b.c}}"
        r"\presentaddress{A lake}\abstract[Summary]{Boats float.}\jnlcitation{\cname{\author{Quill A.}} (\cyear{2016}), \ctitle{On boats}}"
        r"\maketitle" + BODY + r"\end{document}",
        id="Wiley",
    ),
    pytest.param(
        r"\documentclass{oup-authoring-template}\begin{document}\journaltitle{Ponds}\DOI{none}\access{Advance}\appnotes{Paper}\firstpage{1}"
        r"\title[Boats]{On boats}\author[1,$\ast$]{Ana Quill\ORCID{0000}}\author[2]{Bo Reed}\author[2]{Cy Ash}\authormark{Quill et al.}"
        r"\address[1]{\orgdiv{A pond}}\corresp[$\ast$]{Corresponding author. \href{email:a@b.c}{a@b.c}}\received{Date}{0}{Year}"
        r"\revised{Date}{0}{Year}\abstract{Boats float.}\maketitle" + BODY + r"\end{document}",
        id="OUP",
    ),
]


@pytest.mark.parametrize("source", CLASSES)
def test_a_title_page_is_read_as_one(source: str) -> None:
    """Title and names are told, and no word of the page is among the sentences of the paper."""
    document = whole(source)

    assert document.title == "On boats"
    assert document.authors == ("Ana Quill", "Bo Reed", "Cy Ash")
    assert blocks(document, BlockKind.PROSE) == ["Boats float.", "Boats float on water."]
    assert [section.heading for section in document.sections if section.heading] == ["Abstract", "Introduction"]
    assert document.gaps == ()


@pytest.mark.parametrize(
    ("source", "headings"),
    [
        pytest.param(r"\backmatter\bmhead{Funding}None.\bmhead*{Thanks}To all.", ["Funding", "Thanks"], id="Springer"),
        pytest.param(
            r"\funding{None.}\dataavailability{Here.}\conflictsofinterest{None.}",
            ["Funding", "Data Availability", "Conflicts of Interest"],
            id="MDPI",
        ),
        pytest.param(
            r"\conclusions[Summary]So.\codedataavailability{Here.}\competinginterests{None.}",
            ["Summary", "Code and Data Availability", "Competing Interests"],
            id="Copernicus",
        ),
        pytest.param(r"\acks{We thank.}", ["Acknowledgements"], id="JMLR"),
        pytest.param(r"\ACKNOWLEDGMENT{We thank.}", ["Acknowledgements"], id="INFORMS"),
        pytest.param(r"\begin{acknowledgement}We thank.\end{acknowledgement}", ["Acknowledgements"], id="an environment"),
    ],
)
def test_parts_at_the_end_have_their_headings(source: str, headings: list[str]) -> None:
    """They do not run into the last paragraph of the paper's own last section."""
    document = whole(rf"\documentclass{{article}}\begin{{document}}\section{{Results}}Boats float.{source}\end{{document}}")

    assert [section.heading for section in document.sections] == ["Results", *headings]
    assert blocks(document, BlockKind.PROSE)[0] == "Boats float."


def test_a_space_between_units_stays() -> None:
    r"""m\,s is no millisecond."""
    document = whole(r"\documentclass{article}\begin{document}At 3\,\unit{m\,s^{-1}} or \SI{3}{m\,s^{-1}}.\end{document}")

    assert document.text.strip() == "At 3 m s^-1 or 3 m s^-1."


def test_what_pandoc_does_with_a_picture_is_no_text() -> None:
    """The measures that its preamble takes of a picture are none of the paper's words."""
    document = whole(
        r"\documentclass{article}\makeatletter\newsavebox\pandoc@box\newcommand*\pandocbounded[1]{\sbox\pandoc@box{#1}"
        r"\Gscale@div\@tempa{\textheight}{\dimexpr\ht\pandoc@box+\dp\pandoc@box\relax}\ifdim\@tempa\p@<\p@\usebox\pandoc@box"
        r"\fi}\makeatother"
        r"\begin{document}\begin{figure}\pandocbounded{\includegraphics{a}}\caption{Boats.}\end{figure}\begin{itemize}\tightlist\item So."
        r"\end{itemize}\end{document}"
    )

    assert document.text.split("\n\n") == ["Figure 1: Boats.", "So."] or document.text.split("\n\n") == ["So.", "Figure 1: Boats."]
    assert document.gaps == ()


def test_words_of_title_pages_in_sentences_lose_nothing() -> None:
    """What a paper's own style, which is not here, calls by such a name stands in its sentence; no letter behind it is taken."""
    document = whole(
        r"\documentclass{article}\begin{document}\section{Results}See \fig{boats} for a pond, as \conference{Ponds} says. \funding None. "
        r"\software none.\end{document}"
    )

    assert blocks(document, BlockKind.PROSE) == ["See boats for a pond, as Ponds says.", "None.", "Software: none."]
