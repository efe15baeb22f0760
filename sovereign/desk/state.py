"""What stands on the main branch and at GitHub, gathered for planning: a few bytes per goal and report, a few requests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from sovereign.adapters import goal_file, plain_files
from sovereign.adapters.github import GitHub, Pull
from sovereign.adapters.github_people import Remark, remarks
from sovereign.desk import comment_marks
from sovereign.desk.naming import BOT_LOGIN, REPORTS, branch_for, is_slug
from sovereign.desk.plan import State, askers, open_by_slug, refusals, undone, wish
from sovereign.desk.turns import in_turn
from sovereign.errors import GoalError, UsageError
from sovereign.model import Goal

_HEAD_BYTES = 32_000
# Each talk costs three questions, and a job's token has 1,000 an hour for the whole repository, of which planning and the dashboard take
# their share (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
MAX_NEWEST_TALKS = 50
MAX_OTHER_TALKS = 30
_GOAL = re.compile(r'^goal: "([0-9a-f]{64})"$', re.MULTILINE)
_DAY = re.compile(r'^date: "([0-9]{4}-[0-9]{2}-[0-9]{2})"$', re.MULTILINE)
_VERSION = re.compile(r"v([1-9][0-9]*)")


def goals(root: Path) -> tuple[Mapping[str, Goal], tuple[GoalError, ...]]:
    """Give the sound goals of a desk by slug, and the errors of the others.

    Raises:
        UsageError: There is no folder of goals.
    """
    folder = root / "goals"
    if not folder.is_dir():
        raise UsageError(f"{folder}: expected the folder of goals, found none", tip='sovereign new "QUESTION" makes it')
    sound: dict[str, Goal] = {}
    errors: list[GoalError] = []
    for path in goal_file.goal_paths(folder):
        try:
            goal = goal_file.load(path)
        except GoalError as error:
            errors.append(error)
        else:
            sound[goal.slug] = goal
    return sound, tuple(errors)


def published(root: Path) -> dict[str, str]:
    """Give the hash of the goal (`Goal.asked_sha256`) that the newest version of every report answers, by slug.

    The landing page's front matter says it; where it does not, the record is read. A report that was taken back answers its goal still:
    it is researched again when the goal changes.
    """
    folder = root / REPORTS
    if not folder.is_dir():
        return {}
    found = ((path.name, _answered(path)) for path in folder.iterdir() if is_slug(path.name) and path.is_dir())
    return {slug: goal for slug, goal in found if goal}


def days(root: Path) -> dict[str, str]:
    """Give the day of the newest version of every report, by slug, as its landing page says it."""
    folder = root / REPORTS
    found = {path.name: _DAY.search(_head(path)) for path in folder.iterdir() if is_slug(path.name)} if folder.is_dir() else {}
    return {slug: said[1] for slug, said in found.items() if said}


def _head(folder: Path) -> str:
    """Give the front matter of a report's landing page; empty where there is none."""
    try:
        with plain_files.stream(folder / "index.md") as page:
            head = page.read(_HEAD_BYTES).decode("utf-8", "ignore").replace("\r\n", "\n")
    except (OSError, ValueError):
        return ""
    return head.split("\n---\n", 1)[0] if head.startswith("---\n") else ""


def _answered(folder: Path) -> str:
    said = _GOAL.search(_head(folder))
    return said[1] if said else _from_record(folder)


def _from_record(folder: Path) -> str:
    versions = sorted(int(found[1]) for path in folder.iterdir() if (found := _VERSION.fullmatch(path.name)))
    if not versions:
        return ""
    from sovereign import record

    path = folder / f"v{versions[-1]}" / "record.json"
    try:
        return record.from_json(plain_files.text(path, record.MAX_BYTES), name=str(path)).goal.asked_sha256
    except ValueError as error:
        raise UsageError(f"{path}: expected the record of a report: {error}", tip="restore it from Git, or remove its folder") from error


def gather(
    root: Path,
    api: GitHub,
    sound: Mapping[str, Goal],
    *,
    forced: frozenset[str] = frozenset(),
    turn: int = 0,
    said: Callable[[int], tuple[Remark, ...]] | None = None,
) -> State:
    """Give everything that planning looks at.

    Args:
        sound: The goals that are planned.
        forced: Whose box in the dashboard is ticked.
        turn: Which run this is; see `talked`.
        said: Gives what was said about a pull request, where it was asked for already: each costs three questions.

    Raises:
        UsageError: A record cannot be read.
        PublishError: GitHub cannot be asked.
    """
    asked = {slug: goal.asked_sha256 for slug, goal in sound.items()}
    answered = published(root)
    drafts = {slug: pull for slug, pull in open_by_slug(api.open_pulls()).items() if slug in asked}
    talks = {slug: said(pull.number) if said else remarks(api, pull.number) for slug, pull in talked(drafts, turn).items()}
    writers = may_write(api, talks.values())
    waiting = [slug for slug in undone(asked, answered) if slug not in drafts]
    return State(
        goals=asked,
        reports=answered,
        drafts=drafts,
        refused=refusals(api.closed_pulls([branch_for(slug) for slug in waiting])),
        wishes={slug: found for slug, talk in talks.items() if (found := wish(talk, writers))},
        kept_out=_kept_out(drafts, talks),
        forced=forced & asked.keys(),
    )


def talked(drafts: Mapping[str, Pull], turn: int) -> dict[str, Pull]:
    """Give the drafts whose talk is read now: all of them where they are few, else those in which something happened last, and some others.

    Whatever is said under a pull request moves its stamp, so that what is new is among the first; of the rest each comes in its turn, so
    that nothing that was said stays unheard.
    """
    by_news = sorted(drafts, key=lambda slug: (drafts[slug].updated, drafts[slug].number), reverse=True)
    newest, rest = by_news[:MAX_NEWEST_TALKS], sorted(by_news[MAX_NEWEST_TALKS:])
    return {slug: drafts[slug] for slug in (*newest, *in_turn(rest, turn)[:MAX_OTHER_TALKS])}


def may_write(api: GitHub, talks: Iterable[tuple[Remark, ...]]) -> frozenset[str]:
    """Give those who asked for something and may write to the repository, as GitHub's permissions have it."""
    users = frozenset(user for talk in talks for user in askers(talk))
    return frozenset(user for user in sorted(users) if api.may_write(user))


def _kept_out(drafts: Mapping[str, Pull], talks: Mapping[str, tuple[Remark, ...]]) -> dict[str, frozenset[tuple[str, int]]]:
    """Give, by slug, the goal hashes and revisions whose drafts were kept out because the owner's commits are on the branch."""
    found: dict[str, frozenset[tuple[str, int]]] = {}
    for slug in drafts.keys() & talks.keys():
        notes = [comment_marks.read("note", comment.body) or {} for comment in talks[slug] if comment.author == BOT_LOGIN]
        told = ((note.get("goal"), note.get("revision")) for note in notes)
        found[slug] = frozenset((goal, revision) for goal, revision in told if isinstance(goal, str) and isinstance(revision, int))
    return found
