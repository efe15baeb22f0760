"""A commit made through GitHub's API, which GitHub signs: for branches that take signed commits alone.

https://docs.github.com/rest/git: blobs, a tree over that of the base, a commit, the branch. A commit without author and committer is the
token's own, and is shown as verified.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from sovereign.adapters.git_repo import ProtectedError, Pushed
from sovereign.adapters.github import GitHub
from sovereign.errors import PublishError

_FILE = "100644"
_REFUSED = 422


@dataclass(frozen=True, slots=True)
class Target:
    """The branch that shall point to the commit; expect is where it is now (None: it must not exist), force lets it leave its history."""

    branch: str
    expect: str | None
    force: bool = False


def put(api: GitHub, base: str, files: Mapping[PurePosixPath, bytes], message: str, target: Target) -> Pushed:
    """Point a branch to a new commit on `base` with these files; MOVED where the branch is no longer where it was expected.

    Raises:
        ProtectedError: The branch takes no commit in this way either.
        PublishError: GitHub refuses.
    """
    tree = _sha(_made(api, "GET", f"git/commits/{base}", None).get("tree"))
    entries = [{"path": str(path), "mode": _FILE, "type": "blob", "sha": _blob(api, content)} for path, content in files.items()]
    whole = _sha(_made(api, "POST", "git/trees", {"base_tree": tree, "tree": entries}))
    commit = _sha(_made(api, "POST", "git/commits", {"message": message, "tree": whole, "parents": [base]}))
    return _point(api, target, commit)


def _point(api: GitHub, target: Target, commit: str) -> Pushed:
    if target.expect is None:
        answer = api.ask("POST", "git/refs", {"ref": f"refs/heads/{target.branch}", "sha": commit})
    elif _now(api, target.branch) != target.expect:
        return Pushed.MOVED
    else:
        path = f"git/refs/heads/{quote(target.branch, safe='/')}"
        answer = api.ask("PATCH", path, {"sha": commit, "force": target.force})
    if not isinstance(answer, int):
        return Pushed.DONE
    if answer == _REFUSED and _now(api, target.branch) != target.expect:
        return Pushed.MOVED
    raise ProtectedError(
        f"GitHub: branch {target.branch}: {answer}", tip="it takes no commit of the desk's, by push or by API: see its rules"
    )


def _now(api: GitHub, branch: str) -> str | None:
    found = api.ask("GET", f"git/ref/heads/{quote(branch, safe='/')}")
    return None if isinstance(found, int) else _sha(found.get("object"))


def _blob(api: GitHub, content: bytes) -> str:
    return _sha(_made(api, "POST", "git/blobs", {"content": base64.b64encode(content).decode(), "encoding": "base64"}))


def _made(api: GitHub, method: str, path: str, body: Mapping[str, Any] | None) -> Mapping[str, Any]:
    answer = api.ask(method, path, body)
    if isinstance(answer, int):
        raise PublishError(f"GitHub: {method} {path}: {answer}", tip="the job needs `contents: write`")
    return answer


def _sha(item: object) -> str:
    found = item.get("sha") if isinstance(item, Mapping) else None
    if not isinstance(found, str):
        raise PublishError("GitHub: expected the name of an object, got something else", tip="try again later")
    return found
