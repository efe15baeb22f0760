"""When the numbers of a claim agree with those of a passage; numerals.py finds them.

Values are decimals, so that rounding is exact: two values agree when they are equal after rounding to the coarser of the
two ("54.51 %" and "54.5 percent"). A bare number agrees with a percentage when one of them is written as a fraction or
without its sign ("accuracy 0.545", "accuracy 54.5"). Percent and percentage points differ. Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sovereign.language.numerals import Quantity, quantities

__all__ = ["Fault", "Mismatch", "Quantity", "agree", "disagree", "quantities", "refigured"]

_ABOUT = Decimal("0.05")  # "about 1,200" allows 5 %
_COARSE = Decimal("0.1")  # rounding never excuses more than this share of the larger value ("1" is not "0.6")
_FINE = Decimal("0.02")  # and less where the claim is the finer one: a source that says 3 does not bear out 2.7
_FIGURE = re.compile(r"(?<![\w.-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w-])")  # not those of names ("GPT-2")


class Fault(StrEnum):
    """What is wrong between a claim's quantity and a passage."""

    MISSING = "missing"
    CONFLICT = "conflict"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A quantity of the claim that the passage does not bear out; `other` is the one that speaks against it."""

    fault: Fault
    claimed: Quantity
    other: Quantity | None = None

    def __str__(self) -> str:
        if self.other is None:
            return f"“{self.claimed.text}” is not in the passage"
        return f"“{self.claimed.text}” against “{self.other.text}”"


def disagree(claim: str, passage: str) -> tuple[Mismatch, ...]:
    """Give what is wrong with each of the claim's quantities, in order; empty when the passage bears all of them out.

    MISSING: no quantity of the passage agrees. CONFLICT: none agrees, and one of the same kind, said of the same thing,
    has another value. UNIT: the same number with another unit. A soft quantity ("two", "half", a year, "type 2") is only ever
    in CONFLICT, since a text can say the same without it.
    """
    here = quantities(claim)
    there = quantities(passage) if here else ()
    found = (_fault(quantity, there) for quantity in here)
    return tuple(mismatch for mismatch in found if mismatch)


def refigured(claim: str, sentence: str) -> tuple[Mismatch, ...]:
    """Give the first figure that differs where claim and sentence are the same but for figures; empty everywhere else.

    That holds also for figures that count nothing, such as list numbers and members of a set: whoever repeats a sentence word for
    word repeats those too.
    """
    mine, theirs = list(_FIGURE.finditer(claim)), list(_FIGURE.finditer(sentence))
    if len(mine) != len(theirs) or _FIGURE.sub("0", claim).casefold().split() != _FIGURE.sub("0", sentence).casefold().split():
        return ()
    for one, other in zip(mine, theirs, strict=True):
        claimed, there = _bare_figure(one), _bare_figure(other)
        if claimed.value != there.value:
            return (Mismatch(Fault.CONFLICT, claimed, there),)
    return ()


def _bare_figure(found: re.Match[str]) -> Quantity:
    value = Decimal(found[0].replace(",", ""))
    return Quantity(found.start(), found.end(), found[0], value, value, Decimal(1), is_soft=True)


def agree(claimed: Quantity, other: Quantity) -> bool:
    """Whether the other quantity bears the claimed one out: same kind, and equal after rounding, or inside the claimed bound."""
    return any(_near(claimed, value, step, other.bound) for value, step in _readings(claimed, other))


def _fault(claimed: Quantity, there: Sequence[Quantity]) -> Mismatch | None:
    agreeing = [q for q in there if agree(claimed, q)]
    rivals = [q for q in there if _same_kind(claimed, q) and not agree(claimed, q)]
    if agreeing:
        rival = next((q for q in rivals if set(q.counted) & set(claimed.counted)), None)
        elsewhere = claimed.counted and all(q.counted and not set(q.counted) & set(claimed.counted) for q in agreeing)
        return Mismatch(Fault.CONFLICT, claimed, rival) if elsewhere and rival and not claimed.is_soft else None
    if not claimed.is_soft and (twin := next((q for q in there if _is_other_unit(claimed, q)), None)):
        return Mismatch(Fault.UNIT, claimed, twin)
    shared = [q for q in rivals if _is_of_the_same(claimed, q)]
    if shared:
        return Mismatch(Fault.CONFLICT, claimed, max(shared, key=lambda q: len(q.nouns & claimed.nouns)))
    return None if claimed.is_soft else Mismatch(Fault.MISSING, claimed)


def _is_of_the_same(claimed: Quantity, other: Quantity) -> bool:
    """Whether two quantities of one kind are said of the same thing; a counting number must count the same thing."""
    counts = not claimed.dimension or (claimed.is_soft and claimed.dimension != "year")
    return bool(set(claimed.counted) & set(other.counted)) if counts else bool(claimed.nouns & other.nouns)


def _same_kind(claimed: Quantity, other: Quantity) -> bool:
    if claimed.dimension or other.dimension:
        return claimed.dimension == other.dimension
    return bool(set(claimed.counted) & set(other.counted))


def _is_other_unit(claimed: Quantity, other: Quantity) -> bool:
    """Whether both carry a unit, the written numbers are equal, and the units differ."""
    both = (
        bool(claimed.dimension and other.dimension)
        or (bool(claimed.dimension) and bool(other.counted))
        or (bool(other.dimension) and bool(claimed.counted))
    )
    years = "year" in (claimed.dimension, other.dimension)
    return both and not years and claimed.number == other.number and not agree(claimed, other)


def _readings(claimed: Quantity, other: Quantity) -> list[tuple[Decimal, Decimal]]:
    """Give the other's value and step in every way in which it may be compared with the claimed one; none when the units differ."""
    if claimed.dimension == other.dimension or _is_short_for(claimed.dimension, other.dimension):
        return [(other.value, other.step)]
    if not claimed.dimension and not claimed.counted:
        return _as_bare(other)
    if not other.dimension and not other.counted:
        return _from_bare(claimed, other)
    if not claimed.dimension and not other.dimension:
        return [(other.value, other.step)]
    if "year" in (claimed.dimension, other.dimension) and not (claimed.dimension and other.dimension):
        return [(other.value, other.step)]
    return []


