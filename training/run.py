"""Make the weights from the data: `python -m training.run --data ../shared/data --start MODEL_DIR --out DIR`.

Stages, each resumed from its checkpoint in DIR when the run was stopped: general entailment, scientific claims
twice from two beginnings, their mean, calibration, export, evaluation. `--stage` runs one of them alone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from sovereign.adapters.weights import WORDS
from training import mix
from training.card import card
from training.cases import everything
from training.export import words_at
from training.finish import calibrate, evaluate, ship
from training.fit import Encoded, Schedule, encode, tokenizer_at, train
from training.network import CrossEncoder, from_minilm, from_onnx

GENERAL = (Schedule("general", 1, 1.2e-4, 2e-5), Schedule("general-2", 2, 1e-4, 1e-5, seed=14))
SCIENCE = (
    (Schedule("science-1", 1, 9e-5, 8e-6, warmup_steps=40, seed=20), ("general-2",)),
    (Schedule("science-2", 1, 9e-5, 2e-6, warmup_steps=40, seed=22), ("general", "general-2")),
)
"""The scientific runs, and the stages from whose mean each begins."""
PORTION = mix.Portion(8_000, 14_000, 1, 0.25, 0.6)
RELATIONS = Schedule("relations", 1, 8e-5, 3e-6, warmup_steps=60, smoothing=0.02, seed=31, minutes=36)
RELATED = mix.Relations(24_000, 26_000, 6_000, 40_000), mix.Portion(8_000, 0, 2, 0.25, 1.0)
RELEASED = Path("sovereign/weights/verifier.onnx")


@dataclass(frozen=True, slots=True)
class Place:
    """Where data and starting weights lie, where everything made goes, how many workers train, which stage is shipped."""

    data: Path
    start: Path
    out: Path
    workers: int
    last: str


def general(place: Place) -> None:
    """Stage one: learn entailment from 114,000 short pairs, read three times; each time other mismatches are drawn."""
    tok = tokenizer_at(place.start / "tokenizer.json", 192)
    net = from_minilm(place.start / "model.safetensors")
    for plan in GENERAL:
        epochs = [encode(tok, mix.general_pairs(place.data, plan.seed - 1 + turn)) for turn in range(1, plan.epochs + 1)]
        net = train(net, epochs, plan, place.out / plan.name, place.workers)


def science(place: Place) -> None:
    """Stage two: learn the reading of papers, with a part of stage one mixed in against forgetting; twice, from two beginnings."""
    tok = tokenizer_at(place.start / "tokenizer.json", 224)
    cases = everything(place.data)
    for plan, before in SCIENCE:
        pairs = encode(tok, mix.science_pairs(place.data, cases, PORTION, plan.seed))
        train(_mean(place.out, before), [pairs], plan, place.out / plan.name, place.workers)


def average(place: Place) -> None:
    """Write the mean of both runs' weights (Wortsman et al., 2022, "Model soups")."""
    (place.out / "average").mkdir(exist_ok=True)
    mean = _mean(place.out, [plan.name for plan, _ in SCIENCE])
    torch.save({"net": mean.state_dict(), "step": 0}, place.out / "average" / "checkpoint.pt")


def _mean(folder: Path, stages: Sequence[str]) -> CrossEncoder:
    """Give the network whose weights are the mean of these stages' weights (Izmailov et al., 2018)."""
    states = [torch.load(folder / name / "checkpoint.pt", weights_only=True)["net"] for name in stages]
    net = CrossEncoder()
    net.load_state_dict({name: sum(state[name] for state in states) / len(states) for name in states[0]})
    return net


def relations(place: Place) -> None:
    """Stage three, from the released weights: claims that keep the words and move what they say, with the stages before in part."""
    tok = tokenizer_at(place.start / "tokenizer.json", 192)
    folder = place.out / RELATIONS.name
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "pairs.pt"  # drawing them takes minutes
    if not kept.exists():
        drawn = encode(tok, mix.relation_pairs(place.data, everything(place.data), *RELATED, RELATIONS.seed))
        torch.save([(e.ids, e.split, e.label, e.weight) for e in drawn], kept)
    pairs = [Encoded(*fields) for fields in torch.load(kept, weights_only=True)]
    train(from_onnx(RELEASED, words_at(RELEASED.parent)), [pairs], RELATIONS, folder, place.workers)


def finish(place: Place) -> None:
    """Export, calibrate, evaluate: `weights/` and `results.json` in the run's folder."""
    folder = place.out / "weights"
    folder.mkdir(exist_ok=True)
    cases = everything(place.data)
    verifier = ship(_mean(place.out, [place.last]), place.start / "tokenizer.json", folder)
    print(json.dumps(calibrate(verifier, folder, cases, place.data), indent=1))
    results = evaluate(folder, cases, place.data)
    (place.out / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    size_bytes = sum((folder / name).stat().st_size for name in ("verifier.onnx", WORDS, "tokenizer.json", "verifier.json"))
    (folder / "MODEL_CARD.md").write_text(card(results, size_bytes), encoding="utf-8")
    print(json.dumps(results, indent=1))


STAGES: dict[str, Callable[[Place], None]] = {
    "general": general,
    "science": science,
    "average": average,
    "relations": relations,
    "finish": finish,
}


def main() -> None:
    """Read the arguments and run the stages asked for."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--data", type=Path, required=True, help="the folder of data sets")
    ask.add_argument("--start", type=Path, required=True, help="the folder with MiniLM's model.safetensors and tokenizer.json")
    ask.add_argument("--out", type=Path, required=True, help="checkpoints, logs and the finished weights go here")
    ask.add_argument("--workers", type=int, default=2, help="training processes of one thread each (1: repeatable to the bit)")
    ask.add_argument("--stage", choices=[*STAGES, "all"], default="all")
    ask.add_argument("--last", default="average", help="the stage whose checkpoint is exported and measured")
    said = ask.parse_args()
    place = Place(said.data, said.start, said.out, said.workers, said.last)
    for name, stage in STAGES.items():
        if said.stage in {name, "all"}:
            stage(place)


if __name__ == "__main__":
    main()
