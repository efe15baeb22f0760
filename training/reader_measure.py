"""What the reader is worth: gold evidence of held-out trials and key sentences of small shelves among the first sentences.

Nothing here was trained on: the trials' development side and the shelves report only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score

from sovereign.adapters.encoder import OnnxReader
from sovereign.model import BlockKind
from sovereign.ports import Around
from sovereign.text import fold
from training.asking import Bm25, Line, Placed, is_hit, placed
from training.cases import lines
from training.placing import Judged

Score = Callable[[str, Sequence[Line]], NDArray[np.float64]]
DEPTH, SHOWN = 60, 24
"""How many of BM25's sentences a paper are read again, and how many sentences are shown of a shelf."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A shelf's question, its facets, its key sentences (facet, quote), and each paper's sentences with their headings."""

    name: str
    question: str
    facets: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]
    papers: tuple[tuple[Line, ...], ...]


def articles(data: Path, side: str) -> dict[str, str]:
    """Give the texts of the trials' articles of a side by their id."""
    return {r["id"]: r["text"] for r in lines(data / f"answers/rct-{side}-articles.jsonl.gz")}


def trials(data: Path, score: Score, *, side: str = "dev", depth: int = DEPTH) -> dict[str, float]:
    """Give the share of questions whose gold evidence stands among the first 1, 5 and 24 sentences, and BM25's beside it."""
    texts = articles(data, side)
    found: list[list[bool]] = []
    split: dict[str, tuple[list[Placed], Bm25]] = {}
    for r in lines(data / f"answers/rct-{side}.jsonl.gz"):
        text = texts[r["article"]]
        if r["article"] not in split:
            those = placed(text)
            split[r["article"]] = those, Bm25([s.text for s in those])
        parts, rank = split[r["article"]]
        gold = [text[a:b] for a, b in r["evidence"]]
        order = rank.ranked(r["question"])
        head = order[:depth]
        scores = score(r["question"], [(parts[i].heading, parts[i].text) for i in head])
        ours = [head[i] for i in np.argsort(-scores, kind="stable")]
        hit = [[any(is_hit(parts[i].text, g) for i in some[:k] for g in gold) for k in (1, 5, 24)] for some in (ours, order)]
        found.append([*hit[0], *hit[1]])
    mean = np.array(found, dtype=float).mean(axis=0).round(3)
    names = ("first", "among 5", "among 24", "BM25 first", "BM25 among 5", "BM25 among 24")
    return {"questions": len(found), **{n: float(v) for n, v in zip(names, mean, strict=False)}}


def kept_shelves(data: Path, out: Path) -> list[Shelf]:
    """Give the shelves as the program's own readers read them; what was read is kept in `out`."""
    path = out / "shelves.json"
    if not path.exists():
        path.write_text(json.dumps({d.name: _read(d) for d in sorted((data / "shelves").iterdir()) if d.is_dir()}), encoding="utf-8")
    found = []
    for name, kept in json.loads(path.read_text(encoding="utf-8")).items():
        papers: dict[str, list[Line]] = {}
        for paper, kind, heading, text in (row[:4] for row in kept["rows"]):
            if kind == BlockKind.PROSE.value:
                papers.setdefault(paper, []).append((heading, text))
        keys = tuple((k["facet"], k["quote"]) for k in kept["key"])
        found.append(Shelf(name, kept["question"], tuple(kept["facets"]), keys, tuple(map(tuple, papers.values()))))
    return found


def _read(folder: Path) -> dict[str, Any]:
    """Read a shelf's papers; one that cannot be read counts as empty, since nothing can be found in it."""
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    rows = _rows(sorted((folder / "papers").iterdir()))
    return {"question": gold["question"], "facets": gold["facets"], "key": gold["key"], "rows": rows}


def _rows(papers: Sequence[Path]) -> list[tuple[Any, ...]]:
    """Give every sentence of some papers: paper, kind, heading, text, and what stands about it; one that cannot be read has none."""
    from sovereign.cli.read import read_one
    from sovereign.errors import SovereignError
    from sovereign.steps.claims import about
    from sovereign.steps.read import cut, notes

    rows: list[tuple[Any, ...]] = []
    for paper in papers:
        try:
            document = read_one(str(paper), offline=True)
        except SovereignError:
            continue
        found = [(s, about(document, s)) for s in (*cut(document), *notes(document))]
        rows += [(paper.name, s.kind.value, s.section, fold(s.text), *map(fold, (a.before, a.after)), a.at, a.of) for s, a in found]
    return rows


