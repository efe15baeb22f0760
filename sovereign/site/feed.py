"""The desk's news as an Atom feed (RFC 4287)."""

from __future__ import annotations

import re
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from sovereign.site.desk import Desk
from sovereign.site.facts import VersionFacts

NEWEST = 50
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
# https://www.w3.org/TR/xml/#charsets, turned round
_NO_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATOM = "http://www.w3.org/2005/Atom"


def atom(desk: Desk) -> bytes:
    """Give the feed of the newest reports; drafts may still change or vanish and are left out, and so is what was withdrawn."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(_name("feed"))
    published = [version for version in desk.standing if not version.is_draft][:NEWEST]
    _add(feed, "title", desk.name)
    _add(feed, "id", desk.url or _urn("desk", desk.name))
    _add(feed, "updated", f"{published[0].date if published else '1970-01-01'}T00:00:00Z")
    _add(_child(feed, "author"), "name", desk.name)
    if desk.url:
        # Without an address there is none to give: a reader that follows the feed knows where it came from.
        _child(feed, "link", rel="self", href=f"{desk.url}feed.xml", type="application/atom+xml")
    _child(feed, "link", rel="alternate", href=desk.url or "./", type="text/html")
    for version in published:
        _entry(feed, version, desk)
    return f"{_HEAD}{ET.tostring(feed, encoding='unicode')}\n".encode()


def _entry(feed: ET.Element, version: VersionFacts, desk: Desk) -> None:
    entry = _child(feed, "entry")
    _add(entry, "title", _clean(version.question))
    _add(entry, "id", f"{desk.url}{version.folder}/" if desk.url else _urn("report", desk.name, version.folder))
    _add(entry, "updated", f"{version.date}T00:00:00Z")
    _child(entry, "link", rel="alternate", href=f"{desk.url}{version.folder}/{'' if desk.url else 'index.html'}", type="text/html")
    for tag in version.tags:
        _child(entry, "category", term=_clean(tag))
    _add(entry, "summary", _clean(" ".join(dict.fromkeys((version.answer, *version.abstract)))))


def _urn(*names: str) -> str:
    """Give an id that stays the same wherever the desk moves: a UUID of the names (RFC 9562, section 5.5)."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, '/'.join(('sovereign', *names)))}"


def _clean(text: str) -> str:
    """Give the text without the characters that XML 1.0 forbids."""
    return _NO_XML.sub("", text)


def _name(tag: str) -> str:
    return f"{{{_ATOM}}}{tag}"


def _child(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, _name(tag), attributes)


def _add(parent: ET.Element, tag: str, text: str) -> None:
    _child(parent, tag).text = text
