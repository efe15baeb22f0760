"""`sovereign audit`: published reports checked again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sovereign.text import counted

if TYPE_CHECKING:
    from sovereign.desk.audit import Audited
    from sovereign.ports import Verifier


def audit(
    reports: Annotated[
        list[str] | None, typer.Argument(metavar="[REPORT]...", help="Slugs, or folders of site/reports; all if absent.")
    ] = None,
    *,
    online: Annotated[bool, typer.Option("--online", help="Also fetch the papers again: do the quotes stand, was one withdrawn?")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 10 where anything is found.")] = False,
) -> None:
    """Check every published version again: does what it says follow from its evidence, and are its pages what it gives?"""
    from sovereign.desk import audit as auditing
    from sovereign.errors import HeldError

    items = audited([Path(name).name for name in reports or []], online=online)
    findings = [finding for item in items for finding in item.findings]
    if as_json:
        typer.echo(auditing.to_json(items), nl=False)
    else:
        for finding in findings:
            typer.echo(f"{finding.slug} v{finding.version}: {finding.kind}: {finding.subject or 'record'}: {finding.detail}")
    for item in items:
        for why in item.unasked:
            typer.echo(f"not looked at: {item.slug}: {why}", err=True)
    typer.echo(
        f"{counted(len(items), 'version')} checked {'online' if online else 'offline'}, {counted(len(findings), 'finding')}", err=True
    )
    if strict and findings:
        raise HeldError(f"{counted(len(findings), 'finding')}", tip="read them above")


def rechecked(turn: int, has_time: Callable[[], bool]) -> Iterator[Audited]:
    """Audit report after report online, each read when its time comes and let go again, and stop where there is no time for one more.

    Args:
        turn: Which run this is: each begins elsewhere, so that all are looked at in time.
    """
    from sovereign.adapters.onnx_verifier import OnnxVerifier
    from sovereign.desk import audit as auditing
    from sovereign.desk import turns

    verifier = OnnxVerifier()
    for slug in turns.in_turn(auditing.slugs(Path()), turn):
        if not has_time():
            return
        for item in audited([slug], online=True, verifier=verifier):
            yield replace(item, report=None)


def audited(slugs: list[str], *, online: bool, verifier: Verifier | None = None) -> list[Audited]:
    """Audit every version of these reports, or of all; papers are fetched again for the newest alone."""
    from contextlib import ExitStack

    from sovereign.adapters.onnx_verifier import OnnxVerifier
    from sovereign.cli import progress, world
    from sovereign.desk import audit as auditing
    from sovereign.desk import audit_pages

    read = auditing.versions(Path(), slugs)
    if read and verifier is None:
        verifier = OnnxVerifier()
    pages = audit_pages.comparing(Path(), read)
    items = [auditing.whole(item, verifier, pages) for item in read]
    if not online:
        return items
    newest = {item.slug: item.version for item in items}
    with ExitStack() as closing, progress.shown(quiet=False, verbose=False) as (tell, _):
        wish = world.Wish()
        return [
            auditing.online(item, world.build(item.report.goal, wish, closing), tell)
            if item.report and item.version == newest[item.slug]
            else item
            for item in items
        ]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(audit)
