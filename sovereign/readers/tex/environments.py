"""What LaTeX environments do: maths, lists, theorems, code, and those that only change how their inside looks."""

from __future__ import annotations

from collections.abc import Callable

from sovereign.model import BlockKind
from sovereign.readers.building import Piece
from sovereign.readers.tex.bibliography import thebibliography
from sovereign.readers.tex.collecting import environment
from sovereign.readers.tex.floats import float_environment
from sovereign.readers.tex.formulas import maths_environment
from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tables import table
from sovereign.readers.tex.tokens import Token, plain
from sovereign.readers.tex.unknown import holds_words
from sovereign.readers.tex.words import words

_TAKES_WIDTH = frozenset("minipage adjustbox multicols subfigure subtable spacing wrapfigure adjustwidth".split())
_MAX_OWN_DEPTH = 200
_ACKNOWLEDGEMENTS = frozenset("acknowledgments acknowledgements acknowledgement acknowledgment acks ack".split())
_ITEMS = "items"
"""The counter of the list at hand, where it is counted 1, 2, 3; else -1."""


def _begin(run: Run, _: str) -> None:
    name = plain(run.tokens.argument()).strip()
    base = name.rstrip("*")
    kind = words().environments.get(base) or words().environments.get(name) or ""
    if name == "document":
        run.muted = False
        run.end_paragraph()
    elif base in {"thebibliography", "references"}:
        thebibliography(run, name)
    elif name in run.excluded:
        _excluded(run, name)
    elif base == "abstract" or (name in _ACKNOWLEDGEMENTS and name not in run.macros.environments):
        _part(run, name)
    elif kind == "" and name in run.macros.environments and len(run.environments) < _MAX_OWN_DEPTH:
        run.environments.append("own")
        run.macros.begin(name, run.tokens)
    elif kind == "theorem" or name in run.macros.theorems:
        run.environments.append("")
        _theorem(run, name)
    elif kind == "list":
        _list(run, name)
    elif kind == "biography":
        _biography(run)
    elif kind not in _COLLECTED or (inside := environment(run, name)) is None:
        _plain_environment(run, name)
    else:
        _COLLECTED[kind](run, name, inside)


def _part(run: Run, name: str) -> None:
    """Begin the abstract or the acknowledgements under their heading."""
    if name in _ACKNOWLEDGEMENTS:
        run.environments.append(name)
        run.place(Piece(BlockKind.HEADING, "Acknowledgements", 1))
    else:
        run.muted = False
        run.place(Piece(BlockKind.HEADING, "Abstract", 1))


def _excluded(run: Run, name: str) -> None:
    """Leave out what an environment holds that the paper does not print; its words are looked at as a comment's are."""
    inside = environment(run, name)
    if inside is None:
        _plain_environment(run, name)
    else:
        run.comments.append((run.file_name, plain(inside)))


def _end(run: Run, _: str) -> None:
    name = plain(run.tokens.argument()).strip()
    if run.environments:
        run.environments.pop()
    if name in run.macros.environments:
        run.tokens.push(list(run.macros.environments[name][1]))
        return
    if name in {"document", "abstract"} or words().environments.get(name.rstrip("*")) != "inline_maths":
        run.end_paragraph()
    if name == "abstract" and run.abstract_to is None and not run.depth:
        run.abstract_to = len(run.page.pieces)
    if name == "document":
        run.muted = True
    elif name == "frontmatter":
        run.has_title = bool(run.title)


def _plain_environment(run: Run, name: str) -> None:
    """An environment that only changes how its inside looks."""
    run.environments.append(name)
    if words().environments.get(name.rstrip("*")) != "plain":
        run.tokens.optional()
    if name in _TAKES_WIDTH:
        run.tokens.optional()
        run.tokens.argument()
        if name == "adjustwidth" and (run.tokens.peek() or ("", ""))[0] == "{":
            run.tokens.argument()
    elif name.rstrip("*") not in words().environments:
        if run.current_label[0] not in {"Figure", "Table"}:
            run.current_label = ("", "")  # what it counts nobody knows, and it is not what was counted last
        _unknown_arguments(run)
    run.end_paragraph()


