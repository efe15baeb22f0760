"""The world of a run: every adapter is built here and nowhere else."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from sovereign import __version__
from sovereign.adapters import settings
from sovereign.adapters.cache import CachedWeb, Ledger
from sovereign.cli import models
from sovereign.errors import ModelError, UsageError
from sovereign.model import Document, Engine, Event, Form, Goal, Part, Report
from sovereign.ports import FullText, PaperSource, Reader, Tell, Verifier, Web, World

if TYPE_CHECKING:
    from sovereign.adapters.child_reader import ReadingPool

Made = TypeVar("Made")
CACHE = Path(".sovereign") / "cache"
_ARXIV = ("SOVEREIGN_ARXIV_URL", "SOVEREIGN_ARXIV_API_URL")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller asks of a world.

    Attributes:
        papers: A folder that stands for all sources of the goal.
        offline: Answer from the folder and from what is kept; send nothing.
        is_replay: Papers are answered from what is kept, searched for as the rules plan it; the model is asked all the same.
        engine: Overrides the goal's.
        model: A model profile, as "nim" or "nim:some/model"; overrides the goal's.
        desk: The folder whose settings count, and where answers are kept.
        embedder_gone: Why the hosted embedder cannot be used; empty where it can.
        ledger: Told of every answer that the run rests on.
    """

    papers: Path | None = None
    offline: bool = False
    is_replay: bool = False
    engine: Engine | None = None
    model: str = ""
    today: date | None = None
    desk: Path = Path()
    is_example: bool = False
    embedder_gone: str = ""
    ledger: Ledger = field(default_factory=Ledger, compare=False)


MOST_READ_AT_ONCE = 4
"""Each process that reads a paper takes some 200 MB, and may take `child_reader.MEMORY_BYTES`."""
WAITING = 2
"""How many papers a process may have in hand: while one long paper is read, the others go on."""


def _processes() -> int:
    """Give how many processes read papers: one a core, within bounds."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(MOST_READ_AT_ONCE, cores))


@functools.cache
def _reading_pool() -> ReadingPool:
    """Give the processes in which this one's papers are read."""
    from sovereign.adapters.child_reader import ReadingPool

    return ReadingPool(_processes())


def readers(cache: Path | None = None) -> Mapping[Form, Reader]:
    """Give the reader of each form; each reads the same bytes once, for a title and for the text, and in a process of its own.

    Args:
        cache: Where papers that took too long are remembered.
    """
    from sovereign.adapters.child_reader import ChildReader
    from sovereign.adapters.reader_memory import RememberingReader
    from sovereign.readers.html import read_html
    from sovereign.readers.pdf import read_pdf
    from sovereign.readers.tex import read_latex
    from sovereign.screening.record import read_record

    plain: Mapping[Form, Callable[[str, Mapping[PurePosixPath, bytes]], Document]] = {
        Form.LATEX: read_latex,
        Form.HTML: read_html,
        Form.PDF: read_pdf,
        Form.ABSTRACT: read_record,
    }
    unread = cache / "unread" if cache else None
    return {form: RememberingReader(ChildReader(reader, _reading_pool()), unread) for form, reader in plain.items()}


def aimed(goal: Goal, wish: Wish) -> Goal:
    """Give the goal with what the caller overrides; a given folder stands for all sources.

    Raises:
        UsageError: The goal wants a folder of papers and none was given.
    """
    changed = replace(goal, sources=("folder",)) if wish.papers else goal
    if "folder" in changed.sources and not wish.papers:
        raise UsageError(f"{goal.slug}: its sources name a folder of papers, and none was given", tip="add --papers DIR")
    return replace(changed, engine=wish.engine or changed.engine, model=wish.model or changed.model)


