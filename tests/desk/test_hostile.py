"""What strangers may try on the desk: each is stopped at the place that owns it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.desk import pull_body, results, workflow
from sovereign.desk.comment_marks import DraftMark
from sovereign.desk.land import allowed
from sovereign.desk.plan import Job, Why
from sovereign.desk.pull_body import Place
from sovereign.desk.results import Failure
from sovereign.desk.shield import fence, link, shield
from sovereign.errors import PublishError, SourceError
from sovereign.model import NO_ANSWER, Decision, Goal, Objection, Report
from sovereign.record import to_json
from standins.reports import rich_report
from tests.conftest import ROOT
from tests.desk.lab import Lab, Recorded, approved, escalated, git

PLACE = Place("https://github.com/lab/desk", "report/sparse-experts", "https://github.com/lab/desk/actions/runs/1")


def job_for(report: Report) -> Job:
    """Give the job that a report answers."""
    return Job(report.goal.slug, report.goal.asked_sha256, Why.NEW, report.goal.guidance)


@pytest.fixture
def handed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Job]:
    """Give a good result, to be spoilt; the program's verifier weighs as the one that made it."""
    report = escalated(rich_report().goal)
    monkeypatch.setattr("sovereign.desk.results._program_verifier", lambda: Recorded(report))
    results.write(tmp_path / "result", report.goal.slug, report)
    return tmp_path / "result", job_for(report)


def refused(folder: Path, job: Job) -> str:
    """Give why a result is refused."""
    found = results.read(folder, job)
    assert isinstance(found, Failure)
    return found.reason


def test_good_result_is_taken(handed: tuple[Path, Job]) -> None:
    """What is as it should be comes through whole."""
    assert isinstance(results.read(*handed), Report)


def test_link_in_a_result(handed: tuple[Path, Job], tmp_path: Path) -> None:
    """A link to a file of the writer's machine is not followed."""
    folder, job = handed
    (tmp_path / "secret").write_text((folder / "record.json").read_text())
    (folder / "record.json").unlink()
    (folder / "record.json").symlink_to(tmp_path / "secret")

    assert "plain files and nothing else" in refused(folder, job)


def test_linked_result_folder(handed: tuple[Path, Job], tmp_path: Path) -> None:
    """A result that is a link as a whole is none."""
    folder, job = handed
    (tmp_path / "link").symlink_to(folder)

    assert "expected a folder" in refused(tmp_path / "link", job)


@pytest.mark.parametrize("name", [".github/workflows/evil.yml", "site/index.md", ".git/config", "record.json.bak", "\n::error::x"])
def test_other_files_in_a_result(handed: tuple[Path, Job], name: str) -> None:
    """A result that brings any other file is refused as a whole; there is nothing that it could write."""
    folder, job = handed
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("on: push")

    assert "nothing else" in refused(folder, job)


def test_hard_link_and_pipe_in_a_result(handed: tuple[Path, Job], tmp_path: Path) -> None:
    """Neither another name of a file elsewhere nor a pipe that never ends is read."""
    folder, job = handed
    os.link(folder / "record.json", tmp_path / "other-name")
    assert "nothing else" in refused(folder, job)
    (folder / "record.json").unlink()
    os.mkfifo(folder / "record.json")
    assert "nothing else" in refused(folder, job)


def test_forged_approval(handed: tuple[Path, Job]) -> None:
    """A record whose decision the policy does not reach from the same record is refused."""
    folder, job = handed
    report = escalated(rich_report().goal)
    forged = replace(report, decision=Decision(tuple(replace(ruling, passed=True) for ruling in report.decision.rulings)))
    (folder / "record.json").write_text(to_json(forged))

    assert "the policy says ESCALATE_TO_OWNER" in refused(folder, job)


def test_result_for_another_goal(handed: tuple[Path, Job]) -> None:
    """A result may speak of its own goal alone, with the guidance that was planned."""
    folder, job = handed

    assert "as planned" in refused(folder, replace(job, slug="another"))
    assert "as planned" in refused(folder, replace(job, goal="0" * 64))
    assert "as planned" in refused(folder, replace(job, guidance="more"))


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{", '{"schema": "sovereign/record/1"}', "[" * 100_000, '{"schema": "sovereign/record/9"}']
)
def test_broken_record(handed: tuple[Path, Job], text: str) -> None:
    """A record that cannot be read is a reason, never a trace."""
    folder, job = handed
    (folder / "record.json").write_text(text)

    assert "refused" in refused(folder, job)


def test_failed_result_keeps_its_reason(tmp_path: Path) -> None:
    """What a run on a laptop would say is what the owner is told, exit code and next step with it."""
    results.write(tmp_path / "r", "x", SourceError("arXiv answers 503", tip="try later"))

    assert results.read(tmp_path / "r", Job("x", "0" * 64, Why.NEW)) == Failure("x", 3, "arXiv answers 503", "try later")
    assert "ended without" in refused(tmp_path / "missing", Job("x", "0" * 64, Why.NEW))


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "/etc/passwd",
        ".github/workflows/x.yml",
        "v2/../../x",
        "v1/index.md",
        "v20/x",
        "index.md/x",
        "v2",
        "record.json",
        "v2/a\nb",
        ".",
    ],
)
def test_only_the_new_version_may_be_written(path: str) -> None:
    """Whatever a page is called, nothing but the landing page and the new version's folder is written; published versions never."""
    with pytest.raises(PublishError):
        allowed("x", 2, PurePosixPath(path))


