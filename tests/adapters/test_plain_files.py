"""Files as they come: pipes, devices, links, holes, names that are no text, and what may not be read."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

import pytest

from sovereign.adapters import plain_files
from sovereign.adapters.folder import FolderSource
from sovereign.cli.unchanged import _files
from sovereign.cli.world import readers
from sovereign.errors import UsageError
from sovereign.model import GapKind, Query
from sovereign.readers import archive
from standins import shelf

posix = pytest.mark.skipif(os.name != "posix", reason="needs pipes and devices")
no_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")


def pipe(path: Path) -> None:
    """Make a pipe on which nobody writes."""
    os.mkfifo(path)


def hole(path: Path) -> None:
    """Make a file of 20 GB that holds nothing."""
    with path.open("wb") as file:
        file.truncate(20 << 30)


def unreadable(path: Path) -> None:
    """Make a file that may not be read."""
    path.write_text("secret")
    path.chmod(0)


def device(path: Path) -> None:
    """Make a link to a device without end."""
    path.symlink_to("/dev/zero")


def box(path: Path) -> None:
    """Make a socket."""
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


ODD = [
    pytest.param(pipe, "a pipe", id="pipe"),
    pytest.param(hole, "larger than 1 MB", id="20 GB of nothing"),
    pytest.param(unreadable, "cannot be read: Permission denied", id="unreadable", marks=no_root),
    pytest.param(device, "a device", id="device"),
    pytest.param(box, "cannot be read|a socket", id="socket"),
    pytest.param(Path.mkdir, "a folder", id="folder"),
]


@posix
@pytest.mark.parametrize(("make", "words"), ODD)
def test_what_is_no_plain_file_is_refused(make: object, words: str, tmp_path: Path) -> None:
    """In words, at once, without reading it."""
    path = tmp_path / "paper.pdf"
    make(path)  # type: ignore[operator]  # a table of makers

    with pytest.raises(ValueError, match=words):
        plain_files.read(path, 1 << 20)


def test_a_plain_file_is_read(tmp_path: Path) -> None:
    """Up to its bound; its hash is that of its bytes."""
    path = tmp_path / "a"
    path.write_bytes(b"x" * 3_000_000)

    assert plain_files.read(path, 3_000_000) == path.read_bytes()
    assert plain_files.sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(ValueError, match="larger than 2 MB"):
        plain_files.read(path, 2 << 20)


@posix
@pytest.mark.parametrize("make", [pipe, hole, pytest.param(unreadable, marks=no_root), box])
@pytest.mark.parametrize("name", ["odd.pdf", "odd.tex", "odd.bib", "odd.zip", "odd.mp4"])
def test_a_folder_holds_odd_files(make: object, name: str, tmp_path: Path) -> None:
    """The paper beside it is found; what looks like a paper is a Gap; nothing is waited for."""
    (tmp_path / "good.html").write_text(shelf.text(3))
    make(tmp_path / name)  # type: ignore[operator]  # a table of makers

    found = FolderSource(tmp_path, archive=archive, readers=readers()).search([Query("q1", raw="anything")], limit=10)[0]

    assert [paper.location for paper in found.papers] == ["good.html"]
    assert [gap.subject for gap in found.gaps] == [name]


@posix
@no_root
def test_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    """It is a Gap below the root, and an error in words as the root."""
    (tmp_path / "good.html").write_text(shelf.text(3))
    (tmp_path / "shut").mkdir(mode=0)
    try:
        found = FolderSource(tmp_path, archive=archive, readers=readers()).search([Query("q1", raw="anything")], limit=10)[0]
        with pytest.raises(UsageError, match="no paper"):
            FolderSource(tmp_path / "shut", archive=archive, readers=readers())
    finally:
        (tmp_path / "shut").chmod(0o700)

    assert [(gap.subject, gap.kind) for gap in found.gaps] == [("shut", GapKind.UNREADABLE)]


@posix
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    """Bytes in a name that are no UTF-8 stop neither the reading nor the hash of the folder."""
    name = os.fsdecode(b"boats-\xff.html")
    try:
        (tmp_path / name).write_text(shelf.text(3))
    except OSError:
        pytest.skip("this file system takes UTF-8 names alone")

    found = FolderSource(tmp_path, archive=archive, readers=readers()).search([Query("q1", raw="anything")], limit=10)[0]

    assert [paper.location for paper in found.papers] == ["boats-\N{REPLACEMENT CHARACTER}.html"]
    assert [os.fsencode(path.name) for path in _files(tmp_path)] == [b"boats-\xff.html"]
