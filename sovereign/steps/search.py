"""Query -> Paper*: ask the sources, merge what is the same work, rank it against the question, choose what is read.

`gather` is the one that asks the world (PaperSource); `fuse`, `rank` and `screen` are pure but for the embedder. No paper is lost
on the way: whatever is not chosen has a Fate with its reason.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np

from sovereign.citing.identifiers import arxiv_of_doi, arxiv_version
from sovereign.errors import SourceError
from sovereign.language.terms import DOCUMENTS, concept_of, content, generic_words, stem, stem_counts, stems, stop_words, tokens
from sovereign.model import Event, Fate, Gap, GapKind, Goal, Hit, Paper, PaperStatus, Query, Stage
from sovereign.ports import Embedder, Found, PaperSource, Tell, Vectors, tell_nobody
from sovereign.text import normal_title

RRF_K = 60
"""Constant of reciprocal rank fusion; Cormack, Clarke and Büttcher 2009, doi:10.1145/1571941.1572114."""


# --- gather --------------------------------------------------------------------------------------------------------


def gather(queries: Sequence[Query], sources: Mapping[str, PaperSource], *, limit: int, tell: Tell = tell_nobody) -> tuple[Found, ...]:
    """Ask every source every query, sources side by side, and give the answers by source, then by query.

    A source that is unusable is a Gap as long as another one answers.

    Raises:
        SourceError: No source found anything and at least one could not answer: that is not "no papers".
    """
    lock = Lock()

    def tell_alone(event: Event) -> None:
        with lock:
            tell(event)

    def ask(source: PaperSource) -> tuple[Found, ...] | SourceError:
        try:
            return source.search(queries, limit=limit, tell=tell_alone)
        except SourceError as error:
            return error

    with ThreadPoolExecutor(max_workers=max(len(sources), 1)) as pool:
        answers = list(pool.map(ask, sources.values()))
    found: list[Found] = []
    for name, answer in zip(sources, answers, strict=True):
        if isinstance(answer, SourceError):
            found.append(Found(gaps=(Gap("search", name, answer.message, GapKind.REFUSED),)))
        else:
            found.extend(answer)
    _refuse_silence(found, answers)
    return tuple(found)


SHOWN_FAILURES = 2


def _refuse_silence(found: Sequence[Found], answers: Sequence[object]) -> None:
    """Raise where nothing was found and a source failed, however it failed: an outage must never read as "nothing is known"."""
    failures = [gap for item in found for gap in item.gaps]
    if any(item.papers for item in found) or not failures:
        return
    first = next((answer for answer in answers if isinstance(answer, SourceError)), None)
    if first is not None and len(answers) == 1:
        raise first
    why = list(dict.fromkeys(f"{gap.subject}: {gap.why}" for gap in failures))
    more = f"; and {len(why) - SHOWN_FAILURES} more like it" if len(why) > SHOWN_FAILURES else ""
    told = "; ".join(why[:SHOWN_FAILURES])
    raise SourceError(f"no paper source answered: {told}{more}", tip="try again later, or give a folder of papers with --papers")


# --- fuse ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fused:
    """Each work once, best reciprocal rank first, and a Fate for every record that was merged into another."""

    papers: tuple[Paper, ...]
    fates: tuple[Fate, ...] = ()


def fuse(found: Sequence[Found]) -> Fused:
    """Merge records of one work and order the works by reciprocal rank fusion over all searches.

    One work: the same arXiv number (versions aside), the same DOI, or the same title and first author's surname.
    """
    records = [paper for item in found for paper in item.papers]
    groups = _same_work(records)
    merged = [_merge([records[at] for at in group]) for group in groups]
    fates = [
        Fate(records[at].id, records[at].title, Stage.DUPLICATE, f"the same work as {paper.id}")
        for paper, group in zip(merged, groups, strict=True)
        for at in _others(group, records, paper)
    ]
    order = sorted(merged, key=lambda paper: (-_reciprocal(paper.hits), paper.id))
    return Fused(tuple(order), tuple(sorted(fates, key=lambda fate: (fate.paper, fate.reason))))


def _others(group: Sequence[int], records: Sequence[Paper], kept: Paper) -> list[int]:
    """Give the positions of a group's records but the one whose name the merged paper bears."""
    first = next(at for at in group if records[at].id == kept.id)
    return [at for at in group if at != first]


