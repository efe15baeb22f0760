"""Which of many sentences a question may be answered by: by its words (BM25), by words akin to them, by several orders fused. Pure.

BM25 with k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, doi:10.1561/1500000019);
orders are fused by reciprocal rank with k = 60 (Cormack, Clarke and Büttcher, SIGIR 2009, doi:10.1145/1571941.1572114).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence

from sovereign.language import terms
from sovereign.language.lexical import content_stems

K1, B = 1.2, 0.75
FUSION_K = 60
KINDRED = 0.45
"""Cosine from which two words are kindred: "stars" and "stellar", "mortality" and "death". Gold sentences of six shelves found among 24
claims change little between 0.3 and 0.5, and are fewer where only the question's own words count."""
RAREST = 6.0
"""Rarity above which a word tells no more."""
_WORD = re.compile(r"[^\W\d_][^\W_-]*(?:-[^\W_-]+)*")

Likeness = Callable[[Sequence[str], Sequence[str]], Sequence[Sequence[float]]]
"""Words and other words -> their cosines, a row for each word."""


class Bm25:
    """Sentences taken apart once and held against any question."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(content_stems(text)) for text in texts]
        self._lengths = [sum(count.values()) for count in counts]
        self._mean = sum(self._lengths) / len(counts) if counts else 1.0
        self._postings: dict[str, list[tuple[int, int]]] = {}
        for position, count in enumerate(counts):
            for stem, times in count.items():
                self._postings.setdefault(stem, []).append((position, times))

    def scores(self, question: str) -> list[float]:
        """Give how well each sentence matches, in order; 0 where it shares no word, without an upper bound."""
        size = len(self._lengths)
        found = [0.0] * size
        for stem in dict.fromkeys(content_stems(question)):
            held = self._postings.get(stem, ())
            rarity = math.log(1 + (size - len(held) + 0.5) / (len(held) + 0.5))
            for position, times in held:
                length = self._lengths[position] / (self._mean or 1.0)
                found[position] += rarity * times * (K1 + 1) / (times + K1 * (1 - B + B * length))
        return found


def covered(question: str, texts: Sequence[str], likeness: Likeness) -> list[float]:
    """Give how much of a question each text says, 0..1: each word counts by its rarity, a kindred one for as much as it is like it.

    The recall of BERTScore (Zhang et al., ICLR 2020, arXiv:1904.09675), weighed by rarity, over words that have one vector each.
    """
    asked = [word for word in _words(question) if content_stems(word)]
    said = [_words(text) for text in texts]
    known = list(dict.fromkeys(word for words in said for word in words))
    if not asked or not known:
        return [0.0] * len(texts)
    inflected: dict[str, list[str]] = {}
    for word in known:
        inflected.setdefault(terms.stem(word), []).append(word)
    weights = [min(terms.rarity(word), RAREST) for word in asked]
    whole = sum(weights) or 1.0
    akin = []
    for word, row in zip(asked, likeness(asked, known), strict=True):
        near = {other: cosine for other, cosine in zip(known, row, strict=True) if cosine >= KINDRED}
        akin.append(near | dict.fromkeys(inflected.get(terms.stem(word), ()), 1.0))
    return [
        sum(weight * max((near.get(word, 0.0) for word in words), default=0.0) for weight, near in zip(weights, akin, strict=True)) / whole
        for words in said
    ]


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(_WORD.findall(text.lower())))


def fused(orders: Sequence[Sequence[float]]) -> list[float]:
    """Give one score for each of several scores of the same things: the sum of their reciprocal ranks; ties keep their place."""
    size = len(orders[0]) if orders else 0
    found = [0.0] * size
    for scores in orders:
        for rank, position in enumerate(sorted(range(size), key=lambda at: (-scores[at], at)), start=1):
            found[position] += 1 / (FUSION_K + rank)
    return found
