"""Running heads, running feet and page numbers: what a page repeats at its edges is no part of the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from sovereign.readers.pdf.lines import Line


def without_furniture(pages: list[list[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """Leave out running heads, running feet and page numbers: lines at the page's edge that come again on other pages."""
    seen: Counter[tuple[str, bool]] = Counter()
    for lines, height in zip(pages, heights, strict=True):
        seen.update({key for line in _edge(lines) if (key := _furniture_key(line, height))})
    repeated = {key for key, count in seen.items() if count >= (2 if len(pages) < 6 else 3)}
    kept = []
    for lines, height in zip(pages, heights, strict=True):
        edge = {id(line) for line in _edge(lines)}
        kept.append([line for line in lines if not (id(line) in edge and _is_furniture(line, height, repeated))])
    return kept


def _edge(lines: list[Line]) -> list[Line]:
    """The three highest and three lowest lines of a page."""
    ordered = sorted(lines, key=lambda line: -line.y)
    return ordered[:3] + ordered[-3:]


def _furniture_key(line: Line, height: float) -> tuple[str, bool] | None:
    at_top, at_foot = line.y > 0.88 * height, line.y < 0.12 * height
    if not (at_top or at_foot):
        return None
    return re.sub(r"\d+|\b[ivxlc]+\b", "#", line.text.casefold()).strip(), at_top


def _is_furniture(line: Line, height: float, repeated: set[tuple[str, bool]]) -> bool:
    key = _furniture_key(line, height)
    if key is None:
        return False
    bare = line.text.strip()
    if re.fullmatch(r"[-–—| ]*(?:page )?(?:\d{1,4}|[ivxlc]{1,6})(?: ?(?:of|/) ?\d{1,4})?[-–—| ]*", bare, re.IGNORECASE):
        return line.y > 0.9 * height or line.y < 0.1 * height
    return key in repeated
