"""Answer + Evidence -> Draft: Abstract and Findings without a language model; every sentence is quoted from a claim and cites it.

The local engine invents no wording: a sentence names who says it and gives the claim's own words. The Abstract is the answer and
what stands behind it. Findings are grouped by the facets of the question; what is disputed, refuted, in other words than its
quote and not borne out, or from a suspect paper stands apart and is named as such, until a revision drops it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sovereign.citing import names
from sovereign.citing.quotation import quotation
from sovereign.language.lexical import content_stems
from sovereign.language.question import is_spoken_of, synonyms
from sovereign.model import (
    Answer,
    CitedSentence,
    Claim,
    Contradiction,
    Draft,
    Evidence,
    Finding,
    Goal,
    Grade,
    Origin,
    Paper,
    Stance,
    Verdict,
)
from sovereign.text import counted

DISPUTED = "Disputed: the papers disagree"
UNCONFIRMED = "Reported, but not confirmed here"
REFUTED = "Reported, and refuted by the evidence"
SUSPECT = "From a paper with text that addresses the reviewer, or is hidden"
ASIDE = frozenset({DISPUTED, UNCONFIRMED, REFUTED, SUSPECT})
"""Headings of claims that no model may word: they stand as the papers have them."""
GENERAL = "On the question as a whole"
MOST_DISPUTED = 2
"""How many sides of a dispute the Abstract tells."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The papers that were read, by id, and those among them with signs of text that addresses the reviewer or is hidden."""

    papers: Mapping[str, Paper]
    suspect: frozenset[str] = frozenset()


def compose(
    goal: Goal,
    claims: Sequence[Claim],
    evidence: Sequence[Evidence],
    sources: Sources,
    answer: Answer,
    dropped: Sequence[tuple[str, str]] = (),
) -> Draft:
    """Give the draft: claims best first, Findings by facet, an Abstract that begins with the answer.

    A suspect paper's claims stand apart in Findings; the answer rests on none of them (steps/answer.py).
    """
    material = _Material(goal, {item.claim: item for item in evidence}, sources, answer, names.references(sources.papers.values()))
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
        abstract=_abstract(material, standing, ordered),
        findings=_findings(material, standing),
        claims=tuple(ordered),
        evidence=tuple(material.evidence[claim.id] for claim in ordered),
        contradictions=contradictions,
        dropped=tuple(dropped),
        answer=answer,
    )


@dataclass(frozen=True, slots=True)
class _Material:
    """What a draft is made of; evidence by claim."""

    goal: Goal
    evidence: Mapping[str, Evidence]
    sources: Sources
    answer: Answer
    names: Mapping[str, str]

    def rank(self, claim: Claim) -> tuple[int, int, float, str]:
        """Give the place among the claims: the answer's first, refuted and unchecked ones last; ids keep ties stable."""
        key = [claim_id for finding in self.answer.findings for claim_id in finding.claims]
        last = (Verdict.SUPPORTED, Verdict.INSUFFICIENT, Verdict.REFUTED, Verdict.UNCHECKED)
        at = max(1, last.index(self.evidence[claim.id].verdict))
        return at, key.index(claim.id) if claim.id in key else len(key), -claim.relevance, claim.id

    def report(self, claim: Claim) -> CitedSentence:
        """Give the claim's own words, who says them, and which other papers agree or disagree."""
        evidence, called = self.evidence[claim.id], self.names
        backing = [called[p] for p in evidence.papers(Stance.SUPPORTS, own=False) if p in called]
        against = [called[p] for p in evidence.papers(Stance.REFUTES, own=False) if p in called]
        agree = f"Confirmed by {_joined(backing)}" if backing else ""
        disagree = f"Contradicted by {_joined(against)}" if against else ""
        notes = "; ".join(note for note in (agree, disagree) if note)
        return CitedSentence(
            f"{called[claim.paper]}: {quotation(claim.text, claim.quote.text)}" + (f" {notes}." if notes else ""), (claim.id,)
        )


def _findings(material: _Material, standing: Sequence[Claim]) -> tuple[Finding, ...]:
    groups: dict[str, list[CitedSentence]] = {}
    for claim in standing:
        is_suspect = claim.paper in material.sources.suspect
        heading = SUSPECT if is_suspect else _heading(material, claim)
        groups.setdefault(heading, []).append(material.report(claim))
    last = {GENERAL: 1, DISPUTED: 2, UNCONFIRMED: 3, REFUTED: 4, SUSPECT: 5}
    headings = sorted(groups, key=lambda heading: (last.get(heading, 0), list(groups).index(heading)))
    return tuple(Finding(heading, tuple(groups[heading])) for heading in headings)


