"""Workflow commands that GitHub Actions reads from a log, and foreign text kept from being taken for one. Pure.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions: `%`, CR and LF are escaped in a message, `:` and `,` too in
a property; a step shows 10 errors and 10 warnings at most.
"""

from __future__ import annotations

from sovereign.errors import Problem

MAX_ANNOTATIONS = 10


def annotation(level: str, path: str, problem: Problem) -> str:
    """Give the command that shows a problem at its line; level is "error", "warning" or "notice"."""
    message = f"{problem.key}: {problem.message}" if problem.key else problem.message
    place = f"file={_property(path)},line={problem.line},col={problem.column},title={_property('Goal')}"
    return f"::{level} {place}::{_data(message)}"


def notice(level: str, message: str) -> str:
    """Give the command that shows a message without a place."""
    return f"::{level}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
