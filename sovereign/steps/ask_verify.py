"""Claim + Evidence -> Evidence with a language model: a second look at what the verifier did not bear out.

Asked is about what a model worded and the verifier did not support, never about what it supported: an answer could only lower that.
A rewording that lost a "may" or an exception, gained an "all" or a name, or has two names in other places counts as not supported.
The claim is shown with its quote in its place, the sentences before and after, a whole table with header and caption, the passages
that were heard, and those of other papers, labelled as theirs. "Supported" with sentences of the claim's own paper raises, unless a
number or a name of the claim stands nowhere in what was shown, the words were turned round, or another paper speaks against it.
Such a claim is confirmed by a language model, which is told apart from verified; it has no confidence, since none was calibrated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sovereign.language.overstatement import overstated
from sovereign.language.quantities import disagree
from sovereign.language.tokens import estimate
from sovereign.language.wording import unnamed
from sovereign.model import (
    BlockKind,
    Check,
    CheckName,
    Claim,
    Evidence,
    Gap,
    GapKind,
    Grade,
    Origin,
    Passage,
    Stance,
    Verdict,
    Witness,
)
from sovereign.ports import ChatModel, Prompt, Reply, Tell, tell_nobody
from sovereign.prompting import fence, labels, load
from sovereign.text import fold

BEFORE, AFTER = 3, 1
"""How many passages before and after a quote are shown with it."""
NEAR_DRAFTED = (1, 0)
"""The same for a drafted sentence, whose claims were looked at with more around them."""
TABLE_ROWS = 60
"""Rows of a quoted row's table that are shown at most, the nearest ones and the first three."""
CAPTION_REACH = 3
"""How many passages from a table its caption may stand."""
EACH_TOKENS = 140
"""What the answer about one statement takes at most."""
STATEMENTS_PER_PROMPT = 30


@dataclass(frozen=True, slots=True)
class Library:
    """What was read: each paper's passages in reading order, and how a paper is called (short name and title), by its id."""

    passages: Mapping[str, Sequence[Passage]]
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matter:
    """One statement that is asked about.

    Attributes:
        rests_on: The passages that are to bear it out; their papers are its own.
        heard: Other passages that were heard about it, of its own papers and of others.
        objection: What somebody holds against it, or empty.
        near: How many passages before and after those that it rests on are shown.
    """

    id: str
    text: str
    rests_on: tuple[Passage, ...]
    heard: tuple[Passage, ...] = ()
    objection: str = ""
    near: tuple[int, int] = (BEFORE, AFTER)

    @property
    def papers(self) -> frozenset[str]:
        """The papers that it may rest on."""
        return frozenset(passage.paper for passage in self.rests_on)


@dataclass(frozen=True, slots=True)
class Word:
    """What the model says of one statement.

    Attributes:
        sentences: The passages that it names.
        lacking: The numbers and names of the statement that stand nowhere in what was shown; then it cannot be supported.
    """

    verdict: Verdict
    sentences: tuple[Passage, ...]
    reason: str
    model: str
    lacking: str = ""

    def bears_out(self, matter: Matter) -> bool:
        """Whether the statement may count as borne out: by sentences of its own papers, and with all its numbers and names."""
        return self.verdict is Verdict.SUPPORTED and not self.lacking and any(s.paper in matter.papers for s in self.sentences)


Said = Mapping[str, Word | Gap]


def ask(
    matters: Sequence[Matter], library: Library, chat: ChatModel, *, model: str = "", is_joined: bool = False, tell: Tell = tell_nobody
) -> Said:
    """Give the model's word, or why there is none, on each statement by its id; statements on the same paper are asked together.

    Args:
        is_joined: Whether those on different papers share a prompt as well, as the sentences of a draft do, which are few.
        model: Another chat model than the service's own; best is one that worded nothing.

    Raises:
        ModelError: The model is unusable.
    """
    parts = portions(matters, library, chat.context_tokens, is_joined=is_joined)
    answers = chat.answer([write(part, library, model) for part in parts], tell=tell) if parts else ()
    said: dict[str, Word | Gap] = {}
    for part, answer in zip(parts, answers, strict=True):
        if isinstance(answer, Gap):
            said |= {matter.id: Gap("verify", matter.id, f"a second look gave no answer: {answer.why}", answer.kind) for matter in part}
        else:
            said |= read(answer, part, library, model or chat.name)
    shown = {matter.id for part in parts for matter in part}
    why = "it does not fit the model's context with its sentences, so no second look was had"
    return said | {m.id: Gap("verify", m.id, why, GapKind.LIMIT) for m in matters if m.id not in shown}


