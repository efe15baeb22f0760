"""How likely a sentence is an order by its words alone: the linear model of `weights/reader-words.npz`, read without a library.

Weak cues that add up to an order count in the open only where this model, which learnt from orders and from the sentences of thousands
of papers, does not think the sentence honest: "does not imply recommendation or endorsement by the Department" holds every cue.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from zipfile import ZipFile

from sovereign.language.word_groups import hashed, order_signs

LEAST = -3.0
"""The logit from which cues are believed. Of 853 orders in ten sets the patterns tell as many as without it; none of five honest sentences
that cues had taken for orders in 122 articles reaches it (the model has since learnt from these articles)."""


@cache
def _model() -> tuple[bytes, float, float]:
    """Give the numbers of the groups, one signed byte each, their scale, and the constant."""
    with ZipFile(BytesIO((files("sovereign") / "weights" / "reader-words.npz").read_bytes())) as kept:
        numbers, scale, bias = (_array(kept.read(f"{name}.npy")) for name in ("order", "order scale", "order bias"))
    return numbers, *struct.unpack("<d", scale), *struct.unpack("<d", bias)


def _array(data: bytes) -> bytes:
    """Give the bytes of an array behind its header (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html)."""
    (length,) = struct.unpack("<H", data[8:10])
    return data[10 + length :]


def logit(text: str) -> float:
    """Give the logit of an order."""
    numbers, scale, bias = _model()
    signs: Mapping[int, float] = hashed(order_signs(text), len(numbers))
    return sum((numbers[at] - 256 * (numbers[at] > 127)) * weight for at, weight in signs.items()) * scale + bias


def is_likely(text: str) -> bool:
    """Tell whether a sentence's words may be an order's."""
    return logit(text) >= LEAST
