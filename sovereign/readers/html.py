"""HTML to a Document: LaTeXML's pages (arXiv, ar5iv) by its class names, any other page by its elements alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from lxml import etree, html

from sovereign.citing import bylines, dates
from sovereign.language.encodings import declared, decoded
from sovereign.language.markup import plain as plain_markup
from sovereign.language.scripts import in_text
from sovereign.model import BlockKind, Document, Form, Sign, SignKind
from sovereign.readers.archive import is_article_xml
from sovereign.readers.building import Extras, Piece, build, files_sha256, without_number
from sovereign.readers.html_source import main_part, parsed
from sovereign.readers.html_tables import Cell, heads_of, lines, rows_of, span
from sovereign.readers.html_unshown import asides
from sovereign.readers.jats import article
from sovereign.readers.maths import readable
from sovereign.screening.concealment import hides, is_far_away
from sovereign.screening.entry import Text
from sovereign.screening.signs import MAX_SHOWN_CHARS, addressed, shown

MAX_FRONT_CHARS = 1_000_000
"""So much of a page is looked through for who wrote it."""
MAX_DEPTH = 250
MIN_HIDDEN_WORDS = 3
_LINE_END = "\r"  # no page holds it: parsing turns it into a line feed

_SKIPPED = frozenset(
    "script style template noscript svg head nav button select input textarea iframe object embed canvas video audio map form".split()
)
_BLOCKS = frozenset(
    "p div section article main li ul ol dl dt dd blockquote figure header footer aside pre center address details summary".split()
)
_HEADINGS = {"h1": 1, "h2": 1, "h3": 2, "h4": 3, "h5": 4, "h6": 5}
_LATEXML_LEVELS = {
    "ltx_title_part": 1, "ltx_title_chapter": 1, "ltx_title_section": 1, "ltx_title_appendix": 1, "ltx_title_abstract": 1,
    "ltx_title_acknowledgements": 1, "ltx_title_bibliography": 1, "ltx_title_subsection": 2, "ltx_title_subsubsection": 3,
    "ltx_title_paragraph": 4, "ltx_title_subparagraph": 5,
}  # fmt: skip
_DROPPED_CLASSES = frozenset(
    "ltx_page_header ltx_page_footer ltx_page_navbar ltx_authors ltx_dates ltx_tag_item ltx_ERROR ltx_rule ltx_role_footnotemark "
    "ltx_note_mark ltx_note_type ltx_tag_note ltx_page_logo ltx_role_institutetext ltx_toc ltx_TOC ltx_missing ltx_missing_image "
    "ltx_pruned_first "
    "ltx_role_thanks ltx_role_affiliationtext ltx_tag_equation ltx_tag_equationgroup ltx_eqn_eqno ltx_pagination package-alerts "
    "html-header-logo katex-html MathJax_Preview MJX_Assistive_MathML "
    "ds-sidebar ltx_listing_data ltx_classification ltx_role_email ltx_role_orcid ltx_author_before ltx_authors_before ar5iv-footer".split()
)


@dataclass(slots=True)
class _Walk:
    paper: str
    pieces: list[Piece] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    after: list[Piece] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)
    title: str = ""
    appendix_from: int | None = None
    abstract_to: int | None = None
    in_references: bool = False

    def flush(self, kind: BlockKind = BlockKind.PROSE) -> None:
        text = "".join(self.line)
        self.line.clear()
        if text.strip():
            if self.in_references:
                self.references.append(text)
            else:
                self.pieces.append(Piece(kind, text))
        self.pieces += self.after
        self.after = []

    def break_line(self) -> None:
        """End the line; two line ends with nothing between them end the paragraph."""
        last = next((text for text in reversed(self.line) if text == _LINE_END or text.strip()), "")
        if last == _LINE_END:
            self.flush()
        else:
            self.line.append(_LINE_END)

    def place(self, piece: Piece) -> None:
        self.flush()
        if piece.text.strip():
            self.pieces.append(piece)


Handler = Callable[["_Walk", html.HtmlElement, int], None]


def read_html(paper: str, files: Mapping[PurePosixPath, bytes]) -> Document:
    """Read an HTML page, or an article in XML (JATS); where there are several files, the largest.

    Raises:
        ValueError: It is neither, is too large or too deep, or holds no text.
    """
    pages = {path: data for path, data in files.items() if path.suffix.lower() in {".html", ".htm", ".xhtml", ""}} or dict(files)
    if not pages:
        raise ValueError("expected an HTML file, got none")
    data = max(pages.values(), key=len)
    made = article(data) if is_article_xml(data) else None
    source = "" if made else decoded(data, declared(data))
    found = made.published if made else dates.from_html(source)
    root = made.page if made else parsed(data)
    walk = _Walk(paper)
    _visit(walk, main_part(root), 0)
    walk.flush()
    _look_aside(walk, root)
    extras = Extras(
        title=walk.title or (root.findtext(".//title") or ""),
        authors=made.authors if made else bylines.from_html(source[:MAX_FRONT_CHARS]),
        published=found.day if found else None,
        dated=found.by if found else "",
        doi=made.doi if made else "",
        gaps=made.told(paper) if made else (),
        references=walk.references,
        source_sha256=files_sha256(files),
        signs=walk.signs,
        asides=(*asides(root, _DROPPED_CLASSES), *([Text("left-out parts of the file", made.unshown)] if made else [])),
        appendix_from=walk.appendix_from,
        abstract_to=walk.abstract_to,
    )
    return build(paper, Form.HTML, walk.pieces, extras)


def _classes(node: html.HtmlElement) -> frozenset[str]:
    return frozenset((node.get("class") or "").split())


def _visit(walk: _Walk, node: html.HtmlElement, depth: int) -> None:
    """Write an element and what follows inside it."""
    if depth > MAX_DEPTH:
        raise ValueError(f"the page nests deeper than {MAX_DEPTH} elements; refused")
    tag = node.tag
    if not isinstance(tag, str) or tag in _SKIPPED:
        return
    classes = _classes(node)
    if classes & _DROPPED_CLASSES:
        return
    how = hides(node)
    if how:
        _conceal(walk, node, how)
        return
    special = _special(tag, classes)
    if special is not None:
        special(walk, node, depth)
        return
    _plain(walk, node, depth)


def _plain(walk: _Walk, node: html.HtmlElement, depth: int) -> None:
    is_block = node.tag in _BLOCKS and "ltx_inline-block" not in _classes(node)
    if is_block:
        walk.flush()
    if node.tag == "br":
        walk.break_line()
    if node.text:
        walk.line.append(node.text)
    for child in node:
        _visit(walk, child, depth + 1)
        if child.tail:
            walk.line.append(child.tail)
    if is_block:
        walk.flush()


def _special(tag: str, classes: frozenset[str]) -> Handler | None:
    for name, handler in _BY_CLASS.items():
        if name in classes:
            return handler
    return _BY_TAG.get(tag)


def _text_of(node: html.HtmlElement, depth: int, paper: str) -> tuple[str, _Walk]:
    """Give an element's text on one line, and the walk that holds what else was in it."""
    inner = _Walk(paper)
    _plain(inner, node, depth + 1)
    inner.line = [" ".join([*(piece.text for piece in inner.pieces if piece.kind is BlockKind.PROSE), "".join(inner.line)])]
    inner.pieces = [piece for piece in inner.pieces if piece.kind is not BlockKind.PROSE] + inner.after
    return inner.line[0], inner


