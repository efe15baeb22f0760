"""The sentence reader: MiniLM's encoder, its upper layers once a side: for (question, sentence), for a sentence alone, and for orders.

What answers a question, what kind of sentence one is and whether it orders its reader about are learnt apart, so that each may be learnt
further without the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 -- the name used throughout torch's own documentation

from training.export import words_at
from training.network import LAYERS, WIDTH, Layer, from_minilm

JUDGED = ("result", "claim", "wholeness", "order")
BY_HAND = ("found", "alone")
"""What two more rows of the judged side's last layer say, taught by hand (`reader_claims.py`)."""
OUTPUTS = ("relevance", *JUDGED, *BY_HAND)
TOKENS = 160
"""The most tokens of a run: a text or pair is read so far, a longer one in windows."""
OWN = 2
"""How many of the upper layers each side has for itself; those below are shared."""
SHARED = LAYERS - OWN
FILES = ("reader.onnx", "reader-asked.onnx", "reader-judged.onnx", "reader-ordered.onnx")
"""The released network: the shared layers, then each side's own with its head. The last is a network of its own over the same shared
layers, whose judged side has learnt orders alone (`reader_order.py`)."""
JUDGED_FILE, ORDERED_FILE = FILES[2:]


class Reader(nn.Module):
    """Token ids -> logits in the order of OUTPUTS; which of them mean something depends on what was put in."""

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.frozen = 0
        self.words = nn.Embedding(30522, WIDTH)
        self.places = nn.Embedding(TOKENS, WIDTH)
        self.sides = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.own = nn.ModuleList(Layer(dropout) for _ in range(OWN))
        self.drop = nn.Dropout(0.1)
        self.asked = nn.Linear(2 * WIDTH, WIDTH)
        self.relevance = nn.Linear(WIDTH, 1)
        self.alone = nn.Linear(2 * WIDTH, WIDTH)
        self.judged = nn.Linear(WIDTH, len(JUDGED))

    def forward(self, ids: Tensor, sides: Tensor, mask: Tensor | None = None, *, asks: bool) -> Tensor:
        """Give logits, shape (batch, 5), those of the other side 0. `asks` says that the inputs are questions with sentences.

        `mask` is (batch, tokens), True where a token stands; None: no padding.
        """
        wide = None if mask is None else mask[:, None, None, :]
        with torch.set_grad_enabled(torch.is_grad_enabled() and not self.frozen):
            x = self.norm(self.words(ids) + self.places.weight[: ids.shape[1]][None] + self.sides(sides))
            for layer in self.layers[: self.frozen]:
                x = layer(x, wide)
        for layer in self.layers[self.frozen : SHARED]:
            x = layer(x, wide)
        for layer in self.own if asks else self.layers[SHARED:]:
            x = layer(x, wide)
        return self.asked_logits(x, mask) if asks else self.judged_logits(x, mask)

    def freeze(self, layers: int) -> None:
        """Leave the tables and the lowest layers, at most the shared ones, as they are: half of all parameters and more."""
        self.frozen = layers
        for part in (self.words, self.places, self.sides, self.norm, *self.layers[:layers]):
            for weight in part.parameters():
                weight.requires_grad_(requires_grad=False)

    def asked_logits(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Give relevance beside four zeros, from the states of a question and a sentence."""
        found = self.relevance(self.drop(F.gelu(self.asked(pooled(x, mask)))))
        return F.pad(found, (0, len(JUDGED)))

    def judged_logits(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Give zero and what kind of sentence it is, from the states of a sentence."""
        found = self.judged(self.drop(F.gelu(self.alone(pooled(x, mask)))))
        return F.pad(found, (1, 0))


def pooled(x: Tensor, mask: Tensor | None) -> Tensor:
    """Give the first state beside the mean, which both heads read."""
    if mask is None:
        return torch.cat([x[:, 0], x.mean(dim=1)], dim=1)
    weight = mask.to(x.dtype)[:, :, None]
    return torch.cat([x[:, 0], (x * weight).sum(dim=1) / weight.sum(dim=1)], dim=1)


def released(folder: Path, dropout: float = 0.0, judged: str = JUDGED_FILE) -> Reader:
    """Give the network of released weights, its eight-bit numbers taken for what they stand for; the last layer is left out.

    `judged` names the file of its judged side. The released files are the only form in which released weights are kept; training goes on
    from them.
    """
    state: dict[str, Tensor] = {}
    for file, parts in zip((*FILES[:2], judged), (f"layers.0-{SHARED}", f"own.0-{OWN}", f"layers.{SHARED}-{LAYERS}"), strict=True):
        stem, places = parts.split(".")
        first, end = map(int, places.split("-"))
        names = (f"{stem}.{i}.{part}" for i in range(first, end) for part in ("qkv", "out", "up", "down"))
        state |= _unpacked(onnx.load(folder / file).graph, names)
    net = Reader(dropout)
    state["words.weight"] = words_at(folder)
    net.load_state_dict({name: value for name, value in state.items() if name in net.state_dict()})
    return net


def _unpacked(graph: onnx.GraphProto, layers: Iterator[str]) -> dict[str, Tensor]:
    """Give one file's weights by their names; `layers` names the layers' products in their order, which the exporter leaves nameless."""
    kept = {i.name: torch.tensor(numpy_helper.to_array(i)) for i in graph.initializer}
    state = {name.removeprefix("net."): value for name, value in kept.items() if name.startswith("net.") and value.dtype == torch.float32}
    for node in (n for n in graph.node if n.op_type == "MatMulInteger"):
        stem = node.input[1].removesuffix("_quantized")
        name = stem.removeprefix("net.").removesuffix(".weight_Transposed") if stem.startswith("net.") else next(layers)
        weight = (kept[node.input[1]].float() - kept[f"{stem}_zero_point"].float()) * kept[f"{stem}_scale"]
        state[f"{name}.weight"] = weight.T.contiguous()
    return state


def beginning(path: Path, dropout: float = 0.0) -> Reader:
    """Give the network with its encoder filled from MiniLM's `model.safetensors`; the heads are fresh."""
    net = Reader(dropout)
    kept = net.state_dict()
    state = {name: value for name, value in from_minilm(path).state_dict().items() if name in kept}
    state["places.weight"] = state["places.weight"][:TOKENS]
    net.load_state_dict({**kept, **state})
    net.own.load_state_dict(net.layers[SHARED:].state_dict())
    return net
