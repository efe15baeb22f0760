"""Claim + Evidence -> Answer, by published rules and without a language model: every word of it is quoted, or says what was counted.

1. Key findings: at most seven sound claims, those that answer best; first one for each facet of the question, then whatever is new.
2. Facets: each with the claims that speak of it, best first, or nothing.
3. Whether the papers answer at all: from how surely the best claims answer and how much of the question they leave open.
4. Kind and headline: a yes or no is counted over the key findings, an amount is the range of those in the asked unit, and
   everything else is told in the best findings' own words. What no claim speaks of is said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sovereign.citing import names
from sovereign.citing.quotation import quotation
from sovereign.language import inquiry, leaning
from sovereign.language.inquiry import Asks
from sovereign.language.lexical import content_stems
from sovereign.language.quantities import Quantity, quantities
from sovereign.language.question import told
from sovereign.model import Answer, AnswerKind, Claim, Evidence, Facet, Goal, Grade, KeyFinding, Paper, Stance, Strength
from sovereign.text import counted

MOST_KEY = 7
"""How many key findings an answer has at most."""
KEY_CUT = 0.3
"""Share of the best claim's weight from which another one is a key finding."""
SAID_AGAIN = 0.3
"""How much of its weight a claim loses that says only what the key findings before it say."""
OF_ONE_PAPER = 0.93
"""What each key finding that a paper has already leaves of a further one's weight."""
NEW_FACET = 1.3
"""What a claim gains that speaks of a facet no key finding speaks of yet."""
WORTH: Mapping[Grade, float] = {
    Grade.CORROBORATED: 1.15,
    Grade.VERIFIED: 1.1,
    Grade.CONFIRMED: 1.0,
    Grade.QUOTED: 1.0,
    Grade.DISPUTED: 1.0,
    Grade.UNCONFIRMED: 0.4,
    Grade.REFUTED: 0.0,
    Grade.UNCHECKED: 0.0,
}
"""How much a claim's grade counts for its place; what is refuted or was never checked is no part of an answer."""
ANSWERS_FROM = 0.4
"""Probability from which the papers are said to answer."""
SURELY = (0.69, 1.48, -7.67, 2.93)
"""Constant, weight of the logit of the best two key findings' mean relevance, of the share of the question that no key finding speaks of,
and of the largest share that one of them speaks of, in that probability's logit: fitted to 30 questions that six shelves answer, 36 near
misses on them, and some of trials (AUROC 0.97 with each shelf left out in turn; 2026-11)."""
BEST = 2
LEAST = 1e-3
CLOSE = Decimal("0.1")
"""Relative difference up to which two measured values are one amount."""
HALF = 0.5
"""Share of a question that a further claim speaks of at least to count for an amount."""
AS_SURE, AS_WHOLE = 0.5, 0.75
"""What share of the first one's weight, and of what it speaks of, a second voice has at least."""
ADDS = 0.15
"""Share of the question that the first voice leaves open and a second one speaks of, from which it is heard for that; it speaks of half
as much as the first, or more."""
TOLD = 2
"""How many findings a headline quotes at most."""
LEAST_SIDED = 2
"""How many findings must take a side before it is the answer."""
CLEAR = 0.2
"""Share of the findings that take a side which must speak the other way before a yes or no is mixed; of several cases asked about at once
one that goes the other way is enough."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer may rest on: claims that stand and come from no suspect paper, their evidence, and the papers."""

    goal: Goal
    claims: Sequence[Claim]
    evidence: Mapping[str, Evidence]
    papers: Mapping[str, Paper]

    def weight(self, claim: Claim) -> float:
        """Give how much a claim does for the answer: how surely it answers, and what it has earned."""
        return round((claim.score or claim.relevance) * WORTH[self.evidence[claim.id].grade], 6)

    def about(self, claim: Claim) -> str:
        """Give what the claim's place is about: its paper's title and its section's heading."""
        paper = self.papers.get(claim.paper)
        return f"{paper.title if paper else ''}. {claim.quote.section}"


