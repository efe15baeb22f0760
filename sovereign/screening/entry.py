"""The one way in: every text of a paper is screened here, whoever brought it: an index, a folder, a person, or a reader of its full text.

A reader knows what its format hides, and tells that by itself; what can be seen comes here, together with what an index says of the paper.
Orders are told by published patterns, and by any further detector that is given: a trained head has the shape of `Detector`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

from sovereign.model import Block, BlockKind, Document, Paper, Sign, SignKind
from sovereign.screening.signs import MAX_SHOWN_CHARS, addressed, lookalikes, shown, strip_invisible
from sovereign.text import sentences

MAX_SIGNS = 100
SEAM_CHARS = 300
"""How much of each of two neighbours is read as one: an order that is cut in two is shorter than this on either side."""
SHORT_CHARS = 160
_ENDED = re.compile(r"[.!?。！？…][\"'”’)\]]*$")
# Of a Paper, what no stranger wrote: our own word for its state, and where we found it.
_OUR_OWN = frozenset({"published", "updated", "status", "hits"})


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a paper.

    Attributes:
        where: A place for people, such as "title" or "Results, page 3".
        is_joined: Whether it goes on where the text before it stops: a list's items, the parts of a paragraph.
    """

    where: str
    words: str
    is_joined: bool = False


Detector: TypeAlias = Callable[[Sequence[str]], Sequence[SignKind | None]]
"""Says of each sentence whether it orders its reader about, or may do so."""


def screen(paper: str, texts: Iterable[Text], detectors: Sequence[Detector] = ()) -> tuple[Sign, ...]:
    """Give the signs in texts that everybody can see, in order, each once; at most MAX_SIGNS."""
    found: list[Sign] = []
    known = tuple(texts)
    for text in known:
        found += _alone(paper, text)
    found += _across(paper, known, {sign.where for sign in found})
    found += detected(paper, known, detectors)
    return tuple(dict.fromkeys(found))[:MAX_SIGNS]


def _alone(paper: str, text: Text) -> Iterator[Sign]:
    bare, invisible = strip_invisible(text.words, paper, text.where)
    yield from invisible
    yield from addressed(bare, paper, text.where)
    yield from lookalikes(bare, paper, text.where)


def _across(paper: str, texts: Sequence[Text], told: set[str]) -> Iterator[Sign]:
    """Yield the orders that run on from one text into the next."""
    for first, words in _seams(texts):
        if first.where not in told:
            yield from addressed(words, paper, first.where)


def _seams(texts: Sequence[Text]) -> Iterator[tuple[Text, str]]:
    """Yield each run of texts that go on in one another, by its first text: whole where they are short, else the ends that meet."""
    run: list[str] = []
    first: Text | None = None
    for text in texts:
        words = text.words.strip()
        if first is not None and text.is_joined:
            run.append(words[:SEAM_CHARS])
        if len(run) > 1 and not (text.is_joined and _goes_on(words)) and first is not None:
            yield first, " ".join(run)
        if not (first is not None and text.is_joined and _goes_on(words)):
            run, first = ([words[-SEAM_CHARS:]], text) if not _ENDED.search(words[-8:]) else ([], None)
        if len(run) > 1 and sum(map(len, run)) > 5 * SEAM_CHARS and first is not None:
            yield first, " ".join(run)
            run, first = [words[-SEAM_CHARS:]], text
    if len(run) > 1 and first is not None:
        yield first, " ".join(run)


def _goes_on(words: str) -> bool:
    """Whether a text is a short part that has no end of its own."""
    return len(words) <= SHORT_CHARS and not _ENDED.search(words[-8:])


def detected(paper: str, texts: Sequence[Text], detectors: Sequence[Detector]) -> tuple[Sign, ...]:
    """Give what further detectors find in texts that the patterns have seen already, where those were screened: in another process, say."""
    if not detectors:
        return ()
    parts = [(text.where, text.words[start:end]) for text in texts for start, end in sentences(text.words)]
    found = []
    for detector in detectors:
        for (where, words), kind in zip(parts, detector([words for _, words in parts]), strict=True):
            if kind:
                found.append(Sign(kind, paper, where, shown(words)[:MAX_SHOWN_CHARS]))
    return tuple(dict.fromkeys(found))[:MAX_SIGNS]


def of_record(paper: Paper) -> tuple[Text, ...]:
    """Give every text that an index, a folder's library or a person gave for a paper: a new field of Paper is among them by itself."""
    found = []
    for part in fields(paper):
        value = getattr(paper, part.name)
        if part.name not in _OUR_OWN and value:
            words = value if isinstance(value, str) else "; ".join(map(str, value))
            found.append(Text("abstract" if part.name == "abstract" else f"{part.name.replace('_', ' ')} (record)", words))
    return tuple(found)


def said_of(paper: Paper) -> tuple[Text, ...]:
    """Give the sentences of a record, for detectors: title, abstract and comment; names are none."""
    return tuple(text for text in of_record(paper) if text.where in {"title (record)", "abstract", "comment (record)"})


def for_detectors(document: Document) -> tuple[Text, ...]:
    """Give what reads like sentences in a document (after language/legibility.py): running text, captions, footnotes, references.

    A trained detector has learnt from sentences; names, rows, formulas and letters that nobody can read are none.
    """
    found = [
        Text(where_in(document, block), document.text[block.start : block.end])
        for block in document.blocks
        if block.kind in {BlockKind.PROSE, BlockKind.CAPTION, BlockKind.FOOTNOTE}
    ]
    return (*found, *(Text(f"reference {number}", entry) for number, entry in enumerate(document.references, 1)))


def where_in(document: Document, block: Block) -> str:
    """Give a block's place for people: its section, and its page where there are pages."""
    section, page = document.section_at(block.start), document.page_at(block.start)
    return f"{section.heading if section else 'beginning'}{f', page {page}' if page else ''}"


def of_document(document: Document) -> tuple[Text, ...]:
    """Give every text of a document: its title, its blocks, its references, and what could not be read."""
    found = [Text("title", document.title)]
    found += [Text(where_in(document, block), document.text[block.start : block.end], is_joined=True) for block in document.blocks]
    found += [Text(f"reference {number}", entry) for number, entry in enumerate(document.references, 1)]
    found += [Text("what could not be read", gap.why) for gap in document.gaps]
    return tuple(text for text in found if text.words)
