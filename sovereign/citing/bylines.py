"""Who wrote a paper, from its own first page: the names in a LaTeX, HTML or plain byline. Pure, standard library only.

A wrong author is worse than none: only what looks like a person's name and stands apart from its neighbours is given, and a byline that
runs names together without a comma (as text out of a PDF does) gives nobody.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import islice

from sovereign.citing import names
from sovereign.citing.tex_text import plain

MAX_AUTHORS = 200
_NO_PERSON = re.compile(
    r"\b(?:universit\w*|instit\w*|depart\w*|labs?|laborator\w*|school|college|cent(?:er|re)|faculty|academy|research|sciences?|technolog\w*|"
    r"engineering|program\w*|group|team|inc|ltd|gmbh|corp\w*|google|brain|deepmind|microsoft|meta|openai|nvidia|amazon|facebook|ibm|intel|apple|alibaba|"
    r"tencent|baidu|bytedance|huawei|anthropic|mistral|hospital|foundation|usa|uk|china|germany|france|india|japan|canada|switzerland|"
    r"equal|contribution|corresponding|author|authors|abstract|member|fellow|ieee|acm|preprint|draft|street|city|et)\b",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"(?:(?:[dlDL]['’])?[^\W\d_a-z][^\W\d_]*(?:[-'’][^\W\d_]+)*\.?|[^\W\d_]\.(?:-?[^\W\d_]\.)*)")


_AROUND = re.compile(r"^(?:and|&)\s+|\s?\([^()]{0,80}\)?+$")
"""What stands around a name in its segment: the word that joins it to the one before, an address in brackets behind it."""


def people(segments: Iterable[str]) -> tuple[str, ...]:
    """Give the segments that look like a person's name, in order, each once."""
    found = [_AROUND.sub("", " ".join(segment.split())).strip(" .,;:*†‡§¶∗") for segment in segments]
    kept = dict.fromkeys(name for name in found if _is_person(name) or _is_collaboration(name))
    if not kept:
        kept = dict.fromkeys(name for name in found[:1] if _is_team(name))
    return tuple(kept)[:MAX_AUTHORS]


_COLLABORATION = re.compile(r"(?:[^\W\d_][\w'’./-]*\s+){1,7}(?:Collaborations?|Consortium|Investigators|Working Group|Study Group)")
_TEAM = re.compile(r"(?:[^\W\d_][\w'’./-]*\s+){1,5}(?:Team|Group|Initiative|Network|Project)")


def _is_collaboration(name: str) -> bool:
    return len(name) <= 100 and name[:1].isupper() and _COLLABORATION.fullmatch(name) is not None


def _is_team(name: str) -> bool:
    """Whether a name is a team's; only where nobody else is named, since a person's affiliation may end in the same word."""
    return len(name) <= 80 and name[:1].isupper() and _TEAM.fullmatch(name) is not None


def _is_person(name: str) -> bool:
    words = name.split()
    if not 2 <= len(words) <= 6 or len(name) > 60 or _NO_PERSON.search(name):
        return False
    if not all(_NAME_WORD.fullmatch(word) or word in names.PARTICLES for word in words):
        return False
    return len(words[-1].rstrip(".")) > 1 and any(len(word) > 2 or word.endswith(".") for word in words)


# --- LaTeX ---------------------------------------------------------------------------------------------------------

_DROPPED = re.compile(
    r"\\(?:thanks|Thanks|footnote|footnotemark|footnotetext|orcidID|orcid[A-Z]?|orcidlink|email|emailAdd|texttt|url|href|inst|affiliation|affil|address|"
    r"IEEEauthorblockA|IEEEauthorrefmark|institute|institution|vspace|hspace|textsuperscript|altaffilmark|altaffiliation|correspondingauthor|authornote|authornotemark|"
    r"corref|fnref|tnoteref|ead|label|includegraphics|city|country|department|state|postcode|footnotesize|scriptsize|tiny|orcidicon|"
    r"authfn|comma|mailto|homepage|protect|hypersetup|kern|raisebox|resizebox|orcidaffil|orc|ORCID)\*?(?![A-Za-z])"
)
_ARGUMENT = re.compile(r"\s*+(\[[^\]]*+\]|\{)")
_BREAKS = re.compile(
    r"\\&|\\\\(?:\[[^\]]*\])?|\\(?:and|And|AND|quad|qquad|newline|linebreak|par|hfill|hskip|tabularnewline)(?![A-Za-z])|[,;&\n][^\S\n]{0,40}\n|[,;&]|"
    r"(?<!\s)\s++and\s++|\\newauthor(?![A-Za-z])"
)


