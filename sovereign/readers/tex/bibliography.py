r"""Reference lists of LaTeX sources: \bibitem, BibLaTeX's \entry, and as a last resort the cited entries of a .bib file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sovereign.readers.tex.collecting import environment
from sovereign.readers.tex.files import decode
from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import Token, plain

MAX_ENTRIES = 5_000
_BIBLATEX = re.compile(r"\\entry\{(?P<key>[^{}]+)\}\{[^{}]*\}\{[^\n]*\n(?P<body>.*)", re.DOTALL)
_FIELD = re.compile(r"\\field\{(?P<name>[a-z]+)\}\{(?P<value>(?:[^{}]|\{[^{}]*+\})*+)\}")
_FAMILY = re.compile(r"family=\{(?P<name>(?:[^{}]|\{[^{}]*+\})*+)\}")
_BIB_ENTRY = re.compile(r"@(?P<kind>\w+)\s*\{\s*(?P<key>[^\s,{}]+)\s*,")
_DEEP = r"\{[^{}]*+\}"
_DEEPER = rf"\{{(?:[^{{}}]++|{_DEEP})*+\}}"
_DEEPEST = rf"\{{(?:[^{{}}]++|{_DEEPER})*+\}}"
_GROUPS = rf"\{{(?:[^{{}}]++|{_DEEPEST})*+\}}"
"""Braces in braces, as "{Ly{\\ensuremath{\\alpha}} {Line}}" has them."""
_BIB_FIELD = re.compile(
    rf'(?<!\w)(?P<name>\w++)\s*+=\s*+(?:\{{(?P<braced>(?:[^{{}}]++|{_GROUPS})*+)\}}|"(?P<quoted>(?:[^"{{}}]++|{_GROUPS})*+)"|'
    r'"(?P<odd>[^"]*+)"|(?P<bare>\d++))'
)


def _bibliography(run: Run, _: str) -> None:
    run.tokens.optional()
    run.tokens.argument()
    _read_list(run)


def _printbibliography(run: Run, _: str) -> None:
    run.tokens.optional()
    _read_list(run)


def _read_list(run: Run) -> None:
    """Read the list that lies beside the paper: its .bbl file, else what it cites of its .bib files."""
    if run.index.entries:
        return
    listed = sorted(path for path in run.files if path.suffix == ".bbl" and not path.name.startswith("."))
    same = [path for path in listed if path.stem == run.main.stem] or listed[:1]
    if not same:
        for key, names, year, text in _bib_entries(run):
            _keep(run, key, names, year, text)
        return
    source = decode(run.files[same[0]], run.encoding)
    if "\\entry{" in source and "\\bibitem" not in source:
        for key, names, year, text in _biblatex_entries(source):
            _keep(run, key, names, year, text)
    else:
        run.open_file(same[0], source)


def _keep(run: Run, key: str, names: list[str], year: str, text: str) -> None:
    who = run.read_inline(
        names[0] if len(names) == 1 else " and ".join(names) if len(names) == 2 else f"{names[0]} et al." if names else ""
    )
    run.index.add(key, f"{who}({year})" if who and year else "", run.read_inline(text))


def _biblatex_entries(source: str) -> Iterator[tuple[str, list[str], str, str]]:
    """Yield key, family names, year and text of each entry of a .bbl file that BibLaTeX wrote."""
    for part in source.split("\\endentry")[:MAX_ENTRIES]:
        match = _BIBLATEX.search(part[:20_000])
        if match is None:
            continue
        fields = {field["name"]: field["value"] for field in _FIELD.finditer(match["body"])}
        people = match["body"].partition("\\name{author}")[2].partition("\\strng")[0]
        names = [family["name"] for family in _FAMILY.finditer(people)]
        place = fields.get("journaltitle") or fields.get("booktitle") or fields.get("eprint", "")
        parts = [", ".join(names), fields.get("title", ""), place, fields.get("year", "")]
        yield match["key"], names, fields.get("year", ""), ". ".join(part.rstrip(".") for part in parts if part) + "."


def _bib_entries(run: Run) -> Iterator[tuple[str, list[str], str, str]]:
    """Yield the same of the entries of .bib files, by first author; which of them are cited is known only at the end, so all are given."""
    found = []
    for path in sorted(path for path in run.files if path.suffix == ".bib"):
        source = decode(run.files[path], run.encoding)
        starts = list(_BIB_ENTRY.finditer(source))[:MAX_ENTRIES]
        for index, match in enumerate(starts):
            end = starts[index + 1].start() if index + 1 < len(starts) else len(source)
            body = source[match.end() : min(end, match.end() + 5_000)]
            fields = {f["name"].lower(): f["braced"] or f["quoted"] or f["odd"] or f["bare"] or "" for f in _BIB_FIELD.finditer(body)}
            if match["kind"].lower() in {"string", "preamble", "comment"} or "title" not in fields:
                continue
            people = [name.strip() for name in " ".join(fields.get("author", "").split()).split(" and ") if name.strip()]
            names = [name.partition(",")[0].strip() if "," in name else name.split()[-1] for name in people]
            place = fields.get("journal") or fields.get("booktitle") or fields.get("eprint", "")
            parts = [", ".join(people), fields["title"], place, fields.get("year", "")]
            found.append((match["key"], names, fields.get("year", ""), ". ".join(part.rstrip(".") for part in parts if part) + "."))
    cited = run.cited
    yield from sorted((entry for entry in found if entry[0] in cited or "*" in cited), key=lambda entry: (entry[1][:1], entry[2], entry[0]))


def thebibliography(run: Run, name: str) -> None:
    """Read the reference list that the environment `name` holds."""
    if name.startswith("thebibliography") or (run.tokens.peek() or ("", ""))[0] == "{":  # "references" of REVTeX 3 has none
        run.tokens.argument()
    run.end_paragraph()
    inside = environment(run, name) or _rest(run)
    entries: list[list[Token]] = []
    for token in inside:
        if token == ("word", "bibitem"):
            entries.append([])
        elif entries:
            entries[-1].append(token)
    head = inside[: next((i for i, token in enumerate(inside) if token == ("word", "bibitem")), 0)]
    run.inline(head)
    for entry in entries[:MAX_ENTRIES]:
        _bibitem(run, entry)
    run.page.after.clear()


def _rest(run: Run) -> list[Token]:
    """Take what stands up to the next heading: a list that never ends is a list all the same."""
    taken: list[Token] = []
    while (token := run.tokens.peek()) is not None and token[0] != "end":
        if token[0] == "word" and token[1] in {"section", "chapter", "appendix", "end"}:
            break
        run.tokens.next()
        taken.append(token)
    return taken


def _bibitem(run: Run, tokens: list[Token]) -> None:
    stop = ("end", "bibitem")
    run.tokens.push([stop])
    run.tokens.push(tokens)
    label, key = run.tokens.optional(), plain(run.tokens.argument()).strip()
    rest: list[Token] = []
    while (token := run.tokens.next()) is not None and token != stop:
        rest.append(token)
    run.index.add(key, " ".join(run.inline(label or []).split()), " ".join(run.inline(rest).split()))


def _citeauthoryear(run: Run, _: str) -> None:
    r"""Say what chicago.sty and its kin write as a label: \citeauthoryear{all authors}{some}{year}."""
    run.tokens.argument()
    some = run.inline(run.tokens.argument())
    run.say(f"{some}({run.inline(run.tokens.argument())})")


PACKAGED: dict[str, Handler] = {"citeauthoryear": _citeauthoryear}
HANDLERS: dict[str, Handler] = {**all_of("bibliography", _bibliography), **all_of("printbibliography", _printbibliography)}
