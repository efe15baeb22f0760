"""Progress for people on stderr, and the event log for machines: what a run does now, and what each stage took.

On a terminal one live line shows the stage, a bar and what is waited for; elsewhere (CI, a pipe) each event is a plain line.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from sovereign.errors import PublishError
from sovereign.model import Event
from sovereign.ports import Tell


class EventLog:
    """One JSON line an event: seconds since the start, stage, message, counts and facts. Never part of a report, which holds no clock."""

    def __init__(self, path: Path | None) -> None:
        self._start = time.monotonic()
        self._stages: dict[str, list[float]] = {}
        self._file: TextIO | None = None
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._file = path.open("w", encoding="utf-8")
            except OSError as error:
                raise PublishError(
                    f"{path}: the event log could not be written: {error.strerror}", tip="check space and rights there"
                ) from error

    def __call__(self, event: Event) -> None:
        """Write the event down."""
        now = time.monotonic() - self._start
        self._stages.setdefault(event.stage, []).append(now)
        if self._file is not None:
            line = {"at_s": round(now, 3), "stage": event.stage, "message": event.message, "done": event.done, "total": event.total}
            try:
                self._file.write(json.dumps({**line, **dict(event.facts)}, ensure_ascii=False) + "\n")
                self._file.flush()
            except OSError as error:
                # A full disk costs the log, not the run; whether the report can be written is told when it is.
                sys.stderr.write(f"* log: not written any more: {error.strerror}\n")
                self.close()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None

    def timings(self) -> tuple[tuple[str, float, int], ...]:
        """Give for each stage its seconds (from the end of the stage before it to its own last event) and its events."""
        out, before = [], 0.0
        for stage, times in sorted(self._stages.items(), key=lambda item: item[1][-1]):
            out.append((stage, max(0.0, times[-1] - before), len(times)))
            before = times[-1]
        return tuple(out)


@contextmanager
def shown(*, quiet: bool, verbose: bool, log: Path | None = None) -> Iterator[tuple[Tell, EventLog]]:
    """Give the function that events are told to, and the log; the live line is taken away at the end."""
    events = EventLog(log)
    teller = _quiet if quiet else _live() if sys.stderr.isatty() and not verbose else _Lines(verbose=verbose)
    try:
        with teller if isinstance(teller, _Live) else _nothing():

            def tell(event: Event) -> None:
                events(event)
                teller(event)

            yield tell, events
    finally:
        events.close()


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def _quiet(event: Event) -> None:
    pass


class _Lines:
    """A plain line for every stage's first and last event; for every event when verbose."""

    def __init__(self, *, verbose: bool) -> None:
        self._verbose = verbose
        self._stage = ""

    def __call__(self, event: Event) -> None:
        is_end = event.total is not None and event.done == event.total
        if self._verbose or is_end or event.stage != self._stage:
            counted = f" ({event.done}/{event.total})" if event.total and event.done else ""
            facts = "".join(f" {key}={value}" for key, value in event.facts) if self._verbose else ""
            sys.stderr.write(f"* {event.stage}: {_plain(event.message)}{counted}{facts}\n")
            sys.stderr.flush()
        self._stage = event.stage


def _plain(text: str) -> str:
    """Foreign text in a log line: no control characters, and no line that a CI runner takes for a command."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return printable.replace("::", ": :")


class _Live:
    """One live line by rich."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._escape = escape
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.fields[stage]:<9}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("", total=None, stage="")

    def __enter__(self) -> None:
        self._bar.start()

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, event: Event) -> None:
        words = self._escape(_plain(event.message))
        self._bar.update(self._task, description=words, stage=event.stage, total=event.total, completed=event.done or 0)


def _live() -> _Live:
    return _Live()
