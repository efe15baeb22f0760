"""Labels of a table's rows that are printed once for several rows: in the first of them, or in the middle of them between two rules.

A row whose first cells are empty belongs to the label above it only where the table shows that it means so: its next cell names a part of
what the label names, as it does in the label's own row. A sum below the last row, a standard error, a second row of the head: each stays
as it is written, unless the table writes whole groups so. A table that begins with such a row, or sets its labels in the middle of their
groups without rules to tell by, is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

MAX_LEVELS = 3
"""So many columns of labels at most."""
MAX_LABEL_CHARS = 160
"""What is longer is no label that is said again."""
_LETTER = re.compile(r"[^\W\d_]")
_NUMBER = re.compile(r"(?<!\w)\d")
_SUM = re.compile(r"\W*(?:(?:grand |sub)?totals?|overall|all|sum|both|mean|average|median|avg)\b", re.IGNORECASE)

Rows = list[list[str]]


def labelled(rows: Rows, heads: int = 1, breaks: Collection[int] = (), *, only_figures: bool = False) -> Rows:
    """Give the rows with their labels; the rows are changed in place.

    Args:
        heads: So many rows at the top name columns; they stay as they are.
        breaks: Indices of the rows over which a rule goes across the whole table, or a wider space, as over a new group.
        only_figures: Whether rows of words alone, which may be further lines of the row above, stay as they are.
    """
    heads = min(heads, len(rows))
    if heads == 1 and (folds := _folds(rows)) > 1:
        rows[:] = _unfolded(rows, folds)
        breaks = ()
    _without_empty_column(rows, heads)
    _from_the_middle(rows, heads, breaks)
    marks = sorted({heads, len(rows), *(at for at in breaks if heads < at < len(rows))})
    groups = [(start, end) for start, end in pairwise(marks) if start < end]
    if any(not rows[at][0] for start, end in groups for at in range(start, end) if rows[at]):
        _Level(rows, groups, 0, is_ruled=len(groups) > 1, only_figures=only_figures).fill()
    return rows


def is_figure(cell: str) -> bool:
    """Whether a cell is a figure rather than words: a digit first, and hardly more letters than digits."""
    bare = cell.lstrip("+-−–±<>≤≥≈~=([$€£ ")
    return bare[:1].isdigit() and sum(map(str.isalpha, bare)) <= sum(map(str.isdigit, bare)) + 2


def is_words(cell: str) -> bool:
    """Whether a cell holds a word and is no figure."""
    return _LETTER.search(cell) is not None and not is_figure(cell)


def _from_the_middle(rows: Rows, heads: int, breaks: Collection[int]) -> None:
    """Put a label set in the middle of rows that name parts into each of them, where the rows around them name none."""
    body = [at for at in range(heads, len(rows)) if len(rows[at]) > 2]
    if not any(rows[at][0] and not rows[at][1] for at in body):
        return
    run: list[int] = []
    for at in range(heads, len(rows) + 1):
        goes_on = at < len(rows) and len(rows[at]) > 2 and is_words(rows[at][1])
        if run and (not goes_on or at in breaks):
            own = [index for index in run if rows[index][0]]
            label = rows[own[0]][0] if own else ""
            if len(own) == 1 and len(run) > 2 and run[len(run) // 2] == own[0] and len(run) % 2 and len(label) <= MAX_LABEL_CHARS:
                for index in run:
                    rows[index][0] = label
            run = []
        if goes_on:
            run.append(at)


def _folds(rows: Rows) -> int:
    """Count how often a table's head names the same columns over again: its rows go on beside each other, to save height."""
    head = rows[0]
    for folds in (2, 3, 4):
        width, rest = divmod(len(head), folds)
        if width < 2 or rest or head != head[:width] * folds or not all(map(is_words, head[:width])):
            continue
        labels = [row[at] for row in rows[1:] for at in range(0, len(row), width)]
        if all(len(row) <= len(head) for row in rows) and labels and sum(map(is_words, labels)) > 0.8 * len(labels):
            return folds
    return 1


def _unfolded(rows: Rows, folds: int) -> Rows:
    """Give the rows of a table that goes on beside itself below each other."""
    width = len(rows[0]) // folds
    parts = [row[at : at + width] for at in range(0, len(rows[0]), width) for row in rows[1:]]
    return [rows[0][:width], *(part for part in parts if any(part))]


def _without_empty_column(rows: Rows, heads: int) -> None:
    """Take off a first column that is empty in every row, where the second one holds the labels."""
    body = [row for row in rows[heads:] if len(row) > 1]
    if not body or any(row[0] for row in rows if len(row) > 1) or 2 * sum(is_words(row[1]) for row in body) < len(body):
        return
    for row in rows:
        if len(row) > 1:
            del row[0]


