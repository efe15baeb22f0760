"""Whether the rows of results tables can be quoted: each row with figures has its label, the names of its columns, and a caption.

    python -m benchmarks.tables FOLDER_OR_FILE…

A folder with .tex files is a paper in LaTeX; .html, .xml (JATS) and .pdf files are papers of their own. A row counts where half its cells
are figures; rows that name columns do not. Its label is words, or a number where the table has a head (an ID, a year, a setting).
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from sovereign.language.surroundings import beside
from sovereign.model import BlockKind, Document
from sovereign.readers.html import read_html
from sovereign.readers.pdf import read_pdf
from sovereign.readers.row_labels import is_figure, is_words
from sovereign.readers.tex import read_latex
from sovereign.steps.read import rows

FORMS = {".html": read_html, ".xml": read_html, ".pdf": read_pdf}


def counted(document: Document) -> Iterator[frozenset[str]]:
    """Yield what each row with figures has: of "words", "number", "head", "caption"."""
    found = rows(document)
    heads = {line for row in found for line in beside(row, document)[0].split("\n") if "|" in line}
    for row in found:
        cells = [cell.strip() for cell in row.text.split("|")]
        shown = [cell for cell in cells if cell]
        if len(cells) < 2 or row.text in heads or 2 * sum(map(is_figure, shown)) < max(1, len(shown)):
            continue
        before, after = beside(row, document)
        has_head = any("|" in line for line in before.split("\n"))
        label = "words" if is_words(cells[0]) else "number" if is_figure(cells[0]) and has_head else ""
        yield frozenset(filter(None, (label, "head" if has_head else "", "caption" if after else "")))


def papers(paths: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Yield the papers below paths, each with its form; a folder that holds LaTeX is one."""
    for path in paths:
        if path.is_dir() and any(path.glob("*.tex")):
            yield "LaTeX", path
        elif path.is_dir():
            yield from papers(sorted(path.iterdir()))
        elif path.suffix in FORMS:
            yield path.suffix[1:].upper(), path


def read(path: Path) -> Document:
    """Read a paper."""
    if path.is_dir():
        return read_latex(
            path.name, {PurePosixPath(p.relative_to(path).as_posix()): p.read_bytes() for p in path.rglob("*") if p.is_file()}
        )
    return FORMS[path.suffix](path.stem, {PurePosixPath(path.name): path.read_bytes()})


def main(argv: Sequence[str] | None = None) -> int:
    """Count and print, form by form."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.tables")
    options.add_argument("papers", nargs="+", type=Path, metavar="PAPER")
    options.add_argument("--each", action="store_true", help="each paper by itself too")
    given = options.parse_args(argv)
    total: dict[str, Counter[str]] = {}
    for form, path in papers(given.papers):
        try:
            document = read(path)
        except ValueError as error:
            sys.stderr.write(f"* {path.name}: not read: {error}\n")
            continue
        own = Counter(kind for row in counted(document) for kind in ("rows", *row))
        own["tables"] = sum(block.kind is BlockKind.TABLE for block in document.blocks)
        total.setdefault(form, Counter()).update(own)
        if given.each:
            _print(path.name, own)
    for form, counts in total.items():
        _print(form, counts)
    return 0


def _print(name: str, counts: Counter[str]) -> None:
    shares = "  ".join(f"{kind} {counts[kind] / max(1, counts['rows']):.1%}" for kind in ("words", "number", "head", "caption"))
    print(f"{name[:40]:40}  {counts['tables']:4} tables  {counts['rows']:5} rows  {shares}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
