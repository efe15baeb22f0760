"""Whether two sentences say the same in words of the same meaning: a table of synonyms, and words that carry nothing.

Nothing is guessed: what is neither the same word, a listed synonym nor a word without weight (an article, "we show that")
makes two sentences differ. Word order counts. Standard library only; reads `data/synonyms.txt`.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import cache, lru_cache
from importlib.resources import files

from sovereign.language.terms import stem

_WORD = re.compile(r"\w+(?:[.,]\d+)*|[<>=≤≥≠!±%+−/*$€]|(?<=\s)-(?=\d)")
_MARKED = re.compile(r"\w+|[^\w\s.,;:'’\"“”()\[\]]")  # words, and the marks that bear meaning: "<", "−", "%"
_MARK = "\u241e"
MOST = 0.8
"""Share of a sentence's words that a claim must be to stand in it: "we test whether …" holds the words of what it only asks."""
FEWEST = 3
"""A claim of fewer weighty words than this is only compared word for word."""
FEWEST_COMPLETED = 6
"""A claim of fewer weighty words than this is not taken to be completed by its context."""
IN_ORDER = 0.6
"""Share of a claim's weighty words that stand in the sentence in their order."""
SKIPPED = 1
"""Weighty words of the sentence that such a claim may leave out in between."""
_LIMITS = (
    "if unless except only not no never may might could can would should when whether without but although though"
    " hardly rarely until or nor either partly partially some"
)
_CONDITIONS = frozenset(word for limit in _LIMITS.split() for word in (limit, stem(limit)))
_EMPTY = "a an the that this these those of our we it its their there here is are was were be been being has have had do does did also"
_WEIGHTLESS = frozenset(_EMPTY.split())
_CONNECTIVES = (
    "however|moreover|furthermore|in addition|additionally|besides|therefore|thus|hence|consequently|as a result|notably|importantly"
    "|specifically|in particular|overall|interestingly|indeed|finally|in summary|in conclusion|in contrast|similarly|here|to this end"
)
_TELLERS = (
    r"(?:(?:our|the|these|this) )?(?:experimental |empirical )?(?:results?|experiments?|findings?|evaluations?|study|paper|authors?)|we"
)
_TELLING = (
    "show|shows|showed|shown|demonstrate|demonstrates|demonstrated|find|finds|found|observe|observes|observed|report|reports|reported"
    "|reveal|reveals|revealed|indicate|indicates|indicated"
)
_ASIDES = re.compile(r"\s\((?:\d|[ivx]+|[a-z]*+[A-Z][a-z]*+[A-Z][\w-]*+)\)")  # "(1)", "(ii)", "(NLP)"
_SMALL = "zero one two three four five six seven eight nine ten"
_DIGITS = {word: str(n) for n, word in enumerate(_SMALL.split())}
_LEADING = "on|in|for|with|under|by|using|after|before|during|across|among|to|at|given|compared|despite|unlike"
_FRONTED = re.compile(rf"^((?:{_LEADING})\b[^,]{{3,80}}),\s+(.+?)\s*[.]?$", re.IGNORECASE)
_OPENERS = re.compile(
    rf"^(?:{_CONNECTIVES}|according to the (?:paper|authors|study))\s*,?\s+"
    rf"|^(?:(?:{_TELLERS})(?: also)?|it (?:is|was|has been)) (?:{_TELLING}) that\s+",
    re.IGNORECASE,
)


@cache
def _synonyms() -> tuple[dict[str, str], re.Pattern[str], dict[str, str]]:
    """Give stems to their group, a pattern of all phrases of several words, and phrases to their group."""
    words: dict[str, str] = {}
    phrases: dict[str, str] = {}
    for line in (files("sovereign") / "data" / "synonyms.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        group = [form.strip() for form in line.split(",")]
        for form in group:
            if " " in form:
                phrases.setdefault(form, f"={group[0]}")
            else:
                for word in _inflected(form):
                    words.setdefault(word, f"={group[0]}")
    longest = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return words, re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})\b"), phrases


