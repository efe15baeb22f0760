"""A paper's date is what its source says, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from sovereign.citing.dates import from_latex


@pytest.mark.parametrize(
    ("tex", "day"),
    [
        (r"\date{March 5, 2021}", date(2021, 3, 5)),
        (r"\date{5th of March 2021}", date(2021, 3, 5)),
        (r"\date{2021-03-05}", date(2021, 3, 5)),
        (r"\date{Spring 2021}", date(2021, 1, 1)),
        (r"\date{Received 1 May 2019; accepted 3 June 2020}", date(2019, 5, 1)),
        (r"\pubyear{2022}\datereceived{17 November 2021}\date{\today}", date(2022, 1, 1)),
        (r"\received{17 November 2021}\accepted{06 August 2022}", date(2022, 8, 6)),
        (r"\copyrightyear{2020}\acmYear{2020}", date(2020, 1, 1)),
        (r"\usepackage[final]{neurips_2023}", date(2023, 1, 1)),
        (r"\usepackage{iclr2024_conference,times}", date(2024, 1, 1)),
        (r"\documentclass{article}\usepackage[version=4]{mhchem}\date{\today}", None),
        ("%\\date{August 28, 2017}\n\\date{}", None),
        (r"\date{99 February 2020}", date(2020, 2, 1)),
        ("", None),
    ],
)
def test_dates(tex: str, day: date | None) -> None:
    """What a class prints, or the year in the name of a conference's style."""
    assert from_latex(tex) == day
