"""Which number goes with which name: whether a claim hands a sentence's or a table's figure to another of its things. Pure.

A sentence with several figures is cut where one figure's part ends and the next one's begins. What stands in the same slot of both
parts (the words before the figure, those behind it, the names, words of one class such as "mean" and "maximum") tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sovereign.language.arguments import Shift
from sovereign.language.lexical import STOP_WORDS
from sovereign.language.quantities import Quantity, agree, quantities
from sovereign.language.terms import stem
from sovereign.language.wording import names

_WORD = re.compile(r"[^\W_]+(?:[-./@+'’][^\W_]+)*")
_BORDERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (r";", r",?\s(?:while|whereas|but|against|versus|vs\.?|compared (?:with|to)|yet)\s", r",?\sand\s", r",")
)
"""What parts two figures, the strongest first; the last one of the strongest kind between them counts."""
_BEHIND_WORDS = 8
_YEAR = re.compile(r"(?:19|20)\d\d")
_LIGHT = frozenset(
    map(
        stem,
        """take takes need needs use uses reach reaches attain attains achieve achieves has have get gets give gives show shows score scores
        rise rises rose drop drops dropped fall fell stay stayed remain remained only reported report yield yields obtain obtains cost costs
        require requires improve improves increase increases reduce reduces lower lowers gain gains save saves""".split(),
    )
)
"""Verbs that stand before a figure and name nothing that it belongs to."""
_NUMBERED = re.compile(r"^(?:top|hits|recall|precision|p|r|ndcg|f)[-@]?\d+$")
_ALIKE = {
    **dict.fromkeys(("average", "averaged"), "mean"),
    **dict.fromkeys(("peak", "max", "highest", "largest", "longest", "biggest", "never", "most"), "maximum"),
    **dict.fromkeys(("min", "lowest", "smallest", "shortest"), "minimum"),
}
_CLASSES: tuple[frozenset[str], ...] = (
    frozenset(("mean", "median", "maximum", "minimum", "mode", "total")),
    frozenset(
        ("precision", "recall", "accuracy", "f1", "sensitivity", "specificity", "auroc", "auc", "bleu", "rouge", "perplexity", "latency")
    ),
    frozenset(("training", "validation", "test", "development")),
    frozenset(("women", "men", "boys", "girls", "children", "adults", "males", "females")),
    frozenset(("treatment", "placebo", "control", "intervention", "comparator")),
    frozenset(("first", "second", "third", "fourth", "fifth", "last")),
    frozenset(("before", "after")),
)
"""Words of which a figure has only one; a finite list of what papers report."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One figure, or "17 of 40", with the words that go with it, by slot."""

    figures: tuple[Quantity, ...]
    before: tuple[str, ...]
    behind: tuple[str, ...]
    named: frozenset[str]
    words: frozenset[str]

    def has(self, quantity: Quantity) -> bool:
        return any(agree(quantity, own) for own in self.figures)


def rebound(claim: str, sentences: Sequence[str], near: int) -> Shift | None:
    """Give the figure that a claim hands to another thing than its sentence or table does, or None."""
    if "|" in sentences[near]:
        return in_table(claim, sentences)
    for dimension in dict.fromkeys(_kind(q) for q in quantities(claim) if not q.is_soft):
        theirs, mine = _parts(sentences[near], dimension), _parts(claim, dimension)
        for part in mine if len(theirs) > 1 else ():
            places = [[i for i, other in enumerate(theirs) if other.has(figure)] for figure in part.figures]
            if any(len(found) != 1 for found in places):
                continue
            if len({found[0] for found in places}) > 1:
                return Shift(f"“{part.figures[0].text}” and “{part.figures[-1].text}” belong to different things", is_opposed=True)
            if found := _handed_over(part, theirs, places[0][0]):
                return Shift(f"“{part.figures[0].text}” is said of something else than “{found}”", is_opposed=True)
    return _turned_back(claim, sentences[near])


def _handed_over(part: _Part, theirs: Sequence[_Part], at: int) -> str:
    """Give the word of another figure's slot that the claim has beside this figure, while it has none of the figure's own; else empty."""
    own = theirs[at]
    for i, other in enumerate(theirs):
        if i == at:
            continue
        for mine, foreign in _slots(own, other):
            kept, taken = mine - foreign, foreign - mine
            if kept and taken & part.words and not kept & part.words:
                return min(taken & part.words)
    return ""


def _slots(own: _Part, other: _Part) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Yield what stands in the same slot of two parts."""
    count = min(len(own.before), len(other.before))
    if count:
        yield frozenset(own.before[-count:]), frozenset(other.before[-count:])
    if own.behind and other.behind:
        yield frozenset(own.behind), frozenset(other.behind)
    if own.named and other.named:
        yield own.named, other.named
    for kind in _CLASSES:
        if own.words & kind and other.words & kind:
            yield own.words & kind, other.words & kind


def _parts(text: str, dimension: str) -> list[_Part]:
    """Give a text's figures of one kind, each with its words; figures that nothing parts ("17 of 40") stay together."""
    found = [q for q in quantities(text) if _kind(q) == dimension and not q.is_soft]
    if not found or "respectively" in text:
        return []
    edges, groups = [0], [[found[0]]]
    for one, other in pairwise(found):
        border = next((last for pattern in _BORDERS if (last := _last(pattern, text, one.end, other.start)) is not None), None)
        if border is None:
            groups[-1].append(other)
        else:
            edges.append(border)
            groups.append([other])
    edges.append(len(text))
    return [_part(text, group, edges[i], edges[i + 1]) for i, group in enumerate(groups)]


