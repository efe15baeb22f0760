"""A model's second look: at what it worded and nothing bore out, with the words in their place; what it may raise, and what never."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from sovereign.model import (
    BlockKind,
    Check,
    CheckName,
    Claim,
    Evidence,
    Gap,
    GapKind,
    Grade,
    Origin,
    Probabilities,
    Stance,
    Verdict,
    Witness,
)
from sovereign.ports import Prompt
from sovereign.steps.ask_verify import Library, Matter, ask, doubtful, guarded, is_open, portions, settle, write
from tests import fakes
from tests.fakes_chat import SILENT, FakeChat, Said, saying

PAPER, OTHER = fakes.paper(), fakes.paper("two")
DOC = fakes.document(
    PAPER,
    "We coated paper boats with AquaWax.",
    "It lengthened the floating time by 23 minutes.",
    "In rain it may do less.",
    "Nothing else was tried.",
    "Boats were folded by hand.",
    "This sentence stands far away.",
)
SENTENCES = fakes.cut(DOC)
ELSEWHERE = fakes.cut(fakes.document(OTHER, "AquaWax did not lengthen the floating time on a pond."))
LIBRARY = Library({PAPER.id: SENTENCES, OTHER.id: ELSEWHERE}, {PAPER.id: "Example (2024): Paper boats", OTHER.id: "Else (2025): Ponds"})
CLAIM = Claim("AquaWax lengthened the floating time of paper boats by 23 minutes.", SENTENCES[1], DOC.sha256, Origin.MODEL)
OWN_WORDS = Claim(SENTENCES[1].text, SENTENCES[1], DOC.sha256, Origin.EXTRACTED)
UNSURE = Probabilities(0.5, 0.4, 0.1)
TURNED = Check(CheckName.DIRECTION, passed=False, detail="“more” against “less”", is_veto=True)
FAR_NUMBER = Check(CheckName.NUMBERS, passed=False, detail="“23 minutes” is not in the passage", is_veto=True)


def heard(verdict: Verdict = Verdict.INSUFFICIENT, *checks: Check, witnesses: Sequence[Witness] = (), of: Claim = CLAIM) -> Evidence:
    """Give what the verifier said."""
    quote = Witness(of.quote, Stance.SILENT, UNSURE, own=True)
    return Evidence(of.id, verdict, 0.5, UNSURE, (quote, *witnesses), checks, method="verifier")


def said(verdict: str, *sentences: str, statement: str = "C1") -> dict[str, Any]:
    """Give a model's answer about one statement."""
    return {"verdicts": [{"statement": statement, "reason": "because", "sentences": list(sentences), "verdict": verdict}]}


def after(claim: Claim, before: Evidence, answer: Said, objection: str = "") -> tuple[Evidence, tuple[Gap, ...]]:
    """Give one claim's evidence after a second look."""
    matters = doubtful([claim], [before], {}, {claim.id: objection} if objection else None)
    evidence, gaps = settle(matters, [before], ask(matters, LIBRARY, saying(answer)))
    return evidence[0], gaps


AGAINST = Witness(ELSEWHERE[0], Stance.REFUTES, Probabilities(0.1, 0.1, 0.8), own=False)
SETTLED = [
    pytest.param(heard(), said("supported", "S2"), Verdict.SUPPORTED, id="raised with its sentence"),
    pytest.param(heard(Verdict.REFUTED), said("supported", "S2"), Verdict.SUPPORTED, id="refuted by its own quote, and raised"),
    pytest.param(heard(), said("supported"), Verdict.INSUFFICIENT, id="not raised without a sentence"),
    pytest.param(heard(Verdict.INSUFFICIENT, FAR_NUMBER), said("supported", "S2"), Verdict.SUPPORTED, id="its number stands beside it"),
    pytest.param(heard(Verdict.INSUFFICIENT, TURNED), said("supported", "S2"), Verdict.INSUFFICIENT, id="not against words turned round"),
    pytest.param(heard(witnesses=[AGAINST]), said("supported", "S2"), Verdict.INSUFFICIENT, id="not where another paper speaks against it"),
    pytest.param(heard(witnesses=[AGAINST]), said("supported", "S4"), Verdict.INSUFFICIENT, id="not by another paper's sentence"),
    pytest.param(heard(), said("refuted", "S3"), Verdict.REFUTED, id="refuted by another sentence"),
    pytest.param(heard(), said("refuted", "S2"), Verdict.INSUFFICIENT, id="not refuted by its own quote"),
    pytest.param(heard(), said("insufficient"), Verdict.INSUFFICIENT, id="left as it was"),
]


