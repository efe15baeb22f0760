"""Lines to blocks: paragraphs joined over lines, columns and pages; headings, captions, tables, footnotes and references apart."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sovereign.model import BlockKind
from sovereign.readers.building import PAGE, Piece, without_number
from sovereign.readers.pdf_lines import Line

_CAPTION = re.compile(
    r"^(?:(?i:(?:extended data |supplementary )?(?:figure|fig\.?|table|algorithm|listing|scheme|box)\s*(?:S?\d+|[IVX]+|[A-Z]\.?\d+)\s*[.:|–—-])"
    r"|(?:TABLE|FIGURE|FIG\.)\s+(?:\d+|[IVX]+)\b|(?:Figure|Table)\s+\d+\s+[A-Z][a-z]+ (?!\w+s\b))"
)
_NUMBERED = re.compile(
    r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[A-Z](?:\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.|Appendix [A-Z]\b[.:]?)\s+(?=[A-Z“\"(0-9])"
)
_KNOWN_HEADING = re.compile(
    r"^(?:\d+\.?\s+)?(?:abstract|introduction|background|related works?|preliminaries|method(?:s|ology)?|experiments?|results?|evaluation|"
    r"discussion|conclusions?|limitations?|references|bibliography|acknowledge?ments?|appendix|appendices|ethics statement|"
    r"broader impacts?|conclusion and future work|results and discussion|materials and methods|summary|supplementary material)\W*$",
    re.IGNORECASE,
)
_REFERENCES = re.compile(
    r"^\W*(?:\d+\.?\s+|[IVX]+\.\s+)?(?:references|bibliography|literature cited|references and notes)\W*$", re.IGNORECASE
)
_ENTRY = re.compile(r"^\[(?:\d+|[A-Z][\w+]{1,12})\]\s|^\d{1,3}\.\s+[A-Z]")
_BULLET = re.compile(r"^(?:[•‣◦▪●∙·–—⋆✓]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+")
_FIRST_PARTS = frozenset(
    "self non well state semi cross multi few zero one two three four low high large small long short fine open real end top full half "
    "single double data time cost task domain human machine model token sample parameter state-of decoder encoder query key".split()
)
_ENDS_SENTENCE = re.compile(r"[.!?:]['”\")\]]*$")


@dataclass(slots=True)
class Measures:
    """What is usual in the document: size of body letters and distance between its lines, in points; families of its letters."""

    body: float
    leading: float
    families: frozenset[str] = frozenset()


@dataclass(slots=True)
class Para:
    """Lines that belong together."""

    kind: BlockKind
    lines: list[Line]
    level: int = 0

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def last(self) -> Line:
        return self.lines[-1]


@dataclass(slots=True)
class Blocks:
    """The document's pieces, its reference list, and the lines of the title as they stood."""

    pieces: list[Piece] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    title: str = ""
    appendix_from: int | None = None


def measures(pages: Sequence[Sequence[Line]]) -> Measures:
    """Give the usual size and leading: the ones most letters have."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    steps: Counter[float] = Counter()
    for lines in pages:
        for above, below in zip(lines, lines[1:], strict=False):
            step = above.y - below.y
            if above.column == below.column and 0.8 * body < step < 2.2 * body and abs(above.size - body) < 0.6:
                steps[round(step * 2) / 2] += 1
    leading = steps.most_common(1)[0][0] if steps else 1.2 * body
    used: Counter[str] = Counter()
    for lines in pages:
        for line in lines:
            if abs(line.size - body) < 0.6 and len(line.text) > 30:
                used[line.family] += len(line.text)
    total = sum(used.values())
    return Measures(body, leading, frozenset(name for name, count in used.items() if count > 0.1 * total))


def blocks(pages: Sequence[Sequence[Line]]) -> Blocks:
    """Give the blocks of a document's pages, lines in reading order, furniture already out."""
    usual = measures(pages)
    words = _vocabulary(pages)
    paras: list[Para] = []
    for lines in pages:
        on_page: list[Para] = []
        for column in _parted(lines):
            on_page += _paragraphs(column, usual)
        paras += _floats(on_page, usual)
    made = Blocks()
    paras = _without_front(paras, usual, made)
    body = _without_references(paras, made, words)
    _write(_joined(body), made, words)
    return made


def _parted(lines: Sequence[Line]) -> list[list[Line]]:
    """Part a page's lines where the column changes."""
    parts: list[list[Line]] = []
    for line in lines:
        if parts and parts[-1][-1].column == line.column and line.y < parts[-1][-1].y + 2:
            parts[-1].append(line)
        else:
            parts.append([line])
    return parts


