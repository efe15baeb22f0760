"""The reader as ONNX files with eight-bit weights, and the word table beside them, for one text or pair at a time.

Three files, so that a run computes only the side that it asks: the layers that both sides share, and either side's own.
"""

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
from torch.nn import functional as F  # noqa: N812 -- the name used throughout torch's own documentation

from training.export import keep_words, words_at
from training.network import WIDTH
from training.reader_fit import Tokens
from training.reader_heads import Last
from training.reader_network import FILES, SHARED, Reader, pooled


class Shared(nn.Module):
    """The layers that both sides share, without masks and without the word table."""

    def __init__(self, net: Reader) -> None:
        super().__init__()
        self.net = net.eval()

    def forward(self, words: Tensor, sides: Tensor) -> Tensor:
        """Give states, shape (1, tokens, 384), for rows of the word table of the same shape and sides of shape (1, tokens)."""
        net = self.net
        x = net.norm(words + net.places.weight[: sides.shape[1]][None] + net.sides(sides))
        for layer in net.layers[:SHARED]:
            x = layer(x, None)
        return torch.as_tensor(x)


class AskedSide(nn.Module):
    """The side for a question and a sentence."""

    def __init__(self, net: Reader) -> None:
        super().__init__()
        self.net = net.eval()

    def forward(self, x: Tensor) -> Tensor:
        """Give logits, shape (1, 5), for shared states."""
        for layer in self.net.own:
            x = layer(x, None)
        return self.net.asked_logits(x, None)


class JudgedSide(nn.Module):
    """The side for a sentence by itself, with the last layer of its heads."""

    weights: Tensor
    bias: Tensor

    def __init__(self, net: Reader, last: Last) -> None:
        super().__init__()
        self.net = net.eval()
        self.register_buffer("weights", torch.tensor(last.weights, dtype=torch.float32))
        self.register_buffer("bias", torch.tensor(last.bias, dtype=torch.float32))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Give logits, shape (1, 5), and what the last layer reads, shape (1, 772), for shared states."""
        for layer in self.net.layers[SHARED:]:
            x = layer(x, None)
        own = self.net.judged_logits(x, None)
        states = torch.cat([pooled(x, None), own[:, 1:]], dim=1)
        judged = (states[:, None, :] * self.weights[None]).sum(dim=2) + self.bias  # no matrix product, so that it stays in full precision
        return F.pad(judged, (1, 0)), states


def export(net: Reader, last: Last, folder: Path, *, states: bool = False) -> Path:
    """Write the three files of the network, eight bit, and the word table into `folder`, and give it; full ones lie beside, to compare.

    With `states` the second output of the judged side is there too, for fitting the last layer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    read = torch.zeros(1, 5, WIDTH), torch.tensor([[0, 0, 0, 1, 1]])
    between = (torch.zeros(1, 5, WIDTH),)
    sides: Sequence[tuple[nn.Module, tuple[Tensor, ...], list[str], list[str]]] = (
        (Shared(net), read, ["words", "sides"], ["shared"]),
        (AskedSide(net), between, ["shared"], ["logits"]),
        (JudgedSide(net, last), between, ["shared"], ["logits", "states"]),
    )
    for name, (side, sample, inputs, outputs) in zip(FILES, sides, strict=True):
        full, small = folder / name.replace(".onnx", "-fp32.onnx"), folder / name
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the exporter warns of its own deprecations
            torch.onnx.export(
                side, sample, str(full), input_names=inputs, output_names=outputs, opset_version=17,
                dynamic_axes={name: {1: "tokens"} for name in (*inputs, *outputs[:1]) if name != "logits"}, dynamo=False,
            )  # fmt: skip
        # Seven-bit weights (reduce_range): processors without VNNI, as many hosted runners are, saturate on eight.
        quantize_dynamic(full, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, op_types_to_quantize=["MatMul"])
        model = onnx.load(small)
        if len(outputs) > 1 and not states:
            del model.graph.output[1]
        model.producer_name, model.doc_string = "sovereign", "embedded reader: (question, sentence) or sentence to five scores"
        onnx.save(model, small)
    keep_words(net.words.weight.data, folder)
    return folder


def states_of(folder: Path, texts: Sequence[Tokens]) -> NDArray[np.float64]:
    """Give what the last layer reads, one row a text, from files that were written with it as an output."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    shared, judged = (
        onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"]) for name in (FILES[0], FILES[2])
    )

    table = words_at(folder).numpy()

    def run(text: Tokens) -> NDArray[np.float64]:
        given = np.array([text.ids], dtype=np.int64)
        sides = np.zeros_like(given)
        sides[0, text.split :] = 1
        between = shared.run(["shared"], {"words": table[given], "sides": sides})[0]
        return np.asarray(judged.run(["states"], {"shared": between})[0][0], dtype=np.float64)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.array(list(pool.map(run, texts)))
