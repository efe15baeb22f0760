"""A question in plain words -> the terms it speaks of, each with the names that authors use for it; and which of them texts leave out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from sovereign.language import lexical
from sovereign.language.lexical import content_stems
from sovereign.language.terms import (
    DOCUMENTS,
    Concept,
    concept_of,
    concept_within,
    definitions,
    generic_words,
    phrase_counts,
    rarity,
    stop_words,
    tokens,
    weak_words,
)

MIN_ABBREVIATION = 3
RARE_NAME = 5.0
"""Rarity from which a proper name is worth a search of its own: in fewer than 1 of 150 abstracts."""

PIECE = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*")
_SIZE = re.compile(r"\d+(?:\.\d+)?[KMBT]?", re.IGNORECASE)
_BREAK = re.compile(r"[,;:?!()\[\]\"“”]|\be\.g\.|\bi\.e\.|\.(?=\s|$|[A-Z][a-z])")
_CONTRAST = frozenset({"versus", "vs", "relative", "compared", "comparison", "than", "over", "against"})
_POSSESSIVE = re.compile(r"['’]s\b")
_COINED = re.compile(r"\b\w+[A-Z]\w*\b")
BESIDE = 0.5
"""How far a sentence counts as speaking of what its paper is about."""
COINED_FROM = 8.6
"""Weight of the topic that a coined name holds: who asks about SMoES asks about mixtures of experts before all else."""
LATER_LESS = 0.25
CONTRAST_LESS = 1.0
"""What a term loses for each run of words before it, and for being only what something is compared with."""
SAID_AGAIN = 1.0
"""What a second mention adds to a term's weight."""


class Kind(StrEnum):
    """What a term of the question is for."""

    TOPIC = "topic"
    TASK = "task"
    BENCHMARK = "benchmark"
    MEASURE = "measure"
    NAME = "name"
    PHRASE = "phrase"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Term:
    """Something the question speaks of: the phrases for it, and how much it weighs (higher is more telling)."""

    kind: Kind
    phrases: tuple[str, ...]
    weight: float

    @property
    def label(self) -> str:
        """The term's first phrase."""
        return self.phrases[0]


def terms(question: str) -> tuple[Term, ...]:
    """Give what the question speaks of, in its own order, each once."""
    defined = {short.casefold(): long for long, short in definitions(question)}
    found: dict[str, Term] = {}
    for place, (run, is_contrast) in enumerate(_runs(question)):
        demote = min(LATER_LESS * place, 1.5) + (CONTRAST_LESS if is_contrast else 0.0)
        for term in _read_run(run, defined):
            key = term.label.casefold()
            again = found.get(key)
            weight = max(again.weight + max(SAID_AGAIN - demote, 0.0), term.weight - demote) if again else term.weight - demote
            found[key] = Term(term.kind, again.phrases if again else term.phrases, weight)
    return tuple(found.values())


def _runs(question: str) -> Iterator[tuple[list[str], bool]]:
    """Yield runs of words as written and whether they name what something is compared with; hyphens part words, so "MoE-VLMs" is two."""
    for part in _BREAK.split(question):
        run: list[str] = []
        is_contrast = False
        for word in PIECE.findall(part):
            if word.casefold() in _CONTRAST:
                if run:
                    yield run, is_contrast
                run, is_contrast = [], True
            else:
                run.append(word)
        if run:
            yield run, is_contrast


def _read_run(words: list[str], defined: dict[str, str]) -> Iterator[Term]:
    """Yield the terms of one run: known concepts first, then names, then the phrases between them."""
    rest: list[str] = []
    at = 0
    while at < len(words):
        length, concept = _concept_at(words, at)
        if concept is not None:
            yield from _phrase_terms(rest)
            rest = []
            yield _concept_term(concept, " ".join(words[at : at + length]))
            at += length
            continue
        word = words[at]
        name = _name(words, at)
        if name:
            yield from _phrase_terms(rest)
            rest = []
            yield from _name_terms(name, defined)
            at += len(name.split())
            continue
        if word.casefold() in stop_words() or _SIZE.fullmatch(word):
            yield from _phrase_terms(rest)
            rest = []
        else:
            rest.append(word)
        at += 1
    yield from _phrase_terms(rest)


