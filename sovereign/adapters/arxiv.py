"""arXiv's search as a PaperSource, through the `arxiv` package, which writes the requests and reads the feed.

The package has no time-out, paces each client by itself, logs what it skips and takes an empty first page for the end; so its session is
replaced by one that asks our Web port, which paces, retries and bounds, and entries it would skip are taken out before as Gaps.
The query language: https://info.arxiv.org/help/api/user-manual.html#query_details.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import arxiv
from lxml import etree

from sovereign.citing.bibliography import withdrawal_note
from sovereign.citing.identifiers import arxiv_id, arxiv_version, doi
from sovereign.errors import SourceError, WebError
from sovereign.language.terms import stop_words
from sovereign.model import Event, Field, Gap, GapKind, Hit, Paper, PaperStatus, Query
from sovereign.ports import Found, Response, Tell, Web, tell_nobody
from sovereign.text import counted, fold

BASE_URL = "https://export.arxiv.org"
PAGE = 100
DAY_S = 86_400.0
EARLIEST, LATEST = "100001010000", "900001010000"

_ATOM = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_START = "{http://a9.com/-/spec/opensearch/1.1/}startIndex"
_PREFIX = {Field.ALL: "all", Field.TITLE: "ti", Field.ABSTRACT: "abs"}
_SYNTAX = re.compile(r"\b(?:ti|abs|au|all|cat|co|jr|rn|id|submittedDate|lastUpdatedDate):|\b(?:AND|OR|ANDNOT)\b")


class ArxivSource:
    """Papers found by arXiv's own search, in its order of relevance, which it does not document; each Hit records query and rank.

    Args:
        web: Polite HTTP, paced for arXiv, kept for a day.
        base_url: The API's host.
    """

    name = "arxiv"

    def __init__(self, web: Web, *, base_url: str = BASE_URL) -> None:
        self._web = web
        self._format = base_url.rstrip("/") + "/api/query?{}"

    def search(self, queries: Sequence[Query], *, limit: int, tell: Tell = tell_nobody) -> tuple[Found, ...]:
        """Answer each query, in order, one request a page; see ports.PaperSource.

        Raises:
            SourceError: arXiv could not be reached for any query.
        """
        found: list[Found] = []
        unreachable: list[WebError] = []
        for number, query in enumerate(queries, start=1):
            tell(Event("search", f"arXiv: {as_arxiv(query)}", number, len(queries)))
            one, error = self._one(query, limit, tell)
            found.append(one)
            if error is not None and error.is_unreachable:
                unreachable.append(error)
        if queries and len(unreachable) == len(queries):
            raise SourceError(
                f"arXiv: {unreachable[0].message}", tip="check the network, or give a folder of papers with --papers"
            ) from unreachable[0]
        return tuple(found)

    def _one(self, query: Query, limit: int, tell: Tell) -> tuple[Found, WebError | None]:
        """Answer one query; what was had before a failure is kept."""
        session = _Session(self._web, tell, query.id)
        client = arxiv.Client(page_size=min(limit, PAGE), delay_seconds=0.0, num_retries=0)
        client.query_url_format = self._format
        client._session = session  # noqa: SLF001  # the package offers no other way to a time-out
        papers: dict[str, Paper] = {}
        failure: WebError | None = None
        gaps: list[Gap] = []
        try:
            for rank, result in enumerate(client.results(arxiv.Search(as_arxiv(query), max_results=limit)), start=1):
                paper = replace(as_paper(result), hits=(Hit(self.name, query.id, rank),))
                _put_newest(papers, paper)
        except WebError as error:
            failure = error
            got = f" ({counted(len(papers), 'paper')} had before that)" if papers else ""
            gaps.append(Gap("search", query.id, f"arXiv: {_explained(error)}{got}", GapKind(error.kind)))
        except arxiv.ArxivError as error:
            gaps.append(Gap("search", query.id, f"arXiv: {error.message}", GapKind.UNREADABLE))
        except ValueError as error:  # the package lets a date through that is none
            gaps.append(Gap("search", query.id, f"arXiv: its answer could not be read: {fold(str(error))[:200]}", GapKind.UNREADABLE))
        return Found(tuple(papers.values()), (*session.gaps, *gaps)), failure


def _put_newest(papers: dict[str, Paper], paper: Paper) -> None:
    """Keep one version of a paper, the newest, at the place where the first was found."""
    known = papers.get(paper.arxiv_base)
    if known is None:
        papers[paper.arxiv_base] = paper
    elif arxiv_version(paper.arxiv_id) > arxiv_version(known.arxiv_id):
        papers[paper.arxiv_base] = replace(paper, hits=known.hits)


# --- requests ------------------------------------------------------------------------------------------------------


def as_arxiv(query: Query) -> str:
    """Write a Query in arXiv's syntax: quoted phrases, OR within a group, AND between groups, categories and dates as filters."""
    if query.raw:
        parts = [f"({query.raw})" if _SYNTAX.search(query.raw) else _all_words(query.raw)]
    else:
        parts = [_any_of(_PREFIX[query.field], group) for group in query.all_of]
    if query.categories:
        names = [name if "." in name or "-" in name else f"{name}.*" for name in query.categories]
        parts.append("(" + " OR ".join(f"cat:{name}" for name in names) + ")")
    if query.since or query.until:
        since = query.since.strftime("%Y%m%d0000") if query.since else EARLIEST
        until = query.until.strftime("%Y%m%d2359") if query.until else LATEST
        parts.append(f"submittedDate:[{since} TO {until}]")
    return " AND ".join(part for part in parts if part)


