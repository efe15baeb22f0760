"""The weights in the package: each model's description, the files that it names by their hashes, and the network run over token ids."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property, reduce
from operator import getitem
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sovereign.errors import UsageError

if TYPE_CHECKING:  # both cost a command's start-up 0.1 s and more; loaded with the weights
    import onnxruntime
    from tokenizers import Tokenizer

WEIGHTS = Path(__file__).resolve().parent.parent / "weights"
WORDS = "words.npz"
"""The word table of every network here: a row of eight-bit numbers a token, and a scale a row."""
_TIP = "install the package again"

Row: TypeAlias = NDArray[np.float64]
Framed: TypeAlias = tuple[Sequence[int], Sequence[int]]
"""The token ids of one run, and the side, 0 or 1, that each stands on."""
Fixed: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]


@cache
def weights(name: str, folder: Path = WEIGHTS, fixed: Fixed = (), threads: int | None = None) -> Weights:
    """Give one model's weights: what a process has loaded once serves its next goal too."""
    return Weights(name, folder, fixed, threads)


class Weights:
    """One model's weights: `<name>.json`, and what it names. Nothing is loaded before it is asked for.

    `fixed` gives the lists in the description that the code was written for, by their keys, such as "head.names".
    """

    def __init__(self, name: str, folder: Path, fixed: Fixed, threads: int | None) -> None:
        self._name = name
        self._folder = folder
        self._fixed = fixed
        self._threads = threads or os.cpu_count() or 1
        self._sessions: dict[str, onnxruntime.InferenceSession] = {}

    @cached_property
    def description(self) -> Mapping[str, Any]:
        """What the weights are.

        Raises:
            UsageError: The description is missing, is no JSON, or was written for other code.
        """
        path = self._folder / f"{self._name}.json"
        try:
            said: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UsageError(f"{path}: expected the {self._name}'s description, got {error}", tip=_TIP) from error
        for key, expected in self._fixed:
            got: Any = reduce(getitem, key.split("."), said)
            if tuple(got) != expected:
                raise UsageError(f"{path}: {key}: expected {expected}, got {tuple(got)}", tip=_TIP)
        return said

    @cached_property
    def _words(self) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        with np.load(io.BytesIO(self.file(WORDS)), allow_pickle=False) as table:
            return table["rows"], table["scale"]

    def file(self, name: str) -> bytes:
        """Give a file of the weights, if it is the one that its description names.

        Raises:
            UsageError: It is missing, or another one.
        """
        wanted, path = self.description["files"][name], self._folder / name
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UsageError(f"{path}: expected the {self._name}'s weights, got {error}", tip=_TIP) from error
        got = hashlib.sha256(data).hexdigest()
        if wanted != got:
            raise UsageError(f"{path}: expected SHA-256 {wanted}, got {got}", tip=_TIP)
        return data

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The tokenizer, which cuts nothing and fills nothing up."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_str(self.file("tokenizer.json").decode())
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    def logits(self, inputs: Sequence[Framed], then: str = "") -> list[Row]:
        """Give the network's outputs for each input, in order; with `then`, those of its side of that name, which goes on from them.

        Eight-bit arithmetic scales a run by its largest value, so each input is a run of its own on one thread: what comes out does
        not depend on the others. Several runs go side by side, the longest first.
        """
        names = [f"{self._name}.onnx", *([f"{self._name}-{then}.onnx"] if then else [])]
        first, *others = [self._session(name) for name in names]  # loaded here once, before threads would each load them
        rows, scale = self._words

        def run(i: int) -> Row:
            ids, sides = (np.array([values], dtype=np.int64) for values in inputs[i])
            found = first.run(None, {"words": rows[ids].astype(np.float32) * scale[ids], "sides": sides})[0]
            for session in others:
                found = session.run(None, {session.get_inputs()[0].name: found})[0]
            return np.asarray(found[0], dtype=np.float64)

        order = sorted(range(len(inputs)), key=lambda i: -len(inputs[i][0]))
        with ThreadPoolExecutor(self._threads) as pool:
            answers = dict(zip(order, pool.map(run, order), strict=True))
        return [answers[i] for i in range(len(inputs))]

    def _session(self, name: str) -> onnxruntime.InferenceSession:
        import onnxruntime

        if name not in self._sessions:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.log_severity_level = 3
            self._sessions[name] = onnxruntime.InferenceSession(self.file(name), options, providers=["CPUExecutionProvider"])
        return self._sessions[name]
