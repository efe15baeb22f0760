"""`sovereign run` and `sovereign demo`: exit codes, messages, and that nothing half-written is left."""

from __future__ import annotations

import json
import shutil
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from sovereign.cli import main
from tests.conftest import ROOT

SHELF = ROOT / "sovereign" / "demo"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty desk with the example's goal and papers, as the working directory."""
    (tmp_path / "goals").mkdir()
    shutil.copyfile(SHELF / "paper-boats.yaml", tmp_path / "goals" / "paper-boats.yaml")
    shutil.copytree(SHELF / "papers", tmp_path / "papers")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> int:
    """Run the example's goal quietly on a fixed day."""
    return main(["run", "paper-boats", "--date", "2026-01-02", "--no-pdf", "--quiet", *words])


def test_a_run_writes_a_report_and_says_where(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The page's path and the counts line go to stdout; a second run changes nothing."""
    assert run("--papers", "papers") == 0
    first = capsys.readouterr()
    files = {path: path.read_bytes() for path in (desk / "site").rglob("*") if path.is_file()}

    assert run("--papers", "papers") == 0
    again = {path: path.read_bytes() for path in (desk / "site").rglob("*") if path.is_file()}

    page, _, question, *_, line = first.out.splitlines()
    assert page == "site/reports/paper-boats/v1/index.md"
    assert question.startswith("Does coating a paper boat with wax")
    assert "It waits for its owner, because" in first.out
    assert "next: sovereign site serve" in first.out
    assert " papers retrieved. " in line
    assert "Policy: ESCALATE_TO_OWNER" in line
    assert first.err == ""
    assert again == files


def test_a_model_that_was_asked_for_and_has_no_key_is_told(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the terminal, though progress is not wanted; the report stands all the same."""
    monkeypatch.delenv("NVIDIA_API_KEY", raising=False)

    assert run("--papers", "papers", "--engine", "model") == 0

    said = capsys.readouterr().err
    assert said.startswith("WARNING paper-boats: a language model was asked for, and the local engine judged: ")
    assert "NVIDIA_API_KEY, which is empty" in said


def test_offline_no_run_becomes_another_engines(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A model on another machine of which nothing is kept, and one on this machine that is not there: both stop with a word."""
    assert run("--papers", "papers", "--engine", "model", "--offline") == 3
    hosted = capsys.readouterr()
    (desk / "pyproject.toml").write_text('[tool.sovereign.models.here]\nbase_url = "http://127.0.0.1:9/v1"\nattempts = 1\nwait_s = 0.0\n')
    assert run("--papers", "papers", "--engine", "model", "--model", "here:some/model", "--offline") == 3
    here = capsys.readouterr()

    assert "offline, and no answer" in hosted.err
    assert "no connection to 127.0.0.1" in here.err
    assert (hosted.out, here.out) == ("", "")
    assert not (desk / "site").exists()


def test_json_is_one_object(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A program may read it."""
    assert run("--papers", "papers", "--json") == 0
    facts = json.loads(capsys.readouterr().out)

    assert facts["slug"] == "paper-boats"
    assert facts["decision"] == "ESCALATE_TO_OWNER"
    assert facts["reasons"]


def test_strict_tells_a_held_report_by_its_exit_code(desk: Path) -> None:
    """10 means: written, and held for the owner."""
    assert run("--papers", "papers", "--strict") == 10
    assert (desk / "site" / "reports" / "paper-boats" / "v1" / "record.json").is_file()


def test_progress_is_plain_lines_without_a_terminal(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Stages go to stderr, the event log below .sovereign, timings with --verbose."""
    assert main(["run", "paper-boats", "--papers", "papers", "--no-pdf", "--verbose"]) == 0
    told = capsys.readouterr().err
    (log,) = (desk / ".sovereign" / "runs").glob("*.jsonl")
    events = [json.loads(line) for line in log.read_text("utf-8").splitlines()]

    assert "* search: " in told
    assert {"plan", "search", "read", "claims", "verify", "tribunal", "policy", "report"} <= {event["stage"] for event in events}


def _empty(desk: Path) -> list[str]:
    (desk / "none").mkdir()
    return ["--papers", "none"]


def _missing(_: Path) -> list[str]:
    return ["--papers", "nowhere"]


def _climbing(desk: Path) -> list[str]:
    (desk / "bad").mkdir()
    with tarfile.open(desk / "bad" / "paper.tar.gz", "w:gz") as archive:
        inside = tarfile.TarInfo("../outside.tex")
        inside.size = 5
        archive.addfile(inside, BytesIO(b"hello"))
    return ["--papers", "bad"]


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        pytest.param(_empty, "no paper in none", id="an empty folder"),
        pytest.param(_missing, "expected a folder of papers, got nowhere", id="no folder"),
        pytest.param(_climbing, "paper.tar.gz", id="an archive that climbs out"),
    ],
)
def test_a_folder_without_papers_is_explained(desk: Path, capsys: pytest.CaptureFixture[str], prepare: object, words: str) -> None:
    """What was expected, what came, the next step; nothing is written."""
    assert callable(prepare)
    code = run(*prepare(desk))
    told = capsys.readouterr()

    assert code == 2
    assert words in told.err
    assert "TIP" in told.err
    assert "Traceback" not in told.err
    assert not (desk / "site").exists()


def test_one_bad_paper_among_good_ones_is_a_gap(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The others are read, and the report says what was not."""
    (desk / "papers" / "broken.pdf").write_bytes(b"%PDF-1.7 and then nothing")

    assert run("--papers", "papers") == 0
    page = (desk / "site" / "reports" / "paper-boats" / "v1" / "index.md").read_text("utf-8")

    assert "broken.pdf" in page
    assert ", 0 gaps" not in capsys.readouterr().out


def test_an_unreadable_paper_alone_is_a_report_that_says_so(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No claim, no invented source, the reason under Uncertainties, and the owner is asked."""
    (desk / "bad").mkdir()
    (desk / "bad" / "broken.pdf").write_bytes(b"%PDF-1.7 and then nothing")

    assert run("--papers", "bad") == 0
    page = (desk / "site" / "reports" / "paper-boats" / "v1" / "index.md").read_text("utf-8")
    assert "broken.pdf: cannot be read" in page
    assert "0 claims extracted, 0 verified" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        pytest.param(["run", "no-such-goal"], 2, "no such goal", id="unknown goal"),
        pytest.param(["run", "paper-boats"], 2, "add --papers DIR", id="a folder is wanted"),
        pytest.param(["run", "paper-boats", "--papers", "papers", "--date", "someday"], 2, "expected YYYY-MM-DD", id="no date"),
        pytest.param(["run"], 2, "GOAL", id="no goal"),
        pytest.param(["fly"], 2, "fly", id="no such command"),
    ],
)
def test_a_wrong_call_is_explained(desk: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, told: str) -> None:
    """Exit 2 and a sentence, never a trace."""
    assert main(words) == code
    said = capsys.readouterr().err

    assert told in said
    assert "Traceback" not in said


