"""A paper's own commands: how they are defined, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sovereign.readers.tex.arguments import Want, default_of, of_xargs, of_xparse, take
from sovereign.readers.tex.tokens import Token, Tokens, plain

MAX_PARAMETERS = 9
MAX_BODY_TOKENS = 20_000

DEFINERS = frozenset(
    "newcommand renewcommand providecommand DeclareRobustCommand newrobustcmd renewrobustcmd providerobustcmd newcommandx renewcommandx "
    "providecommandx def gdef edef xdef let DeclareMathOperator NewDocumentCommand RenewDocumentCommand DeclareDocumentCommand "
    "ProvideDocumentCommand NewExpandableDocumentCommand RenewExpandableDocumentCommand DeclareExpandableDocumentCommand "
    "NewDocumentEnvironment RenewDocumentEnvironment DeclareDocumentEnvironment newenvironment renewenvironment newtheorem "
    "define redefine predefine newif DeclarePairedDelimiter futurelet chardef mathchardef newlength newdimen newskip csdef csgdef".split()
)
_ENVIRONMENTS = frozenset(
    "equation align gather multline eqnarray displaymath flalign alignat figure table tabular itemize enumerate".split()
)
"""Environments that shorthands open and close by their names alone: \\let\\be=\\equation \\let\\ee=\\endequation."""
_NOT_YET = frozenset({("word", "noexpand"), ("word", "unexpanded"), ("word", "string"), ("word", "protect")})
_LENGTH: Token = ("word", "parindent")
"""What a length of the paper's own is read as: one that is set, or is no text."""
_NOT_OURS = frozenset("\\()[]{}%&$#_ ")
"""Signs that keep their meaning, whatever a paper makes of them."""


@dataclass(frozen=True, slots=True)
class Macro:
    r"""What a command stands for: its arguments as `wants` says; those of \def are `count`, each ended by its delimiter."""

    body: tuple[Token, ...]
    count: int = 0
    wants: tuple[Want, ...] = ()
    delimiters: tuple[tuple[Token, ...], ...] = ()
    before: tuple[Token, ...] = ()


