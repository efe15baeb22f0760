"""The tribunal: roles, abstentions, consensus, the revision round."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.model import (
    NO_ANSWER,
    Amendment,
    Ask,
    Case,
    Claim,
    Draft,
    Hearing,
    JudgeRole,
    Objection,
    Outcome,
    Policy,
    Recommendation,
    Review,
    Verdict,
)
from sovereign.steps.tribunal import amend, demands, hear, judge, outcome
from tests import fakes

GOOD, BAD = fakes.claim("Waxed boats float longer than plain ones."), fakes.claim("Waxed boats sink faster than plain ones.")
ANSWER = fakes.answered(GOOD)
DRAFT = fakes.draft((GOOD, fakes.evidence(GOOD)), (BAD, fakes.evidence(BAD, Verdict.REFUTED)), answer=ANSWER)
CASE = Case(fakes.goal(), DRAFT, 0, (fakes.paper(),))
scores = st.floats(0, 10).map(lambda value: round(value, 1))
some_reviews = st.lists(st.tuples(st.sampled_from(JudgeRole), st.none() | scores), max_size=5)


def all_three(score: float | None) -> tuple[Review, ...]:
    """Give the same answer from every role."""
    return tuple(fakes.review(role, score) for role in JudgeRole)


def test_consensus_is_the_mean_to_one_decimal() -> None:
    """Scores 6, 7 and 9 make 7.3, spread 3."""
    bench = fakes.FakeBench([tuple(fakes.review(role, score) for role, score in zip(JudgeRole, (6.0, 7.0, 9.0), strict=True))])

    heard = hear(CASE, bench)

    assert (heard.consensus, heard.spread) == (7.3, 3.0)


@pytest.mark.parametrize("silent", [2, 3])
def test_one_voice_is_no_consensus(silent: int) -> None:
    """Where one role alone answers, or none, there is neither a mean nor a spread, and nothing is approved."""
    reviews = tuple(fakes.review(role, None if at < silent else 10.0) for at, role in enumerate(JudgeRole))

    heard = hear(CASE, fakes.FakeBench([reviews]))

    assert (heard.consensus, heard.spread) == (None, None)
    assert outcome(heard, Policy(), ANSWER) is Outcome.REJECT


def test_a_draft_that_answers_nothing_is_never_approved() -> None:
    """However well three roles speak of it: the question is still open."""
    heard = hear(CASE, fakes.FakeBench([all_three(10.0)]))

    assert outcome(heard, Policy(), ANSWER) is Outcome.APPROVE
    assert outcome(heard, Policy(), NO_ANSWER) is Outcome.REJECT


@given(some_reviews)
def test_each_role_is_heard_exactly_once(given_reviews: list[tuple[JudgeRole, float | None]]) -> None:
    """Missing and doubled answers become abstentions; a bench cannot stuff the ballot."""
    bench = fakes.FakeBench([tuple(fakes.review(role, score) for role, score in given_reviews)])

    heard = hear(CASE, bench)

    assert [review.role for review in heard.reviews] == list(JudgeRole)
    for review in heard.reviews:
        own = [score for role, score in given_reviews if role is review.role]
        assert review.is_abstention == (len(own) != 1 or own[0] is None)


@given(some_reviews, st.sampled_from(JudgeRole))
def test_an_abstention_never_moves_towards_approval(given_reviews: list[tuple[JudgeRole, float | None]], silent: JudgeRole) -> None:
    """Whatever was said, taking one role's answer away never turns REJECT into APPROVE."""
    said = hear(CASE, fakes.FakeBench([tuple(fakes.review(role, score) for role, score in given_reviews)]))
    without = replace(said, reviews=tuple(fakes.review(r.role, None) if r.role is silent else r for r in said.reviews))

    assert outcome(without, Policy(), ANSWER) is Outcome.REJECT


@pytest.mark.parametrize(
    ("reviews", "expected"),
    [
        pytest.param(all_three(6.5), Outcome.APPROVE, id="at the threshold"),
        pytest.param(all_three(6.4), Outcome.REJECT, id="below it"),
        pytest.param(
            (fakes.review(JudgeRole.SKEPTIC, 10.0, Recommendation.REJECT), *all_three(10.0)[1:]), Outcome.REJECT, id="one rejects"
        ),
        pytest.param(all_three(None), Outcome.REJECT, id="nobody answers"),
    ],
)
def test_outcome(reviews: tuple[Review, ...], expected: Outcome) -> None:
    """APPROVE needs three answers, no rejection, and the score."""
    assert outcome(hear(CASE, fakes.FakeBench([reviews])), Policy(), ANSWER) is expected


def test_an_objection_to_an_unknown_claim_loses_its_claim() -> None:
    """A role cannot act on a claim that does not exist; its words are kept."""
    wild = fakes.review(JudgeRole.SKEPTIC, 2.0, Recommendation.REVISE, objections=(Objection("made up", Ask.DROP, "c123"),))

    heard = hear(CASE, fakes.FakeBench([(wild, *all_three(2.0)[1:])]))

    assert heard.reviews[0].objections[0].claim == ""
    assert "c123" in heard.reviews[0].objections[0].reason


