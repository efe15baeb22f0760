"""Work side by side: its order, its bound, its errors, and who waits for whom."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from sovereign.abreast import abreast


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_what_is_made_comes_in_order(at_once: int) -> None:
    """However many are begun at once."""
    assert list(abreast(lambda n: n * n, range(20), at_once)) == [n * n for n in range(20)]


def test_two_are_done_at_the_same_time() -> None:
    """The first is not done before the second has begun: one after the other would wait for ever."""
    both = threading.Barrier(2, timeout=20)

    assert len(list(abreast(lambda _: both.wait(), range(4), 2))) == 4


def test_no_more_is_begun_than_may_be() -> None:
    """Items are taken when there is room: what is fetched ahead of the reader is bounded."""
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(10):
            taken.append(number)
            yield number

    made = abreast(lambda n: n, items(), 3)

    assert (next(made), len(taken)) == (0, 3)
    assert (next(made), len(taken)) == (1, 4)


def test_an_error_comes_at_its_turn() -> None:
    """What was done before it is handed on."""

    def work(number: int) -> int:
        if number == 2:
            raise ValueError("two")
        return number

    made = abreast(work, range(5), 3)
    assert [next(made), next(made)] == [0, 1]
    with pytest.raises(ValueError, match="two"):
        next(made)


def test_one_at_a_time_stays_in_its_thread() -> None:
    """Whoever wants nothing side by side gets no threads."""
    assert list(abreast(lambda _: threading.current_thread(), [0], 1)) == [threading.current_thread()]
