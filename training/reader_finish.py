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

from sovereign.adapters.encoder import HEADS, OUTPUTS, OnnxReader, shown
from sovereign.adapters.weights import WORDS
from sovereign.adapters.weights import weights as opened
from sovereign.ports import Around
from training import asking, judging, placing, reader_measure
from training.cases import scifact, sentences
from training.damage import damaged
from training.placing import Judged
from training.reader_export import export, export_ordered
from training.reader_heads import Last
from training.reader_network import BY_HAND, FILES, TOKENS, Reader

VERSION = "3.1"
CALIBRATED = 200
"""How many questions relevance is calibrated on; of the trials kept apart and SciFact's there are some five hundred."""
Table = NDArray[np.float64]
Kept = dict[str, dict[str, Any]]
Found = tuple[Kept, dict[str, float], dict[str, Any]]
"""Heads by name, thresholds by name, and figures."""


def ship(net: Reader, last: Last, words: Path, tokenizer: Path, folder: Path) -> OnnxReader:
    """Write the network and the `words` beside it into `folder` with a description whose heads are not calibrated yet, and open it.

    Its judged side tells orders, too, until `reader_order.py` teaches them apart, and knows nothing of what `reader_claims.py` teaches.
    """
    unknown = np.zeros((len(BY_HAND), last.weights.shape[1]))
    made = export(net, Last(np.vstack([last.weights, unknown]), np.append(last.bias, unknown[:, 0])), folder / "export")
    export_ordered(net, made)
    shutil.copyfile(words, folder / "reader-words.npz")
    for name in (*FILES, WORDS):
        shutil.copyfile(made / name, folder / name)
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    return describe(folder, plain(), dict.fromkeys(HEADS, 0.5), {})


def plain() -> Kept:
    """Give every head as it is before it is calibrated: the mean of its parts."""
    return {name: {"weights": [1.0 / len(parts)] * len(parts), "bias": 0.0} for name, parts in HEADS.items()}


def describe(folder: Path, heads: Kept, thresholds: Mapping[str, float], figures: Mapping[str, Any]) -> OnnxReader:
    """Write `reader.json`: what the files are, how outputs become probabilities, where yes begins, what was measured."""
    files = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (*FILES, WORDS, "reader-words.npz", "tokenizer.json")
    }
    said = {
        "name": "sovereign-reader-minilm-l6",
        "version": VERSION,
        "outputs": list(OUTPUTS),
        "files": files,
        "max_tokens": TOKENS,
        "heads": heads,
        "thresholds": dict(thresholds),
        "figures": figures,
    }
    (folder / "reader.json").write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    opened.cache_clear()  # what the process has loaded is what stood there before
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
        found = reader.logits([(a.question, shown(*line)) for line in lines], "asked")[:, 0]
        pairs += found.tolist()
        is_right += [i < len(a.right) for i in range(len(lines))]
        best.append(float(found.max()))
        has.append(bool(a.right))
    return np.array(pairs)[:, None], is_right, np.array(best), has


def relevance(reader: OnnxReader, data: Path) -> Found:
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
    return {"relevance": head}, {"relevance": round(float(cut), 4)}, figures


# Findings ----------------------------------------------------------------------------------------------------------------


def placed_signs(reader: OnnxReader, judged: Sequence[Judged]) -> Table:
    """Give what the heads of a finding are made from, for sentences in their places."""
    return reader.placed_signs([(j.heading, j.text, j.around or Around()) for j in judged])


def stated_signs(reader: OnnxReader, judged: Sequence[Judged]) -> Table:
    """Give what the heads of a finding are made from outside abstracts."""
    return reader.stated_signs([(j.heading, j.text) for j in judged])


