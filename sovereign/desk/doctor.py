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

from sovereign import __version__
from sovereign.adapters import settings
from sovereign.desk import state
from sovereign.errors import SovereignError
from sovereign.model import Engine

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
class Finding:
    """One thing looked at; todo is the next step, empty where there is none."""

    health: Health
    what: str
    seen: str
    todo: str = ""


def machine(root: Path) -> list[Finding]:
    """Look at this machine and the desk's folder."""
    found = [Finding(Health.GOOD, "sovereign", f"{__version__} on Python {platform.python_version()}")]
    git = shutil.which("git")
    found.append(
        Finding(Health.GOOD if git else Health.MISSING, "git", "found" if git else "not on the PATH", "" if git else "install Git")
    )
    found += [_file(root, "mkdocs.yml", "`sovereign init DIR` writes one"), _goals(root)]
    return found


def _file(root: Path, name: str, todo: str) -> Finding:
    has = (root / name).is_file()
    return Finding(Health.GOOD if has else Health.MISSING, name, "found" if has else "not in this folder", "" if has else todo)


def _goals(root: Path) -> Finding:
    try:
        sound, errors = state.goals(root)
    except SovereignError as error:
        return Finding(Health.MISSING, "goals", error.message, error.tip)
    seen = f"{len(sound)} sound, {len(errors)} with problems; {len(state.published(root))} with a report"
    return Finding(Health.MISSING if errors else Health.GOOD, "goals", seen, "run `sovereign check`" if errors else "")


def engines(root: Path, environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """Look at what a run would use: the engine, the model profiles, and which keys are set."""
    table = settings.load(root)
    made = settings.profiles(table)
    chosen = settings.choose(made, "", table)
    try:
        sound, _ = state.goals(root)
    except SovereignError:
        sound = {}
    wants_model = sum(1 for goal in sound.values() if goal.engine is Engine.MODEL)
    found = [
        Finding(Health.GOOD, "engine", f"local by default; {wants_model} goal(s) ask for a model; the model profile would be {chosen.name}")
    ]
    for profile in made.values():
        has = not profile.key_env or bool(environ.get(profile.key_env, "").strip())
        lacks = Health.MISSING if wants_model and profile.name == chosen.name else Health.OPTIONAL
        seen = f"{profile.chat_model} at {profile.base_url}; " + (
            "needs no key" if not profile.key_env else f"{profile.key_env} is {'set' if has else 'not set'}"
        )
        found.append(Finding(Health.GOOD if has else lacks, f"model {profile.name}", seen, "" if has else f"export {profile.key_env}=…"))
    for name, use in (("SOVEREIGN_CONTACT", "told to paper services, so that they can write to you"), ("OPENALEX_API_KEY", "for OpenAlex")):
        has = bool(environ.get(name, "").strip())
        found.append(
            Finding(Health.GOOD if has else Health.OPTIONAL, name, "set" if has else f"not set ({use})", "" if has else f"export {name}=…")
        )
    return found


def parts(load: Callable[[], str]) -> Finding:
    """Look at the embedded verifier: `load` gives its name or raises what is wrong with it."""
    try:
        return Finding(Health.GOOD, "verifier", load())
    except (SovereignError, OSError, ValueError, ImportError) as error:
        return Finding(Health.MISSING, "verifier", f"cannot be used: {error}", "install the package again")


def services(root: Path, ask: Callable[[str], tuple[bool, str]]) -> list[Finding]:
    """Look at whether the paper services and the chosen model's service answer; one question to each."""
    table = settings.load(root)
    model = settings.choose(settings.profiles(table), "", table)
    wanted = {"arXiv": SERVICES["arXiv"], "OpenAlex": SERVICES["OpenAlex"], f"model {model.name}": f"{model.base_url.rstrip('/')}/models"}
    found = []
    for name, url in wanted.items():
        is_there, seen = ask(url)
        health = Health.GOOD if is_there else Health.OPTIONAL if name.startswith("model") else Health.MISSING
        found.append(Finding(health, f"service {name}", seen, "" if is_there else "check the network, or try later"))
    return found


def repository(look: Look) -> list[Finding]:
    """Look at the settings of the repository at GitHub; `look` gives what a path below it answers, or the status of a refusal."""
    home = look("")
    if isinstance(home, int):
        why = f"GitHub answers {home}"
        return [Finding(Health.UNKNOWN, "repository", why, "check its name, and that GITHUB_TOKEN may read it")]
    found = [Finding(Health.GOOD, "repository", str(home.get("full_name", "")))]
    issues = bool(home.get("has_issues"))
    found.append(_setting("issues", issues, "where failures are told", "Settings → General → Features → tick Issues"))
    approve = look("actions/permissions/workflow")
    todo = "Settings → Actions → General → Workflow permissions → tick “Allow GitHub Actions to create and approve pull requests”"
    found.append(_asked("pull requests by Actions", approve, lambda data: data.get("can_approve_pull_request_reviews") is True, todo))
    actions = look("actions/permissions")
    found.append(_asked("Actions", actions, lambda data: data.get("enabled") is True, "Settings → Actions → General → allow actions"))
    pages = look("pages")
    todo = "Settings → Pages → Build and deployment → Source: GitHub Actions"
    is_pages = not isinstance(pages, int) and pages.get("build_type") == "workflow"
    found.append(Finding(Health.GOOD, "Pages", "built by Actions") if is_pages else _no_pages(pages, todo))
    return found


def _no_pages(pages: Mapping[str, Any] | int, todo: str) -> Finding:
    seen = "not set up" if pages == 404 else f"GitHub answers {pages}" if isinstance(pages, int) else "built from a branch"
    return Finding(Health.MISSING if pages == 404 or not isinstance(pages, int) else Health.UNKNOWN, "Pages", seen, todo)


def _setting(what: str, is_on: bool, use: str, todo: str) -> Finding:
    return Finding(Health.GOOD if is_on else Health.MISSING, what, f"{'on' if is_on else 'off'} ({use})", "" if is_on else todo)


def _asked(what: str, answer: Mapping[str, Any] | int, is_good: Callable[[Mapping[str, Any]], bool], todo: str) -> Finding:
    if isinstance(answer, int):
        return Finding(Health.UNKNOWN, what, f"GitHub answers {answer}: only an administrator's token may ask", f"look yourself: {todo}")
    return Finding(Health.GOOD, what, "allowed") if is_good(answer) else Finding(Health.MISSING, what, "not allowed", todo)
