"""Who wrote an article in XML (JATS), when, and under which DOI: out of its `article-meta`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from lxml import html

from sovereign.citing.dates import Dated
from sovereign.citing.identifiers import doi
from sovereign.text import fold

MAX_AUTHORS = 5_000
_IN_A_NAME = frozenset({"bold", "italic", "named-content", "sc", "styled-content", "institution"})
_NOT_WHEN = re.compile(r"retract|correct|received|accepted|nihms|pmc-release")


def authors(meta: html.HtmlElement) -> Iterator[str]:
    """Yield the authors as they are written, people by given name first; a collaboration is one, not its members."""
    found = meta.xpath("./contrib-group/contrib|./contrib-group/collab|./contrib-group/*/contrib")
    kept = [node for node in found if node.get("contrib-type", "author") in {"author", "collab", "group", "authors"}]
    for node in kept[:MAX_AUTHORS]:
        if name := _name(node):
            yield name


def _name(contrib: html.HtmlElement) -> str:
    names = contrib.xpath(".//name[not(ancestor::contrib-group[ancestor::collab])]")
    western = [node for node in names if node.get("name-style", "western") != "eastern"]
    for node in western or names:
        parts = [fold("".join(part.itertext())) for tag in ("given-names", "surname", "suffix") for part in node.findall(tag)]
        return " ".join(part for part in parts if part)
    for path in (".//string-name", ".//collab", "self::collab", ".//anonymous"):
        for node in contrib.xpath(path):
            inner = [("".join(child.itertext()) if child.tag in _IN_A_NAME else "", child.tail or "") for child in node]
            own = [node.text or "", *(said for pair in inner for said in pair)]
            parts = [fold("".join(part.itertext())) for tag in ("given-names", "surname") for part in node.findall(tag)]
            return " ".join(part for part in parts if part) or fold("".join(own)) or ("Anonymous" if node.tag == "anonymous" else "")
    return ""


def published(meta: html.HtmlElement) -> Dated | None:
    """Give when it first came out: the earliest of the dates that are a publication's."""
    days = []
    for node in meta.findall("pub-date"):
        kind = f"{node.get('pub-type', '')} {node.get('date-type', '')}".casefold()
        day = _day(node)
        if day is not None and not _NOT_WHEN.search(kind):
            days.append(day)
    return Dated(min(days), "its metadata") if days else None


def _day(node: html.HtmlElement) -> date | None:
    year, month, day = (re.fullmatch(r"\s*(\d{1,4})\s*", node.findtext(name) or "") for name in ("year", "month", "day"))
    if year is None or not 1600 <= int(year[1]) <= 2200:
        return None
    try:
        return date(int(year[1]), int(month[1]) if month else 1, int(day[1]) if day and month else 1)
    except ValueError:
        return date(int(year[1]), 1, 1)


def doi_of(meta: html.HtmlElement) -> str:
    """Give the article's own DOI; empty where it has none."""
    said = next((fold("".join(node.itertext())) for node in meta.findall("article-id") if node.get("pub-id-type") == "doi"), "")
    return doi(said)
