"""Files that a person names on the command line: whatever has the name, an answer or a plain error comes, and at once."""

from __future__ import annotations

import json
import os
import select
import subprocess
import threading
from pathlib import Path

import pytest

from sovereign import foreign
from sovereign.adapters import plain_files, settings
from sovereign.cli import evidence, main
from sovereign.errors import UsageError
from sovereign.text import printable
from tests.adapters.test_plain_files import box, hole, no_root, pipe, posix, unreadable

QUESTION = "Does wax keep paper boats afloat?"
COMMANDS = [
    pytest.param(["read", "{}"], id="read"),
    pytest.param(["verify", "{}"], id="verify"),
    pytest.param(["rank", "{}", "--question", QUESTION], id="rank"),
    pytest.param(["check", "{}"], id="check"),
    pytest.param(["run", "{}", "--offline"], id="run"),
    pytest.param(["ask", QUESTION, "--papers", "{}"], id="ask"),
]


def told(command: list[str], name: object, capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command on a name, and give what it says where it refuses."""
    code = main([word.format(name) for word in command])
    out, err = capsys.readouterr()
    assert code == 2, err
    return out + err


def endless(path: Path) -> None:
    """Make a link to a device without end."""
    path.symlink_to("/dev/zero")


def loop(path: Path) -> None:
    """Make a link to itself."""
    path.symlink_to(path.name)


@posix
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("make", [pipe, hole, box, endless, loop, pytest.param(unreadable, marks=no_root)])
def test_what_is_no_paper(command: list[str], make: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A pipe on which nobody writes, 20 GB of nothing, a socket, a device, a loop: an error in words, nothing is waited for."""
    path = tmp_path / "odd.pdf"
    make(path)  # type: ignore[operator]  # a table of makers

    said = told(command, path, capsys)

    assert any(words in said for words in ("expected", "cannot be read", "larger than", "not readable"))


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "name", ["x" * 5000, f"folder/{'y' * 300}", "none\x1b[31m", "none\nsuch"], ids=["long", "long part", "red", "lines"]
)
def test_names_that_no_file_has(command: list[str], name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The name is told, and commands no terminal."""
    assert "\x1b" not in told(command, name, capsys)


def test_a_long_question_is_no_file_s_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A question of more letters than a file's name may have is researched all the same."""
    monkeypatch.chdir(tmp_path)

    assert main(["run", f"Does {'very ' * 60}warm wax keep paper boats afloat?", "--offline", "--quiet"]) == 3
    assert "Traceback" not in capsys.readouterr().err


@posix
@no_root
@pytest.mark.parametrize("command", COMMANDS)
def test_below_a_folder_that_is_shut(command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whether there is anything cannot be asked, and that is said."""
    (tmp_path / "shut").mkdir(mode=0)
    try:
        assert told(command, tmp_path / "shut" / "a.html", capsys)
    finally:
        (tmp_path / "shut").chmod(0o700)


@posix
@pytest.mark.parametrize("lines", [3, 50_000], ids=["a few", "more than a pipe holds"])
def test_a_pipe_that_somebody_fills(lines: int, tmp_path: Path) -> None:
    """Is read to its end, as shells hand over what another program prints."""
    path = tmp_path / "claims"
    pipe(path)
    content = b'{"id": 1}\n' * lines
    held = os.open(path, os.O_RDWR | os.O_NONBLOCK)  # so that neither side waits for the other to come, or finds it gone
    writer = threading.Thread(target=path.write_bytes, args=(content,), daemon=True)
    writer.start()
    assert select.select([held], [], [], 30)[0]
    with plain_files.stream(path) as source:
        os.close(held)
        found = source.read()
    writer.join(10)

    assert found == content


@posix
def test_what_a_shell_hands_over(tmp_path: Path) -> None:
    """A descriptor of a pipe has a name too."""
    path = tmp_path / "claims"
    path.write_text('{"id": 7}\n')
    with subprocess.Popen(["cat", str(path)], stdout=subprocess.PIPE) as shell:
        assert shell.stdout is not None
        assert select.select([shell.stdout], [], [], 30)[0]
        with plain_files.stream(Path(f"/dev/fd/{shell.stdout.fileno()}")) as source:
            assert source.read() == b'{"id": 7}\n'


# --- Tables, and lines without end ---


def _verified(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, object]], str]:
    code = main(["verify", "--lexical", str(path)])
    out, err = capsys.readouterr()
    return code, [json.loads(line) for line in out.splitlines()], err


@pytest.mark.parametrize("separator", [";", "\t", "|", ","])
def test_a_table_is_no_json(separator: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Formulas and all, each line is refused in its place."""
    path = tmp_path / "table.csv"
    path.write_text(f"{separator.join(['id', '=cmd()', '+SUM(1)'])}\n" * 3)

    code, answers, _ = _verified(path, capsys)

    assert (code, [answer["line"] for answer in answers]) == (2, [1, 2, 3])
    assert all("expected a JSON object" in str(answer["error"]) for answer in answers)


def test_a_table_without_end(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """After ten thousand such lines the rest is not read, by either command."""
    monkeypatch.setattr(evidence, "MAX_WRONG", 100)
    path = tmp_path / "table.csv"
    path.write_text("1;=cmd()\n" * 1000)

    code, answers, err = _verified(path, capsys)

    assert code == 2
    assert len(answers) < 300
    assert "the rest was not read" in err
    assert "the rest was not read" in told(["rank", "{}", "--question", QUESTION], path, capsys)


def test_a_line_without_end(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that fills a device is given up."""
    monkeypatch.setattr(evidence, "MAX_SKIPPED_BYTES", 4 << 20)
    path = tmp_path / "line.jsonl"
    with path.open("wb") as file:
        file.truncate(64 << 20)

    assert "a line of more than 4 MB" in _verified(path, capsys)[2]


def test_more_papers_than_can_be_ranked(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Are not held."""
    monkeypatch.setattr(evidence, "MAX_RANKED_CHARS", 1000)
    path = tmp_path / "papers.jsonl"
    path.write_text(json.dumps({"id": 1, "title": "Boats", "abstract": "They float. " * 10}) + "\n")
    assert main(["rank", str(path), "--question", QUESTION]) == 0
    path.write_text(path.read_text() * 20)

    assert "line 8: expected at most 1,000 characters" in told(["rank", "{}", "--question", QUESTION], path, capsys)


# --- Settings ---


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(f"a = {'[' * 50_000}{']' * 50_000}", "nested too deeply", id="deep"),
        pytest.param(f"a{'.a' * 50_000} = 1", "more than 2,000 dots", id="dotted"),
        pytest.param("a = 1\n" * 100_000, "larger than 131,072 bytes", id="long"),
        pytest.param("tool = 3", "expected TOML", id="no table"),
        pytest.param("a = \x00", "expected TOML", id="zero byte"),
    ],
)
def test_settings_that_hurt(text: str, words: str, tmp_path: Path) -> None:
    """Whatever stands in pyproject.toml, of the desk or of a folder above it, it is read within bounds or refused in words."""
    (tmp_path / "pyproject.toml").write_text(text)

    with pytest.raises(UsageError, match=words):
        settings.load(tmp_path)


def test_settings_of_20_gb(tmp_path: Path) -> None:
    """Are refused unread."""
    hole(tmp_path / "pyproject.toml")

    with pytest.raises(UsageError, match="larger than"):
        settings.load(tmp_path)
    with pytest.raises(ValueError, match="larger than 128 kB"):
        foreign.toml(b"#" * foreign.MAX_TOML_BYTES + b"#")


# --- The last funnel ---


def test_a_fault_of_the_machine_is_no_bug(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system refuses, wherever that was, is told in words; what no system said keeps its traceback."""
    path = tmp_path / "a.yaml"
    path.write_text("question: Does wax keep paper boats afloat?\n")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device", os.fsencode(path))

    monkeypatch.setattr("sovereign.cli.goals.judge", refuse)
    assert "a.yaml: No space left on device" in told(["check", "{}"], path, capsys)

    def fail(*_: object) -> None:
        raise OSError("of our own making")

    monkeypatch.setattr("sovereign.cli.goals.judge", fail)
    with pytest.raises(OSError, match="our own"):
        main(["check", str(path)])


def test_words_for_a_terminal() -> None:
    """Line breaks and tabs stay; commands, turned lines and bytes that are no text are spelt out."""
    assert printable("a\n\tb\x1b[31m\u202e\udcff\x9b") == "a\n\tb\\x1b[31m\\u202e\\udcff\\x9b"
