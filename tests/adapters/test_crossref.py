"""Crossref: every recorded work is read, retractions are recognised, and trouble is a Gap."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sovereign.adapters.crossref import CrossrefSource, as_paper, words
from sovereign.adapters.web import PoliteWeb
from sovereign.citing.bibliography import entries
from sovereign.errors import SourceError
from sovereign.model import GapKind, Hit, PaperStatus, Query
from standins.faulty import Fault, Loopback, Sent, closed_port

GEARS = Query("q1", all_of=(("gear", "cog"), ("meshing teeth",)), since=date(2024, 1, 2))


def work(**changes: Any) -> dict[str, Any]:
    """Make a registered work."""
    plain = {
        "DOI": "10.1234/GEARS",
        "title": ["On gears"],
        "author": [{"given": "Ada", "family": "Example"}, {"name": "The Gear Group"}],
        "issued": {"date-parts": [[2024, 3]]},
        "container-title": ["Journal of Nothing"],
    }
    return {**plain, **changes}


def recorded(shared_data: Path) -> list[dict[str, Any]]:
    """Give every recorded answer that succeeded."""
    lines = (shared_data / "http" / "api.crossref.org.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["status"] == 200]


def test_every_recorded_work_is_read_without_loss(shared_data: Path) -> None:
    """Title, all authors, DOI, a date where there is one, venue, abstract."""
    works = 0
    for row in recorded(shared_data):
        if not row["body"].startswith("{"):
            continue
        message = json.loads(row["body"]).get("message")
        found = message.get("items", [message]) if isinstance(message, dict) else []
        for one in found:
            if not isinstance(one, dict) or not one.get("DOI") or not one.get("title"):
                continue
            works += 1
            paper = as_paper(one)
            assert paper.doi == one["DOI"].lower() or paper.arxiv_id
            assert paper.title
            named = [person for person in one.get("author", []) if person.keys() & {"given", "family", "name"}]
            assert len(paper.authors) == len(named)
            assert paper.published or not (one.get("issued") or {}).get("date-parts", [[None]])[0][0]
            assert bool(paper.venue) is bool(one.get("container-title"))
            assert bool(paper.abstract) is bool(one.get("abstract"))
            assert "<" not in paper.title

    assert works > 250


def test_every_recorded_bibtex_answer_is_read(shared_data: Path) -> None:
    """What Crossref writes as BibTeX, our reader reads: title, DOI and, where given, all authors."""
    answers = [row["body"] for row in recorded(shared_data) if row["body"].lstrip().startswith("@")]
    for text in answers:
        (entry,) = entries(text)
        names = re.search(r"author=\{(.*?)\}, ", text)
        assert set(entry.fields) == {name.casefold() for name in re.findall(r"[{,] (\w+)=(?=[{\w])", text)}
        assert len(entry.authors) == (len(names[1].split(" and ")) if names else 0)

    assert len(answers) > 10


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        pytest.param({}, {"title": "On gears", "authors": ("Ada Example", "The Gear Group"), "published": date(2024, 3, 1)}, id="plain"),
        pytest.param({"subtitle": ["How they mesh"]}, {"title": "On gears: How they mesh"}, id="subtitle"),
        pytest.param({"title": "On <i>E. coli</i> &amp; gears"}, {"title": "On E. coli & gears"}, id="markup, and no list"),
        pytest.param({"abstract": "<jats:title>Abstract</jats:title><jats:p>We mesh.</jats:p>"}, {"abstract": "We mesh."}, id="JATS"),
        pytest.param({"DOI": "10.48550/arXiv.2401.00001"}, {"id": "arxiv:2401.00001", "doi": ""}, id="arXiv"),
        pytest.param({"issued": {"date-parts": [[None]]}}, {"published": None}, id="no date"),
        pytest.param({"issued": {"date-parts": [[2024, 13]]}}, {"published": None}, id="impossible date"),
        pytest.param(
            {"updated-by": [{"type": "retraction", "label": "Retraction", "DOI": "10.1/r"}]},
            {"status": PaperStatus.RETRACTED, "status_note": "Retraction: 10.1/r"},
            id="retracted",
        ),
        pytest.param({"updated-by": [{"type": "correction", "DOI": "10.1/c"}]}, {"status": PaperStatus.CURRENT}, id="corrected"),
        pytest.param({"title": ["RETRACTED: On gears"]}, {"status": PaperStatus.RETRACTED}, id="retracted by title"),
    ],
)
def test_fields_that_vary(changes: dict[str, Any], wanted: dict[str, Any]) -> None:
    """What publishers register in their own ways."""
    paper = as_paper(work(**changes))

    assert {name: getattr(paper, name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (GEARS, "gear meshing teeth"),
        (Query("q", raw='ti:"gear teeth" ANDNOT abs:plastic'), "gear teeth plastic"),
        (Query("q", raw="gears"), "gears"),
    ],
)
def test_a_search_is_a_bag_of_words(query: Query, wanted: str) -> None:
    """One phrase of each group; no syntax."""
    assert words(query) == wanted


def test_the_whole_way(web: PoliteWeb) -> None:
    """Asked once, read in order; a broken work is a Gap."""
    body = json.dumps({"message": {"items": [work(), {"DOI": "10.1234/x"}, work(DOI="10.1234/other", title=["Other"])]}}).encode()
    with Loopback(lambda path, params: Sent(body, "application/json")) as server:
        (found,) = CrossrefSource(web, base_url=server.url).search((GEARS,), limit=5)

    assert [(paper.doi, paper.hits) for paper in found.papers] == [
        ("10.1234/gears", (Hit("crossref", "q1", 1),)),
        ("10.1234/other", (Hit("crossref", "q1", 3),)),
    ]
    assert [gap.kind for gap in found.gaps] == [GapKind.UNREADABLE]
    assert server.asked[0].params == {"query.bibliographic": "gear meshing teeth", "rows": "5", "filter": "from-pub-date:2024-01-02"}


@pytest.mark.parametrize(
    ("fault", "kind"), [(Fault.TOO_MANY, GapKind.TIMED_OUT), (Fault.HTML, GapKind.UNREADABLE), (Fault.MALFORMED, GapKind.UNREADABLE)]
)
def test_trouble_is_a_gap_of_its_kind(web: PoliteWeb, fault: Fault, kind: GapKind) -> None:
    """Never an empty answer."""
    with Loopback(lambda path, params: Sent(b"{}", "application/json")) as server:
        server.always = fault
        (found,) = CrossrefSource(web, base_url=server.url).search((GEARS,), limit=5)

    assert [gap.kind for gap in found.gaps] == [kind]


def test_no_network_ends_the_source(web: PoliteWeb) -> None:
    """Unreachable is said as such."""
    with closed_port() as url, pytest.raises(SourceError, match="cannot be reached"):
        CrossrefSource(web, base_url=url).search((GEARS,), limit=5)
