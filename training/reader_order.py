"""Fit the reader's head of orders anew, and nothing else: `python -m training.reader_order --articles JATS --out build/training-order`.

The encoder stays. What two penalised logistic regressions see are its states and a sentence's groups of words; their honest sentences are
mined: what a first model over words takes for an order, among all sentences of real papers, is what the next one learns. Orders are the
project's own wordings and those of `orders_by_hand.json`, of which "kept back", by another hand, only measures.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from sovereign.adapters.folder import FolderSource
from sovereign.adapters.weights import WORDS
from sovereign.cli.world import readers
from sovereign.language.legibility import legible
from sovereign.model import Document, Query
from sovereign.readers import archive
from sovereign.readers.html import read_html
from sovereign.screening.entry import for_detectors
from sovereign.text import sentences as parted
from standins.orders import HONEST, INDIRECT, ORDERS
from standins.unseen_orders import OBLIQUE, UNSEEN
from training import asking, judging, reader_finish, reader_measure
from training.cases import lines, sentences
from training.placing import Judged
from training.reader_export import export, states_of
from training.reader_fit import encoded, tokenizer_at
from training.reader_heads import as_before
from training.reader_network import FILES, JUDGED, TOKENS, released
from training.reader_words import SIGNS, SIZES, counted

STATES_STRENGTH, WORDS_STRENGTH = 0.001, 0.3
BY_WORDS = 0.5
"""What the words' logit weighs beside the states'."""
FIRST, MINED, ROUNDS = 9_000, 5_000, 2
"""How many honest sentences are drawn at first, and how many of the most alarming ones each round adds."""
WEIGHTS = {"made": 1.0, "disguised": 1.5, "honest": 2.0, "by hand": 6.0, "honest by hand": 5.0}
Table = NDArray[np.float64]
Half = str
"""A paper's key; its hash says on which of two sides the paper is."""


