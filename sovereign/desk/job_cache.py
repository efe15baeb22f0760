"""What one step of a job fetched and hands to the next in .sovereign/cache: kept for a fortnight, with word of what could not be had."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from sovereign.adapters import atomic_files, plain_files
from sovereign.desk import results
from sovereign.desk.plan import Job
from sovereign.errors import SovereignError

FOLDER = Path(".sovereign") / "cache"
_FAILURES = "failures"
KEEP_S = 14 * 86_400.0


def tidy(folder: Path = FOLDER, now_s: float | None = None) -> int:
    """Remove what is older than a fortnight, and every failure of an earlier run; give how many files went.

    On a machine of the desk's own it would grow without end, and e-prints are not ours to hoard.
    """
    shutil.rmtree(folder / _FAILURES, ignore_errors=True)
    atomic_files.sweep(folder, now_s)
    before = (time.time() if now_s is None else now_s) - KEEP_S
    old = [path for path in plain_files.below(folder) if path.lstat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def note(slug: str, error: SovereignError, folder: Path = FOLDER) -> None:
    """Keep why a goal's papers could not be fetched, for the job that would otherwise say only that nothing is kept."""
    results.write(folder / _FAILURES / slug, slug, error)


def noted(job: Job, folder: Path = FOLDER) -> SovereignError | None:
    """Give the error that was noted for a goal in this run; None where there is none."""
    place = folder / _FAILURES / job.slug
    return results.read_failure(place, job) if place.is_dir() else None
