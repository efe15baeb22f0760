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

from sovereign.language.cascade import REFUTED_FROM, SILENCE, VERDICTS, heard
from sovereign.language.findings import bare
from sovereign.language.premises import best
from sovereign.language.stance import echoes, stance
from sovereign.language.surroundings import compared
from sovereign.model import (
    Case,
    CheckName,
    Claim,
    Engine,
    Evidence,
    Grade,
    Hearing,
    Origin,
    Probabilities,
    Report,
    Stance,
    Verdict,
    VerifierCard,
)
from sovereign.ports import Verifier
from sovereign.steps import policy, rubric, tribunal
from sovereign.text import fold

# Two machines round the same network's answer differently by less than this.
SAME = 0.02


class Wrong(StrEnum):
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

    kind: Wrong
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
        yield Doubt(Wrong.DECISION, "", f"the record says {report.decision.action}, the rules give {decided.action}")
        return
    then = {ruling.rule: ruling.passed for ruling in report.decision.rulings}
    for ruling in decided.rulings:
        if then.get(ruling.rule, ruling.passed) is not ruling.passed:
            yield Doubt(Wrong.DECISION, "", f"{ruling.rule}: the record says it {_held(not ruling.passed)}, and it {_held(ruling.passed)}")


def _held(passed: bool) -> str:
    return "held" if passed else "did not hold"


def _sources(report: Report) -> Iterator[Doubt]:
    hashes = {source.paper: source.document_sha256 for source in report.sources}
    for claim in report.draft.claims:
        if hashes.get(claim.paper) != claim.document_sha256:
            yield Doubt(Wrong.SOURCE, claim.id, f"{claim.paper}: no source of the report has this text")


# --- The tribunal ---


def _tribunal(report: Report) -> Iterator[Doubt]:
    for hearing in report.tribunal.hearings:
        if wrong := _combined(hearing):
            yield Doubt(Wrong.TRIBUNAL, "", f"round {hearing.round}: {wrong}")
    given = tribunal.outcome(report.tribunal.last, report.goal.policy, report.draft.answer)
    if given is not report.tribunal.outcome:
        yield Doubt(Wrong.TRIBUNAL, "", f"the record says {report.tribunal.outcome}, its reviews give {given}")
    if report.engine is Engine.LOCAL:
        yield from _rubric(report)


def _combined(hearing: Hearing) -> str:
    scores = [review.score for review in hearing.reviews if review.score is not None]
    consensus = round(fmean(scores), 1) if len(scores) > 1 else None
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
                Wrong.TRIBUNAL, "", f"{review.role}: {review.score}, {review.recommendation} in the record; the rubric gives {gives}"
            )


# --- The evidence ---


def _card(report: Report, card: VerifierCard) -> Iterator[Doubt]:
    if report.verifier != card:
        yield Doubt(Wrong.CARD, "", f"{card.name} {card.version}: its threshold or its measured faults are not those in the record")


def _evidence(report: Report, verifier: Verifier | None) -> Iterator[Doubt]:
    """Weigh every passage again, where the verifier is at hand; then hold grade and verdict against these weights, or those of then."""
    told = list(zip(report.draft.claims, report.draft.evidence, strict=True))
    now = _weighed(told, verifier)
    threshold = report.verifier.threshold if report.verifier else 1.0
    titles = {paper.id: paper.title for paper in report.papers}
    for (claim, evidence), weights in zip(told, now, strict=True):
        if any(w.probabilities is None for w in evidence.witnesses[is_verbatim(claim) :]):
            yield Doubt(Wrong.VERDICT, claim.id, "a passage was heard and has no weight, though a verifier took part")
            continue
        if not is_verbatim(claim) and evidence.witnesses and verifier is not None:
            weights[0] = _by_quote(claim, titles.get(claim.paper, ""), weights[0], verifier, threshold)
        if not all(_agree(w.probabilities, p) for w, p in zip(evidence.witnesses, weights, strict=True)):
            yield Doubt(Wrong.VERDICT, claim.id, _compared(evidence, weights))
        elif why := _unfounded(claim, evidence, weights, report):
            yield Doubt(Wrong.DERIVED, claim.id, why)


def _weighed(told: Sequence[tuple[Claim, Evidence]], verifier: Verifier | None) -> list[list[Probabilities]]:
    """Give each witness's weight: asked again of the verifier where there is one, else as the record has it."""
    if verifier is None:
        return [[w.probabilities or SILENCE for w in evidence.witnesses] for _, evidence in told]
    pairs = [(fold(claim.text), fold(w.passage.text)) for claim, evidence in told for w in evidence.witnesses]
    answers = iter(verifier.weigh(pairs))
    return [[next(answers) for _ in evidence.witnesses] for _, evidence in told]


