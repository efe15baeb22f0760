"""What is fuzzed: each target takes bytes and may refuse them in the way it promises; any other exception is a finding."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sovereign import record, text
from sovereign.adapters import goal_file, openai_embedder, openai_message
from sovereign.adapters.arxiv_source import ArxivSource
from sovereign.adapters.openai_wire import Body
from sovereign.adapters.openalex_source import OpenAlexSource
from sovereign.citing import bibliography
from sovereign.errors import GoalError, OutsideError, UsageError, WebError
from sovereign.language import quantities
from sovereign.model import Query
from sovereign.ports import Answer, PaperSource, Reader, Tell, tell_nobody
from sovereign.readers import archive, signs
from sovereign.readers.html import read_html
from sovereign.readers.latex import read_latex
from sovereign.readers.pdf import read_pdf
from sovereign.steps.read import cut, rows
from tests.conftest import ROOT
from tests.fakes_report import rich_report
from tests.faults import shelf
from tests.standins.arxiv import _feed, _index

SHELF = ROOT / "sovereign" / "demo" / "papers"
CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True)
class Target:
    """One parser; seeds are good inputs to start from, refusals what it may raise."""

    run: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    refusals: tuple[type[Exception], ...] = ()

    def meet(self, data: bytes) -> None:
        """Give the parser some bytes; whatever it does not promise is raised."""
        try:
            self.run(data)
        except self.refusals:
            return


class _Told:
    """A web that answers everything with the same bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        keep_s: float | None = 0,
        check: Callable[[Answer], None] | None = None,
        tell: Tell = tell_nobody,
    ) -> Answer:
        """Give the bytes; what the check refuses is refused as the real one would after its last try."""
        answer = Answer(url, self._data, "", is_cached=True)
        if check is not None:
            try:
                check(answer)
            except ValueError as error:
                raise WebError(str(error), kind="unreadable") from error
        return answer


def _read(reader: Reader, name: str) -> Callable[[bytes], object]:
    def run(data: bytes) -> object:
        document = reader("fuzz", {PurePosixPath(name): data})
        passages = (*cut(document), *rows(document))
        assert all(document.text[each.start : each.end] == each.text for each in passages)
        return passages

    return run


def _search(source: Callable[[_Told], PaperSource]) -> Callable[[bytes], object]:
    query = Query(id="q1", all_of=(("paper boat",),))
    return lambda data: source(_Told(data)).search((query,), limit=5)


def _as_text(run: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: run(data.decode("utf-8", "replace"))


def _words(data: str) -> None:
    """Everything that looks at running text."""
    spans = text.sentences(data)
    assert all(0 <= start < end <= len(data) for start, end in spans)
    stripped, _ = signs.strip_invisible(data, "p", "here")
    signs.addressed(stripped, "p", "here")
    signs.lookalikes(stripped, "p", "here")
    half = len(data) // 2
    quantities.disagree(data[:half], data[half:])
    bibliography.plain(data)
    bibliography.withdrawal_note(data)
    text.escape_markdown(data)


def _feed_of(count: int) -> bytes:
    params = {"search_query": "all:boat", "start": "0", "max_results": "5"}
    return _feed(params, count, 0, 5, [(_index(shelf.record(at)), 1) for at in range(count)])


def _works() -> bytes:
    from tests.standins.openalex import as_work

    found = [as_work(work) for work in shelf.works(3)]
    return json.dumps({"meta": {"count": 3, "page": 1, "per_page": 5}, "results": found, "group_by": []}).encode()


def _shelf(name: str) -> bytes:
    return (SHELF / name).read_bytes()


def _packages() -> tuple[bytes, ...]:
    import gzip
    import io
    import tarfile
    import zipfile

    tar, packed = io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as made:
        made.add(SHELF / "basin-trial" / "main.tex", "main.tex")
    with zipfile.ZipFile(packed, "w") as zipped:
        zipped.writestr("main.tex", _shelf("windy-pond.tex"))
    return (tar.getvalue(), packed.getvalue(), gzip.compress(_shelf("paper-planes.tex"), mtime=0))


_CHAT = (
    b'{"model":"m","usage":{"prompt_tokens":1},"choices":[{"finish_reason":"stop",'
    b'"message":{"role":"assistant","content":"{\\"a\\": 1}"}}]}'
)
_STREAM = b'data: {"choices":[{"delta":{"content":"{}"},"finish_reason":null}]}\n\ndata: [DONE]\n\n'
_VECTORS = b'{"data":[{"index":0,"embedding":[0.5,-0.5]}],"usage":{"prompt_tokens":3}}'


def _reply(data: bytes) -> None:
    """A model's answer, whole or in pieces, and the JSON within it."""
    for is_stream in (False, True):
        try:
            openai_message.parse(openai_message.read_message(data, is_stream=is_stream).text)
        except ValueError:
            continue


def _vectors(data: bytes) -> object:
    return openai_embedder.read_vectors(Body("application/json", data), 1)


TARGETS: dict[str, Target] = {
    "goal": Target(
        lambda data: goal_file.parse("goals/boats.yaml", data), (shelf.goal().encode(), b"question: Does wax help?\n"), (GoalError,)
    ),
    "latex": Target(_read(read_latex, "main.tex"), (_shelf("windy-pond.tex"), _shelf("basin-trial/main.tex")), (ValueError,)),
    "html": Target(_read(read_html, "paper.html"), (_shelf("beeswax-replication.html"), _shelf("miracle-varnish.html")), (ValueError,)),
    "pdf": Target(_read(read_pdf, "paper.pdf"), (_shelf("double-bottom.pdf"),), (ValueError,)),
    "archive": Target(archive.unpack, _packages(), (ValueError,)),
    "atom": Target(_search(ArxivSource), (_feed_of(2),), (OutsideError,)),
    "openalex": Target(_search(OpenAlexSource), (_works(),), (OutsideError,)),
    "bibtex": Target(_as_text(bibliography.entries), (_shelf("shelf.bib"),)),
    "reply": Target(_reply, (_CHAT, _STREAM)),
    "vectors": Target(
        lambda data: openai_embedder.read_vectors(Body("application/json", data), 1), (_VECTORS,), (ValueError, RecursionError)
    ),
    "record": Target(_as_text(record.from_json), (record.to_json(rich_report()).encode(),), (UsageError,)),
    "words": Target(_as_text(_words), (_shelf("windy-pond.tex"), shelf.text(0).encode())),
}
