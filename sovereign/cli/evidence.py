"""`sovereign rank`, `extract` and `verify`: the steps of a run by themselves, over JSON Lines, for scripts and for measuring.

A line that cannot be used is answered in its place by {"id", "line", "error"}; the others go on, and the exit code is 2.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from sovereign import foreign
from sovereign.errors import UsageError
from sovereign.text import counted, printable

if TYPE_CHECKING:
    from sovereign.model import Claim, Paper
    from sovereign.ports import Verifier
    from sovereign.steps.verify import Weighing

_RANK_EXAMPLES = """\b
Examples:
  sovereign rank DIR --question "Does wax keep paper boats afloat?"
  sovereign rank papers.jsonl --question "Does wax keep paper boats afloat?"
"""
_EXTRACT_EXAMPLES = """\b
Examples:
  sovereign extract paper.pdf
  sovereign extract 2101.00001v2 --question "How long do boats float?"
"""
_VERIFY_EXAMPLES = """\b
Examples:
  sovereign verify claims.jsonl
  echo '{"id": 1, "claim": "Wax helps.", "text": "Wax helped."}' | sovereign verify -
"""
BATCH_LINES = 128
MAX_LINE_BYTES = 1 << 20
"""A longer line is refused: some 150 pages of text, which no claim needs."""
MAX_SKIPPED_BYTES = 256 << 20
"""A refused line that does not end within this ends the reading: a device, or a file that holds nothing."""
MAX_WRONG = 10_000
"""After so many lines that cannot be used the rest is not read: it is a table or something else, and no JSON Lines."""
MAX_RANKED_CHARS = 200_000_000
"""Of titles and abstracts together, which are ranked at once."""
MAX_CLAIM_CHARS = 100_000
"""A longer claim is refused: it is a paper, no claim."""


def rank(
    papers: Annotated[
        Path,
        typer.Argument(
            metavar="PAPERS", help='A folder of papers, or JSON Lines with "id", "title" and "abstract"; "-" reads standard input.'
        ),
    ],
    *,
    question: Annotated[str, typer.Option(metavar="TEXT", help="What the papers should answer.")],
) -> None:
    """Print papers in order of relevance, best first.

    One {"id", "score"} a line. Of a folder, an id is the file's path below it.
    """
    from sovereign.adapters import plain_files
    from sovereign.adapters.local_embedder import LocalEmbedder
    from sovereign.model import Paper
    from sovereign.steps import search

    if not question.strip():
        raise UsageError("--question: expected a question, got nothing")
    good: list[Paper] = []
    bad: list[dict[str, Any]] = []
    if plain_files.is_folder(papers):
        good = _in_folder(papers)
    else:
        with _opened(papers) as source:
            chars = 0
            for number, (entry, error) in enumerate(map(_object, _lines(source)), start=1):
                wrong = error or _paper_error(entry)
                if wrong:
                    bad.append({"id": entry.get("id"), "line": number, "error": wrong})
                    _bound(len(bad), number)
                    continue
                good.append(Paper(id=str(entry["id"]), title=entry.get("title") or "", abstract=entry.get("abstract") or ""))
                chars += len(good[-1].id) + len(good[-1].title) + len(good[-1].abstract)
                if chars > MAX_RANKED_CHARS:
                    raise UsageError(f"line {number}: expected at most {MAX_RANKED_CHARS:,} characters of papers", tip="rank fewer at once")
    for paper, score in search.rank(question, good, LocalEmbedder()):
        _print({"id": paper.id, "score": score})
    for entry in bad:
        _print(entry)
    _leave(len(good), len(bad), "ranked")


def extract(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A PDF, an HTML page, a LaTeX file, folder or archive, or an arXiv id.")],
    *,
    question: Annotated[str, typer.Option(metavar="TEXT", help="What the claims should answer; the paper's own subject if absent.")] = "",
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=1000, help="How many claims at most.")] = 40,
    offline: Annotated[bool, typer.Option("--offline", help="Send nothing; an arXiv id is answered from what is kept.")] = False,
) -> None:
    """Print a paper's claims with their quotes and offsets.

    One JSON object a line, best first; each quote is verbatim, at the character offsets given.
    """
    from sovereign.adapters.encoder import OnnxReader
    from sovereign.adapters.local_embedder import LocalEmbedder
    from sovereign.cli.read import read_one
    from sovereign.model import Goal
    from sovereign.steps import claims
    from sovereign.steps import read as step

    document = read_one(source, offline=offline)
    goal = Goal(slug="extract", question=question or claims.subject(document))
    passages = {document.paper: step.cut(document)}
    drawn = claims.extract(goal, (document,), passages, embedder=LocalEmbedder(), reader=OnnxReader(), limit=limit)
    for claim in drawn:
        _print(_claim_line(claim))
    said = f"{counted(len(drawn), 'claim')} from {counted(len(passages[document.paper]), 'sentence')}"
    sys.stderr.write(f"{said}; document SHA-256 {document.sha256[:16]}…\n")


def verify(
    claims: Annotated[
        Path, typer.Argument(metavar="CLAIMS", help='JSON Lines of {"id", "claim", "sentences" or "text"}; "-" reads standard input.')
    ],
    *,
    lexical: Annotated[
        bool, typer.Option("--lexical", help="Leave the verifier out: the word overlap rule alone, for comparison.")
    ] = False,
) -> None:
    """Check each claim against the text beside it.

    One answer a line, in order, as soon as it is known: verdict, confidence, the sentences that decided, and each check.
    """
    from sovereign.adapters.onnx_verifier import OnnxVerifier
    from sovereign.steps.verify import weigh_texts

    verifier: Verifier | None = None if lexical else OnnxVerifier()
    bad = done = 0
    with _opened(claims) as source:
        numbered = enumerate(_lines(source), start=1)
        while batch := list(islice(numbered, BATCH_LINES)):
            read = [(number, *_item(raw)) for number, raw in batch]
            items = [item for _, _, item, _ in read if item is not None]
            answers = iter(weigh_texts(items, verifier=verifier))
            for number, name, item, error in read:
                _print({"id": name, "line": number, "error": error} if item is None else {"id": name, **_answer(next(answers))})
            bad += sum(1 for _, _, item, _ in read if item is None)
            _bound(bad, batch[-1][0])
            done += len(items)
            sys.stdout.flush()
    _leave(done, bad, "weighed")


def _in_folder(folder: Path) -> list[Paper]:
    """Give the papers of a folder by their paths below it; what is no paper is named on stderr.

    Raises:
        UsageError: There is no paper in it.
    """
    from dataclasses import replace

    from sovereign.adapters.folder import FolderSource
    from sovereign.cli.world import readers
    from sovereign.model import Query
    from sovereign.readers import archive

    (found,) = FolderSource(folder, archive=archive, readers=readers()).search([Query("q1", (("papers",),))], limit=1)
    for gap in found.gaps:
        sys.stderr.write(f"not ranked: {_line(gap.subject)}: {_line(gap.why)}\n")
    return [replace(paper, id=paper.location) for paper in found.papers]


def _line(text: str) -> str:
    return printable(" ".join(text.split("\n")))


# --- In and out --------------------------------------------------------------------------------------------------


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    from sovereign.adapters import plain_files

    try:
        source = plain_files.stream(path)
    except ValueError as error:
        raise UsageError(f"{path}: expected a file of JSON Lines: {error}", tip='"-" reads standard input') from error
    with source:
        yield source


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """Give each line, a too long one cut behind the limit so that it is refused; blank lines count but say so."""
    while line := source.readline(MAX_LINE_BYTES + 1):
        yield line
        skipped = 0
        while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            line = source.readline(MAX_LINE_BYTES + 1)
            skipped += len(line)
            if not line:
                return
            if skipped > MAX_SKIPPED_BYTES:
                raise UsageError(f"expected JSON Lines, got a line of more than {MAX_SKIPPED_BYTES >> 20} MB", tip="one JSON object a line")


def _bound(wrong: int, number: int) -> None:
    if wrong > MAX_WRONG:
        raise UsageError(f"{wrong} of the first {number} lines cannot be used; the rest was not read", tip="one JSON object a line")


def _object(raw: bytes) -> tuple[Mapping[str, Any], str]:
    """Give a line's JSON object, or an empty one and what is wrong."""
    if len(raw) > MAX_LINE_BYTES:
        return {}, f"expected a line of at most {MAX_LINE_BYTES} bytes"
    try:
        entry = foreign.read(raw.decode("utf-8-sig"))
    except ValueError as error:
        return {}, f"expected a JSON object, got: {error}"
    return (entry, "") if isinstance(entry, dict) else ({}, f"expected a JSON object, got {type(entry).__name__}")