def test_a_broken_goal_is_shown_with_line_and_column(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same words as `sovereign check`."""
    (desk / "goals" / "paper-boats.yaml").write_text("question: Why?\npolcy: {}\nmax_papers: many\n", "utf-8")

    assert run("--papers", "papers") == 2
    said = capsys.readouterr().err
    assert "paper-boats.yaml:2:1" in said
    assert "paper-boats.yaml:3:" in said


def test_without_a_network_a_search_is_not_no_papers(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Offline and nothing kept: exit 3, and what is missing."""
    (desk / "goals" / "paper-boats.yaml").write_text("question: Do waxed paper boats float longer?\n", "utf-8")

    assert run("--offline") == 3
    said = capsys.readouterr().err
    assert "offline" in said.lower()
    assert not (desk / "site").exists()


def test_several_goals_do_not_fall_together(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The good one is written, the bad one is told, and the exit code is the bad one's."""
    (desk / "goals" / "other.yaml").write_text("question: ''\n", "utf-8")

    assert main(["run", "other", "paper-boats", "--papers", "papers", "--no-pdf", "-q"]) == 2
    told = capsys.readouterr()
    assert "site/reports/paper-boats/v1/index.md" in told.out
    assert "1 of 2 goals failed" in told.err


def test_a_folder_that_cannot_be_written_is_a_publishing_error(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 4, and nothing half-written."""
    (desk / "site").write_text("a file where a folder should be", "utf-8")

    assert run("--papers", "papers") == 4
    assert "Traceback" not in capsys.readouterr().err


def test_a_committed_version_is_never_changed(desk: Path) -> None:
    """What Git tracks is frozen: another run makes the next version."""
    import subprocess

    assert run("--papers", "papers") == 0
    for words in (["init", "-q"], ["add", "site"], ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], check=True, cwd=desk)
    before = (desk / "site" / "reports" / "paper-boats" / "v1" / "record.json").read_bytes()
    (desk / "papers" / "paper-planes.tex").unlink()

    assert run("--papers", "papers") == 0
    assert (desk / "site" / "reports" / "paper-boats" / "v2" / "record.json").is_file()
    assert (desk / "site" / "reports" / "paper-boats" / "v1" / "record.json").read_bytes() == before


def test_the_demo_names_the_page_to_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The last line is a page that exists; supported, refuted and insufficient claims, and an escalation with reasons."""
    monkeypatch.chdir(tmp_path)

    assert main(["demo", "--quiet"]) == 0
    lines = capsys.readouterr().out.splitlines()
    page = Path(lines[-1].removeprefix("open "))
    kept = json.loads((tmp_path / "demo-desk/site/reports/paper-boats/v1/record.json").read_text("utf-8"))
    verdicts = {item["verdict"] for item in kept["report"]["draft"]["evidence"]}

    assert page.is_file()
    assert "Autonomous draft" in page.read_text("utf-8")
    assert [line for line in lines if line.startswith("  - ")]
    assert verdicts >= {"supported", "refuted", "insufficient"}
