"""A desk through a year: nothing is lost, nothing is done twice, and the last day costs what the first one did."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from standins.github import GitHubStandIn
from tests.desk import year
from tests.desk.year import Year, live, quarters, table

# A job's token has 1,000 an hour: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
REQUESTS_AN_HOUR = 1000


def told(lived: Year) -> None:
    """Hold what became of everything against what people asked."""
    assert lived.lost() == []
    assert lived.twice() == []
    newest = {
        pull["number"]: max((one for one, under in lived.wished.items() if under == pull["number"]), default=0)
        for pull in lived.hub.open_pulls()
    }
    heard = {number: year.mark_of(lived.hub.pulls[number]) for number in newest}
    assert [number for number, wish in newest.items() if wish and (mark := heard[number]) and mark.revision != wish] == []
    assert {slug for slug in lived.ticked if slug in lived.files} <= {slug for slug, count in lived.followed.items() if count}


def test_a_week_of_a_small_desk(tmp_path: Path, hub: GitHubStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same as below, in small: outages aside, everything that happens in a year happens."""
    lived, days = live(tmp_path, hub, monkeypatch, days=8, goals=40, published=10)

    told(lived)
    assert sum(day.jobs for day in days) > 50
    assert max(sum(day.requests.values()) for day in days) < REQUESTS_AN_HOUR
    # The broken ones come first by name, and the others were researched all the same.
    assert len({slug for _, slug, _, _ in lived.landed}) > 25


@pytest.mark.slow
def test_a_year_of_five_thousand_goals(tmp_path: Path, hub: GitHubStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs, approvals, refusals, rewordings, outages, withdrawn papers, day after day: time, memory and requests stay flat."""
    lived, days = live(tmp_path, hub, monkeypatch, days=365, goals=5000, published=2000)
    second, *_, last = quarters(days)[1:]

    told(lived)
    assert len(lived.landed) > 2500
    for step in ("plan", "board", "commit"):
        early, late = (
            median(day.spent_s.get(step, 0.0) / max(1, day.jobs if step == "commit" else 1) for day in part) for part in (second, last)
        )
        assert late < 2.0 * early, table(days)
    assert last[-1].most_mb < 1.25 * second[-1].most_mb, table(days)
    assert max(sum(day.requests.values()) for day in days) < REQUESTS_AN_HOUR, table(days)
