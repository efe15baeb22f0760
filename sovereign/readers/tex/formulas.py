r"""Formulas in a line and on lines of their own: $…$, $$…$$, \(…\), \[…\] and the environments of maths."""

from __future__ import annotations

from sovereign.model import BlockKind
from sovereign.readers.building import Piece
from sovereign.readers.tex.collecting import give_back, is_prose, until
from sovereign.readers.tex.run import Handler, Run
from sovereign.readers.tex.tokens import Token


def _inline(run: Run, mark: str) -> None:
    inside = until(run, mark)
    if inside is not None:
        run.say(run.maths(inside))


def _inline_sign(run: Run, _: str) -> None:
    inside = until(run, ")", kind="sign")
    if inside is not None:
        run.say(run.maths(inside))


def _display(run: Run, mark: str) -> None:
    inside = until(run, mark)
    if inside is not None:
        run.place(Piece(BlockKind.FORMULA, run.maths(inside)))


def _display_sign(run: Run, _: str) -> None:
    inside = until(run, "]", kind="sign")
    if inside is not None:
        run.place(Piece(BlockKind.FORMULA, run.maths(inside)))


def maths_environment(run: Run, name: str, inside: list[Token]) -> None:
    """Write the formula that an environment of maths holds; one that holds a heading or running text is read as text."""
    if is_prose(inside):
        give_back(run, inside, f"an environment “{name}” holds running text; it is read as text")
        return
    if not name.endswith("*"):
        run.step("equation", "Equation")
    if name in {"alignat", "alignat*"}:
        inside = inside[next((i + 1 for i, token in enumerate(inside) if token[0] == "}"), 0) :]
    run.place(Piece(BlockKind.FORMULA, run.maths(inside)))


HANDLERS: dict[str, Handler] = {"$": _inline, "\\(": _inline_sign, "$$": _display, "\\[": _display_sign}
