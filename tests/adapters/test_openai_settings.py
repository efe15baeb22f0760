"""Model profiles: what comes with the package, what a desk changes, and everything that can be wrong, told at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sovereign.adapters.settings import Profile, choose, load, profiles
from sovereign.errors import ModelError, UsageError


def test_the_package_brings_profiles() -> None:
    """The five services of the documentation, each with what it needs; no key, and no dimension, is written down."""
    known = profiles({})

    assert {"nim", "openai", "ollama", "llamacpp", "vllm"} <= set(known)
    assert (known["nim"].key_env, known["nim"].input_type, known["nim"].truncate) == ("NVIDIA_API_KEY", True, "END")
    assert choose(known, "") is known["nim"]
    assert choose(known, "", {"model": "ollama"}) is known["ollama"]
    assert choose(known, "ollama:qwen3:8b").chat_model == "qwen3:8b"


def test_a_desk_changes_and_adds(tmp_path: Path) -> None:
    """The nearest pyproject.toml with [tool.sovereign] counts, also from a folder below."""
    (tmp_path / "goals" / "deep").mkdir(parents=True)
    (tmp_path / "goals" / "pyproject.toml").write_text("[tool.other]\nx = 1\n")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.sovereign]\nmodel = "ours"\n'
        '[tool.sovereign.models.nim]\nchat_model = "other/model"\nbudget_usd = 2\n'
        '[tool.sovereign.models.ours]\nbase_url = "https://llm.example.org/v1"\njudges = { SKEPTIC = "third/model" }\n'
    )

    settings = load(tmp_path / "goals" / "deep")
    known = profiles(settings)

    assert (known["nim"].chat_model, known["nim"].budget_usd, known["nim"].key_env) == ("other/model", 2, "NVIDIA_API_KEY")
    assert choose(known, "", settings).judges == {"SKEPTIC": "third/model"}


def test_no_settings_are_no_settings(tmp_path: Path) -> None:
    """Without a file the package's own profiles stand."""
    (tmp_path / "pyproject.toml").write_text("[tool.sovereign]\n")

    assert load(tmp_path) == {}


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    """The message names the file and the place."""
    (tmp_path / "pyproject.toml").write_text("[tool.sovereign\n")

    with pytest.raises(UsageError, match=r"pyproject\.toml: expected TOML: .*line 1"):
        load(tmp_path)


WRONG: list[Any] = [
    pytest.param({"bas_url": "x"}, "unknown key", id="unknown key"),
    pytest.param({}, "base_url: missing", id="no address"),
    pytest.param({"base_url": 3}, "expected a text, got 3", id="number for a text"),
    pytest.param({"base_url": "ftp://x/v1"}, r"expected an http\(s\) address", id="scheme"),
    pytest.param({"base_url": "https://user:secret@x/v1"}, "without user, password", id="password in the address"),
    pytest.param({"base_url": "https://x/v1?key=1"}, "without user, password, query", id="query in the address"),
    pytest.param({"base_url": "http://example.org/v1"}, "expected https", id="plain http abroad"),
    pytest.param({"base_url": "https://x", "concurrency": 0}, "at least 1", id="zero"),
    pytest.param({"base_url": "https://x", "concurrency": True}, "expected a number", id="truth for a number"),
    pytest.param({"base_url": "https://x", "context_tokens": -1}, "whole number from 0", id="negative"),
    pytest.param({"base_url": "https://x", "price_in_usd": "1"}, "a number from 0", id="text for a price"),
    pytest.param({"base_url": "https://x", "price_in_usd": float("inf")}, "a number from 0", id="infinite price"),
    pytest.param({"base_url": "https://x", "input_type": "yes"}, "true or false", id="text for a truth"),
    pytest.param({"base_url": "https://x", "truncate": "MIDDLE"}, "END, START or NONE", id="truncate"),
    pytest.param({"base_url": "https://x", "judges": {"JUDGE": "m"}}, "expected the roles SKEPTIC", id="role"),
    pytest.param({"base_url": "https://x", "judges": ["m"]}, "a table of texts", id="judges"),
    pytest.param("x", "expected a table", id="no table"),
]


@pytest.mark.parametrize(("table", "words"), WRONG)
def test_what_is_wrong_is_told(table: Any, words: str) -> None:
    """Each mistake has its sentence, with the key's full path."""
    with pytest.raises(UsageError, match=words) as caught:
        profiles({"models": {"mine": table}})

    assert "tool.sovereign.models.mine" in str(caught.value)


def test_all_problems_are_told_at_once() -> None:
    """Two wrong profiles, three problems."""
    with pytest.raises(UsageError, match=r"3 problems"):
        profiles({"models": {"one": {"base_url": 1, "x": 2}, "two": {"base_url": "gopher://x"}}})


def test_plain_http_abroad_can_be_allowed() -> None:
    """A machine in one's own network."""
    assert profiles({"models": {"lab": {"base_url": "http://gpu.lab/v1", "allow_http": True}}})["lab"].allow_http


def test_an_unknown_profile_names_the_known() -> None:
    """The message lists what there is."""
    with pytest.raises(UsageError, match="expected one of llamacpp, nim"):
        choose(profiles({}), "nimm")


def test_keys_come_from_the_environment() -> None:
    """A missing key names its variable; a key that no header could carry is refused without being shown."""
    nim = profiles({})["nim"]

    assert nim.key({"NVIDIA_API_KEY": " nvapi-1 \n"}) == "nvapi-1"
    assert Profile("local", "http://127.0.0.1/v1").key({}) == ""
    with pytest.raises(ModelError, match="NVIDIA_API_KEY, which is empty"):
        nim.key({})
    with pytest.raises(ModelError, match="characters that no key has") as caught:
        nim.key({"NVIDIA_API_KEY": "nvapi\nX-Evil: 1"})
    assert "Evil" not in str(caught.value)
