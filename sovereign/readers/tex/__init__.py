"""LaTeX source to a Document: hidden text and the comments' words are looked at, but never part of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote

from sovereign.citing import bylines, dates
from sovereign.language.encodings import declared
from sovereign.model import BlockKind, Document, Form, Gap, GapKind, Sign, SignKind
from sovereign.readers.building import Extras, Piece, build, files_sha256, without_number
from sovereign.readers.tex import (
    acronyms,
    bibliography,
    branches,
    class_words,
    conditions,
    environments,
    floats,
    formulas,
    inline,
    made,
    named,
    old_styles,
    printed,
    pseudocode,
    quantities,
    structure,
    tables,
    title_page,
    typed_list,
    unknown,
    unseen,
)
from sovereign.readers.tex.citations import resolve as resolve_marks
from sovereign.readers.tex.files import decode, main_file, manifest
from sovereign.readers.tex.run import Run
from sovereign.readers.tex.words import PLACEHOLDER
from sovereign.screening.entry import Text
from sovereign.screening.signs import MAX_SHOWN_CHARS, addressed, shown

MIN_HIDDEN_WORDS = 3
MAX_NAMED = 10
# Plain \cite names the authors in the sentence under natbib (its manual, section 2.3); the styles of the ACL turn that round.
_NATBIB = re.compile(r"\\usepackage(?:\[[^\]\n]{0,200}\])?\{[^}\n]{0,200}natbib|\\documentclass(?:\[[^\]\n]{0,200}\])?\{(?:aastex|mnras)")
_PARENTHETICAL = re.compile(r"\{(?:acl|emnlp|naacl|eacl|coling|tacl)\w*\}")
_PHYSICS = re.compile(r"\\usepackage(?:\[[^\]\n]{0,200}\])?\{[^}\n]{0,200}\bphysics\b")
HANDLERS = {
    **structure.HANDLERS,
    **old_styles.HANDLERS,
    **bibliography.HANDLERS,
    **environments.HANDLERS,
    **floats.HANDLERS,
    **formulas.HANDLERS,
    **conditions.HANDLERS,
    **branches.HANDLERS,
    **acronyms.HANDLERS,
    **quantities.HANDLERS,
    **unknown.HANDLERS,
    **tables.HANDLERS,
    **unseen.HANDLERS,
    **inline.HANDLERS,
    **named.HANDLERS,
    **made.HANDLERS,
    **pseudocode.HANDLERS,
    **printed.HANDLERS,
}

_COMMENT = re.compile(r"(?<!\\)%[^\n]*+")
_COMMAND = re.compile(r"\\(?:[A-Za-z@]++\*?|.)")
_SIGNS = re.compile(r"[{}$&~^_#]++")
PACKAGED = {
    **bibliography.PACKAGED,
    **acronyms.PACKAGED,
    **quantities.PACKAGED,
    **inline.PACKAGED,
    **old_styles.PACKAGED,
    **printed.PACKAGED,
    **made.PACKAGED,
    **class_words.PACKAGED,
    **pseudocode.PACKAGED,
}
"""What commands of packages mean in a paper that does not define them itself."""
MAX_FRONT_CHARS = 1_000_000
"""So much of a source's main files, all together, is looked through for who wrote it and when: a byline further in is none."""
_FRONT = (b"\\documentclass", b"\\documentstyle", b"\\begin{document}", b"\\endtopmatter")
_AMS_TEX = re.compile(r"\\document(?![a-zA-Z])")
_LINK = re.compile(r"\\(?:href|url|nolinkurl)\s*+\{([^{}]*+)\}")
_SEPARATORS = re.compile(r"[/_?=&+#-]++")
_ALT = re.compile(r"\balt\s*=\s*\{([^{}]*)\}")


