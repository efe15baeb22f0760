"""Do the planned searches find the papers? Recall of a plan's queries against one query of the question's bare words.

The records: 15,000 of arXiv, SPAR's documents, AutoScholarQuery's answers (of most of these only the title is known) and PubMedQA's
papers. A PubMedQA question is its paper's own title, so that record has an abstract and no title. The search engine is a plain one of
the kind that sources run: a paper matches where every group has one of its phrases word for word, a plural s aside; BM25 orders them.
"""

from __future__ import annotations

import gzip
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.ranking import shelf
from sovereign.language.terms import stop_words, tokens
from sovereign.model import Field, Goal, Hit, Paper, Query
from sovereign.ports import Found
from sovereign.steps import plan, search

DEPTH = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the ids of the papers that answer it."""

    source: str
    question: str
    wanted: frozenset[str]


def measure(data: Path) -> list[dict[str, Any]]:
    """Give, for each set of questions, recall (0..1, mean) of the bare words, all or any of them, and of the plan."""
    papers, asked = material(data)
    engine = Engine(papers)
    rows: list[dict[str, Any]] = []
    for source in dict.fromkeys(one.source for one in asked):
        mine = [one for one in asked if one.source == source]
        found = {
            "all bare words": [_ids(engine.find(bare(one.question, together=True), DEPTH)) for one in mine],
            "any bare word": [_ids(engine.find(bare(one.question, together=False), DEPTH)) for one in mine],
            "sovereign plan": [planned(engine, one.question) for one in mine],
        }
        for method, lists in found.items():
            rows.append(
                {
                    "source": source,
                    "method": method,
                    f"recall@{DEPTH}": _mean(_recall(ids[:DEPTH], one.wanted) for ids, one in zip(lists, mine, strict=True)),
                    "recall of all found": _mean(_recall(ids, one.wanted) for ids, one in zip(lists, mine, strict=True)),
                    "found nothing": _mean(float(not ids) for ids in lists),
                    "questions": len(mine),
                }
            )
    return rows


def bare(question: str, *, together: bool) -> Query:
    """Give the one search of a question's words, stop words left out: a paper must hold all of them, or any."""
    words = tuple(dict.fromkeys(word for word in tokens(question) if word not in stop_words())) or tuple(tokens(question))
    return Query("bare", tuple((word,) for word in words) if together else (words,))


def planned(engine: Engine, question: str) -> list[str]:
    """Give the ids that the planned searches find, DEPTH each, in the order in which a run fuses them."""
    queries = plan.plan(Goal("measured", question))[: plan.PLANNED]
    return _ids(search.fuse([Found(engine.find(query, DEPTH)) for query in queries]).papers)


def material(data: Path) -> tuple[list[Paper], list[Asked]]:
    """Give all records and all questions."""
    papers = shelf(data)
    known = {paper.id for paper in papers}
    asked = [Asked("SPAR", row["query"], frozenset(row["relevant"]) & known) for row in _rows(data / "search/spar_queries.jsonl")]
    for row in _rows(data / "search/autoscholarquery_500.jsonl"):
        for number, title in zip(row["answer_arxiv_id"], row["answer"], strict=False):
            if number not in known:
                papers.append(Paper(id=number, title=title))
                known.add(number)
        asked.append(Asked("AutoScholarQuery", row["question"], frozenset(row["answer_arxiv_id"]) & known))
    for row in _rows(data / "answers/pubmedqa-dev.jsonl.gz"):
        text = " ".join((*(section["text"] for section in row["sections"]), row["conclusion"]))
        papers.append(Paper(id=f"pubmed:{row['id']}", title="", abstract=text))
        asked.append(Asked("PubMedQA", row["question"], frozenset({f"pubmed:{row['id']}"})))
    return papers, [one for one in asked if one.wanted]


class Engine:
    """A search engine over records: phrases word for word, groups of them joined by AND, the best BM25 first."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self._papers = papers
        self._titles = [f" {' '.join(_words(paper.title))} " for paper in papers]
        self._abstracts = [f" {' '.join(_words(paper.abstract))} " for paper in papers]
        rows = [(*_words(paper.title), *_words(paper.abstract)) for paper in papers]
        mean = sum(map(len, rows)) / max(len(rows), 1)
        held: dict[str, list[tuple[int, float]]] = {}
        for at, row in enumerate(rows):
            damp = 1.2 * (0.25 + 0.75 * len(row) / mean)
            for word, count in Counter(row).items():
                held.setdefault(word, []).append((at, count * 2.2 / (count + damp)))
        self._places = {word: np.array([at for at, _ in found]) for word, found in held.items()}
        self._weights = {word: np.array([weight for _, weight in found]) for word, found in held.items()}

    def find(self, query: Query, limit: int) -> tuple[Paper, ...]:
        """Give the best matches, each with its rank as a hit."""
        matches = np.ones(len(self._papers), dtype=bool)
        for group in query.all_of:
            some = np.zeros(len(self._papers), dtype=bool)
            for phrase in group:
                some[self._matches(_words(phrase), query.field)] = True
            matches &= some
        scores = self._scores({word for group in query.all_of for phrase in group for word in _words(phrase)})
        places = np.flatnonzero(matches)
        order = places[np.argsort(-scores[places], kind="stable")][:limit]
        return tuple(
            replace(self._papers[at], hits=(Hit(source="engine", query=query.id, rank=rank),)) for rank, at in enumerate(order, start=1)
        )

    def _matches(self, phrase: tuple[str, ...], field: Field) -> list[int]:
        if not phrase or any(word not in self._places for word in phrase):
            return []
        places = self._places[phrase[0]]
        for word in phrase[1:]:
            places = np.intersect1d(places, self._places[word], assume_unique=True)
        written = f" {' '.join(phrase)} "
        return [at for at in places.tolist() if (len(phrase) == 1 and field is Field.ALL) or self._is_in(written, at, field)]

    def _is_in(self, written: str, at: int, field: Field) -> bool:
        return (field is not Field.ABSTRACT and written in self._titles[at]) or (
            field is not Field.TITLE and written in self._abstracts[at]
        )

    def _scores(self, words: Iterable[str]) -> NDArray[np.float64]:
        out = np.zeros(len(self._papers))
        for word in sorted(words):
            if word in self._places:
                held = len(self._places[word])
                out[self._places[word]] += self._weights[word] * math.log(1 + (len(out) - held + 0.5) / (held + 0.5))
        return out


@cache
def _words(text: str) -> tuple[str, ...]:
    folded = re.findall(r"[^\W_]+", text.casefold())
    return tuple(word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in folded)


def _rows(path: Path) -> list[dict[str, Any]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def _ids(papers: Iterable[Paper]) -> list[str]:
    return [paper.id for paper in papers]


def _recall(found: Sequence[str], wanted: frozenset[str]) -> float:
    return len(wanted & set(found)) / len(wanted)


def _mean(values: Iterable[float]) -> float:
    row = list(values)
    return round(sum(row) / len(row), 4) if row else 0.0
