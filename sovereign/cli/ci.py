"""`sovereign ci …`: the steps of the workflows, so that YAML holds no logic.

What they are told comes by the environment, never by a template in a shell line. While they run, the runner takes no line of the log for a
command: papers and goals may hold such lines.
"""

from __future__ import annotations

import atexit
import json
import os
import secrets
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

import typer

from sovereign.errors import PublishError, SovereignError, UsageError
from sovereign.model import Engine

if TYPE_CHECKING:
    from sovereign.adapters.git_repo import GitRepo
    from sovereign.adapters.github import GitHub
    from sovereign.desk.plan import Job
    from sovereign.desk.results import Failure
    from sovereign.desk.workflow import Workflow
    from sovereign.model import Goal, Report

ci = typer.Typer(no_args_is_help=True, help="The steps of the workflows.")

FINDINGS = "findings.json"
MAX_FINDINGS_BYTES = 16 << 20

PlanText = Annotated[str, typer.Option("--plan", envvar="SOVEREIGN_PLAN", show_envvar=True, help="The plan, as `ci plan` gave it.")]
DayText = Annotated[str, typer.Option("--date", envvar="SOVEREIGN_DATE", help="The day the reports speak of.")]
EngineText = Annotated[str, typer.Option("--engine", envvar="SOVEREIGN_ENGINE", help="local or model, instead of what the goal says.")]
Results = Annotated[Path, typer.Option("--results", help="The folder of results.")]


@ci.callback()
def _mute(context: typer.Context) -> None:
    """Keep the runner from reading commands in foreign text, until this program ends.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions#stopping-and-starting-workflow-commands
    """
    if os.environ.get("GITHUB_ACTIONS") == "true" and context.invoked_subcommand != "check":
        word = secrets.token_hex(16)
        sys.stdout.write(f"::stop-commands::{word}\n")
        sys.stdout.flush()
        atexit.register(lambda: (sys.stdout.write(f"::{word}::\n"), sys.stdout.flush()))


@ci.command()
def plan(
    only: Annotated[str, typer.Option("--goal", envvar="SOVEREIGN_GOAL", help="This goal alone.")] = "",
    force: Annotated[str, typer.Option("--force", envvar="SOVEREIGN_FORCE", help="true: research it whatever became of it before.")] = "",
) -> None:
    """Decide from state what is researched now, and hand it on."""
    from sovereign.desk import plan as planning
    from sovereign.desk import state

    job = _workflow()
    slug = Path(only.strip()).stem if only.strip().endswith(".yaml") else only.strip()
    with _github(job) as api:
        found = state.gather(Path(), api, only=slug)
    made = planning.plan(found, only=slug, force=force.strip().lower() == "true")
    slugs = json.dumps([item.slug for item in made.jobs])
    for name, value in (("plan", made.to_json()), ("slugs", slugs), ("any", str(bool(made.jobs)).lower())):
        job.output(name, value)
    job.output("date", datetime.now(UTC).date().isoformat())
    lines = [f"- `{item.slug}`: {item.why}" for item in made.jobs] or ["Nothing: every goal has what it needs."]
    rest = [f"- `{slug}`: {why}" for slug, why in made.rest if why is not planning.Why.DONE]
    job.summarise("\n".join(["# Plan", "", *lines, "", *(["Not now:", "", *rest] if rest else [])]))
    typer.echo(made.to_json())


@ci.command()
def turn(workflow: Annotated[str, typer.Argument(help="The workflow's file.")] = "research.yml") -> None:
    """Wait until the earlier runs of a workflow are done, so that one at a time talks to arXiv."""
    from sovereign.desk import turn as waiting

    job = _workflow()
    with _github(job) as api:
        waiting.wait(lambda: api.earlier_runs(workflow, job.number), time.sleep, lambda said: typer.echo(f"* turn: {said}", err=True))


@ci.command()
def retrieve(plan: PlanText, day: DayText = "") -> None:  # the option's name
    """Fetch for every goal of the plan what its research asks for, and keep it; the one step that talks to paper services.

    It runs the research with the local engine and throws the report away: what was asked on the way is kept, so that the job that
    holds the model's key answers the same questions without the network.
    """
    from sovereign.cli import progress, world
    from sovereign.desk import job_cache
    from sovereign.desk import plan as planning

    job_cache.tidy()
    for item in planning.read(plan):
        with ExitStack() as closing, progress.shown(quiet=False, verbose=True) as (tell, _):
            wish = world.Wish(engine=Engine.LOCAL, today=_day(day))
            try:
                goal = world.aimed(_goal(item), wish)
                world.researched(goal, wish, closing, tell)
            except SovereignError as error:
                job_cache.note(item.slug, error)
                typer.echo(f"{item.slug}: {error.message}", err=True)


