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
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sovereign.cli import at_github
from sovereign.errors import OutsideError, PublishError, SovereignError, UsageError
from sovereign.model import Engine
from sovereign.text import counted

if TYPE_CHECKING:
    from sovereign.adapters.github import GitHub
    from sovereign.desk.land import Writer
    from sovereign.desk.plan import Job, Plan, State
    from sovereign.desk.quotes import Looked
    from sovereign.desk.results import Failure
    from sovereign.desk.workflow import Workflow
    from sovereign.model import Goal, Report

ci = typer.Typer(no_args_is_help=True, help="The steps of the workflows.")

QUOTES_S = 90 * 60.0
"""Below the limit of the workflow's step, so that what was found until then is handed on."""
OVERDUE = "its job was ended before it had a result, at the limit of a step or by GitHub"

PlanText = Annotated[str, typer.Option("--plan", envvar="SOVEREIGN_PLAN", show_envvar=True, help="The plan, as `ci plan` gave it.")]
DayText = Annotated[str, typer.Option("--date", envvar="SOVEREIGN_DATE", help="The day the reports speak of.")]
EngineText = Annotated[str, typer.Option("--engine", envvar="SOVEREIGN_ENGINE", help="local or model, instead of what the goal says.")]
SlugText = Annotated[str, typer.Option("--goal", envvar="SOVEREIGN_SLUG", help="The goal, by its file's name.")]
QuotesText = Annotated[str, typer.Option("--quotes", envvar="SOVEREIGN_QUOTES", help="Which quotes were found again, as `ci quotes` said.")]
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
    pull: Annotated[str, typer.Option("--pull", envvar="SOVEREIGN_PULL", help="The goal of this draft's pull request alone.")] = "",
    event: Annotated[str, typer.Option("--event", envvar="GITHUB_EVENT_NAME", help="issues: the goals of ticked boxes alone.")] = "",
) -> None:
    """Decide from state what is researched now, and hand it on.

    Who spoke under one draft, or ticked a box, wakes the research of that alone: another run may be at work on everything else.
    """
    from sovereign.desk import plan as planning

    job = at_github.job()
    slug = Path(only.strip()).stem if only.strip().endswith(".yaml") else only.strip()
    is_forced = force.strip().lower() == "true"
    if is_forced and not slug:
        raise UsageError("force: expected the name of a goal beside it, got none", tip="name the goal: every goal at once is not forced")
    with at_github.github(job) as api:
        if pull.strip():
            made = _planned_under(api, pull.strip(), job.number)
        else:
            found = _gathered(api, slug, job.number)
            made = planning.plan(found, only=slug, force=is_forced, turn=job.number)
            if event == "issues":
                made = planning.Plan(tuple(item for item in made.jobs if item.slug in found.forced))
    slugs = json.dumps([item.slug for item in made.jobs])
    for name, value in (("plan", made.to_json()), ("slugs", slugs), ("any", str(bool(made.jobs)).lower())):
        job.output(name, value)
    job.output("date", datetime.now(UTC).date().isoformat())
    lines = [f"- `{item.slug}`: {item.why}" for item in made.jobs] or ["Nothing: every goal has what it needs."]
    rest = [f"- `{slug}`: {why}" for slug, why in made.rest if why is not planning.Why.DONE]
    job.summarise("\n".join(["# Plan", "", *lines, "", *(["Not now:", "", *rest] if rest else [])]))
    typer.echo(made.to_json())


def _gathered(api: GitHub, only: str, turn: int) -> State:
    from sovereign.desk import dashboard, state

    forced = dashboard.ticked(at_github.dashboard(api))[dashboard.Order.RUN]
    sound = {slug: goal for slug, goal in state.goals(Path())[0].items() if not only or slug == only}
    return state.gather(Path(), api, sound, forced=forced, turn=turn)


def _planned_under(api: GitHub, number: str, turn: int) -> Plan:
    """Plan the goal whose draft a pull request is; nothing where it is none, or where its goal has gone."""
    from sovereign.desk import plan as planning

    slug = next((slug for slug, draft in planning.open_by_slug(api.open_pulls()).items() if str(draft.number) == number), "")
    found = _gathered(api, slug, turn) if slug else None
    return planning.plan(found, only=slug) if found and slug in found.goals else planning.Plan()


