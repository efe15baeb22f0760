"""Evidence -> the answer, abstract and findings with a language model; each sentence is then checked like any claim.

The model sees claims that stand, with their quotes, and cites them by label; it also sees what is not confirmed, so that it leaves
that open. A sentence that the verifier does not bear out gets the second look before it is rewritten; a rewriting loses no number;
what still does not stand is dropped. References, links and citation marks come from metadata, never from the model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sovereign.language import drafted
from sovereign.language.lexical import content_stems, coverage
from sovereign.language.terms import families, family
from sovereign.language.tokens import answer_tokens, batches, estimate, fit
from sovereign.model import AnswerKind, CitedSentence, Claim, Evidence, Facet, Finding, Gap, GapKind, Goal, Grade, Stance, Verdict
from sovereign.ports import ChatModel, Prompt, Reply, Tell, Verifier, tell_nobody
from sovereign.prompting import fence, labels, load
from sovereign.text import fold, sentences

ANSWER_TOKENS = 4000
REWRITE_TOKENS, REWRITE_EACH_TOKENS = 100, 120
MAX_HEADING_WORDS = 10
WITNESSES = 2
SAME_WORDS = 0.8
"""Share of a quote's words in its claim from which the quote adds nothing and is not shown beside it."""
UNCONFIRMED_SHOWN = 8
HEADLINE, ABSTRACT = "headline", ""
"""Where a line may stand besides under a heading."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a redraft is to heed: the report as it was, what was held against it, and which sentences were refused and why."""

    lines: tuple[tuple[str, str], ...] = ()
    objections: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What was noted of a claim when it was drawn: the part of the question, "for" or "against" or "qualifies", and the setting."""

    facet: str = ""
    direction: str = ""
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """What a draft is written from.

    Attributes:
        claims: Those that may be cited, the most telling first.
        notes: By claim, what was noted of it when it was drawn; only the model sees it.
        beside: By claim, the words without which it cannot be understood (a table's header).
        facets: The parts of the question.
        names: How papers are called, by id.
        unconfirmed: Claims that nothing bore out.
    """

    goal: Goal
    claims: tuple[Claim, ...]
    evidence: Mapping[str, Evidence]
    notes: Mapping[str, Told] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    unconfirmed: tuple[Claim, ...] = ()
    earlier: Earlier | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A claim that stands, and the words of its own paper that bear it: its quote, then the passages that support it."""

    claim: Claim
    sentences: tuple[str, ...]
    name: str = ""

    @property
    def words(self) -> str:
        """All of them as one text."""
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence on its way: where it belongs (HEADLINE, ABSTRACT or a heading), and what is wrong with it, if anything."""

    heading: str
    sentence: CitedSentence
    problem: str = ""


Look = Callable[[Sequence[tuple[str, CitedSentence]]], Mapping[str, str]]
"""Gives for each (id, sentence) what a second look holds against it; "" where it bears the sentence out."""


Check = Callable[[Sequence[Line]], tuple[Line, ...]]
Rewrite = Callable[[Sequence[Line]], tuple[Line | None, ...]]


@dataclass(frozen=True, slots=True)
class Composed:
    """What the model wrote and the checks let pass; nothing at all where no sentence of the abstract or the findings stood.

    Attributes:
        kind: What sort of answer it is; None where the model wrote none.
        headline: The one sentence that answers; it is the abstract's first one.
        facets: Each part of the question with the claims that speak to it, none where nothing was found.
    """

    abstract: tuple[CitedSentence, ...] = ()
    findings: tuple[Finding, ...] = ()
    gaps: tuple[Gap, ...] = ()
    kind: AnswerKind | None = None
    headline: CitedSentence | None = None
    facets: tuple[Facet, ...] = ()


def stands(evidence: Evidence) -> bool:
    """Whether a claim may be cited: it is borne out, or it is the paper's own words."""
    return evidence.verdict is Verdict.SUPPORTED or evidence.grade is Grade.QUOTED


def compose(brief: Brief, chat: ChatModel, verifier: Verifier | None, look: Look, *, tell: Tell = tell_nobody) -> Composed:
    """Give the answer, the abstract's sentences and the findings, every one borne out by the quotes of claims that stand.

    Without a verifier nothing can be checked, so nothing is written.

    Raises:
        ModelError: The model is unusable.
    """
    slug = brief.goal.slug
    if verifier is None or not brief.claims:
        why = "no verifier could check a model's sentences" if brief.claims else "no claim is supported"
        return Composed(gaps=(Gap("draft", slug, f"the model wrote no findings: {why}", GapKind.MISSING),))
    count = _shown(brief, chat.context_tokens)
    shown = brief.claims[:count]
    gaps = [] if count == len(brief.claims) else [_left_out(slug, len(brief.claims) - count, len(brief.claims))]
    answer = (
        chat.answer([write(brief, shown, chat.context_tokens)], tell=tell)[0]
        if shown
        else _left_out(slug, len(brief.claims), len(brief.claims))
    )
    if isinstance(answer, Gap):
        return Composed(gaps=(*gaps, Gap("draft", slug, answer.why, answer.kind)))
    found = sources(brief, shown)

    def check(lines: Sequence[Line]) -> tuple[Line, ...]:
        return looked(judged(lines, found, verifier), look)

    def rewrite(lines: Sequence[Line]) -> tuple[Line | None, ...]:
        return rewritten(lines, found, chat, tell)

    standing, dropped = _mended(slug, check(read(answer, shown)), found, check, rewrite)
    return _arranged(brief, answer, found, standing, (*gaps, *dropped))


def sources(brief: Brief, claims: Sequence[Claim]) -> dict[str, Source]:
    """Give the claims with the words that bear them."""
    made = {}
    for claim in claims:
        own = [w.passage.text for w in brief.evidence[claim.id].witnesses if _is_own(w.own, w.stance, w.passage.paper == claim.paper)]
        quoted = [claim.quote.text[start:end] for start, end in sentences(claim.quote.text)] or [claim.quote.text]
        beside = [brief.beside[claim.id]] if claim.id in brief.beside else []
        texts = tuple(dict.fromkeys(fold(text) for text in (*quoted, *beside, *own[:WITNESSES])))
        made[claim.id] = Source(claim, texts, brief.names.get(claim.paper, ""))
    return made


def _is_own(own: bool, stance: Stance, same: bool) -> bool:  # three facts of one witness
    return own and same and stance is Stance.SUPPORTS


def write(brief: Brief, claims: Sequence[Claim], context_tokens: int) -> Prompt:
    """Give the claims that stand, what is unconfirmed, and what a redraft must heed, to the model."""
    names, facets = labels("C", len(claims)), labels("F", len(brief.facets))
    question = [("question", brief.goal.question), *([("wish of the owner", brief.goal.guidance)] if brief.goal.guidance else [])]
    values = {
        "question": fence("question", [*question, *zip(facets, brief.facets, strict=True)]),
        "claims": fence("claims", [*_papers(brief), *(part for n, c in zip(names, claims, strict=True) for part in _told(n, c, brief))]),
        "unconfirmed": _unconfirmed(brief),
        "earlier": _earlier(brief.earlier),
    }
    length = answer_tokens(ANSWER_TOKENS, context_tokens)
    return load("draft").prompt(values, enums={"claims": names, "facets": facets or ("",)}, max_tokens=length)


def _papers(brief: Brief) -> list[tuple[str, str]]:
    """Give each paper of the claims by a label, and what it is called."""
    return [(label, brief.names.get(paper, paper)) for paper, label in _paper_labels(brief).items()]


def _paper_labels(brief: Brief) -> dict[str, str]:
    papers = tuple(dict.fromkeys(claim.paper for claim in (*brief.claims, *brief.unconfirmed)))
    return dict(zip(papers, labels("A", len(papers)), strict=True))


def _told(name: str, claim: Claim, brief: Brief) -> list[tuple[str, str]]:
    """Give a claim with its paper, the part of the question and the direction that were noted of it, its quote where that says more."""
    note = brief.notes.get(claim.id, Told())
    facet = dict(zip(brief.facets, labels("F", len(brief.facets)), strict=True)).get(note.facet, "")
    lines = [(", ".join(part for part in (name, _paper_labels(brief)[claim.paper], facet, note.direction) if part), claim.text)]
    if coverage(claim.quote.text, claim.text) < SAME_WORDS:
        lines.append((f"{name} quote", claim.quote.text))
    if note.setting and coverage(note.setting, claim.text) < SAME_WORDS:
        lines.append((f"{name} setting", note.setting))
    return lines


def _unconfirmed(brief: Brief) -> str:
    shown = [(_paper_labels(brief)[c.paper], c.text) for c in brief.unconfirmed[:UNCONFIRMED_SHOWN]]
    return fence("unconfirmed", shown) if shown else ""


def _earlier(earlier: Earlier | None) -> str:
    if earlier is None:
        return ""
    lines = [*earlier.lines, *(("objection", text) for text in earlier.objections), *(("refused", text) for text in earlier.refused)]
    return fence("earlier report", lines)


def read(reply: Reply, claims: Sequence[Claim]) -> tuple[Line, ...]:
    """Give the sentences in order, each with the ids of the claims that it cites; an unknown label cites nothing."""
    by_label = dict(zip(labels("C", len(claims)), (claim.id for claim in claims), strict=True))

    def line(heading: str, item: Mapping[str, Any]) -> Line:
        return Line(heading, CitedSentence(fold(item["text"]), tuple(dict.fromkeys(by_label[c] for c in item["claims"] if c in by_label))))

    lines = [line(HEADLINE, reply.data["headline"]), *(line(ABSTRACT, item) for item in reply.data["abstract"])]
    for number, group in enumerate(reply.data["findings"], start=1):
        heading = fold(group["heading"])
        lines += [line(heading if heading not in ("", HEADLINE) else f"Finding {number}", item) for item in group["sentences"]]
    return tuple(lines)


def judged(lines: Sequence[Line], found: Mapping[str, Source], verifier: Verifier) -> tuple[Line, ...]:
    """Give the lines, each with what is wrong with it: its form, its numbers, names and caution, or that its sources do not entail it."""
    made: list[Line] = []
    asked: list[tuple[int, str, tuple[str, ...]]] = []
    for line in lines:
        cited = [found[c] for c in line.sentence.claims]
        text = drafted.unnamed_papers(line.sentence.text, [source.name for source in cited])
        told = [words for source in cited for words in (source.claim.text, *source.sentences)]
        if problem := drafted.misformed(text) if cited else "it names no claim":
            made.append(replace(line, problem=problem))
            continue
        comparisons = drafted.compared(text, told)
        made.append(replace(line, problem=drafted.strays(text, told, comparisons)))
        if not made[-1].problem:
            open_ = [part for part, c in zip(drafted.parts(text), comparisons, strict=True) if not c.is_borne_out]
            asked += [(len(made) - 1, part, _premises(cited)) for part in open_]
    pairs = [(part, premise) for _, part, premises in asked for premise in premises]
    weighed = iter(verifier.weigh(pairs) if pairs else ())
    for at, _, premises in asked:
        best = max(p.supported if p.supported > p.refuted else 0.0 for p in (next(weighed) for _ in premises))
        if best < verifier.card.threshold:
            made[at] = replace(made[at], problem=drafted.UNBORNE)
    return tuple(made)


def _premises(cited: Sequence[Source]) -> tuple[str, ...]:
    """Give what a sentence is weighed against: the words of all its claims together and each alone, and the claims themselves."""
    words, texts = [source.words for source in cited], [source.claim.text for source in cited]
    return tuple(dict.fromkeys((" ".join(words), " ".join(texts), *words, *texts)))


def looked(lines: Sequence[Line], look: Look) -> tuple[Line, ...]:
    """Give the lines after a second look at those that have claims and a fitting form, and do not stand."""
    open_ = dict.fromkeys(line.sentence for line in lines if line.problem.startswith(drafted.UNBORNE))
    names = dict(zip(open_, labels("s", len(open_)), strict=True))
    said = look([(name, sentence) for sentence, name in names.items()]) if names else {}
    return tuple(replace(line, problem=said.get(names.get(line.sentence, ""), line.problem)) for line in lines)


def _mended(
    slug: str, lines: Sequence[Line], found: Mapping[str, Source], check: Check, rewrite: Rewrite
) -> tuple[tuple[Line, ...], tuple[Gap, ...]]:
    """Give the lines that stand, after one rewriting of those that do not, and a Gap for each that is dropped."""
    broken = {line.sentence: line for line in lines if line.problem and line.sentence.claims}
    fresh = zip(broken, rewrite(list(broken.values())), strict=True)
    tried = {old: line for old, line in fresh if line is not None}
    again = dict(zip(tried, check(tuple(tried.values())), strict=True))
    final = [_without_loss(line, again[line.sentence], found) if line.problem and line.sentence in again else line for line in lines]
    dropped = [
        Gap("draft", slug, f"a sentence of the model was dropped, {line.problem}: “{line.sentence.text}”", GapKind.REJECTED)
        for line in dict.fromkeys(final)
        if line.problem
    ]
    return tuple(line for line in final if not line.problem), tuple(dropped)


def _without_loss(old: Line, new: Line, found: Mapping[str, Source]) -> Line:
    """Give the rewriting; one that lost a number which the sources have is refused."""
    told = [words for c in new.sentence.claims for words in (found[c].claim.text, *found[c].sentences)]
    lost = new.problem or drafted.lost_numbers(old.sentence.text, new.sentence.text, told)
    return replace(new, heading=old.heading, problem=lost)


def rewritten(lines: Sequence[Line], found: Mapping[str, Source], chat: ChatModel, tell: Tell) -> tuple[Line | None, ...]:
    """Give each line with other words, asked in as few prompts as hold them; None where the model has no others."""
    blocks = [list(_wish(name, line, found)) for name, line in zip(labels("R", len(lines)), lines, strict=True)]
    room = load("rewrite").room(chat.context_tokens, REWRITE_TOKENS) - 200
    runs = batches(["\n".join(" ".join(part) for part in block) for block in blocks], max(0, room), each=REWRITE_EACH_TOKENS + 30)
    names = labels("R", len(lines))
    prompts = [
        load("rewrite").prompt(
            {"sentences": fence("sentences", [part for block in blocks[start:end] for part in block])},
            enums={"sentences": names[start:end]},
            max_tokens=REWRITE_TOKENS + REWRITE_EACH_TOKENS * (end - start),
        )
        for start, end in runs
    ]
    answers = chat.answer(prompts, tell=tell) if prompts else ()
    said = {item["sentence"]: fold(item["text"]) for a in answers if not isinstance(a, Gap) for item in a.data["sentences"]}
    return tuple(
        replace(line, sentence=replace(line.sentence, text=said[name]), problem="")
        if said.get(name, "") not in ("", line.sentence.text)
        else None
        for name, line in zip(names, lines, strict=True)
    )


def _wish(name: str, line: Line, found: Mapping[str, Source]) -> Iterator[tuple[str, str]]:
    yield name, line.sentence.text
    yield f"{name} problem", line.problem
    for claim in line.sentence.claims:
        yield f"{name} source{', ' + found[claim].name if found[claim].name else ''}", f"{found[claim].claim.text} — {found[claim].words}"


def _arranged(brief: Brief, reply: Reply, found: Mapping[str, Source], lines: Sequence[Line], gaps: tuple[Gap, ...]) -> Composed:
    """Give the sentences that stand in their places; an answer or findings without a sentence leave nothing.

    Where the headline does not stand, the abstract's first sentence leads.
    """
    lead = [line.sentence for line in lines if line.heading == HEADLINE]
    rest = [line.sentence for line in lines if line.heading == ABSTRACT]
    abstract = tuple({sentence.text: sentence for sentence in (*lead, *rest)}.values())
    groups: dict[str, list[CitedSentence]] = {}
    for line in lines:
        if line.heading not in (HEADLINE, ABSTRACT):
            groups.setdefault(line.heading, []).append(line.sentence)
    if not abstract or not groups:
        missing = "abstract" if not abstract else "findings"
        why = f"no sentence of the model's {missing} stood the check"
        return Composed(gaps=(*gaps, Gap("draft", brief.goal.slug, why, GapKind.REJECTED)))
    headings: list[str] = []
    for number, (heading, group) in enumerate(groups.items(), start=1):
        headings.append(_heading(heading, brief, found, group, headings) or f"Finding {number}")
    findings = tuple(Finding(heading, tuple(group)) for heading, group in zip(headings, groups.values(), strict=True))
    return Composed(abstract, findings, gaps, AnswerKind(reply.data["kind"]), abstract[0], _facets(brief, reply, tuple(found)))


def _facets(brief: Brief, reply: Reply, claims: Sequence[str]) -> tuple[Facet, ...]:
    """Give each part of the question with the claims that the model says speak to it; all parts weigh the same."""
    by_label = dict(zip(labels("C", len(claims)), claims, strict=True))
    said: dict[str, list[str]] = {}
    for item in reply.data["facets"]:
        said.setdefault(item["facet"], []).extend(by_label[c] for c in item["claims"] if c in by_label)
    names = labels("F", len(brief.facets))
    weight = round(1 / len(names), 4) if names else 0.0
    return tuple(Facet(facet, tuple(dict.fromkeys(said.get(name, ()))), weight) for name, facet in zip(names, brief.facets, strict=True))


def _heading(heading: str, brief: Brief, found: Mapping[str, Source], group: Sequence[CitedSentence], others: Sequence[str]) -> str:
    """Give a group's heading: the model's if it may stand, else the part of the question that most of its claims speak to; else nothing."""
    if _is_plain(heading, brief.goal, found, group):
        return heading
    told = Counter(note.facet for s in group for c in s.claims if (note := brief.notes.get(c)) and note.facet not in ("", *others))
    facet = told.most_common(1)[0][0] if told else ""
    return f"{facet[:1].upper()}{facet[1:]}"


def _is_plain(heading: str, goal: Goal, sources_: Mapping[str, Source], group: Sequence[CitedSentence]) -> bool:
    """Whether a heading is made of words akin to those of the question and its claims; it is not verified, so it may assert nothing new."""
    words = set(content_stems(goal.question)) | {
        stem for s in group for c in s.claims for stem in content_stems(f"{sources_[c].claim.text} {sources_[c].words}")
    }
    known = families(frozenset(words))
    is_short = len(heading.split()) <= MAX_HEADING_WORDS
    is_clean = not set("<>[]()`|") & set(heading) and "://" not in heading
    return is_short and is_clean and all(family(stem) & known for stem in content_stems(heading))


def _shown(brief: Brief, context_tokens: int) -> int:
    fixed = (brief.goal.question, brief.goal.guidance, _unconfirmed(brief), _earlier(brief.earlier), *brief.facets)
    room = load("draft").room(context_tokens, answer_tokens(ANSWER_TOKENS, context_tokens)) - sum(map(estimate, fixed)) - 300
    return fit(["\n".join(" ".join(line) for line in _told("C100", claim, brief)) for claim in brief.claims], room, each=12)


def _left_out(slug: str, hidden: int, total: int) -> Gap:
    return Gap("draft", slug, f"{hidden} of {total} supported claims were not shown to the model: its context is used up", GapKind.LIMIT)
