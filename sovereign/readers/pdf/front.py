"""What stands before a paper's text and says whose it is: title, names, date; from the first page and the file's own information.

A wrong author is worse than none: names are taken from lines set like the first line of names, and what the file says of itself
counts only where the first page bears it out. A year is that of arXiv's stamp, else one that the first page names, else that of the file,
where the years of the works it cites agree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from sovereign.citing.bylines import people
from sovereign.citing.dates import Dated
from sovereign.model import BlockKind
from sovereign.readers.pdf.kinds import Measures, Para
from sovereign.readers.pdf.lines import Line

MAX_YEARS_AFTER_CITED = 2
FIRST_YEAR = 1930
_ABSTRACT = re.compile(r"^\W*(?:abstract|summary)\b", re.IGNORECASE)
_INTRODUCTION = re.compile(r"^(?:1|I)?\.?\s*introduction\W*$", re.IGNORECASE)
_NO_NAME = re.compile(
    r"\b(?:the|project|author|review|article|open|access|keywords?|journal|proceedings|conference|university|press|dated|received|accepted|"
    r"revised|january|february|march|april|may|june|july|august|september|october|november|december|and|of|for|in|on|with)\b",
    re.IGNORECASE,
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATED = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?(?:\s+\d{1,2}(?:st|nd|rd|th)?)?(?:\s*[-–]\s*\d{1,2})?,?"
    r"\s+((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?:©|\(c\)|copyright|proceedings|published|conference|symposium|workshop|preprint|to appear|journal|vol\.)"
    r"[^.]{0,90}?\b((?:19|20)\d\d)\b",
    re.IGNORECASE,
)


def parted_front(paras: list[Para], usual: Measures) -> tuple[list[Para], list[Para]]:
    """Give the paragraphs of the text, and those before it on the first page: title, authors, addresses."""
    start = _start(paras, usual)
    beside = _beside_front(paras[start:]) if start else []
    rest = [para for para in paras[start:] if not any(para is other for other in beside)]
    floats = _floats(paras[:start])
    front = [para for index, para in enumerate(paras[:start]) if index not in floats]
    return [*(paras[index] for index in floats), *_split_abstract(rest, usual)], [*front, *beside]


def _floats(front: Sequence[Para]) -> list[int]:
    """Give the places of captions before the text, and of the tables next to them: they are no names."""
    captions = [index for index, para in enumerate(front) if para.kind is BlockKind.CAPTION]
    tables = {at for index in captions for at in (index - 1, index + 1) if 0 <= at < len(front) and front[at].kind is BlockKind.TABLE}
    return sorted({*captions, *tables})


def _beside_front(paras: Sequence[Para]) -> list[Para]:
    """Give what stands higher than the text's beginning in another column of the first page, and is no running text: more names."""
    if not paras:
        return []
    begin = paras[0].first
    higher = [para for para in paras if para.first.page == 0 and para.first.column > begin.column >= 0 and para.last.y > begin.y + 2]
    return [] if any(_is_running(para) for para in higher) else higher


def _start(paras: list[Para], usual: Measures) -> int:
    first_page = [i for i, para in enumerate(paras) if para.first.page == 0]
    abstract = next((i for i in first_page if _ABSTRACT.match(paras[i].first.text)), None)
    if abstract is not None:
        return abstract
    introduction = next((i for i in first_page if _INTRODUCTION.match(paras[i].first.text.strip())), None)
    big = max((para.first.size for para in paras[:8]), default=0.0)
    title = next((i + 1 for i, para in enumerate(paras[:8]) if para.first.size == big > usual.body + 2), 0)
    running = next((i for i in first_page if i >= title and _is_running(paras[i])), None)
    if running is not None and title and (introduction is None or running < introduction):
        return running
    return title if introduction is None else introduction


def _is_running(para: Para) -> bool:
    """Whether a paragraph is running text: four lines or more of words, with the end of a sentence among them."""
    text = " ".join(line.text for line in para.lines)
    return para.kind is BlockKind.PROSE and len(para.lines) >= 4 and len(text) > 250 and bool(re.search(r"[a-z]{2}[.;,] [A-Za-z]", text))


def _split_abstract(paras: list[Para], usual: Measures) -> list[Para]:
    """Give a heading of its own to "Abstract—We …" and "Abstract. We …"."""
    for index, para in enumerate(paras[:3]):
        run_in = re.match(r"^(abstract)\s*[.:—–-]+\s*(?=\S)", para.first.text, re.IGNORECASE)
        if run_in and para.kind is not BlockKind.HEADING:
            line = para.first
            head = Line(run_in[1], line.x0, line.x1, line.y, usual.body, bold=True, page=line.page, column=line.column)
            line.text = line.text[run_in.end() :]
            return [*paras[:index], Para(BlockKind.HEADING, [head], 1), *paras[index:]]
    return paras


