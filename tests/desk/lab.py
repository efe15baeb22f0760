"""A desk in a laboratory: a bare repository behind a loopback GitHub, and the steps of its workflows run in clones of it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from sovereign.adapters import goal_file
from sovereign.cli import main
from sovereign.desk import quotes, results
from sovereign.desk.derive import docket
from sovereign.model import Engine, Goal, Hearing, Policy, Probabilities, Report
from sovereign.steps import policy, tribunal
from sovereign.text import fold
from standins.github import GitHubStandIn
from standins.reports import CARD, approved_report, rich_report

OWNER = {
    "GIT_AUTHOR_NAME": "Owner",
    "GIT_AUTHOR_EMAIL": "owner@example.org",
    "GIT_COMMITTER_NAME": "Owner",
    "GIT_COMMITTER_EMAIL": "owner@example.org",
}


def git(folder: Path, *words: str, extra: Mapping[str, str] | None = None) -> str:
    """Run git as the desk's owner; give what it printed."""
    environ = os.environ | OWNER | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"} | dict(extra or {})
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False, env=environ)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class Recorded:
    """A verifier that weighs each pair as the reports that it was shown say; it stands for the one that made them."""

    def __init__(self, *reports: Report) -> None:
        self.card = CARD
        self.known: dict[tuple[str, str], Probabilities] = {}
        for report in reports:
            self.learn(report)

    def learn(self, report: Report) -> None:
        """Remember what a report heard."""
        self.card = report.verifier or self.card
        for claim, evidence in zip(report.draft.claims, report.draft.evidence, strict=True):
            for witness in evidence.witnesses:
                if witness.probabilities:
                    self.known[fold(claim.text), fold(witness.passage.text)] = witness.probabilities

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> tuple[Probabilities, ...]:
        """Answer in order; what was never heard is insufficient."""
        return tuple(self.known.get(pair, Probabilities(0.0, 1.0, 0.0)) for pair in pairs)


