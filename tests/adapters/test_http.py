"""The one way out: a deadline over the whole exchange, a bound on its size, and public addresses alone, however they are spelt."""

from __future__ import annotations

import gzip
import resource
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from sovereign.adapters import http
from sovereign.adapters.github import GitHub
from sovereign.adapters.http import Http, LateError, NotPublicError, host_of, is_global, network
from sovereign.adapters.openai.chat import OpenAIChat
from sovereign.adapters.settings import Profile
from sovereign.adapters.web import Pacer, PoliteWeb
from sovereign.errors import ModelError, PublishError, WebError
from sovereign.model import Gap
from sovereign.ports import Prompt
from tests.adapters.conftest import AGENT, HASTE

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"
INNER = {"127.0.0.1"}


@contextmanager
def raw(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve connections by hand, and give the port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=one, args=(connection,), daemon=True).start()

        def one(connection: socket.socket) -> None:
            with connection:
                try:
                    connection.recv(65_536)
                    answer(connection)
                except OSError:
                    pass

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def client(**options: object) -> Http:
    """Give a client that may ask this machine."""
    return Http(network(INNER), headers={}, timeout=httpx.Timeout(5.0), **options)  # type: ignore[arg-type]  # options by name


def drip(connection: socket.socket) -> None:
    """Send a header, a letter at a time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-A: ")
    for _ in range(400):
        connection.sendall(b"a")
        time.sleep(0.05)


def hints(connection: socket.socket) -> None:
    """Send one early hint after the other."""
    for _ in range(400):
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        time.sleep(0.05)


def slow_body(connection: socket.socket) -> None:
    """Send a body, a letter at a time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n")
    for _ in range(400):
        connection.sendall(b"a")
        time.sleep(0.05)


SLOW = [pytest.param(drip, id="headers"), pytest.param(hints, id="early hints"), pytest.param(slow_body, id="body")]


@pytest.mark.parametrize("answer", SLOW)
def test_the_deadline_is_the_exchange_s(answer: Callable[[socket.socket], None]) -> None:
    """However a server drips, the exchange ends."""
    with raw(answer) as port:
        begun = time.monotonic()
        with pytest.raises(LateError, match="no whole answer within"):
            client().exchange("GET", f"http://127.0.0.1:{port}/", within_s=0.5, max_bytes=1000)

    assert time.monotonic() - begun < 5.0


@pytest.mark.parametrize("answer", SLOW)
def test_every_client_keeps_a_deadline(answer: Callable[[socket.socket], None]) -> None:
    """Papers, GitHub and models: each gives up in its own words."""
    with raw(answer) as port:
        url = f"http://127.0.0.1:{port}"
        web = PoliteWeb(Pacer(0.0), agent=AGENT, patience=HASTE, inner=INNER)
        with pytest.raises(WebError, match="in time"):
            web.get(url)
        with GitHub("lab/desk", "t", api_url=url, sleep=lambda _: None, timeout_s=5.0, total_s=0.5) as hub, pytest.raises(PublishError):
            hub.open_pulls()
        profile = Profile("slow", f"{url}/v1", chat_model="m", timeout_s=0.5, attempts=1, wait_s=0.0)
        (said,) = OpenAIChat(profile).answer([Prompt("p", "s", "u", {"type": "object"})])
        web.close()

    assert isinstance(said, Gap)
    assert "no whole answer within 0.5 s" in said.why


SPELT = (
    "127.0.0.1",
    "127.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "2130706433",
    "127.0.0\u30021",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "0.0.0.0",
    "localhost",
)


@pytest.mark.parametrize("host", SPELT)
def test_loopback_is_refused_however_it_is_spelt(host: str) -> None:
    """What counts is where the connection would go; nobody is asked."""
    asked: list[socket.socket] = []
    with raw(asked.append) as port:
        closed = Http(network(), headers={}, timeout=httpx.Timeout(5.0))
        with pytest.raises((NotPublicError, httpx.InvalidURL, httpx.ConnectError)):
            closed.exchange("GET", f"http://{host}:{port}/", within_s=5.0, max_bytes=1000)

    assert asked == []


