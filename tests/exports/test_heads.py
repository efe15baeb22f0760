"""What surrounds a report: its citation, its page's head, its zip."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import PurePosixPath

import yaml

from sovereign.exports import jsonld
from sovereign.exports.bundle import bundle, bundle_name
from sovereign.exports.citation import citation_cff, cite
from sovereign.model import Page, Verdict
from standins import reports as fakes


def test_citation() -> None:
    """The line names question, version and day; the entry has the same."""
    made = cite(fakes.rich_report(), 3)

    assert made.text.endswith("Automated evidence report “sparse-experts”, version 3, 2026-01-15.")
    assert made.bibtex.startswith("@techreport{sovereign-sparse-experts-v3,\n")
    assert "version = {3}" in made.bibtex


def test_citation_cff() -> None:
    """The file is YAML with the keys that the format asks for, whatever the title holds."""
    title = 'A "desk": # not a comment\n- x'

    told = yaml.safe_load(citation_cff(title))

    assert told["title"] == title
    assert told["cff-version"] == "1.2.0"
    assert told["authors"] == [{"name": "SOVEREIGN Research Kernel"}]


def test_metadata() -> None:
    """The head has the citation tags and one ClaimReview a decided claim, with the row's own address."""
    told = jsonld.metadata(fakes.rich_report(), version=1, url="https://example.org/r/v1/")

    tags = [(name, content) for _, name, content in told["meta"]]
    assert ("citation_publication_date", "2026/01/15") in tags
    assert ("citation_pdf_url", "https://example.org/r/v1/report.pdf") in tags
    assert sum(1 for name, _ in tags if name == "citation_reference") == len(fakes.PAPERS)
    graph = json.loads(told["json_ld"])["@graph"]
    assert graph[0]["@type"] == "ScholarlyArticle"
    reviews = [review for work in graph[0]["citation"] for review in work.get("review", ())]
    decided = {item.claim for item in fakes.rich_report().draft.evidence if item.verdict in {Verdict.SUPPORTED, Verdict.REFUTED}}
    assert {item["url"] for item in reviews} == {f"#{claim}" for claim in decided}
    ratings = {item["@id"]: item["alternateName"] for item in graph if item["@type"] == "Rating"}
    rated = {item["url"]: ratings[item["reviewRating"]["@id"]] for item in reviews}
    assert rated[f"#{fakes.C3}"] == "refuted"
    assert rated[f"#{fakes.C1}"] == "supported"


def test_metadata_cannot_end_its_script() -> None:
    """No title ends the element that the JSON stands in."""
    report = fakes.rich_report()
    hostile = replace(report, goal=replace(report.goal, question="</script><!-- <script> & x?"))

    text = jsonld.metadata(hostile, version=1)["json_ld"]

    assert not set(text) & set("<>&")
    assert json.loads(text)["@graph"][0]["headline"] == "</script><!-- <script> & x?"


def test_without_an_address() -> None:
    """A desk that is not published anywhere makes no empty addresses."""
    told = jsonld.metadata(fakes.approved_report(), version=1)

    assert all(content for _, _, content in told["meta"])
    assert '"url":""' not in told["json_ld"]


def test_bundle() -> None:
    """The zip holds every file under the report's name, and is the same whatever the order they come in."""
    pages = [Page(PurePosixPath("record.json"), b"{}"), Page(PurePosixPath("figures/a.svg"), b"<svg/>")]
    data = bundle(pages, "x-v1")

    assert bundle_name(fakes.rich_report(), 1) == "sparse-experts-v1.zip"
    assert bundle(pages[::-1], "x-v1") == data
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        assert made.testzip() is None
        assert made.namelist() == ["x-v1/figures/a.svg", "x-v1/record.json"]
        assert made.read("x-v1/record.json") == b"{}"
