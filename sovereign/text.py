"""Pure questions about text: fold white space, split sentences, locate a quote, escape Markdown. Standard library only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_GUESSED_CHARS = 60
_SPACE = re.compile(r"\s+")
# Control characters but for tab and line break, what turns the line around, and halves of characters, as bytes in names that are no text.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")

# A mark that may end a sentence, the closing quotes, brackets and citations that belong to it, then white space.
_STOP = re.compile(
    r"""(?<![.!?…。！？])[.!?…。！？]++["'”’»)\]}]*+(?:\s?\[\d[\d,;–\- ]*\](?=\s+[A-Z“"(]|\s*$))?(?=\s)|[。！？]+[”’」』）]*"""
)
_LOOK_AHEAD_CHARS = 200
_OPENING = "\"'“‘«([{¿¡"

# Shortened words after which a full stop does not end a sentence, whatever follows.
_NEVER_LAST = frozenset(
    "e.g i.e cf vs viz resp approx ca c.f eq eqs eqn eqns fig figs tab tabs sec secs ref refs ch chap alg thm lem prop def cor app "
    "dr mr mrs ms prof st vol pp p no nos ed eds al. dept univ incl w.r.t s.t a.k.a i.i.d jan feb mar apr jun jul aug sep sept oct nov dec "
    "suppl supp appx est max min avg std dev var temp gen col cols ser art".split()
)
# Shortened words that may stand last: the sentence ends there only when the next word looks like a new sentence.
_MAY_BE_LAST = frozenset("al etc inc ltd corp co jr sr u.s u.k u.n e.u ph.d m.sc b.sc d.c a.m p.m".split())
# Of those above, the ones that are also ordinary words: a full stop after them is taken as a shortening only before a number or capital.
_ONLY_BEFORE_NUMBER = frozenset(
    "no nos fig figs tab tabs sec secs ref refs ch chap alg thm lem prop def cor app art col cols p pp vol eq eqs".split()
)
_ORDINARY = frozenset("no art app max min col mar jun def prop ed st sec ms est co".split())
_STARTERS = frozenset(
    "the a an in on at we our this these those that it its they their he she there here however moreover furthermore thus hence "
    "for to as while when where if since although because after before by with without from both each all some most many one two "
    "first second third finally then next also additionally consequently therefore similarly specifically such other another "
    "under between among given using let note see table figure section results".split()
)


def fold(text: str) -> str:
    """Give the text with every run of white space as one space, none at the ends."""
    return _SPACE.sub(" ", text).strip()


def normal_title(title: str) -> str:
    """Give a title's letters and digits, lower case, without accents: equal for the same title typed twice."""
    plain = unicodedata.normalize("NFKD", title).casefold()
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c))))


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Give the offsets (end exclusive) of each sentence, in order, without white space at either end.

    A blank line always parts two sentences. Together the sentences hold every character that is not white space, so
    nothing of a text is lost by looking at it sentence by sentence. A full stop inside a number, an initial, a shortening
    ("et al.", "Fig. 3", "e.g.") or before a lower-case word ends nothing.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for gap in _PARAGRAPH.finditer(text):
        spans.extend(_in_paragraph(text, start, gap.start()))
        start = gap.end()
    spans.extend(_in_paragraph(text, start, len(text)))
    return tuple(spans)


def _in_paragraph(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if _ends_here(text, begin, stop.start(), stop.end(), end):
            spans.append((begin, stop.end()))
            begin = stop.end()
    spans.append((begin, end))
    return [trimmed for span in spans if (trimmed := _trim(text, *span)) is not None]


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    body = text[start:end]
    left = len(body) - len(body.lstrip())
    size = len(body.strip())
    return (start + left, start + left + size) if size else None


def _ends_here(text: str, begin: int, mark: int, after: int, end: int) -> bool:
    """Say whether the mark at `mark` ends the sentence that began at `begin`; `after` is where its closing signs end."""
    following = text[after : min(end, after + _LOOK_AHEAD_CHARS)].lstrip()
    if not following:
        return True
    head = following.lstrip(_OPENING)[:1]
    if head.islower() and not _is_name_in_lower_case(following):
        return False
    if text[mark] != "." or text[mark : mark + 2] == "..":
        return True
    return _full_stop_ends(text[max(begin, mark - 40) : mark], following, text[mark + 1 : after])


def _is_name_in_lower_case(following: str) -> bool:
    """Whether a lower-case start is a name such as "iPhone" or "mBERT", which may begin a sentence."""
    word = following.split(None, 1)[0].lstrip(_OPENING)
    return any(letter.isupper() for letter in word[1:3])


def _full_stop_ends(before: str, following: str, closing: str) -> bool:
    words = before.split()
    word = re.split(r"[(\[{]", words[-1].lstrip(_OPENING + "-–—~"))[-1] if words else ""  # "in 2022(Fig. 5A)"
    lower = word.casefold()
    following_word = re.split(r"\W", following.lstrip(_OPENING), maxsplit=1)[0]
    if closing.strip():
        return True  # "(see Fig.)" or "et al. [12]." are closed by more than the shortening's own stop
    if re.fullmatch(r"[A-Z](?:\.-?[A-Z])*", word):
        return _initial_ends(word, words, following_word)
    if lower in _NEVER_LAST:
        return _shortening_ends(word, lower, following)
    if lower in _MAY_BE_LAST:
        return following_word.casefold() in _STARTERS and following_word[:1].isupper()
    # "1. First item" at the start of a paragraph is a number, not a sentence.
    return not (len(words) == 1 and re.fullmatch(r"\(?(?:\d{1,2}|[ivx]{1,4}|[a-z])\)?", word))


def _initial_ends(word: str, words: list[str], following_word: str) -> bool:
    """After a single capital: "J. Smith" goes on, "vitamin C. The …" ends."""
    starts_sentence = following_word.casefold() in _STARTERS
    if len(word) > 1:
        return starts_sentence
    return starts_sentence and len(words) > 1 and not words[-2].endswith(".") and word != "A"


def _shortening_ends(word: str, lower: str, following: str) -> bool:
    head = following.lstrip(_OPENING + "#§")[:1]
    if lower in _ORDINARY and word.islower():
        return not head.isdigit()
    if lower in _ONLY_BEFORE_NUMBER:
        return not (head.isdigit() or re.match(r"[(\[]?(?:\d|[A-Z]\b|[A-Z]\.?\d|[IVX]+\b|\?\?)", following))
    return False


def locate(quote: str, text: str, *, start: int = 0) -> tuple[int, int] | None:
    """Give the offsets (end exclusive) of the first place where the quote stands, white space aside; None where it does not.

    Letters must match exactly: no folding of case, ligatures or look-alikes, since a changed letter may change the meaning.
    """
    words = quote.split()
    if not words:
        return None
    found = re.compile(r"\s+".join(map(re.escape, words))).search(text, start)
    return found.span() if found else None


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Give "; did you mean x?" where a known word is close, else nothing."""
    import difflib

    close = difflib.get_close_matches(word, known, n=1) if len(word) <= _GUESSED_CHARS else []
    return f"; did you mean {close[0]}?" if close else ""


def escape_markdown(text: str) -> str:
    """Give text that Markdown and HTML show exactly as it is, on one line."""
    folded = fold(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]#|~$^])", r"\\\1", folded)


def printable(text: str) -> str:
    """Give a text as a terminal may show it: line breaks stay; other control characters, and bytes that are no text, are spelt out."""
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


def counted(number: int, noun: str, plural: str = "") -> str:
    """Give a count with its noun, the one place where a plural is made: "1 paper", "3 papers", "1,200 searches" (plural="searches")."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
