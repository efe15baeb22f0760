"""Linear models over hashed words, counted signs of damage, and trees as plain numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.adapters.wording import FORM, Linear, Trees, form, place_of, placed_signs
from sovereign.language.word_groups import hashed, order_signs, words
from sovereign.ports import Around

KNOWN = np.zeros(1 << 12, dtype=np.uint8)
for _word in ("the", "boats", "float", "on", "water", "."):
    KNOWN[place_of(_word, 1 << 12)] = 100


def signs(text: str) -> dict[str, float]:
    """Give the counted signs by their names."""
    return dict(zip(FORM, form(text, KNOWN), strict=True))


def test_figures_are_one_word() -> None:
    """Every figure is the same sign, words are in small letters, and signs stand alone."""
    assert words("We saw 3.5 % (N=12,000).") == ["we", "saw", "#", "%", "(", "n", "=", "#", ")", "."]


def test_place_and_neighbours_are_signs() -> None:
    """The last sentence of an abstract has signs of its place and of the sentence before it; one by itself has none of either."""
    told = dict(placed_signs("Abstract", "Wax helps.", Around("We waxed boats.", "", 4, 4)))
    alone = dict(placed_signs("", "Wax helps.", Around()))

    assert {"left 0", "at 4", "p10", "a none", "h abstract"} <= told.keys()
    assert told["b waxed boats"] < told["w wax helps"]
    assert {"b none", "a none", "h none"} <= alone.keys()
    assert not [sign for sign in alone if sign.startswith(("p", "left", "at ", "of "))]


def test_a_linear_model_adds_its_numbers() -> None:
    """The logit is the sum of the numbers at the signs' places, each times its weight, and the constant."""
    model = Linear(np.array([1, 2, -4], dtype=np.int8), 0.5, 0.25)

    assert model.logit({}) == 0.25
    assert model.logit({1: 1.0, 2: 0.5}) == 0.25 + 0.5 * (2 - 2)


def test_trees_add_their_leaves() -> None:
    """Each tree's leaf is found by its thresholds, whatever the other rows are."""
    nodes = {
        "column": np.array([1, 0, 0, 0, 0, 0]),
        "left": np.array([1, 1, 2, 4, 4, 5]),
        "right": np.array([2, 1, 2, 5, 4, 5]),
        "most": np.array([3.0, 0.0, 0.0, 10.0, 0.0, 0.0]),
        "value": np.array([0.0, 1.0, -1.0, 0.0, 0.25, 0.5]),
        "roots": np.array([0, 3]),
    }
    trees = Trees(nodes, 0.125)

    found = trees.logits(np.array([[0.0, 3.0], [11.0, 3.5]]))

    assert found.tolist() == [1.0 + 0.25 + 0.125, -1.0 + 0.5 + 0.125]
    assert trees.logits(np.array([[11.0, 3.5]])).tolist() == found[1:].tolist()


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        pytest.param("The boats float on water.", "stop", 1.0, id="full stop"),
        pytest.param("The boats float on water [3, 4]", "stop", 0.0, id="no stop"),
        pytest.param("The boats float on water. [3, 4]", "stop", 1.0, id="stop and citation"),
        pytest.param("boats float", "small first", 1.0, id="small letter"),
        pytest.param("The boats (which float", "open brackets", 1.0, id="open bracket"),
        pytest.param("on the water on the water", "pairs again", 2.0, id="said twice"),
        pytest.param("The boats flo- at.", "hyphens", 1.0, id="hyphen"),
        pytest.param("The boats ofwaterfloat.", "longest unknown", 12.0, id="glued"),
        pytest.param("The boats, on water.Water", "run on", 1.0, id="run on"),
    ],
)
def test_damage_is_counted(text: str, name: str, value: float) -> None:
    """Each sign counts what it names."""
    assert signs(text)[name] == value


@given(st.text(max_size=400))
def test_any_text_has_signs(text: str) -> None:
    """Any text has finite signs, and places within the table."""
    assert len(form(text, KNOWN)) == len(FORM)
    assert np.isfinite(form(text, KNOWN)).all()
    assert all(0 <= place < 64 for place in hashed(order_signs(text), 64))
