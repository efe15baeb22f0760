"""A paper that takes for ever, or all memory, costs its own process and becomes a refusal that is remembered."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from sovereign.abreast import abreast
from sovereign.adapters.child_reader import ChildReader, LostError, OverrunError, ReadingPool, ReadingProcess
from sovereign.adapters.reader_memory import KEEP_S, RememberingReader
from sovereign.cli.world import readers
from sovereign.model import Form
from sovereign.readers.html import read_html
from standins import shelf
from tests.adapters import misreaders

ONE = {PurePosixPath("a.html"): b"one"}


@pytest.fixture(scope="module")
def process() -> Iterator[ReadingProcess]:
    """Give a process that reads, with room for one short paper."""
    made = ReadingProcess(deadline_s=20.0, memory_bytes=1 << 30)
    yield made
    made.end()


def test_the_same_document_comes_back(process: ReadingProcess) -> None:
    """Read there, a paper is what it is when it is read here; real readers, from the world's own table."""
    files = {PurePosixPath("p.html"): shelf.text(3).encode()}

    there = ChildReader(read_html, process)("p", files)

    assert there == read_html("p", files)
    assert readers()[Form.HTML]("p", files) == there


def test_what_a_library_prints_is_no_answer(process: ReadingProcess) -> None:
    """Two papers, one after the other, by one process."""
    reader = ChildReader(misreaders.obedient, process)

    assert [reader("p", ONE).text, reader("p", ONE).text] == ["one", "one"]


@pytest.mark.parametrize(
    ("reader", "kind", "words"),
    [
        pytest.param(misreaders.dying, OverrunError, "exit status 3", id="dies"),
        pytest.param(misreaders.faulty, ValueError, "IndexError at misreaders.py", id="has a fault"),
        pytest.param(misreaders.refusing, ValueError, "it is no paper", id="refuses"),
        pytest.param(misreaders.foreign, OverrunError, "given up", id="answers with code"),
    ],
)
def test_failures_are_refusals(
    process: ReadingProcess, reader: object, kind: type[ValueError], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is told in words, and the next paper is read."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ValueError, match=words) as caught:
        ChildReader(reader, process)("p", ONE)  # type: ignore[arg-type]

    assert type(caught.value) is kind
    assert not list(tmp_path.iterdir())
    assert ChildReader(misreaders.obedient, process)("p", ONE).text == "one"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere a watcher counts, a moment later")
def test_memory_is_bounded(process: ReadingProcess) -> None:
    """A reader that wants more memory than there is for a paper is told so."""
    with pytest.raises(OverrunError, match="1024 MB"):
        ChildReader(misreaders.greedy, process)("p", ONE)


def test_time_is_bounded_and_remembered(tmp_path: Path) -> None:
    """At the deadline the process ends; another run does not try again, until a month has passed."""
    process = ReadingProcess(deadline_s=3.0)
    begun = time.monotonic()
    with pytest.raises(OverrunError, match="longer than 3 s"):
        RememberingReader(ChildReader(misreaders.endless, process), tmp_path, now=lambda: 1e9)("p", ONE)
    took = time.monotonic() - begun

    def later(age_s: float) -> RememberingReader:
        return RememberingReader(ChildReader(misreaders.obedient, process), tmp_path, now=lambda: 1e9 + age_s)

    assert took < 15.0
    with pytest.raises(ValueError, match="longer than 3 s, and was given up in an earlier run"):
        later(KEEP_S / 2)("other", ONE)
    assert later(KEEP_S + 1)("p", ONE).text == "one"
    assert later(-1.0)("p", ONE).text == "one"  # the clock was wrong then, or is now
    process.end()


def test_a_process_that_was_killed_is_no_fault_of_the_paper(tmp_path: Path, process: ReadingProcess) -> None:
    """It is read again; killed a second time it is a gap, which no later run takes for an overrun."""
    mark = {PurePosixPath("a"): str(tmp_path / "mark").encode()}

    assert ChildReader(misreaders.killed_once, process)("p", mark).text == "one"
    with pytest.raises(LostError, match="ended from outside, twice"):
        RememberingReader(ChildReader(misreaders.killed, process), tmp_path / "unread")("p", ONE)
    assert RememberingReader(ChildReader(misreaders.obedient, process), tmp_path / "unread")("p", ONE).text == "one"


def test_computing_is_bounded() -> None:
    """A paper that computes for ever is given up by what it computed, and each such paper leaves less for the next."""
    process = ReadingProcess(computing_s=0.8)

    for _ in range(2):
        with pytest.raises(OverrunError, match="more computing"):
            ChildReader(misreaders.busy, process)("p", ONE)

    assert ChildReader(misreaders.obedient, process)("p", ONE).text == "one"
    process.end()


def test_a_plain_refusal_is_not_kept_on_disk(tmp_path: Path, process: ReadingProcess) -> None:
    """It costs nothing to refuse again, and the next version may read it."""
    with pytest.raises(ValueError, match="no paper"):
        RememberingReader(ChildReader(misreaders.refusing, process), tmp_path)("p", ONE)

    assert not list(tmp_path.iterdir())


def test_ctrl_c_ends_the_reading(process: ReadingProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt while a paper is read ends its process; no answer of it is taken for the next paper's."""
    reader = ChildReader(misreaders.obedient, process)
    assert reader("p", ONE).text == "one"
    running = process._running  # the moment cannot be had from outside
    assert running is not None
    with monkeypatch.context() as patch:
        patch.setattr(running, "ask", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            reader("p", ONE)

    assert not running.is_alive
    assert reader("p", {PurePosixPath("a.html"): b"two"}).text == "two"


def _interrupted(question: object) -> object:
    raise KeyboardInterrupt


def test_keys_stay_here(process: ReadingProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that reads strangers' bytes is given no keys."""
    monkeypatch.setenv("NVIDIA_API_KEY", "nvapi-secret")
    process.end()

    assert "KEY" not in ChildReader(misreaders.environment, process)("p", ONE).text


def test_two_papers_are_read_at_the_same_time(tmp_path: Path) -> None:
    """Each in a process of its own; one reader alone would wait for ever. Afterwards one that was used is used again."""
    pool, files = ReadingPool(2), {PurePosixPath("a"): os.fsencode(tmp_path)}
    reader = ChildReader(misreaders.patient, pool)

    first, second = abreast(lambda name: reader(name, files).text, ["one", "two"], 2)

    assert first != second
    assert reader("three", files).text in {first, second}
