"""The nouns, in the order in which they are made.

A Goal becomes Queries, which find Papers, read as Documents, cut into Passages, from which Claims are drawn, weighed
against Evidence for a Verdict, told in a Draft, heard in Reviews, settled by a Decision, kept in a Report. What could
not be done on the way is a Gap. Every value is frozen and checked where it is built; an impossible one cannot exist.
Standard library only, no input or output.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_MAX_CHARS = 80


def digest(*parts: str, chars: int = 12) -> str:
    """Give the first `chars` hex digits of the SHA-256 over the parts, each closed by a zero byte."""
    return hashlib.sha256(b"".join(part.encode("utf-8", "surrogatepass") + b"\0" for part in parts)).hexdigest()[:chars]


def text_sha256(text: str) -> str:
    """Give the SHA-256 of a text's UTF-8 bytes, as 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# --- Gap ---------------------------------------------------------------------------------------------------------


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


# --- Goal --------------------------------------------------------------------------------------------------------


class Engine(StrEnum):
    """Who plans, words and judges: published rules alone, or a language model beside them."""

    LOCAL = "local"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Policy:
    """The thresholds of a goal; the rules that use them are in steps/policy.py.

    Attributes:
        min_claims: Fewest claims in Findings.
        min_verified: Smallest share (0..1) of the claims in Findings that are supported.
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
        sources: Names of paper sources, of "arxiv", "openalex", "folder".
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


# --- Query -------------------------------------------------------------------------------------------------------


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


# --- Paper -------------------------------------------------------------------------------------------------------


class PaperStatus(StrEnum):
    """Whether its authors or publisher still stand by a paper."""

    CURRENT = "current"
    WITHDRAWN = "withdrawn"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Where a search found a paper: rank counts from 1 in the source's own order."""

    source: str
    query: str
    rank: int


@dataclass(frozen=True, slots=True)
class Paper:
    """One work, whatever sources and versions it was found in.

    Attributes:
        id: "arxiv:2101.00001v2", else "doi:10.1000/x", else "openalex:W1", else "file:" and 12 hex digits of its content.
        authors: Names as the source writes them, in order.
        abstract: As the source gives it, white space folded; may be empty.
        arxiv_id: Versioned, such as "2101.00001v2"; https://info.arxiv.org/help/arxiv_identifier.html.
        status_note: The words that say it was withdrawn or retracted.
        location: For a folder source, the file below the folder (POSIX); else empty.
        hits: Every place where it was found, sorted.
    """

    id: str
    title: str
    authors: tuple[str, ...] = ()
    abstract: str = ""
    published: date | None = None
    updated: date | None = None
    arxiv_id: str = ""
    doi: str = ""
    url: str = ""
    pdf_url: str = ""
    venue: str = ""
    comment: str = ""
    categories: tuple[str, ...] = ()
    status: PaperStatus = PaperStatus.CURRENT
    status_note: str = ""
    license: str = ""
    location: str = ""
    hits: tuple[Hit, ...] = ()

    @property
    def arxiv_base(self) -> str:
        """The arXiv identifier without its version, or empty."""
        return re.sub(r"v\d+$", "", self.arxiv_id)

    @property
    def year(self) -> int | None:
        """Year of first publication, or None where no source gave a date."""
        return self.published.year if self.published else None


class Stage(StrEnum):
    """How far a paper came; the columns of the flow-of-papers figure (after PRISMA 2020, doi:10.1136/bmj.n71)."""

    DUPLICATE = "duplicate"
    SCREENED_OUT = "screened out"
    NOT_RETRIEVED = "not retrieved"
    EXCLUDED = "excluded"
    ABSTRACT_ONLY = "abstract only"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one found paper, and why. Score is the relevance (0..1) it was ranked by, None before ranking."""

    paper: str
    title: str
    stage: Stage
    reason: str
    score: float | None = None


# --- Document, Passage -------------------------------------------------------------------------------------------


class Form(StrEnum):
    """What a document was read from; the abstract is the last resort."""

    LATEX = "latex"
    HTML = "html"
    PDF = "pdf"
    ABSTRACT = "abstract"


class Role(StrEnum):
    """What a section is for."""

    ABSTRACT = "abstract"
    INTRODUCTION = "introduction"
    BACKGROUND = "background"
    RELATED = "related work"
    METHOD = "method"
    RESULTS = "results"
    DISCUSSION = "discussion"
    CONCLUSION = "conclusion"
    LIMITATIONS = "limitations"
    APPENDIX = "appendix"
    OTHER = "other"


class BlockKind(StrEnum):
    """What a run of a document's text is; only PROSE and ABSTRACT-like paragraphs yield sentences."""

    PROSE = "prose"
    HEADING = "heading"
    TABLE = "table"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Block:
    """A run of Document.text, start inclusive, end exclusive, in characters; a table's rows are lines, cells parted by " | "."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a document, from its heading to the next one of any level."""

    heading: str
    role: Role
    start: int
    end: int
    level: int = 1


