"""arXiv's search: what is asked, what is read, and what an outage, an error or a broken entry becomes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from sovereign.adapters.arxiv import ArxivSource, as_arxiv
from sovereign.adapters.web import Patience, PoliteWeb
from sovereign.errors import SourceError
from sovereign.model import Field, GapKind, Goal, Hit, PaperStatus, Query
from sovereign.ports import Found
from sovereign.steps.plan import plan
from standins.arxiv import ArxivStandIn, Record, as_entry, invented, load
from standins.faulty import Fault, Loopback, Sent, closed_port
from tests.adapters.conftest import MakeWeb
from tests.fakes import Told

MOE = Query("q1", all_of=(("mixture of experts", "MoE"), ("vision language model", "VLM")))
THEME = Query("q1", all_of=(("mixture of experts",),))
ATOM = "{http://www.w3.org/2005/Atom}"


def ask(body: bytes, *, limit: int = 1000) -> Found:
    """Read one recorded body."""
    return ArxivSource(Told(body)).search((THEME,), limit=limit)[0]


# --- what is asked


@pytest.mark.parametrize(
    ("query", "written"),
    [
        pytest.param(
            MOE,
            '(all:"mixture of experts" OR all:MoE) AND (all:"vision language model" OR all:VLM)',
            id="phrases are quoted, groups bracketed",
        ),
        pytest.param(Query("q", all_of=(("MoE",),), field=Field.TITLE), "ti:MoE", id="title"),
        pytest.param(Query("q", all_of=(("MoE",),), field=Field.ABSTRACT), "abs:MoE", id="abstract"),
        pytest.param(
            Query("q", all_of=(('a") OR all:x', "b:c*"),)), '(all:"a OR all x" OR all:"b c")', id="syntax in a phrase is no syntax"
        ),
        pytest.param(Query("q", raw="ti:MoE ANDNOT abs:vision"), "(ti:MoE ANDNOT abs:vision)", id="a goal's own search"),
        pytest.param(Query("q", raw="sparse routing"), "all:sparse AND all:routing", id="plain words of a goal"),
        pytest.param(Query("q", raw='routing of "vision tokens"'), 'all:routing AND all:"vision tokens"', id="plain words with a phrase"),
        pytest.param(Query("q", raw="to be"), "all:to AND all:be", id="stop words alone"),
        pytest.param(
            Query("q", all_of=(("MoE",),), categories=("cs", "hep-th", "cs.CL")),
            "all:MoE AND (cat:cs.* OR cat:hep-th OR cat:cs.CL)",
            id="categories",
        ),
        pytest.param(
            Query("q", all_of=(("MoE",),), since=date(2024, 1, 2), until=date(2024, 3, 4)),
            "all:MoE AND submittedDate:[202401020000 TO 202403042359]",
            id="both dates",
        ),
        pytest.param(
            Query("q", all_of=(("MoE",),), since=date(2024, 1, 2)),
            "all:MoE AND submittedDate:[202401020000 TO 900001010000]",
            id="open end",
        ),
    ],
)
def test_how_a_query_is_written(query: Query, written: str) -> None:
    """The syntax of arXiv's user manual, and nothing of a phrase may leave its quotes."""
    assert as_arxiv(query) == written


# --- what is read


def recordings(shared_data: Path) -> list[tuple[str, int, bytes]]:
    """Give (name, status, body) of every recorded answer."""
    folder = shared_data / "http" / "arxiv-atom"
    rows = [(path.name, json.loads(path.read_text())) for path in sorted((folder / "arxiv.py").glob("*.json"))]
    return [
        *((name, int(row["status_code"]), row["body"].encode()) for name, row in rows),
        *((path.name, 200, path.read_bytes()) for path in sorted(folder.glob("*.xml"))),
    ]


