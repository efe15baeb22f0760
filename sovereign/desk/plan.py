"""What is to be researched now: decided from state alone, so a run that was lost heals itself. Pure.

State is what stands on the main branch (goals, reports) and at GitHub (pull requests, what their owner asked in comments). The event that
woke the workflow decides nothing, but for a person's wish to run one goal again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from sovereign import foreign
from sovereign.adapters.github import Pull
from sovereign.adapters.github_people import Remark
from sovereign.desk import comment_marks
from sovereign.desk.commands import MAX_GUIDANCE_CHARS, Verb, asked
from sovereign.desk.naming import is_slug, slug_of_branch
from sovereign.desk.turns import in_turn
from sovereign.errors import UsageError

MAX_JOBS = 50
# A job's output travels in one environment variable, of which Linux takes 128 KiB (execve(2), MAX_ARG_STRLEN).
MAX_PLAN_CHARS = 60_000
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Why(StrEnum):
    """Why a goal is researched now, or not."""

    NEW = "it has no report yet"
    CHANGED = "the goal changed since its report"
    REVISED = "its owner asked for a revision"
    FORCED = "asked for by hand"
    DONE = "its report is published"
    WAITING = "its pull request waits for the owner"
    REFUSED = "its pull request was closed without merging"
    KEPT_OUT = "its branch holds the owner's own commits, which are never overwritten"
    FOREIGN = "a pull request from its branch was not made by the desk"
    LATER = "more goals than one run takes; the next run takes it"


@dataclass(frozen=True, slots=True)
class RevisionWish:
    """What a person asked of the owner's right: the last permitted `/revise` of a pull request."""

    comment: int
    text: str


@dataclass(frozen=True, slots=True)
class Job:
    """One goal to research.

    Attributes:
        goal: `Goal.asked_sha256` when it was planned.
        guidance: What the owner asked for, at most 1,000 characters.
        revision: The comment that asked; 0 for none.
    """

    slug: str
    goal: str
    why: Why
    guidance: str = ""
    revision: int = 0

    def __post_init__(self) -> None:
        if not is_slug(self.slug) or not _SHA256.fullmatch(self.goal) or len(self.guidance) > MAX_GUIDANCE_CHARS or self.revision < 0:
            raise ValueError(f"expected a slug, a SHA-256 and guidance of at most {MAX_GUIDANCE_CHARS} characters, got {self!r}")


@dataclass(frozen=True, slots=True)
class Plan:
    """The goals to research now, and why the others are not."""

    jobs: tuple[Job, ...] = ()
    rest: tuple[tuple[str, Why], ...] = ()

    def to_json(self) -> str:
        """Give the jobs as one line; the rest is for people."""
        return json.dumps([asdict(job) for job in self.jobs], separators=(",", ":"))


def read(text: str) -> tuple[Job, ...]:
    """Give the jobs of a plan's JSON.

    Raises:
        UsageError: It is not what `Plan.to_json` gives.
    """
    try:
        return tuple(map(_read_job, foreign.read(text)))
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(f"plan: expected what `sovereign ci plan` gave, got something else: {error}") from error


def _read_job(item: Mapping[str, Any]) -> Job:
    texts = {name: foreign.text(item[name]) for name in ("slug", "goal", "guidance") if name in item}
    return Job(**{**item, **texts, "why": Why(item["why"]), "revision": foreign.whole(item.get("revision", 0))})


def undone(goals: Mapping[str, str], reports: Mapping[str, str]) -> tuple[str, ...]:
    """Give the goals (slug to hash) that no published report (slug to hash) answers, by name."""
    return tuple(slug for slug in sorted(goals) if reports.get(slug) != goals[slug])


def open_by_slug(pulls: Sequence[Pull]) -> dict[str, Pull]:
    """Give the open pull requests that carry a goal's draft; those from forks carry none, whatever their branch is called."""
    found = ((slug_of_branch(pull.branch), pull) for pull in pulls if pull.is_ours and pull.is_open)
    return {slug: pull for slug, pull in found if slug}


def wish(remarks: Sequence[Remark], writers: frozenset[str]) -> RevisionWish | None:
    """Give the last `/revise` by somebody with write access; one that is too long is no wish, and its writer is told."""
    for command in reversed(asked(remarks)):
        if command.verb is Verb.REVISE and command.remark.author in writers:
            return None if command.is_too_long else RevisionWish(command.remark.id, command.text)
    return None


def askers(remarks: Sequence[Remark]) -> frozenset[str]:
    """Give who asked for anything, so that their rights can be looked up."""
    return frozenset(command.remark.author for command in asked(remarks) if command.remark.author)


