"""Passage -> Claim: the sentences that answer the question, through one gate: the quote must be found.

1. Every whole statement of every part of a paper is a candidate; one that hangs on the sentence before it is quoted with it.
2. The nearest ones by words (BM25) and by words akin to them are read beside the question by a trained encoder, which also tells whether a
   statement is the paper's own finding, and whether it is whole. Without its weights published features take its place.
3. Chosen are those near enough to the best one, whatever is new before what says again what was said, spread over the papers.

A model's claims (steps/ask_claims.py) pass the same gate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sovereign.language.comparison import contrary
from sovereign.language.findings import MAX_WORDS, bare, hangs, is_whole, outcome, stands_alone
from sovereign.language.lexical import content_stems
from sovereign.language.question import Interest, told
from sovereign.language.retrieval import Bm25, covered, fused
from sovereign.language.surroundings import beside
from sovereign.model import BlockKind, Claim, Document, Goal, Passage, Role, SignKind
from sovereign.ports import Around, Embedder, SentenceReader
from sovereign.text import fold, locate, sentences

MAX_CLAIMS = 24
READ_BESIDE = 480
"""How many statements are read beside the question, shared out among the papers: of six shelves' key sentences 78 % are among as many,
and 87 % among 720, from which no more of them were drawn."""
READ_OF_ONE = (40, 240)
"""How many of one paper at least and at most; BM25 alone finds the evidence of 98 % of trials among as many."""
CUT = 0.5
"""Share of the best statement's score from which another one is drawn."""
UNREAD = "\ufffd"
"""Unicode's sign for a letter or word that could not be read."""
LEAST = 0.02
"""Relevance (0..1) under which a statement is not about the question, however little else there is."""
ABOUT = 0.1
"""Share of the surest statement's relevance under which another one is not about the question, though it be the best of its paper."""
JUDGED = 96
"""How many of the best are also read by themselves: four times as many as are chosen at most."""
BOUNDS = (1e-4, 1 - 1e-4)
ANSWERS, COVERS, FINDS, WORDED = 1.3, 0.6, 0.3, 0.15
"""What weighs how much, in standard scores: that a statement answers, that it says the question in the same or in kindred words, that
it is a finding; and, each, the question's own words (BM25) and that it is worded as an outcome. Between what a logistic regression gives on
sentences labelled by hand (1 : 0.7 : 0.25 : 0.2) and what six shelves of other fields than the encoder's (37 of 82 key sentences among the
claims, 19 of 25 facets) and 30 trials would have; near values give nearly the same."""
IN_BRIEF, CONCLUDED, MEASURED, ELSEWHERE, BENEATH = 1.0, 0.25, 0.5, 0.5, 0.5
"""What a statement gains in the abstract, in a conclusion, by a figure; what it loses where others' work is told, beneath a figure."""
OUTSTANDING, STEEP = 1.5, 2.0
"""Standard scores together from which a statement stands out from the others of its shelf, and how many more make it all but sure."""
HANGING, UNDERSTOOD = 0.7, 0.5
"""What is left of the score of a statement that hangs on words which cannot be quoted with it, or that is less surely understood alone."""
WHOLE = 0.2
"""Probability of being whole under which the encoder's word outweighs the form of a sentence."""
SAID_AGAIN = 0.3
"""How much of its score a statement loses that shares all its words with those chosen before it."""
SPREAD = 0.97
"""What each statement already chosen from its paper leaves of a further one's score."""
MOST_BETWEEN = 2
"""Characters between two sentences of one paragraph."""
MIN_RELEVANCE = 0.3
"""Without an encoder: under this a sentence is not about the question. 2 % of the sentences of papers on other subjects reach it, 77 % of
those of papers that answer a question (SPAR), 98 % of those that bear a claim out or refute it (SciFact)."""
SUBJECT_CHARS = 1000
OWN = 0.2
"""What a sentence's own words and its own cosine (0..1 each) must come to together before its paper counts in full."""
MIN_FINDING = 0.3
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
class Statement:
    """A statement held against the question: its text folded, how much of the question it says, how much it reads like an outcome."""

    passage: Passage
    text: str
    covers: float
    worded: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement, how surely it answers the question (0..1), and its score (0..1): how much it does for the answer beside the others."""

    passage: Passage
    relevance: float
    score: float


def finding_strength(passage: Passage) -> float:
    """Give how much a sentence reads like a finding of its own paper, 0..1, from its section and its wording."""
    return outcome(passage.text, passage.section) * _ROLE_WEIGHT[passage.role]


def extract(
    goal: Goal,
    documents: Sequence[Document],
    passages: Mapping[str, Sequence[Passage]],
    *,
    embedder: Embedder,
    reader: SentenceReader | None = None,
    limit: int = MAX_CLAIMS,
) -> tuple[Claim, ...]:
    """Give at most `limit` claims, best first: only as many as bear on the question, near-duplicates of one paper merged.

    Args:
        passages: The sentences of each document, by paper id.
        reader: The trained encoder; published features take its place where its weights are missing.
    """
    stated = {document.paper: tuple(statements(document, passages.get(document.paper, ()))) for document in documents}
    if reader is None:
        found = [item for document in documents for item in _by_features(Asked(goal, embedder), document, stated[document.paper])]
    else:
        each = sorted((*READ_OF_ONE, READ_BESIDE // max(1, len(documents))))[1]
        near = [one for document in documents for one in _nearest(goal, _weighed(goal, stated[document.paper], reader), each)]
        found = _read(goal, near, reader, {document.paper: document for document in documents}) if near else []
    chosen = _chosen(_merged(sorted(found, key=_order)), limit)
    sha256 = {document.paper: document.sha256 for document in documents}
    return tuple(_claim(item, sha256[item.passage.paper]) for item in chosen)


def _order(item: Candidate) -> tuple[float, str, int]:
    return -item.score, item.passage.paper, item.passage.start


def statements(document: Document, sentences: Sequence[Passage]) -> Iterator[Passage]:
    """Yield each whole statement of a document's prose and captions, in order; one that hangs on the sentence before is joined to it.

    A joined one is still verbatim: both sentences and what stands between them.
    """
    before: Passage | None = None
    for passage in sentences:
        if passage.kind in {BlockKind.PROSE, BlockKind.CAPTION} and is_whole(fold(passage.text)):
            yield _joined(document, before, passage) if hangs(fold(passage.text)) else passage
        before = passage


def _joined(document: Document, before: Passage | None, passage: Passage) -> Passage:
    """Give the passage with the one before it, where that is whole, of the same paragraph, and does not hang itself."""
    if before is None or before.kind is not passage.kind or not before.end <= passage.start <= before.end + MOST_BETWEEN:
        return passage
    text = document.text[before.start : passage.end]
    earlier = fold(before.text)
    if "\n\n" in text or len(text.split()) > MAX_WORDS or hangs(earlier) or not is_whole(earlier):
        return passage
    return replace(before, end=passage.end, text=text)


def _weighed(goal: Goal, stated: Sequence[Passage], reader: SentenceReader) -> list[Statement]:
    """Hold a paper's statements against the question, each by itself."""
    texts = [fold(passage.text) for passage in stated]
    shares = covered(fold(goal.question), texts, reader.likeness)
    return [
        Statement(passage, text, share, outcome(text, passage.section)) for passage, text, share in zip(stated, texts, shares, strict=True)
    ]


