"""How a claim and its text are cut before they are weighed, how they are written, and how the answers are joined."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.language.plain import plain
from sovereign.language.premises import STATEMENT_CHARS, around_quote, best, pieces, statements, texts, weakest, windows
from sovereign.model import Probabilities

PLAIN = (
    pytest.param("p < .05 and −.3", "p < 0.05 and -0.3", id="bare points and a minus"),
    pytest.param("1,000 and 2\u202f500 boats", "1000 and 2500 boats", id="grouped"),
    pytest.param("3e8 m/s, 3 × 10⁸, 2.5×10^{-3}", "300000000 m/s, 300000000, 0.0025", id="powers"),
    pytest.param("54 percent, 54 %, 54 per cent", "54%, 54%, 54%", id="percent"),
    pytest.param("3.2B tokens, 40k boats", "3.2 billion tokens, 40 thousand boats", id="multiples"),
    pytest.param("eﬀect of ﬁnal “wax” – it’s", 'effect of final "wax" - it\'s', id="ligatures and quotes"),
    pytest.param("GPT-4, p53, 10.5 and 1e400", "GPT-4, p53, 10.5 and 1e400", id="left alone"),
)


@pytest.mark.parametrize(("written", "read"), PLAIN)
def test_numbers_and_signs_are_read_in_one_way(written: str, read: str) -> None:
    """The verifier reads one notation, whatever the source used."""
    assert plain(written) == read


@given(st.text(max_size=200))
def test_plain_is_plain(text: str) -> None:
    """Any text can be read, and no white space is left at the ends or doubled."""
    read = plain(text)

    assert read == " ".join(read.split())


def test_a_claim_is_its_sentences() -> None:
    """Each sentence by itself; a stub stays with the one before it."""
    assert statements("Wax lengthens the trip. Tar shortens the whole trip. Really so.") == (
        "Wax lengthens the trip.",
        "Tar shortens the whole trip. Really so.",
    )
    assert statements("  ") == ("",)


@given(st.text(alphabet="ab. ", max_size=3000))
def test_no_statement_is_too_long(text: str) -> None:
    """Every word of a claim is in one of its statements, and none is longer than the limit by more than a stub."""
    found = statements(text)

    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(len(one) <= STATEMENT_CHARS for one in found if " " in one[:STATEMENT_CHARS])


def test_a_text_without_spaces_is_cut() -> None:
    """A word of any length has an end."""
    assert pieces("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert [len(one) for one in texts(["y" * 5000])] == [2000, 2000, 1000]


def test_windows_around_a_place() -> None:
    """The sentence before and it, it and the one behind; a quote also under its heading, itself first, nothing twice."""
    assert windows(1, ["a", "b", "c"]) == ("a b", "b c")
    assert windows(0, ["a"]) == ()
    assert around_quote("q", "p", "n", ("Results.", "On  q")) == ("q", "p q", "q n", "Results: q", "On q: q")
    assert around_quote("q", "", "", ("", "")) == ("q",)


def test_the_best_window_and_the_weakest_statement_count() -> None:
    """Of a text the best, of a claim the weakest; what is more refuted than all else decides a claim."""
    good, weak, bad = Probabilities(0.9, 0.05, 0.05), Probabilities(0.2, 0.7, 0.1), Probabilities(0.3, 0.1, 0.6)

    assert best([weak, good, bad]) is good
    assert weakest([good, weak]) is weak
    assert weakest([good, weak, bad]) is bad
