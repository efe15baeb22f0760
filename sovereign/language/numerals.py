"""Numbers as they stand in text: digits, powers of ten, multiples, spelled-out words, with their units and what they count.

Model sizes in names (Mistral 7B), versions, references to figures and citations are names, not quantities; wording.py has them.
Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from sovereign.language.lexical import STOP_WORDS, TOKEN
from sovereign.language.terms import stem
from sovereign.language.units import SHORT, UNITS

_POWERS = {"k": 3, "K": 3, "M": 6, "B": 9, "T": 12, "thousand": 3, "million": 6, "mln": 6, "billion": 9, "bn": 9, "trillion": 12}
_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORTH = {**{word: n for n, word in enumerate(_SMALL.split())}, **{word: 10 * n for n, word in enumerate(_TENS.split(), start=2)}}
_BIG = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_FOLDS = {"twice": 2, "thrice": 3, "twofold": 2, "threefold": 3, "fourfold": 4, "fivefold": 5, "tenfold": 10, "hundredfold": 100,
          "doubles": 2, "doubled": 2, "doubling": 2, "triples": 3, "tripled": 3, "tripling": 3}  # fmt: skip
_PARTS = {"half": "0.5", "third": "0.33", "thirds": "0.67", "quarter": "0.25", "quarters": "0.75"}

_DIGITS = r"\d{1,3}(?:(?:,|\{,\}|[\u00a0\u2009\u202f])\d{3})+(?:[.·]\d+)?(?!\d)|\d+(?:[.·]\d+)?|(?<![\w.])[.·]\d+"
_POWER = (
    r"(?:\s?(?:×|x|\*|·|\\times|\\cdot)\s?10(?:\s?\^\s?\{?\s?(?P<p1>[-−–+]?\d+)\}?|\((?P<p2>[-−–]?\d+)\)|(?P<p3>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<p4>[-−–]\d+))|[eE](?P<p5>[-−–+]?\d+)(?!\w))"
)
_NUMBER = re.compile(
    rf"(?P<money>[$€£]\s?)?(?P<sign>[-−–](?=[\d.]))?(?P<digits>{_DIGITS})(?:{_POWER})?"
    r"(?:(?P<suffix>[kKMBT])(?![\w%])|[\s-]?(?P<big>thousand|million|billion|trillion|mln|bn)\b)?",
)
_ATOM = "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(UNITS, key=lambda word: (-len(word), word)))
_UNIT = re.compile(
    rf"(?P<gap>[ \u00a0\u2009\u202f~]?-?)(?P<unit>{_ATOM})"
    r"(?P<per>(?:\s?/\s?[A-Za-zµμ]\w*|\sper\s[a-z]+|\sa\s(?:day|week|month|year)\b)*)(?:(?<=%)|(?![A-Za-z0-9µ%]))",
)
_SPELL = "|".join(sorted([*_WORTH, *_BIG], key=len, reverse=True))
_WORDS = re.compile(
    rf"(?<![\w-])(?:an?\s(?=(?:{'|'.join(_BIG)})\b))?(?P<words>(?:{_SPELL})(?:[\s-](?:and\s)?(?:{_SPELL}))*)\b(?P<fold>[\s-]?fold\b)?",
    re.IGNORECASE,
)
_FOLD = re.compile(rf"\b(?P<fold>{'|'.join(_FOLDS)})\b", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:(?P<n>one|two|three|a)[\s-])?(?P<part>half|thirds?|quarters?)\b(?=\s(?:of|the|as|a)\b|\s?[.,;])(?!\sof\sthe\s(?:year|19|20))",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?"
    r"|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_YEAR_BEFORE = re.compile(
    rf"(?:\b(?:in|since|until|till|by|from|during|before|after|and|to|of|between|early|late|mid|year|spring|summer|autumn|fall|winter|{_MONTH}),?"
    r"|\(|[-–/,'’])\s?$",
    re.IGNORECASE,
)
_MASKS = re.compile(
    r"https?://\S+|\b10\.\d{4,}/\S+|\barXiv:\S+"
    r"|\[\s?\d+(?:\s?[,;–-]\s?\d+)*\s?\]|(?<!\w)\(\d{1,2}\)"
    r"|\([^()\d]{0,80}\bet\sal\.?[^()]{0,120}\)|\((?:see\s)?[A-Z][\w'’-]+(?:\s(?:and|&)\s[A-Z][\w'’-]+)?,?\s(?:19|20)\d\d[a-z]?(?:;[^()]{0,120})?\)"
    r"|\bet\sal\.?,?\s\(?(?:19|20)\d\d[a-z]?\)?"
    r"|\b(?:Fig|Figure|Tab|Table|Sec|Section|Eq|Equation|Algorithm|Appendix|Chapter|Theorem|Lemma|Definition|Proposition|Corollary|Line|Ref)s?"
    r"\.?[\s\u00a0~]?\(?S?\d+(?:\.\d+)*[a-z]?\)?(?:\s?(?:,|and|–|-|to)\s?\d+(?:\.\d+)*[a-z]?\b(?!\s?%))*"
    r"|§\s?\d+(?:\.\d+)*"
)
_BOUND_WORDS = {
    ">=": r"at least|no less than|no fewer than|not less than|not fewer than|minimum of|≥|>=|\\geq?",
    "<=": r"at most|no more than|not more than|up to|maximum of|≤|<=|\\leq?",
    ">": r"more than|greater than|over|above|exceed(?:s|ed|ing)?|higher than|larger than|>|beyond",
    "<": r"less than|fewer than|under|below|lower than|smaller than|<|within",
    "~": r"about|approximately|approx\.?|around|roughly|nearly|almost|some|circa|ca\.|~|≈|\\sim|close to",
}
_BOUNDS = tuple((re.compile(rf"(?:{words})\s?$", re.IGNORECASE), sign) for sign, words in _BOUND_WORDS.items())
_DENIAL = re.compile(r"(?:\b(?:never|not|cannot|nor|neither|without)|n['’]t)\s(?:[a-z-]+\s){0,3}$", re.IGNORECASE)
_DENIAL_CHARS = 40
_BOUND_ITSELF = re.compile(r"no\s|not\s|up\s", re.IGNORECASE)  # "no more than" is a bound already
_FLIPPED = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}
_DASHES = re.compile(r"(?<=\d)-{1,2}[-–](?=\d)")
"""The dash of a range as it is typed or damaged: "1.16--1.48"."""
_JOINT = re.compile(r"\s*(?:±|\+/-|\+-|\\pm|\(±|to|and|or|,\s?and|,|-|–|—|/|vs\.?|versus|through)\s*")
_FASTER = re.compile(
    r"\s(?:fast|slow|small|larg|more|less|high|low|speed|reduc|improv|increas|decreas|better|cheap|great|few|compress|lift)", re.IGNORECASE
)
_LABEL_WORDS = r"[Tt]ype|[Pp]hase|[Ss]tage|[Gg]rade|[Cc]lass|[Ll]evel|[Gg]roup|[Ss]tep|[Vv]ersion|[Pp]art|[Ee]xperiment|[Cc]ase|[Tt]ier"
_LABEL = re.compile(rf"(?:\b(?:{_LABEL_WORDS})|(?<=\w\s)[A-Z][A-Za-z]+|\b[A-Z]{{2,}})\s$")
_PLAIN = re.compile(r"\s?(?:[.,;)]|[a-z]|$)")  # "37 × and", not "8 × A100"
_SIZED = re.compile(r"\s?-?(?:models?|parameter model|variants?|versions?|LLMs?|checkpoints?|Instruct|Chat|and)\b", re.IGNORECASE)
_NAMED = re.compile(r"(?:[A-Z][\w.]*\s|-)$")
_TIED = re.compile(r"[^\W\d_][\w.]*(?:[-/][\w.]*)*[-/]$")  # "GPT-", "Llama-2-"
_LOOSE = re.compile(r"(?:^|\s)(?:of|to|by|a|the|and|or|with|than|over|under|about|around)[-/]$")
_REACH_CHARS = 60


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it stands in a text.

    Attributes:
        start, end: Character offsets of number and unit; end is exclusive.
        number: As written, multiples and powers of ten applied ("54.5 %": 54.5).
        value: In the base unit of its dimension ("54.5 %": 0.545; "3 ms": 0.003).
        step: The smallest difference its digits can show, in the same unit ("54.5 %": 0.001).
        dimension: What is measured: "ratio", "points", "times", "time", "mass/kg", …, "year", or empty for a bare number.
        bound: ">=", "<=", ">", "<", "~" (about) or empty.
        is_soft: A small word ("two", "half"), a year or a label ("type 2"): a text may say the same without the number.
        counted: Stems of the words behind it, up to three, that say what is counted.
        nouns: Stems of the content words on both sides, `counted` among them.
    """

    start: int
    end: int
    text: str
    number: Decimal
    value: Decimal
    step: Decimal
    dimension: str = ""
    bound: str = ""
    is_soft: bool = False
    counted: tuple[str, ...] = ()
    nouns: frozenset[str] = frozenset()


