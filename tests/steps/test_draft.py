"""The draft: every sentence cites, supported claims come first, nothing is worded anew."""

from __future__ import annotations

import pytest

from sovereign.model import Passage, Probabilities, Stance, Verdict, Witness
from sovereign.steps.draft import DISPUTED, GENERAL, REFUTED, SUSPECT, UNCONFIRMED, Sources, compose, name_paper
from tests import fakes

PAPERS = {p.id: p for p in (fakes.paper("one"), fakes.paper("two", authors=("Example One", "Example Two")), fakes.paper("three"))}
ONE, TWO, THREE = PAPERS
SOURCES = Sources(PAPERS)
CLAIMS = (
    fakes.claim("The wax coating lengthens the floating time by 23 minutes.", of=ONE),
    fakes.claim("Waxed boats carry eleven coins.", of=TWO, relevance=0.5),
    fakes.claim("Wax coating halves the leak rate.", of=THREE, relevance=0.6),
    fakes.claim("Ducks dislike wax.", of=THREE, relevance=0.4),
)
VERDICTS = (Verdict.SUPPORTED, Verdict.INSUFFICIENT, Verdict.SUPPORTED, Verdict.REFUTED)
EVIDENCE = tuple(fakes.evidence(c, v) for c, v in zip(CLAIMS, VERDICTS, strict=True))
GOAL = fakes.goal()


def test_findings_are_grouped_and_ordered() -> None:
    """Themes of the goal first, then the unconfirmed, the refuted last."""
    draft = compose(GOAL, CLAIMS, EVIDENCE, SOURCES)

    assert [finding.heading for finding in draft.findings] == ["Floating time", "Wax coating", UNCONFIRMED, REFUTED]
    assert all(sentence.claims for finding in draft.findings for sentence in finding.sentences)


def test_sentences_give_the_claims_own_words() -> None:
    """The local engine quotes; it does not paraphrase."""
    draft = compose(GOAL, CLAIMS, EVIDENCE, SOURCES)
    texts = {claim.id: claim.text for claim in draft.claims}

    for finding in draft.findings:
        for sentence in finding.sentences:
            assert texts[sentence.claims[0]] in sentence.text


def test_the_abstract_rests_on_supported_claims_alone() -> None:
    """Whatever the abstract cites is verified."""
    draft = compose(GOAL, CLAIMS, EVIDENCE, SOURCES)
    cited = [claim for sentence in draft.abstract for claim in sentence.claims]

    assert cited
    assert all(draft.evidence_of(claim).is_verified for claim in cited)
    assert draft.abstract[-1].text == "Of 4 claims drawn from 3 papers, 2 are borne out by the words of 2 papers."


MOE = "What is the throughput of mixtures of experts for vision language models on MMMU?"


def test_what_the_question_asks_and_no_claim_speaks_of_is_said_first() -> None:
    """Verified sentences beside the question are no answer to it, and the reader learns that before reading them."""
    beside = fakes.claim("The MoE needs 40% of the computations.", of=ONE)
    draft = compose(fakes.goal(question=MOE), [beside], [fakes.evidence(beside)], SOURCES)

    assert draft.abstract[0].text.startswith("The papers read here do not answer the question as asked: no verified claim speaks of ")
    assert all(name in draft.abstract[0].text for name in ("throughput", "vision language model", "MMMU"))
    assert "mixture" not in draft.abstract[0].text


def test_a_subject_left_open_is_named_behind_the_answer() -> None:
    """Where most of the question is spoken of, the answer goes first and what is left open follows."""
    told = fakes.claim("On MMMU the MoE reaches a vision-language model's accuracy.", of=ONE)
    draft = compose(fakes.goal(question=MOE), [told], [fakes.evidence(told)], SOURCES)

    assert told.text in draft.abstract[0].text
    assert draft.abstract[1].text == "Asked for, but not spoken of by any verified claim: inference throughput."


def test_a_heading_is_what_its_claims_speak_of() -> None:
    """A claim about models is not shown under "Dense vision-language models"; another name of the same thing is enough."""
    goal = fakes.goal(question=MOE, keywords=("dense vision-language models", "mixture of experts"))
    claims = (fakes.claim("Dense models need more memory.", of=ONE), fakes.claim("The MoE needs less memory.", of=ONE))
    draft = compose(goal, claims, [fakes.evidence(claim) for claim in claims], SOURCES)

    assert [finding.heading for finding in draft.findings] == ["Mixture of experts", GENERAL]


def test_without_a_supported_claim_the_abstract_says_so() -> None:
    """No answer is an answer; what is reported nevertheless is named as unconfirmed."""
    draft = compose(GOAL, CLAIMS[1:2], EVIDENCE[1:2], SOURCES)

    assert "bear out no answer" in draft.abstract[0].text
    assert draft.abstract[0].claims == ()
    assert draft.abstract[1].text.startswith("Reported, but not confirmed here: ")


def test_a_dropped_claim_leaves_findings_and_stays_in_the_record() -> None:
    """What a revision drops can still be read."""
    draft = compose(GOAL, CLAIMS, EVIDENCE, SOURCES, [(CLAIMS[3].id, "refuted")])

    assert CLAIMS[3].id not in draft.cited
    assert CLAIMS[3] in draft.claims


def test_a_contradiction_is_told_in_the_abstract() -> None:
    """A doubt is shown and not hidden: both sides by name, under a heading of their own."""
    witness = Witness(Passage(TWO, 0, 3, "No."), Stance.REFUTES, Probabilities(0.0, 0.0, 1.0), own=False)
    disputed = fakes.evidence(CLAIMS[0], witnesses=(witness,))
    draft = compose(GOAL, CLAIMS[:1], [disputed], SOURCES)

    assert [item.claim for item in draft.contradictions] == [CLAIMS[0].id]
    assert draft.abstract[0].text.startswith("Disputed: Author (2024): “")
    assert draft.abstract[0].text.endswith("One and Two (2024) contradicts this.")
    assert [finding.heading for finding in draft.findings] == [DISPUTED]


