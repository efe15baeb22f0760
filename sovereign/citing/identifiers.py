"""Identifiers of papers in text: arXiv numbers and DOIs, recognised and written one way. Pure, standard library only."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote

# https://info.arxiv.org/help/arxiv_identifier.html: YYMM.NNNN until 2014, YYMM.NNNNN since 2015; before April 2007 archive/YYMMNNN.
_NEW = r"(?<!\d)(?<!\d\.)(?:\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v[1-9]\d{0,2})?(?![^\W_])"
# The archives of that time, https://arxiv.org/archive/, those that were merged into others among them.
_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|"
    "hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|q-fin|quant-ph|solv-int|"
    "stat|supr-con"
)
_OLD = rf"(?<![\w-])(?:(?:{_ARCHIVES})(?:\.[A-Za-z-]{{2,8}})?/\d{{2}}(?:0[1-9]|1[0-2])\d{{3}})(?:v[1-9]\d{{0,2}})?(?!\d)"
_ARXIV = re.compile(f"(?:{_NEW})|(?:{_OLD})")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PAGE = re.compile(r"(?:(?<=\d)v\d{1,2}(?=\.full|\.abs))?(?:\.full(?:-text|\.pdf)?|\.abstract|\.pdf)$", re.IGNORECASE)
"""What a site adds to a DOI in the address of the page or file: 10.1101/2020.01.01.123456v2.full.pdf."""


def arxiv_id(text: str) -> str:
    """Give the first arXiv identifier in a text, with its version where it has one; empty where there is none."""
    found = _ARXIV.search(text)
    return found[0] if found else ""


def arxiv_base(identifier: str) -> str:
    """Give an arXiv identifier without its version."""
    return re.sub(r"v\d+$", "", identifier)


def arxiv_version(identifier: str) -> int:
    """Give the version number in an arXiv identifier; 0 where none is written."""
    found = re.search(r"v(\d+)$", identifier)
    return int(found[1]) if found else 0


def arxiv_month(identifier: str) -> date | None:
    """Give the first day of the month in which an arXiv number was given out; None where it is no arXiv number."""
    found = re.search(r"(?:^|/)(\d{2})(\d{2})(?=[.\d])", identifier)
    if not found or not 1 <= int(found[2]) <= 12:
        return None
    year = int(found[1])
    return date(1900 + year if year >= 91 and "/" in identifier else 2000 + year, int(found[2]), 1)


def doi(text: str) -> str:
    """Give the first DOI in a text, lower case and without resolver or prefix; empty where there is none.

    DOIs compare without regard to case (https://www.doi.org/doi-handbook/HTML/case-sensitivity.html).
    """
    found = _DOI.search(unquote(text))
    return _PAGE.sub("", _trimmed(found[0].partition("?")[0])).lower() if found else ""


def _trimmed(handle: str) -> str:
    """Give a DOI without the signs of the sentence around it; a closing bracket whose opening one it holds is its own."""
    while handle:
        last = handle[-1]
        opening = {")": "(", "]": "[", "}": "{", ">": "<"}.get(last)
        if last not in ".,;\"'" and (opening is None or handle.count(opening) >= handle.count(last)):
            return handle
        handle = handle[:-1]
    return handle


def arxiv_of_doi(text: str) -> str:
    """Give the arXiv identifier that a DOI of arXiv's own stands for (10.48550/arXiv.…); empty for any other DOI."""
    found = _ARXIV_DOI.fullmatch(doi(text))
    return arxiv_id(found[1]) if found else ""
