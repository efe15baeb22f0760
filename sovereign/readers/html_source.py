"""The bytes of an HTML page as elements: decoded, bounded, and which part of it is the paper."""

from __future__ import annotations

import re

from lxml import etree, html

from sovereign.language.encodings import declared, decoded
from sovereign.readers.archive import is_exchange_xml

MAX_BYTES = 48 << 20


def parsed(data: bytes) -> html.HtmlElement:
    """Give a page's elements, in the encoding that it declares.

    Raises:
        ValueError: It is too large, or no HTML.
    """
    if len(data) > MAX_BYTES:
        raise ValueError(f"the page has {len(data) >> 20} MB; refused")
    if is_exchange_xml(data):
        raise ValueError("expected an HTML page, got an article in XML (JATS or TEI); give its PDF, or the page that is made of it")
    text = decoded(data, declared(data))
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\0", ""))
    try:
        root = html.document_fromstring(text, parser=html.HTMLParser(huge_tree=False, no_network=True, remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise ValueError(f"the page is no HTML that can be read: {error}") from error
    return root


def main_part(root: html.HtmlElement) -> html.HtmlElement:
    """Give the element that holds the paper, without what the site puts around it."""
    for path in ("//article[contains(@class,'ltx_document')]", "//main", "//article", "//*[@role='main']", "//body"):
        found = root.xpath(path)
        if isinstance(found, list) and found:
            return found[0]
    return root
