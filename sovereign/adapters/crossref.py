"""Crossref as a PaperSource: what publishers themselves register of their works, corrections and retractions included.

The interface: https://www.crossref.org/documentation/retrieve-metadata/rest-api/. A contact in `mailto` is asked for and is given by the
command line to the Web port. The search is a bag of words, so a Query's synonyms are left out; the ranking that follows knows them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sovereign import foreign
from sovereign.citing import names
from sovereign.citing.identifiers import arxiv_of_doi, doi
from sovereign.citing.withdrawal import struck_title, withdrawal_note
from sovereign.errors import SourceError, WebError
from sovereign.language.markup import plain
from sovereign.model import Event, Gap, GapKind, Hit, Paper, PaperStatus, Query
from sovereign.ports import Found, Response, Tell, Web, tell_nobody

BASE_URL = "https://api.crossref.org"
DAY_S = 86_400.0
MAX_ROWS = 1000

_STRUCK = {"retraction": PaperStatus.RETRACTED, "removal": PaperStatus.RETRACTED, "withdrawal": PaperStatus.WITHDRAWN}


class CrossrefSource:
    """Papers found by Crossref, in its order of relevance."""

    name = "crossref"

    def __init__(self, web: Web, *, base_url: str = BASE_URL) -> None:
        self._web = web
        self._url = base_url.rstrip("/") + "/works"

    def search(self, queries: Sequence[Query], *, limit: int, tell: Tell = tell_nobody) -> tuple[Found, ...]:
        """Answer each query with one request; see ports.PaperSource.

        Raises:
            SourceError: Crossref could not be reached for any query.
        """
        found: list[Found] = []
        unreachable: list[WebError] = []
        for number, query in enumerate(queries, start=1):
            tell(Event("search", f"Crossref: {words(query)}", number, len(queries)))
            try:
                found.append(self._one(query, limit, tell))
            except WebError as error:
                found.append(Found(gaps=(Gap("search", query.id, f"Crossref: {error.message}", GapKind(error.kind)),)))
                unreachable += [error] if error.is_unreachable else []
        if queries and len(unreachable) == len(queries):
            raise SourceError(f"Crossref: {unreachable[0].message}", tip="check the network") from unreachable[0]
        return tuple(found)

    def _one(self, query: Query, limit: int, tell: Tell) -> Found:
        params = {"query.bibliographic": words(query), "rows": str(min(limit, MAX_ROWS))}
        bounds = [f"{name}:{day}" for name, day in (("from-pub-date", query.since), ("until-pub-date", query.until)) if day]
        params |= {"filter": ",".join(bounds)} if bounds else {}
        answer = self._web.get(self._url, params=params, keep_s=DAY_S, check=_check, tell=tell)
        papers: list[Paper] = []
        gaps: list[Gap] = []
        for rank, work in enumerate(foreign.read_answer(answer.content)["message"]["items"][:limit], start=1):
            try:
                papers.append(replace(as_paper(work), hits=(Hit(self.name, query.id, rank),)))
            except (ValueError, TypeError, AttributeError) as error:
                gaps.append(Gap("search", query.id, f"Crossref: work {rank} cannot be read: {error}", GapKind.UNREADABLE))
        return Found(tuple(papers), tuple(gaps))


def words(query: Query) -> str:
    """Give the words to search for: the first phrase of each group, or the words of a goal's own search without its syntax."""
    text = " ".join(group[0] for group in query.all_of) or re.sub(r"\b\w+:|\b(?:AND|OR|ANDNOT)\b", " ", query.raw)
    return " ".join(re.findall(r"[^\W_]+", text))


def _check(answer: Response) -> None:
    """Raise ValueError where the answer is not a list of works."""
    try:
        message = foreign.read_answer(answer.content)["message"]
        items = message["items"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"expected a list of works, got {answer.content[:60]!r}") from error
    if not isinstance(items, list):
        raise ValueError("expected “items” to be a list")  # noqa: TRY004  # the port asks for ValueError


def as_paper(work: Mapping[str, Any]) -> Paper:
    """Make a Paper of one registered work.

    Raises:
        ValueError: It has no title or no DOI.
    """
    handle = doi(str(work.get("DOI") or ""))
    title = _titled(work)
    if not title or not handle:
        raise ValueError("it has no title or no DOI")
    number = arxiv_of_doi(handle)
    status, note = _status(work, title)
    published = next((day for name in ("issued", "published", "posted", "created") if (day := _day(work.get(name)))), None)
    return Paper(
        id=f"arxiv:{number}" if number else f"doi:{handle}",
        title=title,
        authors=tuple(filter(None, (_named(person) for person in work.get("author") or ()))),
        abstract=re.sub(r"^abstract\W*(?=[A-Z])", "", plain(work.get("abstract")), flags=re.IGNORECASE),
        published=published,
        updated=max(filter(None, (_day(update.get("updated")) for update in work.get("updated-by") or ())), default=None),
        arxiv_id=number,
        doi="" if number else handle,
        url=f"https://doi.org/{handle}",
        pdf_url=next((str(link.get("URL")) for link in work.get("link") or () if link.get("content-type") == "application/pdf"), ""),
        venue=_first(work.get("container-title")),
        status=status,
        status_note=note,
        license=next((str(entry.get("URL")) for entry in work.get("license") or ()), ""),
    )


def _titled(work: Mapping[str, Any]) -> str:
    title, subtitle = _first(work.get("title")), _first(work.get("subtitle"))
    return f"{title}: {subtitle}" if title and subtitle and subtitle.casefold() not in title.casefold() else title


def _first(value: object) -> str:
    """Give the first of a list of texts, or the text itself."""
    if isinstance(value, list):
        value = next((item for item in value if item), "")
    return plain(value)


def _named(person: Mapping[str, Any]) -> str:
    """Give "Given Family", or an organisation's name; names.split parts it as Crossref does."""
    given, family, suffix = (plain(person.get(part)) for part in ("given", "family", "suffix"))
    return names.joined(family, given, suffix) if family else given or names.whole(plain(person.get("name")))


def _status(work: Mapping[str, Any], title: str) -> tuple[PaperStatus, str]:
    """Read what its publisher says happened to it since; a correction or new version leaves it standing."""
    for update in work.get("updated-by") or ():
        status = _STRUCK.get(str(update.get("type")))
        if status is not None:
            return status, f"{update.get('label') or update.get('type')}: {update.get('DOI')}"
    if struck := struck_title(title):
        return PaperStatus(struck), title
    note = withdrawal_note(plain(work.get("abstract")))
    return (PaperStatus.WITHDRAWN, note) if note else (PaperStatus.CURRENT, "")


def _day(value: object) -> date | None:
    """Give the day of Crossref's date-parts; the first of the month or year where no more is known."""
    parts = value.get("date-parts") if isinstance(value, Mapping) else None
    first = parts[0] if isinstance(parts, list) and parts else None
    numbers = [part for part in first if isinstance(part, int)] if isinstance(first, list) else []
    try:
        return date(*(*numbers, 1, 1)[:3]) if numbers else None
    except (ValueError, OverflowError):
        return None
