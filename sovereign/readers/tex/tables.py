"""A LaTeX table as rows of text, cells parted by " | "."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sovereign.model import BlockKind
from sovereign.readers.building import Piece
from sovereign.readers.row_labels import labelled
from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import Token, Tokens, is_length, plain

MAX_TABLE_CELLS = 20_000
_ROW_ENDS = frozenset({("sign", "\\"), ("word", "tabularnewline"), ("word", "cr"), ("word", "startdata")})
_SPANS = frozenset("multicolumn multirow multirowcell multirowthead Block SetCell".split())
_HEADS_OF_PARTS = frozenset({"cutinhead", "sidehead"})
_WRITTEN_OUT = _SPANS | _HEADS_OF_PARTS
MAX_MET = 200
"""So many of a paper's own commands are looked into for one that makes cells."""
_INPUTS = frozenset({"input", "include", "subfile", "@@input", "@input"})
_WITHIN_CELLS = frozenset({"newline", "linebreak"})
"""Column types of a paper's own say that these are row ends, and say so inside a cell alone."""
_CELLS = "table cells"
_RULES = frozenset("hline midrule toprule bottomrule specialrule Xhline hhline hdashline firsthline lasthline thickhline".split())
MOST_HEADS = 4
"""A rule below more rows than these is none below the head."""
_LONG = frozenset({"endfirsthead", "endhead", "endfoot", "endlastfoot"})


def table(run: Run, name: str, inside: list[Token]) -> None:
    """Read the table that the environment `name` holds."""
    is_in_cell = run.environments[-1:] == [_CELLS]
    run.tokens.push([("end", "table")])
    run.tokens.push(inside)
    base = name.rstrip("*")
    options = run.tokens.optional()
    if base in {"longtblr", "talltblr"} and options:
        _say_caption(run, options)
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
    rest = _written_out(run, base)
    outer, run.table_head = run.table_head, []
    with run.inside(_CELLS):
        grid = _grid(run, _printed_once(_with_stops(rest) if base == "tabbing" else rest))
    heads, run.table_head = run.table_head, outer
    rules = [len(heads) + at for at in sorted(grid.rules)]
    below = next((at for at in rules if 0 < at <= MOST_HEADS), 1) if not heads else len(heads)
    if is_in_cell and not heads and all(len(row) < 2 for row in grid.rows):
        run.say(" ".join(["", *(cell for row in grid.rows for cell in row), ""]))  # one cell set in several lines
        return
    lines = [" | ".join(row).strip(" ") for row in labelled([*heads, *grid.rows], below, rules)]
    if lines:
        run.place(Piece(BlockKind.TABLE, "\n".join(lines)), floats=bool(run.depth) or bool(run.environments))


def _written_out(run: Run, base: str) -> list[Token]:
    """Take the tokens of the table, with what stands for rows, cells or spans written out: the paper's own commands, files, packages'."""
    rest: list[Token] = []
    seen: dict[str, bool] = {}
    while (token := run.tokens.next()) is not None and token != ("end", "table"):
        kind, name = token
        if token == ("end", "file"):
            run.run([token])
        elif kind != "word":
            rest.append(token)
        elif name in _INPUTS or (name.lower().endswith("input") and not run.macros.commands.get(name)):
            run.handlers["input"](run, name)
        elif name in run.macros.commands and name not in _WITHIN_CELLS and name not in run.handlers and _makes_cells(run, name, seen):
            run.macros.expand(name, run.tokens)
        elif name == "tablenum" and base == "deluxetable":
            run.tokens.argument()
        elif name in _HEADS_OF_PARTS:
            rest += [*run.tokens.argument(), ("sign", "\\")]
        elif name in {"Block", "SetCell"}:
            rest += _spanning(run, name)
        else:
            rest.append(token)
    return rest


def _makes_cells(run: Run, name: str, seen: dict[str, bool]) -> bool:
    """Whether a command of the paper stands for ends of cells or rows, or for what a cell spans; by itself or by those that it uses."""
    if name not in seen:
        waiting, met = [name], {name}
        seen[name] = False
        while waiting and not seen[name] and len(met) < MAX_MET:
            body = run.macros.commands[waiting.pop()].body
            seen[name] = any(token[0] == "&" or token in _ROW_ENDS or (token[0] == "word" and token[1] in _WRITTEN_OUT) for token in body)
            inner = {text for kind, text in body if kind == "word" and text in run.macros.commands} - met
            waiting += inner
            met |= inner
    return seen[name]


