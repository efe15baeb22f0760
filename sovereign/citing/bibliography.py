"""What a bibliography says of a paper: BibTeX entries, and the words by which a paper is withdrawn. Pure, standard library only.

The BibTeX reader is tolerant: a damaged entry is passed over and the next one read, since a missing comma in one entry must not cost
a folder its metadata.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sovereign.text import fold

MAX_NESTING = 200
MAX_VALUE_CHARS = 20_000
MAX_ENTRIES = 20_000
MAX_TORN = 50
"""Entries that never close, after which a file is left: each is read up to MAX_VALUE_CHARS twice."""

_ENTRY = re.compile(r"@\s*([A-Za-z]+)\s*[{(]")
_NAME = re.compile(r"\s*+(?:,\s*+)?([A-Za-z][\w:.+-]*+)\s*+=\s*+")
_KEY = re.compile(r"\s*+([^\s,{}()=\"]++)\s*+,")
_JOINT = re.compile(r"\s*+#\s*+")
_BARE = re.compile(r"[^\s,{}()\"#]+")
_MONTHS = {
    name: number for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307", '"': "\u0308",
    "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å", "AA": "Å",
    "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ",
    " ": " ", "&": "&", "%": "%", "$": "$", "#": "#", "_": "_", "{": "{", "}": "}",
    "textendash": "–", "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘",
}  # fmt: skip
_COMMAND = re.compile(
    r"""\\(?:
        ([`'^~=."]) (?: \{\s*(\\?[A-Za-z])\s*\} | \s*(\\?[A-Za-z]) )
      | ([uvHrdckb]) (?: \{\s*(\\?[A-Za-z])\s*\} | \s+(\\?[A-Za-z]) )
      | ([A-Za-z]+) \s? (?:\{\})?
      | ([&%$#_{}\ ])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One BibTeX entry: kind and field names in lower case, values as plain text, braces and TeX accents resolved."""

    kind: str
    key: str
    fields: Mapping[str, str]

    @property
    def authors(self) -> tuple[str, ...]:
        """The names in order, "First Last"; "others" is left out."""
        names = fold(self.fields.get("author", "")).split(" and ")
        return tuple(_given_first(name) for name in names if name and name.casefold() != "others")

    @property
    def published(self) -> date | None:
        """The day of publication; the first of the month, or of January, where no more is given."""
        given = re.match(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", self.fields.get("date", "") or self.fields.get("year", ""))
        if not given:
            return None
        month = int(given[2]) if given[2] else _month(self.fields.get("month", ""))
        try:
            return date(int(given[1]), month, int(given[3] or 1))
        except ValueError:
            return None

    @property
    def venue(self) -> str:
        """Journal or proceedings, or empty."""
        return next((self.fields[name] for name in ("journal", "journaltitle", "booktitle") if self.fields.get(name)), "")


def _month(text: str) -> int:
    named = _MONTHS.get(text.strip().casefold()[:3])
    return named or (int(text) if text.strip().isdigit() and 1 <= int(text) <= 12 else 1)


def _given_first(name: str) -> str:
    """Turn "Last, First" and "Last, Jr, First" into the order in which names are read."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 1:
        return parts[0]
    return fold(" ".join([parts[-1], parts[0], *parts[1:-1]]))


def entries(text: str) -> tuple[Entry, ...]:
    """Give every readable entry of a BibTeX file, in order."""
    strings: dict[str, str] = {}
    found: list[Entry] = []
    at = torn = 0
    while (match := _ENTRY.search(text, at)) and len(found) < MAX_ENTRIES and torn < MAX_TORN:
        kind, at = match[1].casefold(), match.end()
        if kind in {"comment", "preamble"}:
            continue
        following = _ENTRY.search(text, at)
        if kind == "string":
            values, at = _fields(text, at)
            strings |= {name: _join(parts, strings) for name, parts in values}
            continue
        key = _KEY.match(text, at)
        values, end = _fields(text, key.end() if key else at)
        fields = {name: plain(_join(parts, strings)) for name, parts in values}
        if fields:
            found.append(Entry(kind, key[1] if key else "", fields))
        if following is None or end <= following.start() or _is_balanced(text[match.start() : end]):
            at = max(end, at)
        else:  # the entry never closed and swallowed the next one
            at = following.start()
            torn += 1
    return tuple(found)


def _is_balanced(text: str) -> bool:
    return text.count("{") <= text.count("}") + 1


def _fields(text: str, at: int) -> tuple[list[tuple[str, list[tuple[bool, str]]]], int]:
    """Read "name = value" pairs from a place; give them and where they end."""
    found = []
    while match := _NAME.match(text, at):
        parts, at = _value(text, match.end())
        found.append((match[1].casefold(), parts))
    return found, at


def _value(text: str, at: int) -> tuple[list[tuple[bool, str]], int]:
    """Read one value: braced, quoted or bare parts joined by "#"; each part says whether it is bare."""
    parts: list[tuple[bool, str]] = []
    while at < len(text):
        if text[at] in '{"':
            inner, at = _delimited(text, at)
            parts.append((False, inner))
        elif bare := _BARE.match(text, at):
            parts.append((True, bare[0]))
            at = bare.end()
        joined = _JOINT.match(text, at)
        if not joined:
            break
        at = joined.end()
    return parts, at


def _delimited(text: str, at: int) -> tuple[str, int]:
    """Read a braced or quoted value that starts at a place; one that never closes ends at the next entry."""
    closing = "}" if text[at] == "{" else '"'
    depth = 0
    stop = min(len(text), at + MAX_VALUE_CHARS)
    for here in range(at + 1, stop):
        letter = text[here]
        if letter == closing and depth == 0 and text[here - 1] != "\\":
            return text[at + 1 : here], here + 1
        if letter == "{":
            depth = min(depth + 1, MAX_NESTING)
        elif letter == "}":
            depth -= 1
        elif letter == "@" and text[here - 1] == "\n":
            return text[at + 1 : here], here
    return text[at + 1 : stop], stop


def _join(parts: list[tuple[bool, str]], strings: Mapping[str, str]) -> str:
    return "".join(strings.get(value.casefold(), value) if is_bare else value for is_bare, value in parts)


def plain(tex: str) -> str:
    """Give TeX text as plain text: accents composed, braces and simple commands resolved, white space folded."""
    text = _COMMAND.sub(_letter, tex.replace("~", " ") if "\\~" not in tex else tex)
    text = re.sub(r"(?<!\\)[{}]", "", text).replace("---", "—").replace("--", "–")
    return fold(unicodedata.normalize("NFC", text))


def _letter(found: re.Match[str]) -> str:
    mark, in_braces, bare, named, named_in_braces, named_bare, command, sign = found.groups()
    if mark or named:
        base = (in_braces or bare or named_in_braces or named_bare or "").removeprefix("\\")
        return unicodedata.normalize("NFC", base + _ACCENTS[mark or named])
    return _LETTERS.get(command or sign, "")


# --- withdrawal ----------------------------------------------------------------------------------------------------

_WORK = r"(?:paper|article|submission|manuscript|preprint|work|publication|version|e-?print|report)"
_STRUCK = r"(?:withdrawn|retracted)"
_BE = r"(?:has\s+(?:now\s+)?been|have\s+been|is|was|is\s+being)"
_BY = r"(?:authors?|arxiv|admins?|administrators?|submitter|publisher|editors?)"
_WE = r"(?:i|we|the\s+authors?)\s+(?:have\s+|has\s+|hereby\s+|wish\s+to\s+)*"
_WITHDRAWN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:this|the|our)\s+(?:\w+\s+)?{_WORK}\s+{_BE}\s+(?:\w+\s+)?{_STRUCK}\b",
        rf"^\W*(?:paper|article|submission|manuscript|preprint)?\s*{_STRUCK}\b",
        rf"\b{_STRUCK}\s+by\s+(?:the\s+)?{_BY}\b",
        rf"\b{_WE}(?:withdraw|withdrew|withdrawn|retract|retracted)\s+(?:this|the|our)\s+{_WORK}\b",
    )
)


def withdrawal_note(text: str) -> str:
    """Give the sentence of a comment or abstract that says its own paper is withdrawn or retracted; empty where none does.

    "Participants withdrawn from the study" and the like do not count: the words must speak of this paper.
    """
    if not re.search(r"withdr|retract", text, re.IGNORECASE):
        return ""
    for sentence in re.split(r"(?<=[.;!])\s+", fold(text)):
        if any(pattern.search(sentence) for pattern in _WITHDRAWN):
            return sentence
    return ""