_COMMAND = re.compile(
    r"\\(?:author\*?|authors|name|icmlauthor|altauthor|collaboration|collab|Author|AUTHOR)\s*(?:\[(?:[^\[\]]|\[[^\[\]]{0,80}\]){0,200}\]\s*){0,2}\{|"
    r"\\author\s+(?=[^\[{][^\n]{0,400}\\endauthor)"
)


def from_latex(tex: str) -> tuple[str, ...]:
    r"""Give the authors that the last `\author` commands of a main file name; several commands are several authors.

    Each group of an `\\and`-parted byline starts with its author; otherwise every segment that looks like a name counts. A paper
    without such a command names them above its abstract, each with the mark of a place: `Ana Quill\textsuperscript{1}`.
    """
    text = re.sub(r"(?<!\\)%[^\n]*", "", tex)
    found: list[str] = []
    for match in islice(_COMMAND.finditer(text), MAX_AUTHORS):
        if match[0].endswith("{"):
            body = _group(text, match.end())
            if match[0].startswith("\\Author"):
                following = re.compile(r"\s{0,40}\{").match(text, match.end() + len(body) + 1)
                body += " " + (_group(text, following.end()) if following else "")
        else:
            body = text[match.end() : text.find("\\endauthor", match.end())]
        found.extend(_byline(_written_out(body, text)))
    return people(found) or people(_marked(text))


_DEFINED = re.compile(r"\\(?:def|(?:re)?newcommand\*?)\s?\{?\\([A-Za-z]{2,40})\}?\s?\{")
_ALONE = re.compile(r"\s*\\([A-Za-z]{2,40})\s*")


def _written_out(body: str, text: str) -> str:
    r"""Give a byline that is a command of the paper's own (`\author{\Authors}`) as what the source defines that to be."""
    alone = _ALONE.fullmatch(body)
    if alone is None:
        return body
    defined = next((found for found in _DEFINED.finditer(text) if found[1] == alone[1]), None)
    return _group(text, defined.end()) if defined else body


_ACCENTED = r"\\[\"'`^~=.](?:\{\\?[a-zA-Z]\}|\\?[a-zA-Z])|\\[cvuHkr]\{[a-zA-Z]\}"
_MARKED = re.compile(rf"((?:[^\n\\{{}},;$]|{_ACCENTED}){{4,60}}?)\s?(?:\\textsuperscript\s?\{{|\$\s?\^)")


def _marked(text: str) -> list[str]:
    """Give what stands before the marks of places, between the beginning of the document and its abstract."""
    head = text.partition("\\begin{document}")[2][:8_000]
    head = re.split(r"\\begin\s?\{abstract|\\section|\\(?:sub)?section\*|\babstract\b", head, maxsplit=1, flags=re.IGNORECASE)[0]
    return [plain(found[1]) for found in _MARKED.finditer(_without_thin_spaces(head))]


def _without_thin_spaces(tex: str) -> str:
    return re.sub(r"(?<!\\)\\[ ,;:!]", " ", tex)


def _byline(body: str) -> list[str]:
    body = re.sub(r"\$[^$]*\$|\\\([^)]*\\\)", " ", _without_thin_spaces(_without(body)))
    groups = re.split(r"\\(?:and|And|AND)(?![A-Za-z])", body)
    if len(groups) > 1:
        firsts = [next((part for part in _segments(group) if part), "") for group in groups]
        if sum(map(_is_person, firsts)) * 2 >= len([first for first in firsts if first]):
            return firsts
    return _segments(body)


def _segments(body: str) -> list[str]:
    body = re.sub(r"(?<![^\s\\{}@])[^\s\\{}@]++@\S*", " ", body)
    body = re.sub(r"\\(?:IEEEauthorblockN|fnm|sur|bfnm|binits|bsnm|spfx|sfx|givenname|surname|firstname|lastname)(?![A-Za-z])", " ", body)
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
    found = people(parts)
    return found if len(parts) > 1 and len(found) >= 0.8 * len(parts) else ()


def _given_first(name: str) -> str:
    last, comma, first = name.partition(",")
    return f"{first} {last}".strip() if comma else name
