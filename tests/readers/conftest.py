"""Real papers, each read once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from sovereign.model import Document
from sovereign.readers import archive
from sovereign.readers.html import read_html
from sovereign.readers.pdf import read_pdf
from sovereign.readers.tex import read_latex


def latex_folder(root: Path) -> dict[PurePosixPath, bytes]:
    """Give a folder's files by relative path."""
    return {PurePosixPath(path.relative_to(root).as_posix()): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.fixture(scope="session")
def real_papers(shared_data: Path) -> dict[tuple[str, str], Document]:
    """Give every real paper at hand by form ("latex", "html", "pdf") and name."""
    papers = shared_data / "papers"
    read: dict[tuple[str, str], Document] = {}
    for folder in sorted((papers / "latex").iterdir()):
        read["latex", folder.name] = read_latex(folder.name, latex_folder(folder))
    for path in sorted((papers / "eprint").iterdir()):
        read["latex", path.stem] = read_latex(path.stem, archive.unpack(path.read_bytes()))
    for path in sorted((papers / "html").iterdir()):
        read["html", path.stem] = read_html(path.stem, {PurePosixPath(path.name): path.read_bytes()})
    for path in sorted((papers / "pdf").iterdir()):
        read["pdf", path.stem.split("_")[0]] = read_pdf(path.stem, {PurePosixPath(path.name): path.read_bytes()})
    return read
