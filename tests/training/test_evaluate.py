"""The figures: checked against cases worked out by hand, and the risk bound against chance."""

from __future__ import annotations

import numpy as np
import pytest

from training.evaluate import at_recall, calibration_error, figures, threshold


def test_threshold_bounds_the_risk() -> None:
    """Over many draws the mean share of new wrong claims accepted stays under the risk, as the theorem says."""
    rng = np.random.default_rng(3)
    shares = []
    for _ in range(400):
        scores = rng.beta(1, 4, 200)
        cut = threshold(scores[:100], np.ones(100, dtype=bool), 0.05)
        shares.append(float((scores[100:] >= cut).mean()))

    assert np.mean(shares) <= 0.05
    assert np.mean(shares) >= 0.02


def test_threshold_needs_enough_wrong_claims() -> None:
    """With ten wrong claims no threshold can bound a risk of 5 %: an error, not a guess."""
    with pytest.raises(ValueError, match="at least 20 are needed"):
        threshold(np.linspace(0, 1, 10), np.ones(10, dtype=bool), 0.05)


def test_figures_by_hand() -> None:
    """Two supported, one insufficient, one refuted; one supported and the refuted one are accepted."""
    probabilities = np.array([[0.9, 0.1, 0.0], [0.3, 0.6, 0.1], [0.2, 0.7, 0.1], [0.6, 0.1, 0.3]])
    found = figures(probabilities, np.array([0, 0, 1, 2]), 0.5)

    assert found["accepted_supported"] == 0.5
    assert found["accepted_refuted"] == 1.0
    assert found["accepted_insufficient"] == 0.0
    assert found["auroc_supported_rest"] == 0.75
    assert found["auroc_supported_refuted"] == 0.5
    assert found["accuracy"] == 0.5
    assert at_recall(probabilities, np.array([0, 0, 1, 2]), 0.5) == 0.0


def test_unknown_wrongness_has_no_class_figures() -> None:
    """Where a set does not say how a claim is wrong (label 3), no macro-F1 is made up."""
    found = figures(np.array([[0.9, 0.1, 0.0], [0.1, 0.8, 0.1]]), np.array([0, 3]), 0.5)

    assert "macro_f1" not in found
    assert found["accepted_wrong"] == 0.0


@pytest.mark.parametrize(
    ("confidence", "labels", "expected"),
    [
        pytest.param(1.0, [0, 0, 0, 0], 0.0, id="sure and right"),
        pytest.param(1.0, [1, 1, 1, 1], 1.0, id="sure and wrong"),
        pytest.param(0.75, [0, 0, 0, 1], 0.0, id="three in four"),
    ],
)
def test_calibration_error(confidence: float, labels: list[int], expected: float) -> None:
    """The gap between what is said and what is so."""
    rest = (1 - confidence) / 2
    probabilities = np.array([[confidence, rest, rest]] * len(labels))

    assert calibration_error(probabilities, np.array(labels)) == pytest.approx(expected)
