"""Pairs made from unlabelled papers: a sentence, changed in a known way, beside the text it came from.

Every change is also made on the passage's side and on both sides at once, so that a word such as "not" or "decreases" in
the claim alone tells nothing.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

TABLES = json.loads((Path(__file__).parent / "words.json").read_text())
VERBS: dict[str, tuple[str, ...]] = {k: tuple(v) for k, v in TABLES["verbs"].items()}
FORMS = {form: (verb, i) for verb, forms in VERBS.items() for i, form in reversed(list(enumerate(forms)))}
NUMBER = re.compile(r"(?<![\w.\-])\d[\d,]*(?:\.\d+)?(?![\w]*[a-zA-Z]\d)")
NAME = re.compile(r"(?<!^)(?<![.!?] )\b(?:[A-Z][a-z]*[A-Z\d][\w\-]*|[A-Z]{2,}[\w\-]*|[A-Z][a-z]{3,})\b")
AUXILIARY = re.compile(r"\b(is|are|was|were|can|could|does|do|did|has|have|will|would|should)\b(?! not\b)(?!n't)")
DENIAL = re.compile(r"\b(is|are|was|were|can|could|does|do|did|has|have|will|would|should) not\b|\bcannot\b")

NO_SUBJECT = frozenset("is are was were be been being has have had the a an of by and or with to in for than not".split())

Change = Callable[[str, random.Random], str | None]


def _pairs(name: str) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for a, b in TABLES[name]:
        table.setdefault(a, []).append(b)
        table.setdefault(b, []).append(a)
    return table


def _inflected(name: str) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for a, b in TABLES[name]:
        for x, y in ((a, b), (b, a)):
            for here, there in zip(VERBS[x], VERBS[y], strict=True):
                table.setdefault(here, []).append(there)
    return table


OPPOSITE = {**_inflected("opposite_verbs"), **_pairs("opposite_words")}
ALIKE = {**_inflected("alike_verbs"), **_pairs("alike_words")}
OVERCLAIM: dict[str, list[str]] = {a: [b] for a, b in TABLES["overclaims"]}
UNIT: dict[str, list[str]] = {a: [b] for a, b in TABLES["units"]}


def _swap(text: str, table: dict[str, list[str]], rng: random.Random, times: int = 1) -> str | None:
    """Replace `times` of the table's words in `text`, keeping a leading capital; None where none stands."""
    words = "|".join(re.escape(w) for w in sorted(table, key=len, reverse=True))
    hits = list(re.finditer(rf"(?<![\w\-])({words})(?![\w\-])", text, re.IGNORECASE))
    hits = [h for h in hits if h.group() in table or h.group().lower() in table]
    if not hits:
        return None
    for hit in sorted(rng.sample(hits, min(times, len(hits))), key=lambda h: -h.start()):
        old = hit.group()
        new = rng.choice(table.get(old) or table[old.lower()])
        text = text[: hit.start()] + (new[0].upper() + new[1:] if old[0].isupper() else new) + text[hit.end() :]
    return text


def flip(text: str, rng: random.Random) -> str | None:
    """Turn one word into its opposite."""
    return _swap(text, OPPOSITE, rng)


def negate(text: str, rng: random.Random) -> str | None:
    """Deny the sentence, or take its denial away."""
    denied = list(DENIAL.finditer(text))
    if denied:
        hit = rng.choice(denied)
        bare = hit.group(1) or "can"
        return text[: hit.start()] + bare + text[hit.end() :]
    hits: list[tuple[int, int, str]] = [(h.start(), h.end(), f"{h.group()} not") for h in AUXILIARY.finditer(text)]
    for h in re.finditer(r"\b[a-z]+\b", text):
        verb, form = FORMS.get(h.group(), ("", -1))
        if form == 1 or (form == 2 and _is_finite_past(text, h.start())):
            hits.append((h.start(), h.end(), f"{'does' if form == 1 else 'did'} not {verb}"))
    if not hits:
        return None
    start, end, new = rng.choice(hits[:3])
    return text[:start] + new + text[end:]


def _is_finite_past(text: str, start: int) -> bool:
    """Tell "the drug increased" from "the increased dose", "was increased" and "cells exposed to"."""
    before = text[:start].split()[-1:] or ["the"]
    after = text[start:].split()[1:2] or ["."]
    return before[0].lower() not in NO_SUBJECT and not before[0].endswith(("ly", ",")) and after[0] not in {"by", "to", "in", "as", "on"}


def other_number(text: str, rng: random.Random) -> str | None:
    """Change one number; digits, size or decimals."""
    hits = [h for h in NUMBER.finditer(text) if len(h.group()) < 12]
    if not hits:
        return None
    hit = rng.choice(hits)
    old = hit.group()
    value = float(old.replace(",", ""))
    places = len(old.split(".")[1]) if "." in old else 0
    for _ in range(8):
        new = value * rng.choice([0.1, 0.25, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5, 2, 3, 10]) + rng.choice([0, 0, 1, -1, 2])
        shown = f"{abs(new):,.{places}f}" if "," in old else f"{abs(new):.{places}f}"
        if abs(float(shown.replace(",", "")) - value) > 0.04 * abs(value):
            return text[: hit.start()] + shown + text[hit.end() :]
    return None


