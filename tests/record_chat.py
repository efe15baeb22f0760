"""Record the chat service's cassettes anew: `python -m tests.record_chat`.

With NVIDIA_API_KEY set the real service is asked; without it a loopback stand-in written after NVIDIA's documentation answers.
Either way the cassettes name the real address, hold no key, and are what tests/adapters/test_openai_cassettes.py plays.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import vcr

from sovereign.adapters.openai.chat import OpenAIChat
from sovereign.adapters.openai.embedder import OpenAIEmbedder
from sovereign.adapters.settings import Profile, profiles
from sovereign.errors import ModelError
from sovereign.model import Case
from sovereign.steps import ask_plan, ask_tribunal
from standins.chat import ChatStandIn, refusal, serve
from standins.chat_player import Character, play
from tests import fakes
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "cassettes" / "chat"
REAL = profiles({})["nim"]
MAX_BYTES = 200_000
RETIRED = "nvidia/nv-embedqa-e5-v5"
"""Switched off on the hosted service on 2026-08-25."""
SECRET_HEADERS = ["authorization", "cookie", "set-cookie", "nvcf-reqid", "x-request-id", "user-agent", "host"]


def plan(profile: Profile, key: str) -> Any:
    """Plan the example goal's searches."""
    return ask_plan.plan(fakes.goal(), OpenAIChat(profile, key))


def hearing(profile: Profile, key: str) -> Any:
    """Hear a case of two claims, one role at a time so that the order of the recordings is the order of the roles."""
    first, second = fakes.claim(), fakes.claim("Varnish halves the floating time.", of="file:two", relevance=0.4)
    draft = fakes.draft((first, fakes.evidence(first)), (second, fakes.evidence(second, confidence=0.9)))
    return ask_tribunal.ModelBench(OpenAIChat(profile, key)).hear(Case(fakes.goal(), draft, 0, (fakes.paper(),)))


def vectors(profile: Profile, key: str) -> Any:
    """Embed a query and two passages."""
    embedder = OpenAIEmbedder(profile, key)
    return embedder.embed(["does wax help?"], kind="query"), embedder.embed(["wax helps", "rain falls"], kind="passage")


def retired(profile: Profile, key: str) -> Any:
    """Ask a model that is gone; give the error."""
    try:
        return OpenAIEmbedder(replace(profile, embedding_model=RETIRED), key).embed(["x"], kind="query")
    except ModelError as error:
        return error


def no_key(profile: Profile, key: str) -> Any:
    """Ask with a wrong key; give the error."""
    try:
        return OpenAIChat(profile, f"wrong-{len(key)}").answer([ask_plan.write(fakes.goal())])
    except ModelError as error:
        return error


@dataclass(frozen=True, slots=True)
class Scenario:
    """One cassette: what is done with the service."""

    name: str
    act: Callable[[Profile, str], Any]


SCENARIOS = (
    Scenario("plan", plan),
    Scenario("hearing", hearing),
    Scenario("vectors", vectors),
    Scenario("retired", retired),
    Scenario("no-key", no_key),
)
KEPT_HEADERS = ("content-type", "content-encoding", "retry-after")


def aimed(url: str) -> Profile:
    """Give the package's NIM profile, aimed at an address, unpaced and one request at a time."""
    return replace(REAL, base_url=url, requests_per_minute=0.0, concurrency=1, wait_s=0.0, attempts=1)


@contextmanager
def standin() -> Iterator[ChatStandIn]:
    """Serve a NIM after its documentation: 2,048 dimensions, a retired model, a key that must be right."""
    honest = play(Character.HONEST)
    with serve(honest, dimension=2048, gone=[RETIRED]) as service:

        def script(name: str, body: dict[str, Any]) -> object:
            if service.headers[-1].get("Authorization", "").startswith("Bearer wrong"):
                return refusal(401, "Authentication failed")
            return service.vectors(body) if name == "embeddings" else honest(name, body)

        service.script = script
        yield service


def renamed(url: str, request: Any) -> Any:
    """Give the request as if it had gone to the real address."""
    base, real = urlsplit(url), urlsplit(REAL.base_url)
    request.uri = request.uri.replace(f"{base.scheme}://{base.netloc}", f"{real.scheme}://{real.netloc}")
    return request


def bare(response: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the response without headers that name a session."""
    kept = {
        name: value for name, value in response["headers"].items() if name.lower() in ("content-type", "content-encoding", "retry-after")
    }
    return {**response, "headers": kept}


def record(scenario: Scenario, url: str, key: str) -> Path:
    """Act a scenario, keep its exchanges, give the cassette."""
    path = FOLDER / f"{scenario.name}.yaml"
    path.unlink(missing_ok=True)
    recorder = vcr.VCR(
        record_mode="all",
        filter_headers=SECRET_HEADERS,
        before_record_request=partial(renamed, url),
        before_record_response=bare,
        decode_compressed_response=True,
    )
    with recorder.use_cassette(str(path)):
        scenario.act(aimed(url), key)
    return path


def main() -> None:
    """Record every scenario; fail where a cassette is too big or holds the key."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    key = os.environ.get(REAL.key_env, "")
    with standin() as service:
        url = REAL.base_url if key else service.base_url
        for scenario in SCENARIOS:
            text = record(scenario, url, key or "nvapi-stand-in").read_text("utf-8")
            assert len(text) < MAX_BYTES, f"{scenario.name}: {len(text)} bytes"
            assert not key or key not in text, f"{scenario.name}: holds the key"
            print(f"{scenario.name}: {len(text):,} bytes, {'real service' if key else 'stand-in'}")  # noqa: T201 (a command for people)


if __name__ == "__main__":
    main()
