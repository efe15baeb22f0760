"""One OpenAI-compatible service over HTTP: paced, bounded, retried, accounted; used by the chat model and the embedder.

A fault that may pass (time-out, reset, 408, 425, 429, 5xx, an unreadable body) is tried again within bounded tries and
time; one that concerns this request alone comes out as a `WireFault`, which becomes a Gap; one that concerns every request
(key refused, quota spent, model retired, nobody there) as a ModelError. The key is sent in a header and nowhere else.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx
import stamina

from sovereign import __version__
from sovereign.adapters.http import Http, NotPublicError, host_of, network
from sovereign.adapters.openai.faults import ABSENT, BROKEN, ENDLESS, LATE, WireFault, clean, fault_of, whole_run
from sovereign.adapters.openai.meter import Meter, Prices, Usage
from sovereign.adapters.settings import LOOPBACK, Profile
from sovereign.errors import ModelError

logging.getLogger("stamina").addHandler(logging.NullHandler())  # no last-resort handler: a retry ends as an answer or a Gap

T = TypeVar("T")
ROW = 3
"""So many prompts that failed in a row, retries and all, mean that the service is down."""


@dataclass(frozen=True, slots=True)
class Body:
    """An answer with status 200, as it came."""

    content_type: str
    data: bytes

    @property
    def is_stream(self) -> bool:
        """Whether it is server-sent events, asked for or not."""
        return "event-stream" in self.content_type or self.data[:64].lstrip().startswith(b"data:")


@dataclass(frozen=True, slots=True)
class Decoded(Generic[T]):
    """What was read out of a body, and what it used; usage is None where the service did not say."""

    value: T
    usage: Usage | None


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request: where to, what, how the answer is read (ValueError where it cannot be), what it may cost, how long it may be."""

    path: str
    payload: Mapping[str, Any]
    decode: Callable[[Body], Decoded[T]]
    prices: Prices
    worst: Usage
    max_bytes: int


