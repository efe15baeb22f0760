"""Passage -> Claim* with a language model: it proposes text and quote, and a quote that is not found is no claim.

A paper is shown in reading order under its headings, in one prompt where the model's context allows; of a long one, what tells
most for the question. What becomes the claim's quote is the whole sentence (or sentences) that hold the model's words: half a
sentence can be cut so that it says the opposite.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sovereign.errors import ModelError
from sovereign.language.findings import outcome
from sovereign.language.question import Interest, told
from sovereign.language.tokens import answer_tokens, batches, estimate
from sovereign.model import BlockKind, Claim, Document, Gap, GapKind, Goal, Origin, Passage, Role, SignKind
from sovereign.ports import ChatModel, Prompt, Reply, SentenceReader, Tell, tell_nobody
from sovereign.prompting import fence, labels, load
from sovereign.text import counted, fold, locate

CLAIMS, CLAIMS_PER_PAPER, CLAIMS_AT_LEAST = 36, 10, 4
"""How many claims are asked for in all, and of one prompt at most and at least: no report has room for more, and each is read again
by everybody who verifies, writes and judges."""
PROMPTS_PER_PAPER = 4
PAPER_TOKENS = 7_000
"""What is shown of one paper at most, by the estimate, which is some 5,000 true ones."""
ANSWER_TOKENS = 3500
CLAIM_TOKENS = 240
"""What the answer takes for one claim."""
MIN_QUOTE_WORDS = 4
MAX_CLAIM_CHARS = 600
LINE_TOKENS = 5
"""What surrounds one passage: its label and brackets."""
MANY = 6
"""From so many proposals, or two prompts without a usable answer, a model can be told to be too weak."""
WEAK = 0.5
"""Share of proposals with a quote that the paper has not, from which it is."""
_LEFT_OUT = (BlockKind.HEADING, BlockKind.FORMULA)
_WORTH = {
    Role.ABSTRACT: 1.0,
    Role.CONCLUSION: 0.9,
    Role.RESULTS: 0.8,
    Role.DISCUSSION: 0.7,
    Role.LIMITATIONS: 0.6,
    Role.INTRODUCTION: 0.5,
    Role.OTHER: 0.45,
    Role.APPENDIX: 0.3,
    Role.METHOD: 0.3,
    Role.BACKGROUND: 0.1,
    Role.RELATED: 0.1,
}
"""How telling a section is, 0..1; the question's own words, 0..1, count twice as much, how much a sentence reads like an outcome once."""
ANSWERS, LEAST = 0.3, 1e-4
"""What the log odds that a passage answers weigh beside these, and the least probability that is told from none.

On six shelves of 5 or 6 papers (2026-11) so 68 of 80 sentences that bear the answers are shown within 7,000 tokens a paper and within
8,000, and 76 within 11,000; by words, sections and wording alone 66, 66 and 71, by the odds alone 65, 65 and 72.
"""
TABLE_LESS = 0.3
"""What a row of a table is worth less than a sentence: rows are many, and few of them tell."""
NEIGHBOUR = 0.9
"""What a passage's neighbour lends it of its worth: a claim is understood with what stands around it."""
_NOT_RESEARCH = re.compile(
    r"\b(?:references|bibliography|acknowledge?ments?|thanks|funding|checklist|author contributions|competing interests"
    r"|conflicts? of interest|data availability|code availability)\b",
    re.IGNORECASE,
)
"""Headings of what no claim is drawn from (a guess at meaning, not a finite list)."""
_CHECKLIST = re.compile(r"\[(?:Yes|No|N/A|TODO)\]")