def test_every_recorded_answer_is_read_without_loss(shared_data: Path) -> None:
    """Every entry of every real answer: each field that the feed has is in the Paper, character for character, white space folded."""
    entries = 0
    for name, status, body in recordings(shared_data):
        if status != 200:
            continue
        feed = etree.fromstring(body)
        found = ask(body, limit=max(len(feed.findall(f"{ATOM}entry")), 1))
        wanted = {entry.findtext(f"{ATOM}id", "").split("/abs/")[-1]: entry for entry in feed.iter(f"{ATOM}entry")}
        assert {paper.arxiv_id for paper in found.papers} == set(wanted), name
        assert not found.gaps, name
        for paper in found.papers:
            entries += 1
            entry = wanted[paper.arxiv_id]
            own = "{http://arxiv.org/schemas/atom}"
            assert paper.title == " ".join(entry.findtext(f"{ATOM}title", "").split())
            assert paper.abstract == " ".join(entry.findtext(f"{ATOM}summary", "").split())
            assert list(paper.authors) == [" ".join(a.findtext(f"{ATOM}name", "").split()) for a in entry.iter(f"{ATOM}author")]
            assert str(paper.published) == entry.findtext(f"{ATOM}published", "")[:10]
            assert str(paper.updated) == entry.findtext(f"{ATOM}updated", "")[:10]
            assert set(paper.categories) == {c.get("term") for c in entry.iter(f"{ATOM}category")}
            assert paper.comment == " ".join(entry.findtext(f"{own}comment", "").split())
            assert paper.venue == " ".join(entry.findtext(f"{own}journal_ref", "").split())
            assert paper.doi == entry.findtext(f"{own}doi", "").lower()
            assert paper.pdf_url.endswith(paper.arxiv_id)

    assert entries > 150


def test_an_error_entry_with_status_200_is_a_refusal() -> None:
    """The API also answers errors with 200; an entry called Error is no paper."""
    error = (
        "<entry><id>https://arxiv.org/api/errors#bad</id><title>Error</title><updated>2026-01-01T00:00:00Z</updated>"
        "<summary>bad query</summary></entry>"
    )

    found = ask(feed(error))

    assert not found.papers
    assert [(gap.kind, "bad query" in gap.why) for gap in found.gaps] == [(GapKind.REFUSED, True)]


def test_a_later_page_that_stays_empty_keeps_the_first(web: PoliteWeb) -> None:
    """The feed promises more than it gives: what was had is kept and the promise is told."""
    page = feed(*(as_entry(Record(f"2401.{n:05d}", f"Part {n}", "Words."), 1) for n in range(1, 101)))

    def route(path: str, params: Mapping[str, str]) -> Sent:
        return Sent(page.replace(b">100</total", b">130</total") if params["start"] == "0" else feed(), "application/atom+xml")

    with Loopback(route) as server:
        (found,) = ArxivSource(web, base_url=server.url).search((THEME,), limit=200)

    assert len(found.papers) == 100
    assert ["empty" in gap.why for gap in found.gaps] == [True]


def test_recorded_refusal_is_explained(shared_data: Path, web: PoliteWeb) -> None:
    """The words that arXiv puts into HTTP 400 reach the reader."""
    body = next(body for _, status, body in recordings(shared_data) if status == 400)
    with Loopback(lambda path, params: Sent(body, "application/atom+xml", 400)) as server:
        (found,) = ArxivSource(web, base_url=server.url).search((THEME,), limit=5)

    assert [(gap.kind, "incorrect id format" in gap.why) for gap in found.gaps] == [(GapKind.REFUSED, True)]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param(
            {"comment": "This paper has been withdrawn by the author due to an error in Lemma 2"}, PaperStatus.WITHDRAWN, id="comment"
        ),
        pytest.param({"comment": "Withdrawn: superseded by arXiv:2401.00002"}, PaperStatus.WITHDRAWN, id="one word"),
        pytest.param({"comment": "12 pages. The authors have withdrawn this manuscript."}, PaperStatus.WITHDRAWN, id="second sentence"),
        pytest.param({"abstract": "This submission has been withdrawn by arXiv administrators."}, PaperStatus.WITHDRAWN, id="abstract"),
        pytest.param(
            {"abstract": "Two patients were withdrawn from the study; the drug was withdrawn by regulators."},
            PaperStatus.CURRENT,
            id="others",
        ),
        pytest.param({"abstract": "We study retracted papers and why this work is cited."}, PaperStatus.CURRENT, id="about retraction"),
        pytest.param({"comment": "Accepted at ICLR"}, PaperStatus.CURRENT, id="accepted"),
    ],
)
def test_withdrawn_papers_are_recognised(web: PoliteWeb, change: dict[str, Any], status: PaperStatus) -> None:
    """What the paper says of itself counts; what it says of other things does not."""
    record = replace(Record("2401.00001", "On mixture of experts", "Words."), **change)
    with ArxivStandIn([record]) as server:
        ((paper,),) = (found.papers for found in ArxivSource(web, base_url=server.url).search((Query("q1", raw="ti:mixture"),), limit=5))

    assert paper.status is status
    assert bool(paper.status_note) is (status is PaperStatus.WITHDRAWN)


