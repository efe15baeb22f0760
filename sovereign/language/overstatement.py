"""A statement beside the words it is taken from: what makes it surer, wider or another one, though its words are the same. Pure.

These are reasons to look again, no refutations: "in some cases" that became "in all cases", a "may" that is gone, an exception that
is gone, two names that changed places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from sovereign.language.lexical import coverage
from sovereign.language.wording import names

_HEDGES = re.compile(
    r"\b(?:may|might|could|can|possibly|potentially|perhaps|probably|likely|presumably|apparently|seem(?:s|ed|ingly)?|appear(?:s|ed)?"
    r"|suggest(?:s|ed|ing)?|indicat(?:e|es|ed|ing)|conjectur(?:e|es|ed)|hypothesi[sz](?:e|es|ed)|suspect(?:s|ed)?|believe[sd]?|argu(?:e|es|ed)"
    r"|speculat(?:e|es|ed)|expect(?:s|ed)?|tend(?:s|ed)? to|typically|usually|generally|often|sometimes|partly|partially|in part"
    r"|in (?:some|certain|many|most) cases|in (?:general|part|our setting)|some|certain|several|roughly|nearly|almost|up to"
    r"|at (?:most|least))\b",
    re.IGNORECASE,
)
"""Words that hold a statement back (a guess at meaning; a word that is missing here only costs a second look)."""
_EXCEPTIONS = re.compile(
    r"\b(?:except(?:ion|ing|ions)?|other than|apart from|aside from|unless|only|but not|excluding|with the exception)\b", re.IGNORECASE
)
_WHOLE = re.compile(
    r"\b(?:all|every|each|always|any|never|none|no exceptions?|without exception|everywhere|entirely|completely|prov(?:e|es|ed|en|ing))\b",
    re.IGNORECASE,
)
NEAR = 0.5
"""Share of a statement's words in a sentence from which its caution is compared with that sentence's."""


def overstated(claim: str, sentences: Sequence[str]) -> str:
    """Say what a statement lost or gained in its rewording, or nothing; the sentences are those that it is taken from, in order."""
    near = max(sentences, key=lambda sentence: coverage(claim, sentence), default="")
    if coverage(claim, near) < NEAR:
        near = " ".join(sentences)
    whole = " ".join(sentences)
    return (
        _lost(_HEDGES, claim, near)
        or _lost(_EXCEPTIONS, claim, near)
        or next((f"“{word}” stands nowhere there" for word in _found(_WHOLE, claim) if word not in _found(_WHOLE, whole)), "")
        or _exchanged(claim, near)
    )


def _found(words: re.Pattern[str], text: str) -> list[str]:
    return [found.group(0).lower() for found in words.finditer(text)]


def _lost(words: re.Pattern[str], claim: str, near: str) -> str:
    """Give the first such word that the claim leaves out, unless it has as many of them."""
    kept, there = _found(words, claim), _found(words, near)
    if len(kept) >= len(there):
        return ""
    return f"“{next(word for word in there if word not in kept or kept.count(word) < there.count(word))}” is left out"


def _exchanged(claim: str, near: str) -> str:
    """Give the first two names that stand in another order; each must stand once on both sides, else their order tells nothing."""
    mine, theirs = names(claim), names(near)
    shared = [name for name in mine if name in theirs and claim.count(name) == 1 and near.count(name) == 1]
    for one, other in pairwise(shared):
        if near.index(one) > near.index(other):
            return f"“{one}” and “{other}” stand in another order"
    return ""
