"""Maths as a line of text: Unicode where there is a letter for it, else the command's plain name."""

from __future__ import annotations

import functools
import re
import unicodedata

from pylatexenc.latex2text import get_default_latex_context_db

from sovereign.language.scripts import script
from sovereign.readers.maths_signs import (
    ACCENTS,
    BLACKBOARD,
    EXTRA,
    INFIX,
    LENGTH,
    NAMES,
    NOTHING,
    ONE_DROPPED,
    OVERLAID,
    RELATIONS,
    ROOTS,
    STYLE,
)
from sovereign.readers.tex.tokens import Token, Tokens, plain, tokenise

MAX_DEPTH = 40
_SCRIPT = re.compile(r"[\^_][-−+]?[\w.]+")


@functools.cache
def _library() -> object:
    return get_default_latex_context_db()


@functools.cache
def symbol(name: str) -> str | None:
    """Give the Unicode text that a command without arguments stands for; None where the tables know none."""
    if name in EXTRA:
        return EXTRA[name]
    spec = _library().get_macro_spec(name)  # type: ignore[attr-defined]  # pylatexenc is untyped
    shown = getattr(spec, "simplify_repl", None)
    if isinstance(shown, str) and "%" not in shown and shown.strip() and not shown.startswith("<"):
        return unicodedata.normalize("NFKC", shown) if "MATHEMATICAL" in unicodedata.name(shown[0], "") else shown
    return None


@functools.lru_cache(maxsize=4096)
def is_known(name: str) -> bool:
    """Whether a command in a formula is shown as what it means, not by its name alone; names of functions are their own meaning."""
    return name in _KNOWN or symbol(name) is not None


@functools.lru_cache(maxsize=4096)
def readable(tex: str) -> str:
    r"""Give LaTeX maths as one line: "\frac{QK^T}{\sqrt{d_k}}" is "QK^T/√(d_k)"; equal for equal maths whatever its spacing.

    Raises:
        ValueError: It nests deeper than MAX_DEPTH.
    """
    tokens, _ = tokenise(tex)
    return of_tokens(tokens)


def of_tokens(tokens: list[Token]) -> str:
    """Give maths tokens, user macros already expanded, as one line of text."""
    return _space_out(_line(Tokens(tokens), 0))


def _space_out(line: str) -> str:
    line = re.sub(r"\s+", " ", line)
    line = re.sub(rf" ?((?::=|=:|[{RELATIONS}])++) ?", r" \1 ", line)
    line = re.sub(r" ?([×±·⊕⊗∪∩∧∨]) ?", r" \1 ", line)
    line = re.sub(r"(?<=[\w)\]}'])\s*([+−])\s*(?=\S)", r" \1 ", line)
    line = re.sub(r"(?<=[\w)\]}']) - ?(?=\S)|(?<=[)\]}'])-(?=\S)|(?<=[A-Za-z0-9])-(?=[\\√(])", " - ", line)
    line = re.sub(r",\s*(?!\d{3}(?!\d))(?=\S)", ", ", line)
    line = re.sub(r"(?<!\s)\s++([,;)\]}])", r"\1", re.sub(r"([(\[{])\s+", r"\1", line))
    return re.sub(r"\s+", " ", line).strip().rstrip("; ")


def _line(tokens: Tokens, depth: int) -> str:
    if depth > MAX_DEPTH:
        raise ValueError(f"its maths nests deeper than {MAX_DEPTH}; refused")
    out: list[str] = []
    is_operator = False  # whether the script that was read last is an operator's, as in log_2 n
    while (token := tokens.next()) is not None:
        if token[0] == "word" and token[1] in INFIX:
            return _infix(token[1], "".join(out), tokens, depth)
        shown = _item(token, tokens, depth, out)
        if not shown:
            continue
        if shown[0] in {"^", "_"} and out:
            is_operator = out[-1] != " " and out[-1].endswith(" ")
            out[-1] = out[-1].rstrip() or out[-1]
        elif out and (shown[0].isalnum() or shown[0] == "√") and _SCRIPT.fullmatch(out[-1]):
            out += [] if _is_told_apart(out[-1], shown) and not is_operator else [" "]
        out.append(shown)
    return "".join(out)


def _is_told_apart(before: str, after: str) -> bool:
    """Whether a script ends where it looks to end: H_2O and x^2y, but not 2^n n and 10^12 3."""
    return before[-1].isdecimal() and after[:1].isalpha()


def _infix(name: str, top: str, tokens: Tokens, depth: int) -> str:
    r"""Give a fraction of plain TeX, which stands between what is above and what is below: {2 \over 3}."""
    if name == "above":
        _skip_length(tokens)
    bottom = _space_out(_line(tokens, depth + 1))
    if INFIX[name] != "/":
        return f"({_space_out(top)}{INFIX[name]}{bottom})"
    return _fraction(_space_out(top), bottom)


def _fraction(top: str, bottom: str) -> str:
    shown = top if re.fullmatch(r"[\w.√()^_'\u0300-\u036f]+", top) and top.count("(") == top.count(")") else f"({top})"
    return f"{shown}/{_grouped(bottom)}"


