"""A model of paper: it answers like a careful reader of tests/whole/papers, or like one with a single flaw, or like a bad one.

What a careful reader says of the shelf is written down here, claim by claim, with the words it rests on; so is each flaw. The replies
go over the real wire and through the real gates; what is published of them stands in tests/whole/test_paper_model.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from standins.chat import Script
from standins.chat_player import WORK, Lines, labelled, lines_of, proposal

FACETS = ("floating time in a still basin", "floating time on a windy pond")


@dataclass(frozen=True, slots=True)
class Saying:
    """What a careful reader says: the claim and the sentence of the report, the words they rest on, what else must be read with them."""

    quote: str
    claim: str
    sentence: str
    facet: str = "F1"
    beside: str = ""


SAYINGS: Mapping[str, Saying] = {
    "times": Saying(
        "Boats coated with AquaWax stayed afloat for 41.5 minutes on average",
        "On average, paper boats coated with AquaWax floated for 41.5 minutes, and those coated with LinSeal for 22.3 minutes.",
        "In a still basin, boats with AquaWax floated for 41.5 minutes on average, against 22.3 minutes with LinSeal.",
    ),
    "exception": Saying(
        "With the exception of newsprint, AquaWax outlasted LinSeal",
        "On every paper tried, with the exception of newsprint, boats with AquaWax outlasted boats with LinSeal.",
        "Except on newsprint, AquaWax outlasted LinSeal.",
    ),
    "cause": Saying(
        "The gain of AquaWax may come from closed fibres",
        "The gain in floating time with AquaWax may come from closed fibres; it was largest on rough paper.",
        "The gain may come from closed fibres.",
    ),
    "table": Saying(
        "AquaWax | 0.8",
        "The leak rate of paper boats coated with AquaWax was 0.8 grams per minute.",
        "With AquaWax, the leak rate was 0.8 grams per minute.",
        beside="Coating | Leak rate",
    ),
    "pond": Saying(
        "They stayed afloat only 4.1 minutes longer than plain boats",
        "In a breeze on a pond, AquaWax boats stayed afloat only 4.1 minutes longer than plain boats.",
        "On a windy pond, AquaWax added only 4.1 minutes to the floating time.",
        facet="F2",
        beside="Sixty boats were coated with AquaWax",
    ),
    "trials": Saying(
        "In some trials the AquaWax boats sank before the plain ones",
        "On the windy pond, AquaWax boats sank before plain ones in some trials.",
        "In some trials on the pond, boats with AquaWax sank before the plain ones.",
        facet="F2",
    ),
}
FLAWS: Mapping[str, tuple[str, str, str]] = {
    "a lost hedge": ("cause", "may come from", "comes from"),
    "a lost exception": ("exception", r", with the exception of newsprint,|Except on newsprint, ", ""),
    "a wider scope": ("trials", r"n some trials", "n all trials"),
    "a merged number": ("times", "41.5 minutes", "63.8 minutes"),
    "a swapped name": ("pond", "AquaWax", "LinSeal"),
    "names exchanged": ("times", "AquaWax|LinSeal", "exchange"),
    "the opposite": ("exception", "outlasted", "did not outlast"),
}
"""By name: which saying it spoils, and what takes the place of what in its words."""


def spoilt(text: str, flaw: str) -> str:
    """Give a text with the flaw."""
    _, old, new = FLAWS[flaw]
    if new != "exchange":
        return re.sub(old, new, text)
    one, other = old.split("|")
    return text.replace(one, "\0").replace(other, one).replace("\0", other)


@dataclass(frozen=True, slots=True)
class Reader:
    """How the model reads.

    Attributes:
        in_claims, in_report: The flaw of one claim, or of one sentence of the report, by its name; empty is none.
        is_credulous: Whether it says yes to whatever it is asked, as a judge too.
        is_bad: Whether it invents quotes and sentences.
    """

    in_claims: str = ""
    in_report: str = ""
    is_credulous: bool = False
    is_bad: bool = False

    def claim(self, name: str) -> str:
        """Give its wording of a claim."""
        text = SAYINGS[name].claim
        return spoilt(text, self.in_claims) if self.in_claims and FLAWS[self.in_claims][0] == name else text

    def sentence(self, name: str) -> str:
        """Give its sentence about it."""
        text = SAYINGS[name].sentence
        return spoilt(text, self.in_report) if self.in_report and FLAWS[self.in_report][0] == name else text

    def script(self) -> Script:
        """Give what it answers."""
        work: Mapping[str, Callable[[Lines], Mapping[str, Any]]] = {
            **WORK,
            "bearing": _bearing,
            "claims": self._claims,
            "verify": self._verify,
            "draft": self._draft,
            "rewrite": self._rewrite,
            **dict.fromkeys(("skeptic", "validator", "synthesizer"), self._judge),
        }
        return lambda name, body: work[name](lines_of(body))

    def _claims(self, lines: Lines) -> Mapping[str, Any]:
        made = []
        shown = labelled(lines, "P")
        for name, saying in SAYINGS.items():
            label = next((p for p, text in shown if saying.quote in text), "")
            beside = next((p for p, text in shown if saying.beside and saying.beside in text), "")
            if label:
                quote = "boats with wax are known to be best" if self.is_bad and name != "times" else saying.quote
                more = {"with": beside, "facet": saying.facet, "direction": "for", "setting": "still basin", "weight": 3}
                made.append(proposal(label, quote, self.claim(name), **more))
        return {"claims": made, "addressed_to_reader": []}

    def _verify(self, lines: Lines) -> Mapping[str, Any]:
        rests = {label.partition(",")[0]: re.findall(r"S\d+", label) for label, _ in lines if re.match(r"C\d+, rests on", label)}
        named = [label.partition(",")[0] for label, _ in lines if re.match(r"S\d+", label)]
        said = []
        for label, text in labelled(lines, "C"):
            is_borne_out = self.is_credulous or _is_faithful(text)
            verdict = "supported" if is_borne_out else "insufficient"
            sentences = (rests[label] or named)[:4] if is_borne_out else []
            said.append({"statement": label, "reason": "Read in its place.", "sentences": sentences, "verdict": verdict})
        return {"verdicts": said}

    def _draft(self, lines: Lines) -> Mapping[str, Any]:
        sentences = []
        for label, text in labelled(lines, "C"):
            name = next((name for name in SAYINGS if text in (SAYINGS[name].claim, self.claim(name))), "")
            sentences.append({"text": self.sentence(name) if name else text, "claims": [label]})
        if self.is_bad:
            sentences.append({"text": "AquaWax is the best coating in the world and doubles every floating time.", "claims": ["C1"]})
        facets = [{"facet": facet, "claims": ["C1"]} for facet, _ in labelled(lines, "F")]
        groups = [{"heading": "Floating time", "sentences": sentences}]
        return {"kind": "effect", "headline": sentences[0], "facets": facets, "abstract": sentences[1:3], "findings": groups}

    def _rewrite(self, lines: Lines) -> Mapping[str, Any]:
        return {"sentences": [{"sentence": label, "text": text} for label, text in labelled(lines, "R")]}

    def _judge(self, lines: Lines) -> Mapping[str, Any]:
        """Object to every claim and sentence of one's own that says more than a careful reader would."""
        wrong = [label for prefix in "CAF" for label, text in labelled(lines, prefix) if _is_unfaithful(text)]
        if self.is_credulous or not wrong:
            return {"summary": "Sound.", "objections": [], "score": 8, "recommendation": "approve"}
        asks = [{"about": label, "ask": "sentence" if label[0] in "AF" else "reword", "reason": "It says more."} for label in wrong]
        return {"summary": "It says more.", "objections": asks, "score": 7.5, "recommendation": "revise"}


def _is_faithful(text: str) -> bool:
    return text.partition(" (bears on")[0] in {words for saying in SAYINGS.values() for words in (saying.claim, saying.sentence)}


def _is_unfaithful(text: str) -> bool:
    """Whether these are the model's own words with a flaw; the papers' own words are left alone."""
    bare = text.partition(" (bears on")[0]
    words = {(flaw, t) for flaw, (name, *_) in FLAWS.items() for t in (SAYINGS[name].claim, SAYINGS[name].sentence)}
    return bare in {spoilt(t, flaw) for flaw, t in words} and not _is_faithful(bare)


def _bearing(lines: Lines) -> Mapping[str, Any]:
    papers = [(label.split()[0], "no" if "planes" in text else "yes") for label, text in lines if re.fullmatch(r"A\d+ title", label)]
    return {"papers": [{"paper": paper, "bears": bears} for paper, bears in papers], "kind": "effect", "facets": list(FACETS)}
