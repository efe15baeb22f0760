"""The numbers that a manuscript prints beside its lines are no part of them."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sovereign.readers.pdf.page import Glyph, Segment

MIN_NUMBERS = 5
SHARE = 0.8  # of the steps from one number to the next that must be those of counted lines


@dataclass(slots=True)
class _Number:
    """A number at the start or end of a run: its value, edges, baseline, and the glyphs that are left without it."""

    run: int
    value: int
    x0: float
    x1: float
    y: float
    rest: list[Glyph]


def without_line_numbers(runs: Sequence[Segment]) -> list[Segment]:
    """Leave out the numbers that count lines in a margin: five or more in one place, counting up line by line."""
    gone: dict[int, list[Glyph]] = {}
    for take in (_leading, _trailing):
        found = [number for index, run in enumerate(runs) if (number := take(index, run.glyphs)) is not None]
        for numbers in _aligned(found):
            if _count_lines(numbers):
                gone.update({number.run: number.rest for number in numbers})
    kept = [Segment(gone.get(index, run.glyphs)) for index, run in enumerate(runs)]
    return [run for run in kept if run.glyphs]


def _leading(index: int, glyphs: Sequence[Glyph]) -> _Number | None:
    """Give the number that a run starts with, where a hole or nothing follows it."""
    end = 0
    while end < len(glyphs) and glyphs[end].text.isdigit() and end < 5:
        end += 1
    if not 0 < end <= 4:
        return None
    rest = end
    while rest < len(glyphs) and glyphs[rest].text == " ":
        rest += 1
    if rest < len(glyphs) and glyphs[rest].x0 - glyphs[end - 1].x1 < 0.22 * glyphs[end - 1].size:
        return None
    return _number(index, glyphs[:end], list(glyphs[rest:]))


def _trailing(index: int, glyphs: Sequence[Glyph]) -> _Number | None:
    """Give the number that a run ends with after a wide hole, or that it is."""
    start = len(glyphs)
    while start > 0 and glyphs[start - 1].text.isdigit() and len(glyphs) - start < 5:
        start -= 1
    if not 0 < len(glyphs) - start <= 4:
        return None
    rest = start
    while rest > 0 and glyphs[rest - 1].text == " ":
        rest -= 1
    if rest > 0 and glyphs[start].x0 - glyphs[rest - 1].x1 < 0.6 * glyphs[start].size:
        return None
    return _number(index, glyphs[start:], list(glyphs[:rest]))


def _number(index: int, digits: Sequence[Glyph], rest: list[Glyph]) -> _Number | None:
    text = "".join(glyph.text for glyph in digits)
    if not text.isascii():
        return None
    return _Number(index, int(text), digits[0].x0, digits[-1].x1, digits[0].y, rest)


def _aligned(numbers: Sequence[_Number]) -> list[list[_Number]]:
    """Give sets of numbers that share their right edge, else their left one, each from the top."""
    sets: list[list[_Number]] = []
    taken: set[int] = set()
    for edge in ("x1", "x0"):
        shelves: dict[int, list[_Number]] = defaultdict(list)
        for number in numbers:
            if id(number) not in taken:
                shelves[round(getattr(number, edge) / 3)].append(number)
        for shelf in sorted(shelves):
            near = [n for at in (shelf, shelf + 1) for n in shelves.get(at, ()) if id(n) not in taken]
            if len(near) >= MIN_NUMBERS:
                taken.update(map(id, near))
                sets.append(sorted(near, key=lambda number: -number.y))
    return sets


def _count_lines(numbers: Sequence[_Number]) -> bool:
    """Whether numbers count lines: they rise, evenly with the way down the page, and are too many for a list's."""
    steps = [(one.y - other.y, other.value - one.value) for one, other in pairwise(numbers)]
    rising = [down / up for down, up in steps if 0 < up <= 10 and down > 0]
    if len(rising) < SHARE * len(steps):
        return False
    pace = statistics.median(rising)
    even = sum(1 for each in rising if abs(each - pace) < 0.25 * pace)
    stand_alone = sum(1 for number in numbers if not number.rest)
    return 6 < pace < 40 and even >= 0.6 * len(rising) and (stand_alone > 0.5 * len(numbers) or len(numbers) >= 15)