def finding(reader: OnnxReader, data: Path, out: Path) -> Found:
    """Give the heads of a finding, fitted on abstracts and papers that never trained, and F1 on the sets' own dev sides.

    In an abstract there is one for a result and one for a claim, and a finding is either; elsewhere one for both, fitted on trials and
    on sentences of other papers coded by hand, and moved so that one threshold holds for a finding wherever it stands. That threshold is
    set without the medical abstracts, whose results are labelled as no claims.
    """
    sets = {"csabstruct": judging.roles(data, "train"), "medline": judging.claims(data, "train"), "structured": placing.structured(data)}
    kept = {name: judging.fit_side(some, kept=True) for name, some in sets.items()}
    signs = {name: placed_signs(reader, some) for name, some in kept.items()}
    heads: Kept = {}
    thresholds: dict[str, float] = {}
    for head, own in (("result", "csabstruct"), ("claim", "medline")):
        rows, wanted, weights = [], list[bool](), []
        for name, some in kept.items():
            known = [i for i, j in enumerate(some) if head in j.so]
            rows.append(signs[name][known])
            wanted += [some[i].so[head] for i in known]
            weights.append(np.full(len(known), 1000 / max(1, len(known))))
        heads[head] = platt(np.concatenate(rows), wanted, np.concatenate(weights))
        thresholds[head] = best_f1(probability(heads[head], signs[own]), [j.so[head] for j in kept[own]])
    either = {name: _either(heads, rows) for name, rows in signs.items()}
    truth = {name: [_is_finding(j) for j in some] for name, some in kept.items()}
    cuts = np.arange(0.05, 0.95, 0.01)
    thresholds["finding"] = float(max(cuts, key=lambda c: sum(f1_score(truth[n], either[n] >= c) for n in ("csabstruct", "structured"))))
    heads["concluded"] = platt(stated_signs(reader, kept["medline"]), [j.so["claim"] for j in kept["medline"]])
    heads["stated"] = _stated(reader, data, out, thresholds["finding"])
    return heads, thresholds, _finding_figures(reader, data, heads, thresholds)


def _stated(reader: OnnxReader, data: Path, out: Path, cut: float) -> dict[str, Any]:
    """Give the head of a finding outside abstracts, moved so that its best threshold on the sentences coded by hand is `cut`."""
    by_hand = [(j, is_so) for j, is_so, _ in reader_measure.coded(data, out, report=False) if is_so is not None]
    trials = [j for j in judging.fit_side(placing.articles(data), kept=True) if "result" in j.so]
    rows, body = stated_signs(reader, [j for j, _ in by_hand]), stated_signs(reader, trials)
    wanted = [is_so for _, is_so in by_hand]
    weights = np.concatenate([np.full(len(rows), 1000 / len(rows)), np.full(len(body), 250 / len(body))])
    head = platt(np.concatenate([rows, body]), [*wanted, *(_is_finding(j) for j in trials)], weights)
    own = best_f1(probability(head, rows), wanted)
    head["bias"] = round(float(head["bias"] + np.log(cut / (1 - cut)) - np.log(own / (1 - own))), 5)
    return head


def _is_finding(j: Judged) -> bool:
    return bool(j.so.get("result") or j.so.get("claim"))


def _either(heads: Kept, rows: Table) -> Table:
    """Give the probability that a sentence is a result or a claim."""
    return np.asarray(1 - (1 - probability(heads["result"], rows)) * (1 - probability(heads["claim"], rows)))


