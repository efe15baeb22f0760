"""A loopback GitHub: the REST calls that the desk makes, over real HTTP, with pull requests that follow a real bare repository.

Every request and every answer is held against GitHub's own description where it is installed; `wrong` collects what differs.
Git itself is served beside it by `git http-backend`, so pushes and fetches are real too.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from standins.github_description import Description, description

# What a job has, and what an administrator has: the first may set nothing.
TOKEN = "loopback-token"
ADMIN_TOKEN = "loopback-admin-token"
BOT = "github-actions[bot]"
NOT_ACCESSIBLE = "Resource not accessible by integration"
NOT_PERMITTED = "GitHub Actions is not permitted to create or approve pull requests."
Answer = tuple[int, object]


@dataclass(slots=True)
class GitHubStandIn:
    """One repository at a loopback GitHub; use it as a context.

    Attributes:
        bare: The bare repository behind it, served at /owner/name; None for the API alone.
        writers: Who may write.
        strangers: Handles that cannot be asked to review.
        may_open_pulls: The setting that is off by default at GitHub.
        may_label: Whether the job has `issues: write`, which making a label asks for.
        labels: Those that there are; another one is refused on a pull request.
        site: What GitHub says of the Pages site; None where there is none. A job's token can make none.
        workflows: The state of each workflow file.
        dispatched: Which workflows were started by hand, and where; inputs: what each was told.
        brought: By commit, the pull request that brought it; what GitHub keeps of merges, squashes and rebases alike.
        attested: SHA-256 of the files that have an attestation.
        faults: Answers to give instead, first first: (status, headers, body).
        wrong: What differs from GitHub's description.
        moment: What time it is here; where None, a second after what happened last.
    """

    bare: Path | None = None
    repository: str = "lab/desk"
    writers: set[str] = field(default_factory=lambda: {"owner"})
    strangers: set[str] = field(default_factory=set)
    may_open_pulls: bool = True
    has_issues: bool = True
    may_label: bool = True
    labels: set[str] = field(default_factory=set)
    site: dict[str, Any] | None = None
    workflows: dict[str, str] = field(default_factory=dict)
    dispatched: list[tuple[str, str]] = field(default_factory=list)
    inputs: list[dict[str, str]] = field(default_factory=list)
    brought: dict[str, int] = field(default_factory=dict)
    reviews: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    lines: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    reactions: dict[int, list[str]] = field(default_factory=dict)
    merger: str = "owner"
    attested: set[str] = field(default_factory=set)
    faults: list[tuple[int, Mapping[str, str], bytes]] = field(default_factory=list)
    pulls: dict[int, dict[str, Any]] = field(default_factory=dict)
    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    judge: Description | None = field(default_factory=description)
    page_size: int = 100
    is_admin: bool = False
    moment: datetime | None = None
    _server: Any = None
    _count: int = 0
    _lock: Any = field(default_factory=threading.RLock)

    # --- The server ---

    def __enter__(self) -> Self:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else a body waits 40 ms for the client to acknowledge its headers

            def _any(self) -> None:
                owner._serve(self)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _any  # noqa: N815  # the library's names

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The server, as GITHUB_SERVER_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def api_url(self) -> str:
        """The API, as GITHUB_API_URL."""
        return f"{self.url}/api/v3"

    @property
    def environment(self) -> dict[str, str]:
        """What a job of this repository has in its environment."""
        return {
            "GITHUB_REPOSITORY": self.repository,
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_API_URL": self.api_url,
            "GITHUB_SERVER_URL": self.url,
            "GITHUB_RUN_ID": "4711",
            "GITHUB_RUN_NUMBER": "7",
        }

    # --- What people do ---

    def say(self, number: int, user: str, text: str) -> int:
        """Comment as somebody; give the comment's id."""
        return int(self._comment(number, user, text)["id"])

    def close(self, number: int) -> None:
        """Close a pull request without merging it."""
        self.pulls[number]["state"] = "closed"

    def review(self, number: int, user: str, text: str, *, line: bool = False) -> int:
        """Say something in a review of a pull request, or at one of its lines; give its id."""
        made_id, stamp = self._next(), "created_at" if line else "submitted_at"
        url = f"{self.url}/lab/desk/pull/{number}#r"
        made = {"id": made_id, "body": text, "user": _user(user), "html_url": url, stamp: self._now()}
        (self.lines if line else self.reviews).setdefault(number, []).append(made)
        self._touch(number)
        return made_id

    def merge(self, number: int, how: str = "merge", who: str = "owner") -> None:
        """Merge a pull request as somebody, who may press any of the three buttons ("merge", "squash", "rebase").

        What the commit says follows the button: a squash and a rebase name the pull request's author and never who pressed it, and a
        rebase has no "(#n)" in its subject.
        """
        assert self.bare is not None
        pull = self.pulls[number]
        tip, main = self._git("rev-parse", f"refs/heads/{pull['branch']}"), self._git("rev-parse", "refs/heads/main")
        # By an index of its own: `git merge-tree --write-tree` would do, but is not in Git before 2.38.
        (self.bare / "merge-index").unlink(missing_ok=True)  # an index that holds another merge would take part in this one
        index = {"GIT_INDEX_FILE": str(self.bare / "merge-index")}
        self._git("read-tree", "-i", "-m", "--aggressive", self._git("merge-base", main, tip), main, tip, extra=index)
        tree = self._git("write-tree", extra=index)
        name = "Owner" if how == "merge" else BOT
        subject = {
            "merge": f"Merge pull request #{number} from lab/{pull['branch']}",
            "squash": f"{pull['title']} (#{number})",
            "rebase": "Report, version 1",
        }
        as_whom = {
            f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in (("NAME", name), ("EMAIL", "a@b.example"))
        }
        parents = ["-p", main, *(["-p", tip] if how == "merge" else [])]
        commit = self._git("commit-tree", tree, *parents, "-m", subject[how], extra=as_whom)
        self._git("update-ref", "refs/heads/main", commit)
        self.brought[commit] = number
        pull.update(state="closed", merged_at=self._now() if self.moment else "2026-01-16T09:00:00Z", merged_by=who)
        self._touch(number)

    def open_pulls(self) -> list[dict[str, Any]]:
        """Give the open pull requests."""
        return [pull for pull in self.pulls.values() if pull["state"] == "open"]

    def open_issues(self) -> list[dict[str, Any]]:
        """Give the open issues."""
        return [issue for issue in self.issues.values() if issue["state"] == "open"]

    # --- HTTP ---

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        if handler.headers.get("Transfer-Encoding") == "chunked":
            body = _chunks(handler)
        if not parts.path.startswith("/api/v3/"):
            self._serve_git(handler, parts.path, parts.query, body)
            return
        path = parts.path.removeprefix("/api/v3")
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        with self._lock:
            given = json.loads(body) if body else None
            self.asked.append((handler.command, path, given))
            if self.faults:
                status, headers, content = self.faults.pop(0)
            else:
                status, headers, content = self._api(handler.command, path, query, given, handler.headers.get("Authorization", ""))
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", "Content-Length": str(len(content)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    def _api(self, method: str, path: str, query: dict[str, str], given: Any, authorization: str) -> tuple[int, dict[str, str], bytes]:
        if self.judge:
            self.wrong += self.judge.wrong_request(method, path, query, given)
        if authorization not in {f"Bearer {TOKEN}", f"Bearer {ADMIN_TOKEN}"}:
            return 401, {}, b'{"message": "Bad credentials"}'
        self.is_admin = authorization == f"Bearer {ADMIN_TOKEN}"
        status, answer = self._route(method, path.removeprefix(f"/repos/{self.repository}"), query, given)
        headers: dict[str, str] = {}
        listed = answer["workflow_runs"] if isinstance(answer, dict) and "workflow_runs" in answer else answer
        if isinstance(listed, list):
            page, size = int(query.get("page", "1")), min(int(query.get("per_page", "30")), self.page_size)
            if page * size < len(listed):
                following = urlencode({**query, "page": str(page + 1)})
                headers["Link"] = f'<{self.api_url}{path}?{following}>; rel="next", <{self.api_url}{path}>; rel="last"'
            listed[:] = listed[(page - 1) * size : page * size]
        if status == 204:
            return status, headers, b""
        if self.judge and status < 300:
            answer = self.judge.whole(method, path, status, answer)
            self.wrong += self.judge.wrong_answer(method, path, status, answer)
        return status, headers, json.dumps(answer).encode()

    def _route(self, method: str, path: str, query: dict[str, str], given: Any) -> Answer:
        for pattern, name, action in _ROUTES:
            found = re.fullmatch(pattern, path)
            if found and name == method:
                return action(self, found.groups(), query, given)
        return 404, {"message": "Not Found"}

    # --- What the API does ---

    def _list_pulls(self, _path: Sequence[str], query: dict[str, str], _given: Any) -> Answer:
        state, head = query.get("state", "open"), query.get("head", "")
        found = [pull for pull in reversed(self.pulls.values()) if state in {"all", pull["state"]}]
        found = [pull for pull in found if not head or head == f"{pull['fork'].partition('/')[0]}:{pull['branch']}"]
        heads = self._heads() if len(found) > 1 else None
        return 200, [self._pull(pull, heads) for pull in found]

    def _heads(self) -> dict[str, str]:
        """Give the commit of every branch, asked of Git at once."""
        if self.bare is None:
            return {}
        lines = self._git("for-each-ref", "--format=%(objectname) %(refname)", "refs/heads").splitlines()
        return {name.removeprefix("refs/heads/"): sha for sha, name in (line.split(" ", 1) for line in lines)}

    def _create_pull(self, _path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        if not self.may_open_pulls:
            return 403, {"message": NOT_PERMITTED}
        if len(given["body"]) > 65_536 or len(given["title"]) > 256:
            return 422, {"message": "Validation Failed", "errors": [{"message": "body is too long (maximum is 65536 characters)"}]}
        if any(pull["branch"] == given["head"] and pull["fork"] == self.repository for pull in self.open_pulls()):
            return 422, {"message": "Validation Failed", "errors": [{"message": f"A pull request already exists for lab:{given['head']}."}]}
        pull = self.add_pull(given["head"], given["title"], given["body"])
        return 201, self._pull(pull)

    def add_pull(self, branch: str, title: str, body: str, *, fork: str = "", user: str = BOT) -> dict[str, Any]:
        """Open a pull request; from a fork where one is named."""
        number = self._next()
        fork = fork or self.repository
        pull = {
            "number": number,
            "title": title,
            "body": body,
            "branch": branch,
            "state": "open",
            "merged_at": None,
            "fork": fork,
            "user": user,
            "created_at": self._now(),
            "updated_at": self._now(),
        }
        self.pulls[number] = {**pull, "labels": [], "reviewers": []}
        return self.pulls[number]

    def _touch(self, number: int) -> None:
        """Note that something happened to a pull request: whatever is said, reviewed or changed moves its stamp."""
        if number in self.pulls:
            self.pulls[number]["updated_at"] = self._now()

    def _patch_pull(self, path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        self.pulls[int(path[0])].update(given)
        self._touch(int(path[0]))
        return 200, self._pull(self.pulls[int(path[0])])

    def _review(self, path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        if self.strangers & set(given["reviewers"]):
            return 422, {"message": "Reviews may only be requested from collaborators."}
        self.pulls[int(path[0])]["reviewers"] += given["reviewers"]
        return 201, self._pull(self.pulls[int(path[0])])

    def _label(self, path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        if unknown := set(given["labels"]) - self.labels:
            return 422, {"message": "Validation Failed", "errors": [f"unknown label {name}" for name in sorted(unknown)]}
        thing = self.pulls.get(int(path[0])) or self.issues[int(path[0])]
        thing["labels"] += given["labels"]
        self._touch(int(path[0]))
        return 200, [{"name": name, "id": 1} for name in thing["labels"]]

    def _create_label(self, _path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        if not self.may_label:
            return 403, {"message": NOT_ACCESSIBLE}
        if given["name"] in self.labels:
            return 422, {"message": "Validation Failed", "errors": [{"code": "already_exists"}]}
        self.labels.add(given["name"])
        return 201, {"name": given["name"]}

    def _get_label(self, path: Sequence[str], _query: dict[str, str], _given: Any) -> Answer:
        return (200, {"name": path[0]}) if path[0] in self.labels else (404, {"message": "Not Found"})

    def _get_pull(self, path: Sequence[str], _query: dict[str, str], _given: Any) -> Answer:
        pull = self.pulls.get(int(path[0]))
        if pull is None:
            return 404, {"message": "Not Found"}
        by = pull.get("merged_by")
        return 200, {**self._pull(pull), "merged": bool(pull["merged_at"]), "merged_by": _user(by) if by else None}

    def _brought(self, path: Sequence[str], _query: dict[str, str], _given: Any) -> Answer:
        number = self.brought.get(path[0])
        return 200, [self._pull(self.pulls[number])] if number else []

    def _list_reviews(self, path: Sequence[str], _query: dict[str, str], _given: Any) -> Answer:
        return 200, list(self.reviews.get(int(path[0]), []))

    def _list_lines(self, path: Sequence[str], _query: dict[str, str], _given: Any) -> Answer:
        return 200, list(self.lines.get(int(path[0]), []))

    def _react(self, path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        self.reactions.setdefault(int(path[0]), []).append(given["content"])
        return 201, {"id": self._next(), "content": given["content"]}

    def _list_workflows(self, _path: Sequence[str], _query: dict[str, str], _given: Any) -> Answer:
        found = [
            {"id": number, "path": f".github/workflows/{name}", "name": name, "state": state}
            for number, (name, state) in enumerate(self.workflows.items(), 1)
        ]
        return 200, {"total_count": len(found), "workflows": found}

    def _enable(self, path: Sequence[str], _query: dict[str, str], _given: Any) -> Answer:
        name = list(self.workflows)[int(path[0]) - 1] if path[0].isdecimal() else path[0]
        self.workflows[name] = "active"
        return 204, {}

    def _dispatch(self, path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        if self.bare and not self._git("rev-parse", "--verify", "-q", f"refs/heads/{given['ref']}"):
            return 422, {"message": f"No ref found for: {given['ref']}"}
        self.dispatched.append((path[0], given["ref"]))
        self.inputs.append(given.get("inputs", {}))
        return 204, {}

    # Objects of Git, made through the API: they go into the repository itself.

    def _commit_of(self, path: Sequence[str], _query: dict[str, str], _given: Any) -> Answer:
        return 200, self._commit_facts(path[0])

    def _commit_facts(self, sha: str) -> dict[str, Any]:
        who = {"name": "x", "email": "x@x.example", "date": "2026-01-15T12:00:00Z"}
        tree = {"sha": self._git("rev-parse", f"{sha}^{{tree}}"), "url": "https://example.org/"}
        return {"sha": sha, "tree": tree, "message": "x", "parents": [], "author": who, "committer": who}

    def _make_blob(self, _path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        data = base64.b64decode(given["content"])
        made = subprocess.run(["git", "hash-object", "-w", "--stdin"], cwd=self.bare, input=data, capture_output=True, check=True)
        return 201, {"sha": made.stdout.decode().strip(), "url": "https://example.org/"}

    def _make_tree(self, _path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        index = {"GIT_INDEX_FILE": str(self.bare / "api-index") if self.bare else ""}
        self._git("read-tree", given["base_tree"], extra=index)
        for item in given["tree"]:
            self._git("update-index", "--add", "--cacheinfo", f"{item['mode']},{item['sha']},{item['path']}", extra=index)
        return 201, {"sha": self._git("write-tree", extra=index), "tree": []}

    def _make_commit(self, _path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        who = {"GIT_AUTHOR_NAME": BOT, "GIT_AUTHOR_EMAIL": "41898282+github-actions[bot]@users.noreply.github.com"}
        who |= {"GIT_COMMITTER_NAME": "GitHub", "GIT_COMMITTER_EMAIL": "noreply@github.com"}
        parents = [word for parent in given["parents"] for word in ("-p", parent)]
        return 201, self._commit_facts(self._git("commit-tree", given["tree"], *parents, "-m", given["message"], extra=who))

    def _get_ref(self, path: Sequence[str], _query: dict[str, str], _given: Any) -> Answer:
        sha = self._git("rev-parse", "--verify", "-q", f"refs/heads/{path[0]}")
        return (200, self._ref(path[0], sha)) if sha else (404, {"message": "Not Found"})

    def _ref(self, branch: str, sha: str) -> dict[str, Any]:
        return {"ref": f"refs/heads/{branch}", "object": {"type": "commit", "sha": sha, "url": "https://example.org/"}}

    def _make_ref(self, _path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        if self._git("rev-parse", "--verify", "-q", given["ref"]):
            return 422, {"message": "Reference already exists"}
        self._git("update-ref", given["ref"], given["sha"])
        return 201, self._ref(given["ref"].removeprefix("refs/heads/"), given["sha"])

    def _move_ref(self, path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        self._git("update-ref", f"refs/heads/{path[0]}", given["sha"])
        return 200, self._ref(path[0], given["sha"])

    def _get_site(self, _path: Sequence[str], _query: dict[str, str], _given: Any) -> Answer:
        return (200, self.site) if self.site else (404, {"message": "Not Found"})

    def _set_site(self, _path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        if not self.is_admin:
            return 403, {"message": NOT_ACCESSIBLE}
        is_new = self.site is None
        self.site = {"build_type": given["build_type"], "html_url": "https://lab.github.io/desk/", "status": "built", "cname": None}
        return (201, self.site) if is_new else (204, {})

    def _set(self, path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        if not self.is_admin:
            return 403, {"message": NOT_ACCESSIBLE}
        self.settings[path[0]] = {**self.settings.get(path[0], {}), **(given or {})}
        return (200, self.settings[path[0]]) if path[0] == "" else (204, {})

    def _set_variable(self, _path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        if not self.is_admin:
            return 403, {"message": NOT_ACCESSIBLE}
        stamp = "2026-01-15T12:00:00Z"
        self.settings[f"actions/variables/{given['name']}"] = {**given, "created_at": stamp, "updated_at": stamp}
        return 201, {}

    def _set_environment(self, path: Sequence[str], _query: dict[str, str], _given: Any) -> Answer:
        if not self.is_admin:
            return 403, {"message": NOT_ACCESSIBLE}
        self.settings[f"environments/{path[0]}"] = {"name": path[0]}
        return 200, self.settings[f"environments/{path[0]}"]

    def _add_branch_policy(self, path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        if not self.is_admin:
            return 403, {"message": NOT_ACCESSIBLE}
        key = f"environments/{path[0]}/deployment-branch-policies"
        kept = self.settings.setdefault(key, {"total_count": 0, "branch_policies": []})
        kept["branch_policies"].append({"id": self._next(), "node_id": "x", "name": given["name"]})
        kept["total_count"] += 1
        return 200, kept["branch_policies"][-1]

    def _list_comments(self, path: Sequence[str], _query: dict[str, str], _given: Any) -> Answer:
        return 200, list(self.comments.get(int(path[0]), []))

    def _create_comment(self, path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        if len(given["body"]) > 65_536:
            return 422, {"message": "Validation Failed", "errors": [{"message": "body is too long (maximum is 65536 characters)"}]}
        return 201, self._comment(int(path[0]), BOT, given["body"])

    def _comment(self, number: int, user: str, text: str) -> dict[str, Any]:
        url = f"{self.url}/lab/desk/issues/{number}#c"
        made = {"id": self._next(), "body": text, "user": _user(user), "html_url": url, "created_at": self._now()}
        self.comments.setdefault(number, []).append(made)
        self._touch(number)
        return made

    def _list_issues(self, _path: Sequence[str], query: dict[str, str], _given: Any) -> Answer:
        creator, state = query.get("creator", ""), query.get("state", "open")
        there = [item for item in reversed(self.issues.values()) if item["state"] == state]
        found: list[object] = [self._issue(item) for item in there if creator in {"", item.get("user", BOT)}]
        mixed = (
            []
            if state != "open"
            else [
                {**self._issue(item), "pull_request": {"url": "x", "html_url": "x", "diff_url": "x", "patch_url": "x"}}
                for item in self.open_pulls()
            ]
        )
        return 200, [*found, *mixed]

    def _create_issue(self, _path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        if not self.has_issues:
            return 410, {"message": "Issues has been disabled in this repository."}
        if len(given["body"]) > 65_536:
            return 422, {"message": "Validation Failed", "errors": [{"message": "body is too long (maximum is 65536 characters)"}]}
        number = self._next()
        self.issues[number] = {"number": number, "title": given["title"], "body": given["body"], "state": "open", "labels": []}
        return 201, self._issue(self.issues[number])

    def close_issue(self, number: int, when: str = "") -> None:
        """Close an issue as a person does."""
        moment = self.moment or datetime.now(UTC)
        self.issues[number].update(state="closed", closed_at=when or moment.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def _patch_issue(self, path: Sequence[str], _query: dict[str, str], given: Any) -> Answer:
        if given.get("state") == "closed":
            self.close_issue(int(path[0]))
        self.issues[int(path[0])].update(given)
        return 200, self._issue(self.issues[int(path[0])])

    def _permission(self, path: Sequence[str], _query: dict[str, str], _given: Any) -> Answer:
        role = "write" if path[0] in self.writers else "read"
        return 200, {"permission": role, "role_name": role, "user": None}

    def _attestations(self, path: Sequence[str], _query: dict[str, str], _given: Any) -> Answer:
        found = [{"bundle": {}, "repository_id": 1, "bundle_url": "https://example.org/"}] if path[0] in self.attested else []
        return 200, {"attestations": found}

    def _setting(self, path: Sequence[str], _query: dict[str, str], _given: Any) -> Answer:
        found = self.settings.get(path[0], self.settings.get(f"/{path[0]}"))
        return (200, found) if found is not None else (404, {"message": "Not Found"})

    def _pull(self, pull: Mapping[str, Any], heads: Mapping[str, str] | None = None) -> dict[str, Any]:
        home = {"full_name": pull["fork"], "name": "desk", "owner": _user(pull["fork"].partition("/")[0])}
        sha = "0" * 40
        if self.bare and pull["fork"] == self.repository:
            branch = pull["branch"]
            sha = self._git("rev-parse", f"refs/heads/{branch}") if heads is None else heads.get(branch, sha)
        return {
            **{name: pull[name] for name in ("number", "title", "body", "state", "merged_at", "created_at", "updated_at")},
            "html_url": f"{self.url}/lab/desk/pull/{pull['number']}",
            "user": _user(pull["user"]),
            "base": {"ref": "main", "sha": "0" * 40, "label": "lab:main", "repo": {"full_name": self.repository, "name": "desk"}},
            "head": {"ref": pull["branch"], "sha": sha, "repo": home, "label": f"lab:{pull['branch']}"},
        }

    def _issue(self, issue: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **{name: issue[name] for name in ("number", "title", "body", "state")},
            "html_url": f"{self.url}/lab/desk/issues/{issue['number']}",
            "labels": [{"name": name} for name in issue["labels"]],
            "closed_at": issue.get("closed_at"),
            "user": _user(issue.get("user", BOT)),
        }

    def _now(self) -> str:
        """Give a stamp that is later than every one before, or that of the moment."""
        if self.moment is not None:
            return self.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"2026-01-15T12:{self._count // 60:02}:{self._count % 60:02}Z"

    def _next(self) -> int:
        self._count += 1
        return self._count

    # --- Git ---

    def _git(self, *words: str, extra: Mapping[str, str] | None = None) -> str:
        environ = os.environ | dict(extra or {})
        done = subprocess.run(["git", *words], cwd=self.bare, capture_output=True, text=True, check=False, env=environ)
        return done.stdout.strip()

    def _serve_git(self, handler: BaseHTTPRequestHandler, path: str, query: str, body: bytes) -> None:
        assert self.bare is not None, path
        basic = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
        pushes = "git-receive-pack" in path + query
        if pushes and handler.headers.get("Authorization") != f"basic {basic}" and handler.headers.get("Authorization") != f"Basic {basic}":
            handler.send_response(401)
            handler.send_header("WWW-Authenticate", 'Basic realm="loopback"')
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        environ = os.environ | {
            "GIT_PROJECT_ROOT": str(self.bare.parent),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": "/" + self.bare.name + path.removeprefix(f"/{self.repository}").removeprefix(".git"),
            "QUERY_STRING": query,
            "REQUEST_METHOD": handler.command,
            "CONTENT_TYPE": handler.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": handler.headers.get("Content-Encoding", ""),
            "REMOTE_USER": "x-access-token",
            "GIT_PROTOCOL": handler.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run(["git", "http-backend"], input=body, capture_output=True, check=False, env=environ)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        lines = [line.split(": ", 1) for line in head.decode().splitlines() if ": " in line]
        status = next((int(value.split()[0]) for name, value in lines if name == "Status"), 200)
        handler.send_response(status)
        for name, value in lines:
            if name != "Status":
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)


def _user(login: str) -> dict[str, str]:
    return {"login": login}


def _chunks(handler: BaseHTTPRequestHandler) -> bytes:
    found = bytearray()
    while size := int(handler.rfile.readline().strip() or b"0", 16):
        found += handler.rfile.read(size)
        handler.rfile.readline()
    handler.rfile.readline()
    return bytes(found)


_Action = Callable[[GitHubStandIn, Sequence[str], dict[str, str], Any], Answer]
_ROUTES: tuple[tuple[str, str, _Action], ...] = (
    (r"/pulls", "GET", GitHubStandIn._list_pulls),
    (r"/pulls", "POST", GitHubStandIn._create_pull),
    (r"/pulls/(\d+)", "PATCH", GitHubStandIn._patch_pull),
    (r"/pulls/(\d+)/requested_reviewers", "POST", GitHubStandIn._review),
    (r"/issues", "GET", GitHubStandIn._list_issues),
    (r"/issues", "POST", GitHubStandIn._create_issue),
    (r"/issues/(\d+)", "PATCH", GitHubStandIn._patch_issue),
    (r"/issues/(\d+)/labels", "POST", GitHubStandIn._label),
    (r"/issues/(\d+)/comments", "GET", GitHubStandIn._list_comments),
    (r"/issues/(\d+)/comments", "POST", GitHubStandIn._create_comment),
    (r"/collaborators/([^/]+)/permission", "GET", GitHubStandIn._permission),
    (r"/pulls/(\d+)", "GET", GitHubStandIn._get_pull),
    (r"/pulls/(\d+)/reviews", "GET", GitHubStandIn._list_reviews),
    (r"/pulls/(\d+)/comments", "GET", GitHubStandIn._list_lines),
    (r"/commits/([0-9a-f]+)/pulls", "GET", GitHubStandIn._brought),
    (r"/(?:issues|pulls)/comments/(\d+)/reactions", "POST", GitHubStandIn._react),
    (r"/labels", "POST", GitHubStandIn._create_label),
    (r"/labels/([^/]+)", "GET", GitHubStandIn._get_label),
    (r"/actions/workflows", "GET", GitHubStandIn._list_workflows),
    (r"/actions/workflows/([^/]+)/enable", "PUT", GitHubStandIn._enable),
    (r"/actions/workflows/([^/]+)/dispatches", "POST", GitHubStandIn._dispatch),
    (r"/git/commits/([0-9a-f]+)", "GET", GitHubStandIn._commit_of),
    (r"/git/blobs", "POST", GitHubStandIn._make_blob),
    (r"/git/trees", "POST", GitHubStandIn._make_tree),
    (r"/git/commits", "POST", GitHubStandIn._make_commit),
    (r"/git/ref/heads/(.+)", "GET", GitHubStandIn._get_ref),
    (r"/git/refs", "POST", GitHubStandIn._make_ref),
    (r"/git/refs/heads/(.+)", "PATCH", GitHubStandIn._move_ref),
    (r"/pages", "GET", GitHubStandIn._get_site),
    (r"/pages", "POST", GitHubStandIn._set_site),
    (r"/pages", "PUT", GitHubStandIn._set_site),
    (r"/actions/variables", "POST", GitHubStandIn._set_variable),
    (r"/environments/([^/]+)", "PUT", GitHubStandIn._set_environment),
    (r"/environments/([^/]+)/deployment-branch-policies", "POST", GitHubStandIn._add_branch_policy),
    (r"/?(actions/permissions(?:/workflow|/fork-pr-contributor-approval)?)", "PUT", GitHubStandIn._set),
    (r"()", "PATCH", GitHubStandIn._set),
    (r"/attestations/sha256:([0-9a-f]{64})", "GET", GitHubStandIn._attestations),
    (r"/?(.*)", "GET", GitHubStandIn._setting),
)