@pytest.mark.parametrize(
    ("resolved", "is_asked"),
    [
        pytest.param(("127.0.0.1",), False, id="this machine"),
        pytest.param(("10.1.2.3", "169.254.169.254"), False, id="an inner network"),
        pytest.param(("fd00::1",), False, id="an inner network of IPv6"),
        pytest.param(("10.1.2.3", "93.184.216.34"), True, id="one public address among others"),
    ],
)
def test_names_are_judged_by_their_addresses(resolved: tuple[str, ...], is_asked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A public name that resolves to an inner address is not asked; and the connection goes to the address that was judged."""
    tried: list[str] = []

    def connect(self: object, host: str, *args: object) -> object:
        tried.append(host)
        raise httpx.ConnectError("nobody there")

    monkeypatch.setattr(http, "addresses", lambda host, port, within_s: resolved)
    monkeypatch.setattr("httpcore.SyncBackend.connect_tcp", connect)
    with pytest.raises(httpx.ConnectError if is_asked else NotPublicError):
        Http(network(), headers={}, timeout=httpx.Timeout(5.0)).exchange("GET", "http://papers.example.org/", within_s=5.0, max_bytes=9)

    assert tried == (["93.184.216.34"] if is_asked else [])


def test_redirects_are_connections_like_any_other() -> None:
    """A service that may be here does not lead to another host of this machine."""

    def away(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:9/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with raw(away) as port:
        with pytest.raises(NotPublicError):
            client(follows=True).exchange("GET", f"http://127.0.0.1:{port}/", within_s=5.0, max_bytes=9)
        web = PoliteWeb(Pacer(0.0), agent=AGENT, patience=HASTE, inner=INNER)
        with pytest.raises(WebError, match="only public addresses are asked"):
            web.get(f"http://127.0.0.1:{port}/")
        with GitHub("lab/desk", "t", api_url=f"http://127.0.0.1:{port}") as hub, pytest.raises(PublishError, match="no public address"):
            hub.open_pulls()
        web.close()


def test_what_a_redirect_has_for_a_body_is_not_read() -> None:
    """A redirect that unfolds to gigabytes costs neither memory nor time, and one that never ends is left."""
    packer = zlib.compressobj(9, wbits=31)
    first = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)

    def bomb(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Encoding: gzip\r\n\r\n" + first)
        for _ in range(1 << 16):
            connection.sendall(piece)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.monotonic()
    with raw(bomb) as port:
        url = f"http://127.0.0.1:{port}/"
        with pytest.raises(httpx.TooManyRedirects):
            client(follows=True).exchange("GET", url, within_s=30.0, max_bytes=9)
        told = client().exchange("GET", url, within_s=30.0, max_bytes=9)

    assert (told.status, str(told.location)) == (302, f"{url}next")
    assert time.monotonic() - begun < 20.0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10


def test_a_redirect_to_another_host_takes_no_token_along() -> None:
    """Who sends us elsewhere is not told who we are there."""
    seen: list[bytes] = []

    def away(connection: socket.socket) -> None:
        connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{other}/\r\nConnection: close\r\n\r\n".encode())

    with socket.create_server(("127.0.0.1", 0)) as listener:
        other = listener.getsockname()[1]

        def listen() -> None:
            connection, _ = listener.accept()
            with connection:
                seen.append(connection.recv(65_536))
                connection.sendall(GOOD)

        threading.Thread(target=listen, daemon=True).start()
        with raw(away) as port:
            here = Http(network(INNER), headers={"Authorization": "Bearer secret"}, timeout=httpx.Timeout(5.0), follows=True)
            answer = here.exchange("GET", f"http://127.0.0.1:{port}/", within_s=5.0, max_bytes=9)

    assert answer.body == b"hi"
    assert b"secret" not in seen[0]


def test_a_model_in_a_private_network_is_a_person_s_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the setting the error names it; with it the service is asked; this machine needs none."""
    monkeypatch.setattr(http, "addresses", lambda host, port, within_s: ("127.0.0.1",))
    answered = (
        b'{"choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}'
    )

    def good(connection: socket.socket) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answered)}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode() + answered)

    with raw(good) as port:
        profile = Profile("lab", f"http://gpu.lab.example:{port}/v1", chat_model="m", attempts=1, wait_s=0.0, allow_http=True)
        prompt = Prompt("p", "s", "u", {"type": "object"})
        with pytest.raises(ModelError) as caught:
            OpenAIChat(profile).answer([prompt])
        (said,) = OpenAIChat(Profile("lab", profile.base_url, chat_model="m", attempts=1, wait_s=0.0, allow_private=True)).answer([prompt])

    assert "allow_private = true" in caught.value.tip
    assert not isinstance(said, Gap)


