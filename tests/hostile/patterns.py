"""Every regular expression of the project, and texts that would keep one busy: its own words, repeated.

Patterns are found where they stand: in a module's names, in what a function compiles from a table, and in calls such as `re.sub(…)`, whose
first argument is evaluated in its module. What can be known only while the program runs is listed in BUILT, with a way to build one.
"""

from __future__ import annotations

import ast
import functools
import importlib
import itertools
import re
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import FrameType, ModuleType
from typing import Any

from tests.conftest import ROOT
from tests.test_architecture import PACKAGE, modules

_CALLS = frozenset("compile search match fullmatch sub subn split findall finditer".split())
# Where a pattern is made of what comes at run time: the expression in the source, and patterns as they come out.
BUILT: dict[str, Callable[[], Sequence[str]]] = {
    "adapters/folder_front.py: f'^{re.escape(section.heading)}\\\\W*'": lambda: [r"^Abstract\W*"],
    "language/numerals.py: f'(?:{words})\\\\s?$'": lambda: [r"(?:about|around|some)\s?$"],
    "language/paraphrase.py: f\"\\\\b(?:{'|'.join(map(re.escape, longest))})\\\\b\"": lambda: [r"\b(?:a great deal|a lot|much)\b"],
    "text.py: '\\\\s+'.join(map(re.escape, words))": lambda: [r"the\s+words\s+of\s+the\s+paper"],
    "citing/dates.py: f'\\\\\\\\({names})\\\\s{{0,9}}(?:\\\\[[^\\\\]]{{0,60}}\\\\]\\\\s{{0,9}})?\\\\{{([^{{}}]{{0,200}})\\\\}}'": lambda: [
        r"\\(date|published)\s{0,9}(?:\[[^\]]{0,60}\]\s{0,9})?\{([^{}]{0,200})\}"
    ],
    "language/markup.py: f'<{_PREFIX}(?P<name>{names})(?=[\\\\s>])[^<>]{{0,400}}>{inside}</{_PREFIX}(?P=name)>'": lambda: [
        r"<(?:jats:)?(?P<name>sup|sub)(?=[\s>])[^<>]{0,400}>[^<>]{0,400}</(?:jats:)?(?P=name)>"
    ],
    "language/reach.py: f'(?<![\\\\w-])(?:{words})(?![\\\\w-])'": lambda: [r"(?<![\w-])(?:all|most|each)(?![\w-])"],
    "language/reach.py: f'(?<![\\\\w-]){re.escape(noun)}(?![\\\\w-])'": lambda: [r"(?<![\w-])boats(?![\w-])"],
    "language/reach.py: f'(?<![\\\\w-])(?:{words})(?: the| its| an?| about| the first| the last| first| this){{0,4}}\\\\s$'": lambda: [
        r"(?<![\w-])(?:after|since)(?: the| its| first){0,4}\s$"
    ],
    "readers/pdf/letters.py: b'/%s\\\\s{1,9}(\\\\d{1,7})' % key": lambda: [r"/fi\s{1,9}(\d{1,7})"],
}
LONGEST_CHARS = 12_000
# What is never given a longer text than this, in characters.
SHORT = {
    "language/numerals.py _NAMED": 60,  # _before
    "language/numerals.py _TIED": 60,
    "language/numerals.py _LOOSE": 60,
}


@dataclass(frozen=True, slots=True)
class Found:
    """One pattern and where it stands."""

    where: str
    pattern: re.Pattern[Any]
    is_searched: bool = True  # else it is tried at one place only
    most_chars: int = LONGEST_CHARS


def module_of(path: object) -> ModuleType:
    """Import the module of a file of the package."""
    return importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))  # type: ignore[attr-defined]


def every() -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """Give every pattern of the package, each once, and the expressions whose pattern could not be known."""
    found: dict[tuple[str | bytes, int], Found] = {}
    unknown: list[str] = []
    for path in modules():
        if path.name == "__main__.py":
            continue
        module, where = module_of(path), path.relative_to(PACKAGE).as_posix()
        for seen in _in_module(module, where, ast.parse(path.read_text("utf-8")), unknown):
            key = (seen.pattern.pattern, seen.pattern.flags)
            if key not in found or (seen.is_searched and not found[key].is_searched):
                found[key] = seen
    return tuple(found.values()), tuple(unknown)


def _in_module(module: ModuleType, where: str, tree: ast.Module, unknown: list[str]) -> Iterator[Found]:
    for name, value in list(vars(module).items()):
        most = SHORT.get(f"{where} {name}", LONGEST_CHARS)
        for pattern in _held(value, set()):
            yield Found(f"{where} {name}", pattern, _is_searched(name, value, tree), most)
    for function in _tables(module):
        for pattern in _held(function(), set()):
            yield Found(f"{where} {function.__name__}", pattern)
    for node in _calls(tree):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        for pattern in _evaluated(node, module, where, unknown):
            if called != "compile" or not _is_named(node, tree):
                yield Found(f"{where}:{node.lineno}", pattern, called not in {"match", "fullmatch"})


