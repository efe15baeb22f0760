"""What a run's language models used, the budget that no call may exceed, and the pace at which a service is asked.

Before a request its worst case is reserved; after the answer the true use takes its place. A request that may have been
answered and billed without our seeing it (a time-out, a reset) keeps its reservation against the budget, though not in
the reported cost.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sovereign.errors import BudgetError, UsageError
from sovereign.model import Cost

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that went in and came out."""

    tokens_in: int
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars per million tokens; None where unknown."""

    in_usd: float | None = None
    out_usd: float | None = None

    def of(self, usage: Usage) -> float | None:
        """Give the price in dollars; None where a needed price is unknown."""
        if (self.in_usd is None and usage.tokens_in) or (self.out_usd is None and usage.tokens_out):
            return None
        return ((self.in_usd or 0.0) * usage.tokens_in + (self.out_usd or 0.0) * usage.tokens_out) / MILLION


class Gate:
    """Lets requests start at a pace, and none before a service asked to be left alone; safe between threads."""

    def __init__(
        self, interval_s: float, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._interval_s, self._clock, self._sleep = interval_s, clock, sleep
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Return when the next request may start: those who wait ask again, so that none who slept too long starts beside another."""
        while True:
            with self._lock:
                now_s = self._clock()
                pause_s = self._next - now_s
                if pause_s <= 0:
                    self._next = now_s + self._interval_s
                    return
            self._sleep(pause_s)

    def slow_to(self, interval_s: float) -> None:
        """Keep to the slower of two paces."""
        with self._lock:
            self._interval_s = max(self._interval_s, interval_s)

    def hold(self, seconds: float) -> None:
        """Let nothing start for so long."""
        with self._lock:
            self._next = max(self._next, self._clock() + seconds)


class Meter:
    """One run's account and pace, shared by its chat models and embedders; safe between threads."""

    def __init__(self, *, budget_usd: float | None = None, budget_tokens: int | None = None) -> None:
        self._budget_usd = budget_usd
        self._budget_tokens = budget_tokens
        self._lock = threading.Lock()
        self._cost = Cost(money_usd=0.0)
        self._held_tokens = 0
        self._held_usd = 0.0
        self._gates: dict[str, Gate] = {}

    def gate(self, service: str, interval_s: float) -> Gate:
        """Give the one gate to a service (host and port): its limit counts a chat model's and an embedder's requests together."""
        with self._lock:
            gate = self._gates.setdefault(service, Gate(interval_s))
        gate.slow_to(interval_s)
        return gate

    @property
    def cost(self) -> Cost:
        """What was used so far; money is None once a call had no known price."""
        return self._cost

    def demand(self, prices: Prices) -> None:
        """Check that a budget in dollars can be kept at these prices.

        Raises:
            UsageError: It cannot, since a price is unknown.
        """
        if self._budget_usd is not None and (prices.in_usd is None or prices.out_usd is None):
            raise UsageError("budget_usd: the model profile has no prices", tip="set price_in_usd and price_out_usd, or use budget_tokens")

    def reserve(self, prices: Prices, worst: Usage) -> None:
        """Hold the worst case of the next request.

        Raises:
            BudgetError: It would exceed the budget; nothing was held.
        """
        tokens, usd = worst.tokens_in + worst.tokens_out, prices.of(worst) or 0.0
        with self._lock:
            spent = self._cost.tokens_in + self._cost.tokens_out + self._held_tokens
            if self._budget_tokens is not None and spent + tokens > self._budget_tokens:
                raise BudgetError(
                    f"the next call may take {tokens:,} tokens; {spent:,} of {self._budget_tokens:,} are used or held",
                    tip="raise budget_tokens, or lower max_papers",
                )
            money = (self._cost.money_usd or 0.0) + self._held_usd
            if self._budget_usd is not None and money + usd > self._budget_usd:
                raise BudgetError(
                    f"the next call may cost ${usd:.4f}; ${money:.4f} of ${self._budget_usd:.4f} are spent or held",
                    tip="raise budget_usd, or lower max_papers",
                )
            self._held_tokens += tokens
            self._held_usd += usd

    def release(self, prices: Prices, worst: Usage) -> None:
        """Give a reservation back: the request was certainly not billed."""
        with self._lock:
            self._held_tokens -= worst.tokens_in + worst.tokens_out
            self._held_usd -= prices.of(worst) or 0.0

    def settle(self, prices: Prices, worst: Usage, used: Usage) -> None:
        """Put the true use in a reservation's place."""
        self.release(prices, worst)
        with self._lock:
            before, price = self._cost, prices.of(used)
            self._cost = Cost(
                calls=before.calls + 1,
                cached_calls=before.cached_calls,
                tokens_in=before.tokens_in + used.tokens_in,
                tokens_out=before.tokens_out + used.tokens_out,
                money_usd=None if price is None or before.money_usd is None else before.money_usd + price,
            )

    def note_cached(self) -> None:
        """Count an answer that was kept from an earlier call."""
        with self._lock:
            c = self._cost
            self._cost = Cost(c.calls, c.cached_calls + 1, c.tokens_in, c.tokens_out, c.money_usd)
