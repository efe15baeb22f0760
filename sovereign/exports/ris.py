"""References as RIS, for reference managers (https://en.wikipedia.org/wiki/RIS_(file_format))."""

from __future__ import annotations

from collections.abc import Sequence

from sovereign.citing import names
from sovereign.exports import links
from sovereign.exports.markup import visible
from sovereign.model import Paper


def ris(papers: Sequence[Paper]) -> str:
    """Give one record a paper, in order; lines of "TAG  - value", parted by CR LF as the format asks."""
    return "".join(f"{tag}  - {value}\r\n" for paper in papers for tag, value in _record(paper))


def _record(paper: Paper) -> list[tuple[str, str]]:
    kind = "JOUR" if paper.venue else "UNPB" if paper.arxiv_id else "GEN"
    arxiv = f"arXiv:{paper.arxiv_id}" if links.arxiv_url(paper.arxiv_id) else ""
    rows = [
        ("TY", kind),
        *(("AU", visible(names.inverted(name))) for name in paper.authors),
        ("TI", visible(paper.title)),
        ("T2", visible(paper.venue)),
        ("PY", str(paper.year or "")),
        ("DA", paper.published.strftime("%Y/%m/%d/") if paper.published else ""),
        ("DO", visible(paper.doi) if links.doi_url(paper.doi) else ""),
        ("M1", arxiv),
        ("UR", links.paper_url(paper)),
        ("N1", visible(f"{paper.status.value}. {paper.status_note}") if paper.status.value != "current" else ""),
    ]
    return [*((tag, value) for tag, value in rows if value), ("ER", "")]
