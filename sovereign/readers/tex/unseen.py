"""Colour, size and place in LaTeX: letters that nobody sees on the page are no part of its text."""

from __future__ import annotations

import re

from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import plain

_TINY_PT = 2.0
_TINY_SCALE = 0.15


def _is_white(run: Run, model: str, value: str) -> bool:
    name = value.strip().lower()
    if not model:
        mixed = re.fullmatch(r"([a-z]+)!(\d+)(?:!([a-z]+))?", name)
        if mixed:
            share = min(100, int(mixed[2]))
            return (mixed[1] == "white" and share >= 92) or (mixed[3] in {None, "white"} and share <= 5)
        return name in run.white
    numbers = [float(part) for part in re.findall(r"\d*\.?\d+", name)]
    kind = model.strip()
    if kind.lower() == "cmyk":
        return len(numbers) == 4 and sum(numbers) <= 0.12
    if kind == "HTML":
        return bool(re.fullmatch(r"[f][a-f0-9][f][a-f0-9][f][a-f0-9]", name))
    if kind == "RGB":
        numbers = [number / 255 for number in numbers]
    return bool(numbers) and min(numbers) >= 0.94


def _in_coloured_place(run: Run) -> bool:
    return any(name in {"table", "table cells", "tcolorbox", "mdframed", "tikzpicture", "colorbox"} for name in run.environments)


def _textcolor(run: Run, _: str) -> None:
    model = plain(run.tokens.optional() or []).strip()
    colour = plain(run.tokens.argument())
    inside = run.tokens.argument()
    if _is_white(run, model, colour) and not _in_coloured_place(run):
        run.hide("white letters", inside)
    else:
        run.tokens.push([("{", "{"), *inside, ("}", "}")])


def _color(run: Run, _: str) -> None:
    model = plain(run.tokens.optional() or []).strip()
    is_white = _is_white(run, model, plain(run.tokens.argument()))
    if not _in_coloured_place(run) and not run.muted:
        if run.hidden_by and not is_white:
            run.reveal()
        run.hidden_by = "white letters" if is_white else ""


def _colorbox(run: Run, name: str) -> None:
    run.tokens.optional()
    run.tokens.argument()
    if name == "fcolorbox":
        run.tokens.argument()
    with run.inside("colorbox"):
        run.say(run.inline(run.tokens.argument()))


def _definecolor(run: Run, _: str) -> None:
    name = plain(run.tokens.argument()).strip().lower()
    model = plain(run.tokens.argument())
    if _is_white(run, model, plain(run.tokens.argument())):
        run.white.add(name)


def _fontsize(run: Run, _: str) -> None:
    size = re.match(r"\s*(\d*\.?\d+)", plain(run.tokens.argument()))
    run.tokens.argument()
    if size and float(size[1]) < _TINY_PT and not run.muted:
        run.hidden_by = f"letters of {size[1]} pt"


def _scalebox(run: Run, _: str) -> None:
    scale = re.match(r"\s*(\d*\.?\d+)", plain(run.tokens.argument()))
    run.tokens.optional()
    inside = run.tokens.argument()
    if scale and float(scale[1]) < _TINY_SCALE:
        run.hide(f"letters scaled by {scale[1]}", inside)
    else:
        run.tokens.push(inside)


def _resizebox(run: Run, _: str) -> None:
    run.tokens.star()
    sizes = [plain(run.tokens.argument()).strip() for _ in range(2)]
    inside = run.tokens.argument()
    found = [re.fullmatch(r"(\d++(?:\.\d++)?|\.\d++)\s*+(pt|mm|cm|sp|in)", size) for size in sizes]
    points = [float(m[1]) * {"pt": 1, "mm": 2.85, "cm": 28.5, "sp": 0.00002, "in": 72.3}[m[2]] for m in found if m]
    if points and min(points) < _TINY_PT:
        run.hide("letters squeezed to nothing", inside)
    else:
        run.tokens.push(inside)


def _phantom(run: Run, _: str) -> None:
    inside = run.tokens.argument()
    if len(plain(inside).split()) > 3:
        run.hide("phantom letters", inside)


def _raised(run: Run, _: str) -> None:
    distance = re.match(r"\s*+(-?(?:\d++(?:\.\d++)?|\.\d++))\s*+(pt|mm|cm|in|em|ex)", plain(run.tokens.argument()))
    run.tokens.optional()
    run.tokens.optional()
    inside = run.tokens.argument()
    far = distance and abs(float(distance[1])) * {"pt": 1, "mm": 2.85, "cm": 28.5, "in": 72.3, "em": 10, "ex": 5}[distance[2]] > 500
    if far:
        run.hide("letters moved off the page", inside)
    else:
        run.tokens.push(inside)


def _pdfrender(run: Run, _: str) -> None:
    how = plain(run.tokens.argument()).replace(" ", "").lower()
    inside = run.tokens.argument()
    if "invisible" in how or "textrenderingmode=3" in how:
        run.hide("invisible rendering", inside)
    else:
        run.tokens.push(inside)


def _transparent(run: Run, name: str) -> None:
    opacity = re.match(r"\s*(\d*\.?\d+)", plain(run.tokens.argument()))
    is_gone = opacity is not None and float(opacity[1]) < 0.06
    if name == "texttransparent":
        inside = run.tokens.argument()
        if is_gone:
            run.hide("transparent letters", inside)
        else:
            run.tokens.push(inside)
    elif is_gone and not run.muted:
        run.hidden_by = "transparent letters"


HANDLERS: dict[str, Handler] = {
    **all_of("phantom hphantom", _phantom),
    **all_of("transparent texttransparent", _transparent),
    **all_of("colorbox fcolorbox", _colorbox),
    "raisebox": _raised,
    "textcolor": _textcolor,
    "color": _color,
    "definecolor": _definecolor,
    "fontsize": _fontsize,
    "scalebox": _scalebox,
    "resizebox": _resizebox,
    "textpdfrender": _pdfrender,
}
