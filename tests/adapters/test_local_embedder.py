"""The embedder in the package, and the cache of vectors: units, order, content, and another model's vectors kept apart."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from sovereign.adapters.cached_embedder import CachedEmbedder
from sovereign.adapters.local_embedder import LocalEmbedder
from sovereign.ports import Vectors

TEXTS = (
    "Mixture of experts models route tokens to few experts.",
    "A boat of paper floats on the pond.",
    "Sparse MoE layers select experts.",
)


@pytest.fixture(scope="module")
def embedder() -> LocalEmbedder:
    """Give the embedder, its weights loaded once."""
    return LocalEmbedder()


def test_rows_are_of_unit_length(embedder: LocalEmbedder) -> None:
    """One row a text, of the stated dimension, of unit length."""
    rows = embedder.embed(TEXTS, kind="passage")

    assert rows.shape == (3, embedder.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_a_text_without_words_is_zero(embedder: LocalEmbedder, text: str) -> None:
    """Nothing is near to nothing."""
    assert not embedder.embed([text], kind="query").any()


def test_no_texts_no_rows(embedder: LocalEmbedder) -> None:
    """An empty batch has the right shape."""
    assert embedder.embed([], kind="query").shape == (0, embedder.dimension)


def test_a_text_does_not_depend_on_its_batch(embedder: LocalEmbedder) -> None:
    """The same text has the same vector alone, in a batch, and as query or passage."""
    together = embedder.embed(TEXTS, kind="passage")
    alone = np.vstack([embedder.embed([text], kind="query") for text in TEXTS])

    assert np.array_equal(together, alone)


def test_near_texts_are_near(embedder: LocalEmbedder) -> None:
    """The same subject in other words is nearer than another subject."""
    experts, boat, moe = embedder.embed(TEXTS, kind="passage")

    assert float(experts @ moe) > float(experts @ boat) + 0.2


def test_the_name_says_model_version_and_weights(embedder: LocalEmbedder) -> None:
    """What a record needs to tell vectors apart."""
    assert embedder.name.startswith("sovereign-static ")
    assert embedder.sha256[:8] in embedder.name


@dataclass
class Counting:
    """An embedder that counts what it is asked."""

    name: str = "counting 1"
    dimension: int = 2
    asked: list[str] = field(default_factory=list)

    def embed(self, texts: Sequence[str], *, kind: Literal["query", "passage"]) -> Vectors:
        """Give (length, kind) rows."""
        self.asked.extend(texts)
        rows = np.array([[len(text), kind == "query"] for text in texts], dtype=np.float32)
        return rows.reshape(len(texts), 2)[:, : self.dimension]


def test_a_known_text_is_not_asked_again(tmp_path: Path) -> None:
    """Within a run and across runs, repeats in one batch included; rows come in the order asked."""
    inner = Counting()
    rows = CachedEmbedder(inner, tmp_path / "v.sqlite").embed(["a", "bb", "a"], kind="passage")
    again = CachedEmbedder(inner, tmp_path / "v.sqlite").embed(["bb", "ccc"], kind="passage")

    assert rows[:, 0].tolist() == [1, 2, 1]
    assert again[:, 0].tolist() == [2, 3]
    assert inner.asked == ["a", "bb", "ccc"]


def test_query_and_passage_are_kept_apart(tmp_path: Path) -> None:
    """A hosted embedder gives the same text two vectors."""
    cached = CachedEmbedder(Counting(), tmp_path / "v.sqlite")

    assert cached.embed(["a"], kind="query").tolist() == [[1, 1]]
    assert cached.embed(["a"], kind="passage").tolist() == [[1, 0]]


@pytest.mark.parametrize("other", [Counting(name="counting 2"), Counting(dimension=1)], ids=["model", "dimension"])
def test_another_model_meets_no_old_vector(tmp_path: Path, other: Counting) -> None:
    """Model and dimension are part of the key."""
    CachedEmbedder(Counting(), tmp_path / "v.sqlite").embed(["a"], kind="query")

    CachedEmbedder(other, tmp_path / "v.sqlite").embed(["a"], kind="query")

    assert other.asked == ["a"]


def test_a_damaged_vector_is_asked_again(tmp_path: Path) -> None:
    """Bytes of the wrong length are no vector."""
    inner = Counting()
    CachedEmbedder(inner, tmp_path / "v.sqlite").embed(["a"], kind="query")
    with sqlite3.connect(tmp_path / "v.sqlite") as store:
        store.execute("UPDATE vectors SET vector = x'00'")
    store.close()

    assert CachedEmbedder(inner, tmp_path / "v.sqlite").embed(["a"], kind="query").tolist() == [[1, 1]]
    assert inner.asked == ["a", "a"]


def test_a_text_is_looked_up_once_in_a_run(tmp_path: Path) -> None:
    """What was embedded in this run comes from memory, a thousand texts as one, and without the file too."""
    inner = Counting()
    cached = CachedEmbedder(inner, tmp_path / "v.sqlite")
    many = [str(number) for number in range(1200)]
    first = cached.embed(many, kind="passage")
    (tmp_path / "v.sqlite").unlink()

    assert (cached.embed(many, kind="passage") == first).all()
    assert len(inner.asked) == len(many)


def test_many_texts_come_from_the_file(tmp_path: Path) -> None:
    """More texts than one question to SQLite may hold."""
    many = [str(number) for number in range(1200)]
    first = CachedEmbedder(Counting(), tmp_path / "v.sqlite").embed(many, kind="passage")
    idle = Counting()

    assert (CachedEmbedder(idle, tmp_path / "v.sqlite").embed(many, kind="passage") == first).all()
    assert idle.asked == []


def test_nothing_asked_of_an_empty_batch(tmp_path: Path) -> None:
    """No texts, no rows, no question."""
    inner = Counting()

    assert CachedEmbedder(inner, tmp_path / "v.sqlite").embed([], kind="query").shape == (0, 2)
    assert inner.asked == []
