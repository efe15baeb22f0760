"""What a question asks for: the form of its answer, its facets, and what it would be to say yes to it. Pure.

A facet is a part that an answer must speak to: a subject, a condition, a comparison, a measure. It is found by where words that
carry no subject stand, for questions of any field: no list of subjects is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from sovereign.language.lexical import content_stems
from sovereign.language.quantities import quantities
from sovereign.language.terms import families, family, generic_words, rarity, stem, stop_words, weak_words
from sovereign.language.verbs import verbs

MOST_WORDS = 4
"""A facet has at most so many words; a longer run is two."""
LONGEST = 6.0
"""Rarity above which a word tells no more: it stands in fewer than 40 of 15,000 abstracts."""
FURTHER = 0.35
"""What each further word adds to a facet's weight, as a share of its own."""
GENERAL = 0.5
"""What is left of the weight of a word that stands in any paper."""
SPOKEN_FROM = 0.6
"""Share of a facet's weight from which a text speaks of it."""
BESIDE = 0.6
"""How much a word counts that stands not in the text but in what its paper is about."""


class Asks(StrEnum):
    """The form of answer that a question asks for."""

    YES_NO = "yes or no"
    AMOUNT = "an amount"
    EFFECT = "an effect"
    CAUSE = "a cause"
    HOW = "how"
    LIST = "a list"


@dataclass(frozen=True, slots=True)
class Part:
    """A facet of a question as it is written, with the stems that speak of it, each with its weight; `weight` is its share of the whole."""

    name: str
    stems: tuple[tuple[str, float], ...]
    weight: float

    def spoken(self, text: frozenset[str], beside: frozenset[str] = frozenset()) -> float:
        """Give how much (0..1) of the facet a text speaks of, in these words or akin ones; what only `beside` holds counts in part.

        Both are stems as `told` gives them.
        """
        own, near = families(text), families(beside)
        whole = sum(weight for _, weight in self.stems)
        held = sum(weight * (1.0 if family(one) & own else BESIDE if family(one) & near else 0.0) for one, weight in self.stems)
        return held / whole if whole else 0.0


