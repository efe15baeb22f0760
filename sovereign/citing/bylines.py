"""Who wrote a paper, from its own first page: the names in a LaTeX, HTML or plain byline. Pure, standard library only.

A wrong author is worse than none: only what looks like a person's name and stands apart from its neighbours is given, and a byline that
runs names together without a comma (as text out of a PDF does) gives nobody.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import islice

from sovereign.citing.bibliography import plain

MAX_AUTHORS = 200
_PARTICLES = frozenset(
    ["de", "del", "della", "di", "da", "dos", "du", "van", "von", "der", "den", "ter", "la", "le", "las", "bin", "ibn", "al", "el", "y"]
)
_NO_PERSON = re.compile(
    r"\b(?:universit\w*|instit\w*|depart\w*|labs?|laborator\w*|school|college|cent(?:er|re)|faculty|academy|research|sciences?|technolog\w*|"
    r"engineering|program\w*|group|team|inc|ltd|gmbh|corp\w*|google|brain|deepmind|microsoft|meta|openai|nvidia|amazon|facebook|ibm|intel|apple|alibaba|"
    r"tencent|baidu|bytedance|huawei|anthropic|mistral|hospital|foundation|usa|uk|china|germany|france|india|japan|canada|switzerland|"
    r"equal|contribution|corresponding|author|authors|abstract|member|fellow|ieee|acm|preprint|draft|street|city|et)\b",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"(?:(?:[dlDL]['’])?[^\W\d_a-z][^\W\d_]*(?:[-'’][^\W\d_]+)*\.?|[^\W\d_]\.(?:-?[^\W\d_]\.)*)")


def people(segments: Iterable[str]) -> tuple[str, ...]:
    """Give the segments that look like a person's name, in order, each once."""
    names = (re.sub(r"^(?:and|&)\s+", "", " ".join(segment.split())).strip(" .,;:*†‡§¶∗") for segment in segments)
    return tuple(dict.fromkeys(name for name in names if _is_person(name)))[:MAX_AUTHORS]


def _is_person(name: str) -> bool:
    words = name.split()
    if not 2 <= len(words) <= 6 or len(name) > 60 or _NO_PERSON.search(name):
        return False
    if not all(_NAME_WORD.fullmatch(word) or word in _PARTICLES for word in words):
        return False
    return len(words[-1].rstrip(".")) > 1 and any(len(word) > 2 or word.endswith(".") for word in words)


# --- LaTeX ---------------------------------------------------------------------------------------------------------

_DROPPED = re.compile(
    r"\\(?:thanks|Thanks|footnote|footnotemark|footnotetext|orcidID|orcid|orcidlink|email|emailAdd|texttt|url|href|inst|affiliation|affil|address|"
    r"IEEEauthorblockA|IEEEauthorrefmark|institute|institution|vspace|hspace|textsuperscript|altaffilmark|altaffiliation|correspondingauthor|authornote|authornotemark|"
    r"corref|fnref|tnoteref|ead|label|includegraphics|city|country|department|state|postcode)\*?(?![A-Za-z])"
)
_ARGUMENT = re.compile(r"\s*+(\[[^\]]*+\]|\{)")
_BREAKS = re.compile(
    r"\\\\(?:\[[^\]]*\])?|\\(?:and|And|AND|quad|qquad|newline|linebreak|par|hfill|hskip|tabularnewline)(?![A-Za-z])|[,;&\n]\s*\n|[,;&]"
)


def from_latex(tex: str) -> tuple[str, ...]:
    r"""Give the authors that the last `\author` commands of a main file name; several commands are several authors.

    Each group of an `\\and`-parted byline starts with its author; otherwise every segment that looks like a name counts.
    """
    text = re.sub(r"(?<!\\)%[^\n]*", "", tex)
    found: list[str] = []
    for match in islice(re.finditer(r"\\author\s*(?:\[[^\]]{0,200}\]\s*)?\{", text), MAX_AUTHORS):
        found.extend(_byline(_group(text, match.end())))
    return people(found)


