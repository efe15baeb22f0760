"""Reading ends: no pattern of the project takes more than twice as long, or a little, over a text twice as long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import pytest

from tests.hostile.patterns import BUILT, GIVE_UP_S, MOST, Found, Growth, every, growth, texts

EVERY = cache(every)
"""Not when the tests are collected, which each worker does."""
# Patterns that a table is made of: seen in the table that the function gives, so their expressions need not be evaluated.
IN_TABLES = ("screening/cues.py: pattern", "screening/intent.py: ", "screening/signs.py: ")
MAY_BE_UNKNOWN = {
    "adapters/goal_file/kinds.py: self.pattern": "the fields' own patterns, seen where they are given",
    "citing/bibliography.py: pattern": "_WITHDRAWN, seen as a name",
    "readers/building.py: pattern": "_ROLES, seen as a name",
    "citing/withdrawal.py: pattern": "_WITHDRAWN, seen as a name",
    "language/bindings.py: pattern": "_BORDERS, seen as a name",
    "language/comparing.py: f'(?:{words})'": "_SCALES, seen as a name",
    "readers/tex/conditions.py: pattern": "matched at the start of one token, whose form the caller writes out",
}
PARTS = 8


def test_every_pattern_is_seen() -> None:
    """A pattern that the walk cannot see is named here with the reason why it need not."""
    patterns, unknown = EVERY()

    assert len(patterns) > 450
    assert [name for name in unknown if not name.startswith(IN_TABLES) and name not in MAY_BE_UNKNOWN] == []
    assert [name for name in BUILT if name.split(":")[0] not in {found.where.split(":")[0] for found in patterns}] == []


@pytest.mark.parametrize("part", range(PARTS))
def test_searches_grow_linearly(part: int) -> None:
    """Each pattern, over some of its own words repeated: by its ways, its repeats, and two ways of a repeat in turn."""
    assert [found for found in _grown(EVERY()[0][part::PARTS], 60) if found.exponent > MOST] == []


@pytest.mark.slow
def test_searches_grow_linearly_over_all_words() -> None:
    """Each pattern, over all of its own words repeated; -s prints the slowest."""
    grown = sorted(_grown(EVERY()[0], 1_000), key=lambda found: -found.seconds)
    print(*grown[:10], sep="\n")  # noqa: T201  # shown with pytest -s

    assert [found for found in grown if found.exponent > MOST] == []


def _grown(patterns: Sequence[Found], most: int) -> Iterator[Growth]:
    for pattern in patterns:
        for before, unit, after in texts(pattern.pattern, most):
            if (found := growth(pattern, before, unit, after)) is not None:
                yield found


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"(?:a|b|ab)*c", id="alternatives that overlap, in a repeat"),
        pytest.param(r"(?:(?:you must|you (?:must|should) ?)[,:]? ?)*(?P<verb>give)", id="the pattern that hung"),
        pytest.param(r"\s*,?\s*x", id="two repeats that meet"),
        pytest.param(r"\w+@", id="a repeat that begins anywhere"),
    ],
)
def test_the_walk_tells_a_bad_pattern(pattern: str) -> None:
    """The walk finds what it is for."""
    found = Found("here", re.compile(pattern))

    assert any(_is_bad(growth(found, *text)) for text in texts(found.pattern, 60))


def _is_bad(found: Growth | None) -> bool:
    return found is not None and (found.exponent > MOST or found.seconds >= GIVE_UP_S)
