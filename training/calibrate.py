"""From the network's numbers to probabilities, and from probabilities to the threshold that lets few wrong claims pass.

The head is a multinomial logistic regression over the three logits and six counted features, kept near a plain temperature
(Platt, 1999; Guo et al., 2017) by a penalty, fitted on the calibrate side alone. The threshold is the smallest at which the
conformal bound on the share of accepted wrong claims, (accepted + 1) / (wrong + 1), is at most 5 % (Angelopoulos et al., 2024,
"Conformal Risk Control", eq. 4 with a loss of at most 1): on exchangeable claims the expected share is then at most that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from training.fit import losses_of

Table = NDArray[np.float64]
RISK = 0.05


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

    optimiser.step(loss)  # type: ignore[no-untyped-call]  # torch's own annotation is missing
    return Head(*(t.detach().numpy() for t in (pull, push, bias)))


def threshold(supported: Table, wrong: NDArray[np.bool_], risk: float = RISK) -> float:
    """Give the smallest acceptance threshold whose conformal bound on accepted wrong claims is at most `risk`."""
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
