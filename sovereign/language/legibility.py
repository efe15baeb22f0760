"""What nobody listed: text that came out of a reader and does not read like language is set apart, and a Gap says where and why.

A reader fails in ways that no list holds: a font without letters, a wrong encoding, columns run together, spaces lost. What all of
them leave behind can be measured in the text alone. A block below a bound is no prose any more, so that no claim is drawn from it; its
words stay in the document. The bounds were set on 2026-11-27 on 68 real papers in three forms (5,400 paragraphs): what fell below one was
damaged.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from sovereign.language.terms import word_counts
from sovereign.model import Block, BlockKind, Document, Gap, GapKind
from sovereign.text import counted

MIN_CHARS = 40  # shorter blocks are too short to be judged
MIN_WORDS = 20  # for shares of known words
MAX_UNREAD = 0.08  # of the letters of a block: signs without a letter, controls, halves of wrongly decoded letters
MAX_RUN_TOGETHER = 0.25  # of the letters of a block that stand in words longer than LONG_WORD
LONG_WORD = 32  # letters; the longest words of 15,000 abstracts have 27
MAX_FOREIGN = 0.5  # of the letters of a block that are of another script than the document's
MIN_KNOWN = 0.12  # of the words of a block, in a document whose words are mostly known
KNOWN_DOCUMENT = 0.45
MIN_PROSE = 0.08  # of the words of a document that reached its prose
MAX_EMPTY_PAGES = 0.5
MIN_PAGE_CHARS = 60
MAX_PLACES = 5

_MOJIBAKE = re.compile(r"[ÃÂ][\u0080-\u00bf]|â(?:€|\u0080).|[ÐÑ][\u0080-\u00bf‚„…†‡€‰‹‘’“”•–—™›]|ï»¿|ï¿½")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LINK = re.compile(r"https?:|www\.|[/@\\]")


@dataclass(frozen=True, slots=True)
class _Usual:
    """What is usual in a document: the script of its letters, and the share of its words that are known."""

    script: str
    known: float


def legible(document: Document) -> Document:
    """Give the document with what does not read like language taken out of its prose, and a Gap for each way in which it does not."""
    usual = _usual(document)
    places: dict[str, list[Block]] = {}
    blocks: list[Block] = []
    for block in document.blocks:
        why = (
            _fault(document.text[block.start : block.end], usual)
            if block.kind in {BlockKind.PROSE, BlockKind.CAPTION, BlockKind.FOOTNOTE}
            else ""
        )
        if why:
            places.setdefault(why, []).append(block)
        blocks.append(replace(block, kind=BlockKind.FIGURE) if why else block)
    gaps = [
        Gap("read", document.paper, f"{why}, {_where(document, found)}: no claim is drawn from there", GapKind.UNREADABLE)
        for why, found in places.items()
    ]
    gaps += _whole(document)
    return replace(document, blocks=tuple(blocks), gaps=(*document.gaps, *gaps)) if gaps else document


def legible_title(document: Document) -> str:
    """Give the document's title; nothing where the file does not tell its letters, or they were decoded wrongly."""
    usual, title = _Usual("", 1.0), document.title
    return "" if _is_unread(title, usual) or _is_decoded_wrongly(title, usual) else title


def _usual(document: Document) -> _Usual:
    text = " ".join(document.text[block.start : block.end] for block in document.blocks if block.kind is BlockKind.PROSE)
    scripts = Counter(_script(letter) for letter in text[::7] if letter.isalpha())
    return _Usual(scripts.most_common(1)[0][0] if scripts else "", _known(text))


def _fault(text: str, usual: _Usual) -> str:
    """Say what is wrong with a block's text; empty where it reads like language."""
    if len(text.replace(" ", "")) < MIN_CHARS:
        return ""
    return next((why for why, is_so in _FAULTS if is_so(text, usual)), "")


