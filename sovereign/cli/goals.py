"""`sovereign new` and `sovereign check`: goals written and judged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sovereign.errors import GoalError, Problem, UsageError
from sovereign.text import counted

if TYPE_CHECKING:
    from sovereign.model import Goal


_NEW_EXAMPLES = """\b
Examples:
  sovereign new "Does retrieval reduce invented citations in long answers?"
  sovereign new "How long does sleep loss impair memory?" --slug sleep --keyword "sleep deprivation"
"""


class Shape(StrEnum):
    """How `check` prints what it found."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def new(  # noqa: PLR0913  # one argument per option
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What you want to know, as one full question.")],
    *,
    slug: Annotated[
        str, typer.Option(metavar="SLUG", help="The file's name and the report's address; made from the question if absent.")
    ] = "",
    keyword: Annotated[list[str] | None, typer.Option(metavar="TEXT", help="A phrase that matters; may be given several times.")] = None,
    category: Annotated[
        list[str] | None, typer.Option(metavar="CATEGORY", help="An arXiv category such as cs.CV; may be given several times.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(metavar="TAG", help="A word to group reports by; may be given several times.")] = None,
    reviewer: Annotated[list[str] | None, typer.Option(metavar="HANDLE", help="A GitHub handle; may be given several times.")] = None,
    goals: Annotated[Path, typer.Option(metavar="DIR", help="The folder of goals.")] = Path("goals"),
) -> None:
    """Write goals/SLUG.yaml for a question, with every option as a comment.

    What you do not say stands in the file as a comment with its meaning, ready to be filled in.
    """
    from sovereign.adapters import goal_file
    from sovereign.desk.naming import slug_for
    from sovereign.model import Goal
    from sovereign.text import fold

    name = slug or slug_for(question)
    path = goals / f"{name}.yaml"
    if not fold(question):
        raise UsageError("QUESTION: expected a question, got nothing", tip='write it in quotes: sovereign new "What …?"')
    try:
        goal = Goal(
            slug=name,
            question=fold(question),
            keywords=tuple(keyword or ()),
            categories=tuple(category or ()),
            tags=tuple(tag or ()),
            reviewers=tuple(reviewer or ()),
        )
    except ValueError as error:
        raise UsageError(str(error), tip="give another --slug") from error
    text = goal_file.dump(goal) + goal_file.commented(goal)
    goal_file.parse(str(path), text.encode())
    goals.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path}: is there already; nothing was written", tip="edit that file, or give another --slug") from error
    typer.echo(path)
    typer.echo(f"next: sovereign run {path}", err=True)


def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="Goal files or folders of them; goals/ if absent.")
    ] = None,
    shape: Annotated[Shape, typer.Option("--format", metavar="text|json|github", help="How to print what was found.")] = Shape.TEXT,
) -> None:
    """Show every problem of every goal, with line and column."""
    judged = [(path, judge(path)) for path in listed(paths or [Path("goals")])]
    errors = [found for _, found in judged if isinstance(found, GoalError)]
    {Shape.TEXT: _print_text, Shape.JSON: _print_json, Shape.GITHUB: _print_github}[shape](judged)
    typer.echo(f"{counted(len(judged), 'goal')}, {len(errors)} with problems", err=True)
    if errors:
        raise typer.Exit(2)


def listed(paths: Sequence[Path]) -> list[Path]:
    """Give the goal files meant: a folder stands for what is in it.

    Raises:
        UsageError: A path does not exist.
    """
    from sovereign.adapters import goal_file, plain_files

    found: list[Path] = []
    for path in paths:
        if not plain_files.is_there(path):
            raise UsageError(
                f"{path}: expected a goal file or a folder of them, found nothing there", tip='sovereign new "QUESTION" writes one'
            )
        found.extend(goal_file.goal_paths(path) if plain_files.is_folder(path) and not path.is_symlink() else [path])
    return found


def judge(path: Path) -> Goal | GoalError:
    """Give the goal of a file, or its problems."""
    from sovereign.adapters import goal_file

    try:
        return goal_file.load(path)
    except GoalError as error:
        return error


Judged = Sequence[tuple[Path, "Goal | GoalError"]]


def _print_text(judged: Judged) -> None:
    for path, found in judged:
        if isinstance(found, GoalError):
            typer.echo(f"{_line(path)}: {counted(len(found.problems), 'problem')}")
            for problem in found.problems:
                typer.echo(f"  {_line(path)}:{problem}")


def _line(path: Path) -> str:
    """Give a path as one printable line: a file's name may hold line breaks and terminal commands."""
    text = str(path)
    return text if text.isprintable() else repr(text)


def _print_json(judged: Judged) -> None:
    files = [
        {
            "path": str(path),
            "slug": None if isinstance(found, GoalError) else found.slug,
            "sha256": None if isinstance(found, GoalError) else found.sha256,
            "problems": [_fields(problem) for problem in found.problems] if isinstance(found, GoalError) else [],
        }
        for path, found in judged
    ]
    typer.echo(json.dumps({"goals": files}, indent=2, ensure_ascii=True))


def _fields(problem: Problem) -> dict[str, str | int]:
    return {"line": problem.line, "column": problem.column, "key": problem.key, "message": problem.message}


def _print_github(judged: Judged) -> None:
    from sovereign.desk.annotations import MAX_ANNOTATIONS, annotation

    found = [(path, problem) for path, error in judged if isinstance(error, GoalError) for problem in error.problems]
    for path, problem in found[:MAX_ANNOTATIONS]:
        typer.echo(annotation("error", str(path), problem))
    if len(found) > MAX_ANNOTATIONS:
        typer.echo(f"{counted(len(found) - MAX_ANNOTATIONS, 'more problem')}; `sovereign check` shows all of them", err=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(epilog=_NEW_EXAMPLES)(new)
    app.command()(check)
