"""Which side a sentence takes on a question that compares: "Does X do more of it than Y?". Pure; standard library only.

Both are read alike: a comparative has what is greater on one side and what is less on the other. A sentence that puts the question's
two sides in the question's order says yes, one that exchanges them, or denies the order, says no. Where it compares by another
measure, or names neither side, it takes none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sovereign.language.lexical import content_stems
from sovereign.language.terms import families, stem

_MORE = "more|better|higher|greater|larger|bigger|stronger|faster|longer|easier|safer|superior|best|highest|largest|strongest"
_LESS = "less|fewer|worse|lower|smaller|weaker|slower|shorter|inferior|worst|lowest|smallest|weakest|poorly|harder"
_GREATER = rf"(?:outperform\w*|surpass\w*|exceed\w*|beats?|wins? over|{_MORE})"
_LESSER = rf"(?:underperform\w*|trail(?:s|ed)?|lag(?:s|ged)?|loses? to|{_LESS})"
_PREDICATE = re.compile(rf"\b(?:(?P<more>{_GREATER})|(?P<less>{_LESSER}))\b", re.IGNORECASE)
_KNOWN = rf"(?:{_MORE}|{_LESS})"
_ASKED = re.compile(
    rf"\b(?:(?P<verb>outperforms?|surpass(?:es)?|exceeds?|beats?|underperforms?)"
    rf"|(?P<word>{_KNOWN})\b(?P<what>(?:(?!\b{_KNOWN}\b)[^,;:?]){{0,80}}?)\bthan"
    r"|(?P<other_word>[^\W\d_]{3,}er) than)\s+(?P<against>[^,;:?]{2,80})",
    re.IGNORECASE,
)
_QUALITIES = r"(?:out|under)perform\w*|better|worse|best|worst|superior|inferior|surpass\w*|beats?"
_GENERIC = re.compile(rf"\b(?:{_QUALITIES})\b", re.IGNORECASE)
_BETTER = re.compile(
    rf"\b(?:{_QUALITIES}|wins? over|loses? to|trail(?:s|ed)?|lag(?:s|ged)?|faster|slower|easier|harder|safer)\b", re.IGNORECASE
)
_QUALITY = frozenset(
    stem(word) for word in "accurate accurately accuracy precise precisely effective effectively good well reliable reliably".split()
)
"""Measures that are meant where a sentence says no more than "better"."""
_COSTS = frozenset(
    stem(word)
    for word in (
        "cost expense price computation time latency delay memory energy power error loss complexity effort overhead risk mortality death"
    ).split()
)
"""Measures of which less is better: who is faster, or better, has less of them."""
_DENIED = re.compile(r"(?:\b(?:no|not(?! only| just| merely)|never|neither|nor|cannot|hardly)|n['’]t)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_TURNED = r"revers(?:ed?|al)|opposite|vice versa"
_OTHERWISE = re.compile(rf"\b(?:{_TURNED}|poorly|as \w+ as)\b", re.IGNORECASE)
_REVERSED = re.compile(rf"\b(?:{_TURNED})\b", re.IGNORECASE)
_DEGREE = re.compile(r"more|less|fewer|most|least", re.IGNORECASE)
"""Words that say of themselves not what they measure."""
_CLAUSE = re.compile(r"[,;:]\s|\b(?:whereas|while|although|though|but)\b", re.IGNORECASE)
_SCALES = tuple(
    frozenset(words.split())
    for words in ("longer shorter", "larger bigger smaller", "stronger weaker", "faster slower", "safer", "easier harder", "higher lower")
)
"""Comparatives that are one measure by themselves."""
_THAN = re.compile(r"\bthan\b", re.IGNORECASE)
SUBJECT_STEMS = 3
"""How many stems of what stands before the comparative name its subject."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a question compares: the stems of what it asks about, of what that is held against, and of the measure.

    Attributes:
        is_more: Whether the question asks if the first is the greater one.
        is_quality: Whether the measure is how good something is.
        is_cost: Whether less of the measure is better: cost, time, errors.
        word: The comparative itself.
    """

    first: frozenset[str]
    second: frozenset[str]
    measure: frozenset[str]
    is_more: bool
    is_quality: bool
    is_cost: bool
    word: str


@lru_cache(maxsize=256)
def comparison(question: str) -> Comparison | None:
    """Give what a question compares; None where it compares nothing."""
    found = _ASKED.search(question)
    if found is None:
        return None
    before = list(dict.fromkeys(content_stems(question[: found.start()])))
    other, what = _stems(found["against"]), _stems(found["what"] or "")
    next_to = list(content_stems(question[: found.start()].rsplit(maxsplit=1)[-1])) if before else []
    subject = before[:-1] if len(before) > 1 and next_to == before[-1:] else before  # "boats float longer": the verb is no part of it
    first = frozenset(subject[:SUBJECT_STEMS])
    both, word = first & other, (found["verb"] or found["word"] or found["other_word"]).lower()
    measure = (frozenset(before) | what) - first - other
    if not first - both or not other - both:
        return None
    is_quality = bool(found["verb"]) or bool(measure & _QUALITY) or bool(_GENERIC.fullmatch(word))
    is_more, is_cost = not re.fullmatch(_LESSER, word, re.IGNORECASE), bool(families(measure) & families(_COSTS))
    return Comparison(first - both, other - both, measure, is_more, is_quality, is_cost, word)


def side(asked: Comparison, sentence: str) -> str:
    """Give "yes" or "no" where a sentence puts the two sides in the question's order or in the other one, else ""."""
    if _OTHERWISE.search(sentence):
        return ""
    said = {_one(asked, clause, sentence) for clause in _CLAUSE.split(sentence) if clause} - {""}
    return said.pop() if len(said) == 1 else ""


