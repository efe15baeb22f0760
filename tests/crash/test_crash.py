"""Whatever ends a run, the next one gives the bytes of an undisturbed one and asks nothing twice; half a report is never seen."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from standins import shelf
from standins.arxiv import ArxivStandIn
from tests.crash import scene

BOUNDARIES = [
    *("plan:1", "claims:1", "verify:1", "verify:2", "tribunal:1", "policy:1", "report:1"),
    *(f"search:{number}" for number in range(1, 9)),
    *(f"read:{number}" for number in range(1, 9)),
]
WRITES = [*(f"rename:{number}" for number in range(1, 25)), *(f"fsync:{number}" for number in range(1, 11))]
RANDOM = int(os.environ.get("CRASH_RUNS", "100"))
"""How many random moments; `CRASH_RUNS=1000 make test-slow` tries more."""
BOTH_RUNS = "search:4", "fsync:3", "rename:24"
"""The three of the fast suite: while asking, while writing a page, while putting the version in its place."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], int, float]:
    """Give what an undisturbed run leaves behind, how many requests it makes, and how long it takes in seconds."""
    folder = scene.desk(tmp_path_factory.mktemp("calm"))
    with shelf.arxiv(scene.PAPERS) as arxiv:
        began = time.monotonic()
        code, said = scene.finish(scene.start(folder, arxiv, "--no-pdf", "-q"))
        took = time.monotonic() - began

        assert code == 0, said
        assert scene.sent_twice(arxiv) == []
        return scene.pages(folder), len(arxiv.asked), took


def check_restart(folder: Path, arxiv: ArxivStandIn, whole: tuple[dict[str, str], int, float]) -> None:
    """Run again after a death, and hold everything that is promised."""
    pages, requests, _ = whole
    assert scene.is_whole(scene.pages(folder), pages)
    kept, asked = scene.kept(folder), len(arxiv.asked)
    code, said = scene.finish(scene.start(folder, arxiv, "--no-pdf", "-q"))

    assert code == 0, said
    assert scene.pages(folder) == pages
    assert scene.leftovers(folder) == []
    assert len(arxiv.asked) - asked == requests - kept, "an answer that was kept was asked for again"
    assert len(scene.sent_twice(arxiv)) <= 1, "at most the one request that was under way"


def kill_at(place: str, folder: Path, whole: tuple[dict[str, str], int, float]) -> None:
    """Kill a run at a place and start it again."""
    scene.desk(folder)
    with shelf.arxiv(scene.PAPERS) as arxiv:
        code, said = scene.finish(scene.start(folder, arxiv, "--no-pdf", "-q", die=place))

        assert code == -signal.SIGKILL, f"{place} was never reached: {said}"
        check_restart(folder, arxiv, whole)


@pytest.mark.parametrize("place", BOTH_RUNS)
def test_killed_at_a_place(place: str, tmp_path: Path, whole: tuple[dict[str, str], int, float]) -> None:
    """Killed while asking, while writing, while putting in place."""
    kill_at(place, tmp_path / "desk", whole)


@pytest.mark.slow
@pytest.mark.parametrize("place", [place for place in (*BOUNDARIES, *WRITES) if place not in BOTH_RUNS])
def test_killed_at_every_boundary(place: str, tmp_path: Path, whole: tuple[dict[str, str], int, float]) -> None:
    """Every event of every stage, every rename and every flush to disk."""
    kill_at(place, tmp_path / "desk", whole)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(RANDOM))
def test_killed_at_a_random_moment(seed: int, tmp_path: Path, whole: tuple[dict[str, str], int, float]) -> None:
    """Any moment from the first instruction to the last, those after the end included; each seed has its own slice of the run."""
    folder = scene.desk(tmp_path / "desk")
    with shelf.arxiv(scene.PAPERS) as arxiv:
        process = scene.start(folder, arxiv, "--no-pdf", "-q")
        moment = (seed + random.Random(seed).random()) / RANDOM  # noqa: S311  # a moment, not a secret
        time.sleep(1.05 * whole[2] * moment)
        process.kill()
        scene.finish(process)
        check_restart(folder, arxiv, whole)


