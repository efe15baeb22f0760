"""The cascade: quote, veto, entailment over own and other papers, verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovereign.language.cascade import capped, vetoed
from sovereign.model import BlockKind, CheckName, Claim, Document, Evidence, Passage, Probabilities, Role, Stance, Verdict, VerifierCard
from sovereign.steps.verify import Weighing, verify, weigh_texts
from tests.fakes import FakeEmbedder, FakeVerifier, cut, document, paper

QUOTE = "The wax coating lengthens the mean floating time of a paper boat by 23 minutes."
FILLER = "We folded every boat from the same sheet.", "All basins were filled with tap water."


@dataclass
class Scripted:
    """A verifier that answers from a table by passage; unknown passages are insufficient."""

    answers: dict[str, Probabilities]
    card: VerifierCard = FakeVerifier.card
    asked: list[tuple[str, str]] = field(default_factory=list)

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> tuple[Probabilities, ...]:
        """Answer each pair."""
        self.asked.extend(pairs)
        return tuple(self.answers.get(passage, Probabilities(0.1, 0.85, 0.05)) for _, passage in pairs)


def weigh_one(text: str, *own: str, others: Sequence[str] = (), verifier: object = None, at: int = 0) -> Evidence:
    """Verify one claim that quotes sentence `at` of its own paper, beside one other paper."""
    documents = {"own": document(paper(id="own"), *own), "other": document(paper(id="other"), *others)}
    passages = {name: cut(doc) for name, doc in documents.items()}
    made = Claim(text, passages["own"][at], documents["own"].sha256)
    found = verify((made,), passages, documents, embedder=FakeEmbedder(), verifier=verifier)  # type: ignore[arg-type]  # any of the fakes
    assert found[0].claim == made.id
    return found[0]


def passed(evidence: Evidence | Weighing, name: CheckName) -> bool | None:
    """Give how one check ended."""
    return next(check.passed for check in evidence.checks if check.name is name)


def test_a_verbatim_claim_is_supported() -> None:
    """What stands word for word in its source needs no model's opinion, and every check is shown in order."""
    got = weigh_one(QUOTE, QUOTE, *FILLER, verifier=Scripted({QUOTE: Probabilities(0.2, 0.3, 0.5)}))

    assert got.verdict is Verdict.SUPPORTED
    assert got.confidence == pytest.approx(0.99)
    assert [c.name for c in got.checks] == [
        CheckName.QUOTE, CheckName.NUMBERS, CheckName.UNITS, CheckName.NAMES, CheckName.DIRECTION, CheckName.LEXICAL, CheckName.ENTAILMENT,
    ]  # fmt: skip
    assert "word counter" in got.method


def test_a_reworded_claim_has_the_verifiers_probability() -> None:
    """Other words than the quote's are weighed, not matched."""
    said = "A coating of wax makes the mean floating time of a paper boat 23 minutes longer."

    got = weigh_one(said, QUOTE, *FILLER, verifier=Scripted({QUOTE: Probabilities(0.9, 0.06, 0.04)}))

    assert (got.verdict, got.confidence) == (Verdict.SUPPORTED, 0.9)


def test_likelihood_alone_accepts_nothing_that_shares_few_words() -> None:
    """However sure the verifier is, a claim whose words the text hardly has is left open, in a report and for given sentences."""
    said, sure = "Beeswax makes toy ships swim longer on lakes.", Probabilities(0.97, 0.02, 0.01)

    got = weigh_one(said, QUOTE, *FILLER, verifier=Scripted({QUOTE: sure}))
    (given,) = weigh_texts([(said, [QUOTE])], verifier=Scripted({QUOTE: sure}))

    assert got.verdict is given.verdict is Verdict.INSUFFICIENT
    assert got.confidence == given.confidence
    assert (got.confidence or 1.0) < Scripted({}).card.threshold


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
    """A certain verifier does not save a claim that changes a number, a unit, a name or the direction; its own quote never refutes it."""
    certain = Scripted({QUOTE: Probabilities(0.99, 0.005, 0.005)})

    got = weigh_one(text, QUOTE, *FILLER, verifier=certain)
    (given,) = weigh_texts([(text, [QUOTE])], verifier=certain)

    assert given.verdict is verdict
    assert got.verdict is Verdict.INSUFFICIENT
    assert passed(got, check) is passed(given, check) is False
    assert got.confidence is not None
    assert got.confidence < 0.05


def test_a_veto_never_raises() -> None:
    """What given sentences refute stays refuted, what is left open stays open; refuted is likelier than all else together."""
    for p, verdict in (
        (Probabilities(0.05, 0.05, 0.9), Verdict.REFUTED),
        (Probabilities(0.1, 0.8, 0.1), Verdict.INSUFFICIENT),
        (Probabilities(0.25, 0.3, 0.45), Verdict.INSUFFICIENT),
    ):
        wrong = QUOTE.replace("23", "32")
        (got,) = weigh_texts([(wrong, [QUOTE])], verifier=Scripted({QUOTE: p}))

        assert got.verdict is verdict
        assert weigh_one(wrong, QUOTE, verifier=Scripted({QUOTE: p})).verdict is Verdict.INSUFFICIENT


