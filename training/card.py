"""The model card: the words of `card.md` with the figures of a run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

COLUMNS = {
    "pairs": "Pairs",
    "auroc_supported_rest": "AUROC supported : rest",
    "auroc_supported_refuted": "supported : refuted",
    "macro_f1": "Macro-F1",
    "accepted_supported": "Accepted of supported",
    "accepted_refuted": "of refuted",
    "accepted_insufficient": "of insufficient",
    "accepted_refuted_at_recall_0.6": "Refuted accepted at recall 0.60",
    "calibration_error": "Calibration error",
}


def card(results: Mapping[str, Any], size_bytes: int) -> str:
    """Give the model card as Markdown; `results` is what `finish.evaluate` gave."""
    verifier = results["verifier"]
    template = (Path(__file__).parent / "card.md").read_text(encoding="utf-8")
    return template.format(
        size=f"{size_bytes / 1e6:.0f}",
        cost=f"{results['core_ms_per_pair']:.0f}",
        threshold=f"{verifier['threshold']:.3f}",
        sources=_table(results["sources"]),
        suites=_suites(results["suites"]),
        calibration_pairs=verifier["calibration_pairs"],
        calibration_wrong=verifier["calibration_wrong_claims"],
        false_acceptance=_percent(verifier["false_acceptance"]),
        recall=_percent(verifier["recall"]),
        calibration_error=f"{verifier['calibration_error']:.3f}",
        calibrated_on=verifier["calibrated_on"],
    )


def _table(sources: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [f"| {name} | " + " | ".join(_cell(figures.get(key)) for key in COLUMNS) + " |" for name, figures in sources.items()]
    return "\n".join([f"| Source | {' | '.join(COLUMNS.values())} |", "|---" * (len(COLUMNS) + 1) + "|", *rows])


def _suites(suites: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [f"| {kind} | {found['pairs']} | {_percent(found['accepted'])} |" for kind, found in suites.items()]
    return "\n".join(["| Sentence | Pairs | Accepted |", "|---|---|---|", *rows])


def _cell(value: float | None) -> str:
    return "–" if value is None else str(value) if isinstance(value, int) else f"{value:.3f}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"
