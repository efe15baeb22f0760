"""What follows from a record, worked out again: nothing that it says of itself is taken for a result.

From the claims and the passages follow the weights; from those the verdicts and the confidence; from the reviews the consensus and the
outcome (and from the evidence the reviews themselves, where the published rubric sat); from all of it the decision. A run writes what
follows, so an honest record passes; a forged one contradicts itself somewhere. What no record can show, that a quote stands in its paper,
is asked of the paper by `audit --online`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from sovereign.language.comparison import Likeness, compare
from sovereign.language.stance import echoes, stance
from sovereign.model import (
    Case,
    CheckName,
    Claim,
    Engine,
    Evidence,
    Grade,
    Hearing,
    Probabilities,
    Report,
    Stance,
    Verdict,
    VerifierCard,
)
from sovereign.ports import Verifier
from sovereign.steps import policy, rubric, tribunal
from sovereign.steps.ask_verify import BAND
from sovereign.steps.verify import REFUTED_FROM, SILENCE, STANDS, standing
from sovereign.text import fold

# Two machines round the same network's answer differently by less than this.
SAME = 0.02


class Kind(StrEnum):
    """What is wrong with a record, or with what was published of it."""

    DECISION = "the policy decides otherwise"
    SOURCE = "a quote belongs to no source of the report"
    VERDICT = "the verifier weighs a passage otherwise"
    DERIVED = "the verdict does not follow from what was heard"
    TRIBUNAL = "the tribunal's word does not follow from its reviews"
    CARD = "the verifier's card is not the program's"
    PAGES = "a page is not what its record gives"
    QUOTE = "a quote no longer stands in its paper"
    WITHDRAWN = "a paper was withdrawn or retracted"
    UNREADABLE = "the record cannot be read"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that does not follow; subject is a claim's or a paper's id, or empty."""

    kind: Kind
    subject: str
    detail: str


def doubts(report: Report, verifier: Verifier | None) -> Iterator[Doubt]:
    """Give everything in a record that does not follow from the rest of it; the verifier weighs again where it is the one of then."""
    yield from _decision(report)
    yield from _sources(report)
    yield from _tribunal(report)
    is_here = verifier is not None and is_same(report.verifier, verifier.card)
    if verifier is not None and is_here:
        yield from _card(report, verifier.card)
    if report.verifier is not None:
        yield from _evidence(report, verifier if is_here else None)


def is_same(then: VerifierCard | None, now: VerifierCard) -> bool:
    """Whether a record names this verifier, in this version."""
    return then is not None and (then.name, then.version) == (now.name, now.version)


def docket(report: Report) -> policy.Docket:
    """Give what the policy's rules look at, from the record alone."""
    return policy.Docket(
        goal=report.goal,
        draft=report.draft,
        tribunal=report.tribunal,
        judged_by=report.engine,
        papers=report.papers,
        signs=report.signs,
        gaps=report.gaps,
        verifier=report.verifier,
        is_example=report.is_example,
    )


def _decision(report: Report) -> Iterator[Doubt]:
    decided = policy.decide(docket(report))
    if decided.action is not report.decision.action:
        yield Doubt(Kind.DECISION, "", f"the record says {report.decision.action}, the rules give {decided.action}")
        return
    then = {ruling.rule: ruling.passed for ruling in report.decision.rulings}
    for ruling in decided.rulings:
        if then.get(ruling.rule, ruling.passed) is not ruling.passed:
            yield Doubt(Kind.DECISION, "", f"{ruling.rule}: the record says it {_held(not ruling.passed)}, and it {_held(ruling.passed)}")


def _held(passed: bool) -> str:
    return "held" if passed else "did not hold"


def _sources(report: Report) -> Iterator[Doubt]:
    hashes = {source.paper: source.document_sha256 for source in report.sources}
    for claim in report.draft.claims:
        if hashes.get(claim.paper) != claim.document_sha256:
            yield Doubt(Kind.SOURCE, claim.id, f"{claim.paper}: no source of the report has this text")


