"""Claim + Passage* -> Evidence with its Grade: the cascade of a run.

1. The quote must stand at its offsets in the document whose hash the claim names. That it stands there makes a claim *quoted*.
2. Numbers, units, names, direction and the order of arguments of a reworded claim against its quote: a veto, which can only lower.
3. Entailment by what stands elsewhere: the nearest passages of other sections of the claim's own paper (the body for what the abstract
   says), and the nearest ones of the other papers. A passage that does not share the claim's subject is not heard. For a claim in
   other words than the paper's also by its own quote with its neighbours, which never refutes it.
4. The grade, and the verdict that follows: verified where another section, or for other words the quote, bears the claim out;
   corroborated where another paper does; disputed where one contradicts it; refuted where its own paper does, or more papers
   than agree. The confidence is the calibrated probability of the passage that decided; a claim that is merely quoted has none.

Without a verifier nothing is verified: every claim stays quoted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sovereign.language.cascade import SILENCE, TFIDF_MIN, VERDICTS, heard, verdict_of, vetoed
from sovereign.language.comparison import Comparison, compare
from sovereign.language.lexical import Index
from sovereign.language.premises import best
from sovereign.language.stance import echoes, stance
from sovereign.language.surroundings import beside, compared
from sovereign.language.tfidf import Tfidf
from sovereign.model import (
    BlockKind,
    Check,
    CheckName,
    Claim,
    Document,
    Event,
    Evidence,
    Grade,
    Origin,
    Passage,
    Probabilities,
    Role,
    Stance,
    Verdict,
    Witness,
)
from sovereign.ports import Embedder, Tell, Verifier, tell_nobody
from sovereign.text import counted, fold

TOPIC_MIN = 0.45
"""Nearness (0..1, mean of shared rare words and cosine) under which a passage is not heard."""
BODY_TOPIC_MIN = 0.25
"""The same for a paper's own body, where what the abstract says is looked for."""
OWN_PASSAGES, BODY_PASSAGES, OTHER_PASSAGES = 3, 4, 3


def weigh(  # noqa: PLR0913  # papers, what is heard, who hears
    claims: Sequence[Claim],
    passages: Mapping[str, Sequence[Passage]],
    documents: Mapping[str, Document],
    *,
    embedder: Embedder,
    verifier: Verifier | None,
    titles: Mapping[str, str] | None = None,
    tell: Tell = tell_nobody,
) -> tuple[Evidence, ...]:
    """Give one Evidence for each claim, in order.

    Args:
        passages: The sentences (and table rows) of each paper, in reading order.
        documents: The papers' documents, by the same ids; a claim whose document is missing stays unchecked.
        titles: The papers' titles as the report's record will have them, by the same ids; else the documents' own.
    """
    if not claims:
        return ()
    tell(Event("verify", f"Verifying {counted(len(claims), 'claim')}", done=0, total=len(claims)))
    shelf = _Shelf(passages, embedder)
    named = {paper: document.title for paper, document in documents.items()} | dict(titles or {})
    hearings = [_summon(claim, shelf, documents, near, named) for claim, near in zip(claims, shelf.nearness(claims), strict=True)]
    pairs = [(fold(h.claim.text), fold(passage.text)) for h in hearings for passage in h.passages]
    weighed: Sequence[Probabilities | None] = _weighed(hearings, pairs, verifier) if verifier else [None] * len(pairs)
    out, start = [], 0
    for hearing in hearings:
        end = start + len(hearing.passages)
        out.append(_settle(hearing, weighed[start:end], verifier))
        start = end
    tell(
        Event(
            "verify",
            f"Verified {counted(len(claims), 'claim')} against {counted(len(pairs), 'passage')}",
            done=len(claims),
            total=len(claims),
        )
    )
    return tuple(out)


