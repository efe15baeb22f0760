"""The count of rows that can be quoted takes no head for a row, and no figure for a label."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import tables
from sovereign.model import Block, BlockKind, Document, Form


def document(*lines: str) -> Document:
    """Give a document of one table below its caption."""
    caption, body = "Table 1: Minutes afloat.", "\n".join(lines)
    text = f"{caption}\n\n{body}"
    blocks = (Block(BlockKind.CAPTION, 0, len(caption)), Block(BlockKind.TABLE, len(caption) + 2, len(text)))
    return Document("p", Form.PDF, text, (), blocks)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("Boat | Wax", "Reed | 4.5"), [{"words", "head", "caption"}]),
        (("Day | Wax", "2 | 4.5"), [{"number", "head", "caption"}]),
        (("| 50% | 95%", "| 4.5 | 5.5", "Reed | 1 | 2"), [{"head", "caption"}, {"words", "head", "caption"}]),
        (("3.5 | 4.5", "5.5 | 6.5"), [{"caption"}, {"caption"}]),
        (("Boat | Coat", "Reed | wax"), []),
    ],
)
def test_rows_with_figures_are_counted(lines: tuple[str, ...], found: list[set[str]]) -> None:
    """Of each it is said whether it has a label, a head and a caption."""
    assert [set(row) for row in tables.counted(document(*lines))] == found


def test_papers_of_every_form_are_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder of LaTeX is one paper; pages are papers of their own; what cannot be read is said."""
    (tmp_path / "paper").mkdir()
    (tmp_path / "paper/main.tex").write_text(
        r"\documentclass{article}\begin{document}Words. \begin{tabular}{ll}Boat & Wax\\ Reed & 4.5\end{tabular}\end{document}"
    )
    (tmp_path / "page.html").write_text("<p>Words.</p><table><tr><th>Boat</th><th>Wax</th></tr><tr><td>Reed</td><td>4.5</td></tr></table>")
    (tmp_path / "broken.pdf").write_bytes(b"no PDF")

    assert tables.main([str(tmp_path), "--each"]) == 0
    told = capsys.readouterr()
    assert [line.split()[0] for line in told.out.splitlines()] == ["page.html", "paper", "HTML", "LaTeX"]
    assert all("1 tables      1 rows  words 100.0%" in line for line in told.out.splitlines())
    assert "broken.pdf: not read" in told.err
