"""What must not change between a claim and the words it rests on, numbers aside: named things, direction, negation.

A name here is a word that carries a capital inside, two capitals, or a digit: acronyms, models, data sets, genes (GPT-4,
VQA, ResNeXt-101, IL-6, p53, 7B). Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from sovereign.language.lexical import STOP_WORDS
from sovereign.language.terms import stem

_WORD = re.compile(r"[^\W_]+(?:[-+/.@'’][^\W_]+)*\+{0,2}")
_NAME = re.compile(r"(?=.*[^\W\d_])(?:[\W\d_]*+[^\W\d_].*\d|\D*+\d.*[^\W\d_]|[^A-Z]*+[A-Z].*[A-Z]|[^a-z]*+[a-z].*[A-Z]|[A-Z]$)")
_NOT_NAMES = re.compile(
    r"\d+(?:st|nd|rd|th|s|x|k|fold)?|\d[\d.,/+-]*(?:-[a-z]+)+|(?:[A-Z]?[a-z]+-)*[A-Z]?[a-z]+(?:-[A-Z]?[a-z]+)+"
    r"|[AI]|[IVX]+|e\.g|i\.e|vs|et|al",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:['’]s|(?:-[a-z]{3,40}){1,9})$")  # "Sf1-expressing" names Sf1
_PART = re.compile(r"[^\W_]+(?:\.\d+)*")
_PAIRED = re.compile(r"((?:[^\W\d_][\w-]{0,60}\s{1,9}){1,6})\(\s{0,9}([A-Za-z][\w-]{1,9}?)s?\s{0,9}[),;]")
_DENIALS = "no not never none neither nor cannot without fail fails failed unable non"
_NEGATIONS = frozenset(_DENIALS.split())
_DOUBTS = "may might could possibly potentially perhaps probably likely seemingly seem seems appear appears sometimes partly partially some"
_HEDGES = frozenset(_DOUBTS.split())
_NO_DENIAL = re.compile(
    r"\bnot only\b|\bnot just\b|\b(?:no|not|never|cannot|without)\s(?:[a-z]+\s){0,3}(?=(?:more|less|fewer|later"
    r"|earlier|longer|higher|lower) than\b|exceed)"
    r"|\bno (?:later|fewer|less|more) than\b|\bnot all\b|\bno doubt\b|\bnon-?parametric\b",
    re.IGNORECASE,
)
"""Words of denial that deny nothing of what stands behind them: they add to it, or set a bound, which the numbers have."""
_ALL_BUT = re.compile(r"\b(?:every|all|each|everyone|everything)(?:\s[\w-]+){0,3}?\sbut\b(?!\s(?:not|also)\b)", re.IGNORECASE)
_SAME_AS_DENIED = frozenset(
    map(
        stem,
        "unchanged unaffected unaltered same constant equal equally few hardly scarcely barely rarely seldom only"
        " until except excluding lack lacks lacking"
        " absent absence free missing avoid avoids avoided prevent refuse miss misses other un besides instead"
        " disappear vanish stop without zero"
        " least most unless impossible unlike remain remained exception difference".split(),
    )
)
"""Words by which a text says without a denial what another one says with it: "unchanged" for "not changed". A guess; it spares a veto."""
_CONTRACTED = re.compile(r"n['’]t\b", re.IGNORECASE)

NEARLY_EQUAL = 0.85
"""Similarity of two texts' words (difflib's ratio) from which they are compared place by place."""

# Words whose exchange turns a statement round; each line is one scale, its two ends parted by " | ".
_SCALES = """
increase rise grow raise elevate enhance gain | decrease fall decline reduce lower drop diminish
improve | worsen degrade impair
upregulate | downregulate
expand accelerate | shrink decelerate
higher greater larger more bigger | lower smaller fewer less
outperform exceed surpass beat | underperform
better superior best | worse inferior worst
faster quicker | slower
high | low
positive positively | negative negatively
activate induce promote stimulate facilitate enable | inhibit suppress block prevent hinder repress
with | without
before | after
above | below
benefit beneficial | harm harmful
significant significantly | insignificant insignificantly nonsignificant
sufficient | insufficient
effective | ineffective
efficient | inefficient
sensitive | insensitive
dependent | independent
stable | unstable
likely | unlikely
able | unable
same similar identical | different dissimilar
early earlier | late later
strong stronger strengthen | weak weaker weaken
presence present | absence absent
most majority | minority few
always | never rarely
all every | none
longer long lengthen | shorter short shorten
upper | lower
maximum maximize | minimum minimize
include | exclude
cause | prevent
accept support confirm | reject refute contradict
success succeed | failure fail
protect | expose
"""  # fmt: skip


def _ends(scales: str) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    sides = (line.split(" | ") for line in scales.strip().splitlines())
    return tuple((frozenset(map(stem, a.split())), frozenset(map(stem, b.split()))) for a, b in sides)


_ENDS = _ends(_SCALES)


@dataclass(frozen=True, slots=True)
class Turn:
    """A word of the claim against its opposite in the passage; for a negation, the words that differ.

    Attributes:
        is_hedge: The claim only leaves out what the passage hedges with, which overstates it and does not oppose it.
    """

    claimed: str
    found: str
    is_hedge: bool = False

    def __str__(self) -> str:
        if self.is_hedge:
            return f"“{self.found}” is left out"
        return f"“{self.claimed or 'no negation'}” against “{self.found or 'no negation'}”"


def names(text: str) -> tuple[str, ...]:
    """Give the named things of a text in order, each once, as written."""
    found = (_TAIL.sub("", word.rstrip(".'’")) for word in _WORD.findall(text))
    return tuple(dict.fromkeys(word for word in found if _NAME.match(word) and not _NOT_NAMES.fullmatch(word)))


def unnamed(claim: str, passage: str) -> tuple[str, ...]:
    """Give the claim's names that the passage does not have, whatever their hyphens, case and plural; abbreviations count as their words.

    An abbreviation is borne out when the passage spells it ("mixture of experts" for MoE), or when the claim or the passage
    itself introduces it in brackets.
    """
    wanted = names(claim)
    if not wanted:
        return ()
    there = _joined(passage)
    initials = _initials(passage)
    pairs = {_bare(short): _bare(long) for long, short in _PAIRED.findall(claim) if _is_spelt(_bare(short), _initials(long))}
    pairs |= {_bare(short): _bare(long) for long, short in _PAIRED.findall(passage)}
    missing = []
    for name in wanted:
        key = _bare(name)
        forms = (key, key.removesuffix("s"), pairs.get(key, key))
        if any(form in there or f"{form}s" in there for form in forms) or _is_spelt(key.removesuffix("s"), initials):
            continue
        missing.append(name)
    return tuple(missing)


def turned(claim: str, passage: str) -> Turn | None:
    """Give the word by which a passage says the opposite of the claim, or None.

    The claim holds one end of a scale and the passage the other, or one of the two is negated, and in both places the same
    content word stands beside. The caller decides whether the two are close enough to be compared (lexical.coverage).
    """
    mine, theirs = _ordered(claim), _ordered(passage)
    if exchanged := _exchanged(mine, theirs):
        return exchanged
    for left, right in _ENDS:
        for near, far in ((left, right), (right, left)):
            here, there = _holders(mine, near), _holders(theirs, far)
            if here and there and not _holders(mine, far) and not _holders(theirs, near) and _beside(mine, here) & _beside(theirs, there):
                return Turn(mine[here[0]][0], theirs[there[0]][0])
    denied_here, denied_there = _denied(mine), _denied(theirs)
    if bool(denied_here) == bool(denied_there):
        return None
    denying, other = ({stem for _, stem in words} for words in ((mine, theirs) if denied_here else (theirs, mine)))
    if (other & _SAME_AS_DENIED) - denying:  # "all but newsprint" says of newsprint what "not newsprint" does
        return None
    stems = {word for _, word in (theirs if denied_here else mine)}
    scope = _beside(mine, denied_here, back=0) if denied_here else _beside(theirs, denied_there, back=0)
    if not scope & stems:
        return None
    return Turn(mine[denied_here[0]][0], "") if denied_here else Turn("", theirs[denied_there[0]][0])


def _bare(text: str) -> str:
    """Give a text's letters and digits alone, lower case."""
    return re.sub(r"[\W_]+", "", text.lower())


