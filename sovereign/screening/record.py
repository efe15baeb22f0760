"""What an index, a folder or a person says of a paper, read like a paper: screened, and its abstract as a document."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from sovereign import foreign
from sovereign.model import Block, BlockKind, Document, Form, Paper, Role, Section
from sovereign.screening.entry import of_record, screen
from sovereign.screening.signs import strip_invisible

NAME = PurePosixPath("record.json")
_TEXTS = tuple(part.name for part in dataclasses.fields(Paper) if part.type == "str")
_LISTS = tuple(part.name for part in dataclasses.fields(Paper) if part.type == "tuple[str, ...]")


def as_files(paper: Paper) -> Mapping[PurePosixPath, bytes]:
    """Give a paper's record as the bytes that `read_record` reads: its texts, and nothing else."""
    told = {name: getattr(paper, name) for name in (*_TEXTS, *_LISTS)}
    return {NAME: json.dumps(told, sort_keys=True).encode("ascii")}


def read_record(paper: str, files: Mapping[PurePosixPath, bytes]) -> Document:
    """Give the abstract as a Document, with the signs in every text of the record; conforms to ports.Reader.

    Raises:
        ValueError: It is no record.
    """
    raw = foreign.read(files[NAME], half_letters="replace")
    try:
        told: dict[str, Any] = {name: foreign.text(raw[name]) for name in _TEXTS}
        told |= {name: tuple(foreign.text(item) for item in raw[name]) for name in _LISTS}
    except (KeyError, TypeError) as error:
        raise ValueError(f"expected the record of a paper, {type(error).__name__}: {error}") from error
    known = Paper(**told)
    text, _ = strip_invisible(known.abstract, paper, "abstract")
    title, _ = strip_invisible(known.title, paper, "title")
    end = len(text)
    return Document(
        paper=paper,
        form=Form.ABSTRACT,
        text=text,
        sections=(Section("Abstract", Role.ABSTRACT, 0, end),) if text else (),
        blocks=(Block(BlockKind.PROSE, 0, end),) if text else (),
        title=title,
        signs=screen(paper, of_record(known)),
    )