def build(goal: Goal, wish: Wish, closing: ExitStack) -> World:
    """Give the world for one goal (made by `aimed`); what must be closed is left with `closing`.

    Raises:
        UsageError: A folder, a setting or the weights are wrong.
    """
    from sovereign.adapters.encoder import OnnxReader

    forms = readers(wish.desk / CACHE)
    sources, fulltext = _sources(goal, wish, forms, closing)
    used = models.gather(goal, wish.desk, wish.desk / CACHE, closing, offline=wish.offline, embedder_gone=wish.embedder_gone)
    verifier, reader = _verifier(), OnnxReader()
    parts = (
        Part("sovereign", __version__, "everything that is not named below"),
        *used.parts,
        *((Part(verifier.card.name, verifier.card.version, "verdicts"),) if verifier else ()),
    )
    return World(
        sources=sources,
        fulltext=fulltext,
        readers=forms,
        embedder=used.embedder,
        today=wish.today or date.today(),  # noqa: DTZ011  # the day where the researcher sits
        verifier=verifier,
        reader=reader,
        detectors=(reader.orders,),
        chat=used.chat,
        judges=used.judges,
        second_look=used.second_look,
        tariff=used.tariff,
        needs_chat=used.needs_chat,
        parts=parts,
        gaps=used.gaps,
        is_example=wish.is_example,
        is_replay=wish.is_replay,
        read_at_once=WAITING * _processes(),
    )


def researched(goal: Goal, wish: Wish, closing: ExitStack, tell: Tell) -> Report:
    """Give the report on a goal (made by `aimed`)."""
    from sovereign import pipeline

    return _ordered(pipeline.research, goal, wish, closing, tell)


def fetched(goal: Goal, wish: Wish, closing: ExitStack, tell: Tell) -> None:
    """Search and read for a goal (made by `aimed`), so that its research asks nobody again."""
    from sovereign import pipeline

    _ordered(pipeline.fetch, goal, wish, closing, tell)


def _ordered(order: Callable[[Goal, World, Tell], Made], goal: Goal, wish: Wish, closing: ExitStack, tell: Tell) -> Made:
    """Give what an order of steps makes of a goal.

    Vectors of two models cannot be compared, so where a hosted embedder fails midway, the run begins anew with the embedded one; what
    was fetched is kept, and the report says so.
    """
    from sovereign.adapters.openai.embedder import OpenAIEmbedder

    world = build(goal, wish, closing)
    try:
        return order(goal, world, tell)
    except ModelError as error:
        if not isinstance(world.embedder, OpenAIEmbedder):
            raise
        tell(Event("embed", f"{error.message}; once more from the start with the embedded embedder"))
        return order(goal, build(goal, replace(wish, embedder_gone=error.message), closing), tell)


def _verifier() -> Verifier | None:
    """Give the embedded verifier; None where its weights are not installed, and then the policy asks the owner."""
    from sovereign.adapters.onnx_verifier import OnnxVerifier
    from sovereign.adapters.weights import WEIGHTS

    return OnnxVerifier() if (WEIGHTS / "verifier.json").is_file() else None


def _sources(goal: Goal, wish: Wish, forms: Mapping[Form, Reader], closing: ExitStack) -> tuple[dict[str, PaperSource], FullText]:
    from sovereign.adapters.folder import FolderSource
    from sovereign.adapters.fulltext import ArxivFullText, JoinedFullText, OpenFullText, is_public
    from sovereign.readers import archive

    if wish.papers:
        folder = FolderSource(wish.papers, archive=archive, readers=forms, read_at_once=WAITING * _processes())
        return {folder.name: folder}, folder
    arxiv = _arxiv_web(wish, closing)
    others = _web(wish, closing, _Service(0.2, _openalex_secrets(), addresses=("SOVEREIGN_OPENALEX_URL",)))
    open_texts = _web(wish, closing, _Service(1.0, may_follow=is_public))
    crossref = _web(wish, closing, _Service(0.2, _contact("OPENALEX_MAILTO"), addresses=("SOVEREIGN_CROSSREF_URL",)))
    found = {source.name: source for source in _searches(arxiv, others, crossref) if source.name in goal.sources}
    fulltext = JoinedFullText(
        (
            (lambda paper: bool(paper.arxiv_id), ArxivFullText(arxiv, archive=archive, **_base("SOVEREIGN_ARXIV_URL"))),
            (lambda _: True, OpenFullText(open_texts)),
        )
    )
    return found, fulltext


