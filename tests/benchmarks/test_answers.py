"""What counts as found, told and kept apart, over made-up papers and answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import __main__ as command
from benchmarks import answers, overlap, shelves
from sovereign.adapters.local_embedder import LocalEmbedder
from sovereign.model import BlockKind, Claim, Direction, Passage, Role
from sovereign.ports import Around, Judged
from sovereign.steps import read

GOLD = "Waxed boats stayed afloat for forty minutes on the pond."
ARTICLE = f"""TITLE:
Wax on paper boats

ABSTRACT.RESULTS:
{GOLD} The dry ones went down at once.

BODY.METHODS:
We folded eighty boats of plain paper and launched them one after another.
Half of them were waxed twice. The clock was stopped when the deck was under water.

BODY.RESULTS:
Of the forty waxed boats no boat went down within the first ten minutes.
"""


class Words:
    """A sentence reader that goes by shared words alone and takes every sentence for a whole finding."""

    def relevance(self, question: str, sentences: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Give the share of the question's words that a sentence has."""
        asked = set(question.lower().rstrip("?").split())
        return np.array([len(asked & set(text.lower().split())) / len(asked) for _, text in sentences])

    def likeness(self, words: Sequence[str], others: Sequence[str]) -> list[list[float]]:
        """Know a word by its spelling alone."""
        return [[float(word == other) for other in others] for word in words]

    def judge(self, sentences: Sequence[tuple[str, str]], around: Sequence[Around] = ()) -> tuple[Judged, ...]:
        """Find nothing wrong."""
        return tuple(Judged(finding=1.0, wholeness=1.0) for _ in sentences)


@pytest.mark.parametrize(
    ("quote", "is_hit"),
    [
        pytest.param(GOLD, True, id="the same"),
        pytest.param(f"As told before, {GOLD} The others did not.", True, id="the gold and more"),
        pytest.param("boats stayed afloat for forty", True, id="half of its words"),
        pytest.param("boats stayed afloat for", False, id="less than half"),
        pytest.param("The forty boats of the second pond were painted red.", False, id="words in common"),
        pytest.param("", False, id="nothing"),
        pytest.param("—", False, id="no word"),
    ],
)
def test_a_quote_that_holds_half_of_the_gold_is_a_hit(quote: str, is_hit: bool) -> None:
    """Half of the gold's words are enough, whatever stands around them."""
    assert overlap.is_hit(quote, GOLD) is is_hit


def test_a_quote_inside_a_long_gold_span_is_a_hit() -> None:
    """Six words or more that lie in the gold are one, fewer are not, and no more than a tenth may be others."""
    gold = f"{GOLD} The dry boats went down after twelve minutes in the cold, and the painted ones were lost from sight in the fog."

    assert overlap.is_hit("Waxed boats stayed afloat for forty", gold)
    assert not overlap.is_hit("Waxed boats stayed afloat for", gold)
    assert not overlap.is_hit("Waxed boats stayed afloat for weeks", gold)


def test_a_word_counts_as_often_as_it_stands_there() -> None:
    """A word said over and over is no more than the one that gold holds."""
    assert not overlap.is_hit("boats boats boats boats boats boats", GOLD)


def test_nothing_is_a_hit_of_a_gold_without_words() -> None:
    """An empty gold span is found nowhere."""
    assert not overlap.is_among([GOLD, ""], [""])


def test_an_article_is_read_with_its_parts() -> None:
    """Headings give each sentence its section; they and the title are no sentences; every passage is verbatim."""
    document = answers.article("t", ARTICLE)
    passages = read.cut(document)

    assert [passage.section for passage in passages] == ["Results"] * 2 + ["Methods"] * 3 + ["Results"]
    assert [passage.role for passage in passages] == [Role.ABSTRACT] * 2 + [Role.METHOD] * 3 + [Role.RESULTS]
    assert all(document.text[p.start : p.end] == p.text for p in passages)
    assert sum(block.kind is BlockKind.HEADING for block in document.blocks) == 4


def test_claims_are_drawn_as_in_a_run() -> None:
    """The sentence that shares the question's words comes first, and its quote is the gold one."""
    document = answers.article("t", ARTICLE)
    question = "How long stayed waxed boats afloat on the pond?"

    found = answers.drawn(question, document, read.cut(document), LocalEmbedder(), Words())

    assert overlap.is_hit(found[0].quote.text, GOLD)