class SignKind(StrEnum):
    """What about a text is suspicious."""

    INSTRUCTION = "instruction"
    HIDDEN = "hidden text"
    INVISIBLE = "invisible characters"
    LOOKALIKE = "look-alike letters"
    FAKE_REFERENCES = "fake reference list"


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign that a text addresses the reviewer or hides something; never obeyed, always shown.

    Attributes:
        where: The paper's id, and a place in it for people ("page 3", "comment in main.tex").
        words: The offending words, exactly.
    """

    kind: SignKind
    paper: str
    where: str
    words: str


@dataclass(frozen=True, slots=True)
class Document:
    """One paper's text, as all quotes point into it.

    Attributes:
        text: Unicode NFC; paragraphs parted by blank lines; never changed after reading.
        source_sha256: SHA-256 of the bytes it was read from.
        pages: For a PDF, the offset at which each page starts; else empty.
        references: The entries of its reference list, which is no part of text.
        signs: What the reader saw and a person would not.
        gaps: What could not be read.
    """

    paper: str
    form: Form
    text: str
    sections: tuple[Section, ...] = ()
    blocks: tuple[Block, ...] = ()
    source_sha256: str = ""
    pages: tuple[int, ...] = ()
    references: tuple[str, ...] = ()
    title: str = ""
    signs: tuple[Sign, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def __post_init__(self) -> None:
        spans: tuple[Section | Block, ...] = (*self.sections, *self.blocks)
        for span in spans:
            if not 0 <= span.start <= span.end <= len(self.text):
                raise ValueError(f"{self.paper}: span {span.start}..{span.end} leaves the text of {len(self.text)}")

    @property
    def sha256(self) -> str:
        """SHA-256 of the text, 64 hex digits."""
        return text_sha256(self.text)

    def section_at(self, offset: int) -> Section | None:
        """Give the section that holds the character at `offset`."""
        return next((part for part in self.sections if part.start <= offset < part.end), None)

    def page_at(self, offset: int) -> int | None:
        """Give the page (from 1) that holds the character at `offset`; None where there are no pages."""
        return sum(1 for start in self.pages if start <= offset) or None


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of a document's sentences.

    Attributes:
        start, end: Character offsets into Document.text; end is exclusive.
        text: Exactly Document.text[start:end], never cleaned up.
        page: Page of a PDF, from 1; None where there are none.
    """

    paper: str
    start: int
    end: int
    text: str
    section: str = ""
    role: Role = Role.OTHER
    kind: BlockKind = BlockKind.PROSE
    page: int | None = None

    def __post_init__(self) -> None:
        if self.start < 0 or len(self.text) != self.end - self.start:
            raise ValueError(f"{self.paper}: span {self.start}..{self.end} holds {len(self.text)} characters")


# --- Claim -------------------------------------------------------------------------------------------------------


class Origin(StrEnum):
    """Who worded a claim."""

    EXTRACTED = "extracted"
    MODEL = "model"
    REVISED = "revised"


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that a paper makes, with the words in which it makes it.

    Attributes:
        id: "c" and 10 hex digits of paper, text and quote; so reruns agree.
        text: The whole statement, self-contained.
        quote: Verbatim: Document.text[quote.start:quote.end] of the document whose hash is document_sha256.
        relevance: To the goal's question, 0..1.
        also_in: Papers whose near-identical sentence was merged into this one.
    """

    text: str
    quote: Passage
    document_sha256: str
    origin: Origin = Origin.EXTRACTED
    relevance: float = 0.0
    also_in: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The claim's name everywhere."""
        return "c" + digest(self.quote.paper, self.text, self.quote.text, str(self.quote.start), chars=10)

    @property
    def paper(self) -> str:
        """The id of the paper that makes it."""
        return self.quote.paper


