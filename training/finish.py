"""From a trained network to the files that are shipped, and to the figures that are published.

Everything after training is measured with the shipped eight-bit file through the shipped adapter, in the windows that are
used at run time, so what is published is what a reader gets.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sovereign.adapters.onnx_verifier import FEATURES, OnnxVerifier, features
from sovereign.adapters.weights import WORDS
from sovereign.language.lexical import nearest
from sovereign.steps.verify import weigh_texts
from sovereign.text import fold
from training.calibrate import Given, Head, fit, out_of_fold
from training.cases import Case, Pair
from training.evaluate import RISK, Table, at_recall, calibration_error, figures, supported_error, threshold
from training.export import export
from training.fingerprint import fingerprint
from training.mix import KEPT_APART, papers_of, related_pairs, wrong_paper_pairs
from training.network import LABELS, CrossEncoder
from training.suites import suites

VERSION = "1.1"
MAX_TOKENS = 256
WINDOW = 3
RELATED_PAIRS = 240
"""Pairs whose claim keeps the words and moves what they say, for the head alone: what a comparison of structure found is a feature."""
CALIBRATED_ON = (
    "claims held out of training: SciFact (train claims on abstracts that its dev claims also cite), HealthVer, Climate-FEVER, "
    "claims beside a similar wrong paper, and changed or moved sentences of arXiv abstracts; the threshold on SciFact, HealthVer and "
    "wrong papers"
)
METHOD = (
    "conformal risk control (Angelopoulos et al., 2024): (accepted + 1) / (wrong + 1) <= 0.05 for each kind of wrong claim of each set, "
    "from probabilities of heads that were fitted without the claim, and again for refuted claims beside every window that a run reads"
)
RISKED = frozenset({"scifact", "healthver", "wrong-paper"})
"""The sources whose wrong claims the threshold bounds: papers' sentences judged by annotators, as in our use."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Pairs with the network's logits, the counted features and the labels (3: "unsupported")."""

    pairs: list[Pair]
    logits: Table
    counted: Table
    labels: Table

    def of(self, sources: frozenset[str]) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Tell for each pair whether it comes from one of these sources."""
        return np.array([p.source in sources for p in self.pairs])


def weigh(verifier: OnnxVerifier, pairs: list[Pair]) -> Weighed:
    """Run the shipped network over the pairs."""
    texts = [(p.claim, p.passage) for p in pairs]
    labels = np.array([LABELS.index(p.label) if p.label in LABELS else len(LABELS) for p in pairs])
    return Weighed(pairs, verifier.logits(texts), np.array([features(*t) for t in texts]), labels)


def windows(cases: Sequence[Case], side: str, size: int = WINDOW) -> list[Pair]:
    """Give the cases of one side beside their nearest sentences, as `sovereign verify` would weigh them."""
    pairs = []
    for c in cases:
        if c.side == side:
            chosen = nearest(c.claim, c.sentences, size)
            pairs.append(Pair(fold(c.claim), fold(" ".join(c.sentences[i] for i in sorted(chosen))), c.label, c.source))
    return pairs


def ship(net: CrossEncoder, tokenizer: Path, folder: Path) -> OnnxVerifier:
    """Write network and tokenizer into `folder` with a description whose head does nothing yet, and open them."""
    made = export(net, folder / "export")
    shutil.copyfile(made, folder / "verifier.onnx")
    shutil.copyfile(made.parent / WORDS, folder / WORDS)
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    plain = Head(np.eye(3), np.zeros((3, len(FEATURES))), np.zeros(3))
    describe(folder, plain, {"threshold": 1.0, "false_acceptance": None, "recall": None, "calibration_error": None, "calibrated_on": ""})
    return OnnxVerifier(folder)


