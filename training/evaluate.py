"""What a verifier is worth on each source by itself, on claims that nothing was trained or tuned on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score

Table = NDArray[np.float64]
RISK = 0.05


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


def threshold(supported: Table, wrong: NDArray[np.bool_], risk: float = RISK) -> float:
    """Give the smallest acceptance threshold at which (accepted + 1) / (wrong + 1) of the wrong claims is at most `risk`.

    That is the bound of conformal risk control (Angelopoulos et al., 2024, "Conformal Risk Control", eq. 4, with a loss of at most
    1): on exchangeable claims the expected share of wrong ones accepted is at most `risk`.

    Raises:
        ValueError: Too few wrong claims are given to bound the risk at all.
    """
    scores = np.sort(supported[wrong])[::-1]
    allowed = int(np.floor(risk * (len(scores) + 1))) - 1
    if allowed < 0:
        raise ValueError(f"{len(scores)} wrong claims are too few to bound a risk of {risk}: at least {int(1 / risk)} are needed")
    return float(min(1.0, np.nextafter(scores[allowed], 2.0)))


def calibration_error(probabilities: Table, labels: Table, bins: int = 10) -> float:
    """Give the expected calibration error of the chosen label: mean gap of confidence and accuracy over equal-width bins."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    return _gap(confidence, right.astype(float), bins)


def supported_error(supported: Table, is_supported: Table, bins: int = 10) -> float:
    """Give the expected calibration error of the probability of "supported"."""
    return _gap(supported, is_supported.astype(float), bins)


def _gap(confidence: Table, right: Table, bins: int) -> float:
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(float(confidence[place == b].mean() - right[place == b].mean())) * float((place == b).mean()) for b in set(place.tolist())]
    return float(sum(gaps))


def _auroc(positive: NDArray[np.bool_], score: Table) -> float | None:
    return round(float(roc_auc_score(positive, score)), 4) if 0 < positive.sum() < len(positive) else None


def _share(what: NDArray[np.bool_], among: NDArray[np.bool_]) -> float | None:
    return round(float(what[among].mean()), 4) if among.any() else None
