"""Goal -> Query*: a question in plain words becomes four searches, from broad to narrow, and the goal's own are added.

No search is the whole sentence, and none asks for everything at once: a search that finds nothing is useless. The first
pairs the two main topics; the others put a topic beside what is measured, what it is tried on, or a name that the question uses.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, zip_longest

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
from sovereign.model import Field, Goal, Query

PLANNED = 4
MAX_PHRASES = 6
MIN_ABBREVIATION = 3
RARE_NAME = 5.0
"""Rarity from which a proper name is worth a search of its own: in fewer than 1 of 150 abstracts."""

_PIECE = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*")
_SIZE = re.compile(r"\d+(?:\.\d+)?[KMBT]?", re.IGNORECASE)
_BREAK = re.compile(r"[,;:?!()\[\]\"“”]|\be\.g\.|\bi\.e\.|\.(?=\s|$|[A-Z][a-z])")
_CONTRAST = frozenset({"versus", "vs", "relative", "compared", "comparison", "than", "over", "against"})


COINED_FROM = 8.6
"""Weight of the topic that a coined name holds: who asks about SMoES asks about mixtures of experts before all else."""
ENOUGH_SUBJECTS = 3
LATER_LESS = 0.25
CONTRAST_LESS = 1.0
"""What a term loses for each run of words before it, and for being only what something is compared with."""
SAID_AGAIN = 1.0
"""What a second mention adds to a term's weight."""
VAGUE_MEASURES = frozenset({"accuracy"})
"""Measures that stand in almost every abstract; a search for them finds no less than one without."""


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


def plan(goal: Goal) -> tuple[Query, ...]:
    """Give four planned queries, then those made of the goal's keywords, then the goal's own; "q1", "q2", … in order.

    Deterministic. Fewer than four only where the question has not enough words to tell four searches apart.
    """
    found = terms(goal.question)
    drafts = [*_distinct(_drafts(found), PLANNED), *_keywords(goal, found)]
    made: list[Query] = [
        Query(
            id=f"q{number}",
            all_of=groups,
            field=field,
            categories=goal.categories,
            since=goal.since,
            until=goal.until,
            why=why,
        )
        for number, (groups, field, why) in enumerate(_distinct(drafts, len(drafts)), start=1)
    ]
    own = [
        Query(
            id=f"q{len(made) + number}",
            raw=raw,
            categories=goal.categories,
            since=goal.since,
            until=goal.until,
            why="the goal asks for it",
        )
        for number, raw in enumerate(dict.fromkeys(goal.queries), start=1)
    ]
    return (*made, *own)


# --- the question's terms ------------------------------------------------------------------------------------------


def further(goal: Goal, texts: Sequence[str]) -> tuple[Query, ...]:
    """Give one search for each text, such as a claim that lacks evidence: its two weightiest terms together; "r1", "r2", … in order.

    A text without a term gives none.
    """
    made: list[Query] = []
    for text in texts:
        strongest = sorted(terms(text), key=lambda term: -term.weight)[:2]
        if strongest:
            groups = tuple(_group(term) for term in strongest)
            why = "a claim lacked evidence"
            made.append(Query(f"r{len(made) + 1}", groups, categories=goal.categories, since=goal.since, until=goal.until, why=why))
    return tuple(made)


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
        for word in _PIECE.findall(part):
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


# --- the queries ---------------------------------------------------------------------------------------------------

Draft = tuple[tuple[tuple[str, ...], ...], Field, str]


def _drafts(found: tuple[Term, ...]) -> Iterator[Draft]:
    """Yield candidate queries, the most wanted first; the caller takes the first four that differ."""
    subjects = _subjects(found)
    if not subjects:
        return
    main = subjects[0]
    names = [term for term in _strongest(found, Kind.NAME) if term is not main]
    beside = [term for term in (*_strongest(found, Kind.PHRASE), *_strongest(found, Kind.WORD)) if term not in subjects[:2]]
    if len(subjects) > 1:
        yield _both(main, subjects[1], "the question's two main topics together")
    if names:
        yield (_group(*names[:3]),), Field.ALL, "names that the question uses"
    yield from _aspects(main, found)
    if beside:
        yield _both(main, _joined(beside[:MAX_PHRASES]), "the main topic and the question's other words")
    for one, two in combinations(subjects[:4], 2):
        yield _both(one, two, f"“{one.label}” beside “{two.label}”")
    if len(subjects) > 1 and beside:
        yield _both(subjects[1], _joined(beside[:MAX_PHRASES]), f"“{subjects[1].label}” and the question's other words")
    if len(subjects) == 1 and len(beside) > 1:
        yield _both(beside[0], beside[1], "the question's two most telling words")
    yield from _alone(main, subjects)


