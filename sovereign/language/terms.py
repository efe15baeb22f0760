"""Words as the literature uses them: tokens, stems, how rare a word is, which phrases are one concept. Pure; reads our own data files.

The data stand in `sovereign/data/` and are described there. Standard library only.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

DOCUMENTS = 15000
"""How many abstracts the counts in the data files come from."""
UNSEEN_WORD = 8
"""Count given to a word that stands in fewer abstracts than the file lists (30): rare, yet not proof of anything."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing and the phrases authors use for it; the first is its name. kind: topic, task, benchmark or measure."""

    kind: str
    phrases: tuple[str, ...]


def tokens(text: str) -> list[str]:
    """Give the words of a text in order, lower case; a hyphen parts words, digits count as letters."""
    return _WORD.findall(text.casefold())


@cache
def stem(word: str) -> str:
    """Give a word without its commonest English endings, so that "models" and "model", "scaling" and "scale" are one.

    Lighter than Porter's rules: a wrong merge costs more than a missed one when titles are short.
    """
    for ending, instead, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return word[: len(word) - len(ending)] + instead
    return word


_ENDINGS = (
    ("ization", "iz", 3),
    ("isation", "iz", 3),
    ("izing", "iz", 3),
    ("ising", "iz", 4),
    ("ized", "iz", 3),
    ("izes", "iz", 3),
    ("ize", "iz", 3),
    ("ations", "at", 3),
    ("ation", "at", 3),
    ("ating", "at", 3),
    ("ated", "at", 3),
    ("ates", "at", 3),
    ("ate", "at", 4),
    ("ments", "ment", 3),
    ("ically", "ic", 3),
    ("iness", "y", 3),
    ("ness", "", 4),
    ("ies", "y", 2),
    ("sses", "ss", 2),
    ("ches", "ch", 2),
    ("shes", "sh", 2),
    ("xes", "x", 2),
    ("ings", "", 4),
    ("ing", "", 4),
    ("edly", "", 4),
    ("ied", "y", 3),
    ("ed", "", 4),
    ("ss", "ss", 1),
    ("ias", "ias", 1),
    ("us", "us", 2),
    ("is", "is", 2),
    ("es", "", 4),
    ("s", "", 3),
    ("e", "", 4),
)


@cache
def family(one: str) -> frozenset[str]:
    """Give the roots that a stem may have grown from, itself among them; two stems that share one are akin.

    "recurrenc" and "recurrent" share "recurr".

    Of 160 pairs drawn from the words of 15,000 abstracts some 140 are akin in meaning too; "general" and "generation" are not.
    """
    spelt = one.replace("our", "or") if len(one) > LEAST_ROOT + 1 else one
    return frozenset({one, spelt} | {spelt[: -len(e)] for e in _GROWN if spelt.endswith(e) and len(spelt) - len(e) >= LEAST_ROOT})


@lru_cache(maxsize=4096)
def families(of: frozenset[str]) -> frozenset[str]:
    """Give the roots of all these stems together; what is akin to one of them shares one."""
    return frozenset().union(*map(family, of))


LEAST_ROOT = 4
"""How many letters a root has at least; shorter ones are shared by words of other meanings."""
_GROWN = tuple(
    (
        "al ial ical ional ational ic tic at ator ation ant anc ancy ent enc ency ion iv ativ itiv ity ability ibility abl ibl y ly er or"
        " ist istic ism iz is ment ful less ous ular ar ary ory ition th ed ing"
    ).split()
)
"""Endings with which English makes one word of another, as stems have them."""


def stems(text: str) -> list[str]:
    """Give the stems of a text's words in order, stop words left out."""
    return [stem(word) for word in tokens(text) if word not in stop_words()]


@cache
def _concept_file() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads((files("sovereign") / "data" / "concepts.json").read_text(encoding="utf-8"))
    return data


@cache
def stop_words() -> frozenset[str]:
    """Give the words that say nothing about a subject."""
    return frozenset(_concept_file()["stop"].split())


@cache
def generic_words() -> frozenset[str]:
    """Give the words that stand in any paper or any request for papers; no search is made of them alone."""
    return frozenset(_concept_file()["generic"].split())


@cache
def weak_words() -> frozenset[str]:
    """Give verbs, adverbs and the like: they may stand inside a phrase, but alone they lead nowhere."""
    return frozenset(_concept_file()["weak"].split())


@cache
def concepts() -> tuple[Concept, ...]:
    """Give every concept in the file's order."""
    return tuple(Concept(str(entry["kind"]), tuple(entry["phrases"])) for entry in _concept_file()["concepts"])


