"""Published reports held against themselves, and against the world as it is now.

Offline: the policy still decides what the record says, every quote belongs to a source of the report, and the verifier weighs every heard
passage as it did. Online: each quote still stands in its paper, and no paper was withdrawn or retracted since.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sovereign import foreign, record
from sovereign.adapters import plain_files
from sovereign.desk.naming import REPORTS, is_slug
from sovereign.desk.results import docket
from sovereign.errors import UsageError
from sovereign.model import Claim, Event, Evidence, Form, Paper, PaperStatus, Probabilities, Query, Report
from sovereign.ports import Tell, Verifier, World, tell_nobody
from sovereign.steps import policy, read
from sovereign.steps.verify import standing
from sovereign.text import fold, locate, normal_title

_VERSION = re.compile(r"v([1-9][0-9]*)")
# Two machines round the same network's answer differently by less than this.
_SAME = 0.02
_FOUND_PER_TITLE = 10


class Kind(StrEnum):
    """What is wrong."""

    DECISION = "the policy decides otherwise"
    SOURCE = "a quote belongs to no source of the report"
    VERDICT = "the verifier weighs a passage otherwise"
    QUOTE = "a quote no longer stands in its paper"
    WITHDRAWN = "a paper was withdrawn or retracted"
    UNREADABLE = "the record cannot be read"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong with a published version; subject is a paper's id, a claim's id, or empty."""

    slug: str
    version: int
    kind: Kind
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Audited:
    """One published version, read, and what was found about it; unasked is what could not be looked at, in words."""

    slug: str
    version: int
    report: Report | None
    findings: tuple[Finding, ...] = ()
    unasked: tuple[str, ...] = ()


def newest(root: Path, wanted: Sequence[str] = ()) -> tuple[Audited, ...]:
    """Read the newest version of each report, or of those named by slug.

    Raises:
        UsageError: A named report is not there.
    """
    folder = root / REPORTS
    slugs = list(wanted) or sorted(path.name for path in folder.iterdir() if is_slug(path.name)) if folder.is_dir() or wanted else []
    return tuple(audited for slug in slugs for audited in _read(folder / slug, is_wanted=bool(wanted)))


def _read(folder: Path, *, is_wanted: bool) -> Iterator[Audited]:
    numbers = [int(found[1]) for path in folder.glob("v*") if (found := _VERSION.fullmatch(path.name))] if is_slug(folder.name) else []
    if not numbers:
        if is_wanted:
            raise UsageError(f"{folder}: expected a report with its versions, found none", tip="name a folder of site/reports")
        return
    path = folder / f"v{max(numbers)}" / "record.json"
    try:
        yield Audited(folder.name, max(numbers), record.from_json(plain_files.text(path, record.MAX_BYTES), name=str(path)))
    except (UsageError, OSError, ValueError) as error:
        finding = Finding(folder.name, max(numbers), Kind.UNREADABLE, "", str(error))
        yield Audited(folder.name, max(numbers), None, (finding,))


def offline(item: Audited, verifier: Verifier | None) -> tuple[Finding, ...]:
    """Give what a version's record says against itself; the verifier is asked again only where it is the one of then."""
    report = item.report
    if report is None:
        return ()
    found = [*_decision(item, report), *_sources(item, report)]
    if verifier and report.verifier and (verifier.card.name, verifier.card.version) == (report.verifier.name, report.verifier.version):
        found += _verdicts(item, report, verifier)
    return tuple(found)


def _decision(item: Audited, report: Report) -> Iterator[Finding]:
    decided = policy.decide(docket(report))
    if decided.action is not report.decision.action:
        yield Finding(
            item.slug, item.version, Kind.DECISION, "", f"the record says {report.decision.action}, the rules give {decided.action}"
        )


def _sources(item: Audited, report: Report) -> Iterator[Finding]:
    hashes = {source.paper: source.document_sha256 for source in report.sources}
    for claim in report.draft.claims:
        if hashes.get(claim.paper) != claim.document_sha256:
            yield Finding(item.slug, item.version, Kind.SOURCE, claim.id, f"{claim.paper}: no source of the report has this text")


def _verdicts(item: Audited, report: Report, verifier: Verifier) -> Iterator[Finding]:
    heard = [(claim, evidence) for claim, evidence in zip(report.draft.claims, report.draft.evidence, strict=True) if evidence.witnesses]
    pairs = [(fold(claim.text), fold(witness.passage.text)) for claim, evidence in heard for witness in evidence.witnesses]
    weighed = iter(verifier.weigh(pairs))
    for claim, evidence in heard:
        now = [next(weighed) for _ in evidence.witnesses]
        if any(not _agree(witness.probabilities, p) for witness, p in zip(evidence.witnesses, now, strict=True)):
            yield Finding(item.slug, item.version, Kind.VERDICT, claim.id, _compared(evidence, now))


