"""Pure questions about text: fold white space, split sentences, locate a quote, escape Markdown. Standard library only."""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """Give the text with every run of white space as one space, none at the ends."""
    return _SPACE.sub(" ", text).strip()


def normal_title(title: str) -> str:
    """Give a title's letters and digits, lower case, without accents: equal for the same title typed twice."""
    plain = unicodedata.normalize("NFKD", title).casefold()
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c))))


def locate(quote: str, text: str, *, start: int = 0) -> tuple[int, int] | None:
    """Give the offsets (end exclusive) of the first place where the quote stands, white space aside; None where it does not.

    Letters must match exactly: no folding of case, ligatures or look-alikes, since a changed letter may change the meaning.
    """
    words = quote.split()
    if not words:
        return None
    found = re.compile(r"\s+".join(map(re.escape, words))).search(text, start)
    return found.span() if found else None


def escape_markdown(text: str) -> str:
    """Give text that Markdown and HTML show exactly as it is, on one line."""
    folded = fold(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]#|~$^])", r"\\\1", folded)
