"""Rows of a PDF's table, each with its label and its cells in the columns where they stand; a cell beside several rows belongs to each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from sovereign.model import BlockKind
from sovereign.readers.building import PAGE
from sovereign.readers.pdf.kinds import Measures, Para
from sovereign.readers.pdf.lines import Line
from sovereign.readers.row_labels import is_figure, is_words, labelled

MAX_ROWS = 400
MAX_CELL = 30  # letters; a caption's line with wide holes between its words has more in a row
MAX_LEADING = 2.6  # how far apart, in steps of the text's lines, two rows of one table may stand
_Cell = tuple[float, float, str]


def whole_tables(paras: list[Para], usual: Measures) -> list[Para]:
    """Join the rows of a table that were read apart, and the words that stand alone between them, into one paragraph."""
    out: list[Para] = []
    for para in (part for whole in paras for part in _without_rows(whole)):
        if out and _is_next_row(out[-1], para, usual):
            out[-1].lines += para.lines
        elif len(out) > 1 and _is_next_row(out[-2], para, usual) and _is_between(out[-2], out[-1], para):
            between = out.pop()
            out[-1].lines += between.lines + para.lines
        else:
            out.append(para)
    for para in out:
        if para.kind is BlockKind.TABLE and not any(re.search(r"[^\W\d_]", line.text) for line in para.lines):
            para.kind = BlockKind.FIGURE  # the numbers along an axis
    return out


def _without_rows(para: Para) -> list[Para]:
    """Give a caption without the first rows of the table below it, which follow it as closely as its own lines do."""
    if para.kind is not BlockKind.CAPTION:
        return [para]
    at = next((at for at, line in enumerate(para.lines) if at and line.gaps > 1), 0)
    rows = para.lines[at:]
    if not at or any(not line.gaps or max(map(len, line.cells)) > MAX_CELL for line in rows):
        return [para]
    return [replace(para, lines=para.lines[:at]), Para(BlockKind.TABLE, rows, edges=para.edges)]


def _is_next_row(table: Para, para: Para, usual: Measures) -> bool:
    if table.kind is not BlockKind.TABLE or para.kind is not BlockKind.TABLE:
        return False
    last, first = table.last, para.first
    step = MAX_LEADING * max(usual.leading, first.size)
    return (last.page, last.column) == (first.page, first.column) and abs(last.y - first.y) < step and len(table.lines) < MAX_ROWS


def _is_between(table: Para, between: Para, para: Para) -> bool:
    """Whether a paragraph is words beside or over some rows: short lines that are no sentences, in between two rows of a table."""
    if between.kind in {BlockKind.CAPTION, BlockKind.TABLE, BlockKind.FOOTNOTE} or len(between.lines) > 2:
        return False
    return all(len(line.text) < 40 and para.first.y < line.y + 1 and line.y < table.last.y + 1 for line in between.lines)


def rows_of(lines: Sequence[Line]) -> list[str]:
    """Give a table's rows from the top, cells parted by " | ", PAGE where one begins; a column where a row has nothing is an empty cell."""
    fullest = max(map(_cells, lines), key=_fullness, default=[])
    parted = [_parted(line, fullest) for line in lines]
    fullest = max(parted, key=_fullness, default=[])
    parted = [cells if _places(cells, fullest) else _cells(line) for line, cells in zip(lines, parted, strict=True)]
    rows = _spread([(line.y, line.size, cells) for line, cells in zip(lines, parted, strict=True)])
    _label(rows)
    columns = max((cells for _, _, cells in rows), key=len, default=[])
    grid = [_aligned(cells, columns) for _, _, cells in rows]
    heads = next((at for at, row in enumerate(grid) if any(map(is_figure, row[1:]))), len(grid))
    groups = _groups(rows)
    for first, end in pairwise(groups):
        if first >= heads:
            _whole_label(rows[first:end], grid[first:end])
    loose = {at + beside for at, row in enumerate(grid) for beside in (0, 1) if not _is_placed(rows[at][2], row, columns)}
    told = [" | ".join(row) for row in labelled(grid, heads, {*groups, *loose}, only_figures=True)]
    for page in sorted({line.page for line in lines} - {min((line.page for line in lines), default=0)}):
        top = max(line.y for line in lines if line.page == page)
        at = next((at for at, (y, _, _) in enumerate(rows) if y <= top), 0) if len(rows) == len(told) else 0
        told[at] = PAGE + told[at]
    return told


def _is_placed(cells: Sequence[_Cell], row: Sequence[str], columns: Sequence[_Cell]) -> bool:
    """Whether a row's cells stand in the columns where they are."""
    return len(row) < 2 or len(row) >= len(columns) or len(row) != len(cells) or _places(cells, columns) == list(range(len(cells)))


def _whole_label(rows: Sequence[_Row], grid: Sequence[list[str]]) -> None:
    """Put a label in several lines, set beside the middle of a group of rows, into each of these as one."""
    own = [at for at, row in enumerate(grid) if len(row) > 1 and row[0]]
    if not 1 < len(own) < len(grid) or own[-1] - own[0] != len(own) - 1 or any(len(row) < 2 for row in grid):
        return
    cells = [rows[at][2][0] for at in own]
    middles = [(x0 + x1) / 2 for x0, x1, _ in cells]
    is_centred = max(middles) - min(middles) < rows[0][1] and max(x0 for x0, _, _ in cells) - min(x0 for x0, _, _ in cells) > 2
    if is_centred and all(is_words(grid[at][0]) for at in own):
        label = " ".join(grid[at][0] for at in own)
        for row in grid:
            row[0] = label


