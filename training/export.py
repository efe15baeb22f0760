"""The trained network as one ONNX file with eight-bit weights, for onnxruntime on any processor.

Input: `ids` and `sides`, int64, shape (1, tokens), one pair at a time: eight-bit arithmetic scales each run by its largest
value, so a pair beside others would come out otherwise than alone.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 -- the name used throughout torch's own documentation

from training.network import CrossEncoder


class Table(nn.Module):
    """An embedding table with eight-bit rows, each with a scale of its own: four times smaller and hardly less exact."""

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        scale = table.abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("rows", torch.round(table / scale).to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        """Give rows, shape (*ids.shape, 384)."""
        return self.rows[ids].float() * self.scale[ids]


class Plain(nn.Module):
    """The network again, without masks and with the small embedding table."""

    def __init__(self, net: CrossEncoder) -> None:
        super().__init__()
        self.words = Table(net.words.weight.data)
        self.net = net.eval()

    def forward(self, ids: Tensor, sides: Tensor) -> Tensor:
        """Give logits, shape (1, 3), for ids and sides of shape (1, tokens)."""
        net = self.net
        places = net.places.weight[: ids.shape[1]]
        x = net.norm(self.words(ids) + places[None] + net.sides(sides))
        for layer in net.layers:
            x = layer(x, None)
        return net.label(F.gelu(net.dense(torch.cat([x[:, 0], x.mean(dim=1)], dim=1))))


def export(net: CrossEncoder, folder: Path) -> Path:
    """Write `verifier.onnx` (eight bit) and `verifier-fp32.onnx` (to compare) into `folder`; give the former's path."""
    folder.mkdir(parents=True, exist_ok=True)
    full, small = folder / "verifier-fp32.onnx", folder / "verifier.onnx"
    sample = torch.tensor([[101, 2023, 102, 2008, 102]]), torch.tensor([[0, 0, 0, 1, 1]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own deprecations
        torch.onnx.export(
            Plain(net), sample, str(full), input_names=["ids", "sides"], output_names=["logits"], opset_version=17,
            dynamic_axes={"ids": {1: "tokens"}, "sides": {1: "tokens"}}, dynamo=False,
        )  # fmt: skip
    # Seven-bit weights (reduce_range): processors without VNNI, as many hosted runners are, saturate on eight.
    quantize_dynamic(full, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, op_types_to_quantize=["MatMul"])
    model = onnx.load(small)
    model.producer_name, model.doc_string = "sovereign", "embedded verifier: (passage, claim) to supported, insufficient, refuted"
    onnx.save(model, small)
    return small
