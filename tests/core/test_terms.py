"""Words, concepts and how telling they are."""

from __future__ import annotations

import pytest

from sovereign.language import terms


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("model", "models"),
        ("scale", "scaling"),
        ("routing", "routed"),
        ("study", "studies"),
        ("generalization", "generalize"),
        ("bias", "biases"),
    ],
)
def test_forms_of_a_word_are_one(one: str, two: str) -> None:
    """Number and the commonest endings do not matter."""
    assert terms.stem(one) == terms.stem(two)


@pytest.mark.parametrize(
    ("one", "two"), [("class", "clap"), ("process", "procession"), ("bus", "bush"), ("thing", "the"), ("vision", "visit")]
)
def test_different_words_stay_apart(one: str, two: str) -> None:
    """A wrong merge costs more than a missed one."""
    assert terms.stem(one) != terms.stem(two)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("MoE",), "mixture of experts"),
        (("mixture", "of", "experts"), "mixture of experts"),
        (("SMoEs",), "mixture of experts"),
        (("VLMs",), "vision language model"),
        (("vision", "language", "models"), "vision language model"),
        (("FLOP",), "floating point operations"),
        (("RAG",), "retrieval augmented generation"),
    ],
)
def test_concepts_by_any_name(words: tuple[str, ...], name: str) -> None:
    """Long form, abbreviation and plural."""
    concept = terms.concept_of(words)

    assert concept is not None
    assert concept.phrases[0] == name


@pytest.mark.parametrize("words", [("rag",), ("gan",), ("SMoES",), ("moe",), ("experts",), ("the",)])
def test_what_names_no_concept(words: tuple[str, ...]) -> None:
    """A short abbreviation must be written as one; a coined name is a name."""
    assert terms.concept_of(words) is None


def test_coined_names_lead_to_what_they_hold() -> None:
    """SMoES speaks of mixtures of experts; BERT of none that we know."""
    found = terms.concept_within("SMoES")

    assert found is not None
    assert "MoE" in found.phrases
    assert terms.concept_within("BERT") is None


def test_a_text_may_define_its_abbreviations() -> None:
    """The initials must spell it."""
    text = "supervised fine-tuning (SFT) of large language models (LLMs) (see Table 2) in the (USA)"

    assert dict(terms.definitions(text)) == {"supervised fine tuning": "SFT", "large language models": "LLM"}


def test_content_is_what_is_asked_about() -> None:
    """Abbreviations are written out, the asking goes."""
    assert terms.content("What is the throughput of SMoES MoE-VLMs?") == (
        "throughput SMoES mixture of experts mixture of experts vision language model"
    )


def test_rare_words_tell_more() -> None:
    """From everywhere to unseen."""
    assert terms.rarity("model") < terms.rarity("quantum") < terms.rarity("gearbox") == terms.rarity("xyzzy")


def test_data_files_hold_together() -> None:
    """Concepts have names and known kinds; counts are counts; every phrase has two or three words."""
    kinds = {"topic", "task", "benchmark", "measure"}

    assert all(concept.kind in kinds and all(concept.phrases) for concept in terms.concepts())
    assert all(30 <= count <= terms.DOCUMENTS for count in terms.word_counts().values())
    assert all(len(phrase.split()) in {2, 3} for phrase in terms.phrase_counts())
    assert not terms.stop_words() & terms.weak_words()
