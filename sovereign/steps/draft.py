"""Evidence -> Draft: Findings and Abstract without a language model; every sentence is quoted from a claim and cites it.

The local engine invents no wording: a sentence names who says it and gives the claim's own words. Supported claims are
grouped under the goal's own terms; claims that are not supported stand apart and are named as such, until a revision
drops them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sovereign.lexical import content_stems
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

ABSTRACT_CLAIMS = 3
UNCONFIRMED = "Reported, but not confirmed here"
REFUTED = "Reported, and refuted by the evidence"
GENERAL = "On the question as a whole"


def compose(goal: Goal, claims: Sequence[Claim], evidence: Sequence[Evidence], papers: Mapping[str, Paper],
            dropped: Sequence[tuple[str, str]] = ()) -> Draft:  # fmt: skip
    """Give the draft: claims best first, Findings by theme, an Abstract of the best-borne-out answers."""
    by_claim = {item.claim: item for item in evidence}
    ordered = sorted(claims, key=lambda claim: _rank(claim, by_claim[claim.id]))
    gone = {claim for claim, _ in dropped}
    standing = [claim for claim in ordered if claim.id not in gone]
    supported = [claim for claim in standing if by_claim[claim.id].verdict is Verdict.SUPPORTED]
    contradictions = tuple(
        Contradiction(claim.id, witness)
        for claim in standing
        for witness in by_claim[claim.id].witnesses
        if witness.stance is Stance.REFUTES and not witness.own
    )
    return Draft(
        abstract=_abstract(supported, by_claim, papers, len(ordered)),
        findings=_findings(goal, standing, by_claim, papers),
        claims=tuple(ordered),
        evidence=tuple(by_claim[claim.id] for claim in ordered),
        contradictions=contradictions,
        dropped=tuple(dropped),
    )


def _rank(claim: Claim, evidence: Evidence) -> tuple[int, float, str]:
    """Supported first, then the claim nearest to the question and surest; the id keeps ties stable."""
    order = (Verdict.SUPPORTED, Verdict.REFUTED, Verdict.INSUFFICIENT, Verdict.UNCHECKED)
    return order.index(evidence.verdict), -round(claim.relevance * (0.5 + (evidence.confidence or 0.0) / 2), 4), claim.id


def _findings(goal: Goal, standing: Sequence[Claim], evidence: Mapping[str, Evidence], papers: Mapping[str, Paper]) -> tuple[Finding, ...]:
    groups: dict[str, list[CitedSentence]] = {}
    for claim in standing:
        verdict = evidence[claim.id].verdict
        heading = _theme(goal, claim) if verdict is Verdict.SUPPORTED else REFUTED if verdict is Verdict.REFUTED else UNCONFIRMED
        groups.setdefault(heading, []).append(CitedSentence(_reported(claim, papers), (claim.id,)))
    last = {GENERAL: 1, UNCONFIRMED: 2, REFUTED: 3}
    headings = sorted(groups, key=lambda heading: (last.get(heading, 0), list(groups).index(heading)))
    return tuple(Finding(heading, tuple(groups[heading])) for heading in headings)


def _theme(goal: Goal, claim: Claim) -> str:
    """Give the goal's keyword that shares most of its words with the claim, else the general heading."""
    told = set(content_stems(claim.text))
    best, heading = 0.0, GENERAL
    for keyword in goal.keywords:
        asked = set(content_stems(keyword))
        share = len(asked & told) / len(asked) if asked else 0.0
        if share > best and share >= 0.5:
            best, heading = share, keyword[:1].upper() + keyword[1:]
    return heading


def name_paper(paper: Paper) -> str:
    """Give a paper's short name from its metadata: "Chen et al. (2025)", else its title in quotation marks."""
    names = [_surname(author) for author in paper.authors]
    if not names:
        return f"“{paper.title}”"
    joined = names[0] if len(names) == 1 else " and ".join(names) if len(names) == 2 else f"{names[0]} et al."
    return f"{joined} ({paper.year or 'no date'})"


def _surname(author: str) -> str:
    """Give the family name of "Given Family" or "Family, Given"."""
    family, comma, _ = author.partition(",")
    return family.strip() if comma else author.rsplit(maxsplit=1)[-1]


def _reported(claim: Claim, papers: Mapping[str, Paper]) -> str:
    return f"{name_paper(papers[claim.paper])}: “{claim.text}”"


def _abstract(
    supported: Sequence[Claim], evidence: Mapping[str, Evidence], papers: Mapping[str, Paper], drawn: int
) -> tuple[CitedSentence, ...]:
    read = f"{len(papers)} paper" + "s" * (len(papers) != 1)
    if not supported:
        return (CitedSentence(f"The {read} read here bear out no answer to the question: {drawn} claims were drawn and none is verified."),)
    chosen = _spread(supported)
    sources = len({claim.paper for claim in supported})
    opening = CitedSentence(
        f"Of {drawn} claims drawn from {read}, {len(supported)} are borne out by the words of their sources ({sources} of the papers)."
    )
    told = tuple(CitedSentence(_reported(claim, papers), (claim.id,)) for claim in chosen)
    disputed = [c.id for c in supported if evidence[c.id].papers(Stance.REFUTES, own=False)]
    doubt = (
        CitedSentence(
            "Another paper speaks against at least one of these findings; both sides are shown under Results.", tuple(disputed[:3])
        ),
    )
    return (opening, *told, *(doubt if disputed else ()))


def _spread(claims: Sequence[Claim]) -> list[Claim]:
    """Give the best claims, one a paper before a second of any."""
    seen: dict[str, int] = {}
    ranked = []
    for place, claim in enumerate(claims):
        seen[claim.paper] = seen.get(claim.paper, 0) + 1
        ranked.append((seen[claim.paper], place, claim))
    return [claim for _, _, claim in sorted(ranked, key=lambda item: item[:2])][:ABSTRACT_CLAIMS]
