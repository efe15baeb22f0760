r"""When a paper is from, by its own source: a date that its class or its page prints, the year in its conference's name. Pure.

Where the source says \today or nothing, nobody has read a date: None, not the year in which somebody typesets it, nor one that is guessed
from what it cites: of that only follows that it is not older (`newest`). A date that stands in a comment is none, and what a publisher's
template says before anybody fills it in is nobody's date either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
    r"\\(?:usepackage|documentclass|RequirePackage|documentstyle|bibliographystyle)\s{0,9}(?:\[[^\]]{0,300}\]\s{0,9})?\{(?:[^{}]{0,80},)?\s{0,9}"
    rf"(?:(?:{_STYLES})(?:[_-]?(?:conference|data|submi\w{{2,6}}|proceedings|ijcnlp|hlt|arxiv|final|review|paper|style|main|workshop)){{0,3}}[_-]?"
    r"((?:19|20)\d\d)|(?:aaai|ijcai|nips)(\d\d))(?!\d)",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_PREPRINT = re.compile(r"\\(?:doi|DOI|acmDOI|articledoi)\s{0,9}\{[^{}]{0,60}?10\.1101/((?:19|20)\d\d)\.(\d\d)\.(\d\d)\.\d")
"""DOIs of preprints at bioRxiv and medRxiv begin with the day on which they came out."""
_VERSIONED = re.compile(r"\$(?:Date|Id|LastChangedDate|Header)(?:::?|\s)[^$\n]{0,120}?((?:19|20)\d\d[/-]\d\d[/-]\d\d)[^$\n]{0,120}\$")
_FILE = re.compile(rf"(?:{_STYLES})[_-]?((?:19|20)\d\d)(?:[_-]?(?:paper|main|final|camera|arxiv|submission))?", re.IGNORECASE)
_META = re.compile(
    r"<meta\s[^<>]{0,200}?(?:name|property)\s{0,3}=\s{0,3}[\"'](citation_publication_date|citation_date|citation_online_date|dc\.date(?:\.issued)?|"
    r"prism\.publicationdate|article:published_time)[\"'][^<>]{0,300}>",
    re.IGNORECASE,
)
_CONTENT = re.compile(r"content\s{0,3}=\s{0,3}[\"']([^\"']{4,40})[\"']", re.IGNORECASE)
_STAMP = re.compile(r"arXiv:\s?(\d{4}\.\d{4,5}v\d{1,2})\s{0,9}\[")
_YEARS = re.compile(r"(?<![\d./-])((?:19|20)\d\d)(?![\d/]|-\d{3})")
_YEAR = r"(?<!\d)((?:19|20)\d\d)(?!\d)"


@dataclass(frozen=True, slots=True)
class Dated:
    """A day, or the first of a month or year, and what says it, in words."""

    day: date
    by: str


def from_latex(tex: str) -> date | None:
    """Give the day, or the first of the month or year, where the source says it; None where it does not."""
    found = told(tex)
    return found.day if found else None


def told(tex: str, name: str = "") -> Dated | None:
    """Give the date that a source says, and where; None where it does not. `name` is its file's, which may be its conference's."""
    text = _COMMENT.sub("", tex)
    return next((found for found in (*_said(text), *_stamped(tex), *_named(name)) if found is not None), None)


def from_html(page: str) -> Dated | None:
    """Give the date of publication in the metadata of a page, or in arXiv's stamp on it."""
    head = page[:200_000]
    for found in _META.finditer(head):
        if (content := _CONTENT.search(found[0])) and (day := _day(content[1].replace("/", "-"))):
            return Dated(day, f"the page's own “{found[1]}”")
    if (stamp := _STAMP.search(head)) and (month := arxiv_month(arxiv_id(stamp[1]))):
        return Dated(month, "arXiv's stamp")
    return None


def newest(references: Iterable[str]) -> int | None:
    """Give the year of the newest work that a list names: the paper is not older, which is no date of it."""
    years = [int(year) for entry in references for year in _YEARS.findall(entry)]
    return max((year for year in years if year <= date.max.year), default=None)


def _said(text: str) -> Iterator[Dated | None]:
    """Yield what a source says of its date, what was printed with it first."""
    for names in _COMMANDS[:2]:
        yield from _printed(names, text)
    for conference in _CONFERENCE.finditer(text):
        if not _UNFILLED.search(conference[0]):
            yield _dated(_day(conference[3] or "") or _day(conference[2]) or _in_short(conference[0]), "its conference")
    for rights in _RIGHTS.finditer(text):
        yield Dated(date(int(rights[2]), 1, 1), "its line of rights")
    for names in _COMMANDS[2:]:
        yield from _printed(names, text)
    for number in _NUMBER.finditer(text):
        yield _dated(arxiv_month(arxiv_id(number[1])), "its arXiv number")
    for stamp in _PREPRINT.finditer(text):
        yield _dated(_day("-".join(stamp.groups())), "its DOI")
    if venue := _VENUE.search(text):
        yield Dated(date(int(venue[1] or 2000 + int(venue[2])), 1, 1), "the name of its conference's style")


def _stamped(tex: str) -> Iterator[Dated | None]:
    """Yield the day on which a system of versions last kept the file, which it wrote into it."""
    for found in _VERSIONED.finditer(tex):
        yield _dated(_day(found[1].replace("/", "-")), "its version's stamp")


def _named(name: str) -> Iterator[Dated | None]:
    if venue := _FILE.fullmatch(name):
        yield Dated(date(int(venue[1]), 1, 1), "the name of its file, its conference's")


def _printed(names: str, text: str) -> Iterator[Dated | None]:
    """Yield the dates in the arguments of commands."""
    for found in re.finditer(rf"\\({names})\s{{0,9}}(?:\[[^\]]{{0,60}}\]\s{{0,9}})?\{{([^{{}}]{{0,200}})\}}", text, re.IGNORECASE):
        yield _dated(_day(found[2]), f"\\{found[1]}")


def _dated(day: date | None, by: str) -> Dated | None:
    return Dated(day, by) if day is not None else None


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