# --- The tribunal ---


def _tribunal(report: Report) -> Iterator[Doubt]:
    for hearing in report.tribunal.hearings:
        if wrong := _combined(hearing):
            yield Doubt(Kind.TRIBUNAL, "", f"round {hearing.round}: {wrong}")
    given = tribunal.outcome(report.tribunal.last, report.goal.policy)
    if given is not report.tribunal.outcome:
        yield Doubt(Kind.TRIBUNAL, "", f"the record says {report.tribunal.outcome}, its reviews give {given}")
    if report.engine is Engine.LOCAL:
        yield from _rubric(report)


def _combined(hearing: Hearing) -> str:
    scores = [review.score for review in hearing.reviews if review.score is not None]
    consensus = round(fmean(scores), 1) if scores else None
    spread = round(max(scores) - min(scores), 1) if len(scores) > 1 else None
    if hearing.consensus != consensus:
        return f"consensus {hearing.consensus}, the scores give {consensus}"
    return f"spread {hearing.spread}, the scores give {spread}" if hearing.spread != spread else ""


def _rubric(report: Report) -> Iterator[Doubt]:
    """Hear the rubric again over the evidence of the record; it is the same for the same case."""
    last = report.tribunal.last
    case = Case(report.goal, report.draft, last.round, report.papers, report.signs, report.gaps)
    now = {review.role: review for review in rubric.Rubric().hear(case)}
    for review in last.reviews:
        again = now.get(review.role)
        if again is None or (review.score, review.recommendation) != (again.score, again.recommendation):
            gives = "nothing" if again is None else f"{again.score}, {again.recommendation}"
            yield Doubt(
                Kind.TRIBUNAL, "", f"{review.role}: {review.score}, {review.recommendation} in the record; the rubric gives {gives}"
            )


# --- The evidence ---


def _card(report: Report, card: VerifierCard) -> Iterator[Doubt]:
    if report.verifier != card:
        yield Doubt(Kind.CARD, "", f"{card.name} {card.version}: its threshold or its measured faults are not those in the record")


def _evidence(report: Report, verifier: Verifier | None) -> Iterator[Doubt]:
    """Weigh every passage again, where the verifier is at hand; then hold the verdict against the weights, or against those of then."""
    heard = list(zip(report.draft.claims, report.draft.evidence, strict=True))
    pairs = [(fold(claim.text), fold(witness.passage.text)) for claim, evidence in heard for witness in evidence.witnesses]
    weighed = iter(verifier.weigh(pairs)) if verifier else None
    for claim, evidence in heard:
        now = [next(weighed) if weighed else w.probabilities or SILENCE for w in evidence.witnesses]
        if any(witness.probabilities is None for witness in evidence.witnesses if witness.passage != claim.quote):
            yield Doubt(Kind.VERDICT, claim.id, "a passage was heard and has no weight, though a verifier took part")
            continue
        may_stand = _stands(claim)
        if any(
            not _agree(item.probabilities, p, may_stand=may_stand and at == 0)
            for at, (item, p) in enumerate(zip(evidence.witnesses, now, strict=True))
        ):
            yield Doubt(Kind.VERDICT, claim.id, _compared(evidence, now))
        elif why := _unfounded(claim, evidence, now, report):
            yield Doubt(Kind.DERIVED, claim.id, why)


def _stands(claim: Claim) -> bool:
    """Whether the claim is its quote, word for word or nearly: then the quote's weight is matching, no model's opinion.

    A veto is no matter here: a name may stand in a heading that the record does not hold, and a veto is a check of its own.
    """
    return compare(fold(claim.text), [fold(claim.quote.text)]).likeness is not Likeness.NONE


def _agree(then: Probabilities | None, now: Probabilities, *, may_stand: bool) -> bool:
    if then is None:
        return True
    weights = (now, standing(now)) if may_stand else (now,)
    return any(abs(then.supported - p.supported) <= SAME and abs(then.refuted - p.refuted) <= SAME for p in weights)


