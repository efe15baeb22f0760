"""What stands between quotation marks stands so in the paper; what was left out is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.citing.quotation import quotation
from sovereign.language.findings import bare
from sovereign.text import fold


def _claim(sentence: str) -> str:
    """Give a sentence's words as a claim has them: without its tie, its pointers and its small first letter."""
    words = fold(bare(fold(sentence)))
    return words[:1].upper() + words[1:]


@pytest.mark.parametrize(
    ("sentence", "quoted"),
    [
        pytest.param("Wax helps boats.", "“Wax helps boats.”", id="whole"),
        pytest.param("Wax\n  helps boats.", "“Wax helps boats.”", id="white space"),
        pytest.param("Therefore, wax helps boats.", "“[…] wax helps boats.”", id="a tie"),
        pytest.param("However, as shown in Figure 2, the error is small.", "“[…] the error is small.”", id="two ties"),
        pytest.param("The trend is reversed for H3 (Figure 3B).", "“The trend is reversed for H3 […].”", id="a pointer at the end"),
        pytest.param("We find that it holds (see Fig. 3), as before.", "“We find that it holds […], as before.”", id="a pointer inside"),
        pytest.param("iPhone users rise in number.", "“iPhone users rise in number.”", id="a name in lower case"),
    ],
)
def test_words_left_out_are_shown(sentence: str, quoted: str) -> None:
    """A claim's words stand in marks as the paper has them, with […] where the claim leaves words out."""
    assert quotation(_claim(sentence), sentence) == quoted


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param("Wax makes boats last.", "Wax helps boats.", id="other words"),
        pytest.param("The drug does help.", "The drug does not help.", id="a word that changes the meaning"),
        pytest.param("Wax helps boats.", "", id="no sentence"),
    ],
)
def test_other_words_stand_without_marks(words: str, sentence: str) -> None:
    """Words that no reader of papers leaves out, and words that the paper has not, are no quotation."""
    assert quotation(words, sentence) == words


@given(
    st.lists(
        st.sampled_from(["Therefore,", "However,", "wax", "helps", "(Fig. 2)", "boats", "not", "(see Table 3),", "x = 2."]), max_size=9
    )
)
def test_every_piece_of_a_quotation_stands_in_the_sentence(pieces: list[str]) -> None:
    """What stands between the marks, […] aside, stands in the sentence, in this order."""
    sentence = " ".join(pieces)
    told = quotation(_claim(sentence), sentence)

    at = 0
    for piece in told.strip("“”").split("[…]") if told.startswith("“") else ():
        at = sentence.index(piece.strip(), at) + len(piece.strip())
