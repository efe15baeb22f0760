"""The reader as one ONNX file with eight-bit weights and the word table of one scale a row, for one text or pair at a time."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from training.export import Table
from training.reader_fit import Tokens
from training.reader_heads import Last
from training.reader_network import Reader


class Plain(nn.Module):
    """The network without masks, with the small embedding table and the last layer of the heads over single sentences."""

    weights: Tensor
    bias: Tensor

    def __init__(self, net: Reader, last: Last) -> None:
        super().__init__()
        self.words = Table(net.words.weight.data)
        self.net = net.eval()
        self.register_buffer("weights", torch.tensor(last.weights, dtype=torch.float32))
        self.register_buffer("bias", torch.tensor(last.bias, dtype=torch.float32))

    def forward(self, ids: Tensor, sides: Tensor) -> tuple[Tensor, Tensor]:
        """Give logits, shape (1, 5), and what the last layer reads, shape (1, 772), for ids and sides of shape (1, tokens)."""
        net = self.net
        x = net.norm(self.words(ids) + net.places.weight[: ids.shape[1]][None] + net.sides(sides))
        for layer in net.layers:
            x = layer(x, None)
        own = net.heads(x, None)
        states = torch.cat([x[:, 0], x.mean(dim=1), own[:, 1:]], dim=1)
        judged = (states[:, None, :] * self.weights[None]).sum(dim=2) + self.bias  # no matrix product, so that it stays in full precision
        return torch.cat([own[:, :1], judged], dim=1), states


def export(net: Reader, last: Last, folder: Path, *, states: bool = False) -> Path:
    """Write `reader.onnx` (eight bit) and `reader-fp32.onnx` (to compare) into `folder`; give the former's path.

    With `states` the second output is there too, for fitting the last layer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    full, small = folder / "reader-fp32.onnx", folder / "reader.onnx"
    sample = torch.tensor([[101, 2023, 102, 2008, 102]]), torch.tensor([[0, 0, 0, 1, 1]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own deprecations
        torch.onnx.export(
            Plain(net, last), sample, str(full), input_names=["ids", "sides"], output_names=["logits", "states"], opset_version=17,
            dynamic_axes={"ids": {1: "tokens"}, "sides": {1: "tokens"}}, dynamo=False,
        )  # fmt: skip
    # Seven-bit weights (reduce_range): processors without VNNI, as many hosted runners are, saturate on eight.
    quantize_dynamic(full, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, op_types_to_quantize=["MatMul"])
    model = onnx.load(small)
    if not states:
        del model.graph.output[1]
    model.producer_name, model.doc_string = "sovereign", "embedded reader: (question, sentence) or sentence to five scores"
    onnx.save(model, small)
    return small


def states_of(path: Path, texts: Sequence[Tokens]) -> NDArray[np.float64]:
    """Give what the last layer reads, one row a text, from a file that was written with its second output."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def run(text: Tokens) -> NDArray[np.float64]:
        given = np.array([text.ids], dtype=np.int64)
        sides = np.zeros_like(given)
        sides[0, text.split :] = 1
        return np.asarray(session.run(["states"], {"ids": given, "sides": sides})[0][0], dtype=np.float64)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.array(list(pool.map(run, texts)))
