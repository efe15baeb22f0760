"""Changes of a real sentence that keep its words and move what they say: who does what, which number goes where, how far it reaches.

Each change gives a claim with the label that a careful reader would give it beside the unchanged sentence. `reworded` is the other
side: the same said in another voice, notation or order, so that a moved or missing word alone tells nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from training.perturb import FORMS, NAME, NUMBER, VERBS

Made = tuple[str, str]
"""A claim and its label."""
Relate = Callable[[str, random.Random], Made | None]

_VERB = (
    "outperforms?|outperformed|exceeds?|exceeded|surpass(?:es|ed)?|beats?|improves? (?:on|over|upon)"
    "|improved (?:on|over|upon)|causes?|caused|leads? to|led to"
    "|induces?|induced|inhibits?|inhibited|increases?|increased|reduces?|reduced|predicts?|predicted|precedes?"
    "|preceded|activates?|activated"
    "|regulates?|regulated|contains?|contained|requires?|required|depends? on|depended on|replaces?|replaced|generates?|generated|affects?"
    "|affected|controls?|controlled|determines?|determined|promotes?|promoted|prevents?|prevented|underperforms?|influences?|influenced"
    "|enables?|enabled|limits?|limited|drives?|drove|mediates?|mediated|triggers?|triggered|suppress(?:es|ed)?|dominates?|dominated"
)
_THAN = (
    r"(?:\w+er|better|worse|less|more|lower|higher|fewer|larger|smaller|faster|slower|(?:more|less) \w+) than"
    r"|superior to|inferior to|preferred (?:to|over)"
)
_PIVOT = re.compile(
    rf"(?<![\w-])(?:(?:is|are|was|were) )?(?:(?:significantly|consistently|substantially|also|often"
    rf"|strongly) )?(?:{_VERB}|{_THAN})(?![\w-])"
)
_EDGE = (
    r"(?:[,;:()]|(?<![\w-])(?:and|or|but|that|which|while|whereas|when|if|in|on|for|with|by|of|to|from|at|as"
    r"|than|the|a|an|is|are|was|were|be|has|have|had"
    r"|not|we|they|it|this|these|those|can|may|will|because|since|although|using|under|through|via|over|its|their|our)(?![\w-]))"
)
_LEFT = re.compile(rf"(?:(?:the|a|an|our|its|their) )?((?:(?!{_EDGE})[\w-]+ ){{1,3}})$", re.IGNORECASE)
_RIGHT = re.compile(rf" (?:(?:the|a|an|our|its|their|all|both) )?((?!{_EDGE})[\w-]+(?: (?!{_EDGE})[\w-]+){{0,2}})", re.IGNORECASE)
_LISTED = re.compile(r"^(?:\s*,\s*(?:[A-Z][\w-]*\s*,\s*)*(?:and |or )?|\s+(?:and|or)\s+)$")


def exchanged(sentence: str, rng: random.Random) -> Made | None:
    """Exchange what stands on both sides of a verb or a comparison."""
    fitting = []
    for pivot in _PIVOT.finditer(sentence):
        left, right = _LEFT.search(sentence[: pivot.start()]), _RIGHT.match(sentence[pivot.end() :])
        if left and right and left[1].strip().lower() != right[1].lower() and len(left[1].strip()) > 2 < len(right[1]):
            fitting.append((left.span(1), pivot.span(), tuple(pivot.end() + n for n in right.span(1))))
    if not fitting:
        return None
    (a, b), _, (c, d) = rng.choice(fitting)
    one, other = sentence[a:b].strip(), sentence[c:d]
    return _capital(f"{sentence[:a]}{other}{sentence[a:b][len(one) :]}{sentence[b:c]}{_uncapital(one, a)}{sentence[d:]}"), "unsupported"


def renamed(sentence: str, rng: random.Random) -> Made | None:
    """Exchange two names; in a plain list that says the same."""
    found = list({hit.group(): hit for hit in reversed(list(NAME.finditer(sentence)))}.values())
    if len(found) < 2:
        return None
    one, other = sorted(rng.sample(found, 2), key=lambda hit: hit.start())
    between = sentence[one.end() : other.start()]
    if one.end() > other.start() or (")" in between) != ("(" in between):
        return None
    if "(" in between:
        return None  # an abbreviation and what it stands for
    said = f"{sentence[: one.start()]}{other.group()}{between}{one.group()}{sentence[other.end() :]}"
    if _LISTED.match(between):
        return (said, "supported") if "respectively" not in sentence and not NUMBER.search(sentence) else None
    return said, "unsupported"


def renumbered(sentence: str, rng: random.Random) -> Made | None:
    """Exchange two numbers of one form."""
    found = [hit for hit in NUMBER.finditer(sentence) if len(hit.group()) < 10]
    pairs = [
        (one, other)
        for i, one in enumerate(found)
        for other in found[i + 1 :]
        if one.group() != other.group()
        and ("." in one.group()) == ("." in other.group())
        and sentence[one.end() : one.end() + 1].strip("., ;)") == sentence[other.end() : other.end() + 1].strip("., ;)")
    ]
    if not pairs:
        return None
    one, other = rng.choice(pairs)
    between = sentence[one.end() : other.start()]
    if (
        re.fullmatch(r"\W*(?:and|or|to|±|x|×|vs\.?)?\W*", between)
        and "respectively" not in sentence
        and "from" not in sentence[: one.start()][-6:]
    ):
        return None
    return f"{sentence[: one.start()]}{other.group()}{between}{one.group()}{sentence[other.end() :]}", "refuted"


_TWO = re.compile(
    r"(?P<head>[^,;]{8,90}?)(?P<one>(?:\w+ )?\d[\d.,]*\d?\s?%?(?: \w+)?) (?P<prep>on|for|in|over|with|against"
    r"|among|at) (?P<x>(?:the )?[\w-]+(?: [\w-]+)?)"
    r"(?:,)? (?:and|but|versus|vs\.?|compared (?:to"
    r"|with)) (?:only )?(?P<two>(?:\w+ )?\d[\d.,]*\d?\s?%?(?: \w+)?) (?P=prep) (?P<y>(?:the )?[\w-]+(?: [\w-]+)?)(?=[.,;])"
)


def rebound(sentence: str, rng: random.Random) -> Made | None:
    """Say only one of two parallel figures, with its own place or with the other's."""
    found = _TWO.search(sentence)
    if not found or found["x"] == found["y"]:
        return None
    own = rng.random() < 0.5
    figure = rng.choice(("one", "two"))
    place = found[{"one": "x", "two": "y"}[figure]] if own else found[{"one": "y", "two": "x"}[figure]]
    said = f"{found['head'].strip()} {found[figure]} {found['prep']} {place}."
    return _capital(said), "supported" if own else "refuted"


