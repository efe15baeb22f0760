"""The chat adapter against a loopback service: every fault by table, and what a run may cost."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sovereign.adapters.openai.chat import Dialect, OpenAIChat
from sovereign.adapters.openai.meter import Meter
from sovereign.adapters.openai.replies import Replies
from sovereign.adapters.settings import Profile
from sovereign.errors import BudgetError, ModelError, UsageError
from sovereign.model import Event, Gap, GapKind
from sovereign.ports import Prompt, Reply
from standins import chat as standin
from standins.chat import Answer, Script, completion, ok, refusal, serve

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["verdict"],
    "properties": {"verdict": {"type": "string", "enum": ["yes", "no"]}},
}
PROMPT = Prompt("verify", "You judge.", "Is it so?", SCHEMA, max_tokens=100)
GOOD = {"verdict": "yes"}
KEY = standin.SERVICE_KEY


def profile(url: str, **changes: Any) -> Profile:
    """Give a profile of the loopback service that waits for nothing."""
    base = Profile("nim", url, chat_model="some/model", context_tokens=8000, wait_s=0.0, timeout_s=5.0, total_s=10.0, attempts=3)
    return replace(base, price_in_usd=1.0, price_out_usd=2.0, **changes)


def one(script: Script, **changes: Any) -> tuple[Reply | Gap, standin.ChatStandIn]:
    """Ask one prompt of a service that plays a script."""
    with serve(script) as service:
        chat = OpenAIChat(profile(service.base_url, **changes), KEY)
        answer = chat.answer([PROMPT])[0]
        chat.close()
        return answer, service


def in_turn(*answers: object) -> Script:
    """Give a script that answers so, one after the other, the last for ever."""
    left = list(answers)
    return lambda name, body: left.pop(0) if len(left) > 1 else left[0]


def test_a_valid_answer_is_parsed_and_accounted() -> None:
    """The request follows the wire format; the reply holds the object, the model and the tokens."""
    answer, service = one(in_turn(GOOD))

    assert answer == Reply(GOOD, "some/model", 100, 20)
    sent = service.asked[0]
    assert sent["model"] == "some/model"
    assert sent["response_format"] == {"type": "json_schema", "json_schema": {"name": "verify", "schema": SCHEMA, "strict": True}}
    assert sent["max_tokens"] == 100
    assert sent["stream"] is False
    assert service.headers[0]["Authorization"] == f"Bearer {KEY}"


def cut_gzip() -> Answer:
    """Give a gzip answer that lacks its end."""
    whole = standin.packed(json.dumps(completion(json.dumps(GOOD))).encode())
    return replace(whole, body=whole.body[:-12])


RECOVERED = [
    pytest.param(lambda: in_turn(refusal(500), GOOD), 2, id="500, then well"),
    pytest.param(lambda: in_turn(refusal(503, Retry_After="0"), GOOD), 2, id="503 with Retry-After"),
    pytest.param(lambda: in_turn(refusal(429), GOOD), 2, id="429 without Retry-After"),
    pytest.param(lambda: in_turn(refusal(429, Retry_After="0"), GOOD), 2, id="429 with Retry-After"),
    pytest.param(lambda: in_turn(refusal(529), GOOD), 2, id="529 overloaded"),
    pytest.param(lambda: in_turn(refusal(408), GOOD), 2, id="408"),
    pytest.param(lambda: in_turn(Answer(202), GOOD), 2, id="202 not ready"),
    pytest.param(lambda: in_turn(Answer(200, b""), GOOD), 2, id="empty body"),
    pytest.param(lambda: in_turn(Answer(200, b"<html>Sign in</html>", {"Content-Type": "text/html"}), GOOD), 2, id="HTML with 200"),
    pytest.param(lambda: in_turn(Answer(200, b'{"choices": [{"mess'), GOOD), 2, id="truncated JSON"),
    pytest.param(lambda: in_turn(Answer(200, b'{"choices": []}'), GOOD), 2, id="no choices"),
    pytest.param(lambda: in_turn(Answer(200, b"[" * 100_000), GOOD), 2, id="nested to the bottom"),
    pytest.param(lambda: in_turn(Answer(200, json.dumps(completion("{}")).encode("utf-16")[:-1]), GOOD), 2, id="wrong encoding"),
    pytest.param(lambda: in_turn(Answer(200, json.dumps(completion(json.dumps(GOOD))).encode(), cut=40), GOOD), 2, id="reset midway"),
    pytest.param(lambda: in_turn(Answer(200, b"not gzip", {"Content-Encoding": "gzip"}), GOOD), 2, id="broken gzip"),
    pytest.param(lambda: in_turn(Answer(200, b"x", {"Content-Encoding": "br"}), GOOD), 2, id="unknown packing"),
    pytest.param(lambda: in_turn(cut_gzip(), GOOD), 2, id="gzip cut off"),
    pytest.param(lambda: in_turn(standin.packed(json.dumps(completion(json.dumps(GOOD))).encode())), 1, id="gzip"),
    pytest.param(
        lambda: in_turn(Answer(200, standin.stream(json.dumps(GOOD)), {"Content-Type": "text/event-stream"})), 1, id="streamed unasked"
    ),
    pytest.param(lambda: in_turn(Answer(200, standin.stream("{", ends=False)), GOOD), 2, id="stream cut off"),
    pytest.param(lambda: in_turn(f"```json\n{json.dumps(GOOD)}\n```"), 1, id="code fence"),
    pytest.param(lambda: in_turn(f"<think>yes or no?\n{{}}</think>\n\n{json.dumps(GOOD)}"), 1, id="thinks aloud"),
    pytest.param(lambda: in_turn(ok(completion(json.dumps(GOOD), reasoning_content="Hm."))), 1, id="thinks in another field"),
    pytest.param(lambda: in_turn(ok(completion(json.dumps(GOOD), usage=False))), 1, id="no usage"),
    pytest.param(lambda: in_turn("Certainly! It is so.", GOOD), 2, id="prose, then repaired"),
    pytest.param(lambda: in_turn({"verdict": "perhaps"}, GOOD), 2, id="wrong schema, then repaired"),
    pytest.param(lambda: in_turn({**GOOD, "score": 10}, GOOD), 2, id="extra key, then repaired"),
    pytest.param(lambda: in_turn('{"verdict": "no", "verdict": "yes"}', GOOD), 2, id="key twice, then repaired"),
    pytest.param(lambda: in_turn(ok(completion("", finish="length")), GOOD), 2, id="cut at its length, then repaired"),
    pytest.param(lambda: in_turn(ok(completion(None)), GOOD), 2, id="content null, then repaired"),
    pytest.param(lambda: in_turn(refusal(400, "response_format is not supported"), GOOD), 2, id="no JSON Schema"),
    pytest.param(lambda: in_turn(refusal(422, "json_schema?"), refusal(400, "json_object?"), GOOD), 3, id="no JSON mode at all"),
    pytest.param(lambda: in_turn(refusal(400, "use max_completion_tokens"), GOOD), 2, id="other name for the length"),
    pytest.param(lambda: in_turn(refusal(400, "temperature is fixed"), GOOD), 2, id="no temperature"),
]


@pytest.mark.parametrize(("script", "requests"), RECOVERED)
def test_recovered(script: Callable[[], Script], requests: int) -> None:
    """What may pass is tried again, what can be read is read, and one repair turn is asked for."""
    answer, service = one(script())

    assert isinstance(answer, Reply), answer
    assert answer.data == GOOD
    assert len(service.asked) == requests


def bomb() -> Answer:
    """Give 60 MB of JSON in 60 kB of gzip."""
    return standin.packed(b'{"choices": "' + b"0" * 60_000_000)


DEGRADED = [
    pytest.param(lambda: in_turn(refusal(500)), GapKind.REFUSED, 3, id="500 for ever"),
    pytest.param(lambda: in_turn(refusal(501)), GapKind.REFUSED, 1, id="501"),
    pytest.param(lambda: in_turn(refusal(400, "no idea")), GapKind.REFUSED, 1, id="400"),
    pytest.param(lambda: in_turn(refusal(418, "teapot")), GapKind.REFUSED, 1, id="418"),
    pytest.param(
        lambda: in_turn(refusal(400, "This model's maximum context length is 4096 tokens")), GapKind.LIMIT, 1, id="context overflow"
    ),
    pytest.param(lambda: in_turn(refusal(413)), GapKind.LIMIT, 1, id="413"),
    pytest.param(
        lambda: in_turn(refusal(429, "slow down", Retry_After="3600")), GapKind.REFUSED, 1, id="Retry-After longer than we may wait"
    ),
    pytest.param(lambda: in_turn(Answer(200, b"")), GapKind.UNREADABLE, 3, id="empty for ever"),
    pytest.param(lambda: in_turn(Answer(200, b" " * 10_000_000)), GapKind.LIMIT, 1, id="10 MB"),
    pytest.param(lambda: in_turn(bomb()), GapKind.LIMIT, 1, id="gzip bomb"),
    pytest.param(lambda: in_turn("Yes.", "Still yes."), GapKind.REJECTED, 2, id="prose twice"),
    pytest.param(lambda: in_turn({"verdict": "none of the criteria are met"}), GapKind.REJECTED, 2, id="wrong schema twice"),
    pytest.param(lambda: in_turn("[]"), GapKind.REJECTED, 2, id="an array"),
    pytest.param(lambda: in_turn('{"verdict": NaN}'), GapKind.REJECTED, 2, id="no number"),
    pytest.param(lambda: in_turn(ok(completion(None, refusal="I cannot help with that."))), GapKind.REFUSED, 1, id="refusal"),
    pytest.param(lambda: in_turn(ok(completion(None, finish="content_filter"))), GapKind.REFUSED, 1, id="content filter"),
    pytest.param(lambda: in_turn(Answer(200, b"{}", drip_s=0.0, delay_s=0.4)), GapKind.TIMED_OUT, 2, id="slow"),
]


@pytest.mark.parametrize(("script", "kind", "requests"), DEGRADED)
def test_degraded(script: Callable[[], Script], kind: GapKind, requests: int) -> None:
    """What does not pass is a Gap that says why, after a bounded number of requests."""
    patience = {"timeout_s": 0.2, "attempts": 2} if kind is GapKind.TIMED_OUT else {}

    answer, service = one(script(), **patience)

    assert isinstance(answer, Gap), answer
    assert (answer.step, answer.subject, answer.kind) == ("model", "verify", kind)
    assert len(answer.why) > 10
    assert len(service.asked) == requests


def test_a_slow_drip_ends_at_the_time_limit() -> None:
    """Bytes that keep coming do not keep a request alive."""
    dripping = Answer(200, json.dumps(completion("x" * 5000)).encode(), drip_s=0.05)

    answer, _ = one(in_turn(dripping), timeout_s=0.2, attempts=1)

    assert isinstance(answer, Gap)
    assert answer.kind is GapKind.TIMED_OUT


STOPPED = [
    pytest.param(refusal(401, f"Incorrect API key provided: {KEY}"), "refused the key", id="401"),
    pytest.param(refusal(403), "refused the key", id="403"),
    pytest.param(refusal(402), "quota is spent", id="402"),
    pytest.param(refusal(429, "You exceeded your current quota, insufficient_quota"), "quota is spent", id="429 quota"),
    pytest.param(refusal(404, "The model `some/model` does not exist"), "retired", id="404"),
    pytest.param(refusal(410), "retired", id="410"),
    pytest.param(refusal(301, Location="http://elsewhere.invalid/"), "redirections are refused", id="301"),
    pytest.param(refusal(307, Location="http://elsewhere.invalid/"), "redirections are refused", id="307"),
]


@pytest.mark.parametrize(("said", "words"), STOPPED)
def test_stopped(said: Answer, words: str) -> None:
    """What would meet every request ends the asking at once, names the model, gives a tip, and never shows the key."""
    with pytest.raises(ModelError, match=words) as caught:
        one(in_turn(said))

    assert "some/model" in str(caught.value)
    assert caught.value.tip
    assert KEY not in f"{caught.value} {caught.value.__cause__!r}"


def test_a_retired_model_is_named() -> None:
    """NVIDIA's own words (problem+json, HTTP 410) reach the user."""
    with serve(in_turn(GOOD), gone=["some/model"]) as service, pytest.raises(ModelError) as caught:
        OpenAIChat(profile(service.base_url), KEY).answer([PROMPT])

    assert "The model 'some/model' has reached its end of life." in str(caught.value)


