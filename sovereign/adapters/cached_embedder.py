"""An Embedder that asks another one only for texts it has not seen: vectors kept in one SQLite file, by content."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Literal

import numpy as np

from sovereign.ports import Embedder, Vectors


class CachedEmbedder:
    """Vectors by SHA-256 of model name, dimension, kind and text; another model or dimension never meets an old vector.

    A vector whose length on disk is not the model's dimension is asked for again. Two runs may share the file.
    """

    def __init__(self, inner: Embedder, path: Path) -> None:
        self._inner = inner
        self._path = path

    @property
    def name(self) -> str:
        """The inner embedder's name."""
        return self._inner.name

    @property
    def dimension(self) -> int:
        """The inner embedder's dimension."""
        return self._inner.dimension

    def embed(self, texts: Sequence[str], *, kind: Literal["query", "passage"]) -> Vectors:
        """Give what the inner embedder gives, from the file where it can; ModelError as from there."""
        keys = [self._key(text, kind) for text in texts]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=30)) as store:
            store.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
            known = self._known(store, keys)
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            if missing:
                fresh = self._inner.embed(list(missing.values()), kind=kind)
                known.update(zip(missing, fresh, strict=True))
                rows = [(key, row.astype("<f4").tobytes()) for key, row in zip(missing, fresh, strict=True)]
                store.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
                store.commit()
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, self.dimension), dtype=np.float32)

    def _key(self, text: str, kind: str) -> bytes:
        words = "\0".join((self.name, str(self.dimension), kind, text))
        return hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()

    def _known(self, store: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        out: dict[bytes, Vectors] = {}
        for key in dict.fromkeys(keys):
            found = store.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
            if found and len(found[0]) == 4 * self.dimension:
                out[key] = np.frombuffer(found[0], dtype="<f4").astype(np.float32)
        return out
