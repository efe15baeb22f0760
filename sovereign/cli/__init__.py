"""Words in, words out: commands, messages, exit codes.

Results go to stdout, progress and errors to stderr. Nothing asks a question, since CI cannot answer. Exit codes: 0 done,
1 bug, 2 goal or usage, 3 outside service, 4 publishing, 10 held for the owner under --strict.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cache
from typing import Annotated, cast

import typer
import typer.core
import typer.main

from sovereign import __version__
from sovereign.cli import ask, desk, evidence, goals, read, research, site
from sovereign.cli.help import EXAMPLES, Commands, plain
from sovereign.errors import SovereignError, UsageError
from sovereign.text import printable

INTERRUPTED = 130
"""What typer makes of Ctrl-C: 128 and the signal's number, as shells do."""

app = typer.Typer(
    name="sovereign",
    cls=Commands,
    epilog=EXAMPLES,
    help="A Git repository as a research desk: from a question to a report in which every sentence leads to the words that bear it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sovereign {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    pass


for group in (ask, goals, research, read, evidence, site, desk):
    group.register(app)


@cache
def _command() -> typer.core.TyperGroup:
    """Give what the words are parsed by; made once, it serves every call of a process."""
    return cast("typer.core.TyperGroup", plain(typer.main.get_command(app)))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; the one funnel through which every error reaches a person."""
    try:
        _command()(args=list(argv) if argv is not None else None, standalone_mode=True)
    except SystemExit as leave:
        if leave.code == INTERRUPTED:
            sys.stderr.write("stopped; what was fetched is kept: run again to go on\n")
        return leave.code if isinstance(leave.code, int) else int(bool(leave.code))
    except SovereignError as error:
        return _told(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.errno is None:
            raise  # none of the system's own: a fault of the program
        where = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes | os.PathLike) else ""
        return _told(UsageError(f"{where}{error.strerror}", tip="check that it is there, your rights, and the space on the disk"))
    return 0


def _told(error: SovereignError) -> int:
    """Tell of an error and give its exit code; foreign names in it may hold what commands a terminal."""
    sys.stderr.write(f"ERROR {printable(error.message)}\n")
    if error.tip:
        sys.stderr.write(f"TIP   {printable(error.tip)}\n")
    return error.exit_code
