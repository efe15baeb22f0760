"""Goal -> Query* with a language model: it proposes searches, we keep what is one, and the goal's own are added."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sovereign.model import Field, Gap, GapKind, Goal, Query
from sovereign.ports import ChatModel, Prompt, Reply, Tell, tell_nobody
from sovereign.prompting import fence, load
from sovereign.text import fold

SEARCHES = 4
MAX_PHRASE_CHARS = 80
_WORD = re.compile(r"[^\W_]")
_MEANINGFUL = re.compile(r"[\"“”„*?:()\[\]{}^~\\|<>=&#%]|\b(?:AND|OR|ANDNOT|NOT)\b")
"""What a source's query syntax could read as more than words."""


def plan(goal: Goal, chat: ChatModel, *, tell: Tell = tell_nobody) -> tuple[tuple[Query, ...], tuple[Gap, ...]]:
    """Give "q1", "q2", … in order: at most four that the model plans, then the goal's own; none of the model's is a Gap.

    Raises:
        ModelError: The model is unusable.
    """
    answer = chat.answer([write(goal)], tell=tell)[0]
    drafts, gaps = ((), (answer,)) if isinstance(answer, Gap) else read(answer)
    planned = [_query(goal, number, draft) for number, draft in enumerate(drafts, start=1)]
    own = [
        Query(
            f"q{len(planned) + number}", raw=raw, categories=goal.categories, since=goal.since, until=goal.until, why="the goal asks for it"
        )
        for number, raw in enumerate(dict.fromkeys(goal.queries), start=1)
    ]
    return (*planned, *own), gaps


def write(goal: Goal) -> Prompt:
    """Give the question to the model."""
    items = [("question", goal.question), *(("keyword", word) for word in goal.keywords)]
    if goal.guidance:
        items.append(("wish of the owner", goal.guidance))
    return load("plan").prompt({"count": str(SEARCHES), "question": fence("question", items)}, max_tokens=1200)


Draft = tuple[tuple[tuple[str, ...], ...], Field, str]


def read(reply: Reply) -> tuple[tuple[Draft, ...], tuple[Gap, ...]]:
    """Give the searches that are usable, at most four and each once, and a Gap for each that is none."""
    kept: dict[object, Draft] = {}
    gaps: list[Gap] = []
    for item in reply.data["searches"]:
        draft = _draft(item)
        if draft is None:
            gaps.append(
                Gap("plan", "model", f"a proposed search has no usable phrases: {fold(str(item['all_of']))[:200]}", GapKind.REJECTED)
            )
        else:
            kept.setdefault((frozenset(frozenset(map(str.casefold, group)) for group in draft[0]), draft[1]), draft)
    drafts = tuple(kept.values())[:SEARCHES]
    if not drafts:
        gaps.append(Gap("plan", "model", "the model planned no usable search", GapKind.MISSING))
    return drafts, tuple(gaps)


def _draft(item: Mapping[str, Any]) -> Draft | None:
    groups = [tuple(dict.fromkeys(phrase for raw in group if (phrase := _phrase(raw)))) for group in item["all_of"]]
    full = tuple(group for group in groups if group)
    return (full, Field(item["field"]), fold(item["why"])) if full and len(full) == len(groups) else None


def _phrase(raw: str) -> str:
    """Give a phrase of plain words, or empty: nothing in it may be syntax of a search."""
    phrase = fold(_MEANINGFUL.sub(" ", "".join(c if c.isprintable() else " " for c in raw)))
    return phrase if _WORD.search(phrase) and len(phrase) <= MAX_PHRASE_CHARS else ""


def _query(goal: Goal, number: int, draft: Draft) -> Query:
    groups, field, why = draft
    return Query(
        id=f"q{number}",
        all_of=groups,
        field=field,
        categories=goal.categories,
        since=goal.since,
        until=goal.until,
        why=why or "planned by the model",
    )
