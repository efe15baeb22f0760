"""Words and their weights: what a claim and a passage share. Standard library only, deterministic."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache

from sovereign.language.terms import stem

TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

_STOP = """
    a about above after again all also although am an and any are as at be because been before being below between both but by can
    could did do does doing done down during each either et al etc for from further had has have having he her here his how however i if
    in into is it its itself just may me might more most much must my neither no nor not of off on once one only onto or other our out
    over own per same shall she should since so some such than that the their them then there therefore these they this those through
    thus to too toward towards under until up upon us use used uses using very via was we well were what when where whether which while
    who whom whose why will with within without would yet you your"""
STOP_WORDS = frozenset(_STOP.split())


def tokens(text: str) -> list[str]:
    """Give the words and numbers of a text, lower case, in order."""
    return [found.group().lower() for found in TOKEN.finditer(text)]


def content_stems(text: str) -> list[str]:
    """Give the stems of all words that carry content, in order; numbers are kept."""
    return [stem(word) for word in tokens(text) if word not in STOP_WORDS and (len(word) > 1 or word.isdigit())]


def coverage(claim: str, text: str) -> float:
    """Give the share (0..1) of the claim's different content stems that the text has too; 0 for a claim without content."""
    wanted = _stem_set(claim)
    return len(wanted & _stem_set(text)) / len(wanted) if wanted else 0.0


@lru_cache(maxsize=20_000)
def _stem_set(text: str) -> frozenset[str]:
    return frozenset(content_stems(text))


class Index:
    """Which of many sentences share a claim's rarer words; built once, asked for many claims."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        self._postings: dict[str, list[int]] = {}
        for position, text in enumerate(texts):
            for word in dict.fromkeys(content_stems(text)):
                self._postings.setdefault(word, []).append(position)

    def shares(self, claim: str) -> dict[int, float]:
        """Give, by position, the share (0..1) of the claim's content that each sentence has, rare words counting more.

        Sentences that share nothing are left out.
        """
        weights = {word: math.log(1 + self._size / (0.5 + len(self._postings.get(word, ())))) for word in content_stems(claim)}
        whole = sum(weights.values()) or 1.0
        out: dict[int, float] = {}
        for word, weight in weights.items():
            for position in self._postings.get(word, ()):
                out[position] = out.get(position, 0.0) + weight / whole
        return out


def nearest(claim: str, sentences: Sequence[str], count: int, index: Index | None = None) -> tuple[int, ...]:
    """Give the positions of the `count` sentences that share most of the claim, in reading order; the first ones where none does.

    `index` is of these sentences, where it is at hand.
    """
    shares = (index or Index(sentences)).shares(claim)
    ranked = sorted(range(len(sentences)), key=lambda i: (-shares.get(i, 0.0) * (1 - 0.002 * min(len(sentences[i].split()), 80)), i))
    return tuple(sorted(ranked[:count]))
