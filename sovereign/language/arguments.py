"""Who does what to whom: whether a claim has the same words as a sentence with their parts exchanged. Pure; standard library only.

Nothing is parsed. A predicate that both texts have parts each of them in two; when something of the left has come to the right and
something of the right to the left, the two have changed places. A phrase that was only moved crosses the predicate in one direction.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sovereign.language.lexical import STOP_WORDS
from sovereign.language.terms import stem


@dataclass(frozen=True, slots=True)
class Shift:
    """What a claim moves or leaves out, in words for people.

    Attributes:
        is_opposed: The sentence says something else in its place, which speaks against the claim and not merely past it.
    """

    detail: str
    is_opposed: bool = False

    def __str__(self) -> str:
        return self.detail


_WORD = re.compile(r"[^\W_]+(?:[-./'’][^\W_]+)*")
_AUXILIARIES = frozenset("is are was were be been being has have had do does did can could will would may might must should".split())
_BY_REACH = 8
_ASYMMETRIC = frozenset(
    map(
        stem,
        """outperform outperforms exceed surpass beat improve improves worsen cause causes lead leads led induce inhibit increase
        decrease reduce raise lower predict precede follow activate regulate contain require need depend replace generate affect
        control determine promote
        prevent underperform influence enable limit drive mediate trigger suppress dominate better worse higher lower faster slower larger
        smaller greater fewer more less stronger weaker superior inferior prefer favour favor use uses encode decode feed send receive give
        teach train explain imply include subsume approximate bound transfer generalise generalize precedes longer shorter earlier later
        cheaper richer safer harder easier simpler block bind inhibits protect attack detect infect treat kill produce consume absorb emit
        lag trail lead win lose rank""".split(),
    )
)
"""Predicates whose two sides cannot change places; a guess at meaning, so it only ever lowers a verdict."""
_MUTUAL = frozenset(
    map(
        stem,
        """correlate associate differ similar equal match compare relate same between gap interact coincide agree versus resemble combine
        merge mix integrate fuse pair couple together joint jointly""".split(),
    )
)
_CLAUSES = re.compile(
    r"\s{0,3};\s{0,3}|,?\s{1,3}(?:while|whereas|but|although|though)\s{1,3}|,\s{1,3}(?:and\s{1,3})?(?=(?:the|our|its|a|an)\s)|,\s{1,3}and\s{1,3}",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:while|whereas|although|though)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?:['’]s|['’])$")
_BY = re.compile(r"\bby\b", re.IGNORECASE)
_CONNECTIVES = frozenset({"and", "or", "versus", "vs", "both", "either", "respectively"})
_TIES = frozenset("with and to from as between on in of for by at into onto over under than using via across during without".split())
_EVEN = frozenset("with and to from as between".split())
"""What ties two sides of one rank, where a word says that they are: "correlated with", "equal to"."""
MUTUAL_REACH = 4
"""How many words before two parts may say that these have no order: "combined A with B"."""
MOST_LEFT_OUT = 6
"""How many words of a sentence's beginning a claim may leave out and still be the same run of words."""
_PART_WORDS = 4
"""Words that a part which changed places has at most."""
_LISTED = re.compile(r",|\b(?:and|or|versus|vs)\b", re.IGNORECASE)
_DIRECTIONS = frozenset("from to than before after into over under above below without more less".split())
_BUT_NOT = re.compile(r"\b(?:but|and|yet) not\b([^,;.]*)", re.IGNORECASE)
_DENIAL = re.compile(r"\b(?:no|not|never|none|neither|nor|cannot)\b|n['’]t\b", re.IGNORECASE)
_STANDS_FOR = re.compile(r"\b(?:it|them|so|ones?|this|that)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Term:
    stem: str
    place: int
    is_predicate: bool
    is_passive: bool


def exchanged(claim: str, sentence: str) -> Shift | None:
    """Give what changed places between a claim and the sentence it is taken from, or None."""
    return (
        _transposed(claim, sentence)
        or _around_a_predicate(claim, sentence)
        or _swapped(claim, sentence)
        or _between_clauses(claim, sentence)
        or _denied_instead(claim, sentence)
    )


def undone(claim: str, sentence: str, here: str, there: str) -> bool:
    """Whether two opposite words say the same, since their sides are exchanged too: "A is better than B", "B is worse than A"."""
    mine, theirs = (dict(reversed(_sequence(text))) for text in (claim, sentence))
    at, other = mine.get(stem(here.lower())), theirs.get(stem(there.lower()))
    if at is None or other is None:
        return False
    both = mine.keys() & theirs.keys()
    to_left = any(mine[word] < at and theirs[word] > other for word in both)
    return to_left and any(mine[word] > at and theirs[word] < other for word in both)


def _transposed(claim: str, sentence: str) -> Shift | None:
    """Give two words that stand in each other's place in what is otherwise the same run of words, however often each occurs."""
    mine, theirs = ([(_bare(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)] for text in (claim, sentence))
    for start in range(min(MOST_LEFT_OUT, len(theirs) - len(mine)) + 1):
        there = theirs[start : start + len(mine)]
        moved = [at for at, (word, other) in enumerate(zip(mine, there, strict=True)) if word[0] != other[0]]
        if len(moved) != 2:
            continue
        one, two = moved
        first, second = mine[one][0], mine[two][0]
        if (first, second) != (there[two][0], there[one][0]) or stem(first) == stem(second) or {first, second} & STOP_WORDS:
            continue
        near = {stem(word) for word, *_ in there[max(0, one - MUTUAL_REACH) : two]}
        ties = [word for word, *_ in there[one + 1 : two] if word in _TIES]
        is_mutual = bool(near & _MUTUAL) and (not ties or ties[-1] in _EVEN)
        if not is_mutual and not _is_list(sentence, there[one : two + 1]):
            return Shift(f"“{second}” and “{first}” have changed places", is_opposed=True)
    return None


def _is_list(sentence: str, words: Sequence[tuple[str, int, int]]) -> bool:
    """Whether commas and connectives alone part the first of these words from the last, or they are one phrase of a list each."""
    kept = [word for word in words if word[0] not in _CONNECTIVES]
    gaps = [sentence[a[2] : b[1]] for a, b in pairwise(kept)]
    return all("," in gap or _LISTED.search(gap) for gap in gaps)


def _around_a_predicate(claim: str, sentence: str) -> Shift | None:
    mine, theirs = _terms(claim), _terms(sentence)
    for term in mine:
        at, other = _place(mine, term.stem), _place(theirs, term.stem)
        if at is None or other is None or term.stem in _MUTUAL:
            continue
        there = next(t for t in theirs if t.place == other)
        if not (term.stem in _ASYMMETRIC or (term.is_predicate and there.is_predicate)):
            continue
        if term.is_passive != there.is_passive:
            if kept := _kept(mine, theirs, at, other):
                return Shift(f"“{kept[0]}” and “{kept[1]}” have changed places", is_opposed=True)
        elif found := _crossed(mine, theirs, at, other):
            return Shift(f"“{found[0]}” and “{found[1]}” have changed places", is_opposed=True)
    return None


def _swapped(claim: str, sentence: str) -> Shift | None:
    """Give two parts that stand in each other's place with the same words between them, whatever those are; a list has no order."""
    mine, theirs = _sequence(claim), _sequence(sentence)
    once = [{word for word, n in Counter(word for word, _ in words).items() if n == 1} for words in (mine, theirs)]
    both = once[0] & once[1]
    m, s = ([pair for pair in words if pair[0] in both] for words in (mine, theirs))
    while m and s and m[0][0] == s[0][0]:
        m, s = m[1:], s[1:]
    while m and s and m[-1][0] == s[-1][0]:
        m, s = m[:-1], s[:-1]
    here, there = [word for word, _ in m], [word for word, _ in s]
    for x in range(1, _PART_WORDS + 1):
        for y in range(1, _PART_WORDS + 1):
            middle = there[x:-y]
            if middle and here[:y] == there[-y:] and here[-x:] == there[:x] and here[y:-x] == middle and not _MUTUAL & set(middle):
                said, between = claim[m[y - 1][1] : m[-x][1]], sentence[s[x - 1][1] : s[-y][1]]
                new = {word for word, place in mine if m[y - 1][1] < place < m[-x][1]} - {word for word, _ in theirs}
                is_list = _LISTED.search(between) and {w for w, place in theirs if s[x - 1][1] < place < s[-y][1]} <= set(middle)
                if not new and not is_list and bool(_BY.search(said)) == bool(_BY.search(between)):
                    return Shift(f"“{' '.join(there[:x])}” and “{' '.join(there[-y:])}” have changed places", is_opposed=True)
    return None


def _bare(word: str) -> str:
    return _POSSESSIVE.sub("", word.lower())


def _sequence(text: str) -> list[tuple[str, int]]:
    """Give the content stems and the words of direction, each with its place in the text."""
    out = []
    for found in _WORD.finditer(text):
        word = _bare(found[0])
        if word not in STOP_WORDS or word in _DIRECTIONS:
            out.append((stem(word), found.start()))
    return out


def _crossed(mine: Sequence[_Term], theirs: Sequence[_Term], at: int, other: int) -> tuple[str, str] | None:
    """Give a term that came from the right and one that came from the left, each standing once in both texts."""
    both = _common(mine, theirs)
    to_left = [s for s, (here, there) in both.items() if here < at and there > other]
    to_right = [s for s, (here, there) in both.items() if here > at and there < other]
    return (to_left[-1], to_right[0]) if to_left and to_right else None


def _kept(mine: Sequence[_Term], theirs: Sequence[_Term], at: int, other: int) -> tuple[str, str] | None:
    """Give the terms next to the predicate on both sides, if one text is passive and still has them in the other's order."""
    left = [t.stem for t in mine if t.place < at][-1:], [t.stem for t in theirs if t.place < other][-1:]
    right = [t.stem for t in mine if t.place > at][:1], [t.stem for t in theirs if t.place > other][:1]
    if left[0] == left[1] != [] and right[0] == right[1] != []:
        return left[0][0], right[0][0]
    return None


def _common(mine: Sequence[_Term], theirs: Sequence[_Term]) -> dict[str, tuple[int, int]]:
    once = [{s for s, n in Counter(t.stem for t in terms).items() if n == 1} for terms in (mine, theirs)]
    there = {t.stem: t.place for t in theirs}
    return {t.stem: (t.place, there[t.stem]) for t in mine if t.stem in once[0] & once[1]}


def _place(terms: Sequence[_Term], wanted: str) -> int | None:
    places = [t.place for t in terms if t.stem == wanted]
    return places[0] if len(places) == 1 else None


def _terms(text: str) -> list[_Term]:
    """Give the content words in order; a word behind an auxiliary may be a predicate, and is passive where "by" follows."""
    words = [_bare(word) for word in _WORD.findall(text)]
    out = []
    for place, word in enumerate(words):
        if word in STOP_WORDS and word != "more":
            continue
        before = words[max(0, place - 2) : place]
        has_be = bool(_AUXILIARIES & set(before))
        is_passive = "by" in words[place + 1 : place + 1 + _BY_REACH] and has_be and word.endswith(("ed", "en", "wn"))
        out.append(_Term(stem(word), place, bool(_AUXILIARIES & set(before[-1:])), is_passive))
    return out


def _between_clauses(claim: str, sentence: str) -> Shift | None:
    """Give what a claim says of a subject and the sentence of another: "X is frozen while Y is tuned" against "Y is frozen"."""
    theirs = [_parted(clause) for clause in _CLAUSES.split(_LEADING.sub("", sentence)) if clause.strip()]
    theirs = [(subject, rest) for subject, rest in theirs if subject and rest]
    if len(theirs) < 2:
        return None
    clauses = [_parted(clause) for clause in _CLAUSES.split(_LEADING.sub("", claim)) if clause.strip()]
    for i, (subject, said) in enumerate(theirs):
        for j, (rival, other) in enumerate(theirs):
            if i == j:
                continue
            own, foreign = set(said) - set(other) - set(rival), set(other) - set(said) - set(subject)
            wanted = 2 if _STANDS_FOR.search(_CLAUSES.split(_LEADING.sub("", sentence))[i] if i < len(theirs) else "") else 1
            for mine, rest in clauses:
                names_it = (
                    set(subject) - set(rival) and (set(subject) - set(rival)) <= set(mine) and not (set(rival) - set(subject)) & set(mine)
                )
                if names_it and own and len(foreign & set(rest)) >= wanted and not own & set(rest):
                    return Shift(f"“{' '.join(sorted(foreign & set(rest)))}” is said of something else", is_opposed=True)
    return None


def _denied_instead(claim: str, sentence: str) -> Shift | None:
    """Give what a claim affirms and the sentence denies: "on news but not on reviews" against "on reviews"."""
    parted = _BUT_NOT.search(sentence)
    if not parted:
        return None
    denied = {t.stem for t in _terms(parted[1])}
    affirmed = {t.stem for t in _terms(sentence[: parted.start()])[-len(denied) :]}
    mine = _BUT_NOT.search(claim)
    head = {t.stem for t in _terms(claim[: mine.start()] if mine else claim)}
    wrong = (denied - affirmed) & head
    if wrong and not (affirmed - denied) & head and (mine or not _DENIAL.search(claim)):
        return Shift(f"“{' '.join(sorted(wrong))}” is denied there", is_opposed=True)
    return None


def _parted(clause: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the content stems before the first auxiliary or predicate of a clause, and those from there on."""
    words = [word.lower() for word in _WORD.findall(clause)]
    cut = next((i for i, word in enumerate(words) if i and (word in _AUXILIARIES or stem(word) in _ASYMMETRIC)), len(words))
    content = [(i, stem(word)) for i, word in enumerate(words) if word not in STOP_WORDS and word not in _AUXILIARIES]
    return tuple(s for i, s in content if i < cut), tuple(s for i, s in content if i >= cut)
