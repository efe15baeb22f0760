"""`--help` as a person meets it: nothing cut, the workflows' commands apart, examples that can be typed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest

from sovereign.cli import _command, main


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Give what a command's help says."""
    assert main([*words, "--help"]) == 0
    return capsys.readouterr().out


def test_nothing_is_cut(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """No sentence ends in three dots, however narrow the terminal is."""
    for width in ("60", "80", "200"):
        monkeypatch.setenv("COLUMNS", width)
        for words in ((), ("ci",), ("site",)):
            assert "..." not in told(capsys, *words).split("\n", 1)[1]


def test_the_workflows_commands_stand_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """`ci` is the last, in a section of its own; every command is in one section."""
    text = told(capsys)
    sections = re.findall(r"^([A-Z][^:\n]+):$", text, re.MULTILINE)

    assert sections[-1] == "For the workflows of a desk"
    names = re.findall(r"^  ([a-z]+) {2,}\S", text, re.MULTILINE)
    assert len(names) == len(set(names))
    assert {"new", "run", "demo", "rank", "doctor", "site", "ci"} <= set(names)


def _every(command: object, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command that can be typed."""
    below = getattr(command, "commands", {})
    yield from (found for name, one in below.items() for found in _every(one, (*words, name)))
    if not below:
        yield words


def test_every_value_has_one_kind_of_name(capsys: pytest.CaptureFixture[str]) -> None:
    """No command writes <str>, {NAME} or [[NAME]] beside the NAME of the others, in its usage, its arguments or its options."""
    commands = list(_every(_command()))
    assert len(commands) > 20
    for words in commands:
        text = told(capsys, *words)
        shown = [line for line in text.splitlines() if line.startswith(("Usage:", "  -")) or re.match(r"  [A-Z]", line)]
        assert not re.search(r"<[a-z]+|\{[A-Z]|\[\[|\]\]|\bTRUE\b", "\n".join(shown)), words


@pytest.mark.parametrize(
    "command",
    [
        "ask",
        "new",
        "check",
        "plan",
        "run",
        "demo",
        "read",
        "rank",
        "extract",
        "verify",
        "init",
        "doctor",
        "audit",
        "site build",
        "site serve",
    ],
)
def test_examples_can_be_typed(capsys: pytest.CaptureFixture[str], command: str) -> None:
    """Each example is a call of this command, and a shell can read it."""
    shown = told(capsys, *command.split()).split("Examples:\n", 1)[1].strip().splitlines()

    assert shown
    for line in shown:
        assert f"sovereign {command}" in line
        assert shlex.split(line)
