"""What a desk has and lacks: each finding with the place to click or the command to type. Nothing is changed, no key is shown."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sovereign import __version__
from sovereign.adapters import plain_files, settings
from sovereign.desk import settings as settings_there
from sovereign.desk import state
from sovereign.errors import SovereignError
from sovereign.model import Engine
from sovereign.text import counted

# A search for one paper, and the service's own front page of the API: the smallest questions that they answer.
SERVICES = {"arXiv": "https://export.arxiv.org/api/query?search_query=all:electron&max_results=1", "OpenAlex": "https://api.openalex.org/"}
Look = Callable[[str], Mapping[str, Any] | int]


class Health(StrEnum):
    """How a thing stands: UNKNOWN is what could not be asked, and is never taken for good."""

    GOOD = "ok"
    MISSING = "missing"
    OPTIONAL = "optional"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing looked at; todo is the next step, empty where there is none."""

    health: Health
    what: str
    seen: str
    todo: str = ""


def machine(root: Path) -> list[Point]:
    """Look at this machine and the desk's folder."""
    found = [Point(Health.GOOD, "sovereign", f"{__version__} on Python {platform.python_version()}")]
    git = shutil.which("git")
    found.append(Point(Health.GOOD if git else Health.MISSING, "git", "found" if git else "not on the PATH", "" if git else "install Git"))
    found += [_file(root, "mkdocs.yml", "`sovereign init DIR` writes one"), _goals(root)]
    return found


def _file(root: Path, name: str, todo: str) -> Point:
    has = (root / name).is_file()
    return Point(Health.GOOD if has else Health.MISSING, name, "found" if has else "not in this folder", "" if has else todo)


def _goals(root: Path) -> Point:
    try:
        sound, errors = state.goals(root)
    except SovereignError as error:
        return Point(Health.MISSING, "goals", error.message, error.tip)
    seen = f"{len(sound)} sound, {len(errors)} with problems; {len(state.published(root))} with a report"
    return Point(Health.MISSING if errors else Health.GOOD, "goals", seen, "run `sovereign check`" if errors else "")


def engines(root: Path, environ: Mapping[str, str] = os.environ) -> list[Point]:
    """Look at what a run would use: the engine, the model profiles, and which keys are set."""
    table = settings.load(root)
    made = settings.profiles(table)
    chosen = settings.choose(made, "", table)
    try:
        sound, _ = state.goals(root)
    except SovereignError:
        sound = {}
    wants_model = sum(1 for goal in sound.values() if goal.engine is Engine.MODEL)
    asked = f"a model is asked for by {counted(wants_model, 'goal')}" if wants_model else "no goal asks for a model"
    found = [Point(Health.GOOD, "engine", f"local by default; {asked}; the model profile would be {chosen.name}")]
    for profile in made.values():
        has = not profile.key_env or bool(environ.get(profile.key_env, "").strip())
        lacks = Health.MISSING if wants_model and profile.name == chosen.name else Health.OPTIONAL
        seen = f"{profile.chat_model} at {profile.base_url}; " + (
            "needs no key" if not profile.key_env else f"{profile.key_env} is {'set' if has else 'not set'}"
        )
        found.append(Point(Health.GOOD if has else lacks, f"model {profile.name}", seen, "" if has else f"export {profile.key_env}=…"))
    for name, use in (("SOVEREIGN_CONTACT", "told to paper services, so that they can write to you"), ("OPENALEX_API_KEY", "for OpenAlex")):
        has = bool(environ.get(name, "").strip())
        found.append(
            Point(Health.GOOD if has else Health.OPTIONAL, name, "set" if has else f"not set ({use})", "" if has else f"export {name}=…")
        )
    return found


def parts(load: Callable[[], str]) -> Point:
    """Look at the embedded verifier: `load` gives its name or raises what is wrong with it."""
    try:
        return Point(Health.GOOD, "verifier", load())
    except (SovereignError, OSError, ValueError, ImportError) as error:
        return Point(Health.MISSING, "verifier", f"cannot be used: {error}", "install the package again")


def services(root: Path, ask: Callable[[str], tuple[bool, str]]) -> list[Point]:
    """Look at whether the paper services and the chosen model's service answer; one question to each."""
    table = settings.load(root)
    model = settings.choose(settings.profiles(table), "", table)
    wanted = {"arXiv": SERVICES["arXiv"], "OpenAlex": SERVICES["OpenAlex"], f"model {model.name}": f"{model.base_url.rstrip('/')}/models"}
    found = []
    for name, url in wanted.items():
        is_there, seen = ask(url)
        health = Health.GOOD if is_there else Health.OPTIONAL if name.startswith("model") else Health.MISSING
        found.append(Point(health, f"service {name}", seen, "" if is_there else "check the network, or try later"))
    return found