def _joined(text: str) -> set[str]:
    """Give every run of one to six words of a text, joined: "vqav2" stands in "VQA v2", "bert" does not in "RoBERTa"."""
    parts = [re.sub(r"\.", "", part) for part in _PART.findall(text.lower())]
    return {"".join(parts[i : i + n]) for i in range(len(parts)) for n in range(1, 7)}


def _initials(text: str) -> str:
    """Give the first letters of a text's words, hyphens parting words too."""
    return "".join(word[0] for word in re.findall(r"[^\W_]+", text.lower()))


def _is_spelt(key: str, initials: str) -> bool:
    """Whether the letters of an abbreviation are the initials of consecutive words; two letters prove nothing."""
    letters = re.sub(r"\d", "", key)
    return len(letters) >= 3 and letters in initials


def _ordered(text: str) -> list[tuple[str, str]]:
    """Give (word, stem) of a text in order; "don't" counts as "do not", and "not only" for nothing."""
    words = re.findall(r"[^\W\d_]+", _NO_DENIAL.sub(" ", _CONTRACTED.sub(" not", _ALL_BUT.sub(r"\g<0> except", text))))
    return [(word, stem(word.lower())) for word in words]


def _exchanged(mine: Sequence[tuple[str, str]], theirs: Sequence[tuple[str, str]]) -> Turn | None:
    """Give the first place where two nearly equal texts have opposites in each other's stead, or a negation more."""
    matcher = SequenceMatcher(None, [word for _, word in mine], [word for _, word in theirs], autojunk=False)
    if matcher.ratio() < NEARLY_EQUAL:
        return None
    for tag, start, end, there, to in matcher.get_opcodes():
        here, other = mine[start:end], theirs[there:to]
        for left, right in _ENDS if tag == "replace" else ():
            for near, far in ((left, right), (right, left)):
                pair = [w for w, word in here if word in near], [w for w, word in other if word in far]
                if all(pair):
                    return Turn(pair[0][0], pair[1][0])
        denied = [w for w, _ in here if w.lower() in _NEGATIONS], [w for w, _ in other if w.lower() in _NEGATIONS]
        if tag != "equal" and bool(denied[0]) != bool(denied[1]):
            return Turn(" ".join(denied[0]), " ".join(denied[1]))
        hedges = [w for w, _ in other if w.lower() in _HEDGES]
        if tag != "equal" and hedges and not any(w.lower() in _HEDGES for w, _ in here):
            return Turn("", hedges[0], is_hedge=True)
    return None


def _holders(words: Sequence[tuple[str, str]], wanted: frozenset[str]) -> list[int]:
    return [i for i, (_, word) in enumerate(words) if word in wanted]


def _denied(words: Sequence[tuple[str, str]]) -> list[int]:
    return [i for i, (word, _) in enumerate(words) if word.lower() in _NEGATIONS]


def _beside(words: Sequence[tuple[str, str]], places: Sequence[int], *, back: int = 3, ahead: int = 3) -> set[str]:
    """Give the content stems up to three content words before and behind the places."""
    content = [(i, word) for i, (whole, word) in enumerate(words) if whole.lower() not in STOP_WORDS and i not in places]
    out: set[str] = set()
    for place in places:
        out |= {word for _, word in [pair for pair in content if pair[0] < place][-back:]} if back else set()
        out |= {word for _, word in [pair for pair in content if pair[0] > place][:ahead]}
    return out
