r"""Numbers with units as siunitx and the journals of astronomy write them: \qtyrange{1}{5}{\um}, \ang{45}, 3\farcs5."""

from __future__ import annotations

import re

from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import Token, plain

# siunitx's own units, prefixes and abbreviations (its manual, version 3, section 3.3); kept whole, since the list is finite.
_UNITS = {
    "percent": "%", "second": "s", "metre": "m", "meter": "m", "gram": "g", "kilogram": "kg", "hertz": "Hz", "byte": "B", "bit": "bit",
    "watt": "W", "volt": "V", "kelvin": "K", "celsius": "°C", "degreeCelsius": "°C", "hour": "h", "minute": "min", "day": "d", "joule": "J",
    "newton": "N", "pascal": "Pa", "ampere": "A", "degree": "°", "times": "×", "angstrom": "Å", "litre": "L", "liter": "L", "mole": "mol",
    "electronvolt": "eV", "coulomb": "C", "farad": "F", "gray": "Gy", "henry": "H", "katal": "kat", "lumen": "lm", "lux": "lx", "ohm": "Ω",
    "siemens": "S", "sievert": "Sv", "tesla": "T", "weber": "Wb", "becquerel": "Bq", "candela": "cd", "radian": "rad", "steradian": "sr",
    "arcminute": "′", "arcsecond": "″", "tonne": "t", "hectare": "ha", "dalton": "Da", "bel": "B", "decibel": "dB", "neper": "Np",
    "astronomicalunit": "au", "bar": "bar", "barn": "b", "knot": "kn", "mmHg": "mmHg", "nauticalmile": "M", "parsec": "pc",
    "per": "/", "square": "", "cubic": "", "squared": "^2", "cubed": "^3", "cancel": "", "highlight": "", "of": "",
    "yocto": "y", "zepto": "z", "atto": "a", "femto": "f", "pico": "p", "nano": "n", "micro": "µ", "milli": "m", "centi": "c", "deci": "d",
    "deca": "da", "deka": "da", "hecto": "h", "kilo": "k", "mega": "M", "giga": "G", "tera": "T", "peta": "P", "exa": "E", "zetta": "Z",
    "yotta": "Y", "kibi": "Ki", "mebi": "Mi", "gibi": "Gi", "tebi": "Ti", "um": "µm", "ug": "µg", "us": "µs", "uA": "µA", "uV": "µV",
    "uW": "µW", "uJ": "µJ", "uF": "µF", "uH": "µH", "umol": "µmol", "uL": "µL", "ul": "µl", "uN": "µN", "kohm": "kΩ", "mohm": "mΩ",
    "Mohm": "MΩ", "percnt": "%",
    **{name: name for name in (
        "fg pg ng mg g kg amu pm nm mm cm dm m km as fs ps ns ms s fmol pmol nmol mmol mol kmol pA nA mA A kA fl pl nl ml l hl fL pL nL "
        "mL L hL mHz Hz kHz MHz GHz THz mN N kN MN Pa kPa MPa GPa pV nV mV V kV nW mW W kW MW GW mJ J kJ eV meV keV MeV GeV TeV "
        "kWh F fF pF nF mF H fH pH nH mH C nC mC T mT K mK dB kB MB GB TB"
    ).split()},
}  # fmt: skip


_THIN = frozenset({("sign", ","), ("sign", ":"), ("sign", ";"), ("sign", " ")})
r"""Spaces between units that are written out: m\,s is no millisecond."""


def _number_text(run: Run, tokens: list[Token]) -> str:
    """Give a number as it is printed: 1e5 is 1 × 10^5, 1+-2 is 1 ± 2."""
    text = " ".join(run.maths(tokens).split())
    text = re.sub(r" ?(?:\+\s?-|±) ?", " ± ", text)
    text = re.sub(r"^([-+]?)[eEdD]([-+]?\d)", r"\g<1>10^\2", text)
    text = re.sub(r"(?<=\d)(?: \xd7 )?[eEdD]\+?(-?\d{1,4})", r" × 10^\1", text)
    return re.sub(r" ?x ?(?=[\d.])", " × ", text)


def _unit_text(run: Run, tokens: list[Token]) -> str:
    r"""Give a unit as it is printed: \metre\per\second is m/s, \square\metre is m^2."""
    out: list[str] = []
    power, in_power = "", False
    waiting = list(reversed(run.expanded(tokens)))
    while waiting:
        kind, text = waiting.pop()
        if kind == "word" and text in {"square", "cubic"}:
            power = {"square": "^2", "cubic": "^3"}[text]
        elif kind == "word" and text in {"tothe", "raiseto"}:
            given = _group(waiting)
            if text == "tothe":
                out.append("^" + given)
            else:
                power = "^" + given
        elif kind == "word":
            shown = _UNITS.get(text, text)
            out.append(shown)
            if power and shown not in {"k", "m", "µ", "n", "c", "M", "G", "d", "p", "f"}:
                out.append(power)
                power = ""
        elif kind in {"text", "^", "verb"} or (kind == "_" and in_power):
            out.append(text.replace(".", "·") if kind == "text" and not re.search(r"\d\.\d", text) else text)
        elif (kind in {"~", " "} or (kind, text) in _THIN) and out and waiting:
            out.append(" ")
    return "".join([*out, power]).strip().strip("·").lstrip("/") if not out or out[0] != "/" else "1" + "".join([*out, power]).strip()


