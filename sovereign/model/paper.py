"""What is found and read: Paper, Document, Passage, and the suspicious signs in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sovereign.model.goal import Gap, text_sha256


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


class Form(StrEnum):
    """What a document was read from (an article in XML is read as the page it makes); the abstract is the last resort."""

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
    FRONT = "front matter"
    FIGURE = "figure"


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
    DOUBTFUL = "perhaps an instruction"
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

    @property
    def is_sure(self) -> bool:
        """Whether it speaks against its paper; what may be an order is shown and withheld from claims and models, and no more."""
        return self.kind is not SignKind.DOUBTFUL


@dataclass(frozen=True, slots=True)
class Document:
    r"""One paper's text, as all quotes point into it.

    Attributes:
        text: Unicode NFC; paragraphs parted by blank lines; never changed after reading.
        source_sha256: SHA-256 of the bytes it was read from.
        pages: For a PDF, the offset at which each page starts; else empty.
        references: The entries of its reference list, which is no part of text.
        authors: Names as its first page or its file writes them; empty where they were not found, which does not mean that it has none.
        published: When it came out, to the month or the year, as it says itself; None where it does not.
        dated: What says so, in words: "\date", "arXiv's stamp", "the name of its conference's style".
        doi: Its own DOI, where the file says it.
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
    authors: tuple[str, ...] = ()
    published: date | None = None
    dated: str = ""
    doi: str = ""
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

    @property
    def span(self) -> tuple[str, int, int]:
        """What tells one passage from another: paper, start and end."""
        return self.paper, self.start, self.end
