"""`sovereign ci …`, the steps beside the research: the site's place, proofs of origin, the weekly recheck, answers to comments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

import typer

from sovereign.cli import at_github
from sovereign.cli.ci import Results, ci
from sovereign.errors import PublishError, SovereignError, UsageError
from sovereign.text import counted

if TYPE_CHECKING:
    from sovereign.adapters.github import GitHub
    from sovereign.adapters.github_people import Remark
    from sovereign.desk.workflow import Workflow

FINDINGS = "findings.json"
MAX_FINDINGS_BYTES = 16 << 20
AUDIT_S = 300 * 60.0
"""Half an hour below the limit of the workflow's step, for the report that is being looked at and for handing on."""


@ci.command("audit")
def audit_all(folder: Results = Path("findings")) -> None:
    """Audit the published reports online, as many as there is time for, and hand the findings on; it holds no right to write."""
    import time

    from sovereign.cli.audit import rechecked
    from sovereign.desk import audit as auditing

    until_s, items = time.monotonic() + AUDIT_S, list[auditing.Audited]()
    # Two thousand reports take longer than a job may: a part each week, and next week another one.
    for item in rechecked(datetime.now(UTC).date().toordinal() // 7, lambda: time.monotonic() < until_s):
        items.append(item)
        typer.echo(f"{item.slug} v{item.version}: {counted(len(item.findings), 'finding')}, {len(item.unasked)} not looked at")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FINDINGS).write_text(auditing.to_json(items), encoding="utf-8")
    left = len(auditing.slugs(Path())) - len({item.slug for item in items})
    if left:
        typer.echo(f"{counted(left, 'report')} left for the weeks to come: there was no time for more")


@ci.command()
def mark(folder: Results = Path("findings")) -> None:
    """Put what an audit found before the owner: a pull request for each report that is to be marked."""
    from sovereign.adapters import plain_files
    from sovereign.desk import audit as auditing
    from sovereign.desk import derive, notices

    path = folder / FINDINGS
    if path.is_symlink():
        raise UsageError(f"{path}: expected the findings of an audit, got a link")
    try:
        text = plain_files.text(path, MAX_FINDINGS_BYTES)
    except ValueError as error:
        raise UsageError(f"{path}: expected the findings of an audit: {error}", tip="see the log of the job that audits") from error
    # A page that another build of the program rendered differs too: that is for people to look at, and is in the log of the audit.
    findings = [item for item in auditing.from_json(text) if item.kind is not derive.Wrong.PAGES]
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
    typer.echo(f"{counted(len(found), 'file')} without a proof of origin")


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
    from sovereign.adapters.github_people import remarks

    job = at_github.job()
    with at_github.github(job) as api:
        typer.echo(f"{counted(_answered(api, job, partial(remarks, api)), 'command')} answered")


def _answered(api: GitHub, job: Workflow, said_of: Callable[[int], tuple[Remark, ...]]) -> int:
    from sovereign.adapters.github_people import react
    from sovereign.desk import commands, state
    from sovereign.desk.plan import open_by_slug

    count = 0
    for pull in state.talked(open_by_slug(api.open_pulls()), job.number).values():
        said = said_of(pull.number)
        done, writers = commands.answered(said), state.may_write(api, [said])
        for command in commands.asked(said):
            if command.remark.id not in done:
                may = command.remark.author in writers
                react(api, command.remark, commands.reaction(command, may_write=may))
                api.comment(pull.number, commands.reply(command, may_write=may, run_url=job.run_url))
                count += 1
    return count


@ci.command()
def board(
    plan: Annotated[str, typer.Option("--plan", envvar="SOVEREIGN_PLAN", help="What this run took, as `ci plan` gave it.")] = "",
) -> None:
    """Bring the dashboard up to date, follow its boxes, answer what has no answer yet, and remind of drafts that wait.

    Nothing fails for it: what cannot be done is said in the log, and the rest is done.
    """
    from sovereign.adapters.github_people import remarks
    from sovereign.desk import plan as planning

    job = at_github.job()
    taken = frozenset(item.slug for item in (planning.read(plan) if plan.strip() else ()))
    with at_github.github(job) as api:
        said_of = cache(partial(remarks, api))
        steps: dict[str, Callable[[], object]] = {
            "drafts closed": partial(_closed, api),
            "dashboards shown": partial(_shown, api, job, taken, said_of),
            "commands answered": partial(_answered, api, job, said_of),
            "reminders": partial(_reminded, api),
        }
        for what, step in steps.items():
            try:
                typer.echo(f"{what}: {step()}")
            except PublishError as error:
                _warn(f"{what}: {error.message}")


def _closed(api: GitHub) -> int:
    from sovereign.desk import dashboard
    from sovereign.desk.plan import open_by_slug

    drafts = open_by_slug(api.open_pulls())
    wanted = sorted(dashboard.ticked(at_github.dashboard(api))[dashboard.Order.CLOSE] & drafts.keys())
    for slug in wanted:
        api.comment(drafts[slug].number, "Closed from the dashboard. The goal rests until its file changes, or its box is ticked.")
        api.ask("PATCH", f"pulls/{drafts[slug].number}", {"state": "closed"})
    return len(wanted)


def _shown(api: GitHub, job: Workflow, taken: frozenset[str], said_of: Callable[[int], tuple[Remark, ...]]) -> int:
    from sovereign.desk import comment_marks, dashboard, state
    from sovereign.desk.failures import is_outage
    from sovereign.desk.naming import BOT_LOGIN

    sound, _ = state.goals(Path())
    stands = state.gather(Path(), api, sound, turn=job.number, said=said_of)
    # Read last: what is ticked between here and the writing below would be lost.
    issues = api.open_issues(BOT_LOGIN)
    boards = sorted(filter(dashboard.is_dashboard, issues), key=lambda issue: issue.number)
    old = boards[0] if boards else None
    for other in boards[1:]:
        api.comment(other.number, f"Two runs made a dashboard each; it is #{boards[0].number}.")
        api.close_issue(other.number)
    if old is None and any(map(dashboard.is_dashboard, api.closed_issues(BOT_LOGIN))):
        return 0
    marks = ((comment_marks.read("failure", issue.body) or {}, issue.url) for issue in issues)
    failures = {str(mark["slug"]): url for mark, url in marks if "slug" in mark}
    outage = next((issue.url for issue in issues if is_outage(issue)), "")
    known = dashboard.Known({slug: goal.question for slug, goal in sound.items()}, failures, state.days(Path()), outage)
    found = dashboard.rows(stands, known, f"{job.server_url}/{job.repository}")
    # A box that was ticked while this run went on is for the next one.
    kept = {dashboard.Order.RUN: dashboard.ticked(old.body if old else "")[dashboard.Order.RUN] - taken}
    text = dashboard.body(found, kept, job.run_url)
    if old is None:
        api.create_issue(title=dashboard.TITLE, body=text, labels=("dashboard",))
    elif old.body != text:
        api.ask("PATCH", f"issues/{old.number}", {"body": text})
    return 1


def _reminded(api: GitHub) -> int:
    from sovereign.desk import reminders
    from sovereign.desk.plan import open_by_slug

    count = 0
    for pull in open_by_slug(api.open_pulls()).values():
        if reminders.is_due([pull.created, pull.updated], datetime.now(UTC)):
            api.comment(pull.number, reminders.WORDS)
            count += 1
    return count


def register() -> None:
    """Let the commands of this file be known; importing it has added them."""
