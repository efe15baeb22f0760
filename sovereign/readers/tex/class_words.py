r"""Commands of the classes of journals and societies: AASTeX, A&A, PNAS. Notes of tables, panels of figures, lists of software."""

from __future__ import annotations

from sovereign.model import BlockKind
from sovereign.readers.building import Piece
from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import plain

_TABLE_NOTES = {"tablecomments": "Note. ", "tablefoot": "Note. ", "tablerefs": "References. ", "tablebib": "References. "}
_LISTS = {"software": "Software: ", "facility": "Facility: ", "facilities": "Facilities: "}
_PARTS = {"acknow": "Acknowledgements", "significancestatement": "Significance", "matmethods": "Materials and Methods"}


def _table_note(run: Run, name: str) -> None:
    r"""\tablenotetext{a}{words}, \tablecomments{words}: a note below a table, no cell of it."""
    if name not in _TABLE_NOTES:
        run.tokens.argument()
    if text := run.inline(run.tokens.argument()).strip():
        run.place(Piece(BlockKind.FOOTNOTE, _TABLE_NOTES.get(name, "") + text), floats=True)


def _listed(run: Run, name: str) -> None:
    run.end_paragraph()
    run.tokens.push([("text", _LISTS[name].strip()), (" ", " "), *run.tokens.argument(), ("par", "\n\n")])


def _part(run: Run, name: str) -> None:
    """A part of the paper that a class sets as an argument of its own; its heading is the class's."""
    inside = run.tokens.argument()
    run.place(Piece(BlockKind.HEADING, _PARTS[name], 1))
    run.tokens.push([*inside, ("par", "\n\n")])


def _panel(run: Run, name: str) -> None:
    r"""\fig{file}{width}{(a)} of AASTeX: the words below the panel alone."""
    for _ in range(3 if name == "rotatefig" else 2):
        run.tokens.argument()
    run.tokens.push([(" ", " "), *run.tokens.argument(), (" ", " ")])


def _front(run: Run, _: str) -> None:
    r"""\collaboration{all}{(The Wax Collaboration)}: words of the title page, one group or more."""
    while True:
        run.tokens.optional()
        run.tokens.skip_spaces()
        if (run.tokens.peek() or ("", ""))[0] != "{":
            return
        run.tokens.argument()


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
    **all_of("collaboration altaffiltext nocollaboration", _front),
    "nth": _ordinal,
}
