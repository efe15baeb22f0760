"""A real `sovereign run` in a process of its own, which can be killed at any moment.

Usage: python -m tests.crash.mortal DESK [--die WHERE:N] [words of `run` …]. With --die it kills itself, as `kill -9` would, at the N-th
event of a stage (a stage's boundary, to the instruction), before the N-th `rename` or `fsync` of a file, or before (1) or after (2) it
looks whether nothing changed ("find") or notes that ("note").
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from sovereign.adapters import web
from sovereign.cli import main, progress, unchanged, world
from sovereign.model import Event
from tests import fakes


class _Fate:
    """Counts what happens at one place, and ends the process at the N-th time."""

    def __init__(self, number: int) -> None:
        self._left = number

    def pass_by(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _around(inner: Callable[..., Any], fate: _Fate) -> Callable[..., Any]:
    def watched(*given: object, **named: object) -> object:
        fate.pass_by()
        found: object = inner(*given, **named)
        fate.pass_by()
        return found

    return watched


def _mortal(where: str, number: int) -> None:
    """Make this process, which lives for one run, end there."""
    fate = _Fate(number)
    told, rename, fsync = progress.EventLog.__call__, Path.replace, os.fsync

    def at_event(log: progress.EventLog, event: Event) -> None:
        told(log, event)
        if event.stage == where:
            fate.pass_by()

    def at_rename(path: Path, target: Path) -> Path:
        fate.pass_by()
        return rename(path, target)

    def at_fsync(handle: int) -> None:
        fate.pass_by()
        fsync(handle)

    if where == "rename":
        Path.replace = at_rename  # type: ignore[method-assign,assignment]
    elif where == "fsync":
        os.fsync = at_fsync  # type: ignore[assignment]
    elif where == "find":
        unchanged.find = _around(unchanged.find, fate)
    elif where == "note":
        unchanged.note = _around(unchanged.note, fate)
    else:
        progress.EventLog.__call__ = at_event  # type: ignore[method-assign,assignment]


def run(words: list[str]) -> int:
    """Run as told; give the exit code."""
    desk, rest = Path(words[0]), words[1:]
    if "--die" in rest:
        at = rest.index("--die")
        stage, _, number = rest[at + 1].partition(":")
        _mortal(stage, int(number))
        del rest[at : at + 2]
    os.chdir(desk)
    web.PoliteWeb = partial(web.PoliteWeb, patience=web.Patience(attempts=2, wait_s=0.01, later_s=0.01))  # type: ignore[assignment,misc]
    world._verifier = fakes.FakeVerifier
    return main(["run", "boats", "--date", "2026-01-02", *rest])


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
