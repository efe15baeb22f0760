"""Claims made from sentences of papers that nothing was trained on: word for word, lightly reworded, or changed in one known way.

Sources: the abstracts of the SPAR documents that are not among the 15,000 arXiv records, and the full text of the real papers.
Each claim is weighed against the text it stands in (for "wrong paper": against another one, the most similar at hand).
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.metrics import interval, share
from benchmarks.papers import Text, texts
from sovereign.language.lexical import Index, nearest
from sovereign.language.quantities import quantities
from sovereign.language.wording import names
from sovereign.ports import Verifier
from sovereign.steps.verify import weigh_texts
from sovereign.text import fold
from training.cases import lines

SIZE = 250
NEIGHBOURS = 12
"""A claim from a full text is weighed against the dozen sentences around its own, about an abstract's length."""

TWENTIETH = 19

Change = Callable[[str, Text, random.Random], str | None]
_WORDS: dict[str, list[tuple[str, str]]] = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))


def verbatim(sentence: str, text: Text, rng: random.Random) -> str:
    """Give the sentence itself."""
    del text, rng
    return sentence


def reworded(sentence: str, text: Text, rng: random.Random) -> str | None:
    """Give the sentence with up to three phrases said otherwise."""
    del text
    fitting = [(a, b) for a, b in _WORDS["reworded"] if re.search(rf"(?<!\w){re.escape(a)}(?!\w)", sentence)]
    for a, b in rng.sample(fitting, min(3, len(fitting))):
        sentence = re.sub(rf"(?<!\w){re.escape(a)}(?!\w)", b, sentence, count=1)
    return sentence[:1].upper() + sentence[1:] if fitting else None


def other_number(sentence: str, text: Text, rng: random.Random) -> str | None:
    """Give the sentence with one digit of one number changed."""
    del text
    found = [q for q in quantities(sentence) if not q.is_soft and any(c in "123456789" for c in q.text)]
    if not found:
        return None
    chosen = rng.choice(found)
    places = [i for i in range(chosen.start, chosen.end) if sentence[i].isdigit()]
    if not places:
        return None
    place = places[0] if len(places) < 3 else rng.choice(places[:2])
    digit: str = rng.choice([d for d in "123456789" if d != sentence[place]])
    return sentence[:place] + digit + sentence[place + 1 :]


def other_unit(sentence: str, text: Text, rng: random.Random) -> str | None:
    """Give the sentence with the unit behind one number changed."""
    del text
    pairs = [pair for a, b in _WORDS["units"] for pair in ((a, b), (b, a))]
    fitting = [(m, b) for a, b in pairs for m in re.finditer(rf"(?<=\d)(\s?){re.escape(a)}(?![\w%])", sentence)]
    if not fitting:
        return None
    found, unit = rng.choice(fitting)
    gap = " " if unit.isalpha() else str(found.group(1))
    return sentence[: found.start()] + gap + unit + sentence[found.end() :]


def other_name(sentence: str, text: Text, rng: random.Random) -> str | None:
    """Give the sentence with one name exchanged for another of the same text, or of another text where it has no second one."""
    mine = [n for n in names(sentence) if len(n) > 2]
    if not mine:
        return None
    old = rng.choice(mine)
    others = [
        n
        for s in text.sentences
        for n in names(s)
        if n.rstrip("s") not in {m.rstrip("s") for m in mine} and len(n) > 2 and n.lower() not in sentence.lower()
    ]
    new = rng.choice(sorted(set(others)) or ["ImageNet", "LSTM", "SQuAD", "GPT-2", "ResNet-18", "CIFAR-10"])
    return re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", new, sentence, count=1)


def turned_round(sentence: str, text: Text, rng: random.Random) -> str | None:
    """Give the sentence with one word exchanged for its opposite."""
    del text
    pairs = [pair for a, b in _WORDS["opposites"] for pair in ((a, b), (b, a))]
    fitting = [(a, b) for a, b in pairs if re.search(rf"\b{a}\b(?!-)", sentence)]
    if not fitting:
        return None
    old, new = rng.choice(fitting)
    return re.sub(rf"\b{old}\b(?!-)", new, sentence, count=1)


def denied(sentence: str, text: Text, rng: random.Random) -> str | None:
    """Give the sentence with "not" behind its first auxiliary, or taken away."""
    del text, rng
    if re.search(r"\b(?:is|are|was|were|can|does|do|has|have|will) not\b", sentence):
        return re.sub(r"\b(is|are|was|were|can|does|do|has|have|will) not\b", r"\1", sentence, count=1)
    out = re.sub(r"\b(is|are|was|were|can|has|have|will)\b(?! not)", r"\1 not", sentence, count=1)
    return out if out != sentence else None


def overstated(sentence: str, text: Text, rng: random.Random) -> str | None:
    """Give the sentence without its doubt: "may" and its kin as "will", "potentially" and its kin left out."""
    del text, rng
    out = re.sub(r"\b(?:may|might|could)\b(?! not)", "will", sentence)
    out = re.sub(r"\b(?:potentially|possibly|perhaps|probably) ", "", out)
    return out if out != sentence else None


