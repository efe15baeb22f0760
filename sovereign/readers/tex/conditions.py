r"""Which branch of a TeX condition is typeset: \if…\else…\fi, \ifcase…\or…\fi, and those that \newif makes.

A command is no condition for beginning with "if": it is one where TeX has it, where \newif made it, or where it stands without arguments.
What cannot be told without running TeX is false. A branch that would reach the end of its file is given back and read.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sovereign.readers import maths
from sovereign.readers.tex.collecting import give_back
from sovereign.readers.tex.macros import DEFINERS
from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import Token, plain
from sovereign.readers.tex.words import words

_TEX = frozenset(
    "if ifcat ifnum ifdim ifodd ifvmode ifhmode ifmmode ifinner ifvoid ifhbox ifvbox ifx ifeof iftrue iffalse ifcase ifdefined ifcsname "
    "iffontchar ifincsname ifpdfprimitive ifpdfabsnum ifpdfabsdim ifpdf ifPDFTeX ifpdftex ifxetex ifXeTeX ifluatex ifLuaTeX ifvtex "
    "iftutex ifTUTeX iftex".split()
)
_TRUE = frozenset({"iftrue", "ifpdf", "ifhmode", "ifPDFTeX", "ifpdftex"})
_POINTS = {"pt": 1.0, "mm": 2.845, "cm": 28.45, "in": 72.27, "em": 10.0, "ex": 4.3, "sp": 1 / 65536, "bp": 1.004, "pc": 12.0}
_MAX_EXPANSIONS = 200


def is_condition(run: Run, name: str) -> bool:
    r"""Whether a command opens a condition that \fi closes; a token must be waiting that tells whether it takes arguments."""
    if not name.startswith("if"):
        return False
    own = run.macros.commands.get(name)
    if own is not None:
        return len(own.body) == 1 and own.body[0][0] == "word" and own.body[0][1] in {"iftrue", "iffalse"}
    if name in _TEX or name.removeprefix("if") in run.macros.flags or name.startswith("if@"):
        return True
    if name in run.handlers or name in words().words or maths.symbol(name) is not None:
        return False
    return (run.tokens.peek() or ("", ""))[0] not in {"{", "[", "*"}


def condition(run: Run, name: str) -> None:
    r"""Read on in the branch that is typeset; `name` opens a condition, or is \else, \or, \fi or \unless."""
    if name in {"else", "or"}:
        if _skipped(run) is None:
            run.note(f"an \\{name} stands without its \\fi; what follows is read")
    elif name == "unless":
        following = run.tokens.next()
        if following is not None and following[0] == "word":
            _branch(run, following[1], wanted=False)
    elif name == "ifcase":
        _case(run)
    elif name != "fi":
        _branch(run, name, wanted=True)


def _branch(run: Run, name: str, *, wanted: bool) -> None:
    if _holds(run, name) is wanted:
        return
    untaken = _skipped(run, at={"else"})
    if untaken is None:
        run.note(f"the condition \\{name} never ends; what follows is read")
    elif name == "iffalse":
        run.comments.append((run.file_name, plain(untaken)))


def _case(run: Run) -> None:
    wanted = _number(run)
    for _ in range(wanted if wanted is not None and 0 <= wanted <= 100 else 101):
        untaken = _skipped(run, at={"or", "else"})
        if untaken is None:
            run.note("the condition \\ifcase never ends; what follows is read")
        if untaken is None or run.left_at != "or":
            break


def _skipped(run: Run, at: set[str] = frozenset()) -> list[Token] | None:  # type: ignore[assignment]  # an empty set is never changed
    r"""Take tokens up to the \fi of this condition, or to one of the words of `at`; None where it never comes: then nothing is taken."""
    taken: list[Token] = []
    depth = 0
    while (token := run.tokens.next()) is not None:
        if token[0] == "end":
            run.tokens.push([token])
            break
        taken.append(token)
        if token[0] != "word":
            continue
        word = token[1]
        if word == "newif":
            if (following := run.tokens.next()) is not None:
                taken.append(following)
        elif word == "fi":
            if depth == 0:
                run.left_at = word
                return taken[:-1]
            depth -= 1
        elif word in at and depth == 0:
            run.left_at = word
            return taken[:-1]
        elif is_condition(run, word):
            depth += 1
    give_back(run, taken, "")
    return None


# --- what TeX's own tests compare --------------------------------------------------------------------------------


def _holds(run: Run, name: str) -> bool:
    """Whether a condition is true; what cannot be told without TeX is false."""
    own = run.macros.commands.get(name)
    if own is not None and own.body:
        name = own.body[0][1]
    test = _TESTS.get(name)
    if test is not None:
        return test(run)
    if name == "ifmmode":
        return run.in_maths
    return run.macros.flags.get(name.removeprefix("if"), name in _TRUE)


def ifnum(run: Run) -> bool:
    """Whether two numbers that stand next compare as the sign between them says."""
    first = _number(run)
    sign = _relation(run) if first is not None else ""
    second = _number(run) if sign else None
    return first is not None and second is not None and {"<": first < second, "=": first == second, ">": first > second}[sign]


def ifdim(run: Run) -> bool:
    """Whether two lengths that stand next compare as the sign between them says."""
    first = _length(run)
    sign = _relation(run) if first is not None else ""
    second = _length(run) if sign else None
    return first is not None and second is not None and {"<": first < second, "=": first == second, ">": first > second}[sign]


def _ifodd(run: Run) -> bool:
    return bool((_number(run) or 0) % 2)


def _ifx(run: Run) -> bool:
    return _meaning(run, _one(run)) == _meaning(run, _one(run))


def _if(run: Run) -> bool:
    _expand_next(run)
    first = _one(run)
    _expand_next(run)
    return first == _one(run)


def _ifdefined(run: Run) -> bool:
    token = run.tokens.next()
    return token is not None and is_known(run, token[1])


def _ifcsname(run: Run) -> bool:
    taken: list[Token] = []
    while (token := run.tokens.peek()) is not None and token[0] != "end" and len(taken) < _MAX_EXPANSIONS:
        run.tokens.next()
        if token == ("word", "endcsname"):
            break
        taken.append(token)
    return is_known(run, plain(taken).strip())


_TESTS: dict[str, Callable[[Run], bool]] = {
    "ifnum": ifnum, "ifpdfabsnum": ifnum, "ifdim": ifdim, "ifpdfabsdim": ifdim, "ifodd": _ifodd, "ifx": _ifx, "if": _if, "ifcat": _if,
    "ifdefined": _ifdefined, "ifcsname": _ifcsname,
}  # fmt: skip


def is_known(run: Run, name: str) -> bool:
    """Whether a command is defined, by the paper or for every paper."""
    known = name in run.macros.commands or name in run.handlers or name in DEFINERS
    return known or name in run.packaged or words().has(name) or maths.symbol(name) is not None


def _meaning(run: Run, token: Token | None) -> object:
    if token is None or token[0] not in {"word", "sign"}:
        return token
    if token[1] == "empty":
        return ((), 0)
    own = run.macros.commands.get(token[1])
    if own is not None:
        return (own.body, own.count)
    return token if token[0] == "sign" or is_known(run, token[1]) else "undefined"


def _one(run: Run) -> Token | None:
    """Take one token as TeX counts them: of a run of letters the first."""
    run.tokens.skip_spaces()
    token = run.tokens.peek()
    if token is None or token[0] == "end":
        return None
    run.tokens.next()
    if token[0] == "text" and len(token[1]) > 1:
        run.tokens.push([("text", token[1][1:])])
        return ("text", token[1][0])
    return token


def _expand_next(run: Run) -> None:
    """Put what stands next in full where it is a command of the paper."""
    for _ in range(_MAX_EXPANSIONS):
        run.tokens.skip_spaces()
        token = run.tokens.peek() or ("", "")
        if token[0] == "word" and token[1] in {"number", "the", "numexpr", "expandafter", "relax"}:
            run.tokens.next()
        elif token[0] == "word" and token[1] in run.macros.commands:
            run.tokens.next()
            run.macros.expand(token[1], run.tokens)
        else:
            return


def _taken(run: Run, pattern: str) -> str:
    """Take the start of the run of letters that stands next, as far as it has the form; empty where it has not."""
    _expand_next(run)
    token = run.tokens.peek() or ("", "")
    found = re.match(pattern, token[1]) if token[0] == "text" else None
    if found is None:
        return ""
    run.tokens.next()
    if found.end() < len(token[1]):
        run.tokens.push([("text", token[1][found.end() :])])
    return found[0]


def _number(run: Run) -> int | None:
    _expand_next(run)
    token = run.tokens.peek() or ("", "")
    if token == ("word", "value"):
        run.tokens.next()
        return run.numbers.get(plain(run.tokens.argument()).strip())
    if token == ("word", "pdfoutput"):
        run.tokens.next()
        return 1
    if token[0] == "{":  # an argument in braces, as \ifnum{#1}>2 is wrongly written
        return None
    digits = _taken(run, r"[-+]?\d{1,9}")
    return int(digits) if digits else None


def _length(run: Run) -> float | None:
    found = re.fullmatch(r"([-+]?\d{0,6}\.?\d{1,6})([a-z]{2})", _taken(run, r"[-+]?\d{0,6}\.?\d{1,6}[a-z]{2}"))
    return float(found[1]) * _POINTS[found[2]] if found and found[2] in _POINTS else None


def _relation(run: Run) -> str:
    return _taken(run, r"[<=>]")


HANDLERS: dict[str, Handler] = all_of("else fi or unless", condition)
