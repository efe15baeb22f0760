"""Training loop: batches of equal length, bfloat16 arithmetic, checkpoints from which a killed run goes on."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

import torch
import torch.multiprocessing as mp
from tokenizers import Tokenizer
from torch.nn import functional as F  # noqa: N812 -- the name used throughout torch's own documentation

from sovereign.language.plain import plain
from training import checkpoint
from training.cases import Pair
from training.network import LABELS, CrossEncoder

SAVE_EVERY_S = 180
UNSUPPORTED = len(LABELS)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A pair as token ids: [CLS] passage [SEP] claim [SEP]; `split` is where the claim's side begins."""

    ids: tuple[int, ...]
    split: int
    label: int
    weight: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """How one stage is trained: the rate falls in a straight line from `rate` to `final_rate`.

    Attributes:
        minutes: Where set, the clock counts too: the rate has fallen and the stage ends after so long, whatever is left of the batches.
    """

    name: str
    epochs: int
    rate: float
    final_rate: float
    tokens_per_batch: int = 2048
    warmup_steps: int = 150
    smoothing: float = 0.0
    seed: int = 13
    minutes: float = 0.0


def tokenizer_at(path: Path, max_tokens: int = 256) -> Tokenizer:
    """Give the WordPiece tokenizer, cutting only the passage when a pair is longer than `max_tokens`."""
    tok = Tokenizer.from_file(str(path))
    tok.no_padding()
    tok.enable_truncation(max_tokens, strategy="only_first")
    return tok


def encode(tok: Tokenizer, pairs: Sequence[Pair]) -> list[Encoded]:
    """Give every pair as token ids, in order, written as at run time. A claim is cut to 96 words, so the passage always has room."""
    texts = [(plain(p.passage), " ".join(plain(p.claim).split()[:96])) for p in pairs]
    out = []
    for pair, enc in zip(pairs, tok.encode_batch(texts), strict=True):
        sides = enc.type_ids
        split = sides.index(1) if 1 in sides else len(sides)
        label = LABELS.index(pair.label) if pair.label in LABELS else UNSUPPORTED
        out.append(Encoded(tuple(enc.ids), split, label, pair.weight))
    return out


def batches(items: Sequence[Encoded], tokens: int, seed: int) -> list[list[int]]:
    """Give index lists of pairs of nearly the same length, about `tokens` tokens each, in a seeded random order."""
    rng = random.Random(seed)
    order = sorted(range(len(items)), key=lambda i: (len(items[i].ids), rng.random()))
    out: list[list[int]] = []
    now: list[int] = []
    for i in order:
        if now and (len(now) + 1) * len(items[i].ids) > tokens:
            out.append(now)
            now = []
        now.append(i)
    if now:
        out.append(now)
    rng.shuffle(out)
    return out


def tensors(items: Sequence[Encoded]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor | None]:
    """Give ids, sides and mask (None when all are equally long) of a batch."""
    longest = max(len(e.ids) for e in items)
    ids = torch.zeros(len(items), longest, dtype=torch.long)
    sides = torch.zeros_like(ids)
    for row, e in enumerate(items):
        ids[row, : len(e.ids)] = torch.tensor(e.ids)
        sides[row, e.split : len(e.ids)] = 1
    if all(len(e.ids) == longest for e in items):
        return ids, sides, None
    lengths = torch.tensor([len(e.ids) for e in items])
    return ids, sides, torch.arange(longest)[None] < lengths[:, None]


