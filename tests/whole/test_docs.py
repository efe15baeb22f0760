"""The documentation: the reference is what the program is, links lead somewhere, every command and every room is named as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from docs import generate
from sovereign.cli import app
from sovereign.exports import glossary
from sovereign.steps import policy
from tests.conftest import ROOT

PAGES = sorted((ROOT / "docs").rglob("*.md"))
GUIDES = [path for path in PAGES if path.parent.name != "reference"]
FENCE = re.compile(r"^ *```[a-z]*\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")


@pytest.mark.parametrize("name", sorted(generate.pages()))
def test_the_reference_is_up_to_date(name: str) -> None:
    """What is committed is what the program gives now; `make docs` writes it anew."""
    assert (generate.PLACE / name).read_text("utf-8") == generate.pages()[name]


@pytest.mark.parametrize("name", sorted(generate.schemas()))
def test_the_published_schemas_are_up_to_date(name: str) -> None:
    """What editors and readers of records are given describes what the program takes and writes now."""
    assert (generate.SCHEMAS / name).read_text("utf-8") == generate.schemas()[name]


def test_every_rule_has_plain_words() -> None:
    """A rule that holds and one that does not are said in words, and no words stand for a rule that is gone."""
    named = {rule.__name__.replace("_", "-") for rule in policy.RULES}
    assert named == set(glossary.WAITS) == set(glossary.HOLDS)


@pytest.mark.parametrize("path", [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    """A link to a file finds it, and one to a heading finds that."""
    for place, heading in LINK.findall(path.read_text("utf-8")):
        target = (path.parent / place).resolve() if place else path
        assert target.exists(), place
        if heading:
            titles = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}, heading


@pytest.mark.parametrize("path", [*GUIDES, ROOT / "README.md", ROOT / "training/README.md"], ids=lambda path: path.name)
def test_every_command_and_option_shown_exists(path: Path) -> None:
    """Each line that begins with the program names a command, and options that this command has."""
    for block in FENCE.findall(path.read_text("utf-8")):
        for line in block.splitlines():
            shown = re.match(r" *(?:\.venv/bin/)?sovereign (.+)$", line)
            if shown:
                _typed(shown[1].partition("  #")[0])


def _typed(line: str) -> None:
    command, words = typer.main.get_command(app), line.split()
    while words and (inner := getattr(command, "commands", {}).get(words[0])):
        command = inner
        words = words[1:]
    known = {name for one in command.params for name in one.opts}
    assert not hasattr(command, "commands") or words[0] in known, line
    assert {word for word in re.sub(r"\"[^\"]*\"", "", " ".join(words)).split() if word.startswith("-") and word != "-"} <= known, line


def test_contributing_names_every_room() -> None:
    """A room of the house that the tree leaves out, or one that is gone, is noticed."""
    tree = next(block for block in FENCE.findall((ROOT / "CONTRIBUTING.md").read_text("utf-8")) if block.startswith("sovereign/"))
    rooms = {path.name for path in (ROOT / "sovereign").iterdir() if path.is_dir() and path.name != "__pycache__"}
    heads = {word for line in tree.splitlines()[1:] for word in re.findall(r"\b([a-z]+)/(?= )", line[:40])}
    assert rooms <= heads
    assert {name for name in heads if not (ROOT / "sovereign" / name).is_dir()} <= {"tex", "pdf", "openai", "template"}
