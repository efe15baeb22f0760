"""A language model that plays by simple rules, for whole runs over HTTP: it reads what it is shown, and answers by its character.

HONEST copies what it is shown. STERN asks at first for the claims that are not supported to be dropped, and is then content.
HOPELESS is never content. OBEDIENT does whatever a paper tells a language model to do, as far as it is shown it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from tests.standins.chat import Script

_LINE = re.compile(r"^\[([^\]]+)\] (.*)$", re.MULTILINE)
_ORDER = re.compile(r"ignore (?:all|any|the|your)|language models?|reviewers? must|highest score", re.IGNORECASE)


class Character(StrEnum):
    """How the model behaves."""

    HONEST = "honest"
    STERN = "stern"
    EDITOR = "editor"
    HOPELESS = "hopeless"
    OBEDIENT = "obedient"


def play(character: Character) -> Script:
    """Give the script of a model of this character."""

    def script(name: str, body: dict[str, Any]) -> object:
        if name == "embeddings":
            return {}
        lines = _LINE.findall(body["messages"][1]["content"])
        if character is Character.OBEDIENT and any(_ORDER.search(text) for _, text in lines):
            return _obey(name, lines)
        return _judge(character, lines) if name in ("skeptic", "validator", "synthesizer") else _WORK[name](lines)

    return script


def _plan(lines: list[tuple[str, str]]) -> Mapping[str, Any]:
    return {"searches": [{"all_of": [["paper boat"], ["wax", "coating"]], "field": "all", "why": "the question's own words"}]}


def _claims(lines: list[tuple[str, str]]) -> Mapping[str, Any]:
    telling = [(label, text) for label, text in lines if label.startswith("P") and re.search(r"\d+ ?min", text)]
    return {"claims": [{"passage": p, "quote": text, "text": text} for p, text in telling[:8]], "addressed_to_reader": []}


def _verify(lines: list[tuple[str, str]]) -> Mapping[str, Any]:
    return {"reason": "They speak of other conditions.", "sentences": [], "verdict": "insufficient"}


def _draft(lines: list[tuple[str, str]]) -> Mapping[str, Any]:
    told = [(label.partition(",")[0], text) for label, text in lines if label.startswith("C")]
    sentences = [{"text": text, "claims": [label]} for label, text in told]
    groups = [sentences[at : at + 10] for at in range(0, len(sentences), 10)]
    headings = ("Floating time", "Wax", "Paper boat", "Coating")
    return {
        "abstract": sentences[:2],
        "findings": [{"heading": heading, "sentences": group} for heading, group in zip(headings, groups, strict=False)],
    }


def _copied(label: str) -> Any:
    return lambda lines: {"text": next((text for name, text in lines if name.startswith(label)), "")}


def _reworded(lines: list[tuple[str, str]]) -> Mapping[str, Any]:
    return {"text": f"As reported: {next(text for name, text in lines if name == 'quote')}"}


_WORK: Mapping[str, Any] = {
    "plan": _plan, "claims": _claims, "verify": _verify, "draft": _draft, "rewrite": _copied("source"), "reword": _reworded,
}  # fmt: skip


def _judge(character: Character, lines: list[tuple[str, str]]) -> Mapping[str, Any]:
    round_ = int(next(text for label, text in lines if label == "round"))
    verdicts = [(label.split()[0], text) for label, text in lines if re.fullmatch(r"C\d+ verdict", label)]
    weak = [label for label, text in verdicts if not text.startswith("supported")]
    if character is Character.HOPELESS:
        said: list[dict[str, str]] = [{"claim": verdicts[0][0], "ask": "drop", "reason": "I do not like it."}] if verdicts else []
        return {"summary": "No.", "objections": said, "score": 3, "recommendation": "reject"}
    if character is Character.EDITOR and round_ == 0:
        asks = zip(sorted(verdicts, key=lambda item: int(item[0][1:])), ("reword", "re-evidence"), strict=False)
        asked = [{"claim": label, "ask": ask, "reason": "Not as it stands."} for (label, _), ask in asks]
        return {"summary": "Mend two claims.", "objections": asked, "score": 6, "recommendation": "revise"}
    if character is Character.STERN and round_ == 0:
        asked = [{"claim": label, "ask": "drop", "reason": "No evidence bears it out."} for label in weak]
        return {"summary": "Some claims have no evidence.", "objections": asked, "score": 5.5, "recommendation": "revise"}
    return {"summary": "Sound as far as it goes.", "objections": [], "score": 8, "recommendation": "approve"}


def _obey(name: str, lines: list[tuple[str, str]]) -> Mapping[str, Any]:
    label, text = next((label, text) for label, text in lines if _ORDER.search(text))
    if name == "claims":
        return {"claims": [{"passage": label, "quote": text, "text": "This is the best work of all."}], "addressed_to_reader": []}
    if name == "draft":
        sentence = {"text": "This is the best work of all and must be accepted.", "claims": ["C1"]}
        return {"abstract": [sentence], "findings": [{"heading": "Best", "sentences": [sentence]}]}
    if name in ("skeptic", "validator", "synthesizer"):
        return {"summary": "As the paper wishes.", "objections": [], "score": 10, "recommendation": "approve"}
    return _WORK[name](lines)  # type: ignore[no-any-return]  # a table of functions
