"""What people ask of the desk in remarks about a draft: `/revise …` and `/help`, at the beginning of any line. Pure.

Text that is quoted ("> ") or fenced is somebody else's, or an example, and asks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sovereign.adapters.github_people import Remark
from sovereign.desk import comment_marks
from sovereign.desk.naming import BOT_LOGIN

MAX_GUIDANCE_CHARS = 1000
_COMMAND = re.compile(r"[ \t]{0,3}/(revise|help)(?![\w-])[ \t]*(.*)")
_FENCE = re.compile(r"[ \t]{0,3}(`{3,}|~{3,})")


class Verb(StrEnum):
    """What is asked."""

    REVISE = "revise"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a remark; text is what stands behind it, white space folded."""

    verb: Verb
    text: str
    remark: Remark

    @property
    def is_too_long(self) -> bool:
        """Whether it says more than a prompt takes."""
        return len(self.text) > MAX_GUIDANCE_CHARS


def commands(remark: Remark) -> tuple[Command, ...]:
    """Give what a remark asks, in order; the words of `/revise` go on until the next command or the end."""
    found: list[tuple[Verb, list[str]]] = []
    for line, is_own in _lines(remark.body):
        if is_own and (hit := _COMMAND.fullmatch(line)):
            found.append((Verb(hit[1]), [hit[2]]))
        elif found:
            found[-1][1].append(line)
    return tuple(Command(verb, " ".join(" ".join(words).split()), remark) for verb, words in found)


def _lines(body: str) -> Iterator[tuple[str, bool]]:
    """Give each line, and whether a command may stand in it: not where it is quoted or fenced."""
    fence = ""
    for line in body.splitlines():
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        else:
            yield line, not fence and not line.lstrip().startswith(">")


def asked(remarks: Sequence[Remark]) -> tuple[Command, ...]:
    """Give every command of people in these remarks, oldest first; the desk's own words ask nothing."""
    return tuple(command for remark in remarks if remark.author != BOT_LOGIN for command in commands(remark))


def answered(remarks: Sequence[Remark]) -> frozenset[int]:
    """Give the remarks that the desk has answered already, by their number."""
    marks = (comment_marks.read("note", remark.body) or {} for remark in remarks if remark.author == BOT_LOGIN)
    return frozenset(number for mark in marks if isinstance(number := mark.get("answers"), int))


HELP = f"""What can be asked of this desk, at the beginning of a line, in a comment, a review or at a line of a draft's pull request:

- `/revise` and what should be different, {MAX_GUIDANCE_CHARS:,} characters at most: the report is made again with your words.
- `/help`: this list.

**Merging** approves the draft, **closing** refuses it until its goal changes, and your own commits on its branch are never overwritten."""


def reply(command: Command, *, may_write: bool, run_url: str) -> str:
    """Give what a command is answered with; the mark remembers that it was."""
    mark = comment_marks.write("note", {"answers": command.remark.id})
    if command.verb is Verb.HELP:
        words = HELP
    elif not may_write:
        words = "Only those who may write to this repository can have a draft made again. Say it in words: whoever reviews it sees them."
    elif command.is_too_long:
        said = f"{len(command.text):,} characters; {MAX_GUIDANCE_CHARS:,} at most go to whoever words the report"
        words = f"Not followed: your words behind `/revise` have {said}. Nothing was changed; say it shorter, in a new comment."
    else:
        words = f"The report is made again with your words ([the run]({run_url})). A comment says when the new draft is on this branch."
    return f"{mark}\n\n{words}"


def reaction(command: Command, *, may_write: bool) -> str:
    """Give the reaction that goes with the answer."""
    is_followed = command.verb is Verb.HELP or (may_write and not command.is_too_long)
    return "+1" if is_followed else "confused"
