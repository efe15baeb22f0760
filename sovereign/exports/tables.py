"""Claims and papers as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from sovereign.exports import account
from sovereign.exports.markup import visible
from sovereign.exports.story import Story
from sovereign.model import Report

_CLAIM_HEAD = (
    *("id", "label", "claim", "grade", "verdict", "verified", "confidence"),
    *("supported", "insufficient", "refuted"),
    *("in_findings", "paper", "reference", "arxiv_id", "doi"),
    *("section", "page", "start", "end", "quote", "document_sha256", "origin", "checks", "link"),
)

_FORMULA = re.compile(r"(^|[;\t|\r\n])([ \u00a0\"']*+)(?=[=+\-@＝＋－＠])")  # wide signs are formulas too


def claims_csv(report: Report, story: Story) -> str:
    """Give one line a claim, best first: words, verdict, probabilities, place of the quote."""
    papers = {paper.id: paper for paper in report.papers}
    rows = []
    for claim, item, row in zip(report.draft.claims, report.draft.evidence, story.rows, strict=True):
        paper, odds = papers.get(claim.paper), item.probabilities
        checks = "; ".join(f"{check.name}: {account.check_result(check)}" for check in item.checks)
        rows.append(
            (
                *(
                    claim.id,
                    row.label,
                    claim.text,
                    row.grade,
                    item.verdict.value,
                    "yes" if item.is_verified else "no",
                    _number(item.confidence),
                ),
                *((_number(odds.supported), _number(odds.insufficient), _number(odds.refuted)) if odds else ("", "", "")),
                *("yes" if claim.id in report.draft.cited else "no", claim.paper, row.number or ""),
                *((paper.arxiv_id, paper.doi) if paper else ("", "")),
                *(claim.quote.section, claim.quote.page or "", claim.quote.start, claim.quote.end, claim.quote.text),
                *(claim.document_sha256, claim.origin.value, checks, row.link),
            )
        )
    return _csv(_CLAIM_HEAD, rows)


def papers_csv(report: Report) -> str:
    """Give one line a paper that was found: what became of it and why, in the order of the record."""
    rows = ((fate.paper, fate.title, fate.stage.value, fate.reason, _number(fate.score)) for fate in report.fates)
    return _csv(("paper", "title", "stage", "reason", "relevance"), rows)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def _csv(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([cell if isinstance(cell, int) else _guard(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def _guard(text: str) -> str:
    """Give a cell that no spreadsheet takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection).

    Where a spreadsheet parts cells at semicolons or tabs, as in much of Europe, what follows one inside our cell is a cell of its own.
    """
    return _FORMULA.sub(r"\1\2'", visible(text))
