"""Polite HTTP for paper sources: one request at a time at a given pace, bounded in time and size, retried where that may help.

arXiv allows one request every three seconds over a single connection, all its services and all of a person's machines together
(https://info.arxiv.org/help/api/tou.html); so search and full text share one Pacer. The exchange
itself, its deadline and whom it may reach, is `http`'s business.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from threading import Lock

import httpx
import stamina

from sovereign.adapters import retry_after
from sovereign.adapters.http import ERROR_BODY_BYTES, Exchange, Http, NotPublicError, network
from sovereign.errors import WebError
from sovereign.model import Event, GapKind
from sovereign.ports import Response, Tell, tell_nobody

MAX_REDIRECTS = 5
logging.getLogger("stamina").addHandler(logging.NullHandler())  # retries are told through `tell`, not by a last-resort handler
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
# What arXiv answers to addresses that many share, as those of GitHub's machines; the second at once and whatever is asked.
_TURNED_AWAY = {429: "too many requests", 406: "this address is turned away"}
_KINDS = {
    404: GapKind.NOT_FOUND,
    410: GapKind.NOT_FOUND,
    400: GapKind.REFUSED,
    401: GapKind.REFUSED,
    403: GapKind.REFUSED,
    451: GapKind.REFUSED,
}


class Pacer:
    """Lets one request through at a time, starts at least `interval_s` seconds apart; share it between all that ask one service.

    Args:
        margin_s: Added to every interval: the way to the server jitters, and it is the server that counts.
        ledger: A file through which other processes on this machine take turns too; made when missing. Where the system has no file
            locks, or the file cannot be written, only this process is paced.
    """

    def __init__(
        self,
        interval_s: float = 3.0,
        *,
        margin_s: float = 0.02,
        ledger: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval_s = interval_s + margin_s if interval_s else 0.0
        self._ledger = ledger
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()
        self._next = float("-inf")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for this request's turn and hold it until the answer is in."""
        with self._lock, self._among_processes():
            wait = self._next - self._clock()
            while wait > 0:
                self._sleep(wait)
                wait = self._next - self._clock()
            self._next = self._clock() + self._interval_s
            yield

    @contextmanager
    def _among_processes(self) -> Iterator[None]:
        """Hold the ledger, and keep the interval since whoever wrote into it last; times in it are seconds since 1970."""
        with _locked(self._ledger) as file:
            if file is None:
                yield
                return
            written = file.read(64).decode("ascii", "replace").strip()
            waited_for = float(written) + self._interval_s - time.time() if re.fullmatch(r"\d{1,12}(\.\d+)?", written) else 0.0
            self._next = max(self._next, self._clock() + min(waited_for, self._interval_s))
            try:
                yield
            finally:
                started = time.time() - (self._clock() - (self._next - self._interval_s))
                with suppress(OSError):  # a full disk costs the ledger, not the request
                    file.truncate(0)
                    file.write(f"{started:.6f}".encode("ascii"))


