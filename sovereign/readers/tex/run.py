"""Typeset LaTeX tokens as plain pieces: one pass over the tokens, macros expanded as they come, everything bounded."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePosixPath

from sovereign.model import BlockKind
from sovereign.readers import maths
from sovereign.readers.building import Piece
from sovereign.readers.tex.citations import CITES, REFS, Index, cite_mark, ref_mark
from sovereign.readers.tex.macros import DEFINERS, Macros, is_condition, skip_branch
from sovereign.readers.tex.page import Page
from sovereign.readers.tex.tokens import Token, Tokens, body_of, plain, tokenise
from sovereign.readers.tex.words import words

MAX_DEPTH = 60
MAX_FILES = 400

_STRUCTURE = frozenset(
    "begin end section subsection subsubsection paragraph subparagraph chapter part item caption footnote title author input include "
    "subfile abstract bibitem label ref textcolor color hbox vbox parbox href url def newcommand fi else par footnotetext "
    "tablecaption".split()
)
_SHOWN_AS = {"[": "[", "]": "]", "*": "*", "^": "^", "_": "_", "&": " ", "~": "\u00a0"}
_PLAIN_PUNCTUATION = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("`", "‘"))


Handler = Callable[["Run", str], None]


def all_of(names: str, handler: Handler) -> dict[str, Handler]:
    """Give the same handler for each of the names."""
    return dict.fromkeys(names.split(), handler)


class Run:
    """One reading of a LaTeX source: the tokens, the definitions, what has been written, and what was hidden."""

    def __init__(self, files: Mapping[PurePosixPath, bytes], main: PurePosixPath, handlers: Mapping[str, Handler]) -> None:
        self.files = files
        self.main = main
        self.tokens = Tokens()
        self.handlers = handlers
        self.macros = Macros(_STRUCTURE | frozenset(handlers) | CITES | REFS)
        self.page = Page()
        self.index = Index()
        self.muted = True  # until \begin{document}
        self.title = ""
        self.open_files: list[PurePosixPath] = []
        self.read_files = 0
        self.depth = 0
        self.counters: dict[str, int] = {}
        self.current_label: tuple[str, str] = ("", "")
        self.appendix_from: int | None = None
        self.environments: list[str] = []
        self.hidden_by = ""
        self._groups: list[str] = []
        self.secret: list[str] = []
        self.hidden: list[tuple[str, str]] = []  # how, words
        self.comments: list[tuple[str, str]] = []  # file, words
        self.missing: list[str] = []
        self.cited: set[str] = set()
        self.white: set[str] = {"white"}
        self.alphabet_sections = False

    # --- writing ---

    def say(self, text: str) -> None:
        """Write words into the paragraph at hand, or keep them apart where they are hidden."""
        if self.hidden_by:
            self.secret.append(text)
        elif not self.muted:
            self.page.line.append(text)

    def end_paragraph(self) -> None:
        """End the paragraph at hand; inside a footnote or caption a paragraph is a space."""
        if self.depth:
            self.say(" ")
        elif not self.muted:
            self.page.flush()

    def place(self, piece: Piece, *, floats: bool = False) -> None:
        """Put a finished piece: at once, ending the paragraph, or after the paragraph where it floats."""
        if self.muted or self.hidden_by:
            return
        if floats or self.depth:
            self.page.after.append(piece)
        else:
            self.page.flush()
            self.page.pieces.append(piece)

    def inline(self, tokens: list[Token]) -> str:
        """Give tokens as one text, written nowhere; floats and notes in them wait for the paragraph's end.

        Raises:
            ValueError: They nest deeper than MAX_DEPTH.
        """
        outer, muted, hidden = self.page, self.muted, self.hidden_by
        self.page = Page()
        self.muted = False
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ValueError(f"it nests deeper than {MAX_DEPTH} commands; refused")
        try:
            self.run(tokens)
            text = "".join(self.page.line)
            outer.after += [*self.page.pieces, *self.page.after]
        finally:
            self.depth -= 1
            self.page, self.muted, self.hidden_by = outer, muted, hidden
        return text

    def hide(self, how: str, tokens: list[Token]) -> None:
        """Read tokens that no reader of the page would see."""
        before, self.hidden_by = self.hidden_by, how
        muted, self.muted = self.muted, False
        self.depth += 1
        try:
            self.run(tokens)
        finally:
            self.depth -= 1
            self.muted = muted
            self.hidden_by = before
        if not before:
            self._tell_secret(how)

    def reveal(self) -> None:
        """Stop hiding: what was hidden so far is told."""
        self._tell_secret(self.hidden_by)
        self.hidden_by = ""

    def _tell_secret(self, how: str) -> None:
        words = " ".join("".join(self.secret).split())
        self.secret.clear()
        if words:
            self.hidden.append((how, words))

    # --- reading ---

    def read_all(self, path: PurePosixPath, source: str) -> None:
        """Read the main file and everything it includes."""
        self.open_file(path, source)
        while (token := self.tokens.next()) is not None:
            self._read(token)
        while self._groups:
            self._close_group()
        self.page.flush()

    def run(self, tokens: list[Token]) -> None:
        """Read tokens to their end."""
        stop: Token = ("end", "run")
        self.tokens.push([stop])
        self.tokens.push(tokens)
        groups = len(self._groups)
        while (token := self.tokens.next()) is not None and token != stop:
            self._read(token)
        while len(self._groups) > groups:
            self._close_group()

    def _read(self, token: Token) -> None:
        kind, text = token
        if kind == "text":
            self.say(_punctuate(text))
        elif kind == " ":
            self.say(" ")
        elif kind == "word":
            self.command(text)
        elif kind == "sign":
            self._sign(text)
        else:
            self._special(kind, text)

    def _special(self, kind: str, text: str) -> None:
        if kind in _SHOWN_AS:
            self.say(_SHOWN_AS[kind])
        elif kind == "par":
            self.end_paragraph()
        elif kind == "{":
            self._groups.append(self.hidden_by)
        elif kind == "}":
            self._close_group()
        elif kind == "$":
            self._show_maths(self._until("$"))
        elif kind == "$$":
            self._display_maths(self._until("$$"))
        elif kind == "verb":
            self.say(text)
        elif kind == "verbatim":
            self.place(Piece(BlockKind.FORMULA, text))
        elif kind == "end" and text == "file" and self.open_files:
            self.open_files.pop()

    def _close_group(self) -> None:
        if not self._groups:
            return
        before = self._groups.pop()
        if self.hidden_by and not before:
            self._tell_secret(self.hidden_by)
        self.hidden_by = before

    def _sign(self, text: str) -> None:
        if text == "(":
            self._show_maths(self._until(")", kind="sign"))
        elif text == "[":
            self._display_maths(self._until("]", kind="sign"))
        elif text in maths.TEXT_ACCENTS:
            self._accent(text)
        elif text == "\\":
            self.tokens.star()
            following = self.tokens.optional()
            if following is not None and not _is_length(following):
                self.tokens.push([("[", "["), *following, ("]", "]")])
            self.say("\n" if self.environments and self.environments[-1] == "code" else " ")
        elif text in "/-@":
            return
        elif text in " ,;:>\n\t":
            self.say(" ")
        elif text != "!":
            self.say(text)

    def _accent(self, name: str) -> None:
        letters = self.inline(self.tokens.argument())
        letters = {"ı": "i", "ȷ": "j"}.get(letters[:1], letters[:1]) + letters[1:] if letters else "\u00a0"
        self.say(unicodedata.normalize("NFC", letters[0] + maths.TEXT_ACCENTS[name] + letters[1:]))

    def _until(self, mark: str, kind: str = "") -> list[Token]:
        """Take the tokens before a closing mark; a blank line ends what was never closed."""
        taken: list[Token] = []
        while (token := self.tokens.peek()) is not None and token[0] != "end":
            if token[0] == "par" and mark in {"$", ")"}:
                break
            self.tokens.next()
            if token == ((kind or mark), mark):
                break
            taken.append(token)
            if token[0] == "{":
                taken += [*self.tokens.group(), ("}", "}")]
        return taken

    def _show_maths(self, tokens: list[Token]) -> None:
        self.say(self.maths(tokens))

    def _display_maths(self, tokens: list[Token]) -> None:
        self.place(Piece(BlockKind.FORMULA, self.maths(tokens)))

    def maths(self, tokens: list[Token]) -> str:
        """Give maths as text, the paper's own commands expanded first."""
        return maths.of_tokens(self.expanded(tokens))

    def expanded(self, tokens: list[Token]) -> list[Token]:
        """Give tokens with every command of the paper replaced by what it stands for."""
        stop: Token = ("end", "maths")
        self.tokens.push([stop])
        self.tokens.push(tokens)
        out: list[Token] = []
        while (token := self.tokens.next()) is not None and token != stop:
            if token[0] == "word" and token[1] in self.macros.commands:
                self.macros.expand(token[1], self.tokens)
            elif token[0] == "word" and token[1] == "label":
                self.label(plain(self.tokens.argument()))
            elif token[0] == "word" and token[1] in {"nonumber", "notag"}:
                continue
            else:
                out.append(token)
        return out

    # --- commands ---

    def command(self, name: str) -> None:
        """Do what a command says."""
        if name in self.handlers:
            self.handlers[name](self, name)
        elif name in self.macros.commands:
            self.macros.expand(name, self.tokens)
        elif name in DEFINERS:
            self.macros.define(name, self.tokens)
        elif name in CITES:
            self._cite(name)
        elif name in REFS:
            self.tokens.star()
            self.say(ref_mark(name, plain(self.tokens.argument())))
        elif is_condition(name) or name in {"else", "fi"}:
            self._condition(name)
        else:
            self._known_word(name)

    def _known_word(self, name: str) -> None:
        table = words()
        if name in table.words:
            self.say(table.words[name])
        elif name in table.show:
            self.tokens.push(self.take(table.show[name])[-1] or [])
        elif name in table.drop:
            self.take(table.drop[name])
        elif name in maths.TEXT_ACCENTS and len(name) == 1:
            self._accent(name)
        elif name.removesuffix("true") in self.macros.flags or name.removesuffix("false") in self.macros.flags:
            self.macros.flags[name.removesuffix("true").removesuffix("false")] = name.endswith("true")
        elif (shown := maths.symbol(name)) is not None:
            self.say(shown)

    @contextmanager
    def inside(self, environment: str) -> Iterator[None]:
        """Read on inside an environment; whatever it opens or closes too often, the ones around it are as before."""
        around = list(self.environments)
        self.environments.append(environment)
        try:
            yield
        finally:
            self.environments = around

    def take(self, wants: str) -> list[list[Token] | None]:
        """Take arguments as a table of latex_words.toml describes them."""
        taken: list[list[Token] | None] = []
        if wants and self.tokens.peek() == ("*", "*"):
            self.tokens.next()
        for want in wants:
            if want == "*":
                self.tokens.star()
            else:
                taken.append(self.tokens.argument() if want == "m" else self.tokens.optional())
        return taken or [None]

    def _cite(self, name: str) -> None:
        self.tokens.star()
        first, second = self.tokens.optional(), self.tokens.optional()
        keys = plain(self.tokens.argument())
        self.cited.update(key.strip() for key in keys.split(","))
        pre, post = ([], first or []) if second is None else (first or [], second)
        self.say(cite_mark(name, self.inline(pre), self.inline(post), keys))

    def _condition(self, name: str) -> None:
        if name == "else":
            skip_branch(self.tokens, at_else=False)
        elif name != "fi" and not self._holds(name):
            untaken = skip_branch(self.tokens, at_else=True)
            if name == "iffalse":
                self.comments.append((self.file_name, plain(untaken)))

    def _holds(self, name: str) -> bool:
        """Whether a condition is true; what cannot be told without TeX is false."""
        flag = name.removeprefix("if")
        if flag in self.macros.flags:
            return self.macros.flags[flag]
        if name == "ifdefined":
            token = self.tokens.next()
            return token is not None and (token[1] in self.macros.commands or token[1] in self.handlers)
        if name == "ifx":
            first, second = self.tokens.next(), self.tokens.next()
            return first == second
        return name in {"iftrue", "ifpdf"}

    @property
    def file_name(self) -> str:
        """The file that is being read, for people."""
        return str(self.open_files[-1] if self.open_files else self.main)

    def label(self, key: str) -> None:
        r"""Remember the number that a \label stands for."""
        if self.current_label[1]:
            self.index.places.setdefault(key.strip(), self.current_label)

    def step(self, counter: str, kind: str) -> str:
        """Count one more section, figure, table or equation, and give its number."""
        self.counters[counter] = self.counters.get(counter, 0) + 1
        number = str(self.counters[counter])
        self.current_label = (kind, number)
        return number

    def open_file(self, path: PurePosixPath, data: str, *, only_body: bool = False) -> None:
        """Read another file here; a file that is being read already, or too many, are left out."""
        if path in self.open_files or self.read_files >= MAX_FILES:
            return
        self.read_files += 1
        tokens, comments = tokenise(data)
        self.comments += [(str(path), comment) for comment in comments]
        if only_body:
            tokens = body_of(tokens)
        self.open_files.append(path)
        self.tokens.push([("end", "file")])
        self.tokens.push(tokens)


def _is_length(tokens: list[Token]) -> bool:
    written = plain(tokens).strip()
    return written[:1] in "-.0123456789\\" if written else True


def _punctuate(text: str) -> str:
    for mark, shown in _PLAIN_PUNCTUATION:
        if mark in text:
            text = text.replace(mark, shown)
    return text
