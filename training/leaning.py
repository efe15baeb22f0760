"""Train which way a sentence leans: `python -m training.leaning --data ../shared/data --out sovereign/weights/leaning.json`.

Direction is learnt from the evidence of randomised trials (Evidence Inference 2.0, MIT), yes and no from the conclusions of
PubMedQA (MIT). The strength of the prior is chosen by cross-validation over articles; figures of the development trials, which
take no part, are printed.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from sovereign.language.leaning import patterns

PRIORS = (0.03, 0.1, 0.3)
LEAST_TIMES = 3
"""In how many sentences a pattern must stand."""
DIRECTIONS = {
    "significantly increased": "increased",
    "significantly decreased": "decreased",
    "no significant difference": "no significant difference",
}
Rows = tuple[list[frozenset[str]], list[str], list[str]]


def _read(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def trials(data: Path, part: str) -> Rows:
    """Give the patterns, labels and articles of a part's trials, their evidence read as it stands."""
    texts = {row["id"]: row["text"] for row in _read(data / f"answers/rct-{part}-articles.jsonl.gz")}
    out: Rows = ([], [], [])
    for row in _read(data / f"answers/rct-{part}.jsonl.gz"):
        evidence = " ".join(dict.fromkeys(texts[row["article"]][start:end] for start, end in row["evidence"]))
        label = DIRECTIONS.get(Counter(row["labels"]).most_common(1)[0][0])
        if label:
            out[0].append(patterns(row["question"], evidence))
            out[1].append(label)
            out[2].append(row["article"])
    return out


def conclusions(data: Path) -> Rows:
    """Give the patterns, answers and ids of PubMedQA's conclusions."""
    rows = _read(data / "answers/pubmedqa-dev.jsonl.gz")
    return [patterns(r["question"], r["conclusion"]) for r in rows], [r["answer"] for r in rows], [str(r["id"]) for r in rows]


def fit(rows: Rows) -> tuple[dict[str, Any], dict[str, float]]:
    """Give a model's weights for the prior that cross-validation likes best, and its cross-validated figures."""
    found, labels, groups = rows
    times = Counter(pattern for one in found for pattern in one)
    given = [dict.fromkeys((pattern for pattern in sorted(one) if times[pattern] >= LEAST_TIMES), 1) for one in found]
    scored = []
    for prior in PRIORS:
        model = make_pipeline(DictVectorizer(), LogisticRegression(C=prior, max_iter=1000))
        said = cross_val_predict(model, given, labels, groups=groups, cv=GroupKFold(5))
        scored.append((accuracy_score(labels, said), f1_score(labels, said, average="macro"), prior))
    accuracy, macro, prior = max(scored)
    model = make_pipeline(DictVectorizer(), LogisticRegression(C=prior, max_iter=1000)).fit(given, labels)
    names, linear = model[0].get_feature_names_out(), model[1]
    weights = {name: [round(float(w), 3) for w in linear.coef_[:, at]] for at, name in enumerate(names)}
    kept = {name: row for name, row in weights.items() if any(row)}
    figures = {"accuracy": round(accuracy, 3), "macro_f1": round(macro, 3), "prior": prior, "cases": len(labels)}
    bias = [round(float(one), 3) for one in linear.intercept_]
    return {"labels": [str(label) for label in linear.classes_], "bias": bias, "weights": kept}, figures


def measured(model: dict[str, Any], rows: Rows) -> dict[str, float]:
    """Give a model's figures on rows that took no part."""
    said = [model["labels"][int(np.argmax(_scores(model, one)))] for one in rows[0]]
    return {"accuracy": round(accuracy_score(rows[1], said), 3), "macro_f1": round(f1_score(rows[1], said, average="macro"), 3)}


def _scores(model: dict[str, Any], found: frozenset[str]) -> Sequence[float]:
    table = [model["bias"], *(model["weights"][pattern] for pattern in sorted(found) if pattern in model["weights"])]
    return np.sum(np.array(table), axis=0).tolist()  # type: ignore[no-any-return]  # numpy gives floats


def main() -> None:
    """Train both models and print what was measured."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path, default=Path("../shared/data"))
    asked.add_argument("--out", type=Path, default=Path("sovereign/weights/leaning.json"))
    said = asked.parse_args()
    direction, by_trials = fit(trials(said.data, "train"))
    stance, by_conclusions = fit(conclusions(said.data))
    figures = {
        "direction, cross-validated over articles": by_trials,
        "direction, development trials": measured(direction, trials(said.data, "dev")),
        "stance, cross-validated": by_conclusions,
    }
    print(json.dumps(figures, indent=1))
    whole = {"direction": direction, "stance": stance, "figures": figures}
    said.out.write_text(json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
