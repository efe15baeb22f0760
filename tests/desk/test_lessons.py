"""What the services were found to do, held: the stand-ins do it too, and the workflows live with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from sovereign.adapters.github import GitHub
from sovereign.cli.audit import rechecked
from sovereign.desk import quotes, results
from sovereign.desk.audit import Audited
from sovereign.errors import OutsideError, PublishError, SovereignError, UsageError
from standins.actions import artifact
from standins.github import BOT
from tests.conftest import ROOT
from tests.desk.lab import Lab, approved, escalated, git

WORKFLOWS = ROOT / ".github" / "workflows"


def workflow(name: str) -> dict[str, Any]:
    """Give a workflow as data."""
    found: dict[str, Any] = yaml.safe_load((WORKFLOWS / f"{name}.yml").read_text())
    return found


def steps(name: str) -> list[tuple[str, dict[str, Any]]]:
    """Give every step of a workflow with its job's name."""
    return [(job, step) for job, told in workflow(name)["jobs"].items() for step in told.get("steps", [])]


def keep(store: Path, tmp: Path, name: str, files: Mapping[str, str], *, attempt: str = "1", **told: str) -> None:
    """Upload files under a name."""
    for path, text in files.items():
        where = tmp / name / path
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_text(text)
    artifact.upload({"NAME": name, "PATHS": str(tmp / name), **told}, store, attempt)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Give where artifacts are kept."""
    (tmp_path / "store" / "artifacts").mkdir(parents=True)
    return tmp_path / "store"


@pytest.mark.parametrize("count", [1, 2])
def test_one_result_lies_as_two_do(store: Path, tmp_path: Path, count: int) -> None:
    """One match is extracted flat, two into folders of their names; merged, and with a folder of their own inside, they lie alike."""
    for number in range(count):
        keep(store, tmp_path, f"result-{number}", {f"result-{number}/outcome.json": "{}"})

    artifact.download({"PATTERN": "result-*", "WHERE": str(tmp_path / "bare")}, store)
    artifact.download({"PATTERN": "result-*", "WHERE": str(tmp_path / "merged"), "MERGE": "true"}, store)

    assert (tmp_path / "bare" / "result-0" / "outcome.json").exists() == (count == 1)
    assert all((tmp_path / "merged" / f"result-{number}" / "outcome.json").exists() for number in range(count))
    downloads = [step for _, step in steps("research") if "download-artifact" in step.get("uses", "")]
    assert all(step["with"]["merge-multiple"] is True for step in downloads)


FOUND = [
    pytest.param({"a/b": "1", ".dot": "1", ".deep/x": "1"}, {}, {"a/b"}, id="hidden ones stay out"),
    pytest.param({"a/b": "1"}, {"link": "a/b", "folder": "a", "broken": "nowhere"}, {"a/b", "link", "folder/b"}, id="links are followed"),
]
"""Trees, links in them, and what upload-artifact v7.0.0 and download-artifact v8.0.1, built from their sources, made of them."""


@pytest.mark.parametrize(("files", "links", "kept"), FOUND)
def test_the_stand_in_keeps_what_the_real_one_kept(
    store: Path, tmp_path: Path, files: dict[str, str], links: dict[str, str], kept: set[str]
) -> None:
    """What the real actions did, file by file; and they refuse names that some file system forbids, and find nothing in a hidden place."""
    for place in ("result", ".hidden"):
        for name, text in files.items():
            (tmp_path / place / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / place / name).write_text(text)
        for name, target in links.items():
            (tmp_path / place / name).symlink_to(target)
        artifact.upload({"NAME": place, "PATHS": str(tmp_path / place)}, store, "1")
    artifact.download({"PATTERN": "result*", "WHERE": str(tmp_path / "got")}, store)
    artifact.download({"PATTERN": "no-*", "WHERE": str(tmp_path / "none")}, store)

    assert {path.relative_to(tmp_path / "got").as_posix() for path in (tmp_path / "got").rglob("*") if path.is_file()} == kept
    assert not (store / "artifacts" / ".hidden@1").exists()
    assert not (tmp_path / "none").exists()
    with pytest.raises(artifact.Refused, match="not valid"):
        artifact.upload({"NAME": "a/b", "PATHS": str(tmp_path / "result")}, store, "1")
    with pytest.raises(artifact.Refused, match="Artifact not found for name: lost"):
        artifact.download({"NAME": "lost", "WHERE": str(tmp_path)}, store)


def test_hidden_files_stay_out_of_artifacts(store: Path, tmp_path: Path) -> None:
    """upload-artifact leaves them out; nothing that the desk hands on is hidden."""
    keep(store, tmp_path, "x", {".hidden/a": "1", "b/.c": "2", "b/d": "3"})

    assert [path.name for path in (store / "artifacts" / "x@1").rglob("*") if path.is_file()] == ["d"]
    paths = [
        line
        for name in ("research", "recheck")
        for _, step in steps(name)
        if "upload-artifact" in step.get("uses", "")
        for line in step["with"]["path"].split()
    ]
    assert paths
    assert not [path for path in paths if path.startswith(".")]


def test_names_of_artifacts_are_taken_for_good(store: Path, tmp_path: Path) -> None:
    """A name is taken in its attempt; a second site of the same name is refused by deploy-pages, so an attempt has a name of its own."""
    keep(store, tmp_path, "github-pages", {"index.html": "1"})
    with pytest.raises(artifact.Refused, match="Conflict"):
        keep(store, tmp_path, "github-pages", {"index.html": "2"})
    keep(store, tmp_path, "github-pages", {"index.html": "2"}, attempt="2")

    with pytest.raises(artifact.Refused, match="Multiple artifacts named"):
        artifact.deploy({"NAME": "github-pages"}, store)

    jobs = workflow("publish")["jobs"]
    assert "GITHUB_RUN_ATTEMPT" in next(step["run"] for _, step in steps("publish") if step.get("id") == "name")
    assert jobs["deploy"]["steps"][0]["with"]["artifact_name"] == "${{ needs.build.outputs.artifact }}"
    overwriting = [step["with"].get("overwrite") for _, step in steps("research") if "upload-artifact" in step.get("uses", "")]
    assert overwriting == [True, True]


def test_limits_are_the_steps_own() -> None:
    """A job that hits its limit is cancelled: every long step has a limit, their sum is below the job's, and that below GitHub's."""
    leg = workflow("research")["jobs"]["research"]
    limits = [step["timeout-minutes"] for step in leg["steps"] if "run" in step]

    assert sum(limits) < leg["timeout-minutes"] < 360
    for job in ("commit", "publish"):
        assert "!cancelled()" in workflow("research")["jobs"][job]["if"]
        assert "result" not in workflow("research")["jobs"][job]["if"]


@pytest.mark.parametrize("name", ["research", "publish", "recheck", "check", "schedule"])
def test_nothing_of_a_paper_lies_in_a_cache(name: str) -> None:
    """A cache of the main branch can be read from a fork's pull request, and a poisoned one is unpacked over what was installed."""
    assert "actions/cache" not in (WORKFLOWS / f"{name}.yml").read_text()
    for _, step in steps(name):
        if "upload-artifact" in step.get("uses", ""):
            assert ".sovereign" not in step["with"]["path"]


