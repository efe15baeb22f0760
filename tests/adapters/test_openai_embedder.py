"""The hosted embedder against a loopback NIM: what it asks, what it accepts, what it keeps."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sovereign.adapters.openai.embedder import OpenAIEmbedder, read_vectors
from sovereign.adapters.openai.meter import Meter
from sovereign.adapters.openai.replies import Replies
from sovereign.adapters.openai.wire import Body
from sovereign.adapters.settings import Profile
from sovereign.errors import BudgetError, ModelError
from standins.chat import Answer, ok, refusal, serve


def profile(url: str, **changes: Any) -> Profile:
    """Give a profile of the loopback NIM that waits for nothing."""
    base = Profile("nim", url, embedding_model="nvidia/nv-embedqa-e5-v5", input_type=True, truncate="END", wait_s=0.0, attempts=2)
    return replace(base, price_embedding_usd=0.1, **changes)


def hears(name: str, body: dict[str, Any]) -> object:
    """Answer vectors as NIM does."""
    data = [{"object": "embedding", "index": i, "embedding": [float(len(text)), 1.0, float(i + 1)]} for i, text in enumerate(body["input"])]
    return ok({"object": "list", "data": data[::-1], "model": body["model"], "usage": {"prompt_tokens": 7, "total_tokens": 7}})


@pytest.mark.parametrize("dimension", [1024, 2048])
def test_queries_and_passages_are_told_apart(dimension: int) -> None:
    """input_type and truncate are sent; the dimension is what the service answers; rows have unit length."""

    def script(name: str, body: dict[str, Any]) -> object:
        sign = 1.0 if body["input_type"] == "query" else -1.0
        return ok({"data": [{"index": i, "embedding": [sign * (j + 1) for j in range(dimension)]} for i in range(len(body["input"]))]})

    with serve(script) as service:
        embedder = OpenAIEmbedder(profile(service.base_url))
        query, passage = embedder.embed(["what?"], kind="query"), embedder.embed(["that", "this"], kind="passage")

    assert (query.shape, passage.shape, embedder.dimension) == ((1, dimension), (2, dimension), dimension)
    assert [(body["input_type"], body["truncate"]) for body in service.asked] == [("query", "END"), ("passage", "END")]
    assert np.linalg.norm(passage, axis=1) == pytest.approx([1.0, 1.0], abs=1e-6)
    assert float(query[0] @ passage[0]) == pytest.approx(-1.0, abs=1e-5)
    assert embedder.name == f"nim nvidia/nv-embedqa-e5-v5 ({dimension})"


def test_batches_keep_the_order_of_the_texts() -> None:
    """Texts go in batches, each text once, blank ones not at all; vectors that come in another order are put right."""
    texts = ["a", "bb", "", "ccc", "a", "dddd", "eeeee"]
    with serve(hears) as service:
        rows = OpenAIEmbedder(profile(service.base_url, embedding_batch=2, concurrency=1)).embed(texts, kind="passage")

    assert [body["input"] for body in service.asked] == [["a", "bb"], ["ccc", "dddd"], ["eeeee"]]
    ratios = [round(float(row[0] / row[1])) if row.any() else 0 for row in rows]
    assert ratios == [1, 2, 0, 3, 1, 4, 5]


def test_a_service_without_input_type_is_not_sent_it() -> None:
    """OpenAI refuses unknown keys, so only profiles that say so send NIM's."""
    with serve(hears) as service:
        OpenAIEmbedder(profile(service.base_url, input_type=False, truncate="")).embed(["a"], kind="query")

    assert set(service.asked[0]) == {"model", "input", "encoding_format"}


def test_a_text_is_paid_for_once(tmp_path: Path) -> None:
    """Vectors are kept by content: neither this run nor the next asks again; bytes agree; a broken file is asked for afresh."""
    with serve(hears) as service:
        embedder = OpenAIEmbedder(profile(service.base_url), replies=Replies(tmp_path))
        first = embedder.embed(["a", "b"], kind="passage")
        embedder.embed(["b", "a"], kind="passage")
        second = OpenAIEmbedder(profile(service.base_url), replies=Replies(tmp_path), offline=True).embed(["a", "b"], kind="passage")
        next(iter(tmp_path.rglob("*.json"))).write_text(json.dumps({"vector": "AAAA", "dimension": 1, "model": "m"}))
        OpenAIEmbedder(profile(service.base_url), replies=Replies(tmp_path)).embed(["a", "b"], kind="passage")

    assert first.tobytes() == second.tobytes()
    assert [len(body["input"]) for body in service.asked] == [2, 1]


def test_offline_without_a_kept_vector_says_so(tmp_path: Path) -> None:
    """Nothing is sent offline."""
    with serve(hears) as service, pytest.raises(ModelError, match="offline, and 1 vectors"):
        OpenAIEmbedder(profile(service.base_url), replies=Replies(tmp_path), offline=True).embed(["a"], kind="query")

    assert service.asked == []


def test_a_model_that_changes_midway_is_refused() -> None:
    """Two dimensions in one run mean two models."""
    sizes = iter([4, 5])

    def script(name: str, body: dict[str, Any]) -> object:
        size = next(sizes)
        return ok({"data": [{"index": i, "embedding": [1.0] * size} for i in range(len(body["input"]))]})

    with serve(script) as service:
        embedder = OpenAIEmbedder(profile(service.base_url))
        embedder.embed(["a"], kind="query")
        with pytest.raises(ModelError, match="expected 4 dimensions as before, got 5"):
            embedder.embed(["b"], kind="query")