def _kind(quantity: Quantity) -> str:
    """Give what is measured, whatever it is counted by: "8 ms" and "31 ms per sentence" are both times."""
    return quantity.dimension.partition("/")[0]


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> int | None:
    places = [hit.start() for hit in pattern.finditer(text, start, end)]
    return places[-1] if places else None


def _part(text: str, figures: Sequence[Quantity], start: int, end: int) -> _Part:
    before = [word for word in _words(text[start : figures[0].start]) if word not in _LIGHT]
    behind = _words(text[figures[-1].end : end])[:_BEHIND_WORDS]
    whole = frozenset((*before, *behind, *_words(text[figures[0].end : figures[-1].start])))
    return _Part(tuple(figures), tuple(before), tuple(behind), frozenset(n.lower() for n in names(text[start:end])) & whole, whole)


def _words(text: str) -> list[str]:
    """Give the content words of a text in order, by their stems; names and words like "top-5" whole, and words of a class by one name."""
    out = []
    for word in (found.lower() for found in _WORD.findall(text)):
        plain = _ALIKE.get(word, word)
        if plain in _ALIKE.values() or any(plain in kind for kind in _CLASSES):
            out.append(plain)
        elif _NUMBERED.match(word) or not (
            word in STOP_WORDS or (word.replace(".", "").replace(",", "").isdigit() and not _YEAR.fullmatch(word))
        ):
            out.append(stem(word))
    return out


_FROM_TO = re.compile(r"\bfrom\s+(\S+?)\s+(?:\S+\s+)?to\s+(\S+?)(?=[\s,;)]|\.?(?:\s|$))", re.IGNORECASE)


def _turned_back(claim: str, sentence: str) -> Shift | None:
    """Give the two figures of "from … to …" that a claim has the other way round."""
    mine, theirs = _FROM_TO.search(claim), _FROM_TO.search(sentence)
    if not mine or not theirs:
        return None
    (a, b), (c, d) = ((quantities(found[1]), quantities(found[2])) for found in (mine, theirs))
    if a and b and c and d and agree(a[0], d[0]) and agree(b[0], c[0]) and not agree(a[0], c[0]):
        return Shift(f"“from {mine[1]} to {mine[2]}” against “from {theirs[1]} to {theirs[2]}”", is_opposed=True)
    return None


# --- Tables ------------------------------------------------------------------------------------------------------


def in_table(claim: str, sentences: Sequence[str]) -> Shift | None:
    """Give the figure of a claim whose cell stands under another head, or in another row, than those that the claim names."""
    rows = [[cell.strip() for cell in sentence.split("|")] for sentence in sentences if "|" in sentence]
    said = frozenset(_words(claim))
    labels = {row[0] for row in rows if row[0]}
    for quantity in quantities(claim):
        if quantity.dimension == "year" or any(_YEAR.fullmatch(cell) and cell == quantity.text for row in rows for cell in row):
            continue
        cells = [
            (i, j) for i, row in enumerate(rows) for j, cell in enumerate(row) if j and any(agree(quantity, q) for q in quantities(cell))
        ]
        if cells and not any(_fits(said, rows, i, j, labels) for i, j in cells):
            return Shift(f"“{quantity.text}” stands in another row or column", is_opposed=True)
    return None


def _fits(said: frozenset[str], rows: Sequence[Sequence[str]], i: int, j: int, labels: set[str]) -> bool:
    """Whether the claim names no other row or column than the cell's, or the cell's too."""
    head = next((row for row in rows[:i] if len(row) == len(rows[i]) and _is_head(row)), None)
    axes = [(rows[i][0], labels)]
    if head is not None:
        axes.append((head[j], set(head[1:])))
    for own, others in axes:
        mine = frozenset(_words(own))
        foreign = [words for other in others if other != own and (words := frozenset(_words(other)) - mine) and words <= said]
        if mine and foreign and not mine <= said:
            return False
    return True


def _is_head(cells: Sequence[str]) -> bool:
    """Whether a row names its columns: it has no figures, except years."""
    return not any(quantities(cell) and not _YEAR.fullmatch(cell) for cell in cells[1:])


def spelt(sentences: Sequence[str]) -> list[str]:
    """Give the sentences with each table row as words, where its header stands before it: "Alpha: Precision 0.82; Recall 0.71."."""
    out: list[str] = []
    head: list[str] | None = None
    for sentence in sentences:
        cells = [cell.strip() for cell in sentence.split("|")]
        if len(cells) < 2:
            head = None
            out.append(sentence)
            continue
        if head is not None and len(cells) == len(head) and not _is_head(cells):
            told = [f"{name} {cell}" for name, cell in zip(head[1:], cells[1:], strict=True) if cell]
            out.append(f"{cells[0]}: {'; '.join(told)}.")
            continue
        if _is_head(cells):
            head = cells
        out.append(sentence)
    return out
