"""The settings of a repository that a desk needs at GitHub: what each is, what is asked to see it, and the request that sets it.

Every change is worked out from what GitHub says now, so that what is right already is left alone, and a second time changes nothing.
https://docs.github.com/rest/actions/permissions, /rest/pages/pages, /rest/actions/workflows, /rest/deployments/environments,
/rest/issues/labels, /rest/actions/variables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import quote

from sovereign.desk import failures, land, notices

WORKFLOWS = ("research.yml", "schedule.yml", "publish.yml", "recheck.yml", "check.yml")
LABELS = tuple(dict.fromkeys((*land.LABELS, *notices.LABELS, failures.LABEL, "dashboard")))
ENVIRONMENT, PAGES_ENVIRONMENT = "research", "github-pages"
MAIN = "main"
PAGES_TIP = "gh api -X POST repos/{repository}/pages -f build_type=workflow, or `sovereign doctor --fix`; then run this workflow again"
# Gives what a GET below the repository answers, or the status where it is refused.
Look = Callable[[str], Mapping[str, Any] | int]
# Sends a request below the repository; gives the answer, or the status where it is refused.
Ask = Callable[[str, str, Mapping[str, Any] | None], Mapping[str, Any] | int]


@dataclass(frozen=True, slots=True)
class Change:
    """One request that sets something: what it is, how it stands now, and how it will stand."""

    what: str
    now: str
    then: str
    method: str
    path: str
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def command(self) -> str:
        """The same as a command of GitHub's own tool, to be typed in the desk's clone."""
        fields = "".join(f" {'-F' if isinstance(value, bool) else '-f'} {name}={_worded(value)}" for name, value in self.body.items())
        return f"gh api -X {self.method} repos/{{owner}}/{{repo}}/{self.path}".rstrip("/") + fields


@dataclass(frozen=True, slots=True)
class PagesSaid:
    """Whether there is a place for the site; is_wanted where there could be one and its owner has not turned it on."""

    is_on: bool
    is_wanted: bool
    words: str


def pages(look: Look) -> PagesSaid:
    """Say whether GitHub Pages takes this repository's site."""
    found = look("pages")
    if not isinstance(found, int):
        return PagesSaid(is_on=True, is_wanted=False, words="the site has its place")
    home = look("")
    if not isinstance(home, int) and home.get("private"):
        words = "no site is published: this repository is private, and private repositories have Pages on paid plans alone"
        return PagesSaid(is_on=False, is_wanted=False, words=words)
    return PagesSaid(is_on=False, is_wanted=True, words=f"not set up for this repository (GitHub answers {found})")


def changes(look: Look, contact: str = "") -> tuple[Change, ...]:
    """Give what is to be set so that the desk can run; nothing where all is set, or where GitHub does not let us see it.

    Args:
        look: Asks GitHub.
        contact: The address that paper services are told, put into the repository's variables where it has none.
    """
    home = look("")
    if isinstance(home, int):
        return ()
    found = [*_home(look, home), *_actions(look), *_pages(look, home), *_workflows(look), *_labels(look), *_environment(look, home)]
    return (*found, *_branches(look), *_runner(look, home), *_contact(look, contact))


def apply(ask: Ask, change: Change) -> str:
    """Send a change; give why it was refused, or nothing."""
    answer = ask(change.method, change.path, dict(change.body) or None)
    return f"GitHub answers {answer}" if isinstance(answer, int) else ""


def _home(look: Look, home: Mapping[str, Any]) -> Iterator[Change]:
    if home.get("has_issues") is False:
        yield Change("issues", "off", "on", "PATCH", "", {"has_issues": True})
    branch = home.get("default_branch")
    if not isinstance(branch, str) or branch in {"", MAIN}:
        return
    if not isinstance(look(f"branches/{MAIN}"), int):
        yield Change("default branch", branch, MAIN, "PATCH", "", {"default_branch": MAIN})
    elif not isinstance(look(f"branches/{quote(branch, safe='')}"), int):
        yield Change("default branch", branch, MAIN, "POST", f"branches/{quote(branch, safe='')}/rename", {"new_name": MAIN})
    # Else nothing was pushed yet: the name is the account's usual one, and the first push makes it that of the branch.


