"""Numbers, units and ranges in text, and when two of them agree: tables of cases, and properties over all numbers."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sovereign.language.quantities import Fault, agree, disagree, quantities, refigured

# text -> (value in the base unit, dimension) of every quantity, in order
FOUND = {
    "54.5 %": [("0.545", "ratio")],
    "54.51%": [("0.5451", "ratio")],
    "54.5 percent": [("0.545", "ratio")],
    "fifty percent": [("0.5", "ratio")],
    "3.2 percentage points": [("3.2", "points")],
    "3.2 pp": [("3.2", "points")],
    "1,234 patients": [("1234", "")],
    "1\u202f234\u202f567 rows": [("1234567", "")],
    "1.5k steps": [("1500", "")],
    "175B parameters": [("175000000000", "")],
    "1.5T tokens": [("1500000000000", "")],
    "3 million images": [("3000000", "")],
    "3-million images": [("3000000", "")],
    "$3.5 million": [("3500000", "dollars")],
    "€20": [("20", "euros")],
    "one hundred and twenty patients": [("120", "")],
    "two thousand five hundred samples": [("2500", "")],
    "twenty-five layers": [("25", "")],
    "a hundred samples": [("100", "")],
    "a million tokens": [("1000000", "")],
    "12 layers": [("12", "")],
    "twelve layers": [("12", "")],
    "12-layer network": [("12", "")],
    "3.2 × 10^-5": [("0.000032", "")],
    "3.2 × 10^{-5}": [("0.000032", "")],
    "3.2 x 10(-5)": [("0.000032", "")],
    "3.2×10⁻⁵": [("0.000032", "")],
    "3.2e-5": [("0.000032", "")],
    r"3.2 \times 10^{4}": [("32000", "")],
    "-5.2 °C": [("-5.2", "celsius")],
    "−5.2 degrees Celsius": [("-5.2", "celsius")],
    "0·05": [("0.05", "")],
    "5 ms": [("0.005", "time")],
    "5 milliseconds": [("0.005", "time")],
    "2 hours": [("7200", "time")],
    "90 min": [("5400", "time")],
    "14 days": [("1209600", "time")],
    "2 weeks": [("1209600", "time")],
    "16 GB": [("16000000000", "bytes")],
    "512 MB": [("512000000", "bytes")],
    "8-bit": [("8", "bits")],
    "2.4 GHz": [("2400000000", "frequency")],
    "30 fps": [("30", "rate")],
    "10 mg": [("0.01", "mass")],
    "10 mg/kg": [("0.01", "mass/kg")],
    "10 mg per day": [("0.01", "mass/day")],
    "0.5 µg": [("0.0000005", "mass")],
    "5 mm": [("0.005", "length")],
    "3 nM": [("0.000000003", "concentration")],
    "120 mmHg": [("15998.64", "pressure")],
    "2x faster": [("2", "times")],
    "2× faster": [("2", "times")],
    "2 times": [("2", "times")],
    "twice as fast": [("2", "times")],
    "two-fold": [("2", "times")],
    "twofold": [("2", "times")],
    "a 10-fold increase": [("10", "times")],
    "tripled": [("3", "times")],
    "half of the models": [("0.5", "ratio")],
    "two-thirds of the models": [("0.67", "ratio")],
    "a quarter of the data": [("0.25", "ratio")],
    "5–10 mg": [("0.005", "mass"), ("0.01", "mass")],
    "5--10 mg": [("0.005", "mass"), ("0.01", "mass")],
    "a factor of 1.16-–1.48": [("1.16", ""), ("1.48", "")],
    "5 to 10 mg": [("0.005", "mass"), ("0.01", "mass")],
    "between 5 and 10 ms": [("0.005", "time"), ("0.01", "time")],
    "12, 15 and 18 %": [("0.12", "ratio"), ("0.15", "ratio"), ("0.18", "ratio")],
    "54.5 ± 0.3 %": [("0.545", "ratio"), ("0.003", "ratio")],
    "95% CI 1.2-3.4": [("0.95", "ratio"), ("1.2", ""), ("3.4", "")],
    "in 2019": [("2019", "year")],
    "since 2001, rates fell": [("2001", "year")],
    "2000 patients": [("2000", "")],
    "in the 1980s": [("1980", "year")],
    "1/3 of 20": [("1", ""), ("3", ""), ("20", "")],
    "n=20, p < 0.05": [("20", ""), ("0.05", "")],
    "11 of 34 (32.3%)": [("11", ""), ("34", ""), ("0.323", "ratio")],
    "16k context": [("16000", "")],
    "28.4 BLEU": [("28.4", "")],
    "accuracy of 0.545": [("0.545", "")],
    "several hundred hours": [("360000", "time")],
    "3 GPUs for 2 days": [("3", ""), ("172800", "time")],
    "type 2 diabetes": [("2", "")],
    "100,000 GPU-hours": [("100000", "")],
    "10{,}000 steps": [("10000", "")],
    "~5 ms": [("0.005", "time")],
    "5ms": [("0.005", "time")],
    "1.2–1.4× speedup": [("1.2", "times"), ("1.4", "times")],
}

NAMES = (
    "GPT-4",
    "VQA v2",
    "ResNeXt-101",
    "Mistral 7B",
    "Llama-2-7B",
    "a 7B model",
    "COVID-19",
    "IL-6",
    "p53",
    "5HT",
    "3D",
    "the 2nd layer",
    "top-5",
    "recall@20",
    "v1.2.3",
    "Table 3",
    "Figures 2 and 3",
    "Section 4.1",
    "Eq. (3)",
    "[12]",
    "[3, 4]",
    "[3-7]",
    "(Smith et al., 2020)",
    "Smith et al. (2020)",
    "(Vaswani and Shazeer, 2017)",
    "https://a.org/2020/1",
    "arXiv:2101.00001v2",
    "10.1000/182",
    "Appendix 2",
    "§ 3.2",
    "one of the models",
    "no numbers here",
    "the second layer",
    "H2A.Z",
    "CD4+",
    "x_2",
    "(2) a further point",
)

# claim, passage: every quantity of the claim is borne out
AGREE = (
    ("54.51 %", "54.5 percent"),
    ("54.5 percent", "54.51 %"),
    ("54.5 %", "accuracy of 0.545"),
    ("accuracy of 0.545", "54.5 %"),
    ("accuracy 54.5", "54.5 %"),
    ("54.5 %", "accuracy 54.5 on the test set"),
    ("55 %", "54.51 %"),
    ("5 ms", "0.005 seconds"),
    ("2 weeks", "14 days"),
    ("1 year", "12 months"),
    ("1.5 hours", "90 minutes"),
    ("1.2k samples", "1,200 samples"),
    ("3 million images", "3,000,000 images"),
    ("175 billion parameters", "175B parameters"),
    ("twelve layers", "12 layers"),
    ("12 layers", "twelve layers"),
    ("twice as fast", "a 2x speedup"),
    ("a 2x speedup", "twice as fast"),
    ("a twofold gain", "a 2-fold gain"),
    ("3.2e-5", "3.2 × 10^-5"),
    ("0.000032", "3.2 × 10⁻⁵"),
    ("5 to 10 mg", "5–10 mg"),
    ("more than 50 %", "54.5 %"),
    ("over 1,000 patients", "1,234 patients"),
    ("at least 50 %", "50 %"),
    ("less than 10 ms", "8.2 ms"),
    ("p < 0.05", "p = 0.001"),
    ("about 1,200 patients", "1,234 patients"),
    ("nearly 50 %", "49.1 %"),
    ("40 mg/day", "40 mg of folic acid"),
    ("half of the models", "50 % of them"),
    ("half of the models", "most models"),
    ("two models", "both models"),
    ("in 2001", "in 2001"),
    ("in 2001", "at that time"),
    ("type 2 diabetes", "type 2 diabetes"),
    ("16 GB", "16,000 MB"),
    ("28.4 BLEU", "a BLEU score of 28.4"),
    ("$3.5 million", "3.5 million dollars"),
    ("12 %", "12, 15 and 18 %"),
    ("0.05", "0·05"),
    ("between 5 and 10 ms", "between 5 and 10 ms"),
    ("no number", "12 of them"),
    ("GPT-4 wins", "GPT-3 loses"),
    ("Table 3", "Table 4"),
    ("1,234", "1234"),
    ("two-thirds of the models", "67 % of the models"),
    ("5 attention heads and 6 layers", "6 layers and 5 heads"),
    ("12 hidden layers", "12 layers"),
    ("100 kg", "100 kilograms"),
    ("8 GPUs", "eight GPUs"),
    ("120 patients", "one hundred and twenty patients"),
    ("a 10-fold increase", "increased tenfold"),
)

# claim, passage, fault of the first mismatch
DISAGREE = (
    ("54.5 %", "64.5 %", Fault.MISSING),
    ("accuracy of 54.5 %", "accuracy of 64.5 %", Fault.CONFLICT),
    ("54.6 %", "54.5 %", Fault.MISSING),
    ("12 layers", "24 layers", Fault.CONFLICT),
    ("twelve layers", "24 layers", Fault.CONFLICT),
    ("two layers", "three layers", Fault.CONFLICT),
    ("5 mg", "5 kg", Fault.UNIT),
    ("5 %", "5 percentage points", Fault.UNIT),
    ("5 ms", "5 s", Fault.UNIT),
    ("54 %", "54 patients", Fault.UNIT),
    ("16 GB", "16 MB", Fault.UNIT),
    ("2 hours", "2 days", Fault.UNIT),
    ("10 °C", "10 K", Fault.UNIT),
    ("3 million", "3 billion", Fault.MISSING),
    ("175B parameters", "17B parameters", Fault.CONFLICT),
    ("1,234 patients", "1,243 patients", Fault.CONFLICT),
    ("a 2x speedup", "a 3x speedup", Fault.CONFLICT),
    ("more than 50 %", "45 %", Fault.MISSING),
    ("at least 60 %", "54.5 %", Fault.MISSING),
    ("less than 10 ms", "12 ms", Fault.MISSING),
    ("-5.2 °C", "5.2 °C", Fault.MISSING),
    ("3.2e-5", "3.2e-4", Fault.MISSING),
    ("0.545", "0.645", Fault.MISSING),
    ("trained in 2001", "trained in 2003", Fault.CONFLICT),
    ("type 1 diabetes", "type 2 diabetes", Fault.CONFLICT),
    ("5 to 12 mg", "5–10 mg", Fault.MISSING),
    ("54.5 ± 0.5 %", "54.5 ± 0.3 %", Fault.MISSING),
    ("1 in 5 million", "1 in 2000", Fault.MISSING),
    ("28.4 BLEU", "27.4 BLEU", Fault.CONFLICT),
    ("8 GPUs", "16 GPUs", Fault.CONFLICT),
    ("5 layers", "5 heads and 6 layers", Fault.CONFLICT),
    ("$3.5 million", "$4.5 million", Fault.MISSING),
    ("40 mg/day", "40 mg/kg", Fault.UNIT),
    ("a 40-layer network", "a 48-layer network", Fault.CONFLICT),
    ("1", "0.6", Fault.MISSING),
    ("an error of 2.7", "in month 3", Fault.MISSING),
    ("37 × and more", "37 % and more", Fault.UNIT),
    ("54.5 %", "nothing of the kind", Fault.MISSING),
    ("100 epochs", "200 epochs", Fault.CONFLICT),
    ("10 days", "10 weeks", Fault.UNIT),
    ("about 1,200 patients", "1,500 patients", Fault.CONFLICT),
)


@pytest.mark.parametrize(("text", "expected"), FOUND.items(), ids=FOUND)
def test_finds_every_quantity(text: str, expected: list[tuple[str, str]]) -> None:
    """Each number is read with its value in the base unit and its dimension."""
    found = quantities(text)

    assert [(q.value, q.dimension) for q in found] == [(Decimal(value), dimension) for value, dimension in expected]
    assert all(text[q.start : q.end] == q.text for q in found)


@pytest.mark.parametrize("text", NAMES)
def test_names_are_no_quantities(text: str) -> None:
    """Names, versions, references and citations hold digits and count nothing."""
    assert quantities(text) == ()


@pytest.mark.parametrize(("claim", "passage"), AGREE, ids=[f"{a} = {b}" for a, b in AGREE])
def test_borne_out(claim: str, passage: str) -> None:
    """The same quantity in other words is no mismatch."""
    assert disagree(claim, passage) == ()


@pytest.mark.parametrize(("claim", "passage", "fault"), DISAGREE, ids=[f"{a} ≠ {b}" for a, b, _ in DISAGREE])
def test_not_borne_out(claim: str, passage: str, fault: Fault) -> None:
    """Another value, another unit or no value at all is a mismatch, and says which."""
    found = disagree(claim, passage)

    assert found
    assert found[0].fault is fault


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        pytest.param("We name 1) a method, 2) a test and 2) a tool.", ["“2” against “3”"], id="list number"),
        pytest.param("We name 1) a method, 2) a test and 3) a tool.", [], id="the same"),
        pytest.param("we name 1) a method, 2) a test and 3.0) a tool.", [], id="written otherwise"),
        pytest.param("We name 1) a method and 4) a tool.", [], id="other words"),
    ],
)
def test_a_sentence_repeated_with_another_figure(claim: str, told: list[str]) -> None:
    """Whoever repeats a sentence word for word repeats its list numbers too."""
    assert [str(m) for m in refigured(claim, "We name 1) a method, 2) a test and 3) a tool.")] == told


def test_a_mismatch_names_both_sides() -> None:
    """What a reader is shown: the claim's words and the passage's."""
    assert [str(m) for m in disagree("12 layers and 9 heads", "24 layers")] == ["“12” against “24”", "“9” is not in the passage"]


# --- Properties --------------------------------------------------------------------------------------------------

_values = st.decimals(min_value="0.01", max_value="99999", allow_nan=False, allow_infinity=False, places=2)
_whole = st.integers(min_value=13, max_value=999_999_999)


def _spelt(value: Decimal) -> list[str]:
    """Ways to write one number."""
    plain = f"{value:f}"
    return [
        plain,
        f"{value:,f}",
        f"{value:,f}".replace(",", "\u202f"),
        f"{value:,f}".replace(",", "{,}"),
        f"{value:e}",
        f"{value / 1000:f}k",
    ]


@given(_values, st.data())
def test_every_way_of_writing_agrees(value: Decimal, data: st.DataObject) -> None:
    """A number agrees with itself in any supported spelling."""
    here, there = (data.draw(st.sampled_from(_spelt(value))) for _ in range(2))

    assert disagree(f"a score of {here} on the test", f"a score of {there} on the test") == ()


@given(_values, st.integers(0, 8), st.data())
def test_a_changed_digit_is_a_mismatch(value: Decimal, digit: int, data: st.DataObject) -> None:
    """Swapping one significant digit is always noticed."""
    plain = f"{value:f}"
    place = data.draw(st.sampled_from([i for i, c in enumerate(plain) if c.isdigit()]))
    changed = plain[:place] + str((int(plain[place]) + 1 + digit) % 10) + plain[place + 1 :]
    assume(changed[0] != "0" or changed[1:2] == ".")

    assert disagree(f"reaches {changed} % here", f"reaches {plain} % here")


@given(_whole)
def test_thousands_separators_change_nothing(value: int) -> None:
    """1234567 and 1,234,567 are the same count of the same thing."""
    assume(not 1800 <= value < 2100)
    assert disagree(f"{value} samples", f"{value:,} samples") == ()


@given(st.integers(13, 9_999))
def test_multiples_change_nothing(value: int) -> None:
    """Thousands and millions by letter, word or zeros."""
    forms = [
        f"{value} million samples",
        f"{value}M samples",
        f"{value}000000 samples",
        f"{value},000,000 samples" if value < 1000 else f"{value}M samples",
    ]

    assert all(disagree(a, b) == () for a in forms for b in forms)


@given(
    _values,
    st.sampled_from(["mg", "ms", "GB", "%", "°C", "mm", "Hz"]),
    st.sampled_from(["kg", "days", "MB", "percentage points", "K", "km", "GHz"]),
)
def test_a_changed_unit_is_a_mismatch(value: Decimal, mine: str, other: str) -> None:
    """The same digits with another unit never agree."""
    assume(value)
    assert disagree(f"needs {value} {mine} here", f"needs {value} {other} here")


@given(_values, st.integers(0, 2))
def test_rounding_agrees_with_the_exact_value(value: Decimal, places: int) -> None:
    """A value rounded to fewer places is borne out by the exact one, as long as rounding keeps most of it."""
    rounded = round(value, places)
    assume(rounded and abs(rounded - value) <= value / 10)

    assert disagree(f"reaches {rounded} % here", f"reaches {value} % here") == ()


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    """No text breaks the finder, spans are in order and apart, and a text never disagrees with itself."""
    found = quantities(text)

    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(text[q.start : q.end] == q.text for q in found)
    assert disagree(text, text) == ()


@given(st.text(alphabet="0123456789.,-–%xkMB ()±/^eE×10$msgGB", max_size=60))
def test_any_heap_of_digits_is_read(text: str) -> None:
    """Digits and marks in any order are read in time, and agree with themselves."""
    found = quantities(text)

    assert all(agree(q, q) for q in found)
    assert disagree(text, text) == ()
