"""LaTeX commands inside a line: addresses, links, units, spaces, registers."""

from __future__ import annotations

import re

from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import Token, plain


def _url(run: Run, _: str) -> None:
    run.say(plain(run.tokens.argument()).replace("\\", "").replace(" ", ""))


def _href(run: Run, name: str) -> None:
    run.tokens.optional()
    if name == "href":
        run.tokens.argument()
    run.tokens.push(run.tokens.argument())


def _texorpdfstring(run: Run, _: str) -> None:
    first = run.tokens.argument()
    run.tokens.argument()
    run.tokens.push(first)


def _initial(run: Run, _: str) -> None:
    """A large first letter and the rest of its word: one word."""
    run.tokens.optional()
    first = run.tokens.argument()
    run.tokens.push([*first, *run.tokens.argument()])


def _ion(run: Run, _: str) -> None:
    element, stage = run.inline(run.tokens.argument()), plain(run.tokens.argument()).strip()
    roman = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
    numeral = roman[int(stage)].upper() if stage.isdecimal() and int(stage) < len(roman) else stage
    run.say(f"{element} {numeral}")


def _unit(run: Run, name: str) -> None:
    """siunitx: a number, a unit, or both."""
    run.tokens.optional()
    parts = [run.tokens.argument() for _ in range({"SI": 2, "qty": 2, "SIrange": 3}.get(name, 1))]
    shown = [_unit_text(run, part) for part in parts]
    run.say(" ".join(part for part in shown if part) if name != "SIrange" else f"{shown[0]}–{shown[1]} {shown[2]}")


_UNITS = {
    "percent": "%", "second": "s", "metre": "m", "meter": "m", "gram": "g", "kilo": "k", "milli": "m", "micro": "µ", "nano": "n",
    "mega": "M",
    "giga": "G", "tera": "T", "centi": "c", "per": "/", "hertz": "Hz", "byte": "B", "bit": "bit", "watt": "W", "volt": "V", "kelvin": "K",
    "celsius": "°C", "degreeCelsius": "°C", "hour": "h", "minute": "min", "day": "d", "joule": "J", "newton": "N", "pascal": "Pa",
    "ampere": "A",
    "squared": "^2", "cubed": "^3", "degree": "°", "times": "×", "angstrom": "Å", "litre": "L", "liter": "L", "mole": "mol",
    "electronvolt": "eV",
}  # fmt: skip


def _unit_text(run: Run, tokens: list[Token]) -> str:
    return "".join(_UNITS.get(text, "") if kind == "word" else text for kind, text in run.expanded(tokens)).strip()


def _xspace(run: Run, _: str) -> None:
    """A space, unless punctuation or the end of a group follows."""
    kind, text = run.tokens.peek() or ("end", "")
    if kind in {"word", "text", "$", "[", "verb"} and text[:1] not in ".,;:!?)]/-'’":
        run.say(" ")


def _register(run: Run, _: str) -> None:
    r"""A TeX register is set: \looseness=-1, \parindent 0pt."""
    taken = ""
    while (token := run.tokens.peek()) is not None and token[0] in {"text", " ", "word"} and len(taken) < 40:
        if token[0] == "word":
            if re.search(r"width|height|skip|size|indent|sep|space", token[1]):
                run.tokens.next()
            return
        found = re.match(r"\s*=?\s*[-+]?\d*\.?\d*\s*(?:pt|em|ex|cm|mm|in|sp|bp)?(?:\s*(?:plus|minus)\s*\d+\w*)?", taken + token[1])
        if found is None or found.end() <= len(taken):
            return
        run.tokens.next()
        rest = (taken + token[1])[found.end() :]
        if rest:
            run.tokens.push([("text", rest)])
            return
        taken += token[1]


_REGISTERS = (
    "looseness parindent parskip tabcolsep baselineskip textwidth textheight columnsep hfuzz vfuzz hbadness vbadness tolerance "
    "pretolerance "
    "emergencystretch clubpenalty widowpenalty interfootnotelinepenalty topskip hoffset voffset intextsep floatsep textfloatsep hsize "
    "abovecaptionskip belowcaptionskip abovedisplayskip belowdisplayskip arrayrulewidth fboxsep linewidth vskip hskip kern penalty"
)

HANDLERS: dict[str, Handler] = {
    **all_of("url path nolinkurl", _url),
    **all_of("href hyperref", _href),
    **all_of("SI num si qty unit SIrange ang", _unit),
    **all_of(_REGISTERS, _register),
    "texorpdfstring": _texorpdfstring,
    **all_of("IEEEPARstart lettrine PARstart", _initial),
    "ion": _ion,
    "xspace": _xspace,
    "par": lambda run, _: run.end_paragraph(),
    "label": lambda run, _: run.label(plain(run.tokens.argument())),
}