@dataclass(slots=True)
class Macros:
    """All definitions so far; names that the reader itself gives a meaning are not redefined.

    Attributes:
        is_style: Whether a style file is being read: it may add to what is known, not change it, and how it works inside is not ours.
    """

    protected: frozenset[str]
    is_known: Callable[[str], bool] = lambda _: False
    is_style: bool = False
    commands: dict[str, Macro] = field(default_factory=dict)
    environments: dict[str, tuple[Macro, tuple[Token, ...]]] = field(default_factory=dict)
    theorems: dict[str, str] = field(default_factory=dict)
    flags: dict[str, bool] = field(default_factory=lambda: {"true": True, "false": False})
    _marks: dict[str, frozenset[str]] = field(default_factory=dict)

    def define(self, definer: str, tokens: Tokens) -> None:
        """Take a definition's arguments from the tokens and keep it."""
        if definer in {"def", "gdef", "edef", "xdef", "define", "redefine", "predefine"}:
            self._define_tex(tokens, is_expanded=definer in {"edef", "xdef"})
        elif definer == "let":
            self._let(tokens)
        elif definer in {"newenvironment", "renewenvironment"}:
            self._define_environment(tokens)
        elif definer == "newtheorem":
            self._define_theorem(tokens)
        elif definer == "newif":
            self.flags.setdefault(_name(tokens).removeprefix("if"), False)
        elif definer in {"newlength", "newdimen", "newskip"}:
            self._keep(_name(tokens), Macro((_LENGTH,)))
        elif definer in {"futurelet", "chardef", "mathchardef"}:
            _name(tokens)
        else:
            self._define_command(definer, tokens)

    def _define_command(self, definer: str, tokens: Tokens) -> None:
        if definer in {"DeclareMathOperator", "DeclarePairedDelimiter"}:
            self._define_operator(definer, tokens)
        elif definer.endswith("DocumentCommand"):
            self._define_document_command(tokens)
        elif definer.endswith("DocumentEnvironment"):
            self._define_document_environment(tokens)
        elif definer in {"csdef", "csgdef"}:
            name = plain(tokens.argument()).strip()
            self._keep(name, Macro(tuple(tokens.argument())))
        else:
            self._define_latex(definer, tokens)

    def _keep(self, name: str, macro: Macro) -> None:
        if not name or name in self.protected or name in _NOT_OURS or len(macro.body) > MAX_BODY_TOKENS:
            return
        if self.is_style and (self.is_known(name) or _is_internal(name, macro.body)):
            return
        self.commands[name] = macro
        self._marks.clear()

    def add(self, name: str, body: tuple[Token, ...], count: int = 0) -> None:
        """Keep a command with so many arguments, none of them optional."""
        self._keep(name, Macro(body, count))

    def marks(self, name: str) -> frozenset[str]:
        r"""Give the marks that a command of the paper opens or closes a place with: "begin" for \begin or \end, "$$", "$", ")", "]"."""
        if name not in self.commands:
            return frozenset()
        if name not in self._marks:
            self._marks[name] = frozenset()  # what stands for itself ends here
            self._marks[name] = self.marks_of(self.commands[name].body)
        return self._marks[name]

    def marks_of(self, body: tuple[Token, ...]) -> frozenset[str]:
        """Give the same of the tokens that something stands for; what they both open and close does not count."""
        if not any(kind in {"word", "sign", "$", "$$"} for kind, _ in body):
            return frozenset()
        found = {mark for mark in ("$", "$$") if body.count((mark, mark)) % 2}
        found |= {close for opens, close in ("()", "[]") if body.count(("sign", opens)) != body.count(("sign", close))}
        words = [text for kind, text in body if kind == "word"]
        opened = sum(text == "begin" or text in _ENVIRONMENTS for text in words)
        closed = sum(text == "end" or (text.startswith("end") and text[3:] in _ENVIRONMENTS) for text in words)
        if opened != closed:
            found.add("begin")
        return frozenset(found).union(*(self.marks(text) for kind, text in body if kind == "word"))

    def _define_latex(self, definer: str, tokens: Tokens) -> None:
        tokens.star()
        name = _name(tokens)
        count = _count(tokens.optional())
        default = tokens.optional()
        wants = of_xargs(count, plain(default or ())) if definer.endswith("commandx") else default_of(count, default)
        body = tuple(tokens.argument())
        if definer.startswith("provide") and (name in self.commands or self.is_known(name)):
            return
        self._keep(name, Macro(body, count, wants))

    def _define_tex(self, tokens: Tokens, *, is_expanded: bool) -> None:
        name = _name(tokens)
        pattern: list[list[Token]] = [[]]
        while (token := tokens.peek()) is not None and token[0] not in {"{", "end"}:
            tokens.next()
            if token[0] == "#" and (following := tokens.next()) is not None:
                pattern.append([])
                if len(following[1]) > 1:
                    pattern[-1].append(("text", following[1][1:]))
            else:
                pattern[-1].append(token)
        delimiters = tuple(tuple(item for item in part if item[0] != " ") for part in pattern)
        body = tuple(tokens.argument())
        if is_expanded:
            body = self._expanded(body)
        if len(delimiters) <= MAX_PARAMETERS + 1:
            self._keep(name, Macro(body, len(delimiters) - 1, (), delimiters[1:], delimiters[0]))

    def _expanded(self, body: tuple[Token, ...]) -> tuple[Token, ...]:
        r"""Give a body with the paper's commands without arguments as they stand now, as \edef keeps it."""
        out: list[Token] = []
        waiting = Tokens(body)
        budget = MAX_BODY_TOKENS
        while (token := waiting.next()) is not None and budget > 0:
            budget -= 1
            macro = self.commands.get(token[1]) if token[0] == "word" else None
            if token in _NOT_YET and (following := waiting.next()) is not None:
                out.append(following)
            elif macro is not None and not macro.count and not macro.wants and not macro.before and len(macro.body) < budget:
                waiting.push(macro.body)
            else:
                out.append(token)
        return tuple(out) if budget > 0 else body

    def _let(self, tokens: Tokens) -> None:
        name = _name(tokens)
        tokens.skip_spaces()
        if (tokens.peek() or ("", ""))[1] == "=":
            tokens.next()
            tokens.skip_spaces()
        target = tokens.next()
        if target is None or target[0] == "end":
            return
        if target[0] == "word" and target[1] in self.commands:
            self._keep(name, self.commands[target[1]])
        elif target != ("word", name):
            self._keep(name, Macro((target,)))

    def _define_environment(self, tokens: Tokens) -> None:
        tokens.star()
        name = plain(tokens.argument()).strip()
        count = _count(tokens.optional())
        default = tokens.optional()
        begin, end = tuple(tokens.argument()), tuple(tokens.argument())
        self._keep_environment(name, Macro(begin, count, default_of(count, default)), end)

    def _define_document_environment(self, tokens: Tokens) -> None:
        name = plain(tokens.argument()).strip()
        wants = of_xparse(plain(tokens.argument()))
        begin, end = tuple(tokens.argument()), tuple(tokens.argument())
        self._keep_environment(name, Macro(begin, len(wants), wants), end)

    def _keep_environment(self, name: str, begin: Macro, end: tuple[Token, ...]) -> None:
        if name and name not in self.protected and not (self.is_style and (_is_internal(name, begin.body) or _is_internal(name, end))):
            self.environments[name] = (begin, end)

    def _define_theorem(self, tokens: Tokens) -> None:
        tokens.star()
        name = plain(tokens.argument()).strip()
        tokens.optional()
        title = plain(tokens.argument()).strip()
        tokens.optional()
        self.theorems[name] = title or name

    def _define_operator(self, definer: str, tokens: Tokens) -> None:
        tokens.star()
        name = _name(tokens)
        first = tokens.argument()
        if definer == "DeclareMathOperator":
            self._keep(name, Macro((("word", "operatorname"), ("{", "{"), *first, ("}", "}"))))
        else:
            last = tokens.argument()
            self._keep(name, Macro((*first, ("#", "#"), ("text", "1"), *last), 1))

    def _define_document_command(self, tokens: Tokens) -> None:
        name = _name(tokens)
        wants = of_xparse(plain(tokens.argument()))
        self._keep(name, Macro(tuple(tokens.argument()), len(wants), wants))

    def expand(self, name: str, tokens: Tokens) -> None:
        """Put what a command of the paper stands for in its place."""
        macro = self.commands[name]
        tokens.push(fill(macro.body, arguments(macro, tokens)))

    def begin(self, name: str, tokens: Tokens) -> None:
        """Put what an environment of the paper begins with in its place."""
        macro, _ = self.environments[name]
        tokens.push(fill(macro.body, arguments(macro, tokens)))


