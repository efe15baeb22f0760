"""Goal -> Query*: a question of any field becomes four searches, from narrow to broad, and the goal's own are added.

No search is the whole sentence, and none asks for everything at once: a search that finds nothing is useless. The first pairs the
two main subjects; the next put a subject beside what is measured, what it is tried on, a name, or the question's other words; the
last asks for any of its telling words. A subject is a known concept with its synonyms, or a phrase as the question has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, groupby, pairwise, zip_longest

from sovereign.language.inquiry import parts
from sovereign.language.question import MIN_ABBREVIATION, PIECE, Kind, Term, synonyms, terms
from sovereign.language.terms import tokens
from sovereign.model import Field, Goal, Query

PLANNED = 4
MAX_PHRASES = 6
MAX_WIDE = 14
"""How many phrases the search for any of them has; more make the address of a request long and tell no more."""
TELLING = 3.0
"""Weight from which a word may be a subject of its own beside a phrase: it stands in at most every twentieth abstract."""
FURTHER_WORD = 0.2
"""What each further word adds to a phrase's weight, as a share of its own."""
ENOUGH_SUBJECTS = 3
VAGUE_MEASURES = frozenset({"accuracy"})
"""Measures that stand in almost every abstract; a search for them finds no less than one without."""


def plan(goal: Goal) -> tuple[Query, ...]:
    """Give four planned queries, then those made of the goal's keywords, then the goal's own; "q1", "q2", … in order.

    Deterministic. Fewer than four only where the question has not enough words to tell four searches apart.
    """
    found = _with_phrases(goal.question, terms(goal.question))
    wide = _wide(found)
    narrow = _distinct(_drafts(found), PLANNED - 1 if wide else PLANNED)
    drafts = [*_distinct((*narrow, *wide, *_drafts(found)), PLANNED), *_keywords(goal, found)]
    named = enumerate(_distinct(drafts, len(drafts)), start=1)
    made = [goal.query(f"q{number}", why, groups, field) for number, (groups, field, why) in named]
    return (*made, *goal.own_queries(len(made)))


# --- the question's terms ------------------------------------------------------------------------------------------


def further(goal: Goal, texts: Sequence[str]) -> tuple[Query, ...]:
    """Give one search for each text, such as a claim that lacks evidence: its two weightiest terms together; "r1", "r2", … in order.

    A text without a term gives none.
    """
    made: list[Query] = []
    for text in texts:
        strongest = sorted(terms(text), key=lambda term: -term.weight)[:2]
        if strongest:
            made.append(goal.query(f"r{len(made) + 1}", "a claim lacked evidence", tuple(_group(term) for term in strongest)))
    return tuple(made)


def _with_phrases(question: str, found: tuple[Term, ...]) -> tuple[Term, ...]:
    """Add to a question's terms the phrases that its words stand in: the names of things in fields of which no list is kept.

    A facet of the question is read as written; known concepts and names in it stay what they are, what stands between them is a phrase
    where it is two words or more. Of a longer phrase any two words that follow will do as well: not every author writes all of it.
    """
    single = {term.label: term for term in found if term.kind is Kind.WORD}
    made: list[Term] = []
    for part in parts(question):
        words = [word.casefold() for word in PIECE.findall(part.name)]
        for is_telling, run in groupby(words, key=lambda word: word in single):
            phrase = list(run)
            if is_telling and len(phrase) > 1:
                pairs = map(" ".join, pairwise(phrase))
                heaviest = sorted((single[word].weight for word in phrase), reverse=True)
                made.append(
                    Term(Kind.PHRASE, tuple(dict.fromkeys((" ".join(phrase), *pairs))), heaviest[0] + FURTHER_WORD * sum(heaviest[1:]))
                )
    return (*found, *made)


# --- the queries ---------------------------------------------------------------------------------------------------

Draft = tuple[tuple[tuple[str, ...], ...], Field, str]


