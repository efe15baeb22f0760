"""A run's cascade: what a claim earns from its quote, from its own paper's other sections, and from the other papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from sovereign.model import (
    BlockKind,
    CheckName,
    Claim,
    Evidence,
    Grade,
    Origin,
    Passage,
    Probabilities,
    Role,
    Stance,
    Verdict,
)
from sovereign.ports import Verifier
from sovereign.steps.weigh import weigh
from tests.fakes import FakeEmbedder, FakeVerifier, Scripted, cut, document, paper, passed

QUOTE = "The wax coating lengthens the mean floating time of a paper boat by 23 minutes."
SAID = "A coating of wax makes the mean floating time of a paper boat 23 minutes longer."
"""The quote in other words."""
AGAINST = "The wax coating does not lengthen the mean floating time of a paper boat."
FILLER = "We folded every boat from the same sheet.", "All basins were filled with tap water."
SURE, YES = Probabilities(0.99, 0.005, 0.005), Probabilities(0.9, 0.06, 0.04)


def heard(
    text: str = QUOTE,
    *,
    beside: Sequence[str] = (),
    elsewhere: Sequence[str] = (),
    others: Sequence[str] = (),
    verifier: Verifier | None,
    role: Role = Role.RESULTS,
    around: tuple[str, str] = ("", ""),
) -> Evidence:
    """Weigh one claim that quotes QUOTE.

    Args:
        text: The claim; other words than the quote's are a model's.
        beside: Further sentences of the quote's own section; elsewhere: of its paper's conclusion; others: a paper each.
    """
    own = document(paper(id="own"), QUOTE, *beside, *elsewhere)
    sections = [("Results", role)] * (1 + len(beside)) + [("Conclusion", Role.CONCLUSION)] * len(elsewhere)
    cuts = tuple(replace(p, section=name, role=of) for p, (name, of) in zip(cut(own), sections, strict=True))
    documents = {"own": own} | {f"p{n}": document(paper(id=f"p{n}"), other) for n, other in enumerate(others)}
    passages = {"own": cuts} | {name: cut(doc) for name, doc in documents.items() if name != "own"}
    origin = Origin.EXTRACTED if text == QUOTE else Origin.MODEL
    made = Claim(text, cuts[0], own.sha256, origin, before=around[0], after=around[1])
    (found,) = weigh((made,), passages, documents, embedder=FakeEmbedder(), verifier=verifier)
    assert found.claim == made.id
    return found


# --- The quote ---------------------------------------------------------------------------------------------------


def test_that_a_sentence_stands_in_its_paper_bears_nothing_out() -> None:
    """A verbatim claim is quoted, however sure a verifier is of a sentence beside itself; it has no confidence, and no witness for it."""
    got = heard(verifier=Scripted({QUOTE: SURE}))

    assert (got.verdict, got.grade, got.confidence, got.probabilities) == (Verdict.INSUFFICIENT, Grade.QUOTED, None, None)
    assert not got.is_verified
    assert [(w.stance, w.probabilities, w.own) for w in got.witnesses] == [(Stance.SILENT, None, True)]
    assert [c.name for c in got.checks] == [
        CheckName.QUOTE, CheckName.NUMBERS, CheckName.UNITS, CheckName.NAMES, CheckName.DIRECTION, CheckName.LEXICAL, CheckName.ENTAILMENT,
    ]  # fmt: skip
    assert "word counter" in got.method


@pytest.mark.parametrize("p", [Probabilities(0.0, 0.02, 0.98), Probabilities(0.05, 0.35, 0.6)])
@pytest.mark.parametrize(("text", "grade"), [(QUOTE, Grade.QUOTED), (SAID, Grade.UNCONFIRMED)])
def test_a_claims_own_quote_never_refutes_it(text: str, grade: Grade, p: Probabilities) -> None:
    """It was worded from it: at worst the quote does not bear it out."""
    got = heard(text, verifier=Scripted({QUOTE: p}))

    assert (got.verdict, got.grade) == (Verdict.INSUFFICIENT, grade)
    assert got.papers(Stance.REFUTES, own=True) == ()


def test_other_words_are_borne_out_by_the_quote() -> None:
    """A reworded claim is weighed beside its quote, and has the verifier's probability."""
    got = heard(SAID, verifier=Scripted({QUOTE: YES}))

    assert (got.verdict, got.grade, got.confidence) == (Verdict.SUPPORTED, Grade.VERIFIED, 0.9)
    assert got.papers(Stance.SUPPORTS, own=True) == ("own",)


def test_other_words_that_nothing_bears_out_are_unconfirmed() -> None:
    """The verifier is silent, so the claim stays a model's word."""
    got = heard(SAID, verifier=Scripted())

    assert (got.verdict, got.grade) == (Verdict.INSUFFICIENT, Grade.UNCONFIRMED)


