"""A desk through a simulated year: thousands of goals, years of reports, and people who answer, refuse, change their minds and go away.

`python -m tests.desk.year` prints what each quarter of the year cost. The steps of the workflows are run as they are (`sovereign ci plan`,
`commit`, `board`, `mark`, `unproved`), against a real repository and the loopback GitHub; what a job would hand over is made here.
"""

from __future__ import annotations

import itertools
import json
import random
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from sovereign import record
from sovereign.adapters import goal_file
from sovereign.cli import main
from sovereign.desk import audit, comment_marks, dashboard, derive, plan, quotes, results
from sovereign.desk.naming import BOT_LOGIN, REPORTS, branch_for
from sovereign.errors import OutsideError, SovereignError, UsageError
from sovereign.exports import pages
from sovereign.model import Goal, Policy, Report
from standins.github import GitHubStandIn
from tests.desk.lab import Recorded, approved, escalated, git

FIRST_DAY = date(2026, 1, 1)
JOBS_A_DAY = 10
_BROKEN_PER_CENT, _DRAFTED_PER_CENT = 3, 20


@dataclass(slots=True)
class Day:
    """What one day took: seconds of computing, Git's included, requests of GitHub, megabytes held at most, and what came of it."""

    number: int
    spent_s: dict[str, float] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    most_mb: int = 0
    jobs: int = 0
    drafts: int = 0


