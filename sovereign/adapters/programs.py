"""Other programs asked for an answer: within a time and a number of bytes, whatever they print.

What git prints may be a stranger's: a file of 20 GB that somebody committed, names that are no text.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

TIMEOUT_S = 300.0
MAX_BYTES = 256 << 20
"""Of what a program prints: as long as the longest record that is read."""
_MAX_COMPLAINT_BYTES = 1 << 20
_PIECE_BYTES = 1 << 16


class TooLongError(ValueError):
    """A program printed more than is read."""


def run(
    words: Sequence[str],
    *,
    cwd: Path | None = None,
    given: bytes = b"",
    env: Mapping[str, str] | None = None,
    timeout_s: float = TIMEOUT_S,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program, without a shell, and give its exit status with what it printed; of its complaints the first megabyte.

    Raises:
        OSError: There is no such program, or it cannot be started.
        subprocess.TimeoutExpired: It was ended after timeout_s.
        TooLongError: It printed more than MAX_BYTES, and was ended.
    """
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as complained:
        asked.write(given)
        asked.seek(0)
        with subprocess.Popen(words, cwd=cwd, env=env, stdin=asked, stdout=subprocess.PIPE, stderr=complained) as process:
            printed, is_late = _printed(process, timeout_s)
        complained.seek(0)
        told = complained.read(_MAX_COMPLAINT_BYTES)
    if is_late:
        raise subprocess.TimeoutExpired(list(words), timeout_s)
    if len(printed) > MAX_BYTES:
        raise TooLongError(f"{' '.join(words[:2])}: expected at most {MAX_BYTES >> 20} MB, and it printed more")
    return subprocess.CompletedProcess(list(words), process.returncode, bytes(printed), told)


def _printed(process: subprocess.Popen[bytes], timeout_s: float) -> tuple[bytearray, bool]:
    """Give what a program prints until it ends, or until it is ended, and whether that was for the time."""
    is_late = threading.Event()

    def end() -> None:
        is_late.set()
        process.kill()

    timer = threading.Timer(timeout_s, end)
    timer.daemon = True
    timer.start()
    printed = bytearray()
    try:
        while process.stdout and (piece := os.read(process.stdout.fileno(), _PIECE_BYTES)):
            printed += piece
            if len(printed) > MAX_BYTES:
                process.kill()
                break
        process.wait()
    except BaseException:  # Ctrl-C is this process's business
        process.kill()
        raise
    finally:
        timer.cancel()
    return printed, is_late.is_set()
