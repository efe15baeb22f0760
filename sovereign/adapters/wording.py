"""What the wording and the form of a sentence say beside the encoder: linear models over groups of words, and counted signs of damage.

The numbers lie in `weights/reader-words.npz`, eight bits each; a group of words finds its number by its CRC-32, so no list of words is
kept. How they were fitted: `training/reader_words.py`.
"""

from __future__ import annotations

import io
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sovereign.language.word_groups import MAX_CHARS, NEAR, TOKEN, grouped, hashed, order_signs, words
from sovereign.ports import Around

Table: TypeAlias = NDArray[np.float64]
_ENDED = re.compile(r"[.!?][”\"'’)\]]{0,3}(?:\s?\[[\d,;–\- ]{1,40}\])?$")
_HYPHEN = re.compile(r"\w- \w")
_LOST = re.compile(r" [.,;:)]|\( |\(\)|\[\]")
_RUN_ON = re.compile(r"[a-z][A-Z]|[a-z]{2}\d|[.,;][A-Za-z]")
_FURNITURE = re.compile(r"\b(?:Page|et al|arXiv|Downloaded|http|Fig|Table)")
_PLANS = re.compile(
    r"\bhypothesi[sz]|\b(?:aim|objective|purpose|goal)s? (?:of|was|were|is) "
    r"|\b(?:future|further) (?:stud|work|research|trial|experiment|investig)"
    r"|\bshould be (?:investigated|studied|examined|explored)|\bremains? (?:to be|unclear|unknown)|\bwe (?:aim|sought|set out|plan|intend)",
    re.IGNORECASE,
)
FORM = (
    "known at the end", "known before the end", "known at the start", "least known", "known in the mean", "stop", "capital", "figure first",
    "small first", "longest", "single letters", "open brackets", "lone brackets", "lone square brackets", "digits", "threes again",
    "pairs again",
    "unknown share", "unknown", "longest unknown", "hyphens", "lost signs", "words", "capitals", "run on", "letters", "furniture",
)  # fmt: skip
"""The counted signs of `Wording.form`, in order."""


def placed_signs(heading: str, sentence: str, around: Around) -> Iterator[tuple[str, float]]:
    """Yield what tells a finding, each with its weight: groups of words of the sentence and its neighbours, its heading, its place."""
    own = words(sentence)
    for sign in grouped("w", own, 3):
        yield sign, 1.0
    for side, text in (("b", around.before), ("a", around.after)):
        if not text:
            yield f"{side} none", 1.0
            continue
        for sign in grouped(side, words(text), 2):
            yield sign, NEAR
    for word in words(heading)[:12] or ["none"]:
        yield f"h {word}", 1.0
    if around.of:
        share = (around.at - 1) / max(1, around.of - 1)
        for tenth in range(int(share * 10) + 1):
            yield f"p{tenth}", 1.0
        yield f"left {min(4, around.of - around.at)}", 1.0
        yield f"at {min(5, around.at)}", 1.0
        yield f"of {min(15, around.of)}", NEAR


def is_plan(sentence: str) -> bool:
    """Tell whether a sentence says by its wording what was expected, aimed at, or is left to be done."""
    return bool(_PLANS.search(sentence[:MAX_CHARS]))


class Linear:
    """One number for each group of words, found by its hash, and a constant."""

    def __init__(self, numbers: NDArray[np.int8], scale: float, bias: float) -> None:
        self._numbers, self._scale, self._bias = numbers, scale, bias

    def logit(self, signs: Mapping[int, float]) -> float:
        """Give the logit for signs as `hashed` gives them."""
        places = np.fromiter(signs, dtype=np.int64, count=len(signs))
        weights = np.fromiter(signs.values(), dtype=np.float64, count=len(signs))
        return float(self._numbers[places].astype(np.float64) @ weights) * self._scale + self._bias


