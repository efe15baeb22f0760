"""Reading: the best form that can be read, else the abstract with a Gap; passages are exact slices."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.model import Block, BlockKind, Document, Form, GapKind, Paper, Role, Section
from sovereign.ports import Fetched, Reader
from sovereign.steps.read import cut, notes, read, rows

PAPER = Paper(id="arxiv:2101.00001v1", title="A Title", abstract="We find that it works. It works well.")
FILES = {PurePosixPath("p"): b"x"}
LONG = "It is a long text of a paper. " * 100


def document(form: Form, text: str = LONG, title: str = "") -> Document:
    """Give a document of one paragraph."""
    return Document(PAPER.id, form, text, blocks=(Block(BlockKind.PROSE, 0, len(text)),), title=title)


def reader(form: Form, text: str = LONG) -> Reader:
    """Give a reader that always reads this."""

    def read_it(paper: str, files: Mapping[PurePosixPath, bytes]) -> Document:
        return document(form, text)

    return read_it


def broken(paper: str, files: Mapping[PurePosixPath, bytes]) -> Document:
    """Read nothing."""
    raise ValueError("the file is damaged")


def fetched(*forms: Form) -> list[Fetched]:
    """Give bytes of these forms."""
    return [Fetched(PAPER.id, form, FILES) for form in forms]


READERS: dict[Form, Reader] = {form: reader(form) for form in (Form.LATEX, Form.HTML, Form.PDF)}


@pytest.mark.parametrize(
    ("forms", "form"),
    [
        pytest.param((Form.PDF, Form.LATEX, Form.HTML), Form.LATEX, id="LaTeX first"),
        pytest.param((Form.PDF, Form.HTML), Form.HTML, id="then HTML"),
        pytest.param((Form.PDF,), Form.PDF, id="then PDF"),
        pytest.param((), Form.ABSTRACT, id="then the abstract"),
    ],
)
def test_the_best_form_is_read(forms: tuple[Form, ...], form: Form) -> None:
    """LaTeX, HTML, PDF, abstract: in this order, whatever order they came in."""
    assert read(PAPER, fetched(*forms), READERS).form is form


def test_a_form_that_cannot_be_read_is_a_gap() -> None:
    """A damaged form is told, and the next one is read."""
    got = read(PAPER, fetched(Form.LATEX, Form.PDF), {**READERS, Form.LATEX: broken})

    assert got.form is Form.PDF
    assert got.title == "A Title"
    assert [(gap.kind, gap.why) for gap in got.gaps] == [(GapKind.UNREADABLE, "its latex form could not be read: the file is damaged")]


def test_a_stub_is_passed_over_for_a_whole_text() -> None:
    """A form of a few words is a cover page where there is another one, and the paper where there is none."""
    readers = {**READERS, Form.HTML: reader(Form.HTML, "Not found, sorry.")}

    assert read(PAPER, fetched(Form.HTML, Form.PDF), readers).form is Form.PDF
    assert read(PAPER, fetched(Form.HTML), readers).form is Form.HTML


def test_the_abstract_is_the_last_resort() -> None:
    """Without any readable form the abstract is the text, and a Gap says so; without an abstract there is no text."""
    got = read(PAPER, fetched(Form.PDF), {Form.PDF: broken})
    empty = read(Paper(id="doi:10.1/x", title="T"), [], READERS)

    assert [passage.text for passage in cut(got)] == ["We find that it works.", "It works well."]
    assert {passage.role for passage in cut(got)} == {Role.ABSTRACT}
    assert got.gaps[-1].kind is GapKind.MISSING
    assert "only its abstract was used" in got.gaps[-1].why
    assert empty.text == ""
    assert cut(empty) == ()
    assert "neither" in empty.gaps[-1].why


def whole() -> Document:
    """Give a document with a block of each kind, on two pages."""
    parts = [
        (BlockKind.HEADING, "Results"),
        (BlockKind.PROSE, "It rose by 2.5 %. It fell again."),
        (BlockKind.TABLE, "a | b\n1 | 2"),
        (BlockKind.CAPTION, "Table 1: Things. They are two."),
        (BlockKind.FORMULA, "a = b"),
        (BlockKind.HEADING, "Conclusion"),
        (BlockKind.PROSE, "It is so."),
        (BlockKind.FOOTNOTE, "A note."),
        (BlockKind.FRONT, "A. Invented"),
    ]
    text, blocks = "", []
    for kind, words in parts:
        start = len(text) + (2 if text else 0)
        text = f"{text}\n\n{words}" if text else words
        blocks.append(Block(kind, start, len(text)))
    second = text.index("Conclusion")
    sections = (Section("Results", Role.RESULTS, 0, second), Section("Conclusion", Role.CONCLUSION, second, len(text)))
    return Document("p", Form.PDF, text, sections, tuple(blocks), pages=(0, second))


def test_passages_know_their_place() -> None:
    """Sentences, rows and notes are exact slices, each with section, role, kind and page."""
    got = whole()
    found = (*cut(got), *rows(got), *notes(got))

    assert [p.text for p in cut(got)] == ["It rose by 2.5 %.", "It fell again.", "It is so."]
    assert [p.text for p in rows(got)] == ["a | b", "1 | 2"]
    assert [p.text for p in notes(got)] == ["Table 1: Things.", "They are two.", "A note."]
    assert all(got.text[p.start : p.end] == p.text for p in found)
    assert [(p.section, p.role, p.page) for p in cut(got)] == [("Results", Role.RESULTS, 1)] * 2 + [("Conclusion", Role.CONCLUSION, 2)]
    assert {p.kind for p in rows(got)} == {BlockKind.TABLE}
    assert {p.kind for p in notes(got)} == {BlockKind.CAPTION, BlockKind.FOOTNOTE}


@given(st.text(max_size=300), st.lists(st.integers(0, 300), max_size=6))
def test_any_document_is_cut_exactly(text: str, places: list[int]) -> None:
    """Whatever the text and wherever its blocks, passages are slices of it inside their block."""
    ends = sorted({min(place, len(text)) for place in [0, *places, len(text)]})
    blocks = tuple(Block(BlockKind.PROSE, a, b) for a, b in pairwise(ends))
    got = Document("p", Form.HTML, text, blocks=blocks)

    for passage in cut(got):
        assert got.text[passage.start : passage.end] == passage.text
        assert any(block.start <= passage.start and passage.end <= block.end for block in blocks)
