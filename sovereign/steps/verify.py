"""Claim + Passage -> Evidence with Verdict: the cascade.

1. The quote must stand at its offsets in the document whose hash the claim names.
2. Numbers, units, names and direction of the claim against the quote: a veto, which can only lower a verdict.
3. Entailment over the quote, the nearest other passages of the claim's own paper, and the nearest ones of the other papers:
   corroboration and contradiction (concord.py). A passage that does not share the claim's subject is not heard. What only the
   abstract says must be borne out by the paper's body, or by another paper: an abstract is no evidence for itself.
4. The verdict, with the verifier's calibrated probability. A claim that another paper disputes is not supported; it is
   refuted where its own paper speaks against it, or more papers than speak for it.

Without a verifier the prototype's rule decides (TF-IDF cosine, word 1- and 2-grams, 0.15), under its name, without a confidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from sovereign.language.bindings import spelt
from sovereign.language.cascade import SILENCE, heard, lowered, settle, verdict_of, vetoed
from sovereign.language.comparison import Comparison, compare
from sovereign.language.concord import echoes, stance
from sovereign.language.lexical import Index, Tfidf, nearest
from sovereign.language.premises import around_quote, bearing, best, statements, texts, windows
from sovereign.model import (
    BlockKind,
    Check,
    CheckName,
    Claim,
    Document,
    Event,
    Evidence,
    Passage,
    Probabilities,
    Role,
    Stance,
    Verdict,
    Witness,
)
from sovereign.ports import Embedder, Tell, Verifier, tell_nobody
from sovereign.text import counted, fold

TFIDF_MIN = 0.15
"""The prototype's threshold on the cosine."""
TOPIC_MIN = 0.45
"""Nearness (0..1, mean of shared rare words and cosine) under which a passage is not heard."""
BODY_TOPIC_MIN = 0.25
"""The same for a paper's own body, where what the abstract says is looked for."""
OWN_PASSAGES, BODY_PASSAGES, OTHER_PASSAGES = 2, 4, 3
MOST_SENTENCES = 60
"""How many sentences of a long given text a statement is compared with: those nearest to it."""
BEST_SENTENCES = 3
"""How many sentences of a given text a claim is weighed against; the verifier was trained on such windows."""


def verify(
    claims: Sequence[Claim],
    passages: Mapping[str, Sequence[Passage]],
    documents: Mapping[str, Document],
    *,
    embedder: Embedder,
    verifier: Verifier | None,
    tell: Tell = tell_nobody,
) -> tuple[Evidence, ...]:
    """Give one Evidence for each claim, in order.

    Args:
        passages: The sentences (and table rows) of each paper, in reading order.
        documents: The papers' documents, by the same ids; a claim whose document is missing stays unchecked.
    """
    if not claims:
        return ()
    tell(Event("verify", f"Verifying {len(claims)} claims", done=0, total=len(claims)))
    shelf = _Shelf(passages, embedder)
    hearings = [_summon(claim, shelf, documents, near) for claim, near in zip(claims, shelf.nearness(claims), strict=True)]
    pairs = [(fold(h.claim.text), fold(passage.text)) for h in hearings for passage in h.passages]
    weighed: Sequence[Probabilities | None] = _weighed(hearings, pairs, verifier) if verifier else [None] * len(pairs)
    out, start = [], 0
    for hearing in hearings:
        end = start + len(hearing.passages)
        out.append(_settle(hearing, weighed[start:end], verifier))
        start = end
    tell(Event("verify", f"Verified {len(claims)} claims against {len(pairs)} passages", done=len(claims), total=len(claims)))
    return tuple(out)


def _weighed(hearings: Sequence[_Hearing], pairs: Sequence[tuple[str, str]], verifier: Verifier) -> list[Probabilities]:
    """Weigh every pair; a claim that its quote alone does not bear out is heard again with the quote's neighbours, and the best counts."""
    weighed = list(verifier.weigh(pairs))
    again: list[tuple[int, str]] = []
    place = 0
    for hearing in hearings:
        if hearing.passages and not hearing.comparison.is_veto and weighed[place].supported < verifier.card.threshold:
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