@dataclass(frozen=True, slots=True)
class State:
    """Everything that planning looks at.

    Attributes:
        goals, reports: Slug to `Goal.asked_sha256`, of every good goal file and of the newest published version.
        drafts: Open pull requests by slug; refused: goal hashes by slug of those closed without merging.
        wishes: By slug, of open pull requests.
        kept_out: By slug, goal hashes and revisions whose drafts the owner's own commits kept off the branch.
        forced: Goals whose box in the dashboard is ticked.
    """

    goals: Mapping[str, str]
    reports: Mapping[str, str]
    drafts: Mapping[str, Pull]
    refused: Mapping[str, frozenset[str]]
    wishes: Mapping[str, RevisionWish]
    kept_out: Mapping[str, frozenset[tuple[str, int]]] = field(default_factory=dict)
    forced: frozenset[str] = frozenset()


def refusals(pulls: Sequence[Pull]) -> dict[str, frozenset[str]]:
    """Give which goals (by hash) were refused, by slug: their pull request was closed and not merged."""
    found: dict[str, frozenset[str]] = {}
    for pull in pulls:
        mark = comment_marks.read_draft(pull.body)
        if mark and pull.is_ours and not pull.is_open and not pull.is_merged and slug_of_branch(pull.branch) == mark.slug:
            found[mark.slug] = found.get(mark.slug, frozenset()) | {mark.goal}
    return found


def plan(state: State, *, only: str = "", force: bool = False, limit: int = MAX_JOBS, turn: int = 0) -> Plan:
    """Give what to research now: what an owner asked for first, then changed goals, then new ones; by name within each.

    Args:
        only: Look at this goal alone.
        force: With `only`, research it whatever became of it before.
        turn: Which run this is. Where there are more goals than one run takes, the next one begins elsewhere: goals that fail every time
            keep nobody else waiting for ever.

    Raises:
        UsageError: There is no good goal of that name.
    """
    if only and only not in state.goals:
        raise UsageError(
            f"goal {only!r}: expected the name of a sound file in goals/, found none", tip="sovereign check shows what is wrong"
        )
    judged = {
        slug: _judge(state, slug, force=(force and slug == only) or slug in state.forced)
        for slug in ([only] if only else sorted(state.goals))
    }
    jobs = [_job(state, slug, why) for slug, why in sorted(judged.items()) if why in _ORDER]
    taken = tuple(_within(_ordered(jobs, limit, turn), limit))
    late = {job.slug for job in jobs} - {job.slug for job in taken}
    rest = tuple((slug, Why.LATER if slug in late else why) for slug, why in judged.items() if slug in late or why not in _ORDER)
    return Plan(taken, rest)


_ORDER = (Why.FORCED, Why.REVISED, Why.CHANGED, Why.NEW)


def _ordered(jobs: Sequence[Job], limit: int, turn: int) -> list[Job]:
    """Give the jobs in the order in which they are taken; none but those asked for by hand take the last fifth from who comes after."""
    first: list[Job] = []
    over: list[Job] = []
    for why in _ORDER:
        mine = [job for job in jobs if job.why is why]
        others = sum(1 for job in jobs if _ORDER.index(job.why) > _ORDER.index(why))
        room = max(0, limit - len(first) - (0 if why is Why.FORCED else min(others, limit // 5)))
        if len(mine) > room:
            mine = list(in_turn(mine, turn))
        first += mine[:room]
        over += mine[room:]
    return first + over


def _judge(state: State, slug: str, *, force: bool) -> Why:
    goal, draft = state.goals[slug], state.drafts.get(slug)
    if force:
        return Why.FORCED
    if draft:
        return _judge_draft(state, slug, draft)
    if state.reports.get(slug) == goal:
        return Why.DONE
    if goal in state.refused.get(slug, frozenset()):
        return Why.REFUSED
    return Why.CHANGED if slug in state.reports else Why.NEW


def _judge_draft(state: State, slug: str, draft: Pull) -> Why:
    mark, asked, goal = comment_marks.read_draft(draft.body), state.wishes.get(slug), state.goals[slug]
    if mark is None or mark.slug != slug:
        return Why.FOREIGN
    if (goal, asked.comment if asked else 0) in state.kept_out.get(slug, frozenset()):
        return Why.KEPT_OUT
    if mark.goal != goal:
        return Why.DONE if state.reports.get(slug) == goal else Why.CHANGED
    return Why.REVISED if asked and asked.comment != mark.revision else Why.WAITING


def _job(state: State, slug: str, why: Why) -> Job:
    asked = state.wishes.get(slug)
    return Job(slug, state.goals[slug], why, asked.text if asked else "", asked.comment if asked else 0)


def _within(jobs: Sequence[Job], limit: int) -> list[Job]:
    taken, chars = list[Job](), 2
    for job in jobs[:limit]:
        chars += len(json.dumps(asdict(job))) + 1
        if chars > MAX_PLAN_CHARS:
            break
        taken.append(job)
    return taken