def repository(look: Look) -> list[Point]:
    """Look at the settings of the repository at GitHub; `look` gives what a path below it answers, or the status of a refusal."""
    home = look("")
    if isinstance(home, int):
        why = f"GitHub answers {home}"
        return [Point(Health.UNKNOWN, "repository", why, "check its name, and that GITHUB_TOKEN may read it")]
    found = [Point(Health.GOOD, "repository", str(home.get("full_name", "")))]
    if home.get("archived") or home.get("disabled"):
        found.append(Point(Health.MISSING, "repository", "archived or disabled: nothing runs in it", "Settings → General → Danger Zone"))
    found += _missing(look)
    found += [*_branch(look, home), *_actions(look), *_pages(look, home), *_workflows(look), *_rules(look), *_environments(look)]
    return [*found, *_keys(look, home), *_variables(look), *_owners(look)]


def _missing(look: Look) -> list[Point]:
    """Give everything that `doctor --fix` would set, with the place to click and the command that does the same."""
    return [
        Point(_needed(change), change.what, change.now, f"{_CLICKS.get(change.what, '')}{change.command}, or `sovereign doctor --fix`")
        for change in settings_there.changes(look)
    ]


_APPROVE = "tick “Allow GitHub Actions to create and approve pull requests”"
_CLICKS = {
    "issues": "Settings → General → Features → tick Issues; or ",
    "pull requests by Actions": f"Settings → Actions → General → Workflow permissions → {_APPROVE}; or ",
    "Actions": "Settings → Actions → General → allow actions; or ",
    "Pages": "Settings → Pages → Build and deployment → Source: GitHub Actions; or ",
    "workflows of forks": "Settings → Actions → General → approval of fork pull request workflows → all external contributors; or ",
    "default branch": "Settings → General → Default branch; or ",
}


def _needed(change: settings_there.Change) -> Health:
    is_new_environment = change.what.startswith("environment ") and change.now == "not there"
    return Health.OPTIONAL if change.what.startswith(("label ", "variable ")) or is_new_environment else Health.MISSING


def _branch(look: Look, home: Mapping[str, Any]) -> list[Point]:
    branch = str(home.get("default_branch") or settings_there.MAIN)
    is_main = branch == settings_there.MAIN
    found = [Point(Health.GOOD, "default branch", branch)] if is_main else []
    if not is_main and isinstance(look(f"branches/{quote(branch, safe='')}"), int) and isinstance(look("branches/main"), int):
        found = [Point(Health.OPTIONAL, "default branch", "none yet: nothing was pushed", "git push --set-upstream origin main")]
    return [*found, *([Point(Health.GOOD, "issues", "on (where failures are told)")] if home.get("has_issues") else [])]


def _actions(look: Look) -> list[Point]:
    rights, actions = look("actions/permissions/workflow"), look("actions/permissions")
    found = []
    todo = "look yourself: Settings → Actions → General"
    for what, answer in (("Actions", actions), ("pull requests by Actions", rights)):
        if isinstance(answer, int):
            seen = f"GitHub answers {answer}: only an administrator's token may ask"
            found.append(Point(Health.UNKNOWN, what, seen, todo))
        elif answer.get("enabled", True) and answer.get("can_approve_pull_request_reviews", True):
            found.append(Point(Health.GOOD, what, "allowed"))
    if not isinstance(actions, int) and actions.get("allowed_actions") == "selected":
        chosen = look("actions/permissions/selected-actions")
        if not isinstance(chosen, int) and chosen.get("github_owned_allowed") is not True:
            todo = "Settings → Actions → General → tick “Allow actions created by GitHub”"
            found.append(Point(Health.MISSING, "Actions", "GitHub's own actions are not allowed, and all that the desk uses are", todo))
    return found


def _pages(look: Look, home: Mapping[str, Any]) -> list[Point]:
    pages = look("pages")
    if isinstance(pages, int) and home.get("private"):
        seen = "none: private repositories have Pages, and keys in environments, on paid plans alone; reports are committed all the same"
        return [Point(Health.OPTIONAL, "Pages", seen, "make the repository public, or read the reports in it")]
    if not isinstance(pages, int) and pages.get("build_type") == "workflow":
        return [Point(Health.GOOD, "Pages", f"built by Actions, at {pages.get('html_url') or 'an address of GitHub'}")]
    return [] if pages == 404 or not isinstance(pages, int) else [Point(Health.UNKNOWN, "Pages", f"GitHub answers {pages}")]


def _workflows(look: Look) -> list[Point]:
    states = settings_there.states(look)
    if states is None:
        return [Point(Health.UNKNOWN, "workflows", "GitHub does not say which there are")]
    absent = [name for name in settings_there.WORKFLOWS if name not in states]
    if absent:
        todo = "push the main branch first; an old desk: `sovereign init --update`"
        return [Point(Health.MISSING, "workflows", f"not there: {', '.join(absent)}", todo)]
    idle = [name for name in settings_there.WORKFLOWS if states[name][1] != "active"]
    return [] if idle else [Point(Health.GOOD, "workflows", f"{len(settings_there.WORKFLOWS)} active")]


