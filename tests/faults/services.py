"""The outside services of the matrix: how each is stood in for, spoiled, and what one trial of it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import pytest

from sovereign.adapters import git_repo
from sovereign.adapters.git_repo import GitRepo
from sovereign.adapters.github import GitHub
from sovereign.errors import PublishError
from standins import shelf
from standins.chat import serve
from standins.chat_player import Character, play
from standins.github import TOKEN, GitHubStandIn
from standins.openalex import OpenAlexStandIn
from tests.desk.lab import git
from tests.faults.desk import Desk, Ran
from tests.faults.proxy import Spoiler, spoiled


class When(StrEnum):
    """Which requests go wrong."""

    ONCE = "first request"
    ALWAYS = "every request"


class Outcome(StrEnum):
    """What becomes of the run."""

    RECOVERED = "recovered"
    DEGRADED = "degraded"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Seen:
    """What one trial gave: words are what the owner reads about it, whole where the report equals the undisturbed one."""

    outcome: Outcome
    code: int
    words: str
    facts: dict[str, object] = field(default_factory=dict)


Trial = Callable[[Path, pytest.MonkeyPatch, Spoiler, When], Seen]


@contextmanager
def paper_world(spoiler: Spoiler | None, when: When, service: str) -> Iterator[dict[str, str]]:
    """Give the environment of a run whose arXiv search, arXiv texts or OpenAlex fail this way."""
    with ExitStack() as stack:
        arxiv = stack.enter_context(shelf.arxiv(3))
        openalex = stack.enter_context(OpenAlexStandIn(shelf.works(3)))
        urls = {"search": arxiv.url, "text": arxiv.url, "openalex": openalex.url}
        if spoiler is not None:
            only = {"search": "/api/query", "text": "/(html|src|pdf)/", "openalex": "/works"}[service]
            urls[service], _ = stack.enter_context(spoiled(urls[service], spoiler, once=when is When.ONCE, only=only))
        yield {
            "SOVEREIGN_ARXIV_API_URL": urls["search"],
            "SOVEREIGN_ARXIV_URL": urls["text"],
            "SOVEREIGN_OPENALEX_URL": urls["openalex"],
            "OPENALEX_API_KEY": "",
        }


def _papers(service: str, sources: str) -> Trial:
    def once(folder: Path, patch: pytest.MonkeyPatch, spoiler: Spoiler | None, when: When) -> Ran:
        desk = Desk(folder, patch)
        desk.ask(shelf.goal(sources=sources, papers=3))
        with paper_world(spoiler, when, service) as environ:
            return desk.run(environ=environ)

    return _beside_calm(once)


def _beside_calm(once: Callable[[Path, pytest.MonkeyPatch, Spoiler | None, When], Ran]) -> Trial:
    """Give the trial that holds a spoiled run against an undisturbed one, which is made once."""
    calm: list[str] = []

    def trial(folder: Path, patch: pytest.MonkeyPatch, spoiler: Spoiler, when: When) -> Seen:
        if not calm:
            calm.append(once(folder / "calm", patch, None, when).core)
        return judged(calm[0], once(folder / "rough", patch, spoiler, when))

    return trial


def judged(calm: str, ran: Ran) -> Seen:
    """Tell the outcome: the same record as an undisturbed run's, a record with Gaps, or a message and an exit code."""
    assert calm
    if ran.code != 0:
        lines = [line for line in ran.said.splitlines() if line.startswith(("ERROR", "TIP"))]
        return Seen(Outcome.STOPPED, ran.code, " ".join(lines), {"report": ran.report is not None, "trace": "Traceback" in ran.said})
    if ran.core == calm:
        return Seen(Outcome.RECOVERED, 0, "")
    return Seen(Outcome.DEGRADED, 0, " | ".join(ran.whys), {"decision": ran.report.decision.action if ran.report else None})


