"""Whether a service answers at all: one small question to each, for `sovereign doctor --online`."""

from __future__ import annotations

import httpx


def answer(url: str, *, agent: str, timeout_s: float = 10.0) -> tuple[bool, str]:
    """Give whether the address answers without a failure of the server, and how, in words. A refusal for want of a key is an answer."""
    try:
        with httpx.Client(timeout=timeout_s, headers={"User-Agent": agent}) as client, client.stream("GET", url) as found:
            return found.status_code < httpx.codes.INTERNAL_SERVER_ERROR, f"answers {found.status_code}"
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return False, f"does not answer: {error or type(error).__name__}"
