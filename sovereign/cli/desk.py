"""`sovereign init` and `doctor`: a desk made, and looked over."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sovereign.cli import audit, ci

if TYPE_CHECKING:
    from sovereign.desk.doctor import Finding

_REMOTE = re.compile(r"(?:https://[^/]+/|git@[^:]+:)([\w.-]+/[\w.-]+?)(?:\.git)?/?")


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    *,
    name: Annotated[str, typer.Option(help="What the desk is called; the folder's name if absent.")] = "",
    owner: Annotated[str, typer.Option(help="The GitHub handle, or org/team, that reviews.")] = "",
    question: Annotated[str, typer.Option(help="The first goal.")] = "",
    package: Annotated[str, typer.Option(help="What pip installs at GitHub; this version if absent.")] = "",
) -> None:
    """Write a new desk: goals, workflows, site settings, owners."""
    from sovereign.desk import initiate

    usual = initiate.Wanted(name=name or folder.resolve().name)
    wanted = initiate.Wanted(usual.name, owner, question or usual.question, package or usual.package)
    for path in initiate.write(folder, wanted):
        typer.echo(folder / path)
    typer.echo(f"next: cd {folder}, git init -b main, commit, push to GitHub; README.md has the settings to click", err=True)


def doctor(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The desk; this folder if absent.")] = Path(),
    *,
    repository: Annotated[str, typer.Option(envvar="GITHUB_REPOSITORY", help="owner/name at GitHub; the remote's if absent.")] = "",
    online: Annotated[bool, typer.Option("--online", help="Also ask each service whether it answers.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what is configured, what answers, what a run would use, and what is missing at GitHub, with the place to click."""
    from sovereign.desk import doctor as looking

    findings = [*looking.machine(folder), looking.parts(_verifier), *looking.engines(folder)]
    findings += looking.services(folder, _answer) if online else []
    findings += _at_github(repository or _remote(folder))
    if as_json:
        typer.echo(json.dumps([{"health": f.health, "what": f.what, "seen": f.seen, "todo": f.todo} for f in findings], ensure_ascii=False))
    else:
        for finding in findings:
            typer.echo(f"{finding.health:<9} {finding.what}: {finding.seen}" + (f"\n          → {finding.todo}" if finding.todo else ""))
    if any(finding.health is looking.Health.MISSING for finding in findings):
        raise typer.Exit(2)


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


def _at_github(repository: str) -> list[Finding]:
    from sovereign.adapters.github import GitHub
    from sovereign.desk import doctor as looking
    from sovereign.errors import PublishError

    token = os.environ.get("GITHUB_TOKEN", "") or os.environ.get("GH_TOKEN", "")
    if not repository or not token:
        seen = f"{repository or 'no repository known'}; {'token set' if token else 'no token'}"
        todo = "set GITHUB_TOKEN (an administrator's, to see every setting), or go through README.md's list"
        return [looking.Finding(looking.Health.UNKNOWN, "repository", seen, todo)]
    with GitHub(repository, token, api_url=os.environ.get("GITHUB_API_URL", "") or "https://api.github.com") as api:
        try:
            return looking.repository(api.look)
        except PublishError as error:
            return [looking.Finding(looking.Health.UNKNOWN, "repository", error.message, error.tip)]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(init)
    app.command()(doctor)
    audit.register(app)
    ci.register(app)
