"""Readers that misbehave, for the process that reads."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from sovereign.model import Document, Form

Files = Mapping[PurePosixPath, bytes]


def obedient(paper: str, files: Files) -> Document:
    """Give the bytes as text, and print, which must not be taken for an answer."""
    print("a library that talks", flush=True)  # noqa: T201  # on purpose
    return Document(paper, Form.HTML, b"".join(files.values()).decode())


def endless(paper: str, files: Files) -> Document:
    """Never answer."""
    while True:
        time.sleep(0.01)


def busy(paper: str, files: Files) -> Document:
    """Compute for ever."""
    while True:
        pass


def greedy(paper: str, files: Files) -> Document:
    """Take four gigabytes."""
    return Document(paper, Form.HTML, str(len(bytearray(4 << 30)) + len(files)))


def dying(paper: str, files: Files) -> Document:
    """Die as a C library dies."""
    os._exit(3)


def killed(paper: str, files: Files) -> Document:
    """Be killed, as by a machine that has no memory left."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def killed_once(paper: str, files: Files) -> Document:
    """Be killed unless a file says that it was before."""
    mark = Path(b"".join(files.values()).decode())
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return Document(paper, Form.HTML, "one")


def patient(paper: str, files: Files) -> Document:
    """Give the bytes back once somebody else reads too: each puts a file of its own into a folder and waits for two."""
    folder = Path(b"".join(files.values()).decode())
    (folder / paper).touch()
    while len(list(folder.iterdir())) < 2:
        time.sleep(0.01)
    return Document(paper, Form.HTML, str(os.getpid()))


def faulty(paper: str, files: Files) -> Document:
    """Fail as a program with a fault does."""
    raise IndexError("no such line")


def refusing(paper: str, files: Files) -> Document:
    """Refuse a paper in plain words."""
    raise ValueError("it is no paper")


def environment(paper: str, files: Files) -> Document:
    """Give what the process knows of its environment."""
    return Document(paper, Form.HTML, repr(sorted(os.environ)))


def foreign(paper: str, files: Files) -> Any:
    """Give what is no document."""
    return _Runs()


class _Runs:
    """Runs a command where it is unpacked."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch it-ran",)
