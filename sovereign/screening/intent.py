"""Whether one sentence is meant for its reviewer: who is spoken to, what is judged, how kindly, and what is to be kept silent.

Where signs.py knows whole wordings, this module weighs the parts of a sentence, so that a wording nobody listed is found too.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

# Languages whose words join on to others; and those that are written in letters of their own.
UNSPACED = frozenset(
    "chinese japanese korean arabic hebrew persian hindi thai bengali tamil urdu persian_more greek_more hindi_more".split()
)
OTHER_SCRIPTS = UNSPACED | {"russian", "ukrainian", "greek"}


@dataclass(frozen=True, slots=True)
class Meant:
    """The compiled parts; `alone` are orders by themselves, given where the imperative stands or anywhere."""

    kind: re.Pattern[str]
    judged: re.Pattern[str]
    this: re.Pattern[str]
    strict: re.Pattern[str]
    yours: re.Pattern[str]
    correct: re.Pattern[str]
    new_task: re.Pattern[str]
    if_read: re.Pattern[str]
    silence: re.Pattern[str]
    who: re.Pattern[str]
    must: re.Pattern[str]
    called: re.Pattern[str]
    revoked: re.Pattern[str]
    whatever: re.Pattern[str]
    call: re.Pattern[str]
    you: re.Pattern[str]
    conditional: re.Pattern[str]
    imperative: re.Pattern[str]
    alone_at_start: re.Pattern[str]
    alone_anywhere: re.Pattern[str]
    pairs: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    latin_pairs: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]


@functools.cache
def table(start: str) -> Meant:
    """Give the compiled table; `start` is what stands before an imperative."""
    raw = tomllib.loads(files("sovereign").joinpath("data/instructions.toml").read_text(encoding="utf-8"))
    part, who = raw["meant"], raw["english"]["addressee"]
    alone = "|".join(raw["alone"].values())

    def word(pattern: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")

    return Meant(
        kind=word(part["kind"]),
        judged=word(part["judged"]),
        this=word(part["this"]),
        strict=word(part["strict"]),
        yours=re.compile(part["yours"]),
        correct=re.compile(part["correct"]),
        new_task=re.compile(part["new_task"]),
        if_read=re.compile(part["if_read"] + who),
        silence=re.compile(part["silence"]),
        who=re.compile(rf"\b{who}\b"),
        must=re.compile(rf"\b{who}\b(?: [^.!?;]{{0,60}}?)? {part['modal']}\b"),
        called=re.compile(
            rf"^\W*(?>(?:to|for|note (?:to|for)|dear|hello|hi|hey|attention|any|all|the|every|as an?|as the|stop) ?[,:!.]? ?){{0,8}}{who}\b"
            r"(?: (?:reading|using|reviewing|processing|evaluating|grading|summari[sz]ing|assessing|who|that|agents?|models?|systems?)"
            rf"[^.!?,:]{{0,40}})?[,:]"
            rf"|\b(?:instructions?|messages?|notes?|orders?|requests?|reminders?) (?:is |are |meant |intended )*+(?:to|for) "
            rf"(?:\w+ ){{0,3}}?{who}\b[^.!?:]{{0,20}}:"
        ),
        revoked=re.compile(part["revoked"]),
        whatever=re.compile(part["whatever"]),
        call=re.compile(part["call"]),
        you=re.compile(part["you"]),
        conditional=re.compile(part["conditional"]),
        imperative=re.compile(
            r"(?:^\W*(?>(?:please|now|also|and|then|so|therefore|kindly|simply|just|always|only|important|note|remember|attention|"
            rf"{who})[,:!]? ){{0,12}}|\bplease (?:\w+ly )?|\byou (?:must|should|shall|have to|need to|are to) (?:\w+ly )?"
            r"|^(?:when|while|if|as|in|from|before|after) [^,.;]{1,60}, )"
            rf"{part['imperative']}\b"
        ),
        alone_at_start=re.compile(rf"{start}(?P<verb>{alone})"),
        alone_anywhere=re.compile(rf"(?:^|\W)(?P<verb>{alone})"),
        pairs=tuple(_pair(name, pair) for name, pair in raw["pairs"].items()),
        latin_pairs=tuple(_pair(name, pair) for name, pair in raw["pairs"].items() if name not in OTHER_SCRIPTS),
    )


def _pair(name: str, pair: Mapping[str, str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    start = "" if name in UNSPACED else r"(?<!\w)"
    return re.compile(f"{start}(?:{pair['kind']})"), re.compile(f"{start}(?:{pair['judge']})")


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one sentence has in it."""

    kind: bool
    silence: bool
    judged: bool
    this: bool
    you: bool
    imperative: bool
    conditional: bool


def is_meant(text: str, parts: Meant, *, hidden: bool) -> bool:
    """Whether a sentence in plain form orders its reviewer about; quotation marks must be looked at by the caller."""
    seen = _Seen(
        *(
            pattern.search(text) is not None
            for pattern in (parts.kind, parts.silence, parts.judged, parts.this, parts.you, parts.imperative, parts.conditional)
        )
    )
    if parts.new_task.search(text) or parts.revoked.search(text):
        return True
    if parts.whatever.search(text) and (seen.kind or seen.this or hidden):
        return True
    if parts.correct.search(text) and (seen.this or hidden):
        return True
    if (
        parts.yours.search(text)
        and (seen.kind or seen.silence)
        and (seen.this or "review" in text or not seen.conditional)
        and _orders(text, hidden=hidden)
    ):
        return True
    return _is_told(text, parts, seen, hidden=hidden) or _is_ordered(seen, hidden=hidden)


def _orders(text: str, *, hidden: bool) -> bool:
    return hidden or re.search(r"\b(?:must|should|shall|is|are|needs? to|in)\b|:", text) is not None


def _is_ordered(seen: _Seen, *, hidden: bool) -> bool:
    """Whether an imperative, or "you", goes with a kind judgement of this very paper."""
    if seen.conditional and not hidden:
        return False
    if seen.kind and seen.this and (seen.judged or hidden) and (seen.imperative or seen.you):
        return True
    return seen.you and seen.silence and (seen.judged or seen.this or hidden)


def _is_told(text: str, parts: Meant, seen: _Seen, *, hidden: bool) -> bool:
    """Whether a reviewer or a model is named, and told to be kind or silent."""
    if parts.call.search(text) and (seen.kind or seen.silence or seen.this or seen.imperative):
        return True
    if not (seen.kind or seen.silence) or not parts.who.search(text):
        return False
    if parts.if_read.search(text):
        return True
    about = seen.judged or seen.this or seen.silence
    if parts.called.search(text) and about:
        return True
    if parts.must.search(text) and (seen.this or seen.you) and (hidden or not seen.conditional):
        return True
    return hidden and about
