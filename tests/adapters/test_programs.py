"""Other programs are asked within a time and a number of bytes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path, PurePosixPath

import pytest

from sovereign.adapters import git_repo, programs
from sovereign.adapters.git_repo import GitRepo
from sovereign.errors import PublishError
from sovereign.site import approvals

GIT = ("git", "-c", "user.name=Example", "-c", "user.email=e@example.org")


def python(code: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    """Run some Python."""
    return programs.run([sys.executable, "-c", code], **options)  # type: ignore[arg-type]  # options by name


def test_what_it_prints() -> None:
    """Both streams, its status, and what it was given."""
    done = python("import sys; sys.stderr.write('hm'); print(sys.stdin.read()[::-1], end=''); sys.exit(3)", given=b"boat" * 50_000)

    assert (done.returncode, done.stdout, done.stderr) == (3, b"taob" * 50_000, b"hm")


def test_one_that_prints_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ended at the bound; its complaints are cut."""
    monkeypatch.setattr(programs, "MAX_BYTES", 1 << 20)

    with pytest.raises(programs.TooLongError, match="at most 1 MB"):
        python("while True: print('x' * 65536)")
    assert len(python("import sys; sys.stderr.write('x' * 3_000_000)").stderr) == 1 << 20


def test_one_that_says_nothing() -> None:
    """It is ended in time."""
    begun = time.monotonic()

    with pytest.raises(subprocess.TimeoutExpired):
        python("import time; time.sleep(60)", timeout_s=0.5)
    assert time.monotonic() - begun < 20.0


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Give a repository that holds a file of 3 MB and a name that is no text."""
    (tmp_path / "site" / "reports").mkdir(parents=True)
    (tmp_path / "long.json").write_bytes(b"[" * 3_000_000)
    (tmp_path / "site" / "reports" / "a-\udcff").write_text("x")
    for words in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-qm", "Add it")):
        subprocess.run([*GIT, *words], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def test_a_long_file_in_a_commit(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused by its size, unread."""
    repo = GitRepo(clone)
    assert len(repo.read("HEAD", PurePosixPath("long.json")) or b"") == 3_000_000
    monkeypatch.setattr(programs, "MAX_BYTES", 1 << 20)

    with pytest.raises(PublishError, match=r"long\.json: expected at most 1 MB, got 3000000 bytes"):
        repo.read("HEAD", PurePosixPath("long.json"))
    with pytest.raises(PublishError, match="it printed more"):
        repo._run("cat-file", "blob", "HEAD:long.json")
    with pytest.raises(PublishError, match="it printed more"):
        approvals._git(clone, "cat-file", "blob", "HEAD:long.json")


def test_names_that_are_no_text(clone: Path) -> None:
    """A commit may hold them."""
    assert git_repo.is_tracked(clone / "site")
    assert len(GitRepo(clone).paths("HEAD", PurePosixPath("site/reports"))) == 1
    assert approvals.approvals(clone, clone / "site") == {}
