"""Recorded exchanges with NIM, played back: the same scenarios that tests/record_chat.py records, without a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import vcr

from sovereign.errors import ModelError
from sovereign.model import JudgeRole
from tests.record_chat import FOLDER, MAX_BYTES, REAL, RETIRED, SCENARIOS, aimed


def a_plan(result: Any) -> None:
    """Queries with phrases, no Gap."""
    assert result.queries
    assert all(query.all_of for query in result.queries)
    assert result.gaps == ()


def a_hearing(result: Any) -> None:
    """Three roles, each with a score."""
    assert [review.role for review in result] == list(JudgeRole)
    assert not any(review.is_abstention for review in result)


def some_vectors(result: Any) -> None:
    """One dimension, unit length, query and passages apart."""
    query, passages = result
    assert query.shape[1] == passages.shape[1] >= 256
    assert np.linalg.norm(passages, axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)


def a_retired_model(result: Any) -> None:
    """It is named, with a tip."""
    assert isinstance(result, ModelError)
    assert RETIRED in result.message
    assert result.tip


def a_refused_key(result: Any) -> None:
    """The error says what to check."""
    assert isinstance(result, ModelError)
    assert "refused the key" in result.message


EXPECTED: dict[str, Callable[[Any], None]] = {
    "plan": a_plan,
    "hearing": a_hearing,
    "vectors": some_vectors,
    "retired": a_retired_model,
    "no-key": a_refused_key,
}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_played_back(scenario: Any) -> None:
    """What is sent is what was recorded, body and all, and every recording is used."""
    player = vcr.VCR(record_mode="none", match_on=["method", "uri", "body"])

    with player.use_cassette(str(FOLDER / f"{scenario.name}.yaml")) as cassette:
        result = scenario.act(aimed(REAL.base_url), "nvapi-any")

    EXPECTED[scenario.name](result)
    assert cassette.all_played


def test_cassettes_are_small_and_hold_no_secret() -> None:
    """No key, no cookie, no address of the recording machine; each below 200 kB; none without a scenario."""
    paths = sorted(FOLDER.iterdir())

    assert [path.stem for path in paths] == sorted(scenario.name for scenario in SCENARIOS)
    for path in paths:
        text = path.read_text("utf-8").lower()
        assert len(text) < MAX_BYTES
        for word in ("authorization", "nvapi-", "cookie", "127.0.0.1", "localhost"):
            assert word not in text
