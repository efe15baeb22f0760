"""Whole answers over small shelves of real papers: beside the gold answer, and to questions that no paper of the shelf answers."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from benchmarks.metrics import auroc
from benchmarks.overlap import is_hit
from sovereign import pipeline
from sovereign.cli.ask import goal_of
from sovereign.cli.world import Wish, aimed, build
from sovereign.model import Outcome, Report

NEAR_MISSES = Path(__file__).resolve().parent / "near_misses.json"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What one question to one shelf gave.

    Attributes:
        claims: Each claim's paper, as its file or folder below the shelf is called, and its quote.
        told: The quotes of the answer's key findings.
        surely: How surely the papers answer, 0..1.
    """

    shelf: str
    claims: tuple[tuple[str, str], ...]
    told: tuple[str, ...]
    surely: float
    is_answered: bool
    is_approved: bool


def measure(data: Path) -> tuple[list[Row], list[Row]]:
    """Give a row for each shelf and one for all, and how answered questions stand apart from near misses."""
    missed: Mapping[str, Sequence[str]] = json.loads(NEAR_MISSES.read_text(encoding="utf-8"))
    rows, answered, unanswered = [], [], []
    for folder in sorted(path.parent for path in (data / "shelves").glob("*/gold.json")):
        gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
        first, *others = _asked(folder, [gold["question"], *missed.get(folder.name, ())])
        rows.append(beside(first, gold))
        answered.append(first)
        unanswered += others
    return [*rows, together(rows)], [apart(answered, unanswered)]


def _asked(folder: Path, questions: Sequence[str]) -> list[Asked]:
    """Put questions to a shelf as `sovereign ask --papers` does; its papers are read once."""
    with ExitStack() as closing:
        desk = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        wish = Wish(papers=folder / "papers", offline=True, desk=desk)
        goals = [aimed(goal_of(question), wish) for question in questions]
        world = build(goals[0], wish, closing)
        return [_seen(folder.name, pipeline.research(goal, world)) for goal in goals]


def _seen(shelf: str, report: Report) -> Asked:
    names = {paper.id: PurePosixPath(paper.location).parts[0] if paper.location else paper.id for paper in report.papers}
    by_id, answer = {claim.id: claim for claim in report.draft.claims}, report.draft.answer
    return Asked(
        shelf,
        tuple((names.get(claim.paper, claim.paper), claim.quote.text) for claim in report.draft.claims),
        tuple(by_id[name].quote.text for finding in answer.findings for name in finding.claims),
        answer.strength.relevance,
        answer.is_answered,
        report.tribunal.outcome is Outcome.APPROVE,
    )


def beside(asked: Asked, gold: Mapping[str, Any]) -> Row:
    """Give a shelf's figures: key sentences and facets count where a quote overlaps with the gold sentence.

    A claim of a paper that gold calls irrelevant is not about the question; of the others this is not known.
    """
    quotes = [quote for _, quote in asked.claims]
    found = [key for key in gold["key"] if any(is_hit(quote, key["quote"]) for quote in quotes)]
    told = [key for key in gold["key"] if any(is_hit(quote, key["quote"]) for quote in asked.told)] if asked.is_answered else []
    about = sum(paper not in gold["irrelevant"] for paper, _ in asked.claims)
    return {
        "shelf": asked.shelf,
        "claims": len(asked.claims),
        "of relevant papers": _share(about, len(asked.claims)),
        "key sentences": _share(len(found), len(gold["key"])),
        "facets among the claims": _share(len({key["facet"] for key in found}), len(gold["facets"])),
        "facets in the answer": _share(len({key["facet"] for key in told}), len(gold["facets"])),
        "answered": "yes" if asked.is_answered else "no",
        "P(answered)": asked.surely,
    }


def together(rows: Sequence[Row]) -> Row:
    """Give the mean over shelves, each counting as much; where the answer is missing its facets count as none."""
    means = ("of relevant papers", "key sentences", "facets among the claims", "facets in the answer", "P(answered)")
    known = {name: [row[name] for row in rows if row[name] is not None] for name in means}
    return {
        "shelf": "all",
        "claims": sum(row["claims"] for row in rows),
        **{name: round(sum(values) / len(values), 4) if values else None for name, values in known.items()},
        "answered": f"{sum(row['answered'] == 'yes' for row in rows)} of {len(rows)}",
    }


def apart(answered: Sequence[Asked], unanswered: Sequence[Asked]) -> Row:
    """Give how well P(answered) tells questions that the shelf answers from near misses, and how many of each pass."""
    every = (*answered, *unanswered)
    flags = np.array([True] * len(answered) + [False] * len(unanswered))
    return {
        "AUROC": auroc(flags, np.array([one.surely for one in every])),
        "answerable": len(answered),
        "of these answered": sum(one.is_answered for one in answered),
        "of these approved": sum(one.is_approved for one in answered),
        "near misses": len(unanswered),
        "near misses answered": sum(one.is_answered for one in unanswered),
        "near misses approved": sum(one.is_approved for one in unanswered),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