def _counts(name: str) -> dict[str, int]:
    text = (files("sovereign") / "data" / name).read_text(encoding="utf-8")
    rows = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {words: int(count) for words, _, count in rows}


@cache
def word_counts() -> Mapping[str, int]:
    """Give, for each word, in how many of DOCUMENTS abstracts it stands."""
    return _counts("arxiv_words.txt")


@cache
def stem_counts() -> Mapping[str, int]:
    """Give, for each stem, in about how many abstracts one of its words stands (the commonest word's count)."""
    found: dict[str, int] = {}
    for word, count in word_counts().items():
        found[stem(word)] = max(count, found.get(stem(word), 0))
    return found


@cache
def phrase_counts() -> Mapping[str, int]:
    """Give, for each known phrase of two or three words, in how many abstracts it stands."""
    return _counts("arxiv_phrases.txt")


def rarity(word: str) -> float:
    """Give how much a word tells: the natural logarithm of DOCUMENTS over its count; about 0 (everywhere) to 7.5 (unseen)."""
    return math.log(DOCUMENTS / word_counts().get(word, UNSEEN_WORD))


@cache
def _index() -> Mapping[str, Concept]:
    """Map every phrase, as folded words, to its concept; the first entry in the file wins."""
    found: dict[str, Concept] = {}
    for concept in concepts():
        for phrase in concept.phrases:
            found.setdefault(" ".join(tokens(phrase)), concept)
    for concept in concepts():
        for phrase in concept.phrases:
            if phrase.endswith("s") and phrase[:-1].isupper():
                found.setdefault(phrase[:-1].casefold(), concept)
    return found


def _singular(word: str) -> str:
    """Give a word without the lower-case plural s: "VLMs" is VLM, "SMoES" stays a name of its own."""
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def concept_of(words: tuple[str, ...]) -> Concept | None:
    """Give the concept that the words, as written, name; None where they name none.

    A plural is read as its singular; a short abbreviation must be written in capitals ("RAG", not "rag").
    """
    for form in (words, (*words[:-1], _singular(words[-1]))):
        folded = " ".join(tokens(" ".join(form)))
        concept = _index().get(folded)
        if concept is None:
            continue
        written = next((p for p in concept.phrases if " ".join(tokens(p)) == folded), "")
        if len(written) <= 4 and sum(map(str.isupper, written)) > 1 and form[0].islower():
            continue
        return concept
    return None


def content(text: str) -> str:
    """Give the words of a question that are not merely the asking, abbreviations written out: "MoE-VLMs" as "mixture of experts vision …".

    A coined name that holds an abbreviation ("SMoES") stays and is followed by what it is coined from.
    """
    words = _WORD.findall(text)
    found: list[str] = []
    at = 0
    while at < len(words):
        length, concept = next(((n, c) for n in range(6, 0, -1) if (c := concept_of(tuple(words[at : at + n]))) is not None), (1, None))
        is_short = any(letter.isupper() for letter in words[at][1:])
        if concept is not None:
            found.extend(concept.phrases[0].split() if is_short else words[at : at + length])
        elif words[at].casefold() not in stop_words() | generic_words():
            found.append(words[at])
            within = concept_within(words[at]) if is_short else None
            found.extend(within.phrases[0].split() if within else ())
        at += length
    return " ".join(found)


def concept_within(name: str) -> Concept | None:
    """Give the topic whose abbreviation a coined name holds: "SMoES" and "LLaVA-MoE" speak of mixtures of experts."""
    for concept in concepts():
        for phrase in concept.phrases:
            if (
                concept.kind == "topic"
                and 3 <= len(phrase) <= 5
                and sum(map(str.isupper, phrase)) > 1
                and phrase.casefold() in name.casefold()
            ):
                return concept
    return None


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """Yield the (long form, abbreviation) pairs that a text defines itself, as in "supervised fine-tuning (SFT)".

    The initials of the words before the bracket must spell the abbreviation, a plural s aside.
    """
    for found in re.finditer(r"\(([A-Z][\w-]{1,9})\)", text):
        letters = found[1].removesuffix("s").casefold().replace("-", "")
        before = re.findall(r"[^\W_]+", text[: found.start()])[-len(letters) - 3 :]
        for start in range(len(before)):
            if "".join(word[0] for word in before[start:]).casefold() == letters:
                yield " ".join(before[start:]), found[1].removesuffix("s")
                break