@contextmanager
def _locked(path: Path | None) -> Iterator[RawIOBase | None]:
    """Open a file for this process alone; None where there is no path or it cannot be had."""
    if path is None:
        yield None
        return
    try:
        import fcntl

        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b", buffering=0)
    except (ImportError, OSError):
        yield None
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX)  # some network file systems have no locks
        except OSError:
            yield None
            return
        file.seek(0)
        yield file


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often we try; seconds.

    Attributes:
        answer_s: For a whole answer, from connecting to its last byte.
        retry_after_s: The longest wait that a server may ask for; one that asks for more is left alone.
        later_s: First wait after a 429 or 503 without Retry-After, doubled each time.
        rest_s: How long a host that was out of reach or overloaded to the last try is not asked again.
    """

    attempts: int = 4
    total_s: float = 240.0
    wait_s: float = 1.0
    connect_s: float = 10.0
    read_s: float = 30.0
    answer_s: float = 120.0
    rest_s: float = 60.0
    retry_after_s: float = 90.0
    later_s: float = 10.0


class _TryError(WebError):
    """A try that failed; may_pass says whether another one may help, wait_s what the server asked for."""

    def __init__(self, message: str, *, kind: str, status: int | None = None, body: bytes = b"") -> None:
        super().__init__(message, kind=kind, status=status, body=body)
        self.may_pass = False
        self.wait_s: float | None = None


class PoliteWeb:
    """The one HTTP client of a paper source.

    Args:
        pacer: Shared between all clients of one service.
        agent: User-Agent: the tool, its version and a contact.
        secrets: Parameters added to every request that never appear in a message or cache key, such as an API key.
        max_bytes: An answer longer than this, unpacked, is refused.
        may_follow: Whether a redirect may lead to an address; for services that send us to strangers.
        inner: Hosts that may be on this machine or in a private network, such as a rehearsal's; see http.Http.
    """

    def __init__(  # noqa: PLR0913  # options by name
        self,
        pacer: Pacer,
        *,
        agent: str,
        secrets: Mapping[str, str] | None = None,
        patience: Patience | None = None,
        max_bytes: int = 64 << 20,
        may_follow: Callable[[str], bool] = lambda _: True,
        inner: Collection[str] = (),
    ) -> None:
        self._pacer = pacer
        self._secrets = dict(secrets or {})
        self._patience = patience or Patience()
        self._max_bytes = max_bytes
        self._may_follow = may_follow
        self._resting: dict[str, tuple[float, WebError]] = {}
        timeout = httpx.Timeout(self._patience.read_s, connect=self._patience.connect_s)
        self._http = Http(network(inner, connections=1), headers={"User-Agent": agent, "Accept-Encoding": "gzip"}, timeout=timeout)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        keep_s: float | None = 0,  # noqa: ARG002  # the port's shape; keeping is the cache's business
        check: Callable[[Response], None] | None = None,
        tell: Tell = tell_nobody,
    ) -> Response:
        """Give the answer to a GET; see ports.Web."""
        patience = self._patience
        host = _address(url).netloc.decode()
        until, reason = self._resting.get(host, (0.0, None))
        if reason is not None and time.monotonic() < until:
            raise WebError(reason.message, kind=reason.kind, status=reason.status, is_unreachable=reason.is_unreachable)
        try:
            return self._persistently(url, params, check, _Hook(patience, tell))
        except _TryError as error:
            if error.is_unreachable or error.status in _TURNED_AWAY:
                self._resting[host] = (time.monotonic() + patience.rest_s, error)
            raise

    def _persistently(self, url: str, params: Mapping[str, str] | None, check: Callable[[Response], None] | None, hook: _Hook) -> Response:
        """Ask until an answer comes or patience ends."""
        patience = self._patience
        retries = stamina.retry_context(
            on=hook,
            attempts=patience.attempts,
            timeout=patience.total_s,
            wait_initial=patience.wait_s,
            wait_max=20.0,
            wait_jitter=patience.wait_s / 2,
        )
        for attempt in retries:
            with attempt:
                return self._once(url, params, check)
        raise AssertionError("stamina gives up by raising")  # pragma: no cover

    def _once(self, url: str, params: Mapping[str, str] | None, check: Callable[[Response], None] | None) -> Response:
        """Ask once; every failure is a _TryError that knows whether it may pass."""
        shown = _address(url, params)
        sent = shown.copy_merge_params(self._secrets) if self._secrets else shown
        try:
            answer = self._exchange(sent, shown)
        except NotPublicError as error:
            raise _TryError(f"{shown}: {error}; only public addresses are asked", kind=GapKind.REJECTED) from error
        except httpx.TimeoutException as error:
            raise _passing(f"{shown}: no answer in time ({type(error).__name__})", GapKind.TIMED_OUT) from error
        except httpx.ConnectError as error:
            failed = _passing(f"{shown.host} cannot be reached: {error}", GapKind.REFUSED)
            failed.is_unreachable = True
            raise failed from error
        except httpx.TransportError as error:
            raise _passing(f"{shown}: the answer broke off or is damaged ({error})", GapKind.UNREADABLE) from error
        except (httpx.InvalidURL, httpx.DecodingError, UnicodeError) as error:  # a host that no name server knows how to write, too
            raise _TryError(f"{shown}: {error}", kind=GapKind.REFUSED) from error
        if check is not None:
            try:
                check(answer)
            except ValueError as error:
                raise _passing(f"{shown}: {error}", GapKind.UNREADABLE) from error
        return answer

    def _exchange(self, sent: httpx.URL, shown: httpx.URL) -> Response:
        """Send a request and follow redirects; each is a request of its own to the server, so each takes its turn."""
        at = sent
        for _ in range(MAX_REDIRECTS + 1):
            with self._pacer.turn():
                answer = self._hop(at, sent, shown)
            if isinstance(answer, Response):
                return answer
            if answer.scheme not in {"http", "https"} or not self._may_follow(str(answer)):
                raise _TryError(f"{shown}: redirected to an address that is not asked ({answer.host})", kind=GapKind.REJECTED)
            at = answer
        raise _TryError(f"{shown}: more than {MAX_REDIRECTS} redirects", kind=GapKind.REFUSED)

    def _hop(self, at: httpx.URL, sent: httpx.URL, shown: httpx.URL) -> Response | httpx.URL:
        """Send one request; give its answer, read within the bounds, or where it redirects to."""
        answer = self._http.exchange(
            "GET", at, within_s=self._patience.answer_s, max_bytes=self._max_bytes, max_error_bytes=ERROR_BODY_BYTES
        )
        if answer.location is not None:
            return answer.location
        if answer.status != httpx.codes.OK:
            raise _refusal(answer, shown)
        if not answer.is_whole:
            raise _TryError(f"{shown}: the answer is longer than {self._max_bytes >> 20} MB", kind=GapKind.LIMIT)
        url = str(shown if at == sent else self._without_secrets(at))
        return Response(url, answer.body, answer.headers.get("content-type", ""))

    def _without_secrets(self, url: httpx.URL) -> httpx.URL:
        """Give an address to which a redirect led, without what we added to the first one."""
        for name in self._secrets:
            url = url.copy_remove_param(name)
        return url


def _address(url: str, params: Mapping[str, str] | None = None) -> httpx.URL:
    """Give a URL, which may be a stranger's, as an address that can be asked.

    Raises:
        WebError: It is none.
    """
    try:
        found = httpx.URL(url, params=params) if params else httpx.URL(url)
        _ = found.host, found.netloc  # a host is read when it is asked for
    except (httpx.InvalidURL, ValueError) as error:
        raise _TryError(f"{url[:200]!r} is no address: {error}", kind=GapKind.REJECTED) from error
    return found


class _Hook:
    """stamina's question after each failed try: whether to try again, and after how long."""

    def __init__(self, patience: Patience, tell: Tell) -> None:
        self._patience = patience
        self._tell = tell
        self._tries = 0

    def __call__(self, error: Exception) -> bool | float:
        self._tries += 1
        if not isinstance(error, _TryError) or not error.may_pass:
            return False
        if error.is_unreachable and self._tries > 1:
            return False
        wait = self._wait(error)
        if wait is not None and wait > self._patience.retry_after_s:
            return False
        if self._tries < self._patience.attempts:
            later = f"; asking again in {wait:.0f} s" if wait is not None else "; asking again"
            self._tell(Event("search", error.message + later))
        return True if wait is None else wait

    def _wait(self, error: _TryError) -> float | None:
        """Give the seconds to wait: what the server asked for, else a growing pause where it is overloaded, else None."""
        if error.wait_s is not None:
            return error.wait_s
        if error.status in {429, 503}:
            return float(min(self._patience.later_s * 2 ** (self._tries - 1), self._patience.retry_after_s))
        return None


def _passing(message: str, kind: GapKind) -> _TryError:
    failed = _TryError(message, kind=kind)
    failed.may_pass = True
    return failed


def _refusal(answer: Exchange, shown: httpx.URL) -> _TryError:
    """Make the failure of an answer that is not 200; 429 and 5xx mean "later", never "nothing there"."""
    status = answer.status
    kind = _KINDS.get(status, GapKind.TIMED_OUT if status in _LATER or status in _TURNED_AWAY else GapKind.REFUSED)
    why = f" ({_TURNED_AWAY[status]})" if status in _TURNED_AWAY else ""
    failed = _TryError(f"{shown}: HTTP {status}{why}", kind=kind, status=status, body=answer.body)
    failed.may_pass = status in _LATER
    failed.wait_s = retry_after.asked_s(answer.headers.get("retry-after", ""), answer.headers.get("date", ""))
    return failed
