"""How much of a question a text speaks of: by words, by subjects under any name, and by what it is part of."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sovereign.language.question import BESIDE, Interest, is_spoken_of, told

ASKED = "How does a mixture of experts reduce computation for language models?"
NOTHING: frozenset[str] = frozenset()


def test_a_subject_has_many_names() -> None:
    """Abbreviations, plurals and names coined from them speak of it."""
    asked = Interest("mixture of experts")

    for text in ("An MoE needs less.", "Mixtures of experts need less.", "DeepSeekMoE needs less.", "LLaVA-MoE needs less."):
        assert asked.subjects(told(text)) == 1.0, text
    assert asked.subjects(told("A dense model needs more.")) == 0.0


def test_a_coined_name_answers_for_its_subject() -> None:
    """Who speaks of DeepSeekMoE leaves mixtures of experts not open."""
    assert is_spoken_of(("mixture of experts",), "DeepSeekMoE needs 39.6% of computations.")
    assert not is_spoken_of(("mixture of experts",), "DeepSeek needs 39.6% of computations.")


def test_what_a_text_is_part_of_counts_half() -> None:
    """In a paper on mixtures of experts “the model” is one, but the sentence does not say so."""
    asked = Interest("mixture of experts")
    paper = told("Mixtures of experts for everybody")

    assert asked.subjects(told("The model needs less."), paper) == BESIDE
    assert asked.subjects(told("The MoE needs less."), paper) == 1.0


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    """Every other abstract speaks of models."""
    asked = Interest("beeswax model")

    assert asked.words(told("Beeswax floats.")) > asked.words(told("The model floats."))


def test_an_answer_speaks_of_more_than_a_neighbour() -> None:
    """The order that a reader would give."""
    asked = Interest(ASKED)
    answer = "Compared with LLaMA2 7B, DeepSeekMoE has 245% of total parameters but only needs 39.6% of computations."
    beside = "Language models of this size need a tokenizer."

    assert asked.share(told(answer)) > asked.share(told(beside)) > asked.share(told("We averaged the last 20 checkpoints."))


@given(st.text(), st.text(), st.text())
def test_a_share_is_a_share(asked: str, text: str, more: str) -> None:
    """Between 0 and 1, and more text never speaks of less."""
    interest, some, all_of_it = Interest(asked), told(text), told(text) | told(more)
    for share in (interest.words, interest.subjects, interest.share):
        assert 0.0 <= share(some) <= share(all_of_it) <= 1.0
    assert interest.subjects(some, NOTHING) <= interest.subjects(some, told(more))
