"""A loopback arXiv: the search API in its real Atom form, and /html, /src, /pdf from memory.

Understands the query language (fields, phrases, AND, OR, ANDNOT, brackets, categories with wildcards, submittedDate ranges, id_list),
paging, sorting and versions; refuses what arXiv refuses, with its Error entry. The feed's shape follows answers recorded in 2026.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax import saxutils

from standins.faulty import Loopback, Sent

MAX_SLICE = 2000
MAX_START = 30_000
STAMP = "2026-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Record:
    """One paper as arXiv knows it; number is without version."""

    number: str
    title: str
    abstract: str
    authors: Sequence[str] = ()
    categories: Sequence[str] = ("cs.CL",)
    comment: str = ""
    doi: str = ""
    journal: str = ""
    published: str = ""
    updated: str = ""
    versions: int = 1

    @property
    def day(self) -> str:
        """First submission, YYYY-MM-DD; from the number where no date is given."""
        return self.published or f"20{self.number[:2]}-{self.number[2:4]}-01"


@dataclass(frozen=True, slots=True)
class _Indexed:
    record: Record
    words: Mapping[str, tuple[str, ...]]
    bags: Mapping[str, frozenset[str]] = field(repr=False)


@cache
def load(shared_data: Path) -> tuple[Record, ...]:
    """Give the 15,000 real records beside the checkout."""
    with gzip.open(shared_data / "arxiv" / "arxiv-15k.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows: Iterable[dict[str, Any]] = map(json.loads, lines)
        return tuple(
            Record(row["id"], row["title"], row["abstract"], row["authors"], row["categories"], row.get("comment") or "") for row in rows
        )


class ArxivStandIn(Loopback):
    """The server.

    Args:
        records: What can be found.
        texts: Bodies by path, such as "/html/2501.00001v1"; anything else under /html, /src and /pdf is not found.
    """

    def __init__(self, records: Iterable[Record], *, texts: Mapping[str, bytes] | None = None) -> None:
        super().__init__(self._answer)
        self.texts = dict(texts or {})
        self._indexed = [_index(record) for record in records]
        self._by_number = {entry.record.number: entry for entry in self._indexed}
        self._rarity: dict[str, float] = {}

    def _answer(self, path: str, params: Mapping[str, str]) -> Sent:
        if path == "/api/query":
            return self._query(params)
        body = self.texts.get(path)
        if body is None:
            return Sent(b"<html><body>No such paper</body></html>", "text/html", 404)
        kinds = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}
        return Sent(body, kinds.get(path.split("/")[1], "application/gzip"))

    def _query(self, params: Mapping[str, str]) -> Sent:
        try:
            start, count = _slice(params)
            found = self._find(params.get("search_query", ""), params.get("id_list", ""))
        except _RefusedError as error:
            return Sent(_error_feed(str(error)), "application/atom+xml", 400)
        if params.get("sortBy") in {"submittedDate", "lastUpdatedDate"}:
            found.sort(key=lambda pair: pair[0].record.day, reverse=params.get("sortOrder") != "ascending")
        page = found[start : start + count]
        return Sent(_feed(params, len(found), start, count, page), "application/atom+xml; charset=utf-8")

    def _find(self, query: str, id_list: str) -> list[tuple[_Indexed, int]]:
        """Give (paper, version) pairs, the most relevant first."""
        if id_list and not query:
            return self._numbered(id_list.split(","))
        if not query:
            raise _RefusedError("no search_query or id_list given")
        wanted = _Parser(query).parse()
        scored = [(entry, wanted.score(entry, self._weight)) for entry in self._indexed if wanted.matches(entry)]
        order = sorted(scored, key=lambda pair: (-pair[1], pair[0].record.number))
        return [(entry, entry.record.versions) for entry, _ in order]

    def _numbered(self, numbers: Sequence[str]) -> list[tuple[_Indexed, int]]:
        found = []
        for number in numbers:
            base = re.sub(r"v\d+$", "", number)
            if not re.fullmatch(r"\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7}", base):
                raise _RefusedError(f"incorrect id format for {number}")
            entry = self._by_number.get(base)
            if entry is not None:
                found.append((entry, int(number[len(base) + 1 :]) if number != base else entry.record.versions))
        return found

    def _weight(self, word: str) -> float:
        """Give a word's rarity over all records, counted once."""
        if word not in self._rarity:
            held = sum(1 for entry in self._indexed if word in entry.bags["all"])
            self._rarity[word] = math.log(1 + len(self._indexed) / (held + 0.5))
        return self._rarity[word]


