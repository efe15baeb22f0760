"""A claim beside the words it rests on: what numbers, units, names and direction say against it. Pure; standard library only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from sovereign.language.arguments import Shift, exchanged, undone
from sovereign.language.bindings import in_table, rebound
from sovereign.language.lexical import content_stems, coverage
from sovereign.language.paraphrase import says_the_same, stands_completed, stands_in
from sovereign.language.premises import statements
from sovereign.language.quantities import Fault, Mismatch, disagree, quantities, refigured
from sovereign.language.reach import reaches
from sovereign.language.wording import Turn, names, turned, unnamed
from sovereign.model import Check, CheckName
from sovereign.text import fold

CLOSE = 0.7
"""Share of the claim's wording (numbers and names aside) in one sentence from which the claim counts as taken from it."""
VERBATIM = 0.9
"""The share from which the sentence must also have the claim's names; below, another wording may stand for a name."""
FEW_WORDS = 3
"""A claim with less wording than this is close only if its names and numbers are shared too."""
SEVERAL = 4
"""From so many words on a condition is known again where it stands; "may" may be another sentence's."""
SPOKEN_OF = 0.5
"""Share of a claim's words in its nearest sentence from which the sentence's figures are taken to be the claim's."""
MUTUAL = 0.4
"""Share of the sentence's wording in the claim from which their direction is compared: a long sentence says more than one thing."""


class Likeness(StrEnum):
    """How a claim stands in the sentence nearest to it."""

    VERBATIM = "word for word"
    REWORDED = "in words of the same meaning"
    NONE = "not"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared and what was found.

    Attributes:
        closeness: Share (0..1) of the claim's content words in the sentence nearest to it.
        place: Position of that sentence; None where there was none.
        moved: A figure that the claim hands to another thing than the sentence or table does.
        exchanged: What changed places between claim and sentence, or is said of something else.
        reach: What limits the sentence and the claim leaves out, or widens.
        likeness: Whether the claim stands there word for word, or in words of the same meaning, and is most of the sentence.
        has_numbers, has_names: Whether the claim gave anything to compare.
    """

    closeness: float
    place: int | None = None
    likeness: Likeness = Likeness.NONE
    numbers: tuple[Mismatch, ...] = ()
    names: tuple[str, ...] = ()
    turn: Turn | None = None
    moved: Shift | None = None
    exchanged: Shift | None = None
    reach: Shift | None = None
    has_numbers: bool = False
    has_names: bool = False

    @property
    def is_close(self) -> bool:
        """Whether the claim is taken from one sentence of the text."""
        return self.closeness >= CLOSE

    @property
    def is_veto(self) -> bool:
        """Whether the text cannot support the claim: a number or unit is not borne out, or a close sentence names or says otherwise."""
        return bool(self.numbers or self.turn or self._shifts or (self.closeness >= VERBATIM and self.names))

    @property
    def is_firm(self) -> bool:
        """Whether what is held against the claim is more than something left out of a sentence that limits itself."""
        return self.is_opposed or bool(
            self.numbers or self.turn or self.moved or self.exchanged or (self.closeness >= VERBATIM and self.names)
        )

    @property
    def _shifts(self) -> list[Shift]:
        return [shift for shift in (self.moved, self.exchanged, self.reach) if shift]

    @property
    def is_opposed(self) -> bool:
        """Whether a close sentence says something else in the claim's place, which speaks against it and not merely past it."""
        return self.is_close and self.is_contrary

    @property
    def is_contrary(self) -> bool:
        """Whether anything in the nearest sentence says otherwise, close or not: a second sign of a contradiction."""
        said_otherwise = (self.turn and not self.turn.is_hedge) or any(m.other for m in self.numbers)
        return bool(said_otherwise or any(shift.is_opposed for shift in self._shifts))

    @property
    def is_borne_out(self) -> bool:
        """Whether the claim stands in the text, word for word or in words of the same meaning, and nothing is held against it."""
        return self.likeness is not Likeness.NONE and not self.is_veto

    @property
    def checks(self) -> tuple[Check, ...]:
        """The cascade's checks of numbers, units, names and direction, in order; passed is None where there was nothing to check."""
        wrong_units = [m for m in self.numbers if m.fault is Fault.UNIT]
        wrong = [*(str(m) for m in self.numbers if m.fault is not Fault.UNIT), *([str(self.moved)] if self.moved else [])]
        turned_round = [str(found) for found in (self.turn, self.exchanged, self.reach) if found]
        return (
            _check(CheckName.NUMBERS, wrong, "every number agrees", has=self.has_numbers, veto=True),
            _check(CheckName.UNITS, [str(m) for m in wrong_units], "every unit agrees", has=self.has_numbers, veto=True),
            _check(
                CheckName.NAMES,
                [f"“{n}” is not named" for n in self.names],
                "every name stands there",
                has=self.has_names,
                veto=self.closeness >= VERBATIM,
            ),
            _check(CheckName.DIRECTION, turned_round, "nothing turned round", has=self.is_close, veto=True),
        )


