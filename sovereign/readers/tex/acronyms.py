r"""Short forms that a paper declares once: \newacronym and \gls of glossaries, \DeclareAcronym and \ac of acro, \acrodef of acronym.

The first use is written out with its short form in brackets, as those packages print it.
"""

from __future__ import annotations

import re

from sovereign.readers.tex.files import decode, is_tex
from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import Token, Tokens, plain, tokenise
from sovereign.readers.tex.words import PLACEHOLDER

MAX_AHEAD = 500
"""Declarations that are looked for behind the use of what they declare."""
MAX_DECLARED_CHARS = 1_500
MAX_LOOKED_THROUGH_CHARS = 2_000_000
_PLURAL = "plural of "
_DECLARED = re.compile(r"\\(acro|acrodef|newacro|acroplural|acrodefplural|newacronym|DeclareAcronym)(?![A-Za-z])")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*+")

_KEY = re.compile(r"(?P<name>[a-z][a-z-]{0,30})\s{0,9}=\s{0,9}(?:\{(?P<braced>(?:[^{}]|\{[^{}]{0,200}\})*+)\}|(?P<bare>[^,{}]{0,200}))")


def _newacronym(run: Run, _: str) -> None:
    run.tokens.optional()
    key = plain(run.tokens.argument()).strip()
    short, long = run.tokens.argument(), run.tokens.argument()
    run.acronyms[key] = (short, long)


def _acrodef(run: Run, _: str) -> None:
    key = run.tokens.argument()
    short = run.tokens.optional() or key
    run.acronyms[plain(key).strip()] = (short, run.tokens.argument())


def _declare(run: Run, name: str) -> None:
    key = plain(run.tokens.argument()).strip()
    fields = {m["name"]: m["braced"] or m["bare"] or "" for m in _KEY.finditer(plain(run.tokens.argument())[:20_000])}
    if name == "DeclareAcronym":
        short, long = fields.get("short", key), fields.get("long", "")
    else:
        short = long = fields.get("name", key)
        if fields.get("first"):
            long = fields["first"]
    run.acronyms[key] = (tokenise(short)[0], tokenise(long)[0])
    if name != "DeclareAcronym" and not fields.get("first"):
        run.used_acronyms.add(key)


def _use(run: Run, name: str) -> None:
    run.tokens.star()
    run.tokens.optional()
    key = plain(run.tokens.argument()).strip()
    run.tokens.optional()
    known = run.acronyms.get(key) or _ahead(run, key)
    if known is None:
        run.say(PLACEHOLDER)
        run.unknown[f"{name}{{{key[:40]}}}"] = 1
        return
    lower = name.casefold()
    is_plural = lower.endswith(("pl", "p"))
    own = run.acronyms.get(_PLURAL + key) if is_plural else None
    short, long = ((run.inline(part) + ("s" if is_plural and own is None else "")) for part in own or known)
    form = _form(lower.removesuffix("pl").removesuffix("p"), is_first=key not in run.used_acronyms)
    if form != "short" or lower in {"gls", "ac"}:
        run.used_acronyms.add(key)
    text = {"short": short, "long": long, "full": f"{long} ({short})" if long != short else long}[form]
    run.say(text[:1].upper() + text[1:] if name[:1].isupper() else text)


def _ahead(run: Run, key: str) -> tuple[list[Token], list[Token]] | None:
    r"""Give an acronym that the source declares behind its use, as a list at the end does; LaTeX knows it from its last run."""
    if not run.has_looked_ahead:
        run.has_looked_ahead = True
        before, outer = dict(run.acronyms), run.tokens
        found, room = 0, MAX_LOOKED_THROUGH_CHARS
        for path in sorted(path for path in run.files if is_tex(path)):
            source = _COMMENT.sub("", decode(run.files[path][:room], run.encoding))
            room -= len(source)
            for declared in _DECLARED.finditer(source):
                found += 1
                if found <= MAX_AHEAD:
                    run.tokens = Tokens(tokenise(source[declared.end() : declared.end() + MAX_DECLARED_CHARS])[0])
                    _DECLARERS[declared[1]](run, declared[1])
        run.acronyms, run.tokens = run.acronyms | before, outer
    return run.acronyms.get(key)


def _form(name: str, *, is_first: bool) -> str:
    if name in {"acrshort", "acs", "glsentryshort", "acshort"}:
        return "short"
    if name in {"acrlong", "acl", "glsentrylong", "aclong"}:
        return "long"
    return "full" if is_first or name in {"acrfull", "acf", "glsfirst", "acfull"} else "short"


def _acro(run: Run, _: str) -> None:
    r"""\acro{key}[short]{long} in the list of acronyms: declared here, used everywhere."""
    before = run.tokens.argument()
    short: list[Token] | None = run.tokens.optional()
    if (run.tokens.peek() or ("", ""))[0] == "{":
        run.acronyms[plain(before).strip()] = (short or before, run.tokens.argument())
    else:
        run.tokens.push(before)


def _plural(run: Run, _: str) -> None:
    r"""\\acroplural{key}[short forms]{long forms}, \\acrodefplural."""
    key = run.tokens.argument()
    short = run.tokens.optional() or [*key, ("text", "s")]
    run.acronyms[_PLURAL + plain(key).strip()] = (short, run.tokens.argument())


_USES = "gls Gls glspl Glspl acrshort acrlong acrfull acrshortpl acrlongpl acrfullpl ac Ac acp Acp acs acsp acl aclp acf acfp acpl Acpl"
HANDLERS: dict[str, Handler] = {"newacronym": _newacronym}
_DECLARERS: dict[str, Handler] = {
    **HANDLERS,
    **all_of("acrodef newacro", _acrodef),
    "DeclareAcronym": _declare,
    "acro": _acro,
    **all_of("acroplural acrodefplural newacroplural", _plural),
}
PACKAGED: dict[str, Handler] = {
    **_DECLARERS,
    "newglossaryentry": _declare,
    **all_of(_USES, _use),
}
