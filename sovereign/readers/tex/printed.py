r"""What packages and counters print of their own: quotation marks, formulas of chemistry, a counter's number, a range of references.

Also where a file ends for TeX: at \endinput, whatever stands behind it.
"""

from __future__ import annotations

import re

from sovereign.readers.tex.citations import ref_mark
from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import plain
from sovereign.readers.tex.words import PLACEHOLDER

MAX_NUMBER = 10**6
_ATOMS = re.compile(r"(?<=[A-Za-z)\]])(\d{1,4})")
_ARROWS = (("<=>", " ⇌ "), ("<->", " ↔ "), ("->", " → "), ("<-", " ← "))
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def _quoted(run: Run, name: str) -> None:
    r"""\enquote{…} and its kin: the marks are the package's, those of a quote in a quote are single ones."""
    run.tokens.star()
    source = run.tokens.optional() if name in {"textquote", "blockquote"} else None
    run.tokens.optional()
    if name == "foreignquote":
        run.tokens.argument()
    inner = run.inline(run.tokens.argument()).strip()
    run.say("“" + inner.replace("“", "‘").replace("”", "’") + "”")
    if source and (told := run.inline(source).strip()):
        run.say(f" ({told.strip('()')})")


def _chemistry(run: Run, _: str) -> None:
    r"""\ce{CO3^2-}: numbers behind an atom stand below the line, a charge above it."""
    told = plain(run.tokens.argument()).replace("$", "").replace("\\", "")
    for sign, arrow in _ARROWS:
        told = told.replace(sign, arrow)
    told = re.sub(r"\^\{([^{}]{1,20})\}", r"^\1", told)
    told = re.sub(r"_\{([^{}]{1,20})\}", r"_\1", told)
    run.say(" ".join(_ATOMS.sub(r"_\1", told).replace("{", "").replace("}", "").split()))


def _code(run: Run, _: str) -> None:
    r"""\mintinline{python}{x = 1}: the language is not printed."""
    run.tokens.optional()
    run.tokens.argument()
    run.say(plain(run.tokens.argument()))


# --- counters --------------------------------------------------------------------------------------------------------


def _new_counter(run: Run, _: str) -> None:
    name = plain(run.tokens.argument()).strip()
    run.tokens.optional()
    run.numbers[name] = 0


def _set_counter(run: Run, name: str) -> None:
    counter, told = plain(run.tokens.argument()).strip(), plain(run.expanded(run.tokens.argument())).strip()
    if re.fullmatch(r"[-+]?\d{1,6}", told) and (counter in run.numbers or name == "setcounter"):
        run.numbers[counter] = int(told) + (run.numbers[counter] if name == "addtocounter" else 0)
    else:
        run.numbers.pop(counter, None)


def _step_counter(run: Run, name: str) -> None:
    counter = plain(run.tokens.argument()).strip()
    if counter in run.numbers and run.numbers[counter] < MAX_NUMBER:
        run.numbers[counter] += 1
        if name == "refstepcounter":
            run.current_label = ("", str(run.numbers[counter]))


def _counter(run: Run, name: str) -> None:
    """Print a counter that the paper made; one that LaTeX counts by itself is not known here, and its place is shown."""
    if run.tokens.star():
        return
    counter = plain(run.tokens.argument()).strip()
    if counter in run.numbers:
        run.say(_written(run.numbers[counter], name))
    elif counter and not run.muted:
        run.unknown[name] = run.unknown.get(name, 0) + 1
        run.say(PLACEHOLDER)


def _written(number: int, how: str) -> str:
    if how.casefold() == "alph" and 1 <= number <= 26:
        return chr((96 if how == "alph" else 64) + number)
    if how.casefold() == "roman" and 1 <= number < 40:
        told, left = "", number
        for value, sign in _ROMAN:
            told += sign * (left // value)
            left %= value
        return told.upper() if how == "Roman" else told
    return str(number)


# --- references and files --------------------------------------------------------------------------------------------


def _range(run: Run, name: str) -> None:
    r"""\crefrange{a}{b}: both ends, with "to" between them."""
    run.tokens.star()
    first, last = plain(run.tokens.argument()), plain(run.tokens.argument())
    run.say(f"{ref_mark(name.removesuffix('range'), first)} to {ref_mark('ref', last)}")


def _end_input(run: Run, _: str) -> None:
    """Leave out what stands behind it in its file: TeX does not read it."""
    left = []
    while (token := run.tokens.peek()) is not None and token[0] != "end":
        left.append(token)
        run.tokens.next()
    if words := plain(left).strip():
        run.comments.append((run.file_name, words))


def _include_only(run: Run, _: str) -> None:
    run.only = {name.strip() for name in plain(run.tokens.argument()).split(",")}


HANDLERS: dict[str, Handler] = {"endinput": _end_input, "includeonly": _include_only}
PACKAGED: dict[str, Handler] = {
    **all_of("enquote textquote blockquote foreignquote", _quoted),
    "ce": _chemistry,
    "mintinline": _code,
    "newcounter": _new_counter,
    **all_of("setcounter addtocounter", _set_counter),
    **all_of("stepcounter refstepcounter", _step_counter),
    **all_of("arabic alph Alph roman Roman", _counter),
    **all_of("crefrange Crefrange vrefrange", _range),
}
