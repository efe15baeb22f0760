"""A claim beside the words it rests on, and the words that two texts share."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sovereign.language.comparison import Comparison, Likeness, compare
from sovereign.language.lexical import Index, content_stems, coverage, nearest
from sovereign.language.paraphrase import canonical, says_the_same, stands_in
from sovereign.language.tfidf import Tfidf
from sovereign.model import CheckName

SAID = "The wax coating raised the mean floating time of the BT-1 boat to 23.4 minutes."
AROUND = ("We folded every boat from one sheet.", SAID, "Each basin held 40 litres of tap water.")


def failed(comparison: Comparison) -> set[CheckName]:
    """Give the checks that failed."""
    return {check.name for check in comparison.checks if check.passed is False}


def test_the_sentence_itself_passes_every_check() -> None:
    """Word for word: borne out, with something to compare in numbers and names."""
    got = compare(SAID, AROUND)

    assert got.is_borne_out
    assert (got.place, got.closeness) == (1, 1.0)
    assert [check.passed for check in got.checks] == [True, True, True, True]


CHANGES = (
    pytest.param("23.4", "32.4", {CheckName.NUMBERS}, True, id="number"),
    pytest.param("23.4 minutes", "23.4 hours", {CheckName.UNITS}, True, id="unit"),
    pytest.param("BT-1", "BT-2", {CheckName.NAMES}, False, id="name"),
    pytest.param("raised", "lowered", {CheckName.DIRECTION}, True, id="direction"),
    pytest.param("raised", "never raised", {CheckName.DIRECTION}, True, id="negation"),
)


@pytest.mark.parametrize(("old", "new", "checks", "is_opposed"), CHANGES)
def test_one_change_is_a_veto(old: str, new: str, checks: set[CheckName], is_opposed: bool) -> None:
    """An otherwise verbatim claim fails exactly the check of what was changed; a missing name alone does not oppose it."""
    got = compare(SAID.replace(old, new), AROUND)

    assert got.is_veto
    assert not got.is_borne_out
    assert checks <= failed(got)
    assert got.is_opposed is is_opposed


def test_another_list_number_in_the_same_words_is_a_veto() -> None:
    """A figure that counts nothing is compared too where all else is word for word."""
    sentence = "The methods fall into 1) robust, 2) aware and 3) recovery approaches."
    found = compare(sentence.replace("3)", "1)"), [sentence])

    assert found.is_veto
    assert found.is_opposed
    assert not compare(sentence, [sentence]).is_veto


def test_an_overstated_claim_is_a_veto_and_not_opposed() -> None:
    """Leaving out "may" is more than the source says, and no contradiction."""
    hedged = SAID.replace("raised", "may have raised")

    got = compare(hedged.replace("may have raised", "has raised"), [hedged])

    assert got.is_veto
    assert not got.is_opposed


def test_a_condition_may_stand_in_another_sentence_of_the_claim() -> None:
    """A quote of two sentences without its pointer: the second one leaves out no condition that the first one says."""
    quote = "However, if we leave the wind out of the model of the pond, boats float too long (Fig. 2). In this case they float 9 minutes."
    claim = "If we leave the wind out of the model of the pond, boats float too long. In this case they float 9 minutes."

    assert not compare(claim, [quote]).is_veto
    assert compare("In this case they float 9 minutes, boats float too long.", [quote]).reach
    assert compare("Boats float too long. In this case they float 9 minutes.", [quote]).is_veto


def test_what_the_close_sentence_lacks_may_stand_beside_it() -> None:
    """A claim that joins two sentences is no veto."""
    assert not compare(SAID.removesuffix(".") + " in basins of 40 litres.", AROUND).is_veto


def test_a_claim_far_from_every_sentence_is_held_to_its_numbers() -> None:
    """Other words, but the numbers must stand somewhere; a missing name is shown and vetoes nothing."""
    far = compare("Boats with paraffin on them swam for 23.4 minutes according to ZZ-9.", AROUND)

    assert not far.is_close
    assert not far.is_veto
    assert failed(far) == {CheckName.NAMES}
    assert compare("Boats with paraffin on them swam for 77 minutes.", AROUND).is_veto


def test_the_title_may_supply_a_name() -> None:
    """A name in the heading is named."""
    claim = SAID.replace("BT-1", "QX-9")

    assert not compare(claim, [SAID.replace("the BT-1 boat", "our boat")], context="The QX-9 boats").is_veto


def test_nothing_to_rest_on() -> None:
    """No sentences: nothing was compared, nothing is borne out, nothing is vetoed."""
    got = compare(SAID, [])

    assert not got.is_borne_out
    assert not got.is_veto
    assert {check.passed for check in got.checks} == {None}


@pytest.mark.parametrize(
    ("claim", "sentence", "expected"),
    [
        pytest.param(SAID, SAID, True, id="itself"),
        pytest.param(SAID.lower(), SAID.upper(), True, id="case"),
        pytest.param(SAID, f"However, {SAID}", True, id="a connective before"),
        pytest.param("the wax coating raised it", f"We ask in this long sentence whether {SAID}", False, id="a small part proves nothing"),
        pytest.param("p < 0.05 for boats", "p > 0.05 for boats", False, id="marks bear meaning"),
        pytest.param("", SAID, False, id="empty"),
    ],
)
def test_stands_in(claim: str, sentence: str, expected: bool) -> None:
    """Word for word, and most of the sentence."""
    assert stands_in(claim, sentence) is expected


SAME = (
    ("We propose a novel approach for boats.", "We put forward a new method for boats."),
    ("However, the large boats required several basins.", "The big boats needed multiple basins."),
    ("Our results show that the method improves stability by 5.5 %.", "The approach enhances stability by 5.5%."),
    ("We evaluate it in order to reduce cost.", "We assess it to decrease the cost."),
    ("State-of-the-art boats float due to wax.", "State of the art boats float because of wax."),
    ("The boats were compared with those of others.", "The boats are compared to those of others."),
)
NOT_THE_SAME = (
    ("Wax improves stability of boats.", "Wax may improve stability of boats."),
    ("Wax improves stability of all boats.", "Wax improves stability of all boats unless it rains."),
    ("Wax improves accuracy of forecasts.", "Wax improves precision of forecasts."),
    ("Wax improves stability of boats.", "Tar improves stability of boats."),
    ("Boats beat rafts on the lake.", "Rafts beat boats on the lake."),
    ("Wax improves stability by 5.5 %.", "Wax improves stability by 6.5 %."),
    ("Wax improves stability of boats.", "Wax improves stability of boats or rafts."),
    ("Then a = b for boats.", "Then a != b for boats."),
    ("Wax never improves stability.", "Wax improves stability."),
    ("Stability improves p < 0.05.", "Stability improves p > 0.05."),
    ("wax improves", "We ask in a long sentence whether on other days and in other basins wax improves"),
)


@pytest.mark.parametrize(("claim", "sentence"), SAME, ids=[a for a, _ in SAME])
def test_says_the_same(claim: str, sentence: str) -> None:
    """Synonyms, articles, openers, hyphens and inflection change nothing, in either direction."""
    assert says_the_same(claim, sentence)
    assert says_the_same(sentence, claim)


@pytest.mark.parametrize(("claim", "sentence"), NOT_THE_SAME, ids=[f"{a} / {b}" for a, b in NOT_THE_SAME])
def test_does_not_say_the_same(claim: str, sentence: str) -> None:
    """A hedge, a condition, another measure, another thing, another order, another number."""
    assert not says_the_same(claim, sentence)


def test_a_reworded_claim_is_borne_out_unless_something_is_held_against_it() -> None:
    """Listed synonyms bear a claim out; a veto still counts."""
    said = SAID.replace("raised", "increased").replace("mean", "mean").replace("The wax", "However, the wax")

    assert compare(said, AROUND).likeness is Likeness.REWORDED
    assert compare(said, AROUND).is_borne_out
    assert not compare(said.replace("23.4", "24.4"), AROUND).is_borne_out


@given(st.text(max_size=120))
def test_any_text_has_a_canonical_form(text: str) -> None:
    """No text breaks it, twice the same."""
    assert canonical(text) == canonical(text)


@given(st.text(max_size=120))
@example("0\rJ")
def test_a_text_is_never_held_against_itself(text: str) -> None:
    """Whatever the text, it vetoes nothing it says itself."""
    assert not compare(text, [text]).is_veto


# --- Shared words ------------------------------------------------------------------------------------------------

TEXTS = ["The cat sat on the mat, the cat.", "A dog is not a cat.", "54.51 % of the mats are blue.", ""]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("the cat sat 54", [0.6927, 0.1055, 0.1993, 0.0]),
        ("dogs", [0.0, 0.0, 0.0, 0.0]),
        ("", [0.0, 0.0, 0.0, 0.0]),
        ("blue mats are not a dog", [0.0, 0.3173, 0.4597, 0.0]),
        ("A dog is not a cat.", [0.1078, 1.0, 0.0, 0.0]),
    ],
)
def test_tfidf_is_the_cosine_of_the_prototype(claim: str, expected: list[float]) -> None:
    """Word 1- and 2-grams by smooth rarity, learnt from the texts; a word of one letter does not count."""
    assert Tfidf(TEXTS).cosines(claim) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("texts", [[], [""], ["a b c"]])
def test_nothing_is_like_texts_without_words(texts: list[str]) -> None:
    """Texts from which no word can be learnt are like no claim."""
    assert Tfidf(texts).cosines("the cat sat") == [0.0] * len(texts)


def test_importing_the_steps_loads_no_scikit_learn() -> None:
    """Commands that weigh nothing do not pay for it."""
    code = "import sys, sovereign.steps.verify, sovereign.steps.weigh; print({'sklearn', 'scipy'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"


def test_nearest_gives_reading_order() -> None:
    """The sentences that share most, in the order in which they stand."""
    assert nearest("cats on blue mats", [TEXTS[2], TEXTS[1], TEXTS[0]], 2) == (0, 2)
    assert nearest("nothing shared", TEXTS, 2) == (0, 1)
    assert nearest("no sentences", [], 3) == ()


def test_shares_weigh_rare_words_more() -> None:
    """A rare shared word counts more than a common one; what shares nothing is left out."""
    shares = Index(["cat mat", "cat dog", "cat bird"]).shares("cat dog")

    assert shares[1] == pytest.approx(1.0)
    assert 0 < shares[0] < 0.5


def test_coverage_is_of_the_claim() -> None:
    """A long text that holds all of a short claim covers it; the other way round does not."""
    assert coverage("floating boats", "A boat was floating on the pond.") == 1.0
    assert coverage("A boat was floating on the pond.", "floating boats") < 1.0
    assert coverage("", "boats") == 0.0
    assert content_stems("The increases of accuracy") == content_stems("increased accuracy")
