"""PDF to a Document, by PDFium: reading order, paragraphs whole, hidden letters apart; bounded in pages, letters and objects."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePosixPath

import pypdfium2 as pdfium

from sovereign.model import BlockKind, Document, Form, Gap, GapKind, Sign, SignKind
from sovereign.readers.building import Extras, Piece, build, files_sha256
from sovereign.readers.pdf.blocks import blocks
from sovereign.readers.pdf.front import authors, published
from sovereign.readers.pdf.furniture import without_furniture
from sovereign.readers.pdf.glyphs import IN_A_FORM, leaf
from sovereign.readers.pdf.letters import mend
from sovereign.readers.pdf.lines import Line, lines_of, runs_of, usual_size
from sovereign.readers.pdf.page import Fonts, Leaf
from sovereign.screening.entry import Text
from sovereign.screening.signs import MAX_SHOWN_CHARS, addressed, shown

MAX_PAGES = 200
MAX_BYTES = 128 << 20
MAX_CHARS = 2_500_000
MAX_BOOKMARKS = 2_000
MIN_HIDDEN_WORDS = 3
MIN_FUNCTION_WORDS = 2
MIN_PAGES_OF_FURNITURE = 3  # what a printer hides on page after page, such as the name of the file, says nothing
MIN_LINES, MIN_LINE_CHARS = 2, 40  # of lines that run another way than the page, to be text
SIDEWAYS = 1_000  # what is added to the number of their column
_IN_FIGURES = frozenset({"tiny letters", "letters behind a figure", "letters clipped away", "letters in a hidden layer"})
_FUNCTION_WORDS = frozenset("the a an of and to in is are this that for you please with it not all any must should as give".split())


def read_pdf(paper: str, files: Mapping[PurePosixPath, bytes]) -> Document:
    """Read a PDF; where there are several files, the largest.

    Raises:
        ValueError: It is damaged, locked by a password, beyond the bounds, or holds no text (a scan).
    """
    found = [data for path, data in files.items() if path.suffix.lower() in {".pdf", ""}] or list(files.values())
    if not found:
        raise ValueError("expected a PDF file, got none")
    data = max(found, key=len)
    if len(data) > MAX_BYTES:
        raise ValueError(f"the PDF has {len(data) >> 20} MB; refused")
    document = _opened(data)
    try:
        leaves, fonts, gaps = _leaves(paper, document)
        about = _about(document)
        information = document.get_metadata_dict()
    finally:
        document.close()
    if sum(len(item.glyphs) for item in leaves) == 0:
        raise ValueError("the PDF holds no letters: a scan without a text layer, or pictures only")
    if all(item.is_scan for item in leaves):
        raise ValueError("the PDF is a scan: pictures of pages over a hidden layer of text, which nobody sees and which is not used")
    mend([*leaves, *(other for item in leaves for other in item.beside)], fonts.names, data)
    body = usual_size(leaves)
    pages = [lines_of(runs, number, fonts.names, body) for number, runs in enumerate(runs_of(leaves))]
    pages = without_furniture(pages, [item.height for item in leaves])
    pages = [[*lines, *_beside(item, number, fonts.names, body)] for number, (lines, item) in enumerate(zip(pages, leaves, strict=True))]
    stamp = next((words for item in leaves[:1] for words in item.turned), "")
    made = blocks(pages)
    if stamp:
        made.pieces.insert(0, Piece(BlockKind.FRONT, stamp))
        made.appendix_from = None if made.appendix_from is None else made.appendix_from + 1
    when = published(stamp, pages[0] if pages else (), information, made.references)
    extras = Extras(
        title=made.title,
        authors=authors(made.front, information),
        published=when.day if when else None,
        dated=when.by if when else "",
        references=made.references,
        source_sha256=files_sha256(files),
        signs=_signs(paper, leaves),
        gaps=gaps,
        asides=(
            *about,
            *(Text(f"spoken in place of page {n}'s letters", words) for n, item in enumerate(leaves, 1) for words in item.spoken),
        ),
        pages=len(leaves),
        appendix_from=made.appendix_from,
    )
    return build(paper, Form.PDF, made.pieces, extras)


def _about(document: pdfium.PdfDocument) -> list[Text]:
    """Give what the file says of itself, and its bookmarks: programs show both."""
    try:
        found = [Text(f"{name} in the file's properties", words) for name, words in document.get_metadata_dict(skip_empty=True).items()]
        marks = [mark.get_title() for mark in islice(document.get_toc(max_depth=6), MAX_BOOKMARKS)]
    except (pdfium.PdfiumError, UnicodeDecodeError):  # the paper itself may be read all the same
        return []
    return [*found, Text("bookmarks", "\n\n".join(mark for mark in marks if mark))]


def _beside(item: Leaf, number: int, fonts: Sequence[str], body: float) -> list[Line]:
    """Give the lines of a page that are read in another direction, where they are running text rather than labels."""
    found: list[Line] = []
    for place, other in enumerate(item.beside, 1):
        lines = lines_of(runs_of([other])[0], number, fonts, body)
        if sum(1 for line in lines if len(line.text) > MIN_LINE_CHARS) >= MIN_LINES:
            found += [replace(line, column=line.column + place * SIDEWAYS) for line in lines]
    return found


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
        count = len(document)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() and b"/Encrypt" in data:
            raise ValueError("the PDF is locked by a password") from error
        raise ValueError("the PDF is damaged or is none: PDFium cannot open it") from error
    if count == 0:
        raise ValueError("the PDF has no pages")
    return document


def _leaves(paper: str, document: pdfium.PdfDocument) -> tuple[list[Leaf], Fonts, list[Gap]]:
    fonts = Fonts()
    leaves: list[Leaf] = []
    gaps: list[Gap] = []
    total = 0
    for number in range(min(len(document), MAX_PAGES)):
        try:
            page = document[number]
        except pdfium.PdfiumError:
            gaps.append(Gap("read", paper, f"page {number + 1} of the PDF is damaged and was left out", GapKind.UNREADABLE))
            leaves.append(Leaf(612.0, 792.0))
            continue
        try:
            leaves.append(leaf(page, fonts))
        finally:
            page.close()
        total += len(leaves[-1].glyphs)
        if total > MAX_CHARS:
            raise ValueError(f"the PDF holds more than {MAX_CHARS} letters; refused")
        if leaves[-1].is_scan:
            gaps.append(Gap("read", paper, f"page {number + 1} is a scan; its hidden text layer was not used", GapKind.UNREADABLE))
    if len(document) > MAX_PAGES:
        gaps.append(Gap("read", paper, f"only the first {MAX_PAGES} of {len(document)} pages were read", GapKind.LIMIT))
    return leaves, fonts, gaps


def _signs(paper: str, leaves: list[Leaf]) -> list[Sign]:
    found: list[Sign] = []
    runs = Counter(_without_digits(words) for item in leaves for _, words in item.hidden)
    for number, item in enumerate(leaves, 1):
        for how, words in item.hidden:
            printers = runs[_without_digits(words)] >= MIN_PAGES_OF_FURNITURE and _function_words(words) < MIN_FUNCTION_WORDS
            if _is_said(how, words) and not item.is_scan and not printers:
                found.append(Sign(SignKind.HIDDEN, paper, f"page {number}: {how}", shown(words)[:MAX_SHOWN_CHARS]))
            found += addressed(words, paper, f"page {number}: {how}", hidden=True)
    return found


def _is_said(how: str, words: str) -> bool:
    """Whether hidden words say something; what figures hide by the way does only as a sentence: tiny, clipped and covered labels."""
    parts = words.split()
    spoken = [part for part in parts if sum(map(str.isalpha, part)) > 1]
    if how not in _IN_FIGURES and not how.endswith(IN_A_FORM):
        return len(spoken) >= MIN_HIDDEN_WORDS
    return len(spoken) >= 6 and _function_words(words) >= MIN_FUNCTION_WORDS


def _function_words(words: str) -> int:
    """Give how many of the words that hold sentences together there are."""
    return len(_FUNCTION_WORDS & {part.casefold().strip(".,:;!?") for part in words.split()})


def _without_digits(words: str) -> str:
    return re.sub(r"\d+", "#", words)
