"""Spans in reading order: columns one after the other, what stands beside the text apart from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

SHELF_PT = 4.0
MAX_COLUMNS = 5
MIN_CAPTION = 14  # letters
MAX_ASIDES = 40  # captions of one column that are looked at
CLEAR = 0.03  # of a page's letters in lines that cross the gutter
SHORT, SHORT_LINES = 0.02, 2  # of a page's letters, and lines, in the shorter of two columns, where the gutter is clear
ASIDE = 100  # what is added to the number of a column for what stands beside its text
_CAPTION = re.compile(r"(?i:figure|fig\.?|table|scheme|box|algorithm|listing)\s*(?:S?\d+|[IVX]+)\s*[.:|]")
_ADDRESS = re.compile(r"\S*/\S{8,}")
MAX_CELL = 40  # letters; a line of a column's text has more
_Row = list["Span"]


@dataclass(slots=True)
class Span:
    """A run of letters on one baseline, measured."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: float
    italic: float
    chars: int
    raised: bool = False
    family: str = ""
    font: str = ""
    ends_bold: bool = False
    parts: tuple[str, ...] = ()
    pieces: tuple[tuple[float, float, str], ...] = ()  # left and right edge and words between holes wider than a space


def in_columns(spans: list[Span], body: float) -> list[tuple[int, _Row]]:
    """Give rows of spans with their column, in reading order; -1 is across the columns, ASIDE and more beside a column's text.

    Letters of the size of the document's text, in points, say where the columns are, rather than those of a figure on the page.
    """
    if not spans:
        return []
    usual = [span for span in spans if abs(span.size - body) < 1.2]
    gutters = _gutters(usual if sum(1 for span in usual if span.chars >= 18) >= 8 else spans)
    if not gutters:
        return _with_asides(0, _rows(spans))
    ordered: list[tuple[int, _Row]] = []
    band: _Row = []
    rows = _rows(spans)
    wide = _wide_tables(rows, gutters, body)
    for index, row in enumerate(rows):
        if index in wide or _is_across(row, gutters):
            ordered += _band(band, gutters)
            band = []
            ordered.append((-1, row))
        else:
            band += row
    return ordered + _band(band, gutters)


def _is_across(row: _Row, gutters: Sequence[float]) -> bool:
    """Whether a row belongs to no one column; an address that is too long for its column belongs to the one where it begins."""
    return _crosses([span for span in row if not _ADDRESS.fullmatch(span.text)], gutters, 8)


def _crosses(row: Sequence[Span], gutters: Sequence[float], slack: float) -> bool:
    """Whether a span of the row reaches over a gutter by more than a hair on both sides."""
    return any(span.x0 < gutter - slack and span.x1 > gutter + slack for span in row for gutter in gutters)


def _wide_tables(rows: list[_Row], gutters: Sequence[float], body: float) -> set[int]:
    """Give the rows of tables that stretch over the columns: those between a caption that crosses a gutter and the nearest text."""
    wide: set[int] = set()
    for index, row in enumerate(rows):
        text = " ".join(span.text for span in row)
        if not (re.match(r"Table\s+\w+\s*[.:]", text, re.IGNORECASE) and _crosses(row, gutters, 3)):
            continue
        sides = [_rows_beside(rows, index, step, gutters, body) for step in (-1, 1)]
        wide.update(min((side for side in sides if side), key=lambda side: side[0], default=(0.0, range(0)))[1])
    return wide


def _rows_beside(rows: list[_Row], index: int, step: int, gutters: Sequence[float], body: float) -> tuple[float, range] | None:
    """Give the rows of a table above or below its caption, with the distance between the two; None where text stands there."""
    first = index + step
    while step > 0 and first < len(rows) and _is_rest_of(rows[index], rows[first], rows[first - 1]):
        first += 1
    at, reached = first, first - step
    while 0 <= at < len(rows) and not _is_text(rows[at], gutters, body):
        near = abs(rows[at][0].y - rows[at - step][0].y) < 2.0 * max(span.size for span in rows[at])
        if len(rows[at]) >= 3 or (near and reached == at - step != first - step):
            reached = at  # a label alone belongs to the table only where it stands close to its rows, or more rows follow it
        at += step
    if reached == first - step:
        return None
    return abs(rows[first][0].y - rows[first - step][0].y), range(min(first, reached), max(first, reached) + 1)


def _is_rest_of(caption: _Row, row: _Row, above: _Row) -> bool:
    """Whether a row is a further line of a caption."""
    size = caption[0].size
    return len(row) == 1 and abs(row[0].size - size) < 0.3 and abs(row[0].x0 - caption[0].x0) < 3 and above[0].y - row[0].y < 1.6 * size


def _is_text(row: _Row, gutters: Sequence[float], body: float) -> bool:
    """Whether a row holds lines of running text: long ones, alone across the page or in letters of the text within a column."""
    long = [span for span in row if span.chars >= MAX_CELL]
    if len(row) == 1:
        return bool(long)
    return len(row) <= len(gutters) + 1 and any(abs(span.size - body) < 0.6 and not _crosses([span], gutters, 3) for span in long)


