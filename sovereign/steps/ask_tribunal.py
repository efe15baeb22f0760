"""Draft -> Review* with a language model: three roles, each blind to the others, asked in one batch; and re-worded claims.

Scores and recommendations are typed: a number and one of three words. Nothing is read out of prose, so "none of the
criteria are met" approves nothing. Whatever does not parse, name its claims rightly or fit the context is an abstention.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from sovereign.language.tokens import estimate, fit
from sovereign.model import (
    Ask,
    Case,
    Claim,
    Draft,
    Evidence,
    Gap,
    GapKind,
    JudgeRole,
    Objection,
    Origin,
    Passage,
    Recommendation,
    Review,
    Stance,
)
from sovereign.ports import ChatModel, Prompt, Reply, Tell, tell_nobody
from sovereign.prompting import Sheet, fence, labels, load
from sovereign.text import fold

ANSWER_TOKENS = 3000
REWORD_TOKENS = 500
MAX_CLAIM_CHARS = 600
OTHERS_SHOWN = 2
READING = {JudgeRole.SKEPTIC: 1, JudgeRole.VALIDATOR: 0, JudgeRole.SYNTHESIZER: 2}
"""In which order a role reads the claims (`_turned`): what comes first weighs more with a model, so each role begins elsewhere.
Measured: it lowers the consensus's dependence on the order of the claims (benchmarks/results-tribunal.json)."""


class ModelBench:
    """Three judges of one service; conforms to ports.Bench.

    Args:
        models: Another chat model for a role; the service's own where a role is missing.
        wording: Another sheet for a role; the role's own where it is missing.
        reading: The order in which each role reads the claims.
    """

    def __init__(
        self,
        chat: ChatModel,
        models: Mapping[str, str] | None = None,
        *,
        wording: Mapping[JudgeRole, Sheet] | None = None,
        reading: Mapping[JudgeRole, int] = MappingProxyType(READING),
        tell: Tell = tell_nobody,
    ) -> None:
        self._chat, self._models, self._wording = chat, dict(models or {}), dict(wording or {})
        self._reading, self._tell = reading, tell

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
        return write(case, sheet, context_tokens=self._chat.context_tokens, model=self._models.get(role, ""), reading=self._reading[role])

    def _review(self, role: JudgeRole, case: Case, answer: Reply | Gap | None) -> Review:
        judge = self._models.get(role) or self._chat.name
        if answer is None:
            return Review(role, None, None, summary="the draft does not fit the model's context", judge=judge)
        if isinstance(answer, Gap):
            return Review(role, None, None, summary=f"no usable answer: {answer.why}", judge=judge)
        return read(answer, role, case, judge=judge)


def write(case: Case, sheet: Sheet, *, context_tokens: int, model: str = "", reading: int = 0) -> Prompt | None:
    """Give the case to one role; where it is too long, without other papers' passages; None where even that does not fit."""
    claims = case.draft.standing
    names = dict(zip((claim.id for claim in claims), labels("C", len(claims)), strict=True))
    room = sheet.room(context_tokens, ANSWER_TOKENS)
    for others in (OTHERS_SHOWN, 0):
        values = {
            "question": fence("question", [("question", case.goal.question)]),
            "report": fence("report", _report(case.draft, names)),
            "claims": fence("claims", [item for claim in _turned(claims, reading) for item in _told(claim, case, names, others)]),
            "record": fence("record", _record(case)),
        }
        if sum(map(estimate, values.values())) + 20 * len(claims) <= room:
            return sheet.prompt(values, enums={"claims": (*names.values(), "")}, max_tokens=ANSWER_TOKENS, model=model)
    return None


def _turned(claims: Sequence[Claim], reading: int) -> Sequence[Claim]:
    """Give the claims as they are (0), from the last to the first (1), or from the middle on (2)."""
    half = len(claims) // 2
    return (claims, claims[::-1], (*claims[half:], *claims[:half]))[reading]


def read(reply: Reply, role: JudgeRole, case: Case, *, judge: str) -> Review:
    """Give the role's review; objections name claims of the case by label, and any other label is an abstention."""
    claims = case.draft.standing
    by_label = dict(zip(labels("C", len(claims)), (claim.id for claim in claims), strict=True)) | {"": ""}
    try:
        objections = tuple(
            Objection(fold(item["reason"]), Ask(item["ask"]), by_label[item["claim"]])
            for item in reply.data["objections"]
            if fold(item["reason"])
        )
        score, recommendation = float(reply.data["score"]), Recommendation(reply.data["recommendation"])
        return Review(role, score, recommendation, objections, fold(reply.data["summary"]), judge=reply.model or judge)
    except (KeyError, TypeError, ValueError) as error:
        return Review(role, None, None, summary=f"unreadable answer: {error!r}", judge=judge)


def reword(objection: Objection, claim: Claim, passages: Sequence[Passage], chat: ChatModel, *, tell: Tell = tell_nobody) -> Claim | Gap:
    """Give the claim with other words after an objection, its quote unchanged; see reword_all."""
    return reword_all([(objection, claim)], {claim.paper: passages}, chat, tell=tell)[0]


