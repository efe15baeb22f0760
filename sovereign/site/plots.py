"""The method page's plots, as SVG that takes its colours from the page: no plotting library, no style inside."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

_WIDTH, _LEFT, _RIGHT, _ROW = 440, 14, 30, 54


def shares(rows: Sequence[tuple[str, Sequence[tuple[str, float | None]]]], *, name: str, title: str, words: str) -> str:
    """Give a plot of shares (0..1): a line a row, a sign a series; the same series in the same order in every row.

    Args:
        rows: A label, and (series, share) pairs; None is left out.
        name: Starts the ids inside.
        title: What it shows.
        words: The same in words, for who does not see it.
    """
    legend = rows[0][1] if rows else ()
    height = 30 + _ROW * len(rows) + 44 + 20 * len(legend)
    svg = _canvas(name, height, title, words)
    right, bottom = _WIDTH - _RIGHT, 30 + _ROW * len(rows)
    for tenth in range(0, 11, 2):
        x = _LEFT + (right - _LEFT) * tenth / 10
        _draw(svg, "line", {"x1": x, "y1": 24, "x2": x, "y2": bottom}, "sv-grid")
        _write(svg, x, bottom + 18, f"{10 * tenth} %", "sv-soft", anchor="middle")
    for at, (label, values) in enumerate(rows):
        y = 24 + _ROW * (at + 0.6)
        _write(svg, _LEFT - 4, y - 12, label, "sv-ink")  # above its line: a phone has no room beside it
        _draw(svg, "line", {"x1": _LEFT, "y1": y, "x2": right, "y2": y}, "sv-grid")
        for series, (_, value) in enumerate(values):
            if value is not None:
                _sign(svg, _LEFT + (right - _LEFT) * value, y, series)
    for series, (label, _) in enumerate(legend):
        y = bottom + 44 + 20 * series
        _sign(svg, _LEFT + 4, y, series)
        _write(svg, _LEFT + 18, y + 5, label, "sv-soft")
    return ET.tostring(svg, encoding="unicode")


def reliability(points: Sequence[tuple[float, float, int]], *, name: str, title: str, words: str) -> str:
    """Give a reliability diagram: (confidence, share that was right, how many), each 0..1, against the line of perfect calibration."""
    side, left, top = 300, 60, 20
    svg = _canvas(name, side + 70, title, words, width=420)
    most = max((count for _, _, count in points), default=1)
    for tenth in range(0, 11, 2):
        x, y = left + side * tenth / 10, top + side * (1 - tenth / 10)
        _draw(svg, "line", {"x1": left, "y1": y, "x2": left + side, "y2": y}, "sv-grid")
        _write(svg, left - 8, y + 4, f"{tenth / 10:.1f}", "sv-soft", anchor="end")
        _write(svg, x, top + side + 18, f"{tenth / 10:.1f}", "sv-soft", anchor="middle")
    _draw(svg, "line", {"x1": left, "y1": top + side, "x2": left + side, "y2": top, "stroke-dasharray": "5 4"}, "sv-line")
    for confidence, right, count in points:
        radius = 3 + 6 * (count / most) ** 0.5
        _draw(svg, "circle", {"cx": left + side * confidence, "cy": top + side * (1 - right), "r": radius}, "sv-good")
    _write(svg, left + side / 2, top + side + 40, "stated confidence; larger dots stand for more claims", "sv-soft", anchor="middle")
    _write(svg, left, 12, "share that was right", "sv-soft")
    return ET.tostring(svg, encoding="unicode")


def _sign(svg: ET.Element, x: float, y: float, series: int) -> None:
    """Draw a series' sign: filled disc, cross, ring, square: told apart by shape first."""
    if series % 4 == 1:
        _draw(svg, "path", {"d": f"M{x - 5:.1f} {y - 5:.1f}l10 10m0-10l-10 10", "stroke-width": 2.4}, "sv-bad")
    elif series % 4 == 2:
        _draw(svg, "circle", {"cx": x, "cy": y, "r": 5, "stroke-width": 2}, "sv-dim")
    elif series % 4 == 3:
        _draw(svg, "rect", {"x": x - 4.5, "y": y - 4.5, "width": 9, "height": 9, "stroke-width": 2}, "sv-dim")
    else:
        _draw(svg, "circle", {"cx": x, "cy": y, "r": 5.5}, "sv-good")


def _canvas(name: str, height: float, title: str, words: str, *, width: int = _WIDTH) -> ET.Element:
    size = {"viewBox": f"0 0 {width} {height:g}", "width": str(width), "height": f"{height:g}", "font-size": "14"}
    svg = ET.Element(
        "svg",
        {
            **size,
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-desc",
            "class": "sv-svg" if width == _WIDTH else "sv-svg sv-small",
        },
    )
    ET.SubElement(svg, "title", {"id": f"{name}-title"}).text = title
    ET.SubElement(svg, "desc", {"id": f"{name}-desc"}).text = words
    return svg


def _draw(svg: ET.Element, tag: str, values: dict[str, float | str], kind: str) -> None:
    ET.SubElement(svg, tag, {key: value if isinstance(value, str) else f"{value:.5g}" for key, value in values.items()} | {"class": kind})


def _write(svg: ET.Element, x: float, y: float, words: str, kind: str, *, anchor: str = "start") -> None:
    ET.SubElement(svg, "text", {"x": f"{x:.5g}", "y": f"{y:.5g}", "class": kind, "text-anchor": anchor}).text = words
