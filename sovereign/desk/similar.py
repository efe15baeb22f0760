"""Goals that ask nearly the same: told to whoever proposes a goal, since the answer may be there already. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sovereign.text import normal_title

# Share of the words of both questions that are common (Jaccard index) from which two questions are told of together.
NEAR = 0.75


def similar(goals: Mapping[str, str]) -> tuple[tuple[str, str, float], ...]:
    """Give pairs of goals (slug to question) whose questions share at least three quarters of their words: both slugs, and the share.

    Words that many questions have do not bring a pair together, so the time grows with the goals and not with their square.
    """
    words = {slug: frozenset(normal_title(question).split()) for slug, question in goals.items()}
    holders: dict[str, list[str]] = defaultdict(list)
    for slug in sorted(words):
        for word in words[slug]:
            holders[word].append(slug)
    found: dict[tuple[str, str], float] = {}
    for slug in sorted(words):
        # A pair that shares so much shares one of its rarest words: looking at a quarter of them, and one, is enough.
        rare = sorted(words[slug], key=lambda word: (len(holders[word]), word))[: len(words[slug]) // 4 + 1]
        for other in {other for word in rare for other in holders[word][:200] if other < slug}:
            share = len(words[slug] & words[other]) / len(words[slug] | words[other])
            if share >= NEAR:
                found[other, slug] = share
    return tuple((one, other, share) for (one, other), share in sorted(found.items()))