def _paper_error(entry: Mapping[str, Any]) -> str:
    if not isinstance(entry.get("id"), str | int) or entry.get("id") == "":
        return "id: expected a text"
    wrong = [key for key in ("title", "abstract") if not isinstance(entry.get(key), str | None)]
    if wrong:
        return f"{wrong[0]}: expected a text"
    return "" if entry.get("title") or entry.get("abstract") else "expected a title or an abstract"


def _item(raw: bytes) -> tuple[Any, tuple[str, Sequence[str]] | None, str]:
    """Give a line's id, its claim with sentences (None where it cannot be used) and what is wrong."""
    from sovereign.text import sentences

    entry, error = _object(raw)
    name, claim = entry.get("id"), entry.get("claim")
    given, text = entry.get("sentences"), entry.get("text")
    if not error and (not isinstance(claim, str) or not claim.strip()):
        error = "claim: expected a sentence"
    if not error and len(str(claim)) > MAX_CLAIM_CHARS:
        error = f"claim: expected at most {MAX_CLAIM_CHARS} characters, got {len(str(claim))}"
    if not error and given is not None and (not isinstance(given, list) or not all(isinstance(one, str) for one in given)):
        error = "sentences: expected a list of texts"
    if not error and given is None and not isinstance(text, str):
        error = "expected sentences or text"
    if error or not isinstance(claim, str):
        return name, None, error
    if given is None:
        whole = str(text)
        given = [whole[start:end] for start, end in sentences(whole)]
    return name, (claim, given), ""