@pytest.mark.parametrize(("before", "answer", "verdict"), SETTLED)
def test_settled(before: Evidence, answer: dict[str, Any], verdict: Verdict) -> None:
    """The verdict follows the table; the probabilities stay the verifier's; the model's word is a check, and no veto."""
    made, gaps = after(CLAIM, before, answer)

    assert (made.verdict, gaps) == (verdict, ())
    assert made.probabilities == before.probabilities
    assert made.checks[-1].name is CheckName.MODEL
    assert not made.checks[-1].is_veto


def test_what_is_raised_is_confirmed_and_not_verified() -> None:
    """It is told apart, names the model, has no confidence, and shows the sentences that decided."""
    made, _ = after(CLAIM, heard(), said("supported", "S1", "S2"))

    assert made.grade is Grade.CONFIRMED
    assert (made.is_confirmed, made.is_verified, made.confidence) == (True, False, None)
    assert "confirmed by the language model" in made.method
    assert [(w.passage, w.stance) for w in made.witnesses] == [(SENTENCES[1], Stance.SUPPORTS), (SENTENCES[0], Stance.SUPPORTS)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("AquaWax lengthened the floating time of paper boats by 32 minutes.", id="a number"),
        pytest.param("LinSeal lengthened the floating time of paper boats by 23 minutes.", id="a name"),
        pytest.param("AquaWax lengthened the floating time of paper boats by 23 hours.", id="a unit"),
    ],
)
def test_what_stands_nowhere_cannot_be_supported(text: str) -> None:
    """Whatever the model says: every number, unit and name must stand in what it was shown."""
    claim = replace(CLAIM, text=text)

    made, _ = after(claim, heard(of=claim), said("supported", "S1", "S2"))

    assert made.verdict is Verdict.INSUFFICIENT
    assert "does not raise the verdict" in made.checks[-1].detail


def test_no_answer_ever_raises_what_was_turned_round() -> None:
    """All verdicts, all answers: a claim whose words were turned round is never better off after the model spoke."""
    rank = {Verdict.REFUTED: 0, Verdict.INSUFFICIENT: 1, Verdict.SUPPORTED: 2}
    for verdict, answer in product((Verdict.REFUTED, Verdict.INSUFFICIENT), ("supported", "insufficient", "refuted")):
        made, _ = after(CLAIM, heard(verdict, TURNED), said(answer, "S2"))
        assert rank[made.verdict] <= rank[verdict]


MISSING_QUOTE = Check(CheckName.QUOTE, passed=False, detail="not there", is_veto=True)
ASKED = Check(CheckName.MODEL, passed=None, detail="m: insufficient")


@pytest.mark.parametrize(
    ("claim", "evidence", "asked"),
    [
        pytest.param(CLAIM, heard(), True, id="a model's words, not borne out"),
        pytest.param(CLAIM, heard(Verdict.REFUTED), True, id="a model's words, refuted"),
        pytest.param(replace(CLAIM, origin=Origin.REVISED), heard(), True, id="re-worded"),
        pytest.param(CLAIM, heard(Verdict.SUPPORTED), False, id="supported"),
        pytest.param(CLAIM, heard(Verdict.UNCHECKED), False, id="unchecked"),
        pytest.param(OWN_WORDS, heard(of=OWN_WORDS), False, id="the paper's own words"),
        pytest.param(CLAIM, heard(Verdict.INSUFFICIENT, MISSING_QUOTE), False, id="its quote is not there"),
        pytest.param(CLAIM, heard(Verdict.INSUFFICIENT, ASKED), False, id="asked about before"),
    ],
)
def test_what_is_asked_about(claim: Claim, evidence: Evidence, asked: bool) -> None:  # a column of the table
    """Whatever a model worded and nothing bore out, once; nothing that is supported."""
    assert is_open(claim, replace(evidence, claim=claim.id)) is asked


def test_the_claim_is_shown_in_its_place() -> None:
    """Paper, section, the sentences before and after in reading order; another paper's sentence is labelled as that."""
    prompt = write(doubtful([CLAIM], [heard(witnesses=[AGAINST])], {}), LIBRARY)

    lines = prompt.user.splitlines()
    shown = ["[paper] Example (2024): Paper boats", "[section] Results", *(f"[S{n}] {SENTENCES[n - 1].text}" for n in (1, 2, 3))]
    assert [line for line in lines if line in shown] == shown
    assert "[another paper] Else (2025): Ponds" in lines
    assert f"[C1, rests on S2] {CLAIM.text}" in lines
    assert "far away" not in prompt.user


