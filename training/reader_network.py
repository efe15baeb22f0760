"""The sentence reader: MiniLM's encoder with two small heads, one over (question, sentence), one over a sentence alone."""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 -- the name used throughout torch's own documentation

from training.network import LAYERS, WIDTH, Layer, from_minilm

JUDGED = ("result", "claim", "wholeness", "order")
OUTPUTS = ("relevance", *JUDGED)


class Reader(nn.Module):
    """Token ids -> logits in the order of OUTPUTS; which of them mean something depends on what was put in."""

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.frozen = 0
        self.words = nn.Embedding(30522, WIDTH)
        self.places = nn.Embedding(512, WIDTH)
        self.sides = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.drop = nn.Dropout(0.1)
        self.asked = nn.Linear(2 * WIDTH, WIDTH)
        self.relevance = nn.Linear(WIDTH, 1)
        self.alone = nn.Linear(2 * WIDTH, WIDTH)
        self.judged = nn.Linear(WIDTH, len(JUDGED))

    def forward(self, ids: Tensor, sides: Tensor, mask: Tensor | None = None) -> Tensor:
        """Give logits, shape (batch, 5). `mask` is (batch, tokens), True where a token stands; None: no padding."""
        wide = None if mask is None else mask[:, None, None, :]
        with torch.set_grad_enabled(torch.is_grad_enabled() and not self.frozen):
            x = self.norm(self.words(ids) + self.places.weight[: ids.shape[1]][None] + self.sides(sides))
            for layer in self.layers[: self.frozen]:
                x = layer(x, wide)
        for layer in self.layers[self.frozen :]:
            x = layer(x, wide)
        return self.heads(x, mask)

    def freeze(self, layers: int) -> None:
        """Leave the tables and the lowest layers as they are: half of all parameters, and a third of a step's time."""
        self.frozen = layers
        for part in (self.words, self.places, self.sides, self.norm, *self.layers[:layers]):
            for weight in part.parameters():
                weight.requires_grad_(requires_grad=False)

    def heads(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Give logits from the encoder's states: both heads read the first state beside the mean."""
        if mask is None:
            mean = x.mean(dim=1)
        else:
            weight = mask.to(x.dtype)[:, :, None]
            mean = (x * weight).sum(dim=1) / weight.sum(dim=1)
        pooled = torch.cat([x[:, 0], mean], dim=1)
        relevance = self.relevance(self.drop(F.gelu(self.asked(pooled))))
        return torch.cat([relevance, self.judged(self.drop(F.gelu(self.alone(pooled))))], dim=1)


def released(path: Path, dropout: float = 0.0) -> Reader:
    """Give the network of a released `reader.onnx`, its eight-bit numbers taken for what they stand for; the last layer is left out.

    The released file is the only form in which released weights are kept; training goes on from it.
    """
    graph = onnx.load(path).graph
    kept = {i.name: torch.tensor(numpy_helper.to_array(i)) for i in graph.initializer}
    net = Reader(dropout)
    state = {name.removeprefix("net."): value for name, value in kept.items() if name.startswith("net.") and value.dtype == torch.float32}
    state["words.weight"] = kept["words.rows"].float() * kept["words.scale"]
    layers = iter(f"layers.{i}.{part}" for i in range(LAYERS) for part in ("qkv", "out", "up", "down"))
    for node in (n for n in graph.node if n.op_type == "MatMulInteger"):
        stem = node.input[1].removesuffix("_quantized")
        name = stem.removeprefix("net.").removesuffix(".weight_Transposed") if stem.startswith("net.") else next(layers)
        weight = (kept[node.input[1]].float() - kept[f"{stem}_zero_point"].float()) * kept[f"{stem}_scale"]
        state[f"{name}.weight"] = weight.T.contiguous()
    net.load_state_dict({name: value for name, value in state.items() if name in net.state_dict()})
    return net


def beginning(path: Path, dropout: float = 0.0) -> Reader:
    """Give the network with its encoder filled from MiniLM's `model.safetensors`; the heads are fresh."""
    net = Reader(dropout)
    kept = net.state_dict()
    state = {name: value for name, value in from_minilm(path).state_dict().items() if name in kept}
    net.load_state_dict({**kept, **state})
    return net
