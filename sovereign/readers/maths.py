"""Maths as a line of text: Unicode where there is a letter for it, else the command's plain name."""

from __future__ import annotations

import functools
import re
import unicodedata

from pylatexenc.latex2text import get_default_latex_context_db

from sovereign.readers.tex.tokens import Token, Tokens, plain, tokenise

MAX_DEPTH = 40

ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "check": "\u030c", "tilde": "\u0303", "widetilde": "\u0303", "acute": "\u0301", "grave": "\u0300",
    "dot": "\u0307", "ddot": "\u0308", "breve": "\u0306", "bar": "\u0304", "vec": "\u20d7", "mathring": "\u030a",
}  # fmt: skip
TEXT_ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307", "u": "\u0306", "v": "\u030c",
    "H": "\u030b", "c": "\u0327", "k": "\u0328", "d": "\u0323", "b": "\u0331", "r": "\u030a", "t": "\u0361",
}  # fmt: skip
_BLACKBOARD = dict(zip("CHNPQRZE1", "ℂℍℕℙℚℝℤ𝔼𝟙", strict=True))
_STYLE = frozenset(
    "mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak mathnormal boldsymbol bm text textrm textbf textit textsf texttt textsc "
    "textnormal emph mbox hbox fbox boxed operatorname ensuremath mathop mathbin mathrel mathord mathopen mathclose mathpunct mathinner "
    "overline underline overbrace underbrace overrightarrow overleftarrow pmb rm displaylimits smash mathstrut underbar cancel bcancel "
    "textup textmd mathbfit symbf symrm symit xspace mathds hspace* textstyle ensuremath substack mathbbm".split()
)
_NOTHING = frozenset(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm middle displaystyle textstyle scriptstyle "
    "scriptscriptstyle limits nolimits nonumber notag allowbreak rm bf it tt sf sc cal small large tiny scriptsize footnotesize normalsize "
    "mathstrut strut relax protect hfill hfil boldmath unboldmath centering noindent leavevmode itshape bfseries rmfamily sffamily "
    "ttfamily normalfont upshape em hline xspace null par newline".split()
)
_ONE_DROPPED = frozenset(
    "label tag vspace vskip vphantom phantom hphantom color hspace rule kern mspace mkern raisebox footnotemark "
    "cite ref eqref begin end".split()
)
_NAMES = frozenset(
    "log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh max min sup inf lim limsup liminf argmax argmin det dim ker "
    "deg gcd hom Pr softmax mod bmod arg".split()
)
_EXTRA = {
    "today": "", "quad": " ",
    "qquad": " ", ",": " ", ";": " ", ":": " ", "!": "", ">": " ", " ": " ", "/": "", "\\": "; ", "{": "{", "}": "}", "%": "%",
    "$": "$", "&": "&", "#": "#", "_": "_", "|": "‖", "-": "", "*": "", "ldots": "...", "dots": "...", "cdots": "...", "dotsc": "...",
    "dotsb": "...", "mid": "|", "lvert": "|", "rvert": "|", "lVert": "‖", "rVert": "‖", "vert": "|", "Vert": "‖", "colon": ":",
    "coloneqq": ":=", "triangleq": "≜", "eqqcolon": "=:", "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]", "star": "*",
    "ast": "*", "prime": "'", "lt": "<", "gt": ">", "le": "≤", "ge": "≥", "leqslant": "≤", "geqslant": "≥", "gets": "←", "to": "→",
    "cdot": "·",
    "epsilon": "ε", "varepsilon": "ε", "phi": "φ", "varphi": "φ", "degree": "°", "micro": "µ", "tfrac": "", "percent": "%", "space": " ",
    "thinspace": " ", "medspace": " ", "thickspace": " ", "enspace": " ", "nobreakspace": " ", "newline": "; ", "middle": "", "sim": "∼",
    "lesssim": "≲", "gtrsim": "≳", "approx": "≈", "iff": "⇔", "implies": "⇒", "land": "∧", "lor": "∨", "Re": "Re", "Im": "Im",
    "textbackslash": "\\", "backslash": "\\", "setminus": "\\", "checkmark": "✓", "cmark": "✓", "xmark": "✗", "hbar": "ħ", "ell": "ℓ",
}  # fmt: skip
_RELATIONS = "=<>≤≥≈∼→←⇒⇔≜≡∈⊂⊆≠≪≫≲≳∝≅≃↦⊃⊇"


@functools.cache
def _library() -> object:
    return get_default_latex_context_db()