@pytest.mark.parametrize(
    "url", [pytest.param("http://127.0.0.1:9/v1", id="refused"), pytest.param("http://name.invalid/v1", id="unknown host")]
)
def test_nobody_there(url: str) -> None:
    """An unreachable service ends the asking: the run goes on with the local engine."""
    with pytest.raises(ModelError, match="nobody is there"):
        OpenAIChat(profile(url, attempts=2)).answer([PROMPT])


def test_a_local_model_is_asked_through_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a desk asks on its own machine does not leave it, whatever the environment says."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    answer, service = one(in_turn(GOOD))

    assert isinstance(answer, Reply)
    assert len(service.asked) == 1


def test_three_failures_in_a_row_end_the_asking() -> None:
    """A service that is down is not asked a hundred times over."""
    with serve(in_turn(refusal(503))) as service:
        chat = OpenAIChat(profile(service.base_url, attempts=1, concurrency=1))
        with pytest.raises(ModelError, match="3 prompts in a row failed"):
            chat.answer([replace(PROMPT, user=str(n)) for n in range(50)])

    assert len(service.asked) <= 4


def test_order_and_concurrency() -> None:
    """Answers come back in the order of the prompts, several are asked at once, and never more than the cap."""
    meet = threading.Barrier(3, timeout=10)

    def script(name: str, body: dict[str, Any]) -> object:
        meet.wait()
        return {"said": body["messages"][1]["content"]}

    with serve(script) as service:
        chat = OpenAIChat(profile(service.base_url, concurrency=3))
        told: list[Event] = []
        answers = chat.answer([Prompt("p", "s", str(n), {"type": "object"}) for n in range(9)], tell=told.append)

    assert [answer.data["said"] for answer in answers if isinstance(answer, Reply)] == [str(n) for n in range(9)]
    assert service.most_at_once == 3
    assert [(event.done, event.total) for event in told] == [(n, 9) for n in range(1, 10)]
    assert dict(told[-1].facts) == {"calls": 9, "cached_calls": 0, "tokens_in": 900, "tokens_out": 180, "money_usd": 0.00126, "retries": 0}


