"""Whether a service answers at all: one small question to each, for `sovereign doctor --online`."""

from __future__ import annotations

import httpx

from sovereign.adapters.http import ERROR_BODY_BYTES, Http, host_of, network


def answer(url: str, *, agent: str, timeout_s: float = 10.0) -> tuple[bool, str]:
    """Give whether the address answers without a failure of the server, and how, in words. A refusal for want of a key is an answer."""
    client = Http(network(host_of(url)), headers={"User-Agent": agent}, timeout=httpx.Timeout(timeout_s))
    try:
        found = client.exchange("GET", url, within_s=timeout_s, max_bytes=ERROR_BODY_BYTES)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return False, f"does not answer: {error or type(error).__name__}"
    else:
        return found.status < httpx.codes.INTERNAL_SERVER_ERROR, f"answers {found.status}"
    finally:
        client.close()
