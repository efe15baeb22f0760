"""Draft -> Review* with a language model: three roles, each blind to the others, asked in one batch; and re-worded claims.

All three prompts begin with the same words (rules, question, claims, report, record) and end with the role's own, since services keep
what they read of a prompt's beginning, and charge less for it or answer sooner.

Scores and recommendations are typed: a number and one of three words. Nothing is read out of prose, so "none of the
criteria are met" approves nothing. Whatever does not parse, name its claims rightly or fit the context is an abstention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from textwrap import shorten

from sovereign.language.lexical import coverage
from sovereign.language.tokens import answer_tokens, batches, estimate
from sovereign.model import (
    Ask,
    Case,
    CitedSentence,
    Claim,
    Draft,
    Evidence,
    Gap,
    GapKind,
    Grade,
    JudgeRole,
    Objection,
    Origin,
    Passage,
    Recommendation,
    Review,
    Stance,
    Verdict,
    Witness,
)
from sovereign.ports import ChatModel, Prompt, Reply, Tell, tell_nobody
from sovereign.prompting import Sheet, fence, labels, load
from sovereign.text import counted, fold

ANSWER_TOKENS = 3000
REWORD_TOKENS, REWORD_EACH_TOKENS = 100, 150
MAX_CLAIM_CHARS = 600
NEIGHBOURS = 4
OTHERS_SHOWN = 1
"""Passages of one kind shown beside a claim."""
LEFT_OUT_SHOWN = 8
"""Claims shown that the report does not use: those that something speaks against first, then as they were drawn, the most telling first."""
SAME_WORDS = 0.8
"""Share of a quote's words in its claim from which the quote is not told again."""
GAPS_SHOWN = 12
NAMED_CHARS = 60
"""How many characters of a claim or sentence name it in another one's objection."""
_LABEL = re.compile(r"\b[ACF]\d{1,3}\b")
LABEL_TOKENS = 5
"""What a label takes in the schema that a service may count as well."""


class ModelBench:
    """Three judges of one service; conforms to ports.Bench.

    Args:
        models: Another chat model for a role; the service's own where a role is missing.
        wording: Another sheet for a role; the role's own where it is missing.
    """

    def __init__(
        self,
        chat: ChatModel,
        models: Mapping[str, str] | None = None,
        *,
        wording: Mapping[JudgeRole, Sheet] | None = None,
        tell: Tell = tell_nobody,
    ) -> None:
        self._chat, self._models, self._wording, self._tell = chat, dict(models or {}), dict(wording or {}), tell

    @property
    def name(self) -> str:
        """Service and models, such as "nim some/model (SKEPTIC: other/model)"."""
        others = ", ".join(f"{role}: {self._models[role]}" for role in JudgeRole if self._models.get(role))
        return f"{self._chat.name} ({others})" if others else self._chat.name

    def hear(self, case: Case) -> tuple[Review, ...]:
        """Give one review a role, in the roles' order; a role without a usable answer abstains.

        Raises:
            ModelError: The model is unusable.
        """
        prompts = {role: self._write(role, case) for role in JudgeRole}
        asked = [role for role, prompt in prompts.items() if prompt is not None]
        answers = dict(zip(asked, self._chat.answer([p for p in prompts.values() if p is not None], tell=self._tell), strict=True))
        return tuple(self._review(role, case, answers.get(role)) for role in JudgeRole)

    def _write(self, role: JudgeRole, case: Case) -> Prompt | None:
        sheet = self._wording.get(role) or load(role.lower())
        return write(case, sheet, context_tokens=self._chat.context_tokens, model=self._models.get(role, ""))

    def _review(self, role: JudgeRole, case: Case, answer: Reply | Gap | None) -> Review:
        judge = self._models.get(role) or self._chat.name
        if answer is None:
            return Review(role, None, None, summary="the draft does not fit the model's context", judge=judge)
        if isinstance(answer, Gap):
            return Review(role, None, None, summary=f"no usable answer: {answer.why}", judge=judge)
        return read(answer, role, case, judge=judge)


