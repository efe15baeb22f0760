"""`sovereign init` and `doctor`: a desk made, and looked over."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sovereign.cli import audit, ci, ci_upkeep
from sovereign.errors import UsageError
from sovereign.text import counted

if TYPE_CHECKING:
    from sovereign.adapters.github import GitHub
    from sovereign.desk.doctor import Point
    from sovereign.desk.initiate import Wanted

_REMOTE = re.compile(r"(?:https://[^/]+/|git@[^:]+:)([\w.-]+/[\w.-]+?)(?:\.git)?/?")


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder; with --update a desk.")],
    *,
    name: Annotated[str, typer.Option(help="What the desk is called; the folder's name if absent.")] = "",
    owner: Annotated[str, typer.Option(help="The GitHub handle, or org/team, that reviews.")] = "",
    question: Annotated[str, typer.Option(help="The first goal.")] = "",
    package: Annotated[
        str, typer.Option(help="What pip installs at GitHub, with --hash=sha256:…; what is running now if absent.", show_default=False)
    ] = "",
    update: Annotated[bool, typer.Option("--update", help="Bring an old desk forward; what you changed in it stays.")] = False,
) -> None:
    """Write a new desk: goals, workflows, site settings, owners, and the program itself; or bring an old one forward."""
    from sovereign.desk import initiate

    if update:
        _update(folder, initiate.Wanted(name, owner, question or initiate.FIRST_QUESTION, package))
        return
    usual = initiate.Wanted(name=name or folder.resolve().name)
    wanted = initiate.Wanted(usual.name, owner, question or usual.question, package)
    for path in initiate.write(folder, wanted):
        typer.echo(folder / path)
    typer.echo(f"next: cd {folder} and follow README.md: the repository's settings come before the first push", err=True)


def _update(folder: Path, given: Wanted) -> None:
    from sovereign.desk import update as updating

    steps = updating.plan(folder, updating.answers(folder, given))
    updating.apply(folder, steps)
    for step in steps:
        typer.echo(f"{folder / step.path}: {step.became}")
    conflicts = sum(1 for step in steps if step.became is updating.Became.CONFLICT)
    typer.echo(
        f"{counted(len(steps), 'file')} changed or kept, {conflicts} for you to look at; `git diff` shows what was changed", err=True
    )


def doctor(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The desk; this folder if absent.")] = Path(),
    *,
    repository: Annotated[str, typer.Option(envvar="GITHUB_REPOSITORY", help="owner/name at GitHub; the remote's if absent.")] = "",
    online: Annotated[
        bool, typer.Option("--online", help="Also ask each service whether it answers, and pip whether it finds all.")
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Set what is missing at GitHub; shows each change before it is made.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what is configured, what answers, what a run would use, and what is missing at GitHub; 2 where the desk cannot run."""
    from sovereign.desk import doctor as looking
    from sovereign.desk import installation

    where = repository or _remote(folder)
    if fix:
        _fix(where)
    findings = [*looking.machine(folder), looking.owners(folder), installation.looked(folder), looking.parts(_verifier)]
    findings += looking.engines(folder)
    findings += [*looking.services(folder, _answer), installation.resolved(folder)] if online else []
    findings += _at_github(where)
    if as_json:
        typer.echo(json.dumps([{"health": f.health, "what": f.what, "seen": f.seen, "todo": f.todo} for f in findings], ensure_ascii=False))
    else:
        for finding in findings:
            typer.echo(f"{finding.health:<9} {finding.what}: {finding.seen}" + (f"\n          → {finding.todo}" if finding.todo else ""))
    if any(finding.health is looking.Health.MISSING for finding in findings):
        raise typer.Exit(2)


def _fix(repository: str) -> None:
    """Set what is missing, one by one; what GitHub refuses is told, and stops nothing else."""
    from sovereign.desk import settings

    token = _token()
    if not repository or not token:
        raise UsageError(
            f"--fix: expected a repository and a token, got {repository or 'no repository'} and {'a token' if token else 'none'}",
            tip="set GITHUB_TOKEN to an administrator's, for example GITHUB_TOKEN=$(gh auth token)",
        )
    with _hub(repository, token) as api:
        wanted = settings.changes(api.look, os.environ.get("SOVEREIGN_CONTACT", ""))
        for change in wanted:
            typer.echo(f"change    {change.what}: {change.now} → {change.then}\n          {change.command}")
        for change in wanted:
            why = settings.apply(api.ask, change)
            typer.echo(f"{'refused' if why else 'done':<9} {change.what}{': ' + why if why else ''}")
        if not wanted:
            typer.echo("unchanged nothing to set that this token can see")


def _token() -> str:
    return (os.environ.get("GITHUB_TOKEN", "") or os.environ.get("GH_TOKEN", "")).strip()


def _hub(repository: str, token: str) -> GitHub:
    from sovereign.adapters.github import GitHub

    return GitHub(repository, token, api_url=os.environ.get("GITHUB_API_URL", "") or "https://api.github.com")


def _verifier() -> str:
    from sovereign.adapters.onnx_verifier import OnnxVerifier

    card = OnnxVerifier().card
    return f"{card.name} {card.version}"


def _answer(url: str) -> tuple[bool, str]:
    from sovereign import __version__
    from sovereign.adapters.answering import answer

    return answer(url, agent=f"sovereign/{__version__} ({os.environ.get('SOVEREIGN_CONTACT', '') or 'no contact given'})")


def _remote(folder: Path) -> str:
    from sovereign.adapters.git_repo import remote_url

    found = _REMOTE.fullmatch(remote_url(folder))
    return found[1] if found else ""


def _at_github(repository: str) -> list[Point]:
    from sovereign.desk import doctor as looking
    from sovereign.errors import PublishError

    token = _token()
    if not repository or not token:
        seen = f"{repository or 'no repository known'}; {'token set' if token else 'no token'}"
        todo = "set GITHUB_TOKEN (an administrator's, to see every setting), or go through README.md's list"
        return [looking.Point(looking.Health.UNKNOWN, "repository", seen, todo)]
    with _hub(repository, token) as api:
        try:
            return looking.repository(api.look)
        except PublishError as error:
            return [looking.Point(looking.Health.UNKNOWN, "repository", error.message, error.tip)]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(init)
    app.command()(doctor)
    audit.register(app)
    ci.register(app)
    ci_upkeep.register()
