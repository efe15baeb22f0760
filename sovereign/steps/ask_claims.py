"""Passage -> Claim* with a language model: it proposes text and quote, and a quote that is not found is no claim.

What becomes the claim's quote is the whole sentence (or sentences) that hold the model's words: half a sentence can be
cut so that it says the opposite.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sovereign.language.question import Interest, told
from sovereign.language.tokens import batches
from sovereign.model import BlockKind, Claim, Document, Gap, GapKind, Goal, Origin, Passage, Role, SignKind
from sovereign.ports import ChatModel, Prompt, Reply, Tell, tell_nobody
from sovereign.prompting import fence, labels, load
from sovereign.text import fold, locate

CLAIMS_PER_PROMPT = 8
PROMPTS_PER_PAPER = 4
PROMPT_TOKENS = 6000
"""Passages of one prompt; longer ones are read worse, and cost the same."""
ANSWER_TOKENS = 2500
MIN_QUOTE_WORDS = 4
MAX_CLAIM_CHARS = 600
_FIRST = (Role.ABSTRACT, Role.RESULTS, Role.CONCLUSION, Role.DISCUSSION, Role.LIMITATIONS, Role.INTRODUCTION, Role.METHOD)
_LEFT_OUT = (BlockKind.HEADING, BlockKind.FORMULA)


def propose(
    goal: Goal, document: Document, passages: Sequence[Passage], chat: ChatModel, *, tell: Tell = tell_nobody
) -> tuple[tuple[Claim, ...], tuple[Gap, ...]]:
    """Give the claims that the model draws from one paper; see propose_all."""
    return propose_all(goal, [document], {document.paper: passages}, chat, tell=tell)


def propose_all(
    goal: Goal, documents: Sequence[Document], passages: Mapping[str, Sequence[Passage]], chat: ChatModel, *, tell: Tell = tell_nobody
) -> tuple[tuple[Claim, ...], tuple[Gap, ...]]:
    """Give the claims that the model draws from all papers, asked in one batch, and what was rejected or not shown.

    Raises:
        ModelError: The model is unusable.
    """
    shown: list[tuple[Document, tuple[Passage, ...]]] = []
    gaps: list[Gap] = []
    for document in documents:
        parts, left_out = portions(document, passages.get(document.paper, ()), chat.context_tokens)
        shown += [(document, part) for part in parts]
        gaps += left_out
    answers = chat.answer([write(goal, part) for _, part in shown], tell=tell) if shown else ()
    claims: dict[str, Claim] = {}
    for (document, part), answer in zip(shown, answers, strict=True):
        if isinstance(answer, Gap):
            gaps.append(Gap("claims", document.paper, answer.why, answer.kind))
            continue
        made, refused = read(answer, goal, document, part)
        claims |= {claim.id: claim for claim in made}
        gaps += refused
    return tuple(claims.values()), tuple(gaps)


def portions(
    document: Document, passages: Sequence[Passage], context_tokens: int
) -> tuple[tuple[tuple[Passage, ...], ...], tuple[Gap, ...]]:
    """Give the passages in runs that fit a prompt, telling sections first, and a Gap for what is not shown."""
    marked = tuple(_marked(document))
    usable = [p for p in passages if p.kind not in _LEFT_OUT and p.text.strip() and not _touches(p, marked)]
    ranked = sorted(range(len(usable)), key=lambda at: _FIRST.index(usable[at].role) if usable[at].role in _FIRST else len(_FIRST))
    budget = min(PROMPT_TOKENS, load("claims").room(context_tokens, ANSWER_TOKENS) - 400)
    ordered = [usable[at] for at in ranked]
    runs = batches([fold(p.text) for p in ordered], max(0, budget), each=10)[:PROMPTS_PER_PAPER]
    parts = tuple(tuple(ordered[start:end]) for start, end in runs)
    hidden = len(usable) - sum(map(len, parts))
    if not hidden:
        return parts, ()
    why = f"{hidden} of {len(usable)} sentences were not shown to the model: the context or the number of prompts a paper is used up"
    return parts, (Gap("claims", document.paper, why, GapKind.LIMIT),)


def write(goal: Goal, part: Sequence[Passage]) -> Prompt:
    """Give the numbered passages to the model."""
    names = labels("P", len(part))
    values = {
        "limit": str(CLAIMS_PER_PROMPT),
        "question": fence("question", [("question", goal.question)]),
        "passages": fence("passages", [(name, passage.text) for name, passage in zip(names, part, strict=True)]),
    }
    return load("claims").prompt(values, enums={"passages": names}, max_tokens=ANSWER_TOKENS)


def read(reply: Reply, goal: Goal, document: Document, part: Sequence[Passage]) -> tuple[tuple[Claim, ...], tuple[Gap, ...]]:
    """Give the claims whose quotes stand in the document, and a Gap for each proposal that is none."""
    by_label = dict(zip(labels("P", len(part)), part, strict=True))
    addressed = {name for name in reply.data["addressed_to_reader"] if name in by_label}
    gaps = [
        Gap(
            "claims", document.paper, f"the model reports text that addresses its reader: “{fold(by_label[name].text)}”", GapKind.SUSPICIOUS
        )
        for name in sorted(addressed)
    ]
    claims: list[Claim] = []
    for item in reply.data["claims"][: 2 * CLAIMS_PER_PROMPT]:
        made = _claim(item, goal, document, by_label, addressed)
        if isinstance(made, Claim):
            claims.append(made)
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
        if sign.kind in (SignKind.INSTRUCTION, SignKind.HIDDEN):
            span = locate(sign.words, document.text)
            while span is not None:
                yield span
                span = locate(sign.words, document.text, start=span[1])
