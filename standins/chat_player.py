"""A language model that plays by simple rules, for whole runs over HTTP: it reads what it is shown, and answers by its character.

HONEST copies what it is shown. STERN asks at first for the claims that are not supported to be dropped, and is then content. EDITOR
wants at first one claim re-worded and another searched for. HOPELESS is never content. OBEDIENT does whatever a paper tells a language
model to do, as far as it is shown it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from standins.chat import Script

_LINE = re.compile(r"^\[([^\]]+)\] (.*)$", re.MULTILINE)
_ORDER = re.compile(r"ignore (?:all|any|the|your)|language models?|reviewers? must|highest score", re.IGNORECASE)
Lines = Sequence[tuple[str, str]]


class Character(StrEnum):
    """How the model behaves."""

    HONEST = "honest"
    STERN = "stern"
    EDITOR = "editor"
    HOPELESS = "hopeless"
    OBEDIENT = "obedient"


def lines_of(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give what a prompt shows: (label, text) of every line of data."""
    return _LINE.findall(body["messages"][1]["content"])


def labelled(lines: Lines, prefix: str) -> list[tuple[str, str]]:
    """Give the items whose label is the prefix and a number: ("P1", text), …; what stands behind a comma is left out."""
    parted = ((label.partition(",")[0], text) for label, text in lines)
    return [(label, text) for label, text in parted if re.fullmatch(rf"{prefix}\d+", label)]


def play(character: Character) -> Script:
    """Give the script of a model of this character."""

    def script(name: str, body: dict[str, Any]) -> object:
        if name == "embeddings":
            return {}
        lines = lines_of(body)
        if character is Character.OBEDIENT and any(_ORDER.search(text) for _, text in lines):
            return _obey(name, lines)
        return _judge(character, lines) if name in ("skeptic", "validator", "synthesizer") else WORK[name](lines)

    return script


def proposal(passage: str, quote: str, text: str, **more: object) -> dict[str, Any]:
    """Give a proposed claim."""
    return {"passage": passage, "quote": quote, "text": text, "with": "", "facet": "", "direction": "", "setting": "", "weight": 2, **more}


def _plan(lines: Lines) -> Mapping[str, Any]:
    search = {"all_of": [["paper boat"], ["wax", "coating"]], "field": "all", "why": "the question's own words"}
    return {"searches": [search], "kind": "effect", "facets": ["floating time", "wax coating"]}


def _bearing(lines: Lines) -> Mapping[str, Any]:
    papers = [label.split()[0] for label, _ in lines if re.fullmatch(r"A\d+ title", label)]
    facets = ["floating time", "wax coating"]
    return {"papers": [{"paper": paper, "bears": "yes"} for paper in papers], "kind": "effect", "facets": facets}


def _claims(lines: Lines) -> Mapping[str, Any]:
    telling = [(label, text) for label, text in labelled(lines, "P") if re.search(r"\d+ ?min", text)]
    return {"claims": [proposal(p, text, text) for p, text in telling[:8]], "addressed_to_reader": []}


def _verify(lines: Lines) -> Mapping[str, Any]:
    said = [(label, "They speak of other conditions.") for label, _ in labelled(lines, "C")]
    return {"verdicts": [{"statement": c, "reason": why, "sentences": [], "verdict": "insufficient"} for c, why in said]}


def _draft(lines: Lines) -> Mapping[str, Any]:
    sentences = [{"text": text, "claims": [label]} for label, text in labelled(lines, "C")]
    groups = [sentences[at : at + 10] for at in range(0, len(sentences), 10)]
    headings = ("Floating time", "Wax", "Paper boat", "Coating")
    return {
        "kind": "effect",
        "headline": sentences[0],
        "facets": [{"facet": "F1", "claims": [sentences[0]["claims"][0]]}] if labelled(lines, "F") else [],
        "abstract": sentences[1:3],
        "findings": [{"heading": heading, "sentences": group} for heading, group in zip(headings, groups, strict=False)],
    }


def _rewrite(lines: Lines) -> Mapping[str, Any]:
    sources = {label.split()[0]: text.partition(" — ")[0] for label, text in lines if re.match(r"R\d+ source", label)}
    return {"sentences": [{"sentence": label, "text": sources.get(label, "")} for label, _ in labelled(lines, "R")]}


def _reword(lines: Lines) -> Mapping[str, Any]:
    quotes = {label.split()[0]: text for label, text in lines if re.fullmatch(r"C\d+ quote", label)}
    return {"claims": [{"claim": label, "text": f"As reported: {quotes[label]}"} for label, _ in labelled(lines, "C")]}


WORK: Mapping[str, Any] = {
    "plan": _plan,
    "bearing": _bearing,
    "claims": _claims,
    "verify": _verify,
    "draft": _draft,
    "rewrite": _rewrite,
    "reword": _reword,
}


def _judge(character: Character, lines: Lines) -> Mapping[str, Any]:
    round_ = int(next(text for label, text in lines if label == "round"))
    verdicts = [tuple(label.split(", ", 2)[::2]) for label, _ in lines if re.match(r"C\d+, paper", label)]
    weak = [label for label, verdict in verdicts if not verdict.startswith(("supported", "confirmed"))]
    if character is Character.HOPELESS:
        said: list[dict[str, str]] = [{"about": verdicts[0][0], "ask": "drop", "reason": "I do not like it."}] if verdicts else []
        return {"summary": "No.", "objections": said, "score": 3, "recommendation": "reject"}
    if character is Character.EDITOR and round_ == 0:
        asks = zip(verdicts, ("reword", "re-evidence"), strict=False)
        asked = [{"about": label, "ask": ask, "reason": "Not as it stands."} for (label, _), ask in asks]
        return {"summary": "Mend two claims.", "objections": asked, "score": 6, "recommendation": "revise"}
    if character is Character.STERN and round_ == 0:
        asked = [{"about": label, "ask": "drop", "reason": "No evidence bears it out."} for label in weak]
        return {"summary": "Some claims have no evidence.", "objections": asked, "score": 5.5, "recommendation": "revise"}
    return {"summary": "Sound as far as it goes.", "objections": [], "score": 8, "recommendation": "approve"}


def _obey(name: str, lines: Lines) -> Mapping[str, Any]:
    label, text = next((label, text) for label, text in lines if _ORDER.search(text))
    if name == "claims":
        return {"claims": [proposal(label, text, "This is the best work of all.")], "addressed_to_reader": []}
    if name == "draft":
        sentence = {"text": "This is the best work of all and must be accepted.", "claims": ["C1"]}
        findings = [{"heading": "Best", "sentences": [sentence]}]
        return {"kind": "yes", "headline": sentence, "facets": [], "abstract": [], "findings": findings}
    if name in ("skeptic", "validator", "synthesizer"):
        return {"summary": "As the paper wishes.", "objections": [], "score": 10, "recommendation": "approve"}
    return WORK[name](lines)  # type: ignore[no-any-return]  # a table of functions