def _concept_at(words: list[str], at: int) -> tuple[int, Concept | None]:
    """Give the longest known concept that starts at this word, and how many words it takes."""
    for length in range(min(6, len(words) - at), 0, -1):
        concept = concept_of(tuple(words[at : at + length]))
        if concept is not None:
            return length, concept
    return 0, None


def _concept_term(concept: Concept, written: str) -> Term:
    """Make a term of a concept, the question's own wording among its phrases."""
    kind = Kind(concept.kind)
    weight = {Kind.TOPIC: 7.0, Kind.TASK: 5.5, Kind.BENCHMARK: 6.0}.get(kind, 3.0) + _specificity(concept)
    known = {phrase.casefold() for phrase in concept.phrases}
    extra = () if written.casefold() in known or written.casefold().removesuffix("s") in known else (written,)
    return Term(kind, (*concept.phrases, *extra), weight)


def _specificity(concept: Concept) -> float:
    """Give 0 (stands in every tenth abstract or more, such as "deep learning") to 1.5 (in few)."""
    held = max(phrase_counts().get(" ".join(tokens(phrase)), 0) for phrase in concept.phrases)
    return min(max(math.log10(DOCUMENTS / 10 / max(held, 15)), 0.0), 1.5)


def _name(words: list[str], at: int) -> str:
    """Give the proper name at this word (an inner capital, capitals alone, or letters with digits), with a version after it."""
    word = words[at]
    has_inner_capital = any(letter.isupper() for letter in word[1:])
    has_digit_and_letter = any(map(str.isdigit, word)) and any(map(str.isupper, word))
    if len(word) < 2 or not (has_inner_capital or has_digit_and_letter) or _SIZE.fullmatch(word):
        return ""
    follows = words[at + 1] if at + 1 < len(words) else ""
    return f"{word} {follows}" if re.fullmatch(r"v?\d(?:\.\d)?", follows) else word


def _name_terms(name: str, defined: dict[str, str]) -> Iterator[Term]:
    """Yield a proper name, with its long form where the question gives it, and the topic that it is coined from.

    A name that the literature uses every day ("GPU") is a word like any other; one of two letters ("AI") says nothing.
    """
    long = defined.get(name.casefold())
    known = concept_of(tuple(tokens(long))) if long else None
    if known is not None:
        yield _concept_term(known, name)
        return
    if len(name) < MIN_ABBREVIATION and not long:
        return
    is_rare = rarity(name.casefold()) > RARE_NAME or long or " " in name
    yield Term(Kind.NAME if is_rare else Kind.PHRASE, (long, name) if long else (name,), 9.0 if is_rare else 5.0)
    within = concept_within(name)
    if within is not None:
        yield Term(Kind.TOPIC, within.phrases, COINED_FROM)


def _phrase_terms(words: list[str]) -> Iterator[Term]:
    """Yield the phrases in a run of words without stop words: those that the literature uses, else the most telling word."""
    folded = [word.casefold() for word in words]
    while folded and folded[0] in generic_words():
        folded.pop(0)
    while folded and folded[-1] in generic_words():
        folded.pop()
    taken: set[int] = set()
    for length in (3, 2):
        for start in range(len(folded) - length + 1):
            span = range(start, start + length)
            if taken & set(span) or not _is_phrase(folded[start : start + length]):
                continue
            taken |= set(span)
            yield Term(Kind.PHRASE, (" ".join(folded[start : start + length]),), _weight(folded[start : start + length]))
    for at, word in enumerate(folded):
        if at not in taken and word not in generic_words() | weak_words() and len(word) > 2:
            yield Term(Kind.WORD, (word,), _weight([word]))


