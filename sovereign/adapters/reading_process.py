"""The process in which papers are read: questions come in, documents go out, one after the other; see child_reader.py."""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import sys
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import PurePosixPath
from typing import Any

GRACE_S = 30
"""After its deadline the parent has killed this process, if the parent lives."""


def main(deadline_s: int, memory_bytes: int) -> None:
    """Answer until nobody asks any more."""
    asked, answered = Connection(os.dup(0), writable=False), Connection(os.dup(1), readable=False)
    with open(os.devnull, "r+b") as nothing:  # noqa: PTH123  # both ends at once; what a library prints must not meet an answer
        os.dup2(nothing.fileno(), 0)
        os.dup2(nothing.fileno(), 1)
    _bound(memory_bytes)
    with suppress(EOFError, OSError):
        while True:
            reader, paper, names, computing_s = pickle.loads(asked.recv_bytes())  # noqa: S301  # from the process that started this one
            if hasattr(signal, "alarm"):
                signal.alarm(deadline_s + GRACE_S)
            files = {name: asked.recv_bytes() for name in names}
            answered.send_bytes(pickle.dumps(_answer((reader, paper, computing_s), files, memory_bytes), protocol=5))
            if hasattr(signal, "alarm"):
                signal.alarm(0)


def _answer(question: tuple[str, str, float], files: dict[PurePosixPath, bytes], memory_bytes: int) -> Any:  # noqa: ANN401  # a Document, or (kind, words)
    """Give the document, or what is wrong with the paper."""
    try:
        name, paper, computing_s = question
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, computing_s)  # at its end the process ends
        module, _, function = name.partition(":")
        return getattr(importlib.import_module(module), function)(paper, files)
    except ValueError as error:
        return "unreadable", str(error)
    except MemoryError:
        return "overrun", f"reading it takes more than {memory_bytes >> 20} MB of memory, and was given up"
    except RecursionError:
        return "unreadable", "it is nested too deeply"
    except Exception as error:  # noqa: BLE001  # a fault of ours that one paper meets must not end the run for all others
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119  # a name, no file
        return "unreadable", f"its reader failed, which is a fault of the program ({type(error).__name__} at {place}); please report it"
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)


def _bound(memory_bytes: int) -> None:
    """Let no more memory be had; where the system counts otherwise (macOS), a watcher ends the process."""
    try:
        import resource
    except ImportError:  # pragma: no cover  # no POSIX
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "darwin":
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        return
    import threading  # pragma: no cover  # macOS
    import time  # pragma: no cover

    def watch() -> None:  # pragma: no cover
        while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < memory_bytes:  # bytes there, kilobytes elsewhere
            time.sleep(0.2)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()  # pragma: no cover


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
