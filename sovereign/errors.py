"""The tree of errors, sorted by who can act.

SovereignError              explained to the user; anything else is a bug and keeps its traceback (exit 1)
├── UsageError      exit 2  the command line or a given path is wrong; the caller can mend it
│   └── GoalError           a goal file is wrong; its author can mend it
├── OutsideError    exit 3  a service failed us; trying later may help
│   ├── SourceError         paper search or full text
│   ├── WebError            one request got no usable answer
│   └── ModelError          chat model or hosted embedder
├── PublishError    exit 4  the site, the repository or the pull request could not be written
└── HeldError       exit 10 the report is held for the owner and --strict was given
"""

from __future__ import annotations

from dataclasses import dataclass

from sovereign.text import counted


class SovereignError(Exception):
    """A failure that can be explained: what was expected, what came, where; tip is the next step.

    Attributes:
        exit_code: What the command line returns.
        tip: The next step, one sentence, or empty.
    """

    exit_code = 1

    def __init__(self, message: str, *, tip: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.tip = tip


class UsageError(SovereignError):
    """The caller asked for something that cannot be: a missing file, an impossible option."""

    exit_code = 2


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a goal file; line and column count from 1."""

    line: int
    column: int
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.key}: {self.message}" if self.key else f"{self.line}:{self.column}: {self.message}"


class GoalError(UsageError):
    """A goal file is wrong; all its problems together."""

    def __init__(self, path: str, problems: tuple[Problem, ...]) -> None:
        lines = "\n".join(f"  {path}:{problem}" for problem in problems)
        super().__init__(f"{path}: {counted(len(problems), 'problem')}\n{lines}", tip=f"run `sovereign check {path}` until it is quiet")
        self.path = path
        self.problems = problems


class OutsideError(SovereignError):
    """A service outside failed us."""

    exit_code = 3


class SourceError(OutsideError):
    """A paper source is unusable for the whole run."""


class WebError(OutsideError):
    """One request got no usable answer, retries included; an adapter turns it into a Gap or, where nothing can be had, a SourceError.

    Attributes:
        kind: A GapKind's value: "not found", "timed out" (trying later may help), "refused", "unreadable" or "limit reached".
        status: The HTTP status, None where there was no answer.
        is_unreachable: Whether the host could not be reached at all, so asking it more is useless.
        body: The start of what the server said, for a service that explains itself.
    """

    def __init__(self, message: str, *, kind: str, status: int | None = None, is_unreachable: bool = False, body: bytes = b"") -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status
        self.is_unreachable = is_unreachable
        self.body = body


class ModelError(OutsideError):
    """A chat model or hosted embedder is unusable for the whole run: bad key, quota spent, model retired."""


class BudgetError(ModelError):
    """The run's budget would be exceeded by the next call; nothing more was sent."""


class PublishError(SovereignError):
    """The site, the repository or the pull request could not be written."""

    exit_code = 4


class HeldError(SovereignError):
    """The report waits for its owner, and the caller asked to be told by exit code."""

    exit_code = 10
