"""Teach relevance from sentences labelled by hand, and nothing else: `python -m training.reader_relevance --articles ARTICLES --out OUT`.

`relevance_by_hand.json` has questions as a researcher puts them to a few papers, and of some two dozen sentences a question how far each
answers: 2, it states an answer or a part of one; 1, the same subject and no answer; 0, beside the question. Of some it says besides what
`reader_claims.py` learns. Sentences stand there by the hash of their words, and are found again in the data sets. Only the upper layers
that relevance has for itself learn, beside the questions learnt before, against forgetting; every other answer of the reader stays as it
was, to the bit.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from sovereign.adapters.encoder import shown
from sovereign.adapters.weights import WORDS
from sovereign.model import Document
from sovereign.readers.html import read_html
from sovereign.readers.tex import read_latex
from sovereign.steps.read import cut, notes
from training import asking, reader_finish, reader_measure
from training.asking import Group, Line
from training.cases import lines, sentences
from training.reader_export import export_asked
from training.reader_fit import Machine, Plan, encoded, group_steps, logits, mixed, tokenizer_at, train
from training.reader_network import FILES, SHARED, TOKENS, Reader, released

PLAN = Plan("relevance", 8e-5, 8e-6, groups_a_step=2, warmup_steps=20, frozen_layers=SHARED, seed=3)
TRAIN_TOKENS = 112
READINGS = {"arxiv-cs": 1, "arxiv-other": 1}
READ = 3
"""How often the labelled sentences of these sources are read, and those of whole papers and experts' passages, which are fewer."""
REPLAYED, REPLAYED_A_STEP = 1_200, 6
"""How many groups of the questions learnt before stand beside them, and how many make a step."""
HEADLESS = 0.4
"""The share of groups whose headings are left out, since a sentence may come without one."""
ANSWERS = 2
"""The label of a sentence that answers."""
FOLDS = 5
FIRST = 5
"""Figures are told of this many sentences a question, those ranked first."""
Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question, sentences of the papers that it was put to, and whether each answers.

    Attributes:
        papers: Tells those papers.
        kept: Whether it only measures: labelled by another hand after the network was finished.
    """

    question: str
    papers: str
    sentences: tuple[Line, ...]
    answers: tuple[bool, ...]
    kept: bool = False


def key(text: str) -> str:
    """Give the hash by which a sentence stands in `relevance_by_hand.json`: of its words, however they are spaced."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]


def found_again(data: Path, articles: Path | None) -> dict[str, str]:
    """Give every sentence of the data sets, and of a folder of articles in JATS, by its hash."""
    return {key(text): text for text in _everything(data, articles)}


def _everything(data: Path, articles: Path | None) -> Iterator[str]:
    for r in lines(data / "arxiv/arxiv-15k.jsonl.gz"):
        yield from sentences(r["abstract"])
    for text in reader_measure.articles(data, "train").values():
        yield from (s.text for s in asking.placed(text))
    for r in lines(data / "answers/scholarqa-dev.jsonl.gz"):
        yield from (s for c in r["contexts"] for s in sentences(c["text"] or ""))
    for path in sorted(articles.iterdir()) if articles else ():
        document = _article(path)
        yield from (s for passage in (*cut(document), *notes(document)) for s in sentences(passage.text))


def _article(path: Path) -> Document:
    if path.is_dir():
        return read_latex(path.name, {PurePosixPath(f.relative_to(path)): f.read_bytes() for f in sorted(path.rglob("*")) if f.is_file()})
    return read_html(path.stem, {PurePosixPath(path.name): path.read_bytes()})


def rows_by_hand() -> list[dict[str, Any]]:
    """Give the rows of `relevance_by_hand.json`."""
    found: list[dict[str, Any]] = json.loads(Path(__file__).with_name("relevance_by_hand.json").read_text(encoding="utf-8"))
    return found


def by_hand(data: Path, articles: Path | None) -> list[Labelled]:
    """Give the labelled questions, without the sentences that are not at hand."""
    known = found_again(data, articles)
    out, lost = [], 0
    for row in rows_by_hand():
        there = [(heading, known[sentence], label) for sentence, heading, label, *_ in row["sentences"] if sentence in known]
        lost += len(row["sentences"]) - len(there)
        if there:
            given = tuple((heading, text) for heading, text, _ in there)
            out.append(
                Labelled(row["question"], row["papers"], given, tuple(label == ANSWERS for *_, label in there), row.get("kept", False))
            )
    print(json.dumps({"questions": len(out), "sentences": sum(len(one.sentences) for one in out), "not at hand": lost}), flush=True)
    return out


def groups(labelled: Sequence[Labelled], rng: random.Random) -> list[Group]:
    """Give one reading of the labelled sentences in random order, each question's together."""
    out = []
    for one in labelled:
        bare = rng.random() < HEADLESS
        out.append(Group(one.question, tuple(("" if bare else h, text) for h, text in one.sentences), one.answers, "by hand"))
    rng.shuffle(out)
    return out


