"""What is kept: Report, Page, and the Event that tells of progress."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import PurePosixPath

from sovereign.model.claim import VerifierCard
from sovereign.model.goal import Engine, Gap, Goal, Query
from sovereign.model.judgement import Decision, Draft, Tribunal
from sovereign.model.paper import Fate, Form, Paper, Sign, Stage


@dataclass(frozen=True, slots=True)
class Source:
    """How one paper was read: enough to find the same text again."""

    paper: str
    form: Form
    document_sha256: str
    source_sha256: str
    chars: int


@dataclass(frozen=True, slots=True)
class Part:
    """A program, model or data file that took part: name, version, SHA-256 where it has one, and its use."""

    name: str
    version: str
    use: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """What the language model used; money is in US dollars, None where no price is known."""

    calls: int = 0
    cached_calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    money_usd: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one run found, decided and could not do; written whole as record.json.

    Attributes:
        date: The day that the run speaks of, given from outside so that reruns agree.
        papers: The papers that were read, in order of citation; reference [n] is papers[n-1].
        verifier: The verifier's card, or None where none took part.
    """

    goal: Goal
    date: dt.date  # under its own name the type would be hidden by the field where the record is read
    engine: Engine
    queries: tuple[Query, ...]
    papers: tuple[Paper, ...]
    fates: tuple[Fate, ...]
    sources: tuple[Source, ...]
    draft: Draft
    tribunal: Tribunal
    decision: Decision
    gaps: tuple[Gap, ...] = ()
    signs: tuple[Sign, ...] = ()
    parts: tuple[Part, ...] = ()
    verifier: VerifierCard | None = None
    cost: Cost | None = None
    is_example: bool = False

    @property
    def retrieved(self) -> int:
        """How many different papers the searches found."""
        return sum(1 for fate in self.fates if fate.stage is not Stage.DUPLICATE)

    @property
    def verified(self) -> int:
        """How many claims are supported."""
        return sum(1 for item in self.draft.evidence if item.is_verified)


@dataclass(frozen=True, slots=True)
class Event:
    """Progress: what a stage is doing now. done and total count items where they are known; facts go to the event log."""

    stage: str
    message: str
    done: int | None = None
    total: int | None = None
    facts: tuple[tuple[str, str | int | float], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One file of a report, by its path below the report's folder."""

    path: PurePosixPath
    content: bytes