def test_runs_wait_in_a_queue_for_arxiv() -> None:
    """One connection at a time over all runs, and none of those that wait is thrown away."""
    research, recheck = workflow("research")["jobs"], workflow("recheck")["jobs"]
    waiting = [research["research"], research["quotes"], recheck["audit"]]

    assert all(job["concurrency"] == {"group": "papers", "cancel-in-progress": False, "queue": "max"} for job in waiting)
    assert research["research"]["strategy"]["max-parallel"] == 1


def test_the_word_on_quotes_is_no_artifact() -> None:
    """A leg can leave artifacts of any name, and an output of another job it cannot set; who looks holds no right to write."""
    jobs = workflow("research")["jobs"]

    assert jobs["quotes"]["permissions"] == {"contents": "read"}
    assert not [step for job, step in steps("research") if job == "quotes" and "upload" in step.get("uses", "")]
    assert jobs["commit"]["steps"][-1]["env"]["SOVEREIGN_QUOTES"] == "${{ needs.quotes.outputs.quotes }}"
    assert "!cancelled()" in jobs["quotes"]["if"]


def test_schedule_has_a_file_of_its_own() -> None:
    """Sixty idle days switch a whole file off; the research and the publishing have no schedule in theirs."""
    with_schedule = [path.stem for path in WORKFLOWS.glob("*.yml") if re.search(r"^  schedule:", path.read_text(), re.MULTILINE)]

    assert set(with_schedule) == {"schedule", "recheck", "ci"}


