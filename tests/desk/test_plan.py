"""What is researched now: tables of states, and thousands of goals."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.adapters.github import Pull
from sovereign.adapters.github_people import Place, Remark
from sovereign.desk import comment_marks, plan, state
from sovereign.desk.commands import MAX_GUIDANCE_CHARS
from sovereign.desk.comment_marks import DraftMark
from sovereign.desk.plan import Job, RevisionWish, State, Why
from sovereign.desk.similar import similar
from sovereign.errors import UsageError

A, B = "a" * 64, "b" * 64
EMPTY = State(goals={"x": A}, reports={}, drafts={}, refused={}, wishes={})


def draft(goal: str = A, *, slug: str = "x", body: str | None = None) -> Pull:
    """Give an open pull request for a goal."""
    text = comment_marks.draft_mark(DraftMark(slug, goal, 1)) if body is None else body
    return Pull(1, "t", text, is_open=True, is_merged=False, branch="report/x", head="", is_ours=True, url="")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param({}, Why.NEW, id="no report"),
        pytest.param({"reports": {"x": A}}, Why.DONE, id="report on this"),
        pytest.param({"reports": {"x": B}}, Why.CHANGED, id="report on what it asked before"),
        pytest.param({"drafts": {"x": draft()}}, Why.WAITING, id="draft on this"),
        pytest.param({"drafts": {"x": draft(B)}}, Why.CHANGED, id="draft on what it asked before"),
        pytest.param({"drafts": {"x": draft(B)}, "reports": {"x": A}}, Why.DONE, id="goal put back to what is published"),
        pytest.param({"drafts": {"x": draft()}, "wishes": {"x": RevisionWish(5, "more")}}, Why.REVISED, id="revision asked"),
        pytest.param({"drafts": {"x": draft(body="made by hand")}}, Why.FOREIGN, id="a pull request without our mark"),
        pytest.param({"drafts": {"x": draft(slug="y")}}, Why.FOREIGN, id="another goal's mark"),
        pytest.param({"drafts": {"x": draft(B)}, "kept_out": {"x": frozenset({(A, 0)})}}, Why.KEPT_OUT, id="owner's commits on the branch"),
        pytest.param({"refused": {"x": frozenset({A})}}, Why.REFUSED, id="refused"),
        pytest.param({"refused": {"x": frozenset({B})}}, Why.NEW, id="refused when it asked something else"),
    ],
)
def test_state_decides(change: dict[str, object], why: Why) -> None:
    """Each state has one answer."""
    made = plan.plan(replace(EMPTY, **change))  # type: ignore[arg-type]  # a table of cases changes any field

    assert ([job.why for job in made.jobs] or [found for _, found in made.rest]) == [why]


def test_force_takes_one_goal_whatever_became_of_it() -> None:
    """By hand, with a name, everything but a broken goal is researched."""
    both = replace(EMPTY, goals={"x": A, "y": A}, reports={"x": A, "y": A})

    assert [job.slug for job in plan.plan(both, only="x", force=True).jobs] == ["x"]
    assert plan.plan(both, force=True).jobs == ()
    with pytest.raises(UsageError, match="sound file in goals"):
        plan.plan(both, only="z", force=True)


def test_owners_wishes_come_first_and_fifty_are_enough() -> None:
    """What is over the limit is told of and taken by the next run."""
    goals = {f"g{number:03}": A for number in range(60)} | {"x": A}
    made = plan.plan(replace(EMPTY, goals=goals, drafts={"x": draft()}, wishes={"x": RevisionWish(9, "more")}))

    assert made.jobs[0] == Job("x", A, Why.REVISED, "more", 9)
    assert len(made.jobs) == plan.MAX_JOBS
    assert [why for _, why in made.rest] == [Why.LATER] * 11


@pytest.mark.parametrize("step", [1, 2, 3, 5, 8])
def test_goals_that_always_fail_keep_nobody_waiting(step: int) -> None:
    """More goals than a run takes, and those that come first by name fail every time: all others have their turn all the same.

    Between two runs for all there may be others, for one goal each, which are counted too.
    """
    broken = {f"a{number:03}" for number in range(70)}
    goals = dict.fromkeys((*broken, *(f"b{number:03}" for number in range(100))), A)
    reports: dict[str, str] = {}
    tried: set[str] = set()
    for turn in range(3, 3 + 27 * step, step):
        made = plan.plan(replace(EMPTY, goals=goals, reports=reports), turn=turn)
        tried |= {job.slug for job in made.jobs}
        reports |= {job.slug: A for job in made.jobs if job.slug not in broken}

    assert tried == goals.keys()
    assert goals.keys() - reports.keys() == broken


def test_changed_goals_that_always_fail_leave_room_for_new_ones() -> None:
    """A fifth of the places is kept for those who come after; where nobody comes after, nothing is kept."""
    changed, new = [f"c{number:03}" for number in range(80)], [f"n{number:03}" for number in range(20)]
    state_ = replace(EMPTY, goals=dict.fromkeys((*changed, *new), A), reports=dict.fromkeys(changed, B))
    made = plan.plan(state_)
    alone = plan.plan(replace(state_, goals=dict.fromkeys(changed, A)))

    assert [job.why for job in made.jobs] == [Why.CHANGED] * 40 + [Why.NEW] * 10
    assert [job.why for job in alone.jobs] == [Why.CHANGED] * 50


def test_of_many_drafts_the_newest_talk_is_read_and_each_in_its_turn() -> None:
    """A thousand drafts cost no more questions than eighty; what was said last is heard at once, and nothing stays unheard."""
    drafts = {f"d{at:04}": replace(draft(), number=at, updated=f"2026-{1 + at % 12:02}-01T00:00:00Z") for at in range(1000)}
    fresh = replace(draft(), number=7, updated="2026-12-31T00:00:00Z")
    heard = [state.talked(drafts | {"d0007": fresh}, turn) for turn in range(60)]

    assert all(next(iter(one)) == "d0007" for one in heard)
    assert {len(one) for one in heard} == {state.MAX_NEWEST_TALKS + state.MAX_OTHER_TALKS}
    assert set().union(*heard) == drafts.keys()
    assert state.talked(dict(list(drafts.items())[:80]), 5).keys() == set(list(drafts)[:80])


def test_plan_fits_into_one_variable() -> None:
    """Fifty goals with guidance of a thousand wide characters each are cut to what one environment variable holds."""
    slugs = [f"g{number:03}" for number in range(50)]
    wishes = {slug: RevisionWish(1, "界" * MAX_GUIDANCE_CHARS) for slug in slugs}
    drafts = {slug: draft(slug=slug) for slug in slugs}

    made = plan.plan(State(goals=dict.fromkeys(slugs, A), reports={}, drafts=drafts, refused={}, wishes=wishes))

    assert 1 <= len(made.jobs) < 50
    assert len(made.to_json()) <= plan.MAX_PLAN_CHARS
    assert plan.read(made.to_json()) == made.jobs


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("/revise look at memory", RevisionWish(7, "look at memory"), id="with words"),
        pytest.param("/revise\r\nlook\nat   memory\n", RevisionWish(7, "look at memory"), id="over lines"),
        pytest.param("/revise", RevisionWish(7, ""), id="without words"),
        pytest.param("/revised look", None, id="another word"),
        pytest.param("please /revise", None, id="not at the start of a line"),
        pytest.param("Thanks!\n\n/revise look at\nmemory\n/help", RevisionWish(7, "look at memory"), id="on any line"),
        pytest.param("```\n/revise no\n```", None, id="an example"),
        pytest.param("> /revise no", None, id="quoted"),
        pytest.param("/revise " + "x" * 1001, None, id="too long"),
    ],
)
def test_wish_is_read(body: str, expected: RevisionWish | None) -> None:
    """A wish is a remark with a line that begins with /revise; what is quoted, fenced or too long is none."""
    assert plan.wish([Remark(7, "owner", body, Place.TALK, "2026-01-15")], frozenset({"owner"})) == expected


def test_only_writers_wish() -> None:
    """A stranger's words count for nothing, also after a writer's."""
    talk = [Remark(1, "owner", "/revise one", Place.TALK, "2026-01-15"), Remark(2, "stranger", "/revise two", Place.TALK, "2026-01-15")]

    assert plan.wish(talk, frozenset({"owner"})) == RevisionWish(1, "one")
    assert plan.askers(talk) == {"owner", "stranger"}


@given(st.text(max_size=200))
def test_any_text_is_a_plan_or_refused(text: str) -> None:
    """What is no plan is told so."""
    try:
        jobs = plan.read(text)
    except UsageError:
        return
    assert all(isinstance(job, Job) for job in jobs)


@pytest.mark.parametrize("slug", ["../x", "x/y", "$(touch x)", "X", "", "a" * 81, "x\n::set-output name=a::b"])
def test_plan_refuses_what_is_no_slug(slug: str) -> None:
    """A plan's names become paths and branches, so they are checked again where they arrive."""
    with pytest.raises(UsageError):
        plan.read(json.dumps([{"slug": slug, "goal": A, "why": Why.NEW.value}]))


