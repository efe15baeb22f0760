r"""Tests that take their branches as arguments: those of ifthen (\ifthenelse), etoolbox (\iftoggle, \ifdef …) and of LaTeX itself."""

from __future__ import annotations

import re
from collections.abc import Callable

from sovereign.readers.tex.conditions import ifdim, ifnum, is_known
from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import Token, plain


def _choose(run: Run, *, is_true: bool, has_else: bool = True) -> None:
    yes = run.tokens.argument()
    no = run.tokens.argument() if has_else else []
    run.tokens.push(yes if is_true else no)


def _argument(run: Run) -> str:
    """Give an argument as text, the paper's own commands expanded."""
    return " ".join(plain(run.expanded(run.tokens.argument())).split())


def _flag(run: Run, name: str) -> None:
    is_true = run.macros.flags.get(plain(run.tokens.argument()).strip(), False)
    _choose(run, is_true=is_true is not name.startswith("not"))


def _known(run: Run, name: str) -> None:
    wanted = plain(run.tokens.argument()).strip().removeprefix("\\").strip()
    is_void = name in {"ifdefempty", "ifdefvoid", "ifcsempty", "ifcsvoid"}
    own = run.macros.commands.get(wanted)
    is_true = (own is not None and not own.body) if is_void else is_known(run, wanted)
    if name == "ifdefvoid" and own is None:
        is_true = not is_known(run, wanted)
    _choose(run, is_true=is_true is not ("undef" in name))


def _empty(run: Run, name: str) -> None:
    is_true = not _argument(run)
    _choose(run, is_true=is_true is not name.startswith("not"))


def _equal(run: Run, _: str) -> None:
    _choose(run, is_true=_argument(run) == _argument(run))


_RELATIONS: dict[str, Callable[[int, int], bool]] = {
    "<": lambda a, b: a < b, ">": lambda a, b: a > b, "=": lambda a, b: a == b,
    "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b,
}  # fmt: skip


def _compare(run: Run, name: str) -> None:
    sign = {"ifnumequal": "=", "ifnumgreater": ">", "ifnumless": "<"}.get(name, "")
    first = _argument(run)
    sign = sign or plain(run.tokens.argument()).strip()
    second = _argument(run)
    is_true = bool(re.fullmatch(r"-?\d{1,9}", first) and re.fullmatch(r"-?\d{1,9}", second) and sign in _RELATIONS)
    _choose(run, is_true=is_true and _RELATIONS[sign](int(first), int(second)))


def _odd(run: Run, _: str) -> None:
    digits = _argument(run)
    _choose(run, is_true=digits[-1:].isdecimal() and int(digits[-1:]) % 2 == 1)


def _value(run: Run, name: str) -> None:
    """Tests of what was handed to a document command: a value that is missing, a star."""
    given = run.tokens.argument()
    is_true = ("word", "@novalue") not in given if "Value" in name else ("word", "@true") in given
    is_true = is_true is not ("NoValue" in name or "Blank" in name)
    if "Blank" in name:
        is_true = not plain(given).strip()
    if name.endswith("TF"):
        _choose(run, is_true=is_true)
    else:
        _choose(run, is_true=is_true is name.endswith("T"), has_else=False)


def _file(run: Run, name: str) -> None:
    wanted = plain(run.tokens.argument()).strip()
    is_there = any(path.as_posix() in {wanted, wanted + ".tex"} for path in run.files)
    yes, no = run.tokens.argument(), run.tokens.argument()
    if is_there and name == "InputIfFileExists":
        yes = [*yes, ("word", "input"), ("{", "{"), ("text", wanted), ("}", "}")]
    run.tokens.push(yes if is_there else no)


def _never(run: Run, _: str) -> None:
    run.tokens.argument()
    _choose(run, is_true=False)


def _ifthenelse(run: Run, _: str) -> None:
    test = run.tokens.argument()
    _choose(run, is_true=_test(run, test, 0))


_BOOLEAN_WORDS = {"NOT": "not", "not": "not", "AND": "and", "and": "and", "OR": "or", "or": "or"}


