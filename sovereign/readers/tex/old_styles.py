r"""Styles older than LaTeX 2e, and reference lists of their kind: AMS-TeX (\title … \endtitle), harvmac (\newsec, \lref), amsrefs (\bib).

Their commands take what stands up to an \end… of their own, or name a thing by a command; both are told by what follows them.
"""

from __future__ import annotations

import re

from sovereign.model import BlockKind
from sovereign.readers.building import Piece
from sovereign.readers.tex.citations import cite_mark, ref_mark
from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import Token, plain

MAX_AHEAD = 5_000
MAX_HEADING = 200  # tokens
MAX_ENTRIES = 5_000
_ONE = re.compile(r"(?P<name>[a-zA-Z]{1,30})\s{0,9}=\s{0,9}\{(?P<value>(?:[^{}]|\{(?:[^{}]|\{[^{}]{0,200}\})*+\})*+)\}")
_PARTS = frozenset(
    "key no by paper paperinfo jour vol issue yr pages page book bookinfo inbook publ publaddr eds ed lang finalinfo toappear moreref "
    "manyby bysame endref".split()
)


def argument_of(run: Run, name: str) -> list[Token]:
    r"""Take a command's argument: in braces, or up to its \end… where AMS-TeX's way of writing it stands."""
    run.tokens.skip_spaces()
    close = ("word", "end" + name)
    if (run.tokens.peek() or ("", ""))[0] == "{" or not run.tokens.has_ahead(close, MAX_AHEAD):
        return run.tokens.argument()
    taken: list[Token] = []
    while (token := run.tokens.next()) is not None and token != close:
        taken.append(token)
    return taken


def take_adjacent(run: Run) -> None:
    r"""Take what stands right behind an argument and belongs to it: \author{Ana Quill}[type=editor], \affiliation{1}{A pond}."""
    while (run.tokens.peek() or ("", ""))[0] in {"[", "{"}:
        if run.tokens.optional() is None:
            run.tokens.argument()


def _heading(run: Run, name: str) -> None:
    level = {"head": 1, "heading": 1, "specialhead": 1, "newsec": 1, "subhead": 2, "subheading": 2, "subsec": 2}.get(name, 3)
    run.place(Piece(BlockKind.HEADING, run.inline(argument_of(run, name)).rstrip(" .:"), level))


def _begin_section(run: Run, _: str) -> None:
    r"""\beginsection 1. Introduction: of plain TeX, as far as the paragraph goes."""
    taken: list[Token] = []
    while (token := run.tokens.peek()) is not None and token[0] not in {"par", "end"} and len(taken) < MAX_HEADING:
        run.tokens.next()
        taken.append(token)
    run.place(Piece(BlockKind.HEADING, run.inline(taken).strip(" .:"), 1))


def _said(run: Run, _: str) -> None:
    r"""\proclaim{Theorem 1} … \endproclaim, \demo{Proof} … \enddemo: the name stands before the words."""
    run.end_paragraph()
    if (run.tokens.peek() or ("", ""))[0] == "{":
        run.say(run.inline(run.tokens.argument()).rstrip(" .") + ". ")


def _end_paragraph(run: Run, _: str) -> None:
    run.end_paragraph()


def _document(run: Run, name: str) -> None:
    if name == "document":
        run.muted = False
    else:
        run.end_paragraph()
        run.muted = True


def _harvmac_title(run: Run, _: str) -> None:
    r"""Harvmac's \Title{number}{title}; that of MDPI has one group."""
    first = run.tokens.argument()
    run.tokens.skip_spaces()
    is_second = (run.tokens.peek() or ("", ""))[0] == "{"
    run.title = run.title or run.inline(run.tokens.argument() if is_second else first)


# --- equations and references that commands name -----------------------------------------------------------------


def _named(run: Run) -> str:
    """Take the command that names an equation or a reference."""
    run.tokens.skip_spaces()
    kind, text = run.tokens.peek() or ("", "")
    if kind != "word":
        return ""
    run.tokens.next()
    return text


def _equation(run: Run, _: str) -> None:
    name = _named(run)
    number = run.step("equation", "Equation")
    if name:
        run.macros.add(name, (("text", f"({number})"),))
    if (run.tokens.peek() or ("", ""))[0] == "{":
        run.place(Piece(BlockKind.FORMULA, run.maths(run.tokens.argument())))


def _lref(run: Run, name: str) -> None:
    r"""\lref\Quill{A. Quill, …}: an entry of the reference list, cited as \refs{\Quill}; \ref cites it on the spot."""
    key = _named(run)
    text = " ".join(run.inline(run.tokens.argument()).split())
    if not key or len(run.index.entries) >= MAX_ENTRIES:
        return
    run.index.add(key, "", text)
    run.macros.add(key, (("word", "cite"), ("{", "{"), ("text", key), ("}", "}")))
    if name == "ref":
        run.say(cite_mark("cite", "", "", key))


