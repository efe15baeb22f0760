"""Report -> Pages: the version page, the landing page, the record, the figures and every other form, as bytes to publish.

The templates hold the words of the page and no logic beyond order; what they print comes from exports/story.py. Every value
that a template prints is escaped on its way out, by the environment: only what a filter of ours made safe is let through.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from html import escape as escape_html
from pathlib import PurePosixPath
from typing import Any

import jinja2
from markupsafe import Markup

from sovereign import record
from sovereign.citing.quotation import quotation
from sovereign.exports import bibtex, bundle, citation, csl, dataset, figures, jsonld, markup, pdf, ris, tables, untex
from sovereign.exports.answers import Told
from sovereign.exports.story import Story
from sovereign.exports.teller import tell
from sovereign.model import Action, Origin, Page, Report, Stance
from sovereign.text import counted

_ORIGINS = {
    Origin.EXTRACTED.value: "",
    Origin.MODEL.value: "Worded by the language model.",
    Origin.REVISED.value: "Re-worded in the revision.",
}
# From so many characters on, a headline is set smaller, so that it still fits a telephone's first screen.
_SIZES = ((560, "sv-longest"), (280, "sv-longer"), (130, "sv-long"))
_STANCES = {Stance.SUPPORTS.value: "supports it", Stance.REFUTES.value: "contradicts it", Stance.SILENT.value: "is silent"}


def compose(report: Report, *, version: int, earlier: Sequence[Report] = (), with_pdf: bool = True) -> tuple[Page, ...]:
    """Give every file of the report's folder that this version makes or changes, by path.

    Args:
        report: The report.
        version: Its number, from 1; its files lie in `v<version>/`.
        earlier: The reports of versions 1 to `version` - 1, in order; the landing page lists them, and says what changed.
        with_pdf: Whether to typeset the PDF too, which takes most of the time.

    Raises:
        ValueError: The number of earlier reports does not fit the version.
        PublishError: The PDF could not be typeset.
    """
    if len(earlier) != version - 1:
        raise ValueError(f"version {version}: expected {counted(version - 1, 'earlier report')}, got {len(earlier)}")
    told = tell(report, version=version, earlier=earlier[-1] if earlier else None)
    files = {
        "index.md": _page(report, told, has_pdf=with_pdf),
        "record.json": record.to_json(report),
        "references.bib": bibtex.bibtex(report.papers),
        "references.ris": ris.ris(report.papers),
        "references.json": csl.csl(report.papers),
        "claims.json": dataset.claims_json(report, version=version),
        "claims.csv": tables.claims_csv(report, told),
        "papers.csv": tables.papers_csv(report),
        **({"figures/answer.svg": figures.answer_figure(told)} if told.titles.answer else {}),
        "figures/claims.svg": figures.claims_figure(told),
        "figures/flow.svg": figures.flow_figure(told),
        "figures/confidence.svg": figures.confidence_figure(told),
    }
    made = [Page(PurePosixPath(path), text.encode("utf-8")) for path, text in files.items()]
    if with_pdf:
        made.append(Page(PurePosixPath("report.pdf"), pdf.pdf(report, told)))
    name = bundle.bundle_name(report, version)
    made.append(Page(PurePosixPath(name), bundle.bundle(made, name.removesuffix(".zip"))))
    landing = Page(PurePosixPath("index.md"), _landing(report, told, earlier, has_pdf=with_pdf).encode("utf-8"))
    return (landing, *(Page(PurePosixPath(f"v{version}") / page.path, page.content) for page in made))


def _page(report: Report, told: Story, *, has_pdf: bool) -> str:
    return _render(
        "version.md.j2",
        story=told,
        has_pdf=has_pdf,
        front_matter=Markup(_front_matter(report, told)),  # noqa: S704 - JSON strings, no markup
        citation=citation.cite(report, told.version),
        bundle_name=bundle.bundle_name(report, told.version),
        origins=_ORIGINS,
        stances=_STANCES,
        claim_base="",
        earlier_base=f"../v{told.earlier_version}/index.md",
    )


def _landing(report: Report, told: Story, earlier: Sequence[Report], *, has_pdf: bool) -> str:
    """Give the landing page: the newest version's abstract, all versions, and what changed from each to the next."""
    every = [*earlier, report]
    versions = [
        {
            "number": number,
            "date": item.date.isoformat(),
            "claims": len(item.draft.claims),
            "verified": item.verified,
            "score": "no score" if item.tribunal.last.consensus is None else f"{item.tribunal.last.consensus:.1f} of 10",
            "action": "every rule held" if item.decision.action is Action.AUTO_APPROVE else "for its owner to decide",
        }
        for number, item in enumerate(every, 1)
    ]
    retold = [tell(every[at], version=at + 1, earlier=every[at - 1]) for at in range(1, len(every))]
    return _render(
        "landing.md.j2",
        story=told,
        has_pdf=has_pdf,
        front_matter=Markup(_front_matter(report, told, is_landing=True)),  # noqa: S704 - as above
        bundle_name=bundle.bundle_name(report, told.version),
        versions=versions[::-1],
        told=[(item, f"v{item.version}/index.md", f"v{item.earlier_version}/index.md") for item in retold[::-1]],
    )


