"""What the site's pages need to know of the published records, and no more.

The records are read as plain JSON: a site of a thousand reports is rebuilt on every merge, and the whole value of a
Report is not needed to list it. The shape is that of `sovereign.model`, as `record.py` writes it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from sovereign import foreign, record
from sovereign.adapters import plain_files
from sovereign.errors import PublishError
from sovereign.exports import glossary
from sovereign.exports.markup import visible
from sovereign.exports.untex import shown
from sovereign.model import SLUG, Action, Engine, Grade, Outcome, PaperStatus, Verdict

_VERSION = re.compile(r"v([1-9]\d*)")
_CLAIM_ID = re.compile(r"\bc[0-9a-f]{10}\b")


class Way(StrEnum):
    """How a version came onto the main branch."""

    MERGE = "merge"
    POLICY = "policy"
    UNKNOWN = "unknown"


MAX_NOTICE_BYTES = 4 << 20
"""Of what stands beside a report: its findings, the notice of its withdrawal."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who let a version onto the main branch.

    Attributes:
        by: The account that merged, as the forge names it; empty where it names none.
        request: Number of the pull request; empty where none is known.
    """

    way: Way
    by: str = ""
    when: date | None = None
    request: str = ""


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """One claim as the explorer lists it; paper is the id of the paper that makes it, confidence 0..1.

    Attributes:
        warning: Why a reader should not lean on its paper: it was withdrawn, or it hides text or speaks to the reviewer; mostly empty.
    """

    id: str
    text: str
    grade: Grade
    confidence: float | None
    paper: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """One version of a report.

    Attributes:
        folder: Where it stands below the site's sources, such as "reports/why-sleep/v1".
        score: The tribunal's consensus 0..10; None where no role answered.
        papers: Titles by paper id, in order of citation.
        approval: None for a draft.
        withdrawn: Why the report was withdrawn, in the owner's words; empty for one that stands.
        notices: What checking it again found, in words; the landing page says it for all versions.
    """

    slug: str
    number: int
    folder: str
    question: str
    date: date
    engine: Engine
    tags: tuple[str, ...]
    action: Action
    reasons: tuple[str, ...]
    score: float | None
    outcome: Outcome
    retrieved: int
    abstract: tuple[str, ...]
    claims: tuple[ClaimFacts, ...]
    papers: Mapping[str, str]
    is_example: bool = False
    headline: str = ""
    approval: Approval | None = None
    withdrawn: str = ""
    notices: tuple[str, ...] = ()

    @property
    def is_draft(self) -> bool:
        """Whether nobody has let it through yet."""
        return self.approval is None

    @property
    def counts(self) -> Counter[Grade]:
        """How many claims have each grade."""
        return Counter(claim.grade for claim in self.claims)

    @property
    def verified(self) -> int:
        """How many claims a second passage bears out."""
        return self.counts[Grade.VERIFIED] + self.counts[Grade.CORROBORATED]

    @property
    def answer(self) -> str:
        """What a list of reports says of it: the answer's headline, of an older report the abstract's first sentence."""
        return self.headline or (self.abstract[0] if self.abstract else "")


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A report with all its versions, oldest first; at least one."""

    slug: str
    versions: tuple[VersionFacts, ...]

    @property
    def latest(self) -> VersionFacts:
        """The newest version."""
        return self.versions[-1]

    @property
    def folder(self) -> str:
        """Where its landing page stands below the site's sources."""
        return f"reports/{self.slug}"


def read(docs: Path, approvals: Mapping[str, Approval] | None) -> tuple[ReportFacts, ...]:
    """Read every record below `docs`/reports, newest report first.

    Args:
        docs: The folder of the site's sources.
        approvals: By version folder ("reports/x/v1"); a version that is missing is a draft. None where there is no Git: then
            the policy's own AUTO_APPROVE counts as approval and everything else is a draft.

    Raises:
        PublishError: A record cannot be read; nothing is guessed in its place.
    """
    found = [_report(folder, approvals) for folder in sorted((docs / "reports").glob("*")) if SLUG.fullmatch(folder.name)]
    reports = [report for report in found if report is not None]
    return tuple(sorted(reports, key=lambda report: (-report.latest.date.toordinal(), report.slug)))


def _report(folder: Path, approvals: Mapping[str, Approval] | None) -> ReportFacts | None:
    numbered = [(int(found[1]), path) for path in folder.iterdir() if (found := _VERSION.fullmatch(path.name))] if folder.is_dir() else []
    versions = [version(path, number) for number, path in sorted(numbered) if (path / "record.json").is_file()]
    if not versions:
        return None
    why, notices = _withdrawn(folder / "withdrawn.md"), _notices(folder / "notices.json")
    settled = (replace(_settled(item, approvals), withdrawn=why, notices=notices.get(item.number, ())) for item in versions)
    return ReportFacts(folder.name, tuple(settled))


