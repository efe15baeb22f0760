"""Texts to vectors without a key, a network or a neural network: each word piece has a vector, a text is their sum.

The vectors were distilled from a sentence model on arXiv abstracts (training/embedder.py); rare pieces weigh more, common
ones less, as in Arora et al. (2017, https://openreview.net/forum?id=SyK00v5xx). Some 8 MB on disk, read at the first use.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Literal

import numpy as np

from sovereign.adapters.weights import WEIGHTS, weights
from sovereign.ports import Vectors

_VECTORS = "embedder.npz"
_BATCH_TEXTS = 2048


class LocalEmbedder:
    """The embedder in the package; queries and passages are treated alike.

    The weights are 8-bit integers with one scale a row, so a text's vector is the same on every machine to about 1e-6.
    """

    def __init__(self, folder: Path = WEIGHTS) -> None:
        self._weights = weights("embedder", folder)
        self._folder = folder

    @property
    def name(self) -> str:
        """Model, version and the first hex digits of the vectors' SHA-256, for records and cache keys."""
        said = self._weights.description
        return f"{said['name']} {said['version']} ({self.sha256[:8]})"

    @property
    def sha256(self) -> str:
        """SHA-256 of the vectors' file, 64 hex digits."""
        return str(self._weights.description["files"][_VECTORS])

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
            for row, encoded in enumerate(self._weights.tokenizer.encode_batch_fast(batch, add_special_tokens=False), start=start):
                if encoded.ids:
                    out[row] = self._vectors[encoded.ids].sum(axis=0)
        lengths = np.linalg.norm(out, axis=1, keepdims=True)
        lengths[lengths == 0] = 1.0
        return np.asarray(out / lengths, dtype=np.float32)

    @property
    def _vectors(self) -> Vectors:
        return _rows(self._folder)


@cache
def _rows(folder: Path) -> Vectors:
    """Give the table of vectors; a process unpacks it once."""
    with np.load(BytesIO(weights("embedder", folder).file(_VECTORS)), allow_pickle=False) as stored:
        return np.asarray(stored["rows"].astype(np.float32) * stored["scales"][:, None], dtype=np.float32)
