"""Citations, references and labels of a LaTeX source: first marked in the text, then put into words when all numbers are known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# Marks that stand in the text until the whole source is read; no source can hold them, since decoding removes them.
OPEN, SHUT, PART = "\ue000", "\ue001", "\ue002"
MAX_NESTED = 4
r"""Marks in the notes of marks: \citep[\ref{…}][]{…}."""
_TEXTUAL = ("citet", "textcite", "citeauthor", "citefullauthor", "newcite", "shortcite", "citea", "possessivecite", "posscite")
_MARK = re.compile(f"(?<![ \u00a0])(?P<space>[ \u00a0]*+){OPEN}(?P<body>[^{OPEN}{SHUT}]*+){SHUT}")

CITES = frozenset(
    "cite citep citet citealp citealt citeauthor citeyear citeyearpar Cite Citep Citet parencite Parencite textcite Textcite autocite "
    "Autocite "
    "citen citenum onlinecite shortcite newcite citeA citeNP supercite footcite fullcite citefullauthor Citealp Citeauthor shortciteA "
    "possessivecite posscite shortcites citealtt smartcite upcite cites parencites".split()
)
REFS = frozenset(
    "ref autoref cref Cref eqref pageref vref Vref nameref fref Fref subref cpageref labelcref zcref thmref figref tabref secref".split()
)


@dataclass(slots=True)
class Index:
    r"""What citations and references point to.

    Attributes:
        entries: The reference list, in order.
        labels: Key of an entry -> (number, authors, year); authors and year empty where the list is numbered.
        places: \label key -> (kind such as "Section", number).
        authored: Whether the list's labels are authors and years.
        is_textual: Whether plain \cite names the authors in the sentence, as natbib does.
    """

    entries: list[str] = field(default_factory=list)
    labels: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    authored: bool = False
    is_textual: bool = False

    def add(self, key: str, label: str, text: str) -> None:
        r"""Take one \bibitem: its key, its optional label as text, and the entry."""
        self.entries.append(text)
        found = re.match(r"^(?P<who>(?:.*?\S)??)\s*+\((?P<year>[^()]*+)\)", label, re.DOTALL)
        number = str(len(self.entries))
        if found and found["who"].strip(" {}"):
            self.authored = True
            self.labels[key] = (number, found["who"].strip(' {}"'), found["year"].strip())
        else:
            self.labels[key] = (label.strip() or number, "", "")


def cite_mark(command: str, pre: str, post: str, keys: str) -> str:
    """Give the mark of a citation."""
    return OPEN + PART.join(("cite", command, pre, post, keys)) + SHUT


def ref_mark(command: str, keys: str) -> str:
    """Give the mark of a reference to a label."""
    return OPEN + PART.join(("ref", command, keys)) + SHUT


def resolve(text: str, index: Index) -> str:
    """Give the text with every mark put into words; a citation or label that leads nowhere vanishes with the space before it."""
    if OPEN not in text:
        return text

    def words(match: re.Match[str]) -> str:
        kind, *parts = match["body"].split(PART)
        shown = (
            _cite(parts, index) if kind == "cite" and len(parts) == 4 else _ref(parts, index) if kind == "ref" and len(parts) == 2 else ""
        )
        return match["space"] + shown if shown else ""

    for _ in range(MAX_NESTED):
        before, text = text, _MARK.sub(words, text)
        if text == before or OPEN not in text:
            break
    return text


def _cite(parts: list[str], index: Index) -> str:
    command, pre, post, keys = parts
    known = [index.labels[key] for raw in keys.split(",") if (key := raw.strip()) in index.labels]
    lower = command.lower()
    if not known:  # a name in the sentence is one of its words, though nobody knows it
        return f"[{', '.join(key.strip() for key in keys.split(','))}]" if lower.startswith(_TEXTUAL) and keys.strip() else ""
    notes = (f"{pre.strip()} " if pre.strip() else "", f", {post.strip()}" if post.strip() else "")
    if not index.authored or not all(who for _, who, _ in known):
        return _numbered(lower, known, notes)
    return _authored("citet" if lower == "cite" and index.is_textual else lower, known, notes)


def _numbered(command: str, known: list[tuple[str, str, str]], notes: tuple[str, str]) -> str:
    listed = f"[{notes[0]}{', '.join(number for number, _, _ in known)}{notes[1]}]"
    if command.startswith(("citet", "textcite", "newcite", "citeauthor")) and known[0][1]:
        return known[0][1] if command.startswith("citeauthor") else f"{known[0][1]} {listed}"
    return listed


def _authored(command: str, known: list[tuple[str, str, str]], notes: tuple[str, str]) -> str:
    if command.startswith("citeyear"):
        years = ", ".join(year for _, _, year in known)
        return f"({years})" if command.endswith("par") else years
    if command.startswith("citeauthor") or command == "citefullauthor":
        return ", ".join(who for _, who, _ in known)
    if command in {"citet", "textcite", "newcite", "shortcite", "citea", "shortcitea", "possessivecite", "posscite"}:
        return "; ".join(f"{who} ({notes[0]}{year}{notes[1]})" for _, who, year in known)
    listed = notes[0] + "; ".join(f"{who}, {year}" for _, who, year in known) + notes[1]
    return listed if command in {"citealp", "citealt", "citenp"} else f"({listed})"


def _ref(parts: list[str], index: Index) -> str:
    command, keys = parts
    found = [index.places[key] for raw in keys.split(",") if (key := raw.strip()) in index.places]
    if not found or command == "pageref":
        return ""
    numbers = ", ".join(number for _, number in found)
    if command == "eqref":
        return f"({numbers})"
    if command.lower() in {"autoref", "cref", "vref", "fref", "zcref"} and found[0][0]:
        kind = found[0][0] + ("s" if len(found) > 1 else "")
        return f"{kind} {numbers}"
    return numbers
