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
        (r"\usepackage{emnlp-ijcnlp-2019}", date(2019, 1, 1)),
        (r"\usepackage{times,neurips_data_2021}", date(2021, 1, 1)),
        (r"\usepackage{aaai21}", date(2021, 1, 1)),
        (r"\usepackage{nips15submit_e,times}", date(2015, 1, 1)),
        (r"\usepackage{mystyle2012}\usepackage{chicago2008}", None),
        (r"\def\confYear{CVPR 2021}", date(2021, 1, 1)),
        (r"\acmConference[KDD '20]{26th KDD}{August 23--27, 2020}{Virtual}", date(2020, 8, 23)),
        (r"\acmConference[Conference acronym 'XX]{Make sure to enter the title}{June 03--05, 2018}{Woodstock, NY}", None),
        (r"\conferenceinfo{WWW'13,}{May 13, 2013, Rio de Janeiro, Brazil.}", date(2013, 5, 13)),
        (r"\conferenceinfo{KDD '08}{Las Vegas}", date(2008, 1, 1)),
        (r"\CopyrightYear{2012}", date(2012, 1, 1)),
        (r"\IEEEpubid{978-1-7281-0000-0/20/\$31.00~\copyright~2020 IEEE}", date(2020, 1, 1)),
        (r"\IEEEpubid{0000--0000/00\$00.00~\copyright~2021 IEEE}", None),
        (r"\footnotetext{Copyright \copyright\ 2011 by the author(s).}", date(2011, 1, 1)),
        (r"\preprint{arXiv:1907.01234}\date{\today}", date(2019, 7, 1)),
        (r"\preprint{UCI-TR-2017-12}", None),
        (r"\Received{March 3, 2017}", date(2017, 3, 3)),
        (r"\jmlrproceedings{UAI 2020}{Proceedings}", date(2020, 1, 1)),
    ],
)
def test_dates(tex: str, day: date | None) -> None:
    """What a class prints, or the year in the name of a conference's style."""
    assert from_latex(tex) == day
