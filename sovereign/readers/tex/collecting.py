r"""Take what stands up to a closing mark: an environment's \end, the second dollar. The paper's own shorthands are expanded on the way.

What never ends is given back and read as text, and what was taken for a formula but holds a heading or a run of plain words too: a mark
that somebody forgot must not cost the rest of the paper. Each time a Gap says so.
"""

from __future__ import annotations

from sovereign.readers.tex.run import Run
from sovereign.readers.tex.tokens import Token, plain

MAX_GIVEN_BACK = 50
"""Times that a source is given back; each may cost a look at all of it, and a paper has a handful of forgotten marks."""
MAX_PLAIN_WORDS = 7
"""Plain words one after the other in a formula, outside braces; the longest run in the real papers' formulas has 3 (2026-11-27)."""
_HEADINGS = frozenset("part chapter section subsection subsubsection newsec subsec head subhead".split())
_SHOWN_CHARS = 60


def environment(run: Run, name: str) -> list[Token] | None:
    r"""Take everything up to the \end that closes the environment `name`; None, and a Gap, where it never ends: nothing is taken then."""
    taken: list[Token] = []
    opened: list[str] = []
    depth = 1
    while (token := run.tokens.next()) is not None:
        if token[0] == "end":
            run.tokens.push([token])
            break
        if token[0] != "word":
            taken.append(token)
        elif token[1] in {"begin", "end"}:
            inside = run.tokens.argument()
            inner = plain(inside).strip()
            if inner == name:
                depth += 1 if token[1] == "begin" else -1
                if depth == 0:
                    return taken
            elif _is_shorthand_environment(run, token[1], inner, "begin", opened):
                continue
            taken += [token, ("{", "{"), *inside, ("}", "}")]
        elif "begin" in run.macros.marks(token[1]):
            run.macros.expand(token[1], run.tokens)
        elif token[1] == "end" + name:
            return taken  # \equation … \endequation, as plain TeX would write it
        else:
            taken.append(token)
    give_back(run, taken, f"the environment “{name[:_SHOWN_CHARS]}” never ends; what follows is read as text")
    return None


def _is_shorthand_environment(run: Run, word: str, name: str, mark: str, opened: list[str]) -> bool:
    """Whether an environment of the paper's own begins or ends with the mark that is looked for; if so, what it stands for is put there."""
    own = run.macros.environments.get(name)
    if own is None or not any(mark in run.macros.marks_of(body) for body in (own[0].body, own[1])):
        return False
    if word == "begin":
        opened.append(name)
        run.macros.begin(name, run.tokens)
        return True
    if opened and opened[-1] == name:
        opened.pop()
    elif run.environments and run.environments[-1] == "own":
        run.environments.pop()
    run.tokens.push(own[1])
    return True


def until(run: Run, mark: str, *, kind: str = "") -> list[Token] | None:
    """Take the tokens before the mark that closes a formula; None, and a Gap, where it is none: then all of it is read as text."""
    taken: list[Token] = []
    opened: list[str] = []
    is_inline = mark in {"$", ")"}
    is_closed = False
    while (token := run.tokens.peek()) is not None and token[0] != "end" and not is_closed:
        if (token[0] == "par" and is_inline) or (token[0] == "word" and token[1] in _HEADINGS):
            break
        run.tokens.next()
        if token == ((kind or mark), mark):
            is_closed = True
        elif token[0] == "word" and token[1] in {"begin", "end"} and run.macros.environments:
            inside = run.tokens.argument()
            if not _is_shorthand_environment(run, token[1], plain(inside).strip(), mark, opened):
                taken += [token, ("{", "{"), *inside, ("}", "}")]
        elif token[0] == "word" and mark in run.macros.marks(token[1]):
            run.macros.expand(token[1], run.tokens)
        else:
            taken.append(token)
            if token[0] == "{":
                taken += [*run.tokens.group(), ("}", "}")]
    if is_closed and not is_prose(taken):
        return taken
    shown = " ".join(plain(taken[:40]).split())[:_SHOWN_CHARS]
    why = "holds running text" if is_closed else "never ends"
    give_back(run, taken, f"the formula that begins with “{shown}” {why}; it is read as text", is_short=is_inline)
    return None


def is_prose(tokens: list[Token]) -> bool:
    """Whether a formula's tokens hold a heading, or more plain words in a row than a formula has."""
    words = depth = 0
    for kind, text in tokens:
        depth += {"{": 1, "}": -1}.get(kind, 0)
        if kind == "word" and text in _HEADINGS:
            return True
        if depth == 0 and kind == "text" and len(text) > 1 and text.strip(".,;:").isalpha():
            words += 1
            if words > MAX_PLAIN_WORDS:
                return True
        elif kind != " ":
            words = words if kind == "text" and text.isalpha() else 0
    return False


def give_back(run: Run, taken: list[Token], why: str, *, is_short: bool = False) -> None:
    """Put tokens back to be read as text, and note why.

    Raises:
        ValueError: It has happened more often than in any paper.
    """
    run.note(why)
    if not is_short:
        run.given_back += 1
        if run.given_back > MAX_GIVEN_BACK:
            raise ValueError(f"more than {MAX_GIVEN_BACK} of its formulas, environments and conditions never end; refused")
    run.tokens.give_back(taken)
