"""Settings of a desk: [tool.sovereign] of the nearest pyproject.toml, over the model profiles that come with the package."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_type_hints
from urllib.parse import urlsplit

import httpx

from sovereign import foreign
from sovereign.adapters import plain_files
from sovereign.errors import ModelError, UsageError
from sovereign.model import JudgeRole
from sovereign.text import counted

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
DEFAULT_MODEL = "nim"


@dataclass(frozen=True, slots=True)
class Profile:
    """How one OpenAI-compatible service is asked.

    Attributes:
        key_env: Name of the environment variable that holds the key; empty where the service needs none.
        key_optional: Whether the service is asked without a key when the variable is empty.
        context_tokens: Prompt and answer together.
        thinking_tokens: Added to every answer's length for models that think aloud before they answer.
        requests_per_minute: Pace; 0 is unpaced.
        price_in_usd, price_out_usd, price_embedding_usd: Dollars per million tokens; None where unknown.
        budget_usd, budget_tokens: What one run may use at most; None is unbounded. Two million tokens are several times what a run over
            twelve papers uses, and stop one that goes astray.
        timeout_s: One request. total_s: One prompt with its retries.
        attempts: Requests per prompt at most, the first included.
        input_type: Whether embeddings are asked for as "query" or "passage"
            (https://docs.nvidia.com/nim/nemo-retriever/text-embedding/latest/reference.html).
        truncate: "END", "START" or "NONE" for services that know it; empty is not sent.
        allow_http: Whether plain http may leave this machine.
        allow_private: Whether the service may be in a private network; on this machine it may.
        judges: Chat model by tribunal role, where a role shall not use chat_model.
        second_look: Chat model for the second look at what chat_model worded; best another one than it.
    """

    name: str
    base_url: str
    chat_model: str = ""
    embedding_model: str = ""
    key_env: str = ""
    key_optional: bool = False
    context_tokens: int = 8192
    thinking_tokens: int = 0
    concurrency: int = 4
    requests_per_minute: float = 0.0
    temperature: float = 0.0
    price_in_usd: float | None = None
    price_out_usd: float | None = None
    price_embedding_usd: float | None = None
    budget_usd: float | None = None
    budget_tokens: int | None = 2_000_000
    timeout_s: float = 120.0
    total_s: float = 300.0
    attempts: int = 4
    wait_s: float = 1.0
    input_type: bool = False
    truncate: str = ""
    embedding_batch: int = 64
    allow_http: bool = False
    allow_private: bool = False
    judges: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    second_look: str = ""

    @property
    def is_here(self) -> bool:
        """Whether the service runs on this machine, so that asking it sends nothing anywhere."""
        return (urlsplit(self.base_url).hostname or "") in LOOPBACK

    def key(self, environ: Mapping[str, str] = os.environ) -> str:
        """Give the key, or empty where the service needs none.

        Raises:
            ModelError: The variable is not set, or holds what cannot be sent in a header.
        """
        if not self.key_env:
            return ""
        value = environ.get(self.key_env, "").strip()
        if not value and not self.key_optional:
            raise ModelError(
                f"model profile {self.name}: expected a key in the environment variable {self.key_env}, which is empty",
                tip=f"set {self.key_env}, or run with --engine local",
            )
        if not (value.isascii() and value.isprintable()):
            raise ModelError(f"model profile {self.name}: {self.key_env} holds characters that no key has", tip=f"set {self.key_env} again")
        return value


def load(start: Path) -> Mapping[str, Any]:
    """Give [tool.sovereign] of the nearest pyproject.toml from `start` upwards that has one; empty where none has.

    Raises:
        UsageError: Such a file is not TOML.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        path = folder / "pyproject.toml"
        if path.is_file():
            try:
                table = foreign.toml(plain_files.read(path, foreign.MAX_TOML_BYTES)).get("tool", {}).get("sovereign")
            except (ValueError, AttributeError) as error:
                raise UsageError(f"{path.name}: expected TOML: {error}", tip="mend the file; python -m tomllib shows the place") from error
            if isinstance(table, dict):
                return table
    return {}


def profiles(settings: Mapping[str, Any]) -> Mapping[str, Profile]:
    """Give every model profile by name: the package's own, changed and joined by settings["models"].

    Raises:
        UsageError: With all that is wrong in them.
    """
    raw: dict[str, dict[str, Any]] = tomllib.loads((files("sovereign") / "models.toml").read_text(encoding="utf-8"))
    added = settings.get("models", {})
    problems: list[str] = []
    for name, table in added.items() if isinstance(added, dict) else ():
        if isinstance(table, dict):
            raw[name] = _changed(raw.get(name, {}), table)
        else:
            problems.append(f"models.{name}: expected a table, got {table!r}")
    made: dict[str, Profile] = {}
    for name, table in raw.items():
        wrong = _problems(name, table)
        problems += wrong
        if not wrong:
            made[name] = Profile(name=name, **table)
    if problems:
        lines = "\n".join(f"  tool.sovereign.{line}" for line in problems)
        raise UsageError(
            f"pyproject.toml: {counted(len(problems), 'problem')} in the model profiles\n{lines}", tip="mend [tool.sovereign.models]"
        )
    return made


def choose(known: Mapping[str, Profile], wish: str, settings: Mapping[str, Any] | None = None) -> Profile:
    """Give the profile that is wished for: "nim", or "nim:some/model" to use it with another chat model; empty is the desk's default.

    Raises:
        UsageError: There is no such profile.
    """
    name, _, model = (wish or str((settings or {}).get("model", DEFAULT_MODEL))).partition(":")
    if name not in known:
        raise UsageError(f"model profile: expected one of {', '.join(sorted(known))}, got {name!r}", tip="see [tool.sovereign.models]")
    chosen = known[name]
    if not model or model == chosen.chat_model:
        return chosen
    # The price is that of the profile's own model; what costs nothing on one's own machine costs nothing there.
    return replace(chosen, chat_model=model, price_in_usd=chosen.price_in_usd and None, price_out_usd=chosen.price_out_usd and None)


_PRICES = {"chat_model": ("price_in_usd", "price_out_usd"), "embedding_model": ("price_embedding_usd",)}


def _changed(known: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """Give a profile with a desk's changes: another address gets no key that it does not name, another model no price that it does not."""
    made = {**known, **table}
    if "base_url" in table and table["base_url"] != known.get("base_url") and "key_env" not in table:
        made["key_env"] = ""
    for model, prices in _PRICES.items():
        if model in table and table[model] != known.get(model):
            for price in prices:
                if price not in table and made.get(price):
                    del made[price]
    return made


def _problems(name: str, table: Mapping[str, Any]) -> list[str]:
    hints = {key: hint for key, hint in get_type_hints(Profile).items() if key != "name"}
    wrong = [f"models.{name}.{key}: unknown key" for key in table if key not in hints]
    required = [f.name for f in fields(Profile) if f.name == "base_url" and f.name not in table]
    wrong += [f"models.{name}.{key}: missing" for key in required]
    for key, value in table.items():
        if key in hints and (problem := _mistyped(hints[key], value)):
            wrong.append(f"models.{name}.{key}: {problem}")
    if not wrong:
        wrong += [f"models.{name}.{key}: {why}" for key, why in _impossible(table)]
    return wrong


def _mistyped(hint: Any, value: Any) -> str:  # noqa: ANN401 (values of a TOML table, not yet checked)
    if hint is bool or isinstance(value, bool):
        return "" if hint is bool and isinstance(value, bool) else f"expected {_word(hint)}, got {value!r}"
    if hint is str:
        return "" if isinstance(value, str) else f"expected a text, got {value!r}"
    if hint in (int, int | None):
        return "" if isinstance(value, int) and value >= 0 else f"expected a whole number from 0, got {value!r}"
    if hint in (float, float | None):
        return "" if isinstance(value, int | float) and 0 <= value < float("inf") else f"expected a number from 0, got {value!r}"
    if not isinstance(value, dict) or any(not isinstance(v, str) for v in value.values()):
        return f"expected a table of texts, got {value!r}"
    strange = sorted(set(value) - set(JudgeRole))
    return f"expected the roles {', '.join(JudgeRole)}, got {', '.join(strange)}" if strange else ""


def _word(hint: Any) -> str:  # noqa: ANN401 (a type)
    return "true or false" if hint is bool else "a text" if hint is str else "a number"


def _impossible(table: Mapping[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    try:
        url = urlsplit(table["base_url"])
        _ = url.port, httpx.URL(table["base_url"]).host
    except (ValueError, httpx.InvalidURL) as error:
        return [("base_url", f"expected an http(s) address, got {table['base_url']!r}: {error}")]
    if url.scheme not in ("http", "https") or not url.hostname:
        found.append(("base_url", f"expected an http(s) address, got {table['base_url']!r}"))
    elif url.username or url.password or url.query or url.fragment:
        found.append(("base_url", "expected an address without user, password, query or fragment"))
    elif url.scheme == "http" and url.hostname not in LOOPBACK and not table.get("allow_http", False):
        found.append(("base_url", f"expected https, since {url.hostname} is not this machine (allow_http = true overrides)"))
    if table.get("truncate", "") not in ("", "END", "START", "NONE"):
        found.append(("truncate", f"expected END, START or NONE, got {table['truncate']!r}"))
    found += [
        (key, "expected at least 1, got 0")
        for key in ("concurrency", "attempts", "embedding_batch", "context_tokens")
        if table.get(key) == 0
    ]
    return found
