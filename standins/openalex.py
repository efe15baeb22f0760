"""A loopback OpenAlex: /works with filters, Boolean search, both ways of paging, and a key that it may insist on.

Work objects have the shape of answers recorded in 2025; abstracts go out as inverted indexes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from standins.faulty import Loopback, Sent

MAX_PAGE = 200


@dataclass(frozen=True, slots=True)
class Work:
    """One work as OpenAlex knows it."""

    number: int
    title: str
    abstract: str = ""
    authors: Sequence[str] = ()
    doi: str = ""
    day: str = "2024-01-01"
    arxiv: str = ""
    pdf_url: str = ""
    venue: str = ""
    is_retracted: bool = False


class OpenAlexStandIn(Loopback):
    """The server.

    Args:
        works: What can be found.
        key: The api_key that it wants; empty wants none. Without a key, cursor paging is refused as the real one does.
    """

    def __init__(self, works: Iterable[Work], *, key: str = "") -> None:
        super().__init__(self._answer)
        self._works = tuple(works)
        self._key = key

    def _answer(self, path: str, params: Mapping[str, str]) -> Sent:
        if path != "/works":
            return Sent(b"<h1>Not Found</h1>", "text/html", 404)
        given = params.get("api_key", "")
        if given != self._key and (self._key or "cursor" in params):
            return _json({"error": "Invalid or missing API key"}, 401)
        size = int(params.get("per-page", "25"))
        if not 1 <= size <= MAX_PAGE:
            return _json({"error": "Pagination error.", "message": "per-page parameter must be between 1 and 200"}, 403)
        found = [work for work in self._works if _matches(work, params.get("filter", ""))]
        if "cursor" in params:
            start = 0 if params["cursor"] == "*" else int(params["cursor"])
        else:
            start = (int(params.get("page", "1")) - 1) * size
        page = found[start : start + size]
        meta: dict[str, Any] = {"count": len(found), "db_response_time_ms": 1, "per_page": size, "groups_count": None}
        if "cursor" in params:
            meta |= {"page": None, "next_cursor": str(start + size) if page else None}
        else:
            meta["page"] = start // size + 1
        return _json({"meta": meta, "results": [as_work(work) for work in page], "group_by": []})


def as_work(work: Work) -> dict[str, Any]:
    """Give the work object, with the fields that recorded answers have among the ones asked for."""
    copy = {"landing_page_url": f"http://arxiv.org/abs/{work.arxiv}", "pdf_url": f"https://arxiv.org/pdf/{work.arxiv}"}
    place = {
        "is_oa": bool(work.pdf_url),
        "landing_page_url": f"https://doi.org/{work.doi}" if work.doi else None,
        "pdf_url": work.pdf_url or None,
        "source": {"display_name": work.venue} if work.venue else None,
        "license": "cc-by" if work.pdf_url else None,
    }
    return {
        "id": f"https://openalex.org/W{work.number}",
        "doi": f"https://doi.org/{work.doi}" if work.doi else None,
        "display_name": work.title,
        "publication_year": int(work.day[:4]),
        "publication_date": work.day,
        "updated_date": f"{work.day}T01:02:03.456789",
        "ids": {"openalex": f"https://openalex.org/W{work.number}"},
        "authorships": [{"author_position": "first", "author": {"display_name": name, "orcid": None}} for name in work.authors],
        "primary_location": place,
        "best_oa_location": place if work.pdf_url else None,
        "locations": [place, copy] if work.arxiv else [place],
        "open_access": {"is_oa": bool(work.pdf_url), "oa_status": "gold" if work.pdf_url else "closed", "oa_url": work.pdf_url or None},
        "is_retracted": work.is_retracted,
        "abstract_inverted_index": inverted(work.abstract) if work.abstract else None,
    }


def inverted(text: str) -> dict[str, list[int]]:
    """Give a text as word -> positions."""
    index: dict[str, list[int]] = {}
    for place, word in enumerate(text.split()):
        index.setdefault(word, []).append(place)
    return index


def _json(data: object, status: int = 200) -> Sent:
    return Sent(json.dumps(data).encode(), "application/json", status)


def _matches(work: Work, filters: str) -> bool:
    for part in filters.split(","):
        name, _, value = part.partition(":")
        if name == "from_publication_date" and work.day < value:
            return False
        if name == "to_publication_date" and work.day > value:
            return False
        if name.endswith(".search"):
            text = work.title if name == "title.search" else work.abstract if name == "abstract.search" else f"{work.title} {work.abstract}"
            if not _holds(text, value):
                return False
    return True


def _holds(text: str, search: str) -> bool:
    """Whether a text satisfies groups of quoted phrases and words: OR inside brackets, AND between them."""
    words = " ".join(re.findall(r"[^\W_]+", text.casefold()))
    for group in search.split(" AND "):
        phrases = [" ".join(re.findall(r"[^\W_]+", phrase.casefold())) for phrase in group.strip("()").split(" OR ")]
        if not any(f" {phrase} " in f" {words} " for phrase in phrases):
            return False
    return True
