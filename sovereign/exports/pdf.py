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

from sovereign.citing.quotation import quotation
from sovereign.errors import PublishError
from sovereign.exports import citation, figures
from sovereign.exports.markup import visible
from sovereign.exports.story import Story
from sovereign.exports.untex import pieces
from sovereign.model import Report
from sovereign.readers.maths import readable

_TEMPLATE = "report/report.typ"
# How typst says that no font at hand has a sign (it only says so when an accessible PDF is asked for).
_NO_GLYPH = "could not be displayed"
# A run of right-to-left letters is closed off, so that a number or bracket beside a name stays where it belongs.
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff](?:[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\\s'-]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff])?"
)
_LONG_WORD = re.compile(r"[^\s\u200b]{28}(?=[^\s\u200b]{6})")


def pdf(report: Report, story: Story) -> bytes:
    """Give the report as one PDF; the moment in it is the report's date, not the clock's.

    The fonts inside the typst wheel draw Latin, Greek, Cyrillic, Hebrew and maths, so most reports look the same on every
    machine. Only a report with other scripts uses the machine's fonts; where those lack a sign too, the PDF says so. The
    first two are accessible PDFs (PDF/UA-1: tagged, titled, every sign readable), which the last cannot be.

    Raises:
        PublishError: typst refused for another reason.
    """
    data = _data(report, story)
    for is_portable in (True, False):
        try:
            return _compile(report, data, is_portable=is_portable, standards=["ua-1"])
        except typst.TypstError as error:
            if _NO_GLYPH not in str(error):
                why = f"{story.slug}: expected a PDF, but typst said: {error}"
                raise PublishError(why, tip="run again with --no-pdf; nothing else is lost") from error
    return _compile(report, data | {"lacks_signs": True}, is_portable=False, standards=[])


def _compile(report: Report, data: dict[str, Any], *, is_portable: bool, standards: list[Any]) -> bytes:
    made: bytes = typst.compile(
        resources.files("sovereign").joinpath("templates", _TEMPLATE).read_bytes(),
        format="pdf",
        sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
        ignore_system_fonts=is_portable,
        pdf_standards=standards,
        timestamp=int(datetime(report.date.year, report.date.month, report.date.day, tzinfo=UTC).timestamp()),
    )
    return made


def _data(report: Report, story: Story) -> dict[str, Any]:
    shown: dict[str, Any] = _breakable(asdict(story))
    # Addresses, ids and figures go in as they are: a break inside would change them.
    for kept, row in zip(story.rows, shown["rows"], strict=True):
        row |= {"id": kept.id, "link": kept.link}
        for heard, out in zip(kept.witnesses, row["witnesses"], strict=True):
            out["link"] = heard.link
    for (kept_rows, _), told in zip(story.agreements, shown["agreements"], strict=True):
        for agreed, out in zip(kept_rows, told[0], strict=True):
            out["id"] = agreed.id
    _word(story, shown)
    for side, out in zip(story.contradictions, shown["contradictions"], strict=True):
        out["row"] |= {"id": side.row.id, "link": side.row.link}
        for (heard, _, claim), against in zip(side.against, out["against"], strict=True):
            against[0]["link"] = heard.link
            against[2] = claim
        out["restated"] = [list(pair) for pair in side.restated]
    for line, out in zip(story.answer.lines, shown["answer"]["lines"], strict=True):
        for kept_said, said in zip(line.said, out["said"], strict=True):
            said |= {"claim": kept_said.claim, "link": kept_said.link}
    for paper, out in zip(story.references, shown["references"], strict=True):
        out |= {"arxiv_url": paper.arxiv_url, "doi_url": paper.doi_url, "url": paper.url}
    return shown | {
        "lacks_signs": False,
        "title_plain": visible(story.title),
        "year": report.date.year,
        "month": report.date.month,
        "day": report.date.day,
        "citation": _breakable(citation.cite(report, story.version).text),
        "figures": {
            "answer": figures.answer_figure(story) if story.titles.answer else "",
            "claims": figures.claims_figure(story),
            "flow": figures.flow_figure(story),
            "confidence": figures.confidence_figure(story),
        },
    }


def _word(story: Story, shown: dict[str, Any]) -> None:
    """Put the words of changed claims beside them as they may be quoted."""
    if story.changes is None:
        return
    for change, out in zip(story.changes.claims, shown["changes"]["claims"], strict=True):
        for name in ("before", "after"):
            if claim := getattr(change, name):
                out[name]["words"] = _breakable(quotation(claim.text, claim.quote.text))


def _breakable(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Give the value with every text visible, on one line, and with a place to break in words too long for a column."""
    if isinstance(value, str):
        isolated = _RIGHT_TO_LEFT.sub(lambda found: f"\u2068{found[0]}\u2069", _readable(_visible(value)))
        return _LONG_WORD.sub(lambda found: found[0] + "\u200b", isolated)
    if isinstance(value, dict):
        return {key: _breakable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_breakable(item) for item in value]
    return value


def _readable(text: str) -> str:
    r"""Give the text with each formula as a line of letters and signs: `$d \times 2$` is `d × 2`."""
    return "".join(_formula(piece) if is_formula else piece for piece, is_formula in pieces(text))


def _formula(tex: str) -> str:
    try:
        return readable(tex[1:-1]) or tex
    except ValueError:
        return tex


def _visible(text: str) -> str:
    """Give visible text, one space kept at each end that had white space: a quote is cut into runs."""
    body = visible(text)
    return (" " if text[:1].isspace() else "") + body + (" " if text[-1:].isspace() and body else "")
