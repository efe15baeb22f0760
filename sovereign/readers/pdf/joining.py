"""Paragraphs made whole: over lines, columns and pages, hyphens undone, what broke them put aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from sovereign.language.terms import word_counts
from sovereign.model import BlockKind
from sovereign.readers.building import PAGE
from sovereign.readers.pdf.kinds import BULLET, ENDS_SENTENCE, Para
from sovereign.readers.pdf.lines import Line
from sovereign.readers.pdf.tables import rows_of

_FIRST_PARTS = frozenset(
    "self non well state semi cross multi few zero one two three four low high large small long short fine open real end top full half "
    "single double data time cost task domain human machine model token sample parameter state-of decoder encoder query key".split()
)


def joined(paras: list[Para]) -> list[Para]:
    """Join a paragraph that a column or page end, a figure or a footnote broke.

    What broke it on the page where it began goes before it, what broke it later follows it, so that pages keep their order.
    """
    out: list[Para] = []
    open_at: int | None = None
    for para in _listed(paras):
        if para.kind is BlockKind.PROSE and open_at is not None and (_continues(out[open_at], para) or _is_split(out[open_at:], para)):
            broken = out.pop(open_at)
            between, out[open_at:] = out[open_at:], []
            out += [item for item in between if item.first.page <= broken.first.page]
            open_at = len(out)
            broken.lines += para.lines
            out += [broken, *(item for item in between if item.first.page > broken.first.page)]
            open_at = open_at if _is_open(broken) else None
            continue
        out.append(para)
        if para.kind is BlockKind.PROSE:
            open_at = len(out) - 1 if _is_open(para) else None
        elif para.kind is BlockKind.HEADING:
            open_at = None
    return out


def settled(paras: list[Para]) -> list[Para]:
    """Make lists whole whose items are no sentences, and tell what is set in lines of its own, such as labels, from sentences."""
    out = _listed(paras)
    for index, para in enumerate(out):
        after = out[index + 1].kind if index + 1 < len(out) else BlockKind.PROSE
        before = out[index - 1].kind if index else BlockKind.PROSE
        if BlockKind.FORMULA not in {before, after} and _is_set_in_lines(para):
            para.kind = BlockKind.TABLE if len(para.lines) > 1 else BlockKind.FIGURE
    return out


def _listed(paras: Sequence[Para]) -> list[Para]:
    out: list[Para] = []
    for para in paras:
        if out and _is_next_item(out[-1], para):
            out[-1].lines += para.lines
        else:
            out.append(para)
    return out


def _is_next_item(item: Para, para: Para) -> bool:
    """Whether a paragraph is an item of the list that the one before it, an item or the words that lead to it, leaves open."""
    if item.kind is not BlockKind.PROSE or para.kind is not BlockKind.PROSE or not BULLET.match(para.first.text):
        return False
    if re.search(r"(?:[,;]|[,;] (?:and|or))$", item.last.text):
        return True
    if ENDS_SENTENCE.search(item.last.text) or para.first.page - item.last.page > 1:
        return False
    return BULLET.match(item.first.text) is not None or bool(re.search(r"\b(?:and|or|that|to|by|of|for|the|are|is)$", item.last.text))


def _is_set_in_lines(para: Para) -> bool:
    """Whether a paragraph is no sentence: it ends without a stop, and none of its lines comes near the right edge of its column."""
    if para.kind is not BlockKind.PROSE or ENDS_SENTENCE.search(para.last.text) or para.first.text[:1].islower():
        return False
    left, right = para.edges
    reach = right - max(0.2 * (right - left), 3 * para.first.size)
    return all(line.x1 < reach for line in para.lines)


def _is_split(since: list[Para], para: Para) -> bool:
    """Whether a paragraph was cut in two by a stray sign of maths that stands between its lines."""
    broken, stray = since[0], since[1:]
    if not stray or any(item.kind is not BlockKind.FORMULA or len(item.lines) > 1 or len(item.first.text) > 12 for item in stray):
        return False
    step = broken.last.y - para.first.y
    same = (para.first.page, para.first.column) == (broken.last.page, broken.last.column)
    return (
        same
        and 0 < step < 2.2 * broken.last.size
        and not ENDS_SENTENCE.search(broken.last.text)
        and re.match(r"[a-z(]", para.first.text) is not None
    )


def _is_open(para: Para) -> bool:
    return not ENDS_SENTENCE.search(para.last.text) or para.last.text.endswith(":")


def _continues(broken: Para, para: Para) -> bool:
    last, first = broken.last, para.first
    moved = (first.page, first.column) != (last.page, last.column)
    if not moved or first.page - last.page > 2:
        return False
    if last.text.endswith(":") or abs(first.size - last.size) > 0.15 * last.size:
        return False
    if re.match(r"^[a-z(\[,;0-9]", first.text) or last.text.endswith(("-", "–", ",", "(")):
        return True
    is_text = len(para.lines) > 1 or (first.gaps == 0 and len(first.text) > 50)
    return abs(first.size - last.size) < 0.5 and is_text and not BULLET.match(first.text)


def piece_text(para: Para, words: frozenset[str], page: int) -> str:
    """Give a paragraph's lines as the text of one piece; PAGE stands where a page after `page` begins."""
    if para.kind is BlockKind.TABLE and not any(line.gaps for line in para.lines):
        return "\n".join(re.sub(r"^[•‣◦▪●∙]\s*", "", line.text) for line in para.lines)
    if para.kind is BlockKind.TABLE:
        return "\n".join(rows_of(para.lines))
    if para.kind in {BlockKind.FORMULA, BlockKind.FIGURE}:
        return "\n".join(line.text for line in para.lines)
    text = join_lines(para.lines, words, page)
    if para.kind is BlockKind.FOOTNOTE:
        return re.sub(r"^(?:\d{1,2}(?=[^\d.,%])|[*†‡§¶∗]+)\s*", "", text)
    return re.sub(r"^[•‣◦▪●∙\ufffd](?:\s+|(?=[A-Z]))", "", text) if para.kind is BlockKind.PROSE else text


