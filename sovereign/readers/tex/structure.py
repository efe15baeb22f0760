"""What LaTeX commands of structure do: headings, title, abstract, included files, the bibliography."""

from __future__ import annotations

from pathlib import PurePosixPath

from sovereign.model import BlockKind
from sovereign.readers.building import Piece
from sovereign.readers.tex.files import decode, resolve
from sovereign.readers.tex.old_styles import MAX_AHEAD, argument_of, has_own_appendix, take_adjacent
from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import plain

_LEVELS = {
    "part": 1, "chapter": 1, "section": 1, "subsection": 2, "subsubsection": 3, "subsubsubsection": 4, "paragraph": 4, "subparagraph": 5,
}  # fmt: skip
_OF_TEX = frozenset("amstex amsppt harvmac lanlmac amssym amssymb epsf psfig eplain texsis phyzzx jnl miniltx graphicx".split())
"""Files that come with TeX; no paper brings them."""
_NO_TEXT = frozenset({".pgf", ".tikz", ".pdf_tex", ".pstex_t", ".eps_tex", ".pdf_t", ".clo", ".def", ".cfg", ".fd", ".ldf"})
"""Files that hold a picture or come with TeX: no word of the paper is lost with one."""
MAX_NUMBERED = 3
MAX_STYLE_BYTES = 60_000
"""Style files of a paper's own are short; what is longer lies beside it as a copy of somebody's package (2026-11-27: 2 kB to 25 kB, and
36 kB to 1 MB)."""


def _heading(run: Run, name: str) -> None:
    starred = run.tokens.star()
    run.tokens.optional()
    level = _LEVELS[name]
    if name == "chapter":
        run.counters.setdefault("chapters", 0)
    elif name != "part" and "chapters" in run.counters:
        level += 1  # a section of a chapter
    if not starred and level <= MAX_NUMBERED and name != "part":
        _number_heading(run, level)
    text = run.inline(run.tokens.argument())
    run.place(Piece(BlockKind.HEADING, text.rstrip(" .:") if level >= 4 else text, level))
    if not run.muted:
        _settle_title(run, name)


def _number_heading(run: Run, level: int) -> None:
    run.counters[f"section{level}"] = run.counters.get(f"section{level}", 0) + 1
    for deeper in range(level + 1, MAX_NUMBERED + 1):
        run.counters[f"section{deeper}"] = 0
    numbers = [run.counters.get(f"section{above}", 0) for above in range(1, level + 1)]
    first = chr(64 + numbers[0]) if run.alphabet_sections and 1 <= numbers[0] <= 26 else str(numbers[0])
    run.current_label = ("Section", ".".join([first, *map(str, numbers[1:])]))


def _appendix(run: Run, _: str) -> None:
    run.end_paragraph()
    if has_own_appendix(run):
        return
    if run.appendix_from is None and not run.muted:
        run.appendix_from = len(run.page.pieces)
        run.counters["section1"] = 0
        run.alphabet_sections = True


def _title(run: Run, name: str) -> None:
    run.tokens.star()
    run.tokens.optional()
    text = run.inline(argument_of(run, name))
    run.page.after.clear()
    if text.strip() and not run.has_title:
        run.title = text


def _settle_title(run: Run, _: str) -> None:
    r"""The title is what the last \title before \maketitle says; a later one is of a part, a supplement above all."""
    run.has_title = bool(run.title)


def _front_text(run: Run, name: str) -> None:
    run.tokens.star()
    run.tokens.optional()
    known = dict(run.unknown)
    run.inline(argument_of(run, name))
    take_adjacent(run)
    run.unknown = known  # what is not shown lacks nothing
    run.page.after.clear()


def _keywords(run: Run, name: str) -> None:
    text = run.inline(argument_of(run, name))
    if text.strip():
        run.place(Piece(BlockKind.FRONT, "Keywords: " + text))


def _abstract(run: Run, name: str) -> None:
    r"""\abstract{…} of some classes, \abstract … \endabstract of AMS-TeX; \abstract alone opens the environment."""
    run.tokens.optional()
    run.tokens.skip_spaces()
    is_old = run.tokens.has_ahead(("word", "end" + name), MAX_AHEAD)
    if (run.tokens.peek() or ("", ""))[0] != "{" and not is_old:
        return
    muted, run.muted = run.muted, False
    run.place(Piece(BlockKind.HEADING, "Abstract", 1))
    text = run.inline(argument_of(run, name))
    run.place(Piece(BlockKind.PROSE, text))
    if run.abstract_to is None:
        run.abstract_to = len(run.page.pieces)
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
    if name == "include" and run.only and wanted.removesuffix(".tex") not in run.only:
        return
    path = resolve(wanted, run.files, near)
    if path is None:
        if wanted and PurePosixPath(wanted).stem not in _OF_TEX and PurePosixPath(wanted).suffix not in _NO_TEXT:
            run.missing.append(wanted)
        return
    run.open_file(path, decode(run.files[path], run.encoding), only_body=True)


def _usepackage(run: Run, name: str) -> None:
    """Read the paper's own commands out of a style or class file that lies beside it; what makes up how it looks inside is not read."""
    run.tokens.optional()
    suffix = ".cls" if name in {"documentclass", "LoadClass", "documentstyle"} else ".sty"
    for wanted in plain(run.tokens.argument()).split(","):
        named = PurePosixPath(wanted.strip() + suffix)
        path = named if named in run.files else next((p for p in run.files if p.name == named.name), None)
        if path is not None and len(run.files[path]) <= MAX_STYLE_BYTES:
            run.open_file(path, decode(run.files[path], run.encoding))
    run.tokens.optional()


HANDLERS: dict[str, Handler] = {
    **all_of(" ".join(_LEVELS), _heading),
    **all_of("appendix appendices", _appendix),
    **all_of("title icmltitle", _title),
    "maketitle": _settle_title,
    **all_of(
        "author subtitle date institute affiliation thanks shortauthors email icmlauthor address affil curraddr urladdr "
        "subjclass dedicatory translator Date",
        _front_text,
    ),
    **all_of("keywords keyword", _keywords),
    **all_of("abstract abst", _abstract),
    **all_of("acknowledgments acknowledgements acknowledgement acknowledgment ack", _acknowledgements),
    **all_of("input include subfile import subimport subfileinclude", _input),
    **all_of("usepackage RequirePackage RequirePackageWithOptions documentclass LoadClass LoadClassWithOptions", _usepackage),
}