def test_pages_of_a_report_are_allowed() -> None:
    """The two kinds of page that a report has."""
    assert allowed("x", 2, PurePosixPath("index.md")) == PurePosixPath("site/reports/x/index.md")
    assert allowed("x", 2, PurePosixPath("v2/figures/a.svg")) == PurePosixPath("site/reports/x/v2/figures/a.svg")


@pytest.mark.parametrize(
    ("text", "never"),
    [
        pytest.param("thanks @octocat and @org/team", ["@octocat", "@org"], id="mention"),
        pytest.param("fixes #1, closes GH-2", ["#1", "GH-2"], id="reference"),
        pytest.param("see https://evil.example and www.evil.example", ["https://", "www."], id="address"),
        pytest.param("![x](https://evil.example/x.png) [a](javascript:b)", ["![x]", "[a]"], id="image and link"),
        pytest.param("<img src=x onerror=alert(1)> <!-- x -->", ["<img", "<!-- x"], id="HTML"),
        pytest.param("a\n# Heading\n```\ncode", ["\n"], id="lines"),
        pytest.param("`${{ secrets.X }}`", ["`$"], id="expression in code"),
    ],
)
def test_shielded_text_is_only_text(text: str, never: list[str]) -> None:
    """No foreign text becomes a mention, a reference, a link, an image, a heading or a comment."""
    shown = shield(text)

    assert not [word for word in never if word in shown]


def test_fence_holds() -> None:
    """A quote full of backticks stays within its block."""
    text = fence("a\n````\n# not a heading\n```")

    assert text.startswith("`````text\n")
    assert text.endswith("\n`````")
    assert link("a](x)", "https://x/(y) z") == "[a\\](x)](https://x/%28y%29%20z)"


def test_pull_request_of_a_hostile_report() -> None:
    """Titles, claims and details that carry every trick come out as text, and the whole fits GitHub's bounds."""
    report = escalated(replace(rich_report().goal, question="x " * 5000 + "`${{ secrets.X }}` ::set-output name=a::b"))
    text = pull_body.body(report, DraftMark("sparse-experts", report.goal.asked_sha256, 1), PLACE)

    assert len(pull_body.title(report)) <= 250
    assert pull_body.title(report).endswith("…")
    assert len(text) <= pull_body.MAX_BODY_CHARS
    assert "<script" not in re.sub(r"(`{3,})text\n.*?\n\1\n", "", text, flags=re.DOTALL)
    assert "\u202e" not in text
    assert (
        text.index("## Decision") < text.index("## Tribunal") < text.index("## Claims that need your eyes") < text.index("## How to answer")
    )


def test_many_claims_are_counted_where_they_do_not_fit() -> None:
    """A report of very many doubtful claims shows whole claims up to the bound, and says how many more there are."""
    report = escalated(rich_report().goal)
    draft = report.draft
    many = tuple(replace(claim, text=f"{claim.text} ({number}) " + "word " * 300) for number in range(40) for claim in draft.claims)
    evidence = tuple(replace(draft.evidence[i % len(draft.claims)], claim=claim.id) for i, claim in enumerate(many))
    heard = report.tribunal.last
    moans = tuple(Objection(f"reason {number} " + "word " * 20, claim=claim.id) for number, claim in enumerate(many))
    loud = replace(report.tribunal, hearings=(replace(heard, reviews=tuple(replace(r, objections=moans) for r in heard.reviews)),))
    long = replace(
        report,
        tribunal=loud,
        draft=replace(draft, answer=NO_ANSWER, abstract=(), findings=(), contradictions=(), claims=many, evidence=evidence),
    )

    text = pull_body.body(long, DraftMark("sparse-experts", report.goal.asked_sha256, 1), PLACE)

    assert len(text) <= pull_body.MAX_BODY_CHARS
    assert "more need eyes" in text
    assert text.count("### ") > 5


@given(st.text())
def test_any_output_comes_back(text: str) -> None:
    """A job's output is what was given, and cannot pretend to be another output."""
    value = text.replace("\r", "").encode("utf-8", "ignore").decode()
    job = workflow.Workflow("a/b", output_file=Path(os.devnull))

    job.output("name", value)


def test_output_cannot_be_ended_from_within(tmp_path: Path) -> None:
    """The word that ends a value is not to be guessed."""
    job = workflow.Workflow("a/b", output_file=tmp_path / "out")
    job.output("plan", "x\nEOF\nany<<EOF\nforged")
    first, *_, last = (tmp_path / "out").read_text().splitlines()

    assert first.removeprefix("plan<<") == last
    assert len(last) > 30


