"""A question becomes searches that a person would make: different, broad enough to find something, never the sentence itself."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovereign.language.question import Kind, terms
from sovereign.model import Field, Goal, Query
from sovereign.steps.plan import PLANNED, further, plan

THROUGHPUT = (
    "What is the inference throughput and memory efficiency trade-off of SMOES MoE-VLMs relative to dense VLMs of equivalent "
    "parameter count (7B and 34B) on multimodal reasoning benchmarks like MMMU and MathVista?"
)
SPECIALIZATION = (
    "To what extent does SMOES improve expert specialization for cross-modal alignment tasks (e.g., visual question answering, captioning) "
    "over modality-agnostic routing, as measured by downstream task accuracy and inference throughput on the COCO and VQA v2 benchmarks?"
)


def phrases(query: Query) -> set[str]:
    """Give every phrase of a query, folded."""
    return {phrase.casefold() for group in query.all_of for phrase in group}


def test_two_main_topics_come_first() -> None:
    """The first search pairs the topics, each with its synonyms and abbreviations."""
    first = plan(Goal("a", THROUGHPUT))[0]

    assert len(first.all_of) == 2
    assert {"mixture of experts", "moe", "vision language model", "vlm"} <= phrases(first)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        pytest.param(THROUGHPUT, {"smoes"}, id="coined name"),
        pytest.param(THROUGHPUT, {"throughput", "memory footprint"}, id="measures"),
        pytest.param(THROUGHPUT, {"mmmu", "mathvista"}, id="benchmarks"),
        pytest.param(SPECIALIZATION, {"expert specialization"}, id="topic of several words"),
        pytest.param(SPECIALIZATION, {"visual question answering", "image captioning"}, id="tasks"),
        pytest.param(
            "Does reinforcement learning from human feedback (RLHF) hurt calibration?", {"rlhf", "calibration"}, id="known abbreviation"
        ),
        pytest.param(
            "How does stochastic gear meshing (SGM) age?", {"sgm", "stochastic gear meshing"}, id="abbreviation that the question defines"
        ),
        pytest.param("What lowers TTFT of LLMs?", {"time to first token", "ttft", "large language model"}, id="plural abbreviation"),
    ],
)
def test_what_is_searched_for(question: str, wanted: set[str]) -> None:
    """Somewhere in the four searches stands what the question is about."""
    found = set().union(*(phrases(query) for query in plan(Goal("a", question))))

    assert wanted <= found


@pytest.mark.parametrize(
    ("question", "unwanted"),
    [
        pytest.param(THROUGHPUT, {"7b", "34b", "34"}, id="model sizes"),
        pytest.param(THROUGHPUT, {"relative", "equivalent", "count", "benchmarks"}, id="words of any question"),
        pytest.param(
            "Please provide top-tier papers that examine tumour growth in detail.",
            {"provide", "papers", "tier", "please"},
            id="request words",
        ),
        pytest.param("How do AI tools help?", {"ai"}, id="two letters"),
    ],
)
def test_what_is_not_searched_for(question: str, unwanted: set[str]) -> None:
    """Sizes and the words in which anyone asks lead nowhere."""
    found = set().union(*(phrases(query) for query in plan(Goal("a", question))))

    assert not unwanted & found


def test_plural_of_a_coined_name_stays_a_name() -> None:
    """SMoES is a method; reading it as the plural of SMoE would search for something else."""
    found = {term.label: term.kind for term in terms("Does SMoES beat SMoEs?")}

    assert found["SMoES"] is Kind.NAME
    assert found["mixture of experts"] is Kind.TOPIC


def test_bounds_reach_every_query() -> None:
    """Categories and dates of the goal are part of each search, the goal's own included."""
    goal = Goal("a", THROUGHPUT, queries=("ti:MoE",), categories=("cs.CL",), since=date(2024, 1, 1), until=date(2025, 1, 1))

    found = plan(goal)

    assert {(q.categories, q.since, q.until) for q in found} == {(("cs.CL",), date(2024, 1, 1), date(2025, 1, 1))}
    assert found[-1].raw == "ti:MoE"


def test_keywords_add_searches() -> None:
    """Two keywords are searched together, with their synonyms; each query tells why it is there."""
    added = plan(Goal("a", THROUGHPUT, keywords=("expert routing", "KV cache")))[PLANNED:]

    assert [query.why for query in added] == ["two of the goal's keywords"]
    assert {"expert routing", "moe", "kv cache"} <= phrases(added[0])


def test_ids_count_from_one() -> None:
    """The record names queries q1, q2, … without holes."""
    found = plan(Goal("a", THROUGHPUT, keywords=("a b", "c d", "e f", "g h"), queries=("x", "y", "x")))

    assert [query.id for query in found] == [f"q{n}" for n in range(1, len(found) + 1)]
    assert [query.raw for query in found if query.raw] == ["x", "y"]


