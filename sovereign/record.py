"""A Report as JSON that can be kept, compared and disputed, and back again.

The record is the dataclasses of model.py and nothing else: a strict codec walks their fields, and the JSON Schema comes
from the same walk. Same report, same bytes: keys are sorted, floats that were computed are rounded to six digits (the
seventh differs between machines), no clock is read. Some values that follow from others (a claim's id, the policy's
action) are written too, so that the record can be read without this program; on reading they must still follow.
"""

from __future__ import annotations

import json
import math
import re
import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from sovereign import foreign, model
from sovereign.errors import UsageError

VERSION = "sovereign/record/1"
MAX_CHARS = 64_000_000
MAX_BYTES = 4 * MAX_CHARS
_DIGITS = 6
# Half a character, which no UTF-8 file can hold; JSON's own escape can.
_SURROGATE = re.compile("[\ud800-\udfff]")
# Properties that are written beside the fields, so that the record explains itself.
_DERIVED: dict[type, tuple[str, ...]] = {
    model.Goal: ("sha256",),
    model.Claim: ("id", "paper"),
    model.Decision: ("action",),
    model.Tribunal: ("revision_rounds",),
    model.Report: ("retrieved", "verified"),
}
# Numbers a person set are kept as they are: rounding them would change the goal's hash.
_EXACT: tuple[type, ...] = (model.Policy,)


class _WrongError(ValueError):
    """A value that does not fit, with the path to it."""


def to_json(report: model.Report) -> str:
    """Give the record of a report: UTF-8 safe JSON, keys sorted, one newline at the end.

    Raises:
        ValueError: The report holds a number that JSON has no word for (NaN, infinity).
    """
    whole = {"report": _encode(report), "schema": VERSION}
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def from_json(text: str, *, name: str = "record.json", is_known_good: bool = False) -> model.Report:
    """Give the report that a record holds; `name` is the file's, for messages.

    A record that was checked when it was published may skip the schema (`is_known_good`), which takes eight tenths of the
    time; what follows from other fields must still follow.

    Raises:
        UsageError: It is no JSON, of another version, breaks the schema, or contradicts itself.
    """
    if len(text) > MAX_CHARS:
        raise UsageError(f"{name}: expected at most {MAX_CHARS:,} characters, got {len(text):,}")
    try:
        whole = foreign.read(text, half_letters="keep")
    except ValueError as error:
        raise UsageError(f"{name}: expected JSON, got something else: {error}", tip="restore the file from Git") from error
    version = whole.get("schema") if isinstance(whole, dict) else None
    if version != VERSION:
        raise UsageError(f"{name}: expected schema {VERSION!r}, got {version!r}", tip="read it with the version that wrote it")
    if not is_known_good:
        _check_schema(whole, name)
    try:
        report = _decode(whole["report"], model.Report, "report")
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{name}: {error}", tip="the record was changed after it was written; restore it from Git") from error
    return typing.cast("model.Report", report)


@cache
def _schema() -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    _describe_class(model.Report, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{VERSION.replace('/', ':')}",
        "title": "The record of one SOVEREIGN report",
        "type": "object",
        "additionalProperties": False,
        "required": ["report", "schema"],
        "properties": {"report": {"$ref": "#/$defs/Report"}, "schema": {"const": VERSION}},
        "$defs": dict(sorted(definitions.items())),
    }


def schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a record; a fresh copy."""
    return typing.cast("dict[str, Any]", json.loads(json.dumps(_schema())))


# --- Out ---------------------------------------------------------------------------------------------------------


def _encode(value: Any, *, is_exact: bool = False) -> Any:  # noqa: ANN401 - any field of any noun
    if is_dataclass(value) and not isinstance(value, type):
        kind = type(value)
        names = (*(item.name for item in fields(value)), *_DERIVED.get(kind, ()))
        return {name: _encode(getattr(value, name), is_exact=kind in _EXACT) for name in names}
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not is_exact:
        return _round(value)
    return value


def _round(value: float) -> float:
    """Give the float to six digits, never a minus zero; NaN and infinity are errors."""
    if not math.isfinite(value):
        raise ValueError(f"expected a finite number, got {value}")
    return round(value, _DIGITS) + 0.0


# --- In ----------------------------------------------------------------------------------------------------------


def _decode(value: Any, kind: Any, where: str) -> Any:  # noqa: ANN401 - mirrors _encode
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        inner = next(arg for arg in typing.get_args(kind) if arg is not types.NoneType)
        return None if value is None else _decode(value, inner, where)
    if origin is tuple:
        return _decode_tuple(value, typing.get_args(kind), where)
    if is_dataclass(kind):
        return _decode_class(value, typing.cast("type", kind), where)
    # The schema has been satisfied, so words, days and numbers fit.
    return date.fromisoformat(value) if kind is date else kind(value)


def _decode_tuple(value: list[Any], kinds: tuple[Any, ...], where: str) -> tuple[Any, ...]:
    if kinds[-1] is Ellipsis:
        return tuple(_decode(item, kinds[0], f"{where}[{at}]") for at, item in enumerate(value))
    return tuple(_decode(item, kind, f"{where}[{at}]") for at, (item, kind) in enumerate(zip(value, kinds, strict=True)))


def _decode_class(value: dict[str, Any], kind: type, where: str) -> Any:  # noqa: ANN401 - any noun
    hints = _hints(kind)
    given = {name: _decode(value[name], hint, f"{where}.{name}") for name, hint in hints.items() if name in value}
    try:
        made = kind(**given)
    except ValueError as error:
        raise error if isinstance(error, _WrongError) else _WrongError(f"{where}: {error}") from error
    for name in _DERIVED.get(kind, ()):
        if name in value and value[name] != _encode(getattr(made, name)):
            raise _WrongError(f"{where}.{name}: expected {getattr(made, name)}, which follows from the rest, got {value[name]}")
    return made


# --- Schema ------------------------------------------------------------------------------------------------------


@cache
def _hints(kind: type) -> dict[str, Any]:
    """Give the type of each field, in order."""
    known = typing.get_type_hints(kind)
    return {item.name: known[item.name] for item in fields(kind)}


def _describe(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - a type of any shape
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        inner = next(arg for arg in args if arg is not types.NoneType)
        return {"anyOf": [_describe(inner, definitions), {"type": "null"}]}
    if origin is tuple and args[-1] is Ellipsis:
        return {"type": "array", "items": _describe(args[0], definitions)}
    if origin is tuple:
        items = [_describe(arg, definitions) for arg in args]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
    if is_dataclass(kind):
        return _describe_class(typing.cast("type", kind), definitions)
    if issubclass(kind, StrEnum):
        return {"type": "string", "enum": [item.value for item in kind]}
    plain = {str: "string", int: "integer", float: "number", bool: "boolean"}
    return {"type": "string", "format": "date"} if kind is date else {"type": plain[kind]}


def _describe_class(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}
        hints = _hints(kind)
        derived = {key: _describe(_returned(kind, key), definitions) for key in _DERIVED.get(kind, ())}
        # A field with a default may be absent, so that records written before it was added can still be read.
        required = [item.name for item in fields(kind) if item.default is MISSING and item.default_factory is MISSING]
        definitions[name] = {
            "type": "object",
            "description": (kind.__doc__ or "").split("\n", 1)[0],
            "additionalProperties": False,
            "required": sorted(required),
            "properties": {key: _describe(hint, definitions) for key, hint in hints.items()} | derived,
        }
    return {"$ref": f"#/$defs/{name}"}


def _returned(kind: type, name: str) -> Any:  # noqa: ANN401 - a type
    return typing.get_type_hints(getattr(kind, name).fget)["return"]


def _check_schema(whole: dict[str, Any], name: str) -> None:
    """Raise UsageError with the first fault, where it is, unless the record satisfies the schema."""
    import jsonschema

    validator = jsonschema.Draft202012Validator(_schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    fault = next(validator.iter_errors(whole), None)
    if fault is not None:
        raise UsageError(f"{name}: {fault.json_path}: {fault.message[:300]}", tip="restore the file from Git")
