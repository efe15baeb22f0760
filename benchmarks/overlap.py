"""When a quote counts as the wanted one: it need not be cut where the people cut who marked the evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_WORD = re.compile(r"[a-z0-9.]+")
OF_GOLD, OF_QUOTE, LEAST_WORDS = 0.5, 0.9, 6


def words(text: str) -> Counter[str]:
    """Give the words and figures of a text in lower case, each as often as it stands there."""
    return Counter(_WORD.findall(text.lower()))


def is_hit(quote: str, gold: str) -> bool:
    """Tell whether a quote holds half of the gold words, or is of six words or more of which nine tenths are gold."""
    mine, wanted = words(quote), words(gold)
    shared = (mine & wanted).total()
    if not shared:
        return False
    return shared >= OF_GOLD * wanted.total() or (mine.total() >= LEAST_WORDS and shared >= OF_QUOTE * mine.total())


def is_among(quotes: Iterable[str], gold: Sequence[str]) -> bool:
    """Tell whether any of the quotes is any of the gold texts."""
    return any(is_hit(quote, one) for quote in quotes for one in gold)
