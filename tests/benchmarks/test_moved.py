"""The suites of moved parts: each change moves what it says it moves, and every claim written by hand is whole."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import pytest

from benchmarks import moved
from benchmarks.papers import Text

TEXT = Text("p", ("One.", "Two."))
CHANCE = random.Random(3)  # noqa: S311 -- picks a change, no secrets
FRONT = ("We counted every single boat on the open sea.", "On the open sea, we counted every single boat.")


@pytest.mark.parametrize(
    ("change", "sentence", "expected"),
    [
        pytest.param(moved.exchanged, "On lakes WaxNet outperforms TarNet.", "On lakes TarNet outperforms WaxNet.", id="names"),
        pytest.param(moved.exchanged, "WaxNet and TarNet are on a par.", None, id="a list has no order"),
        pytest.param(moved.crossed_figures, "4.5% on lakes, but only 7.2% here.", "7.2% on lakes, but only 4.5% here.", id="figures"),
        pytest.param(moved.crossed_figures, "It is 4.5% on lakes.", None, id="one figure"),
        pytest.param(moved.fronted, *FRONT, id="front"),
        pytest.param(moved.other_notation, "It fell by 1,200 or 12%, to 0.5.", "It fell by 1200 or 12 percent, to .5.", id="notation"),
    ],
)  # fmt: skip
def test_changes(change: Callable[[str, Text, random.Random], str | None], sentence: str, expected: str | None) -> None:
    """One known change each; None where the sentence does not allow it."""
    assert change(sentence, TEXT, CHANCE) == expected


def test_the_hand_written_claims_are_whole() -> None:
    """Each has its own name, both sorts are there, and a wrong claim never stands in its evidence."""
    entries = [json.loads(line) for line in moved.HAND.read_text(encoding="utf-8").splitlines()]

    assert len({entry["id"] for entry in entries}) == len(entries) > 100
    assert {entry["right"] for entry in entries} == {True, False}
    assert not [entry["id"] for entry in entries if not entry["right"] and entry["claim"] in entry["evidence"]]
