"""Foreign words on their way into pages, formulas, feeds and addresses: nothing in them becomes markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovereign.exports import markup, untex
from sovereign.model import Action, Engine, Outcome
from sovereign.site import feed, maths, report
from sovereign.site.desk import Desk, tag_folder
from sovereign.site.facts import Approval, ReportFacts, VersionFacts, Way
from sovereign.site.pages import ON_LIST, Pages

_PIECES = (*"abkn012+-=<>&\"'{}_^ \\()[]", "\\frac", "\\sqrt", "\\text", "\\href", "\\times", "\\style", "\\left", "\\begin{matrix}")
TEX = st.lists(st.sampled_from(_PIECES), max_size=30).map("".join)


def version(**changes: object) -> VersionFacts:
    """Give a published version without claims."""
    plain = VersionFacts(
        slug="why",
        number=1,
        folder="reports/why/v1",
        question="Why?",
        date=date(2026, 1, 2),
        engine=Engine.LOCAL,
        tags=(),
        action=Action.AUTO_APPROVE,
        reasons=(),
        score=7.0,
        outcome=Outcome.APPROVE,
        retrieved=1,
        abstract=("Because.",),
        claims=(),
        papers={},
        approval=Approval(Way.POLICY),
    )
    return replace(plain, **changes)  # type: ignore[arg-type] # the caller names fields


@given(TEX)
def test_a_formula_is_made_of_formula_elements_alone(tex: str) -> None:
    """Whatever TeX a paper holds, only known elements and attributes come out, and it parses."""
    made = maths.mathml(tex)
    if made is None:
        return
    for element in ET.fromstring(made).iter():  # noqa: S314 - the output under test
        assert element.tag in maths._ELEMENTS
        assert set(element.attrib) <= maths._ATTRIBUTES | {"alttext"}


@pytest.mark.parametrize(
    "tex",
    [
        pytest.param(r"\href{javascript:alert(1)}{x}", id="link"),
        pytest.param(r"\text{</math><script>alert(1)</script>}", id="element-in-text"),
        pytest.param(r"\text{&lt;img src=x onerror=alert(1)&gt;}", id="reference-in-text"),
        pytest.param(r"\style{background:url(//evil.example)}{x}", id="style"),
        pytest.param(r"\class{md-header}{x}", id="class"),
    ],
)
def test_hostile_tex_is_shown_not_done(tex: str) -> None:
    """No link, no element, no style comes out of a formula."""
    page = report.with_maths(f"<p>{untex.escape_shown(f'so ${tex}$ is')}</p>")
    root = ET.fromstring(page.replace("&nbsp;", " "))  # noqa: S314 - the output under test
    tags = {element.tag for element in root.iter()}
    assert not tags & {"script", "img", "a"}
    assert not [
        name
        for element in root.iter()
        for name in element.attrib
        if name in {"href", "style", "onerror"} or (name == "class" and element.tag != "span")
    ]


@given(st.text(max_size=80))
def test_a_text_comes_through_the_maths_unchanged(text: str) -> None:
    """Text without a formula reads in the page exactly as it was, control signs and TeX's marks aside."""
    shown = report.with_maths(untex.escape_shown(text))
    if "<math" not in shown and "sv-math" not in shown:
        assert unescape(shown).strip() == markup.visible(untex.shown(text))


@given(st.lists(st.text(min_size=1, max_size=30), unique=True, max_size=12))
def test_every_tag_has_an_address_of_its_own(tags: list[str]) -> None:
    """Two tags never share a page, and no tag leaves its folder."""
    folders = [tag_folder(tag) for tag in tags]
    assert len(set(folders)) == len(folders)
    assert all(folder and "/" not in folder and folder not in {".", ".."} and not folder.startswith(".") for folder in folders)


def test_the_feed_bears_any_sign() -> None:
    """Signs that XML forbids are left out; markup stays words."""
    asked = version(question="a\x00b\x0b<b>&\ud800 \U0001f600", tags=("x\x1fy",))
    atom = feed.atom(Desk(Path(), "Lab", reports=(ReportFacts("why", (asked,)),)))
    entry = ET.fromstring(atom).find("{http://www.w3.org/2005/Atom}entry")  # noqa: S314 - our own
    assert entry is not None
    assert entry.findtext("{http://www.w3.org/2005/Atom}title") == "ab<b>& \U0001f600"


def test_a_long_list_is_cut_into_pages() -> None:
    """A year with many reports has several pages, each linked to its neighbours, and none is lost."""
    reports = tuple(ReportFacts(f"r{at}", (version(slug=f"r{at}", folder=f"reports/r{at}/v1"),)) for at in range(ON_LIST * 2 + 1))
    pages = Pages(Desk(Path(), "Lab", reports=reports))
    made = {
        uri: pages.render(uri, lambda target: f"/{target}")
        for uri in ("browse/2026/index.md", "browse/2026/2/index.md", "browse/2026/3/index.md")
    }

    assert [text.count('class="desk-card"') for text in made.values()] == [ON_LIST, ON_LIST, 1]
    assert 'rel="next" href="/browse/2026/2/index.md"' in made["browse/2026/index.md"]
    assert 'rel="prev" href="/browse/2026/2/index.md"' in made["browse/2026/3/index.md"]


@given(st.text(max_size=60))
@settings(max_examples=30, deadline=None)
def test_a_question_stays_words_on_every_page(question: str) -> None:
    """No question, however it is written, adds an element to home."""

    def home(asked: str) -> list[str]:
        pages = Pages(Desk(Path(), "Lab", reports=(ReportFacts("why", (version(question=asked),)),)))
        return [str(element.tag) for element in html5lib.parse(pages.render("index.md", lambda uri: uri)).iter()]

    made = home(markup.visible(question) or "?")
    if not any("math" in tag for tag in made):
        assert made == home("Why?")