def shelves(kept: Sequence[Shelf], score: Score | None, depth: int = DEPTH) -> dict[str, dict[str, float]]:
    """Give for each shelf the share of facets and key sentences among the 24 best sentences; by BM25 alone where `score` is None."""
    out, total = {}, np.zeros(4)
    for shelf in kept:
        best = _best(shelf, score, depth)[:SHOWN]
        hit = [(facet, any(is_hit(text, quote) for _, text in best)) for facet, quote in shelf.keys]
        touched = {facet for facet, is_found in hit if is_found}
        keys = len({quote for (_, quote), (_, is_found) in zip(shelf.keys, hit, strict=True) if is_found})
        total += (len(touched), len(shelf.facets), sum(is_found for _, is_found in hit), len(hit))
        out[shelf.name] = {"facets": round(len(touched) / len(shelf.facets), 3), "keys": round(keys / max(1, len(hit)), 3)}
    out["all"] = {"facets": round(float(total[0] / total[1]), 3), "keys": round(float(total[2] / total[3]), 3)}
    return out


def _best(shelf: Shelf, score: Score | None, depth: int) -> list[Line]:
    """Give the shelf's sentences, best first: BM25 over all of them, or BM25's first of each paper read again."""
    everything = [line for paper in shelf.papers for line in paper]
    if score is None:
        return [everything[i] for i in Bm25([t for _, t in everything]).ranked(shelf.question)]
    head = [paper[i] for paper in shelf.papers for i in Bm25([t for _, t in paper]).ranked(shelf.question)[:depth]]
    scores = score(shelf.question, head)
    seen: set[str] = set()
    best = []
    for i in np.argsort(-scores, kind="stable"):
        if head[i][1] not in seen:
            seen.add(head[i][1])
            best.append(head[i])
    return best


def coded(data: Path, out: Path, *, report: bool) -> list[tuple[Judged, bool | None, bool | None]]:
    """Give sentences of whole papers as they stand, whether each is a finding and whether it is whole, coded by hand; None: open.

    200 of the shelves, in four fields, report; 167 of other papers fit and decide. `by_hand.json` knows them by their hash; what was
    read is kept in `out`.
    """
    codes = json.loads(Path(__file__).with_name("by_hand.json").read_text(encoding="utf-8"))
    if report:
        kept_shelves(data, out)
        rows = [row for shelf in json.loads((out / "shelves.json").read_text(encoding="utf-8")).values() for row in shelf["rows"]]
    else:
        path = out / "papers.json"
        if not path.exists():
            papers = [p for form in ("pdf", "html", "latex") for p in sorted((data / "papers" / form).iterdir())]
            path.write_text(json.dumps(_rows(papers)), encoding="utf-8")
        rows = json.loads(path.read_text(encoding="utf-8"))
    found = {}
    for row in rows:
        field, is_finding, is_whole = codes.get(hashlib.sha256(row[3].encode()).hexdigest()[:16], ("", None, None))
        if field and (field != "papers") == report:
            found[row[3]] = (Judged(row[3], {}, field, row[2], Around(*row[4:8])), is_finding, is_whole)
    return list(found.values())


def by_hand(reader: OnnxReader, data: Path, out: Path) -> dict[str, Any]:
    """Give how well findings and whole sentences are told among the sentences coded by hand that report."""
    rows = coded(data, out, report=True)
    said = reader.judge([(j.heading, j.text) for j, _, _ in rows], [j.around or Around() for j, _, _ in rows])
    figures: dict[str, Any] = {}
    for column, head in ((1, "finding"), (2, "wholeness")):
        some = [(row[0], bool(row[column]), getattr(one, head)) for row, one in zip(rows, said, strict=True) if row[column] is not None]
        truth, chance = np.array([so for _, so, _ in some]), np.array([p for _, _, p in some])
        cut = reader.threshold(head)
        figures[head] = {
            "sentences": len(some),
            "of them so": int(truth.sum()),
            "auroc": round(float(roc_auc_score(truth, chance)), 3),
            "f1": round(float(f1_score(truth, chance >= cut)), 3),
            "precision": round(float(truth[chance >= cut].mean()), 3) if (chance >= cut).any() else 0.0,
            "recall": round(float((chance[truth] >= cut).mean()), 3),
            "worst": [f"{some[i][0].text} ({chance[i]:.2f})" for i in np.argsort(-np.abs(chance - truth))[:10]],
        }
    return figures
