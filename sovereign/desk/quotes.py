"""Whether the quotes of a result stand in their papers: the papers are fetched anew, by a job that did not make the result.

A record can be forged so that all of it follows from itself, but what a paper says is not the forger's to write. So before a report may
land by itself, a job of its own looks each paper up by its title, fetches it from the address that its source names, never from one that
the record names, and looks for every passage that the record rests on. It holds no right to write. The writer takes its word from the
workflow (an output of the job, which no other job can set), bound to the very record by its hash. What was not found, and what could not
be looked for, brings the report before its owner; nothing is lost for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sovereign import foreign, record
from sovereign.adapters import plain_files
from sovereign.desk.naming import is_slug
from sovereign.desk.results import RECORD
from sovereign.errors import OutsideError, UsageError
from sovereign.exports import account
from sovereign.model import Document, Event, Form, Paper, PaperStatus, Passage, Query, Report, Source, text_sha256
from sovereign.ports import Tell, World, tell_nobody
from sovereign.steps import read
from sovereign.text import counted, fold, locate, normal_title

NOT_LOOKED = "no job has looked for its quotes in the papers again"
OTHER_RECORD = "the record is not the one whose quotes were looked for"
MAX_TOLD = 8
"""So many things are said of one report; the rest is counted."""
MAX_OUTPUT_BYTES = 100_000
"""An output reaches the writer in one variable, of which Linux takes 128 KiB (execve(2), MAX_ARG_STRLEN)."""
_MAX_WHY_CHARS = 400
_MAX_SHOWN_CHARS = 240
_FOUND_PER_TITLE = 10


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of one report's quotes.

    Attributes:
        record: The hash of the record that was looked at.
        stand: How many passages were found again.
        doubts: What was not found, or could not be looked for, in words; empty where every passage stands.
    """

    record: str
    stand: int
    doubts: tuple[str, ...] = ()


def looked(report: Report, world: World, has_time: Callable[[], bool], tell: Tell = tell_nobody) -> Looked:
    """Fetch every paper that the record rests on, and look for each of its passages.

    Args:
        has_time: Whether there is time for one more paper; what is left then counts as not looked for.
    """
    wanted = _passages(report)
    papers, names = {paper.id: paper for paper in report.papers}, account.short_names(report.papers)
    read_as = {source.paper: source for source in report.sources}
    stand, doubts = 0, [f"{paper_id}: no paper of the report" for paper_id in wanted.keys() - papers.keys()]
    for number, paper_id in enumerate(sorted(wanted.keys() & papers.keys()), start=1):
        paper, passages = papers[paper_id], wanted[paper_id]
        name = names[paper_id] or paper_id
        tell(Event("quotes", paper.title, number, len(wanted)))
        document, why = _document(paper, read_as.get(paper_id), world, tell) if has_time() else (None, "there was no time left")
        if document is None:
            doubts.append(f"{name}: {counted(len(passages), 'passage')} could not be looked for: {_short(why)}")
            continue
        is_same = document.sha256 == read_as[paper_id].document_sha256
        gone = [passage for passage in passages if not stands(passage, document, is_same=is_same)]
        stand += len(passages) - len(gone)
        doubts += [f"{name} does not say {_worded(passage)}" for passage in gone]
    return Looked(record_hash(report), stand, tuple(_told(doubts)))


def _told(doubts: Sequence[str]) -> Iterator[str]:
    yield from doubts[:MAX_TOLD]
    if len(doubts) > MAX_TOLD:
        yield f"and {len(doubts) - MAX_TOLD} more"


def _short(why: str) -> str:
    return why if len(why) <= _MAX_WHY_CHARS else why[:_MAX_WHY_CHARS] + "…"


def _worded(passage: Passage) -> str:
    """Give a passage in its words, or where they are many, by its place: an output of a job holds little, and nothing is cut."""
    words = fold(passage.text)
    return f"“{words}”" if len(words) <= _MAX_SHOWN_CHARS else f"what is quoted at its characters {passage.start:,} to {passage.end:,}"


