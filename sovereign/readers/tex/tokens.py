"""LaTeX source to tokens, and a stack of tokens that macros are expanded on; bounded, since the source is a stranger's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

Token = tuple[str, str]
"""(kind, text). Kinds: "word" a control word without its backslash; "sign" a control symbol; "text" a run of letters; "par" a
blank line; "verb" and "verbatim" text that is not read as LaTeX; "end" our own mark; else the special character itself."""

MAX_TOKENS = 2_000_000
MAX_WAITING = 1_000_000
END: Token = ("end", "")

_VERBATIM = "verbatim|Verbatim|BVerbatim|lstlisting|minted|alltt|comment|filecontents|tcblisting|python|code"
_LANGUAGE = re.compile(r"\s{0,20}(?:\[[^\]]{0,400}\]\s{0,20})?\{[^{}\n]{0,40}\}")
_LEXER = re.compile(
    rf"""
      (?P<verbatim>\\begin\s{{0,9}}\{{(?:{_VERBATIM})\*?\}})
    | (?P<verb>\\(?:verb|lstinline|mintinline(?:\{{[^}}\n]{{0,40}}\}})?)\*?(?:\[[^\]\n]{{0,200}}\])?
        (?P<mark>[^\sa-zA-Z\{{*\[])[^\n]{{0,400}}?(?P=mark))
    | (?P<url>\\(?:url|path|nolinkurl|href)[ ]?(?:\[[^\]\n]{{0,200}}\])?\{{[^{{}}\n]{{0,2000}}\}})
    | (?P<word>\\(?:[a-zA-Z@]*@[a-zA-Z@]+|[a-zA-Z]+)[ \t]*(?:\n(?![ \t]*\n)[ \t]*)?)
    | (?P<sign>\\(?:.|\n))
    | (?P<comment>%[^\n]*(?:\n(?![ \t]*\n)[ \t]*)?)
    | (?P<par>[ \t]*\n[ \t]*\n\s*)
    | (?P<space>[ \t\r\n]+)
    | (?P<special>\$\$|[{{}}$&~\#^_\[\]*])
    | (?P<text>[^\\%{{}}$&~\#^_\[\]*\s]+)
    | (?P<odd>.)
    """,
    re.VERBOSE | re.DOTALL,
)


def tokenise(source: str) -> tuple[list[Token], list[str]]:
    """Give the tokens of a source, and its comments without their percent signs."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    tokens: list[Token] = []
    comments: list[str] = []
    never_closed: set[str] = set()
    at = 0
    while (match := _LEXER.match(source, at)) is not None:
        at = match.end()
        kind = "verb" if match["verb"] is not None else match.lastgroup or "odd"
        if kind == "verbatim":
            at = _verbatim(source, match, tokens, comments, never_closed)
        else:
            _add(tokens, comments, kind, match)
    return tokens, comments


def _verbatim(source: str, match: re.Match[str], tokens: list[Token], comments: list[str], never_closed: set[str]) -> int:
    r"""Take what stands up to the \end of a verbatim environment, and give where reading goes on."""
    name = match.group().partition("{")[2].rstrip("}")
    close = f"\\end{{{name}}}"
    end = -1 if name in never_closed else source.find(close, match.end())
    if end < 0:
        never_closed.add(name)  # searched for once: a source full of open environments must not cost a search each
        tokens.append(("text", name))
        return match.end()
    inside = source[match.end() : end]
    if name.rstrip("*") == "comment":
        comments.append(inside.strip())
    elif name.rstrip("*") != "filecontents":  # a file of its own, which is no text
        tokens.append(("verbatim", _LANGUAGE.sub("", inside, count=1) if name.startswith("minted") else inside))
    return end + len(close)


def _add(tokens: list[Token], comments: list[str], kind: str, match: re.Match[str]) -> None:
    text = match.group()
    if kind == "comment":
        comments.append(text[1:].strip())
    elif kind == "verb":
        tokens.append(("verb", text[:-1].split(match["mark"], 1)[1]))
    elif kind == "url":
        shown = [] if text.startswith("\\href") else [("verb", text.partition("{")[2][:-1].replace("\\", ""))]
        tokens.extend(shown)  # what \href is told to show stands in the group that follows
    elif kind == "word":
        tokens.append((kind, text[1:].rstrip()))
    elif kind == "sign":
        tokens.append((kind, text[1:]))
    elif kind == "space":
        tokens.append((" ", " "))
    elif kind == "special":
        tokens.append((text, text))
    elif kind in {"par", "text"}:
        tokens.append((kind, text))


def plain(tokens: Iterable[Token]) -> str:
    """Give tokens as LaTeX source again."""
    out: list[str] = []
    for kind, text in tokens:
        if kind == "word":
            out.append("\\" + text + " ")
        elif kind == "sign":
            out.append("\\" + text)
        elif kind == "par":
            out.append("\n\n")
        elif kind != "end":
            out.append(text)
    return "".join(out)


def is_length(tokens: Iterable[Token]) -> bool:
    r"""Whether what stands in the brackets behind \\ is a length, or nothing; else it is text."""
    written = plain(tokens).strip()
    return written[:1] in "-.0123456789\\" if written else True


def body_of(tokens: list[Token]) -> list[Token]:
    r"""Give what stands between \begin{document} and \end{document}, or everything where there is no such thing."""
    mark = [("{", "{"), ("text", "document"), ("}", "}")]
    starts = [i for i, token in enumerate(tokens) if token == ("word", "begin") and tokens[i + 1 : i + 4] == mark]
    ends = [i for i, token in enumerate(tokens) if token == ("word", "end") and tokens[i + 1 : i + 4] == mark]
    first = starts[0] + 4 if starts else 0
    last = next((i for i in ends if i >= first), len(tokens))
    return tokens[first:last]


class Tokens:
    """A stack of waiting tokens: what a macro stands for is pushed back and read next."""

    def __init__(self, tokens: Sequence[Token] = ()) -> None:
        self._waiting = list(reversed(tokens))
        self._spent = 0

    def push(self, tokens: Sequence[Token]) -> None:
        """Put tokens before what is waiting.

        Raises:
            ValueError: More wait than any paper needs: the macros expand without end.
        """
        self._waiting.extend(reversed(tokens))
        if len(self._waiting) > MAX_WAITING:
            raise ValueError("its macros expand without end; refused")

    def give_back(self, tokens: Sequence[Token]) -> None:
        """Put tokens back that were taken for nothing: they count once."""
        self._spent -= len(tokens)
        self.push(tokens)

    def next(self) -> Token | None:
        """Take the next token; None at the end."""
        self._spent += 1
        if self._spent > MAX_TOKENS:
            raise ValueError("its macros expand without end; refused")
        return self._waiting.pop() if self._waiting else None

    def peek(self) -> Token | None:
        """Look at the next token."""
        return self._waiting[-1] if self._waiting else None

    def has_ahead(self, token: Token, limit: int) -> bool:
        """Whether a token stands among the next ones, before any mark of ours."""
        for waiting in reversed(self._waiting[-limit:]):
            if waiting == token:
                return True
            if waiting[0] == "end":
                return False
        return False

    def is_group_behind_next(self) -> bool:
        """Whether a group opens right behind the next token."""
        return len(self._waiting) > 1 and self._waiting[-2][0] == "{"

    def skip_spaces(self) -> None:
        """Take white space, but no blank line."""
        while self._waiting and self._waiting[-1][0] == " ":
            self.next()

    def star(self) -> bool:
        """Take a star, if one stands next."""
        self.skip_spaces()
        if self.peek() == ("*", "*"):
            self.next()
            return True
        return False

    def argument(self) -> list[Token]:
        """Take a mandatory argument: a group's inside, or one letter or command."""
        self.skip_spaces()
        token = self.next()
        if token is None or token[0] in {"}", "end"}:
            if token is not None:
                self.push([token])
            return []
        if token[0] == "{":
            return self.group()
        if token[0] == "par":
            return self.argument() if (self.peek() or END)[0] == "{" else []
        if token[0] == "text" and len(token[1]) > 1:
            self.push([("text", token[1][1:])])
            return [("text", token[1][0])]
        return [token]

    def group(self) -> list[Token]:
        """Take everything up to the brace that closes the group whose opening brace was just taken."""
        taken: list[Token] = []
        depth = 1
        while (token := self.next()) is not None:
            if token[0] == "end":
                self.push([token])
                break
            depth += {"{": 1, "}": -1}.get(token[0], 0)
            if depth == 0:
                break
            taken.append(token)
        return taken

    def optional(self) -> list[Token] | None:
        """Take an optional argument in square brackets; None where there is none."""
        at = len(self._waiting)
        while at and self._waiting[at - 1][0] == " ":
            at -= 1
        if not at or self._waiting[at - 1][0] != "[":
            return None
        self.skip_spaces()
        self.next()
        taken: list[Token] = []
        depth = 0
        while (token := self.next()) is not None:
            if token[0] == "end":
                self.push([token])
                break
            if token[0] == "]" and depth <= 0:
                break
            depth += {"{": 1, "}": -1, "[": 0}.get(token[0], 0)
            taken.append(token)
        return taken
