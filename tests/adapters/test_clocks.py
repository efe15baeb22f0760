"""Clocks that go backwards, days that no calendar here has, and hours that come twice."""

from __future__ import annotations

import subprocess
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from sovereign.adapters import retry_after
from sovereign.adapters.arxiv import _fault
from sovereign.adapters.crossref import _day as crossref_day
from sovereign.adapters.github_answers import wait_s
from sovereign.adapters.openai.meter import Gate
from sovereign.adapters.openalex import _day as openalex_day
from sovereign.adapters.web import Pacer
from sovereign.desk import reminders
from sovereign.site import approvals


@pytest.mark.parametrize(
    ("value", "date", "expected"),
    [
        pytest.param("Fri, 31 Dec 9999 23:59:59 GMT", "", retry_after.LONGEST_S, id="the last second there is"),
        pytest.param("Sat, 01 Jan 10000 00:00:00 GMT", "", None, id="the one after it"),
        pytest.param("Mon, 01 Jan 0001 00:00:00 +1200", "", 0.0, id="before the first"),
        pytest.param("Sun, 29 Mar 2026 03:30:00 +0200", "Sun, 29 Mar 2026 01:29:00 GMT", 60.0, id="an hour that was left out"),
        pytest.param("Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:27:00 GMT", 60.0, id="a server that lives in the past"),
    ],
)
def test_what_a_server_asks_for(value: str, date: str, expected: float | None) -> None:
    """Whatever moment it names."""
    assert retry_after.asked_s(value, date) == expected


@pytest.mark.parametrize("off_s", [-86_400.0 * 365, 0.0, 86_400.0], ids=["our clock is ahead", "it is right", "it is behind"])
def test_a_spent_limit_is_counted_by_the_server_s_clock(off_s: float) -> None:
    """GitHub says when it takes requests again, by its own clock; ours may stand anywhere."""
    there = time.time() + off_s
    date = format_datetime(datetime.fromtimestamp(there, UTC))
    headers = httpx.Headers({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(there) + 30), "date": date})

    assert wait_s("GET", 403, headers, b"", 1) == pytest.approx(30.0, abs=2.0)


@pytest.mark.parametrize("year", ["10000", "99999", "0", "-1", "2024-13"])
def test_days_that_are_none(year: str) -> None:
    """No index's date stops a search: the paper has none, or is named in a Gap."""
    from lxml import etree

    entry = etree.fromstring(
        f'<entry xmlns="http://www.w3.org/2005/Atom"><id>http://arxiv.org/abs/2401.00001v1</id><title>Boats</title>'
        f"<updated>{year}-01-01T00:00:00Z</updated><published>{year}-01-01T00:00:00Z</published></entry>"
    )

    assert "date" in _fault(entry)
    assert openalex_day(f"{year}-01-01") is None
    assert crossref_day({"date-parts": [[int(year.rsplit("-", maxsplit=1)[-1]) * 10_000 + 10_000, 1, 1]]}) is None


def test_a_commit_of_another_age(tmp_path: Path) -> None:
    """A commit whose clock stood beyond the year 9999 lets a report in on a day that is not known."""
    folder = tmp_path / "site" / "reports" / "boats" / "v1"
    folder.mkdir(parents=True)
    (folder / "record.json").write_text("{}")

    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=Example", "-c", "user.email=e@example.org", *words], cwd=tmp_path, check=True)

    git("init", "-q", "-b", "main")
    git("add", ".")
    tree = subprocess.run(["git", "write-tree"], cwd=tmp_path, check=True, capture_output=True, text=True).stdout.strip()
    raw = f"tree {tree}\nauthor A <a@example.org> 300000000000 +0000\ncommitter A <a@example.org> 300000000000 +0000\n\nAdd it\n"
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"], input=raw, cwd=tmp_path, check=True, capture_output=True, text=True
    )
    git("update-ref", "refs/heads/main", made.stdout.strip())

    found = approvals.approvals(tmp_path, tmp_path / "site")

    assert found is not None
    assert [approval.when for approval in found.values()] == [None]


@pytest.mark.parametrize("jump_s", [-86_400.0, 86_400.0, 1e11, -1e11], ids=["a day back", "a day ahead", "beyond 5000", "before 1"])
def test_the_clock_is_set_while_a_turn_is_waited_for(jump_s: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what the ledger says nobody waits longer than an interval, whatever the time of day is by then."""
    now, told = [100.0], [1_800_000_000.0]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds
        told[0] += seconds

    monkeypatch.setattr(time, "time", lambda: told[0])
    for _ in range(3):
        with Pacer(3.0, margin_s=0.0, ledger=tmp_path / "pace", clock=lambda: now[0], sleep=sleep).turn():
            told[0] += jump_s

    assert sum(slept) <= 6.0


def test_a_machine_sleeps_while_a_turn_is_waited_for() -> None:
    """Wherever the clock counts that time, the turn comes at once after it, and the next an interval later."""
    now, slept = [0.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += 86_400.0 if len(slept) == 1 else seconds

    pacer, gate = Pacer(3.0, margin_s=0.0, clock=lambda: now[0], sleep=sleep), Gate(3.0, clock=lambda: now[0], sleep=sleep)
    for _ in range(3):
        with pacer.turn():
            pass
    assert slept == [3.0, 3.0]

    slept.clear()
    for _ in range(3):
        gate.wait()
    assert slept == [3.0, 3.0]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "EST5EDT,M3.2.0,M11.1.0", "Pacific/Kiritimati", "No/Such"])
@pytest.mark.skipif(not hasattr(time, "tzset"), reason="needs a zone that can be set")
def test_hours_that_come_twice(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reminders, pauses and what is kept count in one time everywhere, whatever the zone does to its hours."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        moment = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # the second half past two in Berlin
        assert not reminders.is_due(["2026-10-11T02:00:00Z"], moment)
        assert reminders.is_due(["2026-10-11T01:30:00Z"], moment)
        asked = retry_after.asked_s("Sun, 25 Oct 2026 01:30:00 GMT", "Sun, 25 Oct 2026 00:30:00 GMT")
    finally:
        monkeypatch.undo()
        time.tzset()

    assert asked == 3600.0
