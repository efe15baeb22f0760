"""What LaTeX's structural commands and environments do: headings, floats, tables, lists, notes, files, colours."""

from __future__ import annotations

import re
from collections.abc import Callable

from sovereign.model import BlockKind
from sovereign.readers.building import Piece
from sovereign.readers.tex_files import decode, resolve
from sovereign.readers.tex_run import Handler, Run, words
from sovereign.readers.tex_tokens import Token, plain

_LEVELS = {"part": 1, "chapter": 1, "section": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4, "subparagraph": 5}
_TINY_PT = 2.0
_TINY_SCALE = 0.15
MAX_TABLE_CELLS = 20_000


# --- headings ----------------------------------------------------------------------------------------------------


def _heading(run: Run, name: str) -> None:
    starred = run.tokens.star()
    run.tokens.optional()
    level = _LEVELS[name]
    if not starred and level <= 3:
        _number_heading(run, level)
    text = run.inline(run.tokens.argument())
    run.place(Piece(BlockKind.HEADING, text.rstrip(" .:") if level >= 4 else text, level))


def _number_heading(run: Run, level: int) -> None:
    run.counters[f"section{level}"] = run.counters.get(f"section{level}", 0) + 1
    for deeper in range(level + 1, 4):
        run.counters[f"section{deeper}"] = 0
    numbers = [run.counters.get(f"section{above}", 0) for above in range(1, level + 1)]
    first = chr(64 + numbers[0]) if run.alphabet_sections and 1 <= numbers[0] <= 26 else str(numbers[0])
    run.current_label = ("Section", ".".join([first, *map(str, numbers[1:])]))


def _appendix(run: Run, _: str) -> None:
    run.end_paragraph()
    if run.appendix_from is None and not run.muted:
        run.appendix_from = len(run.page.pieces)
        run.counters["section1"] = 0
        run.alphabet_sections = True


def _title(run: Run, _: str) -> None:
    run.tokens.optional()
    text = run.inline(run.tokens.argument())
    run.page.after.clear()
    run.title = run.title or text


def _front_text(run: Run, _: str) -> None:
    run.tokens.optional()
    argument = run.tokens.argument()
    run.inline(argument)
    run.page.after.clear()


def _keywords(run: Run, _: str) -> None:
    text = run.inline(run.tokens.argument())
    if text.strip():
        run.place(Piece(BlockKind.FRONT, "Keywords: " + text))


def _abstract(run: Run, _: str) -> None:
    """\\abstract{…} of some classes; \\abstract alone opens the environment."""
    run.tokens.skip_spaces()
    if (run.tokens.peek() or ("", ""))[0] != "{":
        return
    muted, run.muted = run.muted, False
    run.place(Piece(BlockKind.HEADING, "Abstract", 1))
    text = run.inline(run.tokens.argument())
    run.place(Piece(BlockKind.PROSE, text))
    run.muted = muted


def _acknowledgements(run: Run, _: str) -> None:
    run.place(Piece(BlockKind.HEADING, "Acknowledgements", 1))


# --- files -------------------------------------------------------------------------------------------------------


def _input(run: Run, name: str) -> None:
    if name in {"import", "subimport"}:
        run.tokens.argument()
    run.tokens.skip_spaces()
    if (run.tokens.peek() or ("", ""))[0] == "{":
        wanted = plain(run.tokens.argument()).strip()
    else:
        taken = []
        while (token := run.tokens.peek()) is not None and token[0] in {"text", "_", "^", "~", "*"}:
            taken.append(token[1])
            run.tokens.next()
        wanted = "".join(taken)
    wanted = wanted.replace("\\", "").replace(" ", "")
    near = run.open_files[-1] if run.open_files else run.main
    path = resolve(wanted, run.files, near)
    if path is None:
        if wanted:
            run.missing.append(wanted)
        return
    run.open_file(path, decode(run.files[path]), only_body=True)