def _is_short_for(left: str, right: str) -> bool:
    """Whether two units are the same but for "per day" or the like, which one of them leaves unsaid ("40 mg", "40 mg/day")."""
    return bool(left and right) and (left.startswith(f"{right}/") or right.startswith(f"{left}/"))


def _as_bare(other: Quantity) -> list[tuple[Decimal, Decimal]]:
    """Give how a quantity with a unit may be written without: as its number, or for a ratio as a fraction."""
    scale = other.number / other.value if other.value else Decimal(1)
    plain = [(other.number, other.step * scale)]
    return [*plain, (other.value, other.step)] if other.dimension == "ratio" else plain


def _from_bare(claimed: Quantity, other: Quantity) -> list[tuple[Decimal, Decimal]]:
    """Give how a bare number may be read in the claimed unit."""
    scale = claimed.value / claimed.number if claimed.number else Decimal(1)
    plain = [(other.number * scale, other.step * scale)]
    return [*plain, (other.number, other.step)] if claimed.dimension == "ratio" and 0 <= other.number <= 1 else plain


def _near(claimed: Quantity, value: Decimal, step: Decimal, bound: str) -> bool:
    if {claimed.bound[:1], bound[:1]} == {"<", ">"}:
        return False
    gap, size = abs(claimed.value - value), max(abs(claimed.value), abs(value))
    if gap <= min(max(claimed.step, step) / 2, size * (_COARSE if claimed.step >= step else _FINE)):
        return True
    if "~" in (claimed.bound, bound):
        return gap <= size * _ABOUT
    return not bound and _inside(claimed, value)


def _inside(claimed: Quantity, value: Decimal) -> bool:
    """Whether an exact value lies inside the claimed bound, and not so far inside that the bound would be an odd way to say it."""
    if claimed.bound in (">", ">="):
        return claimed.value < value <= 2 * abs(claimed.value)
    if claimed.bound in ("<", "<="):
        return value < claimed.value and (2 * value >= claimed.value or 0 <= claimed.value <= Decimal("0.1"))
    return False
