"""The model's word on the uncertain band: it may lower, rarely raise, and never against a veto."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from sovereign.model import Check, CheckName, Evidence, GapKind, Grade, Origin, Passage, Probabilities, Stance, Verdict, Witness
from sovereign.ports import Reply
from sovereign.steps.ask_verify import is_uncertain, read, settle, write
from tests import fakes
from tests.fakes_chat import SILENT, saying

CLAIM = fakes.claim()
OTHER = fakes.claim("Varnish does nothing.", "file:two")
UNSURE = Probabilities(0.5, 0.4, 0.1)


def witness(text: str = "Wax lengthens the floating time by 23 minutes.") -> Witness:
    """Give a passage that was heard."""
    return Witness(Passage("file:one", 0, len(text), text), Stance.SILENT, UNSURE, own=True)


def heard(verdict: Verdict = Verdict.INSUFFICIENT, p: Probabilities = UNSURE, *checks: Check) -> Evidence:
    """Give evidence in the uncertain band."""
    return Evidence(CLAIM.id, verdict, p.supported, p, (witness(), witness("Rain fell.")), checks, method="verifier")


def said(verdict: str, *sentences: str) -> dict[str, Any]:
    """Give a model's answer."""
    return {"reason": "because", "sentences": list(sentences), "verdict": verdict}


VETO = Check(CheckName.NUMBERS, passed=False, detail="23 against 32", is_veto=True)
LEANS_AWAY = Probabilities(0.3, 0.3, 0.4)


@pytest.mark.parametrize(
    ("before", "answer", "after"),
    [
        pytest.param(heard(), said("supported", "S1"), Verdict.SUPPORTED, id="raised with a sentence"),
        pytest.param(heard(), said("supported"), Verdict.INSUFFICIENT, id="not raised without one"),
        pytest.param(heard(Verdict.INSUFFICIENT, UNSURE, VETO), said("supported", "S1"), Verdict.INSUFFICIENT, id="not against a veto"),
        pytest.param(
            heard(Verdict.INSUFFICIENT, LEANS_AWAY), said("supported", "S1"), Verdict.INSUFFICIENT, id="not against the verifier's lean"
        ),
        pytest.param(heard(Verdict.SUPPORTED), said("insufficient"), Verdict.INSUFFICIENT, id="lowered"),
        pytest.param(heard(Verdict.SUPPORTED), said("refuted", "S2"), Verdict.REFUTED, id="lowered to refuted"),
        pytest.param(heard(), said("refuted", "S1"), Verdict.REFUTED, id="insufficient to refuted"),
        pytest.param(heard(Verdict.REFUTED), said("supported", "S1"), Verdict.REFUTED, id="refuted stays"),
        pytest.param(heard(Verdict.REFUTED), said("insufficient"), Verdict.REFUTED, id="refuted is not softened"),
        pytest.param(heard(Verdict.SUPPORTED), said("supported", "S1"), Verdict.SUPPORTED, id="confirmed"),
    ],
)
def test_settled(before: Evidence, answer: dict[str, Any], after: Verdict) -> None:
    """The verdict follows the table; confidence and probabilities stay the verifier's; the model's word is a check."""
    made = read(Reply(answer, "some/model"), before)

    assert isinstance(made, Evidence)
    assert made.verdict is after
    assert (made.confidence, made.probabilities) == (before.confidence, before.probabilities)
    assert made.checks[-1].name is CheckName.MODEL
    assert not made.checks[-1].is_veto
    assert "some/model" in made.method


def test_no_answer_ever_raises_against_a_veto() -> None:
    """All verdicts, all answers: a vetoed claim is never better off after the model spoke."""
    rank = {Verdict.REFUTED: 0, Verdict.INSUFFICIENT: 1, Verdict.SUPPORTED: 2}
    for verdict, answer in product(rank, ("supported", "insufficient", "refuted")):
        made = read(Reply(said(answer, "S1"), "m"), heard(verdict, UNSURE, VETO))
        assert isinstance(made, Evidence)
        assert rank[made.verdict] <= rank[verdict]


