"""Changed sentences: each kind changes what it says it changes, and a paraphrase leaves figures and names alone."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import perturb


def chance(seed: int) -> random.Random:
    """Give a seeded source of chance."""
    return random.Random(seed)  # noqa: S311 -- made sentences, no secrets


SENTENCE = "However, the GPT-2 model reduces the error by 12.5% and is trained for 3 days."


@pytest.mark.parametrize(
    ("change", "sentence", "expected"),
    [
        pytest.param(perturb.flip, "The drug reduces mortality.", "The drug increases mortality.", id="verb turned"),
        pytest.param(perturb.flip, "Scores are higher.", "Scores are lower.", id="word turned"),
        pytest.param(perturb.flip, "Mice sleep.", None, id="nothing to turn"),
        pytest.param(perturb.negate, "It is safe.", "It is not safe.", id="denied"),
        pytest.param(perturb.negate, "It is not safe.", "It is safe.", id="denial taken away"),
        pytest.param(perturb.negate, "The gene regulates growth.", "The gene does not regulate growth.", id="verb denied"),
        pytest.param(perturb.other_number, "No figures here.", None, id="no figure"),
        pytest.param(perturb.other_unit, "It took 3 hours.", "It took 3 days.", id="unit"),
        pytest.param(perturb.overclaim, "It may help.", "It can help.", id="overclaimed"),
    ],
)
def test_changes(change: perturb.Change, sentence: str, expected: str | None) -> None:
    """One known change each; None where the sentence does not allow it."""
    assert change(sentence, chance(1)) in ({expected, "It took 3 days."} if expected else {None})


@given(st.integers(0, 10_000))
def test_another_number_is_beyond_rounding(seed: int) -> None:
    """A changed figure differs by more than 4 %, so no rounding makes it true."""
    changed = perturb.other_number("It scored 81.3 points.", chance(seed))

    assert changed is not None
    value = float(perturb.NUMBER.findall(changed)[0])
    assert abs(value - 81.3) > 0.04 * 81.3


@given(st.integers(0, 10_000))
def test_loosening_keeps_direction_and_names(seed: int) -> None:
    """A paraphrase still names the model and never turns the direction round."""
    said = perturb.loosen(SENTENCE, chance(seed))

    assert "GPT-2" in said
    assert "increase" not in said
    assert "12.5" in said
    assert " not " not in said


def test_another_name_comes_from_the_pool() -> None:
    """A name is replaced by one of the pool, the sentence's first word is left alone."""
    changed = perturb.other_name("Here BERT beats ELMo.", ["RoBERTa"], chance(0))

    assert changed in {"Here RoBERTa beats ELMo.", "Here BERT beats RoBERTa."}


def test_verbs_have_four_forms() -> None:
    """Base, third person, past and -ing form: flipping keeps the inflection."""
    assert [verb for verb, forms in perturb.VERBS.items() if len(forms) != 4] == []