_BACKWARDS = re.compile(r"\bfrom (?P<a>\$?\d+(?:[.,]\d+)*(?:\s?%)?)(?P<mid> (?:\w+ )?to )(?P<b>\$?\d+(?:[.,]\d+)*(?:\s?%)?)")


def backwards(sentence: str, rng: random.Random) -> Made | None:
    """Exchange "from" and "to"."""
    del rng
    found = _BACKWARDS.search(sentence)
    if not found or found["a"] == found["b"] or "rang" in sentence:
        return None
    return f"{sentence[: found.start()]}from {found['b']}{found['mid']}{found['a']}{sentence[found.end() :]}", "refuted"


_LIMITS: tuple[tuple[str, str, str], ...] = (
    (r"\b(?:may|might|could) (?:be )?(?:possibly )?(?=[a-z]+)", "", "insufficient"),
    (r"\b(?:possibly|potentially|perhaps|presumably|probably|likely|arguably) ", "", "insufficient"),
    (r"\b(?:appears?|seems?) to be\b", "is", "insufficient"),
    (r"\b(?:tends? to|appears? to|seems? to) ", "always ", "insufficient"),
    (r"^(?:It is (?:possible|likely|plausible) that|We (?:hypothesi[sz]e|speculate|conjecture|suspect|believe) that) ", "", "insufficient"),
    (r"\b(?:suggests?|hints?|hypothesi[sz]ed?|speculated?) that\b", "proves that", "insufficient"),
    (r"\b(?:most|many|several|some|certain) (?=[a-z]+s\b)", "all ", "insufficient"),
    (
        (
            r"\b(?:in (?:many|most|some|certain) cases|often|frequently|sometimes|usually|typically|generally|mostly"
            r"|largely)\b"
        ),
        "always", "insufficient",
    ),
    (r"\b(?:few|hardly any|scarcely any) (?=[a-z]+s\b)", "many ", "refuted"),
    (r"\bnot all\b", "all", "refuted"),
    (r"\bup to (?=\$?\d)", "on average ", "insufficient"),
    (r"\bby up to (?=\$?\d)", "by ", "insufficient"),
    (r"\bas much as (?=\$?\d)", "", "insufficient"),
    (r"\bat least (?=[\w$]*\d|one|two)", "at most ", "refuted"),
    (r"\bat most (?=[\w$]*\d)", "at least ", "refuted"),
    (r"\b(?:over|more than) (?=\$?\d)", "less than ", "refuted"),
    (r"\b(?:average|mean)\b", "maximum", "unsupported"),
    (r"\bmedian\b", "mean", "insufficient"),
    (r"\b(?:maximum|peak)\b", "average", "unsupported"),
    (
        (
            r"\b(?:is|are|was|were) (?:significantly |strongly |positively |independently )?(?:associated|correlated"
            r"|linked) with\b"
        ),
        "causes", "insufficient",
    ),
    (r"\b(?:correlates?|correlated) with\b", "causes", "insufficient"),
    (r", (?:except|excluding|apart from|other than|with the exception of) [^,.]+(?=[,.])", "", "refuted"),
    (r" (?:except|excluding|apart from|other than|with the exception of)(?: for)? [^,.]+(?=[,.])", "", "refuted"),
    (r"^(?:If|When|Unless|Provided that|Assuming(?: that)?|Only when|As long as|Whenever) [^,]{8,80}, ", "", "insufficient"),
    (r",? (?:if|unless|provided that|assuming(?: that)?|only when|only if|as long as|whenever) [^,.]{8,80}(?=\.$)", "", "insufficient"),
    (r"\bonly (?=after|in|for|when|on|with)", "also outside and ", "insufficient"),
    (r"\bbefore\b", "after", "refuted"),
    (r"\bafter\b", "before", "refuted"),
    (r"\bearly\b", "late", "refuted"),
    (r"\bfirst\b", "second", "unsupported"),
    (r"\bsecond\b", "first", "unsupported"),
    (r"(?<=\d%) of (?:the )?[a-z]+(?:al|ive|ic|ous|ed|ing|ary|ful|less|able|er) (?=[a-z]+s\b)", " of all ", "insufficient"),
    (
        (
            r"\b(?:in|among|for) (?:older|elderly|young|younger|small|large|severe|rare|healthy|adult|female|male"
            r"|infected|premature|diabetic|pregnant|low-resource|obese) (?=[a-z]+s\b|women|men|children)"
        ),
        "in all ", "insufficient",
    ),
    (r"\bhalf of\b", "all of", "refuted"),
    (r"\bone of the (\w+est)\b", r"the \1", "insufficient"),
    (r"\bamong the best\b", "the best", "insufficient"),
    (r"\bcan (?=[a-z]{3,})", "always must ", "insufficient"),
)  # fmt: skip