@pytest.mark.parametrize(
    ("before", "answer", "origin", "grade"),
    [
        pytest.param(heard(), said("supported", "S1"), Origin.MODEL, Grade.VERIFIED, id="raised"),
        pytest.param(heard(), said("insufficient"), Origin.MODEL, Grade.UNCONFIRMED, id="left"),
        pytest.param(heard(), said("refuted", "S1"), Origin.MODEL, Grade.REFUTED, id="refuted"),
        pytest.param(heard(Verdict.SUPPORTED), said("insufficient"), Origin.MODEL, Grade.UNCONFIRMED, id="other words lowered"),
        pytest.param(heard(Verdict.SUPPORTED), said("insufficient"), Origin.EXTRACTED, Grade.QUOTED, id="the paper's words lowered"),
        pytest.param(heard(Verdict.SUPPORTED), said("supported", "S1"), Origin.MODEL, Grade.CORROBORATED, id="confirmed"),
    ],
)
def test_the_grade_goes_with_the_verdict(before: Evidence, answer: dict[str, Any], origin: Origin, grade: Grade) -> None:
    """What is settled is graded as it was settled, and what stays keeps what it has earned."""
    earned = Grade.CORROBORATED if before.verdict is Verdict.SUPPORTED else Grade.UNCONFIRMED
    claim = replace(CLAIM, origin=origin)

    (made,), _ = settle([claim], [replace(before, grade=earned)], saying(answer))

    assert made.grade is grade


def test_no_model_settles_a_dispute() -> None:
    """Where another paper speaks against a claim, no answer makes it verified."""
    disputed = replace(heard(), grade=Grade.DISPUTED)

    (made,), _ = settle([CLAIM], [disputed], saying(said("supported", "S1")))

    assert (made.verdict, made.grade) == (Verdict.INSUFFICIENT, Grade.DISPUTED)


def test_a_raised_verdict_shows_its_sentences() -> None:
    """The sentences that decided are marked as supporting, so that a reader sees them."""
    made = read(Reply(said("supported", "S1"), "m"), heard())

    assert isinstance(made, Evidence)
    assert [w.stance for w in made.witnesses] == [Stance.SUPPORTS, Stance.SILENT]


def test_sentences_that_do_not_exist_are_rejected() -> None:
    """An answer that cites what it was not shown settles nothing."""
    evidence, gaps = settle([CLAIM], [heard()], saying(said("supported", "S7")))

    assert evidence == (heard(),)
    assert gaps[0].kind is GapKind.REJECTED
    unheld = read(Reply(said("supported", "S7"), "m"), heard())
    assert not isinstance(unheld, Evidence)


def test_only_the_uncertain_are_asked_about() -> None:
    """Sure ones, unchecked ones and ones without a passage are left as they are; order is kept; one batch."""
    sure = replace(heard(Verdict.SUPPORTED), claim=OTHER.id, probabilities=Probabilities(0.95, 0.04, 0.01))
    chat = saying(said("supported", "S1"))

    evidence, gaps = settle([OTHER, CLAIM], [sure, heard()], chat)

    assert chat.batches == [1]
    assert evidence[0] == sure
    assert evidence[1].verdict is Verdict.SUPPORTED
    assert gaps == ()
    assert not is_uncertain(replace(heard(), witnesses=()))
    assert not is_uncertain(fakes.evidence(CLAIM, Verdict.UNCHECKED))


def test_no_answer_leaves_all_as_it_was() -> None:
    """And is told."""
    evidence, gaps = settle([CLAIM], [heard()], saying(SILENT))

    assert evidence == (heard(),)
    assert gaps[0].subject == CLAIM.id


def test_what_does_not_fit_is_not_shown() -> None:
    """A small context shows fewer sentences, never half of one, and lists only those."""
    many = replace(heard(), witnesses=tuple(witness(f"Sentence {n} " + "word " * 40) for n in range(40)))

    prompt = write(CLAIM, many, 2500)

    shown = prompt.schema["properties"]["sentences"]["items"]["enum"]
    assert 0 < len(shown) < 40
    assert f"[{shown[-1]}]" in prompt.user
    assert f"[S{len(shown) + 1}]" not in prompt.user
