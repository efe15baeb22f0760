"""Whatever the bytes, a reader gives a sound Document or a ValueError in words; nothing else, and not after minutes."""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sovereign.model import Document
from sovereign.ports import Reader
from sovereign.readers import archive
from sovereign.readers.html import read_html
from sovereign.readers.pdf import read_pdf
from sovereign.readers.tex import read_latex
from sovereign.steps.read import cut, rows
from tests.readers.pdf_writer import pdf
from tests.readers.test_archive import TEX, tar, zipped
from tests.readers.test_html import LATEXML
from tests.readers.test_pdf import paper

MODEST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PARTS = st.lists(
    st.sampled_from(
        (
            "\\section{ \\begin{ } \\end{ document} tabular} {ll} & \\\\ $ $$ \\( \\] % \n \n\n text \\def\\x#1{ \\x \\let "
            "\\newcommand{\\y}[2]{#2#1} \\y \\item itemize} figure} \\caption{ \\footnote{ \\cite[ ]{ \\ref{ \\verb| \\iffalse \\fi "
            "\\else \\input{a} \\textcolor{white}{ \\frac{ ^ _ # ~ é \u200b \\begin{verbatim} \\left( \\sqrt[ \\bibitem[ "
            "thebibliography} \\multicolumn{2}{c}{ \\color{white} \\title{ [ ] * \\' \\\"{ \\looseness=-1 \ue000 "
            "\\begin{abstract} \\appendix \\SI{ \\href{ \\csname \\expandafter "
            "\\hypertarget{ref-a}{ \\vadjust \\bibitem{ \\For{ \\Repeat \\SetKwProg{q}{\\q \\q \\begin{subfigure} \\author[ \\introduction "
            "\\ac{b} \\acro{b} \\maketitle \\norm{ \\usepackage{physics} \\begin{Highlighting} \\section{References} \\affiliation{"
        ).split(" ")
    ),
    max_size=60,
).map("".join)
TAGS = st.lists(
    st.sampled_from(
        (
            "<p> </p> <div/class='ltx_tabular'> </div> <table> <tr> <td> text~ <math/alttext='\\frac{'> </math> <h2> </h2> "
            "<span/style='display:none'> </span> <figure/class='ltx_figure'> <section/class='ltx_bibliography'> &#0; &lt; <!-- --> "
            "<span/class='ltx_note'> <br> <ul> <li> \u200b é <font/color=white> <math><annotation/encoding='tex'> <caption>"
        )
        .replace("~", "\xa0")
        .split(" ")
    ),
    max_size=60,
).map("".join)


def told(refusal: ValueError) -> None:
    """Check that a refusal says something."""
    assert len(str(refusal)) > 10


def check(reader: Reader, files: Mapping[PurePosixPath, bytes]) -> None:
    """Read; every offset must be exact and the text settled."""
    try:
        document = reader("p", files)
    except ValueError as error:
        told(error)
        return
    sound(document)


def sound(document: Document) -> None:
    """Check what every document promises."""
    assert unicodedata.is_normalized("NFC", document.text)
    assert all(first.end <= second.start for first, second in pairwise(document.blocks))
    assert all(document.text[p.start : p.end] == p.text for p in (*cut(document), *rows(document)))
    assert list(document.pages) == sorted(document.pages)
    assert not set(document.text) & set("\u200b\u202e\ue000\ue001\x00\f")


@MODEST
@given(PARTS)
def test_latex(source: str) -> None:
    """Any heap of LaTeX."""
    check(read_latex, {PurePosixPath("main.tex"): b"\\documentclass{article}" + source.encode(), PurePosixPath("a.tex"): source.encode()})


@MODEST
@given(TAGS)
def test_html(page: str) -> None:
    """Any heap of tags."""
    check(read_html, {PurePosixPath("p.html"): page.encode()})


