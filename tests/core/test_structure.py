"""Who does what to whom, which figure goes where, how far a statement reaches: what keeps the words and moves what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.language.arguments import exchanged, undone
from sovereign.language.bindings import rebound, spelt
from sovereign.language.comparison import compare
from sovereign.language.lexical import coverage
from sovereign.language.reach import overreached

EXCHANGED = (
    pytest.param("Waxed boats outlast varnished boats on still water.", "Varnished boats outlast waxed boats on still water.", id="verb"),
    pytest.param("The keel is longer than the mast.", "The mast is longer than the keel.", id="comparative"),
    pytest.param("Wax outperforms varnish on lakes.", "Wax is outperformed by varnish on lakes.", id="passive kept in order"),
    pytest.param("The hull is waxed while the sail is varnished.", "The sail is waxed while the hull is varnished.", id="two clauses"),
    pytest.param("The hull is waxed while the sail is varnished.", "The sail is waxed.", id="one of two clauses"),
    pytest.param("Leaks grow on rivers but not on lakes.", "Leaks grow on lakes but not on rivers.", id="but not"),
    pytest.param(
        "We tested WAX on ten hulls of the TAR fleet, and WAX held.",
        "We tested TAR on ten hulls of the WAX fleet, and WAX held.",
        id="twice named",
    ),
    pytest.param("It matches the speed of OAK on LAKE courses.", "It matches the speed of LAKE on OAK courses.", id="beside a mutual word"),
    pytest.param(
        "However, the coats of TAR on WAX hulls held in all ten storms.",
        "The coats of WAX on TAR hulls held in all ten storms.",
        id="beginning left out",
    ),
)


@pytest.mark.parametrize(("sentence", "claim"), EXCHANGED)
def test_exchanged_parts_are_heard(sentence: str, claim: str) -> None:
    """The same words in each other's places say something else, and the comparison turns it into a veto."""
    found = exchanged(claim, sentence)

    assert found is not None
    assert found.is_opposed
    assert compare(claim, [sentence]).is_opposed


SAME = (
    pytest.param(
        "Waxed boats outlast varnished boats on still water.", "On still water, waxed boats outlast varnished boats.", id="fronted"
    ),
    pytest.param("Wax outperforms varnish on lakes.", "Varnish is outperformed by wax on lakes.", id="passive"),
    pytest.param("Wax and varnish improve the hull.", "Varnish and wax improve the hull.", id="list"),
    pytest.param("The hull is waxed while the sail is varnished.", "The sail is varnished while the hull is waxed.", id="clauses moved"),
    pytest.param("Leak size correlates with wave height.", "Wave height correlates with leak size.", id="mutual"),
    pytest.param("Leaks grow on rivers but not on lakes.", "Leaks grow on rivers.", id="the affirmed part"),
    pytest.param("We tested WAX, TAR, and OIL, and WAX held.", "We tested OIL, TAR, and WAX, and WAX held.", id="long list"),
    pytest.param("When WAX was combined with TAR, TAR held.", "When TAR was combined with WAX, TAR held.", id="combined"),
    pytest.param("The WAX of the hulls wears out.", "The hulls of the WAX wear out.", id="no run of the same words"),
)  # fmt: skip


@pytest.mark.parametrize(("sentence", "claim"), SAME)
def test_a_moved_part_is_no_exchange(sentence: str, claim: str) -> None:
    """A phrase in front, another voice, a list in another order: nothing is held against it."""
    assert exchanged(claim, sentence) is None


def test_opposite_words_with_exchanged_sides_agree() -> None:
    """Being better than another is for the other to be worse."""
    sentence, claim = "Wax is better than varnish on lakes.", "Varnish is worse than wax on lakes."

    assert undone(claim, sentence, "worse", "better")
    assert compare(claim, [sentence]).turn is None
    assert compare("Wax is worse than varnish on lakes.", [sentence]).turn is not None


TABLE = ("Boat | Speed | Draught", "Cutter | 8.2 | 7.1", "Ketch | 6.9 | 9.0")
BOUND = (
    pytest.param(["The hull lasts 81 hours on lakes and 72 hours on rivers."], "The hull lasts 81 hours on rivers.", id="place"),
    pytest.param(["The boat has a speed of 8.2 and a draught of 7.1."], "The boat has a draught of 8.2.", id="measure"),
    pytest.param(["The mean delay was 4 s and the maximum was 9 s."], "The mean delay was 9 s.", id="mean and maximum"),
    pytest.param(
        ["Wax lengthens the trip by 4 hours over tar and by 2 hours over pitch."],
        "Wax lengthens the trip by 4 hours over pitch.",
        id="baseline",
    ),
    pytest.param(
        ["On Lake-7 wax stops 90% of the leaks; on Lake-9 it stops 60%."],
        "On Lake-9 wax stops 90% of the leaks.",
        id="named place",
    ),
    pytest.param(
        ["The draught rose from 12.1 to 15.7 after loading."],
        "The draught rose from 15.7 to 12.1 after loading.",
        id="from and to",
    ),
    pytest.param(TABLE, "Ketch has a speed of 9.0.", id="column"),
    pytest.param(TABLE, "Cutter has a draught of 9.0.", id="row"),
)  # fmt: skip


@pytest.mark.parametrize(("sentences", "claim"), BOUND)
def test_a_figure_handed_to_another_thing_is_heard(sentences: list[str], claim: str) -> None:
    """A number that stands there, but beside another place, measure, baseline, row or column, is a veto."""
    near = max(range(len(sentences)), key=lambda i: coverage(claim, sentences[i]))

    assert rebound(claim, sentences, near) is not None
    assert compare(claim, sentences).is_veto


