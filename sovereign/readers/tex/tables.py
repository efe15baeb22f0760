"""A LaTeX table as rows of text, cells parted by " | "."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sovereign.model import BlockKind
from sovereign.readers.building import Piece
from sovereign.readers.tex.run import Handler, Run
from sovereign.readers.tex.tokens import Token, Tokens, plain

MAX_TABLE_CELLS = 20_000
_ROW_ENDS = frozenset({("sign", "\\"), ("word", "tabularnewline"), ("word", "cr"), ("word", "startdata")})
_LONG = frozenset({"endfirsthead", "endhead", "endfoot", "endlastfoot"})


def table(run: Run, name: str, inside: list[Token]) -> None:
    """Read the table that the environment `name` holds."""
    run.tokens.push([("end", "table")])
    run.tokens.push(inside)
    base = name.rstrip("*")
    run.tokens.optional()
    if base in {"tabularx", "tabulary", "tabu"} or name == "tabular*":
        if (run.tokens.peek() or ("", ""))[1] in {"to", "spread"}:
            run.tokens.next()
            while (run.tokens.peek() or ("{", ""))[0] not in {"{", "end"}:
                run.tokens.next()
        else:
            run.tokens.argument()
    run.tokens.optional()
    if (run.tokens.peek() or ("", ""))[0] in {"{", " "}:
        run.tokens.argument()
    if base == "deluxetable":
        run.tokens.optional()
    rest: list[Token] = []
    while (token := run.tokens.next()) is not None and token != ("end", "table"):
        rest.append(token)
    outer, run.table_head = run.table_head, []
    with run.inside("table"):
        rows = _rows(run, _printed_once(rest))
    rows, run.table_head = [*run.table_head, *rows], outer
    if rows:
        run.place(Piece(BlockKind.TABLE, "\n".join(rows)), floats=bool(run.depth) or bool(run.environments))


class _Grid:
    """The rows so far: a label that spans rows stands in each, what spans columns in the first of them."""

    def __init__(self, run: Run) -> None:
        self.rows: list[list[str]] = []
        self._run = run
        self._cells: list[str] = []
        self._below: dict[int, tuple[str, int]] = {}  # column: what hangs down into it, and into how many rows more
        self._made = 0
        self._spanned = 0  # columns that the last cell spans beside its own

    def end_cell(self, cell: list[Token]) -> None:
        """Put a cell where it stands."""
        self._made += 1
        if self._made > MAX_TABLE_CELLS:
            return
        across, down = _spans(cell)
        text = " ".join(self._run.inline(cell).split())
        self._cells += [""] * self._spanned
        column = len(self._cells)
        if down > 1:
            self._below[column] = text, down
        elif down < -1:
            _hang_up(self.rows, column, text, -down - 1)
        self._cells.append(text)
        self._spanned = across - 1

    def end_row(self) -> None:
        """Put a row below the others, unless nothing is in it."""
        cells, self._cells, self._spanned = self._cells, [], 0
        if not any(cells):
            return
        for column, (text, left) in list(self._below.items()):
            if column < len(cells) and not cells[column]:
                cells[column] = text
            self._below[column] = text, left - 1
            if left <= 1:
                del self._below[column]
        self.rows.append(cells)


def _rows(run: Run, tokens: list[Token]) -> list[str]:
    """Give each row as a line."""
    grid = _Grid(run)
    cell: list[Token] = []
    depth = inner = 0
    for token in tokens:
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        inner += 1 if token == ("word", "begin") else -1 if token == ("word", "end") else 0
        is_outside = depth == 0 and inner == 0
        if is_outside and token[0] == "&":
            grid.end_cell(cell)
            cell = []
        elif is_outside and token in _ROW_ENDS:
            grid.end_cell(cell)
            grid.end_row()
            cell = []
        else:
            cell.append(token)
    grid.end_cell(cell)
    grid.end_row()
    return [" | ".join(row).strip(" ") for row in grid.rows]


def _spans(cell: Sequence[Token]) -> tuple[int, int]:
    r"""Give how many columns a cell says that it spans, and how many rows, which \multirow may count upwards."""
    found = {"multicolumn": 1, "multirow": 1}
    for at, (kind, name) in enumerate(cell):
        if kind == "word" and name in found:
            ahead = Tokens(cell[at + 1 :])
            ahead.star()
            ahead.optional()
            told = plain(ahead.argument()).strip()
            found[name] = int(told) if re.fullmatch(r"-?\d{1,2}", told) else 1
    return max(1, found["multicolumn"]), found["multirow"]


def _hang_up(rows: list[list[str]], column: int, text: str, count: int) -> None:
    """Put a label that spans the rows above into those that have none there."""
    for row in rows[-count:] if count else ():
        if column < len(row) and not row[column]:
            row[column] = text


def _printed_once(tokens: list[Token]) -> list[Token]:
    """Give a long table without what is printed again on its further pages."""
    marks = [at for at, token in enumerate(tokens) if token[0] == "word" and token[1] in _LONG]
    kinds = [tokens[at][1] for at in marks]
    kept: list[Token] = []
    start = 0
    for at, kind in zip(marks, kinds, strict=True):
        is_again = kind == "endfoot" or (kind == "endhead" and "endfirsthead" in kinds)
        kept += [] if is_again else tokens[start:at]
        start = at + 1
    return [*kept, *tokens[start:]]


def _tablehead(run: Run, _: str) -> None:
    """The rows that name a deluxetable's columns stand before its others, wherever they are written."""
    run.table_head += _rows(run, run.tokens.argument())


def _rule(run: Run, _: str) -> None:
    r"""A rule below some columns: \cmidrule(lr){2-3}, \cline{2-3}."""
    run.tokens.optional()
    run.tokens.skip_spaces()
    while (token := run.tokens.peek()) is not None and token[0] == "text" and token[1][0] in "(lr":
        run.tokens.next()
        if token[1].endswith(")"):
            break
    run.tokens.argument()


HANDLERS: dict[str, Handler] = {"tablehead": _tablehead, "cmidrule": _rule, "cline": _rule, "cdashline": _rule}
