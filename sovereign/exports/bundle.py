"""A report's files as one zip for reading offline; same files, same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from sovereign.model import Page, Report

# The earliest moment a zip can hold; a clock's time would make two runs differ.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def bundle_name(report: Report, version: int) -> str:
    """Give the zip's file name."""
    return f"{report.goal.slug}-v{version}.zip"


def bundle(pages: Iterable[Page], folder: str) -> bytes:
    """Give a zip of the pages' contents under `folder`, by file name in order.

    Nothing is compressed: deflate's output differs between builds of zlib, and the PDF, the largest file, gains nothing.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as made:
        for page in sorted(pages, key=lambda item: item.path.as_posix()):
            entry = zipfile.ZipInfo(f"{folder}/{page.path.as_posix()}", _MOMENT)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            made.writestr(entry, page.content)
    return buffer.getvalue()
