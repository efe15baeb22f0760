"""Reports as folders below the site's sources: `<root>/<slug>/v1/…` and `<root>/<slug>/index.md`.

A version that Git tracks on the main branch is approved and frozen; an untracked one is a draft, and the next run replaces it.
Everything is written aside first and then renamed, so a reader, or a crash, never sees half a report.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sovereign import record
from sovereign.adapters import plain_files
from sovereign.errors import PublishError
from sovereign.model import Page
from sovereign.text import counted

_VERSION = re.compile(r"v([1-9]\d*)")
RECORD = "record.json"


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the next report of a slug goes.

    Attributes:
        version: Its number.
        earlier: The records (JSON) of versions 1 to version - 1, in order.
        is_same: Whether this very record is already there as `version`; then there is nothing to publish.
    """

    version: int
    earlier: tuple[str, ...]
    is_same: bool = False


class SiteDir:
    """The publisher that writes into the site's sources."""

    def __init__(self, root: Path, *, is_frozen: Callable[[Path], bool] | None = None) -> None:
        """Publish below `root` (`site/reports`); `is_frozen` tells whether a version's folder must stay as it is (default: none)."""
        self.root = root
        self._is_frozen = is_frozen or (lambda _: False)

    def slot(self, slug: str, record: str) -> Slot:
        """Give the version that a report with this record (JSON) gets: the draft's own, else the next; the same one if it is there.

        Raises:
            PublishError: A version's record is missing, or cannot be read.
        """
        versions = self._versions(slug)
        is_draft = bool(versions) and not self._is_frozen(self.root / slug / f"v{versions[-1]}")
        if versions and self._record(slug, versions[-1]) == record and not (is_draft and self._is_unfinished(slug)):
            return Slot(versions[-1], self._records(slug, versions[-1]), is_same=True)
        version = (versions[-1] if versions else 0) + (0 if is_draft else 1)
        return Slot(version, self._records(slug, version))

    def publish(self, slug: str, pages: Sequence[Page]) -> Path:
        """Write a report's pages and give the folder of its version (or of the report, where the pages make no version).

        Raises:
            PublishError: The version is frozen, or the disk refused; what stood there before still stands.
        """
        home = self.root / slug
        folders = sorted({page.path.parts[0] for page in pages if len(page.path.parts) > 1})
        if len(folders) > 1 or not all(_VERSION.fullmatch(name) for name in folders):
            raise PublishError(f"{home}: expected the pages of one version, got {', '.join(folders)}")
        target = home / folders[0] if folders else home
        if folders and target.is_dir() and self._is_frozen(target):
            raise PublishError(f"{target}: this version is approved and never changes", tip="publish the report as the next version")
        try:
            self._write(home, folders[0] if folders else "", pages)
        except OSError as error:
            raise PublishError(
                f"{home}: expected to write {counted(len(pages), 'file')}: {error.strerror or error}", tip=_tip(error)
            ) from error
        return target

    def _write(self, home: Path, version: str, pages: Sequence[Page]) -> None:
        home.mkdir(parents=True, exist_ok=True)
        with _alone(home):
            self._write_alone(home, version, pages)

    def _write_alone(self, home: Path, version: str, pages: Sequence[Page]) -> None:
        self._tidy(home.name)
        staged = Path(tempfile.mkdtemp(prefix=f".new-{home.name}-", dir=self.root))
        try:
            for page in pages:
                _write_file(staged / page.path, page.content)
            if version:
                self._swap(staged / version, home / version)
            # The landing page links to the version, so it comes last.
            for page in pages:
                if len(page.path.parts) == 1:
                    (staged / page.path).replace(home / page.path)
            _sync(home)
        finally:
            shutil.rmtree(staged, ignore_errors=True)

    def _swap(self, new: Path, target: Path) -> None:
        """Put the new folder in the old one's place; the old one comes back if that fails."""
        if not target.exists():
            new.replace(target)
            return
        old = self.root / f".old-{target.parent.name}-{target.name}"
        target.replace(old)
        try:
            new.replace(target)
        except OSError:
            old.replace(target)
            raise
        shutil.rmtree(old, ignore_errors=True)

    def _is_unfinished(self, slug: str) -> bool:
        """Whether a run was killed while it wrote: the version may stand there without its landing page."""
        return bool(self._staged(slug)) or not (self.root / slug / "index.md").is_file()

    def _staged(self, slug: str) -> list[Path]:
        # mkdtemp's own ending has no dash, so that a longer slug's folder is not taken for this one's.
        return [path for path in self.root.glob(f".new-{slug}-*") if "-" not in path.name.removeprefix(f".new-{slug}-")]

    def _tidy(self, slug: str) -> None:
        """Clear away what a run that was killed left behind: an old version with no successor is put back."""
        for old in self.root.glob(f".old-{slug}-v*"):
            target = self.root / slug / old.name.rpartition("-")[2]
            if old.name == f".old-{slug}-{target.name}":
                shutil.rmtree(old) if target.exists() else old.replace(target)
        for staged in self._staged(slug):
            shutil.rmtree(staged, ignore_errors=True)

    def _versions(self, slug: str) -> list[int]:
        home = self.root / slug
        if not home.is_dir():
            return []
        return sorted(int(found[1]) for path in home.iterdir() if path.is_dir() and (found := _VERSION.fullmatch(path.name)))

    def _records(self, slug: str, version: int) -> tuple[str, ...]:
        return tuple(self._record(slug, number) for number in range(1, version))

    def _record(self, slug: str, version: int) -> str:
        path = self.root / slug / f"v{version}" / RECORD
        try:
            return plain_files.text(path, record.MAX_BYTES)
        except ValueError as error:
            raise PublishError(f"{path}: expected the record of version {version}: {error}", tip="restore the folder from Git") from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a folder against other runs of the same goal on this machine; the lock goes with the process, however it ends."""
    try:
        import fcntl
    except ImportError:  # pragma: no cover  # Windows: two runs of one goal at once are the user's to avoid
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Make the renames in a folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _tip(error: OSError) -> str:
    return {
        28: "free some space on the disk and run again; nothing was changed",
        13: "make the folder writable and run again; nothing was changed",
        30: "the file system is read-only; give another folder with --out",
    }.get(error.errno or 0, "nothing was changed; mend the cause and run again")
