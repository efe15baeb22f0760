"""What a run with a language model may cost, told before the first call that is paid for."""

from __future__ import annotations

from sovereign.model import Event
from sovereign.ports import Tariff
from sovereign.text import counted

PAPER_IN, PAPER_OUT = 9_000, 1_500
"""Tokens that one paper takes at most, shown once and asked for claims (measured on six shelves: 7,400 in on average)."""
ROUND_CALLS, ROUND_IN, ROUND_OUT = 8, 26_000, 6_000
"""Calls and tokens of a draft with its second looks and its hearing, of a dozen papers."""
FIRST_CALLS, FIRST_IN, FIRST_OUT = 2, 4_000, 1_500
"""The same of the plan and the sorting of papers."""
SECOND_LOOK_IN, SECOND_LOOK_OUT = 2_500, 800
"""The same of the second look at one paper's claims."""
MILLION = 1_000_000


def foreseen(papers: int, revisions: int, tariff: Tariff, name: str) -> Event:
    """Give the calls, tokens and dollars that a run over so many papers may take, beside its budget."""
    rounds = 1 + revisions
    calls = FIRST_CALLS + 2 * papers + ROUND_CALLS * rounds
    tokens_in = FIRST_IN + papers * (PAPER_IN + SECOND_LOOK_IN) + ROUND_IN * rounds
    tokens_out = FIRST_OUT + papers * (PAPER_OUT + SECOND_LOOK_OUT) + ROUND_OUT * rounds
    usd = None
    if tariff.in_usd is not None and tariff.out_usd is not None:
        usd = (tariff.in_usd * tokens_in + tariff.out_usd * tokens_out) / MILLION
    tokens = tokens_in + tokens_out
    money = "; its price is not known" if usd is None else f", ${usd:.2f}" if usd else ", free of charge"
    said = (
        f"{name}: up to {calls} calls and about {tokens:,} tokens{money}, for {counted(papers, 'paper')} and {counted(rounds, 'hearing')}"
    )
    facts = (("calls", calls), ("tokens", tokens), ("money_usd", "" if usd is None else round(usd, 4)))
    return Event("model", said + _beside_budget(tokens, usd, tariff), facts=facts)


def _beside_budget(tokens: int, usd: float | None, tariff: Tariff) -> str:
    parts = []
    if tariff.budget_tokens is not None:
        parts.append((f"{tariff.budget_tokens:,} tokens", tokens > tariff.budget_tokens))
    if tariff.budget_usd is not None:
        parts.append((f"${tariff.budget_usd:.2f}", usd is not None and usd > tariff.budget_usd))
    if not parts:
        return "; no budget is set"
    held = "; ".join(text for text, _ in parts)
    tail = ", which may not do: what is left then is done by the rules" if any(is_less for _, is_less in parts) else ""
    return f"; the budget of {held} is held{tail}"
