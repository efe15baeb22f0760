"""Made damage: each kind changes what it names, and a seed gives the same damage again."""

from __future__ import annotations

import pytest

from training.damage import WAYS, Rng, damaged

A = "The efficient finite-element method reduced the mean error by 12.5 % (p < 0.05) in five of the six experiments that we ran."
B = "Participants were recruited from the hospitals of three cities between 2009 and 2012 and were followed for two years."


@pytest.mark.parametrize("kind", list(WAYS))
def test_every_kind_changes_the_sentence(kind: str) -> None:
    """Over a few seeds, each kind gives a text that is not the sentence it began with."""
    made = [WAYS[kind](A, B, Rng(seed)) for seed in range(6)]

    assert any(text and text != A for text in made)


def test_ligatures_figures_and_signs_are_lost() -> None:
    """What is lost is what the name says."""
    rng = Rng(1)

    assert "12.5" not in WAYS["without_figures"](A, B, Rng(2))
    assert "<" not in WAYS["without_signs"](A, B, rng)
    assert {WAYS["without_ligatures"](A, B, Rng(s)) for s in range(9)} != {A}
    assert "ffi" not in WAYS["without_ligatures"]("An efficient way.", B, rng)


def test_a_seed_gives_the_same_damage() -> None:
    """Two draws with one seed are equal, and none is a sentence as it stood."""
    first, second = (damaged([A, B] * 30, Rng(5)) for _ in range(2))

    assert first == second
    assert not {A, B} & {text for _, text in first}
