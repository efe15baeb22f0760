"""A Report as JSON that can be kept, compared and disputed, and back again.

The record is the dataclasses of model/ and nothing else: pydantic reads them, and describes them as a JSON Schema. Same
report, same bytes: keys are sorted, floats that were computed are rounded to six digits (the seventh differs between
machines), no clock is read. Some values that follow from others (a claim's id, the policy's action) are written too, so
that the record can be read without this program. What is read must say what would be written of it.
"""

from __future__ import annotations

import json
import math
import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import islice
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import CoreSchema, SchemaValidator

from sovereign import foreign, model
from sovereign.errors import UsageError
from sovereign.text import did_you_mean

VERSION = "sovereign/record/1"
MAX_CHARS = 64_000_000
MAX_BYTES = 4 * MAX_CHARS
_DIGITS = 6
_SHOWN_CHARS = 80
_SHOWN_FAULTS = 5
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


def to_json(report: model.Report) -> str:
    """Give the record of a report: UTF-8 safe JSON, keys sorted, one newline at the end.

    Raises:
        ValueError: The report holds a number that JSON has no word for (NaN, infinity).
    """
    return written(_whole(report))


def written(whole: object) -> str:
    """Give JSON as the files of a report hold it: keys sorted, letters plain but for half ones, one newline at the end.

    Raises:
        ValueError: It holds a number that JSON has no word for.
    """
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def from_json(text: str, *, name: str = "record.json") -> model.Report:
    """Give the report that a record holds; `name` is the file's, for messages.

    Raises:
        UsageError: It is no JSON, of another version, or not what would be written of any report; the first faults together.
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
    try:
        report: model.Report = _validator().validate_python(whole.get("report"))
        faults = list(islice(_differences(whole, _whole(report), ""), _SHOWN_FAULTS + 1))
    except ValidationError as error:
        faults = [f"{_place(found['loc'])}: {_told(found)}" for found in error.errors(include_url=False)]
    except (ValueError, KeyError, TypeError) as error:
        faults = [f"report: {error!r}"]
    if faults:
        told = "; ".join(faults[:_SHOWN_FAULTS] + ["and more"] * (len(faults) > _SHOWN_FAULTS))
        raise UsageError(f"{name}: {told}", tip="the record was changed after it was written; restore it from Git")
    return report


@cache
def _validator() -> SchemaValidator:
    return SchemaValidator(typing.cast("CoreSchema", _at_first_fault(TypeAdapter(model.Report).core_schema)))


def _at_first_fault(schema: object) -> object:
    """Let each list stop at its first fault: every item of a long one that is rubbish would fill the memory with its own."""
    if isinstance(schema, list):
        return [_at_first_fault(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _at_first_fault(item) for name, item in schema.items()}
    return made | {"fail_fast": True} if schema.get("type") == "tuple" else made


def schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a record."""
    definitions = TypeAdapter(model.Report).json_schema(schema_generator=_Schema)
    inner = definitions.pop("$defs")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{VERSION.replace('/', ':')}",
        "title": "The record of one SOVEREIGN report",
        "type": "object",
        "additionalProperties": False,
        "required": ["report", "schema"],
        "properties": {"report": {"$ref": "#/$defs/Report"}, "schema": {"const": VERSION}},
        "$defs": dict(sorted((inner | {"Report": definitions}).items())),
    }


class _Schema(GenerateJsonSchema):
    """Pydantic's schema without made-up titles and defaults, and with the values that follow from others."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002  # pydantic's own
        return False

    def default_schema(self, schema: Any) -> dict[str, Any]:  # noqa: ANN401
        return self.generate_inner(schema["schema"])

    def dataclass_schema(self, schema: Any) -> dict[str, Any]:  # noqa: ANN401
        kind, made = schema["cls"], super().dataclass_schema(schema)
        for name in _DERIVED.get(kind, ()):
            returned = typing.get_type_hints(getattr(kind, name).fget)["return"]
            made["properties"][name] = self.generate_inner(TypeAdapter(returned).core_schema)
        return made | {"additionalProperties": False}


# --- Out ---------------------------------------------------------------------------------------------------------


def _whole(report: model.Report) -> dict[str, Any]:
    return {"report": _encode(report), "schema": VERSION}


def _encode(value: Any, *, is_exact: bool = False) -> Any:  # noqa: ANN401 - any field of any noun
    if is_dataclass(value) and not isinstance(value, type):
        kind = type(value)
        names = (*(item.name for item in fields(value)), *_DERIVED.get(kind, ()))
        return {name: _encode(getattr(value, name), is_exact=kind in _EXACT) for name in names}
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, float) and not is_exact:
        return _round(value)
    return value


def _round(value: float) -> float:
    """Give the float to six digits, never a minus zero; NaN and infinity are errors."""
    if not math.isfinite(value):
        raise ValueError(f"expected a finite number, got {value}")
    return round(value, _DIGITS) + 0.0


# --- In ----------------------------------------------------------------------------------------------------------


def _differences(given: Any, written: Any, where: str) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield what stands in a record and would not be written of what was read from it; what has a default may be absent."""
    if isinstance(given, dict) and isinstance(written, dict):
        for name, value in given.items():
            place = f"{where}.{name}" if where else name
            if name in written:
                yield from _differences(value, written[name], place)
            else:
                yield f"{place}: unknown key{did_you_mean(name, tuple(written))}"
    elif isinstance(given, list) and isinstance(written, list):
        for at, (one, other) in enumerate(zip(given, written, strict=True)):
            yield from _differences(one, other, f"{where}[{at}]")
    elif not _is_same(given, written):
        yield f"{where}: expected {_shown(written)}, which follows from the rest, got {_shown(given)}"


def _is_same(given: object, written: object) -> bool:
    if isinstance(written, float):
        return type(given) in {int, float} and (given == written or _round(typing.cast("float", given)) == written)
    return type(given) is type(written) and given == written


def _place(path: tuple[int | str, ...]) -> str:
    return "report" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def _told(found: Mapping[str, Any]) -> str:
    """Say of one of pydantic's faults what was expected and what came."""
    if cause := found.get("ctx", {}).get("error"):
        return str(cause)  # the noun's own words
    if found["type"] == "missing":
        return "missing; it is required"
    said = {"dataclass_type": "an object", "tuple_type": "a list"}.get(found["type"]) or found["msg"].removeprefix("Input should be ")
    return f"expected {said}, got {_shown(found['input'])}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "…"
