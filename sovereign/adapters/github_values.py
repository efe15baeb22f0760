"""What GitHub answers, as values: pull requests, comments and issues, checked in shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sovereign import foreign
from sovereign.adapters.github_answers import shape


@dataclass(frozen=True, slots=True)
class Pull:
    """One pull request.

    Attributes:
        is_ours: Its branch is in this repository and not in a fork.
        created, updated: GitHub's stamps, which sort as texts; every word that is said under it moves the second.
    """

    number: int
    title: str
    body: str
    is_open: bool
    is_merged: bool
    branch: str
    head: str
    is_ours: bool
    url: str
    created: str = ""
    updated: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment of an issue or pull request."""

    id: int
    author: str
    body: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue; closed is GitHub's stamp of when it was closed, empty while it is open."""

    number: int
    title: str
    body: str
    url: str = ""
    author: str = ""
    closed: str = ""


def read_pull(item: Mapping[str, Any], repository: str) -> Pull:
    """Give a pull request as GitHub tells it.

    Raises:
        PublishError: It is none.
    """
    try:
        head = item["head"]
        home = (head.get("repo") or {}).get("full_name", "")
        return Pull(
            number=foreign.whole(item["number"]),
            title=str(item["title"]),
            body=str(item.get("body") or ""),
            is_open=item["state"] == "open",
            is_merged=bool(item.get("merged_at")),
            branch=str(head["ref"]),
            head=str(head["sha"]),
            is_ours=str(home).lower() == repository.lower(),
            url=str(item["html_url"]),
            created=str(item.get("created_at") or ""),
            updated=str(item.get("updated_at") or ""),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise shape("a pull request", "pulls") from error


def read_comment(item: Mapping[str, Any]) -> Comment:
    """Give a comment; see `read_pull`."""
    try:
        author = str((item.get("user") or {}).get("login", ""))
        return Comment(foreign.whole(item["id"]), author, str(item.get("body") or ""), str(item["html_url"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise shape("a comment", "comments") from error


def read_issue(item: Mapping[str, Any]) -> Issue:
    """Give an issue; see `read_pull`."""
    try:
        author = str((item.get("user") or {}).get("login", ""))
        text, url = str(item.get("body") or ""), str(item["html_url"])
        return Issue(foreign.whole(item["number"]), str(item["title"]), text, url, author, str(item.get("closed_at") or ""))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise shape("an issue", "issues") from error
