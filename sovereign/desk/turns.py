"""Whose turn it is, where one run has no time or no room for all. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

_GOLDEN = 0.6180339887498949
_Thing = TypeVar("_Thing")


def in_turn(things: Sequence[_Thing], turn: int) -> tuple[_Thing, ...]:
    """Give all of them, from another place at each turn.

    Nobody knows how far a turn will come, nor which turns come at all: runs that are woken for one goal are counted too. So the beginnings
    are spread by the golden section. However many there were, and at whatever step they follow each other, they part the whole about
    evenly, and what a tenth of the time is enough for is reached within some fifteen turns.
    """
    start = int(turn * _GOLDEN % 1.0 * len(things))
    return (*things[start:], *things[:start])