@pytest.mark.parametrize(
    "question", ["Transformers", "What is climate sensitivity?", "Why?", "Is it so?", "7B", "量子誤り訂正とは何ですか", "???"]
)
def test_short_questions(question: str) -> None:
    """Little to go on is no error; what there is gives different searches, none of them empty."""
    found = plan(Goal("a", question))

    assert len({(q.all_of, q.field) for q in found}) == len(found) <= PLANNED


def test_a_definition_of_something_known_is_that() -> None:
    """A question's own abbreviation of a known concept brings all its names."""
    found = set().union(*(phrases(query) for query in plan(Goal("a", "Does instruction tuning of mixtures of experts (MXE) help?"))))

    assert {"supervised fine tuning", "moe"} <= found


def test_a_claim_that_lacks_evidence_is_searched_for() -> None:
    """Its two weightiest terms together; a text without a term asks nothing."""
    found = further(
        Goal("a", THROUGHPUT, categories=("cs.CL",)), ["SMoES raises throughput of VLMs by 12 %.", "It is so.", "RLHF helps calibration."]
    )

    assert [query.id for query in found] == ["r1", "r2"]
    assert all(len(query.all_of) == 2 and query.categories == ("cs.CL",) for query in found)
    assert {"rlhf", "calibration"} <= phrases(found[1])


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        pytest.param("Is the Hubble tension explained by early dark energy?", {"hubble tension", "dark energy"}, id="astronomy"),
        pytest.param("Does screening lower mortality from pancreatic cancer?", {"pancreatic cancer", "mortality"}, id="medicine"),
        pytest.param("Did carbon taxes raise youth unemployment?", {"carbon taxes", "youth unemployment"}, id="economics"),
        pytest.param("Do coral reefs recover after marine heatwaves?", {"coral reefs", "marine heatwaves"}, id="ecology"),
        pytest.param("How accurate are alchemical free energy calculations?", {"alchemical free energy calculations"}, id="chemistry"),
    ],
)
def test_things_of_any_field_stay_whole(question: str, wanted: set[str]) -> None:
    """What two or more words name together is searched for as that, in the first search, though no list of concepts holds it."""
    assert wanted <= phrases(plan(Goal("a", question))[0])


def test_a_long_phrase_may_be_written_shorter() -> None:
    """Beside all of its words stand any two that follow, in one group: a paper needs only one of them."""
    group = next(g for q in plan(Goal("a", "Is carotid artery stenting safe?")) for g in q.all_of if "carotid artery stenting" in g)

    assert group == ("carotid artery stenting", "carotid artery", "artery stenting")


@pytest.mark.parametrize("question", ["Does screening lower mortality from pancreatic cancer?", "Is double balloon enteroscopy safe?"])
def test_a_phrase_stands_beside_something_else(question: str) -> None:
    """A search for a phrase and one of its own words is the search for the phrase."""
    for query in plan(Goal("a", question)):
        if len(query.all_of) == 2:
            one, two = ({word for phrase in group for word in phrase.split()} for group in query.all_of)
            assert not one <= two
            assert not two <= one


@pytest.mark.parametrize("question", [THROUGHPUT, SPECIALIZATION, "Did Chile's traffic law reform push police enforcement?"])
def test_the_last_search_takes_any_telling_word(question: str) -> None:
    """Where no pair of subjects is written as asked, the papers that hold most of the words are still found."""
    last = plan(Goal("a", question))[PLANNED - 1]

    assert len(last.all_of) == 1
    assert {term.label.split()[0].removesuffix("'s").casefold() for term in terms(question) if term.kind is not Kind.MEASURE} & phrases(
        last
    )


@given(st.text(min_size=1, max_size=300).filter(lambda text: bool(text.strip())))
@settings(max_examples=60, deadline=None)
def test_any_question_gives_valid_queries(question: str) -> None:
    """Whatever is asked: at most four planned searches, deterministic, none with an empty group."""
    goal = Goal("a", question)
    found = plan(goal)

    assert found == plan(goal)
    assert len(found) <= PLANNED
    assert all(group and all(phrase.strip() for phrase in group) for query in found for group in query.all_of)


@pytest.mark.parametrize("question", [THROUGHPUT, SPECIALIZATION])
def test_never_the_sentence_itself(question: str) -> None:
    """No search is a long phrase, asks for more than two things together, or looks in one field alone where there is much to ask."""
    found = plan(Goal("a", question))

    assert len(found) == PLANNED
    assert max(len(phrase.split()) for query in found for group in query.all_of for phrase in group) <= 5
    assert max(len(query.all_of) for query in found) == 2
    assert {query.field for query in found} == {Field.ALL}
