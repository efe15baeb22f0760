"""Typeset LaTeX tokens as plain pieces: one pass over the tokens, macros expanded as they come, everything bounded."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePosixPath

from sovereign.model import BlockKind
from sovereign.readers import maths
from sovereign.readers.building import Piece
from sovereign.readers.maths_signs import TEXT_ACCENTS
from sovereign.readers.tex.citations import Index
from sovereign.readers.tex.macros import DEFINERS, Macros
from sovereign.readers.tex.maths_words import understood
from sovereign.readers.tex.tokens import Token, Tokens, body_of, is_length, plain, tokenise
from sovereign.readers.tex.words import words
from sovereign.readers.tex.writing import Writing, punctuated

MAX_DEPTH = 60
MAX_FILES = 400
MAX_NOTES = 20
STYLES = frozenset({".sty", ".cls"})

_STRUCTURE = frozenset(
    "begin end section subsection subsubsection paragraph subparagraph chapter part item caption footnote title author input include "
    "subfile abstract bibitem label ref textcolor color hbox vbox parbox href url def newcommand fi else par footnotetext "
    "tablecaption".split()
)
_AT_ONCE = frozenset({"else", "fi", "or", "unless", "csname", "expandafter", "@nameuse"})  # in maths too
_SHOWN_AS = {"[": "[", "]": "]", "*": "*", "^": "^", "_": "_", "&": " ", "~": "\u00a0"}


Handler = Callable[["Run", str], None]


def all_of(names: str, handler: Handler) -> dict[str, Handler]:
    """Give the same handler for each of the names."""
    return dict.fromkeys(names.split(), handler)


class Run:
    """One reading of a LaTeX source: the tokens, the definitions, what has been written, and what was hidden."""

    def __init__(
        self,
        files: Mapping[PurePosixPath, bytes],
        main: PurePosixPath,
        handlers: Mapping[str, Handler],
        packaged: Mapping[str, Handler] | None = None,
    ) -> None:
        self.files = files
        self.main = main
        self.encoding = ""
        self.tokens = Tokens()
        self.handlers = handlers
        self.packaged = packaged or {}
        self.macros = Macros(_STRUCTURE | frozenset(handlers), self._is_known_beforehand)
        self.page = Writing()
        self.index = Index()
        self.muted = True  # until \begin{document}
        self.title = ""
        self.has_title = False  # whether the title is set, and what is called so behind it is another
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
        self.has_physics = False  # the package of that name
        self.replaces_first = False  # whether \replaced names the old words first
        self.acronyms: dict[str, tuple[list[Token], list[Token]]] = {}  # key -> short and long form
        self.used_acronyms: set[str] = set()
        self.has_looked_ahead = False  # for acronyms that the source lists behind their use
        self.excluded: set[str] = set()  # environments of which the inside is not printed
        self.abstract_to: int | None = None  # index of the first piece behind the abstract
        self.notes: list[str] = []  # what could not be read as it is meant, for people
        self.unknown: dict[str, int] = {}  # commands that nobody defines, and how often they stand in the text
        self.given_back = 0
        self.left_at = ""  # the word at which a branch was left
        self.in_maths = False
        self.numbers: dict[str, int] = {}  # counters that the source makes or sets
        self.table_head: list[list[str]] = []  # rows that name the columns of the table at hand, where a command of its own says them
        self.counted_before: dict[str, int] = {}  # figures, tables and the like before the one at hand
        self.only: set[str] = set()  # files that alone are included, where the source says so

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
        if self.muted or self.hidden_by or not piece.text.strip(" \n\t\u00a0\ufffd"):
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
        with self._apart() as page:
            self.run(tokens)
        return "".join(page.line)

    def spoken(self, handler: Handler, name: str) -> str:
        """Give what a command that takes its arguments from the waiting tokens would write, and write it nowhere."""
        with self._apart() as page:
            handler(self, name)
        return "".join(page.line)

    @contextmanager
    def _apart(self) -> Iterator[Writing]:
        """Write on a page of its own for a while."""
        outer, muted, hidden = self.page, self.muted, self.hidden_by
        self.page = page = Writing()
        self.muted = False
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ValueError(f"it nests deeper than {MAX_DEPTH} commands; refused")
        try:
            yield page
            outer.after += [*page.pieces, *page.after]
        finally:
            self.depth -= 1
            self.page, self.muted, self.hidden_by = outer, muted, hidden

    def read_inline(self, source: str) -> str:
        """Give a source as one text on one line."""
        return " ".join(self.inline(tokenise(source)[0]).split())

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

    def note(self, why: str) -> None:
        """Keep what could not be read as it is meant; told once."""
        if why and why not in self.notes and len(self.notes) < MAX_NOTES:
            self.notes.append(why)

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
            self.say(punctuated(text))
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
        elif kind in {"$", "$$"}:
            self.handlers[kind](self, kind)
        elif kind == "verb":
            self.say(text)
        elif kind == "verbatim":
            self.place(Piece(BlockKind.FORMULA, text))
        elif kind == "end" and text == "file":
            self._enter(None)

    def _close_group(self) -> None:
        if not self._groups:
            return
        before = self._groups.pop()
        if self.hidden_by and not before:
            self._tell_secret(self.hidden_by)
        self.hidden_by = before

    def _sign(self, text: str) -> None:
        if text in {"(", "["}:
            self.handlers["\\" + text](self, text)
        elif text in self.macros.commands:
            self.macros.expand(text, self.tokens)
        elif text in TEXT_ACCENTS:
            self._accent(text)
        elif text == "\\":
            self.tokens.star()
            following = self.tokens.optional()
            if following is not None and not is_length(following):
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
        self.say(unicodedata.normalize("NFC", letters[0] + TEXT_ACCENTS[name] + letters[1:]))

    def maths(self, tokens: list[Token]) -> str:
        """Give maths as text, the paper's own commands expanded first."""
        return maths.of_tokens(understood(self, self.expanded(tokens)))

    def expanded(self, tokens: list[Token]) -> list[Token]:
        """Give tokens with every command of the paper replaced by what it stands for, and the branches that are typeset."""
        stop: Token = ("end", "maths")
        self.tokens.push([stop])
        self.tokens.push(tokens)
        in_maths, self.in_maths = self.in_maths, True
        out: list[Token] = []
        while (token := self.tokens.next()) is not None and token != stop:
            kind, name = token
            if kind in {"word", "sign"} and name in self.macros.commands:
                self.macros.expand(name, self.tokens)
            elif kind != "word":
                out.append(token)
            elif name == "label":
                self.label(plain(self.tokens.argument()))
            elif name in _AT_ONCE or (name[:2].lower() == "if" and name != "iff"):
                self.command(name)
            elif name in self.packaged:
                out.append(("verb", self.spoken(self.packaged[name], name)))
            elif name not in {"nonumber", "notag"}:
                out.append(token)
        self.in_maths = in_maths
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
        else:
            self._known_word(name)

    def _known_word(self, name: str) -> None:
        table = words()
        if name in self.packaged:
            self.packaged[name](self, name)
        elif (told := table.words.get(name) or table.classes.get(name)) is not None:
            self.say(told)
        elif name in table.struck:
            self.comments.append((self.file_name, plain(self.take(table.struck[name])[-1] or [])))
        elif name in table.show:
            self.tokens.push(self.take(table.show[name])[-1] or [])
        elif name in table.drop:
            self.take(table.drop[name].replace("m", "om"))  # \cortext[a]{…}, \address[b]{…}: an option may stand before each
        elif name in TEXT_ACCENTS and len(name) == 1:
            self._accent(name)
        elif name.endswith(("true", "false")) and not name.startswith("if"):
            self.macros.flags[name.removesuffix("true").removesuffix("false")] = name.endswith("true")
        elif (shown := maths.symbol(name)) is not None:
            self.say(shown)
        else:
            self.handlers["\\unknown"](self, name)

    def _is_known_beforehand(self, name: str) -> bool:
        return words().has(name) or maths.symbol(name) is not None

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

    @property
    def file_name(self) -> str:
        """The file that is being read, for people."""
        return str((self.open_files or [self.main])[-1])

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
        self._enter(path)
        self.tokens.push([("end", "file")])
        self.tokens.push(tokens)

    def _enter(self, path: PurePosixPath | None) -> None:
        """Begin a file, or go back to the one before it."""
        if path is not None:
            self.open_files.append(path)
        elif self.open_files:
            self.open_files.pop()
        self.macros.is_style = bool(self.open_files) and self.open_files[-1].suffix in STYLES
