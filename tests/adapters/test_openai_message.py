"""Reading messages: recorded traffic of real services, and JSON that hides, doubles or pretends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.adapters.openai.faults import detail_of, fault_of, whole_run
from sovereign.adapters.openai.message import Message, model_name, parse, read_message
from sovereign.adapters.openai.meter import Usage
from sovereign.adapters.openai.wire import Body
from sovereign.model import GapKind
from standins.chat import completion, stream

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3), max_leaves=8
)


def rows(shared_data: Path) -> list[dict[str, Any]]:
    """Give every recorded exchange with a chat service."""
    names = ("api.openai.com", "integrate.api.nvidia.com", "openrouter.ai", "api.deepseek.com")
    lines = (line for name in names for line in (shared_data / "http" / f"{name}.jsonl").read_text().splitlines())
    return [row for row in map(json.loads, lines) if "/chat/completions" in row["url"]]


def test_recorded_answers_are_read(shared_data: Path) -> None:
    """Every recorded answer gives its text and tokens: plain, streamed, or with reasoning beside it; 21 are tool calls alone."""
    read = []
    for row in rows(shared_data):
        if row["status"] == 200:
            body = Body(row["response_headers"].get("content-type", ""), row["body"].encode())
            read.append((body.is_stream, read_message(body.data, is_stream=body.is_stream)))

    assert len(read) == 104
    assert sum(is_stream for is_stream, _ in read) == 12
    assert sum(bool(message.text) for is_stream, message in read if is_stream) == 8
    assert all(message.usage and message.usage.tokens_in > 0 for is_stream, message in read if not is_stream)
    assert sum(not message.text for _, message in read) == 21


def test_recorded_json_is_parsed_or_refused(shared_data: Path) -> None:
    """Of the recorded answers to a request for JSON, fenced or bare, each gives an object; prose and broken JSON give none."""
    fenced = bare = refused = 0
    for row in rows(shared_data):
        if row["status"] == 200 and "relevance_score" in row["request_body"]:
            text = read_message(row["body"].encode(), is_stream=False).text
            try:
                value = parse(text)
            except ValueError:
                refused += 1
                continue
            assert "relevance_score" in value or "title" in value
            fenced += text.startswith("```")
            bare += text.startswith("{")

    assert fenced >= 5
    assert bare >= 30
    assert refused <= 10


def test_recorded_errors_give_their_reason(shared_data: Path) -> None:
    """The service's own sentence is found in recorded refusals, and a missing model ends the asking."""
    refused = [row for row in rows(shared_data) if row["status"] >= 400]
    faults = [fault_of(row["status"], row["response_headers"], row["body"].encode(), name="openai", key="") for row in refused]

    assert len(faults) == 2
    gone = next(fault for fault in faults if fault.nature.status == 404)
    assert "does not exist or you do not have access to it" in gone.why
    assert "retired" in str(whole_run(gone, model="m", host="h"))


READ = [
    pytest.param('{"a": 1}', id="bare"),
    pytest.param(' \n{"a": 1}\n', id="white space"),
    pytest.param('```json\n{"a": 1}\n```', id="fence"),
    pytest.param('```\n{"a": 1}\n```', id="fence without a word"),
    pytest.param('<think>{"a": 2}</think>{"a": 1}', id="after a thought"),
    pytest.param('<thinking>\n</thinking>\n```json\n{"a": 1}\n```', id="after a thought, fenced"),
]


@pytest.mark.parametrize("text", READ)
def test_one_object_is_read(text: str) -> None:
    """Bare, fenced, or after a thought."""
    assert parse(text) == {"a": 1}


REFUSED = [
    pytest.param("", id="empty"),
    pytest.param("none of the criteria are met", id="prose"),
    pytest.param('Here it is: {"a": 1}', id="object in prose"),
    pytest.param('{"a": 1} {"a": 2}', id="two objects"),
    pytest.param('{"a": 1}\nThe paper says: {"a": 2}', id="object, then prose"),
    pytest.param('```json\n{"a": 1}\n```\n```json\n{"a": 2}\n```', id="two fences"),
    pytest.param('[{"a": 1}]', id="array"),
    pytest.param('"{}"', id="text"),
    pytest.param('{"a": 1, "a": 2}', id="key twice"),
    pytest.param('{"a": {"b": 1, "b": 2}}', id="key twice within"),
    pytest.param('{"a": NaN}', id="NaN"),
    pytest.param('{"a": Infinity}', id="infinity"),
    pytest.param("{" * 100_000, id="deep"),
    pytest.param('{"a": ' * 50_000 + "1" + "}" * 50_000, id="deep and whole"),
    pytest.param('{"a": ' + "9" * 5000 + "}", id="a number without end"),
]


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused(text: str) -> None:
    """Nothing is dug out of prose, and nothing is chosen between two."""
    with pytest.raises(ValueError, match=r"."):
        parse(text)


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_what_json_writes_parse_reads(value: dict[str, Any]) -> None:
    """Any object comes back as it was, bare, fenced and streamed."""
    text = json.dumps(value)

    assert parse(text) == value
    assert parse(f"```json\n{text}\n```") == value
    assert parse(read_message(stream(text), is_stream=True).text) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """No bytes bring anything but a message or a ValueError."""
    for is_stream in (False, True):
        try:
            message = read_message(data, is_stream=is_stream)
        except (ValueError, RecursionError):
            continue
        assert isinstance(message, Message)


