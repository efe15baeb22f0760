"""GitHub over REST: pull requests, issues, comments, runs and settings, with pagination, rate limits and errors that name the setting.

https://docs.github.com/rest, version 2022-11-28. A request that may have changed something is not sent twice; one that only asks, or that
was turned away unread (429, a spent rate limit), is. Answers are untrusted: bounded in size, checked in shape.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Self
from urllib.parse import quote, urlsplit

import httpx

from sovereign.adapters.github_answers import PULLS_SETTING, RefusedError, fitting, is_json, parsed, refused, shape, wait_s
from sovereign.adapters.github_values import Comment, Issue, Pull, read_comment, read_issue, read_pull
from sovereign.adapters.http import Http, LateError, NotPublicError, host_of, network
from sovereign.errors import PublishError

__all__ = ["Comment", "GitHub", "Issue", "Pull"]

API_VERSION = "2022-11-28"
MAX_ANSWER_BYTES = 20_000_000
_TRIES, _WAIT_MAX_S = 4, 120.0
MAX_PAGES = 1000
"""Of one list, of a hundred each: a server that always names a next page would be asked for ever."""
PAUSE_S = 1.0
"""Between two requests that change something: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api."""
_MANY_HEADS = 30
_WRITERS = frozenset({"admin", "maintain", "write"})


class GitHub:
    """One repository at GitHub, "owner/name"; use it as a context, which closes its connections."""

    def __init__(
        self,
        repository: str,
        token: str,
        *,
        api_url: str = "https://api.github.com",
        sleep: Callable[[float], None] = time.sleep,
        timeout_s: float = 30.0,
        total_s: float = 300.0,
    ) -> None:
        """Speak of `repository` at `api_url`; a silence ends after `timeout_s`, an answer that drips in after `total_s`."""
        self.repository = repository
        self.owner = repository.partition("/")[0]
        self._sleep = sleep
        self._changed_s = -PAUSE_S
        self._total_s = total_s
        self._base = api_url.rstrip("/")
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": API_VERSION, "User-Agent": "sovereign-desk"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        # An enterprise's own GitHub may be in its own network; where the address of it leads on, that may not.
        self._http = Http(network(host_of(api_url)), headers=headers, timeout=httpx.Timeout(timeout_s), follows=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    # --- Pull requests ---

    def open_pulls(self, branch: str = "") -> tuple[Pull, ...]:
        """Give every open pull request, newest first; or those from one branch of this repository, which is one question."""
        head = {"head": f"{self.owner}:{branch}"} if branch else {}
        return tuple(read_pull(item, self.repository) for item in self._list("pulls", {"state": "open", **head}))

    def closed_pulls(self, branches: Sequence[str]) -> tuple[Pull, ...]:
        """Give the closed pull requests from these branches of this repository: one question each, or one list where they are many."""
        if len(branches) > _MANY_HEADS:
            wanted = frozenset(branches)
            found = (read_pull(item, self.repository) for item in self._list("pulls", {"state": "closed"}))
            return tuple(pull for pull in found if pull.is_ours and pull.branch in wanted)
        asked = (self._list("pulls", {"state": "closed", "head": f"{self.owner}:{branch}"}) for branch in branches)
        return tuple(pull for items in asked for item in items if (pull := read_pull(item, self.repository)).is_ours)

    def create_pull(self, *, branch: str, base: str, title: str, body: str) -> Pull:
        """Open a pull request."""
        answer = self._ask("POST", "pulls", {"head": branch, "base": base, "title": title, "body": fitting(body)}, setting=PULLS_SETTING)
        return read_pull(answer, self.repository)

    def update_pull(self, number: int, *, title: str, body: str) -> Pull:
        """Give a pull request another title and body."""
        return read_pull(self._ask("PATCH", f"pulls/{number}", {"title": title, "body": fitting(body)}), self.repository)

    def request_reviewers(self, number: int, handles: Sequence[str]) -> tuple[str, ...]:
        """Ask people to review, one by one, and give those whom GitHub does not let us ask (no collaborators, unknown, an outage)."""
        path = f"pulls/{number}/requested_reviewers"
        return tuple(handle for handle in handles if isinstance(self.ask("POST", path, {"reviewers": [handle]}), int))

    # --- Issues and comments ---

    def add_labels(self, number: int, labels: Sequence[str]) -> tuple[str, ...]:
        """Label an issue or pull request as far as may be, and give what GitHub refuses: making a label needs `issues: write`."""
        if not isinstance(self.ask("POST", f"issues/{number}/labels", {"labels": list(labels)}), int):
            return ()
        return tuple(label for label in labels if not self._label(number, label))

    def _label(self, number: int, label: str) -> bool:
        """Make a label and put it on; that it is there already is no fault."""
        self.ask("POST", "labels", {"name": label})
        return not isinstance(self.ask("POST", f"issues/{number}/labels", {"labels": [label]}), int)

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Give the comments of an issue or pull request, oldest first."""
        return tuple(read_comment(item) for item in self._list(f"issues/{number}/comments", {}))

    def comment(self, number: int, body: str) -> Comment:
        """Write a comment."""
        return read_comment(self._ask("POST", f"issues/{number}/comments", {"body": fitting(body)}))

    def open_issues(self, creator: str) -> tuple[Issue, ...]:
        """Give the open issues that an account opened; pull requests, which GitHub lists among them, are left out."""
        return self._issues(creator, "open")

    def closed_issues(self, creator: str) -> tuple[Issue, ...]:
        """Give the closed issues that an account opened, newest first."""
        return self._issues(creator, "closed")

    def _issues(self, creator: str, state: str) -> tuple[Issue, ...]:
        return tuple(read_issue(item) for item in self._list("issues", {"state": state, "creator": creator}) if "pull_request" not in item)

    def create_issue(self, *, title: str, body: str, labels: Sequence[str]) -> Issue:
        """Open an issue."""
        setting = "tick Settings → General → Features → Issues"
        made = read_issue(self._ask("POST", "issues", {"title": title, "body": fitting(body)}, setting=setting))
        self.add_labels(made.number, labels)
        return made

    def close_issue(self, number: int) -> None:
        """Close an issue as done."""
        self._ask("PATCH", f"issues/{number}", {"state": "closed", "state_reason": "completed"})

    # --- People, runs, settings ---

    def may_write(self, user: str) -> bool:
        """Whether a user may write to the repository; a stranger may not."""
        try:
            answer = self._ask("GET", f"collaborators/{quote(user, safe='')}/permission")
        except RefusedError as error:
            if error.status == httpx.codes.NOT_FOUND:
                return False
            raise
        return any(isinstance(role := answer.get(name), str) and role in _WRITERS for name in ("role_name", "permission"))

    def is_private(self) -> bool:
        """Whether the repository is not public."""
        return bool(self._ask("GET", "").get("private"))

    def has_attestation(self, sha256: str) -> bool:
        """Whether GitHub holds an attestation of the file with this SHA-256, in hexadecimal.

        https://docs.github.com/rest/repos/attestations: an empty list, or 404, where there is none.
        """
        try:
            answer = self._ask("GET", f"attestations/sha256:{sha256}")
        except RefusedError as error:
            if error.status == httpx.codes.NOT_FOUND:
                return False
            raise
        return bool(answer.get("attestations"))

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any] | int:
        """Give what a request below the repository answers (a list as its "items"), or the status where it is refused."""
        try:
            return self._ask(method, path, body)
        except RefusedError as error:
            return error.status

    def items(self, path: str, params: Mapping[str, str] | None = None, *, key: str = "") -> Iterator[dict[str, Any]]:
        """Give every item of a list below the repository, over all its pages; key names it where the answer is an object."""
        return self._list(path, params or {}, key=key)

    def look(self, path: str) -> Mapping[str, Any] | int:
        """Give what a GET of a path below the repository answers, or the status where it is refused; for `doctor`."""
        return self.ask("GET", path)

    # --- HTTP ---

    def _list(self, path: str, params: Mapping[str, str], *, key: str = "") -> Iterator[dict[str, Any]]:
        url = f"{self._base}/repos/{self.repository}/{path}"
        query: Mapping[str, str] | None = {**params, "per_page": "100"}
        for _ in range(MAX_PAGES):
            data, following = self._send("GET", url, None, params=query)
            items = data.get(key) if key and isinstance(data, dict) else data
            if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
                raise shape("a list", url)
            yield from items
            if following and not _is_beside(following, self._base):
                raise PublishError(
                    f"GitHub: the next page of {path} is at another host, {following}", tip="set GITHUB_API_URL to the right address"
                )
            if not following:
                return
            url, query = following, None
        raise PublishError(f"GitHub: {path}: expected at most {MAX_PAGES} pages, got more", tip="is GITHUB_API_URL right?")

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, setting: str = "") -> dict[str, Any]:
        url = f"{self._base}/repos/{self.repository}/{path}".rstrip("/")
        data, _ = self._send(method, url, body, setting=setting)
        if isinstance(data, list):
            return {"items": data}
        if not isinstance(data, dict):
            raise shape("an object", url)
        return data

    def _send(
        self, method: str, url: str, body: Mapping[str, Any] | None, *, params: Mapping[str, str] | None = None, setting: str = ""
    ) -> tuple[Any, str | None]:
        waited = 0.0
        for attempt in range(1, _TRIES + 1):
            is_last = attempt == _TRIES
            self._pace(method)
            try:
                status, headers, content, following = self._exchange(method, url, body, params)
            except httpx.HTTPError as error:
                if is_last or not _may_repeat(method, error):
                    raise PublishError(f"GitHub: {method} {url}: {error or type(error).__name__}", tip="try again later") from error
                pause = 2.0**attempt
            else:
                if status < httpx.codes.BAD_REQUEST and (is_last or method != "GET" or is_json(content)):
                    return parsed(content, url), following
                wait = wait_s(method, status, headers, content, attempt)
                if wait is None or is_last or waited + wait > _WAIT_MAX_S:
                    raise refused(method, url, status, content, setting=setting, again_s=wait)
                pause = wait
            waited += pause
            self._sleep(pause)
        raise AssertionError(_TRIES)

    def _pace(self, method: str) -> None:
        """Wait until a request that changes something may follow the one before."""
        if method != "GET":
            left = self._changed_s + PAUSE_S - time.monotonic()
            if left > 0:
                self._sleep(left)
            self._changed_s = time.monotonic()

    def _exchange(
        self, method: str, url: str, body: Mapping[str, Any] | None, params: Mapping[str, str] | None
    ) -> tuple[int, httpx.Headers, bytes, str | None]:
        try:
            answer = self._http.exchange(method, url, within_s=self._total_s, max_bytes=MAX_ANSWER_BYTES, params=params, json=body)
        except LateError as error:
            raise PublishError(f"GitHub: {method} {url}: {error}", tip="try again later") from error
        except NotPublicError as error:
            raise PublishError(f"GitHub: {method} {url}: {error}", tip="is GITHUB_API_URL right?") from error
        if not answer.is_whole:
            raise PublishError(
                f"GitHub: {method} {url}: expected at most {MAX_ANSWER_BYTES:,} bytes, got more", tip="is GITHUB_API_URL right?"
            )
        return answer.status, answer.headers, answer.body, answer.following or None


def _is_beside(url: str, base: str) -> bool:
    """Whether an address is of the same scheme and host as the one we were given."""
    try:
        return urlsplit(url)[:2] == urlsplit(base)[:2]
    except ValueError:
        return False


def _may_repeat(method: str, error: httpx.HTTPError) -> bool:
    return isinstance(error, httpx.ConnectError | httpx.ConnectTimeout) or (method == "GET" and isinstance(error, httpx.TransportError))
