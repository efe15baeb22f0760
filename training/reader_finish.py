"""From the trained reader to the files that are shipped, and to the figures that are published.

All is measured with the shipped eight-bit file through the shipped adapter.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score

from sovereign.adapters.encoder import HEADS, OUTPUTS, OnnxReader
from training import asking, judging, reader_measure
from training.cases import scifact, sentences
from training.damage import damaged
from training.reader_export import export
from training.reader_fit import Judged
from training.reader_heads import Last
from training.reader_network import Reader

VERSION = "1.0"
MAX_TOKENS = 160
CALIBRATED = 200
"""How many questions relevance is calibrated on; of the trials kept apart and SciFact's there are some five hundred."""
Table = NDArray[np.float64]
Kept = dict[str, dict[str, Any]]


def ship(net: Reader, last: Last, tokenizer: Path, folder: Path) -> OnnxReader:
    """Write the network into `folder` with a description whose heads are not calibrated yet, and open it."""
    made = export(net, last, folder / "export")
    shutil.copyfile(made, folder / "reader.onnx")
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    plain = {name: {"weights": [1.0 / len(parts)] * len(parts), "bias": 0.0} for name, parts in HEADS.items()}
    return describe(folder, plain, dict.fromkeys(HEADS, 0.5), {})


def describe(folder: Path, heads: Kept, thresholds: Mapping[str, float], figures: Mapping[str, Any]) -> OnnxReader:
    """Write `reader.json`: what the files are, how outputs become probabilities, where yes begins, what was measured."""
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("reader.onnx", "tokenizer.json")}
    said = {
        "name": "sovereign-reader-minilm-l6",
        "version": VERSION,
        "outputs": list(OUTPUTS),
        "files": files,
        "max_tokens": MAX_TOKENS,
        "heads": heads,
        "thresholds": dict(thresholds),
        "figures": figures,
    }
    (folder / "reader.json").write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return OnnxReader(folder)


def platt(scores: Table, wanted: Sequence[bool], weights: Table | None = None) -> dict[str, Any]:
    """Fit weights and bias that turn outputs into a probability (Platt, 1999); `scores` has a column an output."""
    model = LogisticRegression(C=10.0, max_iter=2000).fit(scores, np.array(wanted), sample_weight=weights)
    return {"weights": [round(float(w), 5) for w in model.coef_[0]], "bias": round(float(model.intercept_[0]), 5)}


def probability(head: Mapping[str, Any], scores: Table) -> Table:
    """Give a head's probabilities for rows of its outputs."""
    return np.asarray(1.0 / (1.0 + np.exp(-(scores @ np.array(head["weights"]) + head["bias"]))))


def best_f1(chance: Table, wanted: Sequence[bool]) -> float:
    """Give the threshold with the best F1."""
    return float(max(np.arange(0.05, 0.95, 0.01), key=lambda cut: f1_score(wanted, chance >= cut)))


# Relevance ---------------------------------------------------------------------------------------------------------------


def relevance_pairs(reader: OnnxReader, data: Path) -> tuple[Table, list[bool], Table, list[bool]]:
    """Give logits and answers of every pair kept for calibration; and of every question its best logit and whether it has an answer."""
    asked = asking.trials(data, calibrate=True)
    asked += [
        asking.Asked("claims", c.claim, tuple(("", c.sentences[i]) for i in c.gold),
                     tuple(("", s) for i, s in enumerate(c.sentences) if i not in c.gold))
        for c in scifact(data) if c.side == "calibrate"
    ]  # fmt: skip
    random.Random(3).shuffle(asked)
    pairs: list[float] = []
    is_right: list[bool] = []
    best, has = [], []
    for a in asked[:CALIBRATED]:
        lines = [*a.right, *a.hard][: reader_measure.DEPTH]
        if not lines:
            continue
        found = reader.logits(a.question, lines)[:, 0]
        pairs += found.tolist()
        is_right += [i < len(a.right) for i in range(len(lines))]
        best.append(float(found.max()))
        has.append(bool(a.right))
    return np.array(pairs)[:, None], is_right, np.array(best), has