def test_the_strongest_wish_about_a_claim_wins() -> None:
    """One role asks to note, another to drop: it is dropped, in the name of the one who asked."""
    reviews = (
        fakes.review(JudgeRole.SKEPTIC, 2.0, objections=(Objection("weak", Ask.NOTE, BAD.id),)),
        fakes.review(JudgeRole.VALIDATOR, 2.0, objections=(Objection("refuted", Ask.DROP, BAD.id),)),
        fakes.review(JudgeRole.SYNTHESIZER, 2.0),
    )

    asked = demands(DRAFT, hear(CASE, fakes.FakeBench([reviews])))
    revised, made = amend(DRAFT, asked, {})

    assert [(demand.claim.id, demand.role, demand.objection.ask) for demand in asked] == [(BAD.id, JudgeRole.VALIDATOR, Ask.DROP)]
    assert revised.dropped == ((BAD.id, "VALIDATOR: refuted"),)
    assert [item.action for item in made] == ["dropped"]


def drop_bad(draft: Draft, _: Hearing) -> tuple[Draft, tuple[object, ...]]:
    """A revision that drops the refuted claim."""
    return replace(draft, dropped=((BAD.id, "refuted"),)), ()


def test_judging_asks_the_last_draft_for_its_answer() -> None:
    """A revision that takes the answer away takes the approval with it."""
    bench = fakes.FakeBench([all_three(4.0), all_three(9.0)])

    def lose(draft: Draft, _: Hearing) -> tuple[Draft, tuple[Amendment, ...]]:
        return replace(draft, answer=NO_ANSWER), ()

    _, record = judge(DRAFT, lambda d, r: hear(replace(CASE, draft=d, round=r), bench), lose, Policy())

    assert [hearing.consensus for hearing in record.hearings] == [4.0, 9.0]
    assert record.outcome is Outcome.REJECT


def run(rounds: list[tuple[Review, ...]], policy: Policy, revise: object = drop_bad) -> tuple[Draft, list[float | None], Outcome]:
    """Judge with a scripted bench."""
    bench = fakes.FakeBench(rounds)
    draft, record = judge(DRAFT, lambda d, r: hear(replace(CASE, draft=d, round=r), bench), revise, policy)  # type: ignore[arg-type]  # revise is scripted
    return draft, [hearing.consensus for hearing in record.hearings], record.outcome


def test_a_revision_that_helps() -> None:
    """4.0, then 8.0: two hearings, APPROVE, and the draft has changed."""
    draft, scores_, last = run([all_three(4.0), all_three(8.0)], Policy())

    assert (scores_, last) == ([4.0, 8.0], Outcome.APPROVE)
    assert draft.standing == (GOOD,)


def test_a_revision_that_does_not_help() -> None:
    """4.0, then 5.0: one revision is allowed, so the outcome is REJECT."""
    _, scores_, last = run([all_three(4.0), all_three(5.0)], Policy())

    assert (scores_, last) == ([4.0, 5.0], Outcome.REJECT)


@pytest.mark.parametrize(("allowed", "hearings"), [(0, 1), (1, 2), (3, 4)])
def test_the_limit_of_revisions_is_the_goals(allowed: int, hearings: int) -> None:
    """max_revisions is read from the goal's policy, and held."""
    claims = iter(range(100))

    def revise(draft: Draft, _: Hearing) -> tuple[Draft, tuple[object, ...]]:
        return replace(draft, dropped=((BAD.id, f"reason {next(claims)}"),)), ()

    _, scores_, _ = run([all_three(4.0)], Policy(max_revisions=allowed), revise)

    assert len(scores_) == hearings


def test_no_revision_where_the_score_is_reached() -> None:
    """A good draft is heard once."""
    draft, scores_, _ = run([all_three(7.0)], Policy())

    assert scores_ == [7.0]
    assert draft == DRAFT


def test_a_revision_that_changes_nothing_is_not_heard_again() -> None:
    """The same judges would hear the same case."""

    def nothing(draft: Draft, _: Hearing) -> tuple[Draft, tuple[object, ...]]:
        return draft, ()

    assert len(run([all_three(4.0)], Policy(max_revisions=5), nothing)[1]) == 1


def test_claims_keep_their_order() -> None:
    """Wishes come in the order of the draft's claims, so that reruns agree."""
    both = tuple(Objection("x", Ask.REEVIDENCE, claim.id) for claim in (BAD, GOOD))
    heard = hear(CASE, fakes.FakeBench([(fakes.review(JudgeRole.SKEPTIC, 1.0, objections=both), *all_three(1.0)[1:])]))
    asked: list[Claim] = [demand.claim for demand in demands(DRAFT, heard)]

    assert asked == [GOOD, BAD]


@pytest.mark.parametrize(
    ("relevance", "by_model", "wanted"), [(0.5, False, Outcome.REJECT), (0.9, False, Outcome.APPROVE), (0.5, True, Outcome.APPROVE)]
)
def test_an_answer_that_is_not_sure_is_never_approved(relevance: float, by_model: bool, wanted: Outcome) -> None:
    """By rules it must be sure that the papers answer; a language model has read the question itself."""
    made = replace(ANSWER, strength=replace(ANSWER.strength, relevance=relevance), by_model=by_model)

    assert outcome(hear(CASE, fakes.FakeBench([all_three(10.0)])), Policy(), made) is wanted