def test_a_row_is_shown_with_its_whole_table() -> None:
    """Header, every row, and the caption; without them a row says nothing."""
    texts = ("Table 1: Floating time (min).", "Coating | Time", "none | 14", "AquaWax | 37", "LinSeal | 22")
    cut = fakes.cut(fakes.document(PAPER, *texts, *("Prose." for _ in range(5))))
    kinds = (BlockKind.CAPTION, *(BlockKind.TABLE,) * 4, *(BlockKind.PROSE,) * 5)
    passages = tuple(replace(p, kind=kind) for p, kind in zip(cut, kinds, strict=True))
    matter = Matter("m", "AquaWax boats float for 37 minutes.", (passages[4],))

    prompt = write([matter], Library({PAPER.id: passages}))

    for text in texts:
        assert text in prompt.user


def test_claims_of_one_paper_are_asked_together() -> None:
    """One prompt a paper, as far as it fits; a sentence that two claims share is shown once."""
    second = replace(CLAIM, text="In rain AquaWax may lengthen it less.", quote=SENTENCES[2])
    third = Claim("AquaWax did nothing on a pond.", ELSEWHERE[0], "0" * 64, Origin.MODEL)
    claims, evidence = (CLAIM, second, third), tuple(heard(of=claim) for claim in (CLAIM, second, third))
    chat = FakeChat(lambda prompt: {"verdicts": []})

    said_ = ask(doubtful(claims, evidence, {}), LIBRARY, chat)

    assert chat.batches == [2]
    assert chat.asked[0].user.count(SENTENCES[1].text) == 1
    assert all(isinstance(word, Gap) and "no verdict" in word.why for word in said_.values())


def test_another_model_may_look() -> None:
    """Where one is configured it has the second look."""
    chat = saying(said("supported", "S2"))

    ask(doubtful([CLAIM], [heard()], {}), LIBRARY, chat, model="other/model")

    assert [prompt.model for prompt in chat.asked] == ["other/model"]


UNUSABLE: list[Any] = [
    pytest.param(SILENT, SILENT.kind, id="no answer"),
    pytest.param(said("supported", "S77"), GapKind.REJECTED, id="a sentence that does not exist"),
    pytest.param({"verdicts": []}, GapKind.REJECTED, id="nothing about it"),
    pytest.param({"verdicts": [*said("supported", "S2")["verdicts"], *said("refuted", "S3")["verdicts"]]}, GapKind.REJECTED, id="both"),
]


@pytest.mark.parametrize(("answer", "kind"), UNUSABLE)
def test_no_usable_answer_leaves_all_as_it_was(answer: Said, kind: GapKind) -> None:
    """And is told."""
    made, gaps = after(CLAIM, heard(), answer)

    assert made == heard()
    assert [gap.kind for gap in gaps] == [kind]


def test_what_does_not_fit_is_told() -> None:
    """A statement whose sentences exceed the context is in no prompt, and a Gap says so; the others are asked."""
    long = replace(CLAIM, text="AquaWax " + "lengthens it " * 900)
    matters = doubtful([CLAIM, long], [heard(), heard(of=long)], {})
    chat = saying(said("supported", "S2"))
    chat.context_tokens = 3_000

    said_ = ask(matters, LIBRARY, chat)

    assert [[matter.id for matter in part] for part in portions(matters, LIBRARY, 3_000)] == [[CLAIM.id]]
    left_out = said_[long.id]
    assert isinstance(left_out, Gap)
    assert left_out.kind is GapKind.LIMIT


def test_a_judge_may_have_a_verdict_looked_at_again() -> None:
    """The model is shown the objection; a supported claim that it does not bear out then is unconfirmed."""
    asked: list[Prompt] = []

    def doubting(prompt: Prompt) -> Said:
        asked.append(prompt)
        return said("insufficient")

    matters = doubtful([CLAIM], [heard(Verdict.SUPPORTED)], {}, {CLAIM.id: "The quote speaks of one boat."})
    (made,), _ = settle(matters, [heard(Verdict.SUPPORTED)], ask(matters, LIBRARY, FakeChat(doubting)))

    assert "[C1 objection] The quote speaks of one boat." in asked[0].user
    assert (made.verdict, made.grade) == (Verdict.INSUFFICIENT, Grade.UNCONFIRMED)


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        pytest.param("AquaWax may do less for boats in rain.", True, id="as cautious as the paper"),
        pytest.param("AquaWax does less for boats in rain.", False, id="a lost may"),
        pytest.param("AquaWax may do less for all boats in rain.", False, id="a scope that stands nowhere"),
    ],
)
def test_a_rewording_that_is_surer_than_its_quote_is_not_supported(text: str, stands: bool) -> None:  # as above
    """Whatever the verifier says; it is then looked at again like all that is not supported."""
    claim = replace(CLAIM, text=text, quote=SENTENCES[2])

    (made,) = guarded([claim], [heard(Verdict.SUPPORTED, of=claim)], LIBRARY)

    assert (made.verdict is Verdict.SUPPORTED) is stands
    assert is_open(claim, made) is not stands