def quantities(text: str) -> tuple[Quantity, ...]:
    """Give every quantity of a text, in order; numbers that are names, references, citations or parts of words are left out."""
    plain = _DASHES.sub(lambda found: "–".ljust(len(found.group())), text)
    masked = _MASKS.sub(lambda found: " " * len(found.group()), plain)
    found = sorted([*_digits(masked), *_words(masked), *_folds(masked), *_parts(masked)], key=lambda q: (q.start, -q.end))
    apart: list[Quantity] = []
    for quantity in found:
        if not apart or quantity.start >= apart[-1].end:
            apart.append(quantity)
    shared = _shared(apart, masked)
    ends = [0, *(quantity.end for quantity in shared)]
    starts = [*(quantity.start for quantity in shared[1:]), len(masked)]
    return tuple(_placed(quantity, masked, low, high) for quantity, low, high in zip(shared, ends, starts, strict=False))


def _digits(text: str) -> Iterator[Quantity]:
    for found in _NUMBER.finditer(text):
        sign = _sign(found, text)
        if sign is None or _is_name(found, text):
            continue
        number, step = _worth(found)
        number *= sign
        start, end = (found.start() + (1 if found["sign"] and sign > 0 else 0)), found.end()
        dimension, factor = "", Decimal(1)
        unit = _unit(text, found)
        if unit:
            dimension, factor, end = unit
        elif found["money"]:
            dimension = UNITS[found["money"].strip()][0]
        elif _is_year(found, text):
            dimension = "year"
        elif _glued(text, end):
            continue
        soft = dimension == "year" or _is_label(found, text, dimension)
        yield Quantity(start, end, text[start:end], number, number * factor, step * factor, dimension, is_soft=soft)