def is_both(asked: Comparison, sentence: str) -> bool:
    """Whether a sentence puts the two sides in one order here, and in the other one there."""
    said = families(_stems(sentence))
    named = bool(families(asked.first) & said) and bool(families(asked.second) & said)
    return named and bool(_REVERSED.search(sentence)) and _is_measured(asked, asked.word, sentence)


def _one(asked: Comparison, clause: str, sentence: str) -> str:
    found = _PREDICATE.search(clause)
    if found is None or not _is_measured(asked, found[0], clause if _DEGREE.fullmatch(found[0]) else sentence):
        return ""
    before, after = clause[: found.start()], clause[found.end() :]
    order = _order(asked, _stems(before), _stems(after))
    than = _THAN.search(after)
    if not order and than is not None:  # "it was higher in A than in B"
        order = _order(asked, _stems(after[: than.start()]), _stems(after[than.end() :]))
    if not order:
        return ""
    is_first_greater = (order > 0) == bool(found["more"])
    if asked.is_cost and _BETTER.fullmatch(found[0]):
        is_first_greater = not is_first_greater
    if _DENIED.search(clause[: found.start()]):
        return "no" if is_first_greater == asked.is_more else ""  # "not more than" is no yes to "less than": they may be alike
    return "yes" if is_first_greater == asked.is_more else "no"


def _is_measured(asked: Comparison, word: str, sentence: str) -> bool:
    """Whether a sentence compares by the measure that is asked about."""
    if not asked.measure and any({asked.word, word.lower()} <= scale for scale in _SCALES):
        return True
    said = _stems(sentence)
    return bool(families(asked.measure) & families(said)) or (asked.is_quality and bool(_GENERIC.fullmatch(word)))


def _stems(text: str) -> frozenset[str]:
    return frozenset(content_stems(text))


def _order(asked: Comparison, left: frozenset[str], right: frozenset[str]) -> int:
    """Give 1 where the first side stands left and the second right, -1 where they are exchanged, 0 where that is not told.

    Papers call what they propose by a name of their own, so it is enough that the one thing it is held against stands on one side alone
    and something else on the other.
    """
    first = len(asked.first & left) - len(asked.first & right)
    second = len(asked.second & right) - len(asked.second & left)
    if first * second < 0 or (not first and not second):
        return 0
    if not second:  # "A underperforms": what it is held against is left out; "it improves A" tells nothing
        return 1 if first > 0 else 0
    together = first + second
    if not first and not (left if second > 0 else right):
        return 0
    return 1 if together > 0 else -1
