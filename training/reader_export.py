"""The reader as one ONNX file with eight-bit weights and the word table of one scale a row, for one text or pair at a time."""

from __future__ import annotations

import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from training.export import Table
from training.reader_network import Reader


class Plain(nn.Module):
    """The network without masks and with the small embedding table."""

    def __init__(self, net: Reader) -> None:
        super().__init__()
        self.words = Table(net.words.weight.data)
        self.net = net.eval()

    def forward(self, ids: Tensor, sides: Tensor) -> Tensor:
        """Give logits, shape (1, 5), for ids and sides of shape (1, tokens)."""
        net = self.net
        x = net.norm(self.words(ids) + net.places.weight[: ids.shape[1]][None] + net.sides(sides))
        for layer in net.layers:
            x = layer(x, None)
        return net.heads(x, None)


def export(net: Reader, folder: Path) -> Path:
    """Write `reader.onnx` (eight bit) and `reader-fp32.onnx` (to compare) into `folder`; give the former's path."""
    folder.mkdir(parents=True, exist_ok=True)
    full, small = folder / "reader-fp32.onnx", folder / "reader.onnx"
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
    model.producer_name, model.doc_string = "sovereign", "embedded reader: (question, sentence) or sentence to five scores"
    onnx.save(model, small)
    return small
