"""How a passage of another place stands to a claim: it bears it out, speaks against it, or is silent. Pure.

A verifier's probability alone does not decide: most pairs of passages of two papers neither agree nor disagree, and an error
there would slander a paper or lend it a friend. So both passages must speak of the same thing in much the same words, and
a contradiction needs a second sign: another number, materially different, or a word turned round.
"""

from __future__ import annotations

from dataclasses import dataclass

from sovereign.language.lexical import content_stems
from sovereign.language.quantities import Mismatch, disagree, quantities
from sovereign.language.wording import turned, unnamed
from sovereign.model import Probabilities, Stance

ALIKE = 0.6
"""Share of the content words of each in the other from which two passages speak of the same thing."""
NEARLY = 0.85
"""Share from which another number contradicts whatever the verifier says: the two sentences differ in nothing else."""
RELATED = 0.5
"""Share of the claim's content words in the passage from which the verifier's word about the two is taken."""
ECHO = 0.75
"""Share from which a sentence of the paper's body says again what its abstract says, without a number to compare."""
ECHO_NUMBER = 0.4
"""The same where the sentence also has every number of the claim, which is hardly chance."""
MATERIAL = 0.25
"""Relative difference above which two measured values of different papers contradict each other."""
CLOSE = 0.1
"""Relative difference up to which they agree: no two experiments give the same figure."""
SURE = 0.9
"""Probability of "refuted" that counts as a second sign."""
SILENT_FROM = 0.5
"""Probability of "insufficient" above which shared words alone bear nothing out: it is likelier than all else together."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim beside a passage, compared once.

    Attributes:
        forward: Share (0..1) of the claim's content words that the passage has; mutual is the smaller of both ways.
        differing: Numbers of the claim for which the passage has another, materially different one.
        lacking: Numbers of the claim that the passage does not come within 10 % of.
        same_subject: Whether both begin with the same things; the first content words mostly name what is spoken of.
    """

    forward: float
    mutual: float
    has_numbers: bool
    differing: int
    lacking: int
    is_turned: bool
    same_names: bool
    same_subject: bool

    @property
    def is_alike(self) -> bool:
        """Whether the two say something of the same thing, in much the same words."""
        return self.mutual >= ALIKE and self.same_names and self.same_subject

    @property
    def is_rival(self) -> bool:
        """Whether the passage gives another number for the same thing, and none of the claim's."""
        return self.is_alike and self.differing > 0 and self.lacking == self.differing


def pair(claim: str, passage: str) -> Pair:
    """Compare a claim with a passage."""
    mine, theirs = _words(claim), _words(passage)
    forward, back = (len(mine & theirs) / len(words) if words else 0.0 for words in (mine, theirs))
    faults, turn = disagree(claim, passage), turned(claim, passage)
    gaps = [_gap(fault) for fault in faults]
    return Pair(
        forward=forward,
        mutual=min(forward, back),
        has_numbers=bool(quantities(claim)),
        differing=sum(1 for gap in gaps if gap is not None and gap > MATERIAL),
        lacking=sum(1 for gap in gaps if gap is None or gap > CLOSE),
        is_turned=min(forward, back) >= RELATED and turn is not None and not turn.is_hedge,
        same_names=not unnamed(claim, passage) and not unnamed(passage, claim),
        same_subject=_begins_like(claim, passage) and _begins_like(passage, claim),
    )


def _words(text: str) -> frozenset[str]:
    """Give the content stems without numbers, which are compared by value."""
    return frozenset(stem for stem in content_stems(text) if not stem[:1].isdigit())


def _begins_like(one: str, other: str) -> bool:
    """Tell whether the first two content words of one, which mostly name what is spoken of, are among the first four of the other."""
    start, beginning = [[stem for stem in content_stems(text) if not stem[:1].isdigit()] for text in (one, other)]
    return set(start[:2]) <= set(beginning[:4])


def _gap(fault: Mismatch) -> float | None:
    """Give the relative difference of the two values; None where the passage has no rival value of the same kind."""
    if fault.other is None or fault.other.dimension != fault.claimed.dimension:
        return None
    size = max(abs(fault.claimed.value), abs(fault.other.value))
    return float(abs(fault.claimed.value - fault.other.value) / size) if size else 0.0


def stance(claim: str, passage: str, p: Probabilities | None, threshold: float, *, same_setting: bool = True) -> Stance:
    """Give what the passage says of the claim.

    Args:
        p: The verifier's probabilities for the pair, None where there is no verifier.
        threshold: The probability of "supported" that the verifier accepts.
        same_setting: Whether both speak of one setting. Two sentences of one body mostly do not: another number there is another
            setting's, and only a denial in nearly the same words speaks against the claim.
    """
    seen = pair(claim, passage)
    if _speaks_against(seen, p, same_setting=same_setting):
        return Stance.REFUTES
    if seen.lacking or seen.is_turned:
        return Stance.SILENT
    if p is not None and p.supported >= threshold and seen.forward >= RELATED:
        return Stance.SUPPORTS
    agrees = seen.has_numbers and seen.is_alike and not _is_silent(p) and (p is None or p.refuted < SURE)
    return Stance.SUPPORTS if agrees else Stance.SILENT


def _speaks_against(seen: Pair, p: Probabilities | None, *, same_setting: bool) -> bool:
    rival = seen.is_rival and same_setting
    if p is None:
        return rival
    if rival and (p.refuted > p.supported or seen.mutual >= NEARLY):
        return True
    sure = p.refuted > max(p.supported, p.insufficient)
    return seen.is_turned and sure and (same_setting or seen.mutual >= NEARLY)


def _is_silent(p: Probabilities | None) -> bool:
    """Whether a verifier took part and takes the passage to say nothing of the claim: shared words alone bear nothing out then."""
    return p is not None and p.insufficient > SILENT_FROM


def echoes(claim: str, passage: str, p: Probabilities | None) -> bool:
    """Tell whether a sentence of the body says again what the abstract says: its numbers in much of its words, or nearly all its words."""
    seen = pair(claim, passage)
    if seen.lacking or seen.is_turned or _is_silent(p) or (p is not None and p.refuted >= SURE):
        return False
    return seen.forward >= (ECHO_NUMBER if seen.has_numbers else ECHO)
