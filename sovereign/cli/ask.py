"""`sovereign ask` and `sovereign plan`: a question answered in the terminal, and the searches that a run would send for it."""

from __future__ import annotations

import json
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sovereign.errors import UsageError
from sovereign.model import Engine

if TYPE_CHECKING:
    from sovereign.model import Goal, Query, Report

_ASK_EXAMPLES = """\b
Examples:
  sovereign ask "Does dense retrieval beat BM25 on new domains?" --papers DIR
  sovereign ask "How large is the Hubble tension?" --json
"""
_PLAN_EXAMPLES = """\b
Examples:
  sovereign plan "Is the Hubble tension explained by early dark energy?"
"""

Question = Annotated[str, typer.Argument(metavar="QUESTION", help="What you want to know, as one full question.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Papers = Annotated[Path | None, typer.Option("--papers", metavar="DIR", help="Read the papers of this folder, and search nowhere else.")]
Offline = Annotated[bool, typer.Option("--offline", help="Send nothing: answer from --papers or from what was fetched before.")]
EngineName = Annotated[Engine | None, typer.Option(metavar="local|model", help="Published rules alone, or a language model beside them.")]
ModelName = Annotated[str, typer.Option(metavar="PROFILE", help="A model profile, such as nim, or nim:some/model.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")]


def goal_of(question: str) -> Goal:
    """Give the goal that a bare question makes.

    Raises:
        UsageError: There is no question in it.
    """
    from sovereign.desk.naming import slug_for
    from sovereign.model import Goal
    from sovereign.text import fold

    asked = fold(question)
    if not asked:
        raise UsageError("QUESTION: expected a question, got nothing", tip='write it in quotes: sovereign ask "What …?"')
    try:
        return Goal(slug=slug_for(asked), question=asked)
    except ValueError as error:
        raise UsageError(str(error)) from error


def ask(  # noqa: PLR0913  # one argument per option
    question: Question,
    *,
    papers: Papers = None,
    offline: Offline = False,
    engine: EngineName = None,
    model: ModelName = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Answer a question in the terminal, from papers; nothing is written.

    The answer, how sure it is, the words it rests on and where they stand, and what nothing was found on.
    """
    from sovereign.cli.progress import shown
    from sovereign.cli.world import Wish, aimed, researched
    from sovereign.exports.terminal import answer_lines

    goal = goal_of(question)
    wish = Wish(papers=papers, offline=offline or papers is not None, engine=engine, model=model)
    with ExitStack() as closing, shown(quiet=quiet, verbose=False) as (tell, _):
        report = researched(aimed(goal, wish), wish, closing, tell)
    if as_json:
        typer.echo(json.dumps(answer_facts(report), ensure_ascii=False))
        return
    for line in answer_lines(report, shutil.get_terminal_size().columns):
        typer.echo(line)


def answer_facts(report: Report) -> dict[str, Any]:
    """Give an answer as plain data: kind, headline, strength, facets, findings with their quotes and places, direction."""
    answer, by_id = report.draft.answer, {claim.id: claim for claim in report.draft.claims}
    strength = answer.strength
    return {
        "question": report.goal.question,
        "kind": answer.kind.value,
        "headline": answer.headline,
        "direction": answer.direction.value if answer.direction else None,
        "strength": {
            "papers": strength.papers,
            "independent": strength.independent,
            "against": strength.against,
            "verified": strength.verified,
            "findings": strength.findings,
            "relevance": strength.relevance,
        },
        "facets": [{"name": facet.name, "weight": facet.weight, "claims": list(facet.claims)} for facet in answer.facets],
        "findings": [
            {
                "id": name,
                "claim": by_id[name].text,
                "stance": finding.stance,
                "quote": by_id[name].quote.text,
                "paper": by_id[name].paper,
                "section": by_id[name].quote.section,
                "page": by_id[name].quote.page,
                "start": by_id[name].quote.start,
                "end": by_id[name].quote.end,
                "grade": report.draft.evidence_of(name).grade.value,
                "relevance": by_id[name].relevance,
            }
            for finding in answer.findings
            for name in finding.claims
        ],
        "papers": [{"id": paper.id, "title": paper.title} for paper in report.papers],
        "decision": report.decision.action.value,
        "reasons": list(report.decision.reasons),
        "gaps": [f"{gap.step}: {gap.subject}: {gap.why}" for gap in report.gaps],
    }


def plan(question: Question, *, as_json: AsJson = False) -> None:
    """Show the searches that a run would send for a question, and why."""
    from sovereign.language import inquiry
    from sovereign.steps import plan as step

    goal = goal_of(question)
    queries, parts = step.plan(goal), inquiry.parts(goal.question)
    if as_json:
        found = {
            "question": goal.question,
            "asks": inquiry.asks(goal.question).value,
            "facets": [{"name": part.name, "weight": part.weight} for part in parts],
            "queries": [{"id": query.id, "all_of": [list(group) for group in query.all_of], "why": query.why} for query in queries],
        }
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    typer.echo(f"asks for {inquiry.asks(goal.question)}; facets: {', '.join(part.name for part in parts) or 'none told apart'}")
    for query in queries:
        typer.echo(f"{query.id}  {_told(query)}\n    {query.why}")
    if not queries:
        sys.stderr.write("no search could be planned: the question holds no telling word\n")


def _told(query: Query) -> str:
    return " and ".join(" or ".join(f"“{phrase}”" for phrase in group) for group in query.all_of) or query.raw


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(epilog=_ASK_EXAMPLES)(ask)
    app.command(epilog=_PLAN_EXAMPLES)(plan)