def _finding_figures(reader: OnnxReader, data: Path, heads: Kept, thresholds: Mapping[str, float]) -> dict[str, Any]:
    """Give F1 and AUROC on the sets' own dev sides, by the head of the set's label, by its parts alone, and by either head."""
    figures: dict[str, Any] = {}
    sides = {"csabstruct": judging.roles(data, "dev"), "medline": judging.claims(data, "validation")}
    for (name, abstracts), head, bare in zip(sides.items(), ("result", "claim"), ("stated", "concluded"), strict=True):
        some = [j for one in abstracts for j in one]
        truth = np.array([_is_finding(j) for j in some])
        rows, alone = placed_signs(reader, some), stated_signs(reader, some)
        chance, column = probability(heads[head], rows), 0 if head == "result" else 1
        figures[name] = {
            "sentences": len(some),
            "f1": round(float(f1_score(truth, chance >= thresholds[head])), 3),
            "auroc": round(float(roc_auc_score(truth, chance)), 3),
            "auroc_of_the_network": round(float(roc_auc_score(truth, rows[:, column])), 3),
            "auroc_of_the_words": round(float(roc_auc_score(truth, rows[:, 2 + column])), 3),
            "auroc_by_itself": round(float(roc_auc_score(truth, probability(heads[bare], alone))), 3),
            "f1_by_itself": round(float(f1_score(truth, probability(heads[bare], alone) >= thresholds["finding"])), 3),
            "f1_as_finding": round(float(f1_score(truth, _either(heads, rows) >= thresholds["finding"])), 3),
            "worst": _worst(some, truth, chance),
        }
    papers = [j for j in judging.fit_side(placing.articles(data), kept=True) if "result" in j.so]
    chance = probability(heads["stated"], stated_signs(reader, papers))
    is_so = [_is_finding(j) for j in papers]
    figures["trials, kept apart"] = {
        "sentences": len(papers),
        "f1": round(float(f1_score(is_so, chance >= thresholds["finding"])), 3),
        "auroc": round(float(roc_auc_score(is_so, chance)), 3),
    }
    return figures


def worst(figures: dict[str, Any]) -> dict[str, Any]:
    """Take the worst errors, which are others' sentences, out of the figures that are published, and give them."""
    found: dict[str, Any] = {}
    for name, told in figures.items():
        if isinstance(told, dict):
            own, inner = told.pop("worst", None), worst(told)
            if own or inner:
                found[name] = own or inner
    return found


def _worst(judged: Sequence[Judged], truth: NDArray[np.bool_], chance: Table) -> list[str]:
    """Give the ten sentences on whose answer the head was most wrongly sure."""
    far = np.abs(chance - truth)
    return [f"{judged[i].text} ({chance[i]:.2f})" for i in np.argsort(-far)[:10]]


# Wholeness ---------------------------------------------------------------------------------------------------------------


def wholeness(reader: OnnxReader, data: Path, count: int = 1_500) -> Found:
    """Give the head and figures on sentences of records and articles that never trained: half fits, half reports."""
    rng = random.Random(77)
    pool = [s for r in judging.arxiv(data, report=True) for s in sentences(r["abstract"]) if len(s.split()) > 6]
    pool = rng.sample(pool, count)
    body = [s.text for text in reader_measure.articles(data, "dev").values() for s in asking.placed(text)]
    pool += rng.sample([s for s in body if s[-1] == "." and s[0].isupper() and len(s.split()) > 6], count)
    rng.shuffle(pool)
    half = len(pool) // 2
    broken = damaged(pool[half:], rng)
    kinds = np.array([*["whole"] * half, *(kind for kind, _ in broken)])
    texts = [*pool[:half], *(text for _, text in broken)]
    rows = reader.whole_signs(texts)
    truth = kinds == "whole"
    fits = np.arange(len(truth)) % 2 == 0
    head = platt(rows[fits], truth[fits].tolist())
    chance = probability(head, rows)
    cut = float(np.quantile(chance[fits & truth], 0.05))
    report = ~fits
    network = reader.logits([("", t) for t in texts])[:, OUTPUTS.index("wholeness")]
    by_kind = {
        kind: round(float(roc_auc_score(truth[mask], chance[mask])), 3)
        for kind in sorted(set(kinds.tolist()) - {"whole"})
        if (mask := report & (truth | (kinds == kind))).any() and truth[mask].any() and (~truth[mask]).any()
    }
    judged = [Judged(t, {}) for t, is_reported in zip(texts, report, strict=True) if is_reported]
    figures = {
        "sentences": int(report.sum()),
        "auroc": round(float(roc_auc_score(truth[report], chance[report])), 4),
        "auroc_of_the_network": round(float(roc_auc_score(truth[report], network[report])), 4),
        "whole_kept": round(float((chance[report & truth] >= cut).mean()), 3),
        "damaged_kept": round(float((chance[report & ~truth] >= cut).mean()), 3),
        "auroc_by_kind": by_kind,
        "worst": _worst(judged, truth[report], chance[report]),
    }
    return {"wholeness": head}, {"wholeness": round(cut, 4)}, figures


