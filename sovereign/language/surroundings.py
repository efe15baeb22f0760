"""What stands about a quote and is compared and heard with it. Pure.

Of a sentence these are its neighbours in the paragraph; of a table's row, which says nothing by itself, the names of its columns and the
table's caption. The verifier reads a row as words: "MS MARCO: BM25 0.228; ANCE 0.388.".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sovereign.language.cells import says_the_cells
from sovereign.language.comparison import Comparison, Likeness, compare
from sovereign.language.premises import around_quote
from sovereign.model import CONTEXT_CHARS, Block, BlockKind, Claim, Document, Passage
from sovereign.text import fold, sentences

MOST_HEADS = 3
"""So many rows at most name a table's columns."""
MOST_FIGURES = 0.2
"""Share of a row's cells that may look like figures where the row names columns."""
CELL = " | "
_SIGNS = re.compile(r"[\W_]*")
_COUNTED = re.compile(r"\W?\d{1,4}\W{0,2}")
_WORD = re.compile(r"[^\W\d_]{2}")
_DASH = re.compile(r"[-–—•·]\s?\w")
_DIGITS = re.compile(r"\d++(?:[.,]\d++)*+")
_INTERVAL = re.compile(r"\W?9\d(?:\.\d)?\s?%\s?(?:CIs?|CrIs?|(?:confidence|credible) (?:intervals?|limits?))\W?")
"""The name of a column of such intervals, which holds a figure itself."""
MOST_OVER = 8
"""So many lines without cells, such as words that were read into the table, may stand over its head."""
MOST_ACROSS = 60
"""Letters of a line over a table's head that is a part of it."""
MOST_DIGITS = 4
_YEAR = re.compile(r"(?:19|20)\d\d")
_OTHER_FLOAT = re.compile(r"(?:supplementary |extended data )?(?:fig|algorithm|scheme|listing|plate)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Setting:
    """A quote with what stands about it, white space folded.

    Attributes:
        sentences: What a claim is compared with, in order: the neighbours and the quote, or the columns' names and the rows.
        windows: What the verifier hears, the quote alone first.
        context: What supplies names alone: the paper's title, the heading, and a table's caption.
        caption: A table's caption, and the line across the table over the row's part.
        head, rows: The columns' names and the rows, cell by cell; empty where the quote is no row.
    """

    sentences: tuple[str, ...]
    windows: tuple[str, ...]
    context: str
    caption: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def whole(self) -> str:
        """All that may share a claim's words."""
        return " ".join((*self.sentences, self.caption))


def setting(claim: Claim, title: str = "") -> Setting:
    """Give what stands about a claim's quote: out of the claim itself, and over all of it the paper's title."""
    quote = claim.quote
    if quote.kind is BlockKind.TABLE and "|" in quote.text:
        return _of_rows(claim, title)
    before, quoted, after = fold(claim.before), fold(quote.text), fold(claim.after)
    given = tuple(text for text in (before, quoted, after) if text)
    return Setting(given, around_quote(quoted, before, after, (quote.section, title)), f"{fold(title)}. {quote.section}")


def compared(claim: Claim, title: str = "") -> tuple[Setting, Comparison]:
    """Give what stands about a claim's quote, and the claim compared with it."""
    stands, text = setting(claim, title), fold(claim.text)
    found = compare(text, stands.sentences, context=stands.context)
    if stands.rows and not found.is_veto and says_the_cells(text, stands.head, stands.rows, stands.context):
        found = replace(found, likeness=Likeness.REWORDED)
    return stands, found


def beside(quote: Passage, document: Document) -> tuple[str, str]:
    """Give what stands before a quote and after it, verbatim: the sentences of its paragraph; of a row the columns' names and the caption.

    What is longer than CONTEXT_CHARS is left out, never cut; of a caption its first sentences are given.
    """
    at = next((i for i, block in enumerate(document.blocks) if block.start <= quote.start < block.end), None)
    if at is None:
        return "", ""
    block = document.blocks[at]
    if block.kind is BlockKind.TABLE:
        rows = [row for row in document.text[block.start : block.end].split("\n") if row.strip()]
        above = document.text[block.start : max(block.start, quote.start)].split("\n")
        return _heads(rows, sum(bool(row.strip()) for row in above[:-1])), _caption(document, at)
    spans = [(block.start + start, block.start + end) for start, end in sentences(document.text[block.start : block.end])]
    before = next((document.text[start:end] for start, end in reversed(spans) if end <= quote.start), "")
    after = next((document.text[start:end] for start, end in spans if start >= quote.end), "")
    return before if len(before) <= CONTEXT_CHARS else "", after if len(after) <= CONTEXT_CHARS else ""


# --- tables ----------------------------------------------------------------------------------------------------------


def names_columns(row: str) -> bool:
    """Whether a row names columns: of its cells but the first, hardly one in five is a figure ("2D"), years aside."""
    cells = [cell for part in row.split("|")[1:] if (cell := part.strip())]
    return bool(cells) and MOST_FIGURES * len(cells) >= sum(map(_is_figure, cells))


def _is_figure(cell: str) -> bool:
    if _INTERVAL.fullmatch(cell):
        return False
    bare = _SIGNS.sub("", cell, count=1)
    letters = sum(sign.isalpha() for sign in bare)
    return bare[:1].isdigit() and not _YEAR.fullmatch(bare) and letters <= sum(sign.isdigit() for sign in bare)


def _heads(rows: Sequence[str], at: int) -> str:
    """Give what names the columns of the row at a place, and the part of the table that it is in; each on its own line.

    That is a line across the table over its head, the rows of the head, and the last line across, or label without figures, over the row.
    """
    across = next((index for index, row in enumerate(rows[: min(at, MOST_OVER)]) if "|" in row), 0)
    end = across
    while end < min(at, across + MOST_HEADS) and (names_columns(rows[end]) or _numbers_columns(rows, end, across)):
        end += 1
    if end == across:
        return ""
    over = [row for row in rows[:across] if len(row) <= MOST_ACROSS and not _is_figure(row)]
    told = [*(over if len(over) == across == 1 else ()), *rows[across:end]]
    if part := _part(rows, end, at):
        told.append(part)
    while told and len("\n".join(told)) > CONTEXT_CHARS:
        told.pop(0)
    return "\n".join(told)


def _numbers_columns(rows: Sequence[str], at: int, first: int) -> bool:
    """Whether a row of figures names columns: no label stands before them and rows below have one, or they count the columns."""
    label, *cells = _cells(rows[at])
    shown = [cell for cell in cells if cell]
    if not shown or not any(_cells(row)[0] for row in rows[at + 1 :]):
        return False
    numbers = [int(cell) for cell in shown if cell.isascii() and cell.isdigit() and len(cell) < MOST_DIGITS]
    if 1 < len(numbers) == len(shown) and all(other == one + 1 for one, other in pairwise(numbers)):
        return at == first or not label
    alike = {_DIGITS.sub("", cell) for cell in shown}
    return not label and len(shown) > 1 and (at == first or (len(alike) == 1 and alike != {""}))


def _part(rows: Sequence[str], first: int, at: int) -> str:
    """Give the line across the table over a row's part, or the label without figures that stands over it; empty where there is none.

    Of such labels only those count that part the table from its first row on, or have a row with a dash below them.
    """
    begins_so = first < len(rows) and _is_bare(rows[first])
    for row in reversed(rows[first:at]):
        if "|" not in row and not _is_figure(row):
            return row
        if _is_bare(row) and (begins_so or _DASH.match(rows[at])):
            return row.split("|")[0].strip()
    return ""


def _is_bare(row: str) -> bool:
    """Whether a row has a label, and cells of which each is empty."""
    label, *cells = _cells(row)
    return bool(label) and bool(cells) and not any(cells) and not _is_figure(label)


def _caption(document: Document, at: int) -> str:
    """Give the first sentences of a table's caption; where one stands on either side, that on the side where this document has them."""
    above, below = _captions(document, at)
    if above and below:
        all_of_them = [_captions(document, i) for i, block in enumerate(document.blocks) if block.kind is BlockKind.TABLE]
        is_below = sum(bool(b) and not a for a, b in all_of_them) > sum(bool(a) and not b for a, b in all_of_them)
        above, below = ("", below) if is_below else (above, "")
    text = above or below
    ends = [end for _, end in sentences(text) if end <= CONTEXT_CHARS]
    return text[: ends[-1]] if ends else ""


def _captions(document: Document, at: int) -> tuple[str, str]:
    around = (document.blocks[at - 1 : at] if at else (), document.blocks[at + 1 : at + 2])
    above, below = ("".join(_captioned(document, blocks)) for blocks in around)
    return above, below


def _captioned(document: Document, blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        text = document.text[block.start : block.end]
        if block.kind is BlockKind.CAPTION and not _OTHER_FLOAT.match(text):
            yield text


def _of_rows(claim: Claim, title: str) -> Setting:
    over = [fold(line) for line in claim.before.split("\n") if line.strip()]
    part = " ".join(line for line in over if "|" not in line)
    head = _told_apart([_cells(line) for line in over if "|" in line])
    rows = [_cells(line) for line in claim.quote.text.split("\n") if line.strip()]
    at = _labels(head, rows)
    if at:
        head, *rows = ([cells[at], *cells[:at], *cells[at + 1 :]] for cells in (head, *rows))
    width = max(map(len, [head, *rows]))
    # The corner over the rows' labels names no column, and is no row's label either.
    named = CELL.join(["", *head[1:], *[""] * (width - len(head))]).strip() if head else ""
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    quoted = fold(claim.quote.text)
    caption = " ".join(text for text in (fold(claim.after), part) if text)
    told = " ".join(_told(head, row) for row in rows)
    headings = [fold(text).rstrip(".:") for text in (claim.quote.section, title)]
    windows = (quoted, told, f"{caption} {told}" if caption else "", *(f"{heading}: {told}" for heading in headings if heading))
    lines = (*([named] if named else []), *(CELL.join(row).strip() for row in rows))
    context = " ".join(text for text in (f"{fold(title)}." if title else "", claim.quote.section, caption) if text)
    kept = tuple(dict.fromkeys(text for text in windows if text))
    return Setting(lines, kept, context, caption, tuple(head), tuple(map(tuple, rows)))


def _cells(row: str) -> list[str]:
    return [fold(cell) for cell in row.split("|")]


def _labels(head: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Give the column of the rows' labels: the first one, or, where that counts the rows, the first that holds words beside it."""
    if len(head) < 2 or not all(row and _COUNTED.fullmatch(row[0]) and not _YEAR.fullmatch(row[0]) for row in rows):
        return 0
    for column in range(1, min(MOST_HEADS, len(head))):
        cells = [row[column] if column < len(row) else "" for row in rows]
        if all(_WORD.search(cell) and not _is_figure(cell) for cell in cells):
            return column
    return 0


def _told_apart(heads: Sequence[list[str]]) -> list[str]:
    """Give the names of the columns; those that several columns share with what stands over each, as in "Wet Mean" and "Dry Mean"."""
    if len(heads) < 2:
        return heads[0] if heads else []
    names, upper, over = heads[-1], heads[-2], ""
    told = names[:1]
    for column, name in enumerate(names[1:], 1):
        over = (upper[column] if column < len(upper) else "") or over
        told.append(f"{over} {name}" if name and over and over != name and names.count(name) > 1 else name)
    return told


def _told(head: Sequence[str], row: Sequence[str]) -> str:
    """Give a row as words, each figure with its column's name: "Alpha: Precision 0.82; Recall 0.71."."""
    if not head or len(head) < 2:
        return CELL.join(row)
    columns = [*head, *[""] * (len(row) - len(head))]
    told = [f"{name} {cell}".strip() for name, cell in zip(columns[1:], row[1:], strict=False) if cell]
    return f"{row[0]}: {'; '.join(told)}." if row[0] else f"{'; '.join(told)}."