def _actions(look: Look) -> Iterator[Change]:
    actions = look("actions/permissions")
    if not isinstance(actions, int) and (actions.get("enabled") is False or actions.get("allowed_actions") == "local_only"):
        now = "off" if actions.get("enabled") is False else "this repository's own alone"
        yield Change("Actions", now, "all", "PUT", "actions/permissions", {"enabled": True, "allowed_actions": "all"})
    rights = look("actions/permissions/workflow")
    if not isinstance(rights, int) and rights.get("can_approve_pull_request_reviews") is not True:
        body = {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": True}
        yield Change("pull requests by Actions", "not allowed", "allowed", "PUT", "actions/permissions/workflow", body)


def _pages(look: Look, home: Mapping[str, Any]) -> Iterator[Change]:
    found = look("pages")
    if found == 404 and not home.get("private"):
        yield Change("Pages", "not set up", "built by Actions", "POST", "pages", {"build_type": "workflow"})
    elif not isinstance(found, int) and found.get("build_type") != "workflow":
        yield Change("Pages", "built from a branch", "built by Actions", "PUT", "pages", {"build_type": "workflow"})


def states(look: Look) -> dict[str, tuple[int, str]] | None:
    """Give each workflow's number and state by its file's name; None where GitHub does not say."""
    found = look("actions/workflows?per_page=100")
    items = None if isinstance(found, int) else found.get("workflows")
    if not isinstance(items, list):
        return None
    known = (item for item in items if isinstance(item, dict) and isinstance(item.get("id"), int))
    return {str(item.get("path", "")).rpartition("/")[2]: (item["id"], str(item.get("state", ""))) for item in known}


def _workflows(look: Look) -> Iterator[Change]:
    for name, (number, state) in (states(look) or {}).items():
        if name in WORKFLOWS and state.startswith("disabled"):
            yield Change(f"workflow {name}", state.replace("_", " "), "active", "PUT", f"actions/workflows/{number}/enable")


def _labels(look: Look) -> Iterator[Change]:
    for label in LABELS:
        if look(f"labels/{label}") == 404:
            yield Change(f"label {label}", "not there", "there", "POST", "labels", {"name": label})


def _environment(look: Look, home: Mapping[str, Any]) -> Iterator[Change]:
    if look(f"environments/{ENVIRONMENT}") == 404 and not home.get("private"):
        yield Change("environment research", "not there", "there, for the keys of models", "PUT", f"environments/{ENVIRONMENT}")


def _branches(look: Look) -> Iterator[Change]:
    """Give what lets the main branch use the environments: GitHub made that of Pages for the default branch of its day."""
    for name in (PAGES_ENVIRONMENT, ENVIRONMENT):
        found = look(f"environments/{name}")
        policy = None if isinstance(found, int) else found.get("deployment_branch_policy")
        if isinstance(policy, dict) and policy.get("custom_branch_policies") is True:
            path = f"environments/{name}/deployment-branch-policies"
            answer = look(f"{path}?per_page=100")
            items = None if isinstance(answer, int) else answer.get("branch_policies")
            names = [str(item.get("name", "")) for item in items if isinstance(item, dict)] if isinstance(items, list) else [MAIN]
            if not any(fnmatchcase(MAIN, item) for item in names):
                now = f"takes {', '.join(names) or 'no branch'} alone"
                yield Change(f"environment {name}", now, f"takes {MAIN} too", "POST", path, {"name": MAIN})


def _runner(look: Look, home: Mapping[str, Any]) -> Iterator[Change]:
    """Give what keeps strangers from a machine of the desk's own: a fork's pull request brings workflows, which may name any runner."""
    if home.get("private") or isinstance(look("actions/variables/SOVEREIGN_RUNNER"), int):
        return
    path = "actions/permissions/fork-pr-contributor-approval"
    found = look(path)
    now = "" if isinstance(found, int) else str(found.get("approval_policy", ""))
    if now and now != "all_external_contributors":
        then = "wait for approval, all of them"
        body = {"approval_policy": "all_external_contributors"}
        yield Change("workflows of forks", f"may run on your runner ({now.replace('_', ' ')} wait)", then, "PUT", path, body)


def _contact(look: Look, contact: str) -> Iterator[Change]:
    if contact and look("actions/variables/SOVEREIGN_CONTACT") == 404:
        body = {"name": "SOVEREIGN_CONTACT", "value": contact}
        yield Change("variable SOVEREIGN_CONTACT", "not set", contact, "POST", "actions/variables", body)


def _worded(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
