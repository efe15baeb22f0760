"""What is asked of the world: a handful of protocols; adapters conform by shape, fakes stand in tests.

Imports `model` alone (and numpy, for the type of vectors). A port takes a batch; its adapter owns pacing, retries and concurrency.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from sovereign.model import Case, Cost, Document, Event, Form, Gap, Paper, Part, Probabilities, Query, Review, SignKind, VerifierCard

if TYPE_CHECKING:  # numpy takes a tenth of a second to load, and a command that reads a report again needs no vector
    import numpy as np
    from numpy.typing import NDArray

    Vectors: TypeAlias = NDArray[np.float32]
else:
    Vectors = "NDArray[np.float32]"
Tell = Callable[[Event], None]


def tell_nobody(event: Event) -> None:
    """Take an event and do nothing with it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one search gave: papers in the source's own order (each with its Hit), and what could not be had."""

    papers: tuple[Paper, ...] = ()
    gaps: tuple[Gap, ...] = ()


class PaperSource(Protocol):
    """Somewhere papers can be searched for."""

    @property
    def name(self) -> str:
        """The source's name in goals and records: "arxiv", "openalex", "crossref", "folder"."""

    def search(self, queries: Sequence[Query], *, limit: int, tell: Tell = tell_nobody) -> tuple[Found, ...]:
        """Answer each query, in order, with at most `limit` papers; a failed query is a Found with a Gap.

        Raises:
            SourceError: The source is unusable for the whole run (refused key, unknown host, offline without a cache).
        """


@dataclass(frozen=True, slots=True)
class Response:
    """What a server sent to one request that succeeded; url is the last one after redirects."""

    url: str
    content: bytes = field(repr=False)
    content_type: str = ""
    is_cached: bool = False


class Web(Protocol):
    """Polite HTTP: paced, bounded in time and size, retried where that may help. A cache has the same shape."""

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        keep_s: float | None = 0,
        check: Callable[[Response], None] | None = None,
        tell: Tell = tell_nobody,
    ) -> Response:
        """Give the answer to a GET.

        Args:
            keep_s: For how many seconds a kept answer may stand for a new one: None for ever, 0 not at all.
            check: Raises ValueError, in plain words, where the answer is not what the service gives when it is well; such an
                answer is asked for again and never kept.

        Raises:
            WebError: No usable answer came.
        """


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of one paper's full text: files by relative path (a single file has one entry); form is what they are."""

    paper: str
    form: Form
    files: Mapping[PurePosixPath, bytes] = field(repr=False)
    url: str = ""


class FullText(Protocol):
    """Somewhere the full text of papers can be had."""

    def fetch(self, papers: Sequence[Paper], *, tell: Tell = tell_nobody) -> Iterator[tuple[Paper, tuple[Fetched, ...], tuple[Gap, ...]]]:
        """Yield each paper as soon as its text is there: the forms that could be had, best first, and Gaps.

        No form at all is not an error: the paper is then read as its abstract. Work goes on in the background while the
        caller reads what was yielded.
        """


class Reader(Protocol):
    """Bytes of one form to a Document; pure."""

    def __call__(self, paper: str, files: Mapping[PurePosixPath, bytes]) -> Document:
        """Read; raise ValueError in plain words where the bytes cannot be read."""


class Archive(Protocol):
    """Opens what a server or a folder handed over; `readers.archive`, the module, has this shape."""

    def sniff(self, data: bytes) -> Form | None:
        """Give the form that the bytes hold, or None."""

    def unpack(self, data: bytes) -> Mapping[PurePosixPath, bytes]:
        """Give the files in an archive or single file; raise ValueError in plain words where it is damaged or hostile."""


class Embedder(Protocol):
    """Texts to vectors."""

    @property
    def name(self) -> str:
        """Model name and version, for records and cache keys."""

    @property
    def dimension(self) -> int:
        """Length of each vector."""

    def embed(self, texts: Sequence[str], *, kind: Literal["query", "passage"]) -> Vectors:
        """Give rows of shape (len(texts), dimension), each of unit length (zero for a text without words).

        Raises:
            ModelError: A hosted service is unusable.
        """


class Verifier(Protocol):
    """Weighs whether a passage bears a claim out."""

    @property
    def card(self) -> VerifierCard:
        """What it is and how far it can be trusted."""

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> tuple[Probabilities, ...]:
        """Answer each (claim, passage) pair, in order, with calibrated probabilities."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What one sentence is, each a probability 0..1.

    Attributes:
        finding: It states the paper's own result or conclusion.
        wholeness: It is one whole, undamaged sentence: nothing spliced, cut, glued or lost, and no caption, heading or table row.
        claim: It states what the authors conclude, not only what was measured; part of `finding`.
        alone: A stranger understands it without the sentence before it.
    """

    finding: float
    wholeness: float
    claim: float = 0.0
    alone: float = 1.0


