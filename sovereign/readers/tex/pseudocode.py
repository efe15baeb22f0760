r"""Programs in the words of a paper: \For{…} … \EndFor of algpseudocode and algorithmic, \For{…}{…} and \KwIn of algorithm2e.

Each command prints its word and begins a line; a paper's own words (\SetKwInOut{Input}{Given}) are defined as they say.
"""

from __future__ import annotations

from sovereign.readers.tex.run import Handler, Run, all_of
from sovereign.readers.tex.tokens import Token, plain

_BLOCKS = {
    "for": ("for", "do"), "forall": ("for all", "do"), "foreach": ("for each", "do"), "while": ("while", "do"), "if": ("if", "then"),
    "elsif": ("else if", "then"), "elseif": ("else if", "then"), "until": ("until", ""), "case": ("case", "do"),
    "switch": ("switch", "do"), "loop": ("loop", ""), "repeat": ("repeat", ""), "else": ("else", ""), "other": ("otherwise", ""),
    "upon": ("upon", "do"),
}  # fmt: skip
"""The words of a block before and behind what it is given."""
_BARE = frozenset({"loop", "repeat", "else", "other"})
_ENDED = "for if while loop procedure function case switch repeat"
_LABELS = {
    "require": "Require", "ensure": "Ensure", "input": "Input", "output": "Output",
    "kwin": "Input", "kwout": "Output", "kwdata": "Data", "kwresult": "Result",
}  # fmt: skip
_CALLED = "@called"
_LINE: Token = ("sign", "\\")


def _line(run: Run, _: str) -> None:
    run.tokens.push([_LINE])


def _block(run: Run, name: str) -> None:
    """Say a block's words; a second group is its inside, as algorithm2e writes it, and a third what follows its else."""
    kind = name.lower() if name.lower() in _BLOCKS else name[1:].lower()
    before, behind = _BLOCKS[kind]
    out: list[Token] = [_LINE, ("text", before), (" ", " ")]
    if kind == "repeat" and _opens(run):
        condition, inside = run.tokens.argument(), run.tokens.argument()
        run.tokens.push([*out, _LINE, *inside, _LINE, ("text", "until"), (" ", " "), *condition, _LINE])
        return
    if kind not in _BARE:
        out += [("{", "{"), *run.tokens.argument(), ("}", "}"), (" ", " "), ("text", behind)]
    if _opens(run):
        out += [_LINE, *run.tokens.argument()]
        if name == "eIf" and _opens(run):
            out += [_LINE, ("text", "else"), _LINE, *run.tokens.argument()]
        out.append(_LINE)
    else:
        out.append((" ", " "))
    run.tokens.push(out)


def _opens(run: Run) -> bool:
    """Whether a group follows; a comment's or line's end may stand before it."""
    run.tokens.skip_spaces()
    return (run.tokens.peek() or ("", ""))[0] == "{"


def _ended(run: Run, name: str) -> None:
    run.tokens.push([_LINE, ("text", f"end {name[3:].lower()}"), _LINE])


def _named(run: Run, name: str) -> None:
    r"""\Procedure{Name}{a, b}, \Call{Name}{a, b}."""
    called, given = run.tokens.argument(), run.tokens.argument()
    word = [] if name == "Call" else [_LINE, ("text", name.lower()), (" ", " ")]
    run.tokens.push([*word, *called, ("text", "("), *given, ("text", ")"), *([] if name == "Call" else [_LINE])])


def _labelled(run: Run, name: str) -> None:
    given = run.tokens.argument() if _opens(run) else []
    run.tokens.push([_LINE, ("text", _LABELS[name.lower()] + ":"), (" ", " "), *given])


def _returned(run: Run, _: str) -> None:
    run.tokens.push([_LINE, ("text", "return"), (" ", " ")])


def _remark(run: Run, _: str) -> None:
    run.tokens.star()
    run.tokens.optional()
    run.tokens.push([(" ", " "), ("text", "▷"), (" ", " "), *run.tokens.argument(), _LINE])


def _own_word(run: Run, name: str) -> None:
    r"""\SetKwInOut{Input}{Given}, \SetKwFunction{Find}{find}, \SetKwProg{Fn}{Function}{:}{end}: commands of a paper's own programs."""
    command = plain(run.tokens.argument()).strip().lstrip("\\").strip()
    shown = run.tokens.argument()
    first: list[Token] = [("#", "#"), ("text", "1")]
    body: list[Token] = shown
    count = 0
    if name in {"SetKwInOut", "SetKwInput"}:
        body, count = [_LINE, *shown, ("text", ":"), (" ", " "), *first], 1
    elif name == "SetKwComment":
        run.tokens.argument()
        body, count = [("word", "tcp"), ("{", "{"), *first, ("}", "}")], 1
    elif name in {"SetKwProg", "SetKwFor"}:
        run.tokens.argument()
        run.tokens.argument()
        body, count = [_LINE, *shown, (" ", " "), *first, _LINE, ("#", "#"), ("text", "2"), _LINE], 2
    elif name == "SetKwFunction":
        body = [*shown, ("word", _CALLED)]
    if command.isalpha() and command not in run.macros.commands:
        run.macros.add(command, tuple(body), count)


def _called(run: Run, _: str) -> None:
    """Set what a function is given in brackets, where it is given anything."""
    if (run.tokens.peek() or ("", ""))[0] == "{":
        run.tokens.push([("text", "("), *run.tokens.argument(), ("text", ")")])


HANDLERS: dict[str, Handler] = {_CALLED: _called}
PACKAGED: dict[str, Handler] = {
    **all_of("State STATE Statex STATEX BlankLine", _line),
    **all_of("For FOR ForAll FORALL ForEach While WHILE If IF ElsIf ELSIF ElseIf Until UNTIL Switch Case Upon", _block),
    **all_of("Loop LOOP Repeat REPEAT Else ELSE Other uIf lIf eIf uElseIf lElseIf uElse lElse lFor lForEach lWhile uCase lCase", _block),
    **all_of(" ".join(f"End{word.title()} END{word.upper()}" for word in _ENDED.split()), _ended),
    **all_of("Procedure Function Call", _named),
    **all_of("Require REQUIRE Ensure ENSURE KwIn KwOut KwData KwResult INPUT OUTPUT", _labelled),
    **all_of("Return RETURN KwRet KwReturn", _returned),
    **all_of("Comment COMMENT tcp tcc tcpas", _remark),
    **all_of("SetKwInOut SetKwInput SetKwFunction SetKwData SetKw SetKwComment SetKwProg SetKwFor", _own_word),
}