def test_interrupted(tmp_path: Path, whole: tuple[dict[str, str], int, float]) -> None:
    """Ctrl-C ends a run with a word instead of a trace; what was fetched is kept."""
    folder = scene.desk(tmp_path / "desk")
    with shelf.arxiv(scene.PAPERS) as arxiv:
        process = scene.start(folder, arxiv, "--no-pdf")
        while len(arxiv.asked) < 3 and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        code, said = scene.finish(process)

        assert code == 130, said
        assert "Traceback" not in said
        assert "run again" in said
        check_restart(folder, arxiv, whole)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_interrupted_at_a_random_moment(seed: int, tmp_path: Path, whole: tuple[dict[str, str], int, float]) -> None:
    """Ctrl-C at any moment after the first request: a word, or a whole report; never a trace."""
    folder = scene.desk(tmp_path / "desk")
    with shelf.arxiv(scene.PAPERS) as arxiv:
        process = scene.start(folder, arxiv, "--no-pdf")
        while not arxiv.asked and process.poll() is None:
            time.sleep(0.01)
        time.sleep(whole[2] * random.Random(seed).random())  # noqa: S311  # a moment, not a secret
        process.send_signal(signal.SIGINT)
        code, said = scene.finish(process)

        # Once the report is written and the interpreter takes itself down, the signal ends it; to a shell that is 130 too.
        assert code in (0, 130, -signal.SIGINT), said
        assert "Traceback" not in said
        check_restart(folder, arxiv, whole)


@pytest.mark.parametrize(
    "place", ["note:1", *(pytest.param(place, marks=pytest.mark.slow) for place in ("note:2", "find:1", "find:2", "rename:25"))]
)
def test_killed_about_the_note(place: str, tmp_path: Path, whole: tuple[dict[str, str], int, float]) -> None:
    """Killed when the report stands, about the note that nothing changed: the next run gives the same and asks nothing."""
    kill_at(place, tmp_path / "desk", whole)


@pytest.mark.slow
@pytest.mark.parametrize("place", ["find:1", "find:2", "report:1"])
def test_killed_while_nothing_changed(place: str, tmp_path: Path, whole: tuple[dict[str, str], int, float]) -> None:
    """Killed while it reads the report that stands there already: nothing is touched, nothing is asked, and the next run reads it."""
    folder = scene.desk(tmp_path / "desk")
    with shelf.arxiv(scene.PAPERS) as arxiv:
        assert scene.finish(scene.start(folder, arxiv, "--no-pdf", "-q"))[0] == 0
        asked = len(arxiv.asked)
        code, said = scene.finish(scene.start(folder, arxiv, "--no-pdf", "-q", die=place))
        assert code == -signal.SIGKILL, said
        both = [scene.start(folder, arxiv, "--no-pdf") for _ in range(2)]
        ended = [scene.finish(process) for process in both]

        assert [code for code, _ in ended] == [0, 0], ended
        assert all("nothing changed" in said for _, said in ended), ended
        assert scene.pages(folder) == whole[0]
        assert len(arxiv.asked) == asked


@pytest.mark.slow
@pytest.mark.parametrize("place", ["", "plan:1", "verify:1", "fsync:4", "rename:1", "rename:2", "rename:3", "note:1", "note:2"])
def test_goal_changed_back_and_forth(place: str, tmp_path: Path, whole: tuple[dict[str, str], int, float]) -> None:
    """Another question meanwhile, finished or killed anywhere: the first one gives its own bytes again, and nothing is asked twice."""
    folder = scene.desk(tmp_path / "desk")
    with shelf.arxiv(scene.PAPERS) as arxiv:
        assert scene.finish(scene.start(folder, arxiv, "--no-pdf", "-q"))[0] == 0
        for _ in range(2):
            scene.ask(folder, papers=2)
            code, said = scene.finish(scene.start(folder, arxiv, "--no-pdf", "-q", die=place))
            assert code == (-signal.SIGKILL if place else 0), said
            assert place or scene.pages(folder) != whole[0]
            scene.ask(folder)
            assert scene.finish(scene.start(folder, arxiv, "--no-pdf", "-q"))[0] == 0
            assert scene.pages(folder) == whole[0]
        assert scene.leftovers(folder) == []
        assert len(scene.sent_twice(arxiv)) <= 1, "at most the one request that was under way"


