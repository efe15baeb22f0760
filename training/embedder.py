"""Distil a sentence model into one vector a word piece.

Use: `python -m training.embedder --data ../shared/data --minilm DIR --taught FILE --out DIR`.

The teacher (all-MiniLM-L6-v2, Apache-2.0) gives a vector for each arXiv abstract. The student starts from the teacher's answer
to each word piece alone, brought to 256 dimensions and weighed by rarity, and learns (a) the teacher's vector of the whole
abstract from the abstract, from its title and from a stretch of 60 pieces, (b) the teacher's similarities inside a batch,
(c) to find the abstract that belongs to a title among 256. 1,500 abstracts are held out; no search question is looked at.
About ten minutes on two cores. Writes embedder.npz (8-bit rows, one scale each), tokenizer.json and embedder.json.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import shutil
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 -- the name used throughout torch's own documentation

from training.network import CrossEncoder, from_minilm

DIMENSION, EPOCHS, BATCH, RATE = 256, 4, 256, 3e-3
RARITY = 1e-3
"""Arora et al. (2017): a piece of frequency f weighs RARITY / (RARITY + f)."""
HELD_OUT, STRETCH, TEACHER_TOKENS, VOCABULARY = 1500, 60, 128, 30522
CLS, SEP = 101, 102


def records(data: Path) -> list[tuple[str, str]]:
    """Give (title, abstract) of the arXiv records that are no answer to a SPAR question, white space folded."""
    answers = {json.loads(line)["title"].lower() for line in (data / "search/spar_docs.jsonl").open()}
    with gzip.open(data / "arxiv/arxiv-15k.jsonl.gz", "rt") as source:
        rows = [json.loads(line) for line in source]
    return [(" ".join(r["title"].split()), " ".join(r["abstract"].split())) for r in rows if r["title"].lower() not in answers]


def teach(net: CrossEncoder, lists: list[list[int]]) -> Tensor:
    """Give the teacher's unit vectors of token lists, shape (n, 384), in batches of equal length."""
    out = torch.zeros(len(lists), 384)
    order = sorted(range(len(lists)), key=lambda i: len(lists[i]))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for _, group in groupby(order, key=lambda i: len(lists[i])):
            same = list(group)
            for start in range(0, len(same), 32):
                batch = same[start : start + 32]
                out[batch] = F.normalize(_encode(net, torch.tensor([lists[i] for i in batch])).float().mean(1), dim=1)
    return out


def _encode(net: CrossEncoder, ids: Tensor) -> Tensor:
    x = net.norm(net.words(ids) + net.places(torch.arange(ids.shape[1]))[None] + net.sides(torch.zeros_like(ids)))
    for layer in net.layers:
        x = layer(x, None)
    return x


def pieces_alone(net: CrossEncoder) -> Tensor:
    """Give the teacher's answer to every word piece alone, shape (30522, 384), centred."""
    out = []
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, VOCABULARY, 512):
            piece = torch.arange(start, min(VOCABULARY, start + 512))
            ids = torch.stack([torch.full_like(piece, CLS), piece, torch.full_like(piece, SEP)], 1)
            out.append(_encode(net, ids).float().mean(1))
    rows = torch.cat(out)
    return rows - rows.mean(0)


class Student(nn.Module):
    """A table of vectors; a text is the unit-length sum of its pieces."""

    def __init__(self, rows: Tensor) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag.from_pretrained(rows / rows.norm(dim=1).mean(), freeze=False, mode="sum")

    def forward(self, lists: list[Tensor]) -> Tensor:
        """Give unit vectors, shape (len(lists), dimension)."""
        starts = torch.tensor([0, *(len(x) for x in lists[:-1])]).cumsum(0)
        return F.normalize(self.table(torch.cat(lists), starts), dim=1)


def loss_of(student: Student, title: list[Tensor], abstract: list[Tensor], target: Tensor, rng: np.random.Generator) -> Tensor:
    """Give the batch's loss: the teacher's vectors, its similarities, and each title's own abstract among the others."""
    starts = [int(rng.integers(0, max(1, len(x) - STRETCH))) for x in abstract]
    whole = student([torch.cat(pair) for pair in zip(title, abstract, strict=True)])
    part = student([x[s : s + STRETCH] for x, s in zip(abstract, starts, strict=True)])
    head, body = student(title), student(abstract)
    vectors = sum((weight * (1 - (v * target).sum(1)).mean() for v, weight in ((whole, 1.0), (part, 1.0), (head, 0.5))), torch.tensor(0.0))
    similarities = ((whole @ whole.T - target @ target.T) ** 2).mean()
    logits, right = head @ body.T / 0.05, torch.arange(len(title))
    return vectors + 10 * similarities + 0.1 * (F.cross_entropy(logits, right) + F.cross_entropy(logits.T, right))


