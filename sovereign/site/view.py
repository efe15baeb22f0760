"""One report page as the theme sees it: its state, and the tags that citation managers and search engines read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sovereign import record
from sovereign.adapters import plain_files
from sovereign.errors import PublishError, UsageError
from sovereign.exports import jsonld
from sovereign.site.desk import Desk
from sovereign.site.facts import ReportFacts, VersionFacts


@dataclass(frozen=True, slots=True)
class View:
    """What the theme shows around a report's Markdown.

    Attributes:
        uri: The page's source below the docs folder.
        is_superseded: Whether a newer version exists; false on the landing page.
    """

    uri: str
    report: ReportFacts
    version: VersionFacts
    is_landing: bool
    is_superseded: bool


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a report's page.

    Attributes:
        tags: Attribute, name and content of meta elements, to be escaped
            (`citation_*`: https://scholar.google.com/intl/en/scholar/inclusion.html).
        json_ld: A JSON-LD document that is safe inside a script element, or nothing.
    """

    tags: tuple[tuple[str, str, str], ...] = ()
    json_ld: str = ""


def views(desk: Desk) -> Mapping[str, View]:
    """Give the view of every landing page and every version page, by the page's source."""
    return {view.uri: view for report in desk.reports for view in _views(report)}


def _views(report: ReportFacts) -> Iterator[View]:
    yield _view(f"{report.folder}/index.md", report.latest, report)
    for version in report.versions:
        yield _view(f"{version.folder}/index.md", version, report)


def _view(uri: str, version: VersionFacts, report: ReportFacts) -> View:
    is_landing = uri == f"{report.folder}/index.md"
    return View(
        uri=uri,
        report=report,
        version=version,
        is_landing=is_landing,
        is_superseded=not is_landing and version is not report.latest,
    )


def head(view: View, docs: Path, desk: Desk) -> Head:
    """Give what citation managers and search engines read of a report; nothing for what is not to be cited: a draft, a withdrawn report.

    Raises:
        PublishError: The record cannot be read.
    """
    if view.version.is_draft or view.version.withdrawn:
        return Head()
    path = docs / view.version.folder / "record.json"
    try:
        report = record.from_json(plain_files.text(path, record.MAX_BYTES), name=str(path))
    except UsageError as error:
        raise PublishError(error.message, tip=error.tip) from error
    except ValueError as error:
        raise PublishError(f"{path}: expected the record of a report: {error}", tip="restore the folder from Git") from error
    told = jsonld.metadata(
        report,
        version=view.version.number,
        url=f"{desk.url}{view.version.folder}/" if desk.url else "",
        has_pdf=path.with_name("report.pdf").is_file(),
        has_rows=not view.is_landing,
    )
    return Head(tuple(told["meta"]), told["json_ld"])
