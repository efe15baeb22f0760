"""What an HTML page carries beside the paper, and some program may show, speak or read: attributes, furniture, data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree, html

from sovereign.screening.entry import Text

MIN_WORDS = 3
# Attributes whose values are settings or addresses of this very page; `alttext` is a formula that the text holds.
_SETTINGS = frozenset(
    "alttext class colspan rowspan d height href id name points rel role scope src srcset style target transform type viewbox width xmlns "
    "stroke fill xlink:href encoding lang media integrity crossorigin for headers".split()
)
_UNSHOWN = frozenset("template noscript svg nav button select textarea iframe object embed canvas video audio map form".split())
_DATA = frozenset({"application/json", "application/ld+json", "text/plain", "text/markdown"})
_CSS_CONTENT = re.compile(r"content\s{0,9}:\s{0,9}[\"']([^\"']{8,})[\"']")


def asides(root: html.HtmlElement, dropped: frozenset[str]) -> Iterator[Text]:
    """Yield what stands beside the paper, the text of elements that a reader leaves out included; `dropped` are their classes."""
    for node in root.iter(etree.Element):
        yield from _attributes(node)
        if node.tag in {"script", "style"}:
            yield from _data(node)
        elif node.tag == "annotation":
            yield from _worth("annotation of a formula", node.text or "")
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if not isinstance(node.tag, str):
            continue
        if node.tag in _UNSHOWN or dropped & frozenset((node.get("class") or "").split()):
            words = (text for text in node.itertext(etree.Element, with_tail=False) if text.strip())
            yield from _worth(f"{node.tag} element", " ".join(" ".join(words).split()))
        elif node.tag not in {"math", "script", "style"}:
            waiting.extend(reversed(node))


def _attributes(node: html.HtmlElement) -> Iterator[Text]:
    for name, value in node.attrib.items():
        plain = str(name).lower()
        if plain == "href":
            yield from _worth("address of a link", re.sub(r"[/_?=&+#-]+", " ", unquote(value)))
        elif plain not in _SETTINGS:
            yield from _worth(f"{plain} text", value)


def _data(node: html.HtmlElement) -> Iterator[Text]:
    words = node.text or ""
    if node.tag == "style":
        for said in _CSS_CONTENT.findall(words):
            yield from _worth("content in a style sheet", said)
    elif (node.get("type") or "").lower() in _DATA:
        yield from _worth("data in the page", re.sub(r"[{}\[\]\"]+", " ", words))


def _worth(where: str, words: str) -> Iterator[Text]:
    if len(words.split()) >= MIN_WORDS:
        yield Text(where, words)
