"""GitHub's published OpenAPI description, as the judge of requests and answers, and as the maker of whole answers.

It comes with the npm package @octokit/openapi (`make node` puts it below tests/node); where it is not installed, nothing is judged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator
from referencing import Registry
from referencing.jsonschema import DRAFT4

PATH = (
    Path(__file__).resolve().parents[1] / "tests" / "node" / "node_modules" / "@octokit" / "openapi" / "generated" / "api.github.com.json"
)
_URI = "urn:github"
# Where GitHub's own answers differ from the description, or a format wants a value of its own.
_FORMATS = {
    "date-time": "2026-01-15T12:00:00Z",
    "uri": "https://example.org/",
    "uri-template": "https://example.org/",
    "email": "a@example.org",
}


class Description:
    """The operations of the description, by method and path."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data
        self._registry: Any = Registry().with_resource(_URI, DRAFT4.create_resource(data))
        # The name of a reference may have slashes in it, as no other part of a path.
        refs = {path: re.escape(path).replace(r"\{ref\}", ".+") for path in data["paths"]}
        self._paths = [(re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", text) + r"\Z"), path) for path, text in refs.items()]

    def template(self, path: str) -> str:
        """Give the path's template; KeyError where GitHub has no such path."""
        found = sorted((template for pattern, template in self._paths if pattern.match(path)), key=lambda item: item.count("{"))
        if not found:
            raise KeyError(path)
        return str(found[0])

    def wrong_request(self, method: str, path: str, query: Mapping[str, str], body: object) -> list[str]:
        """Give what is wrong with a request: an unknown operation, an unknown parameter, a body that breaks its schema."""
        try:
            template = self.template(path)
            operation = self._data["paths"][template][method.lower()]
        except KeyError:
            return [f"{method} {path}: no such operation"]
        known = {self._solve(item)["name"] for item in operation.get("parameters", [])}
        wrong = [f"{method} {path}: unknown parameter {name}" for name in query if name not in known]
        if body is not None:
            pointer = f"{_pointer(template, method)}/requestBody/content/application~1json/schema"
            wrong += self._errors(OAS30WriteValidator, pointer, body, f"{method} {path}")
        return wrong

    def wrong_answer(self, method: str, path: str, status: int, body: object) -> list[str]:
        """Give what is wrong with an answer."""
        pointer = self._answer(method, path, status)
        if pointer is None:
            return [f"{method} {path}: no answer {status} is described"]
        return self._errors(OAS30ReadValidator, pointer, body, f"{method} {path} → {status}") if pointer else []

    def whole(self, method: str, path: str, status: int, ours: object) -> object:
        """Give an answer with everything that the description requires, and ours over it."""
        pointer = self._answer(method, path, status)
        return self._over(self._at(pointer), ours) if pointer else ours

    def _answer(self, method: str, path: str, status: int) -> str | None:
        base = f"{_pointer(self.template(path), method)}/responses/{status}"
        try:
            answer = self._at(base)
        except KeyError:
            return None
        return f"{base}/content/application~1json/schema" if "content" in answer and "$ref" not in self._raw(base) else ""

    def _errors(self, kind: Any, pointer: str, body: object, where: str) -> list[str]:
        validator = kind({"$ref": f"{_URI}#{pointer}"}, registry=self._registry)
        return [f"{where}: {error.json_path}: {error.message[:300]}" for error in validator.iter_errors(body)]

    def _raw(self, pointer: str) -> Any:
        found: Any = self._data
        for part in pointer.strip("/").split("/"):
            found = self._solve(found)[part.replace("~1", "/").replace("~0", "~")]
        return found

    def _at(self, pointer: str) -> Any:
        return self._solve(self._raw(pointer))

    def _solve(self, node: Any) -> Any:
        while isinstance(node, dict) and "$ref" in node:
            node = self._raw(node["$ref"].removeprefix("#"))
        return node

    def _over(self, schema: Any, ours: object) -> object:
        schema = self._solve(schema)
        if isinstance(ours, list):
            return [self._over(schema.get("items", {}), item) for item in ours]
        if isinstance(ours, dict):
            least = self._least(schema)
            parts = self._parts(schema)
            both = {**(least if isinstance(least, dict) else {}), **ours}
            return {name: self._over(parts[name], value) if name in parts and name in ours else value for name, value in both.items()}
        return ours

    def _parts(self, schema: Any) -> dict[str, Any]:
        schema = self._solve(schema)
        found = dict(schema.get("properties", {}))
        for kind in ("allOf", "anyOf", "oneOf"):
            for inner in schema.get(kind, []):
                found = {**self._parts(inner), **found}
                if kind != "allOf":
                    break
        return found

    def _least(self, schema: Any, depth: int = 0) -> object:
        """Give the smallest value that a schema allows."""
        schema = self._solve(schema)
        if schema.get("nullable") and depth:
            return None
        if "enum" in schema:
            return schema["enum"][0]
        for kind in ("oneOf", "anyOf"):
            if kind in schema:
                return self._least(schema[kind][0], depth)
        if "allOf" in schema or schema.get("type") == "object" or "properties" in schema:
            needed = [
                *schema.get("required", []),
                *(name for part in schema.get("allOf", []) for name in self._solve(part).get("required", [])),
            ]
            parts = self._parts(schema)
            return {name: self._least(parts.get(name, {}), depth + 1) for name in needed}
        plain: dict[str, object] = {"array": [], "integer": 1, "number": 1, "boolean": False}
        return plain.get(schema.get("type", ""), _FORMATS.get(schema.get("format", ""), "x"))


def _pointer(template: str, method: str) -> str:
    escaped = template.replace("~", "~0").replace("/", "~1")
    return f"/paths/{escaped}/{method.lower()}"


@cache
def description() -> Description | None:
    """Give the description, or None where it is not installed."""
    return Description(json.loads(PATH.read_text(encoding="utf-8"))) if PATH.is_file() else None
