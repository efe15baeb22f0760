"""What is asked: Gap, Goal, Query; and how values are hashed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_MAX_CHARS = 80


def digest(*parts: str, chars: int = 12) -> str:
    """Give the first `chars` hex digits of the SHA-256 over the parts, each closed by a zero byte."""
    return hashlib.sha256(b"".join(part.encode("utf-8", "surrogatepass") + b"\0" for part in parts)).hexdigest()[:chars]


def text_sha256(text: str) -> str:
    """Give the SHA-256 of a text's UTF-8 bytes, as 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class GapKind(StrEnum):
    """Why something could not be done; not found, timed out and refused are different."""

    NOT_FOUND = "not found"
    TIMED_OUT = "timed out"
    REFUSED = "refused"
    UNREADABLE = "unreadable"
    LIMIT = "limit reached"
    MISSING = "missing"
    REJECTED = "rejected"
    SUSPICIOUS = "suspicious"


@dataclass(frozen=True, slots=True)
class Gap:
    """What a step could not do; shown to the reader under Uncertainties.

    Attributes:
        step: The step's verb, such as "search" or "read".
        subject: What it was about: a paper's id, a query's id, a file's name.
        why: One sentence for people.
    """

    step: str
    subject: str
    why: str
    kind: GapKind = GapKind.MISSING


class Engine(StrEnum):
    """Who plans, words and judges: published rules alone, or a language model beside them."""

    LOCAL = "local"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Policy:
    """The thresholds of a goal; the rules that use them are in steps/policy.py.

    Attributes:
        min_claims: Fewest claims in Findings.
        min_verified: Smallest share (0..1) of the answer's findings that a second passage verifies, where they come from one paper alone.
        min_score: Tribunal consensus (0..10) under which a revision round starts and the outcome is REJECT.
        max_revisions: Revision rounds at most.
        max_spread: Largest difference (0..10) between two roles' scores that still counts as agreement.
        allow_rubric_approval: Whether a tribunal without a language model may approve by itself.
    """

    min_claims: int = 3
    min_verified: float = 0.8
    min_score: float = 6.5
    max_revisions: int = 1
    max_spread: float = 4.0
    allow_rubric_approval: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """A question that the desk researches.

    Attributes:
        slug: The goal file's name without ending, and the report's address.
        queries: Searches that the goal adds to the planned ones, in arXiv's query syntax or plain words.
        sources: Names of paper sources, of "arxiv", "openalex", "crossref", "folder".
        since, until: Bounds on a paper's first publication, both inclusive.
        max_papers: How many papers are read at most.
        guidance: What the owner asked for in a revision; empty at first.
        model: Name of a model profile, or empty for the desk's own choice.
    """

    slug: str
    question: str
    queries: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    sources: tuple[str, ...] = ("arxiv",)
    categories: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    max_papers: int = 12
    engine: Engine | None = None
    model: str = ""
    policy: Policy = field(default_factory=Policy)
    reviewers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    guidance: str = ""

    def __post_init__(self) -> None:
        if len(self.slug) > SLUG_MAX_CHARS or not SLUG.fullmatch(self.slug):
            raise ValueError(f"slug: expected {SLUG.pattern} of at most {SLUG_MAX_CHARS} characters, got {self.slug!r}")
        if not self.question.strip():
            raise ValueError("question: expected a sentence, got nothing")

    @property
    def sha256(self) -> str:
        """Hash of all that decides what a run does: every field but reviewers and tags; 64 hex digits."""
        parts: Mapping[str, Any] = {
            "question": self.question,
            "queries": self.queries,
            "keywords": self.keywords,
            "sources": self.sources,
            "categories": self.categories,
            "since": str(self.since),
            "until": str(self.until),
            "max_papers": self.max_papers,
            "engine": self.engine,
            "model": self.model,
            "policy": [getattr(self.policy, name) for name in Policy.__slots__],
            "guidance": self.guidance,
        }
        return text_sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False))

    @property
    def asked_sha256(self) -> str:
        """Hash of the goal as its file asks it, without a revision's guidance: equal while the file means the same."""
        return replace(self, guidance="").sha256

    def query(self, id_: str, why: str, all_of: tuple[tuple[str, ...], ...] = (), field: Field | None = None, raw: str = "") -> Query:
        """Give a search within the goal's categories and days."""
        return Query(id_, all_of, raw, field or Field.ALL, self.categories, self.since, self.until, why)

    def own_queries(self, planned: int) -> tuple[Query, ...]:
        """Give the searches that the goal's author wrote, each once, numbered after as many planned ones."""
        asked = enumerate(dict.fromkeys(self.queries), start=planned + 1)
        return tuple(self.query(f"q{number}", "the goal asks for it", raw=raw) for number, raw in asked)


class Field(StrEnum):
    """Where a query looks."""

    ALL = "all"
    TITLE = "title"
    ABSTRACT = "abstract"


@dataclass(frozen=True, slots=True)
class Query:
    """One search, before a source writes it in its own syntax.

    Attributes:
        id: "q1", "q2", … in planned order.
        all_of: Groups of phrases; a paper matches when every group has one of its phrases. Empty when raw is given.
        raw: A search as the goal's author wrote it; empty for a planned one.
        why: What this query is for, for the reader.
    """

    id: str
    all_of: tuple[tuple[str, ...], ...] = ()
    raw: str = ""
    field: Field = Field.ALL
    categories: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    why: str = ""

    def __post_init__(self) -> None:
        if bool(self.all_of) == bool(self.raw):
            raise ValueError(f"{self.id}: expected groups of phrases or a raw search, one of the two")
