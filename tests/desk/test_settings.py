"""The settings that a desk needs at GitHub: seen, set, and left alone when they are right; and what it installs there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import PathDistribution
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml

from sovereign.adapters.github import GitHub
from sovereign.cli import main
from sovereign.desk import doctor, installation, settings, wheel
from sovereign.desk.doctor import Health
from sovereign.errors import UsageError
from standins.github import ADMIN_TOKEN, TOKEN, GitHubStandIn
from tests.conftest import ROOT
from tests.desk.lab import Lab

NEW = {
    "": {"full_name": "lab/desk", "has_issues": False, "default_branch": "main", "private": False},
    "actions/permissions": {"enabled": True, "allowed_actions": "all"},
    "actions/permissions/workflow": {"can_approve_pull_request_reviews": False, "default_workflow_permissions": "read"},
}


@pytest.fixture
def fresh(hub: GitHubStandIn, monkeypatch: pytest.MonkeyPatch) -> GitHubStandIn:
    """Give a repository as GitHub makes it, but for a workflow that was switched off; the environment names it and an administrator."""
    hub.settings = {path: dict(told) for path, told in NEW.items()}
    hub.workflows = dict.fromkeys(settings.WORKFLOWS, "active") | {"schedule.yml": "disabled_inactivity"}
    told = {
        "GITHUB_TOKEN": ADMIN_TOKEN,
        "GITHUB_REPOSITORY": "lab/desk",
        "GITHUB_API_URL": hub.api_url,
        "SOVEREIGN_CONTACT": "us@lab.example",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return hub


def written(hub: GitHubStandIn) -> list[tuple[str, str, Any]]:
    """Give the requests that change something."""
    return [asked for asked in hub.asked if asked[0] != "GET"]


def test_fix_sets_what_is_missing_and_nothing_the_second_time(
    fresh: GitHubStandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each change is shown before it is made; what is right is left alone."""
    main(["doctor", str(tmp_path), "--fix"])
    first, said = written(fresh), capsys.readouterr().out
    main(["doctor", str(tmp_path), "--fix"])

    paths = [path.removeprefix("/repos/lab/desk").lstrip("/") for _, path, _ in first]
    assert {"pages", "actions/permissions/workflow", "environments/research", "actions/variables", "labels"} <= set(paths)
    assert fresh.settings["actions/permissions/workflow"]["can_approve_pull_request_reviews"] is True
    assert fresh.settings[""]["has_issues"] is True
    assert fresh.site is not None
    assert fresh.workflows["schedule.yml"] == "active"
    assert said.index("change    Pages: not set up → built by Actions") < said.index("done      Pages")
    assert written(fresh) == first
    assert "nothing to set" in capsys.readouterr().out
    assert fresh.wrong == []


def test_a_jobs_token_may_set_nothing_and_says_so(
    fresh: GitHubStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each refusal is told by its name, and the desk is still said not to run."""
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)

    code = main(["doctor", str(tmp_path), "--fix"])

    said = capsys.readouterr().out
    assert code == 2
    assert "refused   Pages: GitHub answers 403" in said
    assert "missing   Pages: not set up" in said
    assert fresh.site is None


def test_fix_without_a_token_is_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is guessed where there is nobody to ask."""
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)

    assert main(["doctor", str(tmp_path), "--fix"]) == 2


