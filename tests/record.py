"""Record the paper sources' cassettes anew: `python -m tests.record`, or `--live` against the real services.

Without `--live` the loopback stand-ins answer, so the exchanges hold invented papers only; with it arXiv and OpenAlex are asked, at their
pace, eight requests in all. Either way the cassettes name the real addresses, hold no key and no contact, and are what
tests/adapters/test_sources_cassettes.py plays.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import vcr

from sovereign.adapters import arxiv, fulltext, openalex
from sovereign.adapters.arxiv import ArxivSource
from sovereign.adapters.fulltext import ArxivFullText
from sovereign.adapters.openalex import OpenAlexSource
from sovereign.adapters.web import Pacer, PoliteWeb
from sovereign.model import Paper, Query
from sovereign.readers import archive
from standins.arxiv import ArxivStandIn, Record, invented
from standins.openalex import OpenAlexStandIn, Work
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "cassettes" / "sources"
MAX_BYTES = 200_000
HIDDEN_HEADERS = ["user-agent", "cookie", "set-cookie", "host"]
HIDDEN_PARAMETERS = ["api_key", "mailto"]
KEPT_HEADERS = ("content-type", "content-encoding", "retry-after")
THEME = Query("q1", all_of=(("mixture of experts",), ("routing", "specialization")))
BROKEN = Query("q2", raw="ti:(mixture AND")


@dataclass(frozen=True, slots=True)
class Places:
    """Where the services are."""

    arxiv_api: str = arxiv.BASE_URL
    arxiv: str = fulltext.BASE_URL
    openalex: str = openalex.BASE_URL


REAL = Places()


def searches(places: Places, web: PoliteWeb) -> Any:
    """Ask arXiv one search that finds something, and one that it refuses."""
    return ArxivSource(web, base_url=places.arxiv_api).search((THEME, BROKEN), limit=5)


def texts(places: Places, web: PoliteWeb) -> Any:
    """Fetch the full text of a paper that has HTML, and of one that does not exist."""
    papers = [Paper(f"arxiv:{number}", "T", arxiv_id=number) for number in ("2401.00001v1", "2401.99999v1")]
    return list(ArxivFullText(web, archive=archive, base_url=places.arxiv).fetch(papers))


def works(places: Places, web: PoliteWeb) -> Any:
    """Ask OpenAlex one search."""
    return OpenAlexSource(web, base_url=places.openalex).search((THEME,), limit=3)


SCENARIOS: Mapping[str, Callable[[Places, PoliteWeb], Any]] = {"arxiv-search": searches, "arxiv-text": texts, "openalex-search": works}
PAGE = b"<!DOCTYPE html><html><body><h1>Invented</h1><h2>Abstract</h2><p>" + b"Nothing is known. " * 120 + b"</p></body></html>"


@contextmanager
def standins() -> Iterator[Places]:
    """Serve invented papers at the three addresses."""
    papers = (*invented(), Record("2401.00001", "Invented routing in a mixture of experts", "Experts specialise.", ("Ada Example",)))
    indexed = [Work(n, f"Invented mixture of experts {n}", "Routing of tokens.", ("Ada Example",), doi=f"10.5555/{n}") for n in range(1, 9)]
    with ArxivStandIn(papers, texts={"/html/2401.00001v1": PAGE}) as arxiv, OpenAlexStandIn(indexed) as openalex:
        yield Places(arxiv.url, arxiv.url, openalex.url)


def a_web(*, is_live: bool) -> PoliteWeb:
    """Give the client that records and plays; arXiv's pace where it is arXiv."""
    contact = os.environ.get("SOVEREIGN_CONTACT", "tests@example.org")
    inner = frozenset[str]() if is_live else frozenset({"127.0.0.1"})
    return PoliteWeb(Pacer(3.0 if is_live else 0.0), agent=f"sovereign/test ({contact})", inner=inner)


def renamer(places: Places) -> Callable[[Any], Any]:
    """Give a function that writes a request as if it had gone to the real address."""

    def rename(request: Any) -> Any:
        path = urlsplit(request.uri).path
        real = REAL.openalex if path == "/works" else REAL.arxiv_api if path.startswith("/api/") else REAL.arxiv
        for place in (places.openalex, places.arxiv, places.arxiv_api):
            request.uri = request.uri.replace(place, real) if request.uri.startswith(place) else request.uri
        return request

    return rename


def bare(response: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the response without headers that name a session."""
    return {**response, "headers": {name: value for name, value in response["headers"].items() if name.lower() in KEPT_HEADERS}}


def record(name: str, places: Places, *, is_live: bool) -> Path:
    """Act a scenario, keep its exchanges, give the cassette."""
    path = FOLDER / f"{name}.yaml"
    path.unlink(missing_ok=True)
    recorder = vcr.VCR(
        record_mode="all",
        filter_headers=HIDDEN_HEADERS,
        filter_query_parameters=HIDDEN_PARAMETERS,
        before_record_request=renamer(places),
        before_record_response=bare,
        decode_compressed_response=True,
    )
    with recorder.use_cassette(str(path)):
        SCENARIOS[name](places, a_web(is_live=is_live))
    return path


def main() -> None:
    """Record every scenario; fail where a cassette is too big."""
    parser = argparse.ArgumentParser(description="Record the paper sources' cassettes anew.")
    parser.add_argument("--live", action="store_true", help="ask arXiv and OpenAlex instead of the stand-ins")
    is_live = parser.parse_args().live
    FOLDER.mkdir(parents=True, exist_ok=True)
    with standins() as served:
        for name in SCENARIOS:
            size = record(name, REAL if is_live else served, is_live=is_live).stat().st_size
            assert size < MAX_BYTES, f"{name}: {size} bytes"
            print(f"{name}: {size:,} bytes, {'real services' if is_live else 'stand-ins'}")  # noqa: T201  # a command for people


if __name__ == "__main__":
    main()
