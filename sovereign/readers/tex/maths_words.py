r"""Commands in formulas that maths itself does not know: what they mean in text, what the package physics makes of them, or a placeholder.

A symbol that no file defines is not the word that names it: "p = permpval" says nothing, and reads as if it did.
"""

from __future__ import annotations

import functools
from typing import Protocol

from sovereign.readers import maths
from sovereign.readers.tex.tokens import Token, Tokens, tokenise
from sovereign.readers.tex.words import PLACEHOLDER, words

_PHYSICS = {
    "abs": (1, r"\lvert #1\rvert"), "norm": (1, r"\lVert #1\rVert"), "ket": (1, r"\lvert #1\rangle"), "bra": (1, r"\langle #1\rvert"),
    "braket": (2, r"\langle #1\vert #2\rangle"), "expval": (1, r"\langle #1\rangle"), "ev": (1, r"\langle #1\rangle"),
    "comm": (2, r"[#1,#2]"), "order": (1, r"O(#1)"), "qty": (1, "(#1)"), "vb": (1, "#1"), "va": (1, r"\vec{#1}"), "vu": (1, r"\hat{#1}"),
    "dd": (1, r"\,d#1"), "dv": (2, r"\frac{d#1}{d#2}"), "pdv": (2, r"\frac{\partial #1}{\partial #2}"), "eval": (1, r"#1\vert"),
    "mqty": (1, "(#1)"), "pqty": (1, "(#1)"), "bqty": (1, "[#1]"),
}  # fmt: skip
"""How the package physics prints its commands, by its manual; taken for that where a source loads it."""
_SCRIPTS = {"textsuperscript": ("^", "^"), "textsubscript": ("_", "_"), "up": ("^", "^")}


class Reading(Protocol):
    """What is needed of the run that reads a formula: its tokens, and where it notes what nobody defines."""

    tokens: Tokens
    muted: bool
    hidden_by: str
    has_physics: bool
    unknown: dict[str, int]

    def take(self, wants: str) -> list[list[Token] | None]:
        """Take arguments as a table of latex_words.toml describes them."""


@functools.cache
def _physics(name: str) -> tuple[int, tuple[Token, ...]]:
    count, body = _PHYSICS[name]
    return count, tuple(tokenise(body)[0])


def understood(run: Reading, tokens: list[Token]) -> list[Token]:
    """Give a formula's tokens with every word one that maths knows; U+FFFD stands for what nobody defines."""
    if all(kind != "word" or maths.is_known(text) for kind, text in tokens):
        return tokens
    out: list[Token] = []
    outer, run.tokens = run.tokens, Tokens(tokens)
    try:
        while (token := run.tokens.next()) is not None:
            out += [token] if token[0] != "word" or maths.is_known(token[1]) else _told(run, token[1])
    finally:
        run.tokens = outer
    return out


def _told(run: Reading, name: str) -> list[Token]:
    table = words()
    if name in _SCRIPTS:
        return [_SCRIPTS[name]]  # its argument follows
    if name in _PHYSICS and run.has_physics:
        run.tokens.star()
        run.tokens.push(_filled(run, name))
        return []
    if name in table.drop or name in table.struck:
        run.take(table.drop.get(name) or table.struck.get(name) or "")
        return []
    if name in table.show:
        run.tokens.push([("word", "text"), ("{", "{"), *(run.take(table.show[name])[-1] or []), ("}", "}")])
        return []
    if (shown := table.words.get(name) or table.classes.get(name)) is not None:
        return [("verb", shown)]
    if not run.muted and not run.hidden_by:
        run.unknown[name] = run.unknown.get(name, 0) + 1
    return [("text", PLACEHOLDER)]


def _filled(run: Reading, name: str) -> list[Token]:
    count, body = _physics(name)
    run.tokens.optional()
    given: list[list[Token]] = []
    for _ in range(count):
        run.tokens.skip_spaces()
        given.append(run.tokens.argument() if not given or (run.tokens.peek() or ("", ""))[0] == "{" else [])
    if count == 2 and not given[1]:
        given = [[], given[0]] if name in {"dv", "pdv"} else given  # d/dx alone
    out: list[Token] = []
    waiting = list(reversed(body))
    while waiting:
        token = waiting.pop()
        if token[0] == "#" and waiting:
            digit = waiting.pop()[1]
            out += [*given[int(digit[0]) - 1], *([("text", digit[1:])] if digit[1:] else [])]
        else:
            out.append(token)
    return out
