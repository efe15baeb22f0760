"""Given sentences: a claim weighed against the text beside it; the cascade's veto, its caps, and the prototype's rule."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovereign.language.cascade import capped, vetoed
from sovereign.model import CheckName, Probabilities, Verdict
from sovereign.steps.verify import weigh_texts
from tests.fakes import FakeVerifier, Scripted, passed

QUOTE = "The wax coating lengthens the mean floating time of a paper boat by 23 minutes."
AGAINST = "The wax coating does not lengthen the mean floating time of a paper boat."
FILLER = "We folded every boat from the same sheet.", "All basins were filled with tap water."


def test_what_stands_in_the_text_needs_no_models_opinion() -> None:
    """A claim that is one of the sentences is borne out by matching, and every check is shown in order."""
    (got,) = weigh_texts([(QUOTE, [QUOTE, *FILLER])], verifier=Scripted({QUOTE: Probabilities(0.2, 0.3, 0.5)}))

    assert (got.verdict, got.confidence) == (Verdict.SUPPORTED, 0.99)
    assert [c.name for c in got.checks] == [
        CheckName.NUMBERS, CheckName.UNITS, CheckName.NAMES, CheckName.DIRECTION, CheckName.LEXICAL, CheckName.ENTAILMENT,
    ]  # fmt: skip


def test_likelihood_alone_accepts_nothing_that_shares_few_words() -> None:
    """However sure the verifier is, a claim whose words the text hardly has is left open."""
    said = "Beeswax makes toy ships swim longer on lakes."

    (got,) = weigh_texts([(said, [QUOTE])], verifier=Scripted({QUOTE: Probabilities(0.97, 0.02, 0.01)}))

    assert got.verdict is Verdict.INSUFFICIENT
    assert (got.confidence or 1.0) < FakeVerifier.card.threshold


VETOES = (
    pytest.param(
        "The wax coating lengthens the mean floating time of a paper boat by 32 minutes.", CheckName.NUMBERS, Verdict.REFUTED, id="number"
    ),
    pytest.param(
        "The wax coating lengthens the mean floating time of a paper boat by 23 hours.", CheckName.UNITS, Verdict.REFUTED, id="unit"
    ),
    pytest.param(
        "The PTFE coating lengthens the mean floating time of a paper boat by 23 minutes.", CheckName.NAMES, Verdict.INSUFFICIENT, id="name"
    ),
    pytest.param(
        "The wax coating shortens the mean floating time of a paper boat by 23 minutes.",
        CheckName.DIRECTION,
        Verdict.REFUTED,
        id="direction",
    ),
    pytest.param(
        "The wax coating never lengthens the mean floating time of a paper boat by 23 minutes.",
        CheckName.DIRECTION,
        Verdict.REFUTED,
        id="negation",
    ),
)


@pytest.mark.parametrize(("text", "check", "verdict"), VETOES)
def test_a_veto_lowers_whatever_the_verifier_says(text: str, check: CheckName, verdict: Verdict) -> None:
    """A certain verifier does not save a claim that changes a number, a unit, a name or the direction."""
    (got,) = weigh_texts([(text, [QUOTE])], verifier=Scripted({QUOTE: Probabilities(0.99, 0.005, 0.005)}))

    assert got.verdict is verdict
    assert passed(got, check) is False
    assert (got.confidence or 1.0) < 0.05


@pytest.mark.parametrize(
    ("p", "verdict"),
    [
        (Probabilities(0.05, 0.05, 0.9), Verdict.REFUTED),
        (Probabilities(0.1, 0.8, 0.1), Verdict.INSUFFICIENT),
        (Probabilities(0.25, 0.3, 0.45), Verdict.INSUFFICIENT),
    ],
)
def test_a_veto_never_raises(p: Probabilities, verdict: Verdict) -> None:
    """What is refuted stays refuted, what is left open stays open; refuted is likelier than all else together."""
    (got,) = weigh_texts([(QUOTE.replace("23", "32"), [QUOTE])], verifier=Scripted({QUOTE: p}))

    assert got.verdict is verdict


@pytest.mark.parametrize("refuted", [0.6, 0.89])
def test_likelihood_alone_refutes_only_where_it_is_nearly_sure(refuted: float) -> None:
    """Without a sign of it in the words, a right rewording is refuted too often from one half on."""
    said = "Wax on its hull keeps a paper boat floating for longer."
    (doubted,) = weigh_texts([(said, [QUOTE])], verifier=Scripted({QUOTE: Probabilities(0.05, 0.95 - refuted, refuted)}))
    (sure,) = weigh_texts([(said, [QUOTE])], verifier=Scripted({QUOTE: Probabilities(0.03, 0.02, 0.95)}))

    assert doubted.verdict is Verdict.INSUFFICIENT
    assert sure.verdict is Verdict.REFUTED


def test_every_sentence_of_a_claim_is_weighed() -> None:
    """A right sentence does not carry a wrong one."""
    wrong = "All basins were filled with salt water."
    scripted = Scripted({})

    (got,) = weigh_texts([(f"{QUOTE} {wrong}", [QUOTE, *FILLER])], verifier=scripted)

    assert got.verdict is Verdict.INSUFFICIENT
    assert {QUOTE, wrong} <= {claim for claim, _ in scripted.asked}


def test_without_a_verifier_the_rule_decides_without_a_confidence() -> None:
    """The prototype's rule on words alone; the veto still counts."""
    fine, wrong, beside = weigh_texts([(QUOTE, [QUOTE]), (QUOTE.replace("23", "32"), [QUOTE]), (QUOTE, [FILLER[1]])], verifier=None)

    assert (fine.verdict, fine.confidence, fine.probabilities) == (Verdict.SUPPORTED, None, None)
    assert wrong.verdict is Verdict.REFUTED
    assert beside.verdict is Verdict.INSUFFICIENT