# --- elements ----------------------------------------------------------------------------------------------------


def _heading(walk: _Walk, node: html.HtmlElement, depth: int) -> None:
    classes = _classes(node)
    for tag in node.xpath(".//*[contains(@class,'ltx_tag')]"):
        tag.text, tag[:] = "", []
    text, inner = _text_of(node, depth, walk.paper)
    walk.signs += inner.signs
    if "ltx_title_document" in classes or (node.tag == "h1" and not walk.title and not any(c.startswith("ltx_title_") for c in classes)):
        walk.flush()
        walk.title = walk.title or text
        return
    level = next((_LATEXML_LEVELS[name] for name in classes if name in _LATEXML_LEVELS), None) or _HEADINGS.get(str(node.tag), 4)
    walk.flush()
    walk.in_references = False
    if "ltx_title_bibliography" in classes or re.fullmatch(
        r"\W*(?:\d+\W*)?(references|bibliography|literature cited)\W*", text.strip(), re.IGNORECASE
    ):
        walk.in_references = True
        return
    if "ltx_title_appendix" in classes and walk.appendix_from is None:
        walk.appendix_from = len(walk.pieces)
    walk.place(Piece(BlockKind.HEADING, without_number(text).rstrip(".:"), level))


def _maths(walk: _Walk, node: html.HtmlElement, _: int) -> None:
    walk.line.append(_maths_text(node))