def _before(text: str, at: int) -> str:
    """Give what stands before a place, as far back as it may matter, so that a heap of numbers is read in linear time."""
    return text[max(0, at - _REACH_CHARS) : at]


def _sign(found: re.Match[str], text: str) -> int | None:
    """Give -1 for a minus, 1 for none or for the dash of a range, None where a hyphen ties the digits to a name (GPT-4)."""
    if not found["sign"]:
        return 1
    before = _before(text, found.start())
    if not before or before[-1] in " (=[<>~≈±:,/|\n\t{$^":
        return -1
    return 1 if before[-1].isdigit() or before[-1] in "%)" else None


def _is_name(found: re.Match[str], text: str) -> bool:
    """Whether letters or marks before the digits, or a model's name around a size, make them part of a name."""
    if found["money"]:
        return False
    upto = _before(text, found.start("digits"))
    before = upto[:-1] if found["sign"] else upto
    if before and (before[-1].isalpha() or before[-1] in "_@#" or (before[-1] == "." and before[-2:-1].isdigit())):
        return True
    if _TIED.search(upto):
        return not _LOOSE.search(upto)
    if found["suffix"] and found["suffix"] in "MBT":
        return bool(_NAMED.search(before) or _SIZED.match(text, found.end()))
    return False


def _worth(found: re.Match[str]) -> tuple[Decimal, Decimal]:
    """Give a number's value and the smallest difference its digits can show."""
    digits = re.sub(r"[,{}\u00a0\u2009\u202f]", "", found["digits"]).replace("·", ".")
    places = len(digits.partition(".")[2])
    power = next((found[name] for name in ("p1", "p2", "p3", "p4", "p5") if found[name]), "0")
    power = power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−–", "0123456789-+--"))
    shift = max(-400, min(400, int(power))) + _POWERS.get(found["suffix"] or found["big"] or "", 0)
    return Decimal(digits).scaleb(shift), Decimal(1).scaleb(shift - places)


