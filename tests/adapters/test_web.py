"""The one HTTP client of paper sources: pace, bounds, retries, and what it says when it gives up."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from sovereign.adapters.fulltext import is_public
from sovereign.adapters.web import Pacer, Patience, PoliteWeb
from sovereign.errors import WebError
from sovereign.model import Event, GapKind
from sovereign.ports import Response
from standins.faulty import PASSING, UNKNOWN_HOST, Fault, Loopback, Sent, closed_port
from tests.adapters.conftest import AGENT, HASTE, MakeWeb

GOOD = b"<feed>" + b"good " * 2000 + b"</feed>"


def route(path: str, params: object) -> Sent:
    """Answer everything well."""
    return Sent(GOOD, "application/xml")


def whole(answer: Response) -> None:
    """Check that it is the good answer."""
    if answer.content != GOOD:
        raise ValueError(f"expected the good answer, got {len(answer.content)} bytes of another")


# --- pace


def test_requests_wait_for_their_turn() -> None:
    """Starts are an interval apart by the clock, however fast the caller is."""
    now = [100.0]
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    pacer = Pacer(3.0, margin_s=0.0, clock=lambda: now[0], sleep=sleep)
    for work in (0.5, 0.0, 7.0, 0.0):
        with pacer.turn():
            now[0] += work

    assert waits == [2.5, 3.0]


def test_one_connection_at_a_time_across_threads() -> None:
    """Two clients with one pacer never ask together: the server sees one request at a time."""
    pacer = Pacer(0.0)

    def slowly(path: str, params: object) -> Sent:
        time.sleep(0.02)
        return Sent(GOOD)

    with Loopback(slowly) as server:
        webs = [PoliteWeb(pacer, agent=AGENT, patience=HASTE, inner={"127.0.0.1"}) for _ in range(2)]
        threads = [threading.Thread(target=lambda web=web: [web.get(server.url) for _ in range(4)]) for web in webs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for web in webs:
            web.close()

    assert len(server.asked) == 8
    assert server.most_at_once == 1


TURN_TAKER = """
import sys, time
from pathlib import Path
from sovereign.adapters.fulltext import is_public
from sovereign.adapters.web import Pacer

pacer = Pacer(0.1, margin_s=0.0, ledger=Path(sys.argv[1]))
for _ in range(4):
    with pacer.turn():
        print(time.time(), flush=True)
