"""The bytes of an HTML page as elements: decoded, bounded, and which part of it is the paper."""

from __future__ import annotations

import re

from lxml import etree, html

from sovereign.language.encodings import declared, decoded
from sovereign.readers.archive import is_exchange_xml
from sovereign.readers.maths import readable

MAX_BYTES = 48 << 20
_SCRIPTS = re.compile(r"vertical-align\s{0,9}:\s{0,9}(super|sub)\b", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration(?:-line)?\s{0,9}:[^;]{0,60}line-through", re.IGNORECASE)
_TYPESET = re.compile(r"\\\(((?:(?!\\[()]).){1,600})\\\)|\\\[((?:(?!\\[\[\]]).){1,2000})\\\]", re.DOTALL)
_SCRIPT_CLASS = re.compile(r"(sup|sub|super|superscript|subscript)", re.IGNORECASE)


def parsed(data: bytes) -> html.HtmlElement:
    """Give a page's elements, in the encoding that it declares.

    Raises:
        ValueError: It is too large, or no HTML.
    """
    if len(data) > MAX_BYTES:
        raise ValueError(f"the page has {len(data) >> 20} MB; refused")
    if is_exchange_xml(data):
        raise ValueError(
            "expected an HTML page or an article in XML (JATS), got XML of another kind (TEI, a book); give its PDF or its page"
        )
    text = decoded(data, declared(data))
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\0", ""))
    try:
        root = html.document_fromstring(text, parser=html.HTMLParser(huge_tree=False, no_network=True, remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise ValueError(f"the page is no HTML that can be read: {error}") from error
    _spell_out(root, has_tex="\\(" in text or "\\[" in text)
    for span in root.iter("span", "font"):
        span.tag = _script_of(span) or ("s" if _STRUCK.search(span.get("style", "")) else span.tag)
    return root


def _spell_out(root: html.HtmlElement, *, has_tex: bool) -> None:
    """Write into a page what a browser makes of it: the marks of a quote, and formulas that a script typesets."""
    for quote in root.iter("q"):
        quote.tag, quote.text = "span", f"“{quote.text or ''}"
        if len(quote):
            quote[-1].tail = f"{quote[-1].tail or ''}”"
        else:
            quote.text += "”"
    for script in list(root.iter("script")):
        kind = (script.get("type") or "").lower()
        if kind.startswith("math/tex") and script.text:
            script.tag, said, script.text = "math", script.text, ""
            script.set("alttext", said)
            script.set("class", "ltx_equation" if "display" in kind else "")
    for node in root.iter(etree.Element) if has_tex else ():
        if node.tag not in {"script", "style", "pre", "code", "annotation", "textarea"}:
            node.text = _readable(node.text)
        node.tail = _readable(node.tail)


def _readable(words: str | None) -> str | None:
    return _TYPESET.sub(lambda found: readable(found[1] or found[2]), words) if words and "\\" in words else words


def _script_of(span: html.HtmlElement) -> str:
    """Give "sup" or "sub" where a page writes so in its style, or by the name of a class; else nothing."""
    named = _SCRIPTS.search(span.get("style", "")) or _SCRIPT_CLASS.fullmatch(span.get("class", "").strip())
    return named[1][:3].lower() if named else ""


def main_part(root: html.HtmlElement) -> html.HtmlElement:
    """Give the element that holds the paper, without what the site puts around it."""
    for path in ("//article[contains(@class,'ltx_document')]", "//main", "//article", "//*[@role='main']", "//body"):
        found = root.xpath(path)
        if isinstance(found, list) and found:
            return found[0]
    return root
