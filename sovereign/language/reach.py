"""How far a statement goes: what a sentence limits itself with and a claim leaves out, or widens. Pure; standard library only.

Doubt, condition, exception, quantifier, subset, bound, association and time. Leaving one of them out overstates the sentence, so the
sentence does not support the claim; it does not refute it either, unless it says the opposite. The lists are guesses at meaning:
what is found here only ever lowers a verdict.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sovereign.language.arguments import Shift
from sovereign.language.lexical import STOP_WORDS, content_stems, coverage
from sovereign.language.quantities import agree, quantities
from sovereign.language.terms import stem


def _any(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)


# --- Doubt -------------------------------------------------------------------------------------------------------

_DOUBTS = (
    r"may|might|could(?! not)|possibl[ey]|perhaps|potentially|hints?|hinted|one (?:reading|interpretation|explanation|possibility)"
    r"|speculate[ds]?|hypothesi[sz]ed?|hypothesi[sz]es?|conjectured?|suspect(?:ed)?|appears? to|seems? to|appeared to|seemed to|unclear"
    r"|presumably|plausibl[ey]|plausible|conceivabl[ey]|preliminary|uncertain|arguably|cannot (?:rule out|exclude)"
    r"|in (?:some|certain|a few|many) (?:cases|settings)"
)
_DOUBT = _any(_DOUBTS)
_DOUBTED = _any(
    rf"{_DOUBTS}|can|whether|likely|probably|suggest\w*|indicat\w*|thought|believed?|tends?"
    rf"|sometimes|some|partly|partially|possib\w+"
    r"|reason|open question|not (?:clear|certain|known)"
)
_WHETHER = _any(r"whether|it is (?:unknown|unclear|not known) (?:if|whether)|remains (?:open|unclear)|open question")


def _doubt(claim: str, sentence: str) -> Shift | None:
    found = _DOUBT.search(sentence) or _WHETHER.search(sentence)
    if not found or _DOUBTED.search(claim):
        return None
    clause = _clause_of(sentence, found.start())
    return Shift(f"“{found[0]}” is left out") if _covers(clause, claim) >= _HALF else None


_HALF = 0.5
"""Share of the claim that a doubting clause must hold to be the one that the claim is taken from."""
_CLAUSE = re.compile(r";|,\s(?:and|but|while|whereas|which|although|though)\s|,\s(?=(?:we|the|our|it|this)\s)", re.IGNORECASE)


def _clause_of(sentence: str, place: int) -> str:
    starts = [0, *(hit.end() for hit in _CLAUSE.finditer(sentence))]
    ends = [*(hit.start() for hit in _CLAUSE.finditer(sentence)), len(sentence)]
    return next((sentence[a:b] for a, b in zip(starts, ends, strict=True) if a <= place < b), sentence)


def _covers(text: str, claim: str) -> float:
    return coverage(claim, text)


# --- Condition, exception ----------------------------------------------------------------------------------------

_CONDITION = re.compile(
    r"(?<![\w-])(?P<word>if|unless|(?<=, )provided|provided that|assuming(?: that)?|as long as|so long as|only (?:if|when|after)"
    r"|whenever|on condition that"
    r"|given that|under the assumption that|when)\s(?P<said>[^,;.]{4,120})",
    re.IGNORECASE,
)
_CONDITIONED = _any(
    r"if|unless|provided|assuming|as long as|only|when|whenever|given|with|under|conditional\w*|depends?"
    r"|requires?|where|once|after|during|for"
)
_KEPT = 0.4
"""Share of a condition's words from which a claim is taken to have kept it."""
_DESPITE = _any(
    r"even (?:if|when|without|with|though|for|at|under)|regardless|irrespective|no matter|unconditional\w*"
    r"|whether or not|in all cases|in any case"
)
_EXCEPT = re.compile(
    r"(?<![\w-])(?:except(?:ing)?(?: for)?|excluding|apart from|other than|aside from|with the exceptions? of"
    r"|save for|excepted|all but|barring"
    r"|(?<=\s)but(?=\s(?!not\b|also\b|only\b|then\b|it\b|we\b|the\s\w+\s(?:is|are|was|were)\b)[\w-]+\s"
    r"(?:[a-z]+ed|is|are|was|were|did)\b))\s*(?P<said>(?:(?:the|on|in|for)\s)*[\w-]*(?:\s(?:and|or)\s[\w-]+)?)",
    re.IGNORECASE,
)
_EXCEPTED = _any(
    r"except\w*|excluding|apart from|other than|aside from|exception|save for|all but|barring|remaining|rest|others?|not|only|most"
)
_INCLUDED = _any(r"all|every|each|including|too|also|as well|without exception|any|both|everyone|always")


