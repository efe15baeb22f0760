"""The account and the budget: whatever happens in whatever order, the budget is never exceeded and nothing is lost."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.adapters.openai.meter import Gate, Meter, Prices, Usage
from sovereign.errors import BudgetError

PRICES = Prices(1.0, 3.0)
CALLS = st.lists(
    st.tuples(st.integers(0, 500), st.integers(0, 500), st.sampled_from(["answered", "refused", "lost"]), st.floats(0, 1)), max_size=40
)


@given(CALLS, st.integers(0, 5000))
def test_the_budget_holds(calls: list[tuple[int, int, str, float]], budget: int) -> None:
    """Spent and possibly spent tokens together never pass the budget, whatever share of its worst case a call used."""
    meter = Meter(budget_tokens=budget, budget_usd=budget * 2e-6)
    lost_tokens, lost_usd = 0, 0.0
    for tokens_in, tokens_out, fate, share in calls:
        worst = Usage(tokens_in, tokens_out)
        try:
            meter.reserve(PRICES, worst)
        except BudgetError:
            continue
        if fate == "answered":
            meter.settle(PRICES, worst, Usage(int(tokens_in * share), int(tokens_out * share)))
        elif fate == "refused":
            meter.release(PRICES, worst)
        else:
            lost_tokens += tokens_in + tokens_out
            lost_usd += PRICES.of(worst) or 0.0
        assert meter.cost.tokens_in + meter.cost.tokens_out + lost_tokens <= budget
        assert (meter.cost.money_usd or 0.0) + lost_usd <= budget * 2e-6 + 1e-12


def test_threads_lose_no_count() -> None:
    """Calls settled from several threads are all counted."""
    meter = Meter()

    def work() -> None:
        for _ in range(500):
            meter.reserve(PRICES, Usage(2, 2))
            meter.settle(PRICES, Usage(2, 2), Usage(1, 1))
            meter.note_cached()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (meter.cost.calls, meter.cost.cached_calls, meter.cost.tokens_in, meter.cost.tokens_out) == (2000, 2000, 2000, 2000)
    assert meter.cost.money_usd == pytest.approx(2000 * 4e-6)


def test_a_price_that_is_not_needed_need_not_be_known() -> None:
    """Embeddings have no tokens out."""
    assert Prices(1.0, None).of(Usage(10)) == pytest.approx(1e-5)
    assert Prices(1.0, None).of(Usage(10, 1)) is None


def test_the_gate_keeps_the_pace_and_the_pause() -> None:
    """Starts are an interval apart; a pause that a service asked for moves all that follow."""
    now = [100.0]
    starts: list[float] = []

    def sleep(seconds: float) -> None:
        now[0] += seconds

    gate = Gate(1.5, clock=lambda: now[0], sleep=sleep)
    for _ in range(3):
        gate.wait()
        starts.append(now[0])
    gate.hold(10.0)
    gate.wait()
    starts.append(now[0])

    assert starts == [100.0, 101.5, 103.0, 113.0]


def test_one_service_is_asked_at_one_pace() -> None:
    """A chat model and an embedder at one host share its limit, at the slower of their paces; another host has its own."""
    meter = Meter()

    chat, embedder, other = meter.gate("one.example", 0.01), meter.gate("one.example", 0.05), meter.gate("two.example", 0.01)

    assert chat is embedder
    assert other is not chat
    assert meter.gate("one.example:8001", 0.01) is not chat
    began = time.monotonic()
    chat.wait()
    embedder.wait()
    assert time.monotonic() - began >= 0.05
