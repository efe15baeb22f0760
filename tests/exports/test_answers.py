"""The answer as people meet it: in two parts, never at odds with itself, each disagreement once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sovereign.desk.derive import docket
from sovereign.exports import answers, glossary, limits
from sovereign.exports.teller import tell
from sovereign.model import AnswerKind, Contradiction, Passage, Report, Role, Stance, Witness
from sovereign.steps import policy
from standins import answers as told
from standins import reports as fakes


def _with_headline(headline: str, claims: tuple[str, ...]) -> Report:
    base = told.report(AnswerKind.YES)
    return replace(base, draft=replace(base.draft, answer=replace(base.draft.answer, headline=headline, claims=claims)))


@pytest.mark.parametrize(
    ("headline", "lead", "voices"),
    [
        pytest.param("Yes: Finch (2022): “Boats.”", "Yes:", "Finch (2022): “Boats.”", id="a word"),
        pytest.param(
            "Yes: 3 minutes in 1 paper. Finch (2022): “Boats.”", "Yes: 3 minutes in 1 paper.", "Finch (2022): “Boats.”", id="amounts"
        ),
        pytest.param(
            "Finch (2022): “Boats.” Nothing was found on “wax”.", "", "Finch (2022): “Boats.” Nothing was found on “wax”.", id="voices"
        ),
        pytest.param("Wax keeps boats afloat.", "Wax keeps boats afloat.", "", id="one sentence"),
    ],
)
def test_an_answer_has_its_own_words_and_those_of_papers(headline: str, lead: str, voices: str) -> None:
    """What the desk says of itself is told apart from what it quotes; together they are the headline."""
    found = answers.tell(_with_headline(headline, told.IDS[1:2]))
    assert (found.lead, found.voices) == (lead, voices)


def test_a_side_that_most_do_not_take_is_told_as_one() -> None:
    """An answer that is mixed for want of voices does not sound like a no."""
    mixed = told.report(AnswerKind.MIXED)
    lone = tuple(replace(key, stance="no" if at == 0 else "") for at, key in enumerate(mixed.draft.answer.findings))
    found = answers.tell(replace(mixed, draft=replace(mixed.draft, answer=replace(mixed.draft.answer, findings=lone))))

    assert found.sure.startswith("Only one paper takes a side: no. ")


def _unsure(report: Report) -> Report:
    strength = replace(report.draft.answer.strength, relevance=0.5)
    return replace(report, draft=replace(report.draft, answer=replace(report.draft.answer, strength=strength)))


def test_a_score_that_is_enough_is_not_called_too_low() -> None:
    """Where the score reaches what is asked and the draft is still not approved, page and rule say why, and neither says "too low"."""
    report = _unsure(told.report(AnswerKind.YES))
    report = replace(report, tribunal=replace(report.tribunal, outcome=fakes.bare_report().tribunal.outcome))
    held, seen = policy.tribunal_approves(docket(report))

    assert not held
    assert "7.4 of 10, 6.5 is asked; no score is enough where the papers do not surely answer the question" in seen
    assert "but nothing is published by itself where the papers do not surely answer" in glossary.judged(report)
    assert not any("too low" in words for words in (*glossary.WAITS.values(), glossary.judged(report)))


def test_why_a_claim_was_taken_out_begins_with_words() -> None:
    """The objection comes first, the role's name after it; words that name no role stay as they are."""
    assert glossary.taken_out("SKEPTIC: another passage speaks against it") == "another passage speaks against it (SKEPTIC)"
    assert glossary.taken_out("not found again: gone") == "not found again: gone"


@pytest.mark.parametrize("make", [fakes.rich_report, fakes.approved_report, fakes.bare_report, told.report])
def test_the_numbers_line_is_told_in_words(make: Callable[[], Report]) -> None:
    """Beside the numbers line stands the same without a name of the program's."""
    words = tell(make(), version=1).counts_in_words
    assert not any(name in words for name in ("Tribunal", "revision_round", "REJECT", "APPROVE", "ESCALATE_TO_OWNER", "Policy"))


def test_disputed_claims_are_not_said_to_lack_evidence() -> None:
    """Each claim that is less than quoted is counted under what it is."""
    found = limits.uncertainties(told.report(AnswerKind.MIXED))[0].items
    assert "1 claim is contradicted by another paper; both are shown." in found
    assert not any("too little evidence" in limit for limit in found)


def _against(paper: str, text: str, other: str, against: str) -> tuple[Passage, Passage]:
    one, two = (
        Passage(of, 9000 + len(words), 9000 + 2 * len(words), words, "Results", Role.RESULTS)
        for of, words in ((paper, text), (other, against))
    )
    return one, two


def _disagreeing(*pairs: tuple[Passage, Passage]) -> Report:
    base = told.report(AnswerKind.YES)
    made = [replace(told.CLAIMS[at], text=mine.text, quote=mine) for at, (mine, _) in enumerate(pairs)]
    claims = (*made, *told.CLAIMS[len(pairs) :])
    evidence = tuple(replace(item, claim=claim.id, witnesses=()) for claim, item in zip(claims, told.EVIDENCE, strict=True))
    contradictions = tuple(
        Contradiction(claim.id, Witness(theirs, Stance.REFUTES, None, own=False)) for claim, (_, theirs) in zip(made, pairs, strict=True)
    )
    answer = replace(base.draft.answer, claims=(), facets=(), findings=())
    draft = replace(base.draft, abstract=(), findings=(), claims=claims, evidence=evidence, contradictions=contradictions, answer=answer)
    return replace(base, draft=draft)


A, B, C = (paper.id for paper in told.PAPERS[:3])


@pytest.mark.parametrize(
    ("pairs", "count"),
    [
        pytest.param(
            (
                _against(
                    A,
                    "The wax lengthened the mean floating time of a boat by 4.1 minutes.",
                    B,
                    "The wax lengthened floating by 23.1 minutes.",
                ),
                _against(
                    B,
                    "Waxed boats stayed afloat for 37.2 minutes, plain ones for 14.1.",
                    A,
                    "Waxed boats floated for 18.3 minutes, plain boats for 14.",
                ),
            ),
            1,
            id="one effect, told as difference and as two means",
        ),
        pytest.param(
            (
                _against(
                    A,
                    "The wax lengthened the floating time of a boat by 4.1 minutes.",
                    B,
                    "Wax lengthened the time of a boat by 23 minutes.",
                ),
                _against(A, "A waxed boat carried 19 coins of 5 grams.", B, "A waxed boat carried coins of 40 grams."),
            ),
            2,
            id="two quantities",
        ),
        pytest.param(
            (
                _against(
                    A,
                    "The wax lengthened the floating time of a boat by 4.1 minutes.",
                    B,
                    "Wax lengthened the time of a boat by 23 minutes.",
                ),
                _against(
                    A, "The wax lengthened the floating time of a boat by 4 minutes.", C, "Wax lengthened the time of a boat by 23 minutes."
                ),
            ),
            2,
            id="other papers",
        ),
    ],
)
def test_a_disagreement_is_told_once(pairs: tuple[tuple[Passage, Passage], ...], count: int) -> None:
    """Two papers that contradict each other twice over one thing disagree once; over two things, or with a third paper, twice."""
    assert len(answers.disagreements(_disagreeing(*pairs))) == count
