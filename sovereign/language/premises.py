"""What a claim is weighed against, and in what pieces: statements of a claim, windows of a text. Pure; standard library only.

A sentence taken alone has lost what its neighbours said ("It outperforms …"), so a claim is heard against more than one window of the
same text, and the best counts. A claim of several sentences is as good as its weakest one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sovereign.language.lexical import Index
from sovereign.model import Probabilities
from sovereign.text import fold, sentences

STATEMENT_CHARS = 600
"""A longer statement is weighed in pieces; the longest claim of the training sets has 561 characters."""
SENTENCE_CHARS = 2_000
"""A longer sentence of a text is taken in pieces; it is a table, a list or a page that was not split."""
SHORTEST_WORDS = 4
"""A sentence of a claim with fewer words than this stays with the one before it."""


def statements(claim: str) -> tuple[str, ...]:
    """Give the sentences of a claim, each to be weighed by itself; one that is too short or too long by itself joined or cut."""
    whole = fold(claim)
    out: list[str] = []
    for start, end in sentences(whole):
        sentence = whole[start:end]
        if out and len(sentence.split()) < SHORTEST_WORDS:
            out[-1] = f"{out[-1]} {sentence}"
        else:
            out.append(sentence)
    return tuple(piece for sentence in out for piece in pieces(sentence, STATEMENT_CHARS)) or (whole,)


def texts(given: Sequence[str]) -> list[str]:
    """Give the sentences as they are compared: white space folded, none longer than SENTENCE_CHARS."""
    return [piece for one in given for piece in (pieces(fold(one), SENTENCE_CHARS) or [""])]


def pieces(text: str, most: int) -> list[str]:
    """Give a text in pieces of at most `most` characters, cut between words where there are any."""
    return list(_cut(text, most))


def _cut(text: str, most: int) -> Iterator[str]:
    while len(text) > most:
        place = text.rfind(" ", most // 2, most)
        place = place if place > 0 else most
        yield text[:place].strip()
        text = text[place:].strip()
    if text:
        yield text


def windows(near: int, given: Sequence[str]) -> tuple[str, ...]:
    """Give the further windows around the sentence nearest to a claim: the one before and it, it and the one behind."""
    before, behind = given[max(0, near - 1) : near + 1], given[near : near + 2]
    return tuple(" ".join(window) for window in (before, behind) if len(window) > 1)


def around_quote(quote: str, before: str, behind: str, headings: Sequence[str]) -> tuple[str, ...]:
    """Give the windows around a claim's quote, the quote alone first: with the sentence before, the one behind, under each heading."""
    under = [f"{fold(heading).rstrip('.:')}: {quote}" for heading in headings if heading]
    found = (quote, f"{before} {quote}" if before else "", f"{quote} {behind}" if behind else "", *under)
    return tuple(dict.fromkeys(window for window in found if window))


def best(weighed: Sequence[Probabilities]) -> Probabilities:
    """Give the probabilities of the window that bears a claim out most; where several texts are at hand, the best counts."""
    return max(weighed, key=lambda p: (p.supported, -p.refuted))


def weakest(weighed: Sequence[Probabilities]) -> Probabilities:
    """Give the probabilities of the statement that is borne out least; one that is more refuted than all else decides."""
    against = [p for p in weighed if p.refuted > p.supported + p.insufficient]
    return max(against, key=lambda p: p.refuted) if against else min(weighed, key=lambda p: (p.supported, -p.refuted))


BEARING = 0.5
"""Share of the nearest sentence's nearness from which another sentence of the window counts as evidence."""


def bearing(claim: str, given: Sequence[str], window: Sequence[int]) -> tuple[int, ...]:
    """Give the sentences of a window that share at least half as much of the claim as the nearest one does, nearest first.

    On SciFact's training side that finds the annotators' sentences best (F1 0.48; all three of the window: 0.47).
    """
    shares = Index(given).shares(claim)
    best_share = max(shares.values(), default=0.0)
    return tuple(sorted((i for i in window if shares.get(i, 0.0) >= BEARING * best_share), key=lambda i: (-shares.get(i, 0.0), i)))