def portions(
    matters: Sequence[Matter], library: Library, context_tokens: int, *, is_joined: bool = False
) -> tuple[tuple[Matter, ...], ...]:
    """Give the statements in runs that fit a prompt, those on the same paper together; one that does not fit alone is in none."""
    groups: dict[frozenset[str], list[Matter]] = {}
    for matter in matters:
        groups.setdefault(matter.papers, []).append(matter)
    runs: list[tuple[Matter, ...]] = []
    is_by_paper = all(len(papers) == 1 for papers in groups) and not is_joined
    for group in groups.values() if is_by_paper else [list(matters)]:
        run: tuple[Matter, ...] = ()
        for matter in group:
            longer = (*run, matter)
            if len(longer) <= STATEMENTS_PER_PROMPT and _fits(longer, library, context_tokens):
                run = longer
                continue
            runs += [run] if run else []
            run = (matter,) if _fits((matter,), library, context_tokens) else ()
        runs += [run] if run else []
    return tuple(runs)


def _fits(run: Sequence[Matter], library: Library, context_tokens: int) -> bool:
    return sum(map(estimate, _values(run, library)[0].values())) <= load("verify").room(context_tokens, EACH_TOKENS * len(run) + 100)


def write(part: Sequence[Matter], library: Library, model: str = "") -> Prompt:
    """Give the statements, and the sentences that belong to them, to the model."""
    values, sentences = _values(part, library)
    enums = {"statements": labels("C", len(part)), "sentences": labels("S", len(sentences))}
    return load("verify").prompt(values, enums=enums, max_tokens=EACH_TOKENS * len(part) + 100, model=model)


def _values(part: Sequence[Matter], library: Library) -> tuple[dict[str, str], tuple[Passage, ...]]:
    sentences = _sentences(part, library)
    names = dict(zip((one.span for one in sentences), labels("S", len(sentences)), strict=True))
    own = frozenset(paper for matter in part for paper in matter.papers)
    lines: list[tuple[str, str]] = []
    paper = section = ""
    for passage in sentences:
        if passage.paper != paper:
            paper = passage.paper
            lines.append(("paper" if paper in own else "another paper", library.names.get(paper, "without a title")))
        if passage.section and passage.section != section:
            lines.append(("section", passage.section))
        section = passage.section
        is_row = passage.kind is BlockKind.TABLE
        lines.append((f"{names[passage.span]}{', table' * is_row}", passage.text))
    told: list[tuple[str, str]] = []
    for name, matter in zip(labels("C", len(part)), part, strict=True):
        rests = ", ".join(dict.fromkeys(names[p.span] for p in sentences if any(_overlap(p, q) for q in matter.rests_on)))
        told.append((f"{name}, rests on {rests}", matter.text))
        told += [(f"{name} objection", matter.objection)] if matter.objection else []
    return {"sentences": fence("sentences", lines), "statements": fence("statements", told)}, sentences


def _sentences(part: Sequence[Matter], library: Library) -> tuple[Passage, ...]:
    """Give every passage to show, each once: the statements' own papers first, each paper in reading order."""
    own = frozenset(paper for matter in part for paper in matter.papers)
    found = {p.span: p for matter in part for p in (*around(matter, library, matter.near), *matter.heard)}
    whole = [p for p in found.values() if not any(_overlap(p, q) and len(q.text) > len(p.text) for q in found.values())]
    order = {paper: at for at, paper in enumerate(library.passages)}
    return tuple(sorted(whole, key=lambda p: (p.paper not in own, order.get(p.paper, len(order)), p.start)))


def around(matter: Matter, library: Library, near: tuple[int, int] = (BEFORE, AFTER)) -> tuple[Passage, ...]:
    """Give what a statement rests on with what stands around it, in reading order: neighbours, or the table with header and caption."""
    found: dict[tuple[str, int, int], Passage] = {}
    for rest in matter.rests_on:
        passages = library.passages.get(rest.paper, ())
        inside = [at for at, p in enumerate(passages) if _overlap(p, rest)]
        if not inside:
            found[rest.span] = rest
            continue
        beside = range(max(0, inside[0] - near[0]), min(len(passages), inside[-1] + 1 + near[1]))
        places = {at for at in beside if at in inside or passages[at].section == rest.section}
        if rest.kind is BlockKind.TABLE:
            places |= _table(passages, inside[0])
        found |= {passages[at].span: passages[at] for at in sorted(places)}
    return tuple(sorted(found.values(), key=lambda p: (p.paper, p.start)))


