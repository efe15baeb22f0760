"""A LaTeX table as rows of text, cells parted by " | "."""

from __future__ import annotations

from sovereign.model import BlockKind
from sovereign.readers.building import Piece
from sovereign.readers.tex.run import Handler, Run
from sovereign.readers.tex.tokens import Token

MAX_TABLE_CELLS = 20_000


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
    rest: list[Token] = []
    while (token := run.tokens.next()) is not None and token != ("end", "table"):
        rest.append(token)
    with run.inside("table"):
        rows = _rows(run, rest)
    if rows:
        run.place(Piece(BlockKind.TABLE, "\n".join(rows)), floats=bool(run.depth) or bool(run.environments))


def _rows(run: Run, tokens: list[Token]) -> list[str]:
    rows: list[str] = []
    cells: list[str] = []
    cell: list[Token] = []
    depth = inner = made = 0

    def end_cell() -> None:
        nonlocal made
        made += 1
        if made <= MAX_TABLE_CELLS:
            cells.append(" ".join(run.inline(cell).split()))
        cell.clear()

    def end_row() -> None:
        end_cell()
        if any(cells):
            rows.append(" | ".join(cells).strip(" "))
        cells.clear()

    for token in tokens:
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        inner += 1 if token == ("word", "begin") else -1 if token == ("word", "end") else 0
        if depth == 0 and inner == 0 and token[0] == "&":
            end_cell()
        elif depth == 0 and inner == 0 and token in {("sign", "\\"), ("word", "tabularnewline"), ("word", "cr"), ("word", "startdata")}:
            end_row()
        else:
            cell.append(token)
    end_row()
    return rows


def _tablehead(run: Run, _: str) -> None:
    """A deluxetable's head is a row of its own."""
    inner = run.tokens.argument()
    for row in _rows(run, inner):
        run.place(Piece(BlockKind.TABLE, row), floats=True)


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
