"""A claim's words as a quotation of its paper: in marks only what stands there, with […] where words were left out."""

from __future__ import annotations

import re

from sovereign.language.findings import bare
from sovereign.text import fold

_TOKEN = re.compile(r"\w+|[^\w\s]")
_CLOSES = ".,;:!?)]}"
_SURE_TOKENS = 2
"""How many words and signs in a row must agree before a quotation goes on after words that were left out."""


def quotation(words: str, source: str) -> str:
    """Give `words` as a quotation of `source`, white space aside.

    What a claim leaves out of its sentence (the word that ties it to the one before, a pointer to a figure) is shown as […], and its
    first letter as the paper has it. Any other words than the source's are no quotation: they are given without marks.
    """
    given, there = fold(words), fold(source)
    if given == there:
        return f"“{there}”"
    spans = _kept(given, there) if given.casefold() == fold(bare(there)).casefold() else []
    if not spans:
        return given
    first, *others = (there[start:end] for start, end in spans)
    told = first + "".join(f" […]{piece}" if piece[0] in _CLOSES else f" […] {piece}" for piece in others)
    begins, ends = spans[0][0] > 0, spans[-1][1] < len(there)
    return f"“{'[…] ' if begins else ''}{told}{' […]' if ends else ''}”"


def is_quotation(words: str) -> bool:
    """Whether words that `quotation` gave are the source's."""
    return words.startswith("“")


def _kept(words: str, source: str) -> list[tuple[int, int]]:
    """Give the offsets of the parts of `source` that make up `words`, in order; nothing where they cannot be told."""
    wanted = [found[0] for found in _TOKEN.finditer(words)]
    there = list(_TOKEN.finditer(source))
    held = [found[0] for found in there]
    spans: list[tuple[int, int]] = []
    at = 0
    while wanted:
        start = next((place for place in range(at, len(held)) if _goes_on(wanted, held, place, is_first=not spans)), None)
        if start is None:
            return []
        size = 1
        while size < len(wanted) and held[start + size : start + size + 1] == wanted[size : size + 1]:
            size += 1
        spans.append((there[start].start(), there[start + size - 1].end()))
        wanted, at = wanted[size:], start + size
    return spans


def _goes_on(wanted: list[str], held: list[str], place: int, *, is_first: bool) -> bool:
    """Whether the words go on at a place: the next ones stand there, or the last ones at the very end."""
    few = wanted[:_SURE_TOKENS]
    if len(few) < _SURE_TOKENS and place + len(few) != len(held):
        return False
    found = held[place : place + len(few)]
    if is_first and found and found[0][:1].casefold() == few[0][:1].casefold():
        found = [few[0][:1] + found[0][1:], *found[1:]]
    return found == few
