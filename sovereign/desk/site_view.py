"""One report page as the theme sees it: its state, and the tags that citation managers and search engines read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sovereign.desk.site_desk import Desk
from sovereign.desk.site_facts import ReportFacts, VersionFacts
from sovereign.model import Verdict

PUBLISHER = "SOVEREIGN"


@dataclass(frozen=True, slots=True)
class View:
    """What the theme shows around a report's Markdown.

    Attributes:
        uri: The page's source below the docs folder.
        is_superseded: Whether a newer version exists; false on the landing page.
        newest_uri: Address of the newest version below the site.
        tags: Names and contents of meta elements (`citation_*`, https://scholar.google.com/intl/en/scholar/inclusion.html).
        json_ld: A JSON-LD document that is safe inside a script element.
    """

    uri: str
    report: ReportFacts
    version: VersionFacts
    is_landing: bool
    is_superseded: bool
    newest_uri: str
    request_url: str
    tags: tuple[tuple[str, str], ...]
    json_ld: str


def views(desk: Desk) -> Mapping[str, View]:
    """Give the view of every landing page and every version page, by the page's source."""
    return {view.uri: view for report in desk.reports for view in _views(report, desk)}


def _views(report: ReportFacts, desk: Desk) -> Iterator[View]:
    yield _view(f"{report.folder}/index.md", report.latest, report, desk)
    for version in report.versions:
        yield _view(f"{version.folder}/index.md", version, report, desk)


def _view(uri: str, version: VersionFacts, report: ReportFacts, desk: Desk) -> View:
    is_landing = uri == f"{report.folder}/index.md"
    request = version.approval.request if version.approval else ""
    return View(
        uri=uri,
        report=report,
        version=version,
        is_landing=is_landing,
        is_superseded=not is_landing and version is not report.latest,
        newest_uri=f"{report.latest.folder}/",
        request_url=f"{desk.repository}/pull/{request}" if request.isdecimal() and desk.repository else "",
        tags=() if version.is_draft else tuple(_tags(version, desk)),
        json_ld="" if version.is_draft else _script_safe(_linked_data(version, desk)),
    )


def _tags(version: VersionFacts, desk: Desk) -> Iterator[tuple[str, str]]:
    yield "citation_title", version.question
    yield "citation_author", desk.name
    yield "citation_publication_date", f"{version.date:%Y/%m/%d}"
    yield "citation_publisher", PUBLISHER
    yield "citation_language", "en"
    if desk.url:
        yield "citation_public_url", f"{desk.url}{version.folder}/"
        yield "citation_pdf_url", f"{desk.url}{version.folder}/report.pdf"
    if version.tags:
        yield "citation_keywords", "; ".join(version.tags)


_RATING = {Verdict.SUPPORTED: (5, "Supported"), Verdict.REFUTED: (1, "Refuted"), Verdict.INSUFFICIENT: (3, "Insufficient evidence")}


def _linked_data(version: VersionFacts, desk: Desk) -> Mapping[str, object]:
    place = f"{desk.url}{version.folder}/"
    maker = {"@type": "Organization", "name": desk.name}
    article = {
        "@type": "ScholarlyArticle",
        "headline": version.question,
        "datePublished": str(version.date),
        "version": str(version.number),
        "author": maker,
        "publisher": maker,
        "abstract": " ".join(version.abstract),
        "keywords": list(version.tags),
        "citation": [{"@type": "ScholarlyArticle", "name": title} for title in version.papers.values()],
        "url": place,
    }
    reviews = [
        {
            "@type": "ClaimReview",
            "claimReviewed": claim.text,
            "datePublished": str(version.date),
            "author": maker,
            "url": f"{place}#{claim.id}",
            "reviewRating": {
                "@type": "Rating",
                "ratingValue": _RATING[claim.verdict][0],
                "bestRating": 5,
                "worstRating": 1,
                "alternateName": _RATING[claim.verdict][1],
            },
        }
        for claim in version.claims
        if claim.verdict in _RATING
    ]
    return {"@context": "https://schema.org", "@graph": [article, *reviews]}


def _script_safe(value: object) -> str:
    """Give JSON that cannot close the script element it stands in, nor start a comment there."""
    made = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return (
        made.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
