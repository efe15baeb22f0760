"""The figures themselves, from labels and scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
LABELS = ("supported", "insufficient", "refuted")


def auroc(positive: Flags, scores: Floats) -> float | None:
    """Give the chance (0..1) that a positive outscores a negative, ties half; None where one side is empty."""
    if positive.all() or not positive.any():
        return None
    return round(float(roc_auc_score(positive, scores)), 4)


def share(flags: Flags) -> float | None:
    """Give the share (0..1) of true flags; None of nothing."""
    return round(float(flags.mean()), 4) if len(flags) else None


def macro_f1(labels: Sequence[str], verdicts: Sequence[str]) -> float:
    """Give the mean F1 (0..1) of the three verdicts."""
    return round(float(f1_score(labels, verdicts, labels=list(LABELS), average="macro", zero_division=0)), 4)


def reliability(correct: Flags, confidence: Floats, bins: int = 10) -> list[dict[str, float]]:
    """Give, for each filled tenth of confidence, its mean confidence, the share that was right and how many there were."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        {
            "confidence": round(float(confidence[place == b].mean()), 4),
            "right": round(float(correct[place == b].mean()), 4),
            "count": int((place == b).sum()),
        }
        for b in range(bins)
        if (place == b).any()
    ]


def calibration_error(correct: Flags, confidence: Floats, bins: int = 10) -> float:
    """Give the expected calibration error (0..1): mean distance of confidence and share that was right, weighed by count.

    Naeini et al. (2015, https://doi.org/10.1609/aaai.v29i1.9602), ten bins of equal width.
    """
    rows = reliability(correct, confidence, bins)
    total = sum(row["count"] for row in rows)
    return round(sum(abs(row["confidence"] - row["right"]) * row["count"] for row in rows) / total, 4) if total else 0.0


def interval(flags: Flags, *, rounds: int = 1000, seed: int = 3) -> list[float] | None:
    """Give the 95 % bootstrap interval of a share."""
    if not len(flags):
        return None
    rng = np.random.default_rng(seed)
    means = rng.choice(flags.astype(float), (rounds, len(flags))).mean(axis=1)
    return [round(float(x), 4) for x in np.quantile(means, (0.025, 0.975))]
