"""LaTeX commands inside a line: addresses, links, units, spaces, registers."""

from __future__ import annotations

import re

from sovereign.language.scripts import in_text
from sovereign.readers.tex.citations import CITES, REFS, cite_mark, ref_mark
from sovereign.readers.tex.made import is_cited
from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import plain
from sovereign.readers.tex.words import words


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


def _superscript(run: Run, name: str) -> None:
    r"""\textsuperscript{6} as maths writes it; the letters of an ordinal stand in the line."""
    tokens = run.tokens.argument()
    inner = run.inline(tokens)
    if is_cited(tokens):
        run.say(f" [{inner.strip()}]")  # numbers of works, no power
        return
    run.say(in_text("_" if name == "textsubscript" else "^", inner, "".join(run.page.line[-3:])))


def _cite(run: Run, name: str) -> None:
    run.tokens.star()
    first, second = run.tokens.optional(), run.tokens.optional()
    keys = plain(run.tokens.argument())
    if first is None and run.tokens.peek() == ("*", "*"):  # of amsrefs: \cite{key}*{p. 3}
        run.tokens.next()
        first = run.tokens.argument()
    run.cited.update(key.strip() for key in keys.split(","))
    pre, post = ([], first or []) if second is None else (first or [], second)
    run.say(cite_mark(name, run.inline(pre), run.inline(post), keys))


def _refer(run: Run, name: str) -> None:
    run.tokens.star()
    run.say(ref_mark(name, plain(run.tokens.argument())))


def _box(run: Run, _: str) -> None:
    r"""A box of TeX's own, as wide as it is told: \\hbox to 3cm{…}."""
    while (token := run.tokens.peek()) is not None and token[0] in {"text", " "}:
        run.tokens.next()
    run.tokens.push([("{", "{"), *run.tokens.argument(), ("}", "}")])


def _centered(run: Run, _: str) -> None:
    """A line of its own, as plain TeX sets it."""
    run.tokens.push([(" ", " "), ("{", "{"), *run.tokens.argument(), ("}", "}"), (" ", " ")])


_BOXES = {("word", "hbox"), ("word", "vbox"), ("word", "vtop")}


def _set_box(run: Run, _: str) -> None:
    r"""\setbox0=\hbox{…}: what a box is filled with is no text where that is done."""
    while (token := run.tokens.peek()) is not None and token[0] in {"text", " "}:
        run.tokens.next()
    if token in _BOXES:
        run.tokens.next()
        run.comments.append((run.file_name, plain(run.tokens.argument())))


def _noted(run: Run, name: str) -> None:
    r"""\annote{words}{note}, \comment{words}{note}: the words; \note{…} and \comment{…}: a note, and no text of the paper."""
    run.tokens.optional()
    first = run.tokens.argument()
    has_note = (run.tokens.peek() or ("", ""))[0] == "{"
    if has_note or name not in {"note", "comment"}:
        run.comments.append((run.file_name, plain(run.tokens.argument()) if has_note else ""))
        run.tokens.push([("{", "{"), *first, ("}", "}")])
    else:
        run.comments.append((run.file_name, plain(first)))


def _replaced(run: Run, name: str) -> None:
    r"""\\replaced{new}{old} of the changes package, \\replaced{old}{new} of AASTeX, \\change{old}{new} of trackchanges: the new words."""
    run.tokens.optional()
    first, second = run.tokens.argument(), run.tokens.argument()
    new, old = (second, first) if run.replaces_first or name in {"change", "replace"} else (first, second)
    run.comments.append((run.file_name, plain(old)))
    run.tokens.push([("{", "{"), *new, ("}", "}")])


def _ensuremath(run: Run, _: str) -> None:
    """Maths wherever it stands; the space that it begins with parts a number from its unit."""
    inner = run.tokens.argument()
    run.say((" " if inner[:1] and inner[0] in {("sign", ","), ("sign", " "), ("~", "~"), ("sign", ":")} else "") + run.maths(inner))


def _fraction(run: Run, _: str) -> None:
    """A fraction in the text, as maths writes it."""
    run.tokens.optional()
    top, bottom = run.tokens.argument(), run.tokens.argument()
    run.say(run.maths([("word", "frac"), ("{", "{"), *top, ("}", "}"), ("{", "{"), *bottom, ("}", "}")]))


def _xspace(run: Run, _: str) -> None:
    """A space, unless punctuation or the end of a group follows."""
    kind, text = run.tokens.peek() or ("end", "")
    if kind in {"word", "text", "$", "[", "verb"} and text[:1] not in ".,;:!?)]/-'’":
        run.say(" ")


def _spaced(run: Run, name: str) -> None:
    r"""\ie, \etal: as papers define them, with the space that TeX takes behind a command."""
    run.say(words().words[name])
    _xspace(run, name)


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


def _line_break(run: Run, _: str) -> None:
    r"""\\linebreak[4]: how much it is wished for is not printed."""
    run.tokens.optional()
    run.say(" ")


_REGISTERS = (
    "looseness parindent parskip tabcolsep baselineskip textwidth textheight columnsep hfuzz vfuzz hbadness vbadness tolerance "
    "pretolerance "
    "emergencystretch clubpenalty widowpenalty interfootnotelinepenalty topskip hoffset voffset intextsep floatsep textfloatsep hsize "
    "magnification "
    "abovecaptionskip belowcaptionskip abovedisplayskip belowdisplayskip arrayrulewidth fboxsep linewidth vskip hskip kern penalty"
)

HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(CITES, _cite),
    **dict.fromkeys(REFS - {"ref"}, _refer),
    **all_of("url path nolinkurl", _url),
    **all_of("href hyperref", _href),
    **all_of("textsuperscript textsubscript", _superscript),
    **all_of(_REGISTERS, _register),
    "texorpdfstring": _texorpdfstring,
    **all_of("IEEEPARstart lettrine PARstart", _initial),
    "ion": _ion,
    **all_of("hbox vbox vtop", _box),
    "ensuremath": _ensuremath,
    "xspace": _xspace,
    "setbox": _set_box,
    "par": lambda run, _: run.end_paragraph(),
    "label": lambda run, _: run.label(plain(run.tokens.argument())),
}
PACKAGED: dict[str, Handler] = {
    **all_of("replaced change chreplaced replace", _replaced),
    **all_of("annote note comment pdfmarkupcomment", _noted),
    **all_of("centerline leftline rightline", _centered),
    "linebreak": _line_break,
    **all_of("ie eg etal vs wrt iid", _spaced),
    **all_of("up fup", _superscript),  # of babel's French: n\up{o}
    **all_of("nicefrac sfrac textfrac vfrac", _fraction),
}