def _band(band: _Row, gutters: Sequence[float]) -> list[tuple[int, _Row]]:
    sides: list[_Row] = [[] for _ in range(len(gutters) + 1)]
    for span in band:
        middle = span.x0 if _ADDRESS.fullmatch(span.text) else (span.x0 + span.x1) / 2
        sides[sum(1 for gutter in gutters if gutter <= middle)].append(span)
    return [item for column, side in enumerate(sides) for item in _with_asides(column, _rows(side))]


# --- gutters -----------------------------------------------------------------------------------------------------


def _gutters(spans: list[Span]) -> list[float]:
    """Give the x of the white strips between columns, from the left; none where the page has one column."""
    long = [span for span in spans if span.chars >= 18]
    if len(long) < 8:
        return []
    many = _many(long)
    if many:
        return many
    one = _gutter(long)
    return [] if one is None else [one]


def _many(long: list[Span]) -> list[float]:
    """Give the gutters of three columns or more: strips that hardly a line crosses, with columns of one width between them."""
    left, right = min(span.x0 for span in long), max(span.x1 for span in long)
    step = max(2.0, (right - left) / 250)
    count = max(1, int((right - left) / step))
    heights = [0] * (count + 2)
    for span in long:
        heights[int((span.x0 + 1 - left) / step)] += span.chars
        heights[max(0, int((span.x1 - 1 - left) / step)) + 1] -= span.chars
    profile, level = [], 0
    for change in heights[:count]:
        level += change
        profile.append(level)
    peak = sorted(profile)[int(0.8 * len(profile))]
    # Lines of a column begin at one place and end at many, so the strip is taken where the next column begins.
    deepest = [max(range(first, last + 1), key=lambda at: (-profile[at], at)) for first, last in _low(profile, 0.2 * peak)]
    valleys = [left + at * step for at in deepest]
    if not 2 <= len(valleys) < MAX_COLUMNS:
        return []
    sides = _sides(long, valleys)
    if any(len(side) < 4 for side in sides) or sum(span.chars for side in sides for span in side) < 0.6 * sum(s.chars for s in long):
        return []
    widths = [max(s.x1 for s in side) - min(s.x0 for s in side) for side in sides]
    return valleys if max(widths) < 1.4 * min(widths) and _side_by_side(sides) else []


def _low(profile: Sequence[int], limit: float) -> list[tuple[int, int]]:
    """Give the inner stretches of a profile that stay under a limit, by first and last index."""
    found: list[tuple[int, int]] = []
    start = None
    for index, level in enumerate(profile):
        if level <= limit and start is None:
            start = index
        elif level > limit and start is not None:
            found.append((start, index - 1))
            start = None
    return [(first, last) for first, last in found if first > 0]


def _sides(spans: Sequence[Span], gutters: Sequence[float]) -> list[list[Span]]:
    edges = [-1e9, *gutters, 1e9]
    return [[s for s in spans if s.x0 >= one - 3 and s.x1 <= other + 3] for one, other in pairwise(edges)]


def _gutter(long: list[Span]) -> float | None:
    """Give the gutter of two columns."""
    left, right = min(span.x0 for span in long), max(span.x1 for span in long)
    width = right - left
    best, fewest = 0.0, 1e9
    step = max(2.0, width / 150)
    x = left + 0.35 * width
    while x < left + 0.65 * width:
        crossing = sum(span.chars for span in long if span.x0 < x - 2 and span.x1 > x + 2)
        distance = abs(x - (left + width / 2)) / width
        score = crossing + 20 * distance
        if score < fewest:
            best, fewest = x, score
        x += step
    sides = _sides(long, [best])
    total = sum(span.chars for span in long)
    counted = [sum(span.chars for span in side) for side in sides]
    wide = [span for span in long if span.x0 < best - 3 and span.x1 > best + 3]
    # Where hardly a letter crosses, there are two columns, though the second may end after a few lines, as on a paper's last page.
    is_clear = sum(span.chars for span in wide) <= CLEAR * total
    share, lines = (SHORT, SHORT_LINES) if is_clear else (0.12, 4)
    if min(counted) < share * total or min(len(side) for side in sides) < lines or sum(counted) < 0.45 * total:
        return None
    return best if len(wide) < 0.6 * len(long) and _side_by_side(sides) else None