def _model(*, embeds: bool) -> Trial:
    def once(folder: Path, patch: pytest.MonkeyPatch, spoiler: Spoiler | None, when: When) -> Ran:
        desk = Desk(folder, patch)
        desk.ask(shelf.goal(papers=2, engine="local" if embeds else "model"))
        with ExitStack() as stack:
            environ = stack.enter_context(paper_world(None, when, "search"))
            service = stack.enter_context(serve(play(Character.HONEST)))
            if embeds:
                service.script = lambda _name, body: service.vectors(body)
            url = service.base_url
            if spoiler is not None:
                url, _ = stack.enter_context(spoiled(url, spoiler, once=when is When.ONCE))
            # Settings take plain http for this machine alone.
            desk.use(url.replace("http:", "https:") if url.endswith(".invalid") else url, embeds=embeds)
            return desk.run(environ=environ)

    return _beside_calm(once)


def _github(folder: Path, patch: pytest.MonkeyPatch, spoiler: Spoiler, when: When) -> Seen:
    slept: list[float] = []
    with GitHubStandIn() as hub:
        hub.judge = None
        hub.add_pull("report/boats", "t", "b")
        with (
            spoiled(hub.url, spoiler, once=when is When.ONCE) as (url, _),
            GitHub("lab/desk", TOKEN, api_url=f"{url}/api/v3", sleep=slept.append, timeout_s=0.6, total_s=1.2) as api,
        ):
            try:
                found = [pull.branch for pull in api.open_pulls()]
            except PublishError as error:
                return Seen(Outcome.STOPPED, error.exit_code, f"ERROR {error.message} TIP {error.tip}", {"slept_s": sum(slept)})
    assert found == ["report/boats"]
    return Seen(Outcome.RECOVERED, 0, "", {"slept_s": sum(slept)})


def _git(folder: Path, patch: pytest.MonkeyPatch, spoiler: Spoiler, when: When) -> Seen:
    """A fetch and a push through the proxy; the remote must hold what it held, or the whole push."""
    patch.setattr(git_repo, "_TIMEOUT_S", 5.0)
    folder.mkdir(parents=True, exist_ok=True)
    bare, clone = folder / "desk.git", folder / "clone"
    git(folder, "init", "-q", "--bare", "-b", "main", str(bare))
    git(bare, "config", "http.receivepack", "true")
    with GitHubStandIn(bare=bare) as hub, spoiled(hub.url, spoiler, once=when is When.ONCE) as (url, _):
        git(folder, "clone", "-q", str(bare), str(clone))
        git(clone, "checkout", "-q", "-b", "main")
        git(clone, "commit", "-q", "--allow-empty", "-m", "First")
        git(clone, "push", "-q", "origin", "main")
        git(clone, "remote", "set-url", "origin", f"{url}/lab/desk")
        before = git(bare, "rev-parse", "main")
        repo = GitRepo(clone, TOKEN, server_url=url, sleep=lambda _: None)
        try:
            base = repo.fetch("main")
            commit = repo.commit(base or before, {}, (), "Second")
            repo.push(commit, "main")
        except PublishError as error:
            after = git(bare, "rev-parse", "main")
            return Seen(Outcome.STOPPED, error.exit_code, f"ERROR {error.message} TIP {error.tip}", {"untouched": after == before})
        assert git(bare, "rev-parse", "main") == commit
    return Seen(Outcome.RECOVERED, 0, "")


SERVICES: dict[str, Trial] = {
    "arXiv search": _papers("search", "arxiv"),
    "arXiv full text": _papers("text", "arxiv"),
    "OpenAlex": _papers("openalex", "openalex"),
    "arXiv search beside OpenAlex": _papers("search", "arxiv, openalex"),
    "OpenAlex beside arXiv": _papers("openalex", "arxiv, openalex"),
    "chat model": _model(embeds=False),
    "embeddings": _model(embeds=True),
    "GitHub": _github,
    "Git remote": _git,
}
