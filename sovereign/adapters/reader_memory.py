"""Readers that read the same bytes once: a folder of papers is read to find titles, and again by the pipeline to find claims."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from sovereign.model import Document
from sovereign.ports import Reader


class RememberingReader:
    """A Reader that keeps what it read, by content; the paper's id may differ the second time, and what it could not read stays so."""

    def __init__(self, inner: Reader) -> None:
        self._inner = inner
        self._known: dict[str, Document] = {}
        self._refused: dict[str, str] = {}

    def __call__(self, paper: str, files: Mapping[PurePosixPath, bytes]) -> Document:
        """Read; see ports.Reader."""
        key = _key(files)
        if key in self._refused:
            raise ValueError(self._refused[key])
        if key not in self._known:
            try:
                self._known[key] = self._inner(paper, files)
            except ValueError as error:
                self._refused[key] = str(error)
                raise
        found = self._known[key]
        return found if found.paper == paper else _renamed(found, paper)


def _key(files: Mapping[PurePosixPath, bytes]) -> str:
    total = hashlib.sha256()
    for path, data in sorted(files.items()):
        total.update(f"{path}\0{len(data)}\0".encode("utf-8", "surrogatepass"))
        total.update(data)
    return total.hexdigest()


def _renamed(document: Document, paper: str) -> Document:
    """Give the document under another paper's id, in all that names it."""
    return replace(
        document,
        paper=paper,
        signs=tuple(replace(sign, paper=paper) if sign.paper == document.paper else sign for sign in document.signs),
        gaps=tuple(replace(gap, subject=paper) if gap.subject == document.paper else gap for gap in document.gaps),
    )
