"""Shared fixtures: real data where it is at hand, accepted outputs, and the loopback GitHub."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import settings

from sovereign.adapters.weights import Framed, Row, Weights
from standins.github import GitHubStandIn

# A loaded machine is no bug; and CI tries the same examples every time, so that what it says of a change is about the change.
settings.register_profile("desk", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("desk")

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"

Outputs: TypeAlias = dict[tuple[Weights, str, tuple[int, ...]], Row]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--golden`: write what the program gives now over the accepted outputs, to be read as a diff."""
    parser.addoption("--golden", action="store_true", help="rewrite tests/golden from what the program gives now")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """Give a check that bytes are the accepted ones of `tests/golden/<name>`, byte for byte."""

    def check(name: str, made: bytes) -> None:
        path = GOLDEN / name
        if request.config.getoption("--golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made)
        assert path.is_file(), f"{path} is missing; `pytest --golden` writes it, then read the diff"
        assert made.decode("utf-8") == path.read_bytes().decode("utf-8"), f"{path} differs; if it should, `pytest --golden`"

    return check


@pytest.fixture(scope="session")
def outputs() -> Outputs:
    """Give what the networks put out in this session, by the weights and the tokens."""
    return {}


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the pause that GitHub asks for between two changes; tests/adapters/test_github.py puts it back where it is looked at."""
    monkeypatch.setattr("sovereign.adapters.github.PAUSE_S", 0.0)


@pytest.fixture(autouse=True)
def remembered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, outputs: Outputs) -> None:
    """Run no network twice over the same tokens, since each input is a run of its own: tests/adapters, which holds that, goes without."""
    run = Weights.logits
    if request.path.is_relative_to(ROOT / "tests" / "adapters"):
        return

    def logits(self: Weights, inputs: Sequence[Framed], then: str = "") -> list[Row]:
        keys = [(self, then, (*ids, -1, *sides)) for ids, sides in inputs]
        new = {key: given for key, given in zip(keys, inputs, strict=True) if key not in outputs}
        outputs.update(zip(new, run(self, list(new.values()), then) if new else (), strict=True))
        return [outputs[key] for key in keys]

    monkeypatch.setattr(Weights, "logits", logits)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of real papers and recordings beside the checkout; skip where it is missing."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("real data is not beside this checkout (../shared/data)")
    return folder


@pytest.fixture
def hub() -> Iterator[GitHubStandIn]:
    """Give a loopback GitHub; whatever it was asked must be what GitHub's own description allows."""
    with GitHubStandIn() as found:
        yield found
        assert found.wrong == []