@dataclass(frozen=True, slots=True)
class Around:
    """What stands about a sentence, as far as it is known: what a sentence reports is often told by its neighbours.

    Attributes:
        before, after: The sentences next to it in its paragraph, "" if none.
        at, of: Its place among the sentences of an abstract, counted from 1, and their number; 0 elsewhere.
    """

    before: str = ""
    after: str = ""
    at: int = 0
    of: int = 0


class SentenceReader(Protocol):
    """Reads sentences: how well each answers a question, and what kind of sentence it is. Any text has an answer, however long."""

    def relevance(self, question: str, sentences: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Say how surely each (heading, sentence) answers the question, in order, calibrated, 0..1; 0 where there are no words.

        The heading is that of the section, "" if unknown. An answer does not depend on what else is asked.
        """

    def judge(self, sentences: Sequence[tuple[str, str]], around: Sequence[Around] = ()) -> tuple[Judged, ...]:
        """Judge each (heading, sentence) in order; `around` says for each what stands about it, or is empty where that is not known."""

    def likeness(self, words: Sequence[str], others: Sequence[str]) -> Sequence[Sequence[float]]:
        """Say how near each word is in meaning to each other word: cosines, a row for each of `words`; 0 for what is unknown."""


class Bench(Protocol):
    """Three judges who hear a case together, each blind to the others."""

    @property
    def name(self) -> str:
        """Who judges, for records: "published rubric 1" or service and model."""

    def hear(self, case: Case) -> tuple[Review, ...]:
        """Give one review a role; a role that does not answer is an abstention."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question to a chat model.

    Attributes:
        name: The prompt file's name, for records and progress.
        system, user: The messages; foreign text stands only in delimited data blocks of `user`.
        schema: JSON Schema that the answer must satisfy; checked by the adapter whatever the service promises.
        max_tokens: Length of the answer at most.
    """

    name: str
    system: str
    user: str
    schema: Mapping[str, Any] = field(repr=False)
    max_tokens: int = 2000
    model: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A chat model's answer, parsed and valid under the prompt's schema."""

    data: Mapping[str, Any]
    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    is_cached: bool = False


class ChatModel(Protocol):
    """A language model that answers in JSON."""

    @property
    def name(self) -> str:
        """Service and model, for records."""

    @property
    def context_tokens(self) -> int:
        """How many tokens a prompt and its answer may have together."""

    @property
    def cost(self) -> Cost:
        """What was used so far."""

    def answer(self, prompts: Sequence[Prompt], *, tell: Tell = tell_nobody) -> tuple[Reply | Gap, ...]:
        """Answer each prompt, in order; a Gap where no usable answer came (after one repair turn).

        Raises:
            ModelError: The service is unusable (bad key, quota spent, model retired): stop asking.
            BudgetError: The next call would exceed the run's budget.
        """


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a chat model costs (US dollars per million tokens, None where unknown), and what one run may use (None is unbounded)."""

    in_usd: float | None = None
    out_usd: float | None = None
    budget_usd: float | None = None
    budget_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class World:
    """Everything outside that a run may ask, built by the command line alone; chat and verifier may be absent.

    Attributes:
        judges: Another chat model by tribunal role, where a role shall not use the service's own.
        second_look: Another chat model for the second look at what the first one worded; empty where there is none.
        tariff: What the chat model costs, to be told before it is asked.
        needs_chat: Whether a run whose chat model cannot be asked stops, instead of going on by the rules.
        parts: The programs, models and data files that take part, for the record.
        gaps: What of the wanted world could not be built: a model without a key, say.
        detectors: Say of each sentence of a paper whether it orders its reader about or may do so, beside the patterns of `screening`.
        is_replay: Whether papers were fetched before, by the rules' plan: then no other search has an answer.
        read_at_once: How many papers the readers may be given side by side.
    """

    sources: Mapping[str, PaperSource]
    fulltext: FullText
    readers: Mapping[Form, Reader]
    embedder: Embedder
    today: date
    verifier: Verifier | None = None
    reader: SentenceReader | None = None
    chat: ChatModel | None = None
    judges: Mapping[str, str] = field(default_factory=dict)
    second_look: str = ""
    tariff: Tariff = field(default_factory=Tariff)
    needs_chat: bool = False
    parts: tuple[Part, ...] = ()
    gaps: tuple[Gap, ...] = ()
    detectors: tuple[Callable[[Sequence[str]], Sequence[SignKind | None]], ...] = ()
    is_example: bool = False
    is_replay: bool = False
    read_at_once: int = 1