def _passages(report: Report) -> dict[str, tuple[Passage, ...]]:
    """Give the passages that a record rests on, by paper: what its claims quote, and what bears them out or denies them."""
    heard = [witness.passage for evidence in report.draft.evidence for witness in evidence.witnesses]
    found: dict[str, dict[Passage, None]] = {}
    for passage in [*(claim.quote for claim in report.draft.claims), *heard]:
        found.setdefault(passage.paper, {})[passage] = None
    return {paper: tuple(passages) for paper, passages in found.items()}


def _document(paper: Paper, source: Source | None, world: World, tell: Tell) -> tuple[Document | None, str]:
    """Read a paper as its own source has it now; None and why where that is not to be had."""
    if source is None:
        return None, "the record names no text of it"
    try:
        now, why = known(paper, world, tell)
    except OutsideError as error:
        return None, error.message
    if now is None:
        return None, why
    # The version is the one that was read; every other word is the source's own, its addresses too.
    version = paper.arxiv_id if now.arxiv_base == paper.arxiv_base else now.arxiv_id
    there = replace(now, id=paper.id, arxiv_id=version)
    if source.form is Form.ABSTRACT:
        return read.read(there, (), world.readers), ""
    ((_, fetched, gaps),) = tuple(world.fulltext.fetch([there], tell=tell))
    document = read.read(there, fetched, world.readers)
    if document.form is Form.ABSTRACT:
        return None, gaps[0].why if gaps else "its full text could not be had"
    return document, ""


def stands(passage: Passage, document: Document, *, is_same: bool) -> bool:
    """Whether a passage stands in a text: at its place, where it is the very text that was read; anywhere in another one."""
    return document.text[passage.start : passage.end] == passage.text if is_same else locate(passage.text, document.text) is not None


def known(paper: Paper, world: World, tell: Tell) -> tuple[Paper | None, str]:
    """Look a paper up by the words of its title; nothing and why where no source knows it."""
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


# --- Handed from the job that looks to the job that writes ---


def record_hash(report: Report) -> str:
    """Give the hash of a report's record, whole."""
    return text_sha256(record.to_json(report))


def handed_over(folder: Path) -> Report | None:
    """Give the report of a result as it was handed over, unchecked; None where there is none that can be read: the writer says why."""
    path = folder / RECORD
    try:
        return None if path.is_symlink() else record.from_json(plain_files.text(path, record.MAX_CHARS))
    except (UsageError, OSError, ValueError):
        return None


def to_json(found: Mapping[str, Looked]) -> str:
    """Give the word for the writer, on one line that fits into a variable: where much is missing, less of it is said, and never nothing."""
    for at_most in range(MAX_TOLD + 1, -1, -1):
        told = _json({slug: replace(item, doubts=_fewer(item.doubts, at_most)) for slug, item in found.items()})
        if len(told.encode()) <= MAX_OUTPUT_BYTES:
            break
    return told


def _fewer(doubts: tuple[str, ...], at_most: int) -> tuple[str, ...]:
    return doubts if len(doubts) <= at_most else (*doubts[:at_most], "and more: see the log of the run")


def _json(found: Mapping[str, Looked]) -> str:
    return json.dumps(
        {slug: {"record": item.record, "stand": item.stand, "doubts": item.doubts} for slug, item in found.items()}, ensure_ascii=False
    )


def from_json(text: str) -> dict[str, Looked]:
    """Give what `to_json` wrote; nothing at all where it is anything else, so that every report goes before its owner."""
    try:
        told = foreign.read(text) if text.strip() else {}
        return {foreign.text(slug): _looked(item) for slug, item in told.items() if is_slug(slug)}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def _looked(item: Mapping[str, object]) -> Looked:
    doubts = item["doubts"]
    if not isinstance(doubts, list):
        raise TypeError("expected a list of doubts")
    return Looked(foreign.text(item["record"]), foreign.whole(item["stand"]), tuple(map(foreign.text, doubts)))


def doubts(found: Mapping[str, Looked], report: Report) -> tuple[str, ...]:
    """Give why a report's quotes are no reason to publish it by itself; nothing where all of them stand."""
    item = found.get(report.goal.slug)
    if item is None:
        return (NOT_LOOKED,)
    return item.doubts if item.record == record_hash(report) else (OTHER_RECORD,)
