"""The reader's training loop: groups of one question and judged sentences, in steps that several workers take side by side."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

import torch
import torch.multiprocessing as mp
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 -- the name used throughout torch's own documentation

from sovereign.adapters.encoder import shown
from training import checkpoint
from training.asking import Group
from training.placing import Judged
from training.reader_network import JUDGED, Reader

SAVE_EVERY_S = 120
CHUNKS = 4
"""A step's texts are sorted by length and run in this many parts, so that little is spent on padding."""
POINTWISE = 0.5
"""The weight of the yes-or-no loss beside the loss over the group's order; it gives the score its absolute scale."""
RIGHT_WEIGHT = 3.0
"""What a right sentence weighs in the yes-or-no loss, since seven wrong ones stand beside it."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text or a pair as token ids; `split` is where the second side begins."""

    ids: tuple[int, ...]
    split: int


@dataclass(frozen=True, slots=True)
class Step:
    """What one step reads: groups (of `sizes`) of right and wrong sentences; or judged sentences, where `heads` has a row of answers each.

    An answer is 1, 0, or -1 where it is not known.
    """

    texts: tuple[Tokens, ...]
    right: tuple[float, ...] = ()
    sizes: tuple[int, ...] = ()
    heads: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """How a stage is trained: the rate falls in a straight line from `rate` to `final_rate`."""

    name: str
    rate: float
    final_rate: float
    groups_a_step: int = 5
    sentences_a_step: int = 48
    warmup_steps: int = 60
    frozen_layers: int = 2
    seed: int = 13


def tokenizer_at(path: Path, max_tokens: int) -> Tokenizer:
    """Give the WordPiece tokenizer; a pair longer than `max_tokens` loses from its longer side."""
    tok = Tokenizer.from_file(str(path))
    tok.no_padding()
    tok.enable_truncation(max_tokens, strategy="longest_first")
    return tok


def encoded(tok: Tokenizer, texts: Sequence[tuple[str, str] | str]) -> list[Tokens]:
    """Give texts, or pairs of texts, as token ids."""
    out = []
    for enc in tok.encode_batch(list(texts)):
        sides = enc.type_ids
        out.append(Tokens(tuple(enc.ids), sides.index(1) if 1 in sides else len(sides)))
    return out


def group_steps(tok: Tokenizer, groups: Sequence[Group], size: int) -> list[Step]:
    """Give the groups as steps of `size` groups each, in their order."""
    out = []
    for start in range(0, len(groups), size):
        some = groups[start : start + size]
        pairs: list[tuple[str, str] | str] = [(" ".join(g.question.split()[:64]), shown(*line)) for g in some for line in g.sentences]
        right = tuple(float(r) for g in some for r in g.right)
        out.append(Step(tuple(encoded(tok, pairs)), right, tuple(len(g.sentences) for g in some)))
    return out


def sentence_steps(tok: Tokenizer, judged: Sequence[Judged], size: int) -> list[Step]:
    """Give judged sentences as steps of `size` sentences each, in their order."""
    out = []
    for start in range(0, len(judged), size):
        some = judged[start : start + size]
        rows = tuple(tuple(float(j.so[name]) if name in j.so else -1.0 for name in JUDGED) for j in some)
        out.append(Step(tuple(encoded(tok, [j.given for j in some])), heads=rows))
    return out


def tensors(items: Sequence[Tokens], device: str = "cpu") -> tuple[Tensor, Tensor, Tensor | None]:
    """Give ids, sides and mask (None when all are equally long) of some texts."""
    longest = max(len(e.ids) for e in items)
    ids = torch.zeros(len(items), longest, dtype=torch.long)
    sides = torch.zeros_like(ids)
    for row, e in enumerate(items):
        ids[row, : len(e.ids)] = torch.tensor(e.ids)
        sides[row, e.split : len(e.ids)] = 1
    lengths = torch.tensor([len(e.ids) for e in items])
    mask = torch.arange(longest)[None] < lengths[:, None]
    return ids.to(device), sides.to(device), None if bool(mask.all()) else mask.to(device)


