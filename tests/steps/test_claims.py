"""Claims: which sentences stand by themselves, which are findings, and the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from sovereign.model import Claim, Role
from sovereign.steps.claims import MIN_RELEVANCE, Asked, admit, extract, finding_strength, gate
from tests import fakes

PAPER, OTHER = fakes.paper("one"), fakes.paper("two")
FINDING = "The wax coating lengthened the floating time of the boats by 23.1 minutes."


def test_findings_are_told_from_background() -> None:
    """Results weigh more than related work, numbers and comparisons more than plain words."""
    (strong,) = fakes.cut(fakes.document(PAPER, FINDING))
    related = replace(strong, role=Role.RELATED)
    (plain,) = fakes.cut(fakes.document(PAPER, "Boats are folded from office paper of one kind."))
    (others,) = fakes.cut(fakes.document(PAPER, "Example et al. (2019) report that waxed boats float longer than plain boats."))

    assert finding_strength(strong) > finding_strength(plain) > finding_strength(related)
    assert finding_strength(strong) > finding_strength(others)


def test_extraction_is_about_the_question_and_quotes_exactly() -> None:
    """Claims are near the question, verbatim, and each paper gets its share."""
    first = fakes.document(PAPER, FINDING, "The rope that the committee bought on Tuesday was 9.4 metres shorter than before.", FINDING)
    second = fakes.document(OTHER, "Coating a boat with wax increased its floating time from 14 to 37 minutes.")
    passages = {doc.paper: fakes.cut(doc) for doc in (first, second)}

    claims = extract(fakes.goal(), [first, second], passages, embedder=fakes.FakeEmbedder())

    assert {claim.paper for claim in claims} == {PAPER.id, OTHER.id}
    assert len(claims) == 2
    for claim in claims:
        document = first if claim.paper == PAPER.id else second
        assert document.text[claim.quote.start : claim.quote.end] == claim.quote.text
        assert claim.document_sha256 == document.sha256


def test_a_connective_is_taken_off_the_claim_and_stays_in_the_quote() -> None:
    """The claim reads by itself; the quote is untouched."""
    document = fakes.document(PAPER, "However, " + FINDING[0].lower() + FINDING[1:])

    (claim,) = extract(fakes.goal(), [document], {PAPER.id: fakes.cut(document)}, embedder=fakes.FakeEmbedder())

    assert claim.text == FINDING
    assert claim.quote.text.startswith("However, the wax")


def test_what_a_finding_is_contrasted_with_stays() -> None:
    """Whatever stands before a comma is not a connective: this one carries meaning."""
    document = fakes.document(
        PAPER, "In contrast to plain boats, the wax coating lengthened the floating time of our boats by 23.1 minutes."
    )

    claim = extract(fakes.goal(), [document], {PAPER.id: fakes.cut(document)}, embedder=fakes.FakeEmbedder())[0]

    assert claim.text.startswith("In contrast to plain boats")


class Roles:
    """A classifier that takes every sentence for background, or for a result."""

    def __init__(self, *, background: float) -> None:
        self._said = {"claim": 0.0, "result": 1 - background, "background": background}

    def score(self, sentences: Sequence[str], positions: Sequence[float]) -> list[dict[str, float]]:
        """Say the same of each."""
        return [self._said for _ in sentences]


@pytest.mark.parametrize(("background", "count"), [(0.9, 0), (0.0, 1)])
def test_background_of_an_abstract_is_no_finding(background: float, count: int) -> None:
    """What the classifier takes for background in an abstract is not drawn."""
    document = fakes.document(PAPER, FINDING, role=Role.ABSTRACT)
    passages = {PAPER.id: fakes.cut(document)}

    drawn = extract(fakes.goal(), [document], passages, embedder=fakes.FakeEmbedder(), roles=Roles(background=background))

    assert len(drawn) == count


def test_what_was_done_is_no_finding_whatever_a_classifier_says() -> None:
    """Trained on abstracts, it takes a setting with a number for a result."""
    done = "During the trial, we increased the maximum floating time of the waxed boats to 300 minutes."
    document = fakes.document(PAPER, FINDING, done)

    drawn = extract(fakes.goal(), [document], {PAPER.id: fakes.cut(document)}, embedder=fakes.FakeEmbedder(), roles=Roles(background=0.0))

    assert [claim.quote.text for claim in drawn] == [FINDING]


def test_the_number_of_a_list_is_no_part_of_the_claim() -> None:
    """It stays in the quote."""
    document = fakes.document(PAPER, "3. " + FINDING)

    (claim,) = extract(fakes.goal(), [document], {PAPER.id: fakes.cut(document)}, embedder=fakes.FakeEmbedder())

    assert claim.text == FINDING
    assert claim.quote.text.startswith("3. ")


def test_a_paper_on_the_subject_goes_before_one_beside_it() -> None:
    """The same words, in a paper about the question and in one about something else."""
    asked = Asked(fakes.goal(), fakes.FakeEmbedder())
    words = "The wax lengthened the time by 23.1 minutes."
    about = replace(fakes.document(PAPER, words), title="Wax coating and the floating time of paper boats")
    beside = replace(fakes.document(PAPER, words), title="Candles in Nordic churches")

    (near,), (far,) = asked.relevance(about, [words]), asked.relevance(beside, [words])
    (nothing,) = asked.relevance(about, ["The committee bought a rope on Tuesday."])

    assert near > far > nothing
    assert nothing < MIN_RELEVANCE


def test_a_keyword_takes_nothing_away() -> None:
    """Many keywords make no sentence less near to the question, and one that it holds makes it nearer."""
    document = fakes.document(PAPER, FINDING)
    goal, embedder = fakes.goal(), fakes.FakeEmbedder()

    def near(*keywords: str) -> float:
        return Asked(replace(goal, keywords=keywords), embedder).relevance(document, [FINDING])[0]

    assert near("rope", "committee", "tuesday market", "harbour master") >= near()
    assert near("minutes") >= near()


def test_no_documents_give_no_claims() -> None:
    """Nothing comes of nothing; nothing is invented."""
    assert extract(fakes.goal(), [], {}, embedder=fakes.FakeEmbedder()) == ()


def quoted(text: str, **changes: object) -> Claim:
    """Give a claim with this quote, said to stand at the start of the document."""
    document = fakes.document(PAPER, "First words.", FINDING)
    base = fakes.claim(text, of=PAPER.id)
    return replace(base, document_sha256=document.sha256, **changes)  # type: ignore[arg-type]  # a table of cases


def test_the_gate() -> None:
    """A quote that is found is corrected to its place; any other is refused and told."""
    document = fakes.document(PAPER, "First words.", FINDING)
    refused: list[Claim] = []
    misplaced, invented = quoted(FINDING), quoted(FINDING.replace("23.1", "32.1"))
    look_alike = quoted(FINDING.replace("o", "о", 1))
    other_text = replace(quoted(FINDING), document_sha256="1" * 64)

    admitted = gate([misplaced, invented, look_alike, other_text], {PAPER.id: document}, refused.append)

    assert [claim.quote.start for claim in admitted] == [14]
    assert document.text[admitted[0].quote.start : admitted[0].quote.end] == FINDING
    assert refused == [invented, look_alike, other_text]


def test_no_claim_stands_on_what_could_not_be_read() -> None:
    """A quote with the sign of an unread letter or word in it is refused, wherever it comes from."""
    unread = FINDING.replace("23.1", "\ufffd")
    document = fakes.document(PAPER, "First words.", unread)
    claim = replace(fakes.claim(unread, of=PAPER.id), document_sha256=document.sha256)

    assert admit(claim, document) is None


def test_the_gate_admits_a_claim_once() -> None:
    """The same claim twice is one claim; an unknown paper is refused."""
    document = fakes.document(PAPER, "First words.", FINDING)
    refused: list[Claim] = []

    assert len(gate([quoted(FINDING)] * 2, {PAPER.id: document}, refused.append)) == 1
    assert gate([quoted(FINDING)], {}, refused.append) == ()
    assert admit(quoted(FINDING), document) is not None
