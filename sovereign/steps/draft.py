"""Evidence -> Draft: Findings and Abstract without a language model; every sentence is quoted from a claim and cites it.

The local engine invents no wording: a sentence names who says it and gives the claim's own words. Supported claims are
grouped under the goal's own terms; claims that are not supported stand apart and are named as such, until a revision
drops them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sovereign.citing import names
from sovereign.language.comparison import contrary
from sovereign.language.findings import outcome
from sovereign.language.lexical import content_stems, coverage
from sovereign.language.question import Interest, is_spoken_of, left_open, synonyms, told
from sovereign.model import (
    CitedSentence,
    Claim,
    Contradiction,
    Draft,
    Evidence,
    Finding,
    Goal,
    Paper,
    Stance,
    Verdict,
)
from sovereign.text import counted

ABSTRACT_CLAIMS = 3
NEARLY = 0.75
"""Share of a claim's weight from which one of a paper not yet heard goes before it in the Abstract."""
SAID = 0.6
"""Share of a claim's words from which those before it in the Abstract have said it."""
DISPUTED = "Disputed: the papers disagree"
UNCONFIRMED = "Reported, but not confirmed here"
REFUTED = "Reported, and refuted by the evidence"
SUSPECT = "From a paper with text that addresses the reviewer, or is hidden"
ASIDE = frozenset({DISPUTED, UNCONFIRMED, REFUTED, SUSPECT})
"""Headings of claims that no model may word: they stand as the papers have them."""
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|long|large|big|fast|often|far|high|low)\b|\b(?:rate|ratio|percentage|throughput|efficiency|gap|trend"
    r"|accuracy|trade-off|extent)\b",
    re.IGNORECASE,
)
GENERAL = "On the question as a whole"


@dataclass(frozen=True, slots=True)
class Sources:
    """The papers that were read, by id, and those among them with signs of text that addresses the reviewer or is hidden."""

    papers: Mapping[str, Paper]
    suspect: frozenset[str] = frozenset()


def compose(
    goal: Goal, claims: Sequence[Claim], evidence: Sequence[Evidence], sources: Sources, dropped: Sequence[tuple[str, str]] = ()
) -> Draft:
    """Give the draft: claims best first, Findings by theme, an Abstract of the best-borne-out answers.

    A suspect paper's claims stand apart in Findings, and the Abstract rests on none of them.
    """
    material = _Material(goal, {item.claim: item for item in evidence}, sources, Interest(goal.question))
    ordered = sorted(claims, key=material.rank)
    gone = {claim for claim, _ in dropped}
    standing = [claim for claim in ordered if claim.id not in gone]
    contradictions = tuple(
        Contradiction(claim.id, witness)
        for claim in standing
        for witness in material.evidence[claim.id].witnesses
        if witness.stance is Stance.REFUTES and not witness.own
    )
    return Draft(
        abstract=_abstract(material, standing, len(ordered)),
        findings=_findings(material, standing),
        claims=tuple(ordered),
        evidence=tuple(material.evidence[claim.id] for claim in ordered),
        contradictions=contradictions,
        dropped=tuple(dropped),
    )


@dataclass(frozen=True, slots=True)
class _Material:
    """What a draft is made of; evidence by claim."""

    goal: Goal
    evidence: Mapping[str, Evidence]
    sources: Sources
    asked: Interest

    def rank(self, claim: Claim) -> tuple[int, float, str]:
        """Give the place among the claims: supported first, then by weight; ids keep ties stable."""
        order = (Verdict.SUPPORTED, Verdict.REFUTED, Verdict.INSUFFICIENT, Verdict.UNCHECKED)
        return order.index(self.evidence[claim.id].verdict), -self.weight(claim), claim.id

    def weight(self, claim: Claim) -> float:
        """Give how much a claim does for the answer.

        A claim in the question's own words goes before a merely related one, an outcome before what leads to it; a figure counts
        where one is asked for, and so do confidence and another paper's backing.
        """
        evidence, question = self.evidence[claim.id], self.goal.question
        figure = 1.25 if _ASKS_NUMBER.search(question) and any(c.isdigit() for c in claim.text) else 1.0
        backing = 1.1 if evidence.papers(Stance.SUPPORTS, own=False) else 1.0
        sure = 0.5 + (evidence.confidence or 0.0) / 2
        answers = (0.5 + self.asked.words(told(claim.text))) * (0.5 + outcome(claim.quote.text, claim.quote.section))
        return round(claim.relevance * sure * answers * figure * backing, 4)

    def report(self, claim: Claim) -> CitedSentence:
        """Give the claim's own words, who says them, and which other papers agree or disagree."""
        evidence, papers = self.evidence[claim.id], self.sources.papers
        backing = [name_paper(papers[p]) for p in evidence.papers(Stance.SUPPORTS, own=False) if p in papers]
        against = [name_paper(papers[p]) for p in evidence.papers(Stance.REFUTES, own=False) if p in papers]
        agree = f"{_joined(backing)} bear{'s' * (len(backing) == 1)} this out" if backing else ""
        disagree = f"{_joined(against)} contradict{'s' * (len(against) == 1)} this" if against else ""
        notes = "; ".join(note for note in (agree, disagree) if note)
        return CitedSentence(f"{name_paper(papers[claim.paper])}: “{claim.text}”" + (f" {notes}." if notes else ""), (claim.id,))

    def answer(self, claims: Sequence[Claim], count: int) -> list[Claim]:
        """Give the best of ranked claims: whatever is new before what says again what was said.

        Of claims that weigh nearly the same, one of a paper not yet heard goes first.
        """
        left, taken = list(claims), list[Claim]()
        while left and len(taken) < count:
            said, heard = [claim.text for claim in taken], {claim.paper for claim in taken}
            new = [claim for claim in left if not _is_said(claim.text, said)] or left
            fresh = next((claim for claim in new if claim.paper not in heard), new[0])
            taken.append(fresh if self.weight(fresh) >= NEARLY * self.weight(new[0]) else new[0])
            left.remove(taken[-1])
        return taken