def _condition(claim: str, sentence: str) -> Shift | None:
    if (wider := _DESPITE.search(claim)) and not _DESPITE.search(sentence):
        return Shift(f"“{wider[0]}” is not said there")
    for found in _CONDITION.finditer(sentence):
        said = found["said"]
        is_when = found["word"].lower() == "when"
        if is_when and found.start() and sentence[found.start() - 2 : found.start()] == ", ":
            continue  # ", when …" tells more than it limits
        kept, wanted = set(content_stems(claim)), set(content_stems(said))
        rest = f"{sentence[: found.start()]} {sentence[found.end() :]}"
        if len(wanted) < 2 or len(wanted & kept) >= _KEPT * len(wanted) or _covers(rest, claim) < _MAIN:
            continue
        if not (_CONDITIONED.search(claim) and is_when):
            return Shift(f"“{found['word']} {said.strip()}” is left out")
    return None


_MAIN = 0.6
"""Share of a claim's words in what a condition or exception leaves of a sentence, from which the claim is that main clause."""


def _exception(claim: str, sentence: str) -> Shift | None:
    found = _EXCEPT.search(sentence)
    if not found:
        return None
    spared = set(content_stems(found["said"]))
    mine = set(content_stems(claim))
    if _EXCEPTED.search(claim) and not re.search(r"\bincluding\b|\bwithout exception\b", claim, re.IGNORECASE):
        return None
    rest = f"{sentence[: found.start()]} {sentence[found.end() :]}"
    if _covers(rest, claim) < _MAIN:
        return None
    return Shift(f"“{found[0].strip()}” is left out", is_opposed=bool(_INCLUDED.search(claim) or (spared and spared <= mine)))


# --- Quantifier, subset ------------------------------------------------------------------------------------------

_ALL = _any(
    r"all|every|each|always|any|everyone|everywhere|universally|in general|generally|entirely|without exception"
    r"|in every case|consistently|invariably|never|no|none"
)
_WHOLE = _any(
    r"all|every|always|any|everyone|everywhere|universally|in every case|invariably|entire population|whole population|in general"
)
_MOST = _any(r"most|many|majority|large part|large share|mostly|usually|often|frequently|generally|more than half|much of")
_FEW = _any(
    r"few|fewest|hardly(?: any)?|scarcely(?: any)?|barely|rarely|seldom|minority|small (?:number|share|minority|fraction)|a handful"
)
_AFEW = _any(r"a few|quite a few|not a few")
_SOME = re.compile(
    r"(?<![\w-])(?P<word>most|some|a few|few|very few|hardly any|scarcely any|certain|half|a minority"
    r"|the majority|a majority|a third|a quarter|two thirds|about half|nearly half)"
    r"(?: of(?: the| these| our| all)?)? (?:the )?(?P<said>[^\W\d_][\w-]*(?: [^\W\d_][\w-]*)?)",
    re.IGNORECASE,
)
_COUNTED = _any(
    r"most|some|few|hardly|scarcely|certain|half|minority|majority|third|thirds|quarter|part|partly|several"
    r"|many|not all|often|mostly|largely|usually|sometimes|in part|rarely|seldom|\d[\d.,]*\s?%?"
)


def _quantifier(claim: str, sentence: str) -> Shift | None:
    whole = _WHOLE.search(claim)
    if whole and not _ALL.search(re.sub(r"\bnot all\b", "", sentence, flags=re.IGNORECASE)):
        is_counted = _SOME.search(sentence) or re.search(r"\bnot all\b", sentence, re.IGNORECASE)
        if not re.search(r"\bnot (?:all|every|always|any)\b", claim, re.IGNORECASE):
            return Shift(f"“{whole[0]}” is not said there", is_opposed=bool(is_counted))
    few, many = _FEW.search(_AFEW.sub("", sentence)), _MOST.search(claim)
    if few and many and not _FEW.search(claim) and not _MOST.search(sentence) and not re.search(r"\bnot\b|n['’]t\b", claim):
        return Shift(f"“{many[0]}” against “{few[0]}”", is_opposed=True)
    mine = set(content_stems(claim))
    for found in _SOME.finditer(sentence):
        heads = {stem(word.lower()) for word in found["said"].split() if word.lower() not in STOP_WORDS}
        if heads & mine and not _COUNTED.search(claim) and not _FEW.search(claim):
            return Shift(f"“{found['word']}” is left out", is_opposed=bool(_FEW.search(found["word"]) and not _AFEW.search(found["word"])))
    return None