def _all_words(text: str) -> str:
    """Write plain words as a search for all of them; a quoted phrase stays one, stop words go where others remain."""
    phrases = re.findall(r'"([^"]+)"|([^\W_]+)', text)
    wanted = [quoted or word for quoted, word in phrases if quoted or word.casefold() not in stop_words()]
    return " AND ".join(f"all:{_quoted(phrase)}" for phrase in wanted or _words(text) if _words(phrase))


def _any_of(prefix: str, phrases: Sequence[str]) -> str:
    terms = [f"{prefix}:{_quoted(phrase)}" for phrase in phrases if _words(phrase)]
    return f"({' OR '.join(terms)})" if len(terms) > 1 else "".join(terms)


def _words(phrase: str) -> list[str]:
    """Give a phrase's words; letters and digits only, since the rest is syntax to arXiv."""
    return re.findall(r"[^\W_]+", phrase)


def _quoted(phrase: str) -> str:
    words = _words(phrase)
    return f'"{" ".join(words)}"' if len(words) > 1 else words[0]


@dataclass(slots=True)
class _Response:
    """What the package looks at in an answer."""

    content: bytes
    status_code: int = 200


class _Session:
    """Stands in for the package's requests.Session; entries that it could not read are taken out and kept as Gaps."""

    def __init__(self, web: Web, tell: Tell, query_id: str) -> None:
        self._web = web
        self._tell = tell
        self._query_id = query_id
        self._dropped = 0
        self.gaps: list[Gap] = []

    def get(self, url: str, **_: object) -> _Response:
        """Give one page of the feed.

        Raises:
            WebError: It could not be had, or arXiv answered with its Error entry.
        """
        answer = self._web.get(self._shifted(url), keep_s=DAY_S, check=_feed_check(), tell=self._tell)
        root, is_damaged = _parse(answer.content)
        if is_damaged:
            self._note("a page had damaged characters and was read as far as possible")
        for entry in root.findall(f"{_ATOM}entry"):
            if why := _fault(entry):
                name = fold(entry.findtext(f"{_ATOM}id") or entry.findtext(f"{_ATOM}title") or "an entry without a name")
                self._note(f"{name}: {why}")
                root.remove(entry)
                self._dropped += 1
        total = root.find(_TOTAL)
        if total is not None and (total.text or "").strip().isdigit():
            total.text = str(max(int(total.text or 0) - self._dropped, 0))
        return _Response(etree.tostring(root))

    def _shifted(self, url: str) -> str:
        """Give the address of the page the package means: it counts what it read, arXiv counts what was dropped too."""
        return re.sub(r"(?<=[?&]start=)\d+", lambda start: str(int(start[0]) + self._dropped), url)

    def _note(self, why: str) -> None:
        self.gaps.append(Gap("search", self._query_id, f"arXiv: {why}", GapKind.UNREADABLE))


