"""A desk on this machine whose runs go through `sovereign run` itself; waits are as in earnest, a thousand times shorter."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from sovereign import record
from sovereign.adapters import encoder, local_embedder, web
from sovereign.cli import main
from sovereign.model import Report
from standins import shelf
from tests import fakes

HASTE = web.Patience(
    attempts=3, total_s=4.0, wait_s=0.01, connect_s=0.3, read_s=0.25, answer_s=0.5, rest_s=60.0, retry_after_s=2.0, later_s=0.01
)
"""The same rules as in earnest, shorter: see adapters/web.py."""
SERVICE = """
[tool.sovereign]
model = "here"
{embedder}
[tool.sovereign.models.here]
base_url = "{url}"
chat_model = "some/model"
embedding_model = "some/embedder"
input_type = true
context_tokens = 32000
key_env = "HERE_API_KEY"
attempts = 3
wait_s = 0.01
timeout_s = 0.5
total_s = 3.0
"""
KEY = "nvapi-a-key-that-nobody-shall-see-0123456789"


@cache
def _loaded(kind: Any) -> Any:
    """Give a part that reads its data from disk, made once for all desks."""
    return kind()


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of one run."""

    code: int
    out: str
    said: str
    report: Report | None

    @property
    def core(self) -> str:
        """The record without what it cost, for comparing; empty where there is none."""
        return record.to_json(replace(self.report, cost=None)) if self.report else ""

    @property
    def whys(self) -> tuple[str, ...]:
        """What the report says it could not do."""
        return tuple(f"{gap.step}: {gap.why}" for gap in self.report.gaps) if self.report else ()


class Desk:
    """A folder with one goal, `boats`; the embedded verifier is left out, since it has tests of its own and takes its time."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._patch = patch
        (folder / "goals").mkdir(parents=True)
        self.ask(shelf.goal())
        patch.setattr(web, "PoliteWeb", partial(web.PoliteWeb, patience=HASTE, max_bytes=4 << 20))
        patch.setattr("sovereign.cli.world._verifier", fakes.FakeVerifier)
        patch.setattr(local_embedder, "LocalEmbedder", partial(_loaded, local_embedder.LocalEmbedder))
        patch.setattr(encoder, "OnnxReader", partial(_loaded, encoder.OnnxReader))
        patch.setenv("SOVEREIGN_REHEARSAL_INTERVAL_S", "0.0")
        patch.setenv("HERE_API_KEY", KEY)

    def ask(self, goal: str) -> None:
        """Write the goal."""
        (self.folder / "goals" / "boats.yaml").write_text(goal, "utf-8")

    def use(self, url: str, *, embeds: bool = False) -> None:
        """Set up a model service."""
        embedder = 'embedder = "here"' if embeds else ""
        (self.folder / "pyproject.toml").write_text(SERVICE.format(url=url, embedder=embedder), "utf-8")

    def run(self, *words: str, environ: Mapping[str, str] | None = None) -> Ran:
        """Run the goal."""
        out, said = io.StringIO(), io.StringIO()
        with self._patch.context() as patch, redirect_stdout(out), redirect_stderr(said):
            patch.chdir(self.folder)
            for name, value in (environ or {}).items():
                patch.setenv(name, value)
            code = main(["run", "boats", "--no-pdf", "--date", "2026-01-02", *words])
        path = self.folder / "site" / "reports" / "boats" / "v1" / "record.json"
        report = record.from_json(path.read_text("utf-8")) if path.is_file() else None
        return Ran(code, out.getvalue(), said.getvalue(), report)

    def everything_kept(self) -> bytes:
        """Give every byte that lies in the desk, for looking for secrets."""
        return b"\0".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file() and path.name != "pyproject.toml")

    def events(self) -> list[dict[str, Any]]:
        """Give the event log of the last run."""
        logs = sorted((self.folder / ".sovereign" / "runs").glob("*.jsonl"))
        return [json.loads(line) for line in logs[-1].read_text("utf-8").splitlines()] if logs else []