# --- paragraphs --------------------------------------------------------------------------------------------------


def _paragraphs(lines: list[Line], usual: Measures) -> list[Para]:
    left = _left_edge(lines)
    right = max(line.x1 for line in lines)
    groups: list[list[Line]] = []
    for index, line in enumerate(lines):
        above = lines[index - 1] if index else None
        below = lines[index + 1] if index + 1 < len(lines) else None
        if above is None or _begins(line, above, below, (left, right), usual):
            groups.append([line])
        else:
            groups[-1].append(line)
    return [_classed(group, usual) for group in groups]


def _left_edge(lines: list[Line]) -> float:
    starts = Counter(round(line.x0) for line in lines if len(line.text) > 25)
    if not starts:
        return min(line.x0 for line in lines)
    most = starts.most_common(1)[0][1]
    return float(min(x for x, count in starts.items() if count >= 0.5 * most))


def _begins(line: Line, above: Line, below: Line | None, edges: tuple[float, float], usual: Measures) -> bool:  # noqa: PLR0911 - a table of signs
    left, right = edges
    step = above.y - line.y
    pace = usual.leading * max(above.size, line.size) / usual.body if abs(above.size - usual.body) > 0.6 else usual.leading
    if abs(line.size - above.size) > 0.12 * max(line.size, above.size) and not (_is_fragment(line) or _is_fragment(above)):
        return True
    if step > 1.38 * pace + 0.5:
        return True
    if _is_heading_line(line, usual) and _is_heading_line(above, usual) and line.bold == above.bold:
        return bool(_NUMBERED.match(line.text) or _KNOWN_HEADING.match(line.text))
    if _is_mathy(line, left) != _is_mathy(above, left):
        return True
    if _CAPTION.match(line.text) or (_BULLET.match(line.text) and line.text[0] not in "–—·"):
        return True
    if line.starts_raised and line.size < usual.body - 0.4:
        return True
    if _is_heading_line(line, usual) != _is_heading_line(above, usual) and (
        step > 1.05 * pace or line.bold != above.bold or _NUMBERED.match(line.text)
    ):
        return _is_heading_line(line, usual) or _is_heading_line(above, usual)
    indent = line.x0 - left
    if 0.6 * line.size < indent < 4.5 * line.size and abs(above.x0 - left) < 0.6 * line.size:
        hanging = below is not None and abs(below.x0 - line.x0) < 1.0
        return not hanging or bool(_ENDS_SENTENCE.search(above.text))
    ended = bool(_ENDS_SENTENCE.search(above.text)) and above.x1 < right - 3.5 * line.size
    return ended and line.text[:1].isupper()


def _is_mathy(line: Line, left: float) -> bool:
    """Whether a line is part of a displayed formula: set in from the edge, and hardly a word in it."""
    if line.x0 < left + 1.5 * line.size:
        return False
    bare = re.sub(r"\[[\d, –-]+\]", "", line.text)
    if len(bare.strip(" .,;")) == 0:
        return False
    if "=" in bare and line.x0 > left + 3 * line.size and len(re.findall(r"[^\W\d_]{4,}", bare)) <= 2:
        return True
    letters = sum(len(word) for word in re.findall(r"[^\W\d_]{4,}", bare))
    return letters < 0.45 * len(bare.replace(" ", "")) or bool(re.search(r"\(\d{1,2}\)$", line.text) and "=" in line.text)


def _is_fragment(line: Line) -> bool:
    """Whether a line is so short that its size says nothing: a stray script of a formula."""
    return len(line.text) < 4


def _is_heading_line(line: Line, usual: Measures) -> bool:
    text = line.text.strip()
    if len(text) > 120 or line.gaps > 1 or not re.search(r"[A-Za-z]{3}", text):
        return False
    if _KNOWN_HEADING.match(text) and len(text) < 40:
        return True
    if text.endswith((",", ";")) or re.match(r"^[a-z]", text):
        return False
    big = line.size > usual.body + 0.8
    numbered = bool(_NUMBERED.match(text))
    if numbered and (line.bold or big or (text.isupper() and len(text) < 80)):
        return True
    return (line.bold or big) and len(text) < 90 and not text.endswith(".") and len(text.split()) <= 14


