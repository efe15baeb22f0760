"""`sovereign read`: one paper as the program sees it, so that a person can judge what was made of it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sovereign.errors import UsageError
from sovereign.text import counted

if TYPE_CHECKING:
    from sovereign.model import Document, Paper
    from sovereign.ports import Fetched

MAX_FILES = 5_000
MAX_BYTES = 128 << 20
_ARXIV = re.compile(
    r"(?:arxiv:|https?://arxiv\.org/(?:abs|pdf|html)/)?((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?)(?:\.pdf)?", re.IGNORECASE
)


class Shape(StrEnum):
    """How `read` prints a document."""

    TEXT = "text"
    JSON = "json"


def read(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A PDF, an HTML page, a LaTeX file, folder or archive, or an arXiv id.")],
    *,
    shape: Annotated[
        Shape, typer.Option("--format", metavar="text|json", help="Sections and text for people, or everything with offsets.")
    ] = Shape.TEXT,
    offline: Annotated[bool, typer.Option("--offline", help="Send nothing; an arXiv id is answered from what is kept.")] = False,
) -> None:
    """Show one paper as sections, text and offsets."""
    import json

    document = read_one(source, offline=offline)
    if shape is Shape.JSON:
        typer.echo(json.dumps(_as_json(document), ensure_ascii=False, indent=1))
    else:
        _print(document)


def read_one(source: str, *, offline: bool) -> Document:
    """Give the document that a path or an arXiv id leads to.

    Raises:
        UsageError: It leads nowhere, or to nothing that has a text.
    """
    from sovereign.cli.world import CACHE, readers
    from sovereign.steps import read as step

    paper, fetched, gaps = _found(source, offline=offline)
    document = step.read(paper, fetched, readers(CACHE))
    if not document.text:
        why = "; ".join(dict.fromkeys(gap.why for gap in gaps or document.gaps[:-1])) or "no text was found"
        raise UsageError(f"{source}: {why}", tip="give a PDF, an HTML page, LaTeX, or the archive that arXiv offers as “TeX source”")
    return document


def _found(source: str, *, offline: bool) -> tuple[Paper, Sequence[Fetched], Sequence[Any]]:
    from sovereign.adapters import plain_files
    from sovereign.model import Paper
    from sovereign.ports import Fetched
    from sovereign.readers import archive

    path = Path(source)
    if plain_files.is_there(path):
        try:
            files, form = _on_disk(path)
        except ValueError as error:
            raise UsageError(f"{source}: {error}", tip="give a PDF, an HTML page, a LaTeX file, folder or archive") from error
        name = path.resolve().name
        return Paper(id=f"file:{name}", title=""), (Fetched(f"file:{name}", form or archive.form_of(files), files, source),), ()
    number = _ARXIV.fullmatch(source.strip())
    if number is None:
        raise UsageError(f"expected a file, a folder or an arXiv id, got {source!r}, which is none of them", tip="check the path")
    return _from_arxiv(number[1], offline=offline)


def _on_disk(path: Path) -> tuple[Mapping[PurePosixPath, bytes], Any]:
    from sovereign.adapters import plain_files
    from sovereign.readers import archive

    if plain_files.is_folder(path):
        return _folder(path), None
    data = plain_files.read(path, MAX_BYTES)
    if not data:
        raise ValueError("the file is empty")
    return archive.unpack(data), None


def _folder(root: Path) -> dict[PurePosixPath, bytes]:
    """Give a LaTeX folder's files, links left out.

    Raises:
        ValueError: It holds none, or too many.
    """
    from sovereign.adapters import plain_files
    from sovereign.readers.archive import is_wanted

    files: dict[PurePosixPath, bytes] = {}
    total = 0
    for count, path in enumerate(plain_files.below(root), 1):
        name = PurePosixPath(os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "replace"))
        if count > MAX_FILES:
            raise ValueError(f"the folder holds more than {MAX_FILES} files")
        if not is_wanted(name) or any(part.startswith(".") for part in name.parts):
            continue
        try:
            files[name] = plain_files.read(path, MAX_BYTES)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
        total += len(files[name])
        if total > MAX_BYTES:
            raise ValueError(f"the folder holds more than {MAX_BYTES >> 20} MB")
    if not files:
        raise ValueError("the folder holds no LaTeX, HTML or PDF file")
    return files


def _from_arxiv(number: str, *, offline: bool) -> tuple[Paper, Sequence[Fetched], Sequence[Any]]:
    from sovereign.cli.world import Wish, arxiv_fulltext
    from sovereign.model import Event, Paper

    paper = Paper(id=f"arxiv:{number}", title="", arxiv_id=number, url=f"https://arxiv.org/abs/{number}")

    def tell(event: Event) -> None:
        sys.stderr.write(f"* {event.message}\n")

    with ExitStack() as closing:
        fulltext = arxiv_fulltext(Wish(offline=offline), closing)
        _, fetched, gaps = next(fulltext.fetch((paper,), tell=tell))
    return paper, fetched, gaps


def _as_json(document: Document) -> dict[str, Any]:
    from sovereign.steps.read import cut

    return {
        "paper": document.paper,
        "form": document.form.value,
        "title": document.title,
        "authors": list(document.authors),
        "published": document.published.isoformat() if document.published else None,
        "dated": document.dated,
        "doi": document.doi,
        "sha256": document.sha256,
        "source_sha256": document.source_sha256,
        "text": document.text,
        "pages": list(document.pages),
        "sections": [
            {"heading": part.heading, "role": part.role.value, "level": part.level, "start": part.start, "end": part.end}
            for part in document.sections
        ],
        "blocks": [{"kind": block.kind.value, "start": block.start, "end": block.end} for block in document.blocks],
        "sentences": [{"start": one.start, "end": one.end, "section": one.section, "page": one.page} for one in cut(document)],
        "references": list(document.references),
        "signs": [{"kind": sign.kind.value, "where": sign.where, "words": sign.words} for sign in document.signs],
        "gaps": [{"kind": gap.kind.value, "why": gap.why} for gap in document.gaps],
    }


def _print(document: Document) -> None:
    from sovereign.model import BlockKind
    from sovereign.steps.read import cut

    out = [f"# {document.title}"] if document.title else []
    roles = {section.start: (section.level, section.role) for section in document.sections}
    for block in document.blocks:
        body = document.text[block.start : block.end]
        if block.kind is BlockKind.HEADING:
            level, role = roles.get(block.start, (1, ""))
            out.append(f"{'#' * (level + 1)} {body}  ({role}, from character {block.start})")
        elif block.kind is BlockKind.PROSE:
            out.append(body)
        else:
            out.append(f"[{block.kind.value}] {body}")
    if document.references:
        out.append("## References (no part of the text)\n\n" + "\n".join(f"{n}. {entry}" for n, entry in enumerate(document.references, 1)))
    typer.echo("\n\n".join(out))
    for sign in document.signs:
        sys.stderr.write(f"SIGN  {sign.kind.value}, {sign.where}: {sign.words[:300]}\n")
    for gap in document.gaps:
        sys.stderr.write(f"GAP   {gap.why}\n")
    sizes = {"character": document.text, "section": document.sections, "sentence": cut(document)}
    counts = ", ".join(counted(len(items), noun) for noun, items in sizes.items())
    if document.published:
        sys.stderr.write(f"published {document.published.isoformat()}, said by {document.dated}\n")
    sys.stderr.write(
        f"{counts}, {counted(len(document.references), 'reference')}; read from {document.form.value}; SHA-256 {document.sha256[:16]}…\n"
    )


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(read)