def widened(sentence: str, rng: random.Random) -> Made | None:
    """Drop or widen what limits the sentence: a hedge, a quantifier, a condition, an exception, a bound, a subset."""
    fitting = [(pattern, new, label) for pattern, new, label in _LIMITS if re.search(pattern, sentence)]
    if not fitting:
        return None
    pattern, new, label = rng.choice(fitting)
    said = re.sub(pattern, new, sentence, count=1)
    return (_capital(said.strip()), label) if len(said.split()) >= 4 else None


_NARROWER = (
    (
        r"\ball (?=[a-z]+s\b)"
    , "most "), (r"\balways\b", "often"), (r"\b(?:causes|leads to)\b", "is associated with"),
    (r"\b(?:shows?|proves?) that\b", "suggests that"),
    (r"\b(?:is|are) (?=[a-z]+(?:er|ed)\b)", "may be "), (r"\bmost (?=[a-z]+s\b)", "some "), (r"\bevery\b", "almost every"),
)  # fmt: skip


def narrowed(sentence: str, rng: random.Random) -> Made | None:
    """Say less than the sentence does: that follows from it."""
    fitting = [(pattern, new) for pattern, new in _NARROWER if re.search(pattern, sentence)]
    return (re.sub(*rng.choice(fitting), sentence, count=1), "supported") if fitting else None


_SIMPLE = re.compile(
    r"^(?P<subject>(?:The |Our |This |These |A |An )?(?:[\w-]+ ){1,5}?)(?P<adverb>significantly |consistently "
    r"|also |substantially )?(?P<verb>[a-z]+) "
    r"(?P<object>(?:the |a |an |its |our )?(?:(?!by\b|that\b|to\b|which\b)[\w-]+ ?){1,6})(?P<rest>(?: (?:in|on"
    r"|by|for|with|across|from|at|over|when|under|compared)\b.*)?)\.$"
)

_PRONOUNS = frozenset(("We", "They", "It", "This", "He", "She", "I", "These", "Here we", "Results", "There"))