def _bibliography(run: Run, _: str) -> None:
    run.tokens.optional()
    run.tokens.argument()
    _read_bbl(run)


def _read_bbl(run: Run) -> None:
    listed = sorted(path for path in run.files if path.suffix == ".bbl" and not path.name.startswith("."))
    same = [path for path in listed if path.stem == run.main.stem] or listed[:1]
    if same and not run.index.entries:
        run.open_file(same[0], decode(run.files[same[0]]))


def _printbibliography(run: Run, _: str) -> None:
    run.tokens.optional()
    _read_bbl(run)


def _thebibliography(run: Run, name: str) -> None:
    run.tokens.argument()
    run.end_paragraph()
    inside = run.tokens.environment(name)
    entries: list[list[Token]] = []
    for token in inside:
        if token == ("word", "bibitem"):
            entries.append([])
        elif entries:
            entries[-1].append(token)
        elif token[0] == "word":
            pass
    head = inside[: next((i for i, token in enumerate(inside) if token == ("word", "bibitem")), 0)]
    run.inline(head)
    for entry in entries:
        _bibitem(run, entry)
    run.page.after.clear()


def _bibitem(run: Run, tokens: list[Token]) -> None:
    stop = ("end", "bibitem")
    run.tokens.push([stop])
    run.tokens.push(tokens)
    label, key = run.tokens.optional(), plain(run.tokens.argument()).strip()
    rest: list[Token] = []
    while (token := run.tokens.next()) is not None and token != stop:
        rest.append(token)
    run.index.add(key, " ".join(run.inline(label or []).split()), " ".join(run.inline(rest).split()))


# --- environments ------------------------------------------------------------------------------------------------


def _begin(run: Run, _: str) -> None:
    name = plain(run.tokens.argument()).strip()
    base = name.rstrip("*")
    kind = words().environments.get(base) or words().environments.get(name) or ""
    if name == "document":
        run.muted = False
        run.end_paragraph()
    elif base == "thebibliography":
        _thebibliography(run, name)
    elif base == "abstract":
        run.muted = False
        run.place(Piece(BlockKind.HEADING, "Abstract", 1))
    elif kind == "" and name in run.macros.environments and len(run.environments) < 200:
        run.environments.append("own")
        run.macros.begin(name, run.tokens)
    elif kind == "theorem" or name in run.macros.theorems:
        run.environments.append("")
        _theorem(run, name)
    else:
        _ENVIRONMENTS.get(kind, _plain_environment)(run, name)


def _end(run: Run, _: str) -> None:
    name = plain(run.tokens.argument()).strip()
    if run.environments:
        run.environments.pop()
    if name in run.macros.environments:
        run.tokens.push(list(run.macros.environments[name][1]))
        return
    if name in {"document", "abstract"} or words().environments.get(name.rstrip("*")) not in {"inline_maths"}:
        run.end_paragraph()
    if name == "document":
        run.muted = True


def _plain_environment(run: Run, name: str) -> None:
    """An environment that only changes how its inside looks."""
    run.environments.append(name)
    if name in {
        "minipage",
        "tcolorbox",
        "mdframed",
        "adjustbox",
        "multicols",
        "subfigure",
        "subtable",
        "spacing",
        "wrapfigure",
        "adjustwidth",
    }:
        run.tokens.optional()
        run.tokens.optional()
        if name not in {"tcolorbox", "mdframed"}:
            run.tokens.argument()
    run.end_paragraph()


def _theorem(run: Run, name: str) -> None:
    note = run.tokens.optional()
    title = run.macros.theorems.get(name, name.rstrip("*").capitalize())
    run.end_paragraph()
    run.say(f"{title} ({run.inline(note)}). " if note else f"{title}. ")
    run.step(f"theorem {title}", title)


