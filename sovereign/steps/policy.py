"""Tribunal -> Decision: a table of small named rules. One that fails is a reason shown to the owner; a doubt goes to the owner.

No model takes part here, so why a report was published can be replayed from record.json by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sovereign.model import (
    SURE_FROM,
    Decision,
    Draft,
    Engine,
    Gap,
    GapKind,
    Goal,
    JudgeRole,
    Outcome,
    Paper,
    PaperStatus,
    Recommendation,
    Ruling,
    Sign,
    Tribunal,
    Verdict,
    VerifierCard,
)
from sovereign.text import counted


@dataclass(frozen=True, slots=True)
class Docket:
    """All that the rules may look at.

    Attributes:
        judged_by: Who sat in the tribunal; a rubric alone approves only where the goal allows it.
    """

    goal: Goal
    draft: Draft
    tribunal: Tribunal
    judged_by: Engine
    papers: tuple[Paper, ...]
    signs: tuple[Sign, ...] = ()
    gaps: tuple[Gap, ...] = ()
    verifier: VerifierCard | None = None
    is_example: bool = False


Held = tuple[bool, str]
"""Whether a rule held, and what it saw."""
INDEPENDENT = 2
"""From how many papers without a common author a finding that is only quoted may come into an answer."""


def _cited_with(docket: Docket, verdict: Verdict) -> list[str]:
    return [claim for claim in docket.draft.cited if docket.draft.evidence_of(claim).verdict is verdict]


def tribunal_approves(docket: Docket) -> Held:
    """The tribunal's last word is APPROVE."""
    last = docket.tribunal.last
    score = "no score" if last.consensus is None else f"{last.consensus:.1f} of 10"
    told = f"{score}, {docket.goal.policy.min_score:.1f} is asked"
    return docket.tribunal.outcome is Outcome.APPROVE, f"{told}{_in_spite_of_it(docket)}: {docket.tribunal.outcome}"


def _in_spite_of_it(docket: Docket) -> str:
    """Say what keeps a score that would be enough from approving; empty where there is no such thing."""
    score, outcome = docket.tribunal.last.consensus, docket.tribunal.outcome
    if score is None or score < docket.goal.policy.min_score or outcome is Outcome.APPROVE:
        return ""
    if not docket.draft.answer.is_sure:
        return "; no score is enough where the papers do not surely answer the question"
    return "; no score is enough where a reviewer is against it or gave no answer"


def three_roles_answered(docket: Docket) -> Held:
    """Each role answered once, with a score and a recommendation."""
    answered = sorted(review.role for review in docket.tribunal.last.reviews if not review.is_abstention)
    return answered == sorted(JudgeRole), f"{len(answered)} of 3 roles answered ({', '.join(answered) or 'none'})"


def no_role_rejects(docket: Docket) -> Held:
    """No role recommends to reject."""
    against = [r.role for r in docket.tribunal.last.reviews if r.recommendation is Recommendation.REJECT]
    return not against, f"{', '.join(against) or 'no role'} recommends to reject"


def roles_agree(docket: Docket) -> Held:
    """The roles' scores lie close together."""
    spread = docket.tribunal.last.spread
    if spread is None:
        return False, "fewer than two roles gave a score, so their agreement is unknown"
    return spread <= docket.goal.policy.max_spread, f"scores lie {spread:.1f} apart; {docket.goal.policy.max_spread:.1f} is allowed"


def objections_are_met(docket: Docket) -> Held:
    """No role holds that words or verdicts of the report, as it stands, are wrong."""
    open_ = [(r.role, item) for r in docket.tribunal.last.reviews for item in r.objections if item.asks_for_change]
    roles = list(dict.fromkeys(str(role) for role, _ in open_))
    return not open_, f"{counted(len(open_), 'objection')} to words or verdicts not met{_listed(roles)}"


def no_refuted_claim(docket: Docket) -> Held:
    """Findings cite no refuted claim."""
    found = _cited_with(docket, Verdict.REFUTED)
    return not found, f"{counted(len(found), 'refuted claim')} in Findings{_listed(found)}"


def no_unchecked_claim(docket: Docket) -> Held:
    """Findings cite no claim that nothing checked."""
    found = _cited_with(docket, Verdict.UNCHECKED)
    return not found, f"{counted(len(found), 'unchecked claim')} in Findings{_listed(found)}"


def no_contradiction(docket: Docket) -> Held:
    """No other paper speaks against a claim in Findings."""
    cited = set(docket.draft.cited)
    found = sorted({c.claim for c in docket.draft.contradictions if c.claim in cited})
    return not found, f"{counted(len(found), 'claim')} in Findings contradicted by another paper{_listed(found)}"


