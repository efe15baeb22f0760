"""The rubric: what it pays for, and that better evidence never lowers a score."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sovereign.model import (
    Ask,
    Case,
    Claim,
    Contradiction,
    Evidence,
    JudgeRole,
    PaperStatus,
    Passage,
    Recommendation,
    Sign,
    SignKind,
    Stance,
    Verdict,
    Witness,
)
from sovereign.steps.rubric import FAULTS, Rubric
from tests import fakes

CLAIMS = tuple(fakes.claim(f"A wax coating lengthens the floating time of paper boat number {n}.", of=f"file:{n % 3}") for n in range(6))


def case(*verdicts: Verdict, **more: object) -> Case:
    """Give a case whose claims have these verdicts, then SUPPORTED."""
    pairs = [(c, fakes.evidence(c, v)) for c, v in zip(CLAIMS, (*verdicts, *[Verdict.SUPPORTED] * len(CLAIMS)), strict=False)]
    return replace(Case(fakes.goal(), fakes.draft(*pairs), 0, (fakes.paper(),)), **more)  # type: ignore[arg-type]  # a table of cases


def score(of: Case, role: JudgeRole) -> float:
    """Give one role's score."""
    (review,) = [item for item in Rubric().hear(of) if item.role is role]
    assert review.score is not None
    return review.score


def corroborated(claim: Claim) -> Evidence:
    """Give evidence from another paper too."""
    witness = Witness(Passage("file:other", 0, 4, "Yes."), Stance.SUPPORTS, None, own=False)
    return fakes.evidence(claim, witnesses=(witness,))


def test_the_same_case_gives_the_same_reviews() -> None:
    """A rubric has no mood."""
    assert Rubric().hear(case()) == Rubric().hear(case())


def test_an_empty_draft_is_rejected_by_all() -> None:
    """Nothing to judge is not good."""
    reviews = Rubric().hear(replace(case(), draft=fakes.draft()))

    assert [(r.score, r.recommendation) for r in reviews] == [(0.0, Recommendation.REJECT)] * 3


@pytest.mark.parametrize(
    ("worse", "role"),
    [
        pytest.param(case(Verdict.REFUTED), JudgeRole.SKEPTIC, id="a refuted claim"),
        pytest.param(case(Verdict.REFUTED), JudgeRole.VALIDATOR, id="a refuted claim, validator"),
        pytest.param(case(Verdict.INSUFFICIENT), JudgeRole.VALIDATOR, id="an insufficient claim"),
        pytest.param(case(Verdict.UNCHECKED), JudgeRole.VALIDATOR, id="an unchecked claim"),
        pytest.param(case(papers=(fakes.paper(status=PaperStatus.WITHDRAWN),)), JudgeRole.SKEPTIC, id="a withdrawn paper"),
        pytest.param(case(signs=(Sign(SignKind.HIDDEN, "file:1", "page 1", "x"),)), JudgeRole.SKEPTIC, id="hidden text"),
        pytest.param(case(*[Verdict.REFUTED] * 5), JudgeRole.SYNTHESIZER, id="too few verified claims"),
        pytest.param(case(goal=fakes.goal(question="Do ducks swim in winter?")), JudgeRole.SYNTHESIZER, id="another question"),
    ],
)
def test_a_fault_costs_points(worse: Case, role: JudgeRole) -> None:
    """Each fault lowers the score of the role that looks for it."""
    assert score(worse, role) < score(case(), role)


def test_corroboration_raises_the_skeptics_score() -> None:
    """A claim that another paper bears out is not single-sourced."""
    backed = replace(case(), draft=fakes.draft(*[(c, corroborated(c)) for c in CLAIMS]))

    assert score(backed, JudgeRole.SKEPTIC) > score(case(), JudgeRole.SKEPTIC)


def test_a_contradiction_is_objected_to() -> None:
    """The SKEPTIC asks for more evidence where another paper disagrees."""
    base = case()
    witness = Witness(Passage("file:other", 0, 3, "No."), Stance.REFUTES, None, own=False)
    disputed = replace(base, draft=replace(base.draft, contradictions=(Contradiction(CLAIMS[0].id, witness),)))

    (skeptic, *_) = Rubric().hear(disputed)

    assert (Ask.REEVIDENCE, CLAIMS[0].id) in [(item.ask, item.claim) for item in skeptic.objections]


def test_evidence_is_asked_for_first_and_the_claim_dropped_next() -> None:
    """An insufficient claim gets one further search."""
    first, second = (Rubric().hear(case(Verdict.INSUFFICIENT, round=n))[1].objections for n in (0, 1))

    assert [item.ask for item in first] == [Ask.REEVIDENCE]
    assert [item.ask for item in second] == [Ask.DROP]


def test_dropping_a_refuted_claim_raises_the_score() -> None:
    """A revision can help."""
    base = case(Verdict.REFUTED, Verdict.REFUTED)
    dropped = replace(base, draft=replace(base.draft, dropped=tuple((c.id, "refuted") for c in CLAIMS[:2])))

    assert score(dropped, JudgeRole.VALIDATOR) > score(base, JudgeRole.VALIDATOR)


def test_unanswered_words_are_told_as_asked() -> None:
    """The reader sees words, not stems."""
    asked = case(goal=fakes.goal(question="Do coatings lengthen sailing distances?"))

    (objection,) = Rubric().hear(asked)[2].objections

    assert objection.reason == "no verified claim speaks of: sailing, distances"


def test_prices_are_published_for_three_roles() -> None:
    """Every role has its table, and no price is zero."""
    assert set(FAULTS) == set(JudgeRole)
    assert all(fault.price > 0 for faults in FAULTS.values() for fault in faults)