def describe(folder: Path, head: Head, figures_: dict[str, Any]) -> None:
    """Write `verifier.json`: what the files are, the head, and the calibration's figures."""
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("verifier.onnx", WORDS, "tokenizer.json")}
    description = {
        "name": "sovereign-verifier-minilm-l6",
        "version": VERSION,
        "labels": list(LABELS),
        "files": files,
        "max_tokens": MAX_TOKENS,
        "window_sentences": WINDOW,
        "features_sha256": fingerprint(),
        **figures_,
        "head": head.as_json(FEATURES),
    }
    (folder / "verifier.json").write_text(json.dumps(description, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def calibrate(verifier: OnnxVerifier, folder: Path, cases: Sequence[Case], data: Path) -> dict[str, Any]:
    """Fit head and threshold on the calibrate side and write them; give the figures measured there."""
    medical, arxiv = papers_of(data)
    ours = [c for c in cases if c.side == "calibrate" and c.source == "scifact"]
    pairs = [p for p in windows(cases, "calibrate") if p.source != "citation-integrity"]  # its labels are too loose to calibrate on
    pairs += wrong_paper_pairs(ours, [s for _, s in medical], random.Random(4), 1)
    apart = [s for _, s in arxiv[: KEPT_APART // 2]]
    pairs += [p for p in suites(apart, 1, 60) if p.source != "overclaim"]
    pairs += related_pairs([text for text in apart if text], RELATED_PAIRS, random.Random(8))
    weighed = weigh(verifier, pairs)
    of_use = weighed.of(frozenset({"scifact"}))  # annotated claims on whole abstracts are nearest to our use: they count double
    given = Given(weighed.logits, weighed.counted, weighed.labels, np.where(of_use, 2.0, 1.0), of_use)
    head = fit(given)
    probabilities = out_of_fold(given, [pair.claim for pair in pairs])
    stopped = given.counted[:, FEATURES.index("something against it")] > 0  # the cascade's veto: never accepted, whatever the score
    passing = np.where(stopped, 0.0, probabilities[:, 0])
    claims = weighed.of(RISKED)
    wrong = claims & (given.labels != 0)
    cut = max(threshold(passing, group) for group in _groups(weighed))
    named = given.labels < len(LABELS)
    found = {
        "threshold": round(cut, 6),
        "false_acceptance": round(float((passing[wrong] >= cut).mean()), 4),
        "false_acceptance_refuted": round(float((passing[wrong & (given.labels == 2)] >= cut).mean()), 4),
        "risk_bound": RISK,
        "recall": round(float((passing[claims & (given.labels == 0)] >= cut).mean()), 4),
        "calibration_error": round(calibration_error(probabilities[named], given.labels[named]), 4),
        "supported_calibration_error": round(supported_error(probabilities[:, 0], given.labels == 0), 4),
        "calibrated_on": CALIBRATED_ON,
        "calibration_pairs": len(pairs),
        "calibration_wrong_claims": int(wrong.sum()),
        "method": METHOD,
    }
    describe(folder, head, found)
    found["threshold"] = round(max(cut, run_cut(OnnxVerifier(folder), cases)), 6)
    describe(folder, head, found)
    return found


def run_cut(verifier: OnnxVerifier, cases: Sequence[Case]) -> float:
    """Give the threshold that bounds refuted claims as a run weighs them: beside several windows, of which the best counts."""
    cuts = [0.0]
    for source in sorted(RISKED):
        wrong = [c for c in cases if c.side == "calibrate" and c.source == source and c.label == "refuted"]
        weighed = weigh_texts([(c.claim, c.sentences) for c in wrong], verifier=verifier)
        stopped = [any(check.is_veto and check.passed is False for check in w.checks) for w in weighed]
        scores = [0.0 if stop or w.probabilities is None else w.probabilities.supported for w, stop in zip(weighed, stopped, strict=True)]
        if (len(scores) + 1) * RISK >= 1:
            cuts.append(threshold(np.array(scores), np.ones(len(scores), dtype=bool)))
    return max(cuts)


def _groups(weighed: Weighed) -> list[np.ndarray[Any, np.dtype[np.bool_]]]:
    """Give the wrong claims that are bounded by themselves: each kind of each set, so that many easy ones do not hide a few hard ones."""
    kinds = [weighed.of(frozenset({source})) & (weighed.labels == kind) for source in sorted(RISKED) for kind in (1, 2)]
    return [group for group in kinds if (group.sum() + 1) * RISK >= 1]


def evaluate(folder: Path, cases: Sequence[Case], data: Path) -> dict[str, Any]:
    """Give the figures of every source's report side and of the perturbed suites, with the files in `folder`."""
    verifier = OnnxVerifier(folder)
    said = json.loads((folder / "verifier.json").read_text(encoding="utf-8"))
    head = Head(*(np.array(said["head"][k]) for k in ("logits", "features", "bias")))
    given = weigh(verifier, windows([c for i, c in enumerate(cases) if c.source != "scitab" or i % 3 == 0], "report"))
    probabilities = head.probabilities(given.logits, given.counted)
    sources = {}
    for source in dict.fromkeys(p.source for p in given.pairs):
        mine = given.of(frozenset({source}))
        sources[source] = figures(probabilities[mine], given.labels[mine], said["threshold"])
        sources[source]["accepted_refuted_at_recall_0.6"] = at_recall(probabilities[mine], given.labels[mine])
    _, arxiv = papers_of(data)
    changed = weigh(verifier, suites([s for _, s in arxiv[KEPT_APART // 2 : KEPT_APART]], 2, 120))
    accepted = head.probabilities(changed.logits, changed.counted)[:, 0] >= said["threshold"]
    kinds = {k: changed.of(frozenset({k})) for k in dict.fromkeys(p.source for p in changed.pairs)}
    return {
        "verifier": {k: v for k, v in said.items() if k != "head"},
        "sources": sources,
        "suites": {k: {"pairs": int(m.sum()), "accepted": round(float(accepted[m].mean()), 4)} for k, m in kinds.items()},
        "reliability": reliability(probabilities[:, 0], given.labels == 0),
        "core_ms_per_pair": _cost(verifier, given.pairs),
    }


def reliability(supported: Table, is_supported: Table, bins: int = 10) -> list[dict[str, float]]:
    """Give for each tenth of confidence how many pairs fell there, their mean confidence and the share that was supported."""
    place = np.minimum((supported * bins).astype(int), bins - 1)
    return [
        {
            "from": b / bins,
            "pairs": int((place == b).sum()),
            "confidence": round(float(supported[place == b].mean()), 4),
            "supported": round(float(is_supported[place == b].mean()), 4),
        }
        for b in range(bins)
        if (place == b).any()
    ]


def _cost(verifier: OnnxVerifier, pairs: Sequence[Pair], count: int = 200) -> float:
    """Give the milliseconds of one core that a pair takes; processor time, since other work may run on the machine."""
    texts = [(p.claim, p.passage) for p in pairs[:count]]
    began = time.process_time()
    verifier.weigh(texts)
    return round(1000 * (time.process_time() - began) / len(texts), 1)
