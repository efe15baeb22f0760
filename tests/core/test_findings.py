"""Which sentences stand by themselves, and which tell what came out."""

from __future__ import annotations

import pytest

from sovereign.language.findings import bare, outcome, stands_alone

FINDING = "The wax coating lengthened the floating time of the boats by 23.1 minutes."


@pytest.mark.parametrize(
    "text",
    [
        FINDING,
        "We find that waxed boats outlast plain boats by a factor of two.",
        "However, waxed boats carried more coins than plain boats did.",
        "In a still basin, waxed boats stayed afloat for 37.2 minutes on average.",
        "Mixtral outperforms Llama 2 70B on most benchmarks with five times fewer active parameters.",
        "2. Counter-intuitively, waxed boats do not outlast boats that were never waxed.",
        "Waxed boats are 1) faster than plain boats and 2) dearer than plain boats.",
    ],
)
def test_a_sentence_that_stands_alone(text: str) -> None:
    """A statement with its own subject is kept."""
    assert stands_alone(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("It lengthened the floating time by 23.1 minutes on average.", id="it"),
        pytest.param("However, this lengthened the floating time by 23.1 minutes.", id="this, after a connective"),
        pytest.param("These results show that waxed boats float longer than others.", id="these"),
        pytest.param("When trained on ducks, it outperforms plain boats by 12 minutes.", id="it, after a clause"),
        pytest.param("Despite they show superior floating times, ducks dislike the many boats.", id="they, after despite"),
        pytest.param("Table 3 shows that waxed boats float longer than plain ones.", id="table"),
        pytest.param("In future work we test waxed boats on a windy pond again.", id="future work"),
        pytest.param("In this paper we study the floating time of waxed boats.", id="plan"),
        pytest.param("We sincerely hope that waxed boats will help the community to float.", id="a hope"),
        pytest.param("Waxed boats float longer.", id="too short"),
        pytest.param("We are excited about the future of waxed boats on every pond.", id="excited"),
        pytest.param("In our trials, we (1) wax each boat, (2) float it and (3) count the minutes.", id="an outline"),
        pytest.param("The code of the trial and all of its logs will be made publicly available.", id="an announcement"),
        pytest.param("Claim: according to the table, waxed boats float longer than plain ones.", id="an example of a data set"),
        pytest.param("The last column; and 4) floating: the difference between 57 and 50 minutes is 7.", id="the middle of a list"),
        pytest.param("Do waxed boats float longer than plain boats on a pond?", id="a question"),
        pytest.param("– the floating time of waxed boats rises by 23 minutes.", id="a fragment"),
        pytest.param("Waxed boats float longer than plain boats on a pond and", id="cut off"),
        pytest.param("14.1 37.2 1.9 0.8 20 80 are 12 44 0.3 1.1 9.2 8.8 1.2.", id="digits"),
        pytest.param("Waxed boats float longer, as \\cite{x} has shown for plain boats.", id="broken markup"),
    ],
)
def test_a_sentence_that_does_not(text: str) -> None:
    """Dangling, pointing away, planning, asking or broken sentences are no claims."""
    assert not stands_alone(text)


@pytest.mark.parametrize(
    "text",
    [
        "The lifetime of the excited state decreases by 40% when the temperature is raised.",
        "Prices drop by 12% in markets in which the records are publicly available.",
        "Case fatality: the rate fell from 12% to 4% after the vaccine was introduced.",
        "Accuracy improves by 4.2 points (on GLUE (dev set), seeds = 4) over the strong baseline.",
        "The measure is bounded on [0, 2) and the estimator converges faster than the baseline.",
        "Waxed boats float longer than plain ones (see Figure 2 for details).",
        "As shown above, waxed boats float longer than plain ones.",
        "That is, most waxed boats are not specialised in one kind of pond.",
        "Waxed boats stayed afloat longer (mean difference 23.1 minutes, 95% CI [20, 59], p = 0.01).",
        "SciBoat is 1) made by shipwrights rather than by crowds, 2) larger than its forerunners.",
    ],
)
def test_a_finding_with_words_of_a_plan_or_a_list_is_kept(text: str) -> None:
    """What looks like an announcement or a list at first sight."""
    assert stands_alone(text)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Waxed boats outperform plain boats by 23.1 minutes.", "Waxed boats outperform plain boats."),
        ("Waxed boats outperform plain boats.", "Waxed boats are made of paper."),
        ("Waxed boats are made of paper.", "We use waxed boats of one kind of paper."),
        ("We use wax, which improves the floating time by 12 %.", "We use wax on 12 % of the boats."),
        ("The wax yields a 2x speed up over varnish.", "The boats were converted back to paper in 2x2 folds."),
        ("We report the best accuracy of 93.1 on this pond, ahead of plain boats.", "We report results on three ponds."),
        ("We increased the floating time by 12 minutes.", "We increased the maximum floating time to 300 minutes."),
        ("Our boats float longer than those of [3].", "Boats float longer on salt water [3]."),
    ],
)
def test_an_outcome_reads_like_one(better: str, worse: str) -> None:
    """Comparison and figures speak for it; what was done, and what others found, against it."""
    assert 1.0 >= outcome(better) > outcome(worse) >= 0.0


def test_little_is_found_under_some_headings() -> None:
    """A figure in the hyperparameters is a setting."""
    assert outcome("The learning rate is 0.001.", "Hyper-Parameters") < outcome("The learning rate is 0.001.", "Results")


@pytest.mark.parametrize(
    "text",
    [
        "However, wax helps.",
        "In conclusion, wax helps.",
        "2. Wax helps.",
        "(iv) Moreover, wax helps.",
        "Wax helps.",
        "That is, wax helps.",
        "Note that wax helps (see Table 3).",
        "However, as shown in Figure 2, wax helps.",
        "Interestingly, wax helps [Figure 4a].",
    ],
)
def test_what_ties_a_sentence_to_others_is_taken_off(text: str) -> None:
    """The number of a list, and a connective."""
    assert bare(text).casefold() == "wax helps."


def test_a_word_that_only_looks_like_a_connective_stays() -> None:
    """Without its comma it belongs to the sentence."""
    for text in (
        "Overall accuracy rises.",
        "Still water carries more.",
        "So-called wax helps.",
        "And-gates help.",
        "In addition to wax, oil helps.",
    ):
        assert bare(text) == text
