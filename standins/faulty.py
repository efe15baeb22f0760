"""A loopback HTTP server that fails on demand, in every way that the services we stand on have been seen to fail.

`Loopback(route)` serves `route(path, params) -> Sent`; `faults` says how the next requests go wrong. It keeps every request with its
times, so a test can check pace and concurrency from the server's side.
"""

from __future__ import annotations

import gzip
import io
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

BOMB_BYTES = 1 << 30
DRIP_S = 0.05


class Fault(StrEnum):
    """One way in which an answer goes wrong."""

    RESET = "connection reset midway"
    SILENT = "read time-out"
    DRIP = "slow drip"
    HEADER_DRIP = "slow drip in the headers"
    HINTS = "early hints without end"
    LOOP = "redirect loop"
    INNER = "redirect to an inner address"
    BAD_REQUEST = "400"
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    GONE = "410"
    TOO_MANY = "429"
    TOO_MANY_WAIT = "429 with Retry-After"
    TOO_MANY_LONG = "429 with a Retry-After of an hour"
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    UNAVAILABLE_DATE = "503 with Retry-After as a date"
    HTML = "HTML with 200"
    EMPTY = "empty with 200"
    TRUNCATED = "truncated"
    TRUNCATED_GZIP = "truncated gzip"
    BOMB = "gzip bomb"
    WRONG_ENCODING = "wrong encoding"
    MALFORMED = "malformed"
    SKEWED = "clock skew"


PASSING = frozenset(Fault) - {
    Fault.LOOP,
    Fault.INNER,
    Fault.BAD_REQUEST,
    Fault.UNAUTHORIZED,
    Fault.FORBIDDEN,
    Fault.NOT_FOUND,
    Fault.GONE,
    Fault.TOO_MANY_LONG,
    Fault.BOMB,
}
"""Faults that another try may mend."""

_STATUS = {
    Fault.BAD_REQUEST: 400, Fault.UNAUTHORIZED: 401, Fault.FORBIDDEN: 403, Fault.NOT_FOUND: 404, Fault.GONE: 410, Fault.TOO_MANY: 429,
    Fault.SERVER_ERROR: 500, Fault.UNAVAILABLE: 503,
}  # fmt: skip
_PAGE = b"<!DOCTYPE html><html><head><title>Just a moment</title></head><body>Checking your browser</body></html>"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a route answers with."""

    body: bytes = b""
    content_type: str = "application/octet-stream"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Asked:
    """One request as the server saw it; times are seconds of the monotonic clock."""

    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    began: float
    ended: float = 0.0
    beside: int = 0


Route = Callable[[str, Mapping[str, str]], Sent]


class _QuietServer(ThreadingHTTPServer):
    """Clients that hang up are what we test; they are no news."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


