"""Whether a run answers: evidence, directions, yes or no, passages that experts cite, and whole shelves with gold answers.

Everything is drawn and answered as a run does it (steps/claims.py with the shipped reader, language/leaning.py, and for shelves
the whole pipeline as `sovereign ask` calls it); BM25 stands beside it. Samples are spread evenly over each set.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from statistics import fmean
from typing import Any, TypeVar

import numpy as np

from benchmarks import shelves
from benchmarks.metrics import auroc
from benchmarks.overlap import is_among
from sovereign.language import leaning
from sovereign.language.retrieval import Bm25
from sovereign.model import Block, BlockKind, Claim, Direction, Document, Form, Goal, Passage, Role, Section
from sovereign.ports import Embedder, SentenceReader
from sovereign.readers.building import role_of
from sovereign.steps import answer as answer_step
from sovereign.steps import read
from sovereign.steps.claims import extract, gate
from sovereign.text import fold, sentences

FIRST = (1, 5)
CITED_AMONG = 10
"""Among how many passages those that an expert cited are counted; no answer cites more than ten."""
DIRECTIONS = {
    "significantly increased": Direction.INCREASED,
    "significantly decreased": Direction.DECREASED,
    "no significant difference": Direction.NO_DIFFERENCE,
}
_HEADING = re.compile(r"\s*(?:(TITLE|ABSTRACT|BODY)\b\.?)?([A-Z][A-Za-z0-9 .,&/()\-'’:]{0,160}?)?:\s*")
Row = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Samples:
    """How many questions of each set are asked: a few minutes on two idle cores."""

    trials: int = 30
    conclusions: int = 100
    cited: int = 20


@dataclass(frozen=True, slots=True)
class Trial:
    """A question to one full paper: the evidence that people marked, which way they read it, and the claims drawn, best first."""

    question: str
    gold: tuple[str, ...]
    direction: Direction | None
    claims: tuple[Claim, ...]
    sentences: tuple[str, ...]


def measure(data: Path, embedder: Embedder, reader: SentenceReader, samples: Samples) -> dict[str, list[Row]]:
    """Give the tables by name."""
    asked = tuple(_trials(data, embedder, reader, samples.trials))
    by_shelf, near_misses = shelves.measure(data)
    return {
        "trials": evidence(asked),
        "direction": directions(asked),
        "conclusions": conclusions(spread(_lines(data / "answers/pubmedqa-dev.jsonl.gz"), samples.conclusions)),
        "cited": cited(spread(_lines(data / "answers/scholarqa-dev.jsonl.gz"), samples.cited), reader),
        "shelves": by_shelf,
        "near_misses": near_misses,
        "leaning": [{"model": name, **figures} for name, figures in _trained("leaning").items()],
        "reader": list(flat(_trained("reader"))),
    }


def spread(rows: Sequence[T], count: int) -> list[T]:
    """Give so many of the rows, evenly spread over all of them; all where there are no more."""
    size = len(rows)
    return [rows[at * size // count] for at in range(count)] if count < size else list(rows)


def _lines(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


# --- Trials ------------------------------------------------------------------------------------------------------


def article(name: str, text: str) -> Document:
    """Give a trial's article as a document: lines that end in a colon and name a part of it are headings, others paragraphs."""
    heads: list[tuple[int, str, Role]] = []
    blocks: list[Block] = []
    at = 0
    for line in text.split("\n"):
        found = _HEADING.fullmatch(line)
        if found and any(found.groups()):
            of_abstract, heading = found[1] == "ABSTRACT", (found[2] or found[1] or "").strip(" .:").capitalize()
            heads.append((at, heading, Role.ABSTRACT if of_abstract else role_of(heading)))
            blocks.append(Block(BlockKind.HEADING, at, at + len(line)))
        elif line.strip():
            is_title = bool(heads) and heads[-1][1] == "Title"
            blocks.append(Block(BlockKind.FRONT if is_title else BlockKind.PROSE, at, at + len(line)))
        at += len(line) + 1
    ends = [*(start for start, _, _ in heads[1:]), len(text)]
    parts = tuple(Section(heading, role, start, end) for (start, heading, role), end in zip(heads, ends, strict=False))
    return Document(name, Form.HTML, text, parts, tuple(blocks))