def _weighed(hearings: Sequence[_Hearing], pairs: Sequence[tuple[str, str]], verifier: Verifier) -> list[Probabilities]:
    """Weigh every pair; other words that the quote alone does not bear out are heard again with its neighbours, and the best counts."""
    weighed = list(verifier.weigh(pairs))
    again: list[tuple[int, str]] = []
    place = 0
    for hearing in hearings:
        is_worded = not _is_verbatim(hearing.claim)
        if hearing.passages and is_worded and not hearing.comparison.is_veto and weighed[place].supported < verifier.card.threshold:
            again += [(place, window) for window in hearing.windows]
        place += len(hearing.passages)
    for (at, _), p in zip(again, verifier.weigh([(pairs[at][0], window) for at, window in again]), strict=True):
        weighed[at] = best([weighed[at], p])
    return weighed


# --- Whom to hear ------------------------------------------------------------------------------------------------


class _Shelf:
    """All passages of all papers, with what is needed to find those near a claim."""

    def __init__(self, passages: Mapping[str, Sequence[Passage]], embedder: Embedder) -> None:
        kept = (BlockKind.PROSE, BlockKind.TABLE, BlockKind.CAPTION, BlockKind.FOOTNOTE)
        self.all = tuple(p for paper in passages for p in passages[paper] if p.kind in kept and p.text.strip())
        self.place = {(p.paper, p.start): i for i, p in enumerate(self.all)}
        texts = [fold(p.text) for p in self.all]
        self._embedder = embedder
        self._index = Index(texts)
        self._vectors = embedder.embed(texts, kind="passage") if texts else np.zeros((0, embedder.dimension), dtype=np.float32)
        self.by_paper: dict[str, list[int]] = {}
        for i, p in enumerate(self.all):
            self.by_paper.setdefault(p.paper, []).append(i)
        self._tfidf = {paper: Tfidf([texts[i] for i in positions]) for paper, positions in self.by_paper.items()}

    def nearness(self, claims: Sequence[Claim]) -> list[np.ndarray[tuple[int], np.dtype[np.float32]]]:
        """Give for each claim the nearness (0..1) of every passage: mean of shared rare words and cosine."""
        asked = self._embedder.embed([fold(c.text) for c in claims], kind="query")
        out = []
        for claim, vector in zip(claims, asked, strict=True):
            near = np.clip(self._vectors @ vector, 0.0, 1.0)
            shares = np.zeros(len(self.all), dtype=np.float32)
            for position, share in self._index.shares(fold(claim.text)).items():
                shares[position] = share
            out.append((near + shares) / 2)
        return out

    def lexical(self, claim: Claim) -> float:
        """Give the highest TF-IDF cosine (0..1) of the claim with a passage of its own paper."""
        tfidf = self._tfidf.get(claim.paper)
        return round(max(tfidf.cosines(fold(claim.text))), 4) if tfidf else 0.0


@dataclass(frozen=True, slots=True)
class _Hearing:
    """One claim with the passages to hear: the quote first, then its own paper's, then the others'."""

    claim: Claim
    quote: Check
    comparison: Comparison
    passages: tuple[Passage, ...]
    lexical: float
    is_summary: bool = False
    windows: tuple[str, ...] = ()
    around: str = ""


def _summon(
    claim: Claim,
    shelf: _Shelf,
    documents: Mapping[str, Document],
    near: np.ndarray[tuple[int], np.dtype[np.float32]],
    titles: Mapping[str, str],
) -> _Hearing:
    quote = _quote_check(claim, documents.get(claim.paper))
    if not quote.passed:
        return _Hearing(claim, quote, Comparison(0.0), (), 0.0)
    placed = claim if claim.before or claim.after else _with_neighbours(claim, documents[claim.paper])
    stands, comparison = compared(placed, titles[claim.paper])
    is_summary = claim.quote.role is Role.ABSTRACT
    own = _own_places(claim, shelf, near, is_summary=is_summary)
    others = []
    for paper, positions in shelf.by_paper.items():
        if paper != claim.paper:
            best = max(positions, key=lambda i: (near[i], -i))
            others += [best] if near[best] >= TOPIC_MIN else []
    best_others = sorted(others, key=lambda i: (-near[i], i))[:OTHER_PASSAGES]
    hear = (claim.quote, *(shelf.all[i] for i in (*own, *best_others)))
    return _Hearing(claim, quote, comparison, hear, shelf.lexical(claim), is_summary, stands.windows[1:], stands.whole)