def tune(labelled: Sequence[Labelled], said: argparse.Namespace, out: Path) -> Reader:
    """Give the released network, its own layers of relevance taught by these labels."""
    tok, rng = tokenizer_at(said.begin / "tokenizer.json", TRAIN_TOKENS), random.Random(PLAN.seed)
    steps = []
    for at in range(READ):
        some = [one for one in labelled if at < READINGS.get(one.papers.split()[0], READ)]
        steps.append(group_steps(tok, groups(some, rng), PLAN.groups_a_step))
    before = asking.groups(asking.everything(said.data), PLAN.seed)[:REPLAYED]
    steps.append(group_steps(tok, before, REPLAYED_A_STEP))
    return train(released(said.begin), mixed(steps, PLAN.seed), PLAN, out, Machine(said.workers))


def scores(net: Reader, labelled: Sequence[Labelled], begin: Path) -> list[Table]:
    """Give the logits of relevance, an array a question."""
    tok = tokenizer_at(begin / "tokenizer.json", TOKENS)
    pairs = [(" ".join(one.question.split()[:64]), shown(*line)) for one in labelled for line in one.sentences]
    flat = logits(net, encoded(tok, pairs), asks=True)[:, 0].numpy().astype(np.float64)
    return np.split(flat, np.cumsum([len(one.sentences) for one in labelled])[:-1])


def told(found: Sequence[Table], labelled: Sequence[Labelled]) -> dict[str, float]:
    """Give how well scores rank: AUROC within a question and over all, and how many of the first five answer."""
    pairs = [(scored, np.array(one.answers)) for scored, one in zip(found, labelled, strict=True)]
    mixed_ones = [(scored, is_so) for scored, is_so in pairs if is_so.any() and not is_so.all()]
    return {
        "questions": len(pairs),
        "sentences": int(sum(len(scored) for scored in found)),
        "that answer": round(float(np.concatenate([is_so for _, is_so in pairs]).mean()), 3),
        "auroc within a question": round(float(np.mean([roc_auc_score(is_so, scored) for scored, is_so in mixed_ones])), 3),
        "auroc": round(float(roc_auc_score(np.concatenate([s for _, s in pairs]), np.concatenate(list(found)))), 3),
        "of the first five": round(float(np.mean([is_so[np.argsort(-scored)[:FIRST]].mean() for scored, is_so in mixed_ones])), 3),
    }


def crossed(labelled: Sequence[Labelled], said: argparse.Namespace) -> dict[str, Any]:
    """Give figures of networks that never saw the papers they are asked about, and of the released one on the same."""
    own = sorted({one.papers for one in labelled})
    random.Random(1).shuffle(own)
    fold = {papers: at % FOLDS for at, papers in enumerate(own)}
    found: dict[int, Table] = {}
    for at in range(FOLDS):
        there = [i for i, one in enumerate(labelled) if fold[one.papers] == at]
        net = tune([one for one in labelled if fold[one.papers] != at], said, said.out / f"without-{at}")
        found |= dict(zip(there, scores(net, [labelled[i] for i in there], said.begin), strict=True))
        print(json.dumps({"fold": at, **told([found[i] for i in there], [labelled[i] for i in there])}), flush=True)
    return {
        "before": told(scores(released(said.begin), labelled, said.begin), labelled),
        "papers never seen": told([found[i] for i in range(len(labelled))], labelled),
    }


def ship(net: Reader, figures: dict[str, Any], said: argparse.Namespace) -> None:
    """Write the weights of `begin` with these layers into `out`, the head calibrated and measured as the reader's first ones were."""
    folder, begin = said.out / "weights", said.begin
    made = export_asked(net, said.out / "export")
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(made if name == made.name else begin / name, folder / name)
    for name in (WORDS, "reader-words.npz", "tokenizer.json", "embedder.json", "embedder.npz"):
        shutil.copyfile(begin / name, folder / name)
    was = json.loads((begin / "reader.json").read_text(encoding="utf-8"))
    reader = reader_finish.describe(folder, was["heads"], was["thresholds"], was["figures"])
    heads, thresholds, calibrated = reader_finish.relevance(reader, said.data)
    figures |= calibrated
    heads, thresholds = was["heads"] | heads, was["thresholds"] | thresholds
    reader = reader_finish.describe(folder, heads, thresholds, was["figures"])
    figures["trials"] = reader_measure.trials(said.data, reader.relevance)
    figures["shelves"] = reader_measure.shelves(reader_measure.kept_shelves(said.data, said.out), reader.relevance)
    reader_finish.describe(folder, heads, thresholds, was["figures"] | {"relevance": figures})


def main() -> None:
    """Measure on papers never seen, then teach all and write the weights."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of data sets")
    read.add_argument("--articles", type=Path, help="a folder of articles in JATS and folders of LaTeX")
    read.add_argument("--begin", type=Path, default=Path("sovereign/weights"), help="the folder of the released weights")
    read.add_argument("--out", type=Path, default=Path("build/training-relevance"), help="checkpoints and finished weights go here")
    read.add_argument("--workers", type=int, default=2, help="training processes of one thread each (1: repeatable to the bit)")
    read.add_argument("--stage", nargs="+", choices=["crossed", "ship"], default=["crossed", "ship"])
    said = read.parse_args()
    everything = by_hand(said.data, said.articles)
    labelled, kept = [one for one in everything if not one.kept], [one for one in everything if one.kept]
    figures = crossed(labelled, said) if "crossed" in said.stage else {}
    if "ship" in said.stage:
        net = tune(labelled, said, said.out / PLAN.name)
        for name, which in (("kept, before", released(said.begin)), ("kept", net)):
            figures[name] = told(scores(which, kept, said.begin), kept)
        ship(net, figures, said)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
