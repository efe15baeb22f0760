"""A PDF's lines to blocks: front matter and reference list apart, the rest in order as pieces of a document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sovereign.model import BlockKind
from sovereign.readers.building import PAGE, Piece, without_number
from sovereign.readers.pdf.front import parted_front, title_of
from sovereign.readers.pdf.joining import join_lines, joined, piece_text, settled, vocabulary
from sovereign.readers.pdf.kinds import CAPTION, KNOWN_HEADING, Para
from sovereign.readers.pdf.lines import Line
from sovereign.readers.pdf.paragraphs import measures, paragraphs, parted, with_floats
from sovereign.readers.pdf.side_by_side import apart, without_figures
from sovereign.readers.pdf.tables import whole_tables
from sovereign.readers.pdf.turned import over_pages

_REFERENCES = re.compile(
    r"^\W*(?:\d+\.?\s+|[IVX]+\.\s+)?(?:references|bibliography|literature cited|references and notes)\W*$", re.IGNORECASE
)
_ENTRY = re.compile(r"^\[(?:\d+|[A-Z][\w+]{1,12})\]\s|^\d{1,3}\.\s+[A-Z]")


@dataclass(slots=True)
class Blocks:
    """The document's pieces, its reference list, its title, and the lines before its text."""

    pieces: list[Piece] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    title: str = ""
    front: list[Line] = field(default_factory=list)
    appendix_from: int | None = None


def blocks(pages: Sequence[Sequence[Line]]) -> Blocks:
    """Give the blocks of a document's pages, lines in reading order, furniture already out."""
    _level_weights(pages)
    usual = measures(pages)
    words = vocabulary(pages)
    paras: list[Para] = []
    for lines in pages:
        on_page: list[Para] = []
        for column in parted(lines):
            on_page += paragraphs(column, usual)
        paras += apart(without_figures(whole_tables(with_floats(on_page, usual), usual), usual))
    made = Blocks()
    paras, front = parted_front(over_pages(paras, usual), usual)
    made.title, made.front = title_of(front), [line for para in front for line in para.lines]
    if front:
        made.pieces.append(Piece(BlockKind.FRONT, "\n".join(line.text for line in made.front)))
    body = _without_references(paras, made, words)
    _write(settled(joined(body)), made, words)
    return made


def _level_weights(pages: Sequence[Sequence[Line]]) -> None:
    """Take no line for bold where the text itself is: bold stands out, or it is nothing."""
    letters = sum(len(line.text) for lines in pages for line in lines)
    if 2 * sum(len(line.text) for lines in pages for line in lines if line.bold) > letters:
        for lines in pages:
            for line in lines:
                line.bold = False


def _without_references(paras: list[Para], made: Blocks, words: frozenset[str]) -> list[Para]:
    heads = [i for i, para in enumerate(paras) if _REFERENCES.match(para.first.text) and len(para.lines) == 1]
    if not heads:
        return _without_headless(paras, made, words)
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


def _without_headless(paras: list[Para], made: Blocks, words: frozenset[str]) -> list[Para]:
    """Take off a list of references that no heading begins: entries [1], [2], [3] and so on, in smaller letters than the text's."""
    lines = [(i, line) for i, para in enumerate(paras) for line in para.lines]
    first = next((at for at, (i, line) in enumerate(lines) if line.text.startswith("[1]") and _ENTRY.match(line.text)), None)
    if first is None:
        return paras
    start, size = lines[first][0], lines[first][1].size
    taken = [
        line for i, line in lines[first:] if abs(line.size - size) < 0.4 and paras[i].kind not in {BlockKind.HEADING, BlockKind.CAPTION}
    ]
    numbers = [int(found[1]) for line in taken if (found := re.match(r"\[(\d{1,3})\]", line.text))]
    if len(numbers) < 5 or sum(1 for one, other in pairwise(numbers) if other == one + 1) < 0.8 * (len(numbers) - 1):
        return paras
    usual = Counter(round(line.size, 1) for _, line in lines[:first]).most_common(1)
    is_mixed = bool(usual) and usual[0][0] > size + 0.4  # text of the usual size may stand between the entries, in another column
    gone = {id(line) for line in (taken if is_mixed else [line for _, line in lines[first:]])}
    made.references += _entries([line for _, line in lines[first:] if id(line) in gone], words)
    rest = []
    for i, para in enumerate(paras):
        kept = [line for line in para.lines if id(line) not in gone]
        if kept and i >= start:
            para.lines = kept
        if kept:
            rest.append(para)
    return rest


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
