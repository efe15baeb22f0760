"""Evidence -> abstract and findings with a language model; each sentence is then checked like any claim.

The model sees supported claims alone and cites them by label. A sentence that its claims' quotes do not bear out is
rewritten once, then dropped. References, links and citation marks come from metadata, never from the model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sovereign.language.comparison import Comparison, compare
from sovereign.language.lexical import content_stems
from sovereign.language.tokens import fit
from sovereign.model import CitedSentence, Claim, Evidence, Finding, Gap, GapKind, Goal, Stance
from sovereign.ports import ChatModel, Prompt, Reply, Tell, Verifier, tell_nobody
from sovereign.prompting import fence, labels, load
from sovereign.text import fold, sentences

ANSWER_TOKENS = 4000
REWRITE_TOKENS = 300
MAX_SENTENCE_CHARS = 800
MAX_HEADING_WORDS = 10
WITNESSES = 2
UNBORNE = "its sources do not bear it out"
_FOREIGN = re.compile(
    r"https?:|www\.|\bdoi\b|arxiv\s*:|\[\s*\d+(?:\s*[,–-]\s*\d+)*\s*\]|\[C?\d+\]|\bet al\b|<[a-z/!][^>]*>|```|\]\(", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Composed:
    """What the model wrote and the verifier let pass; nothing at all where no sentence of the abstract or the findings stood."""

    abstract: tuple[CitedSentence, ...] = ()
    findings: tuple[Finding, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A supported claim, and the words of its own paper that bear it: its quote, then the passages that support it."""

    claim: Claim
    sentences: tuple[str, ...]

    @property
    def words(self) -> str:
        """All of them as one text."""
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence on its way: where it belongs ("" is the abstract), and what is wrong with it, if anything."""

    heading: str
    sentence: CitedSentence
    problem: str = ""


def compose(
    goal: Goal,
    claims: Sequence[Claim],
    evidence: Sequence[Evidence],
    chat: ChatModel,
    *,
    verifier: Verifier | None,
    tell: Tell = tell_nobody,
) -> Composed:
    """Give the abstract's sentences and the findings, every one borne out by the quotes of supported claims.

    Without a verifier nothing can be checked, so nothing is written.

    Raises:
        ModelError: The model is unusable.
    """
    verdicts = {item.claim: item for item in evidence}
    supported = [claim for claim in claims if claim.id in verdicts and verdicts[claim.id].is_verified]
    if verifier is None or not supported:
        why = "no verifier could check a model's sentences" if supported else "no claim is supported"
        return Composed(gaps=(Gap("draft", goal.slug, f"the model wrote no findings: {why}", GapKind.MISSING),))
    count = _shown(goal, supported, chat.context_tokens)
    gaps = [] if count == len(supported) else [_left_out(goal, len(supported) - count, len(supported))]
    answer = chat.answer([write(goal, supported[:count])], tell=tell)[0]
    if isinstance(answer, Gap):
        return Composed(gaps=(*gaps, Gap("draft", goal.slug, answer.why, answer.kind)))
    sources = {claim.id: Source(claim, _bearing(claim, verdicts[claim.id])) for claim in supported[:count]}
    lines = judged(read(answer, supported[:count]), sources, verifier)
    mended, refused = _mended(goal, lines, sources, chat, verifier, tell)
    return _arranged(goal, mended, sources, (*gaps, *refused))


def _bearing(claim: Claim, evidence: Evidence) -> tuple[str, ...]:
    own = [w.passage.text for w in evidence.witnesses if w.own and w.stance is Stance.SUPPORTS and w.passage.paper == claim.paper]
    quoted = [claim.quote.text[start:end] for start, end in sentences(claim.quote.text)] or [claim.quote.text]
    return tuple(dict.fromkeys(fold(text) for text in (*quoted, *own[:WITNESSES])))


def write(goal: Goal, claims: Sequence[Claim]) -> Prompt:
    """Give the supported claims to the model."""
    names = labels("C", len(claims))
    items = [(f"{name}, paper {claim.paper}", claim.text) for name, claim in zip(names, claims, strict=True)]
    question = [("question", goal.question), *([("wish of the owner", goal.guidance)] if goal.guidance else [])]
    values = {"question": fence("question", question), "claims": fence("claims", items)}
    return load("draft").prompt(values, enums={"claims": names}, max_tokens=ANSWER_TOKENS)


def read(reply: Reply, claims: Sequence[Claim]) -> tuple[Line, ...]:
    """Give the sentences in order, each with the ids of the claims that it cites; an unknown label cites nothing."""
    by_label = dict(zip(labels("C", len(claims)), (claim.id for claim in claims), strict=True))

    def line(heading: str, item: Mapping[str, Any]) -> Line:
        return Line(heading, CitedSentence(fold(item["text"]), tuple(dict.fromkeys(by_label[c] for c in item["claims"] if c in by_label))))

    lines = [line("", item) for item in reply.data["abstract"]]
    for number, group in enumerate(reply.data["findings"], start=1):
        lines += [line(fold(group["heading"]) or f"Finding {number}", item) for item in group["sentences"]]
    return tuple(lines)


def judged(lines: Sequence[Line], sources: Mapping[str, Source], verifier: Verifier) -> tuple[Line, ...]:
    """Give the lines, each with what is wrong with it: its form, its numbers and names, or that its sources do not entail it."""
    made: list[Line] = []
    open_: list[int] = []
    for line in lines:
        if problem := _misformed(line.sentence):
            made.append(replace(line, problem=problem))
            continue
        comparisons = _compared(line.sentence, sources)
        made.append(replace(line, problem=_misquoted(comparisons)))
        if not made[-1].problem and not all(comparison.is_borne_out for comparison in comparisons):
            open_.append(len(made) - 1)
    pairs = [(at, premise) for at in open_ for premise in _premises(made[at].sentence, sources)]
    best: dict[int, float] = dict.fromkeys(open_, 0.0)
    weighed = verifier.weigh([(made[at].sentence.text, premise) for at, premise in pairs]) if pairs else ()
    for (at, _), p in zip(pairs, weighed, strict=True):
        best[at] = max(best[at], p.supported if p.supported > p.refuted else 0.0)
    low = [at for at in open_ if best[at] < verifier.card.threshold]
    return tuple(replace(line, problem=UNBORNE) if at in low else line for at, line in enumerate(made))


def _misformed(sentence: CitedSentence) -> str:
    if not sentence.claims:
        return "it names no claim"
    if not sentence.text or len(sentence.text) > MAX_SENTENCE_CHARS:
        return f"it has {len(sentence.text)} characters"
    found = _FOREIGN.search(sentence.text)
    return f"it holds a reference, link or markup of its own ({found.group(0)})" if found else ""


def _compared(sentence: CitedSentence, sources: Mapping[str, Source]) -> tuple[Comparison, ...]:
    """Compare each sentence of the text with its claims and the words that bear them, as a claim is compared with its paper."""
    told = [part for c in sentence.claims for part in (sources[c].claim.text, *sources[c].sentences)]
    parts = [sentence.text[start:end] for start, end in sentences(sentence.text)] or [sentence.text]
    return tuple(compare(part, told) for part in parts)


def _misquoted(comparisons: Sequence[Comparison]) -> str:
    """Say which number, unit, name or direction the sources do not bear out; a name counts here even where no sentence is close."""
    wrong = [check.detail for c in comparisons if c.is_veto or c.names for check in c.checks if check.passed is False]
    return f"{UNBORNE} ({'; '.join(wrong)})" if wrong else ""


def _premises(sentence: CitedSentence, sources: Mapping[str, Source]) -> tuple[str, ...]:
    """Give what the sentence is weighed against: the words of all its claims together, and where there are several, of each alone."""
    words = [sources[c].words for c in sentence.claims]
    return (" ".join(words), *(words if len(words) > 1 else ()))


def _mended(
    goal: Goal, lines: Sequence[Line], sources: Mapping[str, Source], chat: ChatModel, verifier: Verifier, tell: Tell
) -> tuple[tuple[Line, ...], tuple[Gap, ...]]:
    """Give the lines that stand, after one rewriting of those that do not, and a Gap for each that is dropped."""
    broken = [line for line in lines if line.problem and line.sentence.claims]
    answers = chat.answer([write_rewrite(line, sources) for line in broken], tell=tell) if broken else ()
    fresh: dict[int, Line] = {}
    for line, answer in zip(broken, answers, strict=True):
        text = "" if isinstance(answer, Gap) else fold(answer.data["text"])
        if text:
            fresh[id(line)] = Line(line.heading, CitedSentence(text, line.sentence.claims))
    again = dict(zip(fresh, judged(tuple(fresh.values()), sources, verifier), strict=True))
    final = [again.get(id(line), line) for line in lines]
    dropped = [
        Gap("draft", goal.slug, f"a sentence of the model was dropped, {line.problem}: “{line.sentence.text}”", GapKind.REJECTED)
        for line in final
        if line.problem
    ]
    return tuple(line for line in final if not line.problem), tuple(dropped)


def write_rewrite(line: Line, sources: Mapping[str, Source]) -> Prompt:
    """Give a sentence that does not stand, and its sources, to the model."""
    values = {
        "problem": fence("problem", [("problem", line.problem)]),
        "sentence": fence("sentence", [("sentence", line.sentence.text)]),
        "sources": fence("sources", [(f"source {at}", sources[c].words) for at, c in enumerate(line.sentence.claims, start=1)]),
    }
    return load("rewrite").prompt(values, max_tokens=REWRITE_TOKENS)


def _arranged(goal: Goal, lines: Sequence[Line], sources: Mapping[str, Source], gaps: tuple[Gap, ...]) -> Composed:
    """Give the sentences that stand under their headings; an abstract or findings without a sentence leave nothing."""
    abstract = tuple(line.sentence for line in lines if not line.heading)
    groups: dict[str, list[CitedSentence]] = {}
    for line in lines:
        if line.heading:
            groups.setdefault(line.heading, []).append(line.sentence)
    if not abstract or not groups:
        missing = "abstract" if not abstract else "findings"
        return Composed(gaps=(*gaps, Gap("draft", goal.slug, f"no sentence of the model's {missing} stood the check", GapKind.REJECTED)))
    findings = tuple(
        Finding(heading if _is_plain(heading, goal, sources, group) else f"Finding {number}", tuple(group))
        for number, (heading, group) in enumerate(groups.items(), start=1)
    )
    return Composed(abstract, findings, gaps)


def _is_plain(heading: str, goal: Goal, sources: Mapping[str, Source], group: Sequence[CitedSentence]) -> bool:
    """Whether a heading is made of words of the question and its claims alone; it is not verified, so it may assert nothing new."""
    words = set(content_stems(goal.question)) | {
        stem for s in group for c in s.claims for stem in content_stems(f"{sources[c].claim.text} {sources[c].words}")
    }
    return len(heading.split()) <= MAX_HEADING_WORDS and not _FOREIGN.search(heading) and set(content_stems(heading)) <= words


def _shown(goal: Goal, claims: Sequence[Claim], context_tokens: int) -> int:
    room = load("draft").room(context_tokens, ANSWER_TOKENS) - len(goal.question) - len(goal.guidance) - 200
    return fit([claim.text for claim in claims], room, each=30)


def _left_out(goal: Goal, hidden: int, total: int) -> Gap:
    return Gap(
        "draft", goal.slug, f"{hidden} of {total} supported claims were not shown to the model: its context is used up", GapKind.LIMIT
    )
