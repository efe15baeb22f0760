"""A folder of papers: what counts as one, whose it is, and what becomes of everything else in it."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import time
from datetime import date
from pathlib import Path

import pytest

from sovereign.adapters import folder as folder_adapter
from sovereign.adapters.folder import FolderSource
from sovereign.errors import UsageError
from sovereign.model import Form, GapKind, Paper, PaperStatus, Query
from sovereign.ports import Found
from sovereign.readers import archive
from sovereign.readers.html import read_html
from sovereign.readers.pdf import read_pdf
from sovereign.readers.tex import read_latex

READERS = {Form.LATEX: read_latex, Form.HTML: read_html, Form.PDF: read_pdf}
QUERY = Query("q1", raw="anything")
LATEX = r"""\documentclass{article}
\title{Invented Gears and How They Mesh}
\author{Ada Example \and Bo Invented\thanks{Equal work} \\ Nowhere University}
\begin{document}\maketitle
\begin{abstract}We mesh gears. They turn 12 \% faster.\end{abstract}
\section{Introduction}Gears are old.
\end{document}
"""
HTML = """<!DOCTYPE html><html><head><title>Invented Gears and How They Mesh</title>
<meta name="citation_author" content="Example, Ada"></head>
<body><h1>Invented Gears and How They Mesh</h1><h2>Abstract</h2><p>We mesh gears.</p>
<h2>Introduction</h2><p>Gears are old.</p></body></html>"""
BIB = r"""
@comment{jabref-meta}
@article{gears,
  title = {Invented {G}ears and How They Mesh},
  author = {Example, Ada and Invented, B{\"o} and others},
  year = 2023, month = mar, journal = {Journal of Nothing},
  doi = {https://doi.org/10.1234/GEARS}
}
"""


def shelf(root: Path) -> FolderSource:
    """Open the folder with the real readers."""
    return FolderSource(root, archive=archive, readers=READERS)


def look(root: Path) -> Found:
    """Give what the folder answers."""
    return shelf(root).search((QUERY,), limit=1)[0]


def only(root: Path) -> Paper:
    """Give the folder's one paper."""
    (paper,) = look(root).papers
    return paper


def tarball(*members: tuple[str, bytes]) -> bytes:
    """Pack files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as packed:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("gears.tex", LATEX.encode(), id="one LaTeX file"),
        pytest.param("gears/main.tex", LATEX.encode(), id="LaTeX folder"),
        pytest.param("deep/er/gears/main.tex", LATEX.encode(), id="LaTeX folder further down"),
        pytest.param("gears.tar.gz", tarball(("main.tex", LATEX.encode())), id="tarball"),
        pytest.param("gears.gz", gzip.compress(LATEX.encode()), id="single gzip"),
    ],
)
def test_latex_in_every_packing(tmp_path: Path, name: str, data: bytes) -> None:
    """Title, authors and abstract come from the paper itself."""
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(data)

    paper = only(tmp_path)

    assert paper.title == "Invented Gears and How They Mesh"
    assert paper.authors == ("Ada Example", "Bo Invented")
    assert paper.abstract.startswith("We mesh gears.")
    assert paper.id.startswith("file:")


def test_the_folder_itself_may_be_the_paper(tmp_path: Path) -> None:
    """Pointed at a source folder whose name is an arXiv number, that is the paper."""
    root = tmp_path / "2401.00001v2"
    root.mkdir()
    (root / "main.tex").write_text(LATEX)
    (root / "figure.png").write_bytes(b"\x89PNG")

    paper = only(root)

    assert (paper.id, paper.arxiv_id, paper.published) == ("arxiv:2401.00001v2", "2401.00001v2", date(2024, 1, 1))


def test_several_forms_of_a_work_are_one_paper(tmp_path: Path) -> None:
    """By number or by title; all forms are handed over, LaTeX first."""
    (tmp_path / "2401.00001.tex").write_text(LATEX)
    (tmp_path / "gears.html").write_text(HTML)
    source = shelf(tmp_path)
    (paper,) = source.search((QUERY,), limit=1)[0].papers

    ((again, fetched, gaps),) = source.fetch((paper,))

    assert again == paper
    assert [item.form for item in fetched] == [Form.LATEX, Form.HTML]
    assert {item.paper for item in fetched} == {paper.id} == {"arxiv:2401.00001"}
    assert not gaps


def test_a_bibtex_file_completes_the_metadata(tmp_path: Path) -> None:
    """Its entry is found by title; accents, dates and the DOI are read; "others" is nobody."""
    (tmp_path / "a.html").write_text(HTML)
    (tmp_path / "library.bib").write_text(BIB)

    paper = only(tmp_path)

    assert paper.authors == ("Ada Example", "Bö Invented")
    assert (paper.published, paper.venue, paper.doi) == (date(2023, 3, 1), "Journal of Nothing", "10.1234/gears")
    assert paper.title == "Invented Gears and How They Mesh"


def test_a_withdrawal_in_the_bibtex_file_counts(tmp_path: Path) -> None:
    """A note that says so makes the paper withdrawn."""
    (tmp_path / "gears.html").write_text(HTML)
    (tmp_path / "library.bib").write_text("@misc{gears, title={X}, note={This paper has been withdrawn by the authors.}}")

    assert only(tmp_path).status is PaperStatus.WITHDRAWN


def test_search_gives_all_once(tmp_path: Path) -> None:
    """The folder was chosen by a person: the first query gets everything, the others nothing, whatever the limit."""
    for n in range(5):
        (tmp_path / f"{n}.html").write_text(HTML.replace("Gears", f"Gears of kind {n}"))

    first, second = shelf(tmp_path).search((QUERY, Query("q2", raw="x")), limit=2)

    assert [paper.hits[0].rank for paper in first.papers] == [1, 2, 3, 4, 5]
    assert second == Found()


def test_ids_follow_content_not_names(tmp_path: Path) -> None:
    """A renamed file is the same paper; a changed one is not."""
    ids = []
    for name, text in (("a.html", HTML), ("b.html", HTML), ("c.html", HTML.replace("old", "new"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text(text)
        ids.append(only(tmp_path / name).id)

    assert ids[0] == ids[1] != ids[2]


# --- what is no paper


def test_what_is_no_paper_is_said(tmp_path: Path) -> None:
    """Unread formats, hostile archives and broken files are named; figures and tables are passed over."""
    (tmp_path / "good.html").write_text(HTML)
    (tmp_path / "notes.docx").write_bytes(b"PK")
    (tmp_path / "evil.tar.gz").write_bytes(tarball(("../out.tex", LATEX.encode())))
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8b\x08broken")
    (tmp_path / "figure.png").write_bytes(b"")
    (tmp_path / "README.md").write_text("hello")

    found = look(tmp_path)

    assert len(found.papers) == 1
    assert {gap.subject: gap.kind for gap in found.gaps} == {
        "notes.docx": GapKind.REJECTED,
        "evil.tar.gz": GapKind.UNREADABLE,
        "broken.gz": GapKind.UNREADABLE,
    }
    assert not (tmp_path.parent / "out.tex").exists()


def test_an_unreadable_pdf_keeps_its_place(tmp_path: Path) -> None:
    """It is a paper all the same, by its name, with a Gap; reading will say the rest."""
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.4 torn")

    found = look(tmp_path)

    assert [paper.title for paper in found.papers] == ["torn"]
    assert [gap.kind for gap in found.gaps] == [GapKind.UNREADABLE]


@pytest.mark.parametrize(
    ("bound", "value", "subject"),
    [("MAX_FILE_BYTES", 400, "b.html"), ("MAX_FOLDER_BYTES", 10, "tex"), ("MAX_FILES", 2, "tex")],
)
def test_bounds_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, value: int, subject: str) -> None:
    """What is too large or too many is named, and the rest is read."""
    monkeypatch.setattr(folder_adapter, bound, value)
    (tmp_path / "a.html").write_text(HTML[: HTML.index("<h2>Intro")])
    (tmp_path / "b.html").write_text(HTML.replace("Gears", "Large gears") + " " * 400)
    (tmp_path / "tex").mkdir()
    (tmp_path / "tex" / "main.tex").write_text(LATEX)

    found = look(tmp_path)

    assert found.papers
    assert [gap.subject for gap in found.gaps if gap.kind is GapKind.LIMIT] == [subject]


def test_a_library_may_name_the_file_or_the_number(tmp_path: Path) -> None:
    """By file field, by arXiv number, by key; an entry about another paper is nobody's."""
    for name in ("by-file.html", "2401.00001.html", "by-key.html"):
        (tmp_path / name).write_text(HTML.replace("Gears", name.replace("-", " ")))
    (tmp_path / "library.bib").write_text(
        "@misc{x, title={One}, author={A One}, file={:by-file.html:HTML}}\n"
        "@misc{y, title={Two}, author={B Two}, eprint={2401.00001}}\n"
        "@misc{by-key, title={Three}, author={C Three}}\n"
        "@misc{other, title={Nobody}, author={D Four}}"
    )

    assert sorted((paper.title, paper.authors) for paper in look(tmp_path).papers) == [
        ("One", ("A One",)),
        ("Three", ("C Three",)),
        ("Two", ("B Two",)),
    ]


def test_a_great_library_is_looked_through_once(tmp_path: Path) -> None:
    """What entries are found by is not worked out again for each paper: the time grows with both, and not with their product."""
    for number in range(20):
        (tmp_path / f"p{number}.html").write_text(HTML.replace("Gears", f"On gears of the kind number {number}"))
    taken = []
    for count in (500, 8_000):
        fill = "".join(f"@misc{{k{n}, title={{A quite other work, of the number {n}}}, note={{Lager 2000}}}}\n" for n in range(count))
        (tmp_path / "library.bib").write_text(fill + "@misc{z, title={On gears of the kind number 7}, author={A One}}")
        begun = time.process_time()
        found = look(tmp_path)
        taken.append(time.process_time() - begun)

        assert [paper.authors for paper in found.papers if paper.title.endswith(" 7")] == [("A One",)]
    assert taken[1] < taken[0] + 15.0  # 16 times the entries; all of them against all papers took 90 s


def test_names_that_are_no_text_can_be_written(tmp_path: Path) -> None:
    """A file name in another encoding neither breaks the record nor loses the paper."""
    name = os.fsencode(tmp_path) + b"/caf\xe9.html"
    try:
        with open(name, "wb") as handle:  # noqa: PTH123  # a Path cannot hold these bytes
            handle.write(HTML.encode())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    source = shelf(tmp_path)
    (paper,) = source.search((QUERY,), limit=1)[0].papers
    ((_, fetched, _),) = source.fetch((paper,))

    assert paper.location.encode() == "caf\ufffd.html".encode()
    assert fetched


def test_what_was_not_read_is_said(tmp_path: Path) -> None:
    """A paper without authors or year has a Gap that says so, until a BibTeX entry tells them."""
    (tmp_path / "gears.html").write_text(HTML)
    source = shelf(tmp_path)
    ((_, _, gaps),) = source.fetch(source.search((QUERY,), limit=1)[0].papers)
    assert any("not read" in gap.why and gap.kind is GapKind.MISSING for gap in gaps)

    (tmp_path / "a.bib").write_text("@misc{gears, title={Gears}, author={A One}, year={2024}}")
    source = shelf(tmp_path)
    ((_, _, gaps),) = source.fetch(source.search((QUERY,), limit=1)[0].papers)
    assert gaps == ()


def test_links_lead_nowhere(tmp_path: Path) -> None:
    """A link to a file or folder outside is not followed, nor one in circles."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.html").write_text(HTML.replace("Gears", "Secrets"))
    root = tmp_path / "papers"
    root.mkdir()
    (root / "good.html").write_text(HTML)
    (root / "file.html").symlink_to(outside / "secret.html")
    (root / "folder").symlink_to(outside)
    (root / "circle").symlink_to(root)
    source_folder = root / "tex"
    source_folder.mkdir()
    (source_folder / "main.tex").write_text(LATEX.replace("Gears", "Wheels"))
    (source_folder / "link.tex").symlink_to(outside / "secret.html")
    source = shelf(root)
    papers = source.search((QUERY,), limit=9)[0].papers

    assert sorted(paper.title for paper in papers) == ["Invented Gears and How They Mesh", "Invented Wheels and How They Mesh"]
    assert all("Secrets" not in data.decode() for _, fetched, _ in source.fetch(papers) for item in fetched for data in item.files.values())


@pytest.mark.parametrize("fill", ["missing", "file", "empty", "nothing readable"])
def test_a_folder_without_papers_is_a_usage_error(tmp_path: Path, fill: str) -> None:
    """The message names the folder and the next step; nothing is made up."""
    root = tmp_path / "papers"
    if fill == "file":
        root.write_text("x")
    elif fill != "missing":
        root.mkdir()
    if fill == "nothing readable":
        (root / "a.docx").write_bytes(b"PK")

    with pytest.raises(UsageError, match="papers") as caught:
        shelf(root)

    assert caught.value.tip


def test_real_sources(shared_data: Path) -> None:
    """Five real LaTeX folders: titles, whole author lists and abstracts."""
    by_number = {paper.arxiv_base: paper for paper in look(shared_data / "papers" / "latex").papers}

    assert {number: len(paper.authors) for number, paper in by_number.items()} == {
        "1706.03762": 8,
        "2004.14974": 7,
        "2305.03393": 5,
        "2310.06825": 18,
        "2501.00089": 1,
    }
    assert by_number["1706.03762"].title == "Attention Is All You Need"
    assert by_number["2310.06825"].authors[-1] == "William El Sayed"
    assert all(len(paper.abstract) > 700 for paper in by_number.values())


@pytest.mark.slow
def test_real_papers(shared_data: Path) -> None:
    """Nine works in fourteen files: each once, with its title, and authors wherever the byline can be trusted."""
    found = look(shared_data / "papers")
    by_number = {paper.arxiv_base: paper for paper in found.papers}

    assert len(found.papers) == len(by_number) == 9
    assert by_number["1706.03762"].title == "Attention Is All You Need"
    assert by_number["1706.03762"].authors[0] == "Ashish Vaswani"
    assert len(by_number["1706.03762"].authors) == 8
    assert len(by_number["2310.06825"].authors) == 18
    assert by_number["2401.06066"].authors[-1] == "Wenfeng Liang"
    assert all(len(paper.abstract) > 700 for paper in found.papers)
    assert {gap.subject.rsplit(".", 1)[-1] for gap in found.gaps} == {"md"}
