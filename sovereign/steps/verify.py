"""Claim + sentences -> verdict: a claim weighed against the text that stands beside it, for `sovereign verify` and the benchmarks.

The same cascade as a run's (steps/weigh.py): compare numbers, units, names, direction and the order of arguments (a veto, which
can only lower), then entailment over windows of the nearest sentences. Without a verifier the prototype's rule decides
(TF-IDF cosine, word 1- and 2-grams, 0.15), under its name, without a confidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from sovereign.language.bindings import spelt
from sovereign.language.cascade import SILENCE, TFIDF_MIN, lowered, settle
from sovereign.language.comparison import compare
from sovereign.language.lexical import Index, nearest
from sovereign.language.premises import bearing, best, statements, texts, windows
from sovereign.language.tfidf import Tfidf
from sovereign.model import Check, CheckName, Probabilities, Verdict
from sovereign.ports import Verifier

MOST_SENTENCES = 60
"""How many sentences of a long given text a statement is compared with: those nearest to it."""
BEST_SENTENCES = 3
"""How many sentences of a given text a claim is weighed against; the verifier was trained on such windows."""


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