def relevance(reader: OnnxReader, data: Path) -> tuple[dict[str, Any], float, dict[str, Any]]:
    """Give the calibrated head, the best score's threshold between answered and unanswered questions, and figures."""
    pairs, is_right, best, has = relevance_pairs(reader, data)
    head = platt(pairs, is_right)
    chance = probability(head, best[:, None])
    cuts = np.unique(chance)
    wanted = np.array(has)
    cut = max(cuts, key=lambda c: ((chance >= c) & wanted).sum() / wanted.sum() + ((chance < c) & ~wanted).sum() / (~wanted).sum())
    figures = {
        "pairs_calibrated_on": len(is_right),
        "answered_unanswered_auroc": round(float(roc_auc_score(wanted, chance)), 3),
        "answered_kept": round(float((chance >= cut)[wanted].mean()), 3),
        "unanswered_kept": round(float((chance >= cut)[~wanted].mean()), 3),
        "questions": len(has),
    }
    return head, round(float(cut), 4), figures


# Findings ----------------------------------------------------------------------------------------------------------------


def _columns(reader: OnnxReader, judged: Sequence[Judged], head: str) -> Table:
    rows = reader.logits("", [("", j.text) for j in judged])
    return np.asarray(rows[:, [OUTPUTS.index(name) for name in HEADS[head]]])


def _is_finding(j: Judged) -> bool:
    return bool(j.so.get("result") or j.so.get("claim"))


def finding(reader: OnnxReader, data: Path) -> tuple[dict[str, Any], float, dict[str, Any]]:
    """Give the head over both outputs, fitted on sentences held out of the training sides, and F1 on the sets' own dev sides."""
    body = judging.papers(data, random.Random(9))
    sets = {"csabstruct": judging.roles(data, "train"), "medline": judging.claims(data, "train"), "papers": body}
    sets = {name: [j for j in some if judging.is_held_out(j.text)] for name, some in sets.items()}
    scores = {name: _columns(reader, some, "finding") for name, some in sets.items()}
    wanted = {name: [_is_finding(j) for j in some] for name, some in sets.items()}
    weights = np.concatenate([np.full(len(some), 1 / len(some)) for some in sets.values()])
    head = platt(np.concatenate(list(scores.values())), [w for some in wanted.values() for w in some], weights * 1000)
    chance = {name: probability(head, rows) for name, rows in scores.items()}
    cut = max(np.arange(0.05, 0.9, 0.01), key=lambda c: sum(f1_score(wanted[n], chance[n] >= c) for n in ("csabstruct", "medline")))
    figures: dict[str, Any] = {}
    for name, side, column in (("csabstruct", judging.roles(data, "dev"), 0), ("medline", judging.claims(data, "validation"), 1)):
        rows = _columns(reader, side, "finding")
        truth = [_is_finding(j) for j in side]
        own = best_f1(1 / (1 + np.exp(-scores[name][:, column])), wanted[name])
        figures[name] = {
            "sentences": len(side),
            "f1": round(float(f1_score(truth, probability(head, rows) >= cut)), 3),
            "auroc": round(float(roc_auc_score(truth, probability(head, rows))), 3),
            "f1_of_its_own_output": round(float(f1_score(truth, 1 / (1 + np.exp(-rows[:, column])) >= own)), 3),
        }
    return head, round(float(cut), 3), figures


# Wholeness ---------------------------------------------------------------------------------------------------------------


