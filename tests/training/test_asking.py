"""What relevance is learnt from: sentences keep their place, gold is found as the scorer finds it, and nothing reported is trained on."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.asking import Asked, Bm25, groups, is_hit, placed, trials
from training.cases import lines

ARTICLE = (
    "TITLE:\nBoats that float for long on a pond\n\n"
    "BODY.RESULTS:\nThe waxed boats floated for 36 minutes. Plain boats sank after 15 minutes (SD 2).\n"
)


def test_sentences_keep_heading_and_place() -> None:
    """Each sentence stands where its offsets say, under the last part of its heading."""
    found = placed(ARTICLE)

    assert [(s.heading, s.text) for s in found] == [
        ("Title", "Boats that float for long on a pond"),
        ("Results", "The waxed boats floated for 36 minutes."),
        ("Results", "Plain boats sank after 15 minutes (SD 2)."),
    ]
    assert all(ARTICLE[s.start : s.end] == s.text for s in found)


def test_a_hit_shares_half_of_the_gold_words() -> None:
    """Half of the gold words, or a sentence that lies inside the gold."""
    gold = "The waxed boats floated for 36 minutes on average in still water"

    assert is_hit("The waxed boats floated for 36 minutes in water.", gold)
    assert not is_hit("Plain boats sank.", gold)
    assert not is_hit("The boats floated.", gold)


def test_bm25_prefers_rare_shared_words() -> None:
    """A text that shares the rare word of the question stands before one that shares the common word."""
    rank = Bm25(["the boat is red", "the wax is warm", "the pond is deep", "the boat is old"])

    assert rank.ranked("wax on the boat")[0] == 1


def test_a_group_has_one_answer_or_none() -> None:
    """Every group holds at most one right sentence, in front; a question without an answer has only wrong ones."""
    line = [("Results", f"Sentence number {i} of the paper.") for i in range(80)]
    answered = Asked("trials", "Who floats?", tuple(line[:2]), tuple(line[2:62]), tuple(line[62:]))
    asked = [answered, Asked("missed", "Who sinks?", (), tuple(line))]

    for group in groups(asked, 3):
        assert sum(group.right) in {0, 1}
        assert not any(group.right[1:])
        assert len(set(group.sentences)) == len(group.sentences)


def test_no_reported_article_is_trained_on(shared_data: Path) -> None:
    """The trials' report side shares no article with the training side."""
    train, dev = ({r["article"] for r in lines(shared_data / f"answers/rct-{side}.jsonl.gz")} for side in ("train", "dev"))

    assert train
    assert dev
    assert not train & dev


@pytest.mark.slow
def test_calibration_shares_no_sentence_with_fitting(shared_data: Path) -> None:
    """Both are made of the trials' training side, of all its texts."""
    fit, kept = ({line for a in trials(shared_data, calibrate=flag) for line in a.right} for flag in (False, True))

    assert fit
    assert kept
    assert len(fit & kept) <= 0.01 * len(kept)