def _maths_text(node: html.HtmlElement) -> str:
    """Give a formula by its LaTeX where the page carries it, else by its letters in order, without the spaces of no width that set it."""
    tex = node.get("alttext") or ""
    if not tex:
        notes = node.xpath(".//*[local-name()='annotation' and contains(@encoding,'tex')]")
        tex = (notes[0].text or "") if isinstance(notes, list) and notes else ""
    if tex:
        return readable(re.sub(r"%\s*\n", "", tex))
    if node.tag == "math":
        return plain_markup(etree.tostring(node, encoding="unicode", with_tail=False)).replace("\u200b", "")
    return " ".join("".join(node.itertext()).split())


def _script(walk: _Walk, node: html.HtmlElement, depth: int) -> None:
    """Letters above or below the line, as every reader writes them."""
    text, inner = _text_of(node, depth, walk.paper)
    walk.signs += inner.signs
    walk.after += inner.pieces
    walk.line.append(in_text("^" if node.tag == "sup" else "_", text, "".join(walk.line[-3:])))


def _equation(walk: _Walk, node: html.HtmlElement, depth: int) -> None:
    walk.flush()
    lines = [_maths_text(item) for item in node.iter("math")]
    text = " ".join(line for line in lines if line) or _text_of(node, depth, walk.paper)[0]
    walk.place(Piece(BlockKind.FORMULA, text))


def _note(walk: _Walk, node: html.HtmlElement, depth: int) -> None:
    content = node.xpath(".//*[contains(concat(' ',@class,' '),' ltx_note_content ')]")
    text, inner = _text_of(content[0] if content else node, depth, walk.paper)
    walk.signs += inner.signs
    if text.strip():
        walk.after += [Piece(BlockKind.FOOTNOTE, text), *inner.pieces]


def _caption(walk: _Walk, node: html.HtmlElement, depth: int) -> None:
    text, inner = _text_of(node, depth, walk.paper)
    walk.signs += inner.signs
    walk.flush()
    walk.pieces += [Piece(BlockKind.CAPTION, text), *inner.pieces]


def _float(walk: _Walk, node: html.HtmlElement, depth: int) -> None:
    """A figure or table stands where it is, its own loose words apart from the text around it.

    A conversion that went wrong may leave whole sections inside a figure; those are read as the text they are.
    """
    if node.xpath(".//*[contains(@class,'ltx_title_s') or contains(@class,'ltx_title_paragraph')]"):
        _plain(walk, node, depth)
        return
    inner = _Walk(walk.paper)
    _plain(inner, node, depth)
    walk.signs += inner.signs
    walk.flush()
    kept = [Piece(BlockKind.CAPTION, p.text) if p.kind is BlockKind.PROSE and len(p.text.split()) > 3 else p for p in inner.pieces]
    walk.pieces += [piece for piece in kept if piece.kind is not BlockKind.PROSE]


def _table(walk: _Walk, node: html.HtmlElement, depth: int) -> None:
    rows: list[list[Cell]] = []
    nested: list[Piece] = []
    own = list(rows_of(node))
    for row in own:
        cells = []
        for cell in row:
            if isinstance(cell.tag, str) and not hides(cell):
                text, inner = _text_of(cell, depth, walk.paper)
                walk.signs += inner.signs
                nested += inner.pieces
                whole = " ".join([text, *(piece.text for piece in inner.pieces if piece.kind is BlockKind.FORMULA)])
                cells.append(Cell(" ".join(whole.split()), span(cell, "colspan"), span(cell, "rowspan")))
        rows.append(cells)
    caption = node.find("caption")
    walk.flush()
    if caption is not None:
        _caption(walk, caption, depth)
    walk.pieces.append(Piece(BlockKind.TABLE, "\n".join(lines(rows, heads_of(own)))))
    walk.pieces += [piece for piece in nested if piece.kind in {BlockKind.FOOTNOTE, BlockKind.TABLE}]