def _is_said(text: str, before: Sequence[str]) -> bool:
    """Tell whether most of a sentence stands in those before it; one that denies one of them, or has another figure, is no repetition."""
    if coverage(text, " ".join(before)) < SAID:
        return False
    alike = [other for other in before if coverage(text, other) >= SAID]
    return not any(contrary(text, other) for other in alike)


def _findings(material: _Material, standing: Sequence[Claim]) -> tuple[Finding, ...]:
    groups: dict[str, list[CitedSentence]] = {}
    for claim in standing:
        is_suspect = claim.paper in material.sources.suspect
        heading = SUSPECT if is_suspect else _heading(material.goal, claim, material.evidence[claim.id])
        groups.setdefault(heading, []).append(material.report(claim))
    last = {GENERAL: 1, DISPUTED: 2, UNCONFIRMED: 3, REFUTED: 4, SUSPECT: 5}
    headings = sorted(groups, key=lambda heading: (last.get(heading, 0), list(groups).index(heading)))
    return tuple(Finding(heading, tuple(groups[heading])) for heading in headings)


def _heading(goal: Goal, claim: Claim, evidence: Evidence) -> str:
    """A claim against which another paper speaks is disputed, whatever its verdict: both sides are shown."""
    if evidence.papers(Stance.REFUTES, own=False):
        return DISPUTED
    if evidence.verdict is Verdict.SUPPORTED:
        return _theme(goal, claim)
    return REFUTED if evidence.verdict is Verdict.REFUTED else UNCONFIRMED


def _theme(goal: Goal, claim: Claim) -> str:
    """Give the goal's keyword that the claim speaks of, the longest if several, else the general heading.

    Every word of the keyword must stand in the claim, or every word of another name for it: under "Dense vision-language models" a
    reader takes each sentence to be about those.
    """
    spoken = [keyword for keyword in goal.keywords if is_spoken_of(synonyms(keyword), claim.text)]
    best = max(spoken, key=lambda keyword: len(content_stems(keyword)), default="")
    return best[:1].upper() + best[1:] if best else GENERAL


def name_paper(paper: Paper) -> str:
    """Give a paper's short name from its metadata: "Chen et al. (2025)", else its title, shortened."""
    if not paper.authors:
        return names.titled(paper.title)
    return f"{names.together(paper.authors)} ({paper.year or 'no date'})"


def _joined(papers: Sequence[str]) -> str:
    return papers[0] if len(papers) == 1 else f"{', '.join(papers[:-1])} and {papers[-1]}"


def _abstract(material: _Material, standing: Sequence[Claim], drawn: int) -> tuple[CitedSentence, ...]:
    """Give the answer first, then what is disputed, what of the question is left open, and how much stands behind it all."""
    evidence, sources = material.evidence, material.sources
    read, claims = counted(len(sources.papers), "paper"), counted(drawn, "claim")
    sound = [claim for claim in standing if claim.paper not in sources.suspect]
    disputed = [claim for claim in sound if evidence[claim.id].papers(Stance.REFUTES, own=False)]
    answers = [claim for claim in sound if evidence[claim.id].verdict is Verdict.SUPPORTED and claim not in disputed]
    if not answers and not disputed:
        bare = CitedSentence(f"The {read} read here bear out no answer to the question; of {claims} none is verified.")
        reported = [claim for claim in sound if evidence[claim.id].verdict is Verdict.INSUFFICIENT]
        return (bare, *_told("Reported, but not confirmed here", material, reported))
    answer = tuple(material.report(claim) for claim in material.answer(answers, ABSTRACT_CLAIMS))
    doubt = _told("Disputed", material, disputed)
    supported = [claim for claim in standing if evidence[claim.id].verdict is Verdict.SUPPORTED]
    verb, origin = ("is" if len(supported) == 1 else "are"), counted(len({claim.paper for claim in supported}), "paper")
    behind = CitedSentence(f"Of {claims} drawn from {read}, {len(supported)} {verb} borne out by the words of {origin}.")
    unsaid = left_open(material.goal.question, (claim.text for claim in supported))
    missing = ", ".join(unsaid.subjects)
    if not missing:
        return (*answer, *doubt, behind)
    if unsaid.is_most:
        beside = f"The papers read here do not answer the question as asked: no verified claim speaks of {missing}."
        return (CitedSentence(beside), *answer, *doubt, behind)
    return (*answer, *doubt, CitedSentence(f"Asked for, but not spoken of by any verified claim: {missing}."), behind)


def _told(label: str, material: _Material, claims: Sequence[Claim]) -> tuple[CitedSentence, ...]:
    """Give the best two as what they are called; of a dispute, both sides."""
    sentences = (material.report(claim) for claim in _one_each(claims)[:2])
    return tuple(CitedSentence(f"{label}: {sentence.text}", sentence.claims) for sentence in sentences)


def _one_each(claims: Sequence[Claim]) -> list[Claim]:
    """Give the claims, one a paper before a second of any."""
    seen: dict[str, int] = {}
    turns = []
    for claim in claims:
        seen[claim.paper] = turn = seen.get(claim.paper, 0) + 1
        turns.append((turn, claim))
    return [claim for _, claim in sorted(turns, key=lambda item: item[0])]