def _unit(text: str, found: re.Match[str]) -> tuple[str, Decimal, int] | None:
    """Give dimension, factor and end of the unit behind a number; None where there is none."""
    unit = _UNIT.match(text, found.end())
    if not unit:
        return None
    word, gap = re.sub(r"\s", " ", unit["unit"]), unit["gap"]
    if word in SHORT and (gap.endswith("-") or (word == "d" and not gap) or (word == "s" and _is_year(found, text))):
        return None
    if word in ("x", "×") and (
        re.match(r"\s?\d", text[unit.end() : unit.end() + 2])
        or (gap and not _FASTER.match(text, unit.end()) and not (word == "×" and _PLAIN.match(text, unit.end())))
    ):
        return None
    dimension, factor = UNITS[word]
    per = "".join("/" + stem(part) for part in re.findall(r"(?:/\s?|per\s|\ba\s)([A-Za-zµμ]\w*)", unit["per"]))
    return dimension + per, factor, unit.end()


def _is_year(found: re.Match[str], text: str) -> bool:
    digits = found["digits"]
    if not re.fullmatch(r"1[89]\d\d|20\d\d", digits) or found["suffix"] or found["big"] or found["sign"]:
        return False
    if _YEAR_BEFORE.search(text[max(0, found.start() - 20) : found.start()]):
        return not re.match(r"\s(?!and\b|to\b)[a-z]+s\b", text[found.end() : found.end() + _REACH_CHARS])
    return not re.match(r"\s[a-z]", text[found.end() : found.end() + _REACH_CHARS])


def _is_label(found: re.Match[str], text: str, dimension: str) -> bool:
    """Whether a small whole number tells one thing from its kin ("type 2 diabetes", "3-kinase") instead of counting."""
    if dimension or len(found["digits"]) > 2 or not found["digits"].isdigit():
        return False
    return bool(_LABEL.search(_before(text, found.start())) or re.match(r"-[a-z]", text[found.end() : found.end() + _REACH_CHARS]))


def _glued(text: str, end: int) -> bool:
    """Whether a letter follows the digits at once: 3D, 2nd, 5HT are names or ordinals."""
    return bool(re.match(r"[^\W\d_]|'[a-z]", text[end : end + 2]))


def _words(text: str) -> Iterator[Quantity]:
    for found in _WORDS.finditer(text):
        words = [word for word in re.split(r"[\s-]+", found["words"].lower()) if word != "and"]
        if words == ["one"] and not _UNIT.match(text, found.end()):
            continue  # mostly a pronoun, and "one model" says no more than "a model"
        value = Decimal(_spelled(words))
        dimension, factor, end = ("times", Decimal(1), found.end()) if found["fold"] else _unit_after(text, found.end())
        vague = words[0] in _BIG and not re.match(r"an?\s", found.group(), re.IGNORECASE)  # "several hundred"
        soft = (value <= 12 and not dimension) or vague
        yield Quantity(found.start(), end, text[found.start() : end], value, value * factor, factor, dimension, is_soft=soft)


