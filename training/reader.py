"""Make the sentence reader's weights: `python -m training.reader --data ../shared/data --start MINILM`.

Stages, each resumed from its checkpoint in OUT when the run was stopped: `ask` learns which sentence answers a question; `judge`
learns what kind of sentence one is, with questions mixed in against forgetting; `finish` exports, calibrates and measures into
OUT/weights. `--device cuda` trains on an accelerator, `--steps-factor 10` reads ten times as much, `--minutes` ends a stage by the clock.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from pathlib import Path

import torch

from sovereign.adapters.encoder import HEADS
from training import asking, judging, reader_finish, reader_measure
from training.cases import sentences
from training.reader_fit import Judged, Machine, Plan, Step, encoded, group_steps, logits, mixed, sentence_steps, tokenizer_at, train
from training.reader_network import OUTPUTS, Reader, beginning

TRAIN_TOKENS = 96
ASK = Plan("ask", 1e-4, 1e-5, seed=13)
JUDGE = Plan("judge", 8e-5, 5e-6, warmup_steps=30, seed=14)
JUDGED = {"roles": 5_500, "claims": 5_200, "papers": 3_500, "abstracts": 4_500, "whole": 7_000, "orders": 5_500}
"""How many sentences of each kind one reading takes."""
REPLAYED = 0.3
"""The share of a reading's groups of questions that is read again in the second stage."""
SUSPECTS = 3_000


def _draw(said: argparse.Namespace, share: float, seed: int) -> list[asking.Group]:
    """Give `share` readings of the questions."""
    asked = asking.everything(said.data)
    out: list[asking.Group] = []
    while share > 0:
        some = asking.groups(asked, seed + len(out))
        out += some[: round(len(some) * min(1.0, share))]
        share -= 1
    return out


def ask(said: argparse.Namespace) -> None:
    """Stage one: learn which of several sentences answers a question."""
    torch.manual_seed(ASK.seed)
    tok = tokenizer_at(said.start / "tokenizer.json", TRAIN_TOKENS)
    drawn = _draw(said, said.steps_factor, ASK.seed)
    print(asking.count(drawn), flush=True)
    steps = group_steps(tok, drawn, ASK.groups_a_step)
    train(beginning(said.start / "model.safetensors"), steps, ASK, said.out / ASK.name, Machine(said.workers, said.device, said.minutes))


def judged_steps(said: argparse.Namespace, rng: random.Random) -> list[Step]:
    """Give the steps over single sentences; what is kept for calibration is left out."""
    from tests.hostile.unseen import OBLIQUE
    from tests.readers.hostile_words import HONEST, INDIRECT, ORDERS

    tok = tokenizer_at(said.start / "tokenizer.json", TRAIN_TOKENS)
    found: dict[str, list[Judged]] = {
        "roles": judging.roles(said.data, "train"),
        "claims": judging.claims(said.data, "train"),
        "papers": judging.papers(said.data, rng),
        "abstracts": judging.abstracts(said.data, rng),
        "whole": judging.whole_and_damaged(said.data, rng),
        "orders": judging.orders(said.data, rng, [*ORDERS.values(), *INDIRECT, *OBLIQUE], list(HONEST.values())),
    }
    drawn: list[Judged] = []
    for name, some in found.items():
        fit = [j for j in some if name not in {"roles", "claims", "papers"} or not judging.is_held_out(j.text)]
        wanted = round(JUDGED[name] * said.steps_factor)
        for start in range(0, wanted, len(fit)):
            drawn += rng.sample(fit, min(len(fit), wanted - start))
    rng.shuffle(drawn)
    return sentence_steps(tok, drawn, JUDGE.sentences_a_step)


def judge(said: argparse.Namespace) -> None:
    """Stage two: learn the other heads beside the first."""
    torch.manual_seed(JUDGE.seed)
    tok = tokenizer_at(said.start / "tokenizer.json", TRAIN_TOKENS)
    again = group_steps(tok, _draw(said, REPLAYED * said.steps_factor, JUDGE.seed), JUDGE.groups_a_step)
    steps = mixed([again, judged_steps(said, random.Random(JUDGE.seed))], JUDGE.seed)
    train(loaded(said.out / ASK.name), steps, JUDGE, said.out / JUDGE.name, Machine(said.workers, said.device, said.minutes))