def _is_factor_next(tokens: Tokens) -> bool:
    """Whether what stands next is multiplied with what was just read, so that a fraction before it wants brackets."""
    kind, text = tokens.peek() or ("", "")
    if kind == "word":
        return text in STYLE or text in {"sqrt", "mathbb", "mathcal", "left", "big", "Big"} or (symbol(text) or "")[:1].isalpha()
    return kind == "{" or (kind == "text" and (text[0].isalnum() or text[0] == "("))


def _skip_length(tokens: Tokens) -> None:
    r"""Take a length that a command of plain TeX stands before: \lower4pt, \hskip 1pt."""
    tokens.skip_spaces()
    kind, text = tokens.peek() or ("", "")
    found = LENGTH.match(text) if kind == "text" else None
    if found:
        tokens.next()
        if found.end() < len(text):
            tokens.push([("text", text[found.end() :])])
    elif kind == "word":
        tokens.next()


def _item(token: Token, tokens: Tokens, depth: int, before: list[str]) -> str:  # noqa: PLR0911 - a table of cases, one return each
    kind, text = token
    if kind == "word":
        return _word(text, tokens, depth)
    if kind == "sign":
        return EXTRA.get(text, "")
    if kind == "{":
        group = tokens.group()
        inner = _line(Tokens(group), depth + 1)
        return f"({inner})" if ("word", "over") in group and not inner.startswith("(") and _is_factor_next(tokens) else inner
    if kind in {"^", "_"}:
        return _script(kind, tokens, depth, before)
    if kind in {"&", "~", "par"}:
        return " "
    if kind in {" ", "$", "$$", "}", "#", "end"}:
        return ""
    return text


def _script(kind: str, tokens: Tokens, depth: int, before: list[str]) -> str:
    inner = _space_out(_line(Tokens(_script_argument(tokens)), depth + 1))
    if inner in {"*", "†", "‡", "§"} and not any(before):
        return inner
    return script(kind, inner)


def _script_argument(tokens: Tokens) -> list[Token]:
    r"""A script's argument; a command takes its own arguments along, as in x_\mathrm{max}."""
    taken = tokens.argument()
    if len(taken) == 1 and taken[0][0] == "word" and (tokens.peek() or ("", ""))[0] == "{" and symbol(taken[0][1]) is None:
        taken = [*taken, ("{", "{"), *tokens.argument(), ("}", "}")]
        if taken[0][1] in {"frac", "tfrac", "dfrac"}:
            taken += [("{", "{"), *tokens.argument(), ("}", "}")]
    return taken


def _grouped(inner: str) -> str:
    return inner if re.fullmatch(r"[\w.]+|\w+\(\w+\)|\w[\^_]\w+", inner) else f"({inner})"


def _word(name: str, tokens: Tokens, depth: int) -> str:  # noqa: PLR0911  # a table of cases, one return each
    if name in {"frac", "dfrac", "tfrac", "nicefrac", "sfrac", "cfrac"}:
        top, bottom = (_space_out(_line(Tokens(tokens.argument()), depth + 1)) for _ in range(2))
        shown = _fraction(top, bottom)
        return f"({shown})" if _is_factor_next(tokens) else shown
    if name in {"sqrt", "root"}:
        return _root(name, tokens, depth)
    if name in _ROWS:
        return _rows(name, tokens, depth)
    if name in {"binom", "tbinom", "dbinom"}:
        top, bottom = (_line(Tokens(tokens.argument()), depth + 1) for _ in range(2))
        return f"({top} choose {bottom})"
    if name in {"mathbb", "mathbbm", "mathds", "Bbb"}:
        return "".join(BLACKBOARD.get(c, c) for c in _line(Tokens(tokens.argument()), depth + 1))
    if name in ACCENTS:
        inner = _line(Tokens(tokens.argument()), depth + 1)
        return inner[:1] + ACCENTS[name] + inner[1:] if inner else ""
    if name in {"intertext", "shortintertext"}:
        return f" {_text(tokens.argument(), depth)} "
    if name in {"text", "textrm", "mbox", "textit", "textbf", "hbox", "textnormal", "textsc", "texttt", "textsf"}:
        return _text(tokens.argument(), depth)
    if name in {"stackrel", "overset", "underset"}:
        top, base = (_space_out(_line(Tokens(tokens.argument()), depth + 1)) for _ in range(2))
        both = (base + top).replace("_", "").replace("(", "").replace(")", "")
        return OVERLAID.get(both) or base + script("_" if name == "underset" else "^", top)
    return _other_word(name, tokens, depth)


_ROWS = frozenset("cases matrix pmatrix bordermatrix eqalign eqalignno leqalignno displaylines".split())


