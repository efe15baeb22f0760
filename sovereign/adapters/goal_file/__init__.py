"""Goal files: YAML to Goal and back, with every problem at once, each with line and column; and the JSON Schema for editors.

The file is untrusted: its size is bounded before it is parsed, links and devices are not followed, and what it holds is
read by `nodes` (bounded YAML) and `reading` (values and faults) as `keys` defines it.
"""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from sovereign.adapters import plain_files
from sovereign.adapters.goal_file import keys, reading
from sovereign.adapters.goal_file.nodes import Node, Refused, compose, shown
from sovereign.errors import GoalError, Problem
from sovereign.model import SLUG, SLUG_MAX_CHARS, Goal, Policy

MAX_BYTES = 64 * 1024
SCHEMA_LINE = "# yaml-language-server: $schema=../site/schemas/goal.schema.json\n"
# How each key is written, for a person who fills in a new goal.
_EXAMPLES = {
    "queries": ('# queries: ["ti:routing AND abs:sparse", "sparse routing"]',),
    "keywords": ('# keywords: ["mixture of experts", MoE]',),
    "sources": ("# sources: [arxiv, openalex]",),
    "categories": ("# categories: [cs.CL, cs.CV]",),
    "since": ("# since: 2020-01-01",),
    "until": ("# until: 2026-12-31",),
    "max_papers": ("# max_papers: 12",),
    "engine": ("# engine: local",),
    "model": ("# model: nim",),
    "policy": ("# policy:",),
    "reviewers": ("# reviewers: [octo-cat]",),
    "tags": ("# tags: [efficiency]",),
}
_NOT_FILES = ((stat.S_ISLNK, "a link"), (stat.S_ISDIR, "a folder"), (lambda mode: not stat.S_ISREG(mode), "a device"))


def schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a goal file, for editors."""
    return keys.schema()


def load(path: Path) -> Goal:
    """Give the goal of a file.

    Raises:
        GoalError: With every problem of the file; a missing file, a folder and a link included.
    """
    try:
        mode = path.lstat().st_mode
        if kind := next((word for is_so, word in _NOT_FILES if is_so(mode)), ""):
            raise GoalError(str(path), (Problem(1, 1, "", f"expected a file, got {kind}"),))
        with plain_files.stream(path) as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise GoalError(str(path), (Problem(1, 1, "", f"cannot be read: {error.strerror or error}"),)) from error
    except ValueError as error:
        raise GoalError(str(path), (Problem(1, 1, "", str(error).removeprefix("it ")),)) from error
    return parse(str(path), data)


def parse(path: str, data: bytes) -> Goal:
    """Give the goal that a file of this name and content holds; pure.

    Raises:
        GoalError: With every problem of the name and the content.
    """
    problems = _name_problems(path)
    found: dict[str, Any] = {}
    try:
        found, wrong = reading.read(compose(_decoded(data)) or Node(1, 1, "mapping", ()))
        problems += wrong
    except Refused as refused:
        problems.append(refused.at(""))
    if problems:
        raise GoalError(path, tuple(sorted(problems)))
    policy = Policy(**found.pop("policy", {}))
    return Goal(slug=Path(path).stem, policy=policy, **found)


def _name_problems(path: str) -> list[Problem]:
    name = Path(path)
    if len(name.stem) <= SLUG_MAX_CHARS and SLUG.fullmatch(name.stem) and name.suffix == ".yaml":
        return []
    expected = f"small letters, digits and single hyphens, at most {SLUG_MAX_CHARS} characters, then .yaml"
    return [Problem(1, 1, "file name", f"expected {expected}; got {shown(name.name)}")]


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise Refused(1, 1, f"expected at most {MAX_BYTES:,} bytes, got more")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = data.count(b"\n", 0, error.start) + 1, error.start - data.rfind(b"\n", 0, error.start)
        raise Refused(line, column, "expected UTF-8 text, got other bytes; is this a binary file?") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Refused(line, 1, "expected UTF-8 text, got a zero byte; is this a binary file?")
    return text


def goal_paths(folder: Path) -> tuple[Path, ...]:
    """Give what stands in a goals folder, sorted, but for hidden files and README.md; wrong names included, to be told of."""
    found = (item for item in folder.iterdir() if not item.name.startswith(".") and item.name != "README.md")
    return tuple(sorted(found, key=lambda item: item.name))


def dump(goal: Goal) -> str:
    """Give the goal as a file's text, of which `parse` makes the same goal again. Values that are the default are left out."""
    usual = Goal(slug=goal.slug, question="?")
    filled = {name: _plain(getattr(goal, name)) for name in keys.GoalKeys.__annotations__ if getattr(goal, name) != getattr(usual, name)}
    text: str = yaml.safe_dump(filled, sort_keys=False, allow_unicode=True, width=110)
    return SCHEMA_LINE + text


def commented(goal: Goal) -> str:
    """Give every key that the goal leaves at its default, as comments with their meaning: what `new` adds below what was said."""
    usual = Goal(slug=goal.slug, question="?")
    lines = ["", "# Every other option, with what it means; take the # away and fill it in."]
    for name, part in schema()["properties"].items():
        if getattr(goal, name) != getattr(usual, name):
            continue
        lines += [f"# {part['description']}", *_EXAMPLES.get(name, (f"# {name}:",))]
        for inner, told in part.get("properties", {}).items():
            lines.append(f"#   {inner}: {_shown(getattr(usual.policy, inner))}  # {told['description']}")
    return "\n".join(lines) + "\n"


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(value: object) -> object:
    if isinstance(value, Policy):
        return {name: getattr(value, name) for name in keys.PolicyKeys.__annotations__ if getattr(value, name) != getattr(Policy(), name)}
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, date | int | float) else str(value)
