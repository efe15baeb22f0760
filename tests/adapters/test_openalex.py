"""OpenAlex: what is asked, what is read of every recorded answer, retractions, keys and trouble."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovereign.adapters.openalex import OpenAlexSource, as_openalex, as_paper
from sovereign.adapters.web import PoliteWeb
from sovereign.errors import SourceError
from sovereign.model import Field, GapKind, Hit, PaperStatus, Query
from standins.faulty import Fault, Loopback, Sent, closed_port
from standins.openalex import OpenAlexStandIn, Work, as_work, inverted
from tests.adapters.conftest import MakeWeb

GEARS = Query("q1", all_of=(("gear",), ("mesh", "meshing teeth")))


# --- what is asked


@pytest.mark.parametrize(
    ("query", "written"),
    [
        pytest.param(GEARS, 'title_and_abstract.search:gear AND (mesh OR "meshing teeth"),is_paratext:false', id="groups"),
        pytest.param(
            Query("q", all_of=(("a, b|c:d",),), field=Field.TITLE), 'title.search:"a b c d",is_paratext:false', id="syntax in a phrase"
        ),
        pytest.param(
            Query("q", all_of=(("gear",),), since=date(2024, 1, 2), until=date(2024, 3, 4), categories=("cs.CL",)),
            "title_and_abstract.search:gear,is_paratext:false,from_publication_date:2024-01-02,to_publication_date:2024-03-04",
            id="dates, and no categories",
        ),
        pytest.param(
            Query("q", raw='ti:"gear teeth" ANDNOT abs:plastic AND cat:cs.CL'),
            'title_and_abstract.search:"gear teeth" NOT plastic,is_paratext:false',
            id="a goal's own search in arXiv's syntax",
        ),
    ],
)
def test_how_a_query_is_written(query: Query, written: str) -> None:
    """Boolean words and quotes of OpenAlex; a comma or colon in a phrase is no new filter."""
    assert as_openalex(query) == written


# --- what is read


def recorded_works(shared_data: Path) -> list[dict[str, Any]]:
    """Give every whole work in the recorded answers."""
    works: list[dict[str, Any]] = []
    for line in (shared_data / "http" / "api.openalex.org.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["status"] == 200:
            body = json.loads(row["body"])
            works.extend(body.get("results", [body]))
    return [work for work in works if "id" in work]


def test_every_recorded_work_is_read_without_loss(shared_data: Path) -> None:
    """Title, authors, DOI, date, retraction, venue and every word of the abstract."""
    works = recorded_works(shared_data)
    for work in works:
        if not work["display_name"]:
            with pytest.raises(ValueError, match="no title"):
                as_paper(work)
            continue
        paper = as_paper(work)
        assert len(paper.authors) == len(work["authorships"])
        assert paper.doi in ((work["doi"] or "").lower().removeprefix("https://doi.org/"), "")
        assert str(paper.published) == work["publication_date"]
        assert (paper.status is PaperStatus.RETRACTED) is work["is_retracted"]
        index = work.get("abstract_inverted_index") or {}
        wanted = " ".join(word for _, word in sorted((place, word) for word, places in index.items() for place in places))
        assert len(paper.abstract.split()) >= 0.9 * len(wanted.split())
        source = (work.get("primary_location") or {}).get("source")
        assert bool(paper.venue) is bool(source)

    assert len(works) > 35
    assert sum(1 for work in works if not work["display_name"]) < 3


@given(st.text(alphabet=st.characters(categories=("L", "N", "P")), min_size=1, max_size=300).filter(lambda text: bool(text.split())))
@settings(max_examples=50, deadline=None)
def test_abstracts_come_back_in_order(text: str) -> None:
    """Inverting an abstract and reading it gives the same words, whatever repeats."""
    text = " ".join(["x", *text.replace("<", "").replace("&", "").split(), "word", "word"])

    assert as_paper({**as_work(Work(1, "T")), "abstract_inverted_index": inverted(text)}).abstract == text


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        pytest.param(
            {"doi": "https://doi.org/10.48550/arXiv.2404.16821"},
            {"arxiv_id": "2404.16821", "doi": "", "id": "arxiv:2404.16821"},
            id="arXiv DOI",
        ),
        pytest.param({"doi": "https://doi.org/10.1/AB"}, {"doi": "", "id": "openalex:W1"}, id="no DOI after all"),
        pytest.param({"doi": "https://doi.org/10.1234/AB"}, {"doi": "10.1234/ab", "id": "doi:10.1234/ab"}, id="DOI in lower case"),
        pytest.param({"display_name": "On <i>E. coli</i> &amp; friends"}, {"title": "On E. coli & friends"}, id="markup in the title"),
        pytest.param({"display_name": "RETRACTED: On gears"}, {"status": PaperStatus.RETRACTED}, id="retracted by title"),
        pytest.param({"is_retracted": True}, {"status": PaperStatus.RETRACTED}, id="retracted by mark"),
        pytest.param({"abstract_inverted_index": None}, {"abstract": ""}, id="no abstract"),
        pytest.param({"authorships": []}, {"authors": ()}, id="no authors"),
        pytest.param(
            {"primary_location": None, "best_oa_location": None, "open_access": None, "locations": None},
            {"venue": "", "pdf_url": ""},
            id="nowhere",
        ),
        pytest.param({"publication_date": "2024"}, {"published": None}, id="half a date"),
    ],
)
def test_fields_that_vary(change: dict[str, Any], wanted: dict[str, Any]) -> None:
    """What OpenAlex leaves out, writes its own way, or marks up."""
    paper = as_paper({**as_work(Work(1, "On gears", "An abstract.", ("A B",))), **change})

    assert {name: getattr(paper, name) for name in wanted} == wanted


def test_arxiv_number_from_a_location() -> None:
    """A journal paper with a copy on arXiv can be read there."""
    paper = as_paper(as_work(Work(1, "On gears", doi="10.1234/x", arxiv="2401.00001")))

    assert (paper.arxiv_id, paper.doi) == ("2401.00001", "10.1234/x")


# --- the whole way, over real HTTP

WORKS = [
    Work(n, f"On gear {n}", "How teeth mesh.", ("Ada Example",), doi=f"10.1234/{n}", day=f"2024-0{1 + n % 9}-01") for n in range(1, 251)
]


@pytest.mark.parametrize(
    ("limit", "key", "pages"),
    [
        pytest.param(50, "", 1, id="one page"),
        pytest.param(250, "", 3, id="numbered pages"),
        pytest.param(250, "k3y", 3, id="cursor with a key"),
    ],
)
def test_pages(make_web: MakeWeb, limit: int, key: str, pages: int) -> None:
    """Numbered pages without a key, the cursor with one; each paper once, in order, with its rank."""
    web = make_web(secrets={"api_key": key} if key else {})
    with OpenAlexStandIn(WORKS, key=key) as server:
        (found,) = OpenAlexSource(web, base_url=server.url, has_key=bool(key)).search((GEARS,), limit=limit)

    assert [paper.title for paper in found.papers] == [f"On gear {n}" for n in range(1, limit + 1)]
    assert found.papers[4].hits == (Hit("openalex", "q1", 5),)
    assert len({tuple(sorted(asked.params.items())) for asked in server.asked}) == pages  # a busy machine may ask one page twice
    assert not found.gaps


def test_dates_are_asked_for(web: PoliteWeb) -> None:
    """The goal's bounds reach the index."""
    with OpenAlexStandIn(WORKS[:9]) as server:
        query = Query("q1", all_of=(("gear",),), since=date(2024, 4, 1), until=date(2024, 5, 1))
        (found,) = OpenAlexSource(web, base_url=server.url).search((query,), limit=50)

    assert [str(paper.published) for paper in found.papers] == ["2024-04-01", "2024-05-01"]