@given(st.text(max_size=300))
def test_marks_never_raise(body: str) -> None:
    """A pull request's body is foreign text to whoever reads its mark."""
    assert comment_marks.read_draft(body) is None
    whole = body + comment_marks.draft_mark(DraftMark("x", A, 2, 3)) + body
    assert comment_marks.read_draft(whole) == DraftMark("x", A, 2, 3)


def test_mark_cannot_be_ended_from_within() -> None:
    """No value can close the comment that hides it."""
    text = comment_marks.write("note", {"slug": "--> <b>x</b> -->"})

    assert text.count("-->") == 1
    assert comment_marks.read("note", text) == {"slug": "--> <b>x</b> -->"}


def test_published_reads_the_landing_page(tmp_path: Path) -> None:
    """The front matter says which goal was answered; a folder that is no report says nothing."""
    page = tmp_path / "site" / "reports" / "x" / "index.md"
    page.parent.mkdir(parents=True)
    page.write_text(f'---\ntitle: "goal: \\"{B}\\""\ngoal: "{A}"\n---\n\ngoal: "{B}"\n')
    (tmp_path / "site" / "reports" / "not a slug").mkdir()
    (tmp_path / "site" / "reports" / "empty").mkdir()

    assert state.published(tmp_path) == {"x": A}
    assert state.published(tmp_path / "nowhere") == {}


class Counted(dict[str, str]):
    """A mapping that counts how often it was looked into."""

    looked = 0

    def __getitem__(self, key: str) -> str:
        self.looked += 1
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """Give the value, or the default."""
        self.looked += 1
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.looked += 1
        return super().__contains__(key)


def test_ten_thousand_goals_are_planned_at_once() -> None:
    """Each goal is looked up a few times, whatever the others are; a clock would also count the pauses of a busy machine."""
    goals = Counted({f"goal-{number}": A for number in range(10_000)})
    reports = Counted({slug: A for slug in goals if not slug.endswith("99")})

    made = plan.plan(State(goals=goals, reports=reports, drafts={}, refused={}, wishes={}))

    assert len(made.jobs) == plan.MAX_JOBS
    assert goals.looked <= 3 * len(goals)
    assert reports.looked <= 3 * len(goals)


def test_like_goals_are_pointed_out() -> None:
    """Questions that share three quarters of their words are told of; others are not."""
    goals = {
        "a": "Do sparse experts save memory in vision models?",
        "b": "Do sparse experts save memory in language models?",
        "c": "How long does a paper boat float?",
    }

    assert [(one, other) for one, other, _ in similar(goals)] == [("a", "b")]
