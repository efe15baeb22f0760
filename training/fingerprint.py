"""What code the head's features were counted with: another code counts otherwise, and the head must be fitted again."""

from __future__ import annotations

import ast
import hashlib
import inspect
from pathlib import Path

import sovereign
from sovereign.adapters.onnx_verifier import FEATURES, features

COUNTED_BY = ("arguments", "bindings", "comparison", "lexical", "numerals", "paraphrase", "plain", "quantities", "reach", "wording")
"""The modules of sovereign.language that the features depend on."""


def fingerprint() -> str:
    """Give the SHA-256 of the features' code; how it is laid out and what its comments say do not count."""
    folder = Path(sovereign.__file__).parent / "language"
    sources = [inspect.getsource(features), *((folder / f"{name}.py").read_text(encoding="utf-8") for name in COUNTED_BY)]
    told = "\n".join([*FEATURES, *(ast.dump(ast.parse(source)) for source in sources)])
    return hashlib.sha256(told.encode()).hexdigest()