def _front_matter(report: Report, told: Story, *, is_landing: bool = False) -> str:
    """Give the YAML head, one JSON value a line (YAML reads JSON), and no more than is needed: GitHub shows it above the answer."""
    values: dict[str, Any] = {
        "title": markup.visible(told.title),
        "description": jsonld.short(told.answer.headline),
        "date": told.date,
        "tags": [markup.visible(tag) for tag in told.tags],
    }
    if is_landing:
        values["goal"] = report.goal.asked_sha256
    return "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items())


# --- Templates ---------------------------------------------------------------------------------------------------


def _render(template: str, **values: object) -> str:
    """Give the filled template: no more than one blank line in a row, no white space at line ends, one newline last."""
    text = _environment().get_template(template).render(**values)
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip("\n") + "\n"


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("sovereign", "templates/report"),
        autoescape=True,
        finalize=_escaped,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "maths": lambda text: Markup(untex.escape_shown(text.strip())),  # noqa: S704 - escaped there
        "marked": _marked,
        "quoted": lambda text: f"“{untex.shown(text)}”",
        "plain": Markup,  # for the program's own words only
        "attr_url": lambda url: Markup(escape_html(url)),  # noqa: S704 - links.py percent-encodes it
        "pre": lambda text: Markup(escape_html(text)),  # noqa: S704 - made visible where it was written; <pre> holds no Markdown
        "headline_class": headline_class,
        "words": lambda claim: quotation(claim.text, claim.quote.text),
        "two": lambda value: f"{value:.2f}",
        "label": lambda claim, told: next((row.label for row in told.rows if row.id == claim), claim),
    }
    return environment


def headline_class(answer: Told) -> str:
    """Give the classes of the answer: how long it is, and whether words of papers stand in it, which are set lighter than its own."""
    size = next((name for least, name in _SIZES if len(answer.headline) > least), "")
    return " ".join(name for name in ("sv-headline", size, "sv-voiced" if answer.voices else "") if name)


def _escaped(value: object) -> object:
    """Escape every text that a template prints, unless a filter has already made it safe."""
    return Markup(markup.escape(value)) if isinstance(value, str) and not isinstance(value, Markup) else value  # noqa: S704


def _marked(runs: Sequence[tuple[str, bool]]) -> Markup:
    """Give a quote with its matching numbers in <mark>; white space between the runs is kept."""
    parts = []
    for text, is_marked in runs:
        shown = untex.escape_shown(text)
        parts.append(f"<mark>{shown}</mark>" if is_marked else shown)
    return Markup("".join(parts).strip())  # noqa: S704 - each part is escaped