def _reciprocal(hits: Iterable[Hit]) -> float:
    """Give the fused score of a paper: the sum of 1/(k + rank), the best rank of each search counted once."""
    best: dict[tuple[str, str], int] = {}
    for hit in hits:
        best[hit.source, hit.query] = min(hit.rank, best.get((hit.source, hit.query), hit.rank))
    return sum(1 / (RRF_K + rank) for rank in best.values())


def _same_work(records: Sequence[Paper]) -> list[list[int]]:
    """Give groups of positions that are one work, in order of first appearance."""
    leader = list(range(len(records)))

    def find(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    seen: dict[str, int] = {}
    for at, paper in enumerate(records):
        for key in _keys(paper):
            first = find(seen.setdefault(key, at))
            here = find(at)
            leader[max(first, here)] = min(first, here)
    groups: dict[int, list[int]] = defaultdict(list)
    for at in range(len(records)):
        groups[find(at)].append(at)
    return list(groups.values())


def _keys(paper: Paper) -> list[str]:
    """Give the keys under which a record is one with others."""
    base = paper.arxiv_base or arxiv_of_doi(paper.doi)
    keys = [f"arxiv:{base.casefold()}"] if base else []
    if paper.doi and not arxiv_of_doi(paper.doi):
        keys.append(f"doi:{paper.doi.casefold()}")
    title = normal_title(paper.title)
    if len(title) >= MIN_TITLE_CHARS:
        keys.append(f"title:{title}|{_surname(paper)}")
    return keys or [paper.id]


MIN_TITLE_CHARS = 12
"""A shorter title ("Introduction") is no proof that two records are one work."""


def _surname(paper: Paper) -> str:
    """Give the first author's surname, folded: the part before a comma, else the last word."""
    if not paper.authors:
        return ""
    first = paper.authors[0]
    name = first.split(",")[0] if "," in first else first.split()[-1] if first.split() else ""
    return normal_title(name)


def _merge(records: Sequence[Paper]) -> Paper:
    """Make one Paper of records of one work: newest arXiv version, fullest metadata, every hit; a withdrawal wins."""
    if len(records) == 1:
        return records[0]
    best = max(records, key=lambda p: (arxiv_version(p.arxiv_id), bool(p.arxiv_id), bool(p.abstract), len(p.authors)))

    def fullest(name: str) -> str:
        return getattr(best, name) or next((getattr(p, name) for p in records if getattr(p, name)), "")

    struck = next((p for p in records if p.status is not PaperStatus.CURRENT), best)
    dates = [p.published for p in records if p.published]
    updates = [p.updated for p in records if p.updated]
    return replace(
        best,
        authors=best.authors or max((p.authors for p in records), key=len),
        abstract=best.abstract or max((p.abstract for p in records), key=len),
        published=min(dates, default=None),
        updated=max(updates, default=None),
        **{name: fullest(name) for name in ("title", "doi", "url", "pdf_url", "venue", "comment", "license", "location")},
        categories=best.categories or next((p.categories for p in records if p.categories), ()),
        status=struck.status,
        status_note=struck.status_note,
        hits=tuple(sorted({hit for p in records for hit in p.hits})),
    )


# --- rank ----------------------------------------------------------------------------------------------------------

K1 = 1.2
B = 0.75
TITLE_WEIGHT = 2
BACKGROUND_SHARE = 0.5
GENERIC_WEIGHT = 0.3
SYNONYM_WEIGHT = 1.0
LONGEST_CONCEPT_WORDS = 6
DENSE_SHARE = 0.6
TITLE_SHARE = 0.25


def rank(question: str, papers: Sequence[Paper], embedder: Embedder) -> tuple[tuple[Paper, float], ...]:
    """Give the papers with their relevance (0..1) to the question, most relevant first; equals keep their order.

    The score weighs two, DENSE_SHARE to the second: how much of the question's wording the title and abstract cover (BM25 over its
    highest possible value), and the cosine between the question's and the paper's vectors.

    Raises:
        ModelError: A hosted embedder is unusable.
    """
    if not papers:
        return ()
    wording = lexical(question, [(paper.title, paper.abstract) for paper in papers])
    meaning = np.clip(_paper_vectors(papers, embedder) @ _question_vector(question, embedder), 0.0, 1.0)
    scores = np.clip((1 - DENSE_SHARE) * wording + DENSE_SHARE * meaning, 0.0, 1.0)
    order = sorted(range(len(papers)), key=lambda at: (-round(float(scores[at]), 6), at))
    return tuple((papers[at], round(float(scores[at]), 4)) for at in order)


def _paper_vectors(papers: Sequence[Paper], embedder: Embedder) -> Vectors:
    """Give one unit vector a paper, shape (len(papers), dimension): title and abstract together, the title once more."""
    whole = embedder.embed([f"{paper.title}. {paper.abstract}" for paper in papers], kind="passage")
    titles = embedder.embed([paper.title for paper in papers], kind="passage")
    return _unit((1 - TITLE_SHARE) * whole + TITLE_SHARE * titles)


def _question_vector(question: str, embedder: Embedder) -> Vectors:
    """Give one unit vector: of the question as asked, and of its content with abbreviations written out."""
    asked = embedder.embed([question, content(question) or question], kind="query")
    return np.asarray(_unit(asked.sum(axis=0, keepdims=True))[0], dtype=np.float32)


def _unit(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths == 0, 1.0, lengths), dtype=np.float32)