def _by_words(goal: Goal, stated: Sequence[Statement]) -> list[float]:
    return Bm25([one.text for one in stated]).scores(fold("; ".join((goal.question, *goal.keywords))))


def _nearest(goal: Goal, stated: Sequence[Statement], count: int) -> list[Statement]:
    """Give the statements of one paper that are near the question by its words, by kindred ones and by telling what came out, in order."""
    if len(stated) <= count:
        return list(stated)
    together = fused([_by_words(goal, stated), [one.covers for one in stated], [one.worded for one in stated]])
    best = sorted(range(len(stated)), key=lambda at: (-together[at], at))[:count]
    return [stated[at] for at in sorted(best)]


def _read(goal: Goal, stated: Sequence[Statement], reader: SentenceReader, documents: Mapping[str, Document]) -> list[Candidate]:
    """Read statements beside the question and by themselves, and weigh them against each other.

    The encoder finds the evidence of trials best (first sentence right 67 %, BM25 17 %) and knows less of the subjects that it has not
    seen, so the question's words, those akin to them, and what reads like a finding (by the encoder, and by its wording) have a say each.
    """
    given = [(one.passage.section, one.text) for one in stated]
    near = np.asarray(reader.relevance(goal.question, given), dtype=np.float64)
    words, covers, worded = (
        _standard(np.asarray(each)) for each in (_by_words(goal, stated), [one.covers for one in stated], [one.worded for one in stated])
    )
    together = ANSWERS * _standard(_logit(near)) + COVERS * covers + WORDED * (words + worded) + [_place(one.passage) for one in stated]
    least = max(LEAST, ABOUT * float(near.max()))
    best = sorted((at for at in range(len(stated)) if near[at] >= least), key=lambda at: (-together[at], at))[:JUDGED]
    said = reader.judge([given[at] for at in best], [about(documents[one.paper], one) for one in (stated[at].passage for at in best)])
    found = together[best] + FINDS * _standard(_logit(np.array([one.finding for one in said])))
    scores = 1 / (1 + np.exp(OUTSTANDING - found / STEEP))
    return [
        Candidate(stated[at].passage, round(float(near[at]), 4), round(float(score) * (HANGING if is_hanging else 1.0), 6))
        for at, one, score in zip(best, said, scores, strict=True)
        for is_hanging in [hangs(stated[at].text) or one.alone < UNDERSTOOD]
        if one.wholeness >= WHOLE
    ]


