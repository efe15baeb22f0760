"""What people and papers are called in a sentence: names, as far as they can be taken apart without guessing wrongly, and titles."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

# Small words that belong to the family name (after the Chicago manual's and CSL's lists of particles).
_PARTICLES = frozenset(
    {
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "du",
        "la",
        "le",
        "ten",
        "ter",
        "zu",
        "al",
        "el",
        "bin",
        "ibn",
        "af",
        "av",
    }
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
MAX_TITLE_CHARS = 48
MIN_NAME_CHARS = 3


def split(name: str) -> tuple[str, str]:
    """Give (family, given); given is empty for a name that should be shown whole.

    A comma parts a name as its source wrote it. Without one only names in Latin letters are parted: the last word, with the
    small words before it, is the family's. In other scripts the family name often stands first, so such a name stays whole.
    """
    if name.count(",") == 1:
        family, given = (part.strip() for part in name.split(","))
        return (family, given) if family and given else (name.strip(", "), "")
    words = name.split()
    letters = [sign for sign in name if sign.isalpha()]
    if len(words) < 2 or "," in name or not all(unicodedata.name(sign, "").startswith("LATIN") for sign in letters):
        return name.strip(), ""
    cut = len(words) - 1
    if words[cut].strip(".").casefold() in _SUFFIXES and cut > 1:
        cut -= 1
    while cut > 1 and words[cut - 1] in _PARTICLES:
        cut -= 1
    return " ".join(words[cut:]), " ".join(words[:cut])


def inverted(name: str) -> str:
    """Give "Family, Given", or the name whole."""
    family, given = split(name)
    return f"{family}, {given}" if given else family


def short(name: str) -> str:
    """Give the family name, or the name whole where that is a single letter."""
    family, _ = split(name)
    return family if len(family) > 1 else name.strip()


def together(authors: Sequence[str]) -> str:
    """Give one or more authors by family name: "Quill", "Quill and Reed", "Quill et al."; empty for none."""
    families = [short(author) for author in authors]
    return " and ".join(families) if len(families) <= 2 else f"{families[0]} et al."


def reference(authors: Sequence[str], year: int | None, title: str) -> str:
    """Give a work's short name: "Chen et al. (2025)", else its title, shortened."""
    return f"{together(authors)} ({year or 'no date'})" if authors else titled(title)


def titled(title: str) -> str:
    """Give a title in quotation marks, short enough for a sentence: whole, else what stands before its colon, else its first words."""
    if len(title) <= MAX_TITLE_CHARS:
        return f"“{title}”"
    name = title.partition(":")[0].strip()
    if MIN_NAME_CHARS <= len(name) <= MAX_TITLE_CHARS:
        return f"“{name}”"
    return f"“{title[: MAX_TITLE_CHARS + 1].rpartition(' ')[0] or title[:MAX_TITLE_CHARS]} …”"
