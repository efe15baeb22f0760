"""Which of many sentences a question may be answered by: Okapi BM25 over stems, and several orders fused into one. Pure.

BM25 with k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, doi:10.1561/1500000019);
orders are fused by reciprocal rank with k = 60 (Cormack, Clarke and Büttcher, SIGIR 2009, doi:10.1145/1571941.1572114).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from sovereign.language.lexical import content_stems

K1, B = 1.2, 0.75
FUSION_K = 60


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


def fused(orders: Sequence[Sequence[float]]) -> list[float]:
    """Give one score for each of several scores of the same things: the sum of their reciprocal ranks; ties keep their place."""
    size = len(orders[0]) if orders else 0
    found = [0.0] * size
    for scores in orders:
        for rank, position in enumerate(sorted(range(size), key=lambda at: (-scores[at], at)), start=1):
            found[position] += 1 / (FUSION_K + rank)
    return found
