"""BM25 by hand, and that no order of sentences changes what each is worth."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.language.retrieval import Bm25, covered, fused

TEXTS = ("wax wax boat", "boat paper", "rope harbour market")
words = st.sampled_from("wax boat paper rope harbour market coating paraffin".split())
texts = st.lists(st.lists(words, max_size=6).map(" ".join), min_size=1, max_size=6)


def test_a_value_worked_out_by_hand() -> None:
    """Three texts of 3, 2 and 3 words: "wax" stands twice in one of them, "boat" once in two."""
    long = 1.2 * (0.25 + 0.75 * 3 / (8 / 3))
    short = 1.2 * (0.25 + 0.75 * 2 / (8 / 3))
    wax, boat = math.log(1 + (3 - 1 + 0.5) / 1.5), math.log(1 + (3 - 2 + 0.5) / 2.5)

    first, second, third = Bm25(TEXTS).scores("wax boat")

    assert first == pytest.approx(wax * 2 * 2.2 / (2 + long) + boat * 2.2 / (1 + long))
    assert first == pytest.approx(1.749976, abs=1e-6)
    assert second == pytest.approx(boat * 2.2 / (1 + short))
    assert third == 0


@given(texts, st.data())
def test_the_order_of_the_texts_changes_nothing(given_texts: list[str], data: st.DataObject) -> None:
    """Each text has its score wherever it stands."""
    order = data.draw(st.permutations(range(len(given_texts))))

    straight = Bm25(given_texts).scores("wax coating boat")
    turned = Bm25([given_texts[at] for at in order]).scores("wax coating boat")

    assert turned == pytest.approx([straight[at] for at in order])


@given(texts)
def test_a_word_asked_twice_counts_once(given_texts: list[str]) -> None:
    """And a text that shares no word with the question has nothing."""
    index = Bm25(given_texts)

    assert index.scores("wax wax boat") == index.scores("wax boat")
    assert [score > 0 for score in index.scores("wax")] == ["wax" in text.split() for text in given_texts]


def test_rare_words_and_short_texts_count_for_more() -> None:
    """What the weights are for."""
    rare, common = (
        Bm25(["wax boat", "boat paper", "boat rope"]).scores("wax")[0],
        Bm25(["boat wax", "boat paper", "boat rope"]).scores("boat")[0],
    )
    short, long = Bm25(["wax boat", "wax boat rope harbour market paper"]).scores("wax")

    assert rare > common
    assert short > long


def test_nothing_is_nothing() -> None:
    """No texts, empty texts and empty questions have no scores and break nothing."""
    assert Bm25([]).scores("wax") == []
    assert Bm25(["", "wax"]).scores("") == [0, 0]
    assert Bm25(["", ""]).scores("wax") == [0, 0]
    assert fused([]) == []


def test_orders_are_fused_by_reciprocal_rank() -> None:
    """The second of both orders goes before the first of one that is the last of the other; ties keep their place."""
    got = fused([[3.0, 2.0, 1.0, 0.0], [0.0, 2.0, 1.0, 3.0]])

    assert got[1] == pytest.approx(1 / 62 + 1 / 62)
    assert got[0] == pytest.approx(1 / 61 + 1 / 64)
    assert fused([[5.0, 5.0]]) == [1 / 61, 1 / 62]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=8))
def test_what_is_better_in_every_order_is_better(pairs: list[tuple[float, float]]) -> None:
    """Fusing never turns two orders that agree."""
    got = fused([[one for one, _ in pairs], [other for _, other in pairs]])

    for at, (one, other) in enumerate(pairs):
        for against, (first, second) in enumerate(pairs):
            if one > first and other > second:
                assert got[at] > got[against]


AKIN = {("stars", "stellar"): 0.57, ("mass", "mass"): 1.0, ("stars", "suns"): 0.9, ("mass", "dust"): 0.2}


def likeness(words: Sequence[str], others: Sequence[str]) -> list[list[float]]:
    """Know few words."""
    return [[AKIN.get((word, other), 0.0) for other in others] for word in words]


def test_a_kindred_word_counts_for_as_much_as_it_is_like_the_asked_one() -> None:
    """Own words count in full, in any inflection; kindred ones in part; those hardly alike not at all; the best of several decides."""
    own, inflected, akin, both, other, none = covered(
        "stars", ["Stars shine.", "A star shines.", "The stellar light.", "Stellar suns.", "Cold dust.", ""], likeness
    )

    assert (own, inflected, other, none) == (1.0, 1.0, 0.0, 0.0)
    assert akin == pytest.approx(0.57)
    assert both == pytest.approx(0.9)


def test_each_word_of_a_question_counts_by_its_rarity() -> None:
    """A rare word that is missing costs more than a common one; all of them together come to 1."""
    whole, without_rare, without_common = covered(
        "anonymity of results", ["Anonymity of results.", "The results.", "The anonymity."], likeness
    )

    assert whole == pytest.approx(1.0)
    assert 0 < without_rare < without_common < 1
    assert without_rare + without_common == pytest.approx(1.0)


@pytest.mark.parametrize(("question", "texts"), [("", ["Stars."]), ("of the", ["Stars."]), ("stars", []), ("stars", ["", "1.5"])])
def test_no_words_cover_nothing(question: str, texts: list[str]) -> None:
    """There is one answer for each text, and it is 0."""
    assert covered(question, texts, likeness) == [0.0] * len(texts)


@given(st.lists(st.text(alphabet="abc -é1", max_size=12), max_size=6), st.text(alphabet="abc é", max_size=12))
def test_a_share_is_between_nothing_and_all(found: list[str], question: str) -> None:
    """Whatever the texts."""
    assert all(0.0 <= share <= 1.0 + 1e-9 for share in covered(question, found, likeness))
