"""What changed between two versions, claim by claim."""

from __future__ import annotations

from dataclasses import replace

from sovereign.exports.changes import compare
from standins import reports as fakes


def test_nothing_changed() -> None:
    """A report compared with itself has no change."""
    found = compare(fakes.rich_report(), fakes.rich_report())

    assert (found.figures, found.claims) == ((), ())
    assert found.unchanged == len(fakes.CLAIMS)


def test_every_kind_of_change() -> None:
    """Re-worded, another grade, new and gone, each with the words of both sides where there are two."""
    found = compare(fakes.approved_report(), fakes.second_report())

    told = [(change.kind, change.before and change.before.id, change.what) for change in found.claims]
    assert told == [
        ("re-worded", fakes.C2, "still verified"),
        ("grade", fakes.C1, "corroborated → quoted"),
        ("new", None, "verified"),
        ("gone", fakes.C4, "not found again in the papers that were read"),
    ]
    assert found.unchanged == 0
    assert ("Date", "2026-01-15", "2026-06-01") in found.figures
    assert all(before != after for _, before, after in found.figures)


def test_a_confidence_that_moved() -> None:
    """A change that shows in two decimals is told, a smaller one is not."""
    earlier = fakes.approved_report()
    first, second, *rest = earlier.draft.evidence
    evidence = (replace(first, confidence=0.9), replace(second, confidence=0.8401), *rest)

    found = compare(earlier, replace(earlier, draft=replace(earlier.draft, evidence=evidence)))

    assert [(change.kind, change.what) for change in found.claims] == [("confidence", "0.97 → 0.90")]
    assert found.unchanged == 2


def test_nothing_is_lost() -> None:
    """Every claim of either report is in exactly one place."""
    earlier, later = fakes.approved_report(), fakes.second_report()

    found = compare(earlier, later)

    before = [change.before.id for change in found.claims if change.before]
    after = [change.after.id for change in found.claims if change.after]
    assert len(before) + found.unchanged == len(earlier.draft.claims) == len(set(before)) + found.unchanged
    assert len(after) + found.unchanged == len(later.draft.claims)