FITTING = (
    pytest.param(["The hull lasts 81 hours on lakes and 72 hours on rivers."], "The hull lasts 72 hours on rivers.", id="place"),
    pytest.param(["The hull lasts 81 hours on lakes and 72 hours on rivers."], "On lakes, the hull lasts 81 hours.", id="fronted"),
    pytest.param(["The hull lasts 81 hours on lakes and 72 hours on rivers."], "The hull lasts 72 hours.", id="place left out"),
    pytest.param(["The mean delay was 4 s and the maximum was 9 s."], "On average the delay was 4 s.", id="average for mean"),
    pytest.param(
        ["The draught rose from 12.1 to 15.7 after loading."],
        "After loading, the draught rose to 15.7 from 12.1.",
        id="to and from",
    ),
    pytest.param(TABLE, "Ketch has a draught of 9.0.", id="cell"),
)  # fmt: skip


@pytest.mark.parametrize(("sentences", "claim"), FITTING)
def test_a_figure_in_its_place_is_fine(sentences: list[str], claim: str) -> None:
    """Order, voice and what is left out move no figure."""
    near = max(range(len(sentences)), key=lambda i: coverage(claim, sentences[i]))

    assert rebound(claim, sentences, near) is None


def test_rows_are_spelt_out() -> None:
    """A row is read with its head; what is no row stays as it is."""
    assert spelt(["Before.", *TABLE]) == ["Before.", TABLE[0], "Cutter: Speed 8.2; Draught 7.1.", "Ketch: Speed 6.9; Draught 9.0."]


WIDER = (
    pytest.param("It is possible that wax shortens the trip.", "Wax shortens the trip.", id="doubt"),
    pytest.param("Wax may shorten the trip of paper boats.", "Wax shortens the trip of paper boats.", id="may"),
    pytest.param("If the water is still, paper boats float for hours.", "Paper boats float for hours.", id="condition"),
    pytest.param("Boats float when the water is still.", "Boats float even when the water is rough.", id="even when"),
    pytest.param("All boats except the ketch reached the shore.", "All boats, including the ketch, reached the shore.", id="exception"),
    pytest.param("Most of the boats reached the shore.", "All of the boats reached the shore.", id="all for most"),
    pytest.param("Hardly any of the boats reached the shore.", "Many of the boats reached the shore.", id="many for few"),
    pytest.param("On the lake, wax lengthens the trip.", "Wax lengthens the trip on every lake.", id="every"),
    pytest.param("Wax stops 30% of the small leaks.", "Wax stops 30% of the leaks.", id="subset"),
    pytest.param("Among boats over 20 cm, wax was 71% effective.", "Wax was 71% effective among boats.", id="group"),
    pytest.param("Wax cuts leaks by up to 8 times.", "Wax cuts leaks by 8 times on average.", id="up to"),
    pytest.param("Wax was associated with longer trips in this fleet.", "Wax causes longer trips in this fleet.", id="association"),
    pytest.param("Leaks appear only after 50 hours.", "Leaks appear within the first 50 hours.", id="time"),
    pytest.param("Between 2010 and 2015 the fleet shrank by a third.", "Since 2015 the fleet has shrunk by a third.", id="since"),
)


@pytest.mark.parametrize(("sentence", "claim"), WIDER)
def test_what_limits_a_sentence_is_missed(sentence: str, claim: str) -> None:
    """A claim that leaves out or widens what a sentence limits itself with is not borne out by it."""
    assert overreached(claim, sentence, coverage(claim, sentence)) is not None
    assert compare(claim, [sentence]).is_veto


KEPT = (
    pytest.param("It is possible that wax shortens the trip.", "Wax may shorten the trip.", id="doubt in other words"),
    pytest.param("Provided that the water is still, paper boats float.", "On still water, paper boats float.", id="condition kept"),
    pytest.param("All boats except the ketch reached the shore.", "The ketch did not reach the shore.", id="the exception itself"),
    pytest.param("Most of the boats reached the shore.", "More than half of the boats reached the shore.", id="most"),
    pytest.param("All of the boats reached the shore.", "Every boat reached the shore.", id="all"),
    pytest.param("Hardly any of the boats leaked.", "Very few boats leaked.", id="few"),
    pytest.param("Wax stops 30% of the small leaks.", "Of the small leaks, wax stops 30%.", id="subset kept"),
    pytest.param("Wax cuts leaks by up to 8 times.", "At best, wax cuts leaks 8 times.", id="at best"),
    pytest.param("Wax was associated with longer trips.", "Wax and longer trips are associated.", id="association"),
    pytest.param("Leaks appear only after 50 hours.", "No leaks appear within the first 50 hours.", id="denied the other way"),
)


@pytest.mark.parametrize(("sentence", "claim"), KEPT)
def test_a_limit_in_other_words_is_kept(sentence: str, claim: str) -> None:
    """The same limit said otherwise is no fault."""
    assert overreached(claim, sentence, coverage(claim, sentence)) is None


def test_aims_do_not_speak_against_results() -> None:
    """A sentence that only asks is not held against a claim that another one answers."""
    aim, result = "We ask whether wax lengthens the trip of paper boats.", "Wax lengthens the trip of paper boats by an hour."

    assert compare("Wax lengthens the trip of paper boats.", [aim, result]).reach is None


WORDS = st.lists(st.sampled_from("wax hull may all if not 5 % outlasts than the of by most except | 7 from to after".split()), max_size=14)


@given(WORDS, WORDS)
def test_any_words_can_be_compared(one: list[str], other: list[str]) -> None:
    """Whatever stands there, there is an answer; and a sentence that says its own words has no part moved."""
    sentence = " ".join(one)

    assert compare(" ".join(other), [sentence]).closeness >= 0.0
    assert exchanged(sentence, sentence) is None
