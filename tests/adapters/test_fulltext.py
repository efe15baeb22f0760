"""Full text: which form is asked for first, what is fallen back to, and what is said when there is none."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

import pytest

from sovereign.adapters.cache import CachedWeb
from sovereign.adapters.fulltext import AHEAD, ArxivFullText, Item, JoinedFullText, OpenFullText, is_public
from sovereign.adapters.web import PoliteWeb
from sovereign.model import Event, Form, GapKind, Paper
from sovereign.ports import Fetched, Tell, tell_nobody
from sovereign.readers import archive
from standins.arxiv import ArxivStandIn
from standins.faulty import Fault, Loopback, Sent, closed_port
from tests.adapters.test_folder import LATEX, tarball

HTML = b"<!DOCTYPE html><html><body><h1>Gears</h1><p>" + b"They turn. " * 200 + b"</p></body></html>"
UNCONVERTED = b"<!DOCTYPE html><html><body class='ltx_page'><script>" + b"var a; " * 999 + b"</script><p>Fatal error.</p></body></html>"
PDF = b"%PDF-1.5\n1 0 obj\n%%EOF"
NEW, OLD = "2401.00001v1", "1706.03762v7"


def paper(number: str, location: str = "") -> Paper:
    """Make a paper by its arXiv number."""
    return Paper(f"arxiv:{number}", "Gears", arxiv_id=number, location=location)


def texts(server: ArxivStandIn, web: PoliteWeb, *papers: Paper, tell: Tell = tell_nobody) -> list[Item]:
    """Fetch everything."""
    return list(ArxivFullText(web, archive=archive, base_url=server.url).fetch(papers, tell=tell))


@pytest.mark.parametrize(
    ("number", "served", "form", "asked"),
    [
        pytest.param(NEW, {"html": HTML, "src": b"x"}, Form.HTML, ["html"], id="recent: HTML first"),
        pytest.param(NEW, {"src": tarball(("main.tex", LATEX.encode()))}, Form.LATEX, ["html", "src"], id="recent without HTML: source"),
        pytest.param(NEW, {"pdf": PDF}, Form.PDF, ["html", "src", "pdf"], id="nothing but PDF"),
        pytest.param(OLD, {"html": HTML, "src": gzip.compress(LATEX.encode())}, Form.LATEX, ["src"], id="older: source first"),
        pytest.param(OLD, {"src": PDF}, Form.PDF, ["src"], id="the source is a PDF"),
        pytest.param(OLD, {"src": gzip.compress(PDF)}, Form.PDF, ["src"], id="the source is a packed PDF"),
        pytest.param(OLD, {"html": HTML}, Form.HTML, ["src", "html"], id="older without source: HTML"),
        pytest.param("hep-th/9901001v1", {"src": gzip.compress(LATEX.encode())}, Form.LATEX, ["src"], id="old number"),
    ],
)
def test_the_best_form_in_the_fewest_requests(web: PoliteWeb, number: str, served: dict[str, bytes], form: Form, asked: list[str]) -> None:
    """Each request costs three seconds: the likeliest form goes first, and the first that is there is taken."""
    with ArxivStandIn([], texts={f"/{kind}/{number}": body for kind, body in served.items()}) as server:
        ((_, fetched, gaps),) = texts(server, web, paper(number))

    assert [item.form for item in fetched] == [form]
    assert fetched[0].url == f"https://arxiv.org/{asked[-1]}/{number}"
    assert [a.path.split("/")[1] for a in server.asked] == asked
    assert not gaps


def test_a_page_that_was_never_filled_is_passed_over(web: PoliteWeb) -> None:
    """LaTeXML gave up on it; the source is read instead, and one request was enough to know."""
    with ArxivStandIn([], texts={f"/html/{NEW}": UNCONVERTED, f"/src/{NEW}": gzip.compress(LATEX.encode())}) as server:
        ((_, fetched, gaps),) = texts(server, web, paper(NEW))

    assert [item.form for item in fetched] == [Form.LATEX]
    assert ["expected at least" in gap.why for gap in gaps] == [True]
    assert len(server.asked) == 2


@pytest.mark.parametrize("unit", [b"<script ", b"<style>", b"<", b"<p ", b"</script><script>"])
def test_a_hostile_page_costs_little(web: PoliteWeb, unit: bytes) -> None:
    """A megabyte of openings is counted in one pass."""
    page = b"<!DOCTYPE html><html><body>" + unit * (1_000_000 // len(unit)) + b"</body></html>"
    with ArxivStandIn([], texts={f"/html/{NEW}": page, f"/src/{NEW}": gzip.compress(LATEX.encode())}) as server:
        ((_, fetched, _),) = texts(server, web, paper(NEW))

    assert len(fetched) == 1


def test_a_hostile_source_package_is_said_and_passed_over(web: PoliteWeb) -> None:
    """It is not unpacked; the HTML is read instead and the reader learns why."""
    evil = tarball(("../../etc/cron.d/x", b"* * * * *"))
    with ArxivStandIn([], texts={f"/src/{OLD}": evil, f"/html/{OLD}": HTML}) as server:
        ((_, fetched, gaps),) = texts(server, web, paper(OLD))

    assert [item.form for item in fetched] == [Form.HTML]
    assert [(gap.kind, "leave its folder" in gap.why) for gap in gaps] == [(GapKind.UNREADABLE, True)]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.NOT_FOUND, GapKind.NOT_FOUND),
        (Fault.TOO_MANY, GapKind.TIMED_OUT),
        (Fault.SILENT, GapKind.TIMED_OUT),
        (Fault.UNAVAILABLE, GapKind.TIMED_OUT),
        (Fault.FORBIDDEN, GapKind.REFUSED),
        (Fault.EMPTY, GapKind.UNREADABLE),
        (Fault.TRUNCATED, GapKind.UNREADABLE),
        (Fault.RESET, GapKind.UNREADABLE),
    ],
)
def test_no_text_is_one_gap_of_its_kind(web: PoliteWeb, fault: Fault, kind: GapKind) -> None:
    """Not found, later and refused are three different sentences, and the paper is still yielded."""
    with ArxivStandIn([], texts={f"/{form}/{NEW}": HTML for form in ("html", "src", "pdf")}) as server:
        server.always = fault
        ((same, fetched, gaps),) = texts(server, web, paper(NEW))

    assert (same, fetched) == (paper(NEW), ())
    assert [gap.kind for gap in gaps] == [kind]


def test_a_web_page_is_neither_source_nor_pdf(web: PoliteWeb) -> None:
    """A challenge page with 200 is not taken for a source package."""
    with ArxivStandIn([], texts={f"/src/{OLD}": HTML, f"/pdf/{OLD}": HTML}) as server:
        ((_, fetched, gaps),) = texts(server, web, paper(OLD))

    assert not fetched
    assert [gap.kind for gap in gaps] == [GapKind.UNREADABLE]


def test_a_package_without_a_paper_is_passed_over(web: PoliteWeb) -> None:
    """Only style files: the HTML is read instead."""
    with ArxivStandIn([], texts={f"/src/{OLD}": tarball(("a.sty", b"\\def\\x{}")), f"/html/{OLD}": HTML}) as server:
        ((_, fetched, gaps),) = texts(server, web, paper(OLD))

    assert [item.form for item in fetched] == [Form.HTML]
    assert ["holds no LaTeX" in gap.why for gap in gaps] == [True]


def test_a_bug_in_the_thread_reaches_the_caller(web: PoliteWeb) -> None:
    """It is raised where the texts are read, not lost with the thread."""

    class Broken:
        def sniff(self, data: bytes) -> Form | None:
            raise RuntimeError("a bug")

        def unpack(self, data: bytes) -> Mapping[PurePosixPath, bytes]:
            raise RuntimeError("a bug")

    with ArxivStandIn([], texts={f"/src/{OLD}": PDF}) as server, pytest.raises(RuntimeError, match="a bug"):
        list(ArxivFullText(web, archive=Broken(), base_url=server.url).fetch([paper(OLD)]))


def test_one_outage_does_not_stop_the_others(web: PoliteWeb) -> None:
    """The second paper is had though the first was not."""
    with ArxivStandIn([], texts={"/html/2401.00002v1": HTML}) as server:
        items = texts(server, web, paper(NEW), paper("2401.00002v1"))

    assert [bool(fetched) for _, fetched, _ in items] == [False, True]


def test_no_network_gives_every_paper_back(web: PoliteWeb) -> None:
    """Each is read as its abstract; a dead host is not asked three times a paper."""
    with closed_port() as url:
        items = list(ArxivFullText(web, archive=archive, base_url=url).fetch([paper(NEW), paper(OLD)]))

    assert [(fetched, gaps[0].kind) for _, fetched, gaps in items] == [((), GapKind.REFUSED)] * 2


def test_offline_a_later_form_that_is_kept_is_used(web: PoliteWeb, tmp_path: Path) -> None:
    """The first form was never had, the second is on disk: the run is what it was with a network."""
    with ArxivStandIn([], texts={f"/src/{NEW}": gzip.compress(LATEX.encode())}) as server:
        server.faults = [Fault.FORBIDDEN]
        before = list(ArxivFullText(CachedWeb(web, tmp_path), archive=archive, base_url=server.url).fetch([paper(NEW)]))
        url = server.url
    after = list(ArxivFullText(CachedWeb(web, tmp_path, is_offline=True), archive=archive, base_url=url).fetch([paper(NEW)]))

    assert [item.form for item in before[0][1]] == [item.form for item in after[0][1]] == [Form.LATEX]


# --- overlap


def test_fetching_goes_on_while_the_caller_reads(web: PoliteWeb) -> None:
    """While the first text is being read, the next are on their way; never more than a few wait."""
    numbers = [f"2401.{n:05d}v1" for n in range(1, 13)]
    with ArxivStandIn([], texts={f"/html/{number}": HTML for number in numbers}) as server:
        stream = ArxivFullText(web, archive=archive, base_url=server.url).fetch([paper(number) for number in numbers])
        first = next(stream)
        deadline = time.monotonic() + 5
        while len(server.asked) < AHEAD and time.monotonic() < deadline:
            time.sleep(0.01)
        ahead = len(server.asked)
        rest = list(stream)

    assert AHEAD <= ahead <= AHEAD + 2
    assert [item[0].arxiv_id for item in (first, *rest)] == numbers


def test_walking_away_ends_the_thread(web: PoliteWeb) -> None:
    """A caller that stops early leaves no thread that goes on asking."""
    numbers = [f"2401.{n:05d}v1" for n in range(1, 30)]
    with ArxivStandIn([], texts={f"/html/{number}": HTML for number in numbers}) as server:
        stream = ArxivFullText(web, archive=archive, base_url=server.url).fetch([paper(number) for number in numbers])
        next(stream)
        assert isinstance(stream, Iterator)
        stream.close()  # type: ignore[attr-defined]  # it is a generator
        deadline = time.monotonic() + 5
        while any(thread.name == "full-text" for thread in threading.enumerate()) and time.monotonic() < deadline:
            time.sleep(0.01)

    assert not any(thread.name == "full-text" for thread in threading.enumerate())
    assert len(server.asked) < 10


def test_it_says_what_it_waits_for(web: PoliteWeb) -> None:
    """Events come to the caller's own thread, in order."""
    told: list[tuple[str, str]] = []

    def tell(event: Event) -> None:
        told.append((threading.current_thread().name, event.message))

    with ArxivStandIn([], texts={f"/html/{NEW}": HTML}) as server:
        texts(server, web, paper(NEW), tell=tell)

    assert told == [(threading.current_thread().name, f"waiting for arXiv: html of {NEW}")]


