"""Files as they come: what is read is a plain file within a bound, whatever has its name; hashes are streamed.

A name may belong to a pipe on which nobody writes, to a device without end, to a file of 20 GB that holds nothing, or to what may not be
read: each is refused in words, and none is waited for.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISLNK, "a link"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_PIECE_BYTES = 1 << 20


def read(path: Path, max_bytes: int) -> bytes:
    """Give the bytes of a plain file.

    Raises:
        ValueError: In words: it is none, it is longer than max_bytes, or it cannot be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            os.close(handle)
            raise ValueError(f"expected a plain file, got {kind(facts.st_mode)}")
        with os.fdopen(handle, "rb") as file:
            data = file.read(max_bytes + 1) if facts.st_size <= max_bytes else b""
    except OSError as error:
        raise ValueError(f"it cannot be read: {error.strerror or error}") from error
    if len(data) > max_bytes or facts.st_size > max_bytes:
        raise ValueError(f"larger than {_size(max_bytes)}")
    return data


def text(path: Path, max_bytes: int) -> str:
    """Give the text of a plain UTF-8 file.

    Raises:
        ValueError: As `read` does, and where it is no UTF-8.
    """
    return read(path, max_bytes).decode("utf-8")


def is_plain(path: Path) -> bool:
    """Whether the name is a plain file's: no link, no pipe, no device; not where that cannot be asked."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def kind(mode: int) -> str:
    """Say in words what a file is that is no plain one."""
    return next((word for is_so, word in _KINDS if is_so(mode)), "something else")


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file, in hexadecimal, read piece by piece.

    Raises:
        OSError: It cannot be read.
    """
    total = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            total.update(piece)
    return total.hexdigest()


def _size(count: int) -> str:
    return f"{count >> 20} MB" if count >= 1 << 20 else f"{count:,} bytes"