@ci.command()
def analyse(
    plan: PlanText,  # the option's name
    slug: Annotated[str, typer.Option("--goal", envvar="SOVEREIGN_SLUG", help="The goal to analyse.")],
    folder: Results = Path("result"),
    day: DayText = "",
    engine: EngineText = "",
) -> None:
    """Research one goal from what was fetched, and hand the result on; it holds no right to write."""
    from sovereign.desk import plan as planning
    from sovereign.desk import results

    item = next((item for item in planning.read(plan) if item.slug == slug), None)
    if item is None:
        raise UsageError(f"{slug}: expected a goal of the plan")
    try:
        report = _analysed(item, day, engine)
    except SovereignError as error:
        results.write(folder, slug, error)
        raise
    except BaseException as error:
        results.write(folder, slug, SovereignError(f"a fault of the program: {type(error).__name__}: {error}", tip="see the log"))
        raise
    results.write(folder, slug, report)
    typer.echo(f"{slug}: {report.decision.action}")


def _analysed(item: Job, day: str, engine: str) -> Report:
    from sovereign.adapters.git_repo import is_tracked
    from sovereign.adapters.site_dir import SiteDir
    from sovereign.cli import progress, world
    from sovereign.desk import job_cache
    from sovereign.desk.publication import publish

    if error := job_cache.noted(item):
        raise error
    with ExitStack() as closing, progress.shown(quiet=False, verbose=True) as (tell, _):
        goal = _goal(item)
        wish = world.Wish(is_replay=True, engine=_engine(engine, goal), today=_day(day))
        aimed = world.aimed(goal, wish)
        report = world.researched(aimed, wish, closing, tell)
        # The record keeps the goal as its file asks it; who judged stands in the report's own engine.
        report = replace(report, goal=goal)
        publish(report, SiteDir(Path("site/reports"), is_frozen=is_tracked), tell)
    return report


@ci.command()
def commit(plan: PlanText, folder: Results = Path("results")) -> None:  # the option's name
    """Check every result, and bring it to the main branch or before its owner; the only step that writes."""
    from sovereign.desk import plan as planning
    from sovereign.desk import results
    from sovereign.desk.land import Landed

    job, jobs = _workflow(), planning.read(plan)
    with _github(job) as api:
        repo = _repo(job)
        read = {item.slug: results.read(folder / f"{results.ARTIFACT_PREFIX}{item.slug}", item) for item in jobs}
        ended = {item.slug: _landed(item, read[item.slug], job, repo, api) for item in jobs}
        unsaid = _tell_failures(jobs, ended, job, api)
    job.output("published", str(Landed.PUBLISHED in ended.values()).lower())
    _say(job, ended)
    broken = [end for end in ended.values() if isinstance(end, results.Failure) and end.exit_code == PublishError.exit_code]
    if broken or unsaid:
        raise unsaid or PublishError("; ".join(f"{item.slug}: {item.reason}" for item in broken), tip=broken[0].tip)


def _tell_failures(jobs: Sequence[Job], ended: Mapping[str, str | Failure], job: Workflow, api: GitHub) -> PublishError | None:
    """Tell of what failed and close what has healed; give the error where GitHub cannot even be told."""
    from sovereign.desk import failures
    from sovereign.desk.plan import open_by_slug
    from sovereign.desk.results import Failure

    failed = {slug: end for slug, end in ended.items() if isinstance(end, Failure)}
    try:
        drafts = open_by_slug(api.open_pulls()) if failed else {}
        for item in jobs:
            if item.slug in failed:
                failures.tell(api, failed[item.slug], item.goal, drafts.get(item.slug), job.run_url)
        failures.settle(api, frozenset(ended) - frozenset(failed), job.run_url)
    except PublishError as error:
        return error
    return None


def _landed(item: Job, result: Report | Failure, job: Workflow, repo: GitRepo, api: GitHub) -> str | Failure:
    from sovereign.desk import failures, results
    from sovereign.desk.land import Writer
    from sovereign.exports import pages as report_step

    if isinstance(result, results.Failure):
        return result
    writer = Writer(
        repo=repo,
        api=api,
        base=job.base,
        place=job.place,
        compose=lambda report, earlier: report_step.compose(report, version=len(earlier) + 1, earlier=earlier),
        warn=lambda said: typer.echo(f"WARNING {said}", err=True),
    )
    try:
        return writer.land(item, result)
    except SovereignError as error:
        return failures.from_error(item.slug, error)


