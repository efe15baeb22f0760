"""The trained network as one ONNX file with eight-bit weights, and the word table beside it, for onnxruntime on any processor.

Input: `words`, the table's rows of the tokens, shape (1, tokens, 384), and `sides`, int64, shape (1, tokens), one pair at a time:
eight-bit arithmetic scales each run by its largest value, so a pair beside others would come out otherwise than alone.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 -- the name used throughout torch's own documentation

from sovereign.adapters.weights import WORDS
from training.network import WIDTH, CrossEncoder


def keep_words(table: Tensor, folder: Path) -> None:
    """Write `words.npz` into `folder`: eight-bit rows, each with a scale of its own, four times smaller and hardly less exact.

    Verifier and reader have one table, which no training moves.

    Raises:
        ValueError: Another table lies there.
    """
    scale = table.abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / 127
    rows, path = torch.round(table / scale).to(torch.int8).numpy(), folder / WORDS
    if path.is_file():
        kept = np.load(path)
        if not (np.array_equal(kept["rows"], rows) and np.allclose(kept["scale"], scale.numpy())):
            raise ValueError(f"{path}: expected the word table of the network that is written, got another one: freeze it in training")
        return
    with path.open("wb") as out:
        np.savez(out, rows=rows, scale=scale.numpy())


def words_at(folder: Path) -> Tensor:
    """Give the word table that lies in `folder`, shape (30522, 384)."""
    kept = np.load(folder / WORDS)
    return torch.tensor(kept["rows"].astype(np.float32) * kept["scale"])


class Plain(nn.Module):
    """The network again, without masks and without its word table."""

    def __init__(self, net: CrossEncoder) -> None:
        super().__init__()
        self.net = net.eval()

    def forward(self, words: Tensor, sides: Tensor) -> Tensor:
        """Give logits, shape (1, 3), for rows of the word table, shape (1, tokens, 384), and sides of shape (1, tokens)."""
        net = self.net
        places = net.places.weight[: sides.shape[1]]
        x = net.norm(words + places[None] + net.sides(sides))
        for layer in net.layers:
            x = layer(x, None)
        return net.label(F.gelu(net.dense(torch.cat([x[:, 0], x.mean(dim=1)], dim=1))))


def export(net: CrossEncoder, folder: Path) -> Path:
    """Write `verifier.onnx` (eight bit), `verifier-fp32.onnx` (to compare) and the word table into `folder`; give the former's path."""
    folder.mkdir(parents=True, exist_ok=True)
    full, small = folder / "verifier-fp32.onnx", folder / "verifier.onnx"
    sample = torch.zeros(1, 5, WIDTH), torch.tensor([[0, 0, 0, 1, 1]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own deprecations
        torch.onnx.export(
            Plain(net), sample, str(full), input_names=["words", "sides"], output_names=["logits"], opset_version=17,
            dynamic_axes={"words": {1: "tokens"}, "sides": {1: "tokens"}}, dynamo=False,
        )  # fmt: skip
    # Seven-bit weights (reduce_range): processors without VNNI, as many hosted runners are, saturate on eight.
    quantize_dynamic(full, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, op_types_to_quantize=["MatMul"])
    model = onnx.load(small)
    model.producer_name, model.doc_string = "sovereign", "embedded verifier: (passage, claim) to supported, insufficient, refuted"
    onnx.save(model, small)
    keep_words(net.words.weight.data, folder)
    return small
