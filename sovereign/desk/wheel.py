"""The wheel of what is running now, built from its own installed files, without a network and without a build tool.

A desk installs what made it. The program is on no index, and a name that is on none can be registered by anybody, so the desk holds the
wheel itself and pins it by its hash. The same files give the same bytes: names are sorted, and nothing is dated by the clock.
https://packaging.python.org/specifications/binary-distribution-format/
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import sovereign
from sovereign import __version__
from sovereign.errors import UsageError

DISTRIBUTION = "sovereign-desk"
_STEM = f"{DISTRIBUTION.replace('-', '_')}-{__version__}"
_WHEEL = "Wheel-Version: 1.0\nGenerator: sovereign\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
# The first day that a zip can name.
_DAY = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = frozenset({"__pycache__"})


def name() -> str:
    """Give the wheel's file name."""
    return f"{_STEM}-py3-none-any.whl"


@cache
def built() -> bytes:
    """Give the wheel's bytes.

    Raises:
        UsageError: The program runs from a bare folder, whose dependencies nothing names.
    """
    try:
        about = distribution(DISTRIBUTION)
    except PackageNotFoundError as error:
        raise UsageError(
            f"{DISTRIBUTION}: expected it to be installed, found it run from a folder", tip="run `make install` first"
        ) from error
    lines, content = [], io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path, data in [*_package(), *_about(about)]:
            archive.writestr(_entry(path), data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            lines.append(f"{path},sha256={digest},{len(data)}")
        record = f"{_STEM}.dist-info/RECORD"
        archive.writestr(_entry(record), "\n".join([*lines, f"{record},,", ""]))
    return content.getvalue()


def _package() -> Iterator[tuple[str, bytes]]:
    root = Path(sovereign.__file__).resolve().parent
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if path.is_file() and not _LEFT_OUT & {*parts} and path.suffix not in {".pyc", ".pyo"}:
            yield f"{root.name}/{'/'.join(parts)}", path.read_bytes()


def _about(of: Distribution) -> Iterator[tuple[str, bytes]]:
    folder = f"{_STEM}.dist-info"
    points = "".join(f"[{group}]\n{lines}\n" for group, lines in _points(of))
    yield f"{folder}/METADATA", _metadata(of).encode()
    yield f"{folder}/WHEEL", _WHEEL.encode()
    yield f"{folder}/entry_points.txt", points.encode()
    for text in ("LICENSE", "NOTICE"):
        if words := of.read_text(f"licenses/{text}"):
            yield f"{folder}/licenses/{text}", words.encode()


def _metadata(of: Distribution) -> str:
    """Give what an installer reads of the program; beside a checkout it lies in a folder that names it otherwise.

    Raises:
        UsageError: It has neither; a wheel without it cannot be installed.
    """
    found = of.read_text("METADATA") or of.read_text("PKG-INFO")
    if not found:
        raise UsageError(f"{DISTRIBUTION}: expected its metadata beside it, found none", tip="run `make install` again")
    return found


def _points(of: Distribution) -> Iterator[tuple[str, str]]:
    groups: dict[str, list[str]] = {}
    for point in of.entry_points:
        groups.setdefault(point.group, []).append(f"{point.name} = {point.value}")
    for group, lines in sorted(groups.items()):
        yield group, "\n".join(sorted(lines))


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
