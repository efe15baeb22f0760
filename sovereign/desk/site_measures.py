"""The measured figures that the method page shows, read from what the benchmarks wrote; nothing measured, nothing shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sovereign.errors import PublishError


def read(root: Path) -> Mapping[str, Any]:
    """Give the benchmarks' results by name; empty where none were run here.

    Raises:
        PublishError: The file is there but is no JSON object.
    """
    path = root / "benchmarks" / "results.json"
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_bytes())
    except ValueError as error:
        raise PublishError(f"{path}: expected JSON, got {error}", tip="run the benchmarks again") from error
    if not isinstance(found, dict):
        raise PublishError(f"{path}: expected a JSON object, got {type(found).__name__}", tip="run the benchmarks again")
    return found
