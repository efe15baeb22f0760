"""Goal -> Query* with a language model: it proposes searches, we keep what is one, and the goal's own are added.

A search that shares no idea with the question is none, whatever asked for it. Beside the searches the model says what the
question asks for: the kind of the answer, and its facets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sovereign.language.lexical import content_stems
from sovereign.language.question import synonyms, terms
from sovereign.language.terms import generic_words
from sovereign.model import Field, Gap, GapKind, Goal, Query
from sovereign.ports import ChatModel, Prompt, Reply, Tell, tell_nobody
from sovereign.prompting import fence, load
from sovereign.text import fold

SEARCHES = 4
MAX_PHRASE_CHARS = 80
_WORD = re.compile(r"[^\W_]")
_MEANINGFUL = re.compile(r"[\"“”„*?:()\[\]{}^~\\|<>=&#%]|\b(?:AND|OR|ANDNOT|NOT)\b")
"""What a source's query syntax could read as more than words."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a model plans.

    Attributes:
        queries: "q1", "q2", … in order: at most four of the model's, then the goal's own.
        kind, facets: What the question asks for, as the model reads it.
    """

    queries: tuple[Query, ...] = ()
    gaps: tuple[Gap, ...] = ()
    kind: str = ""
    facets: tuple[str, ...] = ()


def plan(goal: Goal, chat: ChatModel, *, tell: Tell = tell_nobody) -> Plan:
    """Give the searches and what the question asks for; none of the model's searches is a Gap.

    Raises:
        ModelError: The model is unusable.
    """
    answer = chat.answer([write(goal)], tell=tell)[0]
    drafts, gaps = ((), (answer,)) if isinstance(answer, Gap) else read(answer, goal)
    named = enumerate(drafts, start=1)
    planned = [goal.query(f"q{number}", why or "planned by the model", groups, field) for number, (groups, field, why) in named]
    queries = (*planned, *goal.own_queries(len(planned)))
    if isinstance(answer, Gap):
        return Plan(queries, gaps)
    return Plan(queries, gaps, str(answer.data["kind"]), tuple(answer.data["facets"]))


def write(goal: Goal) -> Prompt:
    """Give the question to the model."""
    items = [("question", goal.question), *(("keyword", word) for word in goal.keywords)]
    if goal.guidance:
        items.append(("wish of the owner", goal.guidance))
    return load("plan").prompt({"count": str(SEARCHES), "question": fence("question", items)}, max_tokens=1200)


Draft = tuple[tuple[tuple[str, ...], ...], Field, str]


def read(reply: Reply, goal: Goal) -> tuple[tuple[Draft, ...], tuple[Gap, ...]]:
    """Give the searches that are usable, at most four and each once, and a Gap for each that is none."""
    kept: dict[object, Draft] = {}
    gaps: list[Gap] = []
    asked = _asked(goal)
    for item in reply.data["searches"]:
        draft = _draft(item)
        wrong = "has no usable phrases" if draft is None else "" if _overlaps(draft, asked) else "shares no word with the question"
        if draft is None or wrong:
            gaps.append(Gap("plan", "model", f"a proposed search {wrong}: {fold(str(item['all_of']))[:200]}", GapKind.REJECTED))
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


def _asked(goal: Goal) -> frozenset[str]:
    """Give the stems of the question, of its keywords, and of the other names that are known for either.

    Words that every question may have ("model", "method") are left out, unless it has no others.
    """
    named = [phrase for term in terms(goal.question) for phrase in term.phrases]
    known = [phrase for keyword in goal.keywords for phrase in synonyms(keyword)]
    stems = frozenset(content_stems(" ".join((goal.question, *goal.keywords, *named, *known))))
    return stems - frozenset(content_stems(" ".join(generic_words()))) or stems


def _overlaps(draft: Draft, asked: frozenset[str]) -> bool:
    return any(asked & set(content_stems(phrase)) for group in draft[0] for phrase in group)


def _phrase(raw: str) -> str:
    """Give a phrase of plain words, or empty: nothing in it may be syntax of a search."""
    phrase = fold(_MEANINGFUL.sub(" ", "".join(c if c.isprintable() else " " for c in raw)))
    return phrase if _WORD.search(phrase) and len(phrase) <= MAX_PHRASE_CHARS else ""
