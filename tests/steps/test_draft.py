"""The draft: the Abstract is the answer and what stands behind it; every finding is quoted and cited; nothing is worded anew."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sovereign.model import (
    NO_ANSWER,
    Answer,
    Claim,
    Draft,
    Evidence,
    Facet,
    Grade,
    Passage,
    Probabilities,
    Stance,
    Verdict,
    Witness,
)
from sovereign.steps.draft import ASIDE, DISPUTED, GENERAL, REFUTED, SUSPECT, UNCONFIRMED, Sources, called, name_paper
from sovereign.steps.draft import compose as compose_
from tests import fakes

PAPERS = {p.id: p for p in (fakes.paper("one"), fakes.paper("two", authors=("Example One", "Example Two")), fakes.paper("three"))}
ONE, TWO, THREE = PAPERS
SOURCES = Sources(PAPERS)
CLAIMS = (
    fakes.claim("The wax coating lengthens the floating time by 23 minutes.", of=ONE),
    fakes.claim("Waxed boats carry eleven coins.", of=TWO, relevance=0.5),
    fakes.claim("Wax coating halves the leak rate.", of=THREE, relevance=0.6),
    fakes.claim("Ducks dislike wax.", of=THREE, relevance=0.4),
)
GRADES = (Grade.VERIFIED, Grade.UNCONFIRMED, Grade.QUOTED, Grade.REFUTED)
VERDICTS = (Verdict.SUPPORTED, Verdict.INSUFFICIENT, Verdict.INSUFFICIENT, Verdict.REFUTED)
EVIDENCE = tuple(fakes.evidence(c, v, grade=g) for c, v, g in zip(CLAIMS, VERDICTS, GRADES, strict=True))
ANSWER = fakes.answered(
    CLAIMS[0], CLAIMS[2], facets=(Facet("floating time", (CLAIMS[0].id,), 0.6), Facet("leak rate", (CLAIMS[2].id,), 0.4))
)


def compose(
    claims: Sequence[Claim] = CLAIMS,
    evidence: Sequence[Evidence] = EVIDENCE,
    answer: Answer = ANSWER,
    *,
    sources: Sources = SOURCES,
    dropped: Sequence[tuple[str, str]] = (),
    keywords: tuple[str, ...] = (),
) -> Draft:
    """Give the draft of the boats' question."""
    return compose_(fakes.goal(keywords=keywords), claims, evidence, sources, answer, dropped)


def witness(paper: str, stance: Stance) -> Witness:
    """Give another paper's word."""
    p = Probabilities(1.0, 0.0, 0.0) if stance is Stance.SUPPORTS else Probabilities(0.0, 0.0, 1.0)
    return Witness(Passage(paper, 0, 3, "No."), stance, p, own=False)


# --- Findings ----------------------------------------------------------------------------------------------------


def test_findings_are_grouped_by_the_questions_facets() -> None:
    """The facets first, then what nothing bears out, the refuted last; every sentence cites."""
    draft = compose()

    assert [finding.heading for finding in draft.findings] == ["Floating time", "Leak rate", UNCONFIRMED, REFUTED]
    assert all(sentence.claims for finding in draft.findings for sentence in finding.sentences)
    assert {UNCONFIRMED, REFUTED} <= ASIDE


def test_sentences_give_the_claims_own_words() -> None:
    """The local engine quotes; it does not paraphrase."""
    draft = compose()
    texts = {claim.id: claim.text for claim in draft.claims}

    for finding in draft.findings:
        for sentence in finding.sentences:
            assert f"“{texts[sentence.claims[0]]}”" in sentence.text


def test_what_is_merely_quoted_is_no_doubtful_finding() -> None:
    """It stands in its paper's own words among the others; only a wording that nothing bears out stands apart."""
    headings = {s.claims[0]: finding.heading for finding in compose().findings for s in finding.sentences}

    assert headings[CLAIMS[2].id] == "Leak rate"
    assert headings[CLAIMS[1].id] == UNCONFIRMED


def test_a_claim_of_several_facets_stands_under_the_one_that_tells_most() -> None:
    """Once."""
    both = (CLAIMS[0].id,)
    answer = fakes.answered(CLAIMS[0], facets=(Facet("wax coating", both, 0.3), Facet("floating time", both, 0.7)))

    assert [finding.heading for finding in compose(CLAIMS[:1], EVIDENCE[:1], answer).findings] == ["Floating time"]


def test_without_a_facet_a_heading_is_what_its_claims_speak_of() -> None:
    """A claim about models is not shown under "Dense vision-language models"; another name of the same thing is enough."""
    claims = (fakes.claim("Dense models need more memory.", of=ONE), fakes.claim("The MoE needs less memory.", of=ONE))
    answer = fakes.answered(*claims, facets=())
    keywords = ("dense vision-language models", "mixture of experts")

    draft = compose(claims, [fakes.evidence(claim) for claim in claims], answer, keywords=keywords)

    assert [finding.heading for finding in draft.findings] == ["Mixture of experts", GENERAL]


def test_a_dropped_claim_leaves_findings_and_stays_in_the_record() -> None:
    """What a revision drops can still be read."""
    draft = compose(dropped=[(CLAIMS[3].id, "refuted")])

    assert CLAIMS[3].id not in draft.cited
    assert CLAIMS[3] in draft.claims