def _byline(body: str) -> list[str]:
    body = re.sub(r"\$[^$]*\$|\\\([^)]*\\\)", " ", _without(body))
    groups = re.split(r"\\(?:and|And|AND)(?![A-Za-z])", body)
    if len(groups) > 1:
        firsts = [next((part for part in _segments(group) if part), "") for group in groups]
        if sum(map(_is_person, firsts)) * 2 >= len([first for first in firsts if first]):
            return firsts
    return _segments(body)


def _segments(body: str) -> list[str]:
    body = re.sub(r"\\IEEEauthorblockN(?![A-Za-z])", " ", body)
    return [plain(re.sub(r"\^\S*", "", part)).strip() for part in _BREAKS.split(body)]


def _group(text: str, at: int) -> str:
    """Give what stands in a braced group whose inside starts at a place."""
    depth = 1
    for here in range(at, min(len(text), at + 20_000)):
        if text[here] == "{" and text[here - 1] != "\\":
            depth += 1
        elif text[here] == "}" and text[here - 1] != "\\":
            depth -= 1
            if depth == 0:
                return text[at:here]
    return ""


def _without(body: str) -> str:
    """Give a byline without notes, addresses and marks."""
    while match := _DROPPED.search(body):
        end = match.end()
        while opened := _ARGUMENT.match(body, end):
            end = opened.end()
            if opened[1] == "{":
                end += len(_group(body, end)) + 1
        body = body[: match.start()] + " " + body[max(end, match.end()) :]
    body = re.sub(r"\{\s*\\(?:tt|small|footnotesize|it|em)\b[^{}]*\}", " ", body)
    return re.sub(
        r"\\(?:bf|it|tt|em|rm|sc|small|large|Large|normalsize|normalfont|xspace|textbf|textit|name|centering)(?![A-Za-z])", " ", body
    )


# --- HTML and plain text -------------------------------------------------------------------------------------------


def from_html(page: str) -> tuple[str, ...]:
    """Give the authors of an HTML paper: its citation_author metadata, else the person names that LaTeXML marks."""
    metadata = re.findall(
        r'<meta\s[^<>]{0,300}name="(?:citation_author|dc\.creator)"[^<>]{0,300}content="([^"]{1,200})"', page, re.IGNORECASE
    )
    if metadata:
        return people(_given_first(html.unescape(name)) for name in metadata)
    start = page.find('<div class="ltx_authors">')
    if start < 0:
        return ()
    ends = [end for mark in ('<div class="ltx_abstract"', "<section", "<h2") if (end := page.find(mark, start)) > 0]
    body = page[start : min([*ends, start + 40_000])]
    body = re.sub(r'<span class="ltx_author_notes">.*?(?=<span class="ltx_creator|\Z)', "\n", body, flags=re.DOTALL)
    body = re.sub(r'<span class="ltx_ERROR[^>]*>.*?</span>', "\n", body)
    body = re.sub(
        r"<math\b.{0,3000}?</math>|<sup\b.{0,3000}?</sup>|<br[^>]*>|</span>\s*(?=<span class=\"ltx_creator)", "\n", body, flags=re.DOTALL
    )
    text = html.unescape(re.sub(r"<[^>]*>", "", body))
    return people(re.split(r"[\n,;&]|\s{2,}|\u2003|\u2002", text))


def from_line(line: str) -> tuple[str, ...]:
    """Give the authors of a plain byline whose names are parted by commas; what follows the first affiliation mark is no name.

    Nobody where fewer than four in five of the parts are names: half a list of authors is a wrong list.
    """
    line = re.split(r"\s\d{1,2}\s?(?=[A-Z])|(?<!\S)\S[^\s@]*+@|\{", line)[0]
    parts = [re.sub(r"(?<=[^\W\d_])[\s^]*[*∗†‡§¶\d]+(?:,\d+)*", "", part) for part in re.split(r",(?!\d)|;|\band\b", line)]
    parts = [part for part in parts if part.strip()]
    names = people(parts)
    return names if len(parts) > 1 and len(names) >= 0.8 * len(parts) else ()


def _given_first(name: str) -> str:
    last, comma, first = name.partition(",")
    return f"{first} {last}".strip() if comma else name
