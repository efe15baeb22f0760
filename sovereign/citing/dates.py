r"""When a paper is from, by its own LaTeX source: a date that its class prints, or the year in the name of its conference's style. Pure.

Where the source says \today or nothing, nobody has read a date: None, not the year in which somebody typesets it.
"""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
# What a class prints as the date of publication comes before what it prints as the history of the manuscript.
_COMMANDS = (
    "pubyear|publicationyear|journalyear|jmlryear|copyrightyear|acmYear",
    "published|datepublished|publisheddate|pubdate",
    "accepted|dateaccepted|accepteddate",
    "date|Date|submitted|submitteddate|datesubmitted",
    "received|datereceived|receiveddate|revised|daterevised",
)
_VENUE = re.compile(
    r"\\(?:usepackage|documentclass)\s{0,9}(?:\[[^\]]{0,300}\]\s{0,9})?\{(?:neurips|nips|iclr|icml|acl|emnlp|naacl|eacl|aacl|coling|cvpr|"
    r"iccv|eccv|wacv|aaai|ijcai|interspeech|icassp|colm|corl|rss|icra|iros|uai|aistats|kdd|www|sigir|chi|tmlr|jmlr)[a-z]{0,12}[_-]?"
    r"((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_YEAR = r"(?<!\d)((?:19|20)\d\d)(?!\d)"


def from_latex(tex: str) -> date | None:
    """Give the day, or the first of the month or year, where the source says it; None where it does not."""
    text = re.sub(r"(?<!\\)%[^\n]*", "", tex)
    for names in _COMMANDS:
        for found in re.finditer(rf"\\(?:{names})\s{{0,9}}(?:\[[^\]]{{0,60}}\]\s{{0,9}})?\{{([^{{}}]{{0,200}})\}}", text):
            if (day := _day(found[1])) is not None:
                return day
    venue = _VENUE.search(text)
    return date(int(venue[1]), 1, 1) if venue else None


def _day(words: str) -> date | None:
    year = re.search(_YEAR, words)
    if year is None:
        return None
    iso = re.search(r"(?<!\d)((?:19|20)\d\d)-(\d{1,2})(?:-(\d{1,2}))?(?!\d)", words)
    if iso:
        return _made(int(iso[1]), int(iso[2]), int(iso[3] or 1))
    month = next((_MONTHS[m[:3].casefold()] for m in re.findall(r"[A-Za-z]{3,9}", words) if m[:3].casefold() in _MONTHS), 1)
    day = re.search(r"(?<![\d/.])([0-3]?\d)(?:st|nd|rd|th)?(?![\d/.])", words.replace(year[0], " ", 1))
    return _made(int(year[1]), month, int(day[1]) if day and month and re.search(r"[A-Za-z]{3}", words) else 1)


def _made(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 1, 1)
