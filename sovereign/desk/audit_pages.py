"""A published version rendered again from its record, and held against what stands in the desk, byte for byte."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from sovereign import __version__
from sovereign.adapters import plain_files
from sovereign.desk.audit import Audited, Defect
from sovereign.desk.derive import Wrong
from sovereign.desk.naming import REPORTS
from sovereign.desk.notices import mark_page
from sovereign.errors import PublishError
from sovereign.exports import pages
from sovereign.model import Report

# Typesetting takes longer than all else together, and a letter that its fonts lack may come from the machine's own.
LEFT_OUT = "report.pdf"
_MAX_ARCHIVE_BYTES = 200_000_000


def comparing(root: Path, items: Sequence[Audited]) -> Callable[[Audited], tuple[Sequence[Defect], str]]:
    """Give a function that renders a version again; all versions of its report must be among the items."""
    read = {(item.slug, item.version): item.report for item in items}

    def compare(item: Audited) -> tuple[Sequence[Defect], str]:
        report = read.get((item.slug, item.version))
        earlier = [read.get((item.slug, number)) for number in range(1, item.version)]
        known = [one for one in earlier if one is not None]
        if report is None or len(known) != len(earlier):
            return (), "an earlier version cannot be read"
        made = next((part.version for part in report.parts if part.name == "sovereign"), "")
        if made != __version__:
            return (), f"version {made or '?'} of the program rendered them, and this is {__version__}"
        is_newest = (item.slug, item.version + 1) not in read
        return _differing(root, item, report, known, is_newest=is_newest), ""

    return compare


def _differing(root: Path, item: Audited, report: Report, earlier: Sequence[Report], *, is_newest: bool) -> list[Defect]:
    folder = root / REPORTS / item.slug
    try:
        # The page says whether there is a PDF, so it is rendered with one where one stands; its bytes are not compared.
        rendered = pages.compose(report, version=item.version, earlier=earlier, with_pdf=(folder / f"v{item.version}" / LEFT_OUT).is_file())
    except (PublishError, ValueError) as error:
        return [Defect(item.slug, item.version, Wrong.PAGES, "", f"it cannot be rendered again: {error}")]
    expected = {page.path.as_posix(): page.content for page in rendered if page.path.name != LEFT_OUT}
    if not is_newest:
        expected.pop("index.md", None)
    found = [name for name, content in expected.items() if not _is_same(folder / name, content)]
    held = {path.relative_to(folder).as_posix() for path in plain_files.below(folder / f"v{item.version}")}
    found += [name for name in sorted(held - set(expected)) if not name.endswith(LEFT_OUT)]
    return [Defect(item.slug, item.version, Wrong.PAGES, name, f"{name}: not what record.json gives") for name in sorted(found)]


def _is_same(path: Path, content: bytes) -> bool:
    standing = _standing(path)
    if standing is None or path.suffix != ".zip":
        return standing == content
    return _members(standing) == _members(content)


def _members(data: bytes) -> dict[str, bytes] | None:
    """Give the files of a report's archive but for the typeset one; None where it is none, or larger than one of ours."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            items = archive.infolist()
            if sum(item.file_size for item in items) > _MAX_ARCHIVE_BYTES:
                return None
            return {item.filename: archive.read(item) for item in items if not item.filename.endswith(LEFT_OUT)}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, zlib.error):
        return None


def _standing(path: Path) -> bytes | None:
    """Give a file's bytes, without the notice that a merged recheck put into a landing page."""
    if not path.is_file() or path.is_symlink():
        return None
    try:
        content = plain_files.read(path, _MAX_ARCHIVE_BYTES)
    except ValueError:
        return None
    return (
        mark_page(content.decode("utf-8", "surrogateescape"), ()).encode("utf-8", "surrogateescape") if path.name == "index.md" else content
    )
