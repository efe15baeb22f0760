"""The linear models and the trees of `reader-words.npz`: what wording and form say of a sentence, fitted in minutes on one core."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from sovereign.adapters.wording import Wording, place_of, placed_signs
from sovereign.language.word_groups import hashed, order_signs
from sovereign.ports import Around
from training.placing import Judged

Table = NDArray[np.float64]
Arrays = dict[str, NDArray[Any]]
Signs = Callable[[Judged], Iterator[tuple[str, float]]]
SIZES = {"result": 1 << 18, "claim": 1 << 18, "order": 1 << 17}
STRENGTHS = {"result": 0.05, "claim": 0.1, "order": 0.3}
KNOWN = 1 << 17
_WORD = re.compile(r"[^\W\d_]+|[^\w\s]|_")
SIGNS: dict[str, Signs] = {
    "result": lambda j: placed_signs(j.heading, j.text, j.around or Around()),
    "claim": lambda j: placed_signs(j.heading, j.text, j.around or Around()),
    "order": lambda j: order_signs(j.text),
}


def counted(judged: Sequence[Judged], signs: Signs, size: int) -> csr_matrix:
    """Give a row of hashed signs a sentence."""
    places, weights, ends = list[int](), list[float](), [0]
    for j in judged:
        found = hashed(signs(j), size)
        places += found
        weights += found.values()
        ends.append(len(places))
    return csr_matrix((np.array(weights), np.array(places), np.array(ends)), shape=(len(judged), size))


def linear(judged: Sequence[Judged], name: str) -> Arrays:
    """Fit one of the linear models on the sentences for which it is known; give its numbers in eight bits."""
    some = [j for j in judged if name in j.so]
    rows = counted(some, SIGNS[name], SIZES[name])
    model = LogisticRegression(C=STRENGTHS[name], solver="liblinear", max_iter=200).fit(rows, [j.so[name] for j in some])
    weights = model.coef_[0]
    scale = float(np.abs(weights).max()) / 127
    bias = np.array(float(model.intercept_[0]))
    return {name: np.round(weights / scale).astype(np.int8), f"{name} scale": np.array(scale), f"{name} bias": bias}


def known(texts: Iterable[str]) -> NDArray[np.uint8]:
    """Give how often words were met, as a logarithm in sixteenths, by their hash."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(w.lower() for w in _WORD.findall(text))
    most = np.zeros(KNOWN)
    for word, count in counts.items():
        place = place_of(word, KNOWN)
        most[place] = max(most[place], count)
    return np.asarray(np.minimum(255, np.round(16 * np.log1p(most))).astype(np.uint8))


def trees(rows: Table, whole: Sequence[bool], *, seed: int = 7) -> Arrays:
    """Fit boosted trees that tell whole sentences; give them as plain numbers."""
    model = HistGradientBoostingClassifier(max_iter=160, learning_rate=0.08, max_leaf_nodes=20, l2_regularization=1.0, random_state=seed)
    model.fit(rows, np.array(whole))
    parts: dict[str, list[float]] = {name: [] for name in ("column", "left", "right", "most", "value", "roots")}
    for (tree,) in model._predictors:  # noqa: SLF001 -- scikit-learn has no other way to read the trees
        base = len(parts["column"])
        parts["roots"].append(base)
        for at, node in enumerate(tree.nodes):
            is_leaf = bool(node["is_leaf"])
            parts["column"].append(0 if is_leaf else int(node["feature_idx"]))
            parts["most"].append(0.0 if is_leaf else float(node["num_threshold"]))
            parts["left"].append(base + (at if is_leaf else int(node["left"])))
            parts["right"].append(base + (at if is_leaf else int(node["right"])))
            parts["value"].append(float(node["value"]) if is_leaf else 0.0)
    kinds = {"column": np.uint8, "left": np.uint16, "right": np.uint16, "roots": np.uint16, "most": np.float32, "value": np.float32}
    found: Arrays = {f"tree {name}": np.array(values, dtype=kinds[name]) for name, values in parts.items()}
    start = float(np.ravel(model._baseline_prediction)[0])  # noqa: SLF001 -- as above
    return {**found, "tree start": np.array(start)}


def write(arrays: Arrays, path: Path) -> Wording:
    """Write the numbers and open them as they will be read."""
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # numpy's annotation takes every keyword for allow_pickle
    return Wording(path.read_bytes())