def _maths_environment(run: Run, name: str) -> None:
    inside = run.tokens.environment(name)
    if not name.endswith("*"):
        run.step("equation", "Equation")
    if name in {"alignat", "alignat*"}:
        inside = inside[next((i + 1 for i, token in enumerate(inside) if token[0] == "}"), 0) :]
    run.place(Piece(BlockKind.FORMULA, run.maths(inside)))


def _inline_maths_environment(run: Run, name: str) -> None:
    run.say(run.maths(run.tokens.environment(name)))


def _gone(run: Run, name: str) -> None:
    run.tokens.environment(name)


def _list(run: Run, name: str) -> None:
    run.environments.append("list")
    run.tokens.optional()
    if name == "list":
        run.tokens.argument()
        run.tokens.argument()
    run.end_paragraph()


def _item(run: Run, _: str) -> None:
    label = run.tokens.optional()
    run.end_paragraph()
    if label and (shown := run.inline(label).strip()) and shown not in "•-–—*◦":
        run.say(shown + " ")


def _code(run: Run, name: str) -> None:
    run.tokens.optional()
    inside = run.tokens.environment(name)
    run.environments.append("code")
    text = run.inline(inside)
    run.environments.pop()
    run.place(Piece(BlockKind.FORMULA, text), floats=bool(run.depth))


def _front(run: Run, name: str) -> None:
    inside = run.tokens.environment(name)
    if "key" in name.lower() and (text := run.inline(inside).strip()):
        run.place(Piece(BlockKind.FRONT, "Keywords: " + text))


def _float(run: Run, name: str) -> None:
    """A figure or table: its captions, tables and prose wait for the end of the paragraph it stands in."""
    base = name.rstrip("*")
    inside = run.tokens.environment(name)
    run.tokens.push([("end", "float")])
    run.tokens.push(inside)
    run.tokens.optional()
    if base in {"wrapfigure", "wraptable"}:
        run.tokens.argument()
        run.tokens.optional()
        run.tokens.argument()
    rest: list[Token] = []
    while (token := run.tokens.next()) is not None and token != ("end", "float"):
        rest.append(token)
    run.environments.append(base)
    loose = run.inline(rest)
    run.environments.pop()
    kind = BlockKind.FORMULA if base.startswith(("algorithm", "listing")) else BlockKind.CAPTION
    if len(loose.split()) > 3:
        run.place(Piece(kind, loose), floats=True)


def _float_kind(run: Run) -> str:
    names = [name for name in run.environments if name]
    return "Table" if any("table" in name.lower() for name in names[-2:]) else "Figure"


def _subcaption(run: Run, name: str) -> None:
    """A part of a figure or table: "2a" where the whole will be 2."""
    run.tokens.star()
    kind = _float_kind(run)
    words = run.tokens.optional() if name in {"subfigure", "subfloat", "subtable"} else run.tokens.argument()
    number = run.counters.get(kind.lower(), 0) + 1
    part = run.step(f"{kind} {number} part", kind)
    letter = chr(96 + min(int(part), 26))
    run.current_label = (kind, f"{number}{letter}")
    if words is not None and (text := run.inline(words)).strip():
        run.place(Piece(BlockKind.CAPTION, f"({letter}) {text}"), floats=True)


def _caption(run: Run, name: str) -> None:
    run.tokens.star()
    run.tokens.optional()
    kind = "Table" if name == "tablecaption" else _float_kind(run)
    if name == "captionof":
        kind = plain(run.tokens.argument()).strip().capitalize()
    number = run.step(kind.lower(), kind)
    text = run.inline(run.tokens.argument())
    if text.strip():
        run.place(Piece(BlockKind.CAPTION, f"{kind} {number}: {text}"), floats=True)


def _footnote(run: Run, _: str) -> None:
    run.tokens.optional()
    text = run.inline(run.tokens.argument())
    if text.strip():
        run.place(Piece(BlockKind.FOOTNOTE, text), floats=True)


# --- tables ------------------------------------------------------------------------------------------------------