def passive(sentence: str, rng: random.Random) -> Made | None:
    """Turn "X improves Y" into the passive, an emphasis, or a noun."""
    found = _SIMPLE.match(sentence)
    verb, form = FORMS.get(found["verb"], ("", -1)) if found else ("", -1)
    if (
        not found
        or form not in (1, 2)
        or found["subject"].strip() in _PRONOUNS
        or found["object"].split()[0] in {"in", "on", "of", "with", "from", "for", "as", "at", "and", "not"}
    ):
        return None
    subject, thing, rest = _uncapital(found["subject"].strip(), 0), found["object"].strip(), found["rest"]
    past = VERBS[verb][2]
    many = thing.split()[-1].endswith("s") and not thing.split()[-1].endswith("ss")
    be = {1: "are" if many else "is", 2: "were" if many else "was"}[form]
    shapes = [
        f"{thing} {be} {past} by {subject}{rest}.",
        f"it is {subject} that {found['verb']} {thing}{rest}.",
        f"by {subject}, {thing} {be} {past}{rest}.",
    ]
    return _capital(rng.choice(shapes)), "supported"


def wrongly_passive(sentence: str, rng: random.Random) -> Made | None:
    """Turn the sentence into the passive without moving its two sides, which says the reverse."""
    found = _SIMPLE.match(sentence)
    verb, form = FORMS.get(found["verb"], ("", -1)) if found else ("", -1)
    if not found or form not in (1, 2) or found["subject"].strip() in _PRONOUNS:
        return None
    del rng
    be = {1: "is", 2: "was"}[form]
    return f"{found['subject']}{be} {VERBS[verb][2]} by {found['object'].strip()}{found['rest']}.", "unsupported"


def halved(sentence: str, rng: random.Random) -> Made | None:
    """Say one half of a joined sentence."""
    parts = re.split(
        r", while |, whereas |; |, and (?=(?:the|it|we|our|this|they|a)\b)|, but (?=(?:the|it|we|our|this|they)\b)", sentence.rstrip(".")
    )
    good = [part for part in parts if len(part.split()) >= 6]
    return (_capital(rng.choice(good)) + ".", "supported") if len(parts) > 1 and good else None


def renoted(sentence: str, rng: random.Random) -> Made | None:
    """Write a number in another notation."""
    steps: list[tuple[str, Callable[[re.Match[str]], str]]] = [
        (
            r"(?<![\w.,])(\d{1,3}),(\d{3})(?![\d,])"
        , lambda m: rng.choice((m[1] + m[2], f"{m[1]}\u202f{m[2]}", f"{m[1]} thousand" if m[2] == "000" else m[1] + m[2]))),
        (r"(?<![\w.])(\d+(?:\.\d+)?)\s?%", lambda m: f"{m[1]} percent" if rng.random() < 0.6 else f"{float(m[1]) / 100:.4g}"),
        (r"(?<![\w.])0(\.\d+)(?!\d*%)", lambda m: rng.choice((m[1], f"{float(m[1]) * 100:.4g}%"))),
        (r"(?<=[\s(])-(?=\d)", lambda _: "−"),
        (
            r"(\d)\s?(?:billion)\b"
        , lambda m: f"{m[1]}B"), (r"(\d)\s?(?:million)\b", lambda m: f"{m[1]}M"),
        (r"(\d)[BM](?= [a-z])", lambda m: m[0].replace("B", " billion").replace("M", " million")),
        (
            r"\b(?:two|2)[- ]fold\b|\btwice\b"
        , lambda _: "2 times"), (r"\bthree[- ]fold\b", lambda _: "3 times"), (r"\bhalf of\b", lambda _: "50% of"),
        (r"\b(\d)(\d{3})\b(?! \w*(?:,|\.))", lambda m: f"{m[1]},{m[2]}" if m[0][:2] not in ("19", "20") else m[0]),
    ]  # fmt: skip
    said = sentence
    for pattern, new in rng.sample(steps, len(steps)):
        said = re.sub(pattern, new, said)
    return (said, "supported") if said != sentence else None


WRONG: dict[str, Relate] = {
    "exchanged": exchanged, "renamed": renamed, "renumbered": renumbered, "rebound": rebound, "backwards": backwards, "widened": widened,
    "wrongly passive": wrongly_passive,
}  # fmt: skip
RIGHT: dict[str, Relate] = {"narrowed": narrowed, "passive": passive, "halved": halved, "renoted": renoted}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _uncapital(text: str, at: int) -> str:
    """Give what stood at the start of a sentence with a small letter, unless it is a name."""
    return text[:1].lower() + text[1:] if at == 0 and re.match(r"[A-Z][a-z]*\b(?!-)", text) and not NAME.match(f"{text} ") else text