def test_two_runs_at_once(tmp_path: Path, whole: tuple[dict[str, str], int, float]) -> None:
    """Two runs of one goal end well, and the report is whole."""
    folder = scene.desk(tmp_path / "desk")
    with shelf.arxiv(scene.PAPERS) as arxiv:
        both = [scene.start(folder, arxiv, "--no-pdf", "-q") for _ in range(2)]
        ended = [scene.finish(process) for process in both]

        assert [code for code, _ in ended] == [0, 0], ended
        assert scene.pages(folder) == whole[0]
        assert scene.leftovers(folder) == []


@pytest.mark.parametrize("blocks", [1, *(pytest.param(blocks, marks=pytest.mark.slow) for blocks in (0, 8, 24))])
def test_no_file_may_grow(blocks: int, tmp_path: Path, whole: tuple[dict[str, str], int, float]) -> None:
    """A disk that takes no more than so many half-kilobytes of a file: a sentence and exit code 4, or a whole report; never half a one."""
    folder = scene.desk(tmp_path / "desk")
    with shelf.arxiv(scene.PAPERS) as arxiv:
        code, said = scene.finish(scene.start(folder, arxiv, "--no-pdf", "-q", limit=f"-f {blocks}"))

        assert code in (0, 4), said
        assert "Traceback" not in said
        assert scene.is_whole(scene.pages(folder), whole[0])
        again, told = scene.finish(scene.start(folder, arxiv, "--no-pdf", "-q"))
        assert again == 0, told
        assert scene.pages(folder) == whole[0]


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting wants the superuser")
@pytest.mark.parametrize("kilobytes", [16, 64, 128, 256, 512, 1024])
def test_a_disk_that_is_full(kilobytes: int, tmp_path: Path, whole: tuple[dict[str, str], int, float]) -> None:
    """A real small file system: the same, and once there is room the run goes through."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(disk)], check=False).returncode != 0:
        pytest.skip("this machine mounts nothing")
    try:
        folder = scene.desk(disk / "desk")
        with shelf.arxiv(scene.PAPERS) as arxiv:
            code, said = scene.finish(scene.start(folder, arxiv, "--no-pdf", "-q"))

            assert code in (0, 4), said
            assert "Traceback" not in said
            assert scene.is_whole(scene.pages(folder), whole[0])
            subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
            again, told = scene.finish(scene.start(folder, arxiv, "--no-pdf", "-q"))
            assert again == 0, told
            assert scene.pages(folder) == whole[0]
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def read_only(folder: Path) -> bool:
    """Make a folder read-only in a way that binds the superuser too, where this machine can; give whether it could."""
    if os.geteuid() != 0:
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        return True
    bind = subprocess.run(["mount", "--bind", str(folder), str(folder)], check=False, capture_output=True).returncode
    return bind == 0 and subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=False).returncode == 0


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    """A desk on a read-only disk: exit code 4, a sentence, nothing written."""
    folder = scene.desk(tmp_path / "desk")
    if not read_only(folder):
        pytest.skip("this machine cannot make a folder read-only for the superuser")
    try:
        with shelf.arxiv(scene.PAPERS) as arxiv:
            code, said = scene.finish(scene.start(folder, arxiv, "--no-pdf", "-q"))
    finally:
        if os.geteuid() == 0:
            subprocess.run(["umount", "-l", str(folder)], check=False)
        else:
            for path in (folder, *folder.rglob("*")):
                path.chmod(0o755)

    assert code == 4, said
    assert "Traceback" not in said
    assert "TIP" in said
    assert sorted(path.name for path in folder.iterdir()) == ["goals"]
    shutil.rmtree(folder)