class Listening:
    """A server on a free port of 127.0.0.1 that runs while it is a context; subclasses answer.

    Attributes:
        METHODS: What it answers; any other method gets the library's 501.
        stopped: Set when the context ends, for answers that wait.
    """

    METHODS: tuple[str, ...] = ("GET",)

    def __init__(self) -> None:
        self.stopped = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else a body waits 40 ms for the client to acknowledge its headers

            def _any(self) -> None:
                owner._serve(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
                """Say nothing."""

        for method in self.METHODS:
            setattr(Handler, f"do_{method}", Handler._any)
        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request; the subclass says how."""
        raise AssertionError(f"{type(self).__name__} does not answer {handler.path}")


class Loopback(Listening):
    """A server on a free port of 127.0.0.1; use it as a context.

    Attributes:
        faults: How the next requests go wrong, first first; None in it is a request that goes well. Empty: all is well.
        asked: Every request, in order of arrival.
    """

    def __init__(self, route: Route, *, faults: Iterable[Fault | None] = ()) -> None:
        super().__init__()
        self.faults: list[Fault | None] = list(faults)
        self.always: Fault | None = None
        self.asked: list[Asked] = []
        self._route = route
        self._lock = threading.Lock()
        self._open = 0

    @property
    def most_at_once(self) -> int:
        """The largest number of requests that were open together."""
        return max((asked.beside for asked in self.asked), default=0)

    @property
    def shortest_pause_s(self) -> float:
        """The shortest time between the starts of two requests."""
        starts = sorted(asked.began for asked in self.asked)
        return min((later - sooner for sooner, later in pairwise(starts)), default=float("inf"))

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        params = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        with self._lock:
            self._open += 1
            asked = Asked(parts.path, params, dict(handler.headers.items()), time.monotonic(), beside=self._open)
            self.asked.append(asked)
            fault = self.faults.pop(0) if self.faults else self.always
        try:
            with suppress(BrokenPipeError, ConnectionError):
                _answer(handler, fault, lambda: self._route(parts.path, params), self.stopped)
        finally:
            with self._lock:
                self._open -= 1
                asked.ended = time.monotonic()


def _answer(handler: BaseHTTPRequestHandler, fault: Fault | None, route: Callable[[], Sent], stopped: threading.Event) -> None:
    if fault is Fault.SILENT:
        stopped.wait(30)
        handler.close_connection = True
    elif fault is Fault.RESET:
        _reset(handler)
    elif fault is Fault.DRIP:
        _drip(handler, stopped)
    elif fault in {Fault.HEADER_DRIP, Fault.HINTS}:
        _never_begin(handler, fault, stopped)
    elif fault is Fault.TRUNCATED:
        _cut(handler, route())
    else:
        _send(handler, _spoiled(fault, route, handler.path))


def _spoiled(fault: Fault | None, route: Callable[[], Sent], path: str) -> Sent:
    """Give the answer that a fault makes of the good one."""
    if fault is None:
        return route()
    if fault in _STATUS:
        return Sent(_PAGE, "text/html", _STATUS[fault])
    simple: dict[Fault, Callable[[], Sent]] = {
        Fault.LOOP: lambda: Sent(status=301, headers={"Location": path}),
        Fault.INNER: lambda: Sent(status=302, headers={"Location": f"http://127.0.0.2:9{path}"}),
        Fault.TOO_MANY_WAIT: lambda: Sent(_PAGE, "text/html", 429, {"Retry-After": "0"}),
        Fault.TOO_MANY_LONG: lambda: Sent(_PAGE, "text/html", 429, {"Retry-After": "3600"}),
        Fault.UNAVAILABLE_DATE: lambda: Sent(_PAGE, "text/html", 503, {"Retry-After": formatdate(time.time() - 5, usegmt=True)}),
        Fault.SKEWED: lambda: Sent(
            _PAGE,
            "text/html",
            503,
            {"Date": formatdate(time.time() + 3e8, usegmt=True), "Retry-After": formatdate(time.time() + 3e8, usegmt=True)},
        ),
        Fault.HTML: lambda: Sent(_PAGE, "text/html"),
        Fault.EMPTY: lambda: Sent(b"", "application/octet-stream"),
        Fault.BOMB: lambda: Sent(_bomb(), "application/octet-stream", headers={"Content-Encoding": "gzip"}),
    }
    if fault in simple:
        return simple[fault]()
    good = route()
    if fault is Fault.TRUNCATED_GZIP:
        packed = gzip.compress(good.body)
        return Sent(packed[: len(packed) // 2], good.content_type, headers={"Content-Encoding": "gzip"})
    if fault is Fault.WRONG_ENCODING:
        return Sent(good.body.decode("utf-8", "replace").encode("utf-16"), good.content_type)
    return Sent(good.body[: len(good.body) // 2] + b"<&\xff{" + good.body[: len(good.body) // 3], good.content_type)


def _send(handler: BaseHTTPRequestHandler, sent: Sent) -> None:
    handler.send_response_only(sent.status)
    headers = {"Content-Type": sent.content_type, "Content-Length": str(len(sent.body)), "Date": formatdate(usegmt=True), **sent.headers}
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(sent.body)


def _cut(handler: BaseHTTPRequestHandler, sent: Sent) -> None:
    """Promise the whole body, send half, hang up."""
    handler.send_response(200)
    handler.send_header("Content-Type", sent.content_type)
    handler.send_header("Content-Length", str(len(sent.body)))
    handler.end_headers()
    handler.wfile.write(sent.body[: len(sent.body) // 2])
    handler.close_connection = True


def _reset(handler: BaseHTTPRequestHandler) -> None:
    """Send a few bytes, then reset the connection instead of closing it."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"<?xml")
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.rfile = io.BytesIO()
    handler.wfile = io.BytesIO()
    handler.close_connection = True


def _drip(handler: BaseHTTPRequestHandler, stopped: threading.Event) -> None:
    """Send a byte now and then, for ever; each arrives well within a read time-out."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(1 << 20))
    handler.end_headers()
    for _ in range(1 << 20):
        if stopped.wait(DRIP_S):
            break
        handler.wfile.write(b" ")
        handler.wfile.flush()
    handler.close_connection = True


def _never_begin(handler: BaseHTTPRequestHandler, fault: Fault, stopped: threading.Event) -> None:
    """Send a header without end, or one early hint after the other (RFC 8297); no body ever begins."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: " if fault is Fault.HEADER_DRIP else b"")
    for _ in range(1 << 20):
        handler.wfile.write(b"a" if fault is Fault.HEADER_DRIP else b"HTTP/1.1 103 Early Hints\r\n\r\n")
        handler.wfile.flush()
        if stopped.wait(DRIP_S):
            break
    handler.close_connection = True


_made: list[bytes] = []


def _bomb() -> bytes:
    """Give about 1 MB of gzip that unpacks to 1 GB: one packed block, repeated; made once, in no time."""
    if not _made:
        packer = zlib.compressobj(9, wbits=-15)
        block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
        header = b"\x1f\x8b\x08" + bytes(6) + b"\x03"
        _made.append(header + block * (BOMB_BYTES >> 20) + packer.flush() + bytes(8))
    return _made[0]


@contextmanager
def closed_port() -> Iterator[str]:
    """Give the address of a port that refuses connections."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


UNKNOWN_HOST = "http://no-such-host.invalid"
"""A name that never resolves (RFC 2606)."""
