"""How much each paper says that something changed: the numbers of the key findings, where they can be set side by side.

Only what a sentence plainly measures is taken: one number of the asked unit, said as a difference ("by 31 minutes", "31 minutes
longer"), from two papers or more, all pointing one way. Where that cannot be had there is no figure; the table of findings stands anyway.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sovereign.exports.answers import Said, Told
from sovereign.language.quantities import Quantity, quantities

_MORE = "more longer higher greater larger faster better later"
_LESS = "less shorter lower fewer smaller slower worse earlier"
_COMPARED = re.compile(rf"\s+(?P<more>{'|'.join(_MORE.split())})\b|\s+(?P<less>{'|'.join(_LESS.split())})\b", re.IGNORECASE)
_BY = re.compile(r"\bby\s+(?:(?:about|around|roughly|nearly|almost|approximately|up|to|an?|average|mean|of|the)\s+){0,4}$", re.IGNORECASE)
_RANGE = re.compile(
    r"\bCI\b\W{0,3}(?:of\s+|from\s+)?(?P<low>-?\d+(?:\.\d+)?)\s?%?\s*(?:to|–|-|,|and)\s*(?P<high>-?\d+(?:\.\d+)?)", re.IGNORECASE
)
_LEAST_ROWS = 2


@dataclass(frozen=True, slots=True)
class Effect:
    """One measured difference: whose, in which setting, and the number with its range as the sentence has them, in the row's unit."""

    label: str
    claim: str
    name: str
    setting: str
    shown: str
    unit: str
    value: float
    low: float | None
    high: float | None


def effects(told: Told) -> tuple[Effect, ...]:
    """Give the differences that can be drawn on one axis, in the table's order; nothing where fewer than two papers have one."""
    found = [(line.name, said, quantity) for line in told.lines for said in line.said for quantity in _differences(said.quote)]
    kinds = Counter((quantity.dimension, _unit(quantity).rstrip("s")) for _, _, quantity in found)
    if not kinds:
        return ()
    kind = kinds.most_common(1)[0][0]
    rows = [item for item in found if (item[2].dimension, _unit(item[2]).rstrip("s")) == kind]
    once = [item for item in rows if sum(1 for other in rows if other[1] == item[1]) == 1]
    ways = {way for _, said, quantity in once if (way := _way(said.quote, quantity))}
    if len({name for name, _, _ in once}) < _LEAST_ROWS or len(ways) > 1:
        return ()
    return tuple(_effect(name, said, quantity) for name, said, quantity in once)


def unit(found: Sequence[Effect]) -> str:
    """Give the unit in which the differences are told."""
    return found[0].unit if found else ""


def _differences(quote: str) -> list[Quantity]:
    return [
        q for q in quantities(quote) if q.dimension and not q.is_soft and (_BY.search(quote[: q.start]) or _COMPARED.match(quote[q.end :]))
    ]


def _unit(quantity: Quantity) -> str:
    return re.sub(r"^[\d.,\s]+", "", quantity.text)


def _way(quote: str, quantity: Quantity) -> str:
    compared = _COMPARED.match(quote[quantity.end :])
    return "" if compared is None else "more" if compared["more"] else "less"


def _effect(name: str, said: Said, quantity: Quantity) -> Effect:
    after = said.quote[quantity.end :]
    compared = _COMPARED.match(after)
    spread = _RANGE.search(after)
    low, high = (float(spread["low"]), float(spread["high"])) if spread else (None, None)
    value = float(quantity.number)
    if low is not None and high is not None and not low <= value <= high:
        low = high = None
    return Effect(
        said.label, said.claim, name, said.setting, quantity.text + (compared[0] if compared else ""), _unit(quantity), value, low, high
    )