def _table(run: Run, name: str) -> None:
    inside = run.tokens.environment(name)
    run.tokens.push([("end", "table")])
    run.tokens.push(inside)
    base = name.rstrip("*")
    run.tokens.optional()
    if base in {"tabularx", "tabulary", "tabu"} or name == "tabular*":
        if (run.tokens.peek() or ("", ""))[1] in {"to", "spread"}:
            run.tokens.next()
            while (run.tokens.peek() or ("{", ""))[0] not in {"{", "end"}:
                run.tokens.next()
        else:
            run.tokens.argument()
    run.tokens.optional()
    if (run.tokens.peek() or ("", ""))[0] in {"{", " "}:
        run.tokens.argument()
    rest: list[Token] = []
    while (token := run.tokens.next()) is not None and token != ("end", "table"):
        rest.append(token)
    run.environments.append("table")
    rows = _rows(run, rest)
    run.environments.pop()
    if rows:
        run.place(Piece(BlockKind.TABLE, "\n".join(rows)), floats=bool(run.depth) or bool(run.environments))


def _rows(run: Run, tokens: list[Token]) -> list[str]:
    rows: list[str] = []
    cells: list[str] = []
    cell: list[Token] = []
    depth = inner = made = 0

    def end_cell() -> None:
        nonlocal made
        made += 1
        if made <= MAX_TABLE_CELLS:
            cells.append(" ".join(run.inline(cell).split()))
        cell.clear()

    def end_row() -> None:
        end_cell()
        if any(cells):
            rows.append(" | ".join(cells).strip(" "))
        cells.clear()

    for token in tokens:
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        inner += 1 if token == ("word", "begin") else -1 if token == ("word", "end") else 0
        if depth == 0 and inner == 0 and token[0] == "&":
            end_cell()
        elif depth == 0 and inner == 0 and token in {("sign", "\\"), ("word", "tabularnewline"), ("word", "cr"), ("word", "startdata")}:
            end_row()
        else:
            cell.append(token)
    end_row()
    return rows


def _tablehead(run: Run, _: str) -> None:
    """A deluxetable's head is a row of its own."""
    inner = run.tokens.argument()
    for row in _rows(run, inner):
        run.place(Piece(BlockKind.TABLE, row), floats=True)


# --- colour and size: what cannot be seen ------------------------------------------------------------------------


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
    return any(name in {"table", "tcolorbox", "mdframed", "tikzpicture", "colorbox"} for name in run.environments)


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
    run.environments.append("colorbox")
    run.say(run.inline(run.tokens.argument()))
    run.environments.pop()


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
    found = [re.fullmatch(r"(\d*\.?\d+)\s*(pt|mm|cm|sp|in)", size) for size in sizes]
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
    distance = re.match(r"\s*(-?\d*\.?\d+)\s*(pt|mm|cm|in|em|ex)", plain(run.tokens.argument()))
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


# --- links and the like ------------------------------------------------------------------------------------------


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
    "percent": "%", "second": "s", "metre": "m", "meter": "m", "gram": "g", "kilo": "k", "milli": "m", "micro": "µ", "nano": "n", "mega": "M",
    "giga": "G", "tera": "T", "centi": "c", "per": "/", "hertz": "Hz", "byte": "B", "bit": "bit", "watt": "W", "volt": "V", "kelvin": "K",
    "celsius": "°C", "degreeCelsius": "°C", "hour": "h", "minute": "min", "day": "d", "joule": "J", "newton": "N", "pascal": "Pa", "ampere": "A",
    "squared": "^2", "cubed": "^3", "degree": "°", "times": "×", "angstrom": "Å", "litre": "L", "liter": "L", "mole": "mol", "electronvolt": "eV",
}  # fmt: skip


def _unit_text(run: Run, tokens: list[Token]) -> str:
    return "".join(_UNITS.get(text, "") if kind == "word" else text for kind, text in run.expanded(tokens)).strip()