def test_corroboration_is_told_by_name() -> None:
    """What another paper bears out says so, and goes before what only one paper says."""
    witness = Witness(Passage(TWO, 0, 4, "Yes."), Stance.SUPPORTS, Probabilities(1.0, 0.0, 0.0), own=False)
    backed = fakes.evidence(CLAIMS[2], witnesses=(witness,))
    draft = compose(GOAL, CLAIMS[2:3], [backed], SOURCES)

    assert draft.abstract[0].text.endswith("” One and Two (2024) bears this out.")


def test_a_suspect_paper_answers_nothing() -> None:
    """What a paper with hidden words says is shown apart, and the abstract rests on none of it."""
    draft = compose(GOAL, CLAIMS, EVIDENCE, Sources(PAPERS, frozenset({ONE})))

    assert [finding.heading for finding in draft.findings][-1] == SUSPECT
    assert CLAIMS[0].id not in {claim for sentence in draft.abstract for claim in sentence.claims}


def test_the_questions_own_words_go_first() -> None:
    """Of two claims equally near, the one that speaks of what was asked leads."""
    aside = fakes.claim("The double bottom lengthens the voyage by 6 minutes.", of=TWO)
    draft = compose(GOAL, (aside, CLAIMS[0]), [fakes.evidence(aside), EVIDENCE[0]], SOURCES)

    assert draft.claims[0] == CLAIMS[0]


def test_a_figure_goes_first_where_one_is_asked_for() -> None:
    """Where the question asks how many, a number answers."""
    plain = fakes.claim("The wax coating lengthens the floating time a lot.", of=TWO)
    asked = fakes.goal(question="By how many minutes does wax lengthen the floating time?")
    draft = compose(asked, (plain, CLAIMS[0]), [fakes.evidence(plain), EVIDENCE[0]], SOURCES)

    assert draft.claims[0] == CLAIMS[0]


def test_the_answer_does_not_say_the_same_twice() -> None:
    """What the first sentence said is not said again by the second, whoever says it; the third fact has its place."""
    first = fakes.claim("The wax coating lengthens the floating time of paper boats by 23 minutes.", of=ONE)
    again = fakes.claim("The wax coating lengthens the floating time of a boat by 23 minutes.", of=ONE, relevance=0.85)
    other = fakes.claim("Beeswax keeps a folded vessel afloat for 37 minutes in still water.", of=ONE, relevance=0.5)
    draft = compose(GOAL, (first, again, other), [fakes.evidence(claim) for claim in (first, again, other)], SOURCES)

    assert [sentence.claims for sentence in draft.abstract[:3]] == [(first.id,), (other.id,), (again.id,)]


@pytest.mark.parametrize(
    "opposite",
    [
        "A wax coating does not lengthen the floating time of paper boats.",
        "A wax coating lengthens the floating time of paper boats by 3 minutes.",
    ],
)
def test_what_denies_the_answer_is_no_repetition(opposite: str) -> None:
    """It shares its words, and is the last thing that a reader may miss."""
    first = fakes.claim("A wax coating lengthens the floating time of paper boats by 23 minutes.", of=ONE)
    other = fakes.claim(opposite, of=TWO, relevance=0.9)
    weak = tuple(fakes.claim(f"Paper boats of kind {kind} carry eleven coins.", of=ONE, relevance=0.3) for kind in "AB")
    claims = (first, other, *weak)
    draft = compose(GOAL, claims, [fakes.evidence(claim) for claim in claims], SOURCES)

    assert other.id in {claim for sentence in draft.abstract[:3] for claim in sentence.claims}


@pytest.mark.parametrize(("relevance", "order"), [(0.85, [0, 2, 1]), (0.3, [0, 1, 2])])
def test_another_paper_is_heard_where_it_has_as_much_to_say(relevance: float, order: list[int]) -> None:
    """A sentence beside the question is no answer because its paper was not heard yet."""
    claims = (
        fakes.claim("A wax coating lengthens the floating time by 23 minutes.", of=ONE),
        fakes.claim("Wax on paper keeps the floating hull dry for 37 minutes.", of=ONE, relevance=0.88),
        fakes.claim("Waxed paper boats carry eleven coins in floating trials of 9 minutes.", of=TWO, relevance=relevance),
    )
    draft = compose(GOAL, claims, [fakes.evidence(claim) for claim in claims], SOURCES)

    assert [sentence.claims[0] for sentence in draft.abstract[:3]] == [claims[at].id for at in order]


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        pytest.param((), "“T”", id="none"),
        pytest.param(("Ada Example",), "Example (2024)", id="one"),
        pytest.param(("Example, Ada",), "Example (2024)", id="family name first"),
        pytest.param(("Ada van der Example",), "van der Example (2024)", id="small words belong to the family"),
        pytest.param((" ",), " (2024)", id="a blank name"),
        pytest.param(("Ada Example", "Bo Sample"), "Example and Sample (2024)", id="two"),
        pytest.param(("Example, Ada", "Sample, Bo"), "Example and Sample (2024)", id="two, family names first"),
        pytest.param(("Ada Example", "Bo Sample", "C. D. Third"), "Example et al. (2024)", id="three"),
    ],
)
def test_names_come_from_metadata(authors: tuple[str, ...], expected: str) -> None:
    """A paper's short name is made of what its source says."""
    assert name_paper(fakes.paper(title="T", authors=authors)) == expected
