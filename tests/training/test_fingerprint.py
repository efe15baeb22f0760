"""The shipped head was fitted on what the shipped code counts."""

from __future__ import annotations

import json

from sovereign.adapters.weights import WEIGHTS
from training.fingerprint import fingerprint


def test_the_head_was_fitted_with_this_code() -> None:
    """Who changes what is counted fits the head again (`training/finish.py`), or the probabilities are another code's."""
    said = json.loads((WEIGHTS / "verifier.json").read_text(encoding="utf-8"))

    assert said["features_sha256"] == fingerprint()