class Trees:
    """Small regression trees whose answers are added up: each node asks whether one value is at most a threshold."""

    def __init__(self, nodes: Mapping[str, NDArray[np.float64]], start: float) -> None:
        self._column, self._left, self._right = (nodes[name].astype(np.int64) for name in ("column", "left", "right"))
        self._most, self._value, self._roots = nodes["most"], nodes["value"], nodes["roots"].astype(np.int64)
        self._start = start

    def logits(self, rows: Table) -> Table:
        """Give a logit a row; a leaf is its own child, so all rows go down together."""
        at = np.repeat(self._roots[None, :], len(rows), axis=0)
        row = np.arange(len(rows))[:, None]
        while True:
            go = np.where(rows[row, self._column[at]] <= self._most[at], self._left[at], self._right[at])
            if (go == at).all():
                return np.asarray(self._value[at].sum(axis=1) + self._start)
            at = go


class Wording:
    """The models of a `reader-words.npz`."""

    def __init__(self, data: bytes) -> None:
        with np.load(io.BytesIO(data), allow_pickle=False) as kept:
            found = {name: kept[name] for name in kept.files}
        self._linear = {
            name: Linear(found[name], float(found[f"{name} scale"]), float(found[f"{name} bias"])) for name in ("result", "claim", "order")
        }
        self._size = {name: len(found[name]) for name in self._linear}
        self._known = found["known"]
        nodes = {name: found[f"tree {name}"] for name in ("column", "left", "right", "most", "value", "roots")}
        self._trees = Trees(nodes, float(found["tree start"]))

    def finding(self, heading: str, sentence: str, around: Around) -> tuple[float, float]:
        """Give the logits of a result and of a claim."""
        signs = hashed(placed_signs(heading, sentence, around), self._size["result"])
        return self._linear["result"].logit(signs), self._linear["claim"].logit(signs)

    def order(self, sentence: str) -> float:
        """Give the logit of an order."""
        return self._linear["order"].logit(hashed(order_signs(sentence), self._size["order"]))

    def form(self, sentence: str) -> list[float]:
        """Give the counted signs of FORM."""
        return form(sentence, self._known)

    def wholeness(self, rows: Table) -> Table:
        """Give the logit of a whole sentence for rows of (FORM, the encoder's own logit)."""
        return self._trees.logits(rows)


def form(sentence: str, known: NDArray[np.uint8]) -> list[float]:
    """Give the counted signs of FORM; `known` says by hash how often a word was met, as a logarithm in sixteenths."""
    text = sentence[:MAX_CHARS]
    own, parts = TOKEN.findall(text), text.split() or [""]
    met = [_met(w, known) for w in own] or [0.0]
    strange = [len(w) for w, often in zip(own, met, strict=False) if w[0].isalpha() and often < STRANGE]
    pairs, threes = Counter(pairwise(parts)), Counter(zip(parts, parts[1:], parts[2:], strict=False))
    return [
        met[-1], met[-2] if len(met) > 1 else 0.0, met[0], min(met), sum(met) / len(met), float(bool(_ENDED.search(text))),
        float(text[:1].isupper()), float(text[:1].isdigit()), float(text[:1].islower()), float(max(map(len, parts))),
        sum(len(w) == 1 and w.isalpha() and w not in "aAI" for w in parts) / len(parts),
        float(text.count("(") - text.count(")")), float(abs(text.count("(") - text.count(")"))),
        float(abs(text.count("[") - text.count("]"))), sum(c.isdigit() for c in text) / max(1, len(text)),
        float(threes.total() - len(threes)), float(pairs.total() - len(pairs)), len(strange) / len(parts), float(len(strange)),
        float(max(strange, default=0)), float(len(_HYPHEN.findall(text))), float(len(_LOST.findall(text))), float(len(parts)),
        sum(w[:1].isupper() for w in parts[1:]) / len(parts), float(len(_RUN_ON.findall(text))),
        sum(c.isalpha() for c in text) / max(1, len(text)), float(len(_FURNITURE.findall(text))),
    ]  # fmt: skip


STRANGE = math.log1p(1.5)
"""Words met less often than this, as a logarithm, are strange."""


def _met(word: str, known: NDArray[np.uint8]) -> float:
    """Give the logarithm of how often a word was met, plus one; figures are as well known as can be."""
    return KNOWN_FIGURE if word[0].isdigit() else float(known[place_of(word, len(known))]) / 16


KNOWN_FIGURE = 12.0


def place_of(word: str, size: int) -> int:
    """Give a word's place among the known ones."""
    return crc32(word.lower().encode()) % size