_BOUND_NOUN = re.compile(
    r"(?:(?P<share>(?<![\d.,])\d[\d.,]{0,20}\s?%|\b(?:all|most|many|half|thirds?|quarters?|none|majority|share|few|every|each"
    r"|no)\b)(?: of)?(?: all)?|(?<![\w-])(?:among|in|of|for|across))"
    r" (?:the |all |all the |these )?(?P<noun>[^\W\d_]++)(?=(?P<next>(?:\s[^\W\d_][\w-]*+)?))",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"^,?\s(?P<said>(?:over|under|above|below|aged|older than|younger than|with|without|who|whose|that|from"
    r"|at risk of|in which|having|fewer than|more than|smaller|larger)"
    r"\s[^,;.]{2,60})",
    re.IGNORECASE,
)
_MODIFIER = re.compile(r"(?<![\w-])(?P<said>[^\W\d_][\w-]*+)\s$")
_PLAIN_MODIFIERS = frozenset(
    "the a an our their its his her these those this that all both each every many most some such other"
    " several various different two three new "
    "novel existing previous prior more only and or of in for on with to by as than one any no first second large-scale".split()
)


def _subset(claim: str, sentence: str) -> Shift | None:
    """Give the word that narrows a group in the sentence and is gone from the same group in the claim."""
    mine = {word.lower() for word in re.findall(r"[\w-]+", claim)}
    stems = set(content_stems(claim))
    for found in _BOUND_NOUN.finditer(claim):
        noun = found["noun"].lower()
        if noun in STOP_WORDS or len(noun) < _NOUN_CHARS or (found["next"].strip().lower() not in STOP_WORDS and found["next"].strip()):
            continue
        places = list(re.finditer(rf"(?<![\w-]){re.escape(noun)}(?![\w-])", sentence, re.IGNORECASE))
        limits = [_limit(sentence, hit, mine, stems, share=bool(found["share"])) for hit in places]
        if places and all(limits):
            return Shift(f"“{limits[0]}” is left out")
    return None


_NOUN_CHARS = 3


def _limit(sentence: str, hit: re.Match[str], mine: set[str], stems: set[str], *, share: bool) -> str:
    """Give what narrows a noun at this place and is not in the claim; empty where nothing does."""
    behind = _BEHIND.match(sentence[hit.end() :])
    if behind and not set(content_stems(behind["said"])) & stems and not {w.lower() for w in re.findall(r"\d+", behind["said"])} & mine:
        return behind["said"].strip()
    before = _MODIFIER.search(sentence[max(0, hit.start() - 40) : hit.start()])
    if not share or not before:
        return ""
    word = before["said"].lower()
    is_limit = word not in _PLAIN_MODIFIERS and word not in STOP_WORDS and word not in mine and stem(word) not in stems
    return before["said"] if is_limit else ""


# --- Bound, association, time ------------------------------------------------------------------------------------

_AT_MOST = re.compile(
    r"(?<![\w-])(?P<word>up to|as much as|as many as|as high as|as low as|at best|peaks? (?:at|of)"
    r"|a maximum of)\s(?:an?\s)?(?P<said>[^\s,;]+(?:\s[^\s,;]+)?)",
    re.IGNORECASE,
)
_BOUNDED = _any(
    r"up to|as much as|as many as|as high as|as low as|at most|max\w*|best|peak\w*|can|may|could|at some|some"
    r"|largest|highest|no more|not more|never|reach\w*|limit\w*|ceiling"
)
_TYPICAL = _any(r"on average|mean|average|always|at least|typical\w*|median|usually|at all|every\w*|throughout|in all|on all|for all")


def _bound(claim: str, sentence: str) -> Shift | None:
    for found in _AT_MOST.finditer(sentence):
        there, here = quantities(found["said"]), quantities(claim)
        if there and any(q.number == there[0].number or agree(q, there[0]) for q in here):
            typical = _TYPICAL.search(claim)
            if not _BOUNDED.search(claim) or (typical and not _TYPICAL.search(sentence)):
                return Shift(f"“{found['word']}” is left out")
    return None


