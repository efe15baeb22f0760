"""The reader as ONNX files with eight-bit weights, and the word table beside them, for one text or pair at a time.

Several files, so that a run computes only the side that it asks: the layers that all sides share, and each side's own.
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
from training.reader_network import FILES, JUDGED_FILE, ORDERED_FILE, SHARED, Reader, pooled


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


class OrderedSide(nn.Module):
    """The side that tells orders: the judged side of a network that has learnt nothing else there."""

    def __init__(self, net: Reader) -> None:
        super().__init__()
        self.net = net.eval()

    def forward(self, x: Tensor) -> Tensor:
        """Give logits, shape (1, 5), of which that of an order means something, for shared states."""
        for layer in self.net.layers[SHARED:]:
            x = layer(x, None)
        return self.net.judged_logits(x, None)


def export(net: Reader, last: Last, folder: Path, *, states: bool = False) -> Path:
    """Write the network's shared layers, asked and judged side, eight bit, and the word table into `folder`, and give it.

    Full ones lie beside, to compare. With `states` the second output of the judged side is there too, for fitting the last layer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    read = torch.zeros(1, 5, WIDTH), torch.tensor([[0, 0, 0, 1, 1]])
    _write(Shared(net), read, ["words", "sides"], ["shared"], folder / FILES[0])
    export_asked(net, folder)
    _write(JudgedSide(net, last), read[:1], ["shared"], ["logits", "states"], folder / JUDGED_FILE, kept=2 if states else 1)
    keep_words(net.words.weight.data, folder)
    return folder


def export_asked(net: Reader, folder: Path) -> Path:
    """Write the side for a question and a sentence, eight bit, into `folder`, and give its path."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(AskedSide(net), (torch.zeros(1, 5, WIDTH),), ["shared"], ["logits"], folder / FILES[1])
    return folder / FILES[1]


def export_ordered(net: Reader, folder: Path) -> Path:
    """Write the side that tells orders, eight bit, into `folder`, and give its path."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(OrderedSide(net), (torch.zeros(1, 5, WIDTH),), ["shared"], ["logits"], folder / ORDERED_FILE)
    return folder / ORDERED_FILE


def _write(side: nn.Module, sample: tuple[Tensor, ...], inputs: Sequence[str], outputs: Sequence[str], small: Path, kept: int = 1) -> None:
    full = small.with_name(small.name.replace(".onnx", "-fp32.onnx"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own deprecations
        torch.onnx.export(
            side, sample, str(full), input_names=list(inputs), output_names=list(outputs), opset_version=17,
            dynamic_axes={name: {1: "tokens"} for name in (*inputs, *outputs[:1]) if name != "logits"}, dynamo=False,
        )  # fmt: skip
    # Seven-bit weights (reduce_range): processors without VNNI, as many hosted runners are, saturate on eight.
    quantize_dynamic(full, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, op_types_to_quantize=["MatMul"])
    model = onnx.load(small)
    del model.graph.output[kept:]
    model.producer_name, model.doc_string = "sovereign", "embedded reader: (question, sentence) or sentence to five scores"
    onnx.save(model, small)


def states_of(folder: Path, texts: Sequence[Tokens]) -> NDArray[np.float64]:
    """Give what the last layer reads, one row a text, from files that were written with it as an output."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    shared, judged = (
        onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"]) for name in (FILES[0], JUDGED_FILE)
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
