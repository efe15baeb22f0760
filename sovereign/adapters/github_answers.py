"""What GitHub's answers mean: a limit that passes, a refusal and the way out of it, an answer that is none; and what it takes as a body."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx

from sovereign import foreign
from sovereign.adapters import retry_after
from sovereign.errors import PublishError

PULLS_SETTING = "tick Settings → Actions → General → Workflow permissions → “Allow GitHub Actions to create and approve pull requests”"
# https://docs.github.com/rest/issues: of an issue, a pull request and a comment; one that has more is refused whole.
MAX_BODY_CHARS = 65_536
_CUT = "\n\n…\n\nThe rest did not fit: see the log of the run.\n"


class RefusedError(PublishError):
    """GitHub answered, and the answer is no."""

    def __init__(self, message: str, *, tip: str, status: int) -> None:
        super().__init__(message, tip=tip)
        self.status = status


def wait_s(method: str, status: int, headers: httpx.Headers, content: bytes, attempt: int) -> float | None:
    """Give how long to wait before asking again; None where it would not help.

    https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api: Retry-After, else the reset time when nothing remains,
    else a minute; a secondary limit may be told by its words alone.
    """
    is_told = "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
    is_limit = status in {403, 429} and (is_told or "secondary rate limit" in message(content).lower())
    if is_limit or status == httpx.codes.TOO_MANY_REQUESTS:
        after, reset = retry_after.asked_s(headers.get("retry-after", ""), headers.get("date", "")), headers.get("x-ratelimit-reset", "")
        if after:
            return after
        if reset.isdecimal() and headers.get("x-ratelimit-remaining") in {"0", None}:
            return max(1.0, float(reset) - retry_after.now_s(headers.get("date", "")))
        return 60.0
    # Below 400 only an answer that is no JSON comes here: a page of a proxy, or half an answer.
    if (status >= httpx.codes.INTERNAL_SERVER_ERROR or status < httpx.codes.BAD_REQUEST) and method == "GET":
        return 2.0**attempt
    return None


def refused(method: str, url: str, status: int, content: bytes, *, setting: str, again_s: float | None) -> RefusedError:
    """Give the error that a refusal is, with the way out of it; again_s is when to ask again, where that would help."""
    said = message(content)
    where = f"GitHub: {method} {urlsplit(url).path}: {status} {said}".strip()
    if again_s is not None:
        tip = f"too many requests or an outage: try again in {again_s:.0f} s"
    elif "not permitted to create or approve pull requests" in said:
        tip = PULLS_SETTING
    elif "not accessible by integration" in said:
        tip = "the job lacks a permission: see its workflow's `permissions:`, and Settings → Actions → General → Workflow permissions"
    else:
        tip = {401: "the token is wrong or has expired", 404: "check the repository's name, and that the token may see it"}.get(
            status, setting
        )
    return RefusedError(where, tip=tip or "see what GitHub said above", status=status)


def message(content: bytes) -> str:
    """Give GitHub's own words for a refusal, the details of a 422 included; nothing where there are none."""
    try:
        data = foreign.read_answer(content)
        details = [
            item.get("message") or item.get("code") or "" if isinstance(item, dict) else str(item) for item in data.get("errors") or []
        ]
        return "; ".join(str(word) for word in (data.get("message"), *details) if word)[:500]
    except (ValueError, AttributeError, TypeError):
        return ""


def fitting(body: str) -> str:
    """Give a body that GitHub takes; its marks stand at its head, and what is over is left out with a word that says so."""
    return body if len(body) <= MAX_BODY_CHARS else body[: MAX_BODY_CHARS - len(_CUT)] + _CUT


def is_json(content: bytes) -> bool:
    """Whether an answer can be read at all."""
    try:
        foreign.read_answer(content)
    except ValueError:
        return False
    return True


def parsed(content: bytes, url: str) -> Any:  # noqa: ANN401  # JSON
    """Give an answer's content; an empty one is an empty object.

    Raises:
        PublishError: It is no JSON.
    """
    if not content:
        return {}
    try:
        return foreign.read_answer(content)
    except ValueError as error:
        raise shape("JSON", url) from error


def shape(expected: str, url: str) -> PublishError:
    """Give the error that an answer of another shape is."""
    return PublishError(
        f"GitHub: {urlsplit(url).path}: expected {expected}, got something else", tip="is GITHUB_API_URL right? else try again later"
    )