def compose(ground: Ground) -> Answer:
    """Give the answer that the claims make together; one that says so where they make none."""
    parts = inquiry.parts(ground.goal.question)
    usable = sorted((c for c in ground.claims if ground.weight(c) > 0), key=lambda c: (-ground.weight(c), c.id))
    shares = {claim.id: _shares(claim, ground, parts) for claim in usable}
    spoken = {of: frozenset(at for at, share in enumerate(found) if share >= inquiry.SPOKEN_FROM) for of, found in shares.items()}
    facets = tuple(Facet(part.name, tuple(c.id for c in usable if at in spoken[c.id]), part.weight) for at, part in enumerate(parts))
    key = _with_both_sides(_key(usable, ground, spoken), usable, ground.goal.question)
    surely = probability(key, *_heard([shares[claim.id] for claim in key], parts)) if key else 0.0
    unanswered = Answer(AnswerKind.NOT_ANSWERED, "", facets=facets, strength=_strength(key, ground, surely))
    if surely < ANSWERS_FROM:
        return replace(unanswered, headline=_unanswered(unanswered, ground), findings=_told(key, ground, Asks.LIST))
    return _answered(key, facets, ground, surely)


def probability(key: Sequence[Claim], together: float, alone: float) -> float:
    """Give how likely the key findings answer the question, 0..1.

    Args:
        together: The share of the question (0..1) that the key findings speak of.
        alone: The largest share that one of them speaks of.
    """
    best = sorted((claim.relevance for claim in key), reverse=True)[:BEST]
    mean = min(max(sum(best) / BEST, LEAST), 1 - LEAST)
    constant, surely, open_, one = SURELY
    return round(1 / (1 + math.exp(-(constant + surely * math.log(mean / (1 - mean)) + open_ * (1 - together) + one * alone))), 4)


def _shares(claim: Claim, ground: Ground, parts: Sequence[inquiry.Part]) -> tuple[float, ...]:
    """Give how much of each facet of the question a claim speaks of."""
    text, about = told(claim.text), told(ground.about(claim))
    return tuple(part.spoken(text, about) for part in parts)


def _heard(shares: Sequence[Sequence[float]], parts: Sequence[inquiry.Part]) -> tuple[float, float]:
    """Give the share of the question that the claims speak of together, and the largest that one does."""
    weights = [part.weight for part in parts]
    together = sum(weight * max(found) for weight, found in zip(weights, zip(*shares, strict=True), strict=True))
    return together, max((sum(w * share for w, share in zip(weights, found, strict=True)) for found in shares), default=0.0)


def _key(usable: Sequence[Claim], ground: Ground, spoken: Mapping[str, frozenset[int]]) -> list[Claim]:
    """Give the key findings in the order of what each adds to those before it."""
    least = KEY_CUT * ground.weight(usable[0]) if usable else 0.0
    left = [claim for claim in usable if ground.weight(claim) >= least]
    stems = {claim.id: frozenset(content_stems(claim.text)) for claim in left}
    taken: list[Claim] = []
    while left and len(taken) < MOST_KEY:
        heard = frozenset(at for claim in taken for at in spoken[claim.id])

        def adds(claim: Claim, heard: frozenset[int] = heard) -> float:
            again = max((len(stems[claim.id] & stems[c.id]) / max(1, len(stems[claim.id])) for c in taken), default=0.0)
            spread = OF_ONE_PAPER ** sum(1 for c in taken if c.paper == claim.paper)
            return ground.weight(claim) * spread * (1 - SAID_AGAIN * again) * (NEW_FACET if spoken[claim.id] - heard else 1.0)

        taken.append(max(left, key=adds))
        left.remove(taken[-1])
    return taken


def takes_sides(question: str) -> bool:
    """Whether a question is one of yes or no, so that papers can be counted on either side."""
    return inquiry.asks(question) is Asks.YES_NO


def _with_both_sides(key: Sequence[Claim], usable: Sequence[Claim], question: str) -> list[Claim]:
    """Give the key findings of a yes or no with the best of the other side among them, where a fair share of all claims takes it."""
    if not takes_sides(question) or not key:
        return list(key)
    sides = {claim.id: leaning.stance(question, claim.text) for claim in usable}
    counts = {side: sum(1 for found in sides.values() if found == side) for side in ("yes", "no")}
    least = max(1.0, _clear(question) * sum(counts.values()))
    for side in ("yes", "no"):
        if counts[side] >= least and not any(sides[claim.id] == side for claim in key):
            best = next(claim for claim in usable if sides[claim.id] == side)
            return [*key[: MOST_KEY - 1], best]
    return list(key)


def _strength(key: Sequence[Claim], ground: Ground, surely: float) -> Strength:
    own = list(dict.fromkeys(claim.paper for claim in key))
    against = {paper for claim in key for paper in ground.evidence[claim.id].papers(Stance.REFUTES, own=False)}
    second = sum(1 for claim in key if ground.evidence[claim.id].grade in {Grade.VERIFIED, Grade.CORROBORATED})
    return Strength(len(own), independent(own, ground.papers), len(against), second, len(key), surely)