def arguments(macro: Macro, tokens: Tokens) -> list[list[Token]]:
    """Take a macro's arguments from the tokens."""
    for wanted in macro.before:
        _pass_over(wanted, tokens)
    if macro.wants:
        return take(macro.wants, tokens)
    taken: list[list[Token]] = []
    for index in range(macro.count):
        if index < len(macro.delimiters) and macro.delimiters[index]:
            taken.append(_until(macro.delimiters[index], tokens))
        else:
            taken.append(tokens.argument())
    return taken


def _pass_over(wanted: Token, tokens: Tokens) -> None:
    """Take what must stand before the arguments: of a run of letters only its start."""
    token = tokens.peek()
    if token is None or token[0] != wanted[0] or not token[1].startswith(wanted[1]):
        return
    tokens.next()
    if rest := token[1][len(wanted[1]) :]:
        tokens.push([(token[0], rest)])


def _is_internal(name: str, body: tuple[Token, ...]) -> bool:
    """Whether a definition is of how a style works inside, which is written with @."""
    return "@" in name or any(kind == "word" and "@" in text for kind, text in body)


def _until(delimiter: tuple[Token, ...], tokens: Tokens) -> list[Token]:
    """Take everything before a delimiter; the end of a paragraph ends it too, as TeX would complain."""
    taken: list[Token] = []
    while (token := tokens.peek()) is not None and token[0] not in {"end", "par"}:
        tokens.next()
        at = _delimits(delimiter[0], token)
        if at >= 0:
            if token[1][:at]:
                taken.append(("text", token[1][:at]))
            if rest := token[1][at + len(delimiter[0][1]) :]:
                tokens.push([("text", rest)])
            for _ in delimiter[1:]:
                tokens.next()
            break
        taken.append(token)
        if token[0] == "{":
            taken += [*tokens.group(), ("}", "}")]
    return taken


def _delimits(delimiter: Token, token: Token) -> int:
    """Give the place in a token where a delimiter stands; -1 where it does not."""
    if delimiter[0] != token[0]:
        return -1
    return token[1].find(delimiter[1]) if token[0] == "text" else (0 if token == delimiter else -1)


def fill(body: tuple[Token, ...], given: list[list[Token]]) -> list[Token]:
    """Give a macro's body with its arguments in place."""
    if not any(kind == "#" for kind, _ in body):
        return list(body)
    out: list[Token] = []
    waiting = Tokens(body)
    while (token := waiting.next()) is not None:
        following = waiting.peek()
        if token[0] != "#" or following is None:
            out.append(token)
            continue
        waiting.next()
        if following[0] == "text" and following[1][0].isdecimal():
            index = int(following[1][0]) - 1
            out += given[index] if 0 <= index < len(given) else []
            if len(following[1]) > 1:
                out.append(("text", following[1][1:]))
        else:
            out.append(following)
    return out


def _name(tokens: Tokens) -> str:
    """Take the name of the command that is being defined, in braces or bare."""
    token = next((item for item in tokens.argument() if item[0] in {"word", "sign"}), None)
    return "" if token is None else token[1]


def _count(tokens: list[Token] | None) -> int:
    written = plain(tokens or ()).strip()
    return min(int(written), MAX_PARAMETERS) if written.isdecimal() and len(written) == 1 else 0
