"""Which way a sentence leans: yes or no, up or down, and that it takes no side where it does not know."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.language.leaning import MOST_SENTENCES, direction, masked, patterns, probabilities, stance
from sovereign.model import Direction

WAX = "Does a wax coating lengthen the floating time of a paper boat?"
TRIAL = "What is the effect of beeswax compared with paraffin on floating time in paper boats?"


@pytest.mark.parametrize(
    ("sentence", "side"),
    [
        ("The wax coating lengthens the floating time of a paper boat by 23 minutes.", "yes"),
        ("A wax coating increased the floating time significantly.", "yes"),
        ("The wax coating does not lengthen the floating time of a paper boat.", "no"),
        ("Wax had no effect on the floating time of paper boats.", "no"),
    ],
)
def test_a_sentence_leans(sentence: str, side: str) -> None:
    """By its wording around the question's own words."""
    assert stance(WAX, sentence) == side


@pytest.mark.parametrize("sentence", ["The rope was bought on Tuesday.", "", "23 %"])
def test_a_sentence_on_another_subject_takes_no_side(sentence: str) -> None:
    """Most sentences of papers lean to yes; one that shares no word with the question is none of its findings."""
    assert stance(WAX, sentence) == ""


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Floating time was significantly longer with beeswax than with paraffin (P<0.001).", Direction.INCREASED),
        ("Floating time was significantly shorter with beeswax than with paraffin (p = 0.01).", Direction.DECREASED),
        ("Floating time was significantly lower in the beeswax group than in the paraffin group.", Direction.DECREASED),
        ("There was no significant difference in floating time between beeswax and paraffin (p = 0.6).", Direction.NO_DIFFERENCE),
    ],
)
def test_which_way_an_outcome_goes(sentence: str, expected: Direction) -> None:
    """Read from how the two treatments and the outcome stand to each other."""
    assert direction(TRIAL, [(sentence, 1.0)]) is expected


def test_no_comparison_has_no_direction() -> None:
    """Nor has a comparison of which nothing was found."""
    assert direction(WAX, [("Wax lengthens the floating time.", 1.0)]) is None
    assert direction(TRIAL, []) is None


LONGER = "Floating time was significantly longer with beeswax than with paraffin (P<0.001)."
ALIKE = "There was no significant difference in floating time between beeswax and paraffin (p = 0.6)."


def test_only_the_best_findings_are_read() -> None:
    """Whatever stands behind the seventh changes nothing."""
    best = [(LONGER, 0.9)] * MOST_SENTENCES

    assert direction(TRIAL, [*best, *[(ALIKE, 0.9)] * 20]) is direction(TRIAL, best) is Direction.INCREASED


def test_a_finding_that_answers_more_surely_counts_for_more() -> None:
    """As does one that stands first, and one that names what is compared."""
    assert direction(TRIAL, [(LONGER, 0.95), (ALIKE, 0.05)]) is Direction.INCREASED
    assert direction(TRIAL, [(LONGER, 0.05), (ALIKE, 0.95)]) is Direction.NO_DIFFERENCE
    assert direction(TRIAL, [(LONGER, 0.9), ("There was no difference.", 0.9)]) is Direction.INCREASED


def test_the_parts_of_the_question_are_masked() -> None:
    """So that one pattern serves every field; a run of one part is one, a figure is a figure, and a placebo is what one compares with."""
    assert masked(WAX, "A wax coating adds 23.5 minutes.") == ["a", "ASKED", "add", "NUMBER", "minut"]
    assert masked(TRIAL, "Beeswax lowered the floating time against placebo.") == [
        "TREATED", "lower", "the", "OUTCOME", "against", "COMPARED",
    ]  # fmt: skip


def test_sides_are_told_apart() -> None:
    """Which treatment stands before and behind a comparing word is a pattern of its own."""
    one, other = (
        patterns(TRIAL, f"Times were longer with {a} than with {b}.") for a, b in (("beeswax", "paraffin"), ("paraffin", "beeswax"))
    )

    assert any(pattern.endswith(":after:TREATED") for pattern in one - other)
    assert any(pattern.endswith(":after:COMPARED") for pattern in other - one)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_has_probabilities(question: str, sentence: str) -> None:
    """Each 0..1 and together one, for both models; and the same words have the same answer."""
    for model in ("stance", "direction"):
        found = probabilities(model, patterns(question, sentence))
        assert all(0 <= share <= 1 for share in found.values())
        assert sum(found.values()) == pytest.approx(1.0)
    assert stance(question, sentence) == stance(question, sentence)
    assert stance(question, sentence) in {"yes", "no", ""}
