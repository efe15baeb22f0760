"""What an audit found, before the owner and then on the report's landing page: a pull request for each report that is to be marked.

A version page never changes; the landing page, which leads to it, carries the notice, and `notices.json` beside it tells machines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict

from sovereign.adapters.git_repo import GitRepo, Pushed
from sovereign.adapters.github import GitHub
from sovereign.desk import comment_marks
from sovereign.desk.audit import Defect
from sovereign.desk.naming import folder_for
from sovereign.desk.shield import shield
from sovereign.errors import PublishError
from sovereign.exports.markup import escape
from sovereign.model import digest
from sovereign.text import counted

BRANCH_PREFIX = "recheck/"
FILE = "notices.json"
LABELS = ("recheck",)
_BLOCK = re.compile(r"<!-- sovereign:notices -->.*?<!-- sovereign:notices-end -->\n*", re.DOTALL)
_PLACE = "<!-- sovereign:approvals -->"
_TRAILER = "Sovereign-Notice: "
_MAX_LIST_CHARS = 60_000
_TITLE = '<div class="admonition warning sv-notices">\n<p class="admonition-title">Checked again: read with care</p>'
_ANSWERS = """- **Merge**: the notice stands on the report's landing page; its versions stay as they are.
- **Close**: the report stays unmarked, and the same findings are not put before you again.
- To have the goal researched anew, run the workflow *Research* by hand, with its name and *force*."""


def mark_page(page: str, findings: Sequence[Defect]) -> str:
    """Give the landing page with the notice above its approvals; an earlier notice is replaced, and none stays where nothing was found."""
    bare = _BLOCK.sub("", page)
    if not findings:
        return bare
    items = "\n".join(f"<li>Version {item.version}: {escape(item.kind)}. {escape(item.detail)}</li>" for item in findings)
    notice = f"<!-- sovereign:notices -->\n{_TITLE}\n<ul>\n{items}\n</ul>\n</div>\n<!-- sovereign:notices-end -->\n\n"
    head, place, rest = bare.partition(_PLACE)
    return head + notice + place + rest if place else bare.rstrip("\n") + "\n\n" + notice


def propose(
    repo: GitRepo, api: GitHub, base: str, slug: str, findings: Sequence[Defect], warn: Callable[[str], None] = lambda _: None
) -> bool:
    """Open the pull request that marks one report; False where it is marked, proposed or refused already.

    Raises:
        PublishError: Git or GitHub refuses, or the branch holds the owner's own commits.
    """
    main = repo.fetch(base)
    landing = folder_for(slug) / "index.md"
    page = repo.read(main, landing) if main else None
    if main is None or page is None:
        raise PublishError(f"{landing}: expected the landing page of a report on {base}, found none", tip="restore it from Git")
    data = json.dumps([asdict(item) for item in findings], ensure_ascii=False, indent=1) + "\n"
    files = {landing: mark_page(page.decode("utf-8"), findings).encode(), folder_for(slug) / FILE: data.encode()}
    branch, mark = BRANCH_PREFIX + slug, comment_marks.write("note", {"slug": slug, "findings": digest(data)})
    if all(repo.read(main, path) == content for path, content in files.items()) or _was_proposed(api, branch, mark):
        return False
    tip = repo.fetch(branch)
    if tip and not all(_TRAILER in commit.message for commit in repo.commits(main, tip)):
        raise PublishError(
            f"branch {branch}: holds commits that are not the desk's", tip="merge, rename or delete it; it is never overwritten"
        )
    commit = repo.commit(main, files, (), f"Mark the report on {slug}\n\n{_TRAILER}{digest(data)}\n")
    if repo.replace(commit, branch, expect=tip) is Pushed.MOVED:
        raise PublishError(f"branch {branch}: moved while we pushed", tip="the next run tries again")
    name, text = f"Mark the report on {slug}: {counted(len(findings), 'finding')}", body(findings, mark)
    drafts = [pull for pull in api.open_pulls(branch) if pull.is_ours and pull.branch == branch]
    if drafts:
        api.update_pull(drafts[0].number, title=name, body=text)
    else:
        made = api.create_pull(branch=branch, base=base, title=name, body=text)
        if api.add_labels(made.number, LABELS):
            warn(f"{slug}: GitHub does not let us label pull request {made.number}")
    return True


def _was_proposed(api: GitHub, branch: str, mark: str) -> bool:
    pulls = (*api.open_pulls(branch), *api.closed_pulls([branch]))
    return any(pull.is_ours and pull.branch == branch and mark in pull.body for pull in pulls)


def body(findings: Sequence[Defect], mark: str) -> str:
    """Give the pull request's body: what was found, and what merging and closing mean. What does not fit is counted."""
    lines: list[str] = []
    for item in findings:
        line = f"- Version {item.version}: **{item.kind}** ({shield(item.subject)}): {shield(item.detail)}"
        if sum(map(len, lines)) + len(line) > _MAX_LIST_CHARS:
            lines.append(f"- and {len(findings) - len(lines)} more, in `{FILE}`")
            break
        lines.append(line)
    return "\n\n".join((mark, "The weekly check of published reports found:", "\n".join(lines), _ANSWERS)) + "\n"
