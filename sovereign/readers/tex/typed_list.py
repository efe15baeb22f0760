"""A reference list that a paper types by hand: paragraphs or items under the heading "References", with no environment of LaTeX's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sovereign.model import BlockKind
from sovereign.readers.building import Piece, without_number

MIN_ENTRIES = 3
MIN_SHARE = 0.6
"""So many of the paragraphs look like entries; a section on what was read has sentences without a year."""
MAX_ENTRY_WORDS = 120
_HEADING = re.compile(
    r"\W*(?:references?(?: cited)?|reference list|bibliography|literature(?: cited)?|works cited|literatur(?:verzeichnis)?|"
    r"références?|referencias|referências|bibliografía|bibliografia|bibliographie)\W*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:\[\d{1,4}\]|\(\d{1,4}\)|\d{1,4}\.)\s")
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)|\b(?:in press|forthcoming|n\.d\.)")


@dataclass(frozen=True, slots=True)
class Typed:
    """A list's entries, without their numbers, and the places of its paragraphs among the pieces: start inclusive, end exclusive."""

    entries: tuple[str, ...] = ()
    start: int = 0
    end: int = 0

    def moved(self, at: int | None) -> int | None:
        """Give where a place is once the paragraphs are gone."""
        if at is None or at <= self.start:
            return at
        return max(self.start, at - (self.end - self.start))


def find(pieces: Sequence[Piece]) -> Typed:
    """Give the last such list; an empty one where there is none."""
    for at in range(len(pieces) - 1, -1, -1):
        if pieces[at].kind is BlockKind.HEADING and _HEADING.fullmatch(without_number(pieces[at].text)):
            end = at + 1
            while end < len(pieces) and pieces[end].kind is BlockKind.PROSE:
                end += 1
            listed = [" ".join(piece.text.split()) for piece in pieces[at + 1 : end]]
            if len(listed) >= MIN_ENTRIES and sum(map(_is_entry, listed)) >= MIN_SHARE * len(listed):
                return Typed(tuple(bare(text) for text in listed), at + 1, end)
    return Typed()


def _is_entry(text: str) -> bool:
    return len(text.split()) <= MAX_ENTRY_WORDS and (_NUMBER.match(text) is not None or _YEAR.search(text) is not None)


def bare(entry: str) -> str:
    """Give an entry without the number that stands before it."""
    found = _NUMBER.match(entry)
    return entry[found.end() :] if found else entry
