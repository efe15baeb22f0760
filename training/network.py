"""The cross-encoder: a six-layer BERT encoder of width 384 and a three-way head.

The encoder is rebuilt here in sixty lines instead of taken from a model library so that the exported graph
holds only plain operators, and a batch of equally long pairs needs no attention mask.
"""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 -- the name used throughout torch's own documentation

WIDTH, HEADS, INNER, LAYERS = 384, 12, 1536, 6
LABELS = ("supported", "insufficient", "refuted")


class Layer(nn.Module):
    """One encoder layer, normalised after each half as in BERT (Devlin et al., 2019)."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Give the layer's output, shape (batch, tokens, 384), for input of the same shape.

        Attention is written out: on a processor torch 2.13's fused one made a training step of 2,048 tokens take 0.90 s
        instead of 0.54 s, a third of it in its backward pass.
        """
        batch, tokens, _ = x.shape
        query, key, value = (t.reshape(batch, tokens, HEADS, WIDTH // HEADS).transpose(1, 2) for t in self.qkv(x).chunk(3, dim=-1))
        scores = query * (WIDTH // HEADS) ** -0.5 @ key.transpose(2, 3)
        if mask is not None:
            scores = scores.masked_fill(~mask, -1e4)
        mixed = torch.softmax(scores, dim=-1) @ value
        x = self.norm1(x + self.drop(self.out(mixed.transpose(1, 2).reshape(batch, tokens, WIDTH))))
        return self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))


class CrossEncoder(nn.Module):
    """(passage, claim) as token ids -> logits in the order of LABELS."""

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.words = nn.Embedding(30522, WIDTH)
        self.places = nn.Embedding(512, WIDTH)
        self.sides = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.dense = nn.Linear(2 * WIDTH, WIDTH)
        self.drop = nn.Dropout(0.1)
        self.label = nn.Linear(WIDTH, len(LABELS))

    def forward(self, ids: Tensor, sides: Tensor, mask: Tensor | None = None) -> Tensor:
        """Give logits, shape (batch, 3). `mask` is (batch, tokens), True where a token stands; None: no padding."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.norm(self.words(ids) + self.places(places)[None] + self.sides(sides))
        wide = None if mask is None else mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, wide)
        if mask is None:
            mean = x.mean(dim=1)
        else:
            weight = mask.to(x.dtype)[:, :, None]
            mean = (x * weight).sum(dim=1) / weight.sum(dim=1)
        return self.label(self.drop(F.gelu(self.dense(torch.cat([x[:, 0], mean], dim=1)))))


def from_minilm(path: Path, dropout: float = 0.0) -> CrossEncoder:
    """Give the network with its encoder filled from a `model.safetensors` in BERT's naming; the head is fresh."""
    source = load_file(path)
    net = CrossEncoder(dropout)
    state = net.state_dict()
    names = {
        "words.weight": "embeddings.word_embeddings.weight",
        "places.weight": "embeddings.position_embeddings.weight",
        "sides.weight": "embeddings.token_type_embeddings.weight",
        "norm.weight": "embeddings.LayerNorm.weight",
        "norm.bias": "embeddings.LayerNorm.bias",
    }
    parts = {
        "out": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm2": "output.LayerNorm",
    }
    for i in range(LAYERS):
        there = f"encoder.layer.{i}"
        for kind in ("weight", "bias"):
            for ours, theirs in parts.items():
                names[f"layers.{i}.{ours}.{kind}"] = f"{there}.{theirs}.{kind}"
            attention = [source[f"{there}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            state[f"layers.{i}.qkv.{kind}"] = torch.cat(attention)
    for ours, theirs in names.items():
        state[ours] = source[theirs]
    net.load_state_dict(state)
    return net


def from_onnx(path: Path, table: Tensor, dropout: float = 0.0) -> CrossEncoder:
    """Give the network with the weights of an exported `verifier.onnx` and its word table, eight-bit numbers taken for their values.

    The released file is the only form in which released weights are kept; training goes on from it without the general stage.
    """
    graph = onnx.load(path).graph
    kept = {i.name: torch.tensor(numpy_helper.to_array(i)) for i in graph.initializer}
    net = CrossEncoder(dropout)
    state = {name.removeprefix("net."): value for name, value in kept.items() if name.startswith("net.") and value.dtype == torch.float32}
    state["words.weight"] = table
    names = [*(f"layers.{i}.{part}" for i in range(LAYERS) for part in ("qkv", "out", "up", "down")), "dense", "label"]
    products = [node for node in graph.node if node.op_type == "MatMulInteger"]
    for name, node in zip(names, products, strict=True):
        stem = node.input[1].removesuffix("_quantized")
        weight = (kept[node.input[1]].float() - kept[f"{stem}_zero_point"].float()) * kept[f"{stem}_scale"]
        state[f"{name}.weight"] = weight.T.contiguous()
    net.load_state_dict({name: value for name, value in state.items() if name in net.state_dict()})
    return net