def _summon(claim: Claim, shelf: _Shelf, documents: Mapping[str, Document], near: np.ndarray[tuple[int], np.dtype[np.float32]]) -> _Hearing:
    quote = _quote_check(claim, documents.get(claim.paper))
    if not quote.passed:
        return _Hearing(claim, quote, Comparison(0.0), (), 0.0)
    sentences, context = _surroundings(claim, shelf, documents[claim.paper])
    comparison = compare(fold(claim.text), sentences, context=context)
    is_summary = claim.quote.role is Role.ABSTRACT
    own = _own_places(claim, shelf, near, is_summary=is_summary)
    others = []
    for paper, positions in shelf.by_paper.items():
        if paper != claim.paper:
            best = max(positions, key=lambda i: (near[i], -i))
            others += [best] if near[best] >= TOPIC_MIN else []
    best_others = sorted(others, key=lambda i: (-near[i], i))[:OTHER_PASSAGES]
    hear = (claim.quote, *(shelf.all[i] for i in (*own, *best_others)))
    around = around_quote(fold(claim.quote.text), *_neighbours(claim, shelf), claim.quote.section)[1:]
    return _Hearing(claim, quote, comparison, hear, shelf.lexical(claim), is_summary, around, " ".join(sentences))


def _own_places(claim: Claim, shelf: _Shelf, near: np.ndarray[tuple[int], np.dtype[np.float32]], *, is_summary: bool) -> list[int]:
    """Give the nearest other passages of the claim's own paper; for a claim of the abstract, those of the body alone."""
    places = [i for i in shelf.by_paper.get(claim.paper, ()) if not _overlaps(shelf.all[i], claim.quote)]
    least = TOPIC_MIN
    if is_summary:
        places, least = [i for i in places if shelf.all[i].role is not Role.ABSTRACT], BODY_TOPIC_MIN
    chosen = sorted((i for i in places if near[i] >= least), key=lambda i: (-near[i], i))
    return chosen[: BODY_PASSAGES if is_summary else OWN_PASSAGES]


def _quote_check(claim: Claim, document: Document | None) -> Check:
    if document is None:
        return Check(CheckName.QUOTE, passed=None, detail=f"{claim.paper}: its document is not at hand")
    if document.sha256 != claim.document_sha256:
        return Check(CheckName.QUOTE, passed=False, detail="the document has another hash than the claim names", is_veto=True)
    if document.text[claim.quote.start : claim.quote.end] != claim.quote.text:
        return Check(CheckName.QUOTE, passed=False, detail="the quote does not stand at its place in the document", is_veto=True)
    return Check(CheckName.QUOTE, passed=True, detail=f"stands at characters {claim.quote.start}–{claim.quote.end}")


def _surroundings(claim: Claim, shelf: _Shelf, document: Document) -> tuple[list[str], str]:
    """Give the quote with the sentence before and behind it, and what else may supply names: title and heading."""
    before, after = _neighbours(claim, shelf)
    around = [text for text in (before, fold(claim.quote.text), after) if text]
    return around, f"{document.title} {claim.quote.section}"


def _neighbours(claim: Claim, shelf: _Shelf) -> tuple[str, str]:
    """Give the sentence before the quote and the one behind it, empty where there is none."""
    positions = shelf.by_paper.get(claim.paper, [])
    before = [shelf.all[i].text for i in positions if shelf.all[i].end <= claim.quote.start][-1:]
    after = [shelf.all[i].text for i in positions if shelf.all[i].start >= claim.quote.end][:1]
    return fold(" ".join(before)), fold(" ".join(after))


def _overlaps(passage: Passage, quote: Passage) -> bool:
    return passage.paper == quote.paper and passage.start < quote.end and quote.start < passage.end