def test_unknown_labels_stop_nothing(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    """A label is made where it is not there; where that is not allowed, the draft comes without it, and the log says so."""
    lab.hub.may_label = False
    code, _ = lab.land(escalated(lab.ask()))

    assert code == 0
    assert lab.hub.pulls[1]["labels"] == []
    assert "does not let us label it report, needs-review" in capsys.readouterr().err
    lab.hub.may_label = True
    lab.land(escalated(lab.ask("second")))
    assert lab.hub.pulls[max(lab.hub.pulls)]["labels"] == ["report", "needs-review"]


def test_signed_branches_are_written_through_the_api(lab: Lab) -> None:
    """Where a ruleset takes signed commits alone, GitHub makes the commit, with the same files; the desk knows its branch again."""
    hook = lab.bare / "hooks" / "pre-receive"
    hook.write_text(
        "#!/bin/sh\nwhile read old new ref; do\n"
        '[ "$(git log -1 --format=%ce $new)" = owner@example.org ] && continue\n'
        "echo 'remote: error: GH013: Repository rule violations found. - Commits must have verified signatures.' >&2; exit 1\ndone\n"
    )
    hook.chmod(0o755)
    goal = lab.ask()

    code, told = lab.land(approved(goal))
    second = lab.ask("second")
    lab.land(escalated(second))
    changed = lab.ask("second", question="How efficient are sparse experts on short texts?")
    lab.land(escalated(changed))

    assert (code, told["published"]) == (0, "true")
    assert git(lab.bare, "log", "-1", "--format=%ce", "report/second") == "noreply@github.com"
    assert "site/reports/sparse-experts/v1/record.json" in lab.files()
    assert lab.hub.pulls[max(lab.hub.pulls)]["title"].endswith("on short texts?")
    assert lab.plan() == []


def test_force_pushes_that_are_blocked(lab: Lab) -> None:
    """A ruleset for all branches, as GitHub suggests one: a renewed draft is put on top, and its owner's edits are still told apart."""
    hook = lab.bare / "hooks" / "pre-receive"
    hook.write_text(
        "#!/bin/sh\nwhile read old new ref; do\n"
        "case $old in *[!0]*) git merge-base --is-ancestor $old $new || {\n"
        "echo 'remote: error: GH013: Repository rule violations found. - Cannot force-push to this branch' >&2; exit 1; };; esac\ndone\n"
    )
    hook.chmod(0o755)
    lab.land(escalated(lab.ask()))
    first = git(lab.bare, "rev-parse", "report/sparse-experts")
    for words in ("on short texts", "on long texts", "on no texts"):
        lab.push({"notes.md": words})
        changed = lab.ask(question=f"How efficient are sparse experts {words}?")
        assert lab.land(escalated(changed))[0] == 0
    files = set(git(lab.bare, "diff", "--name-only", "main", "report/sparse-experts").splitlines())

    assert git(lab.bare, "merge-base", first, "report/sparse-experts") == first
    assert {path.split("/")[2] for path in files} == {"sparse-experts"}
    assert "sparse experts on no texts" in git(lab.bare, "show", "report/sparse-experts:site/reports/sparse-experts/v1/record.json")
    assert lab.hub.open_pulls()[0]["title"].endswith("on no texts?")


def test_secret_push_protection_is_told_apart(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    """GH013 is also said of a text that looks like a key; a pull request would be refused too, so none is tried."""
    hook = lab.bare / "hooks" / "pre-receive"
    goal = lab.ask()
    hook.write_text("#!/bin/sh\necho 'error: GH013: Repository rule violations found. - Push cannot contain secrets' >&2; exit 1\n")
    hook.chmod(0o755)

    code, _ = lab.land(approved(goal))

    assert code == 4
    assert "push protection" in capsys.readouterr().err
    assert not lab.hub.pulls


def test_one_reports_error_is_one_reports(lab: Lab, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The recheck marks the second report though the first has lost its page."""
    for slug in ("a-first", "second"):
        lab.land(approved(lab.ask(slug)))
    lab.push({"site/reports/a-first/index.md": None})
    lab.hub.may_label = False
    found = tmp_path / "findings"
    found.mkdir()
    items = ", ".join(
        f'{{"slug": "{slug}", "version": 1, "kind": "a paper was withdrawn or retracted", "subject": "x", "detail": "y"}}'
        for slug in ("a-first", "second")
    )
    (found / "findings.json").write_text(f"[{items}]")

    code, _ = lab.ci("mark", "--results", str(found))

    said = capsys.readouterr()
    assert code == 4
    assert "a-first" in said.err
    assert "second: put before its owner" in said.out
    assert len(lab.hub.open_pulls()) == 1


def test_an_outage_is_told_once_for_the_desk(lab: Lab, tmp_path: Path) -> None:
    """Two goals fail for want of a service and one succeeds: one issue, which stays until a run meets no outage and has a success."""
    goals = [lab.ask(slug) for slug in ("first", "good", "second")]
    for number in range(2):
        lab.plan()
        folder = lab.hand_over(approved(goals[1]), folder=tmp_path / f"results-{number}")
        for slug in ("first", "second"):
            results.write(results.place(folder, slug), slug, OutsideError("arXiv answers 429", tip="later"))
        assert lab.ci("commit", "--results", str(folder), SOVEREIGN_PLAN=lab.plans["last"])[0] == 0
    told = [(issue["title"], issue["state"]) for issue in lab.hub.issues.values()]
    lab.land(approved(goals[0]), approved(goals[2]))

    assert told == [("A service that the research needs does not answer", "open")]
    assert lab.hub.open_issues() == []
    assert all(f"`{slug}`" in lab.hub.issues[min(lab.hub.issues)]["body"] for slug in ("first", "second"))


def failing(lab: Lab, tmp_path: Path, name: str, errors: Mapping[str, SovereignError], **environ: str) -> int:
    """Run the writer over goals that failed; give its exit code."""
    lab.plan()
    for slug, error in errors.items():
        results.write(results.place(tmp_path / name, slug), slug, error)
    return lab.ci("commit", "--results", str(tmp_path / name), SOVEREIGN_PLAN=lab.plans["last"], **environ)[0]


def test_a_failure_that_a_person_closed_is_not_told_again(lab: Lab, tmp_path: Path) -> None:
    """A run comes thrice a day: what was closed by hand rests until the goal changes, and what the desk itself closed may come back."""
    lab.ask("first")
    wrong = {"first": UsageError("no such source")}
    failing(lab, tmp_path, "one", wrong)
    lab.hub.close_issue(min(lab.hub.issues))
    failing(lab, tmp_path, "two", wrong)
    after = len(lab.hub.issues)
    lab.ask("first", question="How efficient are sparse experts on long texts?")
    failing(lab, tmp_path, "three", wrong)

    assert after == 1
    assert len(lab.hub.open_issues()) == 1


def test_issues_are_listed_once_for_all_that_failed(lab: Lab, tmp_path: Path) -> None:
    """Fifty goals may fail in one run, and after years a list of closed issues has many pages."""
    slugs = ("first", "second", "third")
    for slug in slugs:
        lab.ask(slug)
    failing(lab, tmp_path, "one", dict.fromkeys(slugs, UsageError("no such source")))
    for number in sorted(lab.hub.issues)[:2]:
        lab.hub.close_issue(number)
    lab.hub.asked.clear()
    failing(lab, tmp_path, "two", dict.fromkeys(slugs, UsageError("no such source")))

    assert len(lab.hub.issues) == len(slugs)
    assert sum(1 for method, path, _ in lab.hub.asked if method == "GET" and path.endswith("/issues")) == 3


def test_an_outage_that_a_person_closed_rests_for_a_week(lab: Lab, tmp_path: Path) -> None:
    """It is told again when it still lasts after that, and at once where the desk had seen it end."""
    goal = lab.ask("first")
    out = {"first": OutsideError("arXiv answers 429", tip="later")}
    failing(lab, tmp_path, "one", out)
    lab.hub.close_issue(min(lab.hub.issues))
    failing(lab, tmp_path, "two", out)
    rested = len(lab.hub.issues)
    lab.hub.close_issue(min(lab.hub.issues), "2026-01-01T00:00:00Z")
    failing(lab, tmp_path, "three", out)
    again = len(lab.hub.open_issues())
    lab.land(approved(goal))
    lab.ask("second")
    failing(lab, tmp_path, "four", {"second": out["first"]})

    assert (rested, again) == (1, 1)
    assert len(lab.hub.open_issues()) == 1


def test_one_failure_that_cannot_be_told_is_one_failures(lab: Lab, tmp_path: Path) -> None:
    """The first issue is refused, and the second goal's owner is told all the same; a forged reason makes no body that is too long."""
    for slug in ("first", "second", "third"):
        lab.ask(slug)
    told = {slug: UsageError("\x1b@a" * 1500, tip="@b #1" * 800) for slug in ("first", "second", "third")}
    tries: list[str] = []
    create = GitHub.create_issue

    def once(self: GitHub, **what: Any) -> Any:
        tries.append(what["title"])
        if len(tries) == 1:
            raise PublishError("GitHub: no")
        return create(self, **what)

    lab.patch.setattr(GitHub, "create_issue", once)
    code = failing(lab, tmp_path, "results", told)

    assert code == 4
    assert len(lab.hub.open_issues()) == 2
    assert all(len(issue["body"]) < 65_536 and "The log of the run" in issue["body"] for issue in lab.hub.open_issues())


def test_an_outage_of_many_goals_fits_into_an_issue(lab: Lab, tmp_path: Path) -> None:
    """Forty goals, each with a long reason of its own."""
    slugs = [f"goal-{number:02}" for number in range(40)]
    lab.push({f"goals/{slug}.yaml": f"question: How efficient are sparse experts of kind {slug}?\n" for slug in slugs})
    failing(lab, tmp_path, "results", {slug: OutsideError(f"{slug} @x" * 400) for slug in slugs})

    (issue,) = lab.hub.open_issues()
    assert len(issue["body"]) < 65_536
    assert "other reason" in issue["body"]
    assert "The log of the run" in issue["body"]


def test_a_schedule_says_nothing_of_the_repository() -> None:
    """Its event has no default branch in it: an expression that would be empty there has another behind it."""
    for path in WORKFLOWS.glob("*.yml"):
        text = path.read_text()
        if re.search(r"^  schedule:", text, re.MULTILINE):
            named = re.findall(r"\$\{\{ [^}]*github\.event\.repository[^}]*\}\}", text)
            assert all("|| github.ref_name" in expression for expression in named), path.name


def test_reviews_only_wake_the_main_branch() -> None:
    """They run at refs/pull/N/merge, which neither the environment of Pages nor one that takes the main branch alone opens to."""
    jobs = workflow("research")["jobs"]
    told = {name: job.get("if", "") for name, job in jobs.items()}

    assert "startsWith(github.event_name, 'pull_request_review')" in told["wake"]
    assert jobs["wake"]["permissions"] == {"actions": "write"}
    assert not [step for job, step in steps("research") if job == "wake" and "uses" in step]
    assert "pull_request_review" not in told["plan"]
    for name in set(jobs) - {"wake", "plan"}:
        # A job that needs one that was skipped is skipped with it, or asks for what that one would have said.
        assert "plan" in jobs[name]["needs"] or "commit" in jobs[name]["needs"], name
        assert not re.search(r"always\(\)", told[name]), name


TICK = "- [x] <!-- sovereign:tick run a -->"


@pytest.mark.parametrize(
    ("event", "group"),
    [
        pytest.param({"event_name": "push"}, "state", id="push"),
        pytest.param({"event_name": "workflow_dispatch", "goal": "", "engine": "usual"}, "state", id="schedule"),
        pytest.param({"event_name": "workflow_dispatch", "goal": "", "engine": "model"}, "own", id="another engine"),
        pytest.param({"event_name": "workflow_dispatch", "goal": "x", "engine": "usual"}, "own", id="one goal"),
        pytest.param({"event_name": "issues", "login": BOT, "body": TICK}, "ticks", id="tick"),
        pytest.param({"event_name": "issues", "login": "stranger", "body": TICK}, "own", id="stranger's"),
        pytest.param({"event_name": "issues", "login": BOT, "body": "edited"}, "own", id="edited, and no tick"),
        pytest.param({"event_name": "issue_comment"}, "own", id="comment"),
        pytest.param({"event_name": "workflow_dispatch", "goal": "x", "engine": "usual", "actor": BOT}, "goal-x", id="lines of one review"),
        pytest.param({"event_name": "workflow_dispatch", "goal": "", "engine": "usual", "actor": BOT}, "state", id="the wake-up"),
    ],
)
def test_who_waits_with_whom(event: dict[str, str], group: str) -> None:
    """A group keeps one waiting run, and a newer one cancels it: only runs that would do the same may share one."""
    expression = workflow("research")["concurrency"]["group"].removeprefix("research-").strip()
    code = expression.removeprefix("${{").removesuffix("}}")
    for foreign, own in (
        ("github.event_name", "event_name"),
        ("github.event.issue.user.login", "login"),
        ("github.event.issue.body", "body"),
        ("inputs.goal", "goal"),
        ("inputs.engine", "engine"),
        ("github.run_id", "run_id"),
        ("github.actor", "actor"),
    ):
        code = code.replace(foreign, own)
    code = code.replace("&&", " and ").replace("||", " or ")
    told = {"login": "", "body": "", "goal": None, "engine": None, "run_id": "own", "actor": "owner", **event}
    known = {"contains": lambda text, part: part in text, "format": lambda text, *parts: text.format(*parts)}

    assert eval(code, known, told) == group  # noqa: S307  # our own file


def test_a_word_under_one_draft_wakes_that_goal_alone(lab: Lab) -> None:
    """Another run may be at work on all the others: neither a comment nor a tick has them researched once more."""
    lab.land(escalated(lab.ask("first")))
    lab.ask("second")
    lab.hub.say(1, "owner", "/revise look at memory")
    lab.ci("board")
    (board,) = [issue for issue in lab.hub.open_issues() if issue["labels"] == ["dashboard"]]
    board["body"] = board["body"].replace("- [ ] <!-- sovereign:tick run third", "- [x] <!-- sovereign:tick run third")

    spoken = lab.plan(SOVEREIGN_PULL="1", GITHUB_EVENT_NAME="issue_comment")
    elsewhere = lab.plan(SOVEREIGN_PULL="77", GITHUB_EVENT_NAME="issue_comment")
    unticked = lab.plan(GITHUB_EVENT_NAME="issues")
    board["body"] = board["body"].replace("- [ ] <!-- sovereign:tick run second", "- [x] <!-- sovereign:tick run second")
    ticked = lab.plan(GITHUB_EVENT_NAME="issues")
    every = lab.plan(GITHUB_EVENT_NAME="push")

    assert [[job["slug"] for job in jobs] for jobs in (spoken, elsewhere, unticked, ticked)] == [["first"], [], [], ["second"]]
    assert [job["slug"] for job in every] == ["second", "first"]


def test_force_names_its_goal(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    """A box that was ticked without a name beside it does not silently do nothing."""
    lab.ask()

    assert lab.ci("plan", SOVEREIGN_FORCE="true")[0] == 2
    assert "name the goal" in capsys.readouterr().err


def test_an_engine_that_is_none_is_told_and_takes_no_batch_with_it(lab: Lab, tmp_path: Path) -> None:
    """The variable says "nim": each leg says so, and the writer still tells the owner."""
    lab.ask()
    wrong = UsageError("engine: expected local or model, got 'nim'")

    assert failing(lab, tmp_path, "results", {"sparse-experts": wrong}, SOVEREIGN_ENGINE="nim") == 0
    assert "expected local or model" in lab.hub.open_issues()[0]["body"]


def test_a_branch_whose_edits_were_merged_is_free_again(lab: Lab) -> None:
    """The owner edits the draft, squashes it into the main branch and leaves the branch: the next draft takes it, nothing is lost."""
    lab.land(escalated(lab.ask()))
    git(lab.home, "fetch", "-q", "origin")
    git(lab.home, "checkout", "-q", "-B", "edits", "origin/report/sparse-experts")
    page = lab.home / "site" / "reports" / "sparse-experts" / "v1" / "index.md"
    page.write_text(page.read_text() + "\nMine.\n")
    git(lab.home, "commit", "-q", "-am", "My words")
    git(lab.home, "push", "-q", "origin", "edits:report/sparse-experts")
    git(lab.home, "checkout", "-q", "main")
    lab.hub.merge(1, "squash")
    changed = lab.ask(question="How efficient are sparse experts on short texts?")

    code, _ = lab.land(escalated(changed))

    assert code == 0
    assert [pull["title"] for pull in lab.hub.open_pulls()] == ["Report: How efficient are sparse experts on short texts?"]


def test_a_report_that_was_taken_off_is_not_put_back_by_itself(lab: Lab) -> None:
    """Its owner reverts what the policy published: the same question comes as a pull request, and rests once that is closed."""
    goal = lab.ask()
    lab.land(approved(goal))
    git(lab.home, "pull", "-q", "origin", "main")
    git(lab.home, "revert", "--no-edit", "HEAD")
    git(lab.home, "push", "-q", "origin", "main")

    code, told = lab.land(approved(goal))
    (pull,) = lab.hub.open_pulls()
    lab.hub.close(pull["number"])
    rests = lab.plan()
    changed = lab.ask(question="How efficient are sparse experts on short texts?")
    lab.land(approved(changed))

    assert (code, told["published"]) == (0, "false")
    assert "taken off the main branch" in pull["body"]
    assert rests == []
    assert "site/reports/sparse-experts/v1/record.json" in lab.files()


def test_a_draft_whose_pull_request_failed_is_opened_and_checked_later(lab: Lab) -> None:
    """The setting was off, the branch is there: once it is on, the next run opens the pull request and starts its check."""
    goal = lab.ask()
    lab.hub.may_open_pulls = False
    first, _ = lab.land(escalated(goal))
    lab.hub.may_open_pulls = True
    second, _ = lab.land(escalated(goal))

    assert (first, second) == (4, 0)
    assert len(lab.hub.open_pulls()) == 1
    assert lab.hub.dispatched == [("check.yml", "report/sparse-experts")]


def test_what_is_missing_of_fifty_reports_fits_into_a_variable() -> None:
    """Linux gives one variable 128 KiB, the batch is lost above it; no report's doubts become none."""
    long = tuple(f"{'ö' * 200} {number}: 3 passages could not be looked for: {'é' * 400}" for number in range(quotes.MAX_TOLD))
    found = {f"goal-{number}": quotes.Looked("a" * 64, 1, long if number % 2 else ()) for number in range(50)}

    text = quotes.to_json(found)
    again = quotes.from_json(text)

    assert len(text.encode()) < 128 * 1024 - 1000
    assert {slug for slug, item in again.items() if item.doubts} == {slug for slug, item in found.items() if item.doubts}
    assert quotes.from_json(quotes.to_json({"one": found["goal-1"]})) == {"one": found["goal-1"]}


def test_a_recheck_without_time_hands_on_what_it_found(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no time for all, each report has its turn, and how many were not looked at is said."""
    lab.land(*(approved(lab.ask(slug)) for slug in ("a-first", "b-second", "c-third")))
    looked: list[list[str]] = []

    def online(item: Audited, *_: object) -> Audited:
        looked[-1].append(item.slug)
        return item

    lab.patch.setattr("sovereign.desk.audit.online", online)
    lab.patch.setattr("sovereign.adapters.onnx_verifier.OnnxVerifier", lambda: lab.weights)
    lab.patch.chdir(lab.checkout())
    for turn in (0, 1, 3):
        looked.append([])
        items = list(rechecked(turn, lambda: len(looked[-1]) < 2))
        assert [item.slug for item in items] == looked[-1]

    assert looked == [["a-first", "b-second"], ["b-second", "c-third"], ["c-third", "a-first"]]
    lab.patch.setattr("sovereign.cli.ci_upkeep.AUDIT_S", -1.0)
    code, _ = lab.ci("audit")
    assert code == 0
    assert "3 reports left for the weeks to come" in capsys.readouterr().out
