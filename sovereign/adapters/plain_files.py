"""Files as they come: what is read is a plain file within a bound, whatever has its name; hashes are streamed.

A name may belong to a pipe on which nobody writes, to a device without end, to a file of 20 GB that holds nothing, or to what may not be
read: each is refused in words, and none is waited for. A pipe that somebody fills is read where a person names one, as shells do.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from pathlib import Path
from typing import BinaryIO

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISLNK, "a link"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
MAX_DEPTH = 50
"""Folders that nest deeper are no paper's and no desk's; their names grow longer than a name may be."""
_PIECE_BYTES = 1 << 20
_HOW = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NOWHERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL})


def read(path: Path, max_bytes: int) -> bytes:
    """Give the bytes of a plain file.

    Raises:
        ValueError: In words: it is none, it is longer than max_bytes, or it cannot be read.
    """
    try:
        with io.BufferedReader(_open(path)) as file:
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise ValueError(f"expected a plain file, got {kind(facts.st_mode)}")
            data = file.read(facts.st_size + 1) if facts.st_size <= max_bytes else b""
            if len(data) > facts.st_size:  # it grows, or is one of those of the system's that tell no size
                data += file.read(max_bytes + 1 - len(data))
    except OSError as error:
        raise ValueError(_told(error)) from error
    if len(data) > max_bytes or facts.st_size > max_bytes:
        raise ValueError(f"larger than {_size(max_bytes)}")
    return data


def stream(path: Path) -> BinaryIO:
    """Open what a person named to be read piece by piece: a plain file, a terminal, or a pipe into which somebody writes.

    Raises:
        ValueError: In words: it is something else, or it cannot be read; a pipe without a writer would be waited for for ever.
    """
    try:
        file = _open(path)
        mode = os.fstat(file.fileno()).st_mode
        if stat.S_ISREG(mode) or file.isatty():
            os.set_blocking(file.fileno(), True)
            return io.BufferedReader(file)
        head = file.read(_PIECE_BYTES) if stat.S_ISFIFO(mode) else b""
    except OSError as error:
        raise ValueError(_told(error)) from error
    if head == b"":  # a pipe in which there is nothing yet gives None
        file.close()
        raise ValueError(f"expected a plain file, got {kind(mode)}" + " into which nobody writes" * stat.S_ISFIFO(mode))
    os.set_blocking(file.fileno(), True)
    return io.BufferedReader(_Begun(head or b"", file))


class _Begun(io.RawIOBase):
    """A pipe of which the first piece was read already."""

    def __init__(self, head: bytes, rest: io.FileIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer; 0 at the end."""
        view = memoryview(buffer)  # type: ignore[arg-type]  # io hands over a writable buffer
        if not self._head:
            return self._rest.readinto(view) or 0
        piece, self._head = self._head[: len(view)], self._head[len(view) :]
        view[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._rest.close()
        super().close()


def _open(path: Path) -> io.FileIO:
    """Open whatever has the name, without waiting for anybody at its other end.

    Raises:
        OSError: It cannot be opened; a folder cannot.
    """
    try:
        return io.FileIO(path, opener=lambda name, _: os.open(name, _HOW))
    except ValueError as error:  # a zero byte is in no name
        raise FileNotFoundError(errno.ENOENT, "no file has such a name") from error


def _told(error: OSError) -> str:
    known = {errno.EISDIR: "a folder", errno.ENXIO: "a socket"}
    if error.errno in known:
        return f"expected a plain file, got {known[error.errno]}"
    return f"it cannot be read: {error.strerror or error}"


def is_there(path: Path) -> bool:
    """Whether anything has the name, a link that leads nowhere included; also where that may not be asked: who reads it is told why."""
    try:
        path.lstat()
    except OSError as error:
        return error.errno not in _NOWHERE
    except ValueError:  # a zero byte is in no name
        return False
    return True


def is_folder(path: Path) -> bool:
    """Whether the name is a folder's; not where that cannot be asked."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError):
        return False


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


def below(root: Path) -> list[Path]:
    """Give every plain file below a folder, sorted; links are not followed, nor folders that nest deeper than MAX_DEPTH."""
    found: list[Path] = []
    for folder, names, files in os.walk(root, followlinks=False):
        here = Path(folder)
        if len(here.relative_to(root).parts) >= MAX_DEPTH:
            names.clear()
        found += [path for name in files if is_plain(path := here / name)]
    return sorted(found)


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file, in hexadecimal, read piece by piece.

    Raises:
        OSError: It is no plain file, or it cannot be read.
    """
    total = hashlib.sha256()
    with _open(path) as file:
        if not stat.S_ISREG(mode := os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, f"expected a plain file, got {kind(mode)}", str(path))
        while piece := file.read(_PIECE_BYTES):
            total.update(piece)
    return total.hexdigest()


def _size(count: int) -> str:
    return f"{count >> 20} MB" if count >= 1 << 20 else f"{count:,} bytes"