def _classed(group: list[Line], usual: Measures) -> Para:
    first = group[0]
    text = " ".join(line.text for line in group)
    if len(group) <= 3 and all(_is_heading_line(line, usual) or line.bold for line in group) and _is_heading_line(first, usual):
        return Para(BlockKind.HEADING, group, _level(first, usual))
    if _CAPTION.match(first.text):
        return Para(BlockKind.CAPTION, group)
    if _is_tabular(group):
        return Para(BlockKind.TABLE, group)
    marked = first.starts_raised or re.match(r"^[*†‡§¶∗]\s?[A-Z]|^\d{1,2}(?=[A-Zh])", first.text)
    if marked and (first.size < usual.body - 0.4 or (first.y < 150 and first.text[0] in "*†‡∗")):
        return Para(BlockKind.FOOTNOTE, group)
    if not _is_prose(group, text, usual):
        return Para(BlockKind.FORMULA, group)
    if first.size < usual.body - 0.7 and first.y < 180 and len(group) < 6:
        return Para(BlockKind.FOOTNOTE, group)
    return Para(BlockKind.PROSE, group)


def _level(line: Line, usual: Measures) -> int:
    numbered = _NUMBERED.match(line.text)
    if numbered:
        return max(1, min(5, len([part for part in numbered.group().strip(" .").split(".") if part])))
    return 1 if _KNOWN_HEADING.match(line.text) or line.size > usual.body + 0.8 else 4


def _is_tabular(group: list[Line]) -> bool:
    gapped = sum(1 for line in group if line.gaps)
    return gapped >= max(1, 0.6 * len(group)) and (len(group) > 1 or group[0].gaps > 1)


def _is_prose(group: list[Line], text: str, usual: Measures) -> bool:
    words = re.findall(r"[^\W\d_]{2,}", text)
    tokens = text.split()
    if not tokens or len(words) < 2:
        return False
    if (
        ("=" in text or re.search(r"\(\d{1,2}\)$", text))
        and sum(1 for word in words if len(word) >= 4) < 6
        and not re.search(r"[a-z]{2}\.$", text)
    ):
        return False
    if "=" in text and re.search(r"\(\d{1,2}\)$", text) and len(words) < 12:
        return False
    share = sum(map(len, words)) / max(1, len(text.replace(" ", "")))
    widest = max(line.x1 - line.x0 for line in group)
    if len(group) == 1 and (widest < 60 or len(tokens) < 3):
        return _ENDS_SENTENCE.search(text) is not None and share > 0.7 and len(tokens) >= 2
    long = sum(1 for word in words if len(word) >= 4)
    return share > 0.55 and (long >= 2 or len(words) >= 4) and statistics.fmean(map(len, words)) > 2.6


# --- figures and tables ------------------------------------------------------------------------------------------


def _floats(paras: list[Para], usual: Measures) -> list[Para]:
    """Tell words inside a figure and bold heads inside a table from the text: they stand next to a caption and look foreign."""
    for index, para in enumerate(paras):
        if para.kind is not BlockKind.CAPTION or not _CAPTION.match(para.first.text):
            continue
        is_table = bool(re.match(r"table", para.first.text, re.IGNORECASE))
        for step in (-1, 1) if is_table else (-1,):
            at = index + step
            while 0 <= at < len(paras) and _is_loose(paras[at], para, usual):
                paras[at].kind = BlockKind.TABLE if is_table or paras[at].kind is BlockKind.TABLE else BlockKind.FIGURE
                at += step
    return paras


def _is_loose(para: Para, caption: Para, usual: Measures) -> bool:
    """Whether a paragraph beside a caption belongs to the float rather than to the text."""
    if para.kind in {BlockKind.TABLE, BlockKind.FORMULA, BlockKind.FIGURE}:
        return para.first.column == caption.first.column
    if para.kind is BlockKind.HEADING:
        is_numbered = _NUMBERED.match(para.first.text) and (para.first.bold or para.first.family in usual.families)
        return not (is_numbered or _KNOWN_HEADING.match(para.first.text))
    if para.kind is not BlockKind.PROSE:
        return False
    foreign = sum(1 for line in para.lines if abs(line.size - usual.body) > 0.5 or line.family not in usual.families)
    narrow = len(para.lines) <= 3 and not any(len(line.text) > 75 or _ENDS_SENTENCE.search(line.text) for line in para.lines)
    return foreign > 0.6 * len(para.lines) or narrow


# --- front matter and references ---------------------------------------------------------------------------------