def _notices(path: Path) -> Mapping[int, tuple[str, ...]]:
    """Give what was found about each version, by its number; nothing where there is no file.

    Raises:
        PublishError: The file is no list of findings.
    """
    if not path.is_file():
        return {}
    found: dict[int, tuple[str, ...]] = {}
    try:
        for item in foreign.read(plain_files.read(path, MAX_NOTICE_BYTES)):
            number = foreign.whole(item["version"])
            found[number] = (*found.get(number, ()), visible(f"{item['kind']}. {item['detail']}"))
    except (ValueError, KeyError, TypeError) as error:
        raise PublishError(
            f"{path}: expected a list of findings, {type(error).__name__}: {error}", tip="restore the file from Git"
        ) from error
    return found


def _withdrawn(path: Path) -> str:
    """Give the first paragraph of a withdrawal's notice, or nothing where there is no notice."""
    if not path.is_file():
        return ""
    text = re.sub(r"\A---\n.*?\n---\n", "", plain_files.read(path, MAX_NOTICE_BYTES).decode("utf-8", "replace"), flags=re.DOTALL)
    paragraphs = (part.strip() for part in re.split(r"\n\s*\n", text))
    return visible(next((part for part in paragraphs if part and not part.startswith("#")), "No reason was given."))


def _settled(item: VersionFacts, approvals: Mapping[str, Approval] | None) -> VersionFacts:
    if approvals is None:
        return replace(item, approval=Approval(Way.POLICY, when=item.date)) if item.action is Action.AUTO_APPROVE else item
    known = approvals.get(item.folder)
    if known and known.way is Way.UNKNOWN and item.action is Action.AUTO_APPROVE:
        # Nobody is named for it, and nobody needs to be: every rule of the policy held.
        known = Approval(Way.POLICY, when=item.date)
    return replace(item, approval=known)


def version(folder: Path, number: int) -> VersionFacts:
    """Read one version's record.

    Raises:
        PublishError: It is no record: what was missing, and in which file.
    """
    path = folder / "record.json"
    try:
        data = foreign.read(plain_files.read(path, record.MAX_BYTES), half_letters="keep")
        return _facts(data.get("report", data), folder.parent.name, number)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        why = f"{type(error).__name__}: {error}"
        raise PublishError(
            f"{path}: expected the record of a report, {why}", tip="restore the file from Git, or remove its folder"
        ) from error


def _facts(data: Mapping[str, Any], slug: str, number: int) -> VersionFacts:
    goal, draft, tribunal = data["goal"], data["draft"], data["tribunal"]
    rulings = data["decision"]["rulings"]
    last = tribunal["hearings"][-1]
    return VersionFacts(
        slug=slug,
        number=number,
        folder=f"reports/{slug}/v{number}",
        question=visible(goal["question"]),
        date=date.fromisoformat(data["date"]),
        engine=Engine(data["engine"]),
        tags=tuple(visible(tag) for tag in goal.get("tags", ())),
        action=Action.AUTO_APPROVE if rulings and all(ruling["passed"] for ruling in rulings) else Action.ESCALATE_TO_OWNER,
        reasons=tuple(_labelled(visible(f"{ruling['rule']}: {ruling['detail']}"), draft) for ruling in rulings if not ruling["passed"]),
        score=_number(last["consensus"]),
        outcome=Outcome(tribunal["outcome"]),
        retrieved=sum(1 for fate in data["fates"] if fate["stage"] != "duplicate"),
        headline=visible(shown(foreign.text(draft["answer"]["headline"]))) if draft.get("answer") else "",
        abstract=tuple(visible(shown(sentence["text"])) for sentence in draft["abstract"]),
        claims=tuple(_claims(draft, _warnings(data))),
        papers={paper["id"]: visible(shown(paper["title"])) for paper in data["papers"]},
        is_example=bool(data.get("is_example")),
    )


def _number(value: object) -> float | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise ValueError(f"expected a number or none, got {value!r}")
    return value


def _labelled(words: str, draft: Mapping[str, Any]) -> str:
    """Give the words with each claim by its label, C1 and so on, as the report's page has it."""
    labels = {item["claim"]: f"C{number}" for number, item in enumerate(draft["evidence"], 1)}
    return _CLAIM_ID.sub(lambda found: labels.get(found[0], found[0]), words)


def _warnings(data: Mapping[str, Any]) -> dict[str, str]:
    """Give why a paper should not be leaned on, by its id."""
    found = {sign["paper"]: "its paper hides text or speaks to the reviewer" for sign in data.get("signs", ())}
    gone = {paper["id"]: paper.get("status", PaperStatus.CURRENT) for paper in data["papers"]}
    return found | {paper: f"its paper was {PaperStatus(status)}" for paper, status in gone.items() if status != PaperStatus.CURRENT}


def _claims(draft: Mapping[str, Any], warnings: Mapping[str, str]) -> list[ClaimFacts]:
    heard = {evidence["claim"]: evidence for evidence in draft["evidence"]}
    return [
        ClaimFacts(
            id=foreign.text(item["claim"]),
            text=visible(shown(claim["text"])),
            grade=glossary.graded(Verdict(item["verdict"]), Grade(item.get("grade", Grade.UNCHECKED))),
            confidence=_number(item["confidence"]),
            paper=foreign.text(claim["quote"]["paper"]),
            warning=warnings.get(claim["quote"]["paper"], ""),
        )
        for claim, item in zip(draft["claims"], heard.values(), strict=True)
    ]
