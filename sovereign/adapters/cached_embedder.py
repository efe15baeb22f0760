"""An Embedder that asks another one only for texts it has not seen: vectors kept in one SQLite file, by content."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Literal

import numpy as np

from sovereign.ports import Embedder, Vectors

# SQLite's own bound on parameters is 999 in old versions: https://www.sqlite.org/limits.html#max_variable_number
_AT_ONCE = 500


class CachedEmbedder:
    """Vectors by SHA-256 of model name, dimension, kind and text; another model or dimension never meets an old vector.

    A vector whose length on disk is not the model's dimension is asked for again. Two runs may share the file. Within one run a text is
    looked up once: the same sentences are compared again and again.
    """

    def __init__(self, inner: Embedder, path: Path) -> None:
        self._inner = inner
        self._path = path
        self._may_write = True
        self._seen: dict[bytes, Vectors] = {}

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
        known = self._seen
        unseen = [key for key in dict.fromkeys(keys) if key not in known]
        known.update(self._stored(unseen) if unseen else {})
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            fresh = dict(zip(missing, self._inner.embed(list(missing.values()), kind=kind), strict=True))
            self._store(fresh)
            known.update(fresh)
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, self.dimension), dtype=np.float32)

    def _stored(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        """Give the vectors that the file has; a file that cannot be read costs time, not the run."""
        if not self._path.is_file():
            return {}
        try:
            with closing(self._open()) as store:
                return self._known(store, keys)
        except sqlite3.OperationalError:
            return {}
        except sqlite3.DatabaseError:
            # No database, or a damaged one: it is a cache, so a fresh one takes its place.
            with suppress(OSError):
                self._path.unlink()
            return {}

    def _store(self, fresh: Mapping[bytes, Vectors]) -> None:
        """Keep vectors; a disk that is full or may not be written costs the next run time, not this one."""
        if not self._may_write:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._open()) as store:
                rows = [(key, row.astype("<f4").tobytes()) for key, row in fresh.items()]
                store.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
                store.commit()
        except (OSError, sqlite3.Error):
            self._may_write = False

    def _open(self) -> sqlite3.Connection:
        store = sqlite3.connect(self._path, timeout=30)
        try:
            store.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
        except sqlite3.Error:
            store.close()
            raise
        return store

    def _key(self, text: str, kind: str) -> bytes:
        words = "\0".join((self.name, str(self.dimension), kind, text))
        return hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()

    def _known(self, store: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        out: dict[bytes, Vectors] = {}
        for at in range(0, len(keys), _AT_ONCE):
            asked = keys[at : at + _AT_ONCE]
            marks = ",".join("?" * len(asked))
            # Nothing but question marks is put into the statement.
            for key, kept in store.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", asked):  # noqa: S608
                if len(kept) == 4 * self.dimension:
                    out[key] = np.frombuffer(kept, dtype="<f4").astype(np.float32)
        return out
