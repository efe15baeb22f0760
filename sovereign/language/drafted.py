"""A drafted sentence beside the words it is to rest on: its form, numbers, names and caution. Pure; what follows is the verifier's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sovereign.language.comparison import Comparison, compare
from sovereign.language.overstatement import overstated
from sovereign.language.quantities import disagree
from sovereign.text import sentences

MAX_SENTENCE_CHARS = 800
UNBORNE = "its sources do not bear it out"
_FOREIGN = re.compile(
    r"https?:|www\.|\bdoi\b|arxiv\s*:|\[\s*\d+(?:\s*[,–-]\s*\d+)*\s*\]|\[C?\d+\]|\bet al\b|<[a-z/!][^>]*>|```|\]\(", re.IGNORECASE
)


def misformed(text: str) -> str:
    """Say what a sentence holds that it may not hold, or nothing."""
    if not text or len(text) > MAX_SENTENCE_CHARS:
        return f"it has {len(text)} characters"
    found = _FOREIGN.search(text)
    return f"it holds a reference, link or markup of its own ({found.group(0)})" if found else ""


def unnamed_papers(text: str, names: Sequence[str]) -> str:
    """Give a sentence without its papers' names: "Example et al. (2024) find that wax helps" says of boats that wax helps.

    A name may come without the year in its brackets.
    """
    spelt = {way for name in names for way in (name, name.rpartition(" (")[0] if name.endswith(")") else name)}
    for name in sorted(filter(None, spelt), key=len, reverse=True):
        text = text.replace(name, "the paper")
    return text


def parts(text: str) -> tuple[str, ...]:
    """Give each sentence of a text by itself."""
    return tuple(text[start:end] for start, end in sentences(text)) or (text,)


def compared(text: str, told: Sequence[str]) -> tuple[Comparison, ...]:
    """Compare each sentence of a text with the words it rests on, as a claim is compared with its paper."""
    return tuple(compare(part, told) for part in parts(text))


def strays(text: str, told: Sequence[str], comparisons: Sequence[Comparison]) -> str:
    """Say which number, unit, name or direction the words do not have, or which caution is lost; a name counts far from any sentence."""
    wrong = [check.detail for c in comparisons if c.is_veto or c.names for check in c.checks if check.passed is False]
    wrong = wrong or [loose for part in parts(text) if (loose := overstated(part, told))]
    return f"{UNBORNE} ({'; '.join(wrong)})" if wrong else ""


def lost_numbers(old: str, new: str, told: Sequence[str]) -> str:
    """Say which number of a sentence its rewriting lost although the sources have it, or nothing."""
    missing = {mismatch.claimed for mismatch in disagree(old, new)}
    there = missing - {mismatch.claimed for mismatch in disagree(old, " ".join(told))}
    return f"the rewriting lost {', '.join(f'“{text}”' for text in sorted(quantity.text for quantity in there))}" if there else ""