@dataclass(slots=True)
class _Run:
    """A labelled row, and the rows below it up to the next label, whose cells in the label's column are empty."""

    label: int
    rows: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Level:
    """The labels of one column, in stretches of rows that rules or the labels before them part."""

    rows: Rows
    groups: Sequence[tuple[int, int]]
    column: int
    is_ruled: bool = False
    only_figures: bool = False
    _runs: list[_Run] = field(default_factory=list)
    _loose: list[tuple[int, int]] = field(default_factory=list)

    def fill(self) -> None:
        """Put each label into the rows that it is the label of, and then those of the next column within it."""
        if not all(self._gathered(start, end) for start, end in self.groups):
            return
        runs = [run for run in self._runs if run.rows]
        if any(self._is_foreign(run) for run in runs):
            return
        seen = self._parts_of(runs)
        for run in runs:
            if self._is_group(run, runs, seen):
                kept = self._without_sum(run, seen)
                for at in kept:
                    self.rows[at][self.column] = self.rows[run.label][self.column]
        for run in runs if self.column + 1 < MAX_LEVELS else ():
            if self._cell(run.rows[0], self.column) and not all(self._cell(at, self.column + 1) for at in (run.label, *run.rows)):
                _Level(self.rows, [(run.label, run.rows[-1] + 1)], self.column + 1, only_figures=self.only_figures).fill()

    def _cell(self, at: int, column: int) -> str:
        row = self.rows[at]
        return row[column] if column < len(row) else ""

    def _part(self, at: int) -> int:
        """Give the column of a row's first cell behind the label's column that is not empty; 0 where none is."""
        return next((column for column in range(self.column + 1, len(self.rows[at])) if self.rows[at][column]), 0)

    def _gathered(self, start: int, end: int) -> bool:
        """Gather the rows of a stretch below their labels; whether each row that needs one has one."""
        run: _Run | None = None
        first: list[int] = []
        runs: list[_Run] = []
        for at in range(start, end):
            if len(self.rows[at]) < 2 or (run is not None and self._heads_again(at, run.label)):  # a line across the table
                run = None
            elif self._cell(at, self.column):
                run = _Run(at)
                runs.append(run)
            elif self.only_figures and not any(map(is_figure, self.rows[at])):
                continue
            elif run is not None:
                run.rows.append(at)
            elif is_words(self._cell(at, self._part(at))):
                first.append(at)
        self._runs += runs
        first = [at for at in first if not runs or self._part(at) == self._part(runs[0].label)]
        if not first:
            return True
        if not self.is_ruled or len(runs) != 1:
            return self.is_ruled and not runs
        runs[0].rows = sorted({*first, *runs[0].rows})
        return True

    def _heads_again(self, at: int, label: int) -> bool:
        """Whether a row without a label names columns anew: words of which the first stands where the row above has a figure."""
        cells = [cell for cell in self.rows[at] if cell]
        return not self._cell(at, self.column) and is_figure(self._cell(label, self._part(at))) and all(map(is_words, cells))

    def _is_foreign(self, run: _Run) -> bool:
        """Whether words below a label name no part of it: its own row has figures as theirs have, and nothing where the words stand."""
        own = {column for column, cell in enumerate(self.rows[run.label]) if cell and column > self.column}
        for at in run.rows:
            part = self._part(at)
            if part not in own and is_words(self._cell(at, part)) and any(self._cell(at, column) for column in own):
                return True
        return False

    def _parts_of(self, runs: Sequence[_Run]) -> dict[str, int]:
        """Count in how many groups each name of a part stands."""
        seen: dict[str, int] = {}
        for run in runs:
            for name in {self._cell(at, self._part(at)) for at in (run.label, *run.rows)}:
                seen[name] = seen.get(name, 0) + 1
        return seen

    def _is_group(self, run: _Run, runs: Sequence[_Run], seen: dict[str, int]) -> bool:
        names = [self._cell(at, self._part(at)) for at in run.rows]
        label = self._cell(run.label, self.column)
        if len(label) > MAX_LABEL_CHARS or (self.column and (_NUMBER.search(label) or not is_words(label))):
            return False
        if any(self._is_beyond(run.label, self._part(at)) for at in run.rows):
            return False
        words = sum(map(is_words, names))
        if 2 * words >= len(names):
            return not is_figure(self._cell(run.label, self._part(run.rows[0]))) or not is_words(names[0])
        own = self._cell(run.label, self._part(run.label))
        return not self.column and (
            _are_errors(names) or _are_kin([own, *names]) or (len(runs) > 1 and all(seen[name] > 1 for name in names if name))
        )

    def _is_beyond(self, label: int, part: int) -> bool:
        """Whether figures of the label's own row, more than one, stand before the column of a part: it is a part of something else."""
        between = [self._cell(label, column) for column in range(self.column + 1, part)]
        return sum(map(is_figure, between)) > 1

    def _without_sum(self, run: _Run, seen: dict[str, int]) -> list[int]:
        """Give the rows of a group without the table's last one where that sums the whole table up."""
        last = run.rows[-1]
        name = self._cell(last, self._part(last))
        is_last = last == self.groups[-1][1] - 1
        own = self._cell(run.label, self._part(run.label))
        is_sum = _SUM.match(name) is not None or not (is_words(name) or _are_errors([name]) or _are_kin([own, name]))
        return run.rows[:-1] if is_last and is_sum and not self.column and seen[name] < 2 else run.rows


def _are_errors(cells: Sequence[str]) -> bool:
    """Whether all cells are figures in brackets, as what stands below a figure and says how sure it is."""
    return all(cell[:1] in {"(", "["} and cell[-1:] in {")", "]"} and re.search(r"\d", cell) for cell in cells)


def _are_kin(cells: Sequence[str]) -> bool:
    """Whether all cells begin with one word or number and go on with others, as in "462 Q/Q" and "462 Q/R"."""
    first = {cell.partition(" ")[0] for cell in cells}
    return len(first) == 1 and all(_LETTER.search(cell.partition(" ")[2]) for cell in cells)
