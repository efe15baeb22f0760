"""The tables of data/latex_words.toml: what each LaTeX command does to the text."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

PLACEHOLDER = "\ufffd"
"""Stands for what nobody defines; no claim stands on a sentence that holds it."""


@dataclass(frozen=True, slots=True)
class Words:
    """The tables of latex_words.toml: what each command does to the text."""

    drop: Mapping[str, str]
    show: Mapping[str, str]
    words: Mapping[str, str]
    classes: Mapping[str, str]
    environments: Mapping[str, str]
    struck: Mapping[str, str]

    def has(self, name: str) -> bool:
        """Whether a command stands in one of the tables."""
        return name in self.words or name in self.show or name in self.drop or name in self.struck


@functools.cache
def words() -> Words:
    """Give the tables, read once."""
    raw = tomllib.loads(files("sovereign").joinpath("data/latex_words.toml").read_text(encoding="utf-8"))

    def turned(table: Mapping[str, str]) -> dict[str, str]:
        return {name: key for key, names in table.items() for name in names.split()}

    return Words(turned(raw["drop"]), turned(raw["show"]), raw["words"], raw["classes"], turned(raw["environments"]), turned(raw["struck"]))
