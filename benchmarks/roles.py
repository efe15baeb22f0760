"""Claim sentences: the reader's head for findings beside lexical baselines, on the validation side of medline-claim-detection."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import f1_score, precision_score, recall_score

from benchmarks.metrics import Flags
from sovereign.adapters.encoder import OnnxReader

_CUE = re.compile(
    r"\b(?:we (?:find|found|show|showed|conclude|demonstrate\w*|propose)|suggest\w*|indicat\w+"
    r"|conclu\w+|demonstrat\w+|reveal\w*|should|may|can"
    r"|significant\w*|associated|higher|lower|better|improv\w+|effective\w*|reduc\w+|increas\w+|therefore|thus)\b",
    re.IGNORECASE,
)


def measure(data: Path) -> list[dict[str, Any]]:
    """Give precision, recall and F1 (0..1) of each method, and how many sentences there were."""
    path = data / "roles/medline-claim-detection/validation_labels.json"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    texts, places, truth, firsts = [], [], [], []
    for row in rows:
        parts = row["sentences"]
        last = max(1, len(parts) - 1)
        for i, (part, label) in enumerate(zip(parts, row["labels"], strict=True)):
            texts.append(part)
            places.append(i / last)
            truth.append(str(label) == "1")
            firsts.append(i == len(parts) - 1)
    reader = OnnxReader()
    claim = np.array([said.finding for said in reader.judge([("", text) for text in texts])])
    cue = np.array([bool(_CUE.search(t)) for t in texts])
    last_one = np.array(firsts)
    right = np.array(truth)
    methods = {
        "reader": claim >= reader.threshold("finding"),
        "cue words": cue,
        "last sentence": last_one,
        "cue words in the last third": cue & (np.array(places) >= 2 / 3),
        "cue words or last sentence": cue | last_one,
        "every sentence": np.ones(len(right), dtype=bool),
    }
    count = {"sentences": len(texts), "claims": int(right.sum()), "abstracts": len(rows)}
    return [{"method": name, **_figures(right, said), **count} for name, said in methods.items()]


def _figures(right: Flags, said: Flags) -> dict[str, float]:
    return {
        "precision": round(float(precision_score(right, said, zero_division=0)), 4),
        "recall": round(float(recall_score(right, said, zero_division=0)), 4),
        "f1": round(float(f1_score(right, said, zero_division=0)), 4),
    }
