"""Plots as SVG, written by hand: no plotting library, colours and letters taken from the page around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, EDGE = 360, 300, 46


def write(results: Mapping[str, Any], folder: Path) -> None:
    """Write a reliability diagram for each labelled set, and the bars of the perturbed suites and of ranking."""
    folder.mkdir(parents=True, exist_ok=True)
    for row in results.get("accuracy", ()):
        bins = row["ours"]["reliability_supported"]
        (folder / f"reliability-{row['source']}.svg").write_text(reliability(row["source"], bins), encoding="utf-8")
    if "perturbed" in results:
        bars = [(r["suite"], r["accepted"], r["tfidf_accepted"]) for r in results["perturbed"]]
        (folder / "perturbed.svg").write_text(
            paired_bars("Accepted, by what was changed", bars, ("ours", "TF-IDF ≥ 0.15")), encoding="utf-8"
        )
    if "ranking" in results:
        bars = [(name, m["recall@20"], m["recall@100"]) for name, m in results["ranking"]["methods"].items()]
        (folder / "ranking.svg").write_text(paired_bars("Recall of ranking", bars, ("at 20", "at 100")), encoding="utf-8")


def reliability(title: str, bins: Sequence[Mapping[str, float]]) -> str:
    """Give a reliability diagram: confidence across, share supported upwards; the area of a dot is the number of claims."""
    total = sum(b["count"] for b in bins) or 1
    side_x, side_y = WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE
    dots = "".join(
        f'<circle cx="{EDGE + b["confidence"] * side_x:.1f}" cy="{HEIGHT - EDGE - b["right"] * side_y:.1f}" '
        f'r="{3 + 30 * (b["count"] / total) ** 0.5:.1f}" fill="#3f51b5" fill-opacity="0.55"><title>{b["count"]} claims: '
        f"confidence {b['confidence']:.2f}, supported {b['right']:.2f}</title></circle>"
        for b in bins
    )
    corners = f'x1="{EDGE}" y1="{HEIGHT - EDGE}" x2="{WIDTH - EDGE}" y2="{EDGE}"'
    line = f'<line {corners} stroke="currentColor" stroke-dasharray="4 4" opacity="0.5"/>'
    ticks = "".join(
        f'<text x="{EDGE + v * side_x:.0f}" y="{HEIGHT - EDGE + 16}" text-anchor="middle">{v:.1f}</text>'
        f'<text x="{EDGE - 8}" y="{HEIGHT - EDGE - v * side_y + 4:.0f}" text-anchor="end">{v:.1f}</text>'
        for v in (0.0, 0.5, 1.0)
    )
    axes = (
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 8}" text-anchor="middle">confidence</text><text x="6" y="{EDGE - 14}">share supported</text>'
    )
    frame = f'<rect x="{EDGE}" y="{EDGE}" width="{side_x}" height="{side_y}" fill="none" stroke="currentColor" opacity="0.4"/>'
    return _svg(f"Reliability on {title}", WIDTH, HEIGHT, frame + line + ticks + axes + dots)


def paired_bars(title: str, rows: Sequence[tuple[str, float, float]], names: tuple[str, str]) -> str:
    """Give horizontal bars, two a row, 0..1, each with its figure."""
    left, wide, step = 150, 260, 40
    height = 50 + step * len(rows)
    parts = []
    for i, (name, first, second) in enumerate(rows):
        y = 44 + i * step
        parts.append(f'<text x="{left - 8}" y="{y + 16}" text-anchor="end">{escape(name)}</text>')
        for j, (value, colour) in enumerate(((first, "#3f51b5"), (second, "#9e9e9e"))):
            parts.append(f'<rect x="{left}" y="{y + 14 * j}" width="{max(1, wide * value):.1f}" height="12" fill="{colour}"/>')
            parts.append(f'<text x="{left + wide * value + 5:.1f}" y="{y + 14 * j + 10}">{value:.1%}</text>')
    legend = f'<text x="{left}" y="32" fill="#3f51b5">{escape(names[0])}</text>'
    legend += f'<text x="{left + 130}" y="32" fill="#757575">{escape(names[1])}</text>'
    return _svg(title, left + wide + 60, height, legend + "".join(parts))


def _svg(title: str, width: float, height: float, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(title)}" '
        f'font-family="sans-serif" font-size="12" fill="currentColor"><title>{escape(title)}</title>'
        f'<text x="10" y="16" font-weight="bold">{escape(title)}</text>{body}</svg>\n'
    )