_AUXILIARY = (
    "do|does|did|is|are|was|were|am|has|have|had|can|could|should|shall|will|would|may|might|must|isn't|aren't|doesn't|don't|didn't|can't"
)
_OPPOSED = (
    "increases?|decreases?|raises?|lowers?|improves?|worsens?|helps?|hurts?|harms?|gains?|loses?|grows?|shrinks?|rises?|falls?|speeds? up"
    "|slows? down|strengthens?|weakens?|more|less|fewer|better|worse|higher|lower|faster|slower|larger|smaller|stronger|weaker|longer"
    "|shorter"
    "|earlier|later|before|after|positive|negative|linear\\w*|exponential\\w*|quadratic\\w*|local|global|causes?|consequences?|symptoms?"
)
"""Words of which only one can hold at a time."""
_YES_NO = re.compile(rf"^(?:whether\b|if\b|(?:{_AUXILIARY})\b)", re.IGNORECASE)
_ALTERNATIVE = re.compile(r", or (?!(?:not|does|do|did|is|are|was|were|can|could|has|have|by|how|will)\b)", re.IGNORECASE)
"""One of two things is asked for: "Should it be built in, or left to its users?"."""
_EITHER = re.compile(
    rf"\b(?:either\b|(by|in|on|at|for|with|through|from|of|to|as|during|before|after|under|via) (?:[^\s,]+ ){{1,6}}?or \1\b"
    rf"|(?:{_OPPOSED}) or (?:an? |the )?(?:{_OPPOSED})\b)",
    re.IGNORECASE,
)
"""The same without a comma: "by domain or by token", "increase or decrease"."""
_WHICH_ONE = re.compile(
    rf"^(?:{_AUXILIARY}) [^,;:?]{{2,80}}? or [^,;:?]{{2,80}}?\b(?:more|less|better|worse|first|instead|rather|[a-z]{{3,}}er)\b",
    re.IGNORECASE,
)
"""The same of two subjects: "Is beeswax or paraffin better for boats?"; "better than A or B" is none."""
_EVERYWHERE = re.compile(
    r"\b(?:(on|in|for|with|at|during|under|among|to|against) [^;:?]{2,80}?,? and \1\b"
    r"|both\b.{2,80}?\band\b|always\b|every\b|all\b|regardless\b)",
    re.IGNORECASE,
)
"""Several cases are asked about at once: "on its own subject and on others", "in all fields"."""
_THAN = re.compile(r"\bthan\b", re.IGNORECASE)
_LATER_YES_NO = re.compile(rf"[:,;–-]\s+(?:and |or |but )?(?:{_AUXILIARY})\s+(?:it|they|this|these|there|we|the)\b", re.IGNORECASE)
_AMOUNT = re.compile(
    r"^(?:by |to |for |in |at |of |with )?(?:how (?:much|many|long|large|big|small|fast|slow|often|far|high|low|deep|old"
    r"|accurate\w*|precise\w*|well|strong\w*|common|frequent\w*|heavy|likely|great|early|late)\b"
    r"|what (?:is|are|was|were) the (?:\w+ ){0,3}?(?:rate|ratio|size|share|fraction|percentage|proportion|number|amount|value"
    r"|magnitude|cost|prevalence|incidence|frequency|probability|accuracy|error|duration|range|gap|difference)s?\b"
    r"|what (?:rate|ratio|size|share|fraction|percentage|proportion|number|amount|value|extent)\b)",
    re.IGNORECASE,
)
_LATER_AMOUNT = re.compile(r"\bhow (?:much|many|long|large|big|fast|far)\b", re.IGNORECASE)
_EFFECT = re.compile(
    r"^(?:what (?:is|are|was|were) the (?:\w+ ){0,2}?(?:effect|impact|influence|benefit|consequence|outcome)s?\b"
    r"|how (?:does|do|did|is|are|will|would|can|could) .{3,200}? (?:affect|affected|influence|impact|change|alter|improve|reduce|increase"
    r"|trade|compare|differ|depend|scale|vary)\b)",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"^(?:why\b|what (?:causes?|caused|explains?|drives?|makes?|leads? to)\b|what (?:is|are) the (?:reason|cause)s?\b)", re.IGNORECASE
)
_LIST = re.compile(r"^(?:which|who|where|when|what)\b", re.IGNORECASE)
_LEAD = re.compile(
    rf"^(?:whether|if|why|how(?: (?:much|many|long|large|big|fast|often|far|well|accurate))?|what|which|who|when|where|by"
    rf"|to what extent)?\s*"
    rf"(?:(?:{_AUXILIARY})\s+)?(?:there\s+)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:[-.'’/][^\W_]+)*|[,;:?!()–—]")
_SPLIT_CLAUSE = re.compile(rf"(?:,\s*(?:and|or|but)|;)\s+(?=(?:{_AUXILIARY}|how|why|what|which|whether)\b)", re.IGNORECASE)
_EFFECT_OF = re.compile(r"\beffects? of ", re.IGNORECASE)
_AGAINST = re.compile(r",? (?:compared (?:with|to)|versus|vs\.?|relative to|over|rather than) ", re.IGNORECASE)


def asks(question: str) -> Asks:
    """Give the form of answer that a question asks for."""
    text = question.strip()
    if _YES_NO.search(text) and _offers(text):
        return Asks.LIST
    for pattern, found in ((_YES_NO, Asks.YES_NO), (_AMOUNT, Asks.AMOUNT), (_EFFECT, Asks.EFFECT), (_CAUSE, Asks.CAUSE)):
        if pattern.search(text):
            return found
    if _LATER_YES_NO.search(text):
        return Asks.YES_NO
    return Asks.LIST if _LIST.search(text) else Asks.HOW


def _offers(question: str) -> bool:
    """Whether a question that could be one of yes or no lets one choose instead."""
    if _ALTERNATIVE.search(question) or _EITHER.search(question):
        return True
    return _WHICH_ONE.search(question) is not None and not _THAN.search(question)


def asks_of_several(question: str) -> bool:
    """Whether a question is about several cases at once, so that a no in one of them is no yes: "on land and on water"."""
    return _EVERYWHERE.search(question) is not None


def asks_amount(question: str) -> bool:
    """Tell whether any part of a question asks for an amount: "Does it last longer, and by how many minutes?"."""
    return any(asks(part) is Asks.AMOUNT for part in clauses(question)) or bool(_LATER_AMOUNT.search(question))


