"""Work on several things side by side, handed on in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def abreast(work: Callable[[T], R], items: Iterable[T], at_once: int) -> Iterator[R]:
    """Yield what the work makes of each item, in the items' order; at most `at_once` are begun and not handed on yet.

    The next item is taken when there is room for it, by the thread that asks; the work is done in threads that do not keep the program
    from ending. With 1, everything is done by the thread that asks. What the work raises is raised at that item's turn.
    """
    if at_once <= 1:
        yield from map(work, items)
        return
    begun: deque[Future[R]] = deque()
    for item in items:
        begun.append(_begin(work, item))
        if len(begun) >= at_once:
            yield begun.popleft().result()
    while begun:
        yield begun.popleft().result()


def _begin(work: Callable[[T], R], item: T) -> Future[R]:
    future: Future[R] = Future()

    def run() -> None:
        try:
            future.set_result(work(item))
        except BaseException as error:  # noqa: BLE001  # handed to the thread that asks, which raises it
            future.set_exception(error)

    Thread(target=run, name="abreast", daemon=True).start()
    return future
