"""All claims of a report as one JSON document to build upon: grades, quotes, offsets, sources, under ids that stay the same.

A claim's id follows from paper, words and place, so it is the same in every version and every desk. The schema is made beside the
writer, and published with the site.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from sovereign import record
from sovereign.exports import glossary, links
from sovereign.model import Form, Grade, Paper, Report, Stance

VERSION = "sovereign/claims/1"


def claims_json(report: Report, *, version: int) -> str:
    """Give the claims of one version of a report, best first; keys are sorted, so the same report gives the same bytes."""
    papers = {paper.id: paper for paper in report.papers}
    forms = {source.paper: source.form for source in report.sources}
    cited = set(report.draft.cited)
    answer = {claim for key in report.draft.answer.findings for claim in key.claims}
    claims = []
    for claim, item in zip(report.draft.claims, report.draft.evidence, strict=True):
        paper, quote = papers.get(claim.paper), claim.quote
        claims.append(
            {
                "id": claim.id,
                "claim": claim.text,
                "grade": glossary.grade(item).value,
                "verdict": item.verdict.value,
                "confidence": None if item.confidence is None else round(item.confidence, 6),
                "origin": claim.origin.value,
                "in_answer": claim.id in answer,
                "in_findings": claim.id in cited,
                "paper": claim.paper,
                "quote": quote.text,
                "before": claim.before,
                "after": claim.after,
                "section": quote.section,
                "page": quote.page,
                "start": quote.start,
                "end": quote.end,
                "document_sha256": claim.document_sha256,
                "link": links.quote_url(paper, forms.get(claim.paper), quote) if paper else "",
                "agrees": list(item.papers(Stance.SUPPORTS, own=False)),
                "disagrees": list(item.papers(Stance.REFUTES, own=False)),
            }
        )
    whole = {
        "schema": VERSION,
        "report": {"slug": report.goal.slug, "version": version, "date": report.date.isoformat(), "question": report.goal.question},
        "is_example": report.is_example,
        "claims": claims,
        "papers": [_paper(paper, forms.get(paper.id)) for paper in report.papers],
    }
    return record.written(whole)


def _paper(paper: Paper, form: Form | None) -> dict[str, Any]:
    return {
        "id": paper.id,
        "title": paper.title,
        "authors": list(paper.authors),
        "year": paper.year,
        "arxiv_id": paper.arxiv_id,
        "doi": paper.doi,
        "status": paper.status.value,
        "read_as": form.value if form else None,
        "url": links.paper_url(paper),
    }


_TEXT, _TEXTS = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
_CLAIM = {
    "id": {"type": "string", "pattern": "^c[0-9a-f]{10}$"},
    "claim": _TEXT,
    "grade": {"enum": [grade.value for grade in Grade]},
    "verdict": {"enum": ["supported", "refuted", "insufficient", "unchecked"]},
    "confidence": {"type": ["number", "null"], "minimum": 0, "maximum": 1, "description": "Calibrated; null where no checker decided."},
    "origin": {"enum": ["extracted", "model", "revised"]},
    "in_answer": {"type": "boolean"},
    "in_findings": {"type": "boolean"},
    "paper": {"type": "string", "description": "The id of an entry of papers."},
    "quote": {"type": "string", "description": "Verbatim: text[start:end] of the document whose SHA-256 is document_sha256."},
    "before": {
        "type": "string",
        "description": "The sentence of the same paragraph before the quote, or the rows that name a table row's columns; may be empty.",
    },
    "after": {"type": "string", "description": "The sentence of the same paragraph after the quote; may be empty."},
    "section": _TEXT,
    "page": {"type": ["integer", "null"], "minimum": 1},
    "start": {"type": "integer", "minimum": 0},
    "end": {"type": "integer", "minimum": 0},
    "document_sha256": _TEXT,
    "link": {"type": "string", "description": "An address that lands on the quote where the source can be had; may be empty."},
    "agrees": _TEXTS | {"description": "Ids of other papers with a passage that says the same."},
    "disagrees": _TEXTS | {"description": "Ids of other papers with a passage that says otherwise."},
}
_PAPER = {
    "id": _TEXT,
    "title": _TEXT,
    "authors": _TEXTS,
    "year": {"type": ["integer", "null"]},
    "arxiv_id": _TEXT,
    "doi": _TEXT,
    "status": {"enum": ["current", "withdrawn", "retracted"]},
    "read_as": {"enum": ["latex", "html", "pdf", "abstract", None]},
    "url": _TEXT,
}
_REPORT = {"slug": _TEXT, "version": {"type": "integer", "minimum": 1}, "date": {"type": "string", "format": "date"}, "question": _TEXT}


def schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a claims document; a fresh copy."""
    whole = {
        "schema": {"const": VERSION},
        "report": _object(_REPORT),
        "is_example": {"type": "boolean", "description": "Whether papers, authors and numbers are invented."},
        "claims": {"type": "array", "items": _object(_CLAIM)},
        "papers": {"type": "array", "items": _object(_PAPER)},
    }
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{VERSION.replace('/', ':')}",
        "title": "The claims of one SOVEREIGN report",
    }
    return deepcopy(head | _object(whole))


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": sorted(properties), "properties": properties}