def _trials(data: Path, embedder: Embedder, reader: SentenceReader, count: int) -> Iterator[Trial]:
    texts = {row["id"]: row["text"] for row in _lines(data / "answers/rct-dev-articles.jsonl.gz")}
    for row in spread(_lines(data / "answers/rct-dev.jsonl.gz"), count):
        text = texts[row["article"]]
        document = article(row["article"], unicodedata.normalize("NFC", text))
        passages = read.cut(document)
        majority: str = Counter(row["labels"]).most_common(1)[0][0]
        yield Trial(
            row["question"],
            tuple(text[start:end] for start, end in row["evidence"]),
            DIRECTIONS.get(majority),
            drawn(row["question"], document, passages, embedder, reader),
            tuple(fold(passage.text) for passage in passages),
        )


def drawn(question: str, document: Document, passages: Sequence[Passage], embedder: Embedder, reader: SentenceReader) -> tuple[Claim, ...]:
    """Give the claims that a run draws from one paper."""
    found = extract(Goal(slug="q", question=question), [document], {document.paper: passages}, embedder=embedder, reader=reader)
    return gate(found, {document.paper: document}, lambda _: None)


def evidence(asked: Sequence[Trial]) -> list[Row]:
    """Give how often the gold evidence is among the first, the first five, and all claims; and among as many sentences by BM25."""
    rows = []
    for name in ("sovereign", "BM25"):
        orders = [[c.quote.text for c in one.claims] if name == "sovereign" else _by_words(one) for one in asked]
        pairs = list(zip(orders, asked, strict=True))
        shares = {f"first {n}" if n > 1 else "first": _share([is_among(o[:n], t.gold) for o, t in pairs]) for n in FIRST}
        every = _share([is_among(o[: len(t.claims)], t.gold) for o, t in pairs])
        count = round(fmean(len(one.claims) for one in asked), 1) if asked else 0.0
        rows.append({"method": name, **shares, "all claims": every, "claims of a paper": count, "questions": len(asked)})
    return rows


def _by_words(one: Trial) -> list[str]:
    scores = Bm25(one.sentences).scores(one.question)
    return [one.sentences[at] for at in sorted(range(len(scores)), key=lambda at: -scores[at])]


def directions(asked: Sequence[Trial]) -> list[Row]:
    """Give how often the direction read from the claims is the one that people read from the evidence, over three."""
    kept = [one for one in asked if one.direction]
    common = Counter(one.direction for one in kept).most_common(1)
    methods = {
        "from the claims drawn": [leaning.direction(one.question, [(claim.text, claim.relevance) for claim in one.claims]) for one in kept],
        "from the gold evidence": [leaning.direction(one.question, [(" ".join(one.gold), 1.0)]) for one in kept],
        "always the most common": [common[0][0] for _ in kept],
    }
    return [
        {"method": name, "accuracy": _share([a is one.direction for a, one in zip(said, kept, strict=True)]), "questions": len(kept)}
        for name, said in methods.items()
    ]


# --- Conclusions -------------------------------------------------------------------------------------------------


def side(stances: Sequence[str]) -> str:
    """Give the side that the sentences of one abstract take, counted as an answer counts findings, of which one alone is enough here."""
    return answer_step.side(stances, least=1) or "maybe"


