"""Commits made without a working tree, and pushes that lose nobody's work."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from sovereign.adapters import git_repo
from sovereign.adapters.git_repo import BOT_EMAIL, GitRepo, Pushed, is_tracked, remote_url
from sovereign.errors import PublishError
from tests.desk.lab import git

A, B = PurePosixPath("site/a.md"), PurePosixPath("site/b c.md")
PERSON = {name: value.replace(git_repo.BOT_EMAIL, "owner@example.org") for name, value in git_repo._IDENTITY.items()}


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """Give a clone of a bare repository with one commit."""
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "remote.git")
    git(tmp_path, "clone", "-q", "remote.git", "clone")
    git(tmp_path / "clone", "checkout", "-q", "-b", "main")
    git(tmp_path / "clone", "commit", "-q", "--allow-empty", "-m", "First")
    git(tmp_path / "clone", "push", "-q", "origin", "main")
    return GitRepo(tmp_path / "clone")


def test_commit_and_push(repo: GitRepo) -> None:
    """Files of any name and content arrive as they are; the working tree is not touched."""
    main = repo.fetch("main") or ""
    commit = repo.commit(main, {A: b"\x00binary", B: "räksmörgås\n".encode()}, (), "Write\n\nBody\n")

    assert repo.push(commit, "main") is Pushed.DONE
    assert repo.fetch("main") == commit
    assert (repo.read(commit, A), repo.read(commit, B)) == (b"\x00binary", "räksmörgås\n".encode())
    assert repo.paths(commit, PurePosixPath("site")) == (A, B)
    assert not (repo.root / "site").exists()
    (made,) = repo.commits(main, commit)
    assert (made.email, made.message, made.is_merge) == (BOT_EMAIL, "Write\n\nBody\n", False)


def test_removal(repo: GitRepo) -> None:
    """A file can be taken away."""
    first = repo.commit(repo.fetch("main") or "", {A: b"a", B: b"b"}, (), "Write")
    second = repo.commit(first, {}, (A,), "Remove")

    assert repo.paths(second, PurePosixPath("site")) == (B,)
    assert repo.read(second, A) is None
    assert repo.differs(first, second, PurePosixPath("site"))
    assert not repo.differs(first, second, PurePosixPath("other"))


def test_a_commit_changes_what_it_names_alone(repo: GitRepo) -> None:
    """Files beside it, deep folders, names that are no text, links and an emptied folder: what a commit by an index would make of them."""
    deep, odd = PurePosixPath("site/deep/er/c.md"), os.fsencode(repo.root) + b"/site/caf\xe9.md"
    (repo.root / "site").mkdir()
    with open(odd, "wb") as handle:  # noqa: PTH123  # a Path cannot hold these bytes
        handle.write(b"odd")
    (repo.root / "link").symlink_to("site")
    git(repo.root, "add", "-A")
    git(repo.root, "commit", "-q", "-m", "Odd")
    base = git(repo.root, "rev-parse", "HEAD").strip()

    made = repo.commit(base, {A: b"a", deep: b"c"}, (), "Write")
    gone = repo.commit(made, {}, (deep, PurePosixPath("site/never.md")), "Remove")

    listed = git(repo.root, "ls-tree", "-r", "-t", made).splitlines()
    assert [line.split()[0] for line in listed] == ["120000", "040000", "100644", "100644", "040000", "040000", "100644"]
    assert git(repo.root, "diff", "--name-status", base, gone).split() == ["A", "site/a.md"]
    assert git(repo.root, "fsck", "--strict", "--no-dangling") == ""
    assert repo.paths(repo.commit(base, {}, (PurePosixPath("link"),), "Remove"), PurePosixPath("link")) == ()


def test_what_a_history_took_away_is_walked_once(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each folder, newest first, with a commit that still had it; what comes later is added without a walk from the beginning."""
    one, two = PurePosixPath("site/one/v1/record.json"), PurePosixPath("site/two/v1/record.json")
    first = repo.commit(repo.fetch("main") or "", {one: b"1", two: b"2"}, (), "Write")
    monkeypatch.setattr(git_repo, "_IDENTITY", PERSON)
    second = repo.commit(first, {}, (one,), "Remove")
    third = repo.commit(second, {one: b"again"}, (two,), "Remove another")
    asked: list[tuple[str, ...]] = []
    ask = GitRepo._ask  # what is asked of Git is what costs

    def listened(self: GitRepo, *words: str) -> str:
        asked.append(words)
        return ask(self, *words)

    monkeypatch.setattr(GitRepo, "_ask", listened)

    assert repo.removed(second, PurePosixPath("site/one"), "record.json") == ((one, first),)
    assert repo.removed(second, PurePosixPath("site/two"), "record.json") == ()
    assert repo.removed(third, PurePosixPath("site/two"), "record.json") == ((two, second),)
    assert repo.removed(third, PurePosixPath("site/one"), "record.json") == ((one, first),)
    walks = [next(word for word in words if word in {second, third} or ".." in word) for words in asked if words[0] == "log"]
    assert walks == [second, f"{second}..{second}", f"{second}..{third}", f"{third}..{third}"]


