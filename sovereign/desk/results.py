"""What a job that may not write handed to the one that may: untrusted, checked, or refused with a reason.

A result is a folder with `outcome.json` (how it ended) and, where it ended well, `record.json`. The writer renders the pages itself, so a
result has no say in what file is written where. Links, folders and any other name make it no result at all.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sovereign import __version__, foreign, record
from sovereign.adapters import plain_files
from sovereign.desk.derive import docket, doubts, is_same
from sovereign.desk.plan import Job
from sovereign.errors import OutsideError, PublishError, SovereignError, UsageError
from sovereign.model import Engine, Report
from sovereign.ports import Verifier
from sovereign.steps import policy

OUTCOME, RECORD = "outcome.json", "record.json"
ARTIFACT_PREFIX = "result-"
_MAX_BYTES = {OUTCOME: 64_000, RECORD: record.MAX_CHARS}
_MAX_REASON_CHARS = 4000


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a goal has no report: the exit code that a run on a laptop would give, and the words for its owner."""

    slug: str
    exit_code: int
    reason: str
    tip: str = ""


def place(folder: Path, slug: str) -> Path:
    """Give a goal's own folder among the results; the same for one result and for many."""
    return folder / f"{ARTIFACT_PREFIX}{slug}"


def write(folder: Path, slug: str, result: Report | SovereignError) -> None:
    """Write a result; what stood there before is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RECORD).unlink(missing_ok=True)
    facts: dict[str, str | int] = {"slug": slug, "exit_code": 0}
    if isinstance(result, Report):
        (folder / RECORD).write_text(record.to_json(result), encoding="utf-8")
    else:
        facts |= {"exit_code": result.exit_code, "reason": result.message, "tip": result.tip}
    (folder / OUTCOME).write_text(json.dumps(facts), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a job was told beside its plan: the engine where the goal names none, and the day; None where it is not known."""

    engine: Engine | None = None
    day: date | None = None


def read(folder: Path, job: Job, asked: Asked | None = None) -> Report | Failure:
    """Give the report of a result, or why there is none: it failed, it is missing, or it is not what this job was to hand over."""
    try:
        files = _contents(folder)
        outcome = foreign.read(files[OUTCOME].decode("utf-8"))
        if outcome.get("exit_code") != 0 and RECORD not in files:
            return _failure(job.slug, outcome)
        report = record.from_json(files[RECORD].decode("utf-8"))
        check(report, job, asked)
    except FileNotFoundError:
        return Failure(job.slug, 1, "its job ended without handing over a result", "see the log of the run")
    except (UsageError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = error.message if isinstance(error, SovereignError) else f"{type(error).__name__}: {error}"
        return Failure(job.slug, 4, f"its result was refused: {why}", "see the log of the run; nothing of it was written")
    return report


def read_failure(folder: Path, job: Job) -> SovereignError | None:
    """Give the error that a failed result tells of, as the step that met it would raise it; None where it did not fail."""
    found = read(folder, job)
    if isinstance(found, Report):
        return None
    kind = next((kind for kind in (UsageError, OutsideError, PublishError) if kind.exit_code == found.exit_code), SovereignError)
    return kind(found.reason, tip=found.tip)


def check(report: Report, job: Job, asked: Asked | None = None, verifier: Verifier | None = None) -> None:
    """Hold a report against the job it was made for, against this program, and against what follows from its own evidence.

    Args:
        asked: What the workflow gave to the job beside its plan.
        verifier: Weighs every passage again; the embedded one where none is given.

    Raises:
        UsageError: It is another goal's, or something in it does not follow.
    """
    goal = report.goal
    if (goal.slug, goal.asked_sha256, goal.guidance) != (job.slug, job.goal, job.guidance):
        raise UsageError(f"expected a report on {job.slug} as planned, got one on {goal.slug}, or on other words or guidance")
    decided = policy.decide(docket(report))
    if decided.action is not report.decision.action:
        raise UsageError(f"the record says {report.decision.action}, but the policy says {decided.action}")
    if wrong := next(_foreign(report, asked or Asked()), ""):
        raise UsageError(wrong)
    trusted = verifier or _program_verifier()
    if not is_same(report.verifier, trusted.card):
        raise UsageError(f"the record's verifier is {report.verifier and report.verifier.name}, this program's is {trusted.card.name}")
    for doubt in doubts(report, trusted):
        raise UsageError(f"{doubt.kind}: {doubt.subject or 'the record'}: {doubt.detail}")


def _foreign(report: Report, asked: Asked) -> Iterator[str]:
    """Give what another program, another day or another wish would have written."""
    engine = report.goal.engine or asked.engine
    if engine is Engine.LOCAL and report.engine is not Engine.LOCAL:
        yield f"the record says that a {report.engine} judged, and none was asked for"
    if asked.day and report.date != asked.day:
        yield f"the record is of {report.date}, and the plan of {asked.day}"
    if report.date > datetime.now(UTC).date() + timedelta(days=1):
        yield f"the record is of {report.date}, which is not yet"
    made = next((part.version for part in report.parts if part.name == "sovereign"), __version__)
    if made != __version__:
        yield f"the record was made by version {made}, and this is {__version__}"


def _program_verifier() -> Verifier:
    from sovereign.adapters.onnx_verifier import OnnxVerifier  # loads the network: only who checks a result waits for that

    return OnnxVerifier()


def _contents(folder: Path) -> dict[str, bytes]:
    if not stat.S_ISDIR(folder.lstat().st_mode):
        raise ValueError("expected a folder, got something else")
    found: dict[str, bytes] = {}
    for path in sorted(folder.iterdir()):
        facts = path.lstat()
        if path.name not in _MAX_BYTES or not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1:
            raise ValueError(f"expected {OUTCOME} and {RECORD} as plain files and nothing else, got {path.name!r}")
        if facts.st_size > _MAX_BYTES[path.name]:
            raise ValueError(f"{path.name}: expected at most {_MAX_BYTES[path.name]:,} bytes, got {facts.st_size:,}")
        found[path.name] = plain_files.read(path, _MAX_BYTES[path.name])
    if not found:
        raise FileNotFoundError(folder)
    return found


def _failure(slug: str, outcome: dict[str, object]) -> Failure:
    code, reason, tip = outcome.get("exit_code"), str(outcome.get("reason", "")), str(outcome.get("tip", ""))
    return Failure(slug, code if isinstance(code, int) else 1, reason[:_MAX_REASON_CHARS] or "no reason was given", tip[:_MAX_REASON_CHARS])
