"""Pairs made from frames: a sentence of evidence with slots, and what follows from it, what it rules out and what it leaves open.

The frames (`frames.json`) teach the kinds of change that real sentences offer too rarely to be made from them alone: which number goes
with which name, who does what to whom, how far a statement reaches. Names come from real abstracts, and real sentences stand around.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.cases import Pair
from training.perturb import names

TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "frames.json").read_text(encoding="utf-8"))
POOLS: dict[str, list[str]] = TABLE["pools"]
FRAMES: list[dict[str, Any]] = TABLE["frames"]
LABELS = ("supported", "refuted", "insufficient")
SLOT = re.compile(r"\{(\w+)\}")
KINDS = {
    "system": ("A", "B", "C"), "dataset": ("D", "E", "H"), "metric": ("M", "K", "L"), "stat": ("s", "s2", "s3"),
    "factor": ("U", "V"), "outcome": ("O", "O2"), "group": ("G", "G2", "H2"), "noun": ("n", "n2", "n3"), "adj": ("adj", "adj2"),
    "event": ("W", "W2"), "place": ("p", "q"), "thing": ("t",), "task": ("T",), "effect": ("E0",),
}  # fmt: skip
LOWER = {"a": "A", "b": "B", "m": "M", "k": "K", "l": "L", "u": "U", "o": "O", "o2": "O2", "w": "W", "w2": "W2", "e0": "E0", "e0x": "E0",
         "p2": "p", "S": "s", "N": "n", "Adj": "adj"}  # fmt: skip
EACH_TIME = ("beats", "loses", "up", "down", "hedge", "weak", "cause", "verbA2")
"""Pools that a slot draws from anew at every place."""
PARTICIPLES = (
    "accepted", "rejected", "labelled by hand", "removed", "translated", "verified", "replicated", "correct", "answered", "detected",
    "repaired", "withdrawn", "reviewed twice", "assigned to the wrong group", "found by both methods", "encrypted", "retracted", "solved",
)  # fmt: skip
ORDINALS = ("first", "second", "third", "fourth", "fifth", "last")
UNITS = ("s", "ms", "minutes", "hours", "days", "years", "points", "kJ", "mg", "m")
NAMED_SHARE = 0.35
BASE = {"doubles": "double", "halves": "halve"}


def frame_pairs(papers: Sequence[Sequence[str]], count: int, rng: random.Random) -> list[Pair]:
    """Give `count` pairs, each label about as often as the others, beside up to three real sentences."""
    pool = sorted({n for text in rng.sample(list(papers), min(1500, len(papers))) for s in text for n in names(s) if 2 < len(n) < 18})
    pairs: list[Pair] = []
    while len(pairs) < count:
        frame = rng.choice(FRAMES)
        label = rng.choice([name for name in LABELS if frame[name]])
        filled = _slots(pool, rng)
        evidence, claim = (_fill(rng.choice(frame[name]), filled, rng) for name in ("evidence", label))
        pairs.append(Pair(claim, _among(evidence, papers, rng), label, f"frame:{frame['kind']}"))
    return pairs


def _slots(pool: Sequence[str], rng: random.Random) -> dict[str, str]:
    """Give every slot of a frame a value, different ones to slots of one kind."""
    out: dict[str, str] = {}
    for kind, slots in KINDS.items():
        for slot, value in zip(slots, rng.sample([v for v in POOLS[kind] if v != "{NAME}"], len(slots)), strict=True):
            out[slot] = rng.choice(pool) if "{NAME}" in POOLS[kind] and rng.random() < NAMED_SHARE else value
    percents = rng.sample(range(20, 990), 5)
    values = [f"{v / 10:.1f}".removesuffix(".0" if rng.random() < 0.5 else "#") for v in percents]
    out |= dict(zip(("x", "y", "z", "v", "q1"), values, strict=True), q2=f"{rng.uniform(1, 99):.1f}")
    out |= {"y1": f"{float(out['x']) * rng.uniform(1.1, 2):.1f}", "x5": str(rng.randrange(52, 96))}
    out |= dict(zip(("c", "d"), (f"{n:,}" for n in rng.sample([12, 64, 150, 800, 1200, 5000, 12500, 40000, 320000], 2)), strict=True))
    out |= dict(zip(("c2", "d2"), map(str, rng.sample(range(13, 60), 2)), strict=True))
    out |= dict(zip(("yr1", "yr2"), map(str, sorted(rng.sample(range(1985, 2026), 2))), strict=True))
    out |= dict(zip(("ord1", "ord2"), rng.sample(ORDINALS, 2), strict=True))
    action, condition = rng.choice(POOLS["act"]), rng.randrange(len(POOLS["cond"]))
    out |= {"act3": action, "act0": BASE.get(action, action.removesuffix("s"))}
    out |= {"c0": POOLS["cond"][condition], "n0": POOLS["negcond"][condition]}
    out |= {"pp": rng.choice(PARTICIPLES), "unit": rng.choice(UNITS), "down3": rng.choice(("fallen", "dropped", "declined"))}
    return out | dict(zip(("verbA", "verbB"), (rng.choice(POOLS["verbA"]), rng.choice(POOLS["verbB"])), strict=True))


def _fill(template: str, filled: dict[str, str], rng: random.Random) -> str:
    def value(found: re.Match[str]) -> str:
        slot = found[1]
        return rng.choice(POOLS.get(slot, POOLS["verbA"])) if slot in EACH_TIME else filled[LOWER.get(slot, slot)]

    text = SLOT.sub(value, template)
    lines = [re.sub(r"(^|[.] )([a-z])(?![A-Z])", lambda found: found[1] + found[2].upper(), line) for line in text.split("\n")]
    return "\n".join(line[0].upper() + line[1:] if "|" in line and line[0].islower() else line for line in lines)


def _among(evidence: str, papers: Sequence[Sequence[str]], rng: random.Random) -> str:
    """Give the evidence among none to three sentences of a real abstract, table rows kept together."""
    text = rng.choice(papers)
    count = min(len(text), rng.choice([0, 0, 1, 2, 3]))
    around = [s for s in rng.sample(list(text), count) if len(s.split()) < 40]
    place = rng.randrange(len(around) + 1)
    return " ".join([*around[:place], evidence.replace("\n", " "), *around[place:]])
