"""The labelled sets, read from the data folder and split into three sides that share no claim and no document.

fit: trained on. calibrate: temperature, pooling head and threshold. report: figures only, never trained or tuned on.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Side = Literal["fit", "calibrate", "report"]
WORDS = {
    "SUPPORT": "supported", "SUPPORTS": "supported", "Supports": "supported",
    "REFUTE": "refuted", "REFUTES": "refuted", "CONTRADICT": "refuted", "Refutes": "refuted",
    "NEI": "insufficient", "NOT_ENOUGH_INFO": "insufficient", "Neutral": "insufficient",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A claim and the sentences it is to be judged by; `gold` are the sentences that decide it, where known.

    `label` may also be "unsupported": wrong or undecided, the set does not say which.
    """

    id: str
    source: str
    side: Side
    claim: str
    sentences: tuple[str, ...]
    label: str
    gold: tuple[int, ...] = ()
    document: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """One training example; `weight` multiplies its loss. `label` as of a Case."""

    claim: str
    passage: str
    label: str
    source: str
    weight: float = 1.0


def lines(path: Path) -> list[dict[str, Any]]:
    """Give the objects of a JSON Lines file, gzipped or not."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as source:
        return [json.loads(line) for line in source]


def scifact(data: Path) -> list[Case]:
    """Give SciFact (Wadden et al., 2020): dev reports; train claims on an abstract that dev also cites calibrate."""
    corpus = {d["doc_id"]: d for d in lines(data / "claims/scifact/corpus.jsonl")}
    train, dev = (lines(data / f"claims/scifact/claims_{name}.jsonl") for name in ("train", "dev"))
    dev_documents = {int(d) for c in dev for d in (*c["cited_doc_ids"], *c["evidence"])}
    cases = []
    for name, claims in (("train", train), ("dev", dev)):
        for c in claims:
            documents = {int(d) for d in (*c["cited_doc_ids"], *c["evidence"])}
            side: Side = "report" if name == "dev" else "calibrate" if documents & dev_documents else "fit"
            for document in sorted(documents):
                sets = c["evidence"].get(str(document), [])
                label = WORDS[sets[0]["label"]] if sets else "insufficient"
                gold = tuple(sorted({i for s in sets for i in s["sentences"]}))
                key = f"scifact-{name}-{c['id']}-{document}"
                text = tuple(corpus[document]["abstract"])
                cases.append(Case(key, "scifact", side, c["claim"], text, label, gold, f"scifact:{document}"))
    reported = {c.claim for c in cases if c.side == "report"}
    kept = {key for c in cases if c.side == "calibrate" for key in (c.claim, c.document)}
    return [
        c
        for c in cases
        if c.side == "report"
        or (c.side == "calibrate" and c.claim not in reported)
        or (c.side == "fit" and not {c.claim, c.document} & (kept | reported))
    ]


def healthver(data: Path) -> list[Case]:
    """Give HealthVer (Sarrouti et al., 2021), split by question; what shares a claim or evidence goes with report."""
    with (data / "claims/healthver_dev.csv").open(newline="") as source:
        rows = list(csv.DictReader(source))
    side_of = _sides({r["topic_ip"] for r in rows}, seed=5, calibrate=0.15, report=0.25)
    cases = [
        Case(f"healthver-{r['id']}-{i}", "healthver", side_of[r["topic_ip"]], r["claim"].strip(),
             tuple(sentences(r["evidence"])), WORDS[r["label"]], (), r["evidence"])
        for i, r in enumerate(rows)
    ]  # fmt: skip
    return _apart(cases)


def climate_fever(data: Path) -> list[Case]:
    """Give Climate-FEVER (Diggelmann et al., 2020): per sentence for training, whole claims where figures are reported."""
    rows = lines(data / "claims/climate-fever.jsonl")
    side_of = _sides({r["claim_id"] for r in rows}, seed=6, calibrate=0.1, report=0.15)
    cases = []
    for r in rows:
        if r["claim_label"] == "DISPUTED" and side_of[r["claim_id"]] != "fit":
            continue
        text = tuple(e["evidence"].strip('"') for e in r["evidences"])
        if side_of[r["claim_id"]] != "fit":
            gold = tuple(i for i, e in enumerate(r["evidences"]) if e["evidence_label"] == r["claim_label"])
            label = WORDS[r["claim_label"]]
            cases.append(Case(f"climate-{r['claim_id']}", "climate-fever", side_of[r["claim_id"]], r["claim"], text, label, gold))
            continue
        cases += [
            Case(f"climate-{r['claim_id']}-{i}", "climate-fever", "fit", r["claim"], (s,), WORDS[e["evidence_label"]], (), s)
            for i, (s, e) in enumerate(zip(text, r["evidences"], strict=True))
            if e["entropy"] < 0.6
        ]
    kept = {s for c in cases if c.side != "fit" for s in c.sentences}
    return [c for c in cases if c.side != "fit" or c.sentences[0] not in kept]


def citation_integrity(data: Path) -> list[Case]:
    """Give Citation-Integrity (Sarol et al., 2024); its REFUTE means "cited wrongly", so here only "unsupported"."""
    folder = data / "claims/citation-integrity"
    corpus = {d["doc_id"]: d for d in lines(folder / "corpus.jsonl")}
    cases = []
    for name in ("train", "dev"):
        claims = lines(folder / f"claims_{name}.jsonl")
        side_of = _sides({str(c["id"]) for c in claims}, seed=7, calibrate=0.12, report=0.0)
        for c in claims:
            side: Side = "report" if name == "dev" else side_of[str(c["id"])]
            for document in c["cited_doc_ids"]:
                sets = c["evidence"].get(str(document), [])
                label = {"SUPPORT": "supported", "REFUTE": "unsupported"}[sets[0]["label"]] if sets else "insufficient"
                gold = tuple(sorted({i for s in sets for i in s["sentences"]}))
                text = tuple(corpus[document]["abstract"])
                if text:
                    key = f"citint-{name}-{c['id']}-{document}"
                    cases.append(Case(key, "citation-integrity", side, without_marks(c["claim"]), text, label, gold))
    return _apart(cases)


def scitab(data: Path) -> list[Case]:
    """Give SciTab (Lu et al., 2023), claims on tables: reported only, nothing is trained on it."""
    rows = [r for r in lines(data / "claims/dev-mixed.jsonl") if r["source"].startswith("SciTab")]
    return [Case(r["id"], "scitab", "report", r["claim"], tuple(_rows(r["evidence"])), WORDS[r["label"]], (), r["doc_id"]) for r in rows]


def general(data: Path, name: str) -> list[Mapping[str, str]]:
    """Give the general entailment mixture's "train" or "val" rows: claim, text, label (ours), source."""
    rows = lines(data / f"claims/nli/mixture-{name}.jsonl.gz")
    return [{**r, "label": WORDS[r["label"]]} for r in rows]


