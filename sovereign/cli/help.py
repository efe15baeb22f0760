"""How `--help` shows the commands: in groups, nothing cut, those of the workflows apart."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import typer.core

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter

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
