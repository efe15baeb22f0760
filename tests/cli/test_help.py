"""`--help` as a person meets it: nothing cut, the workflows' commands apart, examples that can be typed."""

from __future__ import annotations

import re
import shlex

import pytest

from sovereign.cli import main


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Give what a command's help says."""
    assert main([*words, "--help"]) == 0
    return capsys.readouterr().out


def test_nothing_is_cut(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """No sentence ends in three dots, however narrow the terminal is."""
    for width in ("60", "80", "200"):
        monkeypatch.setenv("COLUMNS", width)
        assert "..." not in told(capsys).split("\n", 1)[1]


def test_the_workflows_commands_stand_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """`ci` is the last, in a section of its own; every command is in one section."""
    text = told(capsys)
    sections = re.findall(r"^([A-Z][^:\n]+):$", text, re.MULTILINE)

    assert sections[-1] == "For the workflows of a desk"
    names = re.findall(r"^  ([a-z]+) {2,}\S", text, re.MULTILINE)
    assert len(names) == len(set(names))
    assert {"new", "run", "demo", "rank", "doctor", "site", "ci"} <= set(names)


@pytest.mark.parametrize("command", ["new", "run", "rank", "extract", "verify"])
def test_examples_can_be_typed(capsys: pytest.CaptureFixture[str], command: str) -> None:
    """Each example is a call of this command, and a shell can read it."""
    shown = told(capsys, command).split("Examples:\n", 1)[1].strip().splitlines()

    assert shown
    for line in shown:
        assert f"sovereign {command} " in line
        assert shlex.split(line)