def _without_front(paras: list[Para], usual: Measures, made: Blocks) -> list[Para]:
    """Take the title, authors and addresses off the first page: what stands before the abstract."""
    first_page = [i for i, para in enumerate(paras) if para.first.page == 0]
    start = next(
        (i for i in first_page if re.match(r"^\W*(?:abstract|summary)\b", paras[i].first.text, re.IGNORECASE)),
        next((i for i in first_page if re.match(r"^(?:1|I)?\.?\s*introduction\W*$", paras[i].first.text.strip(), re.IGNORECASE)), None),
    )
    if start is None:
        big = max((para.first.size for para in paras[:8]), default=0.0)
        start = next((i + 1 for i, para in enumerate(paras[:8]) if para.first.size == big > usual.body + 2), 0)
    front, rest = paras[:start], paras[start:]
    if front:
        biggest = max(front, key=lambda para: (round(para.first.size), -front.index(para)))
        size = biggest.first.size
        made.title = " ".join(line.text for para in front for line in para.lines if line.size > size - 0.4)
        text = "\n".join(line.text for para in front for line in para.lines)
        made.pieces.append(Piece(BlockKind.FRONT, text))
    return _split_abstract(rest, usual)


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


def _without_references(paras: list[Para], made: Blocks, words: frozenset[str]) -> list[Para]:
    heads = [i for i, para in enumerate(paras) if _REFERENCES.match(para.first.text) and len(para.lines) == 1]
    if not heads:
        return paras
    start = heads[-1]
    end = next((i for i in range(start + 1, len(paras)) if _ends_references(paras[i])), len(paras))
    lines = [line for para in paras[start + 1 : end] if para.kind is not BlockKind.TABLE or len(para.lines) > 0 for line in para.lines]
    made.references += _entries(lines, words)
    rest = paras[start + 1 : end]
    floats = [para for para in rest if para.kind is BlockKind.CAPTION and _CAPTION.match(para.first.text)]
    made.appendix_from = None
    after = paras[end:]
    if after:
        after[0].level = 1 if after[0].kind is BlockKind.HEADING else after[0].level
    return [*paras[:start], *floats, *after]


def _ends_references(para: Para) -> bool:
    if para.kind is not BlockKind.HEADING or _ENTRY.match(para.first.text):
        return False
    text = para.first.text
    return bool(
        re.match(r"^(?:appendi|supplement|[A-Z](?:\.\d+)*\.?\s+[A-Z])", text, re.IGNORECASE)
        or _KNOWN_HEADING.match(text)
        or para.first.bold
    )


