"""OpenAlex as a PaperSource: works of all publishers, with DOIs, retractions and where the full text may be had.

The interface: https://docs.openalex.org/api-entities/works. A free key is wanted since February 2026; without one, answers are few and
cursor paging is refused, so pages are then asked for by number. Key and contact come from OPENALEX_API_KEY and OPENALEX_MAILTO, and are
given by the command line to the Web port, not to this module: they never stand in a message or a cache key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sovereign import foreign
from sovereign.citing.identifiers import arxiv_id, arxiv_of_doi, doi
from sovereign.citing.withdrawal import struck_title, withdrawal_note
from sovereign.errors import SourceError, WebError
from sovereign.language.markup import plain
from sovereign.model import Event, Field, Gap, GapKind, Hit, Paper, PaperStatus, Query
from sovereign.ports import Found, Response, Tell, Web, tell_nobody
from sovereign.text import counted, fold

BASE_URL = "https://api.openalex.org"
PAGE = 100
DAY_S = 86_400.0
MAX_ABSTRACT_WORDS = 20_000
FIELDS = (
    "id,doi,display_name,authorships,abstract_inverted_index,publication_date,publication_year,updated_date,"
    "primary_location,best_oa_location,locations,open_access,is_retracted,ids"
)

_FILTER = {Field.ALL: "title_and_abstract.search", Field.TITLE: "title.search", Field.ABSTRACT: "abstract.search"}


class OpenAlexSource:
    """Papers found by OpenAlex, in its order of relevance.

    Args:
        web: Polite HTTP that adds key and contact.
        has_key: Whether it adds a key; decides how pages are asked for.
    """

    name = "openalex"

    def __init__(self, web: Web, *, base_url: str = BASE_URL, has_key: bool = False) -> None:
        self._web = web
        self._url = base_url.rstrip("/") + "/works"
        self._has_key = has_key

    def search(self, queries: Sequence[Query], *, limit: int, tell: Tell = tell_nobody) -> tuple[Found, ...]:
        """Answer each query, in order; see ports.PaperSource.

        Raises:
            SourceError: OpenAlex could not be reached, or refused the key, for any query.
        """
        found: list[Found] = []
        useless: list[WebError] = []
        for number, query in enumerate(queries, start=1):
            tell(Event("search", f"OpenAlex: {as_openalex(query)}", number, len(queries)))
            one, error = self._one(query, limit, tell)
            found.append(one)
            if error is not None and (error.is_unreachable or error.status in {401, 403}):
                useless.append(error)
        if queries and len(useless) == len(queries):
            key = "set OPENALEX_API_KEY to a valid key (free at openalex.org)"
            first = "check the network" if useless[0].is_unreachable else key
            tip = f"{first}, or take openalex out of the goal's sources"
            raise SourceError(f"OpenAlex: {useless[0].message}", tip=tip) from useless[0]
        return tuple(found)

    def _one(self, query: Query, limit: int, tell: Tell) -> tuple[Found, WebError | None]:
        papers: list[Paper] = []
        gaps: list[Gap] = []
        failure: WebError | None = None
        try:
            for rank, work in enumerate(self._works(query, limit, tell), start=1):
                try:
                    papers.append(replace(as_paper(work), hits=(Hit(self.name, query.id, rank),)))
                except (ValueError, TypeError, AttributeError, KeyError) as error:
                    gaps.append(Gap("search", query.id, f"OpenAlex: {_name(work)} cannot be read: {error}", GapKind.UNREADABLE))
        except WebError as error:
            failure = error
            got = f" ({counted(len(papers), 'paper')} had before that)" if papers else ""
            gaps.append(Gap("search", query.id, f"OpenAlex: {error.message}{got}", GapKind(error.kind)))
        return Found(tuple(papers), tuple(gaps)), failure

    def _works(self, query: Query, limit: int, tell: Tell) -> Iterator[Any]:
        """Yield raw works, page after page, until the limit or the end."""
        page = {"cursor": "*"} if self._has_key and limit > PAGE else {"page": "1"}
        given = 0
        while given < limit:
            params = {"filter": as_openalex(query), "select": FIELDS, "per-page": str(min(PAGE, limit)), **page}
            data = foreign.read_answer(self._web.get(self._url, params=params, keep_s=DAY_S, check=_check, tell=tell).content)
            works = data["results"][: limit - given]
            yield from works
            given += len(works)
            cursor = data["meta"].get("next_cursor")
            if not works or given >= (data["meta"].get("count") or 0) or ("cursor" in page and not cursor):
                return
            page = {"cursor": str(cursor)} if "cursor" in page else {"page": str(int(page["page"]) + 1)}


def _check(answer: Response) -> None:
    """Raise ValueError where the answer is not a list of works."""
    try:
        data = foreign.read_answer(answer.content)
    except ValueError as error:
        raise ValueError(f"expected JSON, got {answer.content[:60]!r}: {error}") from error
    is_list = isinstance(data, dict) and isinstance(data.get("results"), list) and isinstance(data.get("meta"), dict)
    if not is_list:
        raise ValueError("expected an object with “meta” and “results”, got something else")
    foreign.whole(data["meta"].get("count") or 0)


def _name(work: object) -> str:
    return str(work.get("id") or "a work without a name") if isinstance(work, Mapping) else "a work that is no object"


# --- requests ------------------------------------------------------------------------------------------------------


def as_openalex(query: Query) -> str:
    """Write a Query as OpenAlex's filter: Boolean words in capitals, quoted phrases; categories are arXiv's own and left out.

    https://docs.openalex.org/how-to-use-the-api/get-lists-of-entities/search-entities#boolean-searches
    """
    wanted = _plain(query.raw) if query.raw else " AND ".join(_any_of(group) for group in query.all_of)
    parts = [f"{_FILTER[query.field]}:{wanted}", "is_paratext:false"]
    if query.since:
        parts.append(f"from_publication_date:{query.since.isoformat()}")
    if query.until:
        parts.append(f"to_publication_date:{query.until.isoformat()}")
    return ",".join(parts)


def _any_of(phrases: Sequence[str]) -> str:
    terms = [_quoted(phrase) for phrase in phrases if re.search(r"[^\W_]", phrase)]
    return f"({' OR '.join(terms)})" if len(terms) > 1 else "".join(terms)


def _quoted(phrase: str) -> str:
    words = re.findall(r"[^\W_]+", phrase)
    return f'"{" ".join(words)}"' if len(words) > 1 else words[0]


def _plain(raw: str) -> str:
    """Give a search in arXiv's syntax as OpenAlex's: field names and filters out, Boolean words, quotes and brackets kept."""
    text = re.sub(r"\b(?:AND|OR|ANDNOT)\s+(?:cat|submittedDate|lastUpdatedDate):(?:\[[^\]]*\]|\S+)", " ", raw)
    text = re.sub(r"\b(?:ti|abs|au|all|cat|co|jr|rn|id|submittedDate|lastUpdatedDate):", " ", text)
    text = text.replace("ANDNOT", "NOT")
    return fold(re.sub(r"[^\w\s\"()-]", " ", text))


# --- answers -------------------------------------------------------------------------------------------------------


def as_paper(work: Mapping[str, Any]) -> Paper:
    """Make a Paper of one work.

    Raises:
        ValueError: It has neither title nor identifier.
    """
    title = plain(work.get("display_name") or work.get("title"))
    number = _arxiv(work)
    handle = doi(str(work.get("doi") or ""))
    name = str(work.get("id") or "").rsplit("/", 1)[-1]
    if not title or not (number or handle or name):
        raise ValueError("it has no title or no identifier")
    place = work.get("primary_location") or {}
    best = work.get("best_oa_location") or {}
    access = work.get("open_access") or {}
    abstract = _abstract(work.get("abstract_inverted_index"))
    status, note = _status(work, title, abstract)
    own_doi = "" if arxiv_of_doi(handle) else handle
    return Paper(
        id=f"arxiv:{number}" if number else f"doi:{handle}" if handle else f"openalex:{name}",
        title=title,
        authors=tuple(filter(None, (_named(person) for person in work.get("authorships") or ()))),
        abstract=abstract,
        published=_day(work.get("publication_date")),
        updated=_day(str(work.get("updated_date") or "")[:10]),
        arxiv_id=number,
        doi=own_doi,
        url=f"https://arxiv.org/abs/{number}" if number else f"https://doi.org/{handle}" if handle else str(work.get("id")),
        pdf_url=str(best.get("pdf_url") or place.get("pdf_url") or access.get("oa_url") or ""),
        venue=plain((place.get("source") or {}).get("display_name")),
        status=status,
        status_note=note,
        license=str(best.get("license") or place.get("license") or ""),
    )


def _named(person: Mapping[str, Any]) -> str:
    """Give an author's name: as OpenAlex writes it, else as the work itself does; empty where nobody knows."""
    return plain((person.get("author") or {}).get("display_name")) or plain(person.get("raw_author_name"))


