"""Sentences about the run: a small cost is not nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sovereign.exports import account
from sovereign.model import Cost
from standins import reports as fakes


@pytest.mark.parametrize(
    ("usd", "shown"),
    [
        pytest.param(0.0, "$0.00", id="nothing"),
        pytest.param(0.0017, "$0.0017", id="less than a cent"),
        pytest.param(0.00000412, "$0.0000041", id="hardly anything"),
        pytest.param(0.0999, "$0.100", id="nearly ten cents"),
        pytest.param(0.5, "$0.50", id="cents"),
        pytest.param(12.345, "$12.35", id="dollars"),
    ],
)
def test_cost_has_digits_that_say_something(usd: float, shown: str) -> None:
    """Dollars and cents, and two digits of what is less than ten cents."""
    report = replace(fakes.rich_report(), cost=Cost(calls=1, money_usd=usd))

    took_part = next(part for part in account.methodology(report) if part.heading == "What took part")

    assert took_part.paragraphs[0].endswith(f"about {shown}.")
