"""The workflows themselves, run by `act` on this machine: real jobs, real Git, a loopback GitHub and a loopback arXiv.

Third-party actions are stood in for by composite actions of our own (standins/actions), mapped by the very commits that the workflows
pin. Not enforced by act, and therefore not shown here: permissions, concurrency groups, path filters. act 0.2.89 does not know
`queue`, which GitHub has since May 2026, and refuses a workflow that names it; so that one line is left out here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sovereign.desk.initiate import Wanted, desk_files
from standins.arxiv import ArxivStandIn, Record
from standins.github import TOKEN
from tests.conftest import ROOT
from tests.desk.lab import Lab, git

ACT = Path(sys.executable).parent / "act"
STANDINS = ROOT / "standins" / "actions"
TIMEOUT_S = 550
QUEUE = "      queue: max\n"
SITE = "https://lab.github.io/desk/"
_USES = re.compile(r"uses: (actions/[a-z-]+)[a-z/-]*@([0-9a-f]{40})")


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of a workflow: act's exit code, what its steps printed, and each job's result by its name (success, failure)."""

    code: int
    log: str
    jobs: Mapping[str, str]


@dataclass(slots=True)
class Rehearsal:
    """A desk with its workflows, and what they may talk to."""

    lab: Lab
    arxiv: ArxivStandIn
    runs: int = 0
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Path:
        """Where stand-in actions keep artifacts, caches and the site."""
        return self.lab.root / "store"

    @property
    def proved(self) -> dict[str, str]:
        """The SHA-256 of every file whose origin was proved, by its path."""
        kept = self.store / "attested"
        lines = kept.read_text().splitlines() if kept.exists() else []
        return {line.split(maxsplit=1)[1]: line.split(maxsplit=1)[0] for line in lines}

    def install(self) -> None:
        """Put on the main branch what `sovereign init` writes, but for its first goal, and the stand-in for the installation."""
        made = desk_files(Wanted("A rehearsed desk", owner="owner"))
        files = {str(path): content.decode() for path, content in made.items() if path.parts[0] not in {"goals", "vendor"}}
        self.lab.push(files)
        self.simplify(self.lab.home)
        self.lab.push({path.relative_to(self.lab.home).as_posix(): path.read_text() for path in (self.lab.home / ".github").rglob("*.yml")})
        self.lab.hub.settings[""] = {"private": False}
        self.lab.hub.site = {"build_type": "workflow", "html_url": SITE, "status": "built", "cname": None}
        self.store.mkdir(exist_ok=True)

    def simplify(self, desk: Path) -> None:
        """Take out of a desk what this act does not know, and what would install the program anew in each job."""
        for path in (desk / ".github" / "workflows").glob("*.yml"):
            path.write_text(path.read_text().replace(QUEUE, ""))
        (desk / ".github" / "actions" / "setup" / "action.yml").write_text((STANDINS / "setup" / "action.yml").read_text())

    def run(
        self,
        workflow: str,
        event: str,
        payload: Mapping[str, Any] | None = None,
        *,
        branch: str = "main",
        inputs: Iterable[str] = (),
        attempt: int = 1,
    ) -> Ran:
        """Run a workflow on an event, in a clone of the branch; a later attempt finds the artifacts of the run before."""
        self.runs += 1
        folder = self.lab.root / f"run-{self.runs}"
        git(self.lab.root, "clone", "-q", "-b", branch, f"{self.lab.hub.url}/lab/desk", str(folder))
        if attempt == 1:
            shutil.rmtree(self.store / "artifacts", ignore_errors=True)
        (self.store / "artifacts").mkdir(parents=True, exist_ok=True)
        told = {
            "repository": {"default_branch": "main", "full_name": "lab/desk", "name": "desk", "owner": {"login": "lab"}},
            **(payload or {}),
        }
        if event == "schedule":
            # GitHub says nothing of the repository here (github/codeql-action#1211); act would make a branch up where there is no field.
            told = {"schedule": "17 4 * * *", "repository": {"default_branch": ""}}
        event_file = self.lab.root / f"event-{self.runs}.json"
        event_file.write_text(json.dumps(told))
        words = [str(ACT), event, "-W", f".github/workflows/{workflow}", "-e", str(event_file), "-P", "ubuntu-latest=-self-hosted"]
        words += ["--no-skip-checkout", "--json", "-s", f"GITHUB_TOKEN={TOKEN}", "--concurrent-jobs", "2", "--no-cache-server"]
        for name, value in {**self._environment(), "GITHUB_RUN_ATTEMPT": str(attempt)}.items():
            words += ["--env", f"{name}={value}"]
        for item in inputs:
            words += ["--input", item]
        for name, sha in _pinned():
            words += ["--local-repository", f"{name}@{sha}={STANDINS / name.removeprefix('actions/')}"]
        home = self.lab.root / "act-home"
        home.mkdir(exist_ok=True)
        environ = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
        done = subprocess.run(words, cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
        self.lab.hub.attested.update(self.proved.values())
        return Ran(done.returncode, _story(done.stdout) + done.stderr, _jobs(done.stdout))

    def _environment(self) -> dict[str, str]:
        hub = self.lab.hub
        return {
            "GITHUB_API_URL": hub.api_url,
            "GITHUB_SERVER_URL": hub.url,
            "GITHUB_REPOSITORY": hub.repository,
            "SOVEREIGN_ARXIV_API_URL": self.arxiv.url,
            "SOVEREIGN_ARXIV_URL": self.arxiv.url,
            "SOVEREIGN_REHEARSAL_INTERVAL_S": "0.01",
            "REHEARSAL_STORE": str(self.store),
            "REHEARSAL_PYTHON": sys.executable,
            "REHEARSAL_ACTIONS": str(STANDINS),
            "PYTHONPATH": str(ROOT),
            **self.extra,
        }


def _pinned() -> set[tuple[str, str]]:
    texts = (path.read_text() for path in (ROOT / ".github").rglob("*.yml"))
    return {
        (found[1], found[2]) for text in texts for found in _USES.finditer(text) if (STANDINS / found[1].removeprefix("actions/")).is_dir()
    }


def _lines(log: str) -> Iterator[dict[str, Any]]:
    for line in log.splitlines():
        if line.startswith("{"):
            yield json.loads(line)


def _jobs(log: str) -> dict[str, str]:
    """Give each job's result; act names every leg of a matrix alike, so its value is told from the leg's matrix.

    Where one leg of several fails, act calls all of them failed.
    """
    found: dict[str, str] = {}
    for item in _lines(log):
        if item.get("jobResult"):
            name = item["job"].rpartition("/")[2].strip()
            found[f"Research {item['matrix']['slug']}" if item.get("matrix") else name] = item["jobResult"]
    return found


def _story(log: str) -> str:
    """Give what the steps printed, and how each step and job ended."""
    wanted = (item for item in _lines(log) if item.keys() & {"raw_output", "command", "jobResult"} or item.get("stepResult") == "failure")
    return "".join(f"{item.get('job', '')[-24:]}: {item['msg'].rstrip()}\n" for item in wanted)


_PAGE = """<!DOCTYPE html><html><head><title>{title}</title></head><body><article class='ltx_document'>
<h1 class='ltx_title'>{title}</h1><div class='ltx_abstract'><h6>Abstract</h6><p>{abstract}</p></div>
<section class='ltx_section'><h2 class='ltx_title'>1 Introduction</h2><p>Paper boats are old toys. They sink soon.</p></section>
<section class='ltx_section'><h2 class='ltx_title'>2 Results</h2><p>{finding} We looked at three ponds.</p></section>
<section class='ltx_section'><h2 class='ltx_title'>3 Conclusion</h2><p>{finding}</p></section></article></body></html>"""


def shelf() -> tuple[tuple[Record, ...], dict[str, bytes]]:
    """Give invented papers on a made-up subject that agree with each other: records, and their pages."""
    findings = (
        "We find that waxing a paper boat lengthens its floating time by 12 minutes on still water.",
        "Our measurements show that waxed paper boats float 12 minutes longer than bare ones.",
        "The results show that a wax coating reduces the leak rate of paper boats by 40 percent.",
        "We observe that waxed paper boats carry 30 grams more than bare paper boats.",
    )
    records, pages = [], {}
    for number, finding in enumerate(findings, 1):
        name = f"2501.0000{number}"
        title = f"Wax and the floating time of paper boats, study {number}"
        abstract = f"Paper boats sink. We coat paper boats with wax and measure their floating time. {finding}"
        records.append(Record(name, title, abstract, ("Ada Example", "Bo Invented"), ("cs.CL",), published=f"2025-01-0{number}"))
        pages[f"/html/{name}v1"] = _PAGE.format(title=title, abstract=abstract, finding=finding).encode()
    return tuple(records), pages