@pytest.mark.parametrize(
    ("path", "told", "what", "health"),
    [
        pytest.param("", {"default_branch": "trunk"}, "default branch", Health.MISSING, id="branch"),
        pytest.param("", {"default_branch": "master"}, "default branch", Health.OPTIONAL, id="nothing was pushed yet"),
        pytest.param(
            "environments/github-pages",
            {"deployment_branch_policy": {"protected_branches": True, "custom_branch_policies": False}},
            "environment github-pages",
            Health.MISSING,
            id="protected branches alone",
        ),
        pytest.param(
            "environments/research",
            {"protection_rules": [{"type": "required_reviewers"}]},
            "environment research",
            Health.OPTIONAL,
            id="somebody lets each job run",
        ),
        pytest.param("", {"archived": True}, "repository", Health.MISSING, id="archived"),
        pytest.param("actions/permissions", {"enabled": False}, "Actions", Health.MISSING, id="Actions off"),
        pytest.param(
            "actions/permissions", {"enabled": True, "allowed_actions": "local_only"}, "Actions", Health.MISSING, id="own actions alone"
        ),
        pytest.param("pages", {"build_type": "legacy"}, "Pages", Health.MISSING, id="Pages from a branch"),
        pytest.param("actions/variables/SOVEREIGN_ENGINE", {"value": "nim"}, "variable SOVEREIGN_ENGINE", Health.MISSING, id="engine"),
        pytest.param("actions/variables/SOVEREIGN_ENGINE", {"value": "Model"}, "variable SOVEREIGN_ENGINE", Health.GOOD, id="engine, good"),
        pytest.param("codeowners/errors", {"errors": [{"line": 1}]}, "CODEOWNERS", Health.MISSING, id="owners"),
        pytest.param(
            "actions/workflows?per_page=100",
            {"workflows": [{"id": 1, "path": ".github/workflows/check.yml", "state": "active"}]},
            "workflows",
            Health.MISSING,
            id="workflows that are not there",
        ),
        pytest.param(
            "rules/branches/main",
            {"items": [{"type": "required_signatures"}, {"type": "merge_queue"}]},
            "rulesets",
            Health.GOOD,
            id="rules",
        ),
        pytest.param("actions/secrets", {"secrets": [{"name": "OPENALEX_API_KEY"}]}, "secret OPENALEX_API_KEY", Health.GOOD, id="secret"),
    ],
)
def test_doctor_looks_at(path: str, told: Mapping[str, Any], what: str, health: Health) -> None:
    """Each setting that can keep a desk from running is looked at."""
    known: dict[str, Mapping[str, Any]] = {**NEW, "actions/secrets": {"secrets": []}, "branches/trunk": {}}
    if "environments" in path:
        known["branches/main"] = {"protected": False}
    known[path] = {**known.get(path, {}), **told}

    found = [item.health for item in doctor.repository(lambda asked: known.get(asked, 404)) if item.what == what]

    assert health in found


PUSHED: dict[str, dict[str, Any]] = {"branches/main": {"protected": False}, "branches/master": {"protected": False}}


@pytest.mark.parametrize(
    ("branches", "sent"),
    [
        pytest.param([], [], id="nothing was pushed"),
        pytest.param(["branches/master"], [("POST", "branches/master/rename")], id="master alone"),
        pytest.param(["branches/master", "branches/main"], [("PATCH", "")], id="both"),
    ],
)
def test_the_default_branch_of_every_repository(branches: list[str], sent: list[tuple[str, str]]) -> None:
    """A new repository names a branch that is not there yet; one that has both is told which; else it is renamed."""
    known = {**NEW, "": {**NEW[""], "default_branch": "master"}, **{path: PUSHED[path] for path in branches}}

    found = settings.changes(lambda path: known.get(path, 404))

    assert [(change.method, change.path) for change in found if change.what == "default branch"] == sent


@pytest.mark.parametrize(("names", "is_added"), [(["master"], True), ([], True), (["main"], False), (["ma*", "x"], False)])
def test_the_main_branch_may_deploy(fresh: GitHubStandIn, tmp_path: Path, names: list[str], *, is_added: bool) -> None:
    """GitHub made the environment of Pages for the default branch of its day; renamed since, no deployment is taken from it."""
    fresh.settings["environments/github-pages"] = {
        "name": "github-pages",
        "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
    }
    fresh.settings["environments/github-pages/deployment-branch-policies"] = {
        "total_count": len(names),
        "branch_policies": [{"id": number, "name": name} for number, name in enumerate(names)],
    }
    main(["doctor", str(tmp_path), "--fix"])
    main(["doctor", str(tmp_path), "--fix"])

    added = [given for _, path, given in written(fresh) if path.endswith("deployment-branch-policies")]
    assert added == ([{"name": "main"}] if is_added else [])
    assert fresh.wrong == []


@pytest.mark.parametrize(
    ("runner", "private", "policy", "is_set"),
    [
        pytest.param(True, False, "first_time_contributors", True, id="a runner of one's own"),
        pytest.param(True, False, "all_external_contributors", False, id="set already"),
        pytest.param(False, False, "first_time_contributors", False, id="GitHub's machines"),
        pytest.param(True, True, "first_time_contributors", False, id="private"),
    ],
)
def test_strangers_workflows_wait_where_a_machine_is_ones_own(
    fresh: GitHubStandIn, tmp_path: Path, policy: str, *, runner: bool, private: bool, is_set: bool
) -> None:
    """A fork's pull request may name any runner in a workflow of its own; with one registered, each waits for its owner."""
    path = "actions/permissions/fork-pr-contributor-approval"
    fresh.settings[""]["private"] = private
    fresh.settings[path] = {"approval_policy": policy}
    if runner:
        stamps = dict.fromkeys(("created_at", "updated_at"), "2026-01-15T12:00:00Z")
        fresh.settings["actions/variables/SOVEREIGN_RUNNER"] = {
            "name": "SOVEREIGN_RUNNER",
            "value": "desk",
            **stamps,
        }
    main(["doctor", str(tmp_path), "--fix"])

    sent = [given for _, asked, given in written(fresh) if asked.endswith(path)]
    assert sent == ([{"approval_policy": "all_external_contributors"}] if is_set else [])
    assert fresh.wrong == []


