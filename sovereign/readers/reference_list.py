"""Whether a reference list can be true: identifiers that cannot exist, one identifier for many works, one entry many times."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from sovereign.model import Sign, SignKind
from sovereign.text import counted, normal_title

MIN_IMPOSSIBLE = 2
MIN_SHARED = 3
MIN_REPEATED = 3
_ARXIV = re.compile(r"arxiv[:. ]\s*+(?:preprint )?(?:arxiv:)?\s*+(\d{2})(\d{2})\.(\d{4,5})\b", re.IGNORECASE)
_DOI = re.compile(r"\bdoi(?:\.org/|:)\s*(\d+)\.\d+/", re.IGNORECASE)


def fake_references(references: Sequence[str], paper: str) -> tuple[Sign, ...]:
    """Give a Sign for each way in which a reference list cannot be true; none for an honest one with a slip or two."""
    found: list[Sign] = []
    impossible = [entry for entry in references if _is_impossible(entry)]
    if len(impossible) >= MIN_IMPOSSIBLE:
        found.append(_sign(paper, f"identifiers that cannot exist stand in {counted(len(impossible), 'entry', 'entries')}", impossible))
    titles: dict[str, set[str]] = defaultdict(set)
    for entry in references:
        for number in {match.group(0).casefold() for match in re.finditer(r"\b\d{4}\.\d{4,5}\b|10\.\d{4,9}/[^\s,;]+", entry)}:
            titles[number].add(normal_title(re.sub(r"(?<!\W)\W++\d.*$", "", entry))[:60])
    shared = [number for number, works in titles.items() if len(works) >= MIN_SHARED]
    if shared:
        found.append(_sign(paper, f"one identifier stands for {len(titles[shared[0]])} different works", shared))
    repeated = [entry for entry, count in Counter(map(normal_title, references)).items() if count >= MIN_REPEATED and len(entry) > 20]
    if repeated:
        found.append(_sign(paper, "the same entry stands in it three times or more", repeated))
    return tuple(found)


def _is_impossible(entry: str) -> bool:
    if any(not 1 <= int(match[2]) <= 12 or int(match[1]) < 7 for match in _ARXIV.finditer(entry)):
        return True  # numbers of this form begin with year and month, since April 2007
    return any(match[1] != "10" for match in _DOI.finditer(entry))  # every DOI begins with 10, https://www.doi.org/doi-handbook/


def _sign(paper: str, what: str, examples: Sequence[str]) -> Sign:
    return Sign(SignKind.FAKE_REFERENCES, paper, "reference list", f"{what}: {'; '.join(examples[:3])}"[:600])
