"""A paper's own commands: how they are defined, what they stand for, which branch of a condition is typeset."""

from __future__ import annotations

from dataclasses import dataclass, field

from sovereign.readers.tex.tokens import Token, Tokens, plain

MAX_PARAMETERS = 9
MAX_BODY_TOKENS = 20_000

DEFINERS = frozenset(
    "newcommand renewcommand providecommand DeclareRobustCommand newcommandx def gdef edef xdef let DeclareMathOperator "
    "NewDocumentCommand RenewDocumentCommand DeclareDocumentCommand ProvideDocumentCommand newenvironment renewenvironment newtheorem "
    "newif DeclarePairedDelimiter futurelet chardef mathchardef newlength".split()
)


@dataclass(frozen=True, slots=True)
class Macro:
    """What a command stands for: `count` arguments, the first optional where it has a default, each ended by its delimiter."""

    body: tuple[Token, ...]
    count: int = 0
    default: tuple[Token, ...] | None = None
    delimiters: tuple[tuple[Token, ...], ...] = ()
    before: tuple[Token, ...] = ()


@dataclass(slots=True)
class Macros:
    """All definitions so far; names that the reader itself gives a meaning are not redefined."""

    protected: frozenset[str]
    commands: dict[str, Macro] = field(default_factory=dict)
    environments: dict[str, tuple[Macro, tuple[Token, ...]]] = field(default_factory=dict)
    theorems: dict[str, str] = field(default_factory=dict)
    flags: dict[str, bool] = field(default_factory=dict)

    def define(self, definer: str, tokens: Tokens) -> None:
        """Take a definition's arguments from the tokens and keep it."""
        if definer in {"def", "gdef", "edef", "xdef"}:
            self._define_tex(tokens)
        elif definer == "let":
            self._let(tokens)
        elif definer in {"newenvironment", "renewenvironment"}:
            self._define_environment(tokens)
        elif definer == "newtheorem":
            self._define_theorem(tokens)
        elif definer == "newif":
            name = _name(tokens)
            self.flags.setdefault(name.removeprefix("if"), False)
        elif definer in {"DeclareMathOperator", "DeclarePairedDelimiter"}:
            self._define_operator(definer, tokens)
        elif definer.endswith("DocumentCommand"):
            self._define_document_command(tokens)
        elif definer in {"futurelet", "chardef", "mathchardef", "newlength"}:
            _name(tokens)
        else:
            self._define_latex(definer, tokens)

    def _keep(self, name: str, macro: Macro) -> None:
        if name and name not in self.protected and len(macro.body) <= MAX_BODY_TOKENS:
            self.commands[name] = macro

    def _define_latex(self, definer: str, tokens: Tokens) -> None:
        tokens.star()
        name = _name(tokens)
        count = _count(tokens.optional())
        default = tokens.optional()
        body = tuple(tokens.argument())
        if definer == "providecommand" and name in self.commands:
            return
        self._keep(name, Macro(body, count, None if default is None else tuple(default)))

    def _define_tex(self, tokens: Tokens) -> None:
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
        if len(delimiters) <= MAX_PARAMETERS + 1:
            self._keep(name, Macro(body, len(delimiters) - 1, None, delimiters[1:], delimiters[0]))

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
        if name and name not in self.protected:
            self.environments[name] = (Macro(begin, count, None if default is None else tuple(default)), end)

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
        wants = plain(tokens.argument()).replace(" ", "")
        body = tuple(tokens.argument())
        if wants.strip("m") == "":
            self._keep(name, Macro(body, len(wants)))
        elif wants[:1] in {"O", "o"} and wants.lstrip("Oo").strip("m{}") == "":
            self._keep(name, Macro(body, 1 + wants.count("m"), ()))

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
    taken: list[list[Token]] = []
    for _ in macro.before:
        tokens.next()
    for index in range(macro.count):
        if index == 0 and macro.default is not None:
            given = tokens.optional()
            taken.append(list(macro.default) if given is None else given)
        elif index < len(macro.delimiters) and macro.delimiters[index]:
            taken.append(_until(macro.delimiters[index], tokens))
        else:
            taken.append(tokens.argument())
    return taken


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


# --- conditions --------------------------------------------------------------------------------------------------

_NO_CONDITION = frozenset({"iff", "ifthenelse", "ifstrequal", "ifblank", "ifbool", "ifdefempty", "ifstrempty", "ifnumcomp"})


def is_condition(name: str) -> bool:
    r"""Whether a command opens a condition that \fi closes."""
    return name.startswith("if") and name not in _NO_CONDITION


def skip_branch(tokens: Tokens, *, at_else: bool) -> list[Token]:
    r"""Take tokens up to the \fi of this condition, or to its \else where `at_else` is set; give what was taken."""
    taken: list[Token] = []
    depth = 0
    while (token := tokens.next()) is not None:
        if token[0] == "end" and token[1] != "file":
            tokens.push([token])
            break
        if token[0] == "word":
            if token[1] == "newif":
                tokens.next()
            elif token[1] == "fi":
                if depth == 0:
                    break
                depth -= 1
            elif token[1] == "else" and depth == 0 and at_else:
                break
            elif is_condition(token[1]):
                depth += 1
        taken.append(token)
    return taken