def enough_claims(docket: Docket) -> Held:
    """Findings rest on enough claims."""
    count = len(docket.draft.cited)
    return (
        count >= docket.goal.policy.min_claims,
        f"{counted(count, 'claim')} in Findings; at least {docket.goal.policy.min_claims} asked for",
    )


def enough_verified(docket: Docket) -> Held:
    """The answer's findings are verified by a second passage, or quoted from at least two independent papers."""
    strength, asked = docket.draft.answer.strength, docket.goal.policy.min_verified
    share = strength.verified / strength.findings if strength.findings else 0.0
    told = f"{strength.verified} of {counted(strength.findings, 'finding')} of the answer verified by a second passage (asked: {asked:.0%})"
    return bool(strength.findings) and (share >= asked or strength.independent >= INDEPENDENT), (
        f"{told}; they come from {counted(strength.independent, 'independent paper')}, and {INDEPENDENT} would do"
    )


def question_is_answered(docket: Docket) -> Held:
    """The papers surely answer the question, and no facet of it is left open."""
    answer = docket.draft.answer
    if not answer.is_answered:
        return False, f"the papers do not answer the question{_lacking(answer.left_open)}"
    if not answer.is_sure:
        return False, f"it is {answer.strength.relevance:.0%} likely that the papers answer the question; {SURE_FROM:.0%} are asked"
    return not answer.left_open, f"findings speak of {1 - answer.open_share:.0%} of the question{_lacking(answer.left_open)}"


def no_withdrawn_paper(docket: Docket) -> Held:
    """No paper that was read has been withdrawn or retracted."""
    found = [paper.title for paper in docket.papers if paper.status is not PaperStatus.CURRENT]
    return not found, f"{counted(len(found), 'withdrawn or retracted paper')} among the references{_listed(found)}"


def no_suspicious_text(docket: Docket) -> Held:
    """No paper addresses the reviewer or hides text; what only may be an order was withheld, and is told among the uncertainties."""
    titles, signs = {paper.id: paper.title for paper in docket.papers}, [sign for sign in docket.signs if sign.is_sure]
    found = sorted({titles.get(sign.paper, sign.paper) for sign in signs})
    return not found, f"{counted(len(signs), 'sign')} of text that addresses the reviewer or is hidden{_listed(found)}"


def search_was_complete(docket: Docket) -> Held:
    """No search failed, so what is missing is not missing by accident."""
    failed = [gap for gap in docket.gaps if gap.step == "search" and gap.kind in {GapKind.TIMED_OUT, GapKind.REFUSED}]
    return not failed, f"{counted(len(failed), 'search', 'searches')} failed{_listed([gap.subject for gap in failed])}"


def verifier_is_calibrated(docket: Docket) -> Held:
    """The verdicts come from a verifier whose false acceptance was measured."""
    card = docket.verifier
    if card is None or card.false_acceptance is None:
        return False, "no calibrated verifier took part"
    return True, f"{card.name}: {card.false_acceptance:.1%} of wrong claims pass at its threshold on {card.calibrated_on}"


def rubric_may_approve(docket: Docket) -> Held:
    """A tribunal without a language model approves by itself only where the goal allows it."""
    if docket.judged_by is Engine.MODEL:
        return True, "a language model took part"
    allowed = docket.goal.policy.allow_rubric_approval
    return allowed, "no language model took part, and allow_rubric_approval is " + ("true" if allowed else "false")


def papers_are_real(docket: Docket) -> Held:
    """The papers are not the invented ones of the bundled example."""
    return not docket.is_example, "the papers are invented examples" if docket.is_example else "no example papers took part"


RULES: tuple[Callable[[Docket], Held], ...] = (
    tribunal_approves,
    three_roles_answered,
    no_role_rejects,
    roles_agree,
    objections_are_met,
    no_refuted_claim,
    no_unchecked_claim,
    no_contradiction,
    enough_claims,
    enough_verified,
    question_is_answered,
    no_withdrawn_paper,
    no_suspicious_text,
    search_was_complete,
    verifier_is_calibrated,
    rubric_may_approve,
    papers_are_real,
)


def decide(docket: Docket, rules: tuple[Callable[[Docket], Held], ...] = RULES) -> Decision:
    """Give every rule's ruling; a rule that cannot be applied counts as failed."""
    return Decision(tuple(_rule(rule, docket) for rule in rules))


def _rule(rule: Callable[[Docket], Held], docket: Docket) -> Ruling:
    name = rule.__name__.replace("_", "-")
    try:
        passed, detail = rule(docket)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return Ruling(name, passed=False, detail=f"the rule could not be applied: {error!r}")
    return Ruling(name, passed=passed is True, detail=detail)


def _lacking(subjects: tuple[str, ...]) -> str:
    return f"; none of: {', '.join(subjects)}" if subjects else ""


def _listed(names: list[str]) -> str:
    return f": {', '.join(names)}" if names else ""