@MODEST
@given(st.binary(max_size=400))
def test_noise(data: bytes) -> None:
    """Any bytes at all, to every reader and to the archive."""
    for reader, name in ((read_latex, "main.tex"), (read_html, "p.html"), (read_pdf, "p.pdf")):
        check(reader, {PurePosixPath(name): data})
    try:
        archive.unpack(data)
    except ValueError as error:
        told(error)


WHOLE: list[tuple[Reader | None, str, bytes]] = [
    (read_pdf, "p.pdf", pdf(paper())),
    (read_html, "p.html", LATEXML.encode()),
    (read_latex, "main.tex", TEX),
    (None, "tar", tar(("main.tex", TEX), ("b.bbl", b"x" * 900))),
    (None, "tar.gz", tar(("main.tex", TEX), packed=True)),
    (None, "zip", zipped(("main.tex", TEX))),
    (None, "gz", gzip.compress(TEX)),
]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    which=st.integers(0, len(WHOLE) - 1),
    at=st.integers(0, 100_000),
    change=st.sampled_from(["cut", "flip", "repeat", "zero"]),
    size=st.integers(1, 64),
)
@example(which=5, at=907, change="zero", size=18)
def test_damaged_files(which: int, at: int, change: str, size: int) -> None:
    """A good file with a piece cut, flipped, repeated or zeroed."""
    reader, name, data = WHOLE[which]
    at %= len(data)
    piece = data[at : at + size]
    new = {"cut": b"", "flip": bytes(byte ^ 0x55 for byte in piece), "repeat": piece * 3, "zero": bytes(len(piece))}[change]
    damaged = data[:at] + new + data[at + size :]
    if reader is not None:
        check(reader, {PurePosixPath(name): damaged})
        return
    try:
        archive.unpack(damaged)
    except ValueError as error:
        told(error)


@pytest.mark.slow
def test_damaged_real_papers(shared_data: Path) -> None:
    """Real files, cut off and damaged at six places each."""
    for path in sorted((shared_data / "papers").glob("*/*.[hp]*")):
        reader: Reader | None = {".pdf": read_pdf, ".html": read_html}.get(path.suffix)
        data = path.read_bytes()
        for step in range(6 if reader else 0):
            at = len(data) * step // 6
            assert reader is not None
            check(reader, {PurePosixPath(path.name): data[:at] + b"\xff\x00garbage" + data[at + 500 :]})
            check(reader, {PurePosixPath(path.name): data[:at]})


SLOW_SOURCES = {
    "open verbatims": b"\\documentclass{article}" + b"\\begin{verbatim}" * 20_000,
    "many verbs": b"\\documentclass{article}" + b"\\verb|" * 40_000,
    "open groups": b"\\documentclass{article}" + b"{" * 200_000,
    "open brackets": b"\\documentclass{article}" + b"\\cite[" * 20_000,
    "spaces": b"\\documentclass{article} x" + b" " * 1_000_000 + b"y",
    "one word": b"\\documentclass{article} " + b"x" * 1_000_000,
    "full stops": b"\\documentclass{article} " + b"A. b. " * 100_000,
    "percent signs": b"\\documentclass{article} x" + b"%" * 500_000,
    "dollars": b"\\documentclass{article} x" + b"$ a " * 50_000,
    "rows": b"\\documentclass{article}\\begin{tabular}{l}" + b"& \\\\" * 100_000 + b"\\end{tabular} text",
}


@pytest.mark.slow
@pytest.mark.parametrize("source", [pytest.param(source, id=name) for name, source in SLOW_SOURCES.items()])
def test_sources_made_to_be_slow(source: bytes) -> None:
    """Large sources made to be slow are read or refused."""
    check(read_latex, {PurePosixPath("main.tex"): source})


@pytest.mark.parametrize("name", sorted(SLOW_SOURCES))
def test_small_sources_made_to_be_slow(name: str) -> None:
    """The same sources cut to 20 kB."""
    check(read_latex, {PurePosixPath("main.tex"): SLOW_SOURCES[name][:20_000]})