SUITES: dict[str, tuple[Change, bool]] = {
    "verbatim": (verbatim, True),
    "light paraphrase": (reworded, True),
    "other number": (other_number, False),
    "other unit": (other_unit, False),
    "other name": (other_name, False),
    "turned round": (turned_round, False),
    "denied": (denied, False),
    "hedge left out": (overstated, False),
    "wrong paper": (verbatim, False),
}
"""Each suite's change, and whether the claim should be accepted."""


def measure(data: Path, verifier: Verifier, size: int = SIZE, seed: int = 11) -> list[dict[str, Any]]:
    """Give one row a suite: how many claims, and the share that was accepted (with and without the veto) and called refuted."""
    shelf = texts(data)
    rows = []
    for name, (change, is_right) in SUITES.items():
        items = made(change, shelf, size, random.Random(f"{seed} {name}"), wrong_paper=name == "wrong paper")
        rows.append(row(name, items, verifier, is_right=is_right))
    return [*rows, row("wrong paper (SciFact, 20th nearest)", strangers(data), verifier, is_right=False)]


def strangers(data: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Give each SciFact dev claim that its paper supports, beside the twentieth most similar abstract that it does not cite.

    Not the most similar one: that often does bear the claim out, though nobody has labelled it.
    """
    corpus: dict[str, tuple[str, ...]] = {
        str(d["doc_id"]): tuple(map(fold, d["abstract"])) for d in lines(data / "claims/scifact/corpus.jsonl")
    }
    cited: dict[str, set[str]] = {}
    for entry in lines(data / "claims/scifact/claims_dev.jsonl"):
        if any(e["label"] == "SUPPORT" for sets in entry["evidence"].values() for e in sets):
            cited[entry["claim"]] = {str(d) for d in (*entry["cited_doc_ids"], *entry["evidence"])}
    places = list(corpus)
    index = Index([" ".join(corpus[name]) for name in places])
    out = []
    for claim, own in cited.items():
        shares = {i: share for i, share in index.shares(claim).items() if places[i] not in own}
        ranked = sorted(shares, key=lambda i: (-shares[i], i))
        out.append((claim, corpus[places[ranked[min(TWENTIETH, len(ranked) - 1)]]]))
    return out


def row(name: str, items: Sequence[tuple[str, Sequence[str]]], verifier: Verifier, *, is_right: bool) -> dict[str, Any]:
    """Give what became of a suite's claims, as shares: accepted (with and without the veto, and by TF-IDF), and called refuted."""
    weighed = weigh_texts(items, verifier=verifier)
    accepted = np.array([w.verdict.value == "supported" for w in weighed])
    threshold = verifier.card.threshold
    unvetoed = np.array([any(c.name.value == "entailment" and c.passed for c in w.checks) for w in weighed])
    rule = np.array([w.lexical >= 0.15 for w in weighed])
    return {
        "suite": name,
        "should_be_accepted": is_right,
        "claims": len(items),
        "accepted": share(accepted),
        "accepted_95": interval(accepted),
        "accepted_without_veto": share(unvetoed),
        "refuted": share(np.array([w.verdict.value == "refuted" for w in weighed])),
        "tfidf_accepted": share(rule),
        "threshold": threshold,
    }


def made(change: Change, shelf: Sequence[Text], size: int, rng: random.Random, *, wrong_paper: bool) -> list[tuple[str, tuple[str, ...]]]:
    """Give up to `size` claims, each with the sentences it is to be weighed against."""
    out: list[tuple[str, tuple[str, ...]]] = []
    for _ in range(size * 60):
        if len(out) == size:
            break
        text = rng.choice(shelf)
        place = rng.randrange(len(text.sentences))
        sentence = text.sentences[place]
        if not _is_usable(sentence) or (said := change(sentence, text, rng)) is None or (said == sentence and change is not verbatim):
            continue
        around = text.sentences[max(0, place - NEIGHBOURS // 2) : place + NEIGHBOURS // 2]
        out.append((said, _most_similar(sentence, shelf, text, rng) if wrong_paper else around))
    return out


def _is_usable(sentence: str) -> bool:
    words = sentence.split()
    return 8 <= len(words) <= 45 and sentence[0].isupper() and sentence.rstrip().endswith(".")


def _most_similar(sentence: str, shelf: Sequence[Text], own: Text, rng: random.Random) -> tuple[str, ...]:
    """Give a dozen sentences around the nearest one of thirty other texts: a passage about the same, by someone else."""
    others = rng.sample([t for t in shelf if t is not own], min(30, len(shelf) - 1))
    pool = [(t, i) for t in others for i in range(len(t.sentences))]
    best, at = pool[nearest(sentence, [t.sentences[i] for t, i in pool], 1)[0]]
    return best.sentences[max(0, at - NEIGHBOURS // 2) : at + NEIGHBOURS // 2]