def test_likelihood_alone_accepts_nothing_that_shares_few_words() -> None:
    """However sure the verifier is, a claim whose words its quote hardly has is left open."""
    got = heard("Beeswax makes toy ships swim longer on lakes.", verifier=Scripted({QUOTE: Probabilities(0.97, 0.02, 0.01)}))

    assert got.grade is Grade.UNCONFIRMED
    assert (got.confidence or 1.0) < FakeVerifier.card.threshold


@pytest.mark.parametrize(
    ("text", "check"),
    [
        pytest.param(QUOTE.replace("23", "32"), CheckName.NUMBERS, id="number"),
        pytest.param(QUOTE.replace("minutes", "hours"), CheckName.UNITS, id="unit"),
        pytest.param(QUOTE.replace("wax", "PTFE"), CheckName.NAMES, id="name"),
        pytest.param(QUOTE.replace("lengthens", "shortens"), CheckName.DIRECTION, id="direction"),
        pytest.param(QUOTE.replace("lengthens", "never lengthens"), CheckName.DIRECTION, id="negation"),
    ],
)
def test_a_veto_lowers_whatever_the_verifier_says(text: str, check: CheckName) -> None:
    """A certain verifier does not save a claim that changes its quote: nothing bears it out, and its confidence says so."""
    got = heard(text, verifier=Scripted({QUOTE: SURE}))

    assert (got.verdict, got.grade) == (Verdict.INSUFFICIENT, Grade.UNCONFIRMED)
    assert passed(got, check) is False
    assert got.confidence is not None
    assert got.confidence < 0.05
    assert got.papers(Stance.SUPPORTS, own=True) == ()


def test_a_quote_is_heard_with_its_neighbours() -> None:
    """A claim that its quote alone does not bear out is weighed with the sentence before, the one behind, and under its heading."""
    said = "Waxed boats of paper stay afloat 23 minutes longer than plain ones in a basin of paper boats."
    scripted = Scripted({f"{FILLER[0]} {QUOTE}": YES, QUOTE: Probabilities(0.2, 0.2, 0.6)})

    got = heard(said, verifier=scripted, around=(FILLER[0], FILLER[1]))

    assert {f"{FILLER[0]} {QUOTE}", f"{QUOTE} {FILLER[1]}", f"Results: {QUOTE}"} <= {passage for _, passage in scripted.asked}
    assert (got.grade, got.confidence) == (Grade.VERIFIED, 0.9)


def test_a_quote_that_does_not_stand_there_is_never_supported() -> None:
    """Another hash, another place or other words: no verdict but insufficient, and nothing is asked."""
    doc = document(paper(id="own"), QUOTE)
    good = Claim(QUOTE, cut(doc)[0], doc.sha256)
    moved = Passage("own", 1, 1 + len(QUOTE), QUOTE)
    scripted = Scripted({QUOTE: SURE})
    claims = (replace(good, document_sha256="1" * 64), replace(good, quote=moved))

    got = weigh(claims, {"own": cut(doc)}, {"own": doc}, embedder=FakeEmbedder(), verifier=scripted)

    assert [(e.verdict, e.grade) for e in got] == [(Verdict.INSUFFICIENT, Grade.UNCONFIRMED)] * 2
    assert all(passed(e, CheckName.QUOTE) is False and e.confidence is None for e in got)
    assert scripted.asked == []


def test_a_claim_without_its_document_is_unchecked() -> None:
    """Nothing is said of a paper that is not at hand."""
    doc = document(paper(id="own"), QUOTE)

    (got,) = weigh((Claim(QUOTE, cut(doc)[0], doc.sha256),), {}, {}, embedder=FakeEmbedder(), verifier=FakeVerifier())

    assert (got.verdict, got.grade, got.confidence) == (Verdict.UNCHECKED, Grade.UNCHECKED, None)


# --- The claim's own paper ---------------------------------------------------------------------------------------


def test_another_section_verifies() -> None:
    """A second passage of the paper, elsewhere, bears the claim out; its probability is the claim's confidence."""
    got = heard(elsewhere=[QUOTE], verifier=FakeVerifier())

    assert (got.verdict, got.grade, got.confidence) == (Verdict.SUPPORTED, Grade.VERIFIED, 0.95)


def test_the_same_section_is_no_second_look() -> None:
    """What stands beside the quote is its context: it verifies nothing, and another number there is another setting's."""
    for beside in (QUOTE, QUOTE.replace("23", "41"), AGAINST):
        assert heard(beside=[beside], verifier=FakeVerifier()).grade is Grade.QUOTED