def _side_by_side(sides: list[list[Span]]) -> bool:
    """Whether the sides hold lines of running text, rather than the cells of one table."""
    widths = [sorted(span.x1 - span.x0 for span in side)[len(side) // 2] for side in sides]
    extents = [max(s.x1 for s in side) - min(s.x0 for s in side) for side in sides]
    return all(width > 0.45 * max(extent, 1.0) for width, extent in zip(widths, extents, strict=True))


# --- what stands beside the text of a column -----------------------------------------------------------------------


def _with_asides(column: int, rows: list[_Row]) -> list[tuple[int, _Row]]:
    """Give a column's rows, and after them what stands beside its text: a caption with its figure, around which the text runs."""
    kept = list(rows)
    asides: list[_Row] = []
    tried = 0
    for index, row in enumerate(rows):
        for place, span in enumerate(row):
            if not _CAPTION.match(span.text) or tried >= MAX_ASIDES:
                continue
            tried += 1
            if (edges := _edges_of_aside(rows, index, place)) is not None:
                first, last, left, right = edges
                taken = [[s for s in kept[at] if _is_within(s, left, right)] for at in range(first, last + 1)]
                asides += [part for part in taken if part]
                for at in range(first, last + 1):
                    kept[at] = [s for s in kept[at] if not _is_within(s, left, right)]
                break
    return [*((column, row) for row in kept if row), *((ASIDE + column, row) for row in asides)]


def _is_within(span: Span, left: float, right: float) -> bool:
    return span.x0 >= left and span.x1 <= right


def _edges_of_aside(rows: list[_Row], index: int, place: int) -> tuple[int, int, float, float] | None:
    """Give first row, last row, left and right edge of what a caption belongs to, where text runs beside it; None where none does."""
    caption = rows[index][place]
    if caption.chars < MIN_CAPTION:  # its number alone, the words of which stand after a hole in the same line
        return None
    near = [row for row in rows[max(0, index - 1) : index + 2] if abs(row[0].y - caption.y) < 1.5 * caption.size]
    beside = [s for row in near for s in row if s is not caption and (row is rows[index] or _is_apart(s, caption))]
    if any(s.x0 < caption.x0 for s in beside) and max(s.x1 for s in beside if s.x0 < caption.x0) < caption.x0 - 0.4 * caption.size:
        left, right = caption.x0 - 2, 1e9
    elif beside and min(s.x0 for s in beside) > caption.x1 + 0.4 * caption.size:
        left, right = -1e9, min(s.x0 for s in beside) - 1
    else:
        return None
    first = _reach(rows, index, -1, (left, right), caption.size)
    last = _reach(rows, index, 1, (left, right), caption.size)
    around = [s for row in [*near, *rows[index : last + 1]] for s in row if not _is_within(s, left, right)]
    is_text = [s for s in around if s.chars >= 18 and abs(s.size - caption.size) < 3]
    return (first, last, left, right) if len(is_text) >= 2 and len(is_text) > 0.6 * len(around) else None


def _is_apart(span: Span, caption: Span) -> bool:
    """Whether a line of text above or below a caption ends before it or begins after it."""
    return span.chars >= 18 and (span.x1 < caption.x0 - 0.6 * caption.size or span.x0 > caption.x1 + 0.6 * caption.size)


def _reach(rows: list[_Row], index: int, step: int, edges: tuple[float, float], size: float) -> int:
    """Give the last row, going up or down, in which nothing reaches over the edge between text and aside."""
    left, right = edges
    edge = left if right > 1e8 else right
    at, gap = index, rows[index][0].y
    while 0 <= at + step < len(rows):
        row = rows[at + step]
        holds = any(_is_within(s, left, right) for s in row)
        if any(s.x0 < edge - 1 and s.x1 > edge + 1 for s in row):
            break
        if step > 0 and holds and abs(min(s.y for s in row) - gap) > 2.2 * size:
            break
        if step > 0 and not holds and abs(row[0].y - gap) > 1.6 * size:
            break
        if holds:
            gap = row[0].y
        at += step
    return at


# --- rows --------------------------------------------------------------------------------------------------------


def _rows(spans: list[Span]) -> list[list[Span]]:
    """Give spans that share a line together, from the top; small raised or lowered ones join the line beside them."""
    rows: list[tuple[float, float, list[Span]]] = []
    shelves: dict[int, list[int]] = {}  # height in steps of SHELF_PT -> rows there, so that each span looks at its neighbours only
    for span in sorted(spans, key=lambda s: (-s.chars * s.size > -40, -s.y)):
        shelf = int(span.y // SHELF_PT)
        reach = 1 + int(max(1.0, min(span.size, 60.0)) // SHELF_PT)
        near = [index for step in range(-reach, reach + 1) for index in shelves.get(shelf + step, ())]
        fitting = [(abs(span.y - rows[index][0]), index) for index in near if _fits(span, *rows[index])]
        if fitting:
            rows[min(fitting)[1]][2].append(span)
        else:
            shelves.setdefault(shelf, []).append(len(rows))
            rows.append((span.y, span.size, [span]))
    ordered = sorted(rows, key=lambda item: -item[0])
    return [sorted(row, key=lambda span: span.x0) for _, _, row in ordered]


def _fits(span: Span, y: float, size: float, row: list[Span]) -> bool:
    """Whether a span stands on a row's line, or is a script or a stray sign of it, where the row has room."""
    above = span.y - y
    script = span.chars <= 12 and span.size < 0.9 * size and -0.45 * size < above < 0.62 * size
    stray = span.chars <= 3 and -0.45 * size < above < 0.9 * size and not span.text.isalnum()
    return (abs(above) < 0.28 * min(size, span.size) or script or stray) and not _overlaps(span, row)


def _overlaps(span: Span, row: list[Span]) -> bool:
    return any(min(span.x1, other.x1) - max(span.x0, other.x0) > 0.6 * min(span.size, other.size) for other in row)
