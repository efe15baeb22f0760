"""What people ask of the desk, and how it answers: on any line, in reviews too, once, and with boxes to tick."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sovereign.adapters.github import Pull
from sovereign.desk import commands, dashboard, reminders, results
from sovereign.desk.commands import Verb
from sovereign.desk.comment_marks import DraftMark, draft_mark
from sovereign.desk.dashboard import Order
from sovereign.desk.plan import State, Why
from sovereign.errors import OutsideError
from tests.desk.lab import Lab, approved, escalated

HOSTILE = "<!-- sovereign:tick run x --> @everyone [x](javascript:1)"


def bodies(lab: Lab, number: int) -> list[str]:
    """Give what the desk said under a pull request."""
    return [item["body"] for item in lab.hub.comments.get(number, []) if item["user"]["login"].endswith("[bot]")]


@pytest.mark.parametrize("where", ["talk", "review", "line"])
def test_revise_is_heard_everywhere(lab: Lab, where: str) -> None:
    """Under the pull request, in a review and at a line; the words go to whoever makes the report."""
    lab.land(escalated(lab.ask()))
    text = "Thank you.\n\n/revise look at memory"
    if where == "talk":
        lab.hub.say(1, "owner", text)
    else:
        lab.hub.review(1, "owner", text, line=where == "line")

    (job,) = lab.plan()

    assert (job["why"], job["guidance"]) == (Why.REVISED, "look at memory")
    assert lab.hub.wrong == []


def test_each_command_is_answered_once(lab: Lab) -> None:
    """With a reaction where GitHub takes one, and a reply that says what happens; a second run says nothing again."""
    lab.land(escalated(lab.ask()))
    followed = lab.hub.say(1, "owner", "/revise look at memory")
    stranger = lab.hub.say(1, "stranger", "/revise say that it is wonderful")
    asked = lab.hub.say(1, "stranger", "How does this work?\n/help")
    lab.hub.review(1, "owner", "/revise " + "x" * 1001)

    assert lab.ci("answer")[0] == 0
    said = bodies(lab, 1)
    assert lab.ci("answer")[0] == 0

    words = ("What can be asked", "Only those", "1,001 characters", "made again with")
    assert bodies(lab, 1) == said
    assert [next(word for word in words if word in text) for text in said] == [words[3], words[1], words[0], words[2]]
    assert lab.hub.reactions == {followed: ["+1"], stranger: ["confused"], asked: ["+1"]}
    assert lab.hub.wrong == []


def test_too_long_a_wish_is_no_wish(lab: Lab) -> None:
    """It is told, and neither it nor an older one is followed in its place."""
    lab.land(escalated(lab.ask()))
    lab.hub.say(1, "owner", "/revise look at memory")
    lab.hub.say(1, "owner", "/revise " + "x" * 1001)

    assert lab.plan() == []


def test_the_desks_own_words_ask_nothing(lab: Lab) -> None:
    """Its replies name the commands, and are none."""
    lab.land(escalated(lab.ask()))
    lab.hub.say(1, "github-actions[bot]", "/revise everything")

    assert lab.plan() == []
    assert commands.HELP.count("`/revise`") == 1


def test_the_dashboard_shows_every_goal_and_follows_its_boxes(lab: Lab) -> None:
    """One issue, brought up to date in place; a ticked box has a goal researched, or its draft closed."""
    lab.land(approved(lab.ask("published")))
    lab.ask("waiting", f"How efficient are sparse experts? {HOSTILE}")
    lab.plan()
    lab.land()
    lab.land(escalated(lab.ask("waiting", "How efficient are sparse experts on short texts?")))
    lab.ci("board")
    (board,) = [issue for issue in lab.hub.open_issues() if issue["title"] == dashboard.TITLE]
    first = board["body"]
    ticks = dashboard.ticked(first)
    board["body"] = first.replace("- [ ] <!-- sovereign:tick run published", "- [x] <!-- sovereign:tick run published")

    jobs = lab.plan()
    board["body"] = board["body"].replace("- [ ] <!-- sovereign:tick close waiting", "- [x] <!-- sovereign:tick close waiting")
    lab.ci("board", SOVEREIGN_PLAN=lab.plans["last"])

    assert ticks == {Order.RUN: frozenset(), Order.CLOSE: frozenset()}
    assert "### [waiting](" in first
    assert "**Its pull request waits for the owner**" in first
    assert [(job["slug"], job["why"]) for job in jobs] == [("published", Why.FORCED)]
    assert lab.hub.open_pulls() == []
    assert "- [x]" not in board["body"]
    assert len([issue for issue in lab.hub.issues.values() if issue["title"] == dashboard.TITLE]) == 1
    assert lab.hub.wrong == []


def test_a_box_that_is_ticked_meanwhile_waits_for_the_next_run(lab: Lab) -> None:
    """What this run did not take stays ticked."""
    lab.land(approved(lab.ask("published")))
    lab.ci("board")
    (board,) = [issue for issue in lab.hub.open_issues() if issue["title"] == dashboard.TITLE]
    board["body"] = board["body"].replace("- [ ] <!-- sovereign:tick run published", "- [x] <!-- sovereign:tick run published")

    lab.ci("board", SOVEREIGN_PLAN="[]")

    assert "- [x] <!-- sovereign:tick run published" in board["body"]


def dashboards(lab: Lab) -> list[dict[str, Any]]:
    """Give the open ones."""
    return [issue for issue in lab.hub.open_issues() if issue["title"] == dashboard.TITLE]


def test_the_dashboard_says_when_each_goal_was_run_and_what_keeps_it(lab: Lab, tmp_path: Path) -> None:
    """Of a report its day, of a draft the log of its run, of a goal that waits for a service the issue about it."""
    goals = [lab.ask(slug) for slug in ("away", "drafted", "published")]
    lab.plan()
    folder = lab.hand_over(escalated(goals[1]), approved(goals[2]))
    results.write(results.place(folder, "away"), "away", OutsideError("429"))
    lab.ci("commit", "--results", str(folder), SOVEREIGN_PLAN=lab.plans["last"])
    lab.ci("board")
    (board,) = dashboards(lab)
    told = dict(re.findall(r"^### \[?`?([a-z]+).*?^(\*\*.*?Next: )", board["body"], re.MULTILINE | re.DOTALL))

    assert "**It has no report yet**; [a service does not answer](" in told["away"]
    assert f"Last run: [the log]({lab.hub.url}/lab/desk/actions/runs/4711)" in told["drafted"]
    assert f"Last run: {approved(goals[2]).date}." in told["published"]


def test_two_dashboards_become_one(lab: Lab) -> None:
    """Two runs at once may each open one: the first stays and its boxes count, the other is closed."""
    lab.land(approved(lab.ask("published")))
    lab.ci("board")
    (first,) = dashboards(lab)
    lab.hub.issues[900] = {**first, "number": 900}
    first["body"] = first["body"].replace("- [ ] <!-- sovereign:tick run published", "- [x] <!-- sovereign:tick run published")

    jobs = lab.plan()
    lab.ci("board", SOVEREIGN_PLAN=lab.plans["last"])

    assert [job["slug"] for job in jobs] == ["published"]
    assert [issue["number"] for issue in dashboards(lab)] == [first["number"]]


def test_a_dashboard_that_was_closed_stays_closed(lab: Lab) -> None:
    """Its owner does without it: none is opened in its place, its boxes ask nothing; opened again, it is kept up again."""
    lab.land(approved(lab.ask("published")))
    lab.ci("board")
    (board,) = dashboards(lab)
    board["body"] = board["body"].replace("- [ ] <!-- sovereign:tick run published", "- [x] <!-- sovereign:tick run published")
    lab.hub.close_issue(board["number"])
    lab.ask("second")

    planned = [job["slug"] for job in lab.plan()]
    lab.ci("board")
    closed = dashboards(lab)
    board["state"] = "open"
    lab.ci("board", SOVEREIGN_PLAN="[]")

    assert (planned, closed) == (["second"], [])
    assert "second" in dashboards(lab)[0]["body"]


def test_what_was_not_answered_is_answered_by_the_next_run(lab: Lab) -> None:
    """A run that a comment woke may be lost: whoever comes by next answers, once."""
    lab.land(escalated(lab.ask()))
    lab.hub.review(1, "owner", "Hm.\n/help")

    lab.ci("board")
    lab.ci("board")

    assert sum("What can be asked of this desk" in comment["body"] for comment in lab.hub.comments[1]) == 1


def test_many_drafts_cost_few_requests(lab: Lab) -> None:
    """A job's token has 1,000 requests an hour: what was said of a draft is asked for once a step."""
    lab.land(*(escalated(lab.ask(f"goal-{number}")) for number in range(3)))
    before = len(lab.hub.asked)

    lab.ci("board")

    asked = [path for method, path, _ in lab.hub.asked[before:] if method == "GET" and path.endswith(("/comments", "/reviews"))]
    assert len(asked) == len(set(asked)) == 9


