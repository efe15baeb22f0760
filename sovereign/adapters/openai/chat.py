"""A chat model behind an OpenAI-compatible service, answering in JSON that is checked here whatever the service promises.

Wire format: https://platform.openai.com/docs/api-reference/chat/create; NVIDIA NIM, vLLM, Ollama, llama.cpp and LM Studio
follow it with gaps. Which gaps a service has is learnt from its refusals (`Dialect`): no JSON Schema, no JSON mode, another
name for the answer's length, no temperature. An answer that is no valid JSON gets one repair turn; then it is a Gap.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import best_match

from sovereign.adapters.openai.faults import WireFault
from sovereign.adapters.openai.message import Message, parse, read_message
from sovereign.adapters.openai.meter import Meter, Prices, Usage
from sovereign.adapters.openai.replies import Replies, key_of
from sovereign.adapters.openai.wire import Body, Call, Decoded, Wire, together
from sovereign.adapters.settings import Profile
from sovereign.errors import ModelError
from sovereign.language.tokens import MESSAGE_TOKENS, estimate
from sovereign.model import Cost, Event, Gap, GapKind
from sovereign.ports import Prompt, Reply, Tell, tell_nobody

MAX_BYTES = 4_000_000
"""An answer of 2,000 tokens is some 10 kB; reasoning models add their thoughts."""
MAX_REASON_CHARS = 200
UNUSABLE_SINCE = "unusable_since"
UNUSABLE_FOR_S = 86_400
SKEW_S = 300
"""An answer that could not be used was paid for as well: a run that resumes does not ask again, but one on another day does."""
LISTED_LABELS = 12
"""More labels than this are not listed in words."""
_FORMATS = ("json_schema", "json_object", "none")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a service understands beyond the common core; starts hopeful, learns from refusals."""

    response_format: str = "json_schema"
    length_key: str = "max_tokens"
    has_temperature: bool = True

    def without(self, refusal: str) -> Dialect | None:
        """Give what to try after HTTP 400 or 422 with this reason; None where nothing is left to leave out."""
        text = refusal.lower()
        if self.length_key == "max_tokens" and "max_completion_tokens" in text:
            return replace(self, length_key="max_completion_tokens")
        if self.has_temperature and "temperature" in text:
            return replace(self, has_temperature=False)
        if self.response_format != "none" and re.search(r"response_format|schema|json|guided|grammar|structured", text):
            return replace(self, response_format=_FORMATS[_FORMATS.index(self.response_format) + 1])
        return None

    def payload(self, model: str, messages: Sequence[Mapping[str, str]], prompt: Prompt, length: int, temperature: float) -> dict[str, Any]:
        """Give the request's body."""
        made: dict[str, Any] = {"model": model, "messages": list(messages), self.length_key: length, "stream": False}
        if self.has_temperature:
            made["temperature"] = temperature
        if self.response_format == "json_schema":
            name = re.sub(r"\W", "_", prompt.name)[:64] or "answer"
            made["response_format"] = {"type": "json_schema", "json_schema": {"name": name, "schema": dict(prompt.schema), "strict": True}}
        elif self.response_format == "json_object":
            made["response_format"] = {"type": "json_object"}
        return made


