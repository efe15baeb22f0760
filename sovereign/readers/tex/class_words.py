r"""Commands of the classes of journals and publishers: AASTeX, A&A, MDPI, Springer, Copernicus, PNAS, INFORMS, Wiley and their kin.

What they say on a title page is no sentence of the paper, what they take as an argument is a part of it under a heading of the class's.
"""

from __future__ import annotations

from sovereign.model import BlockKind
from sovereign.readers.building import Piece
from sovereign.readers.tex.old_styles import take_adjacent
from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import Token, plain

_TABLE_NOTES = {"tablecomments": "Note. ", "tablefoot": "Note. ", "tablerefs": "References. ", "tablebib": "References. "}
_LISTS = {"software": "Software: ", "facility": "Facility: ", "facilities": "Facilities: "}
_PARTS = {
    "acknow": "Acknowledgements", "acks": "Acknowledgements", "ACKNOWLEDGMENT": "Acknowledgements",
    "significancestatement": "Significance", "matmethods": "Materials and Methods", "funding": "Funding",
    "institutionalreview": "Institutional Review Board Statement", "informedconsent": "Informed Consent Statement",
    "dataavailability": "Data Availability", "codeavailability": "Code Availability", "codedataavailability": "Code and Data Availability",
    "sampleavailability": "Sample Availability", "conflictsofinterest": "Conflicts of Interest",
    "authorcontribution": "Author Contributions", "competinginterests": "Competing Interests", "disclaimer": "Disclaimer",
    "simplesumm": "Simple Summary",
}  # fmt: skip
_HEADINGS = {"introduction": "Introduction", "conclusions": "Conclusions"}
_FRONT = (
    "collaboration altaffiltext nocollaboration TitleCitation AuthorNames AuthorCitation Author corres corresp firstnote secondnote "
    "thirdnote fourthnote fifthnote sixthnote seventhnote eighthnote externaleditor hreflink pubvolume issuenum articlenumber firstpage "
    "lastpage pubyear datereceived daterevised dateaccepted datepublished dateonline conference conferencenames reftitle appendixtitles "
    "equalcont correspondance extraAuth runningtitle runningauthor runninghead pubdiscuss received revised accepted published "
    "copyrightstatement correspondence correspondingauthor authors authoraddr journalname ARTICLEAUTHORS AUTHOR AFF HISTORY RUNAUTHOR "
    "RUNTITLE editor phone fax alsoaffiliation tnotetext nonumnote credit authormark presentaddress jnlcitation articletype fundingInfo "
    "journaltitle DOI access appnotes authornote ORCID jmlrheading ShortHeadings firstpageno editors IEEEpubid IEEEspecialpapernotice "
    "IEEEaftertitletext IEEEtriggeratref IEEEtriggercmd IEEEcompsocitemizethanks subject"
)
_IN_SENTENCES = frozenset(
    "authors editor editors credit subject access published accepted received revised conference correspondence".split()
)
"""Words that a paper's own sentences may have as commands: on the title page alone are they the class's."""
_COUNTED = {"altaffiltext": 2, "Author": 1}
"""Groups that stand behind a space too, where there is more than one."""


def _table_note(run: Run, name: str) -> None:
    r"""\tablenotetext{a}{words}, \tablecomments{words}: a note below a table, no cell of it."""
    if name not in _TABLE_NOTES:
        run.tokens.argument()
    if text := run.inline(run.tokens.argument()).strip():
        run.place(Piece(BlockKind.FOOTNOTE, _TABLE_NOTES.get(name, "") + text), floats=True)


def _listed(run: Run, name: str) -> None:
    run.end_paragraph()
    inside = [*run.tokens.argument(), ("par", "\n\n")] if _opens(run) else []
    run.tokens.push([("text", _LISTS[name].strip()), (" ", " "), *inside])


def _part(run: Run, name: str) -> None:
    """A part of the paper that a class sets as an argument of its own; its heading is the class's."""
    inside = [*run.tokens.argument(), ("par", "\n\n")] if _opens(run) else []
    run.place(Piece(BlockKind.HEADING, _PARTS[name], 1))
    run.tokens.push(inside)


def _panel(run: Run, name: str) -> None:
    r"""\fig{file}{width}{(a)} of AASTeX: the words below the panel alone."""
    groups: list[list[Token]] = []
    wanted = 4 if name == "rotatefig" else 3
    while len(groups) < wanted and _opens(run):
        groups.append(run.tokens.argument())
    if len(groups) == wanted:
        run.tokens.push([(" ", " "), *groups[-1], (" ", " ")])
    else:  # \fig{key} of a paper's own, which is not here
        run.tokens.push([*(token for group in groups for token in (("{", "{"), *group, ("}", "}"))), (" ", " ")])
        run.handlers["\\unknown"](run, name)


def _front(run: Run, name: str) -> None:
    r"""\collaboration{all}{(The Wax Collaboration)}, \credit{Testing}: words of the title page, with all their groups and options."""
    if name in _IN_SENTENCES and run.counters.get("section1"):
        run.handlers["\\unknown"](run, name)
        return
    run.tokens.star()
    for _ in range(_COUNTED.get(name, 1)):
        while run.tokens.optional() is not None:
            pass
        if _opens(run):
            run.tokens.argument()
    take_adjacent(run)


def _opens(run: Run) -> bool:
    run.tokens.skip_spaces()
    return (run.tokens.peek() or ("", ""))[0] == "{"


def _heading(run: Run, name: str) -> None:
    r"""\introduction, \conclusions[Summary] of Copernicus; \bmhead{Funding} of Springer."""
    run.tokens.star()
    given = run.tokens.argument() if name == "bmhead" else run.tokens.optional()
    run.place(Piece(BlockKind.HEADING, _HEADINGS.get(name, "") if given is None else run.inline(given), 1))


def _abbreviations(run: Run, _: str) -> None:
    """A list of short forms, which no sentence is."""
    if not _opens(run):
        return
    run.tokens.argument()
    take_adjacent(run)


def _note(run: Run, _: str) -> None:
    if text := run.inline(run.tokens.argument()).strip():
        run.place(Piece(BlockKind.FOOTNOTE, text), floats=True)


def _biography(run: Run, name: str) -> None:
    if name == "bio" and _opens(run):
        run.tokens.argument()
    run.end_paragraph()


def _ordinal(run: Run, _: str) -> None:
    r"""\nth{2}: 2nd."""
    told = plain(run.tokens.argument()).strip()
    last = "th" if told[-2:-1] == "1" else {"1": "st", "2": "nd", "3": "rd"}.get(told[-1:], "th")
    run.say(told + (last if told.isdecimal() else "th"))


PACKAGED: dict[str, Handler] = {
    **all_of("tablenotetext tablefoottext " + " ".join(_TABLE_NOTES), _table_note),
    **all_of(" ".join(_LISTS), _listed),
    **all_of(" ".join(_PARTS), _part),
    **all_of("fig leftfig rightfig boxedfig rotatefig", _panel),
    **all_of(_FRONT, _front),
    **all_of("introduction conclusions bmhead", _heading),
    "abbreviations": _abbreviations,
    "bibnote": _note,
    "TITLE": lambda run, _: run.handlers["title"](run, "title"),
    "ABSTRACT": lambda run, _: run.handlers["abstract"](run, "abstract"),
    "KEYWORDS": lambda run, _: run.handlers["keywords"](run, "keywords"),
    **all_of("bio endbio", _biography),
    "nth": _ordinal,
}