# --- What follows ------------------------------------------------------------------------------------------------


def _settle(hearing: _Hearing, weighed: Sequence[Probabilities | None], verifier: Verifier | None) -> Evidence:
    claim, quote = hearing.claim, hearing.quote
    if quote.passed is None:
        return Evidence(claim.id, Verdict.UNCHECKED, None, checks=(quote,), method="not checked")
    if not quote.passed:
        return Evidence(claim.id, Verdict.INSUFFICIENT, None, checks=(quote,), method="quote located by string match")
    witnesses = tuple(_witness(hearing, passage, p, verifier) for passage, p in zip(hearing.passages, weighed, strict=True))
    lexical = Check(CheckName.LEXICAL, passed=hearing.lexical >= TFIDF_MIN, detail=f"highest TF-IDF cosine {hearing.lexical:.2f}")
    checks = (quote, *hearing.comparison.checks, lexical)
    if verifier is None:
        return _settle_by_words(hearing, witnesses, checks)
    return _settle_by_entailment(hearing, witnesses, checks, verifier)


def _witness(hearing: _Hearing, passage: Passage, p: Probabilities | None, verifier: Verifier | None) -> Witness:
    claim, own = hearing.claim, passage.paper == hearing.claim.paper
    if _overlaps(passage, claim.quote):
        supports = p is not None and verifier is not None and p.supported >= verifier.card.threshold
        return Witness(passage, Stance.SUPPORTS if supports else Stance.SILENT, p, own)
    texts = fold(claim.text), fold(passage.text)
    found = stance(*texts, p, verifier.card.threshold if verifier else 1.0, same_setting=not own or hearing.is_summary)
    if found is Stance.SILENT and own and hearing.is_summary and echoes(*texts, p):
        found = Stance.SUPPORTS
    return Witness(passage, found, p, own)


def _settle_by_words(hearing: _Hearing, witnesses: tuple[Witness, ...], checks: tuple[Check, ...]) -> Evidence:
    """Give the prototype's verdict, lowered by the veto and by what other passages say; no confidence, since none was calibrated."""
    passes = hearing.lexical >= TFIDF_MIN
    verdict = lowered(Verdict.SUPPORTED if passes else Verdict.INSUFFICIENT, hearing.comparison, by_own_quote=True)
    verdict = _after_others(verdict, hearing, witnesses[1:])
    stands = Stance.SUPPORTS if verdict is Verdict.SUPPORTED else Stance.SILENT
    heard = (Witness(witnesses[0].passage, stands, None, own=True), *witnesses[1:])
    method = f"TF-IDF cosine ≥ {TFIDF_MIN} (word 1- and 2-grams) and comparison of numbers, units, names and direction; no entailment"
    return Evidence(hearing.claim.id, verdict, None, None, heard, checks, hearing.lexical, method)


def _settle_by_entailment(hearing: _Hearing, witnesses: tuple[Witness, ...], checks: tuple[Check, ...], verifier: Verifier) -> Evidence:
    card = verifier.card
    said = witnesses[0].probabilities or SILENCE
    quoted = heard(fold(hearing.claim.text), hearing.around, said, hearing.comparison, card.threshold)
    if hearing.comparison.is_borne_out:
        witnesses = (replace(witnesses[0], stance=Stance.SUPPORTS, probabilities=quoted), *witnesses[1:])
    others = witnesses[1:]
    alone = Verdict.SUPPORTED if verdict_of(quoted, card.threshold) is Verdict.SUPPORTED else Verdict.INSUFFICIENT
    verdict = _after_others(alone, hearing, others)
    decisive = quoted if verdict is Verdict.SUPPORTED else _decisive(quoted, others)
    verdict = lowered(verdict, hearing.comparison, by_own_quote=True)
    if hearing.comparison.is_veto or (verdict is not Verdict.SUPPORTED and decisive.supported >= card.threshold):
        decisive = vetoed(decisive, is_opposed=verdict is Verdict.REFUTED)
    detail = f"supported {quoted.supported:.2f} by the quote (threshold {card.threshold:.2f}); {_tally(hearing, others)}"
    entailment = Check(CheckName.ENTAILMENT, passed=verdict is Verdict.SUPPORTED, detail=detail)
    method = f"{card.name} {card.version}, threshold {card.threshold:.2f}; veto by numbers, units, names and direction"
    stated = hearing.claim.id, verdict, round(decisive.supported, 4), decisive, witnesses
    return Evidence(*stated, (*checks, entailment), hearing.lexical, method)