def test_no_real_abstract_is_taken_for_a_withdrawal(shared_data: Path) -> None:
    """Over 15,000 real records: whatever is flagged says so in so many words."""
    from sovereign.citing.bibliography import withdrawal_note

    flagged = [note for record in load(shared_data) for note in (withdrawal_note(record.comment), withdrawal_note(record.abstract)) if note]

    assert all("withdraw" in note.casefold() or "retract" in note.casefold() for note in flagged)
    assert len(flagged) < 15


# --- the whole way, over real HTTP


def test_papers_come_in_arxivs_order_with_their_rank(web: PoliteWeb) -> None:
    """Each Hit tells source, query and place."""
    with ArxivStandIn(invented(9)) as server:
        (found,) = ArxivSource(web, base_url=server.url).search((THEME,), limit=2)

    assert [paper.hits for paper in found.papers] == [(Hit("arxiv", "q1", 1),), (Hit("arxiv", "q1", 2),)]
    assert all("mixture of experts" in paper.title for paper in found.papers)


@pytest.mark.parametrize(("limit", "pages"), [(100, 1), (150, 2), (250, 3), (1000, 3)])
def test_pages_are_asked_for_as_needed(web: PoliteWeb, limit: int, pages: int) -> None:
    """One request a page of a hundred, and none beyond the end."""
    records = [Record(f"2401.{n:05d}", f"On mixture of experts, part {n}", "Words.") for n in range(1, 241)]
    with ArxivStandIn(records) as server:
        (found,) = ArxivSource(web, base_url=server.url).search((THEME,), limit=limit)

    assert len(found.papers) == len({paper.id for paper in found.papers}) == min(limit, 240)
    assert len(server.asked) == pages


def test_a_later_page_that_fails_keeps_the_first(web: PoliteWeb) -> None:
    """A hundred papers in hand are not thrown away; the reader learns that there were more."""
    records = [Record(f"2401.{n:05d}", "On mixture of experts", "Words.") for n in range(1, 241)]
    with ArxivStandIn(records) as server:
        server.faults = [None, Fault.SERVER_ERROR, Fault.SERVER_ERROR, Fault.SERVER_ERROR]
        (found,) = ArxivSource(web, base_url=server.url).search((THEME,), limit=240)

    assert len(found.papers) == 100
    assert ["100 papers had before that" in gap.why for gap in found.gaps] == [True]


def test_versions_are_one_paper() -> None:
    """The newest version, at the place where the first was found."""
    record = Record("2401.00001", "On mixture of experts", "Words.")
    other = Record("2401.00002", "Another", "Words.")
    body = feed(as_entry(record, 1), as_entry(other, 1), as_entry(record, 3), as_entry(record, 2))

    found = ask(body)

    assert [(paper.arxiv_id, paper.hits[0].rank) for paper in found.papers] == [("2401.00001v3", 1), ("2401.00002v1", 2)]


def feed(*entries: str) -> bytes:
    """Make a feed of entries."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">'
        '<totalResults xmlns="http://a9.com/-/spec/opensearch/1.1/">' + str(len(entries)) + "</totalResults>" + "".join(entries) + "</feed>"
    ).encode()


GOOD = as_entry(Record("2401.00001", "On mixture of experts", "Words."), 1)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        pytest.param(GOOD.replace("http://arxiv.org/abs/2401.00001v1", ""), "no arXiv identifier", id="no id"),
        pytest.param(GOOD.replace("<updated>", "<updatd>").replace("</updated>", "</updatd>"), "“updated”", id="no date"),
        pytest.param(GOOD.replace("T12:00:00Z</published>", "T99:00:00Z</published>"), "“published”", id="impossible date"),
        pytest.param(GOOD.replace("On mixture of experts", " "), "no title", id="no title"),
        pytest.param("<entry/>", "no arXiv identifier", id="nothing at all"),
    ],
)
def test_a_broken_entry_is_a_gap_and_the_rest_is_read(entry: str, why: str) -> None:
    """The package would drop it with a log line, or fail the whole page."""
    whole = as_entry(Record("2401.00009", "Whole", "Words."), 1)

    found = ask(feed(entry, whole))

    assert [paper.arxiv_id for paper in found.papers] == ["2401.00009v1"]
    assert [why in gap.why for gap in found.gaps] == [True]


def test_entities_are_not_expanded() -> None:
    """A feed with an entity bomb or a local file's entity gives neither memory trouble nor the file."""
    bomb = (
        b'<!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        + feed(GOOD.replace("Words.", "&b;&f;Words.")).split(b"?>", 1)[1]
    )

    found = ask(bomb)

    assert all("aaaa" not in paper.abstract and "root" not in paper.abstract for paper in found.papers)


