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
from sovereign.language.findings import outcome
from sovereign.language.lexical import content_stems
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
    by_claim = {item.claim: item for item in evidence}
    asked = Interest(goal.question)
    ordered = sorted(claims, key=lambda claim: _rank(claim, by_claim[claim.id], goal.question, asked))
    gone = {claim for claim, _ in dropped}
    standing = [claim for claim in ordered if claim.id not in gone]
    contradictions = tuple(
        Contradiction(claim.id, witness)
        for claim in standing
        for witness in by_claim[claim.id].witnesses
        if witness.stance is Stance.REFUTES and not witness.own
    )
    return Draft(
        abstract=_abstract(goal, standing, by_claim, sources, len(ordered)),
        findings=_findings(goal, standing, by_claim, sources),
        claims=tuple(ordered),
        evidence=tuple(by_claim[claim.id] for claim in ordered),
        contradictions=contradictions,
        dropped=tuple(dropped),
    )


def _rank(claim: Claim, evidence: Evidence, question: str, asked: Interest) -> tuple[int, float, str]:
    """Supported first, then what is nearest to the question and surest; ids keep ties stable.

    A claim in the question's own words goes before a merely related one, an outcome before what leads to it; a figure counts where
    one is asked for, and so does another paper's backing.
    """
    order = (Verdict.SUPPORTED, Verdict.REFUTED, Verdict.INSUFFICIENT, Verdict.UNCHECKED)
    figure = 1.25 if _ASKS_NUMBER.search(question) and any(c.isdigit() for c in claim.text) else 1.0
    backing = 1.1 if evidence.papers(Stance.SUPPORTS, own=False) else 1.0
    sure = 0.5 + (evidence.confidence or 0.0) / 2
    answers = (0.5 + asked.words(told(claim.text))) * (0.5 + outcome(claim.quote.text, claim.quote.section))
    weight = claim.relevance * sure * answers * figure * backing
    return order.index(evidence.verdict), -round(weight, 4), claim.id


def _findings(goal: Goal, standing: Sequence[Claim], evidence: Mapping[str, Evidence], sources: Sources) -> tuple[Finding, ...]:
    groups: dict[str, list[CitedSentence]] = {}
    for claim in standing:
        heading = SUSPECT if claim.paper in sources.suspect else _heading(goal, claim, evidence[claim.id])
        groups.setdefault(heading, []).append(_reported(claim, evidence[claim.id], sources.papers))
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
    """Give a paper's short name from its metadata: "Chen et al. (2025)", else its title in quotation marks."""
    if not paper.authors:
        return f"“{paper.title}”"
    return f"{names.together(paper.authors)} ({paper.year or 'no date'})"


def _reported(claim: Claim, evidence: Evidence, papers: Mapping[str, Paper]) -> CitedSentence:
    """Give the claim's own words, who says them, and which other papers agree or disagree."""
    backing = [name_paper(papers[p]) for p in evidence.papers(Stance.SUPPORTS, own=False) if p in papers]
    against = [name_paper(papers[p]) for p in evidence.papers(Stance.REFUTES, own=False) if p in papers]
    agree = f"{_joined(backing)} bear{'s' * (len(backing) == 1)} this out" if backing else ""
    disagree = f"{_joined(against)} contradict{'s' * (len(against) == 1)} this" if against else ""
    notes = "; ".join(note for note in (agree, disagree) if note)
    return CitedSentence(f"{name_paper(papers[claim.paper])}: “{claim.text}”" + (f" {notes}." if notes else ""), (claim.id,))


def _joined(papers: Sequence[str]) -> str:
    return papers[0] if len(papers) == 1 else f"{', '.join(papers[:-1])} and {papers[-1]}"


def _abstract(
    goal: Goal, standing: Sequence[Claim], evidence: Mapping[str, Evidence], sources: Sources, drawn: int
) -> tuple[CitedSentence, ...]:
    """Give the answer first, then what is disputed, what of the question is left open, and how much stands behind it all."""
    read, claims = counted(len(sources.papers), "paper"), counted(drawn, "claim")
    sound = [claim for claim in standing if claim.paper not in sources.suspect]
    disputed = [claim for claim in sound if evidence[claim.id].papers(Stance.REFUTES, own=False)]
    answers = [claim for claim in sound if evidence[claim.id].verdict is Verdict.SUPPORTED and claim not in disputed]
    if not answers and not disputed:
        bare = CitedSentence(f"The {read} read here bear out no answer to the question; of {claims} none is verified.")
        return (bare, *_unconfirmed(sound, evidence, sources.papers))
    answer = [_reported(claim, evidence[claim.id], sources.papers) for claim in _spread(answers, ABSTRACT_CLAIMS)]
    doubt = [
        CitedSentence(f"Disputed: {sentence.text}", sentence.claims)
        for sentence in (_reported(claim, evidence[claim.id], sources.papers) for claim in _spread(disputed, 2))
    ]
    supported = [claim for claim in standing if evidence[claim.id].verdict is Verdict.SUPPORTED]
    verb, origin = ("is" if len(supported) == 1 else "are"), counted(len({claim.paper for claim in supported}), "paper")
    behind = CitedSentence(f"Of {claims} drawn from {read}, {len(supported)} {verb} borne out by the words of {origin}.")
    unsaid = left_open(goal.question, (claim.text for claim in supported))
    missing = unsaid.subjects
    if not missing:
        return (*answer, *doubt, behind)
    if unsaid.is_most:
        beside = f"The papers read here do not answer the question as asked: no verified claim speaks of {', '.join(missing)}."
        return (CitedSentence(beside), *answer, *doubt, behind)
    return (*answer, *doubt, CitedSentence(f"Asked for, but not spoken of by any verified claim: {', '.join(missing)}."), behind)


def _unconfirmed(claims: Sequence[Claim], evidence: Mapping[str, Evidence], papers: Mapping[str, Paper]) -> list[CitedSentence]:
    """Give what is reported nevertheless, named as what it is; nothing that the evidence refutes."""
    reported = [claim for claim in claims if evidence[claim.id].verdict is Verdict.INSUFFICIENT]
    shown = (_reported(claim, evidence[claim.id], papers) for claim in _spread(reported, 2))
    return [CitedSentence(f"Reported, but not confirmed here: {sentence.text}", sentence.claims) for sentence in shown]


def _spread(claims: Sequence[Claim], count: int) -> list[Claim]:
    """Give the best claims, one a paper before a second of any."""
    seen: dict[str, int] = {}
    ranked = []
    for place, claim in enumerate(claims):
        seen[claim.paper] = seen.get(claim.paper, 0) + 1
        ranked.append((seen[claim.paper], place, claim))
    return [claim for _, _, claim in sorted(ranked, key=lambda item: item[:2])][:count]
