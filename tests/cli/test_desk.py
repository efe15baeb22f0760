"""`sovereign audit`, `doctor` and the steps of the weekly check, as they are called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sovereign.cli import main
from sovereign.desk.audit import Defect
from sovereign.desk.derive import Wrong
from standins.github import TOKEN, GitHubStandIn
from tests.desk.lab import Lab, approved


@pytest.fixture
def desk(tmp_path: Path, hub: GitHubStandIn, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """Give a desk with one published report, and work in a clone of it."""
    lab = Lab.build(tmp_path, hub, monkeypatch)
    lab.land(approved(lab.ask()))
    monkeypatch.chdir(lab.checkout())
    return lab


def test_audit_of_a_sound_desk(desk: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    """All reports by themselves, one by its slug or its folder; nothing is found."""
    assert desk.hub is not None
    capsys.readouterr()
    for words in ([], ["sparse-experts"], ["site/reports/sparse-experts"]):
        assert main(["audit", "--strict", *words]) == 0
        told = capsys.readouterr()
        assert (told.out, "1 version checked offline, 0 findings" in told.err) == ("", True)


def test_audit_finds_and_says_so(desk: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    """A damaged record is told of in words and as JSON, and fails where it is asked to."""
    path = Path("site/reports/sparse-experts/v1/record.json")
    path.write_text(path.read_text().replace("ESCALATE_TO_OWNER", "AUTO_APPROVE").replace('"passed": true', '"passed": false'))
    capsys.readouterr()

    assert main(["audit"]) == 0
    assert "sparse-experts v1" in capsys.readouterr().out
    assert main(["audit", "--json", "--strict"]) == 10
    (finding,) = json.loads(capsys.readouterr().out)
    assert (finding["slug"], finding["version"]) == ("sparse-experts", 1)
    assert desk.jobs


def test_audit_of_what_is_not_there(desk: Lab) -> None:
    """A name that is no report is a mistake of the caller's."""
    assert desk.jobs
    assert main(["audit", "missing"]) == 2
    assert main(["audit", "../../etc"]) == 2


def test_findings_become_a_pull_request(desk: Lab) -> None:
    """What the job without rights found, the job with rights proposes; a link in its place is refused."""
    folder = desk.root / "findings"
    folder.mkdir()
    finding = Defect("sparse-experts", 1, Wrong.WITHDRAWN, "arxiv:2401.00001v2", "withdrawn by the authors")
    (folder / "findings.json").write_text(json.dumps([{**{name: getattr(finding, name) for name in Defect.__slots__}}]))

    assert desk.ci("mark", "--results", str(folder))[0] == 0
    assert desk.ci("mark", "--results", str(folder))[0] == 0
    assert [pull["branch"] for pull in desk.hub.open_pulls()] == ["recheck/sparse-experts"]
    (folder / "findings.json").rename(folder / "other")
    (folder / "findings.json").symlink_to(folder / "other")
    assert desk.ci("mark", "--results", str(folder))[0] == 2


def test_doctor_looks_at_github(desk: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With a token the settings are asked for, and what is missing comes with the place to click."""
    desk.hub.settings = {
        "": {"full_name": "lab/desk", "has_issues": True},
        "/actions/permissions": {"enabled": True},
        "/actions/permissions/workflow": {"can_approve_pull_request_reviews": False, "default_workflow_permissions": "read"},
    }
    for name, value in (("GITHUB_TOKEN", TOKEN), ("GITHUB_REPOSITORY", "lab/desk"), ("GITHUB_API_URL", desk.hub.api_url)):
        monkeypatch.setenv(name, value)
    capsys.readouterr()

    code = main(["doctor", "--json"])

    found = {item["what"]: item for item in json.loads(capsys.readouterr().out)}
    assert code == 2
    assert (found["repository"]["health"], found["repository"]["seen"]) == ("ok", "lab/desk")
    assert found["pull requests by Actions"]["health"] == "missing"
    assert found["Pages"]["todo"].startswith("Settings → Pages")
    assert found["mkdocs.yml"]["health"] == "missing"


def test_steps_outside_a_job_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Called by hand without the variables of a job, a step says which ones it needs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)

    assert main(["ci", "plan"]) == 2
    assert "GITHUB_REPOSITORY" in capsys.readouterr().err
    assert main(["ci", "commit", "--plan", "[]"]) == 2
    assert main(["ci", "retrieve", "--plan", "{"]) == 2
    assert main(["ci", "retrieve", "--plan", "[]", "--date", "tomorrow"]) == 0
