"""Readers in a process of their own: a paper that takes for ever, or all memory, costs that process and becomes a Gap.

One process reads for as long as all goes well, so a paper costs no start. It is ended at the deadline, by Ctrl-C, and with the program;
should the program be killed, the process meets the end of its input, or an alarm. What it answers is checked on the way back: nothing but
the model's own values comes through.
"""

from __future__ import annotations

import io
import os
import pickle
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path, PurePosixPath
from queue import LifoQueue
from typing import Any, Final

import sovereign
from sovereign.model import Document

READ_S: Final = 300.0
"""For reading and screening one paper, by the clock: a machine may be busy with other things."""
COMPUTING_S: Final = 60.0
"""The same, of computing: a PDF of 200 pages takes 8 s, four million characters in one paragraph 40 s (measured 2026-11)."""
LEAST_S: Final = 10.0
"""Each paper that overran halves the computing that the next may take, down to this: sixty of them shall not cost a night."""
MEMORY_BYTES: Final = 1 << 30
"""Of addresses: the PDFs of 14 real papers take 42 to 72 MB, a page of a million letters 570 MB (measured 2026-11)."""
ENDING_S: Final = 10.0
_FROM_OUTSIDE = frozenset(-getattr(signal, name) for name in ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name))
"""Exit statuses of a process that somebody ended; its own deadlines come with others."""
_CHILD = "sovereign.adapters.reading_process"
_Question = tuple[str, str, dict[PurePosixPath, bytes], float]
"""What reads it, "module:function"; the paper; its files; the seconds of computing that it may take."""
_MODELS = frozenset({"sovereign.model.paper", "sovereign.model.goal"})


class OverrunError(ValueError):
    """A paper that takes more time or memory than a paper may."""


class LostError(ValueError):
    """Somebody ended the process that read: the machine for want of memory, its user, a shutdown. The paper need not be at fault."""


class ReadingProcess:
    """One process that reads papers, started when it is first needed and again after it was ended.

    Args:
        deadline_s: For one paper, the process's start included; time in which the machine sleeps does not count.
        computing_s: For one paper, of computing.
        memory_bytes: What the process may use at most.
    """

    def __init__(self, *, deadline_s: float = READ_S, computing_s: float = COMPUTING_S, memory_bytes: int = MEMORY_BYTES) -> None:
        self._deadline_s = deadline_s
        self._computing_s = computing_s
        self._memory_bytes = memory_bytes
        self._lock = threading.Lock()
        self._running: _Running | None = None

    def read(self, reader: str, paper: str, files: Mapping[PurePosixPath, bytes]) -> Document:
        """Give what a reader, named "module:function", makes of a paper's files.

        Raises:
            OverrunError: It took longer, or more memory, than a paper may take, or the process died of it.
            LostError: Twice somebody ended the process.
            ValueError: The reader's own words.
        """
        with self._lock:
            try:
                answer = self._asked((reader, paper, dict(files.items()), self._computing_s))
            except BaseException as error:
                if isinstance(error, OverrunError):
                    self._computing_s = max(self._computing_s / 2, min(self._computing_s, LEAST_S))
                self._end()
                raise
        if isinstance(answer, Document):
            return answer
        kind, words = answer
        raise OverrunError(words) if kind == "overrun" else ValueError(words)

    def _asked(self, question: _Question) -> Any:  # noqa: ANN401  # a Document, or (kind, words)
        """Ask the process; one that was ended from outside is started again, once."""
        try:
            return self._alive().ask(question)
        except LostError:
            self._end()
            return self._alive().ask(question)

    def _alive(self) -> _Running:
        if self._running is None or not self._running.is_alive:
            self._running = _Running(self._deadline_s, self._memory_bytes)
        return self._running

    def end(self) -> None:
        """End the process; the next paper starts another."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._running is not None:
            self._running.end()
            self._running = None


class ReadingPool:
    """Several reading processes; whoever reads takes a free one, and waits where none is. One that was used before comes first.

    Args:
        count: How many papers may be read at once.
    """

    def __init__(self, count: int) -> None:
        self._free: LifoQueue[ReadingProcess] = LifoQueue()
        for _ in range(count):
            self._free.put(ReadingProcess())

    def read(self, reader: str, paper: str, files: Mapping[PurePosixPath, bytes]) -> Document:
        """Give what a reader makes of a paper's files; see ReadingProcess.read."""
        process = self._free.get()
        try:
            return process.read(reader, paper, files)
        finally:
            self._free.put(process)