def _agree(then: Probabilities | None, now: Probabilities) -> bool:
    if then is None:
        return True
    return any(abs(then.supported - p.supported) <= _SAME and abs(then.refuted - p.refuted) <= _SAME for p in (now, standing(now)))


def _compared(evidence: Evidence, now: Sequence[Probabilities]) -> str:
    then = ", ".join("–" if w.probabilities is None else f"{w.probabilities.supported:.2f}" for w in evidence.witnesses)
    return f"supported: {then} in the record, {', '.join(f'{p.supported:.2f}' for p in now)} now"


def online(item: Audited, world: World, tell: Tell = tell_nobody) -> Audited:
    """Give the version with what the world says now: texts fetched again, papers looked up by title."""
    report = item.report
    if report is None:
        return item
    found, unasked = list(item.findings), list(item.unasked)
    read_in_full = {source.paper: source for source in report.sources if source.form is not Form.ABSTRACT}
    papers = [paper for paper in report.papers if paper.id in read_in_full]
    for number, (paper, fetched, _) in enumerate(world.fulltext.fetch(papers, tell=tell), start=1):
        tell(Event("audit", paper.title, number, len(papers)))
        document = read.read(paper, fetched, world.readers)
        claims = [claim for claim in report.draft.claims if claim.paper == paper.id]
        if document.form is Form.ABSTRACT:
            unasked.append(f"{paper.id}: its full text could not be had")
        elif document.sha256 != read_in_full[paper.id].document_sha256:
            found += [_gone(item, claim) for claim in claims if locate(claim.quote.text, document.text) is None]
    for paper in report.papers:
        now, why = _status(paper, world, tell)
        unasked += [why] if why else []
        if now and now.status is not PaperStatus.CURRENT and paper.status is PaperStatus.CURRENT:
            note = fold(now.status_note) or "its source gives no reason"
            found.append(Finding(item.slug, item.version, Kind.WITHDRAWN, paper.id, f"{paper.title}: {now.status}; {note}"))
    return Audited(item.slug, item.version, report, tuple(sorted(found)), tuple(unasked))


def _gone(item: Audited, claim: Claim) -> Finding:
    return Finding(item.slug, item.version, Kind.QUOTE, claim.id, f"{claim.paper}: “{fold(claim.quote.text)}”")


def _status(paper: Paper, world: World, tell: Tell) -> tuple[Paper | None, str]:
    """Look a paper up by the words of its title; nothing and why where it cannot be found."""
    words = normal_title(paper.title)
    names = [name for name in world.sources if name != "folder"]
    if not words or not names:
        return None, f"{paper.id}: it cannot be looked up"
    query = Query("audit", all_of=((words,),), why="is it still there?")
    for name in names:
        (found,) = world.sources[name].search([query], limit=_FOUND_PER_TITLE, tell=tell)
        same = [other for other in found.papers if _is_same(paper, other)]
        if same:
            return max(same, key=lambda other: other.status is not PaperStatus.CURRENT), ""
    return None, f"{paper.id}: no source knows it now"


def _is_same(one: Paper, other: Paper) -> bool:
    if one.arxiv_base and other.arxiv_base:
        return one.arxiv_base == other.arxiv_base
    if one.doi and other.doi:
        return one.doi.casefold() == other.doi.casefold()
    return normal_title(one.title) == normal_title(other.title)


def to_json(items: Sequence[Audited]) -> str:
    """Give the findings as JSON, for the job that may write."""
    return json.dumps([asdict(finding) for item in items for finding in item.findings], ensure_ascii=False, indent=1) + "\n"


def from_json(text: str) -> tuple[Finding, ...]:
    """Give the findings of `to_json`.

    Raises:
        UsageError: It is something else.
    """
    try:
        return tuple(map(_finding, foreign.read(text)))
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(f"findings: expected what `sovereign ci audit` wrote, got something else: {error}") from error


def _finding(item: Mapping[str, Any]) -> Finding:
    texts = {name: foreign.text(item[name]) for name in ("slug", "subject", "detail")}
    if not is_slug(texts["slug"]):
        raise ValueError(f"expected a slug, got {texts['slug']!r}")
    return Finding(**{**item, **texts, "version": foreign.whole(item["version"]), "kind": Kind(item["kind"])})
