"""TeX's marks in abstracts, as readers expect to see them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.exports.teller import runs
from sovereign.exports.untex import escape_shown, groups, pieces, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(r"an error of 25.45\% at 23\,dB", "an error of 25.45% at 23 dB", id="signs"),
        pytest.param(r"\textit{IceBench} and \textbf{\emph{most} of} it", "IceBench and most of it", id="typefaces"),
        pytest.param(r"of {\em tasks} at 360{\deg}", "of tasks at 360°", id="old typeface and a symbol"),
        pytest.param(r"B\'ezier, na\"ive, Mah\=an\={a}ma, a\~nos, \c{c}a", "Bézier, naïve, Mahānāma, años, ça", id="accents"),
        pytest.param(
            "``Dark SLAM,'' the first -- of its kind, 1K--32K", "“Dark SLAM,” the first – of its kind, 1K–32K", id="quotes and dashes"
        ),
        pytest.param(
            r"\href{https://x.example/a}{our code} at~\url{https://x.example/~me}", "our code at https://x.example/~me", id="links"
        ),
        pytest.param(r"Toker et al.~(2024) took 5~10 steps, ~20% more", "Toker et al. (2024) took 5~10 steps, ~20% more", id="tildes"),
        pytest.param(r"less than \$2,000", "less than $2,000", id="money"),
        pytest.param(r"\ours beats \name{} by --8 points", r"\ours beats \name{} by --8 points", id="what it does not know"),
        pytest.param(
            r"beyond \(\text{TC}^0\) and $46.7\%$ of $a~b_1$", r"beyond $\text{TC}^0$ and $46.7\%$ of $a~b_1$", id="formulas stay TeX"
        ),
    ],
)
def test_what_abstracts_hold_is_shown_as_expected(text: str, expected: str) -> None:
    """Signs, typefaces, accents, quotes, dashes and links are read; the rest stays as it stands."""
    assert shown(text) == expected


def test_formulas_are_told_from_words() -> None:
    r"""A formula in \(…\) is a formula like one in dollars."""
    assert pieces(r"at \(x^2\) or $k=2$.") == (("at ", False), ("$x^2$", True), (" or ", False), ("$k=2$", True), (".", False))
    assert escape_shown(r"\(x^2\)") == '<span class="sv-math">&#36;x&#94;2&#36;</span>'


def test_a_marked_number_keeps_its_command_together() -> None:
    """A number inside a typeface command is marked with it, so that no half of the command is shown."""
    text = r"It reaches \textbf{46.7\%} on the set."
    assert groups(text) == ((11, 26),)

    cut = runs(text, "It reaches 46.7% on the set.")

    assert "".join(piece for piece, _ in cut) == text
    assert [shown(piece) for piece, is_marked in cut if is_marked] == ["46.7%"]


@given(st.text(alphabet=st.sampled_from("ab1 \\{}~`'\"-%$&_^emphtextbf()"), max_size=60))
def test_no_text_makes_markup(text: str) -> None:
    """Whatever the marks, what is shown is escaped; only formulas are elements."""
    assert "<" not in escape_shown(text).replace('<span class="sv-math">', "").replace("</span>", "")