def test_weighs_against_the_nearest_sentences() -> None:
    """The verifier sees the three nearest sentences in reading order; the evidence lists them, nearest first."""
    scripted = Scripted({f"{FILLER[0]} {QUOTE} {FILLER[1]}": Probabilities(0.9, 0.05, 0.05)})

    got = weigh_texts([(QUOTE, [*FILLER[:1], QUOTE, *FILLER[1:], "Nothing else was measured on Sunday."])], verifier=scripted)[0]

    assert got.verdict is Verdict.SUPPORTED
    assert got.evidence[0] == 1


def test_no_sentences_are_insufficient() -> None:
    """A claim beside nothing is neither supported nor refuted, with and without a verifier."""
    for verifier in (None, FakeVerifier()):
        got = weigh_texts([(QUOTE, [])], verifier=verifier)[0]

        assert (got.verdict, got.evidence) == (Verdict.INSUFFICIENT, ())


def test_one_answer_an_item_in_order() -> None:
    """Batches keep their order."""
    got = weigh_texts([(QUOTE, [QUOTE]), (QUOTE, list(FILLER)), (QUOTE, [AGAINST])], verifier=FakeVerifier())

    assert [w.verdict for w in got] == [Verdict.SUPPORTED, Verdict.INSUFFICIENT, Verdict.REFUTED]


_shares = st.tuples(*[st.floats(0.001, 1)] * 3).map(lambda t: Probabilities(*(x / sum(t) for x in t)))


@given(_shares, st.booleans())
def test_a_veto_keeps_probabilities_whole(p: Probabilities, is_opposed: bool) -> None:
    """After a veto the three still sum to one, "supported" is lower and no other one is."""
    left = vetoed(p, is_opposed=is_opposed)

    assert left.supported < p.supported
    assert left.insufficient >= p.insufficient
    assert left.refuted >= p.refuted


@given(_shares, st.floats(0.1, 0.9))
def test_a_number_not_found_is_never_accepted(p: Probabilities, threshold: float) -> None:
    """The three still sum to one, "supported" stays below the threshold, and what was below already is untouched."""
    left = capped(p, threshold)

    assert left.supported < threshold
    assert left.refuted == p.refuted
    assert left == p or p.supported >= 0.95 * threshold


def test_a_number_in_a_text_of_other_words() -> None:
    """A claim far from every sentence that names a number the text has not: not accepted, yet not called unlikely."""
    text = "Paraffin keeps folded vessels on the water far longer than bare ones."

    got = weigh_texts([("Boats with wax float 23 minutes longer.", [text])], verifier=Scripted({text: Probabilities(0.9, 0.06, 0.04)}))[0]

    assert got.verdict is Verdict.INSUFFICIENT
    assert got.confidence == pytest.approx(0.8 * 0.95)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=4))
def test_any_text_gets_a_verdict(claim: str, sentences: list[str]) -> None:
    """No text breaks the cascade."""
    for verifier in (None, FakeVerifier()):
        assert weigh_texts([(claim, sentences)], verifier=verifier)[0].verdict in Verdict
