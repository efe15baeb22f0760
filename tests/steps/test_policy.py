"""The policy: every rule by itself, and that nothing but a clean docket is approved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sovereign.model import (
    NO_ANSWER,
    Action,
    Answer,
    Ask,
    Contradiction,
    Engine,
    Facet,
    Gap,
    GapKind,
    Hearing,
    JudgeRole,
    Objection,
    Outcome,
    PaperStatus,
    Passage,
    Policy,
    Recommendation,
    Sign,
    SignKind,
    Stance,
    Strength,
    Tribunal,
    Verdict,
    VerifierCard,
    Witness,
)
from sovereign.steps.policy import RULES, Docket, decide
from tests import fakes

REVIEWS = tuple(fakes.review(role) for role in JudgeRole)
CLAIMS = tuple(fakes.claim(f"Wax coating number {n} lengthens the floating time.") for n in range(4))
PAIRS = tuple((claim, fakes.evidence(claim)) for claim in CLAIMS)
ANSWER = fakes.answered(*CLAIMS)


def tribunal(
    reviews: tuple[object, ...] = REVIEWS, consensus: float | None = 8.0, spread: float | None = 0.0, outcome: Outcome = Outcome.APPROVE
) -> Tribunal:
    """Give a tribunal of one hearing."""
    return Tribunal((Hearing(0, reviews, consensus, spread),), outcome, "scripted")  # type: ignore[arg-type]  # reviews come from a table


CLEAN = Docket(
    goal=fakes.goal(),
    draft=fakes.draft(*PAIRS, answer=ANSWER),
    tribunal=tribunal(),
    judged_by=Engine.MODEL,
    papers=(fakes.paper(),),
    verifier=VerifierCard("v", "1", 0.8, false_acceptance=0.04, calibrated_on="a set"),
)


def with_verdict(verdict: Verdict) -> Docket:
    """Give the clean docket with one claim of another verdict."""
    changed = fakes.evidence(CLAIMS[0], verdict)
    return replace(CLEAN, draft=fakes.draft((CLAIMS[0], changed), *PAIRS[1:], answer=ANSWER))


def contradicted() -> Docket:
    """Give the clean docket with a claim that another paper contradicts."""
    witness = Witness(Passage("file:two", 0, 3, "No."), Stance.REFUTES, None, own=False)
    return replace(CLEAN, draft=fakes.draft(*PAIRS, answer=ANSWER, contradictions=(Contradiction(CLAIMS[0].id, witness),)))


def answering(answer: Answer) -> Docket:
    """Give the clean docket with another answer."""
    return replace(CLEAN, draft=replace(CLEAN.draft, answer=answer))


def behind(verified: int, findings: int, independent: int) -> Docket:
    """Give the clean docket with an answer behind which stands so much."""
    return answering(replace(ANSWER, strength=Strength(max(1, independent), independent, 0, verified, findings, 0.9)))


CASES = [
    pytest.param(replace(CLEAN, tribunal=tribunal(outcome=Outcome.REJECT)), "tribunal-approves", id="rejected"),
    pytest.param(replace(CLEAN, tribunal=tribunal(REVIEWS[:2])), "three-roles-answered", id="a role is missing"),
    pytest.param(
        replace(CLEAN, tribunal=tribunal((*REVIEWS[:2], fakes.review(JudgeRole.SYNTHESIZER, None)))),
        "three-roles-answered",
        id="a role abstains",
    ),
    pytest.param(replace(CLEAN, tribunal=tribunal((REVIEWS[0],) * 3)), "three-roles-answered", id="one role three times"),
    pytest.param(
        replace(CLEAN, tribunal=tribunal((fakes.review(JudgeRole.SKEPTIC, 7.0, Recommendation.REJECT), *REVIEWS[1:]))),
        "no-role-rejects",
        id="one role rejects",
    ),
    pytest.param(
        replace(CLEAN, tribunal=tribunal((replace(REVIEWS[0], objections=(Objection("“may” is lost", Ask.REWORD, "c1"),)), *REVIEWS[1:]))),
        "objections-are-met",
        id="a lost hedge that nobody mended",
    ),
    pytest.param(replace(CLEAN, tribunal=tribunal(spread=4.1)), "roles-agree", id="roles disagree"),
    pytest.param(replace(CLEAN, tribunal=tribunal(spread=None)), "roles-agree", id="agreement unknown"),
    pytest.param(with_verdict(Verdict.REFUTED), "no-refuted-claim", id="a refuted claim"),
    pytest.param(with_verdict(Verdict.UNCHECKED), "no-unchecked-claim", id="an unchecked claim"),
    pytest.param(behind(3, 4, 1), "enough-verified", id="three of four of the findings verified, one paper's authors"),
    pytest.param(behind(0, 4, 1), "enough-verified", id="only quoted, from one paper's authors"),
    pytest.param(behind(0, 0, 0), "enough-verified", id="an answer without findings"),
    pytest.param(contradicted(), "no-contradiction", id="another paper contradicts"),
    pytest.param(replace(CLEAN, draft=fakes.draft(*PAIRS[:2], answer=fakes.answered(*CLAIMS[:2]))), "enough-claims", id="two claims"),
    pytest.param(replace(CLEAN, draft=fakes.draft()), "enough-verified", id="no claims"),
    pytest.param(answering(NO_ANSWER), "question-is-answered", id="verified, and beside the question"),
    pytest.param(
        answering(replace(ANSWER, facets=(*ANSWER.facets, Facet("paper boats", (), 0.1)))), "question-is-answered", id="a facet left open"
    ),
    pytest.param(replace(CLEAN, papers=(fakes.paper(status=PaperStatus.WITHDRAWN),)), "no-withdrawn-paper", id="withdrawn"),
    pytest.param(replace(CLEAN, papers=(fakes.paper(status=PaperStatus.RETRACTED),)), "no-withdrawn-paper", id="retracted"),
    pytest.param(
        replace(CLEAN, signs=(Sign(SignKind.INSTRUCTION, "file:one", "page 1", "approve"),)), "no-suspicious-text", id="injection"
    ),
    pytest.param(replace(CLEAN, gaps=(Gap("search", "q1", "late", GapKind.TIMED_OUT),)), "search-was-complete", id="search timed out"),
    pytest.param(replace(CLEAN, verifier=None), "verifier-is-calibrated", id="no verifier"),
    pytest.param(replace(CLEAN, verifier=VerifierCard("v", "1", 0.8)), "verifier-is-calibrated", id="uncalibrated"),
    pytest.param(replace(CLEAN, judged_by=Engine.LOCAL), "rubric-may-approve", id="rubric alone"),
    pytest.param(replace(CLEAN, is_example=True), "papers-are-real", id="example papers"),
]


def test_what_only_may_be_an_order_holds_no_report_back() -> None:
    """It was withheld and is told among the uncertainties."""
    assert decide(replace(CLEAN, signs=(Sign(SignKind.DOUBTFUL, "file:one", "page 1", "praise"),))).action is Action.AUTO_APPROVE


def test_a_clean_docket_is_approved() -> None:
    """Where every rule holds, nobody needs to be asked."""
    decision = decide(CLEAN)

    assert decision.action is Action.AUTO_APPROVE
    assert decision.reasons == ()
    assert len(decision.rulings) == len(RULES)


@pytest.mark.parametrize(("docket", "rule"), CASES)
def test_one_fault_is_enough(docket: Docket, rule: str) -> None:
    """Each fault fails its own rule, and the owner is asked."""
    decision = decide(docket)

    assert decision.action is Action.ESCALATE_TO_OWNER
    assert rule in [ruling.rule for ruling in decision.rulings if not ruling.passed]


@pytest.mark.parametrize(
    "docket",
    [
        pytest.param(behind(4, 5, 1), id="four of five verified, by one paper's authors"),
        pytest.param(behind(0, 4, 2), id="quoted only, from two independent papers"),
    ],
)
def test_a_second_passage_or_a_second_paper_is_enough(docket: Docket) -> None:
    """Findings are borne out elsewhere, or told by people who do not share an author."""
    assert decide(docket).action is Action.AUTO_APPROVE


def test_what_is_not_answered_is_named() -> None:
    """The owner reads which part of the question nothing was found on."""
    (reason,) = decide(answering(replace(ANSWER, facets=(*ANSWER.facets, Facet("salt water", (), 0.1))))).reasons
    assert "findings speak of 90% of the question; none of: salt water" in reason


def test_every_rule_has_a_failing_case() -> None:
    """A rule that no case fails would be a check that cannot fail."""
    failed = {ruling.rule for case in CASES for ruling in decide(case.values[0]).rulings if not ruling.passed}  # type: ignore[arg-type]  # first value is the docket

    assert failed == {rule.__name__.replace("_", "-") for rule in RULES}


def test_the_rubric_approves_where_the_goal_allows_it() -> None:
    """allow_rubric_approval is the owner's own decision, written in the goal."""
    allowed = fakes.goal(policy=Policy(allow_rubric_approval=True))

    assert decide(replace(CLEAN, judged_by=Engine.LOCAL, goal=allowed)).action is Action.AUTO_APPROVE


def test_a_rule_that_breaks_counts_as_failed() -> None:
    """An error in a rule goes to the owner."""

    def broken(docket: Docket) -> tuple[bool, str]:
        raise KeyError(docket.goal.slug)

    decision = decide(CLEAN, (broken,))

    assert decision.action is Action.ESCALATE_TO_OWNER
    assert "could not be applied" in decision.reasons[0]


def test_no_rules_approve_nothing() -> None:
    """An empty table fails closed."""
    assert decide(CLEAN, ()).action is Action.ESCALATE_TO_OWNER
