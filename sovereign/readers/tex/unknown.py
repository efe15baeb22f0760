r"""Commands that nobody defines: what they are given is shown, and where they were words a placeholder stands, so that nothing vanishes.

The placeholder is U+FFFD, Unicode's own sign for what could not be read; no claim stands on a sentence that holds it.
"""

from __future__ import annotations

from sovereign.readers.tex.branches import unknown as unknown_test
from sovereign.readers.tex.conditions import condition, is_condition
from sovereign.readers.tex.run import Handler, Run
from sovereign.readers.tex.tokens import Token
from sovereign.readers.tex.words import PLACEHOLDER, words

_COLLECTED = frozenset({"maths", "table", "float", "list"})


def _unknown(run: Run, name: str) -> None:
    if name.startswith("if"):
        if is_condition(run, name):
            condition(run, name)
        else:
            unknown_test(run, name)
    elif words().environments.get(name) in _COLLECTED:
        run.tokens.push([("word", "begin"), ("{", "{"), ("text", name), ("}", "}")])
    elif "@" not in name and words().environments.get(name.removeprefix("end")) not in _COLLECTED:
        _arguments(run, name)


def _arguments(run: Run, name: str) -> None:
    """Show what an unknown command is given; between two arguments nobody knows what it prints."""
    run.tokens.star()
    option = run.tokens.optional() if (run.tokens.peek() or ("", ""))[0] == "[" else None
    groups: list[list[Token]] = []
    if option is not None:
        run.tokens.skip_spaces()
    while (run.tokens.peek() or ("", ""))[0] == "{":
        groups.append(run.tokens.argument())
    if option is not None and not groups:
        run.tokens.push([("[", "["), *option, ("]", "]"), (" ", " ")])
    elif option is not None and holds_words(option):
        groups.insert(0, option)
    if len(groups) == 1 and groups[0]:
        run.tokens.push([("{", "{"), *groups[0], ("}", "}")])
        return
    is_all_words = len(groups) > 1 and all(holds_words(group) for group in groups)
    if not run.muted and not run.hidden_by and not is_all_words:
        run.unknown[name] = run.unknown.get(name, 0) + 1
    shown: list[Token] = []
    before: list[Token] | None = None
    for group in groups or [[]]:
        are_sentences = before is not None and holds_words(before) and holds_words(group)
        if are_sentences:
            shown.append(("par", "\n\n"))
        elif before is not None or len(groups) < 2:
            shown.append(("text", PLACEHOLDER))
        shown += [("{", "{"), *group, ("}", "}")]
        before = group
    run.tokens.push(shown)


def holds_words(tokens: list[Token]) -> bool:
    """Whether an argument is words to read, not how something looks: a length, a number, a list of keys, one word."""
    words = [text for kind, text in tokens if kind == "text" and len(text) > 1 and text.strip(".,;:()").isalpha()]
    return len(words) > 1 and not any(kind == "text" and "=" in text for kind, text in tokens)


HANDLERS: dict[str, Handler] = {"\\unknown": _unknown}
