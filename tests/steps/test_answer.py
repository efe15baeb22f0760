"""The answer: its kind, its key findings, what is left open, what stands behind it, and that it is not given where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from sovereign.model import Answer, AnswerKind, Claim, Direction, Evidence, Goal, Grade, Passage, Stance, Verdict, Witness
from sovereign.steps.answer import ANSWERS_FROM, MOST_KEY, Ground, compose, probability, takes_sides
from tests import fakes

PAPERS = {
    paper.id: paper
    for paper in (
        fakes.paper("one", authors=("Ada Example", "Bo Sample")),
        fakes.paper("two", authors=("Bo Sample",)),
        fakes.paper("three", authors=("Cy Third",)),
        fakes.paper("four", authors=()),
    )
}
ONE, TWO, THREE, FOUR = PAPERS
YES = "The wax coatings the floating time of a paper boat by 23 minutes."
YES_TOO = "A wax coating increased the floating time of every paper boat significantly."
NO = "The wax coating does not lengthen the floating time of a paper boat in salt water."
TRIAL = "What is the effect of beeswax compared with paraffin on floating time in paper boats?"


def said(text: str, of: str = ONE, relevance: float = 0.95) -> Claim:
    """Give a claim."""
    return fakes.claim(text, of=of, relevance=relevance)


def answer(*claims: Claim, evidence: Sequence[Evidence] = (), **changes: object) -> Answer:
    """Give the answer that claims make; all of them are verified unless other evidence is given."""
    goal: Goal = fakes.goal(**changes)
    found = {claim.id: fakes.evidence(claim) for claim in claims} | {item.claim: item for item in evidence}
    return compose(Ground(goal, claims, found, PAPERS))


# --- Whether there is one ----------------------------------------------------------------------------------------


def test_nothing_found_is_said_plainly() -> None:
    """No claim: no answer, no facet spoken of, and every one of them named."""
    got = answer()

    assert (got.kind, got.claims, got.findings, got.is_answered) == (AnswerKind.NOT_ANSWERED, (), (), False)
    assert got.headline == (
        "The 4 papers read here do not answer the question: none of them speaks of “wax coating”, “floating” or “paper boat”."
    )
    assert got.left_open == ("wax coating", "floating", "paper boat")
    assert got.open_share == pytest.approx(1.0, abs=0.01)


def test_findings_beside_the_question_are_no_answer() -> None:
    """They are shown as what was found, under a headline that says that they do not answer."""
    got = answer(said("Ducks dislike the rope that the committee bought.", relevance=0.1))

    assert not got.is_answered
    assert got.headline.startswith("The 4 papers read here do not answer the question: none of them speaks of ")
    assert [finding.stance for finding in got.findings] == [""]
    assert got.claims == ()


def test_sure_findings_of_half_the_question_are_no_answer() -> None:
    """Whatever is asked and not spoken of weighs against an answer."""
    claims = (said("A paper boat is mostly white.", relevance=0.7), said("Every paper boat was white before.", TWO, 0.7))

    assert probability(claims, 1.0, 1.0) > ANSWERS_FROM > probability(claims, 0.3, 0.3)
    assert not answer(*claims).is_answered
    assert answer(*claims, question="Is a paper boat white?").is_answered


def test_more_relevance_and_less_left_open_make_an_answer_likelier() -> None:
    """Never the other way; nothing at all is hardly an answer."""
    shares = [probability([said(YES, relevance=r)] * 2, 0.8, 0.8) for r in (0.0, 0.3, 0.6, 0.9)]
    left = [probability([said(YES)] * 2, 1 - share, 0.0) for share in (0.0, 0.3, 0.6, 1.0)]
    alone = [probability([said(YES)] * 2, 0.9, 0.9 - share) for share in (0.0, 0.3, 0.6, 0.9)]

    assert shares == sorted(shares)
    assert left == sorted(left, reverse=True)
    assert alone == sorted(alone, reverse=True)
    assert probability([], 1.0, 0.0) < 0.15


@pytest.mark.parametrize("grade", [Grade.REFUTED, Grade.UNCHECKED])
def test_what_is_refuted_or_unchecked_answers_nothing(grade: Grade) -> None:
    """It is no part of an answer, however near to the question it stands."""
    claim = said(YES)
    got = answer(claim, evidence=[fakes.evidence(claim, Verdict.REFUTED, grade=grade)])

    assert not got.is_answered
    assert all(not facet.claims for facet in got.facets)


def test_of_two_alike_the_one_that_earned_more_goes_first() -> None:
    """A second passage counts; a wording that nothing bears out counts least."""
    first, second = said(YES, ONE, 0.9), said(YES_TOO, TWO, 0.9)
    for better, worse in ((first, second), (second, first)):
        weak = fakes.evidence(worse, Verdict.INSUFFICIENT, grade=Grade.UNCONFIRMED)
        assert answer(first, second, evidence=[weak]).findings[0].claims == (better.id,)


# --- Of which kind -----------------------------------------------------------------------------------------------


def test_of_several_cases_one_that_goes_the_other_way_is_no_yes() -> None:
    """One in seven is an exception where one thing is asked, and half an answer where two are."""
    yes = [
        said(f"The wax coatings the floating time of a paper boat by {n} minutes in a {where}.", of)
        for n, (where, of) in enumerate((("basin", ONE), ("bath", TWO), ("lake", THREE), ("tank", FOUR), ("pool", ONE)), start=20)
    ]
    both = "Does a wax coating the floating time of a paper boat in fresh water and in salt water?"

    assert answer(*yes, said(NO, TWO)).kind is AnswerKind.YES
    assert answer(*yes, said(NO, TWO), question=both).kind is AnswerKind.MIXED
    assert answer(*yes, question=both).kind is AnswerKind.YES


def test_yes() -> None:
    """The headline says so first, in the words of the best claim that says it, by name."""
    got = answer(said(YES), said(YES_TOO, TWO))

    assert got.kind is AnswerKind.YES
    assert got.headline == f"Yes: Example and Sample (2024): “{YES}”"
    assert got.claims == (said(YES).id,)
    assert [finding.stance for finding in got.findings] == ["yes", "yes"]


def test_no() -> None:
    """A denial is an answer."""
    got = answer(said(NO), said("Wax had no effect on the floating time of any paper boat.", TWO))

    assert got.kind is AnswerKind.NO
    assert got.headline.startswith("No: ")


def test_mixed_tells_both_sides() -> None:
    """Where the findings disagree, the reader sees one of each."""
    got = answer(said(YES), said(NO, THREE))

    assert got.kind is AnswerKind.MIXED
    assert got.headline.startswith("It depends: ")
    assert YES in got.headline
    assert NO in got.headline
    assert set(got.claims) == {said(YES).id, said(NO, THREE).id}


def test_one_voice_is_no_yes() -> None:
    """A single finding that takes a side is quoted, and not said to be the answer."""
    got = answer(said(YES))

    assert got.kind is AnswerKind.MIXED
    assert not got.headline.startswith(("Yes", "No:", "It depends"))


def test_the_other_side_is_heard_though_it_came_late() -> None:
    """Where a fair share of all claims says no, the best of them is a key finding."""
    ways = ("brushed", "dipped", "sprayed", "poured", "rolled", "soft", "hard")
    yes = [said(f"The {way} wax coatings the floating time of a paper boat by {n}.5 minutes.", ONE) for n, way in enumerate(ways)]
    noes = [said(f"The {kind} wax coating does not lengthen the floating time of a paper boat.", TWO, 0.4) for kind in ("red", "old")]

    got = answer(*yes, *noes)

    assert [finding.stance for finding in got.findings].count("no") >= 1


def test_one_of_many_does_not_turn_an_answer() -> None:
    """Fewer than a fifth on the other side leave it as it is; a fifth makes it mixed."""
    ways = ("brushed", "dipped", "sprayed", "poured", "rolled")
    yes = [said(f"The {way} wax coatings the floating time of a paper boat by {n}.5 minutes.", ONE) for n, way in enumerate(ways)]

    assert answer(*yes, said(NO, TWO)).kind is AnswerKind.YES
    assert answer(*yes[:4], said(NO, TWO)).kind is AnswerKind.MIXED


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What is the effect of a wax coating on the floating time of a paper boat?", AnswerKind.EFFECT),
        ("Why does a wax coating the floating time of a paper boat?", AnswerKind.CAUSE),
        ("How is a wax coating put on a paper boat for a longer floating time?", AnswerKind.HOW),
        ("Which wax coatings the floating time of a paper boat?", AnswerKind.LIST),
    ],
)
def test_other_forms_are_told_in_the_findings_words(question: str, kind: AnswerKind) -> None:
    """The best finding, and one of another paper that is nearly as good; no yes, no stance."""
    got = answer(said(YES), said(YES_TOO, TWO), question=question)

    assert got.kind is kind
    assert YES in got.headline
    assert YES_TOO in got.headline
    assert got.claims == (said(YES).id, said(YES_TOO, TWO).id)
    assert {finding.stance for finding in got.findings} == {""}
    assert got.direction is None


def test_an_amount_leads_with_its_figure() -> None:
    """In the asked unit, with how many papers give it, and the words that it is taken from."""
    got = answer(said(YES), said(YES_TOO, TWO), question="By how many minutes does a wax coating the floating time of a paper boat?")

    assert got.kind is AnswerKind.AMOUNT
    assert got.headline == f"23 minutes in 1 paper. Example and Sample (2024): “{YES}”"


def test_every_paper_that_gives_an_amount_is_counted() -> None:
    """Key findings are seven; a further claim that measures the same alike counts, and one about another thing does not."""
    question = "By how many minutes does a wax coating lengthen the floating time of a paper boat?"
    value = "A wax coating lengthened the floating time of a paper boat by {} minutes."
    plain = "A wax coating lengthened the floating time of a paper boat in trial {}."
    key = [said(value.format(23)), *(said(plain.format(n), of) for n, of in enumerate([TWO, THREE, FOUR] * 2))]
    alike, other = said(value.format(22.6), TWO, 0.3), said("Drying the tools took 23 minutes.", THREE, 0.3)

    got = answer(*key, alike, other, question=question)

    assert len(key) == MOST_KEY
    assert not {alike.id, other.id} & {claim for finding in got.findings for claim in finding.claims}
    assert got.headline.startswith("23 minutes in 2 papers.")


def test_a_comparison_has_a_direction() -> None:
    """Which way the outcome went is read from the findings."""
    text = "Floating time of the paper boats was significantly longer with beeswax than with paraffin (P<0.001)."

    assert answer(said(text), said(text.replace("boats", "ships"), TWO), question=TRIAL).direction is Direction.INCREASED


# --- What is left open -------------------------------------------------------------------------------------------


def test_a_second_voice_speaks_of_the_question_too() -> None:
    """One of another paper that speaks of half of what the first does is no part of the headline."""
    question = "How does a wax coating change the floating time of a paper boat?"
    beside = said("The floating time of a tin boat is short.", TWO, 0.94)

    assert beside.text not in answer(said(YES), beside, question=question).headline
    assert YES_TOO.removesuffix(".") in answer(said(YES), said(YES_TOO, TWO, 0.94), question=question).headline


def test_a_second_voice_is_heard_for_what_the_first_leaves_open() -> None:
    """A question that joins two is answered in both, though one paper says both."""
    question = "How long do waxed boats float, and how well do different harbours agree?"
    time = said("Waxed boats float for four hours.", ONE, 0.95)
    same = said("Waxed boats float for about four hours in each basin.", TWO, 0.94)
    harbours = said("Different harbours agree within a minute on how long waxed boats float.", ONE, 0.8)

    assert harbours.text.removesuffix(".") in answer(time, same, harbours, question=question).headline


def test_what_was_not_spoken_of_is_said_behind_the_answer() -> None:
    """The facet is named in the headline and has no claim; the others have theirs."""
    question = "Does a wax coating the floating time of a paper boat in brackish lagoons?"
    got = answer(said(YES), said(YES_TOO, TWO), question=question)

    assert got.is_answered
    assert got.left_open == ("brackish lagoons",)
    assert 0 < got.open_share < 0.5
    assert got.headline.endswith(" Nothing was found on “brackish lagoons”.")
    assert got.facets[0].claims == (said(YES).id, said(YES_TOO, TWO).id)


# --- The key findings --------------------------------------------------------------------------------------------


def many(count: int, relevance: float = 0.9) -> list[Claim]:
    """Give as many claims that all answer."""
    return [
        said(f"Coating {n} of wax lengthened the floating time of paper boat {n} by {n} minutes.", ONE, relevance) for n in range(count)
    ]


def test_an_answer_has_at_most_seven_key_findings() -> None:
    """However many there are; and no weak one beside strong ones."""
    assert len(answer(*many(30)).findings) == MOST_KEY == 7
    assert len(answer(*many(2), said("A paper boat has a coating.", TWO, 0.1)).findings) == 2


def test_what_says_something_new_goes_before_what_says_it_again() -> None:
    """A repetition loses to another fact that answers a little less."""
    again = said("The wax coatings the floating time of any paper boat by 23 minutes.", ONE, 0.94)
    other = said("Beeswax on a folded hull keeps water out of the seams for 37 minutes.", ONE, 0.8)

    assert [f.claims[0] for f in answer(said(YES), again, other).findings] == [said(YES).id, other.id, again.id]


def test_order_of_claims_changes_nothing() -> None:
    """The same claims give the same answer."""
    claims = [*many(9), said(NO, THREE, 0.7)]

    assert answer(*claims) == answer(*reversed(claims))


# --- What stands behind it ---------------------------------------------------------------------------------------


def test_independent_papers_share_no_author() -> None:
    """Two papers with a common author are one voice; a paper whose authors are not known is one of its own."""
    texts = [f"In basin {n} the wax coatinged the floating time of paper boats by {n + 3}.5 minutes." for n in range(4)]
    claims = [said(text, of) for text, of in zip(texts, PAPERS, strict=True)]

    assert (answer(*claims[:2]).strength.papers, answer(*claims[:2]).strength.independent) == (2, 1)
    assert (answer(*claims).strength.papers, answer(*claims).strength.independent) == (4, 3)


def test_an_author_who_joins_two_groups_makes_them_one() -> None:
    """A with B, C with D, and B with C are one voice, in whatever order they are read."""
    papers = [fakes.paper(name, authors=authors) for name, authors in (("p", ("A A", "B B")), ("q", ("C C", "D D")), ("r", ("B B", "C C")))]
    texts = [f"In basin {n} the wax coatinged the floating time of paper boats by {n + 3}.5 minutes." for n in range(3)]
    claims = [said(text, paper.id) for text, paper in zip(texts, papers, strict=True)]
    ground = Ground(fakes.goal(), claims, {c.id: fakes.evidence(c) for c in claims}, {paper.id: paper for paper in papers})

    assert (compose(ground).strength.papers, compose(ground).strength.independent) == (3, 1)
    assert compose(replace(ground, claims=claims[:2])).strength.independent == 2


def test_strength_counts_what_was_earned() -> None:
    """Findings that a second passage bears out, of how many; papers against them; how surely they answer."""
    verified, quoted, disputed = (
        said(YES),
        said(YES_TOO, TWO, 0.8),
        said("Wax lengthened the floating time of each paper boat.", THREE, 0.7),
    )
    witness = Witness(Passage(FOUR, 0, 3, "No."), Stance.REFUTES, None, own=False)
    evidence = [
        fakes.evidence(quoted, Verdict.INSUFFICIENT),
        fakes.evidence(disputed, Verdict.INSUFFICIENT, grade=Grade.DISPUTED, witnesses=(witness,)),
    ]

    got = answer(verified, quoted, disputed, evidence=evidence)
    strength = got.strength

    assert (strength.verified, strength.findings, strength.against, strength.papers) == (1, 3, 1, 3)
    weaker = answer(*(replace(claim, relevance=0.3) for claim in (verified, quoted, disputed))).strength.relevance
    assert 1 > strength.relevance > weaker > 0


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Does a wax coating lengthen the floating time of paper boats?", True),
        ("How do waxed and plain boats compare, in still water and in a breeze?", False),
        ("Which varnish keeps paper boats afloat longest?", False),
    ],
)
def test_papers_take_sides_where_a_yes_or_no_is_asked_for(question: str, expected: bool) -> None:
    """Whoever asks how two things compare hears no "two papers say yes"."""
    assert takes_sides(question) is expected
