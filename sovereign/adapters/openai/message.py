"""What an OpenAI-compatible service answered: one message out of a body, and JSON out of a message. No input or output."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sovereign import foreign
from sovereign.adapters.openai.meter import Usage
from sovereign.text import fold

MAX_NAME_CHARS = 120
_THOUGHT = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_FENCED = re.compile(r"\A```(?:json)?[ \t]*\n(.*)\n[ \t]*```\Z", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Message:
    """A model's message.

    Attributes:
        text: What it says; empty where it said nothing.
        refusal: Why the service would not answer; empty where it did.
        is_cut: Whether it ended at the allowed length.
        key: Under which it is kept for reruns.
    """

    text: str
    model: str
    refusal: str = ""
    is_cut: bool = False
    usage: Usage | None = None
    key: str = ""
    is_cached: bool = False

    def keep(self) -> dict[str, Any]:
        """Give what is kept for reruns."""
        tokens = [self.usage.tokens_in, self.usage.tokens_out] if self.usage else None
        return {"text": self.text, "model": self.model, "refusal": self.refusal, "is_cut": self.is_cut, "tokens": tokens}

    @classmethod
    def kept(cls, value: Mapping[str, Any], key: str) -> Message:
        """Give a kept message back; KeyError, TypeError or ValueError where it is not one."""
        tokens = value["tokens"]
        texts = {name: value[name] for name in ("text", "model", "refusal")}
        if not all(isinstance(text, str) for text in texts.values()):
            raise TypeError("expected texts")
        usage = Usage(*map(foreign.whole, tokens)) if tokens else None
        return cls(**texts, is_cut=bool(value["is_cut"]), usage=usage, key=key, is_cached=True)


def read_message(data: bytes, *, is_stream: bool) -> Message:
    """Give the first choice's message of a chat completion; ValueError where the body is none.

    A service that streams unasked is read to its end.
    """
    if is_stream:
        return _streamed(data)
    body = foreign.read_answer(data)
    if not isinstance(body, dict) or not isinstance(body.get("choices"), list) or not body["choices"]:
        raise ValueError(f"expected a chat completion with choices, got {_told(body)}")
    choice = body["choices"][0]
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(message, dict):
        raise ValueError("expected a message in the first choice")  # noqa: TRY004 (the wire's decoders say ValueError)
    return _message(_text(message.get("content")), message.get("refusal"), choice.get("finish_reason"), body)


def _message(text: str, refusal: object, finish: object, body: Mapping[str, Any]) -> Message:
    said_no = str(refusal) if refusal else "the service's content filter held the answer back" if finish == "content_filter" else ""
    return Message(text, model_name(body.get("model")), said_no, finish == "length", _usage(body.get("usage")))


def model_name(value: object) -> str:
    """Give a model's name as a service writes it, fit for a record: one short line, and of a path on somebody's disk the file alone."""
    name = "".join(c for c in fold(str(value or "")) if c.isprintable())[:MAX_NAME_CHARS]
    is_path = name.startswith(("/", "~", "\\")) or re.match(r"[A-Za-z]:[\\/]", name)
    return re.split(r"[\\/]", name)[-1] if is_path else name


def _text(content: object) -> str:
    """Give a message's text; it comes as a text, as nothing, or as a list of parts."""
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    if content is not None and not isinstance(content, str):
        raise ValueError(f"expected a text in the message, got {_told(content)}")
    return content or ""


def _usage(value: object) -> Usage | None:
    if not isinstance(value, dict):
        return None
    counts = [value.get("prompt_tokens"), value.get("completion_tokens", 0)]
    sane = [n for n in counts if isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 10**9]
    return Usage(sane[0], sane[1]) if len(sane) == len(counts) else None


def _events(data: bytes) -> Iterator[dict[str, Any]]:
    for line in data.decode("utf-8").splitlines():
        if line.startswith("data:") and (part := line[5:].strip()) and part != "[DONE]":
            event = foreign.read(part, half_letters="keep", is_strict=False)
            if not isinstance(event, dict):
                raise ValueError(f"expected objects in the stream, got {_told(event)}")
            yield event


def _streamed(data: bytes) -> Message:
    """Put the deltas of choice 0 together; ValueError where the stream has no end."""
    texts: list[str] = []
    refusals: list[str] = []
    finish: object = None
    last: dict[str, Any] = {}
    for event in _events(data):
        last = {**last, **{key: value for key, value in event.items() if value}}
        choices = event.get("choices")
        for choice in choices if isinstance(choices, list) else ():
            if not isinstance(choice, dict) or choice.get("index", 0) != 0:
                continue
            delta = choice.get("delta")
            if not isinstance(delta, dict):
                delta = {}
            texts.append(_text(delta.get("content")))
            refusals.append(str(delta.get("refusal") or ""))
            finish = choice.get("finish_reason") or finish
    if finish is None:
        raise ValueError("the stream was cut off")
    return _message(_mended("".join(texts)), _mended("".join(refusals)), finish, last)


def _mended(text: str) -> str:
    """Give a text whose characters may have come in halves, one to a piece; a half that stays alone becomes the sign for it."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def parse(text: str) -> dict[str, Any]:
    """Give the one JSON object that a message is, inside a code fence or after a thought or bare; ValueError in words otherwise.

    An object is never dug out of prose: which of several would be meant?
    """
    bare = _THOUGHT.sub("", text, count=1).strip()
    fenced = _FENCED.match(bare)
    try:
        value = foreign.read(fenced.group(1) if fenced else bare)
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not one JSON object: {error.msg} at character {error.pos}") from error
    if not isinstance(value, dict):
        raise ValueError(f"expected a JSON object, got {_told(value)}")  # noqa: TRY004 (the text is wrong, not a type of ours)
    return value


def _told(value: object) -> str:
    return json.dumps(value, ensure_ascii=True)[:80]
