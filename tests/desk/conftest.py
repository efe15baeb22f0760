"""A desk to try the workflows' steps on."""

from __future__ import annotations

from pathlib import Path

import pytest

from standins.github import GitHubStandIn
from tests.desk.lab import Lab


@pytest.fixture
def lab(tmp_path: Path, hub: GitHubStandIn, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """Give a desk with an empty main branch."""
    return Lab.build(tmp_path, hub, monkeypatch)
