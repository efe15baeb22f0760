"""What LaTeX environments do: maths, lists, floats with their captions, notes, theorems, code."""

from __future__ import annotations

from collections.abc import Callable

from sovereign.model import BlockKind
from sovereign.readers.building import Piece
from sovereign.readers.tex.bibliography import thebibliography
from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tables import table
from sovereign.readers.tex.tokens import Token, plain
from sovereign.readers.tex.words import words


def _begin(run: Run, _: str) -> None:
    name = plain(run.tokens.argument()).strip()
    base = name.rstrip("*")
    kind = words().environments.get(base) or words().environments.get(name) or ""
    if name == "document":
        run.muted = False
        run.end_paragraph()
    elif base == "thebibliography":
        thebibliography(run, name)
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
    if name in {"document", "abstract"} or words().environments.get(name.rstrip("*")) != "inline_maths":
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
    with run.inside("code"):
        text = run.inline(inside)
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
    with run.inside(base):
        loose = run.inline(rest)
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


_ENVIRONMENTS: dict[str, Callable[[Run, str], None]] = {
    "maths": _maths_environment,
    "inline_maths": _inline_maths_environment,
    "table": table,
    "float": _float,
    "gone": _gone,
    "list": _list,
    "code": _code,
    "front": _front,
}

HANDLERS: dict[str, Handler] = {
    **all_of("caption captionof tablecaption figcaption", _caption),
    **all_of("subcaption subfigure subfloat subcaptionbox", _subcaption),
    **all_of("footnote footnotetext blfootnote tablefootnote sidenote", _footnote),
    "begin": _begin,
    "end": _end,
    "item": _item,
}
