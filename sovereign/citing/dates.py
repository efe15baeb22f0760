r"""When a paper is from, by its own LaTeX source: a date that its class prints, or the year in the name of its conference's style. Pure.

Where the source says \today or nothing, nobody has read a date: None, not the year in which somebody typesets it, nor one that is guessed
from what it cites. What a publisher's template says before anybody fills it in is nobody's date either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from sovereign.citing.identifiers import arxiv_id, arxiv_month

_MONTHS = {
    name: number for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
# What a class prints as the date of publication comes before what it prints as the history of the manuscript.
_COMMANDS = (
    "pubyear|publicationyear|journalyear|jmlryear|copyrightyear|acmYear|confYear|year",
    "published|datepublished|publisheddate|pubdate",
    "accepted|dateaccepted|accepteddate",
    "date|submitted|submitteddate|datesubmitted",
    "received|datereceived|receiveddate|revised|daterevised",
)
_GROUP = r"\s{0,9}\{([^{}]{0,200})\}"
_CONFERENCE = re.compile(
    rf"\\(?:acmConference|conferenceinfo|jmlrproceedings)\s{{0,9}}(?:\[([^\]]{{0,80}})\])?{_GROUP}(?:{_GROUP})?", re.IGNORECASE
)
_UNFILLED = re.compile(r"'XX|Woodstock|acronym|LaTeX Class Files", re.IGNORECASE)
_RIGHTS = re.compile(
    r"\\(?:IEEEpubid|copyrightnotice|toappear|footnotetext|thanks)\s{0,9}\{((?:(?!0000--).){0,300}?)(?:\\(?:text)?copyright\b|©|\(c\)|copyright\b)"
    r"[^\n\d]{0,40}((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = re.compile(rf"\\(?:preprint|arxivnumber)(?![A-Za-z]){_GROUP}", re.IGNORECASE)
_STYLES = (
    "neurips|nips|iclr|icml|acl|emnlp|naacl|eacl|aacl|coling|cvpr|iccv|eccv|wacv|aaai|ijcai|interspeech|icassp|colm|corl|rss|icra|iros|uai|"
    "aistats|kdd|www|sigir|chi|tmlr|jmlr|usenix|conll|lrec|ismir|recsys|cikm|wsdm|vldb|ndss|alt|colt"
)
_VENUE = re.compile(
    r"\\(?:usepackage|documentclass|RequirePackage|documentstyle)\s{0,9}(?:\[[^\]]{0,300}\]\s{0,9})?\{(?:[^{}]{0,80},)?\s{0,9}"
    rf"(?:(?:{_STYLES})(?:[_-]?(?:conference|data|submi\w{{2,6}}|proceedings|ijcnlp|hlt|arxiv|final|review|paper|style|main|workshop)){{0,3}}[_-]?"
    r"((?:19|20)\d\d)|(?:aaai|ijcai|nips)(\d\d))(?!\d)",
    re.IGNORECASE,
)
_YEAR = r"(?<!\d)((?:19|20)\d\d)(?!\d)"


def from_latex(tex: str) -> date | None:
    """Give the day, or the first of the month or year, where the source says it; None where it does not."""
    text = re.sub(r"(?<!\\)%[^\n]*", "", tex)
    return next((day for day in _said(text) if day is not None), None)


def _said(text: str) -> Iterator[date | None]:
    """Yield what a source says of its date, what was printed with it first."""
    for names in _COMMANDS[:2]:
        yield from _printed(names, text)
    for conference in _CONFERENCE.finditer(text):
        if not _UNFILLED.search(conference[0]):
            yield _day(conference[3] or "") or _day(conference[2]) or _in_short(conference[0])
    for rights in _RIGHTS.finditer(text):
        yield date(int(rights[2]), 1, 1)
    for names in _COMMANDS[2:]:
        yield from _printed(names, text)
    for number in _NUMBER.finditer(text):
        yield arxiv_month(arxiv_id(number[1]))
    if venue := _VENUE.search(text):
        yield date(int(venue[1] or 2000 + int(venue[2])), 1, 1)


def _printed(names: str, text: str) -> Iterator[date | None]:
    """Yield the dates in the arguments of commands."""
    for found in re.finditer(rf"\\(?:{names})\s{{0,9}}(?:\[[^\]]{{0,60}}\]\s{{0,9}})?\{{([^{{}}]{{0,200}})\}}", text, re.IGNORECASE):
        yield _day(found[1])


def _in_short(words: str) -> date | None:
    """Give the year of "KDD '20"."""
    year = re.search(r"['’](\d\d)(?!\d)", words)
    return None if year is None else date((1900 if int(year[1]) > 60 else 2000) + int(year[1]), 1, 1)


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
