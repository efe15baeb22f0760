"""The real NIM, where a key is set: never on a pull request (`pytest -m live`)."""

from __future__ import annotations

import os

import pytest

from sovereign.adapters.openai.chat import OpenAIChat
from sovereign.adapters.openai.embedder import OpenAIEmbedder
from sovereign.adapters.settings import profiles
from sovereign.ports import Reply
from sovereign.steps import ask_plan
from tests import fakes

NIM = profiles({})["nim"]
pytestmark = [pytest.mark.live, pytest.mark.skipif(not os.environ.get(NIM.key_env), reason=f"{NIM.key_env} is not set")]


def test_the_hosted_chat_model_plans() -> None:
    """The package's own profile still names a model that answers, and its answer is a plan."""
    answer = OpenAIChat(NIM, NIM.key()).answer([ask_plan.write(fakes.goal())])[0]

    assert isinstance(answer, Reply), answer
    assert ask_plan.read(answer, fakes.goal())[0]


def test_the_hosted_embedder_embeds() -> None:
    """The package's own profile still names an embedder that answers."""
    embedder = OpenAIEmbedder(NIM, NIM.key())

    assert embedder.embed(["does wax help?"], kind="query").shape == (1, embedder.dimension)
