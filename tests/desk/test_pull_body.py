"""The pull request's body: what an owner reads in a minute stands unfolded, in order, and is short whatever the report holds."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from sovereign.desk import pull_body
from sovereign.desk.comment_marks import DraftMark
from sovereign.desk.pull_body import MAX_UNFOLDED_WORDS, Place
from sovereign.model import AnswerKind, Report
from standins import answers, reports

PLACE = Place("https://github.com/o/desk", "report/waxed-boats", "https://github.com/o/desk/actions/runs/1")


def body(report: Report) -> str:
    """Give the body of a report's first draft."""
    return pull_body.body(report, DraftMark(report.goal.slug, "0" * 64, 1), PLACE)


def unfolded(text: str) -> str:
    """Give what stands there before anything is opened, without addresses and comments."""
    shown = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    return re.sub(r"\]\([^)]*\)", "]", re.sub(r"<!--.*?-->", "", shown, flags=re.DOTALL))


def test_it_can_be_decided_upon_in_a_minute() -> None:
    """Answer, how sure, why it waits, three quotes with links, what is doubtful, what to do: in that order, unfolded."""
    text = body(answers.report(AnswerKind.EFFECT))
    shown = unfolded(text)

    order = (
        "It lengthens it: by 31 minutes",
        "It rests on three papers, and one paper says otherwise.",
        "Nothing was found on: varnish.",
        "It waits for its owner: another paper says otherwise about a finding",
        "Three reviewers gave 7.4 of 10 (6.5 is asked), which would be enough; other rules ask for its owner.",
        "“In wind of 4 m/s",
        "“Beeswax lengthened",
        "“Waxing extended",
        "What is doubtful",
        "3 claims to look at: [C1], [C2], [C4].",
        "Read the report",
        "**Merge** to approve",
    )
    places = [shown.index(words) for words in order]
    assert places == sorted(places)
    assert "https://arxiv.org/pdf/2401.00001v1#page=5" in text
    assert f"site/reports/waxed-boats/v1/index.md#{answers.IDS[0]}" in text
    # A claim is called what the page calls it: ids stand in addresses alone.
    assert not re.search(r"\bc[0-9a-f]{10}\b", unfolded(text))
    assert not re.search(r"(?<![#/])\bc[0-9a-f]{10}\b", text.split("-->", 1)[1])


LONG = "word " * 400


@pytest.mark.parametrize(
    "report",
    [
        *(pytest.param(answers.report(kind), id=kind.value) for kind in AnswerKind),
        pytest.param(reports.rich_report(), id="rich"),
        pytest.param(reports.bare_report(), id="bare"),
        pytest.param(reports.approved_report(), id="approved"),
        pytest.param(reports.filled_report(LONG), id="long words everywhere"),
    ],
)
def test_it_is_short_whatever_the_report_holds(report: Report) -> None:
    """At most 350 words stand unfolded, and what is folded holds the rest."""
    text = body(report)

    assert len(unfolded(text).split()) <= MAX_UNFOLDED_WORDS
    # What stands in a quote's code block opens and closes nothing.
    marks = re.sub(r"^(`{3,})text\n.*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    assert marks.count("<details>") == marks.count("</details>") >= 4
    for part in ("## Decision", "## Tribunal", "## Claims that need your eyes", "## How to answer"):
        assert part in text


def test_a_long_quote_is_named_and_not_cut() -> None:
    """A quote that is too long for a minute's reading is not shown in part: its place is named, and the link lands on it."""
    base = answers.report()
    first = base.draft.claims[0]
    quote = replace(first.quote, text=LONG, end=first.quote.start + len(LONG))
    claim = replace(first, quote=quote)
    ids = {first.id: claim.id}
    answer = replace(base.draft.answer, claims=(), facets=(), findings=(replace(base.draft.answer.findings[0], claims=(claim.id,)),))
    draft = replace(
        base.draft,
        abstract=(),
        findings=(),
        contradictions=(),
        answer=answer,
        claims=(claim,),
        evidence=(replace(base.draft.evidence[0], claim=ids[first.id]),),
    )

    shown = unfolded(body(replace(base, draft=draft)))

    assert "word word" not in shown
    assert "Quill et al. 2021, 4.2 Lakes in wind, page 5" in shown