def _after_others(verdict: Verdict, hearing: _Hearing, others: Sequence[Witness]) -> Verdict:
    """Lower a supported claim by what other passages say: its own body against it, or silent where it is of the abstract; other papers."""
    if verdict is not Verdict.SUPPORTED:
        return verdict
    own = {w.stance for w in others if w.own}
    if Stance.REFUTES in own:
        return Verdict.REFUTED
    against = {w.passage.paper for w in others if w.stance is Stance.REFUTES}
    backing = {w.passage.paper for w in others if w.stance is Stance.SUPPORTS and not w.own}
    if against:
        return Verdict.REFUTED if len(against) > len(backing) + 1 else Verdict.INSUFFICIENT
    return Verdict.INSUFFICIENT if hearing.is_summary and Stance.SUPPORTS not in own and not backing else Verdict.SUPPORTED


def _decisive(quoted: Probabilities, others: Sequence[Witness]) -> Probabilities:
    """Give the probabilities that lowered the verdict: of the strongest passage against it, else of the body's best; else the quote's."""
    against = [w.probabilities for w in others if w.stance is Stance.REFUTES and w.probabilities]
    if against:
        return max(against, key=lambda p: p.refuted)
    body = [w.probabilities for w in others if w.own and w.probabilities]
    return max(body, key=lambda p: p.supported, default=quoted)


def _tally(hearing: _Hearing, others: Sequence[Witness]) -> str:
    """Say in words how many other passages of this paper and of other papers agree and disagree; what nobody does is left out."""
    words = []
    for name, wanted in (("borne out", Stance.SUPPORTS), ("contradicted", Stance.REFUTES)):
        heard = [w for w in others if w.stance is wanted]
        own, papers = sum(w.own for w in heard), len({w.passage.paper for w in heard if not w.own})
        by = [counted(own, "other passage") + " of the paper"] * bool(own) + [counted(papers, "other paper")] * bool(papers)
        words += [f"{name} by {' and by '.join(by)}"] if by else []
    if not words:
        words.append("no other passage speaks for or against it")
    if hearing.is_summary and not any(w.own and w.stance is not Stance.SILENT for w in others):
        words.append("the abstract says it, and no sentence of the body, or none could be read, bears it out")
    return ", ".join(words)


# --- Claims with given sentences ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Weighing:
    """A claim weighed against given sentences.

    Attributes:
        evidence: Positions of the sentences that bear the verdict, nearest to the claim first; empty where it is insufficient.
    """

    verdict: Verdict
    confidence: float | None
    probabilities: Probabilities | None
    evidence: tuple[int, ...]
    checks: tuple[Check, ...]
    lexical: float


def weigh_texts(items: Sequence[tuple[str, Sequence[str]]], *, verifier: Verifier | None) -> tuple[Weighing, ...]:
    """Weigh each (claim, sentences), in order, in one batch: `sovereign verify` and the benchmarks.

    No sentences: insufficient. Without a verifier the prototype's rule decides, and confidence is None.
    """
    parts: list[tuple[str, list[str]]] = []
    places: list[tuple[int, ...]] = []
    counts = []
    for claim, given in items:
        sentences, said = texts(given), statements(claim)
        index = Index(sentences) if len(sentences) > MOST_SENTENCES else None
        counts.append((len(said), len(sentences) == len(given)))
        for one in said:
            kept = nearest(one, sentences, MOST_SENTENCES, index) if index else tuple(range(len(sentences)))
            parts.append((one, [sentences[i] for i in kept]))
            places.append(kept)
    weighed = iter(zip(_weigh_statements(parts, verifier), places, strict=True))
    return tuple(_joined(list(islice(weighed, count)), is_whole=is_whole) for count, is_whole in counts)