def _table(passages: Sequence[Passage], at: int) -> set[int]:
    """Give the places of a row's table: the rows around it without a break, the first ones of them, and the captions next to them."""
    first = last = at
    while first > 0 and passages[first - 1].kind is BlockKind.TABLE:
        first -= 1
    while last + 1 < len(passages) and passages[last + 1].kind is BlockKind.TABLE:
        last += 1
    near = range(max(first, at - TABLE_ROWS // 2), min(last, at + TABLE_ROWS // 2) + 1)
    beside = (*range(max(0, first - CAPTION_REACH), first), *range(last + 1, min(len(passages), last + 1 + CAPTION_REACH)))
    return {*range(first, min(first + 3, last + 1)), *near, *(i for i in beside if passages[i].kind is BlockKind.CAPTION)}


def read(reply: Reply, part: Sequence[Matter], library: Library, model: str) -> Said:
    """Give the model's word on each statement of a prompt; none where it said nothing, two things, or named what was not shown."""
    sentences = dict(zip(labels("S", (shown := _sentences(part, library)).__len__()), shown, strict=True))
    said: dict[str, Word | Gap] = {}
    for name, matter in zip(labels("C", len(part)), part, strict=True):
        items = [item for item in reply.data["verdicts"] if item["statement"] == name]
        if len({item["verdict"] for item in items}) != 1:
            why = "the model was asked for a second look and gave " + ("no verdict" if not items else "more than one verdict")
            said[matter.id] = Gap("verify", matter.id, why, GapKind.REJECTED)
        elif strange := [label for label in items[0]["sentences"] if label not in sentences]:
            said[matter.id] = Gap(
                "verify", matter.id, f"the model named sentences that do not exist: {', '.join(strange)}", GapKind.REJECTED
            )
        else:
            named = tuple(dict.fromkeys(sentences[label] for label in items[0]["sentences"]))
            verdict = Verdict(items[0]["verdict"])
            said[matter.id] = Word(verdict, named, fold(items[0]["reason"]), reply.model or model, lacking(matter, named, library))
    return said


def lacking(matter: Matter, named: Iterable[Passage], library: Library) -> str:
    """Say which numbers, units and names of a statement stand neither around what it rests on nor in the named sentences of its papers."""
    shown = (*around(matter, library), *matter.rests_on, *(p for p in (*named, *matter.heard) if p.paper in matter.papers))
    texts = " ".join(dict.fromkeys(fold(p.text) for p in shown))
    beside = " ".join((*dict.fromkeys(p.section for p in shown), *(library.names.get(paper, "") for paper in sorted(matter.papers))))
    wrong = [str(mismatch) for mismatch in disagree(matter.text, texts)]
    wrong += [f"“{name}” is not named" for name in unnamed(matter.text, f"{texts} {beside}")]
    return "; ".join(wrong)


# --- claims ---------------------------------------------------------------------------------------------------------


def guarded(claims: Sequence[Claim], evidence: Sequence[Evidence], library: Library) -> tuple[Evidence, ...]:
    """Give the evidence; what a model worded surer or wider than its quote, or with a name that stands nowhere, is set back."""
    return tuple(_guarded(claim, item, library) for claim, item in zip(claims, evidence, strict=True))


def _guarded(claim: Claim, evidence: Evidence, library: Library) -> Evidence:
    if evidence.verdict is not Verdict.SUPPORTED or not _is_worded(claim):
        return evidence
    matter = Matter(claim.id, claim.text, (claim.quote,), tuple(w.passage for w in evidence.witnesses if w.own))
    near = [fold(p.text) for p in around(matter, library) if not _overlap(p, claim.quote)]
    loose = overstated(fold(claim.text), [fold(claim.quote.text), *near]) or lacking(matter, (), library)
    if not loose:
        return evidence
    check = Check(CheckName.DIRECTION, passed=False, detail=f"beside its quote, {loose}")
    method = f"{evidence.method}; set back, since a rewording may not be surer or wider than its quote".lstrip("; ")
    stated = replace(evidence, verdict=Verdict.INSUFFICIENT, grade=Grade.UNCONFIRMED, confidence=None)
    return replace(stated, checks=(*evidence.checks, check), method=method)


def _is_worded(claim: Claim) -> bool:
    return claim.origin in {Origin.MODEL, Origin.REVISED} and fold(claim.text) != fold(claim.quote.text)


def doubtful(
    claims: Sequence[Claim], evidence: Sequence[Evidence], beside: Mapping[str, Passage], objections: Mapping[str, str] | None = None
) -> tuple[Matter, ...]:
    """Give the claims to look at again: a model's own words that are not borne out, and whatever a judge says is judged wrongly.

    Args:
        beside: By claim, the further passage without which it cannot be understood.
        objections: By claim, why somebody holds that its verdict is wrong.
    """
    challenged = objections or {}
    return tuple(
        Matter(
            claim.id,
            claim.text,
            (claim.quote, *([beside[claim.id]] if claim.id in beside and beside[claim.id].paper == claim.paper else [])),
            tuple(w.passage for w in item.witnesses if w.stance is not Stance.SILENT and not _overlap(w.passage, claim.quote)),
            challenged.get(claim.id, ""),
        )
        for claim, item in zip(claims, evidence, strict=True)
        if claim.id in challenged or is_open(claim, item)
    )


def is_open(claim: Claim, evidence: Evidence) -> bool:
    """Whether a model's wording stands on a quote that was found, and the verifier heard it and did not bear it out."""
    has_quote = all(check.passed is not False for check in evidence.checks if check.name is CheckName.QUOTE)
    is_asked = any(check.name is CheckName.MODEL for check in evidence.checks)
    return _is_worded(claim) and has_quote and not is_asked and evidence.verdict in {Verdict.INSUFFICIENT, Verdict.REFUTED}


def settle(matters: Sequence[Matter], evidence: Sequence[Evidence], said: Said) -> tuple[tuple[Evidence, ...], tuple[Gap, ...]]:
    """Give the evidence, in order, after the model's word; where there is none it stays as it was, and a Gap says so."""
    by_id = {matter.id: matter for matter in matters}
    words = {name: word for name, word in said.items() if isinstance(word, Word)}
    settled = tuple(_after(item, by_id[item.claim], words[item.claim]) if item.claim in words else item for item in evidence)
    return settled, tuple(word for word in said.values() if isinstance(word, Gap))


def _after(evidence: Evidence, matter: Matter, word: Word) -> Evidence:
    held = _held_against(evidence, matter, word)
    if held and word.verdict is Verdict.SUPPORTED:
        passed, tail = None, f"; this does not raise the verdict: {held}"
    else:
        passed, tail = (None if word.verdict is Verdict.INSUFFICIENT else word.verdict is Verdict.SUPPORTED), ""
    check = Check(CheckName.MODEL, passed, f"{word.model}: {word.verdict}: {word.reason}{tail}")
    noted = replace(evidence, checks=(*evidence.checks, check))
    if word.verdict is Verdict.SUPPORTED and not held and evidence.verdict is not Verdict.SUPPORTED:
        method = f"{evidence.method}; not borne out so, and confirmed by the language model {word.model}".lstrip("; ")
        witnesses = _marked(evidence.witnesses, word, matter, Stance.SUPPORTS)
        return replace(noted, verdict=Verdict.SUPPORTED, grade=Grade.CONFIRMED, confidence=None, witnesses=witnesses, method=method)
    elsewhere = tuple(s for s in word.sentences if not any(_overlap(s, rest) for rest in matter.rests_on))
    if word.verdict is Verdict.REFUTED and elsewhere and evidence.verdict is not Verdict.REFUTED:
        method = f"{evidence.method}; refuted by the language model {word.model}".lstrip("; ")
        witnesses = _marked(evidence.witnesses, replace(word, sentences=elsewhere), matter, Stance.REFUTES)
        return replace(noted, verdict=Verdict.REFUTED, grade=Grade.REFUTED, confidence=None, witnesses=witnesses, method=method)
    if matter.objection and word.verdict is not Verdict.SUPPORTED and evidence.verdict is Verdict.SUPPORTED:
        method = f"{evidence.method}; after an objection not borne out, by the language model {word.model}".lstrip("; ")
        return replace(noted, verdict=Verdict.INSUFFICIENT, grade=Grade.UNCONFIRMED, confidence=None, method=method)
    return noted


def _held_against(evidence: Evidence, matter: Matter, word: Word) -> str:
    """Say why "supported" does not count; empty where it does."""
    if not any(s.paper in matter.papers for s in word.sentences):
        return "it names no sentence of the claim's own paper"
    if word.lacking:
        return word.lacking
    turned = next((check.detail for check in evidence.checks if _is_turned(check)), "")
    against = evidence.papers(Stance.REFUTES, own=False)
    return turned or ("another paper speaks against it" if against else "")


def _is_turned(check: Check) -> bool:
    return check.name is CheckName.DIRECTION and check.is_veto and check.passed is False


def _marked(witnesses: Sequence[Witness], word: Word, matter: Matter, stance: Stance) -> tuple[Witness, ...]:
    """Give the witnesses with the named sentences among them in their stance; one that was not heard before is added."""
    named = {s.span for s in word.sentences if stance is Stance.REFUTES or s.paper in matter.papers}
    heard = tuple(replace(w, stance=stance) if any(_covers(w.passage, span) for span in named) else w for w in witnesses)
    new = [s for s in word.sentences if s.span in named and not any(_covers(w.passage, s.span) for w in witnesses)]
    return (*heard, *(Witness(s, stance, None, own=s.paper in matter.papers) for s in new))


def _covers(passage: Passage, span: tuple[str, int, int]) -> bool:
    return passage.paper == span[0] and passage.start < span[2] and span[1] < passage.end


def _overlap(one: Passage, other: Passage) -> bool:
    return _covers(one, other.span)
