"""How to cite a report, and the desk that wrote it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sovereign.exports import bibtex
from sovereign.model import Report


@dataclass(frozen=True, slots=True)
class Citation:
    """The report's own citation, as a line of text and as BibTeX; neither is escaped for a page."""

    text: str
    bibtex: str


def cite(report: Report, version: int) -> Citation:
    """Give how this version of a report is cited. There is no address in it: where a desk is published is the desk's affair."""
    line = (
        f"SOVEREIGN Research Kernel ({report.date.year}). {report.goal.question} Automated evidence report “{report.goal.slug}”, "
        f"version {version}, {report.date.isoformat()}."
    )
    return Citation(line, bibtex.report_entry(report, version))


def citation_cff(title: str) -> str:
    """Give a CITATION.cff for a desk (https://citation-file-format.github.io/, 1.2.0).

    Values are written as JSON strings, which YAML reads as they are, so no title can break the file.
    """
    rows = {
        "cff-version": "1.2.0",
        "message": "If you use a report of this desk, please cite the report's own page, which names its version.",
        "type": "dataset",
        "title": title,
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in rows.items()]
    return "\n".join([*lines, "authors:", '  - name: "SOVEREIGN Research Kernel"', ""])
