"""Embeddings from an OpenAI-compatible service, NVIDIA NIM first; kept by content, so that no text is paid for twice.

NIM's retrieval models must be told whether a text is a query or a passage (`input_type`), and refuse a long one unless they
may cut it (`truncate`): https://docs.nvidia.com/nim/nemo-retriever/text-embedding/latest/reference.html. The dimension is
what the service answers (1,024 for nv-embedqa-e5-v5, 2,048 for its successor), and may not change within a run.
"""

from __future__ import annotations

import base64
import struct
import threading
from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

import numpy as np

from sovereign import foreign
from sovereign.adapters.openai.faults import WireFault
from sovereign.adapters.openai.meter import Meter, Prices, Usage
from sovereign.adapters.openai.replies import Replies, key_of
from sovereign.adapters.openai.wire import Body, Call, Decoded, Wire, together
from sovereign.adapters.settings import Profile
from sovereign.errors import ModelError
from sovereign.language.tokens import estimate
from sovereign.ports import Vectors

MAX_BYTES_PER_TEXT = 200_000
"""A vector of 8,192 numbers of 20 digits each, and room."""
Kind = Literal["query", "passage"]


class OpenAIEmbedder:
    """Conforms to ports.Embedder.

    Args:
        key: Sent in a header, kept nowhere else.
        meter: The run's account; shared with other models of the run.
        replies: Where vectors are kept, or None.
        offline: Answer from `replies` alone.
    """

    def __init__(
        self,
        profile: Profile,
        key: str = "",
        *,
        meter: Meter | None = None,
        replies: Replies | None = None,
        offline: bool = False,
    ) -> None:
        if not profile.embedding_model:
            raise ModelError(
                f"model profile {profile.name}: expected an embedding_model, which is empty", tip="set it, or use the embedded one"
            )
        self._profile = profile
        self._prices = Prices(profile.price_embedding_usd, 0.0)
        self._meter = meter or Meter(budget_usd=profile.budget_usd, budget_tokens=profile.budget_tokens)
        self._meter.demand(self._prices)
        self._wire = Wire(profile, key, self._meter)
        self._replies, self._offline = replies, offline
        self._lock = threading.Lock()
        self._known: dict[tuple[Kind, str], Vectors] = {}
        self._dimension = 0

    @property
    def name(self) -> str:
        """Profile, model and dimension (once known), such as "nim nvidia/nv-embedqa-e5-v5 (1024)"."""
        return f"{self._profile.name} {self._profile.embedding_model} ({self.dimension})"

    @property
    def dimension(self) -> int:
        """Length of each vector; asks for one vector where none was seen yet."""
        if not self._dimension:
            self.embed(["dimension"], kind="passage")
        return self._dimension

    def embed(self, texts: Sequence[str], *, kind: Kind) -> Vectors:
        """Give rows of shape (len(texts), dimension), each of unit length; zeros for a text without words.

        Raises:
            ModelError: The service is unusable, or a batch failed for good: an embedding cannot be left out.
            BudgetError: The next batch could exceed the budget; it was not sent.
        """
        wanted = list(dict.fromkeys(text for text in texts if text.strip() and (kind, text) not in self._known))
        missing = [text for text in wanted if not self._recall(kind, text)]
        if missing and self._offline:
            raise ModelError(
                f"embedder {self._profile.embedding_model}: offline, and {len(missing)} vectors are not kept",
                tip="run once with the network",
            )
        size = self._profile.embedding_batch
        batches = [missing[at : at + size] for at in range(0, len(missing), size)]
        for _ in together([partial(self._fetch, batch, kind) for batch in batches], self._profile.concurrency):
            pass
        rows = np.zeros((len(texts), self.dimension if texts else self._dimension), dtype=np.float32)
        for at, text in enumerate(texts):
            if text.strip():
                rows[at] = self._known[kind, text]
        return rows

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def _fetch(self, batch: Sequence[str], kind: Kind) -> None:
        payload: dict[str, Any] = {"model": self._profile.embedding_model, "input": list(batch), "encoding_format": "float"}
        if self._profile.input_type:
            payload["input_type"] = kind
        if self._profile.truncate:
            payload["truncate"] = self._profile.truncate
        worst = Usage(sum(estimate(text) for text in batch))
        limit = 100_000 + MAX_BYTES_PER_TEXT * len(batch)
        call = Call("/embeddings", payload, lambda body: read_vectors(body, len(batch)), self._prices, worst, limit)
        try:
            vectors = self._wire.post(call)
        except WireFault as fault:
            raise ModelError(f"embedder {self._profile.embedding_model}: {fault.why}", tip="try later, or use the embedded one") from fault
        for text, vector in zip(batch, vectors, strict=True):
            self._learn(kind, text, vector)
            if self._replies is not None:
                packed = base64.b64encode(vector.astype("<f4").tobytes()).decode("ascii")
                self._replies.put(
                    self._key(kind, text), {"model": self._profile.embedding_model, "dimension": len(vector), "vector": packed}
                )

    def _recall(self, kind: Kind, text: str) -> bool:
        kept = self._replies.get(self._key(kind, text)) if self._replies is not None else None
        if kept is None:
            return False
        try:
            vector = np.frombuffer(base64.b64decode(kept["vector"], validate=True), dtype="<f4").astype(np.float32)
        except (KeyError, TypeError, ValueError):
            return False
        if not _is_sound(vector) or kept.get("dimension") != len(vector):
            return False
        self._learn(kind, text, vector)
        return True

    def _learn(self, kind: Kind, text: str, vector: Vectors) -> None:
        with self._lock:
            if self._dimension not in (0, len(vector)):
                raise ModelError(
                    f"embedder {self._profile.embedding_model}: expected {self._dimension} dimensions as before, got {len(vector)}",
                    tip="the service changed its model; clear the cache and run again",
                )
            self._dimension = len(vector)
            self._known[kind, text] = vector

    def _key(self, kind: Kind, text: str) -> str:
        profile = self._profile
        asked = kind if profile.input_type else ""
        return key_of(
            {"url": profile.base_url, "model": profile.embedding_model, "kind": asked, "truncate": profile.truncate, "text": text}
        )