def test_private_repository_on_the_free_plan(lab: Lab) -> None:
    """Without Pages and environments the desk runs; nothing is called missing that no plan of its owner has, and no job fails."""
    lab.hub.settings[""] = {"private": True}
    lab.push({"goals/.keep": ""})

    code, told = lab.ci("pages")

    found = doctor.repository(lambda path: {**NEW[""], "has_issues": True, "private": True} if path == "" else 404)
    assert (code, told["pages"]) == (0, "false")
    assert "paid plans" in told["summary"]
    assert next(item.health for item in found if item.what == "Pages") is Health.OPTIONAL
    assert not [item for item in found if item.what in {"Pages", "environment research"} and item.health is Health.MISSING]


def test_public_repository_without_pages_fails_with_the_command(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    """A job's own token cannot make the site, so the message is for the owner."""
    lab.hub.settings[""] = {"private": False}

    code, told = lab.ci("pages")

    assert (code, told["pages"]) == (4, "false")
    assert "gh api -X POST repos/lab/desk/pages -f build_type=workflow" in capsys.readouterr().err
    with GitHub("lab/desk", TOKEN, api_url=lab.hub.api_url) as api:
        assert api.ask("POST", "pages", {"build_type": "workflow"}) == 403


# --- What a desk installs ---


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a new desk."""
    folder = tmp_path_factory.mktemp("new") / "lab"
    assert main(["init", str(folder), "--owner", "octo-cat"]) == 0
    return folder


def test_a_desk_holds_what_made_it(desk: Path) -> None:
    """Every line is pinned by hash; the program is the desk's own file, and no index is asked for its name."""
    text = (desk / "requirements.txt").read_text()
    ours = [line for line in text.splitlines() if "sovereign" in line]
    path, pin = ours[0].split(" --hash=sha256:")

    assert len(ours) == 1
    assert path == f"./vendor/{wheel.name()}"
    assert sha256((desk / path).read_bytes()).hexdigest() == pin
    assert text.startswith((ROOT / "requirements" / "constraints.txt").read_text().rstrip("\n"))
    assert installation.looked(desk).health is Health.GOOD
    assert (desk / "site" / "schemas" / "goal.schema.json").is_file()


def test_the_wheel_is_whole() -> None:
    """What is in it is what runs here, file for file, with a record that says so."""
    with zipfile.ZipFile(BytesIO(wheel.built())) as archive:
        names = archive.namelist()
        record = archive.read(next(name for name in names if name.endswith("RECORD"))).decode()
        code = archive.read("sovereign/desk/wheel.py")

    assert code == (ROOT / "sovereign" / "desk" / "wheel.py").read_bytes()
    assert "sovereign/desk/template/github/workflows/research.yml" in names
    assert {line.split(",")[0] for line in record.splitlines()} == set(names)
    assert not [name for name in names if "__pycache__" in name]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("sovereign-desk==0.1.0\n", "anybody may register", id="a name on no index"),
        pytest.param("httpx==0.28.1 --hash=sha256:" + "0" * 64 + "\n", "names no sovereign-desk", id="without the program"),
        pytest.param("./vendor/sovereign_desk-9-py3-none-any.whl --hash=sha256:" + "0" * 64 + "\n", "not in the desk", id="no wheel"),
        pytest.param(
            f"./vendor/{wheel.name()} --hash=sha256:{'0' * 64}\nx==1\n",
            "another file than requirements.txt pins; x==1: not pinned",
            id="hash",
        ),
    ],
)
def test_doctor_sees_what_cannot_be_trusted(tmp_path: Path, text: str, said: str) -> None:
    """What anybody could replace is missing, and the desk cannot run."""
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / wheel.name()).write_bytes(b"x")
    (tmp_path / "requirements.txt").write_text(text)

    found = installation.looked(tmp_path)

    assert found.health is Health.MISSING
    assert said in found.seen


