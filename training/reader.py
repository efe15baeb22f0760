"""Make the sentence reader's weights: `python -m training.reader --data ../shared/data --start MINILM`.

Stages, each resumed from its checkpoint in OUT when the run was stopped: `ask` learns which sentence answers a question; `judge`
learns what kind of sentence one is, with questions mixed in against forgetting; `heads` fits the last layer; `finish` exports,
calibrates and measures into OUT/weights. `--device cuda` trains on an accelerator, `--steps-factor 10` reads ten
times as much, `--minutes` ends a stage by the clock.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from sovereign.adapters.encoder import HEADS
from training import asking, judging, reader_finish, reader_measure
from training.reader_export import export, states_of
from training.reader_fit import Judged, Machine, Plan, encoded, group_steps, mixed, sentence_steps, tokenizer_at, train
from training.reader_heads import Last, as_before, fit_last
from training.reader_network import Reader, beginning

TRAIN_TOKENS = 96
ASK = Plan("ask", 1e-4, 1e-5, seed=13)
JUDGE = Plan("judge", 8e-5, 5e-6, warmup_steps=30, seed=14)
JUDGED = {"roles": 5_500, "claims": 5_200, "papers": 3_500, "abstracts": 4_500, "whole": 7_000, "orders": 5_500}
"""How many sentences of each kind one reading takes."""
LAST_SHARE = 0.6
"""The share of a reading that the last layer is fitted on."""
SUSPECTS = 2_600
"""How many sentences and titles with a word that orders use the last layer is fitted on; all the others only set the threshold."""
REPLAYED = 0.3
"""The share of a reading's groups of questions that is read again in the second stage."""


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


def judged_sentences(said: argparse.Namespace, rng: random.Random, share: float, *, kept: bool = False) -> list[Judged]:
    """Give `share` readings of the single sentences in random order, or those kept for calibration (of three sets)."""
    from tests.hostile.unseen import OBLIQUE
    from tests.readers.hostile_words import HONEST, INDIRECT, ORDERS

    found: dict[str, list[Judged]] = {
        "roles": judging.roles(said.data, "train"),
        "claims": judging.claims(said.data, "train"),
        "papers": judging.papers(said.data, rng),
    }
    if kept:
        return [j for some in found.values() for j in some if judging.is_held_out(j.text)]
    found = {name: [j for j in some if not judging.is_held_out(j.text)] for name, some in found.items()}
    found["abstracts"] = judging.abstracts(said.data, rng)
    found["whole"] = judging.whole_and_damaged(said.data, rng)
    found["orders"] = judging.orders(said.data, rng, [*ORDERS.values(), *INDIRECT, *OBLIQUE], list(HONEST.values()))
    drawn: list[Judged] = []
    for name, some in found.items():
        wanted = round(JUDGED[name] * share)
        for start in range(0, wanted, len(some)):
            drawn += rng.sample(some, min(len(some), wanted - start))
    rng.shuffle(drawn)
    return drawn


def judge(said: argparse.Namespace) -> None:
    """Stage two: learn the other heads beside the first."""
    torch.manual_seed(JUDGE.seed)
    tok = tokenizer_at(said.start / "tokenizer.json", TRAIN_TOKENS)
    again = group_steps(tok, _draw(said, REPLAYED * said.steps_factor, JUDGE.seed), JUDGE.groups_a_step)
    judged = judged_sentences(said, random.Random(JUDGE.seed), said.steps_factor)
    steps = mixed([again, sentence_steps(tok, judged, JUDGE.sentences_a_step)], JUDGE.seed)
    train(loaded(said.out / ASK.name), steps, JUDGE, said.out / JUDGE.name, Machine(said.workers, said.device, said.minutes))


def loaded(folder: Path) -> Reader:
    """Give the network of a stage's checkpoint."""
    net = Reader()
    net.load_state_dict(torch.load(folder / "checkpoint.pt", weights_only=True)["net"])
    return net


def heads(said: argparse.Namespace) -> None:
    """Stage three: fit the last layer of the heads over single sentences on the states of the eight-bit encoder."""
    rng = random.Random(55)
    tok = tokenizer_at(said.start / "tokenizer.json", reader_finish.MAX_TOKENS)
    made = export(loaded(said.out / said.last), as_before(), said.out / "states", states=True)
    fit, kept = judged_sentences(said, rng, LAST_SHARE), judged_sentences(said, rng, 1.0, kept=True)
    fit += [Judged(t, {"order": False}, "suspects") for t in rng.sample(judging.suspects(said.data), SUSPECTS)]
    states, kept_states = (states_of(made, [t.ids for t in encoded(tok, [j.text for j in some])]) for some in (fit, kept))
    last, told = fit_last(states, fit, kept_states, kept)
    print(json.dumps(told))
    np.savez(said.out / "heads.npz", weights=last.weights, bias=last.bias)


def finish(said: argparse.Namespace) -> None:
    """Export, calibrate and measure: `weights/` in the run's folder."""
    from tests.hostile.unseen import UNSEEN

    folder = said.out / "weights"
    folder.mkdir(parents=True, exist_ok=True)
    kept = said.out / "heads.npz"
    last = Last(**np.load(kept)) if kept.exists() else as_before()
    reader = reader_finish.ship(loaded(said.out / said.last), last, said.start / "tokenizer.json", folder)
    found = {"relevance": reader_finish.relevance(reader, said.data)}
    if said.last != ASK.name:
        found["finding"] = reader_finish.finding(reader, said.data)
        found["wholeness"] = reader_finish.wholeness(reader, said.data)
        found["order"] = reader_finish.order(reader, said.data, UNSEEN)
    heads = {name: found[name][0] if name in found else {"weights": [0.0] * len(parts), "bias": 0.0} for name, parts in HEADS.items()}
    thresholds = {name: found[name][1] if name in found else 1.0 for name in HEADS}
    figures = {name: of[2] for name, of in found.items()}
    reader = reader_finish.describe(folder, heads, thresholds, figures)
    figures["relevance"] |= {"trials": reader_measure.trials(said.data, reader.relevance)}
    figures["relevance"] |= {"shelves": reader_measure.shelves(reader_measure.kept_shelves(said.data, said.out), reader.relevance)}
    figures["cost"] = reader_finish.cost(reader)
    reader_finish.describe(folder, heads, thresholds, figures)
    print(json.dumps(figures, indent=1))


STAGES: dict[str, Callable[[argparse.Namespace], None]] = {"ask": ask, "judge": judge, "heads": heads, "finish": finish}


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
