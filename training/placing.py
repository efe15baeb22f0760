"""Sentences where they stand: what is a finding is told by a sentence's neighbours as much as by its words.

Rows of abstracts give the place and both neighbours, whole articles the heading and both neighbours of the paragraph. Some of each are
left out at random, since a reader may be asked about a sentence by itself.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sovereign.adapters.encoder import beside, shown
from sovereign.ports import Around
from training.asking import Placed, placed
from training.cases import lines, sentences

ALONE, HEADLESS, PLACELESS = 0.12, 0.15, 0.2
"""Shares of training sentences that are given without what is about them, without a heading, and without their place."""
_PLAIN = {"result": False, "claim": False}
_OUTCOME = re.compile(
    r"significan|differen|increas|decreas|higher|lower|greater|fewer|better|worse|improv|reduc|correlat|associat|similar|\bp\s?[<=>]|\bCI\b",
    re.IGNORECASE,
)
_FLOW = re.compile(
    r"randomi[sz]ed|enrol|recruit|screened|baseline|demographic|characteristics|lost to follow|withdr[ae]w|dropp?ed out|excluded|eligib"
    r"|analy[sz]ed (?:using|with|by)|were (?:collected|measured|assessed|performed|recorded|calculated)|flow ?chart|completed the"
    r"|^\(?(?:table|fig)",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:we|our|this (?:study|trial|analysis)|the (?:present|current) (?:study|trial)|these (?:results|findings|data))\b", re.IGNORECASE
)
_SHOWS = re.compile(r"\b(?:show|found|demonstrat|suggest|indicat|reveal|confirm|observ|conclud|provide evidence)\w*", re.IGNORECASE)
_CITED = re.compile(
    r"\bet al\b|\[\d+[\d,;–\- ]*\]|\(\w+,? (?:19|20)\d\d|previous(?:ly)? (?:stud|report|show)|other stud|earlier stud", re.IGNORECASE
)
_PLANS = re.compile(
    r"hypothesi|\bwe (?:aim|sought|set out|planned|intend)|\b(?:aim|objective|purpose|goal) of|future (?:stud|work|research|trial)"
    r"|further (?:stud|work|research|trial|investig)|should be (?:investig|stud|consider|confirm)"
    r"|remains? (?:to be|unclear|unknown)|limitation",
    re.IGNORECASE,
)  # fmt: skip
_METHOD = re.compile(
    r"method|design|procedure|participant|statistic|randomi|setting|intervention|material|recruit|eligib|measure|analysis|protocol"
    r"|sample size|abbreviation|contribution|competing|fund|acknowledg|supporting|criteria|subjects|data collection",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"introduction|background|objective|aim|purpose", re.IGNORECASE)
_NAMES = ("Mobley", "Chen", "García", "Okafor", "Lindqvist", "Nakamura", "Novak", "Hughes", "Silva", "Kowalski", "Rahman", "Dubois")
_REPORTS = re.compile(r"^(?:(?:in (?:this|the present) (?:paper|study|work)|here),? )?we (?:also |further )?(\w+) ", re.IGNORECASE)
_THINGS = re.compile(r"[:?–—|]| for | with | via | using | through | under | and | in | of ")


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence, what stands about it, and what is so of it, by the names of the heads; what is unknown is left out.

    With `around` it is put in as a pair, as the adapter does to tell a finding; without, by itself with its heading, if any.
    """

    text: str
    so: Mapping[str, bool]
    source: str = ""
    heading: str = ""
    around: Around | None = None

    @property
    def given(self) -> str | tuple[str, str]:
        """The text, or the pair, that the network reads."""
        return shown(self.heading, self.text) if self.around is None else (beside(self.heading, self.around), self.text)


def rows(path: Path, label: str, name: str, source: str) -> list[list[Judged]]:
    """Give each abstract's sentences in their places, `name` being so of those with the label."""
    found = []
    for row in lines(path):
        texts, labels = row["sentences"], row["labels"]
        if len(texts) == len(labels):
            about = _abouts(texts)
            found.append([
                Judged(t, {name: str(told) == label}, source, "Abstract", a) for t, told, a in zip(texts, labels, about, strict=True)
            ])  # fmt: skip
    return found


def _abouts(texts: Sequence[str]) -> list[Around]:
    """Give what stands about each sentence of an abstract."""
    ends = ["", *texts, ""]
    return [Around(ends[i], ends[i + 2], i + 1, len(texts)) for i in range(len(texts))]


def structured(data: Path) -> list[list[Judged]]:
    """Give PubMedQA's abstracts: what stands under "Results" is a result, what concludes is a claim too, all else is neither."""
    found = []
    for r in lines(data / "answers/pubmedqa-dev.jsonl.gz"):
        said: list[tuple[str, str, dict[str, bool]]] = []
        for part in r["sections"]:
            said += [(part["heading"].capitalize(), t, _under(part["heading"].upper())) for t in sentences(part["text"])]
        said += [("Conclusion", t, {"result": True, "claim": True} if not _PLANS.search(t) else {}) for t in sentences(r["conclusion"])]
        about = _abouts([t for _, t, _ in said])
        found.append([Judged(t, so, "structured", name, a) for (name, t, so), a in zip(said, about, strict=True)])
    return found


def _under(heading: str) -> dict[str, bool]:
    """Give what is so of a sentence under a heading of a structured abstract."""
    if "CONCLU" in heading:
        return {"result": True, "claim": True}
    return {"result": True, "claim": False} if re.search("RESULT|FINDING", heading) else _PLAIN