# --- open access and joining


@pytest.mark.parametrize(
    ("url", "is_asked"),
    [
        ("https://example.org/a.pdf", True),
        ("http://example.org/a.pdf", True),
        ("https://example.org:443/a.pdf", True),
        ("http://127.0.0.1/a.pdf", False),
        ("http://[::1]/a.pdf", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("http://2130706433/", False),
        ("http://127.1/a.pdf", False),
        ("http://0x7f.0.0.1/a.pdf", False),
        ("http://127.0.0\u30021/a.pdf", False),
        ("http://169.254.43518/", False),
        ("http://\u2460\u2461\u2466.\u2460/", False),
        ("http://localhost.localdomain/", False),
        ("http://localhost/a.pdf", False),
        ("http://printer.local/a.pdf", False),
        ("http://db.internal/a.pdf", False),
        ("http://example.org:6379/", False),
        ("http://user:pass@example.org/", False),
        ("file:///etc/passwd", False),
        ("ftp://example.org/a.pdf", False),
        ("http://[bad", False),
        ("", False),
    ],
)
def test_only_public_web_addresses_are_asked(url: str, *, is_asked: bool) -> None:
    """An index is a stranger: it may not send us to the machine's own services."""
    assert is_public(url) is is_asked


@pytest.mark.parametrize(("body", "form"), [(PDF, Form.PDF), (HTML, Form.HTML)])
def test_open_access(web: PoliteWeb, body: bytes, form: Form) -> None:
    """PDF or HTML, told apart by the bytes and not by the server's word."""
    with Loopback(lambda path, params: Sent(body, "text/plain")) as server:
        found = OpenFullText(web, may_ask=lambda url: True).fetch([Paper("doi:10.1/x", "T", pdf_url=server.url)])
        ((_, fetched, gaps),) = list(found)

    assert [item.form for item in fetched] == [form]
    assert not gaps


@pytest.mark.parametrize(
    ("url", "kind"),
    [pytest.param("", GapKind.NOT_FOUND, id="none known"), pytest.param("http://127.0.0.1/x", GapKind.REJECTED, id="not public")],
)
def test_open_access_that_is_not(web: PoliteWeb, url: str, kind: GapKind) -> None:
    """No request is sent, and the reader learns why."""
    ((_, fetched, gaps),) = list(OpenFullText(web).fetch([Paper("doi:10.1/x", "T", pdf_url=url)]))

    assert not fetched
    assert [gap.kind for gap in gaps] == [kind]


@pytest.mark.parametrize(("fault", "kind"), [(Fault.NOT_FOUND, GapKind.NOT_FOUND), (Fault.UNAVAILABLE, GapKind.TIMED_OUT)])
def test_open_access_that_fails(web: PoliteWeb, fault: Fault, kind: GapKind) -> None:
    """A publisher's outage is a Gap of its kind."""
    with Loopback(lambda path, params: Sent(PDF)) as server:
        server.always = fault
        ((_, fetched, gaps),) = list(OpenFullText(web, may_ask=lambda url: True).fetch([Paper("doi:10.1/x", "T", pdf_url=server.url)]))

    assert not fetched
    assert [gap.kind for gap in gaps] == [kind]


class Named:
    """A full text that says who answered."""

    def __init__(self, name: str) -> None:
        self._name = name

    def fetch(self, papers: Sequence[Paper], *, tell: Tell = tell_nobody) -> Iterator[Item]:
        """Yield each paper with a form that holds the name."""
        for one in papers:
            yield one, (Fetched(one.id, Form.HTML, {PurePosixPath("x"): self._name.encode()}),), ()


def test_each_paper_goes_to_the_first_that_takes_it() -> None:
    """The papers' order is kept, and one that nobody takes has a Gap."""
    joined = JoinedFullText([(lambda p: bool(p.location), Named("folder")), (lambda p: bool(p.arxiv_id), Named("arxiv"))])
    papers = [paper(NEW), paper(OLD, location="a.pdf"), Paper("doi:10.1/x", "T"), paper("2401.00002v1")]

    items = list(joined.fetch(papers))

    assert [item[0] for item in items] == papers
    assert [next(iter(item[1][0].files.values())).decode() if item[1] else "" for item in items] == ["arxiv", "folder", "", "arxiv"]
    assert items[2][2][0].kind is GapKind.NOT_FOUND