def _is_searched(name: str, value: object, tree: ast.AST) -> bool:
    """Whether a module looks for its pattern of that name anywhere in a text; else it only tries it at one place."""
    uses = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
    }
    return not isinstance(value, re.Pattern) or not uses or bool(uses - {"match", "fullmatch", "pattern"})


def _is_named(node: ast.Call, tree: ast.Module) -> bool:
    """Whether a call of re.compile is what a name of the module stands for: then it was seen there."""
    return any(isinstance(part, ast.Assign | ast.AnnAssign) and part.value is node for part in tree.body)


def _held(value: object, seen: set[int]) -> Iterator[re.Pattern[Any]]:
    """Yield the patterns in a value, in what it holds, and so on."""
    if isinstance(value, re.Pattern):
        yield value
    elif id(value) in seen:
        return
    elif isinstance(value, Mapping):
        seen.add(id(value))
        for item in list(value.values()):
            yield from _held(item, seen)
    elif isinstance(value, list | tuple | set | frozenset):
        seen.add(id(value))
        for item in value:
            yield from _held(item, seen)
    elif is_dataclass(value) and not isinstance(value, type):
        seen.add(id(value))
        for part in fields(value):
            yield from _held(getattr(value, part.name, None), seen)


def _tables(module: ModuleType) -> Iterator[Callable[[], object]]:
    """Yield the functions of a module that keep what they return and need nothing to return it: tables, read once."""
    for value in list(vars(module).values()):
        if isinstance(value, functools._lru_cache_wrapper) and value.__module__ == module.__name__:  # the type has no other name
            code = value.__wrapped__.__code__
            if code.co_argcount == 0 and "re" in code.co_names + tuple(itertools.chain(*(c.co_names for c in _inner(code)))):
                yield value


def _inner(code: Any) -> Iterator[Any]:  # a code object
    for constant in code.co_consts:
        if hasattr(constant, "co_names"):
            yield constant
            yield from _inner(constant)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in _CALLS
        ):
            yield node


def _evaluated(node: ast.Call, module: ModuleType, where: str, unknown: list[str]) -> Iterator[re.Pattern[Any]]:
    source = ast.unparse(node.args[0])
    if (key := f"{where}: {source}") in BUILT:
        yield from map(re.compile, BUILT[key]())
        return
    try:
        value = eval(source, vars(module))  # noqa: S307  # our own source
        flags = next((eval(ast.unparse(word.value), vars(module)) for word in node.keywords if word.arg == "flags"), 0)  # noqa: S307
        if node.func.attr == "compile" and len(node.args) > 1:  # type: ignore[attr-defined]
            flags = eval(ast.unparse(node.args[1]), vars(module))  # noqa: S307
        yield re.compile(value, flags)
    except (NameError, TypeError):
        unknown.append(key)


# --- texts ---


