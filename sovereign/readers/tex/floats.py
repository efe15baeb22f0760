"""Figures and tables that float: their captions and the words in them."""

from __future__ import annotations

from sovereign.model import BlockKind
from sovereign.readers.building import Piece
from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import Token, plain

_PARTS = frozenset({"subfigure", "subtable", "subcaptionblock", "subcaptiongroup", "sublisting", "subalgorithm"})
"""Environments whose caption is that of a part."""
_KINDS = ("Table", "Algorithm", "Listing")
"""Floats that are counted by themselves, beside the figures."""


def float_environment(run: Run, name: str, inside: list[Token]) -> None:
    """Read a figure or table: its captions, tables and prose wait for the end of the paragraph it stands in."""
    base = name.rstrip("*")
    run.tokens.push([("end", "float")])
    run.tokens.push(inside)
    run.tokens.optional()
    if base in {"wrapfigure", "wraptable"}:
        run.tokens.argument()
        run.tokens.optional()
        run.tokens.argument()
    rest: list[Token] = []
    while (token := run.tokens.next()) is not None and token != ("end", "float"):
        rest.append(token)
    counted = {kind: run.counters.get(kind.lower(), 0) for kind in (*_KINDS, "Figure")}
    outer, run.counted_before = run.counted_before, counted
    with run.inside(base):
        loose = run.inline(rest)
    run.counted_before = outer
    kind = BlockKind.FORMULA if base.startswith(("algorithm", "listing")) else BlockKind.CAPTION
    if len(loose.split()) > 3:
        run.place(Piece(kind, loose), floats=True)


def _float_kind(run: Run) -> str:
    names = [name.lower() for name in run.environments if name][-2:]
    return next((kind for kind in _KINDS if any(kind.lower() in name for name in names)), "Figure")


def _subcaption(run: Run, name: str) -> None:
    """A part of a figure or table: "2a" where the whole will be 2."""
    is_bare = run.tokens.star()
    kind = _float_kind(run)
    words = run.tokens.optional() if name in {"subfigure", "subfloat", "subtable"} else run.tokens.argument()
    if is_bare:  # words without a letter of their own
        if words is not None and (text := run.inline(words)).strip():
            run.place(Piece(BlockKind.CAPTION, text), floats=True)
        return
    counted = run.counters.get(kind.lower(), 0)
    number = counted if counted > run.counted_before.get(kind, counted) else counted + 1  # where the whole has its caption already
    part = run.step(f"{kind} {number} part", kind)
    letter = chr(96 + min(int(part), 26))
    run.current_label = (kind, f"{number}{letter}")
    if words is not None and (text := run.inline(words)).strip():
        run.place(Piece(BlockKind.CAPTION, f"({letter}) {text}"), floats=True)


def _caption(run: Run, name: str) -> None:
    if name == "caption" and not _PARTS.isdisjoint(run.environments[-2:]):
        if run.tokens.peek() == ("[", "["):
            run.tokens.optional()
        _subcaption(run, "subcaption")
        return
    run.tokens.star()
    run.tokens.optional()
    kind = "Table" if name == "tablecaption" else _float_kind(run)
    if name == "captionof":
        kind = plain(run.tokens.argument()).strip().capitalize()
    number = run.step(kind.lower(), kind)
    text = run.inline(run.tokens.argument())
    if text.strip():
        run.place(Piece(BlockKind.CAPTION, f"{kind} {number}: {text}"), floats=True)


HANDLERS: dict[str, Handler] = {
    **all_of("caption captionof tablecaption figcaption", _caption),
    **all_of("subcaption subfigure subfloat subcaptionbox", _subcaption),
}