def _heading(material: _Material, claim: Claim) -> str:
    """A claim against which another paper speaks is disputed, whatever its verdict: both sides are shown."""
    evidence = material.evidence[claim.id]
    if evidence.papers(Stance.REFUTES, own=False):
        return DISPUTED
    if evidence.grade in {Grade.QUOTED, Grade.VERIFIED, Grade.CORROBORATED}:
        return _theme(material, claim)
    return REFUTED if evidence.verdict is Verdict.REFUTED else UNCONFIRMED


def _theme(material: _Material, claim: Claim) -> str:
    """Give the facet of the question, else the goal's keyword, that the claim speaks of; of several the one that tells most.

    Every word of a keyword must stand in the claim, or every word of another name for it: under "Dense vision-language models" a
    reader takes each sentence to be about those.
    """
    facets = [facet for facet in material.answer.facets if claim.id in facet.claims]
    if facets:
        return _capital(max(facets, key=lambda facet: facet.weight).name)
    spoken = [keyword for keyword in material.goal.keywords if is_spoken_of(synonyms(keyword), claim.text)]
    best = max(spoken, key=lambda keyword: len(content_stems(keyword)), default="")
    return _capital(best) if best else GENERAL


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def name_paper(paper: names.Work) -> str:
    """Give a paper's short name from its metadata: "Chen et al. (2025)", else its title, shortened."""
    return names.reference(paper.authors, paper.year, paper.title)


def called(papers: Iterable[Paper]) -> dict[str, str]:
    """Give each paper's short name as a sentence calls it, by id: without brackets where its year was not read."""
    return names.called(papers, lambda paper: names.together(paper.authors) if paper.authors and not paper.year else name_paper(paper))


def _joined(papers: Sequence[str]) -> str:
    return papers[0] if len(papers) == 1 else f"{', '.join(papers[:-1])} and {papers[-1]}"


def _abstract(material: _Material, standing: Sequence[Claim], drawn: Sequence[Claim]) -> tuple[CitedSentence, ...]:
    """Give the answer first, then its further findings, what is disputed, and how much stands behind it all."""
    answer, by_id = material.answer, {claim.id: claim for claim in standing}
    told = set(answer.claims)
    key = [by_id[name] for finding in answer.findings for name in finding.claims if name in by_id and name not in told]
    told |= {claim.id for claim in key}
    sound = [claim for claim in standing if claim.paper not in material.sources.suspect and claim.id not in told]
    disputed = _one_each([claim for claim in sound if material.evidence[claim.id].papers(Stance.REFUTES, own=False)])[:MOST_DISPUTED]
    doubt = [CitedSentence(f"Disputed: {sentence.text}", sentence.claims) for sentence in map(material.report, disputed)]
    return (CitedSentence(answer.headline, answer.claims), *map(material.report, key), *doubt, _behind(material, standing, drawn))


_STANDS = {
    Grade.VERIFIED: "verified by a second passage",
    Grade.CORROBORATED: "confirmed by another paper",
    Grade.CONFIRMED: "confirmed by the language model",
    Grade.QUOTED: "quoted only",
    Grade.DISPUTED: "disputed",
    Grade.UNCONFIRMED: "unconfirmed",
}


def _behind(material: _Material, standing: Sequence[Claim], drawn: Sequence[Claim]) -> CitedSentence:
    """Say in numbers what stands behind the answer."""
    grades = [material.evidence[claim.id].grade for claim in standing]
    words = _STANDS | ({Grade.VERIFIED: "verified"} if any(claim.origin is not Origin.EXTRACTED for claim in standing) else {})
    read, sources, claims = len(material.sources.papers), len({claim.paper for claim in drawn}), counted(len(drawn), "claim")
    papers = f"{sources} of {counted(read, 'paper')}" if 0 < sources < read else counted(read, "paper")
    second = ", ".join(f"{grades.count(grade)} {said}" for grade, said in words.items() if grade in grades) or "none is sound"
    return CitedSentence(f"Behind this stand {claims} drawn from {papers}: {second}.")


def _one_each(claims: Sequence[Claim]) -> list[Claim]:
    """Give the claims, one a paper before a second of any."""
    seen: dict[str, int] = {}
    turns = []
    for claim in claims:
        seen[claim.paper] = turn = seen.get(claim.paper, 0) + 1
        turns.append((turn, claim))
    return [claim for _, claim in sorted(turns, key=lambda item: item[0])]
