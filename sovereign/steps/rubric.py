"""The tribunal's roles without a language model: a published rubric, computed from the evidence record.

Each role starts at 10 and pays a stated price for each stated fault; the prices are the table below, printed on the
method page. A rubric reads no text and has no opinion: it can only say whether the record holds together, which is why
the policy lets it approve by itself only where a goal allows that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sovereign.model import (
    Ask,
    Case,
    Claim,
    Grade,
    JudgeRole,
    Objection,
    Paper,
    PaperStatus,
    Recommendation,
    Review,
)

NAME = "published rubric 2"
APPROVES_FROM = 6.5
REJECTS_BELOW = 3.0
TWO = 2


@dataclass(frozen=True, slots=True)
class Lapse:
    """One thing that a role pays for.

    Attributes:
        price: Points lost when the measured share is 1; the loss is price x share.
        share: How much of the fault the case shows, 0..1.
        object_to: What to say of which claim.
    """

    name: str
    price: float
    share: Callable[[Case], float]
    object_to: Callable[[Case], Sequence[Objection]] = lambda _: ()


def _graded(case: Case, *grades: Grade) -> list[Claim]:
    return [claim for claim in case.draft.standing if case.draft.evidence_of(claim.id).grade in grades]


def _grade_share(grade: Grade) -> Callable[[Case], float]:
    return lambda case: _share(len(_graded(case, grade)), len(case.draft.standing))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _key(case: Case) -> list[Claim]:
    """The claims that the answer rests on."""
    names = {name for finding in case.draft.answer.findings for name in finding.claims}
    return [claim for claim in case.draft.standing if claim.id in names]


def _contradicted(case: Case) -> list[Claim]:
    ids = {item.claim for item in case.draft.contradictions}
    return [claim for claim in case.draft.standing if claim.id in ids]


def _contradicted_share(case: Case) -> float:
    key = _key(case)
    return _share(len([claim for claim in _contradicted(case) if claim in key]), len(key))


def _one_paper(case: Case) -> float:
    return float(case.draft.answer.strength.papers < TWO)


def _one_paper_share(case: Case) -> float:
    """How far beyond an even half one paper dominates: 0 at half of the claims or fewer, 1 at all of them."""
    counts = Counter(claim.paper for claim in case.draft.standing)
    if not counts:
        return 1.0
    return max(0.0, (max(counts.values()) / len(case.draft.standing) - 0.5) * 2)


def _only_quoted(case: Case) -> float:
    """Share of the answer's findings that no second passage bears out: that a sentence stands in its paper raises no score."""
    strength = case.draft.answer.strength
    return 1 - strength.verified / strength.findings if strength.findings else 1.0


def _few_findings(case: Case) -> float:
    asked = max(1, case.goal.policy.min_claims)
    return max(0.0, 1 - case.draft.answer.strength.findings / asked)


def _off_topic(case: Case) -> float:
    """Doubt that the papers answer the question."""
    return 1 - case.draft.answer.strength.relevance


def _not_current(case: Case) -> list[Paper]:
    return [paper for paper in case.papers if paper.status is not PaperStatus.CURRENT]


def _about(claims: Sequence[Claim], reason: str, ask: Ask) -> tuple[Objection, ...]:
    return tuple(Objection(reason, ask, claim.id) for claim in claims)


def _object_refuted(case: Case) -> tuple[Objection, ...]:
    """What its own paper refutes goes; what another paper disputes stays in sight, as disputed."""
    disputed = {claim.id for claim in _contradicted(case)}
    own = [claim for claim in _graded(case, Grade.REFUTED) if claim.id not in disputed]
    return _about(own, "another passage of its own paper speaks against it", Ask.DROP)


def _object_unconfirmed(case: Case) -> tuple[Objection, ...]:
    """Ask for more evidence in the first round; what a further search did not bear out is dropped in the next."""
    ask, reason = (Ask.REEVIDENCE, "nothing bears its wording out yet") if case.round == 0 else (Ask.DROP, "no evidence was found for it")
    return _about(_graded(case, Grade.UNCONFIRMED), reason, ask)


