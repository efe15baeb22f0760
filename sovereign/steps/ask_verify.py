"""Claim + Evidence -> Evidence with a language model: only where the verifier is in doubt, and never against a veto.

A model may lower any verdict in the band. It may raise one only where it names the sentences that decide, no check
vetoed, no other paper disputes, and the verifier itself does not lean to "refuted". The calibrated confidence stays the verifier's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sovereign.language.tokens import fit
from sovereign.model import Check, CheckName, Claim, Evidence, Gap, GapKind, Grade, Origin, Stance, Verdict
from sovereign.ports import ChatModel, Prompt, Reply, Tell, tell_nobody
from sovereign.prompting import fence, labels, load
from sovereign.text import fold

BAND = (0.2, 0.8)
"""Probabilities of "supported" between which the verifier counts as in doubt."""
ANSWER_TOKENS = 500


def settle(
    claims: Sequence[Claim], evidence: Sequence[Evidence], chat: ChatModel, *, tell: Tell = tell_nobody
) -> tuple[tuple[Evidence, ...], tuple[Gap, ...]]:
    """Give the evidence, in order, with the uncertain ones settled as far as the model may; a failed question leaves one as it was.

    Raises:
        ModelError: The model is unusable.
    """
    by_id = {claim.id: claim for claim in claims}
    doubtful = [item for item in evidence if is_uncertain(item) and item.claim in by_id]
    prompts = [write(by_id[item.claim], item, chat.context_tokens) for item in doubtful]
    answers = chat.answer(prompts, tell=tell) if prompts else ()
    settled: dict[str, Evidence] = {}
    gaps: list[Gap] = []
    for item, answer in zip(doubtful, answers, strict=True):
        if isinstance(answer, Gap):
            gaps.append(Gap("verify", item.claim, f"the model was asked and gave no answer: {answer.why}", answer.kind))
            continue
        made = read(answer, item)
        if isinstance(made, Gap):
            gaps.append(made)
        else:
            settled[item.claim] = replace(made, grade=_graded(made, item, by_id[item.claim]))
    return tuple(settled.get(item.claim, item) for item in evidence), tuple(gaps)


def is_uncertain(evidence: Evidence) -> bool:
    """Whether the verifier heard passages and could not tell."""
    p = evidence.probabilities
    return bool(evidence.witnesses) and evidence.verdict is not Verdict.UNCHECKED and p is not None and BAND[0] <= p.supported <= BAND[1]


def write(claim: Claim, evidence: Evidence, context_tokens: int) -> Prompt:
    """Give the claim and the sentences heard about it to the model, as many as fit."""
    sheet = load("verify")
    texts = [fold(witness.passage.text) for witness in evidence.witnesses]
    count = fit(texts, sheet.room(context_tokens, ANSWER_TOKENS) - 400)
    names = labels("S", count)
    values = {
        "claim": fence("claim", [("claim", claim.text)]),
        "sentences": fence("sentences", list(zip(names, texts[:count], strict=True))),
    }
    return sheet.prompt(values, enums={"sentences": names or ("none",)}, max_tokens=ANSWER_TOKENS)


def read(reply: Reply, evidence: Evidence) -> Evidence | Gap:
    """Give the evidence after the model's word; a Gap where it names sentences that do not exist."""
    said, named = Verdict(reply.data["verdict"]), reply.data["sentences"]
    known = set(labels("S", len(evidence.witnesses)))
    if set(named) - known:
        return Gap("verify", evidence.claim, f"the model named sentences that do not exist: {sorted(set(named) - known)}", GapKind.REJECTED)
    verdict = _settled(said, evidence, has_sentences=bool(named))
    detail = f"{reply.model or 'the model'}: {said}, by {', '.join(named) or 'no sentence'}: {fold(reply.data['reason'])}"
    check = Check(CheckName.MODEL, None if said is Verdict.INSUFFICIENT else said is Verdict.SUPPORTED, detail)
    witnesses = evidence.witnesses
    if verdict is Verdict.SUPPORTED and evidence.verdict is not Verdict.SUPPORTED:
        chosen = {int(name[1:]) - 1 for name in named}
        witnesses = tuple(replace(w, stance=Stance.SUPPORTS) if at in chosen else w for at, w in enumerate(witnesses))
    method = f"{evidence.method}; in doubt, then settled by {reply.model or 'a language model'}".lstrip("; ")
    return replace(evidence, verdict=verdict, checks=(*evidence.checks, check), witnesses=witnesses, method=method)


def _graded(made: Evidence, before: Evidence, claim: Claim) -> Grade:
    """Give the grade that goes with the verdict after the model's word; the same verdict keeps its grade."""
    if made.verdict is before.verdict:
        return before.grade
    if made.verdict is Verdict.SUPPORTED:
        return Grade.VERIFIED
    if made.verdict is Verdict.REFUTED:
        return Grade.REFUTED
    return Grade.QUOTED if claim.origin is Origin.EXTRACTED else Grade.UNCONFIRMED


def _settled(said: Verdict, evidence: Evidence, *, has_sentences: bool) -> Verdict:
    if evidence.verdict is Verdict.REFUTED:
        return Verdict.REFUTED
    if said is not Verdict.SUPPORTED:
        return said
    p = evidence.probabilities
    is_vetoed = any(check.is_veto and check.passed is False for check in evidence.checks)
    may_raise = has_sentences and not is_vetoed and evidence.grade is not Grade.DISPUTED and p is not None and p.refuted <= p.supported
    return Verdict.SUPPORTED if may_raise else evidence.verdict