"""


def test_processes_take_turns(tmp_path: Path) -> None:
    """Three runs at once on one machine keep the pace together."""
    ledger = tmp_path / "new" / "pace"
    processes = [subprocess.Popen([sys.executable, "-c", TURN_TAKER, str(ledger)], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    starts = sorted(float(line) for process in processes for line in process.communicate()[0].split())

    assert len(starts) == 12
    assert min(later - sooner for sooner, later in pairwise(starts)) > 0.095


@pytest.mark.parametrize("written", ["", "garbage", "99999999999", "-5", "1e400", "a day ago", "in a day"])
def test_a_damaged_ledger_costs_one_interval_at_most(tmp_path: Path, written: str) -> None:
    """Whatever stands in it, a time by a clock that has been set since included, nobody waits for ever."""
    ledger = tmp_path / "pace"
    set_since = {"a day ago": -86_400.0, "in a day": 86_400.0}.get(written)
    ledger.write_text(written if set_since is None else f"{time.time() + set_since:.6f}")
    waits: list[float] = []
    now = [0.0]

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    with Pacer(3.0, margin_s=0.0, ledger=ledger, clock=lambda: now[0], sleep=sleep).turn():
        pass

    assert sum(waits) <= 3.0
    assert abs(float(ledger.read_text()) - time.time()) < 60


def test_a_full_disk_costs_the_ledger_not_the_request(tmp_path: Path) -> None:
    """No file may grow: the turn is taken all the same."""
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from sovereign.adapters.web import Pacer\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "with Pacer(0.01, ledger=Path(sys.argv[1])).turn(): pass\n"
        "sys.exit(7)\n"
    )

    assert subprocess.run([sys.executable, "-c", program, str(tmp_path / "pace")], check=False).returncode == 7


def test_a_ledger_that_cannot_be_had_is_done_without(tmp_path: Path) -> None:
    """A folder in its place stands for any such trouble."""
    with Pacer(0.0, ledger=tmp_path).turn():
        pass


@pytest.mark.slow
def test_three_seconds_are_three_seconds() -> None:
    """In earnest: the server sees no two requests closer than three seconds."""
    with Loopback(route) as server:
        web = PoliteWeb(Pacer(), agent=AGENT, inner={"127.0.0.1"})
        began = time.monotonic()
        for _ in range(3):
            web.get(server.url)
        took = time.monotonic() - began
        web.close()

    assert server.shortest_pause_s >= 3.0
    assert took < 3 * 3.0


# --- what is sent


def test_who_asks_is_named_and_secrets_stay_secret(make_web: MakeWeb) -> None:
    """The key reaches the server, and neither answer nor message shows it."""
    web = make_web(secrets={"api_key": "hush-hush"})
    with Loopback(route, faults=[None, Fault.NOT_FOUND]) as server:
        answer = web.get(server.url, params={"q": "a b&c"})
        with pytest.raises(WebError) as caught:
            web.get(server.url, params={"q": "x"})

    assert server.asked[0].params == {"q": "a b&c", "api_key": "hush-hush"}
    assert server.asked[0].headers["User-Agent"] == AGENT
    assert "hush" not in answer.url + str(caught.value)


def test_a_redirect_does_not_carry_the_key_into_the_answer(make_web: MakeWeb) -> None:
    """A service that repeats the parameters in its redirect would write the key into the cache."""

    def redirect(path: str, params: Mapping[str, str]) -> Sent:
        return Sent(GOOD) if path == "/there" else Sent(status=301, headers={"Location": f"/there?q=x&api_key={params['api_key']}"})

    with Loopback(redirect) as server:
        answer = make_web(secrets={"api_key": "hush-hush"}).get(server.url + "/here", params={"q": "x"})

    assert answer.url == f"{server.url}/there?q=x"


def test_redirects_take_their_turn() -> None:
    """Each is a request to the server, and is paced like any other."""
    waits: list[float] = []
    now = [0.0]

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    def redirect(path: str, params: object) -> Sent:
        return Sent(GOOD) if path == "/2" else Sent(status=302, headers={"Location": f"/{len(path)}"})

    pacer = Pacer(3.0, margin_s=0.0, clock=lambda: now[0], sleep=sleep)
    with Loopback(redirect) as server:
        web = PoliteWeb(pacer, agent=AGENT, patience=HASTE, inner={"127.0.0.1"})
        answer = web.get(server.url + "/")
        web.close()

    assert answer.url == f"{server.url}/2"
    assert [asked.path for asked in server.asked] == ["/", "/1", "/2"]
    assert waits == [3.0, 3.0]


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest", "http://localhost/x", "file:///etc/passwd", "http://[bad", "https://xn--a.example/"]
)
def test_redirects_to_places_that_are_not_asked(make_web: MakeWeb, target: str) -> None:
    """An open-access address may not lead to the machine's own services."""
    web = make_web(may_follow=is_public)
    with Loopback(lambda path, params: Sent(status=302, headers={"Location": target})) as server, pytest.raises(WebError):
        web.get(server.url)

    assert len(server.asked) <= HASTE.attempts


@pytest.mark.parametrize(
    "url",
    [
        "https://xn--a.example/x.pdf",
        "https://a.example/" + "x" * 70_000,
        "https://a.example/\0",
        "https://a.example:port/",
        "https://\ud800.example/",
    ],
)
def test_what_is_no_address_is_refused(web: PoliteWeb, url: str) -> None:
    """An index may name anything as a paper's full text; it is that paper's gap."""
    with pytest.raises(WebError, match="is no address") as caught:
        web.get(url)

    assert caught.value.kind == GapKind.REJECTED
    assert len(caught.value.message) < 500


# --- faults


@pytest.mark.parametrize("fault", sorted(PASSING - {Fault.WRONG_ENCODING, Fault.SKEWED}))
def test_what_may_pass_is_tried_again(web: PoliteWeb, fault: Fault) -> None:
    """One bad answer, then a good one: the caller never learns of it, the listener does."""
    told: list[Event] = []
    with Loopback(route, faults=[fault]) as server:
        answer = web.get(server.url, check=whole, tell=told.append)

    assert answer.content == GOOD
    assert len(server.asked) == 2
    assert len(told) == 1


