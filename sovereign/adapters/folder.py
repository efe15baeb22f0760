"""A folder of papers as a source and as full text: PDF, HTML, LaTeX (folder, file, archive), with or without a BibTeX file.

Several files of one work are one Paper: the same arXiv number or the same title. Links are not followed, hidden files not read, and
nothing leaves the folder. What is no paper is a Gap, so nobody wonders where a file went.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from sovereign.abreast import abreast
from sovereign.adapters import folder_items, plain_files
from sovereign.adapters.folder_front import abstract, authors
from sovereign.adapters.folder_items import Item
from sovereign.adapters.folder_library import Library, completed, unread
from sovereign.citing import dates
from sovereign.citing.bibliography import Entry, entries, withdrawal_note
from sovereign.citing.identifiers import arxiv_base, arxiv_id, arxiv_month, arxiv_version
from sovereign.errors import UsageError
from sovereign.language.legibility import legible_title
from sovereign.model import Document, Event, Form, Gap, GapKind, Hit, Paper, PaperStatus, Query
from sovereign.ports import Archive, Fetched, Found, Reader, Tell, tell_nobody
from sovereign.text import counted, normal_title

MAX_FILE_BYTES = 128 << 20
MAX_READ_BYTES = 16 << 30
"""Of all files together: each is read to be told from the others."""
MAX_FOLDER_BYTES = 128 << 20
MAX_FILES = 20_000
MAX_LIBRARY_BYTES = 64 << 20

_PAGES = (".html", ".htm", ".xhtml", ".xml", ".nxml")
_FORMS = {".pdf": Form.PDF, ".tex": Form.LATEX, ".ltx": Form.LATEX, **dict.fromkeys(_PAGES, Form.HTML)}
_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".gz", ".zip")
_LATEX_PARTS = frozenset((".tex", ".ltx", ".bbl", ".bib", ".sty", ".cls", ".clo", ".def", ".txt", ".inc", ".tikz"))
_LATEX_WASTE = frozenset((".sty", ".cls", ".clo", ".bst", ".aux", ".log", ".out", ".bbl", ".bib"))
_FIGURES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".svg", ".eps"))
_DATA = frozenset((".csv", ".json", ".jsonl", ".yaml", ".yml"))
_SILENT = _LATEX_WASTE | _FIGURES | _DATA
_ORDER = (Form.LATEX, Form.HTML, Form.PDF)
_STAMP = re.compile(r"arXiv:\s*(\S+)")


@dataclass(frozen=True, slots=True)
class _Work:
    """One work: its Paper and the items that hold it, best form first."""

    paper: Paper
    items: tuple[Item, ...]


class FolderSource:
    """A folder of papers; both a PaperSource and a FullText.

    Args:
        root: The folder.
        archive: Opens archives (readers/archive.py has this shape).
        readers: One reader per form; used to find titles and abstracts.
        read_at_once: How many papers the readers may be given side by side.

    Raises:
        UsageError: The folder is missing, is no folder, or holds no paper.
    """

    name = "folder"

    def __init__(self, root: Path, *, archive: Archive, readers: Mapping[Form, Reader], read_at_once: int = 1) -> None:
        if not plain_files.is_folder(root):
            raise UsageError(f"expected a folder of papers, got {root}", tip="give --papers a folder that holds PDF, HTML or LaTeX files")
        self._root = root
        self._archive = archive
        self._readers = readers
        self._read_at_once = read_at_once
        self._gaps: list[Gap] = []
        self._told: set[str] = set()
        self._newest: dict[str, int | None] = {}  # path of an item: year of the newest work that it cites
        self._seen = 0
        self._is_full = False
        self._read_bytes = 0
        if not self._works:
            unread = "; ".join(f"{gap.subject}: {gap.why}" for gap in self._gaps[:5])
            raise UsageError(
                f"no paper in {root}: expected PDF, HTML or LaTeX files" + (f" ({unread})" if unread else ""),
                tip="put at least one .pdf, .html, .tex or arXiv source archive into it",
            )

    def search(self, queries: Sequence[Query], *, limit: int, tell: Tell = tell_nobody) -> tuple[Found, ...]:  # noqa: ARG002  # the port's shape
        """Answer the first query with every paper of the folder, whatever it asks, and the others with nothing.

        The folder was chosen by a person: its papers are all wanted, and ranking is not its business. Hence `limit` is not applied.
        """
        if not queries:
            return ()
        first = queries[0].id
        papers = tuple(replace(work.paper, hits=(Hit(self.name, first, rank),)) for rank, work in enumerate(self._works, start=1))
        tell(Event("search", f"{counted(len(papers), 'paper')} in the folder", done=len(papers), total=len(papers)))
        return (Found(papers, tuple(self._gaps)), *(Found() for _ in queries[1:]))

    def fetch(
        self,
        papers: Sequence[Paper],
        *,
        tell: Tell = tell_nobody,  # noqa: ARG002  # the port's shape
    ) -> Iterator[tuple[Paper, tuple[Fetched, ...], tuple[Gap, ...]]]:
        """Yield each paper with every form the folder has of it, LaTeX before HTML before PDF."""
        by_location = {work.paper.location: work for work in self._works}
        for paper in papers:
            work = by_location.get(paper.location) if paper.location else None
            if work is None:
                yield paper, (), (Gap("read", paper.id, "not in the folder of papers", GapKind.NOT_FOUND),)
            else:
                told = unread(paper, self._newest.get(work.items[0].path.as_posix()))
                yield paper, tuple(Fetched(paper.id, item.form, item.files, str(item.path)) for item in work.items), told

    @cached_property
    def _works(self) -> tuple[_Work, ...]:
        numbered = list(self._numbered(list(self._items())))
        ahead = self._read_ahead(numbered)
        described = [(item, *self._describe(item, number, ahead)) for item, number in numbered]
        library = self._library()
        works = [_work([d for d in described if d[1].location in group], library) for group in _groups(described)]
        return tuple(sorted(works, key=lambda work: work.paper.location))

    # --- finding files ---

    def _items(self) -> Iterator[Item]:
        """Yield every paper below the root, in order of path."""
        for here, names, regular in self._walk(self._root):
            if _is_latex_folder(regular, is_root=here == self._root):
                below = [path for name in names for _, _, files in self._walk(here / name) for path in files]
                names.clear()
                yield from self._latex_folder(here, (*regular, *below))
            else:
                for path in regular:
                    yield from self._file(path)

    def _walk(self, root: Path) -> Iterator[tuple[Path, list[str], list[Path]]]:
        """Yield each folder with the folders in it that are walked next, and its plain files; what cannot be read is told."""
        for folder, names, files in os.walk(root, onerror=self._unread, followlinks=False):
            here = Path(folder)
            names[:] = sorted(name for name in names if not name.startswith((".", "__MACOSX")) and not os.path.islink(here / name))  # noqa: PTH114  # never raises
            if names and len(here.relative_to(self._root).parts) >= plain_files.MAX_DEPTH:
                names.clear()
                self._note(here, f"folders nest deeper than {plain_files.MAX_DEPTH}; what is below is not read", GapKind.LIMIT)
            regular = sorted(path for name in files if not name.startswith(".") and plain_files.is_plain(path := here / name))
            for name in sorted(files):
                self._tell_odd(here / name)
            self._seen += len(regular)
            if self._seen > MAX_FILES:
                if not self._is_full:
                    self._note(here, f"the folder holds more than {MAX_FILES} files; the rest is not read", GapKind.LIMIT)
                self._is_full = True
                return
            yield here, names, regular

    def _latex_folder(self, folder: Path, files: Sequence[Path]) -> Iterator[Item]:
        parts = {_name(path, folder): path for path in sorted(filter(_is_latex_part, files))}
        found: dict[PurePosixPath, bytes] = {}
        total = 0
        for name, path in parts.items():
            if (data := self._bytes(path)) is not None:
                found[name] = data
                total += len(data)
            if total > MAX_FOLDER_BYTES:
                self._note(folder, f"the LaTeX folder holds more than {MAX_FOLDER_BYTES >> 20} MB", GapKind.LIMIT)
                return
        if found:
            names = tuple(found)
            yield folder_items.found(
                Form.LATEX, self._below(folder), found, lambda: {name: plain_files.read(parts[name], MAX_FILE_BYTES) for name in names}
            )

    def _file(self, path: Path) -> Iterator[Item]:
        low = path.name.lower()
        is_archive = low.endswith(_ARCHIVES)
        form = _FORMS.get(path.suffix.lower())
        if form is None and not is_archive:
            if path.suffix.lower() not in _SILENT and not path.name.upper().startswith(("README", "LICENSE")):
                self._note(path, f"not read: expected PDF, HTML, LaTeX or an archive, got “{path.suffix or 'no ending'}”", GapKind.REJECTED)
            return
        data = self._bytes(path)
        if data is None:
            return
        try:
            files = self._opened(path, data, is_archive=is_archive)
            form = self._archive.sniff(data) if is_archive else form
        except ValueError as error:
            self._note(path, str(error), GapKind.UNREADABLE)
            return
        if form is None:
            self._note(path, "holds no PDF, HTML or LaTeX", GapKind.REJECTED)
            return
        yield folder_items.found(
            form, self._below(path), files, lambda: self._opened(path, plain_files.read(path, MAX_FILE_BYTES), is_archive=is_archive)
        )

    def _opened(self, path: Path, data: bytes, *, is_archive: bool) -> Mapping[PurePosixPath, bytes]:
        return self._archive.unpack(data) if is_archive else {PurePosixPath(self._below(path).name): data}

    def _bytes(self, path: Path, most: int | None = None) -> bytes | None:
        """Give a file's bytes; None, and a Gap, where they cannot be had or would be too many."""
        try:
            data = plain_files.read(path, MAX_FILE_BYTES if most is None else most)
        except ValueError as error:
            self._note(path, str(error), GapKind.LIMIT if "larger" in str(error) else GapKind.UNREADABLE)
            return None
        self._read_bytes += len(data)
        if self._read_bytes > MAX_READ_BYTES:
            self._note(path, f"not read: the papers before it fill {MAX_READ_BYTES >> 30} GB", GapKind.LIMIT)
            self._read_bytes -= len(data)
            return None
        return data

    def _unread(self, error: OSError) -> None:
        self._note(Path(os.fsdecode(error.filename or self._root)), f"the folder cannot be read: {error.strerror}", GapKind.UNREADABLE)

    def _tell_odd(self, path: Path) -> None:
        """Tell of a name that looks like a paper's and belongs to something else than a file; links are left alone."""
        try:
            mode = path.lstat().st_mode
        except OSError as error:
            self._note(path, f"it cannot be read: {error.strerror}", GapKind.UNREADABLE)
            return
        if not stat.S_ISREG(mode) and not stat.S_ISLNK(mode):
            self._note(path, f"not read: expected a file, got {plain_files.kind(mode)}", GapKind.REJECTED)

    def _below(self, path: Path) -> PurePosixPath:
        return _name(path, self._root)

    def _note(self, path: Path, why: str, kind: GapKind) -> None:
        self._gaps.append(Gap("search", self._below(path).as_posix(), why, kind))

    def _library(self) -> Library:
        """Give the entries of the folder's BibTeX files; those inside a LaTeX folder are its reference list, not metadata."""
        found: list[Entry] = []
        for path in sorted(self._root.glob("*.bib")):
            if plain_files.is_plain(path) and (data := self._bytes(path, MAX_LIBRARY_BYTES)) is not None:
                found.extend(entries(data.decode("utf-8", "replace")))
        return Library(found)

    # --- describing them ---

    def _numbered(self, items: Sequence[Item]) -> Iterator[tuple[Item, str]]:
        """Yield each item with the arXiv number in its name, the best form of a work first."""
        for item in sorted(items, key=lambda item: _ORDER.index(item.form)):
            yield item, arxiv_id(item.path.as_posix() if item.path.name else self._root.resolve().name)

    def _read_ahead(self, numbered: Sequence[tuple[Item, str]]) -> dict[PurePosixPath, Document | str]:
        """Give, by path, what the best item of each work holds, or why it cannot be read; several are read side by side.

        The longest are begun first, so that none of them is left over for the end, when everybody else is done.
        """
        known = {arxiv_base(number): item for item, number in reversed(numbered) if number}
        first = [item for item, number in numbered if not number or known[arxiv_base(number)] is item]
        first.sort(key=lambda item: -item.size)
        return dict(zip([item.path for item in first], abreast(self._read, first, self._read_at_once), strict=True))

    def _describe(self, item: Item, number: str, ahead: Mapping[PurePosixPath, Document | str]) -> tuple[Paper, str]:
        """Give what the item itself says of its paper, and the start of its text.

        A further form of a work whose number its name tells is not read for that: reading a PDF takes a second or more.
        """
        paper_id = f"file:{item.content_hash}"
        base = arxiv_base(number)
        document = Document(paper_id, item.form, "")
        if not base or base not in self._told:
            found = ahead[item.path] if item.path in ahead else self._read(item)
            if isinstance(found, Document):
                document = found
            else:
                self._gaps.append(Gap("search", item.path.as_posix(), f"cannot be read: {found}", GapKind.UNREADABLE))
        if base and document.title:
            self._told.add(base)
        self._newest[item.path.as_posix()] = dates.newest(document.references)
        stamp = _STAMP.search(document.text[:4000])
        stamped = arxiv_id(stamp[1]) if stamp else ""
        if stamped and (not number or arxiv_base(stamped) == arxiv_base(number)):
            number = max(number, stamped, key=arxiv_version)
        note = withdrawal_note(document.text[:2000])
        return (
            Paper(
                id=f"arxiv:{number}" if number else paper_id,
                title=legible_title(document) or item.path.stem or self._root.resolve().name,
                authors=authors(item.form, document),
                published=arxiv_month(number) or document.published,
                abstract=abstract(document),
                arxiv_id=number,
                doi=document.doi,
                url=f"https://arxiv.org/abs/{number}" if number else "",
                location=item.path.as_posix(),
                status=PaperStatus.WITHDRAWN if note else PaperStatus.CURRENT,
                status_note=note,
            ),
            document.text[:3000],
        )

    def _read(self, item: Item) -> Document | str:
        """Give what an item holds, or why it cannot be read."""
        try:
            return self._readers[item.form](f"file:{item.content_hash}", item.files)
        except KeyError:
            return f"nobody here reads {item.form}"
        except ValueError as error:
            return str(error)