def _compared(evidence: Evidence, now: Sequence[Probabilities]) -> str:
    then = ", ".join("–" if w.probabilities is None else f"{w.probabilities.supported:.2f}" for w in evidence.witnesses)
    return f"supported: {then} in the record, {', '.join(f'{p.supported:.2f}' for p in now)} now"


def _unfounded(claim: Claim, evidence: Evidence, now: Sequence[Probabilities], report: Report) -> str:
    """Give why a verdict cannot follow from its passages; nothing where it can.

    Context that the record does not hold (the sentences around a quote) only ever lowers a verdict, so what can be shown without it is
    whether anything at all bears the claim out, and whether anything that was heard forbids it.
    """
    threshold = report.verifier.threshold if report.verifier else 1.0
    best = max((p.supported for p in now), default=0.0)
    stands = _stands(claim)
    if evidence.confidence is not None and evidence.confidence > max(best, STANDS if stands else 0.0) + SAME:
        return f"confidence {evidence.confidence:.2f}, and no passage gives more than {best:.2f}"
    if evidence.verdict is Verdict.REFUTED:
        vetoed = any(check.passed is False and check.is_veto for check in evidence.checks)
        denied = any(p.refuted > REFUTED_FROM - SAME for p in now) or any(w.stance is Stance.REFUTES for w in evidence.witnesses)
        return "" if vetoed or denied or _by_model(evidence, report) else "refuted, and nothing that was heard denies it"
    if why := _unearned(claim, evidence, now, threshold):
        return why
    if evidence.verdict is not Verdict.SUPPORTED:
        return ""
    if any(check.passed is False and check.is_veto for check in evidence.checks):
        return "supported, and a veto stands against it"
    bears = stands or best >= threshold - SAME or _is_echoed(claim, evidence, now) or _by_model(evidence, report)
    return _denied(claim, evidence, now, threshold) if bears else f"supported, and no passage bears it out ({best:.2f} at most)"


def _unearned(claim: Claim, evidence: Evidence, now: Sequence[Probabilities], threshold: float) -> str:
    """Give why a grade cannot have been earned: "verified" needs another passage than the quote, "corroborated" another paper's."""
    heard = list(zip(evidence.witnesses, now, strict=True))
    bearing = [w for w, p in heard if w.passage != claim.quote and w.stance is Stance.SUPPORTS and p.supported > p.refuted]
    if evidence.grade is Grade.CORROBORATED and all(witness.own for witness in bearing):
        return "corroborated, and no passage of another paper bears it out"
    is_reworded = fold(claim.text) != fold(claim.quote.text)
    by_quote = is_reworded and any(w.passage == claim.quote and p.supported >= threshold - SAME for w, p in heard)
    if evidence.grade is Grade.VERIFIED and not bearing and not by_quote:
        return "verified, and no passage but its quote bears it out"
    return ""


def _is_echoed(claim: Claim, evidence: Evidence, now: Sequence[Probabilities]) -> bool:
    return any(echoes(fold(claim.text), fold(w.passage.text), p) for w, p in zip(evidence.witnesses, now, strict=True))


def _by_model(evidence: Evidence, report: Report) -> bool:
    """Whether a language model may have settled it: it sat, it was asked, and the verifier was in doubt."""
    p = evidence.probabilities
    was_asked = any(check.name is CheckName.MODEL for check in evidence.checks)
    return report.engine is Engine.MODEL and was_asked and p is not None and BAND[0] <= p.supported <= BAND[1]


def _denied(claim: Claim, evidence: Evidence, now: Sequence[Probabilities], threshold: float) -> str:
    for witness, p in zip(evidence.witnesses[1:], now[1:], strict=True):
        found = stance(fold(claim.text), fold(witness.passage.text), p, threshold, same_setting=not witness.own)
        if found is Stance.REFUTES and witness.stance is not Stance.REFUTES:
            return f"supported, and a passage of {witness.passage.paper} that was heard denies it"
    return ""