def conclusions(rows: Sequence[Row]) -> list[Row]:
    """Give how often yes, no or maybe is told as the authors do, from the sentences of abstract and conclusion.

    The weights were trained on these very conclusions, so that what they say of unseen ones (cross-validated) stands beside it.
    """
    cut = [([_cut(part["text"]) for part in row["sections"]], _cut(row["conclusion"])) for row in rows]
    asked = [row["question"] for row in rows]
    methods = {
        "sentences of abstract and conclusion": [
            side([leaning.stance(question, text) for part in (*parts, end) for text in part])
            for question, (parts, end) in zip(asked, cut, strict=True)
        ],
        "sentences of the conclusion": [
            side([leaning.stance(question, text) for text in end]) for question, (_, end) in zip(asked, cut, strict=True)
        ],
        "the conclusion as one": [side([leaning.stance(row["question"], fold(row["conclusion"]))]) for row in rows],
        "always yes": ["yes"] * len(rows),
    }
    found: list[Row] = [
        {
            "method": name,
            "accuracy": _share([answer == row["answer"] for answer, row in zip(said, rows, strict=True)]),
            "seen in training": "no" if name == "always yes" else "yes",
            "questions": len(rows),
        }
        for name, said in methods.items()
    ]
    held_out = _trained("leaning")["stance, cross-validated"]
    kept = {"accuracy": held_out["accuracy"], "seen in training": "no", "questions": held_out["cases"]}
    return [*found, {"method": "the conclusion as one, cross-validated", **kept}]


def _cut(text: str) -> list[str]:
    folded = fold(text)
    return [folded[start:end] for start, end in sentences(folded)]


def _trained(name: str) -> dict[str, dict[str, Any]]:
    """Give the figures that came with the weights of a trained part."""
    path = files("sovereign") / "weights" / f"{name}.json"
    found: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["figures"]
    return found


def flat(figures: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[Row]:
    """Yield a row for each figure of the reader's heads, however deep it stands; what is told of each shelf or kind is left out."""
    for name, value in figures.items():
        if name == "shelves":
            value = value.get("all", {})  # noqa: PLW2901
        if isinstance(value, Mapping):
            if name != "auroc_by_kind":
                yield from flat(value, (*above, name))
        else:
            yield {"head": above[0], "on": ", ".join(above[1:]) or "–", "measure": name.replace("_", " "), "value": value}


# --- Passages that experts cite -----------------------------------------------------------------------------------


def cited(rows: Sequence[Row], reader: SentenceReader) -> list[Row]:
    """Give how the passages that an expert's answer cites rank among all passages of all questions asked (means over questions).

    The reader was trained on one sentence of each of them, among those of many other sets.
    """
    pool = [(at, place, fold(c["title"]), fold(c["text"])) for at, row in enumerate(rows) for place, c in enumerate(row["contexts"])]
    words = Bm25([f"{title}. {text}" for _, _, title, text in pool])
    found: dict[str, list[tuple[float, float]]] = {"sovereign": [], "BM25": []}
    for at, row in enumerate(rows):
        wanted = [of == at and place in row["cited"] for of, place, _, _ in pool]
        found["sovereign"].append(ranked(wanted, list(reader.relevance(row["question"], [(title, text) for _, _, title, text in pool]))))
        found["BM25"].append(ranked(wanted, words.scores(row["question"])))
    return [
        {
            "method": name,
            "AUROC": round(fmean(area for area, _ in figures), 4),
            f"cited among the first {CITED_AMONG}": round(fmean(share for _, share in figures), 4),
            "seen in training": "no" if name == "BM25" else "yes",
            "passages": len(pool),
            "questions": len(rows),
        }
        for name, figures in found.items()
        if figures
    ]


def ranked(wanted: Sequence[bool], scores: Sequence[float]) -> tuple[float, float]:
    """Give the AUROC of what is wanted (one half where nothing or everything is), and its share among the first ten."""
    area = auroc(np.array(wanted), np.array(scores, dtype=np.float64))
    best = sorted(range(len(scores)), key=lambda at: (-scores[at], at))[:CITED_AMONG]
    return 0.5 if area is None else area, sum(wanted[at] for at in best) / max(1, sum(wanted))


def _share(flags: Sequence[bool]) -> float | None:
    return round(fmean(flags), 4) if flags else None