def _name(path: Path, root: Path) -> PurePosixPath:
    """Give the path below the root; bytes in a name that are no text become U+FFFD, so that it can be written into a record."""
    return PurePosixPath(os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "replace"))


def _is_latex_part(path: Path) -> bool:
    return path.suffix.lower() in _LATEX_PARTS or path.name.lower().startswith("00readme")


def _is_latex_folder(files: Sequence[Path], *, is_root: bool) -> bool:
    """Whether the folder is one LaTeX paper: a main file in it; in the root also no other paper beside it."""
    mains = [path for path in files if path.suffix.lower() in {".tex", ".ltx"} and _is_main(path)]
    if not is_root or not mains:
        return bool(mains)
    others = [p for p in files if (p.suffix.lower() in {".pdf", *_PAGES} or p.name.lower().endswith(_ARCHIVES)) and p.stem != mains[0].stem]
    return len(mains) == 1 and not others


def _is_main(path: Path) -> bool:
    try:
        with plain_files.stream(path) as handle:
            head = handle.read(1 << 16)
    except (OSError, ValueError):
        return False
    return re.search(rb"^[^%\n]*\\document(?:class|style)", head, re.MULTILINE) is not None


def _groups(described: Sequence[tuple[Item, Paper, str]]) -> list[set[str]]:
    """Give sets of locations that hold one work, by arXiv number, else by title."""
    by_key: dict[str, set[str]] = {}
    for item, paper, _ in described:
        title = normal_title(paper.title)
        keys = [f"title:{title}"] if len(title) > 12 else []
        if paper.arxiv_id:
            keys.append(f"arxiv:{arxiv_base(paper.arxiv_id)}")
        group = {item.path.as_posix()}.union(*(by_key.get(key, set()) for key in keys))
        for key, members in list(by_key.items()):
            if members & group:
                by_key[key] = group
        for key in keys or [f"path:{item.path}"]:
            by_key[key] = group
    found: list[set[str]] = []
    for group in by_key.values():
        if group not in found:
            found.append(group)
    return found


