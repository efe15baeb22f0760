"""How long things take against what they must take: `python -m benchmarks.speed [NAME …]`, kept in benchmarks/results-speed.json.

Everything is a process of its own, measured from outside: wall time, time on the processor (which a busy machine does not stretch),
peak memory. Ratios are of one run, so that they can be compared between machines.

What profiles of earlier runs taught: the first second of a run is imports and loading data (sklearn alone takes 1.2 s, and is
loaded where claims are weighed; small weights are parsed JSON); a run against arXiv is waiting, so all reading, embedding and claim
drawing must fit between two requests; checking goals is parsing YAML, linear in bytes.

What samples of the stack (py-spy, 50 a second) showed before the sentence reader drew the claims: of twelve invented HTML papers, 29 % went
to drawing claims, 27 % to weighing them (a third of it the network itself), 7 % to typesetting the PDF, 6 % to reading, and 11 % went to
vectors, most of that one question to SQLite for each sentence again and again; now a text is looked up once in a run. Of seven real papers,
four of them PDF, 63 % goes to reading: placing every letter of a page (20 %), putting lines together (17 %) and looking for orders to the
reviewer (16 %). That is what tells hidden words from seen ones, and it runs while arXiv is waited for. Importing is a tenth.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sovereign.adapters import goal_file
from standins import shelf
from standins.github import GitHubStandIn

HERE = Path(__file__).resolve().parent
INTERVAL_S = 3.0
PAPERS = 12
ROUNDS = 150
"""Sections of one invented paper: some 60,000 characters, as much as a real one has."""


@dataclass(frozen=True, slots=True)
class Took:
    """What one process took; seconds and megabytes."""

    wall_s: float
    busy_s: float
    peak_mb: float
    code: int
    out: str


def timed(words: Sequence[str], folder: Path, environ: Mapping[str, str] | None = None) -> Took:
    """Run `sovereign …` in a folder."""
    path = {"PYTHONPATH": str(HERE.parent)}
    with (folder / ".said").open("w+", encoding="utf-8") as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "sovereign", *words], cwd=folder, env=os.environ | path | dict(environ or {}), stdout=said, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        said.seek(0)
        out = said.read()
    process.returncode = os.waitstatus_to_exitcode(status)
    return Took(round(wall, 3), round(used.ru_utime + used.ru_stime, 3), round(used.ru_maxrss / 1024), process.returncode, out)


def _well(took: Took) -> Took:
    if took.code:
        raise SystemExit(f"the benchmark's own run failed ({took.code}): {took.out[-2000:]}")
    return took


def start_up(folder: Path) -> dict[str, Any]:
    """`sovereign --help`, the best of five."""
    runs = [_well(timed(["--help"], folder)) for _ in range(5)]
    return {"help_wall_s": min(run.wall_s for run in runs), "help_busy_s": min(run.busy_s for run in runs)}


def paced(folder: Path) -> dict[str, Any]:
    """A whole keyless run over 12 papers at arXiv's own pace, against the least that the pace allows; then the same goal again."""
    _ask(folder, "arxiv")
    with shelf.arxiv(PAPERS, rounds=ROUNDS) as arxiv:
        environ = {
            "SOVEREIGN_ARXIV_API_URL": arxiv.url,
            "SOVEREIGN_ARXIV_URL": arxiv.url,
            "SOVEREIGN_REHEARSAL_INTERVAL_S": str(INTERVAL_S),
        }
        first = _well(timed(["run", "boats", "--date", "2026-01-02", "-v"], folder, environ))
        requests, pause_s = len(arxiv.asked), arxiv.shortest_pause_s
        again = _well(timed(["run", "boats", "--date", "2026-01-02", "-q"], folder, environ))
        floor_s = INTERVAL_S * requests
        return {
            "requests": requests,
            "floor_s": floor_s,
            "shortest_pause_s": round(pause_s, 2),
            "run_wall_s": first.wall_s,
            "run_over_floor": round(first.wall_s / floor_s, 3),
            "run_busy_s": first.busy_s,
            "run_peak_mb": first.peak_mb,
            "again_requests": len(arxiv.asked) - requests,
            "again_wall_s": again.wall_s,
            "again_busy_s": again.busy_s,
        }


def analysed(folder: Path) -> dict[str, Any]:
    """Twelve full papers from a folder, nothing kept from before."""
    _ask(folder, "folder")
    (folder / "papers").mkdir()
    for at in range(PAPERS):
        (folder / "papers" / f"{at}.html").write_text(shelf.text(at, rounds=ROUNDS), "utf-8")
    chars = sum(path.stat().st_size for path in (folder / "papers").iterdir())
    took = _well(timed(["run", "boats", "--papers", "papers", "--offline", "--date", "2026-01-02", "-q"], folder))
    return {"papers": PAPERS, "characters": chars, "wall_s": took.wall_s, "busy_s": took.busy_s, "peak_mb": took.peak_mb}


def checked(folder: Path) -> dict[str, Any]:
    """`sovereign check` on a thousand goals and on ten thousand."""
    found: dict[str, Any] = {}
    for count in (1_000, 10_000):
        desk = folder / str(count)
        _goals(desk, count)
        took = _well(timed(["check"], desk))
        found |= {f"check_{count}_wall_s": took.wall_s, f"check_{count}_busy_s": took.busy_s, f"check_{count}_peak_mb": took.peak_mb}
    found["check_ten_times_goals_takes_times"] = round(found["check_10000_busy_s"] / found["check_1000_busy_s"], 1)
    return found


def planned(folder: Path) -> dict[str, Any]:
    """`sovereign ci plan` over ten thousand goals of which 9,990 have their report."""
    _goals(folder, 10_000)
    for path in sorted((folder / "goals").glob("*.yaml"))[:9_990]:
        goal = goal_file.load(path)
        report = folder / "site" / "reports" / goal.slug
        report.mkdir(parents=True)
        (report / "index.md").write_text(f'---\ngoal: "{goal.asked_sha256}"\n---\n# Report\n', "utf-8")
    with GitHubStandIn() as hub:
        hub.judge = None
        took = _well(timed(["ci", "plan"], folder, hub.environment))
    return {"plan_wall_s": took.wall_s, "plan_busy_s": took.busy_s, "plan_peak_mb": took.peak_mb}


def _ask(folder: Path, source: str) -> None:
    (folder / "goals").mkdir()
    (folder / "goals" / "boats.yaml").write_text(shelf.goal(sources=source, papers=PAPERS), "utf-8")


def _goals(folder: Path, count: int) -> None:
    (folder / "goals").mkdir(parents=True)
    for at in range(count):
        (folder / "goals" / f"boat-{at}.yaml").write_text(
            f"question: Does wax number {at} help a paper boat to float?\ntags: [wax]\n", "utf-8"
        )


PARTS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "start_up": start_up,
    "analysed": analysed,
    "checked": checked,
    "planned": planned,
    "paced": paced,
}


def main(names: Sequence[str]) -> int:
    """Measure the wanted parts, print and keep them."""
    out = HERE / "results-speed.json"
    kept: dict[str, Any] = json.loads(out.read_text("utf-8")) if out.is_file() else {}
    for name in names or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            load = round(os.getloadavg()[0], 1)
            kept[name] = {**PARTS[name](Path(folder)), "cores": os.cpu_count(), "load_at_start": load}
        print(name, json.dumps(kept[name]))
        out.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
