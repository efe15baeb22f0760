"""Passage -> Claim: sentences that state a finding about the question, through one gate: the quote must be found.

Extraction is by published features, each a number 0..1: what the sentence is for (its section and its wording, or a
trained classifier), how near it is to the question (words and vectors), and whether it stands by itself. A model's
claims (steps/ask_claims.py) pass the same gate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from sovereign.language.comparison import contrary
from sovereign.language.findings import bare, outcome, stands_alone
from sovereign.language.lexical import content_stems
from sovereign.language.question import Interest, told
from sovereign.model import BlockKind, Claim, Document, Goal, Passage, Role, SignKind
from sovereign.ports import Embedder, SentenceRoles
from sovereign.text import fold, locate

MAX_CLAIMS = 24
UNREAD = "\ufffd"
"""Unicode's sign for a letter or word that could not be read."""
MIN_RELEVANCE = 0.3
"""Under this a sentence is not about the question: 2 % of the sentences of papers on other subjects reach it, 77 % of those of papers that
answer a question (SPAR), 98 % of those that bear a claim out or refute it (SciFact)."""
SUBJECT_CHARS = 1000
OWN = 0.2
"""What a sentence's own words and its own cosine (0..1 each) must come to together before its paper counts in full."""
MIN_FINDING = 0.3
MIN_WORDED = 0.19
"""Under this a sentence says in so many words that something was done, or stands where nothing is found; no classifier overrules that."""
SAME = 0.9
"""Share of the shorter sentence's stems in the longer one from which two sentences of one paper may say the same."""

_ROLE_WEIGHT = {
    Role.RESULTS: 1.0,
    Role.CONCLUSION: 1.0,
    Role.ABSTRACT: 0.95,
    Role.DISCUSSION: 0.85,
    Role.INTRODUCTION: 0.55,
    Role.OTHER: 0.6,
    Role.METHOD: 0.4,
    Role.APPENDIX: 0.4,
    Role.LIMITATIONS: 0.6,
    Role.BACKGROUND: 0.1,
    Role.RELATED: 0.0,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence with its features, each 0..1."""

    passage: Passage
    finding: float
    relevance: float

    @property
    def score(self) -> float:
        """Product of the features: a sentence that is no finding, or not about the question, is no claim."""
        return self.finding * self.relevance


def finding_strength(passage: Passage) -> float:
    """Give how much a sentence reads like a finding of its own paper, 0..1, from its section and its wording."""
    return outcome(passage.text, passage.section) * _ROLE_WEIGHT[passage.role]


def extract(
    goal: Goal,
    documents: Sequence[Document],
    passages: Mapping[str, Sequence[Passage]],
    *,
    embedder: Embedder,
    roles: SentenceRoles | None = None,
    limit: int = MAX_CLAIMS,
) -> tuple[Claim, ...]:
    """Give at most `limit` claims, best first, spread over the papers, near-duplicates of one paper merged.

    Args:
        passages: The sentences of each document, by paper id.
    """
    asked = Asked(goal, embedder)
    by_paper: dict[str, list[Candidate]] = {}
    for document in documents:
        sentences = [p for p in passages.get(document.paper, ()) if p.kind is BlockKind.PROSE]
        by_paper[document.paper] = _merged(_candidates(asked, document, sentences, roles))
    chosen = _spread(by_paper, limit)
    sha256 = {document.paper: document.sha256 for document in documents}
    return tuple(_claim(item, sha256[item.passage.paper]) for item in chosen)


class Asked:
    """What a goal asks for, held against sentences."""

    def __init__(self, goal: Goal, embedder: Embedder) -> None:
        asked = tuple(dict.fromkeys(fold("; ".join(words)) for words in ((goal.question,), (goal.question, *goal.keywords))))
        self._interests = tuple(Interest(text) for text in asked)
        self._embedder = embedder
        self._vectors = embedder.embed(asked, kind="query")

    def relevance(self, document: Document, sentences: Sequence[str]) -> list[float]:
        """Give how near each sentence of a paper is to the question, 0..1: the mean of four shares.

        They are the question's words (rare ones count for more), its subjects (under any name; half where only the paper speaks of
        one), the cosine with the question, and the paper's own; with the goal's keywords or without, whichever is more.
        `benchmarks/relevance.py` measures what it is worth.
        """
        about = subject(document)
        beside, (paper, *near) = told(about), self._near([about, *sentences])
        return [self._mean(told(sentence), cosine, beside, paper) for sentence, cosine in zip(sentences, near, strict=True)]

    def _mean(self, text: frozenset[str], cosine: float, beside: frozenset[str], paper: float) -> float:
        words = max(interest.words(text) for interest in self._interests)
        mean = (words + max(interest.subjects(text, beside) for interest in self._interests) + cosine + paper) / 4
        return round(mean * min(1.0, (words + cosine) / OWN), 4)  # a paper on the subject lends it to no sentence on another

    def _near(self, texts: Sequence[str]) -> list[float]:
        """Give the cosines, twice as large and at most 1: a static embedding's 0.5 is very near."""
        cosines = self._embedder.embed(texts, kind="passage") @ self._vectors.T
        found: list[float] = np.clip(2 * cosines.max(axis=1), 0.0, 1.0).tolist()
        return found


