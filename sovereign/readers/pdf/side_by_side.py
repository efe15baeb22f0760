"""Tables beside tables or figures: what is one paragraph of rows by its height on the page is two, each with labels of its own."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from sovereign.model import BlockKind
from sovereign.readers.pdf.kinds import CAPTION, Measures, Para, is_foreign
from sovereign.readers.pdf.lines import Line
from sovereign.readers.row_labels import is_figure, is_words

MIN_ROWS = 3
MAX_SHARED = 0.25
"""Share of lines that reach over both of two tables whose rows stand at heights of their own."""
MIN_TICKS = 4
SMALL = 0.72  # of the size of the text's letters: a figure's are as small as that
MIN_STRIP = 0.8  # of the size of the letters
_TICK = re.compile(r"[-\u2212]?\d{1,9}(?:\.\d{1,6})?")
_Span = tuple[float, float]


def without_figures(paras: list[Para], usual: Measures) -> list[Para]:
    """Give tables without the words of a figure beside or below them that were read as rows: those in its letters, above its axis too."""
    out: list[Para] = []
    for para in paras:
        strange = [line for line in para.lines if _is_of_figure(line, usual)] if para.kind is BlockKind.TABLE else []
        axes = [line for line in strange if _is_axis(line)]
        lowest = min((line.y for line in axes), default=0.0)
        if not axes or any(_is_row(line) for line in strange if line.y < lowest):
            out.append(para)
            continue
        kept = [line for line in para.lines if not any(line is other for other in strange)]
        out += [replace(para, lines=kept)] if kept else []
        out.append(replace(para, kind=BlockKind.FIGURE, lines=strange))
    return out


def _is_of_figure(line: Line, usual: Measures) -> bool:
    return line.size < SMALL * usual.body or is_foreign(line, usual)


def _is_axis(line: Line) -> bool:
    """Whether a line is nothing but numbers that rise by one step, as along an axis, or along several."""
    if len(line.cells) < MIN_TICKS or not all(map(_TICK.fullmatch, line.cells)):
        return False
    told = [float(cell.replace("\u2212", "-")) for cell in line.cells]
    steps = [other - one for one, other in pairwise(told)]
    usual = statistics.median([step for step in steps if step > 0] or [0.0])
    alike = sum(abs(step - usual) < 0.1 * usual for step in steps)
    return usual > 0 and alike > 0.7 * len(steps)


def _is_row(line: Line) -> bool:
    return len(line.cells) > 1 and is_words(line.cells[0]) and any(map(is_figure, line.cells[1:]))


def apart(paras: list[Para]) -> list[Para]:
    """Give paragraphs with tables that stand side by side as two, each with its caption where two stand side by side over or under them."""
    out: list[Para] = []
    below: list[Para] = []  # the captions that have been put behind their tables already
    paras = [part for para in paras for part in _captions_apart(para)]
    for index, para in enumerate(paras):
        if any(para is done for done in below):
            continue
        above = _captions(paras[max(0, index - 2) : index])
        pair = above or _captions(paras[index + 1 : index + 3])
        cut = _cut(para, pair) if para.kind is BlockKind.TABLE and len(para.lines) >= MIN_ROWS else None
        if cut is None:
            out.append(para)
            continue
        left, right = (replace(para, lines=[part for line in para.lines if (part := _side(line, cut, side))]) for side in (0, 1))
        if above is not None:
            out[-2:] = [above[0], left, above[1], right]
        elif pair is not None:
            out += [left, pair[0], right, pair[1]]
            below += pair
        else:
            out += [left, right]
    return out


def _captions_apart(para: Para) -> list[Para]:
    """Give a caption beside another one, which was read as one with it, apart from it."""
    cells = para.first.cells if para.kind is BlockKind.CAPTION else ()
    if len(cells) != 2 or len(para.first.spots) != 2 or not all(map(CAPTION.match, cells)):
        return [para]
    sides = ([part for line in para.lines if (part := _side(line, para.first.spots[1][0] - 1, side))] for side in (0, 1))
    return [replace(para, lines=lines) for lines in sides]


def _captions(paras: Sequence[Para]) -> tuple[Para, Para] | None:
    """Give two captions that stand side by side, from the left; None where the paragraphs are none."""
    if len(paras) < 2 or any(para.kind is not BlockKind.CAPTION or not CAPTION.match(para.first.text) for para in paras):
        return None
    one, other = paras
    is_level = abs(one.first.y - other.first.y) < 2 * one.first.size and one.first.page == other.first.page
    return (one, other) if is_level and max(line.x1 for line in one.lines) < min(line.x0 for line in other.lines) else None


def _cut(para: Para, pair: tuple[Para, Para] | None) -> float | None:
    """Give the place of the white strip between two tables; None where there is one table."""
    rows = [[(x0, x1, text) for (x0, x1), text in zip(line.spots, line.cells, strict=False)] for line in para.lines]
    if any(len(line.spots) != len(line.cells) for line in para.lines):
        return None
    columns = _columns([(x0, x1) for row in rows for x0, x1, _ in row])
    size = para.first.size
    for one, other in pairwise(columns[1:]):
        place = (one[1] + other[0]) / 2
        if other[0] - one[1] < MIN_STRIP * size or columns[-1] == other:
            continue
        left, right = ([cells for row in rows if (cells := [c for c in row if (c[0] < place) == (side == 0)])] for side in (0, 1))
        shared = len(left) + len(right) - len(rows)
        is_told = pair is not None and pair[0].first.x0 < place and abs(pair[1].first.x0 - place) < max(4 * size, other[0] - one[1])
        is_told = is_told or _begins_again(rows[0], place)
        if (is_told or shared <= MAX_SHARED * len(rows)) and all(_is_table(side) for side in (left, right)):
            return place
    return None


def _begins_again(head: Sequence[tuple[float, float, str]], place: float) -> bool:
    """Whether a head goes on behind a place with the name that it began with, and with other names than it went on with then."""
    left, right = ([text for x0, _, text in head if (x0 < place) == (side == 0)] for side in (0, 1))
    return bool(left) and bool(right) and left[0] == right[0] and is_words(left[0]) and left != right


def _columns(spans: Sequence[_Span]) -> list[_Span]:
    """Give the stretches that the cells cover, from the left."""
    found: list[_Span] = []
    for x0, x1 in sorted(spans):
        if found and x0 <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], x1)
        else:
            found.append((x0, x1))
    return found


def _is_table(rows: Sequence[Sequence[tuple[float, float, str]]]) -> bool:
    """Whether rows are a table by themselves: words first and figures behind them, below a head."""
    whole = [row for row in rows if len(row) > 1]
    labelled = [row for row in whole if is_words(row[0][2]) and any(is_figure(text) for _, _, text in row[1:])]
    left = min((row[0][0] for row in labelled), default=0.0)
    return len(labelled) >= MIN_ROWS and len(labelled) > 0.6 * len(rows) and all(abs(row[0][0] - left) < 60 for row in labelled)


def _side(line: Line, cut: float, side: int) -> Line | None:
    """Give the part of a line on one side of the cut; None where it has none."""
    own = [index for index, (x0, _) in enumerate(line.spots) if (x0 < cut) == (side == 0)]
    if not own:
        return None
    cells = tuple(line.cells[index] for index in own)
    return replace(
        line,
        text=" ".join(cells),
        x0=line.spots[own[0]][0],
        x1=max(line.spots[index][1] for index in own),
        gaps=len(own) - 1,
        cells=cells,
        spots=tuple(line.spots[index] for index in own),
        pieces=tuple(line.pieces[index] for index in own) if len(line.pieces) == len(line.cells) else (),
    )