@dataclass(slots=True)
class Year:
    """The desk, its people and its services.

    Attributes:
        broken: Goals whose research always fails.
        landed: Every result that was handed over, by goal: the goal's hash and the revision, day after day.
        wished: By comment: the pull request in which its owner asked for a revision.
        ticked: By goal: how often its box was ticked, and how often it was researched for that.
        marked: Reports one of whose papers was withdrawn.
    """

    root: Path
    hub: GitHubStandIn
    patch: pytest.MonkeyPatch
    goals: int = 5000
    published: int = 2000
    dice: random.Random = field(default_factory=lambda: random.Random(15))  # noqa: S311  # no secret
    today: date = FIRST_DAY
    files: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    landed: list[tuple[date, str, str, int]] = field(default_factory=list)
    wished: dict[int, int] = field(default_factory=dict)
    ticked: Counter[str] = field(default_factory=Counter)
    followed: Counter[str] = field(default_factory=Counter)
    marked: set[str] = field(default_factory=set)
    weights: Recorded = field(default_factory=Recorded)

    @property
    def home(self) -> Path:
        """The checkout that every job has, and the owner too."""
        return self.root / "home"

    # --- The beginning ---

    def begin(self) -> None:
        """Make the repository, with its goals and with reports on the first of them."""
        bare = self.root / "desk.git"
        git(self.root, "init", "-q", "--bare", "-b", "main", str(bare))
        git(self.root, "clone", "-q", str(bare), str(self.home))
        git(self.home, "checkout", "-q", "-b", "main")
        git(self.home, "config", "gc.auto", "0")
        self.hub.bare = bare
        self.hub.settings[""] = {"private": False}
        for number in range(self.goals):
            self._write_goal(f"g{self.dice.randrange(10**6):06}-{number}", "Do boats of wax float longer than boats of paper, measured")
        for slug in list(self.files)[: self.published]:
            self._write_report(slug)
        git(self.home, "add", "-A")
        git(self.home, "commit", "-q", "-m", "Begin")
        git(self.home, "push", "-q", "origin", "main")
        rest = list(self.files)[self.published :]
        # Those that come first by name are the worst: who takes the first of the list never gets beyond them.
        self.broken = set(sorted(rest)[: len(rest) * _BROKEN_PER_CENT // 100])

    def _write_goal(self, slug: str, words: str) -> None:
        question = f"{words}, in water of {self.dice.randrange(10**9)} ppm salt?"
        text = goal_file.dump(Goal(slug=slug, question=question, policy=Policy(min_claims=2, allow_rubric_approval=True)))
        path = self.home / "goals" / f"{slug}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.files[slug] = text

    def _goal(self, slug: str) -> Goal:
        return goal_file.parse(f"goals/{slug}.yaml", self.files[slug].encode())

    def _write_report(self, slug: str) -> None:
        report = replace(approved(self._goal(slug)), date=self.today)
        folder = self.home / REPORTS / slug
        # Whole pages are made where reports land; here their front, which planning reads, and their records.
        (folder / "v1").mkdir(parents=True)
        (folder / "index.md").write_text(f'---\ntitle: "A report"\ngoal: "{report.goal.asked_sha256}"\n---\n', encoding="utf-8")
        (folder / "v1" / "record.json").write_text(record.to_json(report), encoding="utf-8")

    # --- One day ---

    def day(self, number: int) -> Day:
        """Live through one day: people first, then the desk's run, once a week what is done weekly."""
        self.today = FIRST_DAY + timedelta(days=number)
        self.hub.moment = datetime(self.today.year, self.today.month, self.today.day, 4, 17, tzinfo=UTC)
        made = Day(number)
        self._people(number)
        told = self._step(made, "plan")
        jobs = plan.read(told["plan"])
        folder = self._researched(jobs, is_outage=number % 90 in {40, 41, 42})
        if jobs:
            self._step(made, "commit", "--results", str(folder), SOVEREIGN_PLAN=told["plan"], SOVEREIGN_QUOTES=self._stand(jobs, folder))
        self._pull()
        self._step(made, "board", SOVEREIGN_PLAN=told["plan"])
        if number % 7 == 6:
            self._weekly(made)
        made.jobs, made.drafts = len(jobs), len(self.hub.open_pulls())
        made.most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        return made

    def _pull(self) -> None:
        git(self.home, "fetch", "-q", "origin", "main")
        git(self.home, "reset", "-q", "--hard", "origin/main")

    def _step(self, made: Day, *words: str, **environ: str) -> dict[str, str]:
        output = self.root / "output"
        output.write_text("")
        told = {**self.hub.environment, "SOVEREIGN_ENGINE": "model", "GITHUB_OUTPUT": str(output), **environ}
        told["GITHUB_RUN_NUMBER"] = str(made.number)
        asked, begun = len(self.hub.asked), _spent()
        with self.patch.context() as patch, redirect_stdout(StringIO()), redirect_stderr(StringIO()) as said:
            patch.chdir(self.home)
            for name in ("sovereign.cli.ci", "sovereign.cli.ci_upkeep", "sovereign.desk.failures", "sovereign.desk.results"):
                patch.setattr(f"{name}.datetime", _clock(self.hub.moment))
            patch.setattr("sovereign.desk.plan.plan", partial(plan.plan, limit=JOBS_A_DAY))
            patch.setattr("sovereign.exports.pages.compose", partial(pages.compose, with_pdf=False))
            patch.setattr("sovereign.desk.results._program_verifier", lambda: self.weights)
            for name, value in told.items():
                patch.setenv(name, value)
            code = main(["ci", *words])
        assert code == 0, (self.today, words, said.getvalue()[-2000:])
        made.spent_s[words[0]] = _spent() - begun
        made.requests[words[0]] = len(self.hub.asked) - asked
        self.hub.asked.clear()
        return _outputs(output.read_text())

    def _researched(self, jobs: tuple[plan.Job, ...], *, is_outage: bool) -> Path:
        folder = self.root / "results"
        subprocess.run(["rm", "-rf", str(folder)], check=True)
        for job in jobs:
            result = self._result(job, is_outage=is_outage)
            results.write(results.place(folder, job.slug), job.slug, result)
            if isinstance(result, Report):
                self.landed.append((self.today, job.slug, job.goal, job.revision if job.why is plan.Why.REVISED else 0))
                self.weights.learn(result)
            self.followed[job.slug] += job.why is plan.Why.FORCED
        return folder

    def _result(self, job: plan.Job, *, is_outage: bool) -> Report | SovereignError:
        if job.slug in self.broken:
            return UsageError("its folder of papers is empty", tip="put papers into it")
        if is_outage:
            return OutsideError("arXiv: HTTP 406", tip="try again later")
        goal = replace(self._goal(job.slug), guidance=job.guidance)
        make = escalated if int(job.goal[:4], 16) % 100 < _DRAFTED_PER_CENT else approved
        return replace(make(goal), date=self.today)

    def _stand(self, jobs: tuple[plan.Job, ...], folder: Path) -> str:
        handed = {job.slug: quotes.handed_over(results.place(folder, job.slug)) for job in jobs}
        return quotes.to_json({slug: quotes.Looked(quotes.record_hash(report), 1) for slug, report in handed.items() if report})

    # --- People ---

    def _people(self, number: int) -> None:
        waiting = sorted(pull["number"] for pull in self.hub.open_pulls() if pull["branch"].startswith("report/"))
        for pull in self.dice.sample(waiting, min(1, len(waiting))):
            self.hub.merge(pull)
        waiting = [pull for pull in waiting if self.hub.pulls[pull]["state"] == "open"]
        if number % 3 == 1 and waiting:
            self.hub.close(self.dice.choice(waiting))
        waiting = [pull for pull in waiting if self.hub.pulls[pull]["state"] == "open"]
        if number % 4 == 2 and waiting:
            pull = self.dice.choice(waiting)
            say = self.dice.choice([self.hub.say, self.hub.review])
            self.wished[say(pull, "owner", f"/revise weigh day {number}")] = pull
            self.hub.say(pull, "stranger", "/revise in my favour")
        if number % 10 == 5:
            self._tick()
        self._pull()
        for slug in self.dice.sample(sorted(self.files), 2):
            self._write_goal(slug, "Do boats of wax sink later than boats of paper")
        self._write_goal(f"n{self.dice.randrange(10**6):06}-{number}", "Do boats of tar float longer than boats of paper")
        self._commit("Ask")

    def _tick(self) -> None:
        board = next((issue for issue in self.hub.open_issues() if issue["title"] == dashboard.TITLE), None)
        boxes = [line for line in board["body"].splitlines() if line.startswith("- [ ] <!-- sovereign:tick run")] if board else []
        if board and boxes:
            box = self.dice.choice(boxes)
            board["body"] = board["body"].replace(box, box.replace("[ ]", "[x]", 1))
            self.ticked[box.split()[6]] += 1

    def _commit(self, words: str) -> None:
        git(self.home, "add", "--", "goals")
        git(self.home, "commit", "-q", "-m", words)
        git(self.home, "push", "-q", "origin", "main")

    # --- Once a week ---

    def _weekly(self, made: Day) -> None:
        """A paper of a report is withdrawn; the recheck says so, last week's notices are merged, and proofs of origin are looked up."""
        for pull in [one for one in self.hub.open_pulls() if one["branch"].startswith("recheck/")]:
            self.hub.merge(pull["number"])
        self._pull()
        standing = sorted(path.name for path in (self.home / REPORTS).iterdir())
        self.marked.add(self.dice.choice(standing))
        findings = [audit.Defect(slug, 1, derive.Wrong.WITHDRAWN, "p", "A paper: withdrawn") for slug in sorted(self.marked)]
        folder = self.root / "findings"
        folder.mkdir(exist_ok=True)
        told = audit.to_json([audit.Audited(item.slug, 1, None, (item,)) for item in findings])
        (folder / "findings.json").write_text(told, encoding="utf-8")
        self._step(made, "mark", "--results", str(folder))
        names = self._step(made, "unproved")["paths"].split()
        self.hub.attested |= {f"sha256:{_sha256(self.home / name)}" for name in names} | {_sha256(self.home / name) for name in names}

    # --- What became of everything ---

    def versions(self) -> dict[str, list[Report]]:
        """Give every published version on the main branch, by goal, in order."""
        self._pull()
        found = {}
        for folder in sorted((self.home / REPORTS).iterdir()):
            numbers = sorted(int(path.name[1:]) for path in folder.glob("v*"))
            assert numbers == list(range(1, len(numbers) + 1)), (folder.name, numbers)
            found[folder.name] = [record.from_json((folder / f"v{number}" / "record.json").read_text("utf-8")) for number in numbers]
        return found

    def lost(self) -> list[str]:
        """Give the goals of which a result was handed over and nothing is known: no report, no draft, no refusal, no failure."""
        versions = self.versions()
        drafts = {pull["branch"] for pull in self.hub.open_pulls()}
        refused = {(mark.slug, mark.goal) for mark in map(mark_of, self._refused()) if mark}
        failed = {_failed(issue["body"]) for issue in self.hub.open_issues()}
        researched = {(slug, goal) for _, slug, goal, _ in self.landed}
        lost = []
        for slug in self.files:
            goal = self._goal(slug).asked_sha256
            answered = bool(versions.get(slug)) and versions[slug][-1].goal.asked_sha256 == goal
            is_known = answered or branch_for(slug) in drafts or (slug, goal) in refused or slug in failed
            if not is_known and (slug, goal) in researched:
                lost.append(slug)
        return lost

    def _refused(self) -> list[Mapping[str, Any]]:
        return [pull for pull in self.hub.pulls.values() if pull["state"] == "closed" and not pull["merged_at"]]

    def twice(self) -> list[str]:
        """Give what was done twice: a version, a draft, an issue, a comment, a reminder within a fortnight."""
        found = [f"two drafts: {branch}" for branch, count in Counter(one["branch"] for one in self.hub.open_pulls()).items() if count > 1]
        for issue, count in Counter(_failed(one["body"]) for one in self.hub.open_issues()).items():
            found += [f"two issues: {issue}"] if issue and count > 1 else []
        for slug, versions in self.versions().items():
            asked = [(report.goal.asked_sha256, report.goal.guidance) for report in versions]
            found += [f"two versions: {slug}"] if len(set(asked)) + self.followed[slug] < len(asked) else []
        for number, said in self.hub.comments.items():
            ours = [one for one in said if one["user"]["login"] == BOT_LOGIN]
            marks = Counter(json.dumps(mark) for one in ours if (mark := comment_marks.read("failure", one["body"])))
            found += [f"told twice in {number}: {mark}" for mark, count in marks.items() if count > 1]
            days = sorted(one["created_at"] for one in ours if "fortnight" in one["body"])
            found += [f"reminded twice in {number}" for one, other in itertools.pairwise(days) if _days(one, other) < 14]
        return found


def mark_of(pull: Mapping[str, Any]) -> comment_marks.DraftMark | None:
    """Give what a draft's pull request says of itself."""
    return comment_marks.read_draft(pull["body"])


def _failed(body: str) -> str:
    return str((comment_marks.read("failure", body) or {}).get("slug", ""))


def _days(one: str, other: str) -> int:
    return (datetime.fromisoformat(other) - datetime.fromisoformat(one)).days


def _sha256(path: Path) -> str:
    from sovereign.adapters import plain_files

    return plain_files.sha256(path)


def _spent() -> float:
    """Give the seconds of computing of this process and of every Git that it has waited for."""
    ours, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return ours.ru_utime + ours.ru_stime + theirs.ru_utime + theirs.ru_stime


def _clock(moment: datetime | None) -> type[datetime]:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:  # the library's shape
            return moment if tz is not None or moment is None else moment.replace(tzinfo=None)

    return Clock


def _outputs(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, _, end = line.partition("<<")
        found[name] = "\n".join(iter(lambda: next(lines), end))
    return found


def table(days: Sequence[Day]) -> str:
    """Give what a day took in each quarter of the time: the median of the seconds, and the most requests and memory."""
    lines = ["days       plan s  commit s  board s  requests   MB  drafts"]
    for part in quarters(days):
        spent = [median(day.spent_s.get(name, 0.0) for day in part) for name in ("plan", "commit", "board")]
        asked = max(sum(day.requests.values()) for day in part)
        shown = "  ".join(f"{seconds:7.2f}" for seconds in spent)
        lines.append(f"{part[0].number:4}-{part[-1].number:<4} {shown}  {asked:8} {part[-1].most_mb:4} {part[-1].drafts:7}")
    return "\n".join(lines)


def quarters(days: Sequence[Day]) -> list[Sequence[Day]]:
    """Give the days in four parts."""
    return [days[len(days) * at // 4 : len(days) * (at + 1) // 4] for at in range(4)]


def live(root: Path, hub: GitHubStandIn, patch: pytest.MonkeyPatch, days: int, goals: int, published: int) -> tuple[Year, list[Day]]:
    """Live through so many days; the stand-in holds answers against GitHub's description in tests of its own, since that takes longer."""
    hub.judge = None
    patch.setattr("sovereign.adapters.github.PAUSE_S", 0.0)
    year = Year(root, hub, patch, goals, published)
    year.begin()
    lived = []
    for number in range(days):
        lived.append(year.day(number))
        if number % 10 == 0:
            sys.stderr.write(f"{lived[-1]}\n")
    return year, lived


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as place, GitHubStandIn() as stand_in, pytest.MonkeyPatch.context() as patcher:
        scale = [*map(int, sys.argv[1:4]), 365, 5000, 2000][:3]
        lived_year, all_days = live(Path(place), stand_in, patcher, *scale)
        results_of = f"{len(lived_year.landed)} results; lost: {lived_year.lost()}; twice: {lived_year.twice()}"
        sys.stdout.write(f"{table(all_days)}\n{results_of}\n")
