"""A PDF's lines to blocks: front matter and reference list apart, the rest in order as pieces of a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sovereign.model import BlockKind
from sovereign.readers.building import PAGE, Piece, without_number
from sovereign.readers.pdf.joining import join_lines, joined, piece_text, settled, vocabulary
from sovereign.readers.pdf.kinds import CAPTION, KNOWN_HEADING, Measures, Para
from sovereign.readers.pdf.lines import Line
from sovereign.readers.pdf.paragraphs import measures, paragraphs, parted, with_floats

_REFERENCES = re.compile(
    r"^\W*(?:\d+\.?\s+|[IVX]+\.\s+)?(?:references|bibliography|literature cited|references and notes)\W*$", re.IGNORECASE
)
_ENTRY = re.compile(r"^\[(?:\d+|[A-Z][\w+]{1,12})\]\s|^\d{1,3}\.\s+[A-Z]")


@dataclass(slots=True)
class Blocks:
    """The document's pieces, its reference list, and the lines of the title as they stood."""

    pieces: list[Piece] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    title: str = ""
    appendix_from: int | None = None


def blocks(pages: Sequence[Sequence[Line]]) -> Blocks:
    """Give the blocks of a document's pages, lines in reading order, furniture already out."""
    usual = measures(pages)
    words = vocabulary(pages)
    paras: list[Para] = []
    for lines in pages:
        on_page: list[Para] = []
        for column in parted(lines):
            on_page += paragraphs(column, usual)
        paras += with_floats(on_page, usual)
    made = Blocks()
    paras = _without_front(paras, usual, made)
    body = _without_references(paras, made, words)
    _write(settled(joined(body)), made, words)
    return made


def _without_front(paras: list[Para], usual: Measures, made: Blocks) -> list[Para]:
    """Take the title, authors and addresses off the first page: what stands before the abstract."""
    first_page = [i for i, para in enumerate(paras) if para.first.page == 0]
    start = next(
        (i for i in first_page if re.match(r"^\W*(?:abstract|summary)\b", paras[i].first.text, re.IGNORECASE)),
        next((i for i in first_page if re.match(r"^(?:1|I)?\.?\s*introduction\W*$", paras[i].first.text.strip(), re.IGNORECASE)), None),
    )
    if start is None:
        big = max((para.first.size for para in paras[:8]), default=0.0)
        start = next((i + 1 for i, para in enumerate(paras[:8]) if para.first.size == big > usual.body + 2), 0)
    front, rest = paras[:start], paras[start:]
    if front:
        biggest = max(front, key=lambda para: (round(para.first.size), -front.index(para)))
        size = biggest.first.size
        made.title = " ".join(line.text for para in front for line in para.lines if line.size > size - 0.4)
        text = "\n".join(line.text for para in front for line in para.lines)
        made.pieces.append(Piece(BlockKind.FRONT, text))
    return _split_abstract(rest, usual)


def _split_abstract(paras: list[Para], usual: Measures) -> list[Para]:
    """Give a heading of its own to "Abstract—We …" and "Abstract. We …"."""
    for index, para in enumerate(paras[:3]):
        run_in = re.match(r"^(abstract)\s*[.:—–-]+\s*(?=\S)", para.first.text, re.IGNORECASE)
        if run_in and para.kind is not BlockKind.HEADING:
            line = para.first
            head = Line(run_in[1], line.x0, line.x1, line.y, usual.body, bold=True, page=line.page, column=line.column)
            line.text = line.text[run_in.end() :]
            return [*paras[:index], Para(BlockKind.HEADING, [head], 1), *paras[index:]]
    return paras


def _without_references(paras: list[Para], made: Blocks, words: frozenset[str]) -> list[Para]:
    heads = [i for i, para in enumerate(paras) if _REFERENCES.match(para.first.text) and len(para.lines) == 1]
    if not heads:
        return paras
    start = heads[-1]
    end = next((i for i in range(start + 1, len(paras)) if _ends_references(paras[i])), len(paras))
    lines = [line for para in paras[start + 1 : end] if para.kind is not BlockKind.TABLE or len(para.lines) > 0 for line in para.lines]
    made.references += _entries(lines, words)
    rest = paras[start + 1 : end]
    floats = [para for para in rest if para.kind is BlockKind.CAPTION and CAPTION.match(para.first.text)]
    made.appendix_from = None
    after = paras[end:]
    if after:
        after[0].level = 1 if after[0].kind is BlockKind.HEADING else after[0].level
    return [*paras[:start], *floats, *after]


def _ends_references(para: Para) -> bool:
    if para.kind is not BlockKind.HEADING or _ENTRY.match(para.first.text):
        return False
    text = para.first.text
    return bool(re.match(r"^(?:(?i:appendi|supplement)|[A-Z](?:\.\d+)*\.?\s+[A-Z])", text) or KNOWN_HEADING.match(text) or para.first.bold)


def _entries(lines: list[Line], words: frozenset[str]) -> list[str]:
    if not lines:
        return []
    numbered = sum(1 for line in lines if _ENTRY.match(line.text)) >= max(3, len(lines) // 12)
    lefts: dict[tuple[int, int], float] = {}
    for line in lines:
        key = (line.page, line.column)
        lefts[key] = min(lefts.get(key, 1e9), line.x0)
    entries: list[list[Line]] = []
    for line in lines:
        starts = bool(_ENTRY.match(line.text)) if numbered else line.x0 < lefts[line.page, line.column] + 3
        if starts or not entries:
            entries.append([line])
        else:
            entries[-1].append(line)
    return [join_lines(entry, words, entry[-1].page) for entry in entries]


def _write(paras: list[Para], made: Blocks, words: frozenset[str]) -> None:
    page = 0
    is_roman = any(re.match(r"[IVX]+\.\s", para.first.text) for para in paras if para.kind is BlockKind.HEADING)
    for para in paras:
        breaks = PAGE * max(0, para.first.page - page)
        page = max(page, para.first.page)
        text = piece_text(para, words, page)
        page = max(page, para.last.page)
        if para.kind is BlockKind.HEADING:
            made.pieces.append(_heading(para, text.replace(PAGE, " "), breaks, made, is_roman=is_roman))
        else:
            made.pieces.append(Piece(para.kind, breaks + text))


def _heading(para: Para, text: str, breaks: str, made: Blocks, *, is_roman: bool) -> Piece:
    """Give a heading without its number; letters number the appendix, or subsections where sections have Roman numbers."""
    level = para.level
    if is_roman and re.match(r"[A-Z]\.\s", text) and not re.match(r"[IVX]\.\s", text):
        level = 2
    elif made.appendix_from is None and re.match(r"^(?:(?i:appendi)|[A-Z]\.?\s+\S)", text) and _is_after_conclusion(made):
        made.appendix_from = len(made.pieces)
    heading = without_number(text)
    if made.appendix_from is not None:
        heading = re.sub(r"^[A-Z]\s+(?=[A-Z])", "", heading)
    return Piece(BlockKind.HEADING, breaks + heading.rstrip(".:"), level)


def _is_after_conclusion(made: Blocks) -> bool:
    heads = " ".join(piece.text for piece in made.pieces if piece.kind is BlockKind.HEADING).casefold()
    return bool(re.search(r"conclu|discussion|acknowledg|limitation", heads))
