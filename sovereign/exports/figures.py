"""The report's three figures as SVG: claims × papers, flow of papers, confidence against the threshold.

Each figure stands by itself: a title and a description for those who do not see it, its own colours for light and dark, its
own ground, so that it can be read wherever it is shown as an image. A verdict has a shape as well as a colour. `inline` gives
the same figure for a page whose own style sheet colours it. Marks of one kind are one path, and labels of one kind one group:
a figure of twenty claims weighs little more than its words.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections import Counter, defaultdict
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from sovereign.exports import effects, untex
from sovereign.exports.effects import Effect
from sovereign.exports.markup import visible
from sovereign.exports.story import Reference, Row, Step, Story
from sovereign.model import Stance

WIDTH = 720
_DRAWN = re.compile("[ -\u024f\u0370-\u03ff\u2010-\u201e\u2026\u2190-\u2193\u2212\u2248\u2264\u2265]*")
_ROW = 24
_LEFT = 140
_TOP = 56
_LINE = 16
# Where a claim's words begin, and how far to the right they may go at least.
_WORDS_AT = 48
_WORDS_LEAST = 360
_COLUMN_MAX = 48.0
_COLUMN_MIN = 18.0
# From this width on, a reference number has room for its brackets.
_COLUMN_WIDE = 30.0
# From so many labels below each other on, their place across is said once.
_COLUMN_OF = 4
_NARROW = 350
# About how wide a letter is drawn.
_LETTER = 7
_FOREST_ROW = 42
_MOST_LINES = 6
# Colours that differ in lightness as well as hue, on light and on dark ground (after Okabe and Ito, https://jfly.uni-koeln.de/color/).
_STYLE = (
    ".sv-bg{fill:#fff}.sv-ink{fill:#1f2328}.sv-soft{fill:#57606a}.sv-line{stroke:#8c959f;fill:none}.sv-grid{stroke:#d8dee4;fill:none}"
    ".sv-arrow{stroke:#8c959f;fill:none;stroke-width:1.5}.sv-box{fill:#f6f8fa;stroke:#8c959f}"
    ".sv-dot,.sv-ring,.sv-hole{fill:none;stroke:#00694f;stroke-width:12;stroke-linecap:round}.sv-cross{fill:none;stroke:#b3400a;stroke-width:2.5}"
    ".sv-ring{stroke:#57606a;stroke-width:9.5}.sv-hole{stroke:#fff;stroke-width:6.5}"
    ".sv-mark{stroke:#0a5ea8;fill:none;stroke-width:2;stroke-dasharray:5 3}"
    "@media(prefers-color-scheme:dark){.sv-bg{fill:#16191f}.sv-ink{fill:#e6e9ee}.sv-soft{fill:#a6afba}.sv-line,.sv-arrow{stroke:#7d8590}"
    ".sv-grid{stroke:#30363d}.sv-box{fill:#1f242c;stroke:#7d8590}.sv-dot{stroke:#4cc9a4}.sv-cross{stroke:#ff9d66}"
    ".sv-ring{stroke:#a6afba}.sv-hole{stroke:#16191f}.sv-mark{stroke:#6cb6ff}}"
)
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Libertinus Serif', sans-serif"
# What stands in a page's own style sheet, or beside the figure, and need not be said again inside the page.
_ALONE = (
    re.compile(r"<style>.*?</style>", re.DOTALL),
    re.compile(r"<desc .*?</desc>", re.DOTALL),
    re.compile(r'<rect class="sv-bg"[^>]*/>'),
    re.compile(r' (?:xmlns|width|height|font-family|font-size|aria-labelledby)="[^"]*+"(?=[^<>]{0,400}>\s{0,40}<title)'),
    re.compile(r' id="[^"]*"(?=>)'),
)


def answer_figure(story: Story) -> str:
    """Give what the papers measured side by side, in the manner of a forest plot; of a yes or no, which paper says which.

    It is as narrow as a telephone, so that its words keep their size there.
    """
    return _effects_figure(story) if story.effects else _sides_figure(story)


def _effects_figure(story: Story) -> str:
    found = story.effects
    left, right = 14, _NARROW - 24
    labels = [_folded(f"{one.name}: {one.shown}", _NARROW - 28) for one in found]
    heights = [_FOREST_ROW + _LINE * (len(lines) - 1) for lines in labels]
    bottom = 30 + sum(heights)
    drawing = _Drawing("sv-f0", "What the papers measured", bottom + 38, width=_NARROW)
    told = "; ".join(f"{one.label}, {one.name}: {one.shown}{_between(one)}" for one in found)
    drawing.describe(f"{story.titles.answer} {told}.")
    top = max(max(one.value, one.high or 0.0) for one in found) or 1.0
    step = _step(top)
    for at in range(int(top / step) + 1):
        x = left + (right - left) * at * step / top
        drawing.path("sv-grid", f"M{_n(x)} 8V{_n(bottom)}")
        drawing.text((x, bottom + 16), f"{at * step:g}", "sv-soft", anchor="middle")
    drawing.text((right, bottom + 32), effects.unit(found), "sv-soft", anchor="end")
    y = 8
    for one, lines, height in zip(found, labels, heights, strict=True):
        for at, line in enumerate(lines):
            drawing.text((left, y + 14 + _LINE * at), line, "sv-ink", link=f"#{one.claim}" if one.claim else "")
        y += height
        if one.low is not None and one.high is not None:
            start, end = (left + (right - left) * max(0.0, value) / top for value in (one.low, one.high))
            drawing.path("sv-line", f"M{_n(start)} {_n(y - 15)}H{_n(end)}")
        _verdict(drawing, left + (right - left) * max(0.0, one.value) / top, y - 15, "supported")
    return drawing.done()


def _folded(words: str, width: float) -> list[str]:
    """Give a label in lines that a telephone has room for at the figure's own size."""
    return textwrap.wrap(words, int(width / _LETTER)) or [words]


