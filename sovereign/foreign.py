"""JSON that others wrote: read once, the same way everywhere, so that what comes back can be counted, compared and written again.

Settings in TOML are read here too, for the same reason.

JSON allows what breaks its readers: numbers without bound (RFC 8259, section 6), half a surrogate pair (section 8.2), a key that stands
twice (section 4), and any depth. Python's reader adds NaN and Infinity, which are no JSON.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from typing import Any, Literal

MAX_WHOLE = 2**63 - 1
MAX_PARTS = 4_000_000
"""Commas and brackets, each of which may begin a value: 64 MB of `[],` are 20 million lists."""
MAX_TOML_BYTES = 128 << 10
MAX_TOML_DOTS = 2_000
"""On one line: the library's reader takes the square of a dotted key's parts, 6 s for 16,000 (Python 3.11, measured 2026-11)."""
_MAX_DIGITS = len(str(MAX_WHOLE))
_HALF_LETTER = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}|\\u[dD][c-fC-F][0-9a-fA-F]{2}|[\ud800-\udfff]")

HalfLetters = Literal["refuse", "replace", "keep"]


def read(data: bytes | str, *, half_letters: HalfLetters = "refuse", is_strict: bool = True) -> Any:  # noqa: ANN401  # JSON
    """Give the value: numbers are finite, whole ones below 2^63, and every text can be written as UTF-8, unless half letters are kept.

    Args:
        half_letters: What becomes of half a surrogate pair: the value is refused, has "?" in its place, or stays as it is.
        is_strict: Refuse a key that stands twice in one object, and a whole number that is too great; else the last one counts, and such
            a number comes as a float: an answer is not lost for a field that nobody reads.

    Raises:
        ValueError: In words, where it is no such JSON.
    """
    try:
        if isinstance(data, bytes):
            data = data.decode(json.detect_encoding(data), "surrogatepass")
        if sum(map(data.count, ",[{")) > MAX_PARTS:
            raise ValueError(f"it has more than {MAX_PARTS:,} values")
        pairs, number = (_unique, _whole) if is_strict else (None, _number)
        found = json.loads(data, object_pairs_hook=pairs, parse_int=number, parse_float=_finite, parse_constant=_no_constant)
        if half_letters == "keep" or not _HALF_LETTER.search(data):
            return found
        again = json.dumps(found, ensure_ascii=False)
        return json.loads(again.encode("utf-8", "replace" if half_letters == "replace" else "strict"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except UnicodeEncodeError:
        raise ValueError("a text in it holds half a character") from None


def read_answer(data: bytes | str) -> Any:  # noqa: ANN401  # JSON
    """Give what a service answered, as far as it can be used: half characters become "?", and nothing is lost for a field nobody reads."""
    return read(data, half_letters="replace", is_strict=False)


def toml(data: bytes) -> dict[str, Any]:
    """Give the table that a TOML file holds.

    Raises:
        ValueError: In words, where it is none, or larger or nested more deeply than settings are.
    """
    if len(data) > MAX_TOML_BYTES:
        raise ValueError(f"larger than {MAX_TOML_BYTES >> 10} kB")
    if any(line.count(b".") > MAX_TOML_DOTS for line in data.splitlines()):
        raise ValueError(f"a line holds more than {MAX_TOML_DOTS:,} dots")
    try:
        return tomllib.loads(data.decode("utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def whole(value: object) -> int:
    """Give a whole number of JSON's as it stands; ValueError for anything else, truth values and digits in quotes among it."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"expected a whole number, got {json.dumps(value)[:80]}")  # noqa: TRY004  # the readers of JSON say ValueError
    return value


def text(value: object) -> str:
    """Give a text of JSON's as it stands; ValueError for anything else."""
    if not isinstance(value, str):
        raise ValueError(f"expected a text, got {json.dumps(value)[:80]}")  # noqa: TRY004  # the readers of JSON say ValueError
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return made


def _whole(digits: str) -> int:
    if len(digits) > _MAX_DIGITS + 1 or abs(value := int(digits)) > MAX_WHOLE:
        raise ValueError(f"expected numbers below 2^63, got one of {len(digits)} digits")
    return value


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) < _MAX_DIGITS else _finite(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(f"expected numbers that can be held, got {digits[:20]}")
    return value


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")