def _group(waiting: list[Token]) -> str:
    """Take a group or one token from a list that is read from its end."""
    taken: list[str] = []
    if waiting and waiting[-1][0] == "{":
        waiting.pop()
        while waiting and waiting[-1][0] != "}":
            taken.append(waiting.pop()[1])
        if waiting:
            waiting.pop()
    elif waiting:
        taken.append(waiting.pop()[1])
    return "".join(taken)


def _options(run: Run) -> None:
    run.tokens.star()
    run.tokens.optional()


def _joined(number: str, unit: str) -> str:
    return number + unit if unit[:1] in "°′″" and unit[:2] != "°C" else f"{number} {unit}".strip()


def _number(run: Run, _: str) -> None:
    _options(run)
    run.say(_number_text(run, run.tokens.argument()))


def _unit(run: Run, name: str) -> None:
    r"""A unit of siunitx, or a number with its unit of the package units: \unit[3]{kg}, \unitfrac[3]{m}{s}."""
    option = run.tokens.optional() or []
    number = _number_text(run, option) if option and "=" not in plain(option) else ""
    unit = _unit_text(run, run.tokens.argument())
    if name == "unitfrac":
        unit += "/" + _unit_text(run, run.tokens.argument())
    run.say(_joined(number, unit) if number else unit)


def _quantity(run: Run, name: str) -> None:
    _options(run)
    number = _number_text(run, run.tokens.argument())
    prefix = run.tokens.optional() if name == "SI" else None  # a unit before the number, as of money
    unit = _unit_text(run, run.tokens.argument())
    run.say((_unit_text(run, prefix) if prefix else "") + _joined(number, unit))


def _range(run: Run, name: str) -> None:
    _options(run)
    first, last = (_number_text(run, run.tokens.argument()) for _ in range(2))
    unit = "" if name == "numrange" else _unit_text(run, run.tokens.argument())
    run.say(_joined(f"{first}–{last}", unit))


def _list(run: Run, name: str) -> None:
    _options(run)
    written = plain(run.expanded(run.tokens.argument()))
    parts = [_number_text(run, [("text", part.strip())]) for part in written.split(";") if part.strip()]
    unit = "" if name == "numlist" else _unit_text(run, run.tokens.argument())
    shown = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
    run.say(_joined(shown, unit))


def _angle(run: Run, _: str) -> None:
    """An angle in degrees, or in degrees, minutes and seconds."""
    _options(run)
    parts = plain(run.expanded(run.tokens.argument())).split(";")
    run.say("".join(part.strip() + sign for part, sign in zip(parts, "°′″", strict=False) if part.strip()))


_MARKS = {
    "farcs": "″", "farcm": "′", "fdg": "°", "fs": "s", "fm": "m", "fh": "h", "fd": "d",
    "fp": "p", "arcsec": "″", "arcmin": "′", "degr": "°",
    "fdeg": "°",
}  # fmt: skip


def _mark(run: Run, name: str) -> None:
    r"""A mark above the decimal point: 3\farcs5 is 3.5″. Without digits behind it, it is the mark alone."""
    if name.startswith("f"):
        if (run.tokens.peek() or ("", ""))[0] == "{":
            run.tokens.push(run.tokens.argument())
        kind, text = run.tokens.peek() or ("", "")
        digits = re.match(r"\d{1,12}", text) if kind == "text" else None
        if digits:
            run.tokens.next()
            run.say("." + digits[0] + _MARKS[name])
            run.tokens.push([("text", text[digits.end() :])] if digits.end() < len(text) else [])
            return
    run.say(_MARKS[name])


def _declare_unit(run: Run, _: str) -> None:
    run.tokens.optional()
    name = plain(run.tokens.argument()).strip().removeprefix("\\").strip()
    unit = tuple(run.tokens.argument())
    if name and name not in run.macros.commands:
        run.macros.add(name, unit)


HANDLERS: dict[str, Handler] = {"DeclareSIUnit": _declare_unit, "DeclareSIPrefix": _declare_unit}
PACKAGED: dict[str, Handler] = {
    **all_of("num tablenum complexnum", _number),
    **all_of("numproduct", _number),
    **all_of("si unit unitfrac", _unit),
    **all_of("SI qty qtyproduct complexqty", _quantity),
    **all_of("SIrange qtyrange numrange", _range),
    **all_of("SIlist qtylist numlist", _list),
    "ang": _angle,
    **all_of(" ".join(_MARKS), _mark),
}