def _between(one: Effect) -> str:
    return "" if one.low is None or one.high is None else f" ({one.low:g} to {one.high:g})"


def _step(top: float) -> float:
    """Give a round distance between grid lines, so that there are three to seven."""
    power = 10.0 ** math.floor(math.log10(top))
    return next(power * share for share in (0.1, 0.2, 0.5, 1.0, 2.0) if top / (power * share) <= _MOST_LINES)


def _sides_figure(story: Story) -> str:
    lines = [(line, {said.stance for said in line.said}) for line in story.answer.lines]
    labels = [_folded(line.name, _NARROW - 165) for line, _ in lines]
    heights = [_ROW + _LINE * (len(label) - 1) for label in labels]
    drawing = _Drawing("sv-f0", "Which paper says yes, and which no", 40 + sum(heights), width=_NARROW)
    said = "; ".join(f"{line.name}: {' and '.join(sorted(stances - {''})) or 'neither'}" for line, stances in lines)
    drawing.describe(f"{story.titles.answer} {said}.")
    taken = set().union(*(stances & {"yes", "no"} or {"neither"} for _, stances in lines))
    # What no paper says is no column.
    places = [(side, x) for side, x in (("yes", _NARROW - 125), ("no", _NARROW - 80), ("neither", _NARROW - 28)) if side in taken]
    for side, x in places:
        drawing.text((x, 18), side, "sv-soft", anchor="middle")
    y = 28
    for (line, stances), label, height in zip(lines, labels, heights, strict=True):
        for at, words in enumerate(label):
            drawing.text((14, y + 16 + _LINE * at), words, "sv-ink", link=f"#ref-{line.number}" if line.number else "")
        for side, x in places:
            if side in stances or (side == "neither" and not stances & {"yes", "no"}):
                _verdict(drawing, x, y + height / 2, {"yes": "supported", "no": "refuted"}.get(side, "insufficient"))
        y += height
        drawing.path("sv-grid", f"M14 {_n(y)}H{_n(_NARROW - 6)}")
    return drawing.done()