def test_ctrl_c_does_not_wait_for_answers_on_their_way() -> None:
    """Progress is interrupted while another prompt's answer hangs; the caller hears of it at once."""
    let_go = threading.Event()

    def script(name: str, body: dict[str, Any]) -> object:
        if body["messages"][1]["content"] == "slow":
            let_go.wait(10)
        return GOOD

    def interrupt(event: Event) -> None:
        raise KeyboardInterrupt

    with serve(script) as service:
        chat = OpenAIChat(profile(service.base_url, concurrency=2))
        with pytest.raises(KeyboardInterrupt):
            chat.answer([replace(PROMPT, user="slow"), replace(PROMPT, user="quick")], tell=interrupt)
        is_still_waiting = not let_go.is_set()
        let_go.set()

    assert is_still_waiting


def test_retries_are_told() -> None:
    """The event log says how often a service had to be asked again."""
    told: list[Event] = []
    with serve(in_turn(refusal(503), refusal(429, Retry_After="0"), GOOD)) as service:
        OpenAIChat(profile(service.base_url)).answer([PROMPT], tell=told.append)

    assert dict(told[0].facts)["retries"] == 2


def test_the_repair_turn_carries_the_error() -> None:
    """The model is shown its own answer and what was wrong with it."""
    _, service = one(in_turn({"verdict": "perhaps"}, GOOD))

    roles = [message["role"] for message in service.asked[1]["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    assert "'perhaps' is not one of ['yes', 'no']" in service.asked[1]["messages"][3]["content"]


def test_a_long_wrong_value_does_not_hide_the_reason() -> None:
    """What is wrong stands in the Gap and in the repair turn, not just the beginning of what came."""
    answer, service = one(in_turn({"verdict": "perhaps " * 500}))

    assert isinstance(answer, Gap)
    assert '$.verdict: breaks enum: ["yes", "no"]' in answer.why
    assert "breaks enum" in service.asked[1]["messages"][3]["content"]


def test_what_a_service_lacks_is_learnt_once() -> None:
    """After one refusal of JSON Schema no later request asks for it again."""

    def script(name: str, body: dict[str, Any]) -> object:
        return refusal(400, "response_format?") if body.get("response_format", {}).get("type") == "json_schema" else GOOD

    with serve(script) as service:
        chat = OpenAIChat(profile(service.base_url, concurrency=1))
        chat.answer([PROMPT, PROMPT])
        chat.answer([PROMPT])

    asked = [body.get("response_format", {}).get("type") for body in service.asked]
    assert asked == ["json_schema", "json_object", "json_object", "json_object"]


def test_an_unrelated_refusal_teaches_nothing() -> None:
    """A 400 about something else leaves nothing out."""
    assert Dialect().without("nim: HTTP 400: messages[0] is missing") is None


def test_a_prompt_that_does_not_fit_is_not_sent() -> None:
    """Context is budgeted before the service is asked; what does not fit is a Gap."""
    with serve(in_turn(GOOD)) as service:
        answer = OpenAIChat(profile(service.base_url)).answer([replace(PROMPT, user="word " * 8000)])[0]

    assert isinstance(answer, Gap)
    assert answer.kind is GapKind.LIMIT
    assert service.asked == []


# --- cost, budget, cache ---------------------------------------------------------------------------------------------


def test_cost_is_counted_with_prices() -> None:
    """Tokens and money of every call, repair turns included."""
    with serve(in_turn("prose", GOOD)) as service:
        chat = OpenAIChat(profile(service.base_url))
        reply = chat.answer([PROMPT])[0]

    assert isinstance(reply, Reply)
    assert (reply.tokens_in, reply.tokens_out) == (200, 40)
    assert (chat.cost.calls, chat.cost.tokens_in, chat.cost.tokens_out) == (2, 200, 40)
    assert chat.cost.money_usd == pytest.approx((200 * 1.0 + 40 * 2.0) / 1e6)


def test_unknown_prices_make_unknown_money() -> None:
    """No price is None dollars, not zero."""
    with serve(in_turn(GOOD)) as service:
        chat = OpenAIChat(replace(profile(service.base_url), price_in_usd=None))
        chat.answer([PROMPT])

    assert chat.cost.money_usd is None


def test_a_budget_in_dollars_needs_prices() -> None:
    """A budget that could not be kept is refused at once."""
    with pytest.raises(UsageError, match="no prices"):
        OpenAIChat(replace(profile("http://127.0.0.1:9/v1"), price_out_usd=None, budget_usd=1.0))


@pytest.mark.parametrize("limit", [{"budget_tokens": 1000}, {"budget_usd": 0.0007}])
def test_the_budget_stops_before_it_is_exceeded(limit: dict[str, Any]) -> None:
    """The call that could exceed the budget is not sent, and what was spent stays below it."""
    with serve(in_turn(GOOD)) as service:
        chat = OpenAIChat(profile(service.base_url, concurrency=1, **limit))
        with pytest.raises(BudgetError, match="the next call may"):
            chat.answer([replace(PROMPT, user=str(n)) for n in range(50)])

    assert 0 < len(service.asked) < 50
    assert chat.cost.tokens_in + chat.cost.tokens_out <= limit.get("budget_tokens", 10**9)
    assert (chat.cost.money_usd or 0.0) <= limit.get("budget_usd", 10**9)


def test_a_timeout_keeps_its_reservation() -> None:
    """What may have been billed unseen counts against the budget, though not as cost."""
    with serve(in_turn(Answer(200, b"{}", delay_s=0.3))) as service:
        chat = OpenAIChat(profile(service.base_url, timeout_s=0.1, attempts=5, budget_tokens=900))
        with pytest.raises(BudgetError):
            chat.answer([PROMPT])

    assert 1 <= len(service.asked) < 5
    assert chat.cost.calls == 0


def test_a_rerun_pays_nothing(tmp_path: Path) -> None:
    """Finished answers are kept by content: the second run sends no request and counts no cost."""
    with serve(in_turn("prose", GOOD)) as service:
        first = OpenAIChat(profile(service.base_url), replies=Replies(tmp_path)).answer([PROMPT])[0]
        chat = OpenAIChat(profile(service.base_url), replies=Replies(tmp_path))
        second = chat.answer([PROMPT])[0]

    assert isinstance(first, Reply)
    assert second == replace(first, is_cached=True)
    assert len(service.asked) == 2
    assert (chat.cost.calls, chat.cost.cached_calls, chat.cost.tokens_in) == (0, 2, 0)


def test_work_before_a_failure_is_kept(tmp_path: Path) -> None:
    """When the last call fails, what was answered before is not paid for again."""
    with serve(in_turn(GOOD, GOOD, refusal(401), GOOD)) as service:
        prompts = [replace(PROMPT, user=str(n)) for n in range(3)]
        with pytest.raises(ModelError):
            OpenAIChat(profile(service.base_url, concurrency=1), replies=Replies(tmp_path)).answer(prompts)
        answers = OpenAIChat(profile(service.base_url, concurrency=1), replies=Replies(tmp_path)).answer(prompts)

    assert [isinstance(answer, Reply) and answer.is_cached for answer in answers] == [True, True, False]
    assert len(service.asked) == 4


def test_an_unusable_answer_is_asked_for_afresh_on_another_day(tmp_path: Path) -> None:
    """A run that resumes does not pay for it twice; a day later there may be more luck."""
    with serve(in_turn("prose", "prose", GOOD)) as service:
        first = OpenAIChat(profile(service.base_url), replies=Replies(tmp_path)).answer([PROMPT])[0]
        resumed = OpenAIChat(profile(service.base_url), replies=Replies(tmp_path)).answer([PROMPT])[0]
        asked = len(service.asked)
        for path in tmp_path.rglob("*.json"):
            kept = json.loads(path.read_text())
            path.write_text(json.dumps(kept | {"unusable_since": kept["unusable_since"] - 90_000}))
        later = OpenAIChat(profile(service.base_url), replies=Replies(tmp_path)).answer([PROMPT])[0]

    assert first == resumed
    assert isinstance(first, Gap)
    assert asked == 2
    assert isinstance(later, Reply)


def test_offline_answers_from_the_cache_alone(tmp_path: Path) -> None:
    """Offline, a kept answer is given and a missing one says what to do; nothing is sent."""
    with serve(in_turn(GOOD)) as service:
        OpenAIChat(profile(service.base_url), replies=Replies(tmp_path)).answer([PROMPT])
        offline = OpenAIChat(profile(service.base_url), replies=Replies(tmp_path), offline=True)
        kept = offline.answer([PROMPT])[0]
        with pytest.raises(ModelError, match="offline"):
            offline.answer([replace(PROMPT, user="another")])

    assert isinstance(kept, Reply)
    assert len(service.asked) == 1


def test_a_cache_that_cannot_be_written_loses_no_answer(tmp_path: Path) -> None:
    """A full disk is told, and the answer is used all the same."""
    (tmp_path / "file").write_text("in the way")
    told: list[Event] = []
    with serve(in_turn(GOOD)) as service:
        answer = OpenAIChat(profile(service.base_url), replies=Replies(tmp_path / "file")).answer([PROMPT], tell=told.append)[0]

    assert isinstance(answer, Reply)
    assert any("could not be kept" in event.message for event in told)


def test_a_write_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """An answer appears in the cache whole or not at all."""
    with pytest.raises(TypeError):
        Replies(tmp_path).put("ab12", {"text": object()})

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


DAMAGE = (
    b'{"text": "{',
    b'{"text": 3, "model": "", "refusal": "", "is_cut": false, "tokens": null}',
    b'{"unusable_since": "x"}',
    b"[]",
    b"\xff",
)


def test_a_broken_cache_file_counts_as_absent(tmp_path: Path) -> None:
    """Half a file, or another shape, is asked for again and replaced."""
    with serve(in_turn(GOOD)) as service:
        for damage in DAMAGE:
            OpenAIChat(profile(service.base_url), replies=Replies(tmp_path)).answer([PROMPT])
            (kept,) = tmp_path.rglob("*.json")
            kept.write_bytes(damage)
        answer = OpenAIChat(profile(service.base_url), replies=Replies(tmp_path)).answer([PROMPT])[0]

    assert isinstance(answer, Reply)
    assert not answer.is_cached
    assert len(service.asked) == len(DAMAGE) + 1


def test_one_meter_for_several_models() -> None:
    """Models that share a meter share the run's cost and its budget."""
    meter = Meter(budget_tokens=100_000)
    with serve(in_turn(GOOD)) as service:
        for _ in range(2):
            OpenAIChat(profile(service.base_url), meter=meter).answer([PROMPT])

    assert meter.cost.calls == 2


# --- secrets ---------------------------------------------------------------------------------------------------------


@pytest.fixture(name="everything")
def everything_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> str:
    """Run a failing and a succeeding call whose service echoes the key; give all that was written, logged and told."""
    caplog.set_level("DEBUG")
    told: list[Event] = []
    echo = refusal(500, f"key {KEY} and sk-proj-abcdefgh12345678", Retry_After="0")
    with serve(in_turn(echo, GOOD, echo)) as service:
        chat = OpenAIChat(profile(service.base_url), KEY, replies=Replies(tmp_path))
        answers = [chat.answer([PROMPT], tell=told.append), chat.answer([replace(PROMPT, user="again")], tell=told.append)]
    kept = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    return f"{answers} {told} {kept} {caplog.text} {chat!r} {vars(chat)}"


def test_the_key_is_written_nowhere(everything: str) -> None:
    """Neither records, nor cache, nor logs, nor messages hold our key or one that looks like a key."""
    assert KEY not in everything
    assert "abcdefgh12345678" not in everything
    assert "HTTP 500: key ***" in everything
