"""Who let which version onto the main branch, read from Git when the site is built.

A version folder whose record is committed is approved: by its pull request's merge where the history shows one, else by
the policy. One that is not committed is a draft. Nothing in the sources says "approved" by itself.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sovereign.errors import PublishError
from sovereign.site.facts import Approval, Way

_FIELD, _RECORD = "\x1f", "\x1e"
_LOG = f"--format={_RECORD}%H{_FIELD}%P{_FIELD}%an{_FIELD}%cs{_FIELD}%s"
_MERGED = re.compile(r"Merge pull request #(\d+) |\(#(\d+)\)$")
# git@host:owner/name.git and https://host/owner/name(.git): the two forms that GitHub and its kin offer.
_REMOTE = re.compile(r"(?:https://(?:[^@/]*@)?|ssh://git@|git@)([\w.-]+\.[a-z]+)[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?")
_FOLDER = re.compile(r"(reports/[a-z0-9-]+/v[1-9]\d*)/record\.json$")


def approvals(root: Path, docs: Path) -> dict[str, Approval] | None:
    """Give the approval of every committed version by its folder ("reports/x/v1"); None where there is no Git repository.

    Raises:
        PublishError: Git is there but failed.
    """
    if not _is_repository(root):
        return None
    where = docs.resolve().relative_to(root.resolve()).as_posix() if docs.resolve().is_relative_to(root.resolve()) else str(docs)
    tracked = _git(root, "ls-tree", "-r", "--name-only", "-z", "HEAD", "--", f"{where}/reports") if _has_commit(root) else ""
    folders = {found[1] for name in tracked.split("\0") if (found := _FOLDER.search(name))}
    if not folders:
        return {}
    if _git(root, "rev-parse", "--is-shallow-repository").strip() == "true":
        # A cut history names the wrong commits: approved it is, by whom is not known.
        return dict.fromkeys(folders, Approval(Way.UNKNOWN))
    log = _git(root, "log", "--first-parent", "-m", "--reverse", "--diff-filter=AM", "--name-only", _LOG, "--", f"{where}/reports")
    known = _merges(log)
    return {folder: known.get(folder, Approval(Way.UNKNOWN)) for folder in sorted(folders)}


def repository(root: Path) -> str:
    """Give the web address of the repository that the clone came from, without credentials; empty where there is none."""
    if not _is_repository(root):
        return ""
    found = _REMOTE.fullmatch(_run(root, "config", "--get", "remote.origin.url").stdout.strip())
    return f"https://{found[1]}/{found[2]}" if found else ""


def _merges(log: str) -> Mapping[str, Approval]:
    """Give the last first-parent commit that touched each record, as an approval."""
    found: dict[str, Approval] = {}
    for entry in log.split(_RECORD)[1:]:
        head, _, names = entry.partition("\n")
        _commit, _parents, author, day, subject = head.split(_FIELD, 4)
        approval = _approval(author, _day(day), _MERGED.search(subject))
        found.update({hit[1]: approval for name in names.splitlines() if (hit := _FOLDER.search(name))})
    return found


def _day(text: str) -> date | None:
    """Give the day of a commit; None where its clock stood beyond the year 9999, or before the first."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _approval(author: str, day: date | None, merge: re.Match[str] | None) -> Approval:
    """Give the approval that a commit is. A robot approves nothing: it writes what the policy decided or squashes what a person merged."""
    person = "" if author.endswith("[bot]") else author
    if merge:
        return Approval(Way.MERGE, person, day, next(part for part in merge.groups() if part))
    return Approval(Way.COMMIT if person else Way.POLICY, person, day)


def _is_repository(root: Path) -> bool:
    try:
        return _run(root, "rev-parse", "--is-inside-work-tree").stdout.strip() == "true"
    except FileNotFoundError:
        return False


def _has_commit(root: Path) -> bool:
    return _run(root, "rev-parse", "--verify", "--quiet", "HEAD").returncode == 0


def _git(root: Path, *words: str) -> str:
    done = _run(root, "-c", "core.quotePath=false", *words)
    if done.returncode != 0:
        raise PublishError(f"git {words[0]} failed in {root}: {done.stderr.strip()}", tip="run it by hand to see why")
    return done.stdout


def _run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=False, encoding="utf-8", errors="replace")
