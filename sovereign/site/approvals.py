"""Which versions stand on the main branch, and who let them there: the first is Git's to say, the second the forge's.

A version folder whose record is committed is approved; one that is not is a draft. Who merged it, when and in which pull request is asked
of the forge, by the commit that brought it. An author, a subject or a date of a commit is whatever its writer liked, so none of them is
looked at: where nobody can be asked, "unknown" is the answer.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from sovereign.adapters import programs
from sovereign.errors import PublishError
from sovereign.site.facts import Approval, Way

_SHA = re.compile(r"[0-9a-f]{40,64}")
# git@host:owner/name.git and https://host/owner/name(.git): the two forms that GitHub and its kin offer.
_REMOTE = re.compile(r"(?:https://(?:[^@/]*@)?|ssh://git@|git@)([\w.-]+\.[a-z]+)[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?")
_FOLDER = re.compile(r"(reports/[a-z0-9-]+/v[1-9]\d*)/record\.json$")
# The approval that the pull request of a commit is; None where it has none, or where it cannot be told.
Forge = Callable[[str], Approval | None]


def approvals(root: Path, docs: Path, forge: Forge | None = None) -> dict[str, Approval] | None:
    """Give the approval of every committed version by its folder ("reports/x/v1"); None where there is no Git repository.

    Raises:
        PublishError: Git is there but failed.
    """
    if not _is_repository(root):
        return None
    where = docs.resolve().relative_to(root.resolve()).as_posix() if docs.resolve().is_relative_to(root.resolve()) else str(docs)
    tracked = _git(root, "ls-tree", "-r", "--name-only", "-z", "HEAD", "--", f"{where}/reports") if _has_commit(root) else ""
    folders = sorted({found[1] for name in tracked.split("\0") if (found := _FOLDER.search(name))})
    # A cut history names the wrong commits: approved they are, by whom is not known.
    is_cut = bool(folders) and _git(root, "rev-parse", "--is-shallow-repository").strip() == "true"
    brought = _commits(root, where) if folders and forge and not is_cut else {}
    asked = {sha: forge(sha) for sha in dict.fromkeys(brought.values())} if forge else {}
    return {folder: asked.get(brought.get(folder, "")) or Approval(Way.UNKNOWN) for folder in folders}


def _commits(root: Path, where: str) -> dict[str, str]:
    """Give the last commit of the first-parent history that touched each version's record, newest commits first."""
    words = ("log", "-z", "--first-parent", "-m", "--diff-filter=AM", "--name-only", "--format=%H", "--", f"{where}/reports")
    found: dict[str, str] = {}
    sha = ""
    for part in _git(root, *words).split("\0"):
        text = part.strip("\n")
        if _SHA.fullmatch(text):
            sha = text
        elif sha and (hit := _FOLDER.search(text)):
            found.setdefault(hit[1], sha)
    return found


def repository(root: Path) -> str:
    """Give the web address of the repository that the clone came from, without credentials; empty where there is none."""
    if not _is_repository(root):
        return ""
    found = _REMOTE.fullmatch(_run(root, "config", "--get", "remote.origin.url")[1].strip())
    return f"https://{found[1]}/{found[2]}" if found else ""


def _is_repository(root: Path) -> bool:
    try:
        return _run(root, "rev-parse", "--is-inside-work-tree")[1].strip() == "true"
    except FileNotFoundError:
        return False


def _has_commit(root: Path) -> bool:
    return _run(root, "rev-parse", "--verify", "--quiet", "HEAD")[0] == 0


def _git(root: Path, *words: str) -> str:
    code, printed, complaint = _run(root, "-c", "core.quotePath=false", *words)
    if code != 0:
        raise PublishError(f"git {words[0]} failed in {root}: {complaint.strip()}", tip="run it by hand to see why")
    return printed


def _run(root: Path, *words: str) -> tuple[int, str, str]:
    """Give git's exit status, and what it printed and complained of.

    Raises:
        PublishError: It prints without end, or gives no answer.
    """
    try:
        done = programs.run(["git", "-C", str(root), *words])
    except (subprocess.TimeoutExpired, programs.TooLongError) as error:
        raise PublishError(f"git {words[0]} failed in {root}: {error}", tip="run it by hand to see why") from error
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