def lexical(question: str, texts: Sequence[tuple[str, str]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Give BM25 scores (0..1, shape (len(texts),)) of (title, abstract) pairs: the share of the highest possible score.

    A word's rarity is counted over the pairs and over a background of arXiv abstracts alike, so that three papers can be ranked
    as well as three thousand. Robertson and Zaragoza 2009, doi:10.1561/1500000019.
    """
    counts = [_term_counts(title, abstract) for title, abstract in texts]
    lengths = np.array([max(sum(found.values()), 1) for found in counts], dtype=np.float64)
    mean_length = float(lengths.mean()) if len(lengths) else 1.0
    held_by = Counter(word for found in counts for word in found)
    own, wanted = _own_words(question), _wanted(question)
    rarities = {word: _rarity(word, held_by[word], len(texts)) for word in wanted}
    highest = sum(weight * rarities[word] for word, weight in own.items()) * (K1 + 1)
    if not highest:
        return np.zeros(len(texts))
    scores = np.zeros(len(texts))
    for at, found in enumerate(counts):
        norm = K1 * (1 - B + B * lengths[at] / mean_length)
        scores[at] = sum(
            weight * rarities[word] * found[word] * (K1 + 1) / (found[word] + norm) for word, weight in wanted.items() if word in found
        )
    return np.minimum(scores / highest, 1.0)


def _term_counts(title: str, abstract: str) -> Counter[str]:
    """Count the stems of a paper, those of its title TITLE_WEIGHT times."""
    found = Counter(stems(abstract))
    for word in stems(title):
        found[word] += TITLE_WEIGHT
    return found


def _own_words(question: str) -> dict[str, float]:
    """Give the stems of the question's own words with their weights: 1, general ones GENERIC_WEIGHT."""
    weights: dict[str, float] = {}
    for word in tokens(question):
        if word not in stop_words():
            weights[stem(word)] = max(weights.get(stem(word), 0.0), GENERIC_WEIGHT if word in generic_words() else 1.0)
    return weights


def _wanted(question: str) -> dict[str, float]:
    """Give the stems that answer the question with their weights: its own words, and those of its concepts' other phrases."""
    wanted = _own_words(question)
    for phrase in _synonyms(re.findall(r"[^\W_]+", question)):
        words = [stem(word) for word in tokens(phrase) if word not in stop_words()]
        for word in words:
            wanted[word] = max(wanted.get(word, 0.0), SYNONYM_WEIGHT / math.sqrt(len(words)))
    return wanted


def _synonyms(words: Sequence[str]) -> list[str]:
    """Give the phrases of every concept that the words, as written, name."""
    found: list[str] = []
    for length in range(1, LONGEST_CONCEPT_WORDS + 1):
        for start in range(len(words) - length + 1):
            concept = concept_of(tuple(words[start : start + length]))
            if concept is not None:
                found.extend(concept.phrases)
    return list(dict.fromkeys(found))


def _rarity(word: str, held_by: int, among: int) -> float:
    """Give BM25's inverse document frequency over the papers at hand and the background, weighed by BACKGROUND_SHARE."""
    here = math.log(1 + (among - held_by + 0.5) / (held_by + 0.5))
    count = stem_counts().get(word, 8)
    everywhere = math.log(1 + (DOCUMENTS - count + 0.5) / (count + 0.5))
    return (1 - BACKGROUND_SHARE) * here + BACKGROUND_SHARE * everywhere


# --- screen --------------------------------------------------------------------------------------------------------

FLOOR = 0.12
"""Relevance under which a paper is not read, whatever room is left."""


@dataclass(frozen=True, slots=True)
class Screened:
    """The papers to read, most relevant first, and a Fate for every one that is not among them.

    Attributes:
        spare: The papers that only max_papers kept out, most relevant first; a revision may read them.
    """

    chosen: tuple[Paper, ...]
    fates: tuple[Fate, ...] = ()
    spare: tuple[Paper, ...] = ()


def screen(goal: Goal, ranked: Sequence[tuple[Paper, float]]) -> Screened:
    """Choose at most goal.max_papers papers that meet the goal's bounds and say something about it; every other has a reason."""
    chosen: list[Paper] = []
    spare: list[Paper] = []
    fates: list[Fate] = []
    for paper, score in ranked:
        reason = _reason_against(goal, paper, score)
        if not reason and len(chosen) < goal.max_papers:
            chosen.append(paper)
            continue
        if not reason:
            spare.append(paper)
            reason = f"beyond the {goal.max_papers} most relevant papers"
        stage = Stage.EXCLUDED if paper.status is not PaperStatus.CURRENT else Stage.SCREENED_OUT
        fates.append(Fate(paper.id, paper.title, stage, reason, score))
    return Screened(tuple(chosen), tuple(fates), tuple(spare))


def _reason_against(goal: Goal, paper: Paper, score: float) -> str:
    """Give why a paper is not read, or nothing."""
    given = bool(paper.location)
    checks: tuple[tuple[Callable[[], bool], str], ...] = (
        (lambda: paper.status is not PaperStatus.CURRENT, f"{paper.status.value}: {paper.status_note}".rstrip(": ")),
        (lambda: bool(goal.since and paper.published and paper.published < goal.since), f"published before {goal.since}"),
        (lambda: bool(goal.until and paper.published and paper.published > goal.until), f"published after {goal.until}"),
        (lambda: _is_outside(goal, paper), f"in none of the categories {', '.join(goal.categories)}"),
        (lambda: score < FLOOR and not given, f"relevance {score:.2f} is under {FLOOR:.2f}"),
    )
    return next((reason for holds, reason in checks if holds()), "")


def _is_outside(goal: Goal, paper: Paper) -> bool:
    """Whether the goal names categories and the paper is in others; a paper without categories is kept."""
    if not goal.categories or not paper.categories:
        return False
    return not any(have == want or have.startswith(f"{want}.") for want in goal.categories for have in paper.categories)
