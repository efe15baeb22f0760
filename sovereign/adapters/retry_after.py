"""How long a server asks to be left alone: one reading of Retry-After for everybody who asks again."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_S = 86_400.0
"""A day: whoever asks for more is told as asking for a day, which nobody here waits."""


def asked_s(value: str, date: str = "") -> float | None:
    """Give the seconds, 0 to a day, that a Retry-After header asks for; None where it says nothing that can be read or meant.

    It holds a number or a date (RFC 9110, section 10.2.3). A date is counted from the answer's own Date where that can be read, so that
    a wrong clock on either side does not matter.

    Args:
        date: The answer's Date header.
    """
    try:
        seconds = float(value)
    except ValueError:
        until = _moment(value)
        if until is None:
            return None
        return min(max(0.0, until.timestamp() - now_s(date)), LONGEST_S)
    return min(seconds, LONGEST_S) if seconds >= 0.0 else None  # "-1" and "nan" ask for nothing


def now_s(date: str) -> float:
    """Give the seconds since 1970 by the server's own clock, from its Date header; by ours where that cannot be read."""
    return (_moment(date) or datetime.now(UTC)).timestamp()


def _moment(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
        return found.replace(tzinfo=found.tzinfo or UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
