"""YAML text to nodes that know their line and column. Hostile input: no YAML object is ever built, only the parser's events are read.

Anchors, aliases and tags are refused, nesting is bounded (https://pyyaml.org/wiki/PyYAMLDocumentation).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from sovereign.errors import Problem
from sovereign.text import fold

MAX_DEPTH = 4

# libyaml where PyYAML was built with it: ten times faster, the same events.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = re.compile(r"~|null|Null|NULL|")
_BARE = re.compile(r"[A-Za-z0-9.+-]{1,30}")
_SHOWN_CHARS = 60


class Refused(Exception):  # noqa: N818  # a way out of a value, turned into a Problem by whoever holds the list of them
    """A value or a whole file that a goal may not hold."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.line, self.column, self.message = line, column, message

    def at(self, key: str) -> Problem:
        """Give the problem, under the key where it was met."""
        return Problem(self.line, self.column, key, self.message)


@dataclass(frozen=True, slots=True)
class Node:
    """One value of the file; line and column count from 1.

    Attributes:
        kind: "scalar", "list" or "mapping".
        value: A str for a scalar, a tuple of Nodes for a list, a tuple of (key, value) pairs of Nodes for a mapping.
        is_plain: Whether a scalar was written without quotes, so that it may be a number.
    """

    line: int
    column: int
    kind: str
    value: Any
    is_plain: bool = False

    @property
    def is_null(self) -> bool:
        """Whether nothing was written."""
        return self.kind == "scalar" and self.is_plain and bool(_NULL.fullmatch(self.value))

    def refuse(self, message: str) -> Refused:
        """Give the exception that says what is wrong here."""
        return Refused(self.line, self.column, message)

    def __str__(self) -> str:
        if self.is_null:
            return "nothing"
        if self.kind != "scalar":
            return f"a {self.kind}"
        return str(self.value) if self.is_plain and _BARE.fullmatch(self.value) else shown(self.value)


def shown(text: str) -> str:
    """Give a foreign text as a message may show it: quoted, escaped, and with an ellipsis where it is long."""
    return repr(text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "…")


def compose(text: str) -> Node | None:
    """Give the file's one document; None where it is empty.

    Raises:
        Refused: It is no YAML, or YAML that a goal may not hold.
    """
    node: Node | None = None
    try:
        events = yaml.parse(text, Loader=_Loader)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and node is not None:
                raise _at(event, "expected one document, got a second one")
            if isinstance(event, yaml.NodeEvent):
                node = _node(event, events, 1)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Refused(line, column, f"no valid YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise Refused(1, 1, f"no valid YAML: {fold(str(error))}") from error
    return node


def _at(event: yaml.Event, message: str) -> Refused:
    mark: Any = event.start_mark
    return Refused(mark.line + 1, mark.column + 1, message)


def _node(event: yaml.NodeEvent, events: Iterator[Any], depth: int) -> Node:
    tag = getattr(event, "tag", None)
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        raise _at(event, "anchors and aliases are not allowed in a goal; write the value out")
    if tag:
        raise _at(event, f"tags such as {shown(tag)} are not allowed in a goal")
    if depth > MAX_DEPTH:
        raise _at(event, f"expected at most {MAX_DEPTH} levels of nesting")
    mark: Any = event.start_mark
    line, column = mark.line + 1, mark.column + 1
    if isinstance(event, yaml.ScalarEvent):
        return Node(line, column, "scalar", event.value, is_plain=not event.style)
    nodes = []
    for inner in events:
        if isinstance(inner, yaml.CollectionEndEvent):
            break
        nodes.append(_node(inner, events, depth + 1))
    if isinstance(event, yaml.SequenceStartEvent):
        return Node(line, column, "list", tuple(nodes))
    return Node(line, column, "mapping", tuple(zip(nodes[::2], nodes[1::2], strict=True)))