def wholeness(reader: OnnxReader, data: Path, count: int = 1_500) -> tuple[dict[str, Any], float, dict[str, Any]]:
    """Give the head and figures on sentences of records and articles that never trained: half fits, half reports."""
    rng = random.Random(77)
    pool = [s for r in judging.arxiv(data, report=True) for s in sentences(r["abstract"]) if len(s.split()) > 6]
    pool = rng.sample(pool, count)
    body = [s.text for text in reader_measure.articles(data, "dev").values() for s in asking.placed(text)]
    pool += rng.sample([s for s in body if s[-1] == "." and s[0].isupper() and len(s.split()) > 6], count)
    rng.shuffle(pool)
    half = len(pool) // 2
    broken = damaged(pool[half:], rng)
    kinds = [*["whole"] * half, *(kind for kind, _ in broken)]
    texts = [*pool[:half], *(text for _, text in broken)]
    rows = _columns(reader, [Judged(t, {}) for t in texts], "wholeness")
    truth = np.array([kind == "whole" for kind in kinds])
    fits = np.arange(len(truth)) % 2 == 0
    head = platt(rows[fits], truth[fits].tolist())
    chance = probability(head, rows)
    cut = float(np.quantile(chance[fits & truth], 0.05))
    report = ~fits
    by_kind = {
        kind: round(float(roc_auc_score(truth[mask], chance[mask])), 3)
        for kind in sorted(set(kinds) - {"whole"})
        if (mask := report & (truth | (np.array(kinds) == kind))).sum() > report.sum() / 3 and truth[mask].any() and (~truth[mask]).any()
    }
    figures = {
        "sentences": int(report.sum()),
        "auroc": round(float(roc_auc_score(truth[report], chance[report])), 4),
        "whole_kept": round(float((chance[report & truth] >= cut).mean()), 3),
        "damaged_kept": round(float((chance[report & ~truth] >= cut).mean()), 3),
        "auroc_by_kind": by_kind,
    }
    return head, round(cut, 4), figures


# Orders ------------------------------------------------------------------------------------------------------------------


def order(reader: OnnxReader, data: Path, unseen: Sequence[str]) -> tuple[dict[str, Any], float, dict[str, Any]]:
    """Give the head, the threshold above every honest sentence and title, and the share of orders never trained on that pass it.

    Honest are the sentences and titles of all arXiv records that hold a word which orders use, and a tenth of the others.
    """
    kept = [t for _, t in json.loads((data.parent / "cases/security/wordings.json").read_text(encoding="utf-8")) if judging.is_kept(t)]
    honest = judging.suspects(data)
    calm = reader.logits("", [("", t) for t in honest])[:, [OUTPUTS.index("order")]]
    told = {"wordings kept back": kept, "tests/hostile UNSEEN": list(unseen)}
    loud = {name: reader.logits("", [("", t) for t in some])[:, [OUTPUTS.index("order")]] for name, some in told.items()}
    every = np.concatenate([calm, *loud.values()])
    head = platt(every, [i >= len(calm) for i in range(len(every))])
    cut = float(probability(head, calm).max()) + 1e-4
    figures = {
        "honest_texts": len(honest),
        "false_alarms": 0,
        "most_alarming": [honest[i] for i in np.argsort(-calm[:, 0])[:5]],
        **{name: {"texts": len(rows), "found": round(float((probability(head, rows) >= cut).mean()), 3)} for name, rows in loud.items()},
    }
    return head, round(min(cut, 0.9999), 4), figures


def cost(reader: OnnxReader, seconds: float = 8.0) -> dict[str, float]:
    """Give pairs a second as the machine stands, and one core's milliseconds a pair of 45 tokens."""
    line = "The treatment lowered the mean blood pressure of the patients by 12 mmHg after eight weeks of follow-up, compared with placebo."
    some = [("Results", f"{line} {i}") for i in range(400)]
    began, spent, done = time.monotonic(), time.process_time(), 0
    while time.monotonic() - began < seconds:
        reader.relevance("Does the treatment lower blood pressure compared with placebo?", some)
        done += len(some)
    return {
        "pairs_a_second": round(done / (time.monotonic() - began), 1),
        "core_ms_a_pair": round(1000 * (time.process_time() - spent) / done, 2),
    }
