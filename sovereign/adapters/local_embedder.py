"""Texts to vectors without a key, a network or a neural network: each word piece has a vector, a text is their sum.

The vectors were distilled from a sentence model on arXiv abstracts (training/embedder.py); rare pieces weigh more, common
ones less, as in Arora et al. (2017, https://openreview.net/forum?id=SyK00v5xx). Some 8 MB on disk, read at the first use.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files
from io import BytesIO
from typing import Any, Literal

import numpy as np

from sovereign.errors import UsageError
from sovereign.ports import Vectors

_FOLDER = files("sovereign") / "weights" / "embedder"
_BATCH_TEXTS = 2048


def _bytes(name: str) -> bytes:
    """Give one file of the weights.

    Raises:
        UsageError: It is missing.
    """
    try:
        return (_FOLDER / name).read_bytes()
    except OSError as error:
        raise UsageError(f"{_FOLDER / name}: expected the embedder's weights, got {error}", tip="install the package again") from error


class LocalEmbedder:
    """The embedder in the package; queries and passages are treated alike.

    The weights are 8-bit integers with one scale a row, so a text's vector is the same on every machine to about 1e-6.
    """

    @cached_property
    def name(self) -> str:
        """Model, version and the first hex digits of the vectors' SHA-256, for records and cache keys."""
        card = json.loads(_bytes("embedder.json"))
        return f"{card['name']} {card['version']} ({self.sha256[:8]})"

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the vectors' file, 64 hex digits."""
        return hashlib.sha256(_bytes("vectors.npz")).hexdigest()

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self._vectors.shape[1])

    def embed(self, texts: Sequence[str], *, kind: Literal["query", "passage"]) -> Vectors:
        """Give rows of shape (len(texts), dimension), each of unit length; zero for a text without a known word."""
        del kind  # both sides were trained alike
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH_TEXTS):
            batch = list(texts[start : start + _BATCH_TEXTS])
            for row, encoded in enumerate(self._tokenizer.encode_batch_fast(batch, add_special_tokens=False), start=start):
                if encoded.ids:
                    out[row] = self._vectors[encoded.ids].sum(axis=0)
        lengths = np.linalg.norm(out, axis=1, keepdims=True)
        lengths[lengths == 0] = 1.0
        return np.asarray(out / lengths, dtype=np.float32)

    @cached_property
    def _vectors(self) -> Vectors:
        with np.load(BytesIO(_bytes("vectors.npz")), allow_pickle=False) as stored:
            return np.asarray(stored["rows"].astype(np.float32) * stored["scales"][:, None], dtype=np.float32)

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401 -- tokenizers ships no types
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_str(_bytes("tokenizer.json").decode())
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer
