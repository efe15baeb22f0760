"""Kept answers: asked once, whole or not at all, young enough, and enough to work without a network."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from sovereign.adapters import atomic_files
from sovereign.adapters.cache import DAY_S, CachedWeb
from sovereign.errors import WebError
from sovereign.model import Event, GapKind
from sovereign.ports import Response, Tell, tell_nobody

URL = "https://example.org/a"


class Counting:
    """A web that answers from a script and counts."""

    def __init__(self, *answers: bytes | WebError) -> None:
        self.asked: list[str] = []
        self._answers = list(answers)

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        keep_s: float | None = 0,
        check: Callable[[Response], None] | None = None,
        tell: Tell = tell_nobody,
    ) -> Response:
        """Give the next scripted answer; the last one for ever."""
        self.asked.append(url)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, WebError):
            raise answer
        return Response(url, answer, "text/plain")


class Clock:
    """Seconds since 1970, moved by hand."""

    def __init__(self) -> None:
        self.now = 1.7e9

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def test_the_same_question_is_asked_once(tmp_path: Path) -> None:
    """The second answer is the first one's bytes, from disk, whatever the order of the parameters."""
    inner = Counting(b"one", b"two")

    first = CachedWeb(inner, tmp_path).get(URL, params={"a": "1", "b": "2"}, keep_s=None)
    again = CachedWeb(inner, tmp_path).get(URL, params={"b": "2", "a": "1"}, keep_s=None)

    assert (first.content, again.content, again.content_type) == (b"one", b"one", "text/plain")
    assert (first.is_cached, again.is_cached) == (False, True)
    assert len(inner.asked) == 1


@pytest.mark.parametrize(
    ("keep_s", "later_s", "asked"),
    [
        pytest.param(DAY_S, DAY_S - 1, 1, id="within the day"),
        pytest.param(DAY_S, DAY_S + 1, 2, id="after the day"),
        pytest.param(None, 400 * DAY_S, 1, id="for ever"),
        pytest.param(0, 0, 2, id="not at all"),
        pytest.param(DAY_S, -DAY_S, 2, id="kept in the future: a wrong clock"),
        pytest.param(None, -400 * DAY_S, 1, id="for ever, whatever the clock"),
    ],
)
def test_how_long_answers_count(tmp_path: Path, keep_s: float | None, later_s: float, asked: int) -> None:
    """A search counts for a day, a versioned text for ever."""
    inner, clock = Counting(b"one"), Clock()
    web = CachedWeb(inner, tmp_path, now=clock)
    web.get(URL, keep_s=keep_s)
    clock.now += later_s

    web.get(URL, keep_s=keep_s)

    assert len(inner.asked) == asked


def test_not_found_is_remembered_for_a_day(tmp_path: Path) -> None:
    """A paper without HTML is not asked for again at every run, but some day it may have one."""
    inner, clock = Counting(WebError("no such page", kind=GapKind.NOT_FOUND, status=404)), Clock()
    web = CachedWeb(inner, tmp_path, now=clock)

    for later_s in (0, DAY_S - 1, 2):
        clock.now += later_s
        with pytest.raises(WebError) as caught:
            web.get(URL, keep_s=None)
        assert caught.value.kind == GapKind.NOT_FOUND

    assert len(inner.asked) == 2


@pytest.mark.parametrize("kind", [GapKind.TIMED_OUT, GapKind.REFUSED, GapKind.UNREADABLE, GapKind.LIMIT])
def test_failures_are_not_kept(tmp_path: Path, kind: GapKind) -> None:
    """What may be better next time is asked again next time."""
    inner = Counting(WebError("later", kind=kind, status=503), b"one")
    web = CachedWeb(inner, tmp_path)
    with pytest.raises(WebError):
        web.get(URL, keep_s=None)

    assert web.get(URL, keep_s=None).content == b"one"


# --- offline