def _biography(run: Run) -> None:
    """Begin a few words on an author: the name in braces begins the first sentence, what stands before it is a picture."""
    run.environments.append("")
    run.tokens.optional()
    run.end_paragraph()
    run.tokens.push([*run.tokens.argument(), (" ", " ")])


def _unknown_arguments(run: Run) -> None:
    """Take the arguments of an environment that nobody defines: lengths, keys and single words say how it looks, words are shown."""
    shown: list[Token] = []
    while (run.tokens.peek() or ("", ""))[0] == "{":
        given = run.tokens.argument()
        if holds_words(given):
            shown += [*given, ("par", "\n\n")]
    run.tokens.push(shown)


def _theorem(run: Run, name: str) -> None:
    note = run.tokens.optional()
    title = run.macros.theorems.get(name, name.rstrip("*").capitalize())
    run.end_paragraph()
    run.say(f"{title} ({run.inline(note)}). " if note else f"{title}. ")
    run.step(f"theorem {title}", title)


def _inline_maths_environment(run: Run, _: str, inside: list[Token]) -> None:
    run.say(run.maths(inside))


def _gone(run: Run, name: str, inside: list[Token]) -> None:
    """Leave it out."""


def _list(run: Run, name: str) -> None:
    run.environments.append("list")
    is_counted = name in {"enumerate", "compactenum"} and run.tokens.optional() is None and run.environments.count("list") == 1
    run.counters[_ITEMS] = 0 if is_counted else -1
    run.tokens.optional()
    if name == "list":
        run.tokens.argument()
        run.tokens.argument()
    run.end_paragraph()


def _item(run: Run, _: str) -> None:
    label = run.tokens.optional()
    run.end_paragraph()
    if label is None and run.counters.get(_ITEMS, -1) >= 0 and run.environments[-1:] == ["list"]:
        run.step(_ITEMS, "Item")
    if label and (shown := run.inline(label).strip()) and shown not in "•-–—*◦":
        run.say(shown + " ")


def _code(run: Run, _: str, inside: list[Token]) -> None:
    if inside and inside[0][0] == "[":
        inside = inside[next((i + 1 for i, token in enumerate(inside) if token[0] == "]"), 0) :]
    with run.inside("code"):
        text = run.inline(inside)
    run.place(Piece(BlockKind.FORMULA, text), floats=bool(run.depth))


def _front(run: Run, name: str, inside: list[Token]) -> None:
    if "key" in name.lower() and (text := run.inline(inside).strip()):
        run.place(Piece(BlockKind.FRONT, "Keywords: " + text))


def _footnote(run: Run, _: str) -> None:
    run.tokens.optional()
    text = run.inline(run.tokens.argument())
    if text.strip():
        run.place(Piece(BlockKind.FOOTNOTE, text), floats=True)


_COLLECTED: dict[str, Callable[[Run, str, list[Token]], None]] = {
    "maths": maths_environment,
    "inline_maths": _inline_maths_environment,
    "table": table,
    "float": float_environment,
    "gone": _gone,
    "code": _code,
    "front": _front,
}


def _exclude(run: Run, name: str) -> None:
    r"""\excludecomment{x}: what an environment x holds is not printed; \includecomment{x}: it is."""
    inside = plain(run.tokens.argument()).strip()
    if name.startswith("exclude"):
        run.excluded.add(inside)
    else:
        run.excluded.discard(inside)


def _special_comment(run: Run, _: str) -> None:
    run.excluded.discard(plain(run.tokens.argument()).strip())
    run.tokens.argument()
    run.tokens.argument()


def _new_environ(run: Run, _: str) -> None:
    r"""\NewEnviron{x}{… \BODY …}: what does not name the body does not print it."""
    name = plain(run.tokens.argument()).strip()
    run.tokens.optional()
    run.tokens.optional()
    body = run.tokens.argument()
    run.tokens.optional()
    if ("word", "BODY") not in body:
        run.excluded.add(name)


HANDLERS: dict[str, Handler] = {
    **all_of("footnote footnotetext blfootnote tablefootnote sidenote", _footnote),
    **all_of("excludecomment includecomment excludeversion includeversion", _exclude),
    **all_of("NewEnviron RenewEnviron", _new_environ),
    "specialcomment": _special_comment,
    "begin": _begin,
    "end": _end,
    "item": _item,
}