def other_unit(text: str, rng: random.Random) -> str | None:
    """Change the unit behind a number."""
    words = "|".join(re.escape(u) for u in sorted(UNIT, key=len, reverse=True))
    hits = list(re.finditer(rf"(?<=\d)( ?)({words})(?![\w])", text))
    if not hits:
        return None
    hit = rng.choice(hits)
    new = UNIT[hit.group(2)][0]
    return text[: hit.start()] + (hit.group(1) or (" " if new[0].isalpha() and len(new) > 2 else "")) + new + text[hit.end() :]


def names(text: str) -> list[str]:
    """Give what looks like the name of a gene, method, data set, place or person, without the sentence's first word."""
    return [h.group() for h in NAME.finditer(text)]


def other_name(text: str, pool: Sequence[str], rng: random.Random) -> str | None:
    """Put another name of `pool` in the place of one in `text`."""
    here = names(text)
    others = [n for n in pool if n not in text]
    if not here or not others:
        return None
    old = rng.choice(here)
    alike = [n for n in others if n.isupper() == old.isupper() and any(c.isdigit() for c in n) == any(c.isdigit() for c in old)]
    return re.sub(
        rf"(?<![\w\-]){re.escape(old)}(?![\w\-])", lambda _: rng.choice(alike or others), text, count=0 if rng.random() < 0.5 else 1
    )


def overclaim(text: str, rng: random.Random) -> str | None:
    """Assert what the text only suggests."""
    return _swap(text, OVERCLAIM, rng)


OPENERS = re.compile(
    r"^(?:However|Moreover|Furthermore|In addition|Additionally|Finally|Here|Thus|Therefore|Notably|Importantly|Specifically|"
    r"In particular|Overall|In summary|In conclusion|Interestingly|Surprisingly|Consequently|As a result|Taken together|"
    r"In this (?:paper|work|study|article|report)|To this end|For example|For instance|In contrast|Indeed|Also|Then|Next),?\s+"
)
FRAMES = re.compile(
    r"^(?:(?:We|Our results|Our findings|Our experiments|The results|These results|These findings|These data|Our data|Results|"
    r"Our analysis|Experiments|The authors|This study|This work|This paper|Extensive experiments|Experimental results)"
    r"(?: (?:also|further|then|here))? (?:show|shows|showed|demonstrate|demonstrates|demonstrated|find|found|suggest|suggests|"
    r"indicate|indicates|indicated|reveal|reveals|revealed|report|reported|observe|observed|prove|conclude|confirm) that )",
)


def loosen(text: str, rng: random.Random) -> str:
    """Say the same in slightly other words: openers, frames and brackets dropped, synonyms, figures written otherwise."""
    steps: list[tuple[float, Change]] = [
        (0.8, lambda t, _: _capital(OPENERS.sub("", t))),
        (0.6, lambda t, _: _capital(FRAMES.sub("", t))),
        (0.6, lambda t, _: re.sub(r"\s*\([^()]*\)", "", t)),
        (0.7, lambda t, r: _swap(t, ALIKE, r, times=2)),
        (0.5, _rewritten_figure),
        (0.5, lambda t, _: _third_person(t)),
        (0.3, _turned),
        (0.3, lambda t, _: re.sub(r",? (?:which|thereby|thus|leading to|resulting in|suggesting|while|whereas)\b.{15,}$", ".", t)),
        (
            0.2,
            lambda t, r: (
                r.choice(["It was found that ", "The authors report that ", "According to the paper, ", "Results show that "]) + _lower(t)
            ),
        ),
    ]
    for chance, step in steps:
        if rng.random() < chance:
            new = step(text, rng)
            if new and len(new.split()) >= 5:
                text = new
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text if text[1:2].isupper() or names("x " + text.split(" ", maxsplit=1)[0]) else text[:1].lower() + text[1:]


def _third_person(text: str) -> str:
    text = re.sub(r"^We ", "The authors ", text)
    return re.sub(r"\b([Oo])ur\b", lambda m: "The" if m.group(1) == "O" else "the", text)


def _rewritten_figure(text: str, rng: random.Random) -> str | None:
    """Write a figure otherwise with the same meaning: 54 % or 54 percent; 12,000 or 12000; two or 2."""
    if "%" in text and rng.random() < 0.6:
        return re.sub(r"\s?%", rng.choice([" percent", " %", " per cent"]), text)
    if re.search(r"\d,\d{3}", text):
        return re.sub(r"(?<=\d),(?=\d{3})", "", text)
    small = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    return re.sub(r"\b(two|three|four|five|six|seven|eight|nine|ten)\b", lambda m: str(small.index(m.group())), text)


def _turned(text: str, _: random.Random) -> str | None:
    """Move a leading clause ("In mice, X.") to the end, or a trailing "by ..." away."""
    hit = re.match(r"^((?:In|On|For|After|During|By|When|With|Under|Among|At|Using) [^,]{4,60}), (.{25,})\.$", text)
    return _capital(f"{hit.group(2)} {_lower(hit.group(1))}.") if hit else None


WRONG: dict[str, Change] = {"flip": flip, "negate": negate, "number": other_number, "unit": other_unit}