def test_its_own_paper_refutes() -> None:
    """Where another section denies the claim in nearly its words, the paper does not stand behind it."""
    got = heard(elsewhere=[QUOTE.replace("lengthens", "does not lengthen")], verifier=FakeVerifier())

    assert (got.verdict, got.grade) == (Verdict.REFUTED, Grade.REFUTED)
    assert passed(got, CheckName.ENTAILMENT) is False


def test_a_footnote_is_heard() -> None:
    """What a footnote denies in nearly the body's words refutes the claim."""
    own = document(paper(id="own"), QUOTE, QUOTE.replace("lengthens", "does not lengthen"))
    first, note = cut(own)
    passages = (first, replace(note, kind=BlockKind.FOOTNOTE, section="Notes", role=Role.OTHER))

    (got,) = weigh((Claim(QUOTE, first, own.sha256),), {"own": passages}, {"own": own}, embedder=FakeEmbedder(), verifier=FakeVerifier())

    assert got.grade is Grade.REFUTED


def test_another_number_in_another_section_is_another_setting() -> None:
    """A paper's body gives many numbers for many settings; they do not refute each other, and bear nothing out."""
    assert heard(elsewhere=[QUOTE.replace("23", "41")], verifier=FakeVerifier()).grade is Grade.QUOTED


@pytest.mark.parametrize(
    ("body", "grade"),
    [
        pytest.param([QUOTE], Grade.VERIFIED, id="said again"),
        pytest.param(["The mean floating time of waxed boats was longer by 23 minutes."], Grade.QUOTED, id="other words, verifier silent"),
        pytest.param(FILLER, Grade.QUOTED, id="never said"),
        pytest.param([QUOTE.replace("23", "41")], Grade.REFUTED, id="another number"),
        pytest.param([QUOTE.replace("lengthens", "does not lengthen")], Grade.REFUTED, id="denied"),
    ],
)
def test_an_abstract_is_borne_out_by_the_body(body: Sequence[str], grade: Grade) -> None:
    """What the abstract says is looked for in the paper's body, where one setting is summed up."""
    got = heard(role=Role.ABSTRACT, elsewhere=body, verifier=FakeVerifier())

    assert got.grade is grade
    assert got.is_verified == (grade is Grade.VERIFIED)


def test_a_body_that_echoes_the_abstract_bears_it_out() -> None:
    """Its number in much of its words is enough where the verifier leans to "supported", though not as far as its threshold."""
    said = "The mean floating time of waxed boats was longer by 23 minutes."

    leaning, silent = (
        heard(role=Role.ABSTRACT, elsewhere=[said], verifier=Scripted({said: p}))
        for p in (Probabilities(0.55, 0.4, 0.05), Probabilities(0.4, 0.55, 0.05))
    )

    assert (leaning.grade, silent.grade) == (Grade.VERIFIED, Grade.QUOTED)


def test_an_abstract_is_no_evidence_for_itself() -> None:
    """Two sentences of one abstract, under whatever heading, are one look."""
    own = document(paper(id="own"), QUOTE, QUOTE)
    first, second = (replace(p, role=Role.ABSTRACT, section=name) for p, name in zip(cut(own), ("Findings", "Conclusion"), strict=True))

    (got,) = weigh(
        (Claim(QUOTE, first, own.sha256),), {"own": (first, second)}, {"own": own}, embedder=FakeEmbedder(), verifier=FakeVerifier()
    )

    assert got.grade is Grade.QUOTED


# --- The other papers --------------------------------------------------------------------------------------------


def test_another_paper_corroborates() -> None:
    """A passage of another paper that supports the claim is a witness for it."""
    got = heard(others=[f"In our basin too, {QUOTE[0].lower()}{QUOTE[1:]}"], verifier=FakeVerifier())

    assert (got.verdict, got.grade) == (Verdict.SUPPORTED, Grade.CORROBORATED)
    assert got.papers(Stance.SUPPORTS, own=False) == ("p0",)
    assert got.confidence == 0.95


def test_another_paper_disputes() -> None:
    """A contradiction by one other paper takes the word "verified" away, is named, and refutes nothing by itself."""
    got = heard(elsewhere=[QUOTE], others=[AGAINST], verifier=FakeVerifier())

    assert (got.verdict, got.grade) == (Verdict.INSUFFICIENT, Grade.DISPUTED)
    assert got.papers(Stance.REFUTES, own=False) == ("p0",)
    assert passed(got, CheckName.ENTAILMENT) is False
    assert got.confidence is not None
    assert got.confidence < FakeVerifier.card.threshold


