"""A commit made through GitHub's API, which GitHub signs: for branches that take signed commits alone.

https://docs.github.com/rest/git: blobs, a tree over that of the base, a commit, the branch. A commit without author and committer is the
token's own, and is shown as verified.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from sovereign.adapters.git_repo import Pushed
from sovereign.adapters.github import GitHub
from sovereign.errors import PublishError

_FILE = "100644"
_REFUSED = 422


def put(api: GitHub, base: str, files: Mapping[PurePosixPath, bytes], message: str, branch: str, expect: str | None) -> Pushed:
    """Point a branch to a new commit on `base` with these files; MOVED where the branch is no longer where it was expected.

    Args:
        expect: The branch's commit now; None where it must not exist.

    Raises:
        PublishError: GitHub refuses.
    """
    tree = _sha(_made(api, "GET", f"git/commits/{base}", None).get("tree"))
    entries = [{"path": str(path), "mode": _FILE, "type": "blob", "sha": _blob(api, content)} for path, content in files.items()]
    whole = _sha(_made(api, "POST", "git/trees", {"base_tree": tree, "tree": entries}))
    commit = _sha(_made(api, "POST", "git/commits", {"message": message, "tree": whole, "parents": [base]}))
    return _point(api, branch, commit, expect)


def _point(api: GitHub, branch: str, commit: str, expect: str | None) -> Pushed:
    name = quote(branch, safe="/")
    if expect is None:
        answer = api.ask("POST", "git/refs", {"ref": f"refs/heads/{branch}", "sha": commit})
    else:
        now = api.ask("GET", f"git/ref/heads/{name}")
        if isinstance(now, int) or _sha(now.get("object")) != expect:
            return Pushed.MOVED
        answer = api.ask("PATCH", f"git/refs/heads/{name}", {"sha": commit, "force": branch != "main"})
    if answer == _REFUSED:
        return Pushed.MOVED
    if isinstance(answer, int):
        raise PublishError(
            f"GitHub: branch {branch}: {answer}", tip="the branch takes no commit of the desk's, by push or by API: see its rules"
        )
    return Pushed.DONE


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