def claims_figure(story: Story) -> str:
    """Give the figure of claims (rows, in their words) × papers (columns): who says the same, otherwise, or nothing either way.

    Only claims on which a second paper takes a side are drawn, and only papers that were heard on one of them: the rest says nothing.
    """
    rows = [row for row in story.rows if any(stance != Stance.SILENT and number != row.number for number, stance in row.stances)]
    heard = {number for row in rows for number in (row.number, *dict(row.stances))}
    papers = [paper for paper in story.references if paper.number in heard]
    column = max(_COLUMN_MIN, min(_COLUMN_MAX, (WIDTH - _WORDS_LEAST) / max(len(papers), 1)))
    left = max(_WORDS_LEAST, WIDTH - 20 - column * len(papers))
    labels = [_in_lines(row.text, int((left - _WORDS_AT - 12) / _LETTER)) for row in rows]
    heights = [max(_ROW, _LINE * len(lines) + 10) for lines in labels]
    names = _key(papers)
    bottom = _TOP + 12 + sum(heights)
    drawing = _Drawing("sv-f1", "Claims and papers", bottom + 40 + _LINE * len(names), width=left + column * len(papers) + 20)
    told = "; ".join(f"{row.label}: {_in_words(row)}" for row in rows)
    drawing.describe(f"Which paper says the same as a claim, which says otherwise, and which says nothing either way. {told}.")
    drawing.text((left, 24), "Papers", "sv-soft")
    for at, paper in enumerate(papers):
        label = f"[{paper.number}]" if column >= _COLUMN_WIDE else str(paper.number)
        drawing.text((left + column * (at + 0.5), _TOP - 8), label, "sv-ink", anchor="middle", link=f"#ref-{paper.number}")
    y = _TOP
    for row, lines, height in zip(rows, labels, heights, strict=True):
        drawing.text((14, y + 16), row.label, "sv-ink", link=f"#{row.id}")
        for at, line in enumerate(lines):
            drawing.text((_WORDS_AT, y + 16 + _LINE * at), line, "sv-ink")
        stances = dict(row.stances)
        for at, paper in enumerate(papers):
            _stance(drawing, left + column * (at + 0.5), y + height / 2, stances.get(paper.number, ""), is_own=paper.number == row.number)
        y += height
        drawing.path("sv-grid", f"M14 {_n(y)}H{_n(left + column * len(papers))}")
    _legend(drawing, bottom + 18)
    for at, line in enumerate(names):
        drawing.text((14, bottom + 42 + _LINE * at), line, "sv-soft")
    return drawing.done()


def _in_lines(text: str, width_letters: int) -> list[str]:
    """Give a claim's words in lines; none where they need fonts and directions that an image cannot count on."""
    words = visible(untex.shown(text))
    return textwrap.wrap(words, width_letters, break_long_words=True) if _DRAWN.fullmatch(words) else []


