"""`sovereign run` and `sovereign demo`: the whole pipeline."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sovereign.cli.ask import EngineName, ModelName, Offline, Papers, Quiet, goal_of
from sovereign.errors import HeldError, SovereignError, UsageError
from sovereign.model import Action, Engine, Event
from sovereign.text import counted, printable

if TYPE_CHECKING:
    from sovereign.cli.world import Wish
    from sovereign.desk.publication import Published
    from sovereign.model import Goal, Report

DEMO_DATE = date(2026, 1, 1)
DEMO = "paper-boats"
_RUN_EXAMPLES = """\b
Examples:
  sovereign run my-goal
  sovereign run goals/*.yaml --strict
  sovereign run "How long does sleep loss impair memory?" --papers DIR --offline
  sovereign run my-goal --engine model --model nim
"""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"expected YYYY-MM-DD, got {text!r}") from error


Day = Annotated[
    date | None, typer.Option("--date", parser=_day, metavar="YYYY-MM-DD", help="The day the report speaks of; today if absent.")
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="A line for every event, and how long each stage took.")]


def run(  # noqa: PLR0913  # one argument per option
    goals: Annotated[list[str], typer.Argument(metavar="GOAL...", help="Goal files, their names in goals/, or a question in quotes.")],
    *,
    papers: Papers = None,
    offline: Offline = False,
    engine: EngineName = None,
    model: ModelName = "",
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where reports go.")] = Path("site/reports"),
    day: Day = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 10 where a report is held for its owner.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a goal.")] = False,
    no_pdf: Annotated[bool, typer.Option("--no-pdf", help="Do not typeset the PDF.")] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Research goals and write their reports.

    Searches, reads, draws claims, checks them, has them judged, and ends with the answer: how sure it is, the words it rests on,
    what is doubtful, and why it waits for its owner.
    """
    from sovereign.cli.world import Wish

    wish = Wish(papers=papers, offline=offline, engine=engine, model=model, today=day)
    failed: list[SovereignError] = []
    held: list[str] = []
    for name in goals:
        try:
            published = research_one(_load(name), wish, out, quiet=quiet, verbose=verbose, with_pdf=not no_pdf)
        except SovereignError as error:
            failed.append(error)
            if len(goals) > 1:
                sys.stderr.write(f"ERROR {printable(error.message)}\n")
            continue
        _print(published, as_json=as_json)
        if published.report.decision.action is Action.ESCALATE_TO_OWNER:
            held.append(published.report.goal.slug)
    if failed:
        raise max(failed, key=lambda error: error.exit_code) if len(goals) == 1 else _several(failed, len(goals))
    if strict and held:
        raise HeldError(f"held for the owner: {', '.join(held)}", tip="read the reasons in the report")


def _several(failed: Sequence[SovereignError], total: int) -> SovereignError:
    worst = max(failed, key=lambda error: error.exit_code)
    worst.message = f"{len(failed)} of {counted(total, 'goal')} failed; see the messages above"
    return worst


def _load(name: str) -> Goal:
    """Give the goal of a file, of a name in goals/, or of a question that was typed itself."""
    from sovereign.adapters import goal_file, plain_files

    path = Path(name)
    if " " in name.strip() and not plain_files.is_there(path):
        return goal_of(name)
    if not path.suffix and not plain_files.is_there(path):
        path = Path("goals") / f"{name}.yaml"
    if not plain_files.is_there(path):
        known = sorted(found.stem for found in Path("goals").glob("*.yaml"))
        listed = f"; goals/ has {', '.join(known)}" if known else ""
        raise UsageError(f"{name}: no such goal{listed}", tip='write one: sovereign new "What do you want to know?"')
    return goal_file.load(path)


def research_one(goal: Goal, wish: Wish, out: Path, *, quiet: bool, verbose: bool, with_pdf: bool = True) -> Published:
    """Research one goal and write its report; progress on stderr, the event log below .sovereign/runs."""
    from sovereign.adapters import atomic_files
    from sovereign.adapters.cache import Ledger
    from sovereign.adapters.git_repo import is_tracked
    from sovereign.adapters.site_dir import SiteDir
    from sovereign.cli import unchanged
    from sovereign.cli.progress import shown
    from sovereign.cli.world import CACHE, aimed, researched
    from sovereign.desk.publication import publish

    wish = replace(wish, ledger=Ledger())
    atomic_files.sweep(wish.desk / CACHE)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")  # an hour that comes twice names no two logs alike
    log = wish.desk / ".sovereign" / "runs" / f"{goal.slug}-{stamp}.jsonl"
    with ExitStack() as closing, shown(quiet=quiet, verbose=verbose, log=log) as (tell, events):
        wanted, place = aimed(goal, wish), SiteDir(out, is_frozen=is_tracked)
        before = unchanged.inputs(wanted, wish, place, with_pdf=with_pdf)
        if same := unchanged.find(wanted, wish, place, before):
            tell(Event("report", f"{same.folder}: nothing changed since, the same report stands there already", 1, 1))
            return same
        report = researched(wanted, wish, closing, tell)
        _say_engine(wanted, report)
        published = publish(report, place, tell, with_pdf=with_pdf)
        unchanged.note(wanted, wish, published, before, unchanged.inputs(wanted, wish, place, with_pdf=with_pdf))
        if verbose:
            for stage, seconds, count in events.timings():
                sys.stderr.write(f"  {stage:<10} {seconds:8.2f} s  {counted(count, 'event')}\n")
    return published


def _say_engine(wanted: Goal, report: Report) -> None:
    """Say on the terminal, also where progress is not wanted, that a model was asked for and the rules judged."""
    if wanted.engine is not Engine.MODEL or report.engine is Engine.MODEL:
        return
    why = next((gap.why for gap in report.gaps if "went on with the local engine" in gap.why), "no model took part to the end")
    sys.stderr.write(f"WARNING {wanted.slug}: a language model was asked for, and the local engine judged: {why}\n")


def counts(published: Published) -> str:
    """Give the run in one line: what came out, and what did not."""
    report = published.report
    last = report.tribunal.last
    score = "no score" if last.consensus is None else f"{last.consensus:.1f}/10"
    return (
        f"{counted(report.retrieved, 'paper')} retrieved. {counted(len(report.draft.claims), 'claim')} extracted, "
        f"{report.verified} verified. "
        f"Tribunal: {score} → {report.tribunal.outcome} (revision_round={report.tribunal.revision_rounds}). "
        f"Policy: {report.decision.action}. {counted(len(report.gaps), 'gap')}."
    )


def _print(published: Published, *, as_json: bool) -> None:
    report = published.report
    if as_json:
        facts = {
            "slug": report.goal.slug,
            "page": str(published.page),
            "version": published.version,
            "is_same": published.is_same,
            "papers": report.retrieved,
            "claims": len(report.draft.claims),
            "verified": report.verified,
            "score": report.tribunal.last.consensus,
            "outcome": report.tribunal.outcome,
            "decision": report.decision.action,
            "reasons": list(report.decision.reasons),
            "gaps": len(report.gaps),
        }
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    typer.echo(published.page)
    typer.echo()
    _answer(published, "sovereign site serve")
    typer.echo(counts(published))


def _answer(published: Published, next_step: str) -> None:
    """Print the answer, folded to the terminal."""
    from sovereign.exports.terminal import answer_lines

    for line in answer_lines(published.report, shutil.get_terminal_size().columns, next_step=next_step):
        typer.echo(line)
    typer.echo()


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the example desk goes.")] = Path("demo-desk"),
    *,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Run everything offline on the bundled example papers, and name the page to open.

    Needs no network and no key. The papers, their authors and their numbers are invented.
    """
    from importlib.resources import as_file, files

    from sovereign.cli.world import Wish
    from sovereign.site import build

    with as_file(files("sovereign") / "demo") as example:
        goal = out / "goals" / f"{DEMO}.yaml"
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(example / f"{DEMO}.yaml", goal)
        shutil.copyfile(example / "mkdocs.yml", out / "mkdocs.yml")
        (out / "site").mkdir(exist_ok=True)
        wish = Wish(papers=example / "papers", offline=True, today=DEMO_DATE, desk=out, is_example=True, engine=Engine.LOCAL)
        published = research_one(_load(str(goal)), wish, out / "site" / "reports", quiet=quiet, verbose=verbose)
    if not quiet:
        sys.stderr.write("* site: building\n")
    build.prepare(out)
    built = build.build(out, file_links=True)
    _answer(published, 'sovereign new "What do you want to know?"')
    typer.echo(counts(published))
    typer.echo(f"open {(built / 'reports' / DEMO / f'v{published.version}' / 'index.html').resolve()}")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("run", epilog=_RUN_EXAMPLES)(run)
    app.command("demo")(demo)
