r"""A title page that no command sets: large words, or bold labels before the title and the names ("Title: …", "Authors: …").

Also paragraphs that say themselves what they are: keywords, and captions where no float holds them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sovereign.citing import bylines
from sovereign.model import BlockKind
from sovereign.readers.building import Piece
from sovereign.readers.tex.run import Run
from sovereign.readers.tex.tokens import Tokens, tokenise

MAX_TITLE_PAGE_CHARS = 8_000
MAX_PIECES = 30
"""Blocks before the first heading of a title page; behind so many none is looked for."""
MIN_TITLE_WORDS, MAX_TITLE_WORDS = 2, 40
MAX_FRONT_WORDS = 150
"""A longer block is no line of a title page."""
_LARGE = re.compile(r"\\(?:Large|LARGE|huge|Huge)(?![a-zA-Z])")
_ABSTRACT = re.compile(r"\\begin\s?\{abstract|\\(?:sub)?section|\babstract\b", re.IGNORECASE)
_LABEL = re.compile(
    r"(?<![\w-])(?P<label>(?:(?:full|paper|article|manuscript) )?title|(?:running|short) (?:title|head)|authors?|author names?|"
    r"(?:authors?['’]? )?affiliations?|key ?words|e-?mails?|correspond\w{3,6}(?: author| to)?|addresse?s?|abstract|word count|"
    r"running head(?:er)?)\s?:",
    re.IGNORECASE,
)
_MARKS = re.compile(r"\s?\^(?:\([^()]{0,40}\)|[^\s,;]{1,12})")


_CAPTION = re.compile(
    r"\s*+(?:(?:Supplementa\w{1,5}|Extended Data|Appendix) )?(?:Figure|Fig\.?|Table|Scheme|Box)[ \u00a0][A-Z]?\d{1,3}[A-Za-z]?\s?[:.|]"
    r"(?=\s+[^\W\d_a-z])"
)
"""How a caption begins that stands in a paragraph of its own: "Figure 2: Boats", "Table S1. Ponds"."""
_KEYWORDS = re.compile(r"\s*+(?:key ?-?words?(?: and phrases)?|index terms)\s?[:.—–-](?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TitlePage:
    """What a page of labels says: title and authors, empty where it does not."""

    title: str = ""
    authors: tuple[str, ...] = ()


def large_words(run: Run, source: str) -> str:
    r"""Give the words in large letters above the abstract, the title of a paper that has no \title; empty where there are none."""
    head = _ABSTRACT.split(source.partition("\\begin{document}")[2][:MAX_TITLE_PAGE_CHARS], maxsplit=1)[0]
    found = _LARGE.search(head)
    if found is None:
        return ""
    tokens = Tokens([("{", "{"), *tokenise(head[found.end() :])[0]])
    tokens.next()
    words = " ".join(run.inline(tokens.group()).split())
    return words if _is_title(words) else ""


def kind_of(text: str) -> BlockKind:
    """Give what a paragraph is that says so itself: a caption outside of a float, the list of keywords; else prose."""
    if _CAPTION.match(text):
        return BlockKind.CAPTION
    return BlockKind.FRONT if _KEYWORDS.match(text) and len(text.split()) <= MAX_TITLE_WORDS else BlockKind.PROSE


def _is_title(words: str) -> bool:
    return MIN_TITLE_WORDS <= len(words.split()) <= MAX_TITLE_WORDS


def labelled(pieces: Sequence[Piece]) -> TitlePage:
    """Give what the labels before the first heading say: "Title: …", "Authors: …", each in a paragraph or after another."""
    told: dict[str, str] = {}
    waiting = ""
    for piece in _before_heading(pieces):
        text = " ".join(piece.text.split())
        found = list(_LABEL.finditer(text[: MAX_TITLE_PAGE_CHARS // 4]))
        if not found or found[0].start():
            if waiting and not found:
                told.setdefault(waiting, text)
            waiting = ""
            continue
        ends = [label.start() for label in found[1:]] + [len(text)]
        for label, end in zip(found, ends, strict=True):
            words = text[label.end() : end].strip()
            waiting = _kind(label["label"])
            if words:
                told.setdefault(waiting, words)
                waiting = ""
    title = told.get("title", "")
    names = _MARKS.sub("", told.get("author", ""))
    return TitlePage(title if _is_title(title) else "", bylines.from_line(names) or bylines.people([names]))


def _kind(label: str) -> str:
    words = label.casefold().split()
    if words[-1] == "title" and words[0] not in {"running", "short"}:
        return "title"
    return "author" if words[0] in {"author", "authors"} and len(words) == 1 else "other"


def _before_heading(pieces: Sequence[Piece]) -> list[Piece]:
    heading = next((at for at, piece in enumerate(pieces) if piece.kind is BlockKind.HEADING), 0)
    return [piece for piece in pieces[: min(heading, MAX_PIECES)] if piece.kind is BlockKind.PROSE]


def set_apart(pieces: Sequence[Piece], title: str) -> list[Piece]:
    """Give the pieces with the lines of such a page, before the heading of the abstract, as front matter; the title is among them."""
    front = _before_heading(pieces)
    if not front or not title or not any(" ".join(title.split()) in " ".join(piece.text.split()) for piece in front):
        return list(pieces)
    at = next(at for at, piece in enumerate(pieces) if piece.kind is BlockKind.HEADING)
    if not re.match(r"\W*(?:abstract|summary|introduction)\b", pieces[at].text, re.IGNORECASE):
        return list(pieces)
    lines = [
        replace(piece, kind=BlockKind.FRONT) if piece.kind is BlockKind.PROSE and len(piece.text.split()) <= MAX_FRONT_WORDS else piece
        for piece in pieces[:at]
    ]
    return [*lines, *pieces[at:]]