def _unit_after(text: str, end: int) -> tuple[str, Decimal, int]:
    unit = _UNIT.match(text, end)
    if not unit or unit["unit"] in SHORT:
        return "", Decimal(1), end
    dimension, factor = UNITS[re.sub(r"\s", " ", unit["unit"])]
    return dimension, factor, unit.end()


def _spelled(words: list[str]) -> int:
    """Give the value of number words in order, such as "two hundred thousand forty five"."""
    total = part = 0
    for word in words:
        if word == "hundred":
            part = (part or 1) * 100
        elif word in _BIG:
            total, part = total + (part or 1) * _BIG[word], 0
        else:
            part += _WORTH[word]
    return total + part


def _folds(text: str) -> Iterator[Quantity]:
    for found in _FOLD.finditer(text):
        value = Decimal(_FOLDS[found["fold"].lower()])
        yield Quantity(found.start(), found.end(), found.group(), value, value, Decimal(1), "times", is_soft=True)


def _parts(text: str) -> Iterator[Quantity]:
    for found in _PART.finditer(text):
        value = Decimal(_PARTS[found["part"].lower()])
        yield Quantity(found.start(), found.end(), found.group(), value, value, Decimal("0.02"), "ratio", is_soft=True)


def _shared(found: list[Quantity], text: str) -> list[Quantity]:
    """Hand a unit back to the bare numbers that share it: "5–10 mg", "12, 15 and 18 %", "54.5 ± 0.3 %"."""
    out = list(found)
    for index in range(len(out) - 2, -1, -1):
        here, behind = out[index], out[index + 1]
        if here.dimension or not behind.dimension or behind.dimension == "year" or here.is_soft != behind.is_soft:
            continue
        if _JOINT.fullmatch(text, here.end, behind.start) and behind.number:
            factor = behind.value / behind.number
            out[index] = replace(here, value=here.number * factor, step=here.step * factor, dimension=behind.dimension)
    return out


def _placed(quantity: Quantity, text: str, low: int, high: int) -> Quantity:
    """Give the quantity with its bound and the words around it, up to the next mark or the quantities beside it (low, high)."""
    before = text[max(low, quantity.start - _REACH_CHARS) : quantity.start]
    after = text[quantity.end : min(high, quantity.end + _REACH_CHARS)]
    bound = _bound(before)
    counted = _counted(after)
    left = [stem(word.lower()) for word in TOKEN.findall(re.split(r"[.;:!?]\s", before)[-1]) if word.lower() not in STOP_WORDS][-4:]
    return replace(quantity, bound=bound, counted=counted, nouns=frozenset((*left, *counted)))


def _bound(before: str) -> str:
    """Give the bound that the words before a number set: "more than" is ">", and "never … more than" is "<="."""
    for pattern, sign in _BOUNDS:
        if found := pattern.search(before):
            start = max(0, found.start() - _DENIAL_CHARS)
            is_denied = sign in _FLIPPED and not _BOUND_ITSELF.match(found[0]) and _DENIAL.search(before[start : found.start()])
            return _FLIPPED[sign] if is_denied else sign
    return ""


def _counted(after: str) -> tuple[str, ...]:
    """Give the stems of up to three words directly behind a number, until a mark or a word without content."""
    out: list[str] = []
    for word in re.findall(r"[^\W\d_]+|[^\w\s-]", after):
        if not word[0].isalpha() or word.lower() in STOP_WORDS or len(out) == 3:
            break
        out.append(stem(word.lower()))
    return tuple(out)