# --- Evidence ----------------------------------------------------------------------------------------------------


class Verdict(StrEnum):
    """What the evidence says of a claim; "verified" means SUPPORTED and nothing else."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    INSUFFICIENT = "insufficient"
    UNCHECKED = "unchecked"


class Stance(StrEnum):
    """What one passage says of a claim."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Calibrated, each 0..1, together 1."""

    supported: float
    insufficient: float
    refuted: float

    def __post_init__(self) -> None:
        if min(self.supported, self.insufficient, self.refuted) < 0 or not 0.999 < self.total < 1.001:
            raise ValueError(f"expected three probabilities that sum to 1, got {self}")

    @property
    def total(self) -> float:
        """Their sum."""
        return self.supported + self.insufficient + self.refuted


@dataclass(frozen=True, slots=True)
class Witness:
    """One passage heard about a claim; own says whether it is from the claim's own paper."""

    passage: Passage
    stance: Stance
    probabilities: Probabilities | None
    own: bool


class CheckName(StrEnum):
    """The cascade's checks, in order."""

    QUOTE = "quote"
    NUMBERS = "numbers"
    UNITS = "units"
    NAMES = "names"
    DIRECTION = "direction"
    LEXICAL = "lexical"
    ENTAILMENT = "entailment"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the cascade. passed is None where it had nothing to check; a veto can only lower a verdict."""

    name: CheckName
    passed: bool | None
    detail: str
    is_veto: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was heard about one claim and what follows.

    Attributes:
        confidence: Calibrated probability (0..1) that the claim is supported by its evidence; None when unchecked.
        witnesses: The claim's own paper first, then the other papers; best passage first.
        lexical: The prototype's rule: highest TF-IDF cosine (word 1- and 2-grams), 0..1.
    """

    claim: str
    verdict: Verdict
    confidence: float | None
    probabilities: Probabilities | None = None
    witnesses: tuple[Witness, ...] = ()
    checks: tuple[Check, ...] = ()
    lexical: float | None = None
    method: str = ""

    @property
    def is_verified(self) -> bool:
        """Whether the page may print "verified ✓"."""
        return self.verdict is Verdict.SUPPORTED

    def papers(self, stance: Stance, *, own: bool) -> tuple[str, ...]:
        """Give the ids of the papers whose passages take this stance, in order, each once."""
        found = (w.passage.paper for w in self.witnesses if w.stance is stance and w.own is own)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class VerifierCard:
    """What a verifier is and how far it can be trusted.

    Attributes:
        threshold: Smallest probability of "supported" that is accepted.
        false_acceptance: Share (0..1) of wrong claims that pass at the threshold on the calibration set.
        calibration_error: Expected calibration error (0..1) there.
        calibrated_on: The calibration set, in words; empty when it was never calibrated.
    """

    name: str
    version: str
    threshold: float
    false_acceptance: float | None = None
    recall: float | None = None
    calibration_error: float | None = None
    calibrated_on: str = ""


# --- Draft -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of the report and the claims that bear it; a sentence about the run itself cites none."""

    text: str
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A headed group of cited sentences."""

    heading: str
    sentences: tuple[CitedSentence, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A claim and the passage of another paper that speaks against it."""

    claim: str
    witness: Witness


