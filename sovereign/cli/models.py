"""The models of a run, as the desk's settings name them: chat, judges, embedder; hosted ones share one account.

A hosted model that cannot be had (no key, retired, nobody there) does not stop a run: the local engine, or the embedded embedder, takes
its place, a Gap says so, and the terminal does. Offline, a model on this machine is asked, since that sends nothing anywhere;
another one answers from what is kept; and where neither can be, the run stops with a word instead of becoming another engine's.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from sovereign.adapters import settings
from sovereign.adapters.openai.meter import Meter
from sovereign.errors import ModelError
from sovereign.model import Engine, Gap, GapKind, Goal, Part
from sovereign.ports import ChatModel, Embedder, Tariff


@dataclass(frozen=True, slots=True)
class Models:
    """What was had, and what was not.

    Attributes:
        second_look: The chat model for the second look; empty is the service's own.
        tariff: What the chat model costs, and what one run may use.
        needs_chat: Whether the run stops where the chat model cannot be asked.
        parts: For the record: the models by name, and every prompt by its hash.
    """

    embedder: Embedder
    chat: ChatModel | None = None
    judges: Mapping[str, str] = field(default_factory=dict)
    second_look: str = ""
    tariff: Tariff = field(default_factory=Tariff)
    needs_chat: bool = False
    parts: tuple[Part, ...] = ()
    gaps: tuple[Gap, ...] = ()


def gather(goal: Goal, desk: Path, cache: Path, closing: ExitStack, *, offline: bool, embedder_gone: str = "") -> Models:
    """Give the models for one goal; what must be closed is left with `closing`.

    Where `embedder_gone` says why, the hosted embedder is left out.

    Raises:
        UsageError: The settings are wrong.
        ModelError: Offline, and the wanted model cannot be asked at all.
    """
    table = settings.load(desk)
    profiles = settings.profiles(table)
    profile = settings.choose(profiles, goal.model, table)
    meter = Meter(budget_usd=profile.budget_usd, budget_tokens=profile.budget_tokens)
    gaps: list[Gap] = []
    chat = _chat(profile, meter, cache, closing, gaps, offline=offline) if goal.engine is Engine.MODEL else None
    name = str(table.get("embedder", ""))
    if embedder_gone:
        gaps.append(Gap("embed", name, f"{embedder_gone}; the embedded embedder took its place", GapKind.REFUSED))
        name = ""
    hosted = _hosted(settings.choose(profiles, name), meter, cache, closing, gaps, offline=offline) if name else None
    embedder = hosted or _embedded(cache)
    if chat is None:
        return Models(embedder, parts=_parts(embedder, None, profile), gaps=tuple(gaps))
    tariff = Tariff(profile.price_in_usd, profile.price_out_usd, profile.budget_usd, profile.budget_tokens)
    parts = _parts(embedder, chat, profile)
    return Models(embedder, chat, profile.judges, profile.second_look, tariff, offline, parts, tuple(gaps))


def _embedded(cache: Path) -> Embedder:
    from sovereign.adapters.cached_embedder import CachedEmbedder
    from sovereign.adapters.local_embedder import LocalEmbedder

    return CachedEmbedder(LocalEmbedder(), cache / "vectors.sqlite")


def _chat(  # the run's account, cache and gaps are shared by its models
    profile: settings.Profile, meter: Meter, cache: Path, closing: ExitStack, gaps: list[Gap], *, offline: bool
) -> ChatModel | None:
    from sovereign.adapters.openai.chat import OpenAIChat
    from sovereign.adapters.openai.replies import Replies

    is_mute = offline and not profile.is_here
    try:
        chat = OpenAIChat(profile, "" if is_mute else profile.key(), meter=meter, replies=Replies(cache / "replies"), offline=is_mute)
    except ModelError as error:
        if offline:
            raise
        gaps.append(Gap("engine", profile.name, f"{error.message}; the run went on with the local engine", GapKind.REFUSED))
        return None
    closing.callback(chat.close)
    return chat


def _hosted(  # as above
    profile: settings.Profile, meter: Meter, cache: Path, closing: ExitStack, gaps: list[Gap], *, offline: bool
) -> Embedder | None:
    """Give the hosted embedder once it has answered: vectors of two models cannot be compared, so it is asked before the run begins."""
    from sovereign.adapters.openai.embedder import OpenAIEmbedder
    from sovereign.adapters.openai.replies import Replies

    try:
        hosted = OpenAIEmbedder(profile, "" if offline else profile.key(), meter=meter, replies=Replies(cache / "replies"), offline=offline)
        closing.callback(hosted.close)
        if hosted.dimension:
            return hosted
    except ModelError as error:
        gaps.append(Gap("embed", profile.name, f"{error.message}; the embedded embedder took its place", GapKind.REFUSED))
    return None


def _parts(embedder: Embedder, chat: ChatModel | None, profile: settings.Profile) -> tuple[Part, ...]:
    near = Part(embedder.name, str(embedder.dimension), "nearness of texts; its version is its number of dimensions")
    if chat is None:
        return (near,)
    from sovereign import prompting

    others = tuple(Part(model, "", f"judging as {role}") for role, model in profile.judges.items())
    looks = (Part(profile.second_look, "", "second look"),) if profile.second_look else ()
    return (near, Part(chat.name, "", "planning, wording, judging"), *others, *looks, *prompting.sheets())