def _say(job: Workflow, ended: dict[str, str | Failure]) -> None:
    from sovereign.desk.results import Failure
    from sovereign.desk.shield import shield

    lines = [f"- `{slug}`: {'failed: ' + shield(end.reason) if isinstance(end, Failure) else end}" for slug, end in ended.items()]
    job.summarise("\n".join(["# Reports", "", *lines]))
    for slug, end in ended.items():
        typer.echo(f"{slug}: {'failed: ' + end.reason if isinstance(end, Failure) else end}")


@ci.command()
def check() -> None:
    """Judge the goals of a pull request: problems at their lines, what would run, what is asked already. Needs no rights.

    It is the one step whose lines the runner reads: each is escaped, and nothing else is printed.
    """
    from sovereign.desk import check as checking
    from sovereign.desk import state
    from sovereign.desk.plan import undone
    from sovereign.desk.similar import similar

    sound, errors = state.goals(Path())
    asked = {slug: goal.asked_sha256 for slug, goal in sound.items()}
    pairs = similar({slug: goal.question for slug, goal in sound.items()})
    _summarise(checking.summary(sound, errors, undone(asked, state.published(Path()))))
    for line in checking.commands(errors, pairs):
        typer.echo(line)
    typer.echo(f"{len(sound) + len(errors)} goal(s), {len(errors)} with problems", err=True)
    if errors:
        raise typer.Exit(2)


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
    from sovereign.adapters import plain_files
    from sovereign.desk import audit as auditing
    from sovereign.desk import notices

    path = folder / FINDINGS
    if path.is_symlink():
        raise UsageError(f"{path}: expected the findings of an audit, got a link")
    try:
        text = plain_files.text(path, MAX_FINDINGS_BYTES)
    except ValueError as error:
        raise UsageError(f"{path}: expected the findings of an audit: {error}", tip="see the log of the job that audits") from error
    findings = auditing.from_json(text)
    job, repo = _workflow(), None
    with _github(job) as api:
        for slug in sorted({finding.slug for finding in findings}):
            repo = repo or _repo(job)
            is_new = notices.propose(repo, api, job.base, slug, [finding for finding in findings if finding.slug == slug])
            typer.echo(f"{slug}: {'put before its owner' if is_new else 'known already'}")


@ci.command()
def unproved() -> None:
    """List the published reports that have no proof of origin at GitHub yet, and hand the list on; it holds no right to sign."""
    from sovereign.desk import provenance
    from sovereign.desk.naming import REPORTS

    job = _workflow()
    found: tuple[PurePosixPath, ...] = ()
    with _github(job) as api:
        is_private = api.is_private()
        if not is_private:
            found = provenance.unproved(Path(), _repo(job).added(REPORTS, "record.json"), api.has_attestation)
    job.output("paths", "\n".join(map(str, found)))
    job.output("any", str(bool(found)).lower())
    if is_private:
        job.summarise("No proof of origin is made: on most plans GitHub keeps attestations for public repositories alone.")
    typer.echo(f"{len(found)} file(s) without a proof of origin")


def _summarise(text: str) -> None:
    from sovereign.desk.workflow import Workflow

    path = os.environ.get("GITHUB_STEP_SUMMARY", "")
    Workflow("", summary_file=Path(path) if path else None).summarise(text)


def _workflow() -> Workflow:
    from sovereign.desk.workflow import Workflow

    return Workflow.read(os.environ)


def _github(job: Workflow) -> GitHub:
    from sovereign.adapters.github import GitHub

    return GitHub(job.repository, job.token, api_url=job.api_url)


def _repo(job: Workflow) -> GitRepo:
    from sovereign.adapters.git_repo import GitRepo

    return GitRepo(Path(), token=job.token, server_url=job.server_url)


def _goal(item: Job) -> Goal:
    """Give the goal of a planned job with its guidance.

    Raises:
        UsageError: The file is not what was planned.
    """
    from sovereign.adapters import goal_file

    goal = goal_file.load(Path("goals") / f"{item.slug}.yaml")
    if goal.asked_sha256 != item.goal:
        raise UsageError(f"{item.slug}: expected the goal that was planned, its file says another", tip="the next run takes it")
    return replace(goal, guidance=item.guidance)


def _engine(text: str, goal: Goal) -> Engine | None:
    """Give the engine: what the goal's file says, else what the desk or a person asked for."""
    try:
        return goal.engine or (Engine(text.strip()) if text.strip() else None)
    except ValueError as error:
        raise UsageError(f"engine: expected {' or '.join(Engine)}, got {text!r}") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else datetime.now(UTC).date()
    except ValueError as error:
        raise UsageError(f"date: expected YYYY-MM-DD, got {text!r}") from error


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(ci, name="ci")