def test_offline_answers_from_disk_and_names_what_is_missing(tmp_path: Path) -> None:
    """Old answers count, nothing is sent, and the message names the address."""
    clock = Clock()
    CachedWeb(Counting(b"one"), tmp_path, now=clock).get(URL, keep_s=DAY_S)
    clock.now += 100 * DAY_S
    inner = Counting(b"two")
    web = CachedWeb(inner, tmp_path, is_offline=True, now=clock)

    assert web.get(URL, keep_s=DAY_S).content == b"one"
    with pytest.raises(WebError, match=r"offline.*example\.org/b") as caught:
        web.get("https://example.org/b", keep_s=DAY_S)
    assert caught.value.is_unreachable
    assert not inner.asked


# --- damage


@pytest.mark.parametrize("spoil", ["entry", "body", "no body", "format", "list"])
def test_a_damaged_answer_is_asked_for_again(tmp_path: Path, spoil: str) -> None:
    """Bytes that are not what they were named by do not count."""
    inner = Counting(b"one", b"two")
    web = CachedWeb(inner, tmp_path)
    web.get(URL, keep_s=None)
    (entry,) = (tmp_path / "answers").rglob("*.json")
    (body,) = (path for path in (tmp_path / "bodies").rglob("*") if path.is_file())
    if spoil == "entry":
        entry.write_bytes(entry.read_bytes()[:20])
    elif spoil == "body":
        body.write_bytes(b"other")
    elif spoil == "no body":
        body.unlink()
    elif spoil == "format":
        entry.write_text(json.dumps({**json.loads(entry.read_text()), "format": 99}))
    else:
        entry.write_text("[]")

    assert web.get(URL, keep_s=None).content == b"two"
    assert web.get(URL, keep_s=None).content == b"two"


def test_an_answer_that_fails_its_check_is_asked_for_again(tmp_path: Path) -> None:
    """A stricter check in a newer version is applied to what an older one kept."""
    inner = Counting(b"one", b"two")
    web = CachedWeb(inner, tmp_path)
    web.get(URL, keep_s=None)

    def check(answer: Response) -> None:
        if answer.content == b"one":
            raise ValueError("expected two")

    assert web.get(URL, keep_s=None, check=check).content == b"two"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_costs_only_the_cache(tmp_path: Path) -> None:
    """The run goes on, and it is said once."""
    tmp_path.chmod(0o500)
    told: list[Event] = []
    web = CachedWeb(Counting(b"one"), tmp_path)

    for _ in range(3):
        assert web.get(URL, keep_s=None, tell=told.append).content == b"one"

    assert len(told) == 1


def test_a_full_disk_costs_only_the_cache(tmp_path: Path) -> None:
    """A file where the folder should be stands for any failure to write."""
    (tmp_path / "cache").write_text("in the way")
    told: list[Event] = []
    web = CachedWeb(Counting(b"one"), tmp_path / "cache")

    for _ in range(3):
        assert web.get(URL, keep_s=None, tell=told.append).content == b"one"

    assert [("cannot be written" in event.message) for event in told] == [True]


# --- two at once, and sudden death


def test_two_runs_may_share_a_folder(tmp_path: Path) -> None:
    """Whoever reads sees a whole answer or none."""
    body = b"x" * 200_000
    seen: list[bytes] = []

    def work() -> None:
        web = CachedWeb(Counting(body), tmp_path)
        seen.extend(web.get(f"{URL}{n % 5}", keep_s=None).content for n in range(40))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 160
    assert set(seen) == {body}
    assert not [*(tmp_path / atomic_files.FOLDER).iterdir()]


WRITER = """
import sys
from pathlib import Path
from sovereign.adapters.cache import CachedWeb
from sovereign.ports import Response

class Web:
    def get(self, url, **_):
        return Response(url, url.encode() * 100_000)

web = CachedWeb(Web(), Path(sys.argv[1]))
n = 0
while True:
    web.get(f"https://example.org/{n}", keep_s=None)
    n += 1
    print(n, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_killed_while_writing(tmp_path: Path) -> None:
    """After kill -9 at any moment, every answer that can be read is whole, and the work goes on."""
    for after in (1, 4, 9):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for _ in range(after):
                process.stdout.readline()
            process.kill()
        web = CachedWeb(Counting(b"asked again"), tmp_path)
        for n in range(after):
            url = f"https://example.org/{n}"
            answer = web.get(url, keep_s=None)
            assert answer.is_cached
            assert answer.content == url.encode() * 100_000
