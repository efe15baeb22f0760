"""What a folder's paper says of itself: who wrote it, when it came out, and its abstract."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath

from sovereign.citing import bylines, dates
from sovereign.language.encodings import declared, decoded
from sovereign.model import BlockKind, Document, Form, Role
from sovereign.text import fold

Files = Mapping[PurePosixPath, bytes]
MAX_FRONT_CHARS = 1_000_000
"""So much of a source's main files, all together, or of a page is looked through: a file of 200 MB would take minutes (4 s a megabyte at
worst, measured 2026-11), and a byline further in is none."""
_MARKS = (b"\\documentclass", b"\\documentstyle", b"\\begin{document}", b"\\endtopmatter")


def published(form: Form, files: Files) -> date | None:
    """Give the date that a LaTeX source says of itself; other forms are dated by their arXiv number alone."""
    if form is not Form.LATEX:
        return None
    return next((day for main in _mains(files) if (day := dates.from_latex(main))), None)


def authors(form: Form, files: Files, document: Document) -> tuple[str, ...]:
    """Give the names in the paper's byline, in the way of its form."""
    if form is Form.LATEX:
        return next((names for main in _mains(files) if (names := bylines.from_latex(main))), ())
    if document.authors:
        return document.authors
    if form is Form.HTML:
        pages = (decoded(data[: 4 * MAX_FRONT_CHARS], declared(data))[:MAX_FRONT_CHARS] for data in files.values())
        return next((names for page in pages if (names := bylines.from_html(page))), ())
    start = fold(document.text[:3000])
    if not document.title or document.title not in start:
        return ()
    return bylines.from_line(re.split(r"\babstract\b", start.split(document.title, 1)[1], maxsplit=1, flags=re.IGNORECASE)[0])


def _mains(files: Files) -> Iterator[str]:
    """Yield the text of each file of a LaTeX source that may be the paper's main file, up to MAX_FRONT_CHARS of all."""
    room = MAX_FRONT_CHARS
    for data in files.values():
        if room > 0 and any(mark in data for mark in _MARKS):
            main = decoded(data[: 4 * room], declared(data))[:room]
            room -= len(main)
            yield main


def abstract(document: Document) -> str:
    """Give the text of the document's abstract, without its heading, white space folded; empty where it has none."""
    section = next((part for part in document.sections if part.role is Role.ABSTRACT), None)
    if section is None:
        return ""
    prose = [b for b in document.blocks if b.kind is BlockKind.PROSE and section.start <= b.start and b.end <= section.end]
    text = fold(" ".join(document.text[block.start : block.end] for block in prose))
    return re.sub(rf"^{re.escape(section.heading)}\W*", "", text) if section.heading else text