def _drafts(found: tuple[Term, ...]) -> Iterator[Draft]:
    """Yield candidate queries, the most wanted first; the caller takes the first four that differ."""
    subjects = _subjects(found)
    if not subjects:
        return
    main = subjects[0]
    names = [term for term in _strongest(found, Kind.NAME) if term is not main]
    beside = _beside(main, subjects[1:2], found)
    if len(subjects) > 1:
        yield _both(main, subjects[1], "the question's two main topics together")
    loose = tuple(map(_plain, main.label.split())) if main.kind is Kind.PHRASE else ()
    if len(subjects) > 1 and len(loose) > 1 and beside:
        why = "a word of the main topic beside another of the question's"
        yield (loose, _joined(beside[:MAX_PHRASES]).phrases[:MAX_PHRASES]), Field.ALL, why
    if names:
        yield (_group(*names[:3]),), Field.ALL, "names that the question uses"
    yield from _aspects(main, found)
    if beside:
        yield _both(main, _joined(beside[:MAX_PHRASES]), "the main topic and the question's other words")
    for one, two in combinations(subjects[:4], 2):
        yield _both(one, two, f"“{one.label}” beside “{two.label}”")
    others = _beside(subjects[1], [main], found) if len(subjects) > 1 else []
    if others:
        yield _both(subjects[1], _joined(others[:MAX_PHRASES]), f"“{subjects[1].label}” and the question's other words")
    if len(subjects) == 1 and len(beside) > 1:
        yield _both(beside[0], beside[1], "the question's two most telling words")
    yield from _alone(main, subjects)


def _beside(subject: Term, apart: Sequence[Term], found: tuple[Term, ...]) -> list[Term]:
    """Give the smallest phrases and words that may stand beside a subject: none that it says itself, none set apart."""
    words = [*_strongest(found, Kind.PHRASE), *_strongest(found, Kind.WORD)]
    smallest = [term for term in words if not any(_says(term, other) for other in words if other is not term)]
    return [term for term in smallest if term not in apart and not _says(subject, term)]


def _says(one: Term, other: Term) -> bool:
    """Whether a term's own words hold all of another's."""
    return set(other.label.split()) <= set(one.label.split())


def _subjects(found: tuple[Term, ...]) -> list[Term]:
    """Give what the searches turn on, the main one first: topics and tasks; where there are few, the next best things."""
    topics = _strongest(found, Kind.TOPIC, Kind.TASK)
    if len(topics) >= ENOUGH_SUBJECTS:
        return topics
    measures = [term for term in _strongest(found, Kind.MEASURE) if term.label not in VAGUE_MEASURES]
    enough = [*topics, *_strongest(found, Kind.PHRASE), *measures][: max(ENOUGH_SUBJECTS, len(topics))]
    if not topics and len(enough) < ENOUGH_SUBJECTS - 1:
        words = _strongest(found, Kind.WORD)
        telling = [word for word in words if word.weight >= TELLING]
        told = [*_strongest(found, Kind.NAME, Kind.PHRASE), *(telling if enough or telling else words)]
        enough = [term for at, term in enumerate(told) if not any(_says(before, term) for before in told[:at])][:ENOUGH_SUBJECTS]
    return enough or _strongest(found, Kind.BENCHMARK, Kind.MEASURE)


def _wide(found: tuple[Term, ...]) -> tuple[Draft, ...]:
    """Give the search for any of the question's telling words, for the source to put the papers that hold most of them first."""
    known = [term for term in found if term.kind not in {Kind.PHRASE, Kind.WORD}]
    single = [Term(Kind.WORD, (_plain(word),), term.weight) for term in found if term not in known for word in term.label.split()]
    ordered = sorted((*known, *single), key=lambda term: -term.weight)
    rounds = (phrase for taken in zip_longest(*(term.phrases[:2] for term in ordered)) for phrase in taken if phrase)
    phrases = tuple(dict.fromkeys(phrase for phrase in rounds if len(phrase) >= MIN_ABBREVIATION))[:MAX_WIDE]
    return (((phrases,), Field.ALL, "any of the question's telling words"),) if len(phrases) > 1 else ()


def _plain(word: str) -> str:
    """Give a word without the possessive: "Chile's" is told of where "Chile" is."""
    return word.removesuffix("'s").removesuffix("’s")


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
    phrases = synonyms(keyword)
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
