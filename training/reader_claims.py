"""Teach what makes a sentence a claim, and nothing else: `python -m training.reader_claims --articles ARTICLES --out OUT`.

Beside how far it answers, `relevance_by_hand.json` says of sentences of whole papers whether each asserts what its paper found ("found"),
and whether a stranger understands it without the sentence before it ("alone"). Two penalised logistic regressions over the states of the
judged side become two more rows of its last layer; every other answer of the reader stays as it was, to the bit.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from sovereign.adapters.weights import WORDS
from training import reader_finish
from training.reader_export import export, states_of
from training.reader_fit import encoded, tokenizer_at
from training.reader_heads import as_before
from training.reader_network import BY_HAND, FILES, JUDGED, JUDGED_FILE, OUTPUTS, TOKENS, released
from training.reader_relevance import found_again, rows_by_hand

STRENGTH = 0.003
FOLDS = 5
Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Coded:
    """A sentence with the papers it is from, and what is so of it, by the names of BY_HAND."""

    text: str
    papers: str
    so: Mapping[str, bool]


def coded(data: Path, articles: Path | None) -> list[Coded]:
    """Give the sentences that were coded by hand and are at hand, each once."""
    known = found_again(data, articles)
    out: dict[str, Coded] = {}
    for row in rows_by_hand():
        for sentence, _, _, *code in row["sentences"]:
            if code and sentence in known:
                so = dict(zip(BY_HAND, (sign == "y" for sign in code[0]), strict=True))
                out.setdefault(sentence, Coded(known[sentence], row["papers"], so))
    return list(out.values())


def fit(states: Table, wanted: NDArray[np.bool_]) -> tuple[Table, float]:
    """Give a row of weights over the states, and its constant."""
    mean, spread = states.mean(axis=0), states.std(axis=0) + 1e-6
    model = LogisticRegression(C=STRENGTH, max_iter=500).fit((states - mean) / spread, wanted)
    row = model.coef_[0] / spread
    return row, float(model.intercept_[0]) - float(row @ mean)


def crossed(states: Table, wanted: NDArray[np.bool_], papers: Sequence[str]) -> Table:
    """Give logits of rows that were fitted without the papers they are asked about."""
    out = np.zeros(len(wanted))
    for learnt, apart in GroupKFold(FOLDS).split(states, wanted, papers):
        row, bias = fit(states[learnt], wanted[learnt])
        out[apart] = states[apart] @ row + bias
    return out


def ship(rows: Mapping[str, tuple[Table, float]], heads: Mapping[str, Any], figures: Mapping[str, Any], begin: Path, folder: Path) -> None:
    """Write the weights of `begin` with these rows into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    model = onnx.load(begin / JUDGED_FILE)
    for kept in model.graph.initializer:
        array = numpy_helper.to_array(kept)
        if list(kept.dims[:1]) == [1] and len(kept.dims) == 3 and kept.dims[2] == len(next(iter(rows.values()))[0]):
            array = np.concatenate([array[:, : len(JUDGED)], np.array([[rows[name][0] for name in BY_HAND]])], axis=1)
        elif kept.name == "bias":
            array = np.concatenate([array[: len(JUDGED)], [rows[name][1] for name in BY_HAND]])
        else:
            continue
        kept.CopyFrom(numpy_helper.from_array(array.astype(np.float32), kept.name))
    del model.graph.value_info[:]  # the exporter's shapes of what lies between
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = len(OUTPUTS)
    onnx.save(model, folder / JUDGED_FILE)
    for name in (*(name for name in FILES if name != JUDGED_FILE), WORDS, "reader-words.npz", "tokenizer.json"):
        shutil.copyfile(begin / name, folder / name)
    was = json.loads((begin / "reader.json").read_text(encoding="utf-8"))
    reader_finish.describe(
        folder, was["heads"] | heads, was["thresholds"] | dict.fromkeys(heads, 0.5), was["figures"] | {"claims": figures}
    )


def main() -> None:
    """Measure on papers never seen, then fit on all and write the weights."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of data sets")
    read.add_argument("--articles", type=Path, help="a folder of articles in JATS and folders of LaTeX")
    read.add_argument("--begin", type=Path, default=Path("sovereign/weights"), help="the folder of the released reader")
    read.add_argument("--out", type=Path, default=Path("build/training-claims"), help="the finished weights go here")
    said = read.parse_args()
    some = coded(said.data, said.articles)
    made = export(released(said.begin), as_before(), said.out / "states", states=True)
    states = states_of(made, encoded(tokenizer_at(said.begin / "tokenizer.json", TOKENS), [one.text for one in some]))
    rows, heads, figures = {}, {}, {}
    for name in BY_HAND:
        wanted = np.array([one.so[name] for one in some])
        apart = crossed(states, wanted, [one.papers for one in some])
        rows[name], heads[name] = fit(states, wanted), reader_finish.platt(apart[:, None], wanted.tolist())
        figures[name] = {
            "sentences": len(wanted),
            "that are": round(float(wanted.mean()), 3),
            "auroc, papers never seen": round(float(roc_auc_score(wanted, apart)), 3),
        }
    ship(rows, heads, figures, said.begin, said.out / "weights")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