def everything(data: Path) -> list[Case]:
    """Give all labelled scientific cases."""
    return [c for read in (scifact, healthver, climate_fever, citation_integrity, scitab) for c in read(data)]


def sentences(text: str) -> list[str]:
    """Split plain prose into sentences; a full stop after an initial or a common abbreviation does not end one."""
    out: list[str] = []
    for piece in _split(text):
        if out and out[-1].endswith((" al.", "e.g.", "i.e.", "vs.", "Fig.", "Eq.", " cf.", "approx.")):
            out[-1] = f"{out[-1]} {piece}"
        else:
            out.append(piece)
    return out


def without_marks(claim: str) -> str:
    """Give a citing sentence without its citation marks."""
    for mark in ("<|multi_cit|>", "<|cit|>", "<|other_cit|>"):
        claim = claim.replace(f"[{mark}]", "").replace(f"({mark})", "").replace(mark, "")
    return " ".join(claim.replace(" .", ".").split())


def _split(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9\"(])", " ".join(text.split())) if s]


def _rows(evidence: Iterable[str]) -> list[str]:
    return [row for part in evidence for row in part.split("\n") if row.strip()]


def _sides(groups: Iterable[str], *, seed: int, calibrate: float, report: float) -> dict[str, Side]:
    order = sorted(groups)
    random.Random(seed).shuffle(order)
    first, second = round(len(order) * report), round(len(order) * (report + calibrate))
    return {g: "report" if i < first else "calibrate" if i < second else "fit" for i, g in enumerate(order)}


def _apart(cases: list[Case]) -> list[Case]:
    """Drop from fit what shares a claim or a text with the other sides, and from calibrate what shares one with report."""
    rank = {"report": 0, "calibrate": 1, "fit": 2}
    seen: dict[str, int] = {}
    for c in sorted(cases, key=lambda c: rank[c.side]):
        for key in (c.claim, " ".join(c.sentences)):
            seen.setdefault(key, rank[c.side])
    return [c for c in cases if seen[c.claim] == seen[" ".join(c.sentences)] == rank[c.side]]
