"""How `--help` shows the commands: in groups, nothing cut, those of the workflows apart, every value by one kind of name."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer.core

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter
    from typer._click.core import Command

SECTIONS = {
    "Questions and answers": ("ask", "new", "check", "plan", "run", "demo"),
    "One step by itself, over your data": ("read", "rank", "extract", "verify"),
    "The desk": ("init", "doctor", "audit", "site"),
    "For the workflows of a desk": ("ci",),
}
EXAMPLES = """\b
Examples:
  sovereign demo
  sovereign new "Does retrieval reduce invented citations in long answers?"
  sovereign run retrieval-reduce-invented-citations-long-answers
  sovereign run GOAL --papers DIR --offline
"""

# Calls of the commands that have no examples of their own beside them.
CALLS: Mapping[str, tuple[str, ...]] = {
    "check": ("check", "check goals/my-goal.yaml --format json"),
    "demo": ("demo", "demo --out DIR"),
    "read": ("read paper.pdf", "read 2101.00001v2 --format json"),
    "init": ("init DIR --owner HANDLE", "init DIR --update"),
    "doctor": ("doctor", "doctor --fix"),
    "audit": ("audit", "audit my-goal --online"),
    "build": ("site build --file-links",),
    "serve": ("site serve --open",),
}
_VALUES: Mapping[type, str] = {Path: "PATH", int: "N", float: "N"}


def plain(command: Command) -> Command:
    """Give the command, and those below it, with every value named as NAME, whether it is an argument or an option's, and with examples.

    Left alone, typer writes {NAME}, [[NAME]], NAME <str> and <path> beside the NAME of options that were given one.
    """
    for name, below in getattr(command, "commands", {}).items():
        plain(below)
        below.short_help = below.short_help or sentence(below.help or "")  # whole: typer cuts a help text to make one
        if below.epilog is None and name in CALLS and not hasattr(below, "commands"):
            below.epilog = "\n".join(("\b", "Examples:", *(f"  sovereign {call}" for call in CALLS[name])))
    for value in command.params:
        if isinstance(value, typer.core.TyperArgument):
            _name(value)
        elif isinstance(value, typer.core.TyperOption) and not (value.is_flag or value.count or value.metavar):
            value.metavar = _VALUES.get(value.type_descriptor.annotation, "TEXT")
    return command


def _name(value: typer.core.TyperArgument) -> None:
    """Show an argument by its name alone: NAME, NAME... for several, in brackets where the usage may leave it out."""
    shown = (value.metavar or value.name or "").upper().strip("[].") + ("..." if value.nargs != 1 else "")
    usage = [shown if value.required else f"[{shown}]"]

    def record(ctx: Context) -> tuple[str, str] | None:
        told = typer.core.TyperArgument.get_help_record(value, ctx)
        return (shown, told[1]) if told else None

    value.get_usage_pieces = lambda ctx: usage  # type: ignore[method-assign]  # noqa: ARG005 - typer calls it so
    value.get_help_record = record  # type: ignore[method-assign]


class Commands(typer.core.TyperGroup):
    """The program's commands by what they are for."""

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write each command with the whole first sentence of its help; one in no section stands under the desk's."""
        shown = {name: command for name in self.list_commands(ctx) if (command := self.get_command(ctx, name)) and not command.hidden}
        known = {name for names in SECTIONS.values() for name in names}
        for title, names in SECTIONS.items():
            others = sorted(set(shown) - known) if title == "The desk" else []
            rows = [(name, sentence(shown[name].help or "")) for name in (*names, *others) if name in shown]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def sentence(text: str) -> str:
    """Give the first sentence of a help text, whole."""
    paragraph = " ".join(inspect.cleandoc(text).split("\n\n", 1)[0].split())
    return paragraph.split(". ", 1)[0].rstrip(".")
