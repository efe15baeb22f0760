"""What jobs hand on to each other ages, and a failure of yesterday is not told today."""

from __future__ import annotations

import os
from pathlib import Path

from sovereign.desk import job_cache
from sovereign.desk.plan import Job, Why
from sovereign.errors import SourceError, SovereignError

JOB = Job("x", "0" * 64, Why.NEW)


def test_failure_is_handed_on_as_it_was(tmp_path: Path) -> None:
    """The job that cannot ask for itself raises what the job that asked has met."""
    assert job_cache.noted(JOB, tmp_path) is None
    job_cache.note("x", SourceError("arXiv answers 503", tip="try later"), tmp_path)

    error = job_cache.noted(JOB, tmp_path)

    assert isinstance(error, SovereignError)
    assert (error.message, error.tip, error.exit_code) == ("arXiv answers 503", "try later", 3)


def test_old_answers_and_old_failures_go(tmp_path: Path) -> None:
    """A fortnight is kept; failures only as long as the run that met them."""
    for name, age_s in (("old", job_cache.KEEP_S + 10), ("new", job_cache.KEEP_S - 10)):
        path = tmp_path / "web" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
        os.utime(path, (1e9 - age_s, 1e9 - age_s))
    job_cache.note("x", SourceError("arXiv answers 503"), tmp_path)

    assert job_cache.tidy(tmp_path, now_s=1e9) == 1
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["new"]
    assert job_cache.tidy(tmp_path / "nowhere") == 0
