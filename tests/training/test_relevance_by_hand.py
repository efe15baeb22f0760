"""The labels that relevance is taught by: each question once, each sentence once a question, by the hash of its words."""

from __future__ import annotations

import json
import re

from tests.conftest import ROOT

LABELLED = json.loads((ROOT / "training" / "relevance_by_hand.json").read_text(encoding="utf-8"))


def test_every_question_is_put_once() -> None:
    """No question stands twice, so that none is on both sides of a cross-validation."""
    questions = [row["question"].casefold() for row in LABELLED]

    assert len(set(questions)) == len(questions) >= 250


def test_a_sentence_has_a_hash_a_heading_and_a_label() -> None:
    """No text of a paper is kept: sixteen hexadecimal digits, the heading above it, 0, 1 or 2; of some, what else is so of them."""
    for row in LABELLED:
        assert re.fullmatch(r"[a-z-]+ \d+", row["papers"])
        hashes = [name for name, *_ in row["sentences"]]
        assert len(set(hashes)) == len(hashes)
        for name, heading, label, *code in row["sentences"]:
            assert re.fullmatch(r"[0-9a-f]{16}", name)
            assert len(heading) <= 80
            assert label in {0, 1, 2}
            assert not code or re.fullmatch("[yn]{2}", code[0])


def test_some_questions_are_answered_by_nothing() -> None:
    """Near misses are among them: about one in seven has no sentence that answers."""
    unanswered = sum(not any(label == 2 for _, _, label, *_ in row["sentences"]) for row in LABELLED)

    assert 0.05 * len(LABELLED) < unanswered < 0.4 * len(LABELLED)
