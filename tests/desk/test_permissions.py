"""Every request that a job makes, held against the rights that its workflow gives it; act enforces none, and GitHub does.

Which right a request takes stands with each endpoint at https://docs.github.com/rest, and in
https://docs.github.com/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sovereign.adapters.github import GitHub
from sovereign.adapters.github_people import merged
from sovereign.desk import results
from sovereign.errors import OutsideError, UsageError
from standins.github import TOKEN
from tests.conftest import ROOT
from tests.desk.lab import Lab, approved, escalated

# The first that matches counts; any one of the rights is enough, and no right is needed where there is none.
NEEDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("GET", r"", ()),
    ("GET", r"collaborators/[^/]+/permission", ()),
    ("GET", r"issues/\d+/comments", ("issues", "pull-requests")),
    ("POST", r"issues/\d+/(comments|labels)", ("issues", "pull-requests")),
    ("POST", r"labels", ("issues", "pull-requests")),
    ("POST", r"issues/comments/\d+/reactions", ("issues",)),
    ("GET", r"commits/[0-9a-f]+/pulls", ("pull-requests",)),
    ("POST", r"actions/workflows/[^/]+/dispatches", ("actions",)),
    ("PUT", r"actions/workflows/[^/]+/enable", ("actions",)),
    ("ANY", r"pulls(/.*)?", ("pull-requests",)),
    ("ANY", r"issues(/.*)?", ("issues",)),
    ("ANY", r"git/.*", ("contents",)),
    ("ANY", r"pages", ("pages",)),
    ("ANY", r"attestations/.*", ("attestations",)),
)


def given(command: str) -> list[tuple[str, dict[str, str]]]:
    """Give the rights of every job that runs a command, by the job's name."""
    found = []
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
        for name, job in yaml.safe_load(path.read_text())["jobs"].items():
            steps = [step for step in job.get("steps", ()) if "GITHUB_TOKEN" in step.get("env", {})]
            if any(re.search(rf"{command}\b", step.get("run", "")) for step in steps):
                found.append((f"{path.stem}/{name}", job["permissions"]))
    return found


def lacking(asked: list[tuple[str, str, Any]], rights: dict[str, str]) -> list[str]:
    """Give the requests for which a job has no right."""
    found = []
    for method, whole, _ in asked:
        path = whole.removeprefix("/repos/lab/desk").lstrip("/")
        needed = next(names for how, pattern, names in NEEDS if how in {method, "ANY"} and re.fullmatch(pattern, path))
        enough = {"write"} if method != "GET" else {"read", "write"}
        if needed and not any(rights.get(name) in enough for name in needed):
            found.append(f"{method} {path}: {' or '.join(needed)}")
    return found


def busy(lab: Lab, tmp_path: Path) -> dict[str, list[tuple[str, str, Any]]]:
    """Let every step do all that it can; give the requests that each made."""
    asked: dict[str, list[tuple[str, str, Any]]] = {}

    def run(command: str, *words: str, **environ: str) -> None:
        before = len(lab.hub.asked)
        lab.ci(command, *words, **environ)
        asked.setdefault(f"sovereign ci {command}", []).extend(lab.hub.asked[before:])

    goals = {slug: lab.ask(slug, reviewers=("stranger",)) for slug in ("published", "drafted", "broken", "away")}
    run("plan")
    lab.plan()
    folder = lab.hand_over(approved(goals["published"]), escalated(goals["drafted"]))
    results.write(results.place(folder, "broken"), "broken", UsageError("no"))
    results.write(results.place(folder, "away"), "away", OutsideError("429"))
    run("commit", "--results", str(folder), SOVEREIGN_PLAN=lab.plans["last"])
    number = lab.hub.open_pulls()[0]["number"]
    for text, line in (("/help", False), ("/help", True)):
        lab.hub.review(number, "owner", text, line=line)
    lab.hub.say(number, "owner", "/revise look at memory")
    run("plan")
    run("answer")
    run("board", SOVEREIGN_PLAN="[]")
    board = next(issue for issue in lab.hub.open_issues() if issue["labels"] == ["dashboard"])
    board["body"] = board["body"].replace("- [ ] <!-- sovereign:tick close", "- [x] <!-- sovereign:tick close")
    lab.hub.issues[900] = {**board, "number": 900}
    run("board", SOVEREIGN_PLAN="[]")
    lab.land(approved(goals["broken"]), approved(goals["away"]))
    found = tmp_path / "findings"
    found.mkdir()
    kind = "a paper was withdrawn or retracted"
    (found / "findings.json").write_text(f'[{{"slug": "published", "version": 1, "kind": "{kind}", "subject": "x", "detail": "y"}}]')
    run("mark", "--results", str(found))
    lab.hub.settings[""] = {"private": False}
    run("pages")
    run("unproved")
    before = len(lab.hub.asked)
    lab.hub.merge(lab.hub.open_pulls()[0]["number"])
    with GitHub("lab/desk", TOKEN, api_url=lab.hub.api_url) as api:
        assert merged(api, next(iter(lab.hub.brought)))
    asked["sovereign site build"] = lab.hub.asked[before:]
    return asked


def test_every_job_has_the_rights_that_its_requests_take(lab: Lab, tmp_path: Path) -> None:
    """No step asks for what its job may not; a step that is run by no job, or asks nothing, would be a fault of this test."""
    asked = busy(lab, tmp_path)

    assert all(asked.values())
    assert {name: given(name) for name in asked if not given(name)} == {}
    assert {(name, job): lacks for name in asked for job, rights in given(name) if (lacks := lacking(asked[name], rights))} == {}
    ((_, rights),) = given("sovereign ci commit")
    for right in ("issues", "pull-requests", "actions"):
        fewer = {name: level for name, level in rights.items() if name != right}
        assert lacking(asked["sovereign ci commit"], fewer), f"without {right} nothing is missed: this test cannot fail"


def test_who_pushes_may_write_and_nobody_else() -> None:
    """Rights over the repository's content are the writers' alone, and what is called gets no more than its caller has."""
    writers = set()
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
        told = yaml.safe_load(path.read_text())
        assert told["permissions"] == {}, path.name
        for name, job in told["jobs"].items():
            if job["permissions"].get("contents") == "write":
                writers.add(f"{path.stem}/{name}")
            if "uses" in job:
                called = yaml.safe_load((ROOT / job["uses"]).read_text())["jobs"].values()
                wanted = {(name, level) for each in called for name, level in each["permissions"].items()}
                assert all(job["permissions"].get(name) in {level, "write"} for name, level in wanted)

    assert writers == {"research/commit", "recheck/mark", "release/draft"}


@pytest.mark.parametrize(("workflow", "job"), [("schedule", "wake"), ("research", "wake")])
def test_what_curl_asks_for_is_allowed(workflow: str, job: str) -> None:
    """The steps without the program start and enable workflows, and may do nothing else."""
    told = yaml.safe_load((ROOT / ".github" / "workflows" / f"{workflow}.yml").read_text())["jobs"][job]
    paths = re.findall(r"\$GITHUB_REPOSITORY/([^\"]+)\"", "".join(step["run"] for step in told["steps"]))

    assert paths
    assert all(re.fullmatch(r"actions/workflows/[^/]+/(dispatches|enable)", path) for path in paths)
    assert told["permissions"] == {"actions": "write"}
