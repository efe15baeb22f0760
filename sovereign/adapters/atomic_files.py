"""Files that appear whole or not at all: written aside, then renamed; and what a killed run left aside is cleared away.

Each half-written file is named by its machine and process, so that the next start knows the dead from those at work.
"""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

FOLDER = "half"
KEEP_S = 86_400.0


def write(path: Path, content: bytes, home: Path) -> None:
    """Put content at path, below `home`, in one step.

    Raises:
        OSError: The disk is full or the folder may not be written; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    (home / FOLDER).mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=home / FOLDER, prefix=f"{_machine()}-{os.getpid()}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def sweep(cache: Path, now_s: float | None = None) -> int:
    """Remove what nobody will finish from every home directly below `cache`, and give how many files went.

    That is what a process of this machine that is gone left behind, and whatever is older than a day. A file that another run removes
    meanwhile, or that may not be removed, is passed over.
    """
    before = (time.time() if now_s is None else now_s) - KEEP_S
    gone = 0
    for half in _halves(cache):
        with suppress(OSError):
            if _is_orphan(half.name) or half.lstat().st_mtime < before:
                half.unlink()
                gone += 1
    return gone


def _halves(cache: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from cache.glob(f"*/{FOLDER}/*")


def _is_orphan(name: str) -> bool:
    machine, _, rest = name.partition("-")
    number = rest.partition("-")[0]
    return machine == _machine() and number.isdecimal() and not _lives(int(number))


def _lives(process: int) -> bool:
    """Whether a process of this machine lives; where that cannot be asked harmlessly, it does."""
    if os.name != "posix":  # pragma: no cover  # there, os.kill ends the process whatever the signal
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _machine() -> str:
    """Give a short word for this machine or container; two of them may share a folder, but not their processes' numbers."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]