def _is_unread(text: str, _: _Usual) -> bool:
    signs = [sign for sign in text if sign not in " \n"]
    unread = sum(1 for sign in signs if sign == "\ufffd" or unicodedata.category(sign) in {"Cc", "Cn", "Co", "Cs"})
    return unread > MAX_UNREAD * len(signs)


def _is_decoded_wrongly(text: str, _: _Usual) -> bool:
    return 2 * len(_MOJIBAKE.findall(text)) > MAX_UNREAD * len(text)


def _is_run_together(text: str, _: _Usual) -> bool:
    words = [word for word in _WORD.findall(_without_links(text)) if _script(word[0]) != "CJK"]
    return sum(len(word) for word in words if len(word) > LONG_WORD) > MAX_RUN_TOGETHER * sum(map(len, words))


def _is_foreign(text: str, usual: _Usual) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return bool(usual.script) and sum(1 for letter in letters if _script(letter) != usual.script) > MAX_FOREIGN * len(letters)


def _is_unknown(text: str, usual: _Usual) -> bool:
    plain = _without_links(text)
    return usual.known > KNOWN_DOCUMENT and len(_WORD.findall(plain)) >= MIN_WORDS and _known(plain) < MIN_KNOWN


_FAULTS: tuple[tuple[str, Callable[[str, _Usual], bool]], ...] = (
    ("letters that the file does not tell", _is_unread),
    ("letters of a wrong encoding", _is_decoded_wrongly),
    ("words that run together", _is_run_together),
    ("letters of another script than the rest", _is_foreign),
    ("hardly a known word", _is_unknown),
)


def _without_links(text: str) -> str:
    return " ".join(word for word in text.split() if not _LINK.search(word))


def _known(text: str) -> float:
    """Give the share of a text's words that stand in 15,000 abstracts; 1 for a text without words."""
    words = _WORD.findall(text)
    return sum(1 for word in words if word.casefold() in word_counts()) / len(words) if words else 1.0


def _script(letter: str) -> str:
    """Give the script of a letter by the first word of its name: LATIN, GREEK, CJK."""
    if letter.isascii():
        return "LATIN"
    return unicodedata.name(letter, "UNKNOWN").split(" ", 1)[0].split("-", 1)[0]


def _where(document: Document, blocks: list[Block]) -> str:
    named = []
    for block in blocks:
        page, section = document.page_at(block.start), document.section_at(block.start)
        named.append(f"page {page}" if page else f"“{section.heading}”" if section and section.heading else "the beginning")
    places = list(dict.fromkeys(named))
    return ", ".join(places[:MAX_PLACES]) + (f" and {counted(len(places) - MAX_PLACES, 'more place')}" if len(places) > MAX_PLACES else "")


def _whole(document: Document) -> list[Gap]:
    """Give the Gaps of the whole: too few of its words reached the prose, or too many of its pages hold hardly a letter."""
    gaps = []
    words = Counter(dict.fromkeys(BlockKind, 0))
    for block in document.blocks:
        words[block.kind] += len(document.text[block.start : block.end].split())
    total = sum(words.values()) - words[BlockKind.FRONT]
    if total > 200 and words[BlockKind.PROSE] < MIN_PROSE * total:
        share = f"{100 * words[BlockKind.PROSE] / total:.0f} %"
        gaps.append(Gap("read", document.paper, f"only {share} of its {total} words were read as running text", GapKind.UNREADABLE))
    ends = [*document.pages[1:], len(document.text)] if document.pages else []
    empty = [number for number, (start, end) in enumerate(zip(document.pages, ends, strict=True), 1) if end - start < MIN_PAGE_CHARS]
    before_references = [number for number in empty if number < len(document.pages) - len(document.references) // 20]
    if len(document.pages) > 2 and len(before_references) > MAX_EMPTY_PAGES * len(document.pages):
        why = f"{len(before_references)} of its {counted(len(document.pages), 'page')} hold hardly a letter of text"
        gaps.append(Gap("read", document.paper, why, GapKind.UNREADABLE))
    return gaps