def test_foreign_words_tick_nothing() -> None:
    """A question that looks like a box is shown, and is none."""
    row = dashboard.Row("x", f"- [x] {HOSTILE}\n- [x] <!-- sovereign:tick run x -->", Why.NEW)

    assert dashboard.ticked(dashboard.body([row], {}, "https://run")) == {Order.RUN: frozenset(), Order.CLOSE: frozenset()}
    assert dashboard.ticked("- [x] <!-- sovereign:tick run ../x -->")[Order.RUN] == frozenset()


def test_a_large_desk_fits_into_its_issue() -> None:
    """What does not fit is counted."""
    rows = [dashboard.Row(f"g{at}", "Why? " * 60, Why.DONE) for at in range(1000)]

    text = dashboard.body(rows, {}, "https://run")

    assert len(text) < 65_536
    assert "more goals, in `goals/`" in text


def test_a_tick_that_came_meanwhile_is_kept_on_the_largest_desk() -> None:
    """The issue holds some two hundred goals: one whose box was ticked is among them, and those that wait for a person come first."""
    rows = [dashboard.Row(f"g{at:04}", "Why? " * 60, Why.NEW) for at in range(1000)]

    text = dashboard.body(rows, {Order.RUN: frozenset({"g0999"})}, "https://run")

    assert dashboard.ticked(text)[Order.RUN] == {"g0999"}


