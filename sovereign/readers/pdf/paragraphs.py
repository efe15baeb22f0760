"""Lines to paragraphs: headings, captions, tables, formulas and footnotes told apart by place, size and wording."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sovereign.model import BlockKind
from sovereign.readers.pdf.lines import Line

CAPTION = re.compile(
    r"^(?:(?i:(?:extended data |supplementary )?(?:figure|fig\.?|table|algorithm|listing|scheme|box)"
    r"\s*(?:S?\d+|[IVX]+|[A-Z]\.?\d+)\s*[.:|–—-])"
    r"|(?:TABLE|FIGURE|FIG\.)\s+(?:\d+|[IVX]+)\b|(?:Figure|Table)\s+\d+\s+[A-Z][a-z]+ (?!\w+s\b))"
)
NUMBERED = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[A-Z](?:\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.|Appendix [A-Z]\b[.:]?)\s+(?=[A-Z“\"(0-9])")
KNOWN_HEADING = re.compile(
    r"^(?:\d+\.?\s+)?(?:abstract|introduction|background|related works?|preliminaries|method(?:s|ology)?|experiments?|results?|evaluation|"
    r"discussion|conclusions?|limitations?|references|bibliography|acknowledge?ments?|appendix|appendices|ethics statement|"
    r"broader impacts?|conclusion and future work|results and discussion|materials and methods|summary|supplementary material)\W*$",
    re.IGNORECASE,
)
BULLET = re.compile(r"^(?:[•‣◦▪●∙·–—⋆✓]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+")
ENDS_SENTENCE = re.compile(r"[.!?:]['”\")\]]*$")


@dataclass(slots=True)
class Measures:
    """What is usual in the document: size of body letters and distance between its lines, in points; families of its letters."""

    body: float
    leading: float
    families: frozenset[str] = frozenset()


@dataclass(slots=True)
class Para:
    """Lines that belong together."""

    kind: BlockKind
    lines: list[Line]
    level: int = 0

    @property
    def first(self) -> Line:
        """The line it begins with."""
        return self.lines[0]

    @property
    def last(self) -> Line:
        """The line it ends with."""
        return self.lines[-1]


def measures(pages: Sequence[Sequence[Line]]) -> Measures:
    """Give the usual size and leading: the ones most letters have."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    steps: Counter[float] = Counter()
    for lines in pages:
        for above, below in pairwise(lines):
            step = above.y - below.y
            if above.column == below.column and 0.8 * body < step < 2.2 * body and abs(above.size - body) < 0.6:
                steps[round(step * 2) / 2] += 1
    leading = steps.most_common(1)[0][0] if steps else 1.2 * body
    used: Counter[str] = Counter()
    for lines in pages:
        for line in lines:
            if abs(line.size - body) < 0.6 and len(line.text) > 30:
                used[line.family] += len(line.text)
    total = sum(used.values())
    return Measures(body, leading, frozenset(name for name, count in used.items() if count > 0.1 * total))


def parted(lines: Sequence[Line]) -> list[list[Line]]:
    """Part a page's lines where the column changes."""
    parts: list[list[Line]] = []
    for line in lines:
        if parts and parts[-1][-1].column == line.column and line.y < parts[-1][-1].y + 2:
            parts[-1].append(line)
        else:
            parts.append([line])
    return parts


def paragraphs(lines: list[Line], usual: Measures) -> list[Para]:
    """Give one column's lines as paragraphs, each with its kind."""
    left = _left_edge(lines)
    right = max(line.x1 for line in lines)
    groups: list[list[Line]] = []
    for index, line in enumerate(lines):
        above = lines[index - 1] if index else None
        below = lines[index + 1] if index + 1 < len(lines) else None
        if above is None or _begins(line, above, below, (left, right), usual):
            groups.append([line])
        else:
            groups[-1].append(line)
    return [_classed(group, usual) for group in groups]


