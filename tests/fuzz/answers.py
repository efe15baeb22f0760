"""Targets that read JSON: what indexes, models and GitHub answer, what one job hands to another, what was kept on disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from functools import cache
from pathlib import Path

import httpx

from sovereign import record
from sovereign.adapters.cache import CachedWeb
from sovereign.adapters.crossref import CrossrefSource
from sovereign.adapters.github import GitHub
from sovereign.adapters.github_people import merged, remarks
from sovereign.adapters.openai import embedder, message
from sovereign.adapters.openai.faults import detail_of, fault_of, whole_run
from sovereign.adapters.openai.replies import Replies
from sovereign.adapters.openai.wire import Body
from sovereign.adapters.openalex import OpenAlexSource
from sovereign.cli import evidence
from sovereign.desk import audit, comment_marks, plan, results
from sovereign.desk.derive import Wrong
from sovereign.errors import OutsideError, PublishError, UsageError, WebError
from sovereign.site import facts
from standins import shelf
from standins.reports import rich_report
from tests.fakes import Told
from tests.fuzz.target import Target, as_text, folder, search

_SHA = "a" * 64
_CHAT = (
    b'{"model":"m","usage":{"prompt_tokens":1},"choices":[{"finish_reason":"stop",'
    b'"message":{"role":"assistant","content":"{\\"a\\": 1}"}}]}'
)
_EVENT = b'{"choices":[{"delta":{"content":"{}"},"index":0,"finish_reason":null}]}'
_STREAM = b"data: " + _EVENT + b"\n\ndata: [DONE]\n\n"
_VECTORS = b'{"data":[{"index":0,"embedding":[0.5,-0.5]}],"usage":{"prompt_tokens":3}}'
_CROSSREF = {
    "message": {
        "items": [
            {
                "DOI": "10.1234/boats",
                "title": ["On paper boats"],
                "subtitle": ["a trial"],
                "author": [{"given": "Ada", "family": "Example", "suffix": "Jr"}, {"name": "The Boat Group"}],
                "abstract": "<jats:p>Boats float.</jats:p>",
                "issued": {"date-parts": [[2024, 3, 1]]},
                "updated-by": [{"type": "correction", "DOI": "10.1234/x", "label": "Correction", "updated": {"date-parts": [[2025]]}}],
                "link": [{"URL": "https://example.org/x.pdf", "content-type": "application/pdf"}],
                "license": [{"URL": "https://example.org/license"}],
                "container-title": ["Journal of Boats"],
            }
        ]
    }
}
_PULL = {
    "number": 3,
    "id": 9,
    "title": "A report",
    "body": "text",
    "state": "open",
    "merged_at": None,
    "html_url": "https://example.org/3",
    "head": {"ref": "draft/boats", "sha": "0" * 40, "repo": {"full_name": "lab/desk"}},
    "user": {"login": "ada"},
    "permission": "write",
    "role_name": "write",
    "private": False,
    "attestations": [{"bundle": {}}],
}
_RUNS = {"total_count": 1, "workflow_runs": [{"id": 1, "run_number": 1}]}
_REFUSAL = {"message": "Validation Failed", "errors": [{"code": "invalid", "message": "no"}], "error": {"message": "no", "code": 3}}
_JOB = plan.Job("boats", _SHA, plan.Why.NEW)
_MARK = comment_marks.draft_mark(comment_marks.DraftMark("boats", _SHA, 1, 2))


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _works() -> bytes:
    from standins.openalex import as_work

    found = [as_work(work) for work in shelf.works(3)]
    return _json({"meta": {"count": 3, "page": 1, "per_page": 5}, "results": found, "group_by": []})


def _reply(data: bytes) -> None:
    """A model's answer, whole or in pieces, the JSON within it, and a refusal."""
    for is_stream in (False, True):
        with suppress(ValueError):
            message.parse(message.read_message(data, is_stream=is_stream).text)
    with suppress(ValueError):
        message.read_message(b"data: " + data + b"\n\ndata: [DONE]\n\n", is_stream=True)
    detail_of(data)
    for status in (400, 404, 429):
        whole_run(fault_of(status, {"Retry-After": data[:40].decode("latin-1")}, data, name="m", key="k"), model="m", host="h")


def _vectors(data: bytes) -> object:
    return embedder.read_vectors(Body("application/json", data), 1)


class _Answered(GitHub):
    """GitHub, whose every answer is the same."""

    same: tuple[int, bytes] = (200, b"{}")

    def _exchange(self, *_: object) -> tuple[int, httpx.Headers, bytes, str | None]:
        return self.same[0], httpx.Headers(), self.same[1], None


@cache
def _hub() -> _Answered:
    return _Answered("lab/desk", "t", sleep=lambda _: None)