def _subjects(found: tuple[Term, ...]) -> list[Term]:
    """Give what the searches turn on, the main one first: topics and tasks; where there are few, the next best things."""
    topics = _strongest(found, Kind.TOPIC, Kind.TASK)
    if len(topics) >= ENOUGH_SUBJECTS:
        return topics
    measures = [term for term in _strongest(found, Kind.MEASURE) if term.label not in VAGUE_MEASURES]
    enough = [*topics, *_strongest(found, Kind.PHRASE), *measures][: max(ENOUGH_SUBJECTS, len(topics))]
    if not topics and len(enough) < ENOUGH_SUBJECTS - 1:
        enough = _strongest(found, Kind.NAME, Kind.PHRASE, Kind.WORD)[:ENOUGH_SUBJECTS]
    return enough or _strongest(found, Kind.BENCHMARK, Kind.MEASURE)


def _aspects(main: Term, found: tuple[Term, ...]) -> Iterator[Draft]:
    """Yield the main topic beside what is measured, and beside what it is tried on."""
    measures = [term for term in _strongest(found, Kind.MEASURE) if term is not main and term.label not in VAGUE_MEASURES]
    if measures:
        yield _both(main, _joined(measures[:3]), "the main topic and what is measured")
    tried_on = [term for term in _strongest(found, Kind.BENCHMARK, Kind.TASK) if term is not main]
    if tried_on:
        yield _both(main, _joined(tried_on[:4]), "the main topic and what it is tried on")


def _alone(main: Term, subjects: Sequence[Term]) -> Iterator[Draft]:
    """Yield wider and wider searches for the main topics by themselves; for questions that say little else."""
    yield (_group(main),), Field.TITLE, "the main topic in titles"
    yield (_group(main), ("survey", "review", "benchmark")), Field.ALL, "overviews of the main topic"
    for term in subjects[1:4]:
        yield (_group(term),), Field.TITLE, f"“{term.label}” in titles"
    yield (_group(main),), Field.ABSTRACT, "the main topic in abstracts"
    yield (_group(main),), Field.ALL, "the main topic anywhere"


def _strongest(found: tuple[Term, ...], *kinds: Kind) -> list[Term]:
    """Give the terms of these kinds, the most telling first; equals keep the question's order."""
    return sorted((term for term in found if term.kind in kinds), key=lambda term: -term.weight)


def _both(one: Term, two: Term, why: str) -> Draft:
    return (_group(one), _group(two)), Field.ALL, why


def _joined(several: list[Term]) -> Term:
    """Make one term of several, the first phrase of each before the second of any; a paper needs only one of them."""
    rounds = zip_longest(*(term.phrases[:3] for term in several))
    phrases = tuple(phrase for taken in rounds for phrase in taken if phrase)
    return Term(several[0].kind, phrases, several[0].weight)


def _group(*several: Term) -> tuple[str, ...]:
    """Give the phrases a search would use for these terms: no two-letter abbreviations, which mean too much else."""
    phrases = dict.fromkeys(phrase for term in several for phrase in term.phrases)
    kept = [p for p in phrases if len(p) >= MIN_ABBREVIATION or len(phrases) == 1]
    return tuple(kept[:MAX_PHRASES])


def _keywords(goal: Goal, found: tuple[Term, ...]) -> Iterator[Draft]:
    """Yield queries for the goal's keywords: pairs of them while there are few, each with the main topic otherwise."""
    groups = [_keyword_group(keyword) for keyword in goal.keywords if tokens(keyword)]
    if len(groups) == 1:
        yield (groups[0],), Field.ALL, "the goal's keyword"
    elif 2 <= len(groups) <= 3:
        for one, two in combinations(groups, 2):
            yield (one, two), Field.ALL, "two of the goal's keywords"
    elif groups:
        topics = _strongest(found, Kind.TOPIC, Kind.TASK) or _strongest(found, Kind.PHRASE, Kind.NAME, Kind.WORD)
        main = next(iter(topics), None)
        known = {phrase.casefold() for phrase in main.phrases} if main else set()
        others = [group for group in groups if not known & {phrase.casefold() for phrase in group}]
        joined = tuple(dict.fromkeys(phrase for group in others for phrase in group[:2]))
        if joined:
            yield ((_group(main), joined) if main else (joined,)), Field.ALL, "the goal's keywords"


def _keyword_group(keyword: str) -> tuple[str, ...]:
    """Give the phrases for one keyword: its own words first, its synonyms where it is a known concept."""
    words = tuple(_PIECE.findall(keyword))
    concept = concept_of(words)
    phrases = dict.fromkeys((" ".join(words), *(concept.phrases if concept else ())))
    return tuple(p for p in phrases if len(p) >= MIN_ABBREVIATION or len(phrases) == 1)[:MAX_PHRASES]


def _distinct(drafts: Iterable[Draft], count: int) -> list[Draft]:
    """Give the first `count` drafts that ask for different things."""
    kept: dict[tuple[frozenset[frozenset[str]], Field], Draft] = {}
    for draft in drafts:
        groups, field, _ = draft
        if groups and all(groups):
            kept.setdefault((frozenset(frozenset(map(str.casefold, group)) for group in groups), field), draft)
        if len(kept) == count:
            break
    return list(kept.values())
