"""Published reports held against themselves, and against the world as it is now.

Offline: everything that the record says follows from its evidence (derive.py), and the pages are what it gives, byte for byte.
Online: each quote still stands in its paper, and no paper was withdrawn or retracted since.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sovereign import foreign, record
from sovereign.adapters import plain_files
from sovereign.desk import derive, quotes
from sovereign.desk.derive import Wrong
from sovereign.desk.naming import REPORTS, is_slug
from sovereign.errors import UsageError
from sovereign.model import Claim, Event, Form, PaperStatus, Report
from sovereign.ports import Tell, Verifier, World, tell_nobody
from sovereign.steps import read
from sovereign.text import fold

_VERSION = re.compile(r"v([1-9][0-9]*)")


@dataclass(frozen=True, slots=True, order=True)
class Defect:
    """One thing that is wrong with a published version; subject is a paper's id, a claim's id, or empty."""

    slug: str
    version: int
    kind: Wrong
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Audited:
    """One published version, read, and what was found about it; unasked is what could not be looked at, in words."""

    slug: str
    version: int
    report: Report | None
    findings: tuple[Defect, ...] = ()
    unasked: tuple[str, ...] = ()


def versions(root: Path, wanted: Sequence[str] = ()) -> tuple[Audited, ...]:
    """Read every version of each report, or of those named by slug.

    Raises:
        UsageError: A named report is not there.
    """
    named = tuple(wanted) or slugs(root)
    return tuple(audited for slug in named for audited in _read(root / REPORTS / slug, is_wanted=bool(wanted)))


def slugs(root: Path) -> tuple[str, ...]:
    """Give the names of all reports, sorted; a folder without versions holds none."""
    folder = root / REPORTS
    return tuple(sorted(path.name for path in folder.iterdir() if _numbers(path))) if folder.is_dir() else ()


def _numbers(folder: Path) -> list[int]:
    found = (_VERSION.fullmatch(path.name) for path in folder.glob("v*")) if is_slug(folder.name) else ()
    return sorted(int(hit[1]) for hit in found if hit)


def _read(folder: Path, *, is_wanted: bool) -> Iterator[Audited]:
    numbers = _numbers(folder)
    if not numbers and is_wanted:
        raise UsageError(f"{folder}: expected a report with its versions, found none", tip="name a folder of site/reports")
    for number in numbers:
        path = folder / f"v{number}" / "record.json"
        try:
            yield Audited(folder.name, number, record.from_json(plain_files.text(path, record.MAX_BYTES), name=str(path)))
        except (UsageError, OSError, ValueError) as error:
            yield Audited(folder.name, number, None, (Defect(folder.name, number, Wrong.UNREADABLE, "", str(error)),))


def offline(item: Audited, verifier: Verifier | None) -> tuple[Defect, ...]:
    """Give what a version's record says against itself; the verifier is asked again only where it is the one of then."""
    found = derive.doubts(item.report, verifier) if item.report else ()
    return tuple(Defect(item.slug, item.version, doubt.kind, doubt.subject, doubt.detail) for doubt in found)


def whole(item: Audited, verifier: Verifier | None, pages: Callable[[Audited], tuple[Sequence[Defect], str]]) -> Audited:
    """Give the version with everything that can be found without the network, and in words what could not be looked at.

    Args:
        verifier: The program's own.
        pages: Renders the version again: what differs, and why it was not done where it was not.
    """
    report = item.report
    if report is None:
        return item
    differing, skipped = pages(item)
    unasked = [f"v{item.version}: its pages: {skipped}"] if skipped else []
    if verifier is None or not derive.is_same(report.verifier, verifier.card):
        name = f"{report.verifier.name} {report.verifier.version}" if report.verifier else "none took part"
        unasked.append(f"v{item.version}: its weights and verdicts: this program has another verifier ({name} then)")
    unasked.append(f"v{item.version}: whether each quote stands in its paper, unless --online is given")
    found = (*item.findings, *offline(item, verifier), *differing)
    return replace(item, findings=found, unasked=(*item.unasked, *unasked))


def online(item: Audited, world: World, tell: Tell = tell_nobody) -> Audited:
    """Give the version with what the world says now: texts fetched again, papers looked up by title."""
    report = item.report
    if report is None:
        return item
    found, unasked = list(item.findings), [why for why in item.unasked if "--online" not in why]
    read_in_full = {source.paper: source for source in report.sources if source.form is not Form.ABSTRACT}
    papers = [paper for paper in report.papers if paper.id in read_in_full]
    for number, (paper, fetched, _) in enumerate(world.fulltext.fetch(papers, tell=tell), start=1):
        tell(Event("audit", paper.title, number, len(papers)))
        document = read.read(paper, fetched, world.readers)
        claims = [claim for claim in report.draft.claims if claim.paper == paper.id]
        if document.form is Form.ABSTRACT:
            unasked.append(f"{paper.id}: its full text could not be had")
        else:
            is_same = document.sha256 == read_in_full[paper.id].document_sha256
            found += [_gone(item, claim) for claim in claims if not quotes.stands(claim.quote, document, is_same=is_same)]
    for paper in report.papers:
        now, why = quotes.known(paper, world, tell)
        unasked += [why] if why else []
        if now and now.status is not PaperStatus.CURRENT and paper.status is PaperStatus.CURRENT:
            note = fold(now.status_note) or "its source gives no reason"
            found.append(Defect(item.slug, item.version, Wrong.WITHDRAWN, paper.id, f"{paper.title}: {now.status}; {note}"))
    return Audited(item.slug, item.version, report, tuple(sorted(found)), tuple(unasked))


def _gone(item: Audited, claim: Claim) -> Defect:
    return Defect(item.slug, item.version, Wrong.QUOTE, claim.id, f"{claim.paper}: “{fold(claim.quote.text)}”")


def to_json(items: Sequence[Audited]) -> str:
    """Give the findings as JSON, for the job that may write."""
    return json.dumps([asdict(finding) for item in items for finding in item.findings], ensure_ascii=False, indent=1) + "\n"


def from_json(text: str) -> tuple[Defect, ...]:
    """Give the findings of `to_json`.

    Raises:
        UsageError: It is something else.
    """
    try:
        return tuple(map(_finding, foreign.read(text)))
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(f"findings: expected what `sovereign ci audit` wrote, got something else: {error}") from error


def _finding(item: Mapping[str, Any]) -> Defect:
    texts = {name: foreign.text(item[name]) for name in ("slug", "subject", "detail")}
    if not is_slug(texts["slug"]):
        raise ValueError(f"expected a slug, got {texts['slug']!r}")
    return Defect(**{**item, **texts, "version": foreign.whole(item["version"]), "kind": Wrong(item["kind"])})