def test_a_quote_is_heard_with_its_neighbours() -> None:
    """A claim that its quote alone does not bear out is weighed with the sentence before, the one behind, and under its heading."""
    said = "Waxed boats of paper stay afloat 23 minutes longer than plain ones in a basin of paper boats."
    scripted = Scripted({f"{FILLER[0]} {QUOTE}": Probabilities(0.9, 0.06, 0.04), QUOTE: Probabilities(0.2, 0.2, 0.6)})

    got = weigh_one(said, FILLER[0], QUOTE, FILLER[1], verifier=scripted, at=1)

    assert {f"{FILLER[0]} {QUOTE}", f"{QUOTE} {FILLER[1]}"} <= {passage for _, passage in scripted.asked}
    assert (got.verdict, got.confidence) == (Verdict.SUPPORTED, 0.9)


def test_every_sentence_of_a_claim_is_weighed() -> None:
    """A right sentence does not carry a wrong one."""
    wrong = "All basins were filled with salt water."
    scripted = Scripted({}, FakeVerifier.card)

    (got,) = weigh_texts([(f"{QUOTE} {wrong}", [QUOTE, *FILLER])], verifier=scripted)

    assert got.verdict is Verdict.INSUFFICIENT
    assert {QUOTE, wrong} <= {claim for claim, _ in scripted.asked}


def test_a_quote_that_does_not_stand_there_is_never_supported() -> None:
    """Another hash, another place or other words: no verdict but insufficient, and nothing is asked."""
    doc = document(paper(id="own"), QUOTE)
    good = Claim(QUOTE, cut(doc)[0], doc.sha256)
    moved = Passage("own", 1, 1 + len(QUOTE), QUOTE)
    scripted = Scripted({QUOTE: Probabilities(0.99, 0.005, 0.005)})
    claims = (replace(good, document_sha256="1" * 64), replace(good, quote=moved))

    got = verify(claims, {"own": cut(doc)}, {"own": doc}, embedder=FakeEmbedder(), verifier=scripted)

    assert [e.verdict for e in got] == [Verdict.INSUFFICIENT, Verdict.INSUFFICIENT]
    assert all(passed(e, CheckName.QUOTE) is False and e.confidence is None for e in got)
    assert scripted.asked == []


def test_a_claim_without_its_document_is_unchecked() -> None:
    """Nothing is said of a paper that is not at hand."""
    doc = document(paper(id="own"), QUOTE)

    got = verify((Claim(QUOTE, cut(doc)[0], doc.sha256),), {}, {}, embedder=FakeEmbedder(), verifier=FakeVerifier())

    assert got[0].verdict is Verdict.UNCHECKED
    assert got[0].confidence is None


AGAINST = "The wax coating does not lengthen the mean floating time of a paper boat."


def test_another_paper_corroborates() -> None:
    """A passage of another paper that supports the claim is a witness and keeps the verdict."""
    same = "In our basin too, the wax coating lengthens the mean floating time of a paper boat by 23 minutes."

    got = weigh_one(QUOTE, QUOTE, *FILLER, others=[same], verifier=FakeVerifier())

    assert got.verdict is Verdict.SUPPORTED
    assert got.papers(Stance.SUPPORTS, own=False) == ("other",)


def test_another_paper_contradicts() -> None:
    """A contradiction by one other paper takes the word "verified" away, is named, and leaves the claim disputed."""
    got = weigh_one(QUOTE, QUOTE, *FILLER, others=[AGAINST], verifier=FakeVerifier())

    assert got.verdict is Verdict.INSUFFICIENT
    assert got.papers(Stance.REFUTES, own=False) == ("other",)
    assert passed(got, CheckName.ENTAILMENT) is False


def many(*texts: str, role: Role = Role.RESULTS, body: Sequence[str] = ()) -> Evidence:
    """Verify QUOTE, said under `role` of a paper with this body, beside papers of one sentence each."""
    own = document(paper(id="own"), QUOTE, *body)
    cuts = {"own": tuple(replace(p, role=role) if p.start == 0 else p for p in cut(own))}
    documents = {"own": own} | {f"p{n}": document(paper(id=f"p{n}"), text) for n, text in enumerate(texts)}
    passages = cuts | {name: cut(doc) for name, doc in documents.items() if name != "own"}
    made = Claim(QUOTE, passages["own"][0], own.sha256)
    return verify((made,), passages, documents, embedder=FakeEmbedder(), verifier=FakeVerifier())[0]


