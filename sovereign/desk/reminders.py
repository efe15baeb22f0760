"""When the owner is reminded of a draft that waits: a fortnight after the last thing that happened to it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

AFTER = timedelta(days=14)
WORDS = """This draft has waited for a fortnight. **Merging** approves it, **closing** refuses it, `/revise` and your words have it made
again, and `/help` says what else can be asked. The next reminder comes in a fortnight."""


def is_due(stamps: Sequence[str], now: datetime) -> bool:
    """Whether a fortnight has passed since the newest of GitHub's stamps ("2026-01-15T12:00:00Z"); others count for nothing."""
    known = [found for text in stamps if (found := stamp(text))]
    return bool(known) and now - max(known) >= AFTER


def stamp(text: str) -> datetime | None:
    """Give the moment of one of GitHub's stamps; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