@ci.command()
def retrieve(
    plan: PlanText,  # the option's name
    slug: Annotated[str, typer.Option("--goal", envvar="SOVEREIGN_SLUG", help="This goal alone; every goal of the plan if absent.")] = "",
    folder: Results = Path("result"),
    day: DayText = "",
) -> None:
    """Search and read for a goal, and keep what came on this machine; the one step that talks to paper services.

    What was asked on the way is kept, so that the step that holds the model's key has the same answers without the network.
    """
    from sovereign.desk import job_cache, results
    from sovereign.desk import plan as planning

    job_cache.tidy()
    for item in (_planned(plan, slug),) if slug else planning.read(plan):
        # A step that is ended at its limit says nothing any more, so it is said now, and replaced when there is something better to say.
        overdue = OutsideError(OVERDUE, tip="the next run tries again; the log says what took so long")
        results.write(results.place(folder, item.slug), item.slug, overdue)
        _retrieved(item, day)


def _retrieved(item: Job, day: str) -> None:
    from sovereign.cli import progress, world
    from sovereign.desk import job_cache

    with ExitStack() as closing, progress.shown(quiet=False, verbose=True) as (tell, _):
        wish = world.Wish(engine=Engine.LOCAL, today=_day(day))
        try:
            world.fetched(world.aimed(_goal(item), wish), wish, closing, tell)
        except SovereignError as error:
            job_cache.note(item.slug, error)
            typer.echo(f"{item.slug}: {error.message}", err=True)


@ci.command()
def analyse(plan: PlanText, slug: SlugText, folder: Results = Path("result"), day: DayText = "", engine: EngineText = "") -> None:
    """Research one goal from what was fetched, and hand the result on; it holds no right to write."""
    from sovereign.desk import results

    item, place = _planned(plan, slug), results.place(folder, slug)
    try:
        report = _analysed(item, day, engine)
    except SovereignError as error:
        results.write(place, slug, error)
        raise
    except BaseException as error:
        results.write(place, slug, SovereignError(f"a fault of the program: {type(error).__name__}: {error}", tip="see the log"))
        raise
    results.write(place, slug, report)
    typer.echo(f"{slug}: {report.decision.action}")


def _planned(plan: str, slug: str) -> Job:
    from sovereign.desk import plan as planning

    item = next((item for item in planning.read(plan) if item.slug == slug), None)
    if item is None:
        raise UsageError(f"{slug}: expected a goal of the plan")
    return item


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


@ci.command("quotes")
def find_quotes(plan: PlanText, folder: Results = Path("results")) -> None:
    """Look for every quote of the results in papers that are fetched anew, and hand the word on; it holds no right to write."""
    import time
    from tempfile import TemporaryDirectory

    from sovereign.cli import progress, world
    from sovereign.desk import plan as planning
    from sovereign.desk import quotes, results

    until_s, found = time.monotonic() + QUOTES_S, dict[str, quotes.Looked]()
    # A folder of its own: nothing that another step kept here is an answer.
    with ExitStack() as closing, progress.shown(quiet=False, verbose=True) as (tell, _), TemporaryDirectory() as empty:
        for item in planning.read(plan):
            report = quotes.handed_over(results.place(folder, item.slug))
            if report is not None:
                wish = world.Wish(engine=Engine.LOCAL, desk=Path(empty))
                now = world.build(world.aimed(_goal(item), wish), wish, closing)
                found[item.slug] = quotes.looked(report, now, lambda: time.monotonic() < until_s, tell)
    at_github.job().output("quotes", quotes.to_json(found))
    for slug, seen in found.items():
        typer.echo(f"{slug}: {counted(seen.stand, 'passage')} found again; {'; '.join(seen.doubts) or 'none is missing'}")


