"""What Git's history says of a version: merged by a person, committed by the policy's robot, squashed, cut off."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from sovereign.site.approvals import approvals, repository
from sovereign.site.facts import Approval, Way

DAY = date(2026, 6, 2)


def git(root: Path, *words: str, author: str = "Ada Owner") -> None:
    """Run Git as somebody, on a known day."""
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", author), ("EMAIL", "a@desk.example"), ("DATE", f"{DAY}T10:00:00Z"))
    }
    subprocess.run(
        ["git", "-C", str(root), *words],
        check=True,
        capture_output=True,
        env={**os.environ, **who, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(root)},
    )


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Give a repository with one commit and one version that is not committed."""
    root = tmp_path / "lab"
    (root / "site" / "reports" / "why" / "v1").mkdir(parents=True)
    (root / "site" / "reports" / "why" / "v1" / "record.json").write_text("{}", encoding="utf-8")
    (root / "README").write_text("A desk.\n", encoding="utf-8")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "README")
    git(root, "commit", "-q", "-m", "Start")
    return root


MERGED = Approval(Way.MERGE, "ada-owner", DAY, "7")


@pytest.mark.parametrize(
    ("author", "subject"),
    [
        pytest.param("Ada Owner", "Merge pull request #7 from lab/report/why", id="merge"),
        pytest.param("github-actions[bot]", "Report why v1 (#8)", id="squash of the robot's request"),
        pytest.param("github-actions[bot]", "Report why v1", id="rebase"),
        pytest.param("The Owner", "Approved by the owner (#1)", id="forged"),
        pytest.param("\x1f\x1e\x1b[31mX\u202e", "a\x1fb\x1e" + "c" * 3000 + "(#9)", id="control characters"),
    ],
)
def test_a_commit_says_nothing_of_who_approved(desk: Path, author: str, subject: str) -> None:
    """Merge, squash and rebase give one answer, the forge's; what a commit says of itself is not looked at."""
    git(desk, "add", "site")
    git(desk, "commit", "-q", "--cleanup=verbatim", "-m", subject, author=author)
    asked: list[str] = []

    def forge(commit: str) -> Approval | None:
        asked.append(commit)
        return MERGED

    assert approvals(desk, desk / "site", forge) == {"reports/why/v1": MERGED}
    assert len(asked) == 1
    assert approvals(desk, desk / "site", lambda _: None) == {"reports/why/v1": Approval(Way.UNKNOWN)}
    assert approvals(desk, desk / "site") == {"reports/why/v1": Approval(Way.UNKNOWN)}


def test_a_commit_of_the_far_future_stops_nothing(desk: Path) -> None:
    """A date that no calendar of ours has is nobody's concern."""
    git(desk, "add", "site")
    tree = subprocess.run(["git", "-C", str(desk), "write-tree"], capture_output=True, text=True, check=True).stdout.strip()
    who = "X <x@x.example> 99999999999999 +0000"
    text = f"tree {tree}\nauthor {who}\ncommitter {who}\n\nMerge pull request #7 from a/b\n"
    made = subprocess.run(
        ["git", "-C", str(desk), "hash-object", "-t", "commit", "-w", "--stdin"], input=text, capture_output=True, text=True, check=True
    )
    git(desk, "update-ref", "refs/heads/main", made.stdout.strip())

    assert approvals(desk, desk / "site", lambda _: MERGED) == {"reports/why/v1": MERGED}


def test_what_is_not_committed_is_not_approved(desk: Path) -> None:
    """A folder that Git does not track has no approval, even when it is staged."""
    assert approvals(desk, desk / "site") == {}
    git(desk, "add", "site")
    assert approvals(desk, desk / "site") == {}


def test_a_cut_history_names_nobody(desk: Path, tmp_path: Path) -> None:
    """A shallow clone shows every file as its last commit's; then it is approved, by whom is not known."""
    git(desk, "add", "site")
    git(desk, "commit", "-q", "-m", "Merge pull request #7 from lab/report/why")
    git(desk, "commit", "-q", "--allow-empty", "-m", "Later")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{desk}", "shallow")

    assert approvals(tmp_path / "shallow", tmp_path / "shallow" / "site") == {"reports/why/v1": Approval(Way.UNKNOWN)}


def test_no_repository_says_nothing(tmp_path: Path) -> None:
    """Outside Git there are no approvals to read, which is not the same as none given."""
    (tmp_path / "site").mkdir()
    environment = os.environ.get("GIT_CEILING_DIRECTORIES", "")
    os.environ["GIT_CEILING_DIRECTORIES"] = str(tmp_path.parent)
    try:
        assert approvals(tmp_path, tmp_path / "site") is None
    finally:
        os.environ["GIT_CEILING_DIRECTORIES"] = environment


def test_a_repository_without_a_commit_has_drafts_alone(tmp_path: Path) -> None:
    """Right after `git init` nothing is approved."""
    (tmp_path / "site" / "reports").mkdir(parents=True)
    git(tmp_path, "init", "-q", "-b", "main")
    assert approvals(tmp_path, tmp_path / "site") == {}


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        pytest.param("https://github.com/lab/desk.git", "https://github.com/lab/desk", id="https"),
        pytest.param("https://user:secret@github.com/lab/desk", "https://github.com/lab/desk", id="credentials-stay-out"),
        pytest.param("git@github.com:lab/desk.git", "https://github.com/lab/desk", id="ssh"),
        pytest.param("/srv/git/desk.git", "", id="path"),
        pytest.param("https://github.com/lab/desk/x?y=<b>", "", id="odd"),
    ],
)
def test_the_repository_is_named_by_its_remote(desk: Path, remote: str, expected: str) -> None:
    """Pull requests can be linked wherever the clone names a host; a token in the address never reaches a page."""
    git(desk, "remote", "add", "origin", remote)
    assert repository(desk) == expected
