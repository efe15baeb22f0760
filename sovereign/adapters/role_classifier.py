"""What a sentence does in its paper: background, objective, method, result, other; and whether it claims something.

Two linear models over the same counted word groups and the sentence's place, trained by `training/roles.py` and kept as plain
arrays. Roles were learnt from abstracts in computer science, claims from abstracts in medicine; a body's sentences resemble
both only in part, so the probabilities rank sentences and decide nothing alone.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sovereign.errors import UsageError

WEIGHTS = Path(__file__).resolve().parent.parent / "weights" / "roles.json"
ROLES = ("background", "objective", "method", "result", "other")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*|\d+(?:\.\d+)?%?")
_DIGIT = re.compile(r"\d")
_SHARE = re.compile(r"\d\s?%|\bp\s?[<=]|±|\d\s?vs\.?\s", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:we|our)\b", re.IGNORECASE)
_BRACKETED_FIGURE = re.compile(r"\([^)]*\d")
PLACES = 10


class RoleClassifier:
    """Scores sentences by role; nothing is loaded before the first sentence is scored."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        self._path = path

    @property
    def threshold(self) -> float:
        """The probability of "claim" at which F1 was best in cross-validation on the training side."""
        return float(self._weights["threshold"])

    def score(self, sentences: Sequence[str], positions: Sequence[float]) -> list[dict[str, float]]:
        """Give for each sentence the probability of each role (together 1) and of "claim" (by itself, 0..1).

        Args:
            sentences: Plain text, one sentence each.
            positions: Where each stands in its abstract or section: 0 is the first sentence, 1 the last.

        Raises:
            UsageError: The weights are missing or unreadable.
        """
        return [self._one(s, p) for s, p in zip(sentences, positions, strict=True)]

    def _one(self, sentence: str, position: float) -> dict[str, float]:
        table: NDArray[np.float64] = self._arrays["rows"]
        scores = self._arrays["bias"] + np.array(placed(sentence, position)) @ self._arrays["places"]
        known = {self._index[g]: n for g, n in Counter(grams(sentence)).items() if g in self._index}
        if known:
            where = np.fromiter(known, dtype=np.int64)
            counts = np.fromiter(known.values(), dtype=np.float64)
            weights = (1.0 + np.log(counts)) * self._arrays["idf"][where]
            scores = scores + (weights / np.linalg.norm(weights)) @ table[where]
        by_role = np.exp(scores[:-1] - scores[:-1].max())
        answer = {role: float(p) for role, p in zip(ROLES, by_role / by_role.sum(), strict=True)}
        return {**answer, "claim": float(1.0 / (1.0 + np.exp(-scores[-1])))}

    @cached_property
    def _weights(self) -> Mapping[str, Any]:
        try:
            said: Mapping[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UsageError(
                f"{self._path}: expected the role classifier's weights, got {error}", tip="install the package again"
            ) from error
        return said

    @cached_property
    def _arrays(self) -> Mapping[str, NDArray[np.float64]]:
        return {name: np.array(self._weights[name], dtype=np.float64) for name in ("rows", "idf", "places", "bias")}

    @cached_property
    def _index(self) -> Mapping[str, int]:
        return {gram: i for i, gram in enumerate(self._weights["grams"])}


def grams(sentence: str) -> list[str]:
    """Give words and word pairs in lower case, figures as "#", and the word triples that open the sentence."""
    words = ["#%" if w.endswith("%") else "#" if w[0].isdigit() else w for w in _WORD.findall(sentence.lower())]
    framed = ["^", *words, "$"]
    opening = [" ".join(framed[i : i + 3]) for i in range(min(4, len(framed) - 2))]
    return [*words, *(f"{a} {b}" for a, b in pairwise(framed)), *opening]


def placed(sentence: str, position: float) -> list[float]:
    """Give what is known without words: the tenth of the text it stands in, first or last, length, figures, first person."""
    tenth = min(PLACES - 1, int(position * PLACES))
    return [
        *(float(tenth == i) for i in range(PLACES)),
        float(position >= 0.999),
        float(position <= 0.001),
        position,
        position * position,
        min(len(sentence.split()), 60) / 60,
        float(bool(_DIGIT.search(sentence))),
        float(bool(_SHARE.search(sentence))),
        float(bool(_FIRST_PERSON.search(sentence))),
        float(bool(_BRACKETED_FIGURE.search(sentence))),
    ]
