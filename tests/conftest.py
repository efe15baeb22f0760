"""Shared fixtures: real data where it is at hand, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"


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
def shared_data() -> Path:
    """Give the folder of real papers and recordings beside the checkout; skip where it is missing."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("real data is not beside this checkout (../shared/data)")
    return folder
