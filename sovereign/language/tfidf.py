"""The prototype's rule: the cosine of a claim with texts by TF-IDF over word 1- and 2-grams, as scikit-learn counts them.

A pure function of texts, so no port stands between; scikit-learn takes a second to load, and is loaded where it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Tfidf:
    """Texts to compare claims with; the words and their rarity are learnt from them."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._texts = len(texts)
        self._words: Any = TfidfVectorizer(ngram_range=(1, 2))
        has_words = any(map(self._words.build_analyzer(), texts))
        self._rows: Any = self._words.fit_transform(texts) if has_words else None

    def cosines(self, claim: str) -> list[float]:
        """Give the cosine (0..1) of the claim with each text, in order; 0 where either has no word of two letters."""
        if self._rows is None:
            return [0.0] * self._texts
        found: list[float] = (self._rows @ self._words.transform([claim]).T).toarray().ravel().tolist()
        return found
