"""Lay the pieces that a reader found into one Document: the text is fixed here, and every offset with it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePosixPath

from sovereign.model import Block, BlockKind, Document, Form, Gap, Role, Section, Sign
from sovereign.readers.reference_list import fake_references
from sovereign.screening.entry import MAX_SIGNS, Text, of_document, screen
from sovereign.screening.signs import strip_invisible
from sovereign.text import fold

PAGE = "\f"  # stands in a piece's text where a page begins
MAX_CHARS = 4_000_000
MIN_UNHEADED_WORDS = 30
"""Fewer words between abstract and first heading are keywords, a note or an address, no introduction."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ue000-\uf8ff]")
_NUMBER = re.compile(
    r"^(?:(?:appendix|section|chapter)\s+(?:[A-Z]|\d+)\b[.:]?\s*|(?:[A-Z]\.)?\d+(?:\.\d+)*\.?\s+|[A-Z](?:\.\d+)+\.?\s+|[A-Z]\.\s+|"
    r"[IVX]+\.\s+|\(?[a-z0-9]\)\s+)(?=\S)",
    re.IGNORECASE,
)
# Dangling signs that a dropped citation or reference leaves behind; white space is folded before they are looked for.
_EMPTY_BRACKETS = re.compile(r" ?(?:\( ?[,;]*+ ?\)|\[ ?[,;]*+ ?\])(?=[\s.,;:]|$)")
_SPACE_BEFORE = re.compile(r"(?<!\s)\s++([,;.!?](?:\s|$))")

_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        (Role.ABSTRACT, r"^(?:(?:extended|author|executive|lay|plain(?:[- ]language)?) )?(?:abstract|summary)\b(?! (?:of|and)\b)"),
        (Role.INTRODUCTION, r"^introduc"),
        (Role.BACKGROUND, r"^background"),
        (Role.APPENDIX, r"^(?:appendi|supplement)"),
        (Role.LIMITATIONS, r"limitation|threats to validity|broader impact|ethic"),
        (Role.CONCLUSION, r"conclu|closing remark|summary|future work|outlook|final remark"),
        (Role.RELATED, r"related work|prior work|previous work|literature review|related (?:literature|studies|research)"),
        (Role.DISCUSSION, r"discussion|analys|implication|interpretation|error anal"),
        (Role.RESULTS, r"result|experiment|evaluation|finding|ablation|performance|benchmark|comparison|empirical|case stud"),
        (Role.BACKGROUND, r"background|preliminar|notation|problem (?:statement|formulation|definition|setting)|motivation"),
        (Role.INTRODUCTION, r"introduc|overview"),
        (
            Role.METHOD,
            (
                r"method|approach|model|architectur|algorithm|training|implementation|dataset|data\b|setup|set-up|framework|procedure|"
                r"materials|design|system|annotation|pipeline"
            ),
        ),
    )
)


def files_sha256(files: Mapping[PurePosixPath, bytes]) -> str:
    """Give one SHA-256 for a set of files: that of the bytes where there is one, else over names and contents in order."""
    if len(files) == 1:
        return hashlib.sha256(next(iter(files.values()))).hexdigest()
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(str(path).encode("utf-8", "surrogatepass") + b"\0" + hashlib.sha256(files[path]).digest())
    return whole.hexdigest()


@dataclass(frozen=True, slots=True)
class Piece:
    """A block before it has a place: level is a heading's depth from 1; PAGE stands where a page begins."""

    kind: BlockKind
    text: str
    level: int = 0


