"""Pairs that keep a sentence's words and move what they say: each change does what it says, and each label is the right one."""

from __future__ import annotations

import random

import pytest

from training import frames, relations


def chance(seed: int) -> random.Random:
    """Give a seeded source of chance."""
    return random.Random(seed)  # noqa: S311 -- made sentences, no secrets


@pytest.mark.parametrize(
    ("change", "sentence", "expected"),
    [
        pytest.param(relations.exchanged, "Wax outperforms varnish.", ("Varnish outperforms wax.", "unsupported"), id="sides of a verb"),
        pytest.param(relations.exchanged, "Boats float.", None, id="no verb with two sides"),
        pytest.param(
            relations.renamed, "The code of WaxNet calls TarNet.", ("The code of TarNet calls WaxNet.", "unsupported"), id="names"
        ),
        pytest.param(relations.renamed, "Both WaxNet and TarNet float.", ("Both TarNet and WaxNet float.", "supported"), id="a list"),
        pytest.param(relations.renumbered, "It is 4.5 on lakes, 7.2 on sea.", ("It is 7.2 on lakes, 4.5 on sea.", "refuted"), id="numbers"),
        pytest.param(relations.backwards, "It fell from 12 to 7 there.", ("It fell from 7 to 12 there.", "refuted"), id="from and to"),
        pytest.param(relations.widened, "Only wax may stop it here.", ("Only wax stop it here.", "insufficient"), id="hedge"),
        pytest.param(relations.widened, "Not a word of limits here.", None, id="nothing to widen"),
        pytest.param(
            relations.halved, "The hull is waxed with care; the sail is not.", ("The hull is waxed with care.", "supported"), id="half"
        ),
        pytest.param(relations.renoted, "It fell to -3 here.", ("It fell to −3 here.", "supported"), id="notation"),
    ],
)
def test_changes(change: relations.Relate, sentence: str, expected: relations.Made | None) -> None:
    """One known change each, with its label; None where the sentence does not allow it."""
    assert change(sentence, chance(1)) == expected


@pytest.mark.parametrize("seed", range(3))
def test_frames_are_filled(seed: int) -> None:
    """No slot is left open, and every label comes."""
    papers = [["WaxNet beats TarNet on Lake-7 in our tests.", "All boats float."]] * 3

    pairs = frames.frame_pairs(papers, 120, chance(seed))

    assert not [p for p in pairs if "{" in p.claim + p.passage]
    assert {p.label for p in pairs} == {"supported", "refuted", "insufficient"}
    assert all(p.source.startswith("frame:") for p in pairs)


def test_frames_can_be_drawn_again() -> None:
    """The same seed gives the same pairs, so a run can be repeated."""
    papers = [["WaxNet beats TarNet on Lake-7 in our tests.", "All boats float."]] * 3

    assert frames.frame_pairs(papers, 20, chance(5)) == frames.frame_pairs(papers, 20, chance(5))