def _place(passage: Passage) -> float:
    """Give what a statement gains or loses by where it stands and by holding a figure."""
    lost = ELSEWHERE * (passage.role in {Role.RELATED, Role.BACKGROUND}) + BENEATH * (passage.kind is BlockKind.CAPTION)
    told = IN_BRIEF * (passage.role is Role.ABSTRACT) + CONCLUDED * (passage.role is Role.CONCLUSION)
    return told + MEASURED * any(c.isdigit() for c in passage.text) - lost


def _logit(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    clipped = np.clip(shares, *BOUNDS)
    return np.asarray(np.log(clipped / (1 - clipped)))


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give values as standard scores: mean 0, deviation 1; all 0 where they do not differ."""
    spread = float(values.std()) if values.size else 0.0
    return (values - values.mean()) / spread if spread else np.zeros_like(values)


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
        words, (paper, *near) = told(about), self._near([about, *sentences])
        return [self._mean(told(sentence), cosine, words, paper) for sentence, cosine in zip(sentences, near, strict=True)]

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


def _by_features(asked: Asked, document: Document, stated: Sequence[Passage]) -> list[Candidate]:
    """Weigh statements by published features alone."""
    kept = [passage for passage in stated if stands_alone(fold(passage.text))]
    near = asked.relevance(document, [fold(p.text) for p in kept]) if kept else []
    weighed = ((p, relevance, finding_strength(p)) for p, relevance in zip(kept, near, strict=True))
    return [Candidate(p, near_, round(near_ * found, 4)) for p, near_, found in weighed if near_ >= MIN_RELEVANCE and found >= MIN_FINDING]


@lru_cache(maxsize=8192)
def _stems(sentence: str) -> frozenset[str]:
    # Each sentence is held against many others; taking it apart each time was a third of a run over twelve papers.
    return frozenset(content_stems(sentence))


def _merged(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Give the candidates, best first, without those that repeat, or share words with, a better one of the same paper."""
    kept: dict[str, list[Candidate]] = {}
    for item in candidates:
        others = kept.setdefault(item.passage.paper, [])
        if not any(_is_same(item.passage, other.passage) for other in others):
            others.append(item)
    return sorted((item for items in kept.values() for item in items), key=_order)


def _is_same(one: Passage, other: Passage) -> bool:
    return (one.start < other.end and other.start < one.end) or _repeats(one.text, other.text)


def _repeats(one: str, other: str) -> bool:
    """Tell whether two sentences say the same: most of the shorter one's words, no other number, and neither denies the other."""
    mine, theirs = _stems(one), _stems(other)
    if not mine or not theirs or len(mine & theirs) < SAME * min(len(mine), len(theirs)):
        return False
    return not contrary(one, other)


def _chosen(candidates: Sequence[Candidate], limit: int) -> list[Candidate]:
    """Give what is near enough to the best, at most `limit`: each time the one that adds most, then all of them best first.

    What the statements before it have said already counts less, and so does a further one of a paper that was heard often.
    """
    least = max(LEAST, CUT * candidates[0].score) if candidates else 0.0
    left = {item: item.score for item in candidates if item.score >= least}
    said = dict.fromkeys(left, 0.0)
    heard: Counter[str] = Counter()
    taken: list[Candidate] = []
    while left and len(taken) < limit:
        best = max(left, key=left.__getitem__)
        taken.append(best)
        heard[best.passage.paper] += 1
        del left[best]
        for item in left:
            said[item] = max(said[item], _share_of(item.passage.text, best.passage.text))
            left[item] = item.score * (1 - SAID_AGAIN * said[item]) * SPREAD ** heard[item.passage.paper]
    return sorted(taken, key=_order)


def _share_of(text: str, other: str) -> float:
    """Give the share (0..1) of a text's content that another one has too."""
    mine = _stems(text)
    return len(mine & _stems(other)) / len(mine) if mine else 1.0


def _claim(item: Candidate, document_sha256: str) -> Claim:
    text = fold(bare(fold(item.passage.text)))
    return Claim(text[:1].upper() + text[1:], item.passage, document_sha256, relevance=item.relevance, score=item.score)


def admit(claim: Claim, document: Document) -> Claim | None:
    """The gate: give the claim with its quote where string match finds it in the document, or None: then it is no claim.

    A quote that holds a sign which could not be read is none either. With the quote go the sentences around it, and with a row of a
    table the names of its columns and its caption.
    """
    span = locate(claim.quote.text, document.text, start=0)
    if claim.document_sha256 != document.sha256 or span is None or UNREAD in claim.quote.text:
        return None
    quote = claim.quote
    if document.text[quote.start : quote.end] != quote.text:
        section = document.section_at(span[0])
        quote = replace(quote, start=span[0], end=span[1], text=document.text[span[0] : span[1]])
        quote = replace(quote, section=section.heading if section else "")
    before, after = beside(quote, document)
    return replace(claim, quote=quote, before=before, after=after)


def about(document: Document, passage: Passage) -> Around:
    """Give what stands about a passage: its neighbours in the paragraph, and in an abstract its place among the sentences."""
    before, after = beside(passage, document)
    if passage.role is not Role.ABSTRACT:
        return Around(before, after)
    own = [
        b for b in document.blocks if b.kind is BlockKind.PROSE and (part := document.section_at(b.start)) and part.role is Role.ABSTRACT
    ]
    starts = [b.start + start for b in own for start, _ in sentences(document.text[b.start : b.end])]
    at = sum(start <= passage.start for start in starts)
    return Around(before, after, at, len(starts)) if at else Around(before, after)


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


_ORDERS = {SignKind.INSTRUCTION, SignKind.DOUBTFUL}


def _is_order(claim: Claim, document: Document) -> bool:
    """Whether a claim quotes, or is quoted in, words of its paper that give orders to whoever reads it."""
    quote = fold(claim.quote.text).casefold()
    orders = (fold(sign.words).casefold() for sign in document.signs if sign.kind in _ORDERS)
    return any(order in quote or quote in order for order in orders if order)
