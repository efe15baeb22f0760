"""Claims that keep a sentence's words and move what they say, and right rewordings in depth: exchanged parts, figures, limits.

`moved.jsonl` holds claims written by hand, one kind a line, without the rules in sight. The other suites are made from real sentences
of the papers in benchmarks/papers.py by rules of their own, which share nothing with those that training made its pairs by.
"""

from __future__ import annotations

import json
import random
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.papers import Text, texts
from benchmarks.perturbed import SIZE, Change, made, row, verbatim
from sovereign.ports import Verifier

HAND = Path(__file__).with_name("moved.jsonl")
NEUTRAL = ("The setup is described in the second section.", "All code is open.", "Other work is discussed elsewhere.")
"""What stands beside the evidence of a claim written by hand."""
_COMPARED = re.compile(
    r"\b(?P<one>[A-Z][\w-]*[A-Z\d][\w-]*)(?P<mid>[^,;.()]{1,60}?\b(?:than|outperforms?|over|surpass(?:es|ed)?|exceeds?|beats?|to|from|for|on|with|using|by|into)\b"
    r"[^,;.()]{0,40}?)\b(?P<other>[A-Z][\w-]*[A-Z\d][\w-]*)\b"
)
_LISTED = re.compile(r"\b(?:and|or|vs|versus|between|both|against)\b")
_FIGURES = re.compile(r"(?<![\w.,-])\d+\.\d+(?=\s?%|\b)")


def exchanged(sentence: str, text: Text, rng: random.Random) -> str | None:
    """Give the sentence with two names exchanged that a verb, a comparison or a preposition parts."""
    del text, rng
    found = _COMPARED.search(sentence)
    if not found or found["one"] == found["other"] or _LISTED.search(found["mid"]) or found["one"] in found["mid"]:
        return None
    return f"{sentence[: found.start()]}{found['other']}{found['mid']}{found['one']}{sentence[found.end() :]}"


def crossed_figures(sentence: str, text: Text, rng: random.Random) -> str | None:
    """Give the sentence with two of its decimal figures exchanged."""
    del text
    found = list(_FIGURES.finditer(sentence))
    pairs = [(a, b) for a, b in pairwise(found) if a[0] != b[0] and len(sentence[a.end() : b.start()].split()) > 2]
    if not pairs:
        return None
    one, other = rng.choice(pairs)
    return f"{sentence[: one.start()]}{other[0]}{sentence[one.end() : other.start()]}{one[0]}{sentence[other.end() :]}"


def fronted(sentence: str, text: Text, rng: random.Random) -> str | None:
    """Give the sentence with its last phrase of place or means in front."""
    del text, rng
    found = re.match(
        r"^((?:We|The|Our|This|These|It|[A-Z]\w+) [^,;:()]{25,160}) ((?:on|across|during|without|after) [^,;:()]{6,60})\.$", sentence
    )
    if not found:
        return None
    start = found[1] if re.match(r"[A-Z]\w*[A-Z\d]", found[1]) else found[1][0].lower() + found[1][1:]
    return f"{found[2][0].upper()}{found[2][1:]}, {start}."


def other_notation(sentence: str, text: Text, rng: random.Random) -> str | None:
    """Give the sentence with its figures written otherwise: "−", "12 percent", "1 200", ".5"."""
    del text, rng
    said = re.sub(r"(?<=\d)\s?%", " percent", sentence)
    said = re.sub(r"(?<=\s)0(?=\.\d)", "", said)
    said = re.sub(r"(?<=\s)-(?=\d)", "−", said)
    said = re.sub(r"\b(\d{1,3}),(\d{3})\b", r"\1\2", said)
    return said if said != sentence else None


SUITES: dict[str, tuple[Change, bool]] = {
    "verbatim": (verbatim, True),
    "phrase in front": (fronted, True),
    "other notation": (other_notation, True),
    "names exchanged": (exchanged, False),
    "figures exchanged": (crossed_figures, False),
}
"""Each suite's change, and whether the claim should be accepted."""


def measure(data: Path, verifier: Verifier, size: int = SIZE, seed: int = 17) -> list[dict[str, Any]]:
    """Give one row a suite made from papers, and one for each kind written by hand."""
    shelf = texts(data)
    rows = []
    for name, (change, is_right) in SUITES.items():
        items = made(change, shelf, size, random.Random(f"{seed} {name}"), wrong_paper=False)
        rows.append(row(name, items, verifier, is_right=is_right))
    return [*rows, *by_hand(verifier)]


def by_hand(verifier: Verifier) -> list[dict[str, Any]]:
    """Give one row for each kind of claim written by hand, wrong ones first, and one for all of either sort."""
    entries = [json.loads(line) for line in HAND.read_text(encoding="utf-8").splitlines()]
    rows = []
    for is_right in (False, True):
        mine = [entry for entry in entries if entry["right"] is is_right]
        for kind in [*dict.fromkeys(entry["kind"] for entry in mine), "all"]:
            chosen = [(entry["claim"], (*entry["evidence"].split("\n"), *NEUTRAL)) for entry in mine if kind in {entry["kind"], "all"}]
            rows.append(row(f"by hand: {kind}", chosen, verifier, is_right=is_right))
    return rows
