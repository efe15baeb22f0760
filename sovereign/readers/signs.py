"""Signs that a text hides something or talks to its reviewer: found by published rules, shown to the owner, never obeyed."""

from __future__ import annotations

import re

from sovereign.model import Sign, SignKind

# Zero-width and bidirectional controls, soft hyphens, variation selectors and the tag characters of plane 14.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_SELECTORS = re.compile("[\ufe00-\ufe0f]{4,}")  # one after a letter chooses its shape, many carry a message
_HARMLESS = "\u00ad\ufeff\u200d\u2061\u2062\u2063\u2064" + "".join(map(chr, range(0xFE00, 0xFE10)))


def strip_invisible(text: str, paper: str, where: str) -> tuple[str, tuple[Sign, ...]]:
    """Give the text without invisible characters, and a Sign where some stood that typesetting does not explain."""
    if text.isascii() or not _INVISIBLE.search(text):
        return text, ()
    odd = [match for match in _INVISIBLE.finditer(text) if match.group() not in _HARMLESS]
    odd += [match for match in _SELECTORS.finditer(text)]
    stripped = _INVISIBLE.sub("", text)
    if not odd:
        return stripped, ()
    at = odd[0].start()
    names = sorted({f"U+{ord(match.group()):04X}" for match in odd})
    context = _INVISIBLE.sub("", text[max(0, at - 40) : at + 60]).strip()
    words = f"{len(odd)} invisible characters ({', '.join(names[:6])}) near “{context}”"
    return stripped, (Sign(SignKind.INVISIBLE, paper, where, words),)


def addressed(text: str, paper: str, where: str) -> tuple[Sign, ...]:
    """Give a Sign for every run of words that instructs a reviewer or a model."""
    return ()
