"""The role classifier: probabilities that are ones, the shipped weights' worth, and refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovereign.adapters.role_classifier import ROLES, RoleClassifier, grams, placed
from sovereign.errors import UsageError

ABSTRACT = [
    "Machine translation has received much attention in recent years.",
    "In this paper we aim to reduce its cost.",
    "We train a network of six layers on parallel text with Adam.",
    "Results show that our model outperforms the baseline by 2.1 BLEU.",
    "These results suggest that depth matters more than width.",
]
CLASSIFIER = RoleClassifier()


def test_tells_the_parts_of_an_abstract_apart() -> None:
    """Background, method and result are named as such, and the concluding sentence is the likeliest claim."""
    scores = CLASSIFIER.score(ABSTRACT, [i / 4 for i in range(5)])

    roles = [max(ROLES, key=s.__getitem__) for s in scores]
    assert roles[0] == "background"
    assert roles[2] == "method"
    assert roles[3] == "result"
    assert max(range(5), key=lambda i: scores[i]["claim"]) == 4
    assert scores[4]["claim"] > CLASSIFIER.threshold


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.floats(0, 1))
def test_any_text_gets_probabilities(text: str, position: float) -> None:
    """Whatever the sentence, the roles sum to one and the claim stands between nought and one."""
    (score,) = CLASSIFIER.score([text], [position])

    assert sum(score[role] for role in ROLES) == pytest.approx(1.0)
    assert 0.0 <= score["claim"] <= 1.0


def test_claims_are_found_better_than_by_words_alone(shared_data: Path) -> None:
    """On the validation side, which nothing was tuned on, F1 is 0.10 above TF-IDF words with logistic regression (0.662)."""
    text = (shared_data / "roles/medline-claim-detection/validation_labels.json").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    right = found = told = 0
    for row in rows:
        count = len(row["sentences"])
        scores = CLASSIFIER.score(row["sentences"], [i / max(1, count - 1) for i in range(count)])
        for score, label in zip(scores, row["labels"], strict=True):
            said = score["claim"] >= CLASSIFIER.threshold
            told += said
            found += label == "1"
            right += said and label == "1"

    assert 2 * right / (told + found) >= 0.762


def test_missing_weights_are_named(tmp_path: Path) -> None:
    """Without weights the error names the file."""
    with pytest.raises(UsageError, match=r"none\.json: expected the role classifier's weights"):
        RoleClassifier(tmp_path / "none.json").score(["A sentence."], [0.0])


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param(
            "We gain 12.5%.",
            ["we", "gain", "#%", "^ we", "we gain", "gain #%", "#% $", "^ we gain", "we gain #%", "gain #% $"],
            id="figures",
        ),
        pytest.param("", ["^ $"], id="empty"),
    ],
)
def test_grams(sentence: str, expected: list[str]) -> None:
    """Words, pairs and the opening triples; figures lose their value."""
    assert grams(sentence) == expected


def test_the_place_is_one_hot() -> None:
    """The last sentence is in the last tenth and marked as last."""
    place = placed("The end.", 1.0)

    assert place[:12] == [0.0] * 9 + [1.0, 1.0, 0.0]