def trial(direction: Direction | None, *quotes: str) -> answers.Trial:
    """Give a trial whose claims have these quotes, while its paper has the gold sentence last."""
    claims = tuple(Claim(q, Passage("t", 0, len(q), q), "0" * 64) for q in quotes)
    question = "What is the effect of wax compared with no wax on time afloat?"
    return answers.Trial(question, (GOLD,), direction, claims, ("The wax was bought in town.", "It rained all day.", GOLD))


def test_evidence_is_counted_among_the_first_claims() -> None:
    """Found first, found fifth, found last, and never; BM25 is given as many sentences as there are claims."""
    others = ["It rained all day.", "The wax was bought in town.", "The boats were of paper.", "No fish was seen."]
    asked = [
        trial(None, GOLD, *others),
        trial(None, *others, GOLD),
        trial(None, *others, "The shore was far.", GOLD),
        trial(None, *others),
    ]

    ours, plain = answers.evidence(asked)

    assert [ours[name] for name in ("first", "first 5", "all claims")] == [0.25, 0.5, 0.75]
    assert ours["claims of a paper"] == 5.0
    assert plain["first"] == 0.0
    assert plain["all claims"] == 1.0


def test_evidence_of_no_claims() -> None:
    """A paper that gave no claim counts as not found, also for BM25, which has no more to show."""
    ours, plain = answers.evidence([trial(None)])

    assert ours["all claims"] == plain["all claims"] == 0.0


def test_directions_are_counted_where_people_agreed_on_one() -> None:
    """A trial without a direction is left out, and one without claims is told wrong."""
    up = trial(Direction.INCREASED)

    rows = {row["method"]: row for row in answers.directions([up, up, trial(Direction.DECREASED), trial(None)])}

    assert {row["questions"] for row in rows.values()} == {3}
    assert rows["from the claims drawn"]["accuracy"] == 0.0
    assert rows["always the most common"]["accuracy"] == pytest.approx(2 / 3, abs=1e-4)


@pytest.mark.parametrize(
    ("stances", "told"),
    [
        ([], "maybe"),
        (["", ""], "maybe"),
        (["yes", "", ""], "yes"),
        (["no", "no", "no", "no", "no", "yes"], "no"),
        (["no", "no", "no", "no", "yes"], "maybe"),
        (["yes", "no"], "maybe"),
    ],
)
def test_sentences_take_a_side_as_an_answer_counts_them(stances: list[str], told: str) -> None:
    """The side of most, unless a fifth takes the other."""
    assert answers.side(stances) == told


def test_conclusions_tell_what_the_weights_have_seen() -> None:
    """A figure over conclusions that the weights were trained on says so; the cross-validated one stands beside it."""
    row = {"question": "Does wax help?", "sections": [{"heading": "RESULTS", "text": GOLD}], "conclusion": "Wax helps.", "answer": "yes"}

    rows = {row["method"]: row for row in answers.conclusions([row])}

    assert rows["always yes"]["accuracy"] == 1.0
    assert rows["sentences of the conclusion"]["seen in training"] == "yes"
    assert rows["the conclusion as one, cross-validated"]["seen in training"] == "no"


def test_what_is_cited_is_ranked_among_the_passages_of_all_questions() -> None:
    """Both methods find the passages that share the question's words; a passage of the question that is not cited is none."""
    rows = [
        {"question": "do waxed boats float", "cited": [0], "contexts": [told("waxed boats do float"), told("salt is white")]},
        {"question": "is salt dear", "cited": [0], "contexts": [told("salt is dear"), told("fog came in")]},
    ]

    ours, plain = answers.cited(rows, Words())

    assert ours["AUROC"] == plain["AUROC"] == 1.0
    assert ours["passages"] == 4
    assert ours["questions"] == 2


def told(text: str) -> dict[str, str]:
    """Give a passage as the data holds it."""
    return {"title": "", "text": text}


def test_ranking_of_right_turned_and_level_scores() -> None:
    """1 for the right order, 0 for the turned one, one half for none and where nothing is wanted; the share is among ten."""
    wanted = [True, True, *[False] * 20]

    assert answers.ranked(wanted, list(range(22, 0, -1))) == (1.0, 1.0)
    assert answers.ranked(wanted, list(range(22))) == (0.0, 0.0)
    assert answers.ranked(wanted, [0.5] * 22) == (0.5, 1.0)
    assert answers.ranked([False] * 3, [1, 2, 3]) == (0.5, 0.0)


