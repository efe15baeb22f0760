"""What every step of a workflow needs: the job it runs in, its repository, GitHub, and who merged what there."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sovereign.errors import PublishError

if TYPE_CHECKING:
    from sovereign.adapters.git_repo import GitRepo
    from sovereign.adapters.github import GitHub
    from sovereign.desk.land import Writer
    from sovereign.desk.workflow import Workflow
    from sovereign.site.approvals import Forge
    from sovereign.site.facts import Approval

# Each version costs one or two questions, and a job's token has 1,000 an hour
# (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api); those of the newest commits are asked first.
MAX_ASKED = 400


def job() -> Workflow:
    """Give the job that the environment tells of.

    Raises:
        UsageError: There is none.
    """
    from sovereign.desk.workflow import Workflow

    return Workflow.read(os.environ)


def github(of: Workflow) -> GitHub:
    """Give GitHub as the job may speak to it; use it as a context."""
    from sovereign.adapters.github import GitHub

    return GitHub(of.repository, of.token, api_url=of.api_url)


def repo(of: Workflow) -> GitRepo:
    """Give the checkout, with the job's token for its remote."""
    from sovereign.adapters.git_repo import GitRepo

    return GitRepo(Path(), token=of.token, server_url=of.server_url)


def writer(of: Workflow, repo: GitRepo, api: GitHub) -> Writer:
    """Give who brings reports to the main branch or before their owner."""
    from sovereign.desk.land import Writer
    from sovereign.exports import pages

    return Writer(
        repo=repo,
        api=api,
        base=of.base,
        place=of.place,
        compose=lambda report, earlier: pages.compose(report, version=len(earlier) + 1, earlier=earlier),
        warn=lambda said: typer.echo(f"WARNING {said}", err=True),
    )


def forge(closing: ExitStack) -> Forge | None:
    """Give who can be asked about merges: GitHub, where a repository and a token are named; it never stops a build."""
    if not os.environ.get("GITHUB_REPOSITORY") or not os.environ.get("GITHUB_TOKEN"):
        return None
    from sovereign.adapters.github_people import merged
    from sovereign.site.facts import Approval, Way

    api = closing.enter_context(github(job()))
    left = [MAX_ASKED]

    def ask(commit: str) -> Approval | None:
        if left[0] <= 0:
            return None
        left[0] -= 1
        try:
            found = merged(api, commit)
        except PublishError as error:
            left[0] = 0
            typer.echo(f"WARNING who approved is unknown from here on: {error.message}", err=True)
            return None
        return Approval(Way.MERGE, found.by, found.day, str(found.number)) if found else None

    return ask


def dashboard(api: GitHub) -> str:
    """Give the text of the desk's dashboard, the first where there are two; empty where there is none, or where issues are off."""
    from sovereign.desk.dashboard import is_dashboard
    from sovereign.desk.naming import BOT_LOGIN

    try:
        return next((issue.body for issue in reversed(api.open_issues(BOT_LOGIN)) if is_dashboard(issue)), "")
    except PublishError:
        return ""