def _ref(run: Run, name: str) -> None:
    r"""LaTeX's \ref{key}; a command that follows instead is a reference of harvmac's."""
    run.tokens.skip_spaces()
    kind, _ = run.tokens.peek() or ("", "")
    if kind == "word" and run.tokens.is_group_behind_next():
        _lref(run, name)
        return
    run.tokens.star()
    run.say(ref_mark("ref", plain(run.tokens.argument())))


def _refs(run: Run, _: str) -> None:
    inside = run.tokens.argument()
    keys = [text for kind, text in inside if kind == "word"]
    run.say(cite_mark("cite", "", "", ",".join(keys)))


def _appendix_of(run: Run) -> None:
    letter, title = run.inline(run.tokens.argument()), run.inline(run.tokens.argument())
    if run.appendix_from is None:
        run.appendix_from = len(run.page.pieces) + (1 if run.page.line else 0)
    run.place(Piece(BlockKind.HEADING, title or letter, 1))


def has_own_appendix(run: Run) -> bool:
    r"""Whether \appendix is harvmac's, which takes a letter and a title; if so, it is read."""
    run.tokens.skip_spaces()
    if (run.tokens.peek() or ("", ""))[0] != "{":
        return False
    _appendix_of(run)
    return True


# --- reference lists ---------------------------------------------------------------------------------------------


def _amstex_list(run: Run, _: str) -> None:
    r"""\Refs \ref \key Q \by A. Quill … \endref \endRefs."""
    run.end_paragraph()
    entries: list[list[Token]] = []
    while (token := run.tokens.peek()) is not None and token[0] != "end":
        run.tokens.next()
        if token == ("word", "endRefs"):
            break
        if token == ("word", "ref"):
            entries.append([])
        elif entries:
            entries[-1].append(token)
    for entry in entries[:MAX_ENTRIES]:
        _amstex_entry(run, entry)


def _amstex_entry(run: Run, tokens: list[Token]) -> None:
    parts: dict[str, list[Token]] = {}
    part = ""
    for token in tokens:
        if token[0] == "word" and token[1] in _PARTS:
            part = token[1]
        elif part:
            parts.setdefault(part, []).append(token)
    shown = {name: " ".join(run.inline(given).split()).rstrip(" ,;") for name, given in parts.items()}
    label = shown.get("key") or shown.get("no") or ""
    journal = " ".join(part for part in (shown.get("jour", ""), shown.get("vol", "")) if part)
    year = f"({shown['yr']})" if shown.get("yr") else ""
    names = ("by", "paper", "paperinfo", "inbook", "book", "bookinfo", "publ", "publaddr")
    listed = [shown.get(name, "") for name in names]
    tail = [" ".join(part for part in (journal, year) if part), shown.get("pages", "") or shown.get("page", ""), shown.get("finalinfo", "")]
    run.index.add(label, label, ", ".join(part for part in (*listed, *tail) if part) + ".")


def _bib(run: Run, _: str) -> None:
    r"""amsrefs: \bib{key}{article}{author={Quill, A.}, title={…}, journal={…}, date={2001}}."""
    key = plain(run.tokens.argument()).strip()
    run.tokens.argument()
    source = plain(run.tokens.argument())[:20_000]
    if len(run.index.entries) >= MAX_ENTRIES:
        return
    fields: dict[str, list[str]] = {}
    for found in _ONE.finditer(source):
        fields.setdefault(found["name"].lower(), []).append(run.read_inline(found["value"]))
    people = [" ".join(reversed([part.strip() for part in name.split(",", 1)])) for name in fields.get("author", fields.get("editor", []))]
    year = (fields.get("date") or fields.get("year") or [""])[0][:4]
    place = (fields.get("journal") or fields.get("booktitle") or fields.get("publisher") or fields.get("eprint") or [""])[0]
    where = " ".join(part for part in (place, "".join(fields.get("volume", [])), f"({year})" if year else "") if part)
    parts = [", ".join(people), "".join(fields.get("title", [])), where, "".join(fields.get("pages", []))]
    run.index.add(key, "", ", ".join(part for part in parts if part) + ".")


HANDLERS: dict[str, Handler] = {"ref": _ref}
PACKAGED: dict[str, Handler] = {
    **all_of("head heading specialhead subhead subheading subsubhead newsec subsec subsubsec", _heading),
    "beginsection": _begin_section,
    **all_of("proclaim demo definition remark example", _said),
    **all_of("endproclaim enddemo enddefinition endremark endexample", _end_paragraph),
    **all_of("document enddocument bye", _document),
    "Title": _harvmac_title,
    **all_of("eqn eqna eqnn", _equation),
    **all_of("lref nref", _lref),
    "refs": _refs,
    "Refs": _amstex_list,
    "bib": _bib,
}
