"""Glyphs to lines in reading order: one column or two, margins, running heads and line numbers left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sovereign.readers.pdf.page import Glyph, Leaf

MAX_SPANS = 3_000
SHELF_PT = 4.0

_DIACRITICS = {
    "¨": "\u0308",
    "´": "\u0301",
    "`": "\u0300",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "ˇ": "\u030c",
    "¸": "\u0327",
    "˚": "\u030a",
    "¯": "\u0304",
    "˙": "\u0307",
}
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"}


@dataclass(slots=True)
class Line:
    """One line of a column; gaps counts the wide holes in it, as between the cells of a table.

    Attributes:
        size: The most frequent size of its letters, in points; bold, italic: whether most letters are.
        column: 0 for the left or only column, 1 for the right, -1 across both.
        starts_raised: Whether it starts with a small raised mark, as a footnote does.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    page: int
    column: int = 0
    gaps: int = 0
    italic: bool = False
    cells: tuple[str, ...] = ()
    starts_raised: bool = False
    family: str = ""


@dataclass(slots=True)
class _Run:
    """Glyphs on one baseline without a wide hole."""

    glyphs: list[Glyph] = field(default_factory=list)

    @property
    def x0(self) -> float:
        return min(glyph.x0 for glyph in self.glyphs)

    @property
    def x1(self) -> float:
        return max(glyph.x1 for glyph in self.glyphs)


@dataclass(slots=True)
class _Span:
    """A run measured."""

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
    ends_bold: bool = False


def lines_of(leaf: Leaf, page: int, fonts: Sequence[str]) -> list[Line]:
    """Give the page's lines in reading order."""
    spans = [span for run in _runs(leaf.glyphs) if (span := _measure(run, fonts)).text.strip()]
    if len(spans) > MAX_SPANS:  # a map or a plot of thousands of labels; running text has the longest runs
        spans = sorted(spans, key=lambda span: -span.chars)[:MAX_SPANS]
    spans = _without_line_numbers(spans, leaf.width)
    if not spans:
        return []
    rows = _in_columns(spans)
    return [_line(row, column, page) for column, row in rows]


# --- runs --------------------------------------------------------------------------------------------------------


def _runs(glyphs: Sequence[Glyph | None]) -> list[_Run]:
    """Part glyphs at line ends, at jumps back, and at holes wider than a space ever is."""
    runs: list[_Run] = []
    run = _Run()
    last: Glyph | None = None
    for glyph in glyphs:
        if glyph is None:
            breaks = True
        elif last is None:
            breaks = False
        else:
            size = max(last.size, glyph.size, 1.0)
            far = glyph.x0 - last.x1 > 1.1 * size or glyph.x0 < last.x0 - 0.6 * size
            breaks = far or abs(glyph.y - last.y) > 0.75 * size
        if breaks and run.glyphs:
            runs.append(run)
            run = _Run()
        last = glyph
        if glyph is not None:
            run.glyphs.append(glyph)
    if run.glyphs:
        runs.append(run)
    return runs


def _measure(run: _Run, fonts: Sequence[str]) -> _Span:
    sizes = Counter(round(glyph.size, 1) for glyph in run.glyphs if glyph.text.strip())
    size = sizes.most_common(1)[0][0] if sizes else run.glyphs[0].size
    base = Counter(round(glyph.y, 1) for glyph in run.glyphs if abs(glyph.size - size) < 0.3)
    y = base.most_common(1)[0][0] if base else run.glyphs[0].y
    letters = [glyph for glyph in run.glyphs if glyph.text.strip()]
    count = max(1, len(letters))
    bold = sum(1 for glyph in letters if _is_bold(fonts[glyph.font])) / count
    italic = sum(1 for glyph in letters if _is_italic(fonts[glyph.font])) / count
    raised = bool(letters) and letters[0].size < 0.86 * size and letters[0].y > y + 0.12 * size
    most = Counter(glyph.font for glyph in letters or run.glyphs).most_common(1)[0][0]
    return _Span(
        _text(run.glyphs, size, y),
        run.x0,
        run.x1,
        y,
        size,
        bold,
        italic,
        len(letters),
        raised,
        _family(fonts[most]),
        bool(letters) and _is_bold(fonts[letters[-1].font]),
    )


def _family(font: str) -> str:
    """Give a font's family: "NimbusRomNo" of "ABCDEF+NimbusRomNo9L-Regu"."""
    found = re.match(r"(?:[A-Z]{6}\+)?([A-Za-z]+?)(?:MT|PS)?(?=[\d\W_]|$|Bold|Ital|Regu|Medi)", font)
    return found[1] if found else font


def _is_bold(font: str) -> bool:
    return bool(re.search(r"bold|black|heavy|demi|-medi|medi$|cmbx|bx\d|cmb\d|NimbusRomNo9L-Medi", font, re.IGNORECASE))


def _is_italic(font: str) -> bool:
    return bool(re.search(r"ital|obli|slant|cmti|cmsl", font, re.IGNORECASE))