def loaded(folder: Path) -> Reader:
    """Give the network of a stage's checkpoint."""
    net = Reader()
    net.load_state_dict(torch.load(folder / "checkpoint.pt", weights_only=True)["net"])
    return net


def suspects(net: Reader, said: argparse.Namespace) -> list[str]:
    """Give the arXiv sentences and titles that look most like orders, out of all of them."""
    kept = said.out / "suspects.json"
    if kept.exists():
        return list(json.loads(kept.read_text(encoding="utf-8")))
    rows = [r for report in (False, True) for r in judging.arxiv(said.data, report=report)]
    texts = list(dict.fromkeys([" ".join(r["title"].split()) for r in rows] + [s for r in rows for s in sentences(r["abstract"])]))
    tok = tokenizer_at(said.start / "tokenizer.json", TRAIN_TOKENS)
    scores = logits(net, encoded(tok, texts))[:, OUTPUTS.index("order")]
    found = [texts[i] for i in scores.argsort(descending=True)[:SUSPECTS].tolist()]
    kept.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return found


def finish(said: argparse.Namespace) -> None:
    """Export, calibrate and measure: `weights/` in the run's folder."""
    from tests.hostile.unseen import UNSEEN

    folder = said.out / "weights"
    folder.mkdir(parents=True, exist_ok=True)
    net = loaded(said.out / said.last)
    reader = reader_finish.ship(net, said.start / "tokenizer.json", folder)
    found = {"relevance": reader_finish.relevance(reader, said.data)}
    if said.last != ASK.name:
        found["finding"] = reader_finish.finding(reader, said.data)
        found["wholeness"] = reader_finish.wholeness(reader, said.data)
        found["order"] = reader_finish.order(reader, said.data, UNSEEN, suspects(net, said))
    heads = {name: found[name][0] if name in found else {"weights": [0.0] * len(parts), "bias": 0.0} for name, parts in HEADS.items()}
    thresholds = {name: found[name][1] if name in found else 1.0 for name in HEADS}
    figures = {name: of[2] for name, of in found.items()}
    reader = reader_finish.describe(folder, heads, thresholds, figures)
    figures["relevance"] |= {"trials": reader_measure.trials(said.data, reader.relevance)}
    figures["relevance"] |= {"shelves": reader_measure.shelves(reader_measure.kept_shelves(said.data, said.out), reader.relevance)}
    figures["cost"] = reader_finish.cost(reader)
    reader_finish.describe(folder, heads, thresholds, figures)
    print(json.dumps(figures, indent=1))


STAGES: dict[str, Callable[[argparse.Namespace], None]] = {"ask": ask, "judge": judge, "finish": finish}


def main() -> None:
    """Read the arguments and run the stages asked for."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of data sets")
    read.add_argument("--start", type=Path, required=True, help="the folder with MiniLM's model.safetensors and tokenizer.json")
    read.add_argument("--out", type=Path, default=Path("build/training-reader"), help="checkpoints, logs and finished weights go here")
    read.add_argument("--workers", type=int, default=2, help="training processes of one thread each (1: repeatable to the bit)")
    read.add_argument("--device", default="cpu")
    read.add_argument("--steps-factor", type=float, default=1.0, help="how many readings each stage takes")
    read.add_argument("--minutes", type=float, default=1e9, help="end each stage after this time, wherever it is")
    read.add_argument("--stage", choices=[*STAGES, "all"], default="all")
    read.add_argument("--last", default=JUDGE.name, help="the stage whose checkpoint is exported and measured")
    said = read.parse_args()
    if said.device != "cpu":
        said.workers = 1
    for name, stage in STAGES.items():
        if said.stage in {name, "all"}:
            stage(said)


if __name__ == "__main__":
    main()
