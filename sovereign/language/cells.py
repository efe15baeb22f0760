"""Whether a claim says what a table's cells say, and whether figures that belong together stay so. Pure.

A network of sentences is near chance on a row of figures, and a row needs no network: each figure of the claim stands in the cell under the
column, and in the row, that the claim names beside it, and whatever else the claim says stands in the row's label, the columns' names, the
caption or the heading. What is left over (a comparison, a denial, "every") is no cell's word, and the claim is not borne out so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sovereign.language.lexical import content_stems
from sovereign.language.quantities import Quantity, agree, quantities
from sovereign.language.terms import stem

_PARTS = re.compile(r"[;,]|\b(?:and|while|whereas|but|against|versus|vs|compared)\b", re.IGNORECASE)
_WIDENED = re.compile(
    r"\b(?:all|any|every|each|both|only|always|never|none|no|not|without|most|least|neither|nor|than|more|less)\b|n['’]t\b", re.IGNORECASE
)
_ASIDE = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,40}\]")
_REPORTING = frozenset(
    map(
        stem,
        """achieve achieves amount amounts attain attains compared get gets give gives have has obtain obtains reach reaches report reports
        reported respectively result results score scores scored show shows shown table value values versus vs against while
        whereas""".split(),
    )
)
"""Words that say only that a figure is one."""


def says_the_cells(claim: str, head: Sequence[str], rows: Sequence[Sequence[str]], context: str) -> bool:
    """Whether every figure of a claim stands in the cell that its words name, and the claim says nothing else.

    Args:
        head: The columns' names, the first one that of the rows' labels.
        rows: The rows, each with its label first.
        context: What else names things: the caption and the heading.
    """
    figures = [q for q in quantities(claim) if not q.is_soft]
    if not figures or len(head) < 2 or (_WIDENED.search(claim) and not _WIDENED.search(context)):
        return False
    parts = list(_parts(claim, figures))
    if len(parts) != len(figures) or not all(_stands(part, q, claim, head, rows) for part, q in zip(parts, figures, strict=True)):
        return False
    known = _words(" ".join((*head, *(row[0] for row in rows), context))) | _REPORTING
    return not {word for word in _words(claim) if not word.isdigit()} - known


def _parts(claim: str, figures: Sequence[Quantity]) -> Iterator[str]:
    """Yield the part of the claim that each figure stands in; fewer parts than figures where nothing stands between two."""
    edges = [0]
    for one, other in pairwise(figures):
        borders = [found.start() for found in _PARTS.finditer(claim, one.end, other.start)]
        if borders:
            edges.append(borders[-1])
    edges.append(len(claim))
    for start, end in pairwise(edges):
        yield claim[start:end]


def _stands(part: str, figure: Quantity, claim: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the figure is that of a cell whose column and row its part of the claim names; what is said once is said of all parts."""
    labels = [row[0] for row in rows]
    for i, row in enumerate(rows):
        for j, cell in enumerate(row[: len(head)]):
            is_it = j and any(agree(figure, other) for other in quantities(cell))
            if is_it and _names(part, claim, head[1:], j - 1) and _names(part, claim, labels, i):
                return True
    return False


def _names(part: str, claim: str, labels: Sequence[str], own: int) -> bool:
    """Whether the part names this label and no other; where it names none, whether the whole claim does."""
    for text in (part, claim):
        if found := set(_named(text, labels)):
            return found == {labels[own]}
    return False


def _named(text: str, labels: Sequence[str]) -> Iterator[str]:
    """Yield the labels that a text names; one that is part of a longer one that it names too is left out."""
    said = _words(text)
    wanted = {label: _words(_ASIDE.sub(" ", label)) for label in labels}
    found = {label: words for label, words in wanted.items() if words and words <= said}
    for label, words in found.items():
        if not any(words < other for other in found.values()):
            yield label


def _words(text: str) -> frozenset[str]:
    return frozenset(content_stems(text))


# --- figures that belong together ------------------------------------------------------------------------------------

_NUMBER = r"\d{1,12}+(?:[.,]\d{1,12}+){0,4}+"
_COMPOUND = re.compile(rf"(?<![\w.,/-])({_NUMBER})\s?%?\s?[/–—-]\s?({_NUMBER})(?![\w-])")
_TWO = re.compile(rf"(?<![\w.,/-])({_NUMBER})\s?%?,?\s(?:and|or|to|vs\.?|versus|against)\s({_NUMBER})(?![\w-])", re.IGNORECASE)
_NEXT = re.compile(rf"(?<![\w.])({_NUMBER})(?:\s?%)?(?:[^\w]{{1,3}}|\s(?:[^\s\d]{{1,12}}\s){{0,4}}?)(?=({_NUMBER})(?!\w))")


def torn_apart(claim: str, text: str) -> str:
    """Give two figures of a claim that belong together and stand otherwise in the text, as in "17/14" for "17/18"; empty where none do.

    Of "x and y" only the very reverse counts, and not where the claim turns the names round with them.
    """
    following = {pair.groups() for pair in _NEXT.finditer(text)}
    for found in _COMPOUND.finditer(claim):
        if found.groups() not in following:
            return found[0]
    for found in _TWO.finditer(claim):
        one, other = found.groups()
        there = {pair.groups() for pair in _TWO.finditer(text)}
        if (other, one) in there and (one, other) not in there and not _is_turned(claim[: found.start()], text):
            return found[0]
    return ""


def _is_turned(before: str, text: str) -> bool:
    """Whether the two things last named before the figures stand in the text in the other order."""
    names = re.findall(r"(?<![^\s,;()])([^\s,;()]{1,60}),?\s(?:and|or|vs\.?|versus)\s([^\s,;()]{1,60})", before)
    if not names:
        return False
    one, other = names[-1]
    return text.find(other) < text.find(one) if one in text and other in text else True
