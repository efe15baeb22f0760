"""Titles and abstracts that publishers and indexes send with markup in them (HTML, JATS, MathML), as plain text on one line.

Only names of elements that such fields hold are taken for markup, so that "p<q and r>s" stays what it says. References are resolved as
often as they were escaped on the way: "&amp;amp;" is "&".
"""

from __future__ import annotations

import html
import re

from sovereign.language.scripts import in_text, script
from sovereign.text import fold

MAX_CHARS = 200_000
MAX_ESCAPED = 3
MAX_MATHS_ROUNDS = 40

_PREFIX = r"(?:jats:|mml:|m:|xhtml:|ns\d:)?"
_BREAKS = r"p|title|sec|list|list-item|break|br|disp-formula|disp-quote|div|li|ul|ol|tr|td|th|label|h[1-6]|abstract|section|label"
_INLINE = (
    r"i|b|u|s|em|strong|span|a|sc|scp|tt|small|big|font|q|cite|code|italic|bold|underline|roman|monospace|sans-serif|overline|strike|"
    r"inline-formula|inline-graphic|graphic|alternatives|xref|ext-link|uri|named-content|styled-content|abbrev|email|tex-math|"
    r"math|mrow|mstyle|mi|mn|mo|mtext|mspace|mfenced|mpadded|semantics|annotation|mtable|mtr|mtd|msqrt|mover|munder|sub|sup|fi|img|center|"
    r"mmultiscripts|mprescripts|none|mphantom|menclose|munderover|msubsup|msub|msup|mfrac|mroot|ms|merror"
)
_REST = r"(?:\s[\w:.-]{1,40}\s{0,3}=[^<>]{0,400})?\s{0,3}/?>"
_BREAK = re.compile(rf"</?{_PREFIX}(?:{_BREAKS}){_REST}", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:(?:jats|mml):[a-z-]{{1,40}}|{_PREFIX}(?:{_INLINE})){_REST}", re.IGNORECASE)
_SCRIPTED = re.compile(rf"<{_PREFIX}(su[bp])(?=[\s>])[^<>]{{0,200}}>([^<>]{{0,200}})</{_PREFIX}\1>", re.IGNORECASE)
_UNSEEN = re.compile(
    rf"<{_PREFIX}(tex-math|annotation)(?=[\s>])[^<>]{{0,200}}>[^<>]{{0,4000}}</{_PREFIX}\1>|<!--.{{0,2000}}?-->", re.DOTALL
)


def plain(value: object) -> str:
    """Give a field as plain text, scripts written as all readers write them; empty for anything but a text."""
    if not isinstance(value, str):
        return ""
    text = value[:MAX_CHARS]
    for _ in range(MAX_ESCAPED):
        before, text = text, html.unescape(text)
        if text == before:
            break
    if "<" not in text:
        return fold(text)
    text = mathml(_BREAK.sub(" ", _UNSEEN.sub("", text)))
    return fold(_TAG.sub("", _with_scripts(re.sub(rf"</?{_PREFIX}(?:i|b|em|italic|bold|strong|span)>", "", text, flags=re.IGNORECASE))))


def _with_scripts(text: str) -> str:
    out: list[str] = []
    tail = ""
    at = 0
    for found in _SCRIPTED.finditer(text):
        between = _TAG.sub("", text[at : found.start()])
        tail = (tail + between)[-20:]
        shown = in_text("^" if found[1].lower() == "sup" else "_", found[2], tail)
        out += [text[at : found.start()], shown]
        tail = (tail + shown)[-20:]
        at = found.end()
    return "".join([*out, text[at:]])


# --- MathML ------------------------------------------------------------------------------------------------------

_OPEN, _SHUT = "\ue020", "\ue021"
_ONE = f"\\s*+{_OPEN}([^{_OPEN}{_SHUT}<]*+){_SHUT}\\s*+"


def _element(names: str, inside: str) -> re.Pattern[str]:
    return re.compile(rf"<{_PREFIX}(?P<name>{names})(?=[\s>])[^<>]{{0,400}}>{inside}</{_PREFIX}(?P=name)>", re.IGNORECASE)


_ROOTS = {"3": "∛", "4": "∜"}
_ACCENTS = {
    "¯": "\u0304", "‾": "\u0304", "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "→": "\u20d7", "˙": "\u0307", "¨": "\u0308",
}  # fmt: skip
_LEAF = _element("mi|mn|mo|mtext|ms", r"([^<]*+)")
_EMPTY = re.compile(
    rf"<{_PREFIX}(?:mspace|none|mprescripts)(?=[\s/>])[^<>]{{0,200}}/?>(?:</{_PREFIX}(?:mspace|none|mprescripts)>)?", re.IGNORECASE
)
_ROW = _element("mrow|mstyle|mpadded|semantics|mfenced|mtd|menclose", f"((?:{_ONE})*+)")
_TWO = _element("msup|msub|mfrac|mover|munder|mroot", _ONE + _ONE)
_THREE = _element("msubsup|munderover", _ONE + _ONE + _ONE)
_ROOT = _element("msqrt", f"((?:{_ONE})*+)")


def mathml(text: str) -> str:
    """Give a text in which each formula of MathML is a line: powers, indices, fractions and roots say what they are."""
    if not re.search(rf"<{_PREFIX}m(?:i|n|o|row|sup|sub|frac|sqrt|text)\b", text):
        return text
    text = text.replace(_OPEN, "").replace(_SHUT, "")
    text = _LEAF.sub(lambda m: _OPEN + " ".join(m[2].split()) + _SHUT, _EMPTY.sub("", text))
    for _ in range(MAX_MATHS_ROUNDS):
        before = text
        text = _ROW.sub(lambda m: _OPEN + _joined(m[2]) + _SHUT, text)
        text = _TWO.sub(_two, text)
        text = _THREE.sub(lambda m: f"{_OPEN}{m[2]}{script('_', m[3])}{script('^', m[4])}{_SHUT}", text)
        text = _ROOT.sub(lambda m: f"{_OPEN}√{_bracketed(_joined(m[2]))}{_SHUT}", text)
        if text == before:
            break
    return text.replace(_OPEN, "").replace(_SHUT, "")


def _joined(marked: str) -> str:
    return "".join(part for part in re.findall(f"{_OPEN}([^{_SHUT}]*){_SHUT}", marked))


def _bracketed(text: str) -> str:
    return text if re.fullmatch(r"[\w.]*", text) else f"({text})"


def _two(found: re.Match[str]) -> str:
    name, first, second = found["name"].lower(), found[2], found[3]
    if name == "mfrac":
        shown = f"{_bracketed(first)}/{_bracketed(second)}"
    elif name == "mroot":
        shown = _ROOTS[second] + _bracketed(first) if second in _ROOTS else f"{_bracketed(first)}^(1/{second})"
    elif name == "mover" and len(first) == 1 and html.unescape(second.strip()) in _ACCENTS:
        shown = first + _ACCENTS[html.unescape(second.strip())]
    else:
        shown = _bracketed(first) + script("^" if name in {"msup", "mover"} else "_", second)
    return _OPEN + shown + _SHUT
