"""The report's three figures as SVG: claims × papers, flow of papers, confidence against the threshold.

Each figure stands by itself: a title and a description for those who do not see it, its own colours for light and dark, its
own ground, so that it can be read wherever it is shown as an image. A verdict has a shape as well as a colour. `inline` gives
the same figure for a page whose own style sheet colours it.
"""

from __future__ import annotations

import re
import textwrap
from xml.etree import ElementTree as ET

from sovereign.exports.markup import visible
from sovereign.exports.story import Row, Step, Story

WIDTH = 720
_LATIN = re.compile("[ -\u024f\u2010-\u2019]*")
_ROW = 24
_LEFT = 60
_TOP = 56
_COLUMN_MAX = 48.0
_COLUMN_MIN = 18.0
# From this width on, a reference number has room for its brackets.
_COLUMN_WIDE = 30.0
# Colours that differ in lightness as well as hue, on light and on dark ground (after Okabe and Ito, https://jfly.uni-koeln.de/color/).
_STYLE = (
    ".sv-bg{fill:#fff}.sv-ink{fill:#1f2328}.sv-soft{fill:#57606a}.sv-line{stroke:#8c959f;fill:none}.sv-grid{stroke:#d8dee4;fill:none}"
    ".sv-box{fill:#f6f8fa;stroke:#8c959f}.sv-good{fill:#00694f;stroke:#00694f}.sv-bad{fill:none;stroke:#b3400a}.sv-dim{fill:none;stroke:#57606a}"
    ".sv-mark{stroke:#0a5ea8;fill:none}"
    "@media(prefers-color-scheme:dark){.sv-bg{fill:#16191f}.sv-ink{fill:#e6e9ee}.sv-soft{fill:#a6afba}.sv-line{stroke:#7d8590}"
    ".sv-grid{stroke:#30363d}.sv-box{fill:#1f242c;stroke:#7d8590}.sv-good{fill:#4cc9a4;stroke:#4cc9a4}.sv-bad{stroke:#ff9d66}"
    ".sv-dim{stroke:#a6afba}.sv-mark{stroke:#6cb6ff}}"
)
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Libertinus Serif', sans-serif"


def claims_figure(story: Story) -> str:
    """Give the figure of claims (rows) × papers (columns): who supports, contradicts, is silent."""
    papers = story.references
    column = max(_COLUMN_MIN, min(_COLUMN_MAX, (WIDTH - _LEFT - 20) / max(len(papers), 1)))
    right = _LEFT + column * len(papers)
    height = _TOP + 18 + _ROW * max(len(story.rows), len(papers) if _has_key(story, right) else 0) + 46
    told = "; ".join(f"{row.label}: {_in_words(row)}" for row in story.rows)
    title = ("Claims and papers", f"Which paper supports, contradicts or is silent on each claim. {told}.")
    svg = _canvas("sv-f1", title, height, width=max(WIDTH, right + 20))
    _text(svg, (_LEFT, 24), "Papers, by reference number", "sv-soft")
    for at, paper in enumerate(papers):
        label = f"[{paper.number}]" if column >= _COLUMN_WIDE else str(paper.number)
        _text(svg, (_LEFT + column * (at + 0.5), _TOP), label, "sv-ink", anchor="middle", link=f"#ref-{paper.number}")
        if _has_key(story, right):
            _text(svg, (right + 24, _TOP + 18 + _ROW * (at + 0.5) + 4), f"[{paper.number}] {paper.name}", "sv-soft")
    for line, row in enumerate(story.rows):
        y = _TOP + 18 + _ROW * (line + 0.5)
        _shape(svg, "line", {"x1": _LEFT - 8, "y1": y + _ROW / 2, "x2": right, "y2": y + _ROW / 2}, "sv-grid")
        _text(svg, (20, y + 4), row.label, "sv-ink", link=f"#{row.id}")
        stances = dict(row.stances)
        for at, paper in enumerate(papers):
            _stance(svg, _LEFT + column * (at + 0.5), y, stances.get(paper.number, ""), is_own=paper.number == row.number)
    _legend(svg, height - 18)
    return _done(svg)


def _has_key(story: Story, right: float) -> bool:
    """Whether every paper's name can stand beside the grid; the reference list has them anyway.

    A letter takes about 7 units. Names in other scripts need fonts and directions that an image cannot count on.
    """
    names = [f"[{paper.number}] {paper.name}" for paper in story.references]
    return all(right + 24 + 7 * len(name) < WIDTH and _LATIN.fullmatch(name) for name in names)