def _key(papers: Sequence[Reference]) -> list[str]:
    """Give the papers' names as lines under the grid, where an image can show them all; the reference list has them anyway."""
    names = [f"[{paper.number}] {visible(paper.name)}" for paper in papers]
    return textwrap.wrap(";  ".join(names), (WIDTH - 28) // _LETTER) if all(_DRAWN.fullmatch(name) for name in names) else []


def flow_figure(story: Story) -> str:
    """Give the flow of papers: a column of boxes, and to the right of each what left there."""
    told = ". ".join(f"{step.label}: {step.count}; {step.leaving}: {step.left}" for step in story.flow)
    drawing = _Drawing("sv-f2", "The flow of papers", 20 + 84 * len(story.flow))
    drawing.describe(f"{told}.")
    for at, step in enumerate(story.flow):
        _flow_step(drawing, 20 + 84 * at, step, is_last=at == len(story.flow) - 1)
    return drawing.done()


def confidence_figure(story: Story) -> str:
    """Give the confidence (0..1) of each claim that has one as a point on its line, and the threshold as an upright one."""
    rated = [(row, row.value) for row in story.rows if row.value is not None]
    rows = [row for row, _ in rated]
    height = 44 + _ROW * len(rows) + 56
    left, right = _LEFT, WIDTH - 60  # the labels are a claim's label and grade
    limit = f" The threshold is {story.threshold:.2f}." if story.threshold is not None else ""
    told = "; ".join(f"{row.label}: {row.confidence}, {row.verdict}" for row in rows)
    drawing = _Drawing("sv-f3", "Confidence of the claims", height)
    drawing.describe(f"Confidence from 0 to 1.{limit} {told}.")
    bottom = 44 + _ROW * len(rows)
    for tenth in range(0, 11, 2):
        x = left + (right - left) * tenth / 10
        drawing.path("sv-grid", f"M{_n(x)} 36V{_n(bottom)}")
        drawing.text((x, bottom + 18), f"{tenth / 10:.1f}", "sv-soft", anchor="middle")
    drawing.text((right, bottom + 36), "how sure the checker is that it is borne out", "sv-soft", anchor="end")
    if story.threshold is not None:
        x = left + (right - left) * story.threshold
        drawing.path("sv-mark", f"M{_n(x)} 30V{_n(bottom)}")
        drawing.text((x, 22), f"threshold {story.threshold:.2f}", "sv-ink", anchor="middle" if x < WIDTH - 90 else "end")
    for line, (row, value) in enumerate(rated):
        y = 44 + _ROW * (line + 0.5)
        drawing.text((14, y + 4), f"{row.label} {row.grade}", "sv-ink", link=f"#{row.id}")
        _verdict(drawing, left + (right - left) * min(max(value, 0.0), 1.0), y, row.verdict)
        drawing.text((right + 12, y + 4), row.confidence, "sv-soft")
    _verdict_legend(drawing, height - 16)
    return drawing.done()


def inline(svg: str) -> str:
    """Give the figure for a page whose style sheet has the classes `sv-…` and which tells in words what the figure shows.

    It has no ground and colours of its own, no size but its proportions, and no description, only its title.
    """
    for alone in _ALONE:
        svg = alone.sub("", svg)
    return svg.strip()


def _in_words(row: Row) -> str:
    heard = [f"paper {number} {'is silent' if stance == 'silent' else stance}" for number, stance in row.stances]
    return ", ".join(heard) or "no paper was heard"


# --- Parts -------------------------------------------------------------------------------------------------------


class _Drawing:
    """A figure being drawn: paths by kind, labels by kind and column, so that none of it is said twice."""

    def __init__(self, name: str, title: str, height: float, *, width: float = WIDTH) -> None:
        self._name, self._size = name, (_n(width), _n(height))
        self._title, self._words = title, ""
        self._paths: dict[str, list[str]] = defaultdict(list)
        self._labels: dict[tuple[str, str], list[tuple[str, str, str, str]]] = defaultdict(list)

    def describe(self, words: str) -> None:
        """Take the description for those who do not see the figure."""
        self._words = visible(words)

    def path(self, kind: str, d: str) -> None:
        """Add a piece to the path of this kind; kinds are painted in the order in which they were first used."""
        self._paths[kind].append(d)

    def text(self, at: tuple[float, float], words: str, kind: str, *, anchor: str = "", link: str = "") -> None:
        """Add a label; those of one kind and anchor share a group."""
        self._labels[kind, anchor].append((_n(at[0]), _n(at[1]), visible(words), link))

    def done(self) -> str:
        """Give the SVG."""
        width, height = self._size
        names = {"id": f"{self._name}-title"}, {"id": f"{self._name}-desc"}
        size = {"viewBox": f"0 0 {width} {height}", "width": width, "height": height, "font-family": _FONT, "font-size": "13"}
        told = {"role": "img", "aria-labelledby": f"{self._name}-title {self._name}-desc", "class": "sv-svg"}
        svg = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, **told})
        ET.SubElement(svg, "title", names[0]).text = self._title
        ET.SubElement(svg, "desc", names[1]).text = self._words
        ET.SubElement(svg, "style").text = _STYLE
        ET.SubElement(svg, "rect", {"class": "sv-bg", "width": width, "height": height, "rx": "6"})
        for kind, pieces in self._paths.items():
            ET.SubElement(svg, "path", {"class": kind, "d": "".join(pieces)})
        self._write(svg)
        return ET.tostring(svg, encoding="unicode", short_empty_elements=True).replace(" />", "/>") + "\n"

    def _write(self, svg: ET.Element) -> None:
        for (kind, anchor), labels in self._labels.items():
            like = {"class": kind} | ({"text-anchor": anchor} if anchor else {})
            many = {x for x, count in Counter(x for x, *_ in labels).items() if count >= _COLUMN_OF}
            for column in ("", *sorted(many)):
                group = ET.SubElement(svg, "g", like | ({"transform": f"translate({column})"} if column else {}))
                for x, y, words, link in labels:
                    if (x if x in many else "") == column:
                        parent = ET.SubElement(group, "a", {"href": link}) if link else group
                        ET.SubElement(parent, "text", {"y": y} if column else {"x": x, "y": y}).text = words


