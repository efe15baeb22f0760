"""What people did at GitHub: who merged a commit, what was said under a pull request, and how they are answered.

https://docs.github.com/rest/commits/commits#list-pull-requests-associated-with-a-commit, /rest/pulls/reviews, /rest/pulls/comments,
/rest/reactions. Answers are untrusted and checked in shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sovereign import foreign
from sovereign.adapters.github import GitHub
from sovereign.errors import PublishError

# A user's name, or an application's with "[bot]" behind it.
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98})(?:\[bot\])?")
_SHA = re.compile(r"[0-9a-f]{40,64}")


@dataclass(frozen=True, slots=True)
class Merged:
    """The pull request that brought a commit; by is empty where GitHub names nobody (an account that is gone)."""

    number: int
    by: str
    day: date | None


class Place(StrEnum):
    """Where something was said: under a pull request, in a review of it, or at one of its lines."""

    TALK = "talk"
    REVIEW = "review"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was said about a pull request; when is GitHub's own stamp, which sorts as a text."""

    id: int
    author: str
    body: str
    place: Place
    when: str


def merged(api: GitHub, commit: str) -> Merged | None:
    """Give the merged pull request of this repository that brought a commit onto the branch it was opened for; None where there is none.

    Merge, squash and rebase give the same answer; `merged_by` stands only in the pull request's own answer.

    Raises:
        PublishError: GitHub cannot be asked.
    """
    if not _SHA.fullmatch(commit):
        return None
    pulls = api.ask("GET", f"commits/{commit}/pulls")
    if isinstance(pulls, int):
        return None
    for item in pulls.get("items", ()):
        if isinstance(item, dict) and item.get("merged_at") and _is_into(item, api.repository):
            return _merged(api, item.get("number"))
    return None


def _is_into(item: Mapping[str, Any], repository: str) -> bool:
    base = item.get("base")
    home = base.get("repo") if isinstance(base, dict) else None
    return isinstance(home, dict) and str(home.get("full_name", "")).lower() == repository.lower()


def _merged(api: GitHub, number: object) -> Merged | None:
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        return None
    whole = api.ask("GET", f"pulls/{number}")
    if isinstance(whole, int) or not whole.get("merged_at"):
        return None
    by = whole.get("merged_by")
    name = by.get("login") if isinstance(by, dict) else ""
    return Merged(number, name if isinstance(name, str) and _LOGIN.fullmatch(name) else "", _day(whole["merged_at"]))


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def remarks(api: GitHub, number: int) -> tuple[Remark, ...]:
    """Give everything that was said about a pull request, in reviews and at lines too, oldest first.

    Raises:
        PublishError: GitHub cannot be asked, or answers something else.
    """
    found = [
        *_said(api, f"issues/{number}/comments", Place.TALK, "created_at"),
        *_said(api, f"pulls/{number}/reviews", Place.REVIEW, "submitted_at"),
        *_said(api, f"pulls/{number}/comments", Place.LINE, "created_at"),
    ]
    return tuple(sorted(found, key=lambda remark: (remark.when, remark.id)))


def _said(api: GitHub, path: str, place: Place, stamp: str) -> Iterator[Remark]:
    for item in api.items(path):
        try:
            author = str((item.get("user") or {}).get("login", ""))
            # A review that is not submitted yet has no stamp, and is its writer's alone.
            if when := item.get(stamp):
                yield Remark(foreign.whole(item["id"]), author, str(item.get("body") or ""), place, str(when))
        except (KeyError, ValueError, AttributeError) as error:
            raise PublishError(f"GitHub: {path}: expected remarks, got something else", tip="try again later") from error


def react(api: GitHub, remark: Remark, content: str) -> bool:
    """Put a reaction ("+1", "confused", "eyes") under a remark; False where GitHub takes none, as under a review.

    Raises:
        PublishError: GitHub cannot be asked.
    """
    paths = {Place.TALK: f"issues/comments/{remark.id}/reactions", Place.LINE: f"pulls/comments/{remark.id}/reactions"}
    path = paths.get(remark.place)
    return path is not None and not isinstance(api.ask("POST", path, {"content": content}), int)