def _is_phrase(words: list[str]) -> bool:
    """Whether authors use these words together often enough, and not all of them are general."""
    return " ".join(words) in phrase_counts() and not all(word in generic_words() for word in words)


def _weight(words: Iterable[str]) -> float:
    """Give how telling a phrase is: its rarest word, a bonus for each further word; a general word tells half."""
    told = sorted((rarity(word) * (0.5 if word in generic_words() else 1.0) for word in words), reverse=True)
    return min(told[0], 6.0) + 0.5 * min(sum(told[1:]), 3.0)


def synonyms(keyword: str) -> tuple[str, ...]:
    """Give a keyword as written, then the other names of the concept it is, where it is a known one."""
    words = tuple(PIECE.findall(keyword))
    concept = concept_of(words) if words else None
    return tuple(dict.fromkeys((" ".join(words), *(concept.phrases if concept else ()))))


# --- what a text speaks of ----------------------------------------------------------------------------------------


def is_spoken_of(phrases: Iterable[str], text: str) -> bool:
    """Whether the text holds all the telling words of one of the phrases, in any ending and order."""
    return _holds([told(text)], phrases)


def told(text: str) -> frozenset[str]:
    """Give the content stems of a text; a coined name tells of its topic too, "DeepSeekMoE" of a mixture of experts."""
    stems = set(content_stems(_POSSESSIVE.sub("", text)))
    for name in _COINED.findall(text):
        stems |= _topic_within(name)
    return frozenset(stems)


@lru_cache(maxsize=4096)
def _topic_within(name: str) -> frozenset[str]:
    concept = concept_within(name)
    return frozenset(content_stems(concept.phrases[0])) if concept else frozenset()


def _holds(texts: Iterable[frozenset[str]], phrases: Iterable[str]) -> bool:
    wanted = _wanted(phrases)
    return any(stems <= words for words in texts for stems in wanted)


def _wanted(phrases: Iterable[str]) -> tuple[frozenset[str], ...]:
    return tuple(stems for phrase in phrases if (stems := frozenset(content_stems(phrase))))


# --- how much of a question a text speaks of -----------------------------------------------------------------------


class Interest:
    """What a question asks for, taken apart once and held against many texts."""

    def __init__(self, asked: str) -> None:
        weights = {stem: rarity(word) for word in lexical.tokens(asked) for stem in content_stems(word)}
        whole = sum(weights.values()) or 1.0
        self._words = {stem: weight / whole for stem, weight in weights.items()}
        found = [(max(term.weight, 0.0), _wanted(term.phrases)) for term in terms(asked)]
        total = sum(weight for weight, _ in found) or 1.0
        self._terms = [(weight / total, wanted) for weight, wanted in found]

    def share(self, text: frozenset[str]) -> float:
        """Give how much (0..1) of what is asked a text speaks of by itself: the mean of its words and its subjects."""
        return (self.words(text) + self.subjects(text)) / 2

    def words(self, text: frozenset[str]) -> float:
        """Give the share (0..1) of the question's words that a text (as `told` gives it) holds, a rare word counting for more."""
        return min(1.0, sum(weight for stem, weight in self._words.items() if stem in text))

    def subjects(self, text: frozenset[str], beside: frozenset[str] = frozenset()) -> float:
        """Give the share (0..1) of the question's terms that a text speaks of; half of a term's weight where only `beside` does.

        Args:
            beside: What the text is part of, such as its paper's title and abstract: "the model" there is that paper's model.
        """
        return min(1.0, sum(weight * _degree(wanted, text, beside) for weight, wanted in self._terms))


def _degree(wanted: Sequence[frozenset[str]], text: frozenset[str], beside: frozenset[str]) -> float:
    if any(stems <= text for stems in wanted):
        return 1.0
    return BESIDE if any(stems <= beside for stems in wanted) else 0.0