def _work(members: Sequence[tuple[Item, Paper, str]], library: Library) -> _Work:
    """Make one work of its items and the library's entry for it."""
    ordered = sorted(members, key=lambda m: (_ORDER.index(m[0].form), m[0].path.as_posix()))
    items = tuple(item for item, _, _ in ordered)
    papers = [paper for _, paper, _ in ordered]
    paper = replace(
        papers[0],
        title=next((p.title for item, p, _ in ordered if p.title and p.title != item.path.stem), papers[0].title),
        abstract=next((p.abstract for p in papers if p.abstract), ""),
        authors=next((p.authors for p in papers if p.authors), ()),
        published=next((p.published for p in papers if p.published), None),
    )
    number = max((p.arxiv_id for p in papers), key=lambda n: (bool(n), arxiv_version(n)))
    struck = next((p for p in papers if p.status is not PaperStatus.CURRENT), papers[0])
    paper = replace(
        paper,
        arxiv_id=number,
        id=f"arxiv:{number}" if number else paper.id,
        url=f"https://arxiv.org/abs/{number}" if number else "",
        status=struck.status,
        status_note=struck.status_note,
    )
    entry = library.about(paper, [item.path for item in items], ordered[0][2])
    return _Work(completed(paper, entry) if entry else paper, items)
