"""Markup in the fields that publishers send is resolved, and scripts are written as the readers write them."""

from __future__ import annotations

import time

import pytest

from sovereign.language.markup import plain

SQUARE = "<mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup>"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("10<sup>6</sup> boats of H<sub>2</sub>O", "10^6 boats of H_2O"),
        ("10<jats:sup>-3</jats:sup> m, x<sub>i</sub><sup>2</sup>", "10^-3 m, x_i^2"),
        ("the 2<sup>nd</sup> of all boats<sup>1,2</sup> float", "the 2nd of all boats float"),
        ("<p>Boats float.</p><p>Ships sink.</p>", "Boats float. Ships sink."),
        ("<jats:title>Abstract</jats:title><jats:p>Boats <jats:italic>float</jats:italic>.</jats:p>", "Abstract Boats float."),
        ("B &amp;amp; C", "B & C"),
        ("&lt;i&gt;E. coli&lt;/i&gt; and 5 &lt; 6", "E. coli and 5 < 6"),
        ("p<q and r>s, a<b", "p<q and r>s, a<b"),
        (f"<mml:math><mml:mrow>{SQUARE}<mml:mo>=</mml:mo><mml:mn>4</mml:mn></mml:mrow></mml:math> holds", "x^2=4 holds"),
        ("<math><mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac></math>", "a/(b+1)"),
        ("<math><msqrt><mi>a</mi></msqrt><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup></math>", "√ax_i^2"),
        (None, ""),
        (5, ""),
    ],
)
def test_plain(value: object, text: str) -> None:
    """Each field as a reader of the page sees it, on one line."""
    assert plain(value) == text


@pytest.mark.parametrize("unit", ["<sup>", "<mrow>", "<mi>x</mi>", "&amp;", "<msup><mi>", "</sub>", "<p "])
def test_hostile_markup_costs_little(unit: str) -> None:
    """Markup that never closes is looked at once."""
    began = time.process_time()
    plain(unit * (200_000 // len(unit)))

    assert time.process_time() - began < 5
