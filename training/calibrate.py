"""From the network's numbers to calibrated probabilities.

The head is a multinomial logistic regression over the three logits and six counted features, kept near a plain temperature
(Platt, 1999; Guo et al., 2017) by a penalty, fitted on the calibrate side alone; its three constants are then set on the pairs that
are like those of use, since made and mismatched pairs shift how often each label comes. `evaluate.threshold` says where to accept,
from probabilities that each fold's head never saw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from training.evaluate import Table
from training.fit import losses_of


@dataclass(frozen=True, slots=True)
class Head:
    """Scores = logits @ pull.T + counted @ push.T + bias, then softmax."""

    pull: Table
    push: Table
    bias: Table

    def probabilities(self, logits: Table, counted: Table) -> Table:
        """Give rows of three probabilities in the order of LABELS."""
        scores = logits @ self.pull.T + counted @ self.push.T + self.bias
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def as_json(self, names: tuple[str, ...]) -> dict[str, Any]:
        """Give the head as the adapter reads it."""
        return {
            "names": list(names),
            "logits": self.pull.round(6).tolist(),
            "features": self.push.round(6).tolist(),
            "bias": self.bias.round(6).tolist(),
        }


def fit_head(logits: Table, counted: Table, labels: Table, weights: Table, penalty: float = 0.02) -> Head:
    """Fit the head; labels are 0, 1, 2 as in LABELS or 3 for "unsupported"."""
    given = [torch.tensor(t, dtype=torch.float64) for t in (logits, counted, weights)]
    target = torch.tensor(labels, dtype=torch.long)
    pull = (torch.eye(3, dtype=torch.float64) * 0.7).requires_grad_()
    push = torch.zeros(3, counted.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([pull, push, bias], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        scores = given[0] @ pull.T + given[1] @ push.T + bias
        spread = pull - torch.eye(3, dtype=torch.float64) * pull.diagonal().mean()
        total = (losses_of(scores, target) * given[2]).sum() / given[2].sum()
        total = total + penalty * ((spread**2).sum() + 0.3 * (push**2).sum() + 0.1 * (bias**2).sum())
        total.backward()
        return total

    optimiser.step(loss)
    return Head(*(t.detach().numpy() for t in (pull, push, bias)))


def anchor(head: Head, logits: Table, counted: Table, labels: Table, penalty: float = 0.02) -> Head:
    """Give the head with its constants moved to how often each label comes among these pairs (labels 0, 1, 2)."""
    scores = torch.tensor(np.log(head.probabilities(logits, counted)), dtype=torch.float64)
    target = torch.tensor(labels, dtype=torch.long)
    shift = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([shift], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        total = losses_of(scores + shift, target).mean() + penalty * (shift**2).sum()
        total.backward()
        return total

    optimiser.step(loss)
    return replace(head, bias=head.bias + shift.detach().numpy())


@dataclass(frozen=True, slots=True)
class Given:
    """What a head is fitted on: one row a pair; `of_use` marks the pairs that the constants are set on."""

    logits: Table
    counted: Table
    labels: Table
    weights: Table
    of_use: NDArray[np.bool_]

    def among(self, kept: NDArray[np.bool_]) -> Given:
        """Give these rows alone."""
        return Given(self.logits[kept], self.counted[kept], self.labels[kept], self.weights[kept], self.of_use[kept])


def fit(given: Given) -> Head:
    """Give the head for these pairs."""
    head = fit_head(given.logits, given.counted, given.labels, given.weights)
    ours = given.among(given.of_use)
    return anchor(head, ours.logits, ours.counted, ours.labels)


def out_of_fold(given: Given, claims: Sequence[str], folds: int = 10, seed: int = 0) -> Table:
    """Give each pair's probabilities from a head that was fitted without its claim."""
    names = sorted(set(claims))
    order = dict(zip(names, np.random.default_rng(seed).integers(0, folds, len(names)), strict=True))
    fold = np.array([order[claim] for claim in claims])
    out = np.zeros((len(claims), 3))
    for part in range(folds):
        there = fold == part
        if there.any():
            out[there] = fit(given.among(~there)).probabilities(given.logits[there], given.counted[there])
    return out
