"""What a target of fuzzing is, and what several of them share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from sovereign.model import Query
from sovereign.ports import PaperSource
from tests.fakes import Told


@dataclass(frozen=True, slots=True)
class Target:
    """One parser; seeds are good inputs to start from, refusals what it may raise; is_json: its inputs are changed as JSON, too."""

    run: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    refusals: tuple[type[Exception], ...] = ()
    is_json: bool = False

    def meet(self, data: bytes) -> None:
        """Give the parser some bytes; whatever it does not promise is raised."""
        try:
            self.run(data)
        except self.refusals:
            return


@cache
def folder() -> Path:
    """Give a place for the files of this process."""
    return Path(mkdtemp(prefix="fuzz"))


def search(source: Callable[[Told], PaperSource]) -> Callable[[bytes], object]:
    """Search with a source to which the web answers with the bytes."""
    query = Query(id="q1", all_of=(("paper boat",),))
    return lambda data: source(Told(data)).search((query,), limit=5)


def as_text(run: Callable[[str], object]) -> Callable[[bytes], object]:
    """Read bytes as text, whatever they are."""
    return lambda data: run(data.decode("utf-8", "replace"))
