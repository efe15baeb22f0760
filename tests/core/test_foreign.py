"""JSON that others wrote: what is read, what is refused, and that whatever is read can be written again."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign import foreign

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-foreign.MAX_WHOLE, foreign.MAX_WHOLE)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.booleans())
def test_good_json_is_read_as_it_stands(value: object, is_ascii: bool) -> None:
    """Whatever can be written is read again, escaped or not."""
    text = json.dumps(value, ensure_ascii=is_ascii)
    assert foreign.read(text) == value
    assert foreign.read(text.encode()) == value


@pytest.mark.parametrize(
    ("given", "why"),
    [
        pytest.param("{", "Expecting", id="half"),
        pytest.param(b"\xff\xfe\xff", "can't decode", id="no text"),
        pytest.param("NaN", "no JSON number", id="no number"),
        pytest.param("[-Infinity]", "no JSON number", id="infinity"),
        pytest.param("1e999", "can be held", id="too great"),
        pytest.param("9" * 5000, "below 2", id="more digits than Python reads"),
        pytest.param(str(2**63), "below 2", id="one too many"),
        pytest.param("[" * 100_000, "too deeply", id="too deep"),
        pytest.param('{"a": 1, "a": 2}', "twice", id="a key twice"),
        pytest.param(r'"\ud800"', "half a character", id="half a character"),
        pytest.param('{"\udc00": 1}', "half a character", id="half a character, unescaped"),
        pytest.param(b'"\xed\xa0\x80"', "half a character", id="half a character, in bytes"),
        pytest.param('"\\ud800"'.encode("utf-16"), "half a character", id="half a character, in UTF-16"),
    ],
)
def test_what_nobody_can_count_on_is_refused(given: str | bytes, why: str) -> None:
    """One kind of error, in words."""
    with pytest.raises(ValueError, match=why):
        foreign.read(given)


def test_what_an_index_writes_is_mended() -> None:
    """A title with half a character is a title; of a key that stands twice the last one counts, as nearly all readers have it."""
    text = r'{"title": "On \ud800 boats \ud83d\ude00", "n": 1, "n": 2}'
    assert foreign.read(text, half_letters="replace", is_strict=False) == {"title": "On ? boats \U0001f600", "n": 2}
    assert foreign.read(b'"On \xed\xa0\x80 boats"', half_letters="replace") == "On ? boats"
    assert foreign.read(r'"\ud800"', half_letters="keep") == "\ud800"
    assert foreign.read(f'{{"seed": {2**64}}}', is_strict=False) == {"seed": float(2**64)}


@pytest.mark.parametrize("value", [None, True, 1.0, "1", [], {}])
def test_a_whole_number_is_nothing_else(value: object) -> None:
    """Truth values and digits in quotes are no numbers."""
    with pytest.raises(ValueError, match="whole number"):
        foreign.whole(value)
    assert foreign.whole(7) == 7


@pytest.mark.parametrize("value", [None, True, 1, [], {}])
def test_a_text_is_nothing_else(value: object) -> None:
    """No number is taken for its digits."""
    with pytest.raises(ValueError, match="expected a text"):
        foreign.text(value)
    assert foreign.text("x") == "x"