def logits(net: CrossEncoder, items: Sequence[Encoded], tokens: int = 4096) -> torch.Tensor:
    """Give the network's logits for every pair, shape (pairs, 3), without gradients."""
    net.eval()
    out = torch.zeros(len(items), len(LABELS))
    with torch.inference_mode():
        for index in batches(items, tokens, 0):
            ids, sides, mask = tensors([items[i] for i in index])
            with torch.autocast("cpu", torch.bfloat16):
                out[index] = net(ids, sides, mask).float()
    return out


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker is handed: pairs by epoch, the order of batches, the plan and the folder for checkpoints."""

    epochs: Sequence[Sequence[Encoded]]
    work: Sequence[tuple[int, list[int]]]
    plan: Schedule
    out: Path


def train(net: CrossEncoder, epochs: Sequence[Sequence[Encoded]], plan: Schedule, out: Path, workers: int = 2) -> CrossEncoder:
    """Train through `epochs` (one list of pairs each) and give the network back; `out` keeps log and checkpoint.

    Several workers of one thread each step the same shared weights without waiting for one another (Niu et al., 2011,
    "Hogwild!"): on a machine that others use too, two threads that wait at every operation were four times slower. Such a
    run is seeded but not repeatable to the bit; one worker is.
    """
    out.mkdir(parents=True, exist_ok=True)
    work = [(e, index) for e, items in enumerate(epochs) for index in batches(items, plan.tokens_per_batch, plan.seed + e)]
    done = checkpoint.resume(net, out / "checkpoint.pt")
    if done < len(work):
        net.share_memory()
        place = mp.get_context("spawn").Value("i", done)
        mp.spawn(_work, (net, Job(epochs, work, plan, out), place), nprocs=workers)
        checkpoint.save(net, len(work), out / "checkpoint.pt")
    return net


def _work(rank: int, net: CrossEncoder, job: Job, place: Synchronized[int]) -> None:
    """Take the next batch and step, until none is left; the first worker logs and saves."""
    torch.set_num_threads(1)
    for table in (net.words, net.places):
        table.weight.requires_grad_(requires_grad=False)  # half of all parameters, and the costliest to step
    optimiser = torch.optim.AdamW([p for p in net.parameters() if p.requires_grad], job.plan.rate, weight_decay=0.01, fused=True)
    torch.manual_seed(job.plan.seed + rank)
    net.train()
    began = saved = time.monotonic()
    losses: list[float] = []
    while True:
        with place.get_lock():
            step = place.value
            place.value += 1
        done = max(step / len(job.work), (time.monotonic() - began) / (60 * job.plan.minutes) if job.plan.minutes else 0.0)
        if done >= 1:
            return
        epoch, index = job.work[step]
        _set_rate(optimiser, job.plan, done, len(losses))
        losses.append(_step(net, optimiser, [job.epochs[epoch][i] for i in index], job.plan.smoothing))
        now = time.monotonic()
        if rank == 0 and len(losses) % 25 == 0:
            recent = losses[-100:]
            checkpoint.log(
                job.out, {"step": step, "of": len(job.work), "loss": round(sum(recent) / len(recent), 4), "s": round(now - began)}
            )
        if rank == 0 and now - saved > SAVE_EVERY_S:
            checkpoint.save(net, step + 1, job.out / "checkpoint.pt")
            saved = now


def _step(net: CrossEncoder, optimiser: torch.optim.Optimizer, items: Sequence[Encoded], smoothing: float) -> float:
    ids, sides, mask = tensors(items)
    with torch.autocast("cpu", torch.bfloat16):
        scores = net(ids, sides, mask)
    target = torch.tensor([e.label for e in items])
    weight = torch.tensor([e.weight for e in items])
    loss = (losses_of(scores.float(), target, smoothing) * weight).sum() / weight.sum()
    loss.backward()
    torch.nn.utils.clip_grad_norm_([p for p in net.parameters() if p.requires_grad], 1.0)
    optimiser.step()
    optimiser.zero_grad()
    return float(loss.detach())


def losses_of(scores: torch.Tensor, target: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """Give each pair's loss: cross-entropy, or for "unsupported" the surprise that it is not supported."""
    known = F.cross_entropy(scores, target.clamp(max=UNSUPPORTED - 1), reduction="none", label_smoothing=smoothing)
    either = torch.logsumexp(scores, dim=1) - torch.logsumexp(scores[:, 1:], dim=1)
    return torch.where(target == UNSUPPORTED, either, known)


def _set_rate(optimiser: torch.optim.Optimizer, plan: Schedule, done: float, own: int) -> None:
    rise = min(1.0, (own + 1) / plan.warmup_steps)  # counted since this start: the moments begin anew
    fall = plan.final_rate + (plan.rate - plan.final_rate) * (1 - done)
    for group in optimiser.param_groups:
        group["lr"] = rise * fall
