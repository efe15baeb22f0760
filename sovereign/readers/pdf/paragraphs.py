"""Lines to paragraphs, by where they stand: what follows on closely, in one size and from one edge, belongs together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from sovereign.model import BlockKind
from sovereign.readers.pdf.kinds import (
    BULLET,
    CAPTION,
    ENDS_SENTENCE,
    KNOWN_HEADING,
    NO_END,
    NUMBERED,
    Measures,
    Para,
    classed,
    is_foreign,
    is_fragment,
    is_heading_line,
    is_mathy,
)
from sovereign.readers.pdf.lines import Line

MAX_LABEL = 75  # letters in a line of a figure's words
FOOT_PT = 180  # smaller letters under the text, this near to the foot of the page, are notes even without a mark


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
    fonts: Counter[str] = Counter()
    for lines in pages:
        for line in lines:
            if abs(line.size - body) < 0.6 and len(line.text) > 30:
                used[line.family] += len(line.text)
                fonts[line.font] += len(line.text)
    total = sum(used.values())
    families = frozenset(name for name, count in used.items() if count > 0.1 * total)
    return Measures(body, leading, families, fonts.most_common(1)[0][0] if fonts else "")


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
    right = max([line.x1 for line in lines if " " in line.text] or [line.x1 for line in lines])  # an address may stand out
    groups: list[list[Line]] = []
    for index, line in enumerate(lines):
        above = lines[index - 1] if index else None
        below = lines[index + 1] if index + 1 < len(lines) else None
        if above is None or _begins(line, above, below, (left, right), usual):
            groups.append([line])
        else:
            groups[-1].append(line)
    made = _footed(_mended([classed(group, usual) for group in groups], (left, right), usual), usual)
    for para in made:
        para.edges = (left, right)
    return made


def _is_item(line: Line, above: Line, right: float) -> bool:
    """Whether a line begins an item of a list, rather than going on with a sentence that counts as in "(i) this and (ii) that"."""
    if not BULLET.match(line.text) or line.text[0] in "–—·" or re.match(r"0[.)]", line.text):
        return False
    is_sign = not (line.text[0].isalnum() or line.text[0] == "(")
    is_short = above.x1 < right - 2.5 * line.size
    if line.text[0] == "\ufffd":  # a sign of which nothing is known: a bullet only where it stands like one
        return is_short or bool(ENDS_SENTENCE.search(above.text))
    return is_sign or is_short or abs(line.x0 - above.x0) > 0.6 * line.size or bool(re.search(r"[.:;!?]['”\")\]]*$", above.text))


def _mended(paras: list[Para], edges: tuple[float, float], usual: Measures) -> list[Para]:
    """Join what signs of maths or letters of another kind tore: a sentence that is not over goes on in the next line of its column."""
    out: list[Para] = []
    for para in paras:
        if len(out) > 1 and _is_torn(out[-2], out[-1], para, edges, usual):
            middle = out.pop()
            out[-1].lines += middle.lines + para.lines
        elif out and _goes_on(out[-1], para, edges, usual):
            out[-1].lines += para.lines
        else:
            out.append(para)
    return out


def _footed(paras: list[Para], usual: Measures) -> list[Para]:
    """Tell footnotes by their place: smaller than the text, at the foot of the column, the first with a mark."""
    start = len(paras)
    first = start
    while start > 0 and _may_be_note(paras[start - 1]) and paras[start - 1].first.size < usual.body - 0.6:
        start -= 1
        line = paras[start].first
        if line.starts_raised or re.match(r"\(?\d{1,2}[.)]?\s?[A-Z“\"]|[*†‡§¶∗]", line.text):
            first = start
    is_below_text = 0 < start < len(paras) and paras[start - 1].kind is not BlockKind.HEADING and paras[start].first.y < FOOT_PT
    for para in paras[start if is_below_text else first :] if first > 0 else ():
        para.kind = BlockKind.FOOTNOTE
    return paras


def _may_be_note(para: Para) -> bool:
    """Whether a paragraph at a column's foot may be a note; what looks like a heading there is one in bold, unless it is known."""
    if para.kind is BlockKind.HEADING:
        return para.first.y < FOOT_PT and not (KNOWN_HEADING.match(para.first.text) or NUMBERED.match(para.first.text))
    return para.kind in {BlockKind.PROSE, BlockKind.FOOTNOTE}


def _goes_on(broken: Para, para: Para, edges: tuple[float, float], usual: Measures) -> bool:
    """Whether a paragraph is the rest of the one above it in the same column."""
    if broken.kind is not BlockKind.PROSE or para.kind is not BlockKind.PROSE or ENDS_SENTENCE.search(broken.last.text):
        return False
    step = broken.last.y - para.first.y
    if not -0.2 * para.first.size < step < 1.9 * max(usual.leading, para.first.size):
        return False
    if abs(para.first.size - broken.last.size) > 0.12 * broken.last.size:
        return False
    if _is_item(para.first, broken.last, edges[1]) or para.first.starts_raised:
        return False
    is_full = broken.last.x1 > edges[1] - 2.5 * broken.last.size and para.first.x0 < edges[0] + 4.5 * para.first.size
    if is_full or re.match(r"[a-zß-ÿ(,;]", para.first.text) or broken.last.text.endswith(("-", ",")):
        return True
    return bool(NO_END.search(broken.last.text)) and not is_foreign(para.first, usual)