_ASSOCIATED = _any(
    r"associat\w*|correlat\w*|linked|links?|relationships?|went along|goes along|related|co-?occur\w*|tracks?"
    r"|coincid\w*|predict(?:s|ed|or|ors|ive)?|more common|more frequent"
    r"|odds ratio|hazard ratio|relative risk"
)
_OBSERVED = re.compile(
    r"\b(?:those|people|patients|participants|students|children|women|men|adults|schools|households|countries"
    r"|models|cities|users|regions|sites|subjects|drivers|workers|firms|plots|villages|teams|papers)"
    r"\s(?:with|who|that|whose|in|using)\s[^,;.]{3,60}?\s(?:had|have|showed|show|reported|report|were|are"
    r"|scored|score)\s[^,;.]{0,120}?(?:\b\w{2,20}er|more|less|fewer|better|worse)\b",
    re.IGNORECASE,
)
_CAUSAL = _any(
    r"cause[ds]?|causing|lead to|leads to|led to|leading to|results? in|resulted in|due to|because"
    r"|brings? about|brought about|responsible for|makes?|made|lowers?|lowered|raises?|raised"
    r"|reduces?|reduced|increases?|increased|decreases?|decreased|improves?|improved|prevents?|prevented"
    r"|protects?|protected|drives?|drove|induces?|induced|boosts?|harms?"
    r"|worsens?|triggers?|increasing|reducing|raising|lowering|effect of|affects?|impacts?|enhances?|slows?"
    r"|shortens?|lengthens?|halves|doubles"
)
_SHOWN_CAUSE = _any(
    r"caus\w+|lead(?:s|ing)? to|led to|results? in|resulted in|due to|because|randomi[sz]ed|brings? about"
    r"|induc\w+|responsible for|effects? of|trial|intervention|increases?|reduces?|decreases?|improves?"
)
_NO_LINK = _any(r"not|no|nor|neither|without|independent of|unrelated|uncorrelated")


def _association(claim: str, sentence: str) -> Shift | None:
    found = _ASSOCIATED.search(sentence) or _OBSERVED.search(sentence)
    cause = _CAUSAL.search(claim)
    if (
        not found
        or not cause
        or _ASSOCIATED.search(claim)
        or _SHOWN_CAUSE.search(sentence)
        or _NO_LINK.search(claim)
        or _OBSERVED.search(claim)
    ):
        return None
    return Shift(f"“{cause[0]}”, but only “{found[0][:60]}” is said")


_TIMES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"(?<![\w-])(?:{words})(?: the| its| an?| about| the first| the last| first| this){{0,4}}\s$", re.IGNORECASE))
    for name, words in (
        ("between", r"between|from|between \S{1,40} and|from \S{1,40} to"),
        ("after", r"after|since|following|beyond|past|later than|starting (?:in|from)"),
        ("before", r"before|prior to|until|till|within|during|by|up to|earlier than|in under|in"),
    )
)
_TIMED = _any(
    r"steps?|epochs?|iterations?|minutes?|hours?|days?|weeks?|months?|years?|seconds?|s|ms|h|rounds?|generations?|updates?|tokens"
)


def _time(claim: str, sentence: str) -> Shift | None:
    """Give a time that a claim puts on the other side: "after 50 steps" against "within the first 50 steps"."""
    if _NO_LINK.search(claim) or _NO_LINK.search(sentence):
        return None
    there = [(q, side) for q in quantities(sentence) if (side := _side(sentence, q.start, q.end, q.dimension))]
    for quantity in quantities(claim):
        side = _side(claim, quantity.start, quantity.end, quantity.dimension)
        sides = {other for q, other in there if q.number == quantity.number}
        if side and sides and side not in sides:
            return Shift(
                f"“{claim[max(0, quantity.start - 18) : quantity.end].strip()}” is another time",
                is_opposed={side, *sides} == {"after", "before"},
            )
    return None


def _side(text: str, start: int, end: int, dimension: str) -> str:
    if not (dimension in ("year", "time") or _TIMED.match(text[end:].lstrip()) or _TIMED.search(text[end : end + 25])):
        return ""
    before = re.sub(r"(?<!\S)\S{0,30}\d\S{0,30}\s(?:and|to)\s$", "", text[max(0, start - 40) : start])
    return next((name for name, pattern in _TIMES if pattern.search(before)), "")


_CHECKS: tuple[tuple[Callable[[str, str], Shift | None], float], ...] = (
    (_exception, 0.5),
    (_condition, 0.6),
    (_doubt, 0.6),
    (_quantifier, 0.6),
    (_subset, 0.7),
    (_bound, 0.4),
    (_association, 0.5),
    (_time, 0.5),
)
"""Each check, and the share of the claim's words that the sentence must have for it to be made."""


def overreached(claim: str, sentence: str, closeness: float) -> Shift | None:
    """Give what a claim leaves out of a sentence or adds to its reach, or None; `closeness` (0..1) says how near the two are."""
    return next((found for check, least in _CHECKS if closeness >= least and (found := check(claim, sentence))), None)


def reaches(claim: str, sentences: Sequence[str], near: int, closeness: float) -> Shift | None:
    """Give the same for the nearest of several sentences, unless another one that is nearly as near says it without a limit."""
    found = overreached(claim, sentences[near], closeness)
    rivals = (i for i, sentence in enumerate(sentences) if i != near and coverage(claim, sentence) >= _AS_NEAR * closeness)
    if found and not found.is_opposed and not all(overreached(claim, sentences[i], closeness) for i in rivals):
        return None
    return found


_AS_NEAR = 0.75
"""Share of the nearest sentence's nearness from which another may say the claim without the limit: results say what aims only ask."""
