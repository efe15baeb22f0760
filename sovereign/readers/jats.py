"""An article in XML as the elements of a page: JATS (https://jats.nlm.nih.gov/), what PubMed Central and publishers give.

The article is turned into the page that it is printed as, so that one reader knows what a table, a formula or a note is (readers/html.py).
Left out are the journal's and the publisher's own words, licences, funding tables, figures' bytes, and peer reviews that are sent along.
Entities of a document type are never looked up or expanded.
"""

from __future__ import annotations

import copy
import html as entities
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree, html

from sovereign.citing.dates import Dated
from sovereign.model import Gap, GapKind
from sovereign.readers.jats_front import authors, doi_of, published
from sovereign.text import counted, fold

MAX_BYTES = 48 << 20
MAX_DEPTH = 200
UNKNOWN_ENTITY = "\ufffd"

_TEX_BODY = re.compile(r"\\begin\s?\{document\}(.*?)\\end\s?\{document\}", re.DOTALL)
_MATH_SIGNS = re.compile(r"^\s*(?:\$\$?|\\\[|\\\()|(?:\$\$?|\\\]|\\\))\s*$")
_STOPPED = re.compile(r"[.:;!?]\s*$")

_DROPPED = frozenset(
    """aff alt-text article-id attrib author-comment author-notes bio conference contract-num contract-sponsor contrib-group
    copyright-statement counts custom-meta-group era fn-type funding-group graphic history inline-graphic issue journal-meta kwd-group
    long-desc media notes-group object-id permissions price private-char processing-meta related-article related-object sec-meta self-uri
    subj-group supplementary-material""".split()
)
_BLOCKS = frozenset(
    "ack app app-group boxed-text chem-struct-wrap disp-quote fn-group glossary notes sec speech statement verse-group verse-line".split()
)
_NESTING = frozenset("ack app app-group boxed-text glossary notes sec".split())
_ABSTRACT_KINDS = frozenset("author-summary executive-summary highlights key-points plain-language-summary summary".split())


@dataclass(frozen=True, slots=True)
class Article:
    """An article as a page; `unshown` are words of the file that are no part of it, `beside` counts whole texts among these (reviews)."""

    page: html.HtmlElement
    authors: tuple[str, ...]
    published: Dated | None
    doi: str
    unshown: str = ""
    beside: int = 0

    def told(self, paper: str) -> tuple[Gap, ...]:
        """Tell of texts of their own that the file carries."""
        if not self.beside:
            return ()
        beside, verb = counted(self.beside, "text"), "was" if self.beside == 1 else "were"
        why = f"{beside} that the file carries beside the article (reviews, answers, translations) {verb} not read"
        return (Gap("read", paper, why, GapKind.REJECTED),)


def article(data: bytes) -> Article:
    """Give the article of the bytes.

    Raises:
        ValueError: It is too large or too deep, is no XML that can be read, or holds no article.
    """
    if len(data) > MAX_BYTES:
        raise ValueError(f"the article has {len(data) >> 20} MB; refused")
    root = _parsed(data)
    tops = [root] if root.tag == "article" else list(root.iter("article"))
    if len(tops) != 1:
        raise ValueError(f"expected one article in XML (JATS), got {len(tops)}; give each in a file of its own")
    top = tops[0]
    unshown = " ".join(word for node in root.iter(*_DROPPED, "sub-article", "response") for word in node.itertext())
    comments = [node.text or "" for node in root.iter(etree.Comment)]
    others = top.xpath("./sub-article|./response")
    for other in others:
        top.remove(other)
    meta = top.find("front/article-meta")
    meta = meta if meta is not None else etree.Element("article-meta")
    page = html.Element("article")
    _front(page, meta)
    for part in top.xpath("./body|./back|./floats-group"):
        _children(part, page, 1)
    for words in comments:
        page.append(etree.Comment(words.replace("-", " ")))
    return Article(page, tuple(authors(meta)), published(meta), doi_of(meta), fold(unshown), len(others))


def _parsed(data: bytes) -> html.HtmlElement:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ValueError(f"the article is no XML that can be read: {error}") from error
    if root is None:
        raise ValueError("the article is no XML that can be read: it holds no element")
    for node, depth in _deep(root):
        if depth > MAX_DEPTH:
            raise ValueError(f"the article nests deeper than {MAX_DEPTH} elements; refused")
        if isinstance(node.tag, str):
            node.tag = etree.QName(node).localname
        elif node.tag is etree.Entity:
            _spell(node)
    return root


def _deep(root: html.HtmlElement) -> Iterator[tuple[html.HtmlElement, int]]:
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        children = [(child, depth + 1) for child in node]
        yield node, depth
        waiting += children


def _spell(entity: html.HtmlElement) -> None:
    """Put a named sign in an entity's place; what the names of HTML do not tell is U+FFFD, on which no claim stands."""
    name = entity.text or ""
    told = entities.unescape(name)
    words = (told if told != name else UNKNOWN_ENTITY) + (entity.tail or "")
    before, above = entity.getprevious(), entity.getparent()
    if above is None:
        return
    if before is None:
        above.text = (above.text or "") + words
    else:
        before.tail = (before.tail or "") + words
    entity.tail = None
    above.remove(entity)