@ci.command()
def commit(plan: PlanText, folder: Results = Path("results"), day: DayText = "", engine: EngineText = "", quotes: QuotesText = "") -> None:
    """Check every result, and bring it to the main branch or before its owner; the only step that writes."""
    from sovereign.desk import plan as planning
    from sovereign.desk import quotes as quoting
    from sovereign.desk import results
    from sovereign.desk.land import Landed

    job, jobs, stand = at_github.job(), planning.read(plan), quoting.from_json(quotes)
    # Where neither the goal nor the desk asks for a model, none sat.
    asked = results.Asked(_named(engine) or Engine.LOCAL, _day(day) if day else None)
    with at_github.github(job) as api:
        repo = at_github.repo(job)
        read = {item.slug: results.read(results.place(folder, item.slug), item, asked) for item in jobs}
        ended = {item.slug: _landed(item, read[item.slug], stand, at_github.writer(job, repo, api)) for item in jobs}
        unsaid = _tell_failures(jobs, ended, job, api)
    job.output("published", str(Landed.PUBLISHED in ended.values()).lower())
    _say(job, ended)
    broken = [end for end in ended.values() if isinstance(end, results.Failure) and end.exit_code == PublishError.exit_code]
    if broken or unsaid:
        raise unsaid or PublishError("; ".join(f"{item.slug}: {item.reason}" for item in broken), tip=broken[0].tip)


def _tell_failures(jobs: Sequence[Job], ended: Mapping[str, str | Failure], job: Workflow, api: GitHub) -> PublishError | None:
    """Tell of what failed and close what has healed, each by itself; give the first error where GitHub cannot be told."""
    from sovereign.desk import failures
    from sovereign.desk.naming import BOT_LOGIN
    from sovereign.desk.plan import open_by_slug
    from sovereign.desk.results import Failure

    failed = {slug: end for slug, end in ended.items() if isinstance(end, Failure)}
    outage, rest = failures.parted(failed)
    try:
        drafts = open_by_slug(api.open_pulls()) if failed else {}
        issues = api.open_issues(BOT_LOGIN) if rest else ()
    except PublishError as error:
        return error
    # Those that were closed are many after years: they are listed once, and only where a failure has no place yet.
    known = failures.Known(issues, cache(partial(api.closed_issues, BOT_LOGIN)))
    tellings: list[Callable[[], object]] = [
        partial(failures.tell, api, rest[item.slug], item.goal, drafts.get(item.slug), job.run_url, known)
        for item in jobs
        if item.slug in rest
    ]
    tellings += [
        partial(failures.tell_outage, api, outage, job.run_url),
        partial(failures.settle, api, frozenset(ended) - frozenset(failed), job.run_url, lasts=bool(outage)),
    ]
    unsaid: list[PublishError] = []
    for telling in tellings:
        try:
            telling()
        except PublishError as error:
            unsaid.append(error)
    return unsaid[0] if unsaid else None


def _landed(item: Job, result: Report | Failure, stand: Mapping[str, Looked], writer: Writer) -> str | Failure:
    from sovereign.desk import failures, quotes, results

    if isinstance(result, results.Failure):
        return result
    try:
        return writer.land(item, result, quotes.doubts(stand, result))
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
    from sovereign.desk import floor, state
    from sovereign.desk.plan import undone
    from sovereign.desk.similar import similar

    sound, errors = state.goals(Path())
    asked = {slug: goal.asked_sha256 for slug, goal in sound.items()}
    pairs = similar({slug: goal.question for slug, goal in sound.items()})
    _summarise(checking.summary(sound, errors, undone(asked, state.published(Path())), floor.standing(Path())))
    for line in checking.commands(errors, pairs):
        typer.echo(line)
    typer.echo(f"{counted(len(sound) + len(errors), 'goal')}, {len(errors)} with problems", err=True)
    if errors:
        raise typer.Exit(2)


def _summarise(text: str) -> None:
    from sovereign.desk.workflow import Workflow

    path = os.environ.get("GITHUB_STEP_SUMMARY", "")
    Workflow("", summary_file=Path(path) if path else None).summarise(text)


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
        return goal.engine or (Engine(text.strip().lower()) if text.strip() else None)
    except ValueError as error:
        tip = "the variable SOVEREIGN_ENGINE names it: Settings → Secrets and variables → Actions → Variables"
        raise UsageError(f"engine: expected {' or '.join(Engine)}, got {text!r}", tip=tip) from error


def _named(text: str) -> Engine | None:
    """Give the engine that a text names; None where it names none, which each goal's own step has told its owner of."""
    return Engine(text.strip().lower()) if text.strip().lower() in set(Engine) else None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else datetime.now(UTC).date()
    except ValueError as error:
        raise UsageError(f"date: expected YYYY-MM-DD, got {text!r}") from error


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(ci, name="ci")
