"""A proxy before a loopback service: passes requests on, or spoils them, in every way that a service has been seen to fail.

The services' stand-ins answer well; this is where things go wrong, the same way for all of them and for every HTTP method.
"""

from __future__ import annotations

import base64
import http.client
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from standins import faulty
from standins.faulty import UNKNOWN_HOST, Fault, Sent, closed_port

HOP = frozenset({"connection", "content-length", "transfer-encoding", "keep-alive", "date", "server"})


class Trouble(StrEnum):
    """What no answer at all, or a well-formed answer of another shape, looks like."""

    REFUSED = "connection refused"
    UNKNOWN = "unknown host"
    NO_CONNECTION = "connect time-out"
    UNEXPECTED = "unexpected fields"


Spoiler = Fault | Trouble


class Proxy(faulty.Listening):
    """A server on a free port that passes everything to `upstream`; use it as a context.

    Attributes:
        always: How every request goes wrong; None is well.
        faults: How the next requests go wrong, before `always` counts.
        only: The faults meet requests whose method and path match; others pass.
        asked: Method and path of every request, spoiled ones included.
        served: Method, path and body's hash of every request that was answered well.
    """

    METHODS = ("GET", "POST", "PATCH", "DELETE", "PUT")

    def __init__(self, upstream: str, *, only: str = "") -> None:
        super().__init__()
        self.always: Spoiler | None = None
        self.faults: list[Spoiler | None] = []
        self.only = re.compile(only)
        self.asked: list[tuple[str, str]] = []
        self.served: list[tuple[str, str, bytes]] = []
        self._upstream = urlsplit(upstream)
        self._lock = threading.Lock()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = _body(handler)
        with self._lock:
            self.asked.append((handler.command, handler.path))
            fault = None
            if self.only.search(f"{handler.command} {handler.path}"):
                fault = self.faults.pop(0) if self.faults else self.always

        def passed_on() -> Sent:
            sent = self._pass_on(handler, body)
            with self._lock:
                if fault is None and sent.status < 400:
                    self.served.append((handler.command, handler.path, body))
            return sent if fault is not Trouble.UNEXPECTED else unexpected(sent)

        with suppress(BrokenPipeError, ConnectionError):
            faulty._answer(handler, fault if isinstance(fault, Fault) else None, passed_on, self.stopped)

    def _pass_on(self, handler: BaseHTTPRequestHandler, body: bytes) -> Sent:
        inner = http.client.HTTPConnection(self._upstream.hostname or "", self._upstream.port, timeout=30)
        try:
            headers = {name: value for name, value in handler.headers.items() if name.lower() not in {*HOP, "host", "accept-encoding"}}
            inner.request(handler.command, self._upstream.path + handler.path, body=body or None, headers=headers)
            answer = inner.getresponse()
            kept = {name: value for name, value in answer.getheaders() if name.lower() not in {*HOP, "content-type"}}
            return Sent(answer.read(), answer.headers.get("Content-Type", "application/octet-stream"), answer.status, kept)
        finally:
            inner.close()


def _body(handler: BaseHTTPRequestHandler) -> bytes:
    if handler.headers.get("Transfer-Encoding") != "chunked":
        return handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    found = bytearray()
    while size := int(handler.rfile.readline().strip() or b"0", 16):
        found += handler.rfile.read(size)
        handler.rfile.readline()
    handler.rfile.readline()
    return bytes(found)


def unexpected(sent: Sent) -> Sent:
    """Give a well-formed answer whose fields have other names and other types."""
    try:
        data = json.loads(sent.body)
    except ValueError:
        if b"<feed" not in sent.body[:500]:
            wrapped = json.dumps({"document_v2": {"body": base64.b64encode(sent.body).decode()}}).encode()
            return Sent(wrapped, "application/json", sent.status, sent.headers)
        body = re.sub(rb"<(/?)(entry|title|summary)\b", rb"<\1x-\2", sent.body)
        return Sent(body, sent.content_type, sent.status, sent.headers)
    return Sent(json.dumps(_renamed(data)).encode(), sent.content_type, sent.status, sent.headers)


def _renamed(data: Any) -> Any:
    if isinstance(data, dict):
        return {f"{name}_v2": [_renamed(value)] for name, value in data.items()} | {"extra": None}
    return [_renamed(item) for item in data] if isinstance(data, list) else {"value": data}


@contextmanager
def no_connection() -> Iterator[str]:
    """Give an address that takes no connection and does not refuse one: its queue is full."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen(0)
        waiting = []
        for _ in range(4):
            one = socket.socket()
            one.setblocking(False)  # noqa: FBT003  # the library's shape
            with suppress(BlockingIOError):
                one.connect(held.getsockname())
            waiting.append(one)
        try:
            yield f"http://127.0.0.1:{held.getsockname()[1]}"
        finally:
            for one in waiting:
                one.close()


@contextmanager
def spoiled(upstream: str, spoiler: Spoiler, *, once: bool, only: str = "") -> Iterator[tuple[str, Proxy | None]]:
    """Give the address of a service that fails this way, always or for its first request, and the proxy where there is one."""
    if spoiler in ABSENT and not once:
        with ABSENT[spoiler]() as url:
            yield url, None
        return
    with Proxy(upstream, only=only) as proxy:
        if once:
            proxy.faults = [spoiler]
        else:
            proxy.always = spoiler
        yield proxy.url, proxy


@contextmanager
def _unknown() -> Iterator[str]:
    yield UNKNOWN_HOST


ABSENT: dict[Spoiler, Callable[[], Any]] = {
    Trouble.REFUSED: closed_port,
    Trouble.UNKNOWN: _unknown,
    Trouble.NO_CONNECTION: no_connection,
}
"""Where nobody answers; such a service cannot be absent for one request alone."""