def _status(work: Mapping[str, Any], title: str, abstract: str) -> tuple[PaperStatus, str]:
    if work.get("is_retracted") is True:
        return PaperStatus.RETRACTED, "OpenAlex marks it as retracted"
    if struck := struck_title(title):
        return PaperStatus(struck), title
    note = withdrawal_note(abstract)
    return (PaperStatus.WITHDRAWN, note) if note else (PaperStatus.CURRENT, "")


def _arxiv(work: Mapping[str, Any]) -> str:
    """Give the work's arXiv number: from a DOI of arXiv's own, else from a location on arxiv.org."""
    number = arxiv_of_doi(str(work.get("doi") or ""))
    if number:
        return number
    for place in work.get("locations") or ():
        for url in (str(place.get("landing_page_url") or ""), str(place.get("pdf_url") or "")):
            if re.match(r"https?://(?:[\w-]+\.)?arxiv\.org/(?:abs|pdf|html)/", url):
                return arxiv_id(url)
            if number := arxiv_of_doi(url):
                return number
    return ""


def _abstract(index: Mapping[str, Sequence[int]] | None) -> str:
    """Put an inverted index back in order: word -> positions; https://docs.openalex.org/api-entities/works/work-object#abstract_inverted_index.

    Raises:
        ValueError: The positions are impossible.
    """
    placed: dict[int, str] = {}
    for word, positions in (index or {}).items():
        for position in positions:
            if not isinstance(position, int) or not 0 <= position < MAX_ABSTRACT_WORDS:
                raise ValueError(f"its abstract has a word at place {position!r}")
            placed[position] = word
    text = plain(" ".join(placed[position] for position in sorted(placed)))
    return re.sub(r"^abstract\W+(?=[A-Z])", "", text, flags=re.IGNORECASE)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
