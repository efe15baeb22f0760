"""What LaTeX commands of structure do: headings, title, abstract, included files, the bibliography."""

from __future__ import annotations

import re

from sovereign.model import BlockKind
from sovereign.readers.building import Piece
from sovereign.readers.tex.files import decode, resolve
from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import plain

_LEVELS = {"part": 1, "chapter": 1, "section": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4, "subparagraph": 5}


def _heading(run: Run, name: str) -> None:
    starred = run.tokens.star()
    run.tokens.optional()
    level = _LEVELS[name]
    if not starred and level <= 3:
        _number_heading(run, level)
    text = run.inline(run.tokens.argument())
    run.place(Piece(BlockKind.HEADING, text.rstrip(" .:") if level >= 4 else text, level))


def _number_heading(run: Run, level: int) -> None:
    run.counters[f"section{level}"] = run.counters.get(f"section{level}", 0) + 1
    for deeper in range(level + 1, 4):
        run.counters[f"section{deeper}"] = 0
    numbers = [run.counters.get(f"section{above}", 0) for above in range(1, level + 1)]
    first = chr(64 + numbers[0]) if run.alphabet_sections and 1 <= numbers[0] <= 26 else str(numbers[0])
    run.current_label = ("Section", ".".join([first, *map(str, numbers[1:])]))


def _appendix(run: Run, _: str) -> None:
    run.end_paragraph()
    if run.appendix_from is None and not run.muted:
        run.appendix_from = len(run.page.pieces)
        run.counters["section1"] = 0
        run.alphabet_sections = True


def _title(run: Run, _: str) -> None:
    run.tokens.optional()
    text = run.inline(run.tokens.argument())
    run.page.after.clear()
    run.title = run.title or text


def _front_text(run: Run, _: str) -> None:
    run.tokens.optional()
    argument = run.tokens.argument()
    run.inline(argument)
    run.page.after.clear()


def _keywords(run: Run, _: str) -> None:
    text = run.inline(run.tokens.argument())
    if text.strip():
        run.place(Piece(BlockKind.FRONT, "Keywords: " + text))


def _abstract(run: Run, _: str) -> None:
    r"""\abstract{…} of some classes; \abstract alone opens the environment."""
    run.tokens.skip_spaces()
    if (run.tokens.peek() or ("", ""))[0] != "{":
        return
    muted, run.muted = run.muted, False
    run.place(Piece(BlockKind.HEADING, "Abstract", 1))
    text = run.inline(run.tokens.argument())
    run.place(Piece(BlockKind.PROSE, text))
    run.muted = muted


def _acknowledgements(run: Run, _: str) -> None:
    run.place(Piece(BlockKind.HEADING, "Acknowledgements", 1))


# --- files ---


def _input(run: Run, name: str) -> None:
    if name in {"import", "subimport"}:
        run.tokens.argument()
    run.tokens.skip_spaces()
    if (run.tokens.peek() or ("", ""))[0] == "{":
        wanted = plain(run.tokens.argument()).strip()
    else:
        taken = []
        while (token := run.tokens.peek()) is not None and token[0] in {"text", "_", "^", "~", "*"}:
            taken.append(token[1])
            run.tokens.next()
        wanted = "".join(taken)
    wanted = wanted.replace("\\", "").replace(" ", "")
    near = run.open_files[-1] if run.open_files else run.main
    path = resolve(wanted, run.files, near)
    if path is None:
        if wanted:
            run.missing.append(wanted)
        return
    run.open_file(path, decode(run.files[path]), only_body=True)


def _usepackage(run: Run, name: str) -> None:
    """A style file that lies beside the paper may define the paper's own commands."""
    run.tokens.optional()
    for wanted in plain(run.tokens.argument()).split(","):
        path = next((p for p in run.files if p.name == wanted.strip() + ".sty"), None)
        if path is None or name != "usepackage" or len(run.files[path]) > 200_000:
            continue
        text = decode(run.files[path])
        if "\\newcommand" in text and not re.search(r"\\(?:ProvidesPackage|@startsection|NeedsTeXFormat)", text):
            run.open_file(path, text)


HANDLERS: dict[str, Handler] = {
    **all_of(" ".join(_LEVELS), _heading),
    **all_of("appendix appendices", _appendix),
    **all_of("title icmltitle", _title),
    **all_of("author subtitle date institute affiliation thanks shortauthors email icmlauthor", _front_text),
    **all_of("keywords keyword", _keywords),
    **all_of("abstract abst", _abstract),
    **all_of("acknowledgments acknowledgements acknowledgement acknowledgment ack", _acknowledgements),
    **all_of("input include subfile import subimport subfileinclude", _input),
    **all_of("usepackage RequirePackage", _usepackage),
}
