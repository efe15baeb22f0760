"""Token estimates err upwards, and what is packed into a budget fits it."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sovereign.language.tokens import batches, estimate, fit

TEXTS = st.lists(st.text(max_size=60), max_size=20)


def test_the_estimate_is_never_below_what_a_service_counted(shared_data: Path) -> None:
    """On recorded prompts of real services; a few tokens of template a message are taken off."""
    checked = 0
    for name in ("api.openai.com", "openrouter.ai", "api.deepseek.com"):
        for line in (shared_data / "http" / f"{name}.jsonl").read_text().splitlines():
            row = json.loads(line)
            if row["status"] != 200 or "base64" in row["request_body"] or not row["body"].startswith("{"):
                continue
            asked, usage = json.loads(row["request_body"]), json.loads(row["body"]).get("usage") or {}
            texts = [str(message.get("content")) for message in asked.get("messages", ())] if "tool" not in row["request_body"] else []
            texts += [text for text in asked["input"] if isinstance(text, str)] if isinstance(asked.get("input"), list) else []
            counted = usage.get("prompt_tokens", 0)
            if texts and counted > 50:
                assert sum(map(estimate, texts)) + 8 * len(texts) >= counted
                checked += 1

    assert checked >= 40


@given(st.text(max_size=300))
def test_the_estimate_is_bounded_by_bytes(text: str) -> None:
    """A tokenizer over bytes makes no more tokens than bytes, and neither does the estimate by more than rounding."""
    assert 0 <= estimate(text) <= len(text.encode("utf-8", "surrogatepass")) + 1


@given(TEXTS, st.integers(0, 200))
def test_batches_fit_and_keep_the_order(texts: list[str], budget: int) -> None:
    """Every run fits; together they hold every text that fits by itself, once, in order."""
    runs = batches(texts, budget)
    held = [at for start, end in runs for at in range(start, end)]

    assert all(sum(estimate(text) + 8 for text in texts[start:end]) <= budget for start, end in runs)
    assert held == [at for at, text in enumerate(texts) if estimate(text) + 8 <= budget]


@given(TEXTS, st.integers(0, 200))
def test_fit_is_the_longest_beginning(texts: list[str], budget: int) -> None:
    """What fits fits, and one more would not."""
    count = fit(texts, budget)

    assert sum(estimate(text) + 8 for text in texts[:count]) <= budget
    assert count == len(texts) or sum(estimate(text) + 8 for text in texts[: count + 1]) > budget
