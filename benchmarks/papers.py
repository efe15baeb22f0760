"""Texts that nothing was trained on: abstracts of the SPAR documents, and the real papers, read as a run reads them."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from sovereign.model import Document, Form, Paper, Passage
from sovereign.ports import Fetched
from sovereign.readers.html import read_html
from sovereign.readers.pdf import read_pdf
from sovereign.readers.tex import read_latex
from sovereign.steps.read import cut, read, rows
from sovereign.text import fold, normal_title, sentences

READERS = {Form.LATEX: read_latex, Form.HTML: read_html, Form.PDF: read_pdf}


@dataclass(frozen=True, slots=True)
class Text:
    """A text's name and its sentences in reading order."""

    name: str
    sentences: tuple[str, ...]


@lru_cache(maxsize=2)
def texts(data: Path) -> tuple[Text, ...]:
    """Give every abstract and every real paper, in a fixed order."""
    with gzip.open(data / "arxiv/arxiv-15k.jsonl.gz", "rt", encoding="utf-8") as source:
        known = {normal_title(json.loads(line)["title"]) for line in source}
    out = []
    for line in (data / "search/spar_docs.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        body = fold(entry["abstract"])
        parts = tuple(body[start:end] for start, end in sentences(body))
        if len(parts) >= 3 and normal_title(entry["title"]) not in known:
            out.append(Text(entry["id"], parts))
    return (*out, *(Text(d.paper, tuple(fold(p.text) for p in cut(d))) for d in documents(data)))


@lru_cache(maxsize=2)
def documents(data: Path) -> tuple[Document, ...]:
    """Give the real papers as documents, one form each: LaTeX where it is there, else HTML, else PDF; each with its passages' text."""
    found: dict[str, list[Fetched]] = {}
    for folder in sorted(path for path in (data / "papers/latex").iterdir() if path.is_dir()):
        files = {PurePosixPath(p.relative_to(folder).as_posix()): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
        found.setdefault(folder.name, []).append(Fetched(folder.name, Form.LATEX, files))
    for kind, form in (("html", Form.HTML), ("pdf", Form.PDF)):
        for path in sorted((data / "papers" / kind).glob(f"*.{kind}")):
            name = path.stem.partition("_")[0]  # "1706.03762_Transformer" is the same paper as "1706.03762"
            found.setdefault(name, []).append(Fetched(name, form, {PurePosixPath(path.name): path.read_bytes()}))
    return tuple(read(Paper(id=name, title=name), forms, READERS) for name, forms in sorted(found.items()))


def passages(data: Path) -> dict[str, tuple[Passage, ...]]:
    """Give the sentences and table rows of each real paper, by its name."""
    return {d.paper: (*cut(d), *rows(d)) for d in documents(data)}
