"""`sovereign new` and `sovereign check` as people and programs meet them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from sovereign.adapters import goal_file
from sovereign.adapters.goal_file.keys import GoalKeys
from sovereign.cli import main
from sovereign.desk.naming import branch_for, slug_for, slug_of_branch
from sovereign.model import Policy

QUESTION = "Does dropout help very large vision-language models, and when?"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_new_goal_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    """What `new` writes, `check` accepts, with everything that was said."""
    assert main(["new", QUESTION, "--keyword", "dropout", "--category", "cs.CV", "--tag", "training", "--reviewer", "octo-cat"]) == 0
    path = Path(capsys.readouterr().out.strip())

    goal = goal_file.load(path)

    assert path == Path("goals/dropout-help-very-large-vision-language-models.yaml")
    assert (goal.question, goal.keywords, goal.categories, goal.tags, goal.reviewers) == (
        QUESTION,
        ("dropout",),
        ("cs.CV",),
        ("training",),
        ("octo-cat",),
    )
    assert main(["check"]) == 0


def test_new_goal_shows_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    """What was not said stands there as a comment; with the signs taken away, each is an option that `check` accepts."""
    main(["new", QUESTION, "--slug", "mine", "--tag", "training"])
    path = Path("goals/mine.yaml")
    lines = path.read_text(encoding="utf-8").splitlines()
    named = {line.lstrip("# ").split(":")[0] for line in lines if re.match(r"#? ?[a-z_]+:(?: |$)", line)}
    opened = [line.removeprefix("# ") if re.match(r"# (?:[a-z_]+:|  [a-z_]+:)", line) else line for line in lines]
    path.write_text("\n".join(line for line in opened if not line.startswith("local:")) + "\n", encoding="utf-8")
    capsys.readouterr()

    assert named >= set(GoalKeys.__annotations__)
    assert main(["check"]) == 0, capsys.readouterr().out
    assert goal_file.load(path).policy == Policy()


def test_new_never_overwrites(capsys: pytest.CaptureFixture[str]) -> None:
    """A goal that is there stays as it is."""
    main(["new", QUESTION, "--slug", "mine"])
    before = Path("goals/mine.yaml").read_text()

    assert main(["new", "Another question, is it not?", "--slug", "mine"]) == 2
    assert Path("goals/mine.yaml").read_text() == before
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["new", ""], ["new", "short"], ["new", QUESTION, "--slug", "../x"], ["new", QUESTION, "--category", "CV"]]
)
def test_new_refuses(words: list[str], place: Path) -> None:
    """What would be no goal is not written."""
    assert main(words) == 2
    assert not list(place.rglob("*.yaml"))


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        pytest.param("What is the effect of X on Y?", "effect-x-y", id="telling words"),
        pytest.param("Où va-t-on?", "ou-va-t", id="accents"),
        pytest.param("What is it?", "what-is-it", id="only passing words"),
        pytest.param("稀疏专家模型的效率如何?", "goal-", id="no Latin letter"),
        pytest.param("word " * 100, "word-" * 11 + "word", id="long"),
        pytest.param("$(touch x); rm -rf /", "touch-x-rm-rf", id="shell"),
    ],
)
def test_slug_from_a_question(question: str, slug: str) -> None:
    """Any question gives an address that is short, plain and the same every time."""
    made = slug_for(question)

    assert made.startswith(slug)
    assert len(made) <= 60
    assert slug_of_branch(branch_for(made)) == made


def test_check_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    """Every problem with file, line and column; good files are not spoken of."""
    main(["new", QUESTION])
    Path("goals/bad.yaml").write_text("question: short\nqeries: [a]\n")
    capsys.readouterr()

    assert main(["check"]) == 2
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "goals/bad.yaml: 2 problems",
        "  goals/bad.yaml:1:11: question: expected 10 to 1000 characters, got 5",
        "  goals/bad.yaml:2:1: 'qeries': unknown key; did you mean queries?",
    ]
    assert "2 goals, 1 with problems" in told.err


def test_check_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """A program reads the same, and the hash of each sound goal."""
    main(["new", QUESTION, "--slug", "good"])
    Path("goals/bad.yaml").write_text("question: short\n")
    capsys.readouterr()

    assert main(["check", "--format", "json"]) == 2
    bad, good = json.loads(capsys.readouterr().out)["goals"]
    assert bad["problems"] == [{"line": 1, "column": 11, "key": "question", "message": "expected 10 to 1000 characters, got 5"}]
    assert (good["slug"], len(good["sha256"]), good["problems"]) == ("good", 64, [])


def test_check_as_annotations(capsys: pytest.CaptureFixture[str]) -> None:
    """Ten commands at most, each on one line, whatever the file is called and holds."""
    Path("goals").mkdir()
    Path("goals/a%,:\n::error::b.yaml").write_text("".join(f"k{number}: 1\n" for number in range(30)))

    assert main(["check", "--format", "github"]) == 2
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert len(lines) == 10
    assert all(line.startswith("::error file=goals/a%25%2C%3A%0A%3A%3Aerror%3A%3Ab.yaml,line=") for line in lines)
    assert "22 more problems" in told.err


def test_check_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that is not there is said to be missing, with the next step."""
    assert main(["check"]) == 2
    assert "sovereign new" in capsys.readouterr().err


def test_check_tells_of_what_is_no_goal(capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong ending, a folder, a link and a pipe are problems; README.md and hidden files are not."""
    folder = Path("goals")
    folder.mkdir()
    for name in ("README.md", ".gitkeep", "a.yml"):
        (folder / name).write_text("question: Does it work at all?\n")
    (folder / "b.yaml").mkdir()
    (folder / "c.yaml").symlink_to("a.yml")
    os.mkfifo(folder / "d.yaml")

    assert main(["check"]) == 2
    told = capsys.readouterr()
    assert [word in told.out for word in ("then .yaml", "got a folder", "got a link", "got a device")] == [True] * 4
    assert "4 goals, 4 with problems" in told.err
