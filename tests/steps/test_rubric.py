"""The rubric: what it pays for, that the answer is what it looks at, and that better evidence never lowers a score."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sovereign.model import (
    NO_ANSWER,
    Answer,
    Ask,
    Case,
    Contradiction,
    Facet,
    Grade,
    JudgeRole,
    PaperStatus,
    Passage,
    Recommendation,
    Sign,
    SignKind,
    Stance,
    Strength,
    Verdict,
    Witness,
)
from sovereign.steps.rubric import FAULTS, Rubric
from tests import fakes

CLAIMS = tuple(fakes.claim(f"A wax coating lengthens the floating time of paper boat number {n}.", of=f"file:{n % 3}") for n in range(6))
ANSWER = fakes.answered(*CLAIMS)
VERDICTS = {Grade.REFUTED: Verdict.REFUTED, Grade.UNCHECKED: Verdict.UNCHECKED, Grade.VERIFIED: Verdict.SUPPORTED}


def case(*grades: Grade, answer: Answer = ANSWER, **more: object) -> Case:
    """Give a case whose claims have these grades, then VERIFIED."""
    every = (*grades, *[Grade.VERIFIED] * len(CLAIMS))
    pairs = [(c, fakes.evidence(c, VERDICTS.get(g, Verdict.INSUFFICIENT), grade=g)) for c, g in zip(CLAIMS, every, strict=False)]
    return replace(Case(fakes.goal(), fakes.draft(*pairs, answer=answer), 0, (fakes.paper(),)), **more)  # type: ignore[arg-type]  # a table of cases


def behind(**changes: object) -> Case:
    """Give a case whose answer has another strength behind it."""
    return case(answer=replace(ANSWER, strength=replace(ANSWER.strength, **changes)))  # type: ignore[arg-type]  # as above


def doubtful(relevance: float) -> Case:
    """Give a case whose claims answer the question with this probability."""
    claims = tuple(replace(claim, relevance=relevance) for claim in CLAIMS)
    return replace(case(), draft=fakes.draft(*((c, fakes.evidence(c)) for c in claims), answer=fakes.answered(*claims)))


def score(of: Case, role: JudgeRole) -> float:
    """Give one role's score."""
    (review,) = [item for item in Rubric().hear(of) if item.role is role]
    assert review.score is not None
    return review.score


def against(name: str) -> Contradiction:
    """Give another paper's word against a claim."""
    return Contradiction(name, Witness(Passage("file:other", 0, 3, "No."), Stance.REFUTES, None, own=False))


def test_the_same_case_gives_the_same_reviews() -> None:
    """A rubric has no mood."""
    assert Rubric().hear(case()) == Rubric().hear(case())
    assert {review.judge for review in Rubric().hear(case())} == {"published rubric 2"}


def test_an_empty_draft_is_rejected_by_all() -> None:
    """Nothing to judge is not good."""
    reviews = Rubric().hear(replace(case(), draft=fakes.draft()))

    assert [(r.score, r.recommendation) for r in reviews] == [(0.0, Recommendation.REJECT)] * 3


def test_a_clean_case_is_approved_by_all() -> None:
    """Claims that surely answer, each borne out by a second passage, from three papers, and nothing left open."""
    assert [r.recommendation for r in Rubric().hear(case())] == [Recommendation.APPROVE] * 3


@pytest.mark.parametrize(
    ("worse", "role"),
    [
        pytest.param(case(Grade.REFUTED), JudgeRole.SKEPTIC, id="a refuted claim"),
        pytest.param(case(Grade.REFUTED), JudgeRole.VALIDATOR, id="a refuted claim, validator"),
        pytest.param(case(Grade.UNCONFIRMED), JudgeRole.VALIDATOR, id="a wording that nothing bears out"),
        pytest.param(case(Grade.UNCHECKED), JudgeRole.VALIDATOR, id="an unchecked claim"),
        pytest.param(behind(verified=5), JudgeRole.VALIDATOR, id="a finding that is only quoted"),
        pytest.param(behind(papers=1, independent=1), JudgeRole.SKEPTIC, id="one paper alone"),
        pytest.param(doubtful(0.4), JudgeRole.SKEPTIC, id="findings beside the question"),
        pytest.param(doubtful(0.4), JudgeRole.SYNTHESIZER, id="findings beside the question, synthesizer"),
        pytest.param(case(papers=(fakes.paper(status=PaperStatus.WITHDRAWN),)), JudgeRole.SKEPTIC, id="a withdrawn paper"),
        pytest.param(case(signs=(Sign(SignKind.HIDDEN, "file:1", "page 1", "x"),)), JudgeRole.SKEPTIC, id="hidden text"),
        pytest.param(case(answer=NO_ANSWER), JudgeRole.SYNTHESIZER, id="no answer"),
        pytest.param(
            case(answer=replace(ANSWER, facets=(*ANSWER.facets, Facet("salt water", (), 0.3)))),
            JudgeRole.SYNTHESIZER,
            id="a facet left open",
        ),
        pytest.param(behind(findings=1, verified=1), JudgeRole.SYNTHESIZER, id="fewer findings than asked"),
    ],
)
def test_a_fault_costs_points(worse: Case, role: JudgeRole) -> None:
    """Each fault lowers the score of the role that looks for it."""
    assert score(worse, role) < score(case(), role)


