"""What a BibTeX file in a folder of papers says of them: whether an entry is about a paper, and the paper with what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from sovereign.citing.bibliography import Entry, withdrawal_note
from sovereign.citing.identifiers import arxiv_base, arxiv_id, doi
from sovereign.model import Gap, GapKind, Paper, PaperStatus
from sovereign.text import normal_title


class Library:
    """The entries of a folder's BibTeX files; what they are found by is worked out once, and not again for each paper."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._known = [(entry, _number(entry), normal_title(entry.fields.get("title", ""))) for entry in entries]

    def about(self, paper: Paper, paths: Sequence[PurePosixPath], start: str) -> Entry | None:
        """Give the first entry that describes this work: its file, arXiv number, key as file name, or its title at the text's start."""
        title, begins = normal_title(paper.title), normal_title(start)
        base = arxiv_base(paper.arxiv_id) if paper.arxiv_id else ""
        names, stems = [path.as_posix() for path in paths], {path.stem for path in paths}
        for entry, number, called in self._known:
            filed = entry.fields.get("file", "")
            if entry.key in stems or (filed and any(name in filed for name in names)):
                return entry
            if number and base:
                if number == base:
                    return entry
            elif len(called) > 12 and (called == title or called in begins):
                return entry
        return None


def _number(entry: Entry) -> str:
    found = arxiv_id(" ".join(entry.fields.get(name, "") for name in ("eprint", "url", "journal", "doi", "note")))
    return arxiv_base(found) if found else ""


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
    verb, they = ("were", "them") if len(missed) > 1 or missed == ["authors"] else ("was", "it")
    bound = f" (the newest work that it cites is of {newest}, so it is not older)" if newest and not paper.published else ""
    return (
        Gap("read", paper.id, f"its {' and '.join(missed)} {verb} not read{bound}; a .bib file beside it can say {they}", GapKind.MISSING),
    )
