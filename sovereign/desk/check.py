"""What a pull request that changes goals is told: problems at their lines, what would run, what is asked already. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sovereign.desk.annotations import MAX_ANNOTATIONS, annotation, notice
from sovereign.desk.floor import NONE, Floor, overrides
from sovereign.desk.shield import fence, shield
from sovereign.desk.similar import similar
from sovereign.errors import GoalError
from sovereign.model import Goal
from sovereign.text import counted


def commands(errors: Sequence[GoalError], pairs: Sequence[tuple[str, str, float]]) -> Iterator[str]:
    """Give the log lines that GitHub shows at the files: ten problems at most, and a warning for each pair of like goals (ten at most)."""
    found = [(error.path, problem) for error in errors for problem in error.problems]
    yield from (annotation("error", path, problem) for path, problem in found[:MAX_ANNOTATIONS])
    for one, other, share in pairs[:MAX_ANNOTATIONS]:
        yield notice("warning", f"goals {one} and {other} share {share:.0%} of their words: is one of them enough?")


def summary(goals: Mapping[str, Goal], errors: Sequence[GoalError], undone: Sequence[str], floor: Floor = NONE) -> str:
    """Give the run's page in Markdown: every problem, then what would be researched after the merge, then like goals."""
    parts = ["# Goals", f"{len(goals)} sound, {len(errors)} with problems."]
    if errors:
        lines = [f"{error.path}:{problem}" for error in errors for problem in error.problems]
        parts += [f"## {counted(len(lines), 'problem')}", fence("\n".join(line if line.isprintable() else repr(line) for line in lines))]
    parts.append("## What would run after the merge")
    parts.append("\n".join(f"- `{slug}`: {shield(goals[slug].question)}" for slug in undone) or "Nothing: every sound goal has its report.")
    set_here = {slug: said for slug, goal in goals.items() if (said := overrides(goal))}
    if set_here:
        parts += [
            "## What goals set for themselves",
            "\n".join(f"- `{slug}`: {shield('; '.join(said))}" for slug, said in set_here.items()),
        ]
    below = {slug: said for slug, goal in goals.items() if (said := floor.below(goal))}
    if below:
        parts += [
            "## Below the desk's floor: their reports go before the owner",
            "\n".join(f"- `{slug}`: {shield('; '.join(said))}" for slug, said in below.items()),
        ]
    pairs = similar({slug: goal.question for slug, goal in goals.items()})
    if pairs:
        parts += [
            "## Goals that ask nearly the same",
            "\n".join(f"- `{one}` and `{other}` ({share:.0%} of their words)" for one, other, share in pairs),
        ]
    return "\n\n".join(parts) + "\n"