def test_a_suspect_paper_stands_apart() -> None:
    """What a paper with hidden words says is shown last, under a heading that says so."""
    answer = fakes.answered(CLAIMS[2], facets=())
    draft = compose(answer=answer, sources=Sources(PAPERS, frozenset({ONE})))

    assert [finding.heading for finding in draft.findings][-1] == SUSPECT
    assert CLAIMS[0].id not in {claim for sentence in draft.abstract for claim in sentence.claims}


def test_the_answers_claims_go_first_and_the_refuted_last() -> None:
    """In the answer's order, whatever their relevance; the rest by relevance."""
    answer = fakes.answered(CLAIMS[2], CLAIMS[0])

    assert compose(answer=answer).claims == (CLAIMS[2], CLAIMS[0], CLAIMS[1], CLAIMS[3])
    assert compose(answer=NO_ANSWER).claims == (CLAIMS[0], CLAIMS[2], CLAIMS[1], CLAIMS[3])


# --- The Abstract ------------------------------------------------------------------------------------------------


def test_the_abstract_begins_with_the_answer() -> None:
    """The headline and its claims, then the further key findings by name, then what stands behind it."""
    draft = compose()

    assert draft.answer == ANSWER
    assert (draft.abstract[0].text, draft.abstract[0].claims) == (ANSWER.headline, (CLAIMS[0].id,))
    assert (draft.abstract[1].text, draft.abstract[1].claims) == (f"“Paper boats, part three”: “{CLAIMS[2].text}”", (CLAIMS[2].id,))
    assert draft.abstract[-1].claims == ()
    assert draft.abstract[-1].text == (
        "Behind this stand 4 claims drawn from 3 papers: 1 verified by a second passage, 1 quoted only, 1 unconfirmed."
    )


def test_what_the_headline_says_is_not_said_again() -> None:
    """Each key finding stands in the Abstract once."""
    cited = [claim for sentence in compose().abstract for claim in sentence.claims]

    assert len(cited) == len(set(cited)) == 2


def test_without_an_answer_the_abstract_says_so() -> None:
    """No answer is an answer: it comes first, and rests on nothing."""
    draft = compose(answer=NO_ANSWER)

    assert (draft.abstract[0].text, draft.abstract[0].claims) == (NO_ANSWER.headline, ())
    assert len(draft.abstract) == 2


def test_nothing_at_all_makes_a_draft() -> None:
    """It says what was read and that nothing came of it."""
    draft = compose((), (), NO_ANSWER)

    assert draft.findings == ()
    assert draft.abstract[0].text == NO_ANSWER.headline
    assert "0 claims drawn from 3 papers" in draft.abstract[-1].text


def test_a_contradiction_is_told() -> None:
    """A doubt is shown and not hidden: both sides by name, in the Abstract and under a heading of its own."""
    disputed = fakes.evidence(CLAIMS[0], Verdict.INSUFFICIENT, grade=Grade.DISPUTED, witnesses=(witness(TWO, Stance.REFUTES),))
    draft = compose(CLAIMS[:1], [disputed], NO_ANSWER)

    assert [item.claim for item in draft.contradictions] == [CLAIMS[0].id]
    assert draft.abstract[1].text == f"Disputed: “Paper boats, part one”: “{CLAIMS[0].text}” Contradicted by One and Two (2024)."
    assert [finding.heading for finding in draft.findings] == [DISPUTED]


def test_corroboration_is_told_by_name() -> None:
    """What another paper bears out says so."""
    backed = fakes.evidence(CLAIMS[2], grade=Grade.CORROBORATED, witnesses=(witness(TWO, Stance.SUPPORTS),))
    draft = compose(CLAIMS[2:3], [backed], fakes.answered(CLAIMS[2]))

    assert draft.findings[0].sentences[0].text.endswith("” Confirmed by One and Two (2024).")
    assert "1 confirmed by another paper" in draft.abstract[-1].text


def test_papers_that_share_a_short_name_are_called_by_their_titles() -> None:
    """Three papers of "Sample et al." without a year would be one to whoever reads a prompt."""
    shelf = [fakes.paper(str(n), authors=("Bo Sample",), published=None) for n in range(2)]
    alone = fakes.paper("3", authors=("Ada Example",), published=None)

    assert list(called([*shelf, alone]).values()) == ["“Paper boats, part 0”", "“Paper boats, part 1”", "Example"]


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        pytest.param((), "“T”", id="none"),
        pytest.param(("Ada Example",), "Example (2024)", id="one"),
        pytest.param(("Example, Ada",), "Example (2024)", id="family name first"),
        pytest.param(("Ada van der Example",), "van der Example (2024)", id="small words belong to the family"),
        pytest.param((" ",), " (2024)", id="a blank name"),
        pytest.param(("Ada Example", "Bo Sample"), "Example and Sample (2024)", id="two"),
        pytest.param(("Example, Ada", "Sample, Bo"), "Example and Sample (2024)", id="two, family names first"),
        pytest.param(("Ada Example", "Bo Sample", "C. D. Third"), "Example et al. (2024)", id="three"),
    ],
)
def test_names_come_from_metadata(authors: tuple[str, ...], expected: str) -> None:
    """A paper's short name is made of what its source says."""
    assert name_paper(fakes.paper(title="T", authors=authors)) == expected
