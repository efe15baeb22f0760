"""The only writer: a checked report goes to the main branch, or to its own branch and a pull request; nothing else is ever touched.

Every decision is taken against the remote as it stands at that moment, and a push that finds the branch moved starts over. So two
runs at once, a run that is repeated and a run that was overtaken all end in the same state.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath

from sovereign import record
from sovereign.adapters import github_commit, goal_file
from sovereign.adapters.git_repo import BOT_EMAIL, WEB_EMAIL, GitRepo, ProtectedError, Pushed, UnsignedError
from sovereign.adapters.github import GitHub, Pull
from sovereign.desk import comment_marks, floor
from sovereign.desk.comment_marks import DraftMark
from sovereign.desk.naming import branch_for, folder_for
from sovereign.desk.plan import Job, Why, open_by_slug, refusals
from sovereign.desk.pull_body import Place, body, title
from sovereign.desk.shield import link
from sovereign.errors import GoalError, PublishError, UsageError
from sovereign.model import Action, Goal, Page, Report

TRIES = 5
LABELS = ("report", "needs-review")
CHECK = "check.yml"
_TRAILER = "Sovereign-Goal: "
_VERSION = re.compile(r"v[1-9][0-9]*")
Compose = Callable[[Report, Sequence[Report]], Sequence[Page]]


class Landed(StrEnum):
    """What became of a report."""

    PUBLISHED = "committed to the main branch"
    PROPOSED = "put before the owner in a new pull request"
    UPDATED = "put before the owner in the open pull request"
    UNCHANGED = "already there; nothing to do"
    REFUSED = "its owner refused it meanwhile"
    OVERTAKEN = "its goal changed or went meanwhile; the next run takes it"
    KEPT_OUT = "its branch holds the owner's own commits, which are never overwritten"


@dataclass(frozen=True, slots=True)
class _Case:
    """One report on its way, as it stands against one state of the main branch."""

    job: Job
    report: Report
    main: str
    earlier: tuple[Report, ...]
    files: Mapping[PurePosixPath, bytes]
    message: str
    held: tuple[str, ...] = ()
    unfound: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Writer:
    """The repository, GitHub, and how pages are made.

    Attributes:
        base: The main branch.
        compose: Gives the pages of the version that follows the earlier reports.
        warn: Takes what went wrong beside the matter: a reviewer whom GitHub does not know.
    """

    repo: GitRepo
    api: GitHub
    base: str
    place: Callable[[str], Place]
    compose: Compose
    warn: Callable[[str], None]

    def land(self, job: Job, report: Report, unfound: tuple[str, ...] = ()) -> Landed:
        """Bring one report to where its decision sends it.

        Args:
            unfound: Which quotes were not found again in their papers, or could not be looked for: then it goes before its owner.

        Raises:
            PublishError: Git or GitHub refuses; the message names the setting.
        """
        for _ in range(TRIES):
            landed = self._try(job, report, unfound)
            if landed is not None:
                return landed
        raise PublishError(f"{job.slug}: the remote moved {TRIES} times while we pushed", tip="the next run tries again")

    def _try(self, job: Job, report: Report, unfound: tuple[str, ...]) -> Landed | None:
        main = self.repo.fetch(self.base)
        if main is None:
            raise PublishError(f"branch {self.base}: expected it at the remote, found none", tip="push the main branch first")
        goal = self._goal(main, job.slug)
        if goal is None or goal.asked_sha256 != job.goal:
            return Landed.OVERTAKEN
        if replace(report.goal, guidance="") != replace(goal, guidance=""):
            raise UsageError(
                f"{job.slug}: its result was refused: its goal has other reviewers, tags or settings than the file on {self.base}"
            )
        earlier = self._published(main, job.slug)
        newest = earlier[-1] if earlier else None
        is_wanted = job.why in {Why.FORCED, Why.REVISED}
        if newest and (newest == report or (newest.goal.asked_sha256 == job.goal and not is_wanted)):
            return Landed.UNCHANGED
        draft = open_by_slug(self.api.open_pulls(branch_for(job.slug))).get(job.slug)
        message = _message(job, report, len(earlier) + 1, self.place(job.slug).run_url)
        case = _Case(job, report, main, earlier, self._files(job.slug, report, earlier), message, unfound=unfound)
        held = self._held(main, report) if report.decision.action is Action.AUTO_APPROVE else ()
        held += self._taken_off(main, report) if report.decision.action is Action.AUTO_APPROVE else ()
        if report.decision.action is Action.AUTO_APPROVE and draft is None and not held and not unfound:
            try:
                commit = self.repo.commit(main, case.files, (), message)
                return Landed.PUBLISHED if self._push(case, commit, self.base, main) is Pushed.DONE else None
            except ProtectedError as error:
                self.warn(f"{job.slug}: {error.message}; a pull request is opened instead. To publish by itself: {error.tip}")
        if draft is None and job.why is not Why.FORCED and self._is_refused(job):
            return Landed.REFUSED
        return self._propose(replace(case, held=held), draft)

    def _is_refused(self, job: Job) -> bool:
        return job.goal in refusals(self.api.closed_pulls([branch_for(job.slug)])).get(job.slug, frozenset())

    def _propose(self, case: _Case, draft: Pull | None) -> Landed | None:
        job, report, main, earlier = case.job, case.report, case.main, case.earlier
        branch = branch_for(job.slug)
        tip = self.repo.fetch(branch)
        if tip is not None and not self._is_ours(main, tip, job.slug) and not self._was_merged(branch, tip):
            self._tell_kept_out(job, draft)
            return Landed.KEPT_OUT
        commit = self.repo.commit(main, case.files, (), case.message)
        is_same = tip is not None and not self.repo.differs(tip, commit, folder_for(job.slug))
        if not is_same and self._push(case, commit, branch, tip, is_draft=True) is Pushed.MOVED:
            return None
        mark = DraftMark(job.slug, job.goal, len(earlier) + 1, job.revision)
        text = body(report, mark, self.place(job.slug), earlier=earlier[-1] if earlier else None, held=case.held, unfound=case.unfound)
        if draft is None:
            self._open(branch, title(report), text, report)
        if draft is None or not is_same:
            # GitHub starts no check by itself for what a job pushes; where one is required, it could not be merged.
            self.api.ask("POST", f"actions/workflows/{CHECK}/dispatches", {"ref": branch})
        if draft is None:
            return Landed.PROPOSED
        self.api.update_pull(draft.number, title=title(report), body=text)
        if not is_same:
            self.api.comment(draft.number, f"A new draft is on this branch: {job.why}. {link('The run', self.place(job.slug).run_url)}.")
        return Landed.UNCHANGED if is_same else Landed.UPDATED

    def _push(self, case: _Case, commit: str, branch: str, tip: str | None, *, is_draft: bool = False) -> Pushed:
        """Push; where signed commits alone are taken, have GitHub make the same commit, which it signs."""
        try:
            return self.repo.replace(commit, branch, expect=tip) if is_draft else self.repo.push(commit, branch, expect=tip)
        except UnsignedError:
            target = github_commit.Target(branch, tip, is_draft)
            return github_commit.put(self.api, case.main, case.files, case.message, target)

    def _open(self, branch: str, name: str, text: str, report: Report) -> None:
        pull = self.api.create_pull(branch=branch, base=self.base, title=name, body=text)
        if unlabelled := self.api.add_labels(pull.number, LABELS):
            self.warn(f"{report.goal.slug}: GitHub does not let us label it {', '.join(unlabelled)}")
        refused = self.api.request_reviewers(pull.number, report.goal.reviewers)
        if refused:
            self.warn(f"{report.goal.slug}: GitHub does not let us ask {', '.join(refused)} to review: are they collaborators?")

    def _tell_kept_out(self, job: Job, draft: Pull | None) -> None:
        if draft is None:
            raise PublishError(
                f"branch {branch_for(job.slug)}: expected the desk's own commits, found others, and no pull request",
                tip="rename or delete that branch; it is never overwritten",
            )
        mark = comment_marks.write("note", {"slug": job.slug, "goal": job.goal, "revision": job.revision})
        if not any(mark in comment.body for comment in self.api.comments(draft.number)):
            self.api.comment(
                draft.number,
                f"{mark}\n\nA new draft is ready ({job.why}), but this branch holds commits of your own, which are never overwritten. "
                f"Merge or close this pull request to let the desk go on. {link('The run', self.place(job.slug).run_url)} has the page.",
            )

    def _is_ours(self, main: str, tip: str, slug: str) -> bool:
        """Whether the branch holds nothing but what the desk wrote; a merge of the main branch into it is no change to the report."""
        commits = self.repo.commits(main, tip)
        ours = [commit for commit in commits if commit.email in {BOT_EMAIL, WEB_EMAIL} and _TRAILER in commit.message]
        if any(commit not in ours and not commit.is_merge for commit in commits):
            return False
        return not ours or not self.repo.differs(ours[0].sha, tip, folder_for(slug))

    def _was_merged(self, branch: str, tip: str) -> bool:
        """Whether what a branch holds was merged as it stands: a squash leaves its commits, and the owner's edits in them, nowhere else."""
        return any(pull.is_merged and pull.head == tip for pull in self.api.closed_pulls([branch]))

    def _held(self, main: str, report: Report) -> tuple[str, ...]:
        """Give why the desk's floor holds a report for its owner; a floor that cannot be read holds every one."""
        try:
            return floor.read(self.repo.read(main, PurePosixPath("pyproject.toml"))).held(report)
        except UsageError as error:
            return (error.message,)

    def _taken_off(self, main: str, report: Report) -> tuple[str, ...]:
        """Give why a report on the very same question is held: one was published, and somebody took it off the main branch again."""
        folder = folder_for(report.goal.slug)
        there = frozenset(self.repo.paths(main, folder))
        for path, before in self.repo.removed(main, folder, "record.json"):
            data = self.repo.read(before, path) if path not in there else None
            if data is not None and _asked(data) == report.goal.asked_sha256:
                return (f"{path}: a report on this very question was taken off the main branch, so this one is not put there by itself",)
        return ()

    def _goal(self, main: str, slug: str) -> Goal | None:
        path = PurePosixPath("goals") / f"{slug}.yaml"
        data = self.repo.read(main, path)
        try:
            return goal_file.parse(str(path), data) if data is not None else None
        except GoalError:
            return None

    def _published(self, main: str, slug: str) -> tuple[Report, ...]:
        """Give the reports of all versions on the main branch, in order.

        Raises:
            UsageError: One of them cannot be read, or a version is missing.
        """
        folder, found = folder_for(slug), list[Report]()
        names = {path.relative_to(folder).parts[0] for path in self.repo.paths(main, folder)} - {"index.md"}
        for number in range(1, 1 + sum(1 for name in names if _VERSION.fullmatch(name))):
            path = folder / f"v{number}" / "record.json"
            data = self.repo.read(main, path)
            if data is None:
                raise UsageError(f"{path}: expected the record of a published report, found none", tip="restore it from Git")
            found.append(record.from_json(data.decode("utf-8"), name=str(path)))
        return tuple(found)

    def _files(self, slug: str, report: Report, earlier: Sequence[Report]) -> dict[PurePosixPath, bytes]:
        pages = self.compose(report, earlier)
        return {allowed(slug, len(earlier) + 1, page.path): page.content for page in pages}


def allowed(slug: str, version: int, path: PurePosixPath) -> PurePosixPath:
    """Give a page's path below the repository's root; only the landing page and the new version's own folder may be written.

    Raises:
        PublishError: It is any other path.
    """
    is_plain = not path.is_absolute() and all(part not in {"", ".", ".."} and "\n" not in part and "\0" not in part for part in path.parts)
    if is_plain and (path.parts == ("index.md",) or (len(path.parts) > 1 and path.parts[0] == f"v{version}")):
        return folder_for(slug) / path
    raise PublishError(
        f"{path}: expected index.md or a file in v{version}/; nothing was written", tip="this is a fault of the program: report it"
    )


def _asked(data: bytes) -> str:
    """Give what the report of a record answers; empty where it cannot be read."""
    try:
        return record.from_json(data.decode("utf-8")).goal.asked_sha256
    except (UsageError, ValueError):
        return ""


def _message(job: Job, report: Report, version: int, run_url: str) -> str:
    return (
        f"Report on {job.slug}, version {version}\n\n{report.goal.question}\n\n"
        f"{report.decision.action}: {job.why}.\n\n{_TRAILER}{job.goal}\nSovereign-Run: {run_url}\n"
    )