@dataclass(frozen=True, slots=True)
class Note:
    """What the model says of a claim beside its words; nothing of it is checked, and only a model sees it.

    Attributes:
        beside: The passage without which the claim cannot be understood, or None.
        facet: The part of the question that it speaks to; empty where none was named.
        direction: "for", "against", "qualifies", or empty.
        weight: 3 where it answers directly, 2 in part, else 1.
    """

    beside: Passage | None = None
    facet: str = ""
    direction: str = ""
    setting: str = ""
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a model draws: the claims, the most telling first, its notes by the claims' ids, and what was rejected or not shown."""

    claims: tuple[Claim, ...] = ()
    notes: Mapping[str, Note] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a paper: the question, its facets, and how others call the paper."""

    goal: Goal
    facets: tuple[str, ...] = ()
    name: str = ""


def propose(
    papers: Sequence[tuple[Asked, Document]],
    passages: Mapping[str, Sequence[Passage]],
    chat: ChatModel,
    *,
    reader: SentenceReader | None = None,
    tell: Tell = tell_nobody,
) -> Proposed:
    """Give the claims that the model draws from all papers, asked in one batch.

    Args:
        reader: Says which passages of a long paper answer; without it their words, sections and wording alone do.

    Raises:
        ModelError: The model is unusable, or too weak: most of what it says is unusable, or quotes words that no paper has.
    """
    shown: list[tuple[Asked, Document, tuple[Passage, ...]]] = []
    gaps: list[Gap] = []
    for asked, document in papers:
        parts, left_out = portions(asked.goal, document, passages.get(document.paper, ()), chat.context_tokens, reader)
        shown += [(asked, document, part) for part in parts]
        gaps += left_out
    limit = max(CLAIMS_AT_LEAST, min(CLAIMS_PER_PAPER, -(-CLAIMS // max(1, len(shown)))))
    prompts = [write(asked, document, part, chat.context_tokens, limit) for asked, document, part in shown]
    answers = chat.answer(prompts, tell=tell) if prompts else ()
    made: list[tuple[Claim, Note]] = []
    refused: list[Gap] = []
    for (asked, document, part), answer in zip(shown, answers, strict=True):
        if isinstance(answer, Gap):
            refused.append(Gap("claims", document.paper, answer.why, answer.kind))
        else:
            drawn, wrong = read(answer, asked, document, part)
            made += drawn
            refused += wrong
    _demand_strength(chat.name, answers, len(made), refused)
    ordered = sorted(made, key=lambda item: -item[1].weight)
    notes: dict[str, Note] = {}
    for claim, note in ordered:
        notes.setdefault(claim.id, note)
    return Proposed(tuple({claim.id: claim for claim, _ in ordered}.values()), notes, (*gaps, *refused))


def _demand_strength(name: str, answers: Sequence[Reply | Gap], kept: int, refused: Sequence[Gap]) -> None:
    """Raise where the answers show a model that cannot do the task; one bad answer among good ones is no sign of that."""
    broken = [answer for answer in answers if isinstance(answer, Gap) and answer.kind is GapKind.REJECTED]
    invented = [gap for gap in refused if gap.kind is GapKind.REJECTED and "quote" in gap.why]
    proposals = kept + len(invented)
    told, example = "", ""
    if len(broken) > 1 and len(broken) == len(answers):
        told, example = f"none of {len(answers)} answers was usable", broken[0].why
    elif proposals >= MANY and len(invented) > WEAK * proposals:
        told, example = f"{len(invented)} of {proposals} claims quote words that no paper has", invented[0].why
    if told:
        raise ModelError(f"{name} is too weak for this: {told} ({example})", tip="choose a more capable model, or --engine local")


def portions(
    goal: Goal, document: Document, passages: Sequence[Passage], context_tokens: int, reader: SentenceReader | None = None
) -> tuple[tuple[tuple[Passage, ...], ...], tuple[Gap, ...]]:
    """Give the passages to show in reading order, in one run where the context allows, and a Gap for what is not shown."""
    usable = tuple(_usable(document, passages))
    each = (
        load("claims").room(context_tokens, answer_tokens(ANSWER_TOKENS, context_tokens))
        - estimate(goal.question)
        - estimate(document.title)
        - 500
    )
    budget = min(PAPER_TOKENS, max(0, each) * PROMPTS_PER_PAPER)
    # The encoder takes some seconds over a long paper; what is shown whole needs no choice.
    is_whole = sum(map(_size, usable)) <= budget and len(_runs(usable, max(0, each))) <= PROMPTS_PER_PAPER
    worth = _worth(goal, usable, None if is_whole else reader)
    chosen = _telling(usable, worth, budget, max(0, each))
    runs = _runs(chosen, max(0, each))
    while len(runs) > PROMPTS_PER_PAPER:
        budget = budget * 9 // 10
        chosen = _telling(usable, worth, budget, max(0, each))
        runs = _runs(chosen, max(0, each))
    parts = tuple(tuple(chosen[start:end]) for start, end in runs)
    hidden = len(usable) - sum(map(len, parts))
    if not hidden:
        return parts, ()
    why = f"{hidden} of {counted(len(usable), 'sentence')} not shown to the model: what tells most for the question comes first"
    return parts, (Gap("claims", document.paper, why, GapKind.LIMIT),)


def _runs(chosen: Sequence[Passage], each: int) -> tuple[tuple[int, int], ...]:
    return batches([f"{fold(p.text)} {p.section}" for p in chosen], each, each=LINE_TOKENS)


def _usable(document: Document, passages: Sequence[Passage]) -> Iterator[Passage]:
    marked = tuple(_marked(document))
    for p in passages:
        is_stub = p.kind is BlockKind.PROSE and len(p.text.split()) < MIN_QUOTE_WORDS  # "Equal contribution."
        is_research = not (is_stub or _NOT_RESEARCH.search(p.section) or _CHECKLIST.search(p.text))
        if p.kind not in _LEFT_OUT and p.text.strip() and is_research and not _touches(p, marked):
            yield p


def _worth(goal: Goal, usable: Sequence[Passage], reader: SentenceReader | None) -> list[float]:
    """Give how much each passage tells for the question: its words, its section, its wording and, with a reader, whether it answers."""
    interest = Interest("; ".join((goal.question, *goal.keywords)))
    own = [
        _WORTH.get(p.role, 0.4) + 2 * interest.share(told(p.text)) + outcome(p.text, p.section) - TABLE_LESS * (p.kind is BlockKind.TABLE)
        for p in usable
    ]
    if reader is not None and usable:
        near = np.clip(reader.relevance(goal.question, [(p.section, fold(p.text)) for p in usable]), LEAST, 1 - LEAST)
        odds = np.log(near / (1 - near)) - np.log(LEAST / (1 - LEAST))
        own = [mine + ANSWERS * float(more) for mine, more in zip(own, odds, strict=True)]
    return [max(mine, *(NEIGHBOUR * other for other in own[max(0, at - 1) : at + 2])) for at, mine in enumerate(own)]


def _size(passage: Passage) -> int:
    return estimate(fold(passage.text)) + LINE_TOKENS


def _telling(usable: Sequence[Passage], worth: Sequence[float], budget: int, longest: int) -> list[Passage]:
    """Give as many passages as the budget of tokens allows, the most telling ones, in reading order."""
    sizes = [_size(p) for p in usable]
    left, kept = budget, []
    for at in sorted(range(len(usable)), key=lambda at: (-worth[at], at)):
        if sizes[at] <= min(left, longest):
            kept.append(at)
            left -= sizes[at]
    return [usable[at] for at in sorted(kept)]


def write(asked: Asked, document: Document, part: Sequence[Passage], context_tokens: int, limit: int = CLAIMS_PER_PAPER) -> Prompt:
    """Give the paper's numbered passages under their headings to the model, which may draw so many claims from them."""
    names, facet_names = labels("P", len(part)), labels("F", len(asked.facets))
    length = answer_tokens(ANSWER_TOKENS, context_tokens)
    lines = [("title", document.title), *([("called", asked.name)] if asked.name else [])]
    section = ""
    for name, passage in zip(names, part, strict=True):
        if passage.section and passage.section != section:
            lines.append(("section", passage.section))
            section = passage.section
        lines.append((name, passage.text))
    values = {
        "limit": str(max(1, min(limit, length // CLAIM_TOKENS))),
        "question": fence("question", [("question", asked.goal.question), *zip(facet_names, asked.facets, strict=True)]),
        "paper": fence("paper", lines),
    }
    return load("claims").prompt(values, enums={"passages": names, "facets": (*facet_names, "")}, max_tokens=length)


def read(reply: Reply, asked: Asked, document: Document, part: Sequence[Passage]) -> tuple[tuple[tuple[Claim, Note], ...], tuple[Gap, ...]]:
    """Give the claims whose quotes stand in the document with what the model says of them, and a Gap for each proposal that is none."""
    by_label = dict(zip(labels("P", len(part)), part, strict=True))
    facets = dict(zip(labels("F", len(asked.facets)), asked.facets, strict=True))
    addressed = {name for name in reply.data["addressed_to_reader"] if name in by_label}
    gaps = [
        Gap(
            "claims", document.paper, f"the model reports text that addresses its reader: “{fold(by_label[name].text)}”", GapKind.SUSPICIOUS
        )
        for name in sorted(addressed)
    ]
    claims: list[tuple[Claim, Note]] = []
    for item in reply.data["claims"][: 2 * CLAIMS_PER_PAPER]:
        made = _claim(item, asked.goal, document, by_label, addressed)
        if isinstance(made, Claim):
            beside = None if item["with"] in addressed else by_label.get(item["with"])
            note = Note(beside, facets.get(item["facet"], ""), item["direction"], fold(item["setting"]), item["weight"])
            claims.append((made, note))
        else:
            gaps.append(Gap("claims", document.paper, f"a proposed claim was rejected, {made}: “{fold(item['text'])}”", GapKind.REJECTED))
    return tuple(claims), tuple(gaps)


def _claim(item: Mapping[str, Any], goal: Goal, document: Document, by_label: Mapping[str, Passage], addressed: set[str]) -> Claim | str:
    """Give the claim, or why it is none."""
    text, near = fold(item["text"]), by_label.get(item["passage"])
    if near is None or item["passage"] in addressed:
        return "its passage does not exist" if near is None else "its passage addresses the reader"
    if not 0 < len(text) <= MAX_CLAIM_CHARS:
        return f"its text has {len(text)} characters"
    quote = _quote(item["quote"], document, tuple(by_label.values()), near)
    if isinstance(quote, str):
        return quote
    return Claim(text, quote, document.sha256, Origin.MODEL, relevance=round(Interest(goal.question).share(told(text)), 4))


def _quote(words: str, document: Document, shown: Sequence[Passage], near: Passage) -> Passage | str:
    """Give the sentences that hold the quoted words, or why the quote is none."""
    if len(words.split()) < min(MIN_QUOTE_WORDS, len(near.text.split())):
        return "its quote is too short to bear anything"
    span = _find(words, document, near)
    touched = [p for p in shown if span is not None and p.start < span[1] and span[0] < p.end]
    if span is None or not touched:
        return "its quote is not in the paper" if span is None else "its quote stands outside of what was shown"
    quote = _widened(span, document, touched)
    return "its quote addresses the reader or was hidden" if _touches(quote, tuple(_marked(document))) else quote


def _find(quote: str, document: Document, near: Passage) -> tuple[int, int] | None:
    """Give where the quote stands, in its own passage before anywhere else."""
    inside = locate(quote, near.text)
    return (near.start + inside[0], near.start + inside[1]) if inside else locate(quote, document.text)


def _widened(span: tuple[int, int], document: Document, touched: Sequence[Passage]) -> Passage:
    """Give the whole passages that a span touches, as one."""
    first = min(touched, key=lambda p: p.start)
    start, end = min(first.start, span[0]), max(span[1], *(p.end for p in touched))
    return Passage(document.paper, start, end, document.text[start:end], first.section, first.role, first.kind, document.page_at(start))


def _touches(passage: Passage, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < passage.end and passage.start < end for start, end in spans)


def _marked(document: Document) -> Iterator[tuple[int, int]]:
    """Yield where words that the reader of the paper marked as addressed to us, or as hidden, stand in the text, every time."""
    for sign in document.signs:
        if sign.kind in {SignKind.INSTRUCTION, SignKind.DOUBTFUL, SignKind.HIDDEN}:
            span = locate(sign.words, document.text)
            while span is not None:
                yield span
                span = locate(sign.words, document.text, start=span[1])
