"""Tables that go on on the next page: their rows are one table's, and the head that is printed again is read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sovereign.model import BlockKind
from sovereign.readers.pdf.kinds import Measures, Para
from sovereign.readers.pdf.lines import Line

MAX_ROWS = 1_000
MAX_SHIFT = 60
"""So far, in points, the text of a left and a right page may lie apart."""
MIN_COLUMNS = 3
MOST_HEADS = 3


def over_pages(paras: list[Para], usual: Measures) -> list[Para]:
    """Join tables that a page's end cut: nothing stands between them, and their columns stand alike."""
    out: list[Para] = []
    for para in paras:
        at = next((at for at in range(len(out) - 1, -1, -1) if out[at].kind is not BlockKind.FOOTNOTE), None)
        table = out[at] if at is not None else None
        shift = _shift(table, para) if table is not None else None
        if table is None or shift is None or len(table.lines) + len(para.lines) > MAX_ROWS:
            out.append(para)
            continue
        again = [line for line in para.lines[:MOST_HEADS] if line.text in {head.text for head in table.lines[:MOST_HEADS]}]
        rest = [line for line in para.lines if not any(line is head for head in again)] or para.lines[-1:]
        drop = max(line.y for line in rest) - min(line.y for line in table.lines) + max(usual.leading, rest[0].size)
        table.lines += [_moved(line, -shift, -drop) for line in rest]
    return out


def _shift(table: Para, para: Para) -> float | None:
    """Give how far to the right a table's rest stands on the next page; None where it is no rest of it."""
    if table.kind is not BlockKind.TABLE or para.kind is not BlockKind.TABLE or para.first.page != table.last.page + 1:
        return None
    one, other = _fullest(table.lines), _fullest(para.lines)
    if len(one) != len(other) or len(one) < MIN_COLUMNS:
        return None
    shift = other[0][0] - one[0][0]
    is_alike = all(min(a[1], b[1] - shift) > max(a[0], b[0] - shift) - 6 for a, b in zip(one, other, strict=True))
    return shift if is_alike and abs(shift) < MAX_SHIFT else None


def _fullest(lines: Sequence[Line]) -> Sequence[tuple[float, float]]:
    return max((line.spots for line in lines if len(line.spots) == len(line.cells)), key=len, default=())


def _moved(line: Line, right: float, up: float) -> Line:
    return replace(
        line,
        x0=line.x0 + right,
        x1=line.x1 + right,
        y=line.y + up,
        spots=tuple((x0 + right, x1 + right) for x0, x1 in line.spots),
        pieces=tuple(tuple((x0 + right, x1 + right, text) for x0, x1, text in own) for own in line.pieces),
    )