def test_a_refused_key_ends_the_source(make_web: MakeWeb) -> None:
    """Every query refused: one sentence, which variable to set, and never the key itself."""
    with OpenAlexStandIn(WORKS, key="right") as server, pytest.raises(SourceError) as caught:
        OpenAlexSource(make_web(secrets={"api_key": "wr0ng"}), base_url=server.url, has_key=True).search((GEARS, GEARS), limit=5)

    assert "OPENALEX_API_KEY" in caught.value.tip
    assert "wr0ng" not in str(caught.value) + caught.value.tip


def test_a_broken_work_is_a_gap(web: PoliteWeb) -> None:
    """One work without a title, one that is no object, one with an impossible abstract; the fourth is read."""
    good = as_work(WORKS[0])
    results = [{**good, "display_name": None}, "no object", {**good, "abstract_inverted_index": {"word": [10**9]}}, good]
    body = json.dumps({"meta": {"count": 4}, "results": results}).encode()
    with Loopback(lambda path, params: Sent(body, "application/json")) as server:
        (found,) = OpenAlexSource(web, base_url=server.url).search((GEARS,), limit=50)

    assert [paper.title for paper in found.papers] == ["On gear 1"]
    assert [gap.kind for gap in found.gaps] == [GapKind.UNREADABLE] * 3


def test_half_a_surrogate_pair_cannot_break_the_record(web: PoliteWeb) -> None:
    """JSON allows it, UTF-8 does not: it becomes a question mark before it reaches a file."""
    body = json.dumps({"meta": {"count": 1}, "results": [{**as_work(WORKS[0]), "display_name": "On \ud800 gears \U0001f600"}]}).encode()
    with Loopback(lambda path, params: Sent(body, "application/json")) as server:
        (found,) = OpenAlexSource(web, base_url=server.url).search((GEARS,), limit=5)

    assert [paper.title for paper in found.papers] == ["On ? gears \U0001f600"]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.TOO_MANY, GapKind.TIMED_OUT),
        (Fault.UNAVAILABLE, GapKind.TIMED_OUT),
        (Fault.BAD_REQUEST, GapKind.REFUSED),
        (Fault.HTML, GapKind.UNREADABLE),
        (Fault.EMPTY, GapKind.UNREADABLE),
        (Fault.TRUNCATED, GapKind.UNREADABLE),
        (Fault.MALFORMED, GapKind.UNREADABLE),
    ],
)
def test_trouble_is_a_gap_of_its_kind(web: PoliteWeb, fault: Fault, kind: GapKind) -> None:
    """Never an empty answer."""
    with OpenAlexStandIn(WORKS) as server:
        server.always = fault
        (found,) = OpenAlexSource(web, base_url=server.url).search((GEARS,), limit=5)

    assert not found.papers
    assert [gap.kind for gap in found.gaps] == [kind]


def test_no_network_ends_the_source(web: PoliteWeb) -> None:
    """Unreachable is said as such."""
    with closed_port() as url, pytest.raises(SourceError, match="cannot be reached"):
        OpenAlexSource(web, base_url=url).search((GEARS,), limit=5)