def _feed_check() -> Callable[[Response], None]:
    """Give a check for one page: a whole Atom feed, not an error, not empty where it should hold something.

    A first page is sporadically empty and goes away when asked again, so the first empty one is refused and the second believed
    (https://github.com/lukasschwab/arxiv.py/issues/43).
    """
    doubts = 1

    def check(answer: Response) -> None:
        nonlocal doubts
        root, _ = _parse(answer.content)
        entries = root.findall(f"{_ATOM}entry")
        if entries and "api/errors" in (entries[0].findtext(f"{_ATOM}id") or ""):
            summary = fold(entries[0].findtext(f"{_ATOM}summary") or "an error without words")
            raise WebError(f"the search was refused: {summary}", kind=GapKind.REFUSED)
        total, start = (fold(root.findtext(tag) or "") for tag in (_TOTAL, _START))
        if not entries and total.isdigit() and int(total) > int(start if start.isdigit() else 0):
            raise ValueError(f"expected some of {total} papers, got a page without any")
        if not entries and doubts and not answer.is_cached:
            doubts -= 1
            raise ValueError("an empty page, which arXiv gives now and then")

    return check


def _parse(content: bytes) -> tuple[etree._Element, bool]:
    """Give the feed's root element and whether it had to be mended; entities stay unexpanded, nothing is fetched.

    Raises:
        ValueError: It is no Atom feed, or it breaks off.
    """
    is_damaged = False
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        if not content.rstrip().endswith(b"</feed>"):
            raise ValueError(f"expected a whole Atom feed, got {_start(content)}") from error
        root = _mended(content)
        is_damaged = True
    if root is None or root.tag != f"{_ATOM}feed":
        raise ValueError(f"expected an Atom feed, got {_start(content)}")
    return root, is_damaged


def _mended(content: bytes) -> etree._Element | None:
    """Read a damaged feed as far as possible; None where even that fails, as with a zero byte at its head."""
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    except etree.XMLSyntaxError:
        return None


def _start(content: bytes) -> str:
    head = fold(content[:60].decode("utf-8", "replace"))
    return f"{len(content)} bytes that start with {head!r}" if content else "nothing"


def _fault(entry: etree._Element) -> str:
    """Give why the package could not read an entry, or nothing."""
    if not arxiv_id(entry.findtext(f"{_ATOM}id") or ""):
        return "it has no arXiv identifier"
    for name in ("updated", "published"):
        try:
            datetime.fromisoformat((entry.findtext(f"{_ATOM}{name}") or "").strip())
        except ValueError:
            return f"it has no valid date “{name}”"
    return "" if fold(entry.findtext(f"{_ATOM}title") or "") else "it has no title"


def _explained(error: WebError) -> str:
    """Give the error's message with what arXiv itself says about it."""
    try:
        root, _ = _parse(error.body)
    except ValueError:
        return error.message
    summary = fold(root.findtext(f"{_ATOM}entry/{_ATOM}summary") or "")
    return f"{error.message}: {summary}" if summary else error.message


# --- answers -------------------------------------------------------------------------------------------------------


def as_paper(result: arxiv.Result) -> Paper:
    """Make a Paper of one entry; nothing is cut, white space is folded."""
    number = arxiv_id(result.entry_id)
    comment = fold(result.comment or "")
    abstract = fold(result.summary)
    note = withdrawal_note(comment) or withdrawal_note(abstract)
    return Paper(
        id=f"arxiv:{number}",
        title=fold(result.title),
        authors=tuple(fold(author.name) for author in result.authors if author.name),
        abstract=abstract,
        published=_day(result.published),
        updated=_day(result.updated),
        arxiv_id=number,
        doi=doi(result.doi or ""),
        url=f"https://arxiv.org/abs/{number}",
        pdf_url=result.pdf_url or f"https://arxiv.org/pdf/{number}",
        venue=fold(result.journal_ref or ""),
        comment=comment,
        categories=tuple(dict.fromkeys((result.primary_category, *result.categories)))
        if result.primary_category
        else tuple(result.categories),
        status=PaperStatus.WITHDRAWN if note else PaperStatus.CURRENT,
        status_note=note,
    )


def _day(moment: datetime) -> date:
    return moment.date()
