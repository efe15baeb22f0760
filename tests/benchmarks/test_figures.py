"""The figures themselves: what they say of perfect, useless and partly right answers, and how claims are changed for them."""

from __future__ import annotations

import random

import numpy as np
import pytest

from benchmarks import metrics, perturbed
from benchmarks.papers import Text

CHANCE = random.Random(1)  # noqa: S311 -- examples are drawn, nothing is kept secret
YES, NO = np.array([True, True, False, False]), np.array([False, False, True, True])


def test_auroc_of_right_and_wrong_orders() -> None:
    """1 for a perfect order, 0 for a turned one, one half for none, None where there is nothing to order."""
    scores = np.array([0.9, 0.8, 0.2, 0.1])

    assert metrics.auroc(YES, scores) == 1.0
    assert metrics.auroc(NO, scores) == 0.0
    assert metrics.auroc(YES, np.ones(4)) == 0.5
    assert metrics.auroc(np.array([True, True]), np.array([0.1, 0.2])) is None


def test_calibration_error_of_honest_and_boastful_confidence() -> None:
    """Nothing where half of the claims at one half are right; the whole distance where all are wrong."""
    assert metrics.calibration_error(np.array([True, False] * 50), np.full(100, 0.5)) == 0.0
    assert metrics.calibration_error(np.zeros(100, dtype=bool), np.full(100, 0.9)) == pytest.approx(0.9)
    assert sum(row["count"] for row in metrics.reliability(YES, np.array([0.0, 1.0, 0.5, 0.5]))) == 4


def test_a_share_has_its_interval() -> None:
    """The interval holds the share, is repeatable, and is None of nothing."""
    low, high = metrics.interval(YES) or (9.0, 9.0)

    assert low <= (metrics.share(YES) or 9.0) <= high
    assert metrics.interval(YES) == [low, high]
    assert metrics.share(YES[:0]) is None
    assert metrics.interval(YES[:0]) is None


SENTENCE = "The BERT model improves accuracy by 12.5 % and is faster than the GPT-2 baseline on our data."
TEXT = Text("t", ("We trained RoBERTa for a day.", SENTENCE, "The ResNet-50 backbone was kept frozen for all of the runs."))


@pytest.mark.parametrize("name", [name for name in perturbed.SUITES if name not in ("verbatim", "wrong paper")])
def test_each_suite_changes_the_sentence(name: str) -> None:
    """Every change changes something, and little of it."""
    change, _ = perturbed.SUITES[name]
    source = SENTENCE.replace("improves", "demonstrates novel gains, may help and improves")

    said = change(source, TEXT, CHANCE)

    assert said is not None
    assert said != source
    assert len(set(said.split()) ^ set(source.split())) <= 8


def test_claims_come_with_their_surroundings() -> None:
    """A claim's sentence is among those it is weighed against; a wrong paper's is not."""
    other = Text("u", ("The boats were folded from paper and were floated on the pond.",) * 3)

    right = perturbed.made(perturbed.verbatim, (TEXT,), 5, CHANCE, wrong_paper=False)
    wrong = perturbed.made(perturbed.verbatim, (TEXT, other), 5, CHANCE, wrong_paper=True)

    assert all(claim in sentences for claim, sentences in right)
    assert all(claim not in sentences for claim, sentences in wrong)
