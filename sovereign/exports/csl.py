"""References as CSL-JSON (https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sovereign.citing import names
from sovereign.exports import bibtex, links
from sovereign.exports.markup import visible
from sovereign.model import Paper


def csl(papers: Sequence[Paper]) -> str:
    """Give the references as one JSON array, in order, with a newline at the end."""
    items = [item(paper, key) for paper, key in zip(papers, bibtex.keys(papers), strict=True)]
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def item(paper: Paper, key: str) -> dict[str, Any]:
    """Give one paper's item; what no source told is left out."""
    made = {
        "id": key,
        "type": "article-journal" if paper.venue else "article",
        "title": visible(paper.title),
        "author": [_name(name) for name in paper.authors],
        "container-title": visible(paper.venue),
        "issued": {"date-parts": [[paper.published.year, paper.published.month, paper.published.day]]} if paper.published else None,
        "DOI": visible(paper.doi) if links.doi_url(paper.doi) else "",
        "number": f"arXiv:{paper.arxiv_id}" if links.arxiv_url(paper.arxiv_id) else "",
        "publisher": "arXiv" if paper.arxiv_id and not paper.venue else "",
        "URL": links.paper_url(paper),
        "note": visible(f"{paper.status.value}. {paper.status_note}") if paper.status.value != "current" else "",
    }
    return {name: value for name, value in made.items() if value}


def _name(name: str) -> dict[str, str]:
    family, given = map(visible, names.split(name))
    return {"family": family, "given": given} if given else {"literal": family}
