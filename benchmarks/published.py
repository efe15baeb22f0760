"""What was measured, as the package carries it: `python -m benchmarks.published` writes `sovereign/data/measured.json`.

The method page of this repository reads the results themselves; a desk elsewhere has only the package, and its readers want to
know as well how often the program is wrong. The file holds what that page shows and no more.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "sovereign" / "data" / "measured.json"
# Part of the file -> (where the results lie, which of their keys the page shows; all where none is named).
_PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "results": (
        "benchmarks/results.json",
        ("versions", "accuracy", "perturbed", "claim_sentences", "relevance", "ranking", "answers", "throughput"),
    ),
    "tribunal": ("benchmarks/results-tribunal.json", ("tables",)),
    "trained": ("training/results.json", ("sources", "suites", "reliability")),
    "speed": ("benchmarks/results-speed.json", ()),
    "faults": ("benchmarks/results-faults.json", ()),
}


def measured(root: Path = ROOT) -> dict[str, Any]:
    """Give the parts of the results that the method page shows, by name; a part that was not measured is left out."""
    found: dict[str, Any] = {}
    for name, (path, keys) in _PARTS.items():
        if (root / path).is_file():
            part = json.loads((root / path).read_text(encoding="utf-8"))
            found[name] = {key: part[key] for key in keys or part if key in part}
            if name == "trained" and "verifier" in part:
                found[name]["version"] = part["verifier"]["version"]
    return found


def write() -> None:
    """Write the package's copy."""
    TARGET.write_text(json.dumps(measured(), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size:,} bytes\n")