_RULES = {
    "pull_request": "what the policy approves comes as a pull request too",
    "required_signatures": "commits are made through GitHub's API, which signs them",
    "required_status_checks": "the desk starts “Goals are sound” for its own drafts; a check that only a pull request starts waits for you",
    "merge_queue": "the check of goals answers the queue",
    "creation": "the desk makes branches report/… and recheck/…: except them",
    "update": "only who is on the bypass list may push: what the policy approves comes as a pull request",
}


def _rules(look: Look) -> list[Point]:
    answer = look("rules/branches/main")
    items = None if isinstance(answer, int) else answer.get("items")
    if not isinstance(items, list):
        return [Point(Health.UNKNOWN, "rulesets", "GitHub does not say which hold on the main branch")]
    kinds = dict.fromkeys(str(item.get("type", "")) for item in items if isinstance(item, dict))
    told = [f"{kind.replace('_', ' ')}: {_RULES[kind]}" for kind in kinds if kind in _RULES]
    return [Point(Health.GOOD, "rulesets", "; ".join(told) or "none that stands in the desk's way")]


def _environments(look: Look) -> list[Point]:
    """Tell of what a job waits for, or is refused by; the branches that an environment names are among the settings."""
    found = []
    for name in (settings_there.ENVIRONMENT, settings_there.PAGES_ENVIRONMENT):
        answer = look(f"environments/{name}")
        told = {} if isinstance(answer, int) else answer
        rules, policy, place = told.get("protection_rules"), told.get("deployment_branch_policy"), f"Settings → Environments → {name}"
        if isinstance(rules, list) and any(isinstance(rule, dict) and rule.get("type") == "required_reviewers" for rule in rules):
            seen = "each job of it waits until a reviewer lets it run"
            found.append(Point(Health.OPTIONAL, f"environment {name}", seen, f"{place}, if that is not meant"))
        main = look("branches/main") if isinstance(policy, dict) and policy.get("protected_branches") is True else 404
        if not isinstance(main, int) and main.get("protected") is False:
            seen = "takes protected branches alone, and the main branch is none"
            found.append(Point(Health.MISSING, f"environment {name}", seen, f"{place} → Deployment branches: add main"))
    return found


def _keys(look: Look, home: Mapping[str, Any]) -> list[Point]:
    """Look at which keys the workflows have; GitHub gives their names alone."""
    places = ["actions/secrets"] + ([] if home.get("private") else [f"environments/{settings_there.ENVIRONMENT}/secrets"])
    answers = [answer for path in places if not isinstance(answer := look(path), int)]
    if not answers:
        return [Point(Health.UNKNOWN, "secrets", "only an administrator's token may ask", "Settings → Environments → research")]
    names = {str(item.get("name", "")) for answer in answers for item in answer.get("secrets") or () if isinstance(item, dict)}
    use = {
        "OPENALEX_API_KEY": "OpenAlex answers little without one since February 2026; it is free at https://openalex.org/settings/api",
        "NVIDIA_API_KEY": "for goals whose engine is a model",
        "OPENAI_API_KEY": "for goals whose engine is a model",
    }
    return [
        Point(Health.GOOD, f"secret {name}", "set")
        if name in names
        else Point(Health.OPTIONAL, f"secret {name}", f"not set ({why})", f"gh secret set {name} --env {settings_there.ENVIRONMENT}")
        for name, why in use.items()
    ]


def _variables(look: Look) -> list[Point]:
    """Look at the one variable whose wrong value stops every goal."""
    answer = look("actions/variables/SOVEREIGN_ENGINE")
    value = "" if isinstance(answer, int) else str(answer.get("value", "")).strip().lower()
    if not value:
        return []
    if value in set(Engine):
        return [Point(Health.GOOD, "variable SOVEREIGN_ENGINE", value)]
    seen = f"{value!r}, and expected {' or '.join(Engine)}"
    return [Point(Health.MISSING, "variable SOVEREIGN_ENGINE", seen, "gh variable set SOVEREIGN_ENGINE --body model")]


def _owners(look: Look) -> list[Point]:
    answer = look("codeowners/errors")
    errors = None if isinstance(answer, int) else answer.get("errors")
    if errors:
        return [
            Point(
                Health.MISSING,
                "CODEOWNERS",
                f"{counted(len(errors), 'line')} that GitHub cannot follow",
                "see .github/CODEOWNERS at GitHub",
            )
        ]
    return [] if errors is None else [Point(Health.GOOD, "CODEOWNERS", "every line names somebody who may write")]


_MAX_OWNERS_BYTES = 5_000_000  # GitHub itself reads 3 MB of it


def owners(root: Path) -> Point:
    """Look at whether the desk's owners file names anybody for everything in it."""
    path = root / ".github" / "CODEOWNERS"
    try:
        lines = plain_files.read(path, _MAX_OWNERS_BYTES).decode("utf-8", "replace").splitlines()
    except ValueError:
        lines = []
    if any(line.split()[:1] == ["*"] and len(line.split()) > 1 for line in lines):
        return Point(Health.GOOD, "owner", "named in .github/CODEOWNERS, for everything")
    return Point(
        Health.OPTIONAL, "owner", "nobody owns the desk's settings and workflows", "write `* @your-handle` into .github/CODEOWNERS"
    )
