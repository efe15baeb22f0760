"""Paper -> Document -> Passage*: the best form that can be read, its sentences, and the rows of its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from sovereign.language.legibility import legible
from sovereign.model import BlockKind, Document, Fate, Form, Gap, GapKind, Paper, Passage, Role, SignKind
from sovereign.ports import Fetched, Reader
from sovereign.screening.entry import Text, detected, for_detectors, said_of, screen
from sovereign.screening.record import as_files, read_record
from sovereign.text import sentences

_ORDER = (Form.LATEX, Form.HTML, Form.PDF)
_MIN_CHARS = 1_500  # a full text that is shorter than this is a cover page or an error page


def read(
    paper: Paper,
    fetched: Sequence[Fetched],
    readers: Mapping[Form, Reader],
    detectors: Sequence[Callable[[Sequence[str]], Sequence[SignKind | None]]] = (),
) -> Document:
    """Give the paper's Document from the best form that can be read, else its abstract with a Gap that says so.

    Forms are tried as LaTeX, HTML, PDF, each as often as it was fetched. A form that cannot be read is a Gap; never an error. What
    does not read like language is no prose of the document (language/legibility.py). What an index says of the paper, its title,
    authors, comment and so on, is screened with it; a paper whose record cannot be screened is not used.

    Args:
        readers: By form; the reader of an abstract reads the paper's record.
        detectors: Tell orders to the reader among sentences, beside the patterns that every reader asks.
    """
    try:
        record = readers.get(Form.ABSTRACT, read_record)(paper.id, as_files(paper))
    except ValueError as error:
        why = f"what the index says of it could not be screened, so the paper was not used: {error}"
        return Document(paper.id, Form.ABSTRACT, "", gaps=(Gap("read", paper.id, why, GapKind.UNREADABLE),))
    gaps: list[Gap] = []
    for got in sorted(fetched, key=lambda item: _ORDER.index(item.form) if item.form in _ORDER else len(_ORDER)):
        reader = readers.get(got.form)
        if reader is None:
            continue
        try:
            document = reader(paper.id, got.files)
        except ValueError as error:
            gaps.append(Gap("read", paper.id, f"its {got.form.value} form could not be read: {error}", GapKind.UNREADABLE))
            continue
        if len(document.text) < max(_MIN_CHARS, len(paper.abstract)) and len(fetched) > 1:
            gaps.append(Gap("read", paper.id, f"its {got.form.value} form holds {len(document.text)} characters only", GapKind.UNREADABLE))
            continue
        document = legible(document)
        found = detected(paper.id, (*said_of(paper), *for_detectors(document)), detectors)
        signs = tuple(dict.fromkeys((*document.signs, *record.signs, *found)))
        return replace(document, gaps=(*document.gaps, *gaps), title=document.title or record.title, signs=signs)
    why = "no full text could be read; only its abstract was used" if paper.abstract else "neither full text nor abstract could be had"
    signs = tuple(dict.fromkeys((*record.signs, *detected(paper.id, said_of(paper), detectors))))
    return replace(record, gaps=(*gaps, Gap("read", paper.id, why, GapKind.MISSING)), signs=signs)


WITHHELD = "(title withheld: it speaks to its reader)"
MAX_TITLE_CHARS = 1_000


def withheld(fate: Fate) -> Fate:
    """Give the fate of a paper that was not read, its title withheld where that gives orders: nothing unscreened is shown."""
    title = fate.title[:MAX_TITLE_CHARS]
    return replace(fate, title=WITHHELD if screen(fate.paper, (Text("title", title),)) else title)


def cut(document: Document) -> tuple[Passage, ...]:
    """Give one Passage for each sentence of the document's running text, in order."""
    return tuple(_sentences(document, frozenset({BlockKind.PROSE})))


def notes(document: Document) -> tuple[Passage, ...]:
    """Give one Passage for each sentence of the footnotes and captions, in order."""
    return tuple(_sentences(document, frozenset({BlockKind.FOOTNOTE, BlockKind.CAPTION})))


def rows(document: Document) -> tuple[Passage, ...]:
    """Give one Passage for each row of the tables, in order; cells are parted by " | "."""
    found: list[Passage] = []
    for block in document.blocks:
        if block.kind is not BlockKind.TABLE:
            continue
        start = block.start
        for line in document.text[block.start : block.end].split("\n"):
            if line.strip():
                found.append(_passage(document, start, start + len(line), BlockKind.TABLE))
            start += len(line) + 1
    return tuple(found)


def _sentences(document: Document, kinds: frozenset[BlockKind]) -> Iterator[Passage]:
    for block in document.blocks:
        if block.kind in kinds:
            for start, end in sentences(document.text[block.start : block.end]):
                yield _passage(document, block.start + start, block.start + end, block.kind)


def _passage(document: Document, start: int, end: int, kind: BlockKind) -> Passage:
    section = document.section_at(start)
    return Passage(
        paper=document.paper,
        start=start,
        end=end,
        text=document.text[start:end],
        section=section.heading if section else "",
        role=section.role if section else Role.OTHER,
        kind=kind,
        page=document.page_at(start),
    )