def texts(pattern: re.Pattern[Any], most: int) -> Iterator[tuple[str, str, str]]:
    """Yield (before, unit, after): words of the pattern's own, the unit to be repeated, then what makes it fail."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags)
    seen: set[tuple[str, str]] = set()
    made = 0
    for before, unit in itertools.chain([("", word) for word in _words(tree, 6)], _repeats(tree, "")):
        for shape in dict.fromkeys((unit, unit + " ", unit.strip())):
            if shape and (before, shape) not in seen:
                seen.add((before, shape))
                yield before, shape, "\x01"
                made += 1
                if made >= most:
                    return


def _repeats(tree: Any, before: str) -> Iterator[tuple[str, str]]:  # a parsed pattern
    """Yield what each repeat may repeat, after what must stand before it."""
    here = before
    for op, arg in tree:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            _, high, body = arg
            if high > 1:
                words = list(dict.fromkeys(_words(body, 40)))
                yield from ((here, word) for word in words)
                yield from ((here, one + two) for one, two in itertools.pairwise(words))
            yield from _repeats(body, here)
        elif op is sre.SUBPATTERN:
            yield from _repeats(arg[3], here)
        elif op is sre.ATOMIC_GROUP:
            yield from _repeats(arg, here)
        elif op is sre.BRANCH:
            for way in arg[1]:
                yield from _repeats(way, here)
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _repeats(arg[1], here)
        here += next(_words([(op, arg)], 1), "")


def _words(tree: Any, most: int) -> Iterator[str]:  # a parsed pattern
    """Yield up to `most` texts that a parsed pattern matches, roughly: every way of a branch, options with and without."""
    choices = [list(itertools.islice(_ways(op, arg, most), most)) for op, arg in tree]
    if not all(choices):
        return
    longest = max((len(ways) for ways in choices), default=1)
    for at in range(min(longest, most)):
        yield "".join(ways[at % len(ways)] for ways in choices)


def _ways(op: Any, arg: Any, most: int) -> Iterator[str]:  # noqa: C901  # a table of operations
    if op is sre.LITERAL:
        yield chr(arg)
    elif op is sre.NOT_LITERAL:
        yield "a" if arg != ord("a") else "b"
    elif op is sre.ANY:
        yield "a"
    elif op is sre.IN:
        yield from _letters(arg)
    elif op is sre.BRANCH:
        for way in arg[1]:
            yield from _words(way, 3)
    elif op is sre.SUBPATTERN:
        yield from _words(arg[3], most)
    elif op is sre.ATOMIC_GROUP:
        yield from _words(arg, most)
    elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        low, _, body = arg
        for word in _words(body, most):
            yield word * max(low, 1)
        if low == 0:
            yield ""
    else:  # anchors, looks and references match nothing of their own
        yield ""


_CLASSES = {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a", sre.CATEGORY_NOT_DIGIT: "a"}


def _letters(items: Any) -> Iterator[str]:  # a parsed set
    if items[0][0] is sre.NEGATE:
        pattern = [chr(c) for c in map(ord, "a1 .,-(A\n") if not _is_in(chr(c), items[1:])]
        yield from pattern[:3] or ["\u4e00"]
        return
    for op, arg in items[:6]:
        if op is sre.LITERAL:
            yield chr(arg)
        elif op is sre.RANGE:
            yield chr(arg[0])
        elif op is sre.CATEGORY:
            yield _CLASSES.get(arg, "-")


def _is_in(letter: str, items: Any) -> bool:  # a parsed set
    for op, arg in items:
        if op is sre.LITERAL and ord(letter) == arg:
            return True
        if op is sre.RANGE and arg[0] <= ord(letter) <= arg[1]:
            return True
        if op is sre.CATEGORY and (
            (arg is sre.CATEGORY_SPACE and letter.isspace())
            or (arg is sre.CATEGORY_DIGIT and letter.isdigit())
            or (arg is sre.CATEGORY_WORD and (letter.isalnum() or letter == "_"))
            or (arg is sre.CATEGORY_NOT_WORD and not (letter.isalnum() or letter == "_"))
            or (arg is sre.CATEGORY_NOT_SPACE and not letter.isspace())
        ):
            return True
    return False


# --- times ---

FIRST_CHARS = 60
WORTH_S = 0.02
"""A search that takes less over the longest text cannot keep anybody busy; below it the clock's noise would decide."""
GIVE_UP_S = 4.0
MOST = 1.6
"""The exponent that is still called linear: half-way to quadratic, on a machine that does other things."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How the time of one search grew.

    Attributes:
        exponent: 1 where twice the text takes twice the time, 2 where it takes four times; inf where the search was given up.
    """

    where: str
    pattern: str
    unit: str
    chars: int
    seconds: float
    exponent: float


class _LateError(Exception):
    """The search was given up."""


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise _LateError after so many seconds of this process; the engine of regular expressions looks for signals as it goes."""

    def late(number: int, frame: FrameType | None) -> None:  # a signal handler's shape
        raise _LateError

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def growth(found: Found, before: str, unit: str, after: str) -> Growth | None:
    """Give how the search's time grows with the text, from the last two lengths tried; None where it stays negligible."""
    told = (found.where, str(found.pattern.pattern)[:120], before[-20:] + "…" + unit[:40])
    last: tuple[int, float] = (0, 0.0)
    chars = FIRST_CHARS
    while chars <= found.most_chars:
        text = before + unit * (chars // len(unit) + 1) + after
        try:
            took = _took(found, text)
        except _LateError:
            return Growth(*told, chars, GIVE_UP_S, float("inf"))
        if took > WORTH_S and last[0]:
            exponent = _exponent(last, (len(text), took))
            for _ in range(3 if exponent > MOST else 0):  # a machine that was busy for a moment makes nothing quadratic
                took = min(took, _took(found, text))
                last = (last[0], max(last[1], _took(found, before + unit * (chars // 2 // len(unit) + 1) + after)))
                exponent = _exponent(last, (len(text), took))
            if took > WORTH_S and (exponent > MOST or chars * 2 > found.most_chars):
                return Growth(*told, len(text), took, exponent)
        last = (len(text), took)
        chars *= 2
    return None


def _exponent(first: tuple[int, float], second: tuple[int, float]) -> float:
    import math

    return math.log(second[1] / max(first[1], 1e-7)) / math.log(second[0] / first[0])


def _took(found: Found, text: str) -> float:
    whole: Any = text.encode("utf-8", "replace") if isinstance(found.pattern.pattern, bytes) else text
    with _at_most(GIVE_UP_S):
        begun = time.process_time()
        for _ in found.pattern.finditer(whole) if found.is_searched else (found.pattern.match(whole),):
            pass
        return time.process_time() - begun
