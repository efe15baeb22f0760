"""What limits a report: what could not be done, what was not read, and what its evidence and its judges cannot carry.

Each sentence is generated from the record; none is a fixed disclaimer that would stand there whatever happened.
"""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath

from sovereign.exports import glossary
from sovereign.exports.account import SOURCE_NAMES, Topic, listed, percent, short_names
from sovereign.model import Engine, Form, Gap, GapKind, Grade, Report, Stage, Stance, Verdict
from sovereign.text import counted

# What could not be done, by the step of the pipeline that met it.
STEPS = {
    "plan": "planning the searches",
    "search": "searching",
    "embed": "ranking by meaning",
    "read": "reading",
    "claims": "drawing claims",
    "bearing": "telling which claims bear on the question",
    "verify": "checking",
    "draft": "writing",
    "revise": "revising",
    "engine": "asking a language model",
    "model": "asking a language model",
}
# What is said of the claims that are less than quoted: of one, and of several.
_SHORT_OF = {
    Grade.DISPUTED: ("is contradicted by another paper; both are shown", "are contradicted by other papers; both sides are shown"),
    Grade.UNCONFIRMED: (
        "is in other words than its paper's, which nothing bore out",
        "are in other words than their papers', which nothing bore out",
    ),
    Grade.REFUTED: ("is refuted by what the papers say", "are refuted by what the papers say"),
}
_EXTRACTIVE = "Claims are sentences of the papers, chosen by rule; a finding that takes several sentences to say is missed."
_WORDED = (
    "A language model worded and judged: its words went through the same checks as the papers', its scores depend on how it was asked."
)


def uncertainties(report: Report) -> tuple[Topic, ...]:
    """Give every limit that applied to this run, every gap, and every sign of text that addresses the reviewer."""
    steps = dict.fromkeys(gap.step for gap in report.gaps)
    known = _names(report)
    gaps = tuple(
        Topic(
            f"Could not be done: {STEPS.get(step, step)}",
            items=tuple(f"{known.get(gap.subject, gap.subject)}: {_why(gap)}" for gap in report.gaps if gap.step == step),
        )
        for step in steps
    )
    signs: dict[str, list[str]] = {}
    for sign in report.signs:
        signs.setdefault(f"in {known.get(sign.paper, sign.paper)}, {sign.where}: “{sign.words}”", []).append(glossary.SIGNS[sign.kind])
    seen = tuple(f"{told[0].upper()}{told[1:]} {place}" for place, kinds in signs.items() for told in [listed(kinds)])
    warned = (Topic("Text that addresses the reviewer or hides something", ("Shown, never obeyed.",), seen),) if seen else ()
    return (Topic("Limits of this run", items=_limits(report)), *gaps, *warned)


def left_out(report: Report) -> tuple[str, ...]:
    """Give what was found and could not be used, or not whole, by name with its first reason; what is merely unknown is left out."""
    known, told = _names(report), dict[str, str]()
    for gap in report.gaps:
        if gap.step in {"search", "read"} and gap.kind is not GapKind.MISSING:
            name = known.get(gap.subject, gap.subject)
            told.setdefault(name.strip("“”").removesuffix(PurePosixPath(name).suffix), f"{name}: {gap.why}")
    return tuple(told.values())


def _names(report: Report) -> dict[str, str]:
    """Give what a person calls each paper, by id: its authors and year where it is cited, else its title."""
    found = {fate.paper: f"“{fate.title}”" for fate in report.fates if fate.title}
    return found | short_names(report.papers)


def _why(gap: Gap) -> str:
    """Say why something could not be done, and of what kind that is where it says more than that it is missing."""
    return gap.why if gap.kind is GapKind.MISSING else f"{gap.why} ({gap.kind})"


def _limits(report: Report) -> tuple[str, ...]:
    return tuple(limit for limit in (*_limits_of_reading(report), *_limits_of_evidence(report), *_limits_of_judgement(report)) if limit)


def _limits_of_reading(report: Report) -> tuple[str, ...]:
    abstracts = sum(1 for source in report.sources if source.form is Form.ABSTRACT)
    missed = sum(1 for fate in report.fates if fate.stage is Stage.NOT_RETRIEVED)
    screened = sum(1 for fate in report.fates if fate.stage is Stage.SCREENED_OUT)
    sources = [SOURCE_NAMES.get(name, name) for name in report.goal.sources]
    return (
        f"Only {sources[0]} was searched; what is published elsewhere is not here." if len(sources) == 1 and report.queries else "",
        f"{counted(abstracts, 'paper')} could be read as the abstract only; what the body says is not in this report." if abstracts else "",
        f"{counted(missed, 'paper')} could not be had." if missed else "",
        f"{counted(screened, 'paper')} ranked below the ones that were read and stayed unread." if screened else "",
        "This is an example: its papers, authors and numbers are invented." if report.is_example else "",
    )


def _confirmed(report: Report) -> str:
    """Say how many claims only a language model bears out, and what that is worth."""
    count = sum(1 for item in report.draft.evidence if item.is_confirmed)
    if not count:
        return ""
    told = counted(count, "claim is confirmed by the language model", "claims are confirmed by the language model")
    return f"{told} alone: the verifier did not bear them out, and how often such a second look is wrong depends on the model."


def _held(count: int, words: tuple[str, str]) -> str:
    """Say of how many claims something holds; nothing of none."""
    return f"{counted(count, 'claim')} {words[count > 1]}." if count else ""


def _limits_of_evidence(report: Report) -> tuple[str, ...]:
    evidence, card = report.draft.evidence, report.verifier
    single = sum(1 for item in evidence if item.is_verified and not item.papers(Stance.SUPPORTS, own=False))
    by_verdict = Counter(item.verdict for item in evidence)
    quoted = sum(1 for item in evidence if glossary.grade(item) is Grade.QUOTED)
    grades = Counter(glossary.grade(item) for item in evidence)
    calibrated = card.calibrated_on if card else ""
    wrong = ""
    if card and card.false_acceptance is not None:
        where = calibrated or "its calibration set"
        wrong = f"About {percent(card.false_acceptance)} of wrong claims pass the verifier on {where}; others may be harder."
    return (
        f"{counted(single, 'verified claim rests', 'verified claims rest')} on a single paper: no second one that was read bears "
        f"{'it' if single == 1 else 'them'} out."
        if single
        else "",
        "“Verified” means that the paper says so, not that it is true." if report.verified else "",
        _confirmed(report),
        f"{counted(quoted, 'claim is', 'claims are')} merely quoted: no second passage that was read confirms "
        f"{'it' if quoted == 1 else 'them'}."
        if quoted
        else "",
        *(_held(grades[grade], words) for grade, words in _SHORT_OF.items()),
        f"{counted(by_verdict[Verdict.UNCHECKED], 'claim')} could not be checked." if by_verdict[Verdict.UNCHECKED] else "",
        wrong,
        "" if calibrated or not evidence else "The confidences are not calibrated: they order the claims, they are no probabilities.",
    )


def _limits_of_judgement(report: Report) -> tuple[str, ...]:
    silent = [glossary.WHO[review.role] for review in report.tribunal.last.reviews if review.is_abstention]
    local = report.engine is Engine.LOCAL
    return (
        _EXTRACTIVE if local else _WORDED,
        "The three reviewers are fixed rules over the evidence (a published rubric); they read no meaning." if local else "",
        f"No usable answer came in the last round from {listed(silent)}." if silent else "",
    )
