"""A Git repository asked and written without touching its working tree: commits are made from blobs and pushed.

Commands are lists without a shell; the token goes in by the environment, so that no list of processes shows it
(https://git-scm.com/docs/git-config#ENVIRONMENT). Hooks never run.
"""

from __future__ import annotations

import base64
import os
import subprocess
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from sovereign.adapters import programs
from sovereign.errors import PublishError

# https://api.github.com/users/github-actions[bot]: the account that a job's own token acts for.
BOT_NAME = "github-actions[bot]"
BOT_EMAIL = "41898282+github-actions[bot]@users.noreply.github.com"
# Who commits what is made through GitHub's own pages and API; the author stays who asked for it.
WEB_EMAIL = "noreply@github.com"
_FILE, _FOLDER = "100644", "040000"


class ProtectedError(PublishError):
    """A branch lets nobody push but by pull request."""


class UnsignedError(PublishError):
    """A branch takes signed commits alone; GitHub signs those that are made through its API."""


class Pushed(StrEnum):
    """What became of a push."""

    DONE = "done"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit: whose it is (its author, or its committer where the author is the desk), and its whole message."""

    sha: str
    email: str
    message: str
    is_merge: bool


@dataclass(frozen=True, slots=True)
class GitRepo:
    """One clone and its remote "origin".

    Attributes:
        token: Sent to `server_url` alone, as GitHub's jobs do; empty for a remote that asks for none.
    """

    root: Path
    token: str = field(default="", repr=False)
    server_url: str = "https://github.com"
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False, compare=False)
    _removed: dict[tuple[PurePosixPath, str], tuple[str, tuple[tuple[PurePosixPath, str], ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def fetch(self, branch: str) -> str | None:
        """Bring a branch of the remote up to date and give its commit; None where there is no such branch."""
        remote = f"refs/remotes/origin/{branch}"
        found = self._persistently("ls-remote", "origin", f"refs/heads/{branch}").strip()
        if not found and not self._is_listed(branch):
            return None
        self._persistently("fetch", "--quiet", "--no-tags", "origin", f"+refs/heads/{branch}:{remote}")
        return self._ask("rev-parse", "--verify", remote).strip()

    def read(self, commit: str, path: PurePosixPath) -> bytes | None:
        """Give a file's bytes as they stand in a commit; None where it is not a plain file there."""
        entry = self._ask("ls-tree", "-z", "-l", commit, "--", str(path))
        if not entry.startswith("100"):
            return None
        _, _, blob, size = entry.split("\t", 1)[0].split()
        if int(size) > programs.MAX_BYTES:
            said = f"{path}: expected at most {programs.MAX_BYTES >> 20} MB, got {size} bytes"
            raise PublishError(said, tip="take it out of the repository")
        return self._run("cat-file", "blob", blob).stdout

    def paths(self, commit: str, below: PurePosixPath) -> tuple[PurePosixPath, ...]:
        """Give every file below a folder in a commit, sorted."""
        names = self._ask("ls-tree", "-r", "-z", "--name-only", commit, "--", f"{below}/")
        return tuple(PurePosixPath(name) for name in names.split("\0") if name)

    def commits(self, since: str, tip: str) -> tuple[Commit, ...]:
        """Give the commits of `tip` that `since` has not, newest first."""
        log = self._ask("log", "-z", "--format=%H%x1f%P%x1f%ce%x1f%ae%x1f%B", f"{since}..{tip}")
        found = [entry.split("\x1f", 4) for entry in log.split("\0") if entry.strip()]
        return tuple(
            Commit(sha, author if author != BOT_EMAIL else committer, body, " " in parents)
            for sha, parents, committer, author, body in found
        )

    def added(self, below: PurePosixPath, name: str) -> tuple[PurePosixPath, ...]:
        """Give every file of this name that the history of the checkout added below a folder, newest first; some may be gone by now."""
        names = self._ask(
            "log", "-z", "--diff-filter=A", "--no-renames", "--format=", "--name-only", "HEAD", "--", f":(glob){below}/**/{name}"
        )
        return tuple(PurePosixPath(path) for path in names.split("\0") if path)

    def removed(self, commit: str, below: PurePosixPath, name: str) -> tuple[tuple[PurePosixPath, str], ...]:
        """Give every file of this name that a commit's history took away below a folder, with a commit that still had it, newest first.

        The history is walked once for all the folders beside this one, and later only what came since: a walk takes as long as it is.
        What the desk committed itself, nine of ten in a long history, takes nothing away and is not compared.
        """
        top = below.parent
        seen, known = self._removed.get((top, name), ("", ()))
        steps = self._ask("log", "--first-parent", "--format=%H %P %ce", f"{seen}..{commit}" if seen else commit).splitlines()
        others = {words[0]: words[1] for line in steps for words in [line.split()] if len(words) > 2 and words[-1] != BOT_EMAIL}
        asked = "".join(f"{child} {parent}\n" for child, parent in others.items()).encode()
        only = ("--diff-filter=D", "--no-renames", "--name-only", f":(glob){top}/**/{name}")
        found: list[tuple[PurePosixPath, str]] = []
        parent = ""
        for line in self._run("diff-tree", "--stdin", "-r", "-z", *only, given=asked).stdout.decode("utf-8", "surrogateescape").split("\0"):
            if line in others:
                parent = others[line]
            elif line:
                found.append((PurePosixPath(line), parent))
        self._removed[top, name] = (commit, (*found, *known))
        return tuple(one for one in self._removed[top, name][1] if one[0].is_relative_to(below))

    def differs(self, one: str, other: str, below: PurePosixPath) -> bool:
        """Whether two commits hold different files below a folder."""
        return self._run("diff", "--quiet", one, other, "--", f"{below}/", allowed=(0, 1)).returncode == 1

    def commit(self, base: str, files: Mapping[PurePosixPath, bytes], removed: Iterable[PurePosixPath], message: str) -> str:
        """Make a commit on `base` with these plain files written and those removed, and give it; nothing points to it yet.

        The commit is dated by the clock: two equal reports are told apart by nothing else.
        """
        changed: dict[PurePosixPath, str] = dict.fromkeys(removed, "")
        changed |= dict(zip(files, self._blobs(files.values()), strict=True))
        tree = self._tree(f"{base}^{{tree}}", {path.parts: blob for path, blob in changed.items()}) or self._made("")
        return self._run("commit-tree", tree, "-p", base, "-F", "-", given=message.encode(), extra=_IDENTITY).stdout.decode().strip()

    def _tree(self, before: str, changed: Mapping[tuple[str, ...], str]) -> str:
        """Keep a folder as it was `before` (a tree, or "" for none) but for what changed, and give its name; "" where nothing is left.

        Args:
            changed: By the parts of a path, the blob that it holds now, or "" where it is gone. Only the folders on the way are read and
                written, so a commit takes as long however many reports there are.
        """
        listed = self._ask("ls-tree", "-z", before).split("\0") if before else []
        entries = {name: kind for line in listed if line for kind, _, name in [line.partition("\t")]}
        below: dict[str, dict[tuple[str, ...], str]] = {}
        for path, blob in changed.items():
            if len(path) > 1:
                below.setdefault(path[0], {})[path[1:]] = blob
            elif blob:
                entries[path[0]] = f"{_FILE} blob {blob}"
            else:
                entries.pop(path[0], None)
        for name, inside in below.items():
            kind = entries.get(name, "")
            tree = self._tree(kind.split()[2] if kind.startswith(_FOLDER) else "", inside)
            entries.pop(name, None)
            if tree:
                entries[name] = f"{_FOLDER} tree {tree}"
        told = "".join(f"{kind}\t{name}\0" for name, kind in entries.items())
        return self._made(told) if entries else ""

    def _made(self, listed: str) -> str:
        """Keep a folder that holds what `ls-tree -z` would list, and give its name."""
        return self._run("mktree", "-z", "--missing", given=listed.encode("utf-8", "surrogateescape")).stdout.decode().strip()

    def _blobs(self, contents: Collection[bytes]) -> list[str]:
        """Keep contents as blobs, all by one process, and give their names in order."""
        with TemporaryDirectory() as folder:
            paths = [Path(folder, str(number)) for number, _ in enumerate(contents)]
            for path, content in zip(paths, contents, strict=True):
                path.write_bytes(content)
            told = "".join(f"{path}\n" for path in paths).encode()
            return self._run("hash-object", "-w", "--no-filters", "--stdin-paths", given=told).stdout.decode().split()

    def push(self, commit: str, branch: str, *, expect: str | None = None, force: bool = False) -> Pushed:
        """Point a branch of the remote to a commit; MOVED where somebody else was there first and nothing was changed.

        Args:
            expect: With force, the commit that the branch must still be at; None where it must not exist.
            force: Whether the branch may leave its history; never without `expect` holding.

        Raises:
            PublishError: The remote refuses: rights, protection, a name in the way, no network.
        """
        lease = [f"--force-with-lease=refs/heads/{branch}:{expect or ''}"] if force else []
        done = self._run("push", "--porcelain", *lease, "origin", f"{commit}:refs/heads/{branch}", allowed=(0, 1, 128))
        said = (done.stdout + done.stderr).decode("utf-8", "replace")
        if done.returncode == 0:
            return Pushed.DONE
        if any(word in said for word in _MOVED):
            return Pushed.MOVED
        raise _refusal(said, branch)

    def replace(self, commit: str, branch: str, *, expect: str | None) -> Pushed:
        """Point a branch of the desk's own to a commit, whatever it held; where it may not leave its history, put the files on top of it.

        GitHub offers “Block force pushes” for every branch, ticked beforehand; what is on top has both as its parents.

        Raises:
            PublishError: The remote takes neither.
        """
        try:
            return self.push(commit, branch, expect=expect, force=True)
        except ProtectedError:
            if expect is None:
                raise
        message = self._ask("log", "-1", "--format=%B", commit)
        words = ("commit-tree", f"{commit}^{{tree}}", "-p", expect, "-p", f"{commit}^", "-F", "-")
        joined = self._run(*words, given=message.encode(), extra=_IDENTITY).stdout.decode().strip()
        return self.push(joined, branch)

    def _is_listed(self, branch: str) -> bool:
        """Whether the remote has a branch after all: to Git a web page, or nothing, with status 200 looks like a remote without branches.

        Raises:
            PublishError: The remote lists no branch at all.
        """
        listed = self._persistently("ls-remote", "--heads", "origin").split()
        if not listed:
            raise PublishError("git: expected a remote with at least one branch, got none listed", tip=_NO_BRANCH)
        return f"refs/heads/{branch}" in listed

    def _persistently(self, *words: str) -> str:
        """Ask the remote, and again where what went wrong may pass; for what changes nothing there."""
        for pause_s in _PAUSES_S:
            try:
                return self._ask(*words)
            except PublishError as error:
                if not any(sign in error.message for sign in _PASSING):
                    raise
            self.sleep(pause_s)
        return self._ask(*words)

    def _ask(self, *words: str) -> str:
        return self._run(*words).stdout.decode("utf-8", "surrogateescape")

    def _run(
        self, *words: str, given: bytes | None = None, extra: Mapping[str, str] | None = None, allowed: tuple[int, ...] = (0,)
    ) -> subprocess.CompletedProcess[bytes]:
        command = ["git", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false", *words]
        environ = os.environ | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"} | self._credentials() | dict(extra or {})
        try:
            done = programs.run(command, cwd=self.root, given=given or b"", env=environ, timeout_s=_TIMEOUT_S)
        except FileNotFoundError as error:
            raise PublishError("git: expected the program on the PATH, found none", tip="install Git") from error
        except subprocess.TimeoutExpired as error:
            raise PublishError(f"git {words[0]}: no answer within {_TIMEOUT_S:.0f} s", tip="try again later") from error
        except programs.TooLongError as error:
            raise PublishError(str(error), tip="take what is so long out of the repository") from error
        if done.returncode not in allowed:
            raise _refusal(done.stderr.decode("utf-8", "replace"), words[0])
        return done

    def _credentials(self) -> dict[str, str]:
        if not self.token:
            return {}
        basic = base64.b64encode(f"x-access-token:{self.token}".encode()).decode()
        key = f"http.{self.server_url.rstrip('/')}/.extraheader"
        return {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": key, "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {basic}"}


_IDENTITY = {"GIT_AUTHOR_NAME": BOT_NAME, "GIT_AUTHOR_EMAIL": BOT_EMAIL, "GIT_COMMITTER_NAME": BOT_NAME, "GIT_COMMITTER_EMAIL": BOT_EMAIL}
# What git and GitHub say when a branch is no longer where we saw it (git 2.30 to 2.50).
_MOVED = (
    "[rejected] (fetch first)",
    "[rejected] (non-fast-forward)",
    "stale info",
    "[remote rejected] (cannot lock ref",
    "incorrect old value",
)
# What git and curl say of a fault that may pass (git 2.30 to 2.50, curl 7 and 8).
_PASSING = (
    "reset by peer",
    "timed out",
    "Timeout was reached",
    "early EOF",
    "hung up unexpectedly",
    "Empty reply from server",
    "transfer closed",
    "not valid: is this a git repository",
    "unexpected disconnect",
    "bad line length",
    "protocol error",
    "invalid server response",
    "content unencod",
    "expected flush after",
    "no answer within",
    *(f"returned error: {status}" for status in (429, 500, 502, 503, 504)),
)
_PAUSES_S = (2.0, 8.0)
_TIMEOUT_S = programs.TIMEOUT_S
_NO_BRANCH = "is the remote's address right, and is it a repository with a commit? else try again later"
_WAYS_OUT = (
    (
        "Push cannot contain secrets",
        "GitHub's secret push protection takes a text of the report for a key: follow the address above to allow it",
    ),
    (
        "must have verified signatures",
        "the branch takes signed commits alone",
    ),
    (
        "GH006",
        "the branch is protected: allow GitHub Actions to push to it (Settings → Branches → bypass list)",
    ),
    (
        "GH013",
        "a ruleset forbids the push: merge the pull requests, or except GitHub Actions (Rules → Rulesets; in an organisation alone)",
    ),
    ("error: 403", "the job may not write: Settings → Actions → General → Workflow permissions, and `contents: write` in the workflow"),
    ("Authentication failed", "the job's token was refused: run the workflow again; a token lives as long as its job"),
    ("directory file conflict", "a branch or folder of branches of that name is in the way: rename or delete it"),
    ("exists; cannot create", "a branch or folder of branches of that name is in the way: rename or delete it"),
    ("could not read Username", "the Git server wants a token, and none or a wrong one was sent: run the workflow again"),
    ("not found", "the repository is not there, or the token may not see it: check the remote's address"),
    ("Could not resolve host", "the Git server's name is unknown here: check the network and the remote's address"),
)


def _refusal(said: str, subject: str) -> PublishError:
    words = " ".join(said.split()) or "no reason given"
    later = "try again later" if any(sign in said for sign in _PASSING) else "see what Git said above"
    sign, tip = next(((sign, way) for sign, way in _WAYS_OUT if sign in said), ("", later))
    kinds = {"GH006": ProtectedError, "GH013": ProtectedError, "must have verified signatures": UnsignedError}
    return kinds.get(sign, PublishError)(f"git: {subject} failed: {words}", tip=tip)


def is_tracked(folder: Path) -> bool:
    """Tell whether the last commit of the repository around `folder` holds files below it; False without Git or a repository."""
    if not folder.is_dir():
        return False
    try:
        done = programs.run(["git", "-C", str(folder), "ls-tree", "--name-only", "HEAD", "./"])
    except FileNotFoundError:
        return False
    return done.returncode == 0 and bool(done.stdout.strip())


def remote_url(folder: Path) -> str:
    """Give the address of the remote "origin" of the repository around `folder`; empty without Git, repository or remote."""
    try:
        done = programs.run(["git", "-C", str(folder), "remote", "get-url", "origin"])
    except FileNotFoundError:
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""
