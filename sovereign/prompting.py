"""Prompts from their files: a sheet is one Markdown file with its schema, versioned by its hash; foreign text is fenced.

A sheet has the sections `# system`, `# user` and `# schema` (JSON). `$name` in the first two stands for a value; in the
schema, `"enum": "@name"` stands for the ids that exist in this question, so that an answer cannot name another one. A sheet
with `# shared` has another sheet's system, user part and schema, and its own user part behind them: what several prompts share
comes first, since services keep what they read of a prompt's beginning.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from sovereign.language.tokens import MESSAGE_TOKENS, estimate
from sovereign.model import Part, digest, text_sha256
from sovereign.ports import Prompt
from sovereign.text import fold

NAMES = ("plan", "bearing", "claims", "verify", "draft", "rewrite", "reword", "skeptic", "validator", "synthesizer")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One prompt file.

    Attributes:
        sha256: Over the file and the rules that every sheet shares, 64 hex digits.
    """

    name: str
    system: str
    user: str
    schema: Mapping[str, Any] = field(repr=False)
    sha256: str = ""

    def prompt(
        self, values: Mapping[str, str], *, enums: Mapping[str, Sequence[str]] | None = None, max_tokens: int = 2000, model: str = ""
    ) -> Prompt:
        """Give the prompt; values go into the user's part alone, and `$` in them means nothing; an empty value leaves no gap."""
        schema = _filled(self.schema, enums or {})
        user = re.sub(r"\n{3,}", "\n\n", Template(self.user).substitute(values)).strip()
        return Prompt(self.name, self.system, user, schema, max_tokens, model)

    def room(self, context_tokens: int, max_tokens: int) -> int:
        """Give how many tokens of values fit into a context beside the sheet itself and the answer."""
        own = estimate(self.system) + estimate(self.user) + estimate(json.dumps(self.schema)) + 3 * MESSAGE_TOKENS
        return max(0, context_tokens - max_tokens - own - 64)


@cache
def load(name: str) -> Sheet:
    """Give a sheet by its name, one of NAMES."""
    folder = files("sovereign") / "prompts"
    text = (folder / f"{name}.md").read_text(encoding="utf-8")
    rules = (folder / "rules.md").read_text(encoding="utf-8")
    parts = _sections(text)
    if "shared" in parts:
        shared = (folder / f"{parts['shared']}.md").read_text(encoding="utf-8")
        text, first = shared + text, _sections(shared)
        parts = first | {"user": f"{first['user']}\n\n{parts['user']}"}
    system = f"{parts['system']}\n\n{rules.strip()}"
    return Sheet(name, system, parts["user"], json.loads(parts["schema"]), text_sha256(text + rules))


def sheets() -> tuple[Part, ...]:
    """Give every sheet as a part of the record: name, the first 12 digits of its hash as version, and the hash."""
    return tuple(Part(f"prompt {name}", load(name).sha256[:12], "asks the language model", load(name).sha256) for name in NAMES)


def fence(kind: str, items: Sequence[tuple[str, str]]) -> str:
    """Give strangers' texts as a data block: one line each, "[label] text", between marks that the texts cannot contain.

    The mark is a hash over the block, so that no text can close it: it would have to hold its own hash. Line breaks are
    folded, so that no text can look like another item.
    """
    lines = [f"[{label}] {plain(text)}" for label, text in items]
    mark = digest(kind, *lines, chars=16)
    return "\n".join((f"<<<DATA {kind} {mark}", *lines, f"DATA {mark}>>>"))


def plain(text: str) -> str:
    """Give a text on one line, without characters that a reader cannot see (format and control characters, tags)."""
    return fold("".join(c for c in fold(text) if c.isprintable()))


def labels(prefix: str, count: int) -> tuple[str, ...]:
    """Give "C1", "C2", …: short names that a model copies without mistakes."""
    return tuple(f"{prefix}{number}" for number in range(1, count + 1))


def _sections(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for block in ("\n" + text).split("\n# ")[1:]:
        name, _, body = block.partition("\n")
        parts[name.strip()] = body.strip()
    return parts


def _filled(schema: Any, enums: Mapping[str, Sequence[str]]) -> Any:  # noqa: ANN401 (any JSON)
    if isinstance(schema, list):
        return [_filled(item, enums) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: list(enums[value[1:]]) if key == "enum" and isinstance(value, str) and value.startswith("@") else _filled(value, enums)
        for key, value in schema.items()
    }