def _inflected(word: str) -> set[str]:
    """Give a word's stem and its regular forms; short verbs have no stem of their own ("use", "using")."""
    short = word.removesuffix("e")
    forms = {word, stem(word), f"{word}s", f"{word}ed", f"{word}ing", f"{short}ed", f"{short}ing", f"{short}es"}
    return forms | ({f"{word[:-1]}ies", f"{word[:-1]}ied"} if word.endswith("y") else set())


@lru_cache(maxsize=20_000)
def canonical(text: str) -> tuple[str, ...]:
    """Give a sentence's weighty words in order, each by its stem or its group of synonyms; openers and articles are left out."""
    words, pattern, phrases = _synonyms()
    lower = _OPENERS.sub("", _OPENERS.sub("", _ASIDES.sub(" ", text).strip())).lower().replace("-", " ")
    lower = re.sub(r"(\w)['’]s\b", r"\1", lower)
    marked = pattern.sub(lambda found: f" {_MARK}{list(phrases).index(found.group())} ", lower)
    out = []
    for found in re.finditer(rf"{_MARK}(\d+)|{_WORD.pattern}", marked):
        if found[1]:
            out.append(list(phrases.values())[int(found[1])])
        elif found.group() not in _WEIGHTLESS:
            word = _DIGITS.get(found.group(), found.group())
            out.append(words.get(word) or words.get(stem(word)) or stem(word))
    return tuple(out)


def stands_in(claim: str, sentence: str) -> bool:
    """Whether the claim's words stand in the sentence word for word; what is left out of it is little and sets no condition."""
    return _stands(tuple(_MARKED.findall(claim.lower())), tuple(_MARKED.findall(sentence.lower())))


def says_the_same(claim: str, sentence: str) -> bool:
    """Whether the claim's words stand in the sentence in words of the same meaning; what is left out is little and sets no condition."""
    mine = canonical(claim)
    if len(mine) < FEWEST:
        return False
    return _stands(mine, canonical(sentence)) or _stands(canonical(_unfronted(claim)), canonical(_unfronted(sentence)))


def stands_completed(claim: str, sentence: str, context: str) -> bool:
    """Whether a claim is its sentence with what the neighbours supply: "TAS-B outperforms …" for "It outperforms …".

    Most of the claim's words stand in the sentence in their order. Its other words stand elsewhere in the sentence or in the context, and
    take no weighty word's place; what of the sentence is skipped in between is a single word at most, and sets no condition.
    """
    mine, theirs = canonical(claim), canonical(sentence)
    if len(mine) < FEWEST_COMPLETED:
        return False
    blocks = [block for block in SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks() if block.size]
    if sum(block.size for block in blocks) < IN_ORDER * len(mine):
        return False
    matched = {i for block in blocks for i in range(block.a, block.a + block.size)}
    there = {i for block in blocks for i in range(block.b, block.b + block.size)}
    own = {word for i, word in enumerate(mine) if i not in matched}
    start, end = blocks[0].b, blocks[-1].b + blocks[-1].size
    skipped = [word for i, word in enumerate(theirs) if start <= i < end and i not in there and word not in mine]
    left = {word for i, word in enumerate(theirs) if i not in there and word not in mine}
    return own <= {*theirs, *canonical(context)} and len(skipped) <= SKIPPED and not left & _CONDITIONS


def _unfronted(text: str) -> str:
    """Give a sentence with its leading phrase at its end: "On the lake, boats float" as "boats float On the lake"."""
    return _FRONTED.sub(r"\2 \1", text.strip())


def _stands(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    if not mine or not MOST * len(theirs) <= len(mine) <= len(theirs):
        return False
    for start in range(len(theirs) - len(mine) + 1):
        if theirs[start : start + len(mine)] == mine:
            return not _CONDITIONS & {*theirs[:start], *theirs[start + len(mine) :]}
    return False