def test_damaged_characters_cost_characters_not_the_page(web: PoliteWeb) -> None:
    """A Latin-1 byte in a UTF-8 feed: the papers are read and the damage is told."""
    body = feed(GOOD.replace("Words.", "Caf\u00e9")).decode().encode("latin-1")

    found = ask(body)

    assert len(found.papers) == 1
    assert ["damaged" in gap.why for gap in found.gaps] == [True]


# --- trouble


def test_an_empty_first_page_is_asked_for_twice(web: PoliteWeb) -> None:
    """An empty page comes now and then; the second time it is believed."""
    empty = feed()
    pages = [empty, feed(GOOD)]
    with Loopback(lambda path, params: Sent(pages.pop(0), "application/atom+xml")) as server:
        (found,) = ArxivSource(web, base_url=server.url).search((THEME,), limit=5)
        assert len(found.papers) == 1

    with Loopback(lambda path, params: Sent(empty, "application/atom+xml")) as server:
        (found,) = ArxivSource(web, base_url=server.url).search((THEME,), limit=5)

    assert found == Found()
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.TOO_MANY, GapKind.TIMED_OUT),
        (Fault.SERVER_ERROR, GapKind.TIMED_OUT),
        (Fault.SILENT, GapKind.TIMED_OUT),
        (Fault.FORBIDDEN, GapKind.REFUSED),
        (Fault.HTML, GapKind.UNREADABLE),
        (Fault.EMPTY, GapKind.UNREADABLE),
        (Fault.TRUNCATED, GapKind.UNREADABLE),
        (Fault.MALFORMED, GapKind.UNREADABLE),
    ],
)
def test_trouble_is_a_gap_of_its_kind_never_an_empty_answer(web: PoliteWeb, fault: Fault, kind: GapKind) -> None:
    """The reader can tell "nothing is known" from "nobody answered"."""
    with ArxivStandIn(invented()) as server:
        server.always = fault
        (found,) = ArxivSource(web, base_url=server.url).search((THEME,), limit=5)

    assert not found.papers
    assert [gap.kind for gap in found.gaps] == [kind]


def test_an_encoding_that_says_what_it_is_is_read(web: PoliteWeb) -> None:
    """UTF-16 with its mark is no loss."""
    with ArxivStandIn(invented()) as server:
        server.always = Fault.WRONG_ENCODING
        (found,) = ArxivSource(web, base_url=server.url).search((THEME,), limit=5)

    assert len(found.papers) == 2


def test_dropped_entries_shift_no_page(web: PoliteWeb) -> None:
    """A broken entry on the first page neither repeats nor skips one on the second."""
    entries = [as_entry(Record(f"2401.{n:05d}", f"Part {n}", "Words."), 1) for n in range(1, 131)]
    entries[3] = entries[3].replace("<title>Part 4</title>", "<title/>")

    def route(path: str, params: Mapping[str, str]) -> Sent:
        start = int(params["start"])
        page = feed(*entries[start : start + 100]).replace(b">100</total", b">130</total").replace(b">30</total", b">130</total")
        return Sent(page, "application/atom+xml")

    with Loopback(route) as server:
        (found,) = ArxivSource(web, base_url=server.url).search((THEME,), limit=200)

    assert [paper.title for paper in found.papers] == [f"Part {n}" for n in range(1, 131) if n != 4]
    assert [asked.params["start"] for asked in server.asked] == ["0", "100"]


def test_no_network_ends_the_source(web: PoliteWeb) -> None:
    """Unreachable for every query: one plain sentence, and what to do."""
    with closed_port() as url, pytest.raises(SourceError, match="cannot be reached") as caught:
        ArxivSource(web, base_url=url).search((THEME, MOE), limit=5)

    assert "--papers" in caught.value.tip


def test_real_records_answer_a_real_question(shared_data: Path, make_web: MakeWeb) -> None:
    """Over 15,000 real records, the four planned searches find the very paper whose method the question names, first."""
    question = (
        "What is the inference throughput and memory efficiency trade-off of SMOES MoE-VLMs relative to dense VLMs of equivalent "
        "parameter count (7B and 34B) on multimodal reasoning benchmarks like MMMU and MathVista?"
    )
    with ArxivStandIn(load(shared_data)) as server:
        found = ArxivSource(make_web(patience=Patience()), base_url=server.url).search(plan(Goal("a", question)), limit=100)

    assert [len(one.papers) > 5 for one in found] == [True] * 4
    assert "2604.23996v1" in {one.papers[0].arxiv_id for one in found}
    assert server.most_at_once == 1
    assert len(server.asked) == 4