class Wire:
    """Posts JSON to one service and gives back what a decoder reads out of the answer.

    Attributes:
        retries: Faults met that may pass, for the event log; each but a prompt's last led to another try.
    """

    def __init__(self, profile: Profile, key: str, meter: Meter) -> None:
        self.profile, self.meter = profile, meter
        self._key = key
        self._gate = meter.gate(
            httpx.URL(profile.base_url).netloc.decode(), 60.0 / profile.requests_per_minute if profile.requests_per_minute else 0.0
        )
        self._failed_in_row = 0
        self.retries = 0
        self._lock = threading.Lock()
        headers = {"User-Agent": f"sovereign/{__version__}", "Accept": "application/json", "Accept-Encoding": "gzip"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        is_here = self.host in LOOPBACK  # what is asked on this machine goes through nobody's proxy
        inner = host_of(profile.base_url) if is_here or profile.allow_private else ()
        timeout = httpx.Timeout(profile.timeout_s, connect=min(10.0, profile.timeout_s))
        self._http = Http(network(inner, trusts_environment=not is_here), headers=headers, timeout=timeout)
        weakref.finalize(self, self._http.close)

    @property
    def host(self) -> str:
        """Whom we talk to."""
        return httpx.URL(self.profile.base_url).host

    def post(self, call: Call[T]) -> T:
        """Give what the call's decoder reads out of the answer.

        Raises:
            WireFault: No usable answer came for this request.
            ModelError: The service is unusable for the whole run.
            BudgetError: The request could exceed the budget; it was not sent.
        """
        try:
            value = self._retried(call)
        except WireFault as fault:
            error = whole_run(fault, model=str(call.payload.get("model", "")), host=self.host) or self._gave_up(fault)
            raise (error or fault) from fault
        with self._lock:
            self._failed_in_row = 0
        return value

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _gave_up(self, fault: WireFault) -> ModelError | None:
        with self._lock:
            self._failed_in_row += fault.nature.may_pass
            failed = self._failed_in_row
        if failed < ROW:
            return None
        return ModelError(f"{fault.why}: {failed} prompts in a row failed", tip="try later, or run with --engine local")

    def _retried(self, call: Call[T]) -> T:
        profile, started = self.profile, time.monotonic()

        def may_pass(error: Exception) -> bool | float:
            if not isinstance(error, WireFault) or not error.nature.may_pass:
                return False
            wait_s = error.nature.wait_s
            if wait_s is not None and time.monotonic() - started + wait_s > profile.total_s:
                return False
            with self._lock:
                self.retries += 1
            if wait_s is None:
                return True
            self._gate.hold(wait_s)
            return wait_s

        for attempt in stamina.retry_context(
            on=may_pass,
            attempts=profile.attempts,
            timeout=profile.total_s,
            wait_initial=profile.wait_s,
            wait_max=30 * profile.wait_s,
            wait_jitter=profile.wait_s,
        ):
            with attempt:
                self._gate.wait()
                return self._accounted(call)
        raise AssertionError("a retry context either returns or raises")  # pragma: no cover

    def _accounted(self, call: Call[T]) -> T:
        self.meter.reserve(call.prices, call.worst)
        billed = False
        try:
            decoded = self._decoded(call)
            self.meter.settle(call.prices, call.worst, decoded.usage or call.worst)
            billed = True
        except WireFault as fault:
            billed = fault.nature.may_be_billed
            raise
        finally:
            if not billed:
                self.meter.release(call.prices, call.worst)
        return decoded.value

    def _decoded(self, call: Call[T]) -> Decoded[T]:
        answer = self._send(call)
        try:
            return call.decode(answer)
        except (ValueError, RecursionError) as error:
            raise WireFault(f"{self.profile.name}: the answer cannot be read: {clean(str(error), self._key)}", BROKEN) from error

    def _send(self, call: Call[T]) -> Body:
        name = self.profile.name
        content = json.dumps(call.payload, ensure_ascii=False).encode("utf-8", "replace")
        url = self.profile.base_url.rstrip("/") + call.path
        try:
            answer = self._http.exchange(
                "POST",
                url,
                within_s=self.profile.timeout_s,
                max_bytes=call.max_bytes,
                content=content,
                headers={"Content-Type": "application/json"},
            )
        except NotPublicError as error:
            tip = f"set allow_private = true in [tool.sovereign.models.{name}] where it is your own, or mend base_url"
            raise ModelError(f"{name}: {error}", tip=tip) from error
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise WireFault(f"{name}: no connection to {self.host}: {clean(str(error), self._key)}", ABSENT) from error
        except httpx.TimeoutException as error:
            raise WireFault(f"{name}: no whole answer within {self.profile.timeout_s:g} s", LATE) from error
        except (httpx.TransportError, httpx.DecodingError, ValueError) as error:
            raise WireFault(f"{name}: the answer broke off: {clean(str(error), self._key)}", BROKEN) from error
        if not answer.is_whole and answer.location is None:
            raise WireFault(f"{name}: the answer is longer than {call.max_bytes:,} bytes", ENDLESS)
        if answer.status != httpx.codes.OK:
            raise fault_of(answer.status, answer.headers, answer.body, name=name, key=self._key)
        return Body(answer.headers.get("Content-Type", "").lower(), answer.body)


def together(jobs: Sequence[Callable[[], T]], width: int) -> Iterator[tuple[int, T]]:
    """Yield (position, result) of each job as it is done, at most `width` at once; the first error is raised, and no further job begins.

    What is on its way then comes to its end in the background and is kept. Threads are daemons, so that Ctrl-C need not wait
    for an answer that may take minutes.
    """
    done: queue.SimpleQueue[tuple[int, Future[T]]] = queue.SimpleQueue()
    waiting, lock, is_over = iter(enumerate(jobs)), threading.Lock(), threading.Event()

    def work() -> None:
        while not is_over.is_set():
            with lock:
                at, job = next(waiting, (-1, None))
            if job is None:
                return
            future: Future[T] = Future()
            try:
                future.set_result(job())
            except BaseException as error:  # noqa: BLE001  # raised again in the thread that waits
                future.set_exception(error)
            done.put((at, future))

    for _ in range(min(width, len(jobs))):
        threading.Thread(target=work, daemon=True).start()
    try:
        for _ in jobs:
            at, future = done.get()
            yield at, future.result()
    finally:
        is_over.set()