def _slice(params: Mapping[str, str]) -> tuple[int, int]:
    start, count = int(params.get("start", "0")), int(params.get("max_results", "10"))
    if not 0 <= count <= MAX_SLICE or not 0 <= start <= MAX_START:
        raise _RefusedError("max_results must be between 0 and 2000")
    return start, count


class _RefusedError(Exception):
    """arXiv would answer with its Error entry."""


# --- the query language --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Node:
    """A piece of a query: whether a paper matches, and how well."""

    matches: Callable[[_Indexed], bool]
    score: Callable[[_Indexed, Callable[[str], float]], float]


class _Parser:
    """Recursive descent over the query; a space between two terms means OR."""

    def __init__(self, query: str) -> None:
        self._pieces = re.findall(r'\(|\)|[A-Za-z]+:\[[^\]]*\]|[A-Za-z]+:"[^"]*"|"[^"]*"|[^\s()]+', query)
        self._at = 0

    def parse(self) -> _Node:
        node = self._either("all")
        if self._at < len(self._pieces):
            raise _RefusedError("the query has an unpaired bracket")
        return node

    def _peek(self) -> str:
        return self._pieces[self._at] if self._at < len(self._pieces) else ""

    def _either(self, scope: str) -> _Node:
        node = self._both(scope)
        while self._peek() not in {"", ")"}:
            if self._peek() == "OR":
                self._at += 1
            node = _or(node, self._both(scope))
        return node

    def _both(self, scope: str) -> _Node:
        node = self._one(scope)
        while self._peek() in {"AND", "ANDNOT"}:
            is_not = self._peek() == "ANDNOT"
            self._at += 1
            node = _and_not(node, self._one(scope)) if is_not else _and(node, self._one(scope))
        return node

    def _one(self, scope: str) -> _Node:
        piece = self._peek()
        if piece in {"", ")", "AND", "OR", "ANDNOT"}:
            raise _RefusedError(f"the query breaks off before {piece or 'its end'}")
        self._at += 1
        if piece == "(" or (piece.endswith(":") and self._peek() == "("):
            if piece != "(":
                scope = piece[:-1]
                self._at += 1
            node = self._either(scope)
            if self._peek() != ")":
                raise _RefusedError("the query has an unpaired bracket")
            self._at += 1
            return node
        name, colon, value = piece.partition(":")
        return _term(name, value) if colon and name in {*_FIELDS, "cat", "submittedDate", "id"} else _term(scope, piece)


_FIELDS = {"all": "all", "ti": "title", "abs": "abstract", "au": "authors", "co": "comment", "jr": "journal"}


def _term(name: str, value: str) -> _Node:
    if name == "cat":
        pattern = re.compile(re.escape(value.strip('"')).replace(r"\*", ".*").replace(r"\?", "."))
        return _Node(lambda entry: any(pattern.fullmatch(c) for c in entry.record.categories), lambda _entry, _weight: 0.0)
    if name == "submittedDate":
        bounds = re.fullmatch(r"\[(\d{8})\d{4} TO (\d{8})\d{4}\]", value)
        if not bounds:
            raise _RefusedError(f"incorrect date range {value}")
        since, until = bounds[1], bounds[2]
        return _Node(lambda entry: since <= entry.record.day.replace("-", "") <= until, lambda _entry, _weight: 0.0)
    words = tuple(map(_stem, re.findall(r"[^\W_]+", value.casefold())))
    key = _FIELDS.get(name, "all")
    if not words:
        raise _RefusedError(f"no word in {value!r}")

    def score(entry: _Indexed, weight: Callable[[str], float]) -> float:
        return sum(weight(word) * (3.0 if word in entry.bags["title"] else 1.0) for word in words if word in entry.bags[key])

    return _Node(lambda entry: _holds(entry, key, words), score)


def _holds(entry: _Indexed, key: str, phrase: tuple[str, ...]) -> bool:
    if not entry.bags[key].issuperset(phrase):
        return False
    words = entry.words[key]
    return len(phrase) == 1 or any(words[at : at + len(phrase)] == phrase for at in range(len(words) - len(phrase) + 1))


def _and(one: _Node, two: _Node) -> _Node:
    return _Node(lambda e: one.matches(e) and two.matches(e), lambda e, w: one.score(e, w) + two.score(e, w))


def _or(one: _Node, two: _Node) -> _Node:
    return _Node(lambda e: one.matches(e) or two.matches(e), lambda e, w: max(one.score(e, w), two.score(e, w)))