def flow_figure(story: Story) -> str:
    """Give the flow of papers: a column of boxes, and to the right of each what left there."""
    height = 20 + 84 * len(story.flow)
    told = ". ".join(f"{step.label}: {step.count}; {step.leaving}: {step.left}" for step in story.flow)
    svg = _canvas("sv-f2", ("The flow of papers", f"{told}."), height)
    for at, step in enumerate(story.flow):
        _flow_step(svg, 20 + 84 * at, step, is_last=at == len(story.flow) - 1)
    return _done(svg)


def confidence_figure(story: Story) -> str:
    """Give each claim's confidence (0..1) as a point on its line, and the threshold as an upright one."""
    rows = story.rows
    height = 44 + _ROW * len(rows) + 56
    left, right = _LEFT, WIDTH - 60
    limit = f" The threshold is {story.threshold:.2f}." if story.threshold is not None else ""
    told = "; ".join(f"{row.label}: {row.confidence}, {row.verdict}" for row in rows)
    svg = _canvas("sv-f3", ("Confidence of the claims", f"Confidence from 0 to 1.{limit} {told}."), height)
    bottom = 44 + _ROW * len(rows)
    for tenth in range(0, 11, 2):
        x = left + (right - left) * tenth / 10
        _shape(svg, "line", {"x1": x, "y1": 36, "x2": x, "y2": bottom}, "sv-grid")
        _text(svg, (x, bottom + 18), f"{tenth / 10:.1f}", "sv-soft", anchor="middle")
    if story.threshold is not None:
        x = left + (right - left) * story.threshold
        _shape(svg, "line", {"x1": x, "y1": 30, "x2": x, "y2": bottom, "stroke-width": 2, "stroke-dasharray": "5 3"}, "sv-mark")
        _text(svg, (x, 22), f"threshold {story.threshold:.2f}", "sv-ink", anchor="middle" if x < WIDTH - 90 else "end")
    for line, row in enumerate(rows):
        y = 44 + _ROW * (line + 0.5)
        _text(svg, (20, y + 4), row.label, "sv-ink", link=f"#{row.id}")
        if row.value is None:
            _text(svg, (left + 6, y + 4), "not checked", "sv-soft")
            continue
        x = left + (right - left) * min(max(row.value, 0.0), 1.0)
        _verdict(svg, x, y, row.verdict)
        _text(svg, (right + 12, y + 4), row.confidence, "sv-soft")
    _verdict_legend(svg, height - 16)
    return _done(svg)


def inline(svg: str) -> str:
    """Give the figure without its own ground and colours, for a page whose style sheet has the classes `sv-…`."""
    plain = re.sub(r"<style>.*?</style>", "", svg, count=1, flags=re.DOTALL)
    return re.sub(r'<rect class="sv-bg"[^>]*/>', "", plain, count=1)


def _in_words(row: Row) -> str:
    heard = [f"paper {number} {'is silent' if stance == 'silent' else stance}" for number, stance in row.stances]
    return ", ".join(heard) or "no paper was heard"


# --- Parts -------------------------------------------------------------------------------------------------------


def _canvas(name: str, told: tuple[str, str], height: float, *, width: float = WIDTH) -> ET.Element:
    """Give an empty figure with its title and description."""
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_n(width)} {_n(height)}",
            "width": _n(width),
            "height": _n(height),
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-desc",
            "class": "sv-svg",
            "font-family": _FONT,
            "font-size": "13",
        },
    )
    ET.SubElement(svg, "title", {"id": f"{name}-title"}).text = told[0]
    ET.SubElement(svg, "desc", {"id": f"{name}-desc"}).text = visible(told[1])
    ET.SubElement(svg, "style").text = _STYLE
    ET.SubElement(svg, "rect", {"class": "sv-bg", "width": _n(width), "height": _n(height), "rx": "6"})
    return svg


