"""The last layer of the heads over single sentences, fitted on the states of the finished eight-bit encoder.

After few steps on processors the heads are far from what the states would allow; a penalised logistic regression over the pooled
states and the heads' own outputs takes them there, in a minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from training.network import WIDTH
from training.placing import Judged
from training.reader_network import JUDGED

Table = NDArray[np.float64]
STRENGTHS = (0.001, 0.01)


@dataclass(frozen=True, slots=True)
class Last:
    """A row of weights over (pooled states, the heads' own outputs) and a constant for each of JUDGED."""

    weights: Table
    bias: Table

    def logits(self, states: Table) -> Table:
        """Give logits, shape (sentences, 4), for rows of 768 pooled states and 4 outputs."""
        return np.asarray(states @ self.weights.T + self.bias)


def fit_last(states: Table, judged: Sequence[Judged], kept: Table, kept_judged: Sequence[Judged]) -> tuple[Last, dict[str, float]]:
    """Fit each head on `states`; the penalty is the one that ranks the kept sentences best; also give that AUROC.

    A head without kept sentences takes a part of its own, every fifth.
    """
    mean, spread = states.mean(axis=0), states.std(axis=0) + 1e-6
    weights, bias, told = np.zeros((len(JUDGED), states.shape[1])), np.zeros(len(JUDGED)), {}
    for row, name in enumerate(JUDGED):
        x, y = _of(states, judged, name)
        there, truth = _of(kept, kept_judged, name)
        if len(set(truth.tolist())) < 2:
            part = np.arange(len(y)) % 5 == 0
            x, y, there, truth = x[~part], y[~part], x[part], y[part]
        best = -1.0
        for strength in STRENGTHS:
            model = LogisticRegression(C=strength, max_iter=100, class_weight="balanced").fit((x - mean) / spread, y)
            found = float(roc_auc_score(truth, model.decision_function((there - mean) / spread)))
            if found > best:
                best = found
                weights[row] = model.coef_[0] / spread
                bias[row] = float(model.intercept_[0]) - float(weights[row] @ mean)
        told[name] = round(best, 4)
    return Last(weights, bias), told


def _of(states: Table, judged: Sequence[Judged], name: str) -> tuple[Table, NDArray[np.bool_]]:
    known = [i for i, j in enumerate(judged) if name in j.so]
    return states[known], np.array([bool(judged[i].so[name]) for i in known])


def as_before() -> Last:
    """Give the last layer that leaves the heads' own outputs as they are."""
    return Last(np.hstack([np.zeros((len(JUDGED), 2 * WIDTH)), np.eye(len(JUDGED))]), np.zeros(len(JUDGED)))
