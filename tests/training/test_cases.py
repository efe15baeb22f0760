"""The sides of the labelled sets: what is reported was never trained on."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from training.cases import Case, everything, sentences, without_marks


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> list[Case]:
    """Give all labelled scientific cases."""
    return everything(shared_data)


def test_sides_share_no_claim(cases: list[Case]) -> None:
    """Within a source, a claim stands on one side only."""
    sides = defaultdict(set)
    for c in cases:
        sides[c.source, c.claim].add(c.side)

    assert [key for key, found in sides.items() if len(found) > 1] == []


def test_fit_shares_no_text_with_report(cases: list[Case]) -> None:
    """No abstract or sentence that a reported claim is judged by was trained on."""
    reported = {(c.source, s) for c in cases if c.side == "report" for s in c.sentences if len(s.split()) > 8}

    shared = [c.id for c in cases if c.side == "fit" and any((c.source, s) in reported for s in c.sentences)]

    assert len(shared) <= 0.01 * sum(c.side == "fit" for c in cases), shared[:5]


def test_every_source_reports(cases: list[Case]) -> None:
    """Each of the five sources has a report side, and all of SciFact's dev claims are on it."""
    reported = {c.source for c in cases if c.side == "report"}

    assert reported == {"scifact", "healthver", "climate-fever", "citation-integrity", "scitab"}
    assert len({c.claim for c in cases if c.source == "scifact" and c.side == "report"}) == 300


def test_scifact_documents_are_apart(cases: list[Case]) -> None:
    """No abstract is on SciFact's fit side and on another side too."""
    sides = defaultdict(set)
    for c in cases:
        if c.source == "scifact":
            sides[c.side].add(c.document)

    assert sides["fit"]
    assert not sides["fit"] & (sides["calibrate"] | sides["report"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("We train. It works.", ["We train.", "It works."], id="two"),
        pytest.param("Smith et al. (2019) show it. Good.", ["Smith et al. (2019) show it.", "Good."], id="et al."),
        pytest.param("", [], id="empty"),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    """Prose is cut where a sentence ends."""
    assert sentences(text) == expected


def test_citation_marks_go() -> None:
    """A citing sentence is read without its marks."""
    assert without_marks("It is so [<|cit|>], they say (<|multi_cit|>).") == "It is so , they say."