def _spanning(run: Run, name: str) -> list[Token]:
    r"""Give \Block{2-1}{…} and \SetCell[r=2]{…} as the \multirow that they are; what they span across is written as empty cells."""
    options = plain(run.tokens.optional() or ())
    size = plain(run.tokens.argument())
    told = re.match(r"\s*(\d{1,2})-\d", size) if name == "Block" else re.search(r"(?<!\w)r\s?=\s?(\d{1,2})", options)
    if name == "Block" and (run.tokens.peek() or ("", ""))[1].startswith("<"):
        while (token := run.tokens.next()) is not None and not token[1].endswith(">") and token[0] != "end":
            pass
    shown = run.tokens.argument() if name == "Block" else []
    rows: Token = ("text", told[1] if told else "1")
    return [("word", "multirow"), ("{", "{"), rows, ("}", "}"), ("*", "*"), ("{", "{"), *shown, ("}", "}")]


def _say_caption(run: Run, options: list[Token]) -> None:
    """Place the caption that a table says among its options."""
    at = next((at for at, (kind, text) in enumerate(options) if kind == "text" and re.search(r"(?:^|,)caption=?$", text)), None)
    start = next((start for start in range(at or 0, len(options)) if options[start][0] == "{"), None) if at is not None else None
    if start is not None and (text := run.inline(Tokens(options[start:]).argument())).strip():
        run.place(Piece(BlockKind.CAPTION, f"Table {run.step('table', 'Table')}: {text}"), floats=True)


def _with_stops(tokens: list[Token]) -> list[Token]:
    r"""Give what stands between tabulators as cells; a line that only sets them is not printed."""
    out: list[Token] = []
    for token in tokens:
        if token == ("word", "kill"):
            out = out[: max((at + 1 for at, before in enumerate(out) if before in _ROW_ENDS), default=0)]
        else:
            out.append(("&", "&") if token in {("sign", "="), ("sign", ">")} else token)
    return out


class _Grid:
    """The rows so far: a label that spans rows stands in each, what spans columns in the first of them."""

    def __init__(self, run: Run) -> None:
        self.rows: list[list[str]] = []
        self.rules: set[int] = set()  # indices of the rows over which a rule goes across the table
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

    def rule(self) -> None:
        """Put a rule between the rows so far and the next one."""
        if not self._cells:
            self.rules.add(len(self.rows))

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


def _grid(run: Run, tokens: list[Token]) -> _Grid:
    """Give the rows, cell by cell."""
    grid = _Grid(run)
    cell: list[Token] = []
    depth = inner = 0
    waiting = Tokens(tokens)
    while (token := waiting.next()) is not None:
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
            waiting.star()
            if (space := waiting.optional()) is not None and not is_length(space):
                waiting.push([("[", "["), *space, ("]", "]")])
        else:
            if is_outside and token[0] == "word" and token[1] in _RULES:
                grid.rule()
            cell.append(token)
    grid.end_cell(cell)
    grid.end_row()
    return grid


def _spans(cell: Sequence[Token]) -> tuple[int, int]:
    r"""Give how many columns a cell says that it spans, and how many rows, which \multirow may count upwards."""
    found = {"multicolumn": 1, "multirow": 1}
    for at, (kind, written) in enumerate(cell):
        if kind == "word" and written in _SPANS:
            name = "multicolumn" if written == "multicolumn" else "multirow"
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
    run.table_head += _grid(run, run.tokens.argument()).rows


def _rule(run: Run, _: str) -> None:
    r"""A rule below some columns: \cmidrule(lr){2-3}, \cline{2-3}."""
    run.tokens.optional()
    run.tokens.skip_spaces()
    while (token := run.tokens.peek()) is not None and token[0] == "text" and token[1][0] in "(lr":
        run.tokens.next()
        if token[1].endswith(")"):
            break
    run.tokens.argument()


def _corner(run: Run, _: str) -> None:
    """The corner over labels and columns, which names both."""
    run.tokens.optional()
    names = [run.inline(run.tokens.argument()).strip() for _ in range(2)]
    run.say(" / ".join(name for name in names if name))


HANDLERS: dict[str, Handler] = {
    **all_of("diagbox backslashbox slashbox", _corner),
    "tablehead": _tablehead,
    "cmidrule": _rule,
    "cline": _rule,
    "cdashline": _rule,
}