def test_the_majority_of_papers_refutes() -> None:
    """One against one is disputed; two against one, with nobody else for it, is refuted; a friend makes it disputed again."""
    assert many(AGAINST).verdict is Verdict.INSUFFICIENT
    assert many(AGAINST, AGAINST).verdict is Verdict.REFUTED
    assert many(AGAINST, AGAINST, QUOTE).verdict is Verdict.INSUFFICIENT
    assert many(QUOTE).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        pytest.param([QUOTE], Verdict.SUPPORTED, id="said again"),
        pytest.param(
            ["The mean floating time of waxed boats was longer by 23 minutes."], Verdict.SUPPORTED, id="the number in other words"
        ),
        pytest.param(FILLER, Verdict.INSUFFICIENT, id="never said"),
        pytest.param([QUOTE.replace("23", "41")], Verdict.REFUTED, id="another number"),
        pytest.param([QUOTE.replace("lengthens", "does not lengthen")], Verdict.REFUTED, id="denied"),
    ],
)
def test_an_abstract_is_no_evidence_for_itself(body: Sequence[str], verdict: Verdict) -> None:
    """What the abstract says must be borne out by the paper's body."""
    got = many(role=Role.ABSTRACT, body=body)

    assert got.verdict is verdict
    assert got.confidence is not None
    assert (got.confidence >= FakeVerifier.card.threshold) == got.is_verified


def test_an_abstract_alone_needs_another_paper() -> None:
    """Where nothing but abstracts could be read, one bears out another, and none bears out itself."""
    assert many(role=Role.ABSTRACT).verdict is Verdict.INSUFFICIENT
    assert many(QUOTE, role=Role.ABSTRACT).verdict is Verdict.SUPPORTED


def test_a_footnote_is_heard() -> None:
    """What a footnote denies in nearly the body's words refutes the claim."""
    own = document(paper(id="own"), QUOTE, QUOTE.replace("lengthens", "does not lengthen"))
    passages = tuple(replace(p, kind=BlockKind.FOOTNOTE) if p.start else p for p in cut(own))
    made = Claim(QUOTE, passages[0], own.sha256)

    got = verify((made,), {"own": passages}, {"own": own}, embedder=FakeEmbedder(), verifier=FakeVerifier())[0]

    assert got.verdict is Verdict.REFUTED


def test_another_number_in_the_same_body_is_another_setting() -> None:
    """A results section gives many numbers for many settings; they do not refute each other."""
    assert many(body=[QUOTE.replace("23", "41")]).verdict is Verdict.SUPPORTED


def test_a_weak_contradiction_is_silent() -> None:
    """Where the verifier is not sure, a passage is heard and says nothing."""
    weak = Scripted({QUOTE: Probabilities(0.9, 0.05, 0.05), AGAINST: Probabilities(0.1, 0.5, 0.4)})

    got = weigh_one(QUOTE, QUOTE, others=[AGAINST], verifier=weak)

    assert got.verdict is Verdict.SUPPORTED
    assert got.papers(Stance.SILENT, own=False) == ("other",)


def test_an_unrelated_passage_is_not_heard() -> None:
    """A verifier that would refute anything is not asked about another subject."""
    scripted = Scripted({QUOTE: Probabilities(0.9, 0.05, 0.05), FILLER[0]: Probabilities(0.0, 0.0, 1.0)})

    got = weigh_one(QUOTE, QUOTE, others=[FILLER[0]], verifier=scripted)

    assert got.verdict is Verdict.SUPPORTED
    assert [passage for _, passage in scripted.asked] == [QUOTE]


def test_without_a_verifier_the_rule_has_its_own_name() -> None:
    """The prototype's rule decides, under its name and without a confidence; the veto still counts."""
    fine = weigh_one(QUOTE, QUOTE, *FILLER)
    wrong = weigh_one(QUOTE.replace("23", "32"), QUOTE, *FILLER)

    assert (fine.verdict, fine.confidence, fine.probabilities) == (Verdict.SUPPORTED, None, None)
    assert "no entailment" in fine.method
    assert wrong.verdict is Verdict.INSUFFICIENT


def test_without_a_verifier_another_number_elsewhere_refutes() -> None:
    """Two papers that give the same thing another number contradict each other, model or not."""
    got = weigh_one(QUOTE, QUOTE, *FILLER, others=[QUOTE.replace("23", "41")])

    assert got.verdict is Verdict.INSUFFICIENT
    assert got.papers(Stance.REFUTES, own=False) == ("other",)


def test_no_claims_no_work() -> None:
    """Nothing in, nothing out, nothing asked."""
    scripted = Scripted({})

    assert verify((), {}, {}, embedder=FakeEmbedder(), verifier=scripted) == ()
    assert scripted.asked == []


def test_order_of_papers_does_not_matter() -> None:
    """The same shelf in another order gives the same evidence."""
    documents: dict[str, Document] = {
        name: document(paper(id=name), text, *FILLER) for name, text in (("a", QUOTE), ("b", AGAINST), ("c", QUOTE.replace("23", "41")))
    }
    passages = {name: cut(doc) for name, doc in documents.items()}
    made = (Claim(QUOTE, passages["a"][0], documents["a"].sha256),)

    straight = verify(made, passages, documents, embedder=FakeEmbedder(), verifier=FakeVerifier())
    turned = verify(made, dict(reversed(passages.items())), documents, embedder=FakeEmbedder(), verifier=FakeVerifier())

    assert {(w.passage.paper, w.stance) for w in straight[0].witnesses} == {(w.passage.paper, w.stance) for w in turned[0].witnesses}
    assert straight[0].verdict is turned[0].verdict


# --- Given sentences ---------------------------------------------------------------------------------------------


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