def _answer(weighing: Weighing) -> dict[str, Any]:
    p = weighing.probabilities
    return {
        "verdict": weighing.verdict.value,
        "confidence": weighing.confidence,
        "probabilities": {"supported": p.supported, "insufficient": p.insufficient, "refuted": p.refuted} if p else None,
        "evidence": list(weighing.evidence),
        "checks": {check.name.value: {"passed": check.passed, "detail": check.detail} for check in weighing.checks},
        "lexical": weighing.lexical,
    }


def _claim_line(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "claim": claim.text,
        "quote": claim.quote.text,
        "start": claim.quote.start,
        "end": claim.quote.end,
        "section": claim.quote.section,
        "page": claim.quote.page,
        "paper": claim.paper,
        "document_sha256": claim.document_sha256,
        "relevance": claim.relevance,
    }


def _print(entry: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(entry, ensure_ascii=False, allow_nan=False) + "\n")


def _leave(done: int, bad: int, verb: str) -> None:
    """Say how many lines came through.

    Raises:
        UsageError: Some did not, or there were none.
    """
    sys.stdout.flush()
    if bad:
        raise UsageError(f"{bad} of {done + bad} lines could not be {verb}", tip='their answers hold "error" and "line"')
    if not done:
        raise UsageError("expected JSON Lines, got an empty input", tip="one JSON object a line")
    sys.stderr.write(f"{done} lines {verb}\n")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(epilog=_RANK_EXAMPLES)(rank)
    app.command(epilog=_EXTRACT_EXAMPLES)(extract)
    app.command(epilog=_VERIFY_EXAMPLES)(verify)
