"""Make the sentence reader's weights: `python -m training.reader --data ../shared/data --start MINILM`.

Stages, each resumed from its checkpoint in OUT when the run was stopped: `ask` learns which sentence answers a question; `judge`
learns what kind of sentence one is, with questions mixed in against forgetting; `words` fits what stands beside the network,
`heads` its last layer; `finish` exports, calibrates and measures into OUT/weights. `--begin sovereign/weights` goes on from
released weights instead of `ask`, `--device cuda` trains on an accelerator, `--steps-factor 10` reads ten times as much, `--minutes`
ends a stage by the clock.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from sovereign.adapters.wording import form
from standins.orders import HONEST, INDIRECT, ORDERS
from standins.unseen_orders import OBLIQUE, UNSEEN
from training import asking, checkpoint, judging, placing, reader_finish, reader_measure, reader_words
from training.placing import Judged
from training.reader_export import export, states_of
from training.reader_fit import Machine, Plan, encoded, group_steps, mixed, sentence_steps, tokenizer_at, train
from training.reader_heads import Last, as_before, fit_last
from training.reader_network import JUDGED as HEADS_ALONE
from training.reader_network import TOKENS, Reader, beginning, released

TRAIN_TOKENS, JUDGE_TOKENS = 96, 136
ASK = Plan("ask", 1e-4, 1e-5, seed=13)
JUDGE = Plan("judge", 8e-5, 5e-6, warmup_steps=30, seed=14)
JUDGED = {
    "roles": 9_000, "claims": 6_500, "structured": 2_200, "articles": 4_500, "by others": 900, "captions": 3_000,
    "abstracts": 3_000, "suspects": 3_000, "furniture": 6_000, "whole": 18_000, "orders": 6_000,
}  # fmt: skip
"""How many sentences of each kind one reading takes."""
MIXED, LEARNT = "mixed", 0.5
"""The mean of the network before the second stage and after it: by itself the latter answers fewer questions (README.md)."""
LAST_SHARE, WORDS_SHARE = 0.25, 1.5
"""How many readings the last layer is fitted on, and the linear models over words."""
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
    """Give `share` readings of the single sentences in random order, or those kept for calibration (of the sets with findings)."""
    sets = {
        "roles": judging.roles(said.data, "train"),
        "claims": judging.claims(said.data, "train"),
        "structured": placing.structured(said.data),
        "articles": placing.articles(said.data),
    }
    found = {name: judging.fit_side(some, kept=kept) for name, some in sets.items()}
    if kept:
        return [j for some in found.values() for j in some]
    everywhere = [j for some in found.values() for j in some]
    titles = [" ".join(r["title"].split()) for r in judging.arxiv(said.data, report=False)]
    found["by others"] = placing.by_others(everywhere, rng)
    found["captions"] = placing.captions(titles, everywhere, rng, round(JUDGED["captions"] * share))
    found["abstracts"] = judging.abstracts(said.data, rng)
    found["suspects"] = [Judged(t, {"order": False}, "suspects") for t in judging.suspects(said.data, fit=True)]
    found["furniture"] = [Judged(t, {"order": False}, "furniture") for t in judging.furniture(said.data)]
    found["whole"] = judging.whole_and_damaged(said.data, rng, round(JUDGED["whole"] * share))
    hostile = [*ORDERS.values(), *INDIRECT, *OBLIQUE]
    found["orders"] = judging.orders(said.data, rng, hostile, list(HONEST.values()), round(JUDGED["orders"] * share))
    drawn: list[Judged] = []
    for name, some in found.items():
        wanted = round(JUDGED[name] * share)
        for start in range(0, wanted, len(some)):
            again = rng.sample(some, min(len(some), wanted - start))
            drawn += placing.thinned(again, rng) if some[0].around else again
    rng.shuffle(drawn)
    return drawn


def judge(said: argparse.Namespace) -> None:
    """Stage two: learn the other heads beside the first."""
    torch.manual_seed(JUDGE.seed)
    tok = tokenizer_at(said.start / "tokenizer.json", JUDGE_TOKENS)
    again = group_steps(tok, _draw(said, REPLAYED * said.steps_factor, JUDGE.seed), JUDGE.groups_a_step)
    judged = judged_sentences(said, random.Random(JUDGE.seed), said.steps_factor)
    steps = mixed([again, sentence_steps(tok, judged, JUDGE.sentences_a_step)], JUDGE.seed)
    begun = released(said.begin) if said.begin else loaded(said.out / ASK.name)
    before = {name: value.clone() for name, value in begun.state_dict().items()}
    print(json.dumps({"steps": len(steps), "sentences": len(judged), "groups": len(again) * JUDGE.groups_a_step}), flush=True)
    net = train(begun, steps, JUDGE, said.out / JUDGE.name, Machine(said.workers, said.device, said.minutes))
    net.load_state_dict({name: LEARNT * value + (1 - LEARNT) * before[name] for name, value in net.state_dict().items()})
    (said.out / MIXED).mkdir(exist_ok=True)
    checkpoint.save(net, len(steps), said.out / MIXED / "checkpoint.pt")


def loaded(folder: Path) -> Reader:
    """Give the network of a stage's checkpoint."""
    net = Reader()
    net.load_state_dict(torch.load(folder / "checkpoint.pt", weights_only=True)["net"])
    return net


