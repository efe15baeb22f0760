"""What stands above or below the line, written in the one way in which every reader and every source writes it: 10^-3, x_i, H_2O, 2nd."""

from __future__ import annotations

import re

_SIMPLE = re.compile(r"[-−+]?[\w.]+|\d*[+\-−]|[*†‡⊤∘′'∞⊙☉]")
_CHARGE = re.compile(r"(?<!\d)(\d++) ([+\-−])")
_ORDINAL = frozenset({"st", "nd", "rd", "th"})
_FOOTNOTES = re.compile(r"[\d,;–\- ]+|[*∗†‡§¶]+")
_CITED = re.compile(r"\[[\d,;–\- ]+\]")


def script(kind: str, inner: str) -> str:
    """Give a script of maths: kind is "^" above or "_" below the line; what is longer than one word or number stands in brackets."""
    if not inner:
        return ""
    if inner in {"∘", "°"}:
        return "°"
    if set(inner) <= {"'", "′"}:
        return inner
    inner = inner.replace("−", "-")
    inner = _CHARGE.sub(r"\1\2", inner) if _CHARGE.fullmatch(inner) else inner
    return kind + inner if _SIMPLE.fullmatch(inner) else f"{kind}({inner})"


def in_text(kind: str, inner: str, before: str) -> str:
    """Give a script among words: an ordinal's letters stand in the line, and the mark of a footnote behind a word is none of its words."""
    inner = " ".join(inner.split())
    if kind == "^" and (inner in _ORDINAL or not inner):
        return inner
    if _CITED.fullmatch(inner):
        return inner
    if kind == "^" and _FOOTNOTES.fullmatch(inner) and re.search(r"[^\W\d_]{3}[.,;:!?)”’]*+$|[.,;:!?)”’]$", before[-12:]):
        return "" if not inner.startswith(("-", "–")) else script(kind, inner)
    return script(kind, inner) if re.search(r"[\w)\]\u0370-\u03ff]$", before[-1:]) else inner