def _left_edge(lines: list[Line]) -> float:
    starts = Counter(round(line.x0) for line in lines if len(line.text) > 25)
    if not starts:
        return min(line.x0 for line in lines)
    most = starts.most_common(1)[0][1]
    return float(min(x for x, count in starts.items() if count >= 0.5 * most))


def _begins(  # noqa: PLR0911  # a table of signs, one return each
    line: Line, above: Line, below: Line | None, edges: tuple[float, float], usual: Measures
) -> bool:
    left, right = edges
    step = above.y - line.y
    pace = usual.leading * max(above.size, line.size) / usual.body if abs(above.size - usual.body) > 0.6 else usual.leading
    if abs(line.size - above.size) > 0.12 * max(line.size, above.size) and not (_is_fragment(line) or _is_fragment(above)):
        return True
    if step > 1.38 * pace + 0.5:
        return True
    if _is_heading_line(line, usual) and _is_heading_line(above, usual) and line.bold == above.bold:
        return bool(NUMBERED.match(line.text) or KNOWN_HEADING.match(line.text))
    if _is_mathy(line, left) != _is_mathy(above, left):
        return True
    if CAPTION.match(line.text) or (BULLET.match(line.text) and line.text[0] not in "–—·"):
        return True
    if line.starts_raised and line.size < usual.body - 0.4:
        return True
    if _is_heading_line(line, usual) != _is_heading_line(above, usual) and (
        step > 1.05 * pace or line.bold != above.bold or NUMBERED.match(line.text)
    ):
        return _is_heading_line(line, usual) or _is_heading_line(above, usual)
    indent = line.x0 - left
    if 0.6 * line.size < indent < 4.5 * line.size and abs(above.x0 - left) < 0.6 * line.size:
        closed = bool(ENDS_SENTENCE.search(above.text))
        hanging = (below is not None and abs(below.x0 - line.x0) < 1.0) or BULLET.match(above.text) is not None
        return closed or not (hanging or line.text[:1].islower())
    ended = bool(ENDS_SENTENCE.search(above.text)) and above.x1 < right - 3.5 * line.size
    return ended and line.text[:1].isupper()


def _is_mathy(line: Line, left: float) -> bool:
    """Whether a line is part of a displayed formula: set in from the edge, and hardly a word in it."""
    if line.x0 < left + 1.5 * line.size:
        return False
    bare = re.sub(r"\[[\d, –-]+\]", "", line.text)
    if len(bare.strip(" .,;")) == 0:
        return False
    if "=" in bare and line.x0 > left + 3 * line.size and len(re.findall(r"[^\W\d_]{4,}", bare)) <= 2:
        return True
    letters = sum(len(word) for word in re.findall(r"[^\W\d_]{4,}", bare))
    return letters < 0.45 * len(bare.replace(" ", "")) or bool(re.search(r"\(\d{1,2}\)$", line.text) and "=" in line.text)


def _is_fragment(line: Line) -> bool:
    """Whether a line is so short that its size says nothing: a stray script of a formula."""
    return len(line.text) < 4


def _is_heading_line(line: Line, usual: Measures) -> bool:
    text = line.text.strip()
    if len(text) > 120 or line.gaps > 1 or not re.search(r"[A-Za-z]{3}", text):
        return False
    if KNOWN_HEADING.match(text) and len(text) < 40:
        return True
    if text.endswith((",", ";")) or re.match(r"^[a-z]", text):
        return False
    big = line.size > usual.body + 0.8
    numbered = bool(NUMBERED.match(text))
    if numbered and (line.bold or big or (text.isupper() and len(text) < 80)):
        return True
    return (line.bold or big) and len(text) < 90 and not text.endswith(".") and len(text.split()) <= 14