def test_summary_keeps_to_its_limit(tmp_path: Path) -> None:
    """GitHub shows no summary over 1 MiB at all, so a long one ends earlier and says so."""
    job = workflow.Workflow("a/b", summary_file=tmp_path / "sum")
    job.summarise("line\n" * 400_000)

    assert (tmp_path / "sum").stat().st_size < 1_000_200
    assert "The rest is in the log" in (tmp_path / "sum").read_text()


HOSTILE_NAME = "$(touch x).yaml"


def test_hostile_goals_in_a_fork(lab: Lab) -> None:
    """A file named like a command and a question full of commands are told of as text; the runner is given no command but ours."""
    lab.push(
        {f"goals/{HOSTILE_NAME}": "question: x\n", "goals/a.yaml": 'question: "::set-output name=a::b `${{ secrets.X }}` \\n::error::x"\n'}
    )
    lab.push({"goals/b\n::error::pwned.yaml": "question: x\n"})
    folder = lab.checkout()
    environ = {"PATH": os.environ["PATH"], "GITHUB_ACTIONS": "true", "PYTHONPATH": str(ROOT), "GITHUB_STEP_SUMMARY": str(lab.root / "sum")}

    done = subprocess.run(
        [sys.executable, "-m", "sovereign", "ci", "check"], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )

    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.lstrip().startswith("::")]
    assert done.returncode == 2
    assert not (folder / "x").exists()
    assert lines
    assert all(line.startswith("::error file=goals/") for line in lines)
    assert not [line for line in lines if line.startswith("::error::")]


def test_log_of_a_job_is_mute(lab: Lab) -> None:
    """Whatever a job prints, the runner takes no line of it for a command until it ends."""
    lab.ask()
    folder = lab.checkout()
    environ = {"PATH": os.environ["PATH"], "GITHUB_ACTIONS": "true", "PYTHONPATH": str(ROOT)} | lab.hub.environment

    done = subprocess.run(
        [sys.executable, "-m", "sovereign", "ci", "plan"], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    lines = done.stdout.splitlines()

    assert done.returncode == 0
    assert lines[0].startswith("::stop-commands::")
    assert lines[-1] == f"::{lines[0].removeprefix('::stop-commands::')}::"


def test_branch_that_is_somebody_elses(lab: Lab) -> None:
    """A branch of the draft's name that the desk did not make is left alone, and the owner is told."""
    goal = lab.ask()
    theirs = lab.push({"notes.md": "mine\n"}, branch="report/sparse-experts")

    code, _ = lab.land(escalated(goal))

    assert code == 4
    assert git(lab.bare, "rev-parse", "report/sparse-experts") == theirs
    assert "never overwritten" in lab.hub.open_issues()[0]["body"]


def test_branch_name_that_cannot_be(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    """A branch called `report` leaves no room for `report/…`; the message says what is in the way."""
    goal = lab.ask()
    git(lab.home, "push", "-q", "origin", "main:refs/heads/report")

    code, _ = lab.land(escalated(goal))

    assert code == 4
    assert "in the way" in capsys.readouterr().err


def test_protected_main_branch_is_no_loss(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the main branch refuses pushes, the report comes as a pull request, and the place to click is named."""
    goal = lab.ask()
    hook = lab.bare / "hooks" / "pre-receive"
    hook.write_text(
        "#!/bin/sh\ngrep -q refs/heads/main && echo 'GH006: Protected branch update failed for refs/heads/main.' >&2 && exit 1\nexit 0\n"
    )
    hook.chmod(0o755)

    code, told = lab.land(approved(goal))

    assert (code, told["published"]) == (0, "false")
    assert "Settings → Branches" in capsys.readouterr().err
    assert "main branch is protected" in lab.hub.open_pulls()[0]["body"]
    assert lab.plan() == []


def test_secret_is_in_no_message(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    """The token goes to Git by the environment and to GitHub by a header; a refusal that quotes everything does not quote it."""
    goal = lab.ask()
    lab.plan()
    code, _ = lab.ci("commit", "--results", str(lab.hand_over(approved(goal))), SOVEREIGN_PLAN=lab.plans["last"], GITHUB_TOKEN="ghs_wrong")
    told = capsys.readouterr()

    assert code == 4
    assert "ghs_wrong" not in told.out + told.err


def test_goal_of_ten_thousand_characters(lab: Lab) -> None:
    """It is no goal, so nothing of it goes further; the check says why."""
    lab.push({"goals/long.yaml": f"question: {'x' * 10_000}\n"})

    assert lab.plan() == []
    assert lab.ci("check")[0] == 2


def test_record_with_a_forged_goal_hash(handed: tuple[Path, Job]) -> None:
    """What is derived in a record must follow from what it is derived from."""
    folder, job = handed
    data = json.loads((folder / "record.json").read_text())
    data["report"]["goal"]["sha256"] = "0" * 64
    (folder / "record.json").write_text(json.dumps(data))

    assert "refused" in refused(folder, job)


def test_goal_without_guidance_is_the_same_goal() -> None:
    """Guidance makes another run but not another goal."""
    goal = Goal(slug="x", question="Does it work?")

    assert replace(goal, guidance="more").asked_sha256 == goal.asked_sha256
    assert replace(goal, guidance="more").sha256 != goal.sha256