@dataclass(slots=True)
class Lab:
    """A desk: `bare` is what GitHub has, `home` the owner's clone."""

    root: Path
    hub: GitHubStandIn
    patch: pytest.MonkeyPatch
    jobs: int = 0
    plans: dict[str, str] = field(default_factory=dict)
    weights: Recorded = field(default_factory=Recorded)
    stand: dict[str, quotes.Looked] = field(default_factory=dict)

    @property
    def bare(self) -> Path:
        """The repository at GitHub."""
        return self.root / "desk.git"

    @property
    def home(self) -> Path:
        """The owner's clone."""
        return self.root / "home"

    @classmethod
    def build(cls, root: Path, hub: GitHubStandIn, patch: pytest.MonkeyPatch) -> Lab:
        """Make the repository with one commit."""
        if not (Path(git(root, "--exec-path")) / "git-http-backend").exists():
            pytest.skip("this Git comes without git-http-backend")
        lab = cls(root, hub, patch)
        git(root, "init", "-q", "--bare", "-b", "main", str(lab.bare))
        git(lab.bare, "config", "http.receivepack", "true")
        git(root, "clone", "-q", str(lab.bare), str(lab.home))
        git(lab.home, "checkout", "-q", "-b", "main")
        hub.bare = lab.bare
        lab.push({"README.md": "A desk.\n"})
        return lab

    def push(self, files: Mapping[str, str | None], branch: str = "main") -> str:
        """Commit and push files as the owner; None removes one. Give the commit."""
        git(self.home, "fetch", "-q", "origin")
        has = git(self.home, "ls-remote", "origin", f"refs/heads/{branch}")
        git(self.home, "checkout", "-q", "-B", branch, *([f"origin/{branch}"] if has else []))
        for name, text in files.items():
            path = self.home / name
            if text is None:
                git(self.home, "rm", "-q", name)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                git(self.home, "add", "--", name)
        git(self.home, "commit", "-q", "-m", "Work")
        git(self.home, "push", "-q", "origin", branch)
        return git(self.home, "rev-parse", "HEAD")

    def ask(
        self, slug: str = "sparse-experts", question: str = "How efficient are sparse experts, in tokens per FLOP?", **more: Any
    ) -> Goal:
        """Put a goal on the main branch."""
        goal = Goal(slug=slug, question=question, policy=Policy(min_claims=2, allow_rubric_approval=True), **more)
        self.push({f"goals/{slug}.yaml": goal_file.dump(goal)})
        return goal

    def checkout(self) -> Path:
        """Give a fresh clone of the main branch, as a job has it."""
        self.jobs += 1
        folder = self.root / f"job-{self.jobs}"
        git(self.root, "clone", "-q", f"{self.hub.url}/{self.hub.repository}", str(folder))
        return folder

    def ci(self, *words: str, **environ: str) -> tuple[int, dict[str, str]]:
        """Run one step in a job of its own; give its exit code, and its outputs with "summary" beside them."""
        place = self.checkout()
        output, summary = self.root / f"output-{self.jobs}", self.root / f"summary-{self.jobs}"
        for file in (output, summary):
            file.write_text("")
        told = (
            self.hub.environment
            | {
                "SOVEREIGN_ENGINE": "model",
                "SOVEREIGN_QUOTES": quotes.to_json(self.stand),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary),
            }
            | environ
        )
        with self.patch.context() as patch:
            patch.chdir(place)
            # The PDF takes most of the time and has tests of its own.
            patch.setattr("sovereign.exports.pdf.pdf", lambda *_: b"%PDF-1.7\n")
            patch.setattr("sovereign.desk.results._program_verifier", lambda: self.weights)
            for name, value in told.items():
                patch.setenv(name, value)
            code = main(["ci", *words])
        return code, _outputs(output.read_text()) | {"summary": summary.read_text()}

    def plan(self, **environ: str) -> list[dict[str, Any]]:
        """Plan; give the jobs."""
        code, told = self.ci("plan", **environ)
        assert code == 0
        self.plans["last"] = told["plan"]
        found: list[dict[str, Any]] = json.loads(told["plan"])
        return found

    def hand_over(self, *reports: Report, folder: Path | None = None) -> Path:
        """Put reports where the writer finds what the analysing jobs handed over; all their quotes were found again."""
        place = folder or self.root / f"results-{self.jobs}"
        for report in reports:
            self.weights.learn(report)
            self.stand[report.goal.slug] = quotes.Looked(quotes.record_hash(report), 1)
            results.write(results.place(place, report.goal.slug), report.goal.slug, report)
        return place

    def land(self, *reports: Report) -> tuple[int, dict[str, str]]:
        """Plan, hand the reports over, and let the writer work."""
        self.plan()
        return self.ci("commit", "--results", str(self.hand_over(*reports)), SOVEREIGN_PLAN=self.plans["last"])

    def files(self, branch: str = "main") -> list[str]:
        """Give the files of a branch at GitHub."""
        return git(self.bare, "ls-tree", "-r", "--name-only", branch).splitlines()


def approved(goal: Goal) -> Report:
    """Give a report on the goal that the policy publishes by itself."""
    return _judged(replace(approved_report(), goal=goal, engine=Engine.MODEL))


def escalated(goal: Goal) -> Report:
    """Give a report on the goal that the policy puts before its owner."""
    return _judged(replace(rich_report(), goal=goal, engine=Engine.MODEL))


def _judged(report: Report) -> Report:
    """Give the report with the word that its own reviews give, and the decision that follows."""
    hearings = tuple(map(_combined, report.tribunal.hearings))
    heard = replace(report.tribunal, hearings=hearings, outcome=tribunal.outcome(hearings[-1], report.goal.policy, report.draft.answer))
    report = replace(report, tribunal=heard)
    return replace(report, decision=policy.decide(docket(report)))


def _combined(hearing: Hearing) -> Hearing:
    scores = [review.score for review in hearing.reviews if review.score is not None]
    spread = round(max(scores) - min(scores), 1) if len(scores) > 1 else None
    return replace(hearing, consensus=round(fmean(scores), 1) if len(scores) > 1 else None, spread=spread)


def _outputs(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, _, end = line.partition("<<")
        found[name] = "\n".join(iter(lambda: next(lines), end))
    return found
