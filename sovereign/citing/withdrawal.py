"""The words by which a paper is said to be withdrawn or retracted, by its authors, its publisher or arXiv. Pure."""

from __future__ import annotations

import re

from sovereign.text import fold

_WORK = r"(?:paper|article|submission|manuscript|preprint|work|publication|version|e-?print|report)"
_STRUCK = r"(?:withdrawn|retracted)"
_BE = r"(?:has\s+(?:now\s+)?been|have\s+been|is|was|is\s+being)"
_BY = r"(?:authors?|arxiv|admins?|administrators?|submitters?|publishers?|editors?|journal)"
_WE = r"(?:i|we|the\s+authors?)\s+(?:have\s+|has\s+|hereby\s+|wish\s+to\s+)*+"
# Withdrawn from where it is kept is withdrawn; withdrawn from a conference or from review is sent elsewhere.
_NOT_FROM_A_VENUE = (
    r"(?!\s+from\b(?!\s+(?:the\s+)?(?:arxiv|archive|e-?prints?|publication|public|circulation|ssrn|biorxiv|medrxiv|preprint|this\s+(?:server|site)|"
    r"the\s+(?:literature|record)|literature)))"
)
_WITHDRAWN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:this|the|our)\s+(?:\w+\s+)?{_WORK}\s+{_BE}\s+(?:\w+\s+)?{_STRUCK}\b{_NOT_FROM_A_VENUE}",
        rf"^\W*(?:paper|article|submission|manuscript|preprint)?\s*{_STRUCK}\b{_NOT_FROM_A_VENUE}",
        rf"\b{_WORK}\b[^.;]{{0,40}}?\b{_STRUCK}\s+by\s+(?:the\s+)?{_BY}\b",
        rf"^\W*(?:it\s+(?:is|was|has\s+been)\s+)?{_STRUCK}\s+by\s+(?:the\s+)?{_BY}\b",
        rf"\b{_WORK}\b[^.;]{{0,60}}?\bremoved\s+(?:from\s+arxiv\s+)?by\s+(?:the\s+)?(?:arxiv|admins?|administrators?|publishers?|editors?)\b",
        rf"\barxiv\s+admin\s+note\W+this\s+(?:\w+\s+)?{_WORK}\s+{_BE}\s+(?:removed|{_STRUCK})\b",
        rf"\b{_WE}(?:withdraw|withdrew|withdrawn|retract|retracted)\s+(?:this|the|our)\s+{_WORK}\b{_NOT_FROM_A_VENUE}",
    )
)
_STRUCK_TITLE = re.compile(
    r"\W*(?:(?P<retracted>retracted|retraction)|(?P<withdrawn>withdrawn|withdrawal|temporary\s+removal|removal)|"
    r"(?:notice|statement|note)\s+of\s+(?:(?P<retraction>retraction)|(?P<withdrawal>withdrawal|removal)))"
    r"(?P<kind>\s+(?:article|paper|chapter|notice|note|statement|announcement))?(?:\s+(?:to|for|of))?\s*[:\])–—-]",
    re.IGNORECASE,
)


_NOTICE_TITLE = re.compile(
    r"\W*(?:(?P<retracted>retraction)|withdrawal|removal)\s+(?:notice|note|statement)\s+(?:to|for|of)\b|\W*(?:article\s+(?P<article>retracted)|removed):",
    re.IGNORECASE,
)
_STRUCK_END = re.compile(
    r"[\[(]\s{0,9}(?:(?P<retracted>retracted)|withdrawn)(?:\s+(?:article|paper))?(?:[.,;:][^\[\]()]{0,80})?[\])]\W{0,9}$", re.IGNORECASE
)


def struck_title(title: str) -> str:
    """Give "retracted" or "withdrawn" where a title says so of its own work, or is the notice that says so; empty for any other title.

    Publishers put the word and a colon or brackets before the title: "RETRACTED: …", "[Withdrawn] …", "Retraction Note to: …";
    indexes put it behind: "… (Retracted article. See vol. 3, 2009)".
    """
    found = _STRUCK_TITLE.match(title)
    if not found:
        other = _NOTICE_TITLE.match(title) or _STRUCK_END.search(title)
        return "" if other is None else "retracted" if any(other.groups()) else "withdrawn"
    word = (found["withdrawn"] or "").casefold()
    if word in {"withdrawal", "removal"} and not found["kind"]:
        return ""  # "Withdrawal: a study of alcohol" is no notice
    return "retracted" if found["retracted"] or found["retraction"] else "withdrawn"


def withdrawal_note(text: str) -> str:
    """Give the sentence of a comment or abstract that says its own paper is withdrawn or retracted; empty where none does.

    "Participants withdrawn from the study" and the like do not count: the words must speak of this paper.
    """
    if not re.search(r"withdr|retract|removed", text, re.IGNORECASE):
        return ""
    for sentence in re.split(r"(?<=[.;!])\s+", fold(text)):
        if any(pattern.search(sentence) for pattern in _WITHDRAWN):
            return sentence
    return ""