def _text(glyphs: Sequence[Glyph], size: float, y: float) -> str:
    """Give a run's letters with its spaces; scripts marked as in "10^-3" and "d_model", marks of footnotes left out."""
    out: list[str] = []
    script: list[Glyph] = []
    last: Glyph | None = None
    for glyph in glyphs:
        is_small = glyph.size < 0.86 * size and glyph.text != " " and abs(glyph.y - y) > 0.08 * size
        if script and (not is_small or (glyph.y > y) != (script[0].y > y)):
            out.append(_script(script, y, "".join(out[-12:])))
            script = []
        if last is not None and not script and _is_parted(glyph, last, out):
            out.append(" ")
        if is_small:
            script.append(glyph)
        else:
            _add(out, glyph, last)
        last = glyph
    if script:
        out.append(_script(script, y, "".join(out[-12:])))
    return "".join(out).strip()


def _is_parted(glyph: Glyph, last: Glyph, out: list[str]) -> bool:
    """Whether the hole before a glyph is wide enough for a space that the file does not write."""
    written = bool(out) and out[-1][-1:] != " " and glyph.text != " "
    return written and glyph.x0 - last.x1 > 0.19 * max(glyph.size, last.size)


def _add(out: list[str], glyph: Glyph, last: Glyph | None) -> None:
    letter = _LIGATURES.get(glyph.text, glyph.text)
    if last is not None and out and out[-1] in _DIACRITICS and letter.isalpha() and abs(glyph.x0 - last.x0) < 0.6 * glyph.size:
        mark = _DIACRITICS[out.pop()]
        out.append({"ı": "i", "ȷ": "j"}.get(letter, letter) + mark)
    elif letter != " " or (out and out[-1] != " "):
        out.append(letter)


def _script(glyphs: Sequence[Glyph], y: float, before: str) -> str:
    """Give a raised or lowered run in words: nothing for the mark of a footnote, "^" or "_" before a script."""
    text = "".join(_LIGATURES.get(glyph.text, glyph.text) for glyph in glyphs)
    raised = glyphs[0].y > y
    if text in {"st", "nd", "rd", "th"}:
        return text
    if not raised:
        return f"_{text}" if re.search(r"[^\W_]$", before) and re.fullmatch(r"[\w,+\-−]+", text) else text
    if re.fullmatch(r"[\d,;–-]+", text) and re.search(r"[^\W\d_]{3,}[.,;:!?)”’]*$|[.,;:!?)”’]$", before):
        return ""
    if re.fullmatch(r"[*∗†‡§¶]+", text) and re.search(r"\w[.,;:]?$", before):
        return ""
    if not re.search(r"[\w)\]]$", before) or not re.fullmatch(r"[\w+\-−./′]+", text):
        return text
    return f"^{text}"


# --- what is no text ---------------------------------------------------------------------------------------------


