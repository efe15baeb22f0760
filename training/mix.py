"""What each stage is trained on: pairs of a claim and a passage, drawn from the labelled sets and made from papers."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer

from sovereign.language.lexical import nearest
from training import perturb, relations
from training.cases import Case, Pair, general, lines, scifact, sentences
from training.frames import frame_pairs

KEPT_APART = 1600
"""The first arXiv abstracts: the perturbed suites are made from them, nothing is trained on them."""
LONG = {"tabfact_short"}  # 147 words a pair, two labels: a tenth of the time for little
MISMATCHED = {  # two-label sets (and two others) also get claims beside another text of the set: insufficient
    "nli4ct_2024": 1200, "fever_symmetric": 600, "fm2": 300, "cannot_wikifact_refute": 1500, "breaking_nli": 300,
    "lingnli": 1500, "infotabs": 400,
}  # fmt: skip
FINITE = re.compile(
    r"\b(?:is|are|regulates?|induces?|promotes?|increases?|decreases?|reduces?|inhibits?|controls?|mediates?|enhances?|suppress(?:es)?|"
    r"causes?|leads?|contributes?|improves?|protects?|requires?|activates?|drives?|prevents?|determines?|modulates?|predicts?|blocks?|"
    r"impairs?|stimulates?|triggers?|binds?|interacts?|maintains?|limits?|restricts?|confers?|facilitates?|affects?|influences?|plays?|"
    r"acts?|can|does|correlates?|defines|attenuates?|disrupts?|alters?|delays?|outperforms?|make|makes)\b"
)
QUESTION = re.compile(r"[?:]|\b(?:reveals?|links)\b|^(?:What|How|Why|When|Is|Are|Do|Does|Can|The role|Screening)\b")


def general_pairs(data: Path, seed: int = 13) -> list[Pair]:
    """Give stage one: the general entailment mixture, mismatches for its two-label sets, and claims that stand in the text."""
    rng = random.Random(seed)
    rows = [r for r in general(data, "train") if r["source"] not in LONG]
    pairs = [Pair(r["claim"], r["text"], r["label"], r["source"]) for r in rows]
    for source, count in MISMATCHED.items():
        own = [r for r in rows if r["source"] == source]
        for r in rng.sample(own, min(count, len(own))):
            other = rng.choice(own)
            if other["text"] != r["text"]:
                pairs.append(Pair(r["claim"], other["text"], "insufficient", f"{source}+mismatch"))
    short = [r for r in rows if len(r["text"].split()) < 60]
    for r in rng.sample(short, 1500):
        before = rng.choice(short)["text"] + " " if rng.random() < 0.5 else ""
        pairs.append(Pair(r["claim"], before + r["claim"], "supported", "identity"))
    rng.shuffle(pairs)
    return pairs


def case_pairs(cases: Sequence[Case], rng: random.Random) -> list[Pair]:
    """Give the labelled scientific cases as pairs, in the windows in which claims are judged at run time."""
    pairs = []
    for c in cases:
        everything = tuple(range(len(c.sentences)))
        if c.source != "scifact":
            window = everything if len(everything) <= 5 else nearest(c.claim, c.sentences, 4)
            pairs.append(_pair(c, window, c.label))
            continue
        for size in (3, rng.choice([1, 2, 4, 5])):
            window = nearest(c.claim, c.sentences, size)
            if not c.gold or set(window) & set(c.gold):
                pairs.append(_pair(c, window, c.label))
        if c.gold:
            near = [i for i in everything if i not in c.gold and min(abs(i - g) for g in c.gold) <= 2]
            pairs.append(_pair(c, c.gold, c.label))
            pairs.append(_pair(c, tuple(sorted({*c.gold, *rng.sample(near, min(2, len(near)))})), c.label))
            rest = [i for i in everything if i not in c.gold]
            if len(rest) >= 2:
                pairs.append(_pair(c, tuple(sorted(rng.sample(rest, 2))), "insufficient", 0.6))
    return pairs


def wrong_paper_pairs(cases: Sequence[Case], texts: Sequence[Sequence[str]], rng: random.Random, each: int = 2) -> list[Pair]:
    """Give each claim beside the best window of the most similar other papers: insufficient."""
    claims = sorted({c.claim for c in cases})
    own: dict[str, set[str]] = {}
    for c in cases:
        own.setdefault(c.claim, set()).add(" ".join(c.sentences))
    pairs = []
    for claim, near in zip(claims, _nearest(claims, texts, 8), strict=True):
        others = [i for i in near if " ".join(texts[i]) not in own[claim]]
        for i in rng.sample(others[1:], min(each, len(others) - 1)):
            window = nearest(claim, texts[i], 3)
            pairs.append(Pair(claim, " ".join(texts[i][j] for j in window), "insufficient", "wrong-paper", 0.7))
    return pairs


def made_pairs(texts: Sequence[Sequence[str]], count: int, rng: random.Random) -> list[Pair]:
    """Give about `count` pairs made from papers' sentences: loosened, flipped, denied, renumbered, renamed, overclaimed."""
    pairs: list[Pair] = []
    while len(pairs) < count:
        text = rng.choice(texts)
        places = [i for i, s in enumerate(text) if 8 <= len(s.split()) <= 45 and s[0].isupper()]
        if len(text) < 3 or not places:
            continue
        place = rng.choice(places)
        keep = rng.sample(range(len(text)), min(len(text), rng.choice([0, 1, 2, 2, 3])))
        pairs += _made(text, place, sorted({place, *keep}), rng)
    return pairs