def _github(data: bytes) -> None:
    """Every question that is asked of GitHub, answered with the same bytes, once as an answer and once as a refusal."""
    api = _hub()
    asked: tuple[Callable[[], object], ...] = (
        *(api.open_pulls, lambda: api.closed_pulls(["draft/boats"]), lambda: api.update_pull(3, title="t", body="b")),
        *(lambda: api.comments(3), lambda: api.comment(3, "x"), lambda: api.open_issues("x"), lambda: api.may_write("ada")),
        *(lambda: api.create_issue(title="t", body="b", labels=[]), lambda: merged(api, _SHA), lambda: remarks(api, 3), api.is_private),
        *(lambda: api.has_attestation(_SHA), lambda: api.look("pages"), lambda: api.request_reviewers(3, ["ada"])),
    )
    for status in (200, 422):
        api.same = (status, data)
        for ask in asked:
            with suppress(PublishError):
                ask()


def _file(name: str, data: bytes) -> Path:
    path = folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _handed(data: bytes) -> None:
    """What one job gives to the next, and what stands in a pull request's text."""
    given = data.decode("utf-8", "replace")
    for read in (plan.read, audit.from_json):
        with suppress(UsageError):
            read(given)
    comment_marks.read_draft(given)
    comment_marks.read_draft(f"<!-- sovereign:draft {given} -->")
    _file("result/outcome.json", data)
    results.read(folder() / "result", _JOB)


def _kept(data: bytes) -> None:
    """What an earlier run left on disk: an answer's entry and a model's reply."""
    address = "https://example.org/x"
    web, key = CachedWeb(Told(b""), folder() / "web", is_offline=True), _key_of(address)
    _file(f"web/answers/{key[:2]}/{key}.json", data)
    with suppress(WebError):
        web.get(address, keep_s=60.0)
    web.stands({key: (_SHA, 60.0)})
    replies = Replies(folder() / "replies")
    _file(f"replies/{_SHA[:2]}/{_SHA}.json", data)
    found = replies.get(_SHA)
    if found is not None:
        with suppress(KeyError, TypeError, ValueError):
            message.Message.kept(found, _SHA)


def _key_of(address: str) -> str:
    import hashlib

    return hashlib.sha256(f"{address}?".encode()).hexdigest()


def _published(data: bytes) -> None:
    """A published record as the site reads it: whatever is taken is of the kind that the pages expect."""
    path = _file("boats/v1/record.json", data)
    version = facts.version(path.parent, 1)
    for each in fields(version):
        value = getattr(version, each.name)
        if each.type in {"str", "int", "bool", "float"}:
            assert type(value).__name__ == each.type, (each.name, value)


def _lines(data: bytes) -> None:
    """One line of papers or claims, as the commands that read them do."""
    evidence._item(data)
    entry, error = evidence._object(data)
    if not error:
        evidence._paper_error(entry)


_ENTRY = {"format": 1, "stored_at": 1.0, "url": "https://example.org/x", "content_type": "", "status": 404, "sha256": ""}
_MESSAGE = {"text": "x", "model": "m", "refusal": "", "is_cut": False, "tokens": [1, 2]}
_FINDING = {"slug": "boats", "version": 1, "kind": Wrong.WITHDRAWN, "subject": "p", "detail": "x"}

ANSWERS: dict[str, Target] = {
    "openalex": Target(search(OpenAlexSource), (_works(),), (OutsideError,), is_json=True),
    "crossref": Target(search(CrossrefSource), (_json(_CROSSREF),), (OutsideError,), is_json=True),
    "reply": Target(_reply, (_CHAT, _STREAM, _EVENT, _json(_REFUSAL)), is_json=True),
    "vectors": Target(_vectors, (_VECTORS,), (ValueError, RecursionError), is_json=True),
    "github": Target(_github, (_json([_PULL]), _json(_PULL), _json(_RUNS), _json(_REFUSAL)), is_json=True),
    "handed": Target(
        _handed,
        (
            plan.Plan(jobs=(_JOB,)).to_json().encode(),
            _json([_FINDING]),
            _MARK.encode(),
            _json({"slug": "boats", "exit_code": 3, "reason": "x", "tip": "y"}),
        ),
        is_json=True,
    ),
    "kept": Target(
        _kept, (_json(_ENTRY), _json({"text": "x", "model": "m", "refusal": "", "is_cut": False, "tokens": [1, 2]})), is_json=True
    ),
    "lines": Target(_lines, (b'{"id": "a", "claim": "Boats float.", "sentences": ["They do."], "text": "x", "title": "y"}',), is_json=True),
    "record": Target(as_text(record.from_json), (record.to_json(rich_report()).encode(),), (UsageError,), is_json=True),
    "published": Target(_published, (record.to_json(rich_report()).encode(),), (PublishError,), is_json=True),
}