def read_latex(paper: str, files: Mapping[PurePosixPath, bytes]) -> Document:
    """Read a LaTeX source: its files by relative path.

    Raises:
        ValueError: There is no LaTeX in it, or it breaks a bound (nesting, expansion, size).
    """
    main = main_file(files)
    run = Run(files, main, HANDLERS, PACKAGED)
    run.encoding = declared(files[main])
    source = decode(files[main])
    run.muted = "\\begin{document}" in source.replace(" ", "") or _AMS_TEX.search(source) is not None
    run.index.is_textual = _NATBIB.search(source) is not None and _PARENTHETICAL.search(source) is None
    run.has_physics = _PHYSICS.search(source) is not None
    run.replaces_first = "{aastex" in source
    try:
        run.read_all(main, source)
    except RecursionError as error:
        raise ValueError("it nests too deeply; refused") from error
    run.page.flush()
    for other in manifest(files)[0][1:]:
        run.note(f"the source names {str(other)!r} as a paper of its own beside this one; it is not read")
    page = title_page.labelled(run.page.pieces)
    title = run.title or page.title or title_page.large_words(run, source)
    pieces: Sequence[Piece] = run.page.pieces if run.title else title_page.set_apart(run.page.pieces, title)
    typed = typed_list.find(pieces) if not run.index.entries else typed_list.Typed()
    pieces = [*pieces[: typed.start], *pieces[typed.end :]]
    found = next((told for name, text in _mains(files, main) if (told := dates.told(text, name.stem))), None)
    extras = Extras(
        authors=page.authors or next((people for _, text in _mains(files, main) if (people := bylines.from_latex(text))), ()),
        published=found.day if found else None,
        dated=found.by if found else "",
        title=resolve_marks(title, run.index),
        references=[resolve_marks(entry, run.index) for entry in (*run.index.entries, *typed.entries)],
        source_sha256=files_sha256(files),
        signs=[*_signs(paper, run), *_unprinted(paper, files, source)],
        asides=[
            Text(f"source of {main}", _bare(source)),
            Text("addresses of links", "\n\n".join(_addresses(source))),
            Text("reference list", _bare("\n\n".join(_lists(files)))),
        ],
        gaps=_gaps(paper, run),
        appendix_from=typed.moved(run.appendix_from),
        abstract_to=typed.moved(run.abstract_to),
    )
    return build(paper, Form.LATEX, [_finished(piece, run) for piece in pieces], extras)


def _mains(files: Mapping[PurePosixPath, bytes], main: PurePosixPath) -> Iterator[tuple[PurePosixPath, str]]:
    """Yield the main file, and then each other one that may be the paper's, by name and text, up to MAX_FRONT_CHARS of all."""
    room = MAX_FRONT_CHARS
    for name in sorted(files, key=lambda name: (name != main, name)):
        if room > 0 and any(mark in files[name] for mark in _FRONT):
            text = decode(files[name][: 4 * room])[:room]
            room -= len(text)
            yield name, text


def _addresses(source: str) -> Iterator[str]:
    """Yield the words in the addresses that a source links to; their percent signs begin no comments."""
    for address in _LINK.findall(source):
        words = _SEPARATORS.sub(" ", unquote(address.replace("\\%", "%")))
        if len(words.split()) > MIN_HIDDEN_WORDS:
            yield words


def _bare(source: str) -> str:
    """Give a source without comments and commands: whatever no program prints is in it too."""
    return _SIGNS.sub(" ", _COMMAND.sub(" ", _COMMENT.sub("", source)))


def _lists(files: Mapping[PurePosixPath, bytes]) -> Iterator[str]:
    for name, data in sorted(files.items()):
        if name.suffix == ".bbl":
            yield decode(data)


def _finished(piece: Piece, run: Run) -> Piece:
    text = resolve_marks(piece.text, run.index)
    if piece.kind is BlockKind.PROSE:
        return Piece(title_page.kind_of(text), text)
    return replace(piece, text=without_number(text) if piece.kind is BlockKind.HEADING else text)


def _gaps(paper: str, run: Run) -> list[Gap]:
    found = [Gap("read", paper, f"the source names {name!r}, which is not in it", GapKind.MISSING) for name in dict.fromkeys(run.missing)]
    found += [Gap("read", paper, note, GapKind.UNREADABLE) for note in run.notes]
    if run.unknown:
        names = ", ".join(f"\\{name}" for name in list(run.unknown)[:MAX_NAMED])
        more = f" and {len(run.unknown) - MAX_NAMED} more" if len(run.unknown) > MAX_NAMED else ""
        why = f"its text uses commands that its source does not define, “{PLACEHOLDER}” stands in their place: {names}{more}"
        found.append(Gap("read", paper, why, GapKind.MISSING))
    return found


def _signs(paper: str, run: Run) -> list[Sign]:
    found = [
        Sign(SignKind.HIDDEN, paper, how, shown(words)[:MAX_SHOWN_CHARS])
        for how, words in run.hidden
        if len(words.split()) >= MIN_HIDDEN_WORDS
    ]
    for how, words in run.hidden:
        found += addressed(words, paper, how, hidden=True)
    for name in dict.fromkeys(name for name, _ in run.comments):
        text = "\n".join(words for file, words in run.comments if file == name)
        # Authors talk of reviewers among themselves in comments: only what would be an order in the open counts.
        found += addressed(text, paper, f"comment in {name}")
    return found


def _unprinted(paper: str, files: Mapping[PurePosixPath, bytes], source: str) -> list[Sign]:
    """Look at what is written for machines alone: after the document's end, and as a picture's alternative text."""
    found = [*addressed(source.partition("\\end{document}")[2], paper, "after the end of the document", hidden=True)]
    for name, data in sorted(files.items()):
        if name.suffix in {".tex", ".ltx"}:
            spoken = "\n".join(_ALT.findall(decode(data)))
            found += addressed(spoken, paper, f"alternative text in {name}", hidden=True)
    return found