def subject(document: Document) -> str:
    """Give what a paper is about in its own words: its title and its abstract, else its beginning."""
    abstract = next((document.text[part.start : part.end] for part in document.sections if part.role is Role.ABSTRACT), "")
    return fold(f"{document.title}. {abstract or document.text[:SUBJECT_CHARS]}")


def _candidates(asked: Asked, document: Document, sentences: Sequence[Passage], roles: SentenceRoles | None) -> list[Candidate]:
    kept = [passage for passage in sentences if stands_alone(fold(passage.text))]
    if not kept:
        return []
    near = asked.relevance(document, [fold(p.text) for p in kept])
    found = [
        Candidate(passage, round(finding, 4), relevance)
        for passage, relevance, finding in zip(kept, near, _strengths(kept, sentences, roles), strict=True)
        if relevance >= MIN_RELEVANCE and finding >= MIN_FINDING
    ]
    return sorted(found, key=lambda item: (-item.score, item.passage.start))


def _strengths(kept: Sequence[Passage], sentences: Sequence[Passage], roles: SentenceRoles | None) -> list[float]:
    """Give each sentence's strength as a finding (0..1), from its wording and, where one is given, a classifier."""
    worded = [finding_strength(passage) for passage in kept]
    if roles is None:
        return worded
    place = {passage.start: index / max(1, len(sentences) - 1) for index, passage in enumerate(sentences)}
    scored = roles.score([fold(p.text) for p in kept], [place[p.start] for p in kept])
    return [
        _with_role(worded_, passage.role, said) if worded_ >= MIN_WORDED else worded_
        for worded_, passage, said in zip(worded, kept, scored, strict=True)
    ]


def _with_role(worded: float, role: Role, said: Mapping[str, float]) -> float:
    """Join the wording's strength with the classifier's word; it was trained on abstracts, and there it knows background well."""
    strength = (worded + _ROLE_WEIGHT[role] * max(said["claim"], said["result"])) / 2
    return strength * (1 - 0.8 * said["background"]) if role in {Role.ABSTRACT, Role.INTRODUCTION} else strength


@lru_cache(maxsize=8192)
def _stems(sentence: str) -> frozenset[str]:
    # Each sentence is held against many others; taking it apart each time was a third of a run over twelve papers.
    return frozenset(content_stems(sentence))


def _merged(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Give the candidates without those that repeat a better one of the same paper."""
    kept: list[Candidate] = []
    for item in candidates:
        if not any(_repeats(item.passage.text, other.passage.text) for other in kept):
            kept.append(item)
    return kept


def _repeats(one: str, other: str) -> bool:
    """Tell whether two sentences say the same: most of the shorter one's words, no other number, and neither denies the other."""
    mine, theirs = _stems(one), _stems(other)
    if not mine or not theirs or len(mine & theirs) < SAME * min(len(mine), len(theirs)):
        return False
    return not contrary(one, other)


def _spread(by_paper: Mapping[str, Sequence[Candidate]], limit: int) -> list[Candidate]:
    """Give the best candidates, no paper with more than its share: half as many again as an even split, at least two."""
    with_claims = sum(1 for items in by_paper.values() if items)
    share = max(2, -(-limit * 3 // (2 * max(1, with_claims))))
    pool = [item for items in by_paper.values() for item in items[:share]]
    return sorted(pool, key=lambda item: (-item.score, item.passage.paper, item.passage.start))[:limit]


def _claim(item: Candidate, document_sha256: str) -> Claim:
    text = fold(bare(fold(item.passage.text)))
    return Claim(text[:1].upper() + text[1:], item.passage, document_sha256, relevance=item.relevance)


def admit(claim: Claim, document: Document) -> Claim | None:
    """The gate: give the claim with its quote where string match finds it in the document, or None: then it is no claim.

    A quote in which a reader could not tell a letter or word (U+FFFD stands in its place) says what nobody has read.
    """
    if UNREAD in claim.quote.text:
        return None
    span = locate(claim.quote.text, document.text, start=0)
    if claim.document_sha256 != document.sha256 or span is None:
        return None
    exact = document.text[claim.quote.start : claim.quote.end]
    if exact == claim.quote.text:
        return claim
    section = document.section_at(span[0])
    quote = replace(claim.quote, start=span[0], end=span[1], text=document.text[span[0] : span[1]])
    return replace(claim, quote=replace(quote, section=section.heading if section else ""))


def gate(claims: Sequence[Claim], documents: Mapping[str, Document], refuse: Callable[[Claim], None]) -> tuple[Claim, ...]:
    """Give the claims whose quotes stand in their documents and address no reviewer, each once; call `refuse` for every other one."""
    admitted: dict[str, Claim] = {}
    for claim in claims:
        document = documents.get(claim.paper)
        found = admit(claim, document) if document else None
        if found is None or (document and _is_order(found, document)):
            refuse(claim)
        else:
            admitted.setdefault(found.id, found)
    return tuple(admitted.values())


def _is_order(claim: Claim, document: Document) -> bool:
    """Whether a claim quotes, or is quoted in, words of its paper that give orders to whoever reads it."""
    quote = fold(claim.quote.text).casefold()
    orders = (fold(sign.words).casefold() for sign in document.signs if sign.kind is SignKind.INSTRUCTION)
    return any(order in quote or quote in order for order in orders if order)
