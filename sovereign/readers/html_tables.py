"""The rows of a table on a page: its own ones alone, each cell at every place that it spans."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import html

from sovereign.readers.row_labels import labelled

MAX_SPAN = 200
MAX_COLUMNS = 400
"""Behind so many columns no cell spans anything."""
MAX_FILLED = 100_000
"""So many cells of a table are filled from others that span; behind them none spans anything."""
CELL = " | "


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's words, and how many columns and rows it spans."""

    text: str
    columns: int = 1
    rows: int = 1


def rows_of(table: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Yield a table's own rows, those of tables inside its cells left to them: a page may nest tables without bound."""
    waiting = list(reversed(table))
    while waiting:
        node = waiting.pop()
        if not isinstance(node.tag, str):
            continue
        if node.tag == "tr" or "ltx_tr" in (node.get("class") or "").split():
            yield node
        elif node.tag != "table" and "ltx_tabular" not in (node.get("class") or "").split():
            waiting.extend(reversed(node))


def span(cell: html.HtmlElement, name: str) -> int:
    """Give how many columns or rows a cell says that it spans; 1 where it says nothing that can be."""
    said = (cell.get(name) or "").strip()
    return min(int(said), MAX_SPAN) if said.isascii() and said.isdigit() and len(said) < 6 and int(said) else 1


def heads_of(rows: Sequence[html.HtmlElement]) -> int:
    """Count the rows at a table's top that name its columns: those of its head, or those that hold heads of columns alone; at least one."""
    count = 0
    for row in rows:
        over = row.getparent()
        is_in_head = over is not None and (over.tag == "thead" or "ltx_thead" in (over.get("class") or "").split())
        cells = [cell for cell in row if isinstance(cell.tag, str)]
        if not is_in_head and not (cells and all(_heads_a_column(cell) for cell in cells)):
            break
        count += 1
    return max(1, count)


def _heads_a_column(cell: html.HtmlElement) -> bool:
    classes = (cell.get("class") or "").split()
    return (cell.tag == "th" or "ltx_th_column" in classes) and cell.get("scope") != "row" and "ltx_th_row" not in classes


def lines(rows: Sequence[Sequence[Cell]], heads: int = 1) -> list[str]:
    """Give each row as a line: a label that spans several rows stands in each, what spans several columns in the first of them.

    So every figure stands under its column's name, and in a row that has its label; so many `heads` at the top name columns.
    """
    out: list[list[str]] = []
    named = 0
    below: dict[int, tuple[str, int]] = {}  # column: what hangs down into it, and into how many rows more
    left = MAX_FILLED
    for index, row in enumerate(rows):
        cells, below = _laid(row, below if left > 0 else {}, has_room=left > 0)
        left -= len(cells) - len(row)
        if row and CELL.join(cells).strip(" |"):
            out.append(cells)
            named += index < heads
    return [CELL.join(cells) for cells in labelled(out, named)]


def _laid(row: Sequence[Cell], hanging: dict[int, tuple[str, int]], *, has_room: bool) -> tuple[list[str], dict[int, tuple[str, int]]]:
    """Give a row's cells with those that hang down into it, and what hangs down into the next row."""
    cells: list[str] = []
    below: dict[int, tuple[str, int]] = {}
    spanned, deepest = 0, max(hanging, default=-1)  # columns that the last cell spans beside its own
    waiting = deque(row)
    while waiting or len(cells) + spanned <= deepest:
        cells += [""] * spanned
        column, spanned = len(cells), 0
        if column in hanging:
            text, more = hanging[column]
            cells.append(text)
            if more > 1:
                below[column] = text, more - 1
        elif waiting:
            cell = waiting.popleft()
            cell = cell if column < MAX_COLUMNS and has_room else Cell(cell.text)
            cells.append(cell.text)
            spanned = cell.columns - 1
            if cell.rows > 1:
                below.update({column + beside: ("" if beside else cell.text, cell.rows - 1) for beside in range(cell.columns)})
        else:
            cells.append("")
    return cells, below
