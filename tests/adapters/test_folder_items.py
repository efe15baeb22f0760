"""Papers of a folder are told from their bytes, and their bytes are read again when somebody reads them: nothing is held."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import pytest

from sovereign.adapters import folder_items
from sovereign.adapters.folder import FolderSource
from sovereign.adapters.reader_memory import RememberingReader
from sovereign.model import Document, Form, GapKind, Query
from sovereign.readers import archive
from sovereign.readers.html import read_html
from sovereign.readers.tex import read_latex
from standins import shelf
from tests.adapters.test_plain_files import box, no_root, pipe, posix
from tests.readers.test_archive import TEX

READERS = {Form.HTML: read_html, Form.LATEX: read_latex}


def source(folder: Path) -> FolderSource:
    """Give the papers of a folder."""
    return FolderSource(folder, archive=archive, readers=READERS)


def packed(path: Path, size: int) -> None:
    """Write a small archive that unfolds to a large paper."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("main.tex", TEX)
        made.writestr("notes.txt", b" " * size)


def test_small_archives_that_unfold(tmp_path: Path) -> None:
    """Twenty archives of 5 kB hold 80 MB; of them no more than a few are held at a time."""
    import tracemalloc

    for number in range(20):
        packed(tmp_path / f"{number}.zip", (4 << 20) + number)

    def reader(paper: str, files: Mapping[PurePosixPath, bytes]) -> Document:
        return Document(paper, Form.LATEX, f"It floats on {sum(map(len, files.values()))} bytes.")

    tracemalloc.start()
    try:
        papers = FolderSource(tmp_path, archive=archive, readers={Form.LATEX: reader})
        found = papers.search([Query("q1", raw="anything")], limit=10)[0]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert found.papers
    assert peak < 32 << 20


def test_a_paper_that_changes_meanwhile(tmp_path: Path) -> None:
    """Is not read as another: the reader meets an error in words, the run a Gap."""
    path = tmp_path / "boats.html"
    path.write_text(shelf.text(3))
    papers = source(tmp_path)
    (found,) = papers.search([Query("q1", raw="anything")], limit=10)
    path.write_text(shelf.text(4))
    ((_, (fetched,), _),) = papers.fetch(found.papers)

    with pytest.raises(ValueError, match="it was changed while the folder was read"):
        RememberingReader(read_html)("p", fetched.files)
    path.unlink()
    with pytest.raises(ValueError, match="cannot be read"):
        RememberingReader(read_html)("p", fetched.files)


def test_files_are_a_mapping() -> None:
    """As any reader may ask them."""
    name, read = PurePosixPath("a.html"), list[int]()

    def again() -> dict[PurePosixPath, bytes]:
        read.append(1)
        return {name: b"boats"}

    item = folder_items.found(Form.HTML, PurePosixPath("x/a.html"), {name: b"boats"}, again)

    assert (len(item.files), list(item.files), item.size, read) == (1, [name], 5, [])
    assert (item.files[name], dict(item.files.items()), list(item.files.values())) == (b"boats", {name: b"boats"}, [b"boats"])
    assert PurePosixPath("b") not in item.files
    assert len(read) == 3


def test_the_same_bytes_have_the_same_hash(tmp_path: Path) -> None:
    """However they are packed; names count where there are several."""
    packed(tmp_path / "a.zip", 3)
    packed(tmp_path / "b.zip", 3)
    packed(tmp_path / "c.zip", 4)
    ids: set[str] = set()

    def reader(paper: str, files: Mapping[PurePosixPath, bytes]) -> Document:
        ids.add(paper)
        return Document(paper, Form.LATEX, "It floats.")

    FolderSource(tmp_path, archive=archive, readers={Form.LATEX: reader})

    assert len(ids) == 2


@posix
def test_what_is_odd_in_a_latex_folder(tmp_path: Path) -> None:
    """Pipes, sockets and shut folders below it are told too, once, and its paper is read."""
    sub = tmp_path / "paper" / "sections"
    sub.mkdir(parents=True)
    (tmp_path / "paper" / "main.tex").write_bytes(TEX)
    pipe(tmp_path / "paper" / "in.tex")
    box(sub / "more.tex")
    (sub / "again").symlink_to(tmp_path)

    found = source(tmp_path).search([Query("q1", raw="anything")], limit=10)[0]

    assert len(found.papers) == 1
    assert sorted((gap.subject, gap.kind) for gap in found.gaps) == [
        ("paper/in.tex", GapKind.REJECTED),
        ("paper/sections/more.tex", GapKind.REJECTED),
    ]


@posix
@no_root
def test_a_shut_part_of_a_latex_folder(tmp_path: Path) -> None:
    """Is a Gap, as everywhere."""
    (tmp_path / "paper" / "shut").mkdir(parents=True)
    (tmp_path / "paper" / "main.tex").write_bytes(TEX)
    (tmp_path / "paper" / "shut").chmod(0)
    try:
        found = source(tmp_path).search([Query("q1", raw="anything")], limit=10)[0]
    finally:
        (tmp_path / "paper" / "shut").chmod(0o700)

    assert [gap.subject for gap in found.gaps] == ["paper/shut"]


DEEP = 1200


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """Give a folder whose folders go deeper than a path may be long, and take it away again: pytest's own tidying cannot."""
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        for _ in range(DEEP):
            Path("down").mkdir()
            os.chdir("down")
        os.chdir(here)
        yield tmp_path
        os.chdir(tmp_path)
        for _ in range(DEEP - 1):
            os.chdir("down")
        for _ in range(DEEP):
            Path("down").rmdir()
            os.chdir("..")
    finally:
        os.chdir(here)


def test_a_folder_that_goes_down_for_ever(deep: Path) -> None:
    """Deeper than a path may be long: what is above is read."""
    (deep / "boats.html").write_text(shelf.text(3))

    found = source(deep).search([Query("q1", raw="anything")], limit=10)[0]

    assert [paper.location for paper in found.papers] == ["boats.html"]
    assert [gap.kind for gap in found.gaps] == [GapKind.LIMIT]
