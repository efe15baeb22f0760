"""What search engines and reference managers read in a page's head: citation_* tags, Open Graph, JSON-LD."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from typing import Any

from sovereign.exports import links
from sovereign.exports.markup import visible
from sovereign.exports.untex import shown
from sovereign.model import Claim, Evidence, Paper, Report, Verdict

# The things that several others name, each described once (https://www.w3.org/TR/json-ld11/#node-identifiers). Addresses within
# the page are relative: a reader of JSON-LD resolves them against the page's own (https://www.w3.org/TR/json-ld11/#base-iri).
_ORGANISATION = {"@id": "#us", "@type": "Organization", "name": "SOVEREIGN Research Kernel"}
# ClaimReview asks for a number with a worst and a best (https://developers.google.com/search/docs/appearance/structured-data/factcheck).
_RATING = {Verdict.SUPPORTED: 2, Verdict.REFUTED: 1}
_SHORT = 300


def _answer(report: Report) -> str:
    """Give the answer, and then what the abstract adds to it."""
    return " ".join(dict.fromkeys((report.draft.answer.headline, *(sentence.text for sentence in report.draft.abstract))))


def short(text: str) -> str:
    """Give a text for a page's head: on one line, cut after a word near 300 characters; what was cut off is "…"."""
    return textwrap.shorten(visible(shown(text)), _SHORT, placeholder=" …")


def metadata(report: Report, *, version: int, url: str = "", has_pdf: bool = True, has_rows: bool = True) -> dict[str, Any]:
    """Give the head of a report's page as data.

    Args:
        report: The report.
        version: Its version.
        url: The version page's absolute address, closed by a slash; empty where the site has none.
        has_pdf: Whether the version has a PDF to name.
        has_rows: Whether the page has the claims' rows; the landing page has none, and no review then.

    Returns:
        "meta": (attribute, name, content) triples for <meta> tags, to be escaped by who writes them;
        "json_ld": JSON text that may stand in a <script type="application/ld+json"> as it is.
    """
    title, description = visible(report.goal.question), short(_answer(report))
    pdf = f"{url}report.pdf" if url and has_pdf else ""
    tags = [
        ("name", "citation_title", title),
        ("name", "citation_author", "SOVEREIGN Research Kernel"),
        ("name", "citation_publication_date", report.date.strftime("%Y/%m/%d")),
        ("name", "citation_technical_report_number", f"{report.goal.slug}-v{version}"),
        ("name", "citation_pdf_url", pdf),
        ("name", "citation_abstract_html_url", url),
        *(("name", "citation_keywords", visible(tag)) for tag in report.goal.tags),
        *(("name", "citation_reference", _reference(paper)) for paper in report.papers),
        ("property", "og:type", "article"),
        ("property", "og:title", title),
        ("property", "og:description", description),
        ("property", "og:url", url),
        ("property", "og:site_name", "SOVEREIGN"),
        ("property", "article:published_time", report.date.isoformat()),
    ]
    graph = [_article(report, version, url, description, has_rows=has_rows), *(_ratings(report) if has_rows else ())]
    return {"meta": [tag for tag in tags if tag[2]], "json_ld": _script({"@context": "https://schema.org", "@graph": graph})}


def _reference(paper: Paper) -> str:
    """Give a reference as Google Scholar reads it: "name=value; …", semicolons in values out."""
    parts = (
        ("citation_title", paper.title),
        *(("citation_author", name) for name in paper.authors),
        ("citation_publication_date", str(paper.year or "")),
        ("citation_journal_title", paper.venue),
        ("citation_doi", paper.doi if links.doi_url(paper.doi) else ""),
        ("citation_arxiv_id", paper.arxiv_id if links.arxiv_url(paper.arxiv_id) else ""),
    )
    return "; ".join(f"{name}={visible(value).replace(';', ',')}" for name, value in parts if value)


def _article(report: Report, version: int, url: str, description: str, *, has_rows: bool) -> dict[str, Any]:
    reviews = _reviews(report) if has_rows else {}
    return _full(
        {
            "@type": "ScholarlyArticle",
            "@id": url,
            "url": url,
            "headline": visible(report.goal.question),
            "description": description,
            "datePublished": report.date.isoformat(),
            "version": str(version),
            "author": _ORGANISATION,
            "publisher": _named(_ORGANISATION),
            "keywords": [visible(tag) for tag in report.goal.tags],
            "isAccessibleForFree": True,
            "citation": [_work(number, paper, reviews.get(paper.id, ())) for number, paper in enumerate(report.papers, 1)],
        }
    )


def _work(number: int, paper: Paper, reviews: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Give a cited paper under the address of its entry in the reference list, with the reviews of its claims."""
    return _full(
        {
            "@type": "ScholarlyArticle",
            "@id": f"#ref-{number}",
            "name": visible(shown(paper.title)),
            "author": [{"@type": "Person", "name": visible(name)} for name in paper.authors],
            "datePublished": paper.published.isoformat() if paper.published else "",
            "url": links.paper_url(paper),
            "review": list(reviews),
        }
    )


def _review(claim: Claim, item: Evidence) -> dict[str, Any]:
    """Give one ClaimReview: author and rating by name, since both stand in the graph once; the paper is what holds it."""
    return {
        "@type": "ClaimReview",
        "url": f"#{claim.id}",
        "claimReviewed": visible(shown(claim.text)),
        "author": _named(_ORGANISATION),
        "reviewRating": {"@id": f"#{item.verdict}"},
    }


def _reviews(report: Report) -> dict[str, list[dict[str, Any]]]:
    """Give the reviews of the claims that were decided, by paper.

    A claim with too little evidence either way was not found true or false, so there is nothing to tell a search engine.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for claim, item in zip(report.draft.claims, report.draft.evidence, strict=True):
        if item.verdict in _RATING:
            found.setdefault(claim.paper, []).append(_review(claim, item))
    return found


def _ratings(report: Report) -> list[dict[str, Any]]:
    """Give the verdicts that decide a claim and occur, as ratings: 2 for supported, 1 for refuted."""
    return [
        {
            "@id": f"#{verdict}",
            "@type": "Rating",
            "ratingValue": _RATING[verdict],
            "worstRating": 1,
            "bestRating": 2,
            "alternateName": verdict.value,
        }
        for verdict in dict.fromkeys(item.verdict for item in report.draft.evidence if item.verdict in _RATING)
    ]


def _named(thing: dict[str, Any]) -> dict[str, Any]:
    return {"@id": thing["@id"]}


def _full(values: dict[str, Any]) -> dict[str, Any]:
    """Give the mapping without its empty values."""
    return {name: value for name, value in values.items() if value not in ("", None, [])}


def _script(data: dict[str, Any]) -> str:
    """Give JSON that cannot end a <script> element: "<", ">" and "&" are written as JSON escapes."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
