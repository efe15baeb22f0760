r"""What pandoc writes, for R Markdown and papaja too: places to jump to, and reference lists without an environment of LaTeX's own.

An entry of such a list is a paragraph behind \hypertarget{ref-key}{} or \bibitem[\citeproctext]{ref-key}; the text cites it by what it
shows itself: \protect\hyperlink{ref-key}{Quill 2001}, \citeproc{ref-key}{1}.
"""

from __future__ import annotations

from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import Token, plain
from sovereign.readers.tex.typed_list import bare

MAX_ENTRIES = 5_000
_ENTRY = "ref-"
_ENDS = frozenset({("word", "bibitem"), ("word", "end"), ("word", "section"), ("word", "hypertarget"), ("word", "vadjust")})


def _target(run: Run, _: str) -> None:
    r"""\hypertarget{key}{words}: the words alone; without words, the start of an entry where the key says so."""
    key = plain(run.tokens.argument()).strip()
    inside = run.tokens.argument()
    if inside or not key.startswith(_ENTRY):
        run.tokens.push([("{", "{"), *inside, ("}", "}")])
    else:
        _entry(run, key)


def _shown(run: Run, _: str) -> None:
    run.tokens.push(run.tokens.argument())


def _link(run: Run, _: str) -> None:
    run.tokens.argument()
    run.tokens.push([("{", "{"), *run.tokens.argument(), ("}", "}")])


def _item(run: Run, _: str) -> None:
    r"""A \bibitem outside a list of LaTeX's own."""
    run.tokens.optional()
    _entry(run, plain(run.tokens.argument()).strip())


def _entry(run: Run, key: str) -> None:
    """Take a paragraph as an entry of the reference list."""
    taken: list[Token] = []
    while (token := run.tokens.peek()) is not None and token[0] not in {"end", "par"} and token not in _ENDS:
        run.tokens.next()
        taken.append(token)
    text = " ".join(run.inline(taken).split())
    if text and not run.muted and len(run.index.entries) < MAX_ENTRIES:
        run.index.add(key, "", bare(text))


def _adjusted(run: Run, _: str) -> None:
    r"""\vadjust pre{…}: what stands in it belongs between the lines; in pandoc's lists it is the place to jump to."""
    run.tokens.skip_spaces()
    kind, text = run.tokens.peek() or ("", "")
    if kind == "text" and text.startswith("pre"):
        run.tokens.next()
        run.tokens.push([(kind, text[3:])] if text[3:] else [])
    run.tokens.push(run.tokens.argument())


def is_cited(tokens: list[Token]) -> bool:
    """Whether tokens hold a citation that says itself what it shows."""
    words = {text for kind, text in tokens if kind == "word"}
    return "citeproc" in words or ("hyperlink" in words and _ENTRY in plain(tokens))


HANDLERS: dict[str, Handler] = {"pandocbounded": _shown, "citeproc": _link, "bibitem": _item}
PACKAGED: dict[str, Handler] = {
    "hypertarget": _target,
    **all_of("hyperlink", _link),
    "vadjust": _adjusted,
}