# --- the page --------------------------------------------------------------------------------------------------------


def _front(page: html.HtmlElement, meta: html.HtmlElement) -> None:
    if (title := meta.find("title-group/article-title")) is not None:
        _children(title, _under(page, "h1", "ltx_title ltx_title_document"), 1, without=frozenset({"fn", "xref"}))
    for node in meta.findall("abstract"):
        kind = (node.get("abstract-type") or "").casefold()
        if not kind or kind in {"section", "structured"}:
            _abstract(page, node)
        elif kind in _ABSTRACT_KINDS:
            part = _under(page, "section")
            if node.find("title") is None:
                _under(part, "h2", text=kind.replace("-", " ").capitalize())
            _children(node, part, 1)
    words = [_words(node) for node in meta.findall("kwd-group/kwd")]
    if words:
        _under(page, "div", "ltx_keywords", text=", ".join(word for word in words if word))


def _abstract(page: html.HtmlElement, node: html.HtmlElement) -> None:
    """Write an abstract; the headings of its parts stand before their first words, as they are printed."""
    part = _under(page, "div", "ltx_abstract")
    _under(part, "h2", text=_words(node.find("title")) or "Abstract")
    for sec in [*node.iter("sec")]:
        title, first = sec.find("title"), sec.find("p")
        said = _words(title)
        if title is not None:
            sec.remove(title)
        if said and first is not None:
            lead = said if _STOPPED.search(said) else f"{said}:"
            first.text = f"{lead} {first.text or ''}"
    if (title := node.find("title")) is not None:
        node.remove(title)
    _children(node, part, 2)


def _under(parent: html.HtmlElement, tag: str, cls: str = "", *, text: str = "") -> html.HtmlElement:
    child = etree.SubElement(parent, tag)
    if cls:
        child.set("class", cls)
    if text:
        child.text = text
    return child


def _words(node: html.HtmlElement | None) -> str:
    """Give an element's words on one line, those of notes and marks left out."""
    if node is None:
        return ""
    plain = html.Element("span")
    _children(node, plain, 1, without=frozenset({"fn", "xref"}))
    return fold("".join(plain.itertext()))


def _add(parent: html.HtmlElement, text: str | None) -> None:
    if not text:
        return
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _children(node: html.HtmlElement, into: html.HtmlElement, level: int, without: frozenset[str] = frozenset()) -> None:
    _add(into, node.text)
    for child in node:
        if isinstance(child.tag, str) and child.tag not in without and child.tag not in _DROPPED:
            _HANDLERS.get(child.tag, _plain)(child, into, level)
        _add(into, child.tail)


def _plain(node: html.HtmlElement, into: html.HtmlElement, level: int) -> None:
    """Write an element: blocks as blocks, what is inside a line inside it, all else as the words that it holds."""
    if node.tag in _BLOCKS:
        part = _under(into, "section")
        _children(node, part, level + (node.tag in _NESTING))
        return
    name = _AS.get(node.tag, "span")
    child = _under(into, name)
    for key in ("style", "colspan", "rowspan"):
        if node.get(key):
            child.set(key, node.get(key))
    _children(node, child, level)


_AS = {
    **{name: name for name in ("p", "sub", "sup", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "col", "colgroup")},
    "break": "br",
    "list": "ul",
    "list-item": "li",
    "def-list": "dl",
    "def-item": "div",
    "term": "dt",
    "def": "dd",
    "code": "pre",
    "preformat": "pre",
    "strike": "s",
    "caption": "figcaption",
    "ruby": "ruby",
    "rb": "rb",
    "rt": "rt",
    "rp": "rp",
}


def _title(node: html.HtmlElement, into: html.HtmlElement, level: int) -> None:
    over = node.getparent()
    if over is not None and over.tag in {"caption", "list", "def-list", "fn-group"}:
        _children(node, into, level)
        _add(into, " " if _STOPPED.search("".join(node.itertext())) else ". ")
        return
    head = _under(into, f"h{min(6, max(2, level))}")
    if over is not None and over.tag in {"app", "app-group"}:
        head.set("class", "ltx_title ltx_title_appendix")
    if over is not None and over.tag == "ack":
        head.set("class", "ltx_title ltx_title_acknowledgements")
    _children(node, head, level)


def _label(_node: html.HtmlElement, _into: html.HtmlElement, _: int) -> None:
    """The number of a section, formula, note or entry is furniture; that of a figure or table begins its caption."""


