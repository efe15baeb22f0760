"""`sovereign ci …`, the steps beside the research: the site's place, proofs of origin, the weekly recheck, answers to comments."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import typer

from sovereign.cli import at_github
from sovereign.cli.ci import Results, ci
from sovereign.errors import PublishError, SovereignError, UsageError

FINDINGS = "findings.json"


@ci.command("audit")
def audit_all(folder: Results = Path("findings")) -> None:
    """Audit every published report online, and hand the findings on; it holds no right to write."""
    from sovereign.cli.audit import audited
    from sovereign.desk import audit as auditing

    items = audited([], online=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FINDINGS).write_text(auditing.to_json(items), encoding="utf-8")
    for item in items:
        typer.echo(f"{item.slug} v{item.version}: {len(item.findings)} finding(s), {len(item.unasked)} not looked at")


@ci.command()
def mark(folder: Results = Path("findings")) -> None:
    """Put what an audit found before the owner: a pull request for each report that is to be marked."""
    from sovereign.desk import audit as auditing
    from sovereign.desk import derive, notices

    path = folder / FINDINGS
    if path.is_symlink() or not path.is_file():
        raise UsageError(f"{path}: expected the findings of an audit, found none")
    # A page that another build of the program rendered differs too: that is for people to look at, and is in the log of the audit.
    findings = [item for item in auditing.from_json(path.read_text(encoding="utf-8")) if item.kind is not derive.Kind.PAGES]
    job = at_github.job()
    failed: dict[str, SovereignError] = {}
    with at_github.github(job) as api:
        repo = at_github.repo(job)
        for slug in sorted({finding.slug for finding in findings}):
            # What goes wrong with one report is one report's: the others are marked all the same.
            try:
                is_new = notices.propose(repo, api, job.base, slug, [finding for finding in findings if finding.slug == slug], _warn)
                typer.echo(f"{slug}: {'put before its owner' if is_new else 'known already'}")
            except SovereignError as error:
                failed[slug] = error
                typer.echo(f"{slug}: {error.message}", err=True)
    if failed:
        first = next(iter(failed.values()))
        raise PublishError("; ".join(f"{slug}: {error.message}" for slug, error in failed.items()), tip=first.tip)


def _warn(said: str) -> None:
    typer.echo(f"WARNING {said}", err=True)


@ci.command()
def unproved() -> None:
    """List the published reports that have no proof of origin at GitHub yet, and hand the list on; it holds no right to sign."""
    from sovereign.desk import provenance
    from sovereign.desk.naming import REPORTS

    job = at_github.job()
    found: tuple[PurePosixPath, ...] = ()
    with at_github.github(job) as api:
        is_private = api.is_private()
        if not is_private:
            found = provenance.unproved(Path(), at_github.repo(job).added(REPORTS, "record.json"), api.has_attestation)
    job.output("paths", "\n".join(map(str, found)))
    job.output("any", str(bool(found)).lower())
    if is_private:
        job.summarise("No proof of origin is made: on most plans GitHub keeps attestations for public repositories alone.")
    typer.echo(f"{len(found)} file(s) without a proof of origin")


@ci.command()
def pages() -> None:
    """Find out whether GitHub has a place for the site, and hand it on.

    Where Pages could be on and is not, this fails and says how to turn it on; where the plan has none, it says so and goes on.
    """
    from sovereign.desk import settings

    job = at_github.job()
    with at_github.github(job) as api:
        said = settings.pages(api.look)
    job.output("pages", str(said.is_on).lower())
    job.summarise(said.words)
    typer.echo(said.words)
    if said.is_wanted:
        raise PublishError(f"Pages: {said.words}", tip=settings.PAGES_TIP.format(repository=job.repository))


@ci.command()
def answer() -> None:
    """Answer every command in remarks about open drafts that has no answer yet: a reaction, and a reply that says what happens."""
    from sovereign.adapters.github_people import react, remarks
    from sovereign.desk import commands, state
    from sovereign.desk.plan import open_by_slug

    job, count = at_github.job(), 0
    with at_github.github(job) as api:
        for pull in open_by_slug(api.open_pulls()).values():
            said = remarks(api, pull.number)
            done, writers = commands.answered(said), state.may_write(api, [said])
            for command in commands.asked(said):
                if command.remark.id not in done:
                    may = command.remark.author in writers
                    react(api, command.remark, commands.reaction(command, may_write=may))
                    api.comment(pull.number, commands.reply(command, may_write=may, run_url=job.run_url))
                    count += 1
    typer.echo(f"{count} command(s) answered")


def register() -> None:
    """Let the commands of this file be known; importing it has added them."""