def _entries(lines: list[Line], words: frozenset[str]) -> list[str]:
    if not lines:
        return []
    numbered = sum(1 for line in lines if _ENTRY.match(line.text)) >= max(3, len(lines) // 12)
    lefts: dict[tuple[int, int], float] = {}
    for line in lines:
        key = (line.page, line.column)
        lefts[key] = min(lefts.get(key, 1e9), line.x0)
    entries: list[list[Line]] = []
    for line in lines:
        starts = bool(_ENTRY.match(line.text)) if numbered else line.x0 < lefts[line.page, line.column] + 3
        if starts or not entries:
            entries.append([line])
        else:
            entries[-1].append(line)
    return [_join_lines(entry, words, entry[-1].page) for entry in entries]


# --- joining -----------------------------------------------------------------------------------------------------


def _joined(paras: list[Para]) -> list[Para]:
    """Join a paragraph that a column or page end, a figure or a footnote broke.

    What broke it on the page where it began goes before it, what broke it later follows it, so that pages keep their order.
    """
    out: list[Para] = []
    open_at: int | None = None
    for para in paras:
        if para.kind is BlockKind.PROSE and open_at is not None and (_continues(out[open_at], para) or _is_split(out[open_at:], para)):
            broken = out.pop(open_at)
            between, out[open_at:] = out[open_at:], []
            out += [item for item in between if item.first.page <= broken.first.page]
            open_at = len(out)
            broken.lines += para.lines
            out += [broken, *(item for item in between if item.first.page > broken.first.page)]
            open_at = open_at if _is_open(broken) else None
            continue
        out.append(para)
        if para.kind is BlockKind.PROSE:
            open_at = len(out) - 1 if _is_open(para) else None
        elif para.kind is BlockKind.HEADING:
            open_at = None
    return out


def _is_split(since: list[Para], para: Para) -> bool:
    """Whether a paragraph was cut in two by a stray sign of maths that stands between its lines."""
    broken, stray = since[0], since[1:]
    if not stray or any(item.kind is not BlockKind.FORMULA or len(item.lines) > 1 or len(item.first.text) > 12 for item in stray):
        return False
    step = broken.last.y - para.first.y
    same = (para.first.page, para.first.column) == (broken.last.page, broken.last.column)
    return (
        same
        and 0 < step < 2.2 * broken.last.size
        and not _ENDS_SENTENCE.search(broken.last.text)
        and re.match(r"[a-z(]", para.first.text) is not None
    )


def _is_open(para: Para) -> bool:
    return not _ENDS_SENTENCE.search(para.last.text) or para.last.text.endswith(":")


def _continues(broken: Para, para: Para) -> bool:
    last, first = broken.last, para.first
    moved = (first.page, first.column) != (last.page, last.column)
    if not moved or first.page - last.page > 2:
        return False
    if last.text.endswith(":"):
        return False
    if re.match(r"^[a-z(\[,;0-9]", first.text) or last.text.endswith(("-", "–", ",", "(")):
        return True
    is_text = len(para.lines) > 1 or (first.gaps == 0 and len(first.text) > 50)
    return abs(first.size - last.size) < 0.5 and is_text and not _BULLET.match(first.text)


def _write(paras: list[Para], made: Blocks, words: frozenset[str]) -> None:
    page = 0
    for para in paras:
        breaks = PAGE * max(0, para.first.page - page)
        page = max(page, para.first.page)
        text = _piece_text(para, words, page)
        page = max(page, para.last.page)
        if para.kind is BlockKind.HEADING:
            heading = without_number(text.replace(PAGE, " "))
            if made.appendix_from is None and re.match(r"^(?:appendi|[A-Z]\.?\s+\S)", text) and _is_after_conclusion(made):
                made.appendix_from = len(made.pieces)
            if made.appendix_from is not None:
                heading = re.sub(r"^[A-Z]\s+(?=[A-Z])", "", heading)
            made.pieces.append(Piece(para.kind, breaks + heading.rstrip(".:"), para.level))
        else:
            made.pieces.append(Piece(para.kind, breaks + text))


def _is_after_conclusion(made: Blocks) -> bool:
    heads = " ".join(piece.text for piece in made.pieces if piece.kind is BlockKind.HEADING).casefold()
    return bool(re.search(r"conclu|discussion|acknowledg|limitation", heads))


def _piece_text(para: Para, words: frozenset[str], page: int) -> str:
    if para.kind is BlockKind.TABLE:
        return "\n".join(" | ".join(line.cells) for line in para.lines)
    if para.kind in {BlockKind.FORMULA, BlockKind.FIGURE}:
        return "\n".join(line.text for line in para.lines)
    text = _join_lines(para.lines, words, page)
    return re.sub(r"^[•‣◦▪●∙]\s*", "", text) if para.kind is BlockKind.PROSE else text


def _join_lines(lines: Sequence[Line], words: frozenset[str], page: int) -> str:
    """Give lines as one text; PAGE stands where a page after `page` begins."""
    text = lines[0].text if lines else ""
    for line in lines[1:]:
        text = _glue(text, line.text, PAGE * max(0, line.page - page), words)
        page = max(page, line.page)
    return text


def _glue(before: str, after: str, turn: str, words: frozenset[str]) -> str:
    """Join two lines: a hyphen at the end is the typesetter's, unless the document writes the word with it elsewhere."""
    if not re.search(r"\w[-\u00ad]$", before):
        return f"{before} {turn}{after}"
    left = re.search(r"([^\W\d_]+)[-\u00ad]$", before)
    right = re.match(r"[^\W\d_]+", after)
    if left is None or right is None or before.endswith("\u00ad"):
        return (before[:-1] if before.endswith("\u00ad") else before) + turn + after
    return (before if _keeps_hyphen(left[1], right[0], before[: left.start()], words) else before[:-1]) + turn + after


def _keeps_hyphen(left: str, right: str, before: str, words: frozenset[str]) -> bool:
    """Whether a hyphen at a line's end belongs to the word: the document's other words decide, then common first parts."""
    whole, parted = (left + right).casefold(), f"{left}-{right}".casefold()
    if whole in words:
        return False
    if parted in words or right[0].isupper() or before.endswith("-") or left.casefold() in _FIRST_PARTS:
        return True
    return len(left) > 3 and len(right) > 3 and left.casefold() in words and right.casefold() in words


def _vocabulary(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Give the document's words, whole ones and ones with hyphens, that stand within a line."""
    words: set[str] = set()
    for lines in pages:
        for line in lines:
            found = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.text)
            ends_open = line.text.endswith(("-", "\u00ad"))
            for word in found[:-1] if ends_open else found:
                parts = word.casefold().split("-")
                words.update({"-".join(parts), *(f"{a}-{b}" for a, b in zip(parts, parts[1:], strict=False)), *parts})
    return frozenset(words)
