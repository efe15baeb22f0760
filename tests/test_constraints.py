"""The constraints: complete, hashed, and without a host."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def name_of(requirement: str) -> str:
    """Give a requirement's normal name (PEP 503)."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def pinned(path: Path) -> dict[str, int]:
    """Give each pinned package and how many hashes it has."""
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^#.*\n", "", path.read_text("utf-8")).strip())
    assert all(re.match(r"[A-Za-z0-9._-]+==\S+", entry) for entry in entries)
    return {name_of(entry): entry.count("--hash=sha256:") for entry in entries}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("requirements/constraints.txt", PROJECT["dependencies"]),
        ("requirements/constraints-dev.txt", [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]),
    ],
)
def test_everything_is_pinned_with_a_hash(name: str, wanted: list[str]) -> None:
    """Whatever pyproject.toml asks for is pinned, and every pin has its hashes; no host is named."""
    found = pinned(ROOT / name)

    assert not {name_of(item) for item in wanted} - set(found)
    assert all(found.values())
    assert not re.search(r"https?://|file:|--index-url|--extra-index", (ROOT / name).read_text("utf-8"))


def test_a_plain_install_is_part_of_the_developers() -> None:
    """Both files pin the same versions, so what is tested is what is installed."""
    plain, full = ((ROOT / name).read_text("utf-8") for name in ("requirements/constraints.txt", "requirements/constraints-dev.txt"))
    pins = [set(re.findall(r"(?m)^([A-Za-z0-9._-]+==\S+)", text)) for text in (plain, full)]

    assert pins[0] <= pins[1]


def test_no_torch_and_no_compiler() -> None:
    """A plain install needs neither."""
    assert not {"torch", "transformers", "tensorflow"} & set(pinned(ROOT / "requirements/constraints.txt"))
