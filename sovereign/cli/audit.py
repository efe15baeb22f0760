"""`sovereign audit`: published reports checked again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sovereign.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.desk.audit import Audited


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


def audited(slugs: list[str], *, online: bool, has_time: Callable[[], bool] = lambda: True, turn: int = 0) -> list[Audited]:
    """Audit every version of these reports, or of all; papers are fetched again for the newest alone.

    Args:
        has_time: Whether there is time to fetch the papers of one more report; what is left then is said not to be looked at.
        turn: Which report comes first online, so that where there is no time for all, another one is left out the next time.
    """
    from contextlib import ExitStack

    from sovereign.adapters.onnx_verifier import OnnxVerifier
    from sovereign.cli import progress, world
    from sovereign.desk import audit as auditing
    from sovereign.desk import audit_pages

    read = auditing.versions(Path(), slugs)
    verifier = OnnxVerifier() if read else None
    pages = audit_pages.comparing(Path(), read)
    items = [auditing.whole(item, verifier, pages) for item in read]
    if not online:
        return items
    newest = {item.slug: item.version for item in items}
    wanted = [at for at, item in enumerate(items) if item.report and item.version == newest[item.slug]]
    first = turn % len(wanted) if wanted else 0
    with ExitStack() as closing, progress.shown(quiet=False, verbose=False) as (tell, _):
        wish = world.Wish()
        for at in (*wanted[first:], *wanted[:first]):
            item = items[at]
            if item.report and has_time():
                items[at] = auditing.online(item, world.build(item.report.goal, wish, closing), tell)
            else:
                items[at] = replace(item, unasked=(*item.unasked, f"v{item.version}: its papers: there was no time left"))
    return items


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(audit)