def _without_line_numbers(spans: list[_Span], width: float) -> list[_Span]:
    """Leave out the numbers that a review copy prints in its margins: five or more, counting up, outside the text."""
    numbers = [span for span in spans if re.fullmatch(r"\d{1,4}", span.text)]
    if len(numbers) < 5:
        return spans
    words = sorted(span.x0 for span in spans if len(span.text) > 12) or [0.0]
    left = words[len(words) // 20]
    ends = sorted(span.x1 for span in spans if len(span.text) > 12) or [width]
    right = ends[-1 - len(ends) // 20]
    gone: set[int] = set()
    for margin in ([s for s in numbers if s.x1 <= left + 1], [s for s in numbers if s.x0 >= right - 1], _middle(numbers, spans)):
        ordered = sorted(margin, key=lambda span: -span.y)
        values = [int(span.text) for span in ordered]
        rising = sum(1 for first, second in pairwise(values) if 0 < second - first <= 10)
        if len(values) >= 5 and rising >= 0.8 * (len(values) - 1):
            gone |= {id(span) for span in ordered}
    return [span for span in spans if id(span) not in gone]


def _middle(numbers: list[_Span], spans: list[_Span]) -> list[_Span]:
    """Numbers in the gutter between two columns."""
    long = [span for span in spans if len(span.text) > 12]
    return [n for n in numbers if not any(s.x0 - 1 < n.x0 < s.x1 + 1 for s in long)]


# --- columns -----------------------------------------------------------------------------------------------------


def _in_columns(spans: list[_Span]) -> list[tuple[int, list[_Span]]]:
    """Give rows of spans with their column, in reading order."""
    gutter = _gutter(spans)
    if gutter is None:
        return [(0, row) for row in _rows(spans)]
    ordered: list[tuple[int, list[_Span]]] = []
    band: list[_Span] = []
    rows = _rows(spans)
    wide = _wide_tables(rows, gutter)
    for index, row in enumerate(rows):
        crossing = index in wide or [span for span in row if span.x0 < gutter - 3 and span.x1 > gutter + 3]
        if index in wide or (crossing and not _is_two_lines(row, gutter)):
            ordered += _band(band, gutter)
            band = []
            ordered.append((-1, row))
        else:
            band += row
    return ordered + _band(band, gutter)


def _wide_tables(rows: list[list[_Span]], gutter: float) -> set[int]:
    """Give the rows of tables that stretch over both columns: rows of short cells next to a caption that crosses the gutter."""
    wide: set[int] = set()
    for index, row in enumerate(rows):
        text = " ".join(span.text for span in row)
        if not (re.match(r"Table\s+\w+\s*[.:]", text, re.IGNORECASE) and any(s.x0 < gutter - 3 and s.x1 > gutter + 3 for s in row)):
            continue
        for step in (-1, 1):
            at = index + step
            while 0 <= at < len(rows) and len(rows[at]) > 1 and max(span.chars for span in rows[at]) < 40 and len(rows[at]) >= 3:
                wide.add(at)
                at += step
    return wide


def _is_two_lines(row: list[_Span], gutter: float) -> bool:
    """Whether a row crosses the gutter only by a hair, both columns having a line of their own."""
    return all(span.x1 < gutter + 8 or span.x0 > gutter - 8 for span in row)


def _band(band: list[_Span], gutter: float) -> list[tuple[int, list[_Span]]]:
    left = [span for span in band if (span.x0 + span.x1) / 2 < gutter]
    right = [span for span in band if (span.x0 + span.x1) / 2 >= gutter]
    return [(0, row) for row in _rows(left)] + [(1, row) for row in _rows(right)]


def _gutter(spans: list[_Span]) -> float | None:
    """Give the x of the white strip between two columns; None where the page has one column."""
    long = [span for span in spans if span.chars >= 18]
    if len(long) < 8:
        return None
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
    sides = [[span for span in long if span.x1 <= best + 3], [span for span in long if span.x0 >= best - 3]]
    total = sum(span.chars for span in long)
    counted = [sum(span.chars for span in side) for side in sides]
    if min(counted) < 0.12 * total or min(len(side) for side in sides) < 4 or sum(counted) < 0.45 * total:
        return None
    wide = [span for span in long if span.x0 < best - 3 and span.x1 > best + 3]
    return best if len(wide) < 0.6 * len(long) and _side_by_side(sides) else None


def _side_by_side(sides: list[list[_Span]]) -> bool:
    """Whether the two sides hold lines of running text, rather than the cells of one table."""
    widths = [sorted(span.x1 - span.x0 for span in side)[len(side) // 2] for side in sides]
    extents = [max(s.x1 for s in side) - min(s.x0 for s in side) for side in sides]
    return all(width > 0.45 * max(extent, 1.0) for width, extent in zip(widths, extents, strict=True))


def _rows(spans: list[_Span]) -> list[list[_Span]]:
    """Give spans that share a line together, from the top; small raised or lowered ones join the line beside them."""
    rows: list[tuple[float, float, list[_Span]]] = []
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


def _fits(span: _Span, y: float, size: float, row: list[_Span]) -> bool:
    """Whether a span stands on a row's line, or is a script or a stray sign of it, where the row has room."""
    above = span.y - y
    script = span.chars <= 12 and span.size < 0.9 * size and -0.45 * size < above < 0.62 * size
    stray = span.chars <= 3 and -0.45 * size < above < 0.9 * size and not span.text.isalnum()
    return (abs(above) < 0.28 * min(size, span.size) or script or stray) and not _overlaps(span, row)


def _overlaps(span: _Span, row: list[_Span]) -> bool:
    return any(min(span.x1, other.x1) - max(span.x0, other.x0) > 0.6 * min(span.size, other.size) for other in row)


def _line(row: list[_Span], column: int, page: int) -> Line:
    biggest = max(row, key=lambda span: span.chars)
    cells: list[str] = []
    last: _Span | None = None
    for span in row:
        hole = 0.0 if last is None else span.x0 - last.x1
        if last is not None and hole < 1.1 * biggest.size:
            cells[-1] += _glue(span, biggest, cells[-1], hole)
        else:
            cells.append(span.text)
        last = span
    total = sum(span.chars for span in row) or 1
    return Line(
        text=" ".join(cells),
        x0=row[0].x0,
        x1=max(span.x1 for span in row),
        y=biggest.y,
        size=biggest.size,
        bold=sum(span.bold * span.chars for span in row) / total > 0.9 and row[-1].ends_bold,
        italic=sum(span.italic * span.chars for span in row) / total > 0.6,
        page=page,
        column=column,
        gaps=len(cells) - 1,
        cells=tuple(cells),
        family=biggest.family,
        starts_raised=row[0].raised
        or (row[0] is not biggest and row[0].size < 0.86 * biggest.size and row[0].y > biggest.y + 0.12 * biggest.size),
    )


def _glue(span: _Span, biggest: _Span, before: str, hole: float) -> str:
    """Give a span's text as it follows on `before`: a script marked as one, else after a space where there is a hole."""
    if span.size < 0.86 * biggest.size and span.chars <= 6 and hole < 0.25 * biggest.size and abs(span.y - biggest.y) > 0.08 * biggest.size:
        return _script([Glyph(letter, span.x0, span.x1, span.y, span.size, 0, 0) for letter in span.text], biggest.y, before[-12:])
    return (" " if hole > 0.12 * biggest.size else "") + span.text
