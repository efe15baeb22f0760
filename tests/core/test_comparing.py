"""Which side a sentence takes on a question that compares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.language.comparing import comparison, is_both, side

BOATS = "Do waxed boats float longer than oiled boats?"
ROPES = "Does hemp rope hold fewer knots than silk?"
INKS = "Does black ink take less time to dry than blue ink?"
CLOCKS = "Do water clocks have larger errors than candle clocks?"
READERS = "Do trained readers mark pages more accurately than dictionaries?"


@pytest.mark.parametrize(
    ("question", "sentence", "wanted"),
    [
        (BOATS, "Waxed boats floated longer than the oiled ones.", "yes"),
        (BOATS, "The oiled boats floated longer than those that were waxed.", "no"),
        (BOATS, "Oiled boats floated for a shorter time than waxed ones.", "yes"),
        (BOATS, "Waxed boats did not float longer than oiled boats.", "no"),
        (BOATS, "Waxed boats floated as long as oiled ones.", ""),
        (BOATS, "Waxed boats were cheaper than oiled boats.", ""),
        (BOATS, "Waxed boats cost more money than oiled boats.", ""),
        (BOATS, "Waxed boats float.", ""),
        (BOATS, "Larch boats floated longer than pine boats.", ""),
        (BOATS, "Oiled boats floated longer than waxed boats in salt water, while waxed boats floated longer than oiled ones in rain.", ""),
        (BOATS, "In salt water the trend is reversed, and waxed boats float longer than oiled ones.", ""),
        (ROPES, "Hemp held fewer knots than silk in every wind.", "yes"),
        (ROPES, "Silk held more knots than hemp.", "yes"),
        (ROPES, "No knot of silk slipped, and hemp is more difficult to tie than silk.", ""),
        (ROPES, "Hemp held more knots than silk.", "no"),
        (ROPES, "Silk does not hold more knots than hemp.", "no"),
        (ROPES, "Hemp does not hold more knots than silk.", ""),
        (INKS, "Black ink dries faster than blue ink: the time was halved.", "yes"),
        (INKS, "In drying time blue ink is faster than black ink.", "no"),
        (INKS, "Black ink needed more time than blue ink.", "no"),
        (CLOCKS, "By their errors, candle clocks are worse than water clocks.", "no"),
        (CLOCKS, "Water clocks had smaller errors than candle clocks.", "no"),
        (READERS, "Trained readers outperform dictionaries by a wide margin.", "yes"),
        (READERS, "Dictionaries outperformed trained readers on old prints.", "no"),
        (READERS, "Our LAMP performs consistently better than dictionaries.", "yes"),
        (READERS, "Readers underperform dictionaries on prose.", "no"),
        (READERS, "Readers underperform on prose.", "no"),
        (READERS, "Trained readers not only outperform dictionaries, they are faster.", "yes"),
        (READERS, "Trained readers are older than dictionaries.", ""),
        ("Does ink outperform chalk?", "Ink beats chalk.", "yes"),
        (
            "Do older patients have higher mortality than younger patients?",
            "Mortality was higher in older than in younger patients.",
            "yes",
        ),
    ],
)
def test_sides(question: str, sentence: str, wanted: str) -> None:
    """The order of the two sides, the way the comparative points, and a denial decide; another measure or other things decide nothing."""
    asked = comparison(question)

    assert asked is not None
    assert side(asked, sentence) == wanted


@pytest.mark.parametrize("question", ["", "Does wax help?", "Why do boats sink?", "How much longer do they float?", "Is it more than?"])
def test_a_question_that_compares_nothing(question: str) -> None:
    """It needs two things and a comparative between them."""
    assert comparison(question) is None


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_has_an_answer(question: str, sentence: str) -> None:
    """Nothing that is written ends a run."""
    asked = comparison(f"Does {question} float longer than {sentence}")

    assert asked is None or side(asked, sentence) in {"yes", "no", ""}


@pytest.mark.parametrize(
    ("sentence", "both"),
    [
        ("Hemp held fewer knots than silk in the wind, and the trend is reversed in rain.", True),
        ("Hemp held fewer knots than silk.", False),
        ("Hemp was cheaper than silk; the opposite held last year.", False),
        ("The order of the knots of hemp was reversed.", False),
    ],
)
def test_a_sentence_that_tells_both_ways(sentence: str, *, both: bool) -> None:
    """It speaks of both sides and of the measure, and says that the order turns round."""
    asked = comparison(ROPES)

    assert asked is not None
    assert is_both(asked, sentence) is both
