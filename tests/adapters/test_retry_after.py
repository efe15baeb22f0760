"""What servers write into Retry-After, and what it is taken for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.adapters import retry_after

NOW = "Wed, 21 Oct 2015 07:28:00 GMT"


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        pytest.param("3", "", 3.0, id="seconds"),
        pytest.param(" 3 ", "", 3.0, id="seconds with blanks"),
        pytest.param("0.5", "", 0.5, id="fraction"),
        pytest.param("-1", "", None, id="negative"),
        pytest.param("1e99", "", 86_400.0, id="for ever"),
        pytest.param("9" * 400, "", 86_400.0, id="more digits than a number has"),
        pytest.param("nan", "", None, id="no number"),
        pytest.param("\u00b2", "", None, id="a digit that is none"),
        pytest.param("Wed, 21 Oct 2015 07:29:30 GMT", NOW, 90.0, id="a date, by the server's clock"),
        pytest.param("Wed, 21 Oct 2015 07:29:30", NOW, 90.0, id="a date without a zone"),
        pytest.param("Wed, 21 Oct 2015 07:28:00 GMT", "", 0.0, id="a date that is past by ours"),
        pytest.param("Wed, 21 Oct 2015 07:28:00 GMT", "yesterday", 0.0, id="a server's clock that cannot be read"),
        pytest.param("Wed, 21 Oct 9999 07:28:00 -2400", "", None, id="a date that no calendar has"),
        pytest.param("soon", "", None, id="words"),
        pytest.param("", "", None, id="nothing"),
    ],
)
def test_retry_after(value: str, date: str, seconds: float | None) -> None:
    """A number or a date, bounded; whatever else says nothing (also from a clock that is wrong)."""
    assert retry_after.asked_s(value, date) == seconds


@given(st.text(), st.text())
def test_any_header(value: str, date: str) -> None:
    """Any text gives a wait within a day, or none."""
    found = retry_after.asked_s(value, date)
    assert found is None or 0 <= found <= retry_after.LONGEST_S