def _with_neighbours(claim: Claim, document: Document) -> Claim:
    before, after = beside(claim.quote, document)
    return replace(claim, before=before, after=after)


def _own_places(claim: Claim, shelf: _Shelf, near: np.ndarray[tuple[int], np.dtype[np.float32]], *, is_summary: bool) -> list[int]:
    """Give the nearest passages of other sections of the claim's own paper; for a claim of the abstract, those of the body alone."""
    places = [i for i in shelf.by_paper.get(claim.paper, ()) if _is_elsewhere(shelf.all[i], claim.quote)]
    least, most = (BODY_TOPIC_MIN, BODY_PASSAGES) if is_summary else (TOPIC_MIN, OWN_PASSAGES)
    return sorted((i for i in places if near[i] >= least), key=lambda i: (-near[i], i))[:most]


def _is_elsewhere(passage: Passage, quote: Passage) -> bool:
    """Whether a passage of the quote's own paper stands in another section: a second look at the same paragraph is none."""
    if _overlaps(passage, quote):
        return False
    return (passage.section, passage.role) != (quote.section, quote.role) and (quote.role, passage.role) != (Role.ABSTRACT, Role.ABSTRACT)


def _quote_check(claim: Claim, document: Document | None) -> Check:
    if document is None:
        return Check(CheckName.QUOTE, passed=None, detail=f"{claim.paper}: its document is not at hand")
    if document.sha256 != claim.document_sha256:
        return Check(CheckName.QUOTE, passed=False, detail="the document has another hash than the claim names", is_veto=True)
    if document.text[claim.quote.start : claim.quote.end] != claim.quote.text:
        return Check(CheckName.QUOTE, passed=False, detail="the quote does not stand at its place in the document", is_veto=True)
    return Check(CheckName.QUOTE, passed=True, detail=f"stands at characters {claim.quote.start}–{claim.quote.end}")


def _overlaps(passage: Passage, quote: Passage) -> bool:
    return passage.paper == quote.paper and passage.start < quote.end and quote.start < passage.end


# --- What follows ------------------------------------------------------------------------------------------------


def _settle(hearing: _Hearing, weighed: Sequence[Probabilities | None], verifier: Verifier | None) -> Evidence:
    claim, quote = hearing.claim, hearing.quote
    if quote.passed is None:
        return Evidence(claim.id, Verdict.UNCHECKED, None, checks=(quote,), method="not checked")
    if not quote.passed:
        return Evidence(
            claim.id, Verdict.INSUFFICIENT, None, checks=(quote,), method="quote located by string match", grade=Grade.UNCONFIRMED
        )
    lexical = Check(CheckName.LEXICAL, passed=hearing.lexical >= TFIDF_MIN, detail=f"highest TF-IDF cosine {hearing.lexical:.2f}")
    checks = (quote, *hearing.comparison.checks, lexical)
    if verifier is None:
        grade = Grade.QUOTED if _is_verbatim(claim) else Grade.UNCONFIRMED
        witnesses = (Witness(claim.quote, Stance.SILENT, None, own=True),)
        method = "quote located by string match; no verifier took part"
        return Evidence(claim.id, Verdict.INSUFFICIENT, None, None, witnesses, checks, hearing.lexical, method, grade)
    return _settle_by_entailment(hearing, weighed, checks, verifier)


def _is_verbatim(claim: Claim) -> bool:
    return claim.origin is Origin.EXTRACTED


