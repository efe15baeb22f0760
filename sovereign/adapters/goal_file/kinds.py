"""Kinds of value in a goal file: each reads a node, and describes itself to editors as JSON Schema.

Plain words mean what YAML 1.2's core schema says (https://yaml.org/spec/1.2.2/#103-core-schema): `no` is a word and not a truth value.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sovereign.adapters.goal_file.nodes import Node, Refused, shown
from sovereign.errors import Problem
from sovereign.text import did_you_mean, fold

_TRUE_FALSE = re.compile(r"true|True|TRUE|false|False|FALSE")
_WHOLE = re.compile(r"[-+]?[0-9]{1,15}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]{1,15}|[0-9]{1,15}(\.[0-9]{0,15})?)([eE][-+]?[0-9]{1,3})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Bidirectional overrides and isolates reorder what a reviewer sees (CVE-2021-42574); zero-width characters hide in it.
_UNSEEN = frozenset(map(chr, (0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))

Problems = list[Problem]


class ValueKind(Protocol):
    """A kind of value."""

    def read(self, node: Node, key: str, problems: Problems) -> object:
        """Give the value; parts that are wrong are noted and left out.

        Raises:
            Refused: There is no value here.
        """

    def schema(self) -> dict[str, Any]:
        """Give its JSON Schema."""


def take(kind: ValueKind, node: Node, key: str, problems: Problems) -> object:
    """Give the value, or None after noting what is wrong."""
    try:
        return kind.read(node, key, problems)
    except Refused as refused:
        problems.append(refused.at(key))
        return None


@dataclass(frozen=True, slots=True)
class Text:
    """A text on one line; breaks within it are folded to spaces. `what` says in words what is expected."""

    max_chars: int
    min_chars: int = 1
    pattern: str = ""
    what: str = "a text"

    def read(self, node: Node, _key: str, _problems: Problems) -> str:
        """Give the text without white space at its ends."""
        if node.kind != "scalar" or node.is_null:
            raise node.refuse(f"expected {self.what}, got {node}")
        if node.is_plain and (_TRUE_FALSE.fullmatch(node.value) or _NUMBER.fullmatch(node.value)):
            raise node.refuse(f"expected {self.what}, got {node.value}; put it in quotes if it is meant as a text")
        # isprintable() is false for everything unseen, and for more; it spares nearly every text the look at each character.
        if not node.value.isprintable() and (bad := next((char for char in node.value if _is_unseen(char)), "")):
            raise node.refuse(f"expected readable characters, got U+{ord(bad):04X} ({unicodedata.name(bad, 'a control character')})")
        text = fold(node.value)
        if not self.min_chars <= len(text) <= self.max_chars:
            raise node.refuse(f"expected {self.min_chars} to {self.max_chars} characters, got {len(text)}")
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise node.refuse(f"expected {self.what}, got {shown(text)}")
        return text

    def schema(self) -> dict[str, Any]:
        """Give its JSON Schema."""
        found: dict[str, Any] = {"type": "string", "minLength": self.min_chars, "maxLength": self.max_chars}
        return found | ({"pattern": f"^(?:{self.pattern})$"} if self.pattern else {})


def _is_unseen(char: str) -> bool:
    return char in _UNSEEN or (unicodedata.category(char) in {"Cc", "Cs", "Cn", "Co"} and char not in "\n\r\t")


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: Node, _key: str, _problems: Problems) -> str:
        """Give the word."""
        if node.kind != "scalar" or node.value not in self.words:
            guess = did_you_mean(node.value, self.words) if node.kind == "scalar" else ""
            raise node.refuse(f"expected {' or '.join(self.words)}, got {node}{guess}")
        return str(node.value)

    def schema(self) -> dict[str, Any]:
        """Give its JSON Schema."""
        return {"type": "string", "enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Number:
    """A number between two bounds, both allowed."""

    low: float
    high: float
    is_whole: bool = False

    def read(self, node: Node, _key: str, _problems: Problems) -> float:
        """Give an int where it is whole, else a float."""
        pattern = _WHOLE if self.is_whole else _NUMBER
        is_number = node.kind == "scalar" and node.is_plain and pattern.fullmatch(node.value)
        value: float = (int if self.is_whole else float)(node.value) if is_number else float("nan")
        if not self.low <= value <= self.high:
            raise node.refuse(f"expected {'a whole' if self.is_whole else 'a'} number {self.low}..{self.high}, got {node}")
        return value

    def schema(self) -> dict[str, Any]:
        """Give its JSON Schema."""
        return {"type": "integer" if self.is_whole else "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Truth:
    """true or false."""

    def read(self, node: Node, _key: str, _problems: Problems) -> bool:
        """Give the truth value."""
        if node.kind != "scalar" or not node.is_plain or not _TRUE_FALSE.fullmatch(node.value):
            raise node.refuse(f"expected true or false, got {node}")
        return bool(node.value.lower() == "true")

    def schema(self) -> dict[str, Any]:
        """Give its JSON Schema."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Day:
    """A date as YYYY-MM-DD."""

    def read(self, node: Node, _key: str, _problems: Problems) -> date:
        """Give the date."""
        try:
            if node.kind == "scalar" and _DAY.fullmatch(node.value):
                return date.fromisoformat(node.value)
        except ValueError as error:
            raise node.refuse(f"expected a date such as 2024-01-31, got {node}: {error}") from error
        raise node.refuse(f"expected a date such as 2024-01-31, got {node}")

    def schema(self) -> dict[str, Any]:
        """Give its JSON Schema."""
        return {"type": "string", "format": "date", "pattern": f"^{_DAY.pattern}$"}


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values, none twice. `what` says in words what one of them is."""

    item: ValueKind
    what: str
    max_items: int
    min_items: int = 0

    def read(self, node: Node, key: str, problems: Problems) -> tuple[object, ...]:
        """Give the values in their order."""
        if node.kind != "list":
            raise node.refuse(f"expected a list, each item {self.what}; got {node}")
        if not self.min_items <= len(node.value) <= self.max_items:
            raise node.refuse(f"expected {self.min_items} to {self.max_items} items, got {len(node.value)}")
        found: list[object] = []
        for index, inner in enumerate(node.value):
            value = take(self.item, inner, f"{key}[{index}]", problems)
            if value is not None and value in found:
                problems.append(Problem(inner.line, inner.column, f"{key}[{index}]", f"{inner} stands here twice"))
            found.extend([] if value is None else [value])
        return tuple(found)

    def schema(self) -> dict[str, Any]:
        """Give its JSON Schema."""
        return {"type": "array", "items": self.item.schema(), "minItems": self.min_items, "maxItems": self.max_items, "uniqueItems": True}


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a mapping, and what it is for."""

    name: str
    kind: ValueKind
    about: str
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A mapping with known keys."""

    keys: tuple[Key, ...]

    def read(self, node: Node, key: str, problems: Problems) -> dict[str, Any]:
        """Give the values that were given and are right, by key."""
        if node.kind != "mapping":
            raise node.refuse(f"expected keys with values, got {node}")
        kinds = {item.name: item.kind for item in self.keys}
        prefix, seen, found = f"{key}." if key else "", set[str](), dict[str, Any]()
        for name_node, value_node in node.value:
            name = name_node.value if name_node.kind == "scalar" else ""
            path = prefix + (name if name in kinds else shown(name))
            if name not in kinds or name in seen:
                why = "this key stands here twice" if name in seen else f"unknown key{did_you_mean(name, tuple(kinds))}"
                why = why if name_node.kind == "scalar" else f"expected a word as the key, got {name_node}"
                problems.append(Problem(name_node.line, name_node.column, path, why))
            elif (value := take(kinds[name], value_node, path, problems)) is not None:
                found[name] = value
            seen.add(name)
        for item in self.keys:
            if item.is_required and item.name not in seen:
                problems.append(Problem(node.line, node.column, prefix + item.name, "missing; this key is required"))
        return found

    def schema(self) -> dict[str, Any]:
        """Give its JSON Schema."""
        inner = {item.name: {"description": item.about, **item.kind.schema()} for item in self.keys}
        required = [item.name for item in self.keys if item.is_required]
        return {"type": "object", "properties": inner, "required": required, "additionalProperties": False}