def _is_torn(broken: Para, middle: Para, para: Para, edges: tuple[float, float], usual: Measures) -> bool:
    """Whether a line that was taken for a formula or the like stands inside a paragraph: it is as wide as the column, or it is tiny."""
    if broken.kind is not BlockKind.PROSE or para.kind is not BlockKind.PROSE or len(middle.lines) > 1:
        return False
    if middle.kind not in {BlockKind.FORMULA, BlockKind.TABLE, BlockKind.HEADING} or ENDS_SENTENCE.search(broken.last.text):
        return False
    line = middle.first
    is_whole = line.x0 < edges[0] + 1.5 * line.size and line.x1 > edges[1] - 2.5 * line.size
    step = broken.last.y - para.first.y
    return is_whole and line.gaps < 3 and 0 < step < 3.2 * usual.leading and re.match(r"[a-zß-ÿ(,;]", para.first.text) is not None


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
    if abs(line.size - above.size) > 0.12 * max(line.size, above.size) and not (is_fragment(line) or is_fragment(above)):
        return True
    if step > 1.38 * pace + 0.5:
        return True
    if is_heading_line(line, usual) and is_heading_line(above, usual) and line.bold == above.bold:
        return bool(NUMBERED.match(line.text) or KNOWN_HEADING.match(line.text))
    if is_mathy(line, left) != is_mathy(above, left):
        return True
    if CAPTION.match(line.text) or _is_item(line, above, right):
        return True
    if line.starts_raised and line.size < usual.body - 0.4:
        return True
    if is_heading_line(line, usual) != is_heading_line(above, usual) and (
        step > 1.05 * pace or line.bold != above.bold or NUMBERED.match(line.text)
    ):
        return is_heading_line(line, usual) or is_heading_line(above, usual)
    indent = line.x0 - left
    if 0.6 * line.size < indent < 4.5 * line.size and abs(above.x0 - left) < 0.6 * line.size:
        closed = bool(ENDS_SENTENCE.search(above.text))
        hanging = (below is not None and abs(below.x0 - line.x0) < 1.0) or BULLET.match(above.text) is not None
        return closed or not (hanging or line.text[:1].islower())
    ended = bool(ENDS_SENTENCE.search(above.text)) and above.x1 < right - 3.5 * line.size
    return ended and line.text[:1].isupper()


def with_floats(paras: list[Para], usual: Measures) -> list[Para]:
    """Tell words inside a figure and bold heads inside a table from the text: they stand next to a caption and look foreign."""
    for index, para in enumerate(paras):
        if para.kind is not BlockKind.CAPTION or not CAPTION.match(para.first.text):
            continue
        is_table = bool(re.match(r"table", para.first.text, re.IGNORECASE))
        for step in (-1, 1):
            at = index + step
            while 0 <= at < len(paras) and _is_loose(paras[at], para, usual) and (is_table or step < 0 or _is_label(paras[at], usual)):
                paras[at].kind = BlockKind.TABLE if is_table or paras[at].kind is BlockKind.TABLE else BlockKind.FIGURE
                at += step
    for para in paras:
        if para.kind in {BlockKind.PROSE, BlockKind.HEADING} and _is_label(para, usual):
            para.kind = BlockKind.FIGURE
    return paras


def _is_label(para: Para, usual: Measures) -> bool:
    """Whether a paragraph is words of a figure: in letters of another family, none of its lines a sentence's or a heading's."""
    if para.first.page == 0 and para.kind is BlockKind.HEADING:
        return False  # the title and what stands under it
    if para.kind is BlockKind.HEADING and (para.first.size > usual.body - 0.6 or KNOWN_HEADING.match(para.first.text)):
        return False
    if any(len(line.text) > MAX_LABEL or not is_foreign(line, usual) for line in para.lines):
        return False
    return para.kind is not BlockKind.PROSE or not any(ENDS_SENTENCE.search(line.text) for line in para.lines)


def _is_loose(para: Para, caption: Para, usual: Measures) -> bool:
    """Whether a paragraph beside a caption belongs to the float rather than to the text."""
    if para.kind in {BlockKind.TABLE, BlockKind.FORMULA, BlockKind.FIGURE}:
        return caption.first.column in {-1, para.first.column}
    if para.first.page == 0 and para.first.size > usual.body + 3:
        return False  # the title
    if para.kind is BlockKind.HEADING:
        is_numbered = NUMBERED.match(para.first.text) and (para.first.bold or para.first.family in usual.families)
        return not (is_numbered or KNOWN_HEADING.match(para.first.text))
    if para.kind is not BlockKind.PROSE:
        return False
    if _is_label(para, usual):
        return True
    foreign = sum(1 for line in para.lines if abs(line.size - usual.body) > 0.5 or line.family not in usual.families)
    narrow = len(para.lines) <= 3 and not any(len(line.text) > 75 or ENDS_SENTENCE.search(line.text) for line in para.lines)
    return foreign > 0.6 * len(para.lines) or narrow