def title_of(front: Sequence[Para]) -> str:
    """Give the title: the lines of the biggest letters before the text."""
    return " ".join(line.text for line in _title_lines([line for para in front for line in para.lines]))


def _title_lines(front: Sequence[Line]) -> list[Line]:
    size = max((round(line.size) for line in front), default=0)
    first = next((line for line in front if round(line.size) == size), None)
    return [line for line in front if first is not None and line.size > first.size - 0.4]


# --- authors -----------------------------------------------------------------------------------------------------


def authors(front: Sequence[Line], information: Mapping[str, str]) -> tuple[str, ...]:
    """Give the authors that the file names and the first page bears out, else those in its byline."""
    title = _title_lines(front)
    known = set(information.get("Author", "").casefold().split())
    signed = len(title) > 1 and any(known & set(name.casefold().split()) for name in _names(title[-1]))  # in the letters of the title
    kept = {id(line) for line in (title[:-1] if signed else title)}
    byline = _byline([line for line in front if id(line) not in kept])
    said = people(re.split(r"[;,]|\band\b|&", information.get("Author", "")))
    page = " ".join(line.text for line in front).casefold()
    if said and len(said) >= len(byline) and all(name.split()[-1].casefold() in page for name in said):
        return said
    return byline


def _byline(lines: Sequence[Line]) -> tuple[str, ...]:
    names: list[str] = []
    look: tuple[str, float] | None = None
    for line in lines:
        if look is not None and (line.font != look[0] or abs(line.size - look[1]) > 0.6):
            continue
        found = _names(line)
        if found and look is None:
            look = (line.font, line.size)
        names += found
    return people(names)


def _names(line: Line) -> list[str]:
    """Give the names of a line most of whose parts are names; or the first part, in capitals, where an address follows it."""
    if "@" in line.text or "{" in line.text:
        return []
    whole = [unicodedata.normalize("NFC", part) for part in line.parts or line.cells]
    parts = [piece for part in whole for piece in re.split(r",|;|\band\b|&|·|\u2022", part)]
    parts = [bare for piece in parts if re.search(r"[^\W\d_]{2}", bare := re.sub(r"[^\w\s.'’-]|[\d_^]+", " ", piece).strip(" -"))]
    named = [_as_written(part) for part in parts if part != part.casefold() and not _NO_NAME.search(part) and people([_as_written(part)])]
    if parts and len(named) >= 0.6 * len(parts):
        return named
    if parts and len(parts) > 1 and parts[0].isupper() and people([_as_written(parts[0])]):
        return [_as_written(parts[0])]
    return []


def _as_written(name: str) -> str:
    """Give a name set in capitals as names are written."""
    if not name.isupper():
        return name
    return " ".join(word if len(word.strip(".")) < 2 or "." in word else word.title() for word in name.split())


# --- date --------------------------------------------------------------------------------------------------------


def published(stamp: str, first_page: Sequence[Line], information: Mapping[str, str], references: Sequence[str]) -> Dated | None:
    """Give when the paper came out, to the month or the year, and what says so; None where nothing does."""
    if number := re.search(r"arXiv:(?:[a-z-]+(?:\.[A-Z]{2})?/)?(\d\d)(0[1-9]|1[0-2])", stamp):
        year = int(number[1])
        return Dated(date(1900 + year if year > 90 else 2000 + year, int(number[2]), 1), "arXiv's stamp")
    text = " ".join(line.text for line in first_page)
    cited = [int(year) for entry in references for year in re.findall(r"\b((?:19|20)\d\d)\b", entry)]
    made = re.match(r"D:(\d{4})(\d\d)", information.get("CreationDate", ""))
    ceiling = int(made[1]) + 1 if made else date.max.year
    floor = max((year for year in cited if year <= ceiling), default=FIRST_YEAR)
    named = [date(int(found[2]), _MONTHS.index(found[1][:3].casefold()) + 1, 1) for found in _DATED.finditer(text)]
    named += [date(int(found[1]), 1, 1) for found in _YEAR.finditer(text)]
    fitting = [day for day in named if floor <= day.year <= ceiling]
    if fitting:
        return Dated(fitting[0], "its first page")
    if made and cited and floor <= int(made[1]) <= floor + MAX_YEARS_AFTER_CITED and 1 <= int(made[2]) <= 12:
        return Dated(date(int(made[1]), int(made[2]), 1), "the file's own date, near that of the newest work that it cites")
    return None