def _weigh_statements(items: Sequence[tuple[str, Sequence[str]]], verifier: Verifier | None) -> list[Weighing]:
    """Weigh statements of one sentence each: all beside their nearest sentences, then those not borne out beside further windows."""
    near = [nearest(claim, sentences, BEST_SENTENCES) for claim, sentences in items]
    if verifier is None:
        return [_weigh(claim, s, w, None, TFIDF_MIN) for (claim, s), w in zip(items, near, strict=True)]
    threshold = verifier.card.threshold
    told = [(claim, spelt(s)) for claim, s in items]  # the network reads a row with its head; comparing has the row itself
    weighed = list(verifier.weigh([(claim, " ".join(s[i] for i in w)) for (claim, s), w in zip(told, near, strict=True)]))
    weighed = [p if s else SILENCE for p, (_, s) in zip(weighed, items, strict=True)]
    further = {
        i: [window for window in windows(nearest(claim, s, 1)[0], s) if window != " ".join(s[k] for k in near[i])]
        for i, (claim, s) in enumerate(told)
        if s and weighed[i].supported < threshold
    }
    asked = [(i, (items[i][0], window)) for i, found in further.items() for window in found]
    for (i, _), p in zip(asked, verifier.weigh([pair for _, pair in asked]), strict=True):
        weighed[i] = best([weighed[i], p])
    return [_weigh(claim, s, w, p, threshold) for (claim, s), w, p in zip(items, near, weighed, strict=True)]


def _joined(parts: Sequence[tuple[Weighing, tuple[int, ...]]], *, is_whole: bool) -> Weighing:
    """Give what a claim's statements say together: as good as the weakest, with the evidence of all; no places where sentences were cut."""
    rank = (Verdict.REFUTED, Verdict.INSUFFICIENT, Verdict.SUPPORTED)
    least = min((w for w, _ in parts), key=lambda w: (rank.index(w.verdict), w.confidence or 0.0))
    found = tuple(dict.fromkeys(kept[i] for w, kept in parts for i in w.evidence))
    return replace(least, evidence=found if least.evidence and is_whole else ())


def _weigh(claim: str, sentences: Sequence[str], window: Sequence[int], p: Probabilities | None, threshold: float) -> Weighing:
    cosines = Tfidf(sentences).cosines(claim) if sentences else []
    lexical = round(max(cosines, default=0.0), 4)
    comparison = compare(claim, sentences)
    checks = (*comparison.checks, Check(CheckName.LEXICAL, passed=lexical >= TFIDF_MIN, detail=f"highest TF-IDF cosine {lexical:.2f}"))
    if p is None:
        verdict = lowered(Verdict.SUPPORTED if lexical >= TFIDF_MIN else Verdict.INSUFFICIENT, comparison)
        return Weighing(verdict, None, None, _places(claim, sentences, window, verdict), checks, lexical)
    settled = settle(claim, " ".join(sentences[i] for i in window), p, comparison, threshold)
    detail = f"supported {settled.said.supported:.2f} (threshold {threshold:.2f})"
    checks += (Check(CheckName.ENTAILMENT, passed=settled.said.supported >= threshold, detail=detail),)
    bearing = _places(claim, sentences, window, settled.verdict)
    return Weighing(settled.verdict, round(settled.shown.supported, 4), settled.shown, bearing, checks, lexical)


def _places(claim: str, sentences: Sequence[str], window: Sequence[int], verdict: Verdict) -> tuple[int, ...]:
    return () if verdict is Verdict.INSUFFICIENT else bearing(claim, sentences, window)
