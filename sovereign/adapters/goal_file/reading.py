"""Nodes to the values of a goal, and every fault of them in words: what was expected as the schema has it, and what stands there.

Plain words mean what YAML 1.2's core schema says (https://yaml.org/spec/1.2.2/#103-core-schema): `no` is a word and not a truth value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from sovereign.adapters.goal_file.keys import MOST_ITEMS, GoalKeys, PolicyKeys, day, reader, schema
from sovereign.adapters.goal_file.nodes import Node, shown
from sovereign.errors import Problem
from sovereign.text import counted, did_you_mean, fold

_TRUE_FALSE = re.compile(r"true|True|TRUE|false|False|FALSE")
_WHOLE = re.compile(r"[-+]?[0-9]{1,15}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]{1,15}|[0-9]{1,15}(\.[0-9]{0,15})?)([eE][-+]?[0-9]{1,3})?")
_KNOWN = frozenset((*GoalKeys.__annotations__, *PolicyKeys.__annotations__))

Place = tuple[str | int, ...]


def read(root: Node) -> tuple[dict[str, Any], list[Problem]]:
    """Give the values of a file, by key, and what is wrong with it; where anything is, the values are not to be used."""
    data, problems, found = _value(root), list(_repeated(root, ())), dict[str, Any]()
    try:
        found |= reader().validate_python(data)
    except ValidationError as error:
        told = (_problem(root, *_of_a_whole_list(root, fault["type"], fault["loc"]), fault.get("ctx", {})) for fault in error.errors())
        problems += dict.fromkeys(filter(None, told))
    return found, problems + list(_backwards(root, data))


def _value(node: Node) -> Any:  # noqa: ANN401  # what YAML may hold
    if node.kind == "list":
        return tuple(map(_value, node.value))
    if node.kind == "mapping":
        return {key.value: _value(value) for key, value in reversed(node.value) if key.kind == "scalar"}  # the first of two counts
    if node.is_null:
        return None
    if not node.is_plain:
        return node.value
    if _TRUE_FALSE.fullmatch(node.value):
        return node.value.lower() == "true"
    return int(node.value) if _WHOLE.fullmatch(node.value) else float(node.value) if _NUMBER.fullmatch(node.value) else node.value


def _repeated(node: Node, place: Place) -> Iterator[Problem]:
    """Yield what is lost where nodes become values: keys and items that stand twice, and keys that are no words."""
    is_mapping, seen = node.kind == "mapping", set[str]()
    is_read = node.kind == "list" and len(node.value) <= MOST_ITEMS
    pairs = node.value if is_mapping else [(item, item) for item in node.value] if is_read else []
    for at, (key, value) in enumerate(pairs):
        word = fold(key.value) if key.kind == "scalar" else ""
        inner: Place = (*place, word if is_mapping else at)
        if is_mapping and key.kind != "scalar":
            yield Problem(key.line, key.column, _path(inner), f"expected a word as the key, got {key}")
        elif word in seen:
            yield Problem(key.line, key.column, _path(inner), f"{'this key' if is_mapping else key} stands here twice")
        seen |= {word} if key.kind == "scalar" else set()
        yield from _repeated(value, inner)


def _backwards(root: Node, data: Any) -> Iterator[Problem]:  # noqa: ANN401  # what YAML may hold
    try:
        since, until = (day(data[name]) for name in ("since", "until"))
    except (KeyError, TypeError, ValueError):
        return
    if until < since:
        node = _found(root, ("until",))[1]
        yield Problem(node.line, node.column, "until", f"expected a day not before since ({since}), got {until}")


def _of_a_whole_list(root: Node, kind: str, place: Place) -> tuple[str, Place]:
    """Give a fault as it is; what is wrong with an item of a list that is too long is the list's length."""
    for at, part in enumerate(place):
        if isinstance(part, int) and len(_found(root, place[:at])[1].value) > _part(place[:at])["maxItems"]:
            return "too_long", place[:at]
    return kind, place


def _problem(root: Node, kind: str, place: Place, context: Mapping[str, Any]) -> Problem | None:
    """Give one of pydantic's faults at its line and column; None where it only echoes the faults of a list's items."""
    key, node = _found(root, place[:-1] if kind == "missing" else place)
    if kind == "missing":
        return Problem(node.line, node.column, _path(place), "missing; this key is required")
    part = _part(place[:-1] if kind == "extra_forbidden" else place)
    if kind == "extra_forbidden":
        guess = did_you_mean(str(place[-1]), tuple(part["properties"]))
        return Problem(key.line, key.column, _path(place), f"unknown key{guess}")
    if kind == "too_short" and part["minItems"] <= len(node.value):
        return None
    return Problem(node.line, node.column, _path(place), _message(part, node, kind, str(context.get("error", ""))))


def _found(root: Node, place: Place) -> tuple[Node, Node]:
    """Give the key and the value at a place; the value twice where it is an item of a list."""
    key = node = root
    for part in place:
        key, node = (node.value[part],) * 2 if isinstance(part, int) else next(pair for pair in node.value if pair[0].value == part)
    return key, node


def _part(place: Place) -> dict[str, Any]:
    found = schema()
    for part in place:
        found = found["items"] if isinstance(part, int) else found["properties"][part]
    return found


def _path(place: Place) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part if part in _KNOWN else shown(part)}" for part in place)[1:]


def _message(part: Mapping[str, Any], node: Node, kind: str, cause: str) -> str:
    expected = f"expected {_words(part)}"
    if kind in {"too_short", "too_long"}:
        return f"{expected}, got {counted(len(node.value), 'item')}"
    if kind in {"string_too_short", "string_too_long"}:
        return f"expected {part['minLength']} to {part['maxLength']} characters, got {len(fold(node.value))}"
    if "enum" in part:
        return f"{expected}, got {node}{did_you_mean(node.value, part['enum']) if node.kind == 'scalar' else ''}"
    if kind == "value_error":
        return f"{expected}, got {node}{cause and f': {cause}'}" if "format" in part else cause
    is_word = kind == "string_type" and node.kind == "scalar" and not node.is_null
    return f"{expected}, got {node}{'; put it in quotes if it is meant as a text' if is_word else ''}"


def _words(part: Mapping[str, Any]) -> str:
    """Say in words what a part of the schema takes."""
    if "enum" in part:
        return " or ".join(part["enum"])
    if "minimum" in part:
        return f"{'a whole' if part['type'] == 'integer' else 'a'} number {part['minimum']}..{part['maximum']}"
    if "items" in part:
        most = f"{part['minItems']} to {part['maxItems']}" if "minItems" in part else f"at most {part['maxItems']}"
        return f"a list of {most}, each {_words(part['items'])}"
    told = {"boolean": "true or false", "object": "keys with values", "string": part.get("title", "a date such as 2024-01-31")}
    return str(told[part["type"]])