def _flow_step(drawing: _Drawing, y: float, step: Step, *, is_last: bool) -> None:
    _box(drawing, 30, y, 270)
    drawing.text((44, y + 23), step.label, "sv-ink")
    drawing.text((44, y + 42), f"n = {step.count}", "sv-soft")
    if not is_last:
        drawing.path("sv-arrow", f"M165 {_n(y + 54)}v30m-4-6l4 6 4-6")
    if not step.left:
        return
    drawing.path("sv-arrow", f"M300 {_n(y + 27)}h50m-6-4l6 4-6 4")
    _box(drawing, 350, y, 350)
    lines = _reasons(step)
    top = y + (18 if len(lines) > 1 else 23)
    drawing.text((364, top), f"{step.leaving}: n = {step.left}", "sv-ink")
    for at, line in enumerate(lines):
        drawing.text((364, top + 16 * (at + 1)), line, "sv-soft")


def _box(drawing: _Drawing, x: float, y: float, width: float) -> None:
    """Draw a box of the flow, its corners a little round."""
    corner = "a4 4 0 0 1 "
    drawing.path("sv-box", f"M{_n(x)} {_n(y + 4)}{corner}4-4h{_n(width - 8)}{corner}4 4v46{corner}-4 4h-{_n(width - 8)}{corner}-4-4z")


def _reasons(step: Step) -> list[str]:
    """Give why papers left in at most two lines of about 50 letters, or nothing where that is too little room for all."""
    told = [reason if len(step.reasons) == 1 else f"{reason}: {count}" for reason, count in step.reasons]
    lines = [line for text in told for line in textwrap.wrap(visible(text), 50)]
    return lines if len(lines) <= 2 else []


def _stance(drawing: _Drawing, x: float, y: float, stance: str, *, is_own: bool) -> None:
    if is_own:
        drawing.path("sv-line", f"M{_n(x - 11)} {_n(y - 10)}h22v20h-22z")
    kinds = {"supports": "supported", "refutes": "refuted", "silent": "insufficient"}
    if stance:
        _verdict(drawing, x, y, kinds[stance])


def _verdict(drawing: _Drawing, x: float, y: float, verdict: str) -> None:
    """Draw a filled circle for supported, a cross for refuted, an open circle for the rest.

    A round one is a stroke of hardly any length with round ends, which is a dot (one of no length at all is left out by some); the
    open one has a smaller dot of the ground upon it.
    """
    if verdict == "supported":
        drawing.path("sv-dot", f"M{_n(x)} {_n(y)}h.01")
    elif verdict == "refuted":
        drawing.path("sv-cross", f"M{_n(x - 5)} {_n(y - 5)}l10 10m0-10l-10 10")
    else:
        drawing.path("sv-ring", f"M{_n(x)} {_n(y)}h.01")
        drawing.path("sv-hole", f"M{_n(x)} {_n(y)}h.01")


def _legend(drawing: _Drawing, y: float) -> None:
    for x, kind, label in (
        (22, "supported", "says the same"),
        (146, "refuted", "says otherwise"),
        (272, "insufficient", "says nothing either way"),
    ):
        _verdict(drawing, x, y - 4, kind)
        drawing.text((x + 14, y), label, "sv-soft")
    _stance(drawing, 460, y - 4, "", is_own=True)
    drawing.text((478, y), "the claim's own paper; empty: not heard", "sv-soft")


def _verdict_legend(drawing: _Drawing, y: float) -> None:
    for x, kind, label in ((30, "supported", "borne out"), (150, "refuted", "contradicted"), (280, "insufficient", "neither")):
        _verdict(drawing, x, y - 4, kind)
        drawing.text((x + 14, y), label, "sv-soft")


def _n(number: float) -> str:
    """Give a coordinate in tenths, without a needless nought."""
    return f"{number:.1f}".removesuffix(".0")
