"""Which way a sentence leans on a question: yes or no; or, for a comparison of treatments, whether the outcome rose, fell or neither.

Two linear models over groups of one to three words in which the question's own parts are masked (the treatment, what it is
compared with, the outcome; or any word of the question), so that "[outcome] was lower in [treatment]" is one pattern in every
field. Trained by `training/leaning.py`, kept as plain numbers, read once. Pure but for that file.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from sovereign.language.comparing import comparison, is_both, side
from sovereign.language.inquiry import compared
from sovereign.language.lexical import content_stems
from sovereign.language.terms import stem
from sovereign.model import Direction

SURE = 0.55
"""Probability under which a sentence takes no side."""
LIKELIEST = 0.34
"""Share of three under which no direction is told: none of them stands out. Of 110 trials 65 % were told rightly, 62 % from 0.4."""
MOST_SENTENCES = 7
"""From how many of the best findings a direction is read."""
NAMING = (0.3, 0.6, 1.0)
"""What a finding counts that names none, one, or more of what is compared."""
LEAST_WEIGHT = 1e-3
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?|[<>=≤≥%±]")
_CONTROLS = frozenset("placebo control controls sham".split())
_IDLE = frozenset(map(stem, "of the a an and or in on to with for by at as per from group groups patients".split()))
_ROLES = frozenset({"TREATED", "COMPARED", "OUTCOME", "NUMBER", "ASKED"})
_PARTS = _ROLES - {"NUMBER"}
_COMPARATIVES = frozenset(
    map(stem, "higher lower greater less more fewer increase decrease reduce improve better worse longer shorter smaller larger".split())
)


def stance(question: str, sentence: str) -> str:
    """Give "yes" or "no" where a sentence leans that way on a yes-or-no question, else ""; one on another subject takes no side.

    On a question that compares, what a sentence compares tells; on any other, what it is worded like.
    """
    asked = comparison(question)
    if asked is not None:
        return side(asked, sentence)
    if not _PARTS & set(masked(question, sentence)):
        return ""
    found = probabilities("stance", patterns(question, sentence))
    label = max(found, key=found.__getitem__)
    return label if label in {"yes", "no"} and found[label] >= SURE else ""


def depends(question: str, sentence: str) -> bool:
    """Whether a sentence says of what a question compares that it is one way here and the other way there."""
    asked = comparison(question)
    return asked is not None and is_both(asked, sentence)


def direction(question: str, findings: Sequence[tuple[str, float]]) -> Direction | None:
    """Give which way the outcome of a comparison goes, read from its findings; None for other questions, and where it is not sure.

    The mean of the findings' log-probabilities, each weighed by how surely it answers, by its place, and by how many of the parts
    compared it names.

    Args:
        findings: Each with how surely it answers (0..1), the best first.
    """
    if compared(question) is None or not findings:
        return None
    together: dict[str, float] = {}
    whole = 0.0
    for place, (text, relevance) in enumerate(findings[:MOST_SENTENCES], start=1):
        named = len(_PARTS & set(masked(question, text)))
        weight = (relevance or LEAST_WEIGHT) / math.sqrt(place) * NAMING[min(named, len(NAMING) - 1)]
        for label, share in probabilities("direction", patterns(question, text)).items():
            together[label] = together.get(label, 0.0) + weight * math.log(share)
        whole += weight
    odds = {label: math.exp(found / whole) for label, found in together.items()}
    best = max(odds, key=odds.__getitem__)
    return Direction(best) if odds[best] >= LIKELIEST * sum(odds.values()) else None


def probabilities(model: str, found: frozenset[str]) -> Mapping[str, float]:
    """Give a model's probability (together 1) of each label for a sentence's patterns."""
    said = _weights()[model]
    scores = {label: said["bias"][at] for at, label in enumerate(said["labels"])}
    for pattern in found & said["weights"].keys():
        for label, weight in zip(said["labels"], said["weights"][pattern], strict=True):
            scores[label] += weight
    top = max(scores.values())
    odds = {label: math.exp(score - top) for label, score in scores.items()}
    whole = sum(odds.values())
    return {label: odd / whole for label, odd in odds.items()}


def patterns(question: str, sentence: str) -> frozenset[str]:
    """Give the groups of words of a sentence, the question's parts masked, and on which side of each comparison its parts stand."""
    words = masked(question, sentence)
    groups = [
        *words,
        *("_".join(pair) for pair in pairwise(words)),
        *("_".join(three) for three in zip(words, words[1:], words[2:], strict=False)),
    ]
    return frozenset((*groups, *_sides(words)))


def masked(question: str, sentence: str) -> list[str]:
    """Give the stems of a sentence in order, those of the question's parts replaced by what they are; a run of one part is one."""
    parts = compared(question)
    if parts is None:
        roles = dict.fromkeys(content_stems(question), "ASKED")
    else:
        treated, against, outcome = (_stems(part) for part in parts)
        roles = (
            dict.fromkeys(outcome, "OUTCOME") | dict.fromkeys(treated - against, "TREATED") | dict.fromkeys(against - treated, "COMPARED")
        )
    out: list[str] = []
    for word in _WORD.findall(sentence.lower()):
        one = roles.get(stem(word)) or ("NUMBER" if word[0].isdigit() else stem(word))
        if parts is not None and word in _CONTROLS and one != "TREATED":
            one = "COMPARED"
        if not (out and out[-1] == one and one in _ROLES):
            out.append(one)
    return out


def _stems(text: str) -> set[str]:
    return {stem(word) for word in re.findall(r"[a-z0-9]+", text.lower()) if len(word) > 1 or word.isdigit()} - _IDLE


def _sides(words: Sequence[str]) -> Iterator[str]:
    for at, word in enumerate(words):
        if word in _COMPARATIVES:
            before = next((one for one in reversed(words[:at]) if one in {"TREATED", "COMPARED"}), "-")
            after = next((one for one in words[at:] if one in {"TREATED", "COMPARED"}), "-")
            yield from (f"{word}:{before}:{after}", f"{word}:before:{before}", f"{word}:after:{after}")


@cache
def _weights() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((files("sovereign") / "weights" / "leaning.json").read_text(encoding="utf-8"))
    return found