def independent(papers: Sequence[str], known: Mapping[str, Paper]) -> int:
    """Count the groups of papers that share no author with another group; a paper without known authors is a group of its own."""
    groups: list[set[str]] = []
    alone = 0
    for paper in papers:
        people = {name.casefold() for name in known[paper].authors} if paper in known else set()
        if not people:
            alone += 1
            continue
        joined = [group for group in groups if group & people]
        groups = [group for group in groups if not group & people] + [people.union(*joined)]
    return len(groups) + alone


# --- in words ------------------------------------------------------------------------------------------------------


def _answered(key: Sequence[Claim], facets: tuple[Facet, ...], ground: Ground, surely: float) -> Answer:
    question = ground.goal.question
    form = inquiry.asks(question)
    findings = _told(key, ground, form)
    direction = leaning.direction(question, [(claim.text, claim.relevance) for claim in key])
    kind = _yes_or_no(question, findings) if form is Asks.YES_NO else _KINDS[form]
    answer = Answer(kind, "", (), findings, facets, _strength(key, ground, surely), direction)
    headline, cited = _headline(answer, key, ground)
    return replace(answer, headline=headline, claims=cited)


_KINDS: Mapping[Asks, AnswerKind] = {
    Asks.AMOUNT: AnswerKind.AMOUNT,
    Asks.EFFECT: AnswerKind.EFFECT,
    Asks.CAUSE: AnswerKind.CAUSE,
    Asks.HOW: AnswerKind.HOW,
    Asks.LIST: AnswerKind.LIST,
}


def _told(key: Sequence[Claim], ground: Ground, form: Asks) -> tuple[KeyFinding, ...]:
    """Give the key findings as they are shown, each with its stance where a yes or no is asked for."""
    question = ground.goal.question
    return tuple(KeyFinding(claim.text, (claim.id,), leaning.stance(question, claim.text) if form is Asks.YES_NO else "") for claim in key)


def _yes_or_no(question: str, findings: Sequence[KeyFinding]) -> AnswerKind:
    """Count the stances: mixed where a fair share of those that take one take the other, or where hardly any takes one."""
    return AnswerKind(side([item.stance for item in findings], least=LEAST_SIDED, clear=_clear(question)) or AnswerKind.MIXED)


def _clear(question: str) -> float:
    """Give the share of the findings that take a side which must speak the other way before the answer is mixed."""
    return 0.0 if inquiry.asks_of_several(question) else CLEAR


def side(stances: Sequence[str], *, least: int, clear: float = CLEAR) -> str:
    """Give the side that stances take together, "yes" or "no"; "" where fewer than `least` take one, or where both are strong."""
    yes, no = stances.count("yes"), stances.count("no")
    if max(yes, no) < least or min(yes, no) >= max(1.0, clear * (yes + no)):
        return ""
    return "yes" if yes > no else "no"


def _headline(answer: Answer, key: Sequence[Claim], ground: Ground) -> tuple[str, tuple[str, ...]]:
    """Give one or two sentences and the claims that they quote: the answer in a word where there is one, then who says what."""
    by_stance = {item.claims[0]: item.stance for item in answer.findings}
    sided = [claim for claim in key if by_stance[claim.id] == answer.kind.value]
    first, lead = (sided or key)[0], ""
    if answer.kind in {AnswerKind.YES, AnswerKind.NO}:
        lead = f"{answer.kind.value.capitalize()}: "
    other_way = {AnswerKind.YES: "no", AnswerKind.NO: "yes"}.get(answer.kind, "")
    groups = _amounts([claim for claim in key if not other_way or by_stance[claim.id] != other_way], ground.goal.question)
    if groups:
        _second_amounts(groups, answer, ground)
        told = [claims[0] for _, claims in groups]
        return _open(f"{lead}{_range(groups)} {' '.join(_said(claim, ground) for claim in told[:TOLD])}", answer), _ids(told[:TOLD])
    if lead:
        return _open(f"{lead}{_said(first, ground)}", answer), _ids([first])
    both = next((claim for claim in key if leaning.depends(ground.goal.question, claim.text)), None)
    if answer.kind is AnswerKind.MIXED and both is not None:
        return _open(f"It depends: {_said(both, ground)}", answer), _ids([both])
    other = _other_side(first, key, by_stance)
    if answer.kind is AnswerKind.MIXED and other is not None:
        return _open(f"It depends: {_said(first, ground)} But {_said(other, ground)}", answer), _ids([first, other])
    second = _second(first, key[1:], answer, ground)
    told = [first] if second is None else [first, second]
    return _open(" ".join(_said(claim, ground) for claim in told), answer), _ids(told)


