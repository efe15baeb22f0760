"""What changed between two versions of a report, claim by claim."""

from __future__ import annotations

from dataclasses import dataclass

from sovereign.exports import glossary
from sovereign.model import Claim, Grade, Report

# A calibrated probability that moved less than this is the same to a reader (two decimals are shown).
_SAME_CONFIDENCE = 0.005


@dataclass(frozen=True, slots=True)
class Change:
    """One claim in two versions; before or after is None where the claim is not there.

    Attributes:
        kind: "new", "gone", "re-worded", "grade" or "confidence".
        what: The change in words.
    """

    kind: str
    before: Claim | None
    after: Claim | None
    what: str


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changed: figures as (name, before, after), then claims; unchanged counts those that stayed as they were."""

    figures: tuple[tuple[str, str, str], ...]
    claims: tuple[Change, ...]
    unchanged: int


def compare(earlier: Report, later: Report) -> Changes:
    """Give what changed from the earlier to the later report.

    A claim is the same when its id is; else when paper and quote, or paper and words, are: then it was re-worded.
    """
    old = {claim.id: claim for claim in earlier.draft.claims}
    new = {claim.id: claim for claim in later.draft.claims}
    pairs = _pairs([c for i, c in old.items() if i not in new], [c for i, c in new.items() if i not in old])
    paired = {claim.id for pair in pairs for claim in pair}
    changes = [Change("re-worded", before, after, _verdicts(earlier, before, later, after)) for before, after in pairs]
    kept = [(old[i], claim) for i, claim in new.items() if i in old]
    moved = [change for before, after in kept if (change := _moved(earlier, before, later, after))]
    changes += moved
    changes += [Change("new", None, c, str(_grade(later, i))) for i, c in new.items() if i not in old and i not in paired]
    changes += [Change("gone", c, None, _reason(later, i)) for i, c in old.items() if i not in new and i not in paired]
    return Changes(_figures(earlier, later), tuple(changes), len(kept) - len(moved))


def _pairs(gone: list[Claim], added: list[Claim]) -> list[tuple[Claim, Claim]]:
    pairs = []
    for claim in gone:
        same = (c for c in added if c.paper == claim.paper and (c.quote.text == claim.quote.text or c.text == claim.text))
        found = next(same, None)
        if found is not None:
            added = [c for c in added if c is not found]
            pairs.append((claim, found))
    return pairs


def _moved(earlier: Report, before: Claim, later: Report, after: Claim) -> Change | None:
    was, now = earlier.draft.evidence_of(before.id), later.draft.evidence_of(after.id)
    if glossary.grade(was) is not glossary.grade(now):
        return Change("grade", before, after, f"{glossary.grade(was)} → {glossary.grade(now)}")
    if was.confidence is None or now.confidence is None or abs(was.confidence - now.confidence) < _SAME_CONFIDENCE:
        return None
    return Change("confidence", before, after, f"{was.confidence:.2f} → {now.confidence:.2f}")


def _verdicts(earlier: Report, before: Claim, later: Report, after: Claim) -> str:
    was, now = _grade(earlier, before.id), _grade(later, after.id)
    return f"{was} → {now}" if was is not now else f"still {now}"


def _grade(report: Report, claim: str) -> Grade:
    return glossary.grade(report.draft.evidence_of(claim))


def _reason(later: Report, claim: str) -> str:
    """Say why a claim is gone, where the later run dropped it itself."""
    return glossary.taken_out(dict(later.draft.dropped).get(claim, "")) or "not found again in the papers that were read"


def _figures(earlier: Report, later: Report) -> tuple[tuple[str, str, str], ...]:
    rows = (
        ("Question", earlier.goal.question, later.goal.question),
        ("Date", earlier.date.isoformat(), later.date.isoformat()),
        ("Engine", earlier.engine.value, later.engine.value),
        ("Papers retrieved", str(earlier.retrieved), str(later.retrieved)),
        ("Papers read", str(len(earlier.papers)), str(len(later.papers))),
        ("Claims", str(len(earlier.draft.claims)), str(len(later.draft.claims))),
        ("Verified", str(earlier.verified), str(later.verified)),
        ("Reviewers (tribunal)", _score(earlier), _score(later)),
        ("Decision (policy)", _decided(earlier), _decided(later)),
    )
    return tuple(row for row in rows if row[1] != row[2])


def _decided(report: Report) -> str:
    return f"{glossary.DECIDED[report.decision.action]} ({report.decision.action})"


def _score(report: Report) -> str:
    consensus = report.tribunal.last.consensus
    return f"{'no score' if consensus is None else f'{consensus:.1f}'} → {report.tribunal.outcome}"