@pytest.mark.parametrize(("count", "taken"), [(2, [0, 5]), (3, [0, 3, 6]), (10, list(range(10))), (99, list(range(10))), (0, [])])
def test_a_sample_is_spread_over_the_whole_set(count: int, taken: list[int]) -> None:
    """As many as are asked for, none twice, not all from the beginning."""
    assert answers.spread(list(range(10)), count) == taken


KEYS: dict[str, Any] = {
    "question": "Does wax help?",
    "facets": ["time", "cost"],
    "irrelevant": ["fog.pdf"],
    "key": [
        {"facet": "time", "quote": GOLD},
        {"facet": "time", "quote": "Waxing doubled the time for which a boat was dry inside."},
        {"facet": "cost", "quote": "A block of wax costs as much as sixty sheets of paper."},
    ],
}


def seen(*, surely: float, is_answered: bool = True, is_approved: bool = False) -> shelves.Asked:
    """Give an answer that rests on the gold sentence, with three claims beside it."""
    claims = (
        ("boats", GOLD),
        ("boats", "A block of wax costs as much as sixty sheets of paper."),
        ("fog.pdf", "Fog came in at noon over the whole bay."),
        ("boats", "Eighty boats were folded by hand."),
    )
    return shelves.Asked("pond", claims, (GOLD,), surely, is_answered, is_approved)


def test_a_shelf_is_counted_against_gold() -> None:
    """Claims of papers that gold does not call irrelevant, key sentences, facets among the claims, facets in the answer."""
    row = shelves.beside(seen(surely=0.8), KEYS)

    assert row["of relevant papers"] == 0.75
    assert row["key sentences"] == pytest.approx(2 / 3, abs=1e-4)
    assert row["facets among the claims"] == 1.0
    assert row["facets in the answer"] == 0.5
    assert row["answered"] == "yes"


def test_what_is_not_answered_touches_no_facet() -> None:
    """Findings shown below "not answered" are no answer."""
    row = shelves.beside(seen(surely=0.1, is_answered=False), KEYS)

    assert row["facets in the answer"] == 0.0
    assert row["facets among the claims"] == 1.0


def test_a_shelf_without_claims_has_no_share_of_them() -> None:
    """Of nothing there is no share, and the mean over shelves leaves it out; what was not found counts as nothing."""
    bare = shelves.beside(shelves.Asked("bare", (), (), 0.0, is_answered=False, is_approved=False), KEYS)
    row = shelves.together([shelves.beside(seen(surely=0.8), KEYS), bare])

    assert bare["of relevant papers"] is None
    assert row["of relevant papers"] == 0.75
    assert row["facets among the claims"] == 0.5
    assert row["answered"] == "1 of 2"
    assert row["P(answered)"] == 0.4


def test_near_misses_are_told_apart_by_how_sure_an_answer_is() -> None:
    """The AUROC of P(answered), and how many near misses were answered and approved all the same."""
    right = [seen(surely=0.9, is_approved=True), seen(surely=0.4)]
    wrong = [seen(surely=0.5, is_approved=True), seen(surely=0.1, is_answered=False)]

    row = shelves.apart(right, wrong)

    assert row["AUROC"] == 0.75
    assert (row["answerable"], row["of these answered"], row["of these approved"]) == (2, 2, 1)
    assert (row["near misses"], row["near misses answered"], row["near misses approved"]) == (2, 1, 1)


def test_figures_of_the_training_become_rows() -> None:
    """Each figure is a row under its head; single shelves and kinds of damage are left out."""
    given = {"order": {"alarms": 0, "kept": {"found": 0.1}}, "relevance": {"shelves": {"a": {"keys": 1}, "all": {"keys": 0.5}}}}

    rows = list(answers.flat(given))

    assert [(row["head"], row["on"], row["measure"], row["value"]) for row in rows] == [
        ("order", "–", "alarms", 0),
        ("order", "kept", "found", 0.1),
        ("relevance", "shelves", "keys", 0.5),
    ]


def test_tables_are_printed_though_rows_lack_a_figure(capsys: pytest.CaptureFixture[str]) -> None:
    """The row for all shelves has what the others have, or a dash; an empty table is left out."""
    command.PRINTERS["answers"]({"shelves": [{"shelf": "pond", "claims": 4}, {"shelf": "all"}], "cited": []})

    assert capsys.readouterr().out.split() == ["shelves", "shelf", "claims", "pond", "4", "all", "–"]
