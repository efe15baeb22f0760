"""What search engines and reference managers read in a page's head: citation_* tags, Open Graph, JSON-LD."""

from __future__ import annotations

import json
from typing import Any

from sovereign.exports import links
from sovereign.exports.markup import visible
from sovereign.model import Claim, Evidence, Paper, Report, Verdict

_ORGANISATION = {"@type": "Organization", "name": "SOVEREIGN Research Kernel"}
# ClaimReview asks for a number with a worst and a best (https://developers.google.com/search/docs/appearance/structured-data/factcheck).
_RATING = {Verdict.SUPPORTED: 3, Verdict.INSUFFICIENT: 2, Verdict.UNCHECKED: 2, Verdict.REFUTED: 1}


def metadata(report: Report, *, version: int, url: str = "") -> dict[str, Any]:
    """Give the head of a version page as data.

    Args:
        report: The report.
        version: Its version.
        url: The page's absolute address, closed by a slash; empty where the site has none.

    Returns:
        "meta": (attribute, name, content) triples for <meta> tags, to be escaped by who writes them;
        "json_ld": JSON text that may stand in a <script type="application/ld+json"> as it is.
    """
    title, abstract = visible(report.goal.question), visible(" ".join(sentence.text for sentence in report.draft.abstract))
    pdf = f"{url}report.pdf" if url else ""
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
        ("property", "og:description", abstract),
        ("property", "og:url", url),
        ("property", "og:site_name", "SOVEREIGN"),
        ("property", "article:published_time", report.date.isoformat()),
    ]
    return {"meta": [tag for tag in tags if tag[2]], "json_ld": _script(_article(report, version, url, abstract))}


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


def _article(report: Report, version: int, url: str, abstract: str) -> dict[str, Any]:
    papers = {paper.id: paper for paper in report.papers}
    pairs = zip(report.draft.claims, report.draft.evidence, strict=True)
    article = {
        "@type": "ScholarlyArticle",
        "@id": url,
        "url": url,
        "headline": visible(report.goal.question),
        "abstract": abstract,
        "datePublished": report.date.isoformat(),
        "version": str(version),
        "author": _ORGANISATION,
        "publisher": _ORGANISATION,
        "keywords": [visible(tag) for tag in report.goal.tags],
        "isAccessibleForFree": True,
        "citation": [_work(paper) for paper in report.papers],
    }
    reviews = [_review(report, claim, item, url, papers.get(claim.paper)) for claim, item in pairs]
    return {"@context": "https://schema.org", "@graph": [_full(article), *reviews]}


def _work(paper: Paper) -> dict[str, Any]:
    return _full(
        {
            "@type": "ScholarlyArticle",
            "name": visible(paper.title),
            "author": [{"@type": "Person", "name": visible(name)} for name in paper.authors],
            "datePublished": paper.published.isoformat() if paper.published else "",
            "url": links.paper_url(paper),
        }
    )


def _review(report: Report, claim: Claim, item: Evidence, url: str, paper: Paper | None) -> dict[str, Any]:
    rating = {
        "@type": "Rating",
        "ratingValue": _RATING[item.verdict],
        "worstRating": 1,
        "bestRating": 3,
        "alternateName": item.verdict.value,
    }
    return _full(
        {
            "@type": "ClaimReview",
            "url": f"{url}#{claim.id}" if url else "",
            "claimReviewed": visible(claim.text),
            "datePublished": report.date.isoformat(),
            "author": _ORGANISATION,
            "reviewRating": rating,
            "itemReviewed": {"@type": "Claim", "appearance": _work(paper)} if paper else None,
        }
    )


def _full(values: dict[str, Any]) -> dict[str, Any]:
    """Give the mapping without its empty values."""
    return {name: value for name, value in values.items() if value not in ("", None, [])}


def _script(data: dict[str, Any]) -> str:
    """Give JSON that cannot end a <script> element: "<", ">" and "&" are written as JSON escapes."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
