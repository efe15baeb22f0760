"""What can go wrong between us and an OpenAI-compatible service, sorted by who can act. No input or output."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sovereign import foreign
from sovereign.adapters import retry_after
from sovereign.errors import ModelError
from sovereign.model import GapKind
from sovereign.text import fold

PASSING = frozenset({202, 408, 409, 425, 429, *range(500, 600)}) - {501, 505}
"""Statuses that may pass; 529 is what hosted models answer when overloaded, 202 that the answer is not ready."""

_SECRET = re.compile(r"\b(?:sk|nvapi|pk|gsk|hf|ghp|key)[-_][\w*.-]{6,}")
_SPENT = re.compile(r"insufficient_quota|exceeded your current quota|billing|credits? (?:exhausted|expired)|payment", re.IGNORECASE)
_TOO_LONG = re.compile(
    r"context.{0,20}(?:length|window|size)|maximum.{0,20}tokens|too many tokens|too long|exceed.{0,20}context|token length", re.IGNORECASE
)
_WHOLE_RUN = {
    401: ("the service refused the key", "check the key"),
    403: ("the service refused the key", "check the key"),
    402: ("the account's quota is spent", "top the account up"),
    429: ("the account's quota is spent", "top the account up"),
    404: ("the model was retired, or base_url is wrong", "choose another model in [tool.sovereign.models]"),
    405: ("base_url is wrong", "mend it in [tool.sovereign.models]"),
    410: ("the model was retired", "choose another model in [tool.sovereign.models]"),
    **dict.fromkeys(
        range(300, 400), ("redirections are refused, since they would carry the key elsewhere", "set base_url to the final address")
    ),
}


@dataclass(frozen=True, slots=True)
class Nature:
    """What kind of fault it was.

    Attributes:
        kind: The Gap's kind, should it become one.
        status: HTTP status, or 0 where none came.
        may_pass: Whether the same request may succeed later.
        may_be_billed: Whether the service may have done the work.
        wait_s: What Retry-After asked for; None where it asked for nothing.
    """

    kind: GapKind
    status: int = 0
    may_pass: bool = False
    may_be_billed: bool = False
    wait_s: float | None = None


ABSENT = Nature(GapKind.NOT_FOUND, may_pass=True)
LATE = Nature(GapKind.TIMED_OUT, may_pass=True, may_be_billed=True)
BROKEN = Nature(GapKind.UNREADABLE, may_pass=True, may_be_billed=True)
ENDLESS = Nature(GapKind.LIMIT, may_be_billed=True)


class WireFault(Exception):  # noqa: N818 (no error of the program's tree: an adapter turns it into a Gap or a ModelError)
    """One request that brought no answer; `why` is one clean sentence."""

    def __init__(self, why: str, nature: Nature) -> None:
        super().__init__(why)
        self.why, self.nature = why, nature


def fault_of(status: int, headers: Mapping[str, str], data: bytes, *, name: str, key: str) -> WireFault:
    """Give the fault that an answer with another status than 200 is."""
    detail = clean(detail_of(data), key) or "no reason given"
    why = f"{name}: HTTP {status}: {detail}"
    if status == 413 or (400 <= status < 500 and status not in PASSING and _TOO_LONG.search(detail)):
        return WireFault(why, Nature(GapKind.LIMIT, status))
    may_pass = status in PASSING and not (status == 429 and _SPENT.search(detail))
    return WireFault(
        why,
        Nature(
            GapKind.REFUSED, status, may_pass=may_pass, wait_s=retry_after.asked_s(headers.get("Retry-After", ""), headers.get("Date", ""))
        ),
    )


def whole_run(fault: WireFault, *, model: str, host: str) -> ModelError | None:
    """Give the error that ends all asking, where the fault would meet every request; None where it is this request's own."""
    nature = fault.nature
    meaning, tip = _WHOLE_RUN.get(nature.status, ("", ""))
    if nature.kind is GapKind.NOT_FOUND and not nature.status:
        meaning, tip = "nobody is there", "check base_url and the network"
    if not meaning or (nature.status == 429 and nature.may_pass) or nature.kind is GapKind.LIMIT:
        return None
    return ModelError(f"{fault.why} (model {model!r} at {host}): {meaning}", tip=f"{tip}, or run with --engine local")


def clean(text: str, key: str) -> str:
    """Give foreign text on one line, at most 300 characters, without our key or anything that looks like one."""
    hidden = text.replace(key, "***") if key else text
    return "".join(c for c in fold(_SECRET.sub("***", hidden)) if c.isprintable())[:300]


def detail_of(data: bytes) -> str:
    """Give the reason out of an error body in any of the known shapes, else its text.

    Shapes: {"error": {"message", "code"}} (OpenAI, vLLM), {"error": "…"} (LM Studio, Ollama), {"title", "detail"} (NVIDIA, RFC 9457),
    {"message"} (NIM), {"detail": [{"msg"}]} (FastAPI).
    """
    try:
        body = foreign.read_answer(data)
    except ValueError:
        return re.sub(r"<[^>]*>", " ", data[:2000].decode("utf-8", "replace"))
    error = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(error, dict):
        return str(error)
    words = [error.get(key) for key in ("message", "detail", "title", "code", "param")]
    return " ".join(str(word) for word in words if word)