def _is_layout(node: html.HtmlElement) -> bool:
    return not node.xpath(".//th") and len(node.xpath(".//tr[1]/td")) < 2


def _html_table(walk: _Walk, node: html.HtmlElement, depth: int) -> None:
    if _is_layout(node):
        _plain(walk, node, depth)
        walk.flush()
    else:
        _table(walk, node, depth)


def _bibliography(walk: _Walk, node: html.HtmlElement, depth: int) -> None:
    walk.flush()
    for item in node.xpath(".//*[contains(@class,'ltx_bibitem')][not(ancestor::*[contains(@class,'ltx_bibitem')])]"):
        for tag in item.xpath("./*[contains(concat(' ',@class,' '),' ltx_tag ')]"):
            tag.text, tag[:] = "", []
        text = _text_of(item, depth, walk.paper)[0]
        if text.strip():
            walk.references.append(text)


def _keywords(walk: _Walk, node: html.HtmlElement, depth: int) -> None:
    text = _text_of(node, depth, walk.paper)[0]
    walk.flush()
    walk.place(Piece(BlockKind.FRONT, text if text.lower().lstrip().startswith("keyword") else "Keywords: " + text))


def _abstract(walk: _Walk, node: html.HtmlElement, depth: int) -> None:
    walk.flush()
    if not node.xpath(".//*[contains(@class,'ltx_title') or self::h1 or self::h2 or self::h3 or self::h6]"):
        walk.place(Piece(BlockKind.HEADING, "Abstract", 1))
    _plain(walk, node, depth)
    walk.flush()
    walk.abstract_to = len(walk.pieces) if walk.abstract_to is None else walk.abstract_to


def _code(walk: _Walk, node: html.HtmlElement, depth: int) -> None:
    text, inner = _text_of(node, depth, walk.paper)
    walk.signs += inner.signs
    walk.place(Piece(BlockKind.FORMULA, text))


def _cite(walk: _Walk, node: html.HtmlElement, depth: int) -> None:
    """A citation: LaTeXML writes a key it could not resolve as bold letters, which is no reference a person can follow."""
    if node.xpath(".//*[contains(@class,'ltx_missing_citation')]"):
        return
    _plain(walk, node, depth)


def _dropped(walk: _Walk, node: html.HtmlElement, depth: int) -> None:
    """Leave it out."""


_BY_CLASS: dict[str, Handler] = {
    "ltx_title": _heading,
    "ltx_bibliography": _bibliography,
    "ltx_equation": _equation,
    "ltx_equationgroup": _equation,
    "ltx_note": _note,
    "ltx_caption": _caption,
    "ltx_tabular": _table,
    "ltx_figure": _float,
    "ltx_table": _float,
    "ltx_float": _float,
    "ltx_abstract": _abstract,
    "ltx_keywords": _keywords,
    "ltx_listing": _code,
    "ltx_cite": _cite,
    **dict.fromkeys(("ltx_ulem_sout", "ltx_ulem_xout", "ltx_soul_st"), _dropped),
}
_BY_TAG: dict[str, Handler] = {
    **dict.fromkeys(_HEADINGS, _heading),
    "math": _maths,
    "sup": _script,
    "sub": _script,
    "table": _html_table,
    "figcaption": _caption,
    "pre": _code,
    **dict.fromkeys(("img", "s", "strike", "del", "rt", "rp"), _dropped),  # pictures, what is struck out, how a word is pronounced
}


# --- what a reader of the page does not see ----------------------------------------------------------------------


def _conceal(walk: _Walk, node: html.HtmlElement, how: str) -> None:
    words = " ".join("".join(node.itertext()).split())
    if len(words.split()) >= MIN_HIDDEN_WORDS and not is_far_away(node):
        walk.signs.append(Sign(SignKind.HIDDEN, walk.paper, how, shown(words)[:MAX_SHOWN_CHARS]))
    walk.signs += addressed(words, walk.paper, how, hidden=True)


def _look_aside(walk: _Walk, root: html.HtmlElement) -> None:
    """Look at words that a page carries but does not show: comments; the rest is for `_asides`."""
    for node in root.iter(etree.Comment):
        walk.signs += addressed(node.text or "", walk.paper, "comment in the page")