@dataclass(frozen=True, slots=True)
class Draft:
    """The report's text before judgement.

    Attributes:
        abstract: Answers the question; each sentence cites its claims or speaks of the run.
        claims: Every claim that was drawn, best first; those dropped in a revision stay in the record.
        dropped: Ids of claims taken out of Findings in a revision, with the reason.
    """

    abstract: tuple[CitedSentence, ...]
    findings: tuple[Finding, ...]
    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]
    contradictions: tuple[Contradiction, ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        known = {claim.id for claim in self.claims}
        cited = {c for s in (*self.abstract, *(x for f in self.findings for x in f.sentences)) for c in s.claims}
        if cited - known:
            raise ValueError(f"cited claims that do not exist: {sorted(cited - known)}")
        if [e.claim for e in self.evidence] != [claim.id for claim in self.claims]:
            raise ValueError("expected one evidence for each claim, in the same order")

    @property
    def cited(self) -> tuple[str, ...]:
        """Ids of the claims that Findings cite, in order, each once."""
        return tuple(dict.fromkeys(c for f in self.findings for s in f.sentences for c in s.claims))

    @property
    def standing(self) -> tuple[Claim, ...]:
        """The claims that no revision dropped, in order."""
        gone = {claim for claim, _ in self.dropped}
        return tuple(claim for claim in self.claims if claim.id not in gone)

    def evidence_of(self, claim: str) -> Evidence:
        """Give the evidence of one claim; KeyError where there is none."""
        for item in self.evidence:
            if item.claim == claim:
                return item
        raise KeyError(claim)


@dataclass(frozen=True, slots=True)
class Case:
    """What the tribunal is shown: the same for every role.

    Attributes:
        round: 0 for the first draft.
        papers: The papers that were read.
    """

    goal: Goal
    draft: Draft
    round: int
    papers: tuple[Paper, ...]
    signs: tuple[Sign, ...] = ()
    gaps: tuple[Gap, ...] = ()


# --- Review ------------------------------------------------------------------------------------------------------


class JudgeRole(StrEnum):
    """The tribunal's three roles."""

    SKEPTIC = "SKEPTIC"
    VALIDATOR = "VALIDATOR"
    SYNTHESIZER = "SYNTHESIZER"


class Recommendation(StrEnum):
    """What a role asks for."""

    APPROVE = "approve"
    REVISE = "revise"
    REJECT = "reject"


class Ask(StrEnum):
    """What an objection wants done about its claim."""

    DROP = "drop"
    REWORD = "reword"
    REEVIDENCE = "re-evidence"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Objection:
    """What a role holds against the draft; claim is empty when it is about the whole."""

    reason: str
    ask: Ask = Ask.NOTE
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """One role's answer; an abstention has neither score nor recommendation, and never counts as approval."""

    role: JudgeRole
    score: float | None
    recommendation: Recommendation | None
    objections: tuple[Objection, ...] = ()
    summary: str = ""
    judge: str = ""

    def __post_init__(self) -> None:
        if (self.score is None) != (self.recommendation is None):
            raise ValueError("expected a score and a recommendation, or neither")
        if self.score is not None and not 0 <= self.score <= 10:
            raise ValueError(f"score: expected 0..10, got {self.score}")

    @property
    def is_abstention(self) -> bool:
        """Whether the role gave no usable answer."""
        return self.score is None


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a revision did about one objection."""

    role: JudgeRole
    objection: Objection
    action: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Hearing:
    """One round: round 0 hears the first draft; amendments are what was done after it."""

    round: int
    reviews: tuple[Review, ...]
    consensus: float | None
    spread: float | None
    amendments: tuple[Amendment, ...] = ()


class Outcome(StrEnum):
    """The tribunal's last word."""

    APPROVE = "APPROVE"
    REJECT = "REJECT"


@dataclass(frozen=True, slots=True)
class Tribunal:
    """All hearings in order; at least one."""

    hearings: tuple[Hearing, ...]
    outcome: Outcome
    judges: str

    @property
    def last(self) -> Hearing:
        """The hearing that counts."""
        return self.hearings[-1]

    @property
    def revision_rounds(self) -> int:
        """How many revisions were made."""
        return len(self.hearings) - 1


# --- Decision ----------------------------------------------------------------------------------------------------


class Action(StrEnum):
    """What the policy orders."""

    AUTO_APPROVE = "AUTO_APPROVE"
    ESCALATE_TO_OWNER = "ESCALATE_TO_OWNER"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One rule of the policy applied: its name, whether it held, and what it saw."""

    rule: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The rulings, and the action that follows: AUTO_APPROVE only where every rule held."""

    rulings: tuple[Ruling, ...]

    @property
    def action(self) -> Action:
        """Fails closed: no rulings, or one that failed, goes to the owner."""
        passed = bool(self.rulings) and all(ruling.passed for ruling in self.rulings)
        return Action.AUTO_APPROVE if passed else Action.ESCALATE_TO_OWNER

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the owner is asked; empty for AUTO_APPROVE."""
        return tuple(f"{r.rule}: {r.detail}" for r in self.rulings if not r.passed)


# --- Report ------------------------------------------------------------------------------------------------------


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
    date: date
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

    def number_of(self, paper: str) -> int:
        """Give the reference number (from 1) of a paper; ValueError where it is not listed."""
        return [item.id for item in self.papers].index(paper) + 1


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