def train(student: Student, titles: list[Tensor], abstracts: list[Tensor], target: Tensor, seed: int) -> float:
    """Train in place; give the share of held-out titles whose nearest held-out abstract is their own."""
    order = np.random.default_rng(seed).permutation(len(titles))
    held, kept = order[:HELD_OUT], order[HELD_OUT:]
    optimiser = torch.optim.Adam(student.parameters(), lr=RATE)
    rng = np.random.default_rng(seed + 1)
    for epoch in range(EPOCHS):
        shuffled = rng.permutation(kept)
        for start in range(0, len(shuffled) - BATCH + 1, BATCH):
            batch = shuffled[start : start + BATCH]
            loss = loss_of(student, [titles[i] for i in batch], [abstracts[i] for i in batch], target[batch], rng)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        with torch.inference_mode():
            nearest = (student([titles[i] for i in held]) @ student([abstracts[i] for i in held]).T).argmax(1)
        found = float((nearest == torch.arange(len(held))).float().mean())
        print(f"epoch {epoch + 1}: loss {loss.item():.3f}, {found:.3f} of {len(held)} held-out titles find their abstract", flush=True)
    return found


def _kept(path: Path) -> Tensor:
    """Give the teacher's vectors that an earlier run kept; they are most of the time."""
    return torch.from_numpy(np.load(path, allow_pickle=False))


def write(rows: np.ndarray[Any, np.dtype[np.float32]], out: Path, tokenizer: Path, card: dict[str, object]) -> None:
    """Write the table with 8 bits a number, the tokenizer and the card."""
    out.mkdir(parents=True, exist_ok=True)
    scales = np.maximum(np.abs(rows).max(axis=1), 1e-9) / 127
    np.savez_compressed(out / "embedder.npz", rows=np.rint(rows / scales[:, None]).astype(np.int8), scales=scales.astype(np.float32))
    shutil.copyfile(tokenizer, out / "tokenizer.json")
    card = {**card, "files": {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in ("embedder.npz", "tokenizer.json")}}
    (out / "embedder.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Distil and write."""
    words = argparse.ArgumentParser()
    for name in ("data", "minilm", "out"):
        words.add_argument(f"--{name}", type=Path, required=True)
    words.add_argument("--taught", type=Path, required=True, help="where the teacher's vectors are kept (.npy)")
    words.add_argument("--seed", type=int, default=7)
    given = words.parse_args()
    torch.manual_seed(given.seed)
    tokenizer = Tokenizer.from_file(str(given.minilm / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    rows = records(given.data)
    titles, abstracts = (
        [torch.tensor(e.ids) for e in tokenizer.encode_batch(list(column), add_special_tokens=False)] for column in zip(*rows, strict=True)
    )
    net = from_minilm(given.minilm / "model.safetensors").eval()
    whole = tokenizer.encode_batch([f"{title}. {abstract}" for title, abstract in rows], add_special_tokens=False)
    taught = _kept(given.taught) if given.taught.is_file() else teach(net, [[CLS, *e.ids[: TEACHER_TOKENS - 2], SEP] for e in whole])
    np.save(given.taught, taught.numpy())
    centred = taught - taught.mean(0)
    basis = torch.linalg.svd(centred, full_matrices=False).Vh[:DIMENSION].T
    counts = Counter(int(i) for x in (*titles, *abstracts) for i in x)
    rarity = torch.tensor([RARITY / (RARITY + counts.get(i, 0.5) / sum(counts.values())) for i in range(VOCABULARY)])
    student = Student(pieces_alone(net) @ basis * rarity[:, None])
    found = train(student, titles, abstracts, F.normalize(centred @ basis, dim=1), given.seed)
    card = {
        "name": "sovereign-static",
        "version": "1",
        "dimension": DIMENSION,
        "teacher": "sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)",
        "trained_on": f"{len(rows) - HELD_OUT} arXiv titles and abstracts (metadata, CC0)",
        "held_out_titles_finding_their_abstract": round(found, 4),
        "licence": "Apache-2.0",
        "seed": given.seed,
    }
    write(student.table.weight.detach().numpy(), given.out, given.minilm / "tokenizer.json", card)


if __name__ == "__main__":
    main()