def _classed(group: list[Line], usual: Measures) -> Para:  # noqa: PLR0911 - a table of kinds
    first = group[0]
    text = " ".join(line.text for line in group)
    if len(group) <= 3 and all(_is_heading_line(line, usual) or line.bold for line in group) and _is_heading_line(first, usual):
        return Para(BlockKind.HEADING, group, _level(first, usual))
    if CAPTION.match(first.text):
        return Para(BlockKind.CAPTION, group)
    if _is_tabular(group):
        return Para(BlockKind.TABLE, group)
    marked = first.starts_raised or re.match(r"^[*†‡§¶∗]\s?[A-Z]|^\d{1,2}(?=[A-Zh])", first.text)
    if marked and (first.size < usual.body - 0.4 or (first.y < 150 and first.text[0] in "*†‡∗")):
        return Para(BlockKind.FOOTNOTE, group)
    if not _is_prose(group, text):
        return Para(BlockKind.FORMULA, group)
    if first.size < usual.body - 0.7 and first.y < 180 and len(group) < 6:
        return Para(BlockKind.FOOTNOTE, group)
    return Para(BlockKind.PROSE, group)


def _level(line: Line, usual: Measures) -> int:
    numbered = NUMBERED.match(line.text)
    if numbered:
        return max(1, min(5, len([part for part in numbered.group().strip(" .").split(".") if part])))
    return 1 if KNOWN_HEADING.match(line.text) or line.size > usual.body + 0.8 else 4


def _is_tabular(group: list[Line]) -> bool:
    gapped = sum(1 for line in group if line.gaps)
    return gapped >= max(1, 0.6 * len(group)) and (len(group) > 1 or group[0].gaps > 1)


def _is_prose(group: list[Line], text: str) -> bool:
    words = re.findall(r"[^\W\d_]{2,}", text)
    tokens = text.split()
    if not tokens or len(words) < 2:
        return False
    if (
        ("=" in text or re.search(r"\(\d{1,2}\)$", text))
        and sum(1 for word in words if len(word) >= 4) < 6
        and not re.search(r"[a-z]{2}\.$", text)
    ):
        return False
    if "=" in text and re.search(r"\(\d{1,2}\)$", text) and len(words) < 12:
        return False
    share = sum(map(len, words)) / max(1, len(text.replace(" ", "")))
    widest = max(line.x1 - line.x0 for line in group)
    if len(group) == 1 and (widest < 60 or len(tokens) < 3):
        return ENDS_SENTENCE.search(text) is not None and share > 0.7 and len(tokens) >= 2
    long = sum(1 for word in words if len(word) >= 4)
    return share > 0.55 and (long >= 2 or len(words) >= 4) and statistics.fmean(map(len, words)) > 2.6


def with_floats(paras: list[Para], usual: Measures) -> list[Para]:
    """Tell words inside a figure and bold heads inside a table from the text: they stand next to a caption and look foreign."""
    for index, para in enumerate(paras):
        if para.kind is not BlockKind.CAPTION or not CAPTION.match(para.first.text):
            continue
        is_table = bool(re.match(r"table", para.first.text, re.IGNORECASE))
        for step in (-1, 1) if is_table else (-1,):
            at = index + step
            while 0 <= at < len(paras) and _is_loose(paras[at], para, usual):
                paras[at].kind = BlockKind.TABLE if is_table or paras[at].kind is BlockKind.TABLE else BlockKind.FIGURE
                at += step
    return paras


def _is_loose(para: Para, caption: Para, usual: Measures) -> bool:
    """Whether a paragraph beside a caption belongs to the float rather than to the text."""
    if para.kind in {BlockKind.TABLE, BlockKind.FORMULA, BlockKind.FIGURE}:
        return para.first.column == caption.first.column
    if para.kind is BlockKind.HEADING:
        is_numbered = NUMBERED.match(para.first.text) and (para.first.bold or para.first.family in usual.families)
        return not (is_numbered or KNOWN_HEADING.match(para.first.text))
    if para.kind is not BlockKind.PROSE:
        return False
    foreign = sum(1 for line in para.lines if abs(line.size - usual.body) > 0.5 or line.family not in usual.families)
    narrow = len(para.lines) <= 3 and not any(len(line.text) > 75 or ENDS_SENTENCE.search(line.text) for line in para.lines)
    return foreign > 0.6 * len(para.lines) or narrow