def _by_quote(claim: Claim, title: str, alone: Probabilities, verifier: Verifier, threshold: float) -> Probabilities:
    """Give what the quote with its neighbours says of a claim in other words, as the run heard it (steps/weigh.py)."""
    stands, comparison = compared(claim, title)
    said = alone
    if not comparison.is_veto and alone.supported < threshold:
        said = best([alone, *verifier.weigh([(fold(claim.text), text) for text in stands.windows[1:]])])
    return heard(fold(claim.text), stands.whole, said, comparison, threshold)


def is_verbatim(claim: Claim) -> bool:
    """Whether a claim is the paper's own words, which bear nothing out by standing there."""
    return claim.origin is Origin.EXTRACTED


def _agree(then: Probabilities | None, now: Probabilities) -> bool:
    return then is None or (abs(then.supported - now.supported) <= SAME and abs(then.refuted - now.refuted) <= SAME)


def _compared(evidence: Evidence, now: Sequence[Probabilities]) -> str:
    then = ", ".join("–" if w.probabilities is None else f"{w.probabilities.supported:.2f}" for w in evidence.witnesses)
    return f"supported: {then} in the record, {', '.join(f'{p.supported:.2f}' for p in now)} now"


def _unfounded(claim: Claim, evidence: Evidence, now: Sequence[Probabilities], report: Report) -> str:
    """Give why a grade or verdict cannot follow from its passages; nothing where it can."""
    if wrong := _misnamed(claim, evidence):
        return wrong
    threshold = report.verifier.threshold if report.verifier else 1.0
    elsewhere = range(int(is_verbatim(claim)), len(now))  # that a sentence stands in its paper is no verification of it
    top = max((now[at].supported for at in elsewhere), default=0.0)
    if evidence.verdict is not Verdict.SUPPORTED:
        denies = any(w.stance is Stance.REFUTES for w in evidence.witnesses) and any(p.refuted > REFUTED_FROM - SAME for p in now)
        is_told = evidence.grade in {Grade.REFUTED, Grade.DISPUTED}
        is_founded = denies or _is_rival(claim, evidence) or _by_model(evidence, report)
        return "" if not is_told or is_founded else f"{evidence.grade}, and nothing that was heard denies it"
    if not is_verbatim(claim) and any(check.passed is False and check.is_veto for check in evidence.checks):
        return "supported, and a veto stands against it"
    echoed = [at for at in elsewhere if echoes(fold(claim.text), fold(evidence.witnesses[at].passage.text), now[at])]
    if top < threshold - SAME and not echoed and not _is_alike(claim, evidence, now, threshold) and not _by_model(evidence, report):
        return f"supported, and no passage but its quote bears it out ({top:.2f} at most)"
    return _denied(claim, evidence, now, threshold)


def _misnamed(claim: Claim, evidence: Evidence) -> str:
    """Give why a claim's origin or its grade is not what it is called; nothing where it is."""
    if is_verbatim(claim) and claim.text.casefold() != fold(bare(fold(claim.quote.text))).casefold():
        return "the claim is said to be the paper's own words, and is not what its quote says"
    if VERDICTS.get(evidence.grade, Verdict.INSUFFICIENT) is not evidence.verdict:
        return f"the grade is {evidence.grade}, the verdict {evidence.verdict}"
    if evidence.grade is Grade.CORROBORATED and not evidence.papers(Stance.SUPPORTS, own=False):
        return "corroborated, and no other paper that was heard bears it out"
    return ""


def _is_alike(claim: Claim, evidence: Evidence, now: Sequence[Probabilities], threshold: float) -> bool:
    """Whether a passage elsewhere says the same of the same thing, with the same figures."""
    pairs = zip(evidence.witnesses[1:], now[1:], strict=True)
    return any(stance(fold(claim.text), fold(w.passage.text), p, threshold, same_setting=not w.own) is Stance.SUPPORTS for w, p in pairs)


def _is_rival(claim: Claim, evidence: Evidence) -> bool:
    """Whether a passage that was heard gives another figure for the same thing."""
    return any(stance(fold(claim.text), fold(w.passage.text), None, 1.0) is Stance.REFUTES for w in evidence.witnesses[1:])


def _by_model(evidence: Evidence, report: Report) -> bool:
    """Whether a language model may have settled it: it sat, and was asked; what it alone bears out is told apart (Grade.CONFIRMED)."""
    was_asked = any(check.name is CheckName.MODEL for check in evidence.checks)
    return report.engine is Engine.MODEL and was_asked and evidence.grade in {Grade.CONFIRMED, Grade.REFUTED}


def _denied(claim: Claim, evidence: Evidence, now: Sequence[Probabilities], threshold: float) -> str:
    for witness, p in zip(evidence.witnesses[1:], now[1:], strict=True):
        found = stance(fold(claim.text), fold(witness.passage.text), p, threshold, same_setting=not witness.own)
        if found is Stance.REFUTES and witness.stance is not Stance.REFUTES:
            return f"supported, and a passage of {witness.passage.paper} that was heard denies it"
    return ""
