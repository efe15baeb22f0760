"""Finished answers of a language model or embedder, kept by the content of the question.

A crash or a rerun repeats no paid call. A file appears whole or not at all; a broken one counts as absent. Keys are
hashes, and no credential is part of what is hashed or kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sovereign import foreign
from sovereign.adapters import atomic_files, plain_files

MAX_BYTES = 64 << 20


def key_of(question: Mapping[str, Any]) -> str:
    """Give the SHA-256 over everything that decides an answer, as 64 hex digits."""
    text = json.dumps(question, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class Replies:
    """A folder of answers; two runs may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> dict[str, Any] | None:
        """Give the answer kept under a key; None where there is none or it is unreadable."""
        try:
            value = foreign.read(plain_files.read(self._path(key), MAX_BYTES))
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    def put(self, key: str, value: Mapping[str, Any]) -> str:
        """Keep an answer; give an empty text, or why it could not be kept (a full disk must not lose the answer itself)."""
        path = self._path(key)
        try:
            atomic_files.write(path, json.dumps(value, ensure_ascii=True).encode("ascii"), self._folder)
        except OSError as error:
            return f"an answer could not be kept for a rerun: {error.strerror or error}"
        return ""

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"