class OpenAIChat:
    """Conforms to ports.ChatModel; safe to ask from several threads.

    Args:
        key: Sent in a header, kept nowhere else.
        meter: The run's account; shared with other models of the run.
        replies: Where finished answers are kept, or None.
        offline: Answer from `replies` alone.
    """

    def __init__(
        self,
        profile: Profile,
        key: str = "",
        *,
        meter: Meter | None = None,
        replies: Replies | None = None,
        offline: bool = False,
    ) -> None:
        self._profile = profile
        self._meter = meter or Meter(budget_usd=profile.budget_usd, budget_tokens=profile.budget_tokens)
        self._prices = Prices(profile.price_in_usd, profile.price_out_usd)
        self._meter.demand(self._prices)
        self._wire = Wire(profile, key, self._meter)
        self._replies, self._offline = replies, offline
        self._dialect = Dialect()
        self._unkept = ""
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Profile and model, such as "nim nvidia/nemotron-3-super-120b-a12b"."""
        return f"{self._profile.name} {self._profile.chat_model}"

    @property
    def context_tokens(self) -> int:
        """How many tokens a prompt and its answer may have together, the model's own thoughts taken off."""
        return max(0, self._profile.context_tokens - self._profile.thinking_tokens)

    @property
    def cost(self) -> Cost:
        """What the run used so far, together with all that share the meter."""
        return self._meter.cost

    def answer(self, prompts: Sequence[Prompt], *, tell: Tell = tell_nobody) -> tuple[Reply | Gap, ...]:
        """Answer each prompt, in order, several at once; a Gap where no usable answer came after one repair turn.

        Raises:
            ModelError: The service is unusable; what was answered before stays in the cache.
            BudgetError: The next call could exceed the budget; it was not sent.
        """
        answers: dict[int, Reply | Gap] = {}
        for at, answer in together([partial(self._ask, prompt) for prompt in prompts], self._profile.concurrency):
            answers[at] = answer
            tell(self._progress(prompts[at], answer, len(answers), len(prompts)))
            self._tell_unkept(tell)
        return tuple(answers[at] for at in range(len(prompts)))

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def _progress(self, prompt: Prompt, answer: Reply | Gap, done: int, total: int) -> Event:
        cost = self.cost
        money = "" if cost.money_usd is None else f", ${cost.money_usd:.4f}"
        what = f"no answer ({answer.kind})" if isinstance(answer, Gap) else "kept answer" if answer.is_cached else "answered"
        facts = (("calls", cost.calls), ("cached_calls", cost.cached_calls), ("tokens_in", cost.tokens_in), ("tokens_out", cost.tokens_out))
        message = f"{prompt.name}: {what} ({cost.tokens_in + cost.tokens_out:,} tokens{money} so far)"
        spent = ("money_usd", "" if cost.money_usd is None else round(cost.money_usd, 6))
        return Event("model", message, done, total, (*facts, spent, ("retries", self._wire.retries)))

    def _tell_unkept(self, tell: Tell) -> None:
        with self._lock:
            why, self._unkept = self._unkept, ""
        if why:
            tell(Event("model", why))

    def _ask(self, prompt: Prompt) -> Reply | Gap:
        messages = [{"role": "system", "content": _system(prompt)}, {"role": "user", "content": prompt.user}]
        first = self._exchange(prompt, messages)
        if isinstance(first, Gap):
            return first
        data, problem = _checked(first, prompt)
        if data is not None:
            return _reply(data, first)
        if first.refusal:
            return self._unusable(prompt, problem, GapKind.REFUSED, first)
        repair = f"That answer cannot be used: {problem}. Answer again, with one JSON object that satisfies the schema and nothing else."
        second = self._exchange(
            prompt, [*messages, {"role": "assistant", "content": first.text or "(empty)"}, {"role": "user", "content": repair}]
        )
        if isinstance(second, Gap):
            return Gap("model", prompt.name, f"{problem}; and the repair failed: {second.why}", second.kind)
        data, still = _checked(second, prompt)
        if data is None:
            return self._unusable(prompt, f"{problem}; after a repair turn: {still}", GapKind.REJECTED, first, second)
        return _reply(data, first, second)

    def _unusable(self, prompt: Prompt, why: str, kind: GapKind, *messages: Message) -> Gap:
        for message in messages:
            if self._replies is not None and not message.is_cached:
                self._replies.put(message.key, message.keep() | {UNUSABLE_SINCE: round(time.time())})
        return Gap("model", prompt.name, f"{self.name}: {why}", kind)

    def _exchange(self, prompt: Prompt, messages: Sequence[Mapping[str, str]]) -> Message | Gap:
        """Give the model's message, kept or fresh; a Gap where it does not fit or does not come."""
        model = prompt.model or self._profile.chat_model
        length = prompt.max_tokens + self._profile.thinking_tokens
        asked = sum(estimate(message["content"]) + MESSAGE_TOKENS for message in messages)
        if asked + length > self._profile.context_tokens:
            room = self._profile.context_tokens
            why = f"{self.name}: the prompt (about {asked:,} tokens) and its answer ({length:,}) exceed the context of {room:,}"
            return Gap("model", prompt.name, why, GapKind.LIMIT)
        key = key_of({"url": self._profile.base_url, "model": model, "messages": list(messages), "schema": prompt.schema, "length": length})
        if kept := self._kept(key):
            return kept
        if self._offline:
            raise ModelError(
                f"{self.name}: offline, and no answer to {prompt.name!r} is kept", tip="run once with the network, or --engine local"
            )
        try:
            message = self._learnt(prompt, messages, model, Usage(asked, length))
        except WireFault as fault:
            return Gap("model", prompt.name, fault.why, fault.nature.kind)
        if self._replies is not None and (why := self._replies.put(key, message.keep())):
            with self._lock:
                self._unkept = why
        return replace(message, key=key)

    def _learnt(self, prompt: Prompt, messages: Sequence[Mapping[str, str]], model: str, worst: Usage) -> Message:
        """Post, leaving out what the service refuses to understand, until it answers or nothing is left to leave out."""
        while True:
            dialect = self._dialect
            payload = dialect.payload(model, messages, prompt, worst.tokens_out, self._profile.temperature)
            try:
                return self._wire.post(Call("/chat/completions", payload, _decode, self._prices, worst, MAX_BYTES))
            except WireFault as fault:
                simpler = dialect.without(fault.why) if fault.nature.status in (400, 422) else None
                if simpler is None:
                    raise
                with self._lock:
                    self._dialect = simpler if self._dialect == dialect else self._dialect

    def _kept(self, key: str) -> Message | None:
        kept = self._replies.get(key) if self._replies is not None else None
        try:
            age_s = time.time() - kept.get(UNUSABLE_SINCE, time.time()) if kept is not None else 0.0
            is_stale = not -SKEW_S <= age_s <= UNUSABLE_FOR_S  # from the future, where a clock was wrong
            message = Message.kept(kept, key) if kept is not None and not is_stale else None
        except (KeyError, TypeError, ValueError):
            return None
        if message is not None:
            self._meter.note_cached()
        return message


