"""What the desk remembers on GitHub: one hidden line of JSON in a pull request, comment or issue that it wrote itself. Pure.

A mark is state and never an instruction: it is read with bounds, and whoever can edit it could as well merge or close.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from sovereign import foreign
from sovereign.desk.naming import is_slug

_MARK = re.compile(r"<!-- sovereign:(draft|failure|note) (\{[^\n]{0,2000}\}) -->")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class DraftMark:
    """A draft's pull request: which goal it answers.

    Attributes:
        goal: `Goal.asked_sha256`.
        version: The report's version, from 1.
        revision: The comment whose guidance was followed; 0 for none.
    """

    slug: str
    goal: str
    version: int
    revision: int = 0

    def __post_init__(self) -> None:
        if not is_slug(self.slug) or not _SHA256.fullmatch(self.goal) or self.version < 1 or self.revision < 0:
            raise ValueError(f"expected a slug, a SHA-256, a version and a comment, got {self}")


def write(kind: str, facts: dict[str, str | int]) -> str:
    """Give the hidden line; ">" is escaped, so that no value can end the comment."""
    text = json.dumps(facts, sort_keys=True).replace(">", "\\u003e").replace("--", "-\\u002d")
    return f"<!-- sovereign:{kind} {text} -->"


def read(kind: str, body: str) -> dict[str, object] | None:
    """Give the facts of the last mark of this kind in a body; None where there is none that can be read."""
    for found in reversed(list(_MARK.finditer(body))):
        if found[1] == kind:
            try:
                facts = foreign.read(found[2])
            except ValueError:
                return None
            return facts if isinstance(facts, dict) else None
    return None


def draft_mark(mark: DraftMark) -> str:
    """Give the hidden line of a draft's pull request."""
    return write("draft", {"slug": mark.slug, "goal": mark.goal, "version": mark.version, "revision": mark.revision})


def read_draft(body: str) -> DraftMark | None:
    """Give a pull request's mark; None where it has none, or a broken one."""
    facts = read("draft", body) or {}
    slug, goal, version, revision = (facts.get(name) for name in ("slug", "goal", "version", "revision"))
    if not (isinstance(slug, str) and isinstance(goal, str) and isinstance(version, int) and isinstance(revision, int)):
        return None
    try:
        return DraftMark(slug, goal, version, revision)
    except ValueError:
        return None
