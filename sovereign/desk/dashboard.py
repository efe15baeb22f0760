"""One issue that shows the whole desk: every goal, how it stands, why, and the next step, with boxes to tick. Pure.

A tick is an order, and is obeyed: whoever can edit an issue of the desk's own may write to the repository
(https://docs.github.com/organizations/managing-user-access-to-your-organizations-repositories/repository-roles-for-an-organization).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sovereign.adapters.github import Issue
from sovereign.desk import comment_marks
from sovereign.desk.naming import folder_for, is_slug
from sovereign.desk.plan import State, Why, undone
from sovereign.desk.plan import plan as planned
from sovereign.desk.shield import link, shield
from sovereign.text import counted

TITLE = "Research desk: every goal, and what can be done"
# https://docs.github.com/rest/issues: a body has 65,536 characters.
MAX_CHARS = 60_000
_TICK = re.compile(r"^- \[[xX]\] <!-- sovereign:tick (run|close) ([a-z0-9-]+) -->", re.MULTILINE)
_RUN = re.compile(r"\[The run that made it\]\((https?://[^\s()]{1,200}/actions/runs/[0-9]{1,20})\)")
_BOXES = """Tick a box to have it done: *run again* researches a goal whatever became of it before, *close* refuses a draft.
Close this issue to do without it; opened again, it is kept up again."""
_NEXT = {
    Why.NEW: "the next run takes it",
    Why.CHANGED: "the next run takes it",
    Why.REVISED: "the next run takes it",
    Why.FORCED: "the next run takes it",
    Why.LATER: "a later run takes it",
    Why.DONE: "nothing, until the goal changes",
    Why.WAITING: "merge the pull request, close it, or write `/revise` there",
    Why.REFUSED: "change the goal, or tick its box",
    Why.KEPT_OUT: "merge or close the pull request with your own commits",
    Why.FOREIGN: "close the pull request, or rename its branch",
}


class Order(StrEnum):
    """What a ticked box asks."""

    RUN = "run"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Row:
    """One goal as it stands.

    Attributes:
        where: The address of its report or draft.
        failure: That of the issue that says what went wrong with it; outage: of the one about a service that all wait for.
        run: That of the run that made its draft; day: when its report was made.
    """

    slug: str
    question: str
    why: Why
    where: str = ""
    failure: str = ""
    has_draft: bool = False
    outage: str = ""
    run: str = ""
    day: str = ""


def is_dashboard(issue: Issue) -> bool:
    """Whether an issue of the desk's own is the dashboard."""
    return (comment_marks.read("note", issue.body) or {}).get("dashboard") == 1


def ticked(body: str) -> dict[Order, frozenset[str]]:
    """Give the goals whose boxes are ticked, by what the box asks."""
    found = [(Order(hit[1]), hit[2]) for hit in _TICK.finditer(body) if is_slug(hit[2])]
    return {order: frozenset(slug for asked, slug in found if asked is order) for order in Order}


@dataclass(frozen=True, slots=True)
class Known:
    """What is told of goals beside their state, by slug: their questions, the issues about their failures, the days of their reports."""

    questions: Mapping[str, str]
    failures: Mapping[str, str]
    days: Mapping[str, str]
    outage: str = ""


def rows(state: State, known: Known, repository_url: str) -> tuple[Row, ...]:
    """Give every sound goal as it stands: those that wait for a person first, then those that wait for the desk, then what is done."""
    made = planned(state)
    why = {**dict(made.rest), **{job.slug: job.why for job in made.jobs}}
    open_ = set(undone(state.goals, state.reports)) | set(state.drafts)
    found = [
        Row(
            slug,
            known.questions.get(slug, slug),
            why[slug],
            state.drafts[slug].url
            if slug in state.drafts
            else f"{repository_url}/tree/HEAD/{folder_for(slug)}"
            if slug in state.reports
            else "",
            known.failures.get(slug, ""),
            slug in state.drafts,
            known.outage if why[slug] in {Why.NEW, Why.CHANGED} else "",
            found[1] if slug in state.drafts and (found := _RUN.search(state.drafts[slug].body)) else "",
            known.days.get(slug, ""),
        )
        for slug in state.goals
    ]
    return tuple(sorted(found, key=lambda row: (not (row.has_draft or row.failure), row.slug not in open_, row.slug)))


def body(rows: Sequence[Row], kept: Mapping[Order, frozenset[str]], run_url: str) -> str:
    """Give the issue's text; what does not fit is counted. Ticks in `kept` stay, and stand first: they came while the run went on."""
    asked = frozenset().union(*kept.values())
    rows = sorted(rows, key=lambda row: row.slug not in asked)
    done = sum(1 for row in rows if row.why is Why.DONE)
    kept_up = f"Kept up by the workflow *Research* ({link('the last run', run_url)})."
    head = [
        comment_marks.write("note", {"dashboard": 1}),
        f"{counted(len(rows), 'goal')}; {done} with a report for what they ask now. {kept_up}",
        _BOXES,
    ]
    parts, room = list[str](), MAX_CHARS - sum(map(len, head))
    for row in rows:
        text = "\n".join(_row(row, kept))
        room -= len(text) + 2
        if room < 0:
            parts.append(f"and {counted(len(rows) - len(parts), 'more goal')}, in `goals/`")
            break
        parts.append(text)
    return "\n\n".join((*head, *parts)) + "\n"


def _row(row: Row, kept: Mapping[Order, frozenset[str]]) -> Iterable[str]:
    name = link(row.slug, row.where) if row.where else f"`{row.slug}`"
    yield f"### {name}"
    yield f"{shield(row.question)}\n"
    words, url = ("the last try failed", row.failure) if row.failure else ("a service does not answer", row.outage)
    failed = f"; {link(words, url)}" if url else ""
    last = f"Last run: {link('the log', row.run)}. " if row.run else f"Last run: {shield(row.day)}. " if row.day else ""
    yield f"**{row.why[0].upper()}{row.why[1:]}**{failed}. {last}Next: {_NEXT[row.why]}.\n"
    for order, asks in ((Order.RUN, "run again"), (Order.CLOSE, "close its draft")):
        if order is Order.RUN or row.has_draft:
            mark = "x" if row.slug in kept.get(order, frozenset()) else " "
            yield f"- [{mark}] <!-- sovereign:tick {order} {row.slug} --> {asks}"
