"""The numbers that a manuscript prints beside its lines are no part of them."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sovereign.readers.pdf.page import Glyph, Segment

MIN_NUMBERS = 5
SAME_PLACE = 3.0  # points
SHARE = 0.8  # of the steps from one number to the next that must be those of counted lines


@dataclass(slots=True)
class _Number:
    """A number at the start (leads) or end of a run: its value, edges, baseline, and the glyphs that are left without it."""

    run: int
    value: int
    x0: float
    x1: float
    y: float
    rest: list[Glyph]
    leads: bool


def without_line_numbers(pages: Sequence[Sequence[Segment]]) -> list[list[Segment]]:
    """Leave out the numbers that count lines in a margin: five or more in one place of a page, counting up line by line.

    Where one page has them, those in the same place that go on counting are left out of the pages before and after it too: a page
    that figures fill has few.
    """
    found = [_numbers(runs) for runs in pages]
    gone = [[each for numbers in _aligned(page) if _count_lines(numbers) for each in numbers] for page in found]
    if any(gone):
        for way in (1, -1):
            _go_on(found, gone, way)
    return [_without(runs, numbers) for runs, numbers in zip(pages, gone, strict=True)]


def _numbers(runs: Sequence[Segment]) -> list[_Number]:
    return [number for take in (_leading, _trailing) for index, run in enumerate(runs) if (number := take(index, run.glyphs)) is not None]


def _without(runs: Sequence[Segment], numbers: Sequence[_Number]) -> list[Segment]:
    gone = {number.run: number.rest for number in numbers}
    kept = [Segment(gone.get(index, run.glyphs)) for index, run in enumerate(runs)]
    return [run for run in kept if run.glyphs]


def _go_on(found: Sequence[Sequence[_Number]], gone: list[list[_Number]], way: int) -> None:
    """Add the numbers that go on counting from page to page; way is 1 from the first page to the last, -1 back."""
    place: _Number | None = None
    step = 1
    for page in range(len(found))[::way]:
        if gone[page]:
            place = max(gone[page], key=lambda number: way * number.value)
            step = _step(gone[page])
        elif place is not None:
            gone[page] = _chain(found[page], place, way * step)
            place = gone[page][-1] if gone[page] else place


def _step(numbers: Sequence[_Number]) -> int:
    """Give by how much numbers rise from one to the next."""
    values = sorted({number.value for number in numbers})
    return min((other - one for one, other in pairwise(values)), default=1)


def _chain(numbers: Sequence[_Number], place: _Number, step: int) -> list[_Number]:
    """Give the numbers of a page, from the top or from the foot, that count on from a place on another page without a hole."""
    chain: list[_Number] = []
    same = [n for n in numbers if n.leads == place.leads and min(abs(n.x0 - place.x0), abs(n.x1 - place.x1)) < SAME_PLACE]
    for number in sorted(same, key=lambda number: -number.y * step):
        if number.value == place.value + step * (len(chain) + 1):
            chain.append(number)
    return chain


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
    return _number(index, glyphs[:end], list(glyphs[rest:]), leads=True)


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
    return _number(index, glyphs[start:], list(glyphs[:rest]), leads=False)


def _number(index: int, digits: Sequence[Glyph], rest: list[Glyph], *, leads: bool) -> _Number | None:
    text = "".join(glyph.text for glyph in digits)
    if not text.isascii():
        return None
    return _Number(index, int(text), digits[0].x0, digits[-1].x1, digits[0].y, rest, leads)


def _aligned(numbers: Sequence[_Number]) -> list[list[_Number]]:
    """Give sets of numbers that share their right edge, else their left one, each from the top."""
    sets: list[list[_Number]] = []
    taken: set[int] = set()
    for edge in ("x1", "x0"):
        shelves: dict[tuple[bool, int], list[_Number]] = defaultdict(list)
        for number in numbers:
            if id(number) not in taken:
                shelves[number.leads, round(getattr(number, edge) / 3)].append(number)
        for leads, shelf in sorted(shelves):
            near = [n for at in (shelf, shelf + 1) for n in shelves.get((leads, at), ()) if id(n) not in taken]
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
