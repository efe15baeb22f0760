"""The report as a PDF that looks like a paper, typeset by typst from its wheel; same report, same bytes.

The template is a file; everything a run found goes in as JSON through `sys.inputs`, so a paper's words are never typst markup.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import typst

from sovereign.exports import citation, figures
from sovereign.exports.markup import visible
from sovereign.exports.story import Story
from sovereign.model import Report

# What the fonts inside the typst wheel (Libertinus Serif, New Computer Modern, DejaVu Sans Mono) can draw: Latin, Greek, Cyrillic,
# Hebrew, punctuation, arrows, maths. Only a text that needs more looks at the machine's fonts, so that other reports do not depend on them.
_COVERED = re.compile("[\u0000-\u052f\u0590-\u05ff\u1e00-\u1fff\u2000-\u2bff\ufb00-\ufb4f\U0001d400-\U0001d7ff]*")
_LONG_WORD = re.compile(r"[^\s\u200b]{28}(?=[^\s\u200b]{6})")


def pdf(report: Report, story: Story) -> bytes:
    """Give the report as one PDF; the moment in it is the report's date, not the clock's."""
    data = _data(report, story)
    plain = json.dumps(data, ensure_ascii=False)
    made = typst.compile(
        resources.files("sovereign").joinpath("templates/report/report.typ").read_bytes(),
        format="pdf",
        sys_inputs={"report": plain},
        ignore_system_fonts=_COVERED.fullmatch(plain) is not None,
        timestamp=int(datetime(report.date.year, report.date.month, report.date.day, tzinfo=UTC).timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError(f"expected the bytes of one PDF, got {type(made).__name__}")
    return made


def _data(report: Report, story: Story) -> dict[str, Any]:
    shown: dict[str, Any] = _breakable(asdict(story))
    # Addresses, ids and figures go in as they are: a break inside would change them.
    for kept, row in zip(story.rows, shown["rows"], strict=True):
        row |= {"id": kept.id, "link": kept.link}
        for heard, out in zip(kept.witnesses, row["witnesses"], strict=True):
            out["link"] = heard.link
    for side, out in zip(story.contradictions, shown["contradictions"], strict=True):
        out["row"] |= {"id": side.row.id, "link": side.row.link}
        out["against"]["link"] = side.against.link
    for paper, out in zip(story.references, shown["references"], strict=True):
        out |= {"arxiv_url": paper.arxiv_url, "doi_url": paper.doi_url, "url": paper.url}
    return shown | {
        "title_plain": visible(story.title),
        "year": report.date.year,
        "month": report.date.month,
        "day": report.date.day,
        "citation": _breakable(citation.cite(report, story.version).text),
        "figures": {
            "claims": figures.claims_figure(story),
            "flow": figures.flow_figure(story),
            "confidence": figures.confidence_figure(story),
        },
    }


def _breakable(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Give the value with every text visible, on one line, and with a place to break in words too long for a column."""
    if isinstance(value, str):
        return _LONG_WORD.sub(lambda found: found[0] + "\u200b", visible_kept(value))
    if isinstance(value, dict):
        return {key: _breakable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_breakable(item) for item in value]
    return value


def visible_kept(text: str) -> str:
    """Give visible text, one space kept at each end that had white space: a quote is cut into runs."""
    body = visible(text)
    return (" " if text[:1].isspace() else "") + body + (" " if text[-1:].isspace() and body else "")
