"""A loopback OpenAI-compatible service: scripted answers by prompt name, faults by table, everything it was asked kept.

Shapes of bodies follow recorded traffic of OpenAI, NVIDIA, OpenRouter and DeepSeek, and NVIDIA's documentation for embeddings.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

Script = Callable[[str, dict[str, Any]], object]
"""Gives the answer to (prompt name, request body): an object is sent as JSON, a text as it is, an Answer as told."""

SERVICE_KEY = "nvapi-stand-in-0123456789"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer in full.

    Attributes:
        cut: Send only so many bytes of the body, then reset the connection; None sends all.
        drip_s: Pause before every 64 bytes.
        delay_s: Pause before anything.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    drip_s: float = 0.0
    delay_s: float = 0.0


def completion(
    content: str | None, *, finish: str = "stop", usage: bool = True, model: str = "stand-in", **message: object
) -> dict[str, Any]:
    """Give the body of a chat completion."""
    made: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1700000000,
        "model": model,
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": content, **message}, "finish_reason": finish, "logprobs": None}
        ],
    }
    if usage:
        made["usage"] = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    return made


def stream(content: str, *, ends: bool = True) -> bytes:
    """Give server-sent events for a completion, three characters an event."""
    parts = [content[at : at + 3] for at in range(0, len(content), 3)]
    events: list[dict[str, Any]] = [
        {"choices": [{"index": 0, "delta": {"content": part}, "finish_reason": None}], "model": "stand-in"} for part in parts
    ]
    if ends:
        events += [
            {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
            {"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": 20}},
        ]
    return "".join(f"data: {json.dumps(event)}\n\n" for event in events).encode() + (b"data: [DONE]\n\n" if ends else b"")


def ok(body: object, **headers: str) -> Answer:
    """Give an answer of status 200 with a JSON body."""
    return Answer(200, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})


def packed(data: bytes) -> Answer:
    """Give a gzip answer of status 200."""
    return Answer(200, gzip.compress(data), {"Content-Type": "application/json", "Content-Encoding": "gzip"})


def refusal(status: int, detail: str = "refused", **headers: str) -> Answer:
    """Give an error in OpenAI's shape."""
    body = {"error": {"message": detail, "type": "invalid_request_error", "param": None, "code": None}}
    return Answer(
        status, json.dumps(body).encode(), {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
    )


def vector(text: str, kind: str, dimension: int) -> list[float]:
    """Give a vector that depends on the text and on what it is embedded for."""
    seed = hashlib.sha256(f"{kind}\0{text}".encode()).digest()
    return [round((seed[i % 32] - 127.5) / 127.5, 4) for i in range(dimension)]


class ChatStandIn:
    """The service's state: what it answers, and what it was asked."""

    def __init__(self, script: Script, *, dimension: int = 1024, gone: Sequence[str] = ()) -> None:
        self.script, self.dimension, self.gone = script, dimension, frozenset(gone)
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.base_url = ""
        self._lock = threading.Lock()
        self.most_at_once = 0
        self._now = 0

    def answer(self, path: str, headers: Mapping[str, str], body: dict[str, Any]) -> Answer:
        """Answer one request."""
        with self._lock:
            self.asked.append(body)
            self.headers.append(dict(headers))
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            if body.get("model") in self.gone:
                why = {
                    "type": "about:blank",
                    "title": "Gone",
                    "status": 410,
                    "detail": f"The model '{body['model']}' has reached its end of life.",
                }
                return Answer(410, json.dumps(why).encode(), {"Content-Type": "application/problem+json"})
            return self._embeddings(body) if path.endswith("/embeddings") else self._chat(body)
        finally:
            with self._lock:
                self._now -= 1

    def _chat(self, body: dict[str, Any]) -> Answer:
        schema = body.get("response_format", {}).get("json_schema", {})
        said = self.script(str(schema.get("name", "")), body)
        if isinstance(said, Answer):
            return said
        return ok(completion(said if isinstance(said, str) else json.dumps(said), model=str(body.get("model"))))

    def _embeddings(self, body: dict[str, Any]) -> Answer:
        said = self.script("embeddings", body)
        return said if isinstance(said, Answer) else self.vectors(body)

    def vectors(self, body: dict[str, Any]) -> Answer:
        """Answer embeddings as NIM does."""
        kind = str(body.get("input_type", ""))
        data = [
            {"object": "embedding", "index": i, "embedding": vector(text, kind, self.dimension)} for i, text in enumerate(body["input"])
        ]
        words = sum(len(text.split()) for text in body["input"])
        return ok({"object": "list", "data": data, "model": body["model"], "usage": {"prompt_tokens": words, "total_tokens": words}})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    state: ChatStandIn

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up is part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a body waits 40 ms for the client to acknowledge its headers

    def do_POST(self) -> None:
        """Answer a chat or embeddings request."""
        length = int(self.headers.get("Content-Length", "0"))
        body = json.loads(self.rfile.read(length))
        self._send(cast("_Server", self.server).state.answer(self.path, dict(self.headers), body))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name in the base class)
        """Say nothing."""

    def _send(self, answer: Answer) -> None:
        time.sleep(answer.delay_s)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if answer.drip_s:
            for at in range(0, len(answer.body), 64):
                self.wfile.write(answer.body[at : at + 64])
                self.wfile.flush()
                time.sleep(answer.drip_s)
        elif answer.cut is None:
            self.wfile.write(answer.body)
        else:
            self.wfile.write(answer.body[: answer.cut])
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()


@contextmanager
def serve(script: Script, *, dimension: int = 1024, gone: Sequence[str] = ()) -> Iterator[ChatStandIn]:
    """Serve on a free port of this machine until the block ends."""
    state = ChatStandIn(script, dimension=dimension, gone=gone)
    server = _Server(("127.0.0.1", 0), _Handler)
    server.state = state
    state.base_url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
