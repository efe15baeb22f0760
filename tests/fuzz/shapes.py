"""JSON of another shape than was promised: any value of an answer replaced, left out or doubled, one by one or by chance.

A fuzzer that changes bytes seldom gets past the commas; these inputs are all well-formed, and wrong in what they say.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

ODD = (
    *("null", "true", "[]", "{}", '""', '"x"', "0", "-1", "0.5", "1e999", "9" * 400, "[null]", '[["x"]]', '{"a": null}'),
    *('"\\ud800"', '"\\u0000"', '"\\u00b2"', '"9999-99-99"', '"../x"', '"<b>&"', "[" * 3000 + "]" * 3000),
)
"""Values as they are written: no number of Python's, half a letter, a digit that is none, a day that is none, a depth that is too great."""
_MARK = "\ue000the place\ue000"
_Path = tuple[str | int, ...]


def spoiled(seed: bytes, odd: Sequence[str] = ODD) -> Iterator[bytes]:
    """Give a good answer with one value wrong; of the items of a list the first alone is spoiled, and of its kinds of places each."""
    tree = json.loads(seed)
    for path in _places(tree):
        yield from (_put(tree, path, value) for value in odd)
        if path:
            yield _put(tree, path, None)


def changed(data: bytes, max_bytes: int, chance: int) -> bytes | None:
    """Give the answer with up to three values wrong; None where it is no JSON, or grew too long."""
    picked = random.Random(chance)  # noqa: S311  # no secret
    try:
        tree = json.loads(data)
        for _ in range(picked.randint(1, 3)):
            places = list(_places(tree, every=True))
            path = picked.choice(places)
            value = picked.choice((*ODD, json.dumps(_at(tree, picked.choice(places))), None))
            data = _put(tree, path, value if path else value or "{}")
            tree = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return data if len(data) <= max_bytes else None


def _places(node: object, path: _Path = (), *, every: bool = False) -> Iterator[_Path]:
    yield path
    items: list[tuple[str | int, Any]] = []
    if isinstance(node, dict):
        items = list(node.items())
    elif isinstance(node, list):
        items = list(enumerate(node if every else node[:1]))
    for key, value in items:
        yield from _places(value, (*path, key), every=every)


def _at(node: Any, path: _Path) -> Any:
    for key in path:
        node = node[key]
    return node


def _put(tree: object, path: _Path, value: str | None) -> bytes:
    """Give the JSON with another value at a place, or, with None, without it."""
    if not path:
        return (value or "").encode()
    copy = json.loads(json.dumps(tree))
    above = _at(copy, path[:-1])
    if value is None:
        del above[path[-1]]
    else:
        above[path[-1]] = _MARK
    return json.dumps(copy).replace(json.dumps(_MARK), value or "").encode()
