"""Draft -> Review*: three blind roles, their consensus, and the revision round.

The bench hears the same case for every role; only what it answers is combined here. A missing, doubled or unreadable
answer is an abstention, and an abstention never moves a report towards approval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import fmean

from sovereign.model import (
    Amendment,
    Answer,
    Ask,
    Case,
    Claim,
    Draft,
    Hearing,
    JudgeRole,
    Objection,
    Outcome,
    Policy,
    Recommendation,
    Review,
    Tribunal,
)
from sovereign.ports import Bench

# The strongest demand wins where several objections name one claim.
_STRENGTH = {Ask.NOTE: 0, Ask.SENTENCE: 0, Ask.REEVIDENCE: 1, Ask.VERDICT: 2, Ask.REWORD: 3, Ask.DROP: 4}


def hear(case: Case, bench: Bench) -> Hearing:
    """Give the hearing of one round: exactly one review a role, the mean score to one decimal, the spread (0..10): None under two."""
    answers = bench.hear(case)
    known = {claim.id for claim in case.draft.claims}
    reviews = tuple(_seat(role, answers, known) for role in JudgeRole)
    scores = [review.score for review in reviews if review.score is not None]
    return Hearing(
        round=case.round,
        reviews=reviews,
        consensus=round(fmean(scores), 1) if len(scores) > 1 else None,  # one voice is no consensus
        spread=round(max(scores) - min(scores), 1) if len(scores) > 1 else None,
    )


def _seat(role: JudgeRole, answers: tuple[Review, ...], known: set[str]) -> Review:
    """Give the one answer of a role; none, or more than one, is an abstention. Objections to unknown claims lose their claim."""
    own = [answer for answer in answers if answer.role is role]
    if len(own) != 1:
        return Review(role, None, None, summary=f"expected one answer, got {len(own)}")
    kept = tuple(
        item if not item.claim or item.claim in known else Objection(f"{item.reason} (names an unknown claim, {item.claim})")
        for item in own[0].objections
    )
    return replace(own[0], objections=kept)


def outcome(hearing: Hearing, policy: Policy, answer: Answer) -> Outcome:
    """Give APPROVE only where an answer is sure, all three roles answered, none rejects, and the consensus reaches min_score."""
    if not answer.is_sure:
        return Outcome.REJECT
    answered = [review for review in hearing.reviews if not review.is_abstention]
    if {review.role for review in answered} != set(JudgeRole) or hearing.consensus is None:
        return Outcome.REJECT
    if any(review.recommendation is Recommendation.REJECT for review in answered):
        return Outcome.REJECT
    return Outcome.APPROVE if hearing.consensus >= policy.min_score else Outcome.REJECT


@dataclass(frozen=True, slots=True)
class Demand:
    """The strongest thing that the roles ask about one claim, and who asked it first."""

    claim: Claim
    role: JudgeRole
    objection: Objection


def demands(draft: Draft, hearing: Hearing) -> tuple[Demand, ...]:
    """Give what is to be done, one demand a claim, in the order of the draft's claims."""
    strongest: dict[str, tuple[JudgeRole, Objection]] = {}
    for review in hearing.reviews:
        for item in review.objections:
            held = strongest.get(item.claim)
            if item.claim and (held is None or _STRENGTH[item.ask] > _STRENGTH[held[1].ask]):
                strongest[item.claim] = (review.role, item)
    return tuple(Demand(claim, *strongest[claim.id]) for claim in draft.standing if claim.id in strongest)


def amend(draft: Draft, demanded: tuple[Demand, ...], changed: dict[str, Claim]) -> tuple[Draft, tuple[Amendment, ...]]:
    """Give the draft's claims after a revision, and what became of every demand; evidence and text are made anew by the caller.

    Args:
        changed: For claims that were re-worded or re-evidenced, the claim that takes their place (may be the same one).
    """
    dropped = dict(draft.dropped)
    made: list[Amendment] = []
    for demand in demanded:
        verdict = draft.evidence_of(demand.claim.id).verdict
        action, after = _settle(demand, changed.get(demand.claim.id))
        if action == "dropped":
            dropped[demand.claim.id] = f"{demand.role}: {demand.objection.reason}"
        made.append(Amendment(demand.role, demand.objection, action, before=f"{demand.claim.text} ({verdict})", after=after))
    return replace(draft, dropped=tuple(dropped.items())), tuple(made)


def _settle(demand: Demand, new: Claim | None) -> tuple[str, str]:
    if demand.objection.ask is Ask.DROP:
        return "dropped", ""
    if demand.objection.ask is Ask.NOTE or new is None:
        return "noted", demand.claim.text
    if new.text != demand.claim.text:
        return "re-worded", new.text
    if demand.objection.ask is Ask.VERDICT:
        return "judged again", new.text
    return "re-evidenced", new.text


def judge(
    draft: Draft,
    hear_: Callable[[Draft, int], Hearing],
    revise: Callable[[Draft, Hearing], tuple[Draft, tuple[Amendment, ...]]],
    policy: Policy,
) -> tuple[Draft, Tribunal]:
    """Hear the draft; below min_score revise and hear again, at most max_revisions times; give the last draft and the record.

    A draft of which a role says that its words or verdicts are wrong is revised whatever its score: a "may" that got lost is no
    small fault because all else is sound. A revision that changes nothing ends the matter: the same judges would hear the same case.
    """
    hearings = [hear_(draft, 0)]
    while len(hearings) <= policy.max_revisions and _is_to_be_revised(hearings[-1], policy):
        revised, amendments = revise(draft, hearings[-1])
        hearings[-1] = replace(hearings[-1], amendments=amendments)
        if revised == draft:
            break
        draft = revised
        hearings.append(hear_(draft, len(hearings)))
    judges = dict.fromkeys(review.judge for hearing in hearings for review in hearing.reviews if review.judge)
    return draft, Tribunal(tuple(hearings), outcome(hearings[-1], policy, draft.answer), ", ".join(judges))


def _is_to_be_revised(hearing: Hearing, policy: Policy) -> bool:
    is_open = any(item.asks_for_change for review in hearing.reviews for item in review.objections)
    return is_open or hearing.consensus is None or hearing.consensus < policy.min_score