def _decode(body: Body) -> Decoded[Message]:
    message = read_message(body.data, is_stream=body.is_stream)
    return Decoded(message, message.usage)


def _system(prompt: Prompt) -> str:
    """Give the system message with the schema in words, since a service may ignore response_format without saying so.

    A long list of labels is told by its ends: the labels stand in the data, and response_format lists them all.
    """
    schema = json.dumps(_shortened(prompt.schema), separators=(",", ":"))
    return f"{prompt.system}\n\nAnswer with one JSON object and nothing else. It must satisfy this JSON Schema:\n{schema}"


def _shortened(schema: Any) -> Any:  # noqa: ANN401 (any JSON)
    if isinstance(schema, list):
        return [_shortened(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: [*value[:2], "…", *value[-2:]]
        if key == "enum" and isinstance(value, list) and len(value) > LISTED_LABELS
        else _shortened(value)
        for key, value in schema.items()
    }


def _checked(message: Message, prompt: Prompt) -> tuple[dict[str, Any] | None, str]:
    """Give the answer's object, or None and what is wrong with it, in words that help to mend it."""
    if message.refusal:
        return None, f"the model refused: {message.refusal[:300]}"
    try:
        data = parse(message.text)
    except ValueError as error:
        return None, f"it was cut off at the allowed length ({prompt.max_tokens} tokens)" if message.is_cut else str(error)
    wrong = best_match(Draft202012Validator(prompt.schema).iter_errors(data))
    return (data, "") if wrong is None else (None, _told(wrong))


def _told(wrong: ValidationError) -> str:
    """Say where and why; jsonschema puts the offending value first, which may be long enough to hide the reason."""
    if len(wrong.message) <= MAX_REASON_CHARS:
        return f"{wrong.json_path}: {wrong.message}"
    return f"{wrong.json_path}: breaks {wrong.validator}: {json.dumps(wrong.validator_value)[:MAX_REASON_CHARS]}"


def _reply(data: Mapping[str, Any], *messages: Message) -> Reply:
    used = [message.usage for message in messages if message.usage]
    return Reply(
        data=data,
        model=messages[-1].model,
        tokens_in=sum(usage.tokens_in for usage in used),
        tokens_out=sum(usage.tokens_out for usage in used),
        is_cached=all(message.is_cached for message in messages),
    )