def test_a_person_alone_takes_things_away(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's own commits are not compared: there are thousands of them. A merge counts by what it took from the main branch."""
    one, two = PurePosixPath("site/one/v1/record.json"), PurePosixPath("site/two/v1/record.json")
    first = repo.commit(repo.fetch("main") or "", {one: b"1", two: b"2"}, (), "Write")
    by_desk = repo.commit(first, {}, (one,), "Remove")
    monkeypatch.setattr(git_repo, "_IDENTITY", PERSON)
    side = repo.commit(first, {}, (two,), "Remove another")
    tree = subprocess.run(
        ["git", "rev-parse", f"{side}^{{tree}}"], cwd=repo.root, capture_output=True, check=True, text=True
    ).stdout.strip()
    merge = subprocess.run(
        ["git", "commit-tree", tree, "-p", by_desk, "-p", side, "-m", "Merge"],
        cwd=repo.root, capture_output=True, check=True, text=True, env=os.environ | PERSON,
    ).stdout.strip()  # fmt: skip

    assert repo.removed(by_desk, PurePosixPath("site/one"), "record.json") == ()
    assert repo.removed(merge, PurePosixPath("site/two"), "record.json") == ((two, by_desk),)


def test_moved_main_is_not_overwritten(repo: GitRepo) -> None:
    """A push onto a branch that moved changes nothing and says so."""
    main = repo.fetch("main") or ""
    repo.push(repo.commit(main, {A: b"theirs"}, (), "Theirs"), "main")

    assert repo.push(repo.commit(main, {A: b"mine"}, (), "Mine"), "main") is Pushed.MOVED
    assert repo.read(repo.fetch("main") or "", A) == b"theirs"


def test_lease(repo: GitRepo) -> None:
    """A branch is replaced only where it still is what was seen, and made only where it was not."""
    main = repo.fetch("main") or ""
    one, two, three = (repo.commit(main, {A: text}, (), "Draft") for text in (b"1", b"2", b"3"))

    assert repo.push(one, "report/x", expect=None, force=True) is Pushed.DONE
    assert repo.push(two, "report/x", expect=None, force=True) is Pushed.MOVED
    assert repo.push(two, "report/x", expect=one, force=True) is Pushed.DONE
    assert repo.push(three, "report/x", expect=one, force=True) is Pushed.MOVED
    assert repo.fetch("report/x") == two
    assert repo.fetch("report/y") is None


def test_link_in_the_repository_is_no_file(repo: GitRepo) -> None:
    """A link that somebody committed is not read as what it points to."""
    (repo.root / "site").mkdir()
    (repo.root / A).symlink_to("/etc/passwd")
    git(repo.root, "add", "site")
    git(repo.root, "commit", "-q", "-m", "Link")

    assert repo.read(git(repo.root, "rev-parse", "HEAD"), A) is None


def test_hooks_of_the_clone_never_run(repo: GitRepo) -> None:
    """A hook that lies in the clone is not executed by our pushes."""
    hook = repo.root / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {repo.root}/ran\n")
    hook.chmod(0o755)

    repo.push(repo.commit(repo.fetch("main") or "", {A: b"a"}, (), "Write"), "main")

    assert not (repo.root / "ran").exists()


def test_remote_that_is_gone(repo: GitRepo) -> None:
    """What Git says is told, with the next step."""
    git(repo.root, "remote", "set-url", "origin", str(repo.root / "nowhere"))
    with pytest.raises(PublishError, match="ls-remote failed"):
        repo.fetch("main")


def test_small_questions(repo: GitRepo, tmp_path: Path) -> None:
    """Whether a folder is tracked, and where the remote is; both have an answer without a repository."""
    assert remote_url(repo.root).endswith("remote.git")
    assert remote_url(tmp_path) == ""
    assert not is_tracked(tmp_path / "nowhere")
