"""Measure and print: `python -m benchmarks [PART …] [--source scifact]`, a part being one of PARTS.

Without names all parts are measured. Each part replaces its own part of `benchmarks/results.json`; the verifier's version that it was
measured with stands under `versions`. The method page shows that file, with plots, and says which figures are of an older version.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import accuracy, answers, moved, perturbed, planning, published, ranking, relevance, roles, throughput
from sovereign.adapters.encoder import OnnxReader
from sovereign.adapters.local_embedder import LocalEmbedder
from sovereign.adapters.onnx_verifier import OnnxVerifier

HERE = Path(__file__).resolve().parent
PARTS = ("accuracy", "perturbed", "moved", "planning", "ranking", "relevance", "claim_sentences", "answers", "throughput")
OF_THE_VERIFIER = ("accuracy", "perturbed", "moved", "throughput")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure the wanted parts, keep and print them."""
    words = argparse.ArgumentParser(prog="python -m benchmarks")
    words.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART")
    words.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    words.add_argument("--out", type=Path, default=HERE / "results.json")
    words.add_argument("--source", action="append", default=[], help="only this labelled set, for accuracy; nothing is kept then")
    few = answers.Samples()
    words.add_argument("--trials", type=int, default=few.trials, help="how many trials, for answers")
    words.add_argument("--conclusions", type=int, default=few.conclusions, help="how many yes-or-no questions, for answers")
    words.add_argument("--cited", type=int, default=few.cited, help="how many expert questions, for answers")
    given = words.parse_args(argv)
    if not given.data.is_dir():
        sys.stderr.write(f"ERROR {given.data}: expected the folder of labelled data\nTIP   give it with --data\n")
        return 2
    verifier, embedder = asdict(OnnxVerifier().card), LocalEmbedder().name
    kept: dict[str, Any] = json.loads(given.out.read_text(encoding="utf-8")) if given.out.is_file() else {}
    for name, run in _runs(given).items():
        if name in (given.parts or PARTS):
            kept[name] = run()
            PRINTERS[name](kept[name])
            kept |= {"verifier": verifier, "embedder": embedder}
            if name in OF_THE_VERIFIER:
                kept["versions"] = {**kept.get("versions", {}), name: verifier["version"]}
            if not given.source:
                ordered = {key: kept[key] for key in ("verifier", "versions", "embedder", *PARTS) if key in kept}
                given.out.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
                published.write()
    return 0


def _runs(given: argparse.Namespace) -> dict[str, Callable[[], Any]]:
    verifier, embedder, data = OnnxVerifier(), LocalEmbedder(), given.data
    samples = answers.Samples(given.trials, given.conclusions, given.cited)
    return {
        "throughput": partial(throughput.measure, data, embedder, verifier),  # first: peak memory is of the whole process
        "accuracy": partial(accuracy.measure, data, verifier, given.source),
        "perturbed": partial(perturbed.measure, data, verifier),
        "moved": partial(moved.measure, data, verifier),
        "planning": partial(planning.measure, data),
        "ranking": partial(ranking.measure, data, embedder),
        "relevance": partial(relevance.measure, data, embedder),
        "claim_sentences": partial(roles.measure, data),
        "answers": partial(answers.measure, data, embedder, OnnxReader(), samples),
    }


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    shown = [head, *([f"{cell:.3f}" if isinstance(cell, float) else "–" if cell is None else str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[i]) for row in shown) for i in range(len(head))]
    for row in shown:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print()


def _accuracy(rows: Sequence[Mapping[str, Any]]) -> None:
    head = (
        "set",
        "method",
        "claims",
        "AUROC rest",
        "AUROC refuted",
        "accepted right",
        "accepted refuted",
        "accepted wrong",
        "macro-F1",
        "ECE",
    )
    out = []
    for row in rows:
        for name in ("ours", "tfidf", "bm25"):
            m = row[name]
            keys = ("auroc_supported_rest", "auroc_supported_refuted", "accepted_supported", "accepted_refuted", "accepted_wrong")
            out.append(
                (row["source"], name, row["claims"], *(m.get(k) for k in keys), m.get("macro_f1_likeliest"), m.get("calibration_error"))
            )
    _table(head, out)


def _perturbed(rows: Sequence[Mapping[str, Any]]) -> None:
    keys = ("suite", "claims", "accepted", "accepted_without_veto", "refuted", "tfidf_accepted")
    _table(keys, [[row[key] for key in keys] for row in rows])


def _moved(rows: Sequence[Mapping[str, Any]]) -> None:
    keys = ("suite", "should_be_accepted", "claims", "accepted", "refuted")
    _table(keys, [[row[key] for key in keys] for row in rows])


def _methods(rows: Sequence[Mapping[str, Any]]) -> None:
    names = [name for name, value in rows[0].items() if not isinstance(value, list)]
    _table(names, [[row.get(name) for name in names] for row in rows])


def _answers(part: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    for name, rows in part.items():
        if rows:
            print(name.replace("_", " "))
            _methods(rows)


def _throughput(part: Mapping[str, Any]) -> None:
    _table(tuple(part), [tuple(part.values())])


PRINTERS: dict[str, Callable[[Any], None]] = {
    "accuracy": _accuracy,
    "perturbed": _perturbed,
    "moved": _moved,
    "planning": _methods,
    "ranking": _methods,
    "relevance": _methods,
    "claim_sentences": _methods,
    "answers": _answers,
    "throughput": _throughput,
}

if __name__ == "__main__":
    sys.exit(main())
