"""The one way out: every request of every adapter goes through `Http`, one exchange at a time, bounded in time, size and reach.

The libraries' time-outs are per read, so a server that drips a byte a second, in its headers or as one "103 Early Hints" after the other,
would hold a run for ever: here the whole exchange has a deadline, and every read and write of the connection keeps it. Whom we talk to is
judged by what is connected to, not by how it is spelt: a name is resolved once, its addresses must be global, and the connection goes to
the address that was judged; a redirect is a connection like any other. Where a proxy of the environment resolves for us, spelt-out
addresses alone can be judged.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

ERROR_BODY_BYTES: Final = 4096
MAX_TAIL_BYTES: Final = 65_536
"""After a packed answer's end, which is nobody's; read so far that the connection can be used again."""
MAX_ADDRESSES: Final = 4
"""How many addresses of one name are tried."""
_UNTIL: ContextVar[float] = ContextVar("until", default=float("inf"))  # of this exchange, by the monotonic clock
_EMBEDDED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "::/96")))  # RFC 6052; RFC 4291, section 2.5.5.1
# All that is given to anybody, and what is kept apart in it; Python's own table is as old as Python. 192.0.0.0/24 is for protocols
# (RFC 6890), 3fff::/20 for documents (RFC 9637).
_UNICAST = ipaddress.ip_network("2000::/3")  # RFC 4291, section 2.4; site-local addresses (fec0::/10) are outside of it
_APART = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))
_ISATAP = (0x00005EFE, 0x02005EFE)
"""How the lower half of an IPv6 address begins that wraps an IPv4 address (RFC 5214, section 6.1)."""
MAX_REDIRECTS: Final = 5


class NotPublicError(httpx.RequestError):
    """The address is none of the public network."""


class LateError(httpx.ReadTimeout):
    """The exchange as a whole took too long."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What came of one request: the body, unpacked, up to the bound; is_whole says that this is all of it.

    Attributes:
        location: Where the answer redirects to; None where it does not.
    """

    status: int
    headers: httpx.Headers
    body: bytes = field(repr=False)
    is_whole: bool
    location: httpx.URL | None = None
    following: str = ""


class Http:
    """One client, for one service or for strangers' addresses.

    Args:
        way: The network, from `network`, or what stands in for it.
        follows: Whether redirects are followed, MAX_REDIRECTS at most; else they are told.
    """

    def __init__(self, way: httpx.BaseTransport, *, headers: Mapping[str, str], timeout: httpx.Timeout, follows: bool = False) -> None:
        self._client = httpx.Client(headers=dict(headers), timeout=timeout, follow_redirects=False, transport=way, trust_env=False)
        self._follows = follows

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def exchange(
        self,
        method: str,
        url: httpx.URL | str,
        *,
        within_s: float,
        max_bytes: int,
        max_error_bytes: int | None = None,
        params: Mapping[str, str] | None = None,
        **sent: Any,  # noqa: ANN401  # content, json, headers: httpx's own
    ) -> Exchange:
        """Send one request and give what came.

        Args:
            within_s: For everything, from the name's resolution to the last byte, redirects included.
            max_bytes: Of the unpacked body; the rest is left unread.
            max_error_bytes: The same for an answer that is not 200.

        Raises:
            NotPublicError: Its address, or one it redirects to, is in no public network.
            LateError: within_s passed.
            httpx.HTTPError: It failed otherwise: TransportError where it broke off, DecodingError where it is packed in an unknown way.
        """
        until = time.monotonic() + within_s
        token = _UNTIL.set(until)
        try:
            with closing(self._answer(self._client.build_request(method, url, params=params, **sent))) as response:
                if response.next_request is not None:
                    return Exchange(response.status_code, response.headers, b"", is_whole=False, location=response.next_request.url)
                is_error = max_error_bytes is not None and response.status_code != httpx.codes.OK
                body, is_whole = _body(response, (max_error_bytes or 0) if is_error else max_bytes)
                following = response.links.get("next", {}).get("url", "")
            return Exchange(response.status_code, response.headers, body, is_whole, following=following)
        except zlib.error as error:
            raise httpx.RemoteProtocolError(f"the packed answer is damaged or cut off ({error})") from error
        except httpx.TimeoutException as error:
            if time.monotonic() < until:
                raise
            raise LateError(f"no whole answer within {within_s:g} s") from error
        finally:
            _UNTIL.reset(token)
            self._client.cookies.clear()  # nobody is recognised from one request to the next

    def _answer(self, request: httpx.Request) -> httpx.Response:
        """Send a request, follow where we follow, and give the answer unread; a redirect's own body is nobody's, and is not read."""
        response = self._client.send(request, stream=True)
        for _ in range(MAX_REDIRECTS if self._follows else 0):
            if response.next_request is None:
                return response
            response.close()
            response = self._client.send(response.next_request, stream=True)
        if self._follows and response.next_request is not None:
            response.close()
            raise httpx.TooManyRedirects(f"more than {MAX_REDIRECTS} redirects", request=request)
        return response


def _body(response: httpx.Response, bound: int) -> tuple[bytes, bool]:
    """Give the unpacked body up to the bound, and whether that is all of it; never holds more than the bound."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise httpx.DecodingError(f"expected an unpacked or gzip answer, got Content-Encoding {packing!r}")
    unpack = zlib.decompressobj(wbits=47) if packing not in {"", "identity"} else None
    parts: list[bytes] = []
    room = bound
    tail = 0
    for raw in response.iter_raw():
        if unpack is not None and unpack.eof:
            tail += len(raw)
            if tail > MAX_TAIL_BYTES:
                break
            continue
        piece = unpack.decompress(raw, room + 1) if unpack else raw[: room + 1]
        parts.append(piece)
        room -= len(piece)
        if room < 0:
            return b"".join(parts)[:bound], False
        if time.monotonic() > _UNTIL.get():  # a server that sends without a pause leaves no read to time out
            raise httpx.ReadTimeout("the answer took too long as a whole")
    if unpack is not None and not unpack.eof:
        raise zlib.error("the packed answer was cut off")
    return b"".join(parts), True


