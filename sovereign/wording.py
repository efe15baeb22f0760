"""What must not change between a claim and the words it rests on, numbers aside: named things, direction, negation.

A name here is a word that carries a capital inside, two capitals, or a digit: acronyms, models, data sets, genes (GPT-4,
VQA, ResNeXt-101, IL-6, p53, 7B). Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sovereign.terms import stem

_WORD = re.compile(r"[^\W_]+(?:[-+/.@'’][^\W_]+)*\+{0,2}")
_NAME = re.compile(r"(?=.*[^\W\d_])(?:.*[^\W\d_].*\d|.*\d.*[^\W\d_]|.*[A-Z].*[A-Z]|.*[a-z].*[A-Z]|[A-Z]$)")
_NOT_NAMES = re.compile(
    r"\d+(?:st|nd|rd|th|s|x|k|fold)?|\d[\d.,/+-]*(?:-[a-z]+)+|(?:[A-Z]?[a-z]+-)*[A-Z]?[a-z]+(?:-[A-Z]?[a-z]+)+|[AI]|[IVX]+|e\.g|i\.e|vs|et|al",
    re.IGNORECASE,
)
_PAIRED = re.compile(r"((?:[^\W\d_][\w-]*\s+){1,6})\(\s*([A-Za-z][\w-]{1,9}?)s?\s*[),;]")
_DENIALS = "no not never none neither nor cannot without lack lacks lacked fail fails failed unable absence"
_NEGATIONS = frozenset(_DENIALS.split())
_CONTRACTED = re.compile(r"n['’]t\b", re.IGNORECASE)

# Words whose exchange turns a statement round; each line is one scale, its two ends parted by " | ".
_SCALES = """
increase rise grow raise elevate enhance gain | decrease fall decline reduce lower drop diminish
improve | worsen degrade impair
upregulate | downregulate
expand accelerate | shrink decelerate
higher greater larger more bigger | lower smaller fewer less
outperform exceed surpass beat | underperform
better superior best | worse inferior worst
faster quicker | slower
high | low
positive positively | negative negatively
activate induce promote stimulate facilitate enable | inhibit suppress block prevent hinder repress
with | without
before | after
above | below
benefit beneficial | harm harmful
significant significantly | insignificant insignificantly nonsignificant
sufficient | insufficient
effective | ineffective
efficient | inefficient
sensitive | insensitive
dependent | independent
stable | unstable
likely | unlikely
able | unable
same similar identical | different dissimilar
early earlier | late later
strong stronger strengthen | weak weaker weaken
presence present | absence absent
most majority | minority few
always | never rarely
all every | none
longer long | shorter short
upper | lower
maximum maximize | minimum minimize
include | exclude
cause | prevent
accept support confirm | reject refute contradict
success succeed | failure fail
protect | expose
"""  # fmt: skip


def _ends(scales: str) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    sides = (line.split(" | ") for line in scales.strip().splitlines())
    return tuple((frozenset(map(stem, a.split())), frozenset(map(stem, b.split()))) for a, b in sides)


_ENDS = _ends(_SCALES)


@dataclass(frozen=True, slots=True)
class Turn:
    """A word of the claim against its opposite in the passage; for a negation, the words that differ."""

    claimed: str
    found: str

    def __str__(self) -> str:
        return f"“{self.claimed or 'no negation'}” against “{self.found or 'no negation'}”"


def names(text: str) -> tuple[str, ...]:
    """Give the named things of a text in order, each once, as written."""
    found = (word.rstrip(".'’") for word in _WORD.findall(text))
    kept = (re.sub(r"['’]s$", "", word) for word in found if _NAME.match(word) and not _NOT_NAMES.fullmatch(word))
    return tuple(dict.fromkeys(word for word in kept if word not in ("A", "I")))


def unnamed(claim: str, passage: str) -> tuple[str, ...]:
    """Give the claim's names that the passage does not have, whatever their hyphens, case and plural; abbreviations count as their words.

    An abbreviation is borne out when the passage spells it ("mixture of experts" for MoE), or when the claim or the passage
    itself introduces it in brackets.
    """
    there = _bare(passage)
    pairs = {_bare(short): _bare(long) for text in (claim, passage) for long, short in _PAIRED.findall(text)}
    initials = _initials(passage)
    missing = []
    for name in names(claim):
        key = _bare(name)
        forms = (key, key.removesuffix("s"), pairs.get(key, key))
        if any(form and form in there for form in forms) or _is_spelt(key.removesuffix("s"), initials):
            continue
        missing.append(name)
    return tuple(missing)


def turned(claim: str, passage: str) -> Turn | None:
    """Give the word by which a passage says the opposite of the claim, or None.

    Only for a passage that is otherwise close: the claim holds one end of a scale and the passage the other end alone, or
    exactly one of the two is negated. The caller decides how close is close (lexical.coverage).
    """
    mine, theirs = _stems(claim), _stems(passage)
    for left, right in _ENDS:
        for near, far in ((left, right), (right, left)):
            if mine & near and not mine & far and theirs & far and not theirs & near and not mine & near & theirs:
                return Turn(_word(claim, near), _word(passage, far))
    negated, denied = _negations(claim), _negations(passage)
    return Turn(" ".join(negated), " ".join(denied)) if len(negated) % 2 != len(denied) % 2 else None


def _bare(text: str) -> str:
    """Give a text's letters and digits alone, lower case."""
    return re.sub(r"[\W_]+", "", text.lower())


def _initials(text: str) -> str:
    """Give the first letters of a text's words, hyphens parting words too."""
    return "".join(word[0] for word in re.findall(r"[^\W_]+", text.lower()))


def _is_spelt(key: str, initials: str) -> bool:
    """Whether the letters of an abbreviation are the initials of consecutive words; two letters prove nothing."""
    letters = re.sub(r"\d", "", key)
    return len(letters) >= 3 and letters in initials


def _stems(text: str) -> set[str]:
    return {stem(word) for word in re.findall(r"[^\W\d_]+", text.lower())}


def _word(text: str, stems: Iterable[str]) -> str:
    wanted, words = set(stems), (found.group() for found in re.finditer(r"[^\W\d_]+", text))
    return next(word for word in words if stem(word.lower()) in wanted)


def _negations(text: str) -> list[str]:
    words = [word for word in re.findall(r"[^\W\d_]+", text.lower()) if word in _NEGATIONS]
    return [*words, *(["n't"] * len(_CONTRACTED.findall(text)))]