def read_vectors(body: Body, count: int) -> Decoded[tuple[Vectors, ...]]:
    """Give `count` vectors of unit length in the order of the texts, whatever order they came in; ValueError where they are not there."""
    answer = foreign.read_answer(body.data)
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, list) or len(data) != count:
        raise ValueError(f"expected {count} embeddings, got {len(data) if isinstance(data, list) else 'none'}")
    found: dict[int, Vectors] = {}
    for at, item in enumerate(data):
        if not isinstance(item, dict):
            raise ValueError("expected each embedding to be an object")  # noqa: TRY004 (the wire's decoders say ValueError)
        found[foreign.whole(item.get("index", at))] = _vector(item.get("embedding"))
    if sorted(found) != list(range(count)) or len({len(vector) for vector in found.values()}) != 1:
        raise ValueError("expected one embedding for each text, all of one length")
    usage = answer.get("usage")
    tokens = usage.get("prompt_tokens", usage.get("total_tokens")) if isinstance(usage, dict) else None
    is_count = isinstance(tokens, int) and not isinstance(tokens, bool) and tokens >= 0
    return Decoded(tuple(found[at] for at in range(count)), Usage(int(tokens or 0)) if is_count else None)


def _vector(value: object) -> Vectors:
    """Give a vector of unit length; it comes as numbers, or in base64 as little-endian float32."""
    if isinstance(value, str):
        try:
            raw = base64.b64decode(value, validate=True)
            vector = np.array(struct.unpack(f"<{len(raw) // 4}f", raw), dtype=np.float64)
        except struct.error as error:
            raise ValueError(f"broken base64 vector: {error}") from error
    elif isinstance(value, list) and all(isinstance(number, int | float) for number in value):
        vector = np.array(value, dtype=np.float64)
    else:
        raise ValueError("expected a list of numbers for an embedding")
    with np.errstate(over="ignore"):
        length = float(np.linalg.norm(vector)) if vector.size else 0.0
    if not np.isfinite(length) or length == 0.0:
        raise ValueError("expected a vector with a length, got zeros or no numbers")
    return (vector / length).astype(np.float32)


def _is_sound(vector: Vectors) -> bool:
    return vector.ndim == 1 and vector.size > 0 and bool(np.isfinite(vector).all()) and abs(float(np.linalg.norm(vector)) - 1.0) < 1e-3
