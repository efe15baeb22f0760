"""The figures: well-formed, self-contained, told in words as well as drawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from sovereign.exports import figures
from sovereign.exports.story import Story
from sovereign.exports.teller import tell
from sovereign.model import Paper
from tests import fakes_report as fakes

SVG = "{http://www.w3.org/2000/svg}"
DRAW = [figures.claims_figure, figures.flow_figure, figures.confidence_figure]
STORIES = [
    pytest.param(tell(fakes.rich_report(), version=1), id="rich"),
    pytest.param(tell(fakes.bare_report(), version=1), id="bare"),
]


@pytest.mark.parametrize("draw", DRAW)
@pytest.mark.parametrize("story", STORIES)
def test_stands_by_itself(draw: Callable[[Story], str], story: Story) -> None:
    """One SVG with a title and a description, no script, no address elsewhere, nothing outside its frame."""
    svg = draw(story)
    root = ET.fromstring(svg)  # noqa: S314 - our own output

    assert root.tag == f"{SVG}svg"
    labels = root.attrib["aria-labelledby"].split()
    assert [child.attrib["id"] for child in root[:2]] == labels
    assert all(child.text for child in root[:2])
    assert not re.search(r"<script|\son\w+=|style=|url\(|@import", svg)
    assert all(link.attrib["href"].startswith("#") for link in root.iter(f"{SVG}a"))
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    for shape in root.iter():
        assert 0 <= float(shape.attrib.get("x", 0)) <= width
        assert 0 <= float(shape.attrib.get("y", 0)) <= height


def test_claims_figure_shows_every_stance() -> None:
    """The grid has a sign for each paper heard about each claim, and a frame for the claim's own paper."""
    story = tell(fakes.rich_report(), version=1)
    svg = figures.claims_figure(story)

    paths = {path.attrib["class"]: path.attrib["d"] for path in ET.fromstring(svg).iter(f"{SVG}path")}  # noqa: S314 - our own output
    drawn = paths["sv-dot"].count("M") + paths["sv-cross"].count("M") + paths["sv-ring"].count("M")
    assert drawn == sum(len(row.stances) for row in story.rows) + 3  # and the legend
    assert "C1: paper 1 supports, paper 2 refutes, paper 4 supports" in svg


def test_names_beside_the_grid_where_they_fit() -> None:
    """A few papers with Latin names are named; many, or long ones, are numbers only."""
    assert "[1] Quill et al. 2024" in figures.claims_figure(tell(fakes.second_report(), version=2))
    assert "Quill" not in figures.claims_figure(tell(fakes.rich_report(), version=1))


def test_many_papers_fit() -> None:
    """Sixty papers widen the figure rather than overlap."""
    report = fakes.rich_report()
    many = report.papers + tuple(Paper(id=f"file:{number:012x}", title=f"T{number}") for number in range(56))

    root = ET.fromstring(figures.claims_figure(tell(replace(report, papers=many), version=1)))  # noqa: S314 - our own output

    places = [float(text.attrib["x"]) for text in root.iter(f"{SVG}text") if (text.text or "").isdigit()]
    assert len(places) == 60
    assert min(b - a for a, b in pairwise(places)) >= 18


def test_flow_adds_up() -> None:
    """What enters a box is what left the one before."""
    steps = tell(fakes.rich_report(), version=1).flow

    assert [step.count for step in steps] == [8, 7, 6, 5, 4]
    assert all(a.count - a.left == b.count for a, b in pairwise(steps))


def test_inline_has_no_colours_of_its_own() -> None:
    """A page's style sheet colours an inline figure."""
    svg = figures.inline(figures.flow_figure(tell(fakes.rich_report(), version=1)))

    assert "<style" not in svg
    assert "sv-bg" not in svg
    assert "sv-ink" in svg