def write(case: Case, sheet: Sheet, *, context_tokens: int, model: str = "") -> Prompt | None:
    """Give the case to one role; where it is too long, without other papers' passages; None where even that does not fit."""
    claims, names = _labelled(case)
    hidden = len(case.draft.standing) - len(claims)
    length = answer_tokens(ANSWER_TOKENS, context_tokens)
    room = sheet.room(context_tokens, length)
    report = tuple(_report(case.draft, names))
    used = case.draft.rests_on
    for others in (OTHERS_SHOWN, 0):
        told = [_told(claim, case, names, others) if claim.id in used else _named(claim, case, names) for claim in claims]
        values = {
            "question": fence("question", [("question", case.goal.question)]),
            "claims": fence("claims", [*(item for lines in told for item in lines), *_more(hidden)]),
            "report": fence("report", [(name, text) for name, text, _ in report]),
            "record": fence("record", _record(case)),
        }
        wanted = (*names.values(), *(name for name, _, sentence in report if sentence), "")
        if sum(map(estimate, values.values())) + LABEL_TOKENS * len(wanted) <= room:
            return sheet.prompt(values, enums={"labels": wanted}, max_tokens=length, model=model)
    return None


def _labelled(case: Case) -> tuple[tuple[Claim, ...], dict[str, str]]:
    """Give the claims that the judges see, in order, and their labels: what the report rests on, and the first of what it leaves out."""
    used, standing = case.draft.rests_on, case.draft.standing
    spared = [claim for claim in standing if claim.id not in used]
    against = [claim for claim in spared if _is_opposed(case.draft.evidence_of(claim.id))]
    seen = {claim.id for claim in (*against, *(claim for claim in spared if claim not in against))[:LEFT_OUT_SHOWN]}
    claims = tuple(claim for claim in standing if claim.id in used or claim.id in seen)
    return claims, dict(zip((claim.id for claim in claims), labels("C", len(claims)), strict=True))


def _is_opposed(evidence: Evidence) -> bool:
    return evidence.verdict is Verdict.REFUTED or bool(evidence.papers(Stance.REFUTES, own=False))


def _more(hidden: int) -> list[tuple[str, str]]:
    told = f"{counted(hidden, 'further claim')} that the report leaves out, with nothing against them"
    return [("not shown", told)] if hidden else []


def read(reply: Reply, role: JudgeRole, case: Case, *, judge: str) -> Review:
    """Give the role's review; objections name claims or sentences of the case by label, and any other label is an abstention."""
    claims, names = _labelled(case)
    by_label = {label: claim for claim, label in names.items()}
    sentences = {name: sentence for name, _, sentence in _report(case.draft, names) if sentence}
    try:
        said = {names[claim.id]: claim.text for claim in claims} | sentences
        objections = tuple(_objection(item, by_label, sentences, said) for item in reply.data["objections"] if fold(item["reason"]))
        score, recommendation = float(reply.data["score"]), Recommendation(reply.data["recommendation"])
        return Review(role, score, recommendation, objections, fold(reply.data["summary"]), judge=reply.model or judge)
    except (KeyError, TypeError, ValueError) as error:
        return Review(role, None, None, summary=f"unreadable answer: {error!r}", judge=judge)


def _objection(item: Mapping[str, str], claims: Mapping[str, str], sentences: Mapping[str, str], said: Mapping[str, str]) -> Objection:
    """Give an objection; what is asked of a claim and said of a sentence concerns the sentence, and what fits nothing is a note.

    The labels of this prompt mean nothing elsewhere, so its reason names what it speaks of by its first words.
    """
    reason, ask, about = _in_words(fold(item["reason"]), said, item["about"]), Ask(item["ask"]), item["about"]
    if about in sentences:
        return Objection(reason, Ask.NOTE if ask is Ask.NOTE else Ask.SENTENCE, sentence=sentences[about])
    if not about:
        return Objection(reason, Ask.NOTE)
    return Objection(reason, Ask.REWORD if ask is Ask.SENTENCE else ask, claims[about])