@pytest.mark.parametrize(
    ("others", "grade"),
    [
        pytest.param([AGAINST], Grade.DISPUTED, id="one against it"),
        pytest.param([AGAINST, AGAINST], Grade.REFUTED, id="two against it"),
        pytest.param([AGAINST, AGAINST, QUOTE], Grade.DISPUTED, id="two against, one for it"),
        pytest.param([QUOTE], Grade.CORROBORATED, id="one for it"),
    ],
)
def test_the_majority_of_papers_refutes(others: Sequence[str], grade: Grade) -> None:
    """One against one is disputed; two against one, with nobody else for it, is refuted; a friend makes it disputed again."""
    assert heard(others=others, verifier=FakeVerifier()).grade is grade


def test_another_papers_number_for_the_same_thing_disputes() -> None:
    """Two papers that differ in nothing but a figure contradict each other, even where the verifier is silent."""
    got = heard(others=[QUOTE.replace("23", "41")], verifier=Scripted())

    assert got.grade is Grade.DISPUTED
    assert got.papers(Stance.REFUTES, own=False) == ("p0",)


def test_a_weak_contradiction_is_silent() -> None:
    """Where the verifier is not sure, a passage is heard and says nothing."""
    got = heard(others=[AGAINST], verifier=Scripted({AGAINST: Probabilities(0.1, 0.5, 0.4)}))

    assert got.grade is Grade.QUOTED
    assert got.papers(Stance.SILENT, own=False) == ("p0",)


def test_an_unrelated_passage_is_not_heard() -> None:
    """A verifier that would refute anything is not asked about another subject."""
    scripted = Scripted({FILLER[0]: Probabilities(0.0, 0.0, 1.0)})

    got = heard(elsewhere=FILLER[:1], others=[FILLER[0]], verifier=scripted)

    assert got.grade is Grade.QUOTED
    assert {passage for _, passage in scripted.asked} <= {QUOTE}


def test_a_passage_with_other_figures_bears_nothing_out() -> None:
    """A verifier that overlooks a number verifies nothing by it."""
    other = QUOTE.replace("23", "41")

    got = heard(elsewhere=[other], verifier=Scripted({other: SURE}))

    assert got.grade is Grade.QUOTED


# --- Whoever verifies --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.RESULTS, Role.ABSTRACT])
@pytest.mark.parametrize("elsewhere", [QUOTE, SAID, QUOTE.replace("The wax", "In the end the wax")])
def test_a_silent_verifier_verifies_nothing(elsewhere: str, role: Role) -> None:
    """One that always says "insufficient": whatever words and figures another place shares, nothing is more than quoted."""
    verbatim, worded = (heard(text, elsewhere=[elsewhere], others=[elsewhere], verifier=Scripted(), role=role) for text in (QUOTE, SAID))

    assert verbatim.grade is Grade.QUOTED
    assert not verbatim.is_verified
    assert {w.stance for w in verbatim.witnesses} == {Stance.SILENT}
    assert all(w.stance is Stance.SILENT for w in worded.witnesses[1:])


def test_without_a_verifier_all_stays_quoted() -> None:
    """Nobody can say what another passage means: no witness, no confidence, no verdict, whatever stands elsewhere."""
    for elsewhere, others in (([QUOTE], [QUOTE]), ([AGAINST], [QUOTE.replace("23", "41")])):
        got = heard(elsewhere=elsewhere, others=others, verifier=None)

        assert (got.verdict, got.grade, got.confidence, got.probabilities) == (Verdict.INSUFFICIENT, Grade.QUOTED, None, None)
        assert [w.stance for w in got.witnesses] == [Stance.SILENT]
        assert "no verifier took part" in got.method
    assert heard(SAID, verifier=None).grade is Grade.UNCONFIRMED


def test_no_claims_no_work() -> None:
    """Nothing in, nothing out, nothing asked."""
    scripted = Scripted()

    assert weigh((), {}, {}, embedder=FakeEmbedder(), verifier=scripted) == ()
    assert scripted.asked == []


def test_order_of_papers_does_not_matter() -> None:
    """The same shelf in another order gives the same evidence."""
    documents = {
        name: document(paper(id=name), text, *FILLER) for name, text in (("a", QUOTE), ("b", AGAINST), ("c", QUOTE.replace("23", "41")))
    }
    passages: Mapping[str, tuple[Passage, ...]] = {name: cut(doc) for name, doc in documents.items()}
    made = (Claim(QUOTE, passages["a"][0], documents["a"].sha256),)

    straight, turned = (
        weigh(made, shelf, documents, embedder=FakeEmbedder(), verifier=FakeVerifier())[0]
        for shelf in (passages, dict(reversed(list(passages.items()))))
    )

    assert {(w.passage.paper, w.stance) for w in straight.witnesses} == {(w.passage.paper, w.stance) for w in turned.witnesses}
    assert (straight.grade, straight.verdict) == (turned.grade, turned.verdict) == (Grade.REFUTED, Verdict.REFUTED)