def test_this_repository_is_a_desk_too() -> None:
    """A fork of it runs the same workflows, and installs itself."""
    assert installation.looked(ROOT).health is Health.GOOD
    assert yaml.safe_load((ROOT / ".github" / "actions" / "setup" / "action.yml").read_text())["runs"]["steps"][1]["run"] == "make install"
    assert list((ROOT / "goals").glob("*.yaml"))


@pytest.mark.parametrize("name", ["METADATA", "PKG-INFO"])
def test_the_wheel_says_what_it_is(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run from a checkout, what an installer reads lies in a folder that names it otherwise; without it no pip takes the wheel."""
    (tmp_path / name).write_text("Metadata-Version: 2.4\nName: sovereign-desk\nVersion: 0.1.0\n")
    monkeypatch.setattr(wheel, "distribution", lambda _: PathDistribution(tmp_path))
    made = wheel.built.__wrapped__()
    with zipfile.ZipFile(BytesIO(made)) as archive:
        (about,) = (archive.read(path) for path in archive.namelist() if path.endswith(".dist-info/METADATA"))

    assert b"Version: 0.1.0" in about
    (tmp_path / name).unlink()
    with pytest.raises(UsageError, match="expected its metadata"):
        wheel.built.__wrapped__()


@pytest.mark.slow
def test_a_stranger_installs_a_new_desk(desk: Path, tmp_path: Path) -> None:
    """The commands of the setup action, as it writes them, in a new environment; then the desk's own program works in it."""
    action = yaml.safe_load((desk / ".github" / "actions" / "setup" / "action.yml").read_text())
    commands = action["runs"]["steps"][1]["run"]
    environ = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    kept = {name: value for name, value in os.environ.items() if re.match(r"(PIP_|UV_|SSL_|HTTPS?_PROXY|NO_PROXY)", name)}
    done = subprocess.run(["bash", "-e", "-c", commands], cwd=desk, env=environ | kept, capture_output=True, text=True, check=False)
    if done.returncode and re.search(r"connection|resolve|No matching distribution|No such file", done.stderr, re.IGNORECASE):
        pytest.skip(f"pip finds no index here: {done.stderr.splitlines()[-1]}")

    assert done.returncode == 0, done.stderr
    program = desk / ".venv" / "bin" / "sovereign"
    version = subprocess.run([program, "--version"], cwd=desk, env=environ, capture_output=True, text=True, check=True)
    checked = subprocess.run([program, "check"], cwd=desk, env=environ, capture_output=True, text=True, check=False)
    built = subprocess.run([program, "site", "build"], cwd=desk, env=environ, capture_output=True, text=True, check=False)
    assert "0.1.0" in version.stdout
    assert checked.returncode == 0, checked.stderr
    assert built.returncode == 0, built.stderr
    assert installation.resolved(desk).health is Health.GOOD


@pytest.mark.parametrize("url", ["https://lab.github.io/desk", "https://www.lab.example/"])
def test_the_site_knows_where_it_stands(desk: Path, tmp_path: Path, url: str) -> None:
    """Under /REPO/ and under a domain of its own: 404 page, sitemap, canonical links, feed; its address goes before a fork's settings."""
    settings_file = desk / "mkdocs.yml"
    before = settings_file.read_text()
    settings_file.write_text(before + "site_url: https://somebody.else.example/\n")
    try:
        assert main(["site", "build", "--root", str(desk), "--out", str(tmp_path / "site"), "--url", url]) == 0
    finally:
        settings_file.write_text(before)

    home = url.rstrip("/") + "/"
    texts = {name: (tmp_path / "site" / name).read_text() for name in ("index.html", "404.html", "sitemap.xml", "feed.xml")}
    assert f'<link rel="canonical" href="{home}">' in texts["index.html"]
    assert f'href="{"/desk/" if "github" in url else "/"}reports/"' in texts["404.html"]
    assert f"<loc>{home}</loc>" in texts["sitemap.xml"]
    assert f"<id>{home}</id>" in texts["feed.xml"]
    assert "somebody.else" not in "".join(texts.values())


@pytest.mark.parametrize("url", ["javascript:alert(1)", "lab.github.io", "https://", "https://a.example/?x=1"])
def test_an_address_that_is_none_is_refused(desk: Path, tmp_path: Path, url: str) -> None:
    """It would stand in every page's head."""
    assert main(["site", "build", "--root", str(desk), "--out", str(tmp_path / "site"), "--url", url]) == 2
