"""Identifiers are recognised where they stand and written one way."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.citing import identifiers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("http://arxiv.org/abs/2510.14968v1", "2510.14968v1"),
        ("https://arxiv.org/abs/quant-ph/0201082v1", "quant-ph/0201082v1"),
        ("https://arxiv.org/abs/astro-ph/0601001", "astro-ph/0601001"),
        ("https://arxiv.org/pdf/math.AG/0601001v2.pdf", "math.AG/0601001v2"),
        ("arXiv:0808.0539", "0808.0539"),
        ("pdf/2401.06066_DeepSeekMoE.pdf", "2401.06066"),
        ("2401.06066v12.pdf", "2401.06066v12"),
        ("arXiv:1706.03762v7 [cs.CL] 2 Aug 2023", "1706.03762v7"),
        ("10.48550/arXiv.2404.16821", "2404.16821"),
        ("see 2401.06066, 2402.01739", "2401.06066"),
        ("2413.06066", ""),
        ("2400.06066", ""),
        ("12401.06066", ""),
        ("2401.060667", ""),
        ("2401.066", ""),
        ("10.1000/2401.06066.5", "2401.06066"),
        ("version 12.2401.06066", ""),
        ("doi:10.1000/2401.06066x", ""),
        ("q-bio/0401001", "q-bio/0401001"),
        ("q-alg/9501001v1", "q-alg/9501001v1"),
        ("cond-mat.str-el/0601001", "cond-mat.str-el/0601001"),
        ("folder/0601001", ""),
        ("a/0601001", ""),
        ("", ""),
    ],
)
def test_arxiv_numbers(text: str, number: str) -> None:
    """Both schemes, versions, and months that do not exist."""
    assert identifiers.arxiv_id(text) == number


@pytest.mark.parametrize(
    ("number", "base", "version", "month"),
    [
        ("2401.06066v12", "2401.06066", 12, date(2024, 1, 1)),
        ("2401.06066", "2401.06066", 0, date(2024, 1, 1)),
        ("hep-th/9901001v1", "hep-th/9901001", 1, date(1999, 1, 1)),
        ("math/0612001", "math/0612001", 0, date(2006, 12, 1)),
        ("0704.0001", "0704.0001", 0, date(2007, 4, 1)),
        ("", "", 0, None),
        ("file:abc", "file:abc", 0, None),
    ],
)
def test_parts_of_a_number(number: str, base: str, version: int, month: date | None) -> None:
    """Base, version and the month of submission."""
    assert identifiers.arxiv_base(number) == base
    assert identifiers.arxiv_version(number) == version
    assert identifiers.arxiv_month(number) == month


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("https://doi.org/10.1038/S42256-024-00832-8", "10.1038/s42256-024-00832-8"),
        ("http://dx.doi.org/10.1000/x", "10.1000/x"),
        ("doi: 10.1000/x.", "10.1000/x"),
        ("(10.1000/x)", "10.1000/x"),
        ("https://doi.org/10.1890/0012-9658(2006)87%5B2832:tiopma%5D2.0.co;2", "10.1890/0012-9658(2006)87[2832:tiopma]2.0.co;2"),
        ("10.1061/(ASCE)0733-9399(2003)129:1(1)", "10.1061/(asce)0733-9399(2003)129:1(1)"),
        ("(see 10.1061/(ASCE)0733-9399(2003)129:1(1)).", "10.1061/(asce)0733-9399(2003)129:1(1)"),
        ("10.1002/(SICI)1096(1997)387:2<167::AID-CNE1>3.0.CO;2-Z", "10.1002/(sici)1096(1997)387:2<167::aid-cne1>3.0.co;2-z"),
        ("<10.1000/x>", "10.1000/x"),
        ("10.1101/2020.01.01.123456v2.full.pdf", "10.1101/2020.01.01.123456"),
        ("https://doi.org/10.1000/x?casa_token=y", "10.1000/x"),
        ("10.1/x", ""),
        ("no handle", ""),
    ],
)
def test_dois(text: str, wanted: str) -> None:
    """Lower case, without resolver, percent signs resolved, sentence marks off."""
    assert identifiers.doi(text) == wanted


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("https://doi.org/10.48550/arXiv.2404.16821", "2404.16821"),
        ("10.48550/arxiv.hep-th/9901001", "hep-th/9901001"),
        ("10.1000/2404.16821", ""),
    ],
)
def test_arxivs_own_dois(text: str, number: str) -> None:
    """Only 10.48550/arXiv.… stands for an arXiv number."""
    assert identifiers.arxiv_of_doi(text) == number


@given(st.integers(7, 30), st.integers(1, 12), st.integers(0, 99999), st.integers(1, 99), st.text(alphabet=" ()[],:;/\"'\n", max_size=5))
def test_a_number_is_found_between_anything(year: int, month: int, serial: int, version: int, around: str) -> None:
    """Whatever marks surround it."""
    number = f"{year:02d}{month:02d}.{serial:05d}v{version}"

    assert identifiers.arxiv_id(around + number + around) == number