def test_what_only_may_be_an_order_costs_nothing() -> None:
    """One honest sentence in some thousands reads like one."""
    assert score(case(signs=(Sign(SignKind.DOUBTFUL, "file:1", "page 1", "x"),)), JudgeRole.SKEPTIC) == score(case(), JudgeRole.SKEPTIC)


def test_that_a_sentence_stands_in_its_paper_raises_no_score() -> None:
    """Claims that are quoted alone cost what "no second passage" costs: the validator's score falls with every one."""
    scores = [score(behind(verified=verified), JudgeRole.VALIDATOR) for verified in (0, 2, 4, 6)]

    assert scores == sorted(set(scores))
    assert scores[-1] - scores[0] == 3.0


def test_no_answer_is_not_approved_by_the_synthesizer() -> None:
    """However well its claims are borne out, and the reason is told."""
    review = Rubric().hear(case(answer=replace(NO_ANSWER, strength=Strength(3, 3, 0, 6, 6, 0.9))))[2]

    assert review.recommendation is not Recommendation.APPROVE
    assert "the papers do not answer the question" in [item.reason for item in review.objections]


def test_a_contradiction_is_objected_to() -> None:
    """The SKEPTIC asks for more evidence where another paper disagrees, and notes it in the next round; it costs points."""
    base = case()
    disputed = replace(base, draft=replace(base.draft, contradictions=(against(CLAIMS[0].id),)))

    first, second = (Rubric().hear(replace(disputed, round=n))[0].objections for n in (0, 1))

    assert (Ask.REEVIDENCE, CLAIMS[0].id) in [(item.ask, item.claim) for item in first]
    assert (Ask.NOTE, CLAIMS[0].id) in [(item.ask, item.claim) for item in second]
    assert score(disputed, JudgeRole.SKEPTIC) < score(base, JudgeRole.SKEPTIC)


def test_a_contradiction_beside_the_answer_costs_it_nothing() -> None:
    """What the answer does not rest on may be disputed; it stays in sight."""
    base = case(answer=fakes.answered(*CLAIMS[:5]))
    disputed = replace(base, draft=replace(base.draft, contradictions=(against(CLAIMS[5].id),)))

    assert score(disputed, JudgeRole.SKEPTIC) == score(base, JudgeRole.SKEPTIC)


def test_evidence_is_asked_for_first_and_the_claim_dropped_next() -> None:
    """A wording that nothing bears out gets one further search."""
    first, second = (Rubric().hear(case(Grade.UNCONFIRMED, round=n))[1].objections for n in (0, 1))

    assert [item.ask for item in first] == [Ask.REEVIDENCE]
    assert [item.ask for item in second] == [Ask.DROP]


def test_what_is_merely_quoted_is_noted_and_never_dropped() -> None:
    """It stands in its paper; the reader is told that nothing else bears it out."""
    quoted = case(Grade.QUOTED, answer=replace(ANSWER, strength=replace(ANSWER.strength, verified=5)))

    for round_ in (0, 1):
        (objection,) = Rubric().hear(replace(quoted, round=round_))[1].objections
        assert (objection.ask, objection.claim) == (Ask.NOTE, CLAIMS[0].id)


def test_what_its_own_paper_refutes_is_dropped_and_what_another_disputes_stays() -> None:
    """A dispute is shown to the reader; a claim that its paper does not stand behind is none."""
    base = case(Grade.REFUTED, Grade.REFUTED)
    disputed = replace(base, draft=replace(base.draft, contradictions=(against(CLAIMS[0].id),)))

    dropped = [item.claim for item in Rubric().hear(disputed)[1].objections if item.ask is Ask.DROP]

    assert dropped == [CLAIMS[1].id]


def test_dropping_a_refuted_claim_raises_the_score() -> None:
    """A revision can help."""
    base = case(Grade.REFUTED, Grade.REFUTED)
    dropped = replace(base, draft=replace(base.draft, dropped=tuple((c.id, "refuted") for c in CLAIMS[:2])))

    assert score(dropped, JudgeRole.VALIDATOR) > score(base, JudgeRole.VALIDATOR)


def test_facets_left_open_are_told_as_asked() -> None:
    """The reader sees the question's own words."""
    lacking = case(answer=replace(ANSWER, facets=(*ANSWER.facets, Facet("sailing distances", (), 0.2))))

    (objection,) = Rubric().hear(lacking)[2].objections

    assert objection.reason == "nothing was found on: sailing distances"


def test_prices_are_published_for_three_roles() -> None:
    """Every role has its table, and no price is zero."""
    assert set(FAULTS) == set(JudgeRole)
    assert all(fault.price > 0 for faults in FAULTS.values() for fault in faults)
