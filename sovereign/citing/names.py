"""What people and papers are called in a sentence: names, as far as they can be taken apart without guessing wrongly, and titles."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

# Small words that belong to the family name (after the Chicago manual's and CSL's lists of particles).
PARTICLES = frozenset(
    "van von der den de del della di da dos das do du la las le los ten ter zu zum zur vom tot op 't al el bin ibn ben abu af av dei degli "
    "delle lo y".split()
)
# Of those, the ones that stand in a name with a capital, too.
_CAPITAL_PARTICLES = frozenset("Van Von De Del Della Der Den Ter Vande Vanden".split())
# Last words of names that are an organisation's: such a name stays whole.
_COLLECTIVES = frozenset(
    "collaboration collaborations consortium team group committee foundation institute society association organization organisation "
    "network initiative project inc ltd gmbh university investigators council agency alliance commission ministry company "
    "corporation".split()
)
TOGETHER = "\u00a0"
"""A no-break space: in a name it joins words that belong together, as an organisation's do, or a family name's of two words."""
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
MAX_TITLE_CHARS = 48
MIN_NAME_CHARS = 3


def split(name: str) -> tuple[str, str]:
    """Give (family, given); given is empty for a name that should be shown whole.

    A comma parts a name as its source wrote it. Without one only names in Latin letters are parted: the last word, with the
    small words before it, is the family's. In other scripts the family name often stands first, so such a name stays whole, and so
    does an organisation's. Words that a no-break space joins are one word.
    """
    name = " ".join(part for part in re.split(r"[^\S\u00a0]+", name) if part)
    if name.count(",") == 1 and "," + TOGETHER not in name:
        family, given = (_loose(part) for part in name.split(","))
        return (family, given) if family and given else (_loose(name.strip(", ")), "")
    words = name.split(" ")
    letters = [sign for sign in name if sign.isalpha()]
    is_parted = len(words) > 1 and "," not in name and _loose(words[-1]).split()[-1:] != []
    if not is_parted or _is_organisation(words) or not all(unicodedata.name(sign, "").startswith("LATIN") for sign in letters):
        return _loose(name), ""
    cut = len(words) - 1
    if words[cut].strip(".").casefold() in _SUFFIXES and cut > 1:
        cut -= 1
    while cut > 1 and (words[cut - 1] in PARTICLES or words[cut - 1] in _CAPITAL_PARTICLES):
        cut -= 1
    return _loose(" ".join(words[cut:])), _loose(" ".join(words[:cut]))


def _is_organisation(words: Sequence[str]) -> bool:
    return words[-1].strip(".)").casefold() in _COLLECTIVES or words[0] == "The"


def _loose(name: str) -> str:
    return name.replace(TOGETHER, " ").strip()


def whole(name: str) -> str:
    """Give a name that split never parts, such as an organisation's."""
    return TOGETHER.join(name.split()) if split(name)[1] else name


def joined(family: str, given: str, suffix: str = "") -> str:
    """Give "Given Family Suffix", in which split finds the same family name again."""
    made = " ".join(part for part in (given, family, suffix) if part)
    if not given or split(made)[0].removesuffix(suffix).strip() == _loose(family):
        return made
    return " ".join(part for part in (given, whole(family), suffix) if part)


def inverted(name: str) -> str:
    """Give "Family, Given", or the name whole."""
    family, given = split(name)
    return f"{family}, {given}" if given else family


def short(name: str) -> str:
    """Give the family name, or the name whole where that is a single letter."""
    family, _ = split(name)
    return family if len(family) > 1 else _loose(name)


def together(authors: Sequence[str]) -> str:
    """Give one or more authors by family name: "Quill", "Quill and Reed", "Quill et al."; empty for none."""
    families = [short(author) for author in authors]
    return " and ".join(families) if len(families) <= 2 else f"{families[0]} et al."


def reference(authors: Sequence[str], year: int | None, title: str) -> str:
    """Give a work's short name: "Chen et al. (2025)", else its title, shortened; a year that nobody read is said to be that."""
    return f"{together(authors)} ({year or 'year not read'})" if authors else titled(title)


class Work(Protocol):
    """What a work's short name is made of; `model.Paper` is one."""

    @property
    def id(self) -> str:
        """Its id among others."""

    @property
    def authors(self) -> Sequence[str]:
        """Who wrote it."""

    @property
    def year(self) -> int | None:
        """When it appeared, or None where nobody read that."""

    @property
    def title(self) -> str:
        """What it is called."""


def references(works: Iterable[Work]) -> dict[str, str]:
    """Give the short name of each work, by id: "Chen et al. (2025)", else its title, also where several would have one name."""
    return called(works, lambda work: reference(work.authors, work.year, work.title))


def called(works: Iterable[Work], name: Callable[[Work], str]) -> dict[str, str]:
    """Give each work's name by id, and its title instead where several have one name: two of "Park et al." would read as one."""
    given = {work.id: (name(work), work.title) for work in works}
    times = Counter(short for short, _ in given.values())
    return {key: titled(title) if times[short] > 1 and title else short for key, (short, title) in given.items()}


def titled(title: str) -> str:
    """Give a title in quotation marks, short enough for a sentence: whole, else what stands before its colon, else its first words."""
    if len(title) <= MAX_TITLE_CHARS:
        return f"“{title}”"
    name = title.partition(":")[0].strip()
    if MIN_NAME_CHARS <= len(name) <= MAX_TITLE_CHARS:
        return f"“{name}”"
    return f"“{title[: MAX_TITLE_CHARS + 1].rpartition(' ')[0] or title[:MAX_TITLE_CHARS]} …”"