def words(said: argparse.Namespace) -> None:
    """Stage three: fit the linear models over words, which need no network."""
    fit = judged_sentences(said, random.Random(57), WORDS_SHARE)
    arrays = {"known": reader_words.known(judging.plain(said.data))}
    for name in reader_words.SIZES:
        arrays |= reader_words.linear(fit, name)
        print(name, flush=True)
    said.out.mkdir(parents=True, exist_ok=True)
    np.savez(said.out / "words.npz", **arrays)  # type: ignore[arg-type]  # numpy's annotation takes every keyword for allow_pickle


def heads(said: argparse.Namespace) -> None:
    """Stage four: fit the last layer on the states of the eight-bit encoder, and trees over its answer and the signs of damage."""
    tok = tokenizer_at(said.start / "tokenizer.json", TOKENS)
    made = export(loaded(said.out / said.last), as_before(), said.out / "states", states=True)
    fit, kept = judged_sentences(said, random.Random(55), LAST_SHARE), judged_sentences(said, random.Random(56), 0, kept=True)
    states, kept_states = (states_of(made, encoded(tok, [j.given for j in some])) for some in (fit, kept))
    last, told = fit_last(states, fit, kept_states, kept)
    print(json.dumps(told), flush=True)
    np.savez(said.out / "heads.npz", weights=last.weights, bias=last.bias)
    whole = judging.whole_and_damaged(said.data, random.Random(58), kept=True)
    own = last.logits(states_of(made, encoded(tok, [j.text for j in whole])))[:, HEADS_ALONE.index("wholeness")]
    arrays = dict(np.load(said.out / "words.npz"))
    rows = np.array([[*form(j.text, arrays["known"]), logit] for j, logit in zip(whole, own, strict=True)])
    reader_words.write(arrays | reader_words.trees(rows, [j.so["wholeness"] for j in whole]), said.out / "reader-words.npz")


def finish(said: argparse.Namespace) -> None:
    """Export, calibrate and measure: `weights/` in the run's folder; the worst errors stay in the run's folder, in `worst.json`."""
    folder = said.out / "weights"
    folder.mkdir(parents=True, exist_ok=True)
    last = Last(**np.load(said.out / "heads.npz"))
    net = loaded(said.out / said.last)
    reader = reader_finish.ship(net, last, said.out / "reader-words.npz", said.start / "tokenizer.json", folder)
    found = {
        "relevance": reader_finish.relevance(reader, said.data),
        "finding": reader_finish.finding(reader, said.data, said.out),
        "wholeness": reader_finish.wholeness(reader, said.data),
        "order": reader_finish.order(reader, said.data, [*ORDERS.values(), *INDIRECT, *OBLIQUE], UNSEEN),
    }
    heads = reader_finish.plain() | {name: head for some, _, _ in found.values() for name, head in some.items()}
    thresholds = {name: cut for _, some, _ in found.values() for name, cut in some.items()}
    figures = {name: told for name, (_, _, told) in found.items()}
    worst = reader_finish.worst(figures)
    reader = reader_finish.describe(folder, heads, thresholds, figures)
    figures["relevance"] |= {"trials": reader_measure.trials(said.data, reader.relevance)}
    figures["relevance"] |= {"shelves": reader_measure.shelves(reader_measure.kept_shelves(said.data, said.out), reader.relevance)}
    figures["by hand"] = reader_measure.by_hand(reader, said.data, said.out)
    (said.out / "worst.json").write_text(json.dumps(worst | reader_finish.worst(figures), indent=1, ensure_ascii=False), encoding="utf-8")
    figures["cost"] = reader_finish.cost(reader)
    reader_finish.describe(folder, heads, thresholds, figures)
    print(json.dumps(figures, indent=1))


STAGES: dict[str, Callable[[argparse.Namespace], None]] = {"ask": ask, "judge": judge, "words": words, "heads": heads, "finish": finish}


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
    read.add_argument("--stage", nargs="+", choices=[*STAGES, "all"], default=["all"])
    read.add_argument("--begin", type=Path, help="a folder with released weights that `judge` goes on from; `ask` is then left out")
    read.add_argument("--last", default=MIXED, help="the stage whose checkpoint is exported and measured")
    said = read.parse_args()
    if said.device != "cpu":
        said.workers = 1
    for name, stage in STAGES.items():
        if name in said.stage or ("all" in said.stage and not (said.begin and name == ASK.name)):
            stage(said)


if __name__ == "__main__":
    main()