def _second(first: Claim, others: Sequence[Claim], answer: Answer, ground: Ground) -> Claim | None:
    """Give a second voice, nearly as sure as the first: one that speaks of what the first leaves open, else one of another paper."""
    sure = [claim for claim in others if ground.weight(claim) >= ground.weight(first) * AS_SURE]
    bears = {claim.id: frozenset(facet.name for facet in answer.facets if claim.id in facet.claims) for claim in (first, *sure)}
    weights = {facet.name: facet.weight for facet in answer.facets}

    def share(claim: Claim, less: frozenset[str] = frozenset()) -> float:
        return sum(weights[name] for name in bears[claim.id] - less)

    adding = max(sure, key=lambda claim: share(claim, bears[first.id]), default=None)
    if adding is not None and share(adding, bears[first.id]) >= ADDS and share(adding) >= share(first) / 2:
        return adding
    return next((claim for claim in sure if claim.paper != first.paper and share(claim) >= share(first) * AS_WHOLE), None)


def _ids(claims: Sequence[Claim]) -> tuple[str, ...]:
    return tuple(claim.id for claim in claims)


Amount = tuple[Quantity, list[Claim]]


def _amounts(key: Sequence[Claim], question: str) -> list[Amount]:
    """Give the amounts that the findings tell, smallest first, each with the findings that tell it; none where no amount is asked for.

    Two values are one amount where they differ by a tenth or less, as no two experiments give the same figure. A finding that tells
    several values of the kind compares them, and tells no amount by itself.
    """
    wanted = inquiry.measured_in(question) if inquiry.asks_amount(question) else ""
    groups: list[Amount] = []
    for claim in key:
        values = [q for q in quantities(claim.text) if wanted and q.dimension == wanted]
        if len(values) != 1:
            continue
        same = next((group for group in groups if _is_close(group[0], values[0])), None)
        if same is None:
            groups.append((values[0], [claim]))
        else:
            same[1].append(claim)
    return sorted(groups, key=lambda group: group[0].value)


def _second_amounts(groups: Sequence[Amount], answer: Answer, ground: Ground) -> None:
    """Add to each amount the further claims that tell the same of the same, so that every paper that gives it is counted.

    A claim is of the same if it speaks of half the question, and takes the answer's side where there are sides.
    """
    question, known = ground.goal.question, {claim.id for _, claims in groups for claim in claims}
    has_side = answer.kind in {AnswerKind.YES, AnswerKind.NO}
    for claim in ground.claims:
        spoken = sum(facet.weight for facet in answer.facets if claim.id in facet.claims)
        if claim.id in known or ground.weight(claim) <= 0 or spoken < HALF:
            continue
        if has_side and leaning.stance(question, claim.text) != answer.kind.value:
            continue
        for value, _ in _amounts([claim], question):
            same = next((claims for one, claims in groups if _is_close(one, value)), None)
            if same is not None:
                same.append(claim)


def _is_close(one: Quantity, other: Quantity) -> bool:
    larger = max(abs(one.value), abs(other.value))
    return abs(one.value - other.value) <= larger * CLOSE


def _range(groups: Sequence[Amount]) -> str:
    """Say the amounts in a few words: "about 4 minutes in 1 paper, 23.1 minutes in 2 papers."."""
    told = ", ".join(f"{quantity.text} in {counted(len({claim.paper for claim in claims}), 'paper')}" for quantity, claims in groups)
    return f"{told}."


def _other_side(first: Claim, key: Sequence[Claim], by_stance: Mapping[str, str]) -> Claim | None:
    mine = by_stance[first.id]
    return next((claim for claim in key if by_stance[claim.id] not in {mine, ""}), None) if mine else None


def _open(headline: str, answer: Answer) -> str:
    """Add what nothing was found for."""
    return f"{headline} Nothing was found on {_listed(answer.left_open)}." if answer.left_open else headline


def _said(claim: Claim, ground: Ground) -> str:
    """Give who says it, and the claim's words as its paper has them: Chen et al. (2025): “…”."""
    name = names.references(ground.papers.values()).get(claim.paper)
    return (f"{name}: " if name else "") + quotation(claim.text, claim.quote.text)


def _unanswered(answer: Answer, ground: Ground) -> str:
    read = counted(len(ground.papers), "paper")
    what = f": none of them speaks of {_listed(answer.left_open)}" if answer.left_open else ""
    return f"The {read} read here do not answer the question{what}."


def _listed(texts: Sequence[str]) -> str:
    quoted = [f"“{text}”" for text in texts]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