def _settle_by_entailment(
    hearing: _Hearing, weighed: Sequence[Probabilities | None], checks: tuple[Check, ...], verifier: Verifier
) -> Evidence:
    claim, threshold = hearing.claim, verifier.card.threshold
    quoted = heard(fold(claim.text), hearing.around, weighed[0] or SILENCE, hearing.comparison, threshold)
    is_borne = not _is_verbatim(claim) and not hearing.comparison.is_veto and verdict_of(quoted, threshold) is Verdict.SUPPORTED
    own = Witness(claim.quote, Stance.SUPPORTS if is_borne else Stance.SILENT, None if _is_verbatim(claim) else quoted, own=True)
    others = tuple(_witness(hearing, passage, p, threshold) for passage, p in zip(hearing.passages[1:], weighed[1:], strict=True))
    grade = _grade(hearing, others, is_borne=is_borne)
    decisive = _decisive(grade, own, others)
    if grade is Grade.UNCONFIRMED and hearing.comparison.is_veto and decisive is not None:
        decisive = vetoed(decisive, is_opposed=False)  # its own quote lacks what it says: that is no likelihood of being borne out
    said = "" if _is_verbatim(claim) else f"supported {quoted.supported:.2f} by the quote (threshold {threshold:.2f}); "
    verdict = VERDICTS.get(grade, Verdict.INSUFFICIENT)
    entailment = Check(CheckName.ENTAILMENT, passed=verdict is Verdict.SUPPORTED, detail=f"{said}{_tally(others)}")
    method = f"{verifier.card.name} {verifier.card.version}, threshold {threshold:.2f}; veto by numbers, units, names, direction and order"
    confidence = round(decisive.supported, 4) if decisive else None
    return Evidence(claim.id, verdict, confidence, decisive, (own, *others), (*checks, entailment), hearing.lexical, method, grade)


def _witness(hearing: _Hearing, passage: Passage, p: Probabilities | None, threshold: float) -> Witness:
    """Give what a passage that is not the quote says of the claim; one whose figures, names or arguments differ bears nothing out."""
    own = passage.paper == hearing.claim.paper
    texts = fold(hearing.claim.text), fold(passage.text)
    found = stance(*texts, p, threshold, same_setting=not own or hearing.is_summary)
    if found is Stance.SILENT and own and hearing.is_summary and echoes(*texts, p):
        found = Stance.SUPPORTS
    if found is Stance.SUPPORTS and compare(texts[0], [texts[1]], context=passage.section).is_opposed:
        found = Stance.SILENT
    return Witness(passage, found, p, own)


def _grade(hearing: _Hearing, others: Sequence[Witness], *, is_borne: bool) -> Grade:
    against = {w.passage.paper for w in others if w.stance is Stance.REFUTES and not w.own}
    backing = {w.passage.paper for w in others if w.stance is Stance.SUPPORTS and not w.own}
    if any(w.own and w.stance is Stance.REFUTES for w in others) or len(against) > len(backing) + 1:
        return Grade.REFUTED
    if against:
        return Grade.DISPUTED
    if not _is_verbatim(hearing.claim) and hearing.comparison.is_veto:
        return Grade.UNCONFIRMED
    if backing:
        return Grade.CORROBORATED
    if is_borne or any(w.own and w.stance is Stance.SUPPORTS for w in others):
        return Grade.VERIFIED
    return Grade.QUOTED if _is_verbatim(hearing.claim) else Grade.UNCONFIRMED


def _decisive(grade: Grade, own: Witness, others: Sequence[Witness]) -> Probabilities | None:
    """Give the probabilities of the passage that decided; None where none did."""
    if grade in {Grade.REFUTED, Grade.DISPUTED}:
        against = [w.probabilities for w in others if w.stance is Stance.REFUTES and w.probabilities]
        return max(against, key=lambda p: p.refuted, default=None)
    if grade in {Grade.VERIFIED, Grade.CORROBORATED}:
        backing = [w.probabilities for w in (own, *others) if w.stance is Stance.SUPPORTS and w.probabilities]
        return max(backing, key=lambda p: p.supported, default=None)
    return own.probabilities


def _tally(others: Sequence[Witness]) -> str:
    """Say in words how many other passages of this paper and of other papers agree and disagree; what nobody does is left out."""
    words = []
    for name, wanted in (("borne out", Stance.SUPPORTS), ("contradicted", Stance.REFUTES)):
        found = [w for w in others if w.stance is wanted]
        own, papers = sum(w.own for w in found), len({w.passage.paper for w in found if not w.own})
        by = [counted(own, "passage") + " elsewhere in the paper"] * bool(own) + [counted(papers, "other paper")] * bool(papers)
        words += [f"{name} by {' and by '.join(by)}"] if by else []
    return ", ".join(words) or "no other passage speaks for or against it"
