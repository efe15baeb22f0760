"""Full text of papers: from arXiv as HTML, LaTeX source or PDF, from an open-access address as PDF or HTML.

One request a paper where all goes well: HTML first for papers that have it as a rule (submitted since December 2023,
https://info.arxiv.org/about/accessible_HTML.html), LaTeX source first for older ones. A thread of its own fetches ahead while the
caller reads.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePosixPath
from queue import Queue
from threading import Event as Flag
from threading import Thread
from urllib.parse import urlsplit

from sovereign.adapters.http import host_of, spelt_out
from sovereign.errors import WebError
from sovereign.model import Event, Form, Gap, GapKind, Paper
from sovereign.ports import Archive, Fetched, FullText, Response, Tell, Web, tell_nobody

BASE_URL = "https://export.arxiv.org"
"""arXiv sets this host aside for programs (https://info.arxiv.org/help/bulk_data.html); arxiv.org itself asks robots to keep off /src."""
DAY_S = 86_400.0
AHEAD = 4
"""How many fetched papers may wait for the reader; bounds memory."""
MIN_HTML_WORDS = 60
"""Fewer words than any paper has; LaTeXML leaves such pages where it gave up."""
HTML_SINCE = "2312"
_UNSHOWN = re.compile(rb"<(script|style)\b")
_WORD = re.compile(rb"\S+")

_LATEXML = re.compile(rb"ltx_|latexml", re.IGNORECASE)
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")

Item = tuple[Paper, tuple[Fetched, ...], tuple[Gap, ...]]


class ArxivFullText:
    """The full text of papers that have an arXiv number.

    Args:
        web: Polite HTTP that shares its pace with the search.
        archive: Opens source packages.
    """

    def __init__(self, web: Web, *, archive: Archive, base_url: str = BASE_URL) -> None:
        self._web = web
        self._archive = archive
        self._base = base_url.rstrip("/")

    def fetch(self, papers: Sequence[Paper], *, tell: Tell = tell_nobody) -> Iterator[Item]:
        """Yield each paper with its best form; see ports.FullText. Fetching starts at once, not with the first `next`."""
        return _ahead(papers, self._one, tell)

    def _one(self, paper: Paper, tell: Tell) -> Item:
        if not paper.arxiv_id:
            return paper, (), (Gap("read", paper.id, "no full text: it has no arXiv number", GapKind.NOT_FOUND),)
        gaps: list[Gap] = []
        for way in self._ways(paper):
            try:
                return paper, (way(paper, tell),), tuple(gap for gap in gaps if gap.kind is not GapKind.NOT_FOUND)
            except WebError as error:
                gaps.append(Gap("read", paper.id, error.message, GapKind(error.kind)))
            except ValueError as error:
                gaps.append(Gap("read", paper.id, f"what arXiv sent cannot be used: {error}", GapKind.UNREADABLE))
        return paper, (), (_summary(paper, gaps),)

    def _ways(self, paper: Paper) -> tuple[Callable[[Paper, Tell], Fetched], ...]:
        is_recent = paper.arxiv_id[:4].isdigit() and HTML_SINCE <= paper.arxiv_id[:4] < "9000"
        return (self._html, self._source, self._pdf) if is_recent else (self._source, self._html, self._pdf)

    def _html(self, paper: Paper, tell: Tell) -> Fetched:
        """Give arXiv's HTML.

        Raises:
            ValueError: The conversion failed and left next to no text.
        """
        answer = self._get("html", paper, tell, _is_arxiv_html)
        _refuse_empty(answer.content)
        return Fetched(paper.id, Form.HTML, {PurePosixPath("paper.html"): answer.content}, f"https://arxiv.org/html/{paper.arxiv_id}")

    def _source(self, paper: Paper, tell: Tell) -> Fetched:
        """Give the LaTeX source, or the PDF that arXiv sends where the author gave nothing else.

        Raises:
            ValueError: The package is damaged, hostile, or holds no paper.
        """
        answer = self._get("src", paper, tell, _is_something)
        files = self._archive.unpack(answer.content)
        return Fetched(paper.id, _form(files, self._archive), files, f"https://arxiv.org/src/{paper.arxiv_id}")

    def _pdf(self, paper: Paper, tell: Tell) -> Fetched:
        answer = self._get("pdf", paper, tell, _is_pdf)
        return Fetched(paper.id, Form.PDF, {PurePosixPath("paper.pdf"): answer.content}, f"https://arxiv.org/pdf/{paper.arxiv_id}")

    def _get(self, kind: str, paper: Paper, tell: Tell, check: Callable[[Response], None]) -> Response:
        tell(Event("read", f"waiting for arXiv: {kind} of {paper.arxiv_id}"))
        is_versioned = paper.arxiv_id != paper.arxiv_base
        return self._web.get(f"{self._base}/{kind}/{paper.arxiv_id}", keep_s=None if is_versioned else DAY_S, check=check, tell=tell)


class OpenFullText:
    """The full text that an open-access address leads to; for papers that are not on arXiv.

    The address comes from an index, so it is a stranger's word: only web addresses with a public name are asked.
    """

    def __init__(self, web: Web, *, may_ask: Callable[[str], bool] | None = None) -> None:
        self._web = web
        self._may_ask = may_ask or is_public

    def fetch(self, papers: Sequence[Paper], *, tell: Tell = tell_nobody) -> Iterator[Item]:
        """Yield each paper with the PDF or HTML at its address; see ports.FullText."""
        return _ahead(papers, self._one, tell)

    def _one(self, paper: Paper, tell: Tell) -> Item:
        if not paper.pdf_url:
            return paper, (), (Gap("read", paper.id, "no full text: no open-access address is known", GapKind.NOT_FOUND),)
        if not self._may_ask(paper.pdf_url):
            return paper, (), (Gap("read", paper.id, "no full text: its address is not a public web address", GapKind.REJECTED),)
        tell(Event("read", f"waiting for the full text of {paper.id}"))
        try:
            answer = self._web.get(paper.pdf_url, keep_s=30 * DAY_S, check=_speaks_of(paper), tell=tell)
        except WebError as error:
            return paper, (), (Gap("read", paper.id, f"no full text: {error.message}", GapKind(error.kind)),)
        form, name = (Form.PDF, "paper.pdf") if b"%PDF-" in answer.content[:1024] else (Form.HTML, "paper.html")
        return paper, (Fetched(paper.id, form, {PurePosixPath(name): answer.content}, paper.pdf_url),), ()


class JoinedFullText:
    """Several full texts as one: each paper goes to the first that takes it; the order of the papers is kept.

    Args:
        parts: (takes, full text) pairs, such as (lambda paper: bool(paper.location), folder).
    """

    def __init__(self, parts: Sequence[tuple[Callable[[Paper], bool], FullText]]) -> None:
        self._parts = tuple(parts)

    def fetch(self, papers: Sequence[Paper], *, tell: Tell = tell_nobody) -> Iterator[Item]:
        """Yield each paper; see ports.FullText. All parts start at once."""
        owner = [next((at for at, (takes, _) in enumerate(self._parts) if takes(paper)), None) for paper in papers]
        streams = {
            at: part.fetch([paper for paper, mine in zip(papers, owner, strict=True) if mine == at], tell=tell)
            for at, (_, part) in enumerate(self._parts)
        }
        return self._merge(papers, owner, streams)

    @staticmethod
    def _merge(papers: Sequence[Paper], owner: Sequence[int | None], streams: Mapping[int, Iterator[Item]]) -> Iterator[Item]:
        for paper, mine in zip(papers, owner, strict=True):
            if mine is None:
                yield paper, (), (Gap("read", paper.id, "no full text: nobody here has it", GapKind.NOT_FOUND),)
            else:
                yield next(streams[mine])


def _ahead(papers: Sequence[Paper], fetch_one: Callable[[Paper, Tell], Item], tell: Tell) -> Iterator[Item]:
    """Fetch in a thread of its own and yield in order; events are told by the thread that reads, as they come."""
    queue: Queue[Item | Event | BaseException | None] = Queue()
    room = Queue[None](maxsize=AHEAD)
    stop = Flag()

    def work() -> None:
        try:
            for paper in papers:
                room.put(None)
                if stop.is_set():
                    return
                queue.put(fetch_one(paper, queue.put))
            queue.put(None)
        except BaseException as error:  # noqa: BLE001  # handed to the reading thread, which raises it
            queue.put(error)

    Thread(target=work, name="full-text", daemon=True).start()
    return _drain(queue, room, stop, tell)


def _drain(queue: Queue[Item | Event | BaseException | None], room: Queue[None], stop: Flag, tell: Tell) -> Iterator[Item]:
    try:
        while (item := queue.get()) is not None:
            if isinstance(item, Event):
                tell(item)
            elif isinstance(item, BaseException):
                raise item
            else:
                room.get()
                yield item
    finally:
        stop.set()
        while not room.empty():
            room.get()


def _summary(paper: Paper, gaps: Sequence[Gap]) -> Gap:
    """Make one Gap of several failed ways; "later" goes before "never", since it tells the reader to try again."""
    order = (GapKind.TIMED_OUT, GapKind.MISSING, GapKind.REFUSED, GapKind.LIMIT, GapKind.UNREADABLE, GapKind.NOT_FOUND)
    kind = next((kind for kind in order if any(gap.kind is kind for gap in gaps)), GapKind.NOT_FOUND)
    why = "; ".join(dict.fromkeys(gap.why for gap in gaps))
    return Gap("read", paper.id, f"no full text: {why}", kind)


def _form(files: Mapping[PurePosixPath, bytes], archive: Archive) -> Form:
    """Give the form of an unpacked source package.

    Raises:
        ValueError: No file in it is a whole paper.
    """
    if any(b"\\documentclass" in data or b"\\documentstyle" in data or b"\\begin{document}" in data for data in files.values()):
        return Form.LATEX
    for data in files.values():
        form = archive.sniff(data)
        if form is not None:
            return form
    raise ValueError("it holds no LaTeX, HTML or PDF paper")


def _is_html(answer: Response) -> None:
    if b"<html" not in answer.content[:4096].lower() or b"</html" not in answer.content[-4096:].lower():
        raise ValueError(f"expected a whole HTML page, got {len(answer.content)} bytes of something else")


def _is_arxiv_html(answer: Response) -> None:
    """Refuse what a gate before arXiv says with status 200 ("checking your browser"); it goes away when asked later, and is never kept."""
    _is_html(answer)
    if _words(answer.content) < MIN_HTML_WORDS and not _LATEXML.search(answer.content):
        raise ValueError("expected a paper, got a short page that is none of arXiv's")


def _refuse_empty(page: bytes) -> None:
    """Raise ValueError for a page that LaTeXML could not fill; asking again would not help, the source may."""
    words = _words(page)
    if words < MIN_HTML_WORDS:
        raise ValueError(f"its HTML holds {words} words; expected at least {MIN_HTML_WORDS}")


def _words(page: bytes) -> int:
    """Count the words that a page shows, MIN_HTML_WORDS at most; one pass, whatever it leaves open, and no list of a page's words."""
    low = page.lower()
    count = at = 0
    while count < MIN_HTML_WORDS and at < len(page):
        opening = _UNSHOWN.search(low, at)
        piece = page[at : opening.start() if opening else len(page)]
        shown = re.sub(rb"<[^<>]*>", b" ", piece)
        count += sum(1 for _ in islice(_WORD.finditer(shown), MIN_HTML_WORDS - count))
        closing = low.find(b"</" + opening[1], opening.end()) if opening else -1
        at = closing if closing >= 0 else len(page)
    return count


def _speaks_of(paper: Paper) -> Callable[[Response], None]:
    """Give a check that a web page is about a paper: it holds half of its title's long words; a gate's page or a front page does not."""

    def check(answer: Response) -> None:
        _is_pdf_or_html(answer)
        wanted = set(_LONG_WORD.findall(paper.title.casefold()))
        if b"%PDF-" in answer.content[:1024] or not wanted:
            return
        missing = set(wanted)
        for word in _LONG_WORD.finditer(html.unescape(answer.content.decode("utf-8", "replace")).casefold()):
            missing.discard(word[0])
            if 2 * len(missing) <= len(wanted):
                return
        raise ValueError("expected the paper, got a page that does not even name it")

    return check


def _is_pdf(answer: Response) -> None:
    if b"%PDF-" not in answer.content[:1024]:
        raise ValueError(f"expected a PDF, got {len(answer.content)} bytes of something else")


def _is_something(answer: Response) -> None:
    if not answer.content or b"<html" in answer.content[:1024].lower():
        raise ValueError("expected a source package, got a web page or nothing")


def _is_pdf_or_html(answer: Response) -> None:
    if b"%PDF-" not in answer.content[:1024]:
        _is_html(answer)


def is_public(url: str) -> bool:
    """Whether a URL is a web address on a host with a public name: no numbers in any spelling, no local names, no user or odd port.

    What the name resolves to is judged where the connection is made; see http.Http.
    """
    try:
        parts = urlsplit(url)
        host, port = host_of(url), parts.port
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or parts.username or port not in {None, 80, 443} or not host:
        return False
    (name,) = host
    bare = name.rstrip(".")
    return (
        "." in bare
        and not spelt_out(name)
        and not bare.endswith((".local", ".internal", ".localhost", ".localdomain", ".lan", ".home", ".arpa"))
    )
