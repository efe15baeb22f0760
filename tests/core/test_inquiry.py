"""What a question asks for: the form of its answer, the questions that it joins, its facets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.language.inquiry import SPOKEN_FROM, Asks, asks, asks_of_several, clauses, compared, parts
from sovereign.language.question import told

WAX = "Does a wax coating lengthen the floating time of a paper boat?"
TRIAL = "What is the effect of beeswax compared with paraffin on floating time in paper boats?"


@pytest.mark.parametrize(
    ("question", "form"),
    [
        (WAX, Asks.YES_NO),
        ("Whether wax helps paper boats float", Asks.YES_NO),
        ("Paper boats and wax: do they float longer?", Asks.YES_NO),
        ("How many minutes does wax add to the floating time?", Asks.AMOUNT),
        ("By how many minutes does wax lengthen the floating time?", Asks.AMOUNT),
        ("To what extent does salt water shorten the floating time?", Asks.AMOUNT),
        ("What is the mean duration of a voyage?", Asks.AMOUNT),
        ("What is the effect of wax on the floating time of paper boats?", Asks.EFFECT),
        ("How does wax affect the floating time?", Asks.EFFECT),
        ("Why do paper boats sink?", Asks.CAUSE),
        ("What causes paper boats to sink?", Asks.CAUSE),
        ("Which coatings keep a paper boat afloat?", Asks.LIST),
        ("Should paper boats be waxed by hand or by machine?", Asks.LIST),
        ("Do experts specialise by domain or by token?", Asks.LIST),
        ("Does wax increase or decrease the floating time?", Asks.LIST),
        ("Is beeswax or paraffin better for paper boats?", Asks.LIST),
        ("Is beeswax better than paraffin or oil?", Asks.YES_NO),
        ("Does wax protect one or more sides of a boat?", Asks.YES_NO),
        ("Does wax lengthen the floating time or not?", Asks.YES_NO),
        ("Does wax protect boats against rain or snow?", Asks.YES_NO),
        ("How are paper boats folded?", Asks.HOW),
        ("Paper boats in still water", Asks.HOW),
    ],
)
def test_the_form_of_the_answer(question: str, form: Asks) -> None:
    """By how a question begins, and by what it asks behind a colon; spaces around it change nothing."""
    assert asks(question) is asks(f"  {question}\n") is form


def test_one_question_may_join_two() -> None:
    """Each is asked by itself; a list within one question is not two."""
    joined = "Does wax lengthen the floating time, and how large is the difference between beeswax and paraffin?"

    assert clauses(joined) == ("Does wax lengthen the floating time", "how large is the difference between beeswax and paraffin?")
    assert clauses("Does wax, oil, and varnish lengthen the floating time?") == ("Does wax, oil, and varnish lengthen the floating time?",)


@pytest.mark.parametrize("joint", ["compared with", "compared to", "versus", "vs.", "rather than"])
def test_a_comparison_has_three_parts(joint: str) -> None:
    """What is tried, what it is held against, and the outcome; other questions have none of them."""
    assert compared(TRIAL.replace("compared with", joint)) == ("beeswax", "paraffin", "floating time in paper boats")
    assert compared(WAX) is None
    assert compared("What is the effect of beeswax on floating time?") is None


@pytest.mark.parametrize(
    ("question", "names"),
    [
        (WAX, ["wax coating", "floating", "paper boat"]),
        (TRIAL, ["beeswax", "paraffin", "floating", "paper boats"]),
        ("Which coatings keep a paper boat afloat?", ["coatings", "paper boat afloat"]),
        ("Does it work?", ["work"]),
        ("How do oars and sails compare on rough water?", ["oars", "sails", "water"]),
        ("Does a keel influence the drift of paper boats?", ["keel", "drift", "paper boats"]),
        ("Do heavier boats survive more gusts?", ["heavier boats", "gusts"]),
        ("Why do larger boats sink?", ["boats sink"]),
        ("Is varnish needed, or is wax enough?", ["varnish", "wax"]),
        ("To what extent does tar reduce leaks?", ["tar", "leaks"]),
        ("What is known of distributed ballast and folded hulls?", ["distributed ballast", "folded hulls"]),
        ("", []),
        ("???", []),
    ],
)
def test_facets_stand_as_they_are_asked(question: str, names: list[str]) -> None:
    """In the question's order and in its own words; a question without a word has none."""
    assert [part.name for part in parts(question)] == names


@given(st.text(max_size=120))
def test_any_question_has_sound_facets(question: str) -> None:
    """Weights come to one, nothing is named twice, and nothing breaks."""
    found = parts(question)
    stems = [stem for part in found for stem, _ in part.stems]

    assert sum(part.weight for part in found) == pytest.approx(1.0 if found else 0.0, abs=0.01)
    assert len(stems) == len(set(stems))
    assert all(part.weight > 0 and part.name for part in found)
    assert asks(question) in Asks
    assert "".join(clauses(question)) or not question.strip()


def test_what_speaks_of_a_facet() -> None:
    """Most of its weight in the text; what only the paper is about counts in part, and by itself just not enough for half of it."""
    boat = parts(WAX)[2]
    whole, half, beside = ("A paper boat sank.", ""), ("A boat sank.", ""), ("The boat sank.", "Paper and its folds")

    assert boat.spoken(told(whole[0])) == 1
    assert boat.spoken(told(half[0])) < SPOKEN_FROM or boat.spoken(told("Paper burns.")) < SPOKEN_FROM
    assert boat.spoken(told(half[0])) < boat.spoken(told(beside[0]), told(beside[1])) < 1


@pytest.mark.parametrize(
    ("question", "is_yes_or_no"),
    [
        ("Should ordering be built in, or left to the application?", False),
        ("Does wax help, or does it not?", True),
        ("Is the coating of wax, or of oil?", False),
        ("Does wax or oil help?", True),
    ],
)
def test_one_of_two_things_is_no_yes_or_no(question: str, is_yes_or_no: bool) -> None:  # a table
    """Which of them it is, is asked."""
    assert (asks(question) is Asks.YES_NO) is is_yes_or_no


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Does recurrence slow a paper boat?", "Recurrent waves slowed each paper boat."),
        ("Do sailors specialise?", "Most sailors are not specialized."),
        ("Which mutations are tolerated?", "The stalk is intolerant, the head tolerant of most mutations."),
        ("Does colour matter?", "The color of a boat made no difference."),
        ("How accurate is the clock?", "The accuracy of the clock was within a second."),
    ],
)
def test_a_facet_is_spoken_of_in_words_of_one_family(asked: str, said: str) -> None:
    """An answer need not repeat the question's grammar."""
    assert all(part.spoken(told(said)) >= SPOKEN_FROM for part in parts(asked) if part.name != "matter")


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("Do waxed boats float longer on ponds and on rivers?", True),
        ("Does wax help both paper and cardboard boats?", True),
        ("Does wax always help?", True),
        (WAX, False),
        ("Do waxed boats float longer and faster on ponds?", False),
    ],
)
def test_several_cases_at_once(question: str, *, several: bool) -> None:
    """A no in one of them is no yes."""
    assert asks_of_several(question) is several
