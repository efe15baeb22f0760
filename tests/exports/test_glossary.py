"""Words for people: whatever a report can hold has words, so that no finished report is lost while it is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from enum import StrEnum

import pytest

from sovereign.exports import account, glossary, pages
from sovereign.model import (
    Action,
    AnswerKind,
    Ask,
    CheckName,
    Grade,
    JudgeRole,
    Objection,
    Origin,
    Recommendation,
    SignKind,
    Stance,
)
from standins import reports as fakes


@pytest.mark.parametrize(
    ("told", "members"),
    [
        pytest.param(glossary.GRADES, Grade, id="grades"),
        pytest.param(glossary.ANSWERS, AnswerKind, id="kinds of answers"),
        pytest.param(glossary.ROLES, JudgeRole, id="roles"),
        pytest.param(glossary.WHO, JudgeRole, id="who judges"),
        pytest.param(glossary.DECIDED, Action, id="decisions"),
        pytest.param(glossary.RECOMMENDATIONS, Recommendation, id="recommendations"),
        pytest.param(glossary.ASKS, Ask, id="what objections ask for"),
        pytest.param(glossary.SIGNS, SignKind, id="signs"),
        pytest.param(account.CHECKS, CheckName, id="checks"),
        pytest.param(pages._ORIGINS, Origin, id="origins"),
        pytest.param(pages._STANCES, Stance, id="stances"),
    ],
)
def test_every_member_has_words(told: Mapping[str, object], members: Collection[StrEnum]) -> None:
    """A table of words names each member of its kind, so that nothing is looked up in vain."""
    assert {str(member) for member in members} <= {str(key) for key in told}


@pytest.mark.parametrize("ask", Ask)
def test_a_report_shows_every_kind_of_objection(ask: Ask) -> None:
    """What a role asks for stands in words beside what it is about: a claim by its label, a sentence by its words."""
    report = fakes.rich_report()
    sentence = report.draft.abstract[0].text if ask is Ask.SENTENCE else ""
    objection = Objection("It says more than its claims do.", ask, "" if sentence else fakes.C1, sentence)
    first, *others = report.tribunal.hearings
    review = replace(first.reviews[0], objections=(objection,))
    hearing = replace(first, reviews=(review, *first.reviews[1:]))
    told = replace(report, tribunal=replace(report.tribunal, hearings=(hearing, *others)))

    page = next(
        page.content.decode()
        for page in pages.compose(told, version=1, with_pdf=False)
        if page.path.name == "index.md" and b"What each reviewer" in page.content
    )
    row = next(line for line in page.splitlines() if "It says more than its claims do." in line)
    assert glossary.ASKS[ask] in row
    assert "the whole" not in row
    assert (sentence[:40] in row) if sentence else ("C1" in row)
