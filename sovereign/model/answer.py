"""What the reader came for: the Answer, its facets, and how strongly the papers stand behind it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SURE_FROM = 0.87
"""Probability that the papers answer from which an answer by rules may be approved: none of 36 questions beside what their papers say
reached it, and 14 of 30 that they answer did (each shelf left out of the fit in turn; 2026-11). What lies below goes to the owner."""


class AnswerKind(StrEnum):
    """What sort of answer the papers give; NOT_ANSWERED where they give none."""

    YES = "yes"
    NO = "no"
    MIXED = "mixed"
    AMOUNT = "amount"
    EFFECT = "effect"
    LIST = "list"
    CAUSE = "cause"
    HOW = "how"
    NOT_ANSWERED = "not answered"


class Direction(StrEnum):
    """Which way a measured effect goes, as the papers' own comparison says."""

    INCREASED = "increased"
    DECREASED = "decreased"
    NO_DIFFERENCE = "no significant difference"


@dataclass(frozen=True, slots=True)
class Facet:
    """A part of the question that an answer must speak to: a subject, a condition, a comparison or a measure.

    Attributes:
        claims: Ids of the claims that speak to it, best first; empty where nothing was found.
        weight: How telling the part is within the question, 0..1; all facets together 1.
    """

    name: str
    claims: tuple[str, ...] = ()
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Strength:
    """What stands behind an answer.

    Attributes:
        papers: How many papers its key findings come from.
        independent: How many of these are left where those that share an author count as one.
        against: How many papers speak against one of its key findings.
        verified, findings: How many of its key findings a second passage bears out, of how many.
        relevance: How surely the papers answer the question, 0..1 (steps/answer.py).
    """

    papers: int = 0
    independent: int = 0
    against: int = 0
    verified: int = 0
    findings: int = 0
    relevance: float = 0.0


@dataclass(frozen=True, slots=True)
class KeyFinding:
    """One of the at most seven findings that an answer rests on.

    Attributes:
        text: As it is shown.
        claims: Ids of the claims that bear it, the best first.
        stance: Whether it speaks for "yes", for "no", or for neither ("").
    """

    text: str
    claims: tuple[str, ...]
    stance: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a goal's question: a headline of one or two sentences, the key findings, the facets, the strength.

    Attributes:
        headline: As it is shown; it says plainly where the papers do not answer.
        claims: Ids of the claims that the headline rests on; empty where nothing answers.
        by_model: Whether a language model worded the headline; its every sentence was verified then.
    """

    kind: AnswerKind
    headline: str
    claims: tuple[str, ...] = ()
    findings: tuple[KeyFinding, ...] = ()
    facets: tuple[Facet, ...] = ()
    strength: Strength = Strength()
    direction: Direction | None = None
    by_model: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether the papers answer the question at all."""
        return self.kind is not AnswerKind.NOT_ANSWERED

    @property
    def is_sure(self) -> bool:
        """Whether it is sure enough that the papers answer: SURE_FROM, where rules say so and no language model read the question."""
        return self.is_answered and (self.by_model or self.strength.relevance >= SURE_FROM)

    @property
    def left_open(self) -> tuple[str, ...]:
        """The facets for which nothing was found, in the question's order."""
        return tuple(facet.name for facet in self.facets if not facet.claims)

    @property
    def open_share(self) -> float:
        """How much of the question's weight (0..1) lies on facets for which nothing was found."""
        return round(sum(facet.weight for facet in self.facets if not facet.claims), 4)


NO_ANSWER = Answer(AnswerKind.NOT_ANSWERED, "The papers read here do not answer the question.")
"""What a draft holds where nothing was found."""
