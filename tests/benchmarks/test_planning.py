"""The measure of planned searches: what its engine finds, and that a plan finds more than the bare words."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import planning
from sovereign.model import Field, Paper, Query

PAPERS = (
    Paper(id="a", title="Varnish on paper boats", abstract="A coat of varnish keeps paper boats afloat."),
    Paper(id="b", title="On paper", abstract="Boats of wood and boats of steel."),
    Paper(id="c", title="Planes", abstract="Paper planes fly."),
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param(Query("q", (("paper boat",),)), ["a"], id="words in a row, plural aside, not from title to abstract"),
        pytest.param(Query("q", (("boats",), ("wood", "varnish"))), ["a", "b"], id="one phrase of every group"),
        pytest.param(Query("q", (("boats",), ("planes",))), [], id="every group"),
        pytest.param(Query("q", (("varnish",),), field=Field.TITLE), ["a"], id="title alone"),
        pytest.param(Query("q", (("wood",),), field=Field.TITLE), [], id="not in a title"),
        pytest.param(Query("q", (("zeppelin", "planes"),)), ["c"], id="a word that no paper holds"),
    ],
)
def test_engine(query: Query, found: list[str]) -> None:
    """A paper matches where each group has a phrase in it."""
    assert sorted(paper.id for paper in planning.Engine(PAPERS).find(query, 50)) == found


@pytest.mark.slow
def test_a_plan_finds_more_than_bare_words(shared_data: Path) -> None:
    """Among the first fifty at least what any bare word finds, but for one in a hundred; far more in all of its answers."""
    rows = {(row["source"], row["method"]): row for row in planning.measure(shared_data)}

    for source in ("SPAR", "AutoScholarQuery", "PubMedQA"):
        ours, words = rows[source, "sovereign plan"], rows[source, "any bare word"]
        assert ours["recall@50"] >= words["recall@50"] - 0.01
        assert ours["found nothing"] == 0
    assert rows["SPAR", "sovereign plan"]["recall of all found"] > rows["SPAR", "any bare word"]["recall of all found"] + 0.08
