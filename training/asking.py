"""Questions with sentences that answer them, and sentences that only look as if they did: what relevance is learnt from.

The hard sentences of a question are those that share its words (BM25) and yet are no answer: other outcomes of the same trial,
the method that will measure the outcome, a neighbouring abstract. Some questions are put to papers that cannot answer them, so
that a score is low where nothing answers.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from training.cases import lines, scifact, sentences

_WORD = re.compile(r"[a-z0-9.]+")
_HEADING = re.compile(r"^\s*([A-Z][A-Z0-9 .,&/()\-'’:a-z]{0,160}?):\s*$")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9(])")
HARD, NEGATIVES = 60, 5
"""How many of BM25's first sentences count as hard, and how many wrong sentences stand beside a right one."""
HEADLESS = 0.4
"""The share of groups whose headings are left out, since a sentence may come without one."""
CALIBRATE_EVERY = 8
"""Every eighth trial of the training file is never trained on: it calibrates."""

Line = tuple[str, str]
"""The heading that a sentence stands under ("" if none), and the sentence."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, sentences that answer it, and sentences that do not: `hard` in BM25's order, `other` in none.

    Without an answer all are wrong. `ways` are other wordings of the question.
    """

    source: str
    question: str
    right: tuple[Line, ...]
    hard: tuple[Line, ...]
    other: tuple[Line, ...] = ()
    ways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """One question beside several sentences; `right` says which answer it (the first, or none)."""

    question: str
    sentences: tuple[Line, ...]
    right: tuple[bool, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A sentence of a paper with its heading and its character offsets."""

    heading: str
    text: str
    start: int
    end: int


def words(text: str) -> list[str]:
    """Give the words and figures in lower case, as the scorer counts them."""
    return _WORD.findall(text.lower())


def placed(text: str) -> list[Placed]:
    """Split a trial's article into sentences of more than four words, each with the heading above it."""
    out, heading, at = [], "", 0
    for line in text.split("\n"):
        named = _HEADING.match(line)
        if named:
            heading = named[1].strip(": ").split(".")[-1].strip().capitalize()
        start = 0
        for end in [m.span() for m in _SENTENCE_END.finditer(line)] + [(len(line), len(line))]:
            piece = line[start : end[0]]
            if not named and len(piece.split()) > 4:
                lead = len(piece) - len(piece.lstrip())
                out.append(Placed(heading, piece.strip(), at + start + lead, at + start + lead + len(piece.strip())))
            start = end[1]
        at += len(line) + 1
    return out


def is_hit(sentence: str, gold: str) -> bool:
    """Tell whether a sentence holds half of the gold words, or lies nearly whole inside them."""
    a, b = Counter(words(sentence)), Counter(words(gold))
    shared = (a & b).total()
    return shared >= 0.5 * b.total() or (shared >= 0.9 * a.total() and a.total() >= 6)


class Bm25:
    """Ranks fixed texts by the words that they share with a question."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._counts = [Counter(words(t)) for t in texts]
        self._lengths = [max(1, c.total()) for c in self._counts]
        self._mean = sum(self._lengths) / max(1, len(texts))
        self._where: dict[str, list[int]] = defaultdict(list)
        for i, c in enumerate(self._counts):
            for w in c:
                self._where[w].append(i)

    def scores(self, question: str) -> dict[int, float]:
        """Give the score of every text that shares a word."""
        out: dict[int, float] = defaultdict(float)
        n = len(self._counts)
        for w in set(words(question)):
            there = self._where.get(w, [])
            rarity = math.log(1 + (n - len(there) + 0.5) / (len(there) + 0.5))
            for i in there:
                c = self._counts[i][w]
                out[i] += rarity * c * 2.2 / (c + 1.2 * (0.25 + 0.75 * self._lengths[i] / self._mean))
        return out

    def ranked(self, question: str) -> list[int]:
        """Give all texts' places, best first; those that share nothing come last in their order."""
        found = self.scores(question)
        return sorted(range(len(self._counts)), key=lambda i: -found.get(i, 0.0))


def trials(data: Path, *, calibrate: bool = False) -> list[Asked]:
    """Give Evidence Inference's training questions over whole papers, or those kept for calibration."""
    articles = {r["id"]: placed(r["text"]) for r in lines(data / "answers/rct-train-articles.jsonl.gz")}
    texts = {r["id"]: r["text"] for r in lines(data / "answers/rct-train-articles.jsonl.gz")}
    kept = set(sorted(articles)[::CALIBRATE_EVERY])
    index = {a: Bm25([s.text for s in found]) for a, found in articles.items()}
    rows = [r for r in lines(data / "answers/rct-train.jsonl.gz") if (r["article"] in kept) == calibrate]
    outcomes = sorted({r["outcome"] for r in rows})
    rng = random.Random(31)
    out = []
    for r in rows:
        found, rank = articles[r["article"]], index[r["article"]]
        gold = [texts[r["article"]][a:b] for a, b in r["evidence"]]
        out.append(_asked("trials", r["question"], found, rank, gold, _ways(r)))
        stranger = next(o for o in rng.sample(outcomes, len(outcomes)) if not set(words(o)) & set(words(texts[r["article"]])))
        missed = {**r, "outcome": stranger}
        way = rng.choice(_ways(missed))
        out.append(replace(_asked("trials-missed", way, found, rank, []), other=()))
    return out


def _asked(source: str, question: str, found: Sequence[Placed], rank: Bm25, gold: Sequence[str], ways: Sequence[str] = ()) -> Asked:
    order = rank.ranked(question)
    right = {i for i in order if any(is_hit(found[i].text, g) for g in gold)}
    wrong = [(found[i].heading, found[i].text) for i in order if i not in right]
    return Asked(
        source, question, tuple((found[i].heading, found[i].text) for i in sorted(right)),
        tuple(wrong[:HARD]), tuple(wrong[HARD:]), tuple(ways),
    )  # fmt: skip


def _ways(row: dict[str, Any]) -> tuple[str, ...]:
    """Give a trial's question in the words in which people ask."""
    this, that, outcome = row["intervention"], row["comparator"], row["outcome"]
    return (
        f"What is the effect of {this} compared with {that} on {outcome}?",
        f"Does {this} change {outcome} compared with {that}?",
        f"Does {this} improve {outcome}?",
        f"How does {this} affect {outcome}?",
        f"Is {outcome} different with {this} than with {that}?",
    )


def general(data: Path) -> list[Asked]:
    """Give everyday questions with the sentences of the passage that holds their answer (SelQA, QED)."""
    out = []
    for r in lines(data / "answers/general-train.jsonl.gz"):
        gold = set(r["gold"])
        right = tuple(("", s) for i, s in enumerate(r["sentences"]) if i in gold)
        wrong = tuple(("", s) for i, s in enumerate(r["sentences"]) if i not in gold)
        out.append(Asked("general", r["question"], right, wrong))
    return out


def medical(data: Path) -> list[Asked]:
    """Give PubMedQA's questions: the conclusion answers, the background and the methods do not, nor do near abstracts."""
    rows = lines(data / "answers/pubmedqa-dev.jsonl.gz")
    conclusions = [sentences(r["conclusion"]) for r in rows]
    near = Bm25([r["conclusion"] for r in rows])
    out = []
    for i, r in enumerate(rows):
        wrong = [
            (s["heading"].capitalize(), t)
            for s in r["sections"]
            if not re.search("RESULT|FINDING|CONCLU", s["heading"].upper())
            for t in sentences(s["text"])
        ]
        wrong += [("Conclusion", t) for j in near.ranked(r["question"])[:8] if j != i for t in conclusions[j]]
        out.append(Asked("medical", r["question"], tuple(("Conclusion", t) for t in conclusions[i]), tuple(wrong)))
    return out


def claims(data: Path) -> list[Asked]:
    """Give SciFact's claims of the fit side beside their abstracts: rationales are right; without rationale all is wrong."""
    out = []
    for c in scifact(data):
        if c.side == "fit" and len(c.sentences) > len(c.gold):
            right = tuple(("", s) for i, s in enumerate(c.sentences) if i in c.gold)
            wrong = tuple(("", s) for i, s in enumerate(c.sentences) if i not in c.gold)
            out.append(Asked("claims" if right else "claims-missed", c.claim, right, wrong))
    return out


def cited(data: Path) -> list[Asked]:
    """Give ScholarQA's and the rubrics' expert questions: sentences that experts quote or cite are right."""
    asked: list[tuple[str, str, list[str]]] = []
    for r in lines(data / "answers/scholarqa-dev.jsonl.gz"):
        texts = [r["contexts"][i]["text"] for i in r["cited"] if i < len(r["contexts"])]
        asked.append(("scholarqa", r["question"], [_closest(r["question"], t) for t in texts if t]))
    for r in lines(data / "answers/rubrics-dev.jsonl.gz"):
        quotes = [q for i in r["ingredients"] for e in i["evidence"] if e for q in [_closest(r["question"], e)]]
        asked.append(("rubrics", r["question"], quotes))
    pool = [(i, q) for i, (_, _, quotes) in enumerate(asked) for q in quotes]
    rank = Bm25([q for _, q in pool])
    return [
        Asked(source, question, tuple(("", q) for q in quotes),
              tuple(("", pool[j][1]) for j in rank.ranked(question)[:120] if pool[j][0] != i)[:40])
        for i, (source, question, quotes) in enumerate(asked) if quotes
    ]  # fmt: skip


def _closest(question: str, text: str) -> str:
    """Give the text's sentence that shares most words with the question."""
    found = [s for s in sentences(text) if len(s.split()) > 4] or [text]
    return found[Bm25(found).ranked(question)[0]]


def _questions(data: Path) -> list[tuple[str, str, list[str]]]:
    """Give (question, title, abstract's sentences): SPAR's and AutoScholarQuery's, and arXiv titles that ask."""
    documents = {r["id"]: r for r in lines(data / "search/spar_docs.jsonl")}
    asked = [(r["query"], i) for r in lines(data / "search/spar_queries.jsonl") for i in r["relevant"] if i in documents]
    asked += [(r["question"], i) for r in lines(data / "search/autoscholarquery_500.jsonl") for i in r["answer_arxiv_id"] if i in documents]
    out = [(q, documents[i]["title"], sentences(documents[i]["abstract"])) for q, i in asked]
    for r in lines(data / "arxiv/arxiv-15k.jsonl.gz"):
        title = " ".join(r["title"].split())
        if title.endswith("?"):
            out.append((title.split(": ")[-1], "", sentences(r["abstract"])))
    return out


def looked_for(data: Path) -> list[Asked]:
    """Give questions that name a paper's subject: its title and its results are right, near abstracts are wrong."""
    rows = _questions(data)
    ends = [[("", s) for s in text[-3:] if len(s.split()) > 5] for _, _, text in rows]
    rank = Bm25([" ".join(text) for _, _, text in rows])
    out = []
    for i, (question, title, text) in enumerate(rows):
        near = [j for j in rank.ranked(question)[:14] if rows[j][0] != question and rows[j][2] != text]
        right = [*ends[i], *([("", title)] if title else [])]
        wrong = [line for j in near for line in ends[j]] + [("", rows[j][1]) for j in near if rows[j][1]]
        out.append(Asked("looked-for", question, tuple(right), tuple(wrong)))
    return out


def titled(data: Path, count: int, seed: int) -> list[Asked]:
    """Give arXiv titles as if they were questions: the abstract's last sentences are right, those of near abstracts wrong."""
    rows = [r for r in lines(data / "arxiv/arxiv-15k.jsonl.gz") if not r["title"].strip().endswith("?")]
    random.Random(seed).shuffle(rows)
    texts = [sentences(r["abstract"]) for r in rows[: 4 * count]]
    rank = Bm25([r["abstract"] for r in rows[: 4 * count]])
    out = []
    for i, r in enumerate(rows[:count]):
        title = " ".join(r["title"].split())
        asked = title.split(": ")[-1]
        found = rank.scores(title)
        near = [j for j in sorted(found, key=lambda j: -found[j])[:8] if j != i]
        wrong = tuple(("", s) for j in near for s in texts[j][-3:])
        right = tuple(("", s) for s in texts[i][-3:] if len(s.split()) > 5)
        if right and wrong:
            out.append(Asked("titled", asked, right, wrong, ways=(f"How is {asked} achieved?", f"What is known about {asked}?")))
    return out


def everything(data: Path, titles: int = 800, seed: int = 5) -> list[Asked]:
    """Give all that is trained on."""
    read = (trials, general, medical, claims, cited, looked_for)
    return [*(a for source in read for a in source(data)), *titled(data, titles, seed)]


SHARES = {
    "trials": 3.0,
    "trials-missed": 0.5,
    "medical": 2.0,
    "claims": 1.0,
    "claims-missed": 0.5,
    "scholarqa": 4.0,
    "rubrics": 6.0,
    "general": 0.5,
}
"""How often a question of a source is taken in one reading, each time with another answer and other wrong sentences; others once."""
EXCHANGED = 0.06
"""The share of groups in which the question is one of another paper, so that nothing answers it."""


def groups(asked: Sequence[Asked], seed: int) -> list[Group]:
    """Draw one reading of the questions, in a seeded random order."""
    rng = random.Random(seed)
    by_source: dict[str, list[str]] = defaultdict(list)
    for a in asked:
        by_source[a.source].append(a.question)
    out = []
    for a in asked:
        share = SHARES.get(a.source, 1.0)
        for _ in range(int(share) + (rng.random() < share % 1)):
            out.append(_group(a, rng))
            if rng.random() < EXCHANGED:
                stranger = rng.choice(by_source[a.source])
                if stranger != a.question:
                    lost = replace(a, question=stranger, ways=(), right=(), other=a.other + a.right)
                    out.append(_group(lost, rng))
    out = [g for g in out if len(g.sentences) > 1]
    rng.shuffle(out)
    return out


def _group(a: Asked, rng: random.Random) -> Group:
    """Draw an answer, then hard sentences (most of them among the hardest third) and a few of the others."""
    question = rng.choice([a.question, rng.choice(a.ways)]) if a.ways else a.question
    right = [rng.choice(a.right)] if a.right else []
    wanted = NEGATIVES + (not right)
    easy = rng.sample(a.other, min(len(a.other), 2))
    front = a.hard[: max(wanted, len(a.hard) // 3)]
    hard = rng.sample(front, min(len(front), wanted - len(easy) - 1))
    chosen = set(hard)
    rest = [s for s in a.hard if s not in chosen]
    hard += rng.sample(rest, min(len(rest), wanted - len(easy) - len(hard)))
    drawn = [*right, *hard, *easy]
    if rng.random() < HEADLESS:
        drawn = [("", s) for _, s in drawn]
    return Group(question, tuple(drawn), tuple(i < len(right) for i in range(len(drawn))), a.source)


def count(found: Iterable[Group]) -> str:
    """Give how many groups each source has, as JSON."""
    return json.dumps(Counter(g.source for g in found))
