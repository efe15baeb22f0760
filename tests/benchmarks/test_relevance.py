"""Real claims and questions: the sentences that are about them stand before the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import relevance
from sovereign.adapters.local_embedder import LocalEmbedder


@pytest.mark.slow
def test_ours_is_better_than_words_or_vectors_alone(shared_data: Path) -> None:
    """Within an abstract and across papers, by a margin that a change of constants would eat."""
    words, vectors, ours = relevance.measure(shared_data, LocalEmbedder())

    for alone in (words, vectors):
        assert ours["reciprocal_rank"] > alone["reciprocal_rank"] + 0.02
        assert ours["share@24"] > alone["share@24"] + 0.05
        assert ours["auroc_across"] > alone["auroc_across"] + 0.05
