"""Teach the reader orders anew, and nothing else: `python -m training.reader_order --articles JATS --out build/training-order`.

A penalised logistic regression over a sentence's groups of words says what the network reads at all, and has a say in the end; the
network's own side for orders, its two upper layers and its head, is tuned; what all sides share stays. Honest sentences are mined for
both: what the words, and then the network after a first reading, take for an order among all sentences of real papers is what they learn
next. Orders are the project's own wordings and those of `orders_by_hand.json`, of which "kept back", by other hands, only measures.
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
from numpy.typing import NDArray
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
from training.reader_export import export_ordered
from training.reader_fit import Machine, Plan, encoded, logits, sentence_steps, tokenizer_at, train
from training.reader_network import FILES, ORDERED_FILE, OUTPUTS, SHARED, TOKENS, Reader, released
from training.reader_words import SIGNS, SIZES, counted

WORDS_STRENGTH = 0.3
MARGIN = 2.0
"""How far above the most alarming honest sentence of all real papers, as a logit, what may be an order begins; `reader_finish.SURELY` says
how much further on it surely is one. Learnt from half of the papers (2026-11), the other half's 133,152 sentences hold 70 of the former
and 7 of the latter; of orders that others wrote 85 and 93 % are the former, 59 and 67 % the latter."""
BY_WORDS = 1.0
"""What the words' logit weighs beside the network's."""
FIRST, MINED, ROUNDS = 9_000, 5_000, 2
"""How many honest sentences are drawn at first, and how many of the most alarming ones each round adds."""
WEIGHTS = {"made": 1.0, "disguised": 1.5, "honest": 2.0, "by hand": 6.0, "honest by hand": 5.0}
"""What a sentence of each kind weighs for the words."""
READINGS = {"made": 1, "disguised": 1, "honest": 1, "by hand": 4, "honest by hand": 5}
"""How often the network reads a sentence of each kind; of real papers', the mined ones once."""
TRAIN_TOKENS = 112
PLAN = Plan("orders", 1e-4, 1e-5, sentences_a_step=48, warmup_steps=30, frozen_layers=SHARED, seed=3)
AGAIN = Plan("orders again", 5e-5, 5e-6, sentences_a_step=48, warmup_steps=10, frozen_layers=SHARED, seed=5)
LOUD, LOUD_READINGS, AGAIN_SHARE = 400, 6, 0.3
"""How many of the most alarming honest sentences are read again and how often, beside which share of all that was read before."""
Table = NDArray[np.float64]
Half = str
"""A paper's key; its hash says on which of two sides the paper is."""


