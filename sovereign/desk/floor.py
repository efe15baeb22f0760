"""What a desk asks of every goal: the least that its policy may ask, and the models that may be used; a goal can ask for more, never less.

It stands in the desk's own settings, `[tool.sovereign.floor]` of pyproject.toml on the main branch, which CODEOWNERS gives to the owner. A
report whose goal asks for less goes before the owner, whatever the policy says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sovereign import foreign
from sovereign.adapters import plain_files
from sovereign.errors import UsageError
from sovereign.model import Engine, Goal, Policy, Report

# For each field of Policy: whether a larger value asks for more.
_LARGER_IS_MORE = {"min_claims": True, "min_verified": True, "min_score": True, "max_spread": False, "allow_rubric_approval": False}


@dataclass(frozen=True, slots=True)
class Floor:
    """The least that every goal asks.

    Attributes:
        policy: Fields of Policy, as the settings name them.
        models: Profiles or "profile:model" that may be used; None for all.
    """

    policy: Mapping[str, float | bool]
    models: tuple[str, ...] | None = None

    def below(self, goal: Goal) -> tuple[str, ...]:
        """Give in words what a goal asks less of than the desk does."""
        return tuple(self._below(goal))

    def _below(self, goal: Goal) -> Iterator[str]:
        for name, least in self.policy.items():
            asked = getattr(goal.policy, name)
            if asked < least if _LARGER_IS_MORE[name] else asked > least:
                yield f"{name}: {_worded(asked)} in the goal, and the desk asks for {_worded(least)}"
        if self.models is not None and goal.model and not self._allows(goal.model):
            yield f"model: {goal.model} is not among those of the desk ({', '.join(self.models) or 'none'})"

    def _allows(self, model: str) -> bool:
        return model in (self.models or ()) or model.partition(":")[0] in (self.models or ())

    def held(self, report: Report) -> tuple[str, ...]:
        """Give in words why a report may not be published by itself, though its policy would."""
        found = list(self._below(report.goal))
        if self.models == () and report.engine is Engine.MODEL:
            found.append("a language model judged, and the desk allows none")
        return tuple(f"the desk's own floor ([tool.sovereign.floor] of pyproject.toml): {why}" for why in found)


NONE = Floor({})


def standing(root: Path) -> Floor:
    """Give the floor of a checkout.

    Raises:
        UsageError: It cannot be read, or not followed.
    """
    path = root / "pyproject.toml"
    try:
        return read(plain_files.read(path, foreign.MAX_TOML_BYTES) if path.is_file() else None)
    except ValueError as error:
        raise UsageError(f"pyproject.toml: {error}", tip="restore the file from Git") from error


def read(data: bytes | None) -> Floor:
    """Give the floor of a desk's pyproject.toml; none where the file has none.

    Raises:
        UsageError: It is there and cannot be followed: then nothing is published by itself.
    """
    try:
        table = foreign.toml(data or b"").get("tool", {}).get("sovereign", {}).get("floor", {})
    except (ValueError, AttributeError) as error:
        raise UsageError(f"pyproject.toml: expected TOML: {error}", tip="mend the file") from error
    if not isinstance(table, dict):
        raise UsageError(f"floor: expected a table, got {table!r}", tip="mend [tool.sovereign.floor] in pyproject.toml")
    wrong = [*_wrong(table)]
    if wrong:
        raise UsageError(f"floor: {'; '.join(wrong)}", tip="mend [tool.sovereign.floor] in pyproject.toml")
    models = table.get("models")
    return Floor({name: value for name, value in table.items() if name != "models"}, tuple(models) if models is not None else None)


def _wrong(table: Mapping[str, Any]) -> Iterator[str]:
    for name, value in table.items():
        if name == "models":
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                yield f"models: expected a list of names, got {value!r}"
        elif name not in _LARGER_IS_MORE:
            yield f"{name}: unknown key, expected {', '.join((*_LARGER_IS_MORE, 'models'))}"
        elif isinstance(value, bool) is not (name == "allow_rubric_approval") or not isinstance(value, bool | int | float):
            yield f"{name}: expected {'true or false' if name == 'allow_rubric_approval' else 'a number'}, got {value!r}"


def overrides(goal: Goal) -> tuple[str, ...]:
    """Give what a goal's file sets otherwise than every goal has it, in words: who proposes it cannot hide it."""
    usual = Policy()
    found = [
        f"policy.{item.name}: {_worded(getattr(goal.policy, item.name))} (usually {_worded(getattr(usual, item.name))})"
        for item in fields(Policy)
        if getattr(goal.policy, item.name) != getattr(usual, item.name)
    ]
    found += [f"engine: {goal.engine}"] if goal.engine else []
    return (*found, *([f"model: {goal.model}"] if goal.model else []))


def _worded(value: float | bool) -> str:  # a value of the settings
    return str(value).lower() if isinstance(value, bool) else f"{value:g}"
