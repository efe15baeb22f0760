r"""Foreign text made safe for Markdown, HTML and attributes at once.

One escaping serves all three contexts, so a template cannot pick the wrong one: every sign that Markdown, HTML or one of
the usual Markdown extensions could act upon becomes a character reference, which all of them show as the sign itself
(https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references). Beyond CommonMark that covers what MkDocs
Material switches on: admonitions `!!!`, `???` and `///`, tabs `===`, snippets `--8<--`, emoji `:name:`, `[TOC]`, maths
`$`, attribute lists `{: }`, marks `==`, `++` and `^^`, templates `{{ }}`, links that appear by themselves.
"""

from __future__ import annotations

import re

# Signs that are escaped wherever they stand.
_ALWAYS = re.compile(r"[&<>\"`\\*_{}\[\]#|~$^@]")
# Signs that mean something only beside others: bare links, emoji and blocks made of colons, marks of two signs.
_SOMETIMES = re.compile(r":(?=\S)|(?<=[Ww]{3})\.|=(?==)|(?<==)=|\+(?=\+)|(?<=\+)\+|!(?=!)|(?<=!)!|-(?=--)|(?<=--)-")
# What starts a list, a rule, a definition or a block when it stands first in a line; the sign to escape is the last one.
_LEADING = re.compile(r"^(?:[-+=:!?/%;]|\d{1,9}[.)](?=\s|$))")
_SPACE = re.compile(r"\s+")
# Controls, half characters, direction overrides and isolates, annotations, a byte order mark, non-characters, tags.
_HIDDEN = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\u202a-\\u202e\\u2066-\\u206f\\ufeff\\ufff9-\\ufffb\\ufdd0-\\ufdef\\ufffe\\uffff"
    "\\U000e0000-\\U000e007f]"
)
# Maths as LaTeX writes it: delimited by single dollars, no white space inside the delimiters, no digit after (so that
# "$5 and $10" is money), and holding a sign that only maths has.
_MATHS = re.compile(r"(?<![\\$\w])\$(?=\S)([^$<>\"]{1,200}?)(?<=\S)\$(?![\d$])")
_MATHS_SIGN = re.compile(r"[\\^_=]|^\w$")


def visible(text: str) -> str:
    """Give the text on one line, with control signs, direction overrides and tag signs written out as ⟨U+202E⟩.

    Such signs can turn a line around or hide words. Joiners and direction marks, which Persian, Hebrew, Indic scripts and
    emoji need, are kept.
    """
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", _SPACE.sub(" ", text).strip())


def escape(text: str) -> str:
    """Give text that Markdown, HTML and a double-quoted attribute all show exactly as it is, on one line."""
    shown = visible(text)
    shown = _ALWAYS.sub(_reference, shown)
    shown = re.sub(r"&[#\w]+;|" + _SOMETIMES.pattern, lambda found: found[0] if len(found[0]) > 1 else _reference(found), shown)
    return _LEADING.sub(lambda found: found[0][:-1] + f"&#{ord(found[0][-1])};", shown)


def _reference(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def maths(text: str) -> tuple[tuple[int, int], ...]:
    """Give the offsets (end exclusive) of each formula: `$…$` that cannot be money, nor text between two prices."""
    return tuple(found.span() for found in _MATHS.finditer(text) if _MATHS_SIGN.search(found[1]))


def escape_piece(text: str) -> str:
    """Escape a piece of a line; one space is kept at each end that had white space."""
    body = escape(text)
    if not body:
        return " " if text else ""
    return (" " if text[0].isspace() else "") + body + (" " if text[-1].isspace() else "")