def _check(name: CheckName, wrong: Sequence[str], fine: str, *, has: bool, veto: bool) -> Check:
    if wrong:
        return Check(name, passed=False, detail="; ".join(wrong), is_veto=veto)
    return Check(name, passed=True, detail=fine) if has else Check(name, passed=None, detail="nothing to compare")


def compare(claim: str, sentences: Sequence[str], *, context: str = "") -> Comparison:
    """Compare a claim with the sentences it is to rest on; `context` may only supply names (title, heading).

    Of a claim of several sentences, each is compared by itself, and the one with most against it is given; else the least close.
    """
    given = [fold(sentence) for sentence in sentences]  # as the claim's statements are: a unit behind a line end is one
    found = [_compare(statement, given, context) for statement in statements(claim)]
    if len(found) > 1:
        found = [replace(one, reach=None) if one.reach and _is_said(one.reach, claim) else one for one in found]
    return min(found, key=lambda c: (not c.is_opposed, not c.is_veto, c.is_borne_out, c.closeness))


def _is_said(left_out: Shift, claim: str) -> bool:
    """Whether the condition that one statement leaves out stands word for word in another one of the claim."""
    words = left_out.detail.partition("“")[2].partition("”")[0].casefold()
    return len(words.split()) >= SEVERAL and words in claim.casefold()


def _compare(claim: str, sentences: Sequence[str], context: str) -> Comparison:
    """Compare one statement.

    Where one sentence is close, the claim is held to it: a number it contradicts is a fault even if another sentence has
    that number. What the close sentence merely lacks may stand in its neighbours. Otherwise the whole text counts.
    """
    words = _wording(claim)
    if len(words) < FEW_WORDS:
        words = frozenset(content_stems(claim))
    shares = [len(words & _wording(sentence)) / len(words) if words else 0.0 for sentence in sentences]
    best = max(range(len(shares)), key=lambda i: (shares[i], coverage(claim, sentences[i]), -i), default=None)
    if best is None:
        return Comparison(0.0)
    closeness, whole, near = shares[best], " ".join(sentences), sentences[best]
    turn = None
    if closeness < CLOSE:
        numbers, missing = disagree(claim, whole), unnamed(claim, f"{whole} {context}")
    else:
        around = " ".join(sentences[max(0, best - 1) : best + 2])
        lacking = {m.claimed for m in disagree(claim, around)}
        numbers = tuple(m for m in disagree(claim, near) if m.other or m.claimed in lacking) or refigured(claim, near)
        is_held = closeness >= VERBATIM and (len(sentences) == 1 or unnamed(near, claim))
        missing = unnamed(claim, f"{near if is_held else around if closeness >= VERBATIM else whole} {context}")
        turn = turned(claim, near) if coverage(near, claim) >= MUTUAL else None
        turn = None if turn and undone(claim, near, turn.claimed, turn.found) else turn
    whole_words = coverage(claim, near)
    moved = rebound(claim, sentences, best) if whole_words >= SPOKEN_OF else in_table(claim, sentences)
    shifted = exchanged(claim, near) if whole_words >= CLOSE else None
    reach = reaches(claim, sentences, best, whole_words)
    around = " ".join(sentences[max(0, best - 1) : best + 2])
    is_reworded = says_the_same(claim, near) or stands_completed(claim, near, f"{around} {context}")
    likeness = Likeness.VERBATIM if stands_in(claim, near) else Likeness.REWORDED if is_reworded else Likeness.NONE
    found = (numbers, missing, turn, moved, shifted, reach)
    return Comparison(closeness, best, likeness, *found, bool(numbers or quantities(claim)), bool(names(claim)))


@lru_cache(maxsize=20_000)
def _wording(text: str) -> frozenset[str]:
    """Give a text's content stems without numbers and names, which are what is compared."""
    named = {part for name in names(text) for part in content_stems(name)}
    return frozenset(word for word in content_stems(text) if word.isalpha() and word not in named)


def contrary(one: str, other: str) -> bool:
    """Tell whether two sentences that share their words say different things: another figure, or one denies the other."""
    return bool(disagree(one, other)) or turned(one, other) is not None