# --- reach ---------------------------------------------------------------------------------------------------------


def is_global(address: str) -> bool:
    """Whether an IP address is one of the public network, addresses that are wrapped in others unwrapped first."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if wrapped is None and (any(ip in network for network in _EMBEDDED) or int(ip) >> 32 & 0xFFFFFFFF in _ISATAP):
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_global(str(wrapped))
        if ip not in _UNICAST:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not any(ip in network for network in _APART)


def addresses(host: str, port: int, within_s: float) -> tuple[str, ...]:
    """Give the addresses of a host, as the system resolves it.

    Raises:
        httpcore.ConnectError: It has none.
        httpcore.ConnectTimeout: The resolver took too long; it is left behind, since nothing can stop it.
    """
    said: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def resolve() -> None:
        try:
            said.put([str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except (OSError, UnicodeError) as error:
            said.put(error)

    threading.Thread(target=resolve, name="resolve", daemon=True).start()
    try:
        answer = said.get(timeout=max(within_s, 0.0) if within_s != float("inf") else None)
    except queue.Empty:
        raise httpcore.ConnectTimeout(f"{host} was not resolved in time") from None
    if isinstance(answer, Exception):
        raise httpcore.ConnectError(str(answer)) from answer
    return tuple(dict.fromkeys(answer))


class _Stream(httpcore.NetworkStream):
    """A connection whose reads and writes keep the deadline of the exchange that they belong to."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left(timeout, httpcore.ConnectTimeout)))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  # the library's shape
        return self._inner.get_extra_info(info)


def _left(timeout: float | None, error: type[Exception]) -> float | None:
    left = _UNTIL.get() - time.monotonic()
    if left <= 0:
        raise error("the exchange took too long as a whole")
    return timeout if left == float("inf") else left if timeout is None else min(timeout, left)


class _Backend(httpcore.SyncBackend):
    """Connects to addresses that were judged; to any where `inner` is None."""

    def __init__(self, inner: frozenset[str] | None) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        found = addresses(host, port, float("inf") if left is None else left)
        if self._inner is not None and host not in self._inner:
            found = tuple(address for address in found if is_global(address))
            if not found:
                raise NotPublicError(f"{host} is no public address")
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in found[:MAX_ADDRESSES]:
            try:
                left = _left(timeout, httpcore.ConnectTimeout)
                return _Stream(super().connect_tcp(address, port, left, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed


def network(inner: Collection[str] = (), *, connections: int | None = None, trusts_environment: bool = True) -> httpx.BaseTransport:
    """Give the way out.

    Args:
        inner: Hosts, as they stand in addresses, that may be in a private network or on this machine: those that a person set.
        connections: How many at most.
        trusts_environment: Whether the environment's proxies are used.
    """
    return _Way(frozenset(inner), httpx.Limits(max_connections=connections), trusts_environment=trusts_environment)


class _Way(httpx.BaseTransport):
    """The network: directly to judged addresses, or by a proxy of the environment."""

    def __init__(self, inner: frozenset[str], limits: httpx.Limits, *, trusts_environment: bool) -> None:
        self._inner = inner
        self._limits = limits
        self._direct = _transport(_Backend(inner), limits)
        self._proxies = {scheme: url for scheme, url in getproxies().items() if "://" in url} if trusts_environment else {}
        self._by_proxy: dict[str, httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        proxy = self._proxies.get(request.url.scheme) or self._proxies.get("all", "")
        if not proxy or proxy_bypass(host):
            return self._direct.handle_request(request)
        if host not in self._inner and (spelt := spelt_out(host)) and not is_global(spelt):
            raise NotPublicError(f"{host} is no public address")
        if proxy not in self._by_proxy:
            self._by_proxy[proxy] = _transport(_Backend(None), self._limits, proxy)
        return self._by_proxy[proxy].handle_request(request)

    def close(self) -> None:
        for way in (self._direct, *self._by_proxy.values()):
            way.close()


@cache
def _trusted() -> ssl.SSLContext:
    """Give the authorities that are trusted; reading them takes 20 ms, more than most answers on this machine, so it is done once."""
    return httpx.create_ssl_context()


def _transport(backend: httpcore.NetworkBackend, limits: httpx.Limits, proxy: str | None = None) -> httpx.HTTPTransport:
    made = httpx.HTTPTransport(verify=_trusted(), limits=limits, proxy=proxy)
    made._pool._network_backend = backend  # noqa: SLF001  # httpx has no other door to httpcore's setting
    return made


def spelt_out(host: str) -> str:
    """Give the IP address that a host spells in any of the ways that systems read ("127.1", "0x7f.0.0.1"); empty where it is a name."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))
    except (OSError, UnicodeError):
        return "127.0.0.1" if host.rstrip(".").endswith("localhost") else ""


def host_of(url: str) -> frozenset[str]:
    """Give the host of an address that a person set, as `inner` takes it; empty where there is none."""
    try:
        return frozenset({httpx.URL(url).host} - {""})
    except (httpx.InvalidURL, ValueError):
        return frozenset()