def measured_in(question: str) -> str:
    """Give the dimension of the unit that a question names ("time" for "how many minutes"); empty where it names none."""
    for word in _WORD.findall(question):
        found = quantities(f"5 {word}")
        if len(found) == 1 and found[0].dimension:
            return found[0].dimension
    return ""


def clauses(question: str) -> tuple[str, ...]:
    """Give the questions that one question joins: "Does it X, and how large is Y?" is two."""
    return tuple(part.strip() for part in _SPLIT_CLAUSE.split(question.strip()) if part.strip())


def compared(question: str) -> tuple[str, str, str] | None:
    """Give (what is tried, what it is compared with, the outcome) of "the effect of X compared with Y on Z"; None for other questions."""
    start = _EFFECT_OF.search(question)
    rest = question[start.end() :].strip().rstrip("?").rstrip() if start else ""
    against = _AGAINST.search(rest)
    if against is None:
        return None
    other, on, outcome = rest[against.end() :].partition(" on ")
    found = (rest[: against.start()].strip(" ,"), other.strip(" ,"), outcome.strip())
    return found if on and all(found) else None


def parts(question: str) -> tuple[Part, ...]:
    """Give the facets of a question in its own order, each once; their weights come to 1."""
    held: set[str] = set()
    found: list[tuple[str, tuple[tuple[str, float], ...], float]] = []
    for run in _runs(question):
        stems = {one: weight for word in run for one, weight in _weighed(word) if one not in held}
        held |= set(stems)
        if stems:
            weights = sorted(stems.values(), reverse=True)
            name = " ".join(word.text for word in run if not word.is_verb) or run[0].text
            found.append((name, tuple(stems.items()), weights[0] + FURTHER * sum(weights[1:])))
    whole = sum(weight for _, _, weight in found)
    return tuple(Part(name, stems, round(weight / whole, 4)) for name, stems, weight in found) if whole else ()


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    is_verb: bool

    @property
    def is_general(self) -> bool:
        lower = self.text.casefold()
        return lower in generic_words() or stem(lower) in _general_stems()

    @property
    def is_silent(self) -> bool:
        """Whether it names no subject."""
        lower = self.text.casefold()
        is_weak = lower in weak_words() and lower not in generic_words()
        return not lower[0].isalnum() or lower in stop_words() or lower in _COMPARING or is_weak or (self.is_verb and self.is_general)


def _weighed(word: _Word) -> Iterable[tuple[str, float]]:
    for piece in re.split(r"[-/.'’]", word.text):
        part = GENERAL if word.is_verb or piece.casefold() in generic_words() else 1.0
        for one in content_stems(piece):
            yield one, min(rarity(piece.casefold()), LONGEST) * part


def _runs(question: str) -> list[list[_Word]]:
    """Give the runs of words between those that name no subject; a verb goes with its object, "impair" with "memory"."""
    asked = question.strip()
    rest = _LEAD.sub("", asked, count=1)
    before, after = _WORD.findall(asked[: len(asked) - len(rest)]), _WORD.findall(rest)
    told = verbs([*before, *after])
    runs: list[list[_Word]] = [[]]
    for at, text in enumerate(after, start=len(before)):
        word = _Word(text, at in told)
        if word.is_silent:
            runs += [] if runs[-1] and all(one.is_verb for one in runs[-1]) else [[]]
        elif word.is_verb or len(runs[-1]) == MOST_WORDS:
            runs.append([word])
        else:
            runs[-1].append(word)
    if len(runs) > 1 and all(one.is_verb for one in runs[-1]):
        runs[-2:] = [[*runs[-2], *(_Word(one.text, is_verb=False) for one in runs[-1])]]
    kept = [[word for word in run if len(word.text) > 1] for run in runs]
    telling = [run for run in kept if not all(word.is_general for word in run)]
    return telling or [run for run in kept if run]


_COMPARING = frozenset(
    "fewer more less most least better worse higher lower larger smaller harder easier faster slower versus relative".split()
)


@cache
def _general_stems() -> frozenset[str]:
    return frozenset(map(stem, generic_words()))