def _usepackage(run: Run, name: str) -> None:
    """A style file that lies beside the paper may define the paper's own commands."""
    run.tokens.optional()
    for wanted in plain(run.tokens.argument()).split(","):
        path = next((p for p in run.files if p.name == wanted.strip() + ".sty"), None)
        if path is None or name != "usepackage" or len(run.files[path]) > 200_000:
            continue
        text = decode(run.files[path])
        if "\\newcommand" in text and not re.search(r"\\(?:ProvidesPackage|@startsection|NeedsTeXFormat)", text):
            run.open_file(path, text)


def _xspace(run: Run, _: str) -> None:
    """A space, unless punctuation or the end of a group follows."""
    kind, text = run.tokens.peek() or ("end", "")
    if kind in {"word", "text", "$", "[", "verb"} and text[:1] not in ".,;:!?)]/-'’":
        run.say(" ")


def _register(run: Run, _: str) -> None:
    """A TeX register is set: \\looseness=-1, \\parindent 0pt."""
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


def _skip_tiny(run: Run, _: str) -> None:
    """\\tiny alone hides nothing."""


def _group_of(names: str, handler: Handler) -> dict[str, Handler]:
    return dict.fromkeys(names.split(), handler)


_ENVIRONMENTS: dict[str, Callable[[Run, str], None]] = {
    "maths": _maths_environment,
    "inline_maths": _inline_maths_environment,
    "table": _table,
    "float": _float,
    "gone": _gone,
    "list": _list,
    "code": _code,
    "front": _front,
}

HANDLERS: dict[str, Handler] = {
    **_group_of(" ".join(_LEVELS), _heading),
    **_group_of("appendix appendices", _appendix),
    **_group_of("title icmltitle", _title),
    **_group_of("author subtitle date institute affiliation thanks shortauthors email icmlauthor", _front_text),
    **_group_of("keywords keyword", _keywords),
    **_group_of("abstract abst", _abstract),
    **_group_of("acknowledgments acknowledgements acknowledgement acknowledgment ack", _acknowledgements),
    **_group_of("input include subfile import subimport subfileinclude", _input),
    **_group_of("bibliography", _bibliography),
    **_group_of("printbibliography", _printbibliography),
    **_group_of("caption captionof tablecaption figcaption", _caption),
    **_group_of("subcaption subfigure subfloat subcaptionbox", _subcaption),
    **_group_of("footnote footnotetext blfootnote tablefootnote sidenote", _footnote),
    **_group_of("phantom hphantom", _phantom),
    **_group_of("raisebox", _raised),
    **_group_of("url path nolinkurl", _url),
    **_group_of("href hyperref", _href),
    **_group_of("SI num si qty unit SIrange ang", _unit),
    **_group_of("usepackage RequirePackage", _usepackage),
    **_group_of("transparent texttransparent", _transparent),
    **_group_of("colorbox fcolorbox", _colorbox),
    "begin": _begin,
    "end": _end,
    "item": _item,
    "par": lambda run, _: run.end_paragraph(),
    "label": lambda run, _: run.label(plain(run.tokens.argument())),
    "tablehead": _tablehead,
    "textcolor": _textcolor,
    "color": _color,
    "definecolor": _definecolor,
    "fontsize": _fontsize,
    "scalebox": _scalebox,
    "resizebox": _resizebox,
    "textpdfrender": _pdfrender,
    "texorpdfstring": _texorpdfstring,
    "ion": _ion,
    **_group_of(
        "looseness parindent parskip tabcolsep baselineskip textwidth textheight columnsep hfuzz vfuzz hbadness vbadness tolerance pretolerance "
        "emergencystretch clubpenalty widowpenalty interfootnotelinepenalty topskip hoffset voffset intextsep floatsep textfloatsep hsize "
        "abovecaptionskip belowcaptionskip abovedisplayskip belowdisplayskip arrayrulewidth fboxsep linewidth vskip hskip kern penalty",
        _register,
    ),
    "xspace": _xspace,
    "tiny": _skip_tiny,
}