def articles(data: Path) -> list[list[Judged]]:
    """Give the sentences of whole trials that can be told: annotated evidence; and by heading and wording what others are."""
    spans: dict[str, list[Sequence[int]]] = {}
    for r in lines(data / "answers/rct-train.jsonl.gz"):
        spans.setdefault(r["article"], []).extend(r["evidence"])
    found = []
    for r in lines(data / "answers/rct-train-articles.jsonl.gz"):
        parts = placed(r["text"])
        told = []
        for i, s in enumerate(parts):
            is_gold = any(min(b, s.end) - max(a, s.start) > 0.6 * (s.end - s.start) for a, b in spans.get(r["id"], []))
            so = {"result": True} if is_gold else _by_heading(s)
            before, after = (parts[j].text if 0 <= j < len(parts) and parts[j].heading == s.heading else "" for j in (i - 1, i + 1))
            if so:
                told.append(Judged(s.text, so, "trials", s.heading, Around(before, after)))
        found.append(told)
    return found


def _by_heading(s: Placed) -> dict[str, bool]:
    """Give what is so of a sentence of a trial's article, by its heading and its wording; nothing where that is not plain."""
    name, text = s.heading.lower(), s.text
    if _METHOD.search(name) or _BEFORE.search(name):
        return _PLAIN
    if _PLANS.search(text) or (_CITED.search(text) and not _OWN.search(text)):
        return _PLAIN
    if name.startswith("result"):
        return _PLAIN if _FLOW.search(text) else {"result": True} if _OUTCOME.search(text) else {}
    if name.startswith("conclusion"):
        return {"result": True, "claim": True}
    if name.startswith(("discussion", "key finding")) and _OWN.search(text) and _SHOWS.search(text) and not _CITED.search(text):
        return {"result": True, "claim": True}
    return {}


def by_others(found: Sequence[Judged], rng: random.Random) -> list[Judged]:
    """Give own results told as those of others: "Chen et al. (no date) found …"."""
    out = []
    for j in found:
        began = _REPORTS.match(j.text)
        if began and (j.so.get("result") or j.so.get("claim")):
            who = rng.choice(_NAMES) + rng.choice([" et al.", " et al.", f" and {rng.choice(_NAMES)}", " and colleagues"])
            when = rng.choice([f" ({rng.randint(1988, 2025)})", f" [{rng.randint(1, 80)}]", " (no date)", f", {rng.randint(1990, 2025)},"])
            out.append(Judged(f"{who}{when} {began[1]} {j.text[began.end() :]}", _PLAIN, "by others", j.heading, j.around))
    return out


def captions(titles: Sequence[str], about: Sequence[Judged], rng: random.Random, count: int) -> list[Judged]:
    """Give what stands beside a figure and is no sentence of the text: made from the things that titles name."""
    things = [w for t in titles for p in _THINGS.split(t) for w in [p.strip(" .")] if 1 <= len(w.split()) <= 5 and w[0].isalpha()]
    out = []
    for _ in range(count):
        x, y, z = (rng.choice(things) for _ in range(3))
        said = rng.choice([
            f"{x} and {y}", f"Correlation between {x} and {y}", f"{x} as a function of {y}", f"Comparison of {x} with {y}",
            f"Distribution of {x}",
            f"{x} versus {y} for {z}", f"Example of {x}", f"Overview of {x} and {y}", f"Mean {x} in {y}", f"Illustration of {x} with {y}",
            f"Left: {x}; right: {y}", f"{x} over time in {y}", f"Effect of {x} on {y}", f"Boxplots of {x} by {y}",
            f"{x} (solid) and {y} (dashed)",
            f"Kaplan-Meier curves for {x}", f"Schematic of {x}", f"The relation of {x} to {y}, with {z} shown in grey",
            f"Error bars show {x}",
            f"{x} are shown as mean and standard deviation", f"Values are given for {x} and {y}", f"Performance of {x} on {y}",
        ])  # fmt: skip
        letter = rng.choice("ABCDabcd")
        mark = rng.choice([
            "", f"({letter}) ", f"({letter}) ", f"{letter}. ", f"Figure {rng.randint(1, 9)}. ", f"Fig. {rng.randint(1, 9)}: ",
            f"Table {rng.randint(1, 9)}. ", f"({letter}) ", f"Panel {letter}: ",
        ])  # fmt: skip
        tail = rng.choice(
            ["", "", f" ({rng.choice('ABCDabcd')}) {rng.choice(things)}.", f" n = {rng.randint(3, 400)}.", " Colours as before."]
        )
        out.append(Judged(f"{mark}{said[0].upper()}{said[1:]}.{tail}", {**_PLAIN, "wholeness": False, "order": False}, "captions"))
    return [*_among(out, about, rng), *out]


def _among(texts: Sequence[Judged], about: Sequence[Judged], rng: random.Random) -> Iterator[Judged]:
    """Give each text as it would stand between two sentences of a paper; whether it is whole is asked of it alone."""
    for j in texts:
        where = rng.choice(about)
        before, after = (where.text, where.around.after if where.around else "") if rng.random() < 0.5 else ("", "")
        yield Judged(j.text, _PLAIN, j.source, rng.choice(["Results", where.heading, ""]), Around(before, after))


def thinned(found: Sequence[Judged], rng: random.Random) -> list[Judged]:
    """Give sentences with some of what is about them left out, as it may be unknown when the reader is asked."""
    out = []
    for j in found:
        if j.around is None:
            out.append(j)
            continue
        heading = "" if rng.random() < HEADLESS else j.heading
        about = j.around
        if rng.random() < ALONE:
            out.append(Judged(j.text, j.so, j.source, heading, Around()))
            continue
        before, after = (t if rng.random() > 0.1 else "" for t in (about.before, about.after))
        at, of = (about.at, about.of) if rng.random() > PLACELESS else (0, 0)
        heading = "Abstract" if at and j.source == "structured" else heading
        out.append(Judged(j.text, j.so, j.source, heading, Around(before, after, at, of)))
    return out