def test_who_waits_for_a_person_stands_first() -> None:
    """Drafts and failures come before what the next run takes by itself."""
    goals = dict.fromkeys(("a", "b", "c", "d"), "a" * 64)
    mark = draft_mark(DraftMark("d", "a" * 64, 1))
    pull = Pull(1, "t", mark, is_open=True, is_merged=False, branch="report/d", head="", is_ours=True, url="u")
    state = State(goals=goals, reports={"a": "a" * 64}, drafts={"d": pull}, refused={}, wishes={})

    found = dashboard.rows(state, dashboard.Known({}, {"c": "https://failed"}, {}), "https://desk")

    assert [row.slug for row in found] == ["c", "d", "b", "a"]


def test_issues_that_are_off_stop_nothing(lab: Lab) -> None:
    """A desk without issues has no dashboard, and runs."""
    lab.ask()
    lab.hub.has_issues = False

    assert lab.ci("board")[0] == 0
    assert [job["slug"] for job in lab.plan()] == ["sparse-experts"]


@pytest.mark.parametrize(
    ("stamps", "expected"),
    [
        pytest.param(["2026-01-01T00:00:00Z"], True, id="a fortnight"),
        pytest.param(["2026-01-01T00:00:00Z", "2026-01-10T00:00:00Z"], False, id="talked about since"),
        pytest.param(["", "x", "2026-01-01T00:00:00"], False, id="unknown"),
    ],
)
def test_reminders(stamps: list[str], expected: bool) -> None:  # a table's column
    """A fortnight after the last word, and not before."""
    assert reminders.is_due(stamps, datetime(2026, 1, 15, tzinfo=UTC)) is expected


def test_help_can_stand_beside_revise() -> None:
    """Several commands of one remark are told apart."""
    from sovereign.adapters.github_people import Place, Remark

    found = commands.commands(Remark(1, "a", "/help\n/revise one\n> two\nthree", Place.TALK, "x"))

    assert [(item.verb, item.text) for item in found] == [(Verb.HELP, ""), (Verb.REVISE, "one > two three")]
