"""Make `roles.json`: two logistic regressions over word groups and place, and what they are worth on the validation sides.

`python -m training.roles --data ../shared/data --out sovereign/weights/roles.json`
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from sovereign.adapters.role_classifier import ROLES, RoleClassifier, grams, placed
from training.cases import lines


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences with their place (0..1), label and abstract."""

    texts: list[str]
    positions: list[float]
    labels: list[str]
    abstracts: list[int]


def read(path: Path) -> Sentences:
    """Read a set of abstracts; labels are role names, or "0" and "1" for claims."""
    texts, positions, labels, abstracts = [], [], [], []
    for number, row in enumerate(lines(path)):
        count = len(row["sentences"])
        for i, (sentence, label) in enumerate(zip(row["sentences"], row["labels"], strict=True)):
            texts.append(sentence)
            positions.append(i / max(1, count - 1))
            labels.append(str(label))
            abstracts.append(number)
    return Sentences(texts, positions, labels, abstracts)


def make(data: Path, out: Path) -> dict[str, Any]:
    """Train both models, write `out`, and give the figures on the validation sides (nothing was tuned on those)."""
    roles, claims = read(data / "roles/csabstruct/train.jsonl"), read(data / "roles/medline-claim-detection/train_labels.json")
    turned = TfidfVectorizer(analyzer=grams, min_df=3, sublinear_tf=True)
    turned.fit(roles.texts + claims.texts)
    role = _model(3.0).fit(_table(turned, roles), [ROLES.index(label) for label in roles.labels])
    target = np.array([label == "1" for label in claims.labels])
    guess = cross_val_predict(
        _model(6.0), _table(turned, claims), target, groups=claims.abstracts, cv=GroupKFold(10), method="predict_proba"
    )[:, 1]
    cut = max(np.arange(0.2, 0.6, 0.01), key=lambda t: f1_score(target, guess >= t))
    claim = _model(6.0).fit(_table(turned, claims), target)
    weights = np.vstack([role.coef_, claim.coef_])
    words = len(turned.vocabulary_)
    out.write_text(
        json.dumps(
            {
                "threshold": round(float(cut), 2),
                "grams": turned.get_feature_names_out().tolist(),
                "idf": turned.idf_.round(3).tolist(),
                "rows": weights[:, :words].T.round(3).tolist(),
                "places": weights[:, words:].T.round(4).tolist(),
                "bias": [*role.intercept_.round(4).tolist(), round(float(claim.intercept_[0]), 4)],
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        + "\n"
    )
    return {"cross_validated_claim_f1": round(float(f1_score(target, guess >= cut)), 4), **measure(data, out)}


def measure(data: Path, path: Path) -> dict[str, Any]:
    """Give the written classifier's figures on the validation sides, beside the best lexical baseline there."""
    classifier = RoleClassifier(path)
    claims, roles = read(data / "roles/medline-claim-detection/validation_labels.json"), read(data / "roles/csabstruct/dev.jsonl")
    target = [label == "1" for label in claims.labels]
    found = [s["claim"] >= classifier.threshold for s in classifier.score(claims.texts, claims.positions)]
    said = [max(ROLES, key=s.__getitem__) for s in classifier.score(roles.texts, roles.positions)]
    train = read(data / "roles/medline-claim-detection/train_labels.json")
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    lexical = LogisticRegression(C=3, class_weight="balanced", max_iter=1000)
    lexical.fit(words.fit_transform(train.texts), [label == "1" for label in train.labels])
    return {
        "claim_f1": round(float(f1_score(target, found)), 4),
        "claim_f1_tfidf_words": round(float(f1_score(target, lexical.predict(words.transform(claims.texts)))), 4),
        "claim_f1_last_sentence": round(float(f1_score(target, [p >= 0.999 for p in claims.positions])), 4),
        "claim_sentences": len(target),
        "role_macro_f1": round(float(f1_score(roles.labels, said, average="macro", labels=list(ROLES))), 4),
        "role_accuracy": round(float(np.mean([a == b for a, b in zip(roles.labels, said, strict=True)])), 4),
        "role_sentences": len(said),
    }


def _model(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=2000)


def _table(turned: TfidfVectorizer, given: Sentences) -> csr_matrix:
    places = [placed(s, p) for s, p in zip(given.texts, given.positions, strict=True)]
    return hstack([turned.transform(given.texts), csr_matrix(np.array(places))]).tocsr()


def main() -> None:
    """Read the arguments, make the weights, print the figures."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--data", type=Path, required=True)
    ask.add_argument("--out", type=Path, required=True)
    said = ask.parse_args()
    print(json.dumps(make(said.data, said.out), indent=1))


if __name__ == "__main__":
    main()