def arxiv_fulltext(wish: Wish, closing: ExitStack) -> FullText:
    """Give the full text of arXiv alone, for reading one paper by its number."""
    from sovereign.adapters.fulltext import ArxivFullText
    from sovereign.readers import archive

    return ArxivFullText(_arxiv_web(wish, closing), archive=archive, **_base("SOVEREIGN_ARXIV_URL"))


def _arxiv_web(wish: Wish, closing: ExitStack) -> Web:
    """Give arXiv's one connection; runs side by side in one desk take turns at it."""
    return _web(wish, closing, _Service(_arxiv_interval_s(), ledger=wish.desk / CACHE / "arxiv.pace", addresses=_ARXIV))


def _searches(arxiv: Web, openalex: Web, crossref: Web) -> tuple[PaperSource, ...]:
    from sovereign.adapters.arxiv import ArxivSource
    from sovereign.adapters.crossref import CrossrefSource
    from sovereign.adapters.openalex import OpenAlexSource

    has_key = bool(_told("OPENALEX_API_KEY"))
    return (
        ArxivSource(arxiv, **_base("SOVEREIGN_ARXIV_API_URL")),
        OpenAlexSource(openalex, has_key=has_key, **_base("SOVEREIGN_OPENALEX_URL")),
        CrossrefSource(crossref, **_base("SOVEREIGN_CROSSREF_URL")),
    )


def _base(variable: str) -> dict[str, str]:
    """Give another address of a service, for rehearsals against a server on this machine."""
    url = os.environ.get(variable, "")
    return {"base_url": url} if url else {}


def _arxiv_interval_s() -> float:
    """Give arXiv's 3 s between requests (https://info.arxiv.org/help/api/tou.html); a rehearsal on this machine may be quicker."""
    is_here = (urlsplit(os.environ.get("SOVEREIGN_ARXIV_API_URL", "")).hostname or "") in settings.LOOPBACK
    return float(os.environ.get("SOVEREIGN_REHEARSAL_INTERVAL_S", "") or 3.0) if is_here else 3.0


def _told(variable: str) -> str:
    """Give what a variable says on one line: a secret or a variable that was set from a file ends with a line break."""
    return " ".join(os.environ.get(variable, "").split())


def _openalex_secrets() -> dict[str, str]:
    key = _told("OPENALEX_API_KEY")
    return {**({"api_key": key} if key else {}), **_contact("OPENALEX_MAILTO")}


def _contact(variable: str) -> dict[str, str]:
    """Give the contact that OpenAlex and Crossref ask for; it is sent, and kept out of messages and cache keys."""
    mailto = _told(variable)
    return {"mailto": mailto} if mailto else {}


@dataclass(frozen=True, slots=True)
class _Service:
    """What is particular to one outside service: its pace, what is added to each request, where redirects may lead."""

    interval_s: float
    secrets: Mapping[str, str] = field(default_factory=dict)
    ledger: Path | None = None
    may_follow: Callable[[str], bool] = lambda _: True
    addresses: tuple[str, ...] = ()  # variables in which a person may set another address, on this machine too


def kept_web(wish: Wish) -> CachedWeb:
    """Give what is kept of servers' answers, with a web behind it that is not asked as long as nobody gets anything."""
    from sovereign.adapters.web import Pacer, PoliteWeb

    return CachedWeb(PoliteWeb(Pacer(), agent="sovereign"), wish.desk / CACHE / "web", is_offline=wish.offline)


def _web(wish: Wish, closing: ExitStack, service: _Service) -> Web:
    from sovereign.adapters.http import host_of
    from sovereign.adapters.web import Pacer, PoliteWeb

    contact = _told("SOVEREIGN_CONTACT").encode("ascii", "replace").decode() or "no contact given"
    web = PoliteWeb(
        Pacer(service.interval_s, ledger=service.ledger),
        agent=f"sovereign/{__version__} ({contact})",
        secrets=service.secrets,
        may_follow=service.may_follow,
        inner=frozenset().union(*(host_of(os.environ.get(variable, "")) for variable in service.addresses)),
    )
    closing.callback(web.close)
    return CachedWeb(web, wish.desk / CACHE / "web", is_offline=wish.offline or wish.is_replay, ledger=wish.ledger)
