"""The same paper, read from LaTeX, HTML and PDF, says the same sentences; measured on real papers.

A sentence of the LaTeX form counts as found when its letters and digits stand in the other form's running text in order,
white space, hyphens, signs of maths and the way citations are printed aside.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from sovereign.model import Document, Role
from sovereign.readers.html import read_html
from sovereign.readers.latex import read_latex
from sovereign.readers.pdf import read_pdf
from sovereign.steps.read import cut

MIN_WORDS = 4
FLOOR = {"html": 0.95, "pdf": 0.90}
_CITATION = re.compile(r"\[\d+(?:\s*[,;–-]\s*\d+)*\]|\([^()]*\b(?:1[89]|20)\d\d[a-z]?\b[^()]*\)|\(\)")
_AUTHORS = re.compile(r"(?:[A-Z][\w'’-]+(?:,| and| &)? )*[A-Z][\w'’-]+(?: et al\.?)?,? \((?:1[89]|20)\d\d[a-z]?\)(?:[;,] )?")
_NUMBERED = re.compile(
    r"\b(?:Figure|Figures|Fig\.|Table|Tables|Section|section|Sec\.|Equation|Eq\.|Appendix)\s*\.?\s*[\dA-Z(][\w.()]*|§\s?[\w.]+"
)


def latex_folder(root: Path) -> dict[PurePosixPath, bytes]:
    """Give a folder's files by relative path."""
    return {PurePosixPath(path.relative_to(root).as_posix()): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def squeezed(text: str) -> str:
    """Give the letters and digits alone, lower case."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", text).casefold())


def segments(sentence: str) -> list[str]:
    """Give what stands between a sentence's citations and numbered references, squeezed; pieces too short to tell left out."""
    bare = _NUMBERED.sub("\0", _CITATION.sub("\0", _AUTHORS.sub("\0", sentence)))
    return [part for raw in bare.split("\0") if len(part := squeezed(raw)) >= 8]


def is_found(sentence: str, hay: str) -> bool:
    """Whether the sentence's segments stand in the text in order, near each other."""
    parts = segments(sentence)
    start = 0
    while parts and (at := hay.find(parts[0], start)) >= 0:
        end = at + len(parts[0])
        for part in parts[1:]:
            following = hay.find(part, end)
            if following < 0 or following - end > 160:
                break
            end = following + len(part)
        else:
            return True
        start = at + 1
    return not parts


def running_text(document: Document) -> str:
    """Give the squeezed sentences of a document, one after the other."""
    return squeezed("".join(passage.text for passage in cut(document)))


@cache
def raw_words(page: Path) -> str:
    """Give all letters of an HTML file, its tags cut out blindly: what the conversion lost is not the reader's to find."""
    source = page.read_text("utf-8")
    body = re.sub(r"<math.*?</math>", " ", re.sub(r"<(script|style)\b.*?</\1>", "", source, flags=re.DOTALL), flags=re.DOTALL)
    return squeezed(re.sub(r"<[^>]*>", "", body))


def is_in_file(sentence: str, page: Path | None) -> bool:
    """Whether the file holds the sentence's first words at all."""
    parts = segments(sentence)
    return page is None or not parts or parts[0][:25] in raw_words(page) or any(part[-25:] in raw_words(page) for part in parts)


def share_found(latex: Document, other: Document, page: Path | None = None) -> tuple[float, list[str]]:
    """Give the share (0..1) of the LaTeX form's sentences that the other form has, and those it lacks."""
    hay = running_text(other)
    asked = [p.text for p in cut(latex) if len(p.text.split()) >= MIN_WORDS and is_in_file(p.text, page)]
    lacking = [sentence for sentence in asked if not is_found(sentence, hay)]
    return 1 - len(lacking) / len(asked), lacking


def papers_in(shared: Path) -> list[tuple[str, str, Path]]:
    """Give (arXiv number, form, file) for every paper that is there as LaTeX and in this form."""
    found = []
    for folder in sorted((shared / "papers" / "latex").iterdir()):
        for form in ("html", "pdf"):
            found += [(folder.name, form, path) for path in sorted((shared / "papers" / form).glob(f"{folder.name}*"))]
    return found


def test_the_other_forms_say_the_same(shared_data: Path) -> None:
    """At least 95 % of the LaTeX sentences stand in the HTML form and 90 % in the PDF form, for every paper there is."""
    compared = papers_in(shared_data)
    report = []
    for number, form, path in compared:
        latex = read_latex(number, latex_folder(shared_data / "papers" / "latex" / number))
        reader = read_html if form == "html" else read_pdf
        other = reader(number, {PurePosixPath(path.name): path.read_bytes()})
        share, lacking = share_found(latex, other, path if form == "html" else None)
        print(f"{number} {form}: {share:.1%} of {len(cut(latex))} sentences", *(f"\n    lacks: {text}" for text in lacking))  # noqa: T201
        if share < FLOOR[form]:
            report.append(f"{number} {form}: {share:.3f} < {FLOOR[form]}: {lacking[:5]}")

    assert {form for _, form, _ in compared} == {"html", "pdf"}
    assert not report, report


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_no_reference_list_or_page_number_in_a_sentence(shared_data: Path, form: str) -> None:
    """No sentence holds an entry of the reference list, a running head or a line number."""
    for path in sorted((shared_data / "papers" / form).iterdir()):
        reader = read_html if form == "html" else read_pdf
        document = reader(path.stem, {PurePosixPath(path.name): path.read_bytes()})
        sentences = [passage.text for passage in cut(document)]

        assert len(sentences) > 100
        assert len(document.references) >= (20 if path.stem != "2305.03393" else 0)
        entries = {squeezed(entry)[:40] for entry in document.references if len(squeezed(entry)) >= 40}
        assert not [s for s in sentences if any(entry in squeezed(s) for entry in entries)]
        assert not [s for s in sentences if re.search(r"arXiv preprint arXiv:\d{4}\.\d{5}, 20\d\d\.$|^\d{1,3}$|arXiv:\d{4}\.\d+v\d+ \[", s)]
        assert {Role.ABSTRACT, Role.INTRODUCTION, Role.CONCLUSION} - {part.role for part in document.sections} <= (
            {Role.CONCLUSION} if path.stem == "2305.03393" else set()
        )
