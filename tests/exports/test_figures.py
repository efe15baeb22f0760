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
from sovereign.model import AnswerKind, Paper, Report
from standins import answers
from standins import reports as fakes

SVG = "{http://www.w3.org/2000/svg}"
DRAW = [figures.claims_figure, figures.flow_figure, figures.confidence_figure, figures.answer_figure]
STORIES = [
    pytest.param(tell(answers.report(AnswerKind.EFFECT), version=1), id="effect"),
    pytest.param(tell(answers.report(AnswerKind.MIXED), version=1), id="mixed"),
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
    told = [row for row in story.rows if any(stance != "silent" and number != row.number for number, stance in row.stances)]
    assert 0 < len(told) < len(story.rows)
    assert drawn == sum(len(row.stances) for row in told) + 3  # and the legend
    assert "C1: paper 1 is silent, paper 2 refutes, paper 4 supports" in svg  # its own quote says nothing for a claim


def test_rows_are_told_in_words() -> None:
    """A row of the grid is the claim in its words, none of them cut; one that no second paper speaks to is no row."""
    story = tell(fakes.rich_report(), version=1)
    labels = "".join(text.text or "" for text in ET.fromstring(figures.claims_figure(story)).iter(f"{SVG}text"))  # noqa: S314 - our own

    for row in story.rows:
        is_told = any(stance != "silent" and number != row.number for number, stance in row.stances)
        assert ("".join(row.text.split()) in "".join(labels.split())) is is_told


LONG = "Inferring the differences in incubation period and generation time of two variants of a virus in one country 2022"


@pytest.mark.parametrize("kind", [AnswerKind.EFFECT, AnswerKind.MIXED])
def test_the_answer_s_figure_can_be_read_on_a_telephone(kind: AnswerKind) -> None:
    """Whatever papers are called, 13 units of the figure are 11 pixels on a screen of 360 at least; names are folded, not cut."""
    story = tell(answers.report(kind), version=1)
    lines = tuple(replace(line, name=f"{LONG} {at}") for at, line in enumerate(story.answer.lines))
    found = tuple(replace(one, name=LONG) for one in story.effects)
    root = ET.fromstring(figures.answer_figure(replace(story, answer=replace(story.answer, lines=lines), effects=found)))  # noqa: S314 - ours

    assert 13 * 302 / float(root.attrib["viewBox"].split()[2]) >= 11
    assert "".join(LONG.split()) in "".join("".join(text.text or "" for text in root.iter(f"{SVG}text")).split())


def test_a_dot_has_a_length() -> None:
    """A path of no length at all is left out by the program that typesets the PDF: then a paper that says yes says nothing."""
    story = tell(answers.report(AnswerKind.MIXED), version=1)
    assert not re.search(r"h0\b(?!\.)", "".join(draw(story) for draw in DRAW))


def test_names_beside_the_grid_where_they_fit() -> None:
    """Papers are named under the grid, unless a name is in a script that an image cannot count on."""
    story = tell(answers.report(AnswerKind.MIXED), version=1)
    named = replace(story.references[0], name="अनुसन्धान 2024")

    assert f"[1] {story.references[0].name};" in figures.claims_figure(story)
    assert story.references[1].name not in figures.claims_figure(replace(story, references=(named, *story.references[1:])))


def test_many_papers_fit() -> None:
    """Sixty papers widen the figure rather than overlap; one that nobody heard is no column."""
    report = fakes.rich_report()
    many = report.papers + tuple(Paper(id=f"file:{number:012x}", title=f"T{number}") for number in range(56))

    story = tell(replace(report, papers=many), version=1)
    heard = tuple((number, "supports") for number in range(1, 60))
    story = replace(story, rows=(replace(story.rows[0], stances=heard), *story.rows[1:]))
    root = ET.fromstring(figures.claims_figure(story))  # noqa: S314 - our own output

    places = [float(text.attrib["x"]) for text in root.iter(f"{SVG}text") if (text.text or "").isdigit()]
    assert len(places) == 59
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


def test_an_effect_is_drawn_as_the_papers_say_it() -> None:
    """One row a paper that measures it: number and range are the sentence's; what measures nothing alike is left out."""
    story = tell(answers.report(AnswerKind.EFFECT), version=1)

    assert [(one.name, one.shown, one.value, one.low, one.high) for one in story.effects] == [
        ("Quill et al. 2021", "31 minutes longer", 31.0, 24.0, 38.0),
        ("Finch 2022", "27.5 minutes", 27.5, None, None),
        ("Strand and Low 2023", "12 minutes", 12.0, None, None),
    ]
    assert story.titles.answer == "12 to 31 minutes: the difference that 3 papers report."
    svg = figures.answer_figure(story)
    assert "Quill et al. 2021: 31 minutes longer (24 to 38)" in svg
    assert "minutes</text>" in svg


def _with_quotes(*quotes: str) -> Report:
    """Give the effect report with other findings, one a paper."""
    base = answers.report(AnswerKind.EFFECT)
    claims = tuple(
        replace(claim, text=quote, quote=replace(claim.quote, text=quote, end=claim.quote.start + len(quote)))
        for claim, quote in zip(base.draft.claims, quotes, strict=False)
    )
    keys = tuple(replace(base.draft.answer.findings[0], text=claim.text, claims=(claim.id,), stance="") for claim in claims)
    evidence = tuple(replace(item, claim=claim.id, witnesses=()) for claim, item in zip(claims, base.draft.evidence, strict=False))
    answer = replace(base.draft.answer, claims=(), facets=(), findings=keys)
    draft = replace(base.draft, abstract=(), findings=(), contradictions=(), claims=claims, evidence=evidence, answer=answer)
    return replace(base, draft=draft)


@pytest.mark.parametrize(
    "quotes",
    [
        pytest.param(("Boats floated by 12 minutes longer.",), id="one paper"),
        pytest.param(("Boats floated 12 minutes longer.", "Boats floated 9 minutes shorter."), id="two ways"),
        pytest.param(("Boats floated 12 minutes longer.", "Boats held 9 kg more."), id="two units"),
        pytest.param(("We ran them for 12 minutes.", "We waited for 20 minutes."), id="no difference measured"),
        pytest.param(
            ("They floated 12 minutes longer in May and 20 minutes longer in June.", "They floated 9 minutes longer."),
            id="two numbers of one",
        ),
    ],
)
def test_what_cannot_be_set_side_by_side_is_not_drawn(quotes: tuple[str, ...]) -> None:
    """One paper, other units, opposite ways, no difference, or more than one number in a sentence: no figure."""
    story = tell(_with_quotes(*quotes), version=1)

    assert story.effects == ()
    assert story.titles.answer == ""


def test_agreement_is_drawn_for_yes_and_no_alone() -> None:
    """Where papers say yes and no, each is in its column; where all say the same there is no figure."""
    mixed = answers.report(AnswerKind.MIXED)
    story = tell(mixed, version=1)
    same = tuple(key for key in mixed.draft.answer.findings if key.stance == "yes")
    alike = replace(mixed, draft=replace(mixed.draft, answer=replace(mixed.draft.answer, findings=same)))

    assert story.titles.answer == "Three papers say yes, one paper says no."
    paths = {path.attrib["class"]: path.attrib["d"] for path in ET.fromstring(figures.answer_figure(story)).iter(f"{SVG}path")}  # noqa: S314 - our own output
    assert (paths["sv-dot"].count("M"), paths["sv-cross"].count("M")) == (3, 1)
    assert tell(alike, version=1).titles.answer == ""


def test_a_figure_that_says_nothing_is_not_shown() -> None:
    """Where no other paper was heard about any claim, and no claim has a confidence, there is no such figure on the page."""
    base = fakes.approved_report()
    evidence = tuple(replace(item, witnesses=(), confidence=None, probabilities=None) for item in base.draft.evidence)
    titles = tell(replace(base, draft=replace(base.draft, evidence=evidence)), version=1).titles

    assert titles.claims == titles.confidence == titles.answer == ""
