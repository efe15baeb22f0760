"""Groups of words: what linear models count in a sentence, each group by a number of its own. Pure; standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from zlib import crc32

TOKEN = re.compile(r"\d+(?:[.,]\d+)*+|[^\W\d_]+|[^\w\s]|_")
BEGINNINGS = (1, 2, 3, 4)
"""How many words of a sentence's beginning make one sign: "we show that"."""
NEAR = 0.5
"""What the words of a neighbour weigh beside the sentence's own."""
MAX_CHARS = 3_000
"""Where a text is cut before its words are counted."""


def words(text: str) -> list[str]:
    """Give a text's words in small letters and its signs, every figure as "#"."""
    return ["#" if w[0].isdigit() else w for w in TOKEN.findall(text[:MAX_CHARS].lower())]


def grouped(name: str, own: Sequence[str], longest: int) -> Iterator[str]:
    """Yield groups of up to `longest` words, and the beginnings, each under a name."""
    for size in range(1, longest + 1):
        for at in range(len(own) - size + 1):
            yield f"{name} {' '.join(own[at : at + size])}"
    for size in BEGINNINGS:
        yield f"{name}s {' '.join(own[:size])}"


def order_signs(sentence: str) -> Iterator[tuple[str, float]]:
    """Yield what tells an order: groups of words, and of four letters for other languages and disguises."""
    own = words(sentence)
    for sign in grouped("w", own, 3):
        yield sign, 1.0
    text = f" {' '.join(own)} "
    for at in range(len(text) - 3):
        yield f"c {text[at : at + 4]}", NEAR


def hashed(signs: Iterator[tuple[str, float]], size: int) -> dict[int, float]:
    """Give each sign's place among `size` and its weight; what comes twice counts once."""
    return {crc32(sign.encode()) % size: weight for sign, weight in signs}
