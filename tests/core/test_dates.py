"""A paper's date is what its source says, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from sovereign.citing.dates import Dated, from_html, from_latex, newest, told


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
        (r"\bibliographystyle{iclr2024_conference}\date{\today}", date(2024, 1, 1)),
        (r"\bibliographystyle{plainnat2010}", None),
        (r"\doi{10.1101/2020.03.14.991234}", date(2020, 3, 14)),
        (r"\doi{10.1101/gr.12345}", None),
        ("% $Id: boats.tex,v 1.5 2010/03/14 12:00:00 quill Exp $", date(2010, 3, 14)),
        (r"\newcommand{\rev}{$Date: 2011-05-06 10:00:00 +0200 $}", date(2011, 5, 6)),
        ("$x$ of 2010/03/14 and $y$", None),
    ],
)
def test_dates(tex: str, day: date | None) -> None:
    """What a class prints, or the year in the name of a conference's style."""
    assert from_latex(tex) == day


@pytest.mark.parametrize(
    ("tex", "name", "by"),
    [
        (r"\date{March 2021}", "main", "\\date"),
        (r"\usepackage{neurips_2023}", "main", "the name of its conference's style"),
        (r"\acmConference[KDD '20]{26th KDD}{August 23--27, 2020}{Virtual}", "main", "its conference"),
        (r"\date{\today}", "emnlp2020", "the name of its file, its conference's"),
        (r"\date{\today}", "iclr_2019_main", "the name of its file, its conference's"),
        (r"\date{\today}", "boats2020", ""),
        (r"\date{\today}", "main", ""),
    ],
)
def test_what_says_so(tex: str, name: str, by: str) -> None:
    """Each date says where it comes from; a year in any other file's name is none."""
    found = told(tex, name)

    assert (found.by if found else "") == by


@pytest.mark.parametrize(
    ("page", "day"),
    [
        ('<meta name="citation_publication_date" content="2021/03/14">', date(2021, 3, 14)),
        ('<meta content="2021-03" property="article:published_time">', date(2021, 3, 1)),
        ('<meta name="DC.Date.issued" content="2021">', date(2021, 1, 1)),
        ("<div>arXiv:2004.14974v6 [cs.CL] 03 Oct 2020</div>", date(2020, 4, 1)),
        ("<p>As arXiv:2004.14974v6 shows, in 2021</p>", None),
        ('<meta name="viewport" content="width=2021">', None),
    ],
)
def test_dates_of_pages(page: str, day: date | None) -> None:
    """A page is dated by its metadata or by arXiv's stamp, not by what it cites."""
    found = from_html(page)

    assert (found.day if found else None) == day
    assert found is None or isinstance(found, Dated)


def test_the_newest_work_cited() -> None:
    """That a paper is not older than what it cites is known, and is no date of it; numbers that look like years are none."""
    assert newest(("Quill. Boats. 2010.", "Reed. Wax. J. Boats 5:2019-2031, 2012.", "arXiv:2101.00001")) == 2012
    assert newest(()) is None
