"""The tribunal's roles without a language model: a published rubric, computed from the evidence record.

Each role starts at 10 and pays a stated price for each stated fault; the prices are the table below, printed on the
method page. A rubric reads no text and has no opinion: it can only say whether the record holds together, which is why
the policy lets it approve by itself only where a goal allows that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from sovereign.language.question import LeftOpen, left_open
from sovereign.model import (
    Ask,
    Case,
    Claim,
    JudgeRole,
    Objection,
    Paper,
    PaperStatus,
    Recommendation,
    Review,
    Stance,
    Verdict,
)

NAME = "published rubric 1"
APPROVES_FROM = 6.5
REJECTS_BELOW = 3.0


@dataclass(frozen=True, slots=True)
class Fault:
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


def _with_verdict(case: Case, verdict: Verdict) -> list[Claim]:
    return [claim for claim in case.draft.standing if case.draft.evidence_of(claim.id).verdict is verdict]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _verdict_share(verdict: Verdict) -> Callable[[Case], float]:
    return lambda case: _share(len(_with_verdict(case, verdict)), len(case.draft.standing))


def _contradicted(case: Case) -> list[Claim]:
    ids = {item.claim for item in case.draft.contradictions}
    return [claim for claim in case.draft.standing if claim.id in ids]


def _single_sourced(case: Case) -> list[Claim]:
    """Supported claims that no other paper bears out."""
    return [
        claim
        for claim in _with_verdict(case, Verdict.SUPPORTED)
        if not claim.also_in and not case.draft.evidence_of(claim.id).papers(Stance.SUPPORTS, own=False)
    ]


def _contradicted_share(case: Case) -> float:
    return _share(len(_contradicted(case)), len(case.draft.standing))


def _single_sourced_share(case: Case) -> float:
    return _share(len(_single_sourced(case)), len(_with_verdict(case, Verdict.SUPPORTED)))


def _one_paper_share(case: Case) -> float:
    """How far beyond an even half one paper dominates: 0 at half of the claims or fewer, 1 at all of them."""
    counts = Counter(claim.paper for claim in case.draft.standing)
    if not counts:
        return 1.0
    return max(0.0, (max(counts.values()) / len(case.draft.standing) - 0.5) * 2)


def _doubt(case: Case) -> float:
    """Mean of 1 - confidence over the supported claims."""
    supported = _with_verdict(case, Verdict.SUPPORTED)
    return fmean(1 - (case.draft.evidence_of(c.id).confidence or 0.0) for c in supported) if supported else 1.0


def _few_claims(case: Case) -> float:
    asked = max(1, case.goal.policy.min_claims)
    return max(0.0, 1 - len(_with_verdict(case, Verdict.SUPPORTED)) / asked)


def _left_open(case: Case) -> LeftOpen:
    return left_open(case.goal.question, (claim.text for claim in _with_verdict(case, Verdict.SUPPORTED)))


def _off_topic(case: Case) -> float:
    claims = case.draft.standing
    return fmean(1 - claim.relevance for claim in claims) if claims else 1.0


def _not_current(case: Case) -> list[Paper]:
    return [paper for paper in case.papers if paper.status is not PaperStatus.CURRENT]


def _about(claims: Sequence[Claim], reason: str, ask: Ask) -> tuple[Objection, ...]:
    return tuple(Objection(reason, ask, claim.id) for claim in claims)


def _object_refuted(case: Case) -> tuple[Objection, ...]:
    """What its own paper refutes goes; what another paper disputes stays in sight, as disputed."""
    disputed = {claim.id for claim in _contradicted(case)}
    own = [claim for claim in _with_verdict(case, Verdict.REFUTED) if claim.id not in disputed]
    return _about(own, "the evidence of its own paper speaks against it", Ask.DROP)


def _object_insufficient(case: Case) -> tuple[Objection, ...]:
    """Ask for more evidence in the first round; what a further search did not bear out is dropped in the next."""
    ask, reason = (
        (Ask.REEVIDENCE, "its evidence does not bear it out yet") if case.round == 0 else (Ask.DROP, "no evidence was found for it")
    )
    return _about(_with_verdict(case, Verdict.INSUFFICIENT), reason, ask)


def _object_unchecked(case: Case) -> tuple[Objection, ...]:
    return _about(_with_verdict(case, Verdict.UNCHECKED), "nothing has checked it", Ask.REEVIDENCE)


def _object_contradicted(case: Case) -> tuple[Objection, ...]:
    return _about(_contradicted(case), "another paper speaks against it", Ask.REEVIDENCE if case.round == 0 else Ask.NOTE)


def _object_single(case: Case) -> tuple[Objection, ...]:
    return _about(_single_sourced(case), "only its own paper bears it out", Ask.NOTE)


def _object_unanswered(case: Case) -> tuple[Objection, ...]:
    missing = _left_open(case).terms
    return (Objection(f"no verified claim speaks of: {', '.join(term.label for term in missing)}"),) if missing else ()


FAULTS: dict[JudgeRole, tuple[Fault, ...]] = {
    JudgeRole.SKEPTIC: (
        Fault("refuted claims", 8.0, _verdict_share(Verdict.REFUTED), _object_refuted),
        Fault("claims contradicted by another paper", 4.0, _contradicted_share, _object_contradicted),
        Fault("single-sourced claims", 1.5, _single_sourced_share, _object_single),
        Fault("one paper dominates", 2.0, _one_paper_share),
        Fault("withdrawn or retracted papers", 4.0, lambda c: float(bool(_not_current(c)))),
        Fault("text that addresses the reviewer, or is hidden", 4.0, lambda c: float(bool(c.signs))),
    ),
    JudgeRole.VALIDATOR: (
        Fault("insufficient claims", 8.0, _verdict_share(Verdict.INSUFFICIENT), _object_insufficient),
        Fault("refuted claims", 10.0, _verdict_share(Verdict.REFUTED), _object_refuted),
        Fault("unchecked claims", 10.0, _verdict_share(Verdict.UNCHECKED), _object_unchecked),
        Fault("doubt left in the supported claims", 3.0, _doubt),
    ),
    JudgeRole.SYNTHESIZER: (
        Fault("subjects of the question without a verified claim", 6.0, lambda c: _left_open(c).share, _object_unanswered),
        Fault("distance of the claims from the question", 3.0, _off_topic),
        Fault("fewer verified claims than the policy asks", 5.0, _few_claims),
        Fault("one paper dominates", 2.0, _one_paper_share),
    ),
}


class Rubric:
    """A bench of three roles, each with its own faults; conforms to ports.Bench."""

    name = NAME

    def hear(self, case: Case) -> tuple[Review, ...]:
        """Give one review a role; the same case always gives the same reviews."""
        return tuple(_review(role, faults, case) for role, faults in FAULTS.items())


def _review(role: JudgeRole, faults: Sequence[Fault], case: Case) -> Review:
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