def _made(text: Sequence[str], place: int, window: Sequence[int], rng: random.Random) -> list[Pair]:
    """Give the pairs made from one sentence: a true form, and one of the wrong ones that can be made of it."""
    rare, others = ["number", "unit", "overclaim"], ["flip", "negate", "name"]
    rng.shuffle(rare)
    rng.shuffle(others)
    first = ["elsewhere"] if rng.random() < 0.15 else rare if rng.random() < 0.6 else []
    for kind in [*first, *others]:
        if wrong := _wrong(kind, text, place, window, rng):
            break
    else:
        return []
    claim = text[place] if rng.random() < 0.25 else perturb.loosen(text[place], rng)
    return [*wrong, Pair(claim, _passage(text, place, window, text[place]), "supported", "made:loosened")]


def _wrong(kind: str, text: Sequence[str], place: int, window: Sequence[int], rng: random.Random) -> list[Pair]:
    """Give the pairs of one kind of change; none where the sentence does not allow it."""
    sentence = text[place]
    true = _passage(text, place, window, sentence)
    if kind == "elsewhere":
        others = [i for i in range(len(text)) if i != place]
        passage = " ".join(text[i] for i in sorted(rng.sample(others, min(3, len(others)))))
        return [Pair(_maybe_loose(sentence, rng), passage, "insufficient", "made:elsewhere", 0.6)]
    if kind == "name":
        new = perturb.other_name(sentence, [n for s in text for n in perturb.names(s)], rng)
        return [Pair(_maybe_loose(new, rng), true, "unsupported", "made:name")] if new else []
    new = perturb.overclaim(sentence, rng) if kind == "overclaim" else perturb.WRONG[kind](sentence, rng)
    return _both_ways(kind, sentence, new, (true, _passage(text, place, window, new)), rng) if new else []


def _both_ways(kind: str, sentence: str, new: str, passages: tuple[str, str], rng: random.Random) -> list[Pair]:
    """Give the change on the claim's side, on the passage's, or on both; `passages` hold the sentence and its changed form."""
    true, false = passages
    if kind == "overclaim":
        return [Pair(new, true, "insufficient", "made:overclaim", 0.5), Pair(sentence, false, "supported", "made:overclaim", 0.5)]
    shape = rng.random()
    if shape < 0.45:
        return [Pair(_maybe_loose(new, rng), true, "refuted", f"made:{kind}")]
    if shape < 0.75:
        return [Pair(_maybe_loose(sentence, rng), false, "refuted", f"made:{kind}")]
    return [Pair(_maybe_loose(new, rng), false, "supported", f"made:{kind}")]


