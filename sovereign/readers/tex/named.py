r"""Commands whose names are put together: \csname…\endcsname, \@namedef and \@nameuse, and the \expandafter that stands before them."""

from __future__ import annotations

from sovereign.readers.tex.conditions import is_known
from sovereign.readers.tex.macros import DEFINERS
from sovereign.readers.tex.run import Handler, Run
from sovereign.readers.tex.tokens import Token, plain

MAX_NAME = 60  # tokens
_CSNAME: Token = ("word", "csname")


def _named(run: Run) -> str:
    r"""Take what stands before \endcsname, as a name."""
    taken: list[Token] = []
    while (token := run.tokens.peek()) is not None and token[0] not in {"end", "par"} and len(taken) < MAX_NAME:
        run.tokens.next()
        if token == ("word", "endcsname"):
            break
        if token != ("word", "expandafter"):
            taken.append(token)
    return plain(run.expanded(taken)).strip()


def _csname(run: Run, _: str) -> None:
    """Do what the command of that name does; one that nobody defined does nothing."""
    _use(run, _named(run))


def _use(run: Run, name: str) -> None:
    if name in run.macros.commands or is_known(run, name):
        run.tokens.push([("word", name)])


def _expandafter(run: Run, _: str) -> None:
    """Read on, but put a name together first that stands behind the next command, for a definition above all."""
    first = run.tokens.peek()
    if first is None or first[0] == "end" or first == _CSNAME:
        return
    run.tokens.next()
    while run.tokens.peek() in {(" ", " "), ("word", "expandafter")}:
        run.tokens.next()
    behind: list[Token] = []
    for _count in range(2 if first == ("word", "let") else 1):
        if run.tokens.peek() != _CSNAME:
            break
        run.tokens.next()
        behind.append(("word", _named(run)))
        while run.tokens.peek() == (" ", " ") and first == ("word", "let"):
            run.tokens.next()
    if not behind or first[1] in DEFINERS or first[0] != "word":
        run.tokens.push([first, *behind])
        return
    run.tokens.push([first, *(token for token in behind if token[1] in run.macros.commands or is_known(run, token[1]))])


def _namedef(run: Run, _: str) -> None:
    name = plain(run.expanded(run.tokens.argument())).strip()
    run.tokens.push([("word", "def"), ("word", name)])


HANDLERS: dict[str, Handler] = {
    "csname": _csname,
    "expandafter": _expandafter,
    "@namedef": _namedef,
    "@nameuse": lambda run, _: _use(run, plain(run.expanded(run.tokens.argument())).strip()),
}
