"""What a verifier is worth on each source by itself, on claims that nothing was trained or tuned on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score

from training.calibrate import Table, calibration_error, supported_error


def figures(probabilities: Table, labels: Table, threshold: float) -> dict[str, Any]:
    """Give the figures of one source; labels 0, 1, 2 as in LABELS or 3 for "unsupported". None where a class is missing."""
    supported = probabilities[:, 0]
    accepted, named = supported >= threshold, labels < 3
    both = (labels == 0) | (labels == 2)
    out: dict[str, Any] = {
        "pairs": len(labels),
        "supported_share": _share(labels == 0, np.ones(len(labels), bool)),
        "auroc_supported_rest": _auroc(labels == 0, supported),
        "auroc_supported_refuted": _auroc(labels[both] == 0, supported[both]),
        "accepted_supported": _share(accepted, labels == 0),
        "accepted_refuted": _share(accepted, labels == 2),
        "accepted_insufficient": _share(accepted, labels == 1),
        "accepted_wrong": _share(accepted, labels != 0),
        "supported_calibration_error": round(supported_error(supported, labels == 0), 4),
    }
    if named.all():
        guess = probabilities.argmax(axis=1)
        out["macro_f1"] = round(float(f1_score(labels, guess, average="macro", labels=[0, 1, 2], zero_division=0)), 4)
        out["accuracy"] = _share(guess == labels, np.ones(len(labels), bool))
        out["calibration_error"] = round(calibration_error(probabilities, labels), 4)
    return out


def at_recall(probabilities: Table, labels: Table, recall: float = 0.6) -> float | None:
    """Give the share of refuted claims accepted at the threshold that accepts `recall` of the supported ones."""
    good, bad = np.sort(probabilities[labels == 0, 0])[::-1], probabilities[labels == 2, 0]
    if not len(good) or not len(bad):
        return None
    return round(float((bad >= good[int(np.ceil(recall * len(good))) - 1]).mean()), 4)


def _auroc(positive: NDArray[np.bool_], score: Table) -> float | None:
    return round(float(roc_auc_score(positive, score)), 4) if 0 < positive.sum() < len(positive) else None


def _share(what: NDArray[np.bool_], among: NDArray[np.bool_]) -> float | None:
    return round(float(what[among].mean()), 4) if among.any() else None
