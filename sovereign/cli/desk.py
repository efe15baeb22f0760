"""`sovereign init`, `doctor` and `audit`: a desk made, looked over, and its reports checked again."""

from __future__ import annotations

import typer

from sovereign.cli import ci


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    ci.register(app)
