"""Glyphs to lines in reading order: one column or two, margins, running heads and line numbers left out."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sovereign.readers.pdf.columns import Span, in_columns
from sovereign.readers.pdf.margins import without_line_numbers
from sovereign.readers.pdf.page import Glyph, Leaf, Segment

MAX_SPANS = 3_000
MAX_PIECE_LETTERS = 90
"""A longer run is no row of narrow cells."""
HOLE = 0.5
"""A hole between words, in sizes of their letters, that is wider than most spaces and may part two cells."""
MAX_CAPTION_LINES = 12
MAX_CAPTIONS = 12

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
        spots: Left and right edge of each cell.
        pieces: Left and right edge and words of each part of a cell between holes wider than a space; empty where a cell has none.
        parts: Its words without raised and lowered marks, parted at marks and at holes wider than a space; how bylines are read.
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
    font: str = ""
    spots: tuple[tuple[float, float], ...] = ()
    parts: tuple[str, ...] = ()
    pieces: tuple[tuple[tuple[float, float, str], ...], ...] = ()


def runs_of(leaves: Sequence[Leaf]) -> list[list[Segment]]:
    """Give each page's letters as runs, without the numbers that count lines."""
    return without_line_numbers([_runs(leaf.glyphs) for leaf in leaves])


def lines_of(runs: list[Segment], page: int, fonts: Sequence[str], body: float) -> list[Line]:
    """Give a page's lines in reading order; body is the size of the document's text in points."""
    runs = _parted_at_captions(runs)
    spans = [span for run in runs if (span := _measure(run, fonts, page)).text.strip()]
    if len(spans) > MAX_SPANS:  # a map or a plot of thousands of labels; running text has the longest runs
        spans = sorted(spans, key=lambda span: -span.chars)[:MAX_SPANS]
    return [_line(row, column, page) for column, row in in_columns(spans, body)]


def usual_size(leaves: Sequence[Leaf]) -> float:
    """Give the size that most letters of a document have, in points."""
    sizes = Counter(round(glyph.size * 2) / 2 for leaf in leaves for glyph in leaf.glyphs if glyph is not None)
    return sizes.most_common(1)[0][0] if sizes else 10.0


# --- runs --------------------------------------------------------------------------------------------------------


def _runs(glyphs: Sequence[Glyph | None]) -> list[Segment]:
    """Part glyphs at line ends, at jumps back, and at holes wider than a space ever is."""
    runs: list[Segment] = []
    run = Segment()
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
            run = Segment()
        last = glyph
        if glyph is not None:
            run.glyphs.append(glyph)
    if run.glyphs:
        runs.append(run)
    return runs


_CAPTION = re.compile(r"(?<=.{8})(?:Figure|Fig\.|Table)\s?\d{1,2}\s?[:.]")


def _parted_at_captions(runs: list[Segment]) -> list[Segment]:
    """Part the runs that a caption close to other words, or beside another caption, was read into: at the hole before it, line by line."""
    edges: list[tuple[float, float, float]] = []  # x of a caption's left edge, y of its first line, y below which nothing is its
    for run in runs:
        found = _CAPTION.search("".join(glyph.text[:1] for glyph in run.glyphs)) if len(run.glyphs) > 30 else None
        at = None if found is None else _begins_after_hole(run, run.glyphs[found.start()].x0)
        if at is not None and len(edges) < MAX_CAPTIONS:
            first = run.glyphs[at]
            edges.append((first.x0, first.y, first.y - MAX_CAPTION_LINES * 1.4 * first.size))
    for edge, top, foot in edges:
        parted: list[Segment] = []
        for run in runs:
            cut = _begins_after_hole(run, edge) if foot < run.glyphs[0].y <= top + 1 else None
            parted += [run] if cut is None else [Segment(run.glyphs[:cut]), Segment(run.glyphs[cut:])]
        runs = parted
    return runs


def _begins_after_hole(run: Segment, x: float) -> int | None:
    """Give the place of the glyph that begins at x, where a hole wider than a space stands before it."""
    for index, glyph in enumerate(run.glyphs):
        if abs(glyph.x0 - x) < 2.5 and glyph.text != " ":
            before = next((each for each in reversed(run.glyphs[:index]) if each.text != " "), None)
            if before is not None and glyph.x0 - before.x1 > 0.45 * glyph.size:
                return index
    return None


def _measure(run: Segment, fonts: Sequence[str], page: int) -> Span:
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
    return Span(
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
        fonts[most],
        bool(letters) and _is_bold(fonts[letters[-1].font]),
        _parts(run.glyphs, size, y) if page == 0 else (),
        _pieces(run.glyphs, size, y) if count < MAX_PIECE_LETTERS else (),
    )


