r"""TeX's own marks in running text, shown as their reader expects: `25.45\%` is 25.45%, `\emph{most}` is most, B\'ezier is Bézier.

Abstracts come from arXiv as their authors typed them, and quotes point into that text by its characters, so the text itself stays
as it is. This is for showing alone, and knows what abstracts hold: of 15,000 of them, eight in a hundred have `\%`, one in forty a
command for a typeface. What it does not know stays as it stands.
"""

from __future__ import annotations

import re
import unicodedata

from sovereign.exports.markup import escape, escape_piece, maths
from sovereign.readers.maths import symbol
from sovereign.readers.maths_signs import TEXT_ACCENTS

_DEPTH = 3
_FACE = re.compile(r"\\(?:emph|underline|uline|text(?:bf|it|tt|sc|sf|rm|sl|up|md|normal)?|mbox|url)\s*\{([^{}]*)\}")
_OLD_FACE = re.compile(r"\{\\(?:em|it|bf|tt|sc|sl|rm)\s++([^{}]*+)\}")
_LINK = re.compile(r"\\href\s*\{[^{}]*\}\s*\{([^{}]*)\}")
_ACCENT = re.compile(r"\\(['`^\"~=.])(?:\{\\?([A-Za-z])\}|([A-Za-z]))|\\([cvuHkr])\{([A-Za-z])\}")
_SYMBOL = re.compile(r"\{\\([A-Za-z]+)\}")
_SIGN = re.compile(r"\\([%&#_$])")
# A tilde is a space that does not break, but for "about" before a number, a range of two numbers, and a home folder in an address.
_SPACE = re.compile(r"(?<=\w)\\[,;: ](?=\w)|(?<=[^\s\d/])~(?=\S)|(?<=\d)~(?=[^\W\d]|\\)")
_QUOTED = re.compile(r"``([^`]+?)(?:''|\")")
_DASH = re.compile(r"(?<=\s)(---?)(?=\s)|(?<=\w)(---?)(?=\w)")
_INLINE = re.compile(r"\\\(([^$<>\"]{1,200}?)\\\)")
_DEGREE = {"deg": "°", "degree": "°"}


def pieces(text: str) -> tuple[tuple[str, bool], ...]:
    r"""Cut a line into (words, whether it is a formula); a formula is `$…$`, `\(…\)` too, and words are without TeX's marks."""
    if "$" not in text and "\\(" not in text:
        return ((untex(text), False),)
    text = _INLINE.sub(lambda found: f"${found[1].strip()}$", text)
    found, last = [], 0
    for start, end in maths(text):
        found += [(untex(text[last:start]), False), (text[start:end], True)]
        last = end
    return (*found, (untex(text[last:]), False))


def shown(text: str) -> str:
    """Give the text for people, formulas as they are typed."""
    return "".join(piece for piece, _ in pieces(text))


def groups(text: str) -> tuple[tuple[int, int], ...]:
    """Give the offsets (end exclusive) of each command with its one argument, which is shown as one piece or not at all."""
    return tuple(found.span() for found in _FACE.finditer(text))


def untex(text: str) -> str:
    """Give words without TeX's marks; no formula may be among them."""
    if not any(sign in text for sign in ("\\", "~", "``", "--")):
        return text
    text = _ACCENT.sub(_accented, text)
    for _ in range(_DEPTH):
        text = _LINK.sub(r"\1", _OLD_FACE.sub(r"\1", _FACE.sub(r"\1", text)))
    text = _SYMBOL.sub(lambda found: _DEGREE.get(found[1]) or symbol(found[1]) or found[0], text)
    text = _QUOTED.sub("“\\1”", _SPACE.sub(" ", text))
    text = _DASH.sub(lambda found: "—" if found[0] == "---" else "–", text)
    return _SIGN.sub(r"\1", text)


def _accented(found: re.Match[str]) -> str:
    mark, letter = found[1] or found[4], found[2] or found[3] or found[5]
    return unicodedata.normalize("NFC", letter + TEXT_ACCENTS[mark])


def escape_shown(text: str) -> str:
    """Give the line for a page: escaped, without TeX's marks, each formula in `<span class="sv-math">`; ends keep one space."""
    parts = [f'<span class="sv-math">{escape(piece)}</span>' if is_formula else escape_piece(piece) for piece, is_formula in pieces(text)]
    return "".join(parts)
