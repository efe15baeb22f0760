"""A report to its place below site/reports: the version it gets, its pages, written whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sovereign import record
from sovereign.adapters.site_dir import SiteDir
from sovereign.model import Event, Report
from sovereign.ports import Tell
from sovereign.text import counted


@dataclass(frozen=True, slots=True)
class Published:
    """Where a report now stands; is_same when the very same report stood there before and nothing was written."""

    report: Report
    folder: Path
    version: int
    is_same: bool

    @property
    def page(self) -> Path:
        """The report's Markdown page."""
        return self.folder / "index.md"


def publish(report: Report, place: SiteDir, tell: Tell, *, with_pdf: bool = True) -> Published:
    """Give the place of the report after writing it, all files or none.

    Raises:
        PublishError: The folder could not be written, or an earlier version there is damaged.
    """
    slug = report.goal.slug
    slot = place.slot(slug, record.to_json(report))
    folder = place.root / slug / f"v{slot.version}"
    if slot.is_same:
        tell(Event("report", f"{folder}: the same report stands there already", 1, 1))
        return Published(report, folder, slot.version, is_same=True)
    from sovereign.exports import pages as report_step  # loads the templates: only who writes a report waits for that

    earlier = [record.from_json(text) for text in slot.earlier]
    pages = report_step.compose(report, version=slot.version, earlier=earlier, with_pdf=with_pdf)
    place.publish(slug, pages)
    tell(Event("report", f"{counted(len(pages), 'file')} written to {folder}", len(pages), len(pages)))
    return Published(report, folder, slot.version, is_same=False)
