"""The job that a command runs in: what GitHub Actions says by its environment, and what is handed back to it.

https://docs.github.com/actions/reference/variables-reference, and workflow-commands for the files of outputs and of the summary.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sovereign.desk.naming import branch_for
from sovereign.desk.pull_body import Place
from sovereign.errors import UsageError

# https://docs.github.com/actions/reference/limits: 1 MiB a step; a summary over it is not shown at all.
_MAX_SUMMARY_BYTES = 1_000_000
API_URL, SERVER_URL = "https://api.github.com", "https://github.com"
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Workflow:
    """One job of a workflow, or a person's shell with the same variables set.

    Attributes:
        base: The main branch.
        number: The run's number within its workflow; run: its id.
    """

    repository: str
    base: str = "main"
    token: str = field(default="", repr=False)
    api_url: str = API_URL
    server_url: str = SERVER_URL
    run: str = ""
    number: int = 0
    output_file: Path | None = None
    summary_file: Path | None = None

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Workflow:
        """Give the job that the environment tells of.

        Raises:
            UsageError: There is none.
        """
        repository = environ.get("GITHUB_REPOSITORY", "")
        if not _REPOSITORY.fullmatch(repository):
            tip = "these commands are the steps of the workflows; to try one, set GITHUB_REPOSITORY=owner/name and GITHUB_TOKEN"
            raise UsageError(f"GITHUB_REPOSITORY: expected owner/name, got {repository!r}", tip=tip)
        number = environ.get("GITHUB_RUN_NUMBER", "")
        output, summary = environ.get("GITHUB_OUTPUT", ""), environ.get("GITHUB_STEP_SUMMARY", "")
        return cls(
            repository=repository,
            base=environ.get("SOVEREIGN_BASE", "") or "main",
            token=environ.get("GITHUB_TOKEN", ""),
            api_url=environ.get("GITHUB_API_URL", "") or API_URL,
            server_url=environ.get("GITHUB_SERVER_URL", "") or SERVER_URL,
            run=environ.get("GITHUB_RUN_ID", ""),
            number=int(number) if number.isdecimal() else 0,
            output_file=Path(output) if output else None,
            summary_file=Path(summary) if summary else None,
        )

    @property
    def run_url(self) -> str:
        """The page of this run, with its log."""
        return f"{self.server_url}/{self.repository}/actions/runs/{self.run}"

    def place(self, slug: str) -> Place:
        """Give where a goal's draft can be looked at."""
        return Place(f"{self.server_url}/{self.repository}", branch_for(slug), self.run_url)

    def output(self, name: str, value: str) -> None:
        """Hand a value to the jobs that follow; any text, since its end is marked by a word that nobody can guess."""
        if self.output_file is not None:
            end = f"end-{secrets.token_hex(16)}"
            with self.output_file.open("a", encoding="utf-8") as stream:
                stream.write(f"{name}<<{end}\n{value}\n{end}\n")

    def summarise(self, text: str) -> None:
        """Add Markdown to the run's page; what is over GitHub's limit is left out, with a word that says so."""
        if self.summary_file is not None:
            kept = text.encode("utf-8")
            if len(kept) > _MAX_SUMMARY_BYTES:
                kept = kept[:_MAX_SUMMARY_BYTES].rsplit(b"\n", 1)[0] + b"\n\nThe rest is in the log: a summary holds 1 MiB.\n"
            with self.summary_file.open("ab") as stream:
                stream.write(kept + b"\n")
