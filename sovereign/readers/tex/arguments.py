"""What arguments a command of the paper takes: as LaTeX, xargs and xparse describe them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sovereign.readers.tex.tokens import Token, Tokens, tokenise

MAX_WANTS = 9
NO_VALUE: list[Token] = [("word", "@novalue")]
TRUE: list[Token] = [("word", "@true")]
FALSE: list[Token] = [("word", "@false")]


@dataclass(frozen=True, slots=True)
class Want:
    """One argument: "m" mandatory, "o" in the pair of signs, "g" an optional group, "s" the sign that may stand there, "-" none."""

    kind: str
    pair: str = "[]"
    default: tuple[Token, ...] = tuple(NO_VALUE)


_MANDATORY = Want("m")


def default_of(count: int, default: Sequence[Token] | None) -> tuple[Want, ...]:
    r"""Give the arguments of \newcommand: all mandatory, or the first with a default."""
    if not count:
        return ()
    first = _MANDATORY if default is None else Want("o", default=tuple(default))
    return (first, *[_MANDATORY] * (count - 1))


def of_xargs(count: int, defaults: str) -> tuple[Want, ...]:
    r"""Give the arguments of \newcommandx{…}[3][1=a,3=b]: those with a default are optional."""
    given = {int(m[1]): m[2] for m in re.finditer(r"(\d)\s{0,9}=\s{0,9}(?:\{([^{}]{0,200})\}|([^,{}]{0,200}))", defaults)}
    given |= {int(m[1]): m[2] for m in re.finditer(r"(\d)\s{0,9}=\s{0,9}([^,{}]{0,200})", defaults) if not given.get(int(m[1]))}
    return tuple(Want("o", default=_tokens(given[n] or "")) if n in given else _MANDATORY for n in range(1, count + 1))


def of_xparse(spec: str) -> tuple[Want, ...]:
    """Give the arguments of a document command by its specification, such as "s O{x} m" (the LaTeX kernel's usrguide, section 2)."""
    return tuple(_wants(spec))[:MAX_WANTS]


def _wants(spec: str) -> Iterator[Want]:
    """Yield each argument of a specification: its letter, and the groups or signs that belong to the letter."""
    at = 0
    while at < len(spec):
        letter = spec[at]
        at += 1
        given: list[str] = []
        for _ in range(_GROUPS.get(letter, 0)):
            one, at = _group(spec, at)
            given.append(one)
        last = _tokens(given[-1]) if letter in "ODRG" and given else tuple(NO_VALUE)
        if letter in "mvlb":
            yield _MANDATORY
        elif letter in "oO":
            yield Want("o", default=last)
        elif letter in "dDrR":
            yield Want("o", "".join(given[:2]), last)
        elif letter in "gG":
            yield Want("g", default=last)
        elif letter in "st":
            yield Want("s", given[0] if given else "*")
        elif letter in "eE":
            yield Want("-")


_GROUPS = {"O": 1, "d": 2, "D": 3, "r": 2, "R": 3, "G": 1, "t": 1, "e": 1, "E": 2, ">": 1}
"""How many signs or groups belong to a letter of a specification."""


def _group(spec: str, at: int) -> tuple[str, int]:
    """Give the group or single sign that stands at a place, and where it ends."""
    while at < len(spec) and spec[at] == " ":
        at += 1
    if spec[at : at + 1] != "{":
        return spec[at : at + 1], at + 1
    start, depth = at + 1, 0
    while at < len(spec):
        depth += {"{": 1, "}": -1}.get(spec[at], 0)
        at += 1
        if depth == 0:
            break
    return spec[start : at - 1], at


def take(wants: Sequence[Want], tokens: Tokens) -> list[list[Token]]:
    """Take the arguments from the tokens."""
    return [_taken(want, tokens) for want in wants]


def _taken(want: Want, tokens: Tokens) -> list[Token]:
    if want.kind == "m":
        return tokens.argument()
    if want.kind == "s":
        return _sign(want.pair, tokens)
    if want.kind == "g":
        return tokens.argument() if (tokens.peek() or ("", ""))[0] == "{" else list(want.default)
    if want.kind == "o":
        found = tokens.optional() if want.pair == "[]" else _paired(want.pair, tokens)
        return list(want.default) if found is None else found
    return list(NO_VALUE)


def _sign(sign: str, tokens: Tokens) -> list[Token]:
    kind, text = tokens.peek() or ("", "")
    if not sign or not text.startswith(sign) or kind in {"word", "sign", "end"}:
        return FALSE
    tokens.next()
    if len(text) > len(sign):
        tokens.push([(kind, text[len(sign) :])])
    return TRUE


def _paired(pair: str, tokens: Tokens) -> list[Token] | None:
    """Take what stands between two signs that are letters to TeX, as in (a) and <b>."""
    kind, text = tokens.peek() or ("", "")
    if len(pair) != 2 or kind != "text" or not text.startswith(pair[0]):
        return None
    tokens.next()
    taken: list[Token] = []
    rest = text[1:]
    while True:
        inside, closed, after = rest.partition(pair[1])
        if inside:
            taken.append(("text", inside))
        if closed:
            tokens.push([("text", after)] if after else [])
            return taken
        while (token := tokens.peek()) is not None and token[0] not in {"text", "end", "par"}:
            tokens.next()
            taken.append(token)
            if token[0] == "{":
                taken += [*tokens.group(), ("}", "}")]
        if token is None or token[0] != "text":
            return taken
        tokens.next()
        rest = token[1]


def _tokens(source: str) -> tuple[Token, ...]:
    return tuple(tokenise(source)[0])