def _passage(text: Sequence[str], place: int, window: Sequence[int], said: str) -> str:
    return " ".join(said if i == place else text[i] for i in window)


def related_pairs(texts: Sequence[Sequence[str]], count: int, rng: random.Random) -> list[Pair]:
    """Give about `count` pairs whose claim keeps the sentence's words and moves what they say, each beside a right one.

    Every kind of change comes about as often, whatever sentences allow it; as elsewhere it is also made on the passage's side, and
    on both.
    """
    pairs: list[Pair] = []
    kinds = [*relations.WRONG, "widened", "widened", "exchanged", "renumbered"]
    while len(pairs) < count:
        kind = rng.choice(kinds)
        for _ in range(30):
            text = rng.choice(texts)
            place = rng.randrange(len(text))
            sentence = text[place]
            made = relations.WRONG[kind](sentence, rng) if 6 <= len(sentence.split()) <= 45 and sentence[0].isupper() else None
            if made and made[0] != sentence:
                keep = rng.sample(range(len(text)), min(len(text), rng.choice([0, 0, 1, 2])))
                pairs += _related(kind, text, place, sorted({place, *keep}), made, rng)
                break
    return pairs


def _related(kind: str, text: Sequence[str], place: int, window: Sequence[int], made: relations.Made, rng: random.Random) -> list[Pair]:
    sentence, (said, label) = text[place], made
    true, changed = _passage(text, place, window, sentence), _passage(text, place, window, said)
    source, shape = f"related:{kind}", rng.random()
    if shape < 0.6 or kind in {"rebound", "widened"} or label == "supported":
        wrong = Pair(said, true, label, source)
    elif shape < 0.85:
        wrong = Pair(sentence, changed, label, source)
    else:
        wrong = Pair(said, changed, "supported", source)
    ways = [way for way in relations.RIGHT.values() if rng.random() < 0.6]
    right = next((new for way in ways if (new := way(sentence, rng)) and new[0] != sentence), None)
    claim, label = right or (sentence if rng.random() < 0.4 else perturb.loosen(sentence, rng), "supported")
    return [wrong, Pair(claim, true, label, "related:right")]


def title_pairs(papers: Sequence[tuple[str, Sequence[str]]], rng: random.Random) -> list[Pair]:
    """Give titles that state a finding as claims: borne out by the paper, refuted when turned, open beside another paper.

    They resemble the claims of SciFact: short, compressed, worded unlike the sentence that bears them out.
    """
    stating = [(t.rstrip("."), s) for t, s in papers if FINITE.search(t) and not QUESTION.search(t) and len(s) > 2]
    near = _nearest([t for t, _ in stating], [s for _, s in papers], 6)
    pairs = []
    for (title, text), others in zip(stating, near, strict=True):
        window = nearest(title, text, rng.choice([1, 2, 3, 3, 4]))
        passage = " ".join(text[i] for i in window)
        claim = f"{title}."
        pairs.append(Pair(claim, passage, "supported", "title"))
        changed = (change(claim, rng) for change in (perturb.flip, perturb.negate))
        pairs += [Pair(new, passage, "refuted", "title:wrong") for new in changed if new]
        for i in rng.sample(others[1:], 2):
            if papers[i][1] is not text:
                other = papers[i][1]
                wrong = " ".join(other[j] for j in nearest(title, other, 3))
                pairs.append(Pair(claim, wrong, "insufficient", "title:wrong-paper"))
    return pairs


@dataclass(frozen=True, slots=True)
class Portion:
    """How much of each source a cycle of stage two takes.

    Attributes:
        made, replay: Pairs made from papers, and pairs of stage one.
        turns: How often the cases nearest to our use come, each time in other windows.
        citing, titles: Shares (0..1) of the citing sentences, whose labels are the loosest, and of the titled papers.
    """

    made: int
    replay: int
    turns: int
    citing: float
    titles: float