def _float(node: html.HtmlElement, into: html.HtmlElement, level: int) -> None:
    part = _under(into, "figure", "ltx_table" if node.tag.startswith("table") else "ltx_figure")
    label, caption = fold("".join(node.find("label").itertext())) if node.find("label") is not None else "", node.find("caption")
    if label or caption is not None:
        head = _under(part, "figcaption")
        if label:
            _add(head, f"{label} " if label.endswith((".", ":")) else f"{label}. ")
        for child in caption if caption is not None else ():
            if isinstance(child.tag, str):
                _HANDLERS.get(child.tag, _inline)(child, head, level)
                _add(head, " ")
    rest = [child for child in node if isinstance(child.tag, str) and child.tag not in {"label", "caption"} | _DROPPED]
    for child in rest:
        _HANDLERS.get(child.tag, _plain)(child, part, level)


def _inline(node: html.HtmlElement, into: html.HtmlElement, level: int) -> None:
    """Write an element's words into the line."""
    _children(node, _under(into, "span"), level)


def _note(node: html.HtmlElement, into: html.HtmlElement, level: int) -> None:
    note = _under(into, "span", "ltx_note")
    _children(node, _under(note, "span", "ltx_note_content"), level)


def _notes_of_table(node: html.HtmlElement, into: html.HtmlElement, level: int) -> None:
    for child in node:
        if isinstance(child.tag, str):
            _note(child, into, level)


def _formula(node: html.HtmlElement, into: html.HtmlElement, level: int) -> None:
    is_display = node.tag.startswith("disp")
    part = _under(into, "div", "ltx_equation") if is_display else into
    tex = next(iter(node.iter("tex-math")), None)
    maths = next(iter(node.iter("math")), None)
    if tex is not None:
        _under(part, "math").set("alttext", _tex("".join(tex.itertext())))
    elif maths is not None:
        part.append(_bare(maths))
    else:
        _children(node, _under(part, "span"), level)


def _bare(maths: html.HtmlElement) -> html.HtmlElement:
    copied = copy.deepcopy(maths)
    copied.tail = None
    return copied


def _tex(said: str) -> str:
    """Give the formula of a `tex-math`, which may be a whole document with a preamble."""
    inner = _TEX_BODY.search(said)
    return _MATH_SIGNS.sub("", _MATH_SIGNS.sub("", inner[1] if inner else said)).strip()


def _alternatives(node: html.HtmlElement, into: html.HtmlElement, level: int) -> None:
    """Write one of several forms of the same thing: the one that words can be read from."""
    for name in ("table", "tex-math", "math", "textual-form", "code", "preformat"):
        found = node.find(name)
        if found is not None:
            _HANDLERS.get(name, _plain)(found, into, level)
            return


def _maths(node: html.HtmlElement, into: html.HtmlElement, _: int) -> None:
    if node.tag == "tex-math":
        _under(into, "math").set("alttext", _tex("".join(node.itertext())))
    else:
        into.append(_bare(node))


def _mark(node: html.HtmlElement, into: html.HtmlElement, level: int) -> None:
    """A cross reference is its words, as printed; the mark of a note is none of the text's."""
    if node.get("ref-type") not in {"fn", "table-fn", "aff", "corresp", "author-notes"}:
        _children(node, into, level)


def _references(node: html.HtmlElement, into: html.HtmlElement, _: int) -> None:
    part = _under(into, "section", "ltx_bibliography")
    for ref in node.iter("ref"):
        for entry in ref.xpath("./mixed-citation|./element-citation|./citation|./nlm-citation|./citation-alternatives/*[1]|./note"):
            if words := _entry(entry):
                _under(part, "div", "ltx_bibitem", text=words)


def _entry(entry: html.HtmlElement) -> str:
    """Give an entry as printed; one that is only its parts has them in the order of a reference list."""
    if (
        entry.tag in {"mixed-citation", "note"}
        or (entry.text or "").strip()
        or any((child.tail or "").strip(" \n\t,.;") for child in entry)
    ):
        return _words(entry)
    people = [" ".join(fold("".join(part.itertext())) for part in name) for name in entry.iter("name", "string-name")]
    people += [fold("".join(node.itertext())) for node in entry.iter("collab")]
    told = [", ".join(people), f"({year})" if (year := fold(entry.findtext("year") or "")) else ""]
    told += [_words(entry.find(name)) for name in ("article-title", "chapter-title", "part-title", "data-title", "source")]
    pages = "–".join(page for name in ("fpage", "lpage") if (page := fold(entry.findtext(name) or "")))
    volume = fold(entry.findtext("volume") or "") + (f":{pages}" if pages else "")
    told += [volume, *(fold("".join(node.itertext())) for node in entry.findall("pub-id"))]
    return ". ".join(part.rstrip(".") for part in told if part)


_HANDLERS: dict[str, Callable[[html.HtmlElement, html.HtmlElement, int], None]] = {
    "title": _title,
    "label": _label,
    "fig": _float,
    "table-wrap": _float,
    "fn": _note,
    "table-wrap-foot": _notes_of_table,
    "disp-formula": _formula,
    "inline-formula": _formula,
    "alternatives": _alternatives,
    "tex-math": _maths,
    "math": _maths,
    "xref": _mark,
    "ref-list": _references,
}