def reword_all(
    wishes: Sequence[tuple[Objection, Claim]], passages: Mapping[str, Sequence[Passage]], chat: ChatModel, *, tell: Tell = tell_nobody
) -> tuple[Claim | Gap, ...]:
    """Give each claim with other words, in order; a Gap where its quote bears no such claim. All must be verified again.

    Raises:
        ModelError: The model is unusable.
    """
    if not wishes:
        return ()
    prompts = [write_reword(objection, claim, passages.get(claim.paper, ()), chat.context_tokens) for objection, claim in wishes]
    answers = chat.answer(prompts, tell=tell)
    return tuple(read_reword(answer, claim) for (_, claim), answer in zip(wishes, answers, strict=True))


def write_reword(objection: Objection, claim: Claim, passages: Sequence[Passage], context_tokens: int) -> Prompt:
    """Give the objection, the claim, its quote and the quote's neighbours to the model."""
    sheet = load("reword")
    near = sorted(
        (p for p in passages if (p.start, p.end) != (claim.quote.start, claim.quote.end)), key=lambda p: _distance(p, claim.quote)
    )[:4]
    around = [fold(p.text) for p in near]
    around = around[: fit(around, sheet.room(context_tokens, REWORD_TOKENS) - estimate(claim.text) - estimate(claim.quote.text) - 500)]
    values = {
        "objection": fence("objection", [("objection", objection.reason)]),
        "claim": fence("claim", [("claim", claim.text)]),
        "sources": fence("sources", [("quote", claim.quote.text), *(("neighbour", text) for text in around)]),
    }
    return sheet.prompt(values, max_tokens=REWORD_TOKENS)


def read_reword(answer: Reply | Gap, claim: Claim) -> Claim | Gap:
    """Give the re-worded claim, or why there is none."""
    if isinstance(answer, Gap):
        return Gap("revise", claim.id, answer.why, answer.kind)
    text = fold(answer.data["text"])
    if not text:
        return Gap("revise", claim.id, "the model found no wording that the quote bears", GapKind.MISSING)
    if text == fold(claim.text) or len(text) > MAX_CLAIM_CHARS:
        return Gap(
            "revise",
            claim.id,
            "the model gave the same words again" if text == fold(claim.text) else "the new wording is too long",
            GapKind.REJECTED,
        )
    return replace(claim, text=text, origin=Origin.REVISED)


def _distance(passage: Passage, quote: Passage) -> int:
    return max(quote.start - passage.end, passage.start - quote.end, 0)


def _report(draft: Draft, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give the draft's sentences, each with the labels of the claims that bear it."""

    def cited(text: str, claims: Sequence[str]) -> str:
        return f"{text} (bears on: {', '.join(names[c] for c in claims if c in names) or 'no claim'})"

    lines = [("abstract", cited(s.text, s.claims)) for s in draft.abstract]
    for finding in draft.findings:
        lines += [("heading", finding.heading), *(("finding", cited(s.text, s.claims)) for s in finding.sentences)]
    return lines


def _told(claim: Claim, case: Case, names: Mapping[str, str], others: int) -> list[tuple[str, str]]:
    """Give what is known of one claim: its words, its quote, the verdict, failed checks, and what other papers say."""
    label, evidence = names[claim.id], case.draft.evidence_of(claim.id)
    confidence = "none" if evidence.confidence is None else f"{evidence.confidence:.0%}"
    papers = {paper.id: at for at, paper in enumerate(case.papers, start=1)}
    lines = [
        (label, claim.text),
        (f"{label} quote, paper {papers.get(claim.paper, '?')}", claim.quote.text),
        (f"{label} verdict", f"{evidence.verdict}, confidence {confidence}{_failed(evidence)}"),
    ]
    elsewhere = [w for w in evidence.witnesses if not w.own and w.stance is not Stance.SILENT][:others]
    lines += [(f"{label} paper {papers.get(w.passage.paper, '?')} {w.stance}", w.passage.text) for w in elsewhere]
    return lines


def _failed(evidence: Evidence) -> str:
    failed = [f"{check.name} ({fold(check.detail)})" for check in evidence.checks if check.passed is False]
    return f"; failed: {', '.join(failed)}" if failed else ""


def _record(case: Case) -> list[tuple[str, str]]:
    """Give what a judge should know of the run: papers by number, suspicious text, what could not be done (first twenty)."""
    papers = [
        (f"paper {at}", f"{paper.title} ({paper.year or 'no year'}), {paper.status}") for at, paper in enumerate(case.papers, start=1)
    ]
    signs = [("suspicious text", f"{sign.kind} in {sign.paper}, {sign.where}") for sign in case.signs]
    gaps = [("not done", f"{gap.step} {gap.subject}: {gap.why}") for gap in case.gaps[:20]]
    more = [("not done", f"and {len(case.gaps) - 20} more")] if len(case.gaps) > 20 else []
    return [("round", str(case.round)), *papers, *signs, *gaps, *more]
