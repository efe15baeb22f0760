"""The perturbed suites: a sentence of a paper, word for word or changed in one known way, beside the window it stands in."""

from __future__ import annotations

import random
from collections.abc import Sequence

from sovereign.language.lexical import nearest
from training import perturb
from training.cases import Pair

KINDS = ("verbatim", "paraphrase", "number", "unit", "name", "flip", "negate", "overclaim", "wrong-paper")
Papers = Sequence[Sequence[str]]


def suites(papers: Papers, seed: int, size: int = 250) -> list[Pair]:
    """Give up to `size` pairs of each kind; the source names the kind, the label says what a careful reader would."""
    rng = random.Random(seed)
    pairs: list[Pair] = []
    for kind in KINDS:
        found: list[Pair] = []
        for _ in range(size * 40):
            if len(found) == size:
                break
            text = rng.choice(papers)
            places = [i for i, s in enumerate(text) if 8 <= len(s.split()) <= 45 and s[0].isupper()]
            if len(text) >= 3 and places and (pair := _one(kind, papers, text, rng.choice(places), rng)):
                found.append(pair)
        pairs += found
    return pairs


def _one(kind: str, papers: Papers, text: Sequence[str], place: int, rng: random.Random) -> Pair | None:
    sentence = text[place]
    window = sorted({*nearest(sentence, text, 3), place})
    passage = " ".join(text[i] for i in window)
    if kind == "verbatim":
        return Pair(sentence, passage, "supported", kind)
    if kind == "paraphrase":
        said = perturb.loosen(sentence, rng)
        return Pair(said, passage, "supported", kind) if said != sentence else None
    if kind == "wrong-paper":
        other = rng.choice(papers)
        near = " ".join(other[i] for i in nearest(sentence, other, 3))
        return Pair(sentence, near, "insufficient", kind) if other is not text else None
    if kind == "name":
        said = perturb.other_name(sentence, [n for s in text for n in perturb.names(s)], rng) or sentence
        return Pair(said, passage, "unsupported", kind) if said != sentence else None
    change, label = (perturb.overclaim, "insufficient") if kind == "overclaim" else (perturb.WRONG[kind], "refuted")
    said = change(sentence, rng) or sentence
    return Pair(said, passage, label, kind) if said != sentence else None