def scores_of(net: Reader, texts: Sequence[Tokens], chunks: int, device: str = "cpu", *, asks: bool) -> Tensor:
    """Give the logits of all texts, or of all questions with a sentence, shape (texts, 5), run in parts of like length."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i].ids))
    size = -(-len(order) // chunks)
    parts = []
    for start in range(0, len(order), size):
        with torch.autocast(device.split(":", maxsplit=1)[0], torch.bfloat16):
            parts.append(net(*tensors([texts[i] for i in order[start : start + size]], device), asks=asks).float())
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return torch.cat(parts)[back.to(device)]


def loss_of(scores: Tensor, step: Step) -> Tensor:
    """Give a step's loss: over each group's order and yes or no for each pair; or yes or no for each judged sentence."""
    if step.heads:
        wanted = torch.tensor(step.heads, device=scores.device)
        known = (wanted >= 0).float()
        plain = F.binary_cross_entropy_with_logits(scores[:, 1:], wanted.clamp(min=0), reduction="none")
        return ((plain * known).sum(dim=0) / known.sum(dim=0).clamp(min=1)).sum() / 2
    right = torch.tensor(step.right, device=scores.device)
    logits = scores[:, 0]
    both = zip(torch.split(logits, list(step.sizes)), torch.split(right, list(step.sizes)), strict=True)
    order = [-(F.log_softmax(found, dim=0) * wanted).sum() / wanted.sum() for found, wanted in both if wanted.any()]
    weight = torch.where(right > 0, RIGHT_WEIGHT, 1.0)
    plain = (F.binary_cross_entropy_with_logits(logits, right, reduction="none") * weight).sum() / weight.sum()
    return (torch.stack(order).mean() if order else plain * 0) + POINTWISE * plain


@dataclass(frozen=True, slots=True)
class Machine:
    """What a stage runs on; after `minutes` it ends wherever it is, the rate having fallen by the clock."""

    workers: int = 2
    device: str = "cpu"
    minutes: float = 1e9


def train(net: Reader, work: Sequence[Step], plan: Plan, out: Path, machine: Machine) -> Reader:
    """Train through the steps in order and give the network back; `out` keeps log and checkpoint, from which a stopped run goes on.

    Workers do not wait for one another ("Hogwild!", Niu et al., 2011): seeded, but not repeatable to the bit; one worker is.
    """
    out.mkdir(parents=True, exist_ok=True)
    done = checkpoint.resume(net, out / "checkpoint.pt")
    if done < len(work):
        place = mp.get_context("spawn").Value("i", done)
        job = Job(work, plan, out, machine)
        if machine.workers == 1:
            _work(0, net.to(machine.device), job, place)
        else:
            net.share_memory()
            mp.spawn(_work, (net, job, place), nprocs=machine.workers)
        checkpoint.save(net, len(work), out / "checkpoint.pt")
    net.to("cpu")
    return net


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker is handed."""

    work: Sequence[Step]
    plan: Plan
    out: Path
    machine: Machine


def _work(rank: int, net: Reader, job: Job, place: Synchronized[int]) -> None:
    """Take the next step until none is left or the time is over; the first worker logs and saves."""
    if job.machine.device == "cpu":
        torch.set_num_threads(1)
    net.freeze(job.plan.frozen_layers)
    learnt = [p for p in net.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learnt, job.plan.rate, weight_decay=0.01, fused=True)
    torch.manual_seed(job.plan.seed + rank)
    net.train()
    began = saved = time.monotonic()
    losses: dict[str, list[float]] = {"asked": [], "judged": []}
    for own in itertools.count(1):
        with place.get_lock():
            at = place.value
            place.value += 1
        gone = max(at / len(job.work), (time.monotonic() - began) / (60 * job.machine.minutes))
        if at >= len(job.work) or gone >= 1:
            return
        step = job.work[at]
        _set_rate(optimiser, job.plan, gone, own)
        losses["judged" if step.heads else "asked"].append(_take(net, optimiser, step, job.machine.device))
        if rank == 0 and own % 25 == 0:
            means = {name: round(sum(found[-80:]) / len(found[-80:]), 4) for name, found in losses.items() if found}
            checkpoint.log(job.out, {"step": at, "of": len(job.work), **means, "s": round(time.monotonic() - began)})
        if rank == 0 and time.monotonic() - saved > SAVE_EVERY_S:
            checkpoint.save(net, at + 1, job.out / "checkpoint.pt")
            saved = time.monotonic()


def _set_rate(optimiser: torch.optim.Optimizer, plan: Plan, gone: float, own: int) -> None:
    rise = min(1.0, own / plan.warmup_steps)  # counted since this start: the moments begin anew
    for group in optimiser.param_groups:
        group["lr"] = rise * (plan.final_rate + (plan.rate - plan.final_rate) * (1 - gone))


def _take(net: Reader, optimiser: torch.optim.Optimizer, step: Step, device: str) -> float:
    loss = loss_of(scores_of(net, step.texts, CHUNKS if device == "cpu" else 1, device, asks=not step.heads), step)
    loss.backward()
    torch.nn.utils.clip_grad_norm_([p for p in net.parameters() if p.requires_grad], 1.0)
    optimiser.step()
    optimiser.zero_grad()
    return float(loss.detach())


def mixed(parts: Sequence[Sequence[Step]], seed: int) -> list[Step]:
    """Give all steps in one seeded random order."""
    out = [step for part in parts for step in part]
    random.Random(seed).shuffle(out)
    return out


def logits(net: Reader, texts: Sequence[Tokens], batch: int = 64, *, asks: bool) -> Tensor:
    """Give logits for all texts, shape (texts, 5), without gradients."""
    net.eval()
    with torch.inference_mode():
        return scores_of(net, texts, max(1, len(texts) // batch), asks=asks) if texts else torch.zeros(0, 5)