def _rows(name: str, tokens: Tokens, depth: int) -> str:
    r"""Give what plain TeX writes as \cases{1&if $x$\cr 0&else\cr}; the environments of these names are read as they come."""
    if (tokens.peek() or ("", ""))[0] != "{":
        return ""
    rows: list[str] = []
    cell: list[Token] = []
    row: list[str] = []
    level = 0
    for token in [*tokens.argument(), ("word", "cr")]:
        level += {"{": 1, "}": -1}.get(token[0], 0)
        ends_row = token in {("word", "cr"), ("sign", "\\"), ("word", "crcr")}
        if level or not (ends_row or token[0] == "&"):
            cell.append(token)
            continue
        row.append(_text(cell, depth + 1) if name == "cases" and row else _space_out(_line(Tokens(cell), depth + 1)))
        cell = []
        if ends_row:
            rows.append(" ".join(part.strip() for part in row if part.strip()))
            row = []
    shown = "; ".join(part for part in rows if part)
    return f"{{{shown}" if name == "cases" else f"({shown})" if name == "pmatrix" else f" {shown} "


def _root(name: str, tokens: Tokens, depth: int) -> str:
    if name == "sqrt":
        degree = tokens.optional() or []
    else:  # \root 3 \of 8
        degree = []
        while (token := tokens.peek()) is not None and token != ("word", "of"):
            tokens.next()
            degree.append(token)
        tokens.next()
    shown = _space_out(_line(Tokens(degree), depth + 1))
    inner = _grouped(_space_out(_line(Tokens(tokens.argument()), depth + 1)))
    if shown and shown not in ROOTS:
        return f"{inner}^(1/{_grouped(shown)})"
    return ROOTS.get(shown, "√") + inner


def _other_word(name: str, tokens: Tokens, depth: int) -> str:
    if name in _TAKES_ONE:
        return _with_one(name, tokens, depth)
    if name in STYLE:
        tokens.star()
        while name in {"hbox", "makebox", "framebox"} and (tokens.peek() or ("{", ""))[0] in {"text", " ", "["}:
            tokens.next()
        inner = _line(Tokens(tokens.argument()), depth + 1)
        inner = OVERLAID.get("".join(inner.split()), inner)
        return inner + " " if name == "operatorname" else inner
    if name in _MOVES:
        _skip_length(tokens)
        return ""
    if name in NOTHING or name in ONE_DROPPED or name in {"begin", "end"}:
        return _dropped(name, tokens)
    shown = None if name in NAMES else symbol(name)
    return shown if shown is not None else f" {name} "


_MOVES = frozenset("lower raise hskip mskip kern mkern moveleft moveright vskip".split())
_ARROWS = {"xrightarrow": "→", "xleftarrow": "←"}
_TAKES_ONE = frozenset("textcolor colorbox cancel bcancel xcancel slashed pmod pod not".split()) | frozenset(_ARROWS)


def _with_one(name: str, tokens: Tokens, depth: int) -> str:
    """Give what a command makes of its one argument, an option and a colour aside."""
    if name in {"textcolor", "colorbox"} or name in _ARROWS:
        tokens.optional()
    if name in {"textcolor", "colorbox"}:
        tokens.argument()
    inner = _space_out(_line(Tokens(tokens.argument()), depth + 1))
    if name in _ARROWS:
        return _ARROWS[name] + script("^", inner)
    if name in {"pmod", "pod"}:
        return f" (mod {inner})"
    if name == "not":
        return unicodedata.normalize("NFC", inner + "\u0338")
    if name in {"textcolor", "colorbox"}:
        return inner
    return "".join(letter + "\u0338" if letter.isalnum() else letter for letter in inner)


def _dropped(name: str, tokens: Tokens) -> str:
    """Take what belongs to a command that is not shown, and give what stands in its place."""
    if name in NOTHING:
        if name in {"left", "right", "middle"} and tokens.peek() == ("text", "."):
            tokens.next()
        return ""
    tokens.star()
    if name == "footnotemark":
        tokens.optional()
        return ""
    if name == "tag" and (tokens.peek() or ("", ""))[0] == "text":  # of AMS-TeX
        tokens.next()
    if (tokens.peek() or ("", ""))[0] == "{":
        inside = plain(tokens.argument()).rstrip("* ")
        if name == "begin" and inside in {"array", "tabular"}:
            tokens.optional()
            tokens.argument()
    return " "


_KNOWN = (
    frozenset(
        "frac dfrac tfrac nicefrac sfrac cfrac sqrt root of binom tbinom dbinom mathbb mathbbm mathds Bbb intertext shortintertext "
        "stackrel overset underset cr crcr noalign omit span multicolumn hfil tabularnewline".split()
    )
    | _ROWS
    | _MOVES
    | _TAKES_ONE
    | STYLE
    | NOTHING
    | ONE_DROPPED
    | NAMES
    | frozenset(ACCENTS)
    | frozenset(INFIX)
)


def _text(tokens: list[Token], depth: int) -> str:
    """Words inside maths keep their spaces."""
    out: list[str] = []
    inner = Tokens(tokens)
    while (token := inner.next()) is not None:
        out.append(" " if token[0] == " " else _item(token, inner, depth + 1, out))
    return "".join(out)
