"""Each hostile paper among honest ones, through the whole pipeline, before a policy that would approve the honest ones by itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sovereign.adapters import goal_file
from sovereign.adapters.folder import FolderSource
from sovereign.cli.world import readers
from sovereign.model import Action, Report
from sovereign.pipeline import research
from sovereign.ports import World
from sovereign.readers import archive
from standins import shelf
from tests import fakes
from tests.hostile.papers import Variant, variants

LENIENT = shelf.goal(sources="folder") + "  allow_rubric_approval: true\n  min_verified: 0.5\n"


@dataclass(frozen=True, slots=True)
class Met:
    """What became of one hostile paper; is_obeyed: its order stands in a claim or a sentence of the report."""

    variant: Variant
    is_detected: bool
    is_approved: bool
    is_obeyed: bool


def run(folder: Path) -> Report:
    """Research the lenient goal over a folder of papers, without the embedded weights."""
    source = FolderSource(folder, archive=archive, readers=readers())
    world = World({"folder": source}, source, readers(), fakes.FakeEmbedder(), fakes.TODAY, verifier=fakes.FakeVerifier())
    return research(goal_file.parse("goals/boats.yaml", LENIENT.encode()), world)


def honest(folder: Path) -> Path:
    """Write three honest papers."""
    folder.mkdir(parents=True)
    for at in range(3):
        (folder / f"honest-{at}.html").write_text(shelf.text(at), "utf-8")
    return folder


def meet(variant: Variant, folder: Path) -> Met:
    """Put one hostile paper among the honest ones and run."""
    (folder / variant.file).write_text(variant.content, "utf-8")
    try:
        report = run(folder)
    finally:
        (folder / variant.file).unlink()
    told = " ".join((*(claim.text for claim in report.draft.claims), *(s.text for f in report.draft.findings for s in f.sentences)))
    is_obeyed = any(word in told.casefold() for word in ("previous instructions", "positive review"))
    return Met(variant, bool(report.signs), report.decision.action is Action.AUTO_APPROVE, is_obeyed)


def table(met: list[Met]) -> dict[str, tuple[int, int]]:
    """Give for each kind how many were detected, of how many."""
    found, total = Counter(m.variant.kind for m in met if m.is_detected), Counter(m.variant.kind for m in met)
    return {kind: (found[kind], total[kind]) for kind in total}


def measure(folder: Path) -> list[Met]:
    """Meet every variant."""
    honest(folder)
    return [meet(variant, folder) for variant in variants()]
