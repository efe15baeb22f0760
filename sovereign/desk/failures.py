"""What the owner is told of a goal that failed: once for each state of the goal and kind of failure; closed when it has healed.

An issue that a person closed is an answer: the same is not told again, an outage not within a week.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sovereign.adapters.github import Comment, Issue, Pull
from sovereign.desk import comment_marks
from sovereign.desk.naming import BOT_LOGIN, branch_for
from sovereign.desk.reminders import stamp
from sovereign.desk.results import Failure
from sovereign.desk.shield import fence, link, shield
from sovereign.errors import OutsideError, SovereignError
from sovereign.text import counted

LABEL = "research-failed"
RESTS_FOR = timedelta(days=7)
"""An outage that lasts is told again so long after a person closed what was said of it."""
# Of reasons, tips and names, which come from a job that may be anybody's: an issue has 65,536 characters, and a character can become nine.
_MAX_SAID_CHARS = 2000
_MAX_TOLD = 20
_OUTAGE = """Goals could not be researched, since a service outside did not answer. Nothing is lost: they are tried again later the
same day, and this is closed when one succeeds."""
_SHARED = """arXiv turns away addresses that many share, as those of GitHub's machines (429, 406). Where that lasts, name a machine of your
own in the variable `SOVEREIGN_RUNNER`: see “A machine of your own” in README.md."""
_HEALED = comment_marks.write("note", {"healed": 1})


class Board(Protocol):
    """Where people are told: the part of GitHub that this module needs."""

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Give an issue's comments."""

    def comment(self, number: int, body: str) -> Comment:
        """Write a comment."""

    def open_issues(self, creator: str) -> tuple[Issue, ...]:
        """Give the open issues that an account opened."""

    def closed_issues(self, creator: str) -> tuple[Issue, ...]:
        """Give the closed issues that an account opened, newest first."""

    def create_issue(self, *, title: str, body: str, labels: tuple[str, ...]) -> Issue:
        """Open an issue."""

    def close_issue(self, number: int) -> None:
        """Close an issue."""


@dataclass(frozen=True, slots=True)
class Known:
    """The issues of the desk's own, listed once for all that failed.

    Attributes:
        standing: Those that are open.
        closed: Gives the others: many after years, and asked for only where a failure has no place yet.
    """

    standing: Sequence[Issue]
    closed: Callable[[], Sequence[Issue]]


def tell(board: Board, failure: Failure, goal: str, draft: Pull | None, run_url: str, known: Known) -> bool:
    """Tell of a failure in the goal's pull request, else in its issue, else in a new one; whether anything was written."""
    mark = comment_marks.write("failure", {"slug": failure.slug, "goal": goal, "exit_code": failure.exit_code})
    text = f"{mark}\n\n{words(failure, run_url)}"
    issue = None if draft else next((one for one in known.standing if _slug(one) == failure.slug), None)
    if draft is None and issue is None:
        if any(mark in old.body and not _is_healed(board, old) for old in known.closed()):
            return False
        board.create_issue(title=f"Goal {failure.slug} could not be researched", body=text, labels=(LABEL,))
        return True
    number, first = (draft.number, "") if draft else (issue.number, issue.body) if issue else (0, "")
    said = [first, *(comment.body for comment in board.comments(number))]
    if any(mark in body for body in said):
        return False
    board.comment(number, text)
    return True


def words(failure: Failure, run_url: str) -> str:
    """Give the message: what failed, why, the next step, the log."""
    whose = {
        1: "This is a fault of the program.",
        2: "The goal's author, or the desk's owner, can mend it.",
        3: "A service outside failed; the next run tries again by itself.",
        4: "The repository or GitHub refused.",
    }.get(failure.exit_code, "")
    parts = [
        f"The goal `{failure.slug}` (branch `{branch_for(failure.slug)}`) could not be researched. {whose}".strip(),
        fence(_cut(failure.reason)),
        f"Next step: {shield(_cut(failure.tip))}" if failure.tip else "",
        f"{link('The log of the run', run_url)}. You are told once: the goal is tried again daily, and this is closed when it succeeds.",
    ]
    return "\n\n".join(part for part in parts if part)


def parted(failed: Mapping[str, Failure]) -> tuple[dict[str, Failure], dict[str, Failure]]:
    """Give what failed since a service outside did, and the rest; the first is told once for the desk and not once a goal."""
    outage = {slug: failure for slug, failure in failed.items() if failure.exit_code == OutsideError.exit_code}
    return outage, {slug: failure for slug, failure in failed.items() if slug not in outage}


def tell_outage(board: Board, failed: Mapping[str, Failure], run_url: str) -> bool:
    """Tell of services that did not answer, in one issue for the whole desk; whether anything was written."""
    if not failed or _outage(board) or _rests(board):
        return False
    reasons: dict[str, list[str]] = {}
    for slug, failure in failed.items():
        reasons.setdefault(failure.reason, []).append(slug)
    shown = dict(list(reasons.items())[:_MAX_TOLD])
    told = [
        f"{', '.join(f'`{slug}`' for slug in slugs)}:\n\n{fence(_cut(reason, _MAX_SAID_CHARS * 2 // len(shown)))}"
        for reason, slugs in shown.items()
    ]
    told += [f"and {counted(len(reasons) - len(shown), 'other reason')}, in the log"] if len(reasons) > len(shown) else []
    parts = [comment_marks.write("failure", {"outage": 1}), _OUTAGE, *told, _SHARED, f"{link('The log of the run', run_url)}."]
    board.create_issue(title="A service that the research needs does not answer", body="\n\n".join(parts), labels=(LABEL,))
    return True


def settle(board: Board, slugs: frozenset[str], run_url: str, *, lasts: bool = False) -> None:
    """Close the issues of goals that have succeeded since, and that of an outage, unless it lasts: this very run has met one."""
    for issue in board.open_issues(BOT_LOGIN) if slugs else ():
        if _slug(issue) in slugs or (is_outage(issue) and not lasts):
            board.comment(issue.number, f"{_HEALED}\n\nIt succeeded now: {link('the run', run_url)}.")
            board.close_issue(issue.number)


def _outage(board: Board) -> Issue | None:
    return next((issue for issue in board.open_issues(BOT_LOGIN) if is_outage(issue)), None)


def _rests(board: Board) -> bool:
    """Whether a person closed the last word on an outage lately."""
    last = next((issue for issue in board.closed_issues(BOT_LOGIN) if is_outage(issue)), None)
    when = stamp(last.closed) if last else None
    return last is not None and when is not None and datetime.now(UTC) - when < RESTS_FOR and not _is_healed(board, last)


def _is_healed(board: Board, issue: Issue) -> bool:
    """Whether a closed issue was closed by the desk, since what it told of has passed."""
    return any(_HEALED in comment.body for comment in board.comments(issue.number) if comment.author == BOT_LOGIN)


def _cut(text: str, at_most: int = _MAX_SAID_CHARS) -> str:
    return text if len(text) <= at_most else f"{text[:at_most]} … (the rest is in the log)"


def is_outage(issue: Issue) -> bool:
    """Whether an issue of the desk's own tells of a service that did not answer."""
    return (comment_marks.read("failure", issue.body) or {}).get("outage") == 1


def _slug(issue: Issue) -> object:
    """Give the goal that an issue of the desk's own is about; the mark tells it, since a label may be missing."""
    return (comment_marks.read("failure", issue.body) or {}).get("slug")


def from_error(slug: str, error: SovereignError) -> Failure:
    """Give the failure that an error met while writing is."""
    return Failure(slug, error.exit_code, error.message, error.tip)