@pytest.mark.parametrize("host", ["127.1", "0x7f.0.0.1", "10.0.0.7", "localhost"])
def test_a_proxy_is_not_asked_for_inner_addresses(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy stands in the inner network, and might well go there for us."""
    asked: list[socket.socket] = []
    with raw(asked.append) as port:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", "")
        with pytest.raises(NotPublicError):
            Http(network(), headers={}, timeout=httpx.Timeout(5.0)).exchange("GET", f"http://{host}/", within_s=5.0, max_bytes=9)

    assert asked == []


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who can reach the world only so reaches it."""
    with raw(lambda connection: connection.sendall(GOOD)) as port:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", "")
        answer = Http(network(), headers={}, timeout=httpx.Timeout(5.0)).exchange(
            "GET", "http://papers.example.org/", within_s=5.0, max_bytes=9
        )

    assert answer.body == b"hi"


def test_what_follows_a_packed_answer_is_left() -> None:
    """Bytes after the end of the gzip stream cost neither memory nor time."""
    packed = gzip.compress(b"x" * 100)

    def tail(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + packed)
        for _ in range(1 << 10):
            connection.sendall(b"\0" * (1 << 20))

    with raw(tail) as port:
        answer = client().exchange("GET", f"http://127.0.0.1:{port}/", within_s=30.0, max_bytes=1000)

    assert (answer.body, answer.is_whole) == (b"x" * 100, True)


def test_no_cookie_is_kept() -> None:
    """A second request tells nobody who the first one was."""
    seen: list[bytes] = []

    def bake(connection: socket.socket) -> None:
        connection.sendall(GOOD.replace(b"OK\r\n", b"OK\r\nSet-Cookie: sid=1\r\n", 1))

    with raw(bake) as port:
        here = client()
        here.exchange("GET", f"http://127.0.0.1:{port}/", within_s=5.0, max_bytes=9)
        seen = [cookie.encode() for cookie in here._client.cookies]

    assert seen == []


@pytest.mark.parametrize(
    ("address", "is_it"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("fe80::1%eth0", False),
        ("::", False),
        ("nonsense", False),
        ("fec0::1", False),
        ("3fff::1", False),
        ("192.0.0.8", False),
        ("192.88.99.1", False),
        ("2001:4860::5efe:10.0.0.1", False),
        ("2001:4860::200:5efe:5db8:d822", True),
        ("64:ff9b:1::a00:1", False),
        ("::ffff:0:10.0.0.1", False),
    ],
)
def test_public_addresses(address: str, is_it: bool) -> None:
    """Private, shared, link-local, multicast and wrapped ones are not."""
    assert is_global(address) == is_it


def test_hosts_that_a_person_set() -> None:
    """An address that is none gives no host."""
    assert (host_of("http://127.0.0.1:8000/v1"), host_of(""), host_of("http://[::1/")) == (
        frozenset({"127.0.0.1"}),
        frozenset(),
        frozenset(),
    )
