"""Names that the desk gives: a goal's slug from its question, a report's branch and folder from its slug. Pure."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from sovereign.model import SLUG, SLUG_MAX_CHARS, digest

BRANCH_PREFIX = "report/"
# https://docs.github.com/actions/security-guides/automatic-token-authentication: who a job's own token writes as.
BOT_LOGIN = "github-actions[bot]"
REPORTS = PurePosixPath("site/reports")
_SLUG_CHARS = 60
# Words that tell nothing apart in a question's address.
_PASSING = frozenset(
    re.findall(
        r"\w+",
        """
    a an and are as at be between by can do does for from has have how in into is it its of on or over than that the their there this to
    under versus vs was what when where whether which who why will with
""",
    )
)


def slug_for(question: str) -> str:
    """Give a slug for a question: its telling words, at most 60 characters; "goal-" and a hash where no Latin letter is in it."""
    plain = unicodedata.normalize("NFKD", question).encode("ascii", "ignore").decode().lower().replace("'", "")
    words = re.findall(r"[a-z0-9]+", plain)
    telling = [word for word in words if word not in _PASSING] or words
    slug = ""
    for word in telling:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > _SLUG_CHARS:
            break
        slug = longer
    return slug or "goal-" + digest(question)


def is_slug(text: str) -> bool:
    """Whether a text may be a goal's slug, and so part of a path and of a branch's name."""
    return len(text) <= SLUG_MAX_CHARS and SLUG.fullmatch(text) is not None


def branch_for(slug: str) -> str:
    """Give the branch that carries a goal's draft."""
    return BRANCH_PREFIX + slug


def slug_of_branch(branch: str) -> str | None:
    """Give the goal whose draft a branch carries; None for any other branch."""
    slug = branch.removeprefix(BRANCH_PREFIX)
    return slug if branch.startswith(BRANCH_PREFIX) and is_slug(slug) else None


def folder_for(slug: str) -> PurePosixPath:
    """Give the folder of a goal's reports, below the repository's root."""
    return REPORTS / slug