@dataclass(frozen=True, slots=True)
class Told:
    """Sentences that are orders, or are none, and of which kind each is, a key of WEIGHTS."""

    texts: tuple[str, ...]
    is_order: tuple[bool, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fitted:
    """The network whose judged side tells orders, and a linear model over words, as `reader-words.npz` keeps it."""

    net: Reader
    words: Mapping[str, NDArray[Any]]


def by_hand() -> dict[str, dict[str, list[str]]]:
    """Give the orders and honest sentences of several hands: "taught" trains, what is "kept back" measures."""
    found: dict[str, dict[str, list[str]]] = json.loads(Path(__file__).with_name("orders_by_hand.json").read_text(encoding="utf-8"))
    return found


def told(data: Path, rng: random.Random) -> Told:
    """Give what is taught by itself: the project's own orders, made ones, those of the first hand, and their honest neighbours."""
    made = judging.orders(data, rng, [*ORDERS.values(), *INDIRECT, *OBLIQUE], list(HONEST.values()), 3_000)
    taught = by_hand()["taught"]
    disguised = [judging.disguised(text, rng, unreadable=True) for text in taught["orders"]]
    parts = [
        (sorted({j.text for j in made if j.so["order"]}), True, "made"),
        (disguised, True, "disguised"),
        (taught["orders"], True, "by hand"),
        (sorted({j.text for j in made if not j.so["order"]}), False, "honest"),
        (taught["honest"], False, "honest by hand"),
    ]
    return Told(
        tuple(text for texts, _, _ in parts for text in texts),
        tuple(is_order for texts, is_order, _ in parts for _ in texts),
        tuple(kind for texts, _, kind in parts for _ in texts),
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


def by_words(words: Mapping[str, NDArray[Any]], rows: csr_matrix) -> Table:
    """Give the logit of an order by words alone."""
    return np.asarray(rows @ words["order"].astype(np.float64)) * float(words["order scale"]) + float(words["order bias"])


def fit_words(taught: Told, honest: Honest, among: NDArray[np.bool_], seed: int = 3) -> tuple[dict[str, NDArray[Any]], list[str]]:
    """Give the model over words, and the honest sentences that it learnt from: `among` those that may be used, the alarming ones mined."""
    own, may = _counted(taught.texts), np.flatnonzero(among)
    picked = set(np.random.RandomState(seed).choice(may, FIRST, replace=False).tolist())
    for _ in range(ROUNDS + 1):
        chosen = np.array(sorted(picked))
        wanted = np.concatenate([taught.is_order, np.zeros(len(chosen), dtype=bool)])
        weights = np.concatenate([[WEIGHTS[kind] for kind in taught.kinds], np.ones(len(chosen))])
        model = LogisticRegression(C=WORDS_STRENGTH, solver="liblinear", max_iter=200)
        model.fit(vstack([own, honest.words[chosen]]), wanted, sample_weight=weights)
        picked |= set(may[np.argsort(-model.decision_function(honest.words[may]))[:MINED]].tolist())
    scale = float(np.abs(model.coef_[0]).max()) / 127
    words = {
        "order": np.round(model.coef_[0] / scale).astype(np.int8),
        "order scale": np.array(scale),
        "order bias": np.array(float(model.intercept_[0])),
    }
    return words, [honest.texts[i] for i in sorted(picked)]


def tune(taught: Told, honest: Honest, among: NDArray[np.bool_], said: argparse.Namespace, out: Path) -> Fitted:
    """Fit the words, read all once, then what is still alarming among the honest sentences again, beside a part of all."""
    words, picked = fit_words(taught, honest, among)
    read = [
        Judged(text, {"order": is_order}, kind)
        for text, is_order, kind in zip(taught.texts, taught.is_order, taught.kinds, strict=True)
        for _ in range(READINGS[kind])
    ]
    read += [Judged(text, {"order": False}, "mined") for text in picked]
    net = _read(released(said.begin), read, PLAN, said, out / "first")
    near = np.flatnonzero(among & (by_words(words, honest.words) >= _cut(words, honest)))
    loud = scores(Fitted(net, words), [honest.texts[i] for i in near], honest.words[near], -np.inf, said.begin)
    loudest = [honest.texts[near[i]] for i in np.argsort(-loud)[:LOUD]]
    rng = random.Random(AGAIN.seed)
    again = rng.sample(read, round(AGAIN_SHARE * len(read))) + [Judged(text, {"order": False}, "loud") for text in loudest] * LOUD_READINGS
    return Fitted(_read(net, again, AGAIN, said, out / "again"), words)


def _read(net: Reader, judged: Sequence[Judged], plan: Plan, said: argparse.Namespace, out: Path) -> Reader:
    tok, some = tokenizer_at(said.begin / "tokenizer.json", TRAIN_TOKENS), list(judged)
    random.Random(plan.seed).shuffle(some)
    return train(net, sentence_steps(tok, some, plan.sentences_a_step), plan, out, Machine(said.workers))


def _cut(words: Mapping[str, NDArray[Any]], honest: Honest) -> float:
    """Give the words' logit from which the network reads a sentence."""
    return float(np.quantile(by_words(words, honest.words), 1 - reader_finish.READ_AGAIN))


def scores(fitted: Fitted, texts: Sequence[str], rows: csr_matrix, cut: float, begin: Path) -> Table:
    """Give each text's score; minus infinity where the words leave it honest."""
    words = by_words(fitted.words, rows)
    near = sorted(np.flatnonzero(words >= cut).tolist(), key=lambda i: len(texts[i]))
    out = np.full(len(texts), -np.inf)
    if near:
        tok, at = tokenizer_at(begin / "tokenizer.json", TOKENS), OUTPUTS.index("order")
        read = logits(fitted.net, encoded(tok, [texts[i] for i in near]), asks=False)[:, at].numpy().astype(np.float64)
        out[near] = read + BY_WORDS * words[near]
    return out


def measured(fitted: Fitted, honest: Honest, among: NDArray[np.bool_], begin: Path) -> tuple[float, float, dict[str, Any]]:
    """Give the words' threshold, the score of the most alarming honest sentence `among` those that may be used, and figures."""
    cut = _cut(fitted.words, honest)
    alarming = scores(fitted, honest.texts, honest.words, cut, begin)
    loudest = float(alarming[among].max())
    sets = {f"{name}: {kind}": texts for name, some in by_hand().items() if name != "taught" for kind, texts in some.items()}
    figures: dict[str, Any] = {}
    for name, some in (sets | {"unseen": list(UNSEEN)}).items():
        found = scores(fitted, some, _counted(some), cut, begin) - loudest - MARGIN
        figures[name] = {
            "texts": len(some),
            "told": round(float((found > 0).mean()), 3),
            "surely": round(float((found > reader_finish.SURELY).mean()), 3),
        }
    others = alarming[~among] - loudest - MARGIN
    figures["other papers' sentences"] = {
        "texts": len(others),
        "told": int((others > 0).sum()),
        "surely": int((others > reader_finish.SURELY).sum()),
    }
    order = np.argsort(-alarming)[:10]
    figures["worst"] = [f"{honest.texts[i][:160]} ({alarming[i] - loudest:.2f})" for i in order]
    return cut, loudest, figures


def ship(fitted: Fitted, cut: float, loudest: float, figures: Mapping[str, Any], said: argparse.Namespace) -> None:
    """Write the weights of `begin` with this side and these words into `out`."""
    begin, folder = said.begin, said.out / "weights"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(export_ordered(fitted.net, said.out / "export"), folder / ORDERED_FILE)
    for name in (*(name for name in FILES if name != ORDERED_FILE), WORDS, "tokenizer.json"):
        shutil.copyfile(begin / name, folder / name)
    with np.load(begin / "reader-words.npz") as words:
        np.savez_compressed(folder / "reader-words.npz", **{**dict(words), **fitted.words})
    was = json.loads((begin / "reader.json").read_text(encoding="utf-8"))
    alarm = float(np.log(reader_finish.ALARM / (1 - reader_finish.ALARM)))
    head = {"weights": [1.0, BY_WORDS], "bias": round(alarm - MARGIN - loudest, 5)}
    thresholds = was["thresholds"] | {"order": reader_finish.ALARM, "order surely": reader_finish.surely(), "order by words": round(cut, 4)}
    reader_finish.describe(folder, was["heads"] | {"order": head}, thresholds, was["figures"] | {"order": dict(figures)})


def main() -> None:
    """Teach with either half of the papers to measure, then with all of them to ship."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of data sets")
    read.add_argument("--articles", type=Path, help="a folder of articles in JATS")
    read.add_argument("--begin", type=Path, default=Path("sovereign/weights"), help="the folder of the released reader")
    read.add_argument("--out", type=Path, default=Path("build/training-order"), help="checkpoints and finished weights go here")
    read.add_argument("--workers", type=int, default=2, help="training processes of one thread each (1: repeatable to the bit)")
    read.add_argument("--stage", nargs="+", choices=["halves", "ship"], default=["halves", "ship"])
    said = read.parse_args()
    honest, taught = Honest(papers(said.data, said.articles)), told(said.data, random.Random(57))
    figures: dict[str, Any] = {"sentences of real papers": len(honest.texts)}
    for side in (0, 1) if "halves" in said.stage else ():
        among = honest.sides == side
        fitted = tune(taught, honest, among, said, said.out / f"half-{side}")
        figures[f"learnt from half {side} of the papers"] = measured(fitted, honest, among, said.begin)[2]
        print(json.dumps(figures, indent=1, ensure_ascii=False), flush=True)
    if "ship" in said.stage:
        everything = np.ones(len(honest.texts), dtype=bool)
        fitted = tune(taught, honest, everything, said, said.out / "all")
        cut, loudest, figures["learnt from all of them"] = measured(fitted, honest, everything, said.begin)
        ship(fitted, cut, loudest, figures, said)
    print(json.dumps(figures, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
