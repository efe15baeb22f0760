"""How fast, and with how much memory: pairs a second, whole verifications, start-up."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.papers import documents, passages
from sovereign.language.lexical import nearest
from sovereign.model import BlockKind, Claim
from sovereign.ports import Embedder, Verifier
from sovereign.steps.weigh import weigh
from sovereign.text import fold

PAIRS = 300
PAPERS, CLAIMS_EACH = 20, 40


def measure(data: Path, embedder: Embedder, verifier: Verifier) -> dict[str, Any]:
    """Give pairs a second (claim and three sentences), seconds for 20 papers with 40 claims each, peak memory and start-up."""
    claims = _claims(data)
    shelf = passages(data)
    pairs = [(c.text, " ".join(fold(shelf[c.paper][i].text) for i in _near(c, data))) for c in claims[:PAIRS]]
    verifier.weigh(pairs[:2])  # loads the weights
    pairs_s, pairs_cpu_s = _timed(lambda: verifier.weigh(pairs))
    by_paper = {d.paper: d for d in documents(data)}
    whole_s, whole_cpu_s = _timed(lambda: weigh(claims, shelf, by_paper, embedder=embedder, verifier=verifier))
    return {
        "cores": os.cpu_count(),
        "load_at_start": round(os.getloadavg()[0], 2),
        "pairs": len(pairs),
        "pairs_a_second": round(len(pairs) / pairs_s, 1),
        "pairs_a_processor_second": round(len(pairs) / pairs_cpu_s, 1),
        "papers": len(shelf),
        "claims": len(claims),
        "passages": sum(map(len, shelf.values())),
        "verify_s": round(whole_s, 1),
        "verify_processor_s": round(whole_cpu_s, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "help_s": _startup(),
    }


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Give the wall time and the processor time of some work in seconds; the second one does not grow on a busy machine."""
    start, start_cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - start_cpu


def _claims(data: Path) -> list[Claim]:
    """Give as many claims as 20 papers with 40 each have, taken in turn from the papers at hand: plain sentences, quoting themselves."""
    out = []
    for document in documents(data):
        kept = [p for p in passages(data)[document.paper] if p.kind is BlockKind.PROSE and 8 <= len(p.text.split()) <= 40]
        step = max(1, len(kept) * len(documents(data)) // (PAPERS * CLAIMS_EACH))
        out += [Claim(fold(p.text), p, document.sha256) for p in kept[::step]]
    return out[: PAPERS * CLAIMS_EACH]


def _near(claim: Claim, data: Path) -> tuple[int, ...]:
    texts = [p.text for p in passages(data)[claim.paper]]
    return nearest(claim.text, texts, 3)


def _startup() -> float:
    """Give the best of three runs of `sovereign --help`, in seconds."""
    best = 60.0
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "sovereign", "--help"], check=True, capture_output=True)
        best = min(best, time.perf_counter() - start)
    return round(best, 3)