def _in_words(reason: str, said: Mapping[str, str], about: str) -> str:
    """Give a reason with the first words of what it names by label; "this" is what the objection is about."""

    def words(found: re.Match[str]) -> str:
        if found[0] == about:
            return "this"
        text = said.get(found[0], "")
        return f"“{shorten(text, NAMED_CHARS, placeholder=' …')}”" if text else found[0]

    return _LABEL.sub(words, reason)


def reword(objection: Objection, claim: Claim, passages: Sequence[Passage], chat: ChatModel, *, tell: Tell = tell_nobody) -> Claim | Gap:
    """Give the claim with other words after an objection, its quote unchanged; see reword_all."""
    return reword_all([(objection, claim)], {claim.paper: passages}, chat, tell=tell)[0]


def reword_all(
    wishes: Sequence[tuple[Objection, Claim]], passages: Mapping[str, Sequence[Passage]], chat: ChatModel, *, tell: Tell = tell_nobody
) -> tuple[Claim | Gap, ...]:
    """Give each claim with other words, in order, asked in as few prompts as hold them; a Gap where its quote bears no such claim.

    All must be verified again.

    Raises:
        ModelError: The model is unusable.
    """
    names = labels("C", len(wishes))
    blocks = [list(_wish(name, *wish, passages.get(wish[1].paper, ()))) for name, wish in zip(names, wishes, strict=True)]
    room = load("reword").room(chat.context_tokens, REWORD_TOKENS) - 200
    runs = batches(["\n".join(" ".join(line) for line in block) for block in blocks], max(0, room), each=REWORD_EACH_TOKENS + 60)
    prompts = [
        load("reword").prompt(
            {"claims": fence("claims", [line for block in blocks[start:end] for line in block])},
            enums={"claims": names[start:end]},
            max_tokens=REWORD_TOKENS + REWORD_EACH_TOKENS * (end - start),
        )
        for start, end in runs
    ]
    said: dict[str, str | Gap] = {}
    for (start, end), answer in zip(runs, chat.answer(prompts, tell=tell) if prompts else (), strict=True):
        if isinstance(answer, Gap):
            said |= dict.fromkeys(names[start:end], answer)
        else:
            said |= {item["claim"]: fold(item["text"]) for item in answer.data["claims"]}
    return tuple(_reworded(said.get(name, ""), claim) for name, (_, claim) in zip(names, wishes, strict=True))


def _wish(name: str, objection: Objection, claim: Claim, passages: Sequence[Passage]) -> Iterator[tuple[str, str]]:
    """Yield the claim, the objection, the quote and the quote's neighbours in reading order."""
    yield name, claim.text
    yield f"{name} objection", objection.reason
    others = (p for p in passages if (p.start, p.end) != (claim.quote.start, claim.quote.end))
    near = sorted(others, key=lambda p: _distance(p, claim.quote))[:NEIGHBOURS]
    for passage in sorted((claim.quote, *near), key=lambda p: p.start):
        yield f"{name} {'quote' if passage is claim.quote else 'neighbour'}", passage.text


def _reworded(said: str | Gap, claim: Claim) -> Claim | Gap:
    """Give the re-worded claim, or why there is none."""
    if isinstance(said, Gap):
        return Gap("revise", claim.id, said.why, said.kind)
    if not said:
        return Gap("revise", claim.id, "the model found no wording that the quote bears", GapKind.MISSING)
    if said == fold(claim.text) or len(said) > MAX_CLAIM_CHARS:
        why = "the model gave the same words again" if said == fold(claim.text) else "the new wording is too long"
        return Gap("revise", claim.id, why, GapKind.REJECTED)
    return replace(claim, text=said, origin=Origin.REVISED)


def _distance(passage: Passage, quote: Passage) -> int:
    return max(quote.start - passage.end, passage.start - quote.end, 0)


