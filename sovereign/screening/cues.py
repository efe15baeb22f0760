"""Weak cues of an order to whoever judges a text, added up: who is spoken to, with what force, about which judgement, to whose favour.

A paper talks of reviewers, of scores, of instructions; none of that is an order. What honest papers do not do is to tell their own judge
which way to judge, what to leave unsaid, or whose instructions count. So an order is a sentence in which the judge, the force, the
judgement and the bias meet over this very text. In hidden text fewer of them need to meet: nobody hides an honest sentence of this kind.
The words are a table, data/cues.toml.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files

NEAR_CHARS = 400
_OPENING = r"^\W*(?:(?:please|now|also|and|then|so|therefore|kindly|simply|just|always|only|important|thus|hence|instead)[,:!]? )*"


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    raw = tomllib.loads(files("sovereign").joinpath("data/cues.toml").read_text(encoding="utf-8"))
    told, judging, self_named = raw["force"], raw["judging"], raw["self"]
    groups = ("who", "bias", "frame", "presupposed", "records", "rules", "verifying", "rows", "told_before")
    named = {name: pattern for group in groups for name, pattern in raw[group].items()} | {"conditional": told["conditional"]}
    named |= {name: told[name] for name in ("deontic", "request", "passive")}
    named |= {
        "judging": judging["word"],
        "judging_strict": judging["strict"],
        "this": self_named["this"],
        "this_strict": self_named["strict"],
    }
    named |= {name: judging[name] for name in ("decided", "both_ways")}
    whole = {name: rf"(?<![\w-])(?:{pattern})(?![\w-])" for name, pattern in named.items()}
    judge = rf"(?:{raw['who']['judge']})"
    whole |= {name: raw["who"][name].replace("JUDGE", judge) for name in ("header", "vocative", "judge_told")}
    starts = rf"(?:{_OPENING}|[:;] (?:please )?)"
    whole |= {name: starts + told[name] + r"\b" for name in ("imperative", "ordered")}
    whole["called_and_told"] = whole["vocative"] + r"(?:please |kindly |do |now |you |simply |just )*" + told["imperative"] + r"\b"
    return {name: re.compile(pattern) for name, pattern in whole.items()}


class _Seen:
    """Which cues one sentence has; each is looked for when it is first asked about."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[str, bool] = {}

    def any(self, *names: str) -> bool:
        """Whether one of these cues is there."""
        return any(self._has(name) for name in names)

    def _has(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = _patterns()[name].search(self._text) is not None
        return self._known[name]


@functools.cache
def _orders(where: str) -> tuple[tuple[tuple[bool, tuple[str, ...]], ...], ...]:
    """Give the orders of the table: each a row of terms that must all hold; a term is a wanted truth, and cues of which one is enough."""
    raw = tomllib.loads(files("sovereign").joinpath("data/cues.toml").read_text(encoding="utf-8"))["orders"][where]
    return tuple(tuple(_term(term) for term in order.split("&")) for order in raw)


def _term(text: str) -> tuple[bool, tuple[str, ...]]:
    names = [name.strip() for name in text.strip().removeprefix("!").split("|")]
    return "!" not in text, tuple(cue for name in names for cue in _GROUPS.get(name, (name,)))


_GROUPS = {"bias": ("favour_strict", "spared", "unchecked", "favour"), "told": ("deontic", "imperative", "ordered")}


def may_be_ordered(text: str) -> bool:
    """Whether a sentence in lower case is worth a closer look: it speaks to somebody, names a judge, opens an order or names itself."""
    return _Seen(text).any("you", "this_strict", "judge", "ordered", "pages", "whoever")


def begins_message(text: str) -> bool:
    """Whether a sentence in lower case may be the head of an order that the next ones go on with: a log's line, a rule's, a note's."""
    return _Seen(text).any("logged", "leveled", "speaker", "header", "clause")


def is_ordered(text: str, *, hidden: bool) -> bool:
    """Whether the cues of a sentence, in lower case and without what it quotes, add up to an order to its judge."""
    return any(_adds_up(_Seen(part), hidden=hidden) for part in _parts(text))


def _parts(text: str) -> Iterator[str]:
    """Give the text, in overlapping parts where it is long: cues that are far apart have nothing to do with each other."""
    for start in range(0, max(1, len(text) - NEAR_CHARS // 2), NEAR_CHARS // 2):
        yield text[start : start + NEAR_CHARS]


def _adds_up(seen: _Seen, *, hidden: bool) -> bool:
    orders = _orders("seen") + (_orders("hidden") if hidden else ())
    return any(all(seen.any(*cues) is wanted for wanted, cues in order) for order in orders)
