"""What a BibTeX file in a folder of papers says of them: whether an entry is about a paper, and the paper with what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from sovereign.citing.bibliography import Entry, withdrawal_note
from sovereign.citing.identifiers import arxiv_base, arxiv_id, doi
from sovereign.model import Gap, GapKind, Paper, PaperStatus
from sovereign.text import normal_title


def is_about(entry: Entry, paper: Paper, paths: Sequence[PurePosixPath], start: str) -> bool:
    """Whether a BibTeX entry describes this work: its file, arXiv number, key as file name, or its title at the text's start."""
    named = entry.fields.get("file", "")
    if any(path.as_posix() in named or path.stem == entry.key for path in paths):
        return True
    number = arxiv_id(" ".join(entry.fields.get(name, "") for name in ("eprint", "url", "journal", "doi", "note")))
    if number and paper.arxiv_id:
        return arxiv_base(number) == arxiv_base(paper.arxiv_id)
    title = normal_title(entry.fields.get("title", ""))
    return len(title) > 12 and (title == normal_title(paper.title) or title in normal_title(start))


def completed(paper: Paper, entry: Entry) -> Paper:
    """Give the paper with what the BibTeX entry says; the entry was written by a person and goes first."""
    fields = entry.fields
    number = paper.arxiv_id or arxiv_id(" ".join(fields.get(name, "") for name in ("eprint", "url", "doi")))
    note = withdrawal_note(" ".join((fields.get("note", ""), fields.get("comment", ""))))
    struck = PaperStatus.RETRACTED if "retract" in note.casefold() else PaperStatus.WITHDRAWN
    return replace(
        paper,
        id=f"arxiv:{number}" if number else paper.id,
        arxiv_id=number,
        title=fields.get("title") or paper.title,
        authors=entry.authors or paper.authors,
        abstract=paper.abstract or fields.get("abstract", ""),
        published=entry.published or paper.published,
        doi=doi(fields.get("doi", "")) or paper.doi,
        url=fields.get("url", "") or (f"https://arxiv.org/abs/{number}" if number else paper.url),
        venue=entry.venue or paper.venue,
        comment=fields.get("note", ""),
        status=struck if note else paper.status,
        status_note=note or paper.status_note,
    )


def unread(paper: Paper, newest: int | None = None) -> tuple[Gap, ...]:
    """Give a Gap for what was not read of a paper, its authors or its year: that nobody found them does not mean that it has none.

    Args:
        newest: The year of the newest work that it cites; that it is not older is no date, and is told.
    """
    missed = [name for name, had in (("authors", paper.authors), ("year", paper.published)) if not had]
    if not missed:
        return ()
    verb = "were" if len(missed) > 1 or missed == ["authors"] else "was"
    bound = f" (the newest work that it cites is of {newest}, so it is not older)" if newest and not paper.published else ""
    return (
        Gap("read", paper.id, f"its {' and '.join(missed)} {verb} not read{bound}; a .bib file beside it can say them", GapKind.MISSING),
    )
