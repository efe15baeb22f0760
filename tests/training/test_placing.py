"""Sentences in their places: what their neighbours and headings say of them, and what is made of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sovereign.ports import Around
from training.damage import Rng
from training.placing import Judged, by_others, captions, rows, thinned

TEXTS = ["Boats sink.", "We waxed boats.", "They floated longer."]


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Give a file of two abstracts, one of which has a label too few."""
    path = tmp_path / "train.jsonl"
    good = {"sentences": TEXTS, "labels": ["background", "method", "result"]}
    path.write_text(json.dumps(good) + "\n" + json.dumps({**good, "labels": ["result"]}) + "\n", encoding="utf-8")
    return path


def test_an_abstracts_sentences_know_their_neighbours(labelled: Path) -> None:
    """Each sentence has its place and both neighbours; a row whose labels do not fit is left out."""
    (found,) = rows(labelled, "result", "result", "made")

    assert [dict(j.so) for j in found] == [{"result": False}, {"result": False}, {"result": True}]
    assert found[1].around == Around(TEXTS[0], TEXTS[2], 2, 3)
    assert found[2].given == ("Abstract 3 of 3: We waxed boats. / ", "They floated longer.")


def test_thinning_leaves_sentence_and_label() -> None:
    """Whatever is left out of what stands about it, the sentence and what is so of it stay; one read by itself stays as it is."""
    one = Judged("They floated longer.", {"result": True}, "made", "Results", Around("We waxed boats.", "So we did.", 3, 4))
    alone = Judged("A heading", {"wholeness": False})

    some = thinned([one] * 200 + [alone], Rng(1))

    assert {(j.text, tuple(j.so.items())) for j in some[:-1]} == {("They floated longer.", (("result", True),))}
    assert {Around(), one.around} < {j.around for j in some[:-1]}
    assert some[-1] == alone


def test_others_results_are_none_of_the_papers() -> None:
    """An own result becomes that of others, and then it is neither result nor claim; what was no result is not taken."""
    own = Judged("We found that wax helps.", {"result": True}, "made", "Results", Around())
    method = Judged("We folded forty boats.", {"result": False}, "made", "Results", Around())

    (found,) = by_others([own, method], Rng(2))

    assert found.text.endswith("found that wax helps.")
    assert not found.text.startswith("We")
    assert dict(found.so) == {"result": False, "claim": False}


def test_captions_are_nothing() -> None:
    """What is made to stand beside a figure is no finding; by itself it is not whole either."""
    about = [Judged("We folded forty boats.", {"result": False}, "made", "Methods", Around("Before.", "After."))]

    some = captions(["Wax coating for paper boats: a study"], about, Rng(3), 50)

    assert not any(so for j in some for so in j.so.values())
    assert sum("wholeness" in j.so for j in some) == 50
    assert all(("wholeness" in j.so) == (j.around is None) for j in some)