# Orders ------------------------------------------------------------------------------------------------------------------

ALARM, MARGIN, SURELY = 0.9, 0.1, 6.0
"""The probability of an order from which it is told, moved so that the most alarming honest text lies this much below it, as a logit;
and how much further on it surely is one (`reader_order.py` has the figures)."""
READ_AGAIN = 0.02
"""The share of honest sentences at most that the words leave to the network."""


def order(reader: OnnxReader, data: Path, hostile: Sequence[str], unseen: Sequence[str]) -> Found:
    """Give the head, the threshold above every honest sentence and title, and the share of orders never trained on that pass it.

    Honest are the sentences and titles of all arXiv records that hold a word which orders use, and a tenth of the others, and all
    sentences of the trials' articles. The head is fitted on `hostile` orders kept back from training and on the report side's honest texts.
    """
    kept = [t for _, t in json.loads((data.parent / "cases/security/wordings.json").read_text(encoding="utf-8")) if judging.is_kept(t)]
    honest = judging.suspects(data)
    trained = set(judging.suspects(data, fit=True))
    calm = reader.order_signs(honest)
    apart = reader.order_signs(judging.orders_apart(data, hostile))
    told = {"wordings kept back": kept, "tests/hostile UNSEEN": list(unseen)}
    loud = {name: reader.order_signs(some) for name, some in told.items()}
    new = np.array([t not in trained for t in honest])
    fits = np.concatenate([calm[new], apart])
    head = platt(
        fits,
        [i >= new.sum() for i in range(len(fits))],
        np.concatenate([np.full(new.sum(), 1000 / new.sum()), np.full(len(apart), 1000 / len(apart))]),
    )
    chance = probability(head, calm)
    by_words = float(np.quantile(calm[:, 1], 1 - READ_AGAIN))
    body = [s.text for side in ("train", "dev") for text in reader_measure.articles(data, side).values() for s in asking.placed(text)]
    near = [t for t, logit in zip(body, reader.orders_by_words(body), strict=True) if logit >= by_words]
    rows = np.concatenate([calm, reader.order_signs(near)])
    loudest = float((rows @ np.array(head["weights"])).max())
    head["bias"] = round(float(np.log(ALARM / (1 - ALARM))) - MARGIN - loudest, 5)
    chance = probability(head, calm)
    figures = {
        "honest_texts": len(honest),
        "of_them_never_trained_on": int(new.sum()),
        "sentences_of_trials": len(body),
        "false_alarms": 0,
        "left_to_the_network": {name: round(float((rows[:, 1] >= by_words).mean()), 3) for name, rows in {"honest": calm, **loud}.items()},
        **{
            name: {
                "texts": len(rows),
                "found": round(float(((probability(head, rows) >= ALARM) & (rows[:, 1] >= by_words)).mean()), 3),
                "auroc": round(
                    float(roc_auc_score([0] * int(new.sum()) + [1] * len(rows), np.concatenate([chance[new], probability(head, rows)]))), 4
                ),
            }
            for name, rows in loud.items()
        },
        "worst": [
            f"{text} ({p:.3f})" for p, text in sorted(zip(probability(head, rows), [*honest, *near], strict=True), reverse=True)[:10]
        ],
    }
    return {"order": head}, {"order": ALARM, "order surely": surely(), "order by words": round(by_words, 4)}, figures


def surely() -> float:
    """Give the probability from which an order is surely one."""
    return round(float(1 / (1 + (1 - ALARM) / ALARM * np.exp(-SURELY))), 6)


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