class ChildReader:
    """A Reader that reads in a process of its own; see ports.Reader."""

    def __init__(self, reader: Callable[[str, Mapping[PurePosixPath, bytes]], Document], process: ReadingProcess | ReadingPool) -> None:
        self._name = f"{reader.__module__}:{reader.__qualname__}"
        self._process = process

    def __call__(self, paper: str, files: Mapping[PurePosixPath, bytes]) -> Document:
        """Read; see ports.Reader."""
        return self._process.read(self._name, paper, files)


class _Running:
    """A process that was started, and the two ends of its pipes."""

    def __init__(self, deadline_s: float, memory_bytes: int) -> None:
        self._deadline_s = deadline_s
        home = str(Path(sovereign.__file__).parent.parent)
        paths = os.pathsep.join(path for path in (home, os.environ.get("PYTHONPATH", "")) if path)
        asked, to = os.pipe()
        answers, answered = os.pipe()
        # -P: the folder that the program was started in may be a stranger's checkout; no module is taken from there.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", _CHILD, str(int(deadline_s) + 1), str(memory_bytes)],
            stdin=asked,
            stdout=answered,
            stderr=subprocess.DEVNULL,
            env={**_plain_environment(), "PYTHONPATH": paths},
            start_new_session=True,  # Ctrl-C is this process's business
        )
        os.close(asked)
        os.close(answered)
        self._to, self._from = Connection(to, readable=False), Connection(answers, writable=False)
        self._finalize = weakref.finalize(self, _end, self._process, self._to, self._from)

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, question: _Question) -> Any:  # noqa: ANN401  # a Document, or (kind, words)
        """Give the answer to one question; the process is killed at the deadline, whatever it is at. Files are sent uncopied."""
        is_late = threading.Event()

        def kill() -> None:
            is_late.set()
            self._process.kill()

        timer = threading.Timer(self._deadline_s, kill)
        timer.daemon = True
        timer.start()
        try:
            reader, paper, files, computing_s = question
            self._to.send_bytes(pickle.dumps((reader, paper, tuple(files), computing_s), protocol=5))
            for data in files.values():
                self._to.send_bytes(data)
            return _Answer(io.BytesIO(self._from.recv_bytes())).load()
        except pickle.UnpicklingError as error:
            raise OverrunError(f"what its reader answered is no paper ({error}); it was given up") from error
        except (EOFError, OSError) as error:
            if is_late.is_set():
                raise OverrunError(f"reading it took longer than {self._deadline_s:.0f} s, and was given up") from None
            code = self._ended()
            if hasattr(signal, "SIGPROF") and code == -signal.SIGPROF:
                raise OverrunError("reading it took more computing than a paper may take, and was given up") from None
            if code in _FROM_OUTSIDE:
                raise LostError(f"the process that read it was ended from outside, twice (signal {-code}); run again") from error
            raise OverrunError(
                f"reading it ended the process that read (exit status {code}), as want of memory does; it was given up"
            ) from error
        finally:
            timer.cancel()

    def _ended(self) -> int:
        """Give the exit status of a process that has closed its pipe: a busy machine takes a while to end it."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(ENDING_S)
        self._process.kill()
        return self._process.wait()

    def end(self) -> None:
        self._finalize()


def _end(process: subprocess.Popen[bytes], *pipes: Connection) -> None:
    process.kill()
    process.wait()
    for pipe in pipes:
        pipe.close()


def _plain_environment() -> dict[str, str]:
    """Give the environment without keys: whatever a paper may make of its reader, there is nothing to be had."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV", "PYTHONHASHSEED", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ}


class _Answer(pickle.Unpickler):
    """Reads the model's values back, and nothing that runs."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401  # a class
        """Give a class of the model; see pickle.Unpickler."""
        if (module, name) == ("datetime", "date"):
            return date
        if module in _MODELS and "." not in name and isinstance(found := getattr(sys.modules[module], name, None), type):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is nothing that a reader gives")