@pytest.mark.parametrize(
    ("fault", "kind", "tries"),
    [
        pytest.param(Fault.RESET, GapKind.UNREADABLE, 3, id="reset"),
        pytest.param(Fault.SILENT, GapKind.TIMED_OUT, 3, id="silent"),
        pytest.param(Fault.DRIP, GapKind.TIMED_OUT, 3, id="drip"),
        pytest.param(Fault.LOOP, GapKind.REFUSED, 6, id="redirect loop"),
        pytest.param(Fault.BAD_REQUEST, GapKind.REFUSED, 1, id="400"),
        pytest.param(Fault.UNAUTHORIZED, GapKind.REFUSED, 1, id="401"),
        pytest.param(Fault.FORBIDDEN, GapKind.REFUSED, 1, id="403"),
        pytest.param(Fault.NOT_FOUND, GapKind.NOT_FOUND, 1, id="404"),
        pytest.param(Fault.GONE, GapKind.NOT_FOUND, 1, id="410"),
        pytest.param(Fault.TOO_MANY, GapKind.TIMED_OUT, 3, id="429"),
        pytest.param(Fault.TOO_MANY_WAIT, GapKind.TIMED_OUT, 3, id="429 with Retry-After"),
        pytest.param(Fault.TOO_MANY_LONG, GapKind.TIMED_OUT, 1, id="429 for an hour"),
        pytest.param(Fault.SERVER_ERROR, GapKind.TIMED_OUT, 3, id="500"),
        pytest.param(Fault.UNAVAILABLE, GapKind.TIMED_OUT, 3, id="503"),
        pytest.param(Fault.UNAVAILABLE_DATE, GapKind.TIMED_OUT, 3, id="503 until a date"),
        pytest.param(Fault.SKEWED, GapKind.TIMED_OUT, 3, id="a clock ten years ahead"),
        pytest.param(Fault.HTML, GapKind.UNREADABLE, 3, id="HTML"),
        pytest.param(Fault.EMPTY, GapKind.UNREADABLE, 3, id="empty"),
        pytest.param(Fault.TRUNCATED, GapKind.UNREADABLE, 3, id="truncated"),
        pytest.param(Fault.TRUNCATED_GZIP, GapKind.UNREADABLE, 3, id="truncated gzip"),
        pytest.param(Fault.BOMB, GapKind.LIMIT, 1, id="bomb"),
        pytest.param(Fault.WRONG_ENCODING, GapKind.UNREADABLE, 3, id="encoding"),
        pytest.param(Fault.MALFORMED, GapKind.UNREADABLE, 3, id="malformed"),
    ],
)
def test_giving_up_says_why(make_web: MakeWeb, fault: Fault, kind: GapKind, tries: int) -> None:
    """Not found, later, refused and unreadable are four different things; what cannot pass is asked once."""
    web = make_web(max_bytes=1 << 20)
    with Loopback(route) as server:
        server.always = fault
        with pytest.raises(WebError) as caught:
            web.get(server.url + "/x", check=whole)

    assert caught.value.kind == kind
    assert len(server.asked) == tries
    assert "127.0.0.1" in caught.value.message


def test_every_fault_has_an_outcome() -> None:
    """The table above leaves none out."""
    marks = test_giving_up_says_why.pytestmark  # type: ignore[attr-defined]  # set by the decorator

    elsewhere = {Fault.HEADER_DRIP, Fault.HINTS, Fault.INNER}  # what one exchange may take, and where it may go: test_http.py
    assert {param.values[0] for param in marks[0].args[1]} == set(Fault) - elsewhere


def test_nobody_there_is_asked_twice_and_then_left_alone(web: PoliteWeb) -> None:
    """A dead host costs two tries, not two for each query; so does a name that does not exist."""
    with closed_port() as url:
        for _ in range(5):
            with pytest.raises(WebError, match="cannot be reached") as caught:
                web.get(url)
            assert caught.value.is_unreachable


def test_unknown_host_is_unreachable(web: PoliteWeb) -> None:
    """A name that does not resolve reads like an outage, in plain words."""
    with pytest.raises(WebError, match=r"no-such-host\.invalid") as caught:
        web.get(UNKNOWN_HOST)

    assert caught.value.is_unreachable


def test_an_overloaded_host_rests(web: PoliteWeb) -> None:
    """After 429 to the last try, the next query does not knock again."""
    with Loopback(route) as server:
        server.always = Fault.TOO_MANY
        for _ in range(3):
            with pytest.raises(WebError, match="429"):
                web.get(server.url)

    assert len(server.asked) == HASTE.attempts


def test_a_long_answer_is_refused_without_holding_it(make_web: MakeWeb) -> None:
    """A gigabyte behind a megabyte of gzip stops at the bound."""
    web = make_web(max_bytes=100_000, patience=Patience(attempts=1, answer_s=20))
    with Loopback(route) as server:
        server.always = Fault.BOMB
        with pytest.raises(WebError, match="longer than"):
            web.get(server.url)


def test_an_answer_may_be_as_long_as_the_bound(make_web: MakeWeb) -> None:
    """The bound itself is allowed, one byte more is not."""
    with Loopback(route) as server:
        assert make_web(max_bytes=len(GOOD)).get(server.url).content == GOOD
        with pytest.raises(WebError):
            make_web(max_bytes=len(GOOD) - 1).get(server.url)