def _and_not(one: _Node, two: _Node) -> _Node:
    return _Node(lambda e: one.matches(e) and not two.matches(e), one.score)


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _index(record: Record) -> _Indexed:
    texts = {
        "title": record.title,
        "abstract": record.abstract,
        "authors": " ".join(record.authors),
        "comment": record.comment,
        "journal": record.journal,
    }
    words = {name: tuple(map(_stem, re.findall(r"[^\W_]+", text.casefold()))) for name, text in texts.items()}
    words["all"] = tuple(word for name in texts for word in (*words[name], "\0"))
    return _Indexed(record, words, {name: frozenset(found) for name, found in words.items()})


# --- the feed ------------------------------------------------------------------------------------------------------

_HEAD = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" '
    'xmlns="http://www.w3.org/2005/Atom">\n'
)


def _feed(params: Mapping[str, str], total: int, start: int, count: int, page: Sequence[tuple[_Indexed, int]]) -> bytes:
    told = escape("&".join(f"{name}={params.get(name, '')}" for name in ("search_query", "id_list", "start", "max_results")))
    name = hashlib.sha256(told.encode()).hexdigest()[:20]
    entries = "".join(as_entry(entry.record, version) for entry, version in page)
    return (
        f"{_HEAD}  <id>https://arxiv.org/api/{name}</id>\n  <title>arXiv Query: {told}</title>\n  <updated>{STAMP}</updated>\n"
        f'  <link href="https://arxiv.org/api/query?{told.replace(chr(34), "%22")}" type="application/atom+xml"/>\n'
        f"  <opensearch:itemsPerPage>{count}</opensearch:itemsPerPage>\n  <opensearch:totalResults>{total}</opensearch:totalResults>\n"
        f"  <opensearch:startIndex>{start}</opensearch:startIndex>\n{entries}</feed>\n"
    ).encode()


def escape(text: str) -> str:
    """Give text as XML shows it; characters that XML forbids are left out, as arXiv leaves them out."""
    return saxutils.escape(re.sub(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text))


def as_entry(record: Record, version: int) -> str:
    """Give one entry of the feed."""
    name = f"{record.number}v{version}"
    optional = {"comment": record.comment, "journal_ref": record.journal, "doi": record.doi}
    extra = "".join(f"    <arxiv:{tag}>{escape(text)}</arxiv:{tag}>\n" for tag, text in optional.items() if text)
    people = "".join(f"    <author>\n      <name>{escape(author)}</name>\n    </author>\n" for author in record.authors)
    groups = "".join(f'    <category term="{escape(c)}" scheme="http://arxiv.org/schemas/atom"/>\n' for c in record.categories)
    return (
        f"  <entry>\n    <id>http://arxiv.org/abs/{name}</id>\n    <title>{escape(record.title)}</title>\n"
        f"    <updated>{record.updated or record.day}T12:00:00Z</updated>\n"
        f'    <link href="https://arxiv.org/abs/{name}" rel="alternate" type="text/html"/>\n'
        f'    <link href="https://arxiv.org/pdf/{name}" rel="related" type="application/pdf" title="pdf"/>\n'
        f"    <summary>{escape(record.abstract)}</summary>\n{groups}    <published>{record.day}T12:00:00Z</published>\n{extra}"
        f'    <arxiv:primary_category term="{escape(record.categories[0])}"/>\n{people}  </entry>\n'
    )


def _error_feed(message: str) -> bytes:
    link = "https://arxiv.org/api/errors#" + re.sub(r"\W+", "_", message)
    return (
        f"{_HEAD}  <id>https://arxiv.org/</id>\n  <title>arXiv Search Results</title>\n  <updated>{STAMP}</updated>\n"
        "  <opensearch:itemsPerPage>1</opensearch:itemsPerPage>\n  <opensearch:totalResults>1</opensearch:totalResults>\n"
        f"  <opensearch:startIndex>0</opensearch:startIndex>\n  <entry>\n    <id>{link}</id>\n    <title>Error</title>\n"
        f'    <updated>{STAMP}</updated>\n    <link href="{link}" rel="alternate" type="text/html"/>\n'
        f"    <summary>{escape(message)}</summary>\n"
        "    <author>\n      <name>arXiv api core</name>\n    </author>\n  </entry>\n</feed>\n"
    ).encode()


def invented(count: int = 6) -> tuple[Record, ...]:
    """Give a few records that name no real paper, for tests without the real ones."""
    themes = ("mixture of experts routing", "vision language model", "retrieval augmented generation")
    return tuple(
        Record(
            f"9901.{number:05d}"[:10],
            f"An invented study of {themes[number % 3]} number {number}",
            f"We look at {themes[number % 3]} and report an invented accuracy of {50 + number} percent.",
            (f"Ada Example{number}", "Bo Invented"),
            ("cs.CL", "cs.LG") if number % 2 else ("cs.CV",),
            published=date(2024, 1 + number % 12, 1).isoformat(),
        )
        for number in range(1, count + 1)
    )