@dataclass(slots=True)
class Extras:
    """What a reader has besides the pieces; signs are of what it hides, which only the reader can tell."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    dated: str = ""
    doi: str = ""
    references: Sequence[str] = ()
    source_sha256: str = ""
    signs: Sequence[Sign] = ()
    gaps: Sequence[Gap] = ()
    asides: Sequence[Text] = ()  # what the file holds beside the pieces, and some program may show or speak
    pages: int = 0  # how many there are, for a PDF
    appendix_from: int | None = None  # index of the first piece of the appendix, where the source says so
    abstract_to: int | None = None  # index of the first piece behind the abstract, where the source says so


@dataclass(slots=True)
class _Layout:
    paper: str
    parts: list[str] = field(default_factory=list)
    size: int = 0
    blocks: list[Block] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    heads: list[tuple[int, str, int, bool]] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)


def build(paper: str, form: Form, pieces: Sequence[Piece], extras: Extras) -> Document:
    """Give the Document made of the pieces, in their order, parted by blank lines.

    Raises:
        ValueError: There is no text in the pieces, or more than MAX_CHARS.
    """
    layout = _Layout(paper, pages=[0] if extras.pages else [])
    for index, piece in enumerate(pieces):
        if index == extras.abstract_to:
            _begin_unheaded(layout, pieces[index:])
        _place(layout, piece, in_appendix=extras.appendix_from is not None and index >= extras.appendix_from)
    text = "".join(layout.parts)
    layout.pages += [layout.size] * (extras.pages - len(layout.pages))
    if not any(block.kind in {BlockKind.PROSE, BlockKind.FOOTNOTE, BlockKind.CAPTION} for block in layout.blocks):
        raise ValueError("no running text was found in it")
    title, found = strip_invisible(clean(extras.title), paper, "title")
    bare = [strip_invisible(raw, paper, f"reference {number}") for number, raw in enumerate(extras.references, 1)]
    references = tuple(entry for words, _ in bare if (entry := clean(words)))
    document = Document(
        paper=paper,
        form=form,
        text=text,
        sections=_sections(layout),
        blocks=tuple(layout.blocks),
        source_sha256=extras.source_sha256,
        pages=tuple(layout.pages),
        references=references,
        title=title,
        authors=tuple(name for raw in extras.authors if (name := clean(strip_invisible(raw, paper, "authors")[0]))),
        published=extras.published,
        dated=extras.dated if extras.published else "",
        doi=extras.doi,
        gaps=tuple(extras.gaps),
    )
    signs = (
        *extras.signs,
        *found,
        *(sign for _, signs in bare for sign in signs),
        *layout.signs,
        *screen(paper, of_document(document)),
        *screen(paper, extras.asides),
        *fake_references(references, paper),
    )
    return replace(document, signs=tuple(dict.fromkeys(signs))[:MAX_SIGNS])


def _place(layout: _Layout, piece: Piece, *, in_appendix: bool) -> None:
    where = f"a {piece.kind.value} block near character {layout.size}"
    shown, found = strip_invisible(piece.text, layout.paper, where)
    layout.signs.extend(found)
    lines = shown.split("\n") if piece.kind in {BlockKind.TABLE, BlockKind.FORMULA} else [shown]
    body = "\n".join(line for raw in lines if (line := clean(raw, keep_pages=True)))
    plain = body.replace(PAGE, "")
    if not plain.strip():
        if PAGE in body and layout.pages:
            layout.pages.extend([layout.size] * body.count(PAGE))
        return
    start = layout.size + (2 if layout.parts else 0)
    if layout.parts:
        layout.parts.append("\n\n")
    offset = start
    for run in body.split(PAGE)[:-1]:
        offset += len(run)
        layout.pages.append(offset)
    layout.parts.append(plain)
    layout.size = start + len(plain)
    if layout.size > MAX_CHARS:
        raise ValueError(f"it has more than {MAX_CHARS} characters of text; refused")
    layout.blocks.append(Block(piece.kind, start, layout.size))
    if piece.kind is BlockKind.HEADING:
        layout.heads.append((start, plain, max(piece.level, 1), in_appendix))


def _begin_unheaded(layout: _Layout, following: Sequence[Piece]) -> None:
    """Begin a section without a heading where prose follows the abstract: it opens the paper, and is no part of the abstract."""
    before_heading: list[Piece] = []
    for piece in following:
        if piece.kind is BlockKind.HEADING:
            break
        before_heading.append(piece)
    if layout.heads and sum(len(piece.text.split()) for piece in before_heading if piece.kind is BlockKind.PROSE) >= MIN_UNHEADED_WORDS:
        layout.heads.append((layout.size + (2 if layout.parts else 0), "", 1, False))


def clean(text: str, *, keep_pages: bool = False) -> str:
    """Give one line of NFC text without control characters, dangling brackets or spaces before a comma."""
    if keep_pages and PAGE in text:
        # A page break keeps its place: between words it stands after the space.
        text = re.sub(r"\s++", lambda m: m[0] if PAGE not in m[0] else (" " if m[0].strip(PAGE) else "") + "\ue00f", text)
        return _tidy(text).replace("\ue00f", PAGE)
    return _tidy(text)


def _tidy(text: str) -> str:
    marked = unicodedata.normalize("NFC", text)
    marked = _CONTROL.sub(lambda m: m.group() if m.group() == "\ue00f" else "", marked)
    marked = _SPACE_BEFORE.sub(r"\1", _EMPTY_BRACKETS.sub("", fold(marked)))
    return unicodedata.normalize("NFC", fold(marked))


def without_number(heading: str) -> str:
    """Give a heading without its number: "3.2 Results" is "Results", "A. Proofs" is "Proofs"."""
    return _NUMBER.sub("", fold(heading)).strip() or fold(heading)


def role_of(heading: str) -> Role:
    """Give what a section is for, by its heading alone; OTHER where the words say nothing."""
    lower = fold(heading).casefold()
    return next((role for role, pattern in _ROLES if pattern.search(lower)), Role.OTHER)


def _sections(layout: _Layout) -> tuple[Section, ...]:
    made: list[Section] = []
    above: list[tuple[int, Role]] = []  # level and role of the headings that the next one stands under
    appendix = 0  # level of the heading that began the appendix; 0 outside it
    ends = [*(head[0] for head in layout.heads[1:]), layout.size][: len(layout.heads)]
    for (start, heading, level, says_appendix), end in zip(layout.heads, ends, strict=True):
        above = [item for item in above if item[0] < level]
        own = _own_role(heading, made)
        is_closing = appendix > 0 and level <= appendix and _CLOSING.fullmatch(fold(heading).casefold()) is not None
        if says_appendix or own is Role.APPENDIX:
            appendix = appendix or (level if level == 1 or says_appendix else 0)
        role = Role.APPENDIX if (appendix and not is_closing) or own is Role.APPENDIX else own
        if above and (role is Role.OTHER or above[-1][1] in {Role.RELATED, Role.APPENDIX}):
            role = above[-1][1]
        above.append((level, role))
        made.append(Section(heading, role, start, end, level))
    return tuple(made)


# What stands behind an appendix and is none: a paper's own last words.
_CLOSING = re.compile(
    r"(?:(?:general |final )?discussion|conclusions?|concluding remarks|(?:summary|discussion) and conclusions?|conclusions? and .{1,40})"
)


def _own_role(heading: str, before: Sequence[Section]) -> Role:
    """Give a section's role by its heading and place: prose before any heading introduces, a late summary concludes."""
    if not heading:
        return Role.INTRODUCTION
    role = role_of(heading)
    if role is Role.ABSTRACT and len(before) > 1 and fold(heading).casefold().startswith("summary"):
        return Role.CONCLUSION
    return role