UNUSABLE = [
    pytest.param(refusal(410), "retired", id="410"),
    pytest.param(refusal(404), "retired", id="404"),
    pytest.param(refusal(401), "key", id="401"),
    pytest.param(refusal(400, "input is longer than 512 tokens"), "HTTP 400", id="too long"),
    pytest.param(refusal(500), "HTTP 500", id="500"),
    pytest.param(Answer(200, b"<html>"), "cannot be read", id="HTML"),
    pytest.param(Answer(200, b'{"data": ['), "cannot be read", id="truncated"),
    pytest.param(ok({"data": []}), "expected 1 embeddings, got 0", id="none"),
    pytest.param(ok({"data": [{"index": 0}]}), "list of numbers", id="no vector"),
    pytest.param(ok({"data": [{"index": 5, "embedding": [1.0]}]}), "one embedding for each", id="strange index"),
    pytest.param(ok({"data": [{"index": 0, "embedding": [0.0, 0.0]}]}), "with a length", id="zeros"),
    pytest.param(ok({"data": [{"index": 0, "embedding": [float("nan"), 1.0]}]}), "no JSON number", id="NaN"),
    pytest.param(ok({"data": [{"index": 0, "embedding": [1e308, 1e308]}]}), "with a length", id="no length that can be held"),
    pytest.param(ok({"data": [{"index": 0, "embedding": [10**400]}]}), "can be held", id="a number of 400 digits"),
    pytest.param(ok({"data": [{"index": None, "embedding": [1.0]}]}), "whole number", id="no index"),
    pytest.param(ok({"data": [{"index": 0, "embedding": ["a"]}]}), "list of numbers", id="words"),
    pytest.param(ok({"data": ["x"]}), "to be an object", id="texts"),
    pytest.param(ok({"data": [{"index": 0, "embedding": "AAAA"}]}), "broken base64 vector", id="three bytes"),
    pytest.param(ok({"data": [{"index": 0, "embedding": "?"}]}), "cannot be read", id="no base64"),
    pytest.param(ok(["no", "object"]), "expected 1 embeddings, got none", id="an array"),
    pytest.param(Answer(200, b" " * 400_000), "longer than", id="endless"),
]


@pytest.mark.parametrize(("said", "words"), UNUSABLE)
def test_unusable(said: Answer, words: str) -> None:
    """An embedding cannot be left out, so whatever fails for good ends the asking with a reason and a tip."""
    with serve(lambda name, body: said) as service, pytest.raises(ModelError, match=words) as caught:
        OpenAIEmbedder(profile(service.base_url)).embed(["a"], kind="query")

    assert caught.value.tip


def test_passing_faults_are_recovered() -> None:
    """A busy service is asked again."""
    said = iter([refusal(503), refusal(429, Retry_After="0")])
    with serve(lambda name, body: next(said, None) or hears(name, body)) as service:
        rows = OpenAIEmbedder(profile(service.base_url, attempts=3)).embed(["a"], kind="query")

    assert rows.shape == (1, 3)
    assert len(service.asked) == 3


def test_cost_and_budget_are_shared() -> None:
    """Embedding tokens count in the run's account, and stop before its budget."""
    meter = Meter(budget_tokens=60)
    with serve(hears) as service:
        embedder = OpenAIEmbedder(profile(service.base_url), meter=meter)
        embedder.embed(["a few words"], kind="passage")
        with pytest.raises(BudgetError):
            embedder.embed(["very many words " * 20], kind="passage")

    assert (meter.cost.calls, meter.cost.tokens_in) == (1, 7)
    assert meter.cost.money_usd == pytest.approx(7e-7)
    assert len(service.asked) == 1


def test_a_profile_without_a_model_is_refused() -> None:
    """The message says what to set."""
    with pytest.raises(ModelError, match="expected an embedding_model"):
        OpenAIEmbedder(Profile("p", "http://127.0.0.1:9"))


def test_base64_vectors_are_read() -> None:
    """The OpenAI client asks for base64 by default, and some services answer it unasked."""
    packed = base64.b64encode(np.array([3.0, 4.0], dtype="<f4").tobytes()).decode()

    (vector,) = read_vectors(Body("application/json", json.dumps({"data": [{"embedding": packed}]}).encode()), 1).value

    assert vector.tolist() == pytest.approx([0.6, 0.8])


def test_recorded_traffic_is_read(shared_data: Path) -> None:
    """Every recorded embedding answer of a real service gives its vectors, and the dimension stays one per model."""
    dimensions: dict[object, set[int]] = {}
    for line in (shared_data / "http" / "api.openai.com.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row["url"].endswith("/embeddings") and row["status"] == 200:
            asked, body = json.loads(row["request_body"]), json.loads(row["body"])
            decoded = read_vectors(Body("application/json", row["body"].encode()), len(body["data"]))
            assert decoded.usage is not None
            dimensions.setdefault(asked.get("dimensions"), set()).update(len(vector) for vector in decoded.value)

    assert dimensions == {None: {1536}, 1536: {1536}, 512: {512}}
