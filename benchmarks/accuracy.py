"""Verdicts on labelled claims, each source by itself, beside the prototype's rule (TF-IDF ≥ 0.15) and BM25."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.metrics import LABELS, Flags, Floats, auroc, calibration_error, interval, macro_f1, reliability, share
from sovereign.language.cascade import TFIDF_MIN
from sovereign.language.tfidf import Tfidf
from sovereign.ports import Verifier
from sovereign.steps.search import lexical as bm25
from sovereign.steps.verify import Weighing, weigh_texts
from training.cases import Case, everything

TRAINED_ON = {
    "scifact": "its train claims; none of these dev claims and no abstract they cite",
    "healthver": "other questions of the same set",
    "climate-fever": "other claims of the same set",
    "citation-integrity": "its train claims; none of these dev claims",
    "scitab": "nothing of this set",
}
"""What of each set took part in training; the split is made by claim and document in training/cases.py."""


def measure(data: Path, verifier: Verifier, sources: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Give one row a source: the claims that were kept out of training, their counts and every method's figures."""
    kept = [c for c in everything(data) if c.side == "report" and (not sources or c.source in sources)]
    return [_row(name, [c for c in kept if c.source == name], verifier) for name in dict.fromkeys(c.source for c in kept)]


def _row(name: str, cases: Sequence[Case], verifier: Verifier) -> dict[str, Any]:
    labels = np.array([c.label for c in cases])
    weighed = weigh_texts([(c.claim, c.sentences) for c in cases], verifier=verifier)
    bare = weigh_texts([(c.claim, c.sentences) for c in cases], verifier=None)
    vetoed = np.array([any(check.is_veto and check.passed is False for check in w.checks) for w in bare])
    return {
        "source": name,
        "trained_on": TRAINED_ON[name],
        "claims": len(cases),
        "labels": dict(Counter(c.label for c in cases)),
        "ours": _ours(labels, weighed),
        "tfidf": _scored(labels, _tfidf(cases), TFIDF_MIN),
        "bm25": _scored(labels, _bm25(cases), None),
        "veto": {label: share(vetoed[labels == label]) for label in dict.fromkeys(labels.tolist())},
    }


def _ours(labels: Floats, weighed: Sequence[Weighing]) -> dict[str, Any]:
    ps = [w.probabilities for w in weighed]
    supported = np.array([p.supported if p else 0.0 for p in ps])
    verdicts = [w.verdict.value for w in weighed]
    table = np.array([[p.supported, p.insufficient, p.refuted] if p else [0.0, 1.0, 0.0] for p in ps])
    likeliest = [LABELS[int(i)] for i in table.argmax(axis=1)]
    is_known = np.isin(labels, LABELS)
    right = np.array([a == b for a, b in zip(likeliest, labels.tolist(), strict=True)])
    accepted = np.array([v == "supported" for v in verdicts])
    top = table.max(axis=1)
    return {
        **_figures(labels, supported, accepted),
        "macro_f1_verdicts": macro_f1(labels.tolist(), verdicts),
        "macro_f1_likeliest": macro_f1(labels.tolist(), likeliest),
        "calibration_error_supported": calibration_error(labels == "supported", supported),
        "calibration_error": calibration_error(right[is_known], top[is_known]),
        "reliability_supported": reliability(labels == "supported", supported),
    }


def _scored(labels: Floats, scores: Floats, threshold: float | None) -> dict[str, Any]:
    return _figures(labels, scores, scores >= threshold if threshold is not None else None)


def _figures(labels: Floats, scores: Floats, accepted: Flags | None) -> dict[str, Any]:
    supported, refuted = labels == "supported", labels == "refuted"
    decided = supported | refuted
    out: dict[str, Any] = {
        "auroc_supported_rest": auroc(supported, scores),
        "auroc_supported_refuted": auroc(supported[decided], scores[decided]) if refuted.any() else None,
    }
    if accepted is not None:
        out |= {
            "accepted_supported": share(accepted[supported]),
            "accepted_refuted": share(accepted[refuted]),
            "accepted_refuted_95": interval(accepted[refuted]),
            "accepted_wrong": share(accepted[~supported]),
            "accepted_wrong_95": interval(accepted[~supported]),
        }
    return out


def _tfidf(cases: Sequence[Case]) -> Floats:
    """Give the highest cosine with a sentence, the words' rarity learnt from all the texts of the set."""
    texts = list(dict.fromkeys(s for c in cases for s in c.sentences))
    place = {text: i for i, text in enumerate(texts)}
    model = Tfidf(texts)
    cosines = (model.cosines(c.claim) for c in cases)
    return np.array([max((found[place[s]] for s in c.sentences), default=0.0) for c, found in zip(cases, cosines, strict=True)])


def _bm25(cases: Sequence[Case]) -> Floats:
    return np.array([float(bm25(c.claim, [("", s) for s in c.sentences]).max()) if c.sentences else 0.0 for c in cases])
