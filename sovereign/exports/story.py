"""A report retold as plain words, rows and numbers: what the page and the PDF both say, so that they cannot differ.

Everything in a Story is text for people, not yet escaped for any format; renderers escape, and add nothing. teller.py tells it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sovereign.exports.account import Topic
from sovereign.exports.answers import Told
from sovereign.exports.changes import Changes
from sovereign.exports.effects import Effect


@dataclass(frozen=True, slots=True)
class Mark:
    """One citation: reference number, claim, and the words that bear it, unless they are quoted beside it.

    grade is in words; place names paper and section.
    """

    number: int
    claim: str
    label: str
    grade: str
    quote: str
    place: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence and its citations."""

    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """A passage as a witness; runs are (text, whether it is a number that agrees with the claim's)."""

    number: int
    paper: str
    stance: str
    runs: tuple[tuple[str, bool], ...]
    place: str
    link: str
    probability: str
    own: bool
    is_quote: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One claim with everything that opening its row shows.

    Attributes:
        grade, sign: What the claim has earned, as a word and its sign.
        confidence, value: For people, and 0..1 for plots.
        before, after: The sentences beside the quote.
        where, offsets: Where the quote stands, for people (section and page) and for programs; place is both.
        checks: (what came out, detail, name and result) of each check that says more than that it passed.
        passed, idle: What held, in words; the names of the checks that had nothing to compare.
        words: The claim's words as a quotation, with […] for what was left out; without marks where they are other words.
        is_verbatim: Whether the claim's words are the quote's, white space aside.
        silent: (reference number, or 0 for a paper that is not listed; its name) of each paper with a passage that says nothing either way.
        is_weighed: Whether a check says how far the quote itself bears the claim.
        stances: (reference number, stance) of each paper that was heard.
    """

    id: str
    label: str
    text: str
    words: str
    verdict: str
    grade: str
    sign: str
    confidence: str
    value: float | None
    number: int
    paper: str
    origin: str
    runs: tuple[tuple[str, bool], ...]
    is_verbatim: bool
    before: str
    after: str
    place: str
    where: str
    offsets: str
    link: str
    document_sha256: str
    checks: tuple[tuple[str, str, str], ...]
    passed: tuple[str, ...]
    idle: tuple[str, ...]
    witnesses: tuple[Heard, ...]
    silent: tuple[tuple[int, str], ...]
    is_weighed: bool
    stances: tuple[tuple[int, str], ...]
    also_in: tuple[int, ...]
    method: str
    dropped: str


@dataclass(frozen=True, slots=True)
class Voice:
    """What one paper, by its reference number, says: the labels of the claims that it supports, contradicts, is silent on."""

    number: int
    supports: tuple[str, ...]
    refutes: tuple[str, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """One paper of the reference list; name is its short one, every address is checked or empty."""

    number: int
    id: str
    name: str
    authors: str
    year: str
    title: str
    venue: str
    arxiv_id: str
    arxiv_url: str
    doi: str
    doi_url: str
    url: str
    note: str
    read_as: str
    document_sha256: str
    claims: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Complaint:
    """An objection, the claims it is about (id, or empty for one that is in this draft no more, and label), and what became of it."""

    role: str
    claims: tuple[tuple[str, str], ...]
    ask: str
    reason: str
    became: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Round:
    """One hearing, in words: (role, score, recommendation, judge, summary) a role, then objections."""

    number: int
    consensus: str
    spread: str
    roles: tuple[tuple[str, str, str, str, str], ...]
    complaints: tuple[Complaint, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """A disagreement: a claim, and the passages of other papers against it, each with the label and id of the claim that quotes it.

    Attributes:
        restated: (id, label) of the claims that are part of the same disagreement.
    """

    row: Row
    against: tuple[tuple[Heard, str, str], ...]
    restated: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A box in the flow of papers: how many, and of those that leave here, why."""

    label: str
    count: int
    leaving: str
    left: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Titles:
    """What each figure shows, as a sentence that concludes; empty where the figure would show nothing and is not drawn."""

    answer: str
    claims: str
    flow: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Story:
    """The whole report for people.

    Attributes:
        answer: What the reader came for, and what is doubtful about it.
        rulings: (rule in plain words, its name, whether it held, what it saw, (id, label) of each claim that it names).
        agreements: Claims of one paper, and the reference numbers of the other papers that support each of them.
        has_confidence: Whether any claim has one.
    """

    title: str
    slug: str
    version: int
    date: str
    facts: tuple[tuple[str, str], ...]
    counts: str
    counts_in_words: str
    decision: str
    outcome: str
    score: str
    failed: tuple[str, ...]
    is_example: bool
    answer: Told
    abstract: tuple[Cited, ...]
    introduction: tuple[str, ...]
    methodology: tuple[Topic, ...]
    findings: tuple[tuple[str, tuple[Cited, ...]], ...]
    voices: tuple[Voice, ...]
    agreements: tuple[tuple[tuple[Row, ...], tuple[int, ...]], ...]
    contradictions: tuple[Side, ...]
    flow: tuple[Step, ...]
    rounds: tuple[Round, ...]
    rulings: tuple[tuple[str, str, bool, str, tuple[tuple[str, str], ...]], ...]
    uncertainties: tuple[Topic, ...]
    rows: tuple[Row, ...]
    references: tuple[Reference, ...]
    changes: Changes | None
    earlier_version: int | None
    threshold: float | None
    has_confidence: bool
    is_echoed: bool
    titles: Titles
    effects: tuple[Effect, ...]
    tags: tuple[str, ...]
