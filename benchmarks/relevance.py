"""Which sentences are about a question: gold sentences among the others of their abstract, and sentences of papers that answer it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from benchmarks.metrics import auroc
from sovereign.language.findings import MIN_WORDS
from sovereign.language.lexical import content_stems
from sovereign.model import Document, Form, Goal, Paper
from sovereign.ports import Embedder
from sovereign.steps import search
from sovereign.steps.claims import MAX_CLAIMS, Asked
from sovereign.text import fold, sentences

NEAREST_WRONG = 20
"""How many papers that do not answer a question stand beside those that do: the nearest ones."""
SOURCE = "SciFact/train"
Method = Callable[[str, Document, Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Item:
    """Sentences of one paper, and which of them are wanted."""

    document: Document
    texts: tuple[str, ...]
    wanted: tuple[bool, ...]


def measure(data: Path, embedder: Embedder) -> list[dict[str, Any]]:
    """Give each method's means over the claims and over the questions.

    Within an abstract: where the first gold sentence stands (reciprocal rank, AUROC). Across papers: how many of the first 24
    sentences belong to papers that answer the question (share, AUROC).
    """
    methods: dict[str, Method] = {
        "share of the question's words": _words,
        "cosine alone": lambda asked, _, texts: _cosines(asked, texts, embedder),
        "sovereign": lambda asked, document, texts: Asked(Goal(slug="q", question=asked), embedder).relevance(document, texts),
    }
    within, across = tuple(_abstracts(data)), tuple(_shelves(data, embedder))
    rows = []
    for name, method in methods.items():
        inside = [_first(item.wanted, method(asked, item.document, item.texts)) for asked, item in within]
        over = [_mixed(items, asked, method) for asked, items in across]
        rows.append(
            {
                "method": name,
                "reciprocal_rank": round(fmean(rank for rank, _ in inside), 4),
                "auroc_within": round(fmean(area for _, area in inside), 4),
                "abstracts": len(within),
                f"share@{MAX_CLAIMS}": round(fmean(share for share, _ in over), 4),
                "auroc_across": round(fmean(area for _, area in over), 4),
                "questions": len(across),
            }
        )
    return rows


def _words(asked: str, _: Document, texts: Sequence[str]) -> Sequence[float]:
    wanted = set(content_stems(asked))
    return [len(wanted & set(content_stems(text))) / max(1, len(wanted)) for text in texts]


def _cosines(asked: str, texts: Sequence[str], embedder: Embedder) -> Sequence[float]:
    found: list[float] = (embedder.embed(texts, kind="passage") @ embedder.embed([asked], kind="query")[0]).tolist()
    return found


def _first(wanted: Sequence[bool], scores: Sequence[float]) -> tuple[float, float]:
    order = sorted(range(len(scores)), key=lambda at: -scores[at])
    return 1 / (1 + next(place for place, at in enumerate(order) if wanted[at])), _area(wanted, scores)


def _mixed(items: Sequence[Item], asked: str, method: Method) -> tuple[float, float]:
    scores = [score for item in items for score in method(asked, item.document, item.texts)]
    wanted = [is_wanted for item in items for is_wanted in item.wanted]
    best = sorted(range(len(scores)), key=lambda at: -scores[at])[:MAX_CLAIMS]
    return fmean(wanted[at] for at in best), _area(wanted, scores)


def _area(wanted: Sequence[bool], scores: Sequence[float]) -> float:
    return float(auroc(np.array(wanted), np.array(scores)) or 0.0)


def _abstracts(data: Path) -> Iterator[tuple[str, Item]]:
    """Yield each claim of SciFact's training part with its abstract; the sentences that bear it out or refute it are wanted."""
    for line in (data / "claims/dev-mixed.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        gold = set(row.get("gold_sentences") or ()) if row["source"] == SOURCE else set()
        wanted = tuple(text in gold or at in gold for at, text in enumerate(row["evidence"]))
        if any(wanted) and not all(wanted):
            texts = tuple(fold(text) for text in row["evidence"])
            yield row["claim"], Item(Document(row["id"], Form.ABSTRACT, " ".join(texts), title=row["title"]), texts, wanted)


def _shelves(data: Path, embedder: Embedder) -> Iterator[tuple[str, list[Item]]]:
    """Yield each SPAR question with the papers that answer it and the nearest ones that do not."""
    entries = [json.loads(line) for line in (data / "search/spar_docs.jsonl").read_text(encoding="utf-8").splitlines()]
    papers = {e["id"]: Paper(id=e["id"], title=fold(e["title"]), abstract=fold(e["abstract"])) for e in entries}
    for line in (data / "search/spar_queries.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        right = [papers[name] for name in sorted(set(row["relevant"]) & papers.keys())]
        ranked = [paper for paper, _ in search.rank(row["query"], list(papers.values()), embedder)]
        wrong = [paper for paper in ranked if paper not in right][:NEAREST_WRONG]
        items = [_item(paper, is_wanted=paper in right) for paper in (*right, *wrong)]
        if right:
            yield row["query"], [item for item in items if item.texts]


def _item(paper: Paper, *, is_wanted: bool) -> Item:
    found = (paper.abstract[start:end] for start, end in sentences(paper.abstract))
    texts = tuple(text for text in found if len(text.split()) >= MIN_WORDS)
    return Item(Document(paper.id, Form.ABSTRACT, paper.abstract, title=paper.title), texts, (is_wanted,) * len(texts))
