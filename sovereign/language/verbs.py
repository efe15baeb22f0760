"""Which words of a question are its verbs: told by how often a word is one in papers, and by where a question needs one. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from sovereign.language.terms import stem, stop_words

SURELY, LIKELY, PERHAPS = 30, 15, 8
"""Of a hundred uses: from where a word is a verb wherever it stands ("reduce" 59), from where its participle is one ("required", 20), and
from where it is one if the question has no other ("change" 10)."""
_ASKS_FOR_VERB = frozenset("do does did can could will would shall should may might must".split())
_OBJECT = frozenset("a an the any its their our this that these those some".split())
_PARTICIPLE = re.compile(r"[a-z]{2,}ed")


@cache
def _shares() -> Mapping[str, int]:
    text = (files("sovereign") / "data" / "verbs.txt").read_text(encoding="utf-8")
    rows = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {word: int(share) for word, share in rows}


@cache
def _stems() -> frozenset[str]:
    return frozenset(stem(word) for word, share in _shares().items() if share >= LIKELY)


def verbs(words: Sequence[str]) -> frozenset[int]:
    """Give the places of a question's verbs among its words and stops, its auxiliaries aside.

    A participle is one where nothing follows that it could describe: "wildfires compared with wind", "is surgery required?". A question
    that begins with an auxiliary has one verb at least; where no word surely is one, the likeliest after its subject is taken, or the one
    before an article ("lengthen the voyage").
    """
    lower = [word.casefold() for word in words]
    found = {at for at, word in enumerate(lower) if _shares().get(word, 0) >= SURELY and word not in stop_words()}
    found |= {at for at, word in enumerate(lower) if _PARTICIPLE.fullmatch(word) and stem(word) in _stems() and _ends(lower, at)}
    asking = next((at for at, word in enumerate(lower[:4]) if word in _ASKS_FOR_VERB), None)
    if asking is not None and not any(at > asking for at in found):
        subject = next((at for at in range(asking + 1, len(lower)) if _tells(lower[at])), len(lower))
        after = [at for at in range(subject + 1, len(lower)) if _tells(lower[at])]
        likely = [at for at in after if _shares().get(lower[at], 0) >= PERHAPS]
        before_object = [at for at in after if lower[at + 1 : at + 2] and lower[at + 1] in _OBJECT][:1]
        found |= {max(likely, key=lambda at: _shares()[lower[at]])} if likely else set(before_object)
    return frozenset(found)


def _ends(words: Sequence[str], at: int) -> bool:
    """Whether what stands at a place describes nothing that follows."""
    return at + 1 >= len(words) or not _tells(words[at + 1])


def _tells(word: str) -> bool:
    return word[0].isalnum() and word not in stop_words()
