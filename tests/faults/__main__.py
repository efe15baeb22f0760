"""Try every cell of the matrix and print what came of it, as a page: python -m tests.faults [--out DIR] [SERVICE …].

Writes DIR/faults.md and DIR/results-faults.json; exit code 1 where a cell came out otherwise than the table says.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from tests.faults.matrix import FAULTS, Cell, cells
from tests.faults.services import SERVICES, Outcome, When

_SIGNS = {Outcome.RECOVERED: "recovered", Outcome.DEGRADED: "gap told", Outcome.STOPPED: "stopped"}
_HEAD = """# Faults survived

Every outside service was made to fail in every way below, on loopback servers, and a run was started against it; what came of
it is what the table in `tests/faults/matrix.py` expects.

- **recovered**: the record is byte for byte that of an undisturbed run.
- **gap told**: the report was written, and says under Uncertainties what could not be done.
- **stopped**: nothing was written; a message, the next step and the exit code say why.
"""


def tried(cell: Cell) -> bool:
    """Try one cell in a folder of its own; give whether it came out as the table says."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        try:
            seen = SERVICES[cell.service](Path(folder), patch, cell.fault, cell.when)
        except Exception as error:  # noqa: BLE001  # a crash is a result too, and the worst
            sys.stderr.write(f"{cell.name}: {error!r}\n")
            return False
    is_right = (seen.outcome, seen.code) == (cell.outcome, cell.code)
    if not is_right:
        sys.stderr.write(f"{cell.name}: expected {cell.outcome} ({cell.code}), got {seen}\n")
    return is_right


def page(shown: Sequence[Cell]) -> str:
    """Give the Markdown page of these cells, one table a moment."""
    total = Counter(cell.outcome for cell in shown)
    counts = ", ".join(f"{total[outcome]} {_SIGNS[outcome]}" for outcome in Outcome)
    parts = [_HEAD, f"{len(shown)} cells: {counts}.\n"]
    services = list(dict.fromkeys(cell.service for cell in shown))
    for when in When:
        known = {(cell.service, cell.fault): cell for cell in shown if cell.when is when}
        parts.append(f"## {str(when).capitalize()} fails\n")
        parts.append(_row(["Fault", *services]) + _row(["---"] * (len(services) + 1)))
        for fault in FAULTS:
            found = [known.get((service, fault)) for service in services]
            if any(found):
                parts[-1] += _row([str(fault), *(_shown(cell) for cell in found)])
    return "\n".join(parts)


def _shown(cell: Cell | None) -> str:
    if cell is None:
        return "·"
    return f"{_SIGNS[cell.outcome]} (exit {cell.code})" if cell.code else _SIGNS[cell.outcome]


def _row(words: Iterable[str]) -> str:
    return f"| {' | '.join(words)} |\n"


def main(words: list[str]) -> int:
    """Try, print, write."""
    out = Path(words[words.index("--out") + 1]) if "--out" in words else None
    wanted = [word for word in words if word in SERVICES] or list(SERVICES)
    chosen = [cell for cell in cells() if cell.service in wanted]
    wrong = [cell for cell in chosen if not tried(cell)]
    right = [cell for cell in chosen if cell not in wrong]
    text = page(right)
    sys.stdout.write(text)
    if out is not None:
        facts = {"cells": len(chosen), "as_expected": len(right), **Counter(str(cell.outcome) for cell in right)}
        out.mkdir(parents=True, exist_ok=True)
        (out / "results-faults.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
        (out / "faults.md").write_text(text, "utf-8")
    sys.stderr.write(f"{len(right)} of {len(chosen)} cells as expected\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
