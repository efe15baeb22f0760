"""A report's answer as lines for a terminal: what was found, how sure, where it stands, what is doubtful, what to do next. Pure."""

from __future__ import annotations

import shlex
import textwrap

from sovereign.exports import answers, limits
from sovereign.exports.answers import Line, Said, Told
from sovereign.exports.markup import visible
from sovereign.exports.untex import shown
from sovereign.model import Report

MIN_WIDTH_CHARS = 40
MAX_WIDTH_CHARS = 100
"""A longer line is hard to read, however wide the window is."""
MAX_LEFT_OUT = 6


def answer_lines(report: Report, width_chars: int, *, next_step: str = "") -> tuple[str, ...]:
    """Give the lines that end a run: question, answer, strength, key findings, what is doubtful, why it waits, the next command.

    Args:
        report: The report, or what `sovereign ask` composed without publishing it.
        width_chars: The terminal's width; lines are folded at words, and nothing is cut.
        next_step: The command to go on with; without one, the goal file that keeps the question.
    """
    told, page = answers.tell(report), _Paragraphs(max(MIN_WIDTH_CHARS, min(width_chars, MAX_WIDTH_CHARS)))
    page.add(_clean(report.goal.question))
    page.gap()
    for words in (told.lead, told.voices):
        if words:
            page.add(_clean(words), indent=2)
    if told.sure:
        page.add(told.sure, indent=2)
    _findings(page, told)
    _doubts(page, told)
    _left_out(page, report)
    page.gap()
    if told.reasons:
        page.add("It waits for its owner, because")
        for reason in told.reasons:
            page.add(f"- {reason.plain}" + (f" ({_clean(reason.seen)})" if reason.seen else ""), indent=2, hang=2)
    elif report.decision.rulings:
        page.add(told.waits)
    page.add(f"next: {next_step or f'sovereign new {shlex.quote(visible(report.goal.question))}'}", is_command=True)
    return tuple(page.lines)


class _Paragraphs:
    """Lines being folded to one width."""

    def __init__(self, width_chars: int) -> None:
        self._width = width_chars
        self.lines: list[str] = []

    def add(self, text: str, *, indent: int = 0, hang: int = 0, is_command: bool = False) -> None:
        """Fold one paragraph; a command stays on one line, so that it can be copied."""
        before = " " * indent
        if is_command:
            self.lines.append(before + text)
            return
        after = before + " " * hang
        self.lines.extend(textwrap.wrap(text, self._width, initial_indent=before, subsequent_indent=after, break_on_hyphens=False))

    def gap(self) -> None:
        """Add an empty line, never two in a row."""
        if self.lines and self.lines[-1]:
            self.lines.append("")


def _findings(page: _Paragraphs, told: Told) -> None:
    if not told.lines:
        return
    page.gap()
    page.add("What the papers say" if told.is_answered else "What the papers say that comes nearest")
    for line in told.lines:
        for said in line.said:
            page.add(f"“{_clean(said.quote)}”", indent=2, hang=1)
            page.add(_where(line, said), indent=4, hang=2)


def _where(line: Line, said: Said) -> str:
    name = f"{_clean(line.name)} [{line.number}]" if line.number else _clean(line.name)
    sign = f" {said.sign}" if said.sign == "✓" else ""
    label = f"{said.label}, " if said.label else ""
    return f"{name}, {_clean(said.place)}: {label}{said.grade}{sign}"


def _doubts(page: _Paragraphs, told: Told) -> None:
    doubts = ([f"nothing was found on: {'; '.join(told.open)}"] if told.open else []) + list(told.doubts)
    if not doubts:
        return
    page.gap()
    page.add("What is doubtful")
    for doubt in doubts:
        page.add(f"- {_clean(doubt)}", indent=2, hang=2)


def _left_out(page: _Paragraphs, report: Report) -> None:
    """Tell what the answer does not rest on because it could not be read: nobody looks into a record for a file that is missing."""
    found = limits.left_out(report)
    if not found:
        return
    page.gap()
    page.add("What could not be read")
    for line in found[:MAX_LEFT_OUT]:
        page.add(f"- {_clean(line)}", indent=2, hang=2)
    if len(found) > MAX_LEFT_OUT:
        page.add(f"- and {len(found) - MAX_LEFT_OUT} more, which the report tells under Uncertainties", indent=2, hang=2)


def _clean(text: str) -> str:
    """Give foreign text on one line, TeX as it is read, control signs written out: a paper's words command no terminal and no CI runner."""
    return visible(shown(text)).replace("::", ": :").replace("##[", "## [")