@functools.cache
def symbol(name: str) -> str | None:
    """Give the Unicode text that a command without arguments stands for; None where the tables know none."""
    if name in _EXTRA:
        return _EXTRA[name]
    spec = _library().get_macro_spec(name)  # type: ignore[attr-defined]  # pylatexenc is untyped
    shown = getattr(spec, "simplify_repl", None)
    if isinstance(shown, str) and "%" not in shown and shown.strip() and not shown.startswith("<"):
        return unicodedata.normalize("NFKC", shown) if "MATHEMATICAL" in unicodedata.name(shown[0], "") else shown
    return None


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
    line = re.sub(rf" ?((?::=|=:|[{_RELATIONS}])++) ?", r" \1 ", line)
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
    while (token := tokens.next()) is not None:
        out.append(_item(token, tokens, depth, out))
    return "".join(out)


def _item(token: Token, tokens: Tokens, depth: int, before: list[str]) -> str:  # noqa: PLR0911 - a table of cases, one return each
    kind, text = token
    if kind == "word":
        return _word(text, tokens, depth)
    if kind == "sign":
        return _EXTRA.get(text, "")
    if kind == "{":
        return _line(Tokens(tokens.group()), depth + 1)
    if kind in {"^", "_"}:
        return _script(kind, tokens, depth, before)
    if kind in {"&", "~", "par"}:
        return " "
    if kind in {" ", "$", "$$", "}", "#", "end"}:
        return ""
    return text


def _script(kind: str, tokens: Tokens, depth: int, before: list[str]) -> str:
    inner = _space_out(_line(Tokens(_script_argument(tokens)), depth + 1))
    if not inner:
        return ""
    if inner in {"∘", "°"}:
        return "°"
    if set(inner) <= {"'", "′"}:
        return inner
    if inner in {"*", "†", "‡", "§"} and not any(before):
        return inner
    if re.fullmatch(r"[-−+]?[\w.]+|[*†‡⊤∘′'+\-−∞]", inner):
        return kind + inner
    return f"{kind}({inner})"


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
        shown = top if re.fullmatch(r"[\w.√()^_'\u0300-\u036f]+", top) and top.count("(") == top.count(")") else f"({top})"
        return f"{shown}/{_grouped(bottom)}"
    if name == "sqrt":
        tokens.optional()
        return "√" + _grouped(_space_out(_line(Tokens(tokens.argument()), depth + 1)))
    if name in {"binom", "tbinom", "dbinom"}:
        top, bottom = (_line(Tokens(tokens.argument()), depth + 1) for _ in range(2))
        return f"({top} choose {bottom})"
    if name in {"mathbb", "mathbbm", "mathds", "Bbb"}:
        return "".join(_BLACKBOARD.get(c, c) for c in _line(Tokens(tokens.argument()), depth + 1))
    if name in ACCENTS:
        inner = _line(Tokens(tokens.argument()), depth + 1)
        return inner[:1] + ACCENTS[name] + inner[1:] if inner else ""
    if name in {"text", "textrm", "mbox", "textit", "textbf", "hbox", "textnormal", "textsc", "texttt", "textsf"}:
        return _text(tokens.argument(), depth)
    if name in {"stackrel", "overset", "underset"}:
        _, base = tokens.argument(), tokens.argument()
        return _line(Tokens(base), depth + 1)
    return _other_word(name, tokens, depth)


def _other_word(name: str, tokens: Tokens, depth: int) -> str:
    if name in {"textcolor", "colorbox"}:
        tokens.optional()
        tokens.argument()
        return _line(Tokens(tokens.argument()), depth + 1)
    if name in _STYLE:
        tokens.star()
        inner = _line(Tokens(tokens.argument()), depth + 1)
        return inner + " " if name == "operatorname" else inner
    if name in _NOTHING or name in _ONE_DROPPED or name in {"begin", "end"}:
        return _dropped(name, tokens)
    if name == "not":
        return _space_out(_line(Tokens(tokens.argument()), depth + 1)) + "\u0338"
    shown = None if name in _NAMES else symbol(name)
    return shown if shown is not None else f" {name} "


def _dropped(name: str, tokens: Tokens) -> str:
    """Take what belongs to a command that is not shown, and give what stands in its place."""
    if name in _NOTHING:
        if name in {"left", "right", "middle"} and tokens.peek() == ("text", "."):
            tokens.next()
        return ""
    tokens.star()
    if (tokens.peek() or ("", ""))[0] == "{":
        inside = plain(tokens.argument()).rstrip("* ")
        if name == "begin" and inside in {"array", "tabular"}:
            tokens.optional()
            tokens.argument()
    return " "


def _text(tokens: list[Token], depth: int) -> str:
    """Words inside maths keep their spaces."""
    out: list[str] = []
    inner = Tokens(tokens)
    while (token := inner.next()) is not None:
        out.append(" " if token[0] == " " else _item(token, inner, depth + 1, out))
    return "".join(out)
