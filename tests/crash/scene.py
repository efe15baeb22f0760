"""What the crash tests share: a desk on disk, an arXiv that counts, and a look at what a run left behind."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sovereign.adapters import atomic_files
from standins import shelf
from standins.arxiv import ArxivStandIn
from tests.conftest import ROOT

PAPERS = 4


def desk(folder: Path) -> Path:
    """Make a desk with one goal."""
    (folder / "goals").mkdir(parents=True)
    ask(folder)
    return folder


def ask(folder: Path, papers: int = PAPERS) -> None:
    """Change the goal, by how many papers it takes."""
    (folder / "goals" / "boats.yaml").write_text(shelf.goal(papers=papers), "utf-8")


def start(folder: Path, arxiv: ArxivStandIn, *words: str, die: str = "", limit: str = "") -> subprocess.Popen[str]:
    """Start a run; `limit` is a shell's ulimit, such as "-f 16"."""
    environ = os.environ | {
        "SOVEREIGN_ARXIV_API_URL": arxiv.url,
        "SOVEREIGN_ARXIV_URL": arxiv.url,
        "SOVEREIGN_REHEARSAL_INTERVAL_S": "0.02",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "tests.crash.mortal", str(folder), *(["--die", die] if die else []), *words]
    if limit:
        command = ["sh", "-c", f'ulimit {limit}; exec "$@"', "sh", *command]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for a run; give its exit code and what it said."""
    out, said = process.communicate(timeout=300)
    return process.returncode, out + said


def pages(folder: Path) -> dict[str, str]:
    """Give what stands in the site: every file by name, with its hash; names that start with a dot are not shown by any server or build."""
    root = folder / "site" / "reports"
    found = (path for path in sorted(root.rglob("*")) if path.is_file())
    shown = ((path, path.relative_to(root)) for path in found)
    return {str(name): hashlib.sha256(path.read_bytes()).hexdigest() for path, name in shown if not name.parts[0].startswith(".")}


def kept(folder: Path) -> int:
    """Give how many answers a run has kept."""
    return len(list((folder / ".sovereign" / "cache" / "web" / "answers").rglob("*.json")))


def sent_twice(arxiv: ArxivStandIn) -> list[str]:
    """Give the requests that were made more than once."""
    asked = Counter(f"{asked.path}?{sorted(asked.params.items())}" for asked in arxiv.asked)
    return [name for name, times in asked.items() if times > 1]


def is_whole(left: dict[str, str], whole: dict[str, str]) -> bool:
    """Whether everything that can be seen is part of the undisturbed result: nothing, or the version as a whole, then its landing page."""
    version = {name for name in whole if name.startswith("boats/v1/")}
    seen = set(left)
    return all(whole.get(name) == digest for name, digest in left.items()) and (seen & version in (set(), version))


def leftovers(folder: Path) -> Sequence[str]:
    """Give names that only a run that is under way has, below the site and in the cache."""
    halves = (folder / ".sovereign" / "cache").glob(f"*/{atomic_files.FOLDER}/*")
    return [path.name for path in (*(folder / "site" / "reports").glob(".*"), *halves)]