def _report(draft: Draft, names: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield (label, what is shown, the sentence) of the answer, the abstract and the findings; a heading has no sentence.

    A sentence is shown with the labels of the claims that bear it; one that is a claim's own words is shown by that label alone.
    """
    words = {fold(claim.text): names[claim.id] for claim in draft.standing if claim.id in names}

    def cited(sentence: CitedSentence) -> str:
        if same := words.get(fold(sentence.text)):
            return f"the words of {same}"
        return f"{sentence.text} (bears on: {', '.join(names[c] for c in sentence.claims if c in names) or 'no claim'})"

    if draft.answer.headline:
        answer = CitedSentence(draft.answer.headline, draft.answer.claims)
        yield "answer", f"{draft.answer.kind}: {cited(answer)}", ""
        for facet in draft.answer.facets:
            yield "answer, part", f"{facet.name}: {', '.join(names[c] for c in facet.claims if c in names) or 'nothing found'}", ""
    for label, sentence in zip(labels("A", len(draft.abstract)), draft.abstract, strict=True):
        yield label, cited(sentence), sentence.text
    number = 0
    for finding in draft.findings:
        yield "heading", finding.heading, ""
        for sentence in finding.sentences:
            number += 1
            yield f"F{number}", cited(sentence), sentence.text


def _named(claim: Claim, case: Case, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give a claim that the report leaves out: its paper, its verdict and its words."""
    return _told(claim, case, names, 0)[:1]


def _told(claim: Claim, case: Case, names: Mapping[str, str], others: int) -> list[tuple[str, str]]:
    """Give what is known of one claim: its words, its quote where it says it otherwise, the verdict, failed checks, other papers' words."""
    label, evidence = names[claim.id], case.draft.evidence_of(claim.id)
    confidence = "" if evidence.confidence is None else f" {evidence.confidence:.0%}"
    papers = {paper.id: at for at, paper in enumerate(case.papers, start=1)}
    verdict = Grade.CONFIRMED if evidence.is_confirmed else evidence.verdict
    lines = [(f"{label}, paper {papers.get(claim.paper, '?')}, {verdict}{confidence}", claim.text)]
    if coverage(claim.quote.text, claim.text) < SAME_WORDS:
        lines.append((f"{label} quote", claim.quote.text))
    if evidence.is_confirmed:
        lines += [(f"{label} with", w.passage.text) for w in evidence.witnesses if _is_beside(w, claim)][:others]
    elif evidence.verdict is not Verdict.SUPPORTED and (failed := _failed(evidence)):
        lines.append((f"{label} failed", failed))
    elsewhere = [w for w in evidence.witnesses if not w.own and w.stance is not Stance.SILENT][:others]
    lines += [(f"{label} paper {papers.get(w.passage.paper, '?')} {w.stance}", w.passage.text) for w in elsewhere]
    return lines


def _failed(evidence: Evidence) -> str:
    failed = [f"{check.name} ({fold(check.detail)})" for check in evidence.checks if check.passed is False]
    return ", ".join(failed)


def _is_beside(witness: Witness, claim: Claim) -> bool:
    """Whether it is another passage of the claim's own paper that a second look named."""
    is_quote = witness.passage.start < claim.quote.end and claim.quote.start < witness.passage.end
    return witness.own and witness.stance is Stance.SUPPORTS and not is_quote


def _record(case: Case) -> list[tuple[str, str]]:
    """Give what a judge should know of the run: papers by number, suspicious text, what could not be done, but not what is unknown."""
    papers = [
        (f"paper {at}", f"{paper.title} ({paper.year or 'no year'}), {paper.status}") for at, paper in enumerate(case.papers, start=1)
    ]
    signs = [("suspicious text", f"{sign.kind} in {sign.paper}, {sign.where}") for sign in case.signs]
    lost = [gap for gap in case.gaps if gap.kind is not GapKind.MISSING or gap.step != "read"]
    gaps = [("not done", f"{gap.step} {gap.subject}: {gap.why}") for gap in lost[:GAPS_SHOWN]]
    more = [("not done", f"and {len(lost) - GAPS_SHOWN} more")] if len(lost) > GAPS_SHOWN else []
    return [("round", str(case.round)), *papers, *signs, *gaps, *more]
