"""What a folder's paper says of itself: who wrote it, and its abstract."""

from __future__ import annotations

import re

from sovereign.citing import bylines
from sovereign.model import BlockKind, Document, Form, Role
from sovereign.text import fold


def authors(form: Form, document: Document) -> tuple[str, ...]:
    """Give the names in the paper's byline; of a PDF whose names were not found, those behind the title on its first page."""
    if document.authors or form is not Form.PDF:
        return document.authors
    front = fold(document.text[:3000])
    if not document.title or document.title not in front:
        return ()
    return bylines.from_line(re.split(r"\babstract\b", front.split(document.title, 1)[1], maxsplit=1, flags=re.IGNORECASE)[0])


def abstract(document: Document) -> str:
    """Give the text of the document's abstract, without its heading, white space folded; empty where it has none."""
    section = next((part for part in document.sections if part.role is Role.ABSTRACT), None)
    if section is None:
        return ""
    prose = [b for b in document.blocks if b.kind is BlockKind.PROSE and section.start <= b.start and b.end <= section.end]
    text = fold(" ".join(document.text[block.start : block.end] for block in prose))
    return re.sub(rf"^{re.escape(section.heading)}\W*", "", text) if section.heading else text