def _pieces(glyphs: Sequence[Glyph], size: float, y: float) -> tuple[tuple[float, float, str], ...]:
    """Give a run's words parted at holes wider than a space, as between the narrow columns of a table; nothing where there is none."""
    cuts, edge, least = [], glyphs[0].x1, HOLE * size
    for index, glyph in enumerate(glyphs):
        if glyph.text != " ":
            if glyph.x0 - edge > least:
                cuts.append(index)
            edge = glyph.x1
    if not cuts:
        return ()
    found = [glyphs[start:end] for start, end in pairwise([0, *cuts, len(glyphs)])]
    return tuple((part[0].x0, max(glyph.x1 for glyph in part), _text(part, size, y)) for part in found)


def _parts(glyphs: Sequence[Glyph], size: float, y: float) -> tuple[str, ...]:
    """Give a run's words without its scripts, parted where one stood and at holes wider than a space."""
    plain = [glyph for glyph in glyphs if glyph.size >= 0.86 * size or abs(glyph.y - y) <= 0.08 * size]
    parts: list[list[Glyph]] = []
    for glyph in plain:
        last = parts[-1][-1] if parts else None
        inked = next((each for each in reversed(parts[-1]) if each.text != " "), None) if parts else None
        if last is None or (glyph.text != " " and inked is not None and glyph.x0 - inked.x1 > 0.62 * size):
            parts.append([glyph])
        else:
            parts[-1].append(glyph)
    return tuple(text for part in parts if (text := _text(part, size, y)))


@functools.lru_cache(512)
def _family(font: str) -> str:
    """Give a font's family: "NimbusRomNo" of "ABCDEF+NimbusRomNo9L-Regu"."""
    found = re.match(r"(?:[A-Z]{6}\+)?([A-Za-z]+?)(?:MT|PS)?(?=[\d\W_]|$|Bold|Ital|Regu|Medi)", font)
    return found[1] if found else font


@functools.lru_cache(512)  # asked for every letter; a paper has a few fonts
def _is_bold(font: str) -> bool:
    return bool(re.search(r"bold|black|heavy|demi|-medi|medi$|cmbx|bx\d|cmb\d|NimbusRomNo9L-Medi", font, re.IGNORECASE))


@functools.lru_cache(512)
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
    if re.fullmatch(r"[\d,;–-]+", text) and re.search(r"[^\W\d_]{3}[.,;:!?)”’]*+$|[.,;:!?)”’]$", before.rstrip()):
        return ""
    if re.fullmatch(r"[*∗†‡§¶]+", text) and re.search(r"\w[.,;:]?$", before.rstrip()):
        return ""
    if not re.search(r"[\w)\]]$", before) or not re.fullmatch(r"[\w+\-−./′]+", text):
        return text
    return f"^{text}"


def _line(row: list[Span], column: int, page: int) -> Line:
    biggest = max(row, key=lambda span: span.chars)
    cells: list[str] = []
    spots: list[tuple[float, float]] = []
    pieces: list[list[tuple[float, float, str]]] = []
    last: Span | None = None
    for span in row:
        hole = 0.0 if last is None else span.x0 - last.x1
        if last is not None and hole < 1.1 * biggest.size:
            glued = _glue(span, biggest, cells[-1], hole)
            cells[-1] += glued
            spots[-1] = (spots[-1][0], max(spots[-1][1], span.x1))
            _lengthen(pieces[-1], span, glued, is_apart=hole > HOLE * biggest.size)
        else:
            pieces.append(_pieces_of(span))
            cells.append(span.text)
            spots.append((span.x0, span.x1))
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
        spots=tuple(spots),
        pieces=tuple(tuple(own) if len(own) > 1 else () for own in pieces),
        family=biggest.family,
        font=biggest.font,
        parts=tuple(part for span in row for part in span.parts) if page == 0 else (),
        starts_raised=row[0].raised
        or (row[0] is not biggest and row[0].size < 0.86 * biggest.size and row[0].y > biggest.y + 0.12 * biggest.size),
    )


def _pieces_of(span: Span) -> list[tuple[float, float, str]]:
    return list(span.pieces) or [(span.x0, span.x1, span.text)]


def _lengthen(pieces: list[tuple[float, float, str]], span: Span, glued: str, *, is_apart: bool) -> None:
    """Add a run's pieces to those of the cell that it goes on; where no wide hole is before it, it goes on the last of them."""
    own = _pieces_of(span)
    if is_apart:
        pieces += own
        return
    x0, x1, text = pieces[-1]
    first = own[0][2] if len(own) > 1 else span.text
    joint = glued.removesuffix(span.text) + first if glued.endswith(span.text) else glued
    pieces[-1:] = [(x0, max(x1, own[0][1]), text + joint), *own[1:]]


def _glue(span: Span, biggest: Span, before: str, hole: float) -> str:
    """Give a span's text as it follows on `before`: a script marked as one, else after a space where there is a hole."""
    if span.size < 0.86 * biggest.size and span.chars <= 6 and hole < 0.25 * biggest.size and abs(span.y - biggest.y) > 0.08 * biggest.size:
        return _script([Glyph(letter, span.x0, span.x1, span.y, span.size, 0, 0) for letter in span.text], biggest.y, before[-12:])
    return (" " if hole > 0.12 * biggest.size else "") + span.text