def _flow_step(svg: ET.Element, y: float, step: Step, *, is_last: bool) -> None:
    _shape(svg, "rect", {"x": 30, "y": y, "width": 270, "height": 54, "rx": 4}, "sv-box")
    _text(svg, (44, y + 23), step.label, "sv-ink")
    _text(svg, (44, y + 42), f"n = {step.count}", "sv-soft")
    if not is_last:
        _arrow(svg, [(165, y + 54), (165, y + 84)])
    if not step.left:
        return
    _arrow(svg, [(300, y + 27), (350, y + 27)])
    _shape(svg, "rect", {"x": 350, "y": y, "width": 350, "height": 54, "rx": 4}, "sv-box")
    lines = _reasons(step)
    top = y + (18 if len(lines) > 1 else 23)
    _text(svg, (364, top), f"{step.leaving}: n = {step.left}", "sv-ink")
    for at, line in enumerate(lines):
        _text(svg, (364, top + 16 * (at + 1)), line, "sv-soft")


def _reasons(step: Step) -> list[str]:
    """Give why papers left in at most two lines of about 50 letters, or nothing where that is too little room for all."""
    told = [reason if len(step.reasons) == 1 else f"{reason}: {count}" for reason, count in step.reasons]
    lines = [line for text in told for line in textwrap.wrap(visible(text), 50)]
    return lines if len(lines) <= 2 else []


def _stance(svg: ET.Element, x: float, y: float, stance: str, *, is_own: bool) -> None:
    if is_own:
        _shape(svg, "rect", {"x": x - 11, "y": y - 10, "width": 22, "height": 20, "rx": 4}, "sv-line")
    kinds = {"supports": "supported", "refutes": "refuted", "silent": "insufficient"}
    if stance:
        _verdict(svg, x, y, kinds[stance])


def _verdict(svg: ET.Element, x: float, y: float, verdict: str) -> None:
    """Draw a filled circle for supported, a cross for refuted, an open circle for the rest."""
    if verdict == "supported":
        _shape(svg, "circle", {"cx": x, "cy": y, "r": 5.5}, "sv-good")
    elif verdict == "refuted":
        d = f"M{_n(x - 5)} {_n(y - 5)}L{_n(x + 5)} {_n(y + 5)}M{_n(x - 5)} {_n(y + 5)}L{_n(x + 5)} {_n(y - 5)}"
        _shape(svg, "path", {"d": d, "stroke-width": 2.5}, "sv-bad")
    else:
        _shape(svg, "circle", {"cx": x, "cy": y, "r": 4, "stroke-width": 1.5}, "sv-dim")


def _legend(svg: ET.Element, y: float) -> None:
    for x, kind, label in ((30, "supported", "supports"), (140, "refuted", "contradicts"), (265, "insufficient", "silent")):
        _verdict(svg, x, y - 4, kind)
        _text(svg, (x + 14, y), label, "sv-soft")
    _stance(svg, 356, y - 4, "", is_own=True)
    _text(svg, (374, y), "the claim's own paper; empty: not heard", "sv-soft")


def _verdict_legend(svg: ET.Element, y: float) -> None:
    for x, kind, label in ((30, "supported", "supported"), (150, "refuted", "refuted"), (255, "insufficient", "insufficient")):
        _verdict(svg, x, y - 4, kind)
        _text(svg, (x + 14, y), label, "sv-soft")


def _arrow(svg: ET.Element, points: list[tuple[float, float]]) -> None:
    (x1, y1), (x2, y2) = points
    _shape(svg, "line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke-width": 1.5}, "sv-line")
    tip = [(x2 - 4, y2 - 6), (x2, y2), (x2 + 4, y2 - 6)] if x1 == x2 else [(x2 - 6, y2 - 4), (x2, y2), (x2 - 6, y2 + 4)]
    _shape(svg, "polyline", {"points": " ".join(f"{_n(x)},{_n(y)}" for x, y in tip), "stroke-width": 1.5}, "sv-line")


def _text(svg: ET.Element, at: tuple[float, float], text: str, kind: str, *, anchor: str = "", link: str = "") -> None:
    parent = ET.SubElement(svg, "a", {"href": link}) if link else svg
    place = {"x": _n(at[0]), "y": _n(at[1]), "class": kind} | ({"text-anchor": anchor} if anchor else {})
    ET.SubElement(parent, "text", place).text = visible(text)


def _shape(svg: ET.Element, tag: str, attributes: dict[str, float | str], kind: str) -> None:
    ET.SubElement(svg, tag, {name: value if isinstance(value, str) else _n(value) for name, value in attributes.items()} | {"class": kind})


def _n(number: float) -> str:
    """Give a coordinate in tenths, without a needless nought."""
    return f"{number:.1f}".removesuffix(".0")


def _done(svg: ET.Element) -> str:
    return ET.tostring(svg, encoding="unicode") + "\n"
