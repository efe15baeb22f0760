"""Recorded exchanges with arXiv and OpenAlex, played back: what we send is what was recorded, and every recording is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import vcr

from sovereign.model import Form, GapKind
from tests.record import FOLDER, MAX_BYTES, REAL, SCENARIOS, a_web


def some_papers_and_a_refusal(result: Any) -> None:
    """The first search finds papers about its theme; the second is refused in arXiv's words."""
    first, second = result
    assert first.papers
    assert all(paper.arxiv_id and paper.authors and paper.abstract for paper in first.papers)
    assert [paper.hits[0].rank for paper in first.papers] == list(range(1, len(first.papers) + 1))
    assert not second.papers
    assert [gap.kind for gap in second.gaps] == [GapKind.REFUSED]


def a_text_and_a_gap(result: Any) -> None:
    """HTML for the one, not found for the other."""
    (_, fetched, gaps), (_, nothing, why) = result
    assert [item.form for item in fetched] == [Form.HTML]
    assert (gaps, nothing) == ((), ())
    assert [gap.kind for gap in why] == [GapKind.NOT_FOUND]


def some_works(result: Any) -> None:
    """Works with DOIs."""
    (found,) = result
    assert len(found.papers) == 3
    assert all(paper.doi or paper.arxiv_id for paper in found.papers)
    assert not found.gaps


EXPECTED: dict[str, Callable[[Any], None]] = {
    "arxiv-search": some_papers_and_a_refusal,
    "arxiv-text": a_text_and_a_gap,
    "openalex-search": some_works,
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_played_back(name: str) -> None:
    """Address and parameters are matched; nothing else is sent."""
    player = vcr.VCR(record_mode="none", match_on=["method", "scheme", "host", "path", "query"])

    with player.use_cassette(str(FOLDER / f"{name}.yaml")) as cassette:
        result = SCENARIOS[name](REAL, a_web(is_live=False))

    EXPECTED[name](result)
    assert cassette.all_played


def test_cassettes_are_small_and_hold_nobodys_address() -> None:
    """No key, contact, cookie or address of the recording machine; each below 200 kB; none without a scenario."""
    paths = sorted(path for path in FOLDER.iterdir() if path.suffix == ".yaml")

    assert [path.stem for path in paths] == sorted(SCENARIOS)
    for path in paths:
        text = path.read_text("utf-8").lower()
        assert len(text) < MAX_BYTES
        for word in ("api_key", "mailto", "cookie", "127.0.0.1", "localhost", "user-agent"):
            assert word not in text
