"""What a group of a PDF's lines is: heading, caption, table, formula, footnote or prose, told by place, size and wording."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass

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
BULLET = re.compile(r"^(?:[•‣◦▪●∙·–—⋆✓✗❖➢■□\ufffd]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+")
_MONO = re.compile(r"mono|courier|consol|cmtt|sftt|typewriter|menlo|beramono|lettergothic|andale|fixed", re.IGNORECASE)
ENDS_SENTENCE = re.compile(r"[.!?:]['”\")\]]*$")
NO_END = re.compile(
    r"(?<![^\W_])(?:where|and|or|of|the|a|an|to|in|at|by|for|with|that|is|are|was|were|as|from|on|if|than|which|such|its|their|this|these|"
    r"at most|at least)$",
    re.IGNORECASE,
)
"""What no sentence ends with."""
MIN_HEADING = 0.8  # of the size of the text's letters: smaller ones are a figure's
_TEX_FAMILY = re.compile(r"(?:CM|SF|EC|LM|TeXGyre)[A-Z]", re.IGNORECASE)


@dataclass(slots=True)
class Measures:
    """What is usual in the document: size of body letters and distance between its lines, in points; its letters' families and font."""

    body: float
    leading: float
    families: frozenset[str] = frozenset()
    font: str = ""


@dataclass(slots=True)
class Para:
    """Lines that belong together; edges are the left and the right one of their column."""

    kind: BlockKind
    lines: list[Line]
    level: int = 0
    edges: tuple[float, float] = (0.0, 0.0)

    @property
    def first(self) -> Line:
        """The line it begins with."""
        return self.lines[0]

    @property
    def last(self) -> Line:
        """The line it ends with."""
        return self.lines[-1]


def is_foreign(line: Line, usual: Measures) -> bool:
    """Whether a line's letters are of another family than the text's, as those of a figure often are; a family has many cuts."""
    if not usual.families or not line.family:
        return False
    of_tex = _TEX_FAMILY.match(line.family) is not None
    return not any(name[:5].casefold() == line.family[:5].casefold() or (of_tex and _TEX_FAMILY.match(name)) for name in usual.families)


def is_mathy(line: Line, left: float) -> bool:
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


def is_fragment(line: Line) -> bool:
    """Whether a line is so short that its size says nothing: a stray script of a formula."""
    return len(line.text) < 4


def is_heading_line(line: Line, usual: Measures) -> bool:
    """Whether a line looks like a heading: known, or numbered and bold or big, or short and bold or big."""
    text = line.text.strip()
    if len(text) > 120 or line.gaps > 1 or line.size < MIN_HEADING * usual.body or not re.search(r"[A-Za-z]{3}", text):
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


def classed(group: list[Line], usual: Measures) -> Para:  # noqa: PLR0911 - a table of kinds
    """Give a group of lines with its kind."""
    first = group[0]
    text = " ".join(line.text for line in group)
    if CAPTION.match(first.text):
        return Para(BlockKind.CAPTION, group)
    if len(group) <= 3 and all(is_heading_line(line, usual) or line.bold for line in group) and is_heading_line(first, usual):
        return Para(BlockKind.HEADING, group, _level(first, usual))
    if _is_standing_heading(group, usual):
        return Para(BlockKind.HEADING, group, _level(first, usual))
    mono = sum(1 for line in group if _MONO.search(line.font) and "://" not in line.text)
    if mono > 0.6 * len(group) and not _MONO.search(usual.font):
        return Para(BlockKind.FIGURE, group)  # a listing of a program
    if _is_tabular(group):
        return Para(BlockKind.TABLE, group)
    marked = first.starts_raised or re.match(r"^[*†‡§¶∗]\s?[A-Z]|^\d{1,2}(?=[A-Zh])", first.text)
    if marked and (first.size < usual.body - 0.4 or (first.y < 150 and first.text[0] in "*†‡∗") or (first.starts_raised and first.y < 240)):
        return Para(BlockKind.FOOTNOTE, group)
    if not _is_prose(group, text):
        return Para(BlockKind.FORMULA, group)
    return Para(BlockKind.PROSE, group)


def _is_standing_heading(group: list[Line], usual: Measures) -> bool:
    """Whether a line that stands alone is a heading though its letters are the text's: numbered in parts, or all capitals."""
    text = " ".join(line.text for line in group).strip()
    first = group[0]
    if len(group) > 2 or len(text) > 100 or first.gaps or abs(first.size - usual.body) > 0.35 * usual.body or re.search(r"[.,;:=]$", text):
        return False
    if re.match(r"\d{1,2}(?:\.\d{1,2}){1,3}\.?\s+[A-Z][a-z]", text):
        return len(re.findall(r"[^\W\d_]{2,}", text)) <= 12
    letters = re.sub(r"^(?:\d{1,2}|[IVX]{1,5})\.?\s+", "", text)
    return letters.isupper() and len(re.findall(r"[^\W\d_]", letters)) > 0.75 * len(letters.replace(" ", "")) and len(letters) >= 8


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