def _fullness(cells: Sequence[_Cell]) -> tuple[int, int]:
    """Say how well a row tells the columns: by its cells; among rows of as many by its figures, as a head may name two labels in one."""
    return len(cells), sum(is_figure(text) for _, _, text in cells)


def _cells(line: Line) -> list[_Cell]:
    spots = line.spots if len(line.spots) == len(line.cells) else ((line.x0, line.x1),)
    texts = line.cells if len(line.spots) == len(line.cells) else (line.text,)
    return [(x0, x1, text) for (x0, x1), text in zip(spots, texts, strict=True)]


def _parted(line: Line, columns: Sequence[_Cell]) -> list[_Cell]:
    """Give a line's cells; one that lies over several columns, with holes in it, is parted where its words stand in different ones."""
    found: list[_Cell] = []
    for cell, pieces in zip(_cells(line), line.pieces or ((),) * len(line.cells), strict=False):
        over = [column for column in columns if cell[0] - 1 < (column[0] + column[1]) / 2 < cell[1] + 1]
        places = [_column(piece, columns) for piece in pieces] if len(over) > 1 and pieces else []
        if not places or min(places) < 0 or any(two < one for one, two in pairwise(places)) or places[0] == places[-1]:
            found.append(cell)
            continue
        for place in dict.fromkeys(places):
            own = [piece for piece, where in zip(pieces, places, strict=True) if where == place]
            found.append((own[0][0], own[-1][1], " ".join(text for _, _, text in own)))
    return found if len(found) >= len(_cells(line)) else _cells(line)


_Row = tuple[float, float, list[_Cell]]


def _spread(rows: Sequence[_Row]) -> list[_Row]:
    """Give the cells that stand between two rows, as one beside both does, to each of the two."""
    rows = sorted(rows, key=lambda row: -row[0])
    kept: list[_Row] = []
    for index, row in enumerate(rows):
        above = kept[-1] if kept else None
        below = rows[index + 1] if index + 1 < len(rows) else None
        if above is not None and below is not None and _is_beside_both(row, above, below):
            above[2].extend(row[2])
            below[2].extend(row[2])
            continue
        kept.append((row[0], row[1], list(row[2])))
        if below is not None:
            rows[index + 1] = (below[0], below[1], list(below[2]))
    return [(y, size, sorted(cells)) for y, size, cells in kept]


def _is_beside_both(row: _Row, above: _Row, below: _Row) -> bool:
    step = above[0] - below[0]
    if not 0 < step < 1.75 * row[1] or max(above[0] - row[0], row[0] - below[0]) > 0.75 * step:
        return False
    if len(row[2]) > len(above[2]) and not _are_labels_of(row, above, below):
        return False
    others = [*above[2], *below[2]]
    return not any(min(x1, other[1]) - max(x0, other[0]) > 0.5 for x0, x1, _ in row[2] for other in others)


def _are_labels_of(row: _Row, above: _Row, below: _Row) -> bool:
    """Whether two rows are nothing but labels, and the figures of both stand between them."""
    if not len(above[2]) == len(below[2]) == 1:
        return False
    return is_words(above[2][0][2]) and is_words(below[2][0][2]) and all(is_figure(text) for _, _, text in row[2])


def _label(rows: list[_Row]) -> None:
    """Give the label of a group of rows, which stands beside one of them, to each row of the group that has none."""
    if len(rows) < 3:
        return
    left = min(cells[0][0] for _, _, cells in rows if cells)
    size = rows[0][1]
    for first, end in pairwise(_groups(rows)):
        group = rows[first:end]
        labelled = [cells[0] for _, _, cells in group if cells and cells[0][0] < left + 1.5 * size and re.search(r"[^\W\d_]", cells[0][2])]
        if len(labelled) == 1 and len(group) > 1:
            x0, x1, text = labelled[0]
            for _, _, cells in group:
                if cells and cells[0] is not labelled[0] and cells[0][0] > x1 and not re.search(r"[^\W\d_]{3}", cells[0][2]):
                    cells.insert(0, (x0, x1, text))


def _groups(rows: Sequence[_Row]) -> list[int]:
    """Give the first row of each group that a wider space stands over, and the number of rows."""
    if len(rows) < 2:
        return [0, len(rows)]
    pace = _pace(rows)
    return [0, *(index for index, (one, other) in enumerate(pairwise(rows), 1) if one[0] - other[0] > 1.15 * pace), len(rows)]


def _pace(rows: Sequence[_Row]) -> float:
    steps = sorted(one[0] - other[0] for one, other in pairwise(rows))
    return steps[len(steps) // 3]


def _aligned(cells: Sequence[_Cell], columns: Sequence[_Cell]) -> list[str]:
    """Give a row's texts in the columns of the fullest row, where each has one of its own; else as they follow each other."""
    texts = [text for _, _, text in cells]
    if not 1 < len(cells) < len(columns):
        return texts
    places = _places(cells, columns)
    if not places:
        return texts
    out = [""] * len(columns)
    for place, text in zip(places, texts, strict=True):
        out[place] = text
    while out and not out[-1]:
        out.pop()
    return out


def _places(cells: Sequence[_Cell], columns: Sequence[_Cell]) -> list[int]:
    """Give the column of each of a row's cells; none where two would share one, or one has none."""
    places = [_column(cell, columns) for cell in cells]
    return [] if not places or places[0] < 0 or any(two <= one for one, two in pairwise(places)) else places


def _column(cell: _Cell, columns: Sequence[_Cell]) -> int:
    """Give the column that a cell stands in: the one it shares most of its width with, or the nearest within a letter or two."""
    shared = [min(cell[1], other[1]) - max(cell[0], other[0]) for other in columns]
    best = max(range(len(columns)), key=lambda index: shared[index])
    return best if shared[best] > -6 else -1
