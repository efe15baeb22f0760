"""Readers that read the same bytes once: a folder of papers is read to find titles, and again by the pipeline to find claims."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath

from sovereign import __version__, foreign
from sovereign.adapters import atomic_files, plain_files
from sovereign.adapters.child_reader import OverrunError
from sovereign.model import Document
from sovereign.ports import Reader

_BY = f"{__version__}/2"
"""Who gave a paper up: the program, and the second rule of what is a paper's own fault."""
_MAX_BYTES = 64 << 10
KEEP_S = 30 * 86_400.0
"""How long a paper that overran is not tried again; another version of the program tries it at once."""


class RememberingReader:
    """A Reader that keeps what it read, by content; the paper's id may differ the second time, and what it could not read stays so.

    Args:
        folder: Where papers that took too long, or too much memory, are remembered from run to run; nowhere where None.
        now: Seconds since 1970.
    """

    def __init__(self, inner: Reader, folder: Path | None = None, *, now: Callable[[], float] = time.time) -> None:
        self._inner = inner
        self._folder = folder
        self._now = now
        self._known: dict[str, Document] = {}
        self._refused: dict[str, str] = {}
        self._hashing = threading.Lock()

    def __call__(self, paper: str, files: Mapping[PurePosixPath, bytes]) -> Document:
        """Read; see ports.Reader."""
        with self._hashing:  # files may come from the disk each time: one paper's at a time
            key = _key(files)
        if key not in self._refused and (why := self._overran(key)):
            self._refused[key] = why
        if key in self._refused:
            raise ValueError(self._refused[key])
        if key not in self._known:
            try:
                self._known[key] = self._inner(paper, files)
            except ValueError as error:
                self._refused[key] = str(error)
                if isinstance(error, OverrunError):
                    self._keep(key, str(error))
                raise
        found = self._known[key]
        return found if found.paper == paper else _renamed(found, paper)

    def _overran(self, key: str) -> str:
        """Give why this version gave the paper up in the last KEEP_S; empty where it did not."""
        if self._folder is None:
            return ""
        try:
            kept = foreign.read(plain_files.read(self._folder / f"{key}.json", _MAX_BYTES))
            is_ours = kept["version"] == _BY and 0 <= self._now() - kept["at"] <= KEEP_S
            return f"{foreign.text(kept['why'])} in an earlier run" if is_ours else ""
        except (ValueError, KeyError, TypeError):
            return ""

    def _keep(self, key: str, why: str) -> None:
        if self._folder is not None:
            kept = json.dumps({"at": self._now(), "version": _BY, "why": why}, sort_keys=True)
            with suppress(OSError):  # a disk that cannot be written costs the memory, not the run
                atomic_files.write(self._folder / f"{key}.json", kept.encode(), self._folder)


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