def science_pairs(data: Path, cases: Sequence[Case], portion: Portion, seed: int) -> list[Pair]:
    """Give one cycle of stage two: the scientific cases, wrong papers, titles, made pairs, and stage one again in part."""
    rng = random.Random(seed)
    medical, arxiv = papers_of(data)
    fit = [c for c in cases if c.side == "fit"]
    ours = [c for c in fit if c.source in {"scifact", "healthver"}]
    citing = [c for c in fit if c.source == "citation-integrity"]
    others = [c for c in fit if c.source not in {"scifact", "healthver", "citation-integrity"}]
    medical_texts, arxiv_texts = [s for _, s in medical], [s for _, s in arxiv[KEPT_APART:]]
    pairs = case_pairs([*(ours * portion.turns), *others, *rng.sample(citing, round(len(citing) * portion.citing))], rng)
    pairs += wrong_paper_pairs(ours, medical_texts, rng, portion.turns)
    pairs += title_pairs(rng.sample(medical, round(len(medical) * portion.titles)), rng)
    pairs += made_pairs(medical_texts, portion.made // 2, rng) + made_pairs(arxiv_texts, portion.made // 2, rng)
    pairs += rng.sample(general_pairs(data), portion.replay)
    rng.shuffle(pairs)
    return pairs


@dataclass(frozen=True, slots=True)
class Relations:
    """How many pairs the stage of relations takes of each: frames, changed sentences of papers and of general premises, stage one."""

    frames: int
    related: int
    premises: int
    general: int


def relation_pairs(data: Path, cases: Sequence[Case], portion: Relations, science: Portion, seed: int) -> list[Pair]:
    """Give the stage of relations: who does what to whom, which number goes where, how far it reaches; the two stages before in part."""
    rng = random.Random(seed)
    medical, arxiv = papers_of(data)
    papers = [s for _, s in medical] + [s for _, s in arxiv[KEPT_APART:]]
    papers += [d["sentences"] for d in lines(data / "roles/csabstruct/train.jsonl")]
    papers = [[s for s in text if s.strip()] for text in papers if any(s.strip() for s in text)]
    premises = [[r["text"]] for r in general(data, "train") if len(r["text"].split()) <= 45 and r["text"].strip()]
    pairs = frame_pairs(papers, portion.frames, rng) + related_pairs(papers, portion.related, rng)
    pairs += related_pairs(premises, portion.premises, rng)
    pairs += rng.sample(general_pairs(data), portion.general)
    pairs += science_pairs(data, cases, science, seed)
    rng.shuffle(pairs)
    return pairs


def papers_of(data: Path) -> tuple[list[tuple[str, list[str]]], list[tuple[str, list[str]]]]:
    """Give (title, sentences) of the biomedical abstracts that no reported claim cites, and of the arXiv abstracts."""
    reported = {c.document for c in scifact(data) if c.side != "fit"}
    corpus = lines(data / "claims/scifact/corpus.jsonl")
    medical = [(d["title"], [" ".join(s.split()) for s in d["abstract"]]) for d in corpus if f"scifact:{d['doc_id']}" not in reported]
    arxiv = [(d["title"], sentences(d["abstract"])) for d in lines(data / "arxiv/arxiv-15k.jsonl.gz")]
    return medical, arxiv


def _pair(case: Case, window: Sequence[int], label: str, weight: float = 1.0) -> Pair:
    weight *= 1.5 if case.source in {"scifact", "healthver"} else 1.0  # the two that are nearest to our use
    return Pair(case.claim, " ".join(case.sentences[i] for i in window), label, case.source, weight)


def _maybe_loose(text: str, rng: random.Random) -> str:
    return perturb.loosen(text, rng) if rng.random() < 0.4 else text


def _nearest(queries: Sequence[str], texts: Sequence[Sequence[str]], count: int) -> list[list[int]]:
    """Give for each query the positions of the `count` texts most like it by TF-IDF, best first."""
    turned = TfidfVectorizer(stop_words="english", sublinear_tf=True)
    table = turned.fit_transform([" ".join(t) for t in texts])
    scores = turned.transform(queries) @ table.T
    return [[int(row.indices[i]) for i in row.data.argsort()[::-1][:count]] for row in scores]