def _test(run: Run, tokens: list[Token], depth: int) -> bool:
    r"""Evaluate a test of the ifthen package, from left to right as it does; \( and \) group."""
    stop: Token = ("end", "test")
    run.tokens.push([stop])
    run.tokens.push(tokens)
    result, joined, denied = False, "or", False
    while (token := run.tokens.peek()) is not None and token != stop:
        word = _BOOLEAN_WORDS.get(token[1], "") if token[0] == "word" else ""
        if token[0] == " " or (token[0] == "word" and word):
            run.tokens.next()
            joined, denied = (word if word in {"and", "or"} else joined), (not denied if word == "not" else denied)
            continue
        holds = _atom(run, token, depth) is not denied
        result, denied = (result and holds if joined == "and" else result or holds), False
    if run.tokens.peek() == stop:
        run.tokens.next()
    return result


def _atom(run: Run, token: Token, depth: int) -> bool:  # noqa: PLR0911  # a table of tests, one return each
    """Evaluate one test, at least one token of which is taken."""
    run.tokens.next()
    if token == ("sign", "(") and depth < 20:
        inside: list[Token] = []
        while (inner := run.tokens.peek()) is not None and inner[0] != "end" and inner != ("sign", ")"):
            inside.append(inner)
            run.tokens.next()
        if (run.tokens.peek() or ("", ""))[0] == "sign":
            run.tokens.next()
        return _test(run, inside, depth + 1)
    if token in {("word", "boolean"), ("word", "toggle"), ("word", "bool")}:
        return run.macros.flags.get(plain(run.tokens.argument()).strip(), False)
    if token == ("word", "equal"):
        return _argument(run) == _argument(run)
    if token == ("word", "lengthtest"):
        run.tokens.push(run.tokens.argument())
        return ifdim(run)
    if token == ("word", "isodd"):
        return _argument(run)[-1:] in set("13579")
    if token in {("word", "isundefined"), ("word", "isnamedefined")}:
        return is_known(run, plain(run.tokens.argument()).strip().removeprefix("\\").strip()) is (token[1] == "isnamedefined")
    run.tokens.push([token])
    holds = ifnum(run)
    if run.tokens.peek() == token:
        run.tokens.next()
    return holds


# --- flags -------------------------------------------------------------------------------------------------------


def _new_flag(run: Run, _: str) -> None:
    run.macros.flags.setdefault(plain(run.tokens.argument()).strip(), False)


def _set_flag(run: Run, name: str) -> None:
    flag = plain(run.tokens.argument()).strip()
    if name.startswith("set"):
        run.macros.flags[flag] = plain(run.tokens.argument()).strip() == "true"
    else:
        run.macros.flags[flag] = name.endswith("true")


def unknown(run: Run, name: str) -> None:
    r"""Read a command that nobody defines and that looks like a test: \ifx…{test}{yes}{no}. The last branch is read, and a Gap says so."""
    run.tokens.star()
    run.tokens.optional()
    groups: list[list[Token]] = []
    while len(groups) < 3 and (run.tokens.peek() or ("", ""))[0] == "{":
        groups.append(run.tokens.argument())
    run.tokens.push(groups[-1] if groups else [])
    run.note(f"the source branches on \\{name}, which it does not define; its last branch is read")


HANDLERS: dict[str, Handler] = {
    **all_of("ifthenelse", _ifthenelse),
    **all_of("iftoggle nottoggle ifbool notbool", _flag),
    **all_of("ifdef ifundef ifcsdef ifcsundef ifdefempty ifdefvoid ifcsempty ifcsvoid @ifundefined", _known),
    **all_of("ifblank notblank ifstrempty ifempty", _empty),
    **all_of("ifstrequal ifdefstring ifdefstrequal ifcsstring", _equal),
    **all_of("ifnumcomp ifnumequal ifnumgreater ifnumless", _compare),
    "ifnumodd": _odd,
    **all_of("IfNoValueTF IfNoValueT IfNoValueF IfValueTF IfValueT IfValueF IfBooleanTF IfBooleanT IfBooleanF", _value),
    **all_of("IfBlankTF IfBlankT IfBlankF", _value),
    **all_of("IfFileExists InputIfFileExists", _file),
    **all_of("@ifpackageloaded @ifclassloaded @ifpackagelater @ifclasslater IfPackageLoadedTF IfClassLoadedTF", _never),
    **all_of("newboolean provideboolean newbool providebool newtoggle providetoggle", _new_flag),
    **all_of("setboolean setbool settoggle booltrue boolfalse toggletrue togglefalse", _set_flag),
}