def join_lines(lines: Sequence[Line], words: frozenset[str], page: int) -> str:
    """Give lines as one text; PAGE stands where a page after `page` begins."""
    text = lines[0].text if lines else ""
    for line in lines[1:]:
        text = _glue(text, line.text, PAGE * max(0, line.page - page), words)
        page = max(page, line.page)
    return text


def _glue(before: str, after: str, turn: str, words: frozenset[str]) -> str:
    """Join two lines: a hyphen at the end is the typesetter's, unless the document writes the word with it elsewhere."""
    if not re.search(r"\w[-\u00ad]$", before):
        return f"{before} {turn}{after}"
    left = re.search(r"(?<![^\W\d_])([^\W\d_]++)[-\u00ad]$", before)
    right = re.match(r"[^\W\d_]+", after)
    if left is None or right is None or before.endswith("\u00ad"):
        return before.removesuffix("\u00ad") + turn + after
    return (before if _keeps_hyphen(left[1], right[0], before[: left.start()], words) else before[:-1]) + turn + after


def _keeps_hyphen(left: str, right: str, before: str, words: frozenset[str]) -> bool:
    """Whether a hyphen at a line's end is the word's: the document's other words decide, then the dictionary, then common first parts."""
    whole, parted = (left + right).casefold(), f"{left}-{right}".casefold()
    if whole in words or (parted not in words and whole in word_counts()):
        return False
    if parted in words or right[0].isupper() or before.endswith("-") or left.casefold() in _FIRST_PARTS:
        return True
    return len(left) > 3 and len(right) > 3 and left.casefold() in words and right.casefold() in words


def vocabulary(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Give the document's words, whole ones and ones with hyphens, that stand within a line."""
    words: set[str] = set()
    for lines in pages:
        for line in lines:
            found = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.text)
            ends_open = line.text.endswith(("-", "\u00ad"))
            for word in found[:-1] if ends_open else found:
                parts = word.casefold().split("-")
                words.update({"-".join(parts), *(f"{a}-{b}" for a, b in pairwise(parts)), *parts})
    return frozenset(words)
