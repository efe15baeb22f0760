"""A claim beside the words it rests on: what numbers, units, names and direction say against it. Pure; standard library only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sovereign.lexical import content_stems, coverage
from sovereign.model import Check, CheckName
from sovereign.quantities import Fault, Mismatch, disagree, quantities
from sovereign.wording import Turn, names, turned, unnamed

CLOSE = 0.7
"""Share of the claim's content words in one sentence from which the claim counts as taken from it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared and what was found.

    Attributes:
        closeness: Share (0..1) of the claim's content words in the sentence nearest to it.
        has_numbers, has_names: Whether the claim gave anything to compare.
    """

    closeness: float
    numbers: tuple[Mismatch, ...] = ()
    names: tuple[str, ...] = ()
    turn: Turn | None = None
    has_numbers: bool = False
    has_names: bool = False

    @property
    def is_close(self) -> bool:
        """Whether the claim is taken from one sentence of the text."""
        return self.closeness >= CLOSE

    @property
    def is_veto(self) -> bool:
        """Whether the text cannot support the claim: a number or unit is not borne out, or a close sentence names or says otherwise."""
        return bool(self.numbers or (self.is_close and (self.names or self.turn)))

    @property
    def is_opposed(self) -> bool:
        """Whether a close sentence says something else in the claim's place, which speaks against it and not merely past it."""
        return self.is_close and bool(self.turn or any(m.other for m in self.numbers))

    @property
    def checks(self) -> tuple[Check, ...]:
        """The cascade's checks of numbers, units, names and direction, in order; passed is None where there was nothing to check."""
        wrong_units = [m for m in self.numbers if m.fault is Fault.UNIT]
        wrong = [m for m in self.numbers if m.fault is not Fault.UNIT]
        return (
            _check(CheckName.NUMBERS, [str(m) for m in wrong], "every number agrees", has=self.has_numbers, veto=True),
            _check(CheckName.UNITS, [str(m) for m in wrong_units], "every unit agrees", has=self.has_numbers, veto=True),
            _check(
                CheckName.NAMES,
                [f"“{n}” is not named" for n in self.names],
                "every name stands there",
                has=self.has_names,
                veto=self.is_close,
            ),
            _check(CheckName.DIRECTION, [str(self.turn)] if self.turn else [], "nothing turned round", has=self.is_close, veto=True),
        )


def _check(name: CheckName, wrong: Sequence[str], fine: str, *, has: bool, veto: bool) -> Check:
    if wrong:
        return Check(name, passed=False, detail="; ".join(wrong), is_veto=veto)
    return Check(name, passed=True, detail=fine) if has else Check(name, passed=None, detail="nothing to compare")


def compare(claim: str, sentences: Sequence[str], *, context: str = "") -> Comparison:
    """Compare a claim with the sentences it is to rest on; `context` may only supply names (title, heading).

    Where one sentence is close, the claim is held to it: a number it contradicts is a fault even if another sentence has
    that number. What the close sentence merely lacks may stand in its neighbours. Otherwise the whole text counts.
    """
    shares = [coverage(claim, sentence) for sentence in sentences]
    best = max(range(len(shares)), key=lambda i: (shares[i], -i), default=None)
    if best is None:
        return Comparison(0.0)
    closeness, whole = shares[best], " ".join(sentences)
    if closeness < CLOSE:
        numbers, missing, turn = disagree(claim, whole), unnamed(claim, f"{whole} {context}"), None
    else:
        around = " ".join(sentences[max(0, best - 1) : best + 2])
        held = disagree(claim, sentences[best])
        lacking = {m.claimed for m in disagree(claim, around)}
        numbers = tuple(m for m in held if m.other or m.claimed in lacking)
        missing = unnamed(claim, f"{sentences[best]} {context}")
        turn = turned(claim, sentences[best])
    return Comparison(closeness, numbers, missing, turn, bool(quantities(claim)), bool(names(claim)))


def clashes(claim: str, sentence: str) -> bool:
    """Whether a sentence of another paper gives another number for the same thing: same names, mostly the same words, no number agrees."""
    if min(coverage(claim, sentence), coverage(sentence, claim)) < 0.5 or unnamed(claim, sentence) or unnamed(sentence, claim):
        return False
    faults = disagree(claim, sentence)
    return bool(faults) and len(faults) == len(quantities(claim)) and any(m.fault is Fault.CONFLICT for m in faults)


def shared_words(left: str, right: str) -> float:
    """Give the Jaccard share (0..1) of two texts' content stems."""
    mine, theirs = set(content_stems(left)), set(content_stems(right))
    return len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0