def _object_unchecked(case: Case) -> tuple[Objection, ...]:
    return _about(_graded(case, Grade.UNCHECKED), "nothing has checked it", Ask.REEVIDENCE)


def _object_contradicted(case: Case) -> tuple[Objection, ...]:
    return _about(_contradicted(case), "another paper speaks against it", Ask.REEVIDENCE if case.round == 0 else Ask.NOTE)


def _object_quoted(case: Case) -> tuple[Objection, ...]:
    quoted = set(_graded(case, Grade.QUOTED))
    return _about([claim for claim in _key(case) if claim in quoted], "only quoted: no second passage bears it out", Ask.NOTE)


def _object_unanswered(case: Case) -> tuple[Objection, ...]:
    return () if case.draft.answer.is_answered else (Objection("the papers do not answer the question"),)


def _object_open(case: Case) -> tuple[Objection, ...]:
    missing = case.draft.answer.left_open
    return (Objection(f"nothing was found on: {', '.join(missing)}"),) if missing else ()


FAULTS: dict[JudgeRole, tuple[Lapse, ...]] = {
    JudgeRole.SKEPTIC: (
        Lapse("refuted claims", 8.0, _grade_share(Grade.REFUTED), _object_refuted),
        Lapse("findings of the answer that another paper contradicts", 4.0, _contradicted_share, _object_contradicted),
        Lapse("doubt that the papers answer the question", 6.0, _off_topic),
        Lapse("an answer from one paper alone", 1.5, _one_paper),
        Lapse("withdrawn or retracted papers", 4.0, lambda c: float(bool(_not_current(c)))),
        Lapse("text that addresses the reviewer, or is hidden", 4.0, lambda c: float(any(sign.is_sure for sign in c.signs))),
    ),
    JudgeRole.VALIDATOR: (
        Lapse("claims in other words than their quote, which nothing bears out", 8.0, _grade_share(Grade.UNCONFIRMED), _object_unconfirmed),
        Lapse("refuted claims", 10.0, _grade_share(Grade.REFUTED), _object_refuted),
        Lapse("unchecked claims", 10.0, _grade_share(Grade.UNCHECKED), _object_unchecked),
        Lapse("findings of the answer that no second passage bears out", 3.0, _only_quoted, _object_quoted),
    ),
    JudgeRole.SYNTHESIZER: (
        Lapse("no answer to the question", 7.0, lambda c: float(not c.draft.answer.is_answered), _object_unanswered),
        Lapse("facets of the question for which nothing was found", 6.0, lambda c: c.draft.answer.open_share, _object_open),
        Lapse("doubt that the papers answer the question", 3.0, _off_topic),
        Lapse("fewer findings than the policy asks", 3.0, _few_findings),
        Lapse("one paper dominates", 1.0, _one_paper_share),
    ),
}


class Rubric:
    """A bench of three roles, each with its own faults; conforms to ports.Bench."""

    name = NAME

    def hear(self, case: Case) -> tuple[Review, ...]:
        """Give one review a role; the same case always gives the same reviews."""
        return tuple(_review(role, faults, case) for role, faults in FAULTS.items())


def _review(role: JudgeRole, faults: Sequence[Lapse], case: Case) -> Review:
    if not case.draft.standing:
        return Review(role, 0.0, Recommendation.REJECT, (Objection("no claim stands"),), "There is nothing to judge.", NAME)
    paid = [(fault, round(fault.price * min(1.0, max(0.0, fault.share(case))), 2)) for fault in faults]
    score = round(max(0.0, 10.0 - sum(price for _, price in paid)), 1)
    objections = tuple(item for fault, price in paid if price > 0 for item in fault.object_to(case))
    lost = [f"{fault.name} −{price:.1f}" for fault, price in paid if price >= 0.05]
    return Review(role, score, _recommend(score), objections, "; ".join(lost) or "no fault found", NAME)


def _recommend(score: float) -> Recommendation:
    if score >= APPROVES_FROM:
        return Recommendation.APPROVE
    return Recommendation.REJECT if score < REJECTS_BELOW else Recommendation.REVISE