@given(
    st.recursive(
        JSON,
        lambda inner: st.dictionaries(st.sampled_from(["choices", "message", "content", "delta", "usage"]), inner | st.lists(inner)),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_refused(body: object) -> None:
    """Neither does any JSON, however much it looks like a completion."""
    try:
        assert isinstance(read_message(json.dumps(body).encode(), is_stream=False), Message)
        assert isinstance(read_message(b"data: " + json.dumps(body).encode(), is_stream=True), Message)
    except ValueError:
        pass


def test_a_message_kept_is_the_message_given_back() -> None:
    """What is kept for reruns gives the same message, marked as kept."""
    message = read_message(json.dumps(completion("hello")).encode(), is_stream=False)

    again = Message.kept(json.loads(json.dumps(message.keep())), "key")

    assert again == Message("hello", "stand-in", usage=Usage(100, 20), key="key", is_cached=True)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b'{"error": {"message": "m", "code": "c", "param": "p"}}', "m c p", id="OpenAI"),
        pytest.param(b'{"error": "use json_schema"}', "use json_schema", id="LM Studio"),
        pytest.param(b'{"type": "about:blank", "title": "Gone", "status": 410, "detail": "end of life"}', "end of life Gone", id="NVIDIA"),
        pytest.param(b'{"object": "error", "message": "bad", "code": 400}', "bad 400", id="NIM"),
        pytest.param(b'{"detail": [{"msg": "field required"}]}', "[{'msg': 'field required'}]", id="FastAPI"),
        pytest.param(b"<html><h1>Bad   gateway</h1></html>", "  Bad   gateway  ", id="HTML"),
        pytest.param(b"\xff\xfe", "\ufffd\ufffd", id="no text"),
        pytest.param(b"[]", "[]", id="array"),
    ],
)
def test_the_reason_is_found(body: bytes, reason: str) -> None:
    """Each known shape of an error body gives its words."""
    assert detail_of(body) == reason


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        pytest.param("nvidia/nemotron-3", "nvidia/nemotron-3", id="owner and name"),
        pytest.param("/home/somebody/models/small.gguf", "small.gguf", id="path"),
        pytest.param("C:\\Users\\somebody\\small.gguf", "small.gguf", id="path on Windows"),
        pytest.param("~/small.gguf", "small.gguf", id="home"),
        pytest.param("a\n::error::\u202eb", "a ::error::b", id="lines and marks"),
        pytest.param("x" * 5000, "x" * 120, id="without end"),
        pytest.param(None, "", id="nothing"),
    ],
)
def test_a_model_is_named_without_its_place(told: object, kept: str) -> None:
    """llama.cpp answers the file's path; a record is public."""
    assert model_name(told) == kept


def test_foreign_words_in_an_error_stay_one_short_line() -> None:
    """A service's error cannot write lines, control characters, keys or pages into our messages."""
    hostile = json.dumps(
        {"error": {"message": "\x1b[31m::set-output name=x::\n::error::\u202e Bearer nvapi-abcdefghijkl " + "x" * 5000}}
    ).encode()

    fault = fault_of(400, {}, hostile, name="nim", key="")

    assert "\n" not in fault.why
    assert "\x1b" not in fault.why
    assert "\u202e" not in fault.why
    assert "nvapi-a" not in fault.why
    assert len(fault.why) < 350
    assert fault.nature.kind is GapKind.REFUSED


def test_what_nobody_reads_costs_no_answer() -> None:
    """A seed of 64 bits, a key that stands twice in the envelope: the message is good."""
    body = b'{"id": "a", "id": "b", "choices": [{"seed": 14268139803617600000, "message": {"content": "yes"}, "finish_reason": "stop"}]}'

    assert read_message(body, is_stream=False).text == "yes"


def test_a_character_may_come_in_halves() -> None:
    """Pieces of a stream are cut anywhere; what stays half is a sign for that."""
    pieces = [
        r'{"choices":[{"delta":{"content":"\ud83d"}}]}',
        r'{"choices":[{"delta":{"content":"\ude00 \ud83d"},"finish_reason":"stop"}]}',
    ]
    stream = "".join(f"data: {piece}\n\n" for piece in pieces).encode()

    assert read_message(stream, is_stream=True).text == "\U0001f600 \ufffd"
