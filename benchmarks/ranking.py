"""Which papers answer a question: the SPAR development questions over its documents and 15,000 arXiv records as bystanders."""

from __future__ import annotations

import gzip
import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sovereign.model import Paper
from sovereign.ports import Embedder
from sovereign.steps import search
from sovereign.text import fold

DEPTHS = (20, 100)


def measure(data: Path, embedder: Embedder) -> list[dict[str, Any]]:
    """Give recall (0..1, mean over the questions) at 20 and 100 for textbook BM25, for the vectors alone, and for the whole."""
    papers = shelf(data)
    questions = [json.loads(line) for line in (data / "search/spar_queries.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = [(p.title, p.abstract) for p in papers]
    plain = _Bm25([f"{title} {abstract}" for title, abstract in texts])
    vectors = embedder.embed([f"{title}. {abstract}" for title, abstract in texts], kind="passage")
    methods: dict[str, list[list[str]]] = {"BM25": [], "our vectors alone": [], "sovereign rank": []}
    for question in questions:
        asked = question["query"]
        methods["BM25"].append(_order(plain.scores(asked), papers))
        methods["our vectors alone"].append(_order(vectors @ embedder.embed([asked], kind="query")[0], papers))
        methods["sovereign rank"].append([p.id for p, _ in search.rank(asked, papers, _Known(embedder, texts, vectors))])
    known = {p.id for p in papers}
    wanted = [set(q["relevant"]) & known for q in questions]
    return [
        {
            "method": name,
            **{f"recall@{k}": _recall(orders, wanted, k) for k in DEPTHS},
            "questions": len(questions),
            "papers": len(papers),
            "recall@20_each": _each(orders, wanted, 20),
        }
        for name, orders in methods.items()
    ]


def shelf(data: Path) -> list[Paper]:
    """Give the SPAR documents, then the arXiv records that are not among them."""
    lines = (data / "search/spar_docs.jsonl").read_text(encoding="utf-8").splitlines()
    with gzip.open(data / "arxiv/arxiv-15k.jsonl.gz", "rt", encoding="utf-8") as source:
        lines += source.read().splitlines()
    entries = [json.loads(line) for line in lines]
    first = {entry["title"].lower(): entry for entry in reversed(entries)}
    return [Paper(id=e["id"], title=fold(e["title"]), abstract=fold(e["abstract"])) for e in reversed(first.values())]


class _Known:
    """The embedder with the papers' vectors at hand, so that 25 questions do not embed 15,525 papers 25 times."""

    def __init__(self, inner: Embedder, texts: Sequence[tuple[str, str]], vectors: Any) -> None:  # noqa: ANN401 -- rows of floats
        self.name, self.dimension = inner.name, inner.dimension
        self._inner = inner
        self._row = {f"{title}. {abstract}": i for i, (title, abstract) in enumerate(texts)}
        self._vectors = vectors

    def embed(self, texts: Sequence[str], *, kind: Any) -> Any:  # noqa: ANN401 -- the port's shape
        if all(text in self._row for text in texts):
            return self._vectors[[self._row[text] for text in texts]]
        return self._inner.embed(texts, kind=kind)


class _Bm25:
    """Okapi BM25 as in the textbooks: lower case, no stems, no stop words, k1 1.2, b 0.75."""

    def __init__(self, texts: Sequence[str]) -> None:
        rows = [re.findall(r"\w+", text.lower()) for text in texts]
        mean = sum(map(len, rows)) / len(rows)
        self._size = len(rows)
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for i, row in enumerate(rows):
            damp = 1.2 * (0.25 + 0.75 * len(row) / mean)
            for word, n in Counter(row).items():
                self._postings.setdefault(word, []).append((i, n * 2.2 / (n + damp)))

    def scores(self, query: str) -> Any:  # noqa: ANN401 -- a row of floats
        out = np.zeros(self._size)
        for word in dict.fromkeys(re.findall(r"\w+", query.lower())):
            found = self._postings.get(word, [])
            rarity = math.log(1 + (self._size - len(found) + 0.5) / (len(found) + 0.5))
            for i, weight in found:
                out[i] += rarity * weight
        return out


def _order(scores: Any, papers: Sequence[Paper]) -> list[str]:  # noqa: ANN401 -- a row of floats
    return [papers[i].id for i in np.argsort(-np.asarray(scores), kind="stable")[: max(DEPTHS)]]


def _each(orders: Sequence[Sequence[str]], wanted: Sequence[set[str]], depth: int) -> list[float]:
    return [round(len(set(order[:depth]) & want) / len(want), 4) for order, want in zip(orders, wanted, strict=True) if want]


def _recall(orders: Sequence[Sequence[str]], wanted: Sequence[set[str]], depth: int) -> float:
    return round(float(np.mean(_each(orders, wanted, depth))), 4)
