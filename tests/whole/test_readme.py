"""The README: its commands exist, and the output it shows is the output that comes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sovereign.cli import main
from tests.conftest import ROOT

README = ROOT / "README.md"
BLOCK = re.compile(r"(ends by naming the page to open:\n\n```\n)(.*?)(\n```)", re.DOTALL)


def test_the_demo_says_what_the_readme_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    """Same papers, same day, same words; `pytest --golden` writes them anew."""
    monkeypatch.chdir(tmp_path)
    assert main(["demo", "--quiet"]) == 0
    said = capsys.readouterr().out.strip().replace(f"{tmp_path.resolve()}/", "")

    text = README.read_text("utf-8")
    if request.config.getoption("--golden"):
        README.write_text(BLOCK.sub(lambda found: found[1] + said + found[3], text), "utf-8")
        text = README.read_text("utf-8")
    shown = BLOCK.search(text)

    assert shown is not None
    assert shown[2] == said


def test_every_command_of_the_readme_exists(capsys: pytest.CaptureFixture[str]) -> None:
    """What the table names can be typed."""
    named = set(re.findall(r"`sovereign ([a-z]+)", README.read_text("utf-8")))
    assert main(["--help"]) == 0
    known = set(re.findall(r"^  ([a-z]+) ", capsys.readouterr().out, re.MULTILINE))

    assert named
    assert named <= known


def test_every_file_of_the_readme_is_there() -> None:
    """No dead pointers."""
    for name in re.findall(r"`([A-Z]+\.md)`", README.read_text("utf-8")):
        assert (ROOT / name).is_file(), name