@dataclass(frozen=True, slots=True)
class Told:
    """Sentences that are orders, or are none, and what each of them weighs."""

    texts: tuple[str, ...]
    is_order: tuple[bool, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A row over the states with its constant, and a linear model over words, as `reader-words.npz` keeps it."""

    row: Table
    bias: float
    words: Mapping[str, NDArray[Any]]


def by_hand() -> dict[str, dict[str, list[str]]]:
    """Give the orders and honest sentences of both hands: "first" trains, "kept back" measures."""
    found: dict[str, dict[str, list[str]]] = json.loads(Path(__file__).with_name("orders_by_hand.json").read_text(encoding="utf-8"))
    return found


def told(data: Path, rng: random.Random) -> Told:
    """Give what is taught by itself: the project's own orders, made ones, those of the first hand, and their honest neighbours."""
    made = judging.orders(data, rng, [*ORDERS.values(), *INDIRECT, *OBLIQUE], list(HONEST.values()), 3_000)
    first = by_hand()["first"]
    disguised = [judging.disguised(text, rng, unreadable=True) for text in first["orders"]]
    parts = [
        (sorted({j.text for j in made if j.so["order"]}), True, "made"),
        (disguised, True, "disguised"),
        (first["orders"], True, "by hand"),
        (sorted({j.text for j in made if not j.so["order"]}), False, "honest"),
        (first["honest"], False, "honest by hand"),
    ]
    return Told(
        tuple(text for texts, _, _ in parts for text in texts),
        tuple(is_order for texts, is_order, _ in parts for _ in texts),
        tuple(WEIGHTS[kind] for texts, _, kind in parts for _ in texts),
    )


def papers(data: Path, articles: Path | None) -> Iterator[tuple[Half, list[str]]]:
    """Yield the sentences of real papers, which hold no order: arXiv records, trials, articles in JATS, and the papers at hand."""
    for r in lines(data / "arxiv/arxiv-15k.jsonl.gz"):
        yield str(r["id"]), [" ".join(r["title"].split()), *sentences(r["abstract"])]
    for side in ("train", "dev"):
        for name, text in reader_measure.articles(data, side).items():
            yield f"trial {name}", [s.text for s in asking.placed(text)]
    for path in sorted(articles.glob("*.xml")) if articles else ():
        yield path.stem, _read_by_detectors(read_html(path.stem, {PurePosixPath(path.name): path.read_bytes()}))
    own = data / "papers"
    for folder in (*sorted((data / "shelves").glob("*/papers")), own / "pdf", own / "html", *sorted((own / "latex").iterdir())):
        forms = readers()
        source = FolderSource(folder, archive=archive, readers=forms)
        found = source.search([Query("q1", raw="all")], limit=100)[0].papers
        for paper, fetched, _ in source.fetch(found):
            try:
                yield paper.id, _read_by_detectors(forms[fetched[0].form](paper.id, fetched[0].files))
            except ValueError:
                continue


def _read_by_detectors(document: Document) -> list[str]:
    return [text.words[start:end] for text in for_detectors(legible(document)) for start, end in parted(text.words)]


def side_of(half: Half) -> int:
    """Give a paper's side, 0 or 1."""
    return int(hashlib.sha256(half.encode()).hexdigest()[:8], 16) % 2


class Honest:
    """The sentences of real papers, each once, with their sides and their groups of words."""

    def __init__(self, found: Iterator[tuple[Half, list[str]]]) -> None:
        sides = {text: side_of(half) for half, texts in found for text in texts if any(c.isalnum() for c in text)}
        self.texts, self.sides = list(sides), np.array(list(sides.values()))
        self.words = _counted(self.texts)


def _counted(texts: Sequence[str]) -> csr_matrix:
    return counted([Judged(text, {}, "") for text in texts], SIGNS["order"], SIZES["order"])


class States:
    """The encoder's states of sentences, each read once."""

    def __init__(self, weights: Path, out: Path) -> None:
        self._model = export(released(weights), as_before(), out / "states", states=True)
        self._tokenizer = tokenizer_at(weights / "tokenizer.json", TOKENS)
        self._known: dict[str, Table] = {}

    def of(self, texts: Sequence[str]) -> Table:
        """Give a row a text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known |= dict(zip(new, states_of(self._model, encoded(self._tokenizer, new)).astype(np.float32), strict=True))
        return np.array([self._known[text] for text in texts])


def fit(taught: Told, honest: Honest, among: NDArray[np.bool_], states: States, seed: int = 3) -> Fitted:
    """Fit both models on what is taught and on the honest sentences `among` which may be used, the most alarming of them mined."""
    own, may = _counted(taught.texts), np.flatnonzero(among)
    picked = set(np.random.RandomState(seed).choice(may, FIRST, replace=False).tolist())
    for _ in range(ROUNDS + 1):
        chosen = np.array(sorted(picked))
        wanted = np.concatenate([taught.is_order, np.zeros(len(chosen), dtype=bool)])
        weights = np.concatenate([taught.weights, np.ones(len(chosen))])
        model = LogisticRegression(C=WORDS_STRENGTH, solver="liblinear", max_iter=200)
        model.fit(vstack([own, honest.words[chosen]]), wanted, sample_weight=weights)
        picked |= set(may[np.argsort(-model.decision_function(honest.words[may]))[:MINED]].tolist())
    rows = np.vstack([states.of(taught.texts), states.of([honest.texts[i] for i in chosen])])
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    over = LogisticRegression(C=STATES_STRENGTH, max_iter=200).fit((rows - mean) / spread, wanted, sample_weight=weights)
    row = over.coef_[0] / spread
    scale = float(np.abs(model.coef_[0]).max()) / 127
    words = {
        "order": np.round(model.coef_[0] / scale).astype(np.int8),
        "order scale": np.array(scale),
        "order bias": np.array(float(model.intercept_[0])),
    }
    return Fitted(row, float(over.intercept_[0]) - float(row @ mean), words)


def by_words(fitted: Fitted, rows: csr_matrix) -> Table:
    """Give the logit of an order by words alone."""
    words = fitted.words
    return np.asarray(rows @ words["order"].astype(np.float64)) * float(words["order scale"]) + float(words["order bias"])


def scores(fitted: Fitted, texts: Sequence[str], rows: csr_matrix, cut: float, states: States) -> Table:
    """Give each text's score; minus infinity where the words leave it honest."""
    words = by_words(fitted, rows)
    near = np.flatnonzero(words >= cut)
    out = np.full(len(texts), -np.inf)
    if len(near):
        out[near] = states.of([texts[i] for i in near.tolist()]) @ fitted.row + fitted.bias + BY_WORDS * words[near]
    return out


def measured(fitted: Fitted, honest: Honest, among: NDArray[np.bool_], states: States) -> tuple[float, float, dict[str, Any]]:
    """Give the words' threshold, the score of the most alarming honest sentence `among` those that may be used, and figures."""
    cut = float(np.quantile(by_words(fitted, honest.words), 1 - reader_finish.READ_AGAIN))
    alarming = scores(fitted, honest.texts, honest.words, cut, states)
    loudest = float(alarming[among].max())
    kept = by_hand()["kept back"]
    sets = {"kept back, by another hand": kept["orders"], "its honest neighbours": kept["honest"], "unseen": list(UNSEEN)}
    figures: dict[str, Any] = {
        name: {"texts": len(some), "told": round(float((scores(fitted, some, _counted(some), cut, states) > loudest).mean()), 3)}
        for name, some in sets.items()
    }
    figures["other papers' sentences"] = {"texts": int((~among).sum()), "told": int((alarming[~among] > loudest).sum())}
    order = np.argsort(-alarming)[:10]
    figures["worst"] = [f"{honest.texts[i][:160]} ({alarming[i] - loudest:.2f})" for i in order]
    return cut, loudest, figures


def ship(fitted: Fitted, cut: float, loudest: float, figures: Mapping[str, Any], begin: Path, out: Path) -> None:
    """Write the weights of `begin` with this head into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    *others, judged = FILES
    model = onnx.load(begin / judged)
    at = JUDGED.index("order")
    for kept in model.graph.initializer:
        array = numpy_helper.to_array(kept).copy()
        if list(kept.dims) == [1, len(JUDGED), len(fitted.row)]:
            array[0, at] = fitted.row
        elif kept.name == "bias":
            array[at] = fitted.bias
        else:
            continue
        kept.CopyFrom(numpy_helper.from_array(array.astype(np.float32), kept.name))
    onnx.save(model, out / judged)
    for name in (*others, WORDS):
        shutil.copyfile(begin / name, out / name)
    with np.load(begin / "reader-words.npz") as words:
        np.savez_compressed(out / "reader-words.npz", **{**dict(words), **fitted.words})
    shutil.copyfile(begin / "tokenizer.json", out / "tokenizer.json")
    was = json.loads((begin / "reader.json").read_text(encoding="utf-8"))
    alarm = float(np.log(reader_finish.ALARM / (1 - reader_finish.ALARM)))
    head = {"weights": [1.0, BY_WORDS], "bias": round(alarm - reader_finish.MARGIN - loudest, 5)}
    thresholds = was["thresholds"] | {"order": reader_finish.ALARM, "order by words": round(cut, 4)}
    reader_finish.describe(out, was["heads"] | {"order": head}, thresholds, was["figures"] | {"order": dict(figures)})


def main() -> None:
    """Fit on either half of the papers to measure, then on all of them to ship."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of data sets")
    read.add_argument("--articles", type=Path, help="a folder of articles in JATS")
    read.add_argument("--begin", type=Path, default=Path("sovereign/weights"), help="the folder of the released reader")
    read.add_argument("--out", type=Path, default=Path("build/training-order"), help="the finished weights go here")
    said = read.parse_args()
    honest, states = Honest(papers(said.data, said.articles)), States(said.begin, said.out)
    taught = told(said.data, random.Random(57))
    figures: dict[str, Any] = {"sentences of real papers": len(honest.texts)}
    for side in (0, 1):
        among = honest.sides == side
        figures[f"learnt from half {side} of the papers"] = measured(fit(taught, honest, among, states), honest, among, states)[2]
    everything = np.ones(len(honest.texts), dtype=bool)
    fitted = fit(taught, honest, everything, states)
    cut, loudest, figures["learnt from all of them"] = measured(fitted, honest, everything, states)
    ship(fitted, cut, loudest, figures, said.begin, said.out / "weights")
    print(json.dumps(figures, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
