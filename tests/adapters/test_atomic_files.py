"""Files written aside: whole or absent, and cleared away once nobody can finish them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sovereign.adapters import atomic_files

HALF_A_FILE = """
import os, signal, sys
from pathlib import Path
from sovereign.adapters import atomic_files

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

Path.replace = die
home = Path(sys.argv[1])
atomic_files.write(home / "answers" / "a.json", b"half", home)
"""


@pytest.fixture
def dead(tmp_path: Path) -> Path:
    """Give what a run that was killed in the middle of a write left behind."""
    done = subprocess.run([sys.executable, "-c", HALF_A_FILE, str(tmp_path / "web")], check=False)
    assert done.returncode == -9
    (half,) = (tmp_path / "web" / atomic_files.FOLDER).iterdir()
    return half


def test_dead_runs_halves_go_at_the_next_start(dead: Path, tmp_path: Path) -> None:
    """What a killed process left is removed at once; the file that it never finished is not there."""
    assert atomic_files.sweep(tmp_path) == 1

    assert not dead.exists()
    assert not (tmp_path / "web" / "answers" / "a.json").exists()


def test_living_runs_halves_stay(dead: Path, tmp_path: Path) -> None:
    """A half of a process that lives, or of another machine, stays for a day; then whoever it was is not coming back."""
    machine, _, rest = dead.name.split("-")
    mine = dead.rename(dead.with_name(f"{machine}-{os.getpid()}-{rest}"))
    strangers = mine.with_name(f"00000000-1-{rest}")
    strangers.write_bytes(b"half")
    odd = mine.with_name("notes.txt")
    odd.write_bytes(b"kept until it is old")
    made_s = max(path.stat().st_mtime for path in (mine, strangers, odd))

    assert atomic_files.sweep(tmp_path, made_s + 3600) == 0
    assert atomic_files.sweep(tmp_path, made_s + atomic_files.KEEP_S + 1) == 3


def test_failed_write_leaves_nothing(tmp_path: Path) -> None:
    """A place that cannot be written is an OSError, without a half."""
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        atomic_files.write(tmp_path / "taken", b"x", tmp_path)

    assert not [*(tmp_path / atomic_files.FOLDER).iterdir()]


def test_nothing_to_sweep(tmp_path: Path) -> None:
    """No cache, and a file in a home's place, are no trouble."""
    assert atomic_files.sweep(tmp_path / "none") == 0
    (tmp_path / "web").write_text("x")
    assert atomic_files.sweep(tmp_path) == 0
