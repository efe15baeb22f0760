"""The desk as its site tells of it: reports, goals under way, and where its sources are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sovereign.adapters import goal_file
from sovereign.errors import GoalError, UsageError
from sovereign.model import digest
from sovereign.site.facts import ReportFacts, VersionFacts

_NO_LETTER = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class GoalUnderWay:
    """A goal that has no report yet; problems counts what is wrong with its file, 0 for a good one."""

    slug: str
    question: str
    tags: tuple[str, ...] = ()
    problems: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that the generated pages tell.

    Attributes:
        reports: Newest first.
        url: Where the site will stand, with a slash at the end; empty when mkdocs.yml names no site_url.
        repository: The repository's page, without a slash at the end; empty when unknown.
    """

    root: Path
    name: str
    description: str = ""
    url: str = ""
    repository: str = ""
    reports: tuple[ReportFacts, ...] = ()
    goals: tuple[GoalUnderWay, ...] = ()

    @property
    def versions(self) -> tuple[VersionFacts, ...]:
        """The newest version of every report, newest first."""
        return tuple(report.latest for report in self.reports)

    @property
    def standing(self) -> tuple[VersionFacts, ...]:
        """The newest versions of the reports that were not withdrawn: what is listed first, searched and fed."""
        return tuple(version for version in self.versions if not version.withdrawn)

    @property
    def drafts(self) -> tuple[VersionFacts, ...]:
        """The newest versions that wait for their owner."""
        return tuple(version for version in self.standing if version.is_draft)

    @property
    def tags(self) -> tuple[tuple[str, int], ...]:
        """Every tag with the number of its reports, most used first."""
        counted = Counter(tag for version in self.versions for tag in version.tags)
        return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    @property
    def years(self) -> tuple[tuple[int, int], ...]:
        """Every year with the number of its reports, newest first."""
        counted = Counter(version.date.year for version in self.versions)
        return tuple(sorted(counted.items(), reverse=True))


def tag_folder(tag: str) -> str:
    """Give the address of a tag: its letters, digits, dots and dashes, and a hash where some were lost, so that no two tags share one."""
    plain = _NO_LETTER.sub("-", tag).strip("-.").lower()
    return plain if plain == tag else f"{plain}-{digest(tag, chars=6)}".strip("-")


def goals_under_way(folder: Path, known: Sequence[str]) -> tuple[GoalUnderWay, ...]:
    """Give the goals in a folder that have no report yet, by name; one that cannot be read is listed with its problems."""
    paths = sorted(path for path in folder.glob("*.yaml") if path.stem not in set(known))
    return tuple(_goal(path) for path in paths)


def _goal(path: Path) -> GoalUnderWay:
    try:
        goal = goal_file.load(path)
    except GoalError as error:
        return GoalUnderWay(path.stem, "", problems=len(error.problems))
    except UsageError:
        return GoalUnderWay(path.stem, "", problems=1)
    return GoalUnderWay(goal.slug, goal.question, goal.tags)
